//! From statements to drafts.

mod access;
mod agent;
mod period;
mod place;
mod record;
mod text;

use std::collections::{HashMap, HashSet};

use oxrdf::{NamedOrBlankNode, Term};

use super::authority::Tables;
use crate::domain::concept::Concepts;
use crate::domain::problem::Problem;
use crate::domain::text::LanguageTag;
use crate::interop::exchange::{Found, Reading};
use crate::interop::rdf::names::{DCAT, HYDRA, SCHEMA, shorten};
use crate::interop::rdf::{Graph, Limits, parse};

pub use access::NO_LICENCE;
use record::{Record, declared_language};
pub use text::{join, official, undetermined};

/// What a page of a catalogue holds.
#[derive(Debug, Default)]
pub struct Page {
    /// The records.
    pub reading: Reading,
    /// Address of the next page, where the catalogue names one.
    pub next: Option<String>,
}

/// What the reader knows beside the document.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Where the document was found; relative addresses start there.
    pub address: Option<&'a str>,
    /// Language of texts that carry no tag in documents that declare none, as whoever registered the source says.
    pub language: Option<&'a LanguageTag>,
    /// The concept schemes.
    pub concepts: &'a Concepts,
}

/// Reads every dataset of a document in Turtle, RDF/XML or JSON-LD.
pub fn read(bytes: &[u8], source: &Source<'_>) -> Reading {
    read_page(bytes, source).reading
}

/// Reads every dataset of a page of a catalogue, and where the next page is.
pub fn read_page(bytes: &[u8], source: &Source<'_>) -> Page {
    let mut found = Vec::new();
    let (problems, next) = read_each(bytes, source, &mut |record| found.push(record));
    Page { reading: Reading { found, problems }, next }
}

/// Hands over the datasets of a page of a catalogue one by one, so that never all of them are held; what is wrong with the
/// page, and where the next page is.
pub fn read_each(bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> (Vec<Problem>, Option<String>) {
    let parsed = match parse(bytes, source.address, &Limits::default()) {
        Ok(parsed) => parsed,
        Err(problem) => return (vec![problem], None),
    };
    let mut problems = parsed.problems;
    read_graph(&parsed.graph, source, take, &mut problems);
    let next = ["next", "nextPage"].into_iter().find_map(|name| {
        let mut addresses = parsed.graph.with_property(HYDRA, name).filter_map(|(_, object)| value_of(object));
        addresses.next()
    });
    (problems, next)
}

fn read_graph(graph: &Graph, source: &Source<'_>, take: &mut dyn FnMut(Found), problems: &mut Vec<Problem>) {
    let tables = Tables::new(source.concepts);
    let catalogues = catalogues(graph);
    // A catalogue says as much as it has datasets: it is asked once, not by each of them.
    let named: HashSet<&NamedOrBlankNode> = catalogues.values().copied().collect();
    let languages: HashMap<_, _> = named.into_iter().filter_map(|node| Some((node, declared_language(graph, &tables, node)?))).collect();
    let mut seen = HashSet::new();
    let datasets: Vec<_> = graph.of_class(DCAT, "Dataset").filter(|node| seen.insert(*node)).collect();
    if datasets.is_empty() {
        problems.push(nothing_found(graph));
    }
    for node in datasets {
        if graph.is_exhausted() {
            let remedy = "the document refers to the same descriptions too often to be read; split it into pages";
            problems.push(Problem::new("", "", remedy));
            break;
        }
        let language = catalogues.get(node).and_then(|catalogue| languages.get(*catalogue)).or(source.language);
        take(Record::new(graph, &tables, node, language).read());
    }
    for class in ["DataService", "DatasetSeries"] {
        let others: Vec<_> = graph.of_class(DCAT, class).filter(|node| seen.insert(*node)).take(50).collect();
        for node in others {
            let remedy = "the registry holds datasets; this stays in the original that is kept";
            problems.push(Problem::new(format!("dcat:{class}"), shown(node), remedy));
        }
    }
}

fn nothing_found(graph: &Graph) -> Problem {
    let remedy = if graph.of_class(SCHEMA, "Dataset").next().is_some() {
        "the document describes datasets in schema.org's terms; import it with the format SCHEMA_ORG"
    } else {
        "the document holds no dcat:Dataset; choose a catalogue or a dataset in DCAT"
    };
    Problem::new("dcat:Dataset", "", remedy)
}

/// The catalogue of each dataset.
fn catalogues(graph: &Graph) -> HashMap<NamedOrBlankNode, &NamedOrBlankNode> {
    let mut of = HashMap::new();
    for name in ["dataset", "resource"] {
        for (catalogue, object) in graph.with_property(DCAT, name) {
            if let Some(dataset) = node_of(object) {
                of.entry(dataset).or_insert(catalogue);
            }
        }
    }
    of
}

/// A value as a thing that more may be said of.
fn node_of(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        Term::Literal(_) => None,
    }
}

/// An address or words, without blanks around them; none where there is nothing.
fn value_of(term: &Term) -> Option<String> {
    let value = match term {
        Term::NamedNode(node) => node.as_str(),
        Term::Literal(literal) => literal.value().trim(),
        Term::BlankNode(_) => "",
    };
    (!value.is_empty()).then(|| value.to_owned())
}

fn shown(node: &NamedOrBlankNode) -> String {
    match node {
        NamedOrBlankNode::NamedNode(node) => shorten(node.as_str()),
        NamedOrBlankNode::BlankNode(_) => "without an address".to_owned(),
    }
}
