//! What people are told of requests: which cell is asked for, what was promised and until when, in the language of whoever reads it.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, dataset, institution};
use crate::outgoing::wait_until;
use crate::people::{Registry, Session, act, ask_in, done};
use crate::registers::{Cast, joined, text};
use crate::sources::named_institution;

const REASON: &str = "Pour le plan régional.";

/// The notices of a kind as somebody reads them in a language, newest first.
fn told(cast: &Cast, who: &Session, kind: &str, language: &str) -> Vec<Value> {
    let query = "{ viewer { notifications(first: 50) { nodes { kind text title reason from promised until untilKind url entry } } } }";
    let data = ask_in(&cast.registry.server, language, who, query, Value::Null);
    let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
    nodes.into_iter().filter(|node| node["kind"] == kind).collect()
}

fn asked(cast: &Cast, cell: Value) -> Value {
    let content = json!({ "text": text(REASON), "until": "2089", "cell": cell });
    cast.made(&cast.member, "data-request-create", json!({ "kind": "DATA_REQUEST", "content": content }))
}

#[test]
fn a_message_about_a_request_says_which_one_what_was_promised_and_until_when() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        // Two cells, asked for with the same words.
        let first = asked(&cast, json!({ "theme": "MT-0801", "area": "MA-09", "fromYear": 2019, "toYear": 2024, "breakdowns": ["sex"] }));
        let second = asked(&cast, json!({ "theme": "MT-0801", "area": "MA", "institution": "nso", "sourceType": "CENSUS" }));
        cast.wait_for_notice(&cast.validator, "REQUEST_MADE");
        wait_until("both", 20, || told(&cast, &cast.coordinator, "REQUEST_MADE", "en").len() == 2);
        let titles = |language: &str| -> Vec<String> {
            let told = told(&cast, &cast.coordinator, "REQUEST_MADE", language);
            told.iter().rev().map(|notice| notice["title"].as_str().expect("a title").to_owned()).collect()
        };
        assert_eq!(
            titles("en"),
            [
                format!("Integration and social cohesion – Souss-Massa – 2019–2024 – by: Sex: {REASON}"),
                format!("Integration and social cohesion – Morocco – Name of nso – Population census: {REASON}")
            ]
        );
        assert!(
            titles("fr")[0].starts_with("Intégration et cohésion sociale – Souss-Massa – 2019–2024 – par : Sexe : "),
            "{:?}",
            titles("fr")
        );
        assert!(titles("ar")[0].starts_with("الإدماج والتماسك الاجتماعي – "), "{:?}", titles("ar"));
        // What is asked for may be documented, and released: whether it is, the notice does not say.
        for (language, words) in [("en", "Somebody asks for data"), ("fr", "Des données sont demandées"), ("ar", "طُلبت بيانات")]
        {
            assert_eq!(told(&cast, &cast.coordinator, "REQUEST_MADE", language)[0]["text"], words);
        }
        let notice = &told(&cast, &cast.coordinator, "REQUEST_MADE", "en")[1];
        assert_eq!((&notice["until"], &notice["untilKind"]), (&json!("2089-12-31"), &json!("WISHED")), "{notice}");
        assert_eq!((&notice["entry"], &notice["url"]), (&first["id"], &Value::Null), "it is read over the API; it has no page");

        let commitment = json!({ "commitment": "Module dans l'enquête", "until": "2090-06" });
        let committed = cast.step(&cast.validator, "data-request-commit", &first, commitment);
        cast.step(&cast.validator, "data-request-decline", &second, json!({ "note": "Hors de notre champ" }));
        cast.wait_for_notice(&cast.member, "REQUEST_DECLINED");
        let notice = &told(&cast, &cast.member, "REQUEST_COMMITTED", "fr")[0];
        assert!(notice["title"].as_str().is_some_and(|title| title.contains("Souss-Massa – 2019–2024 – par : Sexe")), "{notice}");
        assert_eq!((&notice["promised"], &notice["reason"]), (&json!("Module dans l'enquête"), &Value::Null));
        assert_eq!((&notice["until"], &notice["untilKind"], &notice["entry"]), (&json!("2090-06-30"), &json!("COMMITMENT"), &first["id"]));
        let declined = &told(&cast, &cast.member, "REQUEST_DECLINED", "fr")[0];
        assert!(declined["title"].as_str().is_some_and(|title| title.contains("Maroc – Name of nso")), "{declined}");
        assert_eq!(
            (&declined["reason"], &declined["promised"], &declined["until"]),
            (&json!("Hors de notre champ"), &Value::Null, &Value::Null)
        );
        // So does the mail; what was sent keeps its subject, and no text.
        let mails = "SELECT COUNT(*) FROM mails WHERE subject LIKE '%2019–2024%' AND recipient = 'planner@people.example'";
        wait_until("the mail", 20, || cast.registry.place.count(mails) == 1);
        cast.step(&cast.validator, "data-request-release", &committed, json!({ "note": "Budget refusé" }));
        cast.wait_for_notice(&cast.member, "REQUEST_RELEASED");
        let notice = &told(&cast, &cast.member, "REQUEST_RELEASED", "en")[0];
        assert_eq!((&notice["reason"], &notice["promised"]), (&json!("Budget refusé"), &json!("Module dans l'enquête")));
        assert_eq!(notice["until"], Value::Null, "what was taken back is to be done by no day");
        cast.registry.close();
    }
}

#[test]
fn who_validates_is_told_what_kind_of_entry_waits_and_of_which_record() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let content =
            json!({ "title": text("Accès"), "text": text("Les microdonnées manquent."), "challengeKind": "ACCESS", "actions": ["H"] });
        let drafted = json!({ "kind": "CHALLENGE", "institution": "nso", "datasets": ["census"], "content": content });
        let entry = cast.made(&cast.coordinator, "registers-create", drafted);
        cast.wait_for_notice(&cast.validator, "REGISTER_TO_VALIDATE");
        for (language, title) in [("en", "Challenge: Accès"), ("fr", "Défi : Accès"), ("ar", "تحدٍّ: Accès")] {
            let notice = &told(&cast, &cast.validator, "REGISTER_TO_VALIDATE", language)[0];
            assert_eq!((&notice["title"], &notice["entry"]), (&json!(title), &entry["id"]), "{notice}");
            assert!(notice["url"].as_str().is_some_and(|url| url.ends_with("/dataset/census")), "{notice}");
        }
        cast.registry.close();
    }
}

#[test]
fn when_the_day_of_a_commitment_passes_all_whom_it_concerns_are_told_once() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = asked(&cast, json!({ "theme": "MT-0801", "area": "MA" }));
        cast.made(&cast.partner, "data-request-support", json!({ "entry": request["id"], "institution": "agency" }));
        let commitment = |until: &str| json!({ "commitment": "Module dans l'enquête", "until": until });
        let committed = cast.step(&cast.validator, "data-request-commit", &request, commitment("2090-06"));
        let remind = |on: &str| {
            cast.registry.place.run_ok(&["remind", "--on", on]);
        };
        let everyone = [&cast.validator, &cast.editor, &cast.member, &cast.partner];
        let counts = || everyone.map(|who| told(&cast, who, "COMMITMENT_DAY_PASSED", "en").len());
        remind("2090-06-30");
        assert_eq!(counts(), [0; 4], "the month is not over");
        remind("2090-07-01");
        remind("2090-08-01");
        assert_eq!(counts(), [1; 4], "once");
        assert_eq!(told(&cast, &cast.other, "COMMITMENT_DAY_PASSED", "en").len(), 0, "others have nothing to do with it");
        let notice = &told(&cast, &cast.member, "COMMITMENT_DAY_PASSED", "fr")[0];
        assert!(notice["title"].as_str().is_some_and(|title| title.starts_with("Intégration et cohésion sociale – Maroc")), "{notice}");
        assert_eq!((&notice["promised"], &notice["until"]), (&json!("Module dans l'enquête"), &json!("2090-06-30")));
        assert_eq!((&notice["from"], &notice["reason"]), (&json!("Name of nso"), &Value::Null), "{notice}");
        assert_eq!(told(&cast, &cast.editor, "COMMITMENT_DAY_PASSED", "en")[0]["from"], Value::Null);
        // Another commitment has a day of its own; what was taken back has none.
        let released = cast.step(&cast.validator, "data-request-release", &committed, json!({ "note": "Budget refusé" }));
        remind("2091-01-01");
        assert_eq!(counts(), [1; 4]);
        cast.step(&cast.validator, "data-request-commit", &released, commitment("2092"));
        remind("2093-01-01");
        assert_eq!(counts(), [2; 4]);
        cast.registry.close();
    }
}

#[test]
fn an_institution_is_named_in_the_language_of_whoever_reads_the_notice() {
    for backend in BACKENDS {
        let institutions = [named_institution("nso", "Office de la statistique", "مكتب الإحصاء"), institution("region")];
        let registry = Registry::open(backend, &institutions);
        let validator = registry.invite("nso", "Director", &["VALIDATOR"]);
        let member = registry.invite("region", "Planner", &["ACCESS_OFFICER"]);
        let content = json!({ "text": text(REASON), "cell": { "theme": "MT-0801", "area": "MA" } });
        let asked = json!({ "kind": "DATA_REQUEST", "content": content });
        let request = done(&act(&registry.server, &member, "data-request-create", asked), "entry");
        let declined = joined(&request, json!({ "note": "Hors de notre champ" }));
        done(&act(&registry.server, &validator, "data-request-decline", declined), "entry");
        let from = |language: &str| {
            let query = "{ viewer { notifications(first: 50) { nodes { kind from title } } } }";
            let nodes = ask_in(&registry.server, language, &member, query, Value::Null)["viewer"]["notifications"]["nodes"].clone();
            nodes.as_array().expect("notices").clone()
        };
        wait_until("the notice", 20, || from("fr").iter().any(|notice| notice["kind"] == "REQUEST_DECLINED"));
        let one = |language: &str, kind: &str| {
            let told = from(language);
            told.iter().find(|notice| notice["kind"] == kind).unwrap_or_else(|| panic!("{kind}: {told:?}")).clone()
        };
        for (language, name) in [("fr", "Office de la statistique"), ("ar", "مكتب الإحصاء")] {
            assert_eq!(one(language, "REQUEST_DECLINED")["from"], name, "{language}");
        }
        // So is the role that was given, which is no text of anybody's.
        let roles = ["en", "fr", "ar"].map(|language| one(language, "MEMBERSHIP_GRANTED")["title"].clone());
        assert!(roles[0] != roles[1] && roles[1] != roles[2] && roles[0] != roles[2], "{roles:?}");
        registry.close();
    }
}

#[test]
fn who_offers_hears_that_the_own_offer_was_accepted_and_that_the_need_is_withdrawn() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let content = json!({ "title": text("Formation"), "text": text("Échantillonnage."), "capacityKind": "SKILLS", "people": 12, "until": "2089", "actions": ["C"] });
        let need = |who: &Session, institution: Value| {
            let made =
                cast.made(who, "registers-create", json!({ "kind": "CAPACITY_NEED", "institution": institution, "content": content }));
            cast.step(who, "registers-validate", &made, json!({}))
        };
        let first = need(&cast.validator, json!("nso"));
        let offered = cast.step(&cast.partner, "capacity-offer-make", &first, json!({ "offer": "Deux semaines" }));
        let offered = cast.step(&cast.other, "capacity-offer-make", &offered, json!({ "offer": "Une journée" }));
        // One at once after the other: the first is told of when both are accepted.
        let accepted = cast.step(&cast.validator, "capacity-offer-accept", &offered, json!({ "offerOf": "agency" }));
        let accepted = cast.step(&cast.validator, "capacity-offer-accept", &accepted, json!({ "offerOf": "police" }));
        for who in [&cast.partner, &cast.other] {
            cast.wait_for_notice(who, "OFFER_ACCEPTED");
        }
        cast.step(&cast.validator, "registers-withdraw", &accepted, json!({ "note": "Budget annulé" }));
        for who in [&cast.partner, &cast.other] {
            wait_until("the end of the need", 20, || !told(&cast, who, "REGISTER_CHANGED", "fr").is_empty());
            let told_of = |kind: &str| told(&cast, who, kind, "fr").len();
            assert_eq!((told_of("OFFER_ACCEPTED"), told_of("REGISTER_CHANGED")), (1, 1), "each of its own, once");
            assert_eq!(told(&cast, who, "REGISTER_CHANGED", "fr")[0]["reason"], "Budget annulé");
        }
        // A need of the coordination is nobody's institution's: the coordinators hear of offers.
        let theirs = need(&cast.coordinator, Value::Null);
        cast.step(&cast.partner, "capacity-offer-make", &theirs, json!({ "offer": "Un atelier" }));
        cast.wait_for_notice(&cast.coordinator, "OFFER_MADE");
        cast.registry.close();
    }
}

#[test]
fn when_the_plan_that_answers_a_request_is_given_up_or_its_record_retired_all_whom_it_concerns_are_told_once() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let plan = |slug: &str| {
            dataset(slug, |doc| {
                (doc["producer"], doc["holdings"]) = (json!("nso"), json!([]));
                (doc["recordKind"], doc["collectionStatus"]) = (json!("PLANNED_ACTIVITY"), json!("PLANNED"));
                doc["themes"] = json!(["MT-0801"]);
                doc["coverage"] = json!({ "reportingAreas": ["MA"], "collectionPeriod": { "start": "2089-05", "end": "2089-06" } });
            })
        };
        let file = cast.registry.place.write("plans.jsonl", ["given-up", "retired", "over"].map(plan).join("\n"));
        cast.registry.place.run_ok(&["import", &file]);
        let event = |slug: &str, command: &str, more: Value| {
            let planned = json!({ "start": "2089-05", "end": "2089-06" });
            let input = json!({ "kind": "COLLECTION", "institution": "nso", "dataset": slug, "planned": planned });
            let made = done(&act(&cast.registry.server, &cast.editor, "calendar-entry-create", input), "calendarEntry");
            let mut input = json!({ "entry": made["entry"], "expectedRevision": made["revision"] });
            more.as_object().into_iter().flatten().for_each(|(key, value)| input[key.as_str()] = value.clone());
            done(&act(&cast.registry.server, &cast.editor, command, input), "calendarEntry")
        };
        let cancel = |slug: &str| event(slug, "calendar-entry-cancel", json!({ "reason": text("Sans budget") }));
        cancel("over");
        let request = |from: i32| asked(&cast, json!({ "theme": "MT-0801", "area": "MA", "fromYear": from }));
        let (first, second) = (request(2085), request(2086));
        assert_eq!(
            cast.refused(&cast.editor, "data-request-fulfil", &first, json!({ "dataset": "over" })),
            ["INVALID"],
            "a plan of which no collection is to come answers nothing"
        );
        cast.made(&cast.partner, "data-request-support", json!({ "entry": first["id"], "institution": "agency" }));
        let fulfilled = cast.step(&cast.editor, "data-request-fulfil", &first, json!({ "dataset": "given-up" }));
        cast.step(&cast.editor, "data-request-fulfil", &second, json!({ "dataset": "retired" }));
        let counts = || [&cast.member, &cast.partner, &cast.editor, &cast.other].map(|who| told(&cast, who, "ANSWER_GONE", "fr").len());
        cast.registry.place.run_ok(&["remind"]);
        assert_eq!(counts(), [0; 4]);
        cancel("given-up");
        for _ in 0..2 {
            cast.registry.place.run_ok(&["remind"]);
        }
        assert_eq!(counts(), [1, 1, 1, 0], "once, and nobody else");
        let notice = &told(&cast, &cast.member, "ANSWER_GONE", "fr")[0];
        assert!(notice["title"].as_str().is_some_and(|title| title.starts_with("Intégration et cohésion sociale – Maroc")), "{notice}");
        assert!(notice["url"].as_str().is_some_and(|url| url.ends_with("/dataset/given-up")), "{notice}");
        let again = cast.step(&cast.member, "registers-reopen", &fulfilled, json!({ "note": "Le plan est abandonné" }));
        assert_eq!(again["state"], "OPEN");
        let retire = "mutation($input: DatasetRetireInput!) { datasetRetire(input: $input) { errors { code message } } }";
        let revision = ask_in(&cast.registry.server, "fr", &cast.validator, "{ dataset(slug: \"retired\") { id revision } }", Value::Null);
        let input = json!({ "dataset": "retired", "expectedRevision": revision["dataset"]["revision"], "reason": "Enquête abandonnée" });
        let retired = ask_in(&cast.registry.server, "fr", &cast.validator, retire, json!({ "input": input }));
        assert_eq!(retired["datasetRetire"]["errors"], json!([]), "{retired}");
        cast.registry.place.run_ok(&["remind"]);
        assert_eq!(counts(), [2, 1, 2, 0], "the other request has no supporters");
        cast.registry.close();
    }
}
