//! Saved searches with what they have told of, and reminders.

use diesel::prelude::*;

use super::super::any_of::{any_of, in_parts};
use super::super::db::Conn;
use super::super::schema::{reminders, saved_search_hits, saved_searches};

/// A saved search.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = saved_searches)]
pub struct SavedSearchRow {
    /// Identifier.
    pub id: String,
    /// Whose it is.
    pub person_id: String,
    /// Name given by the person.
    pub name: String,
    /// Words.
    pub words: Option<String>,
    /// Filter as JSON.
    pub filter: String,
    /// Creation.
    pub created_at: i64,
}

/// Inserts a saved search.
///
/// # Errors
/// The statement failed.
pub fn insert_search(conn: &mut Conn, row: &SavedSearchRow) -> QueryResult<()> {
    diesel::insert_into(saved_searches::table).values(row).execute(conn).map(|_| ())
}

/// Saved searches of a person, oldest first.
///
/// # Errors
/// The statement failed.
pub fn searches_of(conn: &mut Conn, person_id: &str) -> QueryResult<Vec<SavedSearchRow>> {
    saved_searches::table
        .filter(saved_searches::person_id.eq(person_id))
        .order((saved_searches::created_at, saved_searches::id))
        .select(SavedSearchRow::as_select())
        .load(conn)
}

/// All saved searches.
///
/// # Errors
/// The statement failed.
pub fn all_searches(conn: &mut Conn) -> QueryResult<Vec<SavedSearchRow>> {
    saved_searches::table.order(saved_searches::id).select(SavedSearchRow::as_select()).load(conn)
}

/// Removes a saved search of a person; tells whether there was one.
///
/// # Errors
/// A statement failed.
pub fn remove_search(conn: &mut Conn, person_id: &str, id: &str) -> QueryResult<bool> {
    let own = saved_searches::table.filter(saved_searches::id.eq(id)).filter(saved_searches::person_id.eq(person_id));
    let removed = diesel::delete(own).execute(conn)? > 0;
    if removed {
        diesel::delete(saved_search_hits::table.filter(saved_search_hits::search_id.eq(id))).execute(conn)?;
    }
    Ok(removed)
}

/// Notes that a search has told of a dataset; false where it had done so before.
///
/// # Errors
/// A statement failed.
pub fn note_hit(conn: &mut Conn, search_id: &str, dataset_id: &str) -> QueryResult<bool> {
    let known: i64 = saved_search_hits::table
        .filter(saved_search_hits::search_id.eq(search_id))
        .filter(saved_search_hits::dataset_id.eq(dataset_id))
        .count()
        .get_result(conn)?;
    if known > 0 {
        return Ok(false);
    }
    let values = (saved_search_hits::search_id.eq(search_id), saved_search_hits::dataset_id.eq(dataset_id));
    diesel::insert_into(saved_search_hits::table).values(values).execute(conn).map(|_| true)
}

/// What was last told under a name: the due date told of, and when.
///
/// # Errors
/// The statement failed.
pub fn reminder(conn: &mut Conn, name: &str) -> QueryResult<Option<(String, i64)>> {
    reminders::table.filter(reminders::name.eq(name)).select((reminders::due_on, reminders::told_at)).first(conn).optional()
}

/// What was told under some names, as far as anything was: name, and what.
///
/// # Errors
/// The statement failed.
pub fn reminders(conn: &mut Conn, names: &[String]) -> QueryResult<Vec<(String, String)>> {
    in_parts(names, |names| reminders::table.filter(any_of(reminders::name, names)).select((reminders::name, reminders::due_on)).load(conn))
}

/// Notes what is told under a name. Returns whether that is new: it was not the last thing that was told.
///
/// # Errors
/// A statement failed.
pub fn note_if_new(conn: &mut Conn, name: &str, what: &str, now: i64) -> QueryResult<bool> {
    let is_new = reminder(conn, name)?.is_none_or(|(told, _)| told != what);
    if is_new {
        set_reminder(conn, name, what, now)?;
    }
    Ok(is_new)
}

/// Notes what was told under a name.
///
/// # Errors
/// A statement failed.
pub fn set_reminder(conn: &mut Conn, name: &str, due_on: &str, told_at: i64) -> QueryResult<()> {
    diesel::delete(reminders::table.filter(reminders::name.eq(name))).execute(conn)?;
    let values = (reminders::name.eq(name), reminders::due_on.eq(due_on), reminders::told_at.eq(told_at));
    diesel::insert_into(reminders::table).values(values).execute(conn).map(|_| ())
}
