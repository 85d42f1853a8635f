//! Persons who come from an identity provider: known by issuer and subject, linked only by themselves.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::policy::Actor;

use crate::store::persons::{self, IdentityRow, PersonRow};

use super::access_requests::{leaving, meeting};
use super::drafts::Acting;
use super::identity::{ExternalAccount, membership_rows, register_external};
use super::links::{self, LinkKind, NewLink};
use super::oidc::{SignedIn, Started};
use super::people::{self, Invitation};
use super::{Catalogue, Error, holder_webhooks};

/// Life of a state, milliseconds.
const STATE_MS: i64 = 10 * 60_000;

/// What waits for the browser's return from a provider.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    /// Name of the provider.
    pub provider: String,
    /// Nonce that the ID token must carry.
    pub nonce: String,
    /// Verifier of the proof key (PKCE).
    pub verifier: String,
    /// Where to go then.
    pub return_to: String,
    /// Hash of the secret that the browser keeps in a cookie.
    pub browser: String,
    /// The person who was signed in and links the account.
    pub link_person: Option<String>,
}

/// Keeps what waits under the state of the request.
///
/// # Errors
/// The database is unavailable.
pub fn begin(catalogue: &Catalogue, started: &Started, pending: &Pending, now: i64) -> Result<(), Error> {
    let new = NewLink { kind: LinkKind::Provider, person_id: None, doc: pending, now, life_ms: STATE_MS };
    catalogue.db.write(|conn, _| links::keep(conn, &started.state, &new))
}

/// Takes what waited under a state; a state is taken once.
///
/// # Errors
/// The database is unavailable.
pub fn take(catalogue: &Catalogue, state: &str, now: i64) -> Result<Option<Pending>, Error> {
    let link = catalogue.db.write(|conn, _| links::take::<Pending>(conn, LinkKind::Provider, state, now))?;
    Ok(link.map(|link| link.doc))
}

/// How a sign-in at a provider ended here.
pub enum Entered {
    /// The person is known, or was registered now.
    Person(Box<PersonRow>),
    /// The account is disabled, or belongs to another person than the one who wants to link it.
    Refused,
}

fn account(signed: &SignedIn) -> ExternalAccount {
    // An address that the provider has not verified proves nothing.
    let verified_email = signed.email.as_deref().filter(|_| signed.email_verified).and_then(|email| people::clean_email(email).ok());
    ExternalAccount {
        issuer: signed.issuer.clone(),
        subject: signed.subject.clone(),
        display_name: signed.display_name.clone(),
        verified_email,
        is_program: false,
        roles: signed.roles.clone(),
    }
}

/// Finds or registers the person of a verified ID token, with the roles that the claims give today.
/// With `link_person`, the account is linked to that person, who has proved to be there by their session.
///
/// # Errors
/// The database is unavailable.
pub fn settle(
    catalogue: &Catalogue,
    signed: &SignedIn,
    link_person: Option<&str>,
    invitation: Option<&str>,
    now: i64,
) -> Result<Entered, Error> {
    let account = account(signed);
    let entered = catalogue.db.write(|conn, ledger| {
        let known = persons::by_identity(conn, &account.issuer, &account.subject)?;
        let person = match (known, link_person) {
            (Some(person), Some(wanted)) if person.id != wanted => return Ok(Entered::Refused),
            (Some(person), _) => person,
            (None, Some(wanted)) => {
                let Some(person) = persons::by_id(conn, wanted)? else { return Ok(Entered::Refused) };
                let (issuer, subject, person_id) = (account.issuer.clone(), account.subject.clone(), person.id.clone());
                persons::insert_identity(conn, &IdentityRow { issuer, subject, person_id, created_at: now })?;
                person
            }
            (None, None) => register_external(conn, &account, now)?,
        };
        if person.disabled_at.is_some() {
            return Ok(Entered::Refused);
        }
        let key = |row: &persons::MembershipRow| (row.institution.clone(), row.role.clone());
        let rows = membership_rows(&person.id, &account, now);
        let all_before = persons::memberships_of(conn, &person.id)?;
        let mut before: Vec<_> = all_before.iter().filter(|row| row.source == account.issuer).map(key).collect();
        let mut after: Vec<_> = rows.iter().map(key).collect();
        before.sort();
        after.sort();
        after.dedup();
        if before != after {
            persons::revoke_source(conn, &person.id, &account.issuer)?;
            for row in &rows {
                persons::grant(conn, row)?;
            }
            let acting = Acting { actor: &Actor::Console, now };
            let about = json!({ "issuer": account.issuer, "before": before, "after": after });
            people::log_person(conn, ledger, acting, "ROLES_FROM_CLAIMS", "MEMBERSHIP", &person.id, &about)?;
            holder_webhooks::follow_roles(conn, &person.id, &all_before, now)?;
            leaving::follow_roles(conn, ledger, &person.id, &all_before, now)?;
            super::entitlements::follow_person(conn, ledger, &Actor::Console, now, &person.id)?;
        }
        if let Some(secret) = invitation
            && let Some(link) = links::take::<Invitation>(conn, LinkKind::Invitation, secret, now)?
        {
            people::give_invited(conn, ledger, &person, &link.doc, now)?;
        }
        Ok::<_, Error>(Entered::Person(Box::new(person)))
    })?;
    if let Entered::Person(person) = &entered {
        meeting::meet(catalogue, &person.id, now);
    }
    Ok(entered)
}
