//! From schema.org to drafts.
//!
//! Real pages use one context, no context, prefixes or full addresses; the properties are read by their names, whatever
//! stands before them, and nothing is fetched.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::parts::{agents, files, holding, period, places};
use super::references::References;
use crate::domain::dataset::Variable;
use crate::domain::draft::DatasetDraft;
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::interop::dcat::authority::Tables;
use crate::interop::dcat::{Source, is_web_address, undetermined};
use crate::interop::exchange::{Found, Origin, Reading};
use crate::interop::json::{Document, Unfolding, address, each, is_nothing, parse, scalar, visible};
use crate::interop::when::date;

/// Properties of one thing by their names in schema.org.
pub type Members<'a> = HashMap<&'a str, &'a Value>;

/// Reads every dataset of a JSON-LD document: one, a list, a graph, or the datasets of a catalogue.
pub fn read(bytes: &[u8], source: &Source<'_>) -> Reading {
    let Document { value: document, mut problems, repeated } = match parse(bytes) {
        Ok(read) => read,
        Err(problem) => return Reading::refused(problem),
    };
    let mut references = References::of(&document);
    let (datasets, others) = datasets(&document, &references);
    if datasets.is_empty() {
        let shown = others.join(", ");
        return Reading::refused(Problem::new(
            "@type",
            shown,
            "the document describes no Dataset of schema.org; choose a page of a dataset",
        ));
    }
    let tables = Tables::new(source.concepts);
    let common = language_said(&document);
    let found = datasets.into_iter().filter_map(|dataset| {
        // Where a part is described elsewhere in the document, it is read from there.
        let whole = references.whole(dataset, &|key| TAKEN.contains(&bare(key)));
        let (dataset, told) = visible(&whole);
        let said = language_said(dataset.as_ref()).or_else(|| common.clone());
        let mut found = read_dataset(dataset.as_object()?, source, &tables, said);
        found.unfit.extend(told);
        Some(found)
    });
    let mut found: Vec<Found> = found.collect();
    match found.as_mut_slice() {
        [one] => one.unfit.extend(repeated.told()),
        _ => problems.extend(repeated.told()),
    }
    Reading { found, problems }
}

/// The name of a property or class without what stands before it.
pub fn bare(name: &str) -> &str {
    let known = ["http://schema.org/", "https://schema.org/", "schema:", "sc:", "sdo:"];
    known.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// Whether a thing is of a class.
pub fn is_a(value: &Value, class: &str) -> bool {
    value.get("@type").is_some_and(|types| each(types).iter().filter_map(Value::as_str).any(|name| bare(name) == class))
}

/// Objects that describe a dataset, and the classes of others.
fn datasets<'v>(document: &'v Value, references: &References<'v>) -> (Vec<&'v Value>, Vec<String>) {
    let (mut found, mut others) = (Vec::new(), Vec::new());
    let mut waiting: Vec<&Value> = all(document).iter().rev().collect();
    while let Some(value) = waiting.pop() {
        let Some(members) = value.as_object() else { continue };
        if is_a(value, "Dataset") {
            // A catalogue may name its datasets, and the graph describe them.
            if !references.is_described_elsewhere(value) {
                found.push(value);
            }
            continue;
        }
        if let Some(types) = members.get("@type") {
            others.extend(each(types).iter().filter_map(scalar).take(20usize.saturating_sub(others.len())));
        }
        let inner = members.iter().filter(|(key, _)| matches!(bare(key), "@graph" | "dataset" | "mainEntity" | "hasPart"));
        waiting.extend(inner.flat_map(|(_, value)| all(value).iter().rev()));
    }
    (found, others)
}

/// All members of a list of records.
fn all(value: &Value) -> &[Value] {
    match value {
        Value::Array(members) => members,
        other => std::slice::from_ref(other),
    }
}

const TAKEN: [&str; 29] = [
    "@id",
    "name",
    "description",
    "keywords",
    "inLanguage",
    "temporalCoverage",
    "spatialCoverage",
    "creator",
    "author",
    "producer",
    "publisher",
    "provider",
    "sourceOrganization",
    "license",
    "conditionsOfAccess",
    "usageInfo",
    "distribution",
    "contentUrl",
    "url",
    "sameAs",
    "citation",
    "subjectOf",
    "identifier",
    "dateModified",
    "variableMeasured",
    "mainEntityOfPage",
    "isBasedOn",
    "about",
    "headline",
];

/// The language that the context of a thing gives to texts without one.
fn language_said(thing: &Value) -> Option<LanguageTag> {
    let contexts = each(thing.get("@context")?);
    let said = contexts.iter().rev().find_map(|context| context.get("@language"))?;
    LanguageTag::parse(said.as_str()?).ok()
}

fn read_dataset(object: &Map<String, Value>, source: &Source<'_>, tables: &Tables<'_>, said: Option<LanguageTag>) -> Found {
    let members: Members<'_> = object.iter().map(|(key, value)| (bare(key), value)).collect();
    let get = |key: &str| members.get(key).copied().unwrap_or(&Value::Null);
    let language = |value: &Value| {
        let code = value.as_object().and_then(|m| m.get("alternateName").or_else(|| m.get("identifier")).or_else(|| m.get("name")));
        tables.language(&scalar(code.unwrap_or(value))?)
    };
    let declared: Vec<Option<LanguageTag>> = each(get("inLanguage")).iter().map(language).collect();
    let unknown = declared.iter().filter(|tag| tag.is_none()).count();
    let languages: Vec<LanguageTag> = declared.into_iter().flatten().collect();
    let mut unfolding = Unfolding::new(tables, source, &languages, unknown);
    if let Some(language) = said {
        unfolding.untagged = language;
    }
    for value in each(get("inLanguage")).iter().filter(|value| language(value).is_none()) {
        unfolding.note("inLanguage", value, "is not a language that is known; use a tag such as `fr`");
    }
    let mut draft = DatasetDraft { languages, ..DatasetDraft::default() };
    describe(&mut unfolding, get, &mut draft);
    draft.coverage.period = period(&mut unfolding, get("temporalCoverage"));
    places(&mut unfolding, get("spatialCoverage"), &mut draft.coverage);
    draft.variables = variables(&mut unfolding, get("variableMeasured"));
    let files = files(&mut unfolding, get("distribution"), get("contentUrl"));
    draft.holdings = holding(&mut unfolding, get, files);
    for key in ["sameAs", "citation", "subjectOf", "mainEntityOfPage", "isBasedOn"] {
        unfolding.links(key, get(key), &mut draft.links);
    }
    let mut origin = origin(&mut unfolding, get);
    agents(&mut unfolding, get, &mut origin);
    let titled = draft.titles.0.keys().next().cloned();
    draft.main_language = titled.filter(|tag| draft.titles.0.len() == 1 && *tag != undetermined());
    unfolding.name_the_rest("", &object.iter().map(|(key, value)| (bare(key).to_owned(), value.clone())).collect(), &TAKEN);
    Found { draft, origin, unfit: unfolding.finish(), ..Found::default() }
}

fn describe<'v>(unfolding: &mut Unfolding<'_>, get: impl Fn(&str) -> &'v Value, draft: &mut DatasetDraft) {
    draft.titles = unfolding.text("name", get("name"));
    if draft.titles.is_empty() {
        draft.titles = unfolding.text("headline", get("headline"));
    }
    draft.abstract_text = unfolding.text("description", get("description"));
    for keyword in each(get("keywords")) {
        let parts: Vec<Value> = match keyword {
            Value::String(list) => list.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect(),
            other => vec![other.clone()],
        };
        if let Some(term) = keyword.as_object() {
            unfolding.name_the_rest("keywords", term, &["name", "@value", "@language"]);
        }
        for part in &parts {
            let text = unfolding.text("keywords", part);
            if !text.is_empty() && !draft.keywords.contains(&text) {
                draft.keywords.push(text);
            }
        }
    }
    for about in each(get("about")) {
        let name = about.as_object().and_then(|members| members.get("name")).unwrap_or(about);
        match scalar(name).or_else(|| address(about)).and_then(|name| unfolding.tables.theme(&name)) {
            Some(code) if !draft.themes.iter().any(|there| there == code) => draft.themes.push(code.to_owned()),
            Some(_) => {}
            None => unfolding.note("about", about, "is not a theme of the registry; choose one of THEMES"),
        }
    }
}

fn variables(unfolding: &mut Unfolding<'_>, value: &Value) -> Vec<Variable> {
    let mut variables = Vec::new();
    for variable in each(value) {
        let members = variable.as_object();
        let name = members.and_then(|members| members.get("name")).map_or_else(|| scalar(variable), scalar_or_value);
        let Some(name) = name else {
            unfolding.note("variableMeasured", variable, "is a variable without a name; name it");
            continue;
        };
        let label = members.and_then(|members| members.get("description"));
        let label = label.map_or_else(MultilingualText::default, |label| unfolding.text("variableMeasured/description", label));
        if let Some(members) = members {
            unfolding.name_the_rest("variableMeasured", members, &["name", "description"]);
        }
        variables.push(Variable { file: None, name: crate::interop::rdf::clean(&name).0, label, categories: Vec::new() });
    }
    variables
}

fn scalar_or_value(value: &Value) -> Option<String> {
    scalar(value).or_else(|| value.get("@value").and_then(scalar))
}

/// A DOI, an address or a number before a checksum that stands as an identifier.
fn origin<'v>(unfolding: &mut Unfolding<'_>, get: impl Fn(&str) -> &'v Value) -> Origin {
    let mut candidates: Vec<String> = Vec::new();
    for identifier in each(get("identifier")) {
        match identifier {
            Value::Object(members) => {
                let kind = members.get("propertyID").and_then(scalar).unwrap_or_default().to_lowercase();
                let value = members.get("value").or_else(|| members.get("@id")).and_then(scalar);
                match value {
                    Some(value) if !matches!(kind.as_str(), "md5" | "sha1" | "sha256") => {
                        candidates.push(value);
                        let taken = if members.contains_key("value") { "value" } else { "@id" };
                        unfolding.name_the_rest("identifier", members, &[taken]);
                    }
                    _ => {
                        unfolding.note("identifier", identifier, "is not an identifier of a record; it stays in the original that is kept")
                    }
                }
            }
            other => candidates.extend(scalar(other)),
        }
    }
    // `#dataset` or `_:b0` names a place in its document, and is the same in the next one.
    let is_of_everywhere = |id: &String| !id.starts_with("_:") && url::Url::parse(id).is_ok();
    candidates.extend(scalar(get("@id")).filter(is_of_everywhere));
    candidates.extend(scalar(get("url")));
    let identifier = candidates.first().cloned();
    let others: Vec<&String> = candidates.iter().skip(1).filter(|other| Some(*other) != identifier.as_ref()).collect();
    let address = [scalar(get("url")), scalar(get("@id"))].into_iter().flatten().chain(candidates.clone());
    let address = address.into_iter().find(|address| is_web_address(address));
    for other in others.into_iter().filter(|other| Some(*other) != address.as_ref()) {
        unfolding.note("identifier", &Value::from(other.as_str()), "is a second identifier; the first was taken");
    }
    let modified = scalar(get("dateModified"));
    if !is_nothing(get("dateModified")) && modified.as_deref().and_then(date).is_none() {
        unfolding.note("dateModified", get("dateModified"), "is not a date; write YYYY-MM-DD");
    }
    Origin { identifier, address, modified, ..Origin::default() }
}
