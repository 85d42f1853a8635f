//! Characters that no text of the catalogue holds: control characters, and those that nobody sees or that turn a text.

use serde_json::{Value, json};

use crate::drafting::{begin, content, step};
use crate::harness::{BACKENDS, Server, institution, with_demo};
use crate::outgoing::{Person, wait_until};
use crate::people::{Registry, Who, act, ask_as, codes};

const NUL: &str = "a\u{0}b";

#[test]
fn a_control_character_is_refused_by_its_place_wherever_it_stands() {
    with_demo(|server, _| {
        let by_variable = [
            ("query($s: String!) { dataset(slug: $s) { slug } }", json!({ "s": NUL }), "variables.s"),
            ("query($s: String!) { institution(slug: $s) { slug } }", json!({ "s": NUL }), "variables.s"),
            (
                "query($w: AuditFilter) { auditLog(where: $w) { totalCount } }",
                json!({ "w": { "kinds": ["X", NUL] } }),
                "variables.w.kinds[1]",
            ),
            (
                "mutation($input: DatasetRetireInput!) { datasetRetire(input: $input) { errors { code } } }",
                json!({ "input": { "dataset": "x", "expectedRevision": 1, "reason": "\u{1b}[2J" } }),
                "variables.input.reason",
            ),
        ];
        let in_document = [
            ("{ dataset(slug: \"a\\u0000b\") { slug } }", Value::Null, "dataset(slug)"),
            ("{ institution(slug: \"a\\u0085b\") { slug } }", Value::Null, "institution(slug)"),
            ("mutation { previewLinkRevoke(id: \"a\\u0000b\") { errors { code } } }", Value::Null, "previewLinkRevoke(id)"),
            ("query($s: String! = \"a\\u0000b\") { dataset(slug: $s) { slug } }", Value::Null, "$s"),
            (
                "{ ...f } fragment f on Query { institutions(where: { countries: [\"\\u0000\"] }) { totalCount } }",
                Value::Null,
                "countries[0]",
            ),
        ];
        for (query, variables, place) in by_variable.into_iter().chain(in_document) {
            let (message, code) = server.error_of(query, variables);
            assert_eq!(code, "BAD_INPUT", "{query}: {message}");
            assert!(message.contains(place) && message.contains("invisible character U+00"), "{query}: {message}");
        }
        // "at:" and a NUL, as the cursor of a list.
        let (_, code) = server.error_of("{ institutions(after: \"YXQ6AA\") { totalCount } }", Value::Null);
        assert_eq!(code, "BAD_INPUT");
        // Tabs and line breaks belong to long texts.
        assert!(server.ask("{ dataset(slug: \"a\\tb\\r\\nc\") { slug } }")["dataset"].is_null());
    });
}

#[test]
fn what_turns_a_text_or_is_not_seen_is_refused_wherever_people_write() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let both = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let before = registry.place.changes();
        let titles = |text: &str| json!([{ "language": "en", "text": text }]);
        let wish = json!([{ "role": "EDITOR", "institution": "nso" }]);
        let update = "mutation($input: InstitutionUpdateInput!) { institutionUpdate(input: $input) { errors { code path message } } }";
        let invite = "mutation($input: InvitationSendInput!) { invitationSend(input: $input) { errors { code path message } } }";
        let draft = "mutation($input: DatasetDraftCreateInput!) { datasetDraftCreate(input: $input) { errors { code path message } } }";
        let token = "mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) { errors { code path message } } }";
        let search = "mutation($input: SavedSearchCreateInput!) { savedSearchCreate(input: $input) { errors { code path message } } }";
        let named = |content: Value| json!({ "institution": "nso", "content": content });
        let invited = |function: &str| json!({ "email": "a@b.example", "function": function, "language": "en", "roles": wish });
        for (mutation, input, path) in [
            (update, json!({ "institution": "nso", "expectedRevision": 1, "content": { "names": titles("\u{202E}live") } }), "names"),
            (update, json!({ "institution": "nso", "expectedRevision": 1, "content": { "acronym": "N\u{200B}SO" } }), "acronym"),
            (update, json!({ "institution": "nso", "expectedRevision": 1, "content": { "names": titles("\u{200E}\u{200D}") } }), "names"),
            (invite, invited("Director\u{202E}"), "function"),
            (invite, invited(" \u{200E} "), "function"),
            (invite, invited(""), "function"),
            (draft, named(json!({ "titles": titles("a\u{2066}b") })), "titles"),
            (draft, json!({ "institution": "nso", "changeNote": "a\u{FEFF}b" }), "changeNote"),
            (draft, json!({ "institution": "nso", "changeNote": "x".repeat(2_001) }), "changeNote"),
            (token, json!({ "name": "portal\u{202E}", "scopes": ["READ"] }), "name"),
            (token, json!({ "name": "\u{200F}", "scopes": ["READ"] }), "name"),
            (search, json!({ "name": "returns\u{2067}" }), "name"),
        ] {
            let data = ask_as(server, &both, mutation, json!({ "input": input }));
            let error = data.as_object().and_then(|fields| fields.values().next()).map(|payload| payload["errors"][0].clone());
            let error = error.expect("an error");
            assert_eq!((&error["code"], &error["path"][0]), (&json!("INVALID"), &json!(path)), "{input}: {error}");
        }
        assert_eq!(registry.place.changes(), before, "refused, and nothing has changed");
        // What Arabic and Persian need stays.
        let fine =
            json!({ "institution": "nso", "expectedRevision": 1, "content": { "names": titles("\u{200F}می\u{200C}خواهم\u{200E}") } });
        assert_eq!(ask_as(server, &both, update, json!({ "input": fine }))["institutionUpdate"]["errors"], json!([]));
        // Reasons too, and what nobody sees is no reason.
        let seen = step(server, &both, "register-submit", &begin(server, &both, "nso", &content("nso", "pilot", |_| {})));
        for reason in ["\u{200D}", "no\u{202E}"] {
            let input = json!({ "draft": seen.id, "expectedRevision": seen.revision, "reason": reason });
            assert_eq!(codes(&act(server, &both, "register-return", input)), ["INVALID"], "{reason:?}");
        }
        let line = institution("other").replace("Name of other", "Name\\u202e of other");
        let file = registry.place.write("turned.jsonl", line);
        let told = String::from_utf8(registry.place.run(&["import", &file]).stdout).expect("UTF-8");
        assert!(told.contains("1 refused"), "{told}");
        registry.close();
    }
}

#[test]
fn languages_and_roles_of_invitations_are_checked() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let server = &registry.server;
        let admin = Person::join(&registry.place, server, "admin", "en", &["ADMIN"]);
        let invite = "mutation($input: InvitationSendInput!) { invitationSend(input: $input) { errors { code path } } }";
        let editor = json!({ "role": "EDITOR", "institution": "nso" });
        let input = |language: &str| json!({ "email": "a@b.example", "function": "Officer", "language": language, "roles": vec![editor.clone(); 30] });
        let refused = ask_as(server, &admin.session, invite, json!({ "input": input("de") }));
        assert_eq!(refused["invitationSend"]["errors"], json!([{ "code": "INVALID", "path": ["language"] }]));
        assert_eq!(ask_as(server, &admin.session, invite, json!({ "input": input("ar") }))["invitationSend"]["errors"], json!([]));
        let log = "{ auditLog(where: { kinds: [\"INVITED\"] }) { nodes { after } } }";
        let auditor = Person::join(&registry.place, server, "auditor", "en", &["AUDITOR"]);
        let after = auditor.ask(server, log, Value::Null)["auditLog"]["nodes"][0]["after"].to_string();
        assert_eq!(after.matches("EDITOR").count(), 1, "{after}");
        assert!(!registry.place.run(&["user", "add", "c@d.example", "--function", "", "--role", "AUDITOR"]).status.success());
        registry.close();
    }
}

#[test]
fn a_change_that_cannot_be_told_stops_nobody_else_from_being_told() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso")]);
        let editor = registry.invite("nso", "Statistician", &["EDITOR"]);
        let validator = Person::join(&registry.place, &registry.server, "validator", "en", &["VALIDATOR@nso"]);
        let draft = |slug: &str| content("nso", slug, |_| {});
        for slug in ["broken", "nul"] {
            step(&registry.server, &editor, "register-submit", &begin(&registry.server, &editor, "nso", &draft(slug)));
        }
        let submitted = |server: &Server| -> Vec<String> {
            let told = validator.notifications(server).into_iter();
            told.filter(|(kind, _)| kind == "DRAFT_SUBMITTED").map(|(_, title)| title).collect()
        };
        wait_until("two notices", 15, || submitted(&registry.server).len() == 2);
        let Registry { server, place } = registry;
        server.stop();
        // As if the two had been stored before texts were looked through, and had still to be told.
        let nul = r#"{"titles":{"fr":{"text":"Titre\u0000 de nul","status":"OFFICIAL"}}}"#;
        place.alter(&format!(
            "UPDATE working_copies SET doc = '{{' WHERE slug = 'broken'; UPDATE working_copies SET doc = '{nul}' WHERE slug = 'nul'; \
             DELETE FROM notices; UPDATE followers SET seq = 0 WHERE name = 'notices'"
        ));
        let server = place.serve(&[]);
        step(&server, &editor, "register-submit", &begin(&server, &editor, "nso", &draft("sound")));
        wait_until("what came after", 15, || submitted(&server).len() == 2);
        assert_eq!(submitted(&server), ["Titre de sound", "Titre de nul"]);
        assert!(ask_as(&server, Who::Visitor, "{ catalogue { name } }", Value::Null)["catalogue"].is_object());
        server.stop();
        place.assert_healthy();
    }
}
