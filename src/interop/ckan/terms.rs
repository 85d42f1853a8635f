//! On which terms the data are given.

use serde_json::{Value, json};

use super::package::Reader;
use super::values::listed;
use crate::domain::holding::{AccessTerms, Holding};
use crate::domain::vocabulary::{AccessLevel, HoldingRole, Vocabulary};
use crate::interop::dcat::authority::access_level;
use crate::interop::dcat::is_web_address;
use crate::interop::file_terms::FileTerms;
use crate::interop::holder::{not_yet_known, unknown_terms};
use crate::interop::json::{address, is_nothing, scalar};

/// Words by which portals say that they know no licence.
const NO_LICENCE: [&str; 6] = ["notspecified", "License not specified", "License Not Specified", "hdx-other", "other", "Other"];

/// Reads the terms; the files come to them later.
pub(super) fn read(reader: &mut Reader<'_>) {
    let mut terms = unknown_terms();
    for (key, level) in [("access_aggregates", &mut terms.aggregates), ("access_microdata", &mut terms.microdata)] {
        let path = reader.members.path(key);
        if let Some(code) = reader.scalar(key) {
            match AccessLevel::parse(&code) {
                Some(found) => *level = found,
                None => reader.note(&path, &json!(code), "is not a level of access of the registry; choose one"),
            }
        }
    }
    rights(reader, &mut terms);
    licences(reader, &mut terms);
    for key in ["rights", "access_constraints", "use_constraints", "license_other"] {
        let path = reader.members.path(key);
        for value in reader.list(key, listed) {
            condition(reader, &path, &value, &mut terms);
        }
    }
    if reader.members.take("is_requestdata_type") == Value::Bool(true) {
        let remedy = "the portal passes requests on to the organization; choose the level of access and the channel";
        reader.note("is_requestdata_type", &Value::Bool(true), remedy);
    }
    if terms != unknown_terms() {
        let holding =
            Holding { institution: not_yet_known(), role: HoldingRole::Disseminator, access_terms: terms, distributions: Vec::new() };
        reader.draft.holdings.push(holding);
    }
}

fn rights(reader: &mut Reader<'_>, terms: &mut AccessTerms) {
    let path = reader.members.path("access_rights");
    for value in reader.list("access_rights", listed) {
        match address(&value).and_then(|text| access_level(&text)) {
            Some(level) if terms.aggregates == AccessLevel::Unknown => {
                terms.aggregates = level;
                let remedy = format!(
                    "says less than the registry's levels; {} was assumed for aggregates: confirm it with the holder",
                    level.code()
                );
                reader.note(&path, &value, &remedy);
            }
            Some(_) => reader.note(&path, &value, "is a second access right; the first was taken"),
            None => condition(reader, &path, &value, terms),
        }
    }
}

/// The licence by its address; by its name among the conditions, where it has none.
fn licences(reader: &mut Reader<'_>, terms: &mut AccessTerms) {
    let (url, id) = (reader.members.take("license_url"), scalar(reader.members.peek("license_id")));
    licence(reader, "license_url", &url, terms);
    if let Some(address) = id.as_deref().filter(|id| is_web_address(id)) {
        licence(reader, "license_id", &json!(address), terms);
    }
    for key in ["licence", "license"] {
        let path = reader.members.path(key);
        for value in reader.list(key, listed) {
            licence(reader, &path, &value, terms);
        }
    }
    let Some(title) = reader.scalar("license_title") else {
        // The identifier says what a title would.
        if let Some(id) = id.filter(|id| terms.licence.is_none() && !NO_LICENCE.contains(&id.as_str())) {
            licence(reader, "license_id", &json!(id), terms);
        }
        return;
    };
    if terms.licence.is_some() || NO_LICENCE.contains(&title.as_str()) {
        reader.keep("license_title".to_owned());
    } else {
        licence(reader, "license_title", &json!(title), terms);
    }
}

/// What a file says of its own terms.
pub(super) fn of_file(reader: &mut Reader<'_>, licences: &[Value], rights: &[Value]) -> FileTerms {
    let mut own = FileTerms::default();
    for value in licences.iter().filter(|value| !is_nothing(value)) {
        match address(value) {
            Some(address) if is_web_address(&address) => own.add_licence(address),
            Some(words) if NO_LICENCE.contains(&words.as_str()) => reader.keep("resources/license".to_owned()),
            _ => own.words.push(("resources/license", reader.words("resources/license", value))),
        }
    }
    for value in rights {
        own.words.push(("resources/rights", reader.words("resources/rights", value)));
    }
    own
}

/// One licence of the package.
fn licence(reader: &mut Reader<'_>, path: &str, value: &Value, terms: &mut AccessTerms) {
    if is_nothing(value) {
        return;
    }
    match address(value).filter(|address| is_web_address(address)) {
        Some(address) if terms.licence.is_none() => terms.licence = Some(address),
        Some(address) if terms.licence.as_ref() == Some(&address) => {}
        Some(_) => reader.note(path, value, "is another licence than the first; a holding has one: split the holding, or choose one"),
        None => condition(reader, path, value, terms),
    }
}

/// Words among the conditions.
fn condition(reader: &mut Reader<'_>, path: &str, value: &Value, terms: &mut AccessTerms) {
    let words = reader.words(path, value);
    let is_there =
        words.iter().all(|(tag, new)| terms.conditions.0.get(tag).is_some_and(|there| there.text.split("; ").any(|t| t == new.text)));
    if !is_there {
        reader.unfolding.add(path, &mut terms.conditions, words);
    }
}
