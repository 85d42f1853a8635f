//! The text of the document: headings, paragraphs, lists, tables, pictures, statements.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use resvg::usvg::Tree;
use resvg::usvg::fontdb::Database;

use super::super::direction::{of_foreign, of_link, pieces, with_dates_apart};
use super::super::fonts::Fonts;
use super::super::html::data_caption;
use super::super::model::{Block, Figure, HumanText, Report, Section, Span, Table, is_rtl};
use super::super::text::{Target, anchor, clean, escape, language_code, target};
use super::super::words::{self, colon, numbered, say};
use super::super::{deepest, figure, heading};
use super::parts::{FIRST_ORDERED, NAMES};

/// Width and height of A4, and the margins, in twentieths of a point.
const PAGE: (usize, usize) = (11906, 16838);
const MARGIN: usize = 1134;
/// Units of pictures in a twentieth of a point.
const FINE: usize = 635;
/// Height that the text around a picture takes.
const AROUND: usize = 2200;
/// Most columns of a table on a page that stands on its short side.
const MOST_UPRIGHT: usize = 7;
/// Units of pictures in a point of the screen.
const UNITS: f32 = 9525.0;

const BOLD: &str = "<w:b/><w:bCs/>";

/// The text, and what it refers to.
pub struct Body {
    pub document: String,
    /// Addresses of links, in the order of their first use.
    pub links: Vec<String>,
    /// Pictures as PNG.
    pub pictures: Vec<Vec<u8>>,
    /// How many lists have numbers.
    pub ordered_lists: usize,
}

/// Writes the text.
pub fn write(report: &Report, fonts: Option<&Fonts>) -> Body {
    let mut anchors = HashMap::new();
    collect(&report.sections, &mut anchors);
    let fonts = fonts.map(|fonts| Arc::new(fonts.database()));
    let mut writer = Writer {
        report,
        fonts,
        is_rtl: report.is_rtl(),
        anchors,
        marks: 0,
        is_wide: false,
        is_wide_next: false,
        tables: 0,
        figures: 0,
        out: String::new(),
        links: Vec::new(),
        known: HashMap::new(),
        pictures: Vec::new(),
        ordered: 0,
    };
    writer.cover();
    writer.contents();
    for section in &report.sections {
        writer.section(section, 1);
    }
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document {NAMES} xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"><w:body>{}{}</w:body></w:document>",
        writer.out,
        writer.page()
    );
    Body { document, links: writer.links, pictures: writer.pictures, ordered_lists: writer.ordered }
}

/// Marks of sections that links may lead to; their names are short, as the format wants them.
fn collect(sections: &[Section], anchors: &mut HashMap<String, String>) {
    for section in sections {
        let name = anchor(&section.anchor);
        if !name.is_empty() {
            let mark = format!("section_{}", anchors.len() + 1);
            anchors.entry(name).or_insert(mark);
        }
        collect(&section.sections, anchors);
    }
}

struct Writer<'a> {
    report: &'a Report,
    fonts: Option<Arc<Database>>,
    /// Direction of the paragraphs being written, which a statement in another language may change.
    is_rtl: bool,
    anchors: HashMap<String, String>,
    /// Marks set so far.
    marks: usize,
    /// Whether pages lie on their long side.
    is_wide: bool,
    /// Whether they lie so from the next paragraph on.
    is_wide_next: bool,
    tables: usize,
    figures: usize,
    out: String,
    links: Vec<String>,
    known: HashMap<String, usize>,
    pictures: Vec<Vec<u8>>,
    ordered: usize,
}

/// How a paragraph looks: its style and what is set beside it.
#[derive(Clone, Copy, Default)]
struct Look {
    style: &'static str,
    list: usize,
    is_at_end: bool,
    is_bold: bool,
    is_kept: bool,
}

impl Look {
    const fn of(style: &'static str) -> Self {
        Self { style, list: 0, is_at_end: false, is_bold: false, is_kept: false }
    }
}

impl Writer<'_> {
    fn say(&self, words: [&'static str; 3]) -> &'static str {
        say(words, self.report.language)
    }

    /// Width and height between the margins.
    fn room(&self) -> (usize, usize) {
        let (width, height) = if self.is_wide { (PAGE.1, PAGE.0) } else { PAGE };
        (width - 2 * MARGIN, height - 2 * MARGIN)
    }

    /// How the pages so far lie.
    fn page(&self) -> String {
        let (width, height) = self.room();
        let (width, height) = (width + 2 * MARGIN, height + 2 * MARGIN);
        format!(
            "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"footer1\"/><w:pgSz w:w=\"{width}\" w:h=\"{height}\"{}/>\
             <w:pgMar w:top=\"{MARGIN}\" w:right=\"{MARGIN}\" w:bottom=\"{MARGIN}\" w:left=\"{MARGIN}\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>{}</w:sectPr>",
            if self.is_wide { " w:orient=\"landscape\"" } else { "" },
            if self.report.is_rtl() { "<w:bidi/>" } else { "" }
        )
    }

    /// Turns the pages from the next paragraph on, if there is one.
    fn turn(&mut self, is_wide: bool) {
        self.is_wide_next = is_wide;
    }

    fn settle(&mut self) {
        if self.is_wide != self.is_wide_next {
            let _ = write!(self.out, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/>{}</w:pPr></w:p>", self.page());
            self.is_wide = self.is_wide_next;
        }
    }

    fn read(&self, picture: &Figure) -> Option<Tree> {
        self.fonts.as_ref().and_then(|fonts| figure::read(&picture.svg, fonts))
    }

    fn cover(&mut self) {
        let report = self.report;
        self.plain(Look::of("Title"), &report.title);
        if !report.subtitle.is_empty() {
            self.plain(Look::of("Subtitle"), &report.subtitle);
        }
        for (label, spans) in &report.cover {
            self.open(Look::default());
            self.text(&format!("{}{}", clean(label), colon(report.language)), BOLD);
            self.spans(spans, "");
            self.out.push_str("</w:p>");
        }
        self.blocks(&report.preface, "");
    }

    /// The table of contents is there when the file is opened; the word processor adds numbers of pages when it is asked to update it.
    fn contents(&mut self) {
        if self.report.sections.is_empty() {
            return;
        }
        self.out.push_str("<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/><w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>");
        self.plain(Look::of("TOCHeading"), self.say(words::CONTENTS));
        let report = self.report;
        let mut entries: Vec<(&Section, &'static str)> = Vec::new();
        for section in &report.sections {
            entries.push((section, "TOC1"));
            entries.extend(section.sections.iter().map(|part| (part, "TOC2")));
        }
        let last = entries.len() - 1;
        for (place, (section, style)) in entries.into_iter().enumerate() {
            self.open(Look::of(style));
            if place == 0 {
                self.out.push_str(
                    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-2\" \\h \\z \\u </w:instrText></w:r>\
                     <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>",
                );
            }
            self.link(&heading(section), &format!("#{}", section.anchor), self.report.language, "");
            if place == last {
                self.out.push_str("<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
            }
            self.out.push_str("</w:p>");
        }
        self.out.push_str("</w:sdtContent></w:sdt>");
    }

    fn section(&mut self, section: &Section, level: usize) {
        let style = match level {
            1 => "Heading1",
            2 => "Heading2",
            3 => "Heading3",
            _ => "Heading4",
        };
        // A heading goes to the page of its picture.
        if matches!(section.blocks.first(), Some(Block::Figure(picture)) if self.read(picture).is_some_and(|tree| figure::is_wide(&tree))) {
            self.turn(true);
        }
        self.open(Look::of(style));
        self.marks += 1;
        let number = self.marks;
        let mark = self.anchors.get(&anchor(&section.anchor)).cloned();
        if let Some(mark) = &mark {
            let _ = write!(self.out, "<w:bookmarkStart w:id=\"{number}\" w:name=\"{mark}\"/>");
        }
        self.text(&heading(section), "");
        if mark.is_some() {
            let _ = write!(self.out, "<w:bookmarkEnd w:id=\"{number}\"/>");
        }
        self.out.push_str("</w:p>");
        self.blocks(&section.blocks, "");
        for part in &section.sections {
            self.section(part, deepest(level + 1));
        }
    }

    fn blocks(&mut self, blocks: &[Block], style: &'static str) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) => self.paragraph(Look::of(style), spans),
                Block::Note(spans) => {
                    self.open(Look::of(if style.is_empty() { "Note" } else { style }));
                    self.text(&format!("{}{}", self.say(words::NOTE), colon(self.report.language)), BOLD);
                    self.spans(spans, "");
                    self.out.push_str("</w:p>");
                }
                Block::List { is_ordered, items } => {
                    let list = if *is_ordered { FIRST_ORDERED + self.ordered } else { 1 };
                    self.ordered += usize::from(*is_ordered);
                    for item in items {
                        self.paragraph(Look { list, ..Look::of(style) }, item);
                    }
                }
                Block::Table(table) => {
                    self.tables += 1;
                    let caption = numbered(words::TABLE, self.tables, &table.caption, self.report.language);
                    self.table(table, &caption);
                }
                Block::Figure(figure) => self.figure(figure),
                Block::Human(text) => self.human(text),
            }
        }
    }

    /// Opens a paragraph.
    fn open(&mut self, look: Look) {
        self.settle();
        self.out.push_str("<w:p><w:pPr>");
        if !look.style.is_empty() {
            let _ = write!(self.out, "<w:pStyle w:val=\"{}\"/>", look.style);
        }
        if look.is_kept {
            self.out.push_str("<w:keepNext/>");
        }
        if look.list > 0 {
            let _ = write!(self.out, "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{}\"/></w:numPr>", look.list);
        }
        let _ = write!(self.out, "<w:bidi w:val=\"{}\"/>", u8::from(self.is_rtl));
        if look.is_at_end {
            self.out.push_str("<w:jc w:val=\"right\"/>");
        }
        self.out.push_str("</w:pPr>");
    }

    fn plain(&mut self, look: Look, text: &str) {
        self.open(look);
        self.text(text, "");
        self.out.push_str("</w:p>");
    }

    fn paragraph(&mut self, look: Look, spans: &[Span]) {
        self.open(look);
        self.spans(spans, if look.is_bold { BOLD } else { "" });
        self.out.push_str("</w:p>");
    }

    fn spans(&mut self, spans: &[Span], letters: &str) {
        for span in with_dates_apart(spans, self.is_rtl).iter() {
            match span {
                Span::Text(text) => self.runs(text, self.is_rtl, letters, ""),
                Span::Strong(text) => self.runs(text, self.is_rtl, BOLD, ""),
                Span::Foreign { language, text } => self.apart(text, letters, language),
                Span::Link { text, url, language } => {
                    let language = language.as_deref().unwrap_or("");
                    self.link(text, url, language, letters);
                }
            }
        }
    }

    fn link(&mut self, text: &str, url: &str, language: &str, letters: &str) {
        let opening = match target(url) {
            Some(Target::Inside(name)) => self.anchors.get(&name).map(|mark| format!("<w:hyperlink w:anchor=\"{mark}\" w:history=\"1\">")),
            Some(Target::Outside(address)) => {
                let next = self.links.len();
                let number = *self.known.entry(address.clone()).or_insert(next);
                if number == next {
                    self.links.push(address);
                }
                Some(format!("<w:hyperlink r:id=\"link{number}\" w:history=\"1\">"))
            }
            None => None,
        };
        let Some(opening) = opening else { return self.apart(text, letters, language) };
        self.out += &opening;
        let letters = format!("<w:rStyle w:val=\"Hyperlink\"/>{letters}");
        if self.is_rtl {
            for (is_date, stretch) in of_link(text, language) {
                self.apart(stretch, &letters, if is_date { "" } else { language });
            }
        } else {
            self.apart(text, &letters, language);
        }
        self.out.push_str("</w:hyperlink>");
    }

    fn text(&mut self, text: &str, letters: &str) {
        self.spans(&[Span::text(text)], letters);
    }

    /// A text that stands apart. Where its direction is another one, marks on both sides keep its neighbours from changing it.
    fn apart(&mut self, text: &str, letters: &str, language: &str) {
        let is_rtl = of_foreign(text, language);
        if is_rtl == self.is_rtl {
            return self.runs(text, is_rtl, letters, language);
        }
        // The outer marks keep what stands between two such texts, such as a stroke, in the order of the paragraph.
        let (inner, outer) = if is_rtl { ("\u{200F}", "\u{200E}") } else { ("\u{200E}", "\u{200F}") };
        self.runs(outer, self.is_rtl, letters, "");
        self.runs(&format!("{inner}{text}{inner}"), is_rtl, letters, language);
        self.runs(outer, self.is_rtl, letters, "");
    }

    /// Runs of one direction each: what is written from right to left is marked, or else it would be ordered and set as Latin script.
    fn runs(&mut self, text: &str, is_base_rtl: bool, letters: &str, language: &str) {
        let text = clean(text);
        let code = language_code(language);
        for (is_rtl, piece) in pieces(&text, is_base_rtl) {
            if piece.is_empty() {
                continue;
            }
            let direction = if is_rtl { "<w:rtl/>" } else { "" };
            let kind = if is_rtl { "bidi" } else { "val" };
            let language = if code.is_empty() { String::new() } else { format!("<w:lang w:{kind}=\"{code}\"/>") };
            let _ = write!(
                self.out,
                "<w:r><w:rPr>{letters}{direction}{language}</w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
                escape(piece)
            );
        }
    }

    fn table(&mut self, table: &Table, caption: &str) {
        self.turn(table.columns.len() > MOST_UPRIGHT);
        self.plain(Look::of("Caption"), caption);
        if table.columns.is_empty() {
            return;
        }
        let (room, _) = self.room();
        let shares: usize = table.columns.iter().map(|column| usize::from(column.width.max(1))).sum();
        let widths: Vec<usize> = table.columns.iter().map(|column| usize::from(column.width.max(1)) * room / shares).collect();
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"ReportTable\"/>{}<w:tblW w:w=\"{room}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>\
             <w:tblLook w:val=\"00A0\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"{}\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>\
             <w:tblCaption w:val=\"{}\"/></w:tblPr><w:tblGrid>",
            if self.is_rtl { "<w:bidiVisual/>" } else { "" },
            u8::from(table.has_row_heads),
            escape(caption)
        );
        for width in &widths {
            let _ = write!(self.out, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.out.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, width) in table.columns.iter().zip(&widths) {
            let _ = write!(
                self.out,
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E8EEF4\"/></w:tcPr>"
            );
            let look = Look { is_at_end: column.is_number, is_bold: true, is_kept: true, ..Look::of("CellText") };
            self.paragraph(look, &[Span::Text(column.label.clone())]);
            self.out.push_str("</w:tc>");
        }
        self.out.push_str("</w:tr>");
        for row in &table.rows {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for (place, (column, width)) in table.columns.iter().zip(&widths).enumerate() {
                let _ = write!(self.out, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>");
                let look = Look { is_at_end: column.is_number, is_bold: place == 0 && table.has_row_heads, ..Look::of("CellText") };
                self.paragraph(look, row.get(place).map_or(&[], Vec::as_slice));
                self.out.push_str("</w:tc>");
            }
            self.out.push_str("</w:tr>");
        }
        // Two tables without anything between them would become one.
        self.out.push_str("</w:tbl><w:p/>");
        self.turn(false);
    }

    fn figure(&mut self, picture: &Figure) {
        self.figures += 1;
        let (number, language) = (self.figures, self.report.language);
        let caption = numbered(words::FIGURE, number, &picture.caption, language);
        let tree = self.read(picture);
        self.turn(tree.as_ref().is_some_and(figure::is_wide));
        self.plain(Look::of("Caption"), &caption);
        match tree.and_then(|tree| Some((tree.size(), figure::png(&tree)?))) {
            Some((size, png)) => {
                self.pictures.push(png);
                let place = self.pictures.len();
                self.drawing(place, size.width(), size.height(), &caption, &picture.alternative);
            }
            None => self.described(&picture.alternative),
        }
        self.turn(false);
        if let Some(data) = &picture.data {
            let label = data_caption(data, number, language);
            self.table(data, &label);
        }
    }

    fn described(&mut self, alternative: &str) {
        let label = self.say(words::DESCRIPTION);
        self.plain(Look::default(), &format!("{label}{}{alternative}", colon(self.report.language)));
    }

    fn drawing(&mut self, number: usize, width: f32, height: f32, caption: &str, alternative: &str) {
        let (most_width, most_height) = self.room();
        #[expect(clippy::cast_precision_loss, reason = "a page is small")]
        let (most_width, most_height) = ((most_width * FINE) as f32, ((most_height - AROUND) * FINE) as f32);
        let scale = (most_width / (width * UNITS)).min(most_height / (height * UNITS)).min(1.0);
        let (x, y) = ((width * UNITS * scale).round(), (height * UNITS * scale).round());
        let (caption, alternative) = (escape(caption), escape(alternative));
        self.open(Look::default());
        let _ = write!(
            self.out,
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{x}\" cy=\"{y}\"/><wp:docPr id=\"{number}\" name=\"{caption}\" descr=\"{alternative}\"/>\
             <a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
             <pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"image{number}.png\" descr=\"{alternative}\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"image{number}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{x}\" cy=\"{y}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        );
    }

    fn human(&mut self, text: &HumanText) {
        let colon = colon(self.report.language);
        let unvalidated = if text.is_validated { String::new() } else { format!(" – {}", self.say(words::UNVALIDATED)) };
        self.open(Look { is_kept: true, ..Look::of("Statement") });
        self.text(&format!("{}{unvalidated}", self.say(words::HUMAN)), BOLD);
        let what = if text.what.is_empty() { String::new() } else { format!(" – {}", text.what) };
        self.text(&format!("{what} – {}{colon}", self.say(words::BY)), "");
        self.spans(&text.who, "");
        if !text.on.is_empty() {
            let on = Span::Foreign { language: String::new(), text: text.on.clone() };
            self.spans(&[Span::Text(format!(" – {}{colon}", self.say(words::ON))), on], "");
        }
        self.out.push_str("</w:p>");
        let around = self.is_rtl;
        self.is_rtl = text.language.as_deref().filter(|code| !language_code(code).is_empty()).map_or(around, is_rtl);
        self.blocks(&text.blocks, "Statement");
        self.is_rtl = around;
        self.open(Look::of("Statement"));
        self.text(self.say(words::END), "<w:i/><w:iCs/><w:color w:val=\"595959\"/>");
        // Two statements without anything between them would look like one.
        self.out.push_str("</w:p><w:p/>");
    }
}
