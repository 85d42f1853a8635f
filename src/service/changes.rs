//! The change feed: what is public, tombstones included.

use std::sync::Arc;

use crate::domain::policy::{Actor, audience};
use crate::store::changes::{self, Change};

use super::catalogue::read_id;
use super::{Catalogue, Error, Record};

/// Place of the last change that the actor may know of. What is read afterwards is never older.
///
/// # Errors
/// The database is unavailable.
pub fn last_seq(catalogue: &Catalogue, actor: &Actor) -> Result<i64, Error> {
    let last = catalogue.db.read(|conn| changes::last_known_seq(conn, audience(actor)))?;
    catalogue.refresh()?;
    Ok(last)
}

/// The same, no later than a place in the log.
///
/// # Errors
/// The database is unavailable.
pub fn last_seq_up_to(catalogue: &Catalogue, actor: &Actor, seq: i64) -> Result<i64, Error> {
    Ok(catalogue.db.read(|conn| changes::last_known_up_to(conn, audience(actor), seq))?)
}

/// A page of the feed.
pub struct ChangePage {
    /// Changes, oldest first.
    pub changes: Vec<Change>,
    /// Whether more follow.
    pub has_next: bool,
    /// Number of changes after the given place.
    pub total: i64,
}

/// Changes after a sequence number that the actor may know of.
///
/// # Errors
/// The database is unavailable.
pub fn since(catalogue: &Catalogue, actor: &Actor, seq: i64, after: Option<i64>, first: usize) -> Result<ChangePage, Error> {
    let from = after.map_or(seq, |after| after.max(seq));
    let audience = audience(actor);
    let (mut page, total) = catalogue.db.read(|conn| {
        let page = changes::known_after(conn, audience, from, first as i64 + 1)?;
        Ok((page, changes::count_known_after(conn, audience, seq)?))
    })?;
    catalogue.refresh()?;
    let has_next = page.len() > first;
    page.truncate(first);
    Ok(ChangePage { changes: page, has_next, total })
}

/// Changes at these places that the actor may know of, in no order.
///
/// # Errors
/// The database is unavailable.
pub fn by_seqs(catalogue: &Catalogue, actor: &Actor, seqs: &[i64]) -> Result<Vec<Change>, Error> {
    let found = catalogue.db.read(|conn| changes::known_by_seqs(conn, audience(actor), seqs))?;
    catalogue.refresh()?;
    Ok(found)
}

/// The datasets of changes, as they are now; those that the actor may not read are left out.
///
/// # Errors
/// The database is unavailable.
pub fn datasets_of(catalogue: &Catalogue, actor: &Actor, page: &[Change]) -> Result<Vec<Arc<Record>>, Error> {
    let ids = page.iter().filter(|c| c.entity == "DATASET").map(|c| read_id(&c.entity_id)).collect::<Result<Vec<_>, _>>()?;
    Ok(catalogue.records(actor, &ids)?.into_values().collect())
}
