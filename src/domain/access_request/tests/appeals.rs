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
