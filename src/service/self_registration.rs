//! An account of their own for people without an institution, where the operator allows it: the address proves itself by a link.

use serde_json::json;

use crate::domain::policy::Actor;
use crate::store::persons;

use super::drafts::Acting;
use super::links::{self, LinkKind, NewLink};
use super::mail::Message;
use super::people::{INVITATION_DAYS, Invitation, Voice, clean_email, clean_function, log_person, queue_mail};
use super::{Catalogue, Error, secrets};

/// What a person says who wants an account.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Address.
    pub email: String,
    /// What the person does and where, such as "Researcher, University of the North".
    pub function: String,
    /// Language: ar, fr or en.
    pub language: String,
}

/// Sends a link with which an account without roles is made. Nothing is sent to an address that has an account, and nobody is told
/// which of both it was.
///
/// # Errors
/// No address or no function, or the database is unavailable.
pub fn register(catalogue: &Catalogue, voice: Voice<'_>, given: Registration, now: i64) -> Result<(), Error> {
    let (email, function) = (clean_email(&given.email)?, clean_function(&given.function)?);
    catalogue.db.write(|conn, ledger| {
        if persons::by_email(conn, &email)?.is_some() {
            return Ok(());
        }
        let language = given.language;
        let invitation = Invitation { email: email.clone(), function, language: language.clone(), roles: Vec::new() };
        let life_ms = INVITATION_DAYS * 86_400_000;
        let secret = links::make(conn, &NewLink { kind: LinkKind::Invitation, person_id: None, doc: &invitation, now, life_ms })?;
        let link = format!("{}/invitation/{secret}", voice.base_url);
        let message = Message::Invitation { institution: None, roles: Vec::new(), link, days: INVITATION_DAYS };
        queue_mail(conn, voice, &email, &language, &message, now)?;
        let acting = Acting { actor: &Actor::Visitor, now };
        log_person(conn, ledger, acting, "REGISTERED", "INVITATION", &secrets::hash(&secret)[..16], &json!({ "roles": [] }))
    })
}
