//! Records of other systems come in as drafts of an institution: by a file that a person gives, or by a harvest. Each run has a report.

mod apart;
mod batch;
mod calls;
mod names;
mod origin;
mod original;
mod over;
mod own;
mod part;
mod persons;
mod ready;
mod report;
mod taking;
mod write;

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use serde_json::Map;
use sha2::{Digest, Sha256};

use crate::domain::ids::{DatasetId, Slug, hex};
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{ImportFormat, RecordFate, RunOutcome, Vocabulary};
use crate::interop::dcat::Source;
use crate::interop::exchange::Found;
use crate::interop::incoming;
use crate::store::Conn;
use crate::store::sources;

use super::drafts::Acting;
use super::{Catalogue, Error, harvest};

pub use crate::interop::detect::format_of;
pub use crate::interop::incoming::{Pieces, in_pieces};
pub use apart::Met;
pub use batch::take;
pub use names::Institutions;
pub use origin::{Origin, OriginDoc, Unfit};
pub use original::{Kept, Original};
pub use ready::Came;
pub use report::{Counts, ReportLine, Run, RunDoc, lines};
pub use taking::{Taken, Taking};

/// What the place of records begins with that came in files.
const FILES: &str = "files:";
/// Most parts that did not fit that an outcome tells; the drafts tell all of theirs.
const MOST_PARTS: usize = 1_000;
/// Records of one transaction.
pub const BATCH: usize = 200;
/// Largest file that is taken in, in bytes.
pub const LARGEST_FILE: usize = 256 << 20;

/// A file that somebody gives.
pub struct Given<'a> {
    /// The institution that gets the drafts.
    pub institution: &'a Slug,
    /// Its format.
    pub format: ImportFormat,
    /// Its name.
    pub name: &'a str,
    /// Its content.
    pub content: Content<'a>,
    /// Language of texts that say none.
    pub language: Option<&'a LanguageTag>,
    /// Whether only to show what would come of it.
    pub is_dry: bool,
}

/// What a file holds.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// All of it.
    Held(&'a [u8]),
    /// A file that is read piece by piece, and stays as it is meanwhile; see [`in_pieces`].
    Filed(&'a File, Pieces<'a>),
}

impl Content<'_> {
    /// Its length in bytes.
    fn size(&self) -> Result<u64, Error> {
        match self {
            Self::Held(bytes) => Ok(bytes.len() as u64),
            Self::Filed(file, _) => file.metadata().map(|about| about.len()).map_err(|e| Error::Internal(e.into())),
        }
    }

    /// What was read, ready to be kept as it came.
    fn pack(&self, now: i64) -> Result<Original, Error> {
        const KIND: &str = "application/octet-stream";
        let packed = match self {
            Self::Held(bytes) => Original::pack(*bytes, KIND, now),
            Self::Filed(file, _) => {
                let mut file: &File = file;
                file.seek(SeekFrom::Start(0)).and_then(|_| Original::pack(file, KIND, now))
            }
        };
        packed.map_err(|e| Error::Internal(e.into()))
    }
}

/// What came of a file.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The run. Of a rehearsal it is kept nowhere.
    pub run: Run,
    /// Every line on what could not be taken.
    pub lines: Vec<ReportLine>,
    /// What did not fit, each with its record: the first of them.
    pub parts: Vec<(String, Unfit)>,
}

/// Takes the records of a file in as drafts. `progress` is called with the number of records done.
///
/// # Errors
/// The actor may not write drafts of the institution; there is no such institution; the file is too large; the database is unavailable,
/// and then the run's report says that the file was not taken to its end.
pub fn take_file(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>, progress: &dyn Fn(usize)) -> Result<Outcome, Error> {
    may_take_in(catalogue, acting, given.institution)?;
    if given.content.size()? > LARGEST_FILE as u64 {
        let remedy = format!("the file is larger than {} MiB; divide it", LARGEST_FILE >> 20);
        return Err(Error::Invalid(vec![Problem::new("file", given.name, remedy)]));
    }
    let started_by = acting.actor.log_name();
    let run = Run::begin(None, given.institution.as_str(), given.format, given.name, started_by, acting.now);
    let original = Arc::new(given.content.pack(acting.now)?);
    let institutions = Institutions::load(catalogue)?;
    let place = place_of_files(given.institution);
    let taking = Taking {
        place: &place,
        institution: given.institution,
        run: &run.row.id.clone(),
        sweep: &run.row.id.clone(),
        format: given.format,
        name: given.name,
        acting,
        defaults: &Map::new(),
        publishes: false,
        begins_again: true,
        is_dry: given.is_dry,
        tells_parts: true,
        institutions: &institutions,
        met: &Mutex::default(),
    };
    let mut intake = Intake {
        catalogue,
        taking: &taking,
        original,
        waiting: Vec::new(),
        run,
        is_begun: false,
        lines: Vec::new(),
        parts: Vec::new(),
        failure: None,
        progress,
    };
    let source = Source { address: None, language: given.language, concepts: &catalogue.concepts };
    let mut add = |found| intake.add(found);
    let problems = match given.content {
        Content::Held(bytes) => incoming::read_each(given.format, bytes, &source, &mut add),
        Content::Filed(_, pieces) => incoming::read_file(pieces, &source, &mut add),
    };
    intake.end(problems)
}

/// Whether the actor may take records in for an institution, which must be there.
///
/// # Errors
/// Forbidden, or not found.
pub fn may_take_in(catalogue: &Catalogue, acting: Acting<'_>, institution: &Slug) -> Result<(), Error> {
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    check(acting.actor, Action::DraftCreate, &subject).map_err(|code| Error::forbidden_in(code, Action::DraftCreate, institution))?;
    if catalogue.institutions_by_slug(&[institution.to_string()])?.is_empty() {
        return Err(Error::NotFound(format!("institution `{institution}`")));
    }
    Ok(())
}

/// Runs that the actor may read, newest first: of one institution, or of all of theirs.
///
/// # Errors
/// The database is unavailable.
pub fn runs(catalogue: &Catalogue, acting: Acting<'_>, institution: Option<&Slug>, limit: i64) -> Result<Vec<Run>, Error> {
    let only = match institution {
        Some(slug) => Some(vec![slug.to_string()]),
        None if harvest::may_manage_all(acting) => None,
        None => Some(acting.actor.institutions().into_iter().map(ToString::to_string).collect()),
    };
    let rows = catalogue.db.read(|conn| sources::runs(conn, only.as_deref(), None, limit))?;
    let mut seen = Vec::new();
    for row in rows {
        let run = Run::of(row)?;
        if may_read(acting, &run.row.institution)? {
            seen.push(run);
        }
    }
    Ok(seen)
}

/// The run with this identifier, if the actor may read it.
///
/// # Errors
/// The database is unavailable.
pub fn run_by_id(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<Option<Run>, Error> {
    let Some(row) = catalogue.db.read(|conn| sources::run_by_id(conn, id))? else { return Ok(None) };
    let run = Run::of(row)?;
    Ok(may_read(acting, &run.row.institution)?.then_some(run))
}

fn may_read(acting: Acting<'_>, institution: &str) -> Result<bool, Error> {
    let institution = Slug::parse(institution).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
    let subject = Subject { institution: Some(&institution), ..Subject::default() };
    Ok(harvest::may_manage(acting, &institution).is_ok() || check(acting.actor, Action::DraftCreate, &subject).is_ok())
}

/// Where a record came from, the last one first. Whether the actor may know is the caller's affair.
///
/// # Errors
/// The database is unavailable.
pub fn origins_of(catalogue: &Catalogue, dataset: DatasetId) -> Result<Vec<Origin>, Error> {
    let rows = catalogue.db.read(|conn| sources::origins_of(conn, &[dataset.to_string()]))?;
    rows.into_iter().map(Origin::of).collect()
}

/// The place of records that came in files.
fn place_of_files(institution: &Slug) -> String {
    format!("{FILES}{institution}")
}

/// Ends a run. One with a line in its report is never called a success, unless records were taken and the lines are notes.
pub fn finish(run: &mut Run, lines: &[ReportLine], is_empty: bool, now: i64) {
    let has_faults = lines.iter().any(|line| !line.is_note());
    let outcome = match (lines.is_empty(), is_empty, has_faults) {
        (true, ..) | (false, false, false) => RunOutcome::Succeeded,
        (false, true, _) => RunOutcome::Failed,
        (false, false, true) => RunOutcome::WithFailures,
    };
    run.row.outcome = outcome.code().to_owned();
    run.row.ended_at = Some(now);
    run.doc.cursor = None;
}

/// Lines of the report on a record: why it was not taken, or not whole.
pub fn lines_of(taken: &Taken) -> Vec<ReportLine> {
    let silent = taken.fate == RecordFate::Failed && taken.problems.is_empty();
    let unsaid = silent.then(|| Problem::new("", "", "the record could not be taken; tell whoever runs the catalogue"));
    let record = calls::shown_key(&taken.key);
    taken.problems.iter().cloned().chain(unsaid).map(|problem| ReportLine { record: record.clone(), problem }).collect()
}

/// Records of a file on their way into the store, some at a time. The run is begun with the first of them and ended with the last, in
/// the same transactions: most files are one transaction in all.
struct Intake<'a> {
    catalogue: &'a Catalogue,
    taking: &'a Taking<'a>,
    original: Arc<Original>,
    waiting: Vec<Came>,
    run: Run,
    /// Whether the run has a row.
    is_begun: bool,
    lines: Vec<ReportLine>,
    parts: Vec<(String, Unfit)>,
    failure: Option<Error>,
    progress: &'a dyn Fn(usize),
}

impl Intake<'_> {
    fn add(&mut self, found: Found) {
        // After a failure of the database nothing more is read in.
        if self.failure.is_some() {
            return;
        }
        // The last records wait for the end of the report.
        if self.waiting.len() >= BATCH {
            self.flush();
        }
        self.waiting.push(Came { found, original: Some(self.original.clone()) });
    }

    fn flush(&mut self) {
        let came = std::mem::take(&mut self.waiting);
        let begun = if self.is_begun || self.taking.is_dry { None } else { Some(self.run.to_row()) };
        let taken = take(self.catalogue, self.taking, came, |conn, _| {
            begun.transpose()?.map_or(Ok(()), |row| sources::insert_run(conn, &row).map_err(Error::from))
        });
        match taken {
            Ok(mut taken) => {
                self.is_begun = true;
                keep_parts(&mut self.parts, &mut taken);
                self.lines.extend(taken.iter().flat_map(lines_of));
                self.run.doc.counts.add_all(&taken);
                (self.progress)(self.done());
            }
            Err(error) => self.failure = Some(error),
        }
    }

    /// Takes the last records and ends the report.
    fn end(mut self, problems: Vec<Problem>) -> Result<Outcome, Error> {
        let came = std::mem::take(&mut self.waiting);
        let (is_dry, is_begun, now, before) = (self.taking.is_dry, self.is_begun, self.taking.acting.now, self.run.doc.counts);
        let (run, lines) = (&mut self.run, &mut self.lines);
        let taken = match self.failure.take() {
            Some(error) => Err(error),
            None => take(self.catalogue, self.taking, came, |conn, taken| {
                lines.extend(taken.iter().flat_map(lines_of));
                lines.splice(0..0, problems.into_iter().map(|problem| ReportLine { record: String::new(), problem }));
                run.doc.counts.add_all(taken);
                let is_empty = run.doc.counts.fetched == 0;
                finish(run, lines, is_empty, now);
                if is_dry { Ok(()) } else { keep_end(conn, run, lines, is_begun) }
            }),
        };
        match taken {
            Ok(mut taken) => {
                (self.progress)(self.done());
                keep_parts(&mut self.parts, &mut taken);
                Ok(Outcome { run: self.run, lines: self.lines, parts: self.parts })
            }
            Err(error) => {
                self.run.doc.counts = before;
                self.break_off(&error);
                Err(error)
            }
        }
    }

    /// How many records are done.
    fn done(&self) -> usize {
        usize::try_from(self.run.doc.counts.fetched).unwrap_or(usize::MAX)
    }

    /// Ends the report of a run that the catalogue itself could not carry through. Where not even that can be written, it stays open.
    fn break_off(mut self, error: &Error) {
        if self.taking.is_dry {
            return;
        }
        let remedy = "the catalogue could not take the file in to its end; give it once more, what is there already stays as it is";
        let lines = [ReportLine { record: String::new(), problem: Problem::new("", "", remedy) }];
        (self.run.doc.problems, self.run.doc.notes) = (0, 0);
        finish(&mut self.run, &lines, true, super::catalogue::now_ms());
        let is_begun = self.is_begun;
        if let Err(second) = self.catalogue.db.write(|conn, _| keep_end(conn, &mut self.run, &lines, is_begun)) {
            tracing::warn!(%error, %second, "the report of a file cannot be ended");
        }
    }
}

/// Keeps the first parts that did not fit, each with its record.
fn keep_parts(parts: &mut Vec<(String, Unfit)>, taken: &mut [Taken]) {
    for one in taken {
        let more = std::mem::take(&mut one.parts);
        let room = MOST_PARTS.saturating_sub(parts.len());
        let record = calls::shown_key(&one.key);
        parts.extend(more.into_iter().map(|part| (record.clone(), part)).take(room));
    }
}

fn keep_end(conn: &mut Conn, run: &mut Run, lines: &[ReportLine], is_begun: bool) -> Result<(), Error> {
    let rows = run.rows(lines);
    let row = run.to_row()?;
    if is_begun {
        sources::update_run(conn, &row)?;
    } else {
        sources::insert_run(conn, &row)?;
    }
    Ok(sources::add_problems(conn, &rows)?)
}

/// A few characters that stand for a text, the same at every time.
pub(in crate::service) fn short_hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())).chars().take(6).collect()
}
