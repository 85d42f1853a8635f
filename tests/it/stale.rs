//! What is in memory is never told as newer than it is; what nobody needs to wait for is waited for by nobody; what is private stays so.

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use serde_json::{Value, json};

use crate::drafting::{Seen, begin, content, copy, holding, publish, standing, step};
use crate::harness::{BACKENDS, Backend, Place, dataset, institution};
use crate::outgoing::wait_until;
use crate::people::{Registry, act, ask_as, codes, done};

/// The server looks at the log once in ten minutes, so that only what it does when it is asked shows what another program wrote.
#[test]
fn who_follows_the_log_is_never_given_an_older_record_with_a_newer_place() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let import = |title: &str, visibility: &str| {
            let record = dataset("followed", |doc| {
                doc["titles"] = json!({ "fr": { "text": title, "status": "OFFICIAL" } });
                doc["visibility"] = json!(visibility);
                doc["producer"] = json!("nso");
            });
            let file = place.write("records.jsonl", format!("{}\n{record}\n", institution("nso")));
            place.run_ok(&["import", &file]);
        };
        import("Premier titre", "PUBLIC");
        let server = place.serve(&["--set", "follow_interval_ms=600000"]);
        let export = |after: &str| server.get(&format!("/export.jsonl?after={after}"), &[]);
        let after = |body: &str| {
            let last: Value = serde_json::from_str(body.lines().last().expect("a last line")).expect("JSON");
            last["after"].to_string()
        };
        let first = export("0");
        assert!(first.body.contains("Premier titre"), "{}", first.body);
        server.ask("{ datasets { nodes { slug title } } }");
        import("Second titre", "PUBLIC");
        let second = export(&after(&first.body));
        assert!(second.body.contains("Second titre") && !second.body.contains("Premier titre"), "{}", second.body);
        assert_ne!(first.header("etag"), second.header("etag"));
        import("Troisième titre", "PUBLIC");
        let asked = "{ changes(since: 0, first: 100) { nodes { dataset { title } } } catalogue { lastChangeSeq } }";
        let told = server.ask(asked);
        let nodes = told["changes"]["nodes"].as_array().expect("changes").clone();
        assert_eq!(nodes.last().expect("a change")["dataset"]["title"], "Troisième titre", "{told}");
        for page in ["/oai?verb=ListRecords&metadataPrefix=oai_dc", "/catalog.ttl", "/data.json"] {
            import(&format!("Titre pour {page}"), "PUBLIC");
            let shown = server.get(page, &[]).body;
            let wanted = format!("Titre pour {}", page.replace('&', "&amp;"));
            assert!(shown.contains(&wanted) || shown.contains(&format!("Titre pour {page}")), "{page}: {shown}");
        }
        let before = export("0");
        import("Caché depuis", "MEMBERS");
        let hidden = export(&after(&before.body));
        assert!(!hidden.body.contains("titre") && !hidden.body.contains("Caché"), "{}", hidden.body);
        assert!(hidden.body.contains("gone"), "whoever copied it is told: {}", hidden.body);
    }
}

#[test]
fn reading_while_signed_in_waits_for_no_writer() {
    let registry = Registry::open(Backend::Sqlite, &[institution("nso")]);
    let reader = registry.invite("nso", "Statistician", &["EDITOR"]);
    registry.place.alter("UPDATE sessions SET seen_at = seen_at - 120000");
    let mut other = SqliteConnection::establish(&registry.place.url).expect("the file can be opened");
    other.batch_execute("BEGIN IMMEDIATE").expect("a write that does not end");
    let started = std::time::Instant::now();
    for _ in 0..3 {
        let seen = ask_as(&registry.server, &reader, "{ viewer { function } }", Value::Null);
        assert_eq!(seen["viewer"]["function"], "Statistician");
    }
    assert!(started.elapsed().as_secs() < 5, "it waited for {:?}", started.elapsed());
    other.batch_execute("ROLLBACK").expect("the end of the write");
    // Once nobody writes the last use is noted.
    wait_until("the last use", 20, || {
        ask_as(&registry.server, &reader, "{ viewer { function } }", Value::Null);
        registry.place.count("SELECT COUNT(*) FROM sessions WHERE seen_at > (strftime('%s', 'now') - 60) * 1000") == 1
    });
    registry.close();
}

#[test]
fn a_working_copy_that_missed_a_version_is_told_so_whatever_was_confirmed_since() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso"), institution("observatory")]);
        let own = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let holder = registry.invite("observatory", "Archivist", &["EDITOR"]);
        let server = &registry.server;
        publish(server, &own, &own, &begin(server, &own, "nso", &content("nso", "survey", |_| {})));
        let draft = copy(server, &own, "survey", &json!({ "abstract": [{ "language": "fr", "text": "Copie de travail." }] }));
        // Meanwhile the operator imports a correction, and a declared holding is confirmed.
        let exported = registry.place.run_ok(&["export"]);
        let line = exported.lines().find(|line| line.contains("\"slug\":\"survey\"")).expect("the record");
        let file = registry.place.write("correction.jsonl", line.replace("Titre de survey", "Titre corrigé"));
        registry.place.run_ok(&["import", &file]);
        let input = json!({ "dataset": "survey", "institution": "observatory", "holding": holding("observatory", "HOLDER", "SECURE") });
        let claim = done(&act(server, &holder, "register-holding-declare", input), "declaration");
        let input = json!({ "declaration": claim["id"], "expectedRevision": claim["revision"] });
        done(&act(server, &own, "register-holding-confirm", input), "declaration");
        let seen = ask_as(server, &own, "{ dataset(slug: \"survey\") { title } }", Value::Null);
        assert_eq!(seen["dataset"]["title"], "Titre corrigé");
        let revision = standing(server, &own, &draft)["revision"].as_i64().expect("a revision");
        let submitted = step(server, &own, "register-submit", &Seen { revision, ..draft });
        let validated = step(server, &own, "register-validate", &submitted);
        let published = act(server, &own, "register-publish", validated.input());
        assert_eq!(codes(&published), ["CONFLICT"], "the correction would be lost: {published}");
        registry.close();
    }
}

#[test]
#[cfg(unix)]
fn the_file_of_the_database_is_for_the_program_alone_and_former_indexes_go() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(Backend::Sqlite);
    std::fs::set_permissions(&place.folder, std::fs::Permissions::from_mode(0o755)).expect("a folder that all may enter");
    let former = place.folder.join("index-v1-coordination");
    std::fs::create_dir_all(&former).expect("an index of an earlier version");
    let server = place.serve(&[]);
    for name in ["rihla.sqlite", "rihla.sqlite-wal", "rihla.sqlite-shm"] {
        let mode = std::fs::metadata(place.folder.join(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} is {mode:o}");
    }
    assert!(!former.exists(), "an index of an earlier version holds words of hidden records");
    drop(server);
}

#[test]
fn the_number_of_statements_is_told_only_where_the_operator_wants_it() {
    let place = Place::new(Backend::Sqlite);
    let server = place.serve(&["--set", "show_statements=false"]);
    let answer = server.graphql("{ catalogue { name } }", Value::Null, "en").json();
    assert_eq!(answer["extensions"]["cost"]["statements"], Value::Null, "{answer}");
    assert!(answer["extensions"]["cost"]["requested"].is_u64(), "{answer}");
    let metrics = server.get("/metrics", &[]).body;
    assert!(!metrics.contains("_seq"), "hidden writes are counted for all: {metrics}");
}
