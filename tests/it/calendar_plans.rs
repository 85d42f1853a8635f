//! A collection that was registered stands once in the calendar, with the dates that stand, and plans meet by these.

use serde_json::{Value, json};

use crate::drafting::{begin, content, copy, holding, publish};
use crate::harness::{BACKENDS, Backend, dataset, institution};
use crate::people::{Session, Who, act, ask_as, done, payload};
use crate::registers::{Cast, text};

/// Three institutions plan collections of the same field and area; two of them meet. `census` was collected long ago.
pub fn open(backend: Backend) -> Cast {
    let cast = Cast::open(backend);
    let record = |slug: &str, producer: &str, change: &dyn Fn(&mut Value)| {
        dataset(slug, |doc| {
            (doc["producer"], doc["holdings"]) = (json!(producer), json!([holding("agency", "HOLDER", "SECURE")]));
            (doc["recordKind"], doc["collectionStatus"]) = (json!("PLANNED_ACTIVITY"), json!("PLANNED"));
            doc["themes"] = json!(["MT-0701"]);
            change(doc);
        })
    };
    let months = |start: &str, end: &str| json!({ "reportingAreas": ["MA-09"], "collectionPeriod": { "start": start, "end": end } });
    let lines = [
        record("plan-nso", "nso", &|doc| doc["coverage"] = months("2087-05", "2087-09")),
        record("plan-police", "police", &|doc| doc["coverage"] = months("2087-05", "2087-06")),
        record("plan-agency", "agency", &|doc| doc["coverage"] = months("2088-02", "2088-03")),
        record("waves", "nso", &|doc| {
            (doc["recordKind"], doc["collectionStatus"]) = (json!("STATISTICAL_OPERATION"), json!("COMPLETED"));
            doc["coverage"] =
                json!({ "reportingAreas": ["MA"], "collectionPeriod": { "start": "2014-09", "end": "2014-10" }, "nextCollection": "2090" });
        }),
    ];
    let file = cast.registry.place.write("plans.jsonl", lines.join("\n"));
    cast.registry.place.run_ok(&["import", &file]);
    cast.registry.server.wait_for_index();
    cast.registry.place.run_ok(&["remind"]);
    cast
}

pub fn register(cast: &Cast, who: &Session, institution: &str, slug: &str, start: &str, end: &str) -> Value {
    let planned = json!({ "start": start, "end": end });
    let input = json!({ "kind": "COLLECTION", "institution": institution, "dataset": slug, "planned": planned });
    done(&act(&cast.registry.server, who, "calendar-entry-create", input), "calendarEntry")
}

pub fn step(cast: &Cast, who: &Session, step: &str, seen: &Value, more: Value) -> Value {
    let mut input = json!({ "entry": seen["entry"], "expectedRevision": seen["revision"] });
    more.as_object().into_iter().flatten().for_each(|(key, value)| input[key.as_str()] = value.clone());
    done(&act(&cast.registry.server, who, &format!("calendar-entry-{step}"), input), "calendarEntry")
}

/// Collections of a record as anyone finds them.
fn collections(cast: &Cast, slug: &str, filter: &str) -> Vec<String> {
    let query = format!(
        "{{ calendar(where: {{ kinds: [COLLECTION], datasets: [\"{slug}\"] {filter} }}) {{ totalCount isComplete nodes {{ basis state dates {{ edtf }} }} }} }}"
    );
    let found = ask_as(&cast.registry.server, Who::Visitor, &query, Value::Null)["calendar"].clone();
    let line = |node: &Value| format!("{} {} {}", node["basis"], node["state"], node["dates"]["edtf"]).replace('"', "");
    let nodes: Vec<String> = found["nodes"].as_array().expect("nodes").iter().map(line).collect();
    assert_eq!((&found["totalCount"], &found["isComplete"]), (&json!(nodes.len()), &json!(true)));
    nodes
}

/// Pairs of plans that meet, with their months.
pub fn clashes(cast: &Cast) -> Vec<String> {
    let query = "{ clashes { nodes { one { slug } other { slug } from to isPossible } } }";
    let nodes = cast.registry.server.ask(query)["clashes"]["nodes"].as_array().expect("nodes").clone();
    let line = |node: &Value| {
        assert_eq!(node["isPossible"], false);
        let mut slugs = [&node["one"]["slug"], &node["other"]["slug"]].map(|slug| slug.as_str().expect("a slug").to_owned());
        slugs.sort_unstable();
        format!("{} {} {}/{}", slugs[0], slugs[1], node["from"], node["to"]).replace('"', "")
    };
    nodes.iter().map(line).collect()
}

pub fn told(cast: &Cast, who: &Session, kind: &str) -> usize {
    cast.notices(who).iter().filter(|known| *known == kind).count()
}

#[test]
fn a_postponed_collection_stands_once_and_the_clashes_follow_it() {
    for backend in BACKENDS {
        let cast = open(backend);
        assert_eq!(collections(&cast, "plan-nso", ""), ["RECORD PLANNED 2087-05/2087-09"]);
        assert_eq!(clashes(&cast), ["plan-nso plan-police 2087-05/2087-06"]);
        assert_eq!([&cast.editor, &cast.other, &cast.partner].map(|who| told(&cast, who, "PLANS_CLASH")), [1, 1, 0]);
        // A holder's date stands beside the producer's plan, and moves it nowhere.
        register(&cast, &cast.partner, "agency", "plan-nso", "2089-01", "2089-02");
        assert_eq!(collections(&cast, "plan-nso", ", to: \"2088\""), ["RECORD PLANNED 2087-05/2087-09"]);
        assert_eq!(clashes(&cast).len(), 1);

        // The producer registers its plan: it stands once, and nobody is told again.
        let entry = register(&cast, &cast.editor, "nso", "plan-nso", "2087-05", "2087-09");
        let of_agency = "REGISTERED PLANNED 2089-01/2089-02";
        assert_eq!(collections(&cast, "plan-nso", ""), ["REGISTERED PLANNED 2087-05/2087-09", of_agency]);
        assert_eq!(told(&cast, &cast.other, "PLANS_CLASH"), 1);
        let later = json!({ "planned": { "start": "2088-01", "end": "2088-04" }, "reason": text("Budget voté plus tard") });
        let postponed = step(&cast, &cast.editor, "postpone", &entry, later);
        assert_eq!(collections(&cast, "plan-nso", ""), ["REGISTERED POSTPONED 2088-01/2088-04", of_agency]);
        assert_eq!(collections(&cast, "plan-nso", ", to: \"2087\""), [""; 0], "not in its old place either");
        assert_eq!(collections(&cast, "plan-nso", ", to: \"2088\", states: [PLANNED]"), [""; 0]);
        let own = "{ dataset(slug: \"plan-nso\") { calendar { nodes { kind basis dates { edtf } } } } }";
        let own = cast.registry.server.ask(own)["dataset"]["calendar"]["nodes"].clone();
        let expected = ["2088-01/2088-04", "2089-01/2089-02"];
        let expected = expected.map(|edtf| json!({ "kind": "COLLECTION", "basis": "REGISTERED", "dates": { "edtf": edtf } }));
        assert_eq!(own, json!(expected));
        let feed = cast.registry.server.get("/calendar.ics?datasets=plan-nso&to=2088", &[]).body;
        assert_eq!(feed.matches("BEGIN:VEVENT").count(), 1, "{feed}");
        assert!(feed.contains("DTSTART;VALUE=DATE:20880101"), "{feed}");

        // The police are met no more, the agency is met now; all three institutions are told, once.
        assert_eq!(clashes(&cast), ["plan-agency plan-nso 2088-02/2088-03"]);
        cast.registry.place.run_ok(&["remind"]);
        assert_eq!([&cast.editor, &cast.other, &cast.partner].map(|who| told(&cast, who, "PLANS_APART")), [1, 1, 0]);
        assert_eq!([&cast.editor, &cast.other, &cast.partner].map(|who| told(&cast, who, "PLANS_CLASH")), [2, 1, 1]);
        let apart = cast.told(&cast.other, "PLANS_APART");
        assert_eq!(apart["title"], "Title of plan-police – Title of plan-nso (2087-05/2087-06)", "{apart}");
        assert!(apart["url"].as_str().is_some_and(|url| url.ends_with("/dataset/plan-nso")), "{apart}");

        // What is given up meets nothing, and stands once as given up.
        step(&cast, &cast.editor, "cancel", &postponed, json!({ "reason": text("Sans budget") }));
        assert_eq!(collections(&cast, "plan-nso", ", to: \"2088\""), ["REGISTERED CANCELLED 2088-01/2088-04"]);
        assert_eq!(clashes(&cast), [""; 0]);
        assert_eq!([&cast.editor, &cast.other, &cast.partner].map(|who| told(&cast, who, "PLANS_APART")), [2, 1, 1]);
        // A plan that is made anew meets what it met, and that is told again.
        register(&cast, &cast.editor, "nso", "plan-nso", "2087-06", "2087-06");
        assert_eq!(clashes(&cast), ["plan-nso plan-police 2087-06/2087-06"]);
        assert_eq!(told(&cast, &cast.other, "PLANS_CLASH"), 2);
        cast.registry.close();
    }
}

#[test]
fn what_was_collected_stays_beside_the_next_collection_that_was_registered() {
    for backend in BACKENDS {
        let cast = open(backend);
        let before = ["RECORD DONE 2014-09/2014-10", "RECORD PLANNED 2090"];
        assert_eq!(collections(&cast, "waves", ""), before);
        let next = register(&cast, &cast.editor, "nso", "waves", "2091-03", "2091-04");
        assert_eq!(collections(&cast, "waves", ""), [before[0], "REGISTERED PLANNED 2091-03/2091-04"]);
        let told = json!({ "actual": { "start": "2014-09-01", "end": "2014-10-20" } });
        step(&cast, &cast.editor, "complete", &next, told);
        let done = "REGISTERED DONE 2014-09-01/2014-10-20";
        assert_eq!(collections(&cast, "waves", ""), [done, before[1]], "of the same months it is the same; the next one is still to come");
        cast.registry.close();
    }
}

#[test]
fn a_registered_next_round_meets_plans_until_it_is_moved() {
    for backend in BACKENDS {
        let cast = open(backend);
        let (before, told_before) = (clashes(&cast), told(&cast, &cast.other, "PLANS_CLASH"));
        let round = register(&cast, &cast.editor, "nso", "waves", "2087-06", "2087-06");
        let met: Vec<String> = clashes(&cast).into_iter().filter(|pair| !before.contains(pair)).collect();
        assert_eq!(met, ["plan-nso waves 2087-06/2087-06", "plan-police waves 2087-06/2087-06"]);
        assert_eq!(told(&cast, &cast.other, "PLANS_CLASH"), told_before + 1);
        let later = json!({ "planned": { "start": "2092-06", "end": "2092-06" }, "reason": text("Après le recensement") });
        step(&cast, &cast.editor, "postpone", &round, later);
        assert_eq!(clashes(&cast), before);
        assert_eq!(told(&cast, &cast.other, "PLANS_APART"), 1);
        cast.registry.close();
    }
}

/// What comes next in the report has the dates of the calendar.
#[test]
fn the_next_steps_of_the_report_have_the_dates_of_the_calendar() {
    for backend in BACKENDS {
        let cast = open(backend);
        let mechanism = dataset("mechanism", |doc| {
            (doc["producer"], doc["holdings"], doc["themes"]) = (json!("nso"), json!([]), json!(["MT-0901"]));
            (doc["recordKind"], doc["collectionStatus"]) = (json!("PLANNED_ACTIVITY"), json!("PLANNED"));
            doc["coverage"] = json!({ "reportingAreas": ["MA-09"], "period": { "start": "2085-05", "end": "2087-06" } });
        });
        let file = cast.registry.place.write("mechanism.jsonl", mechanism);
        cast.registry.place.run_ok(&["import", &file]);
        cast.registry.server.wait_for_index();
        let steps_in = |report: &str, slug: &str| -> Vec<String> {
            let (_, steps) = report.split_once("<a id=\"next-steps\"></a>").expect("the section");
            let steps = steps.split("<a id=").next().expect("the section");
            let rows = steps.lines().filter(|line| line.contains(&format!("Title of {slug}")));
            rows.map(|row| row.trim_end_matches(['|', ' ']).rsplit('|').next().expect("a cell").trim().to_owned()).collect()
        };
        let steps = |slug: &str, edition: &str| {
            steps_in(&crate::workshop::report(&cast.registry, "en", edition, &["--records", "published"]), slug)
        };
        assert_eq!(steps("mechanism", "latest"), ["2085-05 to 2087-06"]);
        assert_eq!(steps("plan-nso", "latest"), ["2087-05 to 2087-09"]);
        let looked_back = |slug: &str| {
            let report = crate::workshop::report_until(&cast.registry, "2022-05-17", "en", "latest", &["--records", "published"]);
            steps_in(&report, slug)
        };
        // Of what goes on the next round comes, as it stands.
        assert_eq!(steps("waves", "latest"), ["2090"]);
        let round = register(&cast, &cast.editor, "nso", "waves", "2091-03", "2091-04");
        assert_eq!(steps("waves", "latest"), ["2091-03 to 2091-04"]);
        step(&cast, &cast.editor, "cancel", &round, json!({ "reason": text("Sans budget") }));
        assert_eq!(steps("waves", "latest"), [""; 0], "the calendar has it as given up too");
        let entry = register(&cast, &cast.editor, "nso", "plan-nso", "2087-05", "2087-09");
        let seq = cast.registry.server.ask("{ objectiveIndicators(country: \"MA\") { standing { seq } } }");
        let edition = format!("change:{}", seq["objectiveIndicators"]["standing"]["seq"]);
        let later = json!({ "planned": { "start": "2088-01", "end": "2088-04" }, "reason": text("Budget voté plus tard") });
        let postponed = step(&cast, &cast.editor, "postpone", &entry, later);
        assert_eq!(steps("plan-nso", "latest"), ["2088-01 to 2088-04"]);
        assert_eq!(steps("plan-nso", &edition), ["2087-05 to 2087-09"], "an earlier edition has the date of its time");
        assert_eq!(looked_back("plan-nso"), ["2088-01 to 2088-04"], "a look back has the calendar of now");
        step(&cast, &cast.editor, "cancel", &postponed, json!({ "reason": text("Sans budget") }));
        assert_eq!(steps("plan-nso", "latest"), [""; 0], "what is given up comes no more");
        assert_eq!(looked_back("plan-nso"), [""; 0], "nor in a look back from now");
        cast.registry.close();
    }
}

/// A plan that is moved or withdrawn by its record is told as one that is moved in the calendar.
#[test]
fn a_plan_that_is_moved_by_its_record_meets_no_more_and_meets_again() {
    for backend in BACKENDS {
        let cast = open(backend);
        let (server, partner) = (&cast.registry.server, &cast.partner);
        let of_months = |start: &str, end: &str| {
            let period = json!({ "start": "2088", "end": "2088" });
            let collection = json!({ "start": start, "end": end });
            json!({ "reportingAreas": ["MA-09"], "period": period, "collectionPeriod": collection, "frequency": "ONCE" })
        };
        let told = || ["PLANS_CLASH", "PLANS_APART"].map(|kind| [&cast.editor, partner].map(|who| told(&cast, who, kind)));
        assert_eq!(told(), [[1, 0], [0, 0]], "of the plan of the police");
        let plan = content("agency", "plan-new", |doc| {
            (doc["recordKind"], doc["collectionStatus"]) = (json!("PLANNED_ACTIVITY"), json!("PLANNED"));
            doc["coverage"] = of_months("2087-08", "2087-10");
        });
        publish(server, partner, partner, &begin(server, partner, "agency", &plan));
        assert_eq!(told(), [[2, 1], [0, 0]]);
        let moved = copy(server, partner, "plan-new", &json!({ "coverage": of_months("2089-08", "2089-10") }));
        publish(server, partner, partner, &moved);
        assert_eq!(told(), [[2, 1], [1, 1]]);
        let apart = cast.told(&cast.editor, "PLANS_APART");
        assert_eq!(apart["title"], "Title of plan-nso – Titre de plan-new (2087-08/2087-09)", "{apart}");
        let back = copy(server, partner, "plan-new", &json!({ "coverage": of_months("2087-08", "2087-10") }));
        publish(server, partner, partner, &back);
        assert_eq!(told(), [[3, 2], [1, 1]], "a meeting that is renewed is told anew");
        server.wait_for_index();
        cast.registry.place.run_ok(&["remind"]);
        assert_eq!(told(), [[3, 2], [1, 1]], "and once");
        let found = ask_as(server, partner, "{ dataset(slug: \"plan-new\") { id revision } }", Value::Null)["dataset"].clone();
        let input = json!({ "dataset": found["id"], "expectedRevision": found["revision"], "reason": "Sans budget" });
        done(&act(server, partner, "register-retire", input), "dataset");
        assert_eq!(told(), [[3, 2], [2, 2]], "a plan that is withdrawn meets nothing");
        cast.registry.close();
    }
}

/// What comes by an import, or passes to another institution, is told as what a person writes here.
#[test]
fn plans_that_are_moved_by_an_import_or_passed_on_are_told_too() {
    for backend in BACKENDS {
        let cast = open(backend);
        let (place, server) = (&cast.registry.place, &cast.registry.server);
        let import = |producer: &str, status: &str, (start, end): (&str, &str)| {
            let record = dataset("plan-police", |doc| {
                (doc["producer"], doc["holdings"]) = (json!(producer), json!([holding("agency", "HOLDER", "SECURE")]));
                (doc["recordKind"], doc["collectionStatus"]) = (json!("PLANNED_ACTIVITY"), json!("PLANNED"));
                (doc["themes"], doc["status"]) = (json!(["MT-0701"]), json!(status));
                doc["coverage"] = json!({ "reportingAreas": ["MA-09"], "collectionPeriod": { "start": start, "end": end } });
            });
            place.run_ok(&["import", &place.write("moved.jsonl", record)]);
            server.wait_for_index();
            place.run_ok(&["remind"]);
        };
        let told =
            || ["PLANS_CLASH", "PLANS_APART"].map(|kind| [&cast.editor, &cast.other, &cast.partner].map(|who| told(&cast, who, kind)));
        assert_eq!(told(), [[1, 1, 0], [0, 0, 0]]);
        import("police", "PUBLISHED", ("2088-02", "2088-02"));
        assert_eq!(told(), [[1, 2, 1], [1, 1, 0]], "the agency is met since, and the office no more");
        import("police", "PUBLISHED", ("2088-02", "2088-02"));
        assert_eq!(told(), [[1, 2, 1], [1, 1, 0]], "once");
        let apart = cast.told(&cast.editor, "PLANS_APART");
        assert_eq!(apart["title"], "Title of plan-nso – Title of plan-police (2087-05/2087-06)", "{apart}");
        import("police", "PUBLISHED", ("2087-05", "2087-06"));
        assert_eq!(told(), [[2, 3, 1], [1, 2, 1]], "and back");

        register(&cast, &cast.other, "police", "plan-police", "2087-05", "2087-06");
        assert_eq!(told(), [[2, 3, 1], [1, 2, 1]], "the same months");

        // The plan passes to the region, whose people and those of the other plan are to know of each other.
        let planner = cast.registry.invite("region", "Planner of the region", &["EDITOR"]);
        let region = institution("region").replace("\"kind\"", "\"predecessors\":[\"police\"],\"kind\"");
        place.run_ok(&["import", &place.write("region.jsonl", region)]);
        let revision = server.ask("{ dataset(slug: \"plan-police\") { revision } }")["dataset"]["revision"].clone();
        let query = "mutation($input: DatasetTransferInput!) { datasetTransfer(input: $input) { dataset { slug } errors { code path } } }";
        let input = json!({ "dataset": "plan-police", "expectedRevision": revision, "to": "region" });
        done(&payload(&ask_as(server, &cast.other, query, json!({ "input": input }))), "dataset");
        let of_planner = |kind: &str| cast.notices(&planner).iter().filter(|known| *known == kind).count();
        assert_eq!((told(), of_planner("PLANS_CLASH")), ([[3, 3, 1], [1, 2, 1]], 1));
        assert_eq!(collections(&cast, "plan-police", ""), ["REGISTERED PLANNED 2087-05/2087-06"], "the calendar passes on with it");
        import("region", "RETIRED", ("2087-05", "2087-06"));
        assert_eq!((told(), of_planner("PLANS_APART")), ([[3, 3, 1], [2, 2, 1]], 1), "what is withdrawn meets nothing");
        cast.registry.close();
    }
}

/// Planned collections of a cell of the grid, each time asked twice: the second answer may come from counters that are kept.
fn planned_of(cast: &Cast, theme: &str, institution: &str) -> (Value, Value) {
    let query = format!(
        "{{ coverageGrid(rows: {{ dimension: THEME, codes: [\"{theme}\"] }}, columns: {{ dimension: INSTITUTION, codes: [\"{institution}\"] }}) {{ csv \
         cells {{ state released existsNotReleased notDocumented planned datasets(state: PLANNED) {{ nodes {{ slug }} }} }} }} }}"
    );
    let [first, again] = [0, 1].map(|_| cast.registry.server.ask(&query)["coverageGrid"].clone());
    assert_eq!(first, again);
    let cell = &first["cells"][0];
    let counted = ["released", "existsNotReleased", "notDocumented", "planned"].map(|kind| cell[kind].clone());
    (json!([cell["state"], counted]), cell["datasets"]["nodes"].clone())
}

#[test]
fn the_grid_counts_no_plan_that_was_given_up() {
    for backend in BACKENDS {
        let cast = open(backend);
        // Of another record of the police no topic is documented.
        let none = (json!(["NOT_DOCUMENTED", [0, 0, 1, 0]]), json!([]));
        let one = (json!(["NOT_DOCUMENTED", [0, 0, 1, 1]]), json!([{ "slug": "plan-police" }]));
        assert_eq!(planned_of(&cast, "MT-0701", "police"), one);
        let entry = register(&cast, &cast.other, "police", "plan-police", "2087-05", "2087-06");
        assert_eq!(planned_of(&cast, "MT-0701", "police"), one);
        step(&cast, &cast.other, "cancel", &entry, json!({ "reason": text("Sans budget") }));
        assert_eq!(planned_of(&cast, "MT-0701", "police"), none);
        let by_words = "{ coverageGrid(rows: { dimension: THEME, codes: [\"MT-0701\"] }, columns: { dimension: REPORTING_AREA, codes: [\"MA-09\"] }, \
                        where: { institutions: [\"police\"] }) { total { planned } cells { planned } } }";
        let found = cast.registry.server.ask(by_words)["coverageGrid"].clone();
        assert_eq!(found, json!({ "total": { "planned": 0 }, "cells": [{ "planned": 0 }] }), "where records are counted too");
        // A plan that is made anew is one.
        register(&cast, &cast.other, "police", "plan-police", "2088-05", "2088-06");
        assert_eq!(planned_of(&cast, "MT-0701", "police"), one);
        cast.registry.close();
    }
}

/// However many collections were told as done before.
#[test]
fn a_plan_that_was_given_up_is_found_among_thousands_of_collections() {
    for backend in BACKENDS {
        let cast = open(backend);
        let lines = |slugs: &mut dyn Iterator<Item = String>, change: &dyn Fn(&mut Value)| {
            let record = |slug: String| {
                dataset(&slug, |doc| {
                    (doc["producer"], doc["holdings"]) = (json!("region"), json!([]));
                    change(doc);
                })
            };
            slugs.map(record).collect::<Vec<_>>().join("\n")
        };
        let done = lines(&mut (0..5_001).map(|number| format!("done-{number:04}")), &|doc| doc["themes"] = json!(["MT-0701"]));
        let plan = lines(&mut std::iter::once("last-plan".to_owned()), &|doc| {
            (doc["recordKind"], doc["collectionStatus"], doc["themes"]) = (json!("PLANNED_ACTIVITY"), json!("PLANNED"), json!(["MT-0902"]));
        });
        for (name, lines) in [("done.jsonl", done), ("plan.jsonl", plan)] {
            let file = cast.registry.place.write(name, lines);
            cast.registry.place.run_ok(&["import", &file]);
        }
        cast.registry.server.wait_for_index();
        cast.registry.place.alter(
            "INSERT INTO calendar_events (id, number, kind, institution, dataset_id, state, first_day, last_day, revision, doc, created_by, \
             created_at, updated_at) SELECT id, -number, 'COLLECTION', producer, id, 'DONE', 0, 1, 1, '{}', 'test', 0, 0 FROM datasets \
             WHERE slug LIKE 'done-%'",
        );
        let planner = cast.registry.invite("region", "Planner of the region", &["EDITOR"]);
        let entry = register(&cast, &planner, "region", "last-plan", "2087-05", "2087-06");
        let planned = |count: u64, slugs: Value| (json!(["NOT_DOCUMENTED", [0, 0, 0, count]]), slugs);
        assert_eq!(planned_of(&cast, "MT-0902", "region"), planned(1, json!([{ "slug": "last-plan" }])));
        step(&cast, &planner, "cancel", &entry, json!({ "reason": text("Sans budget") }));
        assert_eq!(planned_of(&cast, "MT-0902", "region"), planned(0, json!([])));
        cast.registry.close();
    }
}

/// A plan whose record documents no state of the collection is one by its kind: it is none of the figures, wherever they are counted.
#[test]
fn a_plan_by_its_kind_is_counted_as_planned_everywhere() {
    for backend in BACKENDS {
        let cast = open(backend);
        let counted = || {
            let query = "{ objectiveIndicators(country: \"MA\", records: PUBLISHED) { standing { counted published } } }";
            cast.registry.server.ask(query)["objectiveIndicators"]["standing"].clone()
        };
        let before = counted();
        let plan = dataset("by-kind", |doc| {
            (doc["producer"], doc["holdings"]) = (json!("region"), json!([holding("region", "PRODUCER", "SECURE")]));
            (doc["recordKind"], doc["themes"]) = (json!("PLANNED_ACTIVITY"), json!(["MT-0902"]));
            doc["coverage"] = json!({
                "reportingAreas": ["MA-09"], "period": { "start": "2020", "end": "2021" }, "releasedLevel": "REGION",
                "collectionPeriod": { "start": "2087-05", "end": "2087-06" }, "releasedDisaggregations": ["sex"],
            });
        });
        let file = cast.registry.place.write("by-kind.jsonl", plan);
        cast.registry.place.run_ok(&["import", &file]);
        cast.registry.server.wait_for_index();
        let expected = (json!(["NOT_DOCUMENTED", [0, 0, 0, 1]]), json!([{ "slug": "by-kind" }]));
        assert_eq!(planned_of(&cast, "MT-0902", "region"), expected);
        assert_eq!(counted(), before, "planned collections do not count");
        let report = crate::workshop::report(&cast.registry, "en", "latest", &["--records", "published"]);
        let chapter = |anchor: &str| {
            let (_, after) = report.split_once(&format!("<a id=\"{anchor}\"></a>")).expect("the section");
            after.split("<a id=").next().expect("its text").to_owned()
        };
        assert!(chapter("next-steps").contains("Title of by-kind"), "{}", chapter("next-steps"));
        assert!(!chapter("region-ma-09").contains("Title of by-kind"), "{}", chapter("region-ma-09"));
        cast.registry.close();
    }
}
