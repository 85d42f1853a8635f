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
