//! Private preview links: who has one sees the draft, and no more; one that has ended looks as if it had never been.

use serde_json::{Value, json};

use crate::drafting::{Seen, begin, content, publish, standing, step};
use crate::harness::{BACKENDS, Server, institution, note_secret};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done, operation, payload, secret_of};

/// A link that was made.
struct Link {
    id: Value,
    secret: String,
}

fn share(server: &Server, who: &Session, draft: &Seen, without_names: bool) -> Link {
    let input = json!({ "draft": draft.id, "expiresInDays": 7, "withoutNames": without_names });
    let made = act(server, who, "register-preview-link", input);
    let secret = secret_of(done(&made, "url").as_str().expect("address"));
    note_secret(&secret);
    Link { id: done(&made, "link")["id"].clone(), secret }
}

fn shown(server: &Server, secret: &str) -> Value {
    ask_as(server, Who::Visitor, &operation("register-preview"), json!({ "token": secret }))["preview"].clone()
}

/// Status and text of the page, as a reader of Arabic gets it.
fn page(server: &Server, secret: &str) -> (u16, String) {
    let page = server.get(&format!("/preview/{secret}"), &[("accept-language", "ar")]);
    assert!(!page.body.contains(secret), "the page repeats the secret");
    (page.status, page.body)
}

/// A draft with a French and an Arabic title, submitted by the editor and validated by the director.
fn validated(server: &Server, editor: &Session, director: &Session) -> Seen {
    let titles = json!([{ "language": "fr", "text": "Enquête pilote" }, { "language": "ar", "text": "بحث تجريبي" }]);
    let draft = begin(server, editor, "nso", &content("nso", "pilot", |c| c["titles"] = titles));
    step(server, director, "register-validate", &step(server, editor, "register-submit", &draft))
}

#[test]
fn a_visitor_sees_the_draft_with_or_without_functions() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let editor = registry.invite("nso", "Statistics officer", &["EDITOR"]);
        let director = registry.invite("nso", "Director of statistics", &["VALIDATOR"]);
        let draft = validated(server, &editor, &director);
        let (named, nameless) = (share(server, &editor, &draft, false), share(server, &director, &draft, true));
        for (link, officer, validator) in
            [(&named, json!("Statistics officer"), json!("Director of statistics")), (&nameless, Value::Null, Value::Null)]
        {
            let draft = shown(server, &link.secret);
            assert_eq!((&draft["title"], &draft["status"]), (&json!("Enquête pilote"), &json!("VALIDATED")));
            assert_eq!((&draft["submittedBy"], &draft["validatedBy"]), (&officer, &validator));
            assert_eq!((&draft["viewerCanUpdate"], &draft["institution"]["slug"]), (&json!(false), &json!("nso")));
        }
        // A guest does not learn who else was invited.
        let query = "query($token: String!) { preview(token: $token) { previewLinks { id } institution { members { function } } } }";
        let aside = ask_as(server, Who::Visitor, query, json!({ "token": named.secret }))["preview"].clone();
        assert_eq!(aside, json!({ "previewLinks": [], "institution": { "members": [] } }));
        for link in [&named, &nameless] {
            let (status, body) = page(server, &link.secret);
            assert_eq!(status, 200);
            assert!(body.contains("<html lang=\"ar\" dir=\"rtl\">") && body.contains("<bdi>بحث تجريبي</bdi>"), "{body}");
            assert!(!body.contains("Statistics officer") && !body.contains("Director of statistics"), "{body}");
        }
        let french = server.get(&format!("/preview/{}", named.secret), &[("accept-language", "fr")]);
        assert!(french.body.contains("<html lang=\"fr\" dir=\"ltr\">") && french.body.contains("<bdi>Enquête pilote</bdi>"));
        assert!(french.header("x-robots-tag").contains("noindex") && french.header("cache-control") == "no-store");
        // The link opens this draft and nothing else: the record is still nobody's to find.
        let public = "{ dataset(slug: \"pilot\") { slug } datasets { totalCount } }";
        assert_eq!(ask_as(server, Who::Visitor, public, Value::Null), json!({ "dataset": null, "datasets": { "totalCount": 0 } }));
        registry.close();
    }
}

/// The page shows values in the reader's language, as every other label.
#[test]
fn the_page_names_kinds_and_sources_in_the_readers_language() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let editor = registry.invite("nso", "Statistics officer", &["EDITOR"]);
        let draft = begin(server, &editor, "nso", &content("nso", "pilot", |_| {}));
        let (status, body) = page(server, &share(server, &editor, &draft, true).secret);
        assert!(status == 200 && body.contains("سوس ماسة"), "{body}");
        for code in ["STATISTICAL_OPERATION", "HOUSEHOLD_SURVEY_SPECIALISED", "ONCE", "PUBLIC"] {
            assert!(!body.contains(&format!(">{code}<")), "the page shows the code {code}: {body}");
        }
        registry.close();
    }
}

#[test]
fn a_working_copy_shows_its_changes_and_its_holders_to_whoever_has_the_link() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let both = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        publish(server, &both, &both, &begin(server, &both, "nso", &content("nso", "pilot", |_| {})));
        let draft = crate::drafting::copy(server, &both, "pilot", &json!({ "themes": ["MT-0702"] }));
        let link = share(server, &both, &draft, false);
        let query = "query($token: String!) { preview(token: $token) { title changes { path before after } } }";
        let seen = ask_as(server, Who::Visitor, query, json!({ "token": link.secret }))["preview"].clone();
        let changes = json!([{ "path": "themes", "before": "[\"MT-0701\"]", "after": "[\"MT-0702\"]" }]);
        assert_eq!(seen, json!({ "title": "Titre de pilot", "changes": changes }));
        let body = server.get(&format!("/preview/{}", link.secret), &[("accept-language", "en")]).body;
        assert!(body.contains("Name of nso – Producer – ") && !body.contains("OPEN"), "{body}");
        assert!(body.contains(" (Seen in a source) – "), "what the terms rest on: {body}");
        registry.close();
    }
}

#[test]
fn a_link_ends_with_the_role_of_who_made_it() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let editor = registry.invite("nso", "Statistics officer", &["EDITOR"]);
        let draft = begin(server, &editor, "nso", &content("nso", "pilot", |_| {}));
        let link = share(server, &editor, &draft, false);
        assert!(!shown(server, &link.secret).is_null());
        registry.place.run_ok(&["user", "disable", &Registry::email("Statistics officer")]);
        assert_eq!((shown(server, &link.secret), page(server, &link.secret).0), (Value::Null, 404));
        registry.close();
    }
}

#[test]
fn a_link_that_has_ended_looks_as_if_it_had_never_been() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let editor = registry.invite("nso", "Statistics officer", &["EDITOR"]);
        let director = registry.invite("nso", "Director of statistics", &["VALIDATOR"]);
        let draft = begin(server, &editor, "nso", &content("nso", "pilot", |_| {}));
        let links: Vec<Link> = (0..3).map(|_| share(server, &editor, &draft, false)).collect();
        let never = page(server, "A-secret-of-forty-three-characters-like-them");
        assert_eq!((never.0, shown(server, "A-secret-of-forty-three-characters-like-them")), (404, Value::Null));
        let assert_gone = |link: &Link, why: &str| {
            assert_eq!((shown(server, &link.secret), page(server, &link.secret)), (Value::Null, never.clone()), "{why}");
        };
        let revoke = |who: Who<'_>, link: &Link| {
            let query = "mutation($id: ID!) { previewLinkRevoke(id: $id) { removed errors { code } } }";
            payload(&ask_as(server, who, query, json!({ "id": link.id })))
        };
        assert!(!codes(&revoke(Who::Visitor, &links[0])).is_empty() && !shown(server, &links[0].secret).is_null());
        assert_eq!(done(&revoke(Who::Session(&director), &links[0]), "removed"), links[0].id);
        assert_gone(&links[0], "revoked");
        assert_eq!(codes(&revoke(Who::Session(&editor), &links[0])), ["NOT_FOUND"]);
        registry.place.alter(&format!("UPDATE preview_links SET expires_at = 1 WHERE id = '{}'", links[1].id.as_str().expect("id")));
        assert_gone(&links[1], "expired");
        // What is published needs no preview any more.
        assert!(!shown(server, &links[2].secret).is_null());
        publish(server, &editor, &director, &draft);
        assert_gone(&links[2], "published");
        registry.close();
    }
}

#[test]
fn a_link_is_made_by_those_who_write_or_validate_and_for_at_most_ninety_days() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso"), institution("observatory")]);
        let server = &registry.server;
        let editor = registry.invite("nso", "Statistics officer", &["EDITOR"]);
        let reader = registry.invite("nso", "Access officer", &["ACCESS_OFFICER"]);
        let stranger = registry.invite("observatory", "Data officer", &["EDITOR"]);
        let draft = begin(server, &editor, "nso", &content("nso", "pilot", |_| {}));
        let (before, log) = (standing(server, &editor, &draft), registry.place.changes());
        let input = |days: i32| json!({ "draft": draft.id, "expiresInDays": days, "withoutNames": false });
        for (who, code) in [(&reader, "ROLE_REQUIRED"), (&stranger, "NOT_FOUND")] {
            assert_eq!(codes(&act(server, who, "register-preview-link", input(7))), [code]);
        }
        for days in [0, -1, 91] {
            let refused = act(server, &editor, "register-preview-link", input(days));
            assert_eq!((codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["expiresInDays"])), "{days}");
        }
        let query = "query($id: ID!) { datasetDraft(id: $id) { previewLinks { id } } }";
        assert_eq!(ask_as(server, &editor, query, json!({ "id": draft.id }))["datasetDraft"]["previewLinks"], json!([]));
        assert_eq!((standing(server, &editor, &draft), registry.place.changes()), (before, log));
        registry.close();
    }
}
