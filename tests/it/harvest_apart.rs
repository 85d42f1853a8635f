//! Records of a source that have the same identifier stay the records that they were, in whatever order the source names them.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::sources::fixtures::turtle;
use crate::sources::house::Reply;
use crate::sources::{Desk, counts};

fn catalogue(titles: &[&str]) -> String {
    let mut text = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n".to_owned();
    for title in titles {
        text.push_str(&format!(
            "<https://d.example/{}> a dcat:Dataset ; dct:identifier \"44\" ; dct:title \"{title}\"@fr .\n",
            title.len()
        ));
    }
    text
}

#[test]
fn the_order_of_a_document_moves_no_record_to_the_place_of_another() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let titles = ["Recensement agricole", "Naissances vivantes de l'année", "Commerce extérieur"];
        let give = |titles: &[&str]| {
            let text = catalogue(titles);
            desk.house.behave(move |_| Reply::of("text/turtle", text.clone()));
        };
        let ids = || titles.map(|title| desk.draft("fr", title)["id"].clone());
        give(&titles);
        let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 3, "created": 3 }), "{run}");
        let before = ids();
        for order in [[2, 1, 0], [1, 0, 2], [1, 2, 0], [0, 1, 2]] {
            give(&order.map(|place| titles[place]));
            let run = desk.harvest(&source, Value::Null);
            assert_eq!(counts(&run), json!({ "fetched": 3, "unchanged": 3 }), "{order:?} {run}");
            assert_eq!((ids(), desk.drafts().len()), (before.clone(), 3), "{order:?}");
        }
        // One with a new title has its place, as long as it is named where it was.
        give(&["Recensement de l'agriculture", titles[1], titles[2]]);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 3, "unchanged": 2, "changed": 1 }), "{run}");
        assert_eq!(desk.draft("fr", "Recensement de l'agriculture")["id"], before[0]);
        desk.close();
    }
}

/// Whether each question to a page of a catalogue named the mark of what was read before.
fn questions(desk: &Desk) -> Vec<bool> {
    desk.house
        .asked()
        .iter()
        .filter(|asked| asked.target.starts_with("/catalog"))
        .map(|asked| !asked.header("if-none-match").is_empty())
        .collect()
}

#[test]
fn of_a_catalogue_of_several_pages_only_what_has_changed_is_read_again() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let own = desk.house.url("");
        // Titles on the second page, and its mark; none where the page cannot be had.
        let give = |second: Option<(&str, &str)>| {
            let (own, second) = (own.clone(), second.map(|(title, mark)| (title.to_owned(), mark.to_owned())));
            desk.house.behave(move |asked| {
                let (mark, page) = match (asked.target.as_str(), &second) {
                    ("/catalog", _) => ("\"a\"", turtle(&own, &[(1, "Un", ""), (2, "Deux", "")], Some(&format!("{own}/catalog?page=2")))),
                    ("/catalog?page=2", Some((title, mark))) => (mark.as_str(), turtle(&own, &[(3, title, "")], None)),
                    ("/catalog?page=2", None) => return Reply::status(500),
                    _ => return Reply::status(404),
                };
                if asked.header("if-none-match") == mark { Reply::status(304) } else { Reply::of("text/turtle", page).with("etag", mark) }
            });
            desk.house.forget();
        };
        give(Some(("Trois", "\"b\"")));
        let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), questions(&desk)), (json!({ "fetched": 3, "created": 3 }), vec![false, false]), "{run}");
        desk.house.forget();
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "unchanged": 3 }), &json!("SUCCEEDED")), "{run}");
        assert_eq!(questions(&desk), [true, true]);
        give(Some(("Trois, corrigé", "\"c\"")));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 1, "unchanged": 2, "changed": 1 }), "{run}");
        desk.draft("fr", "Trois, corrigé");
        // A run that fails knows nothing of the pages; what it has read is not taken for gone by the next ones.
        give(None);
        assert_eq!(desk.harvest(&source, Value::Null)["outcome"], "FAILED");
        give(Some(("Trois, corrigé", "\"c\"")));
        for known in [None, Some(false), Some(true)] {
            desk.house.forget();
            let run = desk.harvest(&source, Value::Null);
            assert_eq!((&run["outcome"], &run["gone"]), (&json!("SUCCEEDED"), &json!(0)), "{run}");
            assert!(known.is_none_or(|known| questions(&desk) == [known, known]), "{known:?}: {:?}", questions(&desk));
        }
        desk.house.forget();
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!((counts(&run), questions(&desk)), (json!({ "fetched": 3, "unchanged": 3 }), vec![false, false]), "{run}");
        desk.close();
    }
}

/// The page that is as it was does not know a record that came from another page first.
#[test]
fn a_record_on_two_pages_is_not_gone_when_one_of_them_drops_it() {
    let desk = Desk::open(BACKENDS[0]);
    let own = desk.house.url("");
    let give = |first: &'static [(u32, &'static str, &'static str)], mark: &'static str| {
        let own = own.clone();
        desk.house.behave(move |asked| {
            let (mark, page) = match asked.target.as_str() {
                "/catalog" => (mark, turtle(&own, first, Some(&format!("{own}/catalog?page=2")))),
                "/catalog?page=2" => ("\"b\"", turtle(&own, &[(3, "Trois", ""), (4, "Quatre", "")], None)),
                _ => return Reply::status(404),
            };
            if asked.header("if-none-match") == mark { Reply::status(304) } else { Reply::of("text/turtle", page).with("etag", mark) }
        });
        desk.house.forget();
    };
    give(&[(1, "Un", ""), (2, "Deux", ""), (3, "Trois", "")], "\"a\"");
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    desk.harvest(&source, Value::Null);
    assert_eq!(desk.drafts().len(), 4);
    desk.house.forget();
    desk.harvest(&source, Value::Null);
    assert_eq!(questions(&desk), [true, false], "the second page does not know what came on both");
    give(&[(1, "Un", ""), (2, "Deux", "")], "\"c\"");
    for _ in 0..3 {
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((&run["outcome"], &run["gone"]), (&json!("SUCCEEDED"), &json!(0)), "{run}");
    }
    desk.close();
}
