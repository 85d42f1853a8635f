//! Which events follow from a command: pure, so that every case can be tried.

mod applicant;
mod clock;
mod holder;
mod lapse;
mod leaving;
mod renewal;
mod transfer;
mod use_of_data;

use uuid::Uuid;

use crate::domain::problem::Problem;
use crate::domain::text::check_characters;
use crate::domain::vocabulary::{RefusalCode, RequestCommand, RequestRole, RequestState};
use crate::domain::workdays::Day;

use super::command::Command;
use super::event::{Event, Happening, Recorded};
use super::rules;
use super::{Ballot, By, Damage, Moment, Part, Request};

pub use applicant::know_member;
pub use clock::{is_kept, next_tick};
pub use lapse::lapse_of_empty;
pub use leaving::{Departure, absences, depart};
pub use renewal::NO_AGREEMENT;
pub use transfer::{Passage, pass_on};

/// Longest text, in characters.
pub const MAX_TEXT: usize = 20_000;
/// Most holdings in one request.
pub const MAX_PARTS: usize = 20;
/// Most members in one request.
pub const MAX_MEMBERS: usize = 50;
/// Most persons invited to one part.
pub const MAX_INVITED: usize = 50;
/// Most events of one request, as far as those who ask for the data may add to them. Everyone who looks at a request reads all of them.
pub const MAX_EVENTS: i64 = 2_000;

/// Why a command is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// For this person there is no such request or part.
    Unknown,
    /// The person may not do it, or not now.
    Forbidden(RefusalCode),
    /// Something is wrong with it; every problem is named.
    Invalid(Vec<Problem>),
    /// The history of the request cannot be read on.
    Damaged(Damage),
}

impl From<Damage> for Refusal {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// What a command leads to.
pub type Decided = Result<Vec<Happening>, Refusal>;

/// Decides on a command: the events that follow, or why there are none.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(request: &Request, by: &By, command: &Command, moment: &Moment<'_>) -> Decided {
    if let Command::Create = command {
        let Some(_) = by.person else { return Err(Refusal::Forbidden(RefusalCode::SignInRequired)) };
        return if request.revision == 0 { Ok(vec![whole(Event::Created)]) } else { Err(Refusal::Forbidden(RefusalCode::WrongState)) };
    }
    let part = command.part().map(|number| request.part(number).ok_or(Refusal::Unknown)).transpose()?;
    permit(request, by, command.code(), part)?;
    check_room(request, by, command.code())?;
    let happenings = match part {
        Some(part) => decide_on_part(request, part, by, command, moment),
        None => decide_on_whole(request, by, command, moment),
    }?;
    with_deadlocks(request, by, happenings, moment)
}

fn decide_on_whole(request: &Request, by: &By, command: &Command, moment: &Moment<'_>) -> Decided {
    match command {
        Command::Frame { on_behalf_of, purpose } => {
            Ok(vec![whole(Event::Framed { on_behalf_of: on_behalf_of.clone(), purpose: *purpose })])
        }
        Command::AddPart(wish) => applicant::add_part(request, wish),
        Command::SaveAnswers(answers) => Ok(vec![whole(Event::AnswersSaved).with(answers.clone())]),
        Command::AddMember { person, who } => applicant::add_member(request, *person, who),
        Command::RemoveMember { member, reason } => applicant::remove_member(request, by, *member, *reason, moment),
        Command::Submit(filings, answers) => applicant::submit(request, filings, answers.as_ref(), moment),
        Command::Withdraw(_) => applicant::withdraw_all(request),
        // Each holder writes about its own part, and each member about those in which they are named: the rest is not theirs.
        Command::Message { .. } if !speaks_to_all(request, by) => {
            let remedy = "name the part: what you write goes to those whom the part concerns, and not to other holders";
            Err(invalid("part", "", remedy))
        }
        Command::Message { text, .. } => Ok(vec![whole(Event::Messaged).with_text(text)?]),
        Command::Attach { is_internal: true, .. } if by.person != Some(request.applicant) => {
            Err(invalid("part", "", "name the part: what is internal is internal to one holder"))
        }
        Command::Attach { file, sha256, name, .. } => Ok(vec![attached(None, *file, sha256, false, name)]),
        Command::Erase => erase(request, by),
        Command::Tick { ended_agreements, suspended_agreements } => clock::tick(request, ended_agreements, suspended_agreements, moment),
        _ => Err(Refusal::Unknown),
    }
}

/// Whether what the person writes may go to every holder: the applicant, and who is named for the data of all of them.
fn speaks_to_all(request: &Request, by: &By) -> bool {
    let asks = |part: &Part| by.roles(request, Some(part)).iter().any(|role| matches!(role, RequestRole::Applicant | RequestRole::Member));
    request.parts.iter().filter(|part| part.submitted_at.is_some()).all(asks)
}

fn decide_on_part(request: &Request, part: &Part, by: &By, command: &Command, moment: &Moment<'_>) -> Decided {
    match command {
        Command::RemovePart(_) => applicant::remove_part(part),
        Command::RenewForm { form, form_version, .. } => {
            Ok(vec![of(part, Event::FormRenewed { form: form.clone(), form_version: *form_version })])
        }
        Command::Withdraw(_) => Ok(vec![of(part, Event::Withdrawn)]),
        Command::Message { text, .. } => Ok(vec![of(part, Event::Messaged).with_text(text)?]),
        Command::Note { text, .. } => {
            holder::has_declared(part, by)?;
            Ok(vec![of(part, Event::Noted).with_text(text)?])
        }
        Command::Attach { file, sha256, is_internal, name, .. } => {
            let is_internal = *is_internal && by.person != Some(request.applicant);
            Ok(vec![attached(Some(part.number), *file, sha256, is_internal, name)])
        }
        Command::Return { .. }
        | Command::ConfirmComplete { .. }
        | Command::Invite { .. }
        | Command::Uninvite { .. }
        | Command::DeclareInterest { .. }
        | Command::Recommend { .. }
        | Command::Decide { .. }
        | Command::DecideAppeal { .. } => holder::decide(request, part, by, command, moment),
        _ => use_of_data::decide(request, part, by, command, moment),
    }
}

/// A request does not grow for ever. What ends it, or takes somebody out, is always possible; and who asks for the data cannot use up
/// the room of those who decide.
fn check_room(request: &Request, by: &By, command: RequestCommand) -> Result<(), Refusal> {
    use RequestCommand as C;
    let by_asking = matches!(command, C::Save | C::AddMember | C::Submit | C::Message | C::Note | C::Attach | C::RequestRenewal);
    let by_holder =
        matches!(command, C::Return | C::Invite | C::Uninvite | C::DeclareInterest | C::Recommend | C::ProposeAgreement | C::Resume);
    let adds = by_asking || by_holder;
    let is_asking = by.person.is_some_and(|person| request.is_user(person));
    let most = if is_asking { MAX_EVENTS } else { 2 * MAX_EVENTS };
    if !adds || by.is_clock || request.revision < most {
        return Ok(());
    }
    let remedy = format!(
        "the request has {} events, and nothing more can be added; decide, end or withdraw it, and begin another one",
        request.revision
    );
    Err(invalid("request", request.revision, remedy))
}

/// Whether the table lets the person give the command. The part is looked at, or, for the request as a whole, any of its parts.
pub fn permit(request: &Request, by: &By, command: RequestCommand, part: Option<&Part>) -> Result<(), Refusal> {
    let stands: Vec<(Vec<RequestRole>, RequestState)> = match part {
        Some(part) => vec![(by.roles(request, Some(part)), part.state)],
        // What asks for nothing is withdrawn as it stands: its applicant may erase it.
        None if request.parts.is_empty() && command == RequestCommand::Erase => vec![(by.roles(request, None), RequestState::Withdrawn)],
        None if request.parts.is_empty() => vec![(by.roles(request, None), RequestState::Draft)],
        None => request.parts.iter().map(|part| (by.roles(request, Some(part)), part.state)).collect(),
    };
    if stands.iter().all(|(roles, _)| roles.is_empty()) {
        return Err(Refusal::Unknown);
    }
    // Of what was erased nothing more is kept: a text that came later would never be erased. What only waits for it is still closed.
    let is_shut = request.erased_at.is_some() || request.own_erased_at.is_some() && command != RequestCommand::Close;
    if is_shut && command != RequestCommand::Tick {
        return Err(Refusal::Forbidden(RefusalCode::WrongState));
    }
    // What ends the request as a whole needs each part to have ended.
    let needs_all = command == RequestCommand::Erase;
    let fits = |(roles, state): &(Vec<RequestRole>, RequestState)| rules::matching(command, *state, roles).next().is_some();
    let is_allowed = if needs_all { stands.iter().all(fits) } else { stands.iter().any(fits) };
    if is_allowed {
        return Ok(());
    }
    let is_known = stands.iter().any(|(roles, _)| rules::is_known_to(command, roles));
    Err(Refusal::Forbidden(if is_known { RefusalCode::WrongState } else { RefusalCode::RoleRequired }))
}

/// Whether the command would be refused whatever it says, although the table lets the person give it.
fn is_vain(request: &Request, by: &By, command: RequestCommand, part: Option<&Part>, today: Day) -> bool {
    use RequestCommand as C;
    let Some(part) = part else {
        return match command {
            C::RemoveMember => request.members.iter().all(|member| member.removed_at.is_some()),
            C::Submit => request.answers.is_none(),
            C::Withdraw => request.parts.is_empty(),
            C::Erase => request.parts.iter().any(is_to_be_destroyed),
            _ => false,
        };
    };
    match command {
        C::Appeal => part.appeal_open_until().is_none_or(|until| until < today),
        C::Decide | C::DecideAppeal => by.person.is_some_and(|person| part.has_decided_before(person)),
        C::Note => by.person.is_some_and(|person| part.owes_declaration(person)),
        C::Suspend | C::Revoke => part.ended.is_some(),
        C::ConfirmDestruction => !part.owes_destruction(),
        C::RequestRenewal => renewal::may_ask(part, today).is_err(),
        C::AcceptUndertaking => {
            let is_done = |person| part.undertaking.iter().flat_map(|undertaking| &undertaking.accepted).any(|one| one.person == person);
            by.person.is_none_or(|person| is_done(person) || !request.users_of(part).contains(&person))
        }
        _ => false,
    }
}

/// Commands that the person may give now: on the part, or on the request as a whole. What would be refused in any case is left out.
pub fn allowed(request: &Request, by: &By, part: Option<&Part>, today: Day) -> Vec<RequestCommand> {
    use crate::domain::vocabulary::Vocabulary;
    let is_of_kind = |command: &RequestCommand| is_on_part(*command) == part.is_some() || matches!(command, RequestCommand::Withdraw);
    let is_open = |command: &RequestCommand| permit(request, by, *command, part).is_ok() && !is_vain(request, by, *command, part, today);
    RequestCommand::ALL.iter().copied().filter(is_of_kind).filter(is_open).collect()
}

/// Whether a command names one part.
pub fn is_on_part(command: RequestCommand) -> bool {
    use RequestCommand as C;
    !matches!(command, C::Save | C::Submit | C::AddMember | C::RemoveMember | C::Erase | C::Tick | C::Withdraw)
}

/// Whether data are still to be destroyed under a part that has ended.
fn is_to_be_destroyed(part: &Part) -> bool {
    matches!(part.state, RequestState::Expired | RequestState::Revoked) && part.owes_destruction()
}

/// The applicant's own texts go at once; what a holder has written about its decision stays as long as its form says. Where data were given,
/// their destruction is declared first.
fn erase(request: &Request, by: &By) -> Decided {
    if request.erased_at.is_some() || request.own_erased_at.is_some() && !by.is_clock {
        return Err(Refusal::Forbidden(RefusalCode::WrongState));
    }
    if let Some(part) = request.parts.iter().find(|part| is_to_be_destroyed(part)) {
        return Err(invalid("part", part.number, "declare first that its data are destroyed; then your texts can be erased"));
    }
    let is_before_holders = request.parts.iter().any(|part| part.submitted_at.is_some());
    Ok(vec![whole(if is_before_holders && !by.is_clock { Event::OwnErased } else { Event::Erased })])
}

/// An event of the request as a whole.
fn whole(event: Event) -> Happening {
    Happening::new(None, event)
}

/// An event of a part.
fn of(part: &Part, event: Event) -> Happening {
    Happening::new(Some(part.number), event)
}

fn attached(part: Option<u32>, file: Uuid, sha256: &str, is_internal: bool, name: &str) -> Happening {
    let event = Event::Attached { file, sha256: sha256.to_owned(), is_internal };
    Happening::new(part, event).with(serde_json::json!({ "name": name }))
}

impl Happening {
    /// With a text that must be given.
    fn with_text(self, text: &str) -> Result<Self, Refusal> {
        let text = required("text", text)?;
        Ok(self.with(serde_json::json!({ "text": text })))
    }

    /// With a text where one is given.
    fn with_optional_text(self, text: &str) -> Result<Self, Refusal> {
        if text.trim().is_empty() { Ok(self) } else { self.with_text(text) }
    }
}

fn invalid(field: &str, value: impl std::fmt::Display, remedy: impl Into<String>) -> Refusal {
    Refusal::Invalid(vec![Problem::new(field, value, remedy)])
}

/// A text that must be given.
fn required(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() {
        return Err(invalid(field, "", "give a text; the other side reads it"));
    }
    if length > MAX_TEXT {
        return Err(invalid(field, length, format!("is longer than {MAX_TEXT} characters; shorten it")));
    }
    check_characters(text).map_err(|remedy| invalid(field, "", remedy))?;
    Ok(text.to_owned())
}

/// The ballots that agree, once they are enough for a decision.
fn agreeing(later: &Request, part: &Part, is_for: bool) -> Result<Option<Vec<Ballot>>, Refusal> {
    let voted = later.part(part.number).ok_or(Refusal::Unknown)?;
    let same: Vec<Ballot> = voted.ballots.iter().filter(|ballot| ballot.is_for == is_for).copied().collect();
    Ok((same.len() >= later.tally(voted, None).needed).then_some(same))
}

/// Whether the part waits for deciders who can no longer agree.
fn is_deadlocked(request: &Request, part: &Part, moment: &Moment<'_>) -> bool {
    use RequestState as S;
    let is_in_hand = matches!(part.state, S::Complete | S::InReview | S::Appealed | S::RenewalRequested);
    is_in_hand && !request.tally(part, moment.calendars.officers_of(part)).can_decide()
}

/// With a note for the holder where deciders can no longer agree since: it would wait for them for ever.
fn with_deadlocks(request: &Request, by: &By, mut happenings: Vec<Happening>, moment: &Moment<'_>) -> Decided {
    let later = after(request, by, &happenings, moment)?;
    for part in later.parts.iter().filter(|part| is_deadlocked(&later, part, moment)) {
        if request.part(part.number).is_none_or(|before| !is_deadlocked(request, before, moment)) {
            happenings.push(of(part, Event::Deadlocked).standing());
        }
    }
    Ok(happenings)
}

/// The day until which the holder does what it alone can do next: after an approval, a suspension, a declaration of destruction. It has the
/// working days that it gives itself for the check.
fn next_step(part: &Part, moment: &Moment<'_>) -> Day {
    moment.calendar(part).after(moment.today(), part.desk.completeness_days)
}

/// The request as it is after events that are not yet recorded.
fn after(request: &Request, by: &By, happenings: &[Happening], moment: &Moment<'_>) -> Result<Request, Damage> {
    let mut later = request.clone();
    for happening in happenings {
        let recorded = Recorded {
            number: later.revision + 1,
            at: moment.now,
            actor: by.person,
            part: happening.part,
            event: happening.event.clone(),
            content: None,
        };
        super::apply(&mut later, &recorded)?;
    }
    Ok(later)
}
