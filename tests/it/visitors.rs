//! A visitor changes nothing: every mutation is refused with SIGN_IN_REQUIRED, on an empty catalogue and on one at work.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::drafting::{begin, content, copy, holding, publish, step};
use crate::harness::{BACKENDS, institution};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done, payload};

/// What the visitor tries to change.
struct Targets {
    draft: Value,
    declaration: Value,
    preview: Value,
    token: Value,
    webhook: Value,
    search: Value,
    person: Value,
}

impl Targets {
    /// Well-formed identifiers of things that are not there.
    fn absent() -> Self {
        let none = "00000000-0000-0000-0000-000000000000";
        let node = |kind: &str| json!(URL_SAFE_NO_PAD.encode(format!("{kind}:{none}")));
        Self {
            draft: node("draft"),
            declaration: node("declaration"),
            preview: json!(none),
            token: node("token"),
            webhook: node("webhook"),
            search: node("search"),
            person: json!(none),
        }
    }

    /// Each mutation of the contract: its name, its argument with the type, and a value.
    fn attempts(&self) -> Vec<(&'static str, &'static str, &'static str, Value)> {
        let draft = json!({ "draft": self.draft, "expectedRevision": 1 });
        let claim = json!({ "declaration": self.declaration, "expectedRevision": 1 });
        let with = |base: &Value, key: &str, value: Value| {
            let mut whole = base.clone();
            whole[key] = value;
            whole
        };
        let dataset = json!({ "dataset": "survey", "expectedRevision": 1 });
        let held = holding("observatory", "HOLDER", "UNKNOWN");
        let role = json!({ "person": self.person, "role": "EDITOR", "institution": "nso" });
        let person = json!({ "email": "a@people.example", "function": "Officer", "roles": [{ "role": "EDITOR", "institution": "nso" }] });
        vec![
            ("datasetDraftCreate", "input", "DatasetDraftCreateInput!", json!({ "institution": "nso" })),
            ("datasetDraftUpdate", "input", "DatasetDraftUpdateInput!", with(&draft, "content", json!({ "themes": [] }))),
            ("datasetDraftDiscard", "input", "DraftInput!", draft.clone()),
            ("datasetSubmit", "input", "DraftInput!", draft.clone()),
            ("datasetReturn", "input", "DatasetReturnInput!", with(&draft, "reason", json!("No."))),
            ("datasetValidate", "input", "DraftInput!", draft.clone()),
            ("datasetPublish", "input", "DraftInput!", draft),
            ("datasetRetire", "input", "DatasetRetireInput!", with(&dataset, "reason", json!("No."))),
            ("datasetReview", "input", "DatasetReviewInput!", json!({ "dataset": "survey", "version": 1, "withdraw": false })),
            ("datasetTransfer", "input", "DatasetTransferInput!", with(&dataset, "to", json!("observatory"))),
            (
                "holdingDeclare",
                "input",
                "HoldingDeclareInput!",
                json!({ "dataset": "survey", "institution": "observatory", "holding": held }),
            ),
            ("holdingUpdate", "input", "HoldingUpdateInput!", with(&claim, "holding", held.clone())),
            ("holdingWithdraw", "input", "HoldingDeclarationInput!", claim.clone()),
            ("holdingConfirm", "input", "HoldingDeclarationInput!", claim.clone()),
            ("holdingContest", "input", "HoldingContestInput!", with(&claim, "reason", json!("No."))),
            (
                "institutionUpdate",
                "input",
                "InstitutionUpdateInput!",
                json!({ "institution": "nso", "expectedRevision": 1, "content": { "acronym": "X" } }),
            ),
            (
                "accessFormSave",
                "input",
                "AccessFormSaveInput!",
                json!({ "institution": "nso", "form": { "title": [], "questions": [], "retentionMonths": 1 } }),
            ),
            ("accessFormPublish", "input", "AccessFormPublishInput!", json!({ "institution": "nso", "expectedRevision": 1 })),
            ("invitationSend", "input", "InvitationSendInput!", person),
            ("membershipGrant", "input", "MembershipInput!", role.clone()),
            ("membershipRevoke", "input", "MembershipInput!", role),
            (
                "previewLinkCreate",
                "input",
                "PreviewLinkCreateInput!",
                json!({ "draft": self.draft, "expiresInDays": 7, "withoutNames": true }),
            ),
            ("previewLinkRevoke", "id", "ID!", self.preview.clone()),
            ("apiTokenCreate", "input", "ApiTokenCreateInput!", json!({ "name": "x", "scopes": ["READ"], "expiresInDays": 1 })),
            ("apiTokenRevoke", "id", "ID!", self.token.clone()),
            ("webhookCreate", "input", "WebhookCreateInput!", json!({ "url": "https://portal.example/hooks" })),
            ("webhookReplay", "input", "WebhookReplayInput!", json!({ "webhook": self.webhook, "since": 0 })),
            ("webhookRemove", "id", "ID!", self.webhook.clone()),
            ("savedSearchCreate", "input", "SavedSearchCreateInput!", json!({ "name": "x", "search": "y" })),
            ("savedSearchRemove", "id", "ID!", self.search.clone()),
            ("notificationsMarkRead", "ids", "[ID!]", json!([])),
            ("preferencesUpdate", "input", "PreferencesUpdateInput!", json!({ "language": "ar" })),
            ("authenticatorBegin", "", "", Value::Null),
            ("authenticatorEnable", "input", "AuthenticatorEnableInput!", json!({ "secret": "JBSWY3DPEHPK3PXP", "code": "000000" })),
            ("authenticatorDisable", "code", "String!", json!("000000")),
            ("sessionsEnd", "", "", Value::Null),
        ]
    }
}

/// What the catalogue holds, read by the console: records, and the number of changes in the log.
fn state(registry: &Registry) -> (String, u64) {
    (registry.place.run_ok(&["export"]), registry.place.changes())
}

/// Tries every mutation as a visitor; returns those that were not refused as they should be.
fn faults(registry: &Registry, targets: &Targets) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, argument, of_type, value) in targets.attempts() {
        let query = if argument.is_empty() {
            format!("mutation {{ {name} {{ errors {{ code }} }} }}")
        } else {
            format!("mutation($value: {of_type}) {{ {name}({argument}: $value) {{ errors {{ code }} }} }}")
        };
        let answer = payload(&ask_as(&registry.server, Who::Visitor, &query, json!({ "value": value })));
        if codes(&answer) != ["SIGN_IN_REQUIRED"] {
            faults.push(format!("{name}: {answer}"));
        }
    }
    faults
}

/// A published record with a working copy that is submitted, a declaration, a link, a token, a webhook and a search.
fn at_work(registry: &Registry, own: &Session, other: &Session) -> Targets {
    let server = &registry.server;
    let survey = content("nso", "survey", |_| {});
    publish(server, own, own, &begin(server, own, "nso", &survey));
    let draft = step(server, own, "register-submit", &copy(server, own, "survey", &json!({ "themes": ["MT-0702"] })));
    let terms = holding("observatory", "HOLDER", "UNKNOWN");
    let declared =
        act(server, other, "register-holding-declare", json!({ "dataset": "survey", "institution": "observatory", "holding": terms }));
    let link = act(server, own, "register-preview-link", json!({ "draft": draft.id, "expiresInDays": 7, "withoutNames": true }));
    let token = act(server, own, "register-api-token", json!({ "name": "x", "scopes": ["READ"], "expiresInDays": 1 }));
    let search = act(server, own, "register-saved-search", json!({ "name": "x", "search": "retour" }));
    let webhook = act(server, own, "register-webhook", json!({ "url": "https://portal.example/hooks" }));
    let members = ask_as(server, own, "{ institution(slug: \"nso\") { members { id } } }", Value::Null);
    Targets {
        draft: json!(draft.id),
        declaration: done(&declared, "declaration")["id"].clone(),
        preview: done(&link, "link")["id"].clone(),
        token: done(&token, "token")["id"].clone(),
        webhook: done(&webhook, "webhook")["id"].clone(),
        search: done(&search, "savedSearch")["id"].clone(),
        person: members["institution"]["members"][0]["id"].clone(),
    }
}

#[test]
fn a_visitor_is_refused_every_mutation_and_nothing_changes() {
    for backend in BACKENDS {
        let registry = Registry::open(backend, &[institution("nso"), institution("observatory")]);
        let schema = "{ __schema { mutationType { fields { name } } } }";
        let schema = ask_as(&registry.server, Who::Visitor, schema, Value::Null)["__schema"]["mutationType"]["fields"].clone();
        let known: BTreeSet<&str> = schema.as_array().expect("fields").iter().filter_map(|field| field["name"].as_str()).collect();
        let absent = Targets::absent();
        assert_eq!(absent.attempts().iter().map(|attempt| attempt.0).collect::<BTreeSet<_>>(), known, "each mutation is tried");
        let before = state(&registry);
        let mut wrong = faults(&registry, &absent);
        assert_eq!(state(&registry), before);
        let own = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let other = registry.invite("observatory", "Data officer", &["EDITOR"]);
        let targets = at_work(&registry, &own, &other);
        let mine = "{ viewer { function language webhooks { id isActive } savedSearches { id } apiTokens { id revokedAt } \
                    drafts { nodes { id status revision content previewLinks { id revokedAt } } } holdingDeclarations { nodes { state revision } } } }";
        let before = (state(&registry), ask_as(&registry.server, &own, mine, Value::Null));
        wrong.extend(faults(&registry, &targets).into_iter().map(|fault| format!("at work, {fault}")));
        assert_eq!((state(&registry), ask_as(&registry.server, &own, mine, Value::Null)), before);
        assert!(wrong.is_empty(), "{backend:?}:\n{}", wrong.join("\n"));
        registry.close();
    }
}
