//! From bytes to statements.

use std::borrow::Cow;

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::Triple;
use oxrdfxml::RdfXmlParser;

use super::contexts::{check_contexts, is_schema_org_context};
use super::gather::Gathering;
use super::graph::Graph;
use super::guard::{Beside, check_xml};
use super::syntax::Syntax;
use super::text::{Filed, Text};
use super::{decode, names, turtle};
use crate::domain::problem::Problem;

/// How much of a document is taken.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Statements.
    pub triples: usize,
    /// Statements that are held in memory; those of a document with more lie in a temporary file while it is read.
    pub held: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 256 << 20, depth: 64, triples: 4_000_000, held: 200_000 }
    }
}

/// What a document says.
#[derive(Debug)]
pub struct Parsed {
    /// The statements.
    pub graph: Graph,
    /// The syntax it was written in.
    pub syntax: Syntax,
    /// What is wrong in places, while the rest could be read.
    pub problems: Vec<Problem>,
}

/// Stands before relative addresses of a document whose own address is not known.
pub const NOWHERE: &str = "https://relative.invalid/";

/// Reads a document in any of the syntaxes; `address` is where it was found.
///
/// # Errors
/// Nothing of it can be taken, for the reason that the problem gives.
pub fn parse(bytes: &[u8], address: Option<&str>, limits: &Limits) -> Result<Parsed, Problem> {
    check_size(bytes.len(), limits)?;
    let (text, mut problems) = decode(bytes)?;
    if let Some(at) = text.find('\0') {
        let place = super::guard::place(&text, at);
        return Err(Problem::new(place, "U+0000", "the document holds a zero character, so it is not text; export it again"));
    }
    if text.trim().is_empty() {
        return Err(Problem::new("", "", "the document is empty; choose a file that holds a catalogue or a dataset"));
    }
    let syntax = Syntax::of(&text);
    let triples = match syntax {
        Syntax::Turtle => turtle::read(Text::Held(&text), address, limits, &mut problems)?,
        Syntax::RdfXml => rdf_xml(&text, address, limits, &mut problems)?,
        Syntax::JsonLd => json_ld(&text, address, limits)?,
    };
    Ok(Parsed { graph: triples.finish()?, syntax, problems })
}

/// Reads a document in a file that [`Filed::is_plain_turtle`], of which a small part is held.
///
/// # Errors
/// Nothing of it can be taken, for the reason that the problem gives.
pub fn parse_file(filed: Filed<'_>, address: Option<&str>, limits: &Limits) -> Result<Parsed, Problem> {
    check_size(filed.size(), limits)?;
    let mut problems = Vec::new();
    let triples = turtle::read(Text::Filed(filed), address, limits, &mut problems)?;
    Ok(Parsed { graph: triples.finish()?, syntax: Syntax::Turtle, problems })
}

fn check_size(size: usize, limits: &Limits) -> Result<(), Problem> {
    if size > limits.bytes {
        let remedy = format!("the document is larger than {} MiB; split it into pages", limits.bytes >> 20);
        return Err(Problem::new("size", size, remedy));
    }
    Ok(())
}

pub(super) fn too_many(limits: &Limits) -> Problem {
    Problem::new("statements", "", format!("the document makes more than {} statements; split it into pages", limits.triples))
}

pub(super) fn wrong_address(error: impl std::fmt::Display) -> Problem {
    Problem::new("address", error, "the address of the document is not an address; give a full one that starts with https://")
}

fn rdf_xml(text: &str, address: Option<&str>, limits: &Limits, problems: &mut Vec<Problem>) -> Result<Gathering, Problem> {
    // The declaration named the encoding of the bytes; the characters are decoded by now.
    let body = text.trim_start();
    let body = body.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(body, |(_, rest)| rest);
    let beside = check_xml(body, limits.depth)?;
    tell_beside(&text[..text.len() - body.len()], body, &beside, problems);
    let body = without(body, &beside);
    let parser = RdfXmlParser::new().lenient().with_base_iri(address.unwrap_or(NOWHERE)).map_err(wrong_address)?;
    let mut triples = Gathering::new(limits.held);
    for result in parser.for_slice(body.as_ref()) {
        triples.add(result.map_err(|error| Problem::new("", error, "the document is not RDF/XML; correct it, or export Turtle"))?)?;
        if triples.len() > limits.triples {
            return Err(too_many(limits));
        }
    }
    Ok(triples)
}

/// Texts beside an address that are told one by one; the others are counted.
const TOLD_BESIDE: usize = 50;

/// Tells where texts stand beside an address: a text itself may be the name of a person. `before` is what stands before the body.
fn tell_beside(before: &str, body: &str, beside: &[Beside<'_>], problems: &mut Vec<Problem>) {
    let lines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
    let (mut line, mut from) = (lines(before) + 1, 0);
    for found in beside.iter().take(TOLD_BESIDE) {
        line += lines(&body[from..found.at.start]);
        from = found.at.start;
        let remedy = format!(
            "`{}` names an address by rdf:resource and holds a text too, which RDF/XML does not allow: the address was taken and the text was not; give the text in an element of its own",
            found.name
        );
        problems.push(Problem::new(format!("line {line}"), "", remedy));
    }
    if let Some(more) = beside.len().checked_sub(TOLD_BESIDE).filter(|more| *more > 0) {
        let remedy =
            "so many further elements name an address by rdf:resource and hold a text too; the addresses were taken and the texts were not";
        problems.push(Problem::new("rdf:resource", more, remedy));
    }
}

/// A document without the texts that stand beside an address.
fn without<'a>(body: &'a str, beside: &[Beside<'_>]) -> Cow<'a, str> {
    if beside.is_empty() {
        return Cow::Borrowed(body);
    }
    let mut kept = String::with_capacity(body.len());
    let mut from = 0;
    for text in beside {
        kept.push_str(&body[from..text.at.start]);
        from = text.at.end;
    }
    kept.push_str(&body[from..]);
    Cow::Owned(kept)
}

fn json_ld(text: &str, address: Option<&str>, limits: &Limits) -> Result<Gathering, Problem> {
    check_contexts(text, limits.depth)?;
    let parser = JsonLdParser::new().lenient().with_base_iri(address.unwrap_or(NOWHERE)).map_err(wrong_address)?;
    let statements = parser.for_slice(text).with_load_document_callback(|address, _| {
        if !is_schema_org_context(address) {
            return Err(format!("the context {address} is not fetched").into());
        }
        let document = format!(r#"{{"@context":{{"@vocab":"{}"}}}}"#, names::SCHEMA).into_bytes();
        Ok(JsonLdRemoteDocument { document, document_url: address.to_owned() })
    });
    let mut triples = Gathering::new(limits.held);
    for result in statements {
        let quad = result.map_err(|error| Problem::new("", error, "the document is not JSON-LD; correct it, or export Turtle"))?;
        triples.add(Triple::new(quad.subject, quad.predicate, quad.object))?;
        if triples.len() > limits.triples {
            return Err(too_many(limits));
        }
    }
    Ok(triples)
}
