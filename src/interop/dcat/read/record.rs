//! One dataset: which statement becomes which field, and which became none.

mod carried;
mod shown;

use std::collections::HashSet;

use oxrdf::{NamedOrBlankNode, Term};

use super::super::authority::{Tables, frequency};
use super::super::extension;
use super::text::undetermined;
use super::{node_of, value_of, web_address};
use crate::domain::draft::DatasetDraft;
use crate::domain::methodology::Link;
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::domain::vocabulary::Frequency;
use crate::interop::exchange::{Found, Origin};
use crate::interop::rdf::names::{DC, DCAT, DCATAP, DCT, FOAF, RDF, RDFS, RIHLA, TIME, as_written, shorten};
use crate::interop::rdf::{Graph, Statement};

/// A property: namespace and name.
pub type Property = (&'static str, &'static str);

/// Most lines on what does not fit, for one record.
const MOST_UNFIT: usize = 200;
/// Most values of one property that are taken.
const MOST_VALUES: usize = 1000;
/// What becomes of a statement that no field takes.
const NO_FIELD: &str = "the registry has no field for this; it stays in the original that is kept";

/// A dataset being read.
pub struct Record<'a> {
    pub graph: &'a Graph,
    pub tables: &'a Tables<'a>,
    node: &'a NamedOrBlankNode,
    own: Vec<Statement<'a>>,
    taken: HashSet<usize>,
    /// Things that were looked into, with the path that led there.
    entered: Vec<(NamedOrBlankNode, String)>,
    pub unfit: Vec<Problem>,
    /// Names of agents that the document says to be organisations.
    pub organisations: Vec<MultilingualText>,
    /// Language of texts without a tag.
    pub untagged: LanguageTag,
    pub met_untagged: bool,
    /// Whether it is the only dataset of the document.
    pub is_alone: bool,
}

/// The language that a thing declares for the texts about it; none where it declares several, or one that is not known beside it.
pub fn declared_language(graph: &Graph, tables: &Tables<'_>, node: &NamedOrBlankNode) -> Option<LanguageTag> {
    let statements = graph.about(node);
    let values = statements.iter().filter(|s| s.predicate.strip_prefix(DCT) == Some("language"));
    let mut tags = values.map(|s| language_of(graph, tables, s.object));
    tags.next().flatten().filter(|first| tags.all(|other| other.as_ref() == Some(first)))
}

/// A language as an address, a code, or a thing with a notation or label.
fn language_of(graph: &Graph, tables: &Tables<'_>, term: &Term) -> Option<LanguageTag> {
    if let Some(tag) = value_of(term).and_then(|value| tables.language(&value)) {
        return Some(tag);
    }
    let statements = graph.about(&node_of(term)?);
    statements.iter().filter(|s| !s.predicate.starts_with(RDF) || s.predicate.ends_with("value")).find_map(|s| match s.object {
        Term::Literal(literal) => tables.language(literal.value()),
        _ => None,
    })
}

impl<'a> Record<'a> {
    /// Prepares the reading of a dataset; `language` is that of its catalogue, for texts of which nothing else says one.
    pub fn new(graph: &'a Graph, tables: &'a Tables<'a>, node: &'a NamedOrBlankNode, language: Option<&LanguageTag>) -> Self {
        let own = graph.about(node);
        let mut record = Self {
            graph,
            tables,
            node,
            own,
            taken: HashSet::new(),
            entered: Vec::new(),
            unfit: Vec::new(),
            organisations: Vec::new(),
            untagged: undetermined(),
            met_untagged: false,
            is_alone: false,
        };
        if let Some(declared) = record.own_language().or_else(|| language.cloned()) {
            record.untagged = declared;
        }
        record
    }

    /// The language that the record declares for its texts: of its catalogue record, else its own.
    fn own_language(&self) -> Option<LanguageTag> {
        let topic_of = self.own.iter().find(|s| s.predicate.strip_prefix(FOAF) == Some("isPrimaryTopicOf"));
        let entry = topic_of.and_then(|statement| node_of(statement.object));
        [entry.as_ref(), Some(self.node)].into_iter().flatten().find_map(|node| declared_language(self.graph, self.tables, node))
    }

    /// Reads the dataset.
    pub fn read(mut self) -> Found {
        self.values(&[(RDF, "type")]);
        let mut origin = self.origin();
        if let Some(carried) = extension::read(self.graph, self.node) {
            match carried {
                Ok(draft) => return self.carried(draft, origin),
                Err(problems) => self.unfit.extend(problems.into_iter().map(|problem| {
                    let field = format!("rihla:record.{}", problem.field).trim_end_matches('.').to_owned();
                    Problem { field, ..problem }
                })),
            }
        }
        let mut draft = DatasetDraft::default();
        self.describe(&mut draft);
        self.cover(&mut draft);
        (origin.producers, origin.holders) = self.producers();
        draft.holdings = self.holdings();
        draft.links = self.links();
        self.contacts();
        draft.main_language = self.main_language(&draft.titles);
        self.name_the_rest();
        origin.organisations = std::mem::take(&mut self.organisations);
        Found { draft, origin, unfit: self.unfit, ..Found::default() }
    }

    /// A record that a registry wrote: it says everything. What another tool has written beside it is named.
    fn carried(mut self, draft: DatasetDraft, mut origin: Origin) -> Found {
        (origin.producers, origin.holders) = self.producers();
        self.name_what_is_beside(&draft);
        self.count_the_rest();
        origin.organisations = std::mem::take(&mut self.organisations);
        Found { draft, origin, unfit: self.unfit, ..Found::default() }
    }

    /// The dataset.
    pub fn node(&self) -> &NamedOrBlankNode {
        self.node
    }

    fn origin(&mut self) -> Origin {
        let mut identifiers =
            self.values(&[(DCT, "identifier"), (DC, "identifier"), (DCAT, "identifier")]).into_iter().filter_map(value_of);
        let own = match self.node {
            NamedOrBlankNode::NamedNode(node) => Some(node.as_str().to_owned()),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let identifier = identifiers.next().or_else(|| own.clone());
        let others: Vec<String> = identifiers.collect();
        others
            .into_iter()
            .for_each(|other| self.unfit.push(Problem::new("dct:identifier", other, "is a second identifier; the first was taken")));
        let landing = self.own.iter().find(|s| s.predicate.strip_prefix(DCAT) == Some("landingPage")).and_then(|s| web_address(s.object));
        let address = landing.or_else(|| web_address(&Term::from(self.node.clone())));
        let dates = self.values(&[(DCT, "modified")]).into_iter().filter_map(value_of);
        Origin { identifier, address, modified: dates.max(), ..Origin::default() }
    }

    fn describe(&mut self, draft: &mut DatasetDraft) {
        draft.titles = self.text("dct:title", &[(DCT, "title"), (DC, "title")]);
        draft.abstract_text = self.text("dct:description", &[(DCT, "description"), (DC, "description")]);
        if draft.abstract_text.is_empty() {
            draft.abstract_text = self.text("dct:abstract", &[(DCT, "abstract")]);
        }
        for term in self.values(&[(DCAT, "keyword")]) {
            if let Some(keyword) = self.one_text("dcat:keyword", term)
                && !draft.keywords.contains(&keyword)
            {
                draft.keywords.push(keyword);
            }
        }
        for term in self.values(&[(DCT, "language")]) {
            match language_of(self.graph, self.tables, term) {
                Some(tag) if !draft.languages.contains(&tag) => draft.languages.push(tag),
                Some(_) => {}
                None => self.no_code(
                    "dct:language",
                    term,
                    "is not a language that is known; use the EU list of languages or a code such as `fr`",
                ),
            }
        }
        for term in self.values(&[(DCAT, "theme")]) {
            let label = self.label_of(term, "dcat:theme");
            let code = value_of(term).and_then(|value| self.tables.theme(&value));
            let code = code.or_else(|| label.iter().find_map(|(_, wording)| self.tables.theme(&wording.text)));
            match code {
                Some(code) if !draft.themes.iter().any(|theme| theme == code) => draft.themes.push(code.to_owned()),
                Some(_) => {}
                None => self.no_code("dcat:theme", term, "is not a theme of the registry; choose one of THEMES"),
            }
        }
        self.frame(draft);
    }

    fn frame(&mut self, draft: &mut DatasetDraft) {
        for term in self.values(&[(DCAT, "inSeries")]) {
            let label = self.label_of(term, "dcat:inSeries");
            if draft.programme.is_empty() && !label.is_empty() {
                draft.programme = label;
            } else {
                self.no_code("dcat:inSeries", term, NO_FIELD);
            }
        }
        for term in self.values(&[(DCATAP, "applicableLegislation")]) {
            let mut label = self.label_of(term, "dcatap:applicableLegislation");
            if label.is_empty()
                && let Some(address) = value_of(term)
            {
                if as_written(&address) != address {
                    let remedy = "is not an address on the web; give a full one that starts with https://, or name the law";
                    self.no_code("dcatap:applicableLegislation", term, remedy);
                    continue;
                }
                label = super::text::official(undetermined(), address);
            }
            self.add("dcatap:applicableLegislation", &mut draft.legal_mandate, label);
        }
        for term in self.values(&[(DCT, "provenance")]) {
            let label = self.label_of(term, "dct:provenance");
            let words = label.words(None, None).map_or_else(|| self.shown(term), str::to_owned);
            let remedy = "belongs to the methodology, which needs the type of source first; choose it and put the text there";
            self.unfit.push(Problem::new("dct:provenance", words, remedy));
        }
    }

    fn cover(&mut self, draft: &mut DatasetDraft) {
        draft.coverage.period = self.period();
        self.places(&mut draft.coverage);
        for term in self.values(&[(DCT, "accrualPeriodicity")]) {
            match self.frequency_of(term) {
                Some(found) if draft.coverage.frequency.is_none() => draft.coverage.frequency = Some(found),
                Some(_) => self.no_code("dct:accrualPeriodicity", term, "is a second frequency; the first was taken"),
                None => self.no_code("dct:accrualPeriodicity", term, "is not a frequency of the EU list; choose one"),
            }
        }
    }

    fn frequency_of(&mut self, term: &Term) -> Option<Frequency> {
        if let Some(found) = value_of(term).and_then(|value| frequency(&value)) {
            return Some(found);
        }
        let node = self.enter(term, "dct:accrualPeriodicity")?;
        let inner = self.values_of(&node, &[(RDF, "value"), (RDFS, "label")]);
        inner.into_iter().find_map(|inner| {
            let direct = value_of(inner).and_then(|value| frequency(&value));
            direct.or_else(|| {
                let duration = self.enter(inner, "dct:accrualPeriodicity/rdf:value")?;
                self.values_of(&duration, &[(RDF, "type")]);
                [("years", "Y"), ("months", "M"), ("weeks", "W"), ("days", "D")].into_iter().find_map(|(name, letter)| {
                    let value = self.values_of(&duration, &[(TIME, name)]).into_iter().find_map(value_of)?;
                    let number: f64 = value.parse().ok()?;
                    frequency(&format!("P{number}{letter}"))
                })
            })
        })
    }

    fn links(&mut self) -> Vec<Link> {
        const PAGES: [Property; 8] = [
            (DCAT, "landingPage"),
            (FOAF, "page"),
            (FOAF, "homepage"),
            (DCT, "references"),
            (DCT, "isReferencedBy"),
            (DCT, "relation"),
            (DCT, "source"),
            (RDFS, "seeAlso"),
        ];
        let mut links: Vec<Link> = Vec::new();
        for property in PAGES {
            for term in self.values(&[property]) {
                let path = shorten(&format!("{}{}", property.0, property.1));
                match web_address(term) {
                    Some(url) if links.iter().any(|link| link.url == url) => {}
                    Some(url) => {
                        let is_described = matches!(term, Term::NamedNode(_));
                        let title = if is_described { self.label_of(term, &path) } else { MultilingualText::default() };
                        links.push(Link { title, url });
                    }
                    None => self.no_code(&path, term, "is not an address on the web; give a full one that starts with https://"),
                }
            }
        }
        links
    }

    fn main_language(&mut self, titles: &MultilingualText) -> Option<LanguageTag> {
        if self.met_untagged && self.untagged == undetermined() {
            let remedy =
                "texts carry no language and the record declares none, or several; they are kept as `und`: say which language they are in";
            self.unfit.push(Problem::new("dct:language", "", remedy));
        }
        let speaks = |tag: &LanguageTag| titles.0.keys().any(|title| title.primary() == tag.primary());
        if self.untagged != undetermined() && speaks(&self.untagged) {
            return Some(self.untagged.clone());
        }
        let mut tags = titles.0.keys().filter(|tag| **tag != undetermined());
        tags.next().filter(|_| tags.next().is_none()).cloned()
    }

    /// Values of the dataset's properties, in the order of the document; they count as read.
    pub fn values(&mut self, properties: &[Property]) -> Vec<&'a Term> {
        let own = std::mem::take(&mut self.own);
        let values = self.take(&own, properties);
        self.own = own;
        values
    }

    /// Values of another thing's properties.
    pub fn values_of(&mut self, node: &NamedOrBlankNode, properties: &[Property]) -> Vec<&'a Term> {
        let statements = self.graph.about(node);
        self.take(&statements, properties)
    }

    /// Leaves all that is said of a thing aside: it is not to be told on.
    pub fn pass_over(&mut self, node: &NamedOrBlankNode) {
        let graph = self.graph;
        self.taken.extend(graph.about(node).iter().map(|statement| statement.number));
    }

    fn take(&mut self, statements: &[Statement<'a>], properties: &[Property]) -> Vec<&'a Term> {
        let mut values: Vec<&'a Term> = matching(statements, properties).map(|s| (self.taken.insert(s.number), s.object).1).collect();
        if let (Some(more), Some((namespace, name))) = (values.len().checked_sub(MOST_VALUES).filter(|more| *more > 0), properties.first())
        {
            values.truncate(MOST_VALUES);
            let path = shorten(&format!("{namespace}{name}"));
            self.unfit.push(Problem::new(path, more, format!("so many values stand behind the first {MOST_VALUES}, and were left out")));
        }
        values
    }

    /// Looks into a thing that a statement leads to; what is not read there will be named.
    pub fn enter(&mut self, term: &Term, path: &str) -> Option<NamedOrBlankNode> {
        let node = node_of(term)?;
        if !self.entered.iter().any(|(entered, _)| *entered == node) && self.entered.len() < 1000 {
            self.entered.push((node.clone(), path.to_owned()));
        }
        self.values_of(&node, &[(RDF, "type")]);
        Some(node)
    }

    /// Notes a value that has no counterpart here.
    pub fn no_code(&mut self, path: &str, term: &Term, remedy: &str) {
        let label = self.label_of(term, path);
        let shown = label.words(None, None).map_or_else(|| self.shown(term), str::to_owned);
        self.unfit.push(Problem::new(path, shown, remedy));
    }

    fn name_the_rest(&mut self) {
        let own: Vec<_> = self.own.iter().map(|s| (s.number, shorten(s.predicate), s.object)).collect();
        let inner: Vec<_> = std::mem::take(&mut self.entered)
            .into_iter()
            .flat_map(|(node, path)| {
                let statements = self.graph.about(&node);
                statements.into_iter().map(move |s| (s.number, format!("{path}/{}", shorten(s.predicate)), s.object)).collect::<Vec<_>>()
            })
            .collect();
        let mut left = 0usize;
        for (number, path, object) in own.into_iter().chain(inner) {
            if self.taken.contains(&number) || path.contains(RIHLA) || path.starts_with("rihla:") {
                continue;
            }
            self.taken.insert(number);
            self.note_organisation(object);
            if self.unfit.len() >= MOST_UNFIT {
                left += 1;
                continue;
            }
            for (path, shown) in self.lines(&path, object) {
                self.unfit.push(Problem::new(path, shown, NO_FIELD));
            }
        }
        if left > 0 {
            self.unfit.push(Problem::new("", left, "so many more statements have no field; they stay in the original that is kept"));
        }
    }
}

impl Record<'_> {
    /// No record fills the report by itself.
    fn count_the_rest(&mut self) {
        if let Some(more) = self.unfit.len().checked_sub(MOST_UNFIT).filter(|more| *more > 0) {
            self.unfit.truncate(MOST_UNFIT);
            self.unfit.push(Problem::new(
                "",
                more,
                "so many more statements stand beside the record; they stay in the original that is kept",
            ));
        }
    }
}

fn matching<'s, 'a: 's>(statements: &'s [Statement<'a>], properties: &'s [Property]) -> impl Iterator<Item = Statement<'a>> + 's {
    properties
        .iter()
        .flat_map(move |(namespace, name)| statements.iter().filter(move |s| s.predicate.strip_prefix(*namespace) == Some(*name)).copied())
}
