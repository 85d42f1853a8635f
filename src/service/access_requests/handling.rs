//! What people do with a request once it is submitted, as far as nothing but the request decides it.

use uuid::Uuid;

use crate::domain::access_request::{Command, Request};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{NoticeKind, RequestRole, Vocabulary};
use crate::store::{Conn, persons};

use super::super::drafts::Acting;
use super::super::mail::Message;
use super::super::notify::title_of;
use super::super::people::{self, Voice, clean_email, queue_mail};
use super::super::{Catalogue, Error};
use super::{Target, perform};

/// Carries out a command that needs nothing beside the request.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn give(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, command: Command) -> Result<Request, Error> {
    perform(catalogue, acting, target, (command.code(), command.part()), |_, _| Ok(command))
}

/// Invites a person, by e-mail address, to advise on data protection, to comment, or to decide.
///
/// # Errors
/// Not found, forbidden, or nobody has this address.
pub fn invite(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    target: Target<'_>,
    part: u32,
    email: &str,
    role: RequestRole,
    text: &str,
) -> Result<Request, Error> {
    let email = clean_email(email)?;
    let deed = (crate::domain::vocabulary::RequestCommand::Invite, Some(part));
    perform(catalogue, acting, target, deed, |conn, _| {
        let row = persons::by_email(conn, &email)?.filter(|row| row.disabled_at.is_none());
        let row = row.ok_or_else(|| {
            Error::Invalid(vec![Problem::new("email", &email, "has no account here; let an administrator invite the person first")])
        })?;
        let person: Uuid = super::super::catalogue::read_id(&row.id)?;
        Ok(Command::Invite { part, person, role, text: text.to_owned() })
    })
}

/// Writes to a person who was named as a member: who has no account yet is invited to make one.
///
/// # Errors
/// A statement failed.
pub fn invite_member(catalogue: &Catalogue, acting: Acting<'_>, voice: Voice<'_>, request: &Request, email: &str) -> Result<(), Error> {
    let link = format!("{}/access-request/{}", voice.base_url, request.id);
    catalogue.db.write(|conn, ledger| {
        let known = persons::by_email(conn, email)?;
        let applicant = persons::by_id(conn, &request.applicant.to_string())?;
        let language = known.as_ref().or(applicant.as_ref()).map_or_else(|| "fr".to_owned(), |row| row.language.clone());
        let who = applicant.map(|row| row.function).unwrap_or_default();
        if known.is_none() {
            people::invite_without_role(conn, ledger, acting, voice, email, &language)?;
        }
        let title = match known {
            Some(_) => titles(conn, request)?,
            // Not everyone with an address may know of every record.
            None => NoticeKind::AccessMemberNamed.label(&language).to_owned(),
        };
        let message = Message::Notice { kind: NoticeKind::AccessMemberNamed, title, reason: None, who: Some(who), until: None, link };
        queue_mail(conn, voice, email, &language, &message, acting.now)
    })
}

/// Titles of the datasets that a request is about.
fn titles(conn: &mut Conn, request: &Request) -> Result<String, Error> {
    let mut titles =
        request.parts.iter().map(|part| Ok(title_of(conn, &part.dataset.to_string())?.0)).collect::<Result<Vec<_>, Error>>()?;
    titles.dedup();
    Ok(titles.join("; "))
}
