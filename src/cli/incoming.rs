//! Files of other systems, as drafts of an institution.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use crate::config::Settings;
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{ImportFormat, Vocabulary};
use crate::interop::detect::format_of;
use crate::service::Catalogue;
use crate::service::catalogue::now_ms;
use crate::service::drafts::Acting;
use crate::service::intake::{self, Content, Given, LARGEST_FILE, Outcome};

use super::{open, run};

/// How files are taken in.
pub struct How<'a> {
    /// The institution that gets the drafts.
    pub institution: &'a str,
    /// Code of the format, where it is not to be told from the content.
    pub format: Option<&'a str>,
    /// Language of texts that say none.
    pub language: Option<&'a str>,
    /// Whether only to show what would come of it.
    pub dry_run: bool,
}

pub fn import(settings: &Settings, paths: &[PathBuf], how: &How<'_>) -> anyhow::Result<ExitCode> {
    run::start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let institution = Slug::parse(how.institution).map_err(|e| anyhow!("--institution: {e}"))?;
    let language = how.language.map(LanguageTag::parse).transpose().map_err(|e| anyhow!("--language: {e}"))?;
    let format = how.format.map(read_format).transpose()?;
    let catalogue = open::beside(settings)?;
    let mut all_went_in = true;
    for path in files_of(paths)? {
        let done = import_one(&catalogue, &path, &institution, format, language.as_ref(), how.dry_run);
        all_went_in &= done.with_context(|| path.display().to_string())?;
    }
    Ok(if all_went_in { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_format(code: &str) -> anyhow::Result<ImportFormat> {
    ImportFormat::parse(&code.to_uppercase().replace('-', "_")).ok_or_else(|| {
        let codes: Vec<&str> = ImportFormat::ALL.iter().map(|format| format.code()).collect();
        anyhow!("--format: `{code}` is none of {}", codes.join(", "))
    })
}

/// The files named, and those in the folders named and below, in the order of their names.
fn files_of(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).with_context(|| format!("the folder {} cannot be read", path.display()))? {
            let entry = entry?;
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            // A link may lead back to where we are.
            if !is_hidden && !entry.file_type()?.is_symlink() {
                inside.push(entry.path());
            }
        }
        inside.sort();
        files.extend(files_of(&inside)?);
    }
    Ok(files)
}

/// Most parts that did not fit that are told of one file.
const MOST_PARTS: usize = 200;

/// Bytes of a file that is held whole, whatever is in it.
const HELD_WHOLE: u64 = 8 << 20;

/// Takes one file in; tells whether all of it went in.
fn import_one(
    catalogue: &Catalogue,
    path: &Path,
    institution: &Slug,
    format: Option<ImportFormat>,
    language: Option<&LanguageTag>,
    dry_run: bool,
) -> anyhow::Result<bool> {
    let name = path.display().to_string();
    let size = std::fs::metadata(path).context("cannot be read")?.len();
    if size > LARGEST_FILE as u64 {
        return Err(anyhow!("the file is larger than {} MiB; divide it", LARGEST_FILE >> 20));
    }
    let file = File::open(path).context("cannot be read")?;
    let may_be_filed = size > HELD_WHOLE && format.is_none_or(|format| format == ImportFormat::Dcat);
    let filed = if may_be_filed { intake::in_pieces(&file).map_err(|problem| anyhow!("{problem}"))? } else { None };
    let bytes = if filed.is_some() { Vec::new() } else { std::fs::read(path).context("cannot be read")? };
    let content = filed.map_or(Content::Held(&bytes), |filed| Content::Filed(&file, filed));
    let told = match format {
        Some(format) => Ok(format),
        None if filed.is_some() => Ok(ImportFormat::Dcat),
        None => format_of(&name, None, &bytes),
    };
    let format = match told {
        Ok(format) => format,
        Err(problem) => {
            eprintln!("{name}: {problem}");
            println!("{name}: refused");
            return Ok(false);
        }
    };
    let bar = run::progress_bar(path);
    let given = Given { institution, format, name: &name, content, language, is_dry: dry_run };
    let acting = Acting { actor: &Actor::Console, now: now_ms() };
    let outcome = intake::take_file(catalogue, acting, &given, &|done| bar.set_position(done as u64)).map_err(|e| anyhow!("{e}"))?;
    bar.finish_and_clear();
    tell(&name, format, &outcome, dry_run);
    Ok(outcome.lines.is_empty())
}

/// Tells what came of a file.
fn tell(name: &str, format: ImportFormat, outcome: &Outcome, dry_run: bool) {
    for line in &outcome.lines {
        let record = if line.record.is_empty() { String::new() } else { format!("{}: ", line.record) };
        eprintln!("{name}: {record}{}", line.problem);
    }
    // Some parts are lines of the report too, such as cells of the registry's own table.
    let told: HashSet<_> = outcome.lines.iter().map(|line| (&line.record, &line.problem.field, &line.problem.value)).collect();
    let shown: Vec<_> = outcome.parts.iter().filter(|(record, part)| !told.contains(&(record, &part.field, &part.value))).collect();
    for (record, part) in shown.iter().take(MOST_PARTS) {
        let value = if part.value.is_empty() { String::new() } else { format!(" `{}`", part.value) };
        println!("{name}: {record}: does not fit: {}{value}: {}", part.field, part.remedy);
    }
    let counts = &outcome.run.doc.counts;
    if let Some(more) = counts.unfit.checked_sub(MOST_PARTS as u64).filter(|more| *more > 0 && !shown.is_empty()) {
        println!("{name}: {more} more parts do not fit; each draft names its own (`origins {{ unfit }}`)");
    }
    let verb = if dry_run { "would be " } else { "" };
    println!(
        "{name}: {}, {} records; {} {verb}begun as drafts, {} {verb}changed, {} unchanged, {} waiting, {} set aside, {} refused; {} parts that do not fit",
        format.labels()[0],
        counts.fetched,
        counts.created,
        counts.changed,
        counts.unchanged,
        counts.waiting,
        counts.set_aside,
        counts.failed,
        counts.unfit
    );
}
