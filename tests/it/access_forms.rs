//! The forms of access requests, through the front door: written and published by the access officer, shown to everyone.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::drafting::holding;
use crate::harness::{BACKENDS, Backend, dataset, institution, note_secret};
use crate::people::{Registry, Session, Who, ask_as, ask_in, codes, done, operation, payload};
use crate::questions::operations;

/// A catalogue with a survey that two institutions hold, and another that is hidden.
struct Desk {
    registry: Registry,
    officer: Session,
    stranger: Session,
    editor: Session,
    used: RefCell<BTreeSet<String>>,
}

impl Desk {
    fn open(backend: Backend) -> Self {
        let held = |r: &mut Value| {
            r["producer"] = json!("nso");
            r["holdings"] = json!([holding("nso", "PRODUCER", "LICENSED"), holding("observatory", "HOLDER", "LICENSED")]);
        };
        let survey = dataset("survey", held);
        let hidden = dataset("hidden", |r| {
            held(r);
            r["visibility"] = json!("COORDINATOR");
        });
        let registry = Registry::open(backend, &[institution("nso"), institution("observatory"), survey, hidden]);
        let officer = registry.invite("nso", "Access officer", &["ACCESS_OFFICER"]);
        let stranger = registry.invite("observatory", "Officer of another", &["ACCESS_OFFICER"]);
        let editor = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        Self { registry, officer, stranger, editor, used: RefCell::default() }
    }

    /// Asks a documented operation in a language.
    fn ask<'a>(&self, language: &str, who: impl Into<Who<'a>>, name: &str, variables: Value) -> Value {
        self.used.borrow_mut().insert(name.to_owned());
        ask_in(&self.registry.server, language, who, &operation(name), variables)
    }

    fn act<'a>(&self, who: impl Into<Who<'a>>, name: &str, input: Value) -> Value {
        payload(&self.ask("en", who, name, json!({ "input": input })))
    }

    /// Writes the draft of the institution's form anew, whatever its revision.
    fn write(&self, questions: Value) -> i64 {
        let seen =
            self.ask("en", &self.officer, "access-form-draft", json!({ "institution": "nso" }))["accessFormDraft"]["revision"].clone();
        let input = json!({ "institution": "nso", "expectedRevision": seen, "form": form(questions) });
        done(&self.act(&self.officer, "access-form-save", input), "form")["revision"].as_i64().expect("revision")
    }

    fn publish(&self, revision: i64) -> Value {
        self.act(&self.officer, "access-form-publish", json!({ "institution": "nso", "expectedRevision": revision }))
    }

    /// The holdings of the survey with their forms, as a visitor sees them.
    fn shown(&self, language: &str) -> Vec<Value> {
        let data = self.ask(language, Who::Visitor, "access-form-questions", json!({ "slug": "survey" }));
        data["dataset"]["holdings"].as_array().unwrap_or_else(|| panic!("{data}")).clone()
    }

    fn holding_ids(&self, slug: &str) -> Vec<Value> {
        let query = "query($slug: String!) { dataset(slug: $slug) { holdings { id } } }";
        let data = ask_as(&self.registry.server, &self.editor, query, json!({ "slug": slug }));
        data["dataset"]["holdings"].as_array().expect("holdings").iter().map(|holding| holding["id"].clone()).collect()
    }

    /// Number of changes and the draft, which a refusal must leave as they are.
    fn state(&self) -> (u64, Value) {
        (self.registry.place.changes(), self.ask("en", &self.officer, "access-form-draft", json!({ "institution": "nso" })))
    }
}

fn words(arabic: &str, french: &str, english: &str) -> Value {
    json!([{ "language": "ar", "text": arabic }, { "language": "fr", "text": french }, { "language": "en", "text": english }])
}

fn form(questions: Value) -> Value {
    json!({ "title": words("طلب", "Demande", "Request"), "retentionMonths": 24, "questions": questions })
}

fn question(key: &str, kind: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut question = json!({
        "key": key, "kind": kind, "label": words("سؤال", "Question", "Question"), "isRequired": true, "keepMonths": 12, "isPersonal": false,
        "readers": ["APPLICANT", "ACCESS_OFFICER", "DECIDER"],
    });
    change(&mut question);
    question
}

fn messages(payload: &Value) -> String {
    payload["errors"].to_string()
}

fn has_arabic(text: &Value) -> bool {
    text.as_str().is_some_and(|text| text.chars().any(|c| ('\u{0621}'..='\u{064A}').contains(&c)))
}

#[test]
fn a_visitor_reads_the_form_of_the_catalogue_in_arabic() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let holdings = desk.shown("ar");
        assert_eq!(holdings.len(), 2);
        for form in holdings.iter().map(|holding| &holding["accessForm"]) {
            assert_eq!((&form["isDefault"], &form["version"]), (&json!(true), &json!(1)));
            assert!(has_arabic(&form["title"]) && has_arabic(&form["intro"]), "{form}");
            for question in form["questions"].as_array().expect("questions") {
                let options = question["options"].as_array().expect("options");
                assert!(has_arabic(&question["label"]) && options.iter().all(|option| has_arabic(&option["label"])), "{question}");
                assert!(question["readers"].as_array().is_some_and(|readers| readers.len() > 1) && question["keepMonths"].is_i64());
            }
        }
        // By the holding's identifier too; a hidden holding has none, and neither has an absent one.
        let whole = desk.ask("en", Who::Visitor, "access-form-of-holding", json!({ "holding": desk.holding_ids("survey")[0] }));
        assert_eq!(
            whole["accessForm"]["questions"].as_array().map(Vec::len),
            holdings[0]["accessForm"]["questions"].as_array().map(Vec::len)
        );
        for none in
            [desk.holding_ids("hidden")[0].clone(), json!("aG9sZGluZzowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA"), json!("x")]
        {
            assert_eq!(desk.ask("en", Who::Visitor, "access-form-of-holding", json!({ "holding": none })), json!({ "accessForm": null }));
        }
        desk.registry.close();
    }
}

#[test]
fn an_officer_writes_and_publishes_two_versions() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        // Begun in French only: kept, and what it lacks is listed.
        let french = question("project-title", "TEXT", |q| q["label"] = json!([{ "language": "fr", "text": "Titre" }]));
        let begun = desk.act(&desk.officer, "access-form-save", json!({ "institution": "nso", "form": form(json!([french])) }));
        let draft = done(&begun, "form");
        let lacks: Vec<&str> = draft["problems"].as_array().expect("problems").iter().filter_map(|p| p["field"].as_str()).collect();
        assert_eq!(lacks, ["questions[0].label.ar", "questions[0].label.en"]);
        assert_eq!((&draft["state"], &draft["revision"], &draft["version"]), (&json!("DRAFT"), &json!(1), &json!(0)));
        assert_eq!(desk.shown("fr")[0]["accessForm"]["isDefault"], true, "a draft is nobody else's to see");

        let linked = question("nso.linked", "YES_NO", |_| {});
        let why = question("nso.why", "LONG_TEXT", |q| {
            q["condition"] = json!({ "question": "nso.linked", "isYes": true });
            q["limits"] = json!({ "maxChars": 500 });
        });
        let first = json!([question("project-title", "TEXT", |_| {}), linked, why]);
        let published = done(&desk.publish(desk.write(first.clone())), "form");
        assert_eq!((&published["version"], &published["state"]), (&json!(1), &json!("PUBLISHED")));
        let shown = desk.shown("fr");
        let keys = |form: &Value| form["questions"].as_array().expect("questions").iter().map(|q| q["key"].clone()).collect::<Vec<_>>();
        assert_eq!(keys(&shown[0]["accessForm"]), [json!("project-title"), json!("nso.linked"), json!("nso.why")]);
        let condition = &shown[0]["accessForm"]["questions"][2]["condition"];
        assert_eq!(condition, &json!({ "question": "nso.linked", "equals": null, "isYes": true, "includes": null }));
        assert_eq!(shown[1]["accessForm"]["isDefault"], true, "the other holder asks on its own form");

        // The second version, and a form of one holding, which goes before the institution's.
        let second = json!([question("project-title", "TEXT", |_| {})]);
        assert_eq!(done(&desk.publish(desk.write(second.clone())), "form")["version"], 2);
        let one = json!({ "holding": desk.holding_ids("survey")[0], "form": form(json!([question("method", "LONG_TEXT", |_| {})])) });
        assert_eq!(done(&desk.act(&desk.officer, "access-form-save", one), "form")["holding"], desk.holding_ids("survey")[0]);
        assert_eq!(keys(&desk.shown("ar")[0]["accessForm"]), [json!("project-title")]);
        let own = json!({ "holding": desk.holding_ids("survey")[0], "expectedRevision": 1 });
        assert_eq!(done(&desk.act(&desk.officer, "access-form-publish", own), "form")["version"], 1);
        assert_eq!(keys(&desk.shown("ar")[0]["accessForm"]), [json!("method")]);
        assert_eq!(*desk.used.borrow(), {
            let mut all = operations(|name| name.starts_with("access-form-"));
            all.remove("access-form-of-holding");
            all
        });
        assert_kept(&desk, backend);
        desk.registry.close();
    }
}

/// What was published never changes, not even by hand.
fn assert_kept(desk: &Desk, backend: Backend) {
    desk.write(json!([question("method", "LONG_TEXT", |_| {})]));
    desk.registry.place.alter("UPDATE access_forms SET created_by = 'somebody' WHERE version = 0");
    let mut tries = vec!["UPDATE access_forms SET doc = '{}' WHERE version = 1", "DELETE FROM access_forms WHERE version = 2"];
    if backend == Backend::Sqlite {
        // Neither UPDATE nor DELETE of the published row, which goes all the same.
        tries.extend([
            "INSERT OR REPLACE INTO access_forms SELECT id, institution, holding_id, version, '{}', state, revision, created_by, created_at, \
             updated_at, published_at FROM access_forms WHERE version = 1",
            "INSERT OR REPLACE INTO access_forms SELECT 'other', institution, holding_id, version, '{}', state, revision, created_by, \
             created_at, updated_at, published_at FROM access_forms WHERE version = 1",
            "INSERT OR REPLACE INTO access_forms (rowid, id, institution, version, doc, state, revision, created_by, created_at, updated_at) \
             SELECT rowid, 'other', 'police', 7, '{}', 'DRAFT', 1, '', 1, 1 FROM access_forms WHERE version = 1",
            "UPDATE OR REPLACE access_forms SET id = (SELECT id FROM access_forms WHERE version = 1) WHERE version = 0",
            "UPDATE OR REPLACE access_forms SET version = 1 WHERE version = 0",
        ]);
    }
    for statement in tries {
        let altered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| desk.registry.place.alter(statement)));
        assert!(altered.is_err(), "{backend:?}: {statement}");
    }
    assert_eq!(desk.shown("en")[0]["accessForm"]["questions"][0]["key"], "method");
}

#[test]
fn what_is_wrong_with_a_form_keeps_it_from_being_published() {
    let desk = Desk::open(Backend::Sqlite);
    let without_arabic =
        question("project-title", "TEXT", |q| q["label"] = json!([{ "language": "fr", "text": "T" }, { "language": "en", "text": "T" }]));
    let waits = |key: &str, other: &str| question(key, "YES_NO", |q| q["condition"] = json!({ "question": other, "isYes": true }));
    for (fault, questions, path, word) in [
        ("no Arabic", json!([without_arabic]), "label", "Arabic"),
        ("a loop", json!([waits("nso.one", "nso.two"), waits("nso.two", "nso.one")]), "condition", "wait for each other"),
        ("a key of nobody", json!([question("lab", "TEXT", |_| {})]), "key", "nso.lab"),
        ("a key of another kind", json!([question("project-title", "DATE", |_| {})]), "kind", "TEXT"),
        ("a person that is no personal data", json!([question("nso.lead", "PERSON", |_| {})]), "isPersonal", "personal data"),
        (
            "read by the coordinator",
            json!([question("nso.lab", "TEXT", |q| q["readers"] = json!(["APPLICANT", "ACCESS_OFFICER", "COORDINATOR"]))]),
            "readers",
            "COORDINATOR",
        ),
        ("no question", json!([]), "questions", "1 to 200"),
    ] {
        let revision = desk.write(questions);
        let before = desk.state();
        let refused = desk.publish(revision);
        assert_eq!(codes(&refused), ["INVALID"], "{fault}: {refused}");
        assert!(messages(&refused).contains(path) && messages(&refused).contains(word), "{fault}: {refused}");
        assert_eq!(desk.state(), before, "{fault}");
    }
    // What no draft can keep is refused at once.
    let twice = question("nso.lab", "TEXT", |q| q["condition"] = json!({ "question": "project-title", "isYes": true, "equals": "A" }));
    let before = desk.state();
    let seen = before.1["accessFormDraft"]["revision"].clone();
    let input = json!({ "institution": "nso", "expectedRevision": seen, "form": form(json!([twice])) });
    let refused = desk.act(&desk.officer, "access-form-save", input);
    assert_eq!(refused["errors"][0]["path"], json!(["form", "questions", "0", "condition"]), "{refused}");
    assert_eq!(desk.state(), before);
    desk.registry.close();
}

#[test]
fn a_key_keeps_its_meaning_within_an_institution() {
    let desk = Desk::open(Backend::Sqlite);
    done(&desk.publish(desk.write(json!([question("nso.lab", "TEXT", |_| {})]))), "form");
    let refused = desk.publish(desk.write(json!([question("nso.lab", "DATE", |_| {})])));
    assert!(codes(&refused) == ["INVALID"] && messages(&refused).contains("kind TEXT in other forms"), "{refused}");
    desk.registry.close();
}

#[test]
fn only_the_access_officers_of_the_holder_write_its_form() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let revision = desk.write(json!([question("project-title", "TEXT", |_| {})]));
        let ids = desk.holding_ids("survey");
        let make = |scopes: &[&str]| {
            let input = json!({ "name": "program", "scopes": scopes, "expiresInDays": 1 });
            let made = payload(&ask_as(&desk.registry.server, &desk.officer, &operation("register-api-token"), json!({ "input": input })));
            let secret = done(&made, "secret").as_str().expect("secret").to_owned();
            note_secret(&secret);
            secret
        };
        let (reading, fitting) = (make(&["READ", "REGISTER", "DECIDE"]), make(&["ACCESS"]));
        let before = desk.state();
        for (who, code) in [
            (Who::Visitor, "SIGN_IN_REQUIRED"),
            (Who::Session(&desk.stranger), "ROLE_REQUIRED"),
            (Who::Session(&desk.editor), "ROLE_REQUIRED"),
            (Who::Token(&reading), "SCOPE_REQUIRED"),
        ] {
            for target in [json!({ "institution": "nso" }), json!({ "holding": ids[0] })] {
                let mut save = target.clone();
                save["form"] = form(json!([]));
                save["expectedRevision"] = json!(revision);
                assert_eq!(codes(&desk.act(who, "access-form-save", save)), [code], "{who:?}");
                let mut publish = target;
                publish["expectedRevision"] = json!(revision);
                assert_eq!(codes(&desk.act(who, "access-form-publish", publish)), [code], "{who:?}");
            }
            let read = desk.ask("en", who, "access-form-draft", json!({ "institution": "nso" }));
            assert_eq!(read, json!({ "accessFormDraft": null }), "{who:?}");
        }
        // A hidden holding is absent for another institution's officer who does not see it.
        let hidden = json!({ "holding": desk.holding_ids("hidden")[1], "form": form(json!([])) });
        assert_eq!(codes(&desk.act(&desk.stranger, "access-form-save", hidden)), ["NOT_FOUND"]);
        // Who has not seen what another wrote is told of it.
        let late = json!({ "institution": "nso", "expectedRevision": revision - 1, "form": form(json!([])) });
        let late = desk.act(&desk.officer, "access-form-save", late);
        assert_eq!(codes(&late), ["CONFLICT"]);
        assert_eq!(late["errors"][0]["conflict"]["revision"], revision);
        assert_eq!(codes(&desk.publish(revision + 1)), ["CONFLICT"]);
        assert_eq!(desk.state(), before, "{backend:?}: a refusal left a trace");
        let input = json!({ "institution": "nso", "expectedRevision": revision });
        done(&desk.act(Who::Token(&fitting), "access-form-publish", input), "form");
        let log = "{ auditLog(first: 1, where: { entities: [\"ACCESS_FORM\"] }) { nodes { kind actorFunction after } } }";
        let auditor = desk.registry.add("Audit of the catalogue", "AUDITOR");
        let told = ask_as(&desk.registry.server, &auditor, log, Value::Null)["auditLog"]["nodes"][0].clone();
        assert_eq!((&told["kind"], &told["actorFunction"]), (&json!("PUBLISHED"), &json!("Access officer")));
        assert!(told["after"].as_str().is_some_and(|after| after.contains("sha256") && !after.contains("Question")), "{told}");
        desk.registry.close();
    }
}
