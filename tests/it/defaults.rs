//! Defaults that the schema states: written in the type of their input, and taken where a variable leaves a value out.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::drafting::begin;
use crate::harness::{Server, with_demo_on_sqlite};
use crate::people::{DemoAccount, Who, act, ask_as, done, follow_link};

fn account(server: &Server, role: &str) -> DemoAccount {
    let accounts = server.accounts();
    accounts.into_iter().find(|account| account.role == role).unwrap_or_else(|| panic!("the demo has no {role}"))
}

/// Days from the making of a thing to its end.
fn life_of(thing: &Value) -> i64 {
    let at = |key: &str| OffsetDateTime::parse(thing[key].as_str().expect("instant"), &Rfc3339).expect("RFC 3339");
    (at("expiresAt") - at("createdAt")).whole_days()
}

#[test]
fn a_default_is_written_in_the_type_of_its_input() {
    with_demo_on_sqlite(|server| {
        let of_type = "type { kind name enumValues { name } ofType { kind name enumValues { name } } }";
        let input = format!("{{ name defaultValue {of_type} }}");
        let query = format!("{{ __schema {{ types {{ name inputFields {input} fields {{ name args {input} }} }} }} }}");
        let types = ask_as(server, Who::Visitor, &query, Value::Null)["__schema"]["types"].clone();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let (mut seen, mut wrong) = (0, Vec::new());
        for owner in list(&types) {
            let arguments = list(&owner["fields"]).into_iter().flat_map(|field| list(&field["args"]));
            for input in list(&owner["inputFields"]).into_iter().chain(arguments) {
                let Some(default) = input["defaultValue"].as_str() else { continue };
                let named = if input["type"]["kind"] == "NON_NULL" { &input["type"]["ofType"] } else { &input["type"] };
                let fits = match named["name"].as_str() {
                    Some("Boolean") => ["true", "false"].contains(&default),
                    Some("Int") => default.parse::<i32>().is_ok(),
                    _ => list(&named["enumValues"]).iter().any(|value| value["name"] == default),
                };
                seen += 1;
                if !fits {
                    wrong.push(format!("{}.{} = {default}", owner["name"], input["name"]));
                }
            }
        }
        assert!(seen > 10 && wrong.is_empty(), "{seen} defaults seen; wrong: {wrong:?}");
    });
}

#[test]
fn an_argument_with_a_default_takes_null_and_a_variable_that_may_be_null() {
    with_demo_on_sqlite(|server| {
        let types =
            server.ask("{ __schema { types { name fields { name args { name defaultValue type { kind } } } } } }")["__schema"]["types"]
                .clone();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let own = |owner: &&Value| owner["name"].as_str().is_some_and(|name| !name.starts_with("__"));
        for field in list(&types).iter().filter(own).flat_map(|owner| list(&owner["fields"])) {
            for argument in list(&field["args"]).iter().filter(|argument| !argument["defaultValue"].is_null()) {
                assert_ne!(argument["type"]["kind"], "NON_NULL", "{}({})", field["name"], argument["name"]);
            }
        }
        let query = |first: &str| {
            format!(
                "query($f: Int) {{ suggest(prefix: \"mig\", first: {first}) {{ text }} objectiveIndicators(objective: {first}) {{ objective }} \
                 datasets(first: 1) {{ facets(of: [THEMES], limit: {first}) {{ values {{ code }} }} nearMisses(first: {first}) {{ dataset {{ slug }} }} }} }}"
            )
        };
        let usual = server.ask_with(&query("$f"), json!({}));
        assert_eq!(usual["objectiveIndicators"]["objective"], 1);
        assert_eq!(server.ask_with(&query("$f"), json!({ "f": null })), usual);
        assert_eq!(server.ask(&query("null").replace("query($f: Int) ", "")), usual);
    });
}

#[test]
fn a_wording_is_official_where_nothing_else_is_said() {
    with_demo_on_sqlite(|server| {
        let token = account(server, "EDITOR").token;
        let content = json!({ "titles": [{ "language": "fr", "text": "Titre" }] });
        let draft = begin(server, Who::Token(&token), "hcp", &content);
        let query = "query($id: ID!) { datasetDraft(id: $id) { titles { language text status } } }";
        let titles = ask_as(server, Who::Token(&token), query, json!({ "id": draft.id }))["datasetDraft"]["titles"].clone();
        assert_eq!(titles, json!([{ "language": "fr", "text": "Titre", "status": "OFFICIAL" }]));
    });
}

#[test]
fn a_token_lasts_ninety_days_where_nothing_else_is_said() {
    with_demo_on_sqlite(|server| {
        let editor = follow_link(server, &account(server, "EDITOR").sign_in_path);
        let made = act(server, &editor, "register-api-token", json!({ "name": "nightly", "scopes": ["READ"] }));
        assert_eq!(life_of(&done(&made, "token")), 90);
    });
}

#[test]
fn a_preview_link_lasts_fourteen_days_and_names_functions_where_nothing_else_is_said() {
    with_demo_on_sqlite(|server| {
        let token = account(server, "EDITOR").token;
        let draft = begin(server, Who::Token(&token), "hcp", &json!({}));
        let link = done(&act(server, Who::Token(&token), "register-preview-link", json!({ "draft": draft.id })), "link");
        assert_eq!((life_of(&link), &link["withoutNames"]), (14, &json!(false)));
    });
}

#[test]
fn a_review_is_set_where_nothing_is_said_of_taking_it_back() {
    with_demo_on_sqlite(|server| {
        let coordinator = account(server, "COORDINATOR");
        let input = json!({ "dataset": "ma-hcp-rgph-2014", "version": 1, "note": "Read." });
        let record = done(&act(server, Who::Token(&coordinator.token), "register-review", input), "dataset");
        assert_eq!(record["coordinatorReview"]["by"], coordinator.function);
    });
}
