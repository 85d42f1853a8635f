//! Letters: which font has them, and how they are shaped.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use krilla::text::Font;
use rustybuzz::ttf_parser::Tag;
use rustybuzz::{Direction, Face, Feature, Script, ShapePlan, UnicodeBuffer};

use super::super::fonts::{self, Fonts};

/// Arabic letters are drawn larger than Latin ones, to look as large.
const ARABIC_SCALE: f32 = 1.25;

/// The fonts, ready to shape and to write with.
pub struct Typeface<'a> {
    faces: [Loaded<'a>; 4],
    /// How a font is shaped in a script and a direction: found once, used for every word.
    plans: RefCell<HashMap<(FontKey, Script, bool), Rc<ShapePlan>>>,
}

struct Loaded<'a> {
    shaper: Face<'a>,
    font: Font,
}

/// A font of the typeface: Latin, Latin bold, Arabic, Arabic bold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FontKey(u8);

/// A shaped letter or ligature; measures in points.
#[derive(Clone, Debug)]
pub struct Glyph {
    pub id: u32,
    pub advance: f32,
    pub x: f32,
    pub y: f32,
    /// The part of the text that it shows.
    pub text: Range<usize>,
}

/// Arabic is set without kerning: it moves letters across their neighbours, and readers of PDF then find blanks within words.
fn features(key: FontKey) -> Vec<Feature> {
    if key.is_arabic() { vec![Feature::new(Tag::from_bytes(b"kern"), 0, ..)] } else { Vec::new() }
}

impl FontKey {
    fn is_arabic(self) -> bool {
        self.0 >= 2
    }
}

impl<'a> Typeface<'a> {
    /// Reads the fonts; none where one of them cannot be read.
    pub fn new(fonts: &'a Fonts) -> Option<Self> {
        let load = |face: &'a fonts::Face| {
            Some(Loaded {
                shaper: Face::from_slice(face.bytes.as_ref().as_ref(), face.index)?,
                font: Font::new(face.bytes.clone().into(), face.index)?,
            })
        };
        Some(Self {
            faces: [load(&fonts.latin)?, load(&fonts.latin_bold)?, load(&fonts.arabic)?, load(&fonts.arabic_bold)?],
            plans: RefCell::default(),
        })
    }

    fn loaded(&self, key: FontKey) -> &Loaded<'a> {
        let [latin, latin_bold, arabic, arabic_bold] = &self.faces;
        match key.0 {
            0 => latin,
            1 => latin_bold,
            2 => arabic,
            _ => arabic_bold,
        }
    }

    fn plan(&self, key: FontKey, script: Script, is_rtl: bool) -> Rc<ShapePlan> {
        let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let make = || Rc::new(ShapePlan::new(&self.loaded(key).shaper, direction, Some(script), None, &features(key)));
        self.plans.borrow_mut().entry((key, script, is_rtl)).or_insert_with(make).clone()
    }

    /// The font to write with.
    pub fn font(&self, key: FontKey) -> Font {
        self.loaded(key).font.clone()
    }

    /// Size at which a font is set so that lines of that size look even.
    pub fn size(&self, key: FontKey, size: f32) -> f32 {
        if key.is_arabic() { size * ARABIC_SCALE } else { size }
    }

    /// The font for a letter: that of its script, the one before for blanks and marks, the other one where the first does not have it.
    pub fn choose(&self, c: char, is_bold: bool, before: Option<FontKey>) -> FontKey {
        let is_arabic = match c {
            '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
                true
            }
            _ if c.is_whitespace() || matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}'..='\u{200F}') => {
                before.is_some_and(FontKey::is_arabic)
            }
            _ => false,
        };
        let key = |is_arabic: bool| FontKey(u8::from(is_arabic) * 2 + u8::from(is_bold));
        let has = |key: FontKey| self.loaded(key).shaper.glyph_index(c).is_some();
        let (first, second) = (key(is_arabic), key(!is_arabic));
        if !has(first) && has(second) { second } else { first }
    }

    /// Shapes a part of a text that has one font and one direction. The glyphs come in the order in which they stand, from the left.
    pub fn shape(&self, text: &str, part: Range<usize>, key: FontKey, size: f32, is_rtl: bool) -> Vec<Glyph> {
        let Some(piece) = text.get(part.clone()) else { return Vec::new() };
        let face = &self.loaded(key).shaper;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(piece);
        buffer.guess_segment_properties();
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        let plan = self.plan(key, buffer.script(), is_rtl);
        let shaped = rustybuzz::shape_with_plan(face, &plan, buffer);
        #[expect(clippy::cast_precision_loss, reason = "measures of fonts are small")]
        let scale = |units: i32| units as f32 * self.size(key, size) / face.units_per_em().max(1) as f32;
        let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        starts.dedup();
        let end_of = |start: usize| starts.get(starts.partition_point(|other| *other <= start)).copied().unwrap_or(piece.len());
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        glyphs
            .map(|(info, position)| {
                let start = info.cluster as usize;
                Glyph {
                    id: info.glyph_id,
                    advance: scale(position.x_advance),
                    x: scale(position.x_offset),
                    y: scale(position.y_offset),
                    text: part.start + start..part.start + end_of(start),
                }
            })
            .collect()
    }
}
