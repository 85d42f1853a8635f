//! One account for each role of the demo, named by function, each with a sign-in link and a token made anew at every start.

use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{MailPreference, Role, TokenScope, Vocabulary};
use crate::store::institutions;
use crate::store::persons::{self, PersonRow};

use super::drafts::Acting;
use super::links::{self, LinkKind, NewLink};
use super::people::{self, RoleWish};
use super::{Catalogue, Error, accounts};

/// Name in the table `registry` that says that the records are those of the demo.
const MARK: &str = "demo";
/// Life of a sign-in link, milliseconds.
const LINK_MS: i64 = 24 * 3_600_000;

/// How to try a role.
pub struct DemoAccount {
    /// Function.
    pub function: String,
    /// Roles in words.
    pub role: &'static str,
    /// Path of the sign-in link.
    pub sign_in: String,
    /// API token.
    pub token: String,
}

const ACCOUNTS: [(&str, &str, Option<&str>, Role); 8] = [
    ("editor", "Statistics officer, HCP", Some("hcp"), Role::Editor),
    ("validator", "Director of statistics, HCP", Some("hcp"), Role::Validator),
    ("access", "Access officer, HCP", Some("hcp"), Role::AccessOfficer),
    ("holder", "Data officer, National Migration Observatory", Some("onm-ma"), Role::Editor),
    ("coordinator", "Coordinator of the catalogue", None, Role::Coordinator),
    ("auditor", "Auditor of the catalogue", None, Role::Auditor),
    ("admin", "Administrator of the catalogue", None, Role::Admin),
    ("member", "Researcher, member of the catalogue", None, Role::Member),
];

/// Notes that the records are those of the demo, so that demo accounts are never made in another catalogue.
///
/// # Errors
/// The database is unavailable.
pub fn mark(catalogue: &Catalogue) -> Result<(), Error> {
    catalogue.db.write(|conn, _| Ok(institutions::set_registry_value(conn, MARK, "1")?))
}

/// Makes the accounts, where the catalogue is the demo; none otherwise.
///
/// # Errors
/// The database is unavailable.
pub fn open(catalogue: &Catalogue, now: i64) -> Result<Vec<DemoAccount>, Error> {
    if catalogue.db.read(|conn| institutions::registry_value(conn, MARK))?.is_none() {
        return Ok(Vec::new());
    }
    close(catalogue, now)?;
    ACCOUNTS.iter().map(|account| open_one(catalogue, account, now)).collect()
}

fn open_one(catalogue: &Catalogue, account: &(&str, &str, Option<&str>, Role), now: i64) -> Result<DemoAccount, Error> {
    let (name, function, institution, role) = *account;
    let email = format!("{name}@demo.example");
    let known = catalogue.db.read(|conn| persons::by_email(conn, &email))?;
    let person = match known {
        Some(person) => person,
        None => {
            let institution = institution.map(Slug::parse).transpose().map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
            let wishes: Vec<RoleWish> = if role == Role::Member { Vec::new() } else { vec![RoleWish { institution, role }] };
            let person = people::add(catalogue, now, &email, function, "en", &wishes)?;
            // Nobody reads mail at these addresses.
            let marked = PersonRow { is_demo: 1, mail_preference: MailPreference::Off.code().to_owned(), ..person };
            catalogue.db.write::<_, Error>(|conn, _| Ok(persons::update(conn, &marked)?))?;
            marked
        }
    };
    let scopes = TokenScope::ALL;
    let acting = Acting { actor: &Actor::Console, now };
    let (_, token) = accounts::issue_token(catalogue, acting, &person.id, "demo", scopes, 1)?;
    let secret = catalogue.db.write(|conn, _| {
        links::make(conn, &NewLink { kind: LinkKind::SignIn, person_id: Some(&person.id), doc: &(), now, life_ms: LINK_MS })
    })?;
    Ok(DemoAccount { function: function.to_owned(), role: role.code(), sign_in: format!("/sign-in/{secret}"), token })
}

/// Takes sign-in links, tokens and sessions of the demo accounts back: they count only while the demo is served to this machine.
///
/// # Errors
/// The database is unavailable.
pub fn close(catalogue: &Catalogue, now: i64) -> Result<(), Error> {
    catalogue.db.write(|conn, _| {
        for person in persons::all(conn)?.into_iter().filter(|person| person.is_demo == 1) {
            persons::revoke_tokens(conn, &person.id, now)?;
            persons::end_sessions(conn, &person.id, "")?;
            persons::remove_links(conn, &person.id, "SIGN_IN")?;
        }
        Ok(())
    })
}
