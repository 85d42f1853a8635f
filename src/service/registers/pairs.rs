//! Decisions on pairs of records, and notes that their producers agree on. There is one of a kind for each pair.

use std::collections::HashMap;

use serde_json::{Map, json};
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::policy::{Action, Actor};
use crate::domain::problem::Problem;
use crate::domain::register::{Entry, pair_key};
use crate::domain::vocabulary::{AgreedVerdict, RegisterCommand, RegisterKind, RegisterState, Vocabulary};
use crate::service::catalogue::records_within;
use crate::service::drafts::Acting;
use crate::service::life::remark;
use crate::service::{Catalogue, Error};
use crate::store::Conn;
use crate::store::registers as table;

use super::write::{Given, give, give_within, insert, read_entry};
use super::{EntryRecord, may, refusal, seen_by};

/// Key of an entry that is about records.
fn key_of(entry: &Entry) -> Option<String> {
    match (entry.kind, entry.datasets.as_slice()) {
        (RegisterKind::Overlap | RegisterKind::ComparabilityNote, [one, other]) => Some(pair_key(*one, *other)),
        (RegisterKind::DiscrepancyNote, [one]) => entry.discrepancy.map(|index| format!("{one}|{index}")),
        _ => None,
    }
}

/// The records that an entry names; all of them must be there for the actor.
fn with_records(conn: &mut Conn, acting: Acting<'_>, entry: Entry) -> Result<EntryRecord, Error> {
    let records = records_within(conn, acting.actor, &entry.datasets)?;
    if let Some(id) = entry.datasets.iter().find(|id| !records.contains_key(id)) {
        return Err(Error::NotFound(format!("dataset `{id}`")));
    }
    Ok(EntryRecord {
        id: Uuid::nil(),
        number: 0,
        revision: 0,
        created_by: String::new(),
        created_at: acting.now,
        updated_at: acting.now,
        entry,
        supports: Vec::new(),
        records,
    })
}

/// In whose name the actor may do it.
fn name_of(
    actor: &Actor,
    record: &EntryRecord,
    command: RegisterCommand,
    action: Action,
    wanted: Option<&Slug>,
) -> Result<Option<Slug>, Error> {
    let names = may(actor, record, command);
    let found = match wanted {
        Some(slug) => names.into_iter().find(|name| name.as_ref() == Some(slug)),
        None => names.iter().find(|name| name.is_none()).or(names.first()).cloned(),
    };
    found.ok_or_else(|| Error::Forbidden { code: refusal(actor, action), action })
}

/// Confirms or rejects that two records measure the same thing, for a producer of either or for the coordination. The last decision
/// counts; those before it stay in the entry's history.
///
/// # Errors
/// Not found, forbidden, or no two records.
pub fn decide(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    pair: (Uuid, Uuid),
    is_confirmed: bool,
    (institution, note): (Option<&Slug>, &str),
) -> Result<EntryRecord, Error> {
    let note = remark("note", note)?;
    let state = if is_confirmed { RegisterState::Confirmed } else { RegisterState::Rejected };
    let mut entry = Entry::blank(RegisterKind::Overlap, state, None);
    entry.datasets = vec![pair.0.min(pair.1), pair.0.max(pair.1)];
    if pair.0 == pair.1 {
        return Err(Error::Invalid(vec![Problem::new("datasets", "", "name two different records")]));
    }
    catalogue.db.write(|conn, ledger| {
        let record = with_records(conn, acting, entry)?;
        let name = name_of(acting.actor, &record, RegisterCommand::Decide, Action::RegisterWrite, institution)?;
        let key = pair_key(pair.0, pair.1);
        if let Some(row) = table::keyed(conn, RegisterKind::Overlap.code(), &key)? {
            let given = Given { id: &row.id, expected: row.revision, institution: name.as_ref(), note: Some(&note) };
            return give_within(catalogue, conn, ledger, acting, RegisterCommand::Decide, &given, |_, entry, _| {
                entry.state = state;
                Ok(())
            });
        }
        let made = insert(catalogue, conn, ledger, acting, record.entry, name, Some(note))?;
        table::take_key(conn, RegisterKind::Overlap.code(), &key, &made.id.to_string())?;
        Ok(made)
    })
}

/// Proposes a note on a pair of records or on figures that differ, in the name of a producer or of the coordination. With the consent of
/// every producer it is agreed.
///
/// # Errors
/// Not found, forbidden, invalid, or there is one already.
pub fn propose(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    kind: RegisterKind,
    doc: Map<String, serde_json::Value>,
    institution: Option<&Slug>,
) -> Result<EntryRecord, Error> {
    let entry = read_entry(Entry::blank(kind, RegisterState::Proposed, None), doc, true)?;
    catalogue.db.write(|conn, ledger| {
        let record = with_records(conn, acting, entry)?;
        let name = name_of(acting.actor, &record, RegisterCommand::Update, Action::RegisterWrite, institution)?;
        let mut entry = record.entry;
        agree_within(conn, acting, &mut entry, name.as_ref())?;
        let Some(key) = key_of(&entry) else {
            let remedy = "name two different records, or the one record in which the figures stand";
            return Err(Error::Invalid(vec![Problem::new("datasets", entry.datasets.len(), remedy)]));
        };
        let made = insert(catalogue, conn, ledger, acting, entry, name, None)?;
        if !table::take_key(conn, kind.code(), &key, &made.id.to_string())? {
            return Err(Error::Conflict("there is a note on this already; change that one".to_owned()));
        }
        Ok(made)
    })
}

/// Adds the consent of a producer; with that of all it is agreed.
pub(super) fn agree_within(conn: &mut Conn, acting: Acting<'_>, entry: &mut Entry, name: Option<&Slug>) -> Result<(), Error> {
    let records = records_within(conn, acting.actor, &entry.datasets)?;
    let producers: Vec<Slug> = entry.datasets.iter().filter_map(|id| records.get(id)?.dataset.producer.clone()).collect();
    if let Some(slug) = name.filter(|slug| producers.contains(slug) && !entry.agreed_by.contains(slug)) {
        entry.agreed_by.push(slug.clone());
    }
    let is_agreed = !producers.is_empty() && producers.iter().all(|slug| entry.agreed_by.contains(slug));
    if is_agreed {
        entry.state = RegisterState::Agreed;
    }
    Ok(())
}

/// Agrees with a note in the name of a producer.
///
/// # Errors
/// Not found, forbidden, or another text than was seen.
pub fn agree(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>) -> Result<EntryRecord, Error> {
    give(catalogue, acting, RegisterCommand::Agree, given, |conn, entry, name| agree_within(conn, acting, entry, name))
}

/// What was decided or agreed on pairs, by their keys: only what the actor may read.
///
/// # Errors
/// The database is unavailable.
pub fn of_pairs(
    catalogue: &Catalogue,
    actor: &Actor,
    kind: RegisterKind,
    pairs: &[(Uuid, Uuid)],
) -> Result<HashMap<String, std::sync::Arc<EntryRecord>>, Error> {
    let keys: Vec<String> = pairs.iter().map(|(one, other)| pair_key(*one, *other)).collect();
    of_keys(catalogue, actor, kind, &keys)
}

/// Agreed or proposed explanations of the figures of a record that differ, by their place in its list.
///
/// # Errors
/// The database is unavailable.
pub fn of_discrepancies(
    catalogue: &Catalogue,
    actor: &Actor,
    wanted: &[(Uuid, usize)],
) -> Result<HashMap<String, std::sync::Arc<EntryRecord>>, Error> {
    let keys: Vec<String> = wanted.iter().map(|(id, index)| format!("{id}|{index}")).collect();
    of_keys(catalogue, actor, RegisterKind::DiscrepancyNote, &keys)
}

fn of_keys(
    catalogue: &Catalogue,
    actor: &Actor,
    kind: RegisterKind,
    keys: &[String],
) -> Result<HashMap<String, std::sync::Arc<EntryRecord>>, Error> {
    let rows = catalogue.db.read(|conn| table::keyed_all(conn, kind.code(), keys))?;
    let found = seen_by(catalogue, actor, &rows)?;
    Ok(found.into_iter().filter_map(|record| Some((key_of(&record.entry)?, record))).collect())
}

/// The content of a comparability note.
pub fn verdict_doc(pair: (Uuid, Uuid), verdict: AgreedVerdict, text: serde_json::Value) -> Map<String, serde_json::Value> {
    let mut doc = Map::new();
    doc.insert("datasets".to_owned(), json!([pair.0.min(pair.1), pair.0.max(pair.1)]));
    doc.insert("verdict".to_owned(), json!(verdict.code()));
    doc.insert("text".to_owned(), text);
    doc
}
