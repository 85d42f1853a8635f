//! What a document says beside the record that it carries in the registry's own terms. The record is written again: each statement on the
//! dataset, its files and its agents that the writer would not write was added or changed by another tool, and is told.

use std::collections::{HashMap, HashSet};

use oxrdf::{NamedOrBlankNode, Term, Triple};
use serde_json::{Value, json};

use super::Record;
use super::shown::may_tell_of_a_person;
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::draft::DatasetDraft;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::ConceptScheme;
use crate::interop::dcat::read::agent::NO_CONTACT;
use crate::interop::dcat::read::{node_of, value_of};
use crate::interop::dcat::write::triples_for_others;
use crate::interop::ddi::residue::value_of as as_value;
use crate::interop::exchange::{Outgoing, Surroundings};
use crate::interop::rdf::names::{DCAT, RDF, RIHLA, shorten};

/// Why a statement is told.
const BESIDE: &str =
    "is not what the record in the registry's own terms says, so another tool has written it; it was not taken: write it into the record";
/// Statements that whoever reads a record cannot foresee: they are taken with the origin, or count the versions of the record there.
const UNFORESEEN: [&str; 5] = ["dct:identifier", "dct:issued", "dct:modified", "dcat:version", "dcat:identifier"];
/// Properties whose values are agents; their names are taken with the origin.
const NAMED: [&str; 4] = ["dct:publisher", "dct:creator", "dct:rightsHolder", "prov:qualifiedAttribution"];
/// What the writer says of an agent.
const OF_AGENTS: [&str; 3] = ["foaf:name", "foaf:homepage", "dct:type"];
/// Properties whose values are of a list, or are records of their own: what is said of them is not said of the record.
const LISTED: [&str; 8] = [
    "dcat:theme",
    "dct:spatial",
    "dct:language",
    "dct:accrualPeriodicity",
    "dct:accessRights",
    "dct:relation",
    "dct:type",
    "skos:inScheme",
];
/// Those of files.
const LISTED_OF_FILES: [&str; 3] = ["/dct:format", "/dcat:mediaType", "/spdx:algorithm"];
/// Deepest statement that is compared.
const DEEPEST: usize = 5;
/// Most statements that are compared.
const MOST: usize = 20_000;

/// What the writer says of a record: paths of properties, each with a value.
type Written = HashSet<(String, String)>;

impl Record<'_> {
    /// Tells each statement that is not the record's.
    pub fn name_what_is_beside(&mut self, draft: &DatasetDraft) {
        let Some(address) = value_of(&Term::from(self.node().clone())) else { return };
        let Some(written) = written(draft, &address, self.tables.concepts()) else {
            let remedy = "the record in the registry's own terms is not whole, so what stands beside it was not compared with it";
            self.unfit.push(Problem::new("rihla:record", "", remedy));
            return;
        };
        let mut beside = Beside {
            written,
            address,
            is_alone: self.is_alone,
            seen: HashSet::new(),
            waiting: vec![(self.node().clone(), String::new(), 0)],
        };
        while let Some((node, path, depth)) = beside.waiting.pop() {
            self.compare(&node, &path, depth, &mut beside);
        }
    }

    fn compare(&mut self, node: &NamedOrBlankNode, path: &str, depth: usize, beside: &mut Beside) {
        if depth > DEEPEST || beside.seen.len() > MOST {
            return;
        }
        for statement in self.graph.about(node) {
            let name = shorten(statement.predicate);
            if statement.predicate.starts_with(RIHLA) || statement.predicate.strip_prefix(RDF) == Some("type") {
                continue;
            }
            let below = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if !beside.seen.insert((node.clone(), statement.number)) || UNFORESEEN.contains(&below.as_str()) {
                continue;
            }
            let inner = node_of(statement.object);
            if NAMED.contains(&below.as_str()) {
                inner.iter().for_each(|agent| self.compare_agent(agent, &below));
            } else if beside.says(&below, statement.object) {
                self.look_into(inner, below, depth, beside);
            } else {
                self.tell_beside(&below, statement.object);
            }
        }
    }

    /// Goes on inside a thing that the writer writes.
    fn look_into(&mut self, inner: Option<NamedOrBlankNode>, path: String, depth: usize, beside: &mut Beside) {
        let Some(node) = inner else { return };
        if path == "dct:contributor" {
            return self.compare_agent(&node, &path);
        }
        let is_listed = LISTED.iter().any(|name| path == *name || path.ends_with(&format!("/{name}")));
        let is_of_files = LISTED_OF_FILES.iter().any(|end| path.ends_with(end));
        if path == "dcat:contactPoint" || is_listed || is_of_files || !beside.belongs(&node) || self.is_dataset(&node) {
            return;
        }
        beside.waiting.push((node, path, depth + 1));
    }

    fn is_dataset(&self, node: &NamedOrBlankNode) -> bool {
        let class = |term: &Term| value_of(term).is_some_and(|class| class.strip_prefix(DCAT).is_some_and(|name| name != "Distribution"));
        self.graph.about(node).iter().any(|s| s.predicate.strip_prefix(RDF) == Some("type") && class(s.object))
    }

    /// Of an agent its names, its website and its kind come from elsewhere; what else is said of it is told.
    fn compare_agent(&mut self, agent: &NamedOrBlankNode, path: &str) {
        if path == "prov:qualifiedAttribution" || self.is_person(&Term::from(agent.clone())) {
            return;
        }
        for statement in self.graph.about(agent) {
            let name = shorten(statement.predicate);
            if statement.predicate.starts_with(RDF) || OF_AGENTS.contains(&name.as_str()) {
                continue;
            }
            self.tell_beside(&format!("{path}/{name}"), statement.object);
        }
    }

    fn tell_beside(&mut self, path: &str, object: &Term) {
        if path == "dcat:contactPoint" {
            self.unfit.push(Problem::new(path, "", NO_CONTACT));
            return;
        }
        if self.is_person(object) || may_tell_of_a_person(path, object) {
            self.unfit.push(Problem::new(path, "", BESIDE));
            return;
        }
        let language = match object {
            Term::Literal(literal) => literal.language().map(|tag| format!("@{tag}")).unwrap_or_default(),
            _ => String::new(),
        };
        for (path, shown) in self.lines(path, object) {
            self.unfit.push(Problem::new(format!("{path}{language}"), shown, BESIDE));
        }
    }
}

/// A comparison on its way.
struct Beside {
    written: Written,
    /// Address of the dataset.
    address: String,
    /// Whether the document holds no other dataset, so that nobody else says anything of the pages that it names.
    is_alone: bool,
    seen: HashSet<(NamedOrBlankNode, usize)>,
    waiting: Vec<(NamedOrBlankNode, String, usize)>,
}

impl Beside {
    fn says(&self, path: &str, object: &Term) -> bool {
        self.written.contains(&(path.to_owned(), key(object, &self.address)))
    }

    /// Whether what is said of a thing is said of this record: of its parts, and of others where the document has no other record.
    fn belongs(&self, node: &NamedOrBlankNode) -> bool {
        match node {
            NamedOrBlankNode::BlankNode(_) => true,
            NamedOrBlankNode::NamedNode(named) => {
                let is_part = named.as_str().strip_prefix(self.address.as_str()).is_some_and(|rest| rest.starts_with('#'));
                is_part || self.is_alone
            }
        }
    }
}

/// A value as it is compared: parts without a lasting address are alike.
fn key(object: &Term, address: &str) -> String {
    match object {
        Term::BlankNode(_) => String::new(),
        Term::NamedNode(node) => match node.as_str().strip_prefix(address) {
            Some(rest) if rest.starts_with("#part-") => String::new(),
            _ => format!("<{}>", node.as_str()),
        },
        Term::Literal(literal) => format!("{}@{}", literal.value(), literal.language().unwrap_or_default().to_ascii_lowercase()),
    }
}

/// What the writer says of the record; nothing where the draft is no record.
fn written(draft: &DatasetDraft, address: &str, concepts: &Concepts) -> Option<Written> {
    let dataset = dataset_of(draft)?;
    let base_url = address.strip_suffix(&format!("/dataset/{}", dataset.slug)).unwrap_or_default();
    let around = Surroundings { base_url, institutions: &|_| None, concepts };
    let triples = triples_for_others(&Outgoing { dataset: &dataset, issued_at: 0, modified_at: 0, version: 1, around: &around });
    let subject = triples.first()?.subject.clone();
    let mut about: HashMap<&NamedOrBlankNode, Vec<&Triple>> = HashMap::new();
    for triple in &triples {
        about.entry(&triple.subject).or_default().push(triple);
    }
    let mut written = by_other_lists(&dataset, concepts);
    let mut entered = HashSet::new();
    let mut waiting = vec![(subject.clone(), String::new(), 0)];
    while let Some((node, path, depth)) = waiting.pop() {
        for triple in about.get(&node).into_iter().flatten() {
            let name = shorten(triple.predicate.as_str());
            let below = if path.is_empty() { name } else { format!("{path}/{name}") };
            let inner = node_of(&triple.object).filter(|inner| depth < DEEPEST && *inner != subject);
            if let Some(inner) = inner.filter(|inner| entered.insert((inner.clone(), below.clone()))) {
                waiting.push((inner, below.clone(), depth + 1));
            }
            written.insert((below, key(&triple.object, address)));
        }
    }
    Some(written)
}

/// Themes and places of lists that this registry does not have, by the addresses of the registry's own.
fn by_other_lists(dataset: &Dataset, concepts: &Concepts) -> Written {
    let theme = |code: &String| ("dcat:theme".to_owned(), format!("<urn:x-rihla:concept:themes:{code}>"));
    let place = |code: &String| ("dct:spatial".to_owned(), format!("<urn:x-rihla:concept:places:{code}>"));
    let is_unknown = |code: &&String| concepts.get(ConceptScheme::Places, code).is_none();
    dataset.themes.iter().map(theme).chain(dataset.coverage.reporting_areas.iter().filter(is_unknown).map(place)).collect()
}

/// The draft as a record. Codes that a masked record may lack stand in: the writer says none of them.
fn dataset_of(draft: &DatasetDraft) -> Option<Dataset> {
    let mut value = json!({ "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "LOW",
        "certainty": "UNVERIFIED", "titles": {}, "methodology": { "sourceType": "CENSUS" }, "coverage": {} });
    let (Some(members), Value::Object(said)) = (value.as_object_mut(), as_value(draft)) else { return None };
    members.extend(said);
    serde_json::from_value(value).ok()
}
