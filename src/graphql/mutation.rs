//! What people do with the registry, one mutation for each intention; in one file, since juniper makes a type of one `impl` block.

use juniper::{FieldResult, ID};

use crate::domain::access_request::Command;
use crate::domain::vocabulary::RegisterCommand;
use crate::service::{accounts, alerts, previews, webhooks};

use super::access_desk_inputs::AccessDeskSetInput;
use super::access_inputs::*;
use super::access_intent::{self, request_payload};
use super::actions::*;
use super::actions_access::*;
use super::agreement_actions::{self, *};
use super::calendar_actions::{self, *};
use super::context::Context;
use super::harvest_actions::{self, *};
use super::intent::*;
use super::kept_report::{self, ReportGenerateInput, ReportPayload};
use super::node::OwnKind;
use super::register_actions::{self, *};
use super::{account_actions, record_actions};

/// Root of all mutations.
pub struct Mutation;

/// Changes to the registry. Each answers with the thing as it is then, and with the errors that the person can put right.
#[juniper::graphql_object(context = Context)]
impl Mutation {
    /// Begins a record, or a working copy of a published one. It may be incomplete.
    fn dataset_draft_create(context: &Context, input: DatasetDraftCreateInput) -> FieldResult<DatasetDraftPayload> {
        draft_payload(context, begin(context, input))
    }

    /// Writes in a working copy.
    fn dataset_draft_update(context: &Context, input: DatasetDraftUpdateInput) -> FieldResult<DatasetDraftPayload> {
        record_actions::dataset_draft_update(context, input)
    }

    /// Throws a working copy away; the published version stays as it is.
    fn dataset_draft_discard(context: &Context, input: DraftInput) -> FieldResult<RemovedPayload> {
        record_actions::dataset_draft_discard(context, input)
    }

    /// Submits a working copy for validation; it must be ready.
    fn dataset_submit(context: &Context, input: DraftInput) -> FieldResult<DatasetDraftPayload> {
        record_actions::dataset_submit(context, input)
    }

    /// Returns a submitted or validated working copy to its editors, with a reason.
    fn dataset_return(context: &Context, input: DatasetReturnInput) -> FieldResult<DatasetDraftPayload> {
        record_actions::dataset_return(context, input)
    }

    /// Validates a submitted working copy in the producer's name. From risk class HIGH on, another person than the author must do it.
    fn dataset_validate(context: &Context, input: DraftInput) -> FieldResult<DatasetDraftPayload> {
        record_actions::dataset_validate(context, input)
    }

    /// Publishes a validated working copy as a new version of its record.
    fn dataset_publish(context: &Context, input: DraftInput) -> FieldResult<DatasetPayload> {
        record_actions::dataset_publish(context, input)
    }

    /// Retires a record. A tombstone stays; its identifier and short name are never used again.
    fn dataset_retire(context: &Context, input: DatasetRetireInput) -> FieldResult<DatasetPayload> {
        record_actions::dataset_retire(context, input)
    }

    /// Sets the coordinator's review of a published version, or takes it back. The record does not change.
    fn dataset_review(context: &Context, input: DatasetReviewInput) -> FieldResult<DatasetPayload> {
        record_actions::dataset_review(context, input)
    }

    /// Passes a record to the institution that took over its producer's portfolio.
    fn dataset_transfer(context: &Context, input: DatasetTransferInput) -> FieldResult<DatasetPayload> {
        record_actions::dataset_transfer(context, input)
    }

    /// Declares that an institution holds another's dataset. The producer confirms or contests it.
    fn holding_declare(context: &Context, input: HoldingDeclareInput) -> FieldResult<HoldingDeclarationPayload> {
        record_actions::holding_declare(context, input)
    }

    /// Changes the terms of a declared holding. A confirmed one waits for the producer again.
    fn holding_update(context: &Context, input: HoldingUpdateInput) -> FieldResult<HoldingDeclarationPayload> {
        record_actions::holding_update(context, input)
    }

    /// Withdraws a declared holding. A confirmed one leaves the record with a new version.
    fn holding_withdraw(context: &Context, input: HoldingDeclarationInput) -> FieldResult<HoldingDeclarationPayload> {
        record_actions::holding_withdraw(context, input)
    }

    /// Confirms a declared holding as producer: it becomes part of a new version of the record.
    fn holding_confirm(context: &Context, input: HoldingDeclarationInput) -> FieldResult<HoldingDeclarationPayload> {
        record_actions::holding_confirm(context, input)
    }

    /// Contests a declared holding as producer, with a reason.
    fn holding_contest(context: &Context, input: HoldingContestInput) -> FieldResult<HoldingDeclarationPayload> {
        record_actions::holding_contest(context, input)
    }

    /// Registers an agreement on the exchange of data, as a draft of its parties. It may be incomplete.
    fn agreement_create(context: &Context, input: AgreementCreateInput) -> FieldResult<AgreementPayload> {
        agreement_actions::create(context, input)
    }

    /// Writes in an agreement: anything in a draft, whose signatures are then void; later contacts, visibility and document.
    fn agreement_update(context: &Context, input: AgreementUpdateInput) -> FieldResult<AgreementPayload> {
        agreement_actions::update(context, input)
    }

    /// Signs an agreement for a party. With the signature of every party it is signed, and in force by its dates.
    fn agreement_sign(context: &Context, input: AgreementSignInput) -> FieldResult<AgreementPayload> {
        agreement_actions::sign(context, &input)
    }

    /// Suspends a signed agreement, with a reason; nothing rests on it until it is resumed.
    fn agreement_suspend(context: &Context, input: AgreementSuspendInput) -> FieldResult<AgreementPayload> {
        agreement_actions::suspend(context, &input)
    }

    /// Puts a suspended agreement in force again.
    fn agreement_resume(context: &Context, input: AgreementResumeInput) -> FieldResult<AgreementPayload> {
        agreement_actions::resume(context, &input)
    }

    /// Terminates an agreement at once, or gives a draft up; with `atEnd`, gives notice that it is not renewed tacitly.
    fn agreement_terminate(context: &Context, input: AgreementTerminateInput) -> FieldResult<AgreementPayload> {
        agreement_actions::terminate(context, &input)
    }

    /// Makes an entry of the registers: a challenge, a good practice, a capacity need, a strategy, a request for what is not documented, a
    /// statement that something is not collected, a focal point.
    fn register_entry_create(context: &Context, input: RegisterEntryCreateInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::create(context, input)
    }

    /// Changes what an entry of the registers says. What was validated or agreed waits to be so again.
    fn register_entry_update(context: &Context, input: RegisterEntryUpdateInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::update(context, input)
    }

    /// Validates an entry in the name of the institution for which it speaks.
    fn register_entry_validate(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Validate)
    }

    /// Closes an entry, with what became of it.
    fn register_entry_close(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Close)
    }

    /// Opens a closed entry again, or a fulfilled request: a commitment that was not taken back stands again.
    fn register_entry_reopen(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Reopen)
    }

    /// Withdraws an entry, with a reason. It is kept, and shown to its institution and the coordinator only.
    fn register_entry_withdraw(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Withdraw)
    }

    /// Confirms a focal point for another year.
    fn focal_point_confirm(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Confirm)
    }

    /// Offers to meet a capacity need, in the name of an institution.
    fn capacity_offer_make(context: &Context, input: CapacityOfferMakeInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::offer(context, &input)
    }

    /// Accepts an offer, in the name of the institution in need.
    fn capacity_offer_accept(context: &Context, input: CapacityOfferAcceptInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::accept_offer(context, &input)
    }

    /// Supports a request for what is not documented; everyone once.
    fn data_request_support(context: &Context, input: DataRequestSupportInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::support(context, &input)
    }

    /// Commits an institution to a request: what it will do, and until when. Everyone who asked is told.
    fn data_request_commit(context: &Context, input: DataRequestCommitInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::commit(context, &input)
    }

    /// Declines a request for an institution, with a reason. Others may still commit themselves.
    fn data_request_decline(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Decline)
    }

    /// Takes a commitment back, with a reason. The request is open again.
    fn data_request_release(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Release)
    }

    /// Names the published record, of a planned collection or of data, that fulfils a request. Everyone who asked is told.
    fn data_request_fulfil(context: &Context, input: DataRequestFulfilInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::fulfil(context, &input)
    }

    /// Confirms that two records measure the same thing, for a producer of either or for the coordination.
    fn overlap_confirm(context: &Context, input: OverlapInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::decide(context, &input, true)
    }

    /// Says that two records do not measure the same thing, for a producer of either or for the coordination. It is remembered.
    fn overlap_reject(context: &Context, input: OverlapInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::decide(context, &input, false)
    }

    /// Proposes a note on the comparability of two records. When the producers of both agree, it stands above the computed verdict.
    fn comparability_note_propose(context: &Context, input: ComparabilityNoteProposeInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::propose_comparability(context, &input)
    }

    /// Proposes an explanation of published figures that differ. It is agreed when the producer of the record agrees.
    fn discrepancy_note_propose(context: &Context, input: DiscrepancyNoteProposeInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::propose_discrepancy(context, &input)
    }

    /// Agrees with the present text of a note, in the name of a producer.
    fn register_note_agree(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::Agree)
    }

    /// Takes part in what an entry invites to, in the name of an institution that is invited. Who says nothing is not shown as declining.
    fn invitation_take_part(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::TakePart)
    }

    /// Takes part no longer, with a reason; the institution stays invited.
    fn invitation_step_back(context: &Context, input: RegisterEntryInput) -> FieldResult<RegisterEntryPayload> {
        register_actions::turn(context, &input, RegisterCommand::StepBack)
    }

    /// Writes a comment on a dataset or an entry of the registers, for signed-in persons to read.
    fn comment_add(context: &Context, input: CommentAddInput) -> FieldResult<CommentPayload> {
        register_actions::comment(context, &input)
    }

    /// Takes a comment back: its author may, and the coordinator. Its place stays, its words go.
    fn comment_withdraw(context: &Context, input: CommentWithdrawInput) -> FieldResult<CommentPayload> {
        register_actions::withdraw_comment(context, &input)
    }

    /// Registers a date of a dataset of the institution, or a meeting.
    fn calendar_entry_create(context: &Context, input: CalendarEntryCreateInput) -> FieldResult<CalendarEntryPayload> {
        calendar_actions::create(context, input)
    }

    /// Changes the planned date of an entry, with a reason. The date before is kept.
    fn calendar_entry_postpone(context: &Context, input: CalendarEntryPostponeInput) -> FieldResult<CalendarEntryPayload> {
        calendar_actions::postpone(context, input)
    }

    /// Tells that an entry was done, and when.
    fn calendar_entry_complete(context: &Context, input: CalendarEntryCompleteInput) -> FieldResult<CalendarEntryPayload> {
        calendar_actions::complete(context, &input)
    }

    /// Gives an entry up, with a reason. It stays in the calendar.
    fn calendar_entry_cancel(context: &Context, input: CalendarEntryCancelInput) -> FieldResult<CalendarEntryPayload> {
        calendar_actions::cancel(context, input)
    }

    /// Makes a report from what anyone may see, and keeps it with its hash.
    fn report_generate(context: &Context, input: ReportGenerateInput) -> FieldResult<ReportPayload> {
        kept_report::generate(context, &input)
    }

    /// Changes an institution's own description.
    fn institution_update(context: &Context, input: InstitutionUpdateInput) -> FieldResult<InstitutionPayload> {
        record_actions::institution_update(context, input)
    }

    /// Invites a person by e-mail. The link goes by mail only.
    fn invitation_send(context: &Context, input: InvitationSendInput) -> FieldResult<InvitationPayload> {
        account_actions::invitation_send(context, input)
    }

    /// Gives a role to a person who is known. Their sessions end, and the role counts from their next sign-in.
    fn membership_grant(context: &Context, input: MembershipInput) -> FieldResult<MembershipPayload> {
        account_actions::membership_grant(context, input)
    }

    /// Takes a role back. The person's sessions end.
    fn membership_revoke(context: &Context, input: MembershipInput) -> FieldResult<MembershipPayload> {
        account_actions::membership_revoke(context, input)
    }

    /// Makes a private link that shows a working copy to whoever has it.
    fn preview_link_create(context: &Context, input: PreviewLinkCreateInput) -> FieldResult<PreviewLinkPayload> {
        record_actions::preview_link_create(context, input)
    }

    /// Revokes a private preview link.
    fn preview_link_revoke(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = signed_in(context).and_then(|()| previews::revoke(&context.catalogue, context.acting(), &id).map(|_| ()));
        removed_payload(&id, done)
    }

    /// Makes a personal API token; only a person who has signed in can.
    fn api_token_create(context: &Context, input: ApiTokenCreateInput) -> FieldResult<ApiTokenPayload> {
        account_actions::api_token_create(context, input)
    }

    /// Revokes a personal API token at once.
    fn api_token_revoke(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = own_id(context, OwnKind::Token, &id).and_then(|own| accounts::revoke_token(&context.catalogue, context.acting(), &own));
        removed_payload(&id, done)
    }

    /// Registers a webhook: changes that you may know of are delivered to it, signed, in order, at least once.
    fn webhook_create(context: &Context, input: WebhookCreateInput) -> FieldResult<WebhookPayload> {
        account_actions::webhook_create(context, input)
    }

    /// Delivers changes again from a place in the log on, and switches the webhook on.
    fn webhook_replay(context: &Context, input: WebhookReplayInput) -> FieldResult<WebhookPayload> {
        account_actions::webhook_replay(context, input)
    }

    /// Takes the records of a file of another system in, as drafts of an institution. Larger files are sent to
    /// `/institution/{slug}/records`.
    fn records_import(context: &Context, input: RecordsImportInput) -> FieldResult<IntakeRunPayload> {
        harvest_actions::import(context, &input)
    }

    /// Declares a source that is harvested: its records become drafts of the institution, again and again.
    fn harvest_source_declare(context: &Context, input: HarvestSourceDeclareInput) -> FieldResult<HarvestSourcePayload> {
        harvest_actions::declare(context, input)
    }

    /// Changes a source. What is left out stays.
    fn harvest_source_change(context: &Context, input: HarvestSourceChangeInput) -> FieldResult<HarvestSourcePayload> {
        harvest_actions::change(context, input)
    }

    /// Has a source harvested now. It happens in the background; its last run tells what came of it.
    fn harvest_source_run(context: &Context, input: HarvestSourceRunInput) -> FieldResult<HarvestSourcePayload> {
        harvest_actions::run(context, &input)
    }

    /// Removes a source. What came from it stays; copies of another registry's records go out of sight unless another source takes them over.
    fn harvest_source_remove(context: &Context, id: ID) -> FieldResult<HarvestSourceRemovedPayload> {
        harvest_actions::remove(context, &id)
    }

    /// Removes a webhook.
    fn webhook_remove(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = own_id(context, OwnKind::Webhook, &id).and_then(|own| webhooks::remove(&context.catalogue, context.acting(), &own));
        removed_payload(&id, done)
    }

    /// Saves a search that tells when something new answers it.
    fn saved_search_create(context: &Context, input: SavedSearchCreateInput) -> FieldResult<SavedSearchPayload> {
        account_actions::saved_search_create(context, input)
    }

    /// Removes a saved search.
    fn saved_search_remove(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = own_id(context, OwnKind::SavedSearch, &id).and_then(|own| alerts::remove(&context.catalogue, context.acting(), &own));
        removed_payload(&id, done)
    }

    /// Marks notices as read: these, or all where none are named.
    fn notifications_mark_read(context: &Context, ids: Option<Vec<ID>>) -> FieldResult<ViewerPayload> {
        account_actions::notifications_mark_read(context, ids)
    }

    /// Writes the draft of the access form of an institution, or of one of its holdings; for its access officers.
    fn access_form_save(context: &Context, input: AccessFormSaveInput) -> FieldResult<AccessFormPayload> {
        account_actions::access_form_save(context, input)
    }

    /// Publishes the draft of an access form as its next version, which never changes. Requests keep the version that they answer.
    fn access_form_publish(context: &Context, input: AccessFormPublishInput) -> FieldResult<AccessFormPayload> {
        account_actions::access_form_publish(context, input)
    }

    /// Begins a request for access to one or several holdings. It is yours alone until you submit it.
    fn access_request_create(context: &Context, input: AccessRequestCreateInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::create(context, &input))
    }

    /// Writes answers in a request that is being written, or was returned. They may be incomplete.
    fn access_request_update(context: &Context, input: AccessRequestUpdateInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::update(context, &input))
    }

    /// Says for which institution and for which kind of purpose data are wanted; agreements between institutions are found by it.
    fn access_request_frame(context: &Context, input: AccessRequestFrameInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::set_frame(context, &input))
    }

    /// Asks for a further holding, before the request is first submitted.
    fn access_request_holding_add(context: &Context, input: AccessRequestHoldingAddInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::add_holding(context, &input))
    }

    /// Takes a holding out, before the request is first submitted.
    fn access_request_holding_remove(context: &Context, input: AccessRequestPartInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::part_of_draft(context, &input, true))
    }

    /// Takes over the version of the holder's form that is in force now. Answers stay.
    fn access_request_form_renew(context: &Context, input: AccessRequestPartInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::part_of_draft(context, &input, false))
    }

    /// Names a member by name and address. Each member accepts the undertaking in person; who has no account is invited to make one.
    fn access_request_member_add(context: &Context, input: AccessRequestMemberAddInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::add_member(context, &input))
    }

    /// Takes a member out, or leaves: that person's access ends.
    fn access_request_member_remove(context: &Context, input: AccessRequestMemberRemoveInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::remove_member(context, &input))
    }

    /// Submits, or submits again after a return. Every question of the forms must be answered.
    fn access_request_submit(context: &Context, input: AccessRequestSubmitInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::submit(context, &input))
    }

    /// Withdraws one part, or every part that can be.
    fn access_request_withdraw(context: &Context, input: AccessRequestWithdrawInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::withdraw(context, input))
    }

    /// Returns a part to the applicant for information; the holder's clock stands still meanwhile.
    fn access_request_return(context: &Context, input: AccessRequestReturnInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::return_for_information(context, &input))
    }

    /// Confirms that a part is complete; the time for the decision begins.
    fn access_request_confirm_complete(context: &Context, input: AccessRequestPartInput) -> FieldResult<AccessRequestPayload> {
        let command = |part| Command::ConfirmComplete { part };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Invites a person to advise on data protection, to comment, or to decide.
    fn access_request_invite(context: &Context, input: AccessRequestInviteInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::invite(context, &input))
    }

    /// Takes an invitation back.
    fn access_request_uninvite(context: &Context, input: AccessRequestUninviteInput) -> FieldResult<AccessRequestPayload> {
        let invited = u32::try_from(input.invitation).unwrap_or(0);
        let command = |part| Command::Uninvite { part, invited };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Declares a conflict of interest, or that there is none; needed before recommending or deciding by invitation.
    fn access_request_declare_interest(context: &Context, input: AccessRequestInterestInput) -> FieldResult<AccessRequestPayload> {
        let (has_conflict, text) = (input.has_conflict, input.text.unwrap_or_default());
        let command = |part| Command::DeclareInterest { part, has_conflict, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Comments or recommends, on invitation.
    fn access_request_recommend(context: &Context, input: AccessRequestRecommendInput) -> FieldResult<AccessRequestPayload> {
        let (recommendation, text) = (input.recommendation, input.text);
        let command = |part| Command::Recommend { part, recommendation, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Decides for the holder, line by line of the five safes; in a committee, votes. Nobody decides on their own request.
    fn access_request_decide(context: &Context, input: AccessRequestDecideInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::decide(context, &input))
    }

    /// Proposes the undertaking that everyone who will use the data accepts.
    fn access_request_agreement_propose(context: &Context, input: AccessRequestProposeInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::propose(context, &input))
    }

    /// Accepts the undertaking, by the hash of the text that was read. With the last acceptance the access is in force.
    fn access_request_undertaking_accept(context: &Context, input: AccessRequestAcceptInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::accept(context, &input))
    }

    /// Puts an approved part into force under a registered agreement between the two institutions that covers it.
    fn access_request_activate(context: &Context, input: AccessRequestActivateInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::activate(context, &input))
    }

    /// Asks for a renewal.
    fn access_request_renew(context: &Context, input: AccessRequestRenewInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::renew(context, &input))
    }

    /// Grants or refuses a renewal.
    fn access_request_renewal_decide(context: &Context, input: AccessRequestRenewalDecideInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::decide_renewal(context, &input))
    }

    /// Suspends an access, with a reason; the holder's own system is told.
    fn access_request_suspend(context: &Context, input: AccessRequestTextInput) -> FieldResult<AccessRequestPayload> {
        let text = input.text.unwrap_or_default();
        let command = |part| Command::Suspend { part, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Resumes a suspended access.
    fn access_request_resume(context: &Context, input: AccessRequestPartInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::resume(context, &input))
    }

    /// Revokes an access, with a reason.
    fn access_request_revoke(context: &Context, input: AccessRequestTextInput) -> FieldResult<AccessRequestPayload> {
        let text = input.text.unwrap_or_default();
        let command = |part| Command::Revoke { part, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Ends the use and declares how the data were destroyed.
    fn access_request_confirm_destruction(context: &Context, input: AccessRequestTextInput) -> FieldResult<AccessRequestPayload> {
        let text = input.text.unwrap_or_default();
        let command = |part| Command::ConfirmDestruction { part, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Closes an ended part. Where nothing was declared destroyed, the text says why that is in order.
    fn access_request_close(context: &Context, input: AccessRequestTextInput) -> FieldResult<AccessRequestPayload> {
        let text = input.text.unwrap_or_default();
        let command = |part| Command::Close { part, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Appeals against a refusal or a revocation, within the time that the holder gives.
    fn access_request_appeal(context: &Context, input: AccessRequestTextInput) -> FieldResult<AccessRequestPayload> {
        let text = input.text.unwrap_or_default();
        let command = |part| Command::Appeal { part, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Decides on an appeal, by another person than the one who decided first.
    fn access_request_appeal_decide(context: &Context, input: AccessRequestAppealDecideInput) -> FieldResult<AccessRequestPayload> {
        let (is_upheld, text) = (input.is_upheld, input.text);
        let command = |part| Command::DecideAppeal { part, is_upheld, text };
        request_payload(context, access_intent::on_part(context, &input.request, Some(input.expected_revision), input.part, command))
    }

    /// Writes to everyone concerned, or a note that only the people of the holder read.
    fn access_request_message(context: &Context, input: AccessRequestMessageInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::message(context, &input))
    }

    /// Erases the texts, documents and personal data of your own ended request at once. That it happened stays known.
    fn access_request_erase(context: &Context, input: AccessRequestInput) -> FieldResult<AccessRequestPayload> {
        request_payload(context, access_intent::on_whole(context, &input, Command::Erase))
    }

    /// Sets how an institution handles requests, for one holding or for all; for its access officers.
    fn access_desk_set(context: &Context, input: AccessDeskSetInput) -> FieldResult<AccessDeskPayload> {
        access_intent::set_desk(context, input)
    }

    /// Sets the language of mails and when they are sent.
    fn preferences_update(context: &Context, input: PreferencesUpdateInput) -> FieldResult<ViewerPayload> {
        let language = input.language.as_ref().map(|tag| tag.0.primary());
        viewer_payload(context, accounts::set_preferences(&context.catalogue, context.acting(), language, input.mail_preference))
    }

    /// Gives a secret for an authenticator app; nothing changes until a code confirms it.
    fn authenticator_begin(context: &Context) -> FieldResult<AuthenticatorPayload> {
        account_actions::authenticator_begin(context)
    }

    /// Turns the authenticator app on: from now on signing in asks for its code.
    fn authenticator_enable(context: &Context, input: AuthenticatorEnableInput) -> FieldResult<ViewerPayload> {
        viewer_payload(context, accounts::set_totp(&context.catalogue, context.acting(), Some(&input.secret), &input.code))
    }

    /// Turns the authenticator app off with one of its codes.
    fn authenticator_disable(context: &Context, code: String) -> FieldResult<ViewerPayload> {
        viewer_payload(context, accounts::set_totp(&context.catalogue, context.acting(), None, &code))
    }

    /// Ends every session of the viewer, this one included.
    fn sessions_end(context: &Context) -> FieldResult<ViewerPayload> {
        viewer_payload(context, accounts::end_sessions(&context.catalogue, context.acting()))
    }
}
