//! Counts of the values of a result, and what choosing one finds.

use serde_json::{Value, json};

use crate::harness::with_demo_on_sqlite;

#[test]
fn a_facet_counts_what_choosing_its_value_finds() {
    with_demo_on_sqlite(|server| {
        // The most frequent come first, however few records name them.
        let first = server.ask("{ datasets { facets(of: [REPORTING_AREAS], limit: 1) { values { code } } } }");
        assert_eq!(first["datasets"]["facets"][0]["values"], json!([{ "code": "WORLD" }]));
        for (search, possible) in [("null", false), ("null", true), ("\"migration\"", false)] {
            for (facet, field) in [
                ("REPORTING_AREAS", "reportingAreas"),
                ("ORIGINS", "origins"),
                ("DESTINATIONS", "destinations"),
                ("RELEASED_DISAGGREGATIONS", "releasedDisaggregations"),
                ("THEMES", "themes"),
                ("SOURCE_TYPES", "sourceTypes"),
            ] {
                let query = format!(
                    "{{ datasets(search: {search}, where: {{ includePossible: {possible} }}) {{ facets(of: [{facet}], limit: 12) {{ values {{ code count }} }} }} }}"
                );
                let values = server.ask(&query)["datasets"]["facets"][0]["values"].as_array().expect("values").clone();
                assert!(values.len() > 1, "{facet}");
                for value in values.iter().filter(|value| value["code"] != "-") {
                    let code = value["code"].as_str().expect("a code");
                    let code = if facet == "SOURCE_TYPES" { code.to_owned() } else { format!("\"{code}\"") };
                    let chosen = format!(
                        "{{ datasets(search: {search}, where: {{ {field}: [{code}], includePossible: {possible} }}) {{ totalCount }} }}"
                    );
                    assert_eq!(server.ask(&chosen)["datasets"]["totalCount"], value["count"], "{facet} {code} {search} {possible}");
                }
            }
        }
    });
}

#[test]
fn facets_ignore_their_own_selection_and_only_that() {
    with_demo_on_sqlite(|server| {
        let facets = |filter: &str| {
            let query = format!(
                "{{ datasets(where: {filter}) {{ totalCount facets(of: [RECORD_KINDS, INSTITUTIONS], limit: 100) {{ field valueCount values {{ code count label }} }} }} }}"
            );
            server.ask(&query)["datasets"].clone()
        };
        let all = facets("{}");
        let admin = facets("{ recordKinds: [ADMINISTRATIVE_SOURCE] }");
        assert_eq!(all["facets"][0], admin["facets"][0], "the facet of its own condition stays");
        assert_ne!(all["facets"][1], admin["facets"][1], "the other facet follows");
        let count = |answer: &Value, code: &str| {
            let values = answer["facets"][0]["values"].as_array().expect("values");
            values.iter().find(|v| v["code"] == code).map(|v| v["count"].clone())
        };
        assert_eq!(count(&all, "ADMINISTRATIVE_SOURCE"), Some(admin["totalCount"].clone()));
        let sum: i64 = all["facets"][0]["values"].as_array().expect("values").iter().filter_map(|v| v["count"].as_i64()).sum();
        assert_eq!(sum, 58);
    });
}
