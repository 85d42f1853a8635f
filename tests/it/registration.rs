//! The life of a record, from an empty catalogue to its tombstone, over HTTP only. Each step is a documented operation.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::drafting::{Seen, content, holding, standing};
use crate::harness::{BACKENDS, Backend, Server, dataset, institution, note_secret, with_demo_on_sqlite};
use crate::people::{
    PASSWORD, Registry, Session, Who, accept_invitation, ask_as, ask_in, codes, done, operation, path_of, payload, secret_of, sign_in,
    submit,
};
use crate::questions::{is_step, operations};

const SLUG: &str = "nso-pilot-returnees";
const TITLE: &str = "Enquête pilote sur les migrants de retour";
const EDITOR: &str = "Statistics officer";
const VALIDATOR: &str = "Director of statistics";
const COORDINATOR: &str = "Coordination of the catalogue";
const HOLDER: &str = "Data officer";
/// "Return migrants", which the French record never says.
const ARABIC: &str = "المهاجرون العائدون";

/// The catalogue of the story, and which documented operations it has used.
struct Story {
    registry: Registry,
    used: RefCell<BTreeSet<String>>,
}

impl Story {
    fn open(backend: Backend) -> Self {
        Self { registry: Registry::open(backend, &[institution("nso")]), used: RefCell::default() }
    }

    fn server(&self) -> &Server {
        &self.registry.server
    }

    /// Asks a documented operation in a language.
    fn ask_in<'a>(&self, language: &str, who: impl Into<Who<'a>>, name: &str, variables: Value) -> Value {
        self.used.borrow_mut().insert(name.to_owned());
        ask_in(self.server(), language, who, &operation(name), variables)
    }

    fn ask<'a>(&self, who: impl Into<Who<'a>>, name: &str, variables: Value) -> Value {
        self.ask_in("en", who, name, variables)
    }

    /// Payload of a documented mutation.
    fn act<'a>(&self, who: impl Into<Who<'a>>, name: &str, input: Value) -> Value {
        payload(&self.ask(who, name, json!({ "input": input })))
    }

    /// A step with a draft, which must succeed.
    fn step<'a>(&self, who: impl Into<Who<'a>>, name: &str, draft: &Seen) -> Seen {
        Seen::of(&done(&self.act(who, name, draft.input()), "draft"))
    }

    /// The record as somebody sees it.
    fn record<'a>(&self, who: impl Into<Who<'a>>) -> Value {
        let query = "query($slug: String!) { dataset(slug: $slug) { id title status version revision holdings { institution { slug } } \
                     holdingDeclarations { state } producerValidation { by version } coordinatorReview { by version } } }";
        ask_as(self.server(), who, query, json!({ "slug": SLUG }))["dataset"].clone()
    }

    /// How many records a visitor finds with Arabic words.
    fn found(&self) -> i64 {
        self.server().wait_for_index();
        self.ask(Who::Visitor, "register-find-arabic", json!({ "search": ARABIC }))["datasets"]["totalCount"].as_i64().expect("count")
    }

    /// Waits for a notice of a kind.
    fn notice(&self, who: &Session, language: &str, kind: &str) -> Value {
        let deadline = Instant::now() + Duration::from_secs(15);
        loop {
            let viewer = self.ask_in(language, who, "register-notifications", json!({ "unreadOnly": true }))["viewer"].clone();
            if let Some(notice) = list(&viewer["notifications"]["nodes"]).iter().find(|notice| notice["kind"] == kind) {
                return notice.clone();
            }
            assert!(Instant::now() < deadline, "no {kind} after 15 s: {viewer}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// People of the story.
struct Cast {
    editor: Session,
    validator: Session,
    coordinator: Session,
    auditor: Session,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn has_arabic(text: &str) -> bool {
    text.chars().any(|c| ('\u{0621}'..='\u{064A}').contains(&c))
}

#[test]
fn a_record_goes_from_an_empty_catalogue_to_its_tombstone() {
    for backend in BACKENDS {
        let story = Story::open(backend);
        let cast = invited(&story.registry);
        let draft = incomplete(&story, &cast);
        let draft = completed(&story, &cast, &draft);
        let draft = returned(&story, &cast, &draft);
        let draft = validated(&story, &cast, &draft);
        let identifier = published(&story, &cast, &draft);
        changed(&story, &cast);
        reviewed(&story, &cast);
        let holder = declared(&story, &cast);
        withdrawn(&story, &cast, &holder);
        connected(&story, &cast);
        retired(&story, &cast);
        never_used_again(&story, &cast, &identifier);
        audited(&story, &cast);
        assert_eq!(*story.used.borrow(), operations(is_step), "every documented step is taken");
        story.registry.close();
    }
}

fn invited(registry: &Registry) -> Cast {
    let server = &registry.server;
    let link = registry.invitation("nso", EDITOR, &["EDITOR"]);
    accept_invitation(server, &link, PASSWORD);
    assert_eq!(server.get(&path_of(&link), &[]).status, 404, "an invitation is accepted once");
    let email = Registry::email(EDITOR);
    assert_eq!(submit(server, "/sign-in", &[("email", email.as_str()), ("password", "another password")]).status, 401);
    let editor = sign_in(server, &email, PASSWORD);
    let viewer = ask_as(server, &editor, "{ viewer { function email roles { role institution { slug } } } }", Value::Null);
    let roles = json!([{ "role": "EDITOR", "institution": { "slug": "nso" } }]);
    assert_eq!(viewer["viewer"], json!({ "function": EDITOR, "email": email, "roles": roles }));
    Cast {
        editor,
        validator: registry.invite("nso", VALIDATOR, &["VALIDATOR"]),
        coordinator: registry.add(COORDINATOR, "COORDINATOR"),
        auditor: registry.add("Audit of the catalogue", "AUDITOR"),
    }
}

/// A draft with nothing but a title: what it lacks is listed with guidance, and it cannot be submitted.
fn incomplete(story: &Story, cast: &Cast) -> Seen {
    let titles = json!([{ "language": "fr", "text": TITLE }]);
    let created = story.act(&cast.editor, "register-draft-create", json!({ "institution": "nso", "content": { "titles": titles } }));
    let draft = Seen::of(&done(&created, "draft"));
    let data = story.ask(&cast.editor, "register-draft-readiness", json!({ "draft": draft.id }));
    assert_eq!(data["datasetDraft"]["readiness"]["isReady"], false);
    let missing = list(&data["datasetDraft"]["readiness"]["missing"]);
    let fields: Vec<&str> = missing.iter().map(|part| text(&part["field"])).collect();
    for field in ["slug", "recordKind", "abstract", "themes", "holdings", "methodology.sourceType", "coverage.period", "riskClass"] {
        assert!(fields.contains(&field), "{field} is not among {fields:?}");
    }
    assert!(!fields.iter().any(|field| field.starts_with("titles")), "{fields:?}");
    for part in missing {
        for (french, arabic) in [("labelFr", "labelAr"), ("guidanceFr", "guidanceAr")] {
            let (french, arabic) = (text(&part[french]), text(&part[arabic]));
            assert!(!french.is_empty() && !has_arabic(french) && has_arabic(arabic), "{part}");
        }
    }
    let refused = story.act(&cast.editor, "register-submit", draft.input());
    let steps = |error: &Value| list(&error["path"]).iter().map(|step| text(step).to_owned()).collect::<Vec<_>>().join(".");
    assert_eq!(list(&refused["errors"]).iter().map(steps).collect::<Vec<_>>(), fields);
    assert_eq!(standing(story.server(), &cast.editor, &draft)["status"], "DRAFT");
    draft
}

/// The draft is completed; a program that has not seen this is told what it would have overwritten.
fn completed(story: &Story, cast: &Cast, draft: &Seen) -> Seen {
    let full = content("nso", SLUG, |c| c["titles"][0]["text"] = json!(TITLE));
    let input = |content: &Value| json!({ "draft": draft.id, "expectedRevision": draft.revision, "content": content });
    let updated = done(&story.act(&cast.editor, "register-draft-update", input(&full)), "draft");
    assert_eq!(updated["readiness"], json!({ "isReady": true, "missing": [], "faults": [] }));
    let late = story.act(&cast.editor, "register-draft-update", input(&json!({ "slug": "another-name" })));
    assert_eq!(codes(&late), ["CONFLICT"]);
    let conflict = &late["errors"][0]["conflict"];
    assert_eq!((&conflict["revision"], &conflict["changedBy"]), (&json!(draft.revision + 1), &json!(EDITOR)));
    assert!(list(&conflict["fields"]).contains(&json!("slug")), "{conflict}");
    let now = standing(story.server(), &cast.editor, draft);
    assert!(now["revision"] == draft.revision + 1 && text(&now["content"]).contains(SLUG), "{now}");
    Seen::of(&updated)
}

/// Submitted; not for the editor to validate, nor for others to read; returned with a reason that the editor reads.
fn returned(story: &Story, cast: &Cast, draft: &Seen) -> Seen {
    let draft = story.step(&cast.editor, "register-submit", draft);
    assert_eq!(codes(&story.act(&cast.editor, "register-validate", draft.input())), ["ROLE_REQUIRED"]);
    for stranger in [Who::Visitor, Who::Session(&cast.coordinator), Who::Session(&cast.auditor)] {
        let read = story.ask(stranger, "register-draft-readiness", json!({ "draft": draft.id }));
        assert_eq!(read, json!({ "datasetDraft": null }), "{stranger:?}");
    }
    let notice = story.notice(&cast.validator, "ar", "DRAFT_SUBMITTED");
    assert!(has_arabic(text(&notice["text"])) && notice["title"] == TITLE, "{notice}");
    let because = |reason: &str| json!({ "draft": draft.id, "expectedRevision": draft.revision, "reason": reason });
    let silent = story.act(&cast.validator, "register-return", because(" "));
    assert_eq!((codes(&silent), &silent["errors"][0]["path"]), (vec!["INVALID"], &json!(["reason"])));
    let now = standing(story.server(), &cast.editor, &draft);
    assert!(now["status"] == "SUBMITTED" && now["revision"] == draft.revision, "{now}");
    let why = "Précisez la population de référence.";
    let returned = done(&story.act(&cast.validator, "register-return", because(why)), "draft");
    assert_eq!((&returned["status"], &returned["returnReason"]), (&json!("DRAFT"), &json!(why)));
    let notice = story.notice(&cast.editor, "fr", "DRAFT_RETURNED");
    assert!(notice["reason"] == why && text(&notice["text"]).contains("brouillon"), "{notice}");
    let read = story.ask(&cast.editor, "register-notifications-read", json!({ "ids": [notice["id"]] }));
    assert_eq!(codes(&read["notificationsMarkRead"]), [""; 0]);
    let unread = story.ask(&cast.editor, "register-notifications", json!({ "unreadOnly": true }));
    assert!(!unread.to_string().contains("DRAFT_RETURNED"), "{unread}");
    Seen::of(&returned)
}

/// Mended, shown to a guest by a private link, submitted again and validated. Nothing is public yet.
fn validated(story: &Story, cast: &Cast, draft: &Seen) -> Seen {
    let method = json!({ "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED", "universe": [{ "language": "fr", "text": "Ménages avec un migrant de retour" }] });
    let input = json!({ "draft": draft.id, "expectedRevision": draft.revision, "content": { "methodology": method } });
    let mended = Seen::of(&done(&story.act(&cast.editor, "register-draft-update", input), "draft"));
    let again = story.step(&cast.editor, "register-submit", &mended);
    let input = json!({ "draft": again.id, "expiresInDays": 7, "withoutNames": false });
    let link = story.act(&cast.editor, "register-preview-link", input);
    let token = secret_of(text(&done(&link, "url")));
    note_secret(&token);
    let guest = story.ask(Who::Visitor, "register-preview", json!({ "token": token }))["preview"].clone();
    assert_eq!((&guest["title"], &guest["status"], &guest["submittedBy"]), (&json!(TITLE), &json!("SUBMITTED"), &json!(EDITOR)));
    let validated = done(&story.act(&cast.validator, "register-validate", again.input()), "draft");
    assert_eq!((&validated["status"], &validated["validatedBy"]), (&json!("VALIDATED"), &json!(VALIDATOR)));
    assert_eq!((story.found(), story.record(Who::Visitor)), (0, Value::Null));
    Seen::of(&validated)
}

/// Published by the validator; a visitor finds the French record with Arabic words. Returns the identifier.
fn published(story: &Story, cast: &Cast, draft: &Seen) -> String {
    let wish = json!({ "name": "Retour", "search": ARABIC, "where": { "reportingAreas": ["MA-09"] } });
    done(&story.act(&cast.coordinator, "register-saved-search", wish), "savedSearch");
    assert_eq!(codes(&story.act(&cast.editor, "register-publish", draft.input())), ["ROLE_REQUIRED"]);
    assert_eq!((story.found(), story.record(Who::Visitor)), (0, Value::Null));
    let published = done(&story.act(&cast.validator, "register-publish", draft.input()), "dataset");
    assert_eq!(
        (&published["version"], &published["status"], &published["coordinatorReview"]),
        (&json!(1), &json!("PUBLISHED"), &Value::Null)
    );
    assert_eq!(story.found(), 1);
    let node = &story.ask(Who::Visitor, "register-find-arabic", json!({ "search": ARABIC }))["datasets"]["edges"][0]["node"];
    assert_eq!((&node["slug"], &node["title"]), (&json!(SLUG), &json!(TITLE)));
    assert_eq!(node["titles"], json!([{ "language": "fr", "text": TITLE, "status": "OFFICIAL" }]));
    assert_eq!((&node["producerValidation"]["by"], &node["producerValidation"]["version"]), (&json!(VALIDATOR), &json!(1)));
    let notice = story.notice(&cast.coordinator, "fr", "SAVED_SEARCH_MATCHED");
    assert!(text(&notice["title"]).contains(TITLE) && text(&notice["url"]).ends_with(&format!("/dataset/{SLUG}")), "{notice}");
    text(&published["identifier"]).to_owned()
}

/// A working copy beside the published version, which the public keeps until the next one is published.
fn changed(story: &Story, cast: &Cast) {
    let titles = json!([{ "language": "fr", "text": "Enquête pilote, 2024-2025" }, { "language": "ar", "text": "البحث التجريبي" }]);
    let input = json!({ "dataset": SLUG, "changeNote": "Titre arabe ajouté", "content": { "titles": titles } });
    let copy = done(&story.act(&cast.editor, "register-working-copy", input), "draft");
    assert_eq!((&copy["baseVersion"], &copy["status"]), (&json!(1), &json!("DRAFT")));
    assert_eq!(codes(&story.act(&cast.editor, "register-working-copy", json!({ "dataset": SLUG }))), ["CONFLICT"]);
    let compare = |from: i32, to: i32| json!({ "slug": SLUG, "from": from, "to": to });
    let paths = |record: &Value| list(&record["diff"]).iter().map(|change| text(&change["path"]).to_owned()).collect::<Vec<_>>();
    let old = &story.ask(Who::Visitor, "register-diff", compare(1, 1))["dataset"];
    assert_eq!((&old["title"], &old["version"], &old["workingCopy"], &old["diff"]), (&json!(TITLE), &json!(1), &Value::Null, &json!([])));
    let hidden = story.server().graphql_as(Who::Visitor, &operation("register-diff"), compare(1, 0)).json();
    assert_eq!((&hidden["errors"][0]["extensions"]["code"], &hidden["data"]["dataset"]["diff"]), (&json!("NOT_FOUND"), &Value::Null));
    let own = &story.ask(&cast.editor, "register-diff", compare(1, 0))["dataset"];
    assert_eq!((paths(own), &own["workingCopy"]["id"]), (vec!["titles.fr.text".to_owned(), "titles.ar".to_owned()], &copy["id"]));
    let submitted = story.step(&cast.editor, "register-submit", &Seen::of(&copy));
    let validated = story.step(&cast.validator, "register-validate", &submitted);
    assert_eq!(done(&story.act(&cast.validator, "register-publish", validated.input()), "dataset")["version"], 2);
    let new = &story.ask_in("ar", Who::Visitor, "register-diff", compare(1, 2))["dataset"];
    assert_eq!((&new["title"], &new["version"], paths(new)), (&json!("البحث التجريبي"), &json!(2), paths(own)));
    assert_eq!((&new["diff"][0]["before"], &new["diff"][0]["after"]), (&json!(TITLE), &json!("Enquête pilote, 2024-2025")));
    let notes: Vec<_> = list(&new["versions"]["nodes"]).iter().map(|version| (&version["number"], text(&version["changeNote"]))).collect();
    assert_eq!(notes, [(&json!(2), "Titre arabe ajouté"), (&json!(1), "")]);
}

/// Reviewed by the coordinator: a fact of its own beside the validation, of this version only.
fn reviewed(story: &Story, cast: &Cast) {
    let review = |version: i32| json!({ "dataset": SLUG, "version": version, "note": "Read.", "withdraw": false });
    assert_eq!(codes(&story.act(&cast.editor, "register-review", review(2))), ["ROLE_REQUIRED"]);
    assert_eq!(codes(&story.act(&cast.coordinator, "register-review", review(1))), ["CONFLICT"]);
    assert_eq!(story.record(Who::Visitor)["coordinatorReview"], Value::Null);
    let record = done(&story.act(&cast.coordinator, "register-review", review(2)), "dataset");
    let stamp = &record["coordinatorReview"];
    assert_eq!((&stamp["by"], &stamp["institution"], &stamp["note"]), (&json!(COORDINATOR), &Value::Null, &json!("Read.")));
    let validation = json!({ "by": VALIDATOR, "institution": { "slug": "nso" }, "version": 2 });
    assert_eq!((&record["producerValidation"], &record["version"], &record["revision"]), (&validation, &json!(2), &json!(2)));
    assert_eq!(story.record(Who::Visitor)["coordinatorReview"], json!({ "by": COORDINATOR, "version": 2 }));
    story.notice(&cast.editor, "en", "DATASET_REVIEWED");
}

/// Another institution declares that it holds the data; contested, declared anew, confirmed. The review was of the version before.
fn declared(story: &Story, cast: &Cast) -> Session {
    let registry = &story.registry;
    let file = registry.place.write("second.jsonl", institution("observatory"));
    registry.place.run_ok(&["import", &file]);
    let holder = registry.invite("observatory", HOLDER, &["EDITOR"]);
    let terms = |microdata: &str| holding("observatory", "HOLDER", microdata);
    let input = json!({ "dataset": SLUG, "institution": "observatory", "holding": terms("NOT_SHARED") });
    assert_eq!(codes(&story.act(&cast.editor, "register-holding-declare", input.clone())), ["ROLE_REQUIRED"]);
    let claim = done(&story.act(&holder, "register-holding-declare", input), "declaration");
    assert_eq!((&claim["state"], &claim["viewerCanDecide"]), (&json!("DECLARED"), &json!(false)));
    let public = story.record(Who::Visitor);
    assert_eq!((list(&public["holdings"]).len(), &public["holdingDeclarations"]), (1, &json!([])));
    let inbox = story.ask(&cast.validator, "register-holding-inbox", Value::Null)["viewer"]["holdingDeclarations"].clone();
    assert_eq!(
        (&inbox["totalCount"], &inbox["nodes"][0]["id"], &inbox["nodes"][0]["viewerCanDecide"]),
        (&json!(1), &claim["id"], &json!(true))
    );
    let at = |revision: i32| json!({ "declaration": claim["id"], "expectedRevision": revision });
    let with = |revision: i32, key: &str, value: Value| json!({ "declaration": claim["id"], "expectedRevision": revision, key: value });
    assert_eq!(codes(&story.act(&holder, "register-holding-confirm", at(1))), ["ROLE_REQUIRED"]);
    let contested = done(&story.act(&cast.validator, "register-holding-contest", with(1, "reason", json!("Pas de nous."))), "declaration");
    assert_eq!((&contested["state"], &contested["reason"]), (&json!("CONTESTED"), &json!("Pas de nous.")));
    assert_eq!(story.notice(&holder, "en", "HOLDING_CONTESTED")["reason"], "Pas de nous.");
    assert_eq!(story.record(Who::Visitor)["version"], 2);
    let renewed = done(&story.act(&holder, "register-holding-update", with(2, "holding", terms("SECURE"))), "declaration");
    assert_eq!((&renewed["state"], &renewed["reason"], &renewed["microdata"]), (&json!("DECLARED"), &Value::Null, &json!("SECURE")));
    let confirmed = done(&story.act(&cast.validator, "register-holding-confirm", at(3)), "declaration");
    let held = &confirmed["dataset"]["holdings"][1];
    assert_eq!((&held["institution"]["slug"], &held["accessTerms"]["microdata"]), (&json!("observatory"), &json!("SECURE")));
    let public = story.record(Who::Visitor);
    assert_eq!((&public["version"], &public["coordinatorReview"], list(&public["holdings"]).len()), (&json!(3), &Value::Null, 2));
    holder
}

/// The holder withdraws: the holding leaves the record with a new version.
fn withdrawn(story: &Story, cast: &Cast, holder: &Session) {
    let claim = &story.ask(holder, "register-holding-inbox", Value::Null)["viewer"]["holdingDeclarations"]["nodes"][0];
    let input = json!({ "declaration": claim["id"], "expectedRevision": claim["revision"] });
    assert_eq!(codes(&story.act(&cast.validator, "register-holding-withdraw", input.clone())), ["ROLE_REQUIRED"]);
    assert_eq!(list(&story.record(Who::Visitor)["holdings"]).len(), 2);
    assert_eq!(done(&story.act(holder, "register-holding-withdraw", input), "declaration")["state"], "WITHDRAWN");
    let public = story.record(Who::Visitor);
    assert_eq!((&public["version"], &public["holdings"]), (&json!(4), &json!([{ "institution": { "slug": "nso" } }])));
}

/// A token and a webhook of the editor: each does what it was made for, and its secret is shown once.
fn connected(story: &Story, cast: &Cast) {
    let server = story.server();
    let wish = json!({ "name": "nightly", "scopes": ["READ", "REGISTER"], "expiresInDays": 30 });
    let made = story.act(&cast.editor, "register-api-token", wish.clone());
    let (secret, token) = (done(&made, "secret"), done(&made, "token"));
    note_secret(text(&secret));
    let program = Who::Token(text(&secret));
    assert_eq!(ask_as(server, program, "{ viewer { function } }", Value::Null)["viewer"]["function"], EDITOR);
    assert_eq!(codes(&story.act(program, "register-api-token", wish)), ["SESSION_REQUIRED"]);
    let hook = json!({ "url": "https://portal.example/hooks/rihla" });
    assert_eq!(codes(&story.act(program, "register-webhook", hook.clone())), ["SCOPE_REQUIRED"]);
    let made = story.act(&cast.editor, "register-webhook", hook);
    assert!(text(&done(&made, "secret")).starts_with("whsec_") && made["webhook"]["isActive"] == true, "{made}");
    let inside = story.act(&cast.editor, "register-webhook", json!({ "url": "http://127.0.0.1:9/hooks" }));
    assert_eq!(codes(&inside), ["INVALID"]);
    let kept = ask_as(server, &cast.editor, "{ viewer { webhooks { id } apiTokens { id revokedAt } } }", Value::Null)["viewer"].clone();
    assert_eq!(kept, json!({ "webhooks": [{ "id": made["webhook"]["id"] }], "apiTokens": [{ "id": token["id"], "revokedAt": null }] }));
    let query =
        "mutation($hook: ID!, $token: ID!) { webhookRemove(id: $hook) { errors { code } } apiTokenRevoke(id: $token) { errors { code } } }";
    let gone = ask_as(server, &cast.editor, query, json!({ "hook": made["webhook"]["id"], "token": token["id"] }));
    assert_eq!(gone, json!({ "webhookRemove": { "errors": [] }, "apiTokenRevoke": { "errors": [] } }));
    assert_eq!(server.graphql_as(program, "{ viewer { function } }", Value::Null).status, 401, "the token was revoked");
}

/// Retired: gone from the search, told in the change feed, and only its identity is left.
fn retired(story: &Story, cast: &Cast) {
    let revision = story.record(Who::Visitor)["revision"].as_i64().expect("revision");
    let input = |revision: i64, reason: &str| json!({ "dataset": SLUG, "expectedRevision": revision, "reason": reason });
    assert_eq!(codes(&story.act(&cast.editor, "register-retire", input(revision, "Replaced."))), ["ROLE_REQUIRED"]);
    assert_eq!(codes(&story.act(&cast.validator, "register-retire", input(revision, ""))), ["INVALID"]);
    assert_eq!(codes(&story.act(&cast.validator, "register-retire", input(revision - 1, "Replaced."))), ["CONFLICT"]);
    assert_eq!((story.found(), &story.record(Who::Visitor)["status"]), (1, &json!("PUBLISHED")));
    let since = ask_as(story.server(), Who::Visitor, "{ catalogue { lastChangeSeq } }", Value::Null)["catalogue"]["lastChangeSeq"].clone();
    let record = done(&story.act(&cast.validator, "register-retire", input(revision, "Replaced.")), "dataset");
    assert_eq!(record["status"], "RETIRED");
    assert_eq!(story.found(), 0);
    let told = story.ask(Who::Visitor, "register-tombstone", json!({ "since": since, "slug": SLUG }));
    let change = &told["changes"]["nodes"][0];
    assert_eq!((list(&told["changes"]["nodes"]).len(), &change["kind"]), (1, &json!("RETIRED")), "{told}");
    assert_eq!(change["dataset"], json!({ "slug": SLUG, "status": "RETIRED" }));
    let stone = &told["dataset"];
    assert_eq!(
        (&stone["title"], &stone["status"], &stone["id"]),
        (&json!("Enquête pilote, 2024-2025"), &json!("RETIRED"), &change["nodeId"])
    );
    assert_eq!((&stone["abstract"], &stone["methodology"], &stone["riskClass"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(stone["coverage"]["reportingAreas"], json!([]));
    let masked = list(&stone["maskedFields"]);
    assert!(masked.iter().all(|field| field["reason"] == "RETIRED_RECORD"), "{masked:?}");
    for path in ["abstract", "themes", "methodology", "coverage.reportingAreas"] {
        assert!(masked.iter().any(|field| field["path"] == path), "{path} is not among {masked:?}");
    }
}

/// Neither the short name nor the identifier of a retired record can be had again.
fn never_used_again(story: &Story, cast: &Cast, identifier: &str) {
    let before = story.registry.place.changes();
    let input = json!({ "institution": "nso", "content": { "slug": SLUG } });
    let taken = story.act(&cast.editor, "register-draft-create", input);
    assert_eq!((codes(&taken), &taken["errors"][0]["path"]), (vec!["INVALID"], &json!(["slug"])));
    assert_eq!(codes(&story.act(&cast.editor, "register-working-copy", json!({ "dataset": SLUG }))), ["WRONG_STATE"]);
    let line = dataset("another-name", |record| record["identifier"] = json!(identifier));
    let file = story.registry.place.write("again.jsonl", line);
    let told = String::from_utf8(story.registry.place.run(&["import", &file]).stdout).expect("UTF-8");
    assert!(told.contains("0 created, 0 updated, 0 unchanged, 1 refused"), "{told}");
    assert_eq!(story.registry.place.changes(), before, "a refusal changes nothing");
}

/// The auditor reads the whole story, without one address in it; others do not.
fn audited(story: &Story, cast: &Cast) {
    let read = |filter: Value| {
        let log = story.ask(&cast.auditor, "register-audit-log", json!({ "where": filter, "after": null }))["auditLog"].clone();
        let kinds: Vec<String> = list(&log["nodes"]).iter().rev().map(|entry| text(&entry["kind"]).to_owned()).collect();
        (kinds, log)
    };
    let (kinds, log) = read(json!({ "entities": ["DRAFT"] }));
    let first = ["CREATED", "UPDATED", "SUBMITTED", "RETURNED", "UPDATED", "SUBMITTED", "PREVIEW_SHARED", "VALIDATED", "PUBLISHED"];
    let second = ["CREATED", "SUBMITTED", "VALIDATED", "PUBLISHED"];
    assert_eq!(kinds, [&first[..], &second[..]].concat());
    assert!(list(&log["nodes"]).iter().all(|entry| text(&entry["actor"]).starts_with("person:")), "{log}");
    let id = story.record(Who::Visitor)["id"].clone();
    let (kinds, log) = read(json!({ "entities": ["DATASET"], "entityId": id }));
    assert_eq!(kinds, ["CREATED", "UPDATED", "REVIEWED", "UPDATED", "UPDATED", "RETIRED"]);
    assert_eq!(log["nodes"][0]["actorFunction"], VALIDATOR);
    assert_eq!(log["nodes"][0]["changes"], json!([{ "path": "status", "before": "PUBLISHED", "after": "RETIRED" }]));
    let (_, whole) = read(Value::Null);
    assert_eq!(whole["totalCount"], story.registry.place.changes());
    assert!(!whole.to_string().contains("@people.example"), "{whole}");
    for (reader, code) in [(Who::Visitor, "SIGN_IN_REQUIRED"), (Who::Session(&cast.editor), "ROLE_REQUIRED")] {
        let refused = story.server().graphql_as(reader, &operation("register-audit-log"), Value::Null).json();
        assert_eq!((&refused["errors"][0]["extensions"]["code"], &refused["data"]), (&json!(code), &Value::Null), "{reader:?}");
    }
}

#[test]
fn the_examples_of_the_documented_steps_are_well_formed() {
    with_demo_on_sqlite(|server| {
        let mut faults = Vec::new();
        for name in operations(is_step) {
            let text = operation(&name);
            let example = text.lines().find_map(|line| line.strip_prefix("# variables: ")).unwrap_or("null");
            let variables = serde_json::from_str(example).unwrap_or_else(|e| panic!("{name}: {e}"));
            let answer = server.graphql_as(Who::Visitor, &text, variables).json();
            let code = answer["errors"][0]["extensions"]["code"].as_str();
            if code.is_some_and(|code| code != "SIGN_IN_REQUIRED") {
                faults.push(format!("{name}: {}", answer["errors"]));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}
