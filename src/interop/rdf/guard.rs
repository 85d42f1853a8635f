//! Looks at a document before a parser does: depth, document types.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::domain::problem::Problem;

/// A text inside an element of RDF/XML that names an address by `rdf:resource`: an element may have one of the two, not both.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beside<'a> {
    /// Name of the element.
    pub name: &'a str,
    /// Where the text stands in the document, in bytes.
    pub at: Range<usize>,
}

/// Checks the depth of an RDF/XML document; no record comes near it. Returns the texts that stand beside an address.
pub(super) fn check_xml(text: &str, deepest: usize) -> Result<Vec<Beside<'_>>, Problem> {
    let mut reader = Reader::from_str(text);
    // For each open element, its name where it names an address.
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut beside: Vec<Beside<'_>> = Vec::new();
    let position = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    loop {
        let from = position(reader.buffer_position());
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let names_an_address = start.attributes().flatten().any(|attribute| attribute.key.as_ref() == "rdf:resource");
                open.push(text.get(from + 1..from + 1 + start.name().as_ref().len()).filter(|_| names_an_address));
            }
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                let at = from..position(reader.buffer_position());
                let Some(name) = open.last().copied().flatten() else { continue };
                match beside.last_mut() {
                    // A reference, or a part that is marked as characters, ends an event.
                    Some(last) if last.at.end == from => last.at.end = at.end,
                    _ if text.get(at.clone()).is_some_and(|text| text.trim().is_empty()) => {}
                    _ => beside.push(Beside { name, at }),
                }
            }
            Ok(Event::DocType(_)) => {
                let remedy = "the document has a document type (<!DOCTYPE …>), which may hide entities; remove it and declare prefixes as namespaces";
                return Err(Problem::new("<!DOCTYPE>", "", remedy));
            }
            Ok(Event::Eof) => return Ok(beside),
            Ok(_) => {}
            Err(error) => {
                let place = place(text, position(reader.error_position()));
                return Err(Problem::new(place, error, "the document is not well-formed XML here; correct it"));
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
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(1, |line| line.chars().count() + 1);
    format!("line {line}, column {column}")
}

/// Nesting of a JSON document, looked at before it is parsed, and then its value.
///
/// # Errors
/// It is nested too deep, or is not JSON.
pub fn check_json(text: &str, deepest: usize) -> Result<Value, Problem> {
    check_json_depth(text, deepest)?;
    serde_json::from_str(text).map_err(not_json)
}

pub(super) fn not_json(error: serde_json::Error) -> Problem {
    Problem::new(format!("line {}, column {}", error.line(), error.column()), error, "the document is not JSON here; correct it")
}

/// Nesting of a JSON document.
///
/// # Errors
/// It is nested too deep.
pub fn check_json_depth(text: &str, deepest: usize) -> Result<(), Problem> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > deepest {
            return Err(Problem::new("depth", depth, format!("the document is nested deeper than {deepest} levels; flatten it")));
        }
    }
    Ok(())
}
