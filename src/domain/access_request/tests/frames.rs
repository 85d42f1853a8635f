//! What a part rests on: for whom and for what it was submitted, and who has accepted what.

use super::super::*;
use super::committees::departs;
use super::story::*;
use serde_json::json;

fn frame(on_behalf_of: Option<&str>, purpose: Option<AgreementPurpose>) -> Command {
    Command::Frame { on_behalf_of: on_behalf_of.map(slug), purpose }
}

fn activation(story: &Story) -> Command {
    Command::Activate { part: 1, agreement: id(9), from: story.today(), until: story.today().plus(100) }
}

fn returned(part: u32) -> Command {
    Command::Return { part, text: text(), questions: Vec::new() }
}

/// Asked of two holders, approved by the first, returned by the second.
fn returned_by_the_second(on_behalf_of: Option<&str>, purpose: Option<AgreementPurpose>) -> Story {
    let mut story = drafted();
    story.done(APPLICANT, frame(on_behalf_of, purpose));
    story.done(APPLICANT, Command::AddPart(wish(2, "police")));
    story.done(APPLICANT, Command::AddMember { person: Some(id(MEMBER)), who: json!({}) });
    story.done(APPLICANT, Command::Submit(vec![filing(1, DeskTerms::default()), filing(2, DeskTerms::default())], None));
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story.done(OFFICER, vote(RequestOutcome::Approved));
    story.done(NEIGHBOUR, returned(2));
    story
}

fn carrier(story: &Story, person: u128) -> Option<Slug> {
    story.request.carrier_of(story.part(), id(person))
}

#[test]
fn what_was_submitted_stays_framed_as_it_was() {
    let planning = Some(AgreementPurpose::PolicyPlanning);
    let mut story = returned_by_the_second(Some("council"), planning);
    let command = activation(&story);
    story.done(OFFICER, command);
    story.done(APPLICANT, frame(None, None));
    story.done(APPLICANT, frame(Some("firm"), None));
    let kept = Frame { on_behalf_of: Some(slug("council")), purpose: planning };
    assert_eq!(story.request.frame_of(story.part()), kept);
    assert_eq!(carrier(&story, APPLICANT), Some(slug("council")), "it still rests on the institution that signed");
    assert_eq!(story.request.frame_of(story.request.part(2).expect("a part")), kept, "nothing else was submitted yet");
    story.done(APPLICANT, Command::Submit(vec![filing(2, DeskTerms::default())], None));
    let other = Frame { on_behalf_of: Some(slug("firm")), purpose: None };
    assert_eq!(story.request.frame_of(story.request.part(2).expect("a part")), other);
    assert_eq!(story.request.frame_of(story.part()), kept);
}

#[test]
fn who_leaves_an_institution_is_told_of_where_a_part_was_asked_for_in_its_name() {
    let mut story = returned_by_the_second(Some("council"), None);
    story.done(APPLICANT, frame(Some("firm"), None));
    assert!(departs(&mut story, APPLICANT, &["firm"], false).is_empty(), "nothing was submitted in its name");
    assert_eq!(departs(&mut story, APPLICANT, &["council"], false), [Event::ApplicantLeft { institution: slug("council") }]);
}

#[test]
fn nothing_is_framed_after_it_was_judged() {
    let mut story = returned_by_the_second(None, None);
    story.done(APPLICANT, frame(Some("council"), Some(AgreementPurpose::PolicyPlanning)));
    assert_eq!(story.request.frame_of(story.part()), Frame::default(), "the holder has judged no such purpose");
}

#[test]
fn who_accepted_nothing_depends_on_the_institution_that_signed() {
    let accepted_by = |person: u128| {
        let mut story = returned_by_the_second(Some("council"), Some(AgreementPurpose::PolicyPlanning));
        let today = story.today();
        story.done(OFFICER, proposal(today, today.plus(100)));
        story.done(person, accept());
        let command = activation(&story);
        story.done(OFFICER, command);
        assert_eq!(
            story.part().undertaking.as_ref().and_then(|undertaking| undertaking.text_hash.clone()),
            None,
            "nobody is asked any more"
        );
        (carrier(&story, APPLICANT), carrier(&story, MEMBER))
    };
    let council = Some(slug("council"));
    assert_eq!(accepted_by(APPLICANT), (council.clone(), council.clone()), "the applicant asks in its name");
    assert_eq!(accepted_by(MEMBER), (council, None), "who has accepted is bound in person");
}
