//! What due dates bring about, and when.

use super::super::*;
use super::story::*;
use RequestState as S;

fn reminders(events: &[(Day, Event)]) -> usize {
    events.iter().filter(|(_, event)| matches!(event, Event::Reminded { .. })).count()
}

#[test]
fn the_holder_is_reminded_before_the_due_day_and_the_deputies_are_told_after_it() {
    let mut story = complete(DeskTerms::default());
    let due = story.part().clock.due.expect("due");
    let first = story.calendars.others.after(story.today(), 25);
    let events = story.run_until(due.plus(60));
    assert_eq!(
        events[..2],
        [(first, Event::Reminded { count: 1 }), (due, Event::Reminded { count: 2 })],
        "five working days before, and on it"
    );
    let escalated: Vec<Day> = events.iter().filter(|(_, event)| *event == Event::Escalated).map(|(day, _)| *day).collect();
    assert_eq!(escalated, [story.calendars.others.after(due, 5).plus(1)], "once");
    assert!(reminders(&events) <= 12);
}

#[test]
fn deputies_are_called_in_by_the_escalation_and_act_for_the_holder() {
    let deputies = vec![id(STRANGER), id(MEMBER), id(STRANGER), id(APPLICANT)];
    let mut story = drafted();
    story.done(APPLICANT, Command::AddMember { person: Some(id(MEMBER)), who: serde_json::json!({}) });
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms { deputies, ..DeskTerms::default() })], None));
    let confirm = || Command::ConfirmComplete { part: 1 };
    assert_eq!(story.refused(STRANGER, confirm()), Refusal::Unknown, "not before");
    story.run_until(story.today().plus(40));
    let called: Vec<Uuid> = story.part().invited.iter().map(|invited| invited.person).collect();
    assert_eq!(called, [id(STRANGER)], "once, and nobody who asks for the data");
    story.done(STRANGER, confirm());
    story.run_until(story.today().plus(90));
    assert_eq!(story.part().invited.len(), 1, "a second escalation finds them there");
    story.done(STRANGER, vote(RequestOutcome::Approved));
    assert_eq!(story.state(), S::Approved);
}

#[test]
fn whoever_never_answers_is_reminded_twelve_times() {
    let mut story = submitted(DeskTerms::default());
    story.done(OFFICER, Command::Return { part: 1, text: text(), questions: Vec::new() });
    let until = story.today().plus(2_000);
    assert_eq!(reminders(&story.run_until(until)), 12);
    assert_eq!(story.clock_at(), None);
}

#[test]
fn the_end_is_announced_at_the_notice_and_at_thirty_and_seven_days() {
    let mut story = active();
    let until = story.part().until.expect("until");
    let events = story.run_until(until.plus(-1));
    let told: Vec<(Day, u16)> = events
        .iter()
        .filter_map(|(day, event)| if let Event::EndAnnounced { days } = event { Some((*day, *days)) } else { None })
        .collect();
    assert_eq!(told, [(until.plus(-60), 60), (until.plus(-30), 30), (until.plus(-7), 7)]);
    let ended = story.run_until(until);
    assert!(matches!(ended[..], [(_, Event::Ended { reason: EndReason::EndDate, .. })]));
    assert_eq!((story.state(), story.part().clock.due), (S::Expired, Some(until.plus(31))));
    // A use that is shorter than the notice is not announced at its beginning.
    let mut short = complete(DeskTerms::default());
    short.done(OFFICER, vote(RequestOutcome::Approved));
    let today = short.today();
    short.done(OFFICER, proposal(today, today.plus(20)));
    short.done(APPLICANT, accept());
    let events = short.run_until(today.plus(19));
    assert_eq!(events, [(today.plus(13), Event::EndAnnounced { days: 7 })]);
}

#[test]
fn a_clock_that_stood_still_says_only_what_still_matters() {
    let mut story = active();
    let until = story.part().until.expect("until");
    story.now = until.plus(-5).end();
    assert_eq!(story.tick(), [Event::EndAnnounced { days: 7 }], "of three announcements that were missed the last");
    assert!(story.tick().is_empty());
    story.now = until.plus(500).end();
    assert!(matches!(story.tick()[..], [Event::Ended { .. }]));
    assert!(story.tick().is_empty());
    assert!(story.clock_at().is_some_and(|at| at > story.now));
    assert!(story.part().clock.due.is_some_and(|due| due > story.today()), "the time for the destruction begins when it is told");
}

#[test]
fn answers_go_first_and_then_everything() {
    let mut story = rejected();
    let events = story.run_until(story.today().plus(1_000));
    let kinds: Vec<&str> = events.iter().map(|(_, event)| event.kind()).collect();
    assert_eq!(kinds, ["ANSWERS_ERASED", "ANSWERS_ERASED", "ERASED"]);
    assert_eq!((story.request.erased_answers.len(), story.clock_at()), (2, None));
}

#[test]
fn days_that_are_not_worked_do_not_count_for_the_holder() {
    let mut story = drafted();
    story.done(APPLICANT, Command::AddPart(wish(2, "police")));
    story.calendars.of_holders.insert(slug("police"), Calendar { rest_days: vec![5, 6], ..Calendar::default() });
    let desk = || DeskTerms { completeness_days: 1, ..DeskTerms::default() };
    story.done(APPLICANT, Command::Submit(vec![filing(1, desk()), filing(2, desk())], None));
    let due: Vec<Option<Day>> = story.request.parts.iter().map(|part| part.clock.due).collect();
    // It is a Friday. The first holder rests on Saturday and Sunday, the second on Friday and Saturday.
    assert_eq!(due, [Some(story.today().plus(3)), Some(story.today().plus(2))]);
}
