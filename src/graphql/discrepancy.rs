//! Published figures that do not agree, over the whole catalogue.

use std::sync::Arc;

use juniper::{Executor, FieldResult};

use crate::domain::filter::DatasetFilter as Filter;
use crate::domain::vocabulary::PublicationStatus;
use crate::service::{Record, discrepancies as service};

use super::citation::Discrepancy;
use super::connection::{PageArgs, PageInfo, page};
use super::context::Context;
use super::error::{bad_input, from_service};
use super::prefetch::{self, Wanted};
use super::text::Lang;

page!(DiscrepancyPage, Discrepancy, "Published figures that do not agree, in the order in which their records were made.");

/// A page of the discrepancies of records that answer a filter.
///
/// # Errors
/// The question or the cursor is wrong; index or database are unavailable.
pub fn list(executor: &Executor<'_, '_, Context>, mut filter: Filter, args: &PageArgs, lang: &Lang) -> FieldResult<DiscrepancyPage> {
    let context = executor.context();
    if args.from_end || args.before.is_some() {
        return Err(bad_input("the list is read forwards; use `first` and `after`"));
    }
    if filter.statuses.is_empty() {
        filter.statuses = vec![PublicationStatus::Published];
    }
    let page = service::page(&context.catalogue, &context.actor, &filter, args.after.as_deref(), args.count, context.today())
        .map_err(from_service)?;
    let records: Vec<Arc<Record>> = page.stated.iter().map(|stated| stated.record.clone()).collect();
    prefetch::datasets(context, &Wanted::below(&executor.look_ahead(), &["nodes.dataset"]), &records)?;
    let page_info = PageInfo {
        has_next_page: page.has_next,
        has_previous_page: args.after.is_some(),
        start_cursor: page.stated.first().map(|stated| stated.cursor.clone()),
        end_cursor: page.stated.last().map(|stated| stated.cursor.clone()),
    };
    let nodes = page.stated.into_iter().filter_map(|stated| {
        let model = stated.record.dataset.discrepancies.get(stated.place)?.clone();
        Some(Discrepancy { model, record: stated.record, lang: lang.clone() })
    });
    let total = i32::try_from(page.total).unwrap_or(i32::MAX);
    Ok(DiscrepancyPage { nodes: nodes.collect(), page_info, total, is_truncated: false })
}
