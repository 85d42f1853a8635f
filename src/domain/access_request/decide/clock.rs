//! What due dates bring about. One tick does all that is due, and the next instant lies after it, so that a clock that stood
//! still catches up in one step and never does the same thing twice.

use uuid::Uuid;

use crate::domain::vocabulary::{EndReason, RequestRole, RequestState};
use crate::domain::workdays::{Calendar, DAY_MS, Day};

use super::super::{Calendars, Event, Happening, Moment, Part, Request, is_final, is_in_force};
use super::{Decided, lapse, next_step, of, use_of_data, whole};

/// Most reminders to whoever is awaited.
const MAX_REMINDERS: u32 = 12;
/// Days before the end at which the applicant is told, beside the holder's own notice.
const ANNOUNCED: [u16; 2] = [30, SHORTEST];
/// The last of the announcements.
const SHORTEST: u16 = 7;
/// Days of a month, as far as retention is concerned.
const MONTH_DAYS: i64 = 31;

/// The next instant at which the clock has something to do for a part.
pub fn next_tick(request: &Request, part: &Part, calendars: &Calendars) -> Option<i64> {
    let ends = ends_at(part);
    let announcement = announcements(part).into_iter().map(|(at, _)| at).min();
    let reminder = reminder_at(part, calendars.of(part));
    let escalation = escalation_at(part, calendars.of(part));
    let erasure = erasure_at(request);
    let lapse = [lapse::notice_at(request, part), lapse::lapse_at(request, part)];
    [ends, begins_at(request, part), announcement, reminder, escalation, erasure].into_iter().chain(lapse).flatten().min()
}

/// Lets everything act that is due.
pub fn tick(request: &Request, ended: &[u32], suspended: &[u32], moment: &Moment<'_>) -> Decided {
    let mut happenings = Vec::new();
    for part in &request.parts {
        let (has_ended, is_suspended) = (ended.contains(&part.number), suspended.contains(&part.number));
        tick_part(request, part, (has_ended, is_suspended), moment, &mut happenings);
    }
    if lapse::lapse_of_empty(request).is_some_and(|at| at <= moment.now) {
        happenings.push(whole(Event::Erased));
    }
    happenings.extend(erasures(request, moment.now));
    Ok(happenings)
}

/// Everyone has accepted, and the first day of use is still to come.
fn waits_for_first_day(request: &Request, part: &Part) -> bool {
    part.state == RequestState::AgreementPending && request.has_everyone_accepted(part)
}

/// When the use begins that everyone has accepted.
fn begins_at(request: &Request, part: &Part) -> Option<i64> {
    part.from.filter(|_| waits_for_first_day(request, part)).map(start)
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
        happenings.push(of(part, Event::Suspended { due: Some(next_step(part, moment)) }));
        return;
    }
    if is_due(begins_at(request, part)) {
        happenings.extend(use_of_data::activation(part));
        // What it rests on may be suspended just then.
        if is_suspended {
            happenings.push(of(part, Event::Suspended { due: Some(next_step(part, moment)) }));
        }
        return;
    }
    if is_due(lapse::lapse_at(request, part)) {
        happenings.push(lapse::lapse(part));
        return;
    }
    happenings.extend(lapse::notice(request, part, moment));
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
    let begun = Day::of(part.since);
    // A use shorter than the notice is not announced at its beginning, but of the shortest its end is announced on the day after.
    let on = |days: u16| match until.plus(-i64::from(days)) {
        day if day <= begun && days == SHORTEST => begun.plus(1).min(until),
        day => day,
    };
    days.into_iter().map(|days| (on(days), days)).filter(|(day, _)| *day > begun).map(|(day, days)| (start(day), days)).collect()
}

/// When whoever is awaited is reminded next: some working days before the due day, on it, and again after it.
fn reminder_at(part: &Part, calendar: &Calendar) -> Option<i64> {
    part.clock.awaiting?;
    if part.clock.reminders >= MAX_REMINDERS {
        return None;
    }
    let every = part.desk.reminder_days.max(1);
    let since = Day::of(part.clock.awaiting_since.unwrap_or(part.since));
    let last = part.clock.reminded_on;
    let Some(due) = part.clock.due else { return Some(start(calendar.after(last.unwrap_or(since), every))) };
    let next = match last {
        Some(last) if last < due => calendar.after(last, every).min(due),
        Some(last) => calendar.after(last, every),
        // What was due before anybody was awaited is asked for after the usual days.
        None if due < since => calendar.after(since, every),
        None => {
            let total = calendar.between(since, due);
            if total > every { calendar.after(since, total - every) } else { due }
        }
    };
    Some(start(next))
}

/// Midnight, UTC, at which a day begins.
pub fn start(day: Day) -> i64 {
    day.0.saturating_mul(DAY_MS)
}

fn escalation_at(part: &Part, calendar: &Calendar) -> Option<i64> {
    let is_with_holder = matches!(part.clock.awaiting, Some(RequestRole::AccessOfficer | RequestRole::Decider));
    // That nothing was said of the destruction of what was delivered is the holder's business too.
    let is_destruction = matches!(part.state, RequestState::Expired | RequestState::Revoked);
    let due = part.clock.due.filter(|_| (is_with_holder || is_destruction) && part.clock.escalated_at.is_none())?;
    let since = Day::of(part.clock.awaiting_since.unwrap_or(part.since));
    Some(calendar.after(due.max(since), part.desk.escalation_days).end())
}

/// The last day of a number of months after the end of a part, and not before the time for an appeal is over.
fn months_after(part: &Part, months: u32) -> i64 {
    let last = Day::of(part.since).plus(i64::from(months) * MONTH_DAYS);
    let appeal_until = part.appeal_open_until().filter(|_| part.state == RequestState::Rejected);
    appeal_until.map_or(last, |until| until.max(last)).end()
}

/// When something is erased next: single answers as their questions say, everything after the longest time that one of the holders
/// keeps requests; counted from the end of each part.
fn erasure_at(request: &Request) -> Option<i64> {
    if request.erased_at.is_some() {
        return None;
    }
    let answers = answer_ends(request).into_iter().map(|(at, _)| at).min();
    answers.into_iter().chain(erasure_of_all(request)).min()
}

fn erasure_of_all(request: &Request) -> Option<i64> {
    let ends = request.parts.iter().map(|part| months_after(part, retention(part)));
    request.is_over().then(|| ends.max()).flatten()
}

/// Months for which a part is kept after its end. What no holder ever had before it is kept for one.
fn retention(part: &Part) -> u32 {
    if part.submitted_at.is_some() { part.desk.retention_months } else { 1 }
}

/// Keys of the answers that are still kept, each with the instant at which no holder needs it any more; those that a part needs which
/// has not ended are left out.
fn answer_ends(request: &Request) -> Vec<(i64, String)> {
    let mut ends: std::collections::BTreeMap<&str, Option<i64>> = std::collections::BTreeMap::new();
    for part in &request.parts {
        for (key, months) in part.keeps.iter().filter(|(key, _)| !request.erased_answers.contains(key)) {
            let at = is_final(part.state).then(|| months_after(part, *months));
            let known = ends.entry(key).or_insert(at);
            *known = known.zip(at).map(|(known, at)| known.max(at));
        }
    }
    ends.into_iter().filter_map(|(key, at)| Some((at?, key.to_owned()))).collect()
}

/// Whether the holder of a part still has the answer to a question: after the end of its own part it keeps it as long as the question says,
/// whatever other holders do.
pub fn is_kept(part: &Part, key: &str, now: i64) -> bool {
    let months = part.keeps.get(key).copied().unwrap_or(part.desk.retention_months);
    !is_final(part.state) || now < months_after(part, months)
}

fn erasures(request: &Request, now: i64) -> Option<Happening> {
    if request.erased_at.is_some() {
        return None;
    }
    if erasure_of_all(request).is_some_and(|at| at <= now) {
        return Some(whole(Event::Erased));
    }
    let keys: Vec<String> = answer_ends(request).into_iter().filter(|(at, _)| *at <= now).map(|(_, key)| key).collect();
    (!keys.is_empty()).then(|| whole(Event::AnswersErased { keys }))
}
