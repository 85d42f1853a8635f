//! Records of a source that have the same identifier stay the records that they were, in whatever order the source names them.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
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
