//! Pairs that may overlap and planned collections that clash, through the front door.

use serde_json::{Value, json};

use crate::drafting::holding;
use crate::harness::{BACKENDS, Place, with_demo, with_demo_on_sqlite};
use crate::outgoing::Person;

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

const OF_ONE: &str = "query($s: String!) { dataset(slug: $s) { overlaps(first: 100) { totalCount isTruncated \
                      nodes { one { slug } other { slug } state score isPossible relations reasons { code label } } } } }";

#[test]
fn the_overlaps_of_the_field_come_out_from_both_sides() {
    with_demo(|server, _| {
        for (one, other) in [
            ("ma-mi-voluntary-returns", "iom-ma-avrr"),
            ("ma-emploi-contract-visas", "ma-anapec-attestations"),
            ("ma-dgsn-residence-permits", "ma-hcp-rgph-2024"),
            ("ma-maec-consular-register", "oecd-dioc"),
            ("ma-maec-consular-register", "undesa-ims"),
            ("ma-mesrsi-foreign-students", "ma-amci-scholarships"),
            ("ma-pmp-trafficking-cases", "ma-cnclt-victims"),
            ("oecd-ippmd-ma", "ma-hcp-enmi-2018-2019"),
            ("etf-ma-migration-skills-2011-2012", "ma-hcp-enmi-2018-2019"),
        ] {
            for (asked, wanted) in [(one, other), (other, one)] {
                let found = server.ask_with(OF_ONE, json!({ "s": asked }));
                let pairs = list(&found["dataset"]["overlaps"]["nodes"]);
                let pair = pairs.iter().find(|pair| pair["other"]["slug"] == wanted).unwrap_or_else(|| panic!("{asked}: no {wanted}"));
                assert_eq!((&pair["one"]["slug"], &pair["state"]), (&json!(asked), &json!("DECLARED")), "{pair}");
                assert!(list(&pair["relations"]).contains(&json!("OVERLAPS")) && !list(&pair["reasons"]).is_empty(), "{pair}");
            }
        }
        for (one, other) in [
            ("ma-men-foreign-pupils", "iom-missing-migrants"),
            ("iom-ma-avrr", "wb-remittance-inflows"),
            ("eg-capmas-work-permits", "ma-anapec-attestations"),
        ] {
            let found = server.ask_with(OF_ONE, json!({ "s": one }));
            assert!(list(&found["dataset"]["overlaps"]["nodes"]).iter().all(|pair| pair["other"]["slug"] != other), "{one} {other}");
        }
    });
}

#[test]
fn the_whole_list_says_each_pair_once_and_ranks_nobody() {
    with_demo_on_sqlite(|server| {
        let query = "query($w: OverlapFilter, $n: Int, $a: String) { overlaps(where: $w, first: $n, after: $a) { totalCount isTruncated \
                     nodes { one { slug producer { slug } } other { slug } state score } pageInfo { hasNextPage endCursor } } }";
        let ask = |filter: Value, after: Value| server.ask_with(query, json!({ "w": filter, "n": 100, "a": after }))["overlaps"].clone();
        let (mut pairs, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = ask(json!({}), after);
            assert_eq!(page["isTruncated"], json!(false));
            pairs.extend(list(&page["nodes"]).clone());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                assert_eq!(page["totalCount"], json!(pairs.len()));
                break;
            }
        }
        let mut keys: Vec<[String; 2]> = pairs
            .iter()
            .map(|pair| {
                let mut key = [pair["one"]["slug"].to_string(), pair["other"]["slug"].to_string()];
                key.sort();
                key
            })
            .collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all, "each pair once");
        // What records say comes before what was computed; each the nearest first.
        let of_state = |state: &'static str| pairs.iter().filter(move |pair| pair["state"] == state);
        let in_order: Vec<&Value> = of_state("DECLARED").chain(of_state("CANDIDATE")).collect();
        assert_eq!(pairs.iter().collect::<Vec<_>>(), in_order);
        for state in ["DECLARED", "CANDIDATE"] {
            let scores: Vec<f64> = of_state(state).map(|pair| pair["score"].as_f64().expect("score")).collect();
            assert!(scores.len() > 1 && scores.is_sorted_by(|a, b| a >= b), "{state}");
        }
        let planned = ask(json!({ "isPlanned": true }), Value::Null);
        assert!(
            list(&planned["nodes"])
                .iter()
                .all(|pair| { [&pair["one"]["slug"], &pair["other"]["slug"]].into_iter().any(|slug| slug == "ma-sm-regional-mechanism") })
        );
        let named = ask(json!({ "states": ["DECLARED"], "themes": ["MT-0504"] }), Value::Null);
        assert_eq!(named["totalCount"], json!(1), "{named}");
        assert_eq!(ask(json!({ "states": ["CONFIRMED"] }), Value::Null)["totalCount"], json!(0));
        // Of a place both records are that only seem alike; a pair that a record declares has one foot there at least.
        let there = "{ datasets(where: { reportingAreas: [\"MA\"], includePossible: true }, first: 100) { nodes { slug } } }";
        let there: Vec<Value> = list(&server.ask(there)["datasets"]["nodes"]).iter().map(|node| node["slug"].clone()).collect();
        let of_country = ask(json!({ "reportingAreas": ["MA"] }), Value::Null);
        let candidates: Vec<&Value> = list(&of_country["nodes"]).iter().filter(|pair| pair["state"] == "CANDIDATE").collect();
        assert!(candidates.len() > 10, "{}", candidates.len());
        for pair in candidates {
            assert!(["one", "other"].iter().all(|side| there.contains(&pair[*side]["slug"])), "{pair}");
        }
        let wrong = server.error_of(query, json!({ "w": { "themes": ["MT-9999"] } }));
        assert!(wrong.1 == "BAD_INPUT" && wrong.0.contains("MT-9999"), "{wrong:?}");
    });
}

fn record(slug: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value = json!({ "type": "dataset", "slug": slug, "recordKind": "PLANNED_ACTIVITY", "status": "PUBLISHED", "visibility": "PUBLIC",
        "riskClass": "NONE", "certainty": "DOCUMENTED", "collectionStatus": "PLANNED", "titles": { "en": { "text": slug, "status": "OFFICIAL" } },
        "themes": ["MT-0701"], "producer": "nso", "holdings": [holding("nso", "PRODUCER", "OPEN")],
        "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED" },
        "coverage": { "reportingAreas": ["MA"], "collectionPeriod": { "start": "2087-03", "end": "2087-04" } } });
    change(&mut value);
    value.to_string()
}

#[test]
fn planned_collections_meet_by_the_month_and_each_reader_sees_their_own() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let months = |start: &str, end: &str| json!({ "start": start, "end": end });
        let lines = [
            crate::sources::named_institution("nso", "Office", "مكتب"),
            record("spring-survey", |_| {}),
            record(
                "april-survey",
                |r| r["coverage"] = json!({ "reportingAreas": ["MA-09"], "collectionPeriod": months("2087-04", "2087-06"), "openToCoordinationUntil": "2087-01" }),
            ),
            record("autumn-survey", |r| r["coverage"]["collectionPeriod"] = months("2087-10", "2087-11")),
            record("pupils-survey", |r| r["themes"] = json!(["MT-0803"])),
            record("done-survey", |r| (r["collectionStatus"], r["recordKind"]) = (json!("COMPLETED"), json!("STATISTICAL_OPERATION"))),
            record("members-survey", |r| r["visibility"] = json!("MEMBERS")),
        ];
        let file = place.write("records.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let member = Person::join(&place, &server, "member", "en", &["COORDINATOR"]);
        let query = "query($w: ClashFilter) { clashes(where: $w) { totalCount isTruncated nodes { one { slug } other { slug } from to isPossible themes { code } } } }";
        let found = server.ask_with(query, json!({ "w": { "from": "2087-01", "to": "2087-12" } }))["clashes"].clone();
        assert_eq!(found["totalCount"], json!(1), "{found}");
        let clash = &found["nodes"][0];
        let slugs = [clash["one"]["slug"].as_str(), clash["other"]["slug"].as_str()];
        assert!(slugs.contains(&Some("spring-survey")) && slugs.contains(&Some("april-survey")), "{clash}");
        assert_eq!((&clash["from"], &clash["to"], &clash["isPossible"]), (&json!("2087-04"), &json!("2087-04"), &json!(false)));
        assert_eq!(clash["themes"], json!([{ "code": "MT-0701" }]));
        // Until when they can still be agreed on is told, and stands in the calendar.
        let open = "{ calendar(where: { kinds: [COORDINATION_END] }) { nodes { dates { edtf } dataset { slug coverage { openToCoordinationUntil } } } } }";
        assert_eq!(
            server.ask(open)["calendar"]["nodes"],
            json!([{ "dates": { "edtf": "2087-01" }, "dataset": { "slug": "april-survey", "coverage": { "openToCoordinationUntil": "2087-01" } } }])
        );
        for (filter, count) in [
            (json!({ "from": "2087-05" }), 0),
            (json!({ "reportingAreas": ["MA-09"] }), 1),
            (json!({ "reportingAreas": ["EG"] }), 0),
            (json!({ "institutions": ["nso"], "themes": ["MT-07"] }), 1),
        ] {
            assert_eq!(server.ask_with(query, json!({ "w": filter }))["clashes"]["totalCount"], json!(count), "{filter}");
        }
        assert_eq!(member.ask(&server, query, json!({ "w": {} }))["clashes"]["totalCount"], json!(3));
        // The same holds for pairs that may overlap, to the number.
        let overlaps = "{ overlaps(where: { isPlanned: true }, first: 100) { totalCount nodes { one { slug } other { slug } } } }";
        let seen = server.ask(overlaps)["overlaps"].clone();
        assert!(seen["totalCount"].as_u64().is_some_and(|count| count > 0) && !seen.to_string().contains("members-survey"), "{seen}");
        assert!(member.ask(&server, overlaps, Value::Null).to_string().contains("members-survey"));
        server.stop();
    }
}

/// A next round of what has been collected before is a plan like any other.
#[test]
fn next_rounds_meet_as_first_ones_do() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let round = |slug: &str, status: &str, collected: Value, next: &str| {
            record(slug, |r| {
                (r["recordKind"], r["collectionStatus"]) = (json!("STATISTICAL_OPERATION"), json!(status));
                r["coverage"] = json!({ "reportingAreas": ["MA-09"], "collectionPeriod": collected, "nextCollection": next });
            })
        };
        let lines = [
            crate::sources::named_institution("nso", "Office", "مكتب"),
            record("spring-survey", |_| {}),
            round("each-year", "ONGOING", json!({ "start": "2010", "end": ".." }), "2087-04"),
            round("each-decade", "COMPLETED", json!({ "start": "2014-09", "end": "2014-10" }), "2087-04"),
            round("some-year", "COMPLETED", json!({ "start": "2014-09", "end": "2014-10" }), "2087"),
            round("long-ago", "COMPLETED", json!({ "start": "2004-09", "end": "2004-10" }), "2014-04"),
            round("another-month", "COMPLETED", json!({ "start": "2014-09", "end": "2014-10" }), "2087-11"),
        ];
        let file = place.write("records.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let found = server.ask("{ clashes(first: 50) { nodes { one { slug } other { slug } from to isPossible } } }")["clashes"].clone();
        let pair = |node: &Value| format!("{} {} {} {}", node["one"]["slug"], node["other"]["slug"], node["from"], node["isPossible"]);
        let (possible, certain): (Vec<&Value>, Vec<&Value>) = list(&found["nodes"]).iter().partition(|node| node["isPossible"] == true);
        let certain: Vec<String> = certain.into_iter().map(|node| pair(node).replace('"', "")).collect();
        let wanted =
            ["spring-survey each-year 2087-04 false", "spring-survey each-decade 2087-04 false", "each-year each-decade 2087-04 false"];
        assert_eq!(certain, wanted);
        assert!(possible.len() == 4 && possible.iter().all(|node| node.to_string().contains("some-year")), "{possible:?}");
        server.stop();
    }
}
