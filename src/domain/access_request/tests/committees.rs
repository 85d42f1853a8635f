//! Several deciders: who can still vote, what they agree on, and when they no longer can.

use super::super::*;
use super::story::*;
use crate::domain::vocabulary::RefusalCode;
use serde_json::json;

fn committee(deciders: &[u128], quorum: u32) -> DeskTerms {
    DeskTerms { deciders: deciders.iter().map(|person| id(*person)).collect(), quorum, ..DeskTerms::default() }
}

const THREE: [u128; 3] = [DECIDER, OTHER_DECIDER, REVIEWER];

fn tally(story: &Story) -> (usize, usize, Option<usize>, bool) {
    let tally = story.request.tally(story.part(), story.calendars.officers_of(story.part()));
    (tally.in_favour, tally.against, tally.open, tally.can_decide())
}

fn in_review(desk: DeskTerms) -> Story {
    let mut story = complete(desk);
    for person in THREE {
        if story.part().invited.iter().any(|known| known.person == id(person)) {
            story.done(person, no_conflict());
        }
    }
    story
}

fn is_deadlock(events: &[Event]) -> bool {
    events.contains(&Event::Deadlocked)
}

#[test]
fn who_was_named_at_submission_begins_with_the_review() {
    assert_eq!(in_review(committee(&THREE, 2)).state(), RequestState::InReview);
    assert_eq!(complete(DeskTerms::default()).state(), RequestState::Complete, "nobody is named: any officer decides");
}

#[test]
fn a_split_committee_is_told_to_the_holder_once() {
    let mut story = in_review(committee(&THREE, 2));
    assert_eq!(tally(&story), (0, 0, Some(3), true));
    story.done(DECIDER, vote(RequestOutcome::Approved));
    assert!(!is_deadlock(&story.done(OTHER_DECIDER, vote(RequestOutcome::Rejected))));
    assert_eq!(tally(&story), (1, 1, Some(1), true));
    let conflict = Command::DeclareInterest { part: 1, has_conflict: true, text: text() };
    assert!(is_deadlock(&story.done(REVIEWER, conflict)));
    assert_eq!(tally(&story), (1, 1, Some(0), false));
    assert!(!is_deadlock(&story.done(OFFICER, Command::Note { part: 1, text: text() })), "said once");
    story.done(OFFICER, invitation(DEPUTY, RequestRole::Decider));
    assert_eq!(tally(&story), (1, 1, Some(1), true));
    story.done(DEPUTY, no_conflict());
    story.done(DEPUTY, vote(RequestOutcome::Approved));
    assert_eq!(story.state(), RequestState::Approved);
}

#[test]
fn an_applicant_who_names_deciders_as_members_is_seen_through() {
    let mut story = drafted();
    story.done(APPLICANT, Command::AddMember { person: Some(id(DECIDER)), who: json!({}) });
    story.done(APPLICANT, Command::Submit(vec![filing(1, committee(&[DECIDER, OTHER_DECIDER], 2))], None));
    let events = story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    assert!(is_deadlock(&events), "two must agree and one can: {events:?}");
    assert_eq!(tally(&story), (0, 0, Some(1), false));
}

#[test]
fn as_many_agree_on_a_renewal_as_on_the_decision() {
    let mut story = in_review(committee(&THREE, 2));
    story.done(DECIDER, vote(RequestOutcome::Approved));
    story.done(OTHER_DECIDER, vote(RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, proposal(today, today.plus(100)));
    story.done(APPLICANT, accept());
    let until = today.plus(300);
    story.done(APPLICANT, Command::AskRenewal { part: 1, until, text: text(), agreement_ends: None, is_agreement_in_force: true });
    let say =
        |is_granted, until| Command::DecideRenewal { part: 1, is_granted, until, text: text(), agreement_ends: None, agreement: None };
    story.done(DECIDER, say(true, None));
    assert_eq!((story.state(), tally(&story)), (RequestState::RenewalRequested, (1, 0, Some(2), true)));
    story.done(OTHER_DECIDER, say(false, None));
    // Who votes again changes their vote.
    story.done(OTHER_DECIDER, say(true, Some(today.plus(200))));
    assert_eq!((story.state(), story.part().until), (RequestState::Active, Some(today.plus(200))), "the shortest that they agree on");
}

#[test]
fn deciders_can_be_named_while_a_renewal_is_open() {
    let mut story = active();
    let until = story.today().plus(400);
    story.done(APPLICANT, Command::AskRenewal { part: 1, until, text: text(), agreement_ends: None, is_agreement_in_force: true });
    story.done(OFFICER, invitation(DECIDER, RequestRole::Decider));
    story.done(DECIDER, no_conflict());
    story.done(OFFICER, Command::Uninvite { part: 1, invited: 1 });
    let refused = Command::DecideRenewal { part: 1, is_granted: false, until: None, text: text(), agreement_ends: None, agreement: None };
    story.done(OFFICER, refused);
    assert_eq!(story.state(), RequestState::Active);
}

#[test]
fn as_many_others_agree_on_an_appeal() {
    let desk = committee(&[DECIDER, OTHER_DECIDER, REVIEWER, DEPUTY], 2);
    let mut story = in_review(desk);
    story.done(DEPUTY, no_conflict());
    story.done(DECIDER, vote(RequestOutcome::Rejected));
    story.done(OTHER_DECIDER, vote(RequestOutcome::Rejected));
    story.done(APPLICANT, Command::Appeal { part: 1, text: text() });
    let say = |is_upheld| Command::DecideAppeal { part: 1, is_upheld, text: text() };
    story.forbidden(DECIDER, say(true), RefusalCode::SecondPersonRequired);
    assert_eq!(tally(&story), (0, 0, Some(2), true));
    story.done(REVIEWER, say(true));
    assert_eq!(story.state(), RequestState::Appealed);
    assert!(is_deadlock(&story.done(DEPUTY, say(false))), "one for it, one against, nobody else");
    story.done(DEPUTY, say(true));
    assert_eq!((story.state(), story.part().decision.clone()), (RequestState::InReview, None), "undecided again");
}

#[test]
fn nobody_decides_on_a_renewal_before_declaring() {
    let mut story = active();
    let until = story.today().plus(400);
    story.done(APPLICANT, Command::AskRenewal { part: 1, until, text: text(), agreement_ends: None, is_agreement_in_force: true });
    story.done(OFFICER, invitation(DECIDER, RequestRole::Decider));
    let granted = || Command::DecideRenewal { part: 1, is_granted: true, until: None, text: text(), agreement_ends: None, agreement: None };
    story.invalid(DECIDER, granted(), "part");
    story.done(DECIDER, no_conflict());
    story.done(DECIDER, granted());
    assert_eq!(story.state(), RequestState::Active);
}

#[test]
fn officers_who_are_fewer_than_the_quorum_are_told() {
    let with_officers = |officers: &[u128]| {
        let mut story = in_review(committee(&[DECIDER, OTHER_DECIDER], 2));
        story.calendars.officers.insert(slug("nso"), officers.iter().map(|person| id(*person)).collect());
        let conflict = Command::DeclareInterest { part: 1, has_conflict: true, text: text() };
        assert!(is_deadlock(&story.done(DECIDER, conflict.clone())), "one is left of two who must agree");
        story.done(OTHER_DECIDER, conflict);
        story
    };
    let mut alone = with_officers(&[OFFICER]);
    assert_eq!(tally(&alone), (0, 0, Some(1), false), "one officer cannot agree with another");
    alone.done(OFFICER, vote(RequestOutcome::Approved));
    assert_eq!((alone.state(), tally(&alone)), (RequestState::InReview, (1, 0, Some(0), false)));
    // Somebody is named, as the officers were told.
    for person in [REVIEWER, STRANGER] {
        alone.done(OFFICER, invitation(person, RequestRole::Decider));
        alone.done(person, no_conflict());
    }
    for person in [REVIEWER, STRANGER] {
        alone.done(person, vote(RequestOutcome::Approved));
    }
    assert_eq!(alone.state(), RequestState::Approved);
    let mut both = with_officers(&[OFFICER, DEPUTY]);
    assert_eq!(tally(&both), (0, 0, Some(2), true));
    both.done(OFFICER, vote(RequestOutcome::Approved));
    both.done(DEPUTY, vote(RequestOutcome::Approved));
    assert_eq!(both.state(), RequestState::Approved);
}

#[test]
fn a_committee_without_anyone_left_is_told_where_the_officers_are_too_few() {
    let mut story = in_review(committee(&[DECIDER, OTHER_DECIDER], 2));
    story.calendars.officers.insert(slug("nso"), vec![id(OFFICER)]);
    let gone = |invited| Command::Uninvite { part: 1, invited };
    assert!(is_deadlock(&story.done(OFFICER, gone(1))));
    assert!(!is_deadlock(&story.done(OFFICER, gone(2))), "said once");
    assert!(!story.request.tally(story.part(), story.calendars.officers_of(story.part())).can_decide());
}

/// What follows when somebody loses the last role in institutions, or the account; recorded as the clock records it.
pub(super) fn departs(story: &mut Story, person: u128, left: &[&str], is_disabled: bool) -> Vec<Event> {
    let left = left.iter().map(|holder| slug(holder)).collect();
    let departure = Departure { person: id(person), who: json!({ "text": "function" }), left, is_disabled };
    let happenings = depart(&story.request, &departure, &Moment { now: story.now, calendars: &story.calendars }).expect("it can be read");
    let events = happenings.iter().map(|happening| happening.event.clone()).collect();
    for happening in happenings {
        let number = story.request.revision + 1;
        let recorded = Recorded { number, at: story.now, actor: None, part: happening.part, event: happening.event, content: None };
        apply(&mut story.request, &recorded).expect("it can be read");
        story.events.push(recorded);
    }
    events
}

#[test]
fn who_leaves_the_holder_has_no_vote_and_is_not_waited_for() {
    let mut story = in_review(committee(&THREE, 2));
    story.done(DECIDER, vote(RequestOutcome::Approved));
    assert!(departs(&mut story, DECIDER, &["police"], false).is_empty(), "another institution");
    assert_eq!(departs(&mut story, DECIDER, &["police", "nso"], false), [Event::HolderLeft { person: id(DECIDER) }]);
    assert_eq!((tally(&story), story.part().desk.deciders.len()), ((0, 0, Some(2), true), 2));
    assert!(by(DECIDER).roles(&story.request, Some(story.part())).is_empty());
    let second = departs(&mut story, OTHER_DECIDER, &[], true);
    assert_eq!(second, [Event::HolderLeft { person: id(OTHER_DECIDER) }, Event::Deadlocked]);
    assert!(departs(&mut story, OTHER_DECIDER, &["nso"], true).is_empty(), "once");
    departs(&mut story, REVIEWER, &["nso"], false);
    assert_eq!(tally(&story).2, None, "nobody is named any more: the officers decide");
    assert_eq!(fold(story.request.id, &story.events).as_ref(), Ok(&story.request));
}

#[test]
fn an_outsider_leaves_with_the_account_only() {
    let desk = DeskTerms { outsiders: vec![id(DECIDER)], ..committee(&[DECIDER], 1) };
    let mut story = in_review(desk);
    assert!(departs(&mut story, DECIDER, &["nso"], false).is_empty());
    assert_eq!(departs(&mut story, DECIDER, &[], true), [Event::HolderLeft { person: id(DECIDER) }]);
}

#[test]
fn who_asks_in_the_name_of_an_institution_and_leaves_it_is_told_of() {
    let mut story = drafted();
    story.done(APPLICANT, Command::Frame { on_behalf_of: Some(slug("council")), purpose: None });
    assert!(departs(&mut story, APPLICANT, &["council"], false).is_empty(), "a draft is nobody's business");
    story.done(APPLICANT, Command::Submit(vec![super::story::filing(1, DeskTerms::default())], None));
    assert!(departs(&mut story, APPLICANT, &["nso"], false).is_empty());
    assert_eq!(departs(&mut story, APPLICANT, &["council"], false), [Event::ApplicantLeft { institution: slug("council") }]);
    story.done(APPLICANT, Command::Withdraw(None));
    assert!(departs(&mut story, APPLICANT, &["council"], false).is_empty(), "over");
}
