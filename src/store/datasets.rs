//! Datasets, their immutable versions, their holdings and relations.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::domain::policy::Readable;
use crate::domain::vocabulary::{PublicationStatus, Visibility, Vocabulary};

use super::any_of::any_of;
use super::db::Conn;
use super::schema::{datasets, holdings, relations, versions};

/// A row of the table of datasets.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = datasets)]
#[diesel(treat_none_as_null = true)]
pub struct DatasetRow {
    /// Identifier.
    pub id: String,
    /// Slug.
    pub slug: String,
    /// Publication status.
    pub status: String,
    /// Visibility.
    pub visibility: String,
    /// Slug of the producer.
    pub producer: Option<String>,
    /// Sequence number of the change that created it: a stable order of records.
    pub number: i64,
    /// Grows with every write.
    pub revision: i64,
    /// Number of the version shown.
    pub version: i64,
    /// Creation, milliseconds from 1970-01-01 UTC.
    pub created_at: i64,
    /// Last write, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// The record as JSON.
    pub doc: String,
}

/// A row of the table of holdings: the identity; terms are in the record.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = holdings)]
pub struct HoldingRow {
    /// Identifier.
    pub id: String,
    /// Dataset held.
    pub dataset_id: String,
    /// Institution that holds it.
    pub institution_id: String,
    /// Role.
    pub role: String,
    /// Place in the record's list.
    pub position: i64,
}

/// A row of the table of versions.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = versions)]
pub struct VersionRow {
    /// Identifier of the dataset or institution.
    pub entity_id: String,
    /// Number, from 1.
    pub version: i64,
    /// Change that made it.
    pub seq: i64,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Who may know of the version, as [`super::changes::KnownTo`] numbers it.
    pub is_public: i64,
    /// Change note.
    pub note: String,
    /// The record as JSON.
    pub doc: String,
}

/// A version without its content.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = versions)]
pub struct VersionHead {
    /// Identifier of the dataset or institution.
    pub entity_id: String,
    /// Number, from 1.
    pub version: i64,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Who may know of the version, as [`super::changes::KnownTo`] numbers it.
    pub is_public: i64,
    /// Change note.
    pub note: String,
}

/// A relation seen from its target.
#[derive(Clone, Debug, Queryable)]
pub struct IncomingRelation {
    /// Slug of the target.
    pub target_slug: String,
    /// Type as given by the source.
    pub relation_type: String,
    /// Slug of the dataset that gives the relation.
    pub source_slug: String,
}

/// Inserts a dataset.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &DatasetRow) -> QueryResult<()> {
    diesel::insert_into(datasets::table).values(row).execute(conn).map(|_| ())
}

/// Replaces a dataset's row.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &DatasetRow) -> QueryResult<()> {
    diesel::update(datasets::table.filter(datasets::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// Appends a version.
///
/// # Errors
/// The statement failed.
pub fn insert_version(conn: &mut Conn, row: &VersionRow) -> QueryResult<()> {
    diesel::insert_into(versions::table).values(row).execute(conn).map(|_| ())
}

/// Versions of records, newest first, without their content.
///
/// # Errors
/// The statement failed.
pub fn versions_of(conn: &mut Conn, entity_ids: &[String]) -> QueryResult<Vec<VersionHead>> {
    versions::table
        .filter(any_of(versions::entity_id, entity_ids))
        .order((versions::entity_id, versions::version.desc()))
        .select(VersionHead::as_select())
        .load(conn)
}

/// The dataset with this slug.
///
/// # Errors
/// The statement failed.
pub fn by_slug(conn: &mut Conn, slug: &str) -> QueryResult<Option<DatasetRow>> {
    datasets::table.filter(datasets::slug.eq(slug)).select(DatasetRow::as_select()).first(conn).optional()
}

/// Datasets with these identifiers, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<DatasetRow>> {
    datasets::table.filter(any_of(datasets::id, ids)).select(DatasetRow::as_select()).load(conn)
}

/// Datasets with these slugs, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_slugs(conn: &mut Conn, slugs: &[String]) -> QueryResult<Vec<DatasetRow>> {
    datasets::table.filter(any_of(datasets::slug, slugs)).select(DatasetRow::as_select()).load(conn)
}

/// Rows that somebody may read: the database passes over hidden ones, as if they were absent, before it reads their content.
pub(super) fn sieve<'v>(readable: Option<&Readable>) -> datasets::BoxedQuery<'v, super::db::MultiBackend> {
    let mut rows = datasets::table.into_boxed();
    if let Some(readable) = readable {
        let own: Vec<String> = readable.producers.iter().map(ToString::to_string).collect();
        rows = rows.filter(any_of(datasets::producer.assume_not_null(), own));
        for (status, visibility) in &readable.open {
            rows = rows.or_filter(datasets::status.eq(status.code()).and(datasets::visibility.eq(visibility.code())));
        }
    }
    rows
}

/// Datasets with these identifiers that somebody may read, in no order.
///
/// # Errors
/// The statement failed.
pub fn readable_by_ids(conn: &mut Conn, ids: &[String], readable: Option<&Readable>) -> QueryResult<Vec<DatasetRow>> {
    sieve(readable).filter(any_of(datasets::id, ids)).select(DatasetRow::as_select()).load(conn)
}

/// Datasets with these slugs that somebody may read, in no order.
///
/// # Errors
/// The statement failed.
pub fn readable_by_slugs(conn: &mut Conn, slugs: &[String], readable: Option<&Readable>) -> QueryResult<Vec<DatasetRow>> {
    sieve(readable).filter(any_of(datasets::slug, slugs)).select(DatasetRow::as_select()).load(conn)
}

/// Those of the slugs that are slugs of datasets which somebody may read.
///
/// # Errors
/// The statement failed.
pub fn readable_slugs(conn: &mut Conn, slugs: &[String], readable: Option<&Readable>) -> QueryResult<Vec<String>> {
    sieve(readable).filter(any_of(datasets::slug, slugs)).select(datasets::slug).load(conn)
}

/// Identifiers of datasets by slug, as (slug, identifier).
///
/// # Errors
/// The statement failed.
pub fn ids_of_slugs(conn: &mut Conn, slugs: &[String]) -> QueryResult<Vec<(String, String)>> {
    datasets::table.filter(any_of(datasets::slug, slugs)).select((datasets::slug, datasets::id)).load(conn)
}

/// Slugs of datasets by identifier, as (identifier, slug).
///
/// # Errors
/// The statement failed.
pub fn slugs_of_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<(String, String)>> {
    datasets::table.filter(any_of(datasets::id, ids)).select((datasets::id, datasets::slug)).load(conn)
}

/// Datasets in the order of their creation, after a number.
///
/// # Errors
/// The statement failed.
pub fn after_number(conn: &mut Conn, number: i64, limit: i64) -> QueryResult<Vec<DatasetRow>> {
    datasets::table.filter(datasets::number.gt(number)).order(datasets::number).limit(limit).select(DatasetRow::as_select()).load(conn)
}

/// Identifiers of the datasets that an institution produces or holds.
///
/// # Errors
/// A statement failed.
pub fn ids_of_institution(conn: &mut Conn, institution_id: &str, slug: &str) -> QueryResult<Vec<String>> {
    let mut ids: Vec<String> =
        holdings::table.filter(holdings::institution_id.eq(institution_id)).select(holdings::dataset_id).distinct().load(conn)?;
    let produced: Vec<String> = datasets::table.filter(datasets::producer.eq(slug)).select(datasets::id).load(conn)?;
    ids.extend(produced);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Identifiers of published datasets of some producers that not everyone may read, first made first.
///
/// # Errors
/// The statement failed.
pub fn not_public_of(conn: &mut Conn, producers: &[String], limit: i64) -> QueryResult<Vec<String>> {
    datasets::table
        .filter(datasets::producer.eq_any(producers))
        .filter(datasets::status.eq(PublicationStatus::Published.code()))
        .filter(datasets::visibility.ne(Visibility::Public.code()))
        .order(datasets::number)
        .limit(limit)
        .select(datasets::id)
        .load(conn)
}

/// Number of datasets, whatever their status.
///
/// # Errors
/// The statement failed.
pub fn count(conn: &mut Conn) -> QueryResult<i64> {
    datasets::table.count().get_result(conn)
}

/// Number of datasets by status and visibility.
///
/// # Errors
/// The statement failed.
pub fn count_by_state(conn: &mut Conn) -> QueryResult<Vec<(String, String, i64)>> {
    datasets::table
        .group_by((datasets::status, datasets::visibility))
        .select((datasets::status, datasets::visibility, diesel::dsl::count_star()))
        .load(conn)
}

/// Holdings of these datasets, in the order of each record's list.
///
/// # Errors
/// The statement failed.
pub fn holdings_of(conn: &mut Conn, dataset_ids: &[String]) -> QueryResult<Vec<HoldingRow>> {
    holdings::table
        .filter(any_of(holdings::dataset_id, dataset_ids))
        .order((holdings::dataset_id, holdings::position))
        .select(HoldingRow::as_select())
        .load(conn)
}

/// Holdings with these identifiers, in no order.
///
/// # Errors
/// The statement failed.
pub fn holdings_by_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<HoldingRow>> {
    holdings::table.filter(any_of(holdings::id, ids)).select(HoldingRow::as_select()).load(conn)
}

/// Replaces the holdings of a dataset by these.
///
/// # Errors
/// A statement failed.
pub fn replace_holdings(conn: &mut Conn, dataset_id: &str, rows: &[HoldingRow]) -> QueryResult<()> {
    diesel::delete(holdings::table.filter(holdings::dataset_id.eq(dataset_id))).execute(conn)?;
    insert_holdings(conn, rows)
}

/// Inserts holdings.
///
/// # Errors
/// A statement failed.
pub fn insert_holdings(conn: &mut Conn, rows: &[HoldingRow]) -> QueryResult<()> {
    for row in rows {
        diesel::insert_into(holdings::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Replaces the relations that a dataset gives, as (type, slug of the target).
///
/// # Errors
/// A statement failed.
pub fn replace_relations(conn: &mut Conn, dataset_id: &str, given: &[(String, String)], is_new: bool) -> QueryResult<()> {
    if !is_new {
        diesel::delete(relations::table.filter(relations::dataset_id.eq(dataset_id))).execute(conn)?;
    }
    for (position, (relation_type, target)) in given.iter().enumerate() {
        diesel::insert_into(relations::table)
            .values((
                relations::dataset_id.eq(dataset_id),
                relations::position.eq(position as i64),
                relations::relation_type.eq(relation_type),
                relations::target_slug.eq(target),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Relations that other datasets give to these.
///
/// # Errors
/// The statement failed.
pub fn incoming_relations(conn: &mut Conn, target_slugs: &[String]) -> QueryResult<Vec<IncomingRelation>> {
    relations::table
        .inner_join(datasets::table.on(datasets::id.eq(relations::dataset_id)))
        .filter(any_of(relations::target_slug, target_slugs))
        .order((datasets::number, relations::position))
        .select((relations::target_slug, relations::relation_type, datasets::slug))
        .load(conn)
}

diesel::define_sql_function! {
    /// The text in small letters.
    fn lower(text: Text) -> Text;
}

/// Identifiers of datasets whose record holds one of these texts, whatever the letter case.
///
/// # Errors
/// A statement failed.
pub fn ids_with_text(conn: &mut Conn, texts: &[String], limit: i64) -> QueryResult<Vec<String>> {
    let mut query = datasets::table.into_boxed();
    for text in texts.iter().take(10) {
        // Letters beyond ASCII are small in no database's `lower`: they are looked for as they are.
        let escaped = text.to_ascii_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.or_filter(lower(datasets::doc).like(format!("%{escaped}%")).escape('\\'));
    }
    // All at once, since each look goes through every record.
    if texts.is_empty() { Ok(Vec::new()) } else { query.order(datasets::number).limit(limit).select(datasets::id).load(conn) }
}
