//! Access requests: their events, the rows folded from them, and what is kept apart.

use diesel::prelude::*;

use super::db::Conn;
use super::schema::access_requests;

mod contents;
mod events;
mod parts;
mod people;
mod reads;

pub use contents::*;
pub use events::*;
pub use parts::*;
pub use people::*;
pub use reads::*;

/// A request, folded.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = access_requests)]
#[diesel(treat_none_as_null = true)]
pub struct RequestRow {
    /// Identifier.
    pub id: String,
    /// Who asks.
    pub applicant: String,
    /// State of the request as a whole.
    pub state: String,
    /// Number of events.
    pub revision: i64,
    /// Creation, milliseconds from 1970-01-01 UTC.
    pub created_at: i64,
    /// Last event, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// When the clock has something to do next, milliseconds from 1970-01-01 UTC; none where it stands.
    pub clock_at: Option<i64>,
    /// The folded request as JSON.
    pub doc: String,
}

/// Inserts a request.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &RequestRow) -> QueryResult<()> {
    diesel::insert_into(access_requests::table).values(row).execute(conn).map(|_| ())
}

/// Writes a request anew.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &RequestRow) -> QueryResult<()> {
    diesel::update(access_requests::table.filter(access_requests::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// Notes when the clock has something to do next for a request.
///
/// # Errors
/// The statement failed.
pub fn set_clock(conn: &mut Conn, id: &str, clock_at: Option<i64>) -> QueryResult<()> {
    let row = access_requests::table.filter(access_requests::id.eq(id));
    diesel::update(row).set(access_requests::clock_at.eq(clock_at)).execute(conn).map(|_| ())
}

/// The request with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<RequestRow>> {
    access_requests::table.filter(access_requests::id.eq(id)).select(RequestRow::as_select()).first(conn).optional()
}

/// Requests with these identifiers, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<RequestRow>> {
    access_requests::table.filter(access_requests::id.eq_any(ids)).select(RequestRow::as_select()).load(conn)
}

/// Identifiers of all requests.
///
/// # Errors
/// The statement failed.
pub fn ids(conn: &mut Conn) -> QueryResult<Vec<String>> {
    access_requests::table.order(access_requests::id).select(access_requests::id).load(conn)
}

/// Requests for which the clock has something to do, those that wait longest first.
///
/// # Errors
/// The statement failed.
pub fn due(conn: &mut Conn, now: i64, limit: i64) -> QueryResult<Vec<String>> {
    access_requests::table
        .filter(access_requests::clock_at.le(now))
        .order((access_requests::clock_at, access_requests::id))
        .limit(limit)
        .select(access_requests::id)
        .load(conn)
}

/// Requests whose clock runs, in the order of their identifiers, after one of them.
///
/// # Errors
/// The statement failed.
pub fn with_clock_after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<String>> {
    access_requests::table
        .filter(access_requests::id.gt(id))
        .filter(access_requests::clock_at.is_not_null())
        .order(access_requests::id)
        .limit(limit)
        .select(access_requests::id)
        .load(conn)
}

/// Requests in the order of their identifiers, after one of them.
///
/// # Errors
/// The statement failed.
pub fn ids_after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<String>> {
    access_requests::table.filter(access_requests::id.gt(id)).order(access_requests::id).limit(limit).select(access_requests::id).load(conn)
}
