//! Passwords, and links to a new one.

use serde_json::json;

use crate::domain::policy::Actor;
use crate::store::persons;

use super::super::drafts::Acting;
use super::super::links::{self, LinkKind, NewLink};
use super::super::mail::Message;
use super::super::{Catalogue, Error, sign_in};
use super::{AcceptError, Voice, clean_email, log_person, queue_mail};

/// Life of a link to a new password, in minutes.
pub const RESET_MINUTES: i64 = 60;

/// Sets a password and ends every session of the person but one.
///
/// # Errors
/// A statement failed.
pub fn set_password(catalogue: &Catalogue, voice: Voice<'_>, person_id: &str, password: &str, but: &str, now: i64) -> Result<(), Error> {
    let hashed = sign_in::hash_password(password)?;
    catalogue.db.write(|conn, ledger| {
        let mut person = persons::by_id(conn, person_id)?.ok_or_else(|| Error::NotFound(format!("person `{person_id}`")))?;
        person.password_hash = Some(hashed);
        person.updated_at = now;
        persons::update(conn, &person)?;
        persons::end_sessions(conn, person_id, but)?;
        if let Some(email) = &person.email {
            queue_mail(conn, voice, email, &person.language, &Message::PasswordChanged, now)?;
        }
        log_person(conn, ledger, Acting { actor: &Actor::Console, now }, "PASSWORD_CHANGED", "PERSON", person_id, &json!({}))
    })
}

/// Sends a link to a new password, where the address is known; whether it is, is not told.
///
/// # Errors
/// The database is unavailable.
pub fn request_reset(catalogue: &Catalogue, voice: Voice<'_>, email: &str, now: i64) -> Result<(), Error> {
    let Ok(email) = clean_email(email) else { return Ok(()) };
    catalogue.db.write(|conn, _| {
        let known = persons::by_email(conn, &email)?.filter(|person| person.disabled_at.is_none());
        let Some(person) = known else { return Ok(()) };
        persons::remove_links(conn, &person.id, "RESET")?;
        let life_ms = RESET_MINUTES * 60_000;
        let secret = links::make(conn, &NewLink { kind: LinkKind::Reset, person_id: Some(&person.id), doc: &(), now, life_ms })?;
        let link = format!("{}/password-reset/{secret}", voice.base_url);
        let message = Message::PasswordReset { link, minutes: RESET_MINUTES };
        queue_mail(conn, voice, &email, &person.language, &message, now)
    })
}

/// Uses a link to a new password. Every session of the person ends.
///
/// # Errors
/// The link has ended, or the password is weak.
pub fn reset(catalogue: &Catalogue, voice: Voice<'_>, secret: &str, password: &str, now: i64) -> Result<(), AcceptError> {
    let link = links::peek::<()>(catalogue, LinkKind::Reset, secret, now)?.ok_or(AcceptError::LinkExpired)?;
    let person_id = link.person_id.ok_or(AcceptError::LinkExpired)?;
    let person = catalogue.db.read(|conn| persons::by_id(conn, &person_id))?.ok_or(AcceptError::LinkExpired)?;
    sign_in::judge_password(password, person.email.as_deref().unwrap_or_default()).map_err(AcceptError::Weak)?;
    let taken = catalogue.db.write::<_, Error>(|conn, _| links::take::<()>(conn, LinkKind::Reset, secret, now))?;
    taken.ok_or(AcceptError::LinkExpired)?;
    set_password(catalogue, voice, &person_id, password, "", now)?;
    Ok(())
}
