//! What people do with the registry, one mutation for each intention.

use juniper::{FieldResult, ID};

use crate::domain::access_request::Command;
use crate::service::drafts::{self, Edit};
use crate::service::people::{self, Invitation, RoleWish, Voice};
use crate::service::{Error, accounts, alerts, forms, holdings, institutions, life, notify, previews, webhooks};

use super::access_desk_inputs::AccessDeskSetInput;
use super::access_inputs::*;
use super::access_intent::{self, request_payload};
use super::actions::*;
use super::actions_access::*;
use super::agreement_actions::{
    self, AgreementCreateInput, AgreementPayload, AgreementResumeInput, AgreementSignInput, AgreementSuspendInput, AgreementTerminateInput,
    AgreementUpdateInput,
};
use super::calendar_actions::{self, *};
use super::context::Context;
use super::draft::PreviewLink;
use super::harvest_actions::{
    self, HarvestSourceChangeInput, HarvestSourceDeclareInput, HarvestSourcePayload, HarvestSourceRunInput, IntakeRunPayload,
    RecordsImportInput,
};
use super::institution::Institution;
use super::intent::*;
use super::node::OwnKind;
use super::viewer::{ApiToken, SavedSearch, Webhook};

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
        let DatasetDraftUpdateInput { draft, expected_revision, content: given, change_note, base_version } = input;
        let done = draft_id(context, &draft).and_then(|id| {
            let patch = content(Some(given))?;
            let edit = Edit { patch, note: change_note.as_deref(), base_version: base_version.map(i64::from) };
            drafts::update(&context.catalogue, context.acting(), &id, expected_revision.into(), edit)
        });
        draft_payload(context, done)
    }

    /// Throws a working copy away; the published version stays as it is.
    fn dataset_draft_discard(context: &Context, input: DraftInput) -> FieldResult<RemovedPayload> {
        let done = draft_id(context, &input.draft)
            .and_then(|id| drafts::discard(&context.catalogue, context.acting(), &id, input.expected_revision.into()).map(|_| ()));
        removed_payload(&input.draft, done)
    }

    /// Submits a working copy for validation; it must be ready.
    fn dataset_submit(context: &Context, input: DraftInput) -> FieldResult<DatasetDraftPayload> {
        let done = draft_id(context, &input.draft)
            .and_then(|id| life::submit(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
        draft_payload(context, done)
    }

    /// Returns a submitted or validated working copy to its editors, with a reason.
    fn dataset_return(context: &Context, input: DatasetReturnInput) -> FieldResult<DatasetDraftPayload> {
        let done = draft_id(context, &input.draft)
            .and_then(|id| life::return_draft(&context.catalogue, context.acting(), &id, input.expected_revision.into(), &input.reason));
        draft_payload(context, done)
    }

    /// Validates a submitted working copy in the producer's name. From risk class HIGH on, another person than the author must do it.
    fn dataset_validate(context: &Context, input: DraftInput) -> FieldResult<DatasetDraftPayload> {
        let done = draft_id(context, &input.draft)
            .and_then(|id| life::validate(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
        draft_payload(context, done)
    }

    /// Publishes a validated working copy as a new version of its record.
    fn dataset_publish(context: &Context, input: DraftInput) -> FieldResult<DatasetPayload> {
        let done = draft_id(context, &input.draft)
            .and_then(|id| life::publish(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
        dataset_payload(context, done)
    }

    /// Retires a record. A tombstone stays; its identifier and short name are never used again.
    fn dataset_retire(context: &Context, input: DatasetRetireInput) -> FieldResult<DatasetPayload> {
        let done = dataset_id(context, &input.dataset).and_then(|id| {
            life::retire(&context.catalogue, context.acting(), id, input.expected_revision.into(), &input.reason).map(|()| id)
        });
        dataset_payload(context, done)
    }

    /// Sets the coordinator's review of a published version, or takes it back. The record does not change.
    fn dataset_review(context: &Context, input: DatasetReviewInput) -> FieldResult<DatasetPayload> {
        let note = input.note.unwrap_or_default();
        let done = dataset_id(context, &input.dataset).and_then(|id| {
            life::review(&context.catalogue, context.acting(), id, input.version.into(), &note, input.withdraw.unwrap_or(false))
                .map(|()| id)
        });
        dataset_payload(context, done)
    }

    /// Passes a record to the institution that took over its producer's portfolio.
    fn dataset_transfer(context: &Context, input: DatasetTransferInput) -> FieldResult<DatasetPayload> {
        let done = dataset_id(context, &input.dataset).and_then(|id| {
            let to = slug("to", &input.to)?;
            life::transfer(&context.catalogue, context.acting(), id, input.expected_revision.into(), &to).map(|()| id)
        });
        dataset_payload(context, done)
    }

    /// Declares that an institution holds another's dataset. The producer confirms or contests it.
    fn holding_declare(context: &Context, input: HoldingDeclareInput) -> FieldResult<HoldingDeclarationPayload> {
        let done = dataset_id(context, &input.dataset).and_then(|id| {
            let institution = slug("institution", &input.institution)?;
            holdings::declare(&context.catalogue, context.acting(), id, &institution, held(input.holding)?)
        });
        declaration_payload(context, done)
    }

    /// Changes the terms of a declared holding. A confirmed one waits for the producer again.
    fn holding_update(context: &Context, input: HoldingUpdateInput) -> FieldResult<HoldingDeclarationPayload> {
        let HoldingUpdateInput { declaration, expected_revision, holding } = input;
        let done = own_id(context, OwnKind::Declaration, &declaration)
            .and_then(|id| holdings::update(&context.catalogue, context.acting(), &id, expected_revision.into(), held(holding)?));
        declaration_payload(context, done)
    }

    /// Withdraws a declared holding. A confirmed one leaves the record with a new version.
    fn holding_withdraw(context: &Context, input: HoldingDeclarationInput) -> FieldResult<HoldingDeclarationPayload> {
        let done = own_id(context, OwnKind::Declaration, &input.declaration)
            .and_then(|id| holdings::withdraw(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
        declaration_payload(context, done)
    }

    /// Confirms a declared holding as producer: it becomes part of a new version of the record.
    fn holding_confirm(context: &Context, input: HoldingDeclarationInput) -> FieldResult<HoldingDeclarationPayload> {
        let done = own_id(context, OwnKind::Declaration, &input.declaration)
            .and_then(|id| holdings::confirm(&context.catalogue, context.acting(), &id, input.expected_revision.into()));
        declaration_payload(context, done)
    }

    /// Contests a declared holding as producer, with a reason.
    fn holding_contest(context: &Context, input: HoldingContestInput) -> FieldResult<HoldingDeclarationPayload> {
        let done = own_id(context, OwnKind::Declaration, &input.declaration)
            .and_then(|id| holdings::contest(&context.catalogue, context.acting(), &id, input.expected_revision.into(), &input.reason));
        declaration_payload(context, done)
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

    /// Changes an institution's own description.
    fn institution_update(context: &Context, input: InstitutionUpdateInput) -> FieldResult<InstitutionPayload> {
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

    /// Invites a person by e-mail. The link goes by mail only.
    fn invitation_send(context: &Context, input: InvitationSendInput) -> FieldResult<InvitationPayload> {
        let wishes: Result<Vec<RoleWish>, Error> = input.roles.iter().map(|role| wish(role.role, role.institution.as_ref())).collect();
        let language = input.language.as_ref().map_or("fr", |tag| tag.0.primary()).to_owned();
        let done = signed_in(context).and(wishes).and_then(|roles| {
            let invitation = Invitation { email: input.email.clone(), function: input.function, language, roles };
            let voice = Voice { name: &context.name, base_url: &context.base_url };
            people::invite(&context.catalogue, context.acting(), voice, invitation)
        });
        match done {
            Ok(_) => Ok(InvitationPayload { email: Some(input.email), ..InvitationPayload::default() }),
            Err(error) => InvitationPayload::refused(error),
        }
    }

    /// Gives a role to a person who is known. Their sessions end, and the role counts from their next sign-in.
    fn membership_grant(context: &Context, input: MembershipInput) -> FieldResult<MembershipPayload> {
        let done = signed_in(context)
            .and_then(|()| wish(input.role, input.institution.as_ref()))
            .and_then(|wish| people::grant(&context.catalogue, context.acting(), &input.person, &wish));
        member_payload(context, done)
    }

    /// Takes a role back. The person's sessions end.
    fn membership_revoke(context: &Context, input: MembershipInput) -> FieldResult<MembershipPayload> {
        let done = signed_in(context)
            .and_then(|()| wish(input.role, input.institution.as_ref()))
            .and_then(|wish| people::revoke(&context.catalogue, context.acting(), &input.person, &wish));
        member_payload(context, done)
    }

    /// Makes a private link that shows a working copy to whoever has it.
    fn preview_link_create(context: &Context, input: PreviewLinkCreateInput) -> FieldResult<PreviewLinkPayload> {
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

    /// Revokes a private preview link.
    fn preview_link_revoke(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = signed_in(context).and_then(|()| previews::revoke(&context.catalogue, context.acting(), &id).map(|_| ()));
        removed_payload(&id, done)
    }

    /// Makes a personal API token; only a person who has signed in can.
    fn api_token_create(context: &Context, input: ApiTokenCreateInput) -> FieldResult<ApiTokenPayload> {
        let done = accounts::create_token(
            &context.catalogue,
            context.acting(),
            &input.name,
            &input.scopes,
            input.expires_in_days.unwrap_or(90).into(),
        );
        match done {
            Ok((row, secret)) => Ok(ApiTokenPayload { token: Some(ApiToken(row)), secret: Some(secret), errors: Vec::new() }),
            Err(error) => ApiTokenPayload::refused(error),
        }
    }

    /// Revokes a personal API token at once.
    fn api_token_revoke(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = own_id(context, OwnKind::Token, &id).and_then(|own| accounts::revoke_token(&context.catalogue, context.acting(), &own));
        removed_payload(&id, done)
    }

    /// Registers a webhook: changes that you may know of are delivered to it, signed, in order, at least once.
    fn webhook_create(context: &Context, input: WebhookCreateInput) -> FieldResult<WebhookPayload> {
        match webhooks::create(&context.catalogue, context.acting(), &input.url, context.allow_private) {
            Ok((row, secret)) => Ok(WebhookPayload { webhook: Some(Webhook(row)), secret: Some(secret), errors: Vec::new() }),
            Err(error) => WebhookPayload::refused(error),
        }
    }

    /// Delivers changes again from a place in the log on, and switches the webhook on.
    fn webhook_replay(context: &Context, input: WebhookReplayInput) -> FieldResult<WebhookPayload> {
        let done = own_id(context, OwnKind::Webhook, &input.webhook)
            .and_then(|id| webhooks::replay(&context.catalogue, context.acting(), &id, input.since.into()));
        match done {
            Ok(row) => Ok(WebhookPayload { webhook: Some(Webhook(row)), ..WebhookPayload::default() }),
            Err(error) => WebhookPayload::refused(error),
        }
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

    /// Removes a source. What came from it stays, and says where it came from.
    fn harvest_source_remove(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        harvest_actions::remove(context, &id)
    }

    /// Removes a webhook.
    fn webhook_remove(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = own_id(context, OwnKind::Webhook, &id).and_then(|own| webhooks::remove(&context.catalogue, context.acting(), &own));
        removed_payload(&id, done)
    }

    /// Saves a search that tells when something new answers it.
    fn saved_search_create(context: &Context, input: SavedSearchCreateInput) -> FieldResult<SavedSearchPayload> {
        let mut filter = input.r#where.unwrap_or_default().read()?;
        if filter.statuses.is_empty() {
            filter.statuses = vec![crate::domain::vocabulary::PublicationStatus::Published];
        }
        match alerts::save(&context.catalogue, context.acting(), &input.name, input.search.as_deref(), &filter) {
            Ok(row) => Ok(SavedSearchPayload { saved_search: Some(SavedSearch(row)), ..SavedSearchPayload::default() }),
            Err(error) => SavedSearchPayload::refused(error),
        }
    }

    /// Removes a saved search.
    fn saved_search_remove(context: &Context, id: ID) -> FieldResult<RemovedPayload> {
        let done = own_id(context, OwnKind::SavedSearch, &id).and_then(|own| alerts::remove(&context.catalogue, context.acting(), &own));
        removed_payload(&id, done)
    }

    /// Marks notices as read: these, or all where none are named.
    fn notifications_mark_read(context: &Context, ids: Option<Vec<ID>>) -> FieldResult<ViewerPayload> {
        let named: Result<Vec<String>, Error> =
            ids.unwrap_or_default().iter().map(|id| own_id(context, OwnKind::Notification, id)).collect();
        viewer_payload(context, named.and_then(|ids| notify::mark_read(&context.catalogue, context.acting(), &ids)))
    }

    /// Writes the draft of the access form of an institution, or of one of its holdings; for its access officers.
    fn access_form_save(context: &Context, input: AccessFormSaveInput) -> FieldResult<AccessFormPayload> {
        let done = form_target(context, input.institution.as_ref(), input.holding.as_ref()).and_then(|target| {
            let form = input.form.read()?;
            forms::save(&context.catalogue, context.acting(), &target, input.expected_revision.map(i64::from), &form)
        });
        form_payload(context, done)
    }

    /// Publishes the draft of an access form as its next version, which never changes. Requests keep the version that they answer.
    fn access_form_publish(context: &Context, input: AccessFormPublishInput) -> FieldResult<AccessFormPayload> {
        let done = form_target(context, input.institution.as_ref(), input.holding.as_ref())
            .and_then(|target| forms::publish(&context.catalogue, context.acting(), &target, input.expected_revision.into()));
        form_payload(context, done)
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
        match accounts::begin_totp(&context.catalogue, context.acting(), &context.name) {
            Ok((secret, url)) => Ok(AuthenticatorPayload { secret: Some(secret), url: Some(url), errors: Vec::new() }),
            Err(error) => AuthenticatorPayload::refused(error),
        }
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
