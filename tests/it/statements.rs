//! A query shape costs a fixed number of SQL statements, whatever the number of rows.

use serde_json::{Value, json};

use crate::access_requests::cast::{answers, day, email, lines, part};
use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution, note_secret};
use crate::people::{Session, ask_as, codes, follow_link, operation, payload};

fn statements(server: &Server, query: &str, first: i32) -> u64 {
    let answer = server.graphql(query, json!({ "n": first }), "en").json();
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["extensions"]["cost"]["statements"].as_u64().expect("statements")
}

/// A catalogue without a memory of records, so that every request goes to the database.
fn place(backend: Backend) -> (Place, Server) {
    let place = Place::new(backend);
    let followed = |n: usize| format!("{{\"successors\":[\"holder-{}\"],", n + 1);
    let mut lines: Vec<String> = (0..19).map(|n| institution(&format!("holder-{n}")).replacen('{', &followed(n), 1)).collect();
    lines.push(institution("holder-19"));
    lines.extend((0..120).map(|n| {
        dataset(&format!("set-{n:03}"), |r| {
            let terms = json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" });
            r["producer"] = json!(format!("holder-{}", n % 20));
            r["holdings"] = json!([
                { "institution": format!("holder-{}", n % 20), "role": "PRODUCER", "accessTerms": terms },
                { "institution": format!("holder-{}", (n + 7) % 20), "role": "HOLDER", "accessTerms": terms }
            ]);
            r["relations"] = json!([{ "type": "OVERLAPS", "dataset": format!("set-{:03}", (n + 1) % 120) }]);
        })
    }));
    let file = place.write("all.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
    let server = place.serve(&["--set", "cache_records=0", "--set", "max_cost=1000000"]);
    server.wait_for_index();
    (place, server)
}

#[test]
fn the_number_of_statements_does_not_depend_on_the_rows() {
    for backend in BACKENDS {
        let (place, server) = place(backend);
        // Which institution came after which is read once, and kept until one of them is written.
        server.ask("{ institution(slug: \"holder-0\") { predecessors { slug } } }");
        for (shape, most) in [
            ("query($n: Int) { datasets(first: $n) { totalCount nodes { slug title } } }", 2),
            (
                "query($n: Int) { datasets(first: $n) { nodes { producer { name } holdings { role institution { name acronym parent { name } } } } } }",
                3,
            ),
            ("query($n: Int) { datasets(first: $n) { nodes { holdings { accessForm { version title institution { slug } } } } } }", 5),
            ("query($n: Int) { datasets(first: $n) { edges { node { relations { type dataset { title } } } } } }", 5),
            (
                "query($n: Int) { datasets(first: $n) { nodes { producer { name } relations { dataset { producer { name } relations { dataset { title producer { name } } } } } } } }",
                12,
            ),
            (
                "query($n: Int) { datasets(first: $n, search: \"title\") { facets(of: [INSTITUTIONS, THEMES]) { values { label count } } nodes { slug } } }",
                3,
            ),
            ("query($n: Int) { institutions(first: $n) { totalCount nodes { name parent { name } datasetCount } } }", 2),
            ("query($n: Int) { institutions(first: $n) { nodes { predecessors { name } successors { name predecessors { name } } } } }", 4),
            ("query($n: Int) { institutions(first: $n) { nodes { accessStatistics { requests { value } medianDays } } } }", 3),
            ("query($n: Int) { datasets(first: $n) { nodes { registerEntries { totalCount } comments { totalCount } } } }", 6),
            ("query($n: Int) { institutions(first: $n) { nodes { registerEntries { totalCount } } } }", 6),
            ("query($n: Int) { changes(since: 20, first: $n) { nodes { seq dataset { title producer { name } } } } }", 6),
        ] {
            let (few, many) = (statements(&server, shape, 2), statements(&server, shape, 100));
            assert!(few <= most && many <= most, "{backend:?}: {few} and {many} statements, at most {most} expected: {shape}");
            assert_eq!(few, many, "{backend:?}: {shape}");
        }
        let typename = server.graphql("{ __typename }", Value::Null, "en").json();
        assert_eq!(typename["extensions"]["cost"]["statements"], 0);
        server.stop();
        place.assert_healthy();
    }
}

/// A catalogue of twenty holdings by twenty holders that can be asked for, and a coordinator who asks for them.
struct Asked {
    place: Place,
    server: Server,
    coordinator: Session,
    /// A request for one holding, and one for twenty.
    requests: [String; 2],
    token: String,
}

const HOLDERS: usize = 20;

fn asked(backend: Backend) -> Asked {
    let place = Place::new(backend);
    let terms = json!({ "aggregates": "AGGREGATES_ON_REQUEST", "aggregatesBasis": "QUOTED", "microdata": "LICENSED", "microdataBasis": "QUOTED", "channel": "IN_SYSTEM" });
    let mut lines: Vec<String> = (0..HOLDERS).map(|n| institution(&format!("holder-{n}"))).collect();
    lines.extend((0..HOLDERS).map(|n| {
        dataset(&format!("set-{n}"), |r| {
            r["producer"] = json!(format!("holder-{n}"));
            r["holdings"] = json!([{ "institution": format!("holder-{n}"), "role": "PRODUCER", "accessTerms": terms }]);
        })
    }));
    let file = place.write("all.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
    let server = place.serve(&["--set", "cache_records=0", "--set", "max_cost=1000000"]);
    server.wait_for_index();
    let join = |name: &str, roles: &[String]| {
        let mut arguments = vec!["user".to_owned(), "add".to_owned(), email(name), "--function".to_owned(), name.to_owned()];
        arguments.extend(roles.iter().flat_map(|role| ["--role".to_owned(), role.clone()]));
        follow_link(&server, &place.run_ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>()))
    };
    let officer = join("officer", &(0..HOLDERS).map(|n| format!("ACCESS_OFFICER@holder-{n}")).collect::<Vec<_>>());
    let (coordinator, researcher) = (join("coordinator", &["COORDINATOR".to_owned()]), join("researcher", &[]));
    let members: Vec<Session> = (0..3).map(|n| join(&format!("member-{n}"), &[])).collect();
    for n in 0..HOLDERS {
        let input = json!({ "institution": format!("holder-{n}"), "expectedRevision": 0, "isOpen": true });
        assert!(codes(&payload(&ask_as(&server, &officer, &operation("access-desk-set"), json!({ "input": input })))).is_empty());
    }
    let found = server.ask("{ datasets(first: 100) { nodes { holdings { id } } } }");
    let held = found["datasets"]["nodes"].as_array().expect("datasets").iter().map(|node| node["holdings"][0]["id"].clone());
    let held: Vec<Value> = held.collect();
    let step = |who: &Session, request: &str, step: &str, more: Value| {
        let seen = ask_as(&server, &researcher, "query($id: ID!) { accessRequest(id: $id) { revision } }", json!({ "id": request }));
        let mut input = more;
        input["request"] = json!(request);
        if step != "accept" {
            input["expectedRevision"] = seen["accessRequest"]["revision"].clone();
        }
        let done = payload(&ask_as(&server, who, &operation(&format!("access-request-{step}")), json!({ "input": input })));
        assert!(codes(&done).is_empty(), "{step}: {done}");
        done["request"].clone()
    };
    let requests = [1, HOLDERS].map(|count| {
        let wish = |holding: &Value| json!({ "holding": holding, "data": "MICRODATA" });
        let input = json!({ "holdings": held.iter().take(count).map(wish).collect::<Vec<_>>() });
        let made = payload(&ask_as(&server, &researcher, &operation("access-request-create"), json!({ "input": input })));
        let id = made["request"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        for n in 0..members.len() {
            step(&researcher, &id, "member-add", json!({ "name": "Somebody", "email": email(&format!("member-{n}")) }));
        }
        step(&researcher, &id, "answer", json!({ "answers": answers() }));
        step(&researcher, &id, "submit", json!({}));
        id
    });
    let users: Vec<&Session> = members.iter().chain([&researcher]).collect();
    grant(&server, &requests[0], &officer, &users, &step);
    let input = json!({ "name": "program", "scopes": ["ACCESS"], "expiresInDays": 1 });
    let made = payload(&ask_as(&server, &officer, &operation("register-api-token"), json!({ "input": input })));
    let token = made["secret"].as_str().expect("a token").to_owned();
    note_secret(&token);
    Asked { place, server, coordinator, requests, token }
}

/// The only part of a request is approved, and everyone accepts its undertaking.
fn grant(server: &Server, request: &str, officer: &Session, users: &[&Session], step: &dyn Fn(&Session, &str, &str, Value) -> Value) {
    step(officer, request, "confirm-complete", json!({ "part": 1 }));
    step(officer, request, "decide", json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") }));
    step(officer, request, "propose", json!({ "part": 1, "text": "I keep them safe.", "until": day(100) }));
    let query = "query($id: ID!) { accessRequest(id: $id) { parts { number undertaking { textHash } } } }";
    let seen = ask_as(server, officer, query, json!({ "id": request }))["accessRequest"].clone();
    let hash = part(&seen, 1)["undertaking"]["textHash"].clone();
    for user in users {
        step(user, request, "accept", json!({ "part": 1, "textHash": hash }));
    }
}

/// Statements of a question by someone, once what they have read is noted.
fn statements_of(asked: &Asked, who: &Session, query: &str, variables: Value) -> u64 {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let headers = [("content-type", "application/json"), ("cookie", who.cookie.as_str())];
    let mut last = 0;
    for _ in 0..2 {
        let answer = asked.server.post("/graphql", &headers, body.as_bytes()).json();
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        last = answer["extensions"]["cost"]["statements"].as_u64().expect("statements");
    }
    last
}

#[test]
fn lists_and_pages_of_access_requests_cost_a_fixed_number_of_statements() {
    for backend in BACKENDS {
        let asked = asked(backend);
        let who = &asked.coordinator;
        let list = "query($n: Int) { accessRequests(scope: EVERYTHING, first: $n) { totalCount nodes { state institution { name } dataset { title producer { name } } } } }";
        let few = statements_of(&asked, who, list, json!({ "n": 2 }));
        assert_eq!(few, statements_of(&asked, who, list, json!({ "n": 20 })), "{backend:?}: a list");
        let one = "query($id: ID!) { accessRequest(id: $id) { state events { nodes { kind } } parts { state institution { name } dataset { title producer { name } } } } }";
        let [small, large] = [0, 1].map(|which: usize| statements_of(&asked, who, one, json!({ "id": asked.requests[which] })));
        assert_eq!(small, large, "{backend:?}: the page of a request");
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on AccessRequest { state parts { dataset { title } institution { name } } } } }";
        let both = statements_of(&asked, who, nodes, json!({ "ids": asked.requests }));
        assert_eq!(statements_of(&asked, who, nodes, json!({ "ids": [asked.requests[1]] })), both, "{backend:?}: nodes");
        let lines = ask_as(&asked.server, who, "{ accessRequests(scope: EVERYTHING, first: 20) { nodes { id } } }", Value::Null);
        let ids: Vec<Value> = lines["accessRequests"]["nodes"].as_array().expect("lines").iter().map(|line| line["id"].clone()).collect();
        let again = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on AccessRequestLine { state dataset { title } } } }";
        let few = statements_of(&asked, who, again, json!({ "ids": &ids[..2] }));
        assert_eq!(few, statements_of(&asked, who, again, json!({ "ids": ids })), "{backend:?}: lines");
        let [one, four] = [1, 4].map(|limit| entitlements(&asked, limit));
        assert_eq!((one, four), (1, 4), "{backend:?}: entitlements with their persons");
        asked.server.stop();
        asked.place.assert_healthy();
    }
}

/// Number of entitlements that the holder's system reads, each with who the person is.
fn entitlements(asked: &Asked, limit: usize) -> usize {
    let bearer = format!("Bearer {}", asked.token);
    let answer = asked.server.get(&format!("/entitlements?limit={limit}"), &[("authorization", bearer.as_str())]).json();
    let told = answer["entitlements"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert!(told.iter().all(|one| one["person"]["email"].is_string() && one["person"]["function"].is_string()), "{answer}");
    told.len()
}
