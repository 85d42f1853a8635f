//! Which events follow from a command: pure, so that every case can be tried.

mod applicant;
mod clock;
mod holder;
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
use super::{By, Damage, Moment, Part, Request};

pub use applicant::know_member;
pub use clock::{lapse_of_empty, next_tick};
pub use transfer::{Passage, pass_on};

/// Longest text, in characters.
pub const MAX_TEXT: usize = 20_000;
/// Most holdings in one request.
pub const MAX_PARTS: usize = 20;
/// Most members in one request.
pub const MAX_MEMBERS: usize = 50;
/// Most persons invited to one part.
pub const MAX_INVITED: usize = 50;

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
    match part {
        Some(part) => decide_on_part(request, part, by, command, moment),
        None => decide_on_whole(request, by, command, moment),
    }
}

fn decide_on_whole(request: &Request, by: &By, command: &Command, moment: &Moment<'_>) -> Decided {
    match command {
        Command::Frame { on_behalf_of, purpose } => {
            Ok(vec![whole(Event::Framed { on_behalf_of: on_behalf_of.clone(), purpose: *purpose })])
        }
        Command::AddPart(wish) => applicant::add_part(request, wish),
        Command::SaveAnswers(answers) => Ok(vec![Happening { part: None, event: Event::AnswersSaved, content: Some(answers.clone()) }]),
        Command::AddMember { person, who } => applicant::add_member(request, *person, who),
        Command::RemoveMember { member, reason } => applicant::remove_member(request, by, *member, *reason, moment),
        Command::Submit(filings, answers) => applicant::submit(request, filings, answers.as_ref(), moment),
        Command::Withdraw(_) => applicant::withdraw_all(request),
        // Each holder writes about its own part: what it says is not for the other holders.
        Command::Message { .. } if !by.person.is_some_and(|person| request.is_user(person)) => {
            Err(invalid("part", "", "name the part: what a holder writes goes to the applicant, the members and its own people"))
        }
        Command::Message { text, .. } => Ok(vec![whole(Event::Messaged).with_text(text)?]),
        Command::Attach { is_internal: true, .. } if by.person != Some(request.applicant) => {
            Err(invalid("part", "", "name the part: what is internal is internal to one holder"))
        }
        Command::Attach { file, sha256, name, .. } => Ok(vec![attached(None, *file, sha256, false, name)]),
        Command::Erase => erase(request),
        Command::Tick { ended_agreements, suspended_agreements } => clock::tick(request, ended_agreements, suspended_agreements, moment),
        _ => Err(Refusal::Unknown),
    }
}

fn decide_on_part(request: &Request, part: &Part, by: &By, command: &Command, moment: &Moment<'_>) -> Decided {
    match command {
        Command::RemovePart(_) => applicant::remove_part(part),
        Command::RenewForm { form, form_version, .. } => {
            Ok(vec![of(part, Event::FormRenewed { form: form.clone(), form_version: *form_version })])
        }
        Command::Withdraw(_) => Ok(vec![of(part, Event::Withdrawn)]),
        Command::Message { text, .. } => Ok(vec![of(part, Event::Messaged).with_text(text)?]),
        Command::Note { text, .. } => Ok(vec![of(part, Event::Noted).with_text(text)?]),
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
    // Of what was erased nothing more is kept: a text that came later would never be erased.
    if request.erased_at.is_some() && command != RequestCommand::Tick {
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

/// Commands that the person may give now: on the part, or on the request as a whole.
pub fn allowed(request: &Request, by: &By, part: Option<&Part>) -> Vec<RequestCommand> {
    use crate::domain::vocabulary::Vocabulary;
    let is_of_kind = |command: &RequestCommand| is_on_part(*command) == part.is_some() || matches!(command, RequestCommand::Withdraw);
    RequestCommand::ALL.iter().copied().filter(is_of_kind).filter(|command| permit(request, by, *command, part).is_ok()).collect()
}

/// Whether a command names one part.
pub fn is_on_part(command: RequestCommand) -> bool {
    use RequestCommand as C;
    !matches!(command, C::Save | C::Submit | C::AddMember | C::RemoveMember | C::Erase | C::Tick | C::Withdraw)
}

fn erase(request: &Request) -> Decided {
    if request.erased_at.is_some() {
        return Err(Refusal::Forbidden(RefusalCode::WrongState));
    }
    Ok(vec![whole(Event::Erased)])
}

/// An event of the request as a whole.
fn whole(event: Event) -> Happening {
    Happening { part: None, event, content: None }
}

/// An event of a part.
fn of(part: &Part, event: Event) -> Happening {
    Happening { part: Some(part.number), event, content: None }
}

fn attached(part: Option<u32>, file: Uuid, sha256: &str, is_internal: bool, name: &str) -> Happening {
    let event = Event::Attached { file, sha256: sha256.to_owned(), is_internal };
    Happening { part, event, content: Some(serde_json::json!({ "name": name })) }
}

impl Happening {
    /// With a text that must be given.
    fn with_text(self, text: &str) -> Result<Self, Refusal> {
        let text = required("text", text)?;
        Ok(Self { content: Some(serde_json::json!({ "text": text })), ..self })
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
