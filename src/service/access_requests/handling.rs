//! What people do with a request once it is submitted, as far as nothing but the request decides it.

use uuid::Uuid;

use crate::domain::access_request::{Command, Request};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::RequestRole;
use crate::store::changes::Ledger;
use crate::store::{Conn, outbox, persons, requests};

use super::super::drafts::Acting;
use super::super::people::{self, Voice, clean_email};
use super::super::{Catalogue, Error, forms};
use super::{Target, perform};

/// Carries out a command that needs nothing beside the request.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn give(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, command: Command) -> Result<Request, Error> {
    perform(catalogue, acting, target, (command.code(), command.part()), |_, _| Ok(command))
}

/// Returns a part to the applicant, naming questions of its form.
///
/// # Errors
/// Not found, forbidden, or a question that the form does not have.
pub fn return_for_information(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    target: Target<'_>,
    number: u32,
    text: &str,
    questions: &[String],
) -> Result<Request, Error> {
    let deed = (crate::domain::vocabulary::RequestCommand::Return, Some(number));
    perform(catalogue, acting, target, deed, |conn, request| {
        let part = request.part(number).ok_or_else(|| super::unknown(target.id))?;
        let form = forms::by_version(conn, &part.form, part.form_version)?.form;
        // The keys go into the log, which is never erased: free text does not.
        let unknown = questions.iter().enumerate().filter(|(_, key)| form.question(key).is_none());
        let remedy = "is no key of a question of this part's form; write what you ask into `text`";
        let problems: Vec<Problem> = unknown.map(|(place, key)| Problem::new(format!("questions[{place}]"), key, remedy)).collect();
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        // Each once, in the order in which the holder named them.
        let mut questions = questions.to_vec();
        let mut named = std::collections::BTreeSet::new();
        questions.retain(|key| named.insert(key.clone()));
        Ok(Command::Return { part: number, text: text.to_owned(), questions })
    })
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

/// Invites the named members who have no account yet to make one, once each: when the request is submitted, not while it is written,
/// so that nobody can have mails sent to strangers by naming them in drafts.
///
/// # Errors
/// A statement failed.
pub fn invite_members(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, voice: Voice<'_>, request: &Request) -> Result<(), Error> {
    let id = request.id.to_string();
    let language = persons::by_id(conn, &request.applicant.to_string())?.map_or_else(|| "fr".to_owned(), |row| row.language);
    for (member, email) in requests::awaited_in(conn, &id)? {
        let name = format!("access-member:{id}:{member}");
        if outbox::reminder(conn, &name)?.is_some() {
            continue;
        }
        outbox::set_reminder(conn, &name, "", acting.now)?;
        // Who has made an account meanwhile is told in it.
        if persons::by_email(conn, &email)?.is_none() {
            people::invite_without_role(conn, ledger, acting, voice, &email, &language)?;
        }
    }
    Ok(())
}
