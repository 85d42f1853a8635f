//! The table of contents, with numbers of pages and links.

use std::collections::HashMap;

use super::flow::{Flow, Look, MARGIN};
use super::line::{Stretch, broken};
use super::tree::Role;
use crate::interop::report::heading;
use crate::interop::report::model::{Section, Span};
use crate::interop::report::text::{anchor, clean};
use crate::interop::report::words;

/// Room for the number of a page.
const NUMBER: f32 = 36.0;

/// An entry of the table of contents, whose page is known at the end.
pub struct Entry {
    page: usize,
    baseline: f32,
    node: usize,
    section: usize,
}

impl Flow<'_> {
    pub fn contents(&mut self) {
        let report = self.report;
        if report.sections.is_empty() {
            return;
        }
        self.new_page();
        let words = self.say(words::CONTENTS);
        let head = self.structure.add(0, Role::Heading(2, words.to_owned()));
        self.paragraph(head, &[Span::text(words)], Look { before: 0.0, ..Look::heading(2) });
        let contents = self.structure.add(0, Role::Contents);
        let mut number = 0;
        for section in &report.sections {
            self.entry(contents, section, number, 0.0);
            number += 1;
            for part in &section.sections {
                self.entry(contents, part, number, 14.0);
                number += 1 + count(&part.sections);
            }
        }
    }

    fn entry(&mut self, contents: usize, section: &Section, number: usize, indent: f32) {
        let node = self.structure.add(contents, Role::Entry);
        let look = Look { indent, after: 2.0, ..Look::TEXT };
        let stretch = Stretch { text: clean(&heading(section)), url: Some(format!("#{}", anchor(&section.anchor))), ..Stretch::default() };
        let lines = broken(self.typeface, std::slice::from_ref(&stretch), self.is_rtl, look.size, self.width() - indent - NUMBER);
        self.lines(node, &lines, &[stretch], look);
        let baseline = self.y - look.after - self.leading(look.size) * 0.3;
        self.entries.push(Entry { page: self.page(), baseline, node, section: number });
    }

    /// Writes the numbers of pages beside the entries of the table of contents.
    pub fn number_entries(&mut self) {
        for entry in std::mem::take(&mut self.entries) {
            let Some((page, _)) = self.places.get(entry.section).copied() else { continue };
            let stretch = [Stretch { text: (page + 1).to_string(), ..Stretch::default() }];
            let lines = broken(self.typeface, &stretch, self.is_rtl, Look::TEXT.size, NUMBER);
            let Some(line) = lines.lines.first() else { continue };
            let x = if self.is_rtl { MARGIN } else { self.page_width() - MARGIN - line.width };
            let marks = self.letters(entry.node, &lines, line, &stretch, Look::TEXT, x, entry.baseline, &mut HashMap::new());
            if let Some(page) = self.pages.get_mut(entry.page) {
                page.marks.extend(marks);
            }
        }
    }
}

fn count(sections: &[Section]) -> usize {
    sections.iter().map(|section| 1 + count(&section.sections)).sum()
}
