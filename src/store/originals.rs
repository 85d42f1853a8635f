//! What was read from other systems, as it came, a part at a time: a large file is never held whole on its way in or out.

use diesel::prelude::*;

use super::Conn;
use super::intake_schema::{original_parts, originals, origins};

/// What was read, as it came: what is said of it, and its first part.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = originals)]
pub struct OriginalRow {
    /// SHA-256 of the bytes, before compression.
    pub hash: String,
    /// Media type, as far as it is known.
    pub media_type: String,
    /// Length before compression, in bytes.
    pub size: i64,
    /// The bytes, compressed by gzip; of a long one, the first of them.
    pub bytes: Vec<u8>,
    /// When it was read first.
    pub created_at: i64,
}

/// What follows the first part.
#[derive(Clone, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = original_parts)]
pub struct PartRow {
    /// SHA-256 of the whole, before compression.
    pub hash: String,
    /// Its place among the parts, from 1 on.
    pub part: i64,
    /// The bytes that follow those of the parts before it.
    pub bytes: Vec<u8>,
}

/// Whether it is kept already.
///
/// # Errors
/// The statement failed.
pub fn is_kept(conn: &mut Conn, hash: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(originals::table.filter(originals::hash.eq(hash)))).get_result(conn)
}

/// Begins to keep one.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &OriginalRow) -> QueryResult<()> {
    diesel::insert_into(originals::table).values(row).execute(conn).map(|_| ())
}

/// Keeps the next part of one.
///
/// # Errors
/// The statement failed.
pub fn insert_part(conn: &mut Conn, row: &PartRow) -> QueryResult<()> {
    diesel::insert_into(original_parts::table).values(row).execute(conn).map(|_| ())
}

/// Whether a record of an institution came from what has this hash.
///
/// # Errors
/// The statement failed.
pub fn is_of(conn: &mut Conn, institution: &str, hash: &str) -> QueryResult<bool> {
    let some = origins::table.filter(origins::original.eq(hash)).filter(origins::institution.eq(institution));
    diesel::select(diesel::dsl::exists(some)).get_result(conn)
}

/// What was read, by its hash.
///
/// # Errors
/// The statement failed.
pub fn by_hash(conn: &mut Conn, hash: &str) -> QueryResult<Option<OriginalRow>> {
    originals::table.filter(originals::hash.eq(hash)).select(OriginalRow::as_select()).first(conn).optional()
}

/// A part of what was read, from 1 on; none after the last.
///
/// # Errors
/// The statement failed.
pub fn part(conn: &mut Conn, hash: &str, part: i64) -> QueryResult<Option<Vec<u8>>> {
    original_parts::table.find((hash, part)).select(original_parts::bytes).first(conn).optional()
}

/// Throws away what no record came from any more.
///
/// # Errors
/// A statement failed.
pub fn sweep(conn: &mut Conn, before: i64) -> QueryResult<usize> {
    let used = diesel::dsl::exists(origins::table.filter(origins::original.eq(originals::hash.nullable())));
    let swept = diesel::delete(originals::table.filter(originals::created_at.lt(before)).filter(diesel::dsl::not(used))).execute(conn)?;
    let begun = diesel::dsl::exists(originals::table.filter(originals::hash.eq(original_parts::hash)));
    diesel::delete(original_parts::table.filter(diesel::dsl::not(begun))).execute(conn)?;
    Ok(swept)
}

diesel::allow_tables_to_appear_in_same_query!(originals, origins, original_parts);
