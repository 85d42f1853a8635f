//! Names of places: regions of the world, and cities of a national source.

use serde_json::json;

use super::{assert_finds, found};
use crate::harness::with_demo_on_sqlite;

#[test]
fn a_region_of_the_world_finds_what_is_of_its_countries() {
    with_demo_on_sqlite(|server| {
        let asked = |words: &str| {
            let query = "query($w: String) { datasets(search: $w, first: 5) { totalCount isRelaxed edges { highlights { field text } } } }";
            server.ask_with(query, json!({ "w": words }))["datasets"].clone()
        };
        for words in ["Northern Africa", "North Africa", "Afrique du Nord", "شمال أفريقيا", "في شمال إفريقيا"] {
            let answer = asked(words);
            assert_eq!(answer["isRelaxed"], false, "{words}: {answer}");
            let slugs = found(server, words, 60);
            for wanted in ["ma-hcp-rgph-2014", "eg-capmas-hims-2013"] {
                assert!(slugs.iter().any(|slug| slug == wanted), "{words}: {slugs:?}");
            }
            assert!(!slugs.iter().any(|slug| slug == "estat-migr-resfirst"), "{words}: {slugs:?}");
            let edges = answer["edges"].as_array().expect("edges");
            assert!(edges.iter().all(|edge| edge["highlights"].as_array().is_some_and(|pieces| !pieces.is_empty())), "{words}: {answer}");
        }
        let planned = asked("Qu'est-ce qui est prévu en Afrique du Nord ?");
        assert!(planned["totalCount"].as_i64() > Some(0), "{planned}");
    });
}

#[test]
fn unaccompanied_minors_are_found_and_not_a_region_of_the_world() {
    with_demo_on_sqlite(|server| {
        for words in ["unaccompanied minors", "unaccompanied children", "mineurs non accompagnés", "القاصرين غير المصحوبين"]
        {
            let first = found(server, words, 3);
            assert!(first.iter().any(|slug| slug == "estat-migr-asyappctza"), "{words}: {first:?}");
            assert!(!first.iter().any(|slug| slug.starts_with("iom-")), "{words}: {first:?}");
        }
    });
}

#[test]
fn a_city_or_region_finds_the_national_source_that_has_figures_for_it() {
    with_demo_on_sqlite(|server| {
        assert_finds(server, "Agadir", "ma-hcp-rgph-2014");
        assert_finds(server, "returnees Souss-Massa", "ma-hcp-enmi-2018-2019");
        assert!(!found(server, "Agadir", 100).iter().any(|slug| slug == "ma-hcp-enmi-2018-2019"), "its figures end at the region");
    });
}
