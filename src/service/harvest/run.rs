//! One harvest of one source: its pages are read while the page before is taken in, its report is kept, and what has vanished is flagged.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::time::Duration;

use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RecordFate, RunOutcome, Vocabulary};
use crate::interop::feed::Registry;
use crate::store::{Conn, entitlements as leases, sources};

use super::super::catalogue::now_ms;
use super::super::drafts::Acting;
use super::super::intake::{self, BATCH, Institutions, ReportLine, Run, Taken, Taking};
use super::super::{Catalogue, Error};
use super::client::{Client, FetchError};
use super::copies;
use super::pages::{Cursor, Page, Pager};
use super::source::{HarvestSource, KnownPage, Progress, Resume};

/// Pages read ahead.
const AHEAD: usize = 2;
/// How long a source stays with a node that is not heard of any more, in milliseconds.
const LEASE_MS: i64 = 2 * 60_000;
/// Pause between two signs of life of a node that harvests.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);
/// How long a run that was broken off can go on, in milliseconds.
const RESUME_MS: i64 = 24 * 3_600_000;

/// How a harvest was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Everything is read, also what has not changed.
    pub is_whole: bool,
    /// A person has said that what vanishes is gone indeed.
    pub accepts_gone: bool,
}

/// A harvest under way.
pub(super) struct Harvest<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) source: &'a HarvestSource,
    node: Uuid,
    pub(super) run: Run,
    pub(super) sweep: String,
    institution: Slug,
    institutions: Institutions,
    met: Mutex<intake::Met>,
    /// The registry whose records are copied.
    registry: Option<Registry>,
    pub(super) is_partial: bool,
    pub(super) is_incomplete: bool,
    pub(super) is_not_modified: bool,
    /// The run that this one goes on with had faults in its report.
    pub(super) had_lines: bool,
    /// The program was told to stop.
    is_stopped: bool,
    is_whole: bool,
    pub(super) marks: super::client::Marks,
    /// Pages of a catalogue that were read, where the run began with the first.
    pub(super) pages: Option<Vec<KnownPage>>,
    pub(super) from: Option<String>,
    /// Records that could not be taken, or wait for a decision: they are to be asked for again.
    pub(super) again: Vec<String>,
}

/// Harvests a source, as it was asked for; without that, as people have asked of its next run. `progress` is called with the run as it stands after each page.
///
/// # Errors
/// Another node harvests it now, or the database is unavailable. What is wrong with the source stands in the run's report.
#[expect(clippy::too_many_arguments, reason = "what is harvested, by whom, how, and who is told")]
pub fn harvest(
    catalogue: &Catalogue,
    client: &Client,
    source: &HarvestSource,
    acting: Acting<'_>,
    node: Uuid,
    asked: Option<Asked>,
    stop: &AtomicBool,
    progress: &(dyn Fn(&Run) + Sync),
) -> Result<Run, Error> {
    if !take_lease(catalogue, source, node)? {
        return Err(Error::Conflict("the source is being harvested just now; look at its last run".to_owned()));
    }
    let done = std::thread::scope(|scope| {
        let (working, ended) = channel::<()>();
        scope.spawn(move || {
            while ended.recv_timeout(SIGN_OF_LIFE) == Err(RecvTimeoutError::Timeout) {
                // Whoever has lost the source is told so with the next page.
                if let Err(error) = take_lease(catalogue, source, node) {
                    tracing::debug!(%error, "no sign of life of a harvest");
                }
            }
        });
        let done = present(catalogue, source).and_then(|source| {
            let asked = asked.or(source.progress.asked).unwrap_or_default();
            harvest_alone(catalogue, client, &source, acting, node, asked, stop, progress)
        });
        drop(working);
        done
    });
    let freed = catalogue.db.write(|conn, _| Ok::<_, Error>(leases::take_lease(conn, &lease(source), &node.to_string(), now_ms(), 0)?));
    if let Err(error) = freed {
        tracing::debug!(%error, "the lease of a source runs out by itself");
    }
    done
}

/// The source as it is now that nobody else harvests it.
fn present(catalogue: &Catalogue, source: &HarvestSource) -> Result<HarvestSource, Error> {
    let row = catalogue.db.read(|conn| sources::by_id(conn, &source.row.id))?;
    let present = HarvestSource::of(row.ok_or_else(|| Error::NotFound("the source".to_owned()))?)?;
    if present.progress.last_run_at == source.progress.last_run_at {
        Ok(present)
    } else {
        Err(Error::Conflict("the source was harvested a moment ago; look at its last run".to_owned()))
    }
}

fn lease(source: &HarvestSource) -> String {
    format!("harvest:{}", source.row.id)
}

fn take_lease(catalogue: &Catalogue, source: &HarvestSource, node: Uuid) -> Result<bool, Error> {
    let now = now_ms();
    catalogue.db.write(|conn, _| Ok(leases::take_lease(conn, &lease(source), &node.to_string(), now, now + LEASE_MS)?))
}

#[expect(clippy::too_many_arguments, reason = "the same as of its caller")]
fn harvest_alone(
    catalogue: &Catalogue,
    client: &Client,
    source: &HarvestSource,
    acting: Acting<'_>,
    node: Uuid,
    asked: Asked,
    stop: &AtomicBool,
    progress: &(dyn Fn(&Run) + Sync),
) -> Result<Run, Error> {
    end_broken(catalogue, source, acting.now)?;
    // Of a part of the source nobody can say what is gone from all of it.
    let is_whole = asked.is_whole || asked.accepts_gone;
    let goes_on = |resume: &Resume| acting.now - resume.at < RESUME_MS && (resume.is_whole || !is_whole);
    let resume = source.progress.resume.clone().filter(goes_on);
    let run = Run::begin(
        Some(source.row.id.clone()),
        &source.row.institution,
        source.kind(),
        &source.row.url,
        acting.actor.log_name(),
        acting.now,
    );
    let resume = resume.unwrap_or_else(|| Resume {
        cursor: Cursor::Start,
        sweep: run.row.id.clone(),
        at: acting.now,
        is_whole,
        is_incomplete: false,
        had_lines: false,
    });
    let cursor = resume.cursor;
    let pages = (cursor == Cursor::Start).then(Vec::new);
    let row = run.to_row()?;
    catalogue.db.write(|conn, _| Ok::<_, Error>(sources::insert_run(conn, &row)?))?;
    let mut harvest = Harvest {
        catalogue,
        source,
        node,
        run,
        sweep: resume.sweep,
        institution: source.institution()?,
        institutions: Institutions::load(catalogue)?,
        met: Mutex::default(),
        registry: None,
        is_partial: false,
        is_incomplete: resume.is_incomplete,
        is_not_modified: false,
        had_lines: resume.had_lines,
        is_stopped: false,
        is_whole: resume.is_whole,
        marks: super::client::Marks::default(),
        pages,
        from: None,
        again: Vec::new(),
    };
    let fault = harvest.read_all(client, cursor, acting, stop, progress)?;
    harvest.end(fault, acting, asked)?;
    progress(&harvest.run);
    Ok(harvest.run)
}

/// Ends the report of a run whose node is gone: it will not go on by itself.
fn end_broken(catalogue: &Catalogue, source: &HarvestSource, now: i64) -> Result<(), Error> {
    let Some(row) = catalogue.db.read(|conn| sources::open_run(conn, &source.row.id))? else { return Ok(()) };
    let mut run = Run::of(row)?;
    let remedy = "the run was broken off when the program stopped; the next one goes on where it stood";
    let lines = [ReportLine { record: String::new(), problem: Problem::new("", "", remedy) }];
    let rows = run.rows(&lines);
    run.row.outcome = RunOutcome::Failed.code().to_owned();
    run.row.ended_at = Some(now);
    let row = run.to_row()?;
    catalogue.db.write(|conn, _| {
        sources::add_problems(conn, &rows)?;
        Ok::<_, Error>(sources::update_run(conn, &row)?)
    })
}

/// A page, where it was, and how many requests it took.
type Read = (Cursor, Result<Page, FetchError>, u64);

impl Harvest<'_> {
    /// Reads page by page, one thread reading while this one takes in. Returns why it ended before the end, if it did.
    fn read_all(
        &mut self,
        client: &Client,
        cursor: Cursor,
        acting: Acting<'_>,
        stop: &AtomicBool,
        progress: &(dyn Fn(&Run) + Sync),
    ) -> Result<Option<(Cursor, FetchError)>, Error> {
        let mut pager = Pager::new(client, self.source, &self.catalogue.concepts, acting.now, self.is_whole);
        std::thread::scope(|scope| {
            let (give, pages) = sync_channel::<Read>(AHEAD);
            scope.spawn(move || {
                let mut next = Some(cursor);
                while let Some(cursor) = next {
                    let before = pager.sent();
                    let page = pager.read(&cursor);
                    next = page.as_ref().ok().and_then(|page| page.next.clone());
                    // Nobody listens any more where taking in has failed.
                    if give.send((cursor, page, pager.sent() - before)).is_err() {
                        return;
                    }
                }
            });
            self.take_pages(pages, acting, stop, progress)
        })
    }

    fn take_pages(
        &mut self,
        pages: Receiver<Read>,
        acting: Acting<'_>,
        stop: &AtomicBool,
        progress: &(dyn Fn(&Run) + Sync),
    ) -> Result<Option<(Cursor, FetchError)>, Error> {
        for (cursor, page, sent) in pages {
            self.run.doc.requests += sent;
            if stop.load(Ordering::SeqCst) {
                self.is_stopped = true;
                let remedy = "the program was told to stop; the next run goes on from here".to_owned();
                let url = self.source.row.url.clone();
                return Ok(Some((cursor, FetchError { url, found: String::new(), remedy, may_pass: true })));
            }
            match page {
                Ok(page) => match self.take_page(page, acting) {
                    Ok(()) => {}
                    Err(Error::NotFound(_)) => {
                        let remedy = "the source was removed while it was read, so that nothing more is taken from it".to_owned();
                        let url = self.source.row.url.clone();
                        return Ok(Some((cursor, FetchError { url, found: String::new(), remedy, may_pass: false })));
                    }
                    Err(error) if error.may_pass() || matches!(error, Error::Conflict(_)) => return Err(error),
                    Err(error) => {
                        tracing::error!(source = %self.source.row.id, %error, "a page of a source cannot be taken in");
                        let remedy = "the catalogue itself could not take in what stands here; whoever runs it finds the reason in its log"
                            .to_owned();
                        let url = self.source.row.url.clone();
                        return Ok(Some((cursor, FetchError { url, found: String::new(), remedy, may_pass: false })));
                    }
                },
                Err(error) => return Ok(Some((cursor, error))),
            }
            progress(&self.run);
        }
        Ok(None)
    }

    /// Takes a page in, and notes where the reading goes on.
    fn take_page(&mut self, page: Page, acting: Acting<'_>) -> Result<(), Error> {
        if !take_lease(self.catalogue, self.source, self.node)? {
            return Err(Error::Conflict("another node has taken the source over".to_owned()));
        }
        self.is_partial |= page.is_partial;
        self.is_incomplete |= page.is_incomplete;
        self.is_not_modified |= page.is_not_modified;
        self.marks = page.marks;
        let records = (!page.is_as_before).then_some(page.came.len() as u64);
        self.from = page.from.or(self.from.take());
        let mut alive = page.alive;
        let mut lines = page.lines;
        self.again.extend(alive.iter().cloned());
        self.run.doc.counts.fetched += page.came.len() as u64 + page.failed;
        self.run.doc.counts.failed += page.failed;
        if let Some(copies) = page.copies {
            self.run.doc.counts.fetched += copies.len();
            self.registry = Some(copies.registry.clone());
            for taken in copies.take(self.catalogue, self.source, &self.run.row.id, &self.sweep, acting.now)? {
                if taken.fate == RecordFate::Failed {
                    alive.push(taken.key.clone());
                }
                self.run.doc.counts.add(&taken);
                lines.extend(intake::lines_of(&taken));
            }
        }
        let mut came = page.came.into_iter().peekable();
        while came.peek().is_some() {
            let some = came.by_ref().take(BATCH).collect();
            for taken in self.take(some, acting)? {
                if taken.fate == RecordFate::Failed {
                    alive.push(taken.key.clone());
                }
                if matches!(taken.fate, RecordFate::Failed | RecordFate::Waiting) {
                    self.again.push(taken.key.clone());
                }
                self.run.doc.counts.add(&taken);
                lines.extend(intake::lines_of(&taken));
            }
        }
        if let Some(known) = page.known {
            self.note_page(known, records)?;
        }
        self.run.doc.cursor = page.next.as_ref().map(serde_json::to_value).transpose()?;
        let (rows, row) = (self.run.rows(&lines), self.run.to_row()?);
        let mut progress = self.source.progress.clone();
        // What was known of the pages is of the run before, and of no use once this one is broken off.
        progress.pages.clear();
        progress.resume = page.next.map(|cursor| self.resume(cursor, acting.now));
        let (place, sweep) = (self.source.place(), &self.sweep);
        self.catalogue.db.write(|conn, _| {
            // What is there but cannot be read is not gone.
            sources::mark_seen(conn, &place, &alive, sweep)?;
            sources::add_problems(conn, &rows)?;
            sources::update_run(conn, &row)?;
            self.note(conn, progress, self.source.row.next_run_at)
        })
    }

    /// Where a run goes on that ends here.
    fn resume(&self, cursor: Cursor, now: i64) -> Resume {
        let had_lines = self.had_lines || self.run.doc.has_faults();
        let (is_whole, is_incomplete) = (self.is_whole, self.is_incomplete);
        Resume { cursor, sweep: self.sweep.clone(), at: now, is_whole, is_incomplete, had_lines }
    }

    /// Notes what the run leaves behind. What people have asked for or set meanwhile stands.
    fn note(&self, conn: &mut Conn, mut progress: Progress, next_run_at: Option<i64>) -> Result<(), Error> {
        let Some(row) = sources::by_id(conn, &self.source.row.id)? else { return Ok(()) };
        let now = HarvestSource::of(row)?;
        let was_asked = now.row.next_run_at != self.source.row.next_run_at;
        if was_asked {
            progress.asked = now.progress.asked;
        }
        // What was learnt of another address says nothing of this one.
        let progress = if now.is_at(self.source) {
            progress
        } else {
            Progress { last_run_at: progress.last_run_at, asked: progress.asked, ..Progress::default() }
        };
        let next_run_at = if was_asked { now.row.next_run_at } else { next_run_at };
        Ok(sources::note_progress(conn, &now.row.id, &serde_json::to_string(&progress)?, next_run_at)?)
    }

    fn take(&self, came: Vec<intake::Came>, acting: Acting<'_>) -> Result<Vec<Taken>, Error> {
        let place = self.source.place();
        let taking = Taking {
            place: &place,
            institution: &self.institution,
            run: &self.run.row.id,
            sweep: &self.sweep,
            format: self.source.kind(),
            name: &self.source.row.url,
            acting: Acting { actor: &Actor::Clock, now: acting.now },
            defaults: &self.source.doc.defaults,
            publishes: self.source.doc.publishes,
            begins_again: false,
            tells_parts: false,
            is_dry: false,
            institutions: &self.institutions,
            met: &self.met,
        };
        intake::take(self.catalogue, &taking, came, |_, _| Ok(()))
    }

    /// Flags what has vanished, ends the report, and says when the source is due again.
    fn end(&mut self, fault: Option<(Cursor, FetchError)>, acting: Acting<'_>, asked: Asked) -> Result<(), Error> {
        let now = now_ms().max(acting.now);
        let mut lines = Vec::new();
        let mut is_held = false;
        if let Some(registry) = self.registry.as_ref().filter(|_| fault.is_none()) {
            let settled = copies::settle_relations(self.catalogue, self.source, registry, now)?;
            self.run.doc.counts.unfit = self.run.doc.counts.unfit.saturating_sub(settled);
        }
        match &fault {
            Some((_, error)) => {
                let problem = Problem::new("url", format!("{} {}", error.url, error.found).trim(), &error.remedy);
                lines.push(ReportLine { record: String::new(), problem });
            }
            None if self.is_not_modified => {
                let (present, _) = self.catalogue.db.read(|conn| sources::count_unseen(conn, &self.source.place(), &self.sweep))?;
                self.run.doc.counts.unchanged = u64::try_from(present).unwrap_or(0);
            }
            None if self.is_partial || self.is_incomplete => {}
            None => is_held = !self.flag_gone(acting, asked, &mut lines)?,
        }
        if self.had_lines && fault.is_none() {
            let remedy = "the run went on where an earlier one was broken off; the report of that one names records that could not be taken, or not whole";
            lines.push(ReportLine { record: String::new(), problem: Problem::new("", "", remedy) });
        }
        let had_lines = self.run.doc.has_faults() || !lines.is_empty();
        let outcome = match (&fault, is_held, had_lines) {
            (Some(_), _, _) => RunOutcome::Failed,
            (None, true, _) => RunOutcome::Held,
            (None, false, true) => RunOutcome::WithFailures,
            (None, false, false) => RunOutcome::Succeeded,
        };
        // Before the line on why it ended, which is no fault of a record.
        let resume = fault.as_ref().map(|(cursor, _)| self.resume(cursor.clone(), acting.now));
        let rows = self.run.rows(&lines);
        self.run.row.outcome = outcome.code().to_owned();
        self.run.row.ended_at = Some(now);
        self.run.doc.is_partial = self.is_partial;
        if fault.is_none() {
            self.run.doc.cursor = None;
        }
        let mut progress = self.source.progress.clone();
        progress.last_run_at = Some(now);
        progress.asked = None;
        progress.pages.clear();
        match fault {
            Some(_) if self.is_stopped => {
                progress.asked = self.source.progress.asked;
                progress.resume = resume.filter(|resume| resume.cursor != Cursor::Start);
            }
            // A page that a server will never give would be asked for again and again: then the next run begins anew.
            Some((cursor, error)) => {
                progress.failed_runs += 1;
                let goes_on = error.may_pass && cursor != Cursor::Start && progress.failed_runs < 5;
                progress.resume = resume.filter(|_| goes_on);
            }
            None => {
                progress.failed_runs = 0;
                progress.resume = None;
                self.remember(&mut progress, outcome, acting.now);
            }
        }
        // One that was stopped is still due.
        let next_run_at = if self.is_stopped { self.source.row.next_run_at } else { self.next_run_at(progress.failed_runs, now) };
        let row = self.run.to_row()?;
        self.catalogue.db.write(|conn, _| {
            sources::add_problems(conn, &rows)?;
            sources::update_run(conn, &row)?;
            self.note(conn, progress, next_run_at)
        })
    }
}
