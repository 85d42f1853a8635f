//! Sources of other systems, their runs, and which record here came from where.

use diesel::prelude::*;

use super::any_of::any_of;
use super::db::Conn;
use super::intake_schema::{intake_problems, intake_runs, origins, sources};

/// How the content of an origin says that the record is a copy of another registry's.
const OF_COPIES: &str = "%\"isCopy\":true%";

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sources)]
#[diesel(treat_none_as_null = true)]
pub struct SourceRow {
    /// Identifier.
    pub id: String,
    /// Slug of the institution that gets the drafts.
    pub institution: String,
    /// Code of the format.
    pub kind: String,
    /// Address.
    pub url: String,
    /// 1 while it is harvested.
    pub is_active: i64,
    /// When it is harvested next; none: only when somebody asks.
    pub next_run_at: Option<i64>,
    /// Grows with every change of what people have set.
    pub revision: i64,
    /// What people have set, as JSON.
    pub doc: String,
    /// What the last runs left behind, as JSON.
    pub progress: String,
    /// Creation.
    pub created_at: i64,
    /// Last change of what people have set.
    pub updated_at: i64,
}

/// A harvest, or a file taken in.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = intake_runs)]
#[diesel(treat_none_as_null = true)]
pub struct RunRow {
    /// Identifier.
    pub id: String,
    /// The source; none for a file.
    pub source_id: Option<String>,
    /// Slug of the institution that gets the drafts.
    pub institution: String,
    /// Code of the outcome.
    pub outcome: String,
    /// Begin.
    pub started_at: i64,
    /// End; none while it goes on.
    pub ended_at: Option<i64>,
    /// Counts and place, as JSON.
    pub doc: String,
}

/// Something that kept a record from being taken.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = intake_problems)]
pub struct ProblemRow {
    /// The run.
    pub run_id: String,
    /// Place in the report, from 1.
    pub number: i64,
    /// The record, as the other system calls it; empty for the source as a whole.
    pub record: String,
    /// Field.
    pub field: String,
    /// Value found.
    pub value: String,
    /// What is wrong and how to mend it.
    pub remedy: String,
}

/// Where a record came from.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = origins)]
#[diesel(treat_none_as_null = true)]
pub struct OriginRow {
    /// The source, or the files of an institution.
    pub place: String,
    /// The record within it.
    pub record_key: String,
    /// The record here.
    pub dataset_id: String,
    /// Slug of the institution.
    pub institution: String,
    /// The run that saw it last.
    pub last_run: String,
    /// When it was found to be gone.
    pub gone_at: Option<i64>,
    /// Hash of what was read.
    pub original: Option<String>,
    /// What was read from it, as JSON.
    pub doc: String,
    /// Last change of this row.
    pub updated_at: i64,
}

/// Inserts a source.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &SourceRow) -> QueryResult<()> {
    diesel::insert_into(sources::table).values(row).execute(conn).map(|_| ())
}

/// Replaces a source's row.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &SourceRow) -> QueryResult<()> {
    diesel::update(sources::table.filter(sources::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// Removes a source. What came from it stays, with its origin.
///
/// # Errors
/// The statement failed.
pub fn remove(conn: &mut Conn, id: &str) -> QueryResult<()> {
    diesel::delete(sources::table.filter(sources::id.eq(id))).execute(conn).map(|_| ())
}

/// The source with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<SourceRow>> {
    sources::table.filter(sources::id.eq(id)).select(SourceRow::as_select()).first(conn).optional()
}

/// Sources of institutions, or all, oldest first.
///
/// # Errors
/// The statement failed.
pub fn list(conn: &mut Conn, institutions: Option<&[String]>) -> QueryResult<Vec<SourceRow>> {
    let mut query = sources::table.select(SourceRow::as_select()).order((sources::created_at, sources::id)).into_boxed();
    if let Some(slugs) = institutions {
        query = query.filter(sources::institution.eq_any(slugs));
    }
    query.load(conn)
}

/// Sources that are due, the longest waiting first.
///
/// # Errors
/// The statement failed.
pub fn due(conn: &mut Conn, now: i64, limit: i64) -> QueryResult<Vec<SourceRow>> {
    sources::table
        .filter(sources::is_active.eq(1))
        .filter(sources::next_run_at.le(now))
        .order((sources::next_run_at, sources::id))
        .limit(limit)
        .select(SourceRow::as_select())
        .load(conn)
}

/// Notes what a run left behind, and when the source is due again; what people have set stays as it is.
///
/// # Errors
/// The statement failed.
pub fn note_progress(conn: &mut Conn, id: &str, progress: &str, next_run_at: Option<i64>) -> QueryResult<()> {
    let values = (sources::progress.eq(progress), sources::next_run_at.eq(next_run_at));
    diesel::update(sources::table.filter(sources::id.eq(id))).set(values).execute(conn).map(|_| ())
}

/// Puts a source off, where it is due at the same time still.
///
/// # Errors
/// The statement failed.
pub fn put_off(conn: &mut Conn, id: &str, at: Option<i64>, next: Option<i64>) -> QueryResult<()> {
    let same = sources::table.filter(sources::id.eq(id));
    match at {
        Some(at) => diesel::update(same.filter(sources::next_run_at.eq(at))).set(sources::next_run_at.eq(next)).execute(conn).map(|_| ()),
        None => Ok(()),
    }
}

/// Inserts a run.
///
/// # Errors
/// The statement failed.
pub fn insert_run(conn: &mut Conn, row: &RunRow) -> QueryResult<()> {
    diesel::insert_into(intake_runs::table).values(row).execute(conn).map(|_| ())
}

/// Replaces a run's row.
///
/// # Errors
/// The statement failed.
pub fn update_run(conn: &mut Conn, row: &RunRow) -> QueryResult<()> {
    diesel::update(intake_runs::table.filter(intake_runs::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The run with this identifier.
///
/// # Errors
/// The statement failed.
pub fn run_by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<RunRow>> {
    intake_runs::table.filter(intake_runs::id.eq(id)).select(RunRow::as_select()).first(conn).optional()
}

/// A run of a source that has not ended.
///
/// # Errors
/// The statement failed.
pub fn open_run(conn: &mut Conn, source: &str) -> QueryResult<Option<RunRow>> {
    intake_runs::table
        .filter(intake_runs::source_id.eq(source))
        .filter(intake_runs::ended_at.is_null())
        .order(intake_runs::started_at.desc())
        .select(RunRow::as_select())
        .first(conn)
        .optional()
}

/// Runs of a source, newest first.
///
/// # Errors
/// The statement failed.
pub fn runs_of_source(conn: &mut Conn, source: &str, limit: i64) -> QueryResult<Vec<RunRow>> {
    intake_runs::table
        .filter(intake_runs::source_id.eq(source))
        .order((intake_runs::started_at.desc(), intake_runs::id.desc()))
        .limit(limit)
        .select(RunRow::as_select())
        .load(conn)
}

/// Runs of institutions, or all, newest first; before a run's begin and identifier, where given.
///
/// # Errors
/// The statement failed.
pub fn runs(conn: &mut Conn, institutions: Option<&[String]>, before: Option<(i64, &str)>, limit: i64) -> QueryResult<Vec<RunRow>> {
    let mut query = intake_runs::table
        .select(RunRow::as_select())
        .order((intake_runs::started_at.desc(), intake_runs::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some(slugs) = institutions {
        query = query.filter(intake_runs::institution.eq_any(slugs));
    }
    if let Some((at, id)) = before {
        let earlier = intake_runs::started_at.lt(at);
        query = query.filter(earlier.or(intake_runs::started_at.eq(at).and(intake_runs::id.lt(id.to_owned()))));
    }
    query.load(conn)
}

/// Adds lines to the report of a run.
///
/// # Errors
/// The statement failed.
pub fn add_problems(conn: &mut Conn, rows: &[ProblemRow]) -> QueryResult<()> {
    rows.iter().try_for_each(|row| diesel::insert_into(intake_problems::table).values(row).execute(conn).map(|_| ()))
}

/// Lines of the report of a run after a place, in their order.
///
/// # Errors
/// The statement failed.
pub fn problems(conn: &mut Conn, run: &str, after: i64, limit: i64) -> QueryResult<Vec<ProblemRow>> {
    intake_problems::table
        .filter(intake_problems::run_id.eq(run))
        .filter(intake_problems::number.gt(after))
        .order(intake_problems::number)
        .limit(limit)
        .select(ProblemRow::as_select())
        .load(conn)
}

/// Number of lines of the report of a run.
///
/// # Errors
/// The statement failed.
pub fn count_problems(conn: &mut Conn, run: &str) -> QueryResult<i64> {
    intake_problems::table.filter(intake_problems::run_id.eq(run)).count().get_result(conn)
}

/// Origins in a place, by key.
///
/// # Errors
/// The statement failed.
pub fn origins(conn: &mut Conn, place: &str, keys: &[String]) -> QueryResult<Vec<OriginRow>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    origins::table.filter(origins::place.eq(place)).filter(any_of(origins::record_key, keys)).select(OriginRow::as_select()).load(conn)
}

/// Origins of records, the one last written first.
///
/// # Errors
/// The statement failed.
pub fn origins_of(conn: &mut Conn, dataset_ids: &[String]) -> QueryResult<Vec<OriginRow>> {
    if dataset_ids.is_empty() {
        return Ok(Vec::new());
    }
    origins::table
        .filter(any_of(origins::dataset_id, dataset_ids))
        .order((origins::updated_at.desc(), origins::place, origins::record_key))
        .select(OriginRow::as_select())
        .load(conn)
}

/// Inserts an origin.
///
/// # Errors
/// The statement failed.
pub fn insert_origin(conn: &mut Conn, row: &OriginRow) -> QueryResult<()> {
    diesel::insert_into(origins::table).values(row).execute(conn).map(|_| ())
}

/// Replaces an origin's row.
///
/// # Errors
/// The statement failed.
pub fn update_origin(conn: &mut Conn, row: &OriginRow) -> QueryResult<()> {
    let one = origins::table.filter(origins::place.eq(&row.place)).filter(origins::record_key.eq(&row.record_key));
    diesel::update(one).set(row).execute(conn).map(|_| ())
}

/// Notes that a run has seen these records.
///
/// # Errors
/// The statement failed.
pub fn mark_seen(conn: &mut Conn, place: &str, keys: &[String], run: &str) -> QueryResult<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let some = origins::table.filter(origins::place.eq(place)).filter(any_of(origins::record_key, keys));
    diesel::update(some).set(origins::last_run.eq(run)).execute(conn).map(|_| ())
}

/// Marks the records of a place that came from one document as seen. Returns how many there are.
///
/// # Errors
/// The statement failed.
pub fn mark_seen_from(conn: &mut Conn, place: &str, original: &str, run: &str) -> QueryResult<i64> {
    let some = origins::table.filter(origins::place.eq(place)).filter(origins::original.eq(original)).filter(origins::gone_at.is_null());
    let seen = diesel::update(some).set(origins::last_run.eq(run)).execute(conn)?;
    Ok(i64::try_from(seen).unwrap_or(i64::MAX))
}

/// Number of records of a place that are there and came from one document.
///
/// # Errors
/// The statement failed.
pub fn count_from(conn: &mut Conn, place: &str, original: &str) -> QueryResult<i64> {
    let some = origins::table.filter(origins::place.eq(place)).filter(origins::original.eq(original));
    some.filter(origins::gone_at.is_null()).count().get_result(conn)
}

/// Numbers of records of a place that are there, and of those that a run has not seen.
///
/// # Errors
/// A statement failed.
pub fn count_unseen(conn: &mut Conn, place: &str, run: &str) -> QueryResult<(i64, i64)> {
    let present = || origins::table.filter(origins::place.eq(place)).filter(origins::gone_at.is_null());
    let all = present().count().get_result(conn)?;
    let unseen = present().filter(origins::last_run.ne(run)).count().get_result(conn)?;
    Ok((all, unseen))
}

/// Records of a place that are there and that a run has not seen, in the order of their keys.
///
/// # Errors
/// The statement failed.
pub fn unseen(conn: &mut Conn, place: &str, run: &str, limit: i64) -> QueryResult<Vec<OriginRow>> {
    origins::table
        .filter(origins::place.eq(place))
        .filter(origins::gone_at.is_null())
        .filter(origins::last_run.ne(run))
        .order(origins::record_key)
        .limit(limit)
        .select(OriginRow::as_select())
        .load(conn)
}

/// Copies of another registry's records that a place has brought and that are there, in the order of their keys.
///
/// # Errors
/// The statement failed.
pub fn copies(conn: &mut Conn, place: &str, limit: i64) -> QueryResult<Vec<OriginRow>> {
    origins::table
        .filter(origins::place.eq(place))
        .filter(origins::gone_at.is_null())
        .filter(origins::doc.like(OF_COPIES))
        .order(origins::record_key)
        .limit(limit)
        .select(OriginRow::as_select())
        .load(conn)
}

/// Number of copies of another registry's records that a place has brought and that are there.
///
/// # Errors
/// The statement failed.
pub fn count_copies(conn: &mut Conn, place: &str) -> QueryResult<i64> {
    let present = origins::table.filter(origins::place.eq(place)).filter(origins::gone_at.is_null());
    present.filter(origins::doc.like(OF_COPIES)).count().get_result(conn)
}

/// Origins of a place whose content has a list of this name, after a key, in the order of their keys.
///
/// # Errors
/// The statement failed.
pub fn waiting(conn: &mut Conn, place: &str, list: &str, after: &str, limit: i64) -> QueryResult<Vec<OriginRow>> {
    origins::table
        .filter(origins::place.eq(place))
        .filter(origins::gone_at.is_null())
        .filter(origins::doc.like(format!("%\"content\":{{\"{list}\":[%")))
        .filter(origins::record_key.gt(after))
        .order(origins::record_key)
        .limit(limit)
        .select(OriginRow::as_select())
        .load(conn)
}

/// Flags a record as gone, or as there again.
///
/// # Errors
/// The statement failed.
pub fn set_gone(conn: &mut Conn, place: &str, key: &str, gone_at: Option<i64>) -> QueryResult<()> {
    let one = origins::table.filter(origins::place.eq(place)).filter(origins::record_key.eq(key));
    diesel::update(one).set(origins::gone_at.eq(gone_at)).execute(conn).map(|_| ())
}

/// Records of a place that are gone, in the order of their keys.
///
/// # Errors
/// The statement failed.
pub fn gone(conn: &mut Conn, place: &str, limit: i64) -> QueryResult<Vec<OriginRow>> {
    origins::table
        .filter(origins::place.eq(place))
        .filter(origins::gone_at.is_not_null())
        .order(origins::record_key)
        .limit(limit)
        .select(OriginRow::as_select())
        .load(conn)
}
