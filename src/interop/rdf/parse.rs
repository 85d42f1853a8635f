//! From bytes to statements.

use super::graph::Graph;
use super::syntax::Syntax;
use super::text::Text;
use super::{decode, json_ld, rdf_xml, turtle};
use crate::domain::problem::Problem;
use crate::interop::filed::Filed;

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
    let (text, problems) = decode(bytes)?;
    if let Some(at) = text.find('\0') {
        let place = super::guard::place(&text, at);
        return Err(Problem::new(place, "U+0000", "the document holds a zero character, so it is not text; export it again"));
    }
    if text.trim().is_empty() {
        return Err(Problem::new("", "", "the document is empty; choose a file that holds a catalogue or a dataset"));
    }
    let syntax = Syntax::of(&text);
    read(syntax, Text::Held(&text), address, limits, problems)
}

/// Reads a document in a file that [`Filed::is_plain`], of which a small part is held.
///
/// # Errors
/// Nothing of it can be taken, for the reason that the problem gives.
pub fn parse_file(filed: Filed<'_>, address: Option<&str>, limits: &Limits) -> Result<Parsed, Problem> {
    check_size(filed.size(), limits)?;
    read(Syntax::of(&filed.head()?), Text::Filed(filed), address, limits, Vec::new())
}

fn read(syntax: Syntax, text: Text<'_>, address: Option<&str>, limits: &Limits, mut problems: Vec<Problem>) -> Result<Parsed, Problem> {
    let triples = match syntax {
        Syntax::Turtle => turtle::read(text, address, limits, &mut problems)?,
        Syntax::RdfXml => rdf_xml::read(text, address, limits, &mut problems)?,
        Syntax::JsonLd => json_ld::read(text, address, limits)?,
    };
    Ok(Parsed { graph: triples.finish()?, syntax, problems })
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
