//! Statements on their way into a graph.

use std::cell::Cell;

use indexmap::IndexSet;
use oxrdf::{NamedNode, NamedOrBlankNode, Term, Triple};

use super::aside::Laying;
use super::graph::{Graph, Kept};
use super::here::{Here, Triplet, by_subject, small};
use crate::domain::problem::Problem;

/// Bytes of names and texts for each statement that may be held.
const BYTES_EACH: usize = 256;

/// Statements being gathered; beyond a bound they are laid aside in a temporary file.
#[derive(Debug)]
pub(super) struct Gathering {
    batch: Batch,
    /// How many statements are held before they are laid aside.
    room: usize,
    laying: Option<Laying>,
    /// Statements laid aside so far, those made twice counted twice.
    laid: usize,
}

impl Gathering {
    /// Begins; `room` statements are held.
    pub(super) fn new(room: usize) -> Self {
        Self { batch: Batch::default(), room, laying: None, laid: 0 }
    }

    /// Adds a statement.
    ///
    /// # Errors
    /// It and those before it cannot be laid aside.
    pub(super) fn add(&mut self, triple: Triple) -> Result<(), Problem> {
        self.batch.add(triple);
        if self.batch.triples.len() > self.room || self.batch.bytes > self.room.saturating_mul(BYTES_EACH) {
            self.lay_aside()?;
        }
        Ok(())
    }

    fn lay_aside(&mut self) -> Result<(), Problem> {
        let laying = match &mut self.laying {
            Some(laying) => laying,
            none => none.insert(Laying::begin()?),
        };
        laying.lay(&self.batch, self.laid)?;
        self.laid += self.batch.triples.len();
        self.batch.clear();
        Ok(())
    }

    /// Number of statements, those made twice counted twice.
    pub(super) fn len(&self) -> usize {
        self.laid + self.batch.triples.len()
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sorts the statements by their subject.
    ///
    /// # Errors
    /// The last of them cannot be laid aside.
    pub(super) fn finish(mut self) -> Result<Graph, Problem> {
        if self.laying.is_some() {
            self.lay_aside()?;
        }
        // A record looks at each of its statements some ten times; a thousand times is a trap.
        let budget = Cell::new(self.len().saturating_mul(1000).saturating_add(1_000_000));
        let kept = match self.laying {
            Some(laying) => Kept::Aside(laying.finish(self.room)?),
            None => Kept::Here(self.batch.finish()),
        };
        Ok(Graph::new(kept, budget))
    }
}

/// Statements that are held. Each name and each text is held once, however many statements it is in.
#[derive(Debug, Default)]
pub(super) struct Batch {
    subjects: IndexSet<NamedOrBlankNode>,
    predicates: IndexSet<NamedNode>,
    objects: IndexSet<Term>,
    triples: Vec<Triplet>,
    /// Bytes of their names and texts.
    bytes: usize,
}

impl Batch {
    fn add(&mut self, triple: Triple) {
        let lengths = [length_of_subject(&triple.subject), triple.predicate.as_str().len(), length_of(&triple.object)];
        let subject = self.subjects.insert_full(triple.subject);
        let predicate = self.predicates.insert_full(triple.predicate);
        let object = self.objects.insert_full(triple.object);
        let is_new = [subject.1, predicate.1, object.1];
        self.bytes += lengths.into_iter().zip(is_new).filter(|(_, is_new)| *is_new).map(|(length, _)| length).sum::<usize>();
        self.triples.push(Triplet { subject: small(subject.0), predicate: small(predicate.0), object: small(object.0) });
    }

    /// Lets all go; the room for as many again is kept.
    fn clear(&mut self) {
        self.subjects.clear();
        self.predicates.clear();
        self.objects.clear();
        self.triples.clear();
        self.bytes = 0;
    }

    /// Property and value of a statement.
    pub(super) fn statement(&self, number: usize) -> Option<(&str, &Term)> {
        let triple = self.triples.get(number)?;
        Some((self.predicates.get_index(triple.predicate as usize)?.as_str(), self.objects.get_index(triple.object as usize)?))
    }

    /// Each thing with the numbers of what is said of it, each statement once, in the order of their first mention.
    pub(super) fn by_subject(&self) -> impl Iterator<Item = (&NamedOrBlankNode, Vec<u32>)> {
        self.subjects.iter().zip(by_subject(&self.triples, self.subjects.len()))
    }

    fn finish(self) -> Here {
        let by_subject = by_subject(&self.triples, self.subjects.len());
        let Self { subjects, predicates, objects, triples, bytes: _ } = self;
        Here { subjects, predicates, objects, triples, by_subject }
    }
}

fn length_of_subject(subject: &NamedOrBlankNode) -> usize {
    match subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str().len(),
        NamedOrBlankNode::BlankNode(node) => node.as_str().len(),
    }
}

fn length_of(object: &Term) -> usize {
    match object {
        Term::NamedNode(node) => node.as_str().len(),
        Term::BlankNode(node) => node.as_str().len(),
        Term::Literal(literal) => literal.value().len(),
    }
}
