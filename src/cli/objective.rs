//! The report on an objective, as a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};

use crate::config::Settings;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{RecordScope, Vocabulary};
use crate::domain::workdays::Day;
use crate::service::catalogue::{day_of, now_ms};
use crate::service::drafts::Acting;
use crate::service::past::{self, Edition};
use crate::service::report::files::{self, ReportFormat};
use crate::service::report::kept;
use crate::service::report::{Maker, ReportQuestion, objective_1, read_language};

use super::output::{say, tell};
use super::{open, output};

/// What `report` takes.
#[derive(Subcommand)]
pub enum ReportCommand {
    /// Write the report on Objective 1 of the Global Compact: what the catalogue knew of a country up to a day.
    #[command(name = "objective-1")]
    Objective1(Objective1),
    /// Look whether files are frozen copies of reports that this catalogue made and kept, byte for byte; exit code 1 where one is not.
    Verify {
        /// The files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// What the report on Objective 1 is asked for.
#[derive(Args)]
pub struct Objective1 {
    /// Code of the country, such as MA.
    #[arg(long, value_name = "CODE")]
    country: String,
    /// Cut-off date, YYYY-MM-DD: sources count that had begun by then, as the catalogue knew them at the end of that day.
    #[arg(long, value_name = "DATE")]
    until: String,
    /// Whose knowledge instead: `latest` for a look back, as it is made in any case where the change log begins after the cut-off date; another
    /// day, or `change:` with a place in the change log.
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,
    /// Day of the previous review, YYYY-MM-DD, to show what changed since.
    #[arg(long, value_name = "DATE")]
    previous: Option<String>,
    /// Records that enter the body: `validated` by their producers, or all `published` ones, as a draft.
    #[arg(long, value_name = "RECORDS", default_value = "validated")]
    records: String,
    /// Language: en, fr or ar.
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// docx, html, md or pdf.
    #[arg(long, value_name = "FORMAT")]
    format: String,
    /// File to write; where left out, one in this folder that is named after country, day and language.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep a frozen copy of what anyone may see, which `rihla report verify` knows again.
    #[arg(long)]
    keep: bool,
}

/// Carries out `report`.
pub fn report(settings: &Settings, command: &ReportCommand) -> anyhow::Result<ExitCode> {
    let asked = match command {
        ReportCommand::Objective1(asked) => asked,
        ReportCommand::Verify { files } => return verify(settings, files),
    };
    let now = now_ms();
    let scope = RecordScope::parse(&asked.records.to_uppercase())
        .ok_or_else(|| anyhow!("`{}` are no records of a report; use `validated` or `published`", asked.records))?;
    let format = ReportFormat::parse(&asked.format.to_uppercase())
        .ok_or_else(|| anyhow!("reports cannot be written as `{}`; use docx, html, md or pdf", asked.format))?;
    let until = past::day("--until", &asked.until)?;
    let previous = asked.previous.as_deref().map(|day| past::day("--previous", day)).transpose()?;
    let language = read_language("--language", &asked.language)?;
    let catalogue = open::beside(settings)?;
    let (edition, named_edition) = past::edition(&catalogue, asked.edition.as_deref(), until, day_of(now))?;
    let question = ReportQuestion { country: &asked.country, until, previous, edition, scope, language };
    let base_url = settings.public_url();
    let maker = Maker { name: &settings.name, base_url: &base_url, now };
    let moment = past::moment(&catalogue, until, edition, day_of(now))?;
    let begins = moment.begins_at.map_or_else(|| "not yet".to_owned(), |at| format!("on {}", Day::of(at)));
    if moment.place.is_none() {
        tell!(
            "The change log of this catalogue begins {begins}, so that it knows nothing of that edition; the report says so. For what is known today of \
             sources that had begun by {}, ask for `--edition latest`.",
            asked.until
        );
    } else if asked.edition.is_none() && edition == Edition::Latest {
        tell!(
            "The change log of this catalogue begins {begins}, after {}: the report looks back, with what is known today of sources that had begun by \
             then, and says so.",
            asked.until
        );
    }
    if scope == RecordScope::Validated {
        tell!("Its figures are made of records that their producers validated; `--records published` makes a draft of all published ones.");
    }
    let named = || PathBuf::from(format!("objective-1-{}-{}-{language}.{}", asked.country, asked.until, asked.format.to_lowercase()));
    let output = asked.output.clone().unwrap_or_else(named);
    if asked.keep {
        let acting = Acting { actor: &Actor::Console, now };
        let report = kept::generate(&catalogue, acting, &question, (named_edition, &[format]), maker)?;
        let content = kept::content(&catalogue, &report.row.id, format)?.ok_or_else(|| anyhow!("the report was not kept"))?;
        save(&output, &content)?;
        for file in &report.files {
            tell!("{}: kept as report {}, SHA-256 {}", output.display(), report.row.id, file.sha256);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let (made, _) = objective_1(&catalogue, &question, true, maker)?;
    save(&output, &files::written(&made, format)?)?;
    tell!("{}: {} sections", output.display(), made.sections.len());
    Ok(ExitCode::SUCCESS)
}

/// Looks whether files are frozen copies.
fn verify(settings: &Settings, files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let catalogue = open::beside(settings)?;
    let mut is_good = true;
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let found = kept::of_file(&catalogue, &bytes)?;
        if found.is_empty() {
            is_good = false;
            say!("{}: is no frozen copy of a report that this catalogue kept; it may have been changed, or made elsewhere", file.display());
        }
        for report in found {
            let looked = kept::verify(&catalogue, &report)?;
            is_good &= looked.files_are_intact && looked.log_agrees;
            let row = &report.row;
            let log = if looked.log_agrees { "the change log agrees" } else { "THE CHANGE LOG DOES NOT AGREE" };
            say!("{}: report {} of {}, until {}, change {}: {log}", file.display(), row.id, row.country, row.until_on, row.seq);
        }
    }
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn save(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    output::write(path, |writer| Ok(writer.write_all(bytes)?))
}
