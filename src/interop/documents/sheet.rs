//! Workbooks: every cell of every sheet, the hidden ones too.

use std::io::Cursor;

use calamine::{DataRef, DataType, Reader, Xlsx};

use super::package::Package;
use super::persons::{Place, Scan};
use super::{office, parts, text, unreadable};
use crate::domain::problem::Problem;

/// Sheets of a workbook that are read; a workbook with more is refused.
const MAX_SHEETS: usize = 200;

/// Hands all rows to the scan. Cells come one by one, so that a sheet that claims to be a million rows wide takes no memory.
pub(super) fn read(package: &Package, scan: &mut Scan) -> Result<(), Problem> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(package.packed())).map_err(|_| unreadable())?;
    let names = workbook.sheet_names();
    if names.len() > MAX_SHEETS {
        return Err(unreadable());
    }
    for (index, name) in names.iter().enumerate() {
        let place = Place::Sheet(index + 1);
        let mut cells = match workbook.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            // Sheets that are only a chart have no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(_) => return Err(unreadable()),
        };
        scan.begin_table(place);
        let mut row: Vec<String> = Vec::new();
        let mut at = 0;
        while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
            let (line, column) = cell.get_position();
            if line != at {
                flush(&mut row, place, scan);
                at = line;
            }
            put(&mut row, column as usize, cell.get_value(), place, scan);
        }
        flush(&mut row, place, scan);
        scan.end_table();
    }
    beside(package, scan)
}

/// What stands beside the cells: comments, texts in drawings, labels of charts.
fn beside(package: &Package, scan: &mut Scan) -> Result<(), Problem> {
    const BESIDE: [&str; 5] = ["xl/comments", "xl/threadedcomments", "xl/drawings/", "xl/charts/", "customxml/"];
    for (name, bytes) in &package.members {
        let lower = name.to_lowercase();
        let is_beside = BESIDE.iter().any(|part| lower.starts_with(part)) && !lower.ends_with(".rels");
        if is_beside && parts::is_markup(&lower, bytes) {
            office::read_other(bytes, scan)?;
        }
    }
    Ok(())
}

fn put(row: &mut Vec<String>, column: usize, value: &DataRef, place: Place, scan: &mut Scan) {
    if matches!(value, DataRef::Empty) {
        return;
    }
    if column >= text::MAX_CELLS {
        scan.cut();
        return;
    }
    if let DataRef::String(_) | DataRef::SharedString(_) | DataRef::DateTimeIso(_) = value
        && let Some(long) = value.as_string().filter(|text| text.len() > text::MAX_CELL)
    {
        scan.line(place, &long, &[]);
    }
    if row.len() <= column {
        row.resize(column + 1, String::new());
    }
    row[column] = shown(value);
}

/// A value as text; dates in the order year, month, day.
fn shown(value: &DataRef) -> String {
    match value {
        DataRef::String(text) => text.chars().take(text::MAX_CELL).collect(),
        DataRef::SharedString(text) => text.chars().take(text::MAX_CELL).collect(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(date) if date.is_datetime() && (1.0..2_958_465.0).contains(&date.as_f64()) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) => text.chars().take(text::MAX_CELL).collect(),
        DataRef::DateTime(_) | DataRef::DurationIso(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn flush(row: &mut Vec<String>, place: Place, scan: &mut Scan) {
    if row.is_empty() {
        return;
    }
    let cells: Vec<&str> = row.iter().map(String::as_str).collect();
    scan.row(&cells);
    scan.line(place, &cells.join("  "), &[]);
    row.clear();
}
