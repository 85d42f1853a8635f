//! Deeds of a person's own: searches, webhooks, tokens, the second factor.

use rihla::domain::policy::Action;
use serde_json::{Value, json};

use super::super::stage::{Stage, Thing, outcome};
use super::{Deed, by_id, free, quiet};
use crate::actors::Caller;

/// Makes something of the person's own, or takes what the editor made where the person may make none.
fn made(stage: &Stage, caller: &Caller, mutation: &str, input: &Value, thing: &str) -> Thing {
    let selection = format!("{thing} {{ id }}");
    let payload = stage
        .perform(caller, mutation, input.clone(), &selection)
        .unwrap_or_else(|_| stage.must("editor", mutation, input.clone(), &selection));
    Thing { own: payload[thing]["id"].as_str().unwrap_or_default().to_owned(), ..Thing::default() }
}

fn search() -> Value {
    json!({ "name": "New records", "search": "record" })
}

fn hook() -> Value {
    json!({ "url": "http://127.0.0.1:9/nobody-listens" })
}

fn token() -> Value {
    json!({ "name": "test", "scopes": ["READ"], "expiresInDays": 1 })
}

/// Deeds of a person's own.
pub fn of_accounts() -> Vec<Deed> {
    use Action as A;
    vec![
        quiet(free(A::Subscribe, "savedSearchCreate", |s, c, _| s.perform(c, "savedSearchCreate", search(), "savedSearch { id }"))),
        Deed {
            prepare: |stage, caller| made(stage, caller, "savedSearchCreate", &search(), "savedSearch"),
            ..quiet(free(A::Subscribe, "savedSearchRemove", |s, c, t| by_id(s, c, "savedSearchRemove", "id", &t.own)))
        },
        quiet(free(A::Subscribe, "notificationsMarkRead", |stage, caller, _| {
            outcome(&caller.ask(&stage.server, "mutation { it: notificationsMarkRead { errors { code } } }", Value::Null), "it")
        })),
        quiet(free(A::Subscribe, "preferencesUpdate", |stage, caller, _| {
            stage.perform(caller, "preferencesUpdate", json!({ "language": "fr", "mailPreference": "OFF" }), "viewer { language }")
        })),
        free(A::WebhookManage, "webhookCreate", |s, c, _| s.perform(c, "webhookCreate", hook(), "webhook { id }")),
        Deed {
            prepare: |stage, caller| made(stage, caller, "webhookCreate", &hook(), "webhook"),
            ..free(A::WebhookManage, "webhookReplay", |stage, caller, thing| {
                stage.perform(caller, "webhookReplay", json!({ "webhook": thing.own, "since": 0 }), "webhook { id }")
            })
        },
        Deed {
            prepare: |stage, caller| made(stage, caller, "webhookCreate", &hook(), "webhook"),
            ..free(A::WebhookManage, "webhookRemove", |s, c, t| by_id(s, c, "webhookRemove", "id", &t.own))
        },
        free(A::AccountManage, "apiTokenCreate", |s, c, _| s.perform(c, "apiTokenCreate", token(), "token { id }")),
        Deed {
            prepare: |stage, caller| made(stage, caller, "apiTokenCreate", &token(), "token"),
            ..free(A::AccountManage, "apiTokenRevoke", |s, c, t| by_id(s, c, "apiTokenRevoke", "id", &t.own))
        },
        quiet(free(A::AccountManage, "authenticatorBegin", |stage, caller, _| {
            outcome(&caller.ask(&stage.server, "mutation { it: authenticatorBegin { secret errors { code } } }", Value::Null), "it")
        })),
        Deed {
            passes_with: Some("INVALID"),
            ..quiet(free(A::AccountManage, "authenticatorEnable", |stage, caller, _| {
                let input = json!({ "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "code": "not a code" });
                stage.perform(caller, "authenticatorEnable", input, "viewer { function }")
            }))
        },
        Deed {
            passes_with: Some("NOT_FOUND"),
            ..quiet(free(A::AccountManage, "authenticatorDisable", |s, c, _| by_id(s, c, "authenticatorDisable", "code", "not a code")))
        },
    ]
}
