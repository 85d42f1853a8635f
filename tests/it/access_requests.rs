//! Access requests through the front door: from the desk that opens to the end of life, step by step with documented operations.

pub mod agreed;
mod bound;
pub mod cast;
mod holders;
mod rules;

use serde_json::{Value, json};

use rihla::domain::access_request::rules::documentation;

use crate::access_cells::OPERATIONS;
use crate::harness::{BACKENDS, Backend, project};
use crate::outgoing::{outbox_of, wait_for};
use crate::people::{PASSWORD, Who, accept_invitation, codes, operation};
use crate::questions::operations;

use cast::{Cast, NSO, POLICE, Request, answers, day, email, lines, part, state};

/// The desks open, and what can be asked for is seen.
fn open_desks(cast: &Cast) {
    let closed = cast.ask(cast.who("researcher"), "access-request-holdings", json!({ "slug": "survey" }));
    assert_eq!(closed["dataset"]["holdings"][0]["viewerCannotRequestAccessReasons"], json!(["OUTSIDE_CATALOGUE"]));
    let made = cast.desk(
        "officer",
        NSO,
        json!({ "deciders": [email("decider"), email("chair")], "advisers": [email("adviser")], "decisionDays": 20 }),
    );
    assert_eq!((&made["revision"], &made["deciders"], &made["isOpen"]), (&json!(1), &json!(2), &json!(true)));
    cast.desk("other-officer", POLICE, json!({}));
    let open = cast.ask(cast.who("researcher"), "access-request-holdings", json!({ "slug": "survey" }));
    let holding = &open["dataset"]["holdings"][0];
    assert_eq!((&holding["acceptsRequests"], &holding["viewerCanRequestAccess"]), (&json!(true), &json!(true)));
    assert_eq!(holding["serviceTimes"], json!({ "completenessDays": 5, "decisionDays": 20, "appealDays": 30 }));
    let visitor = cast.ask(Who::Visitor, "access-request-holdings", json!({ "slug": "survey" }));
    assert_eq!(visitor["dataset"]["holdings"][0]["viewerCannotRequestAccessReasons"], json!(["SIGN_IN_REQUIRED"]));
}

/// Two holdings of two institutions are asked for in one request; the form is answered once, and two colleagues are named.
fn ask_for_both(cast: &Cast) -> Request {
    let request = cast.begin("researcher", &[NSO], json!({ "purpose": "RESEARCH" }));
    let wish = json!({ "holding": cast.holdings[POLICE], "data": "MICRODATA" });
    cast.step("researcher", &request, "holding-add", json!({ "holding": wish }));
    cast.step("researcher", &request, "holding-remove", json!({ "part": 2 }));
    cast.step("researcher", &request, "holding-add", json!({ "holding": wish }));
    cast.step("researcher", &request, "frame", json!({ "purpose": "RESEARCH" }));
    cast.step("researcher", &request, "form-renew", json!({ "part": 1 }));
    let incomplete = cast.refused("researcher", &request, "submit", json!({}), "INVALID");
    assert!(incomplete.contains("project-title") && incomplete.contains("incident-contact"), "every problem at once: {incomplete}");
    assert_eq!(incomplete.matches("\"project-title\"").count(), 1, "what two forms ask is complained of once: {incomplete}");
    cast.step("researcher", &request, "answer", json!({ "answers": answers() }));
    let seen = cast.look("researcher", &request.id);
    for number in [1, 2] {
        let keys: Vec<Value> =
            part(&seen, number)["answers"].as_array().expect("answers").iter().map(|one| one["question"]["key"].clone()).collect();
        assert!(keys.len() == answers().as_array().map_or(0, Vec::len), "answered once, for both: {keys:?}");
    }
    cast.step("researcher", &request, "member-add", json!({ "name": "A Colleague", "email": email("colleague") }));
    cast.step("researcher", &request, "member-add", json!({ "name": "Another Colleague", "email": email("newcomer") }));
    cast.step("researcher", &request, "member-add", json!({ "name": "Third Colleague", "email": email("stranger") }));
    let third = cast.step("researcher", &request, "member-remove", json!({ "member": 3 }));
    assert_eq!(third["state"], "DRAFT");
    assert_eq!(cast.look("officer", &request.id), Value::Null, "nobody's business before it is submitted");
    let filed = cast.step("researcher", &request, "submit", json!({}));
    assert_eq!((state(&filed, 1), state(&filed, 2)), ("SUBMITTED".to_owned(), "SUBMITTED".to_owned()));
    assert!(part(&filed, 1)["dueOn"].is_string() && part(&filed, 1)["awaiting"] == "ACCESS_OFFICER", "{filed}");
    request
}

/// The office asks for information once; its clock stands still meanwhile.
fn return_once(cast: &Cast, request: &Request) {
    let queue = cast.ask(cast.who("officer"), "access-request-list", json!({ "scope": "HOLDER", "where": { "waitsForHolder": true } }));
    assert_eq!((&queue["accessRequests"]["totalCount"], &queue["accessRequests"]["nodes"][0]["request"]), (&json!(1), &json!(request.id)));
    cast.refresh(request);
    let asked = json!({ "part": 1, "text": "Which variables identify the province?", "questions": ["variables"] });
    let returned = cast.step("officer", request, "return", asked);
    let one = part(&returned, 1);
    assert_eq!(
        (&one["state"], &one["awaiting"], &one["dueOn"]),
        (&json!("RETURNED"), &json!("APPLICANT"), &Value::Null),
        "the clock stands"
    );
    let seen = cast.look("researcher", &request.id);
    let events = seen["events"]["nodes"].as_array().expect("events");
    let told = events.iter().find(|event| event["kind"] == "RETURNED").expect("the return");
    assert_eq!((&told["text"], &told["by"]), (&json!("Which variables identify the province?"), &json!("Function of officer")));
    let codes = json!([{ "question": "variables", "codes": ["age", "province of residence"] }]);
    cast.step("researcher", request, "answer", json!({ "answers": codes }));
    cast.step("researcher", request, "message", json!({ "part": 1, "text": "Only the province of residence.", "isInternal": false }));
    let again = cast.step("researcher", request, "submit", json!({}));
    assert_eq!(state(&again, 1), "SUBMITTED");
    assert!(part(&again, 1)["dueOn"].is_string());
    let other = part(&cast.look("other-officer", &request.id), 2);
    let variables =
        other["answers"].as_array().expect("answers").iter().find(|one| one["question"]["key"] == "variables").expect("variables");
    assert_eq!(variables["text"], "age; province", "the other holder keeps what was submitted to it");
}

/// A reviewer without a conflict recommends, and a decider decides line by line.
fn decide(cast: &Cast, request: &Request) {
    cast.step("officer", request, "confirm-complete", json!({ "part": 1 }));
    let ask = json!({ "part": 1, "email": email("reviewer"), "role": "REVIEWER", "text": "Is the sample large enough?" });
    let in_review = cast.step("officer", request, "invite", ask);
    assert_eq!(state(&in_review, 1), "IN_REVIEW");
    cast.step("officer", request, "invite", json!({ "part": 1, "email": email("third"), "role": "REVIEWER" }));
    cast.step("officer", request, "uninvite", json!({ "part": 1, "invitation": 5 }));
    let favour = json!({ "part": 1, "recommendation": "FAVOUR_WITH_CONDITIONS", "text": "Join small provinces." });
    let first = cast.refused("reviewer", request, "recommend", favour.clone(), "INVALID");
    assert!(first.contains("conflict of interest"), "{first}");
    cast.step("reviewer", request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
    cast.step("reviewer", request, "recommend", favour);
    cast.step("officer", request, "message", json!({ "part": 1, "text": "The committee meets on Monday.", "isInternal": true }));
    cast.step("decider", request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
    let conditions = [("SETTINGS", "Only in the safe room"), ("OUTPUTS", "Tables are checked before they leave")];
    let unmet = json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "NOT_MET") });
    cast.refused("decider", request, "decide", unmet, "INVALID");
    let approval = json!({ "part": 1, "outcome": "APPROVED_WITH_CONDITIONS", "lines": lines(&conditions, "MET") });
    let decided = cast.step("decider", request, "decide", approval);
    assert_eq!(state(&decided, 1), "APPROVED_WITH_CONDITIONS");
    let decision = part(&cast.look("researcher", &request.id), 1)["decision"].clone();
    let shown: Vec<(&str, &str)> = decision["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .filter_map(|line| Some((line["safe"].as_str()?, line["condition"].as_str()?)))
        .collect();
    assert_eq!((shown, decision["lines"].as_array().map(Vec::len)), (conditions.to_vec(), Some(5)), "{decision}");
}

/// The undertaking is accepted by everyone who will use the data; one of them had no account.
fn come_into_force(cast: &mut Cast, request: &Request) {
    let text = "I use the data for the project only, and destroy them afterwards.";
    cast.refused("officer", request, "propose", json!({ "part": 1, "text": text, "until": day(-1) }), "INVALID");
    cast.step("officer", request, "propose", json!({ "part": 1, "text": text, "until": day(300) }));
    let proposed = part(&cast.look("researcher", &request.id), 1)["undertaking"].clone();
    assert_eq!(proposed["text"], text);
    let hash = proposed["textHash"].as_str().expect("hash").to_owned();
    let accept = || json!({ "part": 1, "textHash": hash });
    cast.refused("colleague", request, "accept", json!({ "part": 1, "textHash": "0".repeat(64) }), "INVALID");
    cast.step("researcher", request, "accept", accept());
    let waiting = cast.step("colleague", request, "accept", accept());
    assert_eq!(state(&waiting, 1), "AGREEMENT_PENDING", "one is awaited who has no account yet");
    // One mail, sent with the submission: it says why, and invites to an account.
    let letters = wait_for("the invitation", 20, || Some(outbox_of(&cast.place, &email("newcomer"))).filter(|letters| !letters.is_empty()));
    assert_eq!(letters.len(), 1);
    let invitation = letters.iter().find(|letter| letter.text.contains("/invitation/")).expect("an invitation");
    let link = invitation.path("/invitation/");
    let session = accept_invitation(&cast.server, &link, PASSWORD);
    cast.know("newcomer", session);
    assert_eq!(part(&cast.look("newcomer", &request.id), 1)["undertaking"]["text"], text, "by the link of the mail");
    let active = cast.step("newcomer", request, "accept", accept());
    assert_eq!(state(&active, 1), "ACTIVE");
    let one = part(&cast.look("officer", &request.id), 1);
    assert_eq!(one["undertaking"]["acceptedBy"].as_array().map(Vec::len), Some(3), "{one}");
    let entitled = one["entitlements"].as_array().expect("entitlements");
    assert!(entitled.len() == 3 && entitled.iter().all(|one| one["state"] == "ACTIVE" && one["until"] == day(300).as_str()), "{one}");
}

/// The police refuse with a reason; the applicant appeals, and another person opens the matter again, to no avail.
fn refuse_and_appeal(cast: &Cast, request: &Request) {
    cast.step("other-officer", request, "confirm-complete", json!({ "part": 2 }));
    let bare = json!({ "part": 2, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET") });
    cast.refused("other-officer", request, "decide", bare, "INVALID");
    let refusal = json!({ "part": 2, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "NO_LEGAL_BASIS", "text": "The law does not provide for it." });
    cast.step("other-officer", request, "decide", refusal.clone());
    let told = part(&cast.look("researcher", &request.id), 2);
    assert_eq!((&told["state"], &told["decision"]["reason"]), (&json!("REJECTED"), &json!("NO_LEGAL_BASIS")));
    assert_eq!(told["decision"]["texts"], json!(["The law does not provide for it."]));
    assert_eq!(told["decision"]["appealUntil"], day(30));
    cast.step("researcher", request, "appeal", json!({ "part": 2, "text": "Article 12 provides for it." }));
    let upheld = json!({ "part": 2, "isUpheld": true, "text": "Article 12 was overlooked." });
    cast.refused("other-officer", request, "appeal-decide", upheld.clone(), "SECOND_PERSON_REQUIRED");
    let again = cast.step("other-deputy", request, "appeal-decide", upheld);
    assert_eq!(state(&again, 2), "IN_REVIEW", "opened again");
    cast.step("other-deputy", request, "decide", refusal);
    let last = part(&cast.look("researcher", &request.id), 2);
    assert_eq!((&last["state"], &last["decision"]["appealUntil"]), (&json!("REJECTED"), &Value::Null));
    cast.refused("researcher", request, "appeal", json!({ "part": 2, "text": "Once more." }), "INVALID");
}

/// Suspended and resumed, renewed once, expired, destroyed, closed, erased when the time has come.
fn end(cast: &Cast, request: &Request) {
    let suspended = cast.step("officer", request, "suspend", json!({ "part": 1, "text": "An incident is looked into." }));
    assert_eq!(state(&suspended, 1), "SUSPENDED");
    let states = |cast: &Cast| {
        let one = part(&cast.look("officer", &request.id), 1);
        one["entitlements"]
            .as_array()
            .expect("entitlements")
            .iter()
            .map(|one| one["state"].as_str().expect("state").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(states(cast), ["SUSPENDED"; 3]);
    cast.step("officer", request, "resume", json!({ "part": 1 }));
    assert_eq!(states(cast), ["ACTIVE"; 3]);
    cast.step("researcher", request, "renew", json!({ "part": 1, "until": day(400), "text": "The second wave is out." }));
    cast.refused("decider", request, "renewal-decide", json!({ "part": 1, "isGranted": false }), "INVALID");
    cast.step("decider", request, "renewal-decide", json!({ "part": 1, "isGranted": true }));
    assert_eq!(part(&cast.look("researcher", &request.id), 1)["until"], day(400));
    // A member leaves: the right of use ends for that person alone.
    cast.step("colleague", request, "member-remove", json!({ "member": 1 }));
    assert_eq!(states(cast).iter().filter(|state| *state == "ENDED").count(), 1);
    assert_eq!(cast.look("colleague", &request.id), Value::Null, "who has left has nothing to do with it");
    cast.clock(&day(400));
    assert_eq!(state(&cast.look("researcher", &request.id), 1), "ACTIVE", "on the last day");
    cast.clock(&day(401));
    cast.refresh(request);
    let over = part(&cast.look("researcher", &request.id), 1);
    assert_eq!((&over["state"], &over["ended"]), (&json!("EXPIRED"), &json!("END_DATE")));
    assert_eq!(states(cast), ["ENDED"; 3]);
    let kinds: Vec<String> = cast.look("researcher", &request.id)["events"]["nodes"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["kind"].as_str().expect("kind").to_owned())
        .collect();
    assert!(kinds.contains(&"END_ANNOUNCED".to_owned()), "a renewal was offered before: {kinds:?}");
    cast.refused("officer", request, "close", json!({ "part": 1 }), "INVALID");
    cast.step("researcher", request, "confirm-destruction", json!({ "part": 1, "text": "Files and copies were overwritten." }));
    let closed = cast.step("officer", request, "close", json!({ "part": 1 }));
    assert_eq!(state(&closed, 1), "CLOSED");
    let copy = cast.ask(cast.who("researcher"), "access-request-export", json!({ "id": request.id }));
    let copy = copy["accessRequestExport"].as_str().expect("a copy").to_owned();
    assert!(copy.contains("Proof of the requester") && copy.contains("Article 12 provides for it."), "{copy}");
    // After six months the first answers are gone, after the longest retention all texts.
    cast.clock(&day(365 * 2));
    let seen = cast.look("researcher", &request.id);
    let keys: Vec<Value> =
        part(&seen, 1)["answers"].as_array().expect("answers").iter().map(|one| one["question"]["key"].clone()).collect();
    assert!(!keys.contains(&json!("requester-proof")) && keys.contains(&json!("project-title")), "{keys:?}");
    cast.clock(&day(365 * 8));
    let seen = cast.look("researcher", &request.id);
    assert!(seen["erasedAt"].is_string() && part(&seen, 1)["answers"] == json!([]), "{seen}");
    assert!(seen["events"]["nodes"].as_array().expect("events").iter().all(|event| event["text"].is_null()), "{seen}");
    assert_eq!(seen["members"][0]["email"], Value::Null);
    cast.place.assert_healthy();
    cast.place.changes();
}

#[test]
fn from_the_desk_that_opens_to_the_end_of_life() {
    for backend in BACKENDS {
        let mut cast = Cast::closed(backend);
        open_desks(&cast);
        let request = ask_for_both(&cast);
        return_once(&cast, &request);
        decide(&cast, &request);
        come_into_force(&mut cast, &request);
        refuse_and_appeal(&cast, &request);
        end(&cast, &request);
        let mut used = cast.used();
        used.extend(OPERATIONS.iter().map(|name| format!("access-request-{name}")));
        let documented = operations(|name| name.starts_with("access-request") || name.starts_with("access-desk"));
        assert_eq!(documented.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "every documented operation is taken");
        cast.close();
    }
}

#[test]
fn the_examples_of_the_operations_are_well_formed() {
    let cast = Cast::closed(Backend::Sqlite);
    for name in operations(|name| name.starts_with("access-request") || name.starts_with("access-desk")) {
        let text = operation(&name);
        let example = text.lines().find_map(|line| line.strip_prefix("# variables: ")).unwrap_or_else(|| panic!("{name} has no example"));
        let variables: Value = serde_json::from_str(example).unwrap_or_else(|e| panic!("{name}: {e}"));
        let answer = cast.server.graphql_as(Who::Visitor, &text, variables).json();
        let data = answer["data"].as_object().unwrap_or_else(|| panic!("{name}: {answer}"));
        assert!(answer.get("errors").is_none(), "{name}: {answer}");
        for payload in data.values().filter(|payload| payload.get("errors").is_some()) {
            assert_eq!(codes(payload), ["SIGN_IN_REQUIRED"], "{name}");
        }
    }
    cast.close();
}

#[test]
fn the_page_of_states_and_commands_is_up_to_date() {
    let path = project("docs/access-requests.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let (before, rest) = page.split_once("<!-- rules -->\n").expect("the beginning of the rules");
    let (present, after) = rest.split_once("<!-- /rules -->").expect("the end of the rules");
    if std::env::var_os("RIHLA_UPDATE_SNAPSHOTS").is_some() {
        let whole = format!("{before}<!-- rules -->\n{}<!-- /rules -->{after}", documentation());
        std::fs::write(&path, whole).expect("the page can be written");
        return;
    }
    assert_eq!(present, documentation(), "docs/access-requests.md is not up to date; run the tests with RIHLA_UPDATE_SNAPSHOTS=1");
}
