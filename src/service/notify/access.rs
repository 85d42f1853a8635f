//! Who is told of what happened to an access request: who is concerned, of which dataset, what is asked, until when.

use serde_json::Value;

use crate::domain::access_request::{Event, Part, Request};
use crate::domain::dataset::Dataset;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{EndReason, NoticeKind, RequestOutcome, RequestRole, Role, Vocabulary};
use crate::store::changes::Change;
use crate::store::{Conn, datasets, persons, requests};

use super::super::{Error, access_requests};
use super::{Telling, people_with, title_of, who_sees};

/// The sides of a request.
struct Sides {
    /// The applicant and the members who are known.
    users: Vec<String>,
    /// The applicant alone.
    applicant: Vec<String>,
    /// Access officers of the holder.
    officers: Vec<String>,
    /// Deciders; the officers where nobody else was named.
    deciders: Vec<String>,
    /// Everyone of the holder who has to do with it.
    holder: Vec<String>,
    /// The coordinators of the catalogue.
    coordinators: Vec<String>,
}

/// The notices that follow from one change.
pub fn tellings(conn: &mut Conn, change: &Change, after: &Value) -> Result<Vec<Telling>, Error> {
    let Some(row) = requests::by_id(conn, &change.entity_id)? else { return Ok(Vec::new()) };
    let request = access_requests::read(&row)?;
    let event: Event = serde_json::from_value(event_of(after))?;
    let number = after.get("part").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let parts: Vec<&Part> = match number {
        Some(number) => request.part(number).into_iter().collect(),
        None => request.parts.iter().filter(|part| part.submitted_at.is_some()).collect(),
    };
    let reason = reason_of(conn, &event, after)?;
    let mut all = Vec::new();
    for part in parts {
        let sides = sides(conn, &request, part)?;
        let Some(row) = datasets::by_ids(conn, &[part.dataset.to_string()])?.pop() else { continue };
        let dataset: Dataset = serde_json::from_str(&row.doc)?;
        let former = former_officers(conn, &event)?;
        for (kind, people) in audience(&event, part, &sides, part.submitted_at == Some(change.at)) {
            let is_passed = kind == NoticeKind::AccessTransferred && part.submitted_at.is_some();
            let people = if is_passed { [people, former.clone()].concat() } else { people };
            let (seeing, others) = who_sees(conn, people, &dataset)?;
            let (title, _) = title_of(&row, &dataset);
            let about = About { request: &request, part, change, kind, reason: &reason };
            all.push(telling(conn, &about, seeing, title, dataset.titles.clone())?);
            // Who may no longer see the record is told of the request all the same, but not its title.
            if !others.is_empty() {
                all.push(telling(conn, &about, others, String::new(), MultilingualText::default())?);
            }
        }
    }
    Ok(all)
}

/// One person's entitlement ended while the others' go on: the holder's officers and the applicant are told.
pub fn of_entitlement(conn: &mut Conn, change: &Change, after: &Value) -> Result<Vec<Telling>, Error> {
    let text = |key: &str| after.get(key).and_then(Value::as_str).unwrap_or_default();
    // What ends for everyone is told with the part.
    if ![EndReason::MembershipEnded.code(), EndReason::AccountDisabled.code()].contains(&text("reason")) {
        return Ok(Vec::new());
    }
    let Some(row) = requests::by_id(conn, text("request"))? else { return Ok(Vec::new()) };
    let request = access_requests::read(&row)?;
    let number = after.get("part").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let Some(part) = number.and_then(|number| request.part(number)) else { return Ok(Vec::new()) };
    let Some(row) = datasets::by_ids(conn, &[part.dataset.to_string()])?.pop() else { return Ok(Vec::new()) };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let sides = sides(conn, &request, part)?;
    let (seeing, _) = who_sees(conn, [sides.officers, sides.applicant].concat(), &dataset)?;
    let about = About { request: &request, part, change, kind: NoticeKind::AccessEnded, reason: &None };
    let (title, _) = title_of(&row, &dataset);
    Ok(vec![telling(conn, &about, seeing, title, dataset.titles.clone())?])
}

/// The event without what the log adds to it.
fn event_of(after: &Value) -> Value {
    let mut event = after.clone();
    if let Some(object) = event.as_object_mut() {
        for added in ["part", "number", "content"] {
            object.remove(added);
        }
    }
    event
}

/// What the other side has written, where it is for who is told. Internal texts are not put into notices or mails.
fn reason_of(conn: &mut Conn, event: &Event, after: &Value) -> Result<Option<String>, Error> {
    let is_open = matches!(
        event,
        Event::Returned { .. }
            | Event::Suspended { .. }
            | Event::Revoked { .. }
            | Event::RenewalDecided { .. }
            | Event::AppealDecided { .. }
    );
    let hash = after.get("content").and_then(Value::as_str).filter(|_| is_open);
    let row = hash.map(|hash| requests::content(conn, hash)).transpose()?.flatten();
    let content: Option<Value> = row.map(|row| serde_json::from_str(&row.doc)).transpose()?;
    Ok(content.and_then(|content| content.get("text").and_then(Value::as_str).map(|text| text.chars().take(500).collect())))
}

fn sides(conn: &mut Conn, request: &Request, part: &Part) -> Result<Sides, Error> {
    let text = |ids: Vec<uuid::Uuid>| ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>();
    let users = text(request.users_of(part));
    let officers: Vec<String> = people_with(conn, part.institution.as_str(), &[Role::AccessOfficer])?
        .into_iter()
        .filter(|id| !users.contains(id) && !part.conflicted.iter().any(|person| person.to_string() == *id))
        .collect();
    let invited = |role: Option<RequestRole>| {
        let fits = |known: &&crate::domain::access_request::Invited| {
            known.removed_at.is_none() && role.is_none_or(|role| role == known.role) && !part.conflicted.contains(&known.person)
        };
        part.invited.iter().filter(fits).map(|known| known.person.to_string()).collect::<Vec<_>>()
    };
    let named = invited(Some(RequestRole::Decider));
    let deciders = if named.is_empty() { officers.clone() } else { named };
    let holder = officers.iter().cloned().chain(invited(None)).collect();
    let coordinators = people_with(conn, "", &[Role::Coordinator])?;
    Ok(Sides { users, applicant: vec![request.applicant.to_string()], officers, deciders, holder, coordinators })
}

/// Access officers of the institution from which the data have passed to another one.
fn former_officers(conn: &mut Conn, event: &Event) -> Result<Vec<String>, Error> {
    match event {
        Event::Transferred { from, .. } => people_with(conn, from.as_str(), &[Role::AccessOfficer]),
        _ => Ok(Vec::new()),
    }
}

/// Who is told what of an event.
fn audience(event: &Event, part: &Part, sides: &Sides, is_first: bool) -> Vec<(NoticeKind, Vec<String>)> {
    use NoticeKind as N;
    let Sides { users, applicant, officers, deciders, holder, .. } = sides;
    let one = |kind, people: &[String]| vec![(kind, people.to_vec())];
    match event {
        Event::Submitted { .. } => {
            // Members are told once that they were named.
            let members: Vec<String> =
                if is_first { users.iter().filter(|id| !applicant.contains(id)).cloned().collect() } else { Vec::new() };
            vec![(N::AccessSubmitted, officers.clone()), (N::AccessMemberNamed, members)]
        }
        Event::MemberKnown { person, .. } => one(N::AccessMemberNamed, &[person.to_string()]),
        Event::Returned { .. } => one(N::AccessReturned, applicant),
        Event::Completed { .. } => vec![(N::AccessCompleted, applicant.clone()), (N::AccessCompleted, deciders.clone())],
        Event::Invited { person, .. } => one(N::AccessInvited, &[person.to_string()]),
        Event::Recommended { .. } | Event::InterestDeclared { has_conflict: true } => one(N::AccessRecommended, officers),
        Event::Decided { outcome: RequestOutcome::Rejected, .. } => one(N::AccessRejected, &[applicant.clone(), holder.clone()].concat()),
        Event::Decided { .. } => one(N::AccessApproved, &[applicant.clone(), holder.clone()].concat()),
        Event::AgreementProposed { .. } => one(N::AccessUndertaking, users),
        Event::Accepted { .. } => one(N::AccessAccepted, officers),
        Event::Activated { .. } => one(N::AccessActive, &[users.clone(), officers.clone()].concat()),
        Event::RenewalAsked { .. } => one(N::AccessRenewalAsked, deciders),
        Event::RenewalDecided { .. } => one(N::AccessRenewalDecided, users),
        Event::Suspended { .. } => one(N::AccessSuspended, &[users.clone(), officers.clone()].concat()),
        Event::Resumed => one(N::AccessResumed, users),
        Event::Revoked { .. } => one(N::AccessRevoked, &[users.clone(), officers.clone()].concat()),
        Event::Ended { .. } => one(N::AccessEnded, &[users.clone(), officers.clone()].concat()),
        Event::DestructionDeclared { .. } => one(N::AccessDestroyed, officers),
        Event::Closed { .. } => one(N::AccessClosed, users),
        Event::Appealed { .. } => one(N::AccessAppealed, &[deciders.clone(), officers.clone()].concat()),
        Event::AppealDecided { .. } => one(N::AccessAppealDecided, applicant),
        Event::Withdrawn if part.submitted_at.is_some() => one(N::AccessWithdrawn, holder),
        Event::Messaged => one(N::AccessMessage, &[users.clone(), officers.clone()].concat()),
        Event::Noted => one(N::AccessNote, holder),
        Event::EndAnnounced { .. } => one(N::AccessEndsSoon, &[applicant.clone(), officers.clone()].concat()),
        // Of a request that was never submitted, nobody but its applicant knows.
        Event::Transferred { .. } if part.submitted_at.is_none() => one(N::AccessTransferred, applicant),
        Event::Transferred { .. } => one(N::AccessTransferred, &[users.clone(), officers.clone()].concat()),
        Event::Erased => one(N::AccessErased, applicant),
        Event::Reminded { .. } => one(N::AccessReminder, &awaited(part, sides)),
        Event::Escalated => escalation(part, sides),
        _ => Vec::new(),
    }
}

/// Deputies act; the applicant and the coordinator learn that there is no answer.
fn escalation(part: &Part, sides: &Sides) -> Vec<(NoticeKind, Vec<String>)> {
    let deputies = part.desk.deputies.iter().map(ToString::to_string);
    let told = deputies.chain(sides.officers.clone()).chain(sides.applicant.clone()).chain(sides.coordinators.clone());
    vec![(NoticeKind::AccessEscalated, told.collect())]
}

fn awaited(part: &Part, sides: &Sides) -> Vec<String> {
    match part.clock.awaiting {
        Some(RequestRole::AccessOfficer) => sides.officers.clone(),
        Some(RequestRole::Decider) => sides.deciders.clone(),
        // Of an undertaking, those are reminded who have not accepted it.
        Some(_) => {
            let accepted = part.undertaking.iter().flat_map(|undertaking| &undertaking.accepted).map(|one| one.person.to_string());
            let done: Vec<String> = accepted.collect();
            let is_undertaking = part.state == crate::domain::vocabulary::RequestState::AgreementPending;
            let wanted = if is_undertaking { &sides.users } else { &sides.applicant };
            wanted.iter().filter(|person| !is_undertaking || !done.contains(person)).cloned().collect()
        }
        None => Vec::new(),
    }
}

/// What a notice is about.
struct About<'a> {
    request: &'a Request,
    part: &'a Part,
    change: &'a Change,
    kind: NoticeKind,
    reason: &'a Option<String>,
}

fn telling(conn: &mut Conn, about: &About<'_>, people: Vec<String>, title: String, titles: MultilingualText) -> Result<Telling, Error> {
    let actor = about.change.actor.strip_prefix("person:");
    let who = actor.map(|id| persons::by_id(conn, id)).transpose()?.flatten().map(|person| person.function);
    let until = match about.kind {
        NoticeKind::AccessEndsSoon | NoticeKind::AccessActive => about.part.until,
        _ => about.part.clock.due,
    };
    Ok(Telling {
        kind: about.kind,
        people,
        title,
        reason: about.reason.clone(),
        path: format!("/access-request/{}", about.request.id),
        entity_id: about.request.id.to_string(),
        who,
        until_on: until.map(|day| day.to_string()),
        titles,
    })
}
