//! Where nobody is awaited any more, or nobody has answered for long.

use crate::domain::vocabulary::{EndReason, RequestState};

use super::super::{Clock, Part, Request};
use super::{await_destruction, decide_renewal, enter};

/// Where everyone has accepted and the first day is still to come, nobody is awaited.
pub fn rest(request: &mut Request) {
    let waits = |part: &&Part| part.state == RequestState::AgreementPending && request.has_everyone_accepted(part);
    let numbers: Vec<u32> = request.parts.iter().filter(waits).map(|part| part.number).collect();
    for part in request.parts.iter_mut().filter(|part| numbers.contains(&part.number)) {
        part.clock = Clock { warned: std::mem::take(&mut part.clock.warned), ..Clock::default() };
    }
}

/// An appeal that is taken back, or was never answered, leaves what was decided as it was.
pub fn drop_appeal(part: &mut Part, at: i64) {
    part.is_appeal_spent = true;
    match part.appealed_from.take() {
        Some(RequestState::Revoked) => await_destruction(part, RequestState::Revoked, at, None),
        _ => enter(part, RequestState::Rejected, at, None, None),
    }
}

/// What nobody answered ends: a renewal as if it were refused, an appeal as if it were taken back, everything else for good.
pub fn lapse(part: &mut Part, at: i64) {
    match part.state {
        RequestState::RenewalRequested => decide_renewal(part, false, None, at),
        RequestState::Appealed => drop_appeal(part, at),
        _ => {
            (part.ended, part.ended_at) = (Some(EndReason::Unanswered), Some(at));
            enter(part, RequestState::Closed, at, None, None);
        }
    }
}
