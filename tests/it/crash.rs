//! `kill -9` while records are written: what was acknowledged is there, nothing is half written, index and chain agree.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Place, dataset, institution};

fn lines(count: usize) -> String {
    let mut lines = vec![institution("holder")];
    lines.extend((0..count).map(|n| {
        dataset(&format!("crash-{n:05}"), |r| {
            r["producer"] = json!("holder");
            r["holdings"] = json!([{ "institution": "holder", "role": "PRODUCER", "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED",
                "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" } }]);
            r["relations"] = json!([{ "type": "OVERLAPS", "dataset": format!("crash-{:05}", (n + 1) % count) }]);
        })
    }));
    lines.join("\n")
}

fn exported(place: &Place) -> Vec<Value> {
    place.run_ok(&["export"]).lines().map(|line| serde_json::from_str(line).expect("whole lines only")).collect()
}

#[test]
fn a_killed_import_leaves_whole_batches_and_can_be_repeated() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let file = place.write("many.jsonl", lines(6_000));
        place.run_ok(&["migrate"]);
        let mut seen_partial = false;
        for wait in [150, 400, 700, 1_100, 1_600] {
            let mut import = place.command(&["import", &file]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("import");
            std::thread::sleep(Duration::from_millis(wait));
            import.kill().expect("kill");
            import.wait().expect("wait");
            let records = exported(&place);
            let datasets = records.iter().filter(|r| r["type"] == "dataset").count();
            assert_eq!(datasets % 500, 0, "{backend:?}: a batch is in whole or not at all, {datasets} records");
            assert!(records.iter().filter(|r| r["type"] == "dataset").all(|r| r["holdings"].as_array().is_some_and(|h| h.len() == 1)));
            seen_partial |= datasets > 0 && datasets < 6_000;
            let report = String::from_utf8(place.run(&["doctor"]).stdout).expect("UTF-8");
            assert!(report.contains("no gap, every hash agrees"), "{report}");
        }
        // The import goes on from where it was cut; what is there already is left as it is.
        let summary = place.run_ok(&["import", &file]);
        assert!(summary.contains("0 refused"), "{summary}");
        assert_eq!(exported(&place).len(), 6_001);
        if !seen_partial {
            eprintln!("{backend:?}: no kill hit the middle of the import on this machine");
        }
        let server = place.serve(&[]);
        server.wait_for_index();
        assert_eq!(server.ask("{ datasets(search: \"crash\") { totalCount } }")["datasets"]["totalCount"], 6_000);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn every_acknowledged_record_is_there_after_a_kill_and_the_index_heals_by_replay() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let mut acknowledged = 0;
        for round in 0..4 {
            let server = place.serve(&[]);
            // Acknowledged: the import ended and said so, while the server was writing its index.
            let batch: Vec<String> = (0..300).map(|n| dataset(&format!("round-{round}-{n:03}"), |_| {})).collect();
            let file = place.write("round.jsonl", batch.join("\n"));
            let mut import = place.command(&["import", &file]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("import");
            let mut said = String::new();
            BufReader::new(import.stdout.take().expect("standard output")).read_line(&mut said).expect("a line");
            assert!(said.contains("300 created"), "{said}");
            acknowledged += 300;
            server.kill();
            import.wait().expect("wait");
        }
        let server = place.serve(&[]);
        server.wait_for_index();
        let data = server.ask("{ catalogue { lastChangeSeq datasetCount } datasets(search: \"round\") { totalCount } }");
        assert_eq!(data["catalogue"], json!({ "lastChangeSeq": acknowledged, "datasetCount": acknowledged }));
        assert_eq!(data["datasets"]["totalCount"], acknowledged);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn a_damaged_or_missing_index_is_built_anew() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        place.serve(&["--demo"]).stop();
        let folders = std::fs::read_dir(&place.folder).expect("the data folder").map(|entry| entry.expect("an entry").path());
        let is_index = |path: &std::path::PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("index-v"));
        let folder = folders.into_iter().find(is_index).expect("the folder of the index");
        std::fs::write(folder.join("meta.json"), "{ broken").expect("write");
        let server = place.serve(&[]);
        server.wait_for_index();
        assert_eq!(server.ask("{ datasets { totalCount } }")["datasets"]["totalCount"], 58);
        server.stop();
        std::fs::remove_dir_all(&folder).expect("remove");
        let told = place.run_ok(&["reindex"]);
        assert!(told.contains("indexed 58 datasets"), "{told}");
        place.assert_healthy();
    }
}

/// The files of the segments of the public index, and their list.
fn index_files(data: &Path) -> Vec<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
    };
    let is_public = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix("index-v"));
        name.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let folder = inside(data).into_iter().find(is_public).expect("the folder of the index");
    // A segment that was merged into another may not be removed yet.
    let listed = std::fs::read_to_string(folder.join("meta.json")).expect("the list of segments").replace('-', "");
    let is_listed = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name == "meta.json" || name.split('.').next().is_some_and(|segment| !segment.is_empty() && listed.contains(segment))
    };
    let kept = ["fast", "store", "term", "idx", "pos", "fieldnorm", "json"];
    let is_kept = |path: &PathBuf| path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| kept.contains(&ending));
    inside(&folder).into_iter().filter(is_kept).filter(is_listed).collect()
}

/// What the answers of the index rest on: columns, words, their places and numbers.
const ASKED: &str = "{ sex: datasets(where: { releasedDisaggregations: [\"sex\"] }) { totalCount } \
    words: datasets(search: \"enquête migration\", first: 50) { totalCount } all: datasets { totalCount } }";

#[test]
fn one_changed_byte_of_the_index_is_noticed_named_and_mended() {
    let place = Place::new(BACKENDS[0]);
    let server = place.serve(&["--demo"]);
    server.wait_for_index();
    let right = server.ask(ASKED);
    assert!(right["sex"]["totalCount"].as_u64().is_some_and(|count| count > 0), "{right}");
    server.stop();
    let mut seen = 0;
    // Each kind of file, at its beginning and in its middle; the files of the index have other names after each time it was built anew.
    for ending in ["fast", "store", "term", "idx", "pos", "fieldnorm", "json"] {
        for part in [4, 2] {
            let path = index_files(&place.folder).into_iter().find(|path| path.extension().is_some_and(|known| known == ending));
            let path = path.unwrap_or_else(|| panic!("no file with the ending {ending}"));
            let mut bytes = std::fs::read(&path).expect("read");
            let at = bytes.len() / part;
            bytes[at] ^= 0x81;
            std::fs::write(&path, &bytes).expect("write");
            let done = place.run(&["doctor"]);
            let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            assert!(done.status.code() == Some(1) && told.contains("FAULT search index"), "{ending} {part}: {told}");
            let log = place.folder.join("damaged.log");
            let server = place.serve_with_log(&[], std::fs::File::create(&log).expect("a log").into());
            server.wait_for_index();
            assert_eq!(server.ask(ASKED), right, "{ending} {part}");
            server.stop();
            let said = std::fs::read_to_string(&log).expect("the log");
            assert!(said.contains("the search index cannot be used and is built anew"), "{ending} {part}: {said}");
            place.assert_healthy();
            seen += 1;
        }
    }
    assert_eq!(seen, 14);
}

#[test]
fn the_doctor_looks_at_the_indexes_of_every_audience() {
    let place = Place::new(BACKENDS[0]);
    let records = [institution("holder"), dataset("hidden", |r| r["visibility"] = json!("MEMBERS"))];
    let file = place.write("records.jsonl", records.join("\n"));
    place.run_ok(&["import", &file]);
    let server = place.serve(&[]);
    server.wait_for_index();
    server.stop();
    place.assert_healthy();
    let wider = std::fs::read_dir(&place.folder).expect("the data folder").map(|entry| entry.expect("an entry").path());
    let wider = wider.into_iter().find(|path| path.display().to_string().ends_with("-members")).expect("the index of members");
    let files = std::fs::read_dir(&wider).expect("the index").map(|entry| entry.expect("an entry").path());
    let path = files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "fast")).expect("a file");
    let mut bytes = std::fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x11;
    std::fs::write(&path, &bytes).expect("write");
    let done = place.run(&["doctor"]);
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.code() == Some(1) && told.contains("FAULT search index") && told.contains("-members"), "{told}");
    for looked_at in ["ok    database", "ok    change log", "ok    access requests"] {
        assert!(told.contains(looked_at), "a damaged index keeps nothing else from being looked at: {looked_at} in {told}");
    }
    let server = place.serve(&[]);
    server.wait_for_index();
    server.stop();
    place.assert_healthy();
}

#[test]
fn reindex_refuses_while_a_server_holds_the_index() {
    let place = Place::new(BACKENDS[0]);
    let server = place.serve(&["--demo"]);
    let done = place.run(&["reindex"]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && told.contains("stop the server"), "{told}");
    assert_eq!(server.ask("{ datasets { totalCount } }")["datasets"]["totalCount"], 58);
    server.stop();
}

/// A command that has opened the catalogue and waits for a password.
fn waiting(place: &Place, temporary: &Path) -> (Child, BufReader<ChildStderr>) {
    let mut command = place.command(&["user", "password", "clerk@example.org"]);
    command.env("TMPDIR", temporary).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command");
    let mut told = BufReader::new(child.stderr.take().expect("standard error"));
    let mut line = String::new();
    while !line.contains("new password") {
        line.clear();
        assert!(told.read_line(&mut line).expect("a line") > 0, "it ended without asking");
    }
    (child, told)
}

#[test]
fn what_a_killed_command_leaves_behind_the_next_one_removes() {
    let place = Place::new(BACKENDS[0]);
    place.run_ok(&["user", "add", "clerk@example.org", "--function", "Clerk"]);
    let temporary = place.folder.join("temporary");
    // Names alike, but nothing shows that a command made these.
    let strangers = ["rihla-command-notes", "rihla-command-01890a5d-ac96-774b-bcce-b302099a8057"].map(|name| temporary.join(name));
    for stranger in &strangers {
        std::fs::create_dir_all(stranger).expect("a folder");
        std::fs::write(stranger.join("mine.txt"), "mine").expect("a file");
    }
    let folders = || std::fs::read_dir(&temporary).expect("the folder for temporary files").count() - strangers.len();
    let (mut killed, _told) = waiting(&place, &temporary);
    let (mut living, _told) = waiting(&place, &temporary);
    assert_eq!(folders(), 2);
    killed.kill().expect("kill");
    killed.wait().expect("wait");
    assert_eq!(folders(), 2, "a killed command cannot tidy up");
    let done = place.command(&["user", "list"]).env("TMPDIR", &temporary).output().expect("the command");
    assert!(done.status.success(), "{done:?}");
    assert_eq!(folders(), 1, "the folder of the living command is left alone");
    living.stdin.take().expect("standard input").write_all(b"quiet-harbour-lantern-47\n").expect("a password");
    assert!(living.wait().expect("wait").success());
    assert_eq!(folders(), 0);
    assert!(strangers.iter().all(|stranger| stranger.join("mine.txt").exists()));
}

#[test]
fn a_second_server_on_a_data_folder_refuses_to_start_and_commands_go_on() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let server = place.serve(&[]);
        let told = place.folder.join("second.log");
        let log = std::fs::File::create(&told).expect("a log");
        let mut second =
            place.command(&["serve", "--bind", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(log).spawn().expect("a second one");
        let deadline = Instant::now() + Duration::from_secs(30);
        let status = loop {
            if let Some(status) = second.try_wait().expect("wait") {
                break status;
            }
            if Instant::now() > deadline {
                second.kill().expect("kill");
                panic!("a second server has started");
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        let told = std::fs::read_to_string(told).expect("a log");
        assert!(status.code() == Some(1) && told.contains("in use by a server") && told.contains("--data-dir"), "{told}");
        let file = place.write("one.jsonl", dataset("one", |_| {}));
        place.run_ok(&["import", &file]);
        server.wait_for_index();
        assert_eq!(server.ask("{ datasets { totalCount } }")["datasets"]["totalCount"], 1);
        server.stop();
        place.serve(&[]).stop();
        place.assert_healthy();
    }
}
