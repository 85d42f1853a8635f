//! What is marked in the texts of a record that was found.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Place, Server, dataset};

/// The marked pieces of the abstract of the record.
fn marked(server: &Server, words: &str) -> Vec<String> {
    let query =
        "query($w: String) { datasets(search: $w, first: 5) { isRelaxed edges { highlights { field text ranges { start length } } } } }";
    let answer = server.ask_with(query, json!({ "w": words }))["datasets"].clone();
    assert_eq!(answer["isRelaxed"], false, "{words}: {answer}");
    let pieces = answer["edges"][0]["highlights"].as_array().unwrap_or_else(|| panic!("{words}: {answer}"));
    let of_abstract = pieces.iter().filter(|piece| piece["field"] == "abstract");
    let texts = |piece: &Value| {
        let text: Vec<char> = piece["text"].as_str().expect("text").chars().collect();
        let number = |value: &Value| value.as_u64().expect("a number") as usize;
        let ranges = piece["ranges"].as_array().expect("ranges").clone();
        let places = ranges.into_iter().map(move |range| (number(&range["start"]), number(&range["length"])));
        places.map(|(start, length)| text[start..start + length].iter().collect::<String>()).collect::<Vec<_>>()
    };
    of_abstract.flat_map(texts).collect()
}

#[test]
fn words_in_quotes_are_marked_where_they_stand_together() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let record = dataset("survey", |r| {
            let text = "Le retour des migrants, vu par les migrants de retour ; permis et retour. Un total de 84 001 migrants, 84 retours.";
            r["abstract"] = json!({ "fr": { "text": text, "status": "OFFICIAL" } });
        });
        let file = place.write("records.jsonl", record);
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        server.wait_for_index();
        assert_eq!(marked(&server, "\"migrants de retour\""), ["migrants de retour"]);
        assert_eq!(marked(&server, "\"migrants de retour\" permis"), ["migrants de retour", "permis"]);
        assert_eq!(marked(&server, "migrants de retour"), ["retour", "migrants", "migrants", "retour", "retour", "migrants", "retours"]);
        assert_eq!(marked(&server, "84001"), ["84 001"]);
        // Of these one word alone carries meaning: they are no phrase.
        assert_eq!(marked(&server, "\"le permis\""), ["permis"]);
        server.stop();
    }
}
