//! What DDI has no element for: notes that only this registry reads.
//!
//! A note has the type `rihla`, and as subject the field of the record format. Its text is a JSON object: keys are places below the field
//! (RFC 6901, JSON Pointer), values are what stands there; `null` says that nothing does. The notes hold the difference between what the
//! elements of the document tell and the record, so that nothing is said twice. Each note bears marks of what the elements said when it was
//! written, so that whatever another tool changes in them afterwards is not overwritten.

use serde::Serialize;
use serde_json::{Map, Value};

use super::read::Book;
use super::{OWN, marks};
use crate::domain::draft::DatasetDraft;

/// Fields below which notes have a subject of their own.
const DIVIDED: [&str; 2] = ["methodology", "coverage"];
/// Most notes of one document; there is one for each field.
const MAX_NOTES: usize = 100;

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// The field that it is about.
    pub subject: String,
    /// The places below the field and what stands there, as JSON.
    pub text: String,
    /// Marks of what the elements said there when it was written; nothing in notes of earlier versions.
    pub marks: String,
}

/// The notes of a document, which count as read.
pub(super) fn notes(book: &mut Book) -> Vec<Note> {
    let mut found = Vec::new();
    for node in book.study("notes") {
        if let (Some(OWN), Some(subject)) = (node.attribute("type"), node.attribute("subject"))
            && found.len() < MAX_NOTES
        {
            let text: String = node.children().filter_map(|child| child.text()).collect();
            let marks = node.attribute("elementVersion").unwrap_or_default().trim().to_owned();
            found.push(Note { subject: subject.to_owned(), text, marks });
            book.tracked.pass_over(node);
        }
    }
    found
}

/// The notes that make the record of what was read from its elements.
pub(super) fn difference(read: &DatasetDraft, record: &impl Serialize) -> Vec<Note> {
    let (Ok(record), read) = (serde_json::to_value(record), value_of(read)) else { return Vec::new() };
    let mut notes = Vec::new();
    for (field, theirs, ours) in fields(&read, &record) {
        let mut places = Map::new();
        compare(theirs, ours, &mut String::new(), &mut places);
        if !places.is_empty() {
            let marks = marks::written(theirs, places.keys().map(String::as_str));
            notes.push(Note { subject: field, text: plain(&Value::Object(places).to_string()), marks });
        }
    }
    notes
}

/// JSON text with characters that XML does not allow written as escapes.
fn plain(json: &str) -> String {
    json.chars().map(|c| if matches!(c, '\u{FFFE}' | '\u{FFFF}') { format!("\\u{:04x}", c as u32) } else { c.to_string() }).collect()
}

/// Every field of either side with its two values, in the order of the record format.
fn fields<'v>(read: &'v Value, record: &'v Value) -> Vec<(String, Option<&'v Value>, Option<&'v Value>)> {
    let mut found = Vec::new();
    for key in keys(Some(record), Some(read)) {
        let (theirs, ours) = (read.get(key), record.get(key));
        if DIVIDED.contains(&key) && ours.is_some_and(Value::is_object) && theirs.is_some_and(Value::is_object) {
            found.extend(keys(ours, theirs).into_iter().map(|below| {
                (format!("{key}.{below}"), theirs.and_then(|value| value.get(below)), ours.and_then(|value| value.get(below)))
            }));
        } else {
            found.push((key.to_owned(), theirs, ours));
        }
    }
    found
}

fn keys<'v>(first: Option<&'v Value>, second: Option<&'v Value>) -> Vec<&'v str> {
    let own = |value: Option<&'v Value>| value.and_then(Value::as_object).into_iter().flat_map(|object| object.keys().map(String::as_str));
    let mut keys: Vec<&str> = own(first).collect();
    keys.extend(own(second).filter(|key| first.and_then(|value| value.get(key)).is_none()));
    keys
}

/// What differs between two values, by the places below them; what stands there in the second.
pub(crate) fn differences(theirs: Option<&Value>, ours: &Value) -> Map<String, Value> {
    let mut places = Map::new();
    compare(theirs, Some(ours), &mut String::new(), &mut places);
    places
}

fn compare(theirs: Option<&Value>, ours: Option<&Value>, path: &mut String, places: &mut Map<String, Value>) {
    if theirs == ours {
        return;
    }
    let length = path.len();
    match (theirs, ours) {
        (Some(Value::Object(_)), Some(Value::Object(_))) => {
            for key in keys(ours, theirs) {
                path.push('/');
                path.push_str(&key.replace('~', "~0").replace('/', "~1"));
                compare(theirs.and_then(|value| value.get(key)), ours.and_then(|value| value.get(key)), path, places);
                path.truncate(length);
            }
        }
        (Some(Value::Array(theirs)), Some(Value::Array(ours))) if theirs.len() == ours.len() => {
            for (index, (their, our)) in theirs.iter().zip(ours).enumerate() {
                path.push_str(&format!("/{index}"));
                compare(Some(their), Some(our), path, places);
                path.truncate(length);
            }
        }
        (_, ours) => {
            places.insert(path.clone(), ours.cloned().unwrap_or(Value::Null));
        }
    }
}

/// A draft in the record format.
pub(crate) fn value_of(draft: &DatasetDraft) -> Value {
    let mut object = Map::new();
    let mut add = |name: &str, value: Result<Value, serde_json::Error>| {
        // Every part of a record can be written as JSON; what is empty is not written.
        if let Ok(value) = value
            && !value.is_null()
            && !value.as_array().is_some_and(Vec::is_empty)
            && !value.as_object().is_some_and(Map::is_empty)
        {
            object.insert(name.to_owned(), value);
        }
    };
    add("slug", serde_json::to_value(&draft.slug));
    add("identifier", serde_json::to_value(&draft.identifier));
    add("recordKind", serde_json::to_value(draft.record_kind));
    add("collectionStatus", serde_json::to_value(draft.collection_status));
    add("programme", serde_json::to_value(&draft.programme));
    add("status", serde_json::to_value(draft.status));
    add("visibility", serde_json::to_value(draft.visibility));
    add("riskClass", serde_json::to_value(draft.risk_class));
    add("certainty", serde_json::to_value(draft.certainty));
    add("certaintyNote", serde_json::to_value(&draft.certainty_note));
    add("mainLanguage", serde_json::to_value(&draft.main_language));
    add("titles", serde_json::to_value(&draft.titles));
    add("abstract", serde_json::to_value(&draft.abstract_text));
    add("keywords", serde_json::to_value(&draft.keywords));
    add("languages", serde_json::to_value(&draft.languages));
    add("themes", serde_json::to_value(&draft.themes));
    add("indicators", serde_json::to_value(&draft.indicators));
    add("classifications", serde_json::to_value(&draft.classifications));
    add("producer", serde_json::to_value(&draft.producer));
    add("partners", serde_json::to_value(&draft.partners));
    add("legalMandate", serde_json::to_value(&draft.legal_mandate));
    add("holdings", serde_json::to_value(&draft.holdings));
    add("methodology", serde_json::to_value(&draft.methodology));
    add("coverage", serde_json::to_value(&draft.coverage));
    add("variables", serde_json::to_value(&draft.variables));
    add("relations", serde_json::to_value(&draft.relations));
    add("discrepancies", serde_json::to_value(&draft.discrepancies));
    add("links", serde_json::to_value(&draft.links));
    add("citations", serde_json::to_value(&draft.citations));
    add("reviewDueOn", serde_json::to_value(draft.review_due_on));
    add("masks", serde_json::to_value(&draft.masks));
    Value::Object(object)
}
