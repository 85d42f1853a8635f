//! What goes out.

use super::demo::{catalogue, demo, with_outgoing};
use crate::interop::dcat::{Links, MAPPING, Source, read_page, write_dataset};
use crate::interop::rdf::Syntax;

#[test]
fn a_census_in_turtle() {
    let demo = demo();
    let turtle = with_outgoing(&demo, "https://data.example.ma", |records, _| {
        let census = records.iter().find(|record| record.dataset.slug.as_str() == "ma-hcp-rgph-2014").expect("the census");
        let bytes = write_dataset(census, Syntax::Turtle).expect("written");
        assert_eq!(bytes, write_dataset(census, Syntax::Turtle).expect("written"), "the same bytes each time");
        String::from_utf8(bytes).expect("UTF-8")
    });
    for wanted in [
        "<https://data.example.ma/dataset/ma-hcp-rgph-2014> a dcat:Dataset",
        "dct:publisher <https://data.example.ma/institution/hcp>",
        "\"Haut-Commissariat au Plan\"@fr",
        "dct:spatial <http://publications.europa.eu/resource/authority/country/MAR>",
        "dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/DECENNIAL>",
        "rihla:sourceType <urn:x-rihla:def:source-type:CENSUS>",
        "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/SOCI>",
    ] {
        assert!(turtle.contains(wanted), "{wanted} in\n{turtle}");
    }
}

#[test]
fn a_page_of_the_catalogue_names_the_next_and_is_read_again() {
    let demo = demo();
    with_outgoing(&demo, "https://data.example.ma", |records, around| {
        let links = Links {
            this: "https://data.example.ma/catalog?page=1",
            next: Some("https://data.example.ma/catalog?page=2"),
            ..Links::default()
        };
        for syntax in Syntax::ALL {
            let bytes = catalogue(&records[..3], around, links, syntax);
            let page = read_page(&bytes, &Source { address: None, language: None, concepts: &demo.concepts });
            assert_eq!(page.next.as_deref(), links.next);
            let slugs: Vec<_> = page.reading.found.iter().filter_map(|found| found.draft.slug.as_ref()).collect();
            assert_eq!(slugs, records[..3].iter().map(|record| &record.dataset.slug).collect::<Vec<_>>());
        }
    });
}

#[test]
fn every_field_of_the_record_is_in_the_table_and_the_table_is_in_the_guide() {
    let guide = include_str!("../../../../docs/interop/dcat.md");
    for (field, standard, missed) in MAPPING {
        let row = format!(
            "| `{field}` | {} | {} |",
            if standard.is_empty() { "–" } else { standard },
            if missed.is_empty() { "–" } else { missed }
        );
        assert!(guide.contains(&row), "docs/interop/dcat.md lacks the row\n{row}");
    }
    let demo = demo();
    for dataset in &demo.datasets {
        let record = serde_json::to_value(dataset).expect("JSON");
        for field in record.as_object().expect("an object").keys() {
            assert!(MAPPING.iter().any(|(listed, _, _)| listed == field), "{field}");
        }
    }
}
