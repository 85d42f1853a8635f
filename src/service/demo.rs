//! The demo catalogue: 50 institutions and 58 datasets of Morocco and North Africa, each with its sources and certainty.
//! What is in it and what was left out is told in `docs/demo-catalogue.md`.

use crate::store::{datasets, institutions};

use super::import::{ImportOptions, ImportReport, import_text};
use super::{Catalogue, Error};

/// The records, in the registry's own format.
pub const DEMO: &str = include_str!("demo/catalogue.jsonl");

/// Loads the demo into an empty catalogue; a catalogue with records is left as it is.
///
/// # Errors
/// The database is unavailable, or the demo does not pass validation.
pub fn load(catalogue: &Catalogue, now: i64) -> Result<Option<ImportReport>, Error> {
    let (datasets, institutions) = catalogue.db.read(|conn| Ok((datasets::count(conn)?, institutions::count(conn)?)))?;
    if datasets + institutions > 0 {
        return Ok(None);
    }
    let options = ImportOptions { dry_run: false, actor: "rihla serve --demo", now };
    let report = import_text(catalogue, "demo catalogue", DEMO, options)?;
    if let Some(problem) = report.problems.first() {
        return Err(Error::Internal(anyhow::anyhow!("{problem}")));
    }
    Ok(Some(report))
}
