//! Every mutation and question that an action of the rules stands for.

mod access;
mod accounts;
mod agreements;
mod institutions;
mod records;
mod registers;

use rihla::domain::policy::{Action, State};
use serde_json::{Value, json};

use crate::actors::Caller;

use super::stage::{OTHER, OWN, Outcome, Stage, Thing, outcome};
use access::of_access;
use accounts::of_accounts;
use agreements::of_agreements;
use institutions::of_institutions;
use records::{of_drafts, of_intake, of_records};
use registers::{of_calendar, of_registers};

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
