//! A query shape costs a fixed number of SQL statements, whatever the number of rows.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution};

fn statements(server: &Server, query: &str, first: i32) -> u64 {
    let answer = server.graphql(query, json!({ "n": first }), "en").json();
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["extensions"]["cost"]["statements"].as_u64().expect("statements")
}

/// A catalogue without a memory of records, so that every request goes to the database.
fn place(backend: Backend) -> (Place, Server) {
    let place = Place::new(backend);
    let mut lines: Vec<String> = (0..20).map(|n| institution(&format!("holder-{n}"))).collect();
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
            ("query($n: Int) { changes(since: 20, first: $n) { nodes { seq dataset { title producer { name } } } } }", 5),
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
