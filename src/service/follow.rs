//! The index follows the change log: what was written is read again from the store and put into the index.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::policy::{self, Audience};
use crate::domain::view::view;
use crate::domain::vocabulary::{PublicationStatus, Visibility};
use crate::search::Index;
use crate::search::document::{Prepared, Source, prepare};
use crate::store::changes;
use crate::store::datasets::{self, DatasetRow};
use crate::store::institutions;

use super::catalogue::read_id;
use super::{Catalogue, Error};

/// Changes read at once.
const PAGE: i64 = 10_000;

/// Reads the next changes into the indexes. Returns how many there were; 0 means that every index is up to date.
///
/// # Errors
/// Database or index are unavailable; nothing is lost, the next call tries again.
pub fn follow(catalogue: &Catalogue) -> Result<usize, Error> {
    let mut seen = follow_audience(catalogue, &catalogue.index, Audience::Public)?;
    for audience in [Audience::Members, Audience::Coordination] {
        if let Some(index) = catalogue.wider_index(audience) {
            seen += follow_audience(catalogue, index, audience)?;
        }
    }
    if seen == 0 {
        catalogue.pulse.advance(catalogue.index.snapshot().seq);
    }
    Ok(seen)
}

fn follow_audience(catalogue: &Catalogue, index: &Index, audience: Audience) -> Result<usize, Error> {
    let seen = index.snapshot().seq;
    let page = catalogue.db.read(|conn| changes::after(conn, seen, PAGE))?;
    let Some(last) = page.last() else {
        return Ok(0);
    };
    let mut ids: Vec<String> = Vec::new();
    let mut any_institution = false;
    for change in &page {
        match change.entity.as_str() {
            "DATASET" => ids.push(change.entity_id.clone()),
            "INSTITUTION" => {
                any_institution = true;
                // A name that is new has no datasets yet; a changed one is indexed with each of them.
                if change.kind != "CREATED" {
                    ids.extend(datasets_of(catalogue, &change.entity_id)?);
                }
            }
            // Drafts, accounts and roles are not searched.
            _ => {}
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let uuids = ids.iter().map(|id| read_id(id)).collect::<Result<Vec<Uuid>, Error>>()?;
    catalogue.forget(&uuids, any_institution);
    let (mut prepared, mut removed) = (Vec::with_capacity(ids.len()), Vec::new());
    for part in ids.chunks(500) {
        let rows = catalogue.db.read(|conn| datasets::by_ids(conn, part))?;
        prepare_rows(catalogue, audience, &rows, &mut prepared, &mut removed)?;
    }
    // One commit for the page: the changes count as seen with it, and a crash before replays them all.
    index.apply(prepared, &removed, last.seq)?;
    Ok(page.len())
}

/// Name in the table `registry` that says that an audience needs an index of its own.
fn mark(audience: Audience) -> &'static str {
    if audience == Audience::Members { "index.members" } else { "index.coordination" }
}

/// Opens the wider indexes that the registry has needed before.
///
/// # Errors
/// Database or index are unavailable.
pub fn open_wider(catalogue: &Catalogue) -> Result<(), Error> {
    for audience in [Audience::Members, Audience::Coordination] {
        if catalogue.db.read(|conn| institutions::registry_value(conn, mark(audience)))?.is_some() {
            catalogue.widen(audience)?;
        }
    }
    Ok(())
}

/// Opens an index for the audiences that see more of this record than the public does. It reads the log from its beginning.
fn widen_for(catalogue: &Catalogue, dataset: &Dataset) -> Result<(), Error> {
    let is_plain = dataset.masks.is_empty() && dataset.visibility == Visibility::Public;
    if is_plain || dataset.status != PublicationStatus::Published {
        return Ok(());
    }
    let for_members = dataset.visibility == Visibility::Members || dataset.masks.iter().any(|mask| mask.visible_to == Visibility::Members);
    for (audience, is_needed) in [(Audience::Members, for_members), (Audience::Coordination, true)] {
        if is_needed && catalogue.wider_index(audience).is_none() {
            catalogue.db.write::<_, Error>(|conn, _| {
                if institutions::registry_value(conn, mark(audience))?.is_none() {
                    institutions::set_registry_value(conn, mark(audience), "1")?;
                }
                Ok(())
            })?;
            catalogue.widen(audience)?;
        }
    }
    Ok(())
}

fn datasets_of(catalogue: &Catalogue, institution_id: &str) -> Result<Vec<String>, Error> {
    let found = catalogue.db.read(|conn| {
        let Some(row) = institutions::by_ids(conn, &[institution_id.to_owned()])?.pop() else {
            return Ok(Vec::new());
        };
        datasets::ids_of_institution(conn, institution_id, &row.slug)
    })?;
    Ok(found)
}

fn prepare_rows(
    catalogue: &Catalogue,
    audience: Audience,
    rows: &[DatasetRow],
    prepared: &mut Vec<Prepared>,
    removed: &mut Vec<Uuid>,
) -> Result<(), Error> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let id = read_id(&row.id)?;
        let dataset = match serde_json::from_str::<Dataset>(&row.doc) {
            Ok(dataset) => dataset,
            // One that this version of the program cannot read keeps no other out of the index.
            Err(error) => {
                tracing::error!(record = %row.id, %error, "a record cannot be read and is not in the index; `rihla doctor` tells more");
                removed.push(id);
                continue;
            }
        };
        widen_for(catalogue, &dataset)?;
        // Words of hidden records and fields would leak through scores and corrections: they are not in the index at all.
        let is_searchable = policy::is_searchable(audience, dataset.status, dataset.visibility);
        match view(&dataset, audience, false).filter(|_| is_searchable) {
            Some(seen) => records.push((id, row, seen)),
            None => removed.push(id),
        }
    }
    let mut slugs: Vec<String> = Vec::new();
    for (_, _, dataset) in &records {
        slugs.extend(named_institutions(dataset));
    }
    slugs.sort_unstable();
    slugs.dedup();
    let institutions: HashMap<String, Institution> =
        catalogue.institutions_by_slug(&slugs)?.into_iter().map(|(slug, record)| (slug, record.institution.clone())).collect();
    prepared.extend(records.iter().map(|(id, row, dataset)| {
        let named: Vec<&Institution> = named_institutions(dataset).filter_map(|slug| institutions.get(&slug)).collect();
        let source = Source { id: *id, number: row.number, updated_at: row.updated_at, dataset, institutions: &named };
        prepare(&source, &catalogue.concepts, &catalogue.expressions)
    }));
    Ok(())
}

/// The short names of the producer and the holders of a record.
pub fn named_institutions(dataset: &Dataset) -> impl Iterator<Item = String> {
    let mut slugs: Vec<String> =
        dataset.producer.iter().chain(dataset.holdings.iter().map(|h| &h.institution)).map(ToString::to_string).collect();
    slugs.sort_unstable();
    slugs.dedup();
    slugs.into_iter()
}

/// Follows until the index is up to date.
///
/// # Errors
/// See [`follow`].
pub fn catch_up(catalogue: &Catalogue, progress: &dyn Fn(i64)) -> Result<(), Error> {
    while follow(catalogue)? > 0 {
        progress(catalogue.index.snapshot().seq);
    }
    Ok(())
}

/// How many changes the index has not seen.
///
/// # Errors
/// The database is unavailable.
pub fn lag(catalogue: &Catalogue) -> Result<i64, Error> {
    let last = catalogue.db.read(changes::last_seq)?;
    Ok(last - catalogue.indexes().map(|index| index.snapshot().seq).min().unwrap_or(last))
}
