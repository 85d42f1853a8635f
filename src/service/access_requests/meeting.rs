//! Members who were named by address: they become known when there is an account with that address, whether or not anybody opens a page.

use uuid::Uuid;

use crate::domain::access_request::{Moment, Refusal, know_member};
use crate::domain::policy::Actor;
use crate::store::{persons, requests};

use super::super::catalogue::read_id;
use super::super::{Catalogue, Error};
use super::{calendars_for, record, refused};

/// Finds the requests that have named a person by address before the person had an account, and notes who it is. The account is there in
/// any case: what cannot be noted now is noted by [`catch_up`].
pub fn meet(catalogue: &Catalogue, person_id: &str, now: i64) {
    let awaited = catalogue.db.read(|conn| {
        let email = persons::by_id(conn, person_id)?.filter(|row| row.disabled_at.is_none()).and_then(|row| row.email);
        email.map_or_else(|| Ok(Vec::new()), |email| requests::awaiting(conn, &email))
    });
    match awaited {
        Ok(awaited) => {
            for (request, member) in awaited {
                know(catalogue, &request, member, person_id, now);
            }
        }
        Err(error) => tracing::error!(person = %person_id, %error, "the access requests that name a person could not be looked up"),
    }
}

/// Notes who the members are who have an account by now, by whatever way it was made. Returns how many there were.
///
/// # Errors
/// The database is unavailable.
pub fn catch_up(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let known = catalogue.db.read(requests::awaited_with_account)?;
    let count = known.len();
    for (request, member, person) in known {
        know(catalogue, &request, member, &person, now);
    }
    Ok(count)
}

/// One request that cannot be read holds up no other.
fn know(catalogue: &Catalogue, request: &str, member: i64, person_id: &str, now: i64) {
    let known = read_id(person_id).and_then(|person| know_one(catalogue, request, member, person, now));
    if let Err(error) = known {
        tracing::error!(request = %request, %error, "a named member could not be noted as known");
    }
}

fn know_one(catalogue: &Catalogue, id: &str, member: i64, person: Uuid, now: i64) -> Result<(), Error> {
    let number = u32::try_from(member).map_err(|e| Error::Internal(e.into()))?;
    catalogue.db.write(|conn, ledger| {
        // Between the look and the write the person may have been taken out again, or the request erased.
        let email = persons::by_id(conn, &person.to_string())?.and_then(|row| row.email);
        if !requests::awaited_in(conn, id)?.iter().any(|(awaited, known)| *awaited == member && Some(known) == email.as_ref()) {
            return Ok::<_, Error>(());
        }
        requests::stop_awaiting(conn, id, member)?;
        let mut request = super::load(conn, id)?;
        let calendars = calendars_for(conn, &request)?;
        let moment = Moment { now, calendars: &calendars };
        match know_member(&request, number, person) {
            // The clock notes it, so that the person is told.
            Ok(happenings) => record(conn, ledger, &Actor::Clock, moment.now, &mut request, happenings, &calendars),
            // Named twice, or no longer named: there is nothing to note.
            Err(Refusal::Unknown) => Ok(()),
            Err(refusal) => Err(refused(refusal, id)),
        }
    })
}
