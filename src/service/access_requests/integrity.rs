//! Whether stored requests are what their events make, and their events what the change log has chained; and whether what is acted on,
//! their parts, their people and the entitlements, is what follows from them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::domain::access_request::{Request, fold};
use crate::domain::ids::hex;
use crate::domain::vocabulary::Vocabulary;
use crate::store::changes::{self, Change};
use crate::store::entitlements::{self as table, EntitlementRow};
use crate::store::requests::{self, EventRow, RequestRow};
use crate::store::{Conn, Db};

use super::super::Error;
use super::super::catalogue::read_id;
use super::super::entitlements;
use super::{ENTITY, logged, part_rows, people_of, read, recorded, unknown};

/// Requests read at once.
const PAGE: i64 = 500;
/// Most faults told of.
const MAX_FAULTS: usize = 20;

/// What a look at all requests found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Requests looked at.
    pub requests: usize,
    /// Their events.
    pub events: usize,
    /// What is wrong, the first twenty.
    pub faults: Vec<String>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.faults.is_empty() {
            write!(f, "{} access requests are what their {} events make, as the change log has them", self.requests, self.events)
        } else {
            f.write_str(&self.faults.join("; "))
        }
    }
}

/// Looks at all requests.
///
/// # Errors
/// The database is unavailable.
pub fn verify_all(db: &Db) -> Result<Report, Error> {
    let (mut report, mut last) = (Report::default(), String::new());
    loop {
        let page = db.read(|conn| requests::ids_after(conn, &last, PAGE))?;
        let Some(end) = page.last() else { break };
        last.clone_from(end);
        for id in &page {
            let mut found = db.read(|conn| Ok(verify(conn, id)))?;
            // What is written between two statements of a look is no fault: the second one sees all of it.
            if !matches!(found, Ok(Ok(_))) {
                found = db.read(|conn| Ok(verify(conn, id)))?;
            }
            match found {
                Ok(Ok(events)) => report.events += events,
                Ok(Err(fault)) => report.faults.push(fault),
                Err(Error::Unavailable(reason)) => return Err(Error::Unavailable(reason)),
                // A row that cannot be read is a fault of the row.
                Err(error) => report.faults.push(format!("access request {id}: cannot be read: {error}")),
            }
            report.requests += 1;
            if report.faults.len() >= MAX_FAULTS {
                return Ok(report);
            }
        }
    }
    let (logged, kept) = db.read(|conn| Ok((changes::count_of_entity(conn, ENTITY)?, requests::count_events(conn)?)))?;
    if logged != kept && report.faults.is_empty() {
        report.faults.push(format!("the change log has {logged} events of access requests, the table of events has {kept}"));
    }
    // Each entitlement is granted once; what follows has other names.
    let (granted, kept) = db.read(|conn| Ok((changes::count_of_kind(conn, entitlements::ENTITY, "GRANTED")?, table::count(conn)?)))?;
    if granted != kept && report.faults.is_empty() {
        report.faults.push(format!("the change log tells of {granted} entitlements, the table has {kept}"));
    }
    Ok(report)
}

/// Looks at one request: its events make its row, each of them stands in the change log as it is, and each text that was not erased
/// is the one that was hashed. Returns the number of its events, or what is wrong.
///
/// # Errors
/// A row cannot be read, or a statement failed.
pub fn verify(conn: &mut Conn, id: &str) -> Result<Result<usize, String>, Error> {
    let fault = |text: String| Ok(Err(format!("access request {id}: {text}")));
    let row = requests::by_id(conn, id)?.ok_or_else(|| unknown(id))?;
    let rows = requests::events_of(conn, id)?;
    let events = rows.iter().map(recorded).collect::<Result<Vec<_>, _>>()?;
    let folded = match fold(read_id(id)?, &events) {
        Ok(folded) => folded,
        Err(damage) => return fault(damage.to_string()),
    };
    if folded != read(&row)? || !is_row_of(&row, &folded) {
        return fault("its row is not what its events make".to_owned());
    }
    if requests::parts_of(conn, id)? != part_rows(&folded) {
        return fault("the rows of its parts, which queues and statistics look at, are not what its events make".to_owned());
    }
    if requests::people_in(conn, id)? != people_of(&folded) {
        return fault("the rows of its people are not what its events make".to_owned());
    }
    for row in table::of_request(conn, id)? {
        if !is_logged(conn, &row)? {
            return fault(format!("the entitlement {} is not what the change log has made it", row.id));
        }
    }
    let chained: BTreeMap<i64, Change> = changes::of_entity(conn, ENTITY, id)?.into_iter().map(|change| (change.seq, change)).collect();
    if let Some(event) = rows.iter().find(|event| !chained.get(&event.seq).is_some_and(|change| is_same(event, change))) {
        return fault(format!("its event {} is not the one that change {} of the log has", event.number, event.seq));
    }
    if chained.len() != rows.len() {
        return fault(format!("the change log has {} events of it, the table of events has {}", chained.len(), rows.len()));
    }
    for content in requests::contents_of(conn, id)?.iter().filter(|content| content.erased_at.is_none()) {
        if hex(&Sha256::new().chain_update(&content.salt).chain_update(&content.doc).finalize()) != content.hash {
            return fault(format!("the text {} was altered", content.hash));
        }
    }
    Ok(Ok(rows.len()))
}

/// Whether what stands beside the folded request in its row is the same. The clock is not: it follows calendars.
fn is_row_of(row: &RequestRow, folded: &Request) -> bool {
    let numbers = (row.revision, row.created_at, row.updated_at);
    numbers == (folded.revision, folded.created_at, folded.updated_at)
        && (row.applicant.as_str(), row.state.as_str()) == (folded.applicant.to_string().as_str(), folded.state().code())
}

/// Whether an entitlement is what its last change in the log says.
fn is_logged(conn: &mut Conn, row: &EntitlementRow) -> Result<bool, Error> {
    let last = changes::of_entity(conn, entitlements::ENTITY, &row.id)?.pop();
    let Some(change) = last.filter(|change| (change.seq, change.at) == (row.seq, row.updated_at)) else { return Ok(false) };
    let told: Option<serde_json::Value> = change.after_doc.as_deref().map(serde_json::from_str).transpose()?;
    Ok(told == Some(entitlements::logged(row)))
}

/// Whether an event says what its change in the log says.
fn is_same(row: &EventRow, change: &Change) -> bool {
    let Ok(event) = recorded(row) else { return false };
    let Ok(wanted) = logged(&event.event, event.part, event.number, event.content.as_deref()) else { return false };
    let person = change.actor.strip_prefix("person:");
    let told = change.after_doc.as_deref().and_then(|doc| serde_json::from_str::<serde_json::Value>(doc).ok());
    told == Some(wanted) && (change.at, change.kind.as_str()) == (row.at, row.kind.as_str()) && person == row.actor.as_deref()
}
