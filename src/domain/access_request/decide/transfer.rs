//! Data pass from one institution to its successor, and what was asked of the one goes along to the other.

use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::vocabulary::{RequestRole, RequestState};
use crate::domain::workdays::Day;

use super::super::command::Absent;
use super::super::desk::DeskTerms;
use super::super::event::{Event, Happening};
use super::super::{Part, Request};
use super::of;

/// Where a holding went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The institution that held it.
    pub from: Slug,
    /// The institution that holds it now.
    pub to: Slug,
    /// The holding as it was named before.
    pub before: Uuid,
    /// The same holding as it is named now.
    pub after: Uuid,
    /// Terms of the desk of the new holder; of these only who acts is taken over where a request was submitted before.
    pub desk: DeskTerms,
    /// Persons named on it who are no longer there.
    pub absent: Vec<Absent>,
}

/// What follows for a request from the passage of a holding: no command of anyone, in whatever state the parts are. What has come to its
/// end stays with the holder that ended it.
pub fn pass_on(request: &Request, passage: &Passage, today: Day) -> Vec<Happening> {
    if request.erased_at.is_some() {
        return Vec::new();
    }
    let goes_along = |part: &&Part| part.holding == passage.before && part.institution == passage.from && is_open(part, today);
    request.parts.iter().filter(goes_along).flat_map(|part| pass_part(request, part, passage)).collect()
}

/// Whether anything may still become of the part.
fn is_open(part: &Part, today: Day) -> bool {
    match part.state {
        RequestState::Closed | RequestState::Withdrawn => false,
        RequestState::Rejected => {
            let last = part.decision.as_ref().and_then(|decision| decision.appeal_until);
            !part.is_appeal_spent && last.is_some_and(|last| last >= today)
        }
        _ => true,
    }
}

fn pass_part(request: &Request, part: &Part, passage: &Passage) -> Vec<Happening> {
    let own = &passage.desk;
    // The times that the applicant was told stay; who acts is the new holder's to say.
    let desk = DeskTerms {
        quorum: own.quorum,
        deciders: own.deciders.clone(),
        advisers: own.advisers.clone(),
        deputies: own.deputies.clone(),
        outsiders: own.outsiders.clone(),
        ..part.desk.clone()
    };
    let (from, institution) = (passage.from.clone(), passage.to.clone());
    let event = Event::Transferred { from, institution, holding: passage.after, desk };
    let mut happenings = vec![of(part, event)];
    if part.submitted_at.is_some() {
        happenings.extend(super::absences(part, &passage.absent));
    }
    if part.submitted_at.is_some() && is_judged(part.state) {
        let first = part.invited.iter().map(|invited| invited.number).max().unwrap_or(0) + 1;
        let deciders = own.deciders.iter().map(|person| (*person, RequestRole::Decider));
        let advisers = own.advisers.iter().map(|person| (*person, RequestRole::DataProtection));
        let is_absent = |person: &Uuid| passage.absent.iter().any(|absent| absent.person == *person);
        let can_act =
            |(person, _): &(Uuid, RequestRole)| !request.is_user(*person) && !part.conflicted.contains(person) && !is_absent(person);
        let named = (first..).zip(deciders.chain(advisers).filter(can_act));
        happenings.extend(named.map(|(invited, (person, role))| of(part, Event::Invited { invited, person, role })));
    }
    happenings
}

/// Whether people of the holder are still to say something on it.
fn is_judged(state: RequestState) -> bool {
    use RequestState as S;
    matches!(state, S::Submitted | S::Returned | S::Complete | S::InReview | S::Appealed | S::RenewalRequested)
}
