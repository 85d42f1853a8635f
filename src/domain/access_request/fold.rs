//! The present state of a request, made of its events. Events are taken as they are: whether they may happen was decided before.

mod silence;

use uuid::Uuid;

use crate::domain::vocabulary::{EndReason, RequestOutcome, RequestRole, RequestState};
use crate::domain::workdays::Day;

use super::desk::DeskTerms;
use super::event::{Event, Recorded};
use super::{Acceptance, Ballot, Clock, Decision, Frame, Invited, Member, Part, Request, Undertaking, Vote};

/// A history that cannot be read on: an event is missing, or names what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Number of the event at which reading stopped.
    pub number: i64,
    /// Its kind, as the log names it.
    pub kind: &'static str,
    /// What is wrong with it.
    pub fault: &'static str,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "event {} ({}): {}; restore the table of events from a backup", self.number, self.kind, self.fault)
    }
}

impl std::error::Error for Damage {}

impl Recorded {
    fn damage(&self, fault: &'static str) -> Damage {
        Damage { number: self.number, kind: self.event.kind(), fault }
    }

    /// The person who did it.
    fn person(&self) -> Result<Uuid, Damage> {
        self.actor.ok_or_else(|| self.damage("it does not say who did it"))
    }
}

/// Makes a request of its events, oldest first.
///
/// # Errors
/// The first event that the ones before it do not allow to read.
pub fn fold<'e>(id: Uuid, events: impl IntoIterator<Item = &'e Recorded>) -> Result<Request, Damage> {
    let mut request = Request { id, ..Request::default() };
    for event in events {
        apply(&mut request, event)?;
    }
    Ok(request)
}

/// Adds one event.
///
/// # Errors
/// The event is not the next one, or names a person, part or member that is not there; the request is then half changed.
pub fn apply(request: &mut Request, recorded: &Recorded) -> Result<(), Damage> {
    if recorded.number != request.revision + 1 {
        return Err(recorded.damage("the event before it is missing"));
    }
    if (recorded.event == Event::Created) != (recorded.number == 1) {
        return Err(recorded.damage("a request begins with CREATED, once"));
    }
    request.revision = recorded.number;
    request.updated_at = recorded.at;
    match &recorded.event {
        Event::Created => {
            request.created_at = recorded.at;
            request.applicant = recorded.person()?;
        }
        Event::Framed { on_behalf_of, purpose } => request.reframe(Frame { on_behalf_of: on_behalf_of.clone(), purpose: *purpose }),
        Event::AnswersSaved => request.answers.clone_from(&recorded.content),
        Event::PartAdded { institution, dataset, holding, data, form, form_version } => {
            let number = recorded.part.ok_or_else(|| recorded.damage("it does not say which part"))?;
            if request.part(number).is_some() {
                return Err(recorded.damage("the part was added before"));
            }
            request.parts.push(Part {
                number,
                institution: institution.clone(),
                dataset: *dataset,
                holding: *holding,
                data: *data,
                form: form.clone(),
                form_version: *form_version,
                ..blank(institution.clone(), recorded.at)
            });
        }
        Event::PartRemoved => {
            let number = part_of(request, recorded)?.number;
            request.parts.retain(|part| part.number != number);
        }
        Event::MemberAdded { member, person } => {
            request.members.push(Member { number: *member, person: *person, removed_at: None });
            person.iter().for_each(|person| unvote(request, *person));
        }
        Event::MemberKnown { member, person } => {
            member_of(request, recorded, *member)?.person = Some(*person);
            unvote(request, *person);
        }
        Event::MemberRemoved { member, .. } => {
            member_of(request, recorded, *member)?.removed_at = Some(recorded.at);
            silence::rest(request);
        }
        Event::AnswersErased { keys } => request.erased_answers.extend(keys.iter().cloned()),
        Event::OwnErased => request.own_erased_at = Some(recorded.at),
        // It says something of the applicant; where the parts stand is the holders' to draw from it.
        Event::ApplicantLeft { .. } => {}
        Event::Erased => request.erased_at = Some(recorded.at),
        // Messages and documents may be of the request as a whole; notes are always of one holder.
        Event::Messaged | Event::Attached { .. } if recorded.part.is_none() => {}
        event => {
            let answers = request.answers.clone();
            let members = request.members.iter().filter(|member| member.removed_at.is_none()).map(|member| member.number).collect();
            let part = part_of(request, recorded)?;
            if let Event::Submitted { .. } = event {
                part.answers = answers;
                part.members = members;
                // As the request says now, until it says otherwise.
                part.frame = None;
            }
            apply_to_part(part, recorded, event)?;
            if let Event::Accepted { .. } = event {
                silence::rest(request);
            }
        }
    }
    Ok(())
}

fn part_of<'r>(request: &'r mut Request, recorded: &Recorded) -> Result<&'r mut Part, Damage> {
    let part = request.parts.iter_mut().find(|part| Some(part.number) == recorded.part);
    part.ok_or_else(|| recorded.damage("the part that it concerns is not there"))
}

fn member_of<'r>(request: &'r mut Request, recorded: &Recorded, number: u32) -> Result<&'r mut Member, Damage> {
    let member = request.members.iter_mut().find(|member| member.number == number);
    member.ok_or_else(|| recorded.damage("the member whom it concerns is not there"))
}

/// Who is to use the data has no vote on it, not even one given before.
fn unvote(request: &mut Request, person: Uuid) {
    request.parts.iter_mut().for_each(|part| unvote_in(part, person));
}

fn unvote_in(part: &mut Part, person: Uuid) {
    part.votes.retain(|vote| vote.person != person);
    part.ballots.retain(|ballot| ballot.person != person);
}

fn blank(institution: crate::domain::ids::Slug, at: i64) -> Part {
    Part {
        number: 0,
        institution,
        dataset: Uuid::nil(),
        holding: Uuid::nil(),
        data: crate::domain::vocabulary::RequestedData::Aggregates,
        form: String::new(),
        form_version: 0,
        state: RequestState::Draft,
        since: at,
        answers: None,
        members: Vec::new(),
        frame: None,
        keeps: std::collections::BTreeMap::new(),
        submitted_at: None,
        desk: DeskTerms::default(),
        invited: Vec::new(),
        conflicted: Vec::new(),
        votes: Vec::new(),
        ballots: Vec::new(),
        decision: None,
        is_appeal_spent: false,
        appealed_from: None,
        undertaking: None,
        accepted_terms: None,
        from: None,
        until: None,
        began_at: None,
        renewal_until: None,
        destruction_until: None,
        is_renewal_refused: false,
        ended: None,
        ended_at: None,
        overruled: Vec::new(),
        revoked_by: None,
        destroyed_at: None,
        clock: Clock::default(),
    }
}

/// A new state, in which somebody else is awaited; what was said to the one awaited before is forgotten.
fn enter(part: &mut Part, state: RequestState, at: i64, awaiting: Option<RequestRole>, due: Option<Day>) {
    part.state = state;
    part.since = at;
    part.ballots.clear();
    let Clock { days_left, decision_days_left, warned, .. } = std::mem::take(&mut part.clock);
    part.clock = Clock { awaiting, awaiting_since: awaiting.map(|_| at), due, days_left, decision_days_left, warned, ..Clock::default() };
}

fn apply_to_part(part: &mut Part, recorded: &Recorded, event: &Event) -> Result<(), Damage> {
    use RequestRole as R;
    use RequestState as S;
    let at = recorded.at;
    match event {
        Event::FormRenewed { form, form_version } => (part.form, part.form_version) = (form.clone(), *form_version),
        Event::Submitted { desk, due, accepted_terms, keeps } => {
            part.desk = desk.clone();
            part.keeps.clone_from(keeps);
            part.submitted_at.get_or_insert(at);
            part.accepted_terms.clone_from(accepted_terms);
            // Votes were on the answers as they were before the return.
            part.votes.clear();
            enter(part, S::Submitted, at, Some(R::AccessOfficer), Some(*due));
            part.clock.days_left = None;
        }
        Event::Returned { days_left, .. } => {
            let is_checked = part.state != S::Submitted;
            enter(part, S::Returned, at, Some(R::Applicant), None);
            let left = if is_checked { &mut part.clock.decision_days_left } else { &mut part.clock.days_left };
            *left = Some(*days_left);
        }
        Event::Completed { due } => {
            // Who was invited at submission can begin now.
            let is_in_review = part.invited.iter().any(|known| known.removed_at.is_none() && !part.conflicted.contains(&known.person));
            enter(part, if is_in_review { S::InReview } else { S::Complete }, at, Some(R::Decider), Some(*due));
            part.clock.decision_days_left = None;
        }
        Event::Invited { invited, person, role } => invite(part, *invited, *person, *role, at),
        Event::Uninvited { invited } => {
            let known = part.invited.iter_mut().find(|known| known.number == *invited);
            let known = known.ok_or_else(|| recorded.damage("the invited person whom it concerns is not there"))?;
            known.removed_at = Some(at);
            let person = known.person;
            lapse_votes(part, Some(person));
        }
        Event::HolderLeft { person } => {
            part.desk.without(&[*person]);
            let own = part.invited.iter_mut().filter(|known| known.person == *person);
            own.for_each(|known| known.removed_at = known.removed_at.or(Some(at)));
            unvote_in(part, *person);
        }
        Event::InterestDeclared { has_conflict } => declare(part, recorded.person()?, *has_conflict),
        Event::Recommended { recommendation } => {
            let person = recorded.person()?;
            let own = part.invited.iter_mut().filter(|known| known.person == person && known.removed_at.is_none());
            own.for_each(|known| known.recommendation = Some(*recommendation));
        }
        Event::Voted { outcome, reason, .. } => {
            let person = recorded.person()?;
            part.votes.retain(|vote| vote.person != person);
            part.votes.push(Vote { person, outcome: *outcome, reason: *reason });
        }
        Event::RenewalVoted { is_granted: is_for, until } => {
            ballot(part, Ballot { person: recorded.person()?, is_for: *is_for, until: *until })
        }
        Event::AppealVoted { is_upheld } => ballot(part, Ballot { person: recorded.person()?, is_for: *is_upheld, until: None }),
        Event::Reminded { count } => {
            part.clock.reminders = *count;
            part.clock.reminded_on = Some(Day::of(at));
        }
        Event::Escalated => part.clock.escalated_at = Some(at),
        Event::Transferred { institution, holding, desk, .. } => {
            (part.institution, part.holding, part.desk) = (institution.clone(), *holding, desk.clone());
            leave_holder(part, at);
        }
        Event::EndAnnounced { days } => part.clock.warned.push(*days),
        Event::LapseAnnounced { on } => part.clock.lapses_on = Some(*on),
        event => apply_outcome(part, recorded, event)?,
    }
    Ok(())
}

fn ballot(part: &mut Part, ballot: Ballot) {
    part.ballots.retain(|known| known.person != ballot.person);
    part.ballots.push(ballot);
}

fn invite(part: &mut Part, number: u32, person: Uuid, role: RequestRole, at: i64) {
    part.invited.push(Invited { number, person, role, has_conflict: None, recommendation: None, removed_at: None });
    // Where nobody was named to decide, the access officers did; their votes end with that.
    if role == RequestRole::Decider {
        lapse_votes(part, None);
    }
    if part.state == RequestState::Complete {
        part.state = RequestState::InReview;
        part.since = at;
    }
}

/// The people of the former holder have no part in it any more; the new one has been reminded of nothing yet.
fn leave_holder(part: &mut Part, at: i64) {
    part.invited.iter_mut().for_each(|known| known.removed_at = known.removed_at.or(Some(at)));
    part.votes.clear();
    part.ballots.clear();
    (part.clock.reminders, part.clock.reminded_on, part.clock.escalated_at, part.clock.lapses_on) = (0, None, None, None);
}

/// Drops the votes of those who no longer decide: of everyone who is not named to, where somebody is, or of one who was.
fn lapse_votes(part: &mut Part, gone: Option<Uuid>) {
    let decides = |person: Uuid| {
        let is_named = |known: &Invited| known.removed_at.is_none() && known.role == RequestRole::Decider && known.person == person;
        part.invited.iter().any(is_named)
    };
    let stays = |person: Uuid| decides(person) || gone.is_some_and(|gone| gone != person);
    let votes = part.votes.iter().filter(|vote| stays(vote.person)).copied().collect();
    let ballots = part.ballots.iter().filter(|ballot| stays(ballot.person)).copied().collect();
    (part.votes, part.ballots) = (votes, ballots);
}

fn declare(part: &mut Part, person: Uuid, has_conflict: bool) {
    for known in part.invited.iter_mut().filter(|known| known.person == person) {
        known.has_conflict = Some(has_conflict);
    }
    if has_conflict {
        unvote_in(part, person);
        if !part.conflicted.contains(&person) {
            part.conflicted.push(person);
        }
    }
}

/// From the decision on.
fn apply_outcome(part: &mut Part, recorded: &Recorded, event: &Event) -> Result<(), Damage> {
    use RequestRole as R;
    use RequestState as S;
    let at = recorded.at;
    match event {
        Event::Decided { outcome, reason, by, rule, appeal_until, due } => {
            let decision =
                Decision { outcome: *outcome, reason: *reason, by: by.clone(), rule: rule.clone(), at, appeal_until: *appeal_until };
            part.decision = Some(decision);
            part.votes.clear();
            match outcome {
                RequestOutcome::Approved => enter(part, S::Approved, at, Some(R::AccessOfficer), *due),
                RequestOutcome::ApprovedWithConditions => enter(part, S::ApprovedWithConditions, at, Some(R::AccessOfficer), *due),
                RequestOutcome::Rejected => enter(part, S::Rejected, at, None, None),
            }
        }
        Event::AgreementProposed { agreement, text_hash, from, until, due } => {
            let undertaking = Undertaking { agreement: *agreement, text_hash: Some(text_hash.clone()), accepted: Vec::new() };
            (part.undertaking, part.from, part.until) = (Some(undertaking), Some(*from), Some(*until));
            enter(part, S::AgreementPending, at, Some(R::Applicant), Some(*due));
        }
        Event::Accepted { person, text_hash } => {
            let undertaking = part.undertaking.as_mut().ok_or_else(|| recorded.damage("there is no undertaking to accept"))?;
            undertaking.accepted.push(Acceptance { person: *person, text_hash: text_hash.clone(), at });
        }
        Event::Activated { agreement, from, until, drops_text } => {
            let undertaking = part.undertaking.get_or_insert(Undertaking { agreement: None, text_hash: None, accepted: Vec::new() });
            undertaking.agreement = agreement.or(undertaking.agreement);
            undertaking.text_hash = undertaking.text_hash.take().filter(|_| !drops_text);
            (part.from, part.until, part.ended, part.ended_at) = (Some(*from), Some(*until), None, None);
            part.began_at.get_or_insert(at);
            part.clock.warned.clear();
            enter(part, S::Active, at, None, None);
        }
        Event::RenewalAsked { until, due } => {
            part.renewal_until = Some(*until);
            // The destruction of what has ended stays due while the renewal is open.
            part.destruction_until = part.destruction_due();
            enter(part, S::RenewalRequested, at, Some(R::Decider), Some(*due));
        }
        Event::RenewalDecided { is_granted, until, agreement } => {
            if let Some(undertaking) = &mut part.undertaking {
                undertaking.agreement = agreement.or(undertaking.agreement);
            }
            decide_renewal(part, *is_granted, *until, at);
        }
        event => apply_end(part, recorded, event)?,
    }
    Ok(())
}

fn decide_renewal(part: &mut Part, is_granted: bool, until: Option<Day>, at: i64) {
    part.renewal_until = None;
    let due = part.destruction_until.take();
    part.is_renewal_refused = !is_granted && part.ended.is_some();
    if is_granted {
        part.until = until.or(part.until);
        (part.ended, part.ended_at, part.destroyed_at) = (None, None, None);
        part.clock.warned.clear();
    }
    // What had ended stays ended where the renewal is refused.
    if is_granted || part.ended.is_none() {
        enter(part, RequestState::Active, at, None, None);
    } else {
        await_destruction(part, RequestState::Expired, at, due);
    }
}

/// After the end: the applicant declares the data destroyed, then the holder closes; nobody destroys what was never delivered.
fn await_destruction(part: &mut Part, state: RequestState, at: i64, due: Option<Day>) {
    let is_awaited = part.began_at.is_some() && part.destroyed_at.is_none();
    let due = due.unwrap_or(Day::of(at).plus(part.desk.destruction_days.into()));
    let role = if is_awaited { RequestRole::Applicant } else { RequestRole::AccessOfficer };
    enter(part, state, at, Some(role), Some(due));
}

fn apply_end(part: &mut Part, recorded: &Recorded, event: &Event) -> Result<(), Damage> {
    use RequestRole as R;
    use RequestState as S;
    let at = recorded.at;
    match event {
        Event::Suspended { due } => {
            // A renewal that was asked for is asked for again once the use goes on.
            part.renewal_until = None;
            enter(part, S::Suspended, at, Some(R::AccessOfficer), *due);
        }
        Event::Resumed => enter(part, S::Active, at, None, None),
        Event::Revoked { due, appeal_until } => {
            (part.ended, part.ended_at, part.revoked_by) = (Some(EndReason::Revoked), Some(at), recorded.actor);
            part.renewal_until = None;
            if let Some(decision) = &mut part.decision {
                decision.appeal_until = *appeal_until;
            }
            // An appeal against a refusal that was upheld does not stand in the way of one against a revocation.
            part.is_appeal_spent &= appeal_until.is_none();
            await_destruction(part, S::Revoked, at, Some(*due));
        }
        Event::Ended { reason, due } => {
            (part.ended, part.ended_at) = (Some(*reason), Some(at));
            part.destruction_until = (part.state == S::RenewalRequested).then_some(*due);
            // A renewal that was asked for in time is still decided on: the applicant does not pay for the holder's delay.
            if part.state != S::RenewalRequested || *reason != EndReason::EndDate {
                (part.renewal_until, part.destruction_until) = (None, None);
                await_destruction(part, S::Expired, at, Some(*due));
            }
        }
        Event::DestructionDeclared { due } => {
            part.destroyed_at = Some(at);
            let state = part.state;
            enter(part, state, at, Some(R::AccessOfficer), *due);
        }
        Event::Closed { .. } => enter(part, S::Closed, at, None, None),
        Event::Appealed { due } => {
            part.appealed_from = Some(part.state);
            enter(part, S::Appealed, at, Some(R::Decider), Some(*due));
        }
        Event::AppealDecided { is_upheld, due, overruled } => {
            part.overruled.extend(overruled.iter().copied());
            let from = part.appealed_from.take().ok_or_else(|| recorded.damage("there is no appeal to decide on"))?;
            decide_appeal(part, from, *is_upheld, *due, at);
        }
        Event::Withdrawn if part.state == S::Appealed => silence::drop_appeal(part, at),
        Event::Withdrawn => enter(part, S::Withdrawn, at, None, None),
        Event::Lapsed => silence::lapse(part, at),
        // Nothing else changes where a part stands.
        _ => {}
    }
    Ok(())
}

/// An appeal that is upheld opens the matter again; one that is not leaves it as it was.
fn decide_appeal(part: &mut Part, from: RequestState, is_upheld: bool, due: Option<Day>, at: i64) {
    use RequestRole as R;
    use RequestState as S;
    part.is_appeal_spent = true;
    match (is_upheld, from) {
        (true, S::Revoked) => {
            (part.ended, part.ended_at, part.destroyed_at, part.revoked_by) = (None, None, None, None);
            let outcome = part.decision.as_ref().map(|decision| decision.outcome);
            match outcome.filter(|_| part.began_at.is_none()) {
                None => enter(part, S::Active, at, None, None),
                // What had not begun is approved as before, and the dates are proposed anew.
                Some(outcome) => {
                    (part.undertaking, part.from, part.until) = (None, None, None);
                    let is_plain = outcome == RequestOutcome::Approved;
                    let state = if is_plain { S::Approved } else { S::ApprovedWithConditions };
                    enter(part, state, at, Some(R::AccessOfficer), due);
                }
            }
        }
        (true, _) => {
            // What was refused is undecided again, in the statistics too.
            part.decision = None;
            enter(part, S::InReview, at, Some(R::Decider), due);
        }
        (false, S::Revoked) => await_destruction(part, S::Revoked, at, due),
        (false, _) => enter(part, S::Rejected, at, None, None),
    }
}
