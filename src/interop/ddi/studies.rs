//! The studies that a codebook describes: often one, sometimes several, or one in several languages.

use std::collections::HashMap;

use roxmltree::Node;

use super::OWN;
use crate::domain::problem::Problem;
use crate::interop::exchange::Found;
use crate::interop::xml_text::tracked::Tracked;

/// Most studies of one codebook that are read.
const MOST_STUDIES: usize = 1_000;
/// Parts of a codebook that are said of no study in particular.
const SHARED: [&str; 3] = ["fileDscr", "dataDscr", "otherMat"];

/// The descriptions of one study. What the codebook says beside them stands with the first.
#[derive(Clone, Debug, Default)]
pub(super) struct Study<'a, 'i> {
    parts: Vec<Node<'a, 'i>>,
    languages: Vec<String>,
    /// Whether it is the first of the codebook.
    pub is_first: bool,
}

impl<'a, 'i> Study<'a, 'i> {
    /// All elements at a path below the study.
    pub fn within(&self, tracked: &Tracked<'a, 'i>, path: &str) -> Vec<Node<'a, 'i>> {
        tracked.all_below(&self.parts, path)
    }

    /// All elements at a path below the codebook; none where they stand with another study.
    pub fn around(&self, tracked: &Tracked<'a, 'i>, path: &str) -> Vec<Node<'a, 'i>> {
        if self.is_first { tracked.every(tracked.root(), path) } else { Vec::new() }
    }

    /// The first description.
    pub fn first(&self) -> Option<Node<'a, 'i>> {
        self.parts.first().copied()
    }

    /// Whether it has notes that only this registry reads.
    pub fn has_notes(&self) -> bool {
        let mut inside = self.parts.iter().flat_map(|part| part.children());
        inside.any(|child| child.tag_name().name() == "notes" && child.attribute("type") == Some(OWN))
    }

    /// The elements of a codebook with several studies that belong to this one.
    pub fn share(&self, root: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
        let mut share = self.parts.clone();
        if self.is_first {
            share.splice(0..0, root.children().filter(|child| child.is_element() && !is_study(child)));
        }
        share
    }
}

fn is_study(node: &Node) -> bool {
    node.tag_name().name() == "stdyDscr"
}

/// What tells a description from others.
struct Mark<'a> {
    language: String,
    identifiers: Vec<&'a str>,
    has_title: bool,
}

fn mark<'a>(node: Node<'a, '_>) -> Mark<'a> {
    let language = |node: &Node| {
        let stated = node.attributes().find(|attribute| matches!(attribute.name(), "lang" | "xml-lang"));
        stated.map(|attribute| attribute.value().trim().to_lowercase())
    };
    let statements = || below(node, "citation").flat_map(|citation| below(citation, "titlStmt")).flat_map(|statement| statement.children());
    let said = |name: &'static str| statements().filter(move |child| child.tag_name().name() == name);
    let is_said = |child: &Node<'a, '_>| child.text().is_some_and(|text| !text.trim().is_empty());
    Mark {
        language: language(&node).or_else(|| said("titl").find_map(|title| language(&title))).unwrap_or_default(),
        identifiers: said("IDNo").filter(is_said).filter_map(|child| child.text().map(str::trim)).collect(),
        has_title: said("titl").any(|child| is_said(&child)),
    }
}

/// The studies of a codebook, in its order; at least one. Descriptions in different languages that share an identifier are of one study.
/// The number of those that are too many comes with them.
pub(super) fn studies<'a, 'i>(root: Node<'a, 'i>) -> (Vec<Study<'a, 'i>>, usize) {
    let (mut studies, mut left): (Vec<Study>, usize) = (vec![Study { is_first: true, ..Study::default() }], 0);
    let mut known: HashMap<&str, usize> = HashMap::new();
    for node in root.children().filter(is_study) {
        let mark = mark(node);
        let is_bare = !mark.has_title && mark.identifiers.is_empty();
        let last = studies.len() - 1;
        let same = mark.identifiers.iter().find_map(|identifier| known.get(identifier).copied());
        let is_other_language = |index: &usize| studies.get(*index).is_some_and(|study| !study.languages.contains(&mark.language));
        let is_begun = studies.first().is_some_and(|study| !study.parts.is_empty());
        let place = if is_bare || !is_begun { Some(last) } else { same.filter(is_other_language) };
        if place.is_none() && studies.len() == MOST_STUDIES {
            left += 1;
            continue;
        }
        let place = place.unwrap_or(studies.len());
        if place == studies.len() {
            studies.push(Study::default());
        }
        if let Some(study) = studies.get_mut(place) {
            study.parts.push(node);
            study.languages.push(mark.language);
        }
        for identifier in mark.identifiers {
            known.entry(identifier).or_insert(place);
        }
    }
    (studies, left)
}

/// Tells of several studies that what the codebook says of none in particular stands with the first.
pub(super) fn tell(root: Node, found: &mut [Found]) {
    let count = found.len();
    let names: Vec<&str> = SHARED.into_iter().filter(|name| root.children().any(|child| child.tag_name().name() == *name)).collect();
    if count < 2 || names.is_empty() {
        return;
    }
    let first = found.first().and_then(|first| first.draft.titles.words(None, None)).unwrap_or_default().to_owned();
    for (index, one) in found.iter_mut().enumerate() {
        let remedy = if index == 0 {
            format!(
                "the document describes {count} studies; its files, variables and materials stand with this one, the first: move what is of another"
            )
        } else {
            format!(
                "the document describes {count} studies; its files, variables and materials stand with the first, `{first}`: move what is of this one"
            )
        };
        one.unfit.push(Problem::new("codeBook", names.join(", "), remedy));
    }
}

fn below<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(studies: &str) -> Vec<usize> {
        let text = format!("<codeBook>{studies}</codeBook>");
        let document = roxmltree::Document::parse(&text).expect("tree");
        super::studies(document.root_element()).0.iter().map(|study| study.parts.len()).collect()
    }

    fn study(language: &str, title: &str, identifier: &str) -> String {
        format!(
            "<stdyDscr xml:lang='{language}'><citation><titlStmt><titl>{title}</titl><IDNo>{identifier}</IDNo></titlStmt></citation></stdyDscr>"
        )
    }

    #[test]
    fn descriptions_are_of_one_study_where_they_share_an_identifier_and_differ_in_language() {
        let one = || study("fr", "Un", "A");
        for (text, wanted) in [
            (String::new(), vec![0]),
            (one(), vec![1]),
            (one() + &study("en", "One", "A"), vec![2]),
            (one() + &study("fr", "Deux", "A"), vec![1, 1]),
            (one() + &study("en", "Two", "B"), vec![1, 1]),
            (one() + &study("en", "Two", ""), vec![1, 1]),
            (one() + "<stdyDscr><stdyInfo/></stdyDscr>", vec![2]),
            (one() + &study("en", "Two", "B") + &study("ar", "1", "A"), vec![2, 1]),
        ] {
            assert_eq!(parts(&text), wanted, "{text}");
        }
        let many = study("fr", "Un", "").repeat(MOST_STUDIES + 5);
        let text = format!("<codeBook>{many}</codeBook>");
        let document = roxmltree::Document::parse(&text).expect("tree");
        let (studies, left) = super::studies(document.root_element());
        assert_eq!((studies.len(), left), (MOST_STUDIES, 5));
    }
}
