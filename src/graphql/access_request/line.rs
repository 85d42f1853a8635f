//! Lines of lists of access requests: states and dates, and no content.

use juniper::{FieldResult, ID};
use uuid::Uuid;

use crate::domain::vocabulary::{RequestRole, RequestState};
use crate::domain::workdays::Day;
use crate::service::access_requests::queue::{self, Line};

use super::super::access_lists;
use super::super::connection::connection;
use super::super::context::Context;
use super::super::dataset::Dataset;
use super::super::error::from_service;
use super::super::institution::Institution;
use super::super::node::{NodeId, NodeValue, OwnKind};
use super::super::prefetch;
use super::super::scalars::{Date, DateTime};
use super::super::text::Lang;

/// One line of a list of requests.
#[derive(Clone)]
pub struct AccessRequestLine {
    /// The line.
    pub line: Line,
    /// The day.
    pub today: Day,
    /// Language of the answer.
    pub lang: Lang,
}

impl AccessRequestLine {
    /// Lines by request and number, in no order; those that are not there for the viewer are left out. States and dates are no content:
    /// nobody is noted as its reader.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn by_numbers(context: &Context, wanted: &[(Uuid, u32)]) -> FieldResult<Vec<Self>> {
        let found = queue::by_numbers(&context.catalogue, &context.actor, wanted).map_err(from_service)?;
        access_lists::expect(context, &found);
        let today = Day::of(context.now());
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
    fn dataset(&self, context: &Context) -> FieldResult<Option<Dataset>> {
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
