//! An account of their own for people without an institution, where the operator allows it: the address proves itself by a link.

use serde_json::json;

use crate::domain::policy::Actor;
use crate::store::db::apart;
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

/// Why what was written for a registration is taken back.
enum Undone {
    /// The address has an account.
    Known(String),
    /// A statement failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Undone {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Sends a link with which an account without roles is made. Nothing is sent to an address that has an account, and nobody is told
/// which of both it was, not even by the time that it takes: for a known address the same is written, and taken back. The auditors
/// read in the log that somebody asked.
///
/// # Errors
/// No address or no function, or the database is unavailable.
pub fn register(catalogue: &Catalogue, voice: Voice<'_>, given: Registration, now: i64) -> Result<(), Error> {
    let (email, function) = (clean_email(&given.email)?, clean_function(&given.function)?);
    let language = given.language;
    let invitation = Invitation { email: email.clone(), function, language: language.clone(), roles: Vec::new() };
    catalogue.db.write(|conn, ledger| {
        let is_known = persons::by_email(conn, &email)?.is_some();
        let written = apart(conn, |conn| {
            let life_ms = INVITATION_DAYS * 86_400_000;
            let secret = links::make(conn, &NewLink { kind: LinkKind::Invitation, person_id: None, doc: &invitation, now, life_ms })?;
            let link = format!("{}/invitation/{secret}", voice.base_url);
            let message = Message::Invitation { institution: None, roles: Vec::new(), link, days: INVITATION_DAYS };
            queue_mail(conn, voice, &email, &language, &message, now)?;
            if is_known { Err(Undone::Known(secret)) } else { Ok(secret) }
        });
        let (kind, secret) = match written {
            Ok(secret) => ("REGISTERED", secret),
            Err(Undone::Known(secret)) => ("NOT_REGISTERED", secret),
            Err(Undone::Failed(error)) => return Err(error),
        };
        let acting = Acting { actor: &Actor::Visitor, now };
        log_person(conn, ledger, acting, kind, "INVITATION", &secrets::hash(&secret)[..16], &json!({ "roles": [] }))
    })
}
