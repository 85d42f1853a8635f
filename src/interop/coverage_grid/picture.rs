//! The grid as a picture: a heat map that is read aloud, told apart without colours, and mirrored for Arabic.

use std::fmt::Write;

use quick_xml::escape::escape;

use super::book::legend;
use super::words::{self, say};
use super::{Cell, Table, figure};
use crate::domain::vocabulary::{CellState, Vocabulary};
use crate::interop::label::{cut, lines};

/// Height of a row, in units of the picture, which are pixels where it is shown as large as it is.
const ROW: usize = 26;
/// Width of a column.
const COLUMN: usize = 58;
/// Room for the labels of columns, which stand aslant.
const HEAD: usize = 170;
/// Room above and beside.
const MARGIN: usize = 16;
/// Room for a letter of a label.
const LETTER: usize = 7;
/// Room for a letter of a small text.
const SMALL: usize = 6;
/// Longest label that is shown whole, in letters; the rest of it is read aloud and shown by pointing.
const LABEL: usize = 46;
/// Opens a text that is written from right to left, whatever its first letter is; and ends it.
const ISOLATE_RTL: char = '\u{2067}';
const END_ISOLATE: char = '\u{2069}';
/// Longest line of the label of a column.
const COLUMN_LABEL: usize = 26;
/// From one line of such a label to the next.
const LINE: i32 = 13;

/// Writes the picture.
pub fn write(table: &Table) -> String {
    let mut svg = String::new();
    // Writing into a string does not fail.
    let _ = Picture::new(table).draw(&mut svg);
    svg
}

struct Picture<'a> {
    table: &'a Table,
    labels: usize,
    width: usize,
    height: usize,
    /// Lines below the title.
    notes: Vec<String>,
    /// Where the first row begins.
    top: usize,
}

impl<'a> Picture<'a> {
    fn new(table: &'a Table) -> Self {
        let longest = table.rows.iter().map(|row| cut(&row.label, LABEL, false).chars().count()).max().unwrap_or(0);
        let labels = (longest * LETTER).max(90) + 12;
        // The last of the aslant labels reaches beyond its column.
        let width = (2 * MARGIN + labels + table.columns.len() * COLUMN + 130).max(640);
        let source = words::source(&table.catalogue, &table.address, table.seq, table.language);
        let letters = (width - 2 * MARGIN) / SMALL;
        let asked = table.asked();
        let notes: Vec<String> = asked
            .as_deref()
            .into_iter()
            .chain([say(words::NOTE, table.language), say(words::TOTALS, table.language), &source])
            .flat_map(|text| wrapped(text, letters))
            .collect();
        let top = MARGIN + 38 + notes.len() * 16 + HEAD;
        let height = top + MARGIN + table.rows.len() * ROW + 20 + 30 * legend(table).len();
        Self { table, labels, width, height, notes, top }
    }

    /// The left edge of a box of some width that begins so far from where reading begins.
    fn start_of(&self, distance: usize, width: usize) -> usize {
        if self.table.is_rtl() { self.width.saturating_sub(distance + width) } else { distance }
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let (table, language) = (self.table, self.table.language);
        let (width, height) = (self.width, self.height);
        let direction = if table.is_rtl() { "rtl" } else { "ltr" };
        writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" lang=\"{language}\" \
             direction=\"{direction}\" role=\"group\" aria-labelledby=\"rihla-grid-title rihla-grid-text\" font-family=\"'Noto Sans','Noto Sans Arabic','DejaVu Sans',Arial,sans-serif\">"
        )?;
        writeln!(svg, "<title id=\"rihla-grid-title\">{}</title>", escape(table.title()))?;
        writeln!(svg, "<desc id=\"rihla-grid-text\">{}</desc>", escape(self.spoken()))?;
        svg.push_str(PATTERNS);
        writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
        self.line(svg, MARGIN + 16, 18, true, &table.title())?;
        for (number, line) in self.notes.iter().enumerate() {
            self.line(svg, MARGIN + 38 + number * 16, 11, false, line)?;
        }
        let top = self.top;
        self.heads(svg, top)?;
        for (number, row) in table.rows.iter().enumerate() {
            self.row(svg, top + number * ROW, number, &row.label)?;
        }
        self.legend(svg, top + table.rows.len() * ROW + 20)?;
        svg.push_str("</svg>\n");
        Ok(())
    }

    /// A line of text at the side where reading begins.
    fn line(&self, svg: &mut String, y: usize, size: usize, is_bold: bool, text: &str) -> std::fmt::Result {
        let x = if self.table.is_rtl() { self.width - MARGIN } else { MARGIN };
        let weight = if is_bold { "bold" } else { "normal" };
        let side = self.side();
        writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\"{side} font-size=\"{size}\" font-weight=\"{weight}\" fill=\"#1a1a1a\">{}</text>",
            self.words(text)
        )
    }

    /// How a text says that it begins at the right edge of its place. Not every program that draws pictures knows directions: for all of them
    /// it is one that ends there, and whose words are ordered by marks within it.
    fn side(&self) -> &'static str {
        if self.table.is_rtl() { " direction=\"ltr\" text-anchor=\"end\"" } else { "" }
    }

    /// A text ready to be written.
    fn words(&self, text: &str) -> String {
        if self.table.is_rtl() { format!("{ISOLATE_RTL}{}{END_ISOLATE}", escape(text)) } else { escape(text).into_owned() }
    }

    fn heads(&self, svg: &mut String, top: usize) -> std::fmt::Result {
        for (number, column) in self.table.columns.iter().enumerate() {
            let x = self.start_of(MARGIN + self.labels + number * COLUMN, COLUMN) + COLUMN / 2;
            let y = top - 8;
            let turn = if self.table.is_rtl() { 50 } else { -50 };
            let shown = lines(&column.label, COLUMN_LABEL, self.table.is_rtl());
            let first = if shown.len() > 1 { -LINE / 2 } else { 0 };
            for (line, text) in (0..).zip(&shown) {
                let down = first + line * LINE;
                let title = if line == 0 { format!("<title>{}</title>", escape(&column.label)) } else { String::new() };
                writeln!(
                    svg,
                    "<text transform=\"translate({x} {y}) rotate({turn}) translate(0 {down})\"{} font-size=\"12\" fill=\"#1a1a1a\">{}{title}</text>",
                    self.side(),
                    self.words(text)
                )?;
            }
        }
        Ok(())
    }

    fn row(&self, svg: &mut String, y: usize, number: usize, label: &str) -> std::fmt::Result {
        let table = self.table;
        let x = if table.is_rtl() { self.width - MARGIN } else { MARGIN };
        writeln!(
            svg,
            "<text x=\"{x}\" y=\"{}\"{} font-size=\"12\" fill=\"#1a1a1a\">{}<title>{}</title></text>",
            y + 17,
            self.side(),
            self.words(&cut(label, LABEL, table.is_rtl())),
            escape(label)
        )?;
        let cells = table.cells.get(number).into_iter().flatten().zip(&table.columns).enumerate();
        for (place, (cell, column)) in cells {
            let x = self.start_of(MARGIN + self.labels + place * COLUMN, COLUMN);
            let state = cell.state;
            let words = format!("{label} – {}{}{}", column.label, words::colon(table.language), said(cell, table.language));
            let words = escape(words.as_str());
            writeln!(
                svg,
                "<g role=\"img\" aria-label=\"{words}\"><title>{words}</title><rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" fill=\"{}\" stroke=\"#8a8a8a\"/>\
                 <text x=\"{}\" y=\"{}\" font-size=\"12\" text-anchor=\"middle\" direction=\"ltr\" fill=\"{}\">{}</text></g>",
                COLUMN - 2,
                ROW - 2,
                fill(state),
                x + (COLUMN - 2) / 2,
                y + 17,
                ink(state),
                figure(cell)
            )?;
        }
        Ok(())
    }

    fn legend(&self, svg: &mut String, top: usize) -> std::fmt::Result {
        for (number, (state, sample, words)) in legend(self.table).iter().enumerate() {
            let (x, y) = (self.start_of(MARGIN, COLUMN), top + number * 28);
            writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" fill=\"{}\" stroke=\"#8a8a8a\"/>\
                 <text x=\"{}\" y=\"{}\" font-size=\"12\" text-anchor=\"middle\" direction=\"ltr\" fill=\"{}\">{}</text>",
                COLUMN - 2,
                ROW - 2,
                fill(*state),
                x + (COLUMN - 2) / 2,
                y + 17,
                ink(*state),
                sample
            )?;
            let x = if self.table.is_rtl() { self.width - MARGIN - COLUMN - 8 } else { MARGIN + COLUMN + 8 };
            writeln!(
                svg,
                "<text x=\"{x}\" y=\"{}\"{} font-size=\"12\" fill=\"#1a1a1a\">{}</text>",
                y + 17,
                self.side(),
                self.words(words)
            )?;
        }
        Ok(())
    }

    /// What a reader hears who does not see the picture: what was asked, how many cells are in each state, and how it is to be read.
    fn spoken(&self) -> String {
        let language = self.table.language;
        let states = CellState::ALL.iter().map(|state| {
            let number = self.table.cells.iter().flatten().filter(|cell| cell.state == *state).count();
            format!("{}{}{number}", state.label(language), words::colon(language))
        });
        let asked = self.table.asked().map(|asked| format!("{asked}. ")).unwrap_or_default();
        format!("{asked}{}. {}", states.collect::<Vec<_>>().join(words::between(language)), say(words::NOTE, language))
    }
}

/// A cell in words: its state, the number of records that make it or that may be of it, what is planned, and who states that it is not
/// collected.
fn said(cell: &Cell, language: &str) -> String {
    let (tally, state) = (&cell.tally, cell.state);
    let of_state = match state {
        CellState::Released => (say(words::RECORDS, language), tally.released),
        CellState::ExistsNotReleased => (say(words::RECORDS, language), tally.exists_not_released),
        CellState::NotCollected | CellState::NotDocumented => (say(words::MAY, language), tally.not_documented),
    };
    let numbers = [of_state, (say(words::PLANNED, language), tally.planned)];
    let colon = words::colon(language);
    let mut told: Vec<String> =
        numbers.iter().filter(|(_, number)| *number > 0).map(|(what, number)| format!("{what}{colon}{number}")).collect();
    if !cell.stated_by.is_empty() {
        told.push(format!("{}{colon}{}", say(words::STATED_BY, language), cell.voices(language)));
    }
    if told.is_empty() {
        state.label(language).to_owned()
    } else {
        format!("{} ({})", state.label(language), told.join(words::between(language)))
    }
}

/// A text in lines of so many letters.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Blanks at which no line breaks stay within their word.
    let is_break = |c: char| c.is_whitespace() && c != '\u{a0}';
    for word in text.split(is_break).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn fill(state: CellState) -> &'static str {
    match state {
        CellState::Released => "#1b6e53",
        CellState::ExistsNotReleased => "url(#rihla-grid-collected)",
        CellState::NotCollected => "url(#rihla-grid-stated)",
        CellState::NotDocumented => "#f0f0f0",
    }
}

fn ink(state: CellState) -> &'static str {
    if state == CellState::Released { "#ffffff" } else { "#1a1a1a" }
}

/// Fillings that are told apart in grey too.
const PATTERNS: &str = "<defs><pattern id=\"rihla-grid-collected\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect width=\"8\" height=\"8\" fill=\"#fbe3a1\"/><rect width=\"2\" height=\"8\" fill=\"#e0bd62\"/></pattern>\
    <pattern id=\"rihla-grid-stated\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\" fill=\"#ffffff\"/>\
    <path d=\"M0 0h8M0 0v8\" stroke=\"#bdbdbd\"/></pattern></defs>\n";
