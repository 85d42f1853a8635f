//! Turtle, statement by statement: a wrong one does not take the next one with it.

use oxrdf::NamedNode;
use oxttl::turtle::SliceTurtleParser;
use oxttl::{TextPosition, TurtleParser, TurtleSyntaxError};

use super::gather::Gathering;
use super::guard::{check_turtle, skip_to};
use super::parse::{Limits, NOWHERE, too_many, wrong_address};
use crate::domain::problem::Problem;

/// Most places with an error that are named before reading stops.
const MOST_ERRORS: usize = 50;
/// How far behind an error the end of its statement is looked for, in bytes.
const REACH: usize = 1 << 20;
/// What is said of a wrong statement.
const LEFT_OUT: &str = "is not Turtle; correct it: the statement was left out";

/// Reads a document.
pub(super) fn read(text: &str, address: Option<&str>, limits: &Limits, problems: &mut Vec<Problem>) -> Result<Gathering, Problem> {
    check_turtle(text, limits.depth)?;
    let mut parser = TurtleParser::new().lenient().with_base_iri(address.unwrap_or(NOWHERE)).map_err(wrong_address)?;
    let mut reading = Reading { text, limits, triples: Gathering::new(limits.held), faults: Vec::new() };
    let mut start = Start::default();
    loop {
        let mut statements = parser.for_slice(text.get(start.offset..).unwrap_or_default());
        let Some(next) = reading.part(&start, &mut statements)? else { break };
        parser = going_on(&statements)?;
        start = next;
    }
    let Reading { triples, faults, .. } = reading;
    match faults.first() {
        Some(first) if triples.is_empty() => {
            let remedy = "the document is neither Turtle nor RDF/XML nor JSON-LD; export it in one of the three";
            Err(Problem::new(first.field.clone(), &first.value, remedy))
        }
        _ => {
            problems.extend(faults);
            Ok(triples)
        }
    }
}

/// A parser with the prefixes and the base that are known so far.
fn going_on(statements: &SliceTurtleParser<'_>) -> Result<TurtleParser, Problem> {
    let base = statements.base_iri().filter(|base| NamedNode::new(*base).is_ok()).unwrap_or(NOWHERE);
    let mut parser = TurtleParser::new().lenient().with_base_iri(base).map_err(wrong_address)?;
    for (prefix, address) in statements.prefixes().filter(|(_, address)| NamedNode::new(*address).is_ok()) {
        parser = parser.with_prefix(prefix, address).map_err(wrong_address)?;
    }
    Ok(parser)
}

/// Where a parser was set to work: the place that it counts from.
#[derive(Clone, Copy, Default)]
struct Start {
    line: u64,
    column: u64,
    offset: usize,
}

impl Start {
    /// A place that the parser names, in the whole document.
    fn place(&self, position: TextPosition) -> Self {
        let column = if position.line == 0 { self.column + position.column } else { position.column };
        let offset = self.offset.saturating_add(usize::try_from(position.offset).unwrap_or(usize::MAX));
        Self { line: self.line + position.line, column, offset }
    }
}

struct Reading<'a> {
    text: &'a str,
    limits: &'a Limits,
    triples: Gathering,
    faults: Vec<Problem>,
}

impl Reading<'_> {
    /// Reads on until the end, or until the full stop of a wrong statement: what lies behind it is to be read anew from there.
    fn part(&mut self, start: &Start, statements: &mut SliceTurtleParser<'_>) -> Result<Option<Start>, Problem> {
        for result in statements {
            match result {
                Ok(triple) => self.triples.add(triple)?,
                Err(error) => {
                    let next = self.fault(start, &error);
                    if self.faults.len() > MOST_ERRORS {
                        return Ok(None);
                    }
                    if next.is_some() {
                        return Ok(next);
                    }
                }
            }
            if self.triples.len() > self.limits.triples {
                return Err(too_many(self.limits));
            }
        }
        Ok(None)
    }

    /// Notes an error. Where the wrong thing is the full stop itself, the parser would go by it and leave out all until the next one: then
    /// the place behind it is returned.
    fn fault(&mut self, start: &Start, error: &TurtleSyntaxError) -> Option<Start> {
        let location = error.location();
        let (begin, end) = (start.place(location.start), start.place(location.end));
        let is_stop = self.text.get(begin.offset..end.offset) == Some(".");
        let place = format!("line {}, column {}", begin.line + 1, begin.column + 1);
        let remedy = if is_stop { LEFT_OUT.to_owned() } else { self.left_out(error, &end) };
        self.faults.push(Problem::new(place, error.message(), remedy));
        if self.faults.len() == MOST_ERRORS {
            let remedy = format!("the document has {MOST_ERRORS} wrong places up to here; correct them: what follows was not read");
            self.faults.push(Problem::new(format!("line {}", end.line + 1), "", remedy));
        }
        is_stop.then_some(end)
    }

    /// What becomes of a wrong statement that the parser leaves out up to the next full stop.
    fn left_out(&self, error: &TurtleSyntaxError, end: &Start) -> String {
        if ["A dot is expected", "Triples should be followed by a dot"].iter().any(|start| error.message().starts_with(start)) {
            // The parser takes it for the first word of the next statement.
            return "is not Turtle; correct it: the statement before it needs a full stop at its end".to_owned();
        }
        let bytes = self.text.as_bytes();
        let rest = bytes.get(end.offset..end.offset.saturating_add(REACH).min(bytes.len())).unwrap_or_default();
        if rest.trim_ascii().is_empty() {
            return LEFT_OUT.to_owned();
        }
        let Some(stop) = full_stop(rest) else {
            return format!("{LEFT_OUT}, and what follows it");
        };
        let lines = rest.iter().take(stop).filter(|byte| **byte == b'\n').count() as u64;
        if lines == 0 {
            return LEFT_OUT.to_owned();
        }
        format!("{LEFT_OUT}, and what follows up to line {}", end.line + lines + 1)
    }
}

/// The place of the full stop that ends a statement, outside of strings, addresses and comments.
fn full_stop(bytes: &[u8]) -> Option<usize> {
    let mut at = 0usize;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'#' => at = skip_to(bytes, at, b"\n"),
            b'<' => at = skip_to(bytes, at, b">"),
            quote @ (b'"' | b'\'') => {
                let triple = [*quote; 3];
                let is_long = bytes.get(at - 1..at + 2) == Some(&triple[..]);
                at = if is_long { skip_to(bytes, at + 2, &triple) } else { skip_to(bytes, at, &[*quote]) };
            }
            // Names and numbers have stops inside.
            b'.' if bytes.get(at).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_') => return Some(at),
            _ => {}
        }
    }
    None
}
