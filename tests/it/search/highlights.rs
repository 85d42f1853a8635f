//! Where the words of a search were found in a record.

use serde_json::{Value, json};

use crate::harness::with_demo_on_sqlite;

#[test]
fn highlights_mark_the_words_in_each_language() {
    with_demo_on_sqlite(|server| {
        for (words, language, piece) in
            [("migrants de retour", "fr", "retour"), ("return migrants", "en", "return"), ("العائدون", "ar", "عودة")]
        {
            let query = "query($w: String) { datasets(search: $w, first: 20) { edges { node { slug } score highlights { field language text ranges { start length } } } } }";
            let data = server.ask_with(query, json!({ "w": words }));
            let mut marked = Vec::new();
            for edge in data["datasets"]["edges"].as_array().expect("edges") {
                assert!(edge["score"].as_f64().is_some_and(|score| score > 0.0));
                for highlight in edge["highlights"].as_array().expect("highlights").iter().filter(|h| h["language"] == language) {
                    let text: Vec<char> = highlight["text"].as_str().expect("text").chars().collect();
                    for range in highlight["ranges"].as_array().expect("ranges") {
                        let (start, length) =
                            (range["start"].as_u64().expect("start") as usize, range["length"].as_u64().expect("length") as usize);
                        marked.push(text[start..start + length].iter().collect::<String>().to_lowercase());
                    }
                }
            }
            let wanted = if language == "ar" {
                marked.is_empty() || marked.iter().any(|m| m.contains("عائد") || m.contains(piece))
            } else {
                marked.iter().any(|m| m.contains(piece))
            };
            assert!(wanted, "{words}: {marked:?}");
        }
    });
}

#[test]
fn a_word_that_only_a_label_has_is_marked_in_the_label() {
    with_demo_on_sqlite(|server| {
        let query = "query($w: String) { datasets(search: $w, first: 100) { edges { node { slug } highlights { field language text ranges { start length } } } } }";
        for (words, slug, field, language, piece) in [
            ("العائدون", "ma-hcp-enmi-2018-2019", "themes", "ar", "العائد"),
            ("MT-0701", "ma-hcp-enmi-2018-2019", "themes", "zxx", "MT-0701"),
            ("المندوبية", "ma-hcp-enmi-2018-2019", "institutions", "ar", "المندوبية"),
        ] {
            let data = server.ask_with(query, json!({ "w": words }));
            let edges = data["datasets"]["edges"].as_array().expect("edges");
            let edge = edges.iter().find(|edge| edge["node"]["slug"] == slug).unwrap_or_else(|| panic!("{slug} is not found by {words}"));
            let marked = |highlight: &Value| {
                let text: Vec<char> = highlight["text"].as_str().expect("text").chars().collect();
                let (start, length) = (&highlight["ranges"][0]["start"], &highlight["ranges"][0]["length"]);
                let (start, length) = (start.as_u64().expect("start") as usize, length.as_u64().expect("length") as usize);
                text[start..start + length].iter().collect::<String>()
            };
            let found = edge["highlights"].as_array().expect("highlights");
            let is_marked = |h: &Value| h["field"] == field && h["language"] == language && marked(h).contains(piece);
            assert!(found.iter().any(is_marked), "{words}: {found:?}");
            assert!(edges.iter().all(|edge| edge["highlights"].as_array().is_some_and(|found| !found.is_empty())), "{words}: {data}");
        }
        // A word that stands in a text needs no label beside it.
        let data = server.ask_with(query, json!({ "w": "return" }));
        let edge = data["datasets"]["edges"].as_array().expect("edges").iter().find(|edge| edge["node"]["slug"] == "iom-ma-avrr");
        let fields: Vec<&str> =
            edge.expect("found")["highlights"].as_array().expect("highlights").iter().filter_map(|h| h["field"].as_str()).collect();
        assert!(fields.contains(&"title") && !fields.contains(&"themes"), "{fields:?}");
    });
}
