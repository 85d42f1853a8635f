//! The clock of access requests: due dates act without anyone opening a page. The node that holds the lease acts; it takes the lease
//! anew every few requests. Where a node is slower than its lease, two act side by side, which spares no work but does none twice: each
//! tick is one transaction that looks at what is still due. What a clock that stood still has missed is caught up in one step.

use uuid::Uuid;

use crate::domain::access_request::{By, Calendars, Command, Moment, Request, decide};
use crate::domain::policy::Actor;
use crate::domain::workdays::Day;
use crate::store::changes::Ledger;
use crate::store::{Conn, entitlements as table, outbox, requests};

use super::super::catalogue::now_ms;
use super::super::{Catalogue, Error, agreements};
use super::{calendars_for, granting, leaving, load, record, refused};

/// Name of the lease.
const LEASE: &str = "access-request-clock";
/// How long a node keeps it after it has taken it last, in milliseconds.
const LEASE_MS: i64 = 30_000;
/// Requests of one round.
const PAGE: i64 = 200;
/// Requests for which the lease is taken once.
const AT_ONCE: usize = 20;
/// After how long a request that could not be worked on is tried again, in milliseconds.
const PAUSE_MS: i64 = 3_600_000;

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
    let mut looked = 0;
    for some in due.chunks(AT_ONCE) {
        if !has_lease(catalogue, node)? {
            break;
        }
        tick_each(catalogue, some, now)?;
        looked += some.len();
    }
    Ok(looked)
}

/// Takes the lease, or takes it anew; false where another node has it.
fn has_lease(catalogue: &Catalogue, node: Uuid) -> Result<bool, Error> {
    // By the time that it is, not by the one as of which the clock acts.
    let now = now_ms();
    catalogue.db.write(|conn, _| Ok(table::take_lease(conn, LEASE, &node.to_string(), now, now + LEASE_MS)?))
}

/// Lets the clock act on each of them. One that cannot be read holds up no other.
fn tick_each(catalogue: &Catalogue, ids: &[String], now: i64) -> Result<(), Error> {
    for id in ids {
        match tick(catalogue, id, now) {
            Err(error) if !error.may_pass() => {
                tracing::error!(request = %id, %error, "the clock cannot act on an access request; it is tried again in an hour");
                set_aside(catalogue, id, now)?;
            }
            done => done?,
        }
    }
    Ok(())
}

/// Does everything that is due as of an instant, without a lease: each tick is one transaction and does nothing twice. Returns how many
/// requests were looked at; those that cannot be read stand in the log.
///
/// # Errors
/// The database is unavailable; what was done is done once.
pub fn as_of(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let mut looked = 0;
    loop {
        let due = catalogue.db.read(|conn| requests::due(conn, now, PAGE))?;
        if due.is_empty() {
            return Ok(looked);
        }
        looked += due.len();
        tick_each(catalogue, &due, now)?;
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
        let present = leaving::with_present_deputies(conn, &request)?;
        let happenings = decide(&present, &By::clock(), &command, &moment).map_err(|refusal| refused(refusal, id))?;
        if happenings.is_empty() {
            // A calendar that was changed since has moved the instant.
            let row = requests::by_id(conn, id)?.ok_or_else(|| super::unknown(id))?;
            let clock_at = request.clock_at(&calendars).filter(|at| *at > now).or(Some(now + PAUSE_MS)).filter(|_| row.clock_at.is_some());
            return Ok(requests::set_clock(conn, id, clock_at)?);
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

/// What cannot be worked on is tried again later. Only the instant is written: the rest of the row may be what cannot be read.
fn set_aside(catalogue: &Catalogue, id: &str, now: i64) -> Result<(), Error> {
    catalogue.db.write(|conn, _| Ok(requests::set_clock(conn, id, Some(now + PAUSE_MS))?))
}

/// Name under which it is noted how far the change log was read for agreements.
const FOLLOWER: &str = "access-agreements";

/// Ends or suspends what rests on agreements that have ended or were suspended since the last look; a node of a running server does so
/// under the lease. Returns how many changes of agreements were read.
///
/// # Errors
/// The database is unavailable; the next look begins where this one did.
pub fn follow_agreements(catalogue: &Catalogue, node: Option<Uuid>, now: i64) -> Result<usize, Error> {
    let seen = catalogue.db.read(|conn| outbox::follower(conn, FOLLOWER))?.unwrap_or(0);
    let agreements::Ends { ended, read, reached } = catalogue.db.read(|conn| Ok(agreements::ended_since(conn, seen)))??;
    if reached == seen || !node.map_or(Ok(true), |node| has_lease(catalogue, node))? {
        return Ok(0);
    }
    for agreement in &ended {
        let resting = catalogue.db.read(|conn| requests::resting_on(conn, &agreement.id))?;
        let mut ids: Vec<String> = resting.into_iter().map(|row| row.request_id).collect();
        ids.dedup();
        tick_each(catalogue, &ids, now)?;
    }
    catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::set_follower(conn, FOLLOWER, reached)?))?;
    Ok(read)
}
