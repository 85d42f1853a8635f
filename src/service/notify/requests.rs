//! Who is told of what happens to a request: who asked and supports it, who is asked, who committed itself, who fulfilled it.

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::register::{Commitment, Entry};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{NoticeDay, NoticeKind, PublicationStatus, RegisterCommand, RegisterState, Role};
use crate::domain::workdays::Day;
use crate::service::Error;
use crate::store::changes::Change;
use crate::store::registers::{self as table, EntryRow};
use crate::store::{Conn, datasets};

use super::registers::writers;
use super::{Said, Telling, Who, naming, people_with, tell, who_sees};

/// Who asked and who supports.
fn askers(conn: &mut Conn, row: &EntryRow) -> Result<Vec<String>, Error> {
    let supports = table::supports(conn, std::slice::from_ref(&row.id))?;
    Ok(std::iter::once(row.created_by.clone()).chain(supports.into_iter().map(|support| support.person_id)).collect())
}

/// The commitment that stood when a command was given, which may have ended it.
fn commitment_at(entry: &Entry, at: i64) -> Option<&Commitment> {
    let before = entry.earlier.iter().find(|earlier| earlier.until == at).map(|earlier| &*earlier.entry);
    before.unwrap_or(entry).commitment.as_ref()
}

/// What an institution promised, where a notice tells of a commitment, with the day that the notice names: until when, or, of a new request, by
/// when it would like to be answered. `state` is the one to which the command led that was given at the instant `at`.
pub(super) fn promised(entry: &Entry, kind: NoticeKind, state: RegisterState, at: i64) -> (Option<String>, Option<(NoticeDay, Day)>) {
    let last_of = |date: PartialDate| Day(date.last_day());
    let given = match kind {
        NoticeKind::RequestMade => return (None, entry.until.map(|until| (NoticeDay::Wished, last_of(until)))),
        // It may have been taken back since.
        NoticeKind::RequestCommitted => {
            let earlier = entry.earlier.iter().filter_map(|earlier| earlier.entry.commitment.as_ref());
            entry.commitment.iter().chain(earlier).find(|given| given.at == at)
        }
        NoticeKind::RequestReleased => commitment_at(entry, at),
        NoticeKind::RequestReopened => commitment_at(entry, at).filter(|_| state == RegisterState::Committed),
        _ => None,
    };
    // What was taken back is to be done by no day.
    let stands = given.filter(|_| kind != NoticeKind::RequestReleased);
    (given.map(|given| given.text.clone()), stands.map(|given| (NoticeDay::Commitment, last_of(given.until))))
}

/// What is told of a change of a request, and to whom; none where nobody is told.
pub(super) fn told(
    conn: &mut Conn,
    change: &Change,
    row: &EntryRow,
    entry: &Entry,
    command: Option<RegisterCommand>,
) -> Result<Option<(NoticeKind, Vec<String>)>, Error> {
    use NoticeKind as N;
    use RegisterCommand as C;
    let kind = match command {
        None => return Ok(Some((N::RequestMade, asked(conn, entry)?))),
        Some(C::Commit) => N::RequestCommitted,
        Some(C::Decline) => N::RequestDeclined,
        Some(C::Release) => N::RequestReleased,
        Some(C::Fulfil) => N::RequestFulfilled,
        Some(C::Reopen) => N::RequestReopened,
        Some(C::Withdraw) => N::RegisterChanged,
        _ => return Ok(None),
    };
    let mut people = askers(conn, row)?;
    // Who has committed itself learns that it is asked for no longer, or again.
    if let (N::RegisterChanged | N::RequestFulfilled | N::RequestReopened, Some(given)) = (kind, commitment_at(entry, change.at)) {
        people.extend(writers(conn, given.institution.as_str())?);
    }
    if kind == N::RequestReopened {
        people.extend(fulfillers(conn, entry, change.at)?);
    }
    // Who asked and may not see the record that fulfils it is not told that there is one.
    let found = entry.fulfilled_by.filter(|_| kind == N::RequestFulfilled).map(|id| id.to_string());
    let record = found.map(|id| datasets::by_ids(conn, &[id])).transpose()?.and_then(|mut rows| rows.pop());
    let Some(row) = record else { return Ok(Some((kind, people))) };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    Ok(Some((kind, who_sees(conn, people, &dataset)?.0)))
}

/// The coordinators, and the people of the institutions whose data are asked for.
fn asked(conn: &mut Conn, entry: &Entry) -> Result<Vec<String>, Error> {
    let mut people = people_with(conn, "", &[Role::Coordinator])?;
    for slug in &entry.institutions {
        people.extend(writers(conn, slug.as_str())?);
    }
    Ok(people)
}

/// The people in whose name a record was last said to fulfil the request before an instant.
fn fulfillers(conn: &mut Conn, entry: &Entry, before: i64) -> Result<Vec<String>, Error> {
    let is_said = |step: &&crate::domain::register::Step| step.command == Some(RegisterCommand::Fulfil) && step.at <= before;
    match entry.steps.iter().rev().find(is_said) {
        Some(step) => match &step.institution {
            Some(slug) => writers(conn, slug.as_str()),
            None => people_with(conn, "", &[Role::Coordinator]),
        },
        None => Ok(Vec::new()),
    }
}

/// Tells that the record which fulfils a request answers it no more: who asked and who supports the request, the
/// institution that committed itself, and who named the record, each as far as they could read it.
///
/// # Errors
/// The database is unavailable.
pub fn answer_gone(conn: &mut Conn, concepts: &Concepts, row: &EntryRow, dataset: &Dataset, now: i64) -> Result<(), Error> {
    let entry: Entry = serde_json::from_str(&row.doc)?;
    let as_it_was = Dataset { status: PublicationStatus::Published, ..dataset.clone() };
    let mut concerned = askers(conn, row)?;
    if let Some(given) = &entry.commitment {
        concerned.extend(writers(conn, given.institution.as_str())?);
    }
    concerned.extend(fulfillers(conn, &entry, now)?);
    // It may have been hidden meanwhile: who does not see it is not told what became of it.
    let people = who_sees(conn, concerned, &as_it_was)?.0;
    let (titles, _) = naming::named(conn, concepts, &entry, NoticeKind::AnswerGone)?;
    let telling = Telling {
        kind: NoticeKind::AnswerGone,
        people,
        title: titles.words(None, None).unwrap_or_default().to_owned(),
        reason: None,
        path: format!("/dataset/{}", dataset.slug),
        entity_id: row.id.clone(),
        said: Said { who: dataset.producer.as_ref().map(|slug| Who::Institution(slug.to_string())), ..Said::default() },
        titles,
    };
    tell(conn, (0, ""), &telling, now)
}

/// Tells that the day has passed that an institution named in its commitment: the institution itself, who asked and who supports the request.
///
/// # Errors
/// The database is unavailable.
pub fn day_passed(conn: &mut Conn, concepts: &Concepts, row: &EntryRow, given: &Commitment, now: i64) -> Result<(), Error> {
    let entry: Entry = serde_json::from_str(&row.doc)?;
    let own = writers(conn, given.institution.as_str())?;
    let others: Vec<String> = askers(conn, row)?.into_iter().filter(|person| !own.contains(person)).collect();
    let kind = NoticeKind::CommitmentDayPassed;
    let (titles, path) = naming::named(conn, concepts, &entry, kind)?;
    let day = Some((NoticeDay::Commitment, Day(given.until.last_day())));
    // Whose commitment it is, the institution itself need not be told.
    for (people, who) in [(own, None), (others, Some(Who::Institution(given.institution.to_string())))] {
        let telling = Telling {
            kind,
            people,
            title: titles.words(None, None).unwrap_or_default().to_owned(),
            reason: None,
            path: path.clone(),
            entity_id: row.id.clone(),
            said: Said { who, day, promised: Some(given.text.clone()), ..Said::default() },
            titles: titles.clone(),
        };
        tell(conn, (0, ""), &telling, now)?;
    }
    Ok(())
}
