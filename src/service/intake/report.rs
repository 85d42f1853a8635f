//! What came of taking records in: counts, and every line on what could not be taken.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{ImportFormat, RecordFate, RunOutcome};
use crate::interop::exchange::is_note;
use crate::store::sources::{self, ProblemRow, RunRow};

use super::super::{Catalogue, Error};
use super::taking::Taken;

/// Longest text of a line, in characters.
const LONGEST: usize = 500;

/// How many records met which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Counts {
    /// Records that the source gave.
    pub fetched: u64,
    /// Drafts begun.
    pub created: u64,
    /// Records whose changes were taken.
    pub changed: u64,
    /// Records that are as they were.
    pub unchanged: u64,
    /// Records whose working copy is being decided on.
    pub waiting: u64,
    /// Records that the institution does not want to have again.
    pub set_aside: u64,
    /// Records that the source does not have any more.
    pub gone: u64,
    /// Records that could not be taken.
    pub failed: u64,
    /// Of those created or changed, how many were published at once.
    pub published: u64,
    /// Parts of records that the registry has no field for, or takes otherwise; each is named with its record.
    pub unfit: u64,
}

impl Counts {
    /// Counts one record.
    pub fn add(&mut self, taken: &Taken) {
        let place = match taken.fate {
            RecordFate::Created => &mut self.created,
            RecordFate::Changed => &mut self.changed,
            RecordFate::Unchanged => &mut self.unchanged,
            RecordFate::Waiting => &mut self.waiting,
            RecordFate::SetAside => &mut self.set_aside,
            RecordFate::Gone => &mut self.gone,
            RecordFate::Failed => &mut self.failed,
        };
        *place += 1;
        self.unfit += taken.unfit;
        self.published += u64::from(taken.is_published);
    }

    /// Counts records that were handed over.
    pub fn add_all(&mut self, taken: &[Taken]) {
        taken.iter().for_each(|taken| self.add(taken));
        self.fetched += taken.len() as u64;
    }
}

/// What a run keeps of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RunDoc {
    /// Code of the format.
    pub format: String,
    /// Name of the file, or address of the source.
    pub name: String,
    /// Who or what started it: a log name, such as `clock`.
    pub started_by: String,
    /// Counts.
    pub counts: Counts,
    /// Lines of the report.
    pub problems: u64,
    /// Of those, the ones that are notes.
    #[serde(skip_serializing_if = "is_zero")]
    pub notes: u64,
    /// Where the reading goes on, should it be broken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Value>,
    /// Whether only what has changed since an earlier run was asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_partial: bool,
    /// Requests sent.
    #[serde(skip_serializing_if = "is_zero")]
    pub requests: u64,
}

impl RunDoc {
    /// Whether a line of the report tells of something that went wrong.
    pub fn has_faults(&self) -> bool {
        self.problems > self.notes
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// The record, as the other system calls it; empty for the source as a whole.
    pub record: String,
    /// What is wrong.
    pub problem: Problem,
}

impl ReportLine {
    /// Whether it is a note: it only tells of what is left out as it should be, so that nothing is missing.
    pub fn is_note(&self) -> bool {
        is_note(&self.problem)
    }
}

/// A run with its report.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its row.
    pub row: RunRow,
    /// What it keeps of itself.
    pub doc: RunDoc,
}

impl Run {
    /// Reads a row.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn of(row: RunRow) -> Result<Self, Error> {
        let doc = serde_json::from_str(&row.doc)?;
        Ok(Self { row, doc })
    }

    /// A run that begins.
    pub fn begin(source: Option<String>, institution: &str, format: ImportFormat, name: &str, started_by: String, now: i64) -> Self {
        use crate::domain::vocabulary::Vocabulary;
        let doc = RunDoc { format: format.code().to_owned(), name: shorten(name), started_by, ..RunDoc::default() };
        let row = RunRow {
            id: uuid::Uuid::now_v7().to_string(),
            source_id: source,
            institution: institution.to_owned(),
            outcome: RunOutcome::Running.code().to_owned(),
            started_at: now,
            ended_at: None,
            doc: String::new(),
        };
        Self { row, doc }
    }

    /// The row as it stands.
    ///
    /// # Errors
    /// The counts cannot be written as JSON.
    pub fn to_row(&self) -> Result<RunRow, Error> {
        Ok(RunRow { doc: serde_json::to_string(&self.doc)?, ..self.row.clone() })
    }

    /// The outcome.
    pub fn outcome(&self) -> RunOutcome {
        use crate::domain::vocabulary::Vocabulary;
        RunOutcome::parse(&self.row.outcome).unwrap_or(RunOutcome::Failed)
    }

    /// Lines of the report as rows, numbered on from those that there are.
    pub fn rows(&mut self, lines: &[ReportLine]) -> Vec<ProblemRow> {
        let numbered = lines.iter().map(|line| {
            self.doc.problems += 1;
            self.doc.notes += u64::from(line.is_note());
            ProblemRow {
                run_id: self.row.id.clone(),
                number: i64::try_from(self.doc.problems).unwrap_or(i64::MAX),
                record: shorten(&line.record),
                field: shorten(&line.problem.field),
                value: shorten(&line.problem.value),
                remedy: shorten(&line.problem.remedy),
            }
        });
        numbered.collect()
    }
}

/// A text of at most 500 characters; neither database holds a NUL.
fn shorten(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(LONGEST).collect()
}

/// Lines of the report of a run.
///
/// # Errors
/// The database is unavailable.
pub fn lines(catalogue: &Catalogue, run: &str, after: i64, limit: i64) -> Result<Vec<(i64, ReportLine)>, Error> {
    let rows = catalogue.db.read(|conn| sources::problems(conn, run, after, limit))?;
    let line = |row: ProblemRow| {
        let problem = Problem { field: row.field, value: row.value, remedy: row.remedy };
        (row.number, ReportLine { record: row.record, problem })
    };
    Ok(rows.into_iter().map(line).collect())
}
