//! The applicant's own data: a copy of everything that a request holds of them, and its erasure before the announced time.

use serde_json::{Value, json};

use uuid::Uuid;

use crate::domain::access_request::{Command, Event, Request};
use crate::domain::vocabulary::{RequestCommand, Vocabulary};
use crate::store::{Conn, entitlements as table, outbox, persons, requests};

use super::super::catalogue::now_ms;
use super::super::drafts::Acting;
use super::super::{Catalogue, Error};
use super::reading::{Seen, open, readers};
use super::{Target, drafting, perform, unknown};

/// Everything that a request holds and that its applicant may read, as JSON.
///
/// # Errors
/// Not found, or not the applicant's own.
pub fn export(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<Value, Error> {
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
    let part = |part: &&crate::domain::access_request::Part| {
        json!({
            "number": part.number,
            "institution": part.institution,
            "holding": format!("urn:uuid:{}", part.holding),
            "state": part.state.code(),
            "form": { "id": part.form, "version": part.form_version },
            "answers": seen.answers_for(part),
        })
    };
    let parts: Vec<Value> = seen.parts().iter().map(part).collect();
    let files: Vec<Value> =
        seen.readable_files().iter().map(|file| json!({ "name": file.name, "sha256": file.sha256, "at": file.at })).collect();
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

/// An event as the applicant takes it away: without who decides, advises and stands in within the holder.
fn outside(event: &Event) -> Result<Value, Error> {
    let mut told = serde_json::to_value(event)?;
    if let Some(object) = told.as_object_mut() {
        object.remove("by");
        if let Some(desk) = object.get_mut("desk").and_then(Value::as_object_mut) {
            for side in ["deciders", "advisers", "deputies"] {
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
    outbox::erase_notices(conn, &id)?;
    outbox::erase_mails(conn, &id, now)?;
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
