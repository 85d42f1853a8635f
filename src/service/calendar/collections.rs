//! Collections that producers registered stand in the place of those that their records document.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::calendar::{Collection, Dates, is_plan, stands_beside, with_dates, with_next};
use crate::domain::dataset::Dataset;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{CalendarKind, CalendarState, MaskableField, Vocabulary};
use crate::search::calendar::Dated;
use crate::search::{Results, Snapshot};
use crate::service::catalogue::read_id;
use crate::service::{Catalogue, Error, Record};
use crate::store::calendar::{self as table, CollectionRow};

use super::events::{read_event, with_postponements};
use super::known::known;
use super::{Entry, EventRecord, Subject};

/// Whether a date of a record is one of a collection.
fn is_collection(dated: &Dated) -> bool {
    dated.mark.source.kind() == CalendarKind::Collection
}

/// Takes out the dates of records in whose place a registered collection stands, wherever in the calendar that is. Only the collections of these
/// records are read.
pub(super) fn give_way(catalogue: &Catalogue, results: &Results, dated: &mut Vec<Dated>) -> Result<(), Error> {
    if !dated.iter().any(is_collection) {
        return Ok(());
    }
    let known = known(catalogue)?;
    let of_registered = dated.iter().filter(|dated| is_collection(dated)).map(|dated| dated.id).filter(|id| known.all.contains(id));
    let found: HashSet<Uuid> = of_registered.collect();
    if found.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
    let registered = by_dataset(catalogue.db.read(|conn| table::collections_of(conn, &ids))?)?;
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

/// Records as plans of their collections that are still to come: each with the dates of every one that its producer registered, and with the
/// next one that it documents where none of these stands in its place. Of a record whose registered collections were all done or given up, and
/// that documents no further one, there is none; a record of which none was registered, or whose dates the reader is not shown, is not named
/// here.
///
/// # Errors
/// The database is unavailable.
pub fn as_registered(catalogue: &Catalogue, records: &[(Uuid, &Dataset)]) -> Result<HashMap<Uuid, Vec<Dataset>>, Error> {
    let shown: HashMap<Uuid, &Dataset> = records.iter().filter(|(_, record)| !record.hides(MaskableField::Period)).copied().collect();
    let ids: Vec<String> = shown.keys().map(ToString::to_string).collect();
    let mut registered: HashMap<Uuid, Vec<(Collection, Dates)>> = HashMap::new();
    for row in catalogue.db.read(|conn| table::of_datasets(conn, &ids))? {
        let (Some(id), true) = (row.dataset_id.as_deref(), row.kind == CalendarKind::Collection.code()) else { continue };
        let id = read_id(id)?;
        let is_own = |record: &&Dataset| record.producer.as_ref().is_some_and(|slug| slug.as_str() == row.institution);
        if shown.get(&id).is_some_and(is_own) {
            let event = read_event(&row)?;
            let collection = Collection { state: event.state, first: row.first_day, last: row.last_day };
            registered.entry(id).or_default().push((collection, event.planned));
        }
    }
    let plans = registered.into_iter().filter_map(|(id, all)| {
        let record = shown.get(&id)?;
        let ahead = all.iter().filter(|(collection, _)| collection.is_ahead()).map(|(_, dates)| with_dates(record, dates));
        let collections: Vec<Collection> = all.iter().map(|(collection, _)| *collection).collect();
        let next = with_next(record).filter(|_| stands_beside(record, &collections));
        Some((id, ahead.chain(next).collect()))
    });
    Ok(plans.collect())
}

/// The same at an instant (milliseconds from 1970-01-01 UTC), as dates.
///
/// # Errors
/// The database is unavailable.
pub fn registered_by(catalogue: &Catalogue, records: &[(Uuid, &Dataset)], at: i64) -> Result<HashMap<Uuid, Vec<Dates>>, Error> {
    let shown: HashMap<Uuid, &Dataset> = records.iter().filter(|(_, record)| !record.hides(MaskableField::Period)).copied().collect();
    let ids: Vec<String> = shown.keys().map(ToString::to_string).collect();
    let (rows, postponed) = catalogue.db.read(|conn| {
        let rows = table::of_datasets(conn, &ids)?;
        let events: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let postponed = table::postponements(conn, &events)?;
        Ok((rows, postponed))
    })?;
    let mut found: HashMap<Uuid, (Vec<Collection>, Vec<Dates>)> = HashMap::new();
    for registered in with_postponements(&rows.iter().collect::<Vec<_>>(), postponed)? {
        let event = &registered.event;
        let own = event.dataset.and_then(|id| shown.get_key_value(&id));
        let Some((id, _)) = own.filter(|(_, record)| record.producer.as_ref() == Some(&event.institution)) else { continue };
        if event.kind != CalendarKind::Collection || registered.created_at > at {
            continue;
        }
        // What was told as done or given up is changed no more, so that its last change is when that was told.
        let is_over = !matches!(event.state, CalendarState::Planned | CalendarState::Postponed) && registered.updated_at <= at;
        let moved = registered.postponements.iter().find(|moved| moved.at > at);
        let planned = moved.map_or(event.planned, |moved| moved.from);
        let (state, dates) = if is_over { (event.state, *event.dates()) } else { (CalendarState::Planned, planned) };
        let (collections, stands) = found.entry(*id).or_default();
        collections.extend(dates.days().map(|(first, last)| Collection { state, first, last }));
        stands.extend(Some(planned).filter(|_| !is_over));
    }
    for (id, (collections, stands)) in &mut found {
        let next = shown.get(id).filter(|record| stands_beside(record, collections)).and_then(|record| record.coverage.next_collection);
        stands.extend(next.map(Dates::from));
    }
    Ok(found.into_iter().map(|(id, (_, stands))| (id, stands)).collect())
}

/// Plans that are planned no more: all that their producers registered of them was done or given up, and they document no further collection. A
/// plan whose dates the reader is not shown is none of these.
///
/// # Errors
/// The database is unavailable.
pub fn plans_over(catalogue: &Catalogue, actor: &Actor, snapshot: &Snapshot) -> Result<BTreeSet<Uuid>, Error> {
    let known = known(catalogue)?;
    if known.over.is_empty() {
        return Ok(BTreeSet::new());
    }
    // What was collected has many such entries, plans few.
    let plans: Vec<Uuid> = snapshot.plans_with_dates_among(&known.over).iter().copied().collect();
    if plans.is_empty() {
        return Ok(BTreeSet::new());
    }
    let records = catalogue.records(actor, &plans)?;
    let asked: Vec<(Uuid, &Dataset)> = records.iter().map(|(id, record)| (*id, &record.dataset)).collect();
    let ahead = as_registered(catalogue, &asked)?;
    Ok(ahead.into_iter().filter(|(_, collections)| collections.is_empty()).map(|(id, _)| id).collect())
}

/// Identifiers of the datasets of which collections are registered that are still to come on a day.
///
/// # Errors
/// The database is unavailable.
pub fn with_collections_ahead(catalogue: &Catalogue, today: i64) -> Result<HashSet<Uuid>, Error> {
    catalogue.db.read(|conn| table::ahead(conn, today))?.iter().map(|id| read_id(id)).collect()
}
