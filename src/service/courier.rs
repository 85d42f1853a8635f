//! What leaves the house: notices, mails, webhooks and reminders follow the change log in the background, each at least once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::domain::vocabulary::{MailPreference, NoticeDay, NoticeKind, Vocabulary};
use crate::store::originals;
use crate::store::outbox::{self, MailRow, NoticeRow};
use crate::store::persons::{self, PersonRow};

use super::catalogue::now_ms;
use super::mail::{Letter, MailError, Mailer, Message, Told};
use super::outbound::Outbound;
use super::people::{Voice, queue_mail_on};
use super::registers::plans;
use super::rows::WebhookRow;
use super::webhooks::{self, Delivery};
use super::{Catalogue, Error, access_requests, agreements, alerts, notify, reminders};

const DAY_MS: i64 = 86_400_000;
/// A mail that cannot be handed over for this long is given up.
const GIVE_UP_MS: i64 = 5 * DAY_MS;
/// Most notices of one person that go into mails at once.
const AT_A_TIME: i64 = 1_000;
/// Webhooks served at the same time.
const AT_ONCE: usize = 16;

/// What the courier works with.
pub struct Courier {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Hands mails over.
    pub mailer: Mailer,
    /// Makes deliveries to webhooks.
    pub outbound: Outbound,
    /// Name of the catalogue.
    pub name: String,
    /// Its address.
    pub base_url: String,
    /// First pause after a failed delivery, milliseconds.
    pub retry_ms: i64,
    /// Pause between rounds.
    pub interval: Duration,
    /// Pause between looks for stale records.
    pub remind_every: Duration,
    /// When a session without use ends, milliseconds.
    pub idle_ms: i64,
}

/// A kind of work that goes on until the server stops.
type Job = fn(&Courier, &AtomicBool);

/// Counts a webhook that is being served, until it is dropped.
struct Busy<'a>(&'a AtomicUsize);

impl<'a> Busy<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Courier {
    fn voice(&self) -> Voice<'_> {
        Voice { name: &self.name, base_url: &self.base_url }
    }

    /// Works until told to stop. Each kind of work has a lane of its own: a slow mail server keeps no notice waiting,
    /// a slow receiver no mail.
    pub fn run(self: Arc<Self>, stop: Arc<AtomicBool>) -> Vec<std::thread::JoinHandle<()>> {
        let jobs: [Job; 5] = [Self::tell, Self::post, Self::deliver, Self::keep_time, Self::look_after];
        let start = |job: Job| {
            let (courier, stop) = (self.clone(), stop.clone());
            std::thread::spawn(move || job(&courier, &stop))
        };
        jobs.into_iter().map(start).collect()
    }

    /// Does rounds of one kind of work; each tells how much there was to do.
    fn work(&self, round: impl Fn() -> Result<usize, Error>, stop: &AtomicBool) {
        let mut silent = false;
        while !stop.load(Ordering::SeqCst) {
            match round() {
                Ok(done) => {
                    silent = false;
                    if done == 0 {
                        std::thread::sleep(self.interval);
                    }
                }
                Err(error) => {
                    // Told once, not at every try.
                    if !silent {
                        tracing::warn!(%error, "the courier cannot work; trying again");
                        silent = true;
                    }
                    std::thread::sleep(self.interval.max(Duration::from_secs(1)));
                }
            }
        }
    }

    /// Lets the due dates of access requests act.
    fn keep_time(&self, stop: &AtomicBool) {
        let node = uuid::Uuid::now_v7();
        let round = || -> Result<usize, Error> {
            let now = now_ms();
            // Neither waits for the other where that cannot work.
            let followed = access_requests::tick::follow_agreements(&self.catalogue, Some(node), now);
            let looked = access_requests::tick::run(&self.catalogue, node, now);
            Ok(followed? + looked?)
        };
        self.work(round, stop);
    }

    /// Now and then: reminders, and what has run out.
    fn look_after(&self, stop: &AtomicBool) {
        let mut next = Instant::now() + Duration::from_secs(1).min(self.remind_every);
        while !stop.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(200).min(self.remind_every));
            if Instant::now() < next {
                continue;
            }
            next = Instant::now() + self.remind_every;
            let now = now_ms();
            if let Err(error) = reminders::remind(&self.catalogue, self.voice(), now) {
                tracing::warn!(%error, "reminders could not be written");
            }
            if let Err(error) = access_requests::meeting::catch_up(&self.catalogue, now) {
                tracing::warn!(%error, "named members could not be looked up");
            }
            if let Err(error) = agreements::watch::warn(&self.catalogue, self.voice(), now) {
                tracing::warn!(%error, "agreements could not be warned of");
            }
            let swept = self.catalogue.db.write::<_, Error>(|conn, _| Ok(persons::sweep(conn, now, now - self.idle_ms, now - DAY_MS)?));
            if let Err(error) = swept {
                tracing::warn!(%error, "ended sessions could not be removed");
            }
            // A day old: what is being taken in now has its records in the same transaction, but a clock may be wrong.
            let swept = self.catalogue.db.write::<_, Error>(|conn, _| Ok(originals::sweep(conn, now - DAY_MS)?));
            if let Err(error) = swept {
                tracing::warn!(%error, "originals that no record came from could not be removed");
            }
        }
    }

    /// Writes notices, and the mails that follow from them.
    fn tell(&self, stop: &AtomicBool) {
        let round = || -> Result<usize, Error> {
            let now = now_ms();
            // None of the four waits for another that cannot work.
            let done = [
                notify::follow(&self.catalogue, now),
                alerts::follow(&self.catalogue, now),
                plans::follow(&self.catalogue, now),
                self.compose(now),
            ];
            done.into_iter().try_fold(0, |total, one| Ok(total + one?))
        };
        self.work(round, stop);
    }

    /// Hands mails over.
    fn post(&self, stop: &AtomicBool) {
        self.work(|| self.send(stop), stop);
    }

    /// Makes mails of notices, as each person wants them. Who waits for a daily summary keeps nobody else waiting.
    fn compose(&self, now: i64) -> Result<usize, Error> {
        let daily = MailPreference::Daily.code();
        let people = self.catalogue.db.read(|conn| outbox::to_be_mailed(conn, daily, now - DAY_MS, 1_000))?;
        let mut done = 0;
        for person in people {
            match self.compose_for(&person, now) {
                Err(error) if !error.may_pass() => {
                    // One mail that cannot be written must keep neither the others nor itself from an end.
                    tracing::error!(%error, "notices were passed over: no mail is made of them");
                    done += self.catalogue.db.write::<_, Error>(|conn, _| {
                        let ids: Vec<String> = outbox::unmailed(conn, &person, AT_A_TIME)?.into_iter().map(|notice| notice.id).collect();
                        Ok(outbox::mark_mailed(conn, &ids, now)?)
                    })?;
                }
                composed => done += composed?,
            }
        }
        Ok(done)
    }

    fn compose_for(&self, person: &str, now: i64) -> Result<usize, Error> {
        let preference_of = |row: &PersonRow| MailPreference::parse(&row.mail_preference).unwrap_or(MailPreference::AtOnce);
        let waits = |row: &PersonRow| preference_of(row) == MailPreference::Daily && row.mailed_at + DAY_MS > now;
        self.catalogue.db.write(|conn, _| {
            // Read where it is written: a password or a preference set meanwhile must not be undone.
            let Some(person) = persons::by_id(conn, person)?.filter(|row| !waits(row)) else { return Ok::<_, Error>(0) };
            let preference = preference_of(&person);
            // Another node may have made these mails since.
            let notices = outbox::unmailed(conn, &person.id, AT_A_TIME)?;
            let ids: Vec<String> = notices.iter().map(|notice| notice.id.clone()).collect();
            if ids.is_empty() {
                return Ok(0);
            }
            if let Some(email) = person.email.as_ref().filter(|_| person.disabled_at.is_none()) {
                for (message, entity_id) in self.messages(preference, &person.language, &notices) {
                    queue_mail_on(conn, self.voice(), (email, &person.language), &message, entity_id.as_deref(), now)?;
                }
            }
            outbox::mark_mailed(conn, &ids, now)?;
            persons::update(conn, &PersonRow { mailed_at: now, ..person })?;
            Ok(ids.len())
        })
    }

    /// The mails that are made of notices, each with the one thing that it tells of; a summary tells of several.
    fn messages(&self, preference: MailPreference, language: &str, notices: &[NoticeRow]) -> Vec<(Message, Option<String>)> {
        let told = notices.iter().filter_map(|notice| Some((self.told(notice, language)?, notice)));
        match preference {
            MailPreference::Off => Vec::new(),
            MailPreference::AtOnce => told.map(|(told, notice)| (Message::Notice(told), Some(notice.entity_id.clone()))).collect(),
            MailPreference::Daily => {
                let entries = told.map(|(told, _)| told).collect();
                vec![(Message::Digest { entries, manage: format!("{}/account", self.base_url) }, None)]
            }
        }
    }

    /// A notice as a mail in one language tells it.
    fn told(&self, notice: &NoticeRow, language: &str) -> Option<Told> {
        let link = if notice.path.is_empty() { String::new() } else { format!("{}{}", self.base_url, notice.path) };
        Some(Told {
            kind: NoticeKind::parse(&notice.kind)?,
            title: notify::title_in(notice, language),
            reason: notice.reason.clone(),
            who: notice.who.clone(),
            whom: notice.whom.clone(),
            promised: notice.promised.clone(),
            day: notice.day_kind.as_deref().and_then(NoticeDay::parse).zip(notice.until_on.clone()),
            link,
        })
    }

    /// Hands over the mails that are due.
    fn send(&self, stop: &AtomicBool) -> Result<usize, Error> {
        let now = now_ms();
        let due = self.catalogue.db.read(|conn| outbox::due_mails(conn, now, 50))?;
        let mut done = 0;
        for row in due {
            // A mail server that does not answer takes its time for each mail; whoever stops the catalogue waits for one at most.
            if stop.load(Ordering::SeqCst) {
                break;
            }
            let now = now_ms();
            let is_ours = self.catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::lease_mail(conn, &row, now + 5 * 60_000)?))?;
            if is_ours {
                self.send_one(&row, now)?;
                done += 1;
            }
        }
        Ok(done)
    }

    fn send_one(&self, row: &MailRow, now: i64) -> Result<(), Error> {
        let letter = Letter {
            id: row.id.clone(),
            to: row.recipient.clone(),
            language: row.language.clone(),
            subject: row.subject.clone(),
            text: row.body.clone(),
        };
        let (error, due_at, done_at) = match self.mailer.send(&letter, now) {
            Ok(()) => (None, now, Some(now)),
            Err(error @ MailError::Permanent(_)) => (Some(error.to_string()), now, Some(now)),
            Err(error) => {
                let is_given_up = now - row.created_at > GIVE_UP_MS;
                let pause = 60_000_i64
                    .saturating_mul(1 << row.attempts.clamp(0, 9))
                    .min(6 * 3_600_000)
                    .min(self.retry_ms * (1 << row.attempts.clamp(0, 20)));
                (Some(error.to_string()), now + pause, is_given_up.then_some(now))
            }
        };
        match &error {
            None => tracing::info!(mail = %row.id, "mail handed over"),
            Some(error) => tracing::warn!(mail = %row.id, %error, "mail not handed over"),
        }
        self.catalogue.db.write(|conn, _| Ok(outbox::settle_mail(conn, &row.id, error.as_deref(), due_at, done_at)?))
    }

    /// Delivers to the webhooks that are due, several subscribers at once, each in order; a slow one keeps no other waiting.
    fn deliver(&self, stop: &AtomicBool) {
        let count = AtomicUsize::new(0);
        let running = &count;
        std::thread::scope(|scope| {
            let round = || -> Result<usize, Error> {
                let free = AT_ONCE.saturating_sub(running.load(Ordering::SeqCst));
                let due = webhooks::take_due(&self.catalogue, now_ms(), self.lease_ms(), free)?;
                let taken = due.len();
                for row in due {
                    let busy = Busy::new(running);
                    scope.spawn(move || {
                        self.serve(&row, stop);
                        drop(busy);
                    });
                }
                Ok(taken)
            };
            self.work(round, stop);
        });
    }

    fn serve(&self, row: &WebhookRow, stop: &AtomicBool) {
        let (lease_ms, base_url) = (self.lease_ms(), self.base_url.as_str());
        let how = Delivery { outbound: &self.outbound, pause_ms: self.retry_ms, lease_ms, base_url, stop };
        if let Err(error) = webhooks::deliver(&self.catalogue, row, how) {
            tracing::warn!(webhook = %row.id, %error, "a webhook could not be served; trying again");
        }
    }

    /// For how long a delivery has a webhook to itself: longer than it can take, and short enough that after a crash
    /// deliveries go on soon.
    fn lease_ms(&self) -> i64 {
        let longest = i64::try_from(self.outbound.total_timeout().as_millis()).unwrap_or(DAY_MS).min(DAY_MS);
        2 * longest + 5_000
    }
}
