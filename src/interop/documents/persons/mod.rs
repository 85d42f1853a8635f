//! What looks like records on persons: rows that each speak of one person, or lines that do.
//!
//! The rules can be explained to whoever attached the file: each finding names a place, a column and what was seen there,
//! never a value. They are tables: words of headings in `headings`, shapes of values in `values`, and the sentences that join
//! them in `judge` (tables) and `lines` (running text).

mod columns;
mod headings;
mod judge;
mod lines;
mod values;

use std::fmt;

pub(in crate::interop::documents) use values::is_organisation;

use columns::Table;
use lines::Lines;

use super::refusal;
use crate::domain::problem::Problem;

/// Rows from which a table is read as records. Fewer are an example or a contact.
pub(super) const MIN_ROWS: usize = 5;
/// Lines of a printed table that are held together.
const MAX_RUN: usize = 5_000;
/// Findings that are told; more say nothing new.
const MAX_FINDINGS: usize = 12;

fn is_too_wide(cells: &[&str]) -> bool {
    cells.iter().skip(columns::MAX_COLUMNS).any(|cell| !cell.is_empty())
}

/// Where something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A file that is one table.
    File,
    /// Text outside of tables.
    Document,
    Sheet(usize),
    Table(usize),
    Page(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("the table"),
            Self::Document => f.write_str("the text"),
            Self::Sheet(number) => write!(f, "sheet {number}"),
            Self::Table(number) => write!(f, "table {number}"),
            Self::Page(number) => write!(f, "page {number}"),
        }
    }
}

/// Something seen: where, and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    place: Place,
    seen: String,
}

/// Reads tables and lines as they come, and keeps only counts.
#[derive(Default)]
pub(super) struct Scan {
    table: Option<Table>,
    run: Vec<Vec<String>>,
    run_place: Option<Place>,
    lines: Lines,
    findings: Vec<Finding>,
    any: bool,
    /// Whether something lay where it is not looked at.
    is_cut: bool,
}

impl Scan {
    /// A table begins at a place; an open one ends.
    pub(super) fn begin_table(&mut self, place: Place) {
        self.end_table();
        self.table = Some(Table::new(place));
    }

    /// The next row of the table.
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.any = self.any || cells.iter().any(|cell| !cell.is_empty());
        self.is_cut |= is_too_wide(cells);
        if let Some(table) = &mut self.table {
            self.findings.extend(table.row(cells));
        }
    }

    /// The table ends.
    pub(super) fn end_table(&mut self) {
        self.end_run();
        if let Some(table) = self.table.take() {
            self.findings.extend(judge::judge(&table));
        }
    }

    /// A line of text. Where it falls into columns (`cells`), lines that follow one another are also read as a table.
    pub(super) fn line(&mut self, place: Place, text: &str, cells: &[&str]) {
        self.any = self.any || !text.trim().is_empty();
        self.lines.line(place, text);
        if cells.len() < 2 || self.run.len() == MAX_RUN || self.run_place.is_some_and(|own| own != place) {
            self.end_run();
        }
        if cells.len() >= 2 {
            self.run_place = Some(place);
            self.run.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
        }
    }

    /// Reads lines with columns as a table: those that have as many columns as most.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let Some(place) = self.run_place.take().filter(|_| run.len() > MIN_ROWS) else { return };
        let same = |count: usize| run.iter().filter(|row| row.len() == count).count();
        let Some(usual) = run.iter().map(Vec::len).max_by_key(|count| same(*count)) else { return };
        let mut table = Table::new(place);
        for row in run.iter().filter(|row| row.len() == usual) {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            self.is_cut |= is_too_wide(&cells);
            self.findings.extend(table.row(&cells));
        }
        self.findings.extend(judge::judge(&table));
    }

    /// Something lies where it is not looked at.
    pub(super) fn cut(&mut self) {
        self.is_cut = true;
    }

    /// Whether there was anything to read.
    pub(super) fn has_text(&self) -> bool {
        self.any
    }

    /// What was found, and whether not everything was looked at; nothing where the document may come in.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.end_table();
        let unread = (self.is_cut || self.lines.is_cut()).then(|| {
            refusal("the file has more lines, or wider tables, than can be looked through; attach the part that matters, or a description")
        });
        unread.into_iter().chain(self.findings()).collect()
    }

    fn findings(&mut self) -> Option<Problem> {
        let mut findings = std::mem::take(&mut self.findings);
        findings.extend(self.lines.finish());
        findings.dedup();
        if findings.is_empty() {
            return None;
        }
        let told: Vec<String> = findings.iter().take(MAX_FINDINGS).map(|finding| format!("{}: {}", finding.place, finding.seen)).collect();
        let more = findings.len().saturating_sub(MAX_FINDINGS);
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        Some(Problem::new(
            "persons",
            "",
            format!(
                "the file looks like records on persons ({}{more}); the catalogue holds no data on persons, not even in an attachment: \
                 send a description instead (variables, number of rows, years), or a table of totals",
                told.join("; ")
            ),
        ))
    }
}
