//! Whether records still say what they said when their producers agreed on a note on them.

use crate::domain::comparability::{compare, still_stands};
use crate::domain::policy::Actor;
use crate::domain::register::Entry;
use crate::domain::vocabulary::{RegisterKind, RegisterState, Vocabulary};
use crate::service::catalogue::now_ms;
use crate::service::{Catalogue, Error, notify};
use crate::store::outbox;
use crate::store::registers::{self as table, EntryRow};

use super::marks::{Stands, stands};

/// Tells the producers of the records that an agreed note is on, once for each agreement, that the two come to stand otherwise to each other
/// since, or that no record states the figures any more. The note stays to be read as it was agreed. Returns how many notes were told of.
///
/// # Errors
/// The database is unavailable; what was told is told once.
pub fn remind(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let kinds = [RegisterKind::ComparabilityNote, RegisterKind::DiscrepancyNote].map(|kind| kind.code().to_owned());
    let states = [RegisterState::Agreed.code().to_owned()];
    let rows = catalogue.db.read(|conn| table::all(conn, &kinds, &states))?;
    let mut outdated: Vec<EntryRow> = Vec::new();
    for row in rows {
        if is_outdated(catalogue, &serde_json::from_str(&row.doc)?)? {
            outdated.push(row);
        }
    }
    if outdated.is_empty() {
        return Ok(0);
    }
    // Who looks ahead, at the console, has the notices written today all the same.
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut told = 0;
        for row in &outdated {
            let (name, agreed) = (format!("outdated:{}", row.id), row.revision.to_string());
            if !outbox::note_if_new(conn, &name, &agreed, now)? {
                continue;
            }
            notify::note_outdated(conn, &catalogue.concepts, row, written)?;
            told += 1;
        }
        Ok(told)
    })
}

/// Of a note on two records, whether anyone who reads both sees them stand otherwise than when it was agreed; of one on figures, whether
/// none of its records states them any more. Of records that are not there to be looked at nothing is said.
fn is_outdated(catalogue: &Catalogue, entry: &Entry) -> Result<bool, Error> {
    let Some(mark) = &entry.figures else { return Ok(false) };
    match (entry.kind, entry.datasets.as_slice()) {
        (RegisterKind::ComparabilityNote, [one, other]) => {
            let seen = catalogue.records(&Actor::Visitor, &entry.datasets)?;
            let both = seen.get(one).zip(seen.get(other)).map(|(one, other)| (&one.dataset, &other.dataset));
            Ok(both.is_some_and(|(one, other)| !still_stands(mark, &compare(one, other, None, &catalogue.concepts), one, other)))
        }
        (RegisterKind::DiscrepancyNote, ids) => {
            let records = catalogue.records(&Actor::Console, ids)?;
            let mut stated = records.values().map(|record| record.dataset.discrepancies.as_slice());
            let is_on = |stated: &[_]| stated.iter().any(|figures| stands(mark, figures, stated) == Stands::OnThese);
            Ok(!records.is_empty() && !stated.any(is_on))
        }
        _ => Ok(false),
    }
}
