//! Access requests as people meet them: who asks, who decides, what is kept, who is told. What may follow from a command
//! is decided in `domain::access_request`; here it is loaded, written and logged in one transaction.

pub mod calendars;
pub mod desks;
pub mod drafting;
pub mod erasure;
pub mod files;
pub mod filing;
pub mod granting;
pub mod handling;
pub mod integrity;
pub mod leaving;
pub mod meeting;
pub mod passing;
pub mod queue;
pub mod reading;
pub mod statistics;
pub mod tick;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::access_request::{
    By, Calendars, Command, Event, Happening, Moment, Part, Recorded, Refusal, Request, apply, decide, is_in_force, permit, rules,
};
use crate::domain::ids::hex;
use crate::domain::policy::{Action, Actor, Channel};
use crate::domain::vocabulary::{RefusalCode, RequestCommand, RequestRole, Role, Vocabulary};
use crate::store::access_queue::{self, SideRow};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::requests::{self, ContentRow, EventRow, PartRow, RequestRow};
use crate::store::{Conn, entitlements as table, outbox};

use super::catalogue::read_id;
use super::drafts::{Acting, clash};
use super::{Catalogue, Error, entitlements, secrets};
pub use calendars::{calendar_of, calendars_for};

/// Entity under which the change log tells of requests.
pub const ENTITY: &str = "ACCESS_REQUEST";

/// Before the short name of an institution in the change log: one of its standing arrangements did it, no person.
pub const HOLDER: &str = "holder:";

/// What the catalogue knows of who commands.
pub fn by_of(actor: &Actor) -> By {
    let person = actor.person();
    let officer = |grant: &crate::domain::policy::Grant| grant.institution.clone().filter(|_| grant.role == Role::AccessOfficer);
    By {
        person: person.map(|person| person.id),
        officer_of: person.into_iter().flat_map(|person| person.grants.iter().filter_map(officer)).collect(),
        is_coordinator: person.is_some() && actor.has(Role::Coordinator, None),
        is_auditor: person.is_some() && actor.has(Role::Auditor, None),
        is_clock: false,
    }
}

/// The person who acts.
///
/// # Errors
/// Nobody has signed in.
pub fn person_of(actor: &Actor) -> Result<Uuid, Error> {
    actor.person().map(|person| person.id).ok_or(Error::Forbidden { code: RefusalCode::SignInRequired, action: Action::AccessRequest })
}

/// A request by its identifier.
///
/// # Errors
/// There is none, or a statement failed.
pub fn load(conn: &mut Conn, id: &str) -> Result<Request, Error> {
    let row = requests::by_id(conn, id)?.ok_or_else(|| unknown(id))?;
    read(&row)
}

/// The request that a row holds.
///
/// # Errors
/// The store was altered by another program.
pub fn read(row: &RequestRow) -> Result<Request, Error> {
    Ok(serde_json::from_str(&row.doc)?)
}

/// There is no such request for who asks.
pub fn unknown(id: &str) -> Error {
    let shown: String = id.chars().take(80).collect();
    Error::NotFound(format!("access request `{shown}`"))
}

/// Which request a command is for, and what its author has seen of it.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The request.
    pub id: &'a str,
    /// Revision that was seen; none where it does not matter, as for a message.
    pub expected: Option<i64>,
}

/// The row of the rules that a command falls under, and the part that it is about.
pub type Deed = (RequestCommand, Option<u32>);

/// Carries a command out: decides, records the events, and brings everything that follows from them up to date.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn perform(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    target: Target<'_>,
    deed: Deed,
    command: impl FnOnce(&mut Conn, &Request) -> Result<Command, Error>,
) -> Result<Request, Error> {
    perform_and(catalogue, acting, target, deed, command, |_, _, _| Ok(()))
}

/// As [`perform`], with something more that is written in the same transaction, or not at all.
///
/// # Errors
/// As [`perform`].
pub fn perform_and(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    target: Target<'_>,
    (code, part): Deed,
    command: impl FnOnce(&mut Conn, &Request) -> Result<Command, Error>,
    and_then: impl FnOnce(&mut Conn, &mut Ledger, &Request) -> Result<(), Error>,
) -> Result<Request, Error> {
    person_of(acting.actor)?;
    catalogue.db.write(|conn, ledger| {
        let mut request = load(conn, target.id)?;
        let by = by_of(acting.actor);
        // Who may not know of it is told nothing by what else may be wrong.
        if !knows(&request, &by) {
            return Err(unknown(target.id));
        }
        if let Some(expected) = target.expected.filter(|expected| *expected != request.revision) {
            return Err(clash(conn, ENTITY, target.id, expected, request.revision)?);
        }
        // A part that is not there, and one that is for others only, look alike.
        let no_part = || Error::NotFound(format!("part {} of this access request", part.unwrap_or_default()));
        let about = part.map(|number| request.part(number).ok_or_else(no_part)).transpose()?;
        permit(&request, &by, code, about).map_err(|refusal| match refusal {
            Refusal::Unknown if part.is_some() => no_part(),
            refusal => refused(refusal, target.id),
        })?;
        check_scope(acting.actor, &request, &by, code, about)?;
        let command = command(conn, &request)?;
        let calendars = calendars_for(conn, &request)?;
        let moment = Moment { now: acting.now, calendars: &calendars };
        let happenings = decide(&request, &by, &command, &moment).map_err(|refusal| refused(refusal, target.id))?;
        let before: Vec<u32> = in_force(&request).collect();
        record(conn, ledger, acting.actor, acting.now, &mut request, happenings, &calendars)?;
        if in_force(&request).any(|number| !before.contains(&number)) {
            tick::settle(conn, ledger, acting.now, &mut request, &calendars)?;
        }
        and_then(conn, ledger, &request)?;
        Ok(request)
    })
}

/// Numbers of the parts that are in force.
fn in_force(request: &Request) -> impl Iterator<Item = u32> {
    request.parts.iter().filter(|part| is_in_force(part.state) && part.ended.is_none()).map(|part| part.number)
}

/// Whether the actor may read requests at all: a token must have been made for it.
pub fn may_read(actor: &Actor) -> bool {
    match actor.person().map(|person| &person.channel) {
        Some(Channel::Token(scopes)) => scopes.contains(&crate::domain::vocabulary::TokenScope::Access),
        _ => true,
    }
}

/// Whether the person may know that the request exists.
pub fn knows(request: &Request, by: &By) -> bool {
    by.may_know(request, None) && is_filed_or_own(request, by)
        || request.parts.iter().any(|part| by.may_know(request, Some(part)) && is_filed_or_own(request, by))
}

/// A request that was never submitted is its applicant's alone.
fn is_filed_or_own(request: &Request, by: &By) -> bool {
    by.is_clock || by.person == Some(request.applicant) || request.parts.iter().any(|part| part.submitted_at.is_some())
}

/// A refusal as services tell it.
pub fn refused(refusal: Refusal, id: &str) -> Error {
    match refusal {
        Refusal::Unknown => unknown(id),
        Refusal::Forbidden(code) => Error::Forbidden { code, action: Action::AccessRequest },
        Refusal::Invalid(problems) => Error::Invalid(problems),
        Refusal::Damaged(damage) => Error::Internal(anyhow::anyhow!("access request {id}: {damage}")),
    }
}

/// An API token must have been made for what it does.
fn check_scope(actor: &Actor, request: &Request, by: &By, code: RequestCommand, part: Option<&Part>) -> Result<(), Error> {
    let Some(Channel::Token(scopes)) = actor.person().map(|person| &person.channel) else { return Ok(()) };
    // Of the request as a whole the roles in any of its parts count, as they do for the permission itself.
    let roles: Vec<RequestRole> = match part {
        Some(part) => by.roles(request, Some(part)),
        None => request.parts.iter().map(Some).chain([None]).flat_map(|part| by.roles(request, part)).collect(),
    };
    let fits = |rule: &&rules::RequestRule| rule.command == code && rule.roles.iter().any(|role| roles.contains(role));
    let is_covered = rules::RULES.iter().filter(fits).any(|rule| scopes.contains(&rule.scope));
    if is_covered { Ok(()) } else { Err(Error::Forbidden { code: RefusalCode::ScopeRequired, action: Action::AccessRequest }) }
}

/// Records events in the change log and in the request's own sequence, keeps their texts apart, and brings rows and entitlements up to date.
///
/// # Errors
/// A statement failed.
pub fn record(
    conn: &mut Conn,
    ledger: &mut Ledger,
    actor: &Actor,
    now: i64,
    request: &mut Request,
    happenings: Vec<Happening>,
    calendars: &Calendars,
) -> Result<(), Error> {
    if happenings.is_empty() {
        return Ok(());
    }
    let is_new = request.revision == 0;
    let id = request.id.to_string();
    if is_new {
        // Events refer to the row; it is written whole at the end.
        request.applicant = person_of(actor)?;
        requests::insert(conn, &row_of(request, calendars)?)?;
    }
    let (mut is_erased, mut is_own_erased) = (false, false);
    for happening in happenings {
        is_erased |= happening.event == Event::Erased;
        is_own_erased |= happening.event == Event::OwnErased;
        append(conn, ledger, actor, now, request, happening)?;
    }
    if is_erased || is_own_erased {
        ledger.erases();
        handling::forget_all_invited(conn, &id)?;
        outbox::erase_notices(conn, &id)?;
        outbox::erase_mails(conn, &id, now)?;
        outbox::erase_summaries(conn, &id, now)?;
    }
    if is_own_erased {
        erasure::erase_own(conn, request, now)?;
    }
    if is_erased {
        requests::erase(conn, &id, now)?;
        table::erase_files(conn, &id, now)?;
    }
    requests::update(conn, &row_of(request, calendars)?)?;
    requests::put_parts(conn, &id, &part_rows(request))?;
    requests::put_people(conn, &id, &people_of(request))?;
    access_queue::put_sides(conn, &id, &sides_of(request))?;
    entitlements::follow(conn, ledger, actor, now, request)
}

fn append(conn: &mut Conn, ledger: &mut Ledger, actor: &Actor, now: i64, request: &mut Request, happening: Happening) -> Result<(), Error> {
    let id = request.id.to_string();
    let content = match (&happening.event, &happening.content) {
        (_, None) => None,
        (Event::AnswersSaved, Some(answers)) => Some(keep_answers(conn, request, answers, now)?),
        (_, Some(content)) => Some(keep(conn, &id, content, now)?),
    };
    if let Event::AnswersErased { keys } = &happening.event {
        ledger.erases();
        drafting::erase_answers(conn, request, keys, now)?;
    }
    let number = request.revision + 1;
    let person = actor.person().map(|person| person.id).filter(|_| !happening.is_standing);
    let holder = happening.part.filter(|_| happening.is_standing).and_then(|number| request.part(number));
    let author = holder.map_or_else(|| actor.log_name(), |part| format!("{HOLDER}{}", part.institution));
    let doc = serde_json::to_string(&happening.event)?;
    let logged = logged(&happening.event, happening.part, number, content.as_deref())?;
    let kind = happening.event.kind().to_owned();
    let seq = ledger.append(
        conn,
        &NewChange {
            at: now,
            actor: &author,
            kind: &kind,
            entity: ENTITY,
            entity_id: &id,
            known_to: KnownTo::Auditors,
            before: None,
            after: Some(&logged.to_string()),
        },
    )?;
    let recorded = Recorded { number, at: now, actor: person, part: happening.part, event: happening.event, content: content.clone() };
    let row = EventRow {
        request_id: id,
        number,
        seq,
        at: now,
        actor: person.map(|person| person.to_string()),
        part: happening.part.map(i64::from),
        kind,
        doc,
        content_hash: content,
    };
    requests::insert_event(conn, &row)?;
    apply(request, &recorded).map_err(|damage| Error::Internal(anyhow::anyhow!("access request {}: {damage}", request.id)))
}

/// An event as the change log chains it.
fn logged(event: &Event, part: Option<u32>, number: i64, content: Option<&str>) -> Result<serde_json::Value, Error> {
    let mut logged = serde_json::to_value(event)?;
    if let Some(object) = logged.as_object_mut() {
        object.insert("part".to_owned(), part.into());
        object.insert("number".to_owned(), number.into());
        object.insert("content".to_owned(), content.into());
    }
    Ok(logged)
}

/// Keeps a text under the hash of itself with a salt, which is what the log chains.
fn keep(conn: &mut Conn, request_id: &str, content: &serde_json::Value, now: i64) -> Result<String, Error> {
    let (salt, doc) = (secrets::new_secret()?, content.to_string());
    let hash = hex(&Sha256::new().chain_update(&salt).chain_update(&doc).finalize());
    let row = ContentRow { hash: hash.clone(), request_id: request_id.to_owned(), salt, doc, created_at: now, erased_at: None };
    requests::insert_content(conn, &row)?;
    Ok(hash)
}

/// Keeps each answer by itself, so that it can be erased when its time has come; what has not changed is kept once.
fn keep_answers(conn: &mut Conn, request: &Request, answers: &serde_json::Value, now: i64) -> Result<String, Error> {
    let id = request.id.to_string();
    let (known, before) = (drafting::index_of(conn, request.answers.as_deref())?, drafting::present_answers(conn, request)?);
    let mut index = std::collections::BTreeMap::new();
    for (key, value) in answers.as_object().into_iter().flatten() {
        let same = known.get(key).filter(|_| before.get(key) == Some(value)).cloned();
        let hash = match same {
            Some(hash) => hash,
            None => keep(conn, &id, value, now)?,
        };
        index.insert(key.clone(), hash);
    }
    drafting::forget_draft(conn, request, &index, now)?;
    keep(conn, &id, &serde_json::to_value(index)?, now)
}

fn row_of(request: &Request, calendars: &Calendars) -> Result<RequestRow, Error> {
    Ok(RequestRow {
        id: request.id.to_string(),
        applicant: request.applicant.to_string(),
        state: request.state().code().to_owned(),
        revision: request.revision,
        created_at: request.created_at,
        updated_at: request.updated_at,
        clock_at: request.clock_at(calendars),
        doc: serde_json::to_string(request)?,
    })
}

fn part_rows(request: &Request) -> Vec<PartRow> {
    let row = |part: &crate::domain::access_request::Part| PartRow {
        request_id: request.id.to_string(),
        number: part.number.into(),
        institution: part.institution.to_string(),
        dataset_id: part.dataset.to_string(),
        holding_id: part.holding.to_string(),
        state: part.state.code().to_owned(),
        data: part.data.code().to_owned(),
        awaiting: part.clock.awaiting.map(|role| role.code().to_owned()),
        due_on: part.clock.due.map(|day| day.to_string()),
        is_waited_for: i64::from(matches!(part.clock.awaiting, Some(RequestRole::AccessOfficer | RequestRole::Decider))),
        submitted_at: part.submitted_at,
        outcome: part.decision.as_ref().map(|decision| decision.outcome.code().to_owned()),
        reason: part.decision.as_ref().and_then(|decision| decision.reason).map(|reason| reason.code().to_owned()),
        decided_at: part.decision.as_ref().map(|decision| decision.at),
        agreement_id: part.undertaking.as_ref().and_then(|undertaking| undertaking.agreement).map(|id| id.to_string()),
        updated_at: request.updated_at,
    };
    request.parts.iter().map(row).collect()
}

/// Applicant, known members, and who is invited.
fn people_of(request: &Request) -> Vec<String> {
    let invited = request.parts.iter().flat_map(|part| &part.invited).filter(|invited| invited.removed_at.is_none());
    let mut people: Vec<String> =
        request.users().flatten().chain(invited.map(|invited| invited.person)).map(|person| person.to_string()).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// Who stands where: the side that asks as a whole, those of each holder by part. Who asks has no other side.
fn sides_of(request: &Request) -> Vec<SideRow> {
    let id = request.id.to_string();
    let mut sides: BTreeMap<(u32, Uuid), &str> = BTreeMap::new();
    sides.extend(request.users().flatten().map(|person| ((0, person), "MEMBER")));
    sides.insert((0, request.applicant), "APPLICANT");
    for part in &request.parts {
        let invited = part.invited.iter().filter(|invited| invited.removed_at.is_none());
        sides.extend(invited.map(|invited| ((part.number, invited.person), "INVITED")));
        sides.extend(part.conflicted.iter().map(|person| ((part.number, *person), "CONFLICTED")));
        // Who is named for the data of other holders only.
        let is_elsewhere =
            |person: &Uuid| part.submitted_at.is_some() && *person != request.applicant && !request.is_member_of(*person, part);
        sides.extend(request.users().flatten().filter(is_elsewhere).map(|person| ((part.number, person), "ELSEWHERE")));
    }
    let row = |((number, person), side): ((u32, Uuid), &str)| SideRow {
        request_id: id.clone(),
        number: number.into(),
        person_id: person.to_string(),
        side: side.to_owned(),
    };
    sides.into_iter().map(row).collect()
}

/// The recorded events of a request, oldest first.
///
/// # Errors
/// The store was altered by another program, or a statement failed.
pub fn events(conn: &mut Conn, id: &str) -> Result<Vec<Recorded>, Error> {
    requests::events_of(conn, id)?.iter().map(recorded).collect()
}

/// Reads the row of an event.
///
/// # Errors
/// The store was altered by another program.
pub fn recorded(row: &EventRow) -> Result<Recorded, Error> {
    let damaged = |part: i64| anyhow::anyhow!("event {} of access request {} names part {part}", row.number, row.request_id);
    Ok(Recorded {
        number: row.number,
        at: row.at,
        actor: row.actor.as_deref().map(read_id).transpose()?,
        part: row.part.map(|part| u32::try_from(part).map_err(|_| Error::Internal(damaged(part)))).transpose()?,
        event: serde_json::from_str(&row.doc)?,
        content: row.content_hash.clone(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::access_request::DeskTerms;
    use crate::domain::ids::Slug;
    use crate::domain::policy::{Grant, Person};
    use crate::domain::vocabulary::{RequestedData, TokenScope};
    use crate::domain::workdays::Day;

    fn asked_of(holders: &[&str]) -> Request {
        let mut request = Request { id: Uuid::from_u128(1), ..Request::default() };
        let mut events = vec![(None, Event::Created)];
        for (part, holder) in (1_u32..).zip(holders) {
            let institution = Slug::parse(holder).expect("slug");
            let (dataset, holding) = (Uuid::from_u128(2), Uuid::from_u128(10 + u128::from(part)));
            let (form, form_version, data) = (String::new(), 1, RequestedData::Microdata);
            events.push((Some(part), Event::PartAdded { institution, dataset, holding, data, form, form_version }));
            let (desk, due, keeps) = (DeskTerms::default(), Day::of(0), BTreeMap::new());
            events.push((Some(part), Event::Submitted { desk, due, accepted_terms: None, keeps }));
        }
        for (number, (part, event)) in (1..).zip(events) {
            let recorded = Recorded { number, at: 0, actor: Some(Uuid::from_u128(3)), part, event, content: None };
            apply(&mut request, &recorded).expect("an event");
        }
        request
    }

    #[test]
    fn a_token_counts_for_the_whole_request_by_the_roles_in_any_part() {
        let request = asked_of(&["nso", "police"]);
        let of_second = |scopes: &[TokenScope]| {
            let grants = vec![Grant { role: Role::AccessOfficer, institution: Slug::parse("police").ok() }];
            Actor::Person(Arc::new(Person { id: Uuid::from_u128(4), grants, channel: Channel::Token(scopes.to_vec()) }))
        };
        let check = |actor: &Actor, part| check_scope(actor, &request, &by_of(actor), RequestCommand::Message, part);
        let (made_for_it, other) = (of_second(&[TokenScope::Access]), of_second(&[TokenScope::Read]));
        assert!(check(&made_for_it, None).is_ok() && check(&made_for_it, request.part(2)).is_ok());
        assert!(check(&made_for_it, request.part(1)).is_err(), "no role in the first");
        assert!(check(&other, None).is_err() && check(&other, request.part(2)).is_err());
    }
}
