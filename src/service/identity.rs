//! Who asks: sessions, personal API tokens and access tokens of identity providers become an [`Actor`].

use std::sync::Arc;

use crate::domain::ids::Slug;
use crate::domain::policy::{Actor, Channel, Grant, Person};
use crate::domain::vocabulary::{Role, Vocabulary};
use crate::store::Conn;
use crate::store::persons::{self, IdentityRow, MembershipRow, PersonRow, SessionRow};

use super::credentials::Kind;
use super::oidc::GrantedRole;
use super::secrets::{hash, new_secret};
use super::{Catalogue, Error};

/// Front of every personal API token, so that scanners for leaked secrets know it.
pub const TOKEN_PREFIX: &str = "rihla_";
/// The last use is noted once a minute: more often would make every question a write.
const TOUCH_MS: i64 = 60_000;
/// Where sessions end soon without use, it is noted so many times within that time.
const TOUCHES: i64 = 4;

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct SessionLife {
    /// Without use, milliseconds.
    pub idle_ms: i64,
    /// Whatever the use, milliseconds.
    pub absolute_ms: i64,
}

/// A person in a session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub person: PersonRow,
    /// The session.
    pub session: SessionRow,
    /// The same as actor.
    pub actor: Actor,
}

/// Roles as the store has them.
pub fn grants(rows: &[MembershipRow]) -> Vec<Grant> {
    grants_of(rows.iter().map(|row| (row.institution.as_str(), row.role.as_str())))
}

pub(super) fn grants_of<'r>(roles: impl Iterator<Item = (&'r str, &'r str)>) -> Vec<Grant> {
    let read = |(institution, role): (&str, &str)| {
        let institution = if institution.is_empty() { None } else { Some(Slug::parse(institution).ok()?) };
        Some(Grant { role: Role::parse(role)?, institution })
    };
    let mut found: Vec<Grant> = Vec::new();
    for grant in roles.filter_map(read) {
        if !found.contains(&grant) {
            found.push(grant);
        }
    }
    found
}

/// A person as an actor with the rights of today, whoever acts: to decide what may be told them. None for a closed account.
///
/// # Errors
/// The statement failed.
pub fn as_reader(conn: &mut Conn, person_id: &str) -> Result<Option<Actor>, Error> {
    let Some(person) = persons::by_id(conn, person_id)?.filter(|person| person.disabled_at.is_none()) else { return Ok(None) };
    let rows = persons::memberships_of(conn, person_id)?;
    actor(&person, &rows, Channel::Session).map(Some)
}

fn actor(person: &PersonRow, rows: &[MembershipRow], channel: Channel) -> Result<Actor, Error> {
    let id = super::catalogue::read_id(&person.id)?;
    Ok(Actor::Person(Arc::new(Person { id, grants: grants(rows), channel })))
}

/// Somebody who was found by a credential.
pub struct Known {
    /// Who.
    pub who: Actor,
    /// Whether the last use of the credential is to be written again.
    pub is_due: bool,
}

impl SessionLife {
    fn is_over(self, expires_at: i64, seen_at: i64, now: i64) -> bool {
        expires_at <= now || seen_at + self.idle_ms <= now
    }

    fn is_due(self, seen_at: i64, now: i64) -> bool {
        seen_at + TOUCH_MS.min(self.idle_ms / TOUCHES) <= now
    }
}

/// The person of a session; none where it has ended or never was. Its use is noted.
///
/// # Errors
/// The database is unavailable.
pub fn of_session(catalogue: &Catalogue, secret: &str, now: i64, life: SessionLife) -> Result<Option<SignedIn>, Error> {
    let found = catalogue.db.read(|conn| persons::session(conn, &hash(secret)))?;
    let Some((session, person, rows)) = found else { return Ok(None) };
    if life.is_over(session.expires_at, session.seen_at, now) || person.disabled_at.is_some() {
        return Ok(None);
    }
    if life.is_due(session.seen_at, now) {
        catalogue.db.note(|conn| persons::touch_session(conn, &session.hash, now));
    }
    let actor = actor(&person, &rows, Channel::Session)?;
    Ok(Some(SignedIn { person, session, actor }))
}

/// Who has a session, by reading only; none where it has ended or never was.
///
/// # Errors
/// The database is unavailable.
pub fn by_session(catalogue: &Catalogue, secret: &str, now: i64, life: SessionLife) -> Result<Option<Known>, Error> {
    let found = catalogue.credentials.look_up(&catalogue.db, Kind::Session, hash(secret))?;
    // The use of a session begins with its making.
    let used = found.and_then(|found| Some((found.used_at?, found)));
    let alive = used.filter(|(seen_at, found)| !life.is_over(found.expires_at, *seen_at, now));
    Ok(alive.map(|(seen_at, found)| Known { who: found.who.clone(), is_due: life.is_due(seen_at, now) }))
}

/// The owner of a personal API token; none where it has ended, was revoked or never was. Its use is noted.
///
/// # Errors
/// The database is unavailable.
pub fn of_token(catalogue: &Catalogue, token: &str, now: i64) -> Result<Option<Actor>, Error> {
    let Some(found) = by_token(catalogue, token, now)? else { return Ok(None) };
    if found.is_due {
        catalogue.db.note(|conn| persons::touch_token(conn, &hash(token), now));
    }
    Ok(Some(found.who))
}

/// The same by reading only.
///
/// # Errors
/// The database is unavailable.
pub fn by_token(catalogue: &Catalogue, token: &str, now: i64) -> Result<Option<Known>, Error> {
    let found = catalogue.credentials.look_up(&catalogue.db, Kind::Token, hash(token))?;
    let alive = found.filter(|found| now < found.expires_at);
    Ok(alive.map(|found| Known { who: found.who.clone(), is_due: found.used_at.is_none_or(|used| used + TOUCH_MS <= now) }))
}

/// An account at an identity provider, as its verified token shows it.
#[derive(Clone, Debug)]
pub struct ExternalAccount {
    /// Issuer, exact.
    pub issuer: String,
    /// Subject at the issuer.
    pub subject: String,
    /// Name shown, as a function.
    pub display_name: Option<String>,
    /// Address, only where the provider says that it verified it.
    pub verified_email: Option<String>,
    /// Whether it is a program.
    pub is_program: bool,
    /// Roles that its claims give.
    pub roles: Vec<GrantedRole>,
}

/// The bearer of a verified access token; the person is registered at its first use.
///
/// # Errors
/// The database is unavailable, or the person is disabled.
pub fn of_external(catalogue: &Catalogue, account: &ExternalAccount, now: i64) -> Result<Option<Actor>, Error> {
    let known = catalogue.db.read(|conn| persons::by_identity(conn, &account.issuer, &account.subject))?;
    let person = match known {
        Some(person) => person,
        None => {
            let person = catalogue.db.write::<_, Error>(|conn, _| register_external(conn, account, now))?;
            super::access_requests::meeting::meet(catalogue, &person.id, now);
            person
        }
    };
    if person.disabled_at.is_some() {
        return Ok(None);
    }
    let mut rows = catalogue.db.read(|conn| persons::memberships_of(conn, &person.id))?;
    // Roles kept from an earlier sign-in at the issuer give way to those of the token in hand.
    rows.retain(|row| row.source != account.issuer);
    rows.extend(membership_rows(&person.id, account, now));
    Ok(Some(actor(&person, &rows, Channel::Bearer)?))
}

/// Roles that claims give, as rows.
pub fn membership_rows(person_id: &str, account: &ExternalAccount, now: i64) -> Vec<MembershipRow> {
    let row = |granted: &GrantedRole| MembershipRow {
        person_id: person_id.to_owned(),
        institution: granted.institution.clone().unwrap_or_default(),
        role: granted.role.clone(),
        source: account.issuer.clone(),
        granted_at: now,
    };
    account.roles.iter().map(row).collect()
}

/// Registers the person behind an account, keyed on issuer and subject. An address that belongs to someone here already is
/// left out: it never links the two, so that nobody takes an account over by naming its address elsewhere.
///
/// # Errors
/// A statement failed.
pub fn register_external(conn: &mut Conn, account: &ExternalAccount, now: i64) -> Result<PersonRow, Error> {
    if let Some(person) = persons::by_identity(conn, &account.issuer, &account.subject)? {
        return Ok(person);
    }
    let email = match &account.verified_email {
        Some(email) if persons::by_email(conn, email)?.is_none() => Some(email.clone()),
        _ => None,
    };
    // A provider's claim `name` is a private name; people are shown here by function only. Programs have names of their own.
    let function = match (account.is_program, account.roles.first()) {
        (true, _) => account.display_name.clone().unwrap_or_else(|| "Program".to_owned()),
        (false, Some(GrantedRole { role, institution: Some(institution) })) => format!("{role}, {institution}"),
        (false, Some(GrantedRole { role, institution: None })) => role.clone(),
        (false, None) => "Member".to_owned(),
    };
    let person = PersonRow { email, is_program: i64::from(account.is_program), ..super::people::blank(&function, now) };
    persons::insert(conn, &person)?;
    let (issuer, subject, person_id) = (account.issuer.clone(), account.subject.clone(), person.id.clone());
    persons::insert_identity(conn, &IdentityRow { issuer, subject, person_id, created_at: now })?;
    Ok(person)
}

/// Opens a session and returns its secret, which only the cookie keeps.
///
/// # Errors
/// A statement failed.
pub fn open_session(
    conn: &mut Conn,
    person_id: &str,
    provider: Option<(&str, &str)>,
    now: i64,
    life: SessionLife,
) -> Result<String, Error> {
    if persons::by_id(conn, person_id)?.is_none_or(|person| person.disabled_at.is_some()) {
        return Err(Error::NotFound("an account that is open".to_owned()));
    }
    let secret = new_secret()?;
    let row = SessionRow {
        hash: hash(&secret),
        person_id: person_id.to_owned(),
        provider: provider.map(|(name, _)| name.to_owned()),
        id_token: provider.map(|(_, token)| token.to_owned()),
        created_at: now,
        seen_at: now,
        expires_at: now + life.absolute_ms,
    };
    persons::insert_session(conn, &row)?;
    Ok(secret)
}
