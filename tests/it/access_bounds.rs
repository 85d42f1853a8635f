//! What is too long is refused before anything is looked up for it, and what is written needs one connection.

use serde_json::{Value, json};

use crate::access_granting::{Granting, day};
use crate::harness::{BACKENDS, Backend};
use crate::people::{ask_as, codes, payload};

fn words(text: &str) -> Value {
    json!([{ "language": "ar", "text": text }, { "language": "fr", "text": text }, { "language": "en", "text": text }])
}

/// A mutation by the access officer of the holder.
fn act(granting: &Granting, mutation: &str, kind: &str, input: Value, selection: &str) -> Value {
    let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} errors {{ code message path }} }} }}");
    payload(&ask_as(&granting.server, &granting.officer.session, &query, json!({ "input": input })))
}

fn protocol(covers: &[Value]) -> Value {
    json!({
        "title": words("Protocol"), "kind": "PROTOCOL", "covers": covers, "requestedData": ["MICRODATA"],
        "parties": [{ "institution": "nso", "role": "PROVIDER" }, { "institution": "police", "role": "RECIPIENT" }],
        "purposes": ["RESEARCH"], "legalBasis": words("Law"), "startsOn": "2020-01-01", "endsOn": day(100), "visibility": "PARTIES",
    })
}

#[test]
fn one_connection_is_enough_to_write() {
    for backend in BACKENDS {
        let settings = ["--set", "database_connections=1", "--set", "database_connect_timeout_ms=5000"];
        let granting = Granting::open(backend, &settings);
        granting.submit(&granting.begin());
        let made =
            act(&granting, "agreementCreate", "AgreementCreateInput", json!({ "content": protocol(&[]) }), "agreement { id revision }");
        assert!(codes(&made).is_empty(), "{made}");
        let (agreement, covers) = (&made["agreement"], json!([{ "holding": granting.holding }, { "dataset": "survey" }]));
        let patch = json!({ "agreement": agreement["id"], "expectedRevision": agreement["revision"], "content": { "covers": covers } });
        let written = act(&granting, "agreementUpdate", "AgreementUpdateInput", patch, "agreement { covers { __typename } }");
        assert_eq!(written["agreement"]["covers"].as_array().map(Vec::len), Some(2), "{written}");
        granting.close();
    }
}

#[test]
fn a_list_that_is_too_long_is_not_looked_up() {
    let granting = Granting::open(Backend::Sqlite, &[]);
    let first = |done: &Value| (done["errors"][0]["path"].clone(), done["errors"][0]["message"].as_str().unwrap_or_default().to_owned());
    let wish = json!({ "holding": granting.holding, "data": "MICRODATA" });
    let holdings = json!({ "holdings": vec![wish; 300], "purpose": "RESEARCH" });
    let query = "mutation($input: AccessRequestCreateInput!) { accessRequestCreate(input: $input) { errors { code message path } } }";
    let asked = payload(&ask_as(&granting.server, &granting.researcher.session, query, json!({ "input": holdings })));
    assert_eq!((codes(&asked), first(&asked).0), (vec!["INVALID"], json!(["holdings"])), "{asked}");
    assert!(first(&asked).1.contains("at most 20 holdings"), "{asked}");

    let nowhere: Vec<Value> = (0..501).map(|number| json!({ "dataset": format!("nowhere-{number}") })).collect();
    let made = act(&granting, "agreementCreate", "AgreementCreateInput", json!({ "content": protocol(&nowhere) }), "agreement { id }");
    assert_eq!((codes(&made), first(&made).0), (vec!["INVALID"], json!(["covers"])), "one problem, not one for each: {made}");

    let officer = "officer@people.example";
    let rule = |persons: usize| {
        json!({ "name": "Block", "reason": words("Why"), "effect": "REJECT", "rejection": "OTHER", "until": day(30),
            "persons": vec![officer; persons] })
    };
    for (more, path) in [
        (json!({ "deciders": vec![officer; 21] }), json!(["deciders"])),
        (json!({ "advisers": vec!["nobody@people.example"; 201] }), json!(["advisers"])),
        (json!({ "rules": vec![rule(1); 51] }), json!(["rules"])),
        (json!({ "rules": [rule(201)] }), json!(["rules", "0", "persons"])),
    ] {
        let mut input = json!({ "institution": "nso", "expectedRevision": 1, "isOpen": true });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key.as_str()] = value.clone();
        }
        let set = act(&granting, "accessDeskSet", "AccessDeskSetInput", input, "desk { revision }");
        assert_eq!((codes(&set), first(&set).0), (vec!["INVALID"], path), "{set}");
    }
    granting.close();
}
