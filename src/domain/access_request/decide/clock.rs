//! What due dates bring about. One tick does all that is due, and the next instant lies after it, so that a clock that stood
//! still catches up in one step and never does the same thing twice.

use uuid::Uuid;

use crate::domain::vocabulary::{EndReason, RequestRole, RequestState};
use crate::domain::workdays::{Calendar, DAY_MS, Day};

use super::super::{Calendars, Event, Happening, Moment, Part, Request, is_in_force};
use super::{Decided, of, whole};

/// Most reminders to whoever is awaited.
const MAX_REMINDERS: u32 = 12;
/// Days before the end at which the applicant is told, beside the holder's own notice.
const ANNOUNCED: [u16; 2] = [30, 7];
/// Days of a month, as far as retention is concerned.
const MONTH_DAYS: i64 = 31;

/// The next instant at which the clock has something to do for a part.
pub fn next_tick(request: &Request, part: &Part, calendars: &Calendars) -> Option<i64> {
    let ends = ends_at(part);
    let announcement = announcements(part).into_iter().map(|(at, _)| at).min();
    let reminder = reminder_at(part, calendars.of(part));
    let escalation = escalation_at(part, calendars.of(part));
    let erasure = erasure_at(request);
    [ends, announcement, reminder, escalation, erasure].into_iter().flatten().min()
}

/// Lets everything act that is due.
pub fn tick(request: &Request, ended: &[u32], suspended: &[u32], moment: &Moment<'_>) -> Decided {
    let mut happenings = Vec::new();
    for part in &request.parts {
        let (has_ended, is_suspended) = (ended.contains(&part.number), suspended.contains(&part.number));
        tick_part(request, part, (has_ended, is_suspended), moment, &mut happenings);
    }
    if happenings.is_empty() {
        happenings.extend(erasures(request, moment.now));
    }
    Ok(happenings)
}

fn tick_part(
    request: &Request,
    part: &Part,
    (has_agreement_ended, is_suspended): (bool, bool),
    moment: &Moment<'_>,
    happenings: &mut Vec<Happening>,
) {
    let is_due = |at: Option<i64>| at.is_some_and(|at| at <= moment.now);
    let of_agreement = (has_agreement_ended && can_end(part)).then_some(EndReason::AgreementEnded);
    let of_date = is_due(ends_at(part)).then_some(EndReason::EndDate);
    // Where both have come the agreement counts for a renewal: under it nothing can be renewed.
    let end = if part.state == RequestState::RenewalRequested { of_agreement.or(of_date) } else { of_date.or(of_agreement) };
    if let Some(reason) = end {
        let due = moment.today().plus(part.desk.destruction_days.into());
        happenings.push(of(part, Event::Ended { reason, due }));
        // Whoever decides on a renewal that was asked for in time is still awaited.
        if part.state != RequestState::RenewalRequested || reason != EndReason::EndDate {
            return;
        }
    } else if is_suspended && is_in_force(part.state) && part.ended.is_none() {
        happenings.push(of(part, Event::Suspended));
        return;
    }
    // Of several announcements that were missed only the last still says something.
    if let Some((_, days)) = announcements(part).into_iter().filter(|(at, _)| *at <= moment.now).min_by_key(|(_, days)| *days) {
        happenings.push(of(part, Event::EndAnnounced { days }));
    }
    if is_due(escalation_at(part, moment.calendar(part))) {
        happenings.push(of(part, Event::Escalated));
        happenings.extend(called_in(request, part));
    }
    if is_due(reminder_at(part, moment.calendar(part))) {
        happenings.push(of(part, Event::Reminded { count: part.clock.reminders + 1 }));
    }
}

/// Deputies get a part in the matter, so that they can act: from now on they handle it like access officers, until one of these takes
/// the invitation back. Who asks for the data, or has a conflict of interest, is not called in.
fn called_in(request: &Request, part: &Part) -> Vec<Happening> {
    let role = RequestRole::AccessOfficer;
    let is_in =
        |person: &Uuid| part.invited.iter().any(|known| known.person == *person && known.role == role && known.removed_at.is_none());
    let mut deputies: Vec<Uuid> = Vec::new();
    for person in &part.desk.deputies {
        if !request.is_user(*person) && !part.conflicted.contains(person) && !is_in(person) && !deputies.contains(person) {
            deputies.push(*person);
        }
    }
    let next = part.invited.iter().map(|known| known.number).max().unwrap_or(0) + 1;
    (next..).zip(deputies).map(|(invited, person)| of(part, Event::Invited { invited, person, role })).collect()
}

/// Whether the part has a right of use, or one about to begin, that an end date ends.
fn can_end(part: &Part) -> bool {
    use RequestState as S;
    part.ended.is_none() && matches!(part.state, S::AgreementPending | S::Active | S::RenewalRequested | S::Suspended)
}

fn ends_at(part: &Part) -> Option<i64> {
    part.until.filter(|_| can_end(part)).map(Day::end)
}

/// When the end is announced, with the days before it; those already announced, or later than the start of use, are left out.
fn announcements(part: &Part) -> Vec<(i64, u16)> {
    let Some(until) = part.until.filter(|_| part.state == RequestState::Active) else { return Vec::new() };
    let own = u16::try_from(part.desk.renewal_notice_days).unwrap_or(u16::MAX);
    let mut days: Vec<u16> = ANNOUNCED.iter().copied().filter(|days| *days < own).chain([own]).collect();
    // What is nearer than something already said is still to be said; what is farther is not.
    let nearest = part.clock.warned.iter().copied().min().unwrap_or(u16::MAX);
    days.retain(|days| *days < nearest);
    let start = Day::of(part.since);
    days.into_iter()
        .map(|days| (until.plus(-i64::from(days)), days))
        // A use shorter than the notice is not announced at its beginning.
        .filter(|(day, _)| *day > start)
        .map(|(day, days)| (day.0.saturating_mul(DAY_MS), days))
        .collect()
}

/// The day on whose end whoever is awaited is reminded next.
fn reminder_at(part: &Part, calendar: &Calendar) -> Option<i64> {
    part.clock.awaiting?;
    if part.clock.reminders >= MAX_REMINDERS {
        return None;
    }
    let every = part.desk.reminder_days.max(1);
    let day = match (part.clock.reminded_on, part.clock.due) {
        (Some(last), _) => calendar.after(last, every),
        // First shortly before the answer is due.
        (None, Some(due)) => {
            let since = Day::of(part.since);
            let total = calendar.between(since, due);
            if total > every { calendar.after(since, total - every) } else { due }
        }
        (None, None) => calendar.after(Day::of(part.since), every),
    };
    Some(day.end())
}

fn escalation_at(part: &Part, calendar: &Calendar) -> Option<i64> {
    let is_with_holder = matches!(part.clock.awaiting, Some(RequestRole::AccessOfficer | RequestRole::Decider));
    let due = part.clock.due.filter(|_| is_with_holder && part.clock.escalated_at.is_none())?;
    Some(calendar.after(due, part.desk.escalation_days).end())
}

/// The last day of a number of months after the end of a part, and not before the time for an appeal is over.
fn months_after(part: &Part, months: u32) -> i64 {
    let last = Day::of(part.since).plus(i64::from(months) * MONTH_DAYS);
    let appeal_until = part.decision.as_ref().and_then(|decision| decision.appeal_until);
    let appeal_until = appeal_until.filter(|_| part.state == RequestState::Rejected && !part.is_appeal_spent);
    appeal_until.map_or(last, |until| until.max(last)).end()
}

/// When something is erased next: single answers as their questions say, everything after the longest time that one of the holders
/// keeps requests; counted from the end of each part.
fn erasure_at(request: &Request) -> Option<i64> {
    if request.erased_at.is_some() || !request.is_over() {
        return None;
    }
    let answers = answer_ends(request).into_iter().map(|(at, _)| at).min();
    answers.into_iter().chain(erasure_of_all(request)).min()
}

fn erasure_of_all(request: &Request) -> Option<i64> {
    request.parts.iter().map(|part| months_after(part, part.desk.retention_months)).max()
}

/// Keys of the answers that are still kept, each with the instant at which no holder needs it any more.
fn answer_ends(request: &Request) -> Vec<(i64, String)> {
    let mut ends: std::collections::BTreeMap<&str, i64> = std::collections::BTreeMap::new();
    for part in &request.parts {
        for (key, months) in part.keeps.iter().filter(|(key, _)| !request.erased_answers.contains(key)) {
            let at = months_after(part, *months);
            let known = ends.entry(key).or_insert(at);
            *known = (*known).max(at);
        }
    }
    ends.into_iter().map(|(key, at)| (at, key.to_owned())).collect()
}

fn erasures(request: &Request, now: i64) -> Option<Happening> {
    if request.erased_at.is_some() || !request.is_over() {
        return None;
    }
    if erasure_of_all(request).is_some_and(|at| at <= now) {
        return Some(whole(Event::Erased));
    }
    let keys: Vec<String> = answer_ends(request).into_iter().filter(|(at, _)| *at <= now).map(|(_, key)| key).collect();
    (!keys.is_empty()).then(|| whole(Event::AnswersErased { keys }))
}
