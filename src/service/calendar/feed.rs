//! The calendar as a file that other calendars subscribe to.

use crate::domain::policy::Actor;
use crate::domain::vocabulary::AgreementRenewal;
use crate::interop::calendar::{Calendar, Item, Move, cut_short, title, write};
use crate::service::{Catalogue, Error};

use super::{Entry, Filter, Subject, find};

/// Most entries of one file.
pub const MOST_FED: usize = 2_000;

/// Most changes of a date that an entry tells of: the last ones.
const MOST_MOVES: usize = 3;

/// What a file says of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// `ar`, `fr` or `en`.
    pub language: &'static str,
    /// Name of the catalogue.
    pub name: &'a str,
    /// Address under which it is published.
    pub base_url: &'a str,
}

/// The entries that anyone may know of, as iCalendar (RFC 5545).
///
/// # Errors
/// The question is wrong, with every problem; or index or database is unavailable.
pub fn public(catalogue: &Catalogue, filter: &Filter, about: About<'_>, today: i64) -> Result<String, Error> {
    let actor = Actor::Visitor;
    let found = find(catalogue, &actor, filter, today)?;
    // Where there are too many, those of a year ago and later: what is past longer stands in the catalogue.
    let first = found.place_of(today - 365).min(found.len().saturating_sub(MOST_FED));
    let entries = found.page(catalogue, &actor, first..found.len().min(first + MOST_FED))?;
    let slugs: Vec<String> = entries.iter().filter_map(|(_, entry)| entry.institution()).map(ToString::to_string).collect();
    let institutions = catalogue.institutions_by_slug(&slugs)?;
    let name_of = |entry: &Entry| {
        let slug = entry.institution()?;
        let names = institutions.get(slug.as_str()).map(|record| &record.institution.names);
        Some(names.and_then(|names| names.words(Some(about.language), None)).unwrap_or(slug.as_str()).to_owned())
    };
    let items = entries.iter().map(|(_, entry)| item(entry, name_of(entry), about)).collect();
    let is_cut = found.len() > MOST_FED || !found.is_complete;
    Ok(write(&Calendar {
        language: about.language,
        name: title(about.name, about.language),
        note: is_cut.then(|| cut_short(MOST_FED, found.len(), about.language)),
        items,
    }))
}

fn item(entry: &Entry, institution: Option<String>, about: About<'_>) -> Item {
    let (revision, updated_at) = entry.written();
    let words = |text: &crate::domain::text::MultilingualText| text.words(Some(about.language), None).map(str::to_owned);
    let event = entry.event();
    let moves = event.into_iter().flat_map(|event| {
        let all = &event.postponements;
        all.iter().skip(all.len().saturating_sub(MOST_MOVES))
    });
    let is_renewed = match &entry.subject {
        Subject::Agreement(seen) => {
            let agreement = &seen.record.agreement;
            agreement.renewal.kind == AgreementRenewal::Tacit && agreement.standing.notice_on.is_none()
        }
        _ => false,
    };
    Item {
        uid: entry.uid(),
        revision,
        updated_at,
        dates: entry.dates,
        kind: entry.kind,
        title: entry.title(Some(about.language)),
        state: entry.state,
        is_overdue: entry.is_overdue,
        basis: entry.basis(),
        institution,
        is_renewed,
        moves: moves.map(|moved| Move { from: moved.from, to: moved.to, reason: words(&moved.reason) }).collect(),
        reason: event.and_then(|event| words(&event.event.reason)),
        url: entry.record().map(|record| format!("{}/id/{}", about.base_url, record.id)),
    }
}
