//! A history that was damaged is named, never read on.

use super::super::*;
use super::story::*;

/// A part in use, after an appeal, with a member and an invited person.
fn told() -> Story {
    let mut story = drafted();
    story.done(APPLICANT, Command::AddMember { person: id(MEMBER).into(), who: serde_json::json!({}) });
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default())], None));
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.done(OFFICER, vote(crate::domain::vocabulary::RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, proposal(today, today.plus(100)));
    story.done(APPLICANT, accept());
    story
}

fn damage_of(story: &Story, harm: impl Fn(&mut Vec<Recorded>)) -> Damage {
    let mut events = story.events.clone();
    harm(&mut events);
    fold(story.request.id, &events).expect_err("read on")
}

#[test]
fn an_event_that_is_missing_anywhere_is_named() {
    let story = told();
    for gone in 0..story.events.len() - 1 {
        let damage = damage_of(&story, |events| drop(events.remove(gone)));
        assert_eq!(damage.number, story.events[gone + 1].number, "{damage}");
    }
}

#[test]
fn events_that_do_not_say_who_or_where_are_named() {
    let story = told();
    for (place, recorded) in story.events.iter().enumerate() {
        if matches!(recorded.event, Event::Created | Event::Voted { .. }) {
            let damage = damage_of(&story, |events| events[place].actor = None);
            assert_eq!((damage.number, damage.kind), (recorded.number, recorded.event.kind()), "{damage}");
        }
        if recorded.part.is_some() {
            for part in [None, Some(9)] {
                let harmed = |events: &mut Vec<Recorded>| events[place].part = part;
                // A part that is added under another number is missed by the next event that names it.
                let wanted = match (&recorded.event, part) {
                    (Event::PartAdded { .. }, Some(_)) => story.events.iter().skip(place + 1).find(|event| event.part.is_some()),
                    _ => Some(recorded),
                };
                assert_eq!(Some(damage_of(&story, harmed).number), wanted.map(|event| event.number));
            }
        }
    }
}

#[test]
fn what_was_never_begun_cannot_go_on() {
    let story = told();
    let with = |event: Event, part: Option<u32>| {
        damage_of(&story, |events| {
            let last = events.last().expect("events").clone();
            events.push(Recorded { number: last.number + 1, event: event.clone(), part, ..last });
        })
    };
    let due = Some(story.today());
    for event in [Event::AppealDecided { is_upheld: true, due, overruled: Vec::new() }, Event::Uninvited { invited: 7 }, Event::Created] {
        assert_eq!(with(event.clone(), Some(1)).kind, event.kind());
    }
    for event in [Event::MemberKnown { member: 7, person: id(MEMBER) }, Event::MemberRemoved { member: 7, reason: EndReason::EndDate }] {
        assert_eq!(with(event.clone(), None).kind, event.kind());
    }
}
