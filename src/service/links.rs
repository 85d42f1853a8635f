//! Links that work once: invitations, password resets, sign-in, and the way back from an identity provider.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::Conn;
use crate::store::persons::{self, LinkRow};

use super::secrets::{hash, new_secret};
use super::{Catalogue, Error};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// An invitation to the registry.
    Invitation,
    /// A new password.
    Reset,
    /// Signing in without a password.
    SignIn,
    /// The way back from an identity provider; its secret is the `state`.
    Provider,
    /// An authenticator app that waits for the code that confirms it; the secret is the app's.
    Authenticator,
}

impl LinkKind {
    /// As the table keeps it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invitation => "INVITATION",
            Self::Reset => "RESET",
            Self::SignIn => "SIGN_IN",
            Self::Provider => "PROVIDER",
            Self::Authenticator => "AUTHENTICATOR",
        }
    }
}

/// A link in force.
pub struct Link<T> {
    /// For whom, where known.
    pub person_id: Option<String>,
    /// What belongs to it.
    pub doc: T,
}

/// What a link is made of.
pub struct NewLink<'a, T> {
    /// What it is for.
    pub kind: LinkKind,
    /// For whom, where known.
    pub person_id: Option<&'a str>,
    /// What belongs to it.
    pub doc: &'a T,
    /// Now, milliseconds.
    pub now: i64,
    /// How long it lasts, milliseconds.
    pub life_ms: i64,
}

/// Makes a link and returns its secret.
///
/// # Errors
/// A statement failed.
pub fn make<T: Serialize>(conn: &mut Conn, new: &NewLink<'_, T>) -> Result<String, Error> {
    let secret = new_secret()?;
    keep(conn, &secret, new)?;
    Ok(secret)
}

/// Keeps a link under a secret that was made elsewhere.
///
/// # Errors
/// A statement failed.
pub fn keep<T: Serialize>(conn: &mut Conn, secret: &str, new: &NewLink<'_, T>) -> Result<(), Error> {
    let row = LinkRow {
        hash: hash(secret),
        kind: new.kind.code().to_owned(),
        person_id: new.person_id.map(str::to_owned),
        doc: serde_json::to_string(new.doc)?,
        created_at: new.now,
        expires_at: new.now + new.life_ms,
    };
    Ok(persons::insert_link(conn, &row)?)
}

/// Takes back invitations to an address that were made at an instant.
///
/// # Errors
/// A statement failed.
pub fn forget_invitation(conn: &mut Conn, email: &str, at: i64) -> Result<(), Error> {
    for row in persons::links_made_at(conn, LinkKind::Invitation.code(), at)? {
        let doc: serde_json::Value = serde_json::from_str(&row.doc)?;
        if doc.get("email").and_then(serde_json::Value::as_str) == Some(email) {
            persons::use_link(conn, &row.hash)?;
        }
    }
    Ok(())
}

/// Looks at a link without using it up.
///
/// # Errors
/// The database is unavailable.
pub fn peek<T: DeserializeOwned>(catalogue: &Catalogue, kind: LinkKind, secret: &str, now: i64) -> Result<Option<Link<T>>, Error> {
    let row = catalogue.db.read(|conn| persons::link(conn, &hash(secret), kind.code(), now))?;
    row.map(read).transpose()
}

fn read<T: DeserializeOwned>(row: LinkRow) -> Result<Link<T>, Error> {
    Ok(Link { person_id: row.person_id, doc: serde_json::from_str(&row.doc)? })
}

/// Uses a link up, in the caller's transaction; none where it has ended or was used before.
///
/// # Errors
/// A statement failed.
pub fn take<T: DeserializeOwned>(conn: &mut Conn, kind: LinkKind, secret: &str, now: i64) -> Result<Option<Link<T>>, Error> {
    let Some(row) = persons::link(conn, &hash(secret), kind.code(), now)? else { return Ok(None) };
    if !persons::use_link(conn, &row.hash)? {
        return Ok(None);
    }
    read(row).map(Some)
}
