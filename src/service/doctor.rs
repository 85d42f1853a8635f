//! Looks after the registry: database, hash chain, index.

use crate::domain::policy::{Audience, is_searchable};
use crate::domain::vocabulary::{PublicationStatus, Visibility, Vocabulary};
use crate::store::db::Tables;
use crate::store::{Db, StoreError, changes, datasets};

use super::access_requests::integrity;
use super::{Catalogue, Error, follow};

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// Whether it is as it should be.
    pub healthy: bool,
    /// What was found, and what to do where it is not healthy.
    pub finding: String,
}

/// Looks at the database and at what was written into it. It needs no index, so that a damaged one keeps nothing from being looked at.
///
/// # Errors
/// The database cannot be reached.
pub fn examine_database(db: &Db) -> Result<Vec<Check>, Error> {
    let mut checks = vec![examine_tables(db)?];
    if !checks[0].healthy {
        return Ok(checks);
    }
    let chain = db.read(changes::verify)?;
    checks.push(Check {
        name: "change log",
        healthy: chain.fault.is_none(),
        finding: chain.fault.unwrap_or_else(|| format!("{} changes, no gap, every hash agrees", chain.rows)),
    });
    let requests = integrity::verify_all(db)?;
    checks.push(Check { name: "access requests", healthy: requests.faults.is_empty(), finding: requests.to_string() });
    Ok(checks)
}

/// Looks whether the tables are those that this program works on: only then can the rest be looked at.
///
/// # Errors
/// The database cannot be reached.
pub fn examine_tables(db: &Db) -> Result<Check, Error> {
    let (healthy, finding) = match db.tables()? {
        Tables::Current => (true, format!("{} answers, tables are up to date", db.kind())),
        Tables::Older => (false, "tables are of an older version; run `rihla migrate`".to_owned()),
        Tables::Newer(migration) => (false, StoreError::Newer(migration).to_string()),
    };
    Ok(Check { name: "database", healthy, finding })
}

/// Looks whether the index holds what the database does.
///
/// # Errors
/// The database cannot be reached.
pub fn examine_index(catalogue: &Catalogue) -> Result<Check, Error> {
    let lag = follow::lag(catalogue)?;
    let found = catalogue.index.snapshot().public_total;
    let wanted = findable(catalogue)?;
    // Of what a running server writes meanwhile the index is told later.
    let is_still = lag == 0 && follow::lag(catalogue)? == 0;
    let (healthy, finding) = match lag {
        0 if is_still && found != wanted => {
            (false, format!("{found} records can be found, the database has {wanted} that anybody may find; run `rihla reindex`"))
        }
        0 => (true, format!("up to date, {found} records can be found")),
        1.. => (true, format!("{lag} changes behind; a running server catches up by itself, `rihla reindex` builds it anew")),
        _ => (false, "ahead of the database, which was replaced by an older one; run `rihla reindex`".to_owned()),
    };
    Ok(Check { name: "search index", healthy, finding })
}

/// Number of records that anybody may find.
fn findable(catalogue: &Catalogue) -> Result<u64, Error> {
    let states = catalogue.db.read(datasets::count_by_state)?;
    let may_be_found = |status: &str, visibility: &str| match (PublicationStatus::parse(status), Visibility::parse(visibility)) {
        (Some(status), Some(visibility)) => is_searchable(Audience::Public, status, visibility),
        _ => false,
    };
    let counts = states.iter().filter(|(status, visibility, _)| may_be_found(status, visibility)).map(|(_, _, count)| count.unsigned_abs());
    Ok(counts.sum())
}
