//! Credentials that were looked up lately. One is remembered until the database is next written, by whomever: what is revoked here, on another
//! node or at the console is refused with the very next question. Where the database cannot tell that it was written (PostgreSQL, without a round
//! trip that costs as much as the question itself), each look goes there.

use std::sync::Arc;

use moka::sync::Cache;

use crate::domain::policy::{Actor, Channel, Person};
use crate::domain::vocabulary::{TokenScope, Vocabulary};
use crate::store::Db;
use crate::store::standing::{self, Standing};
use crate::store::watch::Mark;

use super::Error;
use super::identity::grants_of;

/// What a secret is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Sessions of browsers.
    Session,
    /// Personal API tokens.
    Token,
}

/// A credential that was neither revoked nor belongs to a closed account. Whether its time is over is for the moment to say.
#[derive(Debug)]
pub(super) struct Credential {
    /// Whom it makes known, and how.
    pub who: Actor,
    /// Its end, milliseconds from 1970-01-01 UTC.
    pub expires_at: i64,
    /// Last use, to the minute.
    pub used_at: Option<i64>,
}

impl Credential {
    fn of(kind: Kind, standing: Standing) -> Result<Option<Self>, Error> {
        if standing.revoked_at.is_some() || standing.disabled_at.is_some() {
            return Ok(None);
        }
        let channel = match kind {
            Kind::Session => Channel::Session,
            Kind::Token => Channel::Token(standing.scopes.split_whitespace().filter_map(TokenScope::parse).collect()),
        };
        let id = super::catalogue::read_id(&standing.person_id)?;
        let grants = grants_of(standing.roles.iter().map(|(institution, role)| (institution.as_str(), role.as_str())));
        let who = Actor::Person(Arc::new(Person { id, grants, channel }));
        Ok(Some(Self { who, expires_at: standing.expires_at, used_at: standing.used_at }))
    }
}

/// The memory of one process.
pub struct Credentials(Cache<(Kind, String), (Mark, Arc<Credential>)>);

impl Default for Credentials {
    fn default() -> Self {
        Self(Cache::new(10_000))
    }
}

impl Credentials {
    /// The credential whose secret has this hash; none where there is none, or where it is good for nothing any more.
    pub(super) fn look_up(&self, db: &Db, kind: Kind, hash: String) -> Result<Option<Arc<Credential>>, Error> {
        // Taken before the look: what is written during it makes the next mark another one.
        let mark = db.mark();
        let key = (kind, hash);
        if let Some((at, known)) = self.0.get(&key)
            && Some(at) == mark
        {
            return Ok(Some(known));
        }
        let found = db.read(|conn| match kind {
            Kind::Session => standing::of_session(conn, &key.1),
            Kind::Token => standing::of_token(conn, &key.1),
        })?;
        let Some(found) = found.map(|found| Credential::of(kind, found)).transpose()?.flatten().map(Arc::new) else {
            self.0.invalidate(&key);
            return Ok(None);
        };
        if let Some(mark) = mark {
            self.0.insert(key, (mark, found.clone()));
        }
        Ok(Some(found))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel::connection::SimpleConnection;
    use diesel::{Connection, SqliteConnection};

    use super::*;
    use crate::store::db::{DbOptions, statements_sent};

    #[test]
    fn a_credential_is_remembered_until_anybody_writes() {
        let folder = std::env::temp_dir().join(format!("rihla_credentials_{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let url = folder.join("credentials.sqlite").display().to_string();
        let second = Duration::from_secs(10);
        let options = DbOptions { url: url.clone(), connections: 1, connect_timeout: second, statement_timeout: second };
        let db = Db::open(&options).expect("a database");
        db.migrate(None).expect("tables");
        // Somebody who writes beside this process.
        let mut other = SqliteConnection::establish(&url).expect("the file");
        let mut write = |statement: &str| other.batch_execute(statement).expect("written");
        let person = uuid::Uuid::nil();
        write(&format!(
            "INSERT INTO persons VALUES ('{person}', NULL, 'Officer', 'en', 'x', NULL, NULL, 0, 0, 0, NULL, 0, 0, 0); \
             INSERT INTO memberships VALUES ('{person}', 'hcp', 'EDITOR', 'x', 0); \
             INSERT INTO api_tokens VALUES ('1', '{person}', 'x', 'digest', 'READ', 0, 99, NULL, NULL)"
        ));
        let credentials = Credentials::default();
        let look = |kind: Kind| {
            let before = statements_sent();
            let found = credentials.look_up(&db, kind, "digest".to_owned()).expect("the database answers");
            let roles = found.map(|found| match &found.who {
                Actor::Person(person) => (person.grants.len(), found.expires_at),
                other => panic!("{other:?}"),
            });
            (roles, statements_sent() - before)
        };
        assert_eq!(look(Kind::Token), (Some((1, 99)), 1));
        assert_eq!((look(Kind::Token), look(Kind::Token)), ((Some((1, 99)), 0), (Some((1, 99)), 0)), "nothing was written");
        assert_eq!(look(Kind::Session), (None, 1), "a token is no session");
        write(&format!("INSERT INTO memberships VALUES ('{person}', '', 'AUDITOR', 'x', 0)"));
        assert_eq!((look(Kind::Token), look(Kind::Token)), ((Some((2, 99)), 1), (Some((2, 99)), 0)), "another role");
        db.note(|conn| conn.batch_execute("UPDATE api_tokens SET expires_at = 98"));
        assert_eq!((look(Kind::Token), look(Kind::Token)), ((Some((2, 98)), 1), (Some((2, 98)), 0)), "this process writes too");
        write("UPDATE api_tokens SET revoked_at = 5");
        assert_eq!((look(Kind::Token), look(Kind::Token)), ((None, 1), (None, 1)), "revoked");
        write("UPDATE api_tokens SET revoked_at = NULL; UPDATE persons SET disabled_at = 5");
        assert_eq!(look(Kind::Token).0, None, "the account is closed");
        drop(db);
        std::fs::remove_dir_all(&folder).expect("the folder goes");
    }
}
