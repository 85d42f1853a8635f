//! Frozen copies of reports.

use diesel::prelude::*;

use super::changes;
use super::db::Conn;
use super::register_schema::{report_files, reports};

/// A report that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reports)]
pub struct ReportRow {
    /// Identifier.
    pub id: String,
    /// Place in the order in which they were made.
    pub number: i64,
    /// Code of the kind.
    pub kind: String,
    /// Code of the country.
    pub country: String,
    /// Cut-off date, YYYY-MM-DD.
    pub until_on: String,
    /// Day of the previous review.
    pub previous_on: Option<String>,
    /// The edition as it was asked for.
    pub edition: String,
    /// Code of the records that enter the body.
    pub records: String,
    /// Language.
    pub language: String,
    /// Title.
    pub title: String,
    /// Place in the change log of what the report knows; 0 where the log begins later.
    pub seq: i64,
    /// Hash of that place; empty where there is none.
    pub chain_hash: String,
    /// Function of who had it made.
    pub made_by: String,
    /// When, milliseconds from 1970-01-01 UTC.
    pub made_at: i64,
}

/// A file of a report, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = report_files)]
pub struct ReportFileRow {
    /// The report.
    pub report_id: String,
    /// Code of the format.
    pub format: String,
    /// SHA-256 of the content, in hexadecimal digits.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
}

/// Keeps a report.
///
/// # Errors
/// A statement failed.
pub fn insert(conn: &mut Conn, row: &ReportRow, files: &[(String, String, Vec<u8>)]) -> QueryResult<()> {
    diesel::insert_into(reports::table).values(row).execute(conn)?;
    for (format, sha256, content) in files {
        let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
        diesel::insert_into(report_files::table)
            .values((
                report_files::report_id.eq(&row.id),
                report_files::format.eq(format),
                report_files::sha256.eq(sha256),
                report_files::size.eq(size),
                report_files::content.eq(content),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The report with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<ReportRow>> {
    reports::table.filter(reports::id.eq(id)).select(ReportRow::as_select()).first(conn).optional()
}

/// All reports, the last made first.
///
/// # Errors
/// The statement failed.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<ReportRow>> {
    reports::table.order(reports::number.desc()).select(ReportRow::as_select()).load(conn)
}

/// Files of these reports.
///
/// # Errors
/// The statement failed.
pub fn files_of(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<ReportFileRow>> {
    report_files::table
        .filter(report_files::report_id.eq_any(ids.to_vec()))
        .order((report_files::report_id, report_files::format))
        .select(ReportFileRow::as_select())
        .load(conn)
}

/// Content of a file.
///
/// # Errors
/// The statement failed.
pub fn content(conn: &mut Conn, id: &str, format: &str) -> QueryResult<Option<Vec<u8>>> {
    report_files::table
        .filter(report_files::report_id.eq(id))
        .filter(report_files::format.eq(format))
        .select(report_files::content)
        .first(conn)
        .optional()
}

/// Files with this hash.
///
/// # Errors
/// The statement failed.
pub fn with_hash(conn: &mut Conn, sha256: &str) -> QueryResult<Vec<ReportFileRow>> {
    report_files::table.filter(report_files::sha256.eq(sha256)).select(ReportFileRow::as_select()).load(conn)
}

/// Whether the change log still has this hash at this place.
///
/// # Errors
/// The statement failed.
pub fn log_agrees(conn: &mut Conn, seq: i64, hash: &str) -> QueryResult<bool> {
    Ok(changes::hash_at(conn, seq)?.is_some_and(|known| known == hash))
}
