//! Rest days and public holidays, by country: set by the operator, followed by the clocks of all open requests.

use std::collections::BTreeMap;

use crate::domain::access_request::{Calendars, Request};
use crate::domain::policy::Actor;
use crate::domain::workdays::Calendar;
use crate::store::changes::{KnownTo, NewChange};
use crate::store::requests::{self, RequestRow};
use crate::store::{Conn, entitlements as table};

use super::super::{Catalogue, Error};
use super::{handling, read};

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

/// The calendars of the countries of the holders that are asked, and where it matters how many they are, their access officers.
///
/// # Errors
/// A statement failed.
pub fn calendars_for(conn: &mut Conn, request: &Request) -> Result<Calendars, Error> {
    let mut slugs: Vec<String> = request.parts.iter().map(|part| part.institution.to_string()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let mut calendars = Calendars { others: calendar_of(conn, None)?, ..Calendars::default() };
    if slugs.is_empty() {
        return Ok(calendars);
    }
    for part in request.parts.iter().filter(|part| part.counts_officers()) {
        if !calendars.officers.contains_key(&part.institution) {
            calendars.officers.insert(part.institution.clone(), handling::officers_in(conn, part.institution.as_str())?);
        }
    }
    let mut known: BTreeMap<String, Calendar> = BTreeMap::new();
    for row in crate::store::institutions::by_slugs(conn, &slugs)? {
        let Some(country) = row.country else { continue };
        let calendar = match known.get(&country) {
            Some(calendar) => calendar.clone(),
            None => calendar_of(conn, Some(&country))?,
        };
        known.insert(country, calendar.clone());
        let holder = request.parts.iter().find(|part| part.institution.as_str() == row.slug);
        calendars.of_holders.extend(holder.map(|part| (part.institution.clone(), calendar)));
    }
    Ok(calendars)
}

/// The calendar of a country; where it has none, the one for all others.
///
/// # Errors
/// A statement failed.
pub fn calendar_of(conn: &mut Conn, country: Option<&str>) -> Result<Calendar, Error> {
    let own = country.map(|country| table::calendar(conn, country)).transpose()?.flatten();
    let doc = match own {
        Some(doc) => Some(doc),
        None => table::calendar(conn, "")?,
    };
    Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?.unwrap_or_default())
}
