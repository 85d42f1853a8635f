//! Sources harvested again and again: CKAN, OAI-PMH and DCAT, what changes in them and what vanishes.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::sources::fixtures::{Item, NOW, SURVEY_AR, ckan, dcat_details, oai, oai_answer, oai_identity, oai_page, package, turtle};
use crate::sources::house::Reply;
use crate::sources::{Desk, counts, list, remedies};

fn packages(count: usize) -> Vec<Value> {
    (0..count).map(|number| package(&format!("set-{number}"), &format!("Tableau {number}"))).collect()
}

#[test]
fn a_ckan_portal_is_harvested_page_by_page_and_what_changes_is_taken() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| ckan(&packages(5), 2, asked));
        let source = desk.declare("CKAN", &desk.house.url("/"), json!({ "language": "fr", "defaults": { "riskClass": "LOW" } }));
        assert_eq!((&source["nextRunAt"], &source["revision"]), (&Value::Null, &json!(1)), "{source}");
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 5, "created": 5 }), &json!("SUCCEEDED")), "{run}");
        assert_eq!((&run["format"], &run["institution"], &run["isPartial"]), (&json!("CKAN"), &json!("nso"), &json!(false)));
        let asked: Vec<_> = desk.house.asked().iter().map(|asked| asked.parameter("start").expect("start")).collect();
        assert_eq!(asked, ["0", "2", "4"]);
        let agent = desk.house.asked()[0].header("user-agent").to_owned();
        assert!(agent.starts_with("rihla/") && agent.contains("+http"), "{agent}");
        let draft = desk.draft("fr", "Tableau 3");
        assert_eq!((&draft["content"]["riskClass"], &draft["content"]["titles"]["ar"]["text"]), (&json!("LOW"), &json!(SURVEY_AR)));
        let origin = &draft["origins"][0];
        assert_eq!((&origin["identifier"], &origin["modified"]), (&json!("id-set-3"), &json!("2025-01-01T00:00:00")), "{origin}");

        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 5, "unchanged": 5 }), &json!("SUCCEEDED")), "{run}");

        // A person writes a title; the portal changes two titles and the words of one.
        desk.write(&desk.draft("fr", "Tableau 3"), json!({ "titles": [{ "language": "fr", "text": "Notre titre" }] }));
        desk.house.behave(|asked| {
            let mut changed = packages(5);
            for (number, field, text) in
                [(2, "title_translated", "Tableau deux"), (3, "title_translated", "Tableau trois"), (4, "notes", "Autres chiffres.")]
            {
                changed[number][field] = if field == "notes" { json!(text) } else { json!({ "fr": text, "ar": SURVEY_AR }) };
                changed[number]["title"] = if field == "notes" { changed[number]["title"].clone() } else { json!(text) };
            }
            ckan(&changed, 100, asked)
        });
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(
            (counts(&run), &run["outcome"]),
            (json!({ "fetched": 5, "changed": 3, "unchanged": 2 }), &json!("WITH_FAILURES")),
            "{run}"
        );
        let lines = list(&run["problems"]["nodes"]);
        assert_eq!((lines.len(), &lines[0]["record"], &lines[0]["path"]), (1, &json!("id-set-3"), &json!("titles")), "{run}");
        assert_eq!(desk.draft("fr", "Notre titre")["content"]["abstract"]["fr"]["text"], "Les chiffres.");
        assert_eq!(desk.draft("fr", "Tableau deux")["revision"], 2);
        assert_eq!(desk.draft("fr", "Tableau 4")["content"]["abstract"]["fr"]["text"], "Autres chiffres.");

        // The source is removed: what came from it stays, and says where it came from.
        assert_eq!(desk.remove(&desk.editor.session, &source)["errors"], json!([]));
        assert_eq!(desk.source(&source), Value::Null);
        let drafts = desk.drafts();
        assert!(drafts.len() == 5 && drafts.iter().all(|draft| draft["origins"][0]["name"] == desk.house.url("/")), "{drafts:?}");
        desk.close();
    }
}

#[test]
fn what_vanishes_is_flagged_unless_it_is_too_much_and_what_comes_back_is_there_again() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| ckan(&packages(10), 3, asked));
        let source = desk.declare("CKAN", &desk.house.url("/"), Value::Null);
        assert_eq!(counts(&desk.harvest(&source, Value::Null)), json!({ "fetched": 10, "created": 10 }));

        // Two of ten: flagged, not deleted.
        desk.house.behave(|asked| ckan(&packages(10)[2..], 3, asked));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 8, "unchanged": 8, "gone": 2 }), &json!("SUCCEEDED")), "{run}");
        assert_eq!((desk.gone(&source), desk.drafts().len()), (vec!["id-set-0".to_owned(), "id-set-1".to_owned()], 10));
        let flagged = desk.draft("fr", "Tableau 1")["origins"][0]["goneSince"].clone();
        assert!(flagged.is_string());
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 8, "unchanged": 8 }), "they are gone once");

        // Three more of eight are too many to be believed.
        desk.house.behave(|asked| ckan(&packages(10)[5..], 3, asked));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 5, "unchanged": 5 }), &json!("HELD")), "{run}");
        assert!(remedies(&run).contains("3 of 8"), "{run}");
        assert_eq!(desk.gone(&source).len(), 2);
        let run = desk.harvest(&source, json!({ "acceptGone": true }));
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 5, "unchanged": 5, "gone": 3 }), &json!("SUCCEEDED")), "{run}");
        assert_eq!(desk.gone(&source).len(), 5);

        // All are back, one of them otherwise.
        desk.house.behave(|asked| {
            let mut all = packages(10);
            all[0]["notes"] = json!("Revenu.");
            ckan(&all, 10, asked)
        });
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 10, "changed": 5, "unchanged": 5 }), "{run}");
        assert!(desk.gone(&source).is_empty() && desk.draft("fr", "Tableau 1")["origins"][0]["goneSince"].is_null());
        assert_eq!(desk.draft("fr", "Tableau 0")["content"]["abstract"]["fr"]["text"], "Revenu.");

        // An empty portal is no reason to flag anything.
        desk.house.behave(|asked| ckan(&[], 10, asked));
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((&run["outcome"], desk.gone(&source).len()), (&json!("HELD"), 0), "{run}");
        desk.close();
    }
}

fn archive(titles: &[(u32, &str)]) -> Vec<Item> {
    titles.iter().map(|(number, title)| Item::new(*number, title, "2025-06-01T00:00:00Z")).collect()
}

#[test]
fn an_archive_is_asked_only_for_what_has_changed_and_tells_what_is_deleted() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let mut items = archive(&[(1, "Un"), (2, "Deux"), (3, "Trois"), (4, "Quatre"), (5, "Cinq")]);
        let first = items.clone();
        desk.house.behave(move |asked| oai(&first, 2, asked));
        let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["isPartial"]), (json!({ "fetched": 5, "created": 5 }), &json!(false)), "{run}");
        let verbs: Vec<_> = desk.house.asked().iter().map(|asked| asked.parameter("verb").expect("verb")).collect();
        assert_eq!(verbs, ["Identify", "ListMetadataFormats", "ListRecords", "ListRecords", "ListRecords"]);
        let notice = desk.draft("fr", "Trois");
        assert_eq!(notice["origins"][0]["identifier"], "oai:archive.example:3");
        assert_eq!(notice["origins"][0]["modified"], "2025-06-01T00:00:00Z");

        // Nothing new.
        desk.house.forget();
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["isPartial"], &run["outcome"]), (json!({}), &json!(true), &json!("SUCCEEDED")), "{run}");
        let list_records = desk.house.asked().into_iter().find(|asked| asked.parameter("verb").as_deref() == Some("ListRecords"));
        assert_eq!(list_records.expect("a list").parameter("from").as_deref(), Some(NOW));

        // One changed, one deleted, one new, and one deleted that was never here.
        items[1] = Item::new(2, "Deux, corrigé", "2026-04-01T00:00:00Z");
        items[3] = Item::deleted(4, "2026-04-01T00:00:00Z");
        items.push(Item::new(6, "Six", "2026-04-02T00:00:00Z"));
        items.push(Item::deleted(7, "2026-04-02T00:00:00Z"));
        let second = items.clone();
        desk.house.behave(move |asked| oai(&second, 3, asked));
        let run = desk.harvest(&source, Value::Null);
        let expected = json!({ "fetched": 4, "created": 1, "changed": 1, "unchanged": 1, "gone": 1 });
        assert_eq!((counts(&run), &run["outcome"]), (expected, &json!("SUCCEEDED")), "{run}");
        assert_eq!((desk.gone(&source), desk.drafts().len()), (vec!["oai:archive.example:4".to_owned()], 6));
        assert_eq!(desk.draft("fr", "Deux, corrigé")["revision"], 2);

        // Everything is read where somebody asks for it. The one that was deleted is back.
        items[3] = Item::new(4, "Quatre", "2025-06-01T00:00:00Z");
        let third = items.clone();
        desk.house.behave(move |asked| oai(&third, 3, asked));
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!((&run["isPartial"], &run["fetched"], &run["changed"]), (&json!(false), &json!(7), &json!(1)), "{run}");
        assert!(desk.gone(&source).is_empty());

        // What vanishes without a word is found when everything is read; that it is gone holds for everything too.
        let few = items[..2].to_vec();
        desk.house.behave(move |asked| oai(&few, 3, asked));
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!(run["outcome"], "HELD", "{run}");
        let run = desk.harvest(&source, json!({ "acceptGone": true }));
        assert_eq!((&run["outcome"], &run["gone"], desk.gone(&source).len()), (&json!("SUCCEEDED"), &json!(4), 4), "{run}");
        desk.close();
    }
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_asked_for_again() {
    let desk = Desk::open(BACKENDS[0]);
    let foreign = "<record><header><identifier>oai:archive.example:9</identifier><datestamp>2025-06-01T00:00:00Z</datestamp></header>\
                   <metadata><marc xmlns='http://marc.example'/></metadata></record>";
    desk.house.behave(move |asked| {
        oai_identity(asked, "persistent").unwrap_or_else(|| {
            let page = oai_page(&archive(&[(1, "Un")]), "").replace("</ListRecords>", &format!("{foreign}</ListRecords>"));
            Reply::of("text/xml", page)
        })
    });
    let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 2, "created": 1, "failed": 1 }), &json!("WITH_FAILURES")), "{run}");
    let line = &run["problems"]["nodes"][0];
    assert_eq!((&line["record"], &line["value"]), (&json!("oai:archive.example:9"), &json!("marc")), "{run}");
    desk.house.forget();
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["isPartial"], &run["failed"]), (&json!(true), &json!(1)), "the others are not asked for again: {run}");
    let asked: Vec<_> = desk.house.asked().iter().filter_map(|asked| asked.parameter("from")).collect();
    assert_eq!(asked, [NOW]);
    // A provider that says it has nothing at all.
    desk.house.behave(|asked| {
        oai_identity(asked, "persistent").unwrap_or_else(|| oai_answer("<error code='cannotDisseminateFormat'>No</error>"))
    });
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["outcome"], desk.gone(&source).len()), (&json!("FAILED"), 0), "{run}");
    assert!(remedies(&run).contains("answers with an error: No"), "{run}");
    desk.close();
}

#[test]
fn a_catalogue_is_read_along_its_pages_and_not_at_all_where_it_has_not_changed() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let base = desk.house.url("");
        let own = base.clone();
        desk.house.behave(move |asked| match asked.target.as_str() {
            "/catalog" => Reply::of(
                "text/turtle",
                turtle(&own, &[(1, "Un", &dcat_details()), (2, "Deux", "")], Some(&format!("{own}/catalog?page=2"))),
            ),
            "/catalog?page=2" => Reply::of("text/turtle", turtle(&own, &[(3, "Trois", "")], None)),
            _ => Reply::status(404),
        });
        let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 3, "created": 3 }), &json!("SUCCEEDED")), "{run}");
        let census = desk.draft("fr", "Un");
        assert_eq!(
            (&census["content"]["coverage"]["reportingAreas"], &census["content"]["titles"]["ar"]["text"]),
            (&json!(["MA"]), &json!(SURVEY_AR))
        );

        // One page, which says when it was changed last.
        let own = base.clone();
        desk.house.behave(move |asked| {
            if asked.header("if-none-match") == "\"v1\"" {
                return Reply::status(304);
            }
            Reply::of("text/turtle", turtle(&own, &[(1, "Un", &dcat_details()), (2, "Deux", ""), (3, "Trois", "")], None))
                .with("etag", "\"v1\"")
        });
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((&run["unchanged"], &run["outcome"]), (&json!(3), &json!("SUCCEEDED")), "{run}");
        desk.house.forget();
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "unchanged": 3 }), &json!("SUCCEEDED")), "{run}");
        assert_eq!(desk.house.asked().len(), 1);
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!(run["fetched"], 3, "everything is read where somebody asks for it");

        // The address is another: nothing is known of that one yet.
        let now = desk.source(&source);
        let input = json!({ "source": source["id"], "expectedRevision": now["revision"], "url": desk.house.url("/other") });
        let changed = crate::people::done(&desk.act(&desk.editor, "intake-source-change", input), "source");
        assert_eq!(changed["revision"], 2);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!((&run["fetched"], &run["unchanged"]), (&json!(3), &json!(3)), "{run}");
        desk.close();
    }
}

#[test]
fn a_provider_that_gives_one_identifier_twice_is_not_written_again_at_every_run() {
    for (backend, at_once) in [(BACKENDS[0], 1), (BACKENDS[0], 5)] {
        let desk = Desk::open(backend);
        let items = archive(&[(1, "Notice A"), (1, "Notice B"), (2, "Notice C")]);
        desk.house.behave(move |asked| oai(&items, at_once, asked));
        let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 3, "created": 2, "failed": 1 }), "{run}");
        // On one page the last is taken, on several the first.
        let (kept, left_out) = if at_once == 1 { ("Notice A", "Notice B") } else { ("Notice B", "Notice A") };
        assert!(remedies(&run).contains(left_out) && remedies(&run).contains("same identifier"), "{run}");
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!(counts(&run), json!({ "fetched": 3, "unchanged": 2, "failed": 1 }), "{run}");
        assert_eq!((desk.drafts().len(), &desk.draft("fr", kept)["revision"]), (2, &json!(1)));
        // One that has changed while the list was read is taken, without a word.
        let changed = vec![
            Item::new(1, kept, "2025-06-01T00:00:00Z"),
            Item::new(1, kept, "2025-07-01T00:00:00Z"),
            Item::new(2, "Notice C", "2025-06-01T00:00:00Z"),
        ];
        desk.house.behave(move |asked| oai(&changed, 1, asked));
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!(run["outcome"], "SUCCEEDED", "{run}");
        desk.close();
    }
}

#[test]
fn an_older_copy_of_a_record_is_not_written_over_the_newer_one_at_every_run() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let give = |titles: Vec<(u32, &'static str, &'static str)>| {
            let items: Vec<Item> = titles.into_iter().map(|(number, title, stamp)| Item::new(number, title, stamp)).collect();
            desk.house.behave(move |asked| oai(&items, 1, asked));
        };
        let (old, new) = ("2025-06-01T00:00:00Z", "2025-07-01T00:00:00Z");
        give(vec![(1, "Ancien", old), (1, "Nouveau", new), (2, "Deux", old)]);
        let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        assert_eq!(counts(&run), json!({ "fetched": 3, "created": 2, "changed": 1 }), "{run}");
        let draft = desk.draft("fr", "Nouveau");
        for _ in 0..2 {
            let run = desk.harvest(&source, json!({ "whole": true }));
            assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 3, "unchanged": 3 }), &json!("SUCCEEDED")), "{run}");
            let lines = list(&run["problems"]["nodes"]);
            assert_eq!((lines.len(), &lines[0]["path"], &lines[0]["value"]), (1, &json!("datestamp"), &json!(format!("{old} < {new}"))));
            assert_eq!(desk.draft("fr", "Nouveau"), draft);
        }
        // What is newer than both is taken.
        give(vec![(1, "Ancien", old), (1, "Plus nouveau", "2025-08-01T00:00:00Z"), (2, "Deux", old)]);
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!(counts(&run), json!({ "fetched": 3, "changed": 1, "unchanged": 2 }), "{run}");
        // All stamps are set back: what says the same goes on from there.
        give(vec![(1, "Plus nouveau", "2024-01-01T00:00:00Z"), (2, "Deux", "2024-01-01T00:00:00Z")]);
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 2, "unchanged": 2 }), &json!("SUCCEEDED")), "{run}");
        give(vec![(1, "Corrigé", "2024-02-01T00:00:00Z"), (2, "Deux", "2024-01-01T00:00:00Z")]);
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!(counts(&run), json!({ "fetched": 2, "changed": 1, "unchanged": 1 }), "{run}");
        desk.draft("fr", "Corrigé");
        desk.close();
    }
}
