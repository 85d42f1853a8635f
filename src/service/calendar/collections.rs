//! Collections that producers registered stand in the place of those that their records document.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::calendar::{Collection, Dates, is_plan, with_dates};
use crate::domain::dataset::Dataset;
use crate::domain::vocabulary::{CalendarKind, CalendarState, MaskableField, Vocabulary};
use crate::search::Results;
use crate::search::calendar::Dated;
use crate::service::catalogue::read_id;
use crate::service::{Catalogue, Error, Record};
use crate::store::calendar::{self as table, CollectionRow};

use super::events::{read_event, with_postponements};
use super::{Entry, EventRecord, MOST_REGISTERED, Subject};

/// Whether a date of a record is one of a collection.
pub(super) fn is_collection(dated: &Dated) -> bool {
    dated.mark.source.kind() == CalendarKind::Collection
}

/// Takes out the dates of records in whose place a registered collection stands, wherever in the calendar that is.
pub(super) fn give_way(results: &Results, mut rows: Vec<CollectionRow>, dated: &mut Vec<Dated>) -> Result<(), Error> {
    rows.truncate(MOST_REGISTERED);
    let registered = by_dataset(rows)?;
    if registered.is_empty() {
        return Ok(());
    }
    let found: HashSet<Uuid> = dated.iter().map(|dated| dated.id).filter(|id| registered.contains_key(id)).collect();
    let plans = results.plans_among(&found);
    dated.retain(|dated| {
        let own = registered.get(&dated.id).filter(|_| is_collection(dated));
        let is_plan = plans.contains(&dated.id);
        own.is_none_or(|own| !own.iter().any(|collection| collection.replaces(&dated.mark, is_plan)))
    });
    Ok(())
}

fn by_dataset(rows: Vec<CollectionRow>) -> Result<HashMap<Uuid, Vec<Collection>>, Error> {
    let mut found: HashMap<Uuid, Vec<Collection>> = HashMap::new();
    for (dataset, state, first, last) in rows {
        if let (Some(id), Some(state)) = (dataset, CalendarState::parse(&state)) {
            found.entry(read_id(&id)?).or_default().push(Collection { state, first, last });
        }
    }
    Ok(found)
}

/// Of the dates of one record, those in whose place no registered collection stands.
pub(super) fn left(record: &Record, documented: Vec<Entry>, events: &[Arc<EventRecord>]) -> Vec<Entry> {
    let is_own = |event: &&Arc<EventRecord>| {
        event.event.kind == CalendarKind::Collection && record.dataset.producer.as_ref() == Some(&event.event.institution)
    };
    let read = |event: &Arc<EventRecord>| {
        let (first, last) = event.event.dates().days()?;
        Some(Collection { state: event.event.state, first, last })
    };
    let registered: Vec<Collection> = events.iter().filter(is_own).filter_map(read).collect();
    let is_plan = is_plan(&record.dataset);
    let marks = crate::domain::calendar::of_dataset(&record.dataset);
    let stays = |entry: &Entry| {
        let Subject::Record(_, source) = &entry.subject else { return true };
        let mark = marks.iter().map(|documented| documented.mark).find(|mark| mark.source == *source);
        mark.is_none_or(|mark| !registered.iter().any(|collection| collection.replaces(&mark, is_plan)))
    };
    documented.into_iter().filter(stays).collect()
}

/// Plans as they stand: each with the dates of every collection that its producer registered and that is still to come, in place of those
/// that it documents. Of a plan whose registered collections were all done or given up there is none; one of which none was registered, or
/// whose dates the reader is not shown, is not named here.
///
/// # Errors
/// The database is unavailable.
pub fn as_registered(catalogue: &Catalogue, plans: &[(Uuid, &Dataset)]) -> Result<HashMap<Uuid, Vec<Dataset>>, Error> {
    let shown: HashMap<String, &Dataset> =
        plans.iter().filter(|(_, plan)| !plan.hides(MaskableField::Period)).map(|(id, plan)| (id.to_string(), *plan)).collect();
    let ids: Vec<String> = shown.keys().cloned().collect();
    let mut found: HashMap<Uuid, Vec<Dataset>> = HashMap::new();
    for row in catalogue.db.read(|conn| table::of_datasets(conn, &ids))? {
        let (Some(id), true) = (row.dataset_id.as_deref(), row.kind == CalendarKind::Collection.code()) else { continue };
        let Some(plan) = shown.get(id).filter(|plan| plan.producer.as_ref().is_some_and(|slug| slug.as_str() == row.institution)) else {
            continue;
        };
        let stands = found.entry(read_id(id)?).or_default();
        let event = read_event(&row)?;
        let collection = Collection { state: event.state, first: row.first_day, last: row.last_day };
        if collection.is_ahead() {
            let dates: Dates = event.planned;
            stands.push(with_dates(plan, &dates));
        }
    }
    Ok(found)
}

/// The same at an instant (milliseconds from 1970-01-01 UTC), as dates: those of the collections of each plan that had been registered and were
/// still to come.
///
/// # Errors
/// The database is unavailable.
pub fn registered_by(catalogue: &Catalogue, plans: &[(Uuid, &Dataset)], at: i64) -> Result<HashMap<Uuid, Vec<Dates>>, Error> {
    let shown: HashMap<Uuid, &Dataset> = plans.iter().filter(|(_, plan)| !plan.hides(MaskableField::Period)).copied().collect();
    let ids: Vec<String> = shown.keys().map(ToString::to_string).collect();
    let (rows, postponed) = catalogue.db.read(|conn| {
        let rows = table::of_datasets(conn, &ids)?;
        let events: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let postponed = table::postponements(conn, &events)?;
        Ok((rows, postponed))
    })?;
    let mut found: HashMap<Uuid, Vec<Dates>> = HashMap::new();
    for record in with_postponements(&rows.iter().collect::<Vec<_>>(), postponed)? {
        let event = &record.event;
        let plan = event.dataset.and_then(|id| shown.get_key_value(&id));
        let Some((id, _)) = plan.filter(|(_, plan)| plan.producer.as_ref() == Some(&event.institution)) else { continue };
        if event.kind != CalendarKind::Collection || record.created_at > at {
            continue;
        }
        let stands = found.entry(*id).or_default();
        // What was told as done or given up is changed no more, so that its last change is when that was told.
        let is_over = !matches!(event.state, CalendarState::Planned | CalendarState::Postponed) && record.updated_at <= at;
        if !is_over {
            let moved = record.postponements.iter().find(|moved| moved.at > at);
            stands.push(moved.map_or(event.planned, |moved| moved.from));
        }
    }
    Ok(found)
}
