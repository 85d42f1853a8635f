//! Import and export: every fault is named, nothing is half written, nothing is lost.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, dataset, institution};

#[test]
fn a_round_trip_is_byte_identical_on_and_across_both_databases() {
    for (from, to) in [(Backend::Sqlite, Backend::Sqlite), (Backend::Sqlite, Backend::Postgres), (Backend::Postgres, Backend::Sqlite)] {
        let (first, second) = (Place::new(from), Place::new(to));
        first.serve(&["--demo"]).stop();
        let export = first.run_ok(&["export"]);
        let file = second.write("all.jsonl", &export);
        second.run_ok(&["import", &file]);
        assert!(second.run_ok(&["export"]) == export, "{from:?} to {to:?}");
        let again = second.run_ok(&["import", &file]);
        assert!(again.contains("0 created, 0 updated, 108 unchanged, 0 refused"), "{again}");
        second.assert_healthy();
    }
}

#[test]
fn every_fault_of_one_line_is_told_at_once_and_what_follows_from_it_is_not() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let faulty = dataset("faulty", |r| {
            r["recordKind"] = json!("NOPE");
            r["colour"] = json!("red");
            r["themes"] = json!(["MT-9999"]);
            r["producer"] = json!("nobody");
            r["partners"] = json!(["holder", "holder"]);
            r["mainLanguage"] = json!("de");
            r["coverage"]["period"] = json!({ "start": "2020", "end": "2019" });
            r["relations"] = json!([{ "type": "OVERLAPS", "dataset": "nowhere" }, { "type": "OVERLAPS", "dataset": "sound" }, { "type": "OVERLAPS", "dataset": "sound" }]);
            r["variables"] = json!([{ "name": "", "categories": [{ "code": " " }] }]);
            r["citations"] = json!([{ "title": "", "source": "A1" }]);
            r["discrepancies"] = json!([
                { "subject": { "fr": { "text": "Total", "status": "OFFICIAL" } }, "values": [] },
                { "subject": { "fr": { "text": "Total", "status": "OFFICIAL" } }, "values": [{ "value": "1", "source": "A1" }, { "value": "2", "source": "A9" }] },
            ]);
        });
        let twice = dataset("twice", |_| {}).replacen("\"slug\":\"twice\"", "\"slug\":\"once\",\"slug\":\"twice\"", 1);
        // Places are those of the line, whatever was taken out of a list before them; what is masked is no fault.
        let shifted = dataset("shifted", |r| {
            let terms = json!({
                "aggregates": "UNKNOWN",
                "aggregatesBasis": "ASSUMED",
                "microdata": "UNKNOWN",
                "microdataBasis": "ASSUMED",
                "channel": "UNKNOWN",
            });
            let held = |institution: &str, role: &str| json!({ "institution": institution, "role": role, "accessTerms": terms });
            r["holdings"] = json!([held("holder", "NOPE"), held("holder", "HOLDER"), held("nobody", "HOLDER")]);
            r["variables"] = json!([{ "name": 5 }, { "name": "" }, { "name": "x", "categories": [{ "code": "" }] }]);
        });
        let masked = dataset("masked", |r| {
            let subject = json!({ "fr": { "text": "Total", "status": "OFFICIAL" } });
            r["discrepancies"] = json!([{ "subject": subject, "values": [{ "value": "1", "source": "A1" }] }]);
        });
        // A corrected line may follow the faulty one.
        let wrong = dataset("mended", |r| r["themes"] = json!(["MT-9999"]));
        let own = institution("circle").replacen('{', "{\"predecessors\":[\"circle\"],", 1);
        let lines = [
            institution("holder"),
            faulty,
            dataset("sound", |_| {}),
            twice,
            wrong,
            dataset("mended", |_| {}),
            own,
            institution("circle"),
            shifted,
            masked,
        ];
        let file = place.write("faults.jsonl", lines.join("\n"));
        let done = place.run(&["import", &file]);
        let (told, summary) = (String::from_utf8(done.stderr).expect("UTF-8"), String::from_utf8(done.stdout).expect("UTF-8"));
        assert!(summary.contains("10 lines; 5 created, 0 updated, 0 unchanged, 5 refused"), "{summary}{told}");
        let of_line = |number: usize| told.lines().filter(|line| line.contains(&format!("faults.jsonl:{number}:"))).collect::<Vec<_>>();
        let faults = of_line(2);
        for field in [
            "recordKind",
            "colour",
            "themes[0]",
            "producer",
            "partners[1]",
            "mainLanguage",
            "coverage.period",
            "relations[0].dataset",
            "relations[2].dataset",
            "variables[0].name",
            "variables[0].categories[0].code",
            "citations[0].title",
            "discrepancies[0].values",
            "discrepancies[1].values[1].source",
        ] {
            assert_eq!(faults.iter().filter(|line| line.contains(&format!(" {field}:"))).count(), 1, "{field} in {faults:#?}");
        }
        assert_eq!(faults.len(), 14, "{faults:#?}");
        assert!(of_line(4).iter().any(|line| line.contains("slug") && line.contains("twice")), "{told}");
        assert!(of_line(5).iter().any(|line| line.contains("MT-9999")) && of_line(6).is_empty(), "{told}");
        assert!(of_line(7).iter().any(|line| line.contains("predecessors[0]")) && of_line(8).is_empty(), "{told}");
        let moved = of_line(9);
        for field in
            ["holdings[0].role", "holdings[2].institution", "variables[0].name", "variables[1].name", "variables[2].categories[0].code"]
        {
            assert!(moved.iter().any(|line| line.contains(&format!(" {field}:"))), "{field} in {moved:#?}");
        }
        assert!(!moved.iter().any(|line| line.contains("holdings[1]")), "{moved:#?}");
        place.assert_healthy();
    }
}

#[test]
fn every_fault_is_told_with_line_field_value_and_remedy_and_good_lines_go_in() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let lines = [
            institution("holder"),
            dataset("good-one", |_| {}),
            "{\"type\":\"dataset\",".to_owned(),
            dataset("bad-code", |r| r["recordKind"] = json!("NOPE")),
            dataset("good-one", |_| {}),
            dataset("bad-period", |r| r["coverage"]["period"] = json!({ "start": "2020", "end": "2019" })),
            dataset("bad-language", |r| r["titles"] = json!({ "french": { "text": "x", "status": "OFFICIAL" } })),
            dataset("bad-place", |r| r["coverage"]["reportingAreas"] = json!(["MA", "ZZ-99"])),
            dataset("bad-holder", |r| r["producer"] = json!("nobody")),
            dataset("bad-relation", |r| r["relations"] = json!([{ "type": "OVERLAPS", "dataset": "nowhere" }])),
            dataset("Bad Slug", |_| {}),
            dataset("no-title", |r| r["titles"] = json!({})),
            json!({ "type": "planet", "slug": "mars" }).to_string(),
            dataset("unknown-field", |r| r["colour"] = json!("red")),
            dataset("bad-url", |r| r["links"] = json!([{ "url": "javascript:alert(1)" }])),
            dataset("بيانات", |_| {}),
            dataset("good-two", |r| r["relations"] = json!([{ "type": "OVERLAPS", "dataset": "good-one" }])),
        ];
        let file = place.write("mixed.jsonl", format!("\u{feff}{}\r\n\n", lines.join("\r\n")));
        let done = place.run(&["import", &file]);
        let (told, summary) = (String::from_utf8(done.stderr).expect("UTF-8"), String::from_utf8(done.stdout).expect("UTF-8"));
        assert_eq!(done.status.code(), Some(1), "{told}");
        assert!(summary.contains("17 lines; 3 created, 0 updated, 0 unchanged, 14 refused"), "{summary}{told}");
        for (line, pieces) in [
            (3, ["not JSON", "line"]),
            (4, ["recordKind", "NOPE"]),
            (5, ["good-one", "line 2"]),
            (6, ["coverage.period", "2020/2019"]),
            (7, ["titles", "french"]),
            (8, ["coverage.reportingAreas[1]", "ZZ-99"]),
            (9, ["producer", "nobody"]),
            (10, ["relations[0].dataset", "nowhere"]),
            (11, ["slug", "Bad Slug"]),
            (12, ["titles", "no title"]),
            (13, ["type", "planet"]),
            (14, ["colour", "unknown field"]),
            (15, ["links[0].url", "javascript"]),
            (16, ["slug", "بيانات"]),
        ] {
            let found = told.lines().find(|text| text.contains(&format!("mixed.jsonl:{line}:")));
            let text = found.unwrap_or_else(|| panic!("line {line} is not told:\n{told}"));
            assert!(pieces.iter().all(|piece| text.contains(piece)), "{text}");
        }
        assert_eq!(place.run_ok(&["export"]).lines().count(), 3);
        place.assert_healthy_after_index();
    }
}

impl Place {
    /// The server reads the log into the index; then everything must agree.
    fn assert_healthy_after_index(&self) {
        let server = self.serve(&[]);
        server.wait_for_index();
        server.stop();
        self.assert_healthy();
    }
}

#[test]
fn a_dry_run_tells_the_same_and_writes_nothing() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let file = place.write(
            "a.jsonl",
            [
                institution("holder"),
                dataset("one", |r| r["producer"] = json!("holder")),
                dataset("two", |r| r["themes"] = json!(["MT-9999"])),
            ]
            .join("\n"),
        );
        // A catalogue that is not there yet is not made for it: where that would be a file, an empty one takes its place.
        let done = place.run(&["import", "--dry-run", &file]);
        let (told, summary) = (String::from_utf8_lossy(&done.stderr).into_owned(), String::from_utf8_lossy(&done.stdout).into_owned());
        assert!(done.status.code() == Some(1) && told.contains("rihla migrate"), "{told}");
        if backend == Backend::Sqlite {
            assert!(told.contains("MT-9999") && summary.contains("2 would be created") && summary.contains("1 refused"), "{told}{summary}");
        }
        assert!(!place.folder.join("rihla.sqlite").exists());
        place.run_ok(&["migrate"]);
        let known = place.count("SELECT COUNT(*) FROM registry");
        let done = place.run(&["import", "--dry-run", &file]);
        let summary = String::from_utf8(done.stdout).expect("UTF-8");
        assert!(done.status.code() == Some(1) && summary.contains("2 would be created") && summary.contains("1 refused"), "{summary}");
        assert_eq!(place.count("SELECT COUNT(*) FROM registry"), known, "{backend:?}");
        assert_eq!(place.run_ok(&["export"]), "");
    }
}

#[test]
fn a_dry_run_leaves_older_tables_as_they_are() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        place.run_ok(&["migrate"]);
        place.alter("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT MAX(version) FROM __diesel_schema_migrations)");
        let before = place.count("SELECT COUNT(*) FROM __diesel_schema_migrations");
        let file = place.write("one.jsonl", institution("holder"));
        let done = place.run(&["import", "--dry-run", &file]);
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(1) && told.contains("rihla migrate"), "{told}");
        assert_eq!(place.count("SELECT COUNT(*) FROM __diesel_schema_migrations"), before);
    }
}

#[test]
fn a_packed_file_is_told_once_with_what_to_do() {
    let place = Place::new(Backend::Sqlite);
    let packed: Vec<u8> = [&b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"[..], &b"\xff\n\xfe\n\xfd\n"[..]].concat();
    let (packed, sound) = (place.write("records.jsonl.gz", packed), place.write("one.jsonl", institution("holder")));
    let done = place.run(&["import", &packed, &sound]);
    let (told, summary) = (String::from_utf8(done.stderr).expect("UTF-8"), String::from_utf8(done.stdout).expect("UTF-8"));
    assert!(done.status.code() == Some(1) && summary.contains("1 created"), "{summary}{told}");
    assert!(told.matches("is compressed").count() == 1 && told.contains("gunzip") && !told.contains("UTF-8"), "{told}");
}

/// An institution with relations to others.
fn related(slug: &str, relations: Value) -> String {
    let mut record: Value = serde_json::from_str(&institution(slug)).expect("JSON");
    for (name, value) in relations.as_object().expect("an object") {
        record[name] = value.clone();
    }
    record.to_string()
}

#[test]
fn institutions_do_not_contradict_each_other() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let import = |lines: &[String]| {
            let file = place.write("institutions.jsonl", lines.join("\n"));
            let done = place.run(&["import", &file]);
            (String::from_utf8(done.stdout).expect("UTF-8"), String::from_utf8(done.stderr).expect("UTF-8"))
        };
        // In one file: a circle of parents, one before and after the other, and what is sound beside them.
        let (summary, told) = import(&[
            related("zz-c1", json!({ "parent": "zz-c2" })),
            related("zz-c2", json!({ "parent": "zz-c1" })),
            related("zz-b1", json!({ "predecessors": ["zz-top"], "successors": ["zz-top"] })),
            institution("zz-top"),
            related("zz-part", json!({ "parent": "zz-top", "successors": ["zz-new"] })),
            related("zz-new", json!({ "predecessors": ["zz-part"] })),
        ]);
        assert!(summary.contains("3 created") && summary.contains("3 refused"), "{summary}{told}");
        assert!(told.contains("zz-c1 → zz-c2 → zz-c1") && told.contains("both before and after"), "{told}");
        // Against the catalogue: over one file and over two steps.
        let (summary, told) = import(&[related("zz-top", json!({ "parent": "zz-part" }))]);
        assert!(summary.contains("0 updated") && told.contains(":1: parent: value `zz-part`"), "{summary}{told}");
        let (summary, told) = import(&[related("zz-last", json!({ "predecessors": ["zz-new"], "successors": ["zz-part"] }))]);
        assert!(summary.contains("0 created") && told.contains("predecessors[0]") && told.contains("successors[0]"), "{summary}{told}");
        // What the catalogue says wrongly is turned round by a file that says both.
        let (summary, told) =
            import(&[related("zz-top", json!({ "parent": "zz-part" })), related("zz-part", json!({ "successors": ["zz-new"] }))]);
        assert!(summary.contains("2 updated"), "{summary}{told}");
        place.run_ok(&["reindex"]);
        place.assert_healthy();
    }
}

#[test]
fn a_succession_that_one_institution_names_is_known_of_both() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let file = place.write(
            "institutions.jsonl",
            [
                related("zz-old", json!({ "successors": ["zz-new"] })),
                institution("zz-new"),
                related("zz-heir", json!({ "predecessors": ["zz-new"] })),
            ]
            .join("\n"),
        );
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        server.wait_for_index();
        let asked = "{ institution(slug: \"zz-new\") { predecessors { slug successors { slug } } successors { slug predecessors { slug } } } \
                     institutions { nodes { slug predecessors { slug } successors { slug } } } }";
        let data = server.ask(asked);
        let new = json!({ "slug": "zz-new" });
        assert_eq!(data["institution"]["predecessors"], json!([{ "slug": "zz-old", "successors": [new] }]), "{data}");
        assert_eq!(data["institution"]["successors"], json!([{ "slug": "zz-heir", "predecessors": [new] }]), "{data}");
        // What is written beside a running server is known too.
        let file = place.write("more.jsonl", related("zz-older", json!({ "successors": ["zz-new"] })));
        place.run_ok(&["import", &file]);
        server.wait_for_index();
        let slugs = |data: &Value| data["institution"]["predecessors"].as_array().map_or(0, Vec::len);
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while slugs(&server.ask(asked)) < 2 {
            assert!(std::time::Instant::now() < deadline, "{}", server.ask(asked));
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn what_is_not_public_is_nowhere_to_be_seen() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let hidden = |slug: &str, status: &str, visibility: &str| {
            dataset(slug, |r| {
                r["status"] = json!(status);
                r["visibility"] = json!(visibility);
                r["titles"]["en"]["text"] = json!(format!("Zanzibar secret {slug}"));
                r["themes"] = json!(["MT-0506"]);
                r["coverage"]["reportingAreas"] = json!(["SN"]);
            })
        };
        let lines = [
            hidden("hidden-draft", "DRAFT", "PUBLIC"),
            hidden("hidden-submitted", "SUBMITTED", "PUBLIC"),
            hidden("hidden-validated", "VALIDATED", "PUBLIC"),
            hidden("hidden-members", "PUBLISHED", "MEMBERS"),
            hidden("hidden-coordinator", "PUBLISHED", "COORDINATOR"),
            dataset("open-one", |r| r["relations"] = json!([{ "type": "OVERLAPS", "dataset": "hidden-members" }])),
        ];
        let file = place.write("hidden.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        server.wait_for_index();
        let data = server.ask(
            "{ catalogue { datasetCount } datasets(search: \"zanzibar secret\") { totalCount nodes { slug } } \
               all: datasets { totalCount facets(of: [THEMES, REPORTING_AREAS]) { values { code } } } \
               drafts: datasets(where: { statuses: [DRAFT, SUBMITTED, VALIDATED, RETIRED] }) { totalCount } \
               near: datasets(where: { themes: [\"MT-0506\"], period: { from: \"2019\" }, includePossible: true }) { totalCount nearMisses { dataset { slug } } } \
               suggest(prefix: \"zanz\") { text } theme: suggest(prefix: \"detention\") { value } dataset(slug: \"hidden-members\") { id } \
               open: dataset(slug: \"open-one\") { relations { dataset { slug } } } changes(since: 0) { totalCount nodes { dataset { slug } } } }",
        );
        assert_eq!(data["catalogue"]["datasetCount"], 1);
        assert_eq!(data["datasets"], json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!((&data["all"]["totalCount"], &data["drafts"]["totalCount"]), (&json!(1), &json!(0)));
        assert_eq!(data["all"]["facets"], json!([{ "values": [{ "code": "-" }] }, { "values": [{ "code": "MA" }] }]));
        assert_eq!((&data["near"]["totalCount"], &data["dataset"]), (&json!(0), &Value::Null));
        assert_eq!((&data["suggest"], &data["theme"], &data["open"]["relations"]), (&json!([]), &json!([]), &json!([])));
        assert_eq!(data["changes"]["totalCount"], 1);
        assert!(!data.to_string().contains("hidden"), "{data}");
        let public = place.run_ok(&["export", "--public"]);
        assert!(public.lines().count() == 1 && !public.contains("hidden"), "{public}");
        server.stop();
    }
}

#[test]
fn what_a_visitor_sees_in_part_is_left_out_of_the_public_export_and_counted() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let mask = json!([{ "field": "METHODOLOGY", "visibleTo": "MEMBERS" }]);
        let lines = [
            dataset("open", |_| {}),
            dataset("stub", |r| r["visibility"] = json!("STUB")),
            dataset("stub-two", |r| r["visibility"] = json!("STUB")),
            dataset("masked", |r| r["masks"] = mask),
        ];
        let file = place.write("some.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let done = place.run(&["export", "--public"]);
        let (told, public) = (String::from_utf8_lossy(&done.stderr).into_owned(), String::from_utf8_lossy(&done.stdout).into_owned());
        assert!(done.status.success() && public.lines().count() == 1 && public.contains("\"slug\":\"open\""), "{public}");
        assert!(
            told.contains("2 records are left out: they are stubs") && told.contains("1 record is left out: it has its methodology"),
            "{told}"
        );
        let other = Place::new(backend);
        let file = other.write("public.jsonl", &public);
        other.run_ok(&["import", &file]);
        let all = place.run(&["export"]);
        assert!(all.stderr.is_empty() && String::from_utf8_lossy(&all.stdout).lines().count() == 4, "{all:?}");
    }
}

#[test]
fn an_export_is_of_one_moment_whatever_is_written_meanwhile() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let institutions: Vec<String> = (0..3_000).map(|n| institution(&format!("one-of-many-{n:05}"))).collect();
        let file = place.write("many.jsonl", institutions.join("\n"));
        place.run_ok(&["import", &file]);
        let mut export = place.command(&["export"]).stdout(Stdio::piped()).spawn().expect("the export can be started");
        let mut output = export.stdout.take().expect("standard output");
        // It has begun, and waits with most of its institutions for a reader.
        let mut text = vec![0; 1];
        output.read_exact(&mut text).expect("a byte");
        let late = [institution("late"), dataset("of-the-late", |r| r["producer"] = json!("late"))];
        let late = place.write("late.jsonl", late.join("\n"));
        place.run_ok(&["import", &late]);
        output.read_to_end(&mut text).expect("the rest");
        assert!(export.wait().expect("wait").success());
        let text = String::from_utf8(text).expect("UTF-8");
        assert_eq!((text.lines().count(), text.contains("late")), (3_000, false));
        let other = Place::new(backend);
        let file = other.write("all.jsonl", &text);
        other.run_ok(&["import", &file]);
        assert_eq!(place.run_ok(&["export"]).lines().count(), 3_002);
    }
}

#[test]
fn what_went_in_is_never_too_long_to_go_in_again() {
    let place = Place::new(Backend::Sqlite);
    // A line that is just short enough only because it leaves out what the catalogue puts in.
    let long = |slug: &str, name: usize| {
        dataset(slug, |r| {
            r["variables"] =
                (0..2_000).map(|n| json!({ "name": format!("{n:0>2000}") })).chain([json!({ "name": "x".repeat(name) })]).collect();
            for left_out in ["visibility", "certainty"] {
                r.as_object_mut().expect("an object").remove(left_out);
            }
        })
    };
    let added =
        "\"identifier\":\"urn:uuid:00000000-0000-0000-0000-000000000000\",\"visibility\":\"PUBLIC\",\"certainty\":\"UNVERIFIED\",".len();
    let room = (4 << 20) - added - long("as-long-as-can-be", 0).len();
    let file = place.write("long.jsonl", [long("as-long-as-can-be", room), long("too-long-by-one-x", room + 1)].join("\n"));
    let done = place.run(&["import", &file]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        told.contains("long.jsonl:2:") && told.contains("4194305") && told.contains("shorten") && !told.contains("long.jsonl:1:"),
        "{told}"
    );
    let export = place.run_ok(&["export"]);
    assert_eq!((export.lines().count(), export.trim_end().len()), (1, 4 << 20));
    let other = Place::new(Backend::Sqlite);
    let file = other.write("again.jsonl", &export);
    other.run_ok(&["import", &file]);
    assert!(other.run_ok(&["export"]) == export);
}

#[test]
fn null_is_refused_in_every_field() {
    let place = Place::new(Backend::Sqlite);
    let lines = [institution("holder"), dataset("one", |r| r["producer"] = Value::Null), dataset("two", |r| r["coverage"] = Value::Null)];
    let file = place.write("null.jsonl", lines.join("\n"));
    let done = place.run(&["import", &file]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(told.contains("null.jsonl:2: producer: value `null`") && told.contains("null.jsonl:3: coverage: value `null`"), "{told}");
    assert_eq!((told.lines().count(), place.run_ok(&["export"]).lines().count()), (2, 1), "{told}");
}

#[test]
fn long_lines_other_encodings_and_missing_files_are_told() {
    let place = Place::new(Backend::Sqlite);
    let mut bytes = b"\xff\xfe{\"type\":\"dataset\"}\n".to_vec();
    bytes.extend(format!("{{\"type\":\"dataset\",\"slug\":\"{}\"}}\n", "x".repeat(5 << 20)).into_bytes());
    bytes.extend(dataset("good", |_| {}).into_bytes());
    let file = place.write("odd.jsonl", bytes);
    let done = place.run(&["import", &file]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(told.contains(":1: record: the line is not UTF-8") && told.contains(":2: record: the line is longer"), "{told}");
    assert!(String::from_utf8_lossy(&done.stdout).contains("1 created"));
    let missing = place.run(&["import", "/nowhere/file.jsonl"]);
    assert!(!missing.status.success() && String::from_utf8_lossy(&missing.stderr).contains("/nowhere/file.jsonl"));
}

#[test]
fn a_file_that_cannot_be_read_does_not_keep_the_others_out() {
    let place = Place::new(Backend::Sqlite);
    let nso = place.write("nso.jsonl", institution("nso"));
    let good = place.write("good.jsonl", dataset("good", |_| {}));
    let done = place.run(&["import", "/nowhere/file.jsonl", &nso, &good]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code() == Some(1) && told.contains("1 could not be read: /nowhere/file.jsonl"), "{told}");
    assert_eq!(place.run_ok(&["export"]).lines().count(), 2);
}
