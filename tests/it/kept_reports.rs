//! Reports through the front door: made by who may, kept as they are, given to anyone, verified.

use serde_json::{Value, json};

use crate::harness::{Place, Server, with_demo};
use crate::people::{Who, act, ask_as, codes, done};

fn token(server: &Server, role: &str) -> String {
    server.accounts().into_iter().find(|account| account.role == role).map(|account| account.token).unwrap_or_else(|| panic!("no {role}"))
}

fn input(language: &str) -> Value {
    json!({ "kind": "OBJECTIVE_1", "country": "MA", "until": "2026-01-01", "edition": "latest", "records": "PUBLISHED", "language": language, "formats": ["HTML", "MD"] })
}

fn path_of(url: &Value) -> String {
    let url = url.as_str().expect("an address");
    url.split_once("/report/").map(|(_, name)| format!("/report/{name}")).expect("a path")
}

fn kept(server: &Server, place: &Place) {
    let editor = token(server, "EDITOR");
    assert_eq!(codes(&act(server, Who::Visitor, "report-generate", input("fr"))), ["SIGN_IN_REQUIRED"]);
    assert_eq!(codes(&act(server, Who::Token(&editor), "report-generate", input("fr"))), ["ROLE_REQUIRED"]);
    let coordinator = token(server, "COORDINATOR");
    let mut wrong = input("fr");
    wrong["country"] = json!("Atlantis");
    assert_eq!(codes(&act(server, Who::Token(&coordinator), "report-generate", wrong)), ["INVALID"]);
    let mut to_come = input("fr");
    to_come["until"] = json!("2200-01-01");
    assert_eq!(codes(&act(server, Who::Token(&coordinator), "report-generate", to_come)), ["INVALID"]);
    let report = done(&act(server, Who::Token(&coordinator), "report-generate", input("ar")), "report");
    assert_eq!(report["verification"], json!({ "filesAreIntact": true, "logAgrees": true }));
    let files = report["files"].as_array().expect("files");
    assert_eq!(files.iter().map(|file| file["format"].as_str().expect("format")).collect::<Vec<_>>(), ["HTML", "MD"]);
    let mut bare = input("en");
    (bare["until"], bare["edition"], bare["formats"]) = (json!("2022-05-17"), Value::Null, json!(["MD"]));
    done(&act(server, Who::Token(&coordinator), "report-generate", bare), "report");
    let last = ask_as(server, Who::Visitor, "{ reports(first: 1) { nodes { edition seq } } }", Value::Null)["reports"]["nodes"][0].clone();
    assert!(last["edition"] == "latest" && last["seq"].is_i64(), "the log begins later: {last}");
    let page = server.get(&path_of(&files[0]["url"]), &[]);
    assert!(page.status == 200 && page.body.contains("dir=\"rtl\"") && page.body.contains("غير موثق"), "{}", page.body);
    let text = server.get(&path_of(&files[1]["url"]), &[]);
    assert_eq!((text.status, text.body.len()), (200, usize::try_from(files[1]["size"].as_u64().expect("size")).expect("size")));
    assert_eq!(server.get("/report/00000000-0000-7000-8000-000000000000.pdf", &[]).status, 404);

    // Who has the file can tell whether it is the one that was kept.
    let same = place.write("copy.md", &text.body);
    let told = place.run_ok(&["report", "verify", &same]);
    assert!(told.contains("the change log agrees"), "{told}");
    let changed = place.write("changed.md", text.body.replacen('#', "##", 1));
    let refused = place.run(&["report", "verify", &changed]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stdout).contains("no frozen copy"), "{refused:?}");

    // The console keeps copies too; the file has a name of its own where none is given.
    let output = place.write("kept.html", "");
    let asked = [
        "report",
        "objective-1",
        "--country",
        "MA",
        "--until",
        "2022-05-17",
        "--edition",
        "latest",
        "--language",
        "fr",
        "--format",
        "html",
    ];
    place.run_ok(&[&asked[..], &["--keep", "--output", &output]].concat());
    let told = place.run_ok(&["report", "verify", &output]);
    assert!(told.contains("until 2022-05-17") && told.contains("the change log agrees"), "{told}");
    let wrong = place.run(&[&asked[..9], &["klingon", "--format", "html", "--output", &output]].concat());
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("use en, fr or ar"), "{wrong:?}");

    // The log begins after the cut-off date: where no edition is named, the report looks back, and says so.
    let plain = |edition: &[&str]| {
        let output = place.write("plain.md", "");
        let asked = ["report", "objective-1", "--country", "MA", "--until", "2022-05-17", "--records", "published", "--format", "md"];
        let done = place.run(&[&asked[..], edition, &["--output", &output]].concat());
        let text = std::fs::read_to_string(&output).expect("the report");
        (String::from_utf8_lossy(&done.stderr).into_owned(), text)
    };
    let (told, report) = plain(&[]);
    assert!(told.contains("the report looks back"), "{told}");
    assert!(report.contains("This is a look back") && report.contains("dataset/"), "{report}");
    let (told, report) = plain(&["--edition", "2022-05-17"]);
    assert!(told.contains("knows nothing of that edition"), "{told}");
    assert!(report.contains("the catalogue knows nothing") && !report.contains("dataset/"), "{report}");

    // It stays what it was, whatever happens to what is kept.
    let looked = || {
        let data = ask_as(server, Who::Visitor, "{ reports { nodes { id verification { filesAreIntact logAgrees } } } }", Value::Null);
        data["reports"]["nodes"][0]["verification"].clone()
    };
    let size = text.body.len();
    place.alter(&format!("UPDATE report_files SET content = (SELECT content FROM report_files WHERE size = {size}) WHERE format = 'HTML'"));
    assert_eq!(looked(), json!({ "filesAreIntact": false, "logAgrees": true }));
    // Who changes the hash with the file does not change the log.
    place.alter(&format!("UPDATE report_files SET sha256 = (SELECT sha256 FROM report_files WHERE size = {size}) WHERE format = 'HTML'"));
    assert_eq!(looked(), json!({ "filesAreIntact": true, "logAgrees": false }));
}

#[test]
fn a_report_is_kept_as_it_is_and_verified() {
    with_demo(kept);
}
