//! The commands.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::EnvFilter;

use crate::config::Settings;
use crate::domain::form::{DEFAULT_FORM_VERSION, default_form};
use crate::domain::policy::{Actor, Audience};
use crate::domain::time::PartialDate;
use crate::search::Index;
use crate::search::index::{folder, remove_former};
use crate::service::access_requests::integrity;
use crate::service::catalogue::now_ms;
use crate::service::import::{ImportOptions, import_file};
use crate::service::people::Voice;
use crate::service::{Error, access_requests, agreements, demo, demo_accounts, doctor as health, export as exporting, follow, reminders};
use crate::store::Db;
use crate::store::db::Tables;

use super::output::{say, tell};
use super::{open, output};

/// Sets up the log; messages go to standard error.
pub fn start_log(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log_level).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let started = if settings.log_format == "json" { log.json().flatten_event(true).try_init() } else { log.with_target(false).try_init() };
    if let Err(error) = started {
        tell!("rihla: the log cannot be set up: {error}");
    }
}

pub fn serve(settings: &Settings, with_demo: bool) -> anyhow::Result<ExitCode> {
    start_log(settings);
    // Without it nobody could ask for anything; better told now than to the first who does.
    default_form().map_err(|fault| anyhow!(fault))?;
    let _alone = open::alone(settings)?;
    let catalogue = Arc::new(open::catalogue(settings)?);
    if let Err(error) = remove_former(settings.data_path()) {
        tracing::warn!(%error, "an index of an earlier version cannot be removed from the data folder; remove it by hand");
    }
    if with_demo {
        match demo::load(&catalogue, now_ms())? {
            Some(report) => {
                demo_accounts::mark(&catalogue)?;
                tracing::info!(records = report.created, "demo catalogue loaded");
            }
            None => tracing::info!("the catalogue has records already; the demo was not loaded"),
        }
    }
    // A small backlog is read before the first question; a large one while questions are answered.
    if follow::lag(&catalogue)? <= 2_000 {
        follow::catch_up(&catalogue, &|_| {})?;
    }
    let datasets = catalogue.index.snapshot().public_total;
    let kind = catalogue.db.kind();
    let is_loopback = settings.bind.parse::<std::net::SocketAddr>().is_ok_and(|address| address.ip().is_loopback());
    let accounts = if with_demo && is_loopback {
        demo_accounts::open(&catalogue, now_ms())?
    } else {
        // Whoever can reach this address must not find the demo's accounts open.
        demo_accounts::close(&catalogue, now_ms())?;
        Vec::new()
    };
    let has_nobody = catalogue.db.read(crate::store::persons::all)?.is_empty();
    let with_ide = settings.graphiql;
    crate::web::server::run(catalogue, settings.clone(), |address| {
        tracing::info!(%address, datasets, database = kind, "serving");
        let page = if with_ide { format!(", query page at http://{address}/graphiql") } else { String::new() };
        say!("Rihla serves {datasets} datasets at http://{address}/ (GraphQL at http://{address}/graphql{page})");
        if has_nobody {
            say!("Nobody has an account yet: `rihla user add … --role ADMIN` prints a link that signs the first one in.");
        }
        if !accounts.is_empty() {
            say!("\nOne account for each role. The link signs in once; the token goes into the header `Authorization: Bearer …`.");
        }
        for account in &accounts {
            say!("  {:<15} {}\n      http://{address}{}\n      {}", account.role, account.function, account.sign_in, account.token);
        }
        if !accounts.is_empty() {
            say!("\n{ACCESS_HINT}");
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// How to try a request for access. No desk is open at the start: no holder has said that it takes requests here.
const ACCESS_HINT: &str = "To try a request for access, open the desk of HCP first, with the token of the ACCESS_OFFICER:
  mutation { accessDeskSet(input: { institution: \"hcp\", expectedRevision: 0, isOpen: true }) { errors { message } } }
The MEMBER then asks for microdata of `ma-hcp-enmi-2018-2019`; step by step in docs/access-requests.md, Try it.";

pub fn import(settings: &Settings, files: &[PathBuf], dry_run: bool) -> anyhow::Result<ExitCode> {
    start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let catalogue = if dry_run { open::beside_unwritten(settings)? } else { open::beside(settings)? };
    let (mut refused, mut unread) = (0, Vec::new());
    for path in files {
        let bar = progress_bar(path);
        let options = ImportOptions { dry_run, actor: "rihla import", now: now_ms() };
        let report = import_file(&catalogue, path, options, &|lines| bar.set_position(lines as u64));
        bar.finish_and_clear();
        let report = match report {
            Ok(report) => report,
            // The file is at fault, and not the others.
            Err(error @ Error::Invalid(_)) => {
                tell!("{}: {error}", path.display());
                unread.push(path.display().to_string());
                continue;
            }
            Err(error) => return Err(anyhow!("{}: {error}", path.display())),
        };
        let mut problems = report.problems.clone();
        problems.sort_by_key(|problem| problem.line);
        for problem in &problems {
            tell!("{problem}");
        }
        let verb = if dry_run { "would be " } else { "" };
        say!(
            "{}: {} lines; {} {verb}created, {} {verb}updated, {} unchanged, {} refused",
            path.display(),
            report.lines,
            report.created,
            report.updated,
            report.unchanged,
            report.refused
        );
        refused += report.refused;
    }
    tell_unread(&unread);
    Ok(if refused == 0 && unread.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says at the end which files were not read: among many others it may have gone by unseen.
pub fn tell_unread(unread: &[String]) {
    if !unread.is_empty() {
        tell!("rihla: {} could not be read: {}; the other files were", unread.len(), unread.join(", "));
    }
}

pub fn progress_bar(path: &Path) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{msg}: {pos} lines, {per_sec}") {
        bar.set_style(style);
    }
    bar.set_message(path.display().to_string());
    bar
}

pub fn export(settings: &Settings, output: Option<&Path>, public: bool) -> anyhow::Result<ExitCode> {
    start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let catalogue = open::beside(settings)?;
    let actor = if public { Actor::Visitor } else { Actor::Console };
    let exported = match output {
        None => output::standard(|writer| Ok(exporting::export(&catalogue, &actor, writer)?))?,
        Some(path) => {
            let exported = output::write(path, |writer| Ok(exporting::export(&catalogue, &actor, writer)?))?;
            tell!("{}: {} records", path.display(), exported.records);
            Some(exported)
        }
    };
    if let Some(exported) = exported {
        tell_left_out(exported.stubs, "is a stub", "are stubs");
        tell_left_out(exported.without_methodology, "has its methodology masked", "have their methodology masked");
    }
    Ok(ExitCode::SUCCESS)
}

/// Says how many records an export leaves out that a visitor may find.
fn tell_left_out(count: usize, one: &str, many: &str) {
    const WHY: &str = "for a visitor, which is no whole record of the format; `rihla export` without --public has them";
    match count {
        0 => {}
        1 => tell!("1 record is left out: it {one} {WHY}"),
        _ => tell!("{count} records are left out: they {many} {WHY}"),
    }
}

pub fn migrate(settings: &Settings) -> anyhow::Result<ExitCode> {
    let db = open::database(settings)?;
    let done = db.migrate(Some(settings.data_path()))?;
    match done.len() {
        0 => say!("{}: the tables are up to date", db.kind()),
        _ => say!("{}: {}", db.kind(), done.join(", ")),
    }
    Ok(ExitCode::SUCCESS)
}

pub fn reindex(settings: &Settings) -> anyhow::Result<ExitCode> {
    start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let _alone = open::alone(settings)?;
    {
        let catalogue = open::catalogue(settings)?;
        let seq = catalogue.index.snapshot().seq;
        // Taking the writer shows whether a server of an earlier version holds it.
        catalogue
            .index
            .apply(std::iter::empty(), &[], seq)
            .map_err(|e| anyhow!("{e}; stop the server that uses this data folder first"))?;
        catalogue.index.close()?;
    }
    remove_former(settings.data_path())?;
    for audience in Audience::ALL {
        let folder = folder(settings.data_path(), audience);
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    let catalogue = open::catalogue(settings)?;
    let started = std::time::Instant::now();
    follow::catch_up(&catalogue, &|seq| {
        if std::io::stderr().write_all(format!("\r{seq} changes").as_bytes()).is_err() {
            tracing::debug!("standard error is closed");
        }
    })?;
    for index in catalogue.indexes() {
        index.close()?;
        index.refresh()?;
    }
    let snapshot = catalogue.index.snapshot();
    say!("\rindexed {} datasets up to change {} in {:.1} s", snapshot.public_total, snapshot.seq, started.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

/// The beginning of a day; now where none is given.
fn as_of(on: Option<&str>) -> anyhow::Result<i64> {
    let Some(text) = on else { return Ok(now_ms()) };
    let day = PartialDate::parse(text).ok().filter(|date| date.day.is_some());
    Ok(day.ok_or_else(|| anyhow!("`{text}` is not a day; use YYYY-MM-DD"))?.first_day() * 86_400_000)
}

/// Lets the due dates of access requests and agreements act as of a day.
pub fn clock(settings: &Settings, on: Option<&str>) -> anyhow::Result<ExitCode> {
    start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let now = as_of(on)?;
    let catalogue = open::beside(settings)?;
    let base_url = settings.public_url();
    let watched = agreements::watch::warn(&catalogue, Voice { name: &settings.name, base_url: &base_url }, now)?;
    access_requests::meeting::catch_up(&catalogue, now)?;
    let followed = access_requests::tick::follow_agreements(&catalogue, None, now)?;
    let looked = access_requests::tick::as_of(&catalogue, now)?;
    say!("{} agreements ended, {followed} followed by what rests on them; {looked} access requests looked at", watched.ended);
    Ok(ExitCode::SUCCESS)
}

/// Writes reminders as of a day.
pub fn remind(settings: &Settings, on: Option<&str>) -> anyhow::Result<ExitCode> {
    start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let now = as_of(on)?;
    let catalogue = open::beside(settings)?;
    follow::catch_up(&catalogue, &|_| {})?;
    let base_url = settings.public_url();
    let round = reminders::remind(&catalogue, Voice { name: &settings.name, base_url: &base_url }, now)?;
    say!("{} records past their review date, {} mails written", round.stale, round.mails);
    let watched = agreements::watch::warn(&catalogue, Voice { name: &settings.name, base_url: &base_url }, now)?;
    if watched != agreements::watch::Round::default() {
        say!("{} agreements warned of, {} ended, {} mails written", watched.warned, watched.ended, watched.mails);
    }
    Ok(ExitCode::SUCCESS)
}

/// Recomputes the hash of every change, and looks whether the requests agree with the log.
fn verify(db: &Db) -> anyhow::Result<ExitCode> {
    let tables = db.tables()?;
    if matches!(tables, Tables::Newer(_)) {
        return tell_tables(db);
    }
    let chain = db.read(crate::store::changes::verify)?;
    match &chain.fault {
        None => say!("{} changes, no gap, every hash agrees", chain.rows),
        Some(fault) => say!("FAULT {fault}"),
    }
    // The tables of an older version have no requests.
    let requests = if tables == Tables::Current { integrity::verify_all(db)? } else { integrity::Report::default() };
    let is_whole = requests.faults.is_empty();
    if requests != integrity::Report::default() {
        say!("{}{requests}", if is_whole { "" } else { "FAULT " });
    }
    Ok(if chain.fault.is_none() && is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what is wrong with the tables.
fn tell_tables(db: &Db) -> anyhow::Result<ExitCode> {
    let found = health::examine_tables(db)?;
    say!("FAULT {}: {}", found.name, found.finding);
    Ok(ExitCode::FAILURE)
}

pub fn doctor(settings: &Settings, verify_chain: bool) -> anyhow::Result<ExitCode> {
    start_log(&Settings { log_level: "error".to_owned(), ..settings.clone() });
    if verify_chain {
        return verify(&open::database(settings)?);
    }
    let are_settings_sound = look_at_settings(settings);
    match default_form() {
        Ok(form) => say!("ok    default form: version {DEFAULT_FORM_VERSION}, {} questions", form.questions.len()),
        Err(fault) => {
            say!("FAULT default form: {fault}; this program was not built whole");
            return Ok(ExitCode::FAILURE);
        }
    }
    let concepts = open::concepts(settings)?;
    let db = open::database(settings)?;
    if db.tables()? != Tables::Current {
        return tell_tables(&db);
    }
    let is_publisher_known = look_at_publisher(settings, &db)?;
    let is_database_sound = tell_checks(&health::examine_database(&db)?);
    let Some(index) = look_at_indexes(settings) else { return Ok(ExitCode::FAILURE) };
    let catalogue = {
        let nothing_wider = |_| Err(crate::search::IndexError("not opened for a check".to_owned()));
        crate::service::Catalogue::new(db, index, concepts, 100, Box::new(nothing_wider))
    };
    let is_index_sound = tell_checks(&[health::examine_index(&catalogue)?]);
    let is_sound = are_settings_sound && is_publisher_known && is_database_sound && is_index_sound;
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what was found; whether all of it is as it should be.
fn tell_checks(checks: &[health::Check]) -> bool {
    for check in checks {
        say!("{} {}: {}", if check.healthy { "ok   " } else { "FAULT" }, check.name, check.finding);
    }
    checks.iter().all(|check| check.healthy)
}

/// Says whether a server would start with these settings.
fn look_at_settings(settings: &Settings) -> bool {
    let faults = crate::web::server::faults(settings);
    for fault in &faults {
        say!("FAULT settings: {fault}");
    }
    if faults.is_empty() {
        let database = if settings.database_url.is_empty() { "SQLite" } else { "database by URL" };
        say!("ok    settings: data folder {}, {database}", settings.data_dir);
    }
    faults.is_empty()
}

/// Says where the institution that the settings name is none of the catalogue. A server starts all the same, for it may be imported later.
fn look_at_publisher(settings: &Settings, db: &Db) -> anyhow::Result<bool> {
    let named = settings.publisher.as_str();
    let is_known = named.is_empty() || db.read(|conn| crate::store::institutions::by_slug(conn, named))?.is_some();
    if !is_known {
        say!(
            "FAULT settings: publisher: `{named}` is no institution of the catalogue, which stands for it; correct the short name or import it"
        );
    }
    Ok(is_known)
}

/// Looks whether the files of every index of the data folder are whole, and gives the public one; none where one of them is not.
fn look_at_indexes(settings: &Settings) -> Option<Index> {
    let memory = settings.index_memory_mb.max(16) << 20;
    let mut public = None;
    let mut are_whole = true;
    for audience in Audience::ALL {
        let folder = folder(settings.data_path(), audience);
        // Those of other audiences are made when they are needed.
        if audience != Audience::Public && !folder.exists() {
            continue;
        }
        match Index::open(&folder, memory) {
            Ok(index) if audience == Audience::Public => public = Some(index),
            Ok(_) => {}
            Err(error) => {
                are_whole = false;
                say!("FAULT search index {}: {error}; the next start of the server, or `rihla reindex`, builds it anew", folder.display());
            }
        }
    }
    public.filter(|_| are_whole)
}

pub fn schema() -> anyhow::Result<ExitCode> {
    output::standard(|writer| Ok(writer.write_all(crate::graphql::sdl::sdl().as_bytes())?))?;
    Ok(ExitCode::SUCCESS)
}
