//! Pictures of reports: SVG read without running or loading anything, and drawn.

use std::borrow::Cow;
use std::sync::Arc;

use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use super::direction::pieces;
use super::text::{END_ISOLATE, without_forbidden};

/// Most points of a drawn picture in either direction.
const MAX_SIDE: f32 = 4000.0;
/// Room for a picture on a page that stands on its short side, and on one that lies on its long side, in points.
const UPRIGHT: (f32, f32) = (480.0, 620.0);
const TURNED: (f32, f32) = (728.0, 390.0);
/// How a picture says that its texts are written from right to left.
const RTL: &str = "direction=\"rtl\"";
/// Opens a text that is written from right to left, whatever its first letter is.
const ISOLATE_RTL: char = '\u{2067}';

/// Reads a picture; none where it is no SVG document.
pub fn read(svg: &str, fonts: &Arc<Database>) -> Option<Tree> {
    let family = fonts.family_name(&resvg::usvg::fontdb::Family::SansSerif).to_owned();
    let svg = without_forbidden(svg);
    let svg = if svg.contains(RTL) { mirrored(&svg).map_or(Cow::Borrowed(svg.as_str()), Cow::Owned) } else { Cow::Borrowed(svg.as_str()) };
    let options = Options {
        fontdb: fonts.clone(),
        font_family: family,
        // Whatever a picture refers to, it is not looked up: neither files nor pictures within the picture.
        image_href_resolver: ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) },
        // The reader of pictures knows no direction of texts: what begins at the right edge of a place ends there for it.
        style_sheet: Some(format!("svg[{RTL}]{{text-anchor:end}}")),
        ..Options::default()
    };
    // What cannot be read is described in words by the writers.
    Tree::from_str(&svg, &options).ok()
}

/// Whether a picture that is too wide for a page on its short side is drawn larger on its long side.
pub fn is_wide(tree: &Tree) -> bool {
    let size = tree.size();
    let scale = |(width, height): (f32, f32)| (width / size.width()).min(height / size.height());
    let (upright, turned) = (scale(UPRIGHT), scale(TURNED));
    upright < 0.6 && turned > 1.1 * upright
}

/// Draws a picture as PNG, twice as fine as its own units; none where it has no size.
pub fn png(tree: &Tree) -> Option<Vec<u8>> {
    let size = tree.size();
    let scale = (MAX_SIDE / size.width().max(size.height())).min(2.0);
    let (width, height) = (side(size.width() * scale), side(size.height() * scale));
    let mut pixels = Pixmap::new(width, height)?;
    pixels.fill(resvg::tiny_skia::Color::WHITE);
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().ok()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a side is between 1 and MAX_SIDE")]
fn side(length: f32) -> u32 {
    length.ceil().clamp(1.0, MAX_SIDE) as u32
}

/// The reader of pictures orders every text as if it were Latin. Each text that is not says so itself, or else its signs and the words
/// of other scripts in it would change places.
fn mirrored(svg: &str) -> Option<String> {
    let mut reader = Reader::from_str(svg);
    let mut writer = Writer::new(Vec::new());
    let mut open: Vec<bool> = Vec::new();
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Eof => break,
            Event::Start(start) => open.push(is_text(start, open.last().copied().unwrap_or(false))),
            Event::End(_) => {
                open.pop();
            }
            Event::Text(text) if open.last().copied().unwrap_or(false) => {
                let words: &str = text;
                let is_rtl = pieces(words, true).iter().any(|(is_rtl, _)| *is_rtl);
                let words = if is_rtl { format!("{ISOLATE_RTL}{words}{END_ISOLATE}") } else { words.to_owned() };
                writer.write_event(Event::Text(BytesText::from_escaped(words))).ok()?;
                continue;
            }
            _ => {}
        }
        writer.write_event(event).ok()?;
    }
    String::from_utf8(writer.into_inner()).ok()
}

/// Whether the words directly within an element are drawn, from right to left.
fn is_text(start: &BytesStart, is_within_text: bool) -> bool {
    let name = start.local_name();
    let is_ltr = start.attributes().flatten().any(|a| a.key.as_ref() == "direction" && a.value.as_ref() == "ltr");
    !is_ltr && (name.as_ref() == "text" || (name.as_ref() == "tspan" && is_within_text))
}
