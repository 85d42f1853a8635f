//! A record that comes again: what the source changed is taken, what people wrote stands, and nothing comes back that was thrown away.

use serde_json::{Value, json};

use crate::drafting::{Seen, begin, content, holding, publish, step};
use crate::harness::BACKENDS;
use crate::people::done;
use crate::sources::fixtures::{SURVEY_AR, SURVEY_FR, ddi};
use crate::sources::{Desk, counts, list, remedies};

/// What makes the record of the DDI document whole.
fn completion() -> Value {
    json!({
        "recordKind": "STATISTICAL_OPERATION", "riskClass": "LOW", "visibility": "PUBLIC", "mainLanguage": "fr", "themes": ["MT-0701"],
        "holdings": [holding("nso", "PRODUCER", "UNKNOWN")], "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED" },
        "coverage": { "reportingAreas": ["MA"], "period": { "start": "2018", "end": "2019" }, "frequency": "ONCE" }, "reviewDueOn": "2090-06-30",
    })
}

fn published(desk: &Desk) -> Value {
    desk.take("name=survey.xml", ddi("Mots.", ""));
    let draft = desk.write(&desk.draft("fr", SURVEY_FR), completion());
    publish(&desk.server, &desk.validator.session, &desk.validator.session, &Seen::of(&draft))
}

#[test]
fn the_same_file_changes_nothing_and_a_changed_one_is_merged() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.take("name=survey.xml", ddi("Mots.", ""));
        let first = desk.draft("fr", SURVEY_FR);
        let changes = desk.place.changes();
        let report = desk.take("name=again.xml", ddi("Mots.", ""));
        assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 1, "unchanged": 1 }), &json!("SUCCEEDED")), "{report}");
        assert_eq!((desk.drafts(), desk.place.changes()), (vec![first.clone()], changes), "nothing was written, also not in the log");

        // A person has written the abstract; the source changes abstract and areas.
        desk.write(&first, json!({ "abstract": [{ "language": "fr", "text": "De notre main." }] }));
        let changed = ddi("Autres mots.", "").replace("<nation abbr='MA'>Maroc</nation>", "<nation abbr='TN'>Tunisie</nation>");
        let report = desk.take("name=survey.xml", &changed);
        assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 1, "changed": 1 }), &json!("WITH_FAILURES")), "{report}");
        let lines = list(&report["problems"]);
        assert_eq!((lines.len(), &lines[0]["field"], &lines[0]["record"]), (1, &json!("abstract"), &json!("DDI:ONS-EMR-2019")), "{report}");
        let merged = desk.draft("fr", SURVEY_FR);
        assert_eq!(merged["id"], first["id"]);
        assert_eq!(merged["content"]["abstract"]["fr"]["text"], "De notre main.");
        assert_eq!(merged["content"]["coverage"]["reportingAreas"], json!(["TN"]));
        // What was told of once is settled.
        let report = desk.take("name=survey.xml", &changed);
        assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 1, "unchanged": 1 }), &json!("SUCCEEDED")), "{report}");
        assert_eq!(desk.drafts().len(), 1);
        desk.close();
    }
}

#[test]
fn a_copy_that_is_decided_on_waits_and_a_published_record_gets_a_new_copy() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.take("name=survey.xml", ddi("Mots.", ""));
        let draft = desk.write(&desk.draft("fr", SURVEY_FR), completion());
        let submitted = step(&desk.server, &desk.editor.session, "register-submit", &Seen::of(&draft));
        let before = desk.draft("fr", SURVEY_FR)["content"].clone();
        let report = desk.take("name=survey.xml", ddi("Autres mots.", ""));
        assert_eq!(counts(&report), json!({ "fetched": 1, "waiting": 1 }), "{report}");
        assert_eq!(desk.draft("fr", SURVEY_FR)["content"], before);
        let validated = step(&desk.server, &desk.validator.session, "register-validate", &submitted);
        done(&desk.act(&desk.validator, "register-publish", validated.input()), "dataset");
        assert!(desk.drafts().is_empty());

        // Now what waited is taken, into a working copy of the published record, which stands as it was.
        let report = desk.take("name=survey.xml", ddi("Autres mots.", ""));
        assert_eq!(counts(&report), json!({ "fetched": 1, "changed": 1 }), "{report}");
        let slug = "nso-enquete-sur-la-migration-de-retour";
        let record = desk.record(slug);
        assert_eq!((&record["status"], &record["version"]), (&json!("PUBLISHED"), &json!(1)));
        let copy = desk.draft("fr", SURVEY_FR);
        assert_eq!((&copy["id"], &copy["content"]["abstract"]["fr"]["text"]), (&record["workingCopy"]["id"], &json!("Autres mots.")));
        assert_eq!((&copy["content"]["riskClass"], &copy["slug"]), (&json!("LOW"), &json!(slug)), "what was written here stands");
        desk.close();
    }
}

#[test]
fn a_discarded_draft_is_begun_again_by_a_file_and_a_retired_record_is_not() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.take("name=survey.xml", ddi("Mots.", ""));
        let draft = desk.draft("fr", SURVEY_FR);
        let discard = "mutation($input: DraftInput!) { datasetDraftDiscard(input: $input) { errors { code } } }";
        let gone = desk.validator.ask(&desk.server, discard, json!({ "input": Seen::of(&draft).input() }));
        assert_eq!(gone["datasetDraftDiscard"]["errors"], json!([]));
        let report = desk.take("name=survey.xml", ddi("Mots.", ""));
        assert_eq!(counts(&report), json!({ "fetched": 1, "created": 1 }), "{report}");
        let again = desk.write(&desk.draft("fr", SURVEY_FR), completion());
        assert_ne!(again["id"], draft["id"]);

        let record = publish(&desk.server, &desk.validator.session, &desk.validator.session, &Seen::of(&again));
        let record = desk.record(record["slug"].as_str().expect("slug"));
        let input = json!({ "dataset": record["id"], "expectedRevision": record["revision"], "reason": "Terminée." });
        done(&desk.act(&desk.validator, "register-retire", input), "dataset");
        for words in ["Mots.", "Autres mots."] {
            let report = desk.take("name=survey.xml", ddi(words, ""));
            assert_eq!(counts(&report), json!({ "fetched": 1, "setAside": 1 }), "{report}");
            assert!(remedies(&report).contains("retired") && report["outcome"] == "WITH_FAILURES", "{report}");
        }
        assert!(desk.drafts().is_empty());
        assert_eq!(desk.record("nso-enquete-sur-la-migration-de-retour")["status"], "RETIRED");
        desk.close();
    }
}

#[test]
fn a_record_that_was_handed_over_is_left_to_those_who_have_it() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let record = published(&desk);
        let record = desk.record(record["slug"].as_str().expect("slug"));
        // The observatory takes over from the office.
        let line = crate::sources::named_institution("observatory", "Observatoire des migrations", "مرصد الهجرة");
        let mut line: Value = serde_json::from_str(&line).expect("JSON");
        line["predecessors"] = json!(["nso"]);
        let file = desk.place.write("heir.jsonl", line.to_string());
        desk.place.run_ok(&["import", &file]);
        let transfer = "mutation($input: DatasetTransferInput!) { datasetTransfer(input: $input) { errors { code message } } }";
        let input = json!({ "input": { "dataset": record["id"], "expectedRevision": record["revision"], "to": "observatory" } });
        let done = crate::people::ask_as(&desk.server, &desk.validator.session, transfer, input);
        assert_eq!(done["datasetTransfer"]["errors"], json!([]), "{done}");
        let copies = desk.place.count("SELECT COUNT(*) FROM working_copies");
        let report = desk.take("name=survey.xml", ddi("Autres mots.", ""));
        assert_eq!(counts(&report), json!({ "fetched": 1, "setAside": 1 }), "{report}");
        assert!(remedies(&report).contains("another institution"), "{report}");
        assert_eq!(desk.place.count("SELECT COUNT(*) FROM working_copies"), copies, "nobody writes in the record of another");
        desk.close();
    }
}

#[test]
fn own_records_are_known_by_their_short_name_and_those_of_others_are_not_touched() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let (server, own) = (&desk.server, &desk.validator.session);
        publish(server, own, own, &begin(server, own, "nso", &content("nso", "own-survey", |_| {})));
        let other = crate::outgoing::Person::join(&desk.place, server, "other", "en", &["EDITOR@observatory", "VALIDATOR@observatory"]);
        let theirs = begin(server, &other.session, "observatory", &content("observatory", "their-survey", |_| {}));
        publish(server, &other.session, &other.session, &theirs);
        let draft_of_theirs = begin(server, &other.session, "observatory", &json!({ "slug": "their-draft" }));

        // A file of the registry's own format, with one field changed and the rest unsaid.
        let line = |slug: &str, title: &str| {
            json!({ "type": "dataset", "slug": slug, "titles": { "fr": { "text": title, "status": "OFFICIAL" } } }).to_string()
        };
        let lines = [line("own-survey", "Titre corrigé"), line("their-survey", "Pris"), line("their-draft", "Pris aussi")];
        let report = desk.take("name=own.jsonl", lines.join("\n"));
        assert_eq!(counts(&report), json!({ "fetched": 3, "created": 2, "changed": 1 }), "{report}");
        let copy = desk.draft("fr", "Titre corrigé");
        assert_eq!(copy["id"], desk.record("own-survey")["workingCopy"]["id"]);
        assert_eq!((&copy["content"]["themes"], &copy["content"]["riskClass"]), (&json!(["MT-0701"]), &json!("LOW")));
        for (title, slug) in [("Pris", "their-survey"), ("Pris aussi", "their-draft")] {
            let ours = desk.draft("fr", title);
            let given = ours["slug"].as_str().expect("a short name");
            assert!(given.starts_with(&format!("{slug}-")), "{given}");
        }
        let seen = crate::drafting::standing(server, &other.session, &draft_of_theirs);
        assert_eq!(seen["revision"], 1);
        let query = "{ dataset(slug: \"their-survey\") { version title workingCopy { id } } }";
        let record = other.ask(server, query, Value::Null)["dataset"].clone();
        assert_eq!((&record["version"], &record["workingCopy"]), (&json!(1), &Value::Null), "{record}");
        // A second time they are what they became.
        let report = desk.take("name=own.jsonl", lines.join("\n"));
        assert_eq!(counts(&report), json!({ "fetched": 3, "unchanged": 3 }), "{report}");
        desk.close();
    }
}

#[test]
fn defaults_of_a_source_do_not_change_what_an_own_record_says() {
    let desk = Desk::open(BACKENDS[0]);
    let (server, own) = (&desk.server, &desk.validator.session);
    let risky = content("nso", "own-survey", |content| content["riskClass"] = json!("HIGH"));
    begin(server, own, "nso", &risky);
    let line =
        json!({ "type": "dataset", "slug": "own-survey", "titles": { "fr": { "text": "Titre de la source", "status": "OFFICIAL" } } });
    desk.house.behave(move |_| crate::sources::house::Reply::of("application/x-ndjson", line.to_string()));
    let source = desk.declare(
        "RIHLA",
        &desk.house.url("/records.jsonl"),
        json!({ "defaults": { "riskClass": "NONE", "programme": [{ "language": "fr", "text": "MED-HIMS" }] } }),
    );
    let run = desk.harvest(&source, Value::Null);
    assert_eq!(counts(&run), json!({ "fetched": 1, "changed": 1 }), "{run}");
    let draft = desk.draft("fr", "Titre de la source");
    assert_eq!(draft["content"]["riskClass"], "HIGH", "the record says it, and the source does not");
    assert_eq!(draft["content"]["programme"]["fr"]["text"], "MED-HIMS", "the record does not say it");
    desk.close();
}

#[test]
fn systems_that_both_count_from_one_do_not_write_over_each_other() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let take = |name: &str, title: &str, words: &str| {
            let record =
                json!({ "@type": "dcat:Dataset", "identifier": "1", "title": title, "description": words, "accessLevel": "public" });
            let file = json!({ "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [record] });
            counts(&desk.take(&format!("name={name}&format=DATA_JSON"), file.to_string()))
        };
        let (new, same, changed) =
            (json!({ "fetched": 1, "created": 1 }), json!({ "fetched": 1, "unchanged": 1 }), json!({ "fetched": 1, "changed": 1 }));
        assert_eq!(take("ministry.json", "Returns", "Of the ministry."), new);
        assert_eq!(take("council.json", "Schools", "Of the council."), new);
        assert_eq!(desk.drafts().len(), 2);
        assert_eq!(take("ministry.json", "Returns", "Of the ministry."), same);
        assert_eq!(take("council-2.json", "Schools", "Of the council."), same, "by its title, whatever the file is called");
        assert_eq!(take("ministry-2.json", "Returns", "Revised."), changed);
        assert_eq!(take("ministry-2.json", "Returns of 2020", "Revised."), changed, "a file of this name gave it before");
        assert_eq!(desk.drafts().len(), 2);
        desk.close();
    }
}

/// Two catalogues that both have a thing `#1`, and two offices that both have a study `S-1`.
#[test]
fn what_only_its_own_document_knows_does_not_replace_another_record() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let turtle = |title: &str, words: &str| {
            format!(
                "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n\
                 <#1> a dcat:Dataset ; dct:title \"{title}\"@fr ; dct:description \"{words}\"@fr ."
            )
        };
        let study = |title: &str, words: &str| {
            let file = ddi(words, "").replace("ONS-EMR-2019", "S-1").replace(SURVEY_FR, title);
            file.replace(SURVEY_AR, title)
        };
        for (ending, make) in [("ttl", &turtle as &dyn Fn(&str, &str) -> String), ("xml", &study)] {
            let take = |name: &str, title: &str, words: &str| desk.take(&format!("name={name}.{ending}"), make(title, words));
            let title = |words: &str| format!("{words} ({ending})");
            let (labour, aliens) = (title("Enquête nationale sur l'emploi"), title("Recensement des ressortissants étrangers"));
            let drafts = desk.drafts().len();
            assert_eq!(counts(&take("labour", &labour, "Un.")), json!({ "fetched": 1, "created": 1 }));
            let report = take("aliens", &aliens, "Deux.");
            assert_eq!(counts(&report), json!({ "fetched": 1, "created": 1 }), "{report}");
            let lines = list(&report["problems"]);
            assert_eq!((lines.len(), &lines[0]["field"]), (1, &json!("identifier")), "{report}");
            assert!(remedies(&report).contains("discard one of the two"), "{report}");
            assert_eq!(desk.draft("fr", &labour)["content"]["abstract"]["fr"]["text"], "Un.", "the first draft stands");
            // Each comes again, unchanged or corrected, and is what it was.
            for (name, title) in [("labour", &labour), ("aliens", &aliens)] {
                let words = if name == "labour" { "Un." } else { "Deux." };
                let report = take(name, title, words);
                assert_eq!(counts(&report), json!({ "fetched": 1, "unchanged": 1 }), "{report}");
                assert_eq!(report["outcome"], "SUCCEEDED", "it was told once: {report}");
                assert_eq!(counts(&take(name, title, "Corrigé.")), json!({ "fetched": 1, "changed": 1 }));
            }
            // A file of the same name is no proof either.
            let other = title("Statistiques des visas délivrés");
            assert_eq!(counts(&take("labour", &other, "Trois.")), json!({ "fetched": 1, "created": 1 }));
            assert_eq!(desk.drafts().len(), drafts + 3);
        }
        desk.close();
    }
}

#[test]
fn what_is_told_of_a_record_stays_told_when_it_comes_again() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        // Two records of one number and one title; and two, of which the second asks for the short name of the first.
        let pair = |second: &str| {
            let record = |title: &str| json!({ "identifier": "X-1", "title": title, "accessLevel": "public" });
            json!({ "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [record("Returns"), record(second)] })
        };
        for fate in ["created", "unchanged"] {
            let report = desk.take("name=twice.json&format=DATA_JSON", pair("Returns").to_string());
            assert_eq!(counts(&report), json!({ "fetched": 2, fate: 1, "failed": 1 }), "{report}");
            let lines = list(&report["problems"]);
            assert_eq!((lines.len(), &lines[0]["field"]), (1, &json!("identifier")), "{report}");
        }
        let other = desk.take("name=other.json&format=DATA_JSON", pair("Schools").to_string());
        assert_eq!(counts(&other), json!({ "fetched": 2, "unchanged": 1, "created": 1 }), "{other}");

        // A short name that another institution's draft has.
        let file =
            json!({ "type": "dataset", "slug": "other-survey", "titles": { "en": { "text": "Other survey", "status": "OFFICIAL" } } })
                .to_string();
        let theirs = desk.place.write("theirs.jsonl", &file);
        desk.place.run_ok(&["import", "--institution", "observatory", &theirs]);
        let first = desk.take("name=lines.jsonl&format=RIHLA", &file);
        let again = desk.take("name=lines.jsonl&format=RIHLA", &file);
        assert_eq!(first["counts"]["unfit"], again["counts"]["unfit"], "{first} {again}");
        assert_eq!(first["unfit"], again["unfit"], "{first} {again}");
        assert_eq!((list(&first["unfit"]).len(), &first["unfit"][0]["field"], &again["outcome"]), (1, &json!("slug"), &json!("SUCCEEDED")));
        desk.close();
    }
}
