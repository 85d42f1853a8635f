//! From the approval on: undertaking, use, renewal, suspension, revocation, end, destruction, appeal.

use crate::domain::access_request::command::{Command, Proposal};
use crate::domain::vocabulary::{EndReason, RefusalCode, RequestState};
use crate::domain::workdays::Day;

use super::super::{By, Event, Happening, Moment, Part, Request, is_in_force};
use super::renewal::{self, Renewal};
use super::{Decided, Refusal, invalid, next_step, of, required};

/// Longest use that can be granted at once, in days.
const LONGEST_USE: i64 = 3_660;
/// Days ahead of the proposal on which a use may begin.
const LONGEST_WAIT: i64 = 1_827;

/// Decides on what concerns the use of data.
pub fn decide(request: &Request, part: &Part, by: &By, command: &Command, moment: &Moment<'_>) -> Decided {
    match command {
        Command::Propose { proposal, .. } => propose(part, proposal, moment),
        Command::Accept { text_hash, .. } => accept(request, part, by, text_hash, moment),
        Command::Activate { agreement, from, until, .. } => {
            check_dates(*from, *until, moment)?;
            let has_text = part.undertaking.as_ref().is_some_and(|undertaking| undertaking.text_hash.is_some());
            let drops_text = has_text && !request.has_everyone_accepted(part);
            Ok(vec![of(part, Event::Activated { agreement: Some(*agreement), from: *from, until: *until, drops_text })])
        }
        Command::AskRenewal { until, text, agreement_ends, is_agreement_in_force, .. } => {
            if !is_agreement_in_force {
                return Err(invalid("until", until, renewal::NO_AGREEMENT));
            }
            renewal::may_ask(part, moment.today()).map_err(|remedy| invalid("until", until, remedy))?;
            renewal::later_end(part, *until, *agreement_ends, moment)?;
            let due = moment.calendar(part).after(moment.today(), part.desk.decision_days);
            Ok(vec![of(part, Event::RenewalAsked { until: *until, due }).with_text(text)?])
        }
        Command::DecideRenewal { is_granted, until, text, agreement_ends, agreement, .. } => {
            let wanted = Renewal { is_granted: *is_granted, until: *until, text, ends: *agreement_ends, agreement: *agreement };
            renewal::decide(request, part, by, &wanted, moment)
        }
        // What has ended is neither suspended nor revoked, even where a renewal is asked for.
        Command::Suspend { .. } | Command::Revoke { .. } if part.ended.is_some() => Err(Refusal::Forbidden(RefusalCode::WrongState)),
        Command::Suspend { text, .. } => Ok(vec![of(part, Event::Suspended { due: Some(next_step(part, moment)) }).with_text(text)?]),
        Command::Resume { .. } => {
            not_past(part, moment)?;
            Ok(vec![of(part, Event::Resumed)])
        }
        Command::Revoke { text, .. } => {
            let due = moment.today().plus(part.desk.destruction_days.into());
            // Each revocation can be appealed, also after an appeal against a refusal, or against an earlier one, was upheld.
            let appeal_until = (part.desk.appeal_days > 0).then(|| moment.today().plus(part.desk.appeal_days.into()));
            Ok(vec![of(part, Event::Revoked { due, appeal_until }).with_text(text)?])
        }
        Command::ConfirmDestruction { text, .. } => destroy(part, text, moment),
        Command::Close { text, .. } => {
            let is_destroyed = part.destroyed_at.is_some();
            may_close(part, is_destroyed, moment)?;
            let closed = of(part, Event::Closed { is_destroyed });
            // Where nothing was declared destroyed, the holder says why that is in order.
            Ok(vec![if is_destroyed { closed.with_optional_text(text)? } else { closed.with_text(text)? }])
        }
        Command::Appeal { text, .. } => appeal(part, text, moment),
        _ => Err(Refusal::Unknown),
    }
}

/// Nothing begins or goes on after its last day, even where the clock has not ended it yet.
fn not_past(part: &Part, moment: &Moment<'_>) -> Result<(), Refusal> {
    match part.until.filter(|until| *until < moment.today()) {
        Some(until) => Err(invalid("part", part.number, format!("the last day of use, {until}, is past"))),
        None => Ok(()),
    }
}

/// A holder does not close an appeal off.
fn may_close(part: &Part, is_destroyed: bool, moment: &Moment<'_>) -> Result<(), Refusal> {
    match part.appeal_open_until().filter(|until| part.state == RequestState::Revoked && !is_destroyed && *until >= moment.today()) {
        Some(until) => Err(invalid("part", part.number, format!("can be appealed until {until}; close it then"))),
        None => Ok(()),
    }
}

pub fn check_dates(from: Day, until: Day, moment: &Moment<'_>) -> Result<(), Refusal> {
    if from < moment.today() {
        return Err(invalid("from", from, "is past; the use begins today at the earliest"));
    }
    if from.0 - moment.today().0 > LONGEST_WAIT {
        return Err(invalid("from", from, "is more than five years ahead; propose it when that time is nearer"));
    }
    if until < from {
        return Err(invalid("until", until, format!("lies before the first day, {from}")));
    }
    if until < moment.today() {
        return Err(invalid("until", until, "is past; give a later day"));
    }
    if until.0 - from.0 > LONGEST_USE {
        return Err(invalid("until", until, "is more than ten years after the first day; grant less, and renew"));
    }
    Ok(())
}

fn propose(part: &Part, proposal: &Proposal, moment: &Moment<'_>) -> Decided {
    let text = required("text", &proposal.text)?;
    check_dates(proposal.from, proposal.until, moment)?;
    if let Some((_, Some(ends))) = proposal.agreement
        && proposal.until > ends
    {
        return Err(invalid("until", proposal.until, format!("the agreement ends on {ends}")));
    }
    let event = Event::AgreementProposed {
        agreement: proposal.agreement.map(|(id, _)| id),
        text_hash: proposal.text_hash.clone(),
        from: proposal.from,
        until: proposal.until,
        due: moment.calendar(part).after(moment.today(), part.desk.acceptance_days),
    };
    Ok(vec![of(part, event).with_text(&text)?])
}

fn accept(request: &Request, part: &Part, by: &By, text_hash: &str, moment: &Moment<'_>) -> Decided {
    let (Some(person), Some(undertaking)) = (by.person, &part.undertaking) else { return Err(Refusal::Unknown) };
    if !request.users_of(part).contains(&person) {
        return Err(invalid("part", part.number, "you were not named when this part was submitted"));
    }
    if undertaking.text_hash.as_deref() != Some(text_hash) {
        return Err(invalid("textHash", text_hash, "is not the hash of the text proposed; read the text again"));
    }
    not_past(part, moment)?;
    if undertaking.accepted.iter().any(|acceptance| acceptance.person == person) {
        return Err(invalid("part", part.number, "you have accepted this text already"));
    }
    let accepted = of(part, Event::Accepted { person, text_hash: text_hash.to_owned() });
    let mut happenings = vec![accepted];
    let later = super::after(request, by, &happenings, moment)?;
    // A use that begins later is put into force by the clock, on its first day.
    if later.part(part.number).is_some_and(|part| later.has_everyone_accepted(part) && begins_by(part, moment.today())) {
        happenings.extend(activation(part));
    }
    Ok(happenings)
}

/// Whether the first day of use has come.
pub fn begins_by(part: &Part, today: Day) -> bool {
    part.from.is_some_and(|from| from <= today)
}

/// The right of use begins as proposed.
pub fn activation(part: &Part) -> Option<Happening> {
    let (from, until) = (part.from?, part.until?);
    Some(of(part, Event::Activated { agreement: None, from, until, drops_text: false }))
}

/// The request without one of its members.
pub fn without_member(request: &Request, part: &Part, member: u32) -> Request {
    let mut later = request.clone();
    if let Some(known) = later.members.iter_mut().find(|known| known.number == member && part.members.contains(&member)) {
        known.removed_at = Some(i64::MAX);
        return later;
    }
    // Nobody was awaited who is not awaited still.
    Request::default()
}

fn destroy(part: &Part, text: &str, moment: &Moment<'_>) -> Decided {
    if part.destroyed_at.is_some() {
        return Err(Refusal::Forbidden(RefusalCode::WrongState));
    }
    if part.began_at.is_none() {
        return Err(invalid("part", part.number, "the use never began, so that there is nothing to destroy"));
    }
    let declared = of(part, Event::DestructionDeclared { due: Some(next_step(part, moment)) }).with_text(text)?;
    let is_used = is_in_force(part.state) || part.state == RequestState::Suspended;
    if is_used && part.ended.is_none() {
        let due = moment.today().plus(part.desk.destruction_days.into());
        return Ok(vec![of(part, Event::Ended { reason: EndReason::UseEnded, due }), declared]);
    }
    if part.state == RequestState::RenewalRequested {
        // The use had ended; the renewal is no longer wanted.
        let refused = of(part, Event::RenewalDecided { is_granted: false, until: None, agreement: None });
        return Ok(vec![refused, declared]);
    }
    Ok(vec![declared])
}

fn appeal(part: &Part, text: &str, moment: &Moment<'_>) -> Decided {
    let until = part.decision.as_ref().and_then(|decision| decision.appeal_until);
    if part.is_appeal_spent {
        return Err(invalid("part", part.number, "an appeal was decided already; there is only one"));
    }
    match until {
        None => Err(invalid("part", part.number, "the holder provides for no appeal; write to its desk")),
        Some(until) if until < moment.today() => Err(invalid("part", part.number, format!("the time for an appeal ended on {until}"))),
        Some(_) => {
            let due = moment.calendar(part).after(moment.today(), part.desk.decision_days);
            Ok(vec![of(part, Event::Appealed { due }).with_text(text)?])
        }
    }
}
