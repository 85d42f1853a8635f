//! Statements being made, for the writers.

use std::collections::{HashMap, HashSet};

use oxrdf::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};

/// Makes statements that can be written in every syntax: no address that is none, no character that XML does not know.
#[derive(Debug, Default)]
pub struct Builder {
    triples: Vec<Triple>,
    seen: HashSet<Triple>,
    whole: Option<NamedNode>,
    parts: usize,
}

impl Builder {
    /// The statements, each thing's together, things in the order of their first mention.
    pub fn finish(self) -> Vec<Triple> {
        let mut order: HashMap<NamedOrBlankNode, usize> = HashMap::new();
        for triple in &self.triples {
            let next = order.len();
            order.entry(triple.subject.clone()).or_insert(next);
        }
        let mut triples = self.triples;
        triples.sort_by_key(|triple| order.get(&triple.subject).copied());
        triples
    }

    /// Begins the description of a thing: its parts get addresses below its own, from 1, so that the same description has the
    /// same addresses in every document. Graphs with many things without an address take minutes to compare.
    pub fn begin(&mut self, whole: &NamedOrBlankNode) {
        self.parts = 0;
        self.whole = match whole {
            NamedOrBlankNode::NamedNode(node) => Some(node.clone()),
            NamedOrBlankNode::BlankNode(_) => None,
        };
    }

    /// A part of the thing that is being described; a thing without an address where none is.
    pub fn part(&mut self) -> NamedOrBlankNode {
        self.parts += 1;
        match &self.whole {
            Some(whole) => NamedNode::new_unchecked(format!("{}#part-{}", whole.as_str(), self.parts)).into(),
            None => BlankNode::new_unchecked(format!("n{}", self.parts)).into(),
        }
    }

    /// Says something of a thing; saying it twice is saying it once.
    pub fn say(&mut self, subject: &NamedOrBlankNode, namespace: &str, name: &str, object: impl Into<Term>) {
        let predicate = NamedNode::new_unchecked(format!("{namespace}{name}"));
        let triple = Triple::new(subject.clone(), predicate, object.into());
        if self.seen.insert(triple.clone()) {
            self.triples.push(triple);
        }
    }

    /// Says of what class a thing is.
    pub fn is_a(&mut self, subject: &NamedOrBlankNode, namespace: &str, class: &str) {
        self.say(subject, super::names::RDF, "type", NamedNode::new_unchecked(format!("{namespace}{class}")));
    }
}

/// An address as a thing; none where the text is not an address.
pub fn thing(iri: &str) -> Option<NamedNode> {
    NamedNode::new(iri).or_else(|_| NamedNode::new(url::Url::parse(iri).map_or_else(|_| String::new(), String::from))).ok()
}

/// Words without a language.
pub fn plain(text: &str) -> Literal {
    Literal::new_simple_literal(writable(text))
}

/// Words in a language.
pub fn words(text: &str, language: &str) -> Literal {
    Literal::new_language_tagged_literal_unchecked(writable(text), language.to_ascii_lowercase())
}

/// A value of an XML Schema type such as `date`.
pub fn typed(text: &str, name: &str) -> Literal {
    Literal::new_typed_literal(writable(text), NamedNode::new_unchecked(format!("{}{name}", super::names::XSD)))
}

/// Takes out the two characters that XML has no way to write.
fn writable(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}
