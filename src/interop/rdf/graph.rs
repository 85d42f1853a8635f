//! Statements by their subject, in the order of the document; and statements being made.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;
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

/// Statements on their way into a graph. Each name and each text is kept once, however many statements it is in.
#[derive(Debug, Default)]
pub struct Gathering {
    subjects: IndexSet<NamedOrBlankNode>,
    predicates: IndexSet<NamedNode>,
    objects: IndexSet<Term>,
    triples: Vec<Triplet>,
}

/// A statement, by the numbers of its subject, property and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Triplet {
    subject: u32,
    predicate: u32,
    object: u32,
}

impl Gathering {
    /// Adds a statement.
    pub fn add(&mut self, triple: Triple) {
        let subject = small(self.subjects.insert_full(triple.subject).0);
        let predicate = small(self.predicates.insert_full(triple.predicate).0);
        let object = small(self.objects.insert_full(triple.object).0);
        self.triples.push(Triplet { subject, predicate, object });
    }

    /// Number of statements, those made twice counted twice.
    pub fn len(&self) -> usize {
        self.triples.len()
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.triples.is_empty()
    }

    /// Sorts the statements by their subject.
    pub fn finish(self) -> Graph {
        let Self { subjects, predicates, objects, triples } = self;
        let mut by_subject: Vec<Vec<u32>> = vec![Vec::new(); subjects.len()];
        for (number, triple) in triples.iter().enumerate() {
            if let Some(numbers) = by_subject.get_mut(triple.subject as usize) {
                numbers.push(small(number));
            }
        }
        for numbers in &mut by_subject {
            let said = |number: &u32| triples.get(*number as usize).map(|triple| (triple.predicate, triple.object));
            numbers.sort_by_key(|number| (said(number), *number));
            numbers.dedup_by_key(|number| said(number));
            numbers.sort_unstable();
            numbers.shrink_to_fit();
        }
        // A record looks at each of its statements some ten times; a thousand times is a trap.
        let budget = Cell::new(triples.len().saturating_mul(1000).saturating_add(1_000_000));
        Graph { subjects, predicates, objects, triples, by_subject, budget }
    }
}

/// A number of a statement or a name; [`super::Limits`] ends long before it is too large.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Statements that were read. Statements made twice count once.
#[derive(Debug)]
pub struct Graph {
    subjects: IndexSet<NamedOrBlankNode>,
    predicates: IndexSet<NamedNode>,
    objects: IndexSet<Term>,
    triples: Vec<Triplet>,
    /// Numbers of the statements of each subject.
    by_subject: Vec<Vec<u32>>,
    budget: Cell<usize>,
}

impl Graph {
    /// Number of statements.
    pub fn len(&self) -> usize {
        self.by_subject.iter().map(Vec::len).sum()
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
    pub fn of_class(&self, namespace: &str, name: &str) -> impl Iterator<Item = &NamedOrBlankNode> {
        let class = self.objects.get_index_of(&Term::NamedNode(NamedNode::new_unchecked(format!("{namespace}{name}"))));
        let is_a = self.predicates.get_index_of(&rdf::TYPE.into_owned());
        self.pairs(is_a, class).filter_map(|triple| self.subjects.get_index(triple.subject as usize))
    }

    /// All statements with a property, with their subjects.
    pub fn with_property(&self, namespace: &str, name: &str) -> impl Iterator<Item = (&NamedOrBlankNode, &Term)> {
        let property = self.predicates.get_index_of(&NamedNode::new_unchecked(format!("{namespace}{name}")));
        let found = self.triples.iter().filter(move |triple| property == Some(triple.predicate as usize));
        found.filter_map(|triple| self.subjects.get_index(triple.subject as usize).zip(self.objects.get_index(triple.object as usize)))
    }

    fn pairs(&self, predicate: Option<usize>, object: Option<usize>) -> impl Iterator<Item = &Triplet> {
        let is_it = move |triple: &&Triplet| (Some(triple.predicate as usize), Some(triple.object as usize)) == (predicate, object);
        self.triples.iter().filter(is_it)
    }

    /// What is said of a thing.
    pub fn about(&self, subject: &NamedOrBlankNode) -> Vec<Statement<'_>> {
        let place = self.subjects.get_index_of(subject);
        let numbers: &[u32] = place.and_then(|place| self.by_subject.get(place)).map_or(&[], Vec::as_slice);
        let Some(left) = self.budget.get().checked_sub(numbers.len() + 1) else {
            self.budget.set(0);
            return Vec::new();
        };
        self.budget.set(left);
        numbers.iter().filter_map(|number| self.statement(*number as usize)).collect()
    }

    fn statement(&self, number: usize) -> Option<Statement<'_>> {
        let triple = self.triples.get(number)?;
        let predicate = self.predicates.get_index(triple.predicate as usize)?.as_str();
        Some(Statement { number, predicate, object: self.objects.get_index(triple.object as usize)? })
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
