//! Who made and who publishes it. Institutions are named; private persons never are.

use serde_json::{Value, json};

use super::package::Reader;
use super::values::{listed, unpacked};
use crate::domain::text::MultilingualText;
use crate::interop::agents::{Spelling, spelling};
use crate::interop::json::{NO_FIELD, is_nothing, scalar};

/// What becomes of a contact or an author.
pub(super) const NOT_TAKEN: &str =
    "may name a person, and is not taken over; give the institution, or the function and the shared mailbox of its desk";

/// Parts of names of members that may tell of a person.
const PERSONAL: [&str; 12] =
    ["mail", "contact", "author", "maintainer", "creator", "phone", "telephone", "responsible", "point_of", "person", "steward", "owner"];

/// Members of which it is known that they may name a person.
const CONTACTS: [&str; 18] = [
    "author_email",
    "maintainer",
    "maintainer_email",
    "contact",
    "contacts",
    "contact_point",
    "contact_points",
    "contact_name",
    "contact_email",
    "contact_uri",
    "contact_url",
    "contact_identifier",
    "contact-email",
    "responsible-party",
    "package_creator",
    "publisher_email",
    "creator_name",
    "creator_email",
];

/// Whether a value that nobody looked into may tell of a person.
pub(super) fn may_tell_of_a_person(path: &str, value: &Value) -> bool {
    let path = path.to_lowercase();
    PERSONAL.iter().any(|part| path.contains(part)) || value.to_string().contains('@')
}

/// Reads the institutions, and names the persons' places without their names.
pub(super) fn read(reader: &mut Reader<'_>) {
    sources(reader);
    publishers(reader);
    let organization = reader.members.take("organization");
    let titles = ["title_translated", "display_name_translated", "title", "display_name", "name"];
    let title = organization.as_object().and_then(|members| titles.iter().find_map(|key| members.get(*key).filter(|v| !is_nothing(v))));
    let title = title.cloned().unwrap_or_else(|| if organization.is_string() { organization.clone() } else { Value::Null });
    let name = reader.words("organization", &title);
    reader.origin.holders.extend(Some(name.clone()).filter(|name| !name.is_empty()));
    // Whatever it is called.
    reader.origin.organisations.extend(Some(name.clone()).filter(|name| !name.is_empty()));
    add(reader, name);
    for (key, value) in organization.as_object().into_iter().flatten().filter(|(_, value)| !is_nothing(value)) {
        if !titles.contains(&key.as_str()) {
            reader.keep(format!("organization/{key}"));
        } else if scalar(value).is_some_and(|text| !is_told(reader, &text)) && key != "name" {
            reader.note_rest(&format!("organization/{key}"), value, "is another name of the institution; the first was taken");
        }
    }
    author(reader);
    for key in CONTACTS {
        let path = reader.members.path(key);
        if !is_nothing(&reader.members.take(key)) {
            reader.note(&path, &Value::Null, NOT_TAKEN);
        }
    }
}

fn is_told(reader: &Reader<'_>, name: &str) -> bool {
    reader.origin.producers.iter().any(|producer| producer.iter().any(|(_, wording)| wording.text == name))
}

fn add(reader: &mut Reader<'_>, name: MultilingualText) {
    let is_there = name.iter().all(|(_, wording)| is_told(reader, &wording.text));
    if !name.is_empty() && !is_there {
        reader.origin.producers.push(name);
    }
}

/// The institutions whose data they are, as HDX has them.
fn sources(reader: &mut Reader<'_>) {
    let path = reader.members.path("dataset_source");
    for source in reader.list("dataset_source", listed) {
        let name = reader.words(&path, &source);
        add(reader, name);
    }
}

fn publishers(reader: &mut Reader<'_>) {
    for (key, needs_a_kind) in [("publisher", false), ("creator", true)] {
        let path = reader.members.path(key);
        for agent in reader.list(key, listed) {
            let kind = agent.get("type").and_then(scalar).unwrap_or_default().to_lowercase();
            let is_person = ["person", "individual"].iter().any(|word| kind.contains(word));
            if is_person || (needs_a_kind && kind.is_empty()) {
                reader.note(&path, &Value::Null, NOT_TAKEN);
                continue;
            }
            let name = agent.as_object().map_or(Some(&agent), |members| members.get("name").or_else(|| members.get("title")));
            let name = reader.words(&path, &name.cloned().unwrap_or_default());
            add_publisher(reader, name, !kind.is_empty());
            for (part, value) in agent.as_object().into_iter().flatten().filter(|(_, value)| !is_nothing(value)) {
                if !matches!(part.as_str(), "name" | "title") {
                    reader.note_rest(&format!("{path}/{part}"), value, NO_FIELD);
                }
            }
        }
    }
    // The extension for DCAT writes an agent as several extras.
    let path = reader.members.path("publisher_name");
    let name = unpacked(reader.members.take("publisher_name"));
    let kind = scalar(reader.members.peek("publisher_type")).unwrap_or_default().to_lowercase();
    if ["person", "individual"].iter().any(|word| kind.contains(word)) {
        reader.note(&path, &Value::Null, NOT_TAKEN);
    } else {
        let name = reader.words(&path, &name);
        add_publisher(reader, name, !kind.is_empty());
    }
}

/// Whoever publishes is an organisation, unless the package calls it a person or it is written as only persons are.
fn add_publisher(reader: &mut Reader<'_>, name: MultilingualText, is_typed: bool) {
    let is_open = || name.iter().all(|(_, wording)| spelling(&wording.text) != Spelling::OfAPerson);
    if !name.is_empty() && (is_typed || is_open()) {
        reader.origin.organisations.push(name.clone());
    }
    add(reader, name);
}

/// An author is a person, unless it is the institution that the package names.
fn author(reader: &mut Reader<'_>) {
    let author = reader.members.take("author");
    match scalar(&author) {
        Some(name) if is_told(reader, &name) => reader.keep("author".to_owned()),
        _ if is_nothing(&author) => {}
        _ => reader.note("author", &json!(null), NOT_TAKEN),
    }
}
