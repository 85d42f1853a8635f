//! Forms of access requests: a draft for each institution or holding, and versions that never change.

use diesel::prelude::*;

use super::db::Conn;
use super::schema::access_forms;

/// A version of a form, or its draft.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = access_forms)]
#[diesel(treat_none_as_null = true)]
pub struct FormRow {
    /// Identifier of this version.
    pub id: String,
    /// Slug of the holder.
    pub institution: String,
    /// The holding that it is for; none for all holdings of the institution.
    pub holding_id: Option<String>,
    /// Number of the version; 0 for the draft.
    pub version: i64,
    /// The form as JSON.
    pub doc: String,
    /// DRAFT or PUBLISHED.
    pub state: String,
    /// Grows with every write.
    pub revision: i64,
    /// Who began it.
    pub created_by: String,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
    /// When it was published.
    pub published_at: Option<i64>,
}

/// A published version without its content.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = access_forms)]
pub struct FormHead {
    /// Identifier of this version.
    pub id: String,
    /// Slug of the holder.
    pub institution: String,
    /// The holding that it is for; none for all holdings of the institution.
    pub holding_id: Option<String>,
    /// Number of the version.
    pub version: i64,
}

/// Inserts a draft.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &FormRow) -> QueryResult<()> {
    diesel::insert_into(access_forms::table).values(row).execute(conn).map(|_| ())
}

/// Replaces a draft's row; a published version is refused by the database.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &FormRow) -> QueryResult<()> {
    diesel::update(access_forms::table.filter(access_forms::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The version with this identifier, or the draft.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<FormRow>> {
    access_forms::table.filter(access_forms::id.eq(id)).select(FormRow::as_select()).first(conn).optional()
}

/// The draft of an institution, or of one of its holdings.
///
/// # Errors
/// The statement failed.
pub fn draft(conn: &mut Conn, institution: &str, holding_id: Option<&str>) -> QueryResult<Option<FormRow>> {
    let rows: Vec<FormRow> = access_forms::table
        .filter(access_forms::institution.eq(institution))
        .filter(access_forms::version.eq(0))
        .select(FormRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().find(|row| row.holding_id.as_deref() == holding_id))
}

/// Published versions of institutions, oldest first, without their content.
///
/// # Errors
/// The statement failed.
pub fn heads(conn: &mut Conn, institutions: &[String]) -> QueryResult<Vec<FormHead>> {
    access_forms::table
        .filter(access_forms::institution.eq_any(institutions))
        .filter(access_forms::version.gt(0))
        .order((access_forms::version, access_forms::id))
        .select(FormHead::as_select())
        .load(conn)
}

/// Versions by their identifiers.
///
/// # Errors
/// The statement failed.
pub fn by_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<FormRow>> {
    access_forms::table.filter(access_forms::id.eq_any(ids)).select(FormRow::as_select()).load(conn)
}

/// Every published version of an institution, for all holdings and for single ones.
///
/// # Errors
/// The statement failed.
pub fn published(conn: &mut Conn, institution: &str) -> QueryResult<Vec<FormRow>> {
    access_forms::table
        .filter(access_forms::institution.eq(institution))
        .filter(access_forms::version.gt(0))
        .order((access_forms::version, access_forms::id))
        .select(FormRow::as_select())
        .load(conn)
}
