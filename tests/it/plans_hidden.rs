//! Plans that not everyone sees: who is told what they meet.

use serde_json::{Value, json};

use crate::calendar_plans::{clashes, open, register, step, told};
use crate::drafting::holding;
use crate::harness::{BACKENDS, Backend, dataset};
use crate::people::{Session, Who, ask_as, ask_in};
use crate::registers::{Cast, text};

/// A plan that not everyone sees: its own institution is told what it meets as far as it sees that, and no other learns that there is such a plan.
#[test]
fn of_a_hidden_plan_its_own_institution_alone_is_told() {
    for backend in BACKENDS {
        let cast = open(backend);
        let (place, server) = (&cast.registry.place, &cast.registry.server);
        let import = |slug: &str, producer: &str, (start, end): (&str, &str), change: &dyn Fn(&mut Value)| {
            let record = dataset(slug, |doc| {
                (doc["producer"], doc["holdings"]) = (json!(producer), json!([holding("agency", "HOLDER", "SECURE")]));
                (doc["recordKind"], doc["collectionStatus"]) = (json!("PLANNED_ACTIVITY"), json!("PLANNED"));
                doc["themes"] = json!(["MT-0701"]);
                doc["coverage"] = json!({ "reportingAreas": ["MA-09"], "collectionPeriod": { "start": start, "end": end } });
                change(doc);
            });
            place.run_ok(&["import", &place.write("plan.jsonl", record)]);
            server.wait_for_index();
            place.run_ok(&["remind"]);
        };
        let seen_by = |visibility: &'static str| move |doc: &mut Value| doc["visibility"] = json!(visibility);
        let everyone = |_: &mut Value| ();
        let told =
            || ["PLANS_CLASH", "PLANS_APART"].map(|kind| [&cast.editor, &cast.other, &cast.partner].map(|who| told(&cast, who, kind)));
        assert_eq!(told(), [[1, 1, 0], [0, 0, 0]]);

        import("plan-quiet", "agency", ("2087-05", "2087-06"), &seen_by("COORDINATOR"));
        assert_eq!(told(), [[1, 1, 2], [0, 0, 0]], "the agency knows that it meets both, which learn nothing");
        let of_agency = cast.told(&cast.partner, "PLANS_CLASH");
        let title = of_agency["title"].as_str().unwrap_or_default();
        assert!(title.starts_with("Title of plan-quiet – Title of plan-"), "the own one first: {of_agency}");
        assert_eq!(clashes(&cast), ["plan-nso plan-police 2087-05/2087-06"]);
        place.run_ok(&["remind"]);
        assert_eq!(told()[0], [1, 1, 2], "once");
        // What is planned to the year only may still meet: nobody says that it does not.
        import("plan-police", "police", ("2087", "2087"), &everyone);
        import("plan-police", "police", ("2087-05", "2087-06"), &everyone);
        assert_eq!(told(), [[1, 1, 2], [0, 0, 0]]);

        // What a person moves here is told at once.
        let entry = register(&cast, &cast.editor, "nso", "plan-nso", "2087-05", "2087-09");
        let away = json!({ "planned": { "start": "2091-01", "end": "2091-02" }, "reason": text("Budget voté plus tard") });
        let entry = step(&cast, &cast.editor, "postpone", &entry, away);
        assert_eq!(told(), [[1, 1, 2], [1, 1, 1]]);

        // Of a plan that its people do not see any more nobody says whether it still meets theirs.
        import("plan-police", "police", ("2092-05", "2092-06"), &seen_by("COORDINATOR"));
        assert_eq!(told(), [[1, 1, 2], [1, 1, 1]]);
        import("plan-police", "police", ("2092-05", "2092-06"), &seen_by("MEMBERS"));
        assert_eq!(told(), [[1, 1, 2], [1, 1, 2]], "members see that it was moved");

        // Both are hidden, and each is shown to members: each institution is told of the other's.
        import("plan-quiet", "agency", ("2092-06", "2092-07"), &seen_by("MEMBERS"));
        assert_eq!(told(), [[1, 1 + 1, 2 + 1], [1, 1, 2]]);
        // What decides is masked: for everyone else it is no plan, and they are told nothing.
        let masked = |doc: &mut Value| doc["masks"] = json!([{ "field": "COVERAGE_PERIOD", "visibleTo": "COORDINATOR" }]);
        import("plan-quiet", "agency", ("2091-02", "2091-03"), &masked);
        assert_eq!(told(), [[1, 2, 4], [1, 1, 3]], "the plan of the office is met since, and that of the police no more");

        // When everyone sees the plan, the other institution is told, and who knew is not told again. The police see now that it was moved.
        import("plan-quiet", "agency", ("2091-02", "2091-03"), &everyone);
        assert_eq!(told(), [[2, 2, 4], [1, 2, 3]]);
        step(&cast, &cast.editor, "cancel", &entry, json!({ "reason": text("Sans budget") }));
        assert_eq!(told(), [[2, 2, 4], [2, 2, 4]]);
        cast.registry.close();
    }
}

#[test]
fn both_institutions_are_told_when_their_plans_meet() {
    let cast = Cast::open(Backend::Sqlite);
    let plan = |slug: &str, producer: &str, visibility: &str| {
        dataset(slug, |doc| {
            doc["producer"] = json!(producer);
            doc["holdings"] = json!([]);
            doc["visibility"] = json!(visibility);
            doc["titles"]["ar"] = json!({ "text": "بحث حول العودة", "status": "TRANSLATION" });
            doc["recordKind"] = json!("PLANNED_ACTIVITY");
            doc["collectionStatus"] = json!("PLANNED");
            doc["themes"] = json!(["MT-0701"]);
            doc["coverage"] = json!({ "reportingAreas": ["MA-09"], "collectionPeriod": { "start": "2090-03", "end": "2090-06" } });
        })
    };
    let lines = [plan("plan-nso", "nso", "PUBLIC"), plan("plan-police", "police", "PUBLIC"), plan("plan-hidden", "agency", "COORDINATOR")];
    let file = cast.registry.place.write("plans.jsonl", lines.join("\n"));
    cast.registry.place.run_ok(&["import", &file]);
    cast.registry.server.wait_for_index();
    for _ in 0..2 {
        cast.registry.place.run_ok(&["remind"]);
    }
    let told = |who: &Session| cast.notices(who).iter().filter(|kind| *kind == "PLANS_CLASH").count();
    let seen = [&cast.editor, &cast.other, &cast.partner].map(told);
    assert_eq!(seen, [1, 1, 2], "each once, and of a hidden plan its own institution alone");
    let pairs = "{ clashes { nodes { one { slug } other { slug } } } }";
    let met = |who: Who<'_>| ask_as(&cast.registry.server, who, pairs, Value::Null).to_string().matches("plan-hidden").count();
    let seen = (met((&cast.partner).into()), met((&cast.editor).into()), met(Who::Visitor));
    assert_eq!(seen, (2, 0, 0), "its own people see that it meets both");
    let query = "{ viewer { notifications(first: 5) { nodes { kind title } } } }";
    let told = ask_as(&cast.registry.server, &cast.editor, query, Value::Null)["viewer"]["notifications"]["nodes"].to_string();
    assert!(told.contains("(2090-03/2090-06)"), "in which months: {told}");
    let titles = ["en", "fr", "ar"].map(|language| {
        let nodes = ask_in(&cast.registry.server, language, &cast.editor, query, Value::Null)["viewer"]["notifications"]["nodes"].clone();
        nodes.as_array().expect("notices").iter().find(|node| node["kind"] == "PLANS_CLASH").expect("the notice")["title"].clone()
    });
    let main = "Title of plan-nso – Title of plan-police (2090-03/2090-06)";
    // Months behind Arabic words keep their direction.
    assert_eq!(titles, [main, main, "بحث حول العودة – بحث حول العودة (\u{2068}2090-03/2090-06\u{2069})"]);
    cast.registry.close();
}
