//! What ends by itself, what is kept how long, and what begins later.

use super::super::*;
use super::story::*;
use serde_json::json;

#[test]
fn a_draft_that_nobody_takes_up_is_withdrawn_and_erased() {
    let mut story = drafted();
    let last = story.today();
    let told = story.run_until(last.plus(400));
    let days: Vec<(i64, &Event)> = told.iter().map(|(day, event)| (day.0 - last.0, event)).collect();
    assert_eq!(days, [(181, &Event::Withdrawn), (213, &Event::Erased)], "no holder ever had it: it is kept for one month more");
}

#[test]
fn a_returned_request_that_nobody_takes_up_is_withdrawn() {
    let mut story = submitted(DeskTerms::default());
    story.done(OFFICER, Command::Return { part: 1, text: text(), questions: Vec::new() });
    let last = story.today();
    let told = story.run_until(last.plus(200));
    assert_eq!(told.iter().filter(|(_, event)| *event == Event::Withdrawn).map(|(day, _)| day.0 - last.0).collect::<Vec<_>>(), [181]);
    assert!(told.iter().any(|(_, event)| matches!(event, Event::Reminded { .. })), "and not without a reminder");
}

#[test]
fn what_asks_for_nothing_can_be_erased_and_is() {
    let mut story = drafted();
    story.done(APPLICANT, Command::RemovePart(1));
    let last = story.today();
    assert_eq!(story.clock_at(), Some(last.plus(180).end()));
    let mut other = drafted();
    other.done(APPLICANT, Command::RemovePart(1));
    assert_eq!(other.done(APPLICANT, Command::Erase), [Event::Erased]);
    assert_eq!(story.run_until(last.plus(190)).into_iter().map(|(_, event)| event).collect::<Vec<_>>(), [Event::Erased]);
}

#[test]
fn an_applicant_erases_their_own_and_the_holder_keeps_its_own() {
    let mut story = rejected();
    assert_eq!(story.done(APPLICANT, Command::Erase), [Event::OwnErased]);
    story.refused(APPLICANT, Command::Erase);
    story.refused(OFFICER, Command::Note { part: 1, text: text() });
    let last = story.today();
    let told = story.run_until(last.plus(3_000));
    assert_eq!(told.last().map(|(_, event)| event), Some(&Event::Erased), "in the end everything goes, as the form says");
}

#[test]
fn each_holder_keeps_answers_for_its_own_time() {
    let mut story = drafted();
    story.done(APPLICANT, Command::AddPart(wish(2, "police")));
    let keeps = |months: &[(&str, u32)]| months.iter().map(|(key, months)| ((*key).to_owned(), *months)).collect();
    let one = command::Filing { keeps: keeps(&[("shared", 6), ("own", 6)]), ..filing(1, DeskTerms::default()) };
    let two = command::Filing { keeps: keeps(&[("shared", 12)]), ..filing(2, DeskTerms::default()) };
    story.done(APPLICANT, Command::Submit(vec![one, two], None));
    story.done(APPLICANT, Command::Withdraw(Some(1)));
    let ended = story.today();
    story.pass(6 * 31 + 1);
    let part = story.part().clone();
    assert!(!is_kept(&part, "shared", story.now) && !is_kept(&part, "own", story.now), "the first holder has had its time");
    let other = story.request.part(2).expect("a part");
    assert!(is_kept(other, "shared", story.now));
    let told = story.tick();
    assert!(told.contains(&Event::AnswersErased { keys: vec!["own".to_owned()] }), "nobody else needs it: {told:?} since {ended:?}");
}

#[test]
fn a_use_that_begins_later_begins_on_its_day() {
    let mut story = complete(DeskTerms::default());
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, proposal(today.plus(30), today.plus(200)));
    story.done(APPLICANT, accept());
    let clock = &story.part().clock;
    assert_eq!((story.state(), clock.awaiting, clock.due), (RequestState::AgreementPending, None, None), "nobody is awaited");
    let told = story.run_until(today.plus(30));
    assert!(
        matches!(told.as_slice(), [(day, Event::Activated { .. })] if *day == today.plus(30)),
        "nobody is reminded meanwhile: {told:?}"
    );
    assert_eq!(story.state(), RequestState::Active);
    // Where the agreement beneath is suspended on that day, the use is too.
    let mut other = complete(DeskTerms::default());
    other.done(OFFICER, vote(RequestOutcome::Approved));
    other.done(OFFICER, proposal(today.plus(30), today.plus(200)));
    other.done(APPLICANT, accept());
    other.pass(30);
    other.tick_with(&[], &[1]);
    assert_eq!(other.state(), RequestState::Suspended);
}

#[test]
fn the_end_of_the_shortest_use_is_announced_too() {
    let mut story = complete(DeskTerms::default());
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, proposal(today, today.plus(5)));
    story.done(APPLICANT, accept());
    let told = story.run_until(today.plus(4));
    assert_eq!(told, [(today.plus(1), Event::EndAnnounced { days: 7 })]);
}

#[test]
fn the_holder_hears_when_nothing_is_said_of_the_destruction() {
    let mut story = active();
    let end = story.part().until.expect("an end");
    let told = story.run_until(end.plus(60));
    assert!(told.iter().any(|(_, event)| *event == Event::Escalated), "{told:?}");
}

#[test]
fn answers_that_no_question_asks_are_left_out() {
    let mut story = drafted();
    let events = story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default())], Some(json!({ "title": "b" }))));
    assert_eq!(events.first(), Some(&Event::AnswersSaved));
    let kept =
        story.events.iter().rev().find(|recorded| recorded.event == Event::AnswersSaved).and_then(|recorded| recorded.content.clone());
    assert_eq!(story.part().answers, kept, "the holder has what was left");
}
