//! Words: three languages, synonyms, codes, institutions; below, typing errors, highlights, suggestions, facets and places.

mod facets;
mod highlights;
mod places;
mod spelling;
mod suggestions;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Server, with_demo_on_sqlite};

fn found(server: &Server, words: &str, first: i32) -> Vec<String> {
    let data = server
        .ask_with("query($w: String, $n: Int) { datasets(search: $w, first: $n) { nodes { slug } } }", json!({ "w": words, "n": first }));
    data["datasets"]["nodes"].as_array().expect("nodes").iter().map(|node| node["slug"].as_str().expect("slug").to_owned()).collect()
}

fn assert_finds(server: &Server, words: &str, slug: &str) {
    let slugs = found(server, words, 10);
    assert!(slugs.iter().any(|known| known == slug), "{words}: {slugs:?}");
}

#[test]
fn a_query_in_one_language_finds_a_record_written_in_another() {
    with_demo_on_sqlite(|server| {
        for (words, slug) in [
            ("recensement Maroc 2014", "ma-hcp-rgph-2014"),
            ("census Morocco 2014", "ma-hcp-rgph-2014"),
            ("إحصاء المغرب 2014", "ma-hcp-rgph-2014"),
            ("الاحصاء العام للسكان", "ma-hcp-rgph-2014"),
            ("remittances", "ma-oc-mre-transfers-monthly"),
            ("envois de fonds", "wb-remittance-inflows"),
            ("تحويلات", "ma-oc-mre-transfers-monthly"),
            ("MRE", "ma-oc-mre-transfers-monthly"),
            ("المغاربة المقيمين بالخارج", "ma-maec-consular-register"),
            ("MCMREAM", "ma-maec-consular-register"),
            ("traite des personnes", "ma-cnclt-victims"),
            ("الاتجار بالبشر", "ma-cnclt-victims"),
            ("deaths Atlantic route", "iom-missing-migrants"),
            ("décès migrants disparus", "iom-missing-migrants"),
            ("HCP", "ma-hcp-enmi-2018-2019"),
            ("المندوبية السامية للتخطيط", "ma-hcp-enmi-2018-2019"),
            ("MED-HIMS", "tn-ins-hims-2020-2021"),
            ("work permits foreigners", "ma-emploi-contract-visas"),
        ] {
            assert_finds(server, words, slug);
        }
    });
}

#[test]
fn accents_case_and_arabic_letter_forms_do_not_matter() {
    with_demo_on_sqlite(|server| {
        for (one, other) in [
            ("enquête", "ENQUETE"),
            ("الهجرة", "هجره"),
            ("الإحصاء", "احصاء"),
            ("مُهاجِرون", "مهاجرون"),
            ("مهـــاجر", "مهاجر"),
            ("regularisations", "Régularisations"),
        ] {
            let (a, b) = (found(server, one, 100), found(server, other, 100));
            assert!(!a.is_empty() && a == b, "{one} {other}: {a:?} {b:?}");
        }
        // One and many are found together; which comes first may differ, as the word as it is written is looked for beside its stems.
        let all = |words: &str| found(server, words, 100).into_iter().collect::<BTreeSet<_>>();
        assert_eq!(all("regularisation"), all("Régularisations"));
    });
}

#[test]
fn arabic_particles_written_to_a_word_make_no_difference() {
    with_demo_on_sqlite(|server| {
        let all = |words: &str| found(server, words, 100).into_iter().collect::<BTreeSet<_>>();
        for (joined, apart) in [
            ("للاجئين", "اللاجئين"),
            ("للجوء", "اللجوء"),
            ("لليبيا", "ليبيا"),
            ("للمهاجرين", "المهاجرين"),
            ("ومصر", "مصر"),
            ("بمصر", "مصر"),
            ("لمصر", "مصر"),
            ("بتونس", "تونس"),
            ("وبتونس", "تونس"),
            ("بهجرة", "هجرة"),
            ("بعمل", "عمل"),
            ("المهاجرين بتونس", "المهاجرين في تونس"),
            ("للاجئين بالمغرب", "اللاجئين بالمغرب"),
        ] {
            assert!(!all(apart).is_empty() && all(joined) == all(apart), "{joined} {apart}: {:?} {:?}", all(joined), all(apart));
        }
        let query = "query($w: String) { datasets(search: $w) { isRelaxed corrections { typed } } }";
        let read = server.ask_with(query, json!({ "w": "المهاجرين بتونس" }))["datasets"].clone();
        assert_eq!(read, json!({ "isRelaxed": false, "corrections": [] }), "it is no fault of whoever wrote it");
        let suggested = |prefix: &str| {
            let query = "query($p: String!) { suggest(prefix: $p, language: \"ar\") { value } }";
            server.ask_with(query, json!({ "p": prefix }))["suggest"].clone()
        };
        for (joined, apart) in [("للاج", "لاج"), ("للاجئ", "لاجئ"), ("بتون", "تون")] {
            assert!(
                suggested(apart) != json!([]) && suggested(joined) == suggested(apart),
                "{joined}: {} {}",
                suggested(joined),
                suggested(apart)
            );
        }
    });
}

#[test]
fn words_without_meaning_are_left_out_and_not_corrected() {
    with_demo_on_sqlite(|server| {
        let query = "query($w: String) { datasets(search: $w, first: 100) { corrections { typed readAs } nodes { slug } } }";
        let asked = |words: &str| server.ask_with(query, json!({ "w": words }))["datasets"].clone();
        for (with, without) in [
            ("migrants de retour après 2018", "migrants retour 2018"),
            ("retour avant l'enquête", "retour enquête"),
            ("migration between Morocco and Spain since 2014", "migration Morocco Spain 2014"),
            ("المهاجرون منذ 2014", "المهاجرون 2014"),
        ] {
            assert_eq!(asked(with), asked(without), "{with}");
        }
        let alone = server.ask_with("query($w: String) { datasets(search: $w) { totalCount } }", json!({ "w": "après" }));
        assert_eq!(alone["datasets"]["totalCount"], 0);
    });
}

#[test]
fn child_and_children_and_acronyms_with_full_stops_are_found_together() {
    with_demo_on_sqlite(|server| {
        let all = |words: &str| found(server, words, 100).into_iter().collect::<BTreeSet<_>>();
        for other in ["children", "enfants", "أطفال"] {
            assert_eq!(all("child"), all(other), "{other}");
        }
        for (stopped, plain) in [("M.R.E.", "MRE"), ("l’O.I.M", "l’OIM"), ("R.G.P.H.", "RGPH")] {
            assert!(!all(plain).is_empty() && all(stopped) == all(plain), "{stopped}");
        }
    });
}

#[test]
fn words_that_look_alike_are_not_one_word() {
    with_demo_on_sqlite(|server| {
        let asked = |words: &str| {
            let query =
                "query($w: String) { datasets(search: $w, first: 60) { totalCount isRelaxed nodes { slug } corrections { typed readAs }
                edges { highlights { text ranges { start length } } } } }";
            server.ask_with(query, json!({ "w": words }))["datasets"].clone()
        };
        // Citizenship is not sex, work is no operation, a regularisation is not regular.
        let (citizenship, sex) = (asked("الجنسية"), asked("الجنس"));
        assert!(citizenship["totalCount"].as_i64() > Some(0) && sex["totalCount"].as_i64() > Some(0), "{citizenship} {sex}");
        assert_ne!(citizenship["nodes"], sex["nodes"]);
        assert!(asked("العمل")["totalCount"].as_i64() < Some(20), "{}", asked("العمل")["totalCount"]);
        for words in ["regularization", "régularisation", "تسوية الوضعية"] {
            let first = found(server, words, 3);
            assert!(first.iter().any(|slug| slug.starts_with("ma-mi-regularisation")), "{words}: {first:?}");
            let highlights = asked(words).to_string();
            assert!(!highlights.contains("Regular pathways"), "{words}: {highlights}");
        }
        // A word that is spelt as in the lists of the catalogue is no misspelt one.
        for words in ["Paris", "Malaga", "Ceuta", "السعودية", "السوريون"] {
            let answer = asked(words);
            assert_eq!((&answer["totalCount"], &answer["corrections"]), (&json!(0), &json!([])), "{words}: {answer}");
        }
        let answer = asked("المغاربة في السعودية");
        assert!(answer["isRelaxed"] == true && answer["corrections"] == json!([]), "{answer}");
        // The adjective of a country of three letters is the country's.
        assert_finds(server, "المصريون", "eg-capmas-hims-2013");
        // A number is found as it is typed and as texts write it.
        assert_eq!(asked("84001")["nodes"], asked("\"84 001\"")["nodes"]);
        assert!(asked("84001")["totalCount"].as_i64() > Some(0));
    });
}

#[test]
fn codes_of_concepts_are_found_as_they_are_written_and_never_read_as_another_code() {
    with_demo_on_sqlite(|server| {
        let filtered = |filter: Value| {
            let data =
                server.ask_with("query($f: DatasetFilter) { datasets(where: $f, first: 100) { nodes { slug } } }", json!({ "f": filter }));
            let nodes = data["datasets"]["nodes"].as_array().expect("nodes").clone();
            nodes.iter().map(|node| node["slug"].as_str().expect("slug").to_owned()).collect::<BTreeSet<_>>()
        };
        let searched = |words: &str| found(server, words, 100).into_iter().collect::<BTreeSet<_>>();
        let returns = filtered(json!({ "themes": ["MT-0701"] }));
        assert!(returns.len() > 1);
        for written in ["MT-0701", "mt-0701", "(MT-0701)"] {
            assert_eq!(searched(written), returns, "{written}");
        }
        let sdg = filtered(json!({ "indicators": ["SDG-10.7.2"] }));
        for written in ["SDG-10.7.2", "sdg-10.7.2", "10.7.2"] {
            assert_eq!(searched(written), sdg, "{written}");
        }
        assert!(searched("MA-09").contains("ma-hcp-enmi-2018-2019"));
        // A code that no record has is not another one.
        for unknown in ["MT-0999", "MT-9701", "SDG-99.9.9"] {
            let data =
                server.ask_with("query($w: String) { datasets(search: $w) { totalCount corrections { typed } } }", json!({ "w": unknown }));
            assert_eq!(data["datasets"]["corrections"], json!([]), "{unknown}");
        }
        // Two years are no code.
        assert!(searched("2018-2019").contains("ma-hcp-enmi-2018-2019"));
    });
}

#[test]
fn titles_weigh_more_than_other_texts() {
    with_demo_on_sqlite(|server| {
        assert_eq!(found(server, "missing migrants project", 1), ["iom-missing-migrants"]);
        assert_eq!(found(server, "bilateral remittance matrix", 1), ["wb-bilateral-remittance-matrix"]);
    });
}

/// Acronyms, quotation marks and hyphens as people and their programs write them, and a question with all its words.
#[test]
fn words_are_read_as_they_are_written() {
    with_demo_on_sqlite(|server| {
        let all = |words: &str| -> BTreeSet<String> { found(server, words, 100).into_iter().collect() };
        // The acronym of an office is no word that stands between others.
        assert!(all("INS").contains("tn-ins-hims-2020-2021"));
        for other in ["ma-pmp-trafficking-cases", "ma-emploi-contract-visas", "ma-cnclt-victims"] {
            assert!(!all("INS").contains(other), "{other}");
        }
        assert!(all("UE").contains("estat-migr-resfirst") && all("UE") == all("EU"), "{:?}", all("UE"));
        let phrase = all("\"migrants de retour\"");
        for written in ["“migrants de retour”", "«\u{a0}migrants de retour\u{a0}»", "„migrants de retour“"] {
            assert_eq!(all(written), phrase, "{written}");
        }
        assert!(!phrase.is_empty() && phrase.len() < all("migrants de retour").len());
        assert_eq!(all("mi\u{ad}grants"), all("migrants"));
        let asked = all("Who counts foreign workers in agriculture, and since when?");
        for source in ["ma-anapec-attestations", "ma-emploi-contract-visas"] {
            assert!(asked.contains(source), "{source} is not in {asked:?}");
        }
    });
}

#[test]
fn institutions_are_found_by_their_names_and_acronyms_in_other_languages() {
    with_demo_on_sqlite(|server| {
        for words in ["IOM", "OIM", "oim", "Organisation internationale pour les migrations", "المنظمة الدولية للهجرة"]
        {
            let query = "query($w: String) { institutions(search: $w) { nodes { slug } } }";
            let nodes = server.ask_with(query, json!({ "w": words }))["institutions"]["nodes"].clone();
            assert!(nodes.as_array().is_some_and(|nodes| nodes.iter().any(|node| node["slug"] == "iom")), "{words}: {nodes}");
        }
        assert_eq!(server.ask("{ institutions(search: \"OIMX\") { totalCount } }")["institutions"]["totalCount"], 0);
        for nothing in ["%", "_", "?!"] {
            let query = "query($w: String) { institutions(search: $w) { totalCount } datasets(search: $w) { totalCount } }";
            let none = server.ask_with(query, json!({ "w": nothing }));
            assert_eq!((&none["institutions"]["totalCount"], &none["datasets"]["totalCount"]), (&json!(0), &json!(0)), "{nothing}");
        }
    });
}
