//! Appeals: one, in time, decided by another person.

use super::super::*;
use super::story::*;
use crate::domain::vocabulary::RefusalCode;
use RequestState as S;

fn appeal() -> Command {
    Command::Appeal { part: 1, text: text() }
}

fn upheld(is_upheld: bool) -> Command {
    Command::DecideAppeal { part: 1, is_upheld, text: text() }
}

#[test]
fn an_appeal_comes_in_time_and_only_once() {
    let mut story = rejected();
    let until = story.part().decision.as_ref().and_then(|decision| decision.appeal_until).expect("appeal");
    assert_eq!(until, story.today().plus(30));
    let mut late = story.clone();
    late.now = until.end();
    late.invalid(APPLICANT, appeal(), "part");
    story.now = until.end() - 1;
    story.done(APPLICANT, appeal());
    story.done(DEPUTY, upheld(false));
    assert_eq!((story.state(), story.part().clock.awaiting), (S::Rejected, None));
    story.invalid(APPLICANT, appeal(), "part");
    let mut none = complete(DeskTerms { appeal_days: 0, ..DeskTerms::default() });
    none.done(OFFICER, vote(RequestOutcome::Rejected));
    none.invalid(APPLICANT, appeal(), "part");
}

#[test]
fn another_person_decides_on_an_appeal() {
    let mut story = rejected();
    story.done(APPLICANT, appeal());
    story.forbidden(OFFICER, upheld(true), RefusalCode::SecondPersonRequired);
    story.invalid(DEPUTY, Command::DecideAppeal { part: 1, is_upheld: true, text: String::new() }, "text");
    story.done(DEPUTY, upheld(true));
    assert_eq!((story.state(), story.part().clock.awaiting), (S::InReview, Some(RequestRole::Decider)));
    story.done(DEPUTY, vote(RequestOutcome::Rejected));
    assert_eq!(story.part().decision.as_ref().and_then(|decision| decision.appeal_until), None, "there is no second appeal");
}

#[test]
fn who_revoked_does_not_decide_on_the_revocation() {
    let mut story = active();
    story.done(DEPUTY, Command::Revoke { part: 1, text: text() });
    story.done(APPLICANT, appeal());
    story.forbidden(DEPUTY, upheld(true), RefusalCode::SecondPersonRequired);
    story.done(OFFICER, upheld(true));
    assert_eq!((story.state(), story.part().ended), (S::Active, None));
}

#[test]
fn what_ended_meanwhile_does_not_come_back() {
    let mut story = active();
    let until = story.part().until.expect("until");
    story.now = until.end() - 1;
    story.done(DEPUTY, Command::Revoke { part: 1, text: text() });
    story.done(APPLICANT, appeal());
    story.now = until.end();
    story.done(OFFICER, upheld(true));
    assert_eq!((story.state(), story.part().ended), (S::Expired, Some(EndReason::EndDate)));
}

#[test]
fn a_withdrawn_appeal_leaves_what_was_decided() {
    let mut story = rejected();
    story.done(APPLICANT, appeal());
    story.done(APPLICANT, Command::Withdraw(Some(1)));
    assert_eq!(story.state(), S::Rejected);
    story.invalid(APPLICANT, appeal(), "part");

    let mut revoked = active();
    revoked.done(DEPUTY, Command::Revoke { part: 1, text: text() });
    revoked.done(APPLICANT, appeal());
    revoked.done(APPLICANT, Command::Withdraw(None));
    assert_eq!((revoked.state(), revoked.part().clock.awaiting), (S::Revoked, Some(RequestRole::Applicant)));
    assert!(revoked.part().clock.due.is_some(), "the destruction is awaited again");
    let mut destroyed = active();
    destroyed.done(DEPUTY, Command::Revoke { part: 1, text: text() });
    destroyed.done(APPLICANT, Command::ConfirmDestruction { part: 1, text: text() });
    destroyed.done(APPLICANT, appeal());
    destroyed.done(OFFICER, upheld(false));
    assert_eq!(destroyed.part().clock.awaiting, Some(RequestRole::AccessOfficer), "what is destroyed is not asked for again");
}

#[test]
fn answers_are_kept_as_long_as_an_appeal_may_come() {
    let mut story = rejected();
    let until = story.part().decision.as_ref().and_then(|decision| decision.appeal_until).expect("appeal");
    let erased = story.run_until(until.plus(-1));
    assert!(erased.is_empty(), "{erased:?}");
    let erased = story.run_until(until);
    assert!(matches!(&erased[..], [(_, Event::AnswersErased { keys })] if *keys == ["phone"]), "{erased:?}");
}

#[test]
fn who_was_overruled_decides_no_more() {
    let mut story = rejected();
    story.done(APPLICANT, appeal());
    story.done(DEPUTY, upheld(true));
    let can_decide = |story: &Story, person| {
        let action = crate::domain::vocabulary::RequestCommand::Decide;
        allowed(&story.request, &by(person), Some(story.part()), story.today()).contains(&action)
    };
    assert!(!can_decide(&story, OFFICER) && can_decide(&story, DEPUTY));
    story.forbidden(OFFICER, vote(RequestOutcome::Rejected), RefusalCode::SecondPersonRequired);
    // Neither does a return open a way round.
    story.done(OFFICER, Command::Return { part: 1, text: text(), questions: Vec::new() });
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default())], None));
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.forbidden(OFFICER, vote(RequestOutcome::Rejected), RefusalCode::SecondPersonRequired);
    story.done(DEPUTY, vote(RequestOutcome::Approved));
    assert_eq!(story.state(), S::Approved);
}

#[test]
fn officers_hear_where_nobody_is_left_to_look_again() {
    let mut story = rejected();
    story.calendars.officers.insert(slug("nso"), vec![id(OFFICER)]);
    assert!(story.done(APPLICANT, appeal()).contains(&Event::Deadlocked), "the only officer has decided");
    story.done(OFFICER, invitation(DECIDER, RequestRole::Decider));
    story.done(DECIDER, no_conflict());
    story.done(DECIDER, upheld(true));
    assert_eq!(story.state(), S::InReview);
    story.done(DECIDER, vote(RequestOutcome::Approved));
    assert_eq!(story.state(), S::Approved);
}

#[test]
fn each_revocation_can_be_appealed() {
    let mut story = active();
    for _ in 0..2 {
        story.done(OFFICER, Command::Revoke { part: 1, text: text() });
        story.done(APPLICANT, appeal());
        story.forbidden(OFFICER, upheld(false), RefusalCode::SecondPersonRequired);
        story.done(DEPUTY, upheld(true));
        assert_eq!(story.state(), S::Active);
    }
    story.done(OFFICER, Command::Revoke { part: 1, text: text() });
    story.done(APPLICANT, appeal());
    story.done(DEPUTY, upheld(false));
    story.invalid(APPLICANT, appeal(), "part");
    // Also where an appeal against the refusal was upheld before.
    let mut other = rejected();
    other.done(APPLICANT, appeal());
    other.done(DEPUTY, upheld(true));
    other.done(DEPUTY, vote(RequestOutcome::Approved));
    other.done(OFFICER, Command::Revoke { part: 1, text: text() });
    other.done(APPLICANT, appeal());
}
