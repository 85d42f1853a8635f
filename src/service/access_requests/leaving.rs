//! Who has left the holder, or has no account any more, decides and reads nothing for it. The lists of a desk are looked at when it is set,
//! when a request is submitted and when deputies are called in; invitations end with the last role. Outsiders, who never had a role, are
//! named as such by the holder.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use crate::domain::access_request::command::Absent;
use crate::domain::access_request::{Departure, DeskTerms, Moment, Request, depart};
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::store::changes::Ledger;
use crate::store::persons::{self, MembershipRow, PersonRow};
use crate::store::{Conn, requests};

use super::super::Error;
use super::super::catalogue::read_id;
use super::filing::institutions_of;
use super::{calendars_for, load, record, refused};

/// Checks that whoever is named on a desk has a role in its institution, or is named as an outsider.
///
/// # Errors
/// Every person who is neither is named by their place, and every outsider who is none.
pub fn check_named(conn: &mut Conn, institution: &Slug, terms: &DeskTerms) -> Result<(), Error> {
    let mut problems = Vec::new();
    for (list, place, person) in terms.named() {
        if !terms.outsiders.contains(&person) && !is_of(conn, person, institution)? {
            let remedy = "has no role in the institution; take the person off the desk, or name them under `outsiders` too";
            problems.push(Problem::new(format!("{list}[{place}]"), "", remedy));
        }
    }
    for (place, person) in terms.outsiders.iter().enumerate() {
        let wrong = |remedy: &str| Problem::new(format!("outsiders[{place}]"), "", remedy);
        if !terms.named().any(|(_, _, named)| named == *person) {
            problems.push(wrong("is named neither to decide nor to advise nor to stand in; leave the person out"));
        } else if is_of(conn, *person, institution)? {
            problems.push(wrong("has a role in the institution, and is no outsider; leave the person out here"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn is_of(conn: &mut Conn, person: Uuid, institution: &Slug) -> Result<bool, Error> {
    Ok(institutions_of(conn, person)?.iter().any(|slug| slug == institution.as_str()))
}

/// Of those who are named on a desk the ones who have left, or have no account any more, each once.
///
/// # Errors
/// A statement failed.
pub fn absent(conn: &mut Conn, institution: &Slug, terms: &DeskTerms) -> Result<Vec<Absent>, Error> {
    let named: BTreeSet<Uuid> = terms.named().map(|(_, _, person)| person).collect();
    let mut absent = Vec::new();
    for person in named {
        let row = persons::by_id(conn, &person.to_string())?;
        let has_account = row.as_ref().is_some_and(|row| row.disabled_at.is_none());
        if !has_account || !terms.outsiders.contains(&person) && !is_of(conn, person, institution)? {
            absent.push(Absent { person, who: who(row.as_ref()) });
        }
    }
    Ok(absent)
}

/// The function of a person, as the officers read it with the event.
fn who(row: Option<&PersonRow>) -> serde_json::Value {
    json!({ "text": row.map(|row| row.function.as_str()).unwrap_or_default() })
}

/// The request without the deputies who are no longer there, for the clock, which calls them in.
///
/// # Errors
/// A statement failed.
pub fn with_present_deputies<'r>(conn: &mut Conn, request: &'r Request) -> Result<Cow<'r, Request>, Error> {
    let mut present = Cow::Borrowed(request);
    for (place, part) in request.parts.iter().enumerate().filter(|(_, part)| !part.desk.deputies.is_empty()) {
        let gone: Vec<Uuid> = absent(conn, &part.institution, &part.desk)?.into_iter().map(|absent| absent.person).collect();
        if let Some(own) = (!gone.is_empty()).then(|| present.to_mut().parts.get_mut(place)).flatten() {
            own.desk.deputies.retain(|person| !gone.contains(person));
        }
    }
    Ok(present)
}

/// Follows a change of a person's roles: with the last one in an institution the person leaves it.
///
/// # Errors
/// A statement failed.
pub fn follow_roles(conn: &mut Conn, ledger: &mut Ledger, person_id: &str, before: &[MembershipRow], now: i64) -> Result<(), Error> {
    let of =
        |rows: &[MembershipRow]| rows.iter().map(|row| row.institution.clone()).filter(|slug| !slug.is_empty()).collect::<BTreeSet<_>>();
    let (before, after) = (of(before), of(&persons::memberships_of(conn, person_id)?));
    // What is no short name of an institution holds nothing that could be left.
    let left: Vec<Slug> = before.difference(&after).filter_map(|slug| Slug::parse(slug).ok()).collect();
    if left.is_empty() { Ok(()) } else { follow(conn, ledger, person_id, &left, false, now) }
}

/// Follows an account that was disabled: the person acts for nobody any more.
///
/// # Errors
/// A statement failed.
pub fn follow_disabled(conn: &mut Conn, ledger: &mut Ledger, person_id: &str, now: i64) -> Result<(), Error> {
    follow(conn, ledger, person_id, &[], true, now)
}

/// A request that cannot be read keeps nobody from losing a role or an account; until it is mended, nobody acts in it.
fn follow(conn: &mut Conn, ledger: &mut Ledger, person_id: &str, left: &[Slug], is_disabled: bool, now: i64) -> Result<(), Error> {
    let row = persons::by_id(conn, person_id)?;
    let departure = Departure { person: read_id(person_id)?, who: who(row.as_ref()), left: left.to_vec(), is_disabled };
    for id in requests::of_person(conn, person_id)? {
        let mut request = match load(conn, &id) {
            Err(error) if !error.may_pass() => {
                tracing::error!(request = %id, %error, "an access request cannot follow the departure of a person");
                continue;
            }
            loaded => loaded?,
        };
        let calendars = calendars_for(conn, &request)?;
        let happenings = depart(&request, &departure, &Moment { now, calendars: &calendars }).map_err(|refusal| refused(refusal, &id))?;
        // The clock notes it: who took the role back is not the holders' business.
        record(conn, ledger, &Actor::Clock, now, &mut request, happenings, &calendars)?;
    }
    Ok(())
}
