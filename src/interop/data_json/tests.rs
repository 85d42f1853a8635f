//! Tests of `data.json`, in and out.

use serde_json::Value;

use super::{MAPPING, read, read_file, write};
use crate::domain::concept::Concepts;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{AccessLevel, Frequency};
use crate::interop::dcat::Source;
use crate::interop::dcat::tests::demo::{demo, with_outgoing};
use crate::interop::exchange::Reading;
use crate::interop::filed::{Filed, file_of};
use crate::interop::repeated::TWICE;

fn reading(json: &[u8]) -> Reading {
    let concepts = Concepts::load(&[]).expect("lists");
    let source = Source { address: None, language: None, concepts: &concepts };
    let reading = read(json, &source);
    // In a file it is the same.
    let file = file_of(json);
    let filed = Filed::of(&file).expect("a length").in_pieces(40);
    if filed.is_plain().expect("read") {
        let mut found = Vec::new();
        let problems = read_file(filed, &source, &mut |one| found.push(one));
        assert_eq!((format!("{found:?}"), &problems), (format!("{:?}", reading.found), &reading.problems));
    }
    reading
}

fn words(text: &MultilingualText) -> &str {
    text.words(None, None).unwrap_or_default()
}

#[test]
fn a_record_becomes_a_draft_and_the_rest_is_named() {
    let reading = reading(
        br#"{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[{"title":12,"description":"<p>About</p>","language":["en-US"],
        "keyword":["a","a","b"],"modified":"R/P1W","accrualPeriodicity":"R/P1Y","publisher":{"name":"Agency","subOrganizationOf":{"name":"State"}},
        "contactPoint":{"fn":"Desk","hasEmail":"mailto:desk@example.org"},"identifier":{"@type":"Identifier","notation":"N-1","version":"1"},
        "accessLevel":"restricted public","rights":"Ask","license":"<p>Free</p>","spatial":null,"temporal":"2018/2019-06","bureauCode":["1:2"],
        "distribution":[{"downloadURL":"https://example.org/a.csv","accessURL":"https://example.org/a","mediaType":"text/csv"},{"title":"x"},"y"]},5]}"#,
    );
    assert_eq!(reading.problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(), ["dataset[1]"]);
    let found = &reading.found[0];
    let draft = &found.draft;
    assert_eq!((words(&draft.titles), words(&draft.abstract_text)), ("12", "<p>About</p>"));
    assert_eq!(draft.main_language.as_ref().map(|tag| tag.as_str()), Some("en-US"));
    assert_eq!((draft.keywords.len(), draft.coverage.frequency), (2, Some(Frequency::Annual)));
    assert_eq!(draft.coverage.period.as_ref().map(|p| p.edtf()).as_deref(), Some("2018/2019-06"));
    assert_eq!((found.origin.identifier.as_deref(), found.origin.modified.as_deref()), (Some("N-1"), None));
    assert_eq!(words(&found.origin.producers[0]), "Agency");
    let holding = &draft.holdings[0];
    assert_eq!((holding.access_terms.aggregates, holding.distributions.len()), (AccessLevel::Licensed, 1));
    assert_eq!(words(&holding.access_terms.conditions), "<p>Free</p>; Ask");
    let told: Vec<_> = found.unfit.iter().map(|p| p.field.as_str()).collect();
    for wanted in [
        "title",
        "identifier/version",
        "modified",
        "publisher/subOrganizationOf",
        "contactPoint",
        "accessLevel",
        "distribution",
        "bureauCode",
    ] {
        assert!(told.contains(&wanted), "{wanted} in {told:?}");
    }
}

#[test]
fn characters_that_nobody_sees_are_taken_out_of_every_member_and_told() {
    let reading = reading(
        "{\"dataset\":[{\"title\":\"T\",\"distribution\":[{\"downloadURL\":\"https://x.org/a\",\"mediaType\":\"text/\u{7f}csv\"}]}]}"
            .as_bytes(),
    );
    let found = &reading.found[0];
    assert_eq!(found.draft.holdings[0].distributions[0].media_type.as_deref(), Some("text/csv"));
    assert!(found.unfit.iter().any(|line| line.field == "distribution[0]/mediaType"), "{:?}", found.unfit);
}

#[test]
fn a_record_with_a_hundred_thousand_keywords_is_read_in_time() {
    let many: Vec<String> = (0..100_000).map(|n| format!("k{n}")).collect();
    let document = serde_json::json!({ "dataset": [{ "title": "T", "keyword": many }] });
    let reading = reading(document.to_string().as_bytes());
    let found = &reading.found[0];
    assert_eq!(found.draft.keywords.len(), 1000);
    assert!(found.unfit.iter().any(|problem| problem.field == "keyword" && problem.value == "99000"));
}

#[test]
fn what_is_no_data_json_is_refused() {
    for (document, reason) in [
        ("{}", "no list"),
        ("[]", "empty"),
        ("{\"dataset\":{}}", "empty"),
        ("<html>", "not JSON"),
        ("{\"dataset\":[", "not JSON"),
        (&"[".repeat(100_000), "deeper"),
    ] {
        assert!(reading(document.as_bytes()).problems[0].remedy.contains(reason), "{reason}");
    }
}

#[test]
fn the_demonstration_catalogue_goes_out_and_comes_back_as_far_as_it_can() {
    let demo = demo();
    with_outgoing(&demo, "https://data.example.ma", |records, _| {
        let bytes = write(records, "https://data.example.ma").expect("written");
        let document: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(document["dataset"].as_array().map(Vec::len), Some(records.len()));
        let back = reading(&bytes);
        for (found, record) in back.found.iter().zip(records) {
            assert_eq!(found.origin.identifier, record.dataset.identifier);
            assert_eq!(found.origin.address, Some(record.page()));
            assert_eq!(found.draft.themes.len(), record.dataset.themes.len());
        }
        if let Ok(folder) = std::env::var("RIHLA_EXPORT_DIR") {
            std::fs::write(std::path::Path::new(&folder).join("data.json"), &bytes).expect("written");
        }
    });
}

#[test]
fn the_table_is_in_the_guide_and_names_every_field() {
    let guide = include_str!("../../../docs/interop/data-json.md");
    for (field, member) in MAPPING {
        let row = format!("| `{field}` | {} |", if member.is_empty() { "–" } else { member });
        assert!(guide.contains(&row), "docs/interop/data-json.md lacks the row\n{row}");
        assert!(crate::interop::dcat::MAPPING.iter().any(|(other, ..)| other == field), "{field}");
    }
    assert_eq!(MAPPING.len(), crate::interop::dcat::MAPPING.len());
}

#[test]
fn records_that_nobody_here_wrote() {
    let Some(folder) = crate::interop::dcat::tests::samples::folder() else { return };
    let sample = |name: &str| reading(&std::fs::read(folder.join("datajson").join(name)).expect("the file is there"));
    for (name, count, title) in [
        ("dcatus.json", 7, "Commitment of Traders"),
        ("dcatus3_0.json", 4, "Test Dataset One"),
        ("usda.gov.data.json", 3, "Department of Agriculture Congressional Logs for Fiscal Year 2014"),
        ("ny.data.json", 1, "State of New York Mortgage Agency (SONYMA) Loans Purchased: Beginning 2004"),
        ("numerical-title.data.json", 1, "707"),
        ("null-spatial.data.json", 1, "Sample Title NUll Spatial"),
        ("evian.json", 8, "stationnement velos"),
    ] {
        let reading = sample(name);
        assert_eq!((reading.found.len(), reading.problems.len(), words(&reading.found[0].draft.titles)), (count, 0, title), "{name}");
    }
    let three = sample("dcatus3_0.json");
    let identifiers: Vec<_> = three.found.iter().filter_map(|found| found.origin.identifier.as_deref()).collect();
    assert_eq!(identifiers[1..], ["https://example.gov/datasets/two", "https://example.gov/datasets/three", "NCDC-CLIMATE-OBS-2024"]);
    assert_eq!(words(&three.found[0].origin.producers[0]), "Test Agency");
    let new_york = &sample("ny.data.json").found[0];
    assert_eq!(new_york.draft.holdings[0].distributions.len(), 4);
    assert_eq!(new_york.draft.holdings[0].distributions[0].media_type.as_deref(), Some("text/csv"));
    let evian = &sample("evian.json").found[0];
    assert!(words(&evian.draft.abstract_text).starts_with("<DIV") && evian.unfit.iter().any(|p| p.field == "spatial"));
    assert_eq!(sample("dcatus.json").found[0].draft.coverage.reporting_areas, ["US"]);
    let spatial = &sample("null-spatial.data.json").found[0];
    assert!(spatial.unfit.iter().all(|problem| problem.field != "spatial"));
}

#[test]
fn what_stands_beside_the_name_of_a_place_is_named_and_a_duration_makes_a_period() {
    let document = r#"{"dataset":[{"title":"T","accessLevel":"public","language":["en"],"temporal":"2000-01-15T00:45:00Z/P1Y2M",
        "spatial":[{"@type":"Location","prefLabel":"Morocco","bbox":"POLYGON((-13 27))","@id":"https://example.org/place/1"},
            {"prefLabel":"Algeria","@id":"http://publications.europa.eu/resource/authority/country/DZA"}]}]}"#;
    let reading = reading(document.as_bytes());
    let found = &reading.found[0];
    assert_eq!(found.draft.coverage.reporting_areas, ["MA", "DZ"]);
    let told: Vec<_> = found
        .unfit
        .iter()
        .map(|line| (line.field.as_str(), line.value.as_str()))
        .filter(|(field, _)| field.starts_with("spatial"))
        .collect();
    assert_eq!(told, [("spatial/bbox", "POLYGON((-13 27))"), ("spatial/@id", "https://example.org/place/1")]);
    assert_eq!(found.draft.coverage.period.as_ref().map(|period| period.edtf()).as_deref(), Some("2000-01-15/2001-03-15"));
}

#[test]
fn a_box_of_coordinates_is_named_and_no_words_of_an_area() {
    let spatial = [
        r#""[[{\"WestBoundingCoordinate\":-54.1}],\"CARTESIAN\"]""#,
        r#"{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}"#,
        r#""{\"type\":\"Point\",\"coordinates\":[1,2]}""#,
    ];
    for spatial in spatial {
        let reading =
            reading(format!(r#"{{"dataset":[{{"title":"T","accessLevel":"public","language":["en"],"spatial":{spatial}}}]}}"#).as_bytes());
        let found = &reading.found[0];
        assert!(found.draft.coverage.area_note.is_empty(), "{:?}", found.draft.coverage.area_note);
        let line = found.unfit.iter().find(|line| line.field == "spatial").expect("a line");
        assert!(line.remedy.contains("box of coordinates"), "{line:?}");
    }
}

#[test]
fn of_a_member_that_stands_twice_the_last_is_taken_and_it_is_told_with_its_place() {
    let dataset = r#"{"title":"Premier","title":"Second","accessLevel":"public","language":["fr"],
        "distribution":[{"downloadURL":"https://x.org/a","format":"CSV","format":"XLS"}]}"#;
    for (document, beside) in [
        (format!(r#"{{"describedBy":"a","describedBy":"b","dataset":[{dataset},{dataset}]}}"#), vec!["describedBy"]),
        (format!(r#"{{"catalog":[{{"dataset":[{dataset}],"title":"A","title":"B"}}]}}"#), vec!["catalog[0].title"]),
        (dataset.to_owned(), Vec::new()),
    ] {
        let reading = reading(document.as_bytes());
        assert!(!reading.found.is_empty(), "{document}");
        for found in &reading.found {
            assert_eq!(words(&found.draft.titles), "Second");
            let told: Vec<&str> = found.unfit.iter().filter(|line| line.remedy == TWICE).map(|line| line.field.as_str()).collect();
            assert_eq!(told, ["title", "distribution[0].format"], "{document}");
        }
        assert_eq!(reading.problems.iter().map(|line| line.field.as_str()).collect::<Vec<_>>(), beside, "{document}");
    }
}

#[test]
fn of_a_period_the_end_that_is_a_date_is_taken_and_the_other_is_told() {
    for temporal in [r#""31/12/2019/2020-06""#, r#"{"startDate":"31/12/2019","endDate":"2020-06"}"#] {
        let document = format!(r#"{{"dataset":[{{"title":"T","accessLevel":"public","language":["en"],"temporal":{temporal}}}]}}"#);
        let found = &reading(document.as_bytes()).found[0];
        assert_eq!(found.draft.coverage.period.as_ref().map(|period| period.edtf()).as_deref(), Some("/2020-06"), "{temporal}");
        assert!(found.unfit.iter().any(|line| line.field == "temporal" && line.value == "31/12/2019"), "{:?}", found.unfit);
    }
}
