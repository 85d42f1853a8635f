//! A value as a line shows it. Of a thing without an address that is what is said of it, for nobody could look it up elsewhere.

use oxrdf::{NamedOrBlankNode, Term};

use super::Record;
use crate::interop::dcat::read::{node_of, value_of};
use crate::interop::rdf::names::{RDF, RIHLA, as_written, shorten};

/// Longest value that a line shows whole, in characters.
const LONGEST: usize = 100;
/// Deepest thing inside a thing that is shown.
const DEEPEST: usize = 3;
/// Most statements of one thing that are shown.
const MOST: usize = 40;
/// Parts of names of properties whose values may be those of a person.
const PERSONAL: [&str; 7] = ["mbox", "hasemail", "email", "phone", "given-name", "family-name", "hasurl"];

impl Record<'_> {
    /// A value in one line: its name where it is one thing with a name, else what is said of it, its address or its words.
    pub fn shown(&self, term: &Term) -> String {
        match term {
            Term::BlankNode(node) => self.in_short(&node.clone().into(), DEEPEST),
            _ => {
                let label = node_of(term).map(|node| self.peek_label(&node)).unwrap_or_default();
                if label.is_empty() { value_of(term).map(|value| as_written(&value).to_owned()).unwrap_or_default() } else { label }
            }
        }
    }

    /// The lines that show a value below a path: one where it is short, else one for each thing that is said of it.
    pub fn lines(&self, path: &str, term: &Term) -> Vec<(String, String)> {
        let mut lines = Vec::new();
        self.gather_lines(path, term, DEEPEST, &mut lines);
        lines
    }

    fn gather_lines(&self, path: &str, term: &Term, depth: usize, lines: &mut Vec<(String, String)>) {
        // Of a page the address says where it is, whatever it is called.
        let page =
            value_of(term).map(|value| as_written(&value).to_owned()).filter(|_| ["page", "hasURL"].iter().any(|end| path.ends_with(end)));
        let shown = page.unwrap_or_else(|| self.shown(term));
        let inside = match term {
            Term::BlankNode(node) if depth > 0 && shown.chars().count() > LONGEST => self.said_of(&node.clone().into()),
            _ => Vec::new(),
        };
        if inside.is_empty() {
            lines.push((path.to_owned(), shown));
        }
        for (name, object) in inside {
            self.gather_lines(&format!("{path}/{name}"), object, depth - 1, lines);
        }
    }

    fn in_short(&self, node: &NamedOrBlankNode, depth: usize) -> String {
        let said = self.said_of(node);
        let label = self.peek_label(node);
        if let ([(_, one)], false) = (said.as_slice(), label.is_empty())
            && !matches!(one, Term::BlankNode(_))
        {
            return label;
        }
        let part = |(name, object): &(String, &Term)| match object {
            Term::BlankNode(_) if depth == 0 => format!("{name} […]"),
            Term::BlankNode(inner) => format!("{name} [{}]", self.in_short(&inner.clone().into(), depth - 1)),
            Term::NamedNode(inner) => format!("{name} {}", shorten(inner.as_str())),
            Term::Literal(literal) => format!("{name} {}", literal.value().trim()),
        };
        said.iter().map(part).collect::<Vec<_>>().join("; ")
    }

    /// What is said of a thing, but for its class and for what may tell of a person. Nothing of a person.
    fn said_of(&self, node: &NamedOrBlankNode) -> Vec<(String, &Term)> {
        if self.is_person(&Term::from(node.clone())) {
            return Vec::new();
        }
        let statements = self.graph.about(node).into_iter().filter(|s| !s.predicate.starts_with(RDF) && !s.predicate.starts_with(RIHLA));
        let named = statements.map(|s| (shorten(s.predicate), s.object));
        named.filter(|(name, object)| !may_tell_of_a_person(name, object)).take(MOST).collect()
    }
}

/// Whether a value may be the mailbox or the number of a person.
pub(super) fn may_tell_of_a_person(path: &str, object: &Term) -> bool {
    let path = path.to_lowercase();
    let value = value_of(object).unwrap_or_default();
    PERSONAL.iter().any(|part| path.contains(part)) || value.starts_with("mailto:") || value.starts_with("tel:") || value.contains('@')
}
