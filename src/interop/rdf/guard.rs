//! Looks at a document before a parser does: depth, document types.

use std::fmt;
use std::io::BufRead;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::domain::problem::Problem;

/// A text inside an element of RDF/XML that names an address by `rdf:resource`: an element may have one of the two, not both.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beside {
    /// Name of the element.
    pub name: String,
    /// Where the text stands in the document, in bytes.
    pub at: Range<usize>,
}

/// Checks the depth of an RDF/XML document that is read from a place on; no record comes near it. Returns the texts that stand beside an
/// address. `placed` tells where a byte stands, for messages.
pub(super) fn check_xml(
    text: impl BufRead,
    start: usize,
    deepest: usize,
    placed: &dyn Fn(usize) -> Result<String, Problem>,
) -> Result<Vec<Beside>, Problem> {
    let mut reader = Reader::from_reader(text);
    let mut event = Vec::new();
    // For each open element, its name where it names an address.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut beside: Vec<Beside> = Vec::new();
    let position = |at: u64| start.saturating_add(usize::try_from(at).unwrap_or(usize::MAX));
    loop {
        event.clear();
        let from = position(reader.buffer_position());
        let is_shown = match reader.read_event_into(&mut event) {
            Ok(Event::Start(start)) => {
                let names_an_address = start.attributes().flatten().any(|attribute| attribute.key.as_ref() == "rdf:resource");
                open.push(names_an_address.then(|| start.name().as_ref().to_owned()));
                None
            }
            Ok(Event::End(_)) => {
                open.pop();
                None
            }
            Ok(Event::Text(text)) => Some(!text.trim().is_empty()),
            Ok(Event::CData(_) | Event::GeneralRef(_)) => Some(true),
            Ok(Event::DocType(_)) => {
                let remedy = "the document has a document type (<!DOCTYPE …>), which may hide entities; remove it and declare prefixes as namespaces";
                return Err(Problem::new("<!DOCTYPE>", "", remedy));
            }
            Ok(Event::Eof) => return Ok(beside),
            Ok(_) => None,
            Err(quick_xml::Error::Io(error)) => return Err(super::text::unreadable(std::io::Error::other(error))),
            Err(error) => {
                let place = placed(position(reader.error_position()))?;
                return Err(Problem::new(place, error, "the document is not well-formed XML here; correct it"));
            }
        };
        if let (Some(is_shown), Some(Some(name))) = (is_shown, open.last()) {
            let at = from..position(reader.buffer_position());
            match beside.last_mut() {
                // A reference, or a part that is marked as characters, ends an event.
                Some(last) if last.at.end == from => last.at.end = at.end,
                _ if !is_shown => {}
                _ => beside.push(Beside { name: name.clone(), at }),
            }
        }
        if open.len() > deepest {
            let remedy = format!("the document is nested deeper than {deepest} elements; flatten it with rdf:about and rdf:resource");
            return Err(Problem::new("depth", open.len(), remedy));
        }
    }
}

/// Behind the next `end` that no backslash escapes.
pub(super) fn skip_to(bytes: &[u8], mut at: usize, end: &[u8]) -> usize {
    while at < bytes.len() {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            _ if bytes.get(at..at + end.len()) == Some(end) => return at + end.len(),
            _ => at += 1,
        }
    }
    at
}

/// Line and column of a byte, for messages.
pub(super) fn place(text: &str, at: usize) -> String {
    let mut place = Place::default();
    place.look(text.get(..at.min(text.len())).unwrap_or(text).as_bytes());
    place.to_string()
}

/// Line and column behind the text that was looked at so far.
#[derive(Debug, Default)]
pub struct Place {
    lines: usize,
    characters: usize,
}

impl Place {
    /// Looks at the next piece of the text.
    pub fn look(&mut self, piece: &[u8]) {
        for byte in piece {
            match byte {
                b'\n' => (self.lines, self.characters) = (self.lines + 1, 0),
                // Bytes in the midst of a character.
                0x80..=0xbf => {}
                _ => self.characters += 1,
            }
        }
    }

    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.lines + 1
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line(), self.characters + 1)
    }
}

/// Nesting of a JSON document, looked at before it is parsed, and then its value.
///
/// # Errors
/// It is nested too deep, or is not JSON.
pub fn check_json(text: &str, deepest: usize) -> Result<Value, Problem> {
    check_json_depth(text, deepest)?;
    serde_json::from_str(text).map_err(not_json)
}

/// What is said of a document that is not JSON, or cannot be read.
pub fn not_json(error: serde_json::Error) -> Problem {
    if error.is_io() {
        return super::text::unreadable(error.into());
    }
    Problem::new(format!("line {}, column {}", error.line(), error.column()), error, "the document is not JSON here; correct it")
}

/// Nesting of a JSON document.
///
/// # Errors
/// It is nested too deep.
pub fn check_json_depth(text: &str, deepest: usize) -> Result<(), Problem> {
    JsonDepth::new(deepest).look(text.as_bytes())
}

/// How deep a JSON document goes, looked at piece by piece.
#[derive(Debug)]
pub struct JsonDepth {
    depth: usize,
    deepest: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl JsonDepth {
    /// Begins at the start of a document that may be so deep.
    pub fn new(deepest: usize) -> Self {
        Self { depth: 0, deepest, is_in_string: false, is_escaped: false }
    }

    /// Looks at the next piece.
    ///
    /// # Errors
    /// It goes deeper.
    pub fn look(&mut self, piece: &[u8]) -> Result<(), Problem> {
        for byte in piece {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.is_in_string => self.is_escaped = true,
                b'"' => self.is_in_string = !self.is_in_string,
                b'{' | b'[' if !self.is_in_string => self.depth += 1,
                b'}' | b']' if !self.is_in_string => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth > self.deepest {
                let remedy = format!("the document is nested deeper than {} levels; flatten it", self.deepest);
                return Err(Problem::new("depth", self.depth, remedy));
            }
        }
        Ok(())
    }
}
