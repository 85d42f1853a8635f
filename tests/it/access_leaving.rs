//! Who has left the holder, or has no account any more, decides and reads nothing for it; and who asks in the name of an institution that
//! they have left is brought to the holder's notice.

use serde_json::{Value, json};

use crate::access_requests::agreed::leaves;
use crate::access_requests::cast::{COUNCIL, Cast, NSO, POLICE, Request, day, email, lines, part, state};
use crate::harness::BACKENDS;
use crate::outgoing::wait_until;
use crate::people::{Who, ask_as};

const NOTICES: &str = "{ viewer { notifications(first: 100) { nodes { kind about } } } }";

/// Whom somebody was told of by notices of a kind.
fn told_of(cast: &Cast, name: &str, kind: &str) -> Vec<Value> {
    let told = ask_as(&cast.server, cast.who(name), NOTICES, Value::Null);
    let nodes = told["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
    nodes.into_iter().filter(|notice| notice["kind"] == kind).map(|notice| notice["about"].clone()).collect()
}

/// Persons who are invited and were not taken out.
fn invited(cast: &Cast, request: &Request) -> Vec<Value> {
    let invited = part(&cast.look("officer", &request.id), 1)["invited"].clone();
    let open = invited.as_array().expect("invited").iter().filter(|one| one["isRemoved"] == false);
    open.map(|one| one["function"].clone()).collect()
}

/// Texts of the events of a kind, as the officer reads them.
fn texts(cast: &Cast, request: &Request, kind: &str) -> Vec<Value> {
    let events = cast.look("officer", &request.id)["events"]["nodes"].clone();
    let of_kind = events.as_array().expect("events").iter().filter(|event| event["kind"] == kind).cloned().collect::<Vec<_>>();
    of_kind.into_iter().map(|event| event["text"].clone()).collect()
}

/// The office with two of its own people on the desk, and an outsider who decides too.
fn open(backend: crate::harness::Backend) -> Cast {
    let mut cast = Cast::closed(backend);
    cast.enter("head", &["VALIDATOR@nso"]);
    cast.enter("lawyer", &["EDITOR@nso", "VALIDATOR@nso"]);
    let named = json!({ "deciders": [email("head"), email("decider")], "advisers": [email("lawyer")], "outsiders": [email("decider")] });
    cast.desk("officer", NSO, named);
    cast
}

#[test]
fn who_has_left_the_holder_is_not_asked_and_an_outsider_is() {
    for backend in BACKENDS {
        let cast = open(backend);
        let early = cast.submitted("researcher", &[NSO], json!({}));
        assert_eq!(invited(&cast, &early), ["Function of head", "Function of decider", "Function of lawyer"]);
        let token = cast.token("head", &["ACCESS", "DECIDE"]);
        cast.step("head", &early, "declare-interest", json!({ "part": 1, "hasConflict": false }));
        leaves(&cast, "head", ("VALIDATOR", NSO));
        // One role of two is left: nothing changes.
        leaves(&cast, "lawyer", ("EDITOR", NSO));
        assert_eq!(invited(&cast, &early), ["Function of decider", "Function of lawyer"]);
        let look = "query($id: ID!) { accessRequest(id: $id) { id } }";
        assert_eq!(ask_as(&cast.server, Who::Token(&token), look, json!({ "id": early.id }))["accessRequest"], Value::Null);
        leaves(&cast, "lawyer", ("VALIDATOR", NSO));
        assert_eq!(invited(&cast, &early), ["Function of decider"]);
        assert_eq!(texts(&cast, &early, "HOLDER_LEFT"), ["Function of head", "Function of lawyer"]);
        assert!(!cast.look("researcher", &early.id).to_string().contains("HOLDER_LEFT"), "the holder's own business");

        // The desk still names them; a later request passes them over, and says so.
        let later = cast.submitted("researcher", &[NSO], json!({}));
        assert_eq!(invited(&cast, &later), ["Function of decider"]);
        assert_eq!(texts(&cast, &later, "HOLDER_LEFT").len(), 2);
        wait_until("the officers are told", 20, || told_of(&cast, "officer", "ACCESS_HOLDER_LEFT").len() == 4);
        assert!(told_of(&cast, "officer", "ACCESS_HOLDER_LEFT").contains(&json!("Function of lawyer")));
        assert!(told_of(&cast, "researcher", "ACCESS_HOLDER_LEFT").is_empty());
        cast.close();
    }
}

#[test]
fn a_disabled_decider_blocks_no_decision() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let vote = json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") });
        cast.desk("officer", NSO, json!({ "deciders": [email("decider"), email("chair")], "quorum": 2 }));
        let two = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &two, "confirm-complete", json!({ "part": 1 }));
        cast.desk("officer", NSO, json!({ "deciders": [email("decider")] }));
        let one = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &one, "confirm-complete", json!({ "part": 1 }));
        cast.refused("officer", &one, "decide", vote.clone(), "ROLE_REQUIRED");
        cast.place.run_ok(&["user", "disable", &email("decider")]);
        // Of two who must agree one is left, and the officers are told; where nobody is left, they decide.
        let votes = part(&cast.look("officer", &two.id), 1)["votes"].clone();
        assert_eq!((&votes["open"], &votes["canDecide"]), (&json!(1), &json!(false)), "{votes}");
        assert_eq!(texts(&cast, &two, "DEADLOCKED").len(), 1);
        wait_until("the deadlock is told", 20, || !told_of(&cast, "officer", "ACCESS_NO_QUORUM").is_empty());
        cast.refresh(&one);
        assert_eq!(state(&cast.step("officer", &one, "decide", vote), 1), "APPROVED");
        // Who is disabled already is not asked at all.
        let later = cast.submitted("stranger", &[NSO], json!({}));
        assert_eq!((invited(&cast, &later).len(), texts(&cast, &later, "HOLDER_LEFT")), (0, vec![json!("Function of decider")]));
        cast.close();
    }
}

#[test]
fn a_deputy_who_has_left_is_not_called_in() {
    for backend in BACKENDS {
        let mut cast = Cast::closed(backend);
        cast.enter("second", &["VALIDATOR@police"]);
        cast.enter("former", &["VALIDATOR@police"]);
        cast.desk("other-officer", POLICE, json!({ "deputies": [email("second"), email("former")], "outsiders": [] }));
        let request = cast.submitted("researcher", &[POLICE], json!({}));
        let token = cast.token("former", &["ACCESS"]);
        leaves(&cast, "former", ("VALIDATOR", POLICE));
        cast.clock(&day(40));
        assert_eq!(part(&cast.look("second", &request.id), 1)["viewerRoles"], json!(["ACCESS_OFFICER", "DECIDER"]));
        let look = "query($id: ID!) { accessRequest(id: $id) { id } }";
        let seen = ask_as(&cast.server, Who::Token(&token), look, json!({ "id": request.id }));
        assert_eq!(seen["accessRequest"], Value::Null);
        wait_until("the deputy is told", 20, || {
            ask_as(&cast.server, cast.who("second"), NOTICES, Value::Null).to_string().contains("ACCESS_ESCALATED")
        });
        let rows = cast.place.count(&format!(
            "SELECT count(*) FROM notices n JOIN persons p ON p.id = n.person_id WHERE n.kind = 'ACCESS_ESCALATED' AND p.email = '{}'",
            email("former")
        ));
        assert_eq!(rows, 0, "who has left is told nothing");
        cast.close();
    }
}

#[test]
fn officers_hear_that_an_applicant_has_left_the_institution_that_asks() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.submitted("planner", &[NSO], json!({ "onBehalfOf": COUNCIL, "purpose": "POLICY_PLANNING" }));
        cast.approve("officer", "decider", &request, 1);
        cast.step("officer", &request, "propose", json!({ "part": 1, "text": "I use the data for the council only.", "until": day(100) }));
        let hash = part(&cast.look("planner", &request.id), 1)["undertaking"]["textHash"].clone();
        assert_eq!(state(&cast.step("planner", &request, "accept", json!({ "part": 1, "textHash": hash })), 1), "ACTIVE");
        leaves(&cast, "planner", ("EDITOR", COUNCIL));
        assert_eq!(texts(&cast, &request, "APPLICANT_LEFT").len(), 0, "one role is left");
        leaves(&cast, "planner", ("ACCESS_OFFICER", COUNCIL));
        assert_eq!(texts(&cast, &request, "APPLICANT_LEFT").len(), 1);
        wait_until("the officers are told", 20, || !told_of(&cast, "officer", "ACCESS_APPLICANT_LEFT").is_empty());
        assert_eq!(told_of(&cast, "officer", "ACCESS_APPLICANT_LEFT"), ["Function of planner"]);
        assert!(told_of(&cast, "decider", "ACCESS_APPLICANT_LEFT").is_empty(), "for whoever can act on it");
        // What becomes of the use is the holder's to say.
        assert_eq!(state(&cast.look("officer", &request.id), 1), "ACTIVE");
        cast.close();
    }
}
