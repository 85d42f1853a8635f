//! Notices on access requests: what happened, on which dataset, who asks, what is asked, until when. Who is told what stands in
//! `audience.rs`; here is loaded what that needs.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use crate::domain::access_request::{Event, Part, Recorded, Request, fold};
use crate::domain::dataset::Dataset;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{EndReason, NoticeKind, Role, Vocabulary};
use crate::domain::workdays::Day;
use crate::store::changes::Change;
use crate::store::datasets::DatasetRow;
use crate::store::{Conn, datasets, entitlements as table, persons, requests};

use super::super::{Error, access_requests};
use super::audience::{self, From, Scene, Sides, Word};
use super::{Said, Telling, Who, people_with, title_of, who_sees};

/// What a change of a request is about.
struct About<'a> {
    request: &'a Request,
    change: &'a Change,
    reason: Option<String>,
}

/// What is told to some people of one part.
struct Spoken<'a> {
    part: &'a Part,
    word: Word,
    row: DatasetRow,
    dataset: Dataset,
}

/// The notices that follow from one change.
pub fn tellings(conn: &mut Conn, change: &Change, after: &Value) -> Result<Vec<Telling>, Error> {
    let Some(row) = requests::by_id(conn, &change.entity_id)? else { return Ok(Vec::new()) };
    let request = access_requests::read(&row)?;
    let event: Event = serde_json::from_value(event_of(after))?;
    if !audience::is_told(&event) {
        return Ok(Vec::new());
    }
    let about = About { request: &request, change, reason: reason_of(conn, &event, after)? };
    if event == Event::Erased && request.parts.is_empty() {
        // What asked for nothing has no dataset to name.
        let word = Word::to(NoticeKind::AccessErased, &[request.applicant.to_string()]);
        return Ok(vec![telling(conn, &about, None, &word, String::new(), MultilingualText::default())?]);
    }
    let number = after.get("number").and_then(Value::as_i64).unwrap_or(request.revision);
    let (past, before) = past(conn, &request, &event, number)?;
    let mut spoken = Vec::new();
    for part in parts_of(&past, &event, after) {
        let Some(row) = datasets::by_ids(conn, &[part.dataset.to_string()])?.pop() else { continue };
        let dataset: Dataset = serde_json::from_str(&row.doc)?;
        for word in words(conn, &about, &event, (&past, before.as_ref()), part)? {
            spoken.push(Spoken { part, word, row: row.clone(), dataset: dataset.clone() });
        }
    }
    spell_out(conn, &about, spoken)
}

/// The parts that an event concerns: its own; of the request as a whole, all that were submitted.
fn parts_of<'r>(request: &'r Request, event: &Event, after: &Value) -> Vec<&'r Part> {
    match after.get("part").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok()) {
        Some(number) => request.part(number).into_iter().collect(),
        None => request.parts.iter().filter(|part| part.submitted_at.is_some() || *event == Event::Erased).collect(),
    }
}

/// The request as the event left it, and as it was before, where that matters: a notice is written a while after the event.
fn past(conn: &mut Conn, request: &Request, event: &Event, number: i64) -> Result<(Request, Option<Request>), Error> {
    let needs_before = audience::compares(event);
    if !needs_before && (!audience::looks_back(event) || request.revision == number) {
        return Ok((request.clone(), None));
    }
    let events = access_requests::events(conn, &request.id.to_string())?;
    let up_to = |last: i64| {
        let earlier = events.iter().filter(|recorded: &&Recorded| recorded.number <= last);
        fold(request.id, earlier).map_err(|damage| Error::Internal(anyhow::anyhow!("access request {}: {damage}", request.id)))
    };
    Ok((up_to(number)?, needs_before.then(|| up_to(number - 1)).transpose()?))
}

/// Who is told what of an event, for one part.
fn words(
    conn: &mut Conn,
    about: &About<'_>,
    event: &Event,
    (past, before): (&Request, Option<&Request>),
    part: &Part,
) -> Result<Vec<Word>, Error> {
    let today = Day::of(about.change.at);
    let officers = people_with(conn, part.institution.as_str(), &[Role::AccessOfficer])?;
    let coordinators = people_with(conn, "", &[Role::Coordinator])?;
    // Who has meanwhile left, or declared a conflict of interest, is told no more.
    let Some(present) = about.request.part(part.number) else { return Ok(Vec::new()) };
    let sides = Sides::of(about.request, present, &officers, &coordinators);
    let earlier = before.into_iter().flat_map(|request| request.parts.iter().flat_map(move |part| request.users_of(part)));
    let member = match event {
        Event::MemberRemoved { member, .. } => left(conn, past, *member)?,
        Event::HolderLeft { person } => Some(with_function(conn, *person)?),
        Event::ApplicantLeft { .. } => Some(with_function(conn, past.applicant)?),
        _ => None,
    };
    let scene = Scene {
        request: past,
        part,
        sides,
        members_before: earlier.map(|person| person.to_string()).collect(),
        is_clock: about.change.actor == "clock",
        member,
        agreement_ends: agreement_end(conn, past, part, event, today)?,
        former_officers: former_officers(conn, event)?,
    };
    Ok(audience::words(event, &scene, today))
}

/// Who was taken out, where the person is known and never had a right of use: the end of one is told with the entitlement.
fn left(conn: &mut Conn, past: &Request, member: u32) -> Result<Option<(String, Option<String>)>, Error> {
    let known = past.members.iter().find(|known| known.number == member).and_then(|known| known.person);
    let Some(person) = known.map(|person| person.to_string()) else { return Ok(None) };
    if table::of_request(conn, &past.id.to_string())?.iter().any(|row| row.person_id == person) {
        return Ok(None);
    }
    let function = persons::by_id(conn, &person)?.map(|row| row.function);
    Ok(Some((person, function)))
}

/// A person with their function.
fn with_function(conn: &mut Conn, person: Uuid) -> Result<(String, Option<String>), Error> {
    let id = person.to_string();
    let function = persons::by_id(conn, &id)?.map(|row| row.function);
    Ok((id, function))
}

/// Access officers of the institution from which the data have passed to another one.
fn former_officers(conn: &mut Conn, event: &Event) -> Result<Vec<String>, Error> {
    match event {
        Event::Transferred { from, .. } => people_with(conn, from.as_str(), &[Role::AccessOfficer]),
        _ => Ok(Vec::new()),
    }
}

/// When the agreement ends that a renewal of the use would rest on.
fn agreement_end(conn: &mut Conn, request: &Request, part: &Part, event: &Event, today: Day) -> Result<Option<Day>, Error> {
    match event {
        Event::EndAnnounced { .. } => Ok(access_requests::granting::basis(conn, request, part, today)?.ends),
        _ => Ok(None),
    }
}

/// One person's entitlement ended while the others' go on: the person, the holder's officers and the applicant are told.
pub fn of_entitlement(conn: &mut Conn, change: &Change, after: &Value) -> Result<Vec<Telling>, Error> {
    let text = |key: &str| after.get(key).and_then(Value::as_str).unwrap_or_default();
    let of_one = [EndReason::MembershipEnded, EndReason::AccountDisabled];
    let Some(reason) = of_one.into_iter().find(|reason| reason.code() == text("reason")) else { return Ok(Vec::new()) };
    let Some(row) = requests::by_id(conn, text("request"))? else { return Ok(Vec::new()) };
    let request = access_requests::read(&row)?;
    let number = after.get("part").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    // What ends for everyone is told with the part.
    let Some(part) = number.and_then(|number| request.part(number)).filter(|part| part.ended != Some(reason)) else {
        return Ok(Vec::new());
    };
    let Some(row) = datasets::by_ids(conn, &[part.dataset.to_string()])?.pop() else { return Ok(Vec::new()) };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let officers = people_with(conn, part.institution.as_str(), &[Role::AccessOfficer])?;
    let sides = Sides::of(&request, part, &officers, &[]);
    let person = text("person").to_owned();
    let function = persons::by_id(conn, &person)?.map(|row| row.function);
    let others: Vec<String> = [sides.officers, sides.applicant].concat().into_iter().filter(|id| *id != person).collect();
    let is_user = request.users().flatten().any(|user| user.to_string() == person);
    let own = Word::to(NoticeKind::AccessOwnEnded, &[person]);
    let own = if is_user { own } else { own.without_path() };
    let words = [own, Word::to(NoticeKind::AccessPersonEnded, &others).about(function)];
    let spoken = words.map(|word| Spoken { part, word, row: row.clone(), dataset: dataset.clone() });
    spell_out(conn, &About { request: &request, change, reason: None }, spoken.into())
}

/// Tells each person once of each thing. Who may no longer see the record is told of the request all the same, but not its title.
fn spell_out(conn: &mut Conn, about: &About<'_>, spoken: Vec<Spoken<'_>>) -> Result<Vec<Telling>, Error> {
    let mut told: BTreeSet<(&str, Option<u32>, String)> = BTreeSet::new();
    let mut all = Vec::new();
    let mut unseen = Vec::new();
    for one in &spoken {
        let (seeing, others) = who_sees(conn, one.word.people.clone(), &one.dataset)?;
        let (title, _) = title_of(&one.row, &one.dataset);
        let seeing = seeing.into_iter().filter(|person| told.insert(key(one, person))).collect();
        let word = Word { people: seeing, ..one.word.clone() };
        all.push(telling(conn, about, Some(one.part), &word, title, one.dataset.titles.clone())?);
        unseen.push(others);
    }
    for (one, others) in spoken.iter().zip(unseen) {
        let others = others.into_iter().filter(|person| told.insert(key(one, person))).collect();
        let word = Word { people: others, ..one.word.clone() };
        all.push(telling(conn, about, Some(one.part), &word, String::new(), MultilingualText::default())?);
    }
    all.retain(|telling| !telling.people.is_empty());
    Ok(all)
}

/// What a person is told once: of each part, or of the request as a whole.
fn key(one: &Spoken<'_>, person: &str) -> (&'static str, Option<u32>, String) {
    (one.word.kind.code(), (!one.word.is_whole).then_some(one.part.number), person.to_owned())
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

fn telling(
    conn: &mut Conn,
    about: &About<'_>,
    part: Option<&Part>,
    word: &Word,
    title: String,
    titles: MultilingualText,
) -> Result<Telling, Error> {
    let who = if word.people.is_empty() { None } else { who(conn, about, part, word.from)? };
    Ok(Telling {
        kind: word.kind,
        people: word.people.clone(),
        title,
        reason: about.reason.clone(),
        path: if word.has_path { format!("/access-request/{}", about.request.id) } else { String::new() },
        entity_id: about.request.id.to_string(),
        said: Said { who, whom: word.whom.clone(), day: word.day, ..Said::default() },
        titles,
    })
}

/// From whom it comes: a person, or the holder where its standing rules acted.
fn who(conn: &mut Conn, about: &About<'_>, part: Option<&Part>, from: From) -> Result<Option<Who>, Error> {
    let holder = part.map(|part| Who::Institution(part.institution.to_string()));
    let actor = about.change.actor.as_str();
    let person = match (from, actor.strip_prefix("holder:"), actor.strip_prefix("person:")) {
        (From::Nobody, ..) => return Ok(None),
        (From::Actor | From::HolderOrActor, Some(slug), _) => return Ok(Some(Who::Institution(slug.to_owned()))),
        (From::Holder, ..) => return Ok(holder),
        (From::Applicant, ..) => about.request.applicant,
        // What a standing rule did at submission may stand under the name of the applicant who submitted.
        (From::HolderOrActor, _, Some(id)) if id == about.request.applicant.to_string() => return Ok(holder),
        (From::Actor | From::HolderOrActor, _, Some(id)) => match Uuid::try_parse(id) {
            Ok(id) => id,
            Err(_) => return Ok(None),
        },
        (From::Actor | From::HolderOrActor, ..) => return Ok(None),
    };
    Ok(persons::by_id(conn, &person.to_string())?.map(|row| Who::Person(row.function)))
}
