//! Access requests: a partner asks holders for data, and each holder decides on its own part.
//!
//! What happens is told by [`Event`]s. [`fold`] makes the present state of them, [`decide`] says which events follow from a
//! [`Command`], and [`rules::RULES`] who may command what in which state. Nothing here reads a clock, a form or a
//! database: the instant and the calendar are arguments, and texts are kept elsewhere under their hash.

pub mod command;
mod decide;
pub mod desk;
pub mod event;
mod fold;
mod frame;
pub mod roles;
pub mod rules;
pub mod statistics;
mod tally;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ids::Slug;
use super::vocabulary::{
    AgreementPurpose, EndReason, Recommendation, RejectionReason, RequestOutcome, RequestRole, RequestState, RequestedData,
};
use super::workdays::{Calendar, Day};

pub use command::Command;
pub use decide::{
    Departure, MAX_EVENTS, MAX_PARTS, MAX_TEXT, NO_AGREEMENT, Passage, Refusal, absences, allowed, decide, depart, is_kept, know_member,
    pass_on, permit,
};
pub use desk::DeskTerms;
pub use event::{Event, Happening, Recorded};
pub use fold::{Damage, apply, fold};
pub use frame::Frame;
pub use roles::By;
pub use tally::Tally;

/// An access request as its events have made it. Texts and personal data are not in it: only the hashes under which they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Identifier.
    pub id: Uuid,
    /// Who asks.
    pub applicant: Uuid,
    /// Number of events so far; the revision that a writer must have seen.
    pub revision: i64,
    /// When it was begun, milliseconds from 1970-01-01 UTC.
    pub created_at: i64,
    /// The last event.
    pub updated_at: i64,
    /// The institution for which the applicant asks.
    pub on_behalf_of: Option<Slug>,
    /// Kind of purpose, by which agreements between institutions are found.
    pub purpose: Option<AgreementPurpose>,
    /// Hash of the answers as last written.
    pub answers: Option<String>,
    /// Persons named to use the data too.
    pub members: Vec<Member>,
    /// One part for each holding asked for.
    pub parts: Vec<Part>,
    /// Keys of the questions whose answers were erased.
    pub erased_answers: Vec<String>,
    /// When the applicant had their own texts and documents erased, before the rest.
    #[serde(default)]
    pub own_erased_at: Option<i64>,
    /// When its texts and personal data were erased.
    pub erased_at: Option<i64>,
}

/// A person named to use the data too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Number within the request, from 1.
    pub number: u32,
    /// Who it is; none until the person has signed in.
    pub person: Option<Uuid>,
    /// When the person was taken out.
    pub removed_at: Option<i64>,
}

/// What is asked of one holder: one holding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Number within the request, from 1.
    pub number: u32,
    /// The holder, who decides.
    pub institution: Slug,
    /// The dataset.
    pub dataset: Uuid,
    /// The holding.
    pub holding: Uuid,
    /// Aggregates or microdata.
    pub data: RequestedData,
    /// Identifier of the form.
    pub form: String,
    /// Version of the form.
    pub form_version: i64,
    /// Where it stands.
    pub state: RequestState,
    /// Since when.
    pub since: i64,
    /// Hash of the answers as submitted; later changes to the answers of other parts do not touch them.
    pub answers: Option<String>,
    /// Numbers of the members who were named when it was submitted; later ones have no part in it.
    pub members: Vec<u32>,
    /// For whom and for what it was submitted, where the applicant has written something else since; see [`Request::frame_of`].
    #[serde(default)]
    pub frame: Option<Frame>,
    /// Months after the end for which the answer to each question is kept.
    pub keeps: BTreeMap<String, u32>,
    /// When it was first submitted.
    pub submitted_at: Option<i64>,
    /// The holder's terms of handling, as they stood at submission.
    pub desk: DeskTerms,
    /// Persons invited by the holder.
    pub invited: Vec<Invited>,
    /// Access officers and invited persons who declared a conflict of interest: they no longer act for the holder.
    pub conflicted: Vec<Uuid>,
    /// Votes of the deciders, the last of each.
    pub votes: Vec<Vote>,
    /// Votes on the renewal or the appeal that is open, the last of each.
    #[serde(default)]
    pub ballots: Vec<Ballot>,
    /// The decision.
    pub decision: Option<Decision>,
    /// Whether an appeal was decided; there is only one.
    pub is_appeal_spent: bool,
    /// Persons whose refusal an appeal has undone: they decide on it no more.
    #[serde(default)]
    pub overruled: Vec<Uuid>,
    /// Who revoked it; another person decides on an appeal.
    #[serde(default)]
    pub revoked_by: Option<Uuid>,
    /// State before an appeal.
    pub appealed_from: Option<RequestState>,
    /// The undertaking proposed.
    pub undertaking: Option<Undertaking>,
    /// Hashes of the standing terms that the applicant accepted at submission.
    pub accepted_terms: Option<String>,
    /// First day of the right of use.
    pub from: Option<Day>,
    /// Last day of the right of use.
    pub until: Option<Day>,
    /// When the right of use first began; none where it never did.
    #[serde(default)]
    pub began_at: Option<i64>,
    /// Last day that a renewal was asked for.
    pub renewal_until: Option<Day>,
    /// Last day for the declaration of destruction, while a renewal is open of what has ended.
    #[serde(default)]
    pub destruction_until: Option<Day>,
    /// Whether a renewal was refused after the end; there is no second one.
    #[serde(default)]
    pub is_renewal_refused: bool,
    /// Why it ended.
    pub ended: Option<EndReason>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// When the applicant declared the data destroyed.
    pub destroyed_at: Option<i64>,
    /// Who is awaited, until when.
    pub clock: Clock,
}

/// A person invited by the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invited {
    /// Number within the part, from 1.
    pub number: u32,
    /// Who.
    pub person: Uuid,
    /// As DATA_PROTECTION, REVIEWER or DECIDER.
    pub role: RequestRole,
    /// Whether a conflict of interest was declared; none until the person has declared either.
    pub has_conflict: Option<bool>,
    /// What the person recommends.
    pub recommendation: Option<Recommendation>,
    /// When the invitation was taken back.
    pub removed_at: Option<i64>,
}

/// A vote of a decider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vote {
    /// Who.
    pub person: Uuid,
    /// For what.
    pub outcome: RequestOutcome,
    /// Reason, for a refusal.
    pub reason: Option<RejectionReason>,
}

/// A vote of a decider on a renewal or on an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ballot {
    /// Who.
    pub person: Uuid,
    /// Whether the person is for it.
    pub is_for: bool,
    /// Last day of use that the person grants, for a renewal.
    pub until: Option<Day>,
}

/// The holder's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// What was decided.
    pub outcome: RequestOutcome,
    /// Reason, for a refusal.
    pub reason: Option<RejectionReason>,
    /// Who decided; none where a standing rule did.
    pub by: Vec<Uuid>,
    /// The standing rule that decided.
    pub rule: Option<String>,
    /// When.
    pub at: i64,
    /// Last day for an appeal.
    pub appeal_until: Option<Day>,
}

/// The undertaking or agreement under which data are used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Undertaking {
    /// The registered agreement that it rests on.
    pub agreement: Option<Uuid>,
    /// SHA-256 of the text that everyone accepts; none under an agreement between institutions that needs no further acceptance.
    pub text_hash: Option<String>,
    /// Who has accepted it.
    pub accepted: Vec<Acceptance>,
}

/// One person's acceptance of an undertaking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acceptance {
    /// Who.
    pub person: Uuid,
    /// Hash of the text that was read.
    pub text_hash: String,
    /// When.
    pub at: i64,
}

/// Who is awaited, until when, and what was already said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// Who is awaited.
    pub awaiting: Option<RequestRole>,
    /// Since when that side is awaited; an invitation among the holder's people changes nothing about it.
    #[serde(default)]
    pub awaiting_since: Option<i64>,
    /// Last day on which the answer is in time.
    pub due: Option<Day>,
    /// Working days that the holder had left for the check when information was asked of the applicant.
    pub days_left: Option<u32>,
    /// Working days that the holder had left for the decision when information was asked of the applicant.
    #[serde(default)]
    pub decision_days_left: Option<u32>,
    /// Reminders so far, since the person is awaited.
    pub reminders: u32,
    /// Day of the last reminder.
    pub reminded_on: Option<Day>,
    /// When the matter was passed to the deputies, as nobody had answered.
    pub escalated_at: Option<i64>,
    /// Days before the end of which was warned.
    pub warned: Vec<u16>,
    /// The day after which it ends by itself, since nobody answers; none until that was announced.
    #[serde(default)]
    pub lapses_on: Option<Day>,
}

/// Working days of each holder that is asked: they are in different countries, and each has its own rest days and holidays. Beside them
/// stands who acts for it, which no event tells either.
#[derive(Clone, Debug, Default)]
pub struct Calendars {
    /// By institution.
    pub of_holders: BTreeMap<Slug, Calendar>,
    /// For all others.
    pub others: Calendar,
    /// Access officers by institution, where that was looked up.
    pub officers: BTreeMap<Slug, Vec<Uuid>>,
}

impl Calendars {
    /// Those of the holder of a part.
    pub fn of(&self, part: &Part) -> &Calendar {
        self.of_holders.get(&part.institution).unwrap_or(&self.others)
    }

    /// Access officers of the holder of a part; none where they were not looked up.
    pub fn officers_of(&self, part: &Part) -> Option<&[Uuid]> {
        self.officers.get(&part.institution).map(Vec::as_slice)
    }
}

/// The instant at which something is decided, with the calendars by which days are counted.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Milliseconds from 1970-01-01 UTC.
    pub now: i64,
    /// Working days of the holders.
    pub calendars: &'a Calendars,
}

impl Moment<'_> {
    /// The day.
    pub fn today(&self) -> Day {
        Day::of(self.now)
    }

    /// Working days of the holder of a part.
    pub fn calendar(&self, part: &Part) -> &Calendar {
        self.calendars.of(part)
    }
}

impl Request {
    /// The part with this number.
    pub fn part(&self, number: u32) -> Option<&Part> {
        self.parts.iter().find(|part| part.number == number)
    }

    /// Persons who may use the data once it is granted: the applicant and the members who are still named.
    pub fn users(&self) -> impl Iterator<Item = Option<Uuid>> {
        std::iter::once(Some(self.applicant)).chain(self.members.iter().filter(|member| member.removed_at.is_none()).map(|m| m.person))
    }

    /// Persons who use the data of a part once it is granted, as far as they are known: the applicant and the members named at its submission.
    pub fn users_of(&self, part: &Part) -> Vec<Uuid> {
        let named = self.members.iter().filter(|member| member.removed_at.is_none() && part.members.contains(&member.number));
        std::iter::once(self.applicant).chain(named.filter_map(|member| member.person)).collect()
    }

    /// Whether everyone who is to use the data of a part has accepted its undertaking.
    pub fn has_everyone_accepted(&self, part: &Part) -> bool {
        let Some(undertaking) = &part.undertaking else { return false };
        let is_unknown = |member: &Member| member.removed_at.is_none() && member.person.is_none() && part.members.contains(&member.number);
        let has_accepted = |person: &Uuid| undertaking.accepted.iter().any(|acceptance| acceptance.person == *person);
        !self.members.iter().any(is_unknown) && self.users_of(part).iter().all(has_accepted)
    }

    /// Number of persons who have not accepted the undertaking of a part yet, known or not: by the number nobody tells whether an address
    /// has an account. Who accepted it and was taken out since does not count.
    pub fn not_yet_accepted(&self, part: &Part) -> usize {
        let accepted: &[Acceptance] = part.undertaking.as_ref().map_or(&[], |undertaking| &undertaking.accepted);
        let is_unknown = |member: &&Member| member.removed_at.is_none() && member.person.is_none() && part.members.contains(&member.number);
        let known = self.users_of(part).iter().filter(|user| !accepted.iter().any(|acceptance| acceptance.person == **user)).count();
        known + self.members.iter().filter(is_unknown).count()
    }

    /// Whether the person is the applicant or a member.
    pub fn is_user(&self, person: Uuid) -> bool {
        self.users().any(|user| user == Some(person))
    }

    /// Whether the person was named as a member when the part was last submitted, and still is.
    pub fn is_member_of(&self, person: Uuid, part: &Part) -> bool {
        let is_own = |member: &&Member| member.person == Some(person) && member.removed_at.is_none();
        self.members.iter().filter(is_own).any(|member| part.members.contains(&member.number))
    }

    /// The state of the request as a whole: that of the part that is furthest from its end.
    pub fn state(&self) -> RequestState {
        state_of(&self.parts)
    }

    /// Whether every part has come to an end and nothing is awaited any more.
    pub fn is_over(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| is_final(part.state))
    }

    /// The next instant at which the clock has something to do.
    pub fn clock_at(&self, calendars: &Calendars) -> Option<i64> {
        let of_parts = self.parts.iter().filter_map(|part| decide::next_tick(self, part, calendars)).min();
        of_parts.or_else(|| decide::lapse_of_empty(self))
    }
}

impl Part {
    /// Whether the person has decided what is appealed against, or what an appeal has opened again; another person looks at it.
    pub fn has_decided_before(&self, person: Uuid) -> bool {
        use RequestState as S;
        match (self.state, self.appealed_from) {
            (S::Appealed, Some(S::Revoked)) => self.revoked_by == Some(person),
            (S::Appealed, _) => self.decision.as_ref().is_some_and(|decision| decision.by.contains(&person)),
            (S::Submitted | S::Returned | S::Complete | S::InReview, _) => self.overruled.contains(&person),
            _ => false,
        }
    }

    /// Last day for an appeal against what was decided, where one is still possible.
    pub fn appeal_open_until(&self) -> Option<Day> {
        self.decision.as_ref().and_then(|decision| decision.appeal_until).filter(|_| !self.is_appeal_spent)
    }

    /// Whether data were given whose destruction is still to be declared.
    pub fn owes_destruction(&self) -> bool {
        self.began_at.is_some() && self.destroyed_at.is_none()
    }

    /// Last day on which the destruction of the data is declared in time; none where nothing is to be destroyed now.
    pub fn destruction_due(&self) -> Option<Day> {
        use RequestState as S;
        match self.state {
            S::Expired | S::Revoked if self.owes_destruction() => self.clock.due,
            S::RenewalRequested if self.ended.is_some() && self.owes_destruction() => self.destruction_until,
            _ => None,
        }
    }

    /// Whether the person was invited and has not yet said whether there is a conflict of interest.
    pub fn owes_declaration(&self, person: Uuid) -> bool {
        let is_owing =
            |known: &Invited| known.removed_at.is_none() && known.has_conflict.is_none() && known.role != RequestRole::AccessOfficer;
        self.invited.iter().any(|known| known.person == person && is_owing(known))
    }
}

/// The state of some parts together: that of the one that is furthest from its end.
pub fn state_of<'p>(parts: impl IntoIterator<Item = &'p Part>) -> RequestState {
    let state = parts.into_iter().map(|part| part.state).min_by_key(|state| !is_waiting(*state));
    state.unwrap_or(RequestState::Draft)
}

/// Whether somebody is still expected to do something in this state.
fn is_waiting(state: RequestState) -> bool {
    !is_final(state) && state != RequestState::Active
}

/// Whether the part has come to its end: nothing but an appeal can follow.
pub fn is_final(state: RequestState) -> bool {
    matches!(state, RequestState::Rejected | RequestState::Closed | RequestState::Withdrawn)
}

/// Whether the data may be used in this state.
pub fn is_in_force(state: RequestState) -> bool {
    matches!(state, RequestState::Active | RequestState::RenewalRequested)
}
