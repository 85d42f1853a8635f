//! The coverage grid as files: a table of cells (CSV), a workbook (XLSX) and a picture (SVG), in Arabic, French or English.

mod book;
mod picture;
mod words;

#[cfg(test)]
mod tests;

use crate::domain::grid::Tally;
use crate::domain::vocabulary::{CellState, GridDimension, Vocabulary};
use crate::interop::sheet::{Lines, guarded};

pub use book::write as write_xlsx;
pub use picture::write as write_svg;

/// A row or column.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Code of the concept or list, short name or year.
    pub code: String,
    /// Name in the language of the file.
    pub label: String,
}

/// How the grid is to be read, in the language of the reader.
pub fn note(language: &str) -> &'static str {
    words::say(words::NOTE, language)
}

/// A cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Records by what they document.
    pub tally: Tally,
    /// The most that is documented or stated.
    pub state: CellState,
    /// Latest year of the reference periods; none where no period is documented.
    pub newest_year: Option<i32>,
    /// Who states that the whole of it is not collected, once for each statement.
    pub stated_by: Vec<Heading>,
    /// Requests that are open.
    pub requests: u64,
}

impl Cell {
    /// Statements that the whole of it is not collected.
    fn statements(&self) -> u64 {
        self.stated_by.len() as u64
    }

    /// The names of those who state it, each once.
    fn voices(&self, language: &str) -> String {
        let mut names: Vec<&str> = Vec::new();
        for institution in &self.stated_by {
            if !names.contains(&institution.label.as_str()) {
                names.push(&institution.label);
            }
        }
        names.join(words::between(language))
    }
}

/// What stands in a cell: the number of records that make its state; a question mark where records may be of it, else a dash. Beside a
/// statement the question mark stands too: one institution's word is not everybody's.
pub fn figure(cell: &Cell) -> String {
    match (cell.state, cell.tally.not_documented) {
        (CellState::Released, _) => cell.tally.released.to_string(),
        (CellState::ExistsNotReleased, _) => format!("({})", cell.tally.exists_not_released),
        (CellState::NotCollected, 0) => "×".to_owned(),
        (CellState::NotCollected, _) => "× ?".to_owned(),
        (CellState::NotDocumented, 1..) => "?".to_owned(),
        (CellState::NotDocumented, 0) if cell.tally.planned > 0 => "+".to_owned(),
        (CellState::NotDocumented, 0) => "–".to_owned(),
    }
}

/// A grid to be written.
#[derive(Clone, Debug)]
pub struct Table {
    /// `ar`, `fr` or `en`.
    pub language: &'static str,
    /// What the rows are.
    pub row_dimension: GridDimension,
    /// What the columns are.
    pub column_dimension: GridDimension,
    /// The rows.
    pub rows: Vec<Heading>,
    /// The columns.
    pub columns: Vec<Heading>,
    /// The cells, row by row.
    pub cells: Vec<Vec<Cell>>,
    /// Totals of the rows: each record counted once.
    pub row_totals: Vec<Cell>,
    /// Totals of the columns: each record counted once.
    pub column_totals: Vec<Cell>,
    /// All records, each counted once.
    pub total: Cell,
    /// What the records were asked beside rows and columns, in words; empty where they were asked nothing else.
    pub conditions: Vec<String>,
    /// Name of the catalogue.
    pub catalogue: String,
    /// Address under which it is published.
    pub address: String,
    /// Place in the change log up to which the grid counts.
    pub seq: i64,
}

impl Table {
    /// Title: what stands against what.
    fn title(&self) -> String {
        words::title(self.row_dimension.label(self.language), self.column_dimension.label(self.language), self.language)
    }

    /// The conditions side by side.
    fn conditions(&self) -> String {
        self.conditions.join(words::between(self.language))
    }

    /// A line that tells the conditions; none where there are none.
    fn asked(&self) -> Option<String> {
        (!self.conditions.is_empty()).then(|| words::conditions(&self.conditions(), self.language))
    }

    /// Every cell with its row and column, then the totals, which have no row, no column, or neither.
    fn lines(&self) -> Vec<(Option<&Heading>, Option<&Heading>, &Cell)> {
        let mut lines = Vec::new();
        for ((row, cells), total) in self.rows.iter().zip(&self.cells).zip(&self.row_totals) {
            lines.extend(self.columns.iter().zip(cells).map(|(column, cell)| (Some(row), Some(column), cell)));
            lines.push((Some(row), None, total));
        }
        lines.extend(self.columns.iter().zip(&self.column_totals).map(|(column, cell)| (None, Some(column), cell)));
        lines.push((None, None, &self.total));
        lines
    }

    /// The name of a row or column; that of all where it is a total.
    fn label<'a>(&self, heading: Option<&'a Heading>) -> &'a str {
        heading.map_or(words::say(words::ALL, self.language), |heading| &heading.label)
    }

    fn is_rtl(&self) -> bool {
        self.language == "ar"
    }
}

/// One line for each cell and each total. The first row holds the machine's names.
pub fn write_csv(table: &Table) -> Vec<u8> {
    let mut lines = Lines::begin();
    lines.add([
        "row",
        "rowLabel",
        "column",
        "columnLabel",
        "state",
        "stateLabel",
        "released",
        "existsNotReleased",
        "notCollected",
        "notDocumented",
        "planned",
        "newestYear",
        "openRequests",
        "notCollectedStatedBy",
        "conditions",
    ]);
    let conditions = guarded(&table.conditions());
    for (row, column, cell) in table.lines() {
        let tally = &cell.tally;
        let numbers = [tally.released, tally.exists_not_released, cell.statements(), tally.not_documented, tally.planned]
            .map(|number| number.to_string());
        let code = |heading: Option<&Heading>| guarded(heading.map_or("", |heading| &heading.code));
        let label = |heading: Option<&Heading>| guarded(table.label(heading));
        let head = [code(row), label(row), code(column), label(column)];
        let state = [cell.state.code(), cell.state.label(table.language)].map(str::to_owned);
        let stated_by = cell.stated_by.iter().map(|institution| institution.code.as_str()).collect::<Vec<_>>().join(" ");
        let year = cell.newest_year.map_or_else(String::new, |year| year.to_string());
        let tail = [year, cell.requests.to_string(), guarded(&stated_by), conditions.clone()];
        lines.add(head.into_iter().chain(state).chain(numbers).chain(tail));
    }
    lines.finish()
}
