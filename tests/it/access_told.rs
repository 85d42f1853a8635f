//! Notices on access requests: who is told what, from whom, and a day only for whoever is awaited.

use serde_json::{Value, json};

use crate::access_requests::cast::{Cast, NSO, POLICE, Request, answers, day, email, part};
use crate::harness::BACKENDS;
use crate::outgoing::wait_for;
use crate::people::ask_as;

const NOTICES: &str = "{ viewer { notifications(first: 100) { nodes { kind text title from about until untilKind url } } } }";

/// Everything that somebody was told so far.
fn all(cast: &Cast, name: &str) -> Vec<Value> {
    ask_as(&cast.server, cast.who(name), NOTICES, Value::Null)["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone()
}

fn of_kind(cast: &Cast, name: &str, kind: &str) -> Vec<Value> {
    all(cast, name).into_iter().filter(|notice| notice["kind"] == kind).collect()
}

/// The one notice of a kind, once it is there.
fn told(cast: &Cast, name: &str, kind: &str) -> Value {
    let what = format!("{kind} for {name}");
    let found = wait_for(&what, 20, || Some(of_kind(cast, name, kind)).filter(|found| !found.is_empty()));
    assert_eq!(found.len(), 1, "{what}: {found:?}");
    found[0].clone()
}

/// The day and what it is.
fn until(notice: &Value) -> (Option<&str>, Option<&str>) {
    (notice["until"].as_str(), notice["untilKind"].as_str())
}

/// A request with a member, submitted.
fn submitted_with(cast: &Cast, holders: &[&str], member: &str) -> Request {
    let request = cast.begin("researcher", holders, json!({}));
    cast.step("researcher", &request, "answer", json!({ "answers": answers() }));
    cast.step("researcher", &request, "member-add", json!({ "name": "A Colleague", "email": email(member) }));
    cast.step("researcher", &request, "submit", json!({}));
    request
}

fn propose(cast: &Cast, request: &Request, last: &str) -> Value {
    cast.step("officer", request, "propose", json!({ "part": 1, "text": "I use the data for the project only.", "until": last }));
    let proposed = part(&cast.look("researcher", &request.id), 1)["undertaking"]["textHash"].clone();
    json!({ "part": 1, "textHash": proposed })
}

#[test]
fn a_day_is_for_whoever_is_awaited_and_says_what_it_is() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
        // Written when the request is complete already, and still with the day of the check.
        let submitted = told(&cast, "officer", "ACCESS_SUBMITTED");
        let asked = told(&cast, "decider", "ACCESS_OPINION_DUE");
        assert_eq!((submitted["untilKind"].as_str(), asked["untilKind"].as_str()), (Some("ANSWER"), Some("ANSWER")));
        assert!(submitted["until"].as_str() < asked["until"].as_str(), "{submitted} {asked}");
        assert_eq!(submitted["from"], "Function of researcher");
        assert_eq!(until(&told(&cast, "researcher", "ACCESS_COMPLETED")), (None, None), "the holder answers, not the applicant");
        // Who advises is told when it can be done, and until when.
        assert_eq!(told(&cast, "adviser", "ACCESS_OPINION_DUE")["until"], asked["until"]);
        let invited = told(&cast, "adviser", "ACCESS_INVITED");
        assert_eq!((until(&invited), invited["from"].as_str()), ((None, None), Some("Name of nso")));

        cast.step("decider", &request, "declare-interest", json!({ "part": 1, "hasConflict": true, "text": "We work together" }));
        assert_eq!(told(&cast, "officer", "ACCESS_CONFLICT")["from"], "Function of decider");
        assert!(of_kind(&cast, "officer", "ACCESS_RECOMMENDED").is_empty(), "a conflict is no opinion");
        cast.step("chair", &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
        let favour = json!({ "part": 1, "outcome": "APPROVED", "lines": crate::access_requests::cast::lines(&[], "MET") });
        cast.step("chair", &request, "decide", favour);
        assert_eq!(until(&told(&cast, "researcher", "ACCESS_APPROVED")), (None, None));
        assert_eq!(told(&cast, "officer", "ACCESS_APPROVED")["untilKind"], "ANSWER", "the undertaking is the officer's to propose");

        let last = day(100);
        let accept = propose(&cast, &request, &last);
        cast.step("researcher", &request, "accept", accept);
        assert_eq!(told(&cast, "researcher", "ACCESS_UNDERTAKING")["untilKind"], "ANSWER");
        assert_eq!(until(&told(&cast, "officer", "ACCESS_ACTIVE")), (Some(last.as_str()), Some("USE")));
        cast.clock(&day(101));
        assert_eq!(told(&cast, "researcher", "ACCESS_ENDED")["untilKind"], "ANSWER");
        assert_eq!(until(&told(&cast, "officer", "ACCESS_OVER")), (None, None), "the destruction is the applicant's to declare");
        assert!(of_kind(&cast, "officer", "ACCESS_ENDED").is_empty());
        cast.close();
    }
}

#[test]
fn who_is_concerned_by_an_end_or_its_undoing_is_told() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = submitted_with(&cast, &[NSO], "colleague");
        cast.approve("officer", "decider", &request, 1);
        let accept = propose(&cast, &request, &day(100));
        cast.step("researcher", &request, "accept", accept.clone());
        cast.step("colleague", &request, "accept", accept);
        cast.step("officer", &request, "revoke", json!({ "part": 1, "text": "The data were passed on" }));
        assert_eq!(told(&cast, "researcher", "ACCESS_REVOKED")["untilKind"], "ANSWER");
        assert_eq!(until(&told(&cast, "colleague", "ACCESS_REVOKED")), (None, None));
        cast.step("researcher", &request, "appeal", json!({ "part": 1, "text": "They were not" }));
        cast.step("decider", &request, "appeal-decide", json!({ "part": 1, "isUpheld": true, "text": "They were not indeed" }));
        for name in ["researcher", "colleague", "officer"] {
            told(&cast, name, "ACCESS_APPEAL_DECIDED");
        }
        // One person leaves, the others go on.
        cast.step("researcher", &request, "member-remove", json!({ "member": 1 }));
        let own = told(&cast, "colleague", "ACCESS_OWN_ENDED");
        assert_eq!((&own["url"], &own["title"], &own["from"]), (&Value::Null, &json!("Title of survey"), &json!("Function of researcher")));
        let one = told(&cast, "officer", "ACCESS_PERSON_ENDED");
        assert_eq!((&one["about"], until(&one)), (&json!("Function of colleague"), (None, None)));
        assert!(["ACCESS_ENDED", "ACCESS_OVER"].iter().all(|kind| of_kind(&cast, "officer", kind).is_empty()));
        assert!(of_kind(&cast, "colleague", "ACCESS_MEMBER_REMOVED").is_empty(), "told once");

        // Before anything is in force.
        let early = submitted_with(&cast, &[NSO], "third");
        cast.step("researcher", &early, "member-remove", json!({ "member": 1 }));
        assert_eq!(told(&cast, "third", "ACCESS_MEMBER_REMOVED")["url"], Value::Null);
        assert_eq!(told(&cast, "officer", "ACCESS_MEMBER_LEFT")["about"], "Function of third");
        cast.close();
    }
}

#[test]
fn what_concerns_the_whole_is_told_once_and_lapses_are_told() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = submitted_with(&cast, &[NSO, POLICE], "colleague");
        cast.step("researcher", &request, "message", json!({ "text": "The project begins later." }));
        for name in ["colleague", "officer", "other-officer"] {
            told(&cast, name, "ACCESS_MESSAGE");
        }
        cast.step("officer", &request, "message", json!({ "part": 1, "text": "We read it." }));
        wait_for("the second", 20, || Some(of_kind(&cast, "colleague", "ACCESS_MESSAGE")).filter(|found| found.len() == 2));
        assert_eq!(of_kind(&cast, "researcher", "ACCESS_MESSAGE").len(), 1);
        assert_eq!(of_kind(&cast, "colleague", "ACCESS_MEMBER_NAMED").len(), 1, "for both holdings together");

        cast.step("officer", &request, "return", json!({ "part": 1, "text": "Which wave?" }));
        let draft = cast.begin("planner", &[NSO], json!({}));
        cast.clock(&day(185));
        assert_eq!(told(&cast, "planner", "ACCESS_LAPSED")["from"], Value::Null, "{}", draft.id);
        told(&cast, "researcher", "ACCESS_LAPSED");
        told(&cast, "officer", "ACCESS_WITHDRAWN");
        cast.close();
    }
}

#[test]
fn a_member_named_by_address_is_met_when_the_account_is_made() {
    for backend in BACKENDS {
        let mut cast = Cast::open(backend);
        let request = submitted_with(&cast, &[NSO], "latecomer");
        cast.approve("officer", "decider", &request, 1);
        let accept = propose(&cast, &request, &day(300));
        cast.step("researcher", &request, "accept", accept.clone());
        cast.clock(&day(26));
        assert_eq!(told(&cast, "researcher", "ACCESS_MEMBER_AWAITED")["untilKind"], "ANSWER");
        assert!(of_kind(&cast, "researcher", "ACCESS_REMINDER").is_empty(), "who has accepted is not awaited");
        // No page of the request is opened.
        cast.enter("latecomer", &[]);
        told(&cast, "latecomer", "ACCESS_MEMBER_NAMED");
        let asked = told(&cast, "latecomer", "ACCESS_UNDERTAKING");
        assert_eq!((asked["untilKind"].as_str(), asked["from"].as_str()), (Some("ANSWER"), Some("Name of nso")));
        cast.refresh(&request);
        cast.step("latecomer", &request, "accept", accept);
        told(&cast, "researcher", "ACCESS_ACTIVE");
        cast.close();
    }
}

#[test]
fn the_applicant_hears_what_a_standing_rule_has_decided() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let block = json!({
            "name": "block", "reason": [{ "language": "en", "text": "Misuse" }], "effect": "REJECT", "rejection": "OTHER",
            "persons": [email("researcher")], "until": day(10),
        });
        cast.desk("officer", NSO, json!({ "rules": [block] }));
        cast.submitted("researcher", &[NSO], json!({}));
        let refused = told(&cast, "researcher", "ACCESS_REJECTED");
        assert_eq!((until(&refused), refused["from"].as_str()), ((Some(day(30).as_str()), Some("APPEAL")), Some("Name of nso")));
        let known = told(&cast, "officer", "ACCESS_REJECTED");
        assert_eq!((until(&known), known["from"].as_str()), ((None, None), Some("Name of nso")));
        cast.close();
    }
}

#[test]
fn officers_are_told_when_too_few_votes_are_left() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let deciders = json!({ "deciders": [email("decider"), email("chair")], "quorum": 2 });
        cast.desk("officer", NSO, deciders);
        let request = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
        cast.step("chair", &request, "declare-interest", json!({ "part": 1, "hasConflict": true, "text": "We work together" }));
        told(&cast, "officer", "ACCESS_NO_QUORUM");
        told(&cast, "officer", "ACCESS_CONFLICT");
        assert!(of_kind(&cast, "researcher", "ACCESS_NO_QUORUM").is_empty());
        cast.close();
    }
}
