//! Access requests as the contract shows them. Each person sees what concerns them; the rest is null or left out.

use std::sync::Arc;

use juniper::{FieldResult, ID};
use serde_json::Value;

use crate::domain::access_request::{Event, Member, Part, Recorded, allowed, state_of};
use crate::domain::vocabulary::{AgreementPurpose, RequestCommand, RequestState};
use crate::domain::workdays::Day;
use crate::service::access_requests::reading::{Seen, count_readers, open_all, readers};
use crate::service::rows::FileHead;

use super::access_part::{AccessRequestPart, entitlements_of};
use super::access_use::Entitlement;
use super::connection::PageArgs;
use super::context::Context;
use super::error::from_service;
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::scalars::DateTime;
use super::text::Lang;

mod document;
mod event;
mod line;
mod member;
mod reader;

pub use document::AccessDocument;
pub use event::{AccessRequestEvent, AccessRequestEventPage};
pub use line::{AccessRequestLine, AccessRequestLineConnection, AccessRequestLineEdge};
pub use member::AccessRequestMember;
pub use reader::{AccessRequestReader, AccessRequestReaderPage};

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
        let part = |part: &Part| AccessRequestPart::of(&self.seen, part, &self.lang);
        self.seen.parts().into_iter().map(part).collect()
    }

    /// Persons named to use the data too: all for the applicant, for the others those of their own parts. Names and addresses are shown to the
    /// applicant and to those who handle such a part.
    fn members(&self) -> Vec<AccessRequestMember> {
        if !self.seen.sees_content() {
            return Vec::new();
        }
        let named = |recorded: &Recorded| match &recorded.event {
            Event::MemberAdded { member, .. } => Some((*member, self.seen.content(recorded).cloned())),
            _ => None,
        };
        let texts: Vec<(u32, Option<Value>)> = self.seen.events.iter().filter_map(named).collect();
        let member = |member: &Member| {
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
        allowed(&self.seen.request, &self.seen.by, None, Day::of(context.now()))
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
