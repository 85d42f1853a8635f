//! The grid as a workbook: the grid itself, and one line for each cell.

use std::io;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatPattern, Workbook, Worksheet, XlsxError,
};

use super::words::{self, say};
use super::{Cell, Heading, Table, figure};
use crate::domain::vocabulary::{CellState, Vocabulary};

/// A font that has Arabic letters in Windows, and a stand-in elsewhere.
const FONT: &str = "Arial";

/// Writes the workbook.
///
/// # Errors
/// The grid is larger than a sheet can be; the service lets none through that is.
pub fn write(table: &Table) -> io::Result<Vec<u8>> {
    workbook(table).map_err(io::Error::other)
}

fn workbook(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed day, so that the same grid gives the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_author("Rihla").set_creation_datetime(&made));
    book.push_worksheet(grid(table)?);
    book.push_worksheet(cells(table)?);
    book.save_to_buffer()
}

fn plain(table: &Table) -> Format {
    let format = Format::new().set_font_name(FONT).set_font_size(10);
    if table.is_rtl() { format.set_reading_direction(2) } else { format }
}

fn head(table: &Table) -> Format {
    plain(table).set_bold().set_text_wrap().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0x00DC_E6F1))
}

/// The look of a state: told apart also without colours, by pattern and by the words in the cell.
fn look(state: CellState, table: &Table) -> Format {
    let format = plain(table).set_border(FormatBorder::Thin).set_align(FormatAlign::Center);
    match state {
        CellState::Released => format.set_background_color(Color::RGB(0x001B_6E53)).set_font_color(Color::White),
        CellState::ExistsNotReleased => format
            .set_pattern(FormatPattern::LightUp)
            .set_background_color(Color::RGB(0x00FB_E3A1))
            .set_foreground_color(Color::RGB(0x00C9_9A2E)),
        CellState::NotCollected => format.set_pattern(FormatPattern::LightGrid).set_background_color(Color::White),
        CellState::NotDocumented => format.set_background_color(Color::RGB(0x00F0_F0F0)).set_font_color(Color::RGB(0x0040_4040)),
    }
}

/// The lines of the legend: a state, what stands in its cells, and what that says.
pub(super) fn legend(table: &Table) -> [(CellState, &'static str, String); 7] {
    let language = table.language;
    let nothing = if table.conditions.is_empty() { words::NOTHING_HERE } else { words::NOTHING_MEETS };
    let state = |state: CellState| state.label(language).to_owned();
    let within = |words: [&'static str; 3]| format!("{} – {}", CellState::NotDocumented.label(language), say(words, language));
    let beside = format!("{} – {}", CellState::NotCollected.label(language), say(words::MAY_BE, language));
    [
        (CellState::Released, "n", state(CellState::Released)),
        (CellState::ExistsNotReleased, "(n)", state(CellState::ExistsNotReleased)),
        (CellState::NotCollected, "×", state(CellState::NotCollected)),
        (CellState::NotCollected, "× ?", beside),
        (CellState::NotDocumented, "?", within(words::MAY_BE)),
        (CellState::NotDocumented, "+", within(words::PLANNED_ONLY)),
        (CellState::NotDocumented, "–", within(nothing)),
    ]
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, table: &Table, is_total: bool) -> Result<(), XlsxError> {
    let state = cell.state;
    let format = if is_total { look(state, table).set_bold() } else { look(state, table) };
    match state {
        CellState::Released => sheet.write_number_with_format(row, column, cell.tally.released as f64, &format)?,
        CellState::ExistsNotReleased => {
            sheet.write_number_with_format(row, column, cell.tally.exists_not_released as f64, &format.set_num_format("\"(\"0\")\""))?
        }
        CellState::NotCollected | CellState::NotDocumented => sheet.write_string_with_format(row, column, figure(cell), &format)?,
    };
    Ok(())
}

fn grid(table: &Table) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(say(words::GRID, table.language))?.set_right_to_left(table.is_rtl());
    let (plain, head) = (plain(table), head(table));
    sheet.write_string_with_format(0, 0, table.title(), &plain.clone().set_bold().set_font_size(14))?;
    let source = words::source(&table.catalogue, &table.address, table.seq, table.language);
    let mut top = 1;
    for line in table.asked().into_iter().chain([say(words::NOTE, table.language).to_owned(), source]) {
        sheet.write_string_with_format(top, 0, line, &plain)?;
        top += 1;
    }
    for (state, sample, words) in legend(table) {
        sheet.write_string_with_format(top, 1, sample, &look(state, table))?;
        sheet.write_string_with_format(top, 0, words, &plain)?;
        top += 1;
    }
    sheet.write_string_with_format(top, 0, say(words::TOTALS, table.language), &plain)?;
    top += 2;
    sheet.write_string_with_format(top, 0, "", &head)?;
    let all = say(words::ALL, table.language);
    let names = table.columns.iter().map(|heading| heading.label.as_str()).chain([all]);
    for (column, name) in (1u16..).zip(names) {
        sheet.write_string_with_format(top, column, name, &head)?;
        sheet.set_column_width(column, 13)?;
    }
    let rows = table.rows.iter().map(|heading| heading.label.as_str()).zip(&table.cells).zip(&table.row_totals);
    let totals = [((all, &table.column_totals), &table.total)];
    for (row, ((name, cells), total)) in (top + 1..).zip(rows.chain(totals)) {
        let is_total = row > top + u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        sheet.write_string_with_format(row, 0, name, &head)?;
        for (column, cell) in (1u16..).zip(cells) {
            put(&mut sheet, row, column, cell, table, is_total)?;
        }
        put(&mut sheet, row, u16::try_from(cells.len()).unwrap_or(u16::MAX).saturating_add(1), total, table, true)?;
    }
    sheet.set_column_width(0, 44)?;
    sheet.set_freeze_panes(top + 1, 1)?;
    Ok(sheet)
}

fn cells(table: &Table) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    let language = table.language;
    sheet.set_name(say(words::CELLS, language))?.set_right_to_left(table.is_rtl());
    let (plain, head) = (plain(table), head(table));
    let heads = [
        say(words::CODE, language),
        table.row_dimension.label(language),
        say(words::CODE, language),
        table.column_dimension.label(language),
        say(words::STATE, language),
        CellState::Released.label(language),
        CellState::ExistsNotReleased.label(language),
        CellState::NotCollected.label(language),
        say(words::MAY, language),
        say(words::PLANNED, language),
        say(words::NEWEST, language),
        say(words::REQUESTS, language),
        say(words::STATED_BY, language),
    ];
    for (column, words) in (0u16..).zip(heads) {
        sheet.write_string_with_format(0, column, words, &head)?;
        sheet.set_column_width(column, if matches!(column, 1 | 3 | 4 | 12) { 36 } else { 14 })?;
    }
    let mut row = 1;
    for (line, column, cell) in table.lines() {
        let tally = &cell.tally;
        let code = |heading: Option<&Heading>| heading.map_or_else(String::new, |heading| heading.code.clone());
        let texts = [code(line), table.label(line).to_owned(), code(column), table.label(column).to_owned()];
        for (place, words) in (0u16..).zip(texts.iter().map(String::as_str).chain([cell.state.label(language)])) {
            sheet.write_string_with_format(row, place, words, &plain)?;
        }
        let numbers = [tally.released, tally.exists_not_released, cell.statements(), tally.not_documented, tally.planned];
        for (place, number) in (5u16..).zip(numbers) {
            sheet.write_number_with_format(row, place, number as f64, &plain)?;
        }
        if let Some(year) = cell.newest_year {
            sheet.write_number_with_format(row, 10, f64::from(year), &plain)?;
        }
        sheet.write_number_with_format(row, 11, cell.requests as f64, &plain)?;
        sheet.write_string_with_format(row, 12, cell.voices(language), &plain)?;
        row += 1;
    }
    sheet.set_freeze_panes(1, 4)?;
    sheet.autofilter(0, 0, row.saturating_sub(1), 12)?;
    Ok(sheet)
}
