//! From the undertaking to the end of use.

use super::super::*;
use super::story::*;
use crate::domain::vocabulary::RefusalCode;
use RequestState as S;
use serde_json::json;

fn renewal(until: Day) -> Command {
    Command::AskRenewal { part: 1, until, text: text(), agreement_ends: None, is_agreement_in_force: true }
}

fn renewed(is_granted: bool) -> Command {
    Command::DecideRenewal { part: 1, is_granted, until: None, text: text(), agreement_ends: None, agreement: None }
}

fn destruction() -> Command {
    Command::ConfirmDestruction { part: 1, text: text() }
}

fn close() -> Command {
    Command::Close { part: 1, text: String::new() }
}

#[test]
fn dates_are_in_order_and_within_the_agreement() {
    let mut story = complete(DeskTerms::default());
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    for (from, until) in [(today, today.plus(-1)), (today.plus(2), today.plus(1)), (today, today.plus(3_661))] {
        story.invalid(OFFICER, proposal(from, until), "until");
        story.invalid(OFFICER, Command::Activate { part: 1, agreement: id(1), from, until }, "until");
    }
    let under = |until| {
        let Command::Propose { part, proposal } = proposal(today, until) else { panic!("a proposal") };
        Command::Propose { part, proposal: command::Proposal { agreement: Some((id(9), Some(today.plus(10)))), ..proposal } }
    };
    story.invalid(OFFICER, under(today.plus(11)), "until");
    story.done(OFFICER, under(today.plus(10)));
    story.forbidden(DEPUTY, accept(), RefusalCode::RoleRequired);
    story.done(OFFICER, Command::Activate { part: 1, agreement: id(9), from: today, until: today.plus(10) });
    assert_eq!(story.state(), S::Active);
}

#[test]
fn everyone_accepts_the_text_that_is_proposed() {
    let mut story = drafted();
    story.done(APPLICANT, Command::AddMember { person: None, who: json!({}) });
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default())], None));
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, proposal(today, today.plus(365)));
    story.invalid(APPLICANT, Command::Accept { part: 1, text_hash: "another".to_owned() }, "textHash");
    story.done(APPLICANT, accept());
    story.invalid(APPLICANT, accept(), "part");
    assert_eq!(story.state(), S::AgreementPending, "a member who has not signed in yet has not accepted");
    // A new text is accepted anew.
    story.done(OFFICER, proposal(today, today.plus(200)));
    assert_eq!(story.part().undertaking.as_ref().map(|undertaking| undertaking.accepted.len()), Some(0));
    story.done(APPLICANT, accept());
    let mut late = story.clone();
    story.done(APPLICANT, Command::RemoveMember { member: 1, reason: EndReason::MembershipEnded });
    assert_eq!(story.state(), S::Active, "nobody else is awaited");
    // After the last day nothing begins any more.
    late.pass(201);
    late.done(APPLICANT, Command::RemoveMember { member: 1, reason: EndReason::MembershipEnded });
    assert_eq!(late.state(), S::AgreementPending);
    let mut slow = proposed();
    slow.pass(366);
    slow.invalid(APPLICANT, accept(), "part");
}

#[test]
fn what_never_began_is_not_renewed_and_nothing_of_it_is_destroyed() {
    let mut story = proposed();
    let until = story.part().until.expect("until");
    story.now = until.end();
    assert!(matches!(story.tick()[..], [Event::Ended { reason: EndReason::EndDate, .. }]));
    assert_eq!((story.state(), story.part().clock.awaiting), (S::Expired, Some(RequestRole::AccessOfficer)));
    // Not everyone has accepted: a renewal would put it into force without an undertaking.
    story.invalid(APPLICANT, renewal(until.plus(100)), "until");
    story.invalid(OFFICER, close(), "text");
    story.done(OFFICER, Command::Close { part: 1, text: text() });
    assert_eq!(story.state(), S::Closed);
}

#[test]
fn a_renewal_is_later_than_the_end_and_within_the_agreement() {
    let mut story = active();
    let until = story.part().until.expect("until");
    story.invalid(APPLICANT, renewal(until), "until");
    let ask = |until, agreement_ends, is_agreement_in_force| Command::AskRenewal {
        part: 1,
        until,
        text: text(),
        agreement_ends,
        is_agreement_in_force,
    };
    story.invalid(APPLICANT, ask(until.plus(9), Some(until.plus(8)), true), "until");
    story.invalid(APPLICANT, ask(until.plus(9), None, false), "until");
    story.done(APPLICANT, renewal(until.plus(100)));
    let Command::DecideRenewal { part, text, .. } = renewed(true) else { panic!("a renewal") };
    let decide =
        |ends| Command::DecideRenewal { part, is_granted: true, until: None, text: text.clone(), agreement_ends: ends, agreement: None };
    story.invalid(OFFICER, decide(Some(until)), "until");
    story.done(OFFICER, decide(None));
    assert_eq!((story.state(), story.part().until), (S::Active, Some(until.plus(100))));
    assert!(story.part().clock.warned.is_empty(), "the new end is announced anew");
}

#[test]
fn a_renewal_asked_for_in_time_survives_the_end() {
    let mut story = active();
    let until = story.part().until.expect("until");
    story.now = until.plus(-3).end();
    story.done(APPLICANT, renewal(until.plus(100)));
    story.now = until.end();
    assert!(story.tick().iter().any(|event| matches!(event, Event::Ended { reason: EndReason::EndDate, .. })));
    assert_eq!((story.state(), story.part().clock.awaiting), (S::RenewalRequested, Some(RequestRole::Decider)));
    assert_eq!(story.part().ended, Some(EndReason::EndDate), "the right of use has ended all the same");
    // What has ended is not suspended, nor revoked: resuming it would bring it back to life.
    story.forbidden(OFFICER, Command::Suspend { part: 1, text: text() }, RefusalCode::WrongState);
    story.forbidden(OFFICER, Command::Revoke { part: 1, text: text() }, RefusalCode::WrongState);
    let mut refused = story.clone();
    story.done(OFFICER, renewed(true));
    assert_eq!((story.state(), story.part().ended), (S::Active, None));
    refused.done(OFFICER, renewed(false));
    assert_eq!((refused.state(), refused.part().clock.awaiting), (S::Expired, Some(RequestRole::Applicant)));
    assert!(refused.part().clock.due.is_some(), "the time for the destruction begins");
    // Where the agreement ended there is nothing to decide on.
    let mut without = active();
    without.done(APPLICANT, renewal(until.plus(100)));
    without.tick_with(&[1], &[]);
    assert_eq!((without.state(), without.part().ended), (S::Expired, Some(EndReason::AgreementEnded)));
    // The agreement ended early; under a new one the use may begin again, for a shorter time than first granted.
    let sooner = renewal(without.today().plus(50));
    without.done(APPLICANT, sooner);
}

#[test]
fn destruction_while_a_renewal_is_open_ends_it() {
    let mut story = active();
    let until = story.part().until.expect("until");
    story.done(APPLICANT, renewal(until.plus(100)));
    story.done(APPLICANT, destruction());
    assert_eq!((story.state(), story.part().ended, story.part().renewal_until), (S::Expired, Some(EndReason::UseEnded), None));
    story.forbidden(APPLICANT, destruction(), RefusalCode::WrongState);
    assert_eq!(story.part().clock.awaiting, Some(RequestRole::AccessOfficer));
    story.done(OFFICER, close());
    assert!(matches!(story.events.last().expect("event").event, Event::Closed { is_destroyed: true }));
    // The same after the end, with the renewal still open.
    let mut after = active();
    after.now = until.end();
    after.tick();
    after.done(APPLICANT, renewal(until.plus(100)));
    after.done(APPLICANT, destruction());
    assert_eq!((after.state(), after.part().clock.awaiting), (S::Expired, Some(RequestRole::AccessOfficer)));
}

#[test]
fn closing_without_destruction_is_explained() {
    let mut story = active();
    story.done(OFFICER, Command::Revoke { part: 1, text: text() });
    story.invalid(OFFICER, Command::Close { part: 1, text: text() }, "part");
    story.pass(31);
    story.invalid(OFFICER, close(), "text");
    story.done(OFFICER, Command::Close { part: 1, text: text() });
    assert!(matches!(story.events.last().expect("event").event, Event::Closed { is_destroyed: false }));
}

#[test]
fn a_suspension_is_not_resumed_after_the_end() {
    let mut story = active();
    story.done(OFFICER, Command::Suspend { part: 1, text: text() });
    let mut late = story.clone();
    story.done(OFFICER, Command::Resume { part: 1 });
    assert_eq!(story.state(), S::Active);
    late.now = late.part().until.expect("until").end();
    late.invalid(OFFICER, Command::Resume { part: 1 }, "part");
    late.tick();
    assert_eq!(late.state(), S::Expired);
}

#[test]
fn a_suspended_agreement_suspends_once_and_an_end_goes_before() {
    let mut story = active();
    assert!(matches!(story.tick_with(&[], &[1]).as_slice(), [Event::Suspended { due: Some(_) }]));
    assert!(story.tick_with(&[], &[1]).is_empty());
    let mut ended = active();
    ended.now = ended.part().until.expect("until").end();
    ended.tick_with(&[], &[1]);
    assert_eq!(ended.state(), S::Expired);
    assert!(ended.tick_with(&[], &[1]).is_empty(), "nothing is left for a second look");
}

#[test]
fn nothing_is_kept_of_what_was_erased() {
    let mut story = rejected();
    story.done(APPLICANT, Command::Erase);
    for command in [Command::Erase, Command::Message { part: Some(1), text: text() }, Command::Appeal { part: 1, text: text() }] {
        story.forbidden(APPLICANT, command, RefusalCode::WrongState);
    }
    assert!(allowed(&story.request, &by(APPLICANT), Some(story.part()), story.today()).is_empty());
    assert!(story.clock_at().is_some(), "what the holder has written goes with its own time");
    story.run_until(story.today().plus(1_500));
    assert!(story.request.erased_at.is_some());
    assert_eq!(story.clock_at(), None);
}

#[test]
fn a_renewal_after_the_end_is_asked_for_once_and_puts_no_destruction_off() {
    let mut story = active();
    let until = story.part().until.expect("until");
    story.now = until.end();
    story.tick();
    let due = story.part().clock.due.expect("the destruction is due");
    let mut late = story.clone();
    late.now = due.end();
    late.invalid(APPLICANT, renewal(until.plus(400)), "until");
    assert!(!can_ask(&late));
    story.pass(10);
    assert!(can_ask(&story));
    story.done(APPLICANT, renewal(until.plus(400)));
    assert_eq!(story.part().destruction_due(), Some(due), "it is due while the renewal is open");
    story.pass(10);
    story.done(OFFICER, renewed(false));
    assert_eq!((story.state(), story.part().clock.due), (S::Expired, Some(due)), "and no later after it was refused");
    story.invalid(APPLICANT, renewal(until.plus(400)), "until");
    assert!(!can_ask(&story));
    // What is declared destroyed is not renewed.
    let mut destroyed = active();
    destroyed.done(APPLICANT, destruction());
    destroyed.invalid(APPLICANT, renewal(until.plus(400)), "until");
    // What was granted is renewed as before.
    let mut granted = active();
    granted.now = until.end();
    granted.tick();
    granted.done(APPLICANT, renewal(until.plus(400)));
    granted.done(OFFICER, renewed(true));
    assert_eq!((granted.part().ended, granted.part().destruction_due()), (None, None));
}

fn can_ask(story: &Story) -> bool {
    let action = crate::domain::vocabulary::RequestCommand::RequestRenewal;
    allowed(&story.request, &by(APPLICANT), Some(story.part()), story.today()).contains(&action)
}

#[test]
fn a_renewal_may_rest_on_another_agreement() {
    let mut story = complete(DeskTerms::default());
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, Command::Activate { part: 1, agreement: id(9), from: today, until: today.plus(10) });
    story.done(APPLICANT, renewal(today.plus(300)));
    let grant = Command::DecideRenewal {
        part: 1,
        is_granted: true,
        until: None,
        text: text(),
        agreement_ends: Some(today.plus(300)),
        agreement: Some(id(10)),
    };
    story.done(OFFICER, grant);
    assert_eq!(story.part().undertaking.as_ref().and_then(|undertaking| undertaking.agreement), Some(id(10)));
}

#[test]
fn a_holder_stops_what_has_not_begun() {
    let approved = |outcome| {
        let mut story = complete(DeskTerms::default());
        story.done(OFFICER, vote(outcome));
        story
    };
    let mut waiting = approved(RequestOutcome::Approved);
    let today = waiting.today();
    waiting.done(OFFICER, proposal(today.plus(30), today.plus(200)));
    waiting.done(APPLICANT, accept());
    for mut story in [approved(RequestOutcome::Approved), approved(RequestOutcome::ApprovedWithConditions), proposed(), waiting] {
        let outcome = story.part().decision.as_ref().map(|decision| decision.outcome);
        story.invalid(OFFICER, Command::Revoke { part: 1, text: String::new() }, "text");
        story.done(OFFICER, Command::Revoke { part: 1, text: text() });
        assert_eq!((story.state(), story.part().clock.awaiting), (S::Revoked, Some(RequestRole::AccessOfficer)), "nothing is destroyed");
        story.invalid(APPLICANT, destruction(), "part");
        let mut closed = story.clone();
        closed.run_until(closed.today().plus(300));
        assert_eq!((closed.state(), closed.part().began_at), (S::Closed, None), "nothing came into force");
        // An appeal that is upheld brings the approval back, and the dates are proposed anew.
        story.done(APPLICANT, Command::Appeal { part: 1, text: text() });
        story.forbidden(OFFICER, Command::DecideAppeal { part: 1, is_upheld: true, text: text() }, RefusalCode::SecondPersonRequired);
        story.done(DEPUTY, Command::DecideAppeal { part: 1, is_upheld: true, text: text() });
        let state = if outcome == Some(RequestOutcome::Approved) { S::Approved } else { S::ApprovedWithConditions };
        assert_eq!((story.state(), story.part().undertaking.clone(), story.part().ended), (state, None, None));
        let today = story.today();
        story.done(OFFICER, proposal(today, today.plus(50)));
        story.done(APPLICANT, accept());
        assert_eq!(story.state(), S::Active);
    }
}

#[test]
fn a_use_begins_neither_in_the_past_nor_in_a_far_future() {
    let mut story = complete(DeskTerms::default());
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    for from in [today.plus(-1), today.plus(1_828), Day(2_932_896)] {
        story.invalid(OFFICER, proposal(from, from.plus(30)), "from");
    }
    story.done(OFFICER, proposal(today.plus(1_827), today.plus(1_900)));
}
