//! What happened to a request, in its order: what its state is folded from.

use diesel::prelude::*;

use super::super::db::Conn;
use super::super::schema::access_events;

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_events)]
pub struct EventRow {
    /// The request.
    pub request_id: String,
    /// Place in its sequence, from 1.
    pub number: i64,
    /// Place in the change log.
    pub seq: i64,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Who; none for the clock and the console.
    pub actor: Option<String>,
    /// Number of the part that it concerns.
    pub part: Option<i64>,
    /// Kind.
    pub kind: String,
    /// The event as JSON.
    pub doc: String,
    /// Hash of its content.
    pub content_hash: Option<String>,
}

/// Appends an event.
///
/// # Errors
/// The statement failed.
pub fn insert_event(conn: &mut Conn, row: &EventRow) -> QueryResult<()> {
    diesel::insert_into(access_events::table).values(row).execute(conn).map(|_| ())
}

/// Events of a request, oldest first.
///
/// # Errors
/// The statement failed.
pub fn events_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<EventRow>> {
    access_events::table
        .filter(access_events::request_id.eq(request_id))
        .order(access_events::number)
        .select(EventRow::as_select())
        .load(conn)
}

/// Events of several requests, each one's oldest first.
///
/// # Errors
/// The statement failed.
pub fn events_of_all(conn: &mut Conn, request_ids: &[String]) -> QueryResult<Vec<EventRow>> {
    access_events::table
        .filter(access_events::request_id.eq_any(request_ids))
        .order((access_events::request_id, access_events::number))
        .select(EventRow::as_select())
        .load(conn)
}

/// The event with this place in the change log.
///
/// # Errors
/// The statement failed.
pub fn event_at(conn: &mut Conn, request_id: &str, seq: i64) -> QueryResult<Option<EventRow>> {
    access_events::table
        .filter(access_events::request_id.eq(request_id))
        .filter(access_events::seq.eq(seq))
        .select(EventRow::as_select())
        .first(conn)
        .optional()
}

/// Number of all events.
///
/// # Errors
/// The statement failed.
pub fn count_events(conn: &mut Conn) -> QueryResult<i64> {
    access_events::table.count().get_result(conn)
}
