//! What a source may do without a person looking: publish, go on after a fall, and be harvested once by several nodes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::drafting::{Seen, publish};
use crate::harness::{BACKENDS, Backend};
use crate::outgoing::{wait_for, wait_until};
use crate::people::done;
use crate::sources::fixtures::{ckan, package};
use crate::sources::{Desk, counts, list, remedies, serve_in};

/// What makes the records of a portal whole.
fn defaults() -> Value {
    json!({
        "recordKind": "STATISTICAL_OPERATION", "riskClass": "LOW", "visibility": "PUBLIC", "mainLanguage": "fr", "themes": ["MT-0701"],
        "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED" }, "coverage": { "reportingAreas": ["MA"], "frequency": "ANNUAL" },
        "reviewDueOn": "2090-06-30",
    })
}

#[test]
fn complete_records_are_published_at_once_where_the_owner_said_so() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let packages = |words: &'static str| {
            let (mut whole, mut open_ended) = (package("whole", "Tableau entier"), package("bare", "Tableau sans période"));
            whole["notes"] = json!(words);
            open_ended["extras"] = json!([]);
            vec![whole, open_ended]
        };
        desk.house.behave(move |asked| ckan(&packages("Les chiffres."), 10, asked));
        let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "publishesAtOnce": true, "defaults": defaults() }));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(
            (counts(&run), &run["outcome"]),
            (json!({ "fetched": 2, "created": 2, "published": 1 }), &json!("WITH_FAILURES")),
            "{run}"
        );
        assert!(remedies(&run).contains("id-bare") && remedies(&run).contains("stays a draft"), "{run}");
        let record = desk.record("nso-tableau-entier");
        assert_eq!(
            (&record["status"], &record["version"], &record["riskClass"]),
            (&json!("PUBLISHED"), &json!(1), &json!("LOW")),
            "{record}"
        );
        assert_eq!(desk.drafts().len(), 1);
        desk.server.wait_for_index();
        assert_eq!(desk.server.ask("{ datasets { nodes { slug } } }")["datasets"]["nodes"], json!([{ "slug": "nso-tableau-entier" }]));

        // What the source changes makes a new version.
        desk.house.behave(move |asked| ckan(&packages("Autres chiffres."), 10, asked));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 2, "changed": 1, "unchanged": 1, "published": 1 }), "{run}");
        assert_eq!(desk.record("nso-tableau-entier")["version"], 2);

        // What stays a draft is named as long as it does, though nothing changes.
        for _ in 0..2 {
            let run = desk.harvest(&source, Value::Null);
            assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 2, "unchanged": 2 }), &json!("WITH_FAILURES")), "{run}");
            assert!(remedies(&run).contains("id-bare") && remedies(&run).contains("stays a draft: is needed"), "{run}");
            assert!(!remedies(&run).contains("id-whole"), "{run}");
        }
        // A person sees to it.
        let coverage = json!({ "reportingAreas": ["MA"], "frequency": "ANNUAL", "period": { "start": "2018", "end": "2019" } });
        let draft = desk.write(&desk.draft("fr", "Tableau sans période"), json!({ "coverage": coverage }));
        publish(&desk.server, &desk.editor.session, &desk.validator.session, &Seen::of(&draft));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 2, "unchanged": 2 }), &json!("SUCCEEDED")), "{run}");
        desk.close();
    }
}

/// What a draft wanted may come without its source: then the next run publishes it.
#[test]
fn a_draft_that_wants_nothing_any_more_is_published_by_the_next_run() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| ckan(&[package("one", "Tableau un")], 10, asked));
        let mut content = defaults();
        content["partners"] = json!(["new-office"]);
        let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "publishesAtOnce": true, "defaults": content }));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 1, "created": 1 }), &json!("WITH_FAILURES")), "{run}");
        let office = crate::sources::named_institution("new-office", "Nouvel office", "مكتب جديد");
        desk.place.run_ok(&["import", &desk.place.write("office.jsonl", office)]);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 1, "changed": 1, "published": 1 }), &json!("SUCCEEDED")), "{run}");
        assert!(desk.drafts().is_empty());
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 1, "unchanged": 1 }), &json!("SUCCEEDED")), "{run}");
        desk.close();
    }
}

#[test]
fn what_is_of_high_risk_is_looked_at_by_a_person_first() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave(|asked| ckan(&[package("risky", "Demandes d'asile")], 10, asked));
    let mut content = defaults();
    content["riskClass"] = json!("HIGH");
    let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "publishesAtOnce": true, "defaults": content }));
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 1, "created": 1 }), &json!("WITH_FAILURES")), "{run}");
    assert_eq!(run["problems"]["nodes"][0]["path"], "riskClass", "{run}");
    // A person publishes it. What is published at high risk is not changed without a person either, whatever the source says of it now.
    let draft = desk.draft("fr", "Demandes d'asile");
    publish(&desk.server, &desk.editor.session, &desk.validator.session, &Seen::of(&draft));
    desk.house.behave(|asked| {
        let mut changed = package("risky", "Demandes d'asile");
        changed["notes"] = json!("Corrigé.");
        ckan(&[changed], 10, asked)
    });
    let run = desk.harvest(&source, Value::Null);
    assert_eq!(counts(&run), json!({ "fetched": 1, "changed": 1 }), "{run}");
    assert_eq!(desk.drafts().len(), 1);
    desk.close();
}

#[test]
fn a_harvest_begins_nothing_again_that_was_thrown_away() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| ckan(&[package("one", "Un"), package("two", "Deux")], 10, asked));
        let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "defaults": defaults() }));
        desk.harvest(&source, Value::Null);
        let discard = "mutation($input: DraftInput!) { datasetDraftDiscard(input: $input) { errors { code } } }";
        let input = json!({ "input": Seen::of(&desk.draft("fr", "Un")).input() });
        assert_eq!(desk.validator.ask(&desk.server, discard, input)["datasetDraftDiscard"]["errors"], json!([]));
        let draft = desk.draft("fr", "Deux");
        let record = publish(&desk.server, &desk.editor.session, &desk.validator.session, &Seen::of(&draft));
        let record = desk.record(record["slug"].as_str().expect("slug"));
        let input = json!({ "dataset": record["id"], "expectedRevision": record["revision"], "reason": "Terminé." });
        done(&desk.act(&desk.validator, "register-retire", input), "dataset");
        for words in ["Les chiffres.", "Autres chiffres."] {
            desk.house.behave(move |asked| {
                let mut packages = [package("one", "Un"), package("two", "Deux")];
                packages.iter_mut().for_each(|package| package["notes"] = json!(words));
                ckan(&packages, 10, asked)
            });
            let run = desk.harvest(&source, Value::Null);
            assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 2, "setAside": 2 }), &json!("SUCCEEDED")), "{run}");
        }
        assert!(desk.drafts().is_empty() && desk.gone(&source).is_empty());
        desk.close();
    }
}

fn many(count: usize) -> Vec<Value> {
    (0..count).map(|number| package(&format!("set-{number:02}"), &format!("Tableau {number:02}"))).collect()
}

/// The order of the list changes between two pages: what came twice stands in the place of what did not come.
#[test]
fn a_package_that_a_portal_passes_over_is_not_gone() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| ckan(&many(6), 2, asked));
        let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "defaults": defaults() }));
        assert_eq!(desk.harvest(&source, Value::Null)["outcome"], "SUCCEEDED");
        desk.house.behave(|asked| {
            let mut packages = many(6);
            packages[2] = packages[0].clone();
            ckan(&packages, 2, asked)
        });
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((&run["outcome"], &run["problems"]["nodes"][0]["path"]), (&json!("WITH_FAILURES"), &json!("count")), "{run}");
        assert!(desk.gone(&source).is_empty());
        // What a whole list no longer has is.
        desk.house.behave(|asked| ckan(&many(5), 2, asked));
        assert_eq!(desk.harvest(&source, Value::Null)["outcome"], "SUCCEEDED");
        assert_eq!(desk.gone(&source).len(), 1);
        desk.close();
    }
}

#[test]
fn a_run_that_was_broken_off_goes_on_after_the_restart() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        // The third page does not come before the node is gone, however slow the machine.
        desk.house.behave(|asked| {
            let is_early = ["0", "2"].contains(&asked.parameter("start").unwrap_or_default().as_str());
            ckan(&many(12), 2, asked).after(Duration::from_secs(if is_early { 0 } else { 300 }))
        });
        let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "everyHours": 24 }));
        let created = || desk.runs(&source).first().and_then(|run| run["created"].as_i64());
        wait_until("two pages are taken in", 60, || created() == Some(4));
        let desk = desk.restarted(|server| server.kill());
        desk.house.behave(|asked| ckan(&many(12), 2, asked));
        // The node that is gone keeps the source for some minutes, which nobody waits for here.
        let seen = desk.house.asked().len();
        assert!(seen < 6, "the run was not broken off in the middle");
        desk.place.alter("UPDATE leases SET until = 0");
        let run = desk.wait_for_run(&source, 2);
        assert_eq!(run["outcome"], "SUCCEEDED", "{run}");
        let broken = &desk.runs(&source)[1];
        assert_eq!(broken["outcome"], "FAILED", "{broken}");
        assert!(remedies(broken).contains("broken off"), "{broken}");
        let (first, second) = (broken["created"].as_i64().expect("count"), run["created"].as_i64().expect("count"));
        assert_eq!((first, second), (4, 8), "{broken} {run}");
        assert!(desk.house.asked()[seen..].iter().all(|asked| asked.parameter("start").as_deref() != Some("0")), "it began anew");
        assert_eq!((desk.drafts().len(), desk.gone(&source).len()), (12, 0));
        desk.close();
    }
}

#[test]
fn a_server_that_is_told_to_stop_waits_for_no_slow_source() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave(|asked| {
        let is_first = asked.parameter("start").as_deref() == Some("0");
        ckan(&many(12), 2, asked).after(Duration::from_millis(if is_first { 0 } else { 2_000 }))
    });
    let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "everyHours": 24 }));
    wait_until("some pages are taken in", 30, || desk.place.count("SELECT COUNT(*) FROM origins") >= 2);
    let desk = desk.restarted(|server| server.stop());
    desk.house.behave(|asked| ckan(&many(12), 2, asked));
    let run = desk.wait_for_run(&source, 2);
    assert_eq!(run["outcome"], "SUCCEEDED", "it is due at once: {run}");
    let stopped = &desk.runs(&source)[1];
    assert!(remedies(stopped).contains("told to stop"), "{stopped}");
    assert_eq!(run["created"].as_i64().zip(stopped["created"].as_i64()).map(|(one, other)| one + other), Some(12));
    assert_eq!(desk.source(&source)["failedRuns"], 0);
    desk.close();
}

#[test]
fn of_two_nodes_one_harvests_a_source() {
    let desk = Desk::open(Backend::Postgres);
    let folder = desk.place.folder.join("second").display().to_string();
    let second = serve_in(&desk.place, &desk.house, &["--data-dir", &folder], &[]);
    desk.house.behave(|asked| ckan(&many(6), 2, asked).after(Duration::from_millis(200)));
    let sources: Vec<Value> = ["/a", "/b", "/c", "/d", "/e", "/f"]
        .iter()
        .map(|path| desk.declare("CKAN", &desk.house.url(path), json!({ "everyHours": 24 })))
        .collect();
    for source in &sources {
        let run = desk.wait_for_run(source, 1);
        assert_eq!(run["fetched"].as_i64().map(|count| count <= 6), Some(true), "{run}");
    }
    std::thread::sleep(Duration::from_millis(1_500));
    for source in &sources {
        assert_eq!(desk.runs(source).len(), 1, "{source}");
    }
    second.stop();
    desk.close();
}

#[test]
fn who_asks_while_a_harvest_goes_on_is_not_forgotten() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave(|asked| ckan(&many(6), 2, asked).after(Duration::from_millis(400)));
    let source = desk.declare("CKAN", &desk.house.url("/"), Value::Null);
    desk.ask_for_run(&source, Value::Null);
    wait_until("the first run is under way", 20, || !desk.house.asked().is_empty());
    desk.ask_for_run(&source, json!({ "whole": true }));
    let run = desk.wait_for_run(&source, 2);
    assert_eq!(counts(&run), json!({ "fetched": 6, "unchanged": 6 }), "{run}");
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(desk.runs(&source).len(), 2, "and not harvested for ever");

    // Switched off, it is not harvested, and nobody is told that it would be.
    let now = desk.source(&source);
    let input = json!({ "source": source["id"], "expectedRevision": now["revision"], "isActive": false });
    done(&desk.act(&desk.editor, "intake-source-change", input), "source");
    let refused = desk.act(&desk.editor, "intake-source-run", json!({ "source": source["id"] }));
    assert_eq!((crate::people::codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["isActive"])), "{refused}");
    desk.close();
}

#[test]
fn sources_are_seen_to_at_the_console() {
    for backend in BACKENDS {
        let desk = Desk::open_with(backend, &["harvest=false"]);
        desk.house.behave(|asked| ckan(&many(3), 2, asked));
        let allowed = format!("harvest_allowed_hosts=127.0.0.1:{}", desk.house.port);
        let run = |arguments: &[&str]| desk.place.run(&[arguments, &["--set", &allowed, "--set", "harvest_pause_ms=0"]].concat());
        let file = desk.place.write("defaults.json", json!({ "riskClass": "LOW" }).to_string());
        let url = desk.house.url("/");
        let added =
            run(&["source", "add", "--institution", "nso", "--kind", "ckan", "--url", &url, "--name", "Portail", "--defaults", &file]);
        let id = String::from_utf8(added.stdout).expect("UTF-8").trim().to_owned();
        assert!(added.status.success() && id.len() == 36, "{}", String::from_utf8_lossy(&added.stderr));
        let told = String::from_utf8(run(&["source", "list"]).stdout).expect("UTF-8");
        assert!(told.contains(&id) && told.contains("Portail") && told.contains("never harvested"), "{told}");
        let done = run(&["harvest"]);
        let told = String::from_utf8(done.stdout).expect("UTF-8");
        assert!(done.status.success() && told.contains("3 records; 3 new"), "{told}");
        assert_eq!(desk.draft("fr", "Tableau 01")["content"]["riskClass"], "LOW");
        // A source that fails makes the command fail, and says why.
        desk.house.behave(|_| crate::sources::house::Reply::status(500));
        let done = run(&["harvest", &id]);
        assert!(done.status.code() == Some(1) && String::from_utf8_lossy(&done.stderr).contains("HTTP 500"));
        assert!(run(&["source", "remove", &id]).status.success());
        assert!(!run(&["source", "remove", &id]).status.success());
        for (arguments, told) in [
            (vec!["source", "add", "--institution", "nso", "--kind", "sdmx", "--url", &url], "--kind"),
            (vec!["source", "add", "--institution", "nso", "--kind", "ckan", "--url", "http://10.0.0.8/"], "url"),
            (vec!["source", "add", "--institution", "nowhere", "--kind", "ckan", "--url", "https://data.example.org/"], "nowhere"),
            (vec!["harvest", &id], "source"),
        ] {
            let done = run(&arguments);
            assert!(!done.status.success() && String::from_utf8_lossy(&done.stderr).contains(told), "{arguments:?}");
        }
        let drafts = wait_for("the drafts", 5, || Some(desk.drafts()));
        assert_eq!(list(&json!(drafts)).len(), 3, "what came stays");
        desk.close();
    }
}
