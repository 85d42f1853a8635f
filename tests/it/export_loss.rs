//! What a format cannot carry of a record, told field by field.

use serde_json::json;

use crate::harness::{BACKENDS, Place, dataset};

#[test]
fn what_a_format_loses_is_told_field_by_field() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let lines = [
            dataset("survey", |record| {
                record["keywords"] = json!([{ "en": { "text": "return", "status": "OFFICIAL" } }]);
                record["indicators"] = json!(["GCM-1"]);
            }),
            dataset("stub", |record| record["visibility"] = json!("STUB")),
            dataset("for-members", |record| record["visibility"] = json!("MEMBERS")),
        ];
        let file = place.write("lines.jsonl", lines.join("\n"));
        let told = place.run(&["import", &file]);
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stdout));
        let server = place.serve(&[]);
        let query = "query($format: ExportFormat!) { survey: dataset(slug: \"survey\") { exportLoss(format: $format) { path effect french: effect(language: \"fr\") effectCode } }
            stub: dataset(slug: \"stub\") { exportLoss(format: $format) { path } } }";
        for (format, lost, kept) in [
            ("DUBLIN_CORE", Some("methodology.sourceType"), "titles"),
            ("DATACITE", Some("riskClass"), "keywords"),
            ("SCHEMA_ORG", Some("slug"), "identifier"),
            ("DATA_JSON", Some("slug"), "identifier"),
            ("DDI_25", Some("riskClass"), "titles.en.text"),
            ("DDI_26", Some("riskClass"), "titles.en.text"),
            ("DCAT", None, "slug"),
        ] {
            let data = server.ask_with(query, json!({ "format": format }));
            let losses = data["survey"]["exportLoss"].as_array().unwrap_or_else(|| panic!("{data}"));
            let paths: Vec<&str> = losses.iter().filter_map(|loss| loss["path"].as_str()).collect();
            assert!(lost.is_none_or(|lost| paths.contains(&lost)) && !paths.contains(&kept), "{format} {paths:?}");
            assert!(losses.iter().all(|loss| loss["effect"].as_str().is_some_and(|effect| effect.len() > 10)), "{losses:?}");
            assert!(losses.iter().all(|loss| loss["effect"] != loss["french"] && loss["effectCode"].is_string()), "{losses:?}");
            assert!(data["stub"]["exportLoss"].is_null(), "{format} {data}");
        }
        let report = place.run_ok(&["export", "--format", "dublin_core", "--report", "--public"]);
        assert!(report.starts_with("record\tfield\teffect\n") && report.contains("\nsurvey\tmethodology.sourceType\t"), "{report}");
        assert!(!report.contains("stub") && !report.contains("for-members"), "{report}");
        let all = place.run_ok(&["export", "--format", "DDI_25", "--report"]);
        assert!(all.contains("\nfor-members\t"), "{all}");
        let refused = place.run(&["export", "--format", "PDF", "--report"]);
        assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("DUBLIN_CORE"));
        server.stop();
        place.assert_healthy();
    }
}
