//! What the mutations on accounts, roles, notices, searches, webhooks and forms do.

use juniper::{FieldResult, ID};

use crate::service::people::{self, Invitation, RoleWish, Voice};
use crate::service::{Error, accounts, alerts, forms, notify, webhooks};

use super::actions::*;
use super::actions_access::*;
use super::context::Context;
use super::intent::*;
use super::node::OwnKind;
use super::viewer::{ApiToken, SavedSearch, Webhook};

/// Invites a person by e-mail. The link goes by mail only.
///
/// # Errors
/// A fault of the server.
pub fn invitation_send(context: &Context, input: InvitationSendInput) -> FieldResult<InvitationPayload> {
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
///
/// # Errors
/// A fault of the server.
pub fn membership_grant(context: &Context, input: MembershipInput) -> FieldResult<MembershipPayload> {
    let done = signed_in(context)
        .and_then(|()| wish(input.role, input.institution.as_ref()))
        .and_then(|wish| people::grant(&context.catalogue, context.acting(), &input.person, &wish));
    member_payload(context, done)
}

/// Takes a role back. The person's sessions end.
///
/// # Errors
/// A fault of the server.
pub fn membership_revoke(context: &Context, input: MembershipInput) -> FieldResult<MembershipPayload> {
    let done = signed_in(context)
        .and_then(|()| wish(input.role, input.institution.as_ref()))
        .and_then(|wish| people::revoke(&context.catalogue, context.acting(), &input.person, &wish));
    member_payload(context, done)
}

/// Makes a personal API token; only a person who has signed in can.
///
/// # Errors
/// A fault of the server.
pub fn api_token_create(context: &Context, input: ApiTokenCreateInput) -> FieldResult<ApiTokenPayload> {
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

/// Registers a webhook: changes that you may know of are delivered to it, signed, in order, at least once.
///
/// # Errors
/// A fault of the server.
pub fn webhook_create(context: &Context, input: WebhookCreateInput) -> FieldResult<WebhookPayload> {
    match webhooks::create(&context.catalogue, context.acting(), &input.url, context.allow_private) {
        Ok((row, secret)) => Ok(WebhookPayload { webhook: Some(Webhook(row)), secret: Some(secret), errors: Vec::new() }),
        Err(error) => WebhookPayload::refused(error),
    }
}

/// Delivers changes again from a place in the log on, and switches the webhook on.
///
/// # Errors
/// A fault of the server.
pub fn webhook_replay(context: &Context, input: WebhookReplayInput) -> FieldResult<WebhookPayload> {
    let done = own_id(context, OwnKind::Webhook, &input.webhook)
        .and_then(|id| webhooks::replay(&context.catalogue, context.acting(), &id, input.since.into()));
    match done {
        Ok(row) => Ok(WebhookPayload { webhook: Some(Webhook(row)), ..WebhookPayload::default() }),
        Err(error) => WebhookPayload::refused(error),
    }
}

/// Saves a search that tells when something new answers it.
///
/// # Errors
/// A fault of the server.
pub fn saved_search_create(context: &Context, input: SavedSearchCreateInput) -> FieldResult<SavedSearchPayload> {
    let mut filter = input.r#where.unwrap_or_default().read()?;
    if filter.statuses.is_empty() {
        filter.statuses = vec![crate::domain::vocabulary::PublicationStatus::Published];
    }
    match alerts::save(&context.catalogue, context.acting(), &input.name, input.search.as_deref(), &filter) {
        Ok(row) => Ok(SavedSearchPayload { saved_search: Some(SavedSearch(row)), ..SavedSearchPayload::default() }),
        Err(error) => SavedSearchPayload::refused(error),
    }
}

/// Marks notices as read: these, or all where none are named.
///
/// # Errors
/// A fault of the server.
pub fn notifications_mark_read(context: &Context, ids: Option<Vec<ID>>) -> FieldResult<ViewerPayload> {
    let named: Result<Vec<String>, Error> = ids.unwrap_or_default().iter().map(|id| own_id(context, OwnKind::Notification, id)).collect();
    viewer_payload(context, named.and_then(|ids| notify::mark_read(&context.catalogue, context.acting(), &ids)))
}

/// Writes the draft of the access form of an institution, or of one of its holdings; for its access officers.
///
/// # Errors
/// A fault of the server.
pub fn access_form_save(context: &Context, input: AccessFormSaveInput) -> FieldResult<AccessFormPayload> {
    let done = form_target(context, input.institution.as_ref(), input.holding.as_ref()).and_then(|target| {
        let form = input.form.read()?;
        forms::save(&context.catalogue, context.acting(), &target, input.expected_revision.map(i64::from), &form)
    });
    form_payload(context, done)
}

/// Publishes the draft of an access form as its next version, which never changes. Requests keep the version that they answer.
///
/// # Errors
/// A fault of the server.
pub fn access_form_publish(context: &Context, input: AccessFormPublishInput) -> FieldResult<AccessFormPayload> {
    let done = form_target(context, input.institution.as_ref(), input.holding.as_ref())
        .and_then(|target| forms::publish(&context.catalogue, context.acting(), &target, input.expected_revision.into()));
    form_payload(context, done)
}

/// Gives a secret for an authenticator app; nothing changes until a code confirms it.
///
/// # Errors
/// A fault of the server.
pub fn authenticator_begin(context: &Context) -> FieldResult<AuthenticatorPayload> {
    match accounts::begin_totp(&context.catalogue, context.acting(), &context.name) {
        Ok((secret, url)) => Ok(AuthenticatorPayload { secret: Some(secret), url: Some(url), errors: Vec::new() }),
        Err(error) => AuthenticatorPayload::refused(error),
    }
}
