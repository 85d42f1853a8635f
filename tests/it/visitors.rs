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
    fn attempts(&self) -> Vec<Attempt> {
        [self.on_records_and_accounts(), on_agreements(), on_access_requests(), on_intake(), on_registers(), on_the_calendar()].concat()
    }

    fn on_records_and_accounts(&self) -> Vec<Attempt> {
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

/// Name, argument, type and value.
type Attempt = (&'static str, &'static str, &'static str, Value);

/// The well-formed identifier of something that is not there.
fn absent_node(kind: &str) -> Value {
    json!(URL_SAFE_NO_PAD.encode(format!("{kind}:00000000-0000-0000-0000-000000000000")))
}

fn with(base: &Value, more: Value) -> Value {
    let mut whole = base.clone();
    for (key, value) in more.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    whole
}

fn on_agreements() -> Vec<Attempt> {
    let base = json!({ "agreement": absent_node("agreement"), "expectedRevision": 1 });
    let why = with(&base, json!({ "reason": "No." }));
    vec![
        ("agreementCreate", "input", "AgreementCreateInput!", json!({ "content": {} })),
        ("agreementUpdate", "input", "AgreementUpdateInput!", with(&base, json!({ "content": {} }))),
        ("agreementSign", "input", "AgreementSignInput!", with(&base, json!({ "institution": "nso", "textHash": "0" }))),
        ("agreementSuspend", "input", "AgreementSuspendInput!", why.clone()),
        ("agreementResume", "input", "AgreementResumeInput!", base),
        ("agreementTerminate", "input", "AgreementTerminateInput!", why),
    ]
}

fn on_the_calendar() -> Vec<Attempt> {
    let base = json!({ "entry": absent_node("calendar-entry"), "expectedRevision": 1 });
    let day = json!({ "start": "2030-05" });
    let reason = json!([{ "language": "en", "text": "No." }]);
    let made = json!({ "kind": "MEETING", "institution": "nso", "planned": day });
    vec![
        ("calendarEntryCreate", "input", "CalendarEntryCreateInput!", made),
        ("calendarEntryPostpone", "input", "CalendarEntryPostponeInput!", with(&base, json!({ "planned": day, "reason": reason }))),
        ("calendarEntryComplete", "input", "CalendarEntryCompleteInput!", with(&base, json!({ "actual": day }))),
        ("calendarEntryCancel", "input", "CalendarEntryCancelInput!", with(&base, json!({ "reason": reason }))),
    ]
}

fn on_registers() -> Vec<Attempt> {
    let entry = json!({ "entry": absent_node("register-entry"), "expectedRevision": 1 });
    let note = with(&entry, json!({ "note": "No." }));
    let pair = json!({ "dataset": "survey", "other": "census" });
    let text = json!([{ "language": "en", "text": "No." }]);
    let report = json!({ "kind": "OBJECTIVE_1", "country": "MA", "until": "2026-01-01", "language": "fr" });
    vec![
        ("registerEntryCreate", "input", "RegisterEntryCreateInput!", json!({ "kind": "CHALLENGE", "content": {} })),
        ("registerEntryUpdate", "input", "RegisterEntryUpdateInput!", with(&entry, json!({ "content": {} }))),
        ("registerEntryValidate", "input", "RegisterEntryInput!", note.clone()),
        ("registerEntryClose", "input", "RegisterEntryInput!", note.clone()),
        ("registerEntryReopen", "input", "RegisterEntryInput!", note.clone()),
        ("registerEntryWithdraw", "input", "RegisterEntryInput!", note.clone()),
        ("focalPointConfirm", "input", "RegisterEntryInput!", note.clone()),
        ("capacityOfferMake", "input", "CapacityOfferMakeInput!", with(&entry, json!({ "offer": "x" }))),
        ("capacityOfferAccept", "input", "CapacityOfferAcceptInput!", with(&entry, json!({ "offerOf": "nso" }))),
        ("dataRequestSupport", "input", "DataRequestSupportInput!", json!({ "entry": entry["entry"] })),
        ("dataRequestCommit", "input", "DataRequestCommitInput!", with(&entry, json!({ "commitment": "x", "until": "2030" }))),
        ("dataRequestDecline", "input", "RegisterEntryInput!", note.clone()),
        ("dataRequestRelease", "input", "RegisterEntryInput!", note.clone()),
        ("dataRequestFulfil", "input", "DataRequestFulfilInput!", with(&entry, json!({ "dataset": "survey" }))),
        ("overlapConfirm", "input", "OverlapInput!", pair.clone()),
        ("overlapReject", "input", "OverlapInput!", pair.clone()),
        (
            "comparabilityNotePropose",
            "input",
            "ComparabilityNoteProposeInput!",
            with(&pair, json!({ "verdict": "COMPARABLE", "text": text })),
        ),
        ("discrepancyNotePropose", "input", "DiscrepancyNoteProposeInput!", json!({ "dataset": "survey", "discrepancy": 0, "text": text })),
        ("registerNoteAgree", "input", "RegisterEntryInput!", note.clone()),
        ("invitationTakePart", "input", "RegisterEntryInput!", note.clone()),
        ("invitationStepBack", "input", "RegisterEntryInput!", note),
        ("commentAdd", "input", "CommentAddInput!", json!({ "subject": "survey", "text": "x" })),
        ("commentWithdraw", "input", "CommentWithdrawInput!", json!({ "comment": absent_node("comment") })),
        ("reportGenerate", "input", "ReportGenerateInput!", report),
    ]
}

fn on_intake() -> Vec<Attempt> {
    let source = json!({ "source": absent_node("harvest-source") });
    let declared = json!({ "institution": "nso", "name": "x", "kind": "CKAN", "url": "https://portal.example" });
    vec![
        ("recordsImport", "input", "RecordsImportInput!", json!({ "institution": "nso", "name": "x", "content": "" })),
        ("harvestSourceDeclare", "input", "HarvestSourceDeclareInput!", declared),
        ("harvestSourceChange", "input", "HarvestSourceChangeInput!", with(&source, json!({ "expectedRevision": 1 }))),
        ("harvestSourceRun", "input", "HarvestSourceRunInput!", source.clone()),
        ("harvestSourceRemove", "id", "ID!", source["source"].clone()),
    ]
}

fn on_access_requests() -> Vec<Attempt> {
    let request = json!({ "request": absent_node("access-request"), "expectedRevision": 1 });
    let part = with(&request, json!({ "part": 1 }));
    let text = with(&part, json!({ "text": "No." }));
    let wish = json!({ "holding": absent_node("holding"), "data": "AGGREGATES" });
    let until = json!({ "until": "2030-01-01" });
    let unseen = |more: Value| with(&json!({ "request": absent_node("access-request") }), more);
    vec![
        ("accessDeskSet", "input", "AccessDeskSetInput!", json!({ "institution": "nso", "expectedRevision": 0, "isOpen": true })),
        ("accessRequestCreate", "input", "AccessRequestCreateInput!", json!({ "holdings": [wish] })),
        ("accessRequestUpdate", "input", "AccessRequestUpdateInput!", with(&request, json!({ "answers": [] }))),
        ("accessRequestFrame", "input", "AccessRequestFrameInput!", request.clone()),
        ("accessRequestHoldingAdd", "input", "AccessRequestHoldingAddInput!", with(&request, json!({ "holding": wish }))),
        ("accessRequestHoldingRemove", "input", "AccessRequestPartInput!", part.clone()),
        ("accessRequestFormRenew", "input", "AccessRequestPartInput!", part.clone()),
        ("accessRequestMemberAdd", "input", "AccessRequestMemberAddInput!", with(&request, json!({ "name": "x", "email": "a@b.example" }))),
        ("accessRequestMemberRemove", "input", "AccessRequestMemberRemoveInput!", with(&request, json!({ "member": 1 }))),
        ("accessRequestSubmit", "input", "AccessRequestSubmitInput!", request.clone()),
        ("accessRequestWithdraw", "input", "AccessRequestWithdrawInput!", request.clone()),
        ("accessRequestReturn", "input", "AccessRequestReturnInput!", text.clone()),
        ("accessRequestConfirmComplete", "input", "AccessRequestPartInput!", part.clone()),
        ("accessRequestInvite", "input", "AccessRequestInviteInput!", with(&part, json!({ "email": "a@b.example", "role": "REVIEWER" }))),
        ("accessRequestUninvite", "input", "AccessRequestUninviteInput!", with(&part, json!({ "invitation": 1 }))),
        ("accessRequestDeclareInterest", "input", "AccessRequestInterestInput!", with(&part, json!({ "hasConflict": false }))),
        ("accessRequestRecommend", "input", "AccessRequestRecommendInput!", with(&text, json!({ "recommendation": "FAVOUR" }))),
        ("accessRequestDecide", "input", "AccessRequestDecideInput!", with(&part, json!({ "outcome": "APPROVED", "lines": [] }))),
        ("accessRequestAgreementPropose", "input", "AccessRequestProposeInput!", with(&text, until.clone())),
        ("accessRequestUndertakingAccept", "input", "AccessRequestAcceptInput!", unseen(json!({ "part": 1, "textHash": "0" }))),
        ("accessRequestActivate", "input", "AccessRequestActivateInput!", with(&part, json!({ "agreement": absent_node("agreement") }))),
        ("accessRequestRenew", "input", "AccessRequestRenewInput!", with(&text, until)),
        ("accessRequestRenewalDecide", "input", "AccessRequestRenewalDecideInput!", with(&part, json!({ "isGranted": false }))),
        ("accessRequestSuspend", "input", "AccessRequestTextInput!", text.clone()),
        ("accessRequestResume", "input", "AccessRequestPartInput!", part),
        ("accessRequestRevoke", "input", "AccessRequestTextInput!", text.clone()),
        ("accessRequestConfirmDestruction", "input", "AccessRequestTextInput!", text.clone()),
        ("accessRequestClose", "input", "AccessRequestTextInput!", text.clone()),
        ("accessRequestAppeal", "input", "AccessRequestTextInput!", text.clone()),
        ("accessRequestAppealDecide", "input", "AccessRequestAppealDecideInput!", with(&text, json!({ "isUpheld": true }))),
        ("accessRequestMessage", "input", "AccessRequestMessageInput!", unseen(json!({ "text": "x" }))),
        ("accessRequestErase", "input", "AccessRequestInput!", request),
    ]
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
