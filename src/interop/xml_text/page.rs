//! XML on its way out: escaped, indented, one element after the other.

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An attribute: name and value.
pub type Attribute<'a> = (&'a str, &'a str);

/// A document that is being written. Writing into memory cannot fail, so no result is handed on.
pub struct Page {
    writer: Writer<Vec<u8>>,
    open: Vec<String>,
}

impl Default for Page {
    fn default() -> Self {
        Self::new()
    }
}

impl Page {
    /// An empty document with its declaration.
    pub fn new() -> Self {
        let mut page = Self { writer: Writer::new_with_indent(Vec::new(), b' ', 1), open: Vec::new() };
        page.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        page
    }

    fn event(&mut self, event: Event) {
        let _ = self.writer.write_event(event);
    }

    /// Begins an element; an attribute without a value is left out.
    pub fn open(&mut self, name: &str, attributes: &[Attribute]) {
        let start = start(name, attributes);
        self.event(Event::Start(start));
        self.open.push(name.to_owned());
    }

    /// Ends the element that was begun last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.event(Event::End(BytesEnd::new(name)));
        }
    }

    /// An element that holds words only.
    pub fn leaf(&mut self, name: &str, attributes: &[Attribute], text: &str) {
        self.mixed(name, attributes, text, |_| {});
    }

    /// An element that holds words, then elements.
    pub fn mixed(&mut self, name: &str, attributes: &[Attribute], text: &str, inside: impl FnOnce(&mut Self)) {
        let text = allowed(text);
        self.open(name, attributes);
        if !text.is_empty() {
            // Quotes need no escape between tags, and JSON in notes stays legible.
            self.event(Event::Text(BytesText::from_escaped(partial_escape(text.as_str()))));
        }
        inside(self);
        self.close();
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: &[Attribute]) {
        let start = start(name, attributes);
        self.event(Event::Empty(start));
    }

    /// The bytes, in UTF-8.
    pub fn bytes(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        let mut bytes = self.writer.into_inner();
        bytes.push(b'\n');
        bytes
    }
}

fn start<'a>(name: &'a str, attributes: &[Attribute]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
        let value = allowed(value);
        start.push_attribute((*name, value.as_str()));
    }
    start
}

/// The characters that XML 1.0 allows.
fn allowed(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_escaped_and_read_again() {
        let mut page = Page::new();
        page.open("a", &[("x", "\"<&>'"), ("y", "")]);
        page.leaf("b", &[], "1 < 2 & \u{0}3\u{FFFE}]]>");
        page.empty("c", &[("z", "é")]);
        let bytes = page.bytes();
        let text = String::from_utf8(bytes).expect("UTF-8");
        let tree = roxmltree::Document::parse(&text).expect("well-formed");
        assert_eq!(tree.root_element().attribute("x"), Some("\"<&>'"));
        assert_eq!(tree.root_element().attribute("y"), None);
        let texts: Vec<_> = tree.root_element().children().filter_map(|n| n.text()).filter(|t| !t.trim().is_empty()).collect();
        assert_eq!(texts, ["1 < 2 & 3]]>"]);
    }
}
