//! What the mutations on agreements take and answer.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use juniper::{FieldResult, GraphQLInputObject, ID};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::agreement::MAX_COVERED;
use crate::domain::ids::HoldingId;
use crate::domain::problem::Problem;
use crate::service::agreements::{AgreementRecord, Seen, write};
use crate::service::{Error, datasets};

use super::agreement::Agreement;
use super::context::Context;
use super::input::AgreementInput;
use super::intent::{own_id, shown, signed_in, slug};
use super::node::{NodeId, OwnKind};
use super::payload::payload;

/// Registers an agreement.
#[derive(GraphQLInputObject)]
pub struct AgreementCreateInput {
    /// What it says; title, kind and parties are needed, anything else may follow.
    pub content: AgreementInput,
}

/// Writes in an agreement. What is left out stays; null takes a field out.
#[derive(GraphQLInputObject)]
pub struct AgreementUpdateInput {
    /// The agreement.
    pub agreement: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// What to write; once it is signed, only contacts, visibility and document.
    pub content: AgreementInput,
}

/// Signs an agreement for a party.
#[derive(GraphQLInputObject)]
pub struct AgreementSignInput {
    /// The agreement.
    pub agreement: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Short name of the institution in whose name you sign.
    pub institution: String,
    /// `textHash` of what you have read.
    pub text_hash: String,
}

/// Suspends an agreement.
#[derive(GraphQLInputObject)]
pub struct AgreementSuspendInput {
    /// The agreement.
    pub agreement: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Why; the parties read it.
    pub reason: String,
}

/// Names an agreement as it was last seen.
#[derive(GraphQLInputObject)]
pub struct AgreementResumeInput {
    /// The agreement.
    pub agreement: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
}

/// Terminates an agreement, or gives notice of it.
#[derive(GraphQLInputObject)]
pub struct AgreementTerminateInput {
    /// The agreement.
    pub agreement: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Why; the parties read it.
    pub reason: String,
    /// Whether it ends only with its present span instead of being renewed tacitly; at once where left out.
    pub at_end: Option<bool>,
}

payload! {
    /// What became of an agreement.
    AgreementPayload {
        /// The agreement as it is now; null where nothing was done.
        agreement: Agreement,
    }
}

/// What was given as the agreement's JSON, with datasets and holdings by their own identifiers, looked up all at once.
fn content(context: &Context, input: AgreementInput) -> Result<Map<String, Value>, Error> {
    let (mut patch, mut problems) = input.into_patch();
    let Some(covers) = patch.get_mut("covers").and_then(Value::as_array_mut) else { return checked(patch, problems) };
    if covers.len() > MAX_COVERED {
        let remedy = format!("lists too much; at most {MAX_COVERED}, or all holdings of an institution");
        problems.push(Problem::new("covers", covers.len(), remedy));
        return Err(Error::Invalid(problems));
    }
    let known = Known::of(context, covers)?;
    for (index, covered) in covers.iter_mut().enumerate() {
        let found = match (named(covered, "dataset"), named(covered, "holding")) {
            (Some(id), _) => known.dataset(&id).map(|uuid| json!({ "dataset": uuid })).ok_or(("dataset", id)),
            (_, Some(id)) => known.holding(&id).map(|uuid| json!({ "holding": uuid })).ok_or(("holding", id)),
            _ => Ok(covered.clone()),
        };
        match found {
            Ok(value) => *covered = value,
            Err((kind, id)) => {
                let remedy = "is not in this catalogue; give the identifier that the catalogue gave, or a short name";
                problems.push(Problem::new(format!("covers[{index}].{kind}"), shown(&id), remedy));
            }
        }
    }
    checked(patch, problems)
}

fn checked(patch: Map<String, Value>, problems: Vec<Problem>) -> Result<Map<String, Value>, Error> {
    if problems.is_empty() { Ok(patch) } else { Err(Error::Invalid(problems)) }
}

fn named(covered: &Value, key: &str) -> Option<ID> {
    covered.get(key).and_then(Value::as_str).map(|text| ID::new(text.to_owned()))
}

/// The datasets and holdings among those named that the viewer may see.
struct Known {
    datasets: HashSet<Uuid>,
    slugs: HashMap<String, Uuid>,
    holdings: HashSet<HoldingId>,
}

impl Known {
    fn of(context: &Context, covers: &[Value]) -> Result<Self, Error> {
        let (mut datasets, mut slugs, mut holdings) = (Vec::new(), Vec::new(), Vec::new());
        for id in covers.iter().filter_map(|covered| named(covered, "dataset")) {
            match NodeId::decode(&id) {
                Some(NodeId::Dataset(id)) => datasets.push(id.0),
                _ => slugs.push(id.to_string()),
            }
        }
        for id in covers.iter().filter_map(|covered| named(covered, "holding")) {
            if let Some(NodeId::Holding(id)) = NodeId::decode(&id) {
                holdings.push(id);
            }
        }
        let (catalogue, actor) = (&context.catalogue, &context.actor);
        let by_slug = catalogue.records_by_slug(actor, &slugs)?;
        Ok(Self {
            datasets: catalogue.records(actor, &datasets)?.into_keys().collect(),
            slugs: by_slug.into_iter().map(|record| (record.dataset.slug.to_string(), record.id.0)).collect(),
            holdings: datasets::by_holdings(catalogue, actor, &holdings)?.into_keys().collect(),
        })
    }

    /// A dataset by identifier or short name.
    fn dataset(&self, id: &ID) -> Option<Uuid> {
        match NodeId::decode(id) {
            Some(NodeId::Dataset(id)) => self.datasets.contains(&id.0).then_some(id.0),
            _ => self.slugs.get(&**id).copied(),
        }
    }

    fn holding(&self, id: &ID) -> Option<Uuid> {
        let Some(NodeId::Holding(id)) = NodeId::decode(id) else { return None };
        self.holdings.contains(&id).then_some(id.0)
    }
}

/// What became of an agreement; whoever has written it sees it whole.
fn answer(context: &Context, done: Result<AgreementRecord, Error>) -> FieldResult<AgreementPayload> {
    match done {
        Ok(record) => {
            let seen = Seen { record: Arc::new(record), is_outline: false };
            // What was read before is no longer as it was.
            context.loaded().agreements = None;
            let agreement = Some(Agreement { seen, lang: context.language.clone() });
            Ok(AgreementPayload { agreement, ..AgreementPayload::default() })
        }
        Err(error) => AgreementPayload::refused(error),
    }
}

fn agreement_id(context: &Context, id: &ID) -> Result<String, Error> {
    own_id(context, OwnKind::Agreement, id)
}

/// Registers an agreement.
///
/// # Errors
/// A fault of the server.
pub fn create(context: &Context, input: AgreementCreateInput) -> FieldResult<AgreementPayload> {
    let done = signed_in(context)
        .and_then(|()| content(context, input.content))
        .and_then(|doc| write::create(&context.catalogue, context.acting(), doc));
    answer(context, done)
}

/// Writes in an agreement.
///
/// # Errors
/// A fault of the server.
pub fn update(context: &Context, input: AgreementUpdateInput) -> FieldResult<AgreementPayload> {
    let AgreementUpdateInput { agreement, expected_revision, content: given } = input;
    let done = agreement_id(context, &agreement).and_then(|id| {
        let patch = content(context, given)?;
        write::update(&context.catalogue, context.acting(), &id, expected_revision.into(), patch)
    });
    answer(context, done)
}

/// Signs an agreement.
///
/// # Errors
/// A fault of the server.
pub fn sign(context: &Context, input: &AgreementSignInput) -> FieldResult<AgreementPayload> {
    let done = agreement_id(context, &input.agreement).and_then(|id| {
        let institution = slug("institution", &input.institution)?;
        write::sign(&context.catalogue, context.acting(), &id, input.expected_revision.into(), &institution, &input.text_hash)
    });
    answer(context, done)
}

/// Suspends an agreement.
///
/// # Errors
/// A fault of the server.
pub fn suspend(context: &Context, input: &AgreementSuspendInput) -> FieldResult<AgreementPayload> {
    let done = agreement_id(context, &input.agreement)
        .and_then(|id| write::suspend(&context.catalogue, context.acting(), &id, input.expected_revision.into(), &input.reason));
    answer(context, done)
}

/// Puts a suspended agreement in force again.
///
/// # Errors
/// A fault of the server.
pub fn resume(context: &Context, input: &AgreementResumeInput) -> FieldResult<AgreementPayload> {
    let done = agreement_id(context, &input.agreement)
        .and_then(|id| write::resume(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
    answer(context, done)
}

/// Terminates an agreement at once, or gives notice.
///
/// # Errors
/// A fault of the server.
pub fn terminate(context: &Context, input: &AgreementTerminateInput) -> FieldResult<AgreementPayload> {
    let end = if input.at_end.unwrap_or(false) { write::give_notice } else { write::terminate };
    let done = agreement_id(context, &input.agreement)
        .and_then(|id| end(&context.catalogue, context.acting(), &id, input.expected_revision.into(), &input.reason));
    answer(context, done)
}
