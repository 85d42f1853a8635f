//! How credentials stand: read with every question of a reader who is known, so no column is read that is not needed for it.

use diesel::prelude::*;

use super::db::Conn;
use super::schema::{api_tokens, memberships, persons, sessions};

/// Whose a credential is, how far it is good, and the owner's roles: no more than every question has to know of who asks.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The owner.
    pub person_id: String,
    /// When the owner's account was disabled, milliseconds from 1970-01-01 UTC.
    pub disabled_at: Option<i64>,
    /// End of the credential, milliseconds from 1970-01-01 UTC.
    pub expires_at: i64,
    /// Last use, about to the minute, milliseconds from 1970-01-01 UTC; none of a token that was never used.
    pub used_at: Option<i64>,
    /// When it was revoked, milliseconds from 1970-01-01 UTC; a session is not revoked but ended.
    pub revoked_at: Option<i64>,
    /// Codes of a token's scopes, divided by blanks.
    pub scopes: String,
    /// Roles: the institution's slug, empty for roles of the catalogue, and the role's code.
    pub roles: Vec<(String, String)>,
}

/// How the token with this hash stands.
///
/// # Errors
/// The statement failed.
pub fn of_token(conn: &mut Conn, hash: &str) -> QueryResult<Option<Standing>> {
    type Row = (String, Option<i64>, i64, Option<i64>, Option<i64>, String, Option<(String, String)>);
    let rows: Vec<Row> = api_tokens::table
        .inner_join(persons::table.on(persons::id.eq(api_tokens::person_id)))
        .left_join(memberships::table.on(memberships::person_id.eq(persons::id)))
        .filter(api_tokens::hash.eq(hash))
        .order((memberships::institution, memberships::role))
        .select((
            persons::id,
            persons::disabled_at,
            api_tokens::expires_at,
            api_tokens::used_at,
            api_tokens::revoked_at,
            api_tokens::scopes,
            (memberships::institution, memberships::role).nullable(),
        ))
        .load(conn)?;
    let read = |(person_id, disabled_at, expires_at, used_at, revoked_at, scopes, role)| {
        (Standing { person_id, disabled_at, expires_at, used_at, revoked_at, scopes, roles: Vec::new() }, role)
    };
    Ok(with_roles(rows.into_iter().map(read)))
}

/// How the session with this hash stands.
///
/// # Errors
/// The statement failed.
pub fn of_session(conn: &mut Conn, hash: &str) -> QueryResult<Option<Standing>> {
    type Row = (String, Option<i64>, i64, i64, Option<(String, String)>);
    let rows: Vec<Row> = sessions::table
        .inner_join(persons::table.on(persons::id.eq(sessions::person_id)))
        .left_join(memberships::table.on(memberships::person_id.eq(persons::id)))
        .filter(sessions::hash.eq(hash))
        .order((memberships::institution, memberships::role))
        .select((
            persons::id,
            persons::disabled_at,
            sessions::expires_at,
            sessions::seen_at,
            (memberships::institution, memberships::role).nullable(),
        ))
        .load(conn)?;
    let read = |(person_id, disabled_at, expires_at, seen_at, role)| {
        let (scopes, roles) = (String::new(), Vec::new());
        (Standing { person_id, disabled_at, expires_at, used_at: Some(seen_at), revoked_at: None, scopes, roles }, role)
    };
    Ok(with_roles(rows.into_iter().map(read)))
}

/// Rows that differ in the role.
fn with_roles(mut rows: impl Iterator<Item = (Standing, Option<(String, String)>)>) -> Option<Standing> {
    let (mut standing, first) = rows.next()?;
    standing.roles = first.into_iter().chain(rows.filter_map(|(_, role)| role)).collect();
    Some(standing)
}
