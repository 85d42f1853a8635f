//! What was written stays as it was written: in the log, in versions, in stamps; and the doctor sees where it did not.

use std::process::Command;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use serde_json::{Value, json};

use crate::drafting::{begin, content, publish};
use crate::harness::{BACKENDS, Backend, Place, dataset, institution};
use crate::people::{Registry, Session, Who, act, ask_as, done};

/// What the database says to a statement; none where it carries it out.
fn refusal(place: &Place, backend: Backend, statement: &str) -> Option<String> {
    match backend {
        Backend::Postgres => {
            let done = Command::new("psql").args([&place.url, "-v", "ON_ERROR_STOP=1", "-qc", statement]).output().expect("psql");
            (!done.status.success()).then(|| String::from_utf8_lossy(&done.stderr).into_owned())
        }
        Backend::Sqlite => {
            let mut file = SqliteConnection::establish(&place.url).expect("the file can be opened");
            file.batch_execute(&format!("PRAGMA busy_timeout = 5000; {statement}")).err().map(|error| error.to_string())
        }
    }
}

/// A record that was published, and reviewed; and who did it.
fn published(backend: Backend) -> (Registry, Session) {
    let registry = Registry::open(backend, &[institution("nso")]);
    let own = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
    let coordinator = registry.add("Coordination", "COORDINATOR");
    publish(&registry.server, &own, &own, &begin(&registry.server, &own, "nso", &content("nso", "survey", |_| {})));
    let input = json!({ "dataset": "survey", "version": 1, "note": "Read.", "withdraw": false });
    done(&act(&registry.server, &coordinator, "register-review", input), "dataset");
    (registry, coordinator)
}

#[test]
fn log_versions_and_stamps_cannot_be_rewritten() {
    for backend in BACKENDS {
        let (registry, _) = published(backend);
        let row = "SELECT seq, at, 'somebody', kind, entity, entity_id, is_public, before_doc, after_doc, hash FROM changes WHERE seq = 1";
        let version = "SELECT entity_id, version, seq, at, is_public, 'rewritten', doc FROM versions WHERE version = 1";
        let mut statements = vec![
            "UPDATE changes SET actor = 'somebody'".to_owned(),
            "DELETE FROM changes".to_owned(),
            "UPDATE versions SET note = 'rewritten'".to_owned(),
            "DELETE FROM versions".to_owned(),
            "UPDATE stamps SET function = 'somebody'".to_owned(),
            "DELETE FROM stamps".to_owned(),
        ];
        if backend == Backend::Sqlite {
            statements.push(format!("INSERT OR REPLACE INTO changes {row}"));
            statements.push(format!("INSERT OR REPLACE INTO versions {version}"));
            let columns = "rowid, entity_id, version, seq, at, is_public, note, doc";
            statements.push(format!(
                "INSERT OR REPLACE INTO versions ({columns}) SELECT 1, entity_id, 9, seq, at, 1, '', doc FROM versions WHERE version = 1"
            ));
            statements.push("INSERT OR REPLACE INTO stamps SELECT dataset_id, kind, version, seq, 1, person_id, function, institution, note, at FROM stamps".to_owned());
        } else {
            statements.push(format!("INSERT INTO changes {row} ON CONFLICT (seq) DO UPDATE SET actor = 'somebody'"));
            statements.push(format!("INSERT INTO versions {version} ON CONFLICT (entity_id, version) DO UPDATE SET note = 'rewritten'"));
            statements.push("TRUNCATE stamps".to_owned());
        }
        for statement in statements {
            let told = refusal(&registry.place, backend, &statement).unwrap_or_else(|| panic!("{backend:?} did: {statement}"));
            assert!(told.contains("append-only"), "{statement}: {told}");
        }
        registry.close();
    }
}

#[test]
fn a_review_can_be_taken_back_and_set_again() {
    for backend in BACKENDS {
        let (registry, coordinator) = published(backend);
        let shown = || {
            let query = "{ dataset(slug: \"survey\") { producerValidation { by } coordinatorReview { note } } }";
            ask_as(&registry.server, Who::Visitor, query, Value::Null)["dataset"].clone()
        };
        let review = |note: &str, withdraw: bool| {
            let input = json!({ "dataset": "survey", "version": 1, "note": note, "withdraw": withdraw });
            act(&registry.server, &coordinator, "register-review", input)
        };
        let with = |note: Value| json!({ "producerValidation": { "by": "Statistician" }, "coordinatorReview": note });
        assert_eq!(shown(), with(json!({ "note": "Read." })));
        done(&review("", true), "dataset");
        assert_eq!(shown(), with(Value::Null));
        assert_eq!(crate::people::codes(&review("", true)), ["NOT_FOUND"]);
        done(&review("Read again.", false), "dataset");
        done(&review("And again.", false), "dataset");
        assert_eq!(shown(), with(json!({ "note": "And again." })));
        registry.close();
    }
}

#[test]
fn the_doctor_sees_altered_versions_and_records() {
    for backend in BACKENDS {
        let (registry, _) = published(backend);
        let Registry { server, place } = registry;
        server.stop();
        place.assert_healthy();
        let (off, on) = match backend {
            Backend::Sqlite => ("DROP TRIGGER versions_no_update; DROP TRIGGER versions_no_delete;", ""),
            Backend::Postgres => ("ALTER TABLE versions DISABLE TRIGGER ALL;", "ALTER TABLE versions ENABLE TRIGGER ALL;"),
        };
        let fault = |statement: &str| {
            place.alter(statement);
            let done = place.run(&["doctor", "--verify-chain"]);
            assert!(!done.status.success(), "{statement}: {done:?}");
            format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
        };
        let of_survey = "(SELECT id FROM datasets WHERE slug = 'survey')";
        let told = fault("UPDATE datasets SET doc = replace(doc, 'Une', 'Deux') WHERE slug = 'survey'");
        assert!(told.contains("dataset `survey` is not its last version"), "{told}");
        let told = fault(&format!("{off} UPDATE versions SET doc = replace(doc, 'Une', 'Deux') WHERE entity_id = {of_survey}; {on}"));
        assert!(told.contains("it was altered"), "{told}");
        let told =
            fault(&format!("{} DELETE FROM versions WHERE entity_id = {of_survey}", if backend == Backend::Postgres { off } else { "" }));
        assert!(told.contains("is missing"), "{told}");
    }
}

#[test]
fn the_doctor_sees_whatever_is_altered_in_a_version() {
    for backend in BACKENDS {
        let (registry, _) = published(backend);
        let Registry { server, place } = registry;
        server.stop();
        place.assert_healthy();
        place.alter(match backend {
            Backend::Sqlite => "DROP TRIGGER versions_no_update; DROP TRIGGER versions_no_delete",
            Backend::Postgres => "ALTER TABLE versions DISABLE TRIGGER ALL",
        });
        let id = place.rows("SELECT id FROM datasets WHERE slug = 'survey'").remove(0);
        for (altered, back, piece) in [
            ("note = note || 'x'", "note = substr(note, 1, length(note) - 1)", "in its note"),
            ("at = at + 1", "at = at - 1", "in its time"),
            ("is_public = 3", "is_public = 1", "in its readers"),
            ("version = version + 1", "version = version - 1", "in its number"),
            ("seq = seq + 1000", "seq = seq - 1000", "is missing"),
            ("entity_id = entity_id || 'x'", "entity_id = substr(entity_id, 1, length(entity_id) - 1)", "in its record"),
        ] {
            let set = |columns: &str| place.alter(&format!("UPDATE versions SET {columns} WHERE entity_id LIKE '{id}%'"));
            set(altered);
            for command in [&["doctor"][..], &["doctor", "--verify-chain"][..]] {
                let done = place.run(command);
                let told = String::from_utf8_lossy(&done.stdout).into_owned();
                assert!(!done.status.success() && told.contains("FAULT") && told.contains(piece), "{backend:?} {altered}: {told}");
            }
            set(back);
            place.assert_healthy();
        }
        let columns = "entity_id, version, seq, at, is_public, note, doc";
        place.alter(&format!(
            "INSERT INTO versions ({columns}) SELECT entity_id, version + 1, seq + 1000, at, is_public, note, doc FROM versions WHERE entity_id = '{id}'"
        ));
        let told = String::from_utf8_lossy(&place.run(&["doctor"]).stdout).into_owned();
        assert!(told.contains("FAULT change log") && told.contains("and the log ends at"), "{told}");
    }
}

#[test]
fn the_doctor_sees_what_is_gone_and_what_was_altered_beside_the_records() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let terms = json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" });
        let holding = json!({ "institution": "nso", "role": "PRODUCER", "accessTerms": terms });
        let records = [
            institution("nso"),
            dataset("survey", |r| {
                r["producer"] = json!("nso");
                r["holdings"] = json!([holding]);
            }),
            dataset("other", |r| {
                r["visibility"] = json!("MEMBERS");
                r["relations"] = json!([{ "type": "OVERLAPS", "dataset": "survey" }]);
            }),
        ];
        let file = place.write("records.jsonl", records.join("\n"));
        place.run_ok(&["import", &file]);
        place.run_ok(&["reindex"]);
        place.assert_healthy();
        for (altered, back, piece) in [
            ("UPDATE institutions SET slug = 'zzz'", "UPDATE institutions SET slug = 'nso'", "its slug is `zzz`"),
            (
                "UPDATE datasets SET visibility = 'PUBLIC'",
                "UPDATE datasets SET visibility = 'MEMBERS' WHERE slug = 'other'",
                "`other`: its visibility is `PUBLIC`",
            ),
            ("UPDATE datasets SET status = 'DRAFT'", "UPDATE datasets SET status = 'PUBLISHED'", "its status is `DRAFT`"),
            ("UPDATE datasets SET revision = 7", "UPDATE datasets SET revision = 1", "its revision is `7`"),
            ("UPDATE datasets SET producer = NULL", "UPDATE datasets SET producer = 'nso' WHERE slug = 'survey'", "its producer is ``"),
            ("UPDATE holdings SET role = 'HOLDER'", "UPDATE holdings SET role = 'PRODUCER'", "holdings"),
            ("UPDATE relations SET target_slug = 'x'", "UPDATE relations SET target_slug = 'survey'", "relations"),
            ("DELETE FROM relations", "", "`other`: 0 relations"),
            ("DELETE FROM holdings", "", "`survey`: 0 holdings"),
            ("DELETE FROM datasets", "", "is gone from its table"),
        ] {
            place.alter(altered);
            let said = String::from_utf8(place.run(&["doctor"]).stdout).expect("UTF-8");
            assert!(said.contains("FAULT change log") && said.contains(piece), "{backend:?} {altered}: {said}");
            if !back.is_empty() {
                place.alter(back);
            }
        }
        let said = String::from_utf8(place.run(&["doctor"]).stdout).expect("UTF-8");
        assert!(said.contains("FAULT search index") && said.contains("1 records can be found, the database has 0"), "{said}");
    }
}

#[test]
fn who_has_read_an_access_request_cannot_be_rewritten() {
    for backend in BACKENDS {
        let granting = crate::access_granting::Granting::open(backend, &[]);
        let id = granting.begin();
        granting.submit(&id);
        let look = "query($id: ID!) { accessRequest(id: $id) { parts { answers { text } } } }";
        ask_as(&granting.server, &granting.officer.session, look, json!({ "id": id }));
        assert_eq!(granting.place.rows("SELECT what FROM access_reads"), ["CONTENT"]);
        let columns = "id, request_id, part, person_id, function, what, at";
        let mut statements = vec!["UPDATE access_reads SET function = 'somebody'".to_owned(), "DELETE FROM access_reads".to_owned()];
        if backend == Backend::Sqlite {
            let other = "request_id, part, person_id, 'somebody', what, at FROM access_reads";
            statements.push(format!("INSERT OR REPLACE INTO access_reads ({columns}) SELECT id, {other}"));
            statements.push(format!("INSERT OR REPLACE INTO access_reads (rowid, {columns}) SELECT rowid, 'another', {other}"));
        } else {
            statements.push("TRUNCATE access_reads".to_owned());
        }
        for statement in statements {
            let told = refusal(&granting.place, backend, &statement).unwrap_or_else(|| panic!("{backend:?} did: {statement}"));
            assert!(told.contains("append-only"), "{statement}: {told}");
        }
        granting.close();
    }
}

#[test]
fn an_event_of_an_access_request_cannot_be_replaced() {
    let granting = crate::access_granting::Granting::open(Backend::Sqlite, &[]);
    granting.submit(&granting.begin());
    let rest = "seq, at, actor, part, kind, doc, content_hash FROM access_events WHERE kind = 'SUBMITTED'";
    let columns = "request_id, number, seq, at, actor, part, kind, doc, content_hash";
    for statement in [
        format!("INSERT OR REPLACE INTO access_events ({columns}) SELECT request_id, number, {rest}"),
        format!("INSERT OR REPLACE INTO access_events (rowid, {columns}) SELECT rowid, request_id, number + 1000, {rest}"),
    ] {
        let told = refusal(&granting.place, Backend::Sqlite, &statement).unwrap_or_else(|| panic!("done: {statement}"));
        assert!(told.contains("append-only"), "{statement}: {told}");
    }
    granting.close();
}
