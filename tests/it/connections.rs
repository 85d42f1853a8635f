//! Paging: by cursor to any depth, forwards and backwards, in every order.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Backend, Place, Server, dataset, with_demo};

const QUERY: &str =
    "query($first: Int, $after: String, $last: Int, $before: String, $search: String, $order: DatasetOrder, $where: DatasetFilter) {
  datasets(first: $first, after: $after, last: $last, before: $before, search: $search, orderBy: $order, where: $where) {
    totalCount edges { cursor match node { id slug } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

fn walk(server: &Server, variables: &Value, backwards: bool, size: usize) -> Vec<(String, String)> {
    let (mut found, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut variables = variables.clone();
        let (count, place) = if backwards { ("last", "before") } else { ("first", "after") };
        variables[count] = json!(size);
        variables[place] = cursor;
        let data = server.ask_with(QUERY, variables);
        let page = &data["datasets"];
        let edges: Vec<(String, String)> = page["edges"]
            .as_array()
            .expect("edges")
            .iter()
            .map(|edge| (edge["node"]["slug"].as_str().expect("slug").to_owned(), edge["cursor"].as_str().expect("cursor").to_owned()))
            .collect();
        assert!(edges.len() <= size);
        let more = page["pageInfo"][if backwards { "hasPreviousPage" } else { "hasNextPage" }] == true;
        cursor = page["pageInfo"][if backwards { "startCursor" } else { "endCursor" }].clone();
        if backwards {
            found.splice(0..0, edges);
        } else {
            found.extend(edges);
        }
        if !more {
            assert_eq!(page["totalCount"], found.len(), "the walk meets every record once");
            return found;
        }
    }
}

#[test]
fn every_order_is_walked_whole_in_both_directions() {
    with_demo(|server, _| {
        let searches = [Value::Null, json!("migration"), json!("الهجرة")];
        let filters = [Value::Null, json!({ "reportingAreas": ["MA-09"], "includePossible": true })];
        for search in &searches {
            for filter in &filters {
                for order in ["RELEVANCE", "UPDATED_AT", "TITLE", "PERIOD_START", "PERIOD_END"] {
                    let variables = json!({ "search": search, "order": order, "where": filter });
                    let whole = walk(server, &variables, false, 100);
                    let unique: BTreeSet<_> = whole.iter().map(|(slug, _)| slug).collect();
                    assert_eq!(unique.len(), whole.len(), "{order} repeats a record");
                    assert_eq!(walk(server, &variables, false, 7), whole, "{order} forwards");
                    assert_eq!(walk(server, &variables, true, 7), whole, "{order} backwards");
                }
            }
        }
    });
}

#[test]
fn titles_come_in_alphabetical_order_and_certain_before_possible() {
    with_demo(|server, place| {
        let export = place.run_ok(&["export"]);
        let records: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let key = |slug: &str| {
            let record = records.iter().find(|r| r["type"] == "dataset" && r["slug"] == slug).expect("record");
            let language = record["mainLanguage"].as_str().expect("main language");
            rihla::domain::words::fold(record["titles"][language]["text"].as_str().expect("title"))
        };
        let data = server.ask("{ datasets(first: 100, orderBy: TITLE) { nodes { slug } } }");
        let nodes = data["datasets"]["nodes"].as_array().expect("nodes");
        let keys: Vec<String> = nodes.iter().map(|node| key(node["slug"].as_str().expect("slug"))).collect();
        assert!(keys.len() == 58 && keys.windows(2).all(|pair| pair[0] <= pair[1]), "{keys:?}");
        let data = server.ask("{ datasets(first: 100, where: { reportingAreas: [\"MA-09\"], includePossible: true }) { edges { match matchNotes { reason } } } }");
        let edges = data["datasets"]["edges"].as_array().expect("edges");
        let first_possible = edges.iter().position(|edge| edge["match"] == "POSSIBLE").expect("a possible match");
        assert!(
            edges[first_possible..]
                .iter()
                .all(|edge| edge["match"] == "POSSIBLE" && !edge["matchNotes"].as_array().expect("notes").is_empty())
        );
        assert!(edges[..first_possible].iter().all(|edge| edge["match"] == "CERTAIN"));
    });
}

#[test]
fn a_cursor_of_another_question_is_refused() {
    with_demo(|server, _| {
        let data = server.ask("{ datasets(first: 1) { pageInfo { endCursor } } }");
        let cursor = &data["datasets"]["pageInfo"]["endCursor"];
        let (message, code) = server.error_of(QUERY, json!({ "after": cursor, "search": "census" }));
        assert!(code == "BAD_INPUT" && message.contains("another question"), "{message}");
        for wrong in ["", "x", "bm90IGEgY3Vyc29y", "…"] {
            assert_eq!(server.error_of(QUERY, json!({ "after": wrong })).1, "BAD_INPUT", "{wrong}");
        }
        for page in [0, -1, 101, 2_147_483_647] {
            let (message, code) = server.error_of(QUERY, json!({ "first": page }));
            assert!(["BAD_INPUT", "COST_EXCEEDED"].contains(&code.as_str()) && message.chars().any(|c| c.is_ascii_digit()), "{message}");
        }
    });
}

#[test]
fn institutions_and_changes_are_walked_whole() {
    with_demo(|server, _| {
        let (mut slugs, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = server.ask_with(
                "query($a: String) { institutions(first: 7, after: $a) { totalCount nodes { slug } pageInfo { hasNextPage endCursor } } }",
                json!({ "a": after }),
            );
            let page = &data["institutions"];
            slugs.extend(page["nodes"].as_array().expect("nodes").iter().map(|n| n["slug"].as_str().expect("slug").to_owned()));
            assert_eq!(page["totalCount"], 50);
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert!(slugs.len() == 50 && slugs.windows(2).all(|pair| pair[0] < pair[1]), "{slugs:?}");
        let data = server.ask("{ institutions(last: 3) { nodes { slug } pageInfo { hasPreviousPage hasNextPage } } }");
        let last: Vec<_> = data["institutions"]["nodes"].as_array().expect("nodes").iter().filter_map(|n| n["slug"].as_str()).collect();
        assert_eq!(last, slugs[47..].iter().map(String::as_str).collect::<Vec<_>>());
        let (mut seqs, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = server.ask_with("query($a: String) { changes(since: 0, first: 25, after: $a) { totalCount nodes { seq kind entity } pageInfo { hasNextPage endCursor } } }", json!({ "a": after }));
            seqs.extend(data["changes"]["nodes"].as_array().expect("nodes").iter().map(|n| n["seq"].as_i64().expect("seq")));
            after = data["changes"]["pageInfo"]["endCursor"].clone();
            if data["changes"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(seqs, (1..=108).collect::<Vec<_>>());
    });
}

#[test]
fn a_thousand_records_are_paged_without_a_wall() {
    let place = Place::new(Backend::Sqlite);
    let lines: Vec<String> = (0..1_200).map(|n| dataset(&format!("bulk-{n:05}"), |r| r["themes"] = json!(["MT-0101"]))).collect();
    let file = place.write("bulk.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
    let server = place.serve(&[]);
    for variables in [json!({}), json!({ "search": "title" }), json!({ "order": "TITLE" })] {
        let found = walk(&server, &variables, false, 100);
        let unique: BTreeSet<_> = found.iter().map(|(slug, _)| slug.clone()).collect();
        assert_eq!((found.len(), unique.len()), (1_200, 1_200));
    }
    server.stop();
}
