//! Pictures on pages: upright where they fit, on a page turned to its long side where they are wide.

use krilla::geom::Rect;
use resvg::usvg::Tree;

use super::flow::{Flow, Look, MARGIN};
use super::tree::{Mark, Role};
use crate::interop::report::figure::{self, is_wide};
use crate::interop::report::html::data_caption;
use crate::interop::report::model::{Figure, Span};
use crate::interop::report::text::clean;
use crate::interop::report::words::{self, colon, numbered};

/// Room for the caption above a picture.
const CAPTION: f32 = 36.0;
/// Room for a heading above that.
const HEADING: f32 = 50.0;

impl Flow<'_> {
    pub fn figure(&mut self, parent: usize, picture: &Figure) {
        self.figures += 1;
        let (number, language) = (self.figures, self.report.language);
        let caption = numbered(words::FIGURE, number, &picture.caption, language);
        let read = figure::read(&picture.svg, &self.fonts).map(|tree| self.placed(tree));
        if let Some((tree, height)) = &read {
            self.turn(is_wide(tree));
            if self.y + height + CAPTION > self.bottom() {
                self.new_page();
            }
        }
        let node = self.structure.add(parent, Role::Figure(clean(&picture.alternative)));
        let label = self.structure.add(node, Role::Caption);
        self.paragraph(label, &[Span::Text(caption)], Look::CAPTION);
        match read {
            Some((tree, height)) => {
                let width = tree.size().width() * height / tree.size().height();
                let x = if self.is_rtl { self.page_width() - MARGIN - width } else { MARGIN };
                let (slot, page) = (self.structure.slot(node), self.page());
                self.structure.frame(node, page, Rect::from_xywh(x, self.y, width, height));
                self.mark(Mark::Picture { slot: Some(slot), x, y: self.y, width, height, picture: Box::new(tree) });
                self.space(height + 8.0);
            }
            None => {
                let words = format!("{}{}{}", self.say(words::DESCRIPTION), colon(language), picture.alternative);
                self.paragraph(node, &[Span::Text(words)], Look::TEXT);
            }
        }
        self.turn(false);
        if let Some(data) = &picture.data {
            let label = data_caption(data, number, language);
            self.table(parent, data, &label);
        }
    }

    /// Turns the page where the picture with which a section begins needs it; the room that it takes below the heading.
    pub fn room_for(&mut self, picture: &Figure) -> Option<f32> {
        let tree = figure::read(&picture.svg, &self.fonts)?;
        if is_wide(&tree) {
            self.turn(true);
        }
        Some(self.placed(tree).1 + CAPTION)
    }

    /// A picture and the height at which it is drawn.
    fn placed(&self, tree: Tree) -> (Tree, f32) {
        let (width, height) = (tree.size().width(), tree.size().height());
        let (room, most) = self.room(is_wide(&tree));
        // Units of pictures are three quarters of a point.
        let scale = (room / width).min((most - CAPTION - HEADING) / height).min(0.75);
        (tree, scale * height)
    }
}
