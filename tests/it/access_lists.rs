//! Lists of access requests: what is not for the viewer is neither shown nor counted, and looking at states is no reading.

use serde_json::{Value, json};

use crate::access_requests::cast::{Cast, NSO, POLICE, Request, day, part};
use crate::harness::{BACKENDS, Backend, project};
use crate::people::{Who, ask_as, codes, payload};

const PAGE: &str =
    "query($scope: AccessRequestScope!, $first: Int, $after: String, $last: Int, $before: String, $orderBy: AccessRequestOrder) {
  accessRequests(scope: $scope, first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id request part state }
  }
}";

fn list(cast: &Cast, name: &str, variables: Value) -> Value {
    ask_as(&cast.server, cast.who(name), PAGE, variables)["accessRequests"].clone()
}

fn requests(page: &Value) -> Vec<String> {
    page["nodes"].as_array().expect("nodes").iter().map(|line| line["request"].as_str().expect("request").to_owned()).collect()
}

fn ids(requests: &[&Request]) -> Vec<String> {
    requests.iter().map(|request| request.id.clone()).collect()
}

#[test]
fn an_officer_pages_past_what_is_not_theirs() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        // The officer asks for data of the own institution, twice, and is named in a third request.
        let own = [cast.submitted("both", &[NSO], json!({})), cast.submitted("both", &[NSO], json!({}))];
        let named = cast.begin("researcher", &[NSO], json!({}));
        cast.step("researcher", &named, "member-add", json!({ "name": "Somebody", "email": "both@people.example" }));
        assert_eq!(list(&cast, "both", json!({ "scope": "OWN" }))["totalCount"], 2, "a draft is its applicant's alone");
        cast.step("researcher", &named, "answer", json!({ "answers": crate::access_requests::cast::answers() }));
        cast.step("researcher", &named, "submit", json!({}));
        let others: Vec<Request> = (0..3).map(|_| cast.submitted("researcher", &[NSO, POLICE], json!({}))).collect();
        for order in ["SUBMITTED", "DUE"] {
            let first = list(&cast, "both", json!({ "scope": "HOLDER", "first": 2, "orderBy": order }));
            assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)), "{order}: {first}");
            assert_eq!(requests(&first), ids(&[&others[0], &others[1]]), "{order}");
            let second =
                list(&cast, "both", json!({ "scope": "HOLDER", "first": 2, "after": first["pageInfo"]["endCursor"], "orderBy": order }));
            assert_eq!((requests(&second), &second["pageInfo"]["hasNextPage"]), (ids(&[&others[2]]), &json!(false)), "{order}");
            let last = list(&cast, "both", json!({ "scope": "HOLDER", "first": null, "last": 1, "orderBy": order }));
            assert_eq!(requests(&last), ids(&[&others[2]]), "{order}");
        }
        let touched = list(&cast, "both", json!({ "scope": "HOLDER", "orderBy": "UPDATED" }));
        assert_eq!(requests(&touched), ids(&[&others[2], &others[1], &others[0]]));
        assert_eq!(list(&cast, "both", json!({ "scope": "OWN" }))["totalCount"], 3, "two of their own, and one in which they are named");
        assert_eq!(list(&cast, "both", json!({ "scope": "EVERYTHING" }))["totalCount"], 9);
        assert_eq!(list(&cast, "officer", json!({ "scope": "HOLDER" }))["totalCount"], 6);
        assert_eq!(list(&cast, "researcher", json!({ "scope": "OWN" }))["totalCount"], 7);
        // A conflict of interest takes a part out of the queue; an invitation puts one part into the own list.
        cast.step("conflicted", &own[0], "declare-interest", json!({ "part": 1, "hasConflict": true, "text": "A colleague." }));
        let queue = list(&cast, "conflicted", json!({ "scope": "HOLDER", "first": 1, "orderBy": "SUBMITTED" }));
        assert_eq!((requests(&queue), &queue["totalCount"]), (ids(&[&own[1]]), &json!(5)));
        let invitation = json!({ "part": 1, "email": "third@people.example", "role": "REVIEWER", "text": "Is it enough?" });
        cast.step("officer", &others[0], "invite", invitation);
        let invited = list(&cast, "third", json!({ "scope": "OWN" }));
        assert_eq!((requests(&invited), &invited["nodes"][0]["part"]), (ids(&[&others[0]]), &json!(1)));
        // The member is taken out: the request is the officer's work again.
        cast.step("researcher", &named, "member-remove", json!({ "member": 1 }));
        assert_eq!(list(&cast, "both", json!({ "scope": "HOLDER" }))["totalCount"], 4);
        sides_are_found_in_older_requests(&cast, backend);
        cast.close();
    }
}

/// The tables as they were before the migration, then migrated: everyone has the same lists.
fn sides_are_found_in_older_requests(cast: &Cast, backend: Backend) {
    let lists = || {
        let of = |(name, scope): (&str, &str)| requests(&list(cast, name, json!({ "scope": scope, "orderBy": "SUBMITTED" })));
        [("both", "HOLDER"), ("both", "OWN"), ("conflicted", "HOLDER"), ("third", "OWN"), ("decider", "OWN"), ("researcher", "OWN")].map(of)
    };
    let before = lists();
    let folder = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
    let down = project(&format!("migrations/{folder}/2026-11-28-050000_index_access_lists/down.sql"));
    cast.place.alter(&std::fs::read_to_string(down).expect("the way back"));
    cast.place.alter("DELETE FROM __diesel_schema_migrations WHERE version = '20261128050000'");
    cast.place.run_ok(&["migrate"]);
    assert_eq!(lists(), before, "{backend:?}");
}

#[test]
fn to_look_at_lines_is_not_to_read_and_each_part_read_is_noted() {
    for backend in BACKENDS {
        let mut cast = Cast::open(backend);
        cast.enter("twofold", &["ACCESS_OFFICER@nso", "ACCESS_OFFICER@police"]);
        let request = cast.submitted("researcher", &[NSO, POLICE], json!({}));
        let lines = list(&cast, "twofold", json!({ "scope": "HOLDER" }));
        let nodes: Vec<&str> = lines["nodes"].as_array().expect("nodes").iter().filter_map(|line| line["id"].as_str()).collect();
        let again = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on AccessRequestLine { state part } } }";
        let read = ask_as(&cast.server, cast.who("twofold"), again, json!({ "ids": nodes }))["nodes"].clone();
        assert!(read.as_array().is_some_and(|read| read.len() == 2 && read.iter().all(|line| line["state"] == "SUBMITTED")), "{read}");
        for name in ["stranger", "admin"] {
            let hidden = ask_as(&cast.server, cast.who(name), again, json!({ "ids": nodes }))["nodes"].clone();
            assert_eq!(hidden, json!([null, null]), "{name}");
        }
        assert_eq!(cast.look("researcher", &request.id)["readers"]["totalCount"], 0, "states and dates are no content");
        for _ in 0..2 {
            cast.look("twofold", &request.id);
        }
        let readers = cast.look("researcher", &request.id)["readers"].clone();
        let mut parts: Vec<i64> = readers["nodes"].as_array().expect("readers").iter().filter_map(|look| look["part"].as_i64()).collect();
        parts.sort_unstable();
        assert_eq!((parts, &readers["totalCount"]), (vec![1, 2], &json!(2)), "both parts, once an hour: {readers}");
        let page = "query($id: ID!) { accessRequest(id: $id) { readers(last: 1) { pageInfo { hasPreviousPage } nodes { part } } } }";
        let last = ask_as(&cast.server, cast.who("researcher"), page, json!({ "id": request.id }))["accessRequest"]["readers"].clone();
        assert_eq!((last["nodes"].as_array().map(Vec::len), &last["pageInfo"]["hasPreviousPage"]), (Some(1), &json!(true)));
        cast.close();
    }
}

#[test]
fn events_come_page_by_page_and_drafts_written_anew_are_not_kept() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.begin("researcher", &[NSO], json!({}));
        for title in ["A first title", "A second title", "A third title"] {
            cast.step("researcher", &request, "answer", json!({ "answers": [{ "question": "project-title", "text": title }] }));
        }
        let page = "query($id: ID!, $first: Int, $after: String) { accessRequest(id: $id) { events(first: $first, after: $after) {
            totalCount pageInfo { hasNextPage endCursor } nodes { number kind } } } }";
        let (mut kinds, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "id": request.id, "first": 2, "after": after });
            let events = ask_as(&cast.server, cast.who("researcher"), page, variables)["accessRequest"]["events"].clone();
            kinds.extend(events["nodes"].as_array().expect("events").iter().map(|event| event["kind"].as_str().expect("kind").to_owned()));
            if events["pageInfo"]["hasNextPage"] == false {
                assert_eq!(events["totalCount"], kinds.len());
                break;
            }
            after = events["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(kinds, ["CREATED", "FRAMED", "PART_ADDED", "ANSWERS_SAVED", "ANSWERS_SAVED", "ANSWERS_SAVED"]);
        let kept = |cast: &Cast| {
            let copy =
                cast.ask(cast.who("researcher"), "access-request-export", json!({ "id": request.id }))["accessRequestExport"].clone();
            let copy: Value = serde_json::from_str(copy.as_str().expect("a copy")).expect("JSON");
            let saved = copy["events"].as_array().expect("events").iter().filter(|event| event["event"]["kind"] == "ANSWERS_SAVED");
            saved.map(|event| event["text"].is_object()).collect::<Vec<_>>()
        };
        assert_eq!(kept(&cast), [false, false, true], "only the last draft is kept");
        cast.step("researcher", &request, "answer", json!({ "answers": crate::access_requests::cast::answers() }));
        cast.step("researcher", &request, "submit", json!({}));
        cast.step("officer", &request, "return", json!({ "part": 1, "text": "Which one?", "questions": ["project-title"] }));
        for title in ["A fourth title", "A fifth title"] {
            cast.step("researcher", &request, "answer", json!({ "answers": [{ "question": "project-title", "text": title }] }));
        }
        assert_eq!(kept(&cast), [false, false, false, true, false, true], "what was submitted stays");
        let submitted = part(&cast.look("officer", &request.id), 1)["answers"].as_array().map(Vec::len);
        assert_eq!(submitted, crate::access_requests::cast::answers().as_array().map(Vec::len), "whole");
        cast.close();
    }
}

#[test]
fn who_left_after_accepting_is_not_counted_as_having_accepted() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.begin("researcher", &[POLICE], json!({}));
        for (name, email) in [("A Colleague", "colleague@people.example"), ("A Stranger", "stranger@people.example")] {
            cast.step("researcher", &request, "member-add", json!({ "name": name, "email": email }));
        }
        cast.step("researcher", &request, "answer", json!({ "answers": crate::access_requests::cast::answers() }));
        cast.step("researcher", &request, "submit", json!({}));
        cast.approve("other-officer", "other-officer", &request, 1);
        cast.step("other-officer", &request, "propose", json!({ "part": 1, "text": "I keep them safe.", "until": day(100) }));
        let undertaking = |cast: &Cast| part(&cast.look("researcher", &request.id), 1)["undertaking"].clone();
        cast.step("colleague", &request, "accept", json!({ "part": 1, "textHash": undertaking(&cast)["textHash"] }));
        assert_eq!(undertaking(&cast)["awaited"], 2);
        cast.step("researcher", &request, "member-remove", json!({ "member": 1 }));
        assert_eq!(undertaking(&cast)["awaited"], 2, "applicant and stranger");
        cast.close();
    }
}

#[test]
fn deputies_act_once_nobody_has_answered_in_time() {
    for backend in BACKENDS {
        let mut cast = Cast::open(backend);
        cast.enter("deputy", &[]);
        cast.desk("other-officer", POLICE, json!({ "deputies": ["deputy@people.example"] }));
        let request = cast.submitted("researcher", &[NSO, POLICE], json!({}));
        assert_eq!(cast.look("deputy", &request.id), Value::Null, "not before");
        cast.clock(&day(40));
        cast.refresh(&request);
        let seen = cast.look("deputy", &request.id);
        assert_eq!(seen["parts"].as_array().map(Vec::len), Some(1), "the own part only: {seen}");
        assert_eq!(part(&seen, 2)["viewerRoles"], json!(["ACCESS_OFFICER", "DECIDER"]));
        assert_eq!(list(&cast, "deputy", json!({ "scope": "OWN" }))["totalCount"], 1);
        cast.step("deputy", &request, "confirm-complete", json!({ "part": 2 }));
        // Until an officer takes the matter back.
        let number = part(&cast.look("other-officer", &request.id), 2)["invited"][0]["number"].clone();
        cast.step("other-officer", &request, "uninvite", json!({ "part": 2, "invitation": number }));
        assert_eq!(cast.look("deputy", &request.id), Value::Null);
        let token = cast.token("other-officer", &["READ", "ACCESS"]);
        let own = ask_as(&cast.server, Who::Token(&token), PAGE, json!({ "scope": "HOLDER" }));
        assert_eq!(own["accessRequests"]["totalCount"], 1);
        let refused = payload(&cast.ask(
            cast.who("deputy"),
            "access-request-message",
            json!({ "input": { "request": request.id, "part": 2, "text": "Once more." } }),
        ));
        assert_eq!(codes(&refused), ["NOT_FOUND"]);
        cast.close();
    }
}
