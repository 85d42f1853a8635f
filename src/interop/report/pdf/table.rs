//! Tables over pages, with their first row on each.

use std::collections::HashMap;

use super::flow::{Flow, Look, MARGIN};
use super::line::{Lines, Stretch, broken};
use super::tree::{Colour, Mark, Role};
use crate::interop::report::model::{Span, Table};

/// Around the text of a cell.
const ROOM: f32 = 4.0;
/// Lines of the first row below the head of a table that stand on the same page as it.
const MOST_KEPT: f32 = 6.0;
const LINE: Colour = (0xC8, 0xC8, 0xC8);
/// Most columns of a table on a page that stands on its short side.
const MOST_UPRIGHT: usize = 7;
const HEAD: Colour = (0xE8, 0xEE, 0xF4);

/// Whether a table needs a page that lies on its long side.
pub fn is_wide(table: &Table) -> bool {
    table.columns.len() > MOST_UPRIGHT
}

/// A column: where it begins from the side where reading begins, how wide it is, and whether it holds figures.
struct Column {
    start: f32,
    width: f32,
    is_number: bool,
}

/// A cell, broken to its width.
struct CellText {
    stretches: Vec<Stretch>,
    lines: Lines,
}

impl Flow<'_> {
    pub fn table(&mut self, parent: usize, table: &Table, caption: &str) {
        self.turn(is_wide(table));
        let node = self.structure.add(parent, Role::Table(caption.to_owned()));
        let label = self.structure.add(node, Role::Caption);
        if table.columns.is_empty() {
            self.paragraph(label, &[Span::text(caption)], Look::CAPTION);
            return;
        }
        let look = Look { size: if table.columns.len() > 6 { 7.5 } else { 8.5 }, ..Look::TEXT };
        let columns = columns(table, self.width());
        let labels: Vec<Vec<Span>> = table.columns.iter().map(|column| vec![Span::text(&column.label)]).collect();
        let head: Vec<CellText> = columns.iter().zip(&labels).map(|(column, spans)| self.cell(spans, column, true, look)).collect();
        // The first row goes with the beginning of what it heads.
        let first: Vec<CellText> = columns
            .iter()
            .enumerate()
            .filter_map(|(place, column)| Some(self.cell(table.rows.first()?.get(place)?, column, place == 0 && table.has_row_heads, look)))
            .collect();
        let keep = self.height(&head, look) + rows(&first).min(MOST_KEPT) * self.leading(look.size) + 2.0 * ROOM;
        self.paragraph(label, &[Span::text(caption)], Look { keep, ..Look::CAPTION });

        let group = self.structure.add(node, Role::Head);
        let row = self.structure.add(group, Role::Row);
        let cells: Vec<usize> = columns.iter().map(|_| self.structure.add(row, Role::HeadCell(true))).collect();
        self.head(&head, &columns, Some(&cells), look);
        let body = self.structure.add(node, Role::Body);
        for spans in &table.rows {
            let row = self.structure.add(body, Role::Row);
            let texts: Vec<CellText> = columns
                .iter()
                .enumerate()
                .map(|(place, column)| {
                    self.cell(spans.get(place).map_or(&[], Vec::as_slice), column, place == 0 && table.has_row_heads, look)
                })
                .collect();
            let cells: Vec<usize> = (0..columns.len())
                .map(|place| self.structure.add(row, if place == 0 && table.has_row_heads { Role::HeadCell(false) } else { Role::Cell }))
                .collect();
            self.row(&texts, &columns, &cells, &head, look);
        }
        self.space(10.0);
        self.turn(false);
    }

    fn cell(&self, spans: &[Span], column: &Column, is_bold: bool, look: Look) -> CellText {
        let stretches = self.stretches(spans, is_bold);
        let lines = broken(self.typeface, &stretches, self.is_rtl, look.size, column.width - 2.0 * ROOM);
        CellText { stretches, lines }
    }

    /// The first row; where it is repeated it is seen, but not read again.
    fn head(&mut self, head: &[CellText], columns: &[Column], cells: Option<&[usize]>, look: Look) {
        let height = self.height(head, look);
        let (y, width) = (self.y, self.width());
        self.mark(Mark::Box { x: MARGIN, y, width, height, colour: HEAD });
        self.rule(y);
        let mut links = vec![HashMap::new(); columns.len()];
        self.slice(head, columns, cells, 0..usize::MAX, look, &mut links);
    }

    fn height(&self, texts: &[CellText], look: Look) -> f32 {
        rows(texts) * self.leading(look.size) + 2.0 * ROOM
    }

    /// A row. One that is higher than a page goes on on the next one.
    fn row(&mut self, texts: &[CellText], columns: &[Column], cells: &[usize], head: &[CellText], look: Look) {
        let leading = self.leading(look.size);
        let top = MARGIN + self.height(head, look);
        let most = texts.iter().map(|text| text.lines.lines.len()).max().unwrap_or(0).max(1);
        let mut links = vec![HashMap::new(); columns.len()];
        let mut done = 0;
        while done < most {
            let left = most - done;
            let fits = fitting(self.bottom() - self.y - 2.0 * ROOM, leading);
            let fits_next = fitting(self.bottom() - top - 2.0 * ROOM, leading).max(1);
            if fits < left && (left <= fits_next || fits < 2) && self.y > top + 0.5 {
                self.new_page();
                self.head(head, columns, None, look);
                continue;
            }
            let now = left.min(fits.max(1));
            self.slice(texts, columns, Some(cells), done..done + now, look, &mut links);
            done += now;
        }
    }

    /// Some lines of every cell of a row.
    fn slice(
        &mut self,
        texts: &[CellText],
        columns: &[Column],
        cells: Option<&[usize]>,
        part: std::ops::Range<usize>,
        look: Look,
        links: &mut [HashMap<usize, usize>],
    ) {
        let leading = self.leading(look.size);
        let top = self.y + ROOM;
        let mut lowest = top + leading;
        for (place, (text, column)) in texts.iter().zip(columns).enumerate() {
            let mut y = top;
            for line in text.lines.lines.iter().take(part.end).skip(part.start) {
                y += leading;
                let room = column.width - 2.0 * ROOM - line.width;
                let at_end = if column.is_number { room } else { 0.0 };
                let start = column.start + ROOM + at_end;
                let x = if self.is_rtl { self.page_width() - MARGIN - start - line.width } else { MARGIN + start };
                let cell = cells.and_then(|cells| cells.get(place)).copied();
                let known = links.get_mut(place);
                let marks = match (cell, known) {
                    (Some(cell), Some(known)) => self.letters(cell, &text.lines, line, &text.stretches, look, x, y - leading * 0.3, known),
                    _ => Self::plain_marks(&text.lines, line, look.size, x, y - leading * 0.3),
                };
                for mark in marks {
                    self.mark(mark);
                }
            }
            lowest = lowest.max(y);
        }
        let height = lowest + ROOM - self.y;
        for column in columns.iter().skip(1) {
            let x = if self.is_rtl { self.page_width() - MARGIN - column.start } else { MARGIN + column.start };
            let y = self.y;
            self.mark(Mark::Box { x, y, width: 0.4, height, colour: LINE });
        }
        self.space(height);
        self.rule(self.y);
    }
}

fn columns(table: &Table, width: f32) -> Vec<Column> {
    let shares: f32 = table.columns.iter().map(|column| f32::from(column.width.max(1))).sum();
    let mut start = 0.0;
    let widths = table.columns.iter().map(|column| (f32::from(column.width.max(1)) * width / shares, column.is_number));
    widths
        .map(|(width, is_number)| {
            let column = Column { start, width, is_number };
            start += width;
            column
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a row has few lines")]
fn rows(texts: &[CellText]) -> f32 {
    texts.iter().map(|text| text.lines.lines.len()).max().unwrap_or(0).max(1) as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page has few lines")]
fn fitting(room: f32, leading: f32) -> usize {
    (room / leading).max(0.0) as usize
}
