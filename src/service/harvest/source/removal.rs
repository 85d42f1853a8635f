//! A source is removed, and what it had brought stays, is hidden or passes to another source.

use crate::domain::vocabulary::ImportFormat;
use crate::store::Conn;
use crate::store::sources;

use super::super::super::catalogue::read_id;
use super::super::super::drafts::Acting;
use super::super::super::{Catalogue, Error};
use super::super::copies;
use super::super::pages::{is_registry, registry_base};
use super::super::run::Asked;
use super::{HarvestSource, Progress, log, of_actor};

/// Copies that are taken out of sight in one transaction.
const HIDDEN_AT_ONCE: i64 = 500;

/// What became of the copies of another registry's records when the source was removed that had brought them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Copies that were taken out of sight, since nobody follows their registry any more.
    pub hidden: u64,
    /// Copies that stay, since another source of the same registry takes them over.
    pub kept: u64,
}

/// Removes a source. Drafts and records that came from it stay, and say where they came from. Copies of another registry's records must
/// not outlive it: they go out of sight, unless another source of that registry is harvested, which is asked to take them over.
///
/// # Errors
/// Not found, or forbidden.
pub fn remove(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<Removed, Error> {
    let source = of_actor(catalogue, acting, id)?;
    let mut removed = Removed::default();
    loop {
        let (ids, is_done) = catalogue.db.write(|conn, ledger| {
            let heir = heir(conn, &source)?;
            let copies = if heir.is_some() { Vec::new() } else { sources::copies(conn, id, HIDDEN_AT_ONCE)? };
            let mut ids = Vec::new();
            for row in &copies {
                if copies::hide(conn, ledger, row, acting.now)? {
                    ids.push(read_id(&row.dataset_id)?);
                }
                sources::set_gone(conn, id, &row.record_key, Some(acting.now))?;
            }
            // The source goes with the last of its copies, so that what is broken off can be done again.
            let is_done = (copies.len() as i64) < HIDDEN_AT_ONCE;
            if is_done {
                if let Some(heir) = heir {
                    removed.kept = u64::try_from(sources::count_copies(conn, id)?).unwrap_or_default();
                    ask_for_all(conn, heir, acting.now)?;
                }
                log(conn, ledger, acting, "REMOVED", Some(&source), None)?;
                sources::remove(conn, id)?;
            }
            Ok::<_, Error>((ids, is_done))
        })?;
        removed.hidden += ids.len() as u64;
        catalogue.forget(&ids, false);
        if is_done {
            return Ok(removed);
        }
    }
}

/// Another source that is harvested and copies the same registry.
fn heir(conn: &mut Conn, source: &HarvestSource) -> Result<Option<HarvestSource>, Error> {
    let copies = |source: &HarvestSource| source.kind() == ImportFormat::Rihla && is_registry(&source.row.url);
    if !copies(source) {
        return Ok(None);
    }
    for row in sources::list(conn, None)? {
        let other = HarvestSource::of(row)?;
        let is_same = registry_base(&other.row.url) == registry_base(&source.row.url);
        if other.row.id != source.row.id && other.is_active() && copies(&other) && is_same {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// Has all of a source read at its next run, at once, whoever begins that.
fn ask_for_all(conn: &mut Conn, source: HarvestSource, now: i64) -> Result<(), Error> {
    let asked = Some(Asked { is_whole: true, ..source.progress.asked.unwrap_or_default() });
    // A harvest at the console brings its own wish: what was learnt until now is forgotten too.
    let progress = Progress { last_run_at: source.progress.last_run_at, asked, ..Progress::default() };
    Ok(sources::note_progress(conn, &source.row.id, &serde_json::to_string(&progress)?, Some(now))?)
}
