//! Data pass to another holder, and what is open goes along.

use super::super::*;
use super::story::*;
use RequestState as S;

/// The holding passes from the office to the police.
fn passage(story: &Story, desk: DeskTerms) -> Passage {
    Passage { from: slug("nso"), to: slug("police"), before: story.part().holding, after: id(77), desk, absent: Vec::new() }
}

/// Records what follows from a passage.
fn pass(story: &mut Story, passage: &Passage) -> usize {
    let happenings = pass_on(&story.request, passage, story.today());
    let count = happenings.len();
    for happening in happenings {
        let number = story.request.revision + 1;
        let actor = Some(id(COORDINATOR));
        let recorded = Recorded { number, at: story.now, actor, part: happening.part, event: happening.event, content: None };
        apply(&mut story.request, &recorded).expect("it can be read");
        story.events.push(recorded);
    }
    count
}

#[test]
fn the_people_of_the_new_holder_act_and_the_promised_times_stay() {
    let of_old = DeskTerms { deciders: vec![id(DECIDER), id(OTHER_DECIDER)], quorum: 2, decision_days: 11, ..DeskTerms::default() };
    let mut story = complete(of_old);
    let due = story.part().clock.due;
    let of_new = DeskTerms { deciders: vec![id(REVIEWER)], decision_days: 90, ..DeskTerms::default() };
    let there = passage(&story, of_new);
    assert_eq!(pass(&mut story, &there), 2, "the passage, and the invitation of the new decider");
    let part = story.part().clone();
    assert_eq!((&part.institution, part.holding, part.clock.due), (&slug("police"), id(77), due));
    assert_eq!((part.desk.quorum, part.desk.decision_days), (1, 11));
    let named: Vec<Uuid> = part.invited.iter().filter(|known| known.removed_at.is_none()).map(|known| known.person).collect();
    assert_eq!((named, part.votes.len()), (vec![id(REVIEWER)], 0));
    let roles = |number: u128| by(number).roles(&story.request, Some(&part));
    assert_eq!((roles(OFFICER), roles(DECIDER)), (Vec::new(), Vec::new()));
    assert_eq!((roles(NEIGHBOUR), roles(REVIEWER)), (vec![RequestRole::AccessOfficer], vec![RequestRole::Decider]));
    assert_eq!(fold(story.request.id, &story.events).expect("a history"), story.request);
    assert_eq!(pass(&mut story, &there), 0, "it is there already");
}

#[test]
fn what_has_come_to_its_end_stays() {
    let mut refused = rejected();
    let there = passage(&refused, DeskTerms::default());
    let mut late = refused.clone();
    late.pass(31);
    assert_eq!(pass(&mut late, &there), 0, "nothing can follow any more");
    assert_eq!(pass(&mut refused, &there), 1, "an appeal can still follow");
    let mut used = active();
    assert_eq!(pass(&mut used, &there), 1);
    assert_eq!((used.state(), &used.part().institution), (S::Active, &slug("police")));
    let mut elsewhere = active();
    assert_eq!(pass(&mut elsewhere, &Passage { before: id(78), ..there }), 0);
}
