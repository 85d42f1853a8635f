//! Invitations to an account: by an administrator or an institution, and of whoever is named in an access request.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RequestRole, Vocabulary};
use crate::store::Conn;
use crate::store::changes::Ledger;
use crate::store::persons::{self, PersonRow};

use super::super::access_requests::meeting;
use super::super::drafts::Acting;
use super::super::links::{self, LinkKind, NewLink};
use super::super::mail::Message;
use super::super::sign_in::{self, WeakPassword};
use super::super::{Catalogue, Error, secrets};
use super::{
    RoleWish, Voice, blank, check_institution, check_mail_language, clean_email, clean_function, give, institution_name, log_person,
    queue_mail, without_repetitions,
};

/// Life of an invitation, in days.
pub const INVITATION_DAYS: i64 = 14;

/// What an invitation carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invitation {
    /// Address.
    pub email: String,
    /// Function.
    pub function: String,
    /// Language: ar, fr or en.
    pub language: String,
    /// Roles to give.
    pub roles: Vec<RoleWish>,
}

/// Invites a person by mail; returns the link, which only the console may show.
///
/// # Errors
/// Forbidden, not found, or a wrong address.
pub fn invite(catalogue: &Catalogue, acting: Acting<'_>, voice: Voice<'_>, invitation: Invitation) -> Result<String, Error> {
    check_mail_language(&invitation.language)?;
    let (email, function) = (clean_email(&invitation.email)?, clean_function(&invitation.function)?);
    let invitation = Invitation { email, function, roles: without_repetitions(&invitation.roles), ..invitation };
    if invitation.roles.is_empty() {
        return Err(Error::Invalid(vec![Problem::new("roles", "", "an invitation gives at least one role")]));
    }
    for wish in &invitation.roles {
        wish.check_right(acting.actor)?;
    }
    catalogue.db.write(|conn, ledger| {
        for wish in &invitation.roles {
            check_institution(conn, wish.institution.as_ref())?;
        }
        let new = NewLink {
            kind: LinkKind::Invitation,
            person_id: None,
            doc: &invitation,
            now: acting.now,
            life_ms: INVITATION_DAYS * 86_400_000,
        };
        let secret = links::make(conn, &new)?;
        let link = format!("{}/invitation/{secret}", voice.base_url);
        let institution = invitation.roles.iter().find_map(|wish| wish.institution.clone());
        let name = institution.as_ref().map(|slug| institution_name(conn, slug.as_str(), &invitation.language)).transpose()?;
        let roles = invitation.roles.iter().map(|wish| wish.role.label(&invitation.language).to_owned()).collect();
        let message = Message::Invitation { institution: name, roles, link: link.clone(), days: INVITATION_DAYS };
        queue_mail(conn, voice, &invitation.email, &invitation.language, &message, acting.now)?;
        let about = json!({ "roles": invitation.roles });
        log_person(conn, ledger, acting, "INVITED", "INVITATION", &secrets::hash(&secret)[..16], &about)?;
        Ok(link)
    })
}

/// Who named somebody in an access request, and for which data.
#[derive(Clone, Debug)]
pub struct Named {
    /// Function of who did.
    pub who: String,
    /// Titles of the datasets that anyone may read of.
    pub titles: Vec<String>,
}

/// Invites a person to make an account without any role, in the caller's transaction: someone was named in an access request.
///
/// # Errors
/// A statement failed.
pub fn invite_named(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    voice: Voice<'_>,
    email: &str,
    language: &str,
    named: Named,
) -> Result<(), Error> {
    let function = RequestRole::Member.label(language).to_owned();
    let invitation = Invitation { email: email.to_owned(), function, language: language.to_owned(), roles: Vec::new() };
    let life_ms = INVITATION_DAYS * 86_400_000;
    let new = NewLink { kind: LinkKind::Invitation, person_id: None, doc: &invitation, now: acting.now, life_ms };
    let secret = links::make(conn, &new)?;
    let link = format!("{}/invitation/{secret}", voice.base_url);
    let until = crate::domain::workdays::Day::of(acting.now + life_ms).to_string();
    let message = Message::Named { who: named.who, titles: named.titles, until, link };
    queue_mail(conn, voice, email, language, &message, acting.now)?;
    log_person(conn, ledger, acting, "INVITED", "INVITATION", &secrets::hash(&secret)[..16], &json!({ "roles": [] }))
}

/// Accepts an invitation with a password. Who has an account already has proved its address again by the link, as in a
/// password reset: the new password counts from now on, and older sessions and tokens end.
///
/// # Errors
/// The link has ended, or the password is weak or wrong.
pub fn accept(catalogue: &Catalogue, secret: &str, password: &str, now: i64) -> Result<PersonRow, AcceptError> {
    let peeked = links::peek::<Invitation>(catalogue, LinkKind::Invitation, secret, now)?.ok_or(AcceptError::LinkExpired)?;
    sign_in::judge_password(password, &peeked.doc.email).map_err(AcceptError::Weak)?;
    let hashed = sign_in::hash_password(password)?;
    let person = catalogue.db.write(|conn, ledger| {
        let link = links::take::<Invitation>(conn, LinkKind::Invitation, secret, now)?.ok_or(AcceptError::LinkExpired)?;
        let acting = Acting { actor: &Actor::Console, now };
        let mut person = match persons::by_email(conn, &link.doc.email).map_err(Error::from)? {
            Some(known) => known,
            None => {
                let person = PersonRow {
                    email: Some(link.doc.email.clone()),
                    language: link.doc.language.clone(),
                    ..blank(&link.doc.function, now)
                };
                persons::insert(conn, &person).map_err(Error::from)?;
                log_person(conn, ledger, acting, "CREATED", "PERSON", &person.id, &json!({}))?;
                person
            }
        };
        if person.disabled_at.is_some() {
            return Err(AcceptError::LinkExpired);
        }
        person.password_hash = Some(hashed);
        person.updated_at = now;
        persons::update(conn, &person).map_err(Error::from)?;
        persons::end_sessions(conn, &person.id, "").map_err(Error::from)?;
        persons::revoke_tokens(conn, &person.id, now).map_err(Error::from)?;
        log_person(conn, ledger, acting, "PASSWORD_CHANGED", "PERSON", &person.id, &json!({}))?;
        give_invited(conn, ledger, &person, &link.doc, now)?;
        Ok::<_, AcceptError>(person)
    })?;
    meeting::meet(catalogue, &person.id, now);
    Ok(person)
}

/// Gives an invited person the roles of the invitation.
///
/// # Errors
/// A statement failed.
pub fn give_invited(conn: &mut Conn, ledger: &mut Ledger, person: &PersonRow, invitation: &Invitation, now: i64) -> Result<(), Error> {
    for wish in &invitation.roles {
        let acting = Acting { actor: &Actor::Console, now };
        give(conn, ledger, acting, &person.id, wish)?;
    }
    Ok(())
}

/// Why an invitation was not accepted.
#[derive(Debug)]
pub enum AcceptError {
    /// The link has ended or was used.
    LinkExpired,
    /// The password is weak.
    Weak(WeakPassword),
    /// Something else.
    Failed(Error),
}

impl From<Error> for AcceptError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<crate::store::StoreError> for AcceptError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}
