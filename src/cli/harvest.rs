//! Sources that are harvested: declared, listed, removed, and harvested from the console.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, anyhow};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::config::Settings;
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{ImportFormat, RunOutcome, Vocabulary};
use crate::service::catalogue::now_ms;
use crate::service::drafts::Acting;
use crate::service::harvest::{self as service, Asked, Client, HarvestSource, Setting};
use crate::service::intake::{self, Run};
use crate::service::{Catalogue, Error};
use crate::web::server::client_options;

use super::output::{say, tell};
use super::{open, run};

/// Lines of a report read at a time.
const PAGE: i64 = 500;

/// What to do with sources.
#[derive(Subcommand)]
pub enum SourceCommand {
    /// Declare a source: its records become drafts of the institution.
    Add {
        /// Short name of the institution that gets the drafts.
        #[arg(long, value_name = "SLUG")]
        institution: String,
        /// What it gives: OAI_PMH, CKAN, DCAT, DATA_JSON, SCHEMA_ORG, DDI, NADA, DATACITE, SPREADSHEET or RIHLA.
        #[arg(long, value_name = "KIND")]
        kind: String,
        /// Address of the provider, the portal or the document.
        #[arg(long, value_name = "URL")]
        url: String,
        /// Name for people; the address without it.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Language of texts that say none, such as `fr`.
        #[arg(long, value_name = "TAG")]
        language: Option<String>,
        /// Hours between harvests; 0: only when somebody asks.
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        every_hours: i64,
        /// File with what a draft gets where a record does not say it: a JSON object in the record format.
        #[arg(long, value_name = "FILE")]
        defaults: Option<PathBuf>,
        /// Publish complete records at once; those of high risk to persons never are.
        #[arg(long)]
        publish: bool,
        /// Set of an OAI-PMH provider.
        #[arg(long, value_name = "SET")]
        oai_set: Option<String>,
        /// Metadata prefix of an OAI-PMH provider; the richest that is read, without it.
        #[arg(long, value_name = "PREFIX")]
        metadata_prefix: Option<String>,
    },
    /// List the sources.
    List,
    /// Remove a source. What came from it stays; copies of another registry's records go out of sight.
    Remove {
        /// Identifier, as `source list` shows it.
        #[arg(value_name = "SOURCE")]
        id: String,
    },
}

pub fn source(settings: &Settings, command: SourceCommand) -> anyhow::Result<ExitCode> {
    run::start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let catalogue = open::beside(settings)?;
    let acting = Acting { actor: &Actor::Console, now: now_ms() };
    match command {
        SourceCommand::Add { institution, kind, url, name, language, every_hours, defaults, publish, oai_set, metadata_prefix } => {
            let institution = Slug::parse(&institution).map_err(|e| anyhow!("--institution: {e}"))?;
            let setting = Setting {
                name: Some(name.unwrap_or_else(|| url.chars().take(200).collect())),
                kind: Some(read_kind(&kind)?),
                url: Some(url),
                language,
                every_hours: Some(every_hours),
                defaults: defaults.map(read_defaults).transpose()?,
                publishes: Some(publish),
                set: oai_set,
                prefix: metadata_prefix,
                is_active: None,
            };
            let declared = service::declare(&catalogue, &settings.harvest_hosts(), acting, &institution, setting);
            say!("{}", declared.map_err(|e| anyhow!("{e}"))?.row.id);
        }
        SourceCommand::List => {
            for source in service::list(&catalogue, acting, None).map_err(|e| anyhow!("{e}"))? {
                let last = service::runs(&catalogue, &source, 1).map_err(|e| anyhow!("{e}"))?.pop();
                let told = last.map_or_else(|| "never harvested".to_owned(), |run| run.outcome().labels()[0].to_owned());
                let row = &source.row;
                say!("{}  {}  {}  {}  {}  {told}", row.id, row.institution, row.kind, row.url, source.doc.name);
            }
        }
        SourceCommand::Remove { id } => {
            let removed = service::remove(&catalogue, acting, &id).map_err(|e| anyhow!("{e}"))?;
            if removed.hidden > 0 {
                let hidden = removed.hidden;
                say!("{hidden} copies were taken out of sight; declare the same registry again to have them shown and followed");
            }
            if removed.kept > 0 {
                say!("{} copies stay; another source of the same registry is asked to take them over", removed.kept);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read_kind(code: &str) -> anyhow::Result<ImportFormat> {
    ImportFormat::parse(&code.to_uppercase().replace('-', "_")).ok_or_else(|| {
        let codes: Vec<&str> = ImportFormat::ALL.iter().map(|format| format.code()).collect();
        anyhow!("--kind: `{code}` is none of {}", codes.join(", "))
    })
}

fn read_defaults(path: PathBuf) -> anyhow::Result<Map<String, Value>> {
    let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON object", path.display()))
}

pub fn harvest(settings: &Settings, ids: &[String], whole: bool, accept_gone: bool) -> anyhow::Result<ExitCode> {
    run::start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let catalogue = open::beside(settings)?;
    let client = Client::new(client_options(settings));
    let acting = Acting { actor: &Actor::Console, now: now_ms() };
    let sources = if ids.is_empty() {
        let all = service::list(&catalogue, acting, None).map_err(|e| anyhow!("{e}"))?;
        all.into_iter().filter(HarvestSource::is_active).collect()
    } else {
        let each = ids.iter().map(|id| service::of_actor(&catalogue, acting, id).map_err(|e| anyhow!("{e}")));
        each.collect::<anyhow::Result<Vec<_>>>()?
    };
    let (node, stop) = (Uuid::now_v7(), AtomicBool::new(false));
    let asked = Asked { is_whole: whole, accepts_gone: accept_gone };
    let mut all_well = true;
    for source in &sources {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{msg}: {pos} records, {per_sec}") {
            bar.set_style(style);
        }
        bar.set_message(source.doc.name.clone());
        let acting = Acting { actor: &Actor::Console, now: now_ms() };
        let progress = |run: &Run| bar.set_position(run.doc.counts.fetched);
        // The one before may have taken long.
        let done = service::of_actor(&catalogue, acting, &source.row.id)
            .and_then(|now| service::harvest(&catalogue, &client, &now, acting, node, Some(asked), &stop, &progress));
        bar.finish_and_clear();
        let done = match done {
            Ok(done) => done,
            // That of one source holds up no other.
            Err(error @ (Error::Conflict(_) | Error::NotFound(_))) => {
                tell!("{}: {error}", source.doc.name);
                all_well = false;
                continue;
            }
            Err(error) => return Err(anyhow!("{error}")),
        };
        tell(&catalogue, source, &done)?;
        all_well &= done.outcome() == RunOutcome::Succeeded;
    }
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the report of a run.
fn tell(catalogue: &Catalogue, source: &HarvestSource, run: &Run) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let lines = intake::lines(catalogue, &run.row.id, after, PAGE).map_err(|e| anyhow!("{e}"))?;
        let Some((last, _)) = lines.last() else { break };
        after = *last;
        for (_, line) in &lines {
            let record = if line.record.is_empty() { String::new() } else { format!("{}: ", line.record) };
            tell!("{}: {record}{}", source.doc.name, line.problem);
        }
    }
    let counts = &run.doc.counts;
    say!(
        "{}: {}. {} records; {} new, {} changed, {} unchanged, {} waiting, {} set aside, {} gone, {} failed, {} published; {} parts that do not fit; {} requests",
        source.doc.name,
        run.outcome().labels()[0],
        counts.fetched,
        counts.created,
        counts.changed,
        counts.unchanged,
        counts.waiting,
        counts.set_aside,
        counts.gone,
        counts.failed,
        counts.published,
        counts.unfit,
        run.doc.requests
    );
    Ok(())
}
