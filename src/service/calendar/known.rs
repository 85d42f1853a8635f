//! Which datasets have collections registered, as far as it is asked with every grid and every part of the calendar: kept in memory, and brought up
//! to date from the change log.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use uuid::Uuid;

use crate::domain::vocabulary::{CalendarState, Vocabulary};
use crate::service::catalogue::read_id;
use crate::service::{Catalogue, Error};
use crate::store::calendar as table;
use crate::store::changes;

use super::write::ENTITY;

/// Most changes that are looked through; where there were more, all is read again.
const MOST_CHANGES: i64 = 2_000;

/// Datasets with registered collections, by whichever institution. No entry is ever taken away, and none that was told as done or given up becomes
/// one to come again, so that both sets only grow.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Place in the change log up to which it holds; later entries may be in it too.
    seq: i64,
    /// All of them.
    pub all: Arc<HashSet<Uuid>>,
    /// Those of which one at least was told as done or given up.
    pub over: Arc<HashSet<Uuid>>,
}

/// Datasets with registered collections, as they are now: whatever was registered here or by another node.
///
/// # Errors
/// The database is unavailable.
pub fn known(catalogue: &Catalogue) -> Result<Known, Error> {
    let kept = || catalogue.registered.lock().unwrap_or_else(PoisonError::into_inner);
    let before = kept().clone();
    let last = catalogue.db.read(changes::last_seq)?;
    let mut known = match before {
        Some(known) if known.seq == last => return Ok(known),
        Some(known) if known.seq < last => known,
        // A log that is shorter than it was is another one.
        _ => Known::default(),
    };
    let is_new = known.seq == 0;
    let since = if is_new { Vec::new() } else { catalogue.db.read(|conn| changes::touched_after(conn, known.seq, MOST_CHANGES))? };
    let rows = if is_new || since.len() >= MOST_CHANGES as usize {
        catalogue.db.read(table::with_collections)?
    } else {
        let entries: Vec<String> = since.into_iter().filter(|(_, entity, _)| entity == ENTITY).map(|(_, _, id)| id).collect();
        if entries.is_empty() { Vec::new() } else { catalogue.db.read(|conn| table::collections_among(conn, &entries))? }
    };
    let (mut all, mut over) = (Vec::new(), Vec::new());
    for (dataset, state) in rows {
        let Some(id) = dataset.as_deref().map(read_id).transpose()? else { continue };
        all.push(id);
        let is_over = matches!(CalendarState::parse(&state), Some(CalendarState::Done | CalendarState::Cancelled));
        over.extend(Some(id).filter(|_| is_over));
    }
    grow(&mut known.all, &all);
    grow(&mut known.over, &over);
    known.seq = last;
    let mut kept = kept();
    // Another thread may have been further.
    if kept.as_ref().is_none_or(|present| present.seq <= known.seq || is_new) {
        *kept = Some(known.clone());
    }
    Ok(known)
}

/// Adds to a set, and leaves it as it is where it has all of them: what was found with it stays good.
fn grow(set: &mut Arc<HashSet<Uuid>>, ids: &[Uuid]) {
    if ids.iter().any(|id| !set.contains(id)) {
        Arc::make_mut(set).extend(ids);
    }
}
