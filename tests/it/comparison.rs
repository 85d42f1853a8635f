//! Comparison and contradictory figures through the front door: the rules hold, and what is hidden is told and not used.

use serde_json::{Value, json};

use crate::drafting::holding;
use crate::harness::{BACKENDS, Place, with_demo, with_demo_on_sqlite};
use crate::outgoing::Person;

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn texts<'v>(values: &'v Value, pointer: &str) -> Vec<&'v str> {
    list(values).iter().filter_map(|value| value.pointer(pointer).and_then(Value::as_str)).collect()
}

#[test]
fn the_census_and_the_permits_are_not_comparable_and_the_reasons_are_named() {
    with_demo(|server, _| {
        let query = "query($d: [ID!]!, $l: LanguageTag) { compare(datasets: $d, language: $l) { datasets { id slug } \
                     pairs { verdict computedVerdict agreedNote { text } findings { facet difference rule { code statement source } detail } } \
                     facets(of: [UNIT, EXCLUDED_GROUPS]) { facet label cells { dataset { slug } value isDocumented isHidden } } } }";
        let ask = |datasets: &[&str], language: &str| server.ask_with(query, json!({ "d": datasets, "l": language }))["compare"].clone();
        let found = ask(&["ma-hcp-rgph-2014", "estat-migr-resvalid"], "en");
        let pair = &found["pairs"][0];
        assert_eq!(
            (&pair["verdict"], &pair["computedVerdict"], &pair["agreedNote"]),
            (&json!("NOT_COMPARABLE"), &json!("NOT_COMPARABLE"), &Value::Null)
        );
        let codes = texts(&pair["findings"], "/rule/code");
        for code in ["UNIT-DIFFERENT", "BASIS-DIFFERENT", "DURATION-DIFFERENT"] {
            assert!(codes.contains(&code), "{code}: {codes:?}");
        }
        assert!(list(&pair["findings"]).iter().all(|finding| finding["rule"]["source"].as_str().is_some_and(|source| !source.is_empty())));
        let cells = &found["facets"][1]["cells"];
        assert_eq!((&cells[0]["value"], &cells[0]["isDocumented"], &cells[0]["isHidden"]), (&Value::Null, &json!(false), &json!(false)));
        // By identifiers, and from the other side, it is the same.
        let ids: Vec<&str> = texts(&found["datasets"], "/id").into_iter().rev().collect();
        let back = ask(&ids, "en");
        assert_eq!(back["pairs"][0]["verdict"], pair["verdict"]);
        assert_eq!(texts(&back["pairs"][0]["findings"], "/rule/code"), codes);
        for (language, label) in [("fr", "Unité comptée"), ("ar", "وحدة العد")] {
            let found = ask(&["ma-hcp-rgph-2014", "estat-migr-resvalid"], language);
            assert_eq!(found["facets"][0]["label"], label);
            assert_ne!(found["pairs"][0]["findings"][0]["rule"]["statement"], pair["findings"][0]["rule"]["statement"]);
        }
    });
}

#[test]
fn the_former_region_is_named_with_what_took_its_place() {
    with_demo_on_sqlite(|server| {
        let data = server.ask(
            "{ compare(datasets: [\"ma-hcp-returnees-2003-2004\", \"ma-hcp-enmi-2018-2019\"]) { pairs { verdict findings { facet rule { code } detail } } } }",
        );
        let findings = list(&data["compare"]["pairs"][0]["findings"]);
        let area = findings.iter().find(|finding| finding["facet"] == "REPORTING_AREA").expect("the area");
        // The one is on former regions only, the other on the country and its regions of today.
        assert_eq!(area["rule"]["code"], "AREA-NO-COMMON");
        let detail = area["detail"].as_str().expect("detail");
        assert!(detail.contains("Souss-Massa-Drâa") && detail.contains("2015"), "{detail}");
    });
}

#[test]
fn wrong_questions_are_refused_and_the_hidden_is_as_absent_as_the_unknown() {
    with_demo_on_sqlite(|server| {
        let compare = "query($d: [ID!]!) { compare(datasets: $d) { pairs { verdict } } }";
        let refused = |datasets: Vec<&str>| server.error_of(compare, json!({ "d": datasets }));
        assert_eq!(refused(vec!["ma-hcp-rgph-2014", "no-such-dataset"]).1, "NOT_FOUND");
        for (datasets, words) in [
            (vec!["ma-hcp-rgph-2014"], "2 to 10"),
            (vec!["ma-hcp-rgph-2014", "ma-hcp-rgph-2014"], "named twice"),
            (vec!["a"; 11], "2 to 10"),
        ] {
            let (message, code) = refused(datasets);
            assert!(code == "BAD_INPUT" && message.contains(words), "{code}: {message}");
        }
    });
}

/// Records of which some are masked or for members only.
fn lines() -> String {
    let record = |slug: &str, unit: &str, change: &dyn Fn(&mut Value)| {
        let mut value = json!({ "type": "dataset", "slug": slug, "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC",
            "riskClass": "NONE", "certainty": "DOCUMENTED", "titles": { "en": { "text": slug, "status": "OFFICIAL" } }, "themes": ["MT-0701"],
            "producer": "nso", "holdings": [holding("nso", "PRODUCER", "OPEN")],
            "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED", "statisticalUnits": [unit] },
            "coverage": { "reportingAreas": ["MA"], "period": { "start": "2018", "end": "2019" } },
            "discrepancies": [{ "subject": { "en": { "text": slug, "status": "OFFICIAL" } }, "values": [{ "value": "1" }, { "value": "2" }] }] });
        change(&mut value);
        value.to_string()
    };
    [
        crate::sources::named_institution("nso", "Office", "مكتب"),
        record("open-survey", "PERSON", &|_| {}),
        record("masked-permits", "PERMIT", &|value| {
            value["masks"] =
                json!([{ "field": "METHODOLOGY", "visibleTo": "COORDINATOR" }, { "field": "DISCREPANCIES", "visibleTo": "MEMBERS" }]);
        }),
        record("members-survey", "PERSON", &|value| value["visibility"] = json!("MEMBERS")),
    ]
    .join("\n")
}

#[test]
fn each_reader_has_the_verdict_of_what_they_may_see() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let file = place.write("records.jsonl", lines());
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let member = Person::join(&place, &server, "member", "en", &["EDITOR@nso"]);
        let outsider = Person::join(&place, &server, "outsider", "en", &["COORDINATOR"]);
        let query = "{ compare(datasets: [\"open-survey\", \"masked-permits\"]) { pairs { verdict findings { facet difference rule { code } } } \
                     facets(of: [UNIT]) { cells { value isDocumented isHidden } } } }";
        let seen = server.ask(query);
        assert_eq!(seen["compare"]["pairs"][0]["verdict"], "NOT_DOCUMENTED");
        let cell = &seen["compare"]["facets"][0]["cells"][1];
        assert_eq!(*cell, json!({ "value": null, "isDocumented": false, "isHidden": true }));
        let hidden = list(&seen["compare"]["pairs"][0]["findings"]).iter().filter(|finding| finding["difference"] == "HIDDEN");
        assert!(hidden.count() > 5, "{seen}");
        for person in [&member, &outsider] {
            assert_eq!(person.ask(&server, query, Value::Null)["compare"]["pairs"][0]["verdict"], "NOT_COMPARABLE");
        }
        // A record of members is for a visitor as one that never was.
        let compare = "query($d: [ID!]!) { compare(datasets: $d) { pairs { verdict } } }";
        let (hidden, code) = server.error_of(compare, json!({ "d": ["open-survey", "members-survey"] }));
        let (absent, _) = server.error_of(compare, json!({ "d": ["open-survey", "nobody-survey"] }));
        assert_eq!((code.as_str(), hidden.replace("members", "nobody")), ("NOT_FOUND", absent));
        // So are figures that contradict each other, and their number.
        let figures = "{ discrepancies { totalCount nodes { subject dataset { slug } } } }";
        let of = |data: &Value| (data["discrepancies"]["totalCount"].clone(), list(&data["discrepancies"]["nodes"]).len());
        assert_eq!(of(&server.ask(figures)), (json!(1), 1));
        assert_eq!(of(&outsider.ask(&server, figures, Value::Null)), (json!(3), 3));
        server.stop();
    }
}

#[test]
fn contradictory_figures_are_read_page_by_page() {
    with_demo(|server, _| {
        let query = "query($n: Int, $a: String, $w: DatasetFilter) { discrepancies(first: $n, after: $a, where: $w) \
                     { totalCount nodes { subject dataset { slug } values { value } } pageInfo { hasNextPage endCursor } } }";
        let page = |count: u64, after: Value| server.ask_with(query, json!({ "n": count, "a": after }))["discrepancies"].clone();
        let nodes = |page: &Value| list(&page["nodes"]).clone();
        let all = page(100, Value::Null);
        assert_eq!((all["totalCount"].clone(), nodes(&all).len()), (json!(8), 8));
        for count in [1, 3] {
            let (mut read, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = page(count, after);
                read.extend(nodes(&page));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == json!(false) {
                    break;
                }
            }
            assert_eq!(read, nodes(&all), "by {count}");
        }
        let of_statistics_office = server.ask_with(query, json!({ "n": 20, "w": { "institutions": ["hcp"] } }))["discrepancies"].clone();
        assert_eq!(of_statistics_office["totalCount"], json!(2));
        assert_eq!(server.error_of(query, json!({ "n": 1, "a": "nonsense" })).1, "BAD_INPUT");
    });
}
