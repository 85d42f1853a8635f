//! Agreements, their parties, signatures and the warnings that were given.

use diesel::prelude::*;

use super::db::Conn;
use super::schema::{agreement_parties, agreement_signatures, agreement_warnings, agreements};

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements)]
#[diesel(treat_none_as_null = true)]
pub struct AgreementRow {
    /// Identifier.
    pub id: String,
    /// Place in the order of registration.
    pub number: i64,
    /// Code of the kind.
    pub kind: String,
    /// DRAFT, SIGNED, SUSPENDED or TERMINATED.
    pub state: String,
    /// PUBLIC, MEMBERS or PARTIES.
    pub visibility: String,
    /// First day, perhaps imprecise.
    pub starts_on: Option<String>,
    /// Last day of the first span, perhaps imprecise; none where it is open.
    pub ends_on: Option<String>,
    /// Grows with every write.
    pub revision: i64,
    /// The agreement as JSON.
    pub doc: String,
    /// Who registered it.
    pub created_by: String,
    /// When the last party signed.
    pub signed_at: Option<i64>,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_signatures)]
pub struct SignatureRow {
    /// The agreement.
    pub agreement_id: String,
    /// Slug of the party.
    pub institution: String,
    /// Who signed.
    pub person_id: String,
    /// Function of that person.
    pub function: String,
    /// Hash of what was signed.
    pub text_hash: String,
    /// When.
    pub at: i64,
}

/// A party that is an institution of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_parties)]
pub struct PartyRow {
    /// The agreement.
    pub agreement_id: String,
    /// Slug of the institution.
    pub institution: String,
    /// Code of the role.
    pub role: String,
}

/// Inserts an agreement.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &AgreementRow) -> QueryResult<()> {
    diesel::insert_into(agreements::table).values(row).execute(conn).map(|_| ())
}

/// Writes an agreement.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &AgreementRow) -> QueryResult<()> {
    diesel::update(agreements::table.filter(agreements::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The agreement with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<AgreementRow>> {
    agreements::table.filter(agreements::id.eq(id)).select(AgreementRow::as_select()).first(conn).optional()
}

/// All agreements, in the order of registration.
///
/// # Errors
/// The statement failed.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<AgreementRow>> {
    agreements::table.order(agreements::number).select(AgreementRow::as_select()).load(conn)
}

/// Agreements recorded in one of these states, in the order of registration.
///
/// # Errors
/// The statement failed.
pub fn in_states(conn: &mut Conn, states: &[String]) -> QueryResult<Vec<AgreementRow>> {
    agreements::table.filter(agreements::state.eq_any(states)).order(agreements::number).select(AgreementRow::as_select()).load(conn)
}

/// Agreements recorded in a state to which both institutions are parties.
///
/// # Errors
/// The statement failed.
pub fn between(conn: &mut Conn, state: &str, one: &str, other: &str) -> QueryResult<Vec<AgreementRow>> {
    let with = |slug: &str| {
        agreement_parties::table.filter(agreement_parties::institution.eq(slug.to_owned())).select(agreement_parties::agreement_id)
    };
    agreements::table
        .filter(agreements::state.eq(state))
        .filter(agreements::id.eq_any(with(one)))
        .filter(agreements::id.eq_any(with(other)))
        .order(agreements::number)
        .select(AgreementRow::as_select())
        .load(conn)
}

/// Puts the parties of an agreement in place.
///
/// # Errors
/// A statement failed.
pub fn replace_parties(conn: &mut Conn, agreement_id: &str, rows: &[PartyRow]) -> QueryResult<()> {
    diesel::delete(agreement_parties::table.filter(agreement_parties::agreement_id.eq(agreement_id))).execute(conn)?;
    for row in rows {
        diesel::insert_into(agreement_parties::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Signatures of these agreements, oldest first.
///
/// # Errors
/// The statement failed.
pub fn signatures(conn: &mut Conn, agreement_ids: &[String]) -> QueryResult<Vec<SignatureRow>> {
    agreement_signatures::table
        .filter(agreement_signatures::agreement_id.eq_any(agreement_ids))
        .order((agreement_signatures::at, agreement_signatures::institution))
        .select(SignatureRow::as_select())
        .load(conn)
}

/// Inserts a signature.
///
/// # Errors
/// The statement failed.
pub fn sign(conn: &mut Conn, row: &SignatureRow) -> QueryResult<()> {
    diesel::insert_into(agreement_signatures::table).values(row).execute(conn).map(|_| ())
}

/// Takes the signatures away: the text was changed.
///
/// # Errors
/// The statement failed.
pub fn remove_signatures(conn: &mut Conn, agreement_id: &str) -> QueryResult<usize> {
    diesel::delete(agreement_signatures::table.filter(agreement_signatures::agreement_id.eq(agreement_id))).execute(conn)
}

/// Warnings that were given of a day.
///
/// # Errors
/// The statement failed.
pub fn warnings(conn: &mut Conn, agreement_id: &str, due_on: &str) -> QueryResult<Vec<i64>> {
    agreement_warnings::table
        .filter(agreement_warnings::agreement_id.eq(agreement_id))
        .filter(agreement_warnings::due_on.eq(due_on))
        .select(agreement_warnings::days)
        .load(conn)
}

/// Notes that a warning was given.
///
/// # Errors
/// The statement failed.
pub fn note_warning(conn: &mut Conn, agreement_id: &str, due_on: &str, days: i64, told_at: i64) -> QueryResult<()> {
    diesel::insert_into(agreement_warnings::table)
        .values((
            agreement_warnings::agreement_id.eq(agreement_id),
            agreement_warnings::due_on.eq(due_on),
            agreement_warnings::days.eq(days),
            agreement_warnings::told_at.eq(told_at),
        ))
        .execute(conn)
        .map(|_| ())
}
