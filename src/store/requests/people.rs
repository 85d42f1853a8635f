//! Who has to do with a request, and named members who are awaited because they have no account yet.

use diesel::prelude::*;

use super::super::db::Conn;
use super::super::schema::{access_awaited, access_people, persons};

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

/// Forgets the addresses of the members of a request who have no account yet.
///
/// # Errors
/// The statement failed.
pub fn stop_awaiting_all(conn: &mut Conn, request_id: &str) -> QueryResult<usize> {
    diesel::delete(access_awaited::table.filter(access_awaited::request_id.eq(request_id))).execute(conn)
}
