//! Persons, their accounts at identity providers, roles, sessions, API tokens, one-time links and sign-in attempts.
//! Secrets are stored as hashes.

use diesel::prelude::*;

use super::db::Conn;
use super::schema::{api_tokens, attempts, identities, links, memberships, persons, sessions};

/// A person or program.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = persons)]
#[diesel(treat_none_as_null = true)]
pub struct PersonRow {
    /// Identifier.
    pub id: String,
    /// Address, folded to lower case; none for programs and for addresses that are not verified.
    pub email: Option<String>,
    /// Function, such as "Statistics officer, HCP".
    pub function: String,
    /// Language of mails: ar, fr or en.
    pub language: String,
    /// AT_ONCE, DAILY or OFF.
    pub mail_preference: String,
    /// Password, hashed with argon2id.
    pub password_hash: Option<String>,
    /// Secret of the authenticator app.
    pub totp_secret: Option<String>,
    /// Last time step of a one-time code that was used.
    pub totp_step: i64,
    /// 1 for a program.
    pub is_program: i64,
    /// 1 for an account made by `serve --demo`.
    pub is_demo: i64,
    /// When the account was disabled.
    pub disabled_at: Option<i64>,
    /// When the last daily mail left.
    pub mailed_at: i64,
    /// Creation.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

/// An account at an identity provider.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = identities)]
pub struct IdentityRow {
    /// Issuer, exact.
    pub issuer: String,
    /// Subject at the issuer.
    pub subject: String,
    /// The person.
    pub person_id: String,
    /// When it was linked.
    pub created_at: i64,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships)]
pub struct MembershipRow {
    /// Who has it.
    pub person_id: String,
    /// Slug of the institution; empty for roles of the catalogue.
    pub institution: String,
    /// Code of the role.
    pub role: String,
    /// Issuer whose claims gave it; empty where it was granted here.
    pub source: String,
    /// Since when.
    pub granted_at: i64,
}

/// A session.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    /// SHA-256 of the session's secret.
    pub hash: String,
    /// Whose it is.
    pub person_id: String,
    /// Identity provider that signed the person in.
    pub provider: Option<String>,
    /// ID token, for signing out at the provider.
    pub id_token: Option<String>,
    /// Creation.
    pub created_at: i64,
    /// Last use, to the minute.
    pub seen_at: i64,
    /// End, whatever the use.
    pub expires_at: i64,
}

/// A personal API token.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens)]
pub struct TokenRow {
    /// Identifier.
    pub id: String,
    /// Owner.
    pub person_id: String,
    /// Name given by the owner.
    pub name: String,
    /// SHA-256 of the token.
    pub hash: String,
    /// Codes of the scopes, divided by blanks.
    pub scopes: String,
    /// Creation.
    pub created_at: i64,
    /// End.
    pub expires_at: i64,
    /// Last use, to the minute.
    pub used_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// A link that works once.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = links)]
pub struct LinkRow {
    /// SHA-256 of the secret in the link.
    pub hash: String,
    /// What it is for.
    pub kind: String,
    /// For whom, where known.
    pub person_id: Option<String>,
    /// What belongs to it, as JSON.
    pub doc: String,
    /// Creation.
    pub created_at: i64,
    /// End.
    pub expires_at: i64,
}

/// Inserts a person.
///
/// # Errors
/// The statement failed.
pub fn insert(conn: &mut Conn, row: &PersonRow) -> QueryResult<()> {
    diesel::insert_into(persons::table).values(row).execute(conn).map(|_| ())
}

/// Replaces a person's row.
///
/// # Errors
/// The statement failed.
pub fn update(conn: &mut Conn, row: &PersonRow) -> QueryResult<()> {
    diesel::update(persons::table.filter(persons::id.eq(&row.id))).set(row).execute(conn).map(|_| ())
}

/// The person with this identifier.
///
/// # Errors
/// The statement failed.
pub fn by_id(conn: &mut Conn, id: &str) -> QueryResult<Option<PersonRow>> {
    persons::table.filter(persons::id.eq(id)).select(PersonRow::as_select()).first(conn).optional()
}

/// Persons with these identifiers, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_ids(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<PersonRow>> {
    persons::table.filter(persons::id.eq_any(ids)).select(PersonRow::as_select()).load(conn)
}

/// The person with this address, in lower case.
///
/// # Errors
/// The statement failed.
pub fn by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<PersonRow>> {
    persons::table.filter(persons::email.eq(email)).select(PersonRow::as_select()).first(conn).optional()
}

/// Persons with these e-mail addresses, in no order.
///
/// # Errors
/// The statement failed.
pub fn by_emails(conn: &mut Conn, emails: &[String]) -> QueryResult<Vec<PersonRow>> {
    persons::table.filter(persons::email.eq_any(emails)).select(PersonRow::as_select()).load(conn)
}

/// The person of an account at an identity provider.
///
/// # Errors
/// The statement failed.
pub fn by_identity(conn: &mut Conn, issuer: &str, subject: &str) -> QueryResult<Option<PersonRow>> {
    identities::table
        .inner_join(persons::table.on(persons::id.eq(identities::person_id)))
        .filter(identities::issuer.eq(issuer))
        .filter(identities::subject.eq(subject))
        .select(PersonRow::as_select())
        .first(conn)
        .optional()
}

/// Links an account at an identity provider to a person.
///
/// # Errors
/// The statement failed.
pub fn insert_identity(conn: &mut Conn, row: &IdentityRow) -> QueryResult<()> {
    diesel::insert_into(identities::table).values(row).execute(conn).map(|_| ())
}

/// All persons, oldest first.
///
/// # Errors
/// The statement failed.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<PersonRow>> {
    persons::table.order((persons::created_at, persons::id)).select(PersonRow::as_select()).load(conn)
}

/// Roles of a person.
///
/// # Errors
/// The statement failed.
pub fn memberships_of(conn: &mut Conn, person_id: &str) -> QueryResult<Vec<MembershipRow>> {
    memberships::table
        .filter(memberships::person_id.eq(person_id))
        .order((memberships::institution, memberships::role))
        .select(MembershipRow::as_select())
        .load(conn)
}

/// Roles in an institution, or in the catalogue where the slug is empty.
///
/// # Errors
/// The statement failed.
pub fn memberships_in(conn: &mut Conn, institution: &str) -> QueryResult<Vec<MembershipRow>> {
    memberships::table
        .filter(memberships::institution.eq(institution))
        .order((memberships::role, memberships::granted_at))
        .select(MembershipRow::as_select())
        .load(conn)
}

/// Gives a role; nothing happens where the person has it already from this source.
///
/// # Errors
/// A statement failed.
pub fn grant(conn: &mut Conn, row: &MembershipRow) -> QueryResult<bool> {
    let known = memberships_of(conn, &row.person_id)?;
    if known.iter().any(|m| m.institution == row.institution && m.role == row.role && m.source == row.source) {
        return Ok(false);
    }
    diesel::insert_into(memberships::table).values(row).execute(conn).map(|_| true)
}

/// Takes a role back, whatever its source; tells whether there was one.
///
/// # Errors
/// The statement failed.
pub fn revoke(conn: &mut Conn, person_id: &str, institution: &str, role: &str) -> QueryResult<bool> {
    let rows = memberships::table
        .filter(memberships::person_id.eq(person_id))
        .filter(memberships::institution.eq(institution))
        .filter(memberships::role.eq(role));
    diesel::delete(rows).execute(conn).map(|count| count > 0)
}

/// Takes back every role that one source gave.
///
/// # Errors
/// The statement failed.
pub fn revoke_source(conn: &mut Conn, person_id: &str, source: &str) -> QueryResult<usize> {
    diesel::delete(memberships::table.filter(memberships::person_id.eq(person_id)).filter(memberships::source.eq(source))).execute(conn)
}

/// Opens a session.
///
/// # Errors
/// The statement failed.
pub fn insert_session(conn: &mut Conn, row: &SessionRow) -> QueryResult<()> {
    diesel::insert_into(sessions::table).values(row).execute(conn).map(|_| ())
}

/// The session with this hash.
///
/// # Errors
/// The statement failed.
pub fn session(conn: &mut Conn, hash: &str) -> QueryResult<Option<Owned<SessionRow>>> {
    let rows = sessions::table
        .inner_join(persons::table.on(persons::id.eq(sessions::person_id)))
        .left_join(memberships::table.on(memberships::person_id.eq(persons::id)))
        .filter(sessions::hash.eq(hash))
        .order((memberships::institution, memberships::role))
        .select((SessionRow::as_select(), PersonRow::as_select(), Option::<MembershipRow>::as_select()))
        .load(conn)?;
    Ok(owned(rows))
}

/// Notes the last use of a session.
///
/// # Errors
/// The statement failed.
pub fn touch_session(conn: &mut Conn, hash: &str, now: i64) -> QueryResult<()> {
    diesel::update(sessions::table.filter(sessions::hash.eq(hash))).set(sessions::seen_at.eq(now)).execute(conn).map(|_| ())
}

/// Ends a session.
///
/// # Errors
/// The statement failed.
pub fn end_session(conn: &mut Conn, hash: &str) -> QueryResult<bool> {
    diesel::delete(sessions::table.filter(sessions::hash.eq(hash))).execute(conn).map(|count| count > 0)
}

/// Ends every session of a person but one.
///
/// # Errors
/// The statement failed.
pub fn end_sessions(conn: &mut Conn, person_id: &str, but: &str) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::person_id.eq(person_id)).filter(sessions::hash.ne(but))).execute(conn)
}

/// Keeps a token.
///
/// # Errors
/// The statement failed.
pub fn insert_token(conn: &mut Conn, row: &TokenRow) -> QueryResult<()> {
    diesel::insert_into(api_tokens::table).values(row).execute(conn).map(|_| ())
}

/// A credential with its owner and the owner's roles.
pub type Owned<T> = (T, PersonRow, Vec<MembershipRow>);

/// Rows that differ in the role.
fn owned<T>(rows: Vec<(T, PersonRow, Option<MembershipRow>)>) -> Option<Owned<T>> {
    let mut rows = rows.into_iter();
    let (credential, person, first) = rows.next()?;
    Some((credential, person, first.into_iter().chain(rows.filter_map(|(_, _, role)| role)).collect()))
}

/// Tokens of a person, newest first.
///
/// # Errors
/// The statement failed.
pub fn tokens_of(conn: &mut Conn, person_id: &str) -> QueryResult<Vec<TokenRow>> {
    api_tokens::table
        .filter(api_tokens::person_id.eq(person_id))
        .order((api_tokens::created_at.desc(), api_tokens::id))
        .select(TokenRow::as_select())
        .load(conn)
}

/// Notes the last use of the token with this hash.
///
/// # Errors
/// The statement failed.
pub fn touch_token(conn: &mut Conn, hash: &str, now: i64) -> QueryResult<()> {
    diesel::update(api_tokens::table.filter(api_tokens::hash.eq(hash))).set(api_tokens::used_at.eq(now)).execute(conn).map(|_| ())
}

/// Revokes a token of a person; tells whether it was in force.
///
/// # Errors
/// The statement failed.
pub fn revoke_token(conn: &mut Conn, person_id: &str, id: &str, now: i64) -> QueryResult<bool> {
    let rows = api_tokens::table
        .filter(api_tokens::id.eq(id))
        .filter(api_tokens::person_id.eq(person_id))
        .filter(api_tokens::revoked_at.is_null());
    diesel::update(rows).set(api_tokens::revoked_at.eq(now)).execute(conn).map(|count| count > 0)
}

/// Revokes every token of a person.
///
/// # Errors
/// The statement failed.
pub fn revoke_tokens(conn: &mut Conn, person_id: &str, now: i64) -> QueryResult<usize> {
    let rows = api_tokens::table.filter(api_tokens::person_id.eq(person_id)).filter(api_tokens::revoked_at.is_null());
    diesel::update(rows).set(api_tokens::revoked_at.eq(now)).execute(conn)
}

/// Keeps a link.
///
/// # Errors
/// The statement failed.
pub fn insert_link(conn: &mut Conn, row: &LinkRow) -> QueryResult<()> {
    diesel::insert_into(links::table).values(row).execute(conn).map(|_| ())
}

/// Links of a kind that were made at an instant.
///
/// # Errors
/// The statement failed.
pub fn links_made_at(conn: &mut Conn, kind: &str, created_at: i64) -> QueryResult<Vec<LinkRow>> {
    links::table.filter(links::kind.eq(kind)).filter(links::created_at.eq(created_at)).select(LinkRow::as_select()).load(conn)
}

/// The link with this hash and kind, in force.
///
/// # Errors
/// The statement failed.
pub fn link(conn: &mut Conn, hash: &str, kind: &str, now: i64) -> QueryResult<Option<LinkRow>> {
    links::table
        .filter(links::hash.eq(hash))
        .filter(links::kind.eq(kind))
        .filter(links::expires_at.gt(now))
        .select(LinkRow::as_select())
        .first(conn)
        .optional()
}

/// Uses a link up; tells whether it was there, so that of two who come at once only one is let in.
///
/// # Errors
/// The statement failed.
pub fn use_link(conn: &mut Conn, hash: &str) -> QueryResult<bool> {
    diesel::delete(links::table.filter(links::hash.eq(hash))).execute(conn).map(|count| count > 0)
}

/// Removes links of a person of one kind.
///
/// # Errors
/// The statement failed.
pub fn remove_links(conn: &mut Conn, person_id: &str, kind: &str) -> QueryResult<usize> {
    diesel::delete(links::table.filter(links::person_id.eq(person_id)).filter(links::kind.eq(kind))).execute(conn)
}

/// Notes an attempt.
///
/// # Errors
/// The statement failed.
pub fn insert_attempt(conn: &mut Conn, id: &str, name: &str, at: i64) -> QueryResult<()> {
    let values = (attempts::id.eq(id), attempts::name.eq(name), attempts::at.eq(at));
    diesel::insert_into(attempts::table).values(values).execute(conn).map(|_| ())
}

/// Instants of the attempts under a name since an instant, oldest first.
///
/// # Errors
/// The statement failed.
pub fn attempts_since(conn: &mut Conn, name: &str, since: i64) -> QueryResult<Vec<i64>> {
    attempts::table.filter(attempts::name.eq(name)).filter(attempts::at.gt(since)).order(attempts::at).select(attempts::at).load(conn)
}

/// Forgets attempts under a name.
///
/// # Errors
/// The statement failed.
pub fn clear_attempts(conn: &mut Conn, name: &str) -> QueryResult<usize> {
    diesel::delete(attempts::table.filter(attempts::name.eq(name))).execute(conn)
}

/// Removes what has run out: sessions, links, attempts.
///
/// # Errors
/// A statement failed.
pub fn sweep(conn: &mut Conn, now: i64, idle_since: i64, attempts_before: i64) -> QueryResult<usize> {
    let ended = sessions::table.filter(sessions::expires_at.le(now).or(sessions::seen_at.lt(idle_since)));
    let mut removed = diesel::delete(ended).execute(conn)?;
    removed += diesel::delete(links::table.filter(links::expires_at.le(now))).execute(conn)?;
    removed += diesel::delete(attempts::table.filter(attempts::at.lt(attempts_before))).execute(conn)?;
    Ok(removed)
}
