//! What a registry copies is not passed on by it: it tells of no copy, and takes none.

use serde_json::{Value, json};

use super::{Two, declare, record};
use crate::harness::{BACKENDS, Backend, institution};
use crate::sources::house::{House, Reply};

#[test]
fn of_copies_nothing_is_told_also_not_that_they_are_gone() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        two.harvest();
        let copy = two.seen("second")["identifier"].as_str().expect("an identifier").to_owned();
        let own = two.seen("taken")["identifier"].as_str().expect("an identifier").to_owned();
        let gone = record("second", "office", |record| record["status"] = json!("RETIRED"));
        two.home_place.run_ok(&["import", &two.home_place.write("gone.jsonl", gone)]);
        let gone = record("taken", "observatory", |record| record["status"] = json!("RETIRED"));
        two.here_place.run_ok(&["import", &two.here_place.write("gone.jsonl", gone)]);
        two.home.wait_for_index();
        assert!(two.harvest().contains("1 gone"));
        assert_eq!(two.seen("second"), Value::Null);
        let feed = two.here.get("/export.jsonl?after=0", &[]).body;
        assert!(!feed.contains(&copy), "{feed}");
        assert!(feed.contains(&json!({ "type": "gone", "identifier": own }).to_string()), "what was given here is: {feed}");
        two.close();
    }
}

#[test]
fn a_relation_to_what_is_not_given_is_not_given_either() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        let lines = [
            record("older", "office", |_| {}),
            record("newer", "office", |record| record["relations"] = json!([{ "type": "SUCCESSOR_OF", "dataset": "older" }])),
        ];
        two.home_place.run_ok(&["import", &two.home_place.write("both.jsonl", lines.join("\n"))]);
        let retired = record("older", "office", |record| record["status"] = json!("RETIRED"));
        two.home_place.run_ok(&["import", &two.home_place.write("retired.jsonl", retired)]);
        two.home.wait_for_index();
        assert!(two.home.get("/dataset/newer.json", &[]).body.contains("\"older\""), "its own form tells it");
        let feed = two.home.get("/export.jsonl?after=0", &[]).body;
        assert!(feed.contains("\"newer\"") && !feed.contains("\"older\""), "{feed}");
        two.close();
    }
}

#[test]
fn copies_of_copies_are_passed_over_and_named() {
    let two = Two::open(Backend::Sqlite);
    two.harvest();
    let copy = two.seen("open");
    let house = House::new();
    let (added, allowed) = declare(&two, &house, "Peer");
    let whispered = record("whispered", "office", |record| {
        record["identifier"] = json!("urn:uuid:01890000-0000-7000-8000-000000000007");
        record["copiedFrom"] = json!({ "registry": "Third registry", "address": "https://third.example/dataset/whispered" });
    });
    let claimed = record("open", "office", |record| record["identifier"] = copy["identifier"].clone());
    let registry = json!({ "type": "registry", "name": "Peer", "url": "https://peer.example" });
    let end = json!({ "type": "end", "after": 2, "hasMore": false });
    let body = format!("{registry}\n{}\n{whispered}\n{claimed}\n{end}\n", institution("office"));
    house.behave(move |_| Reply::of("application/jsonl", body.clone()));
    let done = two.here_place.run(&["harvest", added.trim(), "--set", &allowed, "--set", "harvest_pause_ms=0"]);
    let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success() && told.contains("2 records; 0 new") && told.contains("2 set aside"), "{told}");
    for (registry, words) in [("Third registry", "copies are not copied on"), ("Home registry", "that copy stands")] {
        assert!(told.lines().any(|line| line.contains(registry) && line.contains(words)), "{registry}: {told}");
    }
    two.here.wait_for_index();
    assert_eq!((two.seen("whispered"), two.seen("open")), (Value::Null, copy));
    two.close();
}
