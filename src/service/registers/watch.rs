//! Watching over focal points and commitments: an institution is reminded once when a focal point was not confirmed for a year, and all who
//! have to do with a request are told once when the day of a commitment has passed.

use crate::domain::register::{Commitment, Entry, Step};
use crate::domain::vocabulary::{NoticeKind, RegisterCommand, RegisterKind, RegisterState, Role, Vocabulary};
use crate::service::catalogue::{day_of, now_ms};
use crate::service::{Catalogue, Error, notify};
use crate::store::outbox;
use crate::store::registers::{self as table, EntryRow};

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
            if !outbox::note_if_new(conn, &name, &since, now)? {
                continue;
            }
            told += 1;
            let people = match &record.entry.institution {
                Some(slug) => notify::people_with(conn, slug.as_str(), &[Role::Editor, Role::Validator])?,
                None => notify::people_with(conn, "", &[Role::Coordinator])?,
            };
            let (titles, id) = (&record.entry.title, record.id.to_string());
            let title = titles.words(None, None).unwrap_or_default();
            for person in people {
                notify::notice_until(conn, &person, NoticeKind::FocalPointUnconfirmed, (title, titles), ("", &id), None, written)?;
            }
        }
        Ok(told)
    })
}

/// The commitment of a request whose day has passed while it stood; none where it was fulfilled in time, whatever became of it since.
fn passed(entry: &Entry, today: i64) -> Option<&Commitment> {
    let given = entry.commitment.as_ref().filter(|given| entry.state == RegisterState::Committed && given.until.last_day() < today)?;
    let stands_since = |step: &&Step| matches!(step.command, Some(RegisterCommand::Commit | RegisterCommand::Reopen));
    let since = entry.steps.iter().rev().find(stands_since).map_or(given.at, |step| step.at);
    (day_of(since) <= given.until.last_day()).then_some(given)
}

/// Tells of commitments whose day has passed and of which nothing was told since: the institution that gave it, who asked and who supports the
/// request, each commitment once. Returns how many were told of.
///
/// # Errors
/// The database is unavailable; what was told is told once.
pub fn remind_of_commitments(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let (kinds, states) = ([RegisterKind::DataRequest.code().to_owned()], [RegisterState::Committed.code().to_owned()]);
    let rows = catalogue.db.read(|conn| table::all(conn, &kinds, &states))?;
    let entries = rows.iter().map(|row| Ok(serde_json::from_str::<Entry>(&row.doc)?)).collect::<Result<Vec<_>, Error>>()?;
    let today = day_of(now);
    let due: Vec<(&EntryRow, &Commitment)> =
        rows.iter().zip(&entries).filter_map(|(row, entry)| Some((row, passed(entry, today)?))).collect();
    if due.is_empty() {
        return Ok(0);
    }
    // Who looks ahead, at the console, has the notices written today all the same.
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut told = 0;
        for (row, given) in due {
            let (name, since) = (format!("commitment:{}", row.id), given.at.to_string());
            if !outbox::note_if_new(conn, &name, &since, now)? {
                continue;
            }
            notify::day_passed(conn, &catalogue.concepts, row, given, written)?;
            told += 1;
        }
        Ok(told)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Slug;
    use crate::domain::time::PartialDate;

    #[test]
    fn a_commitment_that_was_kept_in_time_is_not_told_of_when_its_request_is_opened_again() {
        let day = |text: &str| PartialDate::parse(text).expect("a day").first_day();
        let step = |command, on: &str| Step {
            command: Some(command),
            state: RegisterState::Committed,
            institution: None,
            function: String::new(),
            note: None,
            at: day(on) * 86_400_000,
        };
        let mut entry = Entry::blank(RegisterKind::DataRequest, RegisterState::Committed, None);
        let until = PartialDate::parse("2027-03").expect("a month");
        let at = day("2026-05-01") * 86_400_000;
        entry.commitment = Some(Commitment { institution: Slug::parse("office").expect("a slug"), text: String::new(), until, at });
        entry.steps = vec![step(RegisterCommand::Commit, "2026-05-01")];
        assert!(passed(&entry, day("2027-03-31")).is_none(), "the month is not over");
        assert!(passed(&entry, day("2027-04-01")).is_some());
        for (again, is_told) in [("2027-02-01", true), ("2027-03-31", true), ("2027-04-01", false)] {
            entry.steps.truncate(1);
            entry.steps.extend([step(RegisterCommand::Fulfil, "2027-01-01"), step(RegisterCommand::Reopen, again)]);
            assert_eq!(passed(&entry, day("2027-06-01")).is_some(), is_told, "{again}");
        }
        entry.state = RegisterState::Fulfilled;
        assert!(passed(&entry, day("2027-06-01")).is_none());
    }
}
