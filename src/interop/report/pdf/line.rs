//! Lines: a paragraph in both directions of writing, broken to a width.

use std::ops::Range;

use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::linebreaks;

use super::letters::{FontKey, Glyph, Typeface};
use crate::interop::report::direction::of_link;
use crate::interop::report::text::{END_ISOLATE, ISOLATE};

/// A stretch of a paragraph that looks the same and leads to the same place.
#[derive(Clone, Debug, Default)]
pub struct Stretch {
    pub text: String,
    pub is_bold: bool,
    /// Where it leads; also what makes it blue.
    pub url: Option<String>,
    /// Language, where it is not that of the report.
    pub language: Option<String>,
    /// Whether its direction is none of its neighbours' business.
    pub is_apart: bool,
}

/// A piece of a line with one font, one direction and one stretch.
#[derive(Clone, Debug)]
pub struct Piece {
    pub stretch: usize,
    pub font: FontKey,
    pub level: Level,
    /// Distance from the left edge of the line.
    pub x: f32,
    pub width: f32,
    pub glyphs: Vec<Glyph>,
    is_blank: bool,
}

/// A line: its pieces in the order in which they are read.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub pieces: Vec<Piece>,
    /// Width without the blanks at its end.
    pub width: f32,
}

/// A paragraph in lines.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The whole text, to which the glyphs refer.
    pub text: String,
    pub lines: Vec<Line>,
}

/// Breaks a paragraph to a width.
pub fn broken(typeface: &Typeface, stretches: &[Stretch], is_rtl: bool, size: f32, width: f32) -> Lines {
    let (text, owners) = joined(stretches);
    let base = if is_rtl { Level::rtl() } else { Level::ltr() };
    let levels = BidiInfo::new(&text, Some(base)).levels;
    let mut lines = Vec::new();
    let mut line = Line::default();
    let (mut used, mut start) = (0.0, 0);
    for (end, _) in linebreaks(&text) {
        let word = pieces(typeface, stretches, &text, start..end, &owners, &levels, size);
        start = end;
        let (full, solid) = measure(&word);
        if used + solid > width && !line.pieces.is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        }
        if solid > width {
            // A word that is longer than a line, such as an address, is broken where the line ends.
            for letter in word.into_iter().flat_map(letters) {
                if used + letter.width > width && !line.pieces.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                used += letter.width;
                line.pieces.push(letter);
            }
        } else {
            used += full;
            line.pieces.extend(word);
        }
    }
    if !line.pieces.is_empty() {
        lines.push(line);
    }
    for line in &mut lines {
        place(line, base, is_rtl);
    }
    Lines { text, lines }
}

/// The whole text, and to which stretch each part belongs. Where a stretch stands apart, it is fenced off for the ordering only.
fn joined(stretches: &[Stretch]) -> (String, Vec<(Range<usize>, usize)>) {
    let (mut text, mut owners) = (String::new(), Vec::new());
    for (number, stretch) in stretches.iter().enumerate() {
        if !stretch.is_apart {
            let start = text.len();
            text.push_str(&stretch.text);
            owners.push((start..text.len(), number));
            continue;
        }
        text.push(ISOLATE);
        for (is_date, words) in of_link(&stretch.text, stretch.language.as_deref().unwrap_or("")) {
            text.extend(is_date.then_some(ISOLATE));
            let start = text.len();
            text.push_str(words);
            owners.push((start..text.len(), number));
            text.extend(is_date.then_some(END_ISOLATE));
        }
        text.push(END_ISOLATE);
    }
    (text, owners)
}

fn pieces(
    typeface: &Typeface,
    stretches: &[Stretch],
    text: &str,
    part: Range<usize>,
    owners: &[(Range<usize>, usize)],
    levels: &[Level],
    size: f32,
) -> Vec<Piece> {
    let mut found: Vec<(Range<usize>, usize, FontKey, Level, bool)> = Vec::new();
    let first = owners.partition_point(|(range, _)| range.end <= part.start);
    for (range, stretch) in owners.iter().skip(first).take_while(|(range, _)| range.start < part.end) {
        let (from, to) = (range.start.max(part.start), range.end.min(part.end));
        let is_bold = stretches.get(*stretch).is_some_and(|stretch| stretch.is_bold);
        for (place, c) in text.get(from..to).unwrap_or("").char_indices() {
            let at = from + place;
            let until = at + c.len_utf8();
            let font = typeface.choose(c, is_bold, found.last().map(|(_, _, font, _, _)| *font));
            let level = levels.get(at).copied().unwrap_or_else(Level::ltr);
            match found.last_mut() {
                Some((last, owner, key, depth, blank))
                    if last.end == at && *owner == *stretch && *key == font && *depth == level && *blank == c.is_whitespace() =>
                {
                    last.end = until
                }
                _ => found.push((at..until, *stretch, font, level, c.is_whitespace())),
            }
        }
    }
    found
        .into_iter()
        .map(|(range, stretch, font, level, is_blank)| {
            let glyphs = typeface.shape(text, range, font, size, level.is_rtl());
            let width = glyphs.iter().map(|glyph| glyph.advance).sum();
            Piece { stretch, font, level, x: 0.0, width, glyphs, is_blank }
        })
        .collect()
}

/// Width with and without the blanks at the end.
fn measure(pieces: &[Piece]) -> (f32, f32) {
    let full: f32 = pieces.iter().map(|piece| piece.width).sum();
    let blank: f32 = pieces.iter().rev().take_while(|piece| piece.is_blank).map(|piece| piece.width).sum();
    (full, full - blank)
}

/// A piece letter by letter, in the order of reading.
fn letters(piece: Piece) -> Vec<Piece> {
    let mut letters: Vec<Piece> = Vec::new();
    let is_rtl = piece.level.is_rtl();
    let glyphs: Box<dyn Iterator<Item = Glyph>> =
        if is_rtl { Box::new(piece.glyphs.iter().cloned().rev()) } else { Box::new(piece.glyphs.iter().cloned()) };
    for glyph in glyphs {
        let start = glyph.text.start;
        match letters.last_mut() {
            Some(last) if last.glyphs.iter().any(|other| other.text.start == start) => {
                last.width += glyph.advance;
                last.glyphs.insert(if is_rtl { 0 } else { last.glyphs.len() }, glyph);
            }
            _ => letters.push(Piece { width: glyph.advance, glyphs: vec![glyph], ..piece.clone() }),
        }
    }
    letters
}

/// Gives every piece its place (rules L1 and L2 of the bidirectional algorithm), from the left edge of the line.
fn place(line: &mut Line, base: Level, is_rtl: bool) {
    let (full, solid) = measure(&line.pieces);
    line.width = solid;
    for piece in line.pieces.iter_mut().rev().take_while(|piece| piece.is_blank) {
        piece.level = base;
    }
    let mut order: Vec<usize> = (0..line.pieces.len()).collect();
    let level = |place: usize| line.pieces.get(place).map_or(0, |piece| piece.level.number());
    let deepest = order.iter().map(|place| level(*place)).max().unwrap_or(0);
    for depth in (1..=deepest).rev() {
        let mut start = 0;
        while start < order.len() {
            let run = order.iter().skip(start).take_while(|place| level(**place) >= depth).count();
            if let Some(run) = order.get_mut(start..start + run) {
                run.reverse();
            }
            start += run.max(1);
        }
    }
    // Blanks at the end of a line hang out of it on the side where it ends.
    let mut x = if is_rtl { solid - full } else { 0.0 };
    for place in order {
        if let Some(piece) = line.pieces.get_mut(place) {
            piece.x = x;
            x += piece.width;
        }
    }
    merge(line);
}

/// Makes one piece of neighbours that look the same, so that what is read together is written together.
fn merge(line: &mut Line) {
    let mut merged: Vec<Piece> = Vec::with_capacity(line.pieces.len());
    for piece in line.pieces.drain(..) {
        match merged.last_mut() {
            Some(last)
                if last.stretch == piece.stretch && last.font == piece.font && last.level == piece.level && touches(last, &piece) =>
            {
                last.width += piece.width;
                if piece.level.is_rtl() {
                    last.x = piece.x;
                    last.glyphs.splice(0..0, piece.glyphs);
                } else {
                    last.glyphs.extend(piece.glyphs);
                }
            }
            _ => merged.push(piece),
        }
    }
    line.pieces = merged;
}

fn touches(first: &Piece, second: &Piece) -> bool {
    let gap = if second.level.is_rtl() { second.x + second.width - first.x } else { first.x + first.width - second.x };
    gap.abs() < 0.01
}
