//! Files of other systems: what becomes of each kind, what is named, and what is refused.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, dataset};
use crate::people::path_of;
use crate::sources::fixtures::{OFFICE_AR, SURVEY_AR, SURVEY_FR, dcat_details, ddi, package, turtle};
use crate::sources::{Desk, counts, list, named_institution, remedies};

/// Wordings of a text by language.
fn said(text: &Value) -> Vec<(&str, &str)> {
    let wordings = text.as_object().unwrap_or_else(|| panic!("no text: {text}"));
    wordings.iter().map(|(language, wording)| (language.as_str(), wording["text"].as_str().expect("text"))).collect()
}

/// Whether a part that does not fit is named.
fn is_unfit(origin: &Value, path: &str, value: &str) -> bool {
    let parts = list(&origin["unfit"]);
    parts.iter().any(|part| part["path"].as_str().is_some_and(|own| own.contains(path)) && part["value"] == value && part["remedy"] != "")
}

/// What a draft was read from, as somebody is given it.
fn original(desk: &Desk, draft: &Value) -> String {
    let address = draft["origins"][0]["original"].as_str().expect("an address");
    let token = format!("Bearer {}", desk.editor.token);
    let answer = desk.server.get(&path_of(address), &[("authorization", &token)]);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/octet-stream"), "{}", answer.body);
    assert!(answer.header("content-disposition").starts_with("attachment"), "{:?}", answer.headers);
    answer.body
}

#[test]
fn a_ddi_document_becomes_a_draft_with_what_it_says_and_nothing_else() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let file = ddi("Les migrants de retour.", "");
        let report = desk.take("name=survey.xml", &file);
        assert_eq!((&report["outcome"], &report["format"]), (&json!("SUCCEEDED"), &json!("DDI")), "{report}");
        assert_eq!((counts(&report), &report["problemCount"]), (json!({ "fetched": 1, "created": 1 }), &json!(0)));
        let draft = desk.draft("fr", SURVEY_FR);
        let content = &draft["content"];
        assert_eq!((&draft["status"], &draft["revision"]), (&json!("DRAFT"), &json!(1)));
        assert_eq!(draft["slug"], "nso-enquete-sur-la-migration-de-retour");
        assert_eq!(said(&content["titles"]), [("ar", SURVEY_AR), ("fr", SURVEY_FR)]);
        assert_eq!((&content["titles"]["fr"]["status"], &content["titles"]["ar"]["status"]), (&json!("OFFICIAL"), &json!("TRANSLATION")));
        assert_eq!(said(&content["abstract"]), [("fr", "Les migrants de retour.")]);
        assert_eq!((&content["coverage"]["period"]["start"], &content["coverage"]["period"]["end"]), (&json!("2018"), &json!("2019")));
        assert_eq!(content["coverage"]["reportingAreas"], json!(["MA"]));
        // The office is known by its name, and holds the data; how they can be had is not made up.
        let holding = &content["holdings"][0];
        assert_eq!((&holding["institution"], &holding["accessTerms"]["microdata"]), (&json!("nso"), &json!("UNKNOWN")), "{content}");
        for unsaid in ["riskClass", "recordKind", "status"] {
            assert!(content.get(unsaid).is_none(), "{unsaid}: {content}");
        }
        let origin = &draft["origins"][0];
        assert_eq!(
            (&origin["format"], &origin["name"], &origin["identifier"]),
            (&json!("DDI"), &json!("survey.xml"), &json!("ONS-EMR-2019"))
        );
        assert!(is_unfit(origin, "dataKind", "Enquête par sondage"), "{origin}");
        assert_eq!(report["counts"]["unfit"], list(&origin["unfit"]).len());
        assert_eq!(original(&desk, &draft), file);
        desk.close();
    }
}

#[test]
fn a_catalogue_in_turtle_becomes_a_draft_for_each_dataset() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let base = "https://data.example.org";
        let file = turtle(base, &[(1, "Recensement", &dcat_details()), (2, "Registre des visas", "")], None);
        let report = desk.take("name=catalog.ttl", &file);
        assert_eq!((&report["format"], counts(&report)), (&json!("DCAT"), json!({ "fetched": 2, "created": 2 })), "{report}");
        let census = desk.draft("fr", "Recensement");
        let content = &census["content"];
        assert_eq!(said(&content["titles"]), [("ar", SURVEY_AR), ("fr", "Recensement")]);
        assert_eq!((&content["coverage"]["period"]["start"], &content["coverage"]["period"]["end"]), (&json!("2014"), &json!("2015")));
        assert_eq!(content["coverage"]["reportingAreas"], json!(["MA"]));
        let origin = &census["origins"][0];
        assert_eq!((&origin["format"], &origin["identifier"]), (&json!("DCAT"), &json!("set-1")), "{origin}");
        assert!(is_unfit(origin, "dct:issued", "2016"), "{origin}");
        assert!(!remedies(&report).contains(OFFICE_AR), "the office is known by its Arabic name");
        assert_eq!(desk.draft("fr", "Registre des visas")["slug"], "nso-registre-des-visas");
        assert_eq!(original(&desk, &census), file);
        desk.close();
    }
}

#[test]
fn packages_answers_of_providers_and_lines_become_drafts() {
    let desk = Desk::open(Backend::Sqlite);
    let dump = format!("{}\n{}\n", package("tables", "Tableaux des entrées"), package("stocks", "Population étrangère"));
    let report = desk.take("name=dump.jsonl&format=ckan", &dump);
    assert_eq!(counts(&report), json!({ "fetched": 2, "created": 2 }), "{report}");
    let tables = desk.draft("fr", "Tableaux des entrées");
    let content = &tables["content"];
    assert_eq!((&content["titles"]["ar"]["text"], &content["coverage"]["period"]["end"]), (&json!(SURVEY_AR), &json!("2019")), "{content}");
    let file = &content["holdings"][0]["distributions"][0];
    assert_eq!((&content["holdings"][0]["institution"], &file["url"]), (&json!("nso"), &json!("https://portal.example/tables.csv")));
    assert!(is_unfit(&tables["origins"][0], "colour", "blue"), "{tables}");

    let items = [crate::sources::fixtures::Item::new(7, "Notice de l'archive", "2025-01-01T00:00:00Z")];
    let answer = crate::sources::fixtures::oai_page(&items, "");
    let report = desk.take("name=answer.xml", answer);
    assert_eq!((&report["format"], counts(&report)), (&json!("OAI_PMH"), json!({ "fetched": 1, "created": 1 })), "{report}");
    let notice = desk.draft("fr", "Notice de l'archive");
    assert_eq!(notice["origins"][0]["identifier"], "oai:archive.example:7");

    let line = dataset("plain-line", |record| record["titles"] = json!({ "ar": { "text": "سطر", "status": "OFFICIAL" } }));
    let report = desk.take("name=lines.jsonl", format!("{line}\n{}\n", named_institution("other", "Autre", "آخر")));
    assert_eq!((&report["outcome"], counts(&report)), (&json!("WITH_FAILURES"), json!({ "fetched": 1, "created": 1 })), "{report}");
    assert!(remedies(&report).contains("institutions do not come in as drafts"), "{report}");
    let draft = desk.draft("ar", "سطر");
    assert_eq!((&draft["slug"], &draft["content"]["methodology"]["sourceType"]), (&json!("plain-line"), &json!("CENSUS")));
    assert_eq!(draft["status"], "DRAFT", "however the line calls itself");
    desk.close();
}

#[test]
fn what_cannot_be_taken_is_named_and_the_rest_is_taken() {
    let desk = Desk::open_with(Backend::Sqlite, &["max_import_bytes=20000"]);
    let base = "https://data.example.org";
    let untitled = format!("{} <{base}/set/9> a <http://www.w3.org/ns/dcat#Dataset> .", turtle(base, &[(1, "Recensement", "")], None));
    let report = desk.take("name=a.ttl", untitled);
    assert_eq!((&report["outcome"], counts(&report)), (&json!("WITH_FAILURES"), json!({ "fetched": 2, "created": 1, "failed": 1 })));
    assert!(remedies(&report).contains("no title in any language") && remedies(&report).contains("/set/9"), "{report}");

    // Two of one identifier are told apart by their titles; the same twice is named.
    let (one, mut two) = (package("same", "Première"), package("same", "Deuxième"));
    two["title_translated"] = json!({ "fr": "Deuxième" });
    let report = desk.take("name=b.json", json!([one, two, two]).to_string());
    assert_eq!(counts(&report), json!({ "fetched": 3, "created": 2, "failed": 1 }), "{report}");
    assert!(remedies(&report).contains("the first one was taken"), "{report}");
    // Where the first one could not be taken, nobody says that it was.
    let mut untitled = package("none", "");
    untitled["title_translated"] = json!({});
    let report = desk.take("name=n.json", json!([untitled, untitled]).to_string());
    assert_eq!(counts(&report), json!({ "fetched": 2, "failed": 2 }), "{report}");
    assert!(!remedies(&report).contains("was taken"), "{report}");
    assert_eq!(desk.drafts().len(), 3);

    let whole = ddi("Mots", "");
    let cut = &whole[..whole.len() - 40];
    for (query, bytes, told) in [
        ("name=page.html", "<!DOCTYPE html><html><body>Sign in</body></html>".as_bytes(), ""),
        ("name=cut.xml", cut.as_bytes(), ""),
        ("name=empty.json", b"", ""),
        ("name=bomb.xml", b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><codeBook>&b;</codeBook>", ""),
        ("name=x.xml&format=sdmx", whole.as_bytes(), "give one of RIHLA"),
        ("name=x.xml&language=12", whole.as_bytes(), "language"),
        ("name=x.xml&dryRun=perhaps", whole.as_bytes(), "dryRun"),
        ("name=x.ttl", &[b' '; 20_001], "divide it"),
    ] {
        let answer = desk.send(&desk.editor.token, "nso", query, bytes);
        let json = answer.json();
        let is_report = answer.status == 200;
        let lines = if is_report { remedies(&json) } else { json["errors"].to_string() };
        assert!(is_report || matches!(answer.status, 413 | 422), "{query}: {} {json}", answer.status);
        assert!(!is_report || json["outcome"] == "FAILED", "{query}: {json}");
        assert!(lines.len() > 20 && lines.contains(told), "{query}: {lines}");
    }
    assert_eq!(desk.drafts().len(), 3, "nothing came of any of them");
    desk.close();
}

/// Everything that taking records in may write.
fn written(place: &Place) -> Vec<u64> {
    let tables = ["working_copies", "origins", "originals", "intake_runs", "intake_problems", "changes"];
    tables.iter().map(|table| place.count(&format!("SELECT COUNT(*) FROM {table}"))).collect()
}

#[test]
fn a_rehearsal_tells_what_would_come_of_it_and_writes_nothing() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.take("name=first.xml", ddi("Avant.", ""));
        let before = written(&desk.place);
        let base = "https://data.example.org";
        let file = turtle(base, &[(1, "Recensement", ""), (2, "Registre", "")], None);
        let report = desk.take("name=a.ttl&dryRun=true", &file);
        assert_eq!((&report["outcome"], counts(&report)), (&json!("SUCCEEDED"), json!({ "fetched": 2, "created": 2 })), "{report}");
        let changed = desk.take("name=first.xml&dryRun=true", ddi("Après.", ""));
        assert_eq!(counts(&changed), json!({ "fetched": 1, "changed": 1 }));
        let content = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "{\"title\": \"\", \"name\": \"bare\"}");
        let input = json!({ "institution": "nso", "name": "bare.json", "format": "CKAN", "content": content, "dryRun": true });
        let run = crate::people::done(&desk.act(&desk.editor, "intake-file", input), "run");
        assert_eq!((&run["outcome"], &run["problems"]["totalCount"]), (&json!("WITH_FAILURES"), &json!(1)), "{run}");
        let path = desk.place.write("a.ttl", &file);
        let told = desk.place.run_ok(&["import", "--institution", "nso", "--dry-run", &path]);
        assert!(told.contains("2 would be begun as drafts"), "{told}");
        assert_eq!(written(&desk.place), before, "{backend:?}");
        assert_eq!(desk.drafts().len(), 1);
        desk.close();
    }
}

#[test]
fn folders_are_taken_in_at_the_console() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let file = place.write("institutions.jsonl", named_institution("nso", "Office", "مكتب"));
        place.run_ok(&["import", &file]);
        let folder = place.folder.join("files");
        std::fs::create_dir_all(folder.join("below")).expect("folder");
        place.write("files/survey.xml", ddi("Mots.", ""));
        place.write("files/.hidden.xml", ddi("Caché.", ""));
        place.write("files/below/package.json", package("tables", "Tableaux").to_string());
        let folder = folder.display().to_string();
        let told = place.run_ok(&["import", "--institution", "nso", "--language", "fr", &folder]);
        assert!(told.contains("package.json: CKAN") && told.matches("1 begun as drafts").count() == 2, "{told}");
        assert_eq!(place.count("SELECT COUNT(*) FROM working_copies"), 2);
        // With one file that is none the rest is taken, and the exit code says so.
        place.write("files/zz.bin", "nothing that anybody knows");
        let done = place.run(&["import", "--institution", "nso", "/nowhere/x.xml", &folder]);
        let (told, why) = (String::from_utf8_lossy(&done.stdout).into_owned(), String::from_utf8_lossy(&done.stderr).into_owned());
        assert!(done.status.code() == Some(1) && told.matches("1 unchanged").count() == 2, "{told}");
        assert!(told.contains("zz.bin: refused") && why.contains("zz.bin"), "{told}{why}");
        assert!(why.contains("1 could not be read: /nowhere/x.xml"), "{why}");
        for (arguments, told) in [
            (["import", "--institution", "nowhere", &folder], "nowhere"),
            (["import", "--institution", "No Slug", &folder], "--institution"),
        ] {
            let done = place.run(&arguments);
            assert!(!done.status.success() && String::from_utf8_lossy(&done.stderr).contains(told), "{arguments:?}");
        }
        place.assert_healthy();
    }
}

#[test]
fn a_large_catalogue_is_read_piece_by_piece_and_loses_nothing() {
    let desk = Desk::open(BACKENDS[0]);
    let words = "Les personnes de retour, par région. ".repeat(500);
    let mut file = String::from("@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n");
    for number in 0..500 {
        if number == 250 {
            file.push_str("<https://data.example.org/wrong> dct:title .\n");
        }
        file.push_str(&format!(
            "<https://data.example.org/{number}> a dcat:Dataset ; dct:title \"Jeu {number}\"@fr ; dct:description \"{words}\"@fr .\n"
        ));
    }
    assert!(file.len() > 8 << 20, "else it would be held whole");
    let path = desk.place.write("catalogue.ttl", &file);
    let done = desk.place.run(&["import", "--institution", "nso", &path]);
    let (told, faults) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(!done.status.success() && faults.contains("line 253"), "the wrong statement is named: {faults}");
    assert!(told.contains("500 records; 500 begun as drafts"), "{told}{faults}");
    for number in [0, 7] {
        let draft = desk.draft("fr", &format!("Jeu {number}"));
        assert_eq!(said(&draft["content"]["abstract"]), [("fr", words.trim())], "{number}");
    }
    assert_eq!(original(&desk, &desk.draft("fr", "Jeu 7")), file);
    desk.close();
}

#[test]
fn a_long_original_goes_in_and_out_in_parts_and_comes_back_byte_for_byte() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        // Characters that hardly pack.
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut noise = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            char::from(b'!' + (seed % 90) as u8)
        };
        let mut portal = package("long", "Enquête");
        let extra = json!({ "key": "noise", "value": (0..1_500_000).map(|_| noise()).collect::<String>() });
        portal["extras"].as_array_mut().expect("extras").push(extra);
        let file = portal.to_string();
        let parts = || desk.place.count("SELECT COUNT(*) FROM original_parts");
        desk.take("name=long.json&dryRun=true", &file);
        assert_eq!(parts(), 0, "a rehearsal keeps nothing");
        for _ in 0..2 {
            let report = desk.take("name=long.json", &file);
            assert_eq!((&report["format"], &report["counts"]["fetched"]), (&json!("CKAN"), &json!(1)), "{report}");
            assert!((3..=6).contains(&parts()), "kept once: {}", parts());
            let draft = desk.draft("fr", "Enquête");
            assert!(original(&desk, &draft) == file, "{backend:?}");
        }
        let address = path_of(desk.draft("fr", "Enquête")["origins"][0]["original"].as_str().expect("an address"));
        let token = format!("Bearer {}", desk.editor.token);
        let told = |name: &str, head: &ureq::http::Response<ureq::Body>| {
            head.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let asked = |request: ureq::RequestBuilder<ureq::typestate::WithoutBody>, encoding: &str| {
            let request = request.header("authorization", &token).header("accept-encoding", encoding);
            request.call().expect("the server answers")
        };
        let whole = format!("{}{address}", desk.server.address);
        let mut head = asked(ureq::head(&whole), "identity");
        let length = file.len().to_string();
        assert_eq!((head.status().as_u16(), told("content-length", &head)), (200, length.clone()));
        assert_eq!(head.body_mut().read_to_string().expect("no body"), "");
        let plain = asked(ureq::get(&whole), "identity");
        assert_eq!((told("content-length", &plain), told("content-encoding", &plain)), (length, String::new()));
        // What is packed on its way is as long as it is packed.
        let mut packed = asked(ureq::get(&whole), "gzip");
        assert_ne!(told("content-length", &packed), told("content-length", &plain));
        let unpacked = packed.body_mut().with_config().limit(1 << 24).read_to_string().expect("the whole");
        assert!(unpacked == file, "{backend:?}");
        assert_eq!(desk.server.get(&address, &[]).status, 404, "for others there is nothing");
        desk.close();
    }
}

#[test]
fn one_record_of_the_registrys_own_format_may_stand_on_many_lines() {
    let desk = Desk::open(Backend::Sqlite);
    let line = dataset("own-survey", |record| record["producer"] = json!("observatory"));
    let record: Value = serde_json::from_str(&line).expect("JSON");
    let pretty = serde_json::to_string_pretty(&record).expect("JSON");
    let report = desk.take("name=own-survey.json", &pretty);
    assert_eq!((&report["format"], counts(&report)), (&json!("RIHLA"), json!({ "fetched": 1, "created": 1 })), "{report}");
    let draft = desk.drafts().remove(0);
    assert_eq!((&draft["slug"], draft["content"]["producer"].as_str()), (&json!("own-survey"), Some("nso")));
    assert!(is_unfit(&draft["origins"][0], "producer", "observatory"), "{draft}");
    let second = dataset("second-survey", |record| record["producer"] = json!("nso"));
    let report = desk.take("name=both.json", format!("[\n{pretty},\n{second}]"));
    assert_eq!(counts(&report), json!({ "fetched": 2, "created": 1, "unchanged": 1 }), "{report}");
    desk.close();
}

#[test]
fn each_other_producer_has_a_line_and_persons_have_none() {
    let desk = Desk::open(Backend::Sqlite);
    let names: Vec<String> = (0..9).map(|number| format!("Institut national d'études numéro {number}")).collect();
    let creators: String = names.iter().map(|name| format!(", \"{name}\"@fr")).collect();
    let more = format!(
        "; dct:creator \"Jean Dupont\" {creators} ; dct:contributor [ a foaf:Person ; foaf:name \"John Smith\" ] ; \
         dct:publisher [ a foaf:Organization ; foaf:name \"Bureau d'études\"@fr ; foaf:mbox <mailto:jane.roe@bureau.example> ]"
    );
    desk.take("name=a.ttl", turtle("https://data.example.org", &[(1, "Recensement", &more)], None));
    let origin = desk.draft("fr", "Recensement")["origins"][0].clone();
    for name in names.iter().map(String::as_str).chain(["Bureau d'études", "(1 written like names of persons)"]) {
        assert!(is_unfit(&origin, "producer", name), "{name}: {origin}");
    }
    let told = origin["unfit"].to_string();
    for personal in ["Dupont", "Smith", "jane.roe"] {
        assert!(!told.contains(personal), "{personal}: {told}");
    }
    desk.close();
}

#[test]
fn two_records_of_one_identifier_do_not_write_over_each_other() {
    let desk = Desk::open(Backend::Sqlite);
    let item = |title: &str| crate::sources::fixtures::Item::new(1, title, "2025-01-01T00:00:00Z");
    let answer = crate::sources::fixtures::oai_page(&[item("Notice première"), item("Notice dernière")], "");
    let report = desk.take("name=answer.xml", &answer);
    assert_eq!(
        (counts(&report), &report["outcome"]),
        (json!({ "fetched": 2, "created": 1, "failed": 1 }), &json!("WITH_FAILURES")),
        "{report}"
    );
    assert!(remedies(&report).contains("Notice première"), "{report}");
    assert_eq!(desk.draft("fr", "Notice dernière")["revision"], 1);
    let report = desk.take("name=answer.xml", &answer);
    assert_eq!(counts(&report), json!({ "fetched": 2, "unchanged": 1, "failed": 1 }), "{report}");
    assert_eq!((desk.drafts().len(), &desk.draft("fr", "Notice dernière")["revision"]), (1, &json!(1)));

    // Packages of one identifier and two titles make two drafts, and a line says so.
    let mut second = package("tables", "Autre tableau");
    second["id"] = package("tables", "")["id"].clone();
    let list = json!([package("tables", "Tableaux"), second]);
    let report = desk.take("name=list.json", list.to_string());
    assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 2, "created": 2 }), &json!("WITH_FAILURES")), "{report}");
    assert!(remedies(&report).contains("has this identifier, with other titles"), "{report}");
    let report = desk.take("name=list.json", list.to_string());
    assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 2, "unchanged": 2 }), &json!("SUCCEEDED")), "{report}");
    let mut deleted = package("gone", "Retiré");
    deleted["state"] = json!("deleted");
    let report = desk.take("name=gone.json", deleted.to_string());
    assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 1, "setAside": 1 }), &json!("WITH_FAILURES")), "{report}");
    desk.close();
}
