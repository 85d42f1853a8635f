//! The page of a record: its fields in words, who holds the data, and where its other forms are.

use serde_json::Value;

use crate::domain::dataset::{CopiedFrom, Dataset};
use crate::domain::view::shown_json;
use crate::domain::vocabulary::{RefusalCode, Vocabulary};
use crate::interop::dcat::is_web_address;
use crate::interop::formats::Form;
use crate::service::publishing::Extent;
use crate::service::{Error, Record, institutions};
use crate::web::pages::described::{Described, Entry, described};
use crate::web::pages::{Page, PageLanguage};
use crate::web::preview::{field_label, row};
use crate::web::server::State;
use crate::web::start;

/// Fields of the page, in this order.
const SHOWN: [&str; 22] = [
    "titles",
    "abstract",
    "recordKind",
    "programme",
    "themes",
    "coverage.reportingAreas",
    "coverage.areaNote",
    "coverage.origins",
    "coverage.destinations",
    "coverage.period",
    "coverage.releasedLevel",
    "coverage.releasedDisaggregations",
    "coverage.populations",
    "coverage.frequency",
    "methodology.sourceType",
    "methodology.universe",
    "methodology.samplingText",
    "legalMandate",
    "certainty",
    "certaintyNote",
    "reviewDueOn",
    "identifier",
];

/// Fields of the page of a stub or a tombstone.
const OUTLINE: [&str; 3] = ["titles", "recordKind", "identifier"];

/// Whether the reader has a stub or a tombstone in hand.
fn is_outline(dataset: &Dataset) -> bool {
    dataset.hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer)
}

/// The page of a record, as much of it as its reader has in hand.
///
/// # Errors
/// The database is unavailable.
pub fn dataset(state: &State, record: &Record, extent: Extent, embedded: Option<&str>, language: PageLanguage) -> Result<String, Error> {
    let (dataset, tag) = (&record.dataset, language.tag());
    let doc = shown_json(dataset)?;
    let mut rows = producers(state, dataset, language)?;
    // What is hidden is left out, as it would otherwise be called undocumented.
    let hides = !dataset.hidden.is_empty();
    let is_outline = is_outline(dataset);
    let fields = SHOWN.iter().filter(|field| !is_outline || OUTLINE.contains(field));
    let known = fields.map(|field| row(field, &doc, &state.catalogue.concepts, language));
    rows.splice(0..0, known.filter(|(_, values)| !(values.is_empty() && hides)));
    if hides && extent == Extent::Whole {
        rows.push((RefusalCode::MaskedByProducer.label(tag).to_owned(), masked(dataset, language)));
    }
    let address = format!("{}/dataset/{}", state.base_url, dataset.slug);
    let forms: Vec<_> = Form::ALL
        .iter()
        .filter(|_| extent == Extent::Whole)
        .map(|form| Entry { media: form.media_type().to_owned(), ..Entry::page(form.name(), format!("{address}.{}", form.extension())) })
        .collect();
    let title = dataset.titles.words(Some(tag), dataset.main_language()).unwrap_or(dataset.slug.as_str());
    let notice = match extent {
        Extent::Gone => RefusalCode::RetiredRecord.label(tag),
        Extent::Outline if dataset.hidden.iter().any(|(_, reason)| *reason == RefusalCode::StubRecord) => {
            RefusalCode::StubRecord.label(tag)
        }
        Extent::Outline | Extent::Whole if dataset.copied_from.is_some() => RefusalCode::CopiedRecord.label(tag),
        Extent::Outline | Extent::Whole => "",
    };
    let home = |from: &CopiedFrom| Entry::page(format!("{} — {}", from.registry, from.address), from.address.clone());
    let lists = [
        (RefusalCode::CopiedRecord.label(tag).to_owned(), dataset.copied_from.iter().map(home).collect()),
        (field_label("holdings", language), holdings(state, record, language)?),
        (field_label("links", language), links(&doc)),
        (start::ask_heading(tag).to_owned(), start::question_about(state, dataset.slug.as_str())),
    ];
    let shown = Described {
        title,
        notice,
        rows: &rows,
        lists: &lists,
        forms: &forms,
        embedded,
        canonical: &address,
        is_listed: extent != Extent::Gone,
    };
    let path = format!("/dataset/{}", dataset.slug);
    Ok(described(&Page { catalogue_name: &state.name, language, path: &path, keep: &[] }, &shown))
}

/// Labels of the fields that the producer shows only to some.
fn masked(dataset: &Dataset, language: PageLanguage) -> Vec<String> {
    dataset.hidden.iter().map(|(field, _)| field.label(language.tag()).to_owned()).collect()
}

fn links(doc: &Value) -> Vec<Entry> {
    let links = doc.get("links").and_then(Value::as_array).into_iter().flatten();
    let one = |link: &Value| {
        let url = link.get("url").and_then(Value::as_str).filter(|url| is_web_address(url))?;
        Some(Entry::page(url, url))
    };
    links.filter_map(one).collect()
}

/// Who produced the data, and who took part.
fn producers(state: &State, dataset: &Dataset, language: PageLanguage) -> Result<Vec<(String, Vec<String>)>, Error> {
    let name = |slug| institutions::name(&state.catalogue, slug, language.tag());
    let producer = dataset.producer.iter().map(name).collect::<Result<Vec<_>, _>>()?;
    let mut rows = vec![(field_label("producer", language), producer)];
    if !dataset.partners.is_empty() {
        rows.push((field_label("partners", language), dataset.partners.iter().map(name).collect::<Result<Vec<_>, _>>()?));
    }
    Ok(rows)
}

/// Who holds the data on which terms; each entry leads to the holder, and is led to by the identifier of the holding.
fn holdings(state: &State, record: &Record, language: PageLanguage) -> Result<Vec<Entry>, Error> {
    let (dataset, tag) = (&record.dataset, language.tag());
    let mut held = Vec::new();
    for (id, holding) in record.holdings() {
        let (terms, slug) = (&holding.access_terms, &holding.institution);
        let mut parts = vec![institutions::name(&state.catalogue, slug, tag)?, holding.role.label(tag).to_owned()];
        // The terms of a stub are hidden.
        if !is_outline(dataset) {
            for (part, level) in [("aggregates", terms.aggregates), ("microdata", terms.microdata)] {
                parts.push(format!("{}: {}", field_label(&format!("holdings.accessTerms.{part}"), language), level.label(tag)));
            }
            parts.push(terms.channel.label(tag).to_owned());
            parts.extend(terms.conditions.words(Some(tag), dataset.main_language()).map(str::to_owned));
        }
        held.push(Entry { id: id.to_string(), ..Entry::page(parts.join(" – "), format!("/institution/{slug}")) });
    }
    Ok(held)
}
