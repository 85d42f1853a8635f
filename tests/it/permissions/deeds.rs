//! Every mutation and question that an action of the rules stands for.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rihla::domain::policy::{Action, State};
use serde_json::{Value, json};

use crate::actors::Caller;

use super::stage::{HEIR, OTHER, OWN, Outcome, Stage, Thing, agreement_content, outcome, terms};

/// What a deed is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// No record.
    Nothing,
    /// A working copy.
    Draft,
    /// A record.
    Record,
    /// A declared holding.
    Declaration,
    /// An agreement.
    Agreement,
}

impl On {
    /// States in which the deed is tried.
    pub fn states(self) -> &'static [State] {
        const COPIES_AND_RECORDS: &[State] = &[State::Draft, State::Submitted, State::Validated, State::Published, State::Retired];
        match self {
            Self::Nothing => &[State::Any],
            Self::Draft | Self::Record => COPIES_AND_RECORDS,
            Self::Agreement => &[State::Draft, State::Signed, State::InForce, State::Suspended, State::Expired, State::Terminated],
            Self::Declaration => &[State::Declared, State::Confirmed, State::Contested, State::Withdrawn],
        }
    }
}

/// One way to do what an action stands for.
pub struct Deed {
    /// The action.
    pub action: Action,
    /// Name in the contract.
    pub name: &'static str,
    /// What it is done to.
    pub on: On,
    /// The institution whose roles count; none where it is about no institution.
    pub institution: Option<&'static str>,
    /// Another institution whose roles do as well.
    pub also: Option<&'static str>,
    /// Makes what the deed needs of the person's own.
    pub prepare: fn(&Stage, &Caller) -> Thing,
    /// Does it.
    pub perform: Perform,
    /// Whether the log tells of it.
    pub is_logged: bool,
    /// The error that shows that the deed was allowed, where the test cannot do it whole.
    pub passes_with: Option<&'static str>,
}

type Perform = fn(&Stage, &Caller, &Thing) -> Outcome;

fn deed(action: Action, name: &'static str, on: On, institution: Option<&'static str>, perform: Perform) -> Deed {
    Deed { action, name, on, institution, also: None, prepare: |_, _| Thing::default(), perform, is_logged: true, passes_with: None }
}

fn on(action: Action, name: &'static str, perform: Perform) -> Deed {
    deed(action, name, On::Draft, Some(OWN), perform)
}

fn record(action: Action, name: &'static str, perform: Perform) -> Deed {
    deed(action, name, On::Record, Some(OWN), perform)
}

fn declared(action: Action, name: &'static str, institution: &'static str, perform: Perform) -> Deed {
    deed(action, name, On::Declaration, Some(institution), perform)
}

/// A deed that either party may do.
fn agreed(action: Action, name: &'static str, perform: Perform) -> Deed {
    Deed { also: Some(OTHER), ..deed(action, name, On::Agreement, Some(OWN), perform) }
}

fn own(action: Action, name: &'static str, perform: Perform) -> Deed {
    deed(action, name, On::Nothing, Some(OWN), perform)
}

/// A deed that is about no institution.
fn free(action: Action, name: &'static str, perform: Perform) -> Deed {
    deed(action, name, On::Nothing, None, perform)
}

fn quiet(deed: Deed) -> Deed {
    Deed { is_logged: false, ..deed }
}

/// A mutation that takes one identifier.
fn by_id(stage: &Stage, caller: &Caller, mutation: &str, argument: &str, id: &str) -> Outcome {
    let query = format!("mutation {{ it: {mutation}({argument}: \"{id}\") {{ errors {{ code message }} }} }}");
    outcome(&caller.ask(&stage.server, &query, Value::Null), "it")
}

fn on_draft(stage: &Stage, caller: &Caller, mutation: &str, thing: &Thing, more: &Value) -> Outcome {
    let mut input = json!({ "draft": thing.draft, "expectedRevision": thing.draft_revision });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key.as_str()] = value.clone();
    }
    stage.perform(caller, mutation, input, "__typename")
}

fn on_declaration(stage: &Stage, caller: &Caller, mutation: &str, thing: &Thing, more: &Value) -> Outcome {
    let mut input = json!({ "declaration": thing.declaration, "expectedRevision": thing.declaration_revision });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key.as_str()] = value.clone();
    }
    stage.perform(caller, mutation, input, "__typename")
}

fn on_agreement(stage: &Stage, caller: &Caller, mutation: &str, thing: &Thing, more: &Value) -> Outcome {
    let mut input = json!({ "agreement": thing.agreement, "expectedRevision": thing.agreement_revision });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key.as_str()] = value.clone();
    }
    stage.perform(caller, mutation, input, "__typename")
}

/// Deeds on agreements between the two institutions.
fn of_agreements() -> Vec<Deed> {
    use Action as A;
    vec![
        own(A::AgreementCreate, "agreementCreate", |stage, caller, _| {
            let content = agreement_content(HEIR, &Value::Null);
            stage.perform(caller, "agreementCreate", json!({ "content": content }), "agreement { id }")
        }),
        agreed(A::AgreementUpdate, "agreementUpdate", |s, c, t| {
            let contacts = json!([{ "institution": OWN, "function": [{ "language": "en", "text": "Desk" }] }]);
            on_agreement(s, c, "agreementUpdate", t, &json!({ "content": { "contacts": contacts } }))
        }),
        deed(A::AgreementSign, "agreementSign", On::Agreement, Some(OWN), |s, c, t| {
            on_agreement(s, c, "agreementSign", t, &json!({ "institution": OWN, "textHash": t.agreement_hash }))
        }),
        agreed(A::AgreementSuspend, "agreementSuspend", |s, c, t| {
            on_agreement(s, c, "agreementSuspend", t, &json!({ "reason": "It is looked into." }))
        }),
        agreed(A::AgreementResume, "agreementResume", |s, c, t| on_agreement(s, c, "agreementResume", t, &Value::Null)),
        agreed(A::AgreementTerminate, "agreementTerminate", |s, c, t| {
            on_agreement(s, c, "agreementTerminate", t, &json!({ "reason": "It is no longer needed." }))
        }),
    ]
}

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
fn of_drafts() -> Vec<Deed> {
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
fn of_records() -> Vec<Deed> {
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

const OWN_ROLE: (&str, Option<&str>) = ("EDITOR", Some(OWN));
const CATALOGUE_ROLE: (&str, Option<&str>) = ("AUDITOR", None);

fn role(stage: &Stage, caller: &Caller, mutation: &str, (role, institution): (&str, Option<&str>)) -> Outcome {
    let mut input = json!({ "person": stage.novice, "role": role });
    if let Some(institution) = institution {
        input["institution"] = json!(institution);
    }
    stage.perform(caller, mutation, input, "member { id }")
}

/// The novice without the role.
fn without(stage: &Stage, wish: (&str, Option<&str>)) -> Thing {
    let done = role(stage, stage.person("admin"), "membershipRevoke", wish);
    assert!(done.as_ref().err().is_none_or(|code| code == "NOT_FOUND"), "{done:?}");
    Thing::default()
}

/// The novice with the role.
fn with(stage: &Stage, wish: (&str, Option<&str>)) -> Thing {
    role(stage, stage.person("admin"), "membershipGrant", wish).expect("the administrator gives a role");
    Thing::default()
}

fn invite(stage: &Stage, caller: &Caller, (role, institution): (&str, Option<&str>)) -> Outcome {
    let mut wish = json!({ "role": role });
    if let Some(institution) = institution {
        wish["institution"] = json!(institution);
    }
    let input = json!({ "email": "guest@people.example", "function": "Guest", "language": "en", "roles": [wish] });
    stage.perform(caller, "invitationSend", input, "email")
}

/// Deeds of institutions and of the catalogue.
fn of_institutions() -> Vec<Deed> {
    use Action as A;
    vec![
        own(A::DraftCreate, "datasetDraftCreate", |stage, caller, _| {
            stage.perform(caller, "datasetDraftCreate", json!({ "institution": OWN }), "draft { id }")
        }),
        own(A::InstitutionUpdate, "institutionUpdate", |stage, caller, thing| {
            let seen = stage.look(thing)["institution"]["revision"].clone();
            let input = json!({ "institution": OWN, "expectedRevision": seen, "content": { "acronym": format!("A{seen}") } });
            stage.perform(caller, "institutionUpdate", input, "institution { slug }")
        }),
        own(A::InstitutionMembers, "invitationSend", |stage, caller, _| invite(stage, caller, OWN_ROLE)),
        Deed {
            prepare: |stage, _| without(stage, OWN_ROLE),
            ..own(A::InstitutionMembers, "membershipGrant", |s, c, _| role(s, c, "membershipGrant", OWN_ROLE))
        },
        Deed {
            prepare: |stage, _| with(stage, OWN_ROLE),
            ..own(A::InstitutionMembers, "membershipRevoke", |s, c, _| role(s, c, "membershipRevoke", OWN_ROLE))
        },
        free(A::CatalogueMembers, "invitationSend", |stage, caller, _| invite(stage, caller, CATALOGUE_ROLE)),
        Deed {
            prepare: |stage, _| without(stage, CATALOGUE_ROLE),
            ..free(A::CatalogueMembers, "membershipGrant", |s, c, _| role(s, c, "membershipGrant", CATALOGUE_ROLE))
        },
        Deed {
            prepare: |stage, _| with(stage, CATALOGUE_ROLE),
            ..free(A::CatalogueMembers, "membershipRevoke", |s, c, _| role(s, c, "membershipRevoke", CATALOGUE_ROLE))
        },
        Deed {
            is_logged: false,
            ..free(A::AuditRead, "auditLog", |stage, caller, _| {
                outcome(&caller.ask(&stage.server, "{ auditLog(first: 1) { nodes { seq } } }", Value::Null), "auditLog")
            })
        },
    ]
}

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
fn of_accounts() -> Vec<Deed> {
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
fn of_access() -> Vec<Deed> {
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

/// Deeds that take records of other systems in. Who may not see to a source is told that there is none: its change, run and removal are
/// tried in the tests of harvests.
fn of_intake() -> Vec<Deed> {
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
            let input =
                json!({ "institution": OWN, "name": "Portal", "kind": "CKAN", "url": "https://portal.example.org", "everyHours": 0 });
            stage.perform(caller, "harvestSourceDeclare", input, "source { id }")
        }),
    ]
}

/// Deeds in the calendar. Postponing, completing and cancelling an entry stand under the same actions; they are tried in the tests of the
/// calendar.
fn of_calendar() -> Vec<Deed> {
    use Action as A;
    vec![
        // Who may register a date of the institution is told that there is no such dataset, and nobody else is.
        Deed {
            is_logged: false,
            passes_with: Some("NOT_FOUND"),
            ..own(A::CalendarManage, "calendarEntryCreate", |stage, caller, _| {
                let absent = URL_SAFE_NO_PAD.encode("dataset:00000000-0000-0000-0000-000000000000");
                let input = json!({ "kind": "RELEASE", "institution": OWN, "dataset": absent, "planned": { "start": "2030-05" } });
                stage.perform(caller, "calendarEntryCreate", input, "calendarEntry { uid }")
            })
        },
        own(A::MeetingManage, "calendarEntryCreate", |stage, caller, _| {
            let title = json!([{ "language": "en", "text": "Workshop" }]);
            let input = json!({ "kind": "MEETING", "institution": OWN, "title": title, "planned": { "start": "2030-05" } });
            stage.perform(caller, "calendarEntryCreate", input, "calendarEntry { uid }")
        }),
    ]
}

/// Deeds in the registers, and reports. What is done with an entry follows from a table of its own, tried in the tests of the registers.
fn of_registers() -> Vec<Deed> {
    use Action as A;
    fn entry(stage: &Stage, caller: &Caller, kind: &str, institution: Value, content: Value) -> Outcome {
        let input = json!({ "kind": kind, "institution": institution, "content": content });
        stage.perform(caller, "registerEntryCreate", input, "entry { id }")
    }
    fn words() -> Value {
        json!([{ "language": "fr", "text": "Texte" }])
    }
    vec![
        own(A::RegisterWrite, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "CHALLENGE", json!(OWN), json!({ "title": words(), "text": words() }))
        }),
        own(A::RegisterValidate, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "NOT_COLLECTED", json!(OWN), json!({ "text": words(), "cell": { "theme": "MT-0701" } }))
        }),
        free(A::RegisterCoordinate, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "GOOD_PRACTICE", Value::Null, json!({ "title": words(), "text": words() }))
        }),
        free(A::RegisterAsk, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "DATA_REQUEST", Value::Null, json!({ "text": words(), "cell": { "theme": "MT-0701" } }))
        }),
        // Who may take part is told that there is no such thing, and nobody else is.
        Deed {
            is_logged: false,
            passes_with: Some("NOT_FOUND"),
            ..free(A::RegisterComment, "commentAdd", |stage, caller, _| {
                let absent = URL_SAFE_NO_PAD.encode("register-entry:00000000-0000-0000-0000-000000000000");
                stage.perform(caller, "commentAdd", json!({ "subject": absent, "text": "x" }), "comment { id }")
            })
        },
        // No format is named, so that no report is made.
        Deed {
            is_logged: false,
            passes_with: Some("INVALID"),
            ..free(A::ReportGenerate, "reportGenerate", |stage, caller, _| {
                let input = json!({ "kind": "OBJECTIVE_1", "country": "MA", "until": "2026-01-01", "language": "fr", "formats": [] });
                stage.perform(caller, "reportGenerate", input, "report { id }")
            })
        },
    ]
}

/// Every deed but the end of one's sessions, which is the last thing that a person can do.
pub fn deeds() -> Vec<Deed> {
    [of_drafts(), of_records(), of_agreements(), of_institutions(), of_access(), of_intake(), of_calendar(), of_registers(), of_accounts()]
        .into_iter()
        .flatten()
        .collect()
}

/// Ends the person's sessions.
pub fn end_sessions(stage: &Stage, caller: &Caller) -> Outcome {
    outcome(&caller.ask(&stage.server, "mutation { it: sessionsEnd { errors { code } } }", Value::Null), "it")
}
