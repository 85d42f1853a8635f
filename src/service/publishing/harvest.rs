//! The catalogue as harvesters follow it: each record once, at the place of its last public change; what is gone stays told.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::policy::{Actor, Audience};
use crate::domain::text::MultilingualText;
use crate::domain::view::view;
use crate::domain::vocabulary::ConceptScheme;
use crate::store::datasets::{self, VersionRow};
use crate::store::published as table;
pub use crate::store::published::Span;

use super::super::catalogue::read_id;
use super::super::institutions::{InstitutionFilter, list as list_institutions};
use super::super::{Catalogue, Change, Error, Record};
use super::{Extent, extent, extent_of};

/// A record as a harvester is told of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Identifier.
    pub id: Uuid,
    /// Last public change, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Its place in the change log.
    pub seq: i64,
    /// Sets.
    pub sets: Vec<String>,
    /// The record; none where it is gone, or is no longer shown whole.
    pub record: Option<Arc<Record>>,
}

/// Part of a list.
pub struct Part {
    /// The records, in the order of their last changes.
    pub entries: Vec<Entry>,
    /// Place in the log after which the list goes on; none at its end.
    pub next: Option<i64>,
}

/// Part of the list of records of a span of the log, of a set where one is given.
///
/// # Errors
/// The database is unavailable.
pub fn list(catalogue: &Catalogue, span: Span, set: Option<&str>, limit: usize) -> Result<Part, Error> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut span = span;
    // One more is looked for, so that a part that goes on is followed by one that is not empty.
    while entries.len() <= limit {
        let changes = catalogue.db.read(|conn| table::last_changes(conn, span, limit as i64 + 1))?;
        let Some(last) = changes.last() else { break };
        span.after = last.seq;
        catalogue.refresh()?;
        let is_end = changes.len() <= limit;
        let found = entries_of(catalogue, &changes)?;
        entries.extend(found.into_iter().filter(|entry| set.is_none_or(|set| is_in(entry, set))));
        if is_end {
            break;
        }
    }
    let has_next = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().map(|entry| entry.seq).filter(|_| has_next);
    Ok(Part { entries, next })
}

fn is_in(entry: &Entry, set: &str) -> bool {
    entry.sets.iter().any(|own| own == set || own.strip_prefix(set).is_some_and(|rest| rest.starts_with(':')))
}

/// Number of records of a span.
///
/// # Errors
/// The database is unavailable.
pub fn count(catalogue: &Catalogue, span: Span) -> Result<u64, Error> {
    let count = catalogue.db.read(|conn| table::count_last_changes(conn, span))?;
    u64::try_from(count).map_err(|error| Error::Internal(error.into()))
}

/// One record, where it was ever public.
///
/// # Errors
/// The database is unavailable.
pub fn one(catalogue: &Catalogue, id: Uuid) -> Result<Option<Entry>, Error> {
    let id = id.to_string();
    let change = catalogue.db.read(|conn| table::last_change_of(conn, &id))?;
    catalogue.refresh()?;
    Ok(entries_of(catalogue, change.as_slice())?.pop())
}

/// When the first public change was made, milliseconds from 1970-01-01 UTC; none in an empty catalogue.
///
/// # Errors
/// The database is unavailable.
pub fn earliest(catalogue: &Catalogue) -> Result<Option<i64>, Error> {
    Ok(catalogue.db.read(table::first_change_at)?)
}

/// All sets: institutions and themes, each kind below a set of its own.
///
/// # Errors
/// The database is unavailable.
pub fn sets(catalogue: &Catalogue) -> Result<Vec<(String, MultilingualText)>, Error> {
    let nameless = |spec: &str| (spec.to_owned(), MultilingualText::default());
    let mut sets = vec![nameless("institution"), nameless("theme")];
    let institutions = list_institutions(catalogue, &InstitutionFilter::default(), "", i64::MAX)?.institutions;
    sets.extend(institutions.into_iter().map(|record| (format!("institution:{}", record.institution.slug), record.institution.names)));
    let themes = &catalogue.concepts.scheme(ConceptScheme::Themes).concepts;
    sets.extend(themes.iter().map(|theme| (format!("theme:{}", theme.code), theme.labels.clone())));
    Ok(sets)
}

fn entries_of(catalogue: &Catalogue, changes: &[Change]) -> Result<Vec<Entry>, Error> {
    let ids = changes.iter().map(|change| read_id(&change.entity_id)).collect::<Result<Vec<_>, _>>()?;
    let found = catalogue.records(&Actor::Visitor, &ids)?;
    // A tombstone or a stub is gone for those who harvest, as much as what is not shown at all.
    let is_whole = |id: &&Uuid| found.get(id).is_some_and(|record| extent(record) == Extent::Whole);
    let absent: Vec<String> = ids.iter().filter(|id| !is_whole(id)).map(ToString::to_string).collect();
    let last = if absent.is_empty() { Vec::new() } else { last_public(catalogue, &absent)? };
    let entry = |(change, id): (&Change, Uuid)| {
        let record = found.get(&id);
        let before = last.iter().find(|(known, _)| *known == id).map(|(_, dataset)| dataset);
        let shown = before.or_else(|| record.map(|record| &record.dataset));
        let sets = shown.map(|dataset| sets_of(dataset, &catalogue.concepts)).unwrap_or_default();
        let record = record.filter(|record| extent(record) == Extent::Whole).cloned();
        Entry { id, at: change.at, seq: change.seq, sets, record }
    };
    Ok(changes.iter().zip(ids).map(entry).collect())
}

/// Records that are gone, as they were shown whole last: without what is masked now, whoever masked it later. That a record was retired or
/// made a stub is a version that all know of as well, but one that says nothing of its themes.
fn last_public(catalogue: &Catalogue, ids: &[String]) -> Result<Vec<(Uuid, Dataset)>, Error> {
    let (versions, rows) = catalogue.db.read(|conn| Ok((table::known_versions(conn, ids)?, datasets::by_ids(conn, ids)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let Some(mut dataset) = last_whole(versions.get(&row.id).map_or(&[], Vec::as_slice))? else { continue };
        let now: Dataset = serde_json::from_str(&row.doc)?;
        dataset.masks.extend(now.masks);
        if let Some(seen) = view(&dataset, Audience::Public, false) {
            found.push((read_id(&row.id)?, seen));
        }
    }
    Ok(found)
}

/// The last of the versions that was shown whole to all.
fn last_whole(versions: &[VersionRow]) -> Result<Option<Dataset>, Error> {
    for version in versions.iter().rev() {
        let dataset: Dataset = serde_json::from_str(&version.doc)?;
        if view(&dataset, Audience::Public, false).is_some_and(|seen| extent_of(&seen) == Extent::Whole) {
            return Ok(Some(dataset));
        }
    }
    Ok(None)
}

/// Sets of a record: producer and holders, themes and the groups around them.
fn sets_of(dataset: &Dataset, concepts: &Concepts) -> Vec<String> {
    let institutions = dataset.producer.iter().chain(dataset.holdings.iter().map(|holding| &holding.institution));
    let mut sets: Vec<String> = institutions.map(|slug| format!("institution:{slug}")).collect();
    let scheme = concepts.scheme(ConceptScheme::Themes);
    for code in &dataset.themes {
        sets.push(format!("theme:{code}"));
        sets.extend(scheme.ancestors(code).map(|code| format!("theme:{code}")));
    }
    sets.sort_unstable();
    sets.dedup();
    sets
}
