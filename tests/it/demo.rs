//! The demo catalogue: what is in it, and that nothing was made up on the way.

use serde_json::{Value, json};

use crate::harness::{with_demo, with_demo_on_sqlite};

#[test]
fn the_demo_has_its_records_with_certainty_and_sources() {
    with_demo(|server, place| {
        let data = server.ask("{ catalogue { datasetCount institutionCount lastChangeSeq } datasets(first: 1) { totalCount facets(of: [CERTAINTY]) { values { code count } } } }");
        assert_eq!(data["catalogue"], json!({ "datasetCount": 58, "institutionCount": 50, "lastChangeSeq": 108 }));
        assert_eq!(
            data["datasets"]["facets"][0]["values"],
            json!([{ "code": "DOCUMENTED", "count": 44 }, { "code": "PARTLY_DOCUMENTED", "count": 14 }])
        );
        // Loading the demo again changes nothing.
        let again = place.run_ok(&["export"]);
        assert_eq!(again.lines().count(), 108);
        for line in again.lines() {
            let record: Value = serde_json::from_str(line).expect("JSON");
            let sourced = record["certainty"] == "UNVERIFIED" || record["citations"].as_array().is_some_and(|list| !list.is_empty());
            assert!(sourced, "{} has no citation", record["slug"]);
        }
    });
}

#[test]
fn what_is_not_known_stays_unknown() {
    with_demo_on_sqlite(|server| {
        let data = server.ask(
            "{ dataset(slug: \"ma-hcp-enmi-2018-2019\") { holdings { institution { slug } accessTerms { microdata microdataBasis basis } } \
               methodology { sampleSize sampleUnit samplingDesigns } coverage { releasedLevel collectedLevel } producerValidation { at } coordinatorReview { at } } \
               other: dataset(slug: \"iom-ma-reintegration-moroccans\") { coverage { releasedLevel period { start end isOngoing } releasedDisaggregations { code } } } }",
        );
        let survey = &data["dataset"];
        assert_eq!(survey["holdings"][0]["institution"]["slug"], "hcp");
        assert_eq!(
            survey["holdings"][0]["accessTerms"],
            json!({ "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "basis": "ASSUMED" })
        );
        assert_eq!(survey["methodology"], json!({ "sampleSize": 15076, "sampleUnit": "households", "samplingDesigns": [] }));
        assert_eq!(survey["producerValidation"], Value::Null);
        let other = &data["other"]["coverage"];
        assert_eq!(
            *other,
            json!({ "releasedLevel": null, "period": { "start": null, "end": null, "isOngoing": true }, "releasedDisaggregations": [] })
        );
    });
}

#[test]
fn contradicting_figures_stand_side_by_side() {
    with_demo_on_sqlite(|server| {
        let data = server.ask("{ dataset(slug: \"ma-hcp-rgph-2014\") { discrepancies { values { value citation { source } } } } }");
        let values = data["dataset"]["discrepancies"][0]["values"].as_array().expect("values");
        let digits = |value: &Value| value["value"].as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect::<String>();
        assert_eq!(values.iter().map(digits).collect::<Vec<_>>(), ["86206", "84001"]);
        assert_eq!(values[0]["citation"]["source"], "S11");
    });
}

#[test]
fn relations_are_read_in_both_directions_two_steps_deep() {
    with_demo(|server, _| {
        let data = server.ask(
            "{ dataset(slug: \"iom-ma-avrr\") { relations(ofType: [OVERLAPS]) { type dataset { slug relations(ofType: [OVERLAPS]) { isInverse dataset { slug } } } } } \
               older: dataset(slug: \"ma-hcp-returnees-2003-2004\") { relations { type dataset { slug } } } }",
        );
        let first = &data["dataset"]["relations"][0];
        assert_eq!((first["type"].as_str(), first["dataset"]["slug"].as_str()), (Some("OVERLAPS"), Some("ma-mi-voluntary-returns")));
        assert_eq!(first["dataset"]["relations"][0]["dataset"]["slug"], "iom-ma-avrr");
        let older = data["older"]["relations"].as_array().expect("relations");
        assert_eq!(older.len(), 1, "a relation given by both sides is listed once: {older:?}");
        assert_eq!(older[0]["type"], "PREDECESSOR_OF");
    });
}

#[test]
fn concepts_are_found_as_people_write_them() {
    with_demo_on_sqlite(|server| {
        let codes = |scheme: &str, words: &str| -> Vec<String> {
            let data = server.ask_with(
                &format!("query($words: String) {{ concepts(scheme: {scheme}, search: $words) {{ code }} }}"),
                json!({ "words": words }),
            );
            let found = data["concepts"].as_array().expect("concepts").iter();
            found.map(|concept| concept["code"].as_str().expect("a code").to_owned()).collect()
        };
        for (scheme, words, code) in [
            ("PLACES", "Souss Massa", "MA-09"),
            ("PLACES", "سوس-ماسة", "MA-09"),
            ("PLACES", "Cote d’Ivoire", "CI"),
            ("PLACES", "Ida Outanane", "MA-AGD"),
            ("PLACES", "ma-09", "MA-09"),
            ("THEMES", "migrants return", "MT-0701"),
            ("THEMES", "العائدين", "MT-0701"),
        ] {
            assert!(codes(scheme, words).iter().any(|found| found == code), "{words}: {:?}", codes(scheme, words));
        }
        assert!(codes("PLACES", "Souss Nowhere").is_empty() && codes("PLACES", "?").is_empty());
        assert_eq!(codes("PLACES", " ").len(), codes("PLACES", "").len());
        assert!(codes("PLACES", " ").len() > 700);
    });
}

#[test]
fn near_misses_name_institutions_in_the_language_of_the_reader() {
    with_demo_on_sqlite(|server| {
        let query = "{ datasets(where: { institutions: [\"onm-ma\"], themes: [\"MT-0701\"] }) { nearMisses(first: 20) { failed { filter reason } } } }";
        let mut seen = 0;
        for (language, field) in [("en", "Institutions: "), ("fr", "Institutions : "), ("ar", "المؤسسات: ")] {
            let data = server.graphql(query, Value::Null, language).json();
            for note in data["data"]["datasets"]["nearMisses"]
                .as_array()
                .expect("misses")
                .iter()
                .flat_map(|miss| miss["failed"].as_array().expect("notes"))
            {
                let (filter, reason) = (note["filter"].as_str().unwrap_or_default(), note["reason"].as_str().unwrap_or_default());
                if filter == "INSTITUTIONS" && reason.starts_with(field) {
                    seen += 1;
                    // A short name has no capital letter and no blank.
                    let first = reason[field.len()..].split(['،', ',']).next().unwrap_or_default().trim();
                    let is_slug = first.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
                    assert!(!is_slug, "{language}: {reason}");
                }
            }
        }
        assert!(seen > 3, "{seen}");
    });
}

#[test]
fn places_have_their_true_parents_and_names() {
    with_demo_on_sqlite(|server| {
        let data = server.ask("{ concepts(scheme: PLACES, search: \"chtouka\") { code label broader { code label(language: \"ar\") } } }");
        assert_eq!(data["concepts"][0]["broader"], json!({ "code": "MA-09", "label": "سوس ماسة" }));
    });
}
