//! Workbooks over the web and at the console: the empty one, and the records of an institution, which come back as they are.

use serde_json::json;

use crate::harness::{BACKENDS, Backend, dataset};
use crate::sources::{Desk, list, remedies};

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[test]
fn the_empty_workbook_speaks_three_languages_and_describes_nothing() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        for (language, word) in [("fr", "Jeux de données"), ("ar", "مجموعات البيانات"), ("en", "Datasets"), ("pt", "Datasets")]
        {
            let answer = desk.server.get(&format!("/template.xlsx?language={language}&institution=nso"), &[]);
            assert_eq!((answer.status, answer.header("content-type")), (200, MEDIA_TYPE), "{language}");
            assert!(answer.words().contains(word), "{language} lacks {word}");
            let tag = answer.header("etag").to_owned();
            assert_eq!(
                desk.server.get(&format!("/template.xlsx?language={language}&institution=nso"), &[("if-none-match", &tag)]).status,
                304
            );
            let report = desk.take("name=empty.xlsx", &answer.bytes);
            assert_eq!((&report["format"], &report["outcome"]), (&json!("SPREADSHEET"), &json!("FAILED")), "{report}");
        }
        assert_eq!(desk.server.get("/template.xlsx?institution=nowhere", &[]).status, 404);
        let path = desk.place.write("t.xlsx", "");
        desk.place.run_ok(&["workbook", "--language", "fr", "--institution", "nso", "--output", &path]);
        let written = std::fs::read(&path).expect("a workbook");
        assert_eq!(written, desk.server.get("/template.xlsx?language=fr&institution=nso", &[]).bytes, "the same at the console");
        desk.close();
    }
}

#[test]
fn an_institution_takes_its_records_along_and_they_come_back_unchanged() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let open = dataset("open-survey", |record| {
            record["producer"] = json!("nso");
            record["titles"]["ar"] = json!({ "text": "بحث مفتوح", "status": "OFFICIAL" });
            record["coverage"]["period"] = json!({ "start": "2018-08", "end": "2019" });
            record["keywords"] = json!([{ "fr": { "text": "=HYPERLINK(\"https://x\")", "status": "OFFICIAL" } }]);
        });
        let veiled = dataset("veiled-survey", |record| {
            record["producer"] = json!("nso");
            record["visibility"] = json!("MEMBERS");
        });
        desk.place.run_ok(&["import", &desk.place.write("records.jsonl", format!("{open}\n{veiled}"))]);
        desk.server.wait_for_index();
        let bearer = format!("Bearer {}", desk.editor.token);
        let path = "/institution/nso/records.xlsx?language=fr";
        let own = desk.server.get(path, &[("authorization", &bearer)]);
        assert_eq!((own.status, own.header("content-type")), (200, MEDIA_TYPE));
        assert!(own.header("cache-control").contains("private"), "{}", own.header("cache-control"));
        assert!(own.words().contains("veiled-survey") && own.words().contains("بحث مفتوح"));
        let anyone = desk.server.get(path, &[]).words();
        assert!(anyone.contains("open-survey") && !anyone.contains("veiled"), "a visitor gets what a visitor may see");
        let report = desk.take("name=records.xlsx", &own.bytes);
        assert_eq!(
            (&report["counts"]["unchanged"], &report["counts"]["created"], &report["counts"]["changed"]),
            (&json!(2), &json!(0), &json!(0)),
            "{report}"
        );
        assert!(desk.drafts().is_empty(), "nothing has changed, so that nothing is begun");
        desk.close();
    }
}

#[test]
fn the_sheets_are_there_as_plain_text_too() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let datasets = desk.server.get("/template.csv?language=fr", &[]);
        assert_eq!((datasets.status, datasets.header("content-type")), (200, "text/csv; charset=utf-8"));
        let by_reader = desk.server.get("/template.csv", &[("accept-language", "fr-MA,fr;q=0.9")]);
        assert_eq!(by_reader.body, datasets.body, "the reader's language where none is asked for");
        let holdings = desk.server.get("/template.csv?language=ar&sheet=holdings", &[]);
        assert!(holdings.status == 200 && holdings.body != datasets.body);
        assert_eq!(desk.server.get("/template.csv?sheet=nothing", &[]).status, 404);
        // At the console each sheet is a file.
        let path = desk.place.write("own.csv", "");
        desk.place.run_ok(&["workbook", "--language", "fr", "--output", &path]);
        assert_eq!(std::fs::read_to_string(&path).expect("a sheet"), datasets.body);
        assert!(std::path::Path::new(&path.replace("own.csv", "own-holdings.csv")).exists());
        let refused = desk.place.run(&["workbook", "--output", &path.replace("own.csv", "own.txt")]);
        assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("neither in .xlsx nor in .csv"));
        // An institution's records, sheet by sheet.
        let record = dataset("open-survey", |record| {
            record["producer"] = json!("nso");
            record["methodology"]["definitions"] = json!([{ "code": "CITIZENSHIP_STOCK" }]);
            record["methodology"]["knownLimits"] = json!([{ "fr": { "text": "Hors ménages collectifs", "status": "OFFICIAL" } }]);
        });
        desk.place.run_ok(&["import", &desk.place.write("records.jsonl", record)]);
        desk.server.wait_for_index();
        let sheet = desk.server.get("/institution/nso/records.csv?language=en", &[]).body;
        assert!(sheet.contains("open-survey"));
        // One sheet says nothing of what stands on the others, and takes nothing of it away.
        let again = desk.place.run_ok(&["import", "--institution", "nso", &desk.place.write("again.csv", &sheet)]);
        assert!(again.contains("1 unchanged"), "{again}");
        desk.close();
    }
}

#[test]
fn wrong_cells_are_in_the_report_by_sheet_and_cell() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let record = dataset("nso-survey", |record| record["producer"] = json!("nso"));
        desk.place.run_ok(&["import", &desk.place.write("records.jsonl", record)]);
        desk.server.wait_for_index();
        let bearer = format!("Bearer {}", desk.editor.token);
        let own = desk.server.get("/institution/nso/records.csv?language=en", &[("authorization", &bearer)]).body;
        let wrong = own.replace("STATISTICAL_OPERATION", "شيء").replace("Statistical operation", "شيء");
        assert_ne!(own, wrong, "{own}");
        let report = desk.take("name=survey.csv", wrong.as_bytes());
        assert_eq!(report["outcome"], "WITH_FAILURES", "{report}");
        let told = report["problems"].as_array().expect("problems");
        assert!(
            told.iter().any(|line| line["value"].as_str().is_some_and(|value| value.starts_with("شيء"))
                && line["field"].as_str().expect("field").contains('2')),
            "{report}"
        );
        // At the console too, also when it is only tried.
        let path = desk.place.write("survey.csv", &wrong);
        let tried = desk.place.run(&["import", "--institution", "nso", "--dry-run", &path]);
        assert!(String::from_utf8_lossy(&tried.stderr).contains("شيء") && !tried.status.success());
        desk.close();
    }
}

#[test]
fn the_sheets_of_one_set_come_in_together_and_one_alone_changes_what_it_speaks_of() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let text = |words: &str| json!({ "fr": { "text": words, "status": "OFFICIAL" } });
        let record = dataset("open-survey", |record| {
            record["producer"] = json!("nso");
            record["methodology"]["definitions"] = json!([{ "code": "CITIZENSHIP_STOCK" }]);
            record["keywords"] = json!([text("ancien mot")]);
            let terms = json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" });
            record["holdings"] = json!([{ "institution": "nso", "role": "PRODUCER", "accessTerms": terms }]);
        });
        desk.place.run_ok(&["import", &desk.place.write("records.jsonl", record)]);
        std::fs::create_dir_all(desk.place.folder.join("set")).expect("a folder");
        let first = desk.place.folder.join("set/nso.csv").display().to_string();
        desk.place.run_ok(&["workbook", "--institution", "nso", "--records", "--output", &first]);

        // Another catalogue that has none of it: as a folder at the console, and packed over the web.
        let other = Desk::open(backend);
        let folder = desk.place.folder.join("set").display().to_string();
        let told = other.place.run_ok(&["import", "--institution", "nso", &folder]);
        assert!(told.contains("sheets of its set") && told.contains("1 records; 1 begun") && told.contains("0 refused"), "{told}");
        let draft = other.drafts().remove(0);
        let content = &draft["content"];
        assert_eq!(
            (&content["keywords"], &content["methodology"]["definitions"][0]["code"], content["holdings"].as_array().map(Vec::len)),
            (&json!([text("ancien mot")]), &json!("CITIZENSHIP_STOCK"), Some(1)),
            "{content}"
        );
        let mut files: Vec<_> = std::fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
        files.sort();
        let mut package = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for file in files {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            package.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
            std::io::Write::write_all(&mut package, &std::fs::read(&file).expect("bytes")).expect("written");
        }
        let packed = package.finish().expect("a package").into_inner();
        let report = other.take("name=nso.zip", &packed);
        assert_eq!((&report["format"], &report["counts"]["unchanged"]), (&json!("SPREADSHEET"), &json!(1)), "{report}");

        // A sheet that comes alone changes the record of that short name, here a published one, and nothing else of it.
        for desk in [&desk, &other] {
            let report = desk.take("name=words.csv", "dataset;keywords.fr\nopen-survey;nouveau mot\n");
            assert_eq!((&report["counts"]["changed"], &report["outcome"]), (&json!(1), &json!("SUCCEEDED")), "{report}");
            let content = desk.drafts().remove(0)["content"].clone();
            assert_eq!(content["keywords"], json!([text("nouveau mot")]));
            assert_eq!(content["methodology"]["definitions"][0]["code"], "CITIZENSHIP_STOCK");
            assert!(content["titles"].is_object() && content["holdings"].is_array(), "{content}");
            let again = desk.take("name=words.csv", "dataset;keywords.fr\nopen-survey;nouveau mot\n");
            assert_eq!(again["counts"]["unchanged"], 1, "{again}");
            let report = desk.take("name=words.csv", "dataset;keywords.fr\nno-such-one;mot\n");
            assert_eq!((&report["counts"]["failed"], desk.drafts().len()), (&json!(1), 1), "{report}");
            assert!(remedies(&report).contains("give the sheet of datasets"), "{report}");
        }
        desk.close();
        other.close();
    }
}

#[test]
fn a_row_that_says_published_is_told_where_the_record_is_not() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let record = dataset("nso-survey", |record| record["producer"] = json!("nso"));
        desk.place.run_ok(&["import", &desk.place.write("records.jsonl", &record)]);
        desk.server.wait_for_index();
        let is_told = |report: &serde_json::Value| {
            list(&report["unfit"]).iter().any(|part| part["field"] == "status" && part["value"] == "PUBLISHED")
        };
        // An export says so of what is published.
        let bearer = format!("Bearer {}", desk.editor.token);
        let own = desk.server.get("/institution/nso/records.xlsx?language=en", &[("authorization", &bearer)]);
        assert!(own.words().contains("PUBLISHED"), "{}", own.words());
        let report = desk.take("name=records.xlsx", &own.bytes);
        assert!(report["counts"]["unchanged"] == 1 && !is_told(&report), "{report}");
        let report = desk.take("name=own.jsonl", &record);
        assert!(!is_told(&report), "{report}");
        let report = desk.take("name=new.csv", "slug;titles.fr;status\nnso-new;Titre;PUBLISHED\n");
        assert!(report["counts"]["created"] == 1 && is_told(&report), "{report}");
        let report = desk.take("name=draft.csv", "slug;titles.fr;status\nnso-second;Autre;DRAFT\n");
        assert!(report["counts"]["created"] == 1 && !is_told(&report), "{report}");
        desk.close();
    }
}

#[test]
fn institutions_that_the_registry_does_not_have_are_told_with_their_cell() {
    let desk = Desk::open(Backend::Sqlite);
    let table = "slug;titles.fr;partners;producer\nnso-x;Titre;\"observatory;no-such-office\";observatory\n";
    let report = desk.take("name=x.csv", table);
    let lines: Vec<_> = list(&report["problems"]).iter().map(|line| (&line["field"], &line["value"])).collect();
    assert_eq!(lines, [(&json!("Datasets!C2 (partners)"), &json!("no-such-office"))], "{report}");
    // That another institution is named as the producer is no fault, and is told with the draft.
    let unfit = desk.drafts().remove(0)["origins"][0]["unfit"].clone();
    assert!(list(&unfit).iter().any(|part| part["path"] == "producer" && part["value"] == "observatory"), "{unfit}");
    desk.close();
}
