//! Who has read the content of a request.

use diesel::prelude::*;

use super::super::db::Conn;
use super::super::schema::access_reads;

/// Someone read the content of a request.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_reads)]
pub struct ReadRow {
    /// Identifier.
    pub id: String,
    /// The request.
    pub request_id: String,
    /// The part under which it was read.
    pub part: Option<i64>,
    /// Who.
    pub person_id: String,
    /// Their function.
    pub function: String,
    /// What: CONTENT, or the name of a file's kind.
    pub what: String,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
}

/// Notes that someone read a content.
///
/// # Errors
/// The statement failed.
pub fn insert_read(conn: &mut Conn, row: &ReadRow) -> QueryResult<()> {
    diesel::insert_into(access_reads::table).values(row).execute(conn).map(|_| ())
}

/// Under which parts a person has read the same in some requests since an instant, in milliseconds from 1970-01-01 UTC.
///
/// # Errors
/// The statement failed.
pub fn reads_since(
    conn: &mut Conn,
    request_ids: &[String],
    person_id: &str,
    what: &str,
    since: i64,
) -> QueryResult<Vec<(String, Option<i64>)>> {
    access_reads::table
        .filter(access_reads::request_id.eq_any(request_ids))
        .filter(access_reads::person_id.eq(person_id))
        .filter(access_reads::what.eq(what))
        .filter(access_reads::at.gt(since))
        .select((access_reads::request_id, access_reads::part))
        .load(conn)
}

/// How often a request was read.
///
/// # Errors
/// The statement failed.
pub fn count_reads(conn: &mut Conn, request_id: &str) -> QueryResult<i64> {
    access_reads::table.filter(access_reads::request_id.eq(request_id)).count().get_result(conn)
}

/// Who has read a request, latest first, from a place on.
///
/// # Errors
/// The statement failed.
pub fn reads_of(conn: &mut Conn, request_id: &str, skip: i64, limit: i64) -> QueryResult<Vec<ReadRow>> {
    access_reads::table
        .filter(access_reads::request_id.eq(request_id))
        .order((access_reads::at.desc(), access_reads::id.desc()))
        .offset(skip)
        .limit(limit)
        .select(ReadRow::as_select())
        .load(conn)
}
