//! Which agreements are asked for: the register, those on a record, those of a party.

use std::sync::Arc;

use juniper::{FieldResult, GraphQLInputObject, ID};
use uuid::Uuid;

use crate::domain::agreement::Covered;
use crate::domain::ids::{HoldingId, Slug};
use crate::domain::vocabulary::{AgreementKind, AgreementOrder, AgreementPurpose, AgreementState, RequestedData};
use crate::service::agreements::{self, AgreementFilter as Filter, DataScope, Seen, scope_of};
use crate::service::{Record, datasets};

use super::super::connection::PageArgs;
use super::super::context::Context;
use super::super::error::{bad_input, from_service};
use super::super::node::NodeId;
use super::super::prefetch;
use super::super::scalars::Date;
use super::super::text::Lang;
use super::{Agreement, AgreementConnection};

/// Longest search, in characters.
const MAX_SEARCH: usize = 500;

/// Conditions on agreements. Conditions are joined by "and"; the members of a list by "or", except parties. Only what the
/// viewer sees of an agreement is looked at.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct AgreementFilter {
    /// Institutions that are parties, all of them, by slug.
    pub parties: Option<Vec<String>>,
    /// On a dataset or any of its holdings, by identifier or short name.
    pub dataset: Option<ID>,
    /// On a holding, by identifier.
    pub holding: Option<ID>,
    /// Kinds.
    pub kinds: Option<Vec<AgreementKind>>,
    /// States today.
    pub states: Option<Vec<AgreementState>>,
    /// Those whose last day lies before this day, YYYY-MM-DD; of tacit renewal the last day of the present span counts.
    pub ends_before: Option<Date>,
    /// On aggregates, on microdata.
    pub requested_data: Option<Vec<RequestedData>>,
    /// For these purposes.
    pub purposes: Option<Vec<AgreementPurpose>>,
}

/// Every agreement that the viewer may know of, read once for a question.
fn visible(context: &Context) -> FieldResult<Arc<Vec<Seen>>> {
    if let Some(known) = context.loaded().agreements.clone() {
        return Ok(known);
    }
    let all = Arc::new(agreements::visible(&context.catalogue, &context.actor).map_err(from_service)?);
    context.loaded().agreements = Some(all.clone());
    Ok(all)
}

/// The register.
///
/// # Errors
/// The question is wrong; the database is unavailable.
pub fn list(
    context: &Context,
    search: Option<String>,
    given: AgreementFilter,
    order: AgreementOrder,
    args: &PageArgs,
) -> FieldResult<AgreementConnection> {
    if let Some(length) = search.as_ref().map(|search| search.chars().count()).filter(|length| *length > MAX_SEARCH) {
        return Err(bad_input(format!("`search` has {length} characters; ask with at most {MAX_SEARCH}")));
    }
    let data = match (&given.dataset, &given.holding) {
        (None, None) => None,
        // What the viewer may not see looks absent: nothing is found.
        (dataset, holding) => match scope(context, dataset.as_ref(), holding.as_ref())? {
            Some(data) => Some(data),
            None => return page(context, Vec::new(), &context.language, args),
        },
    };
    let day = given.ends_before.as_ref().map(|date| read_day("endsBefore", date)).transpose()?;
    let filter = Filter {
        parties: given.parties.unwrap_or_default(),
        data,
        kinds: given.kinds.unwrap_or_default(),
        states: given.states.unwrap_or_default(),
        ends_by: day.map(|day| day - 1),
        requested_data: given.requested_data.unwrap_or_default(),
        purposes: given.purposes.unwrap_or_default(),
        words: search,
    };
    let all = visible(context)?.as_ref().clone();
    page(context, agreements::sift(all, &filter, order, context.today()), &context.language, args)
}

/// Agreements on the data of a record.
///
/// # Errors
/// A cursor is not one of this list; the database is unavailable.
pub fn of_dataset(context: &Context, record: &Arc<Record>, lang: &Lang, args: &PageArgs) -> FieldResult<AgreementConnection> {
    let filter = Filter { data: Some(scope_of(record, None)), ..Filter::default() };
    let all = visible(context)?.as_ref().clone();
    page(context, agreements::sift(all, &filter, AgreementOrder::EndsFirst, context.today()), lang, args)
}

/// Agreements of a party.
///
/// # Errors
/// A cursor is not one of this list; the database is unavailable.
pub fn of_institution(context: &Context, slug: &Slug, lang: &Lang, args: &PageArgs) -> FieldResult<AgreementConnection> {
    let filter = Filter { parties: vec![slug.to_string()], ..Filter::default() };
    let all = visible(context)?.as_ref().clone();
    page(context, agreements::sift(all, &filter, AgreementOrder::EndsFirst, context.today()), lang, args)
}

/// Cuts a page, and reads at once the institutions and datasets that its agreements name.
fn page(context: &Context, found: Vec<Seen>, lang: &Lang, args: &PageArgs) -> FieldResult<AgreementConnection> {
    let cut = AgreementConnection::cut(found.into_iter().map(|seen| Agreement { seen, lang: lang.clone() }).collect(), args)?;
    for agreement in cut.edges.iter().map(|edge| edge.node.model()) {
        let (ids, holdings) = named_in(&agreement.covers);
        let all = agreement.covers.iter().filter_map(|covered| if let Covered::HoldingsOf(slug) = covered { Some(slug) } else { None });
        let slugs = agreement.institutions().into_iter().chain(all).map(ToString::to_string);
        prefetch::expect(context, slugs, ids);
        context.loaded().expected_holdings.extend(holdings);
    }
    Ok(cut)
}

/// Datasets and holdings that an agreement names.
pub(super) fn named_in(covers: &[Covered]) -> (Vec<Uuid>, Vec<HoldingId>) {
    let datasets = covers.iter().filter_map(|covered| if let Covered::Dataset(id) = covered { Some(*id) } else { None });
    let holdings = covers.iter().filter_map(|covered| if let Covered::Holding(id) = covered { Some(HoldingId(*id)) } else { None });
    (datasets.collect(), holdings.collect())
}

/// A day that was given in a field, in days from 1970-01-01.
///
/// # Errors
/// It is no whole day.
pub(super) fn read_day(field: &str, date: &Date) -> FieldResult<i64> {
    let day = crate::domain::time::PartialDate::parse(&date.0).ok().filter(|date| date.day.is_some() && date.qualifier.is_none());
    day.map(|day| day.first_day()).ok_or_else(|| {
        let shown: String = date.0.chars().take(40).collect();
        bad_input(format!("{field}: `{shown}` is not a day; use YYYY-MM-DD"))
    })
}

/// A dataset by identifier or short name, a holding by identifier; none where the viewer may not see it.
///
/// # Errors
/// The database is unavailable.
pub(super) fn scope(context: &Context, dataset: Option<&ID>, holding: Option<&ID>) -> FieldResult<Option<DataScope>> {
    if let Some(id) = holding {
        let Some(NodeId::Holding(id)) = NodeId::decode(id) else { return Ok(None) };
        let record = datasets::by_holdings(&context.catalogue, &context.actor, &[id]).map_err(from_service)?.remove(&id);
        let is_asked = |record: &Arc<Record>| dataset.is_none_or(|given| names(given, record));
        return Ok(record.filter(is_asked).map(|record| scope_of(&record, Some(id))));
    }
    let Some(id) = dataset else { return Ok(None) };
    let record = match NodeId::decode(id) {
        Some(NodeId::Dataset(id)) => context.catalogue.records(&context.actor, &[id.0]).map_err(from_service)?.remove(&id.0),
        _ => datasets::by_slug(&context.catalogue, &context.actor, id).map_err(from_service)?,
    };
    Ok(record.map(|record| scope_of(&record, None)))
}

/// Whether an identifier or a short name means this record.
fn names(given: &ID, record: &Arc<Record>) -> bool {
    NodeId::decode(given) == Some(NodeId::Dataset(record.id)) || **given == *record.dataset.slug.as_str()
}
