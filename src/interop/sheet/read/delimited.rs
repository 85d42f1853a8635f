//! A sheet as plain text: cells between separators.

use super::super::cell::unguard_within;
use super::table::{Cell, Left, MOST_COLUMNS, Row, Table};
use crate::domain::problem::Problem;

/// One sheet as plain text. The separator is the one that makes most cells of the first row.
pub(super) fn plain(text: &str, left: &mut Left) -> Result<Table, Problem> {
    // A line by which Excel is told the separator.
    let hint = text.split('\n').next().filter(|line| line.trim().to_lowercase().starts_with("sep=") && line.trim().len() <= 5);
    let skipped = hint.map_or(0, |line| line.len() + 1);
    let text = text.get(skipped..).unwrap_or_default();
    let reader =
        |separator: u8| csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let width = |separator: &u8| reader(*separator).records().next().and_then(Result::ok).map_or(0, |record| record.len());
    let separator = [b'|', b',', b'\t', b';'].into_iter().max_by_key(width).unwrap_or(b';');
    check_quotes(text, separator, u64::from(skipped > 0))?;
    let mut table = Table { name: String::new(), rows: Vec::new() };
    let mut heading = 0;
    // Empty lines are no records for the reader, but rows for programs.
    let mut number = u64::from(skipped > 0);
    for record in reader(separator).records() {
        let record = record.map_err(|error| Problem::new("file", error, "the table cannot be read; save it as CSV in UTF-8"))?;
        let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        number += 1 + empty_lines(text, start);
        heading = if heading == 0 { record.len() } else { heading };
        let is_short = record.len() < heading;
        let mut cells = Vec::new();
        for (column, cell) in (0u32..).zip(&record).filter(|(_, cell)| !cell.trim().is_empty()) {
            left.take(cell.len())?;
            if column < MOST_COLUMNS {
                let holds_a_row = is_short && cell.contains('\n') && cell.contains(char::from(separator));
                cells.push((column, if holds_a_row { Cell::Fault(HOLDS_A_ROW.to_owned()) } else { Cell::Text(unguard_within(cell)) }));
            }
        }
        if !cells.is_empty() {
            table.rows.push(Row { number: u32::try_from(number).unwrap_or(u32::MAX), cells, beside: Vec::new() });
        }
    }
    Ok(table)
}

/// Of a cell that takes in the row after it.
const HOLDS_A_ROW: &str = "line breaks and separators within quotation marks, in a row that is too short: a quotation mark may be missing";

/// Checks that each quotation mark which opens a cell is closed at its end: what reads the table would else take the rows after it for words
/// of the cell.
fn check_quotes(text: &str, separator: u8, lines_before: u64) -> Result<(), Problem> {
    let bytes = text.as_bytes();
    let (mut line, mut at, mut begins) = (lines_before + 1, 0, true);
    while let Some(byte) = bytes.get(at) {
        if !(begins && *byte == b'"') {
            begins = *byte == separator || matches!(byte, b'\r' | b'\n');
            line += u64::from(*byte == b'\n');
            at += 1;
            continue;
        }
        let opened = line;
        at += 1;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (None, _) => {
                    let remedy = "a quotation mark opens a cell in this line and none closes it, so that all that follows would be one cell; close it, or write a quotation mark within a text twice and put the text in quotation marks";
                    return Err(Problem::new(format!("line {opened}"), "", remedy));
                }
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), _) => break,
                (Some(byte), _) => {
                    line += u64::from(*byte == b'\n');
                    at += 1;
                }
            }
        }
        at += 1;
        let rest = bytes.get(at..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t') && **byte != separator).count();
        at += blanks;
        match bytes.get(at) {
            Some(byte) if *byte != separator && !matches!(byte, b'\r' | b'\n') => {
                let remedy = "text stands behind the quotation mark that closes a cell; write a quotation mark within a text twice, and put the text in quotation marks";
                return Err(Problem::new(format!("line {line}"), "", remedy));
            }
            _ => begins = false,
        }
    }
    Ok(())
}

/// Number of empty lines at a place where a record begins for the reader.
fn empty_lines(text: &str, start: usize) -> u64 {
    let bytes = text.as_bytes().get(start..).unwrap_or_default();
    // The second half of the break before belongs to the row before.
    let is_half = start > 0 && text.as_bytes().get(start - 1) == Some(&b'\r') && bytes.first() == Some(&b'\n');
    let breaks = bytes.iter().skip(usize::from(is_half)).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    breaks.filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_told_with_its_line() {
        let fault = |text: &str| check_quotes(text, b';', 0).err().map(|problem| problem.field);
        for good in ["a;b\n1;2", "a;\"b\nc;d\";e\n", "a;\"b \"\"c\"\"\"\n", "\"a\" ;b", "5\" pipe;b", "a;b\"c\"d", "\"\";\"\"", ""] {
            assert_eq!(fault(good), None, "{good}");
        }
        for (bad, line) in [("a;b\nx;\"Open;c\ny;d\n", "line 2"), ("a\n\"b\"c;d", "line 2"), ("\"a\nb\"x;c", "line 2"), ("\"", "line 1")] {
            assert_eq!(fault(bad).as_deref(), Some(line), "{bad}");
        }
    }

    #[test]
    fn rows_of_plain_text_have_the_numbers_that_programs_show() {
        let mut left = Left { cells: 100, text: 1000 };
        let table = plain("sep=;\r\na;b\r\n\r\n\"x\r\ny\";1\r\nz;2\r\n", &mut left).expect("a table");
        let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [2, 4, 5]);
        assert_eq!(table.rows[1].get(0), Some(&Cell::Text("x\r\ny".to_owned())));
    }
}
