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
use crate::domain::vocabulary::{ImportFormat, RunOutcome, Vocabulary};
use crate::interop::detect::format_of;
use crate::interop::sheet;
use crate::service::Catalogue;
use crate::service::catalogue::now_ms;
use crate::service::drafts::Acting;
use crate::service::intake::{self, Content, Given, LARGEST_FILE};
use crate::service::workbook::Form;

use super::output::{say, tell};
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
    let catalogue = if how.dry_run { open::beside_unwritten(settings)? } else { open::beside(settings)? };
    let (mut all_went_in, mut unread) = (true, Vec::new());
    let may_be_sheets = format.is_none_or(|format| format == ImportFormat::Spreadsheet);
    let files = files_of(paths, &mut unread);
    for set in if may_be_sheets { sets_of(files) } else { files.into_iter().map(|file| vec![file]).collect() } {
        let Some(first) = set.first() else { continue };
        let opened = match Opened::open(first, &set) {
            Ok(opened) => opened,
            Err(error) => {
                tell!("{}: {error:#}", first.display());
                unread.push(first.display().to_string());
                continue;
            }
        };
        let done = import_one(&catalogue, first, &opened, &institution, format, language.as_ref(), how.dry_run);
        all_went_in &= done.with_context(|| first.display().to_string())?;
    }
    run::tell_unread(&unread);
    Ok(if all_went_in && unread.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Bytes of a file that is held whole, whatever is in it.
const HELD_WHOLE: u64 = 8 << 20;

/// A file, or the sheets of one set, ready to be taken in.
struct Opened {
    name: String,
    /// What is held.
    bytes: Vec<u8>,
    /// A large file, which may be read piece by piece; nothing of it is held yet.
    file: Option<File>,
}

impl Opened {
    fn open(first: &Path, set: &[PathBuf]) -> anyhow::Result<Self> {
        if let [alone] = set {
            let size = std::fs::metadata(alone).context("cannot be read")?.len();
            let may_be_large = size > HELD_WHOLE && size <= LARGEST_FILE as u64;
            if may_be_large {
                return Ok(Self {
                    name: first.display().to_string(),
                    bytes: Vec::new(),
                    file: Some(File::open(alone).context("cannot be read")?),
                });
            }
        }
        let name = match set_of(first).filter(|_| set.len() > 1) {
            Some(name) => format!("{}.csv, {} sheets of its set", name.display(), set.len()),
            None => first.display().to_string(),
        };
        Ok(Self { name, bytes: read_set(set)?, file: None })
    }
}

fn read_format(code: &str) -> anyhow::Result<ImportFormat> {
    ImportFormat::parse(&code.to_uppercase().replace('-', "_")).ok_or_else(|| {
        let codes: Vec<&str> = ImportFormat::ALL.iter().map(|format| format.code()).collect();
        anyhow!("--format: `{code}` is none of {}", codes.join(", "))
    })
}

/// The files named, and those in the folders named and below, in the order of their names. Folders that cannot be read are told at once and added
/// to those that were not read.
fn files_of(paths: &[PathBuf], unread: &mut Vec<String>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        match inside(path) {
            Ok(paths) => files.extend(files_of(&paths, unread)),
            Err(error) => {
                tell!("the folder {} cannot be read: {error}", path.display());
                unread.push(path.display().to_string());
            }
        }
    }
    files
}

/// What is in a folder, in the order of names.
fn inside(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link may lead back to where we are.
        if !is_hidden && !entry.file_type()?.is_symlink() {
            inside.push(entry.path());
        }
    }
    inside.sort();
    Ok(inside)
}

/// Puts the sheets of one set together: `hcp.csv` and `hcp-holdings.csv`, as `rihla workbook` writes them beside each other.
fn sets_of(files: Vec<PathBuf>) -> Vec<Vec<PathBuf>> {
    let mut sets: Vec<(Option<PathBuf>, Vec<PathBuf>)> = Vec::new();
    for file in files {
        let name = set_of(&file);
        match sets.iter_mut().find(|(own, _)| own.is_some() && *own == name) {
            Some((_, set)) if !set.contains(&file) => set.push(file),
            _ => sets.push((name, vec![file])),
        }
    }
    sets.into_iter().map(|(_, set)| set).collect()
}

/// The set that a sheet as plain text belongs to: its name without that of the sheet. None of other files.
fn set_of(file: &Path) -> Option<PathBuf> {
    file.extension().filter(|extension| extension.eq_ignore_ascii_case("csv"))?;
    let stem = file.file_stem()?.to_str()?;
    let name = Form::sheets().filter_map(|sheet| stem.strip_suffix(sheet)?.strip_suffix('-')).min_by_key(|name| name.len());
    Some(file.with_file_name(name.unwrap_or(stem)))
}

/// Reads a file, or the sheets of one set as one package.
fn read_set(set: &[PathBuf]) -> anyhow::Result<Vec<u8>> {
    let mut size = 0;
    for path in set {
        size += std::fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?.len();
    }
    if size > LARGEST_FILE as u64 {
        return Err(anyhow!("the file is larger than {} MiB; divide it", LARGEST_FILE >> 20));
    }
    let read = |path: &PathBuf| std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    if let [alone] = set {
        return read(alone);
    }
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sheets = set.iter().map(|path| Ok((name(path), read(path)?))).collect::<anyhow::Result<Vec<_>>>()?;
    sheet::pack(&sheets).context("the sheets cannot be put together")
}

/// Most parts that did not fit that are told of one file.
const MOST_PARTS: usize = 200;

/// Takes one file in, or the sheets of one set; tells whether all of it went in.
fn import_one(
    catalogue: &Catalogue,
    path: &Path,
    opened: &Opened,
    institution: &Slug,
    format: Option<ImportFormat>,
    language: Option<&LanguageTag>,
    dry_run: bool,
) -> anyhow::Result<bool> {
    let name = &opened.name;
    let filed = match &opened.file {
        Some(file) => intake::in_pieces(file, format).map_err(|problem| anyhow!("{problem}"))?,
        None => None,
    };
    let whole = if opened.file.is_some() && filed.is_none() { std::fs::read(path).context("cannot be read")? } else { Vec::new() };
    let bytes = if whole.is_empty() { &opened.bytes } else { &whole };
    let told = match (format, filed) {
        (Some(format), _) => Ok(format),
        (None, Some(pieces)) => Ok(pieces.format),
        (None, None) => format_of(name, None, bytes),
    };
    let format = match told {
        Ok(format) => format,
        Err(problem) => {
            tell!("{name}: {problem}");
            say!("{name}: refused");
            return Ok(false);
        }
    };
    let content = match (&opened.file, filed) {
        (Some(file), Some(filed)) => Content::Filed(file, filed),
        _ => Content::Held(bytes),
    };
    let bar = run::progress_bar(path);
    let given = Given { institution, format, name, content, language, is_dry: dry_run };
    let acting = Acting { actor: &Actor::Console, now: now_ms() };
    let outcome = intake::take_file(catalogue, acting, &given, &|done| bar.set_position(done as u64)).map_err(|e| anyhow!("{e}"))?;
    bar.finish_and_clear();
    for line in &outcome.lines {
        let record = if line.record.is_empty() { String::new() } else { format!("{}: ", line.record) };
        tell!("{name}: {record}{}", line.problem);
    }
    // Some parts are lines of the report too, such as cells of the registry's own table.
    let told: HashSet<_> = outcome.lines.iter().map(|line| (&line.record, &line.problem.field, &line.problem.value)).collect();
    let shown: Vec<_> = outcome.parts.iter().filter(|(record, part)| !told.contains(&(record, &part.field, &part.value))).collect();
    for (record, part) in shown.iter().take(MOST_PARTS) {
        let value = if part.value.is_empty() { String::new() } else { format!(" `{}`", part.value) };
        say!("{name}: {record}: does not fit: {}{value}: {}", part.field, part.remedy);
    }
    let counts = &outcome.run.doc.counts;
    if let Some(more) = counts.unfit.checked_sub(MOST_PARTS as u64).filter(|more| *more > 0 && !shown.is_empty()) {
        say!("{name}: {more} more parts do not fit; each draft names its own (`origins {{ unfit }}`)");
    }
    let verb = if dry_run { "would be " } else { "" };
    say!(
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
    Ok(outcome.run.outcome() == RunOutcome::Succeeded)
}
