//! From the mutations on access requests to the services, and back to the payload.

use juniper::{FieldResult, ID};
use uuid::Uuid;

use crate::domain::access_request::{Command, Request};
use crate::service::Error;
use crate::service::access_requests::{Target, desks, drafting, filing, granting, handling};
use crate::service::people::Voice;

use super::access_answers::answers;
use super::access_desk::AccessDesk;
use super::access_desk_inputs::AccessDeskSetInput;
use super::access_inputs::*;
use super::access_request::AccessRequest;
use super::context::Context;
use super::intent::{own_id, signed_in, slug, wrong};
use super::node::OwnKind;

type Done = Result<Request, Error>;

/// What became of a request.
///
/// # Errors
/// A fault of the server.
pub fn request_payload(context: &Context, done: Done) -> FieldResult<AccessRequestPayload> {
    match done {
        Ok(request) => {
            let request = AccessRequest::by_id(context, &request.id.to_string())?;
            Ok(AccessRequestPayload { request, ..AccessRequestPayload::default() })
        }
        Err(error) => AccessRequestPayload::refused(error),
    }
}

fn id(context: &Context, id: &ID) -> Result<String, Error> {
    own_id(context, OwnKind::AccessRequest, id)
}

fn number(field: &str, value: i32) -> Result<u32, Error> {
    u32::try_from(value).map_err(|_| wrong(field, &value.to_string(), "take the number from `parts { number }`"))
}

fn voice(context: &Context) -> Voice<'_> {
    Voice { name: &context.name, base_url: &context.base_url }
}

/// Gives a command that names a part and needs nothing beside the request.
pub fn on_part(context: &Context, request: &ID, expected: Option<i32>, part: i32, command: impl FnOnce(u32) -> Command) -> Done {
    let id = id(context, request)?;
    let target = Target { id: &id, expected: expected.map(i64::from) };
    handling::give(&context.catalogue, context.acting(), target, command(number("part", part)?))
}

/// Gives a command on the request as a whole.
pub fn on_whole(context: &Context, input: &AccessRequestInput, command: Command) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    handling::give(&context.catalogue, context.acting(), target, command)
}

/// Begins a request.
pub fn create(context: &Context, input: &AccessRequestCreateInput) -> Done {
    signed_in(context)?;
    let wanted = input.holdings.iter().map(AccessWishInput::read).collect::<Result<Vec<_>, _>>()?;
    let frame = frame(input.on_behalf_of.as_ref(), input.purpose)?;
    drafting::create(&context.catalogue, context.acting(), &wanted, &frame)
}

/// Writes answers.
pub fn update(context: &Context, input: &AccessRequestUpdateInput) -> Done {
    let id = id(context, &input.request)?;
    let given = answers(&input.answers)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    drafting::save(&context.catalogue, context.acting(), target, &given)
}

/// Says for whom and for what.
pub fn set_frame(context: &Context, input: &AccessRequestFrameInput) -> Done {
    let id = id(context, &input.request)?;
    let frame = frame(input.on_behalf_of.as_ref(), input.purpose)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    drafting::frame(&context.catalogue, context.acting(), target, &frame)
}

/// Asks for a further holding.
pub fn add_holding(context: &Context, input: &AccessRequestHoldingAddInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    drafting::add_part(&context.catalogue, context.acting(), target, input.holding.read()?)
}

/// Takes a holding out, or a form over.
pub fn part_of_draft(context: &Context, input: &AccessRequestPartInput, is_removal: bool) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    let part = number("part", input.part)?;
    if is_removal {
        drafting::remove_part(&context.catalogue, context.acting(), target, part)
    } else {
        filing::renew_form(&context.catalogue, context.acting(), target, part)
    }
}

/// Submits.
pub fn submit(context: &Context, input: &AccessRequestSubmitInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    filing::submit(&context.catalogue, context.acting(), voice(context), target, input.accepted_terms.as_deref().unwrap_or_default())
}

/// Names a member.
pub fn add_member(context: &Context, input: &AccessRequestMemberAddInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    drafting::add_member(&context.catalogue, context.acting(), target, &input.name, &input.email)
}

/// Takes a member out.
pub fn remove_member(context: &Context, input: &AccessRequestMemberRemoveInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    drafting::remove_member(&context.catalogue, context.acting(), target, number("member", input.member)?)
}

/// Invites a person.
pub fn invite(context: &Context, input: &AccessRequestInviteInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    let text = input.text.as_deref().unwrap_or_default();
    handling::invite(&context.catalogue, context.acting(), target, number("part", input.part)?, &input.email, input.role, text)
}

/// Decides, or votes.
pub fn decide(context: &Context, input: &AccessRequestDecideInput) -> Done {
    let (outcome, lines, reason) = (input.outcome, input.lines(), input.reason);
    let text = input.text.clone().unwrap_or_default();
    let command = |part| Command::Decide { part, outcome, lines, reason, text };
    on_part(context, &input.request, Some(input.expected_revision), input.part, command)
}

/// Proposes the undertaking.
pub fn propose(context: &Context, input: &AccessRequestProposeInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    let offer = granting::Offer {
        text: input.text.clone(),
        from: input.from.as_ref().map(|date| day("from", date)).transpose()?,
        until: day("until", &input.until)?,
        agreement: input.agreement.as_ref().map(agreement_id).transpose()?,
    };
    granting::propose(&context.catalogue, context.acting(), target, number("part", input.part)?, &offer)
}

fn agreement_id(id: &ID) -> Result<Uuid, Error> {
    let known = match super::node::NodeId::decode(id) {
        Some(super::node::NodeId::Own(_, uuid)) => Some(uuid),
        _ => Uuid::try_parse(id).ok(),
    };
    known.ok_or_else(|| wrong("agreement", id, "is no identifier of an agreement"))
}

/// Puts a part into force.
pub fn activate(context: &Context, input: &AccessRequestActivateInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    let until = input.until.as_ref().map(|date| day("until", date)).transpose()?;
    let (part, agreement) = (number("part", input.part)?, agreement_id(&input.agreement)?);
    granting::activate(&context.catalogue, context.acting(), target, part, agreement, until)
}

/// Asks for a renewal.
pub fn renew(context: &Context, input: &AccessRequestRenewInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    let (part, until) = (number("part", input.part)?, day("until", &input.until)?);
    granting::ask_renewal(&context.catalogue, context.acting(), target, part, until, &input.text)
}

/// Decides on a renewal.
pub fn decide_renewal(context: &Context, input: &AccessRequestRenewalDecideInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    let until = input.until.as_ref().map(|date| day("until", date)).transpose()?;
    let (part, text) = (number("part", input.part)?, input.text.as_deref().unwrap_or_default());
    granting::decide_renewal(&context.catalogue, context.acting(), target, part, (input.is_granted, until), text)
}

/// Returns a part to the applicant for information.
pub fn return_for_information(context: &Context, input: &AccessRequestReturnInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    let questions = input.questions.as_deref().unwrap_or_default();
    handling::return_for_information(&context.catalogue, context.acting(), target, number("part", input.part)?, &input.text, questions)
}

/// Accepts the undertaking of a part.
pub fn accept(context: &Context, input: &AccessRequestAcceptInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: None };
    granting::accept(&context.catalogue, context.acting(), target, number("part", input.part)?, &input.text_hash)
}

/// Lets a suspended use go on.
pub fn resume(context: &Context, input: &AccessRequestPartInput) -> Done {
    let id = id(context, &input.request)?;
    let target = Target { id: &id, expected: Some(input.expected_revision.into()) };
    granting::resume(&context.catalogue, context.acting(), target, number("part", input.part)?)
}

/// Withdraws a part, or everything that can be.
pub fn withdraw(context: &Context, input: &AccessRequestInput, part: Option<i32>) -> Done {
    let part = part.map(|part| number("part", part)).transpose()?;
    on_whole(context, input, Command::Withdraw(part))
}

/// Writes a message or an internal note.
pub fn message(context: &Context, input: &AccessRequestMessageInput) -> Done {
    let id = id(context, &input.request)?;
    let part = input.part.map(|part| number("part", part)).transpose()?;
    let text = input.text.clone();
    let command = match (input.is_internal.unwrap_or(false), part) {
        (false, part) => Command::Message { part, text },
        (true, Some(part)) => Command::Note { part, text },
        (true, None) => return Err(wrong("part", "", "an internal note belongs to one part; name it")),
    };
    handling::give(&context.catalogue, context.acting(), Target { id: &id, expected: None }, command)
}

/// Sets an access desk.
///
/// # Errors
/// A fault of the server.
pub fn set_desk(context: &Context, input: AccessDeskSetInput) -> FieldResult<AccessDeskPayload> {
    let set = || {
        signed_in(context)?;
        let institution = slug("institution", &input.institution)?;
        desks::may_manage(&context.actor, &institution)?;
        let holding = input.holding.as_ref().map(|id| holding_id("holding", id)).transpose()?;
        let expected = i64::from(input.expected_revision);
        let desk = input.read(|field, emails| desks::persons_by_email(&context.catalogue, field, emails))?;
        desks::put(&context.catalogue, context.acting(), &institution, holding.map(|id| id.0), expected, desk)
    };
    match set() {
        Ok(known) => {
            Ok(AccessDeskPayload { desk: Some(AccessDesk { known, lang: context.language.clone() }), ..AccessDeskPayload::default() })
        }
        Err(error) => AccessDeskPayload::refused(error),
    }
}
