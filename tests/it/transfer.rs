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

#[test]
fn who_took_a_record_over_fulfils_with_it_what_its_former_producer_has_promised() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &institutions());
        let server = &registry.server;
        let both = ["EDITOR", "VALIDATOR"];
        let old = registry.invite("ministry", "Officer of the ministry", &both);
        let new = registry.invite("agency", "Officer of the agency", &both);
        let stranger = registry.invite("stranger", "Officer elsewhere", &both);
        publish(server, &old, &old, &begin(server, &old, "ministry", &content("ministry", "permits", |_| {})));
        let step = |who: &Session, name: &str, entry: &Value, more: Value| {
            let mut input = more;
            (input["entry"], input["expectedRevision"]) = (entry["id"].clone(), entry["revision"].clone());
            act(server, who, name, input)
        };
        let words = json!([{ "language": "fr", "text": "Pour le plan régional." }]);
        let asked = json!({ "kind": "DATA_REQUEST", "content": { "text": words, "cell": { "theme": "MT-0701", "area": "MA-09" } } });
        let request = done(&act(server, &stranger, "data-request-create", asked), "entry");
        let promise = json!({ "commitment": "Nous publierons les titres", "until": "2090" });
        let committed = done(&step(&old, "data-request-commit", &request, promise), "entry");
        done(&transfer(server, &old, 1, "agency"), "dataset");
        let named = || json!({ "dataset": "permits" });
        for who in [&old, &stranger] {
            assert_eq!(codes(&step(who, "data-request-fulfil", &committed, named())), ["INVALID"], "it is a record of others");
        }
        let fulfilled = done(&step(&new, "data-request-fulfil", &committed, named()), "entry");
        assert_eq!((&fulfilled["state"], &fulfilled["fulfilledBy"]["slug"]), (&json!("FULFILLED"), &json!("permits")));
        assert_eq!(fulfilled["commitment"], committed["commitment"], "it stays told as it was made");
        assert_eq!(fulfilled["commitment"]["institution"]["slug"], "ministry");
        assert_eq!(fulfilled["history"][2]["institution"]["slug"], "agency");
        registry.close();
    }
}

#[test]
fn with_the_record_the_steps_on_what_was_agreed_on_it_pass_too() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &institutions());
        let server = &registry.server;
        let both = ["EDITOR", "VALIDATOR"];
        let old = registry.invite("ministry", "Officer of the ministry", &both);
        let new = registry.invite("agency", "Officer of the agency", &both);
        let stranger = registry.invite("stranger", "Officer elsewhere", &both);
        publish(server, &old, &old, &begin(server, &old, "ministry", &content("ministry", "permits", |_| {})));
        publish(server, &stranger, &stranger, &begin(server, &stranger, "stranger", &content("stranger", "visas", |_| {})));
        server.wait_for_index();
        let step = |who: &Session, name: &str, entry: &Value, more: Value| {
            let mut input = more;
            (input["entry"], input["expectedRevision"]) = (entry["id"].clone(), entry["revision"].clone());
            act(server, who, name, input)
        };
        let text = |words: &str| json!([{ "language": "fr", "text": words }]);
        let note = json!({ "dataset": "permits", "other": "visas", "verdict": "WITH_CAUTION", "text": text("Avec prudence.") });
        let proposed = done(&act(server, &old, "comparability-note-propose", note), "entry");
        let agreed = done(&step(&stranger, "registers-agree", &proposed, json!({})), "entry");
        assert_eq!(agreed["state"], "AGREED");
        done(&transfer(server, &old, 1, "agency"), "dataset");
        let shown = || {
            let query = "{ compare(datasets: [\"permits\", \"visas\"]) { pairs { agreedNote { text institutions { slug } } } } }";
            ask_as(server, Who::Visitor, query, Value::Null)["compare"]["pairs"][0]["agreedNote"].clone()
        };
        let by_both = json!({ "text": "Avec prudence.", "institutions": [{ "slug": "ministry" }, { "slug": "stranger" }] });
        assert_eq!(shown(), by_both, "by whom it was agreed stays told");
        let change = json!({ "content": { "text": text("Avec une grande prudence.") } });
        assert_eq!(codes(&step(&old, "registers-update", &agreed, change.clone())), ["ROLE_REQUIRED"]);
        let again = done(&step(&new, "registers-update", &agreed, change), "entry");
        assert_eq!((&again["state"], &again["agreedBy"]), (&json!("PROPOSED"), &json!([{ "slug": "agency" }])));
        assert_eq!(shown(), by_both, "until both producers of now have agreed to another");
        let ended = done(&step(&new, "registers-withdraw", &again, json!({ "note": "Champs différents" })), "entry");
        assert_eq!((&ended["state"], shown()), (&json!("WITHDRAWN"), Value::Null));
        registry.close();
    }
}
