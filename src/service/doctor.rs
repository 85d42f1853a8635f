//! Looks after the registry: database, hash chain, index.

use crate::store::{changes, requests};

use super::access_requests::verify;
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

/// Looks at everything.
///
/// # Errors
/// The database cannot be reached.
pub fn examine(catalogue: &Catalogue) -> Result<Vec<Check>, Error> {
    let current = catalogue.db.is_current()?;
    let mut checks = vec![Check {
        name: "database",
        healthy: current,
        finding: if current {
            format!("{} answers, tables are up to date", catalogue.db.kind())
        } else {
            "tables are of an older version; run `rihla migrate`".to_owned()
        },
    }];
    if !current {
        return Ok(checks);
    }
    let chain = catalogue.db.read(changes::verify)?;
    checks.push(Check {
        name: "change log",
        healthy: chain.fault.is_none(),
        finding: chain.fault.unwrap_or_else(|| format!("{} changes, no gap, every hash agrees", chain.rows)),
    });
    checks.push(access_requests(catalogue)?);
    let lag = follow::lag(catalogue)?;
    let finding = match lag {
        0 => format!("up to date, {} records can be found", catalogue.index.snapshot().public_total),
        1.. => format!("{lag} changes behind; a running server catches up by itself, `rihla reindex` builds it anew"),
        _ => "ahead of the database, which was replaced by an older one; run `rihla reindex`".to_owned(),
    };
    checks.push(Check { name: "search index", healthy: lag >= 0, finding });
    Ok(checks)
}

/// Whether the row of every access request is what its events make, and every text the one that was hashed.
fn access_requests(catalogue: &Catalogue) -> Result<Check, Error> {
    let ids = catalogue.db.read(requests::ids)?;
    for id in &ids {
        if let Some(finding) = catalogue.db.read(|conn| Ok(verify(conn, id)))?? {
            return Ok(Check { name: "access requests", healthy: false, finding });
        }
    }
    let finding = format!("{} requests, each as its events make it, every text as it was hashed", ids.len());
    Ok(Check { name: "access requests", healthy: true, finding })
}
