//! A workbook that people fill offline, and the records of an institution in the same layout.
//!
//! One sheet for the datasets, one for each list that they have. The columns and what becomes of a cell are listed in
//! `docs/interop/spreadsheet.md`.

mod book;
mod cell;
mod grid;
mod heading;
mod layout;
mod lists;
mod plain;
mod read;
#[cfg(test)]
mod tests;
mod words;

use std::io::{self, Write};

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use self::grid::{Grid, grids, sheet_of};
use self::lists::Lists;
use super::exchange::Outgoing;
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;

pub use self::cell::guard as guarded;
pub use self::layout::{DATASET, SHEETS};
pub use self::plain::Lines;
pub use self::read::{read, read_files};

/// Media type of a sheet as plain text.
pub const CSV: &str = "text/csv; charset=utf-8";
/// Media type of a workbook.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Languages in which the workbook speaks to people.
pub const LANGUAGES: [&str; 3] = ["en", "fr", "ar"];

/// The empty workbook in one of [`LANGUAGES`], perhaps made for an institution.
///
/// # Errors
/// None that is known; the writer may give one.
pub fn template(language: &str, concepts: &Concepts, institution: Option<&Institution>) -> io::Result<Vec<u8>> {
    let mut lists = Lists::new(concepts);
    let grids = grids(&[], language, &mut lists);
    book::write(&grids, language, &mut lists, institution)
}

/// Records as a workbook in one of [`LANGUAGES`]; reading it gives the same records.
///
/// # Errors
/// There are more records than a sheet has rows.
pub fn write(records: &[Outgoing<'_>], language: &str, concepts: &Concepts) -> io::Result<Vec<u8>> {
    let mut lists = Lists::new(concepts);
    let grids = grids(&values(records)?, language, &mut lists);
    book::write(&grids, language, &mut lists, None)
}

/// One sheet of the records as CSV: the list that it holds, such as `holdings`, or [`DATASET`] for the datasets.
///
/// # Errors
/// There is no such sheet.
pub fn write_csv(records: &[Outgoing<'_>], list: &str, language: &str, concepts: &Concepts) -> io::Result<Vec<u8>> {
    let sheet = sheet_of(list).ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("there is no sheet `{list}`")))?;
    let mut lists = Lists::new(concepts);
    let all: Vec<Grid> = grids(&values(records)?, language, &mut lists);
    let grid = all.iter().find(|grid| grid.sheet.list == sheet.list);
    Ok(grid.map_or_else(Vec::new, plain::write))
}

/// All sheets of the records that hold something, as plain text.
///
/// # Errors
/// A record cannot be written; one that passed validation always can.
pub fn write_plain(records: &[Outgoing<'_>], language: &str, concepts: &Concepts) -> io::Result<Vec<Vec<u8>>> {
    let mut lists = Lists::new(concepts);
    Ok(grids(&values(records)?, language, &mut lists).iter().map(plain::write).collect())
}

/// Sheets as plain text, each with its name, packed together as [`read`] takes them. The same sheets give the same bytes.
///
/// # Errors
/// Two have one name.
pub fn pack(sheets: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut package = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in sheets {
        package
            .start_file(name.as_str(), SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Stored))
            .map_err(io::Error::other)?;
        package.write_all(bytes)?;
    }
    Ok(package.finish().map_err(io::Error::other)?.into_inner())
}

fn values(records: &[Outgoing<'_>]) -> io::Result<Vec<Value>> {
    Ok(records.iter().map(|record| as_value(record.dataset)).collect::<Result<_, _>>()?)
}

fn as_value(dataset: &Dataset) -> serde_json::Result<Value> {
    serde_json::to_value(dataset)
}
