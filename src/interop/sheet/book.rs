//! The workbook: the empty template, and records in the same layout.

use std::collections::HashMap;
use std::io;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::grid::{Grid, STATUSES};
use super::heading::Slot;
use super::layout::{Kind, SHEETS};
use super::lists::{List, Lists};
use super::words::{self, say};
use crate::domain::institution::Institution;

/// Rows that have drop-downs, below the records.
const ROWS: usize = 1000;
/// Rows above the records: names for the machine, and for people.
const HEADS: u32 = 2;
/// Longest title and text of a prompt that Excel shows.
const PROMPT: (usize, usize) = (32, 255);
/// A font that has Arabic letters in Windows, and a stand-in elsewhere.
const FONT: &str = "Arial";

/// The looks of cells.
struct Looks {
    key: Format,
    head: Format,
    needed: Format,
    text: Format,
    arabic: Format,
    number: Format,
    title: Format,
    line: Format,
}

impl Looks {
    fn new(language: &str) -> Self {
        let plain = || Format::new().set_font_name(FONT).set_font_size(10);
        let wrapped = || plain().set_text_wrap().set_align(FormatAlign::Top);
        let head = || wrapped().set_bold().set_border(FormatBorder::Thin);
        let text = || wrapped().set_num_format("@");
        let line = if language == "ar" { wrapped().set_reading_direction(2) } else { wrapped() };
        Self {
            key: plain().set_font_size(7).set_font_color(Color::Gray),
            head: head().set_background_color(Color::RGB(0x00DC_E6F1)),
            needed: head().set_background_color(Color::RGB(0x00FF_E699)),
            arabic: text().set_reading_direction(2),
            text: text(),
            number: wrapped(),
            title: plain().set_bold().set_font_size(14),
            line,
        }
    }
}

/// Where the values of a list stand in the sheet of lists.
type Places = HashMap<&'static str, String>;

/// Writes the workbook of these tables.
///
/// # Errors
/// A table is larger than a sheet can be.
pub fn write(grids: &[Grid], language: &str, lists: &mut Lists<'_>, institution: Option<&Institution>) -> io::Result<Vec<u8>> {
    workbook(grids, language, lists, institution).map_err(io::Error::other)
}

fn workbook(grids: &[Grid], language: &str, lists: &mut Lists<'_>, institution: Option<&Institution>) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new(language);
    let mut book = Workbook::new();
    // A fixed day, so that the same records give the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_author("Rihla").set_creation_datetime(&made));
    let (sheet_of_lists, places) = lists_sheet(language, lists, &looks)?;
    book.push_worksheet(guide(language, institution, &looks)?);
    for grid in grids {
        book.push_worksheet(table(grid, language, &places, institution, &looks)?);
    }
    book.push_worksheet(sheet_of_lists);
    book.push_worksheet(examples(grids, language, &looks)?);
    book.save_to_buffer()
}

fn blank(name: &str, language: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    sheet.set_right_to_left(language == "ar");
    Ok(sheet)
}

fn guide(language: &str, institution: Option<&Institution>, looks: &Looks) -> Result<Worksheet, XlsxError> {
    let mut sheet = blank(say(words::GUIDE, language), language)?;
    sheet.set_column_width(0, 110)?;
    sheet.write_string_with_format(0, 0, say(words::NOT_READ, language), &looks.key)?;
    sheet.write_string_with_format(1, 0, say(words::GUIDE, language), &looks.title)?;
    let mut row = 2;
    if let Some(institution) = institution {
        let name = institution.names.words(Some(language), None).unwrap_or_default();
        let made_for = format!("{} {} ({name})", say(words::MADE_FOR, language), institution.slug);
        sheet.write_string_with_format(row, 0, made_for, &looks.line)?;
        row += 1;
    }
    for line in words::GUIDE_LINES {
        sheet.write_string_with_format(row, 0, say(line, language), &looks.line)?;
        row += 1;
    }
    sheet.set_active(true);
    sheet.protect();
    Ok(sheet)
}

/// The lists, two columns each: what the cell shows, and the code.
fn lists_sheet(language: &str, lists: &mut Lists<'_>, looks: &Looks) -> Result<(Worksheet, Places), XlsxError> {
    let name = say(words::LISTS, language);
    let mut sheet = blank(name, language)?;
    sheet.write_string_with_format(0, 0, say(words::NOT_READ, language), &looks.key)?;
    let mut places = Places::new();
    let mut column: u16 = 0;
    let all = SHEETS.iter().flat_map(|sheet| sheet.columns).filter_map(|column| column.kind.list()).chain([STATUSES]);
    for list in all {
        if places.contains_key(list.name()) {
            continue;
        }
        let index = lists.get(list);
        sheet.write_string_with_format(1, column, list_title(list), &looks.head)?;
        sheet.write_string_with_format(1, column + 1, "code", &looks.head)?;
        sheet.set_column_width(column, 36)?;
        let mut row = 2;
        for (code, _) in &index.members {
            sheet.write_string_with_format(row, column, index.shown(code, language), &looks.text)?;
            sheet.write_string_with_format(row, column + 1, code, &looks.text)?;
            row += 1;
        }
        let letters = super::cell::letters(u32::from(column));
        let range = format!("='{}'!${letters}$3:${letters}${}", name.replace('\'', "''"), row.max(3));
        places.insert(list.name(), range);
        column += 2;
    }
    sheet.set_freeze_panes(2, 0)?;
    sheet.protect();
    Ok((sheet, places))
}

fn list_title(list: List) -> String {
    list.name().to_uppercase().replace('-', "_")
}

fn examples(grids: &[Grid], language: &str, looks: &Looks) -> Result<Worksheet, XlsxError> {
    let mut sheet = blank(say(words::EXAMPLES, language), language)?;
    sheet.write_string_with_format(0, 0, say(words::NOT_READ, language), &looks.key)?;
    for (column, (head, width)) in (0u16..).zip(words::EXAMPLE_HEADS.into_iter().zip([18, 30, 70, 40, 40])) {
        sheet.write_string_with_format(1, column, say(head, language), &looks.head)?;
        sheet.set_column_width(column, width)?;
    }
    let mut row = 2;
    for grid in grids {
        for slot in grid.slots.iter().filter(|slot| !slot.is_status) {
            let title = say(grid.sheet.titles, language);
            let cells = [
                title.to_owned(),
                marked(grid, slot, language),
                slot.help(language),
                slot.example().unwrap_or_default().to_owned(),
                slot.key(),
            ];
            for (column, text) in (0u16..).zip(cells) {
                let look = if column < 3 { &looks.line } else { &looks.text };
                sheet.write_string_with_format(row, column, text, look)?;
            }
            row += 1;
        }
    }
    sheet.set_freeze_panes(2, 0)?;
    sheet.protect();
    Ok(sheet)
}

/// The heading of a column, with a star where a row needs it.
pub fn marked(grid: &Grid, slot: &Slot, language: &str) -> String {
    let star = if slot.is_needed() { " *" } else { "" };
    format!("{}{star}", slot.heading(grid.sheet, language))
}

fn table(grid: &Grid, language: &str, places: &Places, institution: Option<&Institution>, looks: &Looks) -> Result<Worksheet, XlsxError> {
    let mut sheet = blank(say(grid.sheet.titles, language), language)?;
    sheet.set_row_height(0, 10)?;
    sheet.set_row_height(1, 45)?;
    for (column, slot) in (0u16..).zip(&grid.slots) {
        let head = if slot.is_needed() { &looks.needed } else { &looks.head };
        let is_arabic = slot.language.as_ref().is_some_and(|tag| tag.primary() == "ar");
        let is_number = slot.column.is_some_and(|column| matches!(column.kind, Kind::Number));
        let look = match (is_number, is_arabic && !slot.is_status) {
            (true, _) => &looks.number,
            (_, true) => &looks.arabic,
            _ => &looks.text,
        };
        sheet.set_column_width(column, if slot.language.is_some() && !slot.is_status { 32 } else { 18 })?;
        // Numbers as text, so that a program makes no day of `2018-08` and no number of a code `01`.
        sheet.set_column_format(column, look)?;
        sheet.write_string_with_format(0, column, slot.key(), &looks.key)?;
        sheet.write_string_with_format(1, column, marked(grid, slot, language), head)?;
        sheet.insert_note(1, column, &note(slot, language))?;
        let last = HEADS + u32::try_from(grid.rows.len().max(ROWS)).unwrap_or(u32::MAX);
        sheet.add_data_validation(HEADS, column, last, column, &validation(grid, slot, language, places, institution)?)?;
        for (row, cells) in (HEADS..).zip(&grid.rows) {
            let Some(text) = cells.get(usize::from(column)).filter(|text| !text.is_empty()) else { continue };
            match text.parse::<f64>() {
                Ok(number) if is_number => sheet.write_number_with_format(row, column, number, look)?,
                _ => sheet.write_string_with_format(row, column, text, look)?,
            };
        }
    }
    sheet.set_freeze_panes(HEADS, 1)?;
    Ok(sheet)
}

fn note(slot: &Slot, language: &str) -> Note {
    let text = slot.note(language);
    let height = 40 + u32::try_from(text.chars().count() / 45 * 16).unwrap_or(200);
    Note::new(text).add_author_prefix(false).set_width(320).set_height(height.min(320)).set_font_name(FONT)
}

fn validation(
    grid: &Grid,
    slot: &Slot,
    language: &str,
    places: &Places,
    institution: Option<&Institution>,
) -> Result<DataValidation, XlsxError> {
    let mut help = slot.help(language);
    let mut rule = DataValidation::new();
    let kind = slot.column.map(|column| column.kind);
    let list = if slot.is_status { Some(STATUSES) } else { kind.and_then(Kind::list) };
    match (kind, list) {
        (Some(kind), Some(_)) if kind.is_several() => help = format!("{} {help}", say(words::SEVERAL, language)),
        (_, Some(list)) => {
            if let Some(range) = places.get(list.name()) {
                rule = rule
                    .allow_list_formula(Formula::new(range))
                    .set_error_style(DataValidationErrorStyle::Stop)
                    .set_error_message(say(words::NOT_IN_LIST, language))?;
            }
        }
        (Some(Kind::Number), _) => rule = rule.allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
        (Some(Kind::Day), _) => help = format!("{} {help}", say(words::DAY_AS_TEXT, language)),
        (Some(Kind::Date | Kind::Bound), _) => help = format!("{} {help}", say(words::AS_TEXT, language)),
        // The institution is offered, and another may be written.
        (Some(Kind::Slug), _) if institution.is_some() && slot.key() != "slug" && !slot.key().starts_with("relations") => {
            let slug = institution.map(|institution| institution.slug.as_str()).unwrap_or_default();
            rule = rule.allow_list_strings(&[slug])?.show_error_message(false);
        }
        _ => {}
    }
    rule.set_input_title(cut(&slot.heading(grid.sheet, language), PROMPT.0))?.set_input_message(cut(&help, PROMPT.1))
}

/// The beginning of a text, up to a word's end.
fn cut(text: &str, most: usize) -> String {
    // Excel counts in UTF-16.
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_inclusive(' ') {
        if kept.encode_utf16().count() + word.encode_utf16().count() >= most {
            break;
        }
        kept.push_str(word);
    }
    format!("{}…", kept.trim_end())
}
