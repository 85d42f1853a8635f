//! Suggestions while a person types.

use serde_json::json;

use crate::harness::with_demo_on_sqlite;

#[test]
fn a_suggestion_counts_what_choosing_it_finds() {
    with_demo_on_sqlite(|server| {
        let suggested = |prefix: &str| {
            let query = "query($p: String!) { suggest(prefix: $p, first: 20) { kind value datasetCount } }";
            server.ask_with(query, json!({ "p": prefix }))["suggest"].as_array().expect("suggestions").clone()
        };
        // Places that no record names, and that national sources have figures for.
        for (prefix, place) in [("souss", "MA-09"), ("fès", "MA-03"), ("tanger", "MA-01")] {
            assert!(suggested(prefix).iter().any(|one| one["value"] == place), "{prefix}: {:?}", suggested(prefix));
        }
        for one in ["souss", "ma", "migr", "tun"].iter().flat_map(|prefix| suggested(prefix)) {
            let field = if one["kind"] == "THEME" { "themes" } else { "reportingAreas" };
            let Some(count) = one["datasetCount"].as_i64() else { continue };
            let chosen = server.ask(&format!("{{ datasets(where: {{ {field}: [{}] }}) {{ totalCount }} }}", one["value"]));
            assert!(chosen["datasets"]["totalCount"] == count && count > 0, "{one}: {chosen}");
        }
    });
}

#[test]
fn suggestions_follow_the_letters_typed() {
    with_demo_on_sqlite(|server| {
        for (prefix, language, kind, value) in [
            ("retu", "en", "THEME", "MT-0701"),
            ("migrants de ret", "fr", "THEME", "MT-0701"),
            ("المهاجرون العا", "ar", "THEME", "MT-0701"),
            // Nobody types the article first.
            ("عائد", "ar", "THEME", "MT-0701"),
            ("مهاجرون عائ", "ar", "THEME", "MT-0701"),
            ("haut-comm", "fr", "INSTITUTION", "hcp"),
            ("hcp", "en", "INSTITUTION", "hcp"),
            ("missing mig", "en", "DATASET", "iom-missing-migrants"),
            ("moro", "en", "PLACE", "MA"),
        ] {
            let query = "query($p: String!, $l: LanguageTag) { suggest(prefix: $p, language: $l) { kind text value datasetCount } }";
            let data = server.ask_with(query, json!({ "p": prefix, "l": language }));
            let list = data["suggest"].as_array().expect("suggestions");
            assert!(list.len() <= 8 && list.iter().any(|s| s["kind"] == kind && s["value"] == value), "{prefix}: {list:?}");
        }
        for nothing in ["", "  ", "\u{200f}", "zzzzzz", "%", "\\", "\""] {
            assert_eq!(
                server.ask_with("query($p: String!) { suggest(prefix: $p) { text } }", json!({ "p": nothing }))["suggest"],
                json!([]),
                "{nothing:?}"
            );
        }
    });
}
