//! The person who asks: roles, work, notices, tokens, webhooks, saved searches.

use juniper::{FieldResult, ID};
use uuid::Uuid;

use crate::domain::policy::{self, Action, Person};
use crate::domain::vocabulary::{MailPreference, NoticeDay, NoticeKind, RefusalCode, Role, TokenScope, Vocabulary};
use crate::service::drafts;
use crate::service::people::{self, Member};
use crate::service::rows::{DeliveryRow, MembershipRow, NoticeRow, PersonRow, SavedSearchRow, TokenRow, WebhookRow};
use crate::service::{Error, accounts, alerts, changes, holdings, notify, webhooks};

use super::connection::{PageArgs, connection};
use super::context::Context;
use super::declaration::{HoldingDeclaration, HoldingDeclarationConnection};
use super::draft::{DatasetDraft, DatasetDraftConnection};
use super::error::from_service;
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::scalars::{Date, DateTime, Uri};
use super::text::Lang;

/// The person who asks.
pub struct Viewer {
    person: PersonRow,
    known: Person,
    lang: Lang,
}

impl Viewer {
    /// The viewer of a request; none for a visitor.
    pub fn of(context: &Context) -> FieldResult<Option<Self>> {
        let Some(known) = context.actor.person() else { return Ok(None) };
        let person = accounts::row(&context.catalogue, known.id).map_err(from_service)?;
        Ok(person.map(|person| Self { person, known: known.clone(), lang: context.language.clone() }))
    }
}

/// The person or program that asks.
#[juniper::graphql_object(context = Context)]
impl Viewer {
    /// Function, such as "Statistics officer, HCP".
    fn function(&self) -> &str {
        &self.person.function
    }

    /// E-mail address; null for a program, and for a token without the scope READ.
    fn email(&self, context: &Context) -> Option<&str> {
        self.person.email.as_deref().filter(|_| policy::check_reading(&context.actor).is_ok())
    }

    /// Language of mails: ar, fr or en.
    fn language(&self) -> &str {
        &self.person.language
    }

    /// When mails are sent.
    fn mail_preference(&self) -> MailPreference {
        MailPreference::parse(&self.person.mail_preference).unwrap_or(MailPreference::AtOnce)
    }

    /// Whether signing in asks for a code of an authenticator app.
    fn has_authenticator_app(&self) -> bool {
        self.person.totp_secret.is_some()
    }

    /// Roles, each with its institution.
    fn roles(&self) -> Vec<GrantedRole> {
        let grant = |grant: &crate::domain::policy::Grant| GrantedRole {
            role: grant.role,
            institution: grant.institution.as_ref().map(ToString::to_string),
            lang: self.lang.clone(),
        };
        self.known.grants.iter().map(grant).collect()
    }

    /// Working copies that the viewer may read: those of its institutions, and for a coordinator the validated ones.
    fn drafts(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<DatasetDraftConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let found = drafts::readable(&context.catalogue, context.acting()).map_err(from_service)?;
        let nodes = found.into_iter().map(|draft| DatasetDraft::new(draft, &self.lang)).collect::<FieldResult<Vec<_>>>()?;
        DatasetDraftConnection::cut(nodes, &args)
    }

    /// Holdings that the viewer's institutions declared, and those that wait for their decision as producers.
    fn holding_declarations(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<HoldingDeclarationConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let found = holdings::of_actor(&context.catalogue, &context.actor).map_err(from_service)?;
        let nodes = found.into_iter().map(|claim| HoldingDeclaration { claim, lang: self.lang.clone() }).collect();
        HoldingDeclarationConnection::cut(nodes, &args)
    }

    /// Notices, newest first: the last 1,000. A token needs the scope READ or SUBSCRIBE.
    fn notifications(
        &self,
        context: &Context,
        #[graphql(default = false)] unread_only: Option<bool>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<NotificationConnection> {
        own(context)?;
        let args = PageArgs::check(first, after, last, before, 20)?;
        let rows = notify::of_person(&context.catalogue, self.known.id, unread_only.unwrap_or(false)).map_err(from_service)?;
        NotificationConnection::cut(rows.into_iter().map(|row| Notification { row, lang: self.lang.clone() }).collect(), &args)
    }

    /// Number of unread notices. A token needs the scope READ or SUBSCRIBE.
    fn unread_count(&self, context: &Context) -> FieldResult<i32> {
        own(context)?;
        let count = notify::unread(&context.catalogue, self.known.id).map_err(from_service)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// Saved searches that tell when something new answers them. A token needs the scope READ or SUBSCRIBE.
    fn saved_searches(&self, context: &Context) -> FieldResult<Vec<SavedSearch>> {
        own(context)?;
        Ok(alerts::of_person(&context.catalogue, self.known.id).map_err(from_service)?.into_iter().map(SavedSearch).collect())
    }

    /// Webhooks. A token needs the scope READ or SUBSCRIBE.
    fn webhooks(&self, context: &Context) -> FieldResult<Vec<Webhook>> {
        own(context)?;
        Ok(webhooks::of_person(&context.catalogue, self.known.id).map_err(from_service)?.into_iter().map(Webhook).collect())
    }

    /// API tokens, newest first. Their secrets were shown once, when they were made. A token needs the scope READ.
    fn api_tokens(&self, context: &Context) -> FieldResult<Vec<ApiToken>> {
        allowed(policy::check_reading(&context.actor))?;
        Ok(accounts::tokens(&context.catalogue, self.known.id).map_err(from_service)?.into_iter().map(ApiToken).collect())
    }
}

/// Refuses a token that was made neither for reading nor for being told.
fn own(context: &Context) -> FieldResult<()> {
    allowed(policy::check_own(&context.actor))
}

fn allowed(judged: Result<(), RefusalCode>) -> FieldResult<()> {
    judged.map_err(|code| from_service(Error::Forbidden { code, action: Action::Subscribe }))
}

/// A role with its institution.
#[derive(Clone)]
pub struct GrantedRole {
    role: Role,
    institution: Option<String>,
    lang: Lang,
}

/// A role that a person has.
#[juniper::graphql_object(context = Context)]
impl GrantedRole {
    /// The role.
    fn role(&self) -> Role {
        self.role
    }

    /// The institution; null for roles of the catalogue.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug, &self.lang))
    }
}

/// A person with a role in an institution.
pub struct InstitutionMember {
    member: Member,
    lang: Lang,
}

impl InstitutionMember {
    /// Persons with a role in an institution, for those who manage them; none for anyone else.
    pub fn of(context: &Context, slug: &crate::domain::ids::Slug, lang: &Lang) -> FieldResult<Vec<Self>> {
        match people::members(&context.catalogue, &context.actor, slug) {
            Ok(members) => Ok(members.into_iter().map(|member| Self { member, lang: lang.clone() }).collect()),
            Err(crate::service::Error::Forbidden { .. }) => Ok(Vec::new()),
            Err(error) => Err(from_service(error)),
        }
    }

    /// Wraps a person.
    pub fn new(member: Member, lang: &Lang) -> Self {
        Self { member, lang: lang.clone() }
    }
}

/// A person with a role in an institution, as those who manage its roles see them.
#[juniper::graphql_object(context = Context)]
impl InstitutionMember {
    /// Identifier, for `membershipGrant` and `membershipRevoke`.
    fn id(&self) -> ID {
        ID::new(self.member.person.id.clone())
    }

    /// Function.
    fn function(&self) -> &str {
        &self.member.person.function
    }

    /// E-mail address.
    fn email(&self) -> Option<&str> {
        self.member.person.email.as_deref()
    }

    /// Roles.
    fn roles(&self) -> Vec<GrantedRole> {
        let read = |row: &MembershipRow| {
            let institution = Some(row.institution.clone()).filter(|slug| !slug.is_empty());
            Role::parse(&row.role).map(|role| GrantedRole { role, institution, lang: self.lang.clone() })
        };
        self.member.roles.iter().filter_map(read).collect()
    }
}

fn own_id(kind: OwnKind, id: &str) -> ID {
    NodeId::Own(kind, Uuid::try_parse(id).unwrap_or_default()).encode()
}

/// A notice.
#[derive(Clone)]
pub struct Notification {
    /// The row.
    pub row: NoticeRow,
    /// Language of the answer.
    pub lang: Lang,
}

connection!(NotificationConnection, NotificationEdge, Notification, "Notices, newest first.", "A notice with its place in the list.");

/// Something that happened and concerns the viewer.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Notification {
    /// Opaque identifier.
    fn id(&self) -> ID {
        own_id(OwnKind::Notification, &self.row.id)
    }

    /// What happened.
    fn kind(&self) -> NoticeKind {
        NoticeKind::parse(&self.row.kind).unwrap_or(NoticeKind::DatasetPublished)
    }

    /// The same as a sentence in the language of the question.
    fn text(&self) -> &str {
        self.kind().label(self.lang.as_deref().unwrap_or("en"))
    }

    /// Title of the record or name of the institution: in the language of the question where the record has it, as `text` is. Of a request the
    /// cell that it is for (topic, place, years, breakdowns …) and the beginning of its reason.
    fn title(&self) -> String {
        notify::title_in(&self.row, self.lang.as_deref().unwrap_or("en"))
    }

    /// Reason that was given.
    fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// Function of the person from whom it comes, or name of the institution in the language of the question, where that matters, as for
    /// access requests.
    fn from(&self) -> Option<String> {
        notify::who_in(&self.row, self.lang.as_deref().unwrap_or("en"))
    }

    /// Function of the person whom it is about, where that is neither who sends it nor the reader.
    fn about(&self) -> Option<&str> {
        self.row.whom.as_deref()
    }

    /// What an institution committed itself to, where the notice tells of a commitment; `until` says until when.
    fn promised(&self) -> Option<&str> {
        self.row.promised.as_deref()
    }

    /// The day that matters, such as the last one for an answer; `untilKind` says what it is. Only who is awaited is given a day for an answer.
    fn until(&self) -> Option<Date> {
        self.row.until_on.clone().map(Date)
    }

    /// What the day in `until` is; null where there is none.
    fn until_kind(&self) -> Option<NoticeDay> {
        self.row.day_kind.as_deref().and_then(NoticeDay::parse)
    }

    /// Identifier of the entry of the registers that it tells of, for `registerEntry`; null where it tells of something else.
    fn entry(&self) -> Option<ID> {
        // A discussion is on a record, which has a page, or on an entry.
        let is_of_entry = self.kind().is_of_registers() || (self.kind() == NoticeKind::Mentioned && self.row.path.is_empty());
        is_of_entry.then(|| own_id(OwnKind::RegisterEntry, &self.row.entity_id))
    }

    /// Address to see it: the page of the record or access request. An entry of the registers has none of its own; `entry` names it.
    fn url(&self, context: &Context) -> Option<Uri> {
        (!self.row.path.is_empty()).then(|| Uri(format!("{}{}", context.base_url, self.row.path)))
    }

    /// When.
    fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// When it was read; null while it is not.
    fn read_at(&self) -> Option<DateTime> {
        self.row.read_at.map(DateTime)
    }
}

/// A saved search.
#[derive(Clone)]
pub struct SavedSearch(pub SavedSearchRow);

/// A search that tells when something new answers it.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl SavedSearch {
    /// Opaque identifier.
    fn id(&self) -> ID {
        own_id(OwnKind::SavedSearch, &self.0.id)
    }

    /// Name given by the person.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Words.
    fn search(&self) -> Option<&str> {
        self.0.words.as_deref()
    }

    /// Conditions, as JSON text.
    fn conditions(&self) -> &str {
        &self.0.filter
    }

    /// When it was saved.
    fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// A webhook.
#[derive(Clone)]
pub struct Webhook(pub WebhookRow);

/// An address to which changes are delivered, signed (Standard Webhooks), in order, at least once.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Webhook {
    /// Opaque identifier.
    fn id(&self) -> ID {
        own_id(OwnKind::Webhook, &self.0.id)
    }

    /// Address.
    fn url(&self) -> Uri {
        Uri(self.0.url.clone())
    }

    /// Whether it is served; it is switched off after five days without one success.
    fn is_active(&self) -> bool {
        self.0.is_active == 1
    }

    /// Last change that the owner may know of and that was delivered or is none to be delivered.
    fn seq(&self, context: &Context) -> FieldResult<i32> {
        let known = changes::last_seq_up_to(&context.catalogue, &context.actor, self.0.seq).map_err(from_service)?;
        Ok(i32::try_from(known).unwrap_or(i32::MAX))
    }

    /// Since when deliveries fail; null while they do not.
    fn failing_since(&self) -> Option<DateTime> {
        self.0.failing_since.map(DateTime)
    }

    /// The next try.
    fn next_try_at(&self) -> Option<DateTime> {
        self.0.failing_since.map(|_| DateTime(self.0.due_at))
    }

    /// The last tries, newest first.
    fn deliveries(&self, context: &Context, #[graphql(default = 20)] first: Option<i32>) -> FieldResult<Vec<WebhookDelivery>> {
        let first = usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(20);
        Ok(webhooks::deliveries(&context.catalogue, &self.0.id, first).map_err(from_service)?.into_iter().map(WebhookDelivery).collect())
    }
}

/// A try of a delivery.
pub struct WebhookDelivery(DeliveryRow);

/// One try of a delivery.
#[juniper::graphql_object(context = Context)]
impl WebhookDelivery {
    /// The change delivered.
    fn seq(&self) -> i32 {
        i32::try_from(self.0.seq).unwrap_or(i32::MAX)
    }

    /// Number of the try, from 1.
    fn attempt(&self) -> i32 {
        i32::try_from(self.0.attempt).unwrap_or(i32::MAX)
    }

    /// When.
    fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// HTTP status of the receiver; null where it did not answer.
    fn status(&self) -> Option<i32> {
        self.0.status.and_then(|status| i32::try_from(status).ok())
    }

    /// What went wrong; null for a success.
    fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// How long it took, in milliseconds.
    fn duration_ms(&self) -> i32 {
        i32::try_from(self.0.duration_ms).unwrap_or(i32::MAX)
    }
}

/// An API token.
#[derive(Clone)]
pub struct ApiToken(pub TokenRow);

/// A personal API token. Its secret was shown once, when it was made.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl ApiToken {
    /// Opaque identifier.
    fn id(&self) -> ID {
        own_id(OwnKind::Token, &self.0.id)
    }

    /// Name given by the owner.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What it may be used for, within the rights of its owner.
    fn scopes(&self) -> Vec<TokenScope> {
        self.0.scopes.split_whitespace().filter_map(TokenScope::parse).collect()
    }

    /// When it was made.
    fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends.
    fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// Last use, to the minute; null where it was never used.
    fn last_used_at(&self) -> Option<DateTime> {
        self.0.used_at.map(DateTime)
    }

    /// When it was revoked; null while it is in force.
    fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}
