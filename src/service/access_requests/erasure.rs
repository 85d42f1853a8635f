//! The applicant's own data: a copy of everything that a request holds of them, and its erasure before the announced time.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::access_request::{Command, Event, Part, Request};
use crate::domain::vocabulary::{RequestCommand, Vocabulary};
use crate::store::entitlements::FileHead;
use crate::store::{Conn, entitlements as table, persons, requests};

use super::super::catalogue::now_ms;
use super::super::drafts::Acting;
use super::super::{Catalogue, Error};
use super::reading::{Seen, open, readers};
use super::{Target, drafting, perform, unknown};

/// Everything that a request holds and that its applicant may read, as JSON.
///
/// # Errors
/// Not found, or not the applicant's own.
pub fn export(catalogue: &Catalogue, acting: Acting<'_>, id: &str, base_url: &str) -> Result<Value, Error> {
    let seen = open(catalogue, acting.actor, id, now_ms())?.filter(Seen::is_applicant).ok_or_else(|| unknown(id))?;
    let applicant = catalogue.db.read(|conn| persons::by_id(conn, &seen.request.applicant.to_string()))?;
    let known = seen.events.iter().filter(|recorded| seen.may_know(recorded));
    let events: Vec<Value> = known
        .map(|recorded| {
            Ok(json!({
                "number": recorded.number,
                "at": recorded.at,
                "part": recorded.part,
                "event": outside(&recorded.event)?,
                "text": seen.content(recorded),
                "hash": recorded.content,
            }))
        })
        .collect::<Result<_, Error>>()?;
    let parts: Vec<Value> = seen.parts().into_iter().map(|part| part_of(&seen, part)).collect();
    let files: Vec<Value> = seen.readable_files().into_iter().map(|file| file_of(file, base_url)).collect();
    let reads: Vec<Value> = readers(catalogue, seen.request.id, 0, usize::MAX)?
        .iter()
        .map(|read| json!({ "function": read.function, "what": read.what, "at": read.at }))
        .collect();
    Ok(json!({
        "request": format!("urn:uuid:{}", seen.request.id),
        "applicant": applicant.map(|row| json!({ "function": row.function, "email": row.email, "language": row.language })),
        "onBehalfOf": seen.request.on_behalf_of,
        "purpose": seen.request.purpose,
        "answers": seen.answers,
        "parts": parts,
        "events": events,
        "documents": files,
        "readers": reads,
    }))
}

/// One holder's part: what was asked and answered, what was decided and why, who has accepted what, who may use the data.
fn part_of(seen: &Seen, part: &Part) -> Value {
    let answers = seen.answers_for(part);
    let form = seen.forms.get(&part.number).map(|version| version.form.clone());
    let asked = form.iter().flat_map(|form| &form.questions).filter(|question| answers.contains_key(&question.key));
    let questions: Vec<Value> = asked.map(|question| json!({ "key": question.key, "label": question.label })).collect();
    let decision = part.decision.as_ref().map(|decision| {
        json!({
            "outcome": decision.outcome,
            "reason": decision.reason,
            "rule": decision.rule,
            "at": decision.at,
            "appealUntil": decision.appeal_until,
            "reasons": seen.reasons(part),
        })
    });
    let undertaking = part.undertaking.as_ref().map(|undertaking| {
        let accepted = undertaking.accepted.iter().map(|one| {
            json!({ "function": seen.function(one.person), "isApplicant": one.person == seen.request.applicant, "textHash": one.text_hash, "at": one.at })
        });
        json!({
            "agreement": undertaking.agreement,
            "text": seen.undertaking_text(part),
            "textHash": undertaking.text_hash,
            "accepted": accepted.collect::<Vec<_>>(),
        })
    });
    let own = seen.entitlements.iter().filter(|row| row.part == i64::from(part.number));
    let entitlements = own.map(|row| {
        let function = Uuid::try_parse(&row.person_id).ok().and_then(|person| seen.function(person));
        json!({ "id": row.id, "function": function, "state": row.state, "from": row.starts_on, "until": row.ends_on, "reason": row.reason })
    });
    let frame = seen.request.frame_of(part);
    json!({
        "number": part.number,
        "institution": part.institution,
        "onBehalfOf": frame.on_behalf_of,
        "purpose": frame.purpose,
        "dataset": format!("urn:uuid:{}", part.dataset),
        "holding": format!("urn:uuid:{}", part.holding),
        "data": part.data,
        "state": part.state.code(),
        "form": { "id": part.form, "version": part.form_version, "questions": questions },
        "answers": answers,
        "decision": decision,
        "undertaking": undertaking,
        "from": part.from,
        "until": part.until,
        "ended": part.ended,
        "destroyedAt": part.destroyed_at,
        "entitlements": entitlements.collect::<Vec<_>>(),
    })
}

/// A document, with the address from which its bytes are fetched by who may read it.
fn file_of(file: &FileHead, base_url: &str) -> Value {
    let url = file.erased_at.is_none().then(|| format!("{base_url}/access-document/{}", file.id));
    json!({
        "name": file.name, "mediaType": file.media_type, "size": file.size, "sha256": file.sha256, "at": file.at, "erasedAt": file.erased_at,
        "url": url,
    })
}

/// An event as the applicant takes it away: without who decides, advises and stands in within the holder.
fn outside(event: &Event) -> Result<Value, Error> {
    let mut told = serde_json::to_value(event)?;
    if let Some(object) = told.as_object_mut() {
        object.remove("by");
        object.remove("overruled");
        if let Some(desk) = object.get_mut("desk").and_then(Value::as_object_mut) {
            for side in ["deciders", "advisers", "deputies", "outsiders"] {
                desk.remove(side);
            }
        }
    }
    Ok(told)
}

/// Erases what the applicant and the members have written and attached. What the holders have written stays for the time that their
/// forms announce.
///
/// # Errors
/// A statement failed.
pub fn erase_own(conn: &mut Conn, request: &Request, now: i64) -> Result<(), Error> {
    let id = request.id.to_string();
    let events = super::events(conn, &id)?;
    let mut users: Vec<Uuid> = request.members.iter().filter_map(|member| member.person).collect();
    users.push(request.applicant);
    let mut hashes = Vec::new();
    for recorded in events.iter().filter(|recorded| recorded.actor.is_some_and(|actor| users.contains(&actor))) {
        let Some(hash) = &recorded.content else { continue };
        if recorded.event == Event::AnswersSaved {
            hashes.extend(drafting::index_of(conn, Some(hash))?.into_values());
        }
        hashes.push(hash.clone());
    }
    hashes.sort_unstable();
    hashes.dedup();
    requests::erase_contents(conn, &hashes, now)?;
    requests::stop_awaiting_all(conn, &id)?;
    let users: Vec<String> = users.iter().map(ToString::to_string).collect();
    table::erase_files_by(conn, &id, &users, now)?;
    Ok(())
}

/// Erases the applicant's own texts, documents and personal data of an ended request at once; of a request that no holder ever had before
/// it, everything.
///
/// # Errors
/// Not found, forbidden, or not ended yet.
pub fn erase(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>) -> Result<(), Error> {
    perform(catalogue, acting, target, (RequestCommand::Erase, None), |_, _| Ok(Command::Erase)).map(|_| ())
}
