//! One story on either database: an empty catalogue, records that come in while people ask, a second node, a restart.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{BACKENDS, Backend, Place, dataset, institution, with_demo};

#[test]
fn a_running_server_finds_what_is_imported_beside_it() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let server = place.serve(&[]);
        assert_eq!(server.ask("{ datasets { totalCount nodes { slug } } institutions { totalCount } }")["datasets"]["totalCount"], 0);
        let lines = [institution("observatory"), dataset("regional-survey", |r| r["producer"] = json!("observatory"))];
        let file = place.write("first.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let deadline = Instant::now() + Duration::from_secs(5);
        let count = || server.ask("{ datasets(search: \"observatory\") { totalCount } }")["datasets"]["totalCount"].clone();
        while count() != 1 {
            assert!(Instant::now() < deadline, "the record is not found 5 s after its import");
            std::thread::sleep(Duration::from_millis(50));
        }
        // A new name of the institution is found with its datasets.
        let renamed = institution("observatory").replace("Name of observatory", "Zaytuna Institute");
        let file = place.write("second.jsonl", renamed);
        place.run_ok(&["import", &file]);
        server.wait_for_index();
        let data = server.ask("{ datasets(search: \"zaytuna\") { nodes { producer { name } } } }");
        assert_eq!(data["datasets"]["nodes"][0]["producer"]["name"], "Zaytuna Institute");
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn two_nodes_on_one_postgresql_show_the_same() {
    let place = Place::new(Backend::Postgres);
    let first = place.serve(&["--demo"]);
    let other_folder = place.folder.join("second-node");
    let second = place.serve(&["--data-dir", &other_folder.display().to_string()]);
    let count = |server: &crate::harness::Server| {
        server.ask("{ datasets(search: \"migration\") { totalCount } }")["datasets"]["totalCount"].clone()
    };
    assert_eq!(count(&first), count(&second));
    first.stop();
    second.stop();
}

#[test]
fn retired_records_leave_a_tombstone_in_the_change_feed() {
    with_demo(|server, place| {
        let line = place.run_ok(&["export"]).lines().find(|line| line.contains("\"slug\":\"oecd-dioc\"")).expect("record").to_owned();
        let file = place.write("retired.jsonl", line.replace("\"status\":\"PUBLISHED\"", "\"status\":\"RETIRED\""));
        place.run_ok(&["import", &file]);
        server.wait_for_index();
        let data = server.ask("{ dataset(slug: \"oecd-dioc\") { title status abstract maskedFields { path reason } } datasets { totalCount } changes(since: 108) { nodes { kind dataset { slug status } nodeId } } }");
        assert_eq!((&data["dataset"]["status"], &data["datasets"]["totalCount"]), (&json!("RETIRED"), &json!(57)));
        // The tombstone keeps identity and title; the rest is gone from sight, and says why.
        assert!(data["dataset"]["title"].is_string() && data["dataset"]["abstract"].is_null(), "{data}");
        let masked = data["dataset"]["maskedFields"].as_array().expect("list");
        assert!(masked.iter().any(|m| m["path"] == "abstract") && masked.iter().all(|m| m["reason"] == "RETIRED_RECORD"), "{data}");
        let retired =
            data["changes"]["nodes"].as_array().expect("list").iter().find(|change| change["kind"] == "RETIRED").expect("tombstone");
        assert_eq!(retired["dataset"]["status"], "RETIRED");
    });
}
