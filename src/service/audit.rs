//! The whole change log, for those who audit it; and what each change did to a record.

use serde_json::Value;

use crate::domain::diff::{FieldChange, diff};
use crate::domain::policy::{Action, Actor, Subject, check};
pub use crate::store::changes::LogFilter;
use crate::store::changes::{self, Change};
use crate::store::{copies, persons};

use super::{Catalogue, Error};

/// One page of the log.
pub struct LogPage {
    /// Changes, newest first.
    pub changes: Vec<Change>,
    /// Whether older ones follow.
    pub has_next: bool,
    /// Number of changes that the filter lets through.
    pub total: i64,
}

fn allow(actor: &Actor) -> Result<(), Error> {
    let action = Action::AuditRead;
    check(actor, action, &Subject::default()).map_err(|code| Error::Forbidden { code, action })
}

/// Of these the log shows states and dates: who asks, votes or advises is for those concerned, see `access_requests::reading`.
const DISCREET: [&str; 2] = [super::access_requests::ENTITY, super::entitlements::ENTITY];
/// What is shown of them.
const STATES_AND_DATES: [&str; 15] = [
    "kind",
    "part",
    "number",
    "content",
    "request",
    "institution",
    "dataset",
    "holding",
    "data",
    "agreement",
    "state",
    "due",
    "from",
    "until",
    "appealUntil",
];

/// A change as the log shows it.
fn discreet(mut change: Change) -> Result<Change, Error> {
    if !DISCREET.contains(&change.entity.as_str()) {
        return Ok(change);
    }
    if change.actor.starts_with("person:") {
        "person".clone_into(&mut change.actor);
    }
    for doc in [&mut change.before_doc, &mut change.after_doc].into_iter().flatten() {
        let mut value: Value = serde_json::from_str(doc)?;
        if let Some(object) = value.as_object_mut() {
            object.retain(|key, _| STATES_AND_DATES.contains(&key.as_str()));
        }
        *doc = value.to_string();
    }
    Ok(change)
}

/// The log, newest first, before a place.
///
/// # Errors
/// Forbidden.
pub fn log(catalogue: &Catalogue, actor: &Actor, filter: &LogFilter, before: Option<i64>, first: usize) -> Result<LogPage, Error> {
    allow(actor)?;
    let filter = LogFilter { unattributed: DISCREET.map(str::to_owned).to_vec(), ..filter.clone() };
    let (mut page, total) = catalogue.db.read(|conn| changes::log(conn, &filter, before, first as i64 + 1))?;
    let has_next = page.len() > first;
    page.truncate(first);
    let changes = page.into_iter().map(discreet).collect::<Result<_, _>>()?;
    Ok(LogPage { changes, has_next, total })
}

/// The change at a place in the log; none for those who may not read the log.
///
/// # Errors
/// The database is unavailable.
pub fn by_seq(catalogue: &Catalogue, actor: &Actor, seq: i64) -> Result<Option<Change>, Error> {
    if allow(actor).is_err() {
        return Ok(None);
    }
    let found = catalogue.db.read(|conn| changes::after(conn, seq - 1, 1))?.into_iter().find(|change| change.seq == seq);
    found.map(discreet).transpose()
}

/// What a change did, field by field: for a record from its versions, for anything else from the states that the log keeps.
///
/// # Errors
/// Forbidden, or the database is unavailable.
pub fn difference(catalogue: &Catalogue, actor: &Actor, change: &Change) -> Result<Vec<FieldChange>, Error> {
    allow(actor)?;
    let versions = catalogue.db.read(|conn| {
        let Some(after) = copies::version_of_change(conn, change.seq)? else { return Ok(None) };
        let before = copies::version(conn, &after.entity_id, after.version - 1)?;
        Ok(Some((before.map(|row| row.doc), after.doc)))
    })?;
    let read = |text: Option<&str>| -> Result<Value, Error> {
        Ok(text.map(serde_json::from_str).transpose()?.unwrap_or_else(|| Value::Object(serde_json::Map::new())))
    };
    match versions {
        Some((before, after)) => Ok(diff(&read(before.as_deref())?, &read(Some(&after))?)),
        None => Ok(diff(&read(change.before_doc.as_deref())?, &read(change.after_doc.as_deref())?)),
    }
}

/// Function of the person behind a change, where there is one.
///
/// # Errors
/// The database is unavailable.
pub fn actor_function(catalogue: &Catalogue, actor: &str) -> Result<Option<String>, Error> {
    let Some(id) = actor.strip_prefix("person:") else { return Ok(None) };
    Ok(catalogue.db.read(|conn| persons::by_id(conn, id))?.map(|person| person.function))
}
