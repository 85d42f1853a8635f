//! Deeds on working copies, records, declared holdings, and what is taken in of other systems.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rihla::domain::policy::Action;
use serde_json::{Value, json};

use super::super::stage::{HEIR, OTHER, OWN, Outcome, Stage, Thing, terms};
use super::{Deed, by_id, declared, on, on_declaration, on_draft, own, record};
use crate::actors::Caller;

fn holding() -> Value {
    json!({ "role": "HOLDER", "accessTerms": terms() })
}

/// Reads a working copy by every way there is; all must say the same.
fn read_draft(stage: &Stage, caller: &Caller, thing: &Thing) -> Outcome {
    let query = "query($id: ID!, $dataset: ID!) {
      datasetDraft(id: $id) { id } node(id: $id) { id } viewer { drafts(first: 100) { nodes { id } } }
      record: node(id: $dataset) { ... on Dataset { workingCopy { id } } } }";
    let data = caller.data(&stage.server, query, json!({ "id": thing.draft, "dataset": thing.dataset }));
    let listed = data["viewer"]["drafts"]["nodes"].as_array().into_iter().flatten().any(|draft| draft["id"] == thing.draft.as_str());
    let ways = [!data["datasetDraft"].is_null(), !data["node"].is_null(), listed];
    assert!(ways.iter().all(|way| *way == ways[0]), "by identifier, as node, in the list: {ways:?} {data}");
    if ways[0] { Ok(data) } else { Err("NOT_FOUND".to_owned()) }
}

/// Deeds on working copies.
pub fn of_drafts() -> Vec<Deed> {
    use Action as A;
    vec![
        Deed { is_logged: false, ..on(A::DraftRead, "datasetDraft", read_draft) },
        on(A::DraftUpdate, "datasetDraftUpdate", |stage, caller, thing| {
            let content = json!({ "content": { "abstract": [{ "language": "en", "text": "Written again" }] } });
            on_draft(stage, caller, "datasetDraftUpdate", thing, &content)
        }),
        on(A::DraftDiscard, "datasetDraftDiscard", |s, c, t| on_draft(s, c, "datasetDraftDiscard", t, &Value::Null)),
        on(A::Submit, "datasetSubmit", |s, c, t| on_draft(s, c, "datasetSubmit", t, &Value::Null)),
        on(A::Return, "datasetReturn", |s, c, t| on_draft(s, c, "datasetReturn", t, &json!({ "reason": "A word is missing." }))),
        on(A::Validate, "datasetValidate", |s, c, t| on_draft(s, c, "datasetValidate", t, &Value::Null)),
        on(A::Publish, "datasetPublish", |s, c, t| on_draft(s, c, "datasetPublish", t, &Value::Null)),
        on(A::PreviewShare, "previewLinkCreate", |stage, caller, thing| {
            let input = json!({ "draft": thing.draft, "expiresInDays": 3, "withoutNames": false });
            stage.perform(caller, "previewLinkCreate", input, "url")
        }),
        on(A::PreviewShare, "previewLinkRevoke", |s, c, t| by_id(s, c, "previewLinkRevoke", "id", &t.link)),
    ]
}

/// Deeds on records and declared holdings.
pub fn of_records() -> Vec<Deed> {
    use Action as A;
    vec![
        record(A::DraftCreate, "datasetDraftCreate", |stage, caller, thing| {
            stage.perform(caller, "datasetDraftCreate", json!({ "dataset": thing.dataset }), "draft { id }")
        }),
        record(A::Retire, "datasetRetire", |stage, caller, thing| {
            let input = json!({ "dataset": thing.dataset, "expectedRevision": thing.revision, "reason": "It has ended." });
            stage.perform(caller, "datasetRetire", input, "dataset { id }")
        }),
        record(A::Transfer, "datasetTransfer", |stage, caller, thing| {
            let input = json!({ "dataset": thing.dataset, "expectedRevision": thing.revision, "to": HEIR });
            stage.perform(caller, "datasetTransfer", input, "dataset { id }")
        }),
        record(A::Review, "datasetReview", |stage, caller, thing| {
            let input = json!({ "dataset": thing.dataset, "version": thing.version, "withdraw": false });
            stage.perform(caller, "datasetReview", input, "dataset { id }")
        }),
        Deed {
            institution: Some(OTHER),
            ..record(A::HoldingDeclare, "holdingDeclare", |stage, caller, thing| {
                let input = json!({ "dataset": thing.dataset, "institution": OTHER, "holding": holding() });
                stage.perform(caller, "holdingDeclare", input, "declaration { id }")
            })
        },
        declared(A::HoldingUpdate, "holdingUpdate", OTHER, |s, c, t| {
            on_declaration(s, c, "holdingUpdate", t, &json!({ "holding": holding() }))
        }),
        declared(A::HoldingWithdraw, "holdingWithdraw", OTHER, |s, c, t| on_declaration(s, c, "holdingWithdraw", t, &Value::Null)),
        declared(A::HoldingDecide, "holdingConfirm", OWN, |s, c, t| on_declaration(s, c, "holdingConfirm", t, &Value::Null)),
        declared(A::HoldingDecide, "holdingContest", OWN, |s, c, t| {
            on_declaration(s, c, "holdingContest", t, &json!({ "reason": "It is not there." }))
        }),
    ]
}

/// Deeds that take records of other systems in. Who may not see to a source is told that there is none: its change, run and removal are
/// tried in the tests of harvests.
pub fn of_intake() -> Vec<Deed> {
    use Action as A;
    vec![
        own(A::DraftCreate, "recordsImport", |stage, caller, _| {
            // Another title each time, so that it is another record.
            let number = stage.next_number();
            let package = json!({ "id": format!("id-{number}"), "name": format!("survey-{number}"), "title": format!("Survey {number}") });
            let package = STANDARD.encode(package.to_string());
            let input = json!({ "institution": OWN, "name": "a.json", "content": package, "format": "CKAN" });
            stage.perform(caller, "recordsImport", input, "run { id }")
        }),
        own(A::SourceManage, "harvestSourceDeclare", |stage, caller, _| {
            // Another address each time, since a source is declared once.
            let url = format!("https://portal-{}.example.org", stage.next_number());
            let input = json!({ "institution": OWN, "name": "Portal", "kind": "CKAN", "url": url, "everyHours": 0 });
            stage.perform(caller, "harvestSourceDeclare", input, "source { id }")
        }),
    ]
}
