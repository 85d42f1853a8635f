//! Looks at a document before a parser does: depth, document types.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::domain::problem::Problem;

/// Depth of an RDF/XML document; no record comes near it.
pub(super) fn check_xml(text: &str, deepest: usize) -> Result<(), Problem> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::DocType(_)) => {
                let remedy = "the document has a document type (<!DOCTYPE …>), which may hide entities; remove it and declare prefixes as namespaces";
                return Err(Problem::new("<!DOCTYPE>", "", remedy));
            }
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => {
                let place = place(text, usize::try_from(reader.error_position()).unwrap_or(usize::MAX));
                return Err(Problem::new(place, error, "the document is not well-formed XML here; correct it"));
            }
        }
        if depth > deepest {
            let remedy = format!("the document is nested deeper than {deepest} elements; flatten it with rdf:about and rdf:resource");
            return Err(Problem::new("depth", depth, remedy));
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
