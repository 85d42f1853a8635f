//! Words: three languages, synonyms, typing errors, highlights, suggestions, facets.

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
fn a_suggestion_counts_what_choosing_it_finds() {
    with_demo_on_sqlite(|server| {
        let suggested = |prefix: &str| {
            let query = "query($p: String!) { suggest(prefix: $p, first: 20) { kind value datasetCount } }";
            server.ask_with(query, json!({ "p": prefix }))["suggest"].as_array().expect("suggestions").clone()
        };
        // Places that no record names, and that national sources have figures for.
        for (prefix, place) in [("souss", "MA-09"), ("fès", "MA-03"), ("tanger", "MA-01")] {
            assert!(suggested(prefix).iter().any(|one| one["value"] == place), "{prefix}: {:?}", suggested(prefix));
        }
        for one in ["souss", "ma", "migr", "tun"].iter().flat_map(|prefix| suggested(prefix)) {
            let field = if one["kind"] == "THEME" { "themes" } else { "reportingAreas" };
            let Some(count) = one["datasetCount"].as_i64() else { continue };
            let chosen = server.ask(&format!("{{ datasets(where: {{ {field}: [{}] }}) {{ totalCount }} }}", one["value"]));
            assert!(chosen["datasets"]["totalCount"] == count && count > 0, "{one}: {chosen}");
        }
    });
}

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
fn titles_weigh_more_than_other_texts() {
    with_demo_on_sqlite(|server| {
        assert_eq!(found(server, "missing migrants project", 1), ["iom-missing-migrants"]);
        assert_eq!(found(server, "bilateral remittance matrix", 1), ["wb-bilateral-remittance-matrix"]);
    });
}

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
fn suggestions_follow_the_letters_typed() {
    with_demo_on_sqlite(|server| {
        for (prefix, language, kind, value) in [
            ("retu", "en", "THEME", "MT-0701"),
            ("migrants de ret", "fr", "THEME", "MT-0701"),
            ("المهاجرون العا", "ar", "THEME", "MT-0701"),
            // Nobody types the article first.
            ("عائد", "ar", "THEME", "MT-0701"),
            ("مهاجرون عائ", "ar", "THEME", "MT-0701"),
            ("haut-comm", "fr", "INSTITUTION", "hcp"),
            ("hcp", "en", "INSTITUTION", "hcp"),
            ("missing mig", "en", "DATASET", "iom-missing-migrants"),
            ("moro", "en", "PLACE", "MA"),
        ] {
            let query = "query($p: String!, $l: LanguageTag) { suggest(prefix: $p, language: $l) { kind text value datasetCount } }";
            let data = server.ask_with(query, json!({ "p": prefix, "l": language }));
            let list = data["suggest"].as_array().expect("suggestions");
            assert!(list.len() <= 8 && list.iter().any(|s| s["kind"] == kind && s["value"] == value), "{prefix}: {list:?}");
        }
        for nothing in ["", "  ", "\u{200f}", "zzzzzz", "%", "\\", "\""] {
            assert_eq!(
                server.ask_with("query($p: String!) { suggest(prefix: $p) { text } }", json!({ "p": nothing }))["suggest"],
                json!([]),
                "{nothing:?}"
            );
        }
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
fn a_facet_counts_what_choosing_its_value_finds() {
    with_demo_on_sqlite(|server| {
        // The most frequent come first, however few records name them.
        let first = server.ask("{ datasets { facets(of: [REPORTING_AREAS], limit: 1) { values { code } } } }");
        assert_eq!(first["datasets"]["facets"][0]["values"], json!([{ "code": "WORLD" }]));
        for (search, possible) in [("null", false), ("null", true), ("\"migration\"", false)] {
            for (facet, field) in [
                ("REPORTING_AREAS", "reportingAreas"),
                ("ORIGINS", "origins"),
                ("DESTINATIONS", "destinations"),
                ("RELEASED_DISAGGREGATIONS", "releasedDisaggregations"),
                ("THEMES", "themes"),
                ("SOURCE_TYPES", "sourceTypes"),
            ] {
                let query = format!(
                    "{{ datasets(search: {search}, where: {{ includePossible: {possible} }}) {{ facets(of: [{facet}], limit: 12) {{ values {{ code count }} }} }} }}"
                );
                let values = server.ask(&query)["datasets"]["facets"][0]["values"].as_array().expect("values").clone();
                assert!(values.len() > 1, "{facet}");
                for value in values.iter().filter(|value| value["code"] != "-") {
                    let code = value["code"].as_str().expect("a code");
                    let code = if facet == "SOURCE_TYPES" { code.to_owned() } else { format!("\"{code}\"") };
                    let chosen = format!(
                        "{{ datasets(search: {search}, where: {{ {field}: [{code}], includePossible: {possible} }}) {{ totalCount }} }}"
                    );
                    assert_eq!(server.ask(&chosen)["datasets"]["totalCount"], value["count"], "{facet} {code} {search} {possible}");
                }
            }
        }
    });
}

#[test]
fn facets_ignore_their_own_selection_and_only_that() {
    with_demo_on_sqlite(|server| {
        let facets = |filter: &str| {
            let query = format!(
                "{{ datasets(where: {filter}) {{ totalCount facets(of: [RECORD_KINDS, INSTITUTIONS], limit: 100) {{ field valueCount values {{ code count label }} }} }} }}"
            );
            server.ask(&query)["datasets"].clone()
        };
        let all = facets("{}");
        let admin = facets("{ recordKinds: [ADMINISTRATIVE_SOURCE] }");
        assert_eq!(all["facets"][0], admin["facets"][0], "the facet of its own condition stays");
        assert_ne!(all["facets"][1], admin["facets"][1], "the other facet follows");
        let count = |answer: &Value, code: &str| {
            let values = answer["facets"][0]["values"].as_array().expect("values");
            values.iter().find(|v| v["code"] == code).map(|v| v["count"].clone())
        };
        assert_eq!(count(&all, "ADMINISTRATIVE_SOURCE"), Some(admin["totalCount"].clone()));
        let sum: i64 = all["facets"][0]["values"].as_array().expect("values").iter().filter_map(|v| v["count"].as_i64()).sum();
        assert_eq!(sum, 58);
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

#[test]
fn a_city_or_region_finds_the_national_source_that_has_figures_for_it() {
    with_demo_on_sqlite(|server| {
        assert_finds(server, "Agadir", "ma-hcp-rgph-2014");
        assert_finds(server, "returnees Souss-Massa", "ma-hcp-enmi-2018-2019");
        assert!(!found(server, "Agadir", 100).iter().any(|slug| slug == "ma-hcp-enmi-2018-2019"), "its figures end at the region");
    });
}
