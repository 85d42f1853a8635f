//! Access requests as the contract shows them. Each person sees what concerns them; the rest is null or left out.

use std::sync::Arc;

use juniper::{FieldResult, ID};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::access_request::{Recorded, allowed, state_of};
use crate::domain::vocabulary::{AccessRead, AgreementPurpose, RequestCommand, RequestEventKind, RequestRole, RequestState, Vocabulary};
use crate::service::Error;
use crate::service::access_requests::queue::Line;
use crate::service::access_requests::reading::{Seen, count_readers, open_all, readers};
use crate::service::access_requests::{files, queue};
use crate::service::rows::{FileHead, ReadRow};

use super::access_part::{AccessRequestPart, entitlements_of};
use super::access_use::Entitlement;
use super::connection::{PageArgs, connection, page};
use super::context::Context;
use super::error::from_service;
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::scalars::{Date, DateTime, Uri};
use super::text::Lang;

/// A request as the viewer sees it.
#[derive(Clone)]
pub struct AccessRequest {
    /// What the viewer sees.
    pub seen: Arc<Seen>,
    /// Language of the answer.
    pub lang: Lang,
}

impl AccessRequest {
    /// The request with this identifier; none where there is none for the viewer.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn by_id(context: &Context, id: &str) -> FieldResult<Option<Self>> {
        Ok(Self::by_ids(context, &[id.to_owned()])?.pop())
    }

    /// Requests with these identifiers, in no order, in a fixed number of statements; those that are not there for the viewer are left out.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn by_ids(context: &Context, ids: &[String]) -> FieldResult<Vec<Self>> {
        let found = open_all(&context.catalogue, &context.actor, ids, context.now()).map_err(from_service)?;
        for seen in &found {
            let parts = || seen.parts().into_iter();
            prefetch::expect(context, parts().map(|part| part.institution.to_string()), parts().map(|part| part.dataset));
        }
        let shown = |seen: Seen| Self { seen: Arc::new(seen), lang: context.language.clone() };
        Ok(found.into_iter().map(shown).collect())
    }

    /// Entitlements of all parts that the viewer may know of.
    pub fn entitlements(&self) -> Vec<Entitlement> {
        self.seen.parts().into_iter().flat_map(|part| entitlements_of(&self.seen, part)).collect()
    }

    /// Documents that the viewer may read.
    fn files(&self, context: &Context) -> Vec<AccessDocument> {
        let document = |file: &FileHead| AccessDocument { file: file.clone(), base_url: context.base_url.clone() };
        self.seen.readable_files().into_iter().map(document).collect()
    }
}

/// A request for access to data. Each part asks one holder for one holding, and that holder alone decides it. The catalogue passes the
/// request on and keeps the record; it never grants access, and it never holds the data.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl AccessRequest {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Own(OwnKind::AccessRequest, self.seen.request.id).encode()
    }

    /// Number of events so far. Pass it back as `expectedRevision`, so that nothing that happened meanwhile is overlooked.
    fn revision(&self) -> i32 {
        i32::try_from(self.seen.request.revision).unwrap_or(i32::MAX)
    }

    /// State of the parts that the viewer may know of, together: of the one for which somebody is still awaited, else of the first.
    fn state(&self) -> RequestState {
        state_of(self.seen.parts())
    }

    /// When it was begun.
    fn created_at(&self) -> DateTime {
        DateTime(self.seen.request.created_at)
    }

    /// When something last happened.
    fn updated_at(&self) -> DateTime {
        DateTime(self.seen.request.updated_at)
    }

    /// Function of the applicant; null for who sees states and dates only.
    fn applicant(&self) -> Option<&str> {
        self.seen.function(self.seen.request.applicant)
    }

    /// The institution for which the applicant asks.
    fn on_behalf_of(&self, context: &Context) -> FieldResult<Option<Institution>> {
        let slug = self.seen.frame().on_behalf_of;
        slug.map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Kind of purpose, by which agreements between institutions are found.
    fn purpose(&self) -> Option<AgreementPurpose> {
        self.seen.frame().purpose
    }

    /// Parts that the viewer may know of: all for the applicant, those of their institution for the people of a holder.
    fn parts(&self) -> Vec<AccessRequestPart> {
        let part = |part: &crate::domain::access_request::Part| AccessRequestPart::of(&self.seen, part, &self.lang);
        self.seen.parts().into_iter().map(part).collect()
    }

    /// Persons named to use the data too: all for the applicant, for the others those of their own parts. Names and addresses are shown to the
    /// applicant and to those who handle such a part.
    fn members(&self) -> Vec<AccessRequestMember> {
        if !self.seen.sees_content() {
            return Vec::new();
        }
        let named = |recorded: &Recorded| match &recorded.event {
            crate::domain::access_request::Event::MemberAdded { member, .. } => Some((*member, self.seen.content(recorded).cloned())),
            _ => None,
        };
        let texts: Vec<(u32, Option<Value>)> = self.seen.events.iter().filter_map(named).collect();
        let member = |member: &crate::domain::access_request::Member| {
            let text = texts.iter().find(|(number, _)| *number == member.number).and_then(|(_, text)| text.as_ref());
            let field = |name: &str| text.and_then(|text| text.get(name)).and_then(Value::as_str).map(str::to_owned);
            AccessRequestMember { number: member.number, name: field("name"), email: field("email"), removed_at: member.removed_at }
        };
        self.seen.request.members.iter().filter(|known| self.seen.knows_member(known.number)).map(member).collect()
    }

    /// What happened, oldest first, as far as it concerns the viewer. Read the latest with `last`.
    fn events(
        &self,
        #[graphql(default = 50)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<AccessRequestEventPage> {
        let args = PageArgs::check(first, after, last, before, 50)?;
        let known: Vec<&Recorded> = self.seen.events.iter().filter(|recorded| self.seen.may_know(recorded)).collect();
        let range = args.range(known.len())?;
        let shown = |recorded: &&Recorded| AccessRequestEvent { seen: self.seen.clone(), recorded: (*recorded).clone() };
        let events = known[range.clone()].iter().map(shown).collect();
        Ok(AccessRequestEventPage::of(events, &range, known.len()))
    }

    /// Documents that the viewer may read.
    fn documents(&self, context: &Context) -> Vec<AccessDocument> {
        self.files(context)
    }

    /// Who of the holders has read the content, latest first; for the applicant and for auditors.
    fn readers(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<AccessRequestReaderPage> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let total = count_readers(&context.catalogue, &self.seen).map_err(from_service)?;
        let range = args.range(total)?;
        let rows = if range.is_empty() {
            Vec::new()
        } else {
            readers(&context.catalogue, self.seen.request.id, range.start, range.len()).map_err(from_service)?
        };
        Ok(AccessRequestReaderPage::of(rows.into_iter().map(AccessRequestReader).collect(), &range, total))
    }

    /// What the viewer may do with the request as a whole now. Further actions stand with its parts.
    fn viewer_actions(&self, context: &Context) -> Vec<RequestCommand> {
        allowed(&self.seen.request, &self.seen.by, None, crate::domain::workdays::Day::of(context.now()))
    }

    /// When the applicant had their own texts and documents erased, before the time that the forms had announced; what holders have written
    /// about their decisions stays until then.
    fn own_erased_at(&self) -> Option<DateTime> {
        self.seen.request.own_erased_at.map(DateTime)
    }

    /// When the texts and personal data were erased, as the forms had announced.
    fn erased_at(&self) -> Option<DateTime> {
        self.seen.request.erased_at.map(DateTime)
    }
}

/// A person named to use the data.
#[derive(Clone)]
pub struct AccessRequestMember {
    number: u32,
    name: Option<String>,
    email: Option<String>,
    removed_at: Option<i64>,
}

/// A person named to use the data too. Each member accepts the undertaking in person.
#[juniper::graphql_object(context = Context)]
impl AccessRequestMember {
    /// Number within the request.
    fn number(&self) -> i32 {
        i32::try_from(self.number).unwrap_or(i32::MAX)
    }

    /// Name, for those who handle the request; null once it was erased.
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// E-mail address, likewise.
    fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// When the person was taken out.
    fn removed_at(&self) -> Option<DateTime> {
        self.removed_at.map(DateTime)
    }
}

page!(AccessRequestEventPage, AccessRequestEvent, "What happened to an access request, oldest first.");
page!(AccessRequestReaderPage, AccessRequestReader, "Who of the holders has read the content of an access request, latest first.");

/// Something that happened.
#[derive(Clone)]
pub struct AccessRequestEvent {
    seen: Arc<Seen>,
    recorded: Recorded,
}

/// Something that happened to an access request. The change log chains it; its text is kept apart, and may have been erased.
#[juniper::graphql_object(context = Context)]
impl AccessRequestEvent {
    /// Place within the request, from 1. Events that are not for the viewer count too.
    fn number(&self) -> i32 {
        i32::try_from(self.recorded.number).unwrap_or(i32::MAX)
    }

    /// When it happened.
    fn at(&self) -> DateTime {
        DateTime(self.recorded.at)
    }

    /// Kind of event.
    fn kind(&self) -> FieldResult<RequestEventKind> {
        let kind = self.recorded.event.kind();
        RequestEventKind::parse(kind)
            .ok_or_else(|| from_service(Error::Internal(anyhow::anyhow!("event kind {kind} has no name in the contract"))))
    }

    /// Keys of the questions that a part was returned for; empty for everything else.
    fn questions(&self) -> &[String] {
        match &self.recorded.event {
            crate::domain::access_request::Event::Returned { questions, .. }
                if self.seen.is_applicant() || self.seen.reads_part_of(&self.recorded) =>
            {
                questions
            }
            _ => &[],
        }
    }

    /// Number of the part that it concerns; null for the request as a whole.
    fn part(&self) -> Option<i32> {
        self.recorded.part.and_then(|part| i32::try_from(part).ok())
    }

    /// Function of who did it; null for the clock of the catalogue, and for who sees states and dates only.
    fn by(&self) -> Option<&str> {
        self.seen.actor_of(&self.recorded)
    }

    /// The text that belongs to it, if the viewer may read it.
    fn text(&self) -> Option<&str> {
        self.seen.content(&self.recorded).and_then(|content| content.get("text")).and_then(Value::as_str)
    }

    /// Hash of the text with its salt, by which the log proves it; also where the text was erased.
    fn text_hash(&self) -> Option<&str> {
        self.recorded.content.as_deref()
    }

    /// The standing rule of the holder, where one was applied instead of a person; null for who sees states and dates only.
    fn rule(&self) -> Option<&str> {
        match &self.recorded.event {
            crate::domain::access_request::Event::RuleApplied { rule } if self.seen.reads_part_of(&self.recorded) => Some(rule),
            _ => None,
        }
    }
}

/// A document.
#[derive(Clone)]
pub struct AccessDocument {
    file: FileHead,
    base_url: Arc<str>,
}

impl AccessDocument {
    /// The document with this identifier, where the viewer may read it.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn by_id(context: &Context, id: &str) -> FieldResult<Option<Self>> {
        let Some(request) = files::request_of(&context.catalogue, id).map_err(from_service)? else { return Ok(None) };
        let request = AccessRequest::by_id(context, &request)?;
        Ok(request.and_then(|request| request.files(context).into_iter().find(|known| known.file.id == id)))
    }
}

fn document_id(id: &str) -> ID {
    Uuid::try_parse(id).map_or_else(|_| ID::new(id.to_owned()), |id| NodeId::Own(OwnKind::AccessDocument, id).encode())
}

/// A document attached to an access request. It was looked through for data on persons before it was taken.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl AccessDocument {
    /// Opaque identifier.
    fn id(&self) -> ID {
        document_id(&self.file.id)
    }

    /// Name of the file; empty once it was erased.
    fn name(&self) -> &str {
        &self.file.name
    }

    /// Media type of the file, such as application/pdf.
    fn media_type(&self) -> &str {
        &self.file.media_type
    }

    /// Size in bytes.
    fn byte_size(&self) -> i32 {
        i32::try_from(self.file.size).unwrap_or(i32::MAX)
    }

    /// SHA-256 of the bytes.
    fn sha256(&self) -> &str {
        &self.file.sha256
    }

    /// Address from which those who may read it get it.
    fn url(&self) -> Uri {
        Uri(format!("{}/access-document/{}", self.base_url, self.file.id))
    }

    /// Whether only the people of the holder see it.
    fn is_internal(&self) -> bool {
        self.file.is_internal == 1
    }

    /// When it was attached.
    fn attached_at(&self) -> DateTime {
        DateTime(self.file.at)
    }

    /// When it was erased.
    fn erased_at(&self) -> Option<DateTime> {
        self.file.erased_at.map(DateTime)
    }
}

/// Someone who read the content.
#[derive(Clone)]
pub struct AccessRequestReader(ReadRow);

/// A person of a holder who read the content of a request. Looks within an hour are noted once.
#[juniper::graphql_object(context = Context)]
impl AccessRequestReader {
    /// Function of the person.
    fn function(&self) -> &str {
        &self.0.function
    }

    /// Number of the part for whose holder the person acts.
    fn part(&self) -> Option<i32> {
        self.0.part.and_then(|part| i32::try_from(part).ok())
    }

    /// What was read.
    fn what(&self) -> FieldResult<AccessRead> {
        // A document is noted with its identifier behind.
        let kind = self.0.what.split_once(':').map_or(self.0.what.as_str(), |(kind, _)| kind);
        AccessRead::parse(kind).ok_or_else(|| from_service(Error::Internal(anyhow::anyhow!("`{kind}` is nothing that can be read"))))
    }

    /// The document that was read, as `documents { id }` names it; null for the content of the request.
    fn document(&self) -> Option<ID> {
        self.0.what.split_once(':').map(|(_, document)| document_id(document))
    }

    /// When it was read.
    fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// One line of a list of requests.
#[derive(Clone)]
pub struct AccessRequestLine {
    /// The line.
    pub line: Line,
    /// The day.
    pub today: crate::domain::workdays::Day,
    /// Language of the answer.
    pub lang: Lang,
}

impl AccessRequestLine {
    /// Lines by request and number, in no order; those that are not there for the viewer are left out. States and dates are no content:
    /// nobody is noted as its reader.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn by_numbers(context: &Context, wanted: &[(uuid::Uuid, u32)]) -> FieldResult<Vec<Self>> {
        let found = queue::by_numbers(&context.catalogue, &context.actor, wanted).map_err(from_service)?;
        super::access_lists::expect(context, &found);
        let today = crate::domain::workdays::Day::of(context.now());
        Ok(found.into_iter().map(|line| Self { line, today, lang: context.language.clone() }).collect())
    }
}

connection!(
    AccessRequestLineConnection,
    AccessRequestLineEdge,
    AccessRequestLine,
    "Parts of access requests, in the order asked for.",
    "A part of an access request with its place in the list."
);

/// A part of an access request as lists show it: state and dates. Read the request itself for its content.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl AccessRequestLine {
    /// Opaque identifier of the part.
    fn id(&self) -> ID {
        NodeId::RequestPart(self.line.request.id, self.line.part).encode()
    }

    /// Opaque identifier of the request.
    fn request(&self) -> ID {
        NodeId::Own(OwnKind::AccessRequest, self.line.request.id).encode()
    }

    /// Number of the part.
    fn part(&self) -> i32 {
        i32::try_from(self.line.part).unwrap_or(i32::MAX)
    }

    /// Where it stands.
    fn state(&self) -> RequestState {
        self.line.part().map_or(RequestState::Draft, |part| part.state)
    }

    /// The holder.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        let slug = self.line.part().map(|part| part.institution.to_string());
        slug.map_or(Ok(None), |slug| prefetch::institution(context, &slug, &self.lang))
    }

    /// The dataset; null where the viewer may not see its record.
    fn dataset(&self, context: &Context) -> FieldResult<Option<super::dataset::Dataset>> {
        let Some(part) = self.line.part() else { return Ok(None) };
        prefetch::dataset_by_id(context, part.dataset, &self.lang)
    }

    /// Who is awaited.
    fn awaiting(&self) -> Option<RequestRole> {
        self.line.part().and_then(|part| part.clock.awaiting)
    }

    /// Last day on which the answer is in time.
    fn due_on(&self) -> Option<Date> {
        self.line.part().and_then(|part| part.clock.due).map(|day| Date(day.to_string()))
    }

    /// Whether that day is past.
    fn is_overdue(&self) -> bool {
        self.line.part().and_then(|part| part.clock.due).is_some_and(|due| due < self.today)
    }

    /// Since when it is in its state.
    fn since(&self) -> Option<DateTime> {
        self.line.part().map(|part| DateTime(part.since))
    }

    /// When it was first submitted.
    fn submitted_at(&self) -> Option<DateTime> {
        self.line.part().and_then(|part| part.submitted_at).map(DateTime)
    }
}

/// Label of a state in a language, for messages.
pub fn state_label(state: RequestState, lang: &Lang) -> &'static str {
    state.label(lang.as_deref().unwrap_or("en"))
}
