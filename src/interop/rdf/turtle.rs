//! Turtle, statement by statement: a wrong one does not take the next one with it.

use oxrdf::{NamedNode, Triple};
use oxttl::turtle::{LowLevelTurtleParser, SliceTurtleParser, TurtlePrefixesIter};
use oxttl::{TextPosition, TurtleParser, TurtleSyntaxError};

use super::depth::Depth;
use super::gather::Gathering;
use super::guard::skip_to;
use super::parse::{Limits, NOWHERE, too_many, wrong_address};
use super::text::Text;
use crate::domain::problem::Problem;
use crate::interop::filed::Filed;

/// Most places with an error that are named before reading stops.
const MOST_ERRORS: usize = 50;
/// How far behind an error the end of its statement is looked for, in bytes.
const REACH: usize = 1 << 20;
/// Most pieces of a file that the parser is given at once.
const MOST_PIECES: usize = 16;
/// What is said of a wrong statement.
const LEFT_OUT: &str = "is not Turtle; correct it: the statement was left out";

/// Reads a document.
pub(super) fn read(text: Text<'_>, address: Option<&str>, limits: &Limits, problems: &mut Vec<Problem>) -> Result<Gathering, Problem> {
    check_depth(&text, limits.depth)?;
    let mut parser = TurtleParser::new().lenient().with_base_iri(address.unwrap_or(NOWHERE)).map_err(wrong_address)?;
    let mut reading = Reading { text, limits, triples: Gathering::new(limits.held), faults: Vec::new() };
    let mut start = Start::default();
    loop {
        let mut statements = Statements::begin(parser, text, start.offset);
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

fn check_depth(text: &Text<'_>, deepest: usize) -> Result<(), Problem> {
    let mut depth = Depth::new(deepest);
    match text {
        Text::Held(text) => depth.look(text.as_bytes()),
        Text::Filed(filed) => filed.each_piece(0..filed.size(), &mut |piece| depth.look(piece)),
    }
}

/// Statements of a text from a place on.
enum Statements<'t> {
    Held(SliceTurtleParser<'t>),
    /// Of a file: what was read of it so far was given to the parser.
    Filed {
        parser: LowLevelTurtleParser,
        filed: Filed<'t>,
        at: usize,
        /// How many pieces are given at once: a long text is looked at anew with each that is added to it.
        pieces: usize,
        is_ended: bool,
    },
}

impl<'t> Statements<'t> {
    fn begin(parser: TurtleParser, text: Text<'t>, at: usize) -> Self {
        match text {
            Text::Held(text) => Self::Held(parser.for_slice(text.get(at..).unwrap_or_default())),
            Text::Filed(filed) => Self::Filed { parser: parser.low_level(), filed, at, pieces: 1, is_ended: false },
        }
    }

    fn next(&mut self) -> Result<Option<Result<Triple, TurtleSyntaxError>>, Problem> {
        let (parser, filed, at, pieces, is_ended) = match self {
            Self::Held(parser) => return Ok(parser.next()),
            Self::Filed { parser, filed, at, pieces, is_ended } => (parser, filed, at, pieces, is_ended),
        };
        loop {
            let result = parser.parse_next();
            if result.is_some() || *is_ended {
                *pieces = 1;
                return Ok(result);
            }
            if *at < filed.size() {
                let piece = filed.pieces_at(*at, *pieces)?;
                *pieces = MOST_PIECES.min(*pieces * 2);
                *at += piece.len();
                parser.extend_from_slice(&piece);
            } else {
                parser.end();
                *is_ended = true;
            }
        }
    }

    fn base_iri(&self) -> Option<&str> {
        match self {
            Self::Held(parser) => parser.base_iri(),
            Self::Filed { parser, .. } => parser.base_iri(),
        }
    }

    fn prefixes(&self) -> TurtlePrefixesIter<'_> {
        match self {
            Self::Held(parser) => parser.prefixes(),
            Self::Filed { parser, .. } => parser.prefixes(),
        }
    }
}

/// A parser with the prefixes and the base that are known so far.
fn going_on(statements: &Statements<'_>) -> Result<TurtleParser, Problem> {
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
    text: Text<'a>,
    limits: &'a Limits,
    triples: Gathering,
    faults: Vec<Problem>,
}

impl Reading<'_> {
    /// Reads on until the end, or until the full stop of a wrong statement: what lies behind it is to be read anew from there.
    fn part(&mut self, start: &Start, statements: &mut Statements<'_>) -> Result<Option<Start>, Problem> {
        while let Some(result) = statements.next()? {
            match result {
                Ok(triple) => self.triples.add(triple)?,
                Err(error) => {
                    let next = self.fault(start, &error)?;
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
    fn fault(&mut self, start: &Start, error: &TurtleSyntaxError) -> Result<Option<Start>, Problem> {
        let location = error.location();
        let (begin, end) = (start.place(location.start), start.place(location.end));
        let length = end.offset.saturating_sub(begin.offset);
        let is_stop = length == 1 && *self.text.bytes(begin.offset, 1)? == *b".";
        let place = format!("line {}, column {}", begin.line + 1, begin.column + 1);
        let remedy = if is_stop { LEFT_OUT.to_owned() } else { self.left_out(error, &end)? };
        self.faults.push(Problem::new(place, error.message(), remedy));
        if self.faults.len() == MOST_ERRORS {
            let remedy = format!("the document has {MOST_ERRORS} wrong places up to here; correct them: what follows was not read");
            self.faults.push(Problem::new(format!("line {}", end.line + 1), "", remedy));
        }
        Ok(is_stop.then_some(end))
    }

    /// What becomes of a wrong statement that the parser leaves out up to the next full stop.
    fn left_out(&self, error: &TurtleSyntaxError, end: &Start) -> Result<String, Problem> {
        if ["A dot is expected", "Triples should be followed by a dot"].iter().any(|start| error.message().starts_with(start)) {
            // The parser takes it for the first word of the next statement.
            return Ok("is not Turtle; correct it: the statement before it needs a full stop at its end".to_owned());
        }
        let rest = self.text.bytes(end.offset, REACH)?;
        if rest.trim_ascii().is_empty() {
            return Ok(LEFT_OUT.to_owned());
        }
        let Some(stop) = full_stop(&rest) else {
            return Ok(format!("{LEFT_OUT}, and what follows it"));
        };
        let lines = rest.iter().take(stop).filter(|byte| **byte == b'\n').count() as u64;
        if lines == 0 {
            return Ok(LEFT_OUT.to_owned());
        }
        Ok(format!("{LEFT_OUT}, and what follows up to line {}", end.line + lines + 1))
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
