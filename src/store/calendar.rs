//! What institutions registered in the calendar, and every change of a date.

use diesel::prelude::*;

use super::any_of::{any_of, in_parts};
use super::db::Conn;
use super::schema::{calendar_events, calendar_postponements, datasets};
use crate::domain::vocabulary::{CalendarKind, CalendarState, Vocabulary};

/// A registered entry.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = calendar_events)]
#[diesel(treat_none_as_null = true)]
pub struct EventRow {
    /// Identifier.
    pub id: String,
    /// Place in the order of registration.
    pub number: i64,
    /// Code of the kind.
    pub kind: String,
    /// Slug of the institution that registered it.
    pub institution: String,
    /// What it is about.
    pub dataset_id: Option<String>,
    /// Code of the state.
    pub state: String,
    /// First day of the dates that count, from 1970-01-01.
    pub first_day: i64,
    /// Last day of the dates that count.
    pub last_day: i64,
    /// Grows with every write.
    pub revision: i64,
    /// The entry as JSON.
    pub doc: String,
    /// Who registered it.
    pub created_by: String,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
}

/// A change of the date of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_postponements)]
pub struct PostponementRow {
    /// The entry.
    pub event_id: String,
    /// Place in the order of the changes.
    pub position: i64,
    /// Dates before, as JSON.
    pub planned_before: String,
    /// Dates since, as JSON.
    pub planned_after: String,
    /// Why, as JSON.
    pub reason: String,
    /// Slug of the institution.
    pub institution: String,
    /// Function of the person.
    pub function: String,
    /// When.
    pub at: i64,
}

/// Inserts an entry.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &EventRow) -> QueryResult<()> {
    diesel::insert_into(calendar_events::table).values(row).execute(conn).map(|_| ())
}

/// Writes an entry.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &EventRow) -> QueryResult<()> {
    diesel::update(calendar_events::table.filter(calendar_events::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The entry with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<EventRow>> {
    calendar_events::table.filter(calendar_events::id.eq(id)).select(EventRow::as_select()).first(conn).optional()
}

/// Entries whose days touch a window, by their first day.
///
/// # Errors
/// The statement failed.
pub fn between(conn: &mut Conn, from: i64, to: i64, limit: i64) -> QueryResult<Vec<EventRow>> {
    calendar_events::table
        .filter(calendar_events::first_day.le(to))
        .filter(calendar_events::last_day.ge(from))
        .order((calendar_events::first_day, calendar_events::number))
        .limit(limit)
        .select(EventRow::as_select())
        .load(conn)
}

/// Entries about these datasets, by their first day.
///
/// # Errors
/// The statement failed.
pub fn of_datasets(conn: &mut Conn, dataset_ids: &[String]) -> QueryResult<Vec<EventRow>> {
    let mut rows = in_parts(dataset_ids, |ids| {
        calendar_events::table
            .filter(calendar_events::dataset_id.is_not_null())
            .filter(any_of(calendar_events::dataset_id.assume_not_null(), ids))
            .select(EventRow::as_select())
            .load(conn)
    })?;
    rows.sort_by_key(|row| (row.first_day, row.number));
    Ok(rows)
}

/// A collection that the producer of its dataset registered: dataset, code of the state, first and last day.
pub type CollectionRow = (Option<String>, String, i64, i64);

/// Collections of some datasets that their producers registered.
///
/// # Errors
/// The statement failed.
pub fn collections_of(conn: &mut Conn, dataset_ids: &[String]) -> QueryResult<Vec<CollectionRow>> {
    in_parts(dataset_ids, |ids| {
        calendar_events::table
            .inner_join(datasets::table.on(calendar_events::dataset_id.eq(datasets::id.nullable())))
            .filter(calendar_events::kind.eq(CalendarKind::Collection.code()))
            .filter(any_of(datasets::id, ids))
            .filter(datasets::producer.eq(calendar_events::institution.nullable()))
            .select((calendar_events::dataset_id, calendar_events::state, calendar_events::first_day, calendar_events::last_day))
            .load(conn)
    })
}

/// Datasets of which collections are registered, each with the codes of their states.
///
/// # Errors
/// The statement failed.
pub fn with_collections(conn: &mut Conn) -> QueryResult<Vec<(Option<String>, String)>> {
    calendar_events::table
        .filter(calendar_events::kind.eq(CalendarKind::Collection.code()))
        .filter(calendar_events::dataset_id.is_not_null())
        .distinct()
        .select((calendar_events::dataset_id, calendar_events::state))
        .load(conn)
}

/// Of some entries those that are collections of datasets: dataset and code of the state.
///
/// # Errors
/// The statement failed.
pub fn collections_among(conn: &mut Conn, entry_ids: &[String]) -> QueryResult<Vec<(Option<String>, String)>> {
    in_parts(entry_ids, |ids| {
        calendar_events::table
            .filter(any_of(calendar_events::id, ids))
            .filter(calendar_events::kind.eq(CalendarKind::Collection.code()))
            .filter(calendar_events::dataset_id.is_not_null())
            .select((calendar_events::dataset_id, calendar_events::state))
            .load(conn)
    })
}

/// Datasets whose producers registered a collection that is neither done nor given up and ends on a day or after, each once.
///
/// # Errors
/// The statement failed.
pub fn ahead(conn: &mut Conn, today: i64) -> QueryResult<Vec<String>> {
    let states = [CalendarState::Planned, CalendarState::Postponed].map(|state| state.code());
    calendar_events::table
        .inner_join(datasets::table.on(calendar_events::dataset_id.eq(datasets::id.nullable())))
        .filter(calendar_events::kind.eq(CalendarKind::Collection.code()))
        .filter(calendar_events::state.eq_any(states))
        .filter(calendar_events::last_day.ge(today))
        .filter(datasets::producer.eq(calendar_events::institution.nullable()))
        .distinct()
        .select(datasets::id)
        .load(conn)
}

/// Number of entries about a dataset.
///
/// # Errors
/// The statement failed.
pub fn count_of_dataset(conn: &mut Conn, dataset_id: &str) -> QueryResult<i64> {
    calendar_events::table.filter(calendar_events::dataset_id.eq(dataset_id)).count().get_result(conn)
}

/// Number of entries of an institution that are about no dataset.
///
/// # Errors
/// The statement failed.
pub fn count_meetings(conn: &mut Conn, institution: &str) -> QueryResult<i64> {
    calendar_events::table
        .filter(calendar_events::institution.eq(institution))
        .filter(calendar_events::dataset_id.is_null())
        .count()
        .get_result(conn)
}

/// Notes a change of a date.
///
/// # Errors
/// The statement failed.
pub fn postpone(conn: &mut Conn, row: &PostponementRow) -> QueryResult<()> {
    diesel::insert_into(calendar_postponements::table).values(row).execute(conn).map(|_| ())
}

/// Changes of the dates of these entries, oldest first.
///
/// # Errors
/// The statement failed.
pub fn postponements(conn: &mut Conn, event_ids: &[String]) -> QueryResult<Vec<PostponementRow>> {
    in_parts(event_ids, |ids| {
        calendar_postponements::table
            .filter(any_of(calendar_postponements::event_id, ids))
            .order((calendar_postponements::event_id, calendar_postponements::position))
            .select(PostponementRow::as_select())
            .load(conn)
    })
}
