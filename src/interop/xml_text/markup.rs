//! One walk over the markup before it is parsed: depth is counted, document types and unknown entities are met.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

use super::MAX_DEPTH;
use crate::domain::problem::Problem;

/// The text without forbidden characters, document type and HTML entities.
pub(super) fn harmless(text: String, mended: &mut Vec<Problem>) -> Result<String, Problem> {
    let text = without_controls(text, mended);
    let mut walk = Walk { text: &text, at: 0, depth: 0, copied: 0, out: String::new() };
    walk.run()?;
    let rest = walk.text.get(walk.copied..).unwrap_or("");
    if walk.copied == 0 {
        return Ok(text);
    }
    let mut out = walk.out;
    out.push_str(rest);
    Ok(out)
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

fn without_controls(text: String, mended: &mut Vec<Problem>) -> String {
    let Some(first) = text.chars().find(|c| is_forbidden(*c)) else { return text };
    let code = first as u32;
    mended.push(Problem::new(
        "",
        format!("U+{code:04X}"),
        format!("holds characters such as U+{code:04X} that XML does not allow; they were taken out"),
    ));
    text.chars().filter(|c| !is_forbidden(*c)).collect()
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    copied: usize,
    out: String,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn run(&mut self) -> Result<(), Problem> {
        while let Some(next) = self.rest().find(['<', '&']) {
            self.at += next;
            if self.rest().starts_with('&') {
                self.entity()?;
            } else {
                self.tag()?;
            }
        }
        Ok(())
    }

    /// Puts other words in the place of the next `length` bytes.
    fn replace(&mut self, length: usize, by: &str) {
        self.out.push_str(self.text.get(self.copied..self.at).unwrap_or(""));
        self.out.push_str(by);
        self.at += length;
        self.copied = self.at;
    }

    fn tag(&mut self) -> Result<(), Problem> {
        let rest = self.rest();
        for (opening, closing) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
            if rest.starts_with(opening) {
                self.at += rest
                    .get(opening.len()..)
                    .and_then(|inside| inside.find(closing))
                    .map_or(rest.len(), |end| opening.len() + end + closing.len());
                return Ok(());
            }
        }
        if rest.starts_with("<!") {
            return self.document_type();
        }
        if rest.starts_with("</") {
            self.depth = self.depth.saturating_sub(1);
            self.at += 2;
            return Ok(());
        }
        self.start_tag()
    }

    fn start_tag(&mut self) -> Result<(), Problem> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::new("", "", format!("elements are nested deeper than {MAX_DEPTH} levels; no record needs that")));
        }
        let mut quote = None;
        loop {
            let rest = self.rest();
            let wanted = |c: char| quote.map_or(matches!(c, '"' | '\'' | '>' | '&' | '<'), |q| c == q || c == '&');
            let Some(next) = rest.find(wanted) else {
                self.at = self.text.len();
                return Ok(());
            };
            self.at += next;
            match self.rest().chars().next() {
                Some('&') => self.entity()?,
                // A tag that is not closed; the parser says where.
                Some('<') => return Ok(()),
                Some('>') => {
                    if self.text.get(..self.at).is_some_and(|before| before.ends_with('/')) {
                        self.depth -= 1;
                    }
                    self.at += 1;
                    return Ok(());
                }
                found => {
                    quote = if quote.is_some() { None } else { found };
                    self.at += 1;
                }
            }
        }
    }

    /// A document type that declares nothing itself is passed over, and never fetched. Any other is refused.
    fn document_type(&mut self) -> Result<(), Problem> {
        let rest = self.rest();
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let found = rest.get(..end).unwrap_or(rest);
        if !found.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE")) || found.contains(['[', '&', '%']) {
            let remedy =
                "the document type declares entities or elements of its own, which is refused for safety; take the declaration out";
            return Err(Problem::new("", found, remedy));
        }
        self.replace(end, "");
        Ok(())
    }

    fn entity(&mut self) -> Result<(), Problem> {
        let rest = self.rest();
        let name = rest.get(1..).and_then(|inside| inside.get(..inside.find(|c: char| !c.is_ascii_alphanumeric())?)).unwrap_or("");
        let closed = rest.get(1 + name.len()..).is_some_and(|after| after.starts_with(';'));
        if name.is_empty() || !closed || matches!(name, "lt" | "gt" | "amp" | "quot" | "apos") {
            // Predefined, numeric, or not an entity at all, which the parser refuses.
            self.at += 1;
            return Ok(());
        }
        let Some(characters) = resolve_html5_entity(name) else {
            let found = format!("&{name};");
            let remedy = format!("the entity `{found}` is not declared by XML or HTML; write the characters themselves");
            return Err(Problem::new("", found, remedy));
        };
        self.replace(name.len() + 2, &escaped(characters));
        Ok(())
    }
}

fn escaped(characters: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(characters)
}
