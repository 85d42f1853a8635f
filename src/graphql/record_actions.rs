//! What the mutations on records, holdings, institutions and previews do.

use juniper::FieldResult;

use crate::service::drafts::{self, Edit};
use crate::service::{Error, holdings, institutions, life, previews};

use super::actions::*;
use super::context::Context;
use super::institution::Institution;
use super::intent::*;
use super::node::OwnKind;
use super::preview_link::PreviewLink;

/// Writes in a working copy.
///
/// # Errors
/// A fault of the server.
pub fn dataset_draft_update(context: &Context, input: DatasetDraftUpdateInput) -> FieldResult<DatasetDraftPayload> {
    let DatasetDraftUpdateInput { draft, expected_revision, content: given, change_note, base_version } = input;
    let done = draft_id(context, &draft).and_then(|id| {
        let patch = content(Some(given))?;
        let edit = Edit { patch, note: change_note.as_deref(), base_version: base_version.map(i64::from) };
        drafts::update(&context.catalogue, context.acting(), &id, expected_revision.into(), edit)
    });
    draft_payload(context, done)
}

/// Throws a working copy away; the published version stays as it is.
///
/// # Errors
/// A fault of the server.
pub fn dataset_draft_discard(context: &Context, input: DraftInput) -> FieldResult<RemovedPayload> {
    let done = draft_id(context, &input.draft)
        .and_then(|id| drafts::discard(&context.catalogue, context.acting(), &id, input.expected_revision.into()).map(|_| ()));
    removed_payload(&input.draft, done)
}

/// Submits a working copy for validation; it must be ready.
///
/// # Errors
/// A fault of the server.
pub fn dataset_submit(context: &Context, input: DraftInput) -> FieldResult<DatasetDraftPayload> {
    let done = draft_id(context, &input.draft)
        .and_then(|id| life::submit(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
    draft_payload(context, done)
}

/// Returns a submitted or validated working copy to its editors, with a reason.
///
/// # Errors
/// A fault of the server.
pub fn dataset_return(context: &Context, input: DatasetReturnInput) -> FieldResult<DatasetDraftPayload> {
    let done = draft_id(context, &input.draft)
        .and_then(|id| life::return_draft(&context.catalogue, context.acting(), &id, input.expected_revision.into(), &input.reason));
    draft_payload(context, done)
}

/// Validates a submitted working copy in the producer's name. From risk class HIGH on, another person than the author must do it.
///
/// # Errors
/// A fault of the server.
pub fn dataset_validate(context: &Context, input: DraftInput) -> FieldResult<DatasetDraftPayload> {
    let done = draft_id(context, &input.draft)
        .and_then(|id| life::validate(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
    draft_payload(context, done)
}

/// Publishes a validated working copy as a new version of its record.
///
/// # Errors
/// A fault of the server.
pub fn dataset_publish(context: &Context, input: DraftInput) -> FieldResult<DatasetPayload> {
    let done = draft_id(context, &input.draft)
        .and_then(|id| life::publish(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
    dataset_payload(context, done)
}

/// Retires a record. A tombstone stays; its identifier and short name are never used again.
///
/// # Errors
/// A fault of the server.
pub fn dataset_retire(context: &Context, input: DatasetRetireInput) -> FieldResult<DatasetPayload> {
    let done = dataset_id(context, &input.dataset)
        .and_then(|id| life::retire(&context.catalogue, context.acting(), id, input.expected_revision.into(), &input.reason).map(|()| id));
    dataset_payload(context, done)
}

/// Sets the coordinator's review of a published version, or takes it back. The record does not change.
///
/// # Errors
/// A fault of the server.
pub fn dataset_review(context: &Context, input: DatasetReviewInput) -> FieldResult<DatasetPayload> {
    let note = input.note.unwrap_or_default();
    let done = dataset_id(context, &input.dataset).and_then(|id| {
        life::review(&context.catalogue, context.acting(), id, input.version.into(), &note, input.withdraw.unwrap_or(false)).map(|()| id)
    });
    dataset_payload(context, done)
}

/// Passes a record to the institution that took over its producer's portfolio.
///
/// # Errors
/// A fault of the server.
pub fn dataset_transfer(context: &Context, input: DatasetTransferInput) -> FieldResult<DatasetPayload> {
    let done = dataset_id(context, &input.dataset).and_then(|id| {
        let to = slug("to", &input.to)?;
        life::transfer(&context.catalogue, context.acting(), id, input.expected_revision.into(), &to).map(|()| id)
    });
    dataset_payload(context, done)
}

/// Declares that an institution holds another's dataset. The producer confirms or contests it.
///
/// # Errors
/// A fault of the server.
pub fn holding_declare(context: &Context, input: HoldingDeclareInput) -> FieldResult<HoldingDeclarationPayload> {
    let done = dataset_id(context, &input.dataset).and_then(|id| {
        let institution = slug("institution", &input.institution)?;
        holdings::declare(&context.catalogue, context.acting(), id, &institution, held(input.holding)?)
    });
    declaration_payload(context, done)
}

/// Changes the terms of a declared holding. A confirmed one waits for the producer again.
///
/// # Errors
/// A fault of the server.
pub fn holding_update(context: &Context, input: HoldingUpdateInput) -> FieldResult<HoldingDeclarationPayload> {
    let HoldingUpdateInput { declaration, expected_revision, holding } = input;
    let done = own_id(context, OwnKind::Declaration, &declaration)
        .and_then(|id| holdings::update(&context.catalogue, context.acting(), &id, expected_revision.into(), held(holding)?));
    declaration_payload(context, done)
}

/// Withdraws a declared holding. A confirmed one leaves the record with a new version.
///
/// # Errors
/// A fault of the server.
pub fn holding_withdraw(context: &Context, input: HoldingDeclarationInput) -> FieldResult<HoldingDeclarationPayload> {
    let done = own_id(context, OwnKind::Declaration, &input.declaration)
        .and_then(|id| holdings::withdraw(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
    declaration_payload(context, done)
}

/// Confirms a declared holding as producer: it becomes part of a new version of the record.
///
/// # Errors
/// A fault of the server.
pub fn holding_confirm(context: &Context, input: HoldingDeclarationInput) -> FieldResult<HoldingDeclarationPayload> {
    let done = own_id(context, OwnKind::Declaration, &input.declaration)
        .and_then(|id| holdings::confirm(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
    declaration_payload(context, done)
}

/// Contests a declared holding as producer, with a reason.
///
/// # Errors
/// A fault of the server.
pub fn holding_contest(context: &Context, input: HoldingContestInput) -> FieldResult<HoldingDeclarationPayload> {
    let done = own_id(context, OwnKind::Declaration, &input.declaration)
        .and_then(|id| holdings::contest(&context.catalogue, context.acting(), &id, input.expected_revision.into(), &input.reason));
    declaration_payload(context, done)
}

/// Changes an institution's own description.
///
/// # Errors
/// A fault of the server.
pub fn institution_update(context: &Context, input: InstitutionUpdateInput) -> FieldResult<InstitutionPayload> {
    let done = signed_in(context).and_then(|()| slug("institution", &input.institution)).and_then(|institution| {
        let problems = input.content.problems();
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let patch = input.content.into_patch();
        institutions::update(&context.catalogue, context.acting(), &institution, input.expected_revision.into(), patch)
    });
    match done {
        Ok(record) => {
            let institution = Some(Institution { record, lang: context.language.clone() });
            Ok(InstitutionPayload { institution, ..InstitutionPayload::default() })
        }
        Err(error) => InstitutionPayload::refused(error),
    }
}

/// Makes a private link that shows a working copy to whoever has it.
///
/// # Errors
/// A fault of the server.
pub fn preview_link_create(context: &Context, input: PreviewLinkCreateInput) -> FieldResult<PreviewLinkPayload> {
    let done = draft_id(context, &input.draft).and_then(|id| {
        previews::create(
            &context.catalogue,
            context.acting(),
            &id,
            input.expires_in_days.unwrap_or(14).into(),
            input.without_names.unwrap_or(false),
        )
    });
    match done {
        Ok((row, secret)) => {
            let url = Some(format!("{}/preview/{secret}", context.base_url));
            Ok(PreviewLinkPayload { link: Some(PreviewLink(row)), url, errors: Vec::new() })
        }
        Err(error) => PreviewLinkPayload::refused(error),
    }
}
