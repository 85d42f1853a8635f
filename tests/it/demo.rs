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
fn places_have_their_true_parents_and_names() {
    with_demo_on_sqlite(|server| {
        let data = server.ask("{ concepts(scheme: PLACES, search: \"chtouka\") { code label broader { code label(language: \"ar\") } } }");
        assert_eq!(data["concepts"][0]["broader"], json!({ "code": "MA-09", "label": "سوس ماسة" }));
    });
}
