//! The command line: what an operator does.

mod calendar;
mod harvest;
mod incoming;
mod objective;
mod open;
mod output;
mod people;
mod report;
mod run;
mod scratch;
mod workbook;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Settings, Sources, unknown_variables};

use output::tell;

/// The registry of who holds which migration data.
#[derive(Parser)]
#[command(name = "rihla", version, about, long_about = None)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Common {
    /// Settings file in TOML.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the SQLite file, the search index and locks.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// postgres://… or the path of an SQLite file.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Any other setting of docs/configuration.md; may be repeated.
    #[arg(long = "set", global = true, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the catalogue on the web.
    Serve {
        /// Load the demo catalogue, if the catalogue is empty.
        #[arg(long)]
        demo: bool,
        /// Address and port to listen on.
        #[arg(long, value_name = "ADDRESS:PORT")]
        bind: Option<String>,
    },
    /// Import records: JSON Lines, one institution or dataset a line; with `--institution`, files of other systems as its drafts.
    Import {
        /// Files to import; with `--institution` also folders.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Check everything, write nothing; where there is no catalogue yet, against an empty one.
        #[arg(long)]
        dry_run: bool,
        /// Short name of the institution that gets the records as drafts, to look through and publish.
        #[arg(long, value_name = "SLUG")]
        institution: Option<String>,
        /// Format of the files: DDI, DCAT, CKAN, NADA, DATA_JSON, SCHEMA_ORG, DATACITE, OAI_PMH, SPREADSHEET or RIHLA; told from their
        /// content without it.
        #[arg(long, value_name = "FORMAT", requires = "institution")]
        format: Option<String>,
        /// Language of texts that say none, such as `fr`.
        #[arg(long, value_name = "TAG", requires = "institution")]
        language: Option<String>,
    },
    /// Export every record, in the format that `import` reads.
    Export {
        /// File to write; standard output without it.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Only what any visitor may read.
        #[arg(long)]
        public: bool,
        /// Instead of the records, what this format would lose of each: DCAT, DDI_25, DDI_26, DATACITE, SCHEMA_ORG, DATA_JSON,
        /// DUBLIN_CORE, CKAN or SPREADSHEET.
        #[arg(long, value_name = "FORMAT", requires = "report")]
        format: Option<String>,
        /// With `--format`: a line for each field that is lost, or carried poorer.
        #[arg(long, requires = "format")]
        report: bool,
    },
    /// Bring the tables of the database up to date.
    Migrate,
    /// Build the search index anew from the database.
    Reindex,
    /// Look after configuration, database, change log and index.
    Doctor {
        /// Only recompute the hash of every change of the log.
        #[arg(long)]
        verify_chain: bool,
    },
    /// Accounts: add, password, disable, list.
    User {
        #[command(subcommand)]
        command: people::UserCommand,
    },
    /// Institutions: invite.
    Institution {
        #[command(subcommand)]
        command: people::InstitutionCommand,
    },
    /// Write the reminders for records that are past their review date, as of a day; the server does so by itself.
    Remind {
        /// The day, YYYY-MM-DD; today without it.
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
    },
    /// Let the due dates of access requests and agreements act as of a day; the server does so by itself as time passes.
    ///
    /// What follows is recorded as of that day and cannot be taken back: with a day to come, for rehearsals on a copy of the catalogue.
    Clock {
        /// The day, YYYY-MM-DD; now without it.
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
    },
    /// Working days: set or show the calendar of rest days and public holidays of a country.
    Calendar {
        #[command(subcommand)]
        command: calendar::CalendarCommand,
    },
    /// Write the workbook that is filled offline and taken in by `import --institution`, or an institution's records in it: as XLSX, or as CSV,
    /// a file for each sheet.
    Workbook {
        /// File to write: `.xlsx`, or `.csv` for the datasets and files beside it for the lists that they have.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Short name of the institution that it is for.
        #[arg(long, value_name = "SLUG")]
        institution: Option<String>,
        /// With the institution's records, all of them.
        #[arg(long, requires = "institution")]
        records: bool,
        /// Language in which it speaks: en, fr or ar.
        #[arg(long, value_name = "TAG", default_value = "en")]
        language: String,
    },
    /// Sources that are harvested: add, list, remove.
    Source {
        #[command(subcommand)]
        command: harvest::SourceCommand,
    },
    /// Harvest sources now; the server does so by itself when they are due.
    Harvest {
        /// Identifiers of sources, as `source list` shows them; all active ones without any.
        #[arg(value_name = "SOURCE")]
        sources: Vec<String>,
        /// Read everything, also what has not changed.
        #[arg(long)]
        whole: bool,
        /// What a source does not have any more is gone, however much it is.
        #[arg(long)]
        accept_gone: bool,
    },
    /// Reports as documents.
    Report {
        #[command(subcommand)]
        command: objective::ReportCommand,
    },
    /// Print the GraphQL schema.
    Schema,
}

impl Command {
    /// Whether the command has nothing to do where there is no database yet.
    fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::Export { .. }
                | Self::Reindex
                | Self::Doctor { .. }
                | Self::Remind { .. }
                | Self::Clock { .. }
                | Self::Harvest { .. }
                | Self::Report { .. }
                | Self::Workbook { institution: Some(_), .. }
                | Self::Import { dry_run: true, institution: Some(_), .. }
        )
    }
}

/// Names of the variables in the environment.
fn variables() -> Vec<String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect()
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let settings = match settings(&cli) {
        Ok(settings) => settings,
        Err(problems) => {
            for problem in problems {
                tell!("rihla: {problem}");
            }
            return ExitCode::from(2);
        }
    };
    if matches!(cli.command, Command::Serve { .. } | Command::Doctor { .. }) {
        for unknown in unknown_variables(&variables()) {
            tell!("rihla: {unknown}");
        }
    }
    if cli.command.only_reads()
        && let Err(error) = open::require_database(&settings)
    {
        tell!("rihla: {error:#}");
        return ExitCode::FAILURE;
    }
    let done = match cli.command {
        Command::Serve { demo, .. } => run::serve(&settings, demo),
        Command::Import { files, dry_run, institution: Some(institution), format, language } => {
            let how = incoming::How { institution: &institution, format: format.as_deref(), language: language.as_deref(), dry_run };
            incoming::import(&settings, &files, &how)
        }
        Command::Import { files, dry_run, .. } => run::import(&settings, &files, dry_run),
        Command::Export { output, public, format: Some(format), .. } => report::losses(&settings, output.as_deref(), public, &format),
        Command::Export { output, public, .. } => run::export(&settings, output.as_deref(), public),
        Command::Migrate => run::migrate(&settings),
        Command::Reindex => run::reindex(&settings),
        Command::Doctor { verify_chain } => run::doctor(&settings, verify_chain),
        Command::User { command } => people::user(&settings, command),
        Command::Institution { command } => people::institution(&settings, command),
        Command::Remind { on } => run::remind(&settings, on.as_deref()),
        Command::Clock { on } => run::clock(&settings, on.as_deref()),
        Command::Calendar { command } => calendar::calendar(&settings, command),
        Command::Workbook { output, institution, records, language } => {
            workbook::write(&settings, institution.as_deref(), records, &language, &output)
        }
        Command::Source { command } => harvest::source(&settings, command),
        Command::Harvest { sources, whole, accept_gone } => harvest::harvest(&settings, &sources, whole, accept_gone),
        Command::Report { command } => objective::report(&settings, &command),
        Command::Schema => run::schema(),
    };
    let code = done.unwrap_or_else(|error| {
        tell!("rihla: {error:#}");
        ExitCode::FAILURE
    });
    match output::unsaid() {
        Some(error) => {
            tell!("rihla: standard output cannot be written: {error}");
            ExitCode::FAILURE
        }
        None => code,
    }
}

fn settings(cli: &Cli) -> Result<Settings, Vec<String>> {
    let mut flags = HashMap::new();
    let mut problems = Vec::new();
    for pair in &cli.common.set {
        match pair.split_once('=') {
            Some((name, value)) => {
                flags.insert(name.trim().to_owned(), value.to_owned());
            }
            None => problems.push(format!("--set {pair}: write NAME=VALUE")),
        }
    }
    let mut flag = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            flags.insert(name.to_owned(), value.clone());
        }
    };
    flag("data_dir", &cli.common.data_dir);
    flag("database_url", &cli.common.database_url);
    if let Command::Serve { bind, .. } = &cli.command {
        flag("bind", bind);
    }
    let sources = Sources { flags, file: cli.common.config.clone(), variables: variables() };
    match Settings::load(&sources, |name| std::env::var(name).ok()) {
        Ok(settings) if problems.is_empty() => Ok(settings),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;
    use crate::domain::vocabulary::{ExportFormat, ImportFormat, Vocabulary};

    /// What a command takes stands in its help.
    #[test]
    fn the_help_names_every_format() {
        let mut command = Cli::command();
        let mut help = |name: &str| command.find_subcommand_mut(name).expect(name).render_long_help().to_string();
        let (export, import) = (help("export"), help("import"));
        for format in ExportFormat::ALL {
            assert!(export.contains(format.code()), "{}: {export}", format.code());
        }
        for format in ImportFormat::ALL {
            assert!(import.contains(format.code()), "{}: {import}", format.code());
        }
    }
}
