//! Institutions.

use diesel::prelude::*;

use super::any_of::any_of;
use super::db::Conn;
use super::schema::{institutions, registry};

/// A row of the table of institutions.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = institutions)]
#[diesel(treat_none_as_null = true)]
pub struct InstitutionRow {
    /// Identifier.
    pub id: String,
    /// Slug.
    pub slug: String,
    /// Kind.
    pub kind: String,
    /// Country code.
    pub country: Option<String>,
    /// Names, acronym and former names, folded, for the search by words.
    pub search_text: String,
    /// Sequence number of the change that created it.
    pub number: i64,
    /// Grows with every write.
    pub revision: i64,
    /// Creation, milliseconds from 1970-01-01 UTC.
    pub created_at: i64,
    /// Last write, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// The record as JSON.
    pub doc: String,
}

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct InstitutionQuery {
    /// Kinds; empty for all.
    pub kinds: Vec<String>,
    /// Countries; empty for all.
    pub countries: Vec<String>,
}

/// Inserts an institution.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &InstitutionRow) -> QueryResult<()> {
    diesel::insert_into(institutions::table).values(row).execute(conn).map(|_| ())
}

/// Replaces an institution's row.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &InstitutionRow) -> QueryResult<()> {
    diesel::update(institutions::table.filter(institutions::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The institution with this slug.
///
/// # Errors
/// The statement failed.
pub fn by_slug(conn: &mut Conn, slug: &str) -> QueryResult<Option<InstitutionRow>> {
    institutions::table.filter(institutions::slug.eq(slug)).select(InstitutionRow::as_select()).first(conn).optional()
}

/// Institutions with these slugs, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_slugs(conn: &mut Conn, slugs: &[String]) -> QueryResult<Vec<InstitutionRow>> {
    institutions::table.filter(any_of(institutions::slug, slugs)).select(InstitutionRow::as_select()).load(conn)
}

/// Institutions with these identifiers, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<InstitutionRow>> {
    institutions::table.filter(any_of(institutions::id, ids)).select(InstitutionRow::as_select()).load(conn)
}

/// Institutions in the order of their creation, after a number.
///
/// # Errors
/// The statement failed.
pub fn after_number(conn: &mut Conn, number: i64, limit: i64) -> QueryResult<Vec<InstitutionRow>> {
    institutions::table
        .filter(institutions::number.gt(number))
        .order(institutions::number)
        .limit(limit)
        .select(InstitutionRow::as_select())
        .load(conn)
}

/// Number of institutions.
///
/// # Errors
/// The statement failed.
pub fn count(conn: &mut Conn) -> QueryResult<i64> {
    institutions::table.count().get_result(conn)
}

/// Institutions that answer a query, by slug, after a slug.
///
/// # Errors
/// The statement failed.
pub fn list(conn: &mut Conn, query: &InstitutionQuery, after: &str, limit: i64) -> QueryResult<Vec<InstitutionRow>> {
    filtered(query)
        .filter(institutions::slug.gt(after.to_owned()))
        .order(institutions::slug)
        .limit(limit)
        .select(InstitutionRow::as_select())
        .load(conn)
}

/// Number of institutions that answer a query.
///
/// # Errors
/// The statement failed.
pub fn count_matching(conn: &mut Conn, query: &InstitutionQuery) -> QueryResult<i64> {
    filtered(query).count().get_result(conn)
}

/// The short name and the folded names of the institutions that answer a query, by slug.
///
/// # Errors
/// The statement failed.
pub fn names(conn: &mut Conn, query: &InstitutionQuery) -> QueryResult<Vec<(String, String)>> {
    filtered(query).order(institutions::slug).select((institutions::slug, institutions::search_text)).load(conn)
}

type Boxed<'a> = institutions::BoxedQuery<'a, super::db::MultiBackend>;

fn filtered<'a>(query: &InstitutionQuery) -> Boxed<'a> {
    let mut statement = institutions::table.into_boxed();
    if !query.kinds.is_empty() {
        statement = statement.filter(institutions::kind.eq_any(query.kinds.clone()));
    }
    if !query.countries.is_empty() {
        statement = statement.filter(institutions::country.eq_any(query.countries.clone()));
    }
    statement
}

/// A fact about this registry.
///
/// # Errors
/// The statement failed.
pub fn registry_value(conn: &mut Conn, name: &str) -> QueryResult<Option<String>> {
    registry::table.filter(registry::name.eq(name)).select(registry::value).first(conn).optional()
}

/// Sets a fact about this registry.
///
/// # Errors
/// A statement failed.
pub fn set_registry_value(conn: &mut Conn, name: &str, value: &str) -> QueryResult<()> {
    let changed = diesel::update(registry::table.filter(registry::name.eq(name))).set(registry::value.eq(value)).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(registry::table).values((registry::name.eq(name), registry::value.eq(value))).execute(conn)?;
    }
    Ok(())
}
