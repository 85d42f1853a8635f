//! Registries that copy each other: what is shared, what a copy says of its home, and that nobody changes it here.

mod passed_on;

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution};
use crate::outgoing::Person;
use crate::people::{act, codes};
use crate::sources::house::{House, Reply};

const HOME: &str = "https://home.example";

/// A registry that gives, and one that copies.
struct Two {
    home: Server,
    home_place: Place,
    here: Server,
    here_place: Place,
    coordinator: Person,
    /// Describes for `nso` here.
    editor: Person,
    source: Value,
}

fn sharing(slug: &str, sharing: Value) -> String {
    let mut line: Value = serde_json::from_str(&institution(slug)).expect("JSON");
    line["sharing"] = sharing;
    line.to_string()
}

fn record(slug: &str, producer: &str, change: impl FnOnce(&mut Value)) -> String {
    dataset(slug, |record| {
        record["producer"] = json!(producer);
        record["abstract"] = json!({ "en": { "text": format!("Abstract of {slug}"), "status": "OFFICIAL" } });
        record["keywords"] = json!([{ "en": { "text": format!("keyword-{slug}"), "status": "OFFICIAL" } }]);
        let terms = json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "IN_SYSTEM" });
        record["holdings"] = json!([{ "institution": producer, "role": "PRODUCER", "accessTerms": terms }]);
        change(record);
    })
}

fn input(institution: &str, url: &str) -> Value {
    json!({ "institution": institution, "name": "The other registry", "kind": "RIHLA", "url": url, "everyHours": 0 })
}

impl Two {
    fn open(backend: Backend) -> Self {
        let (home_place, here_place) = (Place::new(backend), Place::new(backend));
        let lines = [
            sharing("office", json!({ "withheld": ["ABSTRACT"] })),
            sharing("silent", json!({ "sharesNothing": true })),
            institution("nso"),
            record("second", "office", |_| {}),
            record("shadow", "nso", |_| {}),
            record("open", "office", |record| {
                record["relations"] = json!([{ "type": "OVERLAPS", "dataset": "second" }, { "type": "OVERLAPS", "dataset": "shadow" },
                    { "type": "OVERLAPS", "dataset": "unshared" }]);
            }),
            record("taken", "office", |_| {}),
            record("unshared", "silent", |_| {}),
            record("veiled", "office", |record| record["visibility"] = json!("MEMBERS")),
        ];
        home_place.run_ok(&["import", &home_place.write("home.jsonl", lines.join("\n"))]);
        let home = home_place.serve(&["--set", &format!("base_url={HOME}"), "--set", "name=Home registry"]);
        // Here `nso` registers itself, a short name is taken, and another belongs to a record that nobody is to know of.
        let lines = [
            institution("nso"),
            institution("observatory"),
            record("taken", "observatory", |_| {}),
            record("shadow", "observatory", |record| record["visibility"] = json!("COORDINATOR")),
        ];
        here_place.run_ok(&["import", &here_place.write("here.jsonl", lines.join("\n"))]);
        let allowed = allowed(&home);
        let here = here_place.serve(&["--set", "harvest=false", "--set", &allowed]);
        let editor = Person::join(&here_place, &here, "editor", "en", &["EDITOR@nso", "VALIDATOR@nso"]);
        let coordinator = Person::join(&here_place, &here, "coordinator", "en", &["COORDINATOR"]);
        let refused = act(&here, &editor.session, "intake-source", input("nso", &home.address));
        assert_eq!(codes(&refused), ["ROLE_REQUIRED"], "whose word is published here is not for an editor to say");
        let source = act(&here, &coordinator.session, "intake-source", input("observatory", &home.address))["source"].clone();
        assert!(source["id"].is_string(), "{source}");
        Self { home, home_place, here, here_place, coordinator, editor, source }
    }

    /// Harvests at the console; returns what it told.
    fn harvest(&self) -> String {
        let done = self.here_place.run(&["harvest", "--set", &allowed(&self.home), "--set", "harvest_pause_ms=0"]);
        let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{told}");
        self.here.wait_for_index();
        told
    }

    /// A record as a visitor here sees it.
    fn seen(&self, slug: &str) -> Value {
        let query = "query($slug: String!) { dataset(slug: $slug) { id revision identifier title abstract keywords { text } copiedFrom { registry address } \
                     relations { dataset { slug } } holdings { institution { slug } accessTerms { channel channelUrl } } } }";
        self.here.ask_with(query, json!({ "slug": slug }))["dataset"].clone()
    }

    fn close(self) {
        for (server, place) in [(self.home, self.home_place), (self.here, self.here_place)] {
            server.stop();
            place.assert_healthy();
        }
    }
}

fn allowed(home: &Server) -> String {
    format!("harvest_allowed_hosts={}", home.address.trim_start_matches("http://"))
}

#[test]
fn public_records_are_copied_without_what_is_withheld() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        let feed = two.home.get("/export.jsonl", &[]).body;
        for word in ["veiled", "Abstract of open", "unshared"] {
            assert!(!feed.contains(word), "the feed tells {word}:\n{feed}");
        }
        let at_home = two.home.ask("{ dataset(slug: \"open\") { relations { dataset { slug } } } }");
        assert!(at_home.to_string().contains("\"unshared\""), "what is not shared is seen where it is kept: {at_home}");
        let told = two.harvest();
        assert!(told.contains("5 records; 3 new, 0 changed, 1 unchanged, 0 waiting, 1 set aside, 0 gone, 0 failed, 3 published"), "{told}");
        let copy = two.seen("open");
        assert_eq!(copy["copiedFrom"], json!({ "registry": "Home registry", "address": format!("{HOME}/dataset/open") }));
        assert_eq!(
            (&copy["title"], &copy["abstract"], &copy["keywords"]),
            (&json!("Title of open"), &Value::Null, &json!([{ "text": "keyword-open" }]))
        );
        assert_eq!(
            copy["relations"],
            json!([{ "dataset": { "slug": "second" } }]),
            "`shadow` is another record here, and nobody is to know of it"
        );
        assert_eq!(
            copy["holdings"],
            json!([{ "institution": { "slug": "office" }, "accessTerms": { "channel": "URL", "channelUrl": format!("{HOME}/dataset/open") } }]),
            "data are asked for where the record is kept"
        );
        assert!(two.here.get("/dataset/open", &[("accept", "text/html")]).body.contains(&format!("href=\"{HOME}/dataset/open\"")));
        // A short name that is taken gets a mark; the record here stays as it was.
        assert_eq!(two.seen("taken")["copiedFrom"], Value::Null);
        let slugs = two.here.ask("{ datasets(first: 50) { nodes { slug copiedFrom { address } } } }")["datasets"]["nodes"].clone();
        let marked = slugs.as_array().expect("list").iter().find(|node| node["copiedFrom"]["address"] == format!("{HOME}/dataset/taken"));
        let marked = marked.expect("the copy of `taken`")["slug"].as_str().expect("slug").to_owned();
        assert!(marked.starts_with("taken-"), "{marked}");
        assert!(!two.here.get("/export.jsonl", &[]).body.contains("\"slug\":\"open\""), "copies are not passed on");

        // What changes there changes here, what is gone there goes out of sight here.
        let lines = [
            record("open", "office", |record| record["titles"] = json!({ "en": { "text": "New title", "status": "OFFICIAL" } })),
            record("second", "office", |record| record["status"] = json!("RETIRED")),
            record("taken", "office", |record| record["visibility"] = json!("MEMBERS")),
        ];
        two.home_place.run_ok(&["import", &two.home_place.write("later.jsonl", lines.join("\n"))]);
        two.home.wait_for_index();
        let told = two.harvest();
        assert!(told.contains("3 records; 0 new, 1 changed, 0 unchanged, 0 waiting, 0 set aside, 2 gone, 0 failed"), "{told}");
        assert_eq!((&two.seen("open")["title"], &two.seen("open")["identifier"]), (&json!("New title"), &copy["identifier"]));
        assert_eq!((two.seen("second"), two.seen(&marked)), (Value::Null, Value::Null));
        assert!(two.harvest().contains("0 records"), "nothing has changed since");
        two.close();
    }
}

/// A methodology that is withheld takes no record with it: of it the type of source goes out, without which there is no record.
#[test]
fn a_record_is_copied_without_its_methodology() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        let line = record("measured", "office", |record| {
            record["methodology"] = json!({ "sourceType": "CENSUS", "sampleSize": 4321, "universe": { "en": { "text": "Universe words", "status": "OFFICIAL" } } });
        });
        two.home_place.run_ok(&["import", &two.home_place.write("measured.jsonl", line)]);
        two.home.wait_for_index();
        two.harvest();
        let query = "{ dataset(slug: \"measured\") { title methodology { sourceType sampleSize } } }";
        assert_eq!(two.here.ask(query)["dataset"]["methodology"]["sampleSize"], 4321);

        let rule = sharing("office", json!({ "withheld": ["METHODOLOGY"] }));
        two.home_place.run_ok(&["import", &two.home_place.write("rule.jsonl", rule)]);
        two.home.wait_for_index();
        let feed = two.home.get("/export.jsonl?after=0", &[]).body;
        let line = feed.lines().find(|line| line.contains("\"slug\":\"measured\"")).expect("the record goes out");
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!((&line["type"], &line["methodology"]), (&json!("dataset"), &json!({ "sourceType": "CENSUS" })));
        assert!(!feed.contains("Universe words") && !feed.contains("4321"), "{feed}");
        let told = two.harvest();
        assert!(told.contains(" 0 gone, 0 failed"), "{told}");
        let copy = two.here.ask(query)["dataset"].clone();
        assert_eq!(
            (&copy["title"], &copy["methodology"]),
            (&json!("Title of measured"), &json!({ "sourceType": "CENSUS", "sampleSize": null }))
        );
        // The version that had it is no way to it.
        let changes = "{ dataset(slug: \"measured\") { version diff(from: 1) { path before after } versions { totalCount } } }";
        for told in [two.here.ask(changes).to_string(), two.editor.ask(&two.here, changes, Value::Null).to_string()] {
            assert!(!told.contains("4321") && !told.contains("Universe words"), "{backend:?}: {told}");
        }
        assert_eq!(two.here.ask(changes)["dataset"]["version"], 2);
        two.close();
    }
}

#[test]
fn a_registry_of_many_parts_is_copied_whole() {
    let two = Two::open(Backend::Sqlite);
    let lines: Vec<String> = (0..1_300).map(|number| record(&format!("many-{number}"), "office", |_| {})).collect();
    two.home_place.run_ok(&["import", &two.home_place.write("many.jsonl", lines.join("\n"))]);
    two.home.wait_for_index();
    let told = two.harvest();
    assert!(told.contains("1305 records; 1303 new") && told.contains("7 requests"), "{told}");
    assert_eq!(two.seen("many-1299")["title"], "Title of many-1299");
    two.close();
}

#[test]
fn nobody_changes_a_copy_here() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        two.harvest();
        let copy = two.seen("open");
        let officer = Person::join(&two.here_place, &two.here, "officer", "en", &["EDITOR@office", "VALIDATOR@office"]);
        let begun = act(&two.here, &officer.session, "register-working-copy", json!({ "dataset": copy["id"] }));
        assert_eq!(codes(&begun), ["COPIED_RECORD"], "{begun}");
        let retired = json!({ "dataset": copy["id"], "expectedRevision": copy["revision"], "reason": "No." });
        assert_eq!(codes(&act(&two.here, &officer.session, "register-retire", retired)), ["COPIED_RECORD"]);
        let terms = json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" });
        let holding = json!({ "institution": "nso", "role": "HOLDER", "accessTerms": terms });
        let claim = json!({ "dataset": copy["id"], "institution": "nso", "holding": holding });
        assert_eq!(codes(&act(&two.here, &two.editor.session, "register-holding-declare", claim)), ["COPIED_RECORD"]);
        // A file with its short name begins a draft of its own beside it.
        let line = record("open", "office", |record| record["titles"] = json!({ "en": { "text": "Ours", "status": "OFFICIAL" } }));
        let answer = crate::sources::send(&two.here, Some(&officer.token), "office", "name=a.jsonl&format=RIHLA", line.as_bytes());
        assert_eq!(answer.json()["counts"]["created"], 1, "{}", answer.body);
        assert_eq!(two.seen("open"), copy);
        let drafts =
            officer.ask(&two.here, "{ viewer { drafts { nodes { slug content } } } }", Value::Null)["viewer"]["drafts"]["nodes"].clone();
        assert_eq!(drafts.as_array().map(Vec::len), Some(1), "{drafts}");
        assert!(drafts[0]["slug"] != "open" && !drafts[0]["content"].as_str().expect("content").contains("copiedFrom"), "{drafts}");
        two.close();
    }
}

#[test]
fn what_is_shared_no_longer_is_taken_away_at_the_next_harvest() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        two.harvest();
        assert_eq!(two.seen("open")["copiedFrom"]["registry"], "Home registry");
        let line = sharing("office", json!({ "sharesNothing": true }));
        two.home_place.run_ok(&["import", &two.home_place.write("later.jsonl", line)]);
        two.home.wait_for_index();
        let told = two.harvest();
        assert!(told.contains("3 gone"), "{told}");
        assert_eq!((two.seen("open"), two.seen("second")), (Value::Null, Value::Null));
        // Nothing but the rule changes back.
        two.home_place.run_ok(&["import", &two.home_place.write("again.jsonl", sharing("office", json!({ "withheld": ["ABSTRACT"] })))]);
        two.home.wait_for_index();
        two.harvest();
        assert_eq!(two.seen("open")["title"], "Title of open");
        two.close();
    }
}

/// Declares what the house gives as another registry, at the console: its identifier, and the setting by which the house may be reached.
fn declare(two: &Two, house: &House, name: &str) -> (String, String) {
    let (allowed, url) = (format!("harvest_allowed_hosts=127.0.0.1:{}", house.port), house.url(""));
    let source = ["source", "add", "--institution", "observatory", "--kind", "RIHLA", "--url", &url, "--name", name, "--set", &allowed];
    (two.here_place.run_ok(&source), allowed)
}

#[test]
fn a_registry_begun_anew_stops_no_harvest() {
    let two = Two::open(Backend::Sqlite);
    let house = House::new();
    let (added, allowed) = declare(&two, &house, "Anew");
    for number in 1..=3 {
        // The names are taken here by others, and the identifiers are new each time.
        let mut office: Value = serde_json::from_str(&institution("observatory")).expect("JSON");
        office["names"]["en"]["text"] = json!("Another observatory");
        let whole = record("taken", "observatory", |record| {
            record["identifier"] = json!(format!("urn:uuid:01890000-0000-7000-8000-00000000000{number}"))
        });
        let body = format!(
            "{}\n{office}\n{whole}\n{}\n",
            json!({ "type": "registry", "name": "Anew", "url": "https://anew.example" }),
            json!({ "type": "end", "after": number, "hasMore": false })
        );
        house.behave(move |_| Reply::of("application/jsonl", body.clone()));
        let done = two.here_place.run(&["harvest", added.trim(), "--whole", "--set", &allowed, "--set", "harvest_pause_ms=0"]);
        let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(told.contains("1 new") && !told.contains("broken off"), "{number}: {told}");
    }
    two.close();
}

#[test]
fn a_registry_that_speaks_badly_is_not_believed() {
    let two = Two::open(Backend::Sqlite);
    let house = House::new();
    let change = json!({ "source": two.source["id"], "expectedRevision": two.source["revision"], "url": house.url("") });
    // The server lets only the home be reached; at the console the house may be.
    let changed = act(&two.here, &two.coordinator.session, "intake-source-change", change);
    assert_eq!(codes(&changed), ["INVALID"], "{changed}");
    let (added, allowed) = declare(&two, &house, "Loud");
    let whole = record("loud", "office", |record| record["identifier"] = json!("urn:uuid:01890000-0000-7000-8000-000000000009"));
    for (said, told) in [
        (json!({ "type": "registry", "name": "Loud", "url": "javascript:alert(1)" }), "registry does not say under which web address"),
        (json!({ "type": "registry", "name": "a\u{202e}b", "url": "https://loud.example" }), "no name that can be shown"),
        (json!({ "type": "registry", "name": "Loud", "url": "https://loud.example" }), "ends before its end"),
    ] {
        let body = format!("{said}\n{}\n{whole}\n", institution("office"));
        house.behave(move |_| Reply::of("application/jsonl", body.clone()));
        let done = two.here_place.run(&["harvest", added.trim(), "--set", &allowed, "--set", "harvest_pause_ms=0"]);
        let heard = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(1) && heard.contains(told), "{told}: {heard}");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(said.contains("; 1 requests"), "a request that ended badly was sent too: {said}");
    }
    two.here.wait_for_index();
    assert_eq!(two.seen("loud"), Value::Null);
    two.close();
}

#[test]
fn relations_to_records_that_come_later_are_taken_in_the_same_run() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        let lines = [
            record("early", "office", |record| record["relations"] = json!([{ "type": "OVERLAPS", "dataset": "late" }])),
            record("late", "office", |_| {}),
        ];
        two.home_place.run_ok(&["import", &two.home_place.write("more.jsonl", lines.join("\n"))]);
        two.home.wait_for_index();
        two.harvest();
        let early = two.seen("early");
        assert_eq!(early["relations"], json!([{ "dataset": { "slug": "late" } }]), "{early}");
        two.harvest();
        assert_eq!(two.seen("early"), early, "what is settled is not written again");
        two.close();
    }
}

#[test]
fn a_file_of_the_operator_changes_no_copy() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        two.harvest();
        let copy = two.seen("open");
        let lines = [
            record("open", "office", |record| record["titles"] = json!({ "en": { "text": "Ours", "status": "OFFICIAL" } })),
            record("new-one", "observatory", |_| {}),
        ];
        let file = two.here_place.write("ours.jsonl", lines.join("\n"));
        for arguments in [vec!["import", "--dry-run", &file], vec!["import", &file]] {
            let done = two.here_place.run(&arguments);
            let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            assert!(
                !done.status.success() && told.contains("is a copy of a record of Home registry") && told.contains("1 refused"),
                "{told}"
            );
        }
        two.here.wait_for_index();
        assert_eq!(two.seen("open"), copy);
        assert_eq!(two.seen("new-one")["title"], "Title of new-one", "the other lines are taken");
        // What was exported here comes back as it is.
        let export = two.here_place.run_ok(&["export"]);
        let again = two.here_place.run_ok(&["import", &two.here_place.write("export.jsonl", export)]);
        assert!(again.contains("0 refused"), "{again}");
        two.close();
    }
}

/// Nobody would hear of a withdrawal at home: a copy must not outlive its record.
#[test]
fn copies_go_with_their_source_and_come_back_with_it() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        two.harvest();
        let copy = two.seen("open");
        let remove = |id: &Value| {
            let text = "mutation($id: ID!) { harvestSourceRemove(id: $id) { removed copiesHidden copiesKept errors { code } } }";
            let done = two.coordinator.ask(&two.here, text, json!({ "id": id }))["harvestSourceRemove"].clone();
            two.here.wait_for_index();
            done
        };
        let id = &two.source["id"];
        assert_eq!(remove(id), json!({ "removed": id, "copiesHidden": 3, "copiesKept": 0, "errors": [] }));
        assert_eq!((two.seen("open"), two.seen("second")), (Value::Null, Value::Null));

        // Meanwhile one is withdrawn at home.
        let line = record("second", "office", |record| record["status"] = json!("RETIRED"));
        two.home_place.run_ok(&["import", &two.home_place.write("later.jsonl", line)]);
        two.home.wait_for_index();
        let declare =
            || act(&two.here, &two.coordinator.session, "intake-source", input("observatory", &two.home.address))["source"].clone();
        let again = declare();
        let told = two.harvest();
        assert!(told.contains("0 new, 2 changed, 2 unchanged, 0 waiting, 1 set aside, 0 gone, 0 failed"), "{told}");
        let taken_up = two.seen("open");
        assert_eq!((&taken_up["id"], &taken_up["copiedFrom"]), (&copy["id"], &copy["copiedFrom"]));
        assert_eq!(two.seen("second"), Value::Null);

        // Another source of the same registry takes them over, and hears of what is withdrawn.
        let second = declare();
        let told = two.harvest();
        assert!(told.contains("3 set aside"), "{told}");
        assert_eq!(remove(&again["id"]), json!({ "removed": again["id"], "copiesHidden": 0, "copiesKept": 2, "errors": [] }));
        assert_eq!(two.seen("open")["title"], "Title of open");
        two.harvest();
        let line = record("open", "office", |record| record["status"] = json!("RETIRED"));
        two.home_place.run_ok(&["import", &two.home_place.write("last.jsonl", line)]);
        two.home.wait_for_index();
        let told = two.harvest();
        assert!(told.contains("1 gone, 0 failed"), "{told}");
        assert_eq!(two.seen("open"), Value::Null);
        let told = two.here_place.run_ok(&["source", "remove", &raw(&two, &second)]);
        assert!(told.contains("1 copies were taken out of sight"), "{told}");
        two.close();
    }
}

/// What a copy was brought by before sources took their copies with them.
#[test]
fn a_copy_that_was_left_behind_is_taken_up_and_withdrawn() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        two.harvest();
        two.here_place.alter("DELETE FROM sources");
        let line = record("second", "office", |record| record["status"] = json!("RETIRED"));
        two.home_place.run_ok(&["import", &two.home_place.write("later.jsonl", line)]);
        two.home.wait_for_index();
        act(&two.here, &two.coordinator.session, "intake-source", input("observatory", &two.home.address));
        let told = two.harvest();
        assert!(told.contains("1 set aside, 1 gone, 0 failed"), "{told}");
        assert_eq!((two.seen("second"), &two.seen("open")["title"]), (Value::Null, &json!("Title of open")));
        two.close();
    }
}

/// The identifier of a source as the console shows it.
fn raw(two: &Two, source: &Value) -> String {
    let listed = two.here_place.run_ok(&["source", "list"]);
    let line = listed.lines().next().unwrap_or_else(|| panic!("no source beside {source}"));
    line.split_whitespace().next().expect("an identifier").to_owned()
}

#[test]
fn a_copy_whose_institution_registers_itself_is_named_once() {
    for backend in BACKENDS {
        let two = Two::open(backend);
        two.harvest();
        let officer = Person::join(&two.here_place, &two.here, "officer", "en", &["EDITOR@office"]);
        let lines = [record("second", "office", |record| record["titles"] = json!({ "en": { "text": "Changed", "status": "OFFICIAL" } }))];
        two.home_place.run_ok(&["import", &two.home_place.write("more.jsonl", lines.join("\n"))]);
        two.home.wait_for_index();
        let harvest = || {
            let done = two.here_place.run(&["harvest", "--set", &allowed(&two.home), "--set", "harvest_pause_ms=0"]);
            format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
        };
        let told = harvest();
        assert!(told.contains("registers its datasets itself") && told.contains("1 set aside"), "{told}");
        assert_eq!(two.seen("second")["title"], "Title of second");
        drop(officer);
        two.close();
    }
}
