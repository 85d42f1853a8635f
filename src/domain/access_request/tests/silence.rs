//! What nobody answers comes to an end by itself, and what is kept of persons with it.

use super::super::*;
use super::story::*;
use RequestState as S;

/// What was said beside reminders, and when.
fn said(told: Vec<(Day, Event)>) -> Vec<(Day, Event)> {
    told.into_iter().filter(|(_, event)| !matches!(event, Event::Reminded { .. } | Event::Escalated)).collect()
}

fn kinds(said: &[(Day, Event)]) -> Vec<&'static str> {
    said.iter().map(|(_, event)| event.kind()).collect()
}

fn due(story: &Story) -> Day {
    story.part().clock.due.expect("a due day")
}

fn destroyed() -> Command {
    Command::ConfirmDestruction { part: 1, text: text() }
}

fn appealed() -> Story {
    let mut story = rejected();
    story.done(APPLICANT, Command::Appeal { part: 1, text: text() });
    story
}

#[test]
fn what_the_applicant_has_ended_is_closed_though_no_officer_does() {
    let mut story = active();
    story.done(APPLICANT, destroyed());
    let last = due(&story).plus(180);
    let told = said(story.run_until(last.plus(1_500)));
    assert_eq!(told.first(), Some(&(last.plus(1), Event::Closed { is_destroyed: true })), "nobody has anything left to do, or to be told");
    assert_eq!(kinds(&told[1..]), ["ANSWERS_ERASED", "ANSWERS_ERASED", "ERASED"]);
    assert_eq!((story.state(), story.clock_at()), (S::Closed, None));
}

#[test]
fn what_the_holder_never_answers_ends_once_that_was_told() {
    let approved = |outcome| {
        let mut story = complete(DeskTerms::default());
        story.done(OFFICER, vote(outcome));
        story
    };
    let reviewed = DeskTerms { deciders: vec![id(DECIDER)], ..DeskTerms::default() };
    let stories = [
        submitted(DeskTerms::default()),
        complete(DeskTerms::default()),
        complete(reviewed),
        approved(RequestOutcome::Approved),
        approved(RequestOutcome::ApprovedWithConditions),
        proposed(),
    ];
    for mut story in stories {
        let (before, due) = (story.state(), due(&story));
        let told = said(story.run_until(due.plus(2_000)));
        assert_eq!(told[..2], [(due.plus(150), Event::LapseAnnounced { on: due.plus(180) }), (due.plus(181), Event::Lapsed)], "{before:?}");
        assert_eq!((story.state(), story.part().ended), (S::Closed, Some(EndReason::Unanswered)), "{before:?}");
        assert!(story.request.erased_at.is_some() && story.clock_at().is_none(), "{before:?}: {told:?}");
    }
}

#[test]
fn an_answer_after_the_announcement_is_in_time() {
    let mut story = submitted(DeskTerms::default());
    let due = due(&story);
    story.run_until(due.plus(160));
    assert_eq!(story.part().clock.lapses_on, Some(due.plus(180)));
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    assert_eq!(story.part().clock.lapses_on, None);
    story.run_until(due.plus(200));
    assert_eq!(story.state(), S::Complete, "the decision has its own time");
}

#[test]
fn a_clock_that_stood_still_leaves_those_who_are_awaited_their_time() {
    let mut story = submitted(DeskTerms::default());
    story.now = due(&story).plus(1_000).end();
    let on = story.today().plus(30);
    assert!(story.tick().contains(&Event::LapseAnnounced { on }));
    assert_eq!(story.state(), S::Submitted);
    story.run_until(on.plus(-1));
    assert_eq!(story.state(), S::Submitted, "until the end of the day that was told");
    story.run_until(on);
    assert_eq!(story.state(), S::Closed);
}

#[test]
fn what_is_to_be_destroyed_is_closed_after_its_day_and_not_without_a_word() {
    let revoked = || {
        let mut story = active();
        story.done(OFFICER, Command::Revoke { part: 1, text: text() });
        story
    };
    let expired = || {
        let mut story = active();
        story.now = story.part().until.expect("until").end();
        story.tick();
        story
    };
    for mut story in [expired(), revoked()] {
        let due = due(&story);
        let told = said(story.run_until(due.plus(181)));
        let wanted = [(due.plus(150), Event::LapseAnnounced { on: due.plus(180) }), (due.plus(181), Event::Closed { is_destroyed: false })];
        assert_eq!(told[..2], wanted);
    }
    // Where nothing ever began there is nothing to be told.
    let mut unused = proposed();
    unused.now = unused.part().until.expect("until").end();
    unused.tick();
    let told = said(unused.run_until(due(&unused).plus(181)));
    assert_eq!(told.first().map(|(_, event)| event), Some(&Event::Closed { is_destroyed: false }));
}

#[test]
fn a_renewal_or_an_appeal_that_nobody_answers_leaves_things_as_they_were() {
    let mut renewal = active();
    let until = renewal.part().until.expect("until");
    let ask = |story: &Story| Command::AskRenewal {
        part: 1,
        until: story.today().plus(900),
        text: text(),
        agreement_ends: None,
        is_agreement_in_force: true,
    };
    let early = ask(&renewal);
    renewal.done(APPLICANT, early);
    let mut late = active();
    late.now = until.plus(-1).end();
    let wanted = ask(&late);
    late.done(APPLICANT, wanted);
    let told = renewal.run_until(due(&renewal).plus(181));
    assert!(told.iter().any(|(_, event)| *event == Event::Lapsed));
    assert_eq!((renewal.state(), renewal.part().ended), (S::Active, None), "the use goes on to its end");
    late.run_until(until);
    let destruction = late.part().destruction_due();
    late.run_until(due(&late).plus(181));
    assert_eq!((late.state(), late.part().clock.due), (S::Expired, destruction), "the destruction is due as it was");

    let mut appeal = appealed();
    appeal.run_until(due(&appeal).plus(181));
    assert_eq!(appeal.state(), S::Rejected);
    appeal.run_until(appeal.today().plus(1_000));
    assert!(appeal.request.erased_at.is_some());
}

#[test]
fn an_applicant_erases_their_own_once_the_data_are_destroyed() {
    let mut story = active();
    story.forbidden(APPLICANT, Command::Erase, crate::domain::vocabulary::RefusalCode::WrongState);
    story.now = story.part().until.expect("until").end();
    story.tick();
    story.invalid(APPLICANT, Command::Erase, "part");
    let can_erase = |story: &Story| {
        allowed(&story.request, &by(APPLICANT), None, story.today()).contains(&crate::domain::vocabulary::RequestCommand::Erase)
    };
    assert!(!can_erase(&story));
    story.done(APPLICANT, destroyed());
    assert!(can_erase(&story));
    assert_eq!(story.done(APPLICANT, Command::Erase), [Event::OwnErased]);
    // The holder still closes it, or the clock does.
    let mut silent = story.clone();
    story.done(OFFICER, Command::Close { part: 1, text: String::new() });
    assert_eq!(story.state(), S::Closed);
    silent.run_until(silent.today().plus(2_000));
    assert!(silent.state() == S::Closed && silent.request.erased_at.is_some());
}
