//! Persons and their roles: added at the console, invited by e-mail, granted and revoked.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::policy::{Action, Actor, Subject, check, is_of_institution};
use crate::domain::problem::Problem;
use crate::domain::text::{is_steering, one_line};
use crate::domain::vocabulary::{MailPreference, RefusalCode, Role, Vocabulary};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::outbox::{self, MailRow};
use crate::store::persons::{self, MembershipRow, PersonRow};
use crate::store::{Conn, institutions};

use super::access_requests::{leaving, meeting};
use super::drafts::Acting;
use super::mail::{self, Message};
use super::{Catalogue, Error, holder_webhooks};

/// Longest name of a function, in characters.
const MAX_FUNCTION: usize = 200;

mod invitations;
mod passwords;

pub use invitations::{AcceptError, INVITATION_DAYS, Invitation, Named, accept, give_invited, invite, invite_named};
pub use passwords::{RESET_MINUTES, request_reset, reset, set_password};

/// How the catalogue speaks of itself in mails.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    /// Name of the catalogue.
    pub name: &'a str,
    /// Its address, without a slash at the end.
    pub base_url: &'a str,
}

/// A person without address, password and roles.
pub fn blank(function: &str, now: i64) -> PersonRow {
    // Names that a provider gives are cleaned, not refused: their owner cannot mend them.
    let function: String = function.chars().filter(|c| !c.is_control() && !is_steering(*c)).take(MAX_FUNCTION).collect();
    PersonRow {
        id: Uuid::now_v7().to_string(),
        email: None,
        function,
        language: "en".to_owned(),
        mail_preference: MailPreference::AtOnce.code().to_owned(),
        password_hash: None,
        totp_secret: None,
        totp_step: 0,
        is_program: 0,
        is_demo: 0,
        disabled_at: None,
        mailed_at: 0,
        created_at: now,
        updated_at: now,
    }
}

/// Checks an address and brings it into the form under which it is kept.
///
/// # Errors
/// It is not an e-mail address.
pub fn clean_email(text: &str) -> Result<String, Error> {
    let clean = mail::address(text.trim()).map_err(|remedy| Error::Invalid(vec![Problem::new("email", text, remedy)]))?;
    Ok(clean.to_lowercase())
}

/// Checks the function under which a person is to be known.
///
/// # Errors
/// It is empty, too long, or more than one line.
pub fn clean_function(text: &str) -> Result<String, Error> {
    one_line(text, MAX_FUNCTION).map_err(|remedy| Error::Invalid(vec![Problem::new("function", "", remedy)]))
}

/// Checks that mails are written in a language.
///
/// # Errors
/// They are not.
pub fn check_mail_language(language: &str) -> Result<(), Error> {
    if ["ar", "fr", "en"].contains(&language) {
        return Ok(());
    }
    Err(Error::Invalid(vec![Problem::new("language", language, "mails are written in ar, fr or en")]))
}

/// Each role once, in the order given.
fn without_repetitions(roles: &[RoleWish]) -> Vec<RoleWish> {
    let mut kept: Vec<RoleWish> = Vec::with_capacity(roles.len());
    for wish in roles {
        if !kept.contains(wish) {
            kept.push(wish.clone());
        }
    }
    kept
}

/// A role to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleWish {
    /// Slug of the institution; none for a role of the catalogue.
    pub institution: Option<Slug>,
    /// The role.
    pub role: Role,
}

impl RoleWish {
    fn check_shape(&self) -> Result<(), Error> {
        let remedy = match (self.role, &self.institution) {
            (Role::Visitor | Role::Member, _) => "is not granted: it follows from signing in",
            (role, None) if is_of_institution(role) => "belongs to an institution; name it",
            (role, Some(_)) if !is_of_institution(role) => "belongs to the catalogue; leave the institution out",
            _ => return Ok(()),
        };
        Err(Error::Invalid(vec![Problem::new("role", self.role.code(), remedy)]))
    }

    /// Whether the actor may give or take it.
    fn check_right(&self, actor: &Actor) -> Result<(), Error> {
        self.check_shape()?;
        let action = if self.institution.is_some() { Action::InstitutionMembers } else { Action::CatalogueMembers };
        let subject = Subject { institution: self.institution.as_ref(), ..Subject::default() };
        check(actor, action, &subject).map_err(|code| Error::Forbidden { code, action })
    }
}

fn check_institution(conn: &mut Conn, slug: Option<&Slug>) -> Result<(), Error> {
    match slug {
        Some(slug) if institutions::by_slugs(conn, &[slug.to_string()])?.is_empty() => {
            Err(Error::NotFound(format!("institution `{slug}`")))
        }
        _ => Ok(()),
    }
}

/// Name of an institution in a language.
///
/// # Errors
/// The statement failed.
pub fn institution_name(conn: &mut Conn, slug: &str, language: &str) -> Result<String, Error> {
    let row = institutions::by_slugs(conn, &[slug.to_owned()])?.pop();
    let record = row.as_ref().map(super::catalogue::read_institution).transpose()?;
    Ok(record.and_then(|r| r.institution.names.words(Some(language), None).map(str::to_owned)).unwrap_or_else(|| slug.to_owned()))
}

/// Puts a mail into the outbox, in the caller's transaction.
///
/// # Errors
/// The statement failed.
pub fn queue_mail(conn: &mut Conn, voice: Voice<'_>, to: &str, language: &str, message: &Message, now: i64) -> Result<(), Error> {
    queue_mail_on(conn, voice, (to, language), message, None, now)
}

/// The same for a mail that tells of one thing, with whose texts it is erased while it waits.
///
/// # Errors
/// The statement failed.
pub fn queue_mail_on(
    conn: &mut Conn,
    voice: Voice<'_>,
    (to, language): (&str, &str),
    message: &Message,
    entity_id: Option<&str>,
    now: i64,
) -> Result<(), Error> {
    let (subject, body) = mail::render(language, voice.name, message);
    let row = MailRow {
        id: Uuid::now_v7().to_string(),
        recipient: to.to_owned(),
        language: language.to_owned(),
        subject,
        body,
        attempts: 0,
        error: None,
        created_at: now,
        due_at: now,
        sent_at: None,
        is_urgent: i64::from(message.is_urgent()),
        entity_id: entity_id.map(str::to_owned),
    };
    Ok(outbox::insert_mail(conn, &row)?)
}

fn give(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, person_id: &str, wish: &RoleWish) -> Result<bool, Error> {
    let institution = wish.institution.as_ref().map(ToString::to_string).unwrap_or_default();
    let (role, person) = (wish.role.code().to_owned(), person_id.to_owned());
    let row = MembershipRow { person_id: person, institution, role, source: String::new(), granted_at: acting.now };
    let before = persons::memberships_of(conn, person_id)?;
    let is_new = persons::grant(conn, &row)?;
    if is_new {
        holder_webhooks::follow_roles(conn, person_id, &before, acting.now)?;
        let about = json!({ "role": wish.role, "institution": wish.institution });
        log_person(conn, ledger, acting, "GRANTED", "MEMBERSHIP", person_id, &about)?;
    }
    Ok(is_new)
}

/// Gives a role to a person who is known. Their sessions end, so that the new role begins with a new sign-in.
///
/// # Errors
/// Forbidden, not found, or one's own role.
pub fn grant(catalogue: &Catalogue, acting: Acting<'_>, person_id: &str, wish: &RoleWish) -> Result<Member, Error> {
    change_role(catalogue, acting, person_id, wish, |conn, ledger, person| give(conn, ledger, acting, &person.id, wish))
}

/// Takes a role back. Their sessions end.
///
/// # Errors
/// Forbidden, not found, or one's own role.
pub fn revoke(catalogue: &Catalogue, acting: Acting<'_>, person_id: &str, wish: &RoleWish) -> Result<Member, Error> {
    change_role(catalogue, acting, person_id, wish, |conn, ledger, person| {
        let institution = wish.institution.as_ref().map(ToString::to_string).unwrap_or_default();
        let before = persons::memberships_of(conn, &person.id)?;
        if !persons::revoke(conn, &person.id, &institution, wish.role.code())? {
            return Err(Error::NotFound(format!("role {} of this person", wish.role.code())));
        }
        let about = json!({ "role": wish.role, "institution": wish.institution });
        log_person(conn, ledger, acting, "REVOKED", "MEMBERSHIP", &person.id, &about)?;
        holder_webhooks::follow_roles(conn, &person.id, &before, acting.now)?;
        leaving::follow_roles(conn, ledger, &person.id, &before, acting.now)?;
        Ok(true)
    })
}

fn change_role(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    person_id: &str,
    wish: &RoleWish,
    change: impl FnOnce(&mut Conn, &mut Ledger, &PersonRow) -> Result<bool, Error>,
) -> Result<Member, Error> {
    wish.check_right(acting.actor)?;
    if acting.actor.person().is_some_and(|own| own.id.to_string() == person_id) {
        let action = if wish.institution.is_some() { Action::InstitutionMembers } else { Action::CatalogueMembers };
        return Err(Error::Forbidden { code: RefusalCode::OwnRole, action });
    }
    catalogue.db.write(|conn, ledger| {
        let absent = || Error::NotFound(format!("person `{person_id}`"));
        let person = persons::by_id(conn, person_id)?.ok_or_else(absent)?;
        // Who manages one institution must not learn who else is registered here.
        let theirs = persons::memberships_of(conn, person_id)?;
        let knows = |slug: &Slug| theirs.iter().any(|row| row.institution == slug.as_str());
        let runs_system = *acting.actor == Actor::Console || acting.actor.has(Role::Admin, None);
        if !runs_system && !wish.institution.as_ref().is_some_and(knows) {
            return Err(absent());
        }
        check_institution(conn, wish.institution.as_ref())?;
        if change(conn, ledger, &person)? {
            persons::end_sessions(conn, &person.id, "")?;
            super::entitlements::follow_person(conn, ledger, acting.actor, acting.now, &person.id)?;
        }
        // Of the roles in other institutions whoever manages this one learns nothing.
        let place = wish.institution.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut roles = persons::memberships_of(conn, &person.id)?;
        roles.retain(|row| row.institution == place);
        Ok(Member { person, roles })
    })
}

/// Adds a person at the console.
///
/// # Errors
/// A wrong address, or one that is taken.
pub fn add(catalogue: &Catalogue, now: i64, email: &str, function: &str, language: &str, roles: &[RoleWish]) -> Result<PersonRow, Error> {
    check_mail_language(language)?;
    let (email, function, roles) = (clean_email(email)?, clean_function(function)?, without_repetitions(roles));
    for wish in &roles {
        wish.check_shape()?;
    }
    let person = catalogue.db.write(|conn, ledger| {
        if persons::by_email(conn, &email)?.is_some() {
            return Err(Error::Conflict(format!("there is an account for `{email}` already")));
        }
        let person = PersonRow { email: Some(email), language: language.to_owned(), ..blank(&function, now) };
        persons::insert(conn, &person)?;
        let acting = Acting { actor: &Actor::Console, now };
        log_person(conn, ledger, acting, "CREATED", "PERSON", &person.id, &json!({}))?;
        for wish in &roles {
            check_institution(conn, wish.institution.as_ref())?;
            give(conn, ledger, acting, &person.id, wish)?;
        }
        Ok::<_, Error>(person)
    })?;
    meeting::meet(catalogue, &person.id, now);
    Ok(person)
}

/// Disables an account, named by its address or identifier, or lets it in again; sessions and tokens end.
///
/// # Errors
/// There is no such person.
pub fn set_disabled(catalogue: &Catalogue, email: &str, is_disabled: bool, now: i64) -> Result<PersonRow, Error> {
    let key = email.trim().to_lowercase();
    catalogue.db.write(|conn, ledger| {
        let found = match persons::by_email(conn, &key)? {
            Some(person) => Some(person),
            None => persons::by_id(conn, &key)?,
        };
        let mut person = found.ok_or_else(|| Error::NotFound(format!("an account for `{key}`")))?;
        person.disabled_at = is_disabled.then_some(now);
        person.updated_at = now;
        persons::update(conn, &person)?;
        if is_disabled {
            persons::end_sessions(conn, &person.id, "")?;
            persons::revoke_tokens(conn, &person.id, now)?;
            for kind in ["SIGN_IN", "RESET"] {
                persons::remove_links(conn, &person.id, kind)?;
            }
        }
        let kind = if is_disabled { "DISABLED" } else { "ENABLED" };
        log_person(conn, ledger, Acting { actor: &Actor::Console, now }, kind, "PERSON", &person.id, &json!({}))?;
        if is_disabled {
            leaving::follow_disabled(conn, ledger, &person.id, now)?;
        }
        super::entitlements::follow_person(conn, ledger, &Actor::Console, now, &person.id)?;
        Ok(person)
    })
}

/// Writes a change of accounts or roles into the log: who, and what about, never an address or a secret.
///
/// # Errors
/// The statement failed.
pub fn log_person(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    entity: &str,
    id: &str,
    about: &serde_json::Value,
) -> Result<(), Error> {
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity,
        entity_id: id,
        known_to: KnownTo::Auditors,
        before: None,
        after: Some(&about.to_string()),
    };
    ledger.append(conn, &change)?;
    Ok(())
}

/// A person with their roles.
#[derive(Clone, Debug)]
pub struct Member {
    /// The person.
    pub person: PersonRow,
    /// Roles.
    pub roles: Vec<MembershipRow>,
}

/// Everyone, with their roles; for the console.
///
/// # Errors
/// The database is unavailable.
pub fn everyone(catalogue: &Catalogue) -> Result<Vec<Member>, Error> {
    Ok(catalogue.db.read(|conn| {
        let mut members = Vec::new();
        for person in persons::all(conn)? {
            let roles = persons::memberships_of(conn, &person.id)?;
            members.push(Member { person, roles });
        }
        Ok(members)
    })?)
}

/// Persons with a role in an institution, for those who manage them.
///
/// # Errors
/// Forbidden.
pub fn members(catalogue: &Catalogue, actor: &Actor, institution: &Slug) -> Result<Vec<Member>, Error> {
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    check(actor, Action::InstitutionMembers, &subject).map_err(|code| Error::Forbidden { code, action: Action::InstitutionMembers })?;
    Ok(catalogue.db.read(|conn| {
        let rows = persons::memberships_in(conn, institution.as_str())?;
        let mut ids: Vec<String> = rows.iter().map(|row| row.person_id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = persons::by_ids(conn, &ids)?;
        let roles_of = |person: &PersonRow| rows.iter().filter(|row| row.person_id == person.id).cloned().collect();
        Ok(found.into_iter().map(|person| Member { roles: roles_of(&person), person }).collect())
    })?)
}
