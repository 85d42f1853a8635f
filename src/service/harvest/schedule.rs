//! Sources are harvested when they are due, some at the same time; of several nodes one harvests a source.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use uuid::Uuid;

use crate::domain::policy::Actor;
use crate::domain::vocabulary::{RunOutcome, Vocabulary};
use crate::store::sources;

use super::super::catalogue::now_ms;
use super::super::drafts::Acting;
use super::super::intake::Run;
use super::super::{Catalogue, Error};
use super::client::Client;
use super::run::harvest;
use super::source::HarvestSource;

/// Sources harvested at the same time.
const AT_ONCE: usize = 4;
/// After how long a source that another node has is looked at again, in milliseconds.
const LOOK_AGAIN_MS: i64 = 60_000;

/// Harvests what is due until it is told to stop.
pub struct Harvester {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Reads other systems.
    pub client: Arc<Client>,
    /// Pause between looks.
    pub interval: Duration,
}

impl Harvester {
    /// Works until told to stop, in as many threads as sources are harvested at once.
    pub fn run(self: Arc<Self>, stop: Arc<AtomicBool>) -> Vec<std::thread::JoinHandle<()>> {
        let start = |_| {
            let (harvester, stop) = (self.clone(), stop.clone());
            std::thread::spawn(move || harvester.work(&stop))
        };
        (0..AT_ONCE).map(start).collect()
    }

    fn work(&self, stop: &AtomicBool) {
        let node = Uuid::now_v7();
        let mut silent = false;
        while !stop.load(Ordering::SeqCst) {
            match self.harvest_one(node, stop) {
                Ok(true) => silent = false,
                Ok(false) => {
                    silent = false;
                    pause(self.interval, stop);
                }
                Err(error) => {
                    // Told once, not at every try.
                    if !silent {
                        tracing::warn!(%error, "the harvest cannot work; trying again");
                        silent = true;
                    }
                    pause(self.interval.max(Duration::from_secs(5)), stop);
                }
            }
        }
    }

    /// Harvests the source that has been due the longest and that nobody else harvests; false where there is none.
    fn harvest_one(&self, node: Uuid, stop: &AtomicBool) -> Result<bool, Error> {
        let now = now_ms();
        let due = self.catalogue.db.read(|conn| sources::due(conn, now, AT_ONCE as i64 * 2))?;
        for row in due {
            let (id, at) = (row.id.clone(), row.next_run_at);
            let source = match HarvestSource::of(row) {
                Ok(source) => source,
                // One that cannot be read keeps no other from its turn.
                Err(error) => {
                    tracing::error!(source = %id, %error, "a source cannot be read; it is tried again in a minute");
                    self.put_off(&id, at, now)?;
                    continue;
                }
            };
            let acting = Acting { actor: &Actor::Clock, now };
            match harvest(&self.catalogue, &self.client, &source, acting, node, None, stop, &|_| {}) {
                Ok(run) => {
                    self.log(&run, stop)?;
                    return Ok(true);
                }
                Err(Error::Conflict(_)) => tracing::debug!(source = %id, "another harvests it"),
                Err(error) if error.may_pass() => return Err(error),
                Err(error) => {
                    tracing::error!(source = %id, %error, "a source cannot be harvested; it is tried again in a minute");
                    self.put_off(&id, at, now)?;
                }
            }
        }
        Ok(false)
    }

    /// Tells how a run ended, and of one that failed why: whoever runs the node may have to mend it. One that ended with the program did not fail.
    fn log(&self, run: &Run, stop: &AtomicBool) -> Result<(), Error> {
        let Run { row, doc } = run;
        let (source, outcome, counts) = (row.source_id.as_deref().unwrap_or_default(), row.outcome.as_str(), &doc.counts);
        if outcome != RunOutcome::Failed.code() || stop.load(Ordering::SeqCst) {
            tracing::info!(%source, %outcome, fetched = counts.fetched, failed = counts.failed, "a source was harvested");
            return Ok(());
        }
        // The last line of the report says why it ended.
        let before = i64::try_from(doc.problems).unwrap_or(i64::MAX).saturating_sub(1);
        let lines = self.catalogue.db.read(|conn| sources::problems(conn, &row.id, before, 1))?;
        let reason = lines
            .first()
            .map_or_else(|| "its report says why".to_owned(), |line| format!("{}: {}", without_query(&line.value), line.remedy));
        tracing::warn!(%source, %outcome, fetched = counts.fetched, %reason, "a source could not be harvested to its end");
        Ok(())
    }

    /// Puts a source off, unless somebody has asked for another time since.
    fn put_off(&self, id: &str, at: Option<i64>, now: i64) -> Result<(), Error> {
        let next = at.map(|at| at.max(now) + LOOK_AGAIN_MS);
        self.catalogue.db.write(|conn, _| Ok::<_, Error>(sources::put_off(conn, id, at, next)?))
    }
}

/// An address, and what was found there, without the query: it may hold a key.
fn without_query(found: &str) -> String {
    let Some((address, rest)) = found.split_once('?') else { return found.to_owned() };
    format!("{address}{}", rest.find(' ').map_or("", |end| &rest[end..]))
}

/// Waits, but no longer than it takes to be told to stop.
fn pause(time: Duration, stop: &AtomicBool) {
    let step = Duration::from_millis(200);
    let mut left = time;
    while !left.is_zero() && !stop.load(Ordering::SeqCst) {
        let now = left.min(step);
        std::thread::sleep(now);
        left -= now;
    }
}

#[cfg(test)]
mod tests {
    use super::without_query;

    #[test]
    fn a_key_in_an_address_is_not_told() {
        assert_eq!(without_query("https://a.example/x?key=secret HTTP 500"), "https://a.example/x HTTP 500");
        assert_eq!(without_query("https://a.example/x?key=secret"), "https://a.example/x");
        assert_eq!(without_query("https://a.example/x HTTP 500"), "https://a.example/x HTTP 500");
    }
}
