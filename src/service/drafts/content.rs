//! What stands in a working copy: what an editor may write of a record, and what stays as it is.

use serde_json::{Map, Value};

use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::record::copy_too_long;
use crate::store::datasets::{self, DatasetRow};
use crate::store::{Conn, copies};

use super::super::Error;

/// The content of a stored record that an editor may write.
///
/// # Errors
/// The store was altered by another program.
pub fn editable(row: &DatasetRow) -> Result<Map<String, Value>, Error> {
    let mut doc: Map<String, Value> = serde_json::from_str(&row.doc)?;
    for fixed in ["identifier", "status"] {
        doc.shift_remove(fixed);
    }
    // A stored period leaves out what is not known; in a draft that is said, so that it is not asked for again.
    if let Some(period) = doc.get_mut("coverage").and_then(|coverage| coverage.get_mut("period")).and_then(Value::as_object_mut) {
        for end in ["start", "end"] {
            period.entry(end).or_insert(Value::Null);
        }
    }
    Ok(doc)
}

/// Puts given fields in place; null takes a field out.
pub fn apply_patch(doc: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (key, value) in patch {
        if value.is_null() {
            doc.shift_remove(&key);
        } else {
            doc.insert(key, value);
        }
    }
}

/// A working copy may not grow beyond what a record may have: its text could not be published, and its export not be read again. One that has is
/// kept for who makes it shorter.
///
/// # Errors
/// It has grown too long.
pub(super) fn check_length(doc: &Map<String, Value>, before: Option<&Map<String, Value>>) -> Result<(), Error> {
    copy_too_long(doc, before).map_or(Ok(()), |problem| Err(Error::Invalid(vec![problem])))
}

/// The producer is changed by a transfer, the short name of a published record never.
///
/// # Errors
/// Either was changed all the same.
pub(super) fn fixed_parts(doc: &Map<String, Value>, institution: &Slug, published_slug: Option<&str>) -> Result<(), Error> {
    let mut problems = Vec::new();
    let producer = doc.get("producer").and_then(Value::as_str).unwrap_or_default();
    if producer != institution.as_str() {
        let remedy = format!("the producer of this record is `{institution}`; a record passes to another by `datasetTransfer`");
        problems.push(Problem::new("producer", producer, remedy));
    }
    let slug = doc.get("slug").and_then(Value::as_str);
    if let Some(published) = published_slug.filter(|published| Some(*published) != slug) {
        let remedy = format!("the short name of a published record stays `{published}`, for it is part of addresses");
        problems.push(Problem::new("slug", slug.unwrap_or_default(), remedy));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// The slug of a draft, free to be used; the message is the same for every reason, so that it tells of no other record.
///
/// # Errors
/// It is no short name, or not free; or the statement failed.
pub(super) fn check_slug(conn: &mut Conn, doc: &Map<String, Value>, dataset_id: &str) -> Result<Option<String>, Error> {
    let Some(text) = doc.get("slug").and_then(Value::as_str) else { return Ok(None) };
    let slug = Slug::parse(text).map_err(|remedy| Error::Invalid(vec![Problem::new("slug", text, remedy)]))?;
    let by_record = datasets::by_slug(conn, slug.as_str())?.is_some_and(|row| row.id != dataset_id);
    let by_draft = copies::by_slug(conn, slug.as_str())?.is_some_and(|row| row.dataset_id != dataset_id);
    if by_record || by_draft {
        let remedy = "this short name cannot be used; choose another, for example with the acronym of the institution in front";
        return Err(Error::Invalid(vec![Problem::new("slug", text, remedy)]));
    }
    Ok(Some(slug.to_string()))
}
