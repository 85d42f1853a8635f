//! One dataset.

use oxrdf::{Literal, NamedOrBlankNode};

use super::{agent, distribution, instant, node, say_text};
use crate::domain::dataset::Dataset;
use crate::domain::methodology::Link;
use crate::domain::text::MultilingualText;
use crate::domain::time::{PartialDate, Period};
use crate::domain::vocabulary::{ConceptScheme, Vocabulary};
use crate::interop::dcat::authority::{AUTHORITY, access_right, data_theme, frequency_code, language_uri};
use crate::interop::dcat::extension;
use crate::interop::exchange::{Outgoing, Surroundings};
use crate::interop::rdf::names::{DCAT, DCT, FOAF, RDFS, SKOS};
use crate::interop::rdf::{Builder, plain, thing, typed, words};

/// Languages of the registry's own labels.
const LABELS: [&str; 3] = ["en", "fr", "ar"];

/// Says everything of a dataset, the whole record in the registry's own terms too; its address.
pub fn say(builder: &mut Builder, outgoing: &Outgoing<'_>) -> NamedOrBlankNode {
    let subject = say_to_all(builder, outgoing);
    // A record serialises into its own format without fail: its keys are texts.
    if let Ok(record) = serde_json::to_value(outgoing.dataset) {
        extension::write(builder, &subject, &record);
    }
    subject
}

/// Says of a dataset what every reader of DCAT understands; its address.
pub fn say_to_all(builder: &mut Builder, outgoing: &Outgoing<'_>) -> NamedOrBlankNode {
    let dataset = outgoing.dataset;
    let page = outgoing.page();
    let subject = node(&page);
    builder.begin(&subject);
    builder.is_a(&subject, DCAT, "Dataset");
    let identifier = dataset.identifier.clone().unwrap_or_else(|| page.clone());
    builder.say(&subject, DCT, "identifier", plain(&identifier));
    describe(builder, &subject, dataset);
    agents(builder, &subject, outgoing, &page);
    themes(builder, &subject, dataset, outgoing.around);
    frame(builder, &subject, dataset, outgoing.around);
    builder.say(&subject, DCT, "modified", typed(&instant(outgoing.modified_at), "dateTime"));
    for (link, property) in documents(dataset) {
        document(builder, &subject, link, property);
    }
    for relation in &dataset.relations {
        builder.say(&subject, DCT, "relation", node(&format!("{}/dataset/{}", outgoing.around.base_url, relation.dataset)));
    }
    distribution::say(builder, &subject, dataset, &page);
    subject
}

fn describe(builder: &mut Builder, subject: &NamedOrBlankNode, dataset: &Dataset) {
    say_text(builder, subject, DCT, "title", &dataset.titles);
    say_text(builder, subject, DCT, "description", &dataset.abstract_text);
    if dataset.abstract_text.is_empty() {
        for (tag, text) in stand_in_description(dataset) {
            builder.say(subject, DCT, "description", words(&text, tag));
        }
    }
    for keyword in &dataset.keywords {
        say_text(builder, subject, DCAT, "keyword", keyword);
    }
}

/// What can be said of a record that nobody described: its kind and its source, in the languages of its titles.
pub fn stand_in_description(dataset: &Dataset) -> Vec<(&'static str, String)> {
    let spoken = |language: &&&str| dataset.titles.0.keys().any(|tag| tag.primary() == **language);
    let mut languages: Vec<&str> = LABELS.iter().filter(spoken).copied().collect();
    if languages.is_empty() {
        languages.push("en");
    }
    let sentence = |language: &str| {
        let (kind, source) = (dataset.record_kind.label(language), dataset.methodology.source_type.label(language));
        match language {
            "fr" => format!("{kind}. Type de source : {source}. Le producteur n'a pas encore décrit ce jeu de données."),
            "ar" => format!("{kind}. نوع المصدر: {source}. لم يصف المنتج هذه البيانات بعد."),
            _ => format!("{kind}. Type of source: {source}. The producer has not described this dataset yet."),
        }
    };
    languages.into_iter().map(|language| (language, sentence(language))).collect()
}

fn agents(builder: &mut Builder, subject: &NamedOrBlankNode, outgoing: &Outgoing<'_>, page: &str) {
    let (dataset, around) = (outgoing.dataset, outgoing.around);
    let responsible = dataset.producer.as_ref().or_else(|| dataset.holdings.first().map(|holding| &holding.institution));
    if let Some(slug) = responsible {
        let publisher = agent::say(builder, slug, around);
        builder.say(subject, DCT, "publisher", publisher.clone());
        if dataset.producer.is_some() {
            builder.say(subject, DCT, "creator", publisher);
        }
    }
    for partner in &dataset.partners {
        let partner = agent::say(builder, partner, around);
        builder.say(subject, DCT, "contributor", partner);
    }
    let mut contacts: Vec<_> = dataset.holdings.iter().map(|holding| &holding.institution).collect();
    if contacts.is_empty() {
        contacts.extend(responsible);
    }
    for slug in contacts {
        let contact = agent::contact(builder, page, slug, around);
        builder.say(subject, DCAT, "contactPoint", contact);
    }
}

fn themes(builder: &mut Builder, subject: &NamedOrBlankNode, dataset: &Dataset, around: &Surroundings<'_>) {
    let mut eu: Vec<_> = dataset.themes.iter().map(|theme| data_theme(theme)).collect();
    if eu.is_empty() {
        eu.push(data_theme(""));
    }
    for (code, label) in eu {
        let theme = node(&format!("{AUTHORITY}data-theme/{code}"));
        builder.say(subject, DCAT, "theme", theme.clone());
        agent::concept(builder, &theme, &format!("{AUTHORITY}data-theme"), "Data theme");
        builder.say(&theme, SKOS, "prefLabel", words(label, "en"));
    }
    for code in &dataset.themes {
        let Some(concept) = around.concepts.get(ConceptScheme::Themes, code) else { continue };
        let theme = node(&format!("urn:x-rihla:concept:themes:{code}"));
        builder.say(subject, DCAT, "theme", theme.clone());
        agent::concept(builder, &theme, "urn:x-rihla:concept:themes", "Migration themes");
        say_text(builder, &theme, SKOS, "prefLabel", &concept.labels);
    }
}

fn frame(builder: &mut Builder, subject: &NamedOrBlankNode, dataset: &Dataset, around: &Surroundings<'_>) {
    if let Some(code) = access_right(dataset.record_kind, &dataset.holdings) {
        let right = node(&format!("{AUTHORITY}access-right/{code}"));
        builder.say(subject, DCT, "accessRights", right.clone());
        builder.is_a(&right, DCT, "RightsStatement");
    }
    if let Some(frequency) = dataset.coverage.frequency {
        let frequency = node(&format!("{AUTHORITY}frequency/{}", frequency_code(frequency)));
        builder.say(subject, DCT, "accrualPeriodicity", frequency.clone());
        builder.is_a(&frequency, DCT, "Frequency");
    }
    for language in dataset.languages.iter().filter_map(|tag| language_uri(tag, around.concepts)) {
        let language = node(&language);
        builder.say(subject, DCT, "language", language.clone());
        builder.is_a(&language, DCT, "LinguisticSystem");
    }
    places(builder, subject, dataset, around);
    if let Some(period) = &dataset.coverage.period {
        temporal(builder, subject, period);
    }
    let statement = builder.part();
    builder.say(subject, DCT, "provenance", statement.clone());
    builder.is_a(&statement, DCT, "ProvenanceStatement");
    for language in LABELS {
        builder.say(&statement, RDFS, "label", words(dataset.methodology.source_type.label(language), language));
    }
}

fn places(builder: &mut Builder, subject: &NamedOrBlankNode, dataset: &Dataset, around: &Surroundings<'_>) {
    for code in &dataset.coverage.reporting_areas {
        let concept = around.concepts.get(ConceptScheme::Places, code);
        let address = concept.and_then(|concept| concept.uri.clone()).unwrap_or_else(|| format!("urn:x-rihla:concept:places:{code}"));
        let Some(place) = thing(&address) else { continue };
        let place: NamedOrBlankNode = place.into();
        builder.say(subject, DCT, "spatial", place.clone());
        builder.is_a(&place, DCT, "Location");
        say_text(builder, &place, SKOS, "prefLabel", concept.map_or(&MultilingualText::default(), |concept| &concept.labels));
    }
}

fn temporal(builder: &mut Builder, subject: &NamedOrBlankNode, period: &Period) {
    let (start, end) = (period.start.date(), period.end.date());
    if start.is_none() && end.is_none() {
        return;
    }
    let node = builder.part();
    builder.say(subject, DCT, "temporal", node.clone());
    builder.is_a(&node, DCT, "PeriodOfTime");
    for (name, date) in [("startDate", start), ("endDate", end)] {
        if let Some(date) = date {
            builder.say(&node, DCAT, name, date_literal(date));
        }
    }
}

/// A date as precise as it is known: a year is not its first of January.
fn date_literal(date: PartialDate) -> Literal {
    let plain = PartialDate { qualifier: None, ..date };
    let datatype = match (date.month, date.day) {
        (Some(_), Some(_)) => "date",
        (Some(_), None) => "gYearMonth",
        _ => "gYear",
    };
    typed(&plain.to_string(), datatype)
}

/// Pages about the dataset, with the property that names what they are to it.
fn documents(dataset: &Dataset) -> Vec<(Link, (&'static str, &'static str))> {
    let pages = dataset.links.iter().map(|link| (link.clone(), (FOAF, "page")));
    let instruments = dataset.methodology.instruments.iter().map(|link| (link.clone(), (FOAF, "page")));
    let sources = dataset.citations.iter().filter_map(|citation| {
        let link = Link { title: MultilingualText::default(), url: citation.url.clone()? };
        Some((link, (DCT, "references")))
    });
    pages.chain(instruments).chain(sources).collect()
}

fn document(builder: &mut Builder, subject: &NamedOrBlankNode, link: Link, (namespace, name): (&str, &str)) {
    let Some(page) = thing(&link.url) else { return };
    let page: NamedOrBlankNode = page.into();
    builder.say(subject, namespace, name, page.clone());
    builder.is_a(&page, FOAF, "Document");
    say_text(builder, &page, DCT, "title", &link.title);
}
