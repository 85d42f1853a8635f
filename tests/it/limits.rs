//! Limits: each refusal names the limit and the value, and costs little.

use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::with_demo_on_sqlite;

fn refused(server: &crate::harness::Server, what: &str, query: &str, piece: &str) {
    let started = Instant::now();
    let answer = server.graphql(query, Value::Null, "en");
    let json = answer.json();
    let message = json["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("{what}: not refused")).to_owned();
    assert!(answer.status == 400 && json.get("data").is_none(), "{what}: {} {message}", answer.status);
    assert!(message.contains(piece), "{what}: {message}");
    assert!(started.elapsed().as_secs() < 5, "{what} took {:?}", started.elapsed());
}

#[test]
fn documents_that_are_too_large_are_refused_with_limit_and_value() {
    with_demo_on_sqlite(|server| {
        let deep = |levels: usize| {
            format!("{{ dataset(slug: \"x\") {{ {} slug {} }} }}", "relations { dataset { ".repeat(levels), "} }".repeat(levels))
        };
        refused(server, "deep", &deep(10), "limit is 18");
        refused(server, "very deep", &deep(30), "");
        let aliases: String = (0..31).map(|n| format!("a{n}: __typename ")).collect();
        refused(server, "aliases", &format!("{{ {aliases} }}"), "limit is 30");
        refused(server, "tokens", &format!("{{ {} }}", "__typename ".repeat(3_000)), "limit is 2000");
        refused(server, "fields", &format!("{{ {} }}", "__typename ".repeat(1_100)), "limit is 1000");
        let root: String = (0..21).map(|_| "catalogue { name } ").collect();
        refused(server, "root", &format!("{{ {root} }}"), "limit is 20");
        let doubling: String = (0..40).map(|n| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n + 1, n + 1)).collect();
        refused(server, "doubling", &format!("{{ ...f0 }} {doubling} fragment f40 on Query {{ __typename }}"), "limit");
        refused(server, "cycle", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "spreads itself");
        refused(server, "own cycle", "{ ...a } fragment a on Query { __typename ...a }", "spreads itself");
        refused(server, "unused cycle", "{ __typename } fragment a on Query { ...b } fragment b on Query { ...a }", "spreads itself");
        refused(
            server,
            "cost",
            "{ datasets(first: 100) { nodes { variables(first: 100) { nodes { name } } versions(first: 100) { nodes { number } } } } }",
            "limit is 10000",
        );
    });
}

#[test]
fn a_default_for_a_variable_of_an_unknown_type_is_refused_like_any_unknown_type() {
    with_demo_on_sqlite(|server| {
        for of_type in ["Strng", "[Strng!]!", "Strng!"] {
            for default in ["= \"x\"", "= [\"x\"]"] {
                let query = format!("query($s: {of_type} {default}) {{ datasets(search: $s) {{ totalCount }} }}");
                let (message, code) = server.error_of(&query, Value::Null);
                assert!(
                    code == "BAD_DOCUMENT" && message.contains("Unknown type") && message.contains("Strng"),
                    "{query}: {code} {message}"
                );
            }
        }
        let without = "query($s: Strng) { datasets(search: $s) { totalCount } }";
        assert_eq!(server.error_of(without, Value::Null).1, "BAD_DOCUMENT");
        // Also of an operation that is not the one asked for; its place is told.
        let other = "query A { __typename }\nquery B($s: Nothing = 1) { __typename }";
        let body = json!({ "query": other, "operationName": "A" }).to_string();
        let error = server.post("/graphql", &[("content-type", "application/json")], body.as_bytes()).json()["errors"][0].clone();
        assert_eq!(error["locations"], json!([{ "line": 2, "column": 13 }]), "{error}");
        server.ask("query($s: String = \"x\") { datasets(search: $s) { totalCount } }");
    });
}

#[test]
fn facets_are_counted_once_each_and_in_the_cost() {
    with_demo_on_sqlite(|server| {
        let query = "query($of: [DatasetFacet!]! = [THEMES]) { datasets(first: 1) { facets(of: $of, limit: 1) { field } } }";
        let cost = |of: Value| {
            let variables = if of.is_null() { json!({}) } else { json!({ "of": of }) };
            server.graphql(query, variables, "en").json()["extensions"]["cost"]["requested"].as_u64().expect("a cost")
        };
        assert_eq!(cost(Value::Null), cost(json!(["ORIGINS"])));
        assert!(cost(json!(["THEMES", "ORIGINS"])) >= cost(json!(["THEMES"])) + 10);
        // Counted beside the page, and not for each record of it.
        let page = |first: i32, facets: &str| {
            let query = format!("{{ datasets(first: {first}) {{ nodes {{ slug }} {facets} }} }}");
            server.graphql(&query, Value::Null, "en").json()["extensions"]["cost"]["requested"].as_u64().expect("a cost")
        };
        let facets = "facets(of: [THEMES, ORIGINS]) { values { code } }";
        assert_eq!(page(100, facets) - page(100, ""), page(1, facets) - page(1, ""));
        let fields = server.ask_with(query, json!({ "of": ["THEMES", "ORIGINS", "THEMES"] }))["datasets"]["facets"].clone();
        assert_eq!(fields, json!([{ "field": "THEMES" }, { "field": "ORIGINS" }]));
        let (message, code) = server.error_of(query, json!({ "of": vec!["THEMES"; 40] }));
        assert!(code == "BAD_INPUT" && message.contains("40") && message.contains("16"), "{code} {message}");
        assert_eq!(server.error_of(query, json!({ "of": vec!["THEMES"; 15_000] })).1, "COST_EXCEEDED");
    });
}

#[test]
fn the_cost_counts_variables_and_is_reported() {
    with_demo_on_sqlite(|server| {
        let query = "query($n: Int = 5) { datasets(first: $n) { nodes { slug } } }";
        let cost = |variables: Value| server.graphql(query, variables, "en").json()["extensions"]["cost"].clone();
        let (small, large) = (cost(json!({})), cost(json!({ "n": 100 })));
        assert!(small["requested"].as_u64() < large["requested"].as_u64(), "{small} {large}");
        assert_eq!(large["limit"], 10_000);
        let nested = "query($n: Int!) { datasets(first: $n) { nodes { variables(first: $n) { nodes { name } } } } }";
        assert_eq!(server.error_of(nested, json!({ "n": 100 })).1, "COST_EXCEEDED");
        assert!(server.graphql(nested, json!({ "n": 10 }), "en").json().get("errors").is_none());
        // A session that has ended makes a visitor, with a visitor's limit.
        let body = json!({ "query": nested, "variables": { "n": 100 } }).to_string();
        let headers = [("content-type", "application/json"), ("cookie", "rihla_session=ended"), ("origin", server.address.as_str())];
        let answer = server.post("/graphql", &headers, body.as_bytes()).json();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "COST_EXCEEDED", "{answer}");
    });
}

#[test]
fn bodies_are_counted_after_decompression() {
    with_demo_on_sqlite(|server| {
        let padded = format!("{{\"query\":\"{{__typename}}\",\"pad\":\"{}\"}}", "x".repeat(300_000));
        assert_eq!(server.post("/graphql", &[("content-type", "application/json")], padded.as_bytes()).status, 413);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, &padded.into_bytes().repeat(100)).expect("compress");
        let bomb = encoder.finish().expect("compress");
        assert!(bomb.len() < 100_000);
        let answer = server.post("/graphql", &[("content-type", "application/json"), ("content-encoding", "gzip")], &bomb);
        assert!(answer.status == 413 && answer.body.contains("262144"), "{} {}", answer.status, answer.body);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, br#"{"query":"{__typename}"}"#).expect("compress");
        let small = encoder.finish().expect("compress");
        assert_eq!(server.post("/graphql", &[("content-type", "application/json"), ("content-encoding", "gzip")], &small).status, 200);
    });
}

#[test]
fn a_slow_body_is_cut_and_the_server_goes_on() {
    use std::io::{Read, Write};
    let place = crate::harness::Place::new(crate::harness::Backend::Sqlite);
    let server = place.serve(&["--set", "body_timeout_ms=1500"]);
    let mut socket = std::net::TcpStream::connect(server.address.trim_start_matches("http://")).expect("connect");
    socket
        .write_all(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
        .expect("write");
    socket.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("timeout");
    let mut answer = [0; 64];
    let read = socket.read(&mut answer).expect("an answer or an end");
    assert!(read == 0 || String::from_utf8_lossy(&answer).contains("408"), "{}", String::from_utf8_lossy(&answer));
    server.ask("{ __typename }");
    server.stop();
}

#[test]
fn introspection_can_be_switched_off_and_passes_when_on() {
    let place = crate::harness::Place::new(crate::harness::Backend::Sqlite);
    let server = place.serve(&[]);
    // The depth of the standard introspection query of graphql-js.
    let types = "ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }";
    server.ask(&format!("{{ __schema {{ types {{ fields {{ args {{ type {{ kind name {types} }} }} }} }} }} }}"));
    server.stop();
    let server = place.serve(&["--set", "introspection=false"]);
    let (message, _) = server.error_of("{ __schema { queryType { name } } }", Value::Null);
    assert!(message.to_lowercase().contains("introspection"), "{message}");
    server.stop();
}
