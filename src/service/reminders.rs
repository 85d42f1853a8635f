//! Review reminders: the first record past its review date is told to its desk at once, and then all that are, once a week.

use std::collections::BTreeMap;

use crate::domain::filter::DatasetFilter;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{NoticeKind, PublicationStatus, Role};
use crate::store::{outbox, persons};

use super::catalogue::{day_of, now_ms};
use super::mail::{self, Message};
use super::people::{Voice, queue_mail};
use super::{Catalogue, Error, Record, datasets, notify};

const WEEK_MS: i64 = 7 * 86_400_000;

/// What a round of reminders did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Records that are past their review date.
    pub stale: usize,
    /// Mails written.
    pub mails: usize,
}

/// Tells desks and editors of the records that are past their review date, institutions of focal points that were not confirmed for a
/// year, and all whom a request concerns of commitments whose day has passed.
///
/// # Errors
/// Database or index are unavailable; what was told is told once.
pub fn remind(catalogue: &Catalogue, voice: Voice<'_>, now: i64) -> Result<Round, Error> {
    let filter = DatasetFilter { stale: Some(true), statuses: vec![PublicationStatus::Published], ..DatasetFilter::default() };
    let ids = datasets::find(catalogue, &Actor::Console, None, &filter, None, day_of(now))?.ids();
    let mut by_producer: BTreeMap<String, Vec<std::sync::Arc<Record>>> = BTreeMap::new();
    let mut round = Round { stale: ids.len(), mails: 0 };
    for part in ids.chunks(500) {
        for record in catalogue.records(&Actor::Console, part)?.into_values() {
            if let Some(producer) = &record.dataset.producer {
                by_producer.entry(producer.to_string()).or_default().push(record);
            }
        }
    }
    for (producer, mut records) in by_producer {
        records.sort_by_key(|record| record.number);
        match tell(catalogue, voice, &producer, &records, now) {
            // One institution that cannot be told must not keep the others from being told.
            Err(error) if !error.may_pass() => tracing::error!(%producer, %error, "an institution was not reminded"),
            mails => round.mails += mails?,
        }
    }
    super::registers::watch::remind(catalogue, now)?;
    super::registers::watch::remind_of_commitments(catalogue, now)?;
    super::registers::fulfilment::remind(catalogue, now)?;
    super::registers::outdated::remind(catalogue, now)?;
    while super::registers::plans::follow(catalogue, now)? > 0 {}
    super::registers::plans::tell_clashes(catalogue, now)?;
    Ok(round)
}

/// Tells one institution of all that is stale, in one mail, at most once a week; its people of each record once, by a notice.
fn tell(catalogue: &Catalogue, voice: Voice<'_>, producer: &str, records: &[std::sync::Arc<Record>], now: i64) -> Result<usize, Error> {
    let institution = catalogue.institutions_by_slug(&[producer.to_owned()])?.remove(producer);
    let mailbox = institution.and_then(|record| record.institution.desk.clone()).and_then(|desk| desk.mailbox);
    // Who looks ahead, at the console, has the mails sent today all the same.
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut fresh = Vec::new();
        for record in records {
            let due = due_on(record);
            let name = format!("dataset:{}", record.id);
            // A date that was moved and passed again is told again.
            if outbox::note_if_new(conn, &name, &due, now)? {
                fresh.push(record);
            }
        }
        let digest = format!("digest:{producer}");
        let last = outbox::reminder(conn, &digest)?.map(|(_, at)| at);
        let people = notify::people_with(conn, producer, &[Role::Editor, Role::Validator])?;
        for record in &fresh {
            for person in &people {
                let (title, path, id) = (title(record, None), format!("/dataset/{}", record.dataset.slug), record.id.to_string());
                let titles = (title.as_str(), &record.dataset.titles);
                notify::notice_until(conn, person, NoticeKind::ReviewDue, titles, (&path, &id), None, written)?;
            }
        }
        // What becomes stale within the week waits for the mail of the next one.
        if last.is_some_and(|at| at + WEEK_MS > now) {
            return Ok(0);
        }
        outbox::set_reminder(conn, &digest, "", now)?;
        // A mailbox that was written before addresses were checked may be none.
        let Some(mailbox) = mailbox.filter(|mailbox| mail::address(mailbox).is_ok()) else { return Ok(0) };
        let is_digest = fresh.len() < records.len();
        let language = persons::by_email(conn, &mailbox.to_lowercase())?.map_or_else(|| language_of(records), |person| person.language);
        let line = |record: &std::sync::Arc<Record>| {
            (title(record, Some(&language)), due_on(record), format!("{}/dataset/{}", voice.base_url, record.dataset.slug))
        };
        let message = Message::ReviewDue { titles: records.iter().map(line).collect(), is_digest };
        queue_mail(conn, voice, &mailbox, &language, &message, written)?;
        Ok(1)
    })
}

fn title(record: &Record, language: Option<&str>) -> String {
    record.dataset.titles.words(language, record.dataset.main_language()).unwrap_or(record.dataset.slug.as_str()).to_owned()
}

fn due_on(record: &Record) -> String {
    record.dataset.review_due_on.map(|due| due.to_string()).unwrap_or_default()
}

/// Language in which a desk is written to: the main language of its records, where mails are written in it.
fn language_of(records: &[std::sync::Arc<Record>]) -> String {
    let main = records.iter().filter_map(|record| record.dataset.main_language()).find_map(|tag| tag.split('-').next());
    main.filter(|tag| ["ar", "fr", "en"].contains(tag)).unwrap_or("fr").to_owned()
}
