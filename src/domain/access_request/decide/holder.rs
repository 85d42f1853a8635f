//! What the people of the holder do up to the decision, and when it is appealed.

use serde_json::json;
use uuid::Uuid;

use crate::domain::access_request::command::{Command, SafeLine};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RefusalCode, RejectionReason, RequestOutcome, RequestRole, RequestState, Safe, SafeVerdict, Vocabulary};

use super::super::{By, Event, Moment, Part, Request, Vote};
use super::{Decided, MAX_INVITED, MAX_TEXT, Refusal, after, invalid, next_step, of, required};

/// Decides on what the holder's people want.
pub fn decide(request: &Request, part: &Part, by: &By, command: &Command, moment: &Moment<'_>) -> Decided {
    match command {
        Command::Return { text, questions, .. } => {
            // What is left of the time for the check, or for the decision, is kept until the applicant has answered.
            let days_left = part.clock.due.map_or(0, |due| moment.calendar(part).between(moment.today(), due));
            let event = Event::Returned { questions: questions.clone(), days_left };
            Ok(vec![of(part, event).with_text(text)?])
        }
        Command::ConfirmComplete { .. } => {
            // The time for the decision stood still while information was asked.
            let days = part.clock.decision_days_left.map_or(part.desk.decision_days, |left| left.max(1));
            let due = moment.calendar(part).after(moment.today(), days);
            Ok(vec![of(part, Event::Completed { due })])
        }
        Command::Invite { person, role, text, .. } => invite(request, part, *person, *role, text),
        Command::Uninvite { invited, .. } => {
            let is_there = part.invited.iter().any(|known| known.number == *invited && known.removed_at.is_none());
            if is_there { Ok(vec![of(part, Event::Uninvited { invited: *invited })]) } else { Err(Refusal::Unknown) }
        }
        Command::DeclareInterest { has_conflict, text, .. } => {
            let declared = of(part, Event::InterestDeclared { has_conflict: *has_conflict });
            Ok(vec![if *has_conflict { declared.with_text(text)? } else { declared.with_optional_text(text)? }])
        }
        Command::Recommend { recommendation, text, .. } => {
            has_declared(part, by)?;
            Ok(vec![of(part, Event::Recommended { recommendation: *recommendation }).with_text(text)?])
        }
        Command::Decide { outcome, lines, reason, text, .. } => {
            vote(request, part, by, &Ballot { outcome: *outcome, lines, reason: *reason, text }, moment)
        }
        Command::DecideAppeal { is_upheld, text, .. } => decide_appeal(request, part, by, *is_upheld, text, moment),
        _ => Err(Refusal::Unknown),
    }
}

fn invite(request: &Request, part: &Part, person: Uuid, role: RequestRole, text: &str) -> Decided {
    if !matches!(role, RequestRole::DataProtection | RequestRole::Reviewer | RequestRole::Decider) {
        return Err(invalid("role", role.code(), "invite as DATA_PROTECTION, REVIEWER or DECIDER"));
    }
    if request.is_user(person) {
        return Err(invalid("person", "", "this person asks for the data, and cannot be asked about the request"));
    }
    if part.conflicted.contains(&person) {
        return Err(invalid("person", "", "this person has declared a conflict of interest"));
    }
    if part.invited.iter().any(|known| known.person == person && known.role == role && known.removed_at.is_none()) {
        return Err(invalid("person", "", "this person is invited already"));
    }
    if part.invited.len() >= MAX_INVITED {
        return Err(invalid("person", "", format!("at most {MAX_INVITED} persons can be invited")));
    }
    let invited = part.invited.iter().map(|known| known.number).max().unwrap_or(0) + 1;
    Ok(vec![of(part, Event::Invited { invited, person, role }).with_optional_text(text)?])
}

/// Who was invited says first whether there is a conflict of interest.
pub fn has_declared(part: &Part, by: &By) -> Result<(), Refusal> {
    if by.person.is_some_and(|person| part.owes_declaration(person)) {
        return Err(invalid("part", part.number, "declare first whether you have a conflict of interest"));
    }
    Ok(())
}

/// What an appeal is about, or has opened again, is looked at by another person than the one who decided.
fn is_another(part: &Part, by: &By) -> Result<(), Refusal> {
    match by.person {
        Some(person) if part.has_decided_before(person) => Err(Refusal::Forbidden(RefusalCode::SecondPersonRequired)),
        _ => Ok(()),
    }
}

/// What a decider hands in.
struct Ballot<'a> {
    outcome: RequestOutcome,
    lines: &'a [SafeLine],
    reason: Option<RejectionReason>,
    text: &'a str,
}

fn vote(request: &Request, part: &Part, by: &By, ballot: &Ballot<'_>, moment: &Moment<'_>) -> Decided {
    has_declared(part, by)?;
    is_another(part, by)?;
    let problems = ballot_problems(ballot);
    if !problems.is_empty() {
        return Err(Refusal::Invalid(problems));
    }
    let lines: Vec<(Safe, SafeVerdict)> = ballot.lines.iter().map(|line| (line.safe, line.verdict)).collect();
    let texts: Vec<_> = ballot
        .lines
        .iter()
        .map(|line| json!({ "safe": line.safe, "verdict": line.verdict, "reason": line.reason.trim(), "condition": line.condition }))
        .collect();
    let content = json!({ "text": ballot.text.trim(), "lines": texts });
    let event = Event::Voted { outcome: ballot.outcome, lines, reason: ballot.reason };
    let mut happenings = vec![of(part, event).with(content)];
    let later = after(request, by, &happenings, moment)?;
    let voted = later.part(part.number).ok_or(Refusal::Unknown)?;
    if let Some(decided) = count(voted, moment) {
        happenings.push(of(part, decided));
    }
    Ok(happenings)
}

/// The decision, once enough votes agree.
fn count(part: &Part, moment: &Moment<'_>) -> Option<Event> {
    let quorum = usize::try_from(part.desk.quorum).unwrap_or(usize::MAX).max(1);
    let (against, by_favour): (Vec<&Vote>, Vec<&Vote>) = part.votes.iter().partition(|vote| vote.outcome == RequestOutcome::Rejected);
    let decided = |outcome, reason, votes: &[&Vote], appeal_until| Event::Decided {
        outcome,
        reason,
        by: votes.iter().map(|vote| vote.person).collect(),
        rule: None,
        appeal_until,
        due: (outcome != RequestOutcome::Rejected).then(|| next_step(part, moment)),
    };
    if against.len() >= quorum {
        let appeal_until = (part.desk.appeal_days > 0 && !part.is_appeal_spent).then(|| moment.today().plus(part.desk.appeal_days.into()));
        let reason = against.last().and_then(|vote| vote.reason);
        return Some(decided(RequestOutcome::Rejected, reason, &against, appeal_until));
    }
    if by_favour.len() < quorum {
        return None;
    }
    let has_conditions = by_favour.iter().any(|vote| vote.outcome == RequestOutcome::ApprovedWithConditions);
    let outcome = if has_conditions { RequestOutcome::ApprovedWithConditions } else { RequestOutcome::Approved };
    Some(decided(outcome, None, &by_favour, None))
}

fn ballot_problems(ballot: &Ballot<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for safe in Safe::ALL {
        let found: Vec<(usize, &SafeLine)> = ballot.lines.iter().enumerate().filter(|(_, line)| line.safe == *safe).collect();
        match found.as_slice() {
            [] => problems.push(Problem::new("lines", safe.code(), "give a line for each of the five safes")),
            [(place, line)] => line_problems(*place, line, ballot.outcome, &mut problems),
            [_, (place, _), ..] => problems.push(Problem::new(format!("lines[{place}].safe"), safe.code(), "give one line for each safe")),
        }
    }
    let has_condition = ballot.lines.iter().any(|line| line.verdict == SafeVerdict::MetWithCondition);
    match ballot.outcome {
        RequestOutcome::Rejected => {
            if ballot.reason.is_none() {
                problems.push(Problem::new("reason", "", "give the reason code of the refusal"));
            }
            if ballot.text.trim().is_empty() {
                problems.push(Problem::new("text", "", "say why access is refused; the applicant reads it"));
            }
        }
        RequestOutcome::Approved if has_condition => {
            problems.push(Problem::new("outcome", ballot.outcome.code(), "a line is met with a condition: use APPROVED_WITH_CONDITIONS"));
        }
        RequestOutcome::ApprovedWithConditions if !has_condition => {
            problems.push(Problem::new("outcome", ballot.outcome.code(), "no line has a condition: use APPROVED, or give a condition"));
        }
        RequestOutcome::Approved | RequestOutcome::ApprovedWithConditions => {}
    }
    if ballot.reason.is_some() && ballot.outcome != RequestOutcome::Rejected {
        problems.push(Problem::new("reason", "", "leave the reason of a refusal out of an approval"));
    }
    let length = ballot.text.chars().count();
    if length > MAX_TEXT {
        problems.push(Problem::new("text", length, format!("is longer than {MAX_TEXT} characters; shorten it")));
    }
    problems
}

fn line_problems(place: usize, line: &SafeLine, outcome: RequestOutcome, problems: &mut Vec<Problem>) {
    let field = |name: &str| format!("lines[{place}].{name}");
    let is_refusal = outcome == RequestOutcome::Rejected;
    if !is_refusal && matches!(line.verdict, SafeVerdict::NotMet | SafeVerdict::NotAssessed) {
        problems.push(Problem::new(field("verdict"), line.verdict.code(), "what is not met or not assessed cannot be approved"));
    }
    if line.reason.trim().is_empty() && line.verdict != SafeVerdict::NotAssessed {
        problems.push(Problem::new(field("reason"), "", "say why, in one sentence at least"));
    }
    let has_condition = line.condition.as_ref().is_some_and(|text| !text.trim().is_empty());
    if has_condition != (line.verdict == SafeVerdict::MetWithCondition) {
        let remedy = if has_condition { "a condition goes with MET_WITH_CONDITION only" } else { "give the condition" };
        problems.push(Problem::new(field("condition"), line.verdict.code(), remedy));
    }
    for (part, text) in [("reason", Some(&line.reason)), ("condition", line.condition.as_ref())] {
        let checked = text.map_or(Ok(()), |text| crate::domain::text::check_characters(text));
        problems.extend(checked.err().map(|remedy| Problem::new(field(part), "", remedy)));
    }
    let length = line.reason.chars().count().max(line.condition.as_ref().map_or(0, |text| text.chars().count()));
    if length > MAX_TEXT {
        problems.push(Problem::new(field("reason"), length, format!("is longer than {MAX_TEXT} characters; shorten it")));
    }
}

/// Another person than the one who decided looks at the matter again.
fn decide_appeal(request: &Request, part: &Part, by: &By, is_upheld: bool, text: &str, moment: &Moment<'_>) -> Decided {
    has_declared(part, by)?;
    let text = required("text", text)?;
    let was_revoked = part.appealed_from == Some(RequestState::Revoked);
    is_another(part, by)?;
    let mut happenings = Vec::new();
    if part.desk.quorum > 1 {
        happenings.push(of(part, Event::AppealVoted { is_upheld }).with_text(&text)?);
        let later = after(request, by, &happenings, moment)?;
        if super::agreeing(&later, part, is_upheld)?.is_none() {
            return Ok(happenings);
        }
    }
    let due = match (is_upheld, was_revoked) {
        (true, false) => Some(moment.calendar(part).after(moment.today(), part.desk.decision_days)),
        // What had not begun is approved again, and the undertaking is proposed anew.
        (true, true) if part.began_at.is_none() => Some(next_step(part, moment)),
        (false, true) => Some(moment.today().plus(part.desk.destruction_days.into())),
        _ => None,
    };
    // Whose refusal is undone decides on it no more. Who revoked may have to stop the use again, and that can be appealed anew.
    let refusers = part.decision.iter().filter(|_| is_upheld && !was_revoked).flat_map(|decision| decision.by.iter().copied());
    happenings.push(of(part, Event::AppealDecided { is_upheld, due, overruled: refusers.collect() }).with_text(&text)?);
    // What ended meanwhile does not come back to life.
    if is_upheld && was_revoked && part.began_at.is_some() && part.until.is_some_and(|until| until < moment.today()) {
        let due = moment.today().plus(part.desk.destruction_days.into());
        happenings.push(of(part, Event::Ended { reason: crate::domain::vocabulary::EndReason::EndDate, due }));
    }
    Ok(happenings)
}
