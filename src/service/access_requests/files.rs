//! Documents of access requests: looked through before anything of them is kept, read by those concerned only.

use uuid::Uuid;

use crate::domain::access_request::{By, Command, Request, permit};
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RequestCommand, RequestRole};
use crate::interop::documents::Document;
use crate::store::entitlements::{self as table, FileHead};
use crate::store::requests;

use super::super::drafts::Acting;
use super::super::{Catalogue, Error};
use super::{Target, by_of, check_scope, knows, may_read, perform, person_of, reading, refused, unknown};

/// Most documents of one request.
pub const MAX_FILES: usize = 20;
/// Most bytes of all documents of one request together: 20 MiB.
pub const MAX_TOTAL: i64 = 20 * 1024 * 1024;
/// What the list of readers says of a document that was read.
const READ: &str = "DOCUMENT";

/// Where a document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The part that it belongs to; none for the request as a whole.
    pub part: Option<u32>,
    /// Whether only the holder's people see it.
    pub is_internal: bool,
}

/// Whether the actor may attach a document there. Asked before a document is taken in, so that nobody else can use the check
/// of documents.
///
/// # Errors
/// Not found, forbidden, or there is no room for another document.
pub fn may_attach(catalogue: &Catalogue, actor: &Actor, id: &str, place: Place) -> Result<(), Error> {
    person_of(actor)?;
    let by = by_of(actor);
    let (row, kept) = catalogue.db.read(|conn| Ok((requests::by_id(conn, id)?, table::files_of(conn, id)?)))?;
    let request = super::read(&row.ok_or_else(|| unknown(id))?)?;
    if !knows(&request, &by) {
        return Err(unknown(id));
    }
    let part = place.part.map(|number| request.part(number).ok_or_else(|| unknown(id))).transpose()?;
    permit(&request, &by, RequestCommand::Attach, part).map_err(|refusal| refused(refusal, id))?;
    check_scope(actor, &request, &by, RequestCommand::Attach, part)?;
    check_place(&request, &by, place)?;
    check_room(&kept, 1)
}

/// What one side keeps to itself has a part; what the holder attaches concerns its own part only.
fn check_place(request: &Request, by: &By, place: Place) -> Result<(), Error> {
    let wrong = |field: &str, value: &str, remedy: &str| Err(Error::Invalid(vec![Problem::new(field, value, remedy)]));
    let is_applicant = by.person == Some(request.applicant);
    if is_applicant && place.is_internal {
        return wrong("internal", "true", "only the people of a holder keep documents to themselves; leave `internal` out");
    }
    if !is_applicant && place.part.is_none() {
        return wrong("part", "", "name the part that the document belongs to: other holders do not see it");
    }
    Ok(())
}

/// Whether another document of this size has room beside those that are there; what was erased takes none.
fn check_room(known: &[FileHead], size: i64) -> Result<(), Error> {
    let kept: Vec<&FileHead> = known.iter().filter(|file| file.erased_at.is_none()).collect();
    if kept.len() >= MAX_FILES {
        let remedy = format!("a request has {MAX_FILES} documents at most; put several into one");
        return Err(Error::Invalid(vec![Problem::new("documents", kept.len(), remedy)]));
    }
    let total = kept.iter().map(|file| file.size).sum::<i64>() + size;
    if total > MAX_TOTAL {
        let remedy = "the documents of a request have 20 MiB together at most; leave out pictures, or save them in a smaller size";
        return Err(Error::Invalid(vec![Problem::new("documents", format!("{total} bytes"), remedy)]));
    }
    Ok(())
}

/// Attaches a document that was looked through.
///
/// # Errors
/// Not found, forbidden, or there is no room for another document.
pub fn attach(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    id: &str,
    place: Place,
    (document, bytes): (&Document, &[u8]),
) -> Result<FileHead, Error> {
    let by = by_of(acting.actor);
    let person = person_of(acting.actor)?;
    let head = FileHead {
        id: Uuid::now_v7().to_string(),
        request_id: id.to_owned(),
        part: place.part.map(i64::from),
        is_internal: i64::from(place.is_internal),
        name: document.name.clone(),
        media_type: document.kind.media_type().to_owned(),
        size: i64::try_from(document.size).unwrap_or(i64::MAX),
        sha256: document.sha256.clone(),
        person_id: person.to_string(),
        at: acting.now,
        erased_at: None,
    };
    let file = super::super::catalogue::read_id(&head.id)?;
    let target = Target { id, expected: None };
    perform(catalogue, acting, target, (RequestCommand::Attach, place.part), |conn, request| {
        check_place(request, &by, place)?;
        check_room(&table::files_of(conn, id)?, head.size)?;
        // Goes with the transaction, should the command be refused.
        table::insert_file(conn, &head, bytes)?;
        let (sha256, name) = (head.sha256.clone(), head.name.clone());
        Ok(Command::Attach { part: place.part, file, sha256, is_internal: place.is_internal, name })
    })?;
    Ok(head)
}

/// What somebody who asks for a document gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The document.
    Document(Box<FileHead>, Vec<u8>),
    /// It was erased.
    Erased,
}

/// A document, for those who may read it; that it was read is noted. None where there is none for the actor.
///
/// # Errors
/// The database is unavailable.
pub fn read(catalogue: &Catalogue, actor: &Actor, id: &str, now: i64) -> Result<Option<Read>, Error> {
    // What is not there and what is for others take the same one statement.
    let Some((head, row)) = catalogue.db.read(|conn| table::file_and_request(conn, id))? else { return Ok(None) };
    let (request, by) = (super::read(&row)?, by_of(actor));
    if !may_read(actor) || !knows(&request, &by) {
        return Ok(None);
    }
    let seen = reading::Seen::with_file(request, by, head);
    let Some(head) = seen.readable_files().pop() else { return Ok(None) };
    if head.erased_at.is_some() {
        return Ok(Some(Read::Erased));
    }
    let found = catalogue.db.read(|conn| table::file(conn, id))?;
    let Some((head, bytes)) = found.filter(|(head, _)| head.erased_at.is_none()) else { return Ok(Some(Read::Erased)) };
    if let Some(person) = seen.by.person.filter(|_| !seen.is_applicant()) {
        let look = (head.request_id.clone(), acting_part(&seen, &head));
        reading::note(catalogue, person, &format!("{READ}:{id}"), &[look], now)?;
    }
    Ok(Some(Read::Document(Box::new(head), bytes)))
}

/// The part for whose holder the person reads it.
fn acting_part(seen: &reading::Seen, head: &FileHead) -> Option<u32> {
    let is_of_holder = |roles: Vec<RequestRole>| roles.into_iter().any(reading::is_of_holder);
    let own = || seen.request.parts.iter().find(|part| is_of_holder(seen.roles(part))).map(|part| part.number);
    head.part.and_then(|number| u32::try_from(number).ok()).or_else(own)
}
