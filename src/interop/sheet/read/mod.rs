//! From a workbook or tables to drafts.

mod beside;
mod delimited;
mod format;
mod head;
mod record;
mod row;
mod table;
mod value;

use std::panic::{AssertUnwindSafe, catch_unwind};

use self::head::Known;
use self::record::Records;
use super::layout::SHEETS;
use super::lists::Lists;
use crate::domain::problem::Problem;
use crate::interop::dcat::Source;
use crate::interop::exchange::Reading;

/// Reads a workbook (`.xlsx`), one sheet as plain text (`.csv`), or sheets as plain text packed together (`.zip`).
pub fn read(bytes: &[u8], source: &Source<'_>) -> Reading {
    read_files(&[bytes], source)
}

/// Reads files that belong together: a workbook, or its sheets as plain text, one file each.
pub fn read_files(files: &[&[u8]], source: &Source<'_>) -> Reading {
    // The reader of workbooks is not ours; whatever it does with a damaged file, the import goes on.
    catch_unwind(AssertUnwindSafe(|| read_all(files, source)))
        .unwrap_or_else(|_| Reading::refused(Problem::new("file", "", "the workbook is damaged; open it, save it as .xlsx and send that")))
}

fn read_all(files: &[&[u8]], source: &Source<'_>) -> Reading {
    let mut problems = Vec::new();
    let mut known: Vec<Known> = Vec::new();
    for bytes in files {
        match table::tables(bytes, &mut problems) {
            Ok(tables) => known.extend(tables.into_iter().filter_map(|table| head::recognise(table, &mut problems))),
            Err(problem) => problems.push(problem),
        }
    }
    let mut lists = Lists::new(source.concepts);
    let has_datasets = known.iter().any(|table| table.sheet.list.is_empty());
    let mut records = Records::new(has_datasets);
    for sheet in SHEETS {
        for table in known.iter().filter(|table| table.sheet.list == sheet.list) {
            for line in &table.rows {
                match row::read(table, line, source, &mut lists) {
                    Some(row) => records.add(table, row, &mut problems),
                    None => problems.extend(row::beside(table, line)),
                }
            }
        }
    }
    let mut found = records.finish(source, &mut problems);
    // A sheet that is alone says nothing of what stands on the others.
    let is_part = !has_datasets || matches!(files, [alone] if !alone.starts_with(b"PK"));
    found.iter_mut().for_each(|one| one.origin.is_part = is_part);
    if found.is_empty() {
        problems.push(Problem::new("file", "", "no row describes a dataset; nothing was read"));
    }
    Reading { found, problems }
}
