//! Statements by their subject, in the order of the document; and statements being made.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};

/// A statement with its number in the graph.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// Number, from 0.
    pub number: usize,
    /// Property.
    pub predicate: &'a str,
    /// Value.
    pub object: &'a Term,
}

/// Statements that were read. Statements made twice count once.
#[derive(Debug)]
pub struct Graph {
    triples: Vec<Triple>,
    by_subject: HashMap<NamedOrBlankNode, Vec<usize>>,
    budget: Cell<usize>,
}

impl Graph {
    /// Sorts statements by their subject.
    pub fn new(triples: Vec<Triple>) -> Self {
        let mut by_subject: HashMap<NamedOrBlankNode, Vec<usize>> = HashMap::new();
        for (number, triple) in triples.iter().enumerate() {
            match by_subject.get_mut(&triple.subject) {
                Some(numbers) => numbers.push(number),
                None => {
                    by_subject.insert(triple.subject.clone(), vec![number]);
                }
            }
        }
        for numbers in by_subject.values_mut() {
            let mut seen = HashSet::with_capacity(numbers.len());
            numbers.retain(|number| triples.get(*number).is_some_and(|triple| seen.insert((&triple.predicate, &triple.object))));
            numbers.shrink_to_fit();
        }
        // A record looks at each of its statements some ten times; a thousand times is a trap.
        let budget = Cell::new(triples.len().saturating_mul(1000).saturating_add(1_000_000));
        Self { triples, by_subject, budget }
    }

    /// Number of statements.
    pub fn len(&self) -> usize {
        self.by_subject.values().map(Vec::len).sum()
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.triples.is_empty()
    }

    /// Whether the statements were looked at so often that something must be wrong with them.
    pub fn is_exhausted(&self) -> bool {
        self.budget.get() == 0
    }

    /// Things of a class, in the order of the document.
    pub fn of_class(&self, namespace: &'static str, name: &'static str) -> impl Iterator<Item = &NamedOrBlankNode> {
        let is_one = move |object: &Term| matches!(object, Term::NamedNode(node) if node.as_str().strip_prefix(namespace) == Some(name));
        self.triples.iter().filter(move |t| t.predicate == rdf::TYPE && is_one(&t.object)).map(|t| &t.subject)
    }

    /// All statements with a property, with their subjects.
    pub fn with_property(&self, namespace: &'static str, name: &'static str) -> impl Iterator<Item = (&NamedOrBlankNode, &Term)> {
        let is_it = move |t: &&Triple| t.predicate.as_str().strip_prefix(namespace) == Some(name);
        self.triples.iter().filter(is_it).map(|t| (&t.subject, &t.object))
    }

    /// What is said of a thing.
    pub fn about(&self, subject: &NamedOrBlankNode) -> Vec<Statement<'_>> {
        let numbers: &[usize] = self.by_subject.get(subject).map_or(&[], Vec::as_slice);
        let Some(left) = self.budget.get().checked_sub(numbers.len() + 1) else {
            self.budget.set(0);
            return Vec::new();
        };
        self.budget.set(left);
        let found = numbers.iter().filter_map(|number| self.triples.get(*number).map(|triple| (*number, triple)));
        found.map(|(number, triple)| Statement { number, predicate: triple.predicate.as_str(), object: &triple.object }).collect()
    }
}

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
