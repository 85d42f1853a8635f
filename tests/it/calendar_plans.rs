//! A collection that was registered stands once in the calendar, with the dates that stand, and plans meet by these.

use serde_json::{Value, json};

use crate::drafting::holding;
use crate::harness::{BACKENDS, Backend, dataset};
use crate::people::{Session, Who, act, ask_as, done};
use crate::registers::{Cast, text};

/// Three institutions plan collections of the same field and area; two of them meet. `census` was collected long ago.
fn open(backend: Backend) -> Cast {
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

fn register(cast: &Cast, who: &Session, institution: &str, slug: &str, start: &str, end: &str) -> Value {
    let planned = json!({ "start": start, "end": end });
    let input = json!({ "kind": "COLLECTION", "institution": institution, "dataset": slug, "planned": planned });
    done(&act(&cast.registry.server, who, "calendar-entry-create", input), "calendarEntry")
}

fn step(cast: &Cast, who: &Session, step: &str, seen: &Value, more: Value) -> Value {
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
fn clashes(cast: &Cast) -> Vec<String> {
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

fn told(cast: &Cast, who: &Session, kind: &str) -> usize {
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
        let steps = |slug: &str, edition: &str| -> Vec<String> {
            let report = crate::workshop::report(&cast.registry, "en", edition, &["--records", "published"]);
            let (_, steps) = report.split_once("<a id=\"next-steps\"></a>").expect("the section");
            let steps = steps.split("<a id=").next().expect("the section");
            let rows = steps.lines().filter(|line| line.contains(&format!("Title of {slug}")));
            rows.map(|row| row.trim_end_matches(['|', ' ']).rsplit('|').next().expect("a cell").trim().to_owned()).collect()
        };
        assert_eq!(steps("mechanism", "latest"), ["2085-05 to 2087-06"]);
        assert_eq!(steps("plan-nso", "latest"), ["2087-05 to 2087-09"]);
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
        step(&cast, &cast.editor, "cancel", &postponed, json!({ "reason": text("Sans budget") }));
        assert_eq!(steps("plan-nso", "latest"), [""; 0], "what is given up comes no more");
        cast.registry.close();
    }
}
