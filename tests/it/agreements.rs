//! Agreements through the front door: signed by their parties, hidden from the others, warned of before they end.

mod hidden;
mod watched;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::drafting::holding;
use crate::harness::{BACKENDS, Backend, dataset, institution, with_demo_on_sqlite};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done, operation};
use crate::questions::{is_on_agreements, operations};

/// The service that issues permits, the statistical office, and somebody else, with two people each.
pub struct Cast {
    /// The catalogue.
    pub registry: Registry,
    /// Writes for the service.
    pub editor: Session,
    /// Signs for the service.
    pub police: Session,
    /// Signs for the office.
    pub office: Session,
    /// Validates for a third institution.
    pub third: Session,
    /// Keeps the register.
    pub coordinator: Session,
    /// Reads the log.
    pub auditor: Session,
}

/// A record of the service.
fn record(slug: &str, visibility: &str) -> String {
    dataset(slug, |record| {
        record["producer"] = json!("police");
        record["visibility"] = json!(visibility);
        record["holdings"] = json!([holding("police", "PRODUCER", "SECURE")]);
    })
}

impl Cast {
    /// Opens a catalogue with an open and a hidden record.
    pub fn open(backend: Backend) -> Self {
        let kind = |slug: &str, kind: &str| {
            let mut line: Value = serde_json::from_str(&institution(slug)).expect("JSON");
            line["kind"] = json!(kind);
            line["desk"] =
                json!({ "function": { "en": { "text": "Desk", "status": "OFFICIAL" } }, "mailbox": format!("desk@{slug}.example") });
            line.to_string()
        };
        let lines = [
            kind("police", "SECURITY_AGENCY"),
            kind("office", "NSO"),
            kind("third", "MINISTRY"),
            record("permits", "PUBLIC"),
            record("hidden-file", "COORDINATOR"),
        ];
        let registry = Registry::open(backend, &lines);
        registry.server.wait_for_index();
        Self {
            editor: registry.invite("police", "Police editor", &["EDITOR"]),
            police: registry.invite("police", "Police validator", &["VALIDATOR"]),
            office: registry.invite("office", "Office access officer", &["ACCESS_OFFICER"]),
            third: registry.invite("third", "Third validator", &["VALIDATOR", "EDITOR"]),
            coordinator: registry.add("Coordinator", "COORDINATOR"),
            auditor: registry.add("Auditor", "AUDITOR"),
            registry,
        }
    }

    /// An agreement as it was last seen, with the fields that the next step needs.
    pub fn registered(&self, change: impl FnOnce(&mut Value)) -> Value {
        done(&act(&self.registry.server, &self.editor, "agreement-create", json!({ "content": content(change) })), "agreement")
    }

    /// An agreement that both parties have signed.
    pub fn signed(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut seen = self.registered(change);
        for (who, institution) in [(&self.police, "police"), (&self.office, "office")] {
            seen = done(&self.step(who, "sign", &seen, signature(&seen, institution)), "agreement");
        }
        seen
    }

    /// Payload of a step on an agreement as it was last seen.
    pub fn step<'a>(&self, who: impl Into<Who<'a>>, step: &str, seen: &Value, more: Value) -> Value {
        let mut input = json!({ "agreement": seen["id"], "expectedRevision": seen["revision"] });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key.as_str()] = value.clone();
        }
        act(&self.registry.server, who, &format!("agreement-{step}"), input)
    }
}

/// What whoever signs gives.
pub fn signature(seen: &Value, institution: &str) -> Value {
    json!({ "institution": institution, "textHash": seen["textHash"] })
}

/// A text in French.
pub fn text(words: &str) -> Value {
    json!([{ "language": "fr", "text": words }])
}

/// A protocol on the file of permits; `change` makes of it what the test needs.
pub fn content(change: impl FnOnce(&mut Value)) -> Value {
    let mut content = json!({
        "title": text("Protocole sur les titres de séjour"), "kind": "PROTOCOL",
        "parties": [{ "institution": "police", "role": "PROVIDER" }, { "institution": "office", "role": "RECIPIENT" }],
        "covers": [{ "dataset": "permits" }], "requestedData": ["MICRODATA"], "purposes": ["OFFICIAL_STATISTICS"],
        "purpose": text("Établir la statistique des étrangers"), "legalBasis": text("Loi statistique"), "oneWay": true,
        "dataProtection": { "reference": "D-12/2024" }, "delivery": { "frequency": "ANNUAL", "format": "CSV" },
        "startsOn": "2020-01-01", "endsOn": "2090-12-31", "visibility": "PUBLIC",
    });
    change(&mut content);
    content
}

const STATE: &str = "query($id: ID!) { agreement(id: $id) { id revision state textHash signatures { by } stateReason viewerActions } }";

/// An agreement as somebody sees it now.
pub fn look<'a>(cast: &Cast, who: impl Into<Who<'a>>, seen: &Value) -> Value {
    ask_as(&cast.registry.server, who, STATE, json!({ "id": seen["id"] }))["agreement"].clone()
}

#[test]
fn two_parties_sign_what_they_have_read_and_nobody_else() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let seen = cast.registered(|_| {});
        assert_eq!((&seen["state"], &seen["viewerActions"]), (&json!("DRAFT"), &json!(["UPDATE"])));
        // Who is no party does not learn that it exists; who may not sign, does not sign.
        for step in ["update", "sign"] {
            let more = if step == "sign" { signature(&seen, "third") } else { json!({ "content": { "oneWay": false } }) };
            assert_eq!(codes(&cast.step(&cast.third, step, &seen, more)), ["NOT_FOUND"], "{step}");
        }
        assert_eq!(codes(&cast.step(&cast.editor, "sign", &seen, signature(&seen, "police"))), ["ROLE_REQUIRED"]);
        assert_eq!(codes(&cast.step(&cast.police, "sign", &seen, signature(&seen, "office"))), ["ROLE_REQUIRED"]);
        assert_eq!(codes(&cast.step(Who::Visitor, "sign", &seen, signature(&seen, "office"))), ["SIGN_IN_REQUIRED"]);
        let wrong = cast.step(&cast.police, "sign", &seen, json!({ "institution": "police", "textHash": "0".repeat(64) }));
        assert_eq!((codes(&wrong), &wrong["errors"][0]["path"]), (vec!["INVALID"], &json!(["textHash"])));
        assert_eq!(look(&cast, &cast.police, &seen)["revision"], seen["revision"], "a refusal changes nothing");

        let half = done(&cast.step(&cast.police, "sign", &seen, signature(&seen, "police")), "agreement");
        assert_eq!((&half["state"], half["signatures"].as_array().map(Vec::len)), (&json!("DRAFT"), Some(1)));
        assert_eq!(codes(&cast.step(&cast.police, "sign", &half, signature(&half, "police"))), ["CONFLICT"]);
        // Another's change comes first; then the text is another, and nobody has signed it.
        let changed = done(&cast.step(&cast.office, "update", &half, json!({ "content": { "endsOn": "2089-12-31" } })), "agreement");
        assert_eq!(changed["signatures"], json!([]));
        assert_ne!(changed["textHash"], half["textHash"]);
        let late = cast.step(&cast.editor, "update", &half, json!({ "content": { "purposes": ["RESEARCH"] } }));
        assert_eq!(codes(&late), ["CONFLICT"]);
        let conflict = &late["errors"][0]["conflict"];
        assert_eq!((&conflict["changedBy"], &conflict["fields"]), (&json!("Office access officer"), &json!(["endsOn"])));
        let stale = cast.step(&cast.police, "sign", &changed, signature(&half, "police"));
        assert_eq!(codes(&stale), ["INVALID"]);

        let mut signed = changed;
        for (who, institution) in [(&cast.office, "office"), (&cast.police, "police")] {
            signed = done(&cast.step(who, "sign", &signed, signature(&signed, institution)), "agreement");
        }
        assert_eq!(signed["state"], "IN_FORCE");
        assert_eq!(signed["signatures"][0]["by"], "Office access officer");
        let terms = cast.step(&cast.police, "update", &signed, json!({ "content": { "oneWay": false, "visibility": "MEMBERS" } }));
        assert_eq!((codes(&terms), &terms["errors"][0]["path"]), (vec!["INVALID"], &json!(["oneWay"])));
        cast.registry.close();
    }
}

#[test]
fn a_party_suspends_resumes_and_terminates_with_a_reason() {
    let cast = Cast::open(Backend::Sqlite);
    let mut seen = cast.signed(|_| {});
    assert_eq!(look(&cast, &cast.office, &seen)["viewerActions"], json!(["ANNOTATE", "SUSPEND", "TERMINATE"]));
    for who in [&cast.third, &cast.coordinator, &cast.auditor] {
        assert_eq!(codes(&cast.step(who, "suspend", &seen, json!({ "reason": "Because." }))), ["ROLE_REQUIRED"]);
        assert_eq!(look(&cast, who, &seen)["viewerActions"], json!([]));
    }
    assert_eq!(codes(&cast.step(&cast.office, "suspend", &seen, json!({ "reason": " " }))), ["INVALID"]);
    assert_eq!(codes(&cast.step(&cast.office, "resume", &seen, Value::Null)), ["WRONG_STATE"]);
    seen = done(&cast.step(&cast.office, "suspend", &seen, json!({ "reason": "Un incident est examiné." })), "agreement");
    assert_eq!((&seen["state"], &seen["stateReason"]), (&json!("SUSPENDED"), &json!("Un incident est examiné.")));
    seen = done(&cast.step(&cast.police, "resume", &seen, Value::Null), "agreement");
    assert_eq!((&seen["state"], &seen["stateReason"]), (&json!("IN_FORCE"), &Value::Null));
    // It is not renewed by itself: there is nothing to give notice of.
    let notice = cast.step(&cast.police, "terminate", &seen, json!({ "reason": "Fin.", "atEnd": true }));
    assert_eq!((codes(&notice), &notice["errors"][0]["path"]), (vec!["INVALID"], &json!(["atEnd"])));
    seen = done(&cast.step(&cast.police, "terminate", &seen, json!({ "reason": "Fin." })), "agreement");
    assert_eq!((&seen["state"], &seen["viewerActions"]), (&json!("TERMINATED"), &json!([])));
    assert_eq!(codes(&cast.step(&cast.office, "update", &seen, json!({ "content": { "visibility": "PARTIES" } }))), ["WRONG_STATE"]);
    cast.registry.close();
}

#[test]
fn what_is_wrong_or_missing_is_named() {
    let cast = Cast::open(Backend::Sqlite);
    let create = |who: &Session, change: fn(&mut Value)| {
        let payload = act(&cast.registry.server, who, "agreement-create", json!({ "content": content(change) }));
        let errors = payload["errors"].as_array().expect("errors").clone();
        errors.iter().map(|error| format!("{} {}", error["code"].as_str().unwrap_or_default(), error["path"])).collect::<Vec<_>>()
    };
    assert_eq!(create(&cast.third, |_| {}), ["ROLE_REQUIRED []"], "only a party registers it");
    assert_eq!(create(&cast.coordinator, |_| {}), ["ROLE_REQUIRED []"]);
    assert_eq!(create(&cast.editor, |c| c["covers"] = json!([{ "dataset": "nowhere" }])), ["INVALID [\"covers\",\"0\",\"dataset\"]"]);
    assert_eq!(create(&cast.office, |c| c["covers"] = json!([{ "dataset": "hidden-file" }])), ["INVALID [\"covers\",\"0\",\"dataset\"]"]);
    assert_eq!(create(&cast.editor, |c| c["covers"] = json!([{}])), ["INVALID [\"covers\",\"0\"]"]);
    assert_eq!(create(&cast.editor, |c| c["purposes"] = json!(["ADMINISTRATIVE_DECISIONS"])), ["INVALID [\"purposes\",\"0\"]"]);
    assert_eq!(create(&cast.editor, |c| c["title"] = Value::Null), ["INVALID [\"title\"]"]);
    let backwards: fn(&mut Value) = |c| {
        c["parties"] = json!([{ "institution": "office", "role": "PROVIDER" }, { "institution": "police", "role": "RECIPIENT" }]);
    };
    assert_eq!(create(&cast.editor, backwards), ["INVALID [\"parties\",\"0\",\"role\"]"], "statistics hand nothing back");
    let unknown: fn(&mut Value) = |c| c["parties"][1]["institution"] = json!("unknown");
    assert_eq!(create(&cast.editor, unknown), ["INVALID [\"parties\",\"1\",\"institution\"]"]);
    // A draft may be incomplete; it is not signed before it is complete.
    let bare = cast.registered(|c| {
        for field in ["legalBasis", "dataProtection", "startsOn"] {
            c[field] = Value::Null;
        }
    });
    let refused = cast.step(&cast.police, "sign", &bare, signature(&bare, "police"));
    let paths: Vec<&Value> = refused["errors"].as_array().expect("errors").iter().map(|error| &error["path"][0]).collect();
    assert_eq!(paths, ["startsOn", "legalBasis", "dataProtection"]);
    let out = cast.step(
        &cast.police,
        "update",
        &bare,
        json!({ "content": { "parties": [{ "institution": "office", "role": "BOTH" }], "oneWay": false } }),
    );
    assert_eq!((codes(&out), &out["errors"][0]["path"]), (vec!["INVALID"], &json!(["parties"])), "nobody writes themselves out");
    cast.registry.close();
}

#[test]
fn questions_on_agreements_have_their_answers() {
    let asked = RefCell::new(BTreeSet::new());
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let ask = |who: Who<'_>, name: &str, variables: Value| {
            asked.borrow_mut().insert(name.to_owned());
            ask_as(&cast.registry.server, who, &operation(name), variables)
        };
        let open = cast.signed(|_| {});
        let soon = cast.signed(|c| {
            c["title"] = text("Convention qui se termine");
            c["endsOn"] = json!("2030-06-30");
            c["covers"] = json!([{ "holdingsOf": "police" }]);
        });
        cast.signed(|c| c["endsOn"] = json!("2021-12-31"));
        let between = ask(Who::Visitor, "agreement-between", json!({ "parties": ["office", "police"], "search": "titres séjour" }));
        let found = &between["agreements"];
        assert_eq!(found["totalCount"], 2, "{found}");
        let first = &found["nodes"][1];
        assert_eq!((&first["id"], &first["state"], &first["oneWay"]), (&open["id"], &json!("IN_FORCE"), &json!(true)));
        assert_eq!((&first["purposes"], &first["requestedData"]), (&json!(["OFFICIAL_STATISTICS"]), &json!(["MICRODATA"])));
        assert_eq!(found["nodes"][0]["state"], "EXPIRED", "its last day has passed, and nobody had to say so");
        let none = ask(Who::Visitor, "agreement-between", json!({ "parties": ["office", "third"] }));
        assert_eq!(none["agreements"]["totalCount"], 0);
        let expiring = ask(Who::Visitor, "agreement-expiring", json!({ "before": "2030-07-01" }));
        assert_eq!((&expiring["agreements"]["totalCount"], &expiring["agreements"]["nodes"][0]["id"]), (&json!(1), &soon["id"]));
        let none = ask(Who::Visitor, "agreement-expiring", json!({ "before": "2030-06-30" }));
        assert_eq!(none["agreements"]["totalCount"], 0);
        let dataset = ask(Who::Visitor, "agreement-of-dataset", json!({ "slug": "permits" }));
        assert_eq!(dataset["dataset"]["agreements"]["totalCount"], 3, "{dataset}");
        let question =
            "{ dataset(slug: \"permits\") { holdings { id } } institution(slug: \"office\") { agreements(first: 5) { totalCount } } }";
        let data = ask_as(&cast.registry.server, Who::Visitor, question, Value::Null);
        assert_eq!(data["institution"]["agreements"]["totalCount"], 3);
        let why = "query($id: ID!, $holding: ID!, $to: String!, $purpose: AgreementPurpose!) {
          agreement(id: $id) { gapsFor(holding: $holding, recipient: $to, data: MICRODATA, purpose: $purpose) } }";
        for (to, purpose, expected) in [
            ("office", "OFFICIAL_STATISTICS", json!([])),
            ("third", "OFFICIAL_STATISTICS", json!(["RECIPIENT_NOT_PARTY"])),
            ("office", "ADMINISTRATIVE_DECISIONS", json!(["AGAINST_ONE_WAY", "PURPOSE_NOT_COVERED"])),
        ] {
            let variables = json!({ "id": open["id"], "holding": data["dataset"]["holdings"][0]["id"], "to": to, "purpose": purpose });
            let found = ask_as(&cast.registry.server, Who::Visitor, why, variables);
            assert_eq!(found["agreement"]["gapsFor"], expected, "{to} {purpose}");
        }
        cast.registry.close();
    }
    let steps = ["create", "update", "sign", "suspend", "resume", "terminate"].map(|step| format!("agreement-{step}"));
    asked.borrow_mut().extend(steps);
    assert_eq!(*asked.borrow(), operations(is_on_agreements), "every documented operation is taken");
}

#[test]
fn the_examples_of_the_documented_operations_are_well_formed() {
    with_demo_on_sqlite(|server| {
        for name in operations(is_on_agreements) {
            let text = operation(&name);
            let example = text.lines().find_map(|line| line.strip_prefix("# variables: ")).expect("an example");
            let variables = serde_json::from_str(example).unwrap_or_else(|e| panic!("{name}: {e}"));
            let answer = server.graphql_as(Who::Visitor, &text, variables).json();
            assert!(answer.get("errors").is_none(), "{name}: {answer}");
        }
    });
}
