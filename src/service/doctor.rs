//! Looks after the registry: database, hash chain, index.

use crate::store::changes;

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
    let requests = integrity::verify_all(&catalogue.db)?;
    checks.push(Check { name: "access requests", healthy: requests.faults.is_empty(), finding: requests.to_string() });
    let lag = follow::lag(catalogue)?;
    let finding = match lag {
        0 => format!("up to date, {} records can be found", catalogue.index.snapshot().public_total),
        1.. => format!("{lag} changes behind; a running server catches up by itself, `rihla reindex` builds it anew"),
        _ => "ahead of the database, which was replaced by an older one; run `rihla reindex`".to_owned(),
    };
    checks.push(Check { name: "search index", healthy: lag >= 0, finding });
    Ok(checks)
}
