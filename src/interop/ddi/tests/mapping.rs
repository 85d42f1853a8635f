//! The page `docs/interop/ddi.md` and the code say the same.

use super::{concepts, sent};
use crate::domain::dataset::Dataset;
use crate::domain::vocabulary::Vocabulary;
use crate::interop::ddi::codes::{Line, MODES, SAMPLINGS, SPOKEN_MODES, TIMES, UNITS, Way};
use crate::interop::ddi::{Version, read, residue, write};
use crate::interop::xml_text::rows::{has, nested, rows};

const PAGE: &str = include_str!("../../../../docs/interop/ddi.md");

#[test]
fn what_comes_in_comes_in_where_the_table_says() {
    let concepts = concepts();
    for row in rows(PAGE, "element").into_iter().filter(|row| row[3] == "yes") {
        let text = format!("<codeBook xml:lang='en'>{}</codeBook>", nested(row[0], row[1]));
        let found = read(text.as_bytes(), &concepts).found.remove(0);
        let record = residue::value_of(&found.draft);
        assert!(has(&record, row[2]), "{row:?}: {record}\n{text}");
        let dropped: Vec<_> = found.unfit.iter().filter(|problem| problem.remedy.contains("no field")).collect();
        assert!(dropped.is_empty(), "{row:?}: {dropped:?}");
    }
}

#[test]
fn what_goes_out_is_in_a_written_record() {
    let concepts = concepts();
    let full: Dataset = full();
    let written = |version| String::from_utf8(sent(&full, &[], &concepts, |outgoing| write(outgoing, version))).expect("UTF-8");
    let (old, new) = (written(Version::V25), written(Version::V26));
    for row in rows(PAGE, "element") {
        let name = row[0].rsplit('/').next().unwrap_or("").split('[').next().unwrap_or("");
        let there = |text: &str| text.contains(&format!("<{name} ")) || text.contains(&format!("<{name}>"));
        let wanted = match row[4] {
            "yes" => (true, true),
            "2.6" => (false, true),
            _ => (false, false),
        };
        assert_eq!((there(&old), there(&new)), wanted, "{row:?}");
    }
}

fn full() -> Dataset {
    let text = |words: &str| serde_json::json!({ "fr": { "text": words, "status": "OFFICIAL" }, "ar": { "text": words, "status": "TRANSLATION" } });
    serde_json::from_value(serde_json::json!({
        "slug": "ma-survey", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "LOW",
        "certainty": "DOCUMENTED", "mainLanguage": "fr", "titles": text("T"), "programme": text("P"), "abstract": text("A"), "keywords": [text("K")],
        "languages": ["fr"], "themes": ["MT-0103"], "classifications": [text("C")], "legalMandate": text("L"), "producer": "hcp",
        "holdings": [{ "institution": "hcp", "role": "PRODUCER", "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN",
            "microdataBasis": "ASSUMED", "channel": "UNKNOWN", "conditions": text("C"), "fee": text("F") },
            "distributions": [{ "title": text("D"), "url": "https://x.ma/d.csv", "mediaType": "text/csv" }] }],
        "methodology": { "sourceType": "CENSUS", "collectionModes": ["CAPI"], "samplingDesigns": ["PANEL"], "samplingText": text("S"), "samplingFrame": text("F"),
            "weights": text("W"), "response": text("R"), "universe": text("U"), "statisticalUnits": ["PERSON"], "quality": [{ "dimension": "ACCURACY", "text": text("Q") }],
            "knownLimits": [text("L")], "instruments": [{ "title": text("I"), "url": "https://x.ma/q.pdf" }] },
        "coverage": { "reportingAreas": ["MA", "MA-09"], "areaNote": text("N"), "period": { "start": "2018", "end": "2019" },
            "collectionPeriod": { "start": "2018" }, "releasedLevel": "REGION", "levelNote": text("N"), "frequency": "ANNUAL" },
        "variables": [{ "file": "f", "name": "v", "label": text("V"), "categories": [{ "code": "1" }] }],
        "relations": [{ "type": "OVERLAPS", "dataset": "other" }], "links": [{ "url": "https://x.ma/" }],
    }))
    .expect("a record")
}

#[test]
fn the_table_of_spoken_modes_is_that_of_the_code() {
    let ours: Vec<Vec<String>> = SPOKEN_MODES.iter().map(|(name, mode)| vec![(*name).to_owned(), mode.code().to_owned()]).collect();
    assert_eq!(rows(PAGE, "mode in words"), ours);
}

fn told<V: Vocabulary>(vocabulary: &str, lines: &'static [Line<V>]) -> Vec<Vec<String>> {
    let way = |way: Way| match way {
        Way::Both => "both",
        Way::In => "in",
        Way::Out => "out",
    };
    lines.iter().map(|line| [vocabulary, line.code, line.member.code(), way(line.way)].map(str::to_owned).to_vec()).collect()
}

#[test]
fn the_table_of_codes_is_that_of_the_code() {
    let all = [
        told("ModeOfCollection 4.0", MODES),
        told("SamplingProcedure 1.1", SAMPLINGS),
        told("AnalysisUnit 2.1", UNITS),
        told("TimeMethod 1.2", TIMES),
    ];
    assert_eq!(rows(PAGE, "DDI vocabulary"), all.concat());
}
