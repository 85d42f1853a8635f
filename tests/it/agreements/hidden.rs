//! What is not for a reader is nowhere: in no list, count, filter, feed, node or message.

use serde_json::{Value, json};

use crate::actors::node_id;
use crate::harness::BACKENDS;
use crate::people::{Who, ask_as, codes, done};

use super::{Cast, look, signature, text};

const EVERYWHERE: &str = "query($ids: [ID!]!) {
  nodes(ids: $ids) { id }
  agreements(first: 50) { totalCount nodes { id title isOutline purpose covers { dataset { slug } } textHash revision stateReason contacts { mailbox } } }
  sought: agreements(search: \"zèbre\") { totalCount }
  purposes: agreements(where: { purposes: [METHODS_AND_QUALITY] }) { totalCount }
  on: agreements(where: { dataset: \"permits\" }) { totalCount }
  hidden: agreements(where: { dataset: \"hidden-file\" }) { totalCount }
  dataset(slug: \"permits\") { agreements(first: 50) { totalCount nodes { id } } }
  institution(slug: \"office\") { agreements(first: 50) { totalCount nodes { id } } }
  changes(since: 0, first: 100) { nodes { entity nodeId kind } }
}";

/// Whether an agreement was found in a list of the answer.
fn has(list: &Value, agreement: &Value) -> bool {
    list.as_array().into_iter().flatten().any(|node| node["id"] == agreement["id"])
}

#[test]
fn each_reader_sees_what_visibility_allows_and_nothing_else() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let mark = |visibility: &'static str| {
            move |content: &mut Value| {
                content["visibility"] = json!(visibility);
                content["title"] = text(&format!("Accord {visibility}"));
                content["purpose"] = text("Un zèbre");
                content["purposes"] = json!(["METHODS_AND_QUALITY"]);
                content["covers"] = json!([{ "dataset": "permits" }, { "dataset": "hidden-file" }]);
                content["contacts"] = json!([{ "institution": "police", "function": text("Bureau"), "mailbox": "zebra@police.example" }]);
            }
        };
        let public = cast.signed(mark("PUBLIC"));
        let members = cast.signed(mark("MEMBERS"));
        let parties = cast.signed(mark("PARTIES"));
        let draft = cast.registered(mark("PUBLIC"));
        let given_up = cast.registered(mark("PUBLIC"));
        let given_up = done(&cast.step(&cast.police, "terminate", &given_up, json!({ "reason": "Un zèbre est de trop." })), "agreement");
        let all = [&public, &members, &parties, &draft, &given_up];
        let ids: Vec<&Value> = all.iter().map(|agreement| &agreement["id"]).collect();
        cast.registry.server.wait_for_index();
        // Who reads; which of the five whole, which as an outline; whether the hidden record may be known.
        let readers = [
            ("visitor", Who::Visitor, [true, false, false, false, false], false),
            ("third", Who::Session(&cast.third), [true, true, false, false, false], false),
            ("auditor", Who::Session(&cast.auditor), [true, true, false, false, false], false),
            ("coordinator", Who::Session(&cast.coordinator), [true, true, false, false, false], true),
            ("office", Who::Session(&cast.office), [true; 5], false),
            ("police", Who::Session(&cast.police), [true; 5], true),
        ];
        for (name, who, whole, knows_hidden) in readers {
            let data = ask_as(&cast.registry.server, who, EVERYWHERE, json!({ "ids": ids }));
            let outlined = name == "coordinator";
            for (place, agreement) in all.iter().enumerate() {
                let is_known = whole[place] || outlined;
                assert_eq!(!data["nodes"][place].is_null(), is_known, "{name} {place}: {data}");
                for list in ["/agreements/nodes", "/institution/agreements/nodes"] {
                    assert_eq!(has(&data.pointer(list).cloned().unwrap_or_default(), agreement), is_known, "{name} {place} {list}");
                }
                // What an agreement is on is content.
                assert_eq!(has(&data["dataset"]["agreements"]["nodes"], agreement), whole[place], "{name} {place}");
            }
            let (content, known) =
                (whole.iter().filter(|seen| **seen).count(), if outlined { 5 } else { whole.iter().filter(|s| **s).count() });
            for (field, count) in [("agreements", known), ("sought", content), ("purposes", content), ("on", content)] {
                assert_eq!(data[field]["totalCount"], count, "{name} {field}: {data}");
            }
            assert_eq!(data["hidden"]["totalCount"], if knows_hidden { content } else { 0 }, "{name}");
            for node in data["agreements"]["nodes"].as_array().expect("nodes") {
                let place = ids.iter().position(|id| **id == node["id"]).expect("one of the five");
                assert_eq!(node["isOutline"], !whole[place], "{name}: {node}");
                if !whole[place] {
                    assert_eq!((&node["covers"], &node["textHash"]), (&json!([]), &Value::Null), "{node}");
                    assert!(!node.to_string().contains("zebra") && !node.to_string().contains("zèbre"), "{name}: {node}");
                }
            }
            assert_eq!(data.to_string().contains("hidden-file"), knows_hidden, "{name}: {data}");
            // The feed tells each of what is open to their kind: parties are told by notices.
            let fed: Vec<&Value> =
                data["changes"]["nodes"].as_array().expect("changes").iter().filter(|c| c["entity"] == "AGREEMENT").collect();
            let in_feed = [name != "nobody", name != "visitor", false, false, false];
            for (place, id) in ids.iter().enumerate() {
                assert_eq!(fed.iter().any(|change| change["nodeId"] == **id), in_feed[place], "{name} {place}: {fed:?}");
            }
        }
        refusals_say_the_same(&cast, &parties, &draft);
        let log = ask_as(
            &cast.registry.server,
            &cast.auditor,
            "{ auditLog(first: 100, where: { entities: [\"AGREEMENT\"] }) { nodes { kind changes { path before after } } } }",
            Value::Null,
        );
        assert!(log.to_string().contains("PARTY_SIGNED") && !log.to_string().to_lowercase().contains("zèbre"), "{log}");
        cast.registry.close();
    }
}

/// What is hidden is refused in the words in which what is absent is refused.
fn refusals_say_the_same(cast: &Cast, parties: &Value, draft: &Value) {
    let absent = json!({ "id": node_id("agreement:0193a2b4-0000-7000-8000-00000000000a"), "revision": 1, "textHash": "0" });
    for step in ["update", "sign", "suspend", "resume", "terminate"] {
        let more = |seen: &Value| match step {
            "update" => json!({ "content": { "visibility": "PUBLIC" } }),
            "sign" => signature(seen, "third"),
            "resume" => Value::Null,
            _ => json!({ "reason": "Because." }),
        };
        let missing = cast.step(&cast.third, step, &absent, more(&absent));
        assert_eq!(codes(&missing), ["NOT_FOUND"]);
        for hidden in [parties, draft] {
            let refused = cast.step(&cast.third, step, hidden, more(hidden));
            let plain = |payload: &Value| {
                let message = payload["errors"][0]["message"].as_str().expect("message").to_owned();
                message.split('`').enumerate().filter(|(place, _)| place % 2 == 0).map(|(_, words)| words.to_owned()).collect::<String>()
            };
            assert_eq!((codes(&refused), plain(&refused)), (codes(&missing), plain(&missing)), "{step}");
        }
    }
}

#[test]
fn an_agreement_that_is_closed_leaves_the_feed_with_a_word() {
    let cast = Cast::open(crate::harness::Backend::Sqlite);
    let seen = cast.signed(|_| {});
    done(&cast.step(&cast.office, "update", &seen, json!({ "content": { "visibility": "PARTIES" } })), "agreement");
    let data = ask_as(
        &cast.registry.server,
        Who::Visitor,
        "query($id: ID!) { agreement(id: $id) { id } changes(since: 0, first: 100) { nodes { entity kind nodeId } } }",
        json!({ "id": seen["id"] }),
    );
    assert!(data["agreement"].is_null());
    let last = data["changes"]["nodes"].as_array().and_then(|nodes| nodes.iter().rfind(|c| c["entity"] == "AGREEMENT")).expect("a change");
    assert_eq!((&last["kind"], &last["nodeId"]), (&json!("WITHDRAWN"), &seen["id"]));
    cast.registry.close();
}

#[test]
fn one_party_alone_shows_an_agreement_to_nobody_else() {
    for backend in crate::harness::BACKENDS {
        let cast = Cast::open(backend);
        let seen = cast.signed(|content| content["visibility"] = json!("MEMBERS"));
        let show = |who, seen: &Value, visibility: &str| cast.step(who, "update", seen, json!({ "content": { "visibility": visibility } }));
        let wider = show(&cast.office, &seen, "PUBLIC");
        assert_eq!((codes(&wider), &wider["errors"][0]["path"]), (vec!["INVALID"], &json!(["visibility"])), "{wider}");
        assert_eq!(look(&cast, &cast.office, &seen)["revision"], seen["revision"]);
        assert_eq!(look(&cast, Who::Visitor, &seen), Value::Null);
        let fewer = done(&show(&cast.office, &seen, "PARTIES"), "agreement");
        assert_eq!(codes(&show(&cast.police, &fewer, "MEMBERS")), ["INVALID"], "nor back again");

        // Who has signed a draft for fewer readers has not signed it for more.
        let draft = cast.registered(|content| content["visibility"] = json!("PARTIES"));
        let half = done(&cast.step(&cast.police, "sign", &draft, signature(&draft, "police")), "agreement");
        let shown = done(&show(&cast.office, &half, "PUBLIC"), "agreement");
        assert_eq!((&shown["signatures"], &shown["textHash"]), (&json!([]), &half["textHash"]));
        let again = done(&cast.step(&cast.police, "sign", &shown, signature(&shown, "police")), "agreement");
        let narrowed = done(&show(&cast.office, &again, "MEMBERS"), "agreement");
        assert_eq!(narrowed["signatures"].as_array().map(Vec::len), Some(1), "for fewer the signature stays");
        cast.registry.close();
    }
}
