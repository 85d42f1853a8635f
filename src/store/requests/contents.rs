//! Texts and personal data of events, kept apart so that they can be erased: the events hold their hashes only.

use diesel::prelude::*;

use super::super::db::Conn;
use super::super::schema::access_contents;
use super::stop_awaiting_all;

/// Text or personal data of an event.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_contents)]
pub struct ContentRow {
    /// SHA-256 of salt and text.
    pub hash: String,
    /// The request.
    pub request_id: String,
    /// Salt, so that the hash of a short text tells nothing once it is erased.
    pub salt: String,
    /// The text as JSON; empty once erased.
    pub doc: String,
    /// When it was written, milliseconds from 1970-01-01 UTC.
    pub created_at: i64,
    /// When it was erased, milliseconds from 1970-01-01 UTC.
    pub erased_at: Option<i64>,
}

/// Keeps a text.
///
/// # Errors
/// The statement failed.
pub fn insert_content(conn: &mut Conn, row: &ContentRow) -> QueryResult<()> {
    diesel::insert_into(access_contents::table).values(row).execute(conn).map(|_| ())
}

/// One text; none where there is none, or it was erased.
///
/// # Errors
/// The statement failed.
pub fn content(conn: &mut Conn, hash: &str) -> QueryResult<Option<ContentRow>> {
    access_contents::table
        .filter(access_contents::hash.eq(hash))
        .filter(access_contents::erased_at.is_null())
        .select(ContentRow::as_select())
        .first(conn)
        .optional()
}

/// Texts that were not erased, in no order.
///
/// # Errors
/// The statement failed.
pub fn contents(conn: &mut Conn, hashes: &[String]) -> QueryResult<Vec<ContentRow>> {
    access_contents::table
        .filter(access_contents::hash.eq_any(hashes))
        .filter(access_contents::erased_at.is_null())
        .select(ContentRow::as_select())
        .load(conn)
}

/// A text, also where it was erased and only its row is left; none where there never was one.
///
/// # Errors
/// The statement failed.
pub fn content_kept_or_not(conn: &mut Conn, hash: &str) -> QueryResult<Option<ContentRow>> {
    access_contents::table.filter(access_contents::hash.eq(hash)).select(ContentRow::as_select()).first(conn).optional()
}

/// All texts of a request.
///
/// # Errors
/// The statement failed.
pub fn contents_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<ContentRow>> {
    access_contents::table.filter(access_contents::request_id.eq(request_id)).select(ContentRow::as_select()).load(conn)
}

/// Texts of several requests that were not erased.
///
/// # Errors
/// The statement failed.
pub fn contents_of_all(conn: &mut Conn, request_ids: &[String]) -> QueryResult<Vec<ContentRow>> {
    access_contents::table
        .filter(access_contents::request_id.eq_any(request_ids))
        .filter(access_contents::erased_at.is_null())
        .select(ContentRow::as_select())
        .load(conn)
}

/// Erases single texts; their hashes stay in the events.
///
/// # Errors
/// The statement failed.
pub fn erase_contents(conn: &mut Conn, hashes: &[String], now: i64) -> QueryResult<()> {
    diesel::update(access_contents::table.filter(access_contents::hash.eq_any(hashes)).filter(access_contents::erased_at.is_null()))
        .set((access_contents::doc.eq(""), access_contents::salt.eq(""), access_contents::erased_at.eq(Some(now))))
        .execute(conn)
        .map(|_| ())
}

/// Erases all texts of a request; their hashes stay in the events.
///
/// # Errors
/// A statement failed.
pub fn erase(conn: &mut Conn, request_id: &str, now: i64) -> QueryResult<usize> {
    stop_awaiting_all(conn, request_id)?;
    diesel::update(access_contents::table.filter(access_contents::request_id.eq(request_id)).filter(access_contents::erased_at.is_null()))
        .set((access_contents::doc.eq(""), access_contents::salt.eq(""), access_contents::erased_at.eq(Some(now))))
        .execute(conn)
}
