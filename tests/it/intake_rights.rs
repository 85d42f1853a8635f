//! Who may take records in and see to sources: others are refused, and are not told of anything.

use std::cell::RefCell;
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, with_demo_on_sqlite};
use crate::outgoing::{Person, wait_for};
use crate::people::{Who, ask_as, codes, done, operation, path_of, payload};
use crate::questions::{is_of_intake, operations};
use crate::sources::fixtures::{SURVEY_FR, ckan, ddi, package};
use crate::sources::{Desk, list, send};

/// A token of a person for some things only.
fn token(desk: &Desk, person: &Person, scopes: &[&str]) -> String {
    let input = json!({ "name": "narrow", "scopes": scopes, "expiresInDays": 1 });
    let secret = done(&desk.act(person, "register-api-token", input), "secret");
    secret.as_str().expect("secret").to_owned()
}

#[test]
fn only_who_describes_for_an_institution_takes_files_in_for_it() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let file = ddi("Mots.", "");
        let stranger = Person::join(&desk.place, &desk.server, "stranger", "en", &["EDITOR@observatory"]);
        let member = Person::join(&desk.place, &desk.server, "member", "en", &[]);
        let coordinator = Person::join(&desk.place, &desk.server, "coordinator", "en", &["COORDINATOR"]);
        let reader = token(&desk, &desk.editor, &["READ", "DECIDE"]);
        let writer = token(&desk, &desk.editor, &["REGISTER"]);
        let before = desk.place.changes();
        for (who, status, code) in [
            (None, 401, "SIGN_IN_REQUIRED"),
            (Some(&member.token), 403, "ROLE_REQUIRED"),
            (Some(&stranger.token), 403, "ROLE_REQUIRED"),
            (Some(&coordinator.token), 403, "ROLE_REQUIRED"),
            (Some(&reader), 403, "SCOPE_REQUIRED"),
        ] {
            // Of an institution that is not there nobody is told more than of one that is.
            for institution in ["nso", "nowhere"] {
                let answer = send(&desk.server, who.map(String::as_str), institution, "name=a.xml", file.as_bytes());
                let expected = if institution == "nowhere" && code == "SCOPE_REQUIRED" { "ROLE_REQUIRED" } else { code };
                assert_eq!(
                    (answer.status, &answer.json()["errors"][0]["code"]),
                    (status, &json!(expected)),
                    "{institution}: {}",
                    answer.body
                );
            }
            let input = json!({ "institution": "nso", "name": "a.xml", "content": STANDARD.encode(&file) });
            let asker = who.map_or(Who::Visitor, |token| Who::Token(token));
            let refused = desk.server.graphql_as(asker, &operation("intake-file"), json!({ "input": input })).json();
            let own = &refused["data"]["recordsImport"]["errors"][0]["code"];
            assert!(own == code || refused["errors"][0]["extensions"]["code"] == code, "{refused}");
        }
        assert_eq!((desk.place.changes(), desk.place.count("SELECT COUNT(*) FROM intake_runs")), (before, 0));
        let answer = send(&desk.server, Some(&writer), "nso", "name=a.xml", file.as_bytes());
        assert_eq!((answer.status, &answer.json()["counts"]["created"]), (200, &json!(1)), "{}", answer.body);

        // What it was read from is for those who describe for the institution, and for the coordinator.
        let draft = desk.draft("fr", SURVEY_FR);
        let path = path_of(draft["origins"][0]["original"].as_str().expect("an address"));
        let get = |token: Option<&str>, path: &str| {
            let bearer = token.map(|token| format!("Bearer {token}"));
            let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
            desk.server.get(path, &headers).status
        };
        for (token, status) in [
            (Some(&desk.editor.token), 200),
            (Some(&coordinator.token), 200),
            (None, 404),
            (Some(&member.token), 404),
            (Some(&stranger.token), 404),
            (Some(&reader), 404),
        ] {
            assert_eq!(get(token.map(String::as_str), &path), status, "{token:?}");
            assert_eq!(get(token.map(String::as_str), &path.replace(&path[path.len() - 8..], "00000000")), 404);
        }
        assert_eq!(get(Some(&stranger.token), &path.replace("/nso/", "/observatory/")), 404, "nor by way of one's own institution");
        desk.close();
    }
}

const SOURCES: &str = "query($institution: String) { harvestSources(institution: $institution) { totalCount nodes { id } } \
                       intakeRuns(institution: $institution) { totalCount nodes { id } } }";

#[test]
fn sources_and_runs_look_absent_to_others() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        desk.house.behave(|asked| ckan(&[package("one", "Un")], 10, asked));
        let source = desk.declare("CKAN", &desk.house.url("/"), Value::Null);
        let run = desk.harvest(&source, Value::Null);
        let stranger = Person::join(&desk.place, &desk.server, "stranger", "en", &["EDITOR@observatory", "VALIDATOR@observatory"]);
        let member = Person::join(&desk.place, &desk.server, "member", "en", &[]);
        let coordinator = Person::join(&desk.place, &desk.server, "coordinator", "en", &["COORDINATOR"]);
        let reader = token(&desk, &desk.editor, &["READ"]);
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
        let ids = json!({ "ids": [source["id"], run["id"]] });
        for who in [Who::Visitor, Who::Session(&member.session), Who::Session(&stranger.session), Who::Token(&reader)] {
            for institution in [json!("nso"), Value::Null, json!("nowhere"), json!("No Slug")] {
                let seen = ask_as(&desk.server, who, SOURCES, json!({ "institution": institution }));
                for list in ["harvestSources", "intakeRuns"] {
                    assert_eq!(seen[list], json!({ "totalCount": 0, "nodes": [] }), "{who:?} {institution}");
                }
            }
            assert_eq!(ask_as(&desk.server, who, nodes, ids.clone())["nodes"], json!([null, null]), "{who:?}");
        }
        for who in [&desk.editor, &coordinator] {
            for institution in [json!("nso"), Value::Null] {
                let seen = ask_as(&desk.server, &who.session, SOURCES, json!({ "institution": institution }));
                assert_eq!((list(&seen["harvestSources"]["nodes"]).len(), list(&seen["intakeRuns"]["nodes"]).len()), (1, 1), "{seen}");
            }
        }
        // To act on it is to be told that there is none.
        let change = json!({ "source": source["id"], "expectedRevision": 1, "name": "Ours" });
        for who in [&member, &stranger] {
            assert_eq!(codes(&desk.act(who, "intake-source-change", change.clone())), ["NOT_FOUND"]);
            assert_eq!(codes(&desk.act(who, "intake-source-run", json!({ "source": source["id"] }))), ["NOT_FOUND"]);
            assert_eq!(codes(&desk.remove(&who.session, &source)), ["NOT_FOUND"]);
            assert_eq!(codes(&desk.declaring(who, "CKAN", "https://portal.example", Value::Null)), ["ROLE_REQUIRED"]);
        }
        let refused = payload(&ask_as(&desk.server, Who::Token(&reader), &operation("intake-source-change"), json!({ "input": change })));
        assert_eq!(codes(&refused), ["SCOPE_REQUIRED"]);
        assert_eq!(desk.source(&source)["revision"], 1);
        desk.close();
    }
}

#[test]
fn to_publish_at_once_is_decided_by_who_may_publish() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let coordinator = Person::join(&desk.place, &desk.server, "coordinator", "en", &["COORDINATOR"]);
        let url = "https://portal.example.org/";
        for who in [&coordinator, &desk.editor] {
            let refused = desk.declaring(who, "CKAN", url, json!({ "publishesAtOnce": true }));
            assert_eq!(codes(&refused), ["ROLE_REQUIRED"], "{refused}");
            let source = done(&desk.declaring(who, "CKAN", url, Value::Null), "source");
            assert_eq!(source["publishesAtOnce"], false);
            let wish = json!({ "source": source["id"], "expectedRevision": 1, "publishesAtOnce": true });
            assert_eq!(codes(&desk.act(who, "intake-source-change", wish.clone())), ["ROLE_REQUIRED"]);
            assert_eq!(done(&desk.act(&desk.validator, "intake-source-change", wish), "source")["publishesAtOnce"], true);
            // Nor may others say what is published then; they may have it end.
            let change =
                |revision: i32, key: &str, value: Value| json!({ "source": source["id"], "expectedRevision": revision, key: value });
            for (key, value) in [
                ("url", json!("https://elsewhere.example.org/")),
                ("kind", json!("DCAT")),
                ("defaults", json!({ "riskClass": "NONE" })),
                ("language", json!("fr")),
            ] {
                assert_eq!(codes(&desk.act(who, "intake-source-change", change(2, key, value))), ["ROLE_REQUIRED"], "{key}");
            }
            assert_eq!(codes(&desk.act(who, "intake-source-change", change(1, "name", json!("Late")))), ["CONFLICT"]);
            let renamed = done(&desk.act(who, "intake-source-change", change(2, "name", json!("Portail"))), "source");
            assert_eq!((&renamed["name"], &renamed["publishesAtOnce"]), (&json!("Portail"), &json!(true)));
            let ended = done(&desk.act(who, "intake-source-change", change(3, "publishesAtOnce", json!(false))), "source");
            assert_eq!(ended["publishesAtOnce"], false);
            assert!(codes(&desk.act(who, "intake-source-change", change(4, "url", json!("https://elsewhere.example.org/")))).is_empty());
        }
        desk.close();
    }
}

#[test]
fn what_is_wrong_with_a_source_is_all_named() {
    let desk = Desk::open(Backend::Sqlite);
    let wrong = json!({
        "name": "", "everyHours": -1, "language": "12",
        "defaults": { "slug": "one", "titles": [{ "language": "fr", "text": "Un" }], "themes": ["NO-SUCH"] },
    });
    let refused = desk.declaring(&desk.editor, "CKAN", "http://10.0.0.1/", wrong);
    let paths: BTreeSet<String> = list(&refused["errors"]).iter().map(|error| error["path"].to_string()).collect();
    assert_eq!(codes(&refused).iter().collect::<BTreeSet<_>>(), BTreeSet::from([&"INVALID"]), "{refused}");
    for path in ["url", "name", "everyHours", "language", "slug", "titles", "themes"] {
        assert!(paths.iter().any(|own| own.contains(path)), "{path} is not in {paths:?}");
    }
    let declare = |kind: &str| desk.declaring(&desk.editor, kind, "https://portal.example.org/", Value::Null);
    done(&declare("CKAN"), "source");
    let again = declare("CKAN");
    assert_eq!((codes(&again), &again["errors"][0]["path"]), (vec!["INVALID"], &json!(["url"])), "{again}");
    done(&declare("DCAT"), "source");
    desk.close();
}

#[test]
fn every_documented_operation_is_taken_and_its_example_is_well_formed() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave(|asked| ckan(&[package("one", "Un")], 10, asked));
    let used = RefCell::new(BTreeSet::new());
    let ask = |name: &str, variables: Value| {
        used.borrow_mut().insert(name.to_owned());
        ask_as(&desk.server, &desk.editor.session, &operation(name), variables)
    };
    let input = json!({ "institution": "nso", "name": "a.xml", "content": STANDARD.encode(ddi("Mots.", "")) });
    let run = done(&payload(&ask("intake-file", json!({ "input": input }))), "run");
    assert_eq!((&run["outcome"], &run["created"]), (&json!("SUCCEEDED"), &json!(1)));
    let input = json!({ "institution": "nso", "name": "Portail", "kind": "CKAN", "url": desk.house.url("/"), "everyHours": 0 });
    let source = done(&payload(&ask("intake-source", json!({ "input": input }))), "source");
    let input = json!({ "source": source["id"], "expectedRevision": 1, "everyHours": 168 });
    let changed = done(&payload(&ask("intake-source-change", json!({ "input": input }))), "source");
    assert_eq!(changed["everyHours"], 168);
    ask("intake-source-run", json!({ "input": { "source": source["id"] } }));
    desk.wait_for_run(&source, 1);
    // What was asked for while a harvest went on is harvested once more.
    let seen = wait_for("no run goes on", 60, || {
        let seen = ask("intake-runs", json!({ "institution": "nso" }));
        (seen["harvestSources"]["nodes"][0]["runs"]["nodes"][0]["outcome"] == "SUCCEEDED").then_some(seen)
    });
    assert!(list(&seen["intakeRuns"]["nodes"]).len() >= 2, "{seen}");
    let removed = payload(&ask("intake-source-remove", json!({ "id": source["id"] })));
    assert_eq!(removed["removed"], source["id"]);
    assert_eq!(*used.borrow(), operations(is_of_intake));
    desk.close();
    with_demo_on_sqlite(|server| {
        for name in operations(is_of_intake) {
            let text = operation(&name);
            let example = text.lines().find_map(|line| line.strip_prefix("# variables: ")).unwrap_or("null");
            let variables = serde_json::from_str(example).unwrap_or_else(|e| panic!("{name}: {e}"));
            let answer = server.graphql_as(Who::Visitor, &text, variables).json();
            let code = answer["errors"][0]["extensions"]["code"].as_str();
            assert!(code.is_none_or(|code| code == "SIGN_IN_REQUIRED"), "{name}: {}", answer["errors"]);
        }
    });
}
