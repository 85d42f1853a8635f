//! Whether a record goes on answering the request that it was named for: a plan may be given up, and any record retired or changed.

use std::collections::HashSet;

use uuid::Uuid;

use crate::domain::calendar::is_plan;
use crate::domain::dataset::Dataset;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::register::Entry;
use crate::domain::vocabulary::{PublicationStatus, RegisterCommand, RegisterKind, RegisterState, Vocabulary};
use crate::service::calendar::as_registered;
use crate::service::catalogue::now_ms;
use crate::service::{Catalogue, Error, notify};
use crate::store::outbox;
use crate::store::registers::{self as table, EntryRow};

/// Those of the records that are plans of which every collection was done or given up, and none is still to come.
fn given_up(catalogue: &Catalogue, records: &[(Uuid, &Dataset)]) -> Result<HashSet<Uuid>, Error> {
    let plans: Vec<(Uuid, &Dataset)> = records.iter().filter(|(_, dataset)| is_plan(dataset)).copied().collect();
    if plans.is_empty() {
        return Ok(HashSet::new());
    }
    let registered = as_registered(catalogue, &plans)?;
    Ok(registered.into_iter().filter(|(_, collections)| collections.is_empty()).map(|(id, _)| id).collect())
}

/// Refuses a plan that is planned no more as the answer to a request.
///
/// # Errors
/// It is one, or the database is unavailable.
pub(super) fn refuse_given_up(catalogue: &Catalogue, actor: &Actor, dataset: Uuid) -> Result<(), Error> {
    let found = catalogue.records(actor, &[dataset])?;
    let Some(record) = found.get(&dataset) else { return Ok(()) };
    if given_up(catalogue, &[(dataset, &record.dataset)])?.is_empty() {
        return Ok(());
    }
    let remedy = "is a plan of which no collection is to come: all that were registered were given up or done; name the record of what was collected, or register another collection of this one first";
    Err(Error::Invalid(vec![Problem::new("dataset", &record.dataset.slug, remedy)]))
}

/// Tells who asked, who supports, who committed itself and who named the record, once, that the record which fulfils a request was retired, is
/// a plan that was given up, or documents what was asked for no more. The request stays as it is: who asked opens it again. Returns how many were told of.
///
/// # Errors
/// The database is unavailable; what was told is told once.
pub fn remind(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let (kinds, states) = ([RegisterKind::DataRequest.code().to_owned()], [RegisterState::Fulfilled.code().to_owned()]);
    let rows = catalogue.db.read(|conn| table::all(conn, &kinds, &states))?;
    let mut answered: Vec<(EntryRow, Entry, Uuid)> = Vec::new();
    for row in rows {
        let entry: Entry = serde_json::from_str(&row.doc)?;
        answered.extend(entry.fulfilled_by.map(|id| (row, entry, id)));
    }
    let ids: Vec<Uuid> = answered.iter().map(|(.., id)| *id).collect();
    let records = catalogue.records(&Actor::Console, &ids)?;
    let known: Vec<(Uuid, &Dataset)> = records.iter().map(|(id, record)| (*id, &record.dataset)).collect();
    let over = given_up(catalogue, &known)?;
    let is_other = |entry: &Entry, dataset: &Dataset| {
        let meets = entry.cell.as_ref().is_none_or(|cell| cell.is_met_by(dataset, &catalogue.concepts));
        dataset.status == PublicationStatus::Retired || !meets
    };
    let is_gone = |entry: &Entry, id: &Uuid| over.contains(id) || records.get(id).is_some_and(|record| is_other(entry, &record.dataset));
    let gone: Vec<_> = answered.iter().filter(|(_, entry, id)| is_gone(entry, id)).collect();
    if gone.is_empty() {
        return Ok(0);
    }
    // Who looks ahead, at the console, has the notices written today all the same.
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut told = 0;
        for (row, entry, id) in gone {
            let Some(record) = records.get(id) else { continue };
            let said_at = entry.last(RegisterCommand::Fulfil).map_or(0, |step| step.at);
            let (name, since) = (format!("fulfilment:{}", row.id), said_at.to_string());
            if !outbox::note_if_new(conn, &name, &since, now)? {
                continue;
            }
            notify::answer_gone(conn, &catalogue.concepts, row, &record.dataset, written)?;
            told += 1;
        }
        Ok(told)
    })
}
