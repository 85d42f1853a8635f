//! The text of pages, put back into lines and columns by where it stands.

use std::collections::HashMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, Object};

use crate::domain::problem::Problem;
use crate::interop::documents::persons::{Place, Scan};
use crate::interop::documents::{detect, refusal, unreadable};

/// Bytes of drawing commands of one page, and of all pages, that are read.
const MAX_CONTENT: usize = 16 * 1024 * 1024;
const MAX_CONTENTS: usize = 96 * 1024 * 1024;
/// Bytes of all tables from glyphs to characters.
const MAX_MAPS: usize = 16 * 1024 * 1024;
/// Pieces of text of one page.
const MAX_RUNS: usize = 200_000;
/// Put behind the commands of a drawing: where it is met, everything before it was read.
const END: &[u8] = b"RihlaWasHere";
/// Saved states of the pen.
const MAX_STATES: usize = 64;
/// Width of an average letter, as a part of its height; widths of single letters are not read.
const LETTER: f64 = 0.48;

/// Reads all pages.
pub(super) fn read(document: &Document, most: usize, scan: &mut Scan) -> Result<(), Problem> {
    let pages: Vec<_> = document.page_iter().take(most + 1).collect();
    if pages.is_empty() {
        return Err(unreadable());
    }
    let mut fonts = Fonts { known: HashMap::new(), left: MAX_MAPS };
    let mut left = MAX_CONTENTS;
    if pages.len() > most {
        return Err(long());
    }
    for (index, page) in pages.into_iter().enumerate() {
        let content = document.get_page_content_with_limit(page, MAX_CONTENT.min(left)).map_err(|_| long())?;
        left -= content.len().min(left);
        let named = document.get_page_fonts(page).map_err(|_| unreadable())?;
        let mut names = HashMap::new();
        for (name, font) in &named {
            names.insert(name.clone(), fonts.key(font, document));
        }
        draw(content, &names, &fonts, Place::Page(index + 1), scan).map_err(|unread| unread.told())?;
    }
    forms(document, &mut fonts, left, scan).map_err(|unread| unread.told())
}

fn long() -> Problem {
    refusal("the PDF has more pages or drawings than can be read; attach the part that matters")
}

/// Why a drawing was not read to its end.
enum Unread {
    /// More drawing than is read.
    Heavy,
    /// What follows is no command.
    Broken,
}

impl Unread {
    fn told(self) -> Problem {
        match self {
            Self::Heavy => long(),
            Self::Broken => unreadable(),
        }
    }
}

/// Drawings that pages call by name, such as headers, stamps and whole pages of some programs: each is read once.
fn forms<'a>(document: &'a Document, fonts: &mut Fonts<'a>, mut left: usize, scan: &mut Scan) -> Result<(), Unread> {
    for object in document.objects.values() {
        let Object::Stream(stream) = object else { continue };
        if !matches!(stream.dict.get(b"Subtype"), Ok(Object::Name(name)) if name == b"Form") {
            continue;
        }
        let content = stream.get_plain_content_with_limit(MAX_CONTENT.min(left)).map_err(|_| Unread::Heavy)?;
        left -= content.len().min(left);
        let resources = stream.dict.get_deref(b"Resources", document).and_then(Object::as_dict);
        let mut names = HashMap::new();
        if let Ok(named) = resources.and_then(|resources| resources.get_deref(b"Font", document)).and_then(Object::as_dict) {
            for (name, _) in named {
                if let Ok(font) = named.get_deref(name, document).and_then(Object::as_dict) {
                    names.insert(name.clone(), fonts.key(font, document));
                }
            }
        }
        draw(content, &names, fonts, Place::Document, scan)?;
    }
    Ok(())
}

/// Follows the commands of one drawing to its end, and hands its lines to the scan.
fn draw(mut content: Vec<u8>, names: &HashMap<Vec<u8>, usize>, fonts: &Fonts, place: Place, scan: &mut Scan) -> Result<(), Unread> {
    if detect::contains(&content, END) {
        return Err(Unread::Broken);
    }
    // The reader stops without a word at what it does not understand.
    content.extend([b"\n", END, b"\n"].concat());
    let (mut pen, mut is_whole) = (Pen::default(), false);
    for operation in Content::<Vec<Operation>>::decode_iter(&content) {
        let operation = operation.map_err(|_| Unread::Broken)?;
        is_whole = operation.operator.as_bytes() == END;
        pen.apply(&operation, names, fonts);
    }
    if !is_whole {
        return Err(Unread::Broken);
    }
    if pen.is_full {
        return Err(Unread::Heavy);
    }
    lines(&mut pen.runs, place, scan);
    Ok(())
}

/// Fonts met so far, by the address of their dictionary, which stands still while the document is read.
struct Fonts<'a> {
    known: HashMap<usize, Option<Encoding<'a>>>,
    left: usize,
}

impl<'a> Fonts<'a> {
    fn key(&mut self, font: &'a Dictionary, document: &'a Document) -> usize {
        let key = std::ptr::from_ref(font) as usize;
        if !self.known.contains_key(&key) {
            let map = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream);
            let weight = map.map_or(Ok(0), |map| map.get_plain_content_with_limit(self.left).map(|plain| plain.len()));
            let encoding = match weight {
                Ok(weight) => {
                    self.left = self.left.saturating_sub(weight + 256);
                    font.get_font_encoding_with_limit(document, weight.max(1)).ok()
                }
                Err(_) => None,
            };
            self.known.insert(key, encoding);
        }
        key
    }
}

type Matrix = [f64; 6];
const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// A piece of text and where it stands.
struct Run {
    x: f64,
    y: f64,
    end: f64,
    height: f64,
    text: String,
}

/// The state of drawing: ISO 32000-1, 8.4 and 9.4.
struct Pen {
    runs: Vec<Run>,
    /// Whether there was more text than runs are kept.
    is_full: bool,
    space: Matrix,
    saved: Vec<Matrix>,
    line: Matrix,
    at: f64,
    leading: f64,
    size: f64,
    font: usize,
}

impl Default for Pen {
    fn default() -> Self {
        Self { runs: Vec::new(), is_full: false, space: UNIT, saved: Vec::new(), line: UNIT, at: 0.0, leading: 0.0, size: 10.0, font: 0 }
    }
}

impl Pen {
    fn apply(&mut self, operation: &Operation, names: &HashMap<Vec<u8>, usize>, fonts: &Fonts) {
        let operands = &operation.operands;
        let number = |index: usize| operands.get(index).and_then(|operand| operand.as_float().ok()).map_or(0.0, f64::from);
        match operation.operator.as_str() {
            "q" if self.saved.len() < MAX_STATES => self.saved.push(self.space),
            "Q" => self.space = self.saved.pop().unwrap_or(self.space),
            "cm" => self.space = times(std::array::from_fn(number), self.space),
            "BT" => self.place(UNIT),
            "Tm" => self.place(std::array::from_fn(number)),
            "Td" => self.move_by(number(0), number(1)),
            "TD" => {
                self.leading = -number(1);
                self.move_by(number(0), number(1));
            }
            "T*" => self.move_by(0.0, -self.leading),
            "TL" => self.leading = number(0),
            "Tf" => {
                self.font = operands.first().and_then(|name| name.as_name().ok()).and_then(|name| names.get(name)).copied().unwrap_or(0);
                self.size = number(1);
            }
            "Tj" | "TJ" => self.show(operands, fonts),
            "'" | "\"" => {
                self.move_by(0.0, -self.leading);
                self.show(operands, fonts);
            }
            _ => {}
        }
    }

    fn place(&mut self, matrix: Matrix) {
        self.line = matrix;
        self.at = 0.0;
    }

    fn move_by(&mut self, x: f64, y: f64) {
        self.line = times([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.at = 0.0;
    }

    fn show(&mut self, operands: &[Object], fonts: &Fonts) {
        for operand in operands {
            match operand {
                Object::String(bytes, _) => self.draw(bytes, fonts),
                Object::Array(members) => {
                    for member in members {
                        match member {
                            Object::String(bytes, _) => self.draw(bytes, fonts),
                            other => self.at -= other.as_float().map_or(0.0, f64::from) / 1000.0 * self.size,
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn draw(&mut self, bytes: &[u8], fonts: &Fonts) {
        let encoding = fonts.known.get(&self.font).and_then(Option::as_ref);
        let decoded = encoding.and_then(|encoding| Document::decode_text(encoding, bytes).ok());
        let text = decoded.unwrap_or_else(|| bytes.iter().map(|byte| char::from(*byte)).collect());
        let width = text.chars().count() as f64 * LETTER * self.size;
        let here = times([1.0, 0.0, 0.0, 1.0, self.at, 0.0], times(self.line, self.space));
        let there = times([1.0, 0.0, 0.0, 1.0, self.at + width, 0.0], times(self.line, self.space));
        self.at += width;
        let height = (here[1].hypot(here[3]) * self.size).abs();
        if text.is_empty() {
            return;
        }
        // What stands nowhere is read all the same, as if it stood at the corner.
        let at = |n: f64| if n.is_finite() { n } else { 0.0 };
        self.is_full |= self.runs.len() >= MAX_RUNS;
        if !self.is_full {
            self.runs.push(Run { x: at(here[4]), y: at(here[5]), end: at(there[4]), height: at(height).clamp(1.0, 200.0), text });
        }
    }
}

/// Runs at about the same height are one line; a wide gap between two of them sets columns apart.
fn lines(runs: &mut [Run], place: Place, scan: &mut Scan) {
    runs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut start = 0;
    while start < runs.len() {
        let reach = runs[start].y - runs[start].height * 0.4;
        let end = start + runs[start..].iter().take_while(|run| run.y >= reach).count().max(1);
        let line = &mut runs[start..end];
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut text = String::new();
        let mut last: Option<&Run> = None;
        for run in line.iter() {
            let gap = last.map_or(0.0, |last| (run.x - last.end) / run.height.max(last.height));
            let apart = last.map_or(0.0, |last| run.x - last.x);
            if gap > 1.0 || (gap > 0.3 && run.text.chars().count() > 3 && apart > run.height * 4.0) {
                text.push('\t');
            } else if gap > 0.15 {
                text.push(' ');
            }
            text.push_str(&run.text);
            last = Some(run);
        }
        let cells: Vec<&str> = super::super::text::columns(&text);
        scan.line(place, &text, &cells);
        start = end;
    }
}
