//! Tables as they stand in a file: the sheets of a workbook, or one sheet as plain text. Bounded, whatever the file claims.

use std::collections::HashSet;
use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Hyperlink, Reader, Xlsx};

use super::super::cell::letters;
use super::beside::{self, Beside, Note};
use super::delimited::plain;
use super::format::Form;
use crate::domain::problem::Problem;
use crate::interop::documents::{members_of, text_of};

/// Largest file.
const MOST_BYTES: usize = 64 << 20;
/// Most sheets of a workbook.
const MOST_SHEETS: usize = 200;
/// Most cells of a file that say something.
const MOST_CELLS: usize = 4_000_000;
/// Most bytes of text in the cells of a file.
const MOST_TEXT: usize = 256 << 20;
/// Characters of a formula that are kept, to be shown.
const LONGEST_SHOWN: usize = 200;
/// Columns of a sheet that are looked at.
pub const MOST_COLUMNS: u32 = 1_000;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that its cell shows as other words, such as `01` or `50%`.
    Shown(f64, String),
    /// A day, as the program keeps it.
    Day(String),
    /// True or false.
    Truth(bool),
    /// A formula that failed.
    Fault(String),
    /// A formula of which the program has stored no value.
    Unstored(String),
}

impl Cell {
    /// The cell as words.
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Day(text) | Self::Fault(text) | Self::Shown(_, text) => text.clone(),
            Self::Unstored(formula) => format!("={formula}"),
            Self::Number(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
        }
    }
}

/// A row that says something.
pub struct Row {
    /// Its number as programs show it, from 1.
    pub number: u32,
    /// Its cells that say something, by column from 0.
    pub cells: Vec<(u32, Cell)>,
    /// What stands beside its cells, by column from 0.
    pub beside: Vec<(u32, Beside)>,
}

impl Row {
    /// The cell in a column.
    pub fn get(&self, column: u32) -> Option<&Cell> {
        self.cells.iter().find(|(own, _)| *own == column).map(|(_, cell)| cell)
    }
}

/// A sheet.
pub struct Table {
    /// Its name; empty for plain text.
    pub name: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// What is still allowed of a file.
pub(super) struct Left {
    pub(super) cells: usize,
    pub(super) text: usize,
}

impl Left {
    pub(super) fn take(&mut self, text: usize) -> Result<(), Problem> {
        let (Some(cells), Some(text)) = (self.cells.checked_sub(1), self.text.checked_sub(text)) else {
            return Err(too_large());
        };
        (self.cells, self.text) = (cells, text);
        Ok(())
    }
}

fn too_large() -> Problem {
    Problem::new("file", "", "the file holds more than a workbook of records; split it into several")
}

/// The tables of a file.
///
/// # Errors
/// It is no workbook or table, or too large.
pub fn tables(bytes: &[u8], problems: &mut Vec<Problem>) -> Result<Vec<Table>, Problem> {
    if bytes.len() > MOST_BYTES {
        return Err(Problem::new("file", bytes.len(), "the file is larger than 64 MiB; split it into several"));
    }
    let mut left = Left { cells: MOST_CELLS, text: MOST_TEXT };
    if bytes.starts_with(b"PK") {
        let members = members_of(bytes)?;
        let is_workbook = members.iter().any(|(name, _)| name == "[Content_Types].xml" || name == "mimetype");
        if is_workbook || !members.iter().any(|(name, _)| is_sheet(name)) {
            let (notes, has_links) = (beside::notes(&members), beside::has_links(&members));
            drop(members);
            return workbook(bytes, &notes, has_links, &mut left, problems);
        }
        return sheets(members, &mut left, problems);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let remedy = "this is a workbook of a former version (.xls) or one with a password; save it as .xlsx without a password";
        return Err(Problem::new("file", "", remedy));
    }
    Ok(vec![text_table(bytes, &mut left, problems)?])
}

fn text_table(bytes: &[u8], left: &mut Left, problems: &mut Vec<Problem>) -> Result<Table, Problem> {
    let (text, guessed) =
        text_of(bytes).ok_or_else(|| Problem::new("file", "", "this is no workbook and no table; use .xlsx, or .csv in UTF-8"))?;
    let remedy = "the table is not UTF-8 and declares no encoding; this one was guessed: check accents and Arabic, and save it as UTF-8";
    problems.extend(guessed.map(|name| Problem::new("encoding", name, remedy)));
    plain(&text, left)
}

/// Whether a member of a package is a sheet as plain text.
fn is_sheet(name: &str) -> bool {
    let is_hidden = name.rsplit('/').next().is_some_and(|own| own.starts_with('.')) || name.starts_with("__MACOSX/");
    !is_hidden && name.to_ascii_lowercase().ends_with(".csv")
}

/// The sheets of one set as plain text, packed together: each is called as its file.
fn sheets(members: Vec<(String, Vec<u8>)>, left: &mut Left, problems: &mut Vec<Problem>) -> Result<Vec<Table>, Problem> {
    let (sheets, others): (Vec<_>, Vec<_>) = members.into_iter().partition(|(name, _)| is_sheet(name));
    if sheets.len() > MOST_SHEETS {
        return Err(too_large());
    }
    let is_said = |name: &&String| !name.ends_with('/') && !name.starts_with("__MACOSX/");
    let remedy = "is no sheet as plain text (.csv); it was not read: give it by itself";
    problems.extend(others.iter().map(|(name, _)| name).filter(is_said).map(|name| Problem::new("file", name, remedy)));
    let mut tables = Vec::new();
    for (name, bytes) in sheets {
        let mut told = Vec::new();
        let table = text_table(&bytes, left, &mut told);
        problems.extend(told.into_iter().map(|problem| Problem { field: format!("{name}: {}", problem.field), ..problem }));
        match table {
            Ok(table) => tables.push(Table { name, ..table }),
            Err(problem) => problems.push(Problem { field: format!("{name}: {}", problem.field), ..problem }),
        }
    }
    Ok(tables)
}

fn unreadable(error: impl std::fmt::Display) -> Problem {
    Problem::new("file", error, "the workbook is damaged or of another type; open it, save it as .xlsx and send that")
}

fn workbook(
    bytes: &[u8],
    notes: &[(String, Vec<Note>)],
    has_links: bool,
    left: &mut Left,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Table>, Problem> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    if names.len() > MOST_SHEETS {
        return Err(too_large());
    }
    let mut tables = Vec::new();
    for name in names {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(unreadable(error)),
        };
        let mut table = Table { name: name.clone(), rows: Vec::new() };
        let mut is_wide = false;
        while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
            let (line, column) = cell.pos;
            let target = cell.formula.as_deref().and_then(beside::target);
            let Some(value) = value(&cell.value, left)?.or_else(|| unstored(&cell.value, cell.formula)) else { continue };
            if column >= MOST_COLUMNS {
                if !is_wide {
                    let place = format!("{name}!{}{}", letters(column), line.saturating_add(1));
                    problems.push(Problem::new(place, value.words(), "stands beyond the columns that are read; move it to the left"));
                }
                is_wide = true;
                continue;
            }
            let number = line.saturating_add(1);
            let target = target.map(|target| (column, target));
            match table.rows.last_mut().filter(|row| row.number == number) {
                Some(row) => {
                    row.cells.push((column, value));
                    row.beside.extend(target);
                }
                None => table.rows.push(Row { number, cells: vec![(column, value)], beside: target.into_iter().collect() }),
            }
        }
        drop(cells);
        table.rows.sort_by_key(|row| row.number);
        as_shown(&mut book, &mut table)?;
        fill(&mut table, &merged, left)?;
        if has_links {
            link(&mut table, &book.hyperlinks_by_sheet_name(&name).unwrap_or_default(), left)?;
        }
        notes.iter().filter(|(sheet, _)| *sheet == name).for_each(|(_, notes)| note(&mut table, notes, problems));
        tables.push(table);
    }
    Ok(tables)
}

/// Gives numbers the words that their cells show, where these are others.
fn as_shown(book: &mut Xlsx<Cursor<&[u8]>>, table: &mut Table) -> Result<(), Problem> {
    let mut cells = book.worksheet_cells_reader(&table.name).map_err(unreadable)?;
    let form = |code: &str| Form::of(code).map(|form| (form, code.to_owned()));
    let forms: Vec<Option<(Form, String)>> =
        cells.styles().iter().map(|style| style.number_format.as_ref().and_then(|format| form(&format.format_code))).collect();
    if forms.iter().all(Option::is_none) {
        return Ok(());
    }
    while let Some((line, column, style)) = cells.next_style_id().map_err(unreadable)? {
        let Some(Some((form, code))) = forms.get(style) else { continue };
        let number = line.saturating_add(1);
        let place = table.rows.binary_search_by_key(&number, |row| row.number);
        let Some(row) = place.ok().and_then(|place| table.rows.get_mut(place)) else { continue };
        let place = row.cells.binary_search_by_key(&column, |(own, _)| *own);
        let Some((_, cell)) = place.ok().and_then(|place| row.cells.get_mut(place)) else { continue };
        let Cell::Number(kept) = *cell else { continue };
        match form.shown(kept) {
            Some(words) if words == kept.to_string() => {}
            Some(words) => *cell = Cell::Shown(kept, words),
            None => row.beside.push((column, Beside::Format(code.clone()))),
        }
    }
    Ok(())
}

/// Puts addresses behind cells beside them, one beside each. Each row that is looked at counts, since a link may lie over any number of them.
fn link(table: &mut Table, links: &[Hyperlink], left: &mut Left) -> Result<(), Problem> {
    let mut linked = HashSet::new();
    for link in links {
        let Some(target) = link.target.as_deref().filter(|target| !target.trim().is_empty()) else { continue };
        let target = link.location.as_ref().map_or_else(|| target.to_owned(), |part| format!("{target}#{part}"));
        let (top, bottom) = (link.range.start.0.saturating_add(1), link.range.end.0.saturating_add(1));
        let from = table.rows.partition_point(|row| row.number < top);
        let to = table.rows.partition_point(|row| row.number <= bottom);
        for row in table.rows.get_mut(from..to).unwrap_or_default() {
            left.take(0)?;
            let columns = row.cells.iter().map(|(column, _)| *column);
            for column in columns.filter(|column| (link.range.start.1..=link.range.end.1).contains(column)) {
                left.take(0)?;
                if !linked.insert((row.number, column)) {
                    continue;
                }
                left.take(target.len())?;
                row.beside.push((column, Beside::Link(target.clone())));
            }
        }
    }
    Ok(())
}

/// Puts notes beside their cells; one in a row that says nothing is told at once.
fn note(table: &mut Table, notes: &[Note], problems: &mut Vec<Problem>) {
    for note in notes {
        let place = table.rows.binary_search_by_key(&note.row, |row| row.number);
        match place.ok().and_then(|place| table.rows.get_mut(place)) {
            Some(row) => row.beside.push((note.column, Beside::Note(note.words.clone()))),
            None => problems.push(Problem::new(format!("{}!{}{}", table.name, letters(note.column), note.row), "", beside::ALONE)),
        }
    }
}

/// A cell that was merged over several rows holds for each of them. Each row that is looked at counts, since a file may merge
/// the same rows any number of times.
fn fill(table: &mut Table, merged: &[Dimensions], left: &mut Left) -> Result<(), Problem> {
    table.rows.sort_by_key(|row| row.number);
    for area in merged.iter().filter(|area| area.end.0 > area.start.0) {
        let (top, bottom) = (area.start.0.saturating_add(1), area.end.0.saturating_add(1));
        let from = table.rows.partition_point(|row| row.number < top);
        let to = table.rows.partition_point(|row| row.number <= bottom);
        let Some([first, below @ ..]) = table.rows.get_mut(from..to) else { continue };
        let Some(cell) = first.get(area.start.1).filter(|_| first.number == top).cloned() else { continue };
        for row in below {
            left.take(0)?;
            if row.get(area.start.1).is_none() {
                left.take(cell.words().len())?;
                row.cells.push((area.start.1, cell.clone()));
            }
        }
    }
    Ok(())
}

fn value(value: &DataRef<'_>, left: &mut Left) -> Result<Option<Cell>, Problem> {
    let words = match value {
        DataRef::String(text) => Some(text.as_str()),
        DataRef::SharedString(text) => Some(*text),
        _ => None,
    };
    left.take(words.map_or(0, str::len))?;
    Ok(match words {
        Some(text) if text.trim().is_empty() => None,
        Some(text) => Some(Cell::Text(unescape(text))),
        None => other(&Data::from(value.clone())),
    })
}

/// A formula that stands where a value should be. One whose value is an empty text says nothing.
fn unstored(value: &DataRef<'_>, formula: Option<String>) -> Option<Cell> {
    let formula = formula.filter(|_| matches!(value, DataRef::Empty))?;
    Some(Cell::Unstored(formula.chars().take(LONGEST_SHOWN).collect()))
}

fn other(value: &Data) -> Option<Cell> {
    Some(match value {
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::Bool(truth) => Cell::Truth(*truth),
        Data::DateTime(day) if day.is_datetime() && (1.0..2_958_465.0).contains(&day.as_f64()) => {
            let (year, month, date, ..) = day.to_ymd_hms_milli();
            Cell::Day(format!("{year:04}-{month:02}-{date:02}"))
        }
        Data::DateTime(day) => Cell::Number(day.as_f64()),
        Data::DateTimeIso(text) => Cell::Day(text.chars().take(10).collect()),
        Data::DurationIso(text) | Data::String(text) => Cell::Text(text.clone()),
        Data::Error(fault) => Cell::Fault(fault.to_string()),
        Data::Empty => return None,
    })
}

/// Characters that workbooks write as `_x000D_`.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let code = from.get(2..6).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()) && from.get(6..7) == Some("_"));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                plain.push(c);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_characters_come_back() {
        for (cell, text) in
            [("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("_x", "_x"), ("_xZZZZ_", "_xZZZZ_"), ("é_x00é", "é_x00é")]
        {
            assert_eq!(unescape(cell), text);
        }
    }

    #[test]
    fn a_merged_cell_holds_for_the_rows_that_it_spans() {
        let row = |number, cells: &[u32]| Row {
            number,
            cells: cells.iter().map(|at| (*at, Cell::Number(f64::from(number)))).collect(),
            beside: Vec::new(),
        };
        let area = |top, bottom| Dimensions { start: (top, 0), end: (bottom, 0) };
        let table = || Table { name: String::new(), rows: vec![row(3, &[0]), row(2, &[0, 1]), row(4, &[1]), row(5, &[1]), row(6, &[1])] };
        let mut filled = table();
        let mut left = Left { cells: 100, text: 100 };
        fill(&mut filled, &[area(2, 4), area(0, 9)], &mut left).expect("a small table");
        let first: Vec<Option<Cell>> = filled.rows.iter().map(|row| row.get(0).cloned()).collect();
        let three = Some(Cell::Number(3.0));
        assert_eq!(first, [Some(Cell::Number(2.0)), three.clone(), three.clone(), three, None]);
        // The same rows again and again are refused before they take long.
        assert!(fill(&mut table(), &vec![area(2, 9); 100], &mut left).is_err());
    }
}
