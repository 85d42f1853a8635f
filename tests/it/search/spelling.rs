//! Typing errors, phrases, and words that no record has together.

use serde_json::json;

use super::{assert_finds, found};
use crate::harness::with_demo_on_sqlite;

#[test]
fn small_typing_errors_are_forgiven_and_phrases_are_exact() {
    with_demo_on_sqlite(|server| {
        for (words, slug) in [
            ("returnes migrnats", "ma-hcp-enmi-2018-2019"),
            ("recencement", "ma-hcp-rgph-2014"),
            ("trafiking victims", "ma-cnclt-victims"),
            ("الاحصا", "ma-hcp-rgph-2014"),
        ] {
            assert_finds(server, words, slug);
        }
        assert!(found(server, "xqzvwk", 10).is_empty());
        let phrase = found(server, "\"residence permits\"", 20);
        assert!(phrase.iter().any(|s| s == "estat-migr-resfirst") && !phrase.iter().any(|s| s == "ma-hcp-rgph-2014"), "{phrase:?}");
        assert!(found(server, "\"permits residence\"", 20).is_empty());
    });
}

#[test]
fn a_misspelt_word_is_read_as_the_nearest_ones_and_said_so() {
    with_demo_on_sqlite(|server| {
        let asked = |words: &str| {
            let query = "query($w: String) { datasets(search: $w, first: 60) { totalCount nodes { slug } corrections { typed readAs } } }";
            server.ask_with(query, json!({ "w": words }))["datasets"].clone()
        };
        for (wrong, right) in [
            ("remitances", "remittances"),
            ("migratoin", "migration"),
            ("migrtion", "migration"),
            ("Agadyr", "Agadir"),
            ("goverment", "government"),
            ("recensemment", "recensement"),
            ("المهجرين", "المهاجرين"),
        ] {
            let (found, meant) = (asked(wrong), asked(right));
            assert!(meant["totalCount"].as_i64() > Some(0), "{right}: {meant}");
            assert_eq!(found["nodes"], meant["nodes"], "{wrong}: {}", found["corrections"]);
            assert_eq!(found["corrections"][0]["typed"], wrong, "{found}");
            assert_eq!(meant["corrections"], json!([]), "{right}");
        }
        // Words that are in no record, with nothing near: one letter off in Arabic is another word.
        for nothing in ["disability", "الإعاقة", "xylophone"] {
            assert_eq!((&asked(nothing)["totalCount"], &asked(nothing)["corrections"]), (&json!(0), &json!([])), "{nothing}");
        }
        // Letters that keyboards have not are written as two.
        assert_eq!(asked("œuvre")["totalCount"], asked("oeuvre")["totalCount"]);
    });
}

#[test]
fn strange_words_are_answered_and_long_ones_refused() {
    with_demo_on_sqlite(|server| {
        for words in ["\"", "\"\"", "a", "???", "AND OR NOT", "title:x", "*", "😀", "(((", "ـــ", "de la", "'; DROP TABLE datasets; --"]
        {
            server.ask_with("query($w: String) { datasets(search: $w) { totalCount } }", json!({ "w": words }));
        }
        let (message, code) =
            server.error_of("query($w: String) { datasets(search: $w) { totalCount } }", json!({ "w": "x ".repeat(400) }));
        assert!(code == "BAD_INPUT" && message.contains("500"), "{message}");
        let (message, code) = server.error_of("query($w: String) { datasets(search: $w) { totalCount } }", json!({ "w": "\u{0}" }));
        assert!(code == "BAD_INPUT" && message.contains("variables.w"), "{message}");
    });
}

#[test]
fn words_that_no_record_has_together_are_looked_for_one_by_one_and_it_is_said() {
    with_demo_on_sqlite(|server| {
        let ask = |words: &str| {
            server.ask_with("query($w: String) { datasets(search: $w) { totalCount isRelaxed } }", json!({ "w": words }))["datasets"]
                .clone()
        };
        let (both, one, none) = (ask("census Morocco"), ask("census xqzvwk"), ask("the of"));
        assert!(both["isRelaxed"] == false && both["totalCount"].as_i64() > Some(0), "{both}");
        assert!(one["isRelaxed"] == true && one["totalCount"].as_i64() > Some(0), "{one}");
        assert_eq!(none, json!({ "totalCount": 0, "isRelaxed": false }));
    });
}
