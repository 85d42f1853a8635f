//! The flow of the report over pages: headings, paragraphs, lists, pictures, statements.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use resvg::usvg::fontdb::Database;

use super::contents::Entry;
use super::letters::Typeface;
use super::line::{Line, Lines, Piece, Stretch, broken};
use super::table::is_wide;
use super::tree::{Colour, Mark, Role, Structure};
use crate::interop::report::direction::with_dates_apart;
use crate::interop::report::heading;
use crate::interop::report::model::{Block, HumanText, Report, Section, Span, is_rtl};
use crate::interop::report::text::{anchor, clean, language_code, target};
use crate::interop::report::words::{self, colon, numbered, say};

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
/// Around the text.
pub const MARGIN: f32 = 56.0;
/// Room for the foot of a page.
const FOOT: f32 = 64.0;

/// A page: what stands on it.
#[derive(Default)]
pub struct Sheet {
    /// What lies below the marks: the colour of statements.
    pub ground: Vec<Mark>,
    pub marks: Vec<Mark>,
    /// Whether it lies on its long side, for what is wide.
    pub is_wide: bool,
}

impl Sheet {
    /// Width and height.
    pub fn size(&self) -> (f32, f32) {
        size(self.is_wide)
    }
}

fn size(is_wide: bool) -> (f32, f32) {
    if is_wide { (PAGE.1, PAGE.0) } else { PAGE }
}

pub const INK: Colour = (0x1A, 0x1A, 0x1A);
pub const LINK: Colour = (0x0B, 0x53, 0x94);
pub const HEADING: Colour = (0x0B, 0x3D, 0x66);
const GREY: Colour = (0x8A, 0x8A, 0x8A);
const STATEMENT: Colour = (0xFF, 0xF8, 0xEC);
const STATEMENT_EDGE: Colour = (0x7A, 0x4A, 0x00);

/// How a paragraph looks.
#[derive(Clone, Copy)]
pub struct Look {
    pub size: f32,
    pub is_bold: bool,
    pub colour: Colour,
    pub before: f32,
    pub after: f32,
    /// Distance from where lines begin.
    pub indent: f32,
    /// Room that must be left for what follows, so that a heading never ends a page.
    pub keep: f32,
}

impl Look {
    pub const TEXT: Self = Self { size: 10.0, is_bold: false, colour: INK, before: 0.0, after: 6.0, indent: 0.0, keep: 0.0 };
    const TITLE: Self = Self { size: 26.0, is_bold: true, colour: HEADING, before: 120.0, after: 12.0, indent: 0.0, keep: 0.0 };
    const SUBTITLE: Self = Self { size: 14.0, after: 28.0, ..Self::TEXT };
    pub const CAPTION: Self = Self { size: 9.5, is_bold: true, before: 8.0, after: 4.0, keep: 60.0, ..Self::TEXT };

    pub fn heading(level: u16) -> Self {
        let size = match level {
            2 => 16.0,
            3 => 13.0,
            4 => 11.5,
            _ => 10.5,
        };
        Self { size, is_bold: true, colour: HEADING, before: size, after: size / 3.0, keep: 60.0, ..Self::TEXT }
    }
}

/// The report on pages.
pub struct Flow<'a> {
    pub report: &'a Report,
    pub typeface: &'a Typeface<'a>,
    pub fonts: Arc<Database>,
    pub pages: Vec<Sheet>,
    /// Whether pages lie on their long side from here on.
    is_wide: bool,
    pub structure: Structure,
    /// Where sections begin, in the order of reading.
    pub places: Vec<(usize, f32)>,
    /// Where links within the report lead.
    pub anchors: HashMap<String, (usize, f32)>,
    /// Where the next line begins, from the upper edge.
    pub y: f32,
    /// Direction of the paragraphs being written.
    pub is_rtl: bool,
    /// Language of the statement being written, where it is not that of the report.
    language: Option<String>,
    is_statement: bool,
    pub entries: Vec<Entry>,
    tables: usize,
    pub figures: usize,
}

impl<'a> Flow<'a> {
    /// Lays the whole report out.
    pub fn new(report: &'a Report, typeface: &'a Typeface<'a>, fonts: Arc<Database>) -> Self {
        let mut flow = Self {
            report,
            typeface,
            fonts,
            pages: vec![Sheet::default()],
            is_wide: false,
            structure: Structure::new(),
            places: Vec::new(),
            anchors: HashMap::new(),
            y: MARGIN,
            is_rtl: report.is_rtl(),
            language: None,
            is_statement: false,
            entries: Vec::new(),
            tables: 0,
            figures: 0,
        };
        flow.cover();
        flow.contents();
        if !report.sections.is_empty() {
            flow.new_page();
        }
        for section in &report.sections {
            flow.section(0, section, 2);
        }
        flow.is_wide = false;
        flow.number_entries();
        flow
    }

    pub fn say(&self, words: [&'static str; 3]) -> &'static str {
        say(words, self.report.language)
    }

    pub fn new_page(&mut self) {
        self.pages.push(Sheet { is_wide: self.is_wide, ..Sheet::default() });
        self.y = MARGIN;
    }

    /// Width of the page.
    pub fn page_width(&self) -> f32 {
        size(self.is_wide).0
    }

    /// Width of the text.
    pub fn width(&self) -> f32 {
        self.page_width() - 2.0 * MARGIN
    }

    /// Where the text of a page ends, above its foot.
    pub fn bottom(&self) -> f32 {
        size(self.is_wide).1 - FOOT
    }

    /// Width and height that a page has for its text, where it is turned or where it is as it is now.
    pub fn room(&self, is_wide: bool) -> (f32, f32) {
        let (width, height) = size(is_wide || self.is_wide);
        (width - 2.0 * MARGIN, height - MARGIN - FOOT)
    }

    /// Turns the pages from here on. Back upright, the next page begins with whatever comes next, if anything does.
    pub fn turn(&mut self, is_wide: bool) {
        if self.is_wide == is_wide {
            return;
        }
        self.is_wide = is_wide;
        match self.pages.last_mut() {
            Some(page) if page.marks.is_empty() => page.is_wide = is_wide,
            _ if is_wide => self.new_page(),
            _ => self.y = f32::MAX,
        }
    }

    pub fn page(&self) -> usize {
        self.pages.len() - 1
    }

    pub fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }

    /// Arabic letters reach further up and down.
    pub fn leading(&self, size: f32) -> f32 {
        if self.is_rtl { size * 1.75 } else { size * 1.45 }
    }

    fn cover(&mut self) {
        let report = self.report;
        let title = self.structure.add(0, Role::Heading(1, clean(&report.title)));
        self.paragraph(title, &[Span::Text(report.title.clone())], Look::TITLE);
        if !report.subtitle.is_empty() {
            self.plain(&report.subtitle, Look::SUBTITLE);
        }
        for (label, spans) in &report.cover {
            let node = self.structure.add(0, Role::Paragraph);
            let mut line = vec![Span::Strong(format!("{label}{}", colon(report.language)))];
            line.extend(spans.iter().cloned());
            self.paragraph(node, &line, Look::TEXT);
        }
        self.blocks(0, &report.preface, 0.0);
    }

    fn section(&mut self, parent: usize, section: &Section, level: u16) {
        let node = self.structure.add(parent, Role::Section);
        let words = clean(&heading(section));
        let mut look = Look::heading(level);
        look.keep = self.room_below(section, look.keep);
        if self.y + look.before + self.leading(look.size) + look.keep > self.bottom() {
            self.new_page();
        }
        let place = (self.page(), self.y);
        self.places.push(place);
        self.anchors.entry(anchor(&section.anchor)).or_insert(place);
        let head = self.structure.add(node, Role::Heading(level, words.clone()));
        self.paragraph(head, &[Span::Text(words)], look);
        self.blocks(node, &section.blocks, 0.0);
        for part in &section.sections {
            self.section(node, part, (level + 1).min(5));
        }
    }

    /// Room that must be left below the heading of a section: it goes to the page of what comes first, a picture whole, of a table its first rows.
    fn room_below(&mut self, section: &Section, usual: f32) -> f32 {
        match (section.blocks.first(), section.sections.first()) {
            (Some(Block::Figure(picture)), _) => self.room_for(picture).unwrap_or(usual),
            (Some(Block::Table(table)), _) => {
                self.turn(is_wide(table));
                2.5 * usual
            }
            (None, Some(part)) => usual + self.room_below(part, usual),
            _ => usual,
        }
    }

    fn blocks(&mut self, parent: usize, blocks: &[Block], indent: f32) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) => {
                    let node = self.structure.add(parent, Role::Paragraph);
                    self.paragraph(node, spans, Look { indent, ..Look::TEXT });
                }
                Block::Note(spans) => self.note(parent, spans, indent),
                Block::List { is_ordered, items } => self.list(parent, *is_ordered, items, indent),
                Block::Table(table) => {
                    self.tables += 1;
                    let caption = numbered(words::TABLE, self.tables, &table.caption, self.report.language);
                    self.table(parent, table, &caption);
                }
                Block::Figure(figure) => self.figure(parent, figure),
                Block::Human(text) => self.human(parent, text),
            }
        }
    }

    fn plain(&mut self, text: &str, look: Look) {
        let node = self.structure.add(0, Role::Paragraph);
        self.paragraph(node, &[Span::text(text)], look);
    }

    fn note(&mut self, parent: usize, spans: &[Span], indent: f32) {
        let node = self.structure.add(parent, Role::Paragraph);
        let mut line = vec![Span::Strong(format!("{}{}", self.say(words::NOTE), colon(self.report.language)))];
        line.extend(spans.iter().cloned());
        self.paragraph(node, &line, Look { indent: indent + 12.0, size: 9.0, ..Look::TEXT });
    }

    fn list(&mut self, parent: usize, is_ordered: bool, items: &[Vec<Span>], indent: f32) {
        let list = self.structure.add(parent, Role::List(is_ordered));
        for (number, item) in items.iter().enumerate() {
            let node = self.structure.add(list, Role::Item);
            let label = self.structure.add(node, Role::Label);
            let body = self.structure.add(node, Role::ItemBody);
            let sign = if is_ordered { format!("{}.", number + 1) } else { "•".to_owned() };
            let look = Look { indent: indent + 4.0, after: 0.0, ..Look::TEXT };
            let (page, y) = (self.page(), self.y);
            self.paragraph(label, &[Span::Text(sign)], look);
            if page == self.page() {
                self.y = y;
            } else {
                self.y = MARGIN;
            }
            self.paragraph(body, item, Look { indent: indent + 22.0, after: 3.0, ..Look::TEXT });
        }
        self.space(3.0);
    }

    fn human(&mut self, parent: usize, text: &HumanText) {
        let colon = colon(self.report.language);
        let unvalidated = if text.is_validated { String::new() } else { format!(" – {}", self.say(words::UNVALIDATED)) };
        let node = self.structure.add(parent, Role::Quotation);
        self.y += 4.0;
        self.is_statement = true;
        let what = if text.what.is_empty() { String::new() } else { format!(" – {}", text.what) };
        let mut head = vec![
            Span::Strong(format!("{}{unvalidated}", self.say(words::HUMAN))),
            Span::Text(format!("{what} – {}{colon}", self.say(words::BY))),
        ];
        head.extend(text.who.iter().cloned());
        if !text.on.is_empty() {
            head.push(Span::Text(format!(" – {}{colon}", self.say(words::ON))));
            head.push(Span::Foreign { language: String::new(), text: text.on.clone() });
        }
        let first = self.structure.add(node, Role::Paragraph);
        self.paragraph(first, &head, Look { indent: 12.0, keep: 30.0, ..Look::TEXT });
        let around = (self.is_rtl, self.language.take());
        if let Some(code) = text.language.as_deref().map(language_code).filter(|code| !code.is_empty()) {
            self.is_rtl = is_rtl(&code);
            self.language = Some(code);
        }
        self.blocks(node, &text.blocks, 12.0);
        (self.is_rtl, self.language) = around;
        let last = self.structure.add(node, Role::Paragraph);
        self.paragraph(last, &[Span::text(self.say(words::END))], Look { indent: 12.0, size: 8.5, ..Look::TEXT });
        self.is_statement = false;
        self.y += 6.0;
    }

    /// The stretches of which a text consists.
    pub fn stretches(&self, spans: &[Span], is_bold: bool) -> Vec<Stretch> {
        let stretch =
            |text: &str, is_bold: bool| Stretch { text: clean(text), is_bold, language: self.language.clone(), ..Stretch::default() };
        with_dates_apart(spans, self.is_rtl)
            .iter()
            .map(|span| match span {
                Span::Text(text) => stretch(text, is_bold),
                Span::Strong(text) => stretch(text, true),
                Span::Foreign { language, text } => Stretch {
                    language: Some(language_code(language)).filter(|code| !code.is_empty()),
                    is_apart: true,
                    ..stretch(text, is_bold)
                },
                Span::Link { text, url, language } => Stretch {
                    url: target(url).map(|_| url.clone()),
                    language: language.as_deref().map(language_code).filter(|code| !code.is_empty()),
                    is_apart: true,
                    ..stretch(text, is_bold)
                },
            })
            .collect()
    }

    /// A paragraph over as many pages as it needs.
    pub fn paragraph(&mut self, node: usize, spans: &[Span], look: Look) {
        let stretches = self.stretches(spans, look.is_bold);
        let lines = broken(
            self.typeface,
            &stretches,
            self.is_rtl,
            look.size,
            self.width() - look.indent - if self.is_statement { 8.0 } else { 0.0 },
        );
        self.lines(node, &lines, &stretches, look);
    }

    pub fn lines(&mut self, node: usize, lines: &Lines, stretches: &[Stretch], look: Look) {
        let leading = self.leading(look.size);
        if self.y + look.before + leading + look.keep > self.bottom() {
            self.new_page();
        } else {
            self.space(look.before);
        }
        let mut links = HashMap::new();
        for line in &lines.lines {
            if self.y + leading > self.bottom() {
                self.new_page();
            }
            self.space(leading);
            let x = if self.is_rtl { self.page_width() - MARGIN - look.indent - line.width } else { MARGIN + look.indent };
            let marks = self.letters(node, lines, line, stretches, look, x, self.y - leading * 0.3, &mut links);
            for mark in marks {
                self.mark(mark);
            }
        }
        self.space(look.after);
    }

    /// Goes down, and keeps the ground of a statement coloured on the way.
    pub fn space(&mut self, height: f32) {
        if self.is_statement && height > 0.0 && self.y < self.bottom() {
            let edge = if self.report.is_rtl() { self.page_width() - MARGIN - 3.0 } else { MARGIN };
            let (y, width) = (self.y, self.width());
            if let Some(page) = self.pages.last_mut() {
                page.ground.push(Mark::Box { x: MARGIN, y, width, height, colour: STATEMENT });
                page.ground.push(Mark::Box { x: edge, y, width: 3.0, height, colour: STATEMENT_EDGE });
            }
        }
        self.y += height;
    }

    /// A line as marks on a page, each with its place in the structure.
    #[expect(clippy::too_many_arguments, reason = "a line is set by its text, its looks, its place and its place in the structure")]
    pub fn letters(
        &mut self,
        node: usize,
        lines: &Lines,
        line: &Line,
        stretches: &[Stretch],
        look: Look,
        x: f32,
        y: f32,
        links: &mut HashMap<usize, usize>,
    ) -> Vec<Mark> {
        let text: Rc<str> = Rc::from(lines.text.as_str());
        let mut marks = Vec::new();
        for piece in &line.pieces {
            let Some(stretch) = stretches.get(piece.stretch) else { continue };
            let url = stretch.url.clone();
            let owner =
                if url.is_some() { *links.entry(piece.stretch).or_insert_with(|| self.structure.add(node, Role::Link)) } else { node };
            let slot = self.structure.slot(owner);
            let colour = if url.is_some() { LINK } else { look.colour };
            let (start, width) = (x + piece.x, piece.width);
            marks.push(Mark::Letters {
                slot: Some(slot),
                x: start,
                y,
                size: look.size,
                piece: piece.clone(),
                text: text.clone(),
                colour,
                language: stretch.language.clone(),
            });
            if let Some(url) = url {
                marks.push(Mark::Box { x: start, y: y + 1.5, width, height: 0.4, colour: LINK });
                let slot = self.structure.slot(owner);
                marks.push(Mark::Link {
                    slot,
                    x: start,
                    y: y - look.size,
                    width,
                    height: look.size * 1.3,
                    url,
                    text: stretch.text.clone(),
                });
            }
        }
        marks
    }

    /// A line as marks that are seen, but not read.
    pub fn plain_marks(lines: &Lines, line: &Line, size: f32, x: f32, y: f32) -> Vec<Mark> {
        let text: Rc<str> = Rc::from(lines.text.as_str());
        let piece = |piece: &Piece| Mark::Letters {
            slot: None,
            x: x + piece.x,
            y,
            size,
            piece: piece.clone(),
            text: text.clone(),
            colour: INK,
            language: None,
        };
        line.pieces.iter().map(piece).collect()
    }

    /// A line across.
    pub fn rule(&mut self, y: f32) {
        self.mark(Mark::Box { x: MARGIN, y, width: self.width(), height: 0.5, colour: GREY });
    }
}
