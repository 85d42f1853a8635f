//! Signing in with a password: throttled, and failing in the same way and time whatever the cause.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use uuid::Uuid;

use crate::store::persons::{self, PersonRow};

use super::secrets::hash;
use super::{Catalogue, Error};

/// Shortest password, in characters.
pub const MIN_PASSWORD: usize = 12;
/// Longest password, in characters: hashing a book would be an attack.
pub const MAX_PASSWORD: usize = 256;
/// Time in which attempts are counted, milliseconds.
const WINDOW_MS: i64 = 5 * 60_000;

/// How many attempts are let through in five minutes.
#[derive(Clone, Copy, Debug)]
pub struct Throttle {
    /// For one account.
    pub per_account: usize,
    /// From one network address, behind which a whole ministry may sit.
    pub per_address: usize,
}

/// What a person gives to sign in.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// E-mail address.
    pub email: &'a str,
    /// Password.
    pub password: &'a str,
    /// One-time code; empty without an authenticator app.
    pub code: &'a str,
    /// Network address of the client.
    pub address: &'a str,
}

/// How an attempt ended.
pub enum Attempt {
    /// The person is known.
    Welcome(Box<PersonRow>),
    /// It is not, for whatever reason.
    Refused,
    /// There were too many attempts; in how many milliseconds the next may be made.
    TooMany(i64),
}

/// A password as it is stored (argon2id).
///
/// # Errors
/// The system has no randomness to give.
pub fn hash_password(password: &str) -> Result<String, Error> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|e| Error::Internal(anyhow::anyhow!("the password cannot be hashed: {e}")))
}

fn matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
}

/// A hash to compare with where there is none, so that an unknown address takes as long as a known one.
fn stand_in() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_password("nobody has this password").unwrap_or_default())
}

/// Checks a password and, where the person has an authenticator app, its code. Takes as long for an unknown address.
///
/// # Errors
/// The database is unavailable.
pub fn attempt(catalogue: &Catalogue, given: Credentials<'_>, now: i64, throttle: Throttle) -> Result<Attempt, Error> {
    let email = given.email.trim().to_lowercase();
    let (account, address) = (format!("account:{}", hash(&email)), format!("address:{}", hash(given.address)));
    if let Some(wait) = note_attempt(catalogue, &[(&account, throttle.per_account), (&address, throttle.per_address)], now)? {
        return Ok(Attempt::TooMany(wait));
    }
    let person = catalogue.db.read(|conn| persons::by_email(conn, &email))?;
    let stored = person.as_ref().and_then(|person| person.password_hash.as_deref()).unwrap_or_else(|| stand_in());
    let is_right = given.password.chars().count() <= MAX_PASSWORD && matches(given.password, stored);
    let Some(person) = person.filter(|person| is_right && person.disabled_at.is_none() && person.password_hash.is_some()) else {
        return Ok(Attempt::Refused);
    };
    if !use_code(catalogue, &person, given.code, now)? {
        return Ok(Attempt::Refused);
    }
    catalogue.db.write::<_, Error>(|conn, _| Ok(persons::clear_attempts(conn, &account)?))?;
    Ok(Attempt::Welcome(Box::new(person)))
}

/// Counts an attempt under each name; where one has had too many, tells how long to wait.
///
/// # Errors
/// The database is unavailable.
pub fn note_attempt(catalogue: &Catalogue, names: &[(&str, usize)], now: i64) -> Result<Option<i64>, Error> {
    catalogue.db.write(|conn, _| {
        for (name, limit) in names {
            let earlier = persons::attempts_since(conn, name, now - WINDOW_MS)?;
            let limit = (*limit).max(1);
            if earlier.len() >= limit {
                let oldest = earlier[earlier.len() - limit];
                return Ok(Some((oldest + WINDOW_MS - now).max(1_000)));
            }
        }
        for (name, _) in names {
            persons::insert_attempt(conn, &Uuid::now_v7().to_string(), name, now)?;
        }
        Ok(None)
    })
}

/// Checks a one-time code and marks its time step as used; a person without an app needs none.
fn use_code(catalogue: &Catalogue, person: &PersonRow, code: &str, now: i64) -> Result<bool, Error> {
    let Some(secret) = &person.totp_secret else { return Ok(true) };
    let Some(step) = super::accounts::matching_step(secret, code, now)? else { return Ok(false) };
    catalogue.db.write(|conn, _| {
        let Some(mut person) = persons::by_id(conn, &person.id)? else { return Ok(false) };
        // A code that was seen over a shoulder is not taken a second time.
        if step <= person.totp_step {
            return Ok(false);
        }
        person.totp_step = step;
        persons::update(conn, &person)?;
        Ok(true)
    })
}

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPassword {
    /// Shorter than [`MIN_PASSWORD`].
    TooShort,
    /// Longer than [`MAX_PASSWORD`].
    TooLong,
    /// Among those that everyone tries first.
    Common,
    /// The address itself.
    SameAsEmail,
}

/// Judges a new password by length and by what attackers try first (NIST SP 800-63B).
///
/// # Errors
/// Why it is not taken.
pub fn judge_password(password: &str, email: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        return Err(WeakPassword::TooShort);
    }
    if length > MAX_PASSWORD {
        return Err(WeakPassword::TooLong);
    }
    let lower = password.to_lowercase();
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    if lower == email.to_lowercase() || (name.len() >= 4 && lower.replace(&name, "").chars().count() < 4) {
        return Err(WeakPassword::SameAsEmail);
    }
    let unlike: std::collections::HashSet<char> = lower.chars().collect();
    let common = ["password", "motdepasse", "azerty", "qwerty", "123456", "letmein", "rihla", "migration", "maroc", "morocco"];
    let rest = common.iter().fold(lower.clone(), |rest, word| rest.replace(word, ""));
    let rest: String = rest.chars().filter(|c| !c.is_ascii_digit() && !c.is_ascii_punctuation()).collect();
    if unlike.len() < 5 || rest.chars().count() < 3 && lower.chars().any(char::is_alphabetic) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_judged_by_length_and_by_what_is_tried_first() {
        for (password, verdict) in [
            ("short", Err(WeakPassword::TooShort)),
            ("password1234!", Err(WeakPassword::Common)),
            ("aaaaaaaaaaaaaaaa", Err(WeakPassword::Common)),
            ("editor@hcp.ma", Err(WeakPassword::SameAsEmail)),
            ("une longue phrase de passe", Ok(())),
            ("كلمة مرور طويلة بما يكفي", Ok(())),
        ] {
            assert_eq!(judge_password(password, "editor@hcp.ma"), verdict, "{password}");
        }
        assert_eq!(judge_password(&"é ".repeat(200), "a@b.c"), Err(WeakPassword::TooLong));
    }

    #[test]
    fn a_hash_matches_its_password_only() {
        let stored = hash_password("une longue phrase").expect("hash");
        assert!(stored.starts_with("$argon2id$") && matches("une longue phrase", &stored) && !matches("autre chose", &stored));
        assert!(!matches("x", "not a hash"));
    }
}
