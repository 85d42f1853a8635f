//! Statements by their subject, in the order of the document.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use oxrdf::vocab::rdf;
use oxrdf::{NamedOrBlankNode, Term};

use super::aside::Aside;
use super::here::Here;
use crate::domain::problem::Problem;

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

/// A thing of which a graph says something, in a few bytes; its name is asked of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thing(pub(super) u64);

/// Where the statements are.
#[derive(Debug)]
pub(super) enum Kept {
    /// Held whole.
    Here(Here),
    /// In a temporary file.
    Aside(Aside),
}

/// Statements that were read. Statements made twice count once.
///
/// Those of a large document lie in a temporary file: where it cannot be read, answers have less in them, and [`Graph::fault`] says why.
#[derive(Debug)]
pub struct Graph {
    kept: Kept,
    budget: Cell<usize>,
}

impl Graph {
    pub(super) fn new(kept: Kept, budget: Cell<usize>) -> Self {
        Self { kept, budget }
    }

    /// Whether the statements were looked at so often that something must be wrong with them.
    pub fn is_exhausted(&self) -> bool {
        self.budget.get() == 0
    }

    /// Why some of the statements could not be read; then no answer since is to be relied upon.
    pub fn fault(&self) -> Option<&Problem> {
        match &self.kept {
            Kept::Here(_) => None,
            Kept::Aside(aside) => aside.fault(),
        }
    }

    /// Lets go of what was read of a large document, once it is much. To be called between things that have little in common.
    pub fn put_away(&mut self) {
        if let Kept::Aside(aside) = &mut self.kept {
            aside.put_away();
        }
    }

    /// Things of a class, each once, in the order of the document.
    pub fn of_class(&self, namespace: &str, name: &str) -> Vec<Thing> {
        let mut found: Vec<(usize, Thing)> = Vec::new();
        self.each_with(rdf::TYPE.as_str(), Some(&format!("{namespace}{name}")), &mut |number, subject, _| {
            found.extend(self.thing(subject).map(|thing| (number, thing)));
        });
        found.sort_unstable_by_key(|(number, _)| *number);
        let mut seen = HashSet::with_capacity(found.len());
        found.into_iter().map(|(_, thing)| thing).filter(|thing| seen.insert(*thing)).collect()
    }

    /// Things that a property names and that are none of those that are known, each once: those of which the graph says something, and those
    /// of which it says nothing.
    pub fn further(&self, (namespace, name): (&str, &str), known: &HashSet<Thing>) -> (Vec<Thing>, Vec<NamedOrBlankNode>) {
        let (mut described, mut bare) = (Vec::new(), Vec::new());
        let (mut seen, mut seen_bare) = (HashSet::new(), HashSet::new());
        self.each_with(&format!("{namespace}{name}"), None, &mut |_, _, object| {
            let Some(node) = node_of(object) else { return };
            match self.thing(&node) {
                Some(thing) if known.contains(&thing) || !seen.insert(thing) => {}
                Some(thing) => described.push(thing),
                None if seen_bare.insert(node.clone()) => bare.push(node),
                None => {}
            }
        });
        (described, bare)
    }

    /// Of each thing that is the value of one of the properties the thing that says so: by the first property that is given, and there by
    /// the first statement.
    pub fn named_by(&self, properties: &[(&str, &str)]) -> HashMap<Thing, Thing> {
        let mut first: HashMap<Thing, (usize, usize, Thing)> = HashMap::new();
        // A catalogue says it of many.
        let mut last: Option<(NamedOrBlankNode, Option<Thing>)> = None;
        for (rank, (namespace, name)) in properties.iter().enumerate() {
            self.each_with(&format!("{namespace}{name}"), None, &mut |number, subject, object| {
                if last.as_ref().is_none_or(|(same, _)| same != subject) {
                    last = Some((subject.clone(), self.thing(subject)));
                }
                let whole = last.as_ref().and_then(|(_, whole)| *whole);
                let part = node_of(object).and_then(|node| self.thing(&node));
                let (Some(part), Some(whole)) = (part, whole) else { return };
                let said = (rank, number, whole);
                let kept = first.entry(part).or_insert(said);
                if (rank, number) < (kept.0, kept.1) {
                    *kept = said;
                }
            });
        }
        first.into_iter().map(|(part, (_, _, whole))| (part, whole)).collect()
    }

    /// What is made of the first value of a property of which anything can be made.
    pub fn first_value<T>(&self, namespace: &str, name: &str, read: impl Fn(&Term) -> Option<T>) -> Option<T> {
        let mut first: Option<(usize, T)> = None;
        self.each_with(&format!("{namespace}{name}"), None, &mut |number, _, object| {
            if first.as_ref().is_none_or(|(best, _)| number < *best)
                && let Some(value) = read(object)
            {
                first = Some((number, value));
            }
        });
        first.map(|(_, value)| value)
    }

    fn each_with(&self, predicate: &str, only: Option<&str>, take: &mut dyn FnMut(usize, &NamedOrBlankNode, &Term)) {
        match &self.kept {
            Kept::Here(here) => here.each_with(predicate, only, take),
            Kept::Aside(aside) => aside.each_with(predicate, only, take),
        }
    }

    fn thing(&self, subject: &NamedOrBlankNode) -> Option<Thing> {
        match &self.kept {
            Kept::Here(here) => here.thing(subject),
            Kept::Aside(aside) => aside.thing(subject),
        }
    }

    /// The name of a thing.
    pub fn subject(&self, thing: Thing) -> Option<NamedOrBlankNode> {
        match &self.kept {
            Kept::Here(here) => here.subject(thing),
            Kept::Aside(aside) => aside.subject(thing),
        }
    }

    /// What is said of a thing.
    pub fn about(&self, subject: &NamedOrBlankNode) -> Vec<Statement<'_>> {
        if self.is_exhausted() {
            return Vec::new();
        }
        let said = match &self.kept {
            Kept::Here(here) => here.about(subject),
            Kept::Aside(aside) => aside.about(subject),
        };
        let Some(left) = self.budget.get().checked_sub(said.len() + 1) else {
            self.budget.set(0);
            return Vec::new();
        };
        self.budget.set(left);
        said
    }
}

/// A value as a thing that more may be said of.
pub fn node_of(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        Term::Literal(_) => None,
    }
}

#[cfg(test)]
impl Graph {
    /// All statements with a property, with their things, in the order of the document; also those made twice.
    pub fn with_property(&self, namespace: &str, name: &str) -> Vec<(NamedOrBlankNode, Term)> {
        let mut found = Vec::new();
        self.each_with(&format!("{namespace}{name}"), None, &mut |number, subject, object| {
            found.push((number, subject.clone(), object.clone()));
        });
        found.sort_by_key(|(number, ..)| *number);
        found.into_iter().map(|(_, subject, object)| (subject, object)).collect()
    }

    /// Everything that is said of the things of which anything is said, in the order of the document.
    pub fn all(&self) -> Vec<(usize, NamedOrBlankNode, String, Term)> {
        let mut subjects = HashSet::new();
        match &self.kept {
            Kept::Here(here) => subjects.extend(here.subjects.iter().cloned()),
            Kept::Aside(aside) => aside.each_subject(&mut |subject| subjects.extend([subject])),
        }
        let mut said = Vec::new();
        for subject in subjects {
            said.extend(self.about(&subject).iter().map(|s| (s.number, subject.clone(), s.predicate.to_owned(), s.object.clone())));
        }
        said.sort_by_key(|(number, ..)| *number);
        said
    }

    /// Takes half of the file away in which the statements lie.
    pub fn damage(&self) {
        if let Kept::Aside(aside) = &self.kept {
            aside.damage();
        }
    }

    /// Whether the statements lie in a file.
    pub fn is_aside(&self) -> bool {
        matches!(self.kept, Kept::Aside(_))
    }
}
