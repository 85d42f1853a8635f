//! Workbooks over the web and at the console: the empty one, and the records of an institution, which come back as they are.

use serde_json::json;

use crate::harness::{BACKENDS, dataset};
use crate::sources::Desk;

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
