//! Registered entries as they are kept, with the changes of their dates.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::calendar::{Event, Postponement, Release};
use crate::domain::ids::Slug;
use crate::domain::vocabulary::{CalendarKind, CalendarState, MaskableField};
use crate::service::catalogue::read_id;
use crate::service::{Catalogue, Error, Record};
use crate::store::calendar::{self as table, EventRow, PostponementRow};

use super::{Entry, EventRecord, collections};

pub(super) fn read_event(row: &EventRow) -> Result<Event, Error> {
    Ok(serde_json::from_str(&row.doc)?)
}

/// Reads rows with the changes of their dates, in one statement.
pub(super) fn read_events(catalogue: &Catalogue, rows: &[&EventRow]) -> Result<HashMap<String, Arc<EventRecord>>, Error> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let postponed = catalogue.db.read(|conn| table::postponements(conn, &ids))?;
    let found = with_postponements(rows, postponed)?;
    Ok(found.into_iter().map(|event| (event.id.to_string(), Arc::new(event))).collect())
}

/// Rows as entries, each with the changes of its dates.
pub(super) fn with_postponements(rows: &[&EventRow], postponed: Vec<PostponementRow>) -> Result<Vec<EventRecord>, Error> {
    let mut moves: HashMap<String, Vec<Postponement>> = HashMap::new();
    for row in postponed {
        let institution = Slug::parse(&row.institution).map_err(|remedy| Error::Internal(anyhow::anyhow!(remedy)))?;
        moves.entry(row.event_id).or_default().push(Postponement {
            from: serde_json::from_str(&row.planned_before)?,
            to: serde_json::from_str(&row.planned_after)?,
            reason: serde_json::from_str(&row.reason)?,
            institution,
            function: row.function,
            at: row.at,
        });
    }
    let read = |row: &&EventRow| {
        Ok(EventRecord {
            id: read_id(&row.id)?,
            number: row.number,
            revision: row.revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
            event: read_event(row)?,
            postponements: moves.remove(&row.id).unwrap_or_default(),
        })
    };
    rows.iter().map(read).collect()
}

/// Registered entries about some records, by record, in two statements; of those that hide their dates from the reader there are none.
///
/// # Errors
/// The database is unavailable.
pub fn of_records(catalogue: &Catalogue, records: &[Arc<Record>]) -> Result<HashMap<Uuid, Vec<Arc<EventRecord>>>, Error> {
    let mut found: HashMap<Uuid, Vec<Arc<EventRecord>>> = records.iter().map(|record| (record.id.0, Vec::new())).collect();
    let open = records.iter().filter(|record| !record.dataset.hides(MaskableField::Period));
    let ids: Vec<String> = open.map(|record| record.id.to_string()).collect();
    let rows = catalogue.db.read(|conn| table::of_datasets(conn, &ids))?;
    let mut events = read_events(catalogue, &rows.iter().collect::<Vec<_>>())?;
    for row in &rows {
        if let (Some(event), Some(id)) = (events.remove(&row.id), row.dataset_id.as_deref()) {
            found.entry(read_id(id)?).or_default().push(event);
        }
    }
    Ok(found)
}

/// Releases of some records that had been told as done by an instant (milliseconds from 1970-01-01 UTC), by record.
///
/// # Errors
/// The database is unavailable.
pub fn released_by(catalogue: &Catalogue, records: &[Uuid], at: i64) -> Result<HashMap<Uuid, Vec<Event>>, Error> {
    let ids: Vec<String> = records.iter().map(Uuid::to_string).collect();
    let rows = catalogue.db.read(|conn| table::of_datasets(conn, &ids))?;
    let mut found: HashMap<Uuid, Vec<Event>> = HashMap::new();
    // What was told as done is changed no more, so that its last change is when it was told.
    for row in rows.iter().filter(|row| row.updated_at <= at) {
        let event = read_event(row)?;
        let is_release = event.kind == CalendarKind::Release && event.state == CalendarState::Done;
        if let Some(id) = event.dataset.filter(|_| is_release) {
            found.entry(id).or_default().push(event);
        }
    }
    Ok(found)
}

/// The calendar of one record: its documented dates and what was registered about it, by first day. Of the same collection the registered one
/// stands there.
pub fn of_record(record: &Arc<Record>, events: &[Arc<EventRecord>], today: i64) -> Vec<Entry> {
    let mut entries = collections::left(record, Entry::of_record(record, today), events);
    entries.extend(events.iter().map(|event| Entry::registered(event.clone(), Some(record.clone()), today)));
    entries.sort_by_key(|entry| entry.dates.days());
    entries
}

/// Releases of a dataset that were told as done.
pub fn releases(events: &[Arc<EventRecord>]) -> Vec<Release> {
    let done = events.iter().filter(|event| event.event.kind == CalendarKind::Release && event.event.state == CalendarState::Done);
    let release = |event: &Arc<EventRecord>| {
        let last_planned = event.event.planned;
        let first_planned = event.postponements.first().map_or(last_planned, |postponement| postponement.from);
        Some(Release { first_planned, last_planned, actual: event.event.actual? })
    };
    done.filter_map(release).collect()
}
