//! The clock of access requests: due dates act without anyone opening a page. One node at a time holds the lease; what a clock
//! that stood still has missed is caught up in one step.

use uuid::Uuid;

use crate::domain::access_request::{By, Calendars, Command, Moment, Request, decide};
use crate::domain::policy::Actor;
use crate::domain::workdays::Day;
use crate::store::changes::Ledger;
use crate::store::{Conn, entitlements as table, outbox, requests};

use super::super::{Catalogue, Error, agreements};
use super::{calendars_for, granting, load, record, refused};

/// Name of the lease.
const LEASE: &str = "access-request-clock";
/// How long a node keeps it after its last round, in milliseconds.
const LEASE_MS: i64 = 30_000;
/// Requests of one round.
const PAGE: i64 = 200;

/// Does what is due, if this node has the lease. Returns how many requests were looked at.
///
/// # Errors
/// The database is unavailable; what was done is done once.
pub fn run(catalogue: &Catalogue, node: Uuid, now: i64) -> Result<usize, Error> {
    // Looked at first without a write: mostly there is nothing to do.
    let due = catalogue.db.read(|conn| requests::due(conn, now, PAGE))?;
    if due.is_empty() {
        return Ok(0);
    }
    let is_ours = catalogue.db.write::<_, Error>(|conn, _| Ok(table::take_lease(conn, LEASE, &node.to_string(), now, now + LEASE_MS)?))?;
    if !is_ours {
        return Ok(0);
    }
    for id in &due {
        // One that cannot be read holds up no other.
        if let Err(error) = tick(catalogue, id, now) {
            if let Error::Unavailable(_) = error {
                return Err(error);
            }
            tracing::error!(request = %id, %error, "the clock cannot act on an access request");
            set_aside(catalogue, id, now)?;
        }
    }
    Ok(due.len())
}

/// Does everything that is due as of an instant, without a lease: each tick is one transaction and does nothing twice. Returns how many
/// requests were looked at.
///
/// # Errors
/// One of them cannot be read, or the database is unavailable; what was done is done once.
pub fn as_of(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let mut looked = 0;
    loop {
        let due = catalogue.db.read(|conn| requests::due(conn, now, PAGE))?;
        if due.is_empty() {
            return Ok(looked);
        }
        looked += due.len();
        due.iter().try_for_each(|id| tick(catalogue, id, now))?;
    }
}

/// Lets the clock act on one request.
///
/// # Errors
/// Not found, or the database is unavailable.
pub fn tick(catalogue: &Catalogue, id: &str, now: i64) -> Result<(), Error> {
    catalogue.db.write(|conn, ledger| {
        let mut request = load(conn, id)?;
        let calendars = calendars_for(conn, &request)?;
        let moment = Moment { now, calendars: &calendars };
        let (ended_agreements, suspended_agreements) = granting::lapsed(conn, &request, Day::of(now))?;
        let command = Command::Tick { ended_agreements, suspended_agreements };
        let happenings = decide(&request, &By::clock(), &command, &moment).map_err(|refusal| refused(refusal, id))?;
        if happenings.is_empty() {
            // A calendar that was changed since has moved the instant.
            let row = requests::by_id(conn, id)?.ok_or_else(|| super::unknown(id))?;
            let clock_at = request.clock_at(&calendars).filter(|at| *at > now).or(Some(now + 3_600_000)).filter(|_| row.clock_at.is_some());
            return Ok(requests::update(conn, &requests::RequestRow { clock_at, ..row })?);
        }
        record(conn, ledger, &Actor::Clock, now, &mut request, happenings, &calendars)
    })
}

/// What has just come into force under an agreement that has ended or is suspended meanwhile ends, or is suspended, at once: the clock
/// would only look again when the next day is due.
///
/// # Errors
/// A statement failed.
pub fn settle(conn: &mut Conn, ledger: &mut Ledger, now: i64, request: &mut Request, calendars: &Calendars) -> Result<(), Error> {
    let (ended_agreements, suspended_agreements) = granting::lapsed(conn, request, Day::of(now))?;
    if ended_agreements.is_empty() && suspended_agreements.is_empty() {
        return Ok(());
    }
    let command = Command::Tick { ended_agreements, suspended_agreements };
    let id = request.id.to_string();
    let happenings = decide(request, &By::clock(), &command, &Moment { now, calendars }).map_err(|refusal| refused(refusal, &id))?;
    record(conn, ledger, &Actor::Clock, now, request, happenings, calendars)
}

/// What cannot be worked on is tried again in an hour.
fn set_aside(catalogue: &Catalogue, id: &str, now: i64) -> Result<(), Error> {
    catalogue.db.write(|conn, _| {
        if let Some(row) = requests::by_id(conn, id)? {
            requests::update(conn, &requests::RequestRow { clock_at: Some(now + 3_600_000), ..row })?;
        }
        Ok(())
    })
}

/// Name under which it is noted how far the change log was read for agreements.
const FOLLOWER: &str = "access-agreements";

/// Ends or suspends what rests on agreements that have ended or were suspended since the last look. Returns how many there were.
///
/// # Errors
/// The database is unavailable; the next look begins where this one did.
pub fn follow_agreements(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let seen = catalogue.db.read(|conn| outbox::follower(conn, FOLLOWER))?.unwrap_or(0);
    let (ended, reached) = catalogue.db.read(|conn| Ok(agreements::ended_since(conn, seen)))??;
    if reached == seen {
        return Ok(0);
    }
    for agreement in &ended {
        let resting = catalogue.db.read(|conn| requests::resting_on(conn, &agreement.id))?;
        let mut ids: Vec<String> = resting.into_iter().map(|row| row.request_id).collect();
        ids.dedup();
        ids.iter().try_for_each(|id| tick(catalogue, id, now))?;
    }
    catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::set_follower(conn, FOLLOWER, reached)?))?;
    Ok(ended.len())
}
