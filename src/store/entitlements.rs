//! Entitlements, access desks, attached documents, leases and calendars.

use diesel::prelude::*;

use super::db::Conn;
use super::requests::RequestRow;
use super::schema::{access_desks, access_files, access_requests, calendars, entitlements, leases};

/// Who may use what, from when, until when.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = entitlements)]
#[diesel(treat_none_as_null = true)]
pub struct EntitlementRow {
    /// Identifier.
    pub id: String,
    /// The request.
    pub request_id: String,
    /// Its part.
    pub part: i64,
    /// Who.
    pub person_id: String,
    /// The holder.
    pub institution: String,
    /// The dataset.
    pub dataset_id: String,
    /// The holding.
    pub holding_id: String,
    /// Aggregates or microdata.
    pub data: String,
    /// The registered agreement that it rests on.
    pub agreement_id: Option<String>,
    /// State.
    pub state: String,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Why it ended.
    pub reason: Option<String>,
    /// The change that made it what it is.
    pub seq: i64,
    /// When that was.
    pub updated_at: i64,
}

/// How a holder handles requests.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = access_desks)]
pub struct DeskRow {
    /// Identifier.
    pub id: String,
    /// The holder.
    pub institution: String,
    /// The holding; empty for all that have no row of their own.
    pub holding_id: String,
    /// Revision.
    pub revision: i64,
    /// The desk as JSON.
    pub doc: String,
    /// Last change.
    pub updated_at: i64,
}

/// A document without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = access_files)]
pub struct FileHead {
    /// Identifier.
    pub id: String,
    /// The request.
    pub request_id: String,
    /// The part that it belongs to.
    pub part: Option<i64>,
    /// 1 where only the holder's people see it.
    pub is_internal: i64,
    /// Name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Who attached it.
    pub person_id: String,
    /// When.
    pub at: i64,
    /// When it was erased.
    pub erased_at: Option<i64>,
}

/// Inserts an entitlement.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &EntitlementRow) -> QueryResult<()> {
    diesel::insert_into(entitlements::table).values(row).execute(conn).map(|_| ())
}

/// Writes an entitlement anew.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &EntitlementRow) -> QueryResult<()> {
    diesel::update(entitlements::table.filter(entitlements::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// Entitlements of a request.
///
/// # Errors
/// The statement failed.
pub fn of_request(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<EntitlementRow>> {
    entitlements::table
        .filter(entitlements::request_id.eq(request_id))
        .order((entitlements::part, entitlements::id))
        .select(EntitlementRow::as_select())
        .load(conn)
}

/// Number of entitlements.
///
/// # Errors
/// The statement failed.
pub fn count(conn: &mut Conn) -> QueryResult<i64> {
    entitlements::table.count().get_result(conn)
}

/// Entitlements of several requests.
///
/// # Errors
/// The statement failed.
pub fn of_requests(conn: &mut Conn, request_ids: &[String]) -> QueryResult<Vec<EntitlementRow>> {
    entitlements::table
        .filter(entitlements::request_id.eq_any(request_ids))
        .order((entitlements::part, entitlements::id))
        .select(EntitlementRow::as_select())
        .load(conn)
}

/// The entitlement with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<EntitlementRow>> {
    entitlements::table.filter(entitlements::id.eq(id)).select(EntitlementRow::as_select()).first(conn).optional()
}

/// Entitlements of holders that changed after a place in the log, in its order.
///
/// # Errors
/// The statement failed.
pub fn of_holders(conn: &mut Conn, institutions: &[String], after: i64, limit: i64) -> QueryResult<Vec<EntitlementRow>> {
    entitlements::table
        .filter(entitlements::institution.eq_any(institutions))
        .filter(entitlements::seq.gt(after))
        .order((entitlements::seq, entitlements::id))
        .limit(limit)
        .select(EntitlementRow::as_select())
        .load(conn)
}

/// Entitlements of a person, latest first.
///
/// # Errors
/// The statement failed.
pub fn of_person(conn: &mut Conn, person_id: &str) -> QueryResult<Vec<EntitlementRow>> {
    entitlements::table
        .filter(entitlements::person_id.eq(person_id))
        .order((entitlements::updated_at.desc(), entitlements::id))
        .select(EntitlementRow::as_select())
        .load(conn)
}

/// The desk of a holder for one holding, or, with an empty holding, for all that have none of their own.
///
/// # Errors
/// The statement failed.
pub fn desk(conn: &mut Conn, institution: &str, holding_id: &str) -> QueryResult<Option<DeskRow>> {
    access_desks::table
        .filter(access_desks::institution.eq(institution))
        .filter(access_desks::holding_id.eq(holding_id))
        .select(DeskRow::as_select())
        .first(conn)
        .optional()
}

/// Desks of holders.
///
/// # Errors
/// The statement failed.
pub fn desks_of(conn: &mut Conn, institutions: &[String]) -> QueryResult<Vec<DeskRow>> {
    access_desks::table
        .filter(access_desks::institution.eq_any(institutions))
        .order((access_desks::institution, access_desks::holding_id))
        .select(DeskRow::as_select())
        .load(conn)
}

/// Inserts or rewrites a desk.
///
/// # Errors
/// A statement failed.
pub fn put_desk(conn: &mut Conn, row: &DeskRow) -> QueryResult<()> {
    let changed = diesel::update(access_desks::table.filter(access_desks::id.eq(&row.id))).set(row).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(access_desks::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Keeps a document.
///
/// # Errors
/// The statement failed.
pub fn insert_file(conn: &mut Conn, head: &FileHead, bytes: &[u8]) -> QueryResult<()> {
    let values = (
        access_files::id.eq(&head.id),
        access_files::request_id.eq(&head.request_id),
        access_files::part.eq(head.part),
        access_files::is_internal.eq(head.is_internal),
        access_files::name.eq(&head.name),
        access_files::media_type.eq(&head.media_type),
        access_files::size.eq(head.size),
        access_files::sha256.eq(&head.sha256),
        access_files::bytes.eq(bytes),
        access_files::person_id.eq(&head.person_id),
        access_files::at.eq(head.at),
        access_files::erased_at.eq(head.erased_at),
    );
    diesel::insert_into(access_files::table).values(values).execute(conn).map(|_| ())
}

/// Documents of a request, oldest first.
///
/// # Errors
/// The statement failed.
pub fn files_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<FileHead>> {
    access_files::table
        .filter(access_files::request_id.eq(request_id))
        .order((access_files::at, access_files::id))
        .select(FileHead::as_select())
        .load(conn)
}

/// Documents of several requests, oldest first.
///
/// # Errors
/// The statement failed.
pub fn files_of_all(conn: &mut Conn, request_ids: &[String]) -> QueryResult<Vec<FileHead>> {
    access_files::table
        .filter(access_files::request_id.eq_any(request_ids))
        .order((access_files::at, access_files::id))
        .select(FileHead::as_select())
        .load(conn)
}

/// A document without its bytes, with the request that it belongs to.
///
/// # Errors
/// The statement failed.
pub fn file_and_request(conn: &mut Conn, id: &str) -> QueryResult<Option<(FileHead, RequestRow)>> {
    access_files::table
        .inner_join(access_requests::table.on(access_requests::id.eq(access_files::request_id)))
        .filter(access_files::id.eq(id))
        .select((FileHead::as_select(), RequestRow::as_select()))
        .first(conn)
        .optional()
}

/// One document with its bytes.
///
/// # Errors
/// The statement failed.
pub fn file(conn: &mut Conn, id: &str) -> QueryResult<Option<(FileHead, Vec<u8>)>> {
    access_files::table.filter(access_files::id.eq(id)).select((FileHead::as_select(), access_files::bytes)).first(conn).optional()
}

/// Erases the documents of a request; that there were some stays known.
///
/// # Errors
/// The statement failed.
pub fn erase_files(conn: &mut Conn, request_id: &str, now: i64) -> QueryResult<usize> {
    let rows = access_files::table.filter(access_files::request_id.eq(request_id)).filter(access_files::erased_at.is_null());
    diesel::update(rows)
        .set((access_files::bytes.eq(Vec::<u8>::new()), access_files::name.eq(""), access_files::erased_at.eq(Some(now))))
        .execute(conn)
}

/// Erases the documents that certain persons attached to a request; their hashes stay in the events.
///
/// # Errors
/// The statement failed.
pub fn erase_files_by(conn: &mut Conn, request_id: &str, persons: &[String], now: i64) -> QueryResult<usize> {
    let rows = access_files::table.filter(access_files::request_id.eq(request_id)).filter(access_files::erased_at.is_null());
    diesel::update(rows.filter(access_files::person_id.eq_any(persons)))
        .set((access_files::bytes.eq(Vec::<u8>::new()), access_files::name.eq(""), access_files::erased_at.eq(Some(now))))
        .execute(conn)
}

/// Takes a piece of work for one node until an instant; false where another node has it.
///
/// # Errors
/// A statement failed.
pub fn take_lease(conn: &mut Conn, name: &str, holder: &str, now: i64, until: i64) -> QueryResult<bool> {
    let known: Option<(String, i64)> =
        leases::table.filter(leases::name.eq(name)).select((leases::holder, leases::until)).first(conn).optional()?;
    match known {
        Some((other, end)) if other != holder && end > now => Ok(false),
        Some(_) => {
            let values = (leases::holder.eq(holder), leases::until.eq(until));
            diesel::update(leases::table.filter(leases::name.eq(name))).set(values).execute(conn).map(|_| true)
        }
        None => {
            let values = (leases::name.eq(name), leases::holder.eq(holder), leases::until.eq(until));
            diesel::insert_into(leases::table).values(values).execute(conn).map(|_| true)
        }
    }
}

/// Rest days and holidays of a country, as JSON; the empty country is for all others.
///
/// # Errors
/// The statement failed.
pub fn calendar(conn: &mut Conn, country: &str) -> QueryResult<Option<String>> {
    calendars::table.filter(calendars::country.eq(country)).select(calendars::doc).first(conn).optional()
}

/// All calendars with their countries.
///
/// # Errors
/// The statement failed.
pub fn all_calendars(conn: &mut Conn) -> QueryResult<Vec<(String, String)>> {
    calendars::table.order(calendars::country).select((calendars::country, calendars::doc)).load(conn)
}

/// Writes the calendar of a country.
///
/// # Errors
/// A statement failed.
pub fn put_calendar(conn: &mut Conn, country: &str, doc: &str, now: i64) -> QueryResult<()> {
    diesel::delete(calendars::table.filter(calendars::country.eq(country))).execute(conn)?;
    let values = (calendars::country.eq(country), calendars::doc.eq(doc), calendars::updated_at.eq(now));
    diesel::insert_into(calendars::table).values(values).execute(conn).map(|_| ())
}
