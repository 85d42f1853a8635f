//! People leave an institution, or have no account any more, and with that the requests in which they acted for it.

use serde_json::Value;
use uuid::Uuid;

use crate::domain::ids::Slug;

use super::super::command::Absent;
use super::super::{By, Event, Happening, Moment, Part, Request, is_final};
use super::{Decided, of, whole, with_deadlocks};

/// Somebody is no longer where they were.
#[derive(Clone, Debug)]
pub struct Departure {
    /// Who.
    pub person: Uuid,
    /// Their function, for the officers of the holders.
    pub who: Value,
    /// Institutions in which the person had a role and has none any more.
    pub left: Vec<Slug>,
    /// Whether the account was disabled: then the person acts for nobody, not as an outsider either.
    pub is_disabled: bool,
}

/// What follows for a request when somebody has left: no command of anyone, in whatever state the parts are. Invitations end, an outsider's
/// by the account alone; an applicant who asks in the name of an institution without belonging to it is brought to the holders' notice.
///
/// # Errors
/// The history of the request cannot be read on.
pub fn depart(request: &Request, departure: &Departure, moment: &Moment<'_>) -> Decided {
    if request.erased_at.is_some() {
        return Ok(Vec::new());
    }
    let person = departure.person;
    let has_left = |part: &Part| departure.left.contains(&part.institution) && !part.desk.outsiders.contains(&person);
    let acts = |part: &&Part| part.invited.iter().any(|known| known.person == person && known.removed_at.is_none());
    let acting = request.parts.iter().filter(acts).filter(|part| departure.is_disabled || has_left(part));
    let mut happenings: Vec<Happening> = acting.map(|part| leaves(part, person, &departure.who)).collect();
    // In whose name each part was asked for, whatever the applicant has written since.
    let open = request.parts.iter().filter(|part| part.submitted_at.is_some() && !is_final(part.state));
    let mut asked_for: Vec<Slug> = open.filter_map(|part| request.frame_of(part).on_behalf_of).collect();
    asked_for.sort_unstable();
    asked_for.dedup();
    let left = asked_for.into_iter().filter(|slug| departure.left.contains(slug) && request.applicant == person);
    happenings.extend(left.map(|institution| whole(Event::ApplicantLeft { institution })));
    with_deadlocks(request, &By::clock(), happenings, moment)
}

/// Tells the officers of those who are named on the desk and no longer there.
pub fn absences(part: &Part, absent: &[Absent]) -> Vec<Happening> {
    absent.iter().map(|absent| leaves(part, absent.person, &absent.who).standing()).collect()
}

fn leaves(part: &Part, person: Uuid, who: &Value) -> Happening {
    of(part, Event::HolderLeft { person }).with(who.clone())
}
