//! Saved searches that tell their owner when something new answers them.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::filter::DatasetFilter;
use crate::domain::policy::{Action, Actor, Channel, Person};
use crate::domain::problem::Problem;
use crate::domain::text::one_line;
use crate::domain::vocabulary::NoticeKind;
use crate::search::Results;
use crate::store::changes;
use crate::store::db::apart;
use crate::store::outbox::{self, SavedSearchRow};
use crate::store::persons;

use super::catalogue::{day_of, read_id};
use super::drafts::Acting;
use super::{Catalogue, Error, accounts, datasets, notify};

/// Name of the follower.
const FOLLOWER: &str = "alerts";
const PAGE: i64 = 500;
/// Longest name of a saved search, in characters.
const MAX_NAME: usize = 200;
/// Most saved searches of one person.
const MAX_SEARCHES: usize = 50;
/// Most records that a search may find when it is saved: one that finds everything tells nothing.
const MAX_HITS: u64 = 5_000;

/// Saves a search; what it finds today is not told of.
///
/// # Errors
/// Forbidden, a wrong filter, or a search that finds too much.
pub fn save(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    name: &str,
    words: Option<&str>,
    filter: &DatasetFilter,
) -> Result<SavedSearchRow, Error> {
    let owner = accounts::person(&acting, Action::Subscribe)?.id.to_string();
    let name = one_line(name, MAX_NAME)
        .map_err(|fault| Error::Invalid(vec![Problem::new("name", "", format!("{fault}; give the search a name by which you know it"))]))?;
    let results = datasets::find(catalogue, acting.actor, words, filter, None, day_of(acting.now))?;
    if results.total() > MAX_HITS {
        let remedy = format!("finds {} datasets; narrow the search until it finds fewer than {MAX_HITS}", results.total());
        return Err(Error::Invalid(vec![Problem::new("where", "", remedy)]));
    }
    let row = SavedSearchRow {
        id: Uuid::now_v7().to_string(),
        person_id: owner.clone(),
        name,
        words: words.map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned),
        filter: serde_json::to_string(filter)?,
        created_at: acting.now,
    };
    let known = results.ids();
    catalogue.db.write(|conn, _| {
        if outbox::searches_of(conn, &owner)?.len() >= MAX_SEARCHES {
            return Err(Error::Conflict(format!("{MAX_SEARCHES} searches are saved; remove one that is no longer needed")));
        }
        outbox::insert_search(conn, &row)?;
        for id in &known {
            outbox::note_hit(conn, &row.id, &id.to_string())?;
        }
        Ok::<_, Error>(())
    })?;
    Ok(row)
}

/// Removes a saved search.
///
/// # Errors
/// Forbidden, or not found.
pub fn remove(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<(), Error> {
    let owner = accounts::person(&acting, Action::Subscribe)?.id.to_string();
    let removed = catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::remove_search(conn, &owner, id)?))?;
    if removed { Ok(()) } else { Err(Error::NotFound(format!("saved search `{id}`"))) }
}

/// Saved searches of a person.
///
/// # Errors
/// The database is unavailable.
pub fn of_person(catalogue: &Catalogue, id: Uuid) -> Result<Vec<SavedSearchRow>, Error> {
    Ok(catalogue.db.read(|conn| outbox::searches_of(conn, &id.to_string()))?)
}

/// Runs the saved searches over the records that changed since the last time, as far as the indexes have come.
/// Returns how many changes there were.
///
/// # Errors
/// Database or index are unavailable; nothing is lost, the next call tries again.
pub fn follow(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let indexed = catalogue.indexes().map(|index| index.snapshot().seq).min().unwrap_or(0);
    let from = catalogue.db.read(|conn| outbox::follower(conn, FOLLOWER))?.unwrap_or(0);
    if from >= indexed {
        return Ok(0);
    }
    let page = catalogue.db.read(|conn| changes::after(conn, from, PAGE))?;
    let page: Vec<_> = page.into_iter().filter(|change| change.seq <= indexed).collect();
    let Some(reached) = page.last().map(|change| change.seq) else { return Ok(0) };
    let mut changed: Vec<Uuid> = page.iter().filter(|c| c.entity == "DATASET").map(|c| read_id(&c.entity_id)).collect::<Result<_, _>>()?;
    changed.sort_unstable();
    changed.dedup();
    let mut found = Vec::new();
    if !changed.is_empty() {
        for search in catalogue.db.read(outbox::all_searches)? {
            match hits(catalogue, &search, &changed, now) {
                // One search that cannot be run must not keep the others from telling.
                Err(error) if !error.may_pass() => tracing::error!(search = %search.id, %error, "a saved search was passed over"),
                answering => found.extend(answering?),
            }
        }
    }
    catalogue.db.write(|conn, _| {
        // Another node may have been here since.
        if outbox::follower(conn, FOLLOWER)?.unwrap_or(0) != from {
            return Ok::<_, Error>(());
        }
        for (search, id, title, slug) in &found {
            let told = apart(conn, |conn| {
                if outbox::note_hit(conn, &search.id, &id.to_string())? {
                    let title = format!("{}: {title}", search.name);
                    let path = format!("/dataset/{slug}");
                    notify::notice(conn, &search.person_id, NoticeKind::SavedSearchMatched, &title, &path, &id.to_string(), now)?;
                }
                Ok::<_, Error>(())
            });
            match told {
                Err(error) if !error.may_pass() => tracing::error!(search = %search.id, %error, "a record found was passed over"),
                told => told?,
            }
        }
        Ok(outbox::set_follower(conn, FOLLOWER, reached)?)
    })?;
    Ok(page.len())
}

type Found = (SavedSearchRow, Uuid, String, String);

/// Changed records that answer a search, as its owner may see them now.
fn hits(catalogue: &Catalogue, search: &SavedSearchRow, changed: &[Uuid], now: i64) -> Result<Vec<Found>, Error> {
    let Some((owner, language)) = owner_of(catalogue, &search.person_id)? else { return Ok(Vec::new()) };
    let filter: DatasetFilter = serde_json::from_str(&search.filter)?;
    let results: Results = datasets::find(catalogue, &owner, search.words.as_deref(), &filter, None, day_of(now))?;
    let answering: Vec<Uuid> = results.ids().into_iter().filter(|id| changed.binary_search(id).is_ok()).collect();
    let records = catalogue.records(&owner, &answering)?;
    let told = |id: &Uuid| {
        let record = records.get(id)?;
        let title = record.dataset.titles.words(Some(&language), record.dataset.main_language())?.to_owned();
        Some((search.clone(), *id, title, record.dataset.slug.to_string()))
    };
    Ok(answering.iter().filter_map(told).collect())
}

/// A person as an actor with the rights of today, and their language; none for a disabled account.
///
/// # Errors
/// The database is unavailable.
pub fn owner_of(catalogue: &Catalogue, person_id: &str) -> Result<Option<(Actor, String)>, Error> {
    let found = catalogue.db.read(|conn| {
        let person = persons::by_id(conn, person_id)?;
        Ok((person, persons::memberships_of(conn, person_id)?))
    })?;
    let (Some(person), rows) = found else { return Ok(None) };
    if person.disabled_at.is_some() {
        return Ok(None);
    }
    let known = Person { id: read_id(&person.id)?, grants: super::identity::grants(&rows), channel: Channel::Session };
    Ok(Some((Actor::Person(Arc::new(known)), person.language)))
}
