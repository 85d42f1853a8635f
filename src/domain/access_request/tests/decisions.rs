//! From the draft to the decision.

use super::super::desk::{Asked, Desk, RuleEffect, Ruling, StandingRule, StandingTerms};
use super::super::*;
use super::story::*;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{RefusalCode, SafeVerdict};
use serde_json::json;

#[test]
fn a_request_is_submitted_with_holdings_and_answers_only() {
    let mut story = Story::new();
    story.done(APPLICANT, Command::Create);
    story.forbidden(APPLICANT, Command::Create, RefusalCode::WrongState);
    story.invalid(APPLICANT, Command::Submit(Vec::new(), None), "holdings");
    story.done(APPLICANT, Command::AddPart(wish(1, "nso")));
    story.invalid(APPLICANT, Command::AddPart(wish(1, "nso")), "holding");
    story.invalid(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default())], None), "answers");
    story.done(APPLICANT, Command::SaveAnswers(json!({})));
    assert_eq!(
        story.refused(APPLICANT, Command::Submit(vec![filing(2, DeskTerms::default())], None)),
        Refusal::Unknown,
        "no desk was found"
    );
    for stranger in [OFFICER, STRANGER] {
        assert_eq!(story.refused(stranger, Command::Submit(Vec::new(), None)), Refusal::Unknown, "a draft is its applicant's alone");
    }
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default())], None));
    story.forbidden(APPLICANT, Command::AddPart(wish(2, "nso")), RefusalCode::WrongState);
    story.forbidden(APPLICANT, Command::SaveAnswers(json!({})), RefusalCode::WrongState);
    story.done(OFFICER, Command::Return { part: 1, text: text(), questions: Vec::new() });
    story.invalid(APPLICANT, Command::AddPart(wish(2, "nso")), "holding");
    story.invalid(APPLICANT, Command::RemovePart(1), "part");
}

#[test]
fn a_request_does_not_grow_for_ever_and_who_asks_does_not_use_up_the_room_of_who_decides() {
    let message = || Command::Message { part: Some(1), text: text() };
    let mut story = complete(DeskTerms::default());
    story.request.revision = MAX_EVENTS - 1;
    story.done(APPLICANT, message());
    story.invalid(APPLICANT, message(), "request");
    story.done(OFFICER, message());
    story.request.revision = 2 * MAX_EVENTS;
    story.invalid(OFFICER, message(), "request");
    let mut other = story.clone();
    other.done(APPLICANT, Command::Withdraw(None));
    story.done(OFFICER, vote(RequestOutcome::Approved));
}

#[test]
fn the_clock_stands_still_while_information_is_asked() {
    let desk = DeskTerms { completeness_days: 5, decision_days: 30, ..DeskTerms::default() };
    let mut story = submitted(desk.clone());
    // Friday; 5 working days end on the Friday after.
    assert_eq!(story.part().clock.due, Some(story.today().plus(7)));
    story.pass(3);
    story.done(OFFICER, Command::Return { part: 1, text: text(), questions: vec!["title".to_owned()] });
    assert_eq!((story.part().clock.due, story.part().clock.days_left), (None, Some(4)));
    story.pass(28);
    story.done(APPLICANT, Command::Submit(vec![filing(1, desk.clone())], None));
    assert_eq!(story.part().clock.due, Some(story.calendars.others.after(story.today(), 4)), "what was left, and no more");
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.pass(14);
    story.done(OFFICER, Command::Return { part: 1, text: text(), questions: Vec::new() });
    assert_eq!((story.part().clock.days_left, story.part().clock.decision_days_left), (None, Some(20)));
    story.pass(7);
    story.done(APPLICANT, Command::Submit(vec![filing(1, desk)], None));
    assert_eq!(story.part().clock.due, Some(story.calendars.others.after(story.today(), 5)), "the check has its own time");
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    assert_eq!(story.part().clock.due, Some(story.calendars.others.after(story.today(), 20)), "the decision has what was left of its time");
    assert_eq!(story.part().clock.decision_days_left, None);
}

#[test]
fn a_vote_has_a_line_for_each_safe_that_fits_its_outcome() {
    use RequestOutcome as O;
    let mut story = complete(DeskTerms::default());
    let mut refuse = |outcome, change: &dyn Fn(&mut Vec<command::SafeLine>), field: &str| {
        let Command::Decide { mut lines, reason, text, .. } = vote(outcome) else { panic!("a vote") };
        change(&mut lines);
        story.invalid(OFFICER, Command::Decide { part: 1, outcome, lines, reason, text }, field);
    };
    refuse(O::Approved, &|lines| drop(lines.pop()), "lines");
    refuse(O::Approved, &|lines| lines.push(lines[1].clone()), "lines[5].safe");
    refuse(O::Approved, &|lines| lines[0].reason = "  ".to_owned(), "lines[0].reason");
    refuse(O::Approved, &|lines| lines[0].reason = "x".repeat(MAX_TEXT + 1), "lines[0].reason");
    refuse(O::Approved, &|lines| lines[3].verdict = SafeVerdict::NotMet, "lines[3].verdict");
    refuse(O::Approved, &|lines| lines[3].verdict = SafeVerdict::NotAssessed, "lines[3].verdict");
    refuse(O::Approved, &|lines| lines[3].condition = Some("c".to_owned()), "lines[3].condition");
    refuse(O::ApprovedWithConditions, &|lines| lines[2].condition = None, "lines[2].condition");
    refuse(O::ApprovedWithConditions, &|lines| *lines = super::story::lines(false), "outcome");
    refuse(O::Approved, &|lines| *lines = super::story::lines(true), "outcome");
    let bare = |outcome, reason, text: &str| Command::Decide { part: 1, outcome, lines: lines(false), reason, text: text.to_owned() };
    story.invalid(OFFICER, bare(O::Rejected, None, "why"), "reason");
    story.invalid(OFFICER, bare(O::Rejected, Some(RejectionReason::Other), " "), "text");
    story.invalid(OFFICER, bare(O::Approved, Some(RejectionReason::Other), ""), "reason");
    for (person, code) in [(APPLICANT, RefusalCode::RoleRequired), (COORDINATOR, RefusalCode::RoleRequired)] {
        story.forbidden(person, vote(O::Approved), code);
    }
    for person in [STRANGER, REVIEWER, NEIGHBOUR] {
        assert_eq!(story.refused(person, vote(O::Approved)), Refusal::Unknown);
    }
    story.done(OFFICER, vote(O::ApprovedWithConditions));
    assert_eq!(story.state(), RequestState::ApprovedWithConditions);
}

#[test]
fn enough_deciders_must_agree_and_each_declares_first() {
    let desk = DeskTerms { quorum: 2, deciders: vec![id(DECIDER), id(OTHER_DECIDER), id(DEPUTY)], ..DeskTerms::default() };
    let mut story = complete(desk);
    story.forbidden(OFFICER, vote(RequestOutcome::Approved), RefusalCode::RoleRequired);
    story.invalid(DECIDER, vote(RequestOutcome::Approved), "part");
    for person in [DECIDER, OTHER_DECIDER, DEPUTY] {
        story.done(person, no_conflict());
    }
    story.done(DECIDER, vote(RequestOutcome::Approved));
    story.done(DECIDER, vote(RequestOutcome::Approved));
    assert_eq!((story.part().votes.len(), story.state()), (1, RequestState::InReview), "the last vote of each counts, once");
    story.done(OTHER_DECIDER, vote(RequestOutcome::Rejected));
    assert_eq!(story.state(), RequestState::InReview);
    story.done(DEPUTY, vote(RequestOutcome::ApprovedWithConditions));
    let decision = story.part().decision.clone().expect("decided");
    assert_eq!(decision.outcome, RequestOutcome::ApprovedWithConditions, "one condition is a condition");
    assert_eq!((decision.by, story.part().votes.len()), (vec![id(DECIDER), id(DEPUTY)], 0));
}

#[test]
fn who_has_a_conflict_or_is_no_longer_a_decider_has_no_vote() {
    let desk = DeskTerms { quorum: 2, ..DeskTerms::default() };
    let mut story = complete(desk);
    story.done(OFFICER, vote(RequestOutcome::Approved));
    assert_eq!(story.part().votes.len(), 1);
    story.done(OFFICER, invitation(DECIDER, RequestRole::Decider));
    assert_eq!((story.part().votes.len(), story.state()), (0, RequestState::InReview), "the officers no longer decide");
    story.done(OFFICER, invitation(OTHER_DECIDER, RequestRole::Decider));
    for person in [DECIDER, OTHER_DECIDER] {
        story.done(person, no_conflict());
    }
    story.done(OFFICER, invitation(DECIDER, RequestRole::Reviewer));
    story.done(DECIDER, no_conflict());
    story.done(DECIDER, vote(RequestOutcome::Approved));
    let reviewer = story.part().invited.last().expect("invited").number;
    story.done(OFFICER, Command::Uninvite { part: 1, invited: reviewer });
    assert_eq!(story.part().votes.len(), 1, "who is still a decider keeps the vote");
    assert_eq!(story.refused(OFFICER, Command::Uninvite { part: 1, invited: reviewer }), Refusal::Unknown);
    story.invalid(DECIDER, Command::DeclareInterest { part: 1, has_conflict: true, text: String::new() }, "text");
    story.done(DECIDER, Command::DeclareInterest { part: 1, has_conflict: true, text: text() });
    assert_eq!(story.part().votes.len(), 0);
    assert_eq!(story.refused(DECIDER, vote(RequestOutcome::Approved)), Refusal::Unknown, "for good");
    story.invalid(OFFICER, invitation(DECIDER, RequestRole::Reviewer), "person");
    story.done(OTHER_DECIDER, Command::DeclareInterest { part: 1, has_conflict: true, text: text() });
    // Nobody of those named can decide: the officers do, as where nobody was named.
    story.done(OFFICER, vote(RequestOutcome::Approved));
    story.done(DEPUTY, vote(RequestOutcome::Approved));
    assert_eq!(story.state(), RequestState::Approved);
}

#[test]
fn invitations_are_checked() {
    let mut story = submitted(DeskTerms::default());
    story.invalid(OFFICER, invitation(REVIEWER, RequestRole::Coordinator), "role");
    story.invalid(OFFICER, invitation(APPLICANT, RequestRole::Reviewer), "person");
    story.done(OFFICER, invitation(REVIEWER, RequestRole::Reviewer));
    story.invalid(OFFICER, invitation(REVIEWER, RequestRole::Reviewer), "person");
    let comment = || Command::Recommend { part: 1, recommendation: Recommendation::Favour, text: text() };
    story.forbidden(REVIEWER, comment(), RefusalCode::WrongState);
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.invalid(REVIEWER, comment(), "part");
    story.done(REVIEWER, no_conflict());
    story.invalid(REVIEWER, Command::Recommend { part: 1, recommendation: Recommendation::Favour, text: String::new() }, "text");
    story.done(REVIEWER, comment());
    story.forbidden(REVIEWER, vote(RequestOutcome::Approved), RefusalCode::RoleRequired);
    for number in 0..MAX_IN_ALL {
        story.done(OFFICER, invitation(500 + number, RequestRole::Reviewer));
    }
    story.invalid(OFFICER, invitation(900, RequestRole::Reviewer), "person");
}

/// Invitations that are left after the one of the test.
const MAX_IN_ALL: u128 = 49;

#[test]
fn votes_on_answers_that_were_changed_do_not_count() {
    let mut story = complete(DeskTerms { quorum: 2, ..DeskTerms::default() });
    story.done(OFFICER, vote(RequestOutcome::Approved));
    story.done(DEPUTY, Command::Return { part: 1, text: text(), questions: Vec::new() });
    story.done(APPLICANT, Command::SaveAnswers(json!({ "title": "something else" })));
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms { quorum: 2, ..DeskTerms::default() })], None));
    assert_eq!(story.part().votes.len(), 0);
}

#[test]
fn who_asks_is_never_on_the_other_side() {
    let mut story = drafted();
    story.done(APPLICANT, Command::AddPart(wish(2, "nso")));
    let desk = || DeskTerms { deciders: vec![id(DECIDER), id(APPLICANT)], quorum: 2, ..DeskTerms::default() };
    story.done(APPLICANT, Command::Submit(vec![filing(1, desk()), filing(2, desk())], None));
    assert!(story.request.parts.iter().all(|part| part.invited.len() == 1), "the applicant is not asked to decide");
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.done(DECIDER, no_conflict());
    story.done(DECIDER, vote(RequestOutcome::Approved));
    story.done(OFFICER, Command::Return { part: 2, text: text(), questions: Vec::new() });
    story.done(APPLICANT, Command::AddMember { person: Some(id(DECIDER)), who: json!({}) });
    assert_eq!(story.part().votes.len(), 0, "whoever is to use the data has no vote, not even an earlier one");
    assert!(by(DECIDER).roles(&story.request, Some(story.part())).is_empty(), "on neither side of a part in which they are not named");
    assert!(by(OFFICER).roles(&story.request, Some(story.part())).contains(&RequestRole::Decider), "somebody can decide");
    story.invalid(APPLICANT, Command::AddMember { person: Some(id(DECIDER)), who: json!({}) }, "email");
}

#[test]
fn members_named_later_have_no_part_in_what_was_submitted() {
    let mut story = drafted();
    story.done(APPLICANT, Command::AddPart(wish(2, "police")));
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default()), filing(2, DeskTerms::default())], None));
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.done(NEIGHBOUR, Command::Return { part: 2, text: text(), questions: Vec::new() });
    story.done(APPLICANT, Command::AddMember { person: Some(id(MEMBER)), who: json!({}) });
    story.done(APPLICANT, Command::Submit(vec![filing(2, DeskTerms::default())], None));
    assert_eq!((story.part().members.len(), story.request.part(2).expect("part").members.len()), (0, 1));
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, proposal(today, today.plus(30)));
    assert_eq!(story.refused(MEMBER, accept()), Refusal::Unknown);
    // Nor do they write to its holder, by whatever way.
    let message = |part| Command::Message { part, text: text() };
    assert_eq!(story.refused(MEMBER, message(Some(1))), Refusal::Unknown);
    story.invalid(MEMBER, message(None), "part");
    story.done(MEMBER, message(Some(2)));
    story.done(APPLICANT, accept());
    assert_eq!((story.state(), story.request.users_of(story.part())), (RequestState::Active, vec![id(APPLICANT)]));
}

fn standing(name: &str, effect: RuleEffect, change: impl FnOnce(&mut StandingRule)) -> StandingRule {
    let mut rule = StandingRule {
        name: name.to_owned(),
        reason: MultilingualText::default(),
        effect,
        data: None,
        levels: Vec::new(),
        needs_signed_terms: false,
        persons: Vec::new(),
        institutions: Vec::new(),
        rejection: (effect == RuleEffect::Reject).then_some(RejectionReason::Other),
        until: None,
    };
    change(&mut rule);
    rule
}

fn named(ruling: Ruling<'_>) -> String {
    match ruling {
        Ruling::Decides(rule) => format!("decides: {}", rule.name),
        Ruling::Concerns(rule) => format!("concerns: {}", rule.name),
        Ruling::Silent => "silent".to_owned(),
    }
}

#[test]
fn an_approval_is_for_everyone_who_is_to_use_the_data() {
    use crate::domain::vocabulary::AccessLevel;
    let approve = |change: fn(&mut StandingRule)| Desk { rules: vec![standing("own", RuleEffect::Approve, change)], ..Desk::default() };
    let user = |person: u128, place: &str| (id(person), vec![place.to_owned()]);
    let asked = |desk: &Desk, users: &[(Uuid, Vec<String>)], level, has_unknown| {
        let data = RequestedData::Microdata;
        named(desk.ruling(&Asked { data, level, users, has_unknown, has_signed_terms: true, today: Day(20_800) }))
    };
    let own = approve(|rule| rule.institutions = vec!["council".to_owned()]);
    let both = [user(APPLICANT, "council"), user(MEMBER, "firm")];
    assert_eq!(asked(&own, &both[..1], None, false), "decides: own");
    assert_eq!(asked(&own, &both, None, false), "silent", "a member of another institution is not waved through");
    assert_eq!(asked(&own, &both[..1], None, true), "silent", "nor one whom nobody knows yet");
    let registered = approve(|rule| rule.levels = vec![AccessLevel::Registered]);
    assert_eq!(asked(&registered, &both, Some(AccessLevel::Registered), true), "decides: own");
    for level in [None, Some(AccessLevel::Unknown), Some(AccessLevel::Open)] {
        assert_eq!(asked(&registered, &both, level, false), "silent");
    }
    let block =
        Desk { rules: vec![standing("b", RuleEffect::Reject, |rule| rule.institutions = vec!["firm".to_owned()])], ..Desk::default() };
    assert_eq!(asked(&block, &both, None, false), "concerns: b");
    let anyone = approve(|_| {});
    assert!(anyone.problems().iter().any(|problem| problem.field == "rules[0].effect"), "nothing is approved without any condition");
    let spoken = Desk { rules: vec![standing("Block: A person", RuleEffect::Reject, |_| {})], ..Desk::default() };
    assert!(spoken.problems().iter().any(|problem| problem.field == "rules[0].name"), "no name of a person goes into the log");
}

#[test]
fn a_block_list_goes_before_every_approval_and_ends() {
    let until = Day(20_800);
    let desk = Desk {
        rules: vec![
            standing("all", RuleEffect::Approve, |rule| rule.needs_signed_terms = true),
            standing("blocked", RuleEffect::Reject, |rule| (rule.persons, rule.until) = (vec![id(MEMBER)], Some(until))),
            standing("tables", RuleEffect::Approve, |rule| rule.data = Some(RequestedData::Aggregates)),
        ],
        standing: Some(StandingTerms::default()),
        ..Desk::default()
    };
    let rule = |persons: &[u128], data, has_signed_terms, today| {
        let users: Vec<(Uuid, Vec<String>)> = persons.iter().map(|person| (id(*person), Vec::new())).collect();
        named(desk.ruling(&Asked { data, level: None, users: &users, has_unknown: false, has_signed_terms, today }))
    };
    let micro = RequestedData::Microdata;
    assert_eq!(rule(&[MEMBER], micro, true, until), "decides: blocked");
    assert_eq!(rule(&[APPLICANT, MEMBER], micro, true, until), "concerns: blocked", "who asks learns nothing of somebody else");
    assert_eq!(rule(&[APPLICANT, MEMBER], micro, true, until.plus(1)), "decides: all");
    assert_eq!(rule(&[APPLICANT], micro, false, until), "silent");
    assert_eq!(rule(&[APPLICANT], RequestedData::Aggregates, false, until), "decides: tables");
    assert!(desk.blocks(&(id(MEMBER), Vec::new()), until) && !desk.blocks(&(id(MEMBER), Vec::new()), until.plus(1)));
    assert!(!desk.blocks(&(id(APPLICANT), Vec::new()), until));
    let remedies: Vec<String> = desk.problems().into_iter().map(|problem| problem.field).collect();
    assert!(remedies.iter().any(|field| field == "rules[1].reason") && !remedies.iter().any(|field| field == "rules[1].until"));
    let for_ever = Desk { rules: vec![standing("b", RuleEffect::Reject, |rule| rule.persons = vec![id(1)])], ..Desk::default() };
    assert!(for_ever.problems().iter().any(|problem| problem.field == "rules[0].until"), "nobody is blocked for ever");
}

#[test]
fn a_standing_rule_decides_visibly() {
    let filed = |outcome, accepted: Option<&str>, with_member: bool| {
        let mut story = drafted();
        if with_member {
            story.done(APPLICANT, Command::AddMember { person: Some(id(MEMBER)), who: json!({}) });
        }
        let until = story.today().plus(100);
        let filing = command::Filing {
            rule: Some(rule(outcome, until)),
            accepted_terms: accepted.map(str::to_owned),
            ..filing(1, DeskTerms::default())
        };
        story.done(APPLICANT, Command::Submit(vec![filing], None));
        assert!(story.events.iter().any(|recorded| matches!(&recorded.event, Event::RuleApplied { rule } if rule == "rule")));
        let decision = story.part().decision.clone().expect("decided");
        assert_eq!((decision.rule.as_deref(), decision.by), (Some("rule"), Vec::new()));
        story
    };
    assert_eq!(filed(RequestOutcome::Approved, Some("terms"), false).state(), RequestState::Active);
    assert_eq!(filed(RequestOutcome::Approved, Some("other"), false).state(), RequestState::AgreementPending);
    let mut with_member = filed(RequestOutcome::Approved, Some("terms"), true);
    assert_eq!(with_member.state(), RequestState::AgreementPending, "each member accepts for themselves");
    with_member.done(MEMBER, Command::Accept { part: 1, text_hash: "terms".to_owned() });
    assert_eq!(with_member.state(), RequestState::Active);
    let mut refused = filed(RequestOutcome::Rejected, None, false);
    assert_eq!(refused.state(), RequestState::Rejected);
    refused.done(APPLICANT, Command::Appeal { part: 1, text: text() });
    refused.done(OFFICER, Command::DecideAppeal { part: 1, is_upheld: true, text: text() });
    assert_eq!(refused.state(), RequestState::InReview, "a person can undo what a rule did");
}

#[test]
fn a_rule_undoes_no_return_of_an_officer() {
    let resubmitted = |outcome| {
        let mut story = submitted(DeskTerms::default());
        story.done(OFFICER, Command::Return { part: 1, text: text(), questions: Vec::new() });
        let rule = Some(rule(outcome, story.today().plus(100)));
        let filing = command::Filing { rule, accepted_terms: Some("terms".to_owned()), ..filing(1, DeskTerms::default()) };
        story.done(APPLICANT, Command::Submit(vec![filing], None));
        story.state()
    };
    assert_eq!(resubmitted(RequestOutcome::Approved), RequestState::Submitted, "the officer had doubts, and looks at the answer");
    assert_eq!(resubmitted(RequestOutcome::Rejected), RequestState::Rejected, "who is blocked stays blocked");
}

#[test]
fn what_is_internal_is_internal_to_one_holder() {
    let mut story = submitted(DeskTerms::default());
    let attach = |part, is_internal| Command::Attach { part, file: id(1), sha256: String::new(), is_internal, name: "n".to_owned() };
    story.invalid(OFFICER, attach(None, true), "part");
    story.done(OFFICER, attach(Some(1), true));
    for part in [None, Some(1)] {
        let events = story.done(APPLICANT, attach(part, true));
        assert!(matches!(events[..], [Event::Attached { is_internal: false, .. }]), "who asks has nothing to hide from themselves");
    }
}
