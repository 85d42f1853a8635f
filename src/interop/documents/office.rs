//! Texts: the paragraphs and tables of DOCX and ODT.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::package::Package;
use super::persons::{Place, Scan};
use super::{parts, refusal, text, unreadable, xml};
use crate::domain::problem::Problem;

/// What an element means for reading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Table,
    Row,
    Cell,
    Paragraph,
    Run,
    Field,
    Gap,
    Other,
}

/// ECMA-376 part 1, 17.3 and 17.4. Deleted text that is still in the file counts as text.
fn docx_role(local: &str) -> Role {
    match local {
        "tbl" => Role::Table,
        "tr" => Role::Row,
        "tc" => Role::Cell,
        "p" => Role::Paragraph,
        "t" | "delText" => Role::Run,
        "instrText" => Role::Field,
        "tab" | "br" | "cr" => Role::Gap,
        _ => Role::Other,
    }
}

/// OpenDocument 1.3 part 3, 5.1 and 9.1.
fn odt_role(local: &str) -> Role {
    match local {
        "table" => Role::Table,
        "table-row" => Role::Row,
        "table-cell" | "covered-table-cell" => Role::Cell,
        "p" | "h" => Role::Paragraph,
        "s" | "tab" | "line-break" => Role::Gap,
        _ => Role::Other,
    }
}

/// What is no part of Word's own: each text in it is a line.
fn any_role(_: &str) -> Role {
    Role::Paragraph
}

/// Reads a Word document: whatever in it is XML, be it called and lie where it may, since only relations say which part is the text.
/// Left out are relations themselves, the properties of the file, and pictures.
pub(super) fn read_docx(package: &Package, scan: &mut Scan) -> Result<(), Problem> {
    let mut walk = Walk::new(docx_role, false);
    for (name, bytes) in &package.members {
        let lower = name.to_lowercase();
        let is_left_out = lower.ends_with(".rels") || lower == "[content_types].xml" || lower.starts_with("docprops/");
        if is_left_out || !parts::is_markup(&lower, bytes) {
            continue;
        }
        let is_other = lower.starts_with("customxml/") || lower.contains("/charts/");
        if is_other { read_other(bytes, scan)? } else { walk.read(bytes, scan)? }
    }
    Ok(())
}

/// Reads a part of another language than that of texts: each text in it is a line.
pub(super) fn read_other(bytes: &[u8], scan: &mut Scan) -> Result<(), Problem> {
    Walk::new(any_role, true).read(bytes, scan)
}

/// Reads an OpenDocument text: its content, and headers and footers in its styles.
pub(super) fn read_odt(package: &Package, scan: &mut Scan) -> Result<(), Problem> {
    let mut walk = Walk::new(odt_role, true);
    for (name, bytes) in &package.members {
        if name.ends_with("content.xml") || name.ends_with("styles.xml") {
            walk.read(bytes, scan)?;
        }
    }
    Ok(())
}

/// A table that is being read. Tables may lie in cells of tables.
#[derive(Default)]
struct Frame {
    rows: Vec<Vec<String>>,
    in_cell: bool,
}

struct Walk {
    role: fn(&str) -> Role,
    /// Whether text stands directly in paragraphs (ODF), not in runs (OOXML).
    is_bare: bool,
    frames: Vec<Frame>,
    paragraph: String,
    /// Open elements whose text counts.
    open: usize,
    field: bool,
    tables: usize,
}

impl Walk {
    fn new(role: fn(&str) -> Role, is_bare: bool) -> Self {
        Self { role, is_bare, frames: Vec::new(), paragraph: String::new(), open: 0, field: false, tables: 0 }
    }

    fn read(&mut self, bytes: &[u8], scan: &mut Scan) -> Result<(), Problem> {
        let text = xml::text_of(bytes).map_err(|xml::Broken| unreadable())?;
        let mut reader = Reader::from_str(&text);
        loop {
            match reader.read_event().map_err(|_| unreadable())? {
                Event::Start(element) => self.start(&element),
                Event::Empty(element) => {
                    self.start(&element);
                    self.end(element.local_name().into_inner(), scan);
                }
                Event::End(element) => self.end(element.local_name().into_inner(), scan),
                Event::Text(text) => self.text(&text.into_inner())?,
                Event::CData(text) => self.text(&text.into_inner())?,
                Event::GeneralRef(reference) => self.reference(&reference)?,
                Event::Eof => break,
                _ => {}
            }
        }
        self.frames.clear();
        self.open = 0;
        Ok(())
    }

    fn start(&mut self, element: &BytesStart) {
        match (self.role)(element.local_name().into_inner()) {
            Role::Table => self.frames.push(Frame::default()),
            Role::Row => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.rows.push(Vec::new());
                }
            }
            Role::Cell => self.cell(element),
            Role::Paragraph => self.open += usize::from(self.is_bare),
            Role::Run => self.open += 1,
            Role::Field => self.field = true,
            Role::Gap => self.paragraph.push('\t'),
            Role::Other => {}
        }
    }

    fn cell(&mut self, element: &BytesStart) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.in_cell = true;
        let repeated = xml::attribute(element, "number-columns-repeated").and_then(|count| count.parse::<usize>().ok());
        if let Some(row) = frame.rows.last_mut() {
            // Cells repeated beyond the room are empty; one that is not finds no place of its own and joins the last.
            let room = text::MAX_CELLS.saturating_sub(row.len());
            row.extend(std::iter::repeat_n(String::new(), repeated.unwrap_or(1).min(room)));
        }
    }

    fn end(&mut self, local: &str, scan: &mut Scan) {
        match (self.role)(local) {
            Role::Table => {
                if let Some(frame) = self.frames.pop() {
                    self.tables += 1;
                    emit(&frame, Place::Table(self.tables), scan);
                }
            }
            Role::Cell => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.in_cell = false;
                }
            }
            Role::Paragraph => {
                self.open = self.open.saturating_sub(usize::from(self.is_bare));
                let paragraph = std::mem::take(&mut self.paragraph);
                self.paragraph(&paragraph, scan);
            }
            Role::Run => self.open = self.open.saturating_sub(1),
            Role::Field => self.field = false,
            Role::Row | Role::Gap | Role::Other => {}
        }
    }

    /// A finished paragraph: into its cell, or to the scan.
    fn paragraph(&mut self, paragraph: &str, scan: &mut Scan) {
        let cell = self.frames.last_mut().filter(|frame| frame.in_cell).and_then(|frame| frame.rows.last_mut()?.last_mut());
        let Some(cell) = cell else {
            scan.line(Place::Document, paragraph, &text::columns(paragraph));
            return;
        };
        if !cell.is_empty() {
            cell.push(' ');
        }
        let room = text::MAX_CELL.saturating_sub(cell.len());
        cell.extend(paragraph.chars().take(room));
        if paragraph.len() > room {
            scan.line(Place::Document, paragraph, &[]);
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Problem> {
        if self.field && ["DDE", "INCLUDETEXT", "INCLUDEPICTURE"].iter().any(|word| text.trim_start().to_uppercase().starts_with(word)) {
            return Err(refusal(parts::DDE));
        }
        if self.open > 0 {
            self.paragraph.push_str(text);
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef) -> Result<(), Problem> {
        let resolved = reference.resolve_char_ref().map_err(|_| unreadable())?;
        let c = resolved.or(match &*reference.clone().into_inner() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        });
        match c {
            Some(c) => self.text(c.encode_utf8(&mut [0; 4])),
            // Only a document type could define another one.
            None => Err(refusal(parts::DOCTYPE)),
        }
    }
}

fn emit(frame: &Frame, place: Place, scan: &mut Scan) {
    scan.begin_table(place);
    for row in &frame.rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        scan.row(&cells);
        scan.line(place, &cells.join("  "), &[]);
    }
    scan.end_table();
}
