//! Published figures that do not agree, over the whole catalogue. The index knows which records state some.

use std::sync::Arc;

use crate::domain::filter::DatasetFilter;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::search::Window;
use crate::search::cursor::Position;
use crate::search::order::SortOrder;

use super::{Catalogue, Error, Record, datasets};

/// Tag of the index that carries the number of discrepancies of a record.
const TAG: &str = "x";

/// A discrepancy: the record that states it, its place in the record's list, and its cursor.
pub struct Stated {
    /// The record as the actor sees it.
    pub record: Arc<Record>,
    /// Its place.
    pub place: usize,
    /// Where it stands in the list.
    pub cursor: String,
}

/// A page of discrepancies, in the order in which their records were made.
pub struct DiscrepancyPage {
    /// The discrepancies.
    pub stated: Vec<Stated>,
    /// Whether more follow.
    pub has_next: bool,
    /// How many there are.
    pub total: u64,
}

/// Where a page begins: after this record of the result, leaving out the first discrepancies of the record with this number.
struct Start {
    after: Option<Position>,
    number: u32,
    done: usize,
}

/// Discrepancies of published records that the actor may find and that answer the filter; one statement a page, however large the catalogue is.
///
/// # Errors
/// The question or the cursor is wrong; index or database are unavailable.
pub fn page(
    catalogue: &Catalogue,
    actor: &Actor,
    filter: &DatasetFilter,
    after: Option<&str>,
    count: usize,
    today: i64,
) -> Result<DiscrepancyPage, Error> {
    let results = datasets::find(catalogue, actor, None, filter, Some(SortOrder::Created), today)?.with_any(TAG);
    let start = after.map(|cursor| read_cursor(cursor, results.question())).transpose()?;
    let start = start.unwrap_or(Start { after: None, number: u32::MAX, done: 0 });
    // Each record states one at least, so that one record more than discrepancies is enough to know whether more follow.
    let found = results.page(&Window { count: count + 1, after: start.after.clone(), ..Window::default() });
    let ids: Vec<uuid::Uuid> = found.hits.iter().map(|hit| hit.id).collect();
    let records = catalogue.records(actor, &ids)?;
    let (mut stated, mut before) = (Vec::new(), start.after);
    for hit in found.hits {
        if let Some(record) = records.get(&hit.id) {
            let skipped = if hit.position.number == start.number { start.done } else { 0 };
            for place in skipped..record.dataset.discrepancies.len() {
                let cursor = write_cursor(before.as_ref(), hit.position.number, place + 1);
                stated.push(Stated { record: record.clone(), place, cursor });
            }
        }
        before = Some(hit.position);
    }
    let has_next = stated.len() > count || found.has_next;
    stated.truncate(count);
    Ok(DiscrepancyPage { stated, has_next, total: results.sum_of(TAG) })
}

fn write_cursor(before: Option<&Position>, number: u32, done: usize) -> String {
    format!("{}.{number}.{done}", before.map(Position::encode).unwrap_or_default())
}

fn read_cursor(cursor: &str, question: u32) -> Result<Start, Error> {
    let wrong = || Error::Invalid(vec![Problem::new("after", cursor, "is not a cursor of this list; pass a cursor as it was given")]);
    let mut parts = cursor.split('.');
    let (Some(before), Some(number), Some(done), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let after = match before {
        "" => None,
        before => Some(Position::decode(before, question).map_err(|remedy| Error::Invalid(vec![Problem::new("after", "", remedy)]))?),
    };
    Ok(Start { after, number: number.parse().map_err(|_| wrong())?, done: done.parse().map_err(|_| wrong())? })
}
