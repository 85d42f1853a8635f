//! Entitlements: who may use what, from when, until when. They follow the parts of access requests, in the same transaction, and
//! close by themselves; the holder's own system is told by signed webhook, or reads them.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::access_request::{Part, Request, is_in_force};
use crate::domain::policy::{Action, Actor};
use crate::domain::vocabulary::{EndReason, EntitlementState, RefusalCode, RequestState, Role, TokenScope, Vocabulary};
use crate::store::changes::{Change, KnownTo, Ledger, NewChange};
use crate::store::entitlements::{self as table, EntitlementRow};
use crate::store::persons::{self, PersonRow};
use crate::store::{Conn, requests};

use super::{Catalogue, Error};

/// Entity under which the change log tells of entitlements.
pub const ENTITY: &str = "ENTITLEMENT";

/// What one person's entitlement should be, given the part.
struct Wanted {
    person: Uuid,
    state: EntitlementState,
    reason: Option<EndReason>,
}

fn wanted(request: &Request, part: &Part, known: &[Uuid]) -> Vec<Wanted> {
    let users = request.users_of(part);
    let state = match part.state {
        state if is_in_force(state) && part.ended.is_none() => EntitlementState::Active,
        RequestState::Suspended => EntitlementState::Suspended,
        // A revocation stands while it is appealed.
        _ => EntitlementState::Ended,
    };
    let ended = part.ended.unwrap_or(EndReason::EndDate);
    let mut all: Vec<Wanted> = users
        .iter()
        // Nobody is told of the end of what never began.
        .filter(|person| state != EntitlementState::Ended || known.contains(person))
        .map(|person| Wanted { person: *person, state, reason: (state == EntitlementState::Ended).then_some(ended) })
        .collect();
    let gone = known.iter().filter(|person| !users.contains(person));
    all.extend(gone.map(|person| Wanted { person: *person, state: EntitlementState::Ended, reason: Some(EndReason::MembershipEnded) }));
    all
}

/// Who has no account any more has no entitlement; it begins again with the account.
fn without_disabled(conn: &mut Conn, wishes: Vec<Wanted>, known: &[Uuid]) -> Result<Vec<Wanted>, Error> {
    let ids: Vec<String> = wishes.iter().map(|wish| wish.person.to_string()).collect();
    let rows = persons::by_ids(conn, &ids)?;
    let is_disabled = |person: &Uuid| rows.iter().any(|row| row.id == person.to_string() && row.disabled_at.is_some());
    let end = |wish: Wanted| match wish.state {
        EntitlementState::Ended => Some(wish),
        _ if !is_disabled(&wish.person) => Some(wish),
        _ => {
            let ended = Wanted { state: EntitlementState::Ended, reason: Some(EndReason::AccountDisabled), ..wish };
            known.contains(&ended.person).then_some(ended)
        }
    };
    Ok(wishes.into_iter().filter_map(end).collect())
}

/// Who uses data under an agreement of an institution, without having accepted anything in person, does so as one of its people; and the
/// applicant asks in its name. With the last role in it that use ends.
fn without_leavers(conn: &mut Conn, request: &Request, part: &Part, wishes: Vec<Wanted>, known: &[Uuid]) -> Result<Vec<Wanted>, Error> {
    let mut all = Vec::new();
    for wish in wishes {
        let carrier = request.carrier_of(part, wish.person).filter(|_| wish.state != EntitlementState::Ended);
        let is_carried = carrier.map(|institution| has_role_in(conn, wish.person, &institution)).transpose()?.unwrap_or(true);
        if is_carried {
            all.push(wish);
        } else if known.contains(&wish.person) {
            all.push(Wanted { state: EntitlementState::Ended, reason: Some(EndReason::MembershipEnded), ..wish });
        }
    }
    Ok(all)
}

fn has_role_in(conn: &mut Conn, person: Uuid, institution: &crate::domain::ids::Slug) -> Result<bool, Error> {
    let rows = persons::memberships_of(conn, &person.to_string())?;
    Ok(rows.iter().any(|row| row.institution == institution.as_str()))
}

/// Brings the entitlements of a person up to date whose account was disabled or enabled, or whose roles have changed. A request that
/// cannot be read keeps nobody from being disabled: what it has given to the person is ended without it.
///
/// # Errors
/// The database is unavailable.
pub fn follow_person(conn: &mut Conn, ledger: &mut Ledger, actor: &Actor, now: i64, person_id: &str) -> Result<(), Error> {
    for id in requests::of_person(conn, person_id)? {
        let request = match super::access_requests::load(conn, &id) {
            Err(error) if !error.may_pass() => {
                tracing::error!(request = %id, %error, "the entitlements of an access request cannot follow an account");
                if persons::by_id(conn, person_id)?.is_some_and(|person| person.disabled_at.is_some()) {
                    end_of_person(conn, ledger, actor, now, (&id, person_id))?;
                }
                continue;
            }
            loaded => loaded?,
        };
        follow(conn, ledger, actor, now, &request)?;
    }
    Ok(())
}

/// Ends what a request has given to a person whose account was disabled.
fn end_of_person(conn: &mut Conn, ledger: &mut Ledger, actor: &Actor, now: i64, (request, person): (&str, &str)) -> Result<(), Error> {
    let ended = EntitlementState::Ended.code();
    for row in table::of_request(conn, request)?.into_iter().filter(|row| row.person_id == person && row.state != ended) {
        let reason = Some(EndReason::AccountDisabled.code().to_owned());
        let row = EntitlementRow { state: ended.to_owned(), reason, updated_at: now, ..row };
        write(conn, ledger, actor, "ENDED", row, true)?;
    }
    Ok(())
}

/// Brings the entitlements of a request up to date with its parts.
///
/// # Errors
/// A statement failed.
pub fn follow(conn: &mut Conn, ledger: &mut Ledger, actor: &Actor, now: i64, request: &Request) -> Result<(), Error> {
    let present = if request.parts.iter().any(|part| part.from.is_some()) {
        table::of_request(conn, &request.id.to_string())?
    } else {
        return Ok(());
    };
    for part in &request.parts {
        let (rows, former): (Vec<&EntitlementRow>, Vec<&EntitlementRow>) =
            present.iter().filter(|row| row.part == i64::from(part.number)).partition(|row| row.holding_id == part.holding.to_string());
        for row in former {
            pass_over(conn, ledger, actor, now, row)?;
        }
        let known = rows.iter().map(|row| super::catalogue::read_id(&row.person_id)).collect::<Result<Vec<_>, _>>()?;
        let wishes = without_leavers(conn, request, part, wanted(request, part, &known), &known)?;
        for wish in without_disabled(conn, wishes, &known)? {
            let row = rows.iter().find(|row| row.person_id == wish.person.to_string());
            put(conn, ledger, actor, now, request, part, &wish, row.copied())?;
        }
    }
    Ok(())
}

/// Ends an entitlement whose data passed to another holder, so that the system of the former one closes it; the new one has its own.
fn pass_over(conn: &mut Conn, ledger: &mut Ledger, actor: &Actor, now: i64, present: &EntitlementRow) -> Result<(), Error> {
    if present.state == EntitlementState::Ended.code() {
        return Ok(());
    }
    let (state, reason) = (EntitlementState::Ended.code().to_owned(), Some(EndReason::Transferred.code().to_owned()));
    write(conn, ledger, actor, "ENDED", EntitlementRow { state, reason, updated_at: now, ..present.clone() }, true)
}

#[expect(clippy::too_many_arguments, reason = "one row, its change and everything that they are made of")]
fn put(
    conn: &mut Conn,
    ledger: &mut Ledger,
    actor: &Actor,
    now: i64,
    request: &Request,
    part: &Part,
    wish: &Wanted,
    present: Option<&EntitlementRow>,
) -> Result<(), Error> {
    let (Some(from), Some(until)) = (part.from, part.until) else { return Ok(()) };
    let mut row = EntitlementRow {
        id: present.map_or_else(|| Uuid::now_v7().to_string(), |row| row.id.clone()),
        request_id: request.id.to_string(),
        part: part.number.into(),
        person_id: wish.person.to_string(),
        institution: part.institution.to_string(),
        dataset_id: part.dataset.to_string(),
        holding_id: part.holding.to_string(),
        data: part.data.code().to_owned(),
        agreement_id: part.undertaking.as_ref().and_then(|undertaking| undertaking.agreement).map(|id| id.to_string()),
        state: wish.state.code().to_owned(),
        starts_on: from.to_string(),
        ends_on: until.to_string(),
        reason: wish.reason.map(|reason| reason.code().to_owned()),
        seq: present.map_or(0, |row| row.seq),
        updated_at: present.map_or(now, |row| row.updated_at),
    };
    let is_ended = |row: &EntitlementRow| row.state == EntitlementState::Ended.code();
    // What has ended stays as it ended.
    if present.is_some_and(|present| *present == row || is_ended(present) && is_ended(&row)) {
        return Ok(());
    }
    let kind = match (present, wish.state) {
        (None, _) => "GRANTED",
        (Some(_), EntitlementState::Ended) => "ENDED",
        (Some(_), EntitlementState::Suspended) => "SUSPENDED",
        // What was suspended, or had ended before its time, goes on; what had come to its end begins anew.
        (Some(present), EntitlementState::Active) if is_interrupted(present) => "RESUMED",
        (Some(_), EntitlementState::Active) => "RENEWED",
    };
    row.updated_at = now;
    write(conn, ledger, actor, kind, row, present.is_some())
}

/// Writes an entitlement with its change.
fn write(conn: &mut Conn, ledger: &mut Ledger, actor: &Actor, kind: &str, mut row: EntitlementRow, is_known: bool) -> Result<(), Error> {
    let change = NewChange {
        at: row.updated_at,
        actor: &actor.log_name(),
        kind,
        entity: ENTITY,
        entity_id: &row.id,
        known_to: KnownTo::Holder,
        before: None,
        after: Some(&logged(&row).to_string()),
    };
    row.seq = ledger.append(conn, &change)?;
    let put = if is_known { table::update } else { table::insert };
    Ok(put(conn, &row)?)
}

/// Whether an entitlement was suspended, or ended otherwise than by its end date, its agreement or its user.
fn is_interrupted(row: &EntitlementRow) -> bool {
    let reason = row.reason.as_deref().and_then(EndReason::parse);
    match reason {
        _ if row.state == EntitlementState::Suspended.code() => true,
        Some(EndReason::Revoked | EndReason::MembershipEnded | EndReason::AccountDisabled | EndReason::Transferred) => true,
        _ => false,
    }
}

/// An entitlement as the log keeps it: persons by identifier only.
pub(super) fn logged(row: &EntitlementRow) -> Value {
    json!({
        "id": row.id,
        "request": row.request_id,
        "part": row.part,
        "person": row.person_id,
        "institution": row.institution,
        "dataset": format!("urn:uuid:{}", row.dataset_id),
        "holding": format!("urn:uuid:{}", row.holding_id),
        "data": row.data,
        "agreement": row.agreement_id,
        "state": row.state,
        "from": row.starts_on,
        "until": row.ends_on,
        "reason": row.reason,
    })
}

/// Of these requests those whose personal data were erased, by the applicant or when the announced time was over.
fn erased_among(conn: &mut Conn, ids: &[String]) -> Result<HashSet<String>, Error> {
    /// Of the row of a request what is looked at here.
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Erased {
        erased_at: Option<i64>,
        own_erased_at: Option<i64>,
    }
    let mut erased = HashSet::new();
    for row in requests::by_ids(conn, ids)? {
        match serde_json::from_str::<Erased>(&row.doc) {
            Ok(Erased { erased_at: None, own_erased_at: None }) => {}
            Ok(_) => {
                erased.insert(row.id);
            }
            // One damaged request keeps no other from its holder's system; of whom it is, is not told while that cannot be known.
            Err(error) => {
                tracing::error!(request = %row.id, %error, "whether a request was erased cannot be read");
                erased.insert(row.id);
            }
        }
    }
    Ok(erased)
}

/// An entitlement as the holder's system is told of it: with who the person is, until the request is erased.
///
/// # Errors
/// A statement failed.
pub fn told(conn: &mut Conn, logged: &Value) -> Result<Value, Error> {
    let request = logged.get("request").and_then(Value::as_str).unwrap_or_default().to_owned();
    if !erased_among(conn, &[request])?.is_empty() {
        return Ok(without_person(logged));
    }
    let person = persons::by_id(conn, person_of(logged))?;
    Ok(told_of(logged, person.as_ref()))
}

/// An entitlement under a request whose personal data were erased.
fn without_person(logged: &Value) -> Value {
    let mut told = logged.clone();
    if let Some(object) = told.as_object_mut() {
        object.insert("person".to_owned(), Value::Null);
    }
    told
}

/// Identifier of the person whose entitlement it is.
fn person_of(logged: &Value) -> &str {
    logged.get("person").and_then(Value::as_str).unwrap_or_default()
}

fn told_of(logged: &Value, person: Option<&PersonRow>) -> Value {
    let (mut told, id) = (logged.clone(), person_of(logged));
    if let Some(object) = told.as_object_mut() {
        let email = person.and_then(|person| person.email.as_deref());
        let function = person.map(|person| person.function.as_str());
        object.insert("person".to_owned(), json!({ "id": id, "function": function, "email": email }));
    }
    told
}

/// The entitlement that a change of the log is about, as it was made by that change; who the person is, is told as it is now.
///
/// # Errors
/// The database is unavailable, or was altered by another program.
pub fn of_change(catalogue: &Catalogue, change: &Change) -> Result<Value, Error> {
    let logged: Value = change.after_doc.as_deref().map(serde_json::from_str).transpose()?.unwrap_or(Value::Null);
    catalogue.db.read(|conn| Ok(told(conn, &logged)))?
}

/// Institutions whose access officer the actor is.
pub fn held_by(actor: &Actor) -> Vec<String> {
    let grants = actor.person().into_iter().flat_map(|person| &person.grants);
    let officer = grants.filter(|grant| grant.role == Role::AccessOfficer);
    officer.filter_map(|grant| grant.institution.as_ref().map(ToString::to_string)).collect()
}

/// A page of entitlements for the holder's own system.
#[derive(Clone, Debug)]
pub struct Page {
    /// The entitlements in the order of their last change.
    pub entitlements: Vec<Value>,
    /// Place in the log of the last one; ask on from here.
    pub last: i64,
    /// Whether there are more.
    pub has_more: bool,
}

/// Institutions whose entitlements the actor may read.
///
/// # Errors
/// Nobody has signed in, no role of access officer, or a token not made for it.
pub fn holders_of(actor: &Actor) -> Result<Vec<String>, Error> {
    let refused = |code| Error::Forbidden { code, action: Action::AccessRequest };
    let person = actor.person().ok_or_else(|| refused(RefusalCode::SignInRequired))?;
    let held = held_by(actor);
    if held.is_empty() {
        return Err(refused(RefusalCode::RoleRequired));
    }
    match &person.channel {
        crate::domain::policy::Channel::Token(scopes) if !scopes.contains(&TokenScope::Access) => Err(refused(RefusalCode::ScopeRequired)),
        _ => Ok(held),
    }
}

/// Entitlements of the actor's institutions that changed after a place in the log.
///
/// # Errors
/// See [`holders_of`]; or the database is unavailable.
pub fn page(catalogue: &Catalogue, actor: &Actor, after: i64, limit: usize) -> Result<Page, Error> {
    let held = holders_of(actor)?;
    catalogue.db.read(|conn| {
        let mut rows = table::of_holders(conn, &held, after, i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1)?;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().map_or(after, |row| row.seq);
        Ok(entries(conn, &rows).map(|entitlements| Page { entitlements, last, has_more }))
    })?
}

/// Entitlements as the holder's system reads them, with who the persons are, until their requests are erased; in two statements.
fn entries(conn: &mut Conn, rows: &[EntitlementRow]) -> Result<Vec<Value>, Error> {
    let distinct = |key: fn(&EntitlementRow) -> &String| {
        let keys: BTreeSet<String> = rows.iter().map(|row| key(row).clone()).collect();
        keys.into_iter().collect::<Vec<_>>()
    };
    let erased = erased_among(conn, &distinct(|row| &row.request_id))?;
    let people = persons::by_ids(conn, &distinct(|row| &row.person_id))?;
    let people: HashMap<&str, &PersonRow> = people.iter().map(|row| (row.id.as_str(), row)).collect();
    let told = |row: &EntitlementRow| {
        let logged = logged(row);
        let is_erased = erased.contains(&row.request_id);
        let told = if is_erased { without_person(&logged) } else { told_of(&logged, people.get(row.person_id.as_str()).copied()) };
        with_change(row, told)
    };
    Ok(rows.iter().map(told).collect())
}

fn with_change(row: &EntitlementRow, mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert("seq".to_owned(), row.seq.into());
        object.insert("updatedAt".to_owned(), row.updated_at.into());
    }
    value
}

/// The entitlement with this identifier, whoever asks.
///
/// # Errors
/// The database is unavailable.
pub fn by_id(catalogue: &Catalogue, id: &str) -> Result<Option<EntitlementRow>, Error> {
    Ok(catalogue.db.read(|conn| table::by_id(conn, id))?)
}

/// Entitlements of a person, latest first.
///
/// # Errors
/// The database is unavailable.
pub fn of_person(catalogue: &Catalogue, person: Uuid) -> Result<Vec<EntitlementRow>, Error> {
    Ok(catalogue.db.read(|conn| table::of_person(conn, &person.to_string()))?)
}
