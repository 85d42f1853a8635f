//! The database goes away and comes back; the log is altered by another hand; the disk is full; the tables are of a newer program.

use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{BACKENDS, Backend, Place, institution};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Cuts a database off from clients, as a failover does, and lets them in again.
fn allow_connections(place: &Place, allowed: bool) {
    let (server, database) = place.url.rsplit_once('/').expect("URL");
    let admin = format!("{server}/postgres");
    let run = |statement: String| {
        let done = Command::new("psql").args([admin.as_str(), "-qc", &statement]).output().expect("psql");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    run(format!("ALTER DATABASE {database} WITH ALLOW_CONNECTIONS {allowed}"));
    if !allowed {
        run(format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"));
    }
}

#[test]
fn without_the_database_the_answer_is_503_and_with_it_all_is_well_again() {
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let place = Place::new(Backend::Postgres);
    let server = place.serve(&["--demo", "--set", "cache_records=0", "--set", "database_connect_timeout_ms=500"]);
    let query = "{ dataset(slug: \"ma-hcp-rgph-2014\") { title holdings { institution { name } } } }";
    server.ask(query);
    allow_connections(&place, false);
    let answer = server.graphql(query, Value::Null, "en");
    let json = answer.json();
    assert_eq!((answer.status, json["errors"][0]["extensions"]["code"].as_str()), (503, Some("UNAVAILABLE")), "{}", answer.body);
    assert!(!answer.body.contains("psql") && !answer.body.contains("127.0.0.1"), "{}", answer.body);
    assert_eq!((server.get("/healthz", &[]).status, server.get("/readyz", &[]).status), (200, 503));
    allow_connections(&place, true);
    let deadline = Instant::now() + Duration::from_secs(10);
    while server.graphql(query, Value::Null, "en").status != 200 {
        assert!(Instant::now() < deadline, "the server did not recover within 10 s");
        std::thread::sleep(Duration::from_millis(200));
    }
    server.wait_for_index();
    server.stop();
    place.assert_healthy();
}

#[test]
fn a_wrong_database_address_is_told_at_start() {
    let place = Place::new(Backend::Sqlite);
    let done = Command::new(env!("CARGO_BIN_EXE_rihla"))
        .args(["doctor", "--data-dir", &place.folder.display().to_string(), "--database-url", "postgres://rihla@127.0.0.1:1/none"])
        .output()
        .expect("doctor");
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && told.contains("PostgreSQL database cannot be opened"), "{told}");
}

#[test]
fn the_doctor_finds_an_altered_log() {
    for (statement, finding) in [
        ("UPDATE changes SET actor = 'someone else' WHERE seq = 3", "does not agree with its hash"),
        ("DELETE FROM changes WHERE seq = 5", "5 is missing"),
        ("DELETE FROM changes WHERE seq = (SELECT max(seq) FROM changes)", "the log ends at"),
    ] {
        let place = Place::new(Backend::Postgres);
        place.serve(&["--demo"]).stop();
        let psql = |statement: &str| {
            Command::new("psql").args([place.url.as_str(), "-v", "ON_ERROR_STOP=1", "-qc", statement]).output().expect("psql")
        };
        let refused = psql(statement);
        assert!(String::from_utf8_lossy(&refused.stderr).contains("append-only"), "the table refuses it by itself");
        assert!(
            psql(&format!("ALTER TABLE changes DISABLE TRIGGER USER; {statement}; ALTER TABLE changes ENABLE TRIGGER USER"))
                .status
                .success()
        );
        let done = place.run(&["doctor"]);
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(!done.status.success() && told.contains("FAULT change log") && told.contains(finding), "{told}");
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_written() {
    let place = Place::new(Backend::Sqlite);
    place.run_ok(&["migrate"]);
    let lines: Vec<String> = (0..2_000).map(|n| crate::harness::dataset(&format!("full-{n:05}"), |_| {})).collect();
    let file = place.write("full.jsonl", lines.join("\n"));
    // The limit of the file size stands for the end of the disk: writes beyond it fail.
    let program = env!("CARGO_BIN_EXE_rihla");
    let folder = place.folder.display().to_string();
    let script = format!("trap '' XFSZ; ulimit -f 1500; exec {program} import {file} --data-dir {folder} --database-url {}", place.url);
    let done = Command::new("bash").args(["-c", &script]).output().expect("bash");
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && told.contains("unavailable") && !told.contains("rollback"), "{told}");
    assert!(told.contains("records are created") && told.contains("the same command goes on from there"), "{told}");
    let count = place.run_ok(&["export"]).lines().count();
    assert!(count < 2_000 && count.is_multiple_of(500), "{count} records");
    place.run_ok(&["import", &file]);
    assert_eq!(place.run_ok(&["export"]).lines().count(), 2_000);
}

#[test]
fn the_tables_of_a_newer_program_are_left_alone() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let file = place.write("records.jsonl", institution("nso"));
        place.run_ok(&["import", &file]);
        place.run_ok(&["reindex"]);
        let newer = "'29991231000000'";
        place.alter(&format!("INSERT INTO __diesel_schema_migrations (version) VALUES ({newer})"));
        let other = place.write("others.jsonl", institution("other"));
        let changes = place.count("SELECT count(*) FROM changes");
        for command in [
            &["serve", "--bind", "127.0.0.1:0"][..],
            &["migrate"],
            &["import", &other],
            &["import", "--dry-run", &other],
            &["export"],
            &["reindex"],
            &["user", "list"],
            &["remind"],
            &["doctor"],
            &["doctor", "--verify-chain"],
        ] {
            let done = place.run(command);
            let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            assert_eq!(done.status.code(), Some(1), "{backend:?} {command:?}: {told}");
            for piece in ["29991231000000", "use the newer program", "restore a backup"] {
                assert!(told.contains(piece), "{backend:?} {command:?}: {told}");
            }
            assert_eq!(told.contains("FAULT database"), command[0] == "doctor", "{backend:?} {command:?}: {told}");
        }
        assert_eq!(place.count("SELECT count(*) FROM changes"), changes);
        place.alter(&format!("DELETE FROM __diesel_schema_migrations WHERE version = {newer}"));
        place.assert_healthy();
    }
}
