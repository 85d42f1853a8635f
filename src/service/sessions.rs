//! Ending sessions.

use crate::store::{Conn, persons};

use super::Error;
use super::secrets::hash;

/// Ends the session of a secret, where there is one.
///
/// # Errors
/// The statement failed.
pub fn end(conn: &mut Conn, secret: &str) -> Result<(), Error> {
    end_by_hash(conn, &hash(secret))
}

/// Ends a session.
///
/// # Errors
/// The statement failed.
pub fn end_by_hash(conn: &mut Conn, hash: &str) -> Result<(), Error> {
    persons::end_session(conn, hash)?;
    Ok(())
}
