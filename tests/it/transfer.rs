//! A record passes to the institution that took over its producer's portfolio, and to no other.

use serde_json::{Value, json};

use crate::drafting::{Seen, begin, content, copy, publish};
use crate::harness::{BACKENDS, Server, institution};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done, payload};

/// The ministry, the agency that succeeds it, and one that has nothing to do with it.
fn institutions() -> Vec<String> {
    let agency = institution("agency").replace("\"kind\"", "\"predecessors\":[\"ministry\"],\"kind\"");
    vec![institution("ministry"), agency, institution("stranger")]
}

fn transfer<'a>(server: &Server, who: impl Into<Who<'a>>, revision: i32, to: &str) -> Value {
    let query = "mutation($input: DatasetTransferInput!) { datasetTransfer(input: $input) { \
                 dataset { version producer { slug } holdings { institution { slug } role } } errors { code path } } }";
    payload(&ask_as(server, who, query, json!({ "input": { "dataset": "permits", "expectedRevision": revision, "to": to } })))
}

fn producer(server: &Server) -> Value {
    ask_as(server, Who::Visitor, "{ dataset(slug: \"permits\") { version producer { slug } } }", Value::Null)["dataset"].clone()
}

/// A change of the working copy; the codes of its errors.
fn write(server: &Server, who: &Session, draft: &Seen, theme: &str) -> Vec<String> {
    let input = json!({ "draft": draft.id, "expectedRevision": draft.revision, "content": { "themes": [theme] } });
    codes(&act(server, who, "register-draft-update", input)).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_record_passes_to_a_documented_successor_only() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &institutions());
        let server = &registry.server;
        let old = registry.invite("ministry", "Officer of the ministry", &["EDITOR", "VALIDATOR"]);
        let new = registry.invite("agency", "Officer of the agency", &["EDITOR", "VALIDATOR"]);
        publish(server, &old, &old, &begin(server, &old, "ministry", &content("ministry", "permits", |_| {})));
        let ours = json!({ "version": 1, "producer": { "slug": "ministry" } });
        let before = registry.place.changes();
        for to in ["stranger", "ministry", "nobody"] {
            let refused = transfer(server, &old, 1, to);
            assert_eq!((codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["to"])), "{to}");
        }
        assert_eq!(codes(&transfer(server, &new, 1, "agency")), ["ROLE_REQUIRED"], "the successor does not take it by itself");
        assert_eq!(codes(&transfer(server, Who::Visitor, 1, "agency")), ["SIGN_IN_REQUIRED"]);
        assert_eq!(codes(&transfer(server, &old, 2, "agency")), ["CONFLICT"]);
        assert_eq!((producer(server), registry.place.changes()), (ours, before));
        let passed = done(&transfer(server, &old, 1, "agency"), "dataset");
        let holdings = json!([{ "institution": { "slug": "agency" }, "role": "PRODUCER" }]);
        assert_eq!(passed, json!({ "version": 2, "producer": { "slug": "agency" }, "holdings": holdings }));
        assert_eq!(producer(server), json!({ "version": 2, "producer": { "slug": "agency" } }));
        let told = ask_as(server, Who::Visitor, "{ changes(since: 0, first: 100) { nodes { kind } } }", Value::Null);
        assert!(told["changes"]["nodes"].as_array().expect("changes").contains(&json!({ "kind": "TRANSFERRED" })), "{told}");
        registry.close();
    }
}

#[test]
fn with_the_record_the_right_to_write_passes_too() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &institutions());
        let server = &registry.server;
        let old = registry.invite("ministry", "Officer of the ministry", &["EDITOR", "VALIDATOR"]);
        let new = registry.invite("agency", "Officer of the agency", &["EDITOR", "VALIDATOR"]);
        publish(server, &old, &old, &begin(server, &old, "ministry", &content("ministry", "permits", |_| {})));
        // A working copy that was begun before goes along, with what is written in it.
        let begun = copy(server, &old, "permits", &json!({ "titles": [{ "language": "fr", "text": "Titres de séjour" }] }));
        assert_eq!(write(server, &new, &begun, "MT-0702"), ["NOT_FOUND"]);
        done(&transfer(server, &old, 1, "agency"), "dataset");
        let query = "{ dataset(slug: \"permits\") { viewerCanUpdate viewerCannotUpdateReasons workingCopy { id revision title } } }";
        let seen = |who: &Session| ask_as(server, who, query, Value::Null)["dataset"].clone();
        assert_eq!(seen(&old), json!({ "viewerCanUpdate": false, "viewerCannotUpdateReasons": ["ROLE_REQUIRED"], "workingCopy": null }));
        let theirs = seen(&new);
        let moved = Seen::of(&theirs["workingCopy"]);
        assert_eq!((&moved.id, &theirs["workingCopy"]["title"]), (&begun.id, &json!("Titres de séjour")));
        assert_eq!(write(server, &old, &moved, "MT-0702"), ["NOT_FOUND"]);
        assert_eq!(codes(&act(server, &old, "register-working-copy", json!({ "dataset": "permits" }))), ["ROLE_REQUIRED"]);
        assert_eq!(seen(&new), theirs, "what the former producer tried has changed nothing");
        assert_eq!(write(server, &new, &moved, "MT-0702"), [""; 0]);
        let written = Seen { revision: moved.revision + 1, ..moved };
        assert_eq!(publish(server, &new, &new, &written)["version"], 3);
        let query = "{ dataset(slug: \"permits\") { title producer { slug } themes { code } } }";
        let public = ask_as(server, Who::Visitor, query, Value::Null)["dataset"].clone();
        assert_eq!(public, json!({ "title": "Titres de séjour", "producer": { "slug": "agency" }, "themes": [{ "code": "MT-0702" }] }));
        registry.close();
    }
}
