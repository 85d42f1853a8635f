//! What a person is in one access request. Nobody is both sides: who asks, or is named to use the data, never acts for the holder.

use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::vocabulary::RequestRole;

use super::{Invited, Part, Request};

/// Who commands, with what the catalogue knows of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// The person; none for the clock.
    pub person: Option<Uuid>,
    /// Institutions for which the person is access officer.
    pub officer_of: Vec<Slug>,
    /// Whether the person is coordinator of the catalogue.
    pub is_coordinator: bool,
    /// Whether the person is auditor of the catalogue.
    pub is_auditor: bool,
    /// Whether the clock of the catalogue acts.
    pub is_clock: bool,
}

impl By {
    /// The clock.
    pub fn clock() -> Self {
        Self { is_clock: true, ..Self::default() }
    }

    /// Roles in the request as a whole, or in one of its parts.
    pub fn roles(&self, request: &Request, part: Option<&Part>) -> Vec<RequestRole> {
        if self.is_clock {
            return vec![RequestRole::Clock];
        }
        let Some(person) = self.person else { return Vec::new() };
        if person == request.applicant {
            return vec![RequestRole::Applicant];
        }
        if request.is_user(person) {
            // Who is named for the data of one holder has no part in what is asked of another, on neither side.
            let is_named = part.map_or_else(
                || request.parts.iter().any(|part| request.is_member_of(person, part)),
                |part| request.is_member_of(person, part),
            );
            return if is_named { vec![RequestRole::Member] } else { Vec::new() };
        }
        let mut roles = Vec::new();
        if let Some(part) = part {
            self.roles_for_holder(person, request, part, &mut roles);
        }
        if self.is_coordinator {
            roles.push(RequestRole::Coordinator);
        }
        if self.is_auditor {
            roles.push(RequestRole::Auditor);
        }
        roles
    }

    fn roles_for_holder(&self, person: Uuid, request: &Request, part: &Part, roles: &mut Vec<RequestRole>) {
        // Before it is submitted a request is nobody's business but the applicant's.
        if part.submitted_at.is_none() || part.conflicted.contains(&person) {
            return;
        }
        if self.officer_of.contains(&part.institution) {
            roles.push(RequestRole::AccessOfficer);
        }
        let can_act = |invited: &&Invited| !part.conflicted.contains(&invited.person) && !request.is_user(invited.person);
        let active = || part.invited.iter().filter(|invited| invited.removed_at.is_none()).filter(can_act);
        for invited in active().filter(|invited| invited.person == person) {
            if !roles.contains(&invited.role) {
                roles.push(invited.role);
            }
        }
        // Where nobody was named to decide, or nobody of those can, the access officers do.
        if roles.contains(&RequestRole::AccessOfficer) && !active().any(|invited| invited.role == RequestRole::Decider) {
            roles.push(RequestRole::Decider);
        }
    }

    /// Whether the person may know that the part exists.
    pub fn may_know(&self, request: &Request, part: Option<&Part>) -> bool {
        !self.roles(request, part).is_empty()
    }
}
