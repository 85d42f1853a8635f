//! What is in the catalogue comes in once more: new versions, and what no file changes.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, dataset};

#[test]
fn a_changed_record_makes_a_new_version_and_keeps_its_identifier() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let import = |title: &str| {
            let line = dataset("one", |r| r["titles"]["en"]["text"] = json!(title));
            let file = place.write("one.jsonl", line);
            place.run_ok(&["import", &file])
        };
        import("First title");
        let before: Value = serde_json::from_str(&place.run_ok(&["export"])).expect("JSON");
        assert!(import("Second title").contains("1 updated"));
        let after: Value = serde_json::from_str(&place.run_ok(&["export"])).expect("JSON");
        assert_eq!(before["identifier"], after["identifier"]);
        let server = place.serve(&[]);
        server.wait_for_index();
        let data = server.ask(
            "{ dataset(slug: \"one\") { title version revision versions { totalCount nodes { number changeNote } } } datasets(search: \"second\") { totalCount } \
               old: datasets(search: \"first\") { totalCount } changes(since: 0) { nodes { seq kind dataset { slug } } } }",
        );
        assert_eq!((data["dataset"]["title"].as_str(), data["dataset"]["version"].as_i64()), (Some("Second title"), Some(2)));
        assert_eq!(data["dataset"]["versions"]["nodes"][1], json!({ "number": 1, "changeNote": "import" }));
        assert_eq!((&data["datasets"]["totalCount"], &data["old"]["totalCount"]), (&json!(1), &json!(0)));
        let kinds: Vec<_> = data["changes"]["nodes"].as_array().expect("changes").iter().map(|change| change["kind"].clone()).collect();
        assert_eq!(kinds, ["CREATED", "UPDATED"]);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn an_identifier_is_never_taken_over() {
    let place = Place::new(Backend::Sqlite);
    let file = place.write("one.jsonl", dataset("one", |_| {}));
    place.run_ok(&["import", &file]);
    let exported: Value = serde_json::from_str(&place.run_ok(&["export"])).expect("JSON");
    let stolen = dataset("two", |r| r["identifier"] = exported["identifier"].clone());
    let other = dataset("one", |r| r["identifier"] = json!("urn:uuid:00000000-0000-7000-8000-000000000001"));
    for line in [stolen, other] {
        let file = place.write("wrong.jsonl", line);
        let done = place.run(&["import", &file]);
        assert!(!done.status.success() && String::from_utf8_lossy(&done.stderr).contains("identifier"));
    }
    assert_eq!(place.run_ok(&["export"]).trim(), exported.to_string());
}

#[test]
fn a_retired_record_is_not_brought_back() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let record = |status: &str| dataset("survey", |record| record["status"] = json!(status));
        for status in ["PUBLISHED", "RETIRED"] {
            place.run_ok(&["import", &place.write("survey.jsonl", record(status))]);
        }
        let before = place.run_ok(&["export"]);
        let file = place.write("again.jsonl", format!("{}\n{}\n", record("PUBLISHED"), dataset("other", |_| {})));
        for arguments in [vec!["import", "--dry-run", &file], vec!["import", &file]] {
            let done = place.run(&arguments);
            let told = String::from_utf8_lossy(&done.stderr);
            assert!(
                !done.status.success() && told.contains("again.jsonl:1: slug") && told.contains("never used again"),
                "{backend:?}: {told}"
            );
        }
        let after = place.run_ok(&["export"]);
        assert!(after.contains("\"other\"") && before.lines().all(|line| after.contains(line)), "{backend:?}: {after}");
        place.run_ok(&["import", &place.write("same.jsonl", record("RETIRED"))]);
        place.assert_healthy();
    }
}
