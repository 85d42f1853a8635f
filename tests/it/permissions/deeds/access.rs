//! Deeds of access officers, and of everyone who asks them.

use rihla::domain::policy::Action;
use serde_json::{Value, json};

use super::super::stage::{OWN, Outcome, Stage, Thing};
use super::{Deed, free, own};
use crate::actors::Caller;

fn form() -> Value {
    let words = json!([{ "language": "ar", "text": "س" }, { "language": "fr", "text": "Q" }, { "language": "en", "text": "Q" }]);
    let question = json!({
        "key": "project-title", "kind": "TEXT", "label": words, "isRequired": true, "readers": ["APPLICANT", "ACCESS_OFFICER"],
        "keepMonths": 1, "isPersonal": false,
    });
    json!({ "title": words, "questions": [question], "retentionMonths": 12 })
}

/// Revision of the draft of the producer's access form; null where there is none.
fn form_revision(stage: &Stage) -> Value {
    let query = format!("{{ accessFormDraft(institution: \"{OWN}\") {{ revision }} }}");
    stage.person("access-officer").data(&stage.server, &query, Value::Null)["accessFormDraft"]["revision"].clone()
}

fn save_form(stage: &Stage, caller: &Caller) -> Outcome {
    let input = json!({ "institution": OWN, "expectedRevision": form_revision(stage), "form": form() });
    stage.perform(caller, "accessFormSave", input, "form { revision }")
}

/// Sets the producer's access desk, whatever its revision.
fn set_desk(stage: &Stage, caller: &Caller) -> Outcome {
    let query = format!("{{ accessDesk(institution: \"{OWN}\") {{ revision }} }}");
    let seen = stage.person("access-officer").data(&stage.server, &query, Value::Null)["accessDesk"]["revision"].clone();
    let input = json!({ "institution": OWN, "expectedRevision": seen, "isOpen": true });
    stage.perform(caller, "accessDeskSet", input, "desk { revision }")
}

/// Deeds of access officers, and of everyone who asks them. What may be done with a request stands in a table of its own.
pub fn of_access() -> Vec<Deed> {
    use Action as A;
    vec![
        free(A::AccessRequest, "accessRequestCreate", |stage, caller, _| {
            stage.perform(caller, "accessRequestCreate", json!({ "holdings": [] }), "request { id }")
        }),
        own(A::AccessDeskManage, "accessDeskSet", |stage, caller, _| set_desk(stage, caller)),
        own(A::AccessFormManage, "accessFormSave", |stage, caller, _| save_form(stage, caller)),
        Deed {
            prepare: |stage, _| {
                save_form(stage, stage.person("access-officer")).expect("the access officer writes a form");
                Thing::default()
            },
            ..own(A::AccessFormManage, "accessFormPublish", |stage, caller, _| {
                // The draft that was published is gone; then the officer has seen the first of a new one.
                let seen = form_revision(stage);
                let input = json!({ "institution": OWN, "expectedRevision": seen.as_i64().unwrap_or(1) });
                stage.perform(caller, "accessFormPublish", input, "form { version }")
            })
        },
    ]
}
