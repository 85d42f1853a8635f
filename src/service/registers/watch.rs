//! Watching over focal points and plans: an institution is reminded once when a focal point was not confirmed for a year, and both
//! institutions are told once when planned collections of theirs meet in the same field and months.

use uuid::Uuid;

use crate::domain::filter::DatasetFilter;
use crate::domain::overlap::Clash;
use crate::domain::policy::Actor;
use crate::domain::register::pair_key;
use crate::domain::text::MultilingualText;
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{NoticeDay, NoticeKind, PublicationStatus, RegisterKind, RegisterState, Role, Vocabulary};
use crate::domain::workdays::Day;
use crate::service::catalogue::{day_of, now_ms};
use crate::service::overlaps::ClashingPair;
use crate::service::{Catalogue, Error, notify, overlaps};
use crate::store::{outbox, registers as table};

use super::EntryRecord;

/// Milliseconds after which a focal point has to be confirmed again.
pub const CONFIRM_AFTER_MS: i64 = 365 * 86_400_000;

/// Tells editors and validators of focal points that were not confirmed for a year, each once for each confirmation. Returns how many
/// focal points were told of.
///
/// # Errors
/// The database is unavailable; what was told is told once.
pub fn remind(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let (kinds, states) = ([RegisterKind::FocalPoint.code().to_owned()], [RegisterState::Validated.code().to_owned()]);
    let rows = catalogue.db.read(|conn| table::all(conn, &kinds, &states))?;
    let records = rows.iter().map(EntryRecord::of).collect::<Result<Vec<_>, _>>()?;
    let due = records.into_iter().filter(|record| record.entry.confirmed_at().is_some_and(|at| at + CONFIRM_AFTER_MS <= now));
    let due: Vec<EntryRecord> = due.collect();
    if due.is_empty() {
        return Ok(0);
    }
    // Who looks ahead, at the console, has the notices written today all the same.
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut told = 0;
        for record in &due {
            let (name, since) = (format!("focal-point:{}", record.id), record.entry.confirmed_at().unwrap_or_default().to_string());
            if outbox::reminder(conn, &name)?.is_some_and(|(told_of, _)| told_of == since) {
                continue;
            }
            outbox::set_reminder(conn, &name, &since, now)?;
            told += 1;
            let people = match &record.entry.institution {
                Some(slug) => notify::people_with(conn, slug.as_str(), &[Role::Editor, Role::Validator])?,
                None => notify::people_with(conn, "", &[Role::Coordinator])?,
            };
            let title = record.entry.title.words(None, None).unwrap_or_default();
            for person in people {
                notify::notice(conn, &person, NoticeKind::FocalPointUnconfirmed, title, "", &record.id.to_string(), written)?;
            }
        }
        Ok(told)
    })
}

/// Tells editors and validators of both institutions that planned collections of theirs meet in the same field, area and months; each pair
/// once for each month in which it begins to meet. Only what anyone may see is compared, so that nobody learns of a plan that is not shown to
/// them. Returns how many pairs were told of.
///
/// # Errors
/// Index or database are unavailable; what was told is told once.
pub fn tell_clashes(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let filter = DatasetFilter { statuses: vec![PublicationStatus::Published], ..DatasetFilter::default() };
    let found = overlaps::clashes(catalogue, &Actor::Visitor, &filter, None, day_of(now))?;
    tell(catalogue, found.list, now)
}

/// The same, of one plan that has just been published: with what it meets among the plans that were there.
///
/// # Errors
/// Index or database are unavailable; what was told is told once.
pub fn tell_clashes_of(catalogue: &Catalogue, id: Uuid, now: i64) -> Result<usize, Error> {
    let Some(own) = catalogue.records(&Actor::Visitor, &[id])?.remove(&id) else { return Ok(0) };
    let mut found = overlaps::clashes_of_draft(catalogue, &Actor::Visitor, &own.dataset, id, day_of(now))?.list;
    for pair in &mut found {
        pair.one = Some(own.clone());
    }
    tell(catalogue, found, now)
}

fn tell(catalogue: &Catalogue, found: Vec<ClashingPair>, now: i64) -> Result<usize, Error> {
    let today = day_of(now);
    // A meeting that only may be, or is over, is shown to who asks and announced to nobody.
    let is_certain = |clash: &Clash| clash.undocumented.is_empty() && clash.to.is_none_or(|month| month.last_day() >= today);
    let of_two = found.into_iter().filter(|pair| is_certain(&pair.clash)).filter_map(|pair| {
        let one = pair.one?;
        let producers = (one.dataset.producer.clone()?, pair.other.dataset.producer.clone()?);
        // What one institution plans twice it knows itself.
        (producers.0 != producers.1).then_some((one, pair.other, (pair.clash.from, pair.clash.to), producers))
    });
    let pairs: Vec<_> = of_two.collect();
    if pairs.is_empty() {
        return Ok(0);
    }
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut told = 0;
        for (one, other, (from, to), producers) in &pairs {
            let name = format!("clash:{}", pair_key(one.id.0, other.id.0));
            let since = from.map(|month| month.to_string()).unwrap_or_default();
            if outbox::reminder(conn, &name)?.is_some_and(|(told_of, _)| told_of == since) {
                continue;
            }
            outbox::set_reminder(conn, &name, &since, now)?;
            told += 1;
            for (own, theirs, slug) in [(one, other, &producers.0), (other, one, &producers.1)] {
                let title = |record: &crate::service::Record| {
                    let dataset = &record.dataset;
                    dataset.titles.words(None, dataset.main_language()).unwrap_or(dataset.slug.as_str()).to_owned()
                };
                // The months in which they meet, written alike in every language.
                let months = match (from, to) {
                    (None, None) => String::new(),
                    (Some(from), Some(to)) if from == to => format!(" ({from})"),
                    (from, to) => {
                        let end = |month: &Option<PartialDate>| month.map_or_else(|| "..".to_owned(), |month| month.to_string());
                        format!(" ({}/{})", end(from), end(to))
                    }
                };
                let words = format!("{} – {}{months}", title(own), title(theirs));
                let (path, id) = (format!("/dataset/{}", theirs.dataset.slug), theirs.id.to_string());
                // Until when the other plan can still be changed, as far as its producer has said so.
                let open = theirs.dataset.coverage.open_to_coordination_until.map(|date| (NoticeDay::Coordination, Day(date.last_day())));
                for person in notify::people_with(conn, slug.as_str(), &[Role::Editor, Role::Validator])? {
                    let titles = (words.as_str(), &MultilingualText::default());
                    notify::notice_until(conn, &person, NoticeKind::PlansClash, titles, (&path, &id), open, written)?;
                }
            }
        }
        Ok(told)
    })
}
