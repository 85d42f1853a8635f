//! What the mutations on the registers and on discussions take and answer.

use std::sync::Arc;

use juniper::{FieldResult, GraphQLInputObject, ID};
use serde_json::{Map, Value, json};

use crate::domain::ids::{DatasetId, Slug};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{ComparabilityVerdict, RegisterCommand, RegisterKind, Vocabulary};
use crate::service::registers::comments::{self, Topic};
use crate::service::registers::write::{self, Given};
use crate::service::registers::{EntryRecord, chain, pairs};
use crate::service::{Error, rows::CommentRow};

use super::comment::Comment;
use super::context::Context;
use super::input::{LocalizedStringInput, RegisterContentInput, text_value};
use super::intent::{dataset_id, own_id, shown, signed_in, slug};
use super::node::{NodeId, OwnKind};
use super::payload::payload;
use super::register::RegisterEntry;
use super::scalars::PartialDate;

/// Most datasets that are looked up for one entry.
const MOST_DATASETS: usize = 50;

/// Makes an entry of the registers.
#[derive(GraphQLInputObject)]
pub struct RegisterEntryCreateInput {
    /// What it is: a challenge, a good practice, a capacity need, a strategy, an invitation, a training, a profile, a request, a statement
    /// or a focal point. Overlaps and notes have their own mutations.
    pub kind: RegisterKind,
    /// Short name of the institution in whose name it speaks. The coordinator may write down what was said for any institution; it waits
    /// for that institution's validation. Left out, it speaks for the coordination, or is your own request.
    pub institution: Option<String>,
    /// Datasets that it is about, by identifier or short name.
    pub datasets: Option<Vec<ID>>,
    /// What it says.
    pub content: RegisterContentInput,
}

/// Changes what an entry says. What is left out stays; null takes a field out.
#[derive(GraphQLInputObject)]
pub struct RegisterEntryUpdateInput {
    /// The entry.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// In whose name, where you act for several.
    pub institution: Option<String>,
    /// Datasets that it is about, by identifier or short name; the list replaces the one there was.
    pub datasets: Option<Vec<ID>>,
    /// What to write.
    pub content: RegisterContentInput,
}

/// Names an entry as it was last seen, in somebody's name.
#[derive(GraphQLInputObject)]
pub struct RegisterEntryInput {
    /// The entry.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// In whose name, where you act for several.
    pub institution: Option<String>,
    /// Remark, reason or evidence; to close, open again, decline, take back or withdraw it is needed.
    pub note: Option<String>,
}

/// Offers to meet a capacity need.
#[derive(GraphQLInputObject)]
pub struct CapacityOfferMakeInput {
    /// The need.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Who offers, where you act for several.
    pub institution: Option<String>,
    /// What is offered.
    pub offer: String,
}

/// Accepts an offer.
#[derive(GraphQLInputObject)]
pub struct CapacityOfferAcceptInput {
    /// The need.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Short name of the institution whose offer is accepted.
    pub offer_of: String,
    /// Remark.
    pub note: Option<String>,
}

/// Supports a request.
#[derive(GraphQLInputObject)]
pub struct DataRequestSupportInput {
    /// The request.
    pub entry: ID,
    /// Institution in whose name; left out, the support is your own.
    pub institution: Option<String>,
}

/// Commits an institution to a request.
#[derive(GraphQLInputObject)]
pub struct DataRequestCommitInput {
    /// The request.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// The institution, where you act for several.
    pub institution: Option<String>,
    /// What it will do.
    pub commitment: String,
    /// Until when.
    pub until: PartialDate,
}

/// Names the record that fulfils a request.
#[derive(GraphQLInputObject)]
pub struct DataRequestFulfilInput {
    /// The request.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// In whose name, where you act for several.
    pub institution: Option<String>,
    /// The published record, of a planned collection or of data, by identifier or short name.
    pub dataset: ID,
    /// Remark.
    pub note: Option<String>,
}

/// Decides on a pair of records.
#[derive(GraphQLInputObject)]
pub struct OverlapInput {
    /// One record, by identifier or short name.
    pub dataset: ID,
    /// The other.
    pub other: ID,
    /// Producer of either in whose name, where you act for several; left out, the coordination's.
    pub institution: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// Proposes a note on the comparability of two records.
#[derive(GraphQLInputObject)]
pub struct ComparabilityNoteProposeInput {
    /// One record, by identifier or short name.
    pub dataset: ID,
    /// The other.
    pub other: ID,
    /// Producer of either in whose name, where you act for several.
    pub institution: Option<String>,
    /// The verdict that the producers are to agree on.
    pub verdict: ComparabilityVerdict,
    /// Why, and how the figures may be used, by language.
    pub text: Vec<LocalizedStringInput>,
}

/// Proposes an explanation of published figures that differ.
#[derive(GraphQLInputObject)]
pub struct DiscrepancyNoteProposeInput {
    /// The record in which the figures stand side by side, by identifier or short name.
    pub dataset: ID,
    /// Place in its list of discrepancies, counted from 0.
    pub discrepancy: i32,
    /// Records that some of the figures come from, by identifier or short name: their producers must agree too. Records that state the same
    /// figures are added by themselves.
    pub others: Option<Vec<ID>>,
    /// Its producer, where you act for several.
    pub institution: Option<String>,
    /// The explanation, by language.
    pub text: Vec<LocalizedStringInput>,
}

/// Writes a comment. Institutions are spoken to by `@` and their short name; their editors and validators are told.
#[derive(GraphQLInputObject)]
pub struct CommentAddInput {
    /// A dataset or an entry of the registers.
    pub subject: ID,
    /// The words, at most 5,000 characters.
    pub text: String,
    /// Institution in whose name; left out, you speak for yourself.
    pub institution: Option<String>,
}

/// Takes a comment back.
#[derive(GraphQLInputObject)]
pub struct CommentWithdrawInput {
    /// The comment.
    pub comment: ID,
}

payload! {
    /// What became of an entry of the registers.
    RegisterEntryPayload {
        /// The entry as it is now; null where nothing was done.
        entry: RegisterEntry,
    }
}

payload! {
    /// What became of a comment.
    CommentPayload {
        /// The comment as it is now; null where nothing was done.
        comment: Comment,
    }
}

fn answer(context: &Context, done: Result<EntryRecord, Error>) -> FieldResult<RegisterEntryPayload> {
    match done {
        Ok(record) => {
            context.forget_registers();
            let entry = Some(RegisterEntry { record: Arc::new(record), lang: context.language.clone() });
            Ok(RegisterEntryPayload { entry, ..RegisterEntryPayload::default() })
        }
        Err(error) => RegisterEntryPayload::refused(error),
    }
}

fn comment_answer(context: &Context, done: Result<CommentRow, Error>) -> FieldResult<CommentPayload> {
    match done {
        Ok(row) => {
            context.forget_registers();
            let comment = Some(Comment { row, lang: context.language.clone() });
            Ok(CommentPayload { comment, ..CommentPayload::default() })
        }
        Err(error) => CommentPayload::refused(error),
    }
}

fn entry_id(context: &Context, id: &ID) -> Result<String, Error> {
    own_id(context, OwnKind::RegisterEntry, id)
}

fn name(institution: Option<&String>) -> Result<Option<Slug>, Error> {
    institution.map(|text| slug("institution", text)).transpose()
}

/// The patch of an entry, with its datasets by their own identifiers.
fn content(context: &Context, given: RegisterContentInput, datasets: Option<&Vec<ID>>) -> Result<Map<String, Value>, Error> {
    let (mut patch, mut problems) = given.into_patch();
    if let Some(datasets) = datasets {
        if datasets.len() > MOST_DATASETS {
            let remedy = format!("names too many; at most {MOST_DATASETS}");
            return Err(Error::Invalid(vec![Problem::new("datasets", datasets.len(), remedy)]));
        }
        let mut ids = Vec::new();
        for (index, id) in datasets.iter().enumerate() {
            match dataset_id(context, id) {
                Ok(id) => ids.push(id.0),
                Err(Error::NotFound(_)) => {
                    let remedy = "is not in this catalogue; give the identifier that the catalogue gave, or a short name";
                    problems.push(Problem::new(format!("datasets[{index}]"), shown(id), remedy));
                }
                Err(error) => return Err(error),
            }
        }
        patch.insert("datasets".to_owned(), json!(ids));
    }
    if problems.is_empty() { Ok(patch) } else { Err(Error::Invalid(problems)) }
}

/// Makes an entry.
///
/// # Errors
/// A fault of the server.
pub fn create(context: &Context, input: RegisterEntryCreateInput) -> FieldResult<RegisterEntryPayload> {
    let RegisterEntryCreateInput { kind, institution, datasets, content: given } = input;
    let done = signed_in(context).and_then(|()| name(institution.as_ref())).and_then(|name| {
        if matches!(kind, RegisterKind::Overlap | RegisterKind::ComparabilityNote | RegisterKind::DiscrepancyNote) {
            let remedy = "has a mutation of its own: overlapConfirm, overlapReject, comparabilityNotePropose, discrepancyNotePropose";
            return Err(Error::Invalid(vec![Problem::new("kind", kind.code(), remedy)]));
        }
        let doc = content(context, given, datasets.as_ref())?;
        write::create(&context.catalogue, context.acting(), kind, name.as_ref(), doc)
    });
    answer(context, done)
}

/// Changes what an entry says.
///
/// # Errors
/// A fault of the server.
pub fn update(context: &Context, input: RegisterEntryUpdateInput) -> FieldResult<RegisterEntryPayload> {
    let RegisterEntryUpdateInput { entry, expected_revision, institution, datasets, content: given } = input;
    let done = entry_id(context, &entry).and_then(|id| {
        let (name, patch) = (name(institution.as_ref())?, content(context, given, datasets.as_ref())?);
        let given = Given { id: &id, expected: expected_revision.into(), institution: name.as_ref(), note: None };
        write::update(&context.catalogue, context.acting(), &given, patch)
    });
    answer(context, done)
}

/// Gives an entry a command that needs no more than a note.
///
/// # Errors
/// A fault of the server.
pub fn turn(context: &Context, input: &RegisterEntryInput, command: RegisterCommand) -> FieldResult<RegisterEntryPayload> {
    let done = entry_id(context, &input.entry).and_then(|id| {
        let name = name(input.institution.as_ref())?;
        let given = Given { id: &id, expected: input.expected_revision.into(), institution: name.as_ref(), note: input.note.as_deref() };
        match command {
            RegisterCommand::Decline => chain::decline(&context.catalogue, context.acting(), &given),
            RegisterCommand::Agree => pairs::agree(&context.catalogue, context.acting(), &given),
            _ => write::turn(&context.catalogue, context.acting(), command, &given),
        }
    });
    answer(context, done)
}

/// Offers to meet a need.
///
/// # Errors
/// A fault of the server.
pub fn offer(context: &Context, input: &CapacityOfferMakeInput) -> FieldResult<RegisterEntryPayload> {
    let done = entry_id(context, &input.entry).and_then(|id| {
        let name = name(input.institution.as_ref())?;
        let given = Given { id: &id, expected: input.expected_revision.into(), institution: name.as_ref(), note: None };
        chain::offer(&context.catalogue, context.acting(), &given, &input.offer)
    });
    answer(context, done)
}

/// Accepts an offer.
///
/// # Errors
/// A fault of the server.
pub fn accept_offer(context: &Context, input: &CapacityOfferAcceptInput) -> FieldResult<RegisterEntryPayload> {
    let done = entry_id(context, &input.entry).and_then(|id| {
        let of = slug("offerOf", &input.offer_of)?;
        let given = Given { id: &id, expected: input.expected_revision.into(), institution: None, note: input.note.as_deref() };
        chain::accept_offer(&context.catalogue, context.acting(), &given, &of)
    });
    answer(context, done)
}

/// Supports a request.
///
/// # Errors
/// A fault of the server.
pub fn support(context: &Context, input: &DataRequestSupportInput) -> FieldResult<RegisterEntryPayload> {
    let done = entry_id(context, &input.entry).and_then(|id| {
        let name = name(input.institution.as_ref())?;
        chain::support(&context.catalogue, context.acting(), &id, name.as_ref())
    });
    answer(context, done)
}

/// Commits an institution.
///
/// # Errors
/// A fault of the server.
pub fn commit(context: &Context, input: &DataRequestCommitInput) -> FieldResult<RegisterEntryPayload> {
    let done = entry_id(context, &input.entry).and_then(|id| {
        let name = name(input.institution.as_ref())?;
        let given = Given { id: &id, expected: input.expected_revision.into(), institution: name.as_ref(), note: None };
        chain::commit(&context.catalogue, context.acting(), &given, &input.commitment, input.until.0)
    });
    answer(context, done)
}

/// Names the record that fulfils a request.
///
/// # Errors
/// A fault of the server.
pub fn fulfil(context: &Context, input: &DataRequestFulfilInput) -> FieldResult<RegisterEntryPayload> {
    let done = entry_id(context, &input.entry).and_then(|id| {
        let (name, dataset) = (name(input.institution.as_ref())?, dataset_id(context, &input.dataset)?);
        let given = Given { id: &id, expected: input.expected_revision.into(), institution: name.as_ref(), note: input.note.as_deref() };
        chain::fulfil(&context.catalogue, context.acting(), &given, dataset.0)
    });
    answer(context, done)
}

/// Confirms or rejects an overlap.
///
/// # Errors
/// A fault of the server.
pub fn decide(context: &Context, input: &OverlapInput, is_confirmed: bool) -> FieldResult<RegisterEntryPayload> {
    let done = dataset_id(context, &input.dataset).and_then(|one| {
        let (other, name) = (dataset_id(context, &input.other)?, name(input.institution.as_ref())?);
        let note = input.note.as_deref().unwrap_or_default();
        let done = pairs::decide(&context.catalogue, context.acting(), (one.0, other.0), is_confirmed, (name.as_ref(), note));
        done.map_err(|error| as_typed(error, &[(one, &input.dataset), (other, &input.other)]))
    });
    answer(context, done)
}

/// A record that the person may not judge, named as it was typed: nobody knows it by the identifier that it has inside.
fn as_typed(error: Error, typed: &[(DatasetId, &ID)]) -> Error {
    let Error::NotFound(what) = &error else { return error };
    match typed.iter().find(|(id, _)| *what == format!("dataset `{}`", id.0)) {
        Some((_, text)) => Error::NotFound(format!("dataset `{}`", shown(text))),
        None => error,
    }
}

fn wording(given: &Vec<LocalizedStringInput>) -> Result<Value, Error> {
    let mut problems = Vec::new();
    let value = text_value("text", given, &mut problems);
    if given.is_empty() {
        problems.push(Problem::new("text", "", "is empty; give it in at least one language"));
    }
    if problems.is_empty() { Ok(value) } else { Err(Error::Invalid(problems)) }
}

/// Proposes a note on comparability.
///
/// # Errors
/// A fault of the server.
pub fn propose_comparability(context: &Context, input: &ComparabilityNoteProposeInput) -> FieldResult<RegisterEntryPayload> {
    let done = dataset_id(context, &input.dataset).and_then(|one| {
        let (other, name) = (dataset_id(context, &input.other)?, name(input.institution.as_ref())?);
        let doc = pairs::verdict_doc((one.0, other.0), input.verdict, wording(&input.text)?);
        let done = pairs::propose(&context.catalogue, context.acting(), RegisterKind::ComparabilityNote, doc, name.as_ref());
        done.map_err(|error| as_typed(error, &[(one, &input.dataset), (other, &input.other)]))
    });
    answer(context, done)
}

/// Proposes an explanation of figures that differ.
///
/// # Errors
/// A fault of the server.
pub fn propose_discrepancy(context: &Context, input: &DiscrepancyNoteProposeInput) -> FieldResult<RegisterEntryPayload> {
    let done = dataset_id(context, &input.dataset).and_then(|one| {
        let (name, text) = (name(input.institution.as_ref())?, wording(&input.text)?);
        let mut ids = vec![one.0];
        let mut typed = vec![(one, &input.dataset)];
        for given in input.others.iter().flatten() {
            let other = dataset_id(context, given)?;
            typed.push((other, given));
            if !ids.contains(&other.0) {
                ids.push(other.0);
            }
        }
        let doc = [("datasets", json!(ids)), ("discrepancy", json!(input.discrepancy)), ("text", text)];
        let doc: Map<String, Value> = doc.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let done = pairs::propose(&context.catalogue, context.acting(), RegisterKind::DiscrepancyNote, doc, name.as_ref());
        done.map_err(|error| as_typed(error, &typed))
    });
    answer(context, done)
}

/// Writes a comment.
///
/// # Errors
/// A fault of the server.
pub fn comment(context: &Context, input: &CommentAddInput) -> FieldResult<CommentPayload> {
    let topic = signed_in(context).and_then(|()| match NodeId::decode(&input.subject) {
        Some(NodeId::Dataset(id)) => Ok(Topic::Dataset(id.0)),
        Some(NodeId::Own(OwnKind::RegisterEntry, id)) => Ok(Topic::Entry(id)),
        _ => dataset_id(context, &input.subject).map(|id| Topic::Dataset(id.0)),
    });
    let done = topic.and_then(|topic| {
        let name = name(input.institution.as_ref())?;
        comments::add(&context.catalogue, context.acting(), &topic, &input.text, name.as_ref())
    });
    comment_answer(context, done)
}

/// Takes a comment back.
///
/// # Errors
/// A fault of the server.
pub fn withdraw_comment(context: &Context, input: &CommentWithdrawInput) -> FieldResult<CommentPayload> {
    let done =
        own_id(context, OwnKind::Comment, &input.comment).and_then(|id| comments::withdraw(&context.catalogue, context.acting(), &id));
    comment_answer(context, done)
}
