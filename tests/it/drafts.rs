//! What a draft says of itself: what differs from the published version, and which records it may repeat.

use serde_json::{Value, json};

use crate::drafting::{begin, content, copy, publish};
use crate::harness::{BACKENDS, Server, institution};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done};

const ADDRESS: &str = "https://www.nso.example/surveys/return-2024";

/// Begins a record and returns, for each record that it may repeat, the short name and the reasons.
fn warnings(server: &Server, who: &Session, institution: &str, content: Value) -> Value {
    let input = json!({ "institution": institution, "content": content });
    let draft = done(&act(server, who, "register-draft-create", input), "draft");
    let warnings = draft["duplicates"].as_array().expect("duplicates").iter();
    warnings.map(|warning| json!([warning["dataset"]["slug"], warning["reasons"]])).collect()
}

fn titled(language: &str, text: &str, start: &str, end: &str) -> Value {
    json!({
        "titles": [{ "language": language, "text": text }],
        "themes": ["MT-0701"],
        "coverage": { "reportingAreas": ["MA-09"], "period": { "start": start, "end": end } },
    })
}

/// A catalogue of two institutions with one survey, whose editors come along.
fn with_a_survey(titles: &Value, test: impl Fn(&Registry, &Session, &Session)) {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso"), institution("observatory")]);
        let server = &registry.server;
        let own = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let other = registry.invite("observatory", "Data officer", &["EDITOR"]);
        let survey = content("nso", "return-survey", |c| {
            c["titles"] = titles.clone();
            c["links"] = json!([{ "url": ADDRESS }]);
        });
        publish(server, &own, &own, &begin(server, &own, "nso", &survey));
        server.wait_for_index();
        test(&registry, &own, &other);
        registry.close();
    }
}

#[test]
fn a_refusal_names_the_role_that_is_missing_and_the_institution_as_it_was_typed() {
    with_a_survey(&json!([{ "language": "fr", "text": "Enquête" }]), |registry, _, other| {
        let server = &registry.server;
        let refused = |institution: &str| {
            let answer = act(
                server,
                other,
                "register-draft-create",
                json!({ "institution": institution, "content": titled("fr", "A", "2020", "2021") }),
            );
            assert_eq!((codes(&answer), &answer["draft"]), (vec!["ROLE_REQUIRED"], &Value::Null), "{answer}");
            answer["errors"][0]["message"].as_str().expect("a message").to_owned()
        };
        let told = refused("observatoryy");
        assert!(told.contains("EDITOR of the institution `observatoryy`") && told.contains("short name"), "{told}");
        // One that is there is spoken of as one that is not.
        assert_eq!(refused("nso").replace("`nso`", "`observatoryy`"), told);
        let declared = act(
            server,
            other,
            "intake-source",
            json!({ "institution": "nso", "name": "A", "kind": "DCAT", "url": ADDRESS, "everyHours": 0 }),
        );
        let told = declared["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(told.contains("EDITOR or VALIDATOR of the institution concerned, or COORDINATOR of the catalogue"), "{declared}");
    });
}

/// Working copies of an institution that may be of one thing are pointed out to its people, and to nobody else.
#[test]
fn a_draft_like_another_draft_is_pointed_out_to_who_may_read_both() {
    with_a_survey(&json!([{ "language": "fr", "text": "Recensement" }]), |registry, own, other| {
        let server = &registry.server;
        let validator = registry.invite("nso", "Director", &["VALIDATOR"]);
        let titled = |text: &str, address: &str| {
            let links = json!([{ "url": address }]);
            json!({ "titles": [{ "language": "fr", "text": text }], "links": links })
        };
        let enquete = "Enquête sur le retour des travailleurs saisonniers";
        for (who, institution, slug, content) in [
            (own, "nso", "one", titled(enquete, "https://nso.example/one")),
            (own, "nso", "two", titled(enquete, "https://nso.example/two")),
            (own, "nso", "three", titled("Registre des visas", "http://NSO.example/one/")),
            (own, "nso", "four", titled("Balance des paiements", "https://nso.example/four")),
            (other, "observatory", "five", titled(enquete, "https://nso.example/one")),
        ] {
            let mut content = content;
            content["slug"] = json!(slug);
            begin(server, who, institution, &content);
        }
        let query = "{ viewer { drafts(first: 20) { nodes { slug similarDrafts { slug } } } } }";
        let seen = |who: &Session| {
            let drafts = ask_as(server, who, query, Value::Null)["viewer"]["drafts"]["nodes"].clone();
            let line = |draft: &Value| {
                let similar = draft["similarDrafts"].as_array().expect("drafts").iter().map(|similar| similar["slug"].clone());
                let mut similar: Vec<String> = similar.map(|slug| slug.as_str().expect("a slug").to_owned()).collect();
                similar.sort_unstable();
                format!("{}: {}", draft["slug"].as_str().unwrap_or_default(), similar.join(" "))
            };
            let mut lines: Vec<String> = drafts.as_array().expect("drafts").iter().map(line).collect();
            lines.sort_unstable();
            lines
        };
        let expected = ["four: ", "one: three two", "three: one", "two: one"];
        assert_eq!(seen(own), expected);
        assert_eq!(seen(&validator), expected);
        assert_eq!(seen(other), ["five: "], "those of another institution are not");
    });
}

#[test]
fn a_title_like_that_of_a_record_is_pointed_out() {
    let titles = json!([
        { "language": "fr", "text": "Enquête nationale sur la migration de retour" },
        { "language": "ar", "text": "البحث الوطني حول هجرة العودة" },
    ]);
    with_a_survey(&titles, |registry, own, other| {
        let server = &registry.server;
        let arabic = |start: &str, end: &str| titled("ar", "البحث الوطني عن هجرة العودة", start, end);
        let both = json!([["return-survey", ["SAME_PRODUCER_AND_PERIOD", "SIMILAR_TITLE"]]]);
        let title = json!([["return-survey", ["SIMILAR_TITLE"]]]);
        assert_eq!(warnings(server, own, "nso", arabic("2025", "2026")), both);
        assert_eq!(warnings(server, own, "nso", arabic("2010", "2011")), title, "the periods do not overlap");
        assert_eq!(warnings(server, other, "observatory", arabic("2025", "2026")), title, "another producer");
        let nothing_alike = titled("fr", "Indice des prix à la consommation", "2025", "2026");
        assert_eq!(warnings(server, own, "nso", nothing_alike), json!([]));
    });
}

#[test]
fn a_title_in_a_language_that_the_record_does_not_have_is_pointed_out_too() {
    let titles = json!([{ "language": "fr", "text": "Enquête nationale sur la migration de retour" }]);
    with_a_survey(&titles, |registry, own, _| {
        let server = &registry.server;
        for (language, text) in [("ar", "البحث الوطني حول هجرة العودة"), ("en", "National survey on return migration")]
        {
            let found = warnings(server, own, "nso", titled(language, text, "2025", "2026"));
            assert_eq!(
                (&found[0][0], found[0][1].to_string().contains("SAME_PRODUCER_AND_PERIOD")),
                (&json!("return-survey"), true),
                "{text}"
            );
        }
        let price_index = titled("ar", "الرقم الاستدلالي للأثمان عند الاستهلاك", "2010", "2011");
        assert_eq!(warnings(server, own, "nso", price_index), json!([]));
    });
}

#[test]
fn the_same_address_is_pointed_out_and_nothing_is_merged() {
    let titles = json!([{ "language": "fr", "text": "Enquête nationale sur la migration de retour" }]);
    with_a_survey(&titles, |registry, own, other| {
        let server = &registry.server;
        let linked = |url: &str| json!({ "titles": [{ "language": "en", "text": "Quite another thing" }], "links": [{ "url": url }] });
        let same = json!([["return-survey", ["SAME_ADDRESS"]]]);
        assert_eq!(warnings(server, other, "observatory", linked(&format!("{ADDRESS}/#tables"))), same);
        assert_eq!(warnings(server, other, "observatory", linked("https://www.nso.example/")), json!([]), "a home page says nothing");
        assert_eq!(warnings(server, other, "observatory", linked("http://WWW.NSO.example:80/surveys/return-2024/")), same);
        let cited =
            json!({ "titles": [{ "language": "en", "text": "Quite another thing" }], "citations": [{ "title": "NSO", "url": ADDRESS }] });
        assert_eq!(warnings(server, other, "observatory", cited), same, "as a source too");
        // Whoever knows better publishes: two records stand side by side, the first as it was.
        let query = "{ dataset(slug: \"return-survey\") { version revision updatedAt titles { text } } }";
        let before = ask_as(server, Who::Visitor, query, Value::Null);
        let repeated = content("nso", "return-survey-again", |c| {
            c["titles"] = titles.clone();
            c["links"] = json!([{ "url": ADDRESS }]);
        });
        publish(server, own, own, &begin(server, own, "nso", &repeated));
        server.wait_for_index();
        assert_eq!(ask_as(server, Who::Visitor, query, Value::Null), before);
        assert_eq!(ask_as(server, Who::Visitor, "{ datasets { totalCount } }", Value::Null)["datasets"]["totalCount"], 2);
    });
}

#[test]
fn nobody_is_warned_of_what_they_may_not_see() {
    let titles = json!([{ "language": "fr", "text": "Enquête nationale sur la migration de retour" }]);
    with_a_survey(&titles, |registry, own, other| {
        let server = &registry.server;
        for (slug, visibility, masks) in [
            ("hidden", "COORDINATOR", json!([])),
            ("stub", "STUB", json!([])),
            ("masked", "PUBLIC", json!([{ "field": "LINKS", "visibleTo": "COORDINATOR" }])),
        ] {
            let address = format!("https://www.nso.example/files/{slug}");
            let secret = content("nso", slug, |c| {
                c["titles"] = json!([{ "language": "fr", "text": format!("Registre {slug}") }]);
                c["visibility"] = json!(visibility);
                c["links"] = json!([{ "url": address }]);
                c["masks"] = masks;
            });
            publish(server, own, own, &begin(server, own, "nso", &secret));
            server.wait_for_index();
            let linked = || json!({ "titles": [{ "language": "en", "text": "Quite another thing" }], "links": [{ "url": address }] });
            assert_eq!(warnings(server, other, "observatory", linked()), json!([]), "{slug}");
            assert_eq!(warnings(server, own, "nso", linked()), json!([[slug, ["SAME_ADDRESS"]]]), "the producer may know of {slug}");
        }
    });
}

#[test]
fn a_working_copy_lists_what_differs_and_nothing_else() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let own = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let masked = content("nso", "masked", |c| {
            c["keywords"] = json!([[{ "language": "fr", "text": "retour" }]]);
            c["masks"] = json!([{ "field": "KEYWORDS", "visibleTo": "MEMBERS" }]);
        });
        publish(server, &own, &own, &begin(server, &own, "nso", &masked));
        let draft = copy(server, &own, "masked", &json!({ "themes": ["MT-0702"] }));
        let query = "query($id: ID!) { datasetDraft(id: $id) { changes { path before after } dataset { diff(from: 1, to: 0) { path before after } } } }";
        let told = ask_as(server, &own, query, json!({ "id": draft.id }))["datasetDraft"].clone();
        let changes = json!([{ "path": "themes", "before": "[\"MT-0701\"]", "after": "[\"MT-0702\"]" }]);
        assert_eq!(told, json!({ "changes": changes, "dataset": { "diff": changes } }));
        registry.close();
    }
}
