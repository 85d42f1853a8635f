//! The page of a record: its fields in words, who holds the data and which files, its sources, and where its other forms are.

use crate::domain::dataset::{CopiedFrom, Dataset};
use crate::domain::methodology::Link;
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

use super::asked::Asked;
use super::sources::sources;
use super::terms::holdings;

/// Fields of the page, in this order.
const SHOWN: [&str; 24] = [
    "titles",
    "abstract",
    "recordKind",
    "programme",
    "themes",
    "keywords",
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
    "classifications",
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
pub fn dataset(state: &State, record: &Record, extent: Extent, embedded: Option<&str>, asked: Asked) -> Result<String, Error> {
    let (dataset, language, tag) = (&record.dataset, asked.language, asked.language.tag());
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
    let sources = sources(&dataset.citations, language);
    if sources.1.is_empty() && !hides {
        rows.push((sources.0.clone(), Vec::new()));
    }
    let address = format!("{}/dataset/{}", state.base_url, dataset.slug);
    let forms = if extent == Extent::Whole { forms(&address) } else { Vec::new() };
    let title = dataset.titles.words(Some(tag), dataset.main_language()).unwrap_or(dataset.slug.as_str());
    let home = |from: &CopiedFrom| Entry::page(format!("{} — {}", from.registry, from.address), from.address.clone());
    let lists = [
        (RefusalCode::CopiedRecord.label(tag).to_owned(), dataset.copied_from.iter().map(home).collect()),
        (field_label("holdings", language), holdings(state, record, is_outline, asked)?),
        (field_label("methodology.instruments", language), links(&dataset.methodology.instruments, dataset, tag)),
        (field_label("links", language), links(&dataset.links, dataset, tag)),
        sources,
        (start::ask_heading(tag).to_owned(), start::question_about(state, dataset.slug.as_str(), tag)),
    ];
    let shown = Described {
        title,
        notice: notice(dataset, extent, tag),
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

/// What is said above the heading.
fn notice(dataset: &Dataset, extent: Extent, tag: &str) -> &'static str {
    match extent {
        Extent::Gone => RefusalCode::RetiredRecord.label(tag),
        Extent::Outline if dataset.hidden.iter().any(|(_, reason)| *reason == RefusalCode::StubRecord) => {
            RefusalCode::StubRecord.label(tag)
        }
        Extent::Outline | Extent::Whole if dataset.copied_from.is_some() => RefusalCode::CopiedRecord.label(tag),
        Extent::Outline | Extent::Whole => "",
    }
}

/// The other forms of the record at this address.
fn forms(address: &str) -> Vec<Entry> {
    let one =
        |form: &Form| Entry { media: form.media_type().to_owned(), ..Entry::page(form.name(), format!("{address}.{}", form.extension())) };
    Form::ALL.iter().map(one).collect()
}

/// Pages and documents on the dataset, by their titles where they have one.
fn links(links: &[Link], dataset: &Dataset, tag: &str) -> Vec<Entry> {
    let links = links.iter().filter(|link| is_web_address(&link.url));
    let one = |link: &Link| Entry::page(link.title.words(Some(tag), dataset.main_language()).unwrap_or(&link.url), link.url.as_str());
    links.map(one).collect()
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
