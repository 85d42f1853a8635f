//! What nobody follows any more comes to its end by itself: texts and personal data of it would otherwise be kept for ever. It does so long
//! after the day on which an answer was due, and those who are awaited are told before.

use crate::domain::vocabulary::RequestState;
use crate::domain::workdays::Day;

use super::super::{Event, Happening, Moment, Part, Request};
use super::clock::start;
use super::of;

/// Days after the last change of a draft, after a return that was never taken up, or after the day on which somebody's answer was due.
const LAPSE_DAYS: i64 = 180;
/// Days for which those who are awaited can still act once they were told.
const NOTICE_DAYS: i64 = 30;

/// When a request that asks for nothing is erased.
pub fn lapse_of_empty(request: &Request) -> Option<i64> {
    let is_empty = request.parts.is_empty() && request.erased_at.is_none();
    is_empty.then(|| Day::of(request.updated_at).plus(LAPSE_DAYS).end())
}

/// When a part comes to its end by itself, as far as that is settled: what must be announced has no such instant before it was.
pub fn lapse_at(request: &Request, part: &Part) -> Option<i64> {
    let last = if needs_notice(part) { part.clock.lapses_on } else { last_day(request, part) };
    last.map(Day::end)
}

/// When it is announced that the part comes to its end by itself.
pub fn notice_at(request: &Request, part: &Part) -> Option<i64> {
    let is_open = needs_notice(part) && part.clock.lapses_on.is_none();
    last_day(request, part).filter(|_| is_open).map(|day| start(day.plus(-NOTICE_DAYS)))
}

/// The announcement. A clock that stood still leaves those who are awaited no less time.
pub fn notice(request: &Request, part: &Part, moment: &Moment<'_>) -> Option<Happening> {
    notice_at(request, part).filter(|at| *at <= moment.now)?;
    let on = last_day(request, part)?.max(moment.today().plus(NOTICE_DAYS));
    Some(of(part, Event::LapseAnnounced { on }))
}

/// The end that comes by itself.
pub fn lapse(part: &Part) -> Happening {
    use RequestState as S;
    let event = match part.state {
        S::Draft | S::Returned => Event::Withdrawn,
        S::Expired | S::Revoked => Event::Closed { is_destroyed: part.destroyed_at.is_some() },
        _ => Event::Lapsed,
    };
    of(part, event)
}

/// Whether somebody is told before, and can still act: not of what the applicant has left lying, nor of what only waits to be closed.
fn needs_notice(part: &Part) -> bool {
    use RequestState as S;
    match part.state {
        S::Draft | S::Returned => false,
        S::Expired | S::Revoked => part.owes_destruction(),
        _ => true,
    }
}

/// The last day on which an answer is still waited for.
fn last_day(request: &Request, part: &Part) -> Option<Day> {
    use RequestState as S;
    let due = part.clock.due.unwrap_or(Day::of(part.since));
    let last = match part.state {
        S::Draft => Day::of(request.updated_at),
        S::Returned => Day::of(part.since),
        S::Submitted | S::Complete | S::InReview | S::Approved | S::ApprovedWithConditions | S::RenewalRequested | S::Appealed => due,
        // What everyone has accepted waits for its first day.
        S::AgreementPending if !request.has_everyone_accepted(part) => due,
        // What was due before the part came to this state is waited for from then on.
        S::Expired => due.max(Day::of(part.since)),
        S::Revoked => part.appeal_open_until().map_or(due, |until| until.max(due)).max(Day::of(part.since)),
        _ => return None,
    };
    Some(last.plus(LAPSE_DAYS))
}
