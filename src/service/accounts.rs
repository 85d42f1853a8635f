//! What a person sets for their own account: API tokens, authenticator app, language and mails.

use serde_json::json;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use crate::domain::policy::{Action, Person, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::text::one_line;
use crate::domain::vocabulary::{MailPreference, TokenScope, Vocabulary};
use crate::store::persons::{self, PersonRow, TokenRow};

use super::drafts::Acting;
use super::identity::TOKEN_PREFIX;
use super::links::{self, LinkKind, NewLink};
use super::people::log_person;
use super::secrets::{hash, new_secret};
use super::{Catalogue, Error};

/// Longest life of an API token, in days.
pub const MAX_TOKEN_DAYS: i64 = 365;
/// Most tokens in force for one person.
const MAX_TOKENS: usize = 50;
/// Longest name of a token, in characters.
const MAX_NAME: usize = 100;
/// For how long a new secret of an authenticator app waits for the code that confirms it.
const APP_WAITS_MS: i64 = 15 * 60_000;
const DAY_MS: i64 = 86_400_000;

/// The signed-in person, after the rules were asked.
///
/// # Errors
/// Forbidden.
pub fn person<'a>(acting: &Acting<'a>, action: Action) -> Result<&'a Person, Error> {
    check(acting.actor, action, &Subject::default()).map_err(|code| Error::Forbidden { code, action })?;
    acting.actor.person().ok_or_else(|| Error::NotFound("a person behind the console".to_owned()))
}

/// The row of a person.
///
/// # Errors
/// The database is unavailable.
pub fn row(catalogue: &Catalogue, id: Uuid) -> Result<Option<PersonRow>, Error> {
    Ok(catalogue.db.read(|conn| persons::by_id(conn, &id.to_string()))?)
}

/// Makes an API token; returns it with its secret, which is never shown again.
///
/// # Errors
/// Forbidden (tokens cannot make tokens), or a life or name that is not taken.
pub fn create_token(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    name: &str,
    scopes: &[TokenScope],
    days: i64,
) -> Result<(TokenRow, String), Error> {
    let owner = person(&acting, Action::AccountManage)?;
    let mut problems = Vec::new();
    let name = one_line(name, MAX_NAME).unwrap_or_else(|fault| {
        let remedy = format!("{fault}; name the token after what will use it, such as `portal of the observatory`");
        problems.push(Problem::new("name", "", remedy));
        String::new()
    });
    if scopes.is_empty() {
        problems.push(Problem::new("scopes", "", format!("give at least one of {}", TokenScope::codes())));
    }
    if !(1..=MAX_TOKEN_DAYS).contains(&days) {
        problems.push(Problem::new("expiresInDays", days, format!("a token lasts 1 to {MAX_TOKEN_DAYS} days")));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    issue_token(catalogue, acting, &owner.id.to_string(), &name, scopes, days)
}

/// Makes a token for a person, without asking the rules.
///
/// # Errors
/// The database is unavailable, or the person has too many tokens.
pub fn issue_token(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    person_id: &str,
    name: &str,
    scopes: &[TokenScope],
    days: i64,
) -> Result<(TokenRow, String), Error> {
    let secret = format!("{TOKEN_PREFIX}{}", new_secret()?);
    let codes: Vec<&str> = scopes.iter().map(|scope| scope.code()).collect();
    let row = TokenRow {
        id: Uuid::now_v7().to_string(),
        person_id: person_id.to_owned(),
        name: name.to_owned(),
        hash: hash(&secret),
        scopes: codes.join(" "),
        created_at: acting.now,
        expires_at: acting.now + days * DAY_MS,
        used_at: None,
        revoked_at: None,
    };
    catalogue.db.write(|conn, ledger| {
        let in_force = persons::tokens_of(conn, person_id)?.into_iter().filter(|t| t.revoked_at.is_none() && t.expires_at > acting.now);
        if in_force.count() >= MAX_TOKENS {
            return Err(Error::Conflict(format!("{MAX_TOKENS} tokens are in force; revoke one that is no longer used")));
        }
        persons::insert_token(conn, &row)?;
        log_person(conn, ledger, acting, "CREATED", "TOKEN", &row.id, &json!({ "person": person_id, "scopes": codes, "days": days }))
    })?;
    Ok((row, secret))
}

/// Revokes one of the person's tokens.
///
/// # Errors
/// Forbidden, or not found.
pub fn revoke_token(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<(), Error> {
    let owner = person(&acting, Action::AccountManage)?.id.to_string();
    catalogue.db.write(|conn, ledger| {
        if !persons::revoke_token(conn, &owner, id, acting.now)? {
            return Err(Error::NotFound(format!("API token `{id}`")));
        }
        log_person(conn, ledger, acting, "REVOKED", "TOKEN", id, &json!({ "person": owner }))
    })
}

/// Tokens of the person, newest first.
///
/// # Errors
/// The database is unavailable.
pub fn tokens(catalogue: &Catalogue, id: Uuid) -> Result<Vec<TokenRow>, Error> {
    Ok(catalogue.db.read(|conn| persons::tokens_of(conn, &id.to_string()))?)
}

/// Language and mails of the person.
///
/// # Errors
/// Forbidden, or a language that mails are not written in.
pub fn set_preferences(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    language: Option<&str>,
    mails: Option<MailPreference>,
) -> Result<PersonRow, Error> {
    let id = person(&acting, Action::Subscribe)?.id;
    if let Some(language) = language {
        super::people::check_mail_language(language)?;
    }
    catalogue.db.write(|conn, _| {
        let mut person = persons::by_id(conn, &id.to_string())?.ok_or_else(|| Error::NotFound("the account".to_owned()))?;
        if let Some(language) = language {
            language.clone_into(&mut person.language);
        }
        if let Some(mails) = mails {
            mails.code().clone_into(&mut person.mail_preference);
        }
        person.updated_at = acting.now;
        persons::update(conn, &person)?;
        Ok(person)
    })
}

fn totp(secret: &str, account: &str, issuer: &str) -> Result<Totp, Error> {
    let fault = |e: &dyn std::fmt::Display| Error::Internal(anyhow::anyhow!("authenticator secret: {e}"));
    let secret = Secret::try_from_base32(secret).map_err(|e| fault(&e))?;
    // A colon would divide account and issuer in the address that the app reads.
    let (account, issuer) = (account.replace(':', " "), issuer.replace(':', " "));
    Builder::new().with_secret(secret).with_skew(1).with_account_name(account).with_issuer(Some(issuer)).build().map_err(|e| fault(&e))
}

/// The time step of a one-time code, where the code is right now or was half a minute ago.
///
/// # Errors
/// The stored secret is damaged.
pub fn matching_step(secret: &str, code: &str, now: i64) -> Result<Option<i64>, Error> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = u64::try_from(now / 1000).unwrap_or(0);
    Ok(totp(secret, "account", "Rihla")?.check(&code, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// A new secret for an authenticator app and the address that the app reads. Until a code confirms it, within a quarter of
/// an hour, only its hash is kept: the one secret that will be taken.
///
/// # Errors
/// Forbidden.
pub fn begin_totp(catalogue: &Catalogue, acting: Acting<'_>, issuer: &str) -> Result<(String, String), Error> {
    let id = person(&acting, Action::AccountManage)?.id;
    let owner = row(catalogue, id)?.ok_or_else(|| Error::NotFound("the account".to_owned()))?;
    let secret = Secret::generate().to_base32();
    catalogue.db.write::<_, Error>(|conn, _| {
        let kind = LinkKind::Authenticator;
        persons::remove_links(conn, &owner.id, kind.code())?;
        links::keep(conn, &secret, &NewLink { kind, person_id: Some(&owner.id), doc: &(), now: acting.now, life_ms: APP_WAITS_MS })
    })?;
    let account = owner.email.unwrap_or(owner.function);
    let address = totp(&secret, &account, issuer)?.to_url().map_err(|e| Error::Internal(anyhow::anyhow!("authenticator address: {e}")))?;
    Ok((secret, address))
}

/// Turns the authenticator app on with a code made from the new secret, or off with a code of the present one.
///
/// # Errors
/// Forbidden, or a wrong code.
pub fn set_totp(catalogue: &Catalogue, acting: Acting<'_>, secret: Option<&str>, code: &str) -> Result<(), Error> {
    let id = person(&acting, Action::AccountManage)?.id.to_string();
    let wrong = || Error::Invalid(vec![Problem::new("code", "", "the code is not right; take the one that the app shows now")]);
    // Six digits are soon tried through, so tries are counted.
    let name = format!("totp:{id}");
    if super::sign_in::note_attempt(catalogue, &[(&name, 10)], acting.now)?.is_some() {
        return Err(Error::Conflict("too many codes were tried; wait five minutes".to_owned()));
    }
    catalogue.db.write(|conn, ledger| {
        let mut owner = persons::by_id(conn, &id)?.ok_or_else(|| Error::NotFound("the account".to_owned()))?;
        if let Some(new) = secret {
            if owner.totp_secret.is_some() {
                return Err(Error::Conflict("an authenticator app is set up already; turn it off with one of its codes first".to_owned()));
            }
            let not_given = || {
                let remedy = "is not the secret that `authenticatorBegin` gave, or that was more than 15 minutes ago; begin again";
                Error::Invalid(vec![Problem::new("secret", "", remedy)])
            };
            let given = persons::link(conn, &hash(new), LinkKind::Authenticator.code(), acting.now)?;
            given.filter(|link| link.person_id.as_deref() == Some(id.as_str())).ok_or_else(not_given)?;
            owner.totp_step = matching_step(new, code, acting.now)?.ok_or_else(wrong)?;
            persons::remove_links(conn, &id, LinkKind::Authenticator.code())?;
            owner.totp_secret = Some(new.to_owned());
        } else {
            let present = owner.totp_secret.clone().ok_or_else(|| Error::NotFound("an authenticator app".to_owned()))?;
            matching_step(&present, code, acting.now)?.filter(|step| *step > owner.totp_step).ok_or_else(wrong)?;
            owner.totp_secret = None;
        }
        owner.updated_at = acting.now;
        persons::update(conn, &owner)?;
        let kind = if secret.is_some() { "TOTP_ON" } else { "TOTP_OFF" };
        log_person(conn, ledger, acting, kind, "PERSON", &id, &json!({}))
    })
}

/// Forgets the authenticator app of a person who has lost it; for the console.
///
/// # Errors
/// The database is unavailable.
pub fn forget_app(catalogue: &Catalogue, person_id: &str, now: i64) -> Result<(), Error> {
    catalogue.db.write(|conn, ledger| {
        let mut owner = persons::by_id(conn, person_id)?.ok_or_else(|| Error::NotFound("the account".to_owned()))?;
        owner.totp_secret = None;
        owner.updated_at = now;
        persons::update(conn, &owner)?;
        let acting = Acting { actor: &crate::domain::policy::Actor::Console, now };
        log_person(conn, ledger, acting, "TOTP_OFF", "PERSON", person_id, &json!({}))
    })
}

/// Ends every session of the person.
///
/// # Errors
/// Forbidden.
pub fn end_sessions(catalogue: &Catalogue, acting: Acting<'_>) -> Result<usize, Error> {
    let id = person(&acting, Action::AccountManage)?.id.to_string();
    catalogue.db.write(|conn, _| Ok(persons::end_sessions(conn, &id, "")?))
}
