//! Settings: their documentation is generated, and the operator's own lists are taken.

use std::process::Command;

use crate::harness::{Backend, Place, institution, project};

#[test]
fn the_documentation_of_the_settings_is_up_to_date() {
    let present = rihla::config::documentation();
    let path = project("docs/configuration.md");
    if std::env::var_os("RIHLA_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &present).expect("page can be written");
    }
    assert!(
        std::fs::read_to_string(path).is_ok_and(|page| page == present),
        "docs/configuration.md is not up to date; run the tests with RIHLA_UPDATE_SNAPSHOTS=1"
    );
}

#[test]
fn wrong_settings_are_all_named() {
    let place = Place::new(Backend::Sqlite);
    let file = place.write("rihla.toml", "max_depth = \"deep\"\ncolour = \"red\"\n");
    let done = Command::new(env!("CARGO_BIN_EXE_rihla")).args(["doctor", "--config", &file, "--set", "oops"]).output().expect("doctor");
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(2));
    for piece in ["max_depth", "deep", "colour", "oops"] {
        assert!(told.contains(piece), "{piece}: {told}");
    }
}

#[test]
fn a_mistyped_folder_is_told_and_not_made() {
    let place = Place::new(Backend::Sqlite);
    let typo = place.folder.join("typo").display().to_string();
    for command in ["export", "reindex", "doctor", "clock"] {
        let run = Command::new(env!("CARGO_BIN_EXE_rihla")).args([command, "--data-dir", &typo]).output().expect(command);
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.code() == Some(1) && told.contains(&typo) && told.contains("--data-dir"), "{command}: {told}");
    }
    let file = place.write("one.jsonl", institution("holder"));
    let run = Command::new(env!("CARGO_BIN_EXE_rihla")).args(["import", "--dry-run", "--data-dir", &typo, &file]).output().expect("import");
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success() && told.contains(&typo) && told.contains("--data-dir") && told.contains("empty catalogue"), "{told}");
    assert!(!place.folder.join("typo").exists());
}

#[test]
fn what_serve_refuses_the_doctor_names() {
    let place = Place::new(Backend::Sqlite);
    place.run_ok(&["migrate"]);
    for (name, value) in [("smtp_url", "nope"), ("mail_from", "nope"), ("identity_providers", "/nonexistent")] {
        let setting = format!("{name}={value}");
        let done = place.run(&["doctor", "--set", &setting]);
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.code() == Some(1) && told.contains("FAULT settings") && !told.contains("ok    settings"), "{setting}: {told}");
        let done = place.run(&["serve", "--bind", "127.0.0.1:0", "--set", &setting]);
        assert_eq!(done.status.code(), Some(1), "{setting}: {done:?}");
    }
    for setting in ["log_level=inof", "session_hours=-5", "client_address_header=x y", "max_response_bytes=10", "admin_email=foo"] {
        let name = setting.split('=').next().unwrap_or_default();
        for command in ["doctor", "serve"] {
            let done = place.run(&[command, "--set", setting]);
            let told = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(done.status.code() == Some(2) && told.contains(name), "{command} {setting}: {told}");
        }
    }
    let publisher = || place.run(&["doctor", "--set", "publisher=holder"]);
    let told = String::from_utf8_lossy(&publisher().stdout).into_owned();
    assert!(!publisher().status.success() && told.contains("`holder` is no institution of the catalogue"), "{told}");
    let file = place.write("one.jsonl", institution("holder"));
    place.run_ok(&["import", &file]);
    assert!(publisher().status.success(), "{:?}", publisher());
    place.assert_healthy();
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    let place = Place::new(Backend::Sqlite);
    let file = place.write("one.jsonl", institution("holder"));
    place.run_ok(&["import", &file]);
    for command in
        [&["doctor"][..], &["schema"], &["export"], &["migrate"], &["import", &file], &["export", "--format", "DCAT", "--report"]]
    {
        // The end that is read is closed before anything is written.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let done = place.command(command).stdout(writer).output().expect("the program");
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success() && !told.contains("panicked") && !told.contains("unavailable"), "{command:?}: {told}");
    }
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device that takes nothing");
    let done = place.command(&["doctor"]).stdout(full).output().expect("the program");
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code() == Some(1) && told.contains("standard output cannot be written") && !told.contains("panicked"), "{told}");
}

#[test]
fn a_variable_that_is_no_setting_is_told_at_the_start() {
    let place = Place::new(Backend::Sqlite);
    place.run_ok(&["migrate"]);
    let done = place.command(&["doctor"]).env("RIHLA_HOME", "x").env("RIHLA_TEST_OWN", "x").output().expect("doctor");
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() && told.contains("`RIHLA_HOME` is not a setting") && !told.contains("RIHLA_TEST_OWN"), "{told}");
}

#[test]
fn settings_come_from_file_and_environment() {
    let place = Place::new(Backend::Sqlite);
    let file = place.write("rihla.toml", "name = \"Observatoire\"\nmax_cost = 5\n");
    let server = place.serve(&["--demo", "--config", &file]);
    assert_eq!(server.ask("{ catalogue { name } }")["catalogue"]["name"], "Observatoire");
    assert_eq!(server.error_of("{ datasets { nodes { slug } } }", serde_json::Value::Null).1, "COST_EXCEEDED");
    server.stop();
}

#[test]
fn an_operator_may_replace_a_concept_scheme() {
    let place = Place::new(Backend::Sqlite);
    std::fs::create_dir_all(place.folder.join("lists")).expect("folder");
    let own = r#"{"scheme":"POPULATIONS","version":"1","source":"own list","concepts":[{"code":"MRE","labels":{"fr":{"text":"Marocains résidant à l'étranger","status":"OFFICIAL"}}}]}"#;
    place.write("lists/populations.json", own);
    let setting = format!("concepts_dir={}", place.folder.join("lists").display());
    let server = place.serve(&["--set", &setting]);
    assert_eq!(server.ask("{ concepts(scheme: POPULATIONS) { code label } }")["concepts"][0]["code"], "MRE");
    server.stop();
    place.write("lists/populations.json", "{}");
    let done = place.run(&["import", "x.jsonl", "--set", &setting]);
    assert!(String::from_utf8_lossy(&done.stderr).contains("populations.json"), "the wrong list is named");
}
