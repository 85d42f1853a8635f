//! Watching over focal points: an institution is reminded once when a focal point was not confirmed for a year.

use crate::domain::vocabulary::{NoticeKind, RegisterKind, RegisterState, Role, Vocabulary};
use crate::service::catalogue::now_ms;
use crate::service::{Catalogue, Error, notify};
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
