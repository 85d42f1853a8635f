//! Words of a search as people write them: several places, quotation marks, acronyms, questions, and institutions by parts of their names.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Server, with_demo_on_sqlite};

fn asked(server: &Server, words: &str) -> Value {
    let query =
        "query($w: String) { datasets(search: $w, first: 100) { totalCount isRelaxed corrections { typed readAs } nodes { slug } } }";
    server.ask_with(query, json!({ "w": words }))["datasets"].clone()
}

fn slugs(answer: &Value) -> Vec<&str> {
    answer["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["slug"].as_str()).collect()
}

fn found(server: &Server, words: &str) -> BTreeSet<String> {
    slugs(&asked(server, words)).into_iter().map(str::to_owned).collect()
}

#[test]
fn of_several_places_any_one_is_enough_beside_the_subject() {
    with_demo_on_sqlite(|server| {
        for (words, wanted) in [
            ("remittances Morocco Tunisia Egypt", vec!["ma-oc-mre-transfers-monthly"]),
            ("refugees Morocco Egypt Libya", vec!["unhcr-ma-registration", "mmc-4mi-libya"]),
            ("census Morocco Algeria Tunisia", vec!["ma-hcp-rgph-2014", "dz-ons-rgph-2008", "tn-ins-rgph-2014"]),
            ("recensement Maroc Algérie Tunisie", vec!["ma-hcp-rgph-2014", "dz-ons-rgph-2008", "tn-ins-rgph-2014"]),
            ("الإحصاء المغرب الجزائر تونس", vec!["ma-hcp-rgph-2014", "dz-ons-rgph-2008"]),
            ("إحصاء بالمغرب والجزائر وتونس", vec!["ma-hcp-rgph-2014", "dz-ons-rgph-2008"]),
            ("trafficking Morocco Algeria Tunisia", vec!["ma-cnclt-victims", "ma-pmp-trafficking-cases"]),
            ("HIMS Egypte Tunisie Maroc", vec!["eg-capmas-hims-2013", "tn-ins-hims-2020-2021"]),
        ] {
            let answer = asked(server, words);
            for slug in wanted {
                assert!(slugs(&answer).contains(&slug), "{words}: no {slug} in {answer}");
            }
            assert_eq!(answer["isRelaxed"], false, "{words}");
        }
        // Each has to do with the subject, and none is lost that one of the places finds.
        let together = found(server, "refugees Morocco Egypt Libya");
        for place in ["Morocco", "Libya"] {
            let alone = found(server, &format!("refugees {place}"));
            assert!(!alone.is_empty() && alone.is_subset(&together), "{place}: {alone:?} {together:?}");
        }
        assert!(together.is_subset(&found(server, "refugees")), "{together:?}");
        // A place that has a name of two words is found by both of them.
        assert_eq!(found(server, "refugees Libya United Kingdom"), found(server, "refugees Libya"));
        // More of the places rank higher.
        let all = asked(server, "survey Morocco Algeria Tunisia");
        assert!(slugs(&all).iter().take(3).any(|slug| *slug == "eui-mirem-2006"), "{all}");
    });
}

#[test]
fn a_phrase_is_found_in_labels_and_names_of_institutions_and_never_across_two() {
    with_demo_on_sqlite(|server| {
        for (phrase, slug) in [
            ("\"Haut-Commissariat au Plan\"", "ma-hcp-enmi-2018-2019"),
            ("\"High Commission for Planning\"", "ma-hcp-enmi-2018-2019"),
            ("\"المندوبية السامية للتخطيط\"", "ma-hcp-enmi-2018-2019"),
            ("\"United Nations High Commissioner for Refugees\"", "unhcr-ma-registration"),
            ("\"population census\"", "ma-hcp-rgph-2014"),
            ("\"labour migration\"", "ma-emploi-contract-visas"),
            ("\"المهاجرون العائدون\"", "ma-hcp-enmi-2018-2019"),
            ("\"migrants de retour\"", "ma-hcp-enmi-2018-2019"),
            // A place inside the area, of which only the list of places knows the order of the words.
            ("\"Souss-Massa\"", "ma-hcp-rgph-2024"),
        ] {
            let in_order = found(server, phrase);
            assert!(in_order.contains(slug), "{phrase}: {in_order:?}");
            assert!(in_order.is_subset(&found(server, &phrase.replace('"', ""))), "{phrase}: {in_order:?}");
        }
        for across in ["\"permits residence\"", "\"Planning Haut\"", "\"Plan High\""] {
            assert!(found(server, across).is_empty(), "{across}: {:?}", found(server, across));
        }
        // What is found by a label or by an expression of the same meaning is marked there.
        let query = "query($w: String) { datasets(search: $w, first: 100) { edges { node { slug } highlights { text } } } }";
        for phrase in ["\"High Commission for Planning\"", "\"migrants de retour\""] {
            let data = server.ask_with(query, json!({ "w": phrase }));
            let edges = data["datasets"]["edges"].as_array().expect("edges");
            assert!(edges.iter().all(|edge| edge["highlights"].as_array().is_some_and(|found| !found.is_empty())), "{phrase}: {data}");
        }
    });
}

#[test]
fn an_acronym_that_no_record_has_finds_what_its_expansion_finds() {
    with_demo_on_sqlite(|server| {
        for (acronym, expansion) in [
            ("UASC", "unaccompanied minors"),
            ("UAM", "unaccompanied minors"),
            ("MNA", "unaccompanied minors"),
            ("GCM", "Global Compact"),
            ("PMM", "Global Compact"),
        ] {
            let (answer, expanded) = (asked(server, acronym), found(server, expansion));
            let found: BTreeSet<String> = slugs(&answer).into_iter().map(str::to_owned).collect();
            assert!(!expanded.is_empty() && expanded.is_subset(&found), "{acronym}: {found:?} {expanded:?}");
            assert_eq!((&answer["isRelaxed"], &answer["corrections"]), (&json!(false), &json!([])), "{acronym}");
        }
        // No record is of a labour force survey; surveys with all of its words are found.
        let (lfs, expanded) = (found(server, "LFS"), found(server, "labour force survey"));
        assert!(!lfs.is_empty() && lfs.is_subset(&expanded), "{lfs:?} {expanded:?}");
        // Beside another word it counts as one word.
        let eurostat = asked(server, "MNA asylum");
        assert_eq!((slugs(&eurostat).first(), &eurostat["isRelaxed"]), (Some(&"estat-migr-asyappctza"), &json!(false)), "{eurostat}");
        // An acronym that records have is not read more widely than before: a plan of refugees is no High Commission for Planning.
        assert!(!found(server, "HCP").contains("unhcr-refugee-data-finder"));
    });
}

#[test]
fn a_question_is_about_its_subject_and_short_words_are_not_read_as_others() {
    with_demo_on_sqlite(|server| {
        for question in [
            "Quelles microdonnées puis-je télécharger sans demander ?",
            "Which microdata can I download without asking?",
            "أريد تحميل البيانات الجزئية دون طلب",
        ] {
            let answer = asked(server, question);
            assert_eq!(slugs(&answer).first(), Some(&"ma-hcp-rgph-2014-puf"), "{question}: {answer}");
            assert_eq!((&answer["isRelaxed"], &answer["corrections"]), (&json!(false), &json!([])), "{question}");
        }
        let asked_of = asked(server, "Quelles enquêtes ont posé des questions sur les transferts reçus par les ménages");
        assert!(!slugs(&asked_of).iter().take(3).any(|slug| *slug == "ma-ot-border-arrivals"), "{asked_of}");
        assert!(!asked_of["corrections"].to_string().contains("posé"), "{asked_of}");
        let farm = asked(server, "foreign farm workers");
        assert!(farm["corrections"] == json!([]) && slugs(&farm).contains(&"ma-emploi-contract-visas"), "{farm}");
        // Alone it may be a slip of the pen; and an asylum seeker is no question.
        assert_eq!(asked(server, "visz")["corrections"][0]["typed"], "visz");
        assert!(found(server, "demandeurs d'asile").contains("unhcr-ma-registration"));
        assert_eq!(found(server, "demandeurs d'asile"), found(server, "Montrez les demandeurs d'asile"));
        // In a sentence a misspelt word alone is no reason to find a record; in a few words it is one of them.
        let sentence = found(server, "foreigners employed agriculture recencement Morocco");
        assert_eq!(sentence, found(server, "foreigners employed agriculture xqzvwk Morocco"));
        let few = asked(server, "recencement Maroc 2014");
        assert!(slugs(&few).iter().take(3).any(|slug| *slug == "ma-hcp-rgph-2014") && few["totalCount"].as_i64() < Some(30), "{few}");
    });
}

#[test]
fn institutions_are_found_whatever_article_and_particle_and_by_whole_acronyms() {
    with_demo_on_sqlite(|server| {
        let found = |words: &str| {
            let query = "query($w: String) { institutions(search: $w, first: 100) { totalCount nodes { slug } } }";
            let answer = server.ask_with(query, json!({ "w": words }))["institutions"].clone();
            let slugs: Vec<String> = slugs(&answer).into_iter().map(str::to_owned).collect();
            assert_eq!(answer["totalCount"], slugs.len(), "{words}");
            slugs
        };
        for (words, slug) in [
            ("التخطيط", "hcp"),
            ("تخطيط", "hcp"),
            ("للتخطيط", "hcp"),
            ("مندوبية التخطيط", "hcp"),
            ("الأمن الوطني", "dgsn"),
            ("مرصد الهجرة", "onm-ma"),
            ("المرصد الوطني الهجرة", "onm-ma"),
            ("H.C.P.", "hcp"),
            ("hcp", "hcp"),
            ("haut-comm", "hcp"),
            ("Commissariat Plan", "hcp"),
            ("INE", "ine-es"),
            ("IOM", "iom"),
            ("OIM", "iom"),
        ] {
            assert!(found(words).iter().any(|known| known == slug), "{words}: {:?}", found(words));
        }
        assert_eq!(found("الهجرة"), found("هجرة"));
        assert!(found("هجرة").len() > 6);
        assert_eq!(found("INE"), ["ine-es"]);
        assert_eq!(found("H.C.P."), found("HCP"));
        assert!(found("HCP").len() < 3, "{:?}", found("HCP"));
        // Conditions and pages hold for what the words find.
        let query = "{ institutions(search: \"هجرة\", where: { countries: [\"MA\"] }, first: 1) { totalCount nodes { slug } pageInfo { hasNextPage endCursor } } }";
        let first = server.ask(query)["institutions"].clone();
        assert!(first["totalCount"].as_i64() > Some(1) && first["pageInfo"]["hasNextPage"] == true, "{first}");
        let after = first["pageInfo"]["endCursor"].as_str().expect("a cursor");
        let query = format!(
            "{{ institutions(search: \"هجرة\", where: {{ countries: [\"MA\"] }}, first: 1, after: \"{after}\") {{ nodes {{ slug }} }} }}"
        );
        let next = server.ask(&query)["institutions"].clone();
        assert!(slugs(&next).len() == 1 && slugs(&next) > slugs(&first), "{first} {next}");
    });
}

#[test]
fn a_title_that_has_the_whole_search_comes_first() {
    with_demo_on_sqlite(|server| {
        let first = |words: &str| slugs(&asked(server, words)).first().map(|slug| (*slug).to_owned());
        assert_eq!(first("assisted voluntary return").as_deref(), Some("iom-ma-avrr"));
        assert_eq!(first("aide au retour volontaire").as_deref(), Some("iom-ma-avrr"));
    });
}

#[test]
fn a_label_is_found_without_its_articles() {
    with_demo_on_sqlite(|server| {
        let (bare, with_articles) = (found(server, "وضعية إدارية"), found(server, "الوضعية الإدارية"));
        assert!(with_articles.contains("ma-mi-regularisation-2016-2017") && bare == with_articles, "{bare:?} {with_articles:?}");
    });
}
