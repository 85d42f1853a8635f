//! Indicators of Objective 1 through the front door: editions, validation, what has been hidden since, and wrong questions.

use serde_json::{Value, json};

use crate::drafting::{begin, content, copy, publish};
use crate::harness::{BACKENDS, Backend, Server, dataset, institution, with_demo_on_sqlite};
use crate::people::{Registry, Who, act, ask_as, done};

const ASKED: &str =
    "query($edition: String, $records: RecordScope) { objectiveIndicators(country: \"MA\", edition: $edition, records: $records) {
  standing { seq hash published validated counted } actions { letter indicators { code value silence numerator notDocumented
  evidence(first: 50) { totalCount nodes { key version dataset { slug } } } } } } }";

fn measured(server: &Server, edition: Option<i64>, records: &str) -> Value {
    let edition = edition.map(|seq| format!("change:{seq}"));
    server.ask_with(ASKED, json!({ "edition": edition, "records": records }))["objectiveIndicators"].clone()
}

fn indicator<'a>(measured: &'a Value, code: &str) -> &'a Value {
    let actions = measured["actions"].as_array().expect("actions");
    let mut all = actions.iter().flat_map(|action| action["indicators"].as_array().expect("indicators"));
    all.find(|indicator| indicator["code"] == code).unwrap_or_else(|| panic!("no {code}"))
}

fn keys(indicator: &Value) -> Vec<&str> {
    indicator["evidence"]["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["key"].as_str()).collect()
}

fn seq(measured: &Value) -> i64 {
    measured["standing"]["seq"].as_i64().expect("a place in the log")
}

#[test]
fn an_edition_stays_what_it_was_save_for_what_is_hidden_since() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let statistician = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let one = begin(server, &statistician, "nso", &content("nso", "one", |_| {}));
        publish(server, &statistician, &statistician, &one);
        let first = measured(server, None, "VALIDATED");
        assert_eq!(first["standing"]["validated"], 1);
        assert_eq!(keys(indicator(&first, "1h1")), ["one"]);
        assert_eq!(indicator(&first, "1a2")["value"], 1.0);
        let two = begin(server, &statistician, "nso", &content("nso", "two", |_| {}));
        publish(server, &statistician, &statistician, &two);
        let second = measured(server, None, "VALIDATED");
        assert_eq!(keys(indicator(&second, "1h1")), ["one", "two"]);
        assert!(seq(&second) > seq(&first) && second["standing"]["hash"] != first["standing"]["hash"]);
        assert_eq!(measured(server, Some(seq(&first)), "VALIDATED"), first, "what came later is not in the edition");
        // A later version is not in it either; the one that was is.
        let change = json!({ "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED", "breaks": [{ "date": "2025" }] } });
        let revised = copy(server, &statistician, "one", &change);
        publish(server, &statistician, &statistician, &revised);
        assert_eq!(keys(indicator(&measured(server, None, "VALIDATED"), "1b4")), ["one"]);
        let again = measured(server, Some(seq(&second)), "VALIDATED");
        assert_eq!((&again, indicator(&again, "1b4")["silence"].as_str()), (&second, Some("NOT_DOCUMENTED")));
        // What is retired tells nothing any more, in no edition.
        let query = "{ dataset(slug: \"two\") { id revision } }";
        let retired = ask_as(server, &statistician, query, Value::Null)["dataset"].clone();
        let input = json!({ "dataset": retired["id"], "expectedRevision": retired["revision"], "reason": "It was entered twice." });
        done(&act(server, &statistician, "register-retire", input), "dataset");
        assert_eq!(keys(indicator(&measured(server, None, "VALIDATED"), "1h1")), ["one"]);
        let published = measured(server, Some(seq(&second)), "PUBLISHED");
        assert_eq!(keys(indicator(&published, "1h1")), ["one"]);
        assert_eq!(indicator(&published, "1b4")["silence"], "NOT_DOCUMENTED", "what was retired since is not what nobody validated");
        registry.close();
    }
}

#[test]
fn everyone_sees_what_the_public_sees_and_nothing_is_zero_for_want_of_knowledge() {
    with_demo_on_sqlite(|server| {
        let open = measured(server, None, "PUBLISHED");
        // Nobody has validated any of the demonstration: that says nothing of what is documented.
        assert_eq!(indicator(&measured(server, None, "VALIDATED"), "1b1")["silence"], "NOT_IN_VALIDATED");
        for account in server.accounts() {
            let variables = json!({ "edition": null, "records": "PUBLISHED" });
            let seen = ask_as(server, Who::Token(&account.token), ASKED, variables)["objectiveIndicators"].clone();
            assert_eq!(seen, open, "{}", account.role);
        }
        assert_eq!(measured(server, None, "VALIDATED")["standing"]["counted"], 0, "the demo is validated by nobody");
        for action in open["actions"].as_array().expect("actions") {
            for indicator in action["indicators"].as_array().expect("indicators") {
                assert_ne!(indicator["value"].is_null(), indicator["silence"].is_null(), "{indicator}");
            }
        }
        for wrong in [
            "country: \"ZZ\"",
            "at: \"2022\"",
            "edition: \"tomorrow\"",
            "edition: \"change:0\"",
            "at: \"2022-01-01\", previousAt: \"2022-05-17\"",
        ] {
            let (message, code) = server.error_of(&format!("{{ objectiveIndicators({wrong}) {{ version }} }}"), Value::Null);
            assert_eq!(code, "BAD_INPUT", "{wrong}: {message}");
        }
        assert_eq!(server.ask("{ objectiveIndicators(objective: 7) { version } }")["objectiveIndicators"], Value::Null);
    });
}

/// That one of two records declares a relation is enough, in every edition; what is masked is told by nobody.
#[test]
fn a_relation_counts_from_both_ends() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso"), institution("agency")]);
        let record = |slug: &str, area: &str, change: &dyn Fn(&mut Value)| {
            dataset(slug, |doc| {
                (doc["producer"], doc["holdings"], doc["themes"]) = (json!("nso"), json!([]), json!(["MT-0701"]));
                doc["coverage"] = json!({ "reportingAreas": [area] });
                change(doc);
            })
        };
        let tie =
            |kind: &'static str, other: &'static str| move |doc: &mut Value| doc["relations"] = json!([{ "type": kind, "dataset": other }]);
        let lines = [
            record("ours", "MA", &|_| {}),
            record("theirs", "ES", &tie("MIRROR_OF", "ours")),
            record("survey", "MA", &|_| {}),
            record("survey-abroad", "EG", &tie("SAME_PROGRAMME", "survey")),
            record("second-series", "MA-09", &tie("SAME_PROGRAMME", "ours")),
            record("copy-of-others", "TN", &tie("OVERLAPS", "survey")),
            record("quiet", "MA", &|_| {}),
            record("masked", "FR", &|doc| {
                tie("MIRROR_OF", "quiet")(doc);
                doc["masks"] = json!([{ "field": "RELATIONS", "visibleTo": "MEMBERS" }]);
            }),
        ];
        let file = registry.place.write("related.jsonl", lines.join("\n"));
        registry.place.run_ok(&["import", &file]);
        registry.server.wait_for_index();
        let found = measured(&registry.server, None, "PUBLISHED");
        assert_eq!(keys(indicator(&found, "1k3")), ["ours"]);
        assert_eq!(keys(indicator(&found, "1e5")), ["survey"]);
        assert_eq!(indicator(&found, "1e3")["silence"], "NOTHING_REGISTERED", "nobody has decided on it");
        assert_eq!(keys(indicator(&found, "1k1")), ["survey"], "two series of one country are no research across countries");
        let report = crate::workshop::report(&registry, "en", "latest", &["--records", "published"]);
        let chapter = |anchor: &str| {
            let (_, rest) = report.split_once(&format!("<a id=\"{anchor}\"></a>")).expect("the chapter");
            rest.split("<a id=").next().expect("the chapter").to_owned()
        };
        let mirrors = chapter("mirrors");
        assert!(
            mirrors.contains("Title of ours") && mirrors.contains("Title of theirs") && !mirrors.contains("Title of quiet"),
            "{mirrors}"
        );
        let overlaps = chapter("overlaps");
        assert!(overlaps.contains("Title of survey") && overlaps.contains("Title of copy-of-others"), "{overlaps}");
        // What was declared later is in no edition of before.
        let change = record("ours", "MA", &tie("OVERLAPS", "quiet"));
        let file = registry.place.write("changed.jsonl", change);
        registry.place.run_ok(&["import", &file]);
        let again = measured(&registry.server, Some(seq(&found)), "PUBLISHED");
        assert_eq!(keys(indicator(&again, "1k3")), ["ours"]);
        assert_eq!(keys(indicator(&again, "1e5")), ["survey"]);
        let now = measured(&registry.server, None, "PUBLISHED");
        assert_eq!(keys(indicator(&now, "1e5")), ["ours", "survey", "quiet"]);
        registry.close();
    }
}

/// What a census is documented not to ask is no silence, and what is asked is told apart from what is released.
#[test]
fn the_report_tells_what_a_census_does_not_ask() {
    let registry = Registry::open(Backend::Sqlite, &[institution("nso")]);
    let census = dataset("census", |doc| {
        (doc["producer"], doc["holdings"]) = (json!("nso"), json!([]));
        doc["methodology"] = json!({ "sourceType": "CENSUS", "censusTopics": { "countryOfBirth": true, "parentsCountryOfBirth": false, "citizenship": true } });
        doc["coverage"] = json!({ "reportingAreas": ["MA"], "releasedDisaggregations": ["citizenship"] });
    });
    let file = registry.place.write("census.jsonl", census);
    registry.place.run_ok(&["import", &file]);
    let report = crate::workshop::report(&registry, "en", "latest", &["--records", "published"]);
    let (_, table) = report.split_once("Of these, released").expect("the table");
    let rows: Vec<Vec<&str>> = table.lines().skip(2).take(6).map(|row| row.split('|').map(str::trim).collect()).collect();
    let told: Vec<(&str, &str)> = rows.iter().map(|row| (row[2], row[3])).collect();
    let silent = ("Not documented", "");
    assert_eq!(told, [("1", "0"), ("documented as not asked: 1", ""), ("1", "1"), silent, silent, silent], "{rows:?}");
    registry.close();
}
