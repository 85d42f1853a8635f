//! Entries of the registers, what they are about, who supports them; discussions.

use diesel::prelude::*;

use super::db::Conn;
use super::register_schema::{comments, register_entries, register_keys, register_links, register_supports};

/// Most values of one statement.
const MOST_VALUES: usize = 5_000;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = register_entries)]
#[diesel(treat_none_as_null = true)]
pub struct EntryRow {
    /// Identifier.
    pub id: String,
    /// Place in the order of registration.
    pub number: i64,
    /// Code of the kind.
    pub kind: String,
    /// Code of the state.
    pub state: String,
    /// PUBLIC or MEMBERS.
    pub visibility: String,
    /// Slug of the institution in whose name it speaks.
    pub institution: Option<String>,
    /// Grows with every write.
    pub revision: i64,
    /// The entry as JSON.
    pub doc: String,
    /// Who made it.
    pub created_by: String,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = register_links)]
pub struct LinkRow {
    /// The entry.
    pub entry_id: String,
    /// DATASET or INSTITUTION.
    pub kind: String,
    /// Identifier or slug.
    pub target: String,
}

/// Somebody's support of a request.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = register_supports)]
pub struct SupportRow {
    /// The entry.
    pub entry_id: String,
    /// Who supports it.
    pub person_id: String,
    /// In whose name, where it is an institution's support.
    pub institution: Option<String>,
    /// When.
    pub at: i64,
}

/// A comment in a discussion.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = comments)]
#[diesel(treat_none_as_null = true)]
pub struct CommentRow {
    /// Identifier.
    pub id: String,
    /// Place in the order of writing.
    pub number: i64,
    /// DATASET or ENTRY.
    pub subject_kind: String,
    /// What is discussed.
    pub subject_id: String,
    /// Institution of the author; none where they speak for themselves.
    pub institution: Option<String>,
    /// Who wrote it.
    pub person_id: String,
    /// Function of that person at the time.
    pub function: String,
    /// The words; empty where they were taken back.
    pub body: String,
    /// Slugs of the institutions that are spoken to, separated by blanks.
    pub mentions: String,
    /// When it was written.
    pub created_at: i64,
    /// When it was taken back.
    pub withdrawn_at: Option<i64>,
}

/// Inserts an entry.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &EntryRow) -> QueryResult<()> {
    diesel::insert_into(register_entries::table).values(row).execute(conn).map(|_| ())
}

/// Writes an entry.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &EntryRow) -> QueryResult<()> {
    diesel::update(register_entries::table.filter(register_entries::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The entry with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<EntryRow>> {
    register_entries::table.filter(register_entries::id.eq(id)).select(EntryRow::as_select()).first(conn).optional()
}

/// Entries of these kinds and states, or of all where none are named, newest first.
///
/// # Errors
/// The statement failed.
pub fn all(conn: &mut Conn, kinds: &[String], states: &[String]) -> QueryResult<Vec<EntryRow>> {
    let mut query = register_entries::table.into_boxed();
    if !kinds.is_empty() {
        query = query.filter(register_entries::kind.eq_any(kinds.to_vec()));
    }
    if !states.is_empty() {
        query = query.filter(register_entries::state.eq_any(states.to_vec()));
    }
    query.order(register_entries::number.desc()).select(EntryRow::as_select()).load(conn)
}

/// Entries that are about any of these targets, newest first.
///
/// # Errors
/// The statement failed.
pub fn about(conn: &mut Conn, kind: &str, targets: &[String]) -> QueryResult<Vec<EntryRow>> {
    let ids = register_links::table
        .filter(register_links::kind.eq(kind.to_owned()))
        .filter(register_links::target.eq_any(targets.to_vec()))
        .select(register_links::entry_id);
    register_entries::table
        .filter(register_entries::id.eq_any(ids))
        .order(register_entries::number.desc())
        .select(EntryRow::as_select())
        .load(conn)
}

/// Number of entries of a kind that a person made and that are open.
///
/// # Errors
/// The statement failed.
pub fn live_of(conn: &mut Conn, kind: &str, person: &str) -> QueryResult<i64> {
    register_entries::table
        .filter(register_entries::kind.eq(kind))
        .filter(register_entries::created_by.eq(person))
        .filter(register_entries::state.eq_any(["OPEN", "DECLINED", "COMMITTED"]))
        .count()
        .get_result(conn)
}

/// Puts what an entry is about in place.
///
/// # Errors
/// A statement failed.
pub fn replace_links(conn: &mut Conn, entry_id: &str, rows: &[LinkRow]) -> QueryResult<()> {
    diesel::delete(register_links::table.filter(register_links::entry_id.eq(entry_id))).execute(conn)?;
    let mut seen: Vec<&LinkRow> = Vec::new();
    for row in rows {
        if !seen.contains(&row) {
            diesel::insert_into(register_links::table).values(row).execute(conn)?;
            seen.push(row);
        }
    }
    Ok(())
}

/// The entry that has this key among those of a kind.
///
/// # Errors
/// The statement failed.
pub fn keyed(conn: &mut Conn, kind: &str, target: &str) -> QueryResult<Option<EntryRow>> {
    let ids = register_keys::table
        .filter(register_keys::kind.eq(kind.to_owned()))
        .filter(register_keys::target.eq(target.to_owned()))
        .select(register_keys::entry_id);
    register_entries::table.filter(register_entries::id.eq_any(ids)).select(EntryRow::as_select()).first(conn).optional()
}

/// Gives an entry a key of its kind; false where another has it.
///
/// # Errors
/// The statement failed.
pub fn take_key(conn: &mut Conn, kind: &str, target: &str, entry_id: &str) -> QueryResult<bool> {
    if keyed(conn, kind, target)?.is_some() {
        return Ok(false);
    }
    let values = (register_keys::kind.eq(kind), register_keys::target.eq(target), register_keys::entry_id.eq(entry_id));
    diesel::insert_into(register_keys::table).values(values).execute(conn)?;
    Ok(true)
}

/// Frees the keys of an entry.
///
/// # Errors
/// The statement failed.
pub fn free_keys(conn: &mut Conn, entry_id: &str) -> QueryResult<()> {
    diesel::delete(register_keys::table.filter(register_keys::entry_id.eq(entry_id))).execute(conn).map(|_| ())
}

/// Supports a request; nothing happens where the person does already.
///
/// # Errors
/// The statement failed.
pub fn support(conn: &mut Conn, row: &SupportRow) -> QueryResult<bool> {
    let known = register_supports::table
        .filter(register_supports::entry_id.eq(&row.entry_id))
        .filter(register_supports::person_id.eq(&row.person_id))
        .count()
        .get_result::<i64>(conn)?;
    if known == 0 {
        diesel::insert_into(register_supports::table).values(row).execute(conn)?;
    }
    Ok(known == 0)
}

/// Who supports these entries, oldest first.
///
/// # Errors
/// The statement failed.
pub fn supports(conn: &mut Conn, entry_ids: &[String]) -> QueryResult<Vec<SupportRow>> {
    let mut found = Vec::new();
    // A statement takes so many values and no more.
    for some in entry_ids.chunks(MOST_VALUES).chain(entry_ids.is_empty().then_some(&[] as &[String])) {
        found.extend(
            register_supports::table
                .filter(register_supports::entry_id.eq_any(some.to_vec()))
                .order((register_supports::at, register_supports::person_id))
                .select(SupportRow::as_select())
                .load::<SupportRow>(conn)?,
        );
    }
    Ok(found)
}

/// Inserts a comment.
///
/// # Errors
/// The statement failed.
pub fn insert_comment(conn: &mut Conn, row: &CommentRow) -> QueryResult<()> {
    diesel::insert_into(comments::table).values(row).execute(conn).map(|_| ())
}

/// Writes a comment.
///
/// # Errors
/// The statement failed.
pub fn update_comment(conn: &mut Conn, row: &CommentRow) -> QueryResult<()> {
    diesel::update(comments::table.filter(comments::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The comment with this identifier.
///
/// # Errors
/// The statement failed.
pub fn comment(conn: &mut Conn, id: &str) -> QueryResult<Option<CommentRow>> {
    comments::table.filter(comments::id.eq(id)).select(CommentRow::as_select()).first(conn).optional()
}

/// Number of comments on a subject, and of those of one person. What was taken back keeps its place, and counts.
///
/// # Errors
/// A statement failed.
pub fn count_comments(conn: &mut Conn, (kind, subject_id): (&str, &str), person: &str) -> QueryResult<(i64, i64)> {
    let there =
        || comments::table.filter(comments::subject_kind.eq(kind.to_owned())).filter(comments::subject_id.eq(subject_id.to_owned()));
    let all = there().count().get_result(conn)?;
    Ok((all, there().filter(comments::person_id.eq(person.to_owned())).count().get_result(conn)?))
}

/// Comments on subjects of a kind, oldest first; at most so many in all.
///
/// # Errors
/// The statement failed.
pub fn comments_on(conn: &mut Conn, kind: &str, subjects: &[String], most: i64) -> QueryResult<Vec<CommentRow>> {
    comments::table
        .filter(comments::subject_kind.eq(kind))
        .filter(comments::subject_id.eq_any(subjects.to_vec()))
        .order(comments::number)
        .limit(most)
        .select(CommentRow::as_select())
        .load(conn)
}
