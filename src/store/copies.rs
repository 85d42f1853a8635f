//! Working copies of records, stamps of published versions, declared holdings and private preview links.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::any_of::any_of;
use super::datasets::VersionRow;
use super::db::Conn;
use super::schema::{holding_claims, preview_links, stamps, versions, working_copies};

/// A working copy.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = working_copies)]
#[diesel(treat_none_as_null = true)]
pub struct CopyRow {
    /// Identifier of the copy.
    pub id: String,
    /// Identifier that the record has, or will have.
    pub dataset_id: String,
    /// Slug, once given.
    pub slug: Option<String>,
    /// Slug of the institution whose copy it is.
    pub institution: String,
    /// DRAFT, SUBMITTED or VALIDATED.
    pub status: String,
    /// Grows with every write.
    pub revision: i64,
    /// Published version that it was made from; 0 where there is none.
    pub base_version: i64,
    /// The record as JSON, perhaps incomplete.
    pub doc: String,
    /// Change note for the version to come.
    pub note: String,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Identifiers of the persons who wrote in it, divided by blanks.
    pub edited_by: String,
    /// Who submitted it.
    pub submitted_by: Option<String>,
    /// When.
    pub submitted_at: Option<i64>,
    /// Who validated it.
    pub validated_by: Option<String>,
    /// When.
    pub validated_at: Option<i64>,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
}

/// A confirmation of a published version, or its withdrawal. Rows are only ever added; the last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stamps)]
pub struct StampRow {
    /// The record.
    pub dataset_id: String,
    /// VALIDATION or REVIEW.
    pub kind: String,
    /// The version confirmed.
    pub version: i64,
    /// The change of the log that tells of it; 0 for those from before it was noted.
    pub seq: i64,
    /// 1 where the confirmation was taken back.
    pub is_withdrawn: i64,
    /// Who.
    pub person_id: String,
    /// Function of that person.
    pub function: String,
    /// Institution in whose name.
    pub institution: Option<String>,
    /// Remark.
    pub note: String,
    /// When.
    pub at: i64,
}

/// A holding that an institution declares of another's dataset.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = holding_claims)]
#[diesel(treat_none_as_null = true)]
pub struct ClaimRow {
    /// Identifier.
    pub id: String,
    /// The dataset.
    pub dataset_id: String,
    /// The institution that declares.
    pub institution: String,
    /// Code of the role.
    pub role: String,
    /// The holding as JSON.
    pub doc: String,
    /// DECLARED, CONFIRMED, CONTESTED or WITHDRAWN.
    pub state: String,
    /// Why it was contested.
    pub reason: Option<String>,
    /// Grows with every write.
    pub revision: i64,
    /// Who declared it.
    pub declared_by: String,
    /// Who confirmed or contested it.
    pub decided_by: Option<String>,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
    /// 1 while the holding stands in the record because this declaration was confirmed.
    pub is_in_record: i64,
}

/// A private preview link.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = preview_links)]
pub struct PreviewRow {
    /// Identifier.
    pub id: String,
    /// SHA-256 of the secret in the link.
    pub hash: String,
    /// The working copy.
    pub copy_id: String,
    /// 1 where the names of people are left out.
    pub without_names: i64,
    /// Who made it.
    pub created_by: String,
    /// Creation.
    pub created_at: i64,
    /// End.
    pub expires_at: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// Inserts a working copy.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &CopyRow) -> QueryResult<()> {
    diesel::insert_into(working_copies::table).values(row).execute(conn).map(|_| ())
}

/// Replaces a working copy's row.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &CopyRow) -> QueryResult<()> {
    diesel::update(working_copies::table.filter(working_copies::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// Removes a working copy and its preview links.
///
/// # Errors
/// A statement failed.
pub fn remove(conn: &mut Conn, id: &str) -> QueryResult<()> {
    diesel::delete(preview_links::table.filter(preview_links::copy_id.eq(id))).execute(conn)?;
    diesel::delete(working_copies::table.filter(working_copies::id.eq(id))).execute(conn).map(|_| ())
}

/// The working copy with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<CopyRow>> {
    working_copies::table.filter(working_copies::id.eq(id)).select(CopyRow::as_select()).first(conn).optional()
}

/// The working copy of a record.
///
/// # Errors
/// The statement failed.
pub fn of_dataset(conn: &mut Conn, dataset_id: &str) -> QueryResult<Option<CopyRow>> {
    working_copies::table.filter(working_copies::dataset_id.eq(dataset_id)).select(CopyRow::as_select()).first(conn).optional()
}

/// Working copies of records, in no order.
///
/// # Errors
/// The statement failed.
pub fn of_datasets(conn: &mut Conn, dataset_ids: &[String]) -> QueryResult<Vec<CopyRow>> {
    if dataset_ids.is_empty() {
        return Ok(Vec::new());
    }
    working_copies::table.filter(any_of(working_copies::dataset_id, dataset_ids)).select(CopyRow::as_select()).load(conn)
}

/// Working copies that have taken one of these slugs, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_slugs(conn: &mut Conn, slugs: &[String]) -> QueryResult<Vec<CopyRow>> {
    if slugs.is_empty() {
        return Ok(Vec::new());
    }
    let some = slugs.iter().map(String::as_str);
    working_copies::table.filter(working_copies::slug.eq_any(some)).select(CopyRow::as_select()).load(conn)
}

/// The working copy that has taken a slug.
///
/// # Errors
/// The statement failed.
pub fn by_slug(conn: &mut Conn, slug: &str) -> QueryResult<Option<CopyRow>> {
    working_copies::table.filter(working_copies::slug.eq(slug)).select(CopyRow::as_select()).first(conn).optional()
}

/// Working copies of institutions, last written first.
///
/// # Errors
/// The statement failed.
pub fn of_institutions(conn: &mut Conn, slugs: &[String]) -> QueryResult<Vec<CopyRow>> {
    working_copies::table
        .filter(working_copies::institution.eq_any(slugs))
        .order((working_copies::updated_at.desc(), working_copies::id))
        .select(CopyRow::as_select())
        .load(conn)
}

/// The working copies of an institution that were written last, last written first.
///
/// # Errors
/// The statement failed.
pub fn latest_of_institution(conn: &mut Conn, slug: &str, most: i64) -> QueryResult<Vec<CopyRow>> {
    working_copies::table
        .filter(working_copies::institution.eq(slug))
        .order((working_copies::updated_at.desc(), working_copies::id))
        .limit(most)
        .select(CopyRow::as_select())
        .load(conn)
}

/// Every working copy in one status, last written first.
///
/// # Errors
/// The statement failed.
pub fn in_status(conn: &mut Conn, status: &str) -> QueryResult<Vec<CopyRow>> {
    working_copies::table
        .filter(working_copies::status.eq(status))
        .order((working_copies::updated_at.desc(), working_copies::id))
        .select(CopyRow::as_select())
        .load(conn)
}

/// Adds a stamp, or the withdrawal of one.
///
/// # Errors
/// The statement failed.
pub fn add_stamp(conn: &mut Conn, row: &StampRow) -> QueryResult<()> {
    diesel::insert_into(stamps::table).values(row).execute(conn).map(|_| ())
}

/// Stamps of records that are in force, in no order.
///
/// # Errors
/// The statement failed.
pub fn stamps_of(conn: &mut Conn, dataset_ids: &[String]) -> QueryResult<Vec<StampRow>> {
    let rows: Vec<StampRow> =
        stamps::table.filter(any_of(stamps::dataset_id, dataset_ids)).order(stamps::seq).select(StampRow::as_select()).load(conn)?;
    let mut last: BTreeMap<(String, String, i64), StampRow> = BTreeMap::new();
    for row in rows {
        last.insert((row.dataset_id.clone(), row.kind.clone(), row.version), row);
    }
    Ok(last.into_values().filter(|row| row.is_withdrawn == 0).collect())
}

/// The version of a record with its content.
///
/// # Errors
/// The statement failed.
pub fn version(conn: &mut Conn, entity_id: &str, number: i64) -> QueryResult<Option<VersionRow>> {
    versions::table
        .filter(versions::entity_id.eq(entity_id))
        .filter(versions::version.eq(number))
        .select(VersionRow::as_select())
        .first(conn)
        .optional()
}

/// The version that a change of the log wrote, with its content.
///
/// # Errors
/// The statement failed.
pub fn version_of_change(conn: &mut Conn, seq: i64) -> QueryResult<Option<VersionRow>> {
    versions::table.filter(versions::seq.eq(seq)).select(VersionRow::as_select()).first(conn).optional()
}

/// Inserts a declared holding.
///
/// # Errors
/// The statement failed.
pub fn insert_claim(conn: &mut Conn, row: &ClaimRow) -> QueryResult<()> {
    diesel::insert_into(holding_claims::table).values(row).execute(conn).map(|_| ())
}

/// Replaces a declared holding's row.
///
/// # Errors
/// The statement failed.
pub fn update_claim(conn: &mut Conn, row: &ClaimRow) -> QueryResult<()> {
    diesel::update(holding_claims::table.filter(holding_claims::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The declared holding with this identifier.
///
/// # Errors
/// The statement failed.
pub fn claim(conn: &mut Conn, id: &str) -> QueryResult<Option<ClaimRow>> {
    holding_claims::table.filter(holding_claims::id.eq(id)).select(ClaimRow::as_select()).first(conn).optional()
}

/// The declaration of an institution on a dataset in a role.
///
/// # Errors
/// The statement failed.
pub fn claim_of(conn: &mut Conn, dataset_id: &str, institution: &str, role: &str) -> QueryResult<Option<ClaimRow>> {
    holding_claims::table
        .filter(holding_claims::dataset_id.eq(dataset_id))
        .filter(holding_claims::institution.eq(institution))
        .filter(holding_claims::role.eq(role))
        .select(ClaimRow::as_select())
        .first(conn)
        .optional()
}

/// Declared holdings of datasets, oldest first.
///
/// # Errors
/// The statement failed.
pub fn claims_on(conn: &mut Conn, dataset_ids: &[String]) -> QueryResult<Vec<ClaimRow>> {
    holding_claims::table
        .filter(holding_claims::dataset_id.eq_any(dataset_ids))
        .order((holding_claims::created_at, holding_claims::id))
        .select(ClaimRow::as_select())
        .load(conn)
}

/// Declared holdings of institutions, oldest first.
///
/// # Errors
/// The statement failed.
pub fn claims_by(conn: &mut Conn, institutions: &[String]) -> QueryResult<Vec<ClaimRow>> {
    holding_claims::table
        .filter(holding_claims::institution.eq_any(institutions))
        .order((holding_claims::created_at, holding_claims::id))
        .select(ClaimRow::as_select())
        .load(conn)
}

/// Keeps a preview link.
///
/// # Errors
/// The statement failed.
pub fn insert_preview(conn: &mut Conn, row: &PreviewRow) -> QueryResult<()> {
    diesel::insert_into(preview_links::table).values(row).execute(conn).map(|_| ())
}

/// The preview link with this hash, in force.
///
/// # Errors
/// The statement failed.
pub fn preview(conn: &mut Conn, hash: &str, now: i64) -> QueryResult<Option<PreviewRow>> {
    preview_links::table
        .filter(preview_links::hash.eq(hash))
        .filter(preview_links::expires_at.gt(now))
        .filter(preview_links::revoked_at.is_null())
        .select(PreviewRow::as_select())
        .first(conn)
        .optional()
}

/// The preview link with this identifier.
///
/// # Errors
/// The statement failed.
pub fn preview_by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<PreviewRow>> {
    preview_links::table.filter(preview_links::id.eq(id)).select(PreviewRow::as_select()).first(conn).optional()
}

/// Preview links of a working copy, newest first.
///
/// # Errors
/// The statement failed.
pub fn previews_of(conn: &mut Conn, copy_id: &str) -> QueryResult<Vec<PreviewRow>> {
    preview_links::table
        .filter(preview_links::copy_id.eq(copy_id))
        .order((preview_links::created_at.desc(), preview_links::id))
        .select(PreviewRow::as_select())
        .load(conn)
}

/// Revokes a preview link; tells whether it was in force.
///
/// # Errors
/// The statement failed.
pub fn revoke_preview(conn: &mut Conn, id: &str, now: i64) -> QueryResult<bool> {
    let rows = preview_links::table.filter(preview_links::id.eq(id)).filter(preview_links::revoked_at.is_null());
    diesel::update(rows).set(preview_links::revoked_at.eq(now)).execute(conn).map(|count| count > 0)
}
