//! Rest days and public holidays, by country: set by the operator, followed by the clocks of all open requests.

use crate::domain::policy::Actor;
use crate::domain::workdays::Calendar;
use crate::store::changes::{KnownTo, NewChange};
use crate::store::entitlements as table;
use crate::store::requests::{self, RequestRow};

use super::super::{Catalogue, Error};
use super::{calendar_of, calendars_for, read};

/// Requests whose clocks are looked at in one transaction.
const PAGE: i64 = 200;

/// Sets rest days and public holidays of a country; the empty country is for all others. Returns how many clocks were set anew.
///
/// # Errors
/// The database is unavailable. Clocks that were not reached are set by setting the calendar again, or at their next look.
pub fn set(catalogue: &Catalogue, country: &str, calendar: &Calendar, now: i64) -> Result<usize, Error> {
    let doc = serde_json::to_string(calendar)?;
    catalogue.db.write(|conn, ledger| {
        let before = calendar_of(conn, Some(country)).map(|calendar| serde_json::to_string(&calendar))??;
        let change = NewChange {
            at: now,
            actor: &Actor::Console.log_name(),
            kind: "CALENDAR_SET",
            entity: "CALENDAR",
            entity_id: if country.is_empty() { "other" } else { country },
            known_to: KnownTo::Auditors,
            before: Some(&before),
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
                let request = read(&row)?;
                let clock_at = request.clock_at(&calendars_for(conn, &request)?);
                if clock_at != row.clock_at {
                    requests::update(conn, &RequestRow { clock_at, ..row })?;
                    set += 1;
                }
            }
            Ok::<_, Error>(set)
        })?;
    }
}

/// Calendars by country, the one for all others first.
///
/// # Errors
/// The database is unavailable.
pub fn all(catalogue: &Catalogue) -> Result<Vec<(String, Calendar)>, Error> {
    let rows = catalogue.db.read(table::all_calendars)?;
    rows.into_iter().map(|(country, doc)| Ok((country, serde_json::from_str(&doc)?))).collect()
}
