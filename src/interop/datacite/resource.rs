//! A record in DataCite's terms, before it is XML or JSON.

use crate::domain::concept::Concept;
use crate::domain::ids::Slug;
use crate::domain::text::MultilingualText;
use crate::domain::time::Period;
use crate::domain::vocabulary::{ConceptScheme, HoldingRole, RelationType, Vocabulary};
use crate::interop::exchange::Outgoing;
use crate::interop::holder::{giver, licence_of_all};
use crate::interop::oai::dublin_core::day;

/// DataCite's word for what nobody can tell.
const UNAVAILABLE: &str = ":unav";

/// Words with their language, where it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The words.
    pub text: String,
    /// Language tag; empty where none is stated.
    pub language: String,
    /// A type of DataCite, or the scheme of a subject; empty for none.
    pub kind: &'static str,
    /// An address that goes with them; empty for none.
    pub address: String,
}

/// A related resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Related {
    /// Its address.
    pub address: String,
    /// DataCite's type of relation.
    pub kind: &'static str,
    /// The registry's type of relation, where DataCite has none.
    pub information: &'static str,
}

/// A record in DataCite's terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Resource {
    pub identifier: (String, &'static str),
    pub page: String,
    pub creators: Vec<Words>,
    pub titles: Vec<Words>,
    pub publisher: Words,
    pub year: String,
    pub kind: &'static str,
    pub subjects: Vec<Words>,
    pub contributors: Vec<Words>,
    pub dates: Vec<(String, &'static str)>,
    pub language: String,
    pub related: Vec<Related>,
    pub sizes: Vec<String>,
    pub formats: Vec<String>,
    pub rights: Vec<Words>,
    pub descriptions: Vec<Words>,
    pub places: Vec<String>,
}

/// Puts a record in DataCite's terms.
pub(super) fn gather(outgoing: &Outgoing) -> Resource {
    let record = outgoing.dataset;
    let main = record.main_language();
    let page = outgoing.page();
    let issued = day(outgoing.issued_at);
    let identifier = record.identifier.clone().map_or_else(|| (page.clone(), "URL"), |urn| (urn, "URN"));
    let mut creators: Vec<Words> = record.producer.iter().map(|slug| name(outgoing, slug, "")).collect();
    if creators.is_empty() {
        creators.push(Words { text: UNAVAILABLE.to_owned(), ..Words::default() });
    }
    let files: Vec<_> = record.holdings.iter().flat_map(|holding| &holding.distributions).collect();
    let mut formats: Vec<String> = files.iter().filter_map(|file| file.media_type.clone().or_else(|| file.format.clone())).collect();
    formats.dedup();
    Resource {
        identifier,
        creators,
        titles: titles(outgoing),
        publisher: publisher(outgoing),
        year: issued.get(..4).unwrap_or("").to_owned(),
        kind: record.methodology.source_type.label("en"),
        subjects: subjects(outgoing),
        contributors: contributors(outgoing),
        dates: dates(outgoing),
        language: record.languages.first().map(|tag| tag.as_str().to_owned()).unwrap_or_default(),
        related: related(outgoing),
        sizes: files.iter().filter_map(|file| file.byte_size).map(|bytes| format!("{bytes} bytes")).collect(),
        formats,
        rights: rights(outgoing),
        descriptions: descriptions(outgoing),
        places: places(outgoing).into_iter().map(|place| place.label(main).to_owned()).collect(),
        page,
    }
}

fn name(outgoing: &Outgoing, slug: &Slug, kind: &'static str) -> Words {
    let main = outgoing.dataset.main_language();
    let found = (outgoing.around.institutions)(slug).and_then(|institution| institution.names.get(main, None));
    match found {
        Some((tag, wording)) => Words { text: wording.text.clone(), language: tag.as_str().to_owned(), kind, ..Words::default() },
        None => Words { text: slug.to_string(), kind, ..Words::default() },
    }
}

fn all(text: &MultilingualText, kind: &'static str) -> Vec<Words> {
    let one = |(tag, wording): (&crate::domain::text::LanguageTag, &crate::domain::text::Wording)| Words {
        text: wording.text.clone(),
        language: tag.as_str().to_owned(),
        kind,
        ..Words::default()
    };
    text.iter().map(one).collect()
}

fn titles(outgoing: &Outgoing) -> Vec<Words> {
    let record = outgoing.dataset;
    let main = record.titles.get(record.main_language(), None).map(|(tag, _)| tag.as_str().to_owned()).unwrap_or_default();
    let mut titles = all(&record.titles, "TranslatedTitle");
    titles.iter_mut().filter(|title| title.language == main).for_each(|title| title.kind = "");
    titles.sort_by_key(|title| title.language != main);
    if titles.is_empty() {
        titles.push(Words { text: record.slug.to_string(), ..Words::default() });
    }
    titles
}

/// Who gives the data out, else who holds them, else the producer.
fn publisher(outgoing: &Outgoing) -> Words {
    giver(outgoing.dataset).map_or_else(|| Words { text: UNAVAILABLE.to_owned(), ..Words::default() }, |slug| name(outgoing, slug, ""))
}

fn subjects(outgoing: &Outgoing) -> Vec<Words> {
    let record = outgoing.dataset;
    let concepts = outgoing.around.concepts;
    let mut subjects: Vec<Words> = record.keywords.iter().flat_map(|keyword| all(keyword, "")).collect();
    for (scheme, list) in [(ConceptScheme::Themes, &record.themes), (ConceptScheme::Indicators, &record.indicators)] {
        for concept in list.iter().filter_map(|code| concepts.get(scheme, code)) {
            let labels = all(&concept.labels, scheme.code());
            subjects.extend(labels.into_iter().map(|words| Words { address: concept.uri(), ..words }));
        }
    }
    subjects
}

fn contributors(outgoing: &Outgoing) -> Vec<Words> {
    let record = outgoing.dataset;
    let roles = record.holdings.iter().filter_map(|holding| match holding.role {
        HoldingRole::Producer => None,
        HoldingRole::Holder => Some((&holding.institution, "HostingInstitution")),
        HoldingRole::Disseminator => Some((&holding.institution, "Distributor")),
    });
    let mut found: Vec<Words> = roles.map(|(slug, kind)| name(outgoing, slug, kind)).collect();
    found.extend(record.partners.iter().map(|slug| name(outgoing, slug, "Other")));
    found
}

fn dates(outgoing: &Outgoing) -> Vec<(String, &'static str)> {
    let record = outgoing.dataset;
    let mut dates = vec![(day(outgoing.modified_at), "Updated")];
    for (period, kind) in [(&record.coverage.collection_period, "Collected"), (&record.coverage.period, "Coverage")] {
        dates.extend(period.as_ref().and_then(interval).map(|interval| (interval, kind)));
    }
    dates.extend(record.holdings.iter().filter_map(|holding| holding.access_terms.embargo_until.clone()).map(|day| (day, "Available")));
    dates
}

/// A period as RKMS-ISO8601: `2018-08/2019-01`, open ends empty; none where neither end is a date.
fn interval(period: &Period) -> Option<String> {
    let side = |bound: crate::domain::time::Bound| {
        bound.date().map(|date| crate::domain::time::PartialDate { qualifier: None, ..date }.to_string())
    };
    match (side(period.start), side(period.end)) {
        (None, None) => None,
        (Some(start), Some(end)) if start == end => Some(start),
        (start, end) => Some(format!("{}/{}", start.unwrap_or_default(), end.unwrap_or_default())),
    }
}

fn related(outgoing: &Outgoing) -> Vec<Related> {
    let record = outgoing.dataset;
    let of_records = record.relations.iter().map(|relation| {
        let (kind, information) = relation_type(relation.relation_type);
        Related { address: format!("{}/dataset/{}", outgoing.around.base_url, relation.dataset), kind, information }
    });
    let mut found: Vec<Related> = of_records.collect();
    // A copy says where it is kept.
    let home = record.copied_from.iter();
    found.extend(home.map(|from| Related { address: from.address.clone(), kind: "IsIdenticalTo", information: "" }));
    found.extend(record.methodology.instruments.iter().map(|link| Related {
        address: link.url.clone(),
        kind: "IsDocumentedBy",
        information: "",
    }));
    found.extend(record.links.iter().map(|link| Related { address: link.url.clone(), kind: "IsDescribedBy", information: "" }));
    found
}

fn relation_type(kind: RelationType) -> (&'static str, &'static str) {
    match kind {
        RelationType::SuccessorOf => ("Continues", ""),
        RelationType::PredecessorOf => ("IsContinuedBy", ""),
        RelationType::DerivedFrom => ("IsDerivedFrom", ""),
        RelationType::HasExtract => ("IsSourceOf", ""),
        RelationType::ComponentOf => ("IsPartOf", ""),
        RelationType::HasComponent => ("HasPart", ""),
        other => ("Other", other.code()),
    }
}

/// The conditions, and the licence of all holders: the resource has one list of rights, and what one holder grants is not granted of the data of
/// another.
fn rights(outgoing: &Outgoing) -> Vec<Words> {
    let record = outgoing.dataset;
    let conditions = record.holdings.iter().flat_map(|holding| all(&holding.access_terms.conditions, ""));
    let licence = licence_of_all(record).map(|licence| Words { address: licence.to_owned(), text: licence.to_owned(), ..Words::default() });
    let found = conditions.chain(licence).filter(|words| !words.text.is_empty());
    let mut once: Vec<Words> = Vec::new();
    found.for_each(|words| {
        if !once.contains(&words) {
            once.push(words);
        }
    });
    once
}

fn descriptions(outgoing: &Outgoing) -> Vec<Words> {
    let record = outgoing.dataset;
    let mut found = all(&record.abstract_text, "Abstract");
    for text in [&record.methodology.sampling_text, &record.methodology.universe, &record.methodology.weights, &record.methodology.response]
    {
        found.extend(all(text, "Methods"));
    }
    found.extend(all(&record.programme, "SeriesInformation"));
    found
}

fn places<'o>(outgoing: &Outgoing<'o>) -> Vec<&'o Concept> {
    let concepts = outgoing.around.concepts;
    outgoing.dataset.coverage.reporting_areas.iter().filter_map(|code| concepts.get(ConceptScheme::Places, code)).collect()
}
