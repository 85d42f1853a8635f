//! Providers of OAI-PMH and portals that do not keep their word: lists that end too soon, times that are refused, records that cannot be taken,
//! pages that overlap.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::sources::fixtures::{Item, ckan, oai, oai_answer, oai_page, package};
use crate::sources::house::{Asked, Reply};
use crate::sources::{Desk, counts, list, remedies};

fn items(count: u32) -> Vec<Item> {
    (1..=count).map(|number| Item::new(number, &format!("Notice {number}"), "2025-06-01T00:00:00Z")).collect()
}

fn verb(asked: &Asked) -> String {
    asked.parameter("verb").unwrap_or_default()
}

#[test]
fn a_list_that_ends_before_it_has_given_what_it_says_is_no_success_and_nothing_is_gone() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| oai(&items(6), 4, asked));
        let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 6, "created": 6 }), &json!("SUCCEEDED")), "{run}");
        // Six are told, five are given: the sixth is not taken for gone.
        desk.house.behave(|asked| match (verb(asked).as_str(), asked.parameter("resumptionToken")) {
            ("ListRecords", None) => {
                let token = "<resumptionToken completeListSize='6'>next</resumptionToken>";
                Reply::of("text/xml", oai_page(&items(3), token))
            }
            ("ListRecords", Some(_)) => Reply::of("text/xml", oai_page(&items(5)[3..], "<resumptionToken/>")),
            _ => oai(&[], 1, asked),
        });
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 5, "unchanged": 5 }), &json!("WITH_FAILURES")), "{run}");
        assert!(remedies(&run).contains("6 records and gave 5"), "{run}");
        assert!(desk.gone(&source).is_empty());
        // Those that are told to be deleted are given too, and a size that is too small is an estimate.
        desk.house.behave(|asked| match verb(asked).as_str() {
            "ListRecords" => {
                let mut all = items(6);
                all[5] = Item::deleted(6, "2026-01-01T00:00:00Z");
                Reply::of("text/xml", oai_page(&all, "<resumptionToken completeListSize='4'/>"))
            }
            _ => oai(&[], 1, asked),
        });
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!(counts(&run), json!({ "fetched": 6, "unchanged": 5, "gone": 1 }), "{run}");
        assert_eq!(run["outcome"], "SUCCEEDED", "{run}");
        desk.close();
    }
}

#[test]
fn a_provider_that_refuses_the_seconds_that_it_promises_is_asked_with_the_day() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| match asked.parameter("from") {
            Some(from) if from.contains('T') => oai_answer("<error code='badArgument'>from is a day</error>"),
            _ => oai(&items(2), 5, asked),
        });
        let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
        desk.harvest(&source, Value::Null);
        desk.house.forget();
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((&run["outcome"], &run["isPartial"]), (&json!("SUCCEEDED"), &json!(true)), "{run}");
        let asked: Vec<_> = desk.house.asked().iter().filter_map(|asked| asked.parameter("from")).collect();
        assert_eq!(asked, ["2026-03-01T10:00:00Z", "2026-03-01"]);
        desk.close();
    }
}

/// A provider with a record without a title, which is asked for by itself too.
fn with_a_bad_one(title: &'static str, is_there: bool) -> impl Fn(&Asked) -> Reply {
    move |asked| {
        let mut all = items(3);
        all[1] = Item::new(2, title, "2025-06-01T00:00:00Z");
        match verb(asked).as_str() {
            "GetRecord" if !is_there => oai_answer("<error code='idDoesNotExist'>no</error>"),
            "GetRecord" => {
                assert_eq!(asked.parameter("identifier").as_deref(), Some("oai:archive.example:2"));
                let page = oai_page(&all[1..2], "");
                Reply::of("text/xml", page.replace("ListRecords", "GetRecord"))
            }
            _ => oai(&all, 5, asked),
        }
    }
}

#[test]
fn a_record_that_cannot_be_taken_is_asked_for_again_and_the_others_only_when_they_change() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(with_a_bad_one("", true));
        let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 3, "created": 2, "failed": 1 }), &json!("WITH_FAILURES")), "{run}");
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["isPartial"]), (json!({ "fetched": 1, "failed": 1 }), &json!(true)), "{run}");
        assert_eq!((&run["outcome"], list(&run["problems"]["nodes"]).len()), (&json!("WITH_FAILURES"), 1), "{run}");
        // It gets its title.
        desk.house.behave(with_a_bad_one("Deux", true));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 1, "created": 1 }), &json!("SUCCEEDED")), "{run}");
        desk.draft("fr", "Deux");
        desk.house.forget();
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({}), &json!("SUCCEEDED")), "{run}");
        assert!(desk.house.asked().iter().all(|asked| verb(asked) != "GetRecord"), "nothing is left to be asked for");
        desk.close();
    }
}

#[test]
fn a_record_that_could_not_be_taken_and_vanishes_is_asked_for_no_more() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(with_a_bad_one("", true));
        let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
        desk.harvest(&source, Value::Null);
        desk.house.behave(with_a_bad_one("", false));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 1, "unchanged": 1 }), &json!("SUCCEEDED")), "{run}");
        desk.house.forget();
        desk.harvest(&source, Value::Null);
        assert!(desk.house.asked().iter().all(|asked| verb(asked) != "GetRecord"));
        desk.close();
    }
}

#[test]
fn pages_that_overlap_give_each_package_once_and_a_series_does_not_keep_what_vanishes() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let all = |count: usize| -> Vec<Value> {
            (0..count).map(|number| package(&format!("set-{number}"), &format!("Tableau {number}"))).collect()
        };
        // Each page begins with the last package of the one before.
        desk.house.behave(move |asked| {
            let start: usize = asked.parameter("start").expect("start").parse().expect("a number");
            let packages = all(5);
            let results: Vec<&Value> = packages.iter().skip(start.saturating_sub(1)).take(3).collect();
            let answer = json!({ "success": true, "result": { "count": 5, "results": results } });
            Reply::of("application/json", answer.to_string())
        });
        let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "language": "fr" }));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 6, "created": 5, "unchanged": 1 }), &json!("SUCCEEDED")), "{run}");
        desk.house.behave(move |asked| {
            let mut packages = all(4);
            packages.push(json!({ "id": "id-series", "name": "series", "title": "Série", "type": "dataset_series" }));
            ckan(&packages, 10, asked)
        });
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 4, "unchanged": 4, "gone": 1 }), &json!("SUCCEEDED")), "{run}");
        assert!(remedies(&run).contains("is a series"), "{run}");
        assert_eq!(desk.gone(&source), ["id-set-4"]);
        desk.close();
    }
}
