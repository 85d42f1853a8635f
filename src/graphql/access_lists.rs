//! Lists of access requests, and the desk as its officers see it.

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::ids::Slug;
use crate::domain::vocabulary::{AccessRequestOrder, AccessRequestScope, RequestState};
use crate::domain::workdays::Day;
use crate::service::Error;
use crate::service::access_requests::{desks, erasure, queue};
use crate::service::rows::QueueOrder;

use super::access_desk::AccessDesk;
use super::access_request::{AccessRequestLine, AccessRequestLineConnection, AccessRequestLineEdge};
use super::connection::{PageArgs, Paging, place_cursor};
use super::context::Context;
use super::error::{bad_input, from_service};
use super::node::{NodeId, OwnKind};
use super::prefetch;

/// Which requests of a list are wanted; all conditions must hold.
#[derive(Default, GraphQLInputObject)]
pub struct AccessRequestFilter {
    /// States of the part; any of them.
    pub states: Option<Vec<RequestState>>,
    /// Short name of the holder.
    pub institution: Option<String>,
    /// Opaque identifier of the dataset.
    pub dataset: Option<ID>,
    /// Only what waits for the holder.
    pub waits_for_holder: Option<bool>,
    /// Only what is past its due day.
    pub is_overdue: Option<bool>,
}

/// A page of a list.
///
/// # Errors
/// Wrong arguments, or a fault of the server.
pub fn page(
    context: &Context,
    scope: AccessRequestScope,
    filter: Option<AccessRequestFilter>,
    order: Option<AccessRequestOrder>,
    (first, after, last, before): Paging,
) -> FieldResult<AccessRequestLineConnection> {
    let args = PageArgs::check(first, after, last, before, 20)?;
    let today = Day::of(context.now());
    let given = filter.unwrap_or_default();
    let dataset = given.dataset.as_ref().map(dataset_key).transpose()?;
    let slug = |text: &String| Slug::parse(text).map_err(|remedy| bad_input(format!("where.institution: {remedy}")));
    given.institution.as_ref().map(slug).transpose()?;
    let filter = queue::Filter {
        states: given.states.unwrap_or_default(),
        institution: given.institution,
        dataset,
        waits_for_holder: given.waits_for_holder.unwrap_or(false),
        is_overdue: given.is_overdue.unwrap_or(false),
    };
    let order = match order.unwrap_or(AccessRequestOrder::Due) {
        AccessRequestOrder::Due => QueueOrder::Due,
        AccessRequestOrder::Submitted => QueueOrder::Submitted,
        AccessRequestOrder::Updated => QueueOrder::Updated,
    };
    // Backwards the length must be known first.
    let read = |range| queue::page(&context.catalogue, &context.actor, scope, &filter, order, range, today).map_err(from_service);
    let length = if args.from_end { read((0, 0))?.total } else { usize::MAX / 2 };
    let wanted = args.range(length)?;
    let page = read((wanted.start, wanted.len()))?;
    expect(context, &page.lines);
    let edge = |(place, line): (usize, queue::Line)| AccessRequestLineEdge {
        cursor: place_cursor(wanted.start + place),
        node: AccessRequestLine { line, today, lang: context.language.clone() },
    };
    let edges: Vec<AccessRequestLineEdge> = page.lines.into_iter().enumerate().map(edge).collect();
    let has_next = wanted.end < page.total;
    Ok(AccessRequestLineConnection::page(edges, has_next, wanted.start > 0, page.total))
}

/// The dataset that is meant.
fn dataset_key(id: &ID) -> FieldResult<String> {
    match NodeId::decode(id) {
        Some(NodeId::Dataset(id)) => Ok(id.to_string()),
        _ => Err(bad_input("where.dataset: this is no identifier of a dataset; take it from `dataset { id }`")),
    }
}

/// Notes which holders and records the lines may be asked for.
pub fn expect(context: &Context, lines: &[queue::Line]) {
    let parts = || lines.iter().filter_map(queue::Line::part);
    prefetch::expect(context, parts().map(|part| part.institution.to_string()), parts().map(|part| part.dataset));
}

/// The desk of an institution, or of one of its holdings; none for who may not set it.
///
/// # Errors
/// A fault of the server.
pub fn desk(context: &Context, institution: &str, holding: Option<&ID>) -> FieldResult<Option<AccessDesk>> {
    let Ok(institution) = Slug::parse(institution) else { return Ok(None) };
    let holding = match holding.map(|id| NodeId::decode(id)) {
        None => None,
        Some(Some(NodeId::Holding(id))) => Some(id.0),
        Some(_) => return Ok(None),
    };
    match desks::desk(&context.catalogue, &context.actor, &institution, holding) {
        Ok(known) => Ok(Some(AccessDesk { known, lang: context.language.clone() })),
        Err(Error::Forbidden { .. } | Error::NotFound(_)) => Ok(None),
        Err(error) => Err(from_service(error)),
    }
}

/// A copy of everything that one of the viewer's own requests holds.
///
/// # Errors
/// A fault of the server.
pub fn export(context: &Context, id: &ID) -> FieldResult<Option<String>> {
    let Some(NodeId::Own(OwnKind::AccessRequest, id)) = NodeId::decode(id) else { return Ok(None) };
    match erasure::export(&context.catalogue, context.acting(), &id.to_string(), &context.base_url) {
        Ok(copy) => Ok(Some(copy.to_string())),
        Err(Error::NotFound(_) | Error::Forbidden { .. }) => Ok(None),
        Err(error) => Err(from_service(error)),
    }
}
