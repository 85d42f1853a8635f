//! What the applicant and the members do before a decision.

use serde_json::Value;
use uuid::Uuid;

use crate::domain::access_request::command::{AppliedRule, Filing, Wish};
use crate::domain::access_request::desk::DeskTerms;
use crate::domain::vocabulary::{EndReason, RefusalCode, RequestOutcome, RequestState};

use super::super::{By, Event, Happening, Moment, Part, Request, is_final};
use super::{Decided, MAX_MEMBERS, MAX_PARTS, Refusal, absences, after, invalid, next_step, of, use_of_data, whole};

/// Asks for a further holding, before the request is first submitted.
pub fn add_part(request: &Request, wish: &Wish) -> Decided {
    if request.parts.iter().any(|part| part.submitted_at.is_some()) {
        return Err(invalid("holding", wish.holding, "the request was submitted; begin another one for further holdings"));
    }
    if request.parts.iter().any(|part| part.holding == wish.holding) {
        return Err(invalid("holding", wish.holding, "the request asks for this holding already"));
    }
    if request.parts.len() >= MAX_PARTS {
        return Err(invalid("holding", wish.holding, format!("a request asks for at most {MAX_PARTS} holdings; begin another one")));
    }
    let number = request.parts.iter().map(|part| part.number).max().unwrap_or(0) + 1;
    let event = Event::PartAdded {
        institution: wish.institution.clone(),
        dataset: wish.dataset,
        holding: wish.holding,
        data: wish.data,
        form: wish.form.clone(),
        form_version: wish.form_version,
    };
    Ok(vec![Happening::new(Some(number), event)])
}

/// Takes a holding out, before it was submitted.
pub fn remove_part(part: &Part) -> Decided {
    if part.submitted_at.is_some() {
        return Err(invalid("part", part.number, "it was submitted; withdraw it"));
    }
    Ok(vec![of(part, Event::PartRemoved)])
}

/// Names a member.
pub fn add_member(request: &Request, person: Option<Uuid>, who: &Value) -> Decided {
    if person.is_some_and(|person| request.is_user(person)) {
        return Err(invalid("email", "", "this person is named already"));
    }
    if request.members.iter().filter(|member| member.removed_at.is_none()).count() >= MAX_MEMBERS {
        return Err(invalid("email", "", format!("a request names at most {MAX_MEMBERS} members")));
    }
    // Each naming is a mail to an address: taking persons out again must not make room for ever more of them.
    if request.members.len() >= 2 * MAX_MEMBERS {
        return Err(invalid("email", "", "too many persons were named and taken out again; begin another request"));
    }
    let member = request.members.iter().map(|member| member.number).max().unwrap_or(0) + 1;
    Ok(vec![whole(Event::MemberAdded { member, person }).with(who.clone())])
}

/// Notes who a named member is, once the person has signed in: no command of anyone, in whatever state the parts are.
///
/// # Errors
/// The member was taken out, is known, or is named twice; the texts of the request were erased.
pub fn know_member(request: &Request, member: u32, person: Uuid) -> Decided {
    match request.members.iter().find(|known| known.number == member && known.removed_at.is_none()) {
        Some(known) if request.erased_at.is_none() && known.person.is_none() && !request.is_user(person) => {
            Ok(vec![whole(Event::MemberKnown { member, person })])
        }
        _ => Err(Refusal::Unknown),
    }
}

/// Takes a member out: their right of use ends. A member may leave, and no more.
pub fn remove_member(request: &Request, by: &By, member: u32, reason: EndReason, moment: &Moment<'_>) -> Decided {
    let known = request.members.iter().find(|known| known.number == member && known.removed_at.is_none()).ok_or(Refusal::Unknown)?;
    let is_own = known.person.is_some() && known.person == by.person;
    if !is_own && !by.is_clock && by.person != Some(request.applicant) {
        return Err(Refusal::Forbidden(RefusalCode::RoleRequired));
    }
    let mut happenings = vec![whole(Event::MemberRemoved { member, reason })];
    for part in request.parts.iter().filter(|part| part.state == RequestState::AgreementPending) {
        let later = use_of_data::without_member(request, part, member);
        let is_time = use_of_data::begins_by(part, moment.today()) && part.until.is_some_and(|until| until >= moment.today());
        if later.has_everyone_accepted(part) && is_time {
            happenings.extend(use_of_data::activation(part));
        }
    }
    Ok(happenings)
}

/// Submits every part that is named, with what the service found out of its holder.
pub fn submit(request: &Request, filings: &[Filing], answers: Option<&Value>, moment: &Moment<'_>) -> Decided {
    let is_open = |part: &Part| matches!(part.state, RequestState::Draft | RequestState::Returned);
    if !request.parts.iter().any(is_open) {
        return Err(invalid("holdings", "", "name at least one holding that is asked for"));
    }
    if request.answers.is_none() {
        return Err(invalid("answers", "", "answer the questions of the form first"));
    }
    let pruned = answers.map(|answers| whole(Event::AnswersSaved).with(answers.clone()));
    let mut happenings: Vec<Happening> = pruned.into_iter().collect();
    for part in request.parts.iter().filter(|part| is_open(part)) {
        let filing = filings.iter().find(|filing| filing.part == part.number).ok_or(Refusal::Unknown)?;
        let first = happenings.len();
        happenings.extend(file(request, part, filing, moment));
        happenings.extend(filing.concern.as_ref().map(|text| of(part, Event::Noted).with(text.clone()).standing()));
        // An officer's return is not undone by a rule: after it the holder's people decide, unless the rule refuses.
        let is_first = part.submitted_at.is_none();
        if let Some(rule) = filing.rule.as_ref().filter(|rule| is_first || rule.outcome == RequestOutcome::Rejected) {
            let later = after(request, &By { person: Some(request.applicant), ..By::default() }, &happenings[first..], moment)?;
            let filed = later.part(part.number).ok_or(Refusal::Unknown)?;
            happenings.extend(apply_rule(&later, filed, rule, filing, moment));
        }
    }
    Ok(happenings)
}

/// The submission of one part, and the standing invitations that come with it.
fn file(request: &Request, part: &Part, filing: &Filing, moment: &Moment<'_>) -> Vec<Happening> {
    let desk = &filing.desk;
    let days = part.clock.days_left.map_or(desk.completeness_days, |left| left.max(1));
    let due = moment.calendar(part).after(moment.today(), days);
    let (accepted_terms, keeps) = (filing.accepted_terms.clone(), filing.keeps.clone());
    let event = Event::Submitted { desk: desk.clone(), due, accepted_terms, keeps };
    let mut happenings = vec![of(part, event)];
    // Who has left is not asked, and does not stand in the terms that the request keeps.
    happenings.extend(absences(part, &filing.absent));
    if part.submitted_at.is_none() {
        let gone: Vec<Uuid> = filing.absent.iter().map(|absent| absent.person).collect();
        let mut present = desk.clone();
        present.without(&gone);
        happenings.extend(standing_invitations(request, part, &present));
    }
    happenings
}

fn standing_invitations(request: &Request, part: &Part, desk: &DeskTerms) -> Vec<Happening> {
    use crate::domain::vocabulary::RequestRole as R;
    let deciders = desk.deciders.iter().map(|person| (*person, R::Decider));
    let advisers = desk.advisers.iter().map(|person| (*person, R::DataProtection));
    let invite = |(number, (person, role)): (u32, (Uuid, R))| of(part, Event::Invited { invited: number, person, role }).standing();
    // Who asks for the data is not asked about the request.
    (1_u32..).zip(deciders.chain(advisers).filter(|(person, _)| !request.is_user(*person))).map(invite).collect()
}

/// A standing rule of the holder decides without a person; that it did so stays visible.
fn apply_rule(request: &Request, part: &Part, rule: &AppliedRule, filing: &Filing, moment: &Moment<'_>) -> Vec<Happening> {
    let applied = Event::RuleApplied { rule: rule.name.clone() };
    let mut happenings = vec![of(part, applied).with(rule.text.clone()).standing()];
    let is_refusal = rule.outcome == RequestOutcome::Rejected;
    let appeal_until =
        (is_refusal && filing.desk.appeal_days > 0 && !part.is_appeal_spent).then(|| moment.today().plus(filing.desk.appeal_days.into()));
    let due = (!is_refusal).then(|| next_step(part, moment));
    let decided =
        Event::Decided { outcome: rule.outcome, reason: rule.reason, by: Vec::new(), rule: Some(rule.name.clone()), appeal_until, due };
    happenings.push(of(part, decided).standing());
    let Some((text, text_hash, until)) = rule.terms.as_ref().filter(|_| !is_refusal) else { return happenings };
    let due = moment.calendar(part).after(moment.today(), filing.desk.acceptance_days);
    let (from, until) = (moment.today(), *until);
    let proposed = Event::AgreementProposed { agreement: None, text_hash: text_hash.clone(), from, until, due };
    happenings.push(of(part, proposed).with(text.clone()).standing());
    if filing.accepted_terms.as_ref() == Some(text_hash) {
        happenings.push(of(part, Event::Accepted { person: request.applicant, text_hash: text_hash.clone() }));
        if request.users_of(part).len() == 1 && part.members.is_empty() {
            happenings.push(of(part, Event::Activated { agreement: None, from, until, drops_text: false }));
        }
    }
    happenings
}

/// Withdraws every part that can be.
pub fn withdraw_all(request: &Request) -> Decided {
    use crate::domain::vocabulary::{RequestCommand, RequestRole};
    let can = |part: &&Part| {
        !is_final(part.state) && super::rules::matching(RequestCommand::Withdraw, part.state, &[RequestRole::Applicant]).next().is_some()
    };
    let happenings: Vec<Happening> = request.parts.iter().filter(can).map(|part| of(part, Event::Withdrawn)).collect();
    if happenings.is_empty() {
        return Err(invalid("holdings", "", "the request names no holding; it can be left as it is, or completed"));
    }
    Ok(happenings)
}
