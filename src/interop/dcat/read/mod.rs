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
use crate::domain::ids::is_web_address;
use crate::domain::problem::Problem;
use crate::domain::text::LanguageTag;
use crate::interop::exchange::{Found, MORE_NOT_HELD, NOT_HELD, Reading};
use crate::interop::filed::Filed;
use crate::interop::rdf::names::{DCAT, HYDRA, SCHEMA, shorten};
use crate::interop::rdf::{Graph, Limits, NOWHERE, Parsed, Thing, node_of, parse, parse_file};

pub use access::NO_LICENCE;
use record::{Record, declared_language};
pub use text::{join, official, undetermined};

/// What a page of a catalogue holds.
#[derive(Debug, Default)]
pub struct Page {
    /// The records.
    pub reading: Reading,
    /// What the page says of the catalogue that it is a part of.
    pub onward: Onward,
}

/// What a page says of the catalogue that it is a part of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Onward {
    /// Address of the next page, where the catalogue names one.
    pub next: Option<String>,
    /// Things that the catalogue says it has (`hydra:totalItems`).
    pub total: Option<u64>,
    /// Datasets, services and series that are described here.
    pub described: u64,
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
    let (problems, onward) = read_each(bytes, source, &mut |record| found.push(record));
    Page { reading: Reading { found, problems }, onward }
}

/// Hands over the datasets of a page of a catalogue one by one, so that never all of them are held; what is wrong with the
/// page, and where the next page is.
pub fn read_each(bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> (Vec<Problem>, Onward) {
    read_within(&Limits::default(), bytes, source, take)
}

/// Hands over the datasets of a file that [`Filed::is_plain`], of which a small part is held at any time.
pub fn read_file(filed: Filed<'_>, source: &Source<'_>, take: &mut dyn FnMut(Found)) -> (Vec<Problem>, Onward) {
    match parse_file(filed, source.address, &Limits::default()) {
        Ok(parsed) => read_parsed(parsed, source, take),
        Err(problem) => (vec![problem], Onward::default()),
    }
}

/// The same within limits.
pub(super) fn read_within(limits: &Limits, bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> (Vec<Problem>, Onward) {
    match parse(bytes, source.address, limits) {
        Ok(parsed) => read_parsed(parsed, source, take),
        Err(problem) => (vec![problem], Onward::default()),
    }
}

/// Hands over the datasets of a document that was parsed.
pub(super) fn read_parsed(parsed: Parsed, source: &Source<'_>, take: &mut dyn FnMut(Found)) -> (Vec<Problem>, Onward) {
    let Parsed { mut graph, mut problems, .. } = parsed;
    let described = read_graph(&mut graph, source, take, &mut problems);
    let next = ["next", "nextPage"].into_iter().find_map(|name| graph.first_value(HYDRA, name, web_address));
    let total = graph.first_value(HYDRA, "totalItems", |term| value_of(term)?.parse().ok());
    problems.extend(graph.fault().cloned());
    (problems, Onward { next, total, described })
}

/// Hands over the datasets of a graph; how many things of a catalogue are described in it.
fn read_graph(graph: &mut Graph, source: &Source<'_>, take: &mut dyn FnMut(Found), problems: &mut Vec<Problem>) -> u64 {
    let tables = Tables::new(source.concepts);
    let catalogues = graph.named_by(&[(DCAT, "dataset"), (DCAT, "resource")]);
    let languages = languages(graph, &tables, &catalogues);
    let mut datasets = graph.of_class(DCAT, "Dataset");
    let (further, absent) = graph.further((DCAT, "dataset"), &datasets.iter().copied().collect());
    // What a catalogue lists as a dataset is one, whether its own description says so or not.
    let others: HashSet<Thing> = OTHER_CLASSES.iter().flat_map(|class| graph.of_class(DCAT, class)).collect();
    datasets.extend(further.into_iter().filter(|thing| !others.contains(thing)));
    name_absent(graph, &absent, problems);
    if datasets.is_empty() && graph.fault().is_none() {
        problems.push(nothing_found(graph));
    }
    for thing in &datasets {
        if graph.is_exhausted() {
            let remedy = "the document refers to the same descriptions too often to be read; split it into pages";
            problems.push(Problem::new("", "", remedy));
            break;
        }
        graph.put_away();
        let Some(node) = graph.subject(*thing) else { break };
        let language = catalogues.get(thing).and_then(|catalogue| languages.get(catalogue)).or(source.language);
        let mut record = Record::new(graph, &tables, &node, language);
        record.is_alone = datasets.len() == 1;
        let found = record.read();
        // A record of which some could not be read is none.
        if graph.fault().is_some() {
            break;
        }
        take(found);
    }
    let described = datasets.len();
    let others = name_others(graph, datasets.into_iter().collect(), problems);
    (described + others) as u64
}

/// Classes of things in a catalogue that are no datasets.
const OTHER_CLASSES: [&str; 3] = ["DataService", "DatasetSeries", "Catalog"];

/// Names the datasets that a catalogue lists and the document does not describe. Of a catalogue in pages they stand on another one.
fn name_absent(graph: &Graph, absent: &[NamedOrBlankNode], problems: &mut Vec<Problem>) {
    let is_page =
        ["next", "nextPage", "previous", "previousPage"].into_iter().any(|name| graph.first_value(HYDRA, name, value_of).is_some());
    if is_page {
        return;
    }
    for node in absent.iter().take(50) {
        let remedy = "the catalogue lists this dataset and the document does not describe it; import its own description too";
        problems.push(Problem::new("dcat:dataset", shown(node), remedy));
    }
    if let Some(more) = absent.len().checked_sub(50).filter(|more| *more > 0) {
        let remedy = "so many further datasets are listed by the catalogue and not described in the document";
        problems.push(Problem::new("dcat:dataset", more, remedy));
    }
}

/// Names what the registry does not hold; `seen` are those that were read. Returns how many they are.
fn name_others(graph: &Graph, mut seen: HashSet<Thing>, problems: &mut Vec<Problem>) -> usize {
    let mut count = 0;
    for class in ["DataService", "DatasetSeries"] {
        let others: Vec<_> = graph.of_class(DCAT, class).into_iter().filter(|thing| seen.insert(*thing)).collect();
        count += others.len();
        for node in others.iter().take(50).filter_map(|thing| graph.subject(*thing)) {
            problems.push(Problem::new(format!("dcat:{class}"), shown(&node), NOT_HELD));
        }
        if let Some(more) = others.len().checked_sub(50).filter(|more| *more > 0) {
            problems.push(Problem::new(format!("dcat:{class}"), more, MORE_NOT_HELD));
        }
    }
    count
}

/// The language that each catalogue declares. A catalogue says as much as it has datasets: it is asked once, not by each of them.
fn languages(graph: &Graph, tables: &Tables<'_>, catalogues: &HashMap<Thing, Thing>) -> HashMap<Thing, LanguageTag> {
    let named: HashSet<Thing> = catalogues.values().copied().collect();
    let declared = |thing| graph.subject(thing).and_then(|node| declared_language(graph, tables, &node));
    named.into_iter().filter_map(|thing| Some((thing, declared(thing)?))).collect()
}

fn nothing_found(graph: &Graph) -> Problem {
    let remedy = if graph.of_class(SCHEMA, "Dataset").is_empty() {
        "the document holds no dcat:Dataset; choose a catalogue or a dataset in DCAT"
    } else {
        "the document describes datasets in schema.org's terms; import it with the format SCHEMA_ORG"
    };
    Problem::new("dcat:Dataset", "", remedy)
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

/// A value as a full address on the web. Of a document whose own address is not known, a relative one leads nowhere.
fn web_address(term: &Term) -> Option<String> {
    value_of(term).filter(|address| is_web_address(address) && !address.starts_with(NOWHERE))
}

fn shown(node: &NamedOrBlankNode) -> String {
    match node {
        NamedOrBlankNode::NamedNode(node) => shorten(node.as_str()),
        NamedOrBlankNode::BlankNode(_) => "without an address".to_owned(),
    }
}
