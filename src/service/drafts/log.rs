//! What the change log is told of working copies, and what it tells an editor whose sight is stale.

use serde_json::{Map, Value, json};

use crate::domain::diff::changed_keys;
use crate::store::changes::{self, Change, KnownTo, Ledger, LogFilter, NewChange};
use crate::store::copies::{self, CopyRow};
use crate::store::{Conn, persons};

use super::super::{Clash, Error};
use super::Acting;

/// Writes a change of a working copy into the log: where it stands, and what the fields that changed said before and after.
///
/// # Errors
/// The statement failed.
pub fn log_draft(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    before: Option<&CopyRow>,
    after: Option<&CopyRow>,
    extra: Value,
) -> Result<i64, Error> {
    let state = |row: &CopyRow| json!({ "dataset": row.dataset_id, "institution": row.institution, "status": row.status, "revision": row.revision });
    let subject = after.or(before).ok_or_else(|| Error::Internal(anyhow::anyhow!("a change of nothing")))?;
    let (mut was, mut now) = (before.map(state), state(subject));
    if let (Value::Object(now), Value::Object(extra)) = (&mut now, extra) {
        now.extend(extra);
    }
    if let (Some(before), Some(after), Some(was)) = (before, after, &mut was) {
        let (old, new): (Value, Value) = (serde_json::from_str(&before.doc)?, serde_json::from_str(&after.doc)?);
        let changed = changed_keys(&old, &new);
        let part = |doc: &Value| -> Map<String, Value> {
            changed.iter().filter_map(|key| doc.get(key).map(|value| (key.clone(), value.clone()))).collect()
        };
        if !changed.is_empty() {
            was["content"] = Value::Object(part(&old));
            now["content"] = Value::Object(part(&new));
        }
    }
    let before = was.map(|was| was.to_string());
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: "DRAFT",
        entity_id: &subject.id,
        known_to: KnownTo::Auditors,
        before: before.as_deref(),
        after: Some(&now.to_string()),
    };
    Ok(ledger.append(conn, &change)?)
}

/// Tells what others wrote since the revision that the editor has seen.
///
/// # Errors
/// The statement failed.
pub fn clash(conn: &mut Conn, entity: &str, id: &str, expected: i64, present: i64) -> Result<Error, Error> {
    let filter = LogFilter { entities: vec![entity.to_owned()], entity_id: Some(id.to_owned()), ..LogFilter::default() };
    let (rows, _) = changes::log(conn, &filter, None, 50)?;
    let (mut fields, mut by, mut at) = (Vec::new(), None, None);
    for row in rows {
        let after: Value = row.after_doc.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        if after.get("revision").and_then(Value::as_i64).is_none_or(|revision| revision <= expected) {
            continue;
        }
        fields.extend(written_fields(conn, &row, &after)?);
        if by.is_none() {
            let person = row.actor.strip_prefix("person:").map(|id| persons::by_id(conn, id)).transpose()?.flatten();
            by = person.map(|person| person.function);
            at = Some(row.at);
        }
    }
    fields.sort_unstable();
    fields.dedup();
    Ok(Error::Stale(Box::new(Clash { expected, present, by, at, fields })))
}

/// Top-level fields that a change wrote: of a record from its versions, of anything else as the log names them.
fn written_fields(conn: &mut Conn, change: &Change, after: &Value) -> Result<Vec<String>, Error> {
    let Some(version) = copies::version_of_change(conn, change.seq)? else {
        let named = after.get("fields").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        return Ok(named.map(str::to_owned).collect());
    };
    let before = copies::version(conn, &version.entity_id, version.version - 1)?.map_or_else(|| "{}".to_owned(), |row| row.doc);
    Ok(changed_keys(&serde_json::from_str(&before)?, &serde_json::from_str(&version.doc)?))
}
