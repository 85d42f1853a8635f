//! Texts: every language version is kept, and none is given a language that it does not state.

use oxrdf::{NamedOrBlankNode, Term};

use super::record::{Property, Record};
use super::{node_of, value_of};
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MAX_TEXT, MultilingualText, Wording, shows_something};
use crate::domain::vocabulary::TextStatus;
use crate::interop::rdf::clean;
use crate::interop::rdf::names::{DCT, FOAF, RDF, RDFS, SCHEMA, SKOS, VCARD};

/// Properties that name a thing, the best first.
const LABELS: [Property; 10] = [
    (FOAF, "name"),
    (SKOS, "prefLabel"),
    (RDFS, "label"),
    (DCT, "title"),
    (VCARD, "organization-name"),
    (VCARD, "fn"),
    (SCHEMA, "name"),
    ("http://www.w3.org/ns/locn#", "geographicName"),
    (DCT, "description"),
    (RDF, "value"),
];

/// The tag of a language that nobody stated.
#[expect(clippy::expect_used, reason = "`und` is a tag of BCP 47; a test reads it")]
pub fn undetermined() -> LanguageTag {
    LanguageTag::parse("und").expect("a tag")
}

/// A text in one language, as its producer words it.
pub fn official(tag: LanguageTag, text: String) -> MultilingualText {
    MultilingualText([(tag, Wording { text, status: TextStatus::Official })].into())
}

/// Adds texts to a text, language by language; a second text in a language comes behind the first. What does not fit there is
/// given back.
#[must_use]
pub fn join(text: &mut MultilingualText, other: MultilingualText) -> Vec<String> {
    let mut left = Vec::new();
    for (tag, wording) in other.0 {
        match text.0.get_mut(&tag) {
            Some(there) if there.text == wording.text => {}
            Some(there) if there.text.len() + wording.text.len() < MAX_TEXT => {
                there.text.push_str("; ");
                there.text.push_str(&wording.text);
            }
            Some(_) => left.push(wording.text),
            None => {
                text.0.insert(tag, wording);
            }
        }
    }
    left
}

impl Record<'_> {
    /// Adds texts to a text, and names those that do not fit there.
    pub fn add(&mut self, path: &str, text: &mut MultilingualText, other: MultilingualText) {
        for left in join(text, other) {
            self.unfit.push(Problem::new(path, left, "does not fit behind the other texts of the field; shorten them"));
        }
    }

    /// A text of the dataset in all its languages.
    pub fn text(&mut self, path: &str, properties: &[Property]) -> MultilingualText {
        let terms = self.values(properties);
        self.gather(path, terms)
    }

    /// Texts of another thing in all their languages.
    pub fn text_of(&mut self, node: &NamedOrBlankNode, path: &str, properties: &[Property]) -> MultilingualText {
        let terms = self.values_of(node, properties);
        self.gather(path, terms)
    }

    fn gather(&mut self, path: &str, mut terms: Vec<&Term>) -> MultilingualText {
        let mut text = MultilingualText::default();
        // A language that is stated comes before one that is only assumed, whichever stands first.
        terms.sort_by_key(|term| matches!(term, Term::Literal(literal) if literal.language().is_none()));
        for term in terms {
            for (tag, wording) in self.one_text(path, term).unwrap_or_default().0 {
                match text.0.get(&tag) {
                    None => {
                        text.0.insert(tag, wording);
                    }
                    Some(there) if there.text == wording.text => {}
                    Some(_) => {
                        let remedy = "is a second text in the same language; the first was taken: join them";
                        let is_stated = matches!(term, Term::Literal(literal) if literal.language().is_some());
                        let place = if is_stated { format!("{path}@{}", tag.as_str()) } else { path.to_owned() };
                        self.unfit.push(Problem::new(place, wording.text, remedy));
                    }
                }
            }
        }
        text
    }

    /// One value as a text in its language.
    pub fn one_text(&mut self, path: &str, term: &Term) -> Option<MultilingualText> {
        let Term::Literal(literal) = term else {
            let label = self.label_of(term, path);
            let shown = value_of(term).unwrap_or_default();
            if label.is_empty() {
                self.unfit.push(Problem::new(path, shown, "is not a text; write the words"));
            }
            return Some(label).filter(|label| !label.is_empty());
        };
        let (text, was_cleaned) = clean(literal.value().trim());
        if was_cleaned {
            self.unfit.push(Problem::new(path, &text, "held characters that nobody sees or that turn the text; they were taken out"));
        }
        if !shows_something(&text) {
            return None;
        }
        let length = text.chars().count();
        if length > MAX_TEXT {
            let remedy = format!("is longer than {MAX_TEXT} characters ({length}); shorten it or link to a document");
            self.unfit.push(Problem::new(path, &text, remedy));
            return None;
        }
        Some(official(self.tag_of(path, literal), text))
    }

    fn tag_of(&mut self, path: &str, literal: &oxrdf::Literal) -> LanguageTag {
        match literal.language().map(|tag| (tag, LanguageTag::parse(tag))) {
            Some((_, Ok(tag))) => tag,
            Some((wrong, Err(_))) => {
                // A longer tag is read by its beginning: `de-CH-1996` is German of Switzerland.
                let known = wrong.match_indices('-').rev().find_map(|(at, _)| LanguageTag::parse(wrong.get(..at)?).ok());
                let remedy = "is not a language tag of the registry; the text was kept under the nearest one";
                self.unfit.push(Problem::new(format!("{path}@{wrong}"), literal.value(), remedy));
                known.unwrap_or_else(undetermined)
            }
            None => {
                self.met_untagged = true;
                self.untagged.clone()
            }
        }
    }

    /// What a value is called: its words, or those said of it.
    pub fn label_of(&mut self, term: &Term, path: &str) -> MultilingualText {
        if matches!(term, Term::Literal(_)) {
            return self.one_text(path, term).unwrap_or_default();
        }
        let Some(node) = node_of(term) else { return MultilingualText::default() };
        if self.graph.about(&node).is_empty() {
            return MultilingualText::default();
        }
        self.enter(term, path);
        for property in LABELS {
            let literals: Vec<_> = self.values_if_words(&node, property);
            if !literals.is_empty() {
                return self.gather(path, literals);
            }
        }
        MultilingualText::default()
    }

    fn values_if_words<'t>(&mut self, node: &NamedOrBlankNode, property: Property) -> Vec<&'t Term>
    where
        Self: 't,
    {
        let words = self
            .graph
            .about(node)
            .iter()
            .any(|s| s.predicate.strip_prefix(property.0) == Some(property.1) && matches!(s.object, Term::Literal(_)));
        if words {
            self.values_of(node, &[property]).into_iter().filter(|term| matches!(term, Term::Literal(_))).collect()
        } else {
            Vec::new()
        }
    }

    /// What a thing is called, without counting it as read.
    pub fn peek_label(&self, node: &NamedOrBlankNode) -> String {
        let statements = self.graph.about(node);
        let name = LABELS.iter().find_map(|(namespace, name)| {
            statements.iter().find(|s| s.predicate.strip_prefix(*namespace) == Some(*name)).and_then(|s| value_of(s.object))
        });
        name.unwrap_or_default()
    }
}
