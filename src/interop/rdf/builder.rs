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

/// An address as a thing; none where the text is not an address. What browsers take and an IRI does not allow is escaped.
pub fn thing(iri: &str) -> Option<NamedNode> {
    let parsed = || url::Url::parse(iri).map(String::from).ok();
    let as_it_is = NamedNode::new(iri).ok();
    as_it_is.or_else(|| NamedNode::new(parsed()?).ok()).or_else(|| NamedNode::new(escaped(&parsed()?)).ok())
}

/// An address with whatever RFC 3987 forbids behind the host written by its number: `[`, `]`, `|`, `^` and the like, a second `#`, and a `%` that begins
/// no number. Content systems write such addresses every day.
fn escaped(address: &str) -> String {
    let start = address.find("://").map_or(0, |at| at + 3);
    let start = address.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(address.len(), |at| start + at);
    let (host, rest) = address.split_at(start);
    let mut out = host.to_owned();
    let mut has_fragment = false;
    for (at, c) in rest.char_indices() {
        let is_number = || rest.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        let is_allowed = match c {
            '#' => !std::mem::replace(&mut has_fragment, true),
            '%' => is_number(),
            _ => !c.is_ascii() || c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(c),
        };
        if is_allowed {
            out.push(c);
        } else {
            out.push_str(&format!("%{:02X}", u32::from(c)));
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::thing;

    #[test]
    fn addresses_that_browsers_take_are_things() {
        for (given, wanted) in [
            ("https://x.ma/é[1]", "https://x.ma/%C3%A9%5B1%5D"),
            (
                "https://www.example.ma/index.php?tx_news_pi1[news]=12&f[0]=type",
                "https://www.example.ma/index.php?tx_news_pi1%5Bnews%5D=12&f%5B0%5D=type",
            ),
            ("https://x.ma/a|b^c?q=a|b#one#two[3]", "https://x.ma/a%7Cb%5Ec?q=a%7Cb#one%23two%5B3%5D"),
            ("https://x.ma/100%?p=%41", "https://x.ma/100%25?p=%41"),
            ("https://[2001:db8::1]:8080/f[0]", "https://[2001:db8::1]:8080/f%5B0%5D"),
            ("urn:x-rihla:ns#unknown", "urn:x-rihla:ns#unknown"),
        ] {
            assert_eq!(thing(given).as_ref().map(|node| node.as_str()), Some(wanted), "{given}");
        }
        assert_eq!(thing("not an address"), None);
    }
}
