//! What a harvest leaves behind: from when on the next one asks, what it asks for again, and which records are flagged.

use std::collections::HashSet;

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{ImportFormat, RunOutcome};
use crate::store::sources;

use super::super::Error;
use super::super::drafts::Acting;
use super::super::intake::ReportLine;
use super::client::Marks;
use super::copies;
use super::run::{Asked, Harvest};
use super::source::Progress;

/// Share of a source's records, in percent, above which none is taken for gone without a person's word.
const MOST_GONE: i64 = 20;
/// Most records that are asked for again singly.
const MOST_AGAIN: usize = 200;
/// Most pages of a catalogue that are asked for only where they have changed.
const MOST_KNOWN: usize = 2_000;
/// First pause after a failed run, in milliseconds; doubled with each one.
const FIRST_PAUSE_MS: i64 = 15 * 60_000;

impl Harvest<'_> {
    /// Notes what the next run need not ask for. What failed today, or waits, is asked for again: of a document by asking for all of it, of an
    /// OAI-PMH provider by the identifiers, where they are known and few.
    pub(super) fn remember(&mut self, progress: &mut Progress, outcome: RunOutcome, now: i64) {
        if self.is_not_modified {
            return;
        }
        let is_success = outcome == RunOutcome::Succeeded;
        let is_done = is_success && self.again.is_empty();
        progress.marks = if is_done { std::mem::take(&mut self.marks) } else { Marks::default() };
        let pages = self.pages.take().filter(|pages| is_done && pages.len() <= MOST_KNOWN);
        progress.pages = pages.unwrap_or_default();
        let is_provider = self.source.kind() == ImportFormat::OaiPmh;
        self.again.sort_unstable();
        self.again.dedup();
        // What earlier parts of a run could not take is not known any more once it was broken off.
        let is_identifier = |key: &String| !key.is_empty() && !key.contains('#') && !key.starts_with("sha256:");
        let is_few = self.again.len() <= MOST_AGAIN && self.again.iter().all(is_identifier);
        let is_known = outcome != RunOutcome::Held && !self.is_incomplete && !self.had_lines && is_few;
        let may_go_on = if is_provider { is_known } else { is_success };
        if may_go_on {
            progress.from = self.from.take();
            progress.again = if is_provider { std::mem::take(&mut self.again) } else { Vec::new() };
        }
        if is_success && !self.is_partial {
            progress.whole_at = Some(now);
        }
    }

    /// When the source is due again.
    pub(super) fn next_run_at(&self, failed_runs: u32, now: i64) -> Option<i64> {
        let every = self.source.doc.every_hours;
        if every == 0 {
            return None;
        }
        let pause = every * 3_600_000;
        let again = if failed_runs == 0 { pause } else { (FIRST_PAUSE_MS << (failed_runs - 1).min(10)).min(pause) };
        Some(now + again)
    }

    /// Flags the records that the source does not have any more; false where that would be too many to be believed.
    pub(super) fn flag_gone(&mut self, acting: Acting<'_>, asked: Asked, lines: &mut Vec<ReportLine>) -> Result<bool, Error> {
        let (place, sweep) = (self.source.place(), self.sweep.clone());
        let (present, unseen) = self.catalogue.db.read(|conn| sources::count_unseen(conn, &place, &sweep))?;
        if unseen * 100 > present * MOST_GONE && !asked.accepts_gone {
            let remedy = format!(
                "{unseen} of {present} records would be gone, more than {MOST_GONE} %; none is flagged. If it is so, run the source and say that what is gone is gone"
            );
            lines.push(ReportLine { record: String::new(), problem: Problem::new("records", unseen, remedy) });
            return Ok(false);
        }
        let mut flagged = HashSet::new();
        loop {
            let rows = self.catalogue.db.read(|conn| sources::unseen(conn, &place, &sweep, 500))?;
            if rows.is_empty() {
                break;
            }
            self.catalogue.db.write(|conn, ledger| {
                for row in &rows {
                    copies::hide(conn, ledger, row, acting.now)?;
                    sources::set_gone(conn, &place, &row.record_key, Some(acting.now))?;
                }
                Ok::<_, Error>(())
            })?;
            flagged.extend(rows.into_iter().map(|row| row.record_key));
        }
        self.run.doc.counts.gone += flagged.len() as u64;
        Ok(true)
    }
}
