//! Who reads what of an access request, by every way there is: fields, nodes, lists, copies, notices, mails, the log.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access_requests::cast::{Cast, NSO, POLICE, Request, answers, email, lines, part, state};
use crate::harness::{BACKENDS, Backend, Server};
use crate::outgoing::{outbox_of, wait_until};
use crate::people::{Who, act, ask_as, codes, done, operation, payload};

/// Everyone who looks.
const READERS: [&str; 13] = [
    "researcher",
    "colleague",
    "officer",
    "conflicted",
    "other-officer",
    "reviewer",
    "decider",
    "coordinator",
    "auditor",
    "admin",
    "both",
    "stranger",
    "visitor",
];

/// What is written in the request, and who reads it.
const WRITTEN: [(&str, &[&str]); 15] = [
    // Answers: to a question of the office's own form, to one of the other form, to one that reviewers read.
    ("ANSWER-LAB", &["researcher", "officer", "decider", "both"]),
    ("Security of the servers", &["researcher", "other-officer"]),
    ("Return and work", &["researcher", "officer", "other-officer", "reviewer", "decider", "both"]),
    // What the people of the office write among themselves.
    ("NOTE-OFFICE", &["officer", "reviewer", "decider", "both"]),
    ("RECOMMENDATION-OFFICE", &["officer", "reviewer", "decider", "both"]),
    ("CONFLICT-OFFICE", &["officer", "reviewer", "decider", "both"]),
    ("VOTE-OFFICE", &["officer", "reviewer", "decider", "both"]),
    ("INVITATION-OFFICE", &["officer", "reviewer", "decider", "both"]),
    // What they write to the other side.
    ("MESSAGE-OFFICE", &["researcher", "colleague", "officer", "reviewer", "decider", "both"]),
    ("NOTE-POLICE", &["other-officer"]),
    ("RETURN-POLICE", &["researcher", "colleague", "other-officer"]),
    ("MESSAGE-ALL", &["researcher", "colleague", "officer", "other-officer", "reviewer", "decider", "both"]),
    // Persons.
    ("The Colleague", &["researcher", "officer", "other-officer", "decider", "both"]),
    // Who has read it is told to the applicant and to the auditor.
    ("Function of reviewer", &["reviewer", "officer", "decider", "both", "researcher", "auditor"]),
    ("Name of the requester", &["researcher", "other-officer"]),
];

fn words(text: &str) -> Value {
    json!([{ "language": "ar", "text": text }, { "language": "fr", "text": text }, { "language": "en", "text": text }])
}

/// The office asks on a form of its own.
fn own_form(cast: &Cast) {
    let question = |key: &str, readers: &[&str]| json!({ "key": key, "kind": "TEXT", "label": words("Question"), "isRequired": true, "readers": readers, "keepMonths": 12, "isPersonal": false });
    let everyone = ["APPLICANT", "ACCESS_OFFICER", "REVIEWER", "DECIDER"];
    let questions = [question("project-title", &everyone), question("nso.lab", &["APPLICANT", "ACCESS_OFFICER", "DECIDER"])];
    let form = json!({ "title": words("Form"), "retentionMonths": 24, "questions": questions });
    let input = json!({ "institution": NSO, "form": form });
    let saved = done(&act(&cast.server, cast.who("officer"), "access-form-save", input), "form");
    let input = json!({ "institution": NSO, "expectedRevision": saved["revision"] });
    done(&act(&cast.server, cast.who("officer"), "access-form-publish", input), "form");
}

/// A request with something written by everyone, before the decision: one vote of two is given.
fn written(cast: &Cast) -> Request {
    own_form(cast);
    cast.desk("officer", NSO, json!({ "deciders": [email("decider"), email("chair")], "quorum": 2 }));
    let request = cast.begin("researcher", &[NSO, POLICE], json!({}));
    let mut all = answers();
    all.as_array_mut().expect("answers").push(json!({ "question": "nso.lab", "text": "ANSWER-LAB" }));
    cast.step("researcher", &request, "answer", json!({ "answers": all }));
    cast.step("researcher", &request, "member-add", json!({ "name": "The Colleague", "email": email("colleague") }));
    cast.step("researcher", &request, "submit", json!({}));
    cast.step("other-officer", &request, "message", json!({ "part": 2, "text": "NOTE-POLICE", "isInternal": true }));
    cast.step("other-officer", &request, "return", json!({ "part": 2, "text": "RETURN-POLICE" }));
    cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
    let invitation = json!({ "part": 1, "email": email("reviewer"), "role": "REVIEWER", "text": "INVITATION-OFFICE" });
    cast.step("officer", &request, "invite", invitation);
    cast.step("conflicted", &request, "declare-interest", json!({ "part": 1, "hasConflict": true, "text": "CONFLICT-OFFICE" }));
    for name in ["reviewer", "decider", "chair"] {
        cast.step(name, &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
    }
    let against = json!({ "part": 1, "recommendation": "AGAINST", "text": "RECOMMENDATION-OFFICE" });
    cast.step("reviewer", &request, "recommend", against);
    cast.step("officer", &request, "message", json!({ "part": 1, "text": "NOTE-OFFICE", "isInternal": true }));
    let vote = json!({ "part": 1, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "OTHER", "text": "VOTE-OFFICE" });
    assert_eq!(state(&cast.step("decider", &request, "decide", vote), 1), "IN_REVIEW");
    cast.step("officer", &request, "message", json!({ "part": 1, "text": "MESSAGE-OFFICE" }));
    cast.step("researcher", &request, "message", json!({ "text": "MESSAGE-ALL" }));
    // The last notices, and the mails made of them.
    wait_until("the mails", 60, || outbox_of(&cast.place, &email("colleague")).len() >= 3);
    request
}

const NODE: &str = "query($id: ID!) { node(id: $id) { ... on AccessRequest {
  applicant members { name email } events(first: 100) { nodes { kind by text } } onBehalfOf { slug }
  parts { institution { slug } answers { text json } decision { texts lines { reason } } undertaking { text } invited { function } }
} } }";

/// Everything that somebody is answered about a request, by every way.
fn everything(cast: &Cast, name: &str, id: &str) -> BTreeMap<&'static str, String> {
    let ask = |query: &str, variables: Value| cast.server.graphql_as(cast.who(name), query, variables).body;
    let list = |scope: &str| ask(&operation("access-request-list"), json!({ "scope": scope }));
    let letters =
        outbox_of(&cast.place, &email(name)).iter().map(|letter| format!("{}\n{}", letter.subject(), letter.text)).collect::<Vec<_>>();
    BTreeMap::from([
        ("request", ask(&operation("access-request"), json!({ "id": id }))),
        ("node", ask(NODE, json!({ "id": id }))),
        ("own list", list("OWN")),
        ("queue", list("HOLDER")),
        ("all", list("EVERYTHING")),
        ("copy", ask(&operation("access-request-export"), json!({ "id": id }))),
        ("notices", ask(&operation("register-notifications"), Value::Null)),
        ("log", ask(&operation("register-audit-log"), json!({ "where": { "entities": ["ACCESS_REQUEST"] } }))),
        ("changes", ask("{ changes(since: 0, first: 100) { nodes { kind entity nodeId } } }", Value::Null)),
        ("mails", letters.join("\n")),
    ])
}

#[test]
fn everyone_reads_what_concerns_them_and_no_more() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = written(&cast);
        let mut wrong = Vec::new();
        for name in READERS {
            let found = everything(&cast, name, &request.id);
            for (marker, readers) in WRITTEN {
                let places: Vec<&str> = found.iter().filter(|(_, text)| text.contains(marker)).map(|(place, _)| *place).collect();
                let is_known = found["request"].contains(marker);
                if readers.contains(&name) && !is_known {
                    wrong.push(format!("{name} does not read {marker}"));
                }
                if !readers.contains(&name) && !places.is_empty() {
                    wrong.push(format!("{name} reads {marker} in {places:?}"));
                }
            }
            let is_outsider = ["conflicted", "admin", "stranger", "visitor"].contains(&name);
            let data: Value = serde_json::from_str(&found["request"]).expect("JSON");
            if is_outsider != data["data"]["accessRequest"].is_null() {
                wrong.push(format!("{name} is answered {data}"));
            }
        }
        assert!(wrong.is_empty(), "{backend:?}:\n{}", wrong.join("\n"));
        states_and_dates(&cast, &request);
        after_the_decision(&cast, &request);
        cast.close();
    }
}

/// The coordinator and the auditor see where it stands, and neither who asks nor what.
fn states_and_dates(cast: &Cast, request: &Request) {
    for name in ["coordinator", "auditor"] {
        let seen = cast.look(name, &request.id);
        assert_eq!((&seen["applicant"], &seen["members"], &seen["purpose"]), (&Value::Null, &json!([]), &Value::Null), "{name}");
        assert_eq!((state(&seen, 1), state(&seen, 2)), ("IN_REVIEW".to_owned(), "RETURNED".to_owned()));
        for one in seen["parts"].as_array().expect("parts") {
            assert_eq!(
                (&one["answers"], &one["invited"], &one["votes"], &one["undertaking"]),
                (&json!([]), &json!([]), &Value::Null, &Value::Null)
            );
        }
        for event in seen["events"]["nodes"].as_array().expect("events") {
            assert!(event["by"].is_null() && event["text"].is_null(), "{name}: {event}");
            let kind = event["kind"].as_str().expect("kind");
            assert!(!["VOTED", "NOTED", "RECOMMENDED", "INVITED", "INTEREST_DECLARED", "MESSAGED"].contains(&kind), "{name}: {event}");
        }
        let all = cast.ask(cast.who(name), "access-request-list", json!({ "scope": "EVERYTHING" }));
        assert_eq!(all["accessRequests"]["totalCount"], 2);
    }
    for name in ["admin", "stranger", "officer"] {
        let all = cast.ask(cast.who(name), "access-request-list", json!({ "scope": "EVERYTHING" }));
        assert_eq!(all["accessRequests"]["totalCount"], 0, "{name}");
    }
    let own = |name: &str| cast.ask(cast.who(name), "access-request-list", json!({ "scope": "OWN" }))["accessRequests"].clone();
    assert_eq!(
        (&own("researcher")["totalCount"], &own("reviewer")["totalCount"]),
        (&json!(2), &json!(1)),
        "of what others are asked not even the number"
    );
    assert_eq!(own("reviewer")["nodes"][0]["institution"]["slug"], NSO);
    // Who of the holders has read it is told to the applicant, and to nobody else but the auditor.
    let readers = cast.look("researcher", &request.id)["readers"]["nodes"].clone();
    for name in ["officer", "other-officer", "decider"] {
        assert!(readers.to_string().contains(&format!("Function of {name}\"")), "{name}: {readers}");
    }
    assert!(!readers.to_string().contains("Function of coordinator"), "{readers}");
    assert_eq!(cast.look("officer", &request.id)["readers"]["nodes"], json!([]));
}

/// With the decision the applicant reads the reasons of those who made it, and still no recommendation.
fn after_the_decision(cast: &Cast, request: &Request) {
    let vote = json!({ "part": 1, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "OTHER", "text": "VOTE-CHAIR" });
    cast.refresh(request);
    assert_eq!(state(&cast.step("chair", request, "decide", vote), 1), "REJECTED");
    let found = everything(cast, "researcher", &request.id);
    assert!(found["request"].contains("VOTE-OFFICE") && found["request"].contains("VOTE-CHAIR"), "{}", found["request"]);
    for marker in ["RECOMMENDATION-OFFICE", "NOTE-OFFICE", "CONFLICT-OFFICE"] {
        assert!(found.values().all(|text| !text.contains(marker)), "{marker}");
    }
    let copy: Value = serde_json::from_str(&found["copy"]).expect("JSON");
    let copy = copy["data"]["accessRequestExport"].as_str().expect("a copy");
    assert!(!copy.contains("\"by\"") && !copy.contains("\"deciders\""), "{copy}");
    let both = part(&cast.look("both", &request.id), 2);
    assert_eq!(
        (&both["answers"], &both["entitlements"], &both["undertaking"]),
        (&json!([]), &json!([]), &Value::Null),
        "of the police a coordinator"
    );
}

#[test]
fn a_token_reads_with_access_and_binds_with_decide() {
    let cast = Cast::open(Backend::Sqlite);
    let request = cast.submitted("researcher", &[NSO], json!({}));
    cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
    cast.step("decider", &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
    let (none, access) = (cast.token("decider", &["READ", "REGISTER", "DECIDE", "AUDIT"]), cast.token("decider", &["ACCESS"]));
    let look = |token: &str| cast.ask(Who::Token(token), "access-request", json!({ "id": request.id }))["accessRequest"].clone();
    let list =
        |token: &str| cast.ask(Who::Token(token), "access-request-list", json!({ "scope": "OWN" }))["accessRequests"]["totalCount"].clone();
    assert_eq!((look(&none), list(&none)), (Value::Null, json!(0)));
    let node = ask_as(&cast.server, Who::Token(&none), NODE, json!({ "id": request.id }));
    assert_eq!(node["node"], Value::Null);
    assert_eq!((&look(&access)["id"], list(&access)), (&json!(request.id), json!(1)));
    let vote = json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") });
    let refused = cast.try_step(Who::Token(&access), &request, "decide", vote.clone());
    assert_eq!(codes(&refused), ["SCOPE_REQUIRED"]);
    let binding = cast.token("decider", &["ACCESS", "DECIDE"]);
    let decided = cast.try_step(Who::Token(&binding), &request, "decide", vote);
    assert_eq!(state(&decided["request"], 1), "APPROVED", "{decided}");
    // The applicant's own token withdraws with ACCESS, and does not without.
    cast.refresh(&request);
    let reading = cast.token("researcher", &["READ"]);
    let withdraw = json!({ "part": 1 });
    assert_eq!(codes(&cast.try_step(Who::Token(&reading), &request, "withdraw", withdraw.clone())), ["SCOPE_REQUIRED"]);
    let fitting = cast.token("researcher", &["ACCESS"]);
    assert!(codes(&cast.try_step(Who::Token(&fitting), &request, "withdraw", withdraw)).is_empty());
    cast.close();
}

#[test]
fn nobody_acts_for_the_holder_on_their_own_request() {
    let cast = Cast::open(Backend::Sqlite);
    cast.desk("officer", NSO, json!({}));
    let own = cast.submitted("officer", &[NSO], json!({}));
    for (step, more) in [
        ("confirm-complete", json!({ "part": 1 })),
        ("return", json!({ "part": 1, "text": "Why?" })),
        ("decide", json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") })),
        ("message", json!({ "part": 1, "text": "In my favour.", "isInternal": true })),
    ] {
        cast.refused("officer", &own, step, more, "ROLE_REQUIRED");
    }
    let queue =
        |name: &str| cast.ask(cast.who(name), "access-request-list", json!({ "scope": "HOLDER" }))["accessRequests"]["nodes"].clone();
    assert_eq!((queue("officer"), queue("conflicted").as_array().map(Vec::len)), (json!([]), Some(1)));
    // Named by another, an officer is no less on the other side; and is not invited either.
    let named = cast.begin("researcher", &[NSO], json!({}));
    cast.step("researcher", &named, "answer", json!({ "answers": answers() }));
    cast.step("researcher", &named, "member-add", json!({ "name": "An officer", "email": email("officer") }));
    cast.step("researcher", &named, "submit", json!({}));
    cast.refused("officer", &named, "confirm-complete", json!({ "part": 1 }), "ROLE_REQUIRED");
    cast.step("conflicted", &named, "confirm-complete", json!({ "part": 1 }));
    let invitation = json!({ "part": 1, "email": email("officer"), "role": "DECIDER" });
    cast.refused("conflicted", &named, "invite", invitation, "INVALID");
    cast.refused("officer", &named, "decide", json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") }), "ROLE_REQUIRED");
    cast.close();
}

static KEYS: [&str; 8] =
    ["project-title", "dataset-edition", "project-summary", "research-question", "tables-insufficient", "method", "outputs", "security"];

/// Answers one question, reading again whenever another was faster. Returns how often it was tried.
fn write_until_taken(server: &Server, who: Who<'_>, id: &str, key: &str, seen: i64) -> usize {
    let (query, mut revision) = (operation("access-request-answer"), seen);
    for tries in 1..=64 {
        let answer = json!([{ "question": key, "text": format!("Answer to {key}") }]);
        let input = json!({ "request": id, "expectedRevision": revision, "answers": answer });
        let done = payload(&ask_as(server, who, &query, json!({ "input": input })));
        if codes(&done).is_empty() {
            return tries;
        }
        assert_eq!(codes(&done), ["CONFLICT"], "{done}");
        revision = done["errors"][0]["conflict"]["revision"].as_i64().expect("the revision that is there");
    }
    panic!("{key} was never taken");
}

#[test]
fn eight_who_write_at_once_lose_nothing() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.begin("researcher", &[NSO], json!({}));
        let first = *request.revision.borrow();
        let (server, who, id) = (&cast.server, cast.who("researcher"), request.id.as_str());
        let tries: Vec<usize> = std::thread::scope(|scope| {
            let writers: Vec<_> = KEYS.iter().map(|key| scope.spawn(move || write_until_taken(server, who, id, key, first))).collect();
            writers.into_iter().map(|writer| writer.join().expect("a writer")).collect()
        });
        assert_eq!(tries.iter().filter(|tries| **tries == 1).count(), 1, "of one revision one writes: {tries:?}");
        let seen = cast.look("researcher", &request.id);
        assert_eq!(seen["revision"], first + 8, "{tries:?}");
        for key in KEYS {
            assert!(seen.to_string().contains(&format!("Answer to {key}")), "{key} is lost: {seen}");
        }
        cast.close();
    }
}
