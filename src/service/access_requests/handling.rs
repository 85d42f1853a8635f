//! What people do with a request once it is submitted, as far as nothing but the request decides it.

use uuid::Uuid;

use crate::domain::access_request::{Command, Part, Request, Tally};
use crate::domain::dataset::Dataset;
use crate::domain::policy::{self, Audience, Sight};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RequestRole, Role};
use crate::store::changes::Ledger;
use crate::store::{Conn, datasets, outbox, persons, requests};

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

/// Access officers of an institution who have an account.
///
/// # Errors
/// A statement failed.
pub fn officers_in(conn: &mut Conn, institution: &str) -> Result<Vec<Uuid>, Error> {
    let ids = super::super::notify::people_with(conn, institution, &[Role::AccessOfficer])?;
    let rows = persons::by_ids(conn, &ids)?;
    rows.iter().filter(|row| row.disabled_at.is_none()).map(|row| super::super::catalogue::read_id(&row.id)).collect()
}

/// How far the deciders of a part have come. How many access officers could still decide is looked up where that matters.
///
/// # Errors
/// The database is unavailable.
pub fn tally(catalogue: &Catalogue, request: &Request, part: &Part) -> Result<Tally, Error> {
    let known = request.tally(part, None);
    if known.open.is_some() || !part.counts_officers() {
        return Ok(known);
    }
    let officers = catalogue.db.read(|conn| Ok(officers_in(conn, part.institution.as_str())))??;
    Ok(request.tally(part, Some(&officers)))
}

/// Name under which it is noted when a named member was invited to make an account.
fn invitation_of(request: &str, member: i64) -> String {
    format!("access-member:{request}:{member}")
}

/// Invites the named members who have no account yet to make one, once each: when the request is submitted, not while it is written,
/// so that nobody can have mails sent to strangers by naming them in drafts.
///
/// # Errors
/// A statement failed.
pub fn invite_members(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, voice: Voice<'_>, request: &Request) -> Result<(), Error> {
    let id = request.id.to_string();
    let applicant = persons::by_id(conn, &request.applicant.to_string())?;
    let language = applicant.as_ref().map_or("fr", |row| row.language.as_str()).to_owned();
    for (member, email) in requests::awaited_in(conn, &id)? {
        let name = invitation_of(&id, member);
        if outbox::reminder(conn, &name)?.is_some() {
            continue;
        }
        outbox::set_reminder(conn, &name, "", acting.now)?;
        // Who has made an account meanwhile is told in it.
        if persons::by_email(conn, &email)?.is_none() {
            let who = applicant.as_ref().map(|row| row.function.clone()).unwrap_or_default();
            let named = people::Named { who, titles: public_titles(conn, request, &language)? };
            people::invite_named(conn, ledger, acting, voice, &email, &language, named)?;
        }
    }
    Ok(())
}

/// Titles of the datasets that are asked for, as far as anyone may read them: who is invited has no account yet.
fn public_titles(conn: &mut Conn, request: &Request, language: &str) -> Result<Vec<String>, Error> {
    let ids: Vec<String> = request.parts.iter().map(|part| part.dataset.to_string()).collect();
    let mut titles = Vec::new();
    for row in datasets::by_ids(conn, &ids)? {
        let dataset: Dataset = serde_json::from_str(&row.doc)?;
        if policy::sight(Audience::Public, false, dataset.status, dataset.visibility) == Sight::Record {
            titles.extend(dataset.titles.words(Some(language), None).map(str::to_owned));
        }
    }
    titles.sort_unstable();
    titles.dedup();
    Ok(titles)
}

/// Forgets the addresses of all named members who never made an account: their invitations end, and the mails keep no address.
///
/// # Errors
/// A statement failed.
pub fn forget_all_invited(conn: &mut Conn, request: &str) -> Result<(), Error> {
    for (member, email) in requests::awaited_in(conn, request)? {
        forget_invited(conn, request, member, &email)?;
    }
    Ok(())
}

/// Forgets the address of one of them.
///
/// # Errors
/// A statement failed.
pub fn forget_invited(conn: &mut Conn, request: &str, member: i64, email: &str) -> Result<(), Error> {
    if persons::by_email(conn, email)?.is_some() {
        return Ok(());
    }
    let Some((_, at)) = outbox::reminder(conn, &invitation_of(request, member))? else { return Ok(()) };
    super::super::links::forget_invitation(conn, email, at)?;
    Ok(outbox::forget_mail(conn, email, at)?)
}
