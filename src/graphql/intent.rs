//! From what a mutation was given to what a service takes, and from what came of it to the payload.

use juniper::{FieldResult, ID};
use serde_json::{Map, Value};

use crate::domain::ids::{DatasetId, Slug};
use crate::domain::policy::{self, Action};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::RefusalCode;
use crate::service::Error;
use crate::service::drafts::{self, Begin, Draft};
use crate::service::holdings::Claim;
use crate::service::people::{Member, RoleWish};

use super::actions::*;
use super::context::Context;
use super::dataset::Dataset;
use super::declaration::HoldingDeclaration;
use super::draft::DatasetDraft;
use super::error::from_service;
use super::input::{DatasetDraftInput, HoldingInput};
use super::node::{NodeId, OwnKind};
use super::viewer::{InstitutionMember, Viewer};

/// A value that is wrong.
pub fn wrong(field: &str, value: &str, remedy: &str) -> Error {
    Error::Invalid(vec![Problem::new(field, value, remedy)])
}

/// Reads a short name.
///
/// # Errors
/// It is none.
pub fn slug(field: &str, text: &str) -> Result<Slug, Error> {
    Slug::parse(text).map_err(|remedy| wrong(field, text, &remedy))
}

/// Who is not known is told to sign in, whatever they name: whether it exists is not looked up.
///
/// # Errors
/// Nobody has signed in.
pub fn signed_in(context: &Context) -> Result<(), Error> {
    match context.actor.person() {
        Some(_) => Ok(()),
        None => Err(Error::Forbidden { code: RefusalCode::SignInRequired, action: Action::AccountManage }),
    }
}

/// Identifier of a working copy.
///
/// # Errors
/// Nobody has signed in, or it names none.
pub fn draft_id(context: &Context, id: &ID) -> Result<String, Error> {
    signed_in(context)?;
    match NodeId::decode(id) {
        Some(NodeId::Draft(id)) => Ok(id.to_string()),
        _ => Err(Error::NotFound(format!("draft `{}`", shown(id)))),
    }
}

/// Identifier of something that only its owner reads.
///
/// # Errors
/// Nobody has signed in, or it names none of the kind.
pub fn own_id(context: &Context, kind: OwnKind, id: &ID) -> Result<String, Error> {
    signed_in(context)?;
    match NodeId::decode(id) {
        Some(NodeId::Own(found, id)) if found == kind => Ok(id.to_string()),
        _ => Err(Error::NotFound(format!("`{}`", shown(id)))),
    }
}

/// An identifier as messages repeat it.
pub fn shown(id: &ID) -> String {
    id.chars().take(80).collect()
}

/// A record by its identifier or short name, if the viewer may see it.
///
/// # Errors
/// Nobody has signed in, or there is none.
pub fn dataset_id(context: &Context, id: &ID) -> Result<DatasetId, Error> {
    signed_in(context)?;
    if let Some(NodeId::Dataset(id)) = NodeId::decode(id) {
        return Ok(id);
    }
    let found = context.catalogue.records_by_slug(&context.actor, &[id.to_string()])?.pop();
    found.map(|record| record.id).ok_or_else(|| Error::NotFound(format!("dataset `{}`", shown(id))))
}

/// The patch that the content of a draft makes.
///
/// # Errors
/// Every problem.
pub fn content(input: Option<DatasetDraftInput>) -> Result<Map<String, Value>, Error> {
    let Some(input) = input else { return Ok(Map::new()) };
    let problems = input.problems();
    if problems.is_empty() { Ok(input.into_patch()) } else { Err(Error::Invalid(problems)) }
}

/// A holding in the record format.
///
/// # Errors
/// Every problem.
pub fn held(input: HoldingInput) -> Result<Map<String, Value>, Error> {
    let (record, problems) = input.into_record();
    if problems.is_empty() { Ok(record) } else { Err(Error::Invalid(problems)) }
}

/// A role with its institution.
///
/// # Errors
/// The institution is no short name.
pub fn wish(role: crate::domain::vocabulary::Role, institution: Option<&String>) -> Result<RoleWish, Error> {
    Ok(RoleWish { role, institution: institution.map(|text| slug("institution", text)).transpose()? })
}

/// What became of a working copy.
///
/// # Errors
/// A fault of the server.
pub fn draft_payload(context: &Context, done: Result<Draft, Error>) -> FieldResult<DatasetDraftPayload> {
    match done {
        Ok(draft) => {
            let is_reader = policy::check_reading(&context.actor).is_ok();
            let shown = if is_reader { DatasetDraft::new } else { DatasetDraft::withheld };
            Ok(DatasetDraftPayload { draft: Some(shown(draft, &context.language)?), ..DatasetDraftPayload::default() })
        }
        Err(error) => DatasetDraftPayload::refused(error),
    }
}

/// The record as the viewer sees it after the mutation; null where it is no longer theirs to see.
///
/// # Errors
/// A fault of the server.
pub fn dataset_payload(context: &Context, done: Result<DatasetId, Error>) -> FieldResult<DatasetPayload> {
    match done {
        Ok(id) => {
            let record = context.catalogue.records(&context.actor, &[id.0]).map_err(from_service)?.remove(&id.0);
            let dataset = record.map(|record| Dataset { record, lang: context.language.clone() });
            Ok(DatasetPayload { dataset, ..DatasetPayload::default() })
        }
        Err(error) => DatasetPayload::refused(error),
    }
}

/// What became of a declared holding.
///
/// # Errors
/// A fault of the server.
pub fn declaration_payload(context: &Context, done: Result<Claim, Error>) -> FieldResult<HoldingDeclarationPayload> {
    match done {
        Ok(claim) => {
            let declaration = Some(HoldingDeclaration { claim, lang: context.language.clone() });
            Ok(HoldingDeclarationPayload { declaration, ..HoldingDeclarationPayload::default() })
        }
        Err(error) => HoldingDeclarationPayload::refused(error),
    }
}

/// What was removed.
///
/// # Errors
/// A fault of the server.
pub fn removed_payload(id: &ID, done: Result<(), Error>) -> FieldResult<RemovedPayload> {
    match done {
        Ok(()) => Ok(RemovedPayload { removed: Some(id.to_string()), ..RemovedPayload::default() }),
        Err(error) => RemovedPayload::refused(error),
    }
}

/// The viewer after a change of their own.
///
/// # Errors
/// A fault of the server.
pub fn viewer_payload<T>(context: &Context, done: Result<T, Error>) -> FieldResult<ViewerPayload> {
    match done {
        Ok(_) => Ok(ViewerPayload { viewer: Viewer::of(context)?, ..ViewerPayload::default() }),
        Err(error) => ViewerPayload::refused(error),
    }
}

/// A person whose roles were changed.
///
/// # Errors
/// A fault of the server.
pub fn member_payload(context: &Context, done: Result<Member, Error>) -> FieldResult<MembershipPayload> {
    match done {
        Ok(member) => {
            let member = Some(InstitutionMember::new(member, &context.language));
            Ok(MembershipPayload { member, ..MembershipPayload::default() })
        }
        Err(error) => MembershipPayload::refused(error),
    }
}

/// Begins a working copy.
///
/// # Errors
/// See [`drafts::create`].
pub fn begin(context: &Context, input: DatasetDraftCreateInput) -> Result<Draft, Error> {
    signed_in(context)?;
    let begin = match (&input.institution, &input.dataset) {
        (Some(institution), None) => Begin::New(slug("institution", institution)?),
        (None, Some(dataset)) => Begin::From(dataset_id(context, dataset)?),
        _ => return Err(wrong("institution", "", "name either the institution of a new record or the published record to work on")),
    };
    let note = input.change_note.unwrap_or_default();
    drafts::create(&context.catalogue, context.acting(), &begin, content(input.content)?, &note)
}
