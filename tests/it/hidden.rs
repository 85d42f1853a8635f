//! What is hidden leaves no trace: not in corrections, not in scores; and who has a copy learns of a withdrawal.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, dataset, institution};

fn import(place: &Place, lines: &[String]) -> String {
    let file = place.write("lines.jsonl", lines.join("\n"));
    let done = place.run(&["import", &file]);
    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}

#[test]
fn a_hidden_record_changes_neither_corrections_nor_scores() {
    let place = Place::new(Backend::Sqlite);
    import(&place, &[dataset("open-one", |r| r["titles"]["en"]["text"] = json!("Xylophonique survey")), dataset("open-two", |_| {})]);
    let server = place.serve(&[]);
    server.wait_for_index();
    let ask = || {
        server.ask("{ typo: datasets(search: \"xylophonika\") { totalCount } exact: datasets(search: \"survey\") { edges { score } } suggest(prefix: \"xylo\") { text } }")
    };
    let before = ask();
    assert_eq!(before["typo"]["totalCount"], 1);
    let hidden = |r: &mut Value| {
        r["visibility"] = json!("MEMBERS");
        r["titles"]["en"]["text"] = json!("Xylophonika survey survey");
    };
    import(&place, &[dataset("hidden-one", hidden)]);
    server.wait_for_index();
    assert_eq!(ask(), before);
    server.stop();
    place.assert_healthy();
}

#[test]
fn a_withdrawn_record_is_told_in_the_change_feed() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        import(&place, &[dataset("one", |_| {})]);
        let server = place.serve(&[]);
        import(&place, &[dataset("one", |r| r["visibility"] = json!("COORDINATOR"))]);
        import(
            &place,
            &[dataset("one", |r| {
                r["visibility"] = json!("COORDINATOR");
                r["titles"]["en"]["text"] = json!("A change that nobody may know of");
            })],
        );
        server.wait_for_index();
        let data = server
            .ask("{ changes(since: 0) { nodes { seq kind dataset { slug } } } datasets { totalCount } dataset(slug: \"one\") { slug } }");
        let kinds: Vec<&Value> = data["changes"]["nodes"].as_array().expect("changes").iter().map(|change| &change["kind"]).collect();
        assert_eq!(kinds, ["CREATED", "WITHDRAWN"]);
        assert!(data["changes"]["nodes"][1]["dataset"].is_null() && data["dataset"].is_null() && data["datasets"]["totalCount"] == 0);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn a_record_that_refers_to_a_refused_one_is_refused_too() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let relate = |to: &'static str| move |r: &mut Value| r["relations"] = json!([{ "type": "OVERLAPS", "dataset": to }]);
        let lines = [
            dataset("first", relate("second")),
            dataset("second", relate("third")),
            dataset("third", |r| r["themes"] = json!(["MT-9999"])),
            dataset("fourth", |_| {}),
            institution("child").replace("\"kind\"", "\"parent\":\"nobody\",\"kind\""),
        ];
        let told = import(&place, &lines);
        assert!(told.contains("1 created, 0 updated, 0 unchanged, 4 refused"), "{told}");
        assert!(told.contains("parent: value `nobody`"), "{told}");
        let export = place.run_ok(&["export"]);
        assert_eq!(export.lines().count(), 1);
        let again = Place::new(backend);
        assert!(import(&again, &[export]).contains("0 refused"), "what is exported can be imported");
    }
}

#[test]
fn identifiers_in_conflict_are_told_by_line_and_the_rest_goes_in() {
    let place = Place::new(Backend::Sqlite);
    let id = "urn:uuid:0193a2b4-0000-7000-8000-000000000001";
    let lines = [
        institution("holder").replace("\"kind\"", &format!("\"identifier\":\"{id}\",\"kind\"")),
        dataset("one", |r| r["identifier"] = json!(id)),
        dataset("two", |r| r["identifier"] = json!("urn:uuid:0193a2b4-0000-7000-8000-000000000002")),
        dataset("three", |r| r["identifier"] = json!("urn:uuid:0193a2b4-0000-7000-8000-000000000002")),
        dataset("four", |_| {}),
    ];
    let told = import(&place, &lines);
    assert!(
        told.contains("3 created") && told.contains("2 refused") && told.contains(":2: identifier") && told.contains(":4: identifier"),
        "{told}"
    );
    let taken = import(&place, &[dataset("five", |r| r["identifier"] = json!(id))]);
    assert!(taken.contains("is the identifier of `holder`"), "{taken}");
}

#[test]
fn records_come_in_through_a_pipe_too() {
    let place = Place::new(Backend::Sqlite);
    let file = place.write("piped.jsonl", [institution("holder"), dataset("one", |r| r["producer"] = json!("holder"))].join("\n"));
    let program = env!("CARGO_BIN_EXE_rihla");
    let script = format!("cat {file} | {program} import /dev/stdin --data-dir {} --database-url {}", place.folder.display(), place.url);
    let done = std::process::Command::new("bash").args(["-c", &script]).output().expect("bash");
    assert!(String::from_utf8_lossy(&done.stdout).contains("2 created"), "{}", String::from_utf8_lossy(&done.stderr));
}
