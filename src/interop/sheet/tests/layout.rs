//! The table of columns is complete, and the page for people says the same.

use std::collections::BTreeSet;

use super::{concepts, reading};
use crate::domain::readiness::guidance;
use crate::interop::sheet::heading::{Heading, Names, is_number, slots};
use crate::interop::sheet::layout::{Kind, Part, SHEETS};
use crate::interop::sheet::{LANGUAGES, template};

/// The fields that have guidance; a test there says that these are all fields of the format.
fn fields() -> BTreeSet<String> {
    let all: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../../domain/data/guidance.json")).expect("JSON");
    all.into_iter().map(|(field, _)| field).filter(|field| field != "*.status").collect()
}

#[test]
fn every_field_of_the_format_has_a_column_and_no_other() {
    let fields = fields();
    let is_around = |field: &String| fields.iter().any(|other| other.starts_with(&format!("{field}.")));
    let leaves: BTreeSet<&str> = fields.iter().filter(|field| !is_around(field)).map(String::as_str).collect();
    let own = SHEETS.iter().flat_map(|sheet| sheet.columns).filter(|column| column.part != Part::Above && !is_number(column.key));
    let columns: Vec<&str> = own.map(|column| column.key).collect();
    assert_eq!(columns.iter().copied().collect::<BTreeSet<_>>(), leaves);
    assert_eq!(columns.len(), leaves.len(), "a field stands in one column");
    for column in SHEETS.iter().flat_map(|sheet| sheet.columns).filter(|column| !is_number(column.key)) {
        let is_text = guidance(column.key).is_some_and(|guidance| guidance.is_multilingual);
        assert_eq!(matches!(column.kind, Kind::Text), is_text, "{}", column.key);
    }
}

#[test]
fn every_heading_names_its_column_in_every_language() {
    for sheet in SHEETS {
        let names = Names::new(sheet);
        for language in LANGUAGES {
            for slot in slots(sheet, language) {
                let heading = slot.heading(sheet, language);
                let (by_heading, _) = names.slot(&Heading::new(&format!("{heading} *"))).unwrap_or_else(|| panic!("{heading}"));
                let (by_key, _) = names.slot(&Heading::new(&slot.key())).expect("a key");
                assert_eq!((by_heading.key(), by_key.key()), (slot.key(), slot.key()), "{heading}");
                assert!(!slot.help(language).is_empty(), "{heading}");
            }
        }
    }
}

#[test]
fn an_empty_template_is_written_in_every_language_and_holds_no_record() {
    let concepts = concepts();
    let institution =
        serde_json::from_str(r#"{"slug":"hcp","kind":"NSO","names":{"fr":{"text":"HCP","status":"OFFICIAL"}},"certainty":"DOCUMENTED"}"#)
            .expect("an institution");
    for language in LANGUAGES {
        for institution in [None, Some(&institution)] {
            let bytes = template(language, &concepts, institution).expect("written");
            if let Ok(folder) = std::env::var("RIHLA_EXPORT_DIR") {
                std::fs::write(std::path::Path::new(&folder).join(format!("template-{language}.xlsx")), &bytes).expect("written");
            }
            assert_eq!(bytes, template(language, &concepts, institution).expect("written"), "the same bytes");
            assert!(bytes.len() < 200_000, "{language}: {} bytes", bytes.len());
            let reading = reading(&bytes, &concepts);
            assert!(reading.found.is_empty());
            assert_eq!(reading.problems.len(), 1, "{:?}", reading.problems);
        }
    }
}

#[test]
fn the_page_for_people_lists_every_column() {
    let page = include_str!("../../../../docs/interop/spreadsheet.md");
    for sheet in SHEETS {
        let [en, fr, ar] = sheet.titles;
        for column in sheet.columns {
            let label = guidance(column.key).map_or("Number of the row", |guidance| guidance.label.en.as_str());
            let row = row(&format!("{en} · {fr} · {ar}"), column.key, label, column.kind, column.part);
            assert!(page.contains(&row), "docs/interop/spreadsheet.md lacks the row\n{row}");
        }
    }
}

fn row(sheet: &str, key: &str, label: &str, kind: Kind, part: Part) -> String {
    let holds = match kind {
        Kind::Text => "text, a column for each language".to_owned(),
        Kind::Line => "words".to_owned(),
        Kind::Slug => "short name".to_owned(),
        Kind::Slugs => "short names".to_owned(),
        Kind::Address => "web address".to_owned(),
        Kind::Number => "whole number".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Day => "day".to_owned(),
        Kind::Bound => "date, or `..`".to_owned(),
        other => {
            let list = other.list().map(|list| list.name().to_uppercase().replace('-', "_")).unwrap_or_default();
            if other.is_several() { format!("values of {list}") } else { format!("value of {list}") }
        }
    };
    let part = match part {
        Part::Own => "",
        Part::Needed => "*",
        Part::Above => "ties",
    };
    format!("| {sheet} | `{key}` | {label} | {holds} | {part} |")
}
