//! Statements of a document that is held whole.

use indexmap::IndexSet;
use oxrdf::{NamedNode, NamedOrBlankNode, Term};

use super::graph::{Statement, Thing};

/// A statement, by the numbers of its subject, property and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Triplet {
    pub(super) subject: u32,
    pub(super) predicate: u32,
    pub(super) object: u32,
}

/// A number of a statement or a name; [`super::Limits`] ends long before it is too large.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Numbers of the statements of each subject, each statement once.
pub(super) fn by_subject(triples: &[Triplet], subjects: usize) -> Vec<Vec<u32>> {
    let mut by_subject: Vec<Vec<u32>> = vec![Vec::new(); subjects];
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
    by_subject
}

/// Statements that are held.
#[derive(Debug)]
pub(super) struct Here {
    pub(super) subjects: IndexSet<NamedOrBlankNode>,
    pub(super) predicates: IndexSet<NamedNode>,
    pub(super) objects: IndexSet<Term>,
    pub(super) triples: Vec<Triplet>,
    /// Numbers of the statements of each subject.
    pub(super) by_subject: Vec<Vec<u32>>,
}

impl Here {
    /// What is said of a thing, in the order of the document.
    pub(super) fn about(&self, subject: &NamedOrBlankNode) -> Vec<Statement<'_>> {
        let place = self.subjects.get_index_of(subject);
        let numbers: &[u32] = place.and_then(|place| self.by_subject.get(place)).map_or(&[], Vec::as_slice);
        numbers.iter().filter_map(|number| self.statement(*number as usize)).collect()
    }

    fn statement(&self, number: usize) -> Option<Statement<'_>> {
        let triple = self.triples.get(number)?;
        let predicate = self.predicates.get_index(triple.predicate as usize)?.as_str();
        Some(Statement { number, predicate, object: self.objects.get_index(triple.object as usize)? })
    }

    /// Hands over every statement with a property, and with a value where one is given: its number, thing and value.
    pub(super) fn each_with(&self, predicate: &str, only: Option<&str>, take: &mut dyn FnMut(usize, &NamedOrBlankNode, &Term)) {
        let Some(predicate) = self.predicates.get_index_of(&NamedNode::new_unchecked(predicate)) else { return };
        let only = match only.map(|name| self.objects.get_index_of(&Term::NamedNode(NamedNode::new_unchecked(name)))) {
            Some(None) => return,
            Some(place) => place,
            None => None,
        };
        for (number, triple) in self.triples.iter().enumerate() {
            let (is_of, object) = (triple.predicate as usize == predicate, triple.object as usize);
            if is_of
                && only.is_none_or(|only| only == object)
                && let Some(subject) = self.subjects.get_index(triple.subject as usize)
                && let Some(object) = self.objects.get_index(object)
            {
                take(number, subject, object);
            }
        }
    }

    /// A thing of which something is said.
    pub(super) fn thing(&self, subject: &NamedOrBlankNode) -> Option<Thing> {
        self.subjects.get_index_of(subject).map(|place| Thing(place as u64))
    }

    /// The name of a thing.
    pub(super) fn subject(&self, thing: Thing) -> Option<NamedOrBlankNode> {
        self.subjects.get_index(usize::try_from(thing.0).ok()?).cloned()
    }
}
