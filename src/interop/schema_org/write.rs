//! From records to schema.org.

use serde_json::{Map, Value, json};

use crate::domain::dataset::Dataset;
use crate::domain::holding::{AccessTerms, Distribution, Holding};
use crate::domain::ids::Slug;
use crate::domain::text::MultilingualText;
use crate::domain::time::{Bound, PartialDate, Period};
use crate::domain::vocabulary::{AccessLevel, ConceptScheme, Vocabulary};
use crate::interop::dcat::authority::media_type_of;
use crate::interop::dcat::{instant, stand_in_description};
use crate::interop::exchange::Outgoing;
use crate::interop::holder::{agreed, giver, licence_of_all};

/// Fewest and most characters of a description that search engines take.
const DESCRIPTION: (usize, usize) = (50, 5000);

/// Writes one dataset as JSON-LD. The bytes can stand in a page between `<script>` and `</script>` as they are.
///
/// # Errors
/// The document cannot be written; texts and numbers always can.
pub fn write(outgoing: &Outgoing<'_>, catalogue: &MultilingualText) -> serde_json::Result<Vec<u8>> {
    let text = serde_json::to_string_pretty(&dataset(outgoing, catalogue))?;
    // These stand in texts only, where JSON knows them by their numbers.
    let safe = text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Ok(safe.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029").into_bytes())
}

fn dataset(outgoing: &Outgoing<'_>, catalogue: &MultilingualText) -> Value {
    let (record, base) = (outgoing.dataset, outgoing.around.base_url);
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        let is_empty = value.as_array().is_some_and(Vec::is_empty) || value.is_null();
        if !is_empty {
            out.insert(key.to_owned(), value);
        }
    };
    put("@context", json!("https://schema.org/"));
    put("@type", json!("Dataset"));
    put("@id", json!(outgoing.page()));
    put("url", json!(outgoing.page()));
    put("identifier", json!([record.identifier.as_deref().unwrap_or(record.slug.as_str())]));
    put("name", tagged(&record.titles));
    put("description", description(record));
    put("keywords", json!(keywords(outgoing)));
    put("inLanguage", json!(record.languages.iter().map(|tag| tag.as_str()).collect::<Vec<_>>()));
    put("creator", json!(record.producer.as_ref().map(|slug| organization(outgoing, slug))));
    put("publisher", json!(giver(record).map(|slug| organization(outgoing, slug))));
    put("contributor", json!(record.partners.iter().map(|slug| organization(outgoing, slug)).collect::<Vec<_>>()));
    access(record, &mut put);
    put("temporalCoverage", json!(record.coverage.period.as_ref().and_then(temporal)));
    put("spatialCoverage", json!(places(outgoing)));
    put("variableMeasured", json!(variables(record)));
    put("measurementTechnique", json!(techniques(record)));
    // When the description was published here; when the data were, nobody documents.
    put("sdDatePublished", json!(instant(outgoing.issued_at)));
    put("dateModified", json!(instant(outgoing.modified_at)));
    put("includedInDataCatalog", json!({ "@type": "DataCatalog", "name": tagged(catalogue), "url": format!("{base}/") }));
    // A copy says where it is kept.
    put("isBasedOn", json!(record.copied_from.as_ref().map(|from| &from.address)));
    put("subjectOf", json!(pages(record)));
    put("citation", json!(citations(record)));
    put("distribution", json!(files(record)));
    Value::Object(out)
}

/// A text in all its languages.
fn tagged(text: &MultilingualText) -> Value {
    let wordings = text.iter().map(|(tag, wording)| json!({ "@value": wording.text, "@language": tag.as_str().to_ascii_lowercase() }));
    Value::Array(wordings.collect())
}

/// The abstract in each language, made long enough by what is known of the source, and cut where it is too long.
fn description(record: &Dataset) -> Value {
    let stand_ins = stand_in_description(record);
    let more = |language: &str| stand_ins.iter().find(|(tag, _)| *tag == language).or(stand_ins.first()).map(|(_, text)| text.as_str());
    let mut all: Vec<(String, String)> =
        record.abstract_text.iter().map(|(tag, wording)| (tag.as_str().to_ascii_lowercase(), wording.text.clone())).collect();
    if all.is_empty() {
        all = stand_ins.iter().map(|(tag, text)| ((*tag).to_owned(), text.clone())).collect();
    }
    let fitting = all.into_iter().map(|(tag, text)| {
        let primary = tag.split('-').next().unwrap_or(&tag).to_owned();
        let source = record.methodology.source_type.label(&primary);
        let mut text = text;
        for addition in [source, record.record_kind.label(&primary), more(&primary).unwrap_or_default()] {
            if text.chars().count() < DESCRIPTION.0 {
                text = format!("{text} – {addition}");
            }
        }
        if text.chars().count() > DESCRIPTION.1 {
            text = text.chars().take(DESCRIPTION.1 - 1).chain(['…']).collect();
        }
        json!({ "@value": text, "@language": tag })
    });
    Value::Array(fitting.collect())
}

fn keywords(outgoing: &Outgoing<'_>) -> Vec<Value> {
    let own = outgoing.dataset.keywords.iter().flat_map(MultilingualText::iter);
    let mut all: Vec<Value> =
        own.map(|(tag, wording)| json!({ "@value": wording.text, "@language": tag.as_str().to_ascii_lowercase() })).collect();
    for theme in outgoing.dataset.themes.iter().filter_map(|code| outgoing.around.concepts.get(ConceptScheme::Themes, code)) {
        for value in tagged(&theme.labels).as_array().into_iter().flatten() {
            if !all.contains(value) {
                all.push(value.clone());
            }
        }
    }
    all
}

fn organization(outgoing: &Outgoing<'_>, slug: &Slug) -> Value {
    let institution = (outgoing.around.institutions)(slug);
    let names = institution.map_or_else(|| json!([slug.as_str()]), |institution| tagged(&institution.names));
    let mut organization = json!({
        "@type": "Organization",
        "@id": format!("{}/institution/{slug}", outgoing.around.base_url),
        "name": names,
    });
    if let (Some(website), Some(members)) = (institution.and_then(|i| i.website.as_deref()), organization.as_object_mut()) {
        members.insert("url".to_owned(), json!(website));
    }
    organization
}

fn access(record: &Dataset, put: &mut impl FnMut(&str, Value)) {
    let terms = || record.holdings.iter().map(|holding| &holding.access_terms);
    put("license", json!(licence_of_all(record)));
    let conditions: Vec<Value> =
        terms().filter(|terms| !terms.conditions.is_empty()).flat_map(|terms| as_list(tagged(&terms.conditions))).collect();
    put("conditionsOfAccess", json!(conditions));
    let is_open = |level: AccessLevel| matches!(level, AccessLevel::Open | AccessLevel::Puf);
    let is_free = |terms: &AccessTerms| {
        let is_known = !matches!(terms.aggregates, AccessLevel::Unknown | AccessLevel::NotApplicable);
        let is_free = is_open(terms.aggregates) || is_open(terms.microdata);
        // Whether a closed dataset would be free is not known where no fee is documented.
        (is_free || (is_known && !terms.fee.is_empty())).then_some(is_free)
    };
    put("isAccessibleForFree", json!(agreed(record, is_free)));
}

fn as_list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(members) => members,
        other => vec![other],
    }
}

/// An interval of ISO 8601; an unknown beginning cannot be written, an unknown end is left empty, an open one is `..`.
fn temporal(period: &Period) -> Option<String> {
    let plain = |date: PartialDate| PartialDate { qualifier: None, ..date }.to_string();
    let start = match period.start {
        Bound::Date(date) => plain(date),
        Bound::Open => "..".to_owned(),
        Bound::Unknown => return None,
    };
    Some(match period.end {
        Bound::Date(date) => format!("{start}/{}", plain(date)),
        Bound::Open => format!("{start}/.."),
        Bound::Unknown => format!("{start}/"),
    })
}

fn places(outgoing: &Outgoing<'_>) -> Vec<Value> {
    let concepts = outgoing.around.concepts;
    let place = |code: &String| {
        let name = concepts.get(ConceptScheme::Places, code).map_or_else(|| json!([code]), |place| tagged(&place.labels));
        json!({ "@type": "Place", "name": name, "identifier": code })
    };
    outgoing.dataset.coverage.reporting_areas.iter().map(place).collect()
}

fn variables(record: &Dataset) -> Vec<Value> {
    let variable = |variable: &crate::domain::dataset::Variable| {
        let mut out = json!({ "@type": "PropertyValue", "name": variable.name });
        if let (false, Some(members)) = (variable.label.is_empty(), out.as_object_mut()) {
            members.insert("description".to_owned(), tagged(&variable.label));
        }
        out
    };
    record.variables.iter().map(variable).collect()
}

fn techniques(record: &Dataset) -> Vec<&'static str> {
    let source = std::iter::once(record.methodology.source_type.label("en"));
    source.chain(record.methodology.collection_modes.iter().map(|mode| mode.label("en"))).collect()
}

fn pages(record: &Dataset) -> Vec<Value> {
    let page = |link: &crate::domain::methodology::Link| {
        let mut out = json!({ "@type": "WebPage", "url": link.url });
        if let (false, Some(members)) = (link.title.is_empty(), out.as_object_mut()) {
            members.insert("name".to_owned(), tagged(&link.title));
        }
        out
    };
    record.links.iter().chain(&record.methodology.instruments).map(page).collect()
}

fn citations(record: &Dataset) -> Vec<Value> {
    let citation = |citation: &crate::domain::dataset::Citation| {
        let mut out = json!({ "@type": "CreativeWork", "name": citation.title });
        if let (Some(url), Some(members)) = (&citation.url, out.as_object_mut()) {
            members.insert("url".to_owned(), json!(url));
        }
        out
    };
    record.citations.iter().map(citation).collect()
}

fn files(record: &Dataset) -> Vec<Value> {
    let file = |(file, licence): (&Distribution, Option<&String>)| {
        let mut out = json!({ "@type": "DataDownload", "contentUrl": file.url });
        let media_type = file.media_type.clone().or_else(|| file.format.as_deref().and_then(media_type_of).map(str::to_owned));
        let format = media_type.or_else(|| file.format.clone());
        if let Some(members) = out.as_object_mut() {
            if !file.title.is_empty() {
                members.insert("name".to_owned(), tagged(&file.title));
            }
            if let Some(format) = format {
                members.insert("encodingFormat".to_owned(), json!(format));
            }
            if let Some(licence) = licence {
                members.insert("license".to_owned(), json!(licence));
            }
            if let Some(size) = file.byte_size {
                members.insert("contentSize".to_owned(), json!(format!("{size} B")));
            }
            if let Some(sum) = file.checksum.as_deref().and_then(|sum| sum.strip_prefix("sha256:")) {
                members.insert("sha256".to_owned(), json!(sum));
            }
        }
        out
    };
    let of_holding = |holding: &Holding| {
        holding.distributions.iter().map(|file| (file, holding.access_terms.licence.as_ref())).map(file).collect::<Vec<_>>()
    };
    record.holdings.iter().flat_map(of_holding).collect()
}

/// Field of the record and the property of schema.org that carries it; nothing where none does.
pub const MAPPING: &[(&str, &str)] = &[
    ("slug", "@id, url"),
    ("identifier", "identifier"),
    ("recordKind", ""),
    ("collectionStatus", ""),
    ("programme", ""),
    ("status", ""),
    ("visibility", ""),
    ("riskClass", ""),
    ("certainty", ""),
    ("certaintyNote", ""),
    ("mainLanguage", ""),
    ("titles", "name"),
    ("abstract", "description"),
    ("keywords", "keywords"),
    ("languages", "inLanguage"),
    ("themes", "keywords (labels)"),
    ("indicators", ""),
    ("classifications", ""),
    ("producer", "creator"),
    ("partners", "contributor"),
    ("legalMandate", ""),
    ("holdings", "publisher, license and isAccessibleForFree (of all files), conditionsOfAccess, distribution (license)"),
    ("methodology", "measurementTechnique (type of source, modes), subjectOf (instruments)"),
    ("coverage", "temporalCoverage, spatialCoverage"),
    ("variables", "variableMeasured (names and labels)"),
    ("relations", ""),
    ("discrepancies", ""),
    ("links", "subjectOf"),
    ("citations", "citation"),
    ("reviewDueOn", ""),
    ("masks", ""),
];
