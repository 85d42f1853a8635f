//! Access requests: their events, the rows folded from them, and what is kept apart.

use diesel::prelude::*;

use super::db::Conn;
use super::schema::{access_awaited, access_contents, access_events, access_parts, access_people, access_reads, access_requests, persons};

/// A request, folded.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = access_requests)]
#[diesel(treat_none_as_null = true)]
pub struct RequestRow {
    /// Identifier.
    pub id: String,
    /// Who asks.
    pub applicant: String,
    /// State of the request as a whole.
    pub state: String,
    /// Number of events.
    pub revision: i64,
    /// Creation.
    pub created_at: i64,
    /// Last event.
    pub updated_at: i64,
    /// When the clock has something to do next.
    pub clock_at: Option<i64>,
    /// The folded request as JSON.
    pub doc: String,
}

/// One holding asked for, as queues see it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_parts)]
pub struct PartRow {
    /// The request.
    pub request_id: String,
    /// Number within it.
    pub number: i64,
    /// The holder.
    pub institution: String,
    /// The dataset.
    pub dataset_id: String,
    /// The holding.
    pub holding_id: String,
    /// State.
    pub state: String,
    /// Aggregates or microdata.
    pub data: String,
    /// Role that is awaited.
    pub awaiting: Option<String>,
    /// Last day for an answer in time.
    pub due_on: Option<String>,
    /// 1 where the holder is awaited.
    pub is_waited_for: i64,
    /// First submission.
    pub submitted_at: Option<i64>,
    /// Decision.
    pub outcome: Option<String>,
    /// Reason of a refusal.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// The registered agreement that it rests on.
    pub agreement_id: Option<String>,
    /// Last event of the request.
    pub updated_at: i64,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_events)]
pub struct EventRow {
    /// The request.
    pub request_id: String,
    /// Place in its sequence, from 1.
    pub number: i64,
    /// Place in the change log.
    pub seq: i64,
    /// When.
    pub at: i64,
    /// Who; none for the clock and the console.
    pub actor: Option<String>,
    /// The part that it concerns.
    pub part: Option<i64>,
    /// Kind.
    pub kind: String,
    /// The event as JSON.
    pub doc: String,
    /// Hash of its content.
    pub content_hash: Option<String>,
}

/// Text or personal data of an event.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_contents)]
pub struct ContentRow {
    /// SHA-256 of salt and text.
    pub hash: String,
    /// The request.
    pub request_id: String,
    /// Salt, so that the hash of a short text tells nothing once it is erased.
    pub salt: String,
    /// The text as JSON; empty once erased.
    pub doc: String,
    /// When it was written.
    pub created_at: i64,
    /// When it was erased.
    pub erased_at: Option<i64>,
}

/// Someone read the content of a request.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_reads)]
pub struct ReadRow {
    /// Identifier.
    pub id: String,
    /// The request.
    pub request_id: String,
    /// The part under which it was read.
    pub part: Option<i64>,
    /// Who.
    pub person_id: String,
    /// Their function.
    pub function: String,
    /// What: CONTENT, or the name of a file's kind.
    pub what: String,
    /// When.
    pub at: i64,
}

/// Inserts a request.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &RequestRow) -> QueryResult<()> {
    diesel::insert_into(access_requests::table).values(row).execute(conn).map(|_| ())
}

/// Writes a request anew.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &RequestRow) -> QueryResult<()> {
    diesel::update(access_requests::table.filter(access_requests::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// Notes when the clock has something to do next for a request.
///
/// # Errors
/// The statement failed.
pub fn set_clock(conn: &mut Conn, id: &str, clock_at: Option<i64>) -> QueryResult<()> {
    let row = access_requests::table.filter(access_requests::id.eq(id));
    diesel::update(row).set(access_requests::clock_at.eq(clock_at)).execute(conn).map(|_| ())
}

/// The request with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<RequestRow>> {
    access_requests::table.filter(access_requests::id.eq(id)).select(RequestRow::as_select()).first(conn).optional()
}

/// Requests with these identifiers, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<RequestRow>> {
    access_requests::table.filter(access_requests::id.eq_any(ids)).select(RequestRow::as_select()).load(conn)
}

/// Identifiers of all requests.
///
/// # Errors
/// The statement failed.
pub fn ids(conn: &mut Conn) -> QueryResult<Vec<String>> {
    access_requests::table.order(access_requests::id).select(access_requests::id).load(conn)
}

/// Requests for which the clock has something to do, those that wait longest first.
///
/// # Errors
/// The statement failed.
pub fn due(conn: &mut Conn, now: i64, limit: i64) -> QueryResult<Vec<String>> {
    access_requests::table
        .filter(access_requests::clock_at.le(now))
        .order((access_requests::clock_at, access_requests::id))
        .limit(limit)
        .select(access_requests::id)
        .load(conn)
}

/// Requests whose clock runs, in the order of their identifiers, after one of them.
///
/// # Errors
/// The statement failed.
pub fn with_clock_after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<String>> {
    access_requests::table
        .filter(access_requests::id.gt(id))
        .filter(access_requests::clock_at.is_not_null())
        .order(access_requests::id)
        .limit(limit)
        .select(access_requests::id)
        .load(conn)
}

/// Requests in the order of their identifiers, after one of them.
///
/// # Errors
/// The statement failed.
pub fn ids_after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<String>> {
    access_requests::table.filter(access_requests::id.gt(id)).order(access_requests::id).limit(limit).select(access_requests::id).load(conn)
}

/// Number of all events.
///
/// # Errors
/// The statement failed.
pub fn count_events(conn: &mut Conn) -> QueryResult<i64> {
    access_events::table.count().get_result(conn)
}

/// Puts the rows of the parts in the place of those that were there.
///
/// # Errors
/// A statement failed.
pub fn put_parts(conn: &mut Conn, request_id: &str, rows: &[PartRow]) -> QueryResult<()> {
    diesel::delete(access_parts::table.filter(access_parts::request_id.eq(request_id))).execute(conn)?;
    for row in rows {
        diesel::insert_into(access_parts::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The rows of the parts of a request, in their order.
///
/// # Errors
/// The statement failed.
pub fn parts_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<PartRow>> {
    access_parts::table.filter(access_parts::request_id.eq(request_id)).order(access_parts::number).select(PartRow::as_select()).load(conn)
}

/// Appends an event.
///
/// # Errors
/// The statement failed.
pub fn insert_event(conn: &mut Conn, row: &EventRow) -> QueryResult<()> {
    diesel::insert_into(access_events::table).values(row).execute(conn).map(|_| ())
}

/// Events of a request, oldest first.
///
/// # Errors
/// The statement failed.
pub fn events_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<EventRow>> {
    access_events::table
        .filter(access_events::request_id.eq(request_id))
        .order(access_events::number)
        .select(EventRow::as_select())
        .load(conn)
}

/// Events of several requests, each one's oldest first.
///
/// # Errors
/// The statement failed.
pub fn events_of_all(conn: &mut Conn, request_ids: &[String]) -> QueryResult<Vec<EventRow>> {
    access_events::table
        .filter(access_events::request_id.eq_any(request_ids))
        .order((access_events::request_id, access_events::number))
        .select(EventRow::as_select())
        .load(conn)
}

/// The event with this place in the change log.
///
/// # Errors
/// The statement failed.
pub fn event_at(conn: &mut Conn, request_id: &str, seq: i64) -> QueryResult<Option<EventRow>> {
    access_events::table
        .filter(access_events::request_id.eq(request_id))
        .filter(access_events::seq.eq(seq))
        .select(EventRow::as_select())
        .first(conn)
        .optional()
}

/// Keeps a text.
///
/// # Errors
/// The statement failed.
pub fn insert_content(conn: &mut Conn, row: &ContentRow) -> QueryResult<()> {
    diesel::insert_into(access_contents::table).values(row).execute(conn).map(|_| ())
}

/// All texts of a request.
///
/// # Errors
/// The statement failed.
pub fn contents_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<ContentRow>> {
    access_contents::table.filter(access_contents::request_id.eq(request_id)).select(ContentRow::as_select()).load(conn)
}

/// Texts of several requests that were not erased.
///
/// # Errors
/// The statement failed.
pub fn contents_of_all(conn: &mut Conn, request_ids: &[String]) -> QueryResult<Vec<ContentRow>> {
    access_contents::table
        .filter(access_contents::request_id.eq_any(request_ids))
        .filter(access_contents::erased_at.is_null())
        .select(ContentRow::as_select())
        .load(conn)
}

/// One text; none where there is none, or it was erased.
///
/// # Errors
/// The statement failed.
pub fn content(conn: &mut Conn, hash: &str) -> QueryResult<Option<ContentRow>> {
    access_contents::table
        .filter(access_contents::hash.eq(hash))
        .filter(access_contents::erased_at.is_null())
        .select(ContentRow::as_select())
        .first(conn)
        .optional()
}

/// Texts that were not erased, in no order.
///
/// # Errors
/// The statement failed.
pub fn contents(conn: &mut Conn, hashes: &[String]) -> QueryResult<Vec<ContentRow>> {
    access_contents::table
        .filter(access_contents::hash.eq_any(hashes))
        .filter(access_contents::erased_at.is_null())
        .select(ContentRow::as_select())
        .load(conn)
}

/// A text, also where it was erased and only its row is left; none where there never was one.
///
/// # Errors
/// The statement failed.
pub fn content_kept_or_not(conn: &mut Conn, hash: &str) -> QueryResult<Option<ContentRow>> {
    access_contents::table.filter(access_contents::hash.eq(hash)).select(ContentRow::as_select()).first(conn).optional()
}

/// Erases single texts; their hashes stay in the events.
///
/// # Errors
/// The statement failed.
pub fn erase_contents(conn: &mut Conn, hashes: &[String], now: i64) -> QueryResult<()> {
    diesel::update(access_contents::table.filter(access_contents::hash.eq_any(hashes)).filter(access_contents::erased_at.is_null()))
        .set((access_contents::doc.eq(""), access_contents::salt.eq(""), access_contents::erased_at.eq(Some(now))))
        .execute(conn)
        .map(|_| ())
}

/// Forgets the addresses of the members of a request who have no account yet.
///
/// # Errors
/// The statement failed.
pub fn stop_awaiting_all(conn: &mut Conn, request_id: &str) -> QueryResult<usize> {
    diesel::delete(access_awaited::table.filter(access_awaited::request_id.eq(request_id))).execute(conn)
}

/// Erases all texts of a request; their hashes stay in the events.
///
/// # Errors
/// A statement failed.
pub fn erase(conn: &mut Conn, request_id: &str, now: i64) -> QueryResult<usize> {
    stop_awaiting_all(conn, request_id)?;
    diesel::update(access_contents::table.filter(access_contents::request_id.eq(request_id)).filter(access_contents::erased_at.is_null()))
        .set((access_contents::doc.eq(""), access_contents::salt.eq(""), access_contents::erased_at.eq(Some(now))))
        .execute(conn)
}

/// Notes who has to do with a request.
///
/// # Errors
/// A statement failed.
pub fn put_people(conn: &mut Conn, request_id: &str, people: &[String]) -> QueryResult<()> {
    let known: Vec<String> =
        access_people::table.filter(access_people::request_id.eq(request_id)).select(access_people::person_id).load(conn)?;
    let gone: Vec<&String> = known.iter().filter(|person| !people.contains(person)).collect();
    if !gone.is_empty() {
        let rows = access_people::table.filter(access_people::request_id.eq(request_id)).filter(access_people::person_id.eq_any(gone));
        diesel::delete(rows).execute(conn)?;
    }
    for person in people.iter().filter(|person| !known.contains(person)) {
        let values = (access_people::request_id.eq(request_id), access_people::person_id.eq(person));
        diesel::insert_into(access_people::table).values(values).execute(conn)?;
    }
    Ok(())
}

/// Requests that a person has to do with.
///
/// # Errors
/// The statement failed.
pub fn of_person(conn: &mut Conn, person_id: &str) -> QueryResult<Vec<String>> {
    access_people::table.filter(access_people::person_id.eq(person_id)).select(access_people::request_id).load(conn)
}

/// Persons who have to do with a request, in the order of their identifiers.
///
/// # Errors
/// The statement failed.
pub fn people_in(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<String>> {
    access_people::table
        .filter(access_people::request_id.eq(request_id))
        .order(access_people::person_id)
        .select(access_people::person_id)
        .load(conn)
}

/// Notes that a named member is awaited, by address.
///
/// # Errors
/// The statement failed.
pub fn await_member(conn: &mut Conn, request_id: &str, member: i64, email: &str) -> QueryResult<()> {
    let values = (access_awaited::request_id.eq(request_id), access_awaited::member.eq(member), access_awaited::email.eq(email));
    diesel::insert_into(access_awaited::table).values(values).execute(conn).map(|_| ())
}

/// Requests that await the person with this address, with the member's number.
///
/// # Errors
/// The statement failed.
pub fn awaiting(conn: &mut Conn, email: &str) -> QueryResult<Vec<(String, i64)>> {
    access_awaited::table.filter(access_awaited::email.eq(email)).select((access_awaited::request_id, access_awaited::member)).load(conn)
}

/// Members who are awaited though there is an account with their address: the request, the member's number and the person.
///
/// # Errors
/// The statement failed.
pub fn awaited_with_account(conn: &mut Conn) -> QueryResult<Vec<(String, i64, String)>> {
    access_awaited::table
        .inner_join(persons::table.on(persons::email.eq(access_awaited::email.nullable())))
        .filter(persons::disabled_at.is_null())
        .select((access_awaited::request_id, access_awaited::member, persons::id))
        .order((access_awaited::request_id, access_awaited::member))
        .load(conn)
}

/// Members who are awaited, by request.
///
/// # Errors
/// The statement failed.
pub fn awaited_in(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<(i64, String)>> {
    access_awaited::table
        .filter(access_awaited::request_id.eq(request_id))
        .select((access_awaited::member, access_awaited::email))
        .load(conn)
}

/// The member is no longer awaited.
///
/// # Errors
/// The statement failed.
pub fn stop_awaiting(conn: &mut Conn, request_id: &str, member: i64) -> QueryResult<()> {
    let row = access_awaited::table.filter(access_awaited::request_id.eq(request_id)).filter(access_awaited::member.eq(member));
    diesel::delete(row).execute(conn).map(|_| ())
}

/// Notes that someone read a content.
///
/// # Errors
/// The statement failed.
pub fn insert_read(conn: &mut Conn, row: &ReadRow) -> QueryResult<()> {
    diesel::insert_into(access_reads::table).values(row).execute(conn).map(|_| ())
}

/// Under which parts a person has read the same in some requests since an instant.
///
/// # Errors
/// The statement failed.
pub fn reads_since(
    conn: &mut Conn,
    request_ids: &[String],
    person_id: &str,
    what: &str,
    since: i64,
) -> QueryResult<Vec<(String, Option<i64>)>> {
    access_reads::table
        .filter(access_reads::request_id.eq_any(request_ids))
        .filter(access_reads::person_id.eq(person_id))
        .filter(access_reads::what.eq(what))
        .filter(access_reads::at.gt(since))
        .select((access_reads::request_id, access_reads::part))
        .load(conn)
}

/// How often a request was read.
///
/// # Errors
/// The statement failed.
pub fn count_reads(conn: &mut Conn, request_id: &str) -> QueryResult<i64> {
    access_reads::table.filter(access_reads::request_id.eq(request_id)).count().get_result(conn)
}

/// Who has read a request, latest first, from a place on.
///
/// # Errors
/// The statement failed.
pub fn reads_of(conn: &mut Conn, request_id: &str, skip: i64, limit: i64) -> QueryResult<Vec<ReadRow>> {
    access_reads::table
        .filter(access_reads::request_id.eq(request_id))
        .order((access_reads::at.desc(), access_reads::id.desc()))
        .offset(skip)
        .limit(limit)
        .select(ReadRow::as_select())
        .load(conn)
}

/// Parts that rest on an agreement.
///
/// # Errors
/// The statement failed.
pub fn resting_on(conn: &mut Conn, agreement_id: &str) -> QueryResult<Vec<PartRow>> {
    access_parts::table.filter(access_parts::agreement_id.eq(agreement_id)).select(PartRow::as_select()).load(conn)
}
