//! What goes out.

use super::demo::{catalogue, demo, with_outgoing};
use crate::interop::dcat::{Links, MAPPING, Source, read_page, write_dataset, write_for_others};
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
            assert_eq!(page.onward.next.as_deref(), links.next);
            let slugs: Vec<_> = page.reading.found.iter().filter_map(|found| found.draft.slug.as_ref()).collect();
            assert_eq!(slugs, records[..3].iter().map(|record| &record.dataset.slug).collect::<Vec<_>>());
        }
    });
}

/// Content systems write addresses that an IRI does not allow.
#[test]
fn addresses_that_are_no_iri_go_out_escaped_and_come_back_as_they_were() {
    let odd = "https://www.example.ma/index.php?tx_news_pi1[news]=12&f[0]=type|a^b#one#two";
    let mut demo = demo();
    demo.datasets.truncate(1);
    let record = &mut demo.datasets[0];
    record.holdings.truncate(1);
    record.holdings[0].distributions = super::demo::files();
    record.holdings[0].distributions[0].url = odd.to_owned();
    record.holdings[0].access_terms.licence = Some(odd.to_owned());
    record.links = vec![crate::domain::methodology::Link { title: Default::default(), url: odd.to_owned() }];
    with_outgoing(&demo, "https://data.example.ma", |records, _| {
        let around = Source { address: None, language: None, concepts: &demo.concepts };
        for syntax in Syntax::ALL {
            let bytes = write_dataset(&records[0], syntax).expect("written");
            let found = read_page(&bytes, &around).reading.found.remove(0);
            assert_eq!((&found.draft.holdings, &found.draft.links), (&demo.datasets[0].holdings, &demo.datasets[0].links));
            assert!(found.unfit.is_empty(), "{syntax:?}: {:?}", found.unfit);
            // Who reads the standard's terms only has the file, its licence and the page, too.
            let bytes = write_for_others(&records[0], syntax).expect("written");
            let draft = read_page(&bytes, &around).reading.found.remove(0).draft;
            let escaped = "https://www.example.ma/index.php?tx_news_pi1%5Bnews%5D=12&f%5B0%5D=type%7Ca%5Eb#one%23two";
            let holding = draft.holdings.first().expect("a holding");
            assert!(holding.distributions.iter().any(|file| file.url == escaped), "{syntax:?}: {holding:?}");
            assert_eq!(holding.access_terms.licence.as_deref(), Some(escaped), "{syntax:?}");
            assert!(draft.links.iter().any(|link| link.url == escaped), "{syntax:?}: {:?}", draft.links);
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
