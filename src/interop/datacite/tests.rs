//! The page `docs/interop/datacite.md` and the code say the same.

use serde_json::json;

use super::{NAMESPACE, read, write_xml};
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::interop::ddi::residue;
use crate::interop::exchange::{Outgoing, Surroundings};
use crate::interop::xml_text::rows::{has, nested, rows};

const PAGE: &str = include_str!("../../../docs/interop/datacite.md");

#[test]
fn what_comes_in_comes_in_where_the_table_says() {
    let concepts = Concepts::load(&[]).expect("lists");
    for row in rows(PAGE, "element") {
        let text = format!("<resource xmlns='{NAMESPACE}'>{}</resource>", nested(row[0], row[1]));
        let found = read(text.as_bytes(), &concepts).found.remove(0);
        let record = residue::value_of(&found.draft);
        assert!(row[2].is_empty() || has(&record, row[2]), "{row:?}: {record}");
        assert_eq!(found.unfit.is_empty(), row[3] == "yes", "{row:?}: {:?}", found.unfit);
    }
}

#[test]
fn what_goes_out_is_in_a_written_record() {
    let text = json!({ "fr": { "text": "T", "status": "OFFICIAL" } });
    let dataset: Dataset = serde_json::from_value(json!({
        "slug": "ma-survey", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "LOW",
        "certainty": "DOCUMENTED", "titles": text, "abstract": text, "programme": text, "keywords": [text], "languages": ["fr"], "partners": ["oim"], "themes": ["MT-0103"],
        "holdings": [{ "institution": "hcp", "role": "HOLDER", "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN",
            "microdataBasis": "ASSUMED", "channel": "UNKNOWN", "conditions": text }, "distributions": [{ "url": "https://x.ma/d", "format": "CSV", "byteSize": 3 }] }],
        "methodology": { "sourceType": "CENSUS" }, "links": [{ "url": "https://x.ma/" }],
        "coverage": { "reportingAreas": ["MA"], "period": { "start": "2018" }, "collectionPeriod": { "start": "2018", "end": "2019" } },
    }))
    .expect("a record");
    let concepts = Concepts::load(&[]).expect("lists");
    let around = Surroundings { base_url: "https://d.ma", institutions: &|_| None, concepts: &concepts };
    let xml = write_xml(&Outgoing { dataset: &dataset, issued_at: 0, modified_at: 0, version: 1, around: &around });
    let xml = String::from_utf8(xml).expect("UTF-8");
    for row in rows(PAGE, "element").into_iter().filter(|row| row[4] == "yes") {
        let (name, attribute) =
            row[0].rsplit('/').next().unwrap_or("").split_once("[@").unwrap_or((row[0].rsplit('/').next().unwrap_or(""), ""));
        let value = attribute.split_once('=').map_or("", |(_, value)| value.trim_end_matches(']'));
        let found =
            xml.lines().any(|line| (line.contains(&format!("<{name}>")) || line.contains(&format!("<{name} "))) && line.contains(value));
        assert!(found, "{row:?} is not in\n{xml}");
    }
}
