//! The three syntaxes, how they are told apart, and how they are written.

use oxjsonld::JsonLdSerializer;
use oxrdf::{GraphNameRef, QuadRef, Triple};
use oxrdfxml::RdfXmlSerializer;
use oxttl::TurtleSerializer;

use super::names::PREFIXES;

/// A syntax of RDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Turtle; N-Triples are Turtle too.
    Turtle,
    /// RDF/XML.
    RdfXml,
    /// JSON-LD.
    JsonLd,
}

impl Syntax {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Turtle, Self::RdfXml, Self::JsonLd];

    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Turtle => "text/turtle",
            Self::RdfXml => "application/rdf+xml",
            Self::JsonLd => "application/ld+json",
        }
    }

    /// Ending of addresses and files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Turtle => "ttl",
            Self::RdfXml => "rdf",
            Self::JsonLd => "jsonld",
        }
    }

    /// Tells the syntax by the content; nobody's file ending or media type is believed.
    pub fn of(text: &str) -> Self {
        let start = text.trim_start();
        let after = |c: char| start.strip_prefix(c).map(str::trim_start).unwrap_or_default();
        if start.starts_with('{') || (start.starts_with('[') && after('[').starts_with(['{', '"'])) {
            return Self::JsonLd;
        }
        let tag: &str = start.strip_prefix('<').and_then(|rest| rest.split('>').next()).unwrap_or_default();
        let name = tag.split_whitespace().next().unwrap_or_default();
        let is_tag = tag.contains("xmlns") || name.ends_with("RDF") || name.starts_with(['?', '!']) || name.eq_ignore_ascii_case("html");
        if start.starts_with('<') && is_tag { Self::RdfXml } else { Self::Turtle }
    }
}

/// Writes statements in a syntax, in their order.
///
/// # Errors
/// A statement cannot be written in the syntax; statements of a [`super::Builder`] always can.
pub fn write(triples: &[Triple], syntax: Syntax) -> std::io::Result<Vec<u8>> {
    let invalid = |error| std::io::Error::new(std::io::ErrorKind::InvalidInput, error);
    let used = |namespace: &str| triples.iter().any(|triple| mentions(triple, namespace));
    let prefixes = PREFIXES.iter().filter(|(prefix, namespace)| *prefix == "rdf" || used(namespace));
    match syntax {
        Syntax::Turtle => {
            let mut serializer = TurtleSerializer::new();
            for (prefix, namespace) in prefixes {
                serializer = serializer.with_prefix(*prefix, *namespace).map_err(invalid)?;
            }
            let mut writer = serializer.for_writer(Vec::new());
            triples.iter().try_for_each(|triple| writer.serialize_triple(triple))?;
            writer.finish()
        }
        Syntax::RdfXml => {
            let mut serializer = RdfXmlSerializer::new();
            for (prefix, namespace) in prefixes.filter(|(prefix, _)| *prefix != "rdf") {
                serializer = serializer.with_prefix(*prefix, *namespace).map_err(invalid)?;
            }
            let mut writer = serializer.for_writer(Vec::new());
            triples.iter().try_for_each(|triple| writer.serialize_triple(triple))?;
            writer.finish().map(with_returns)
        }
        Syntax::JsonLd => {
            let mut serializer = JsonLdSerializer::new();
            for (prefix, namespace) in prefixes {
                serializer = serializer.with_prefix(*prefix, *namespace).map_err(invalid)?;
            }
            let mut writer = serializer.for_writer(Vec::new());
            for triple in triples {
                let graph = GraphNameRef::DefaultGraph;
                writer.serialize_quad(QuadRef::new(&triple.subject, &triple.predicate, &triple.object, graph))?;
            }
            writer.finish()
        }
    }
}

/// A document of XML with each carriage return by its number: of one that stands there as it is, whoever reads XML makes a line feed.
fn with_returns(written: Vec<u8>) -> Vec<u8> {
    if !written.contains(&b'\r') {
        return written;
    }
    let parts: Vec<&[u8]> = written.split(|byte| *byte == b'\r').collect();
    parts.join(b"&#13;".as_slice())
}

fn mentions(triple: &Triple, namespace: &str) -> bool {
    let object = match &triple.object {
        oxrdf::Term::NamedNode(node) => node.as_str(),
        oxrdf::Term::Literal(literal) => literal.datatype().as_str(),
        _ => "",
    };
    triple.predicate.as_str().starts_with(namespace) || object.starts_with(namespace)
}
