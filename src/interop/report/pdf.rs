//! A report as PDF: tagged, with outline and links, in fonts that it carries along.

mod contents;
mod flow;
mod letters;
mod line;
mod picture;
mod table;
mod tree;

use std::fmt;
use std::sync::Arc;

use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target as LinkTarget};
use krilla::color::rgb;
use krilla::configure::{Configuration, Validator};
use krilla::destination::{Destination, XyzDestination};
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};
use time::{OffsetDateTime, UtcOffset};

use self::flow::{Flow, MARGIN, Sheet};
use self::letters::Typeface;
use self::line::{Stretch, broken};
use self::tree::{Colour, Mark};
use super::fonts::Fonts;
use super::heading;
use super::model::{Report, Section};
use super::text::{Target, clean, target};
use super::words::{self, say};

/// Why no PDF was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PdfError {
    /// A font cannot be read.
    Fonts,
    /// The writer of PDF refused.
    Writer(String),
}

impl fmt::Display for PdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fonts => f.write_str("a font for the PDF cannot be read; take other fonts, or another format of the report"),
            Self::Writer(reason) => write!(f, "the PDF cannot be written ({reason}); take another format of the report"),
        }
    }
}

impl std::error::Error for PdfError {}

/// Writes the document.
///
/// # Errors
/// When a font cannot be read, or the writer of PDF refuses.
pub fn write(report: &Report, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let typeface = Typeface::new(fonts).ok_or(PdfError::Fonts)?;
    let flow = Flow::new(report, &typeface, Arc::new(fonts.database()));
    // The document says that it can be read by everybody (PDF/UA-1) where that is true. It is not where the fonts lack
    // a letter, and then it does not say so.
    let accessible = Configuration::new_with_validator(Validator::UA1);
    emit(&flow, accessible).or_else(|_| emit(&flow, Configuration::new()))
}

fn emit(flow: &Flow, configuration: Configuration) -> Result<Vec<u8>, PdfError> {
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut filled: Vec<Option<Identifier>> = vec![None; flow.structure.slots()];
    for (number, sheet) in flow.pages.iter().enumerate() {
        let (width, height) = sheet.size();
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| PdfError::Writer("the page has no size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in sheet.ground.iter().chain(&sheet.marks) {
            draw(&mut surface, flow, mark, &mut filled);
        }
        foot(&mut surface, flow, sheet, number);
        surface.finish();
        for mark in &sheet.marks {
            let Mark::Link { slot, x, y, width, height, url, text } = mark else { continue };
            let Some((rect, target)) = Rect::from_xywh(*x, *y, *width, *height).zip(led(flow, url)) else { continue };
            let identifier = page.add_tagged_annotation(Annotation::new_link(LinkAnnotation::new(rect, target), Some(text.clone())));
            put(&mut filled, Some(*slot), identifier);
        }
        page.finish();
    }
    document.set_metadata(metadata(flow.report));
    document.set_outline(outline(flow));
    document.set_tag_tree(flow.structure.tags(&filled, flow.report.language));
    document.finish().map_err(|error| PdfError::Writer(format!("{error:?}")))
}

fn put(filled: &mut [Option<Identifier>], slot: Option<usize>, identifier: Identifier) {
    if let Some(place) = slot.and_then(|slot| filled.get_mut(slot)) {
        *place = Some(identifier);
    }
}

fn draw(surface: &mut Surface, flow: &Flow, mark: &Mark, filled: &mut [Option<Identifier>]) {
    match mark {
        Mark::Box { x, y, width, height, colour } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.start_tagged(ContentTag::Artifact(ArtifactType::Other));
                surface.set_fill(Some(fill(*colour)));
                surface.draw_path(&path);
                surface.end_tagged();
            }
        }
        Mark::Letters { slot, language, .. } => {
            let tag = if slot.is_some() {
                ContentTag::Span(SpanTag::empty().with_lang(language.as_deref()))
            } else {
                ContentTag::Artifact(ArtifactType::Other)
            };
            let identifier = surface.start_tagged(tag);
            letters(surface, flow, mark);
            surface.end_tagged();
            put(filled, *slot, identifier);
        }
        Mark::Picture { slot, x, y, width, height, picture } => {
            let identifier = surface.start_tagged(ContentTag::Other);
            surface.push_transform(&Transform::from_translate(*x, *y));
            if let Some(size) = Size::from_wh(*width, *height) {
                surface.draw_svg(picture, size, SvgSettings::default());
            }
            surface.pop();
            surface.end_tagged();
            put(filled, *slot, identifier);
        }
        Mark::Link { .. } => {}
    }
}

fn letters(surface: &mut Surface, flow: &Flow, mark: &Mark) {
    let Mark::Letters { x, y, size, piece, text, colour, .. } = mark else { return };
    let size = flow.typeface.size(piece.font, *size);
    let glyphs: Vec<KrillaGlyph> = piece
        .glyphs
        .iter()
        .map(|glyph| {
            KrillaGlyph::new(GlyphId::new(glyph.id), glyph.advance / size, glyph.x / size, glyph.y / size, 0.0, glyph.text.clone(), None)
        })
        .collect();
    surface.set_fill(Some(fill(*colour)));
    surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, flow.typeface.font(piece.font), text, size, false);
}

fn fill((red, green, blue): Colour) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

/// The foot of a page: the edition and the number of the page, which are not read aloud.
fn foot(surface: &mut Surface, flow: &Flow, sheet: &Sheet, number: usize) {
    let (report, (width, height)) = (flow.report, sheet.size());
    let page = format!("{} {} / {}", say(words::PAGE, report.language), number + 1, flow.pages.len());
    surface.start_tagged(ContentTag::Artifact(ArtifactType::Footer));
    for (text, is_at_end) in [(clean(&report.identifier), false), (page, true)] {
        let stretch = [Stretch { text, is_apart: true, ..Stretch::default() }];
        let lines = broken(flow.typeface, &stretch, report.is_rtl(), 7.5, width - 2.0 * MARGIN - 90.0);
        let Some(line) = lines.lines.first() else { continue };
        let x = if is_at_end == report.is_rtl() { MARGIN } else { width - MARGIN - line.width };
        for mark in Flow::plain_marks(&lines, line, 7.5, x, height - 36.0) {
            letters(surface, flow, &mark);
        }
    }
    surface.end_tagged();
}

fn led(flow: &Flow, url: &str) -> Option<LinkTarget> {
    match target(url)? {
        Target::Outside(address) => Some(LinkTarget::Action(Action::Link(LinkAction::new(address)))),
        Target::Inside(name) => flow.anchors.get(&name).map(|place| LinkTarget::Destination(Destination::Xyz(destination(*place)))),
    }
}

fn destination((page, y): (usize, f32)) -> XyzDestination {
    XyzDestination::new(page, Point::from_xy(0.0, y))
}

fn outline(flow: &Flow) -> Outline {
    let mut outline = Outline::new();
    let mut places = flow.places.iter().copied();
    for section in &flow.report.sections {
        if let Some(node) = entry(section, &mut places) {
            outline.push_child(node);
        }
    }
    outline
}

fn entry(section: &Section, places: &mut impl Iterator<Item = (usize, f32)>) -> Option<OutlineNode> {
    let mut node = OutlineNode::new(clean(&heading(section)), destination(places.next()?));
    for part in &section.sections {
        if let Some(below) = entry(part, places) {
            node.push_child(below);
        }
    }
    Some(node)
}

fn metadata(report: &Report) -> Metadata {
    Metadata::new()
        .title(clean(&report.title))
        .description(clean(&report.subtitle))
        .language(report.language.to_owned())
        .authors(vec![clean(&report.publisher)])
        .creator("Rihla".to_owned())
        .creation_date(moment(report.made_at))
        .document_id(clean(&report.identifier))
        .text_direction(if report.is_rtl() { TextDirection::RightToLeft } else { TextDirection::LeftToRight })
}

fn moment(time: OffsetDateTime) -> DateTime {
    let time = time.to_offset(UtcOffset::UTC);
    DateTime::new(u16::try_from(time.year()).unwrap_or(0))
        .month(time.month().into())
        .day(time.day())
        .hour(time.hour())
        .minute(time.minute())
        .second(time.second())
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
