//! Rest days and public holidays, by country: set by the operator, followed by the clocks of all open requests.

use crate::domain::policy::Actor;
use crate::domain::workdays::Calendar;
use crate::store::changes::{KnownTo, NewChange};
use crate::store::requests::{self, RequestRow};
use crate::store::{Conn, entitlements as table};

use super::super::{Catalogue, Error};
use super::{calendars_for, read};

/// Requests whose clocks are looked at in one transaction.
const PAGE: i64 = 200;

/// Sets rest days and public holidays of a country; the empty country is for all others. Returns how many clocks were set anew.
///
/// # Errors
/// The database is unavailable. Clocks that were not reached are set by setting the calendar again, or at their next look.
pub fn set(catalogue: &Catalogue, country: &str, calendar: &Calendar, now: i64) -> Result<usize, Error> {
    let doc = serde_json::to_string(calendar)?;
    catalogue.db.write(|conn, ledger| {
        // Its own: the calendar for all others is none that it had.
        let before = table::calendar(conn, country)?;
        let change = NewChange {
            at: now,
            actor: &Actor::Console.log_name(),
            kind: "CALENDAR_SET",
            entity: "CALENDAR",
            entity_id: if country.is_empty() { "other" } else { country },
            known_to: KnownTo::Auditors,
            before: before.as_deref(),
            after: Some(&doc),
        };
        ledger.append(conn, &change)?;
        Ok::<_, Error>(table::put_calendar(conn, country, &doc, now)?)
    })?;
    follow(catalogue)
}

/// Sets the clocks of all open requests by the calendars as they are now.
fn follow(catalogue: &Catalogue) -> Result<usize, Error> {
    let (mut last, mut set) = (String::new(), 0);
    loop {
        let page = catalogue.db.read(|conn| requests::with_clock_after(conn, &last, PAGE))?;
        let Some(end) = page.last() else { return Ok(set) };
        last.clone_from(end);
        set += catalogue.db.write(|conn, _| {
            let mut set = 0;
            for row in requests::by_ids(conn, &page)? {
                set += usize::from(set_anew(conn, &row)?);
            }
            Ok::<_, Error>(set)
        })?;
    }
}

/// Sets the clock of one request; whether it moved. One that cannot be read keeps its clock, and no other from being set.
fn set_anew(conn: &mut Conn, row: &RequestRow) -> Result<bool, Error> {
    let request = match read(row) {
        Err(error) => {
            tracing::error!(request = %row.id, %error, "the clock of an access request cannot follow a calendar");
            return Ok(false);
        }
        Ok(request) => request,
    };
    let clock_at = request.clock_at(&calendars_for(conn, &request)?);
    if clock_at == row.clock_at {
        return Ok(false);
    }
    requests::set_clock(conn, &row.id, clock_at)?;
    Ok(true)
}

/// Calendars by country, the one for all others first.
///
/// # Errors
/// The database is unavailable.
pub fn all(catalogue: &Catalogue) -> Result<Vec<(String, Calendar)>, Error> {
    let rows = catalogue.db.read(table::all_calendars)?;
    rows.into_iter().map(|(country, doc)| Ok((country, serde_json::from_str(&doc)?))).collect()
}
