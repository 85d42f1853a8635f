//! Packages: listed, shown, searched.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::ids::InstitutionId;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::PublicationStatus;
use crate::interop::ckan::package;
use crate::service::catalogue::{day_of, now_ms};
use crate::service::finding::{DatasetFacet, Results, Window};
use crate::service::publishing::{gather_shown, pages_after};
use crate::service::{Error, Record, datasets, institutions};
use crate::web::server::State;

use super::Refusal;
use super::parameters::Parameters;
use super::query::{Query, read};

/// Packages of a page where nothing is said.
const USUAL: usize = 10;
/// Most packages of a page, as in CKAN.
const MOST: usize = 1_000;
/// Most names of a list that is read at a time.
const CHUNK: usize = 10_000;
/// Values of a facet.
const FACET_VALUES: usize = 50;

/// Records as packages, in their order.
pub fn packages(state: &State, records: Vec<Arc<Record>>) -> Result<Vec<Value>, Error> {
    let batch = gather_shown(&state.catalogue, &Actor::Visitor, records)?;
    Ok(batch.write(&state.catalogue, &state.base_url, |outgoing, _| outgoing.iter().map(package).collect()))
}

/// package_list: names in the order of creation.
pub fn list(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let number = |name, default| parameters.number(name, default).map_err(|remedy| Refusal::Wrong(name, remedy));
    let (limit, offset) = (number("limit", usize::MAX)?, number("offset", 0)?);
    let (mut names, mut after) = (Vec::new(), 0);
    let wanted = offset.saturating_add(limit);
    while names.len() < wanted {
        let heads = pages_after(&state.catalogue, after, CHUNK)?;
        let Some(last) = heads.last() else { break };
        after = last.number;
        names.extend(heads.into_iter().map(|head| head.slug));
    }
    Ok(json!(names.into_iter().skip(offset).take(limit).collect::<Vec<_>>()))
}

/// The public record of this name or identifier.
fn find(state: &State, name: &str) -> Result<Option<Arc<Record>>, Error> {
    let name = name.strip_prefix("urn:uuid:").unwrap_or(name);
    let record = match Uuid::try_parse(name) {
        Ok(id) => state.catalogue.records(&Actor::Visitor, &[id])?.remove(&id),
        Err(_) => datasets::by_slug(&state.catalogue, &Actor::Visitor, name)?,
    };
    Ok(record.filter(|record| record.dataset.status == PublicationStatus::Published))
}

/// package_show
pub fn show(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let name = parameters.text("id").or_else(|| parameters.text("name_or_id")).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::Wrong("name_or_id", "Missing value".to_owned()))?;
    let absent = || Refusal::NotFound("a package of this name or identifier".to_owned());
    let record = find(state, &name)?.ok_or_else(absent)?;
    packages(state, vec![record])?.pop().ok_or_else(absent)
}

/// current_package_list_with_resources
pub fn current(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let number = |name, default| parameters.number(name, default).map_err(|remedy| Refusal::Wrong(name, remedy));
    let (limit, offset) = (number("limit", MOST)?.min(MOST), number("offset", 0)?);
    let (_, records) = page(state, &Query::default(), offset, limit)?;
    Ok(json!(packages(state, records)?))
}

/// package_search
pub fn search(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let number = |name, default| parameters.number(name, default).map_err(|remedy| Refusal::Wrong(name, remedy));
    let (rows, start) = (number("rows", USUAL)?.min(MOST), number("start", 0)?);
    let mut conditions = parameters.list("fq_list");
    conditions.extend(parameters.text("fq"));
    let (q, sort) = (parameters.text("q"), parameters.text("sort"));
    let mut query = read(q.as_deref(), &conditions, sort.as_deref()).map_err(|(parameter, remedy)| Refusal::Wrong(parameter, remedy))?;
    look_up_owners(state, &mut query)?;
    if !query.packages.is_empty() {
        return named(state, &query, start, rows);
    }
    let (results, records) = page(state, &query, start, rows)?;
    let (facets, search_facets) = facets(state, results.as_ref(), &parameters.list("facet.field"))?;
    Ok(json!({
        "count": results.as_ref().map_or(0, Results::total),
        "sort": sort.unwrap_or_else(|| "score desc, metadata_modified desc".to_owned()),
        "results": packages(state, records)?,
        "facets": facets,
        "search_facets": search_facets,
    }))
}

/// Organizations that were named by identifier; where none of them is known, nothing is found.
fn look_up_owners(state: &State, query: &mut Query) -> Result<(), Error> {
    if query.owners.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = query.owners.iter().filter_map(|id| Uuid::try_parse(id).ok()).map(InstitutionId).collect();
    let found = institutions::by_ids(&state.catalogue, &ids)?;
    query.is_empty |= found.is_empty();
    query.filter.institutions.extend(found.into_values().map(|record| record.institution.slug.clone()));
    Ok(())
}

/// The packages that were asked for by name.
fn named(state: &State, query: &Query, start: usize, rows: usize) -> Result<Value, Refusal> {
    let found = query.packages.iter().map(|name| find(state, name)).collect::<Result<Vec<_>, _>>()?;
    let is_in = |record: &Arc<Record>| {
        let dataset = &record.dataset;
        let mut own = dataset.producer.iter().chain(dataset.holdings.iter().map(|holding| &holding.institution));
        query.filter.institutions.is_empty() || own.any(|slug| query.filter.institutions.contains(slug))
    };
    let records: Vec<_> = found.into_iter().flatten().filter(|record| !query.is_empty && is_in(record)).collect();
    let count = records.len();
    let records = records.into_iter().skip(start).take(rows).collect();
    Ok(json!({ "count": count, "sort": "name asc", "results": packages(state, records)?, "facets": {}, "search_facets": {} }))
}

type Found = (Option<Results>, Vec<Arc<Record>>);

fn page(state: &State, query: &Query, start: usize, rows: usize) -> Result<Found, Error> {
    if query.is_empty {
        return Ok((None, Vec::new()));
    }
    let results = datasets::find(&state.catalogue, &Actor::Visitor, query.words.as_deref(), &query.filter, query.order, day_of(now_ms()))?;
    if rows == 0 || start as u64 >= results.total() {
        return Ok((Some(results), Vec::new()));
    }
    let window =
        Window { count: start.saturating_add(rows).min(results.total() as usize), from_end: query.is_reversed, ..Window::default() };
    let mut hits = results.page(&window).hits;
    if query.is_reversed {
        hits.reverse();
    }
    let ids: Vec<Uuid> = hits.into_iter().skip(start).take(rows).map(|hit| hit.id).collect();
    let mut found = state.catalogue.records(&Actor::Visitor, &ids)?;
    let records = ids.iter().filter_map(|id| found.remove(id)).collect();
    Ok((Some(results), records))
}

/// Counts by organization; other facets are empty, as the catalogue counts by none of them.
fn facets(state: &State, results: Option<&Results>, wanted: &[String]) -> Result<(Value, Value), Error> {
    let (mut counts, mut facets) = (Map::new(), Map::new());
    for field in wanted {
        let mut items = Vec::new();
        let mut numbers = Map::new();
        if let Some(results) = results.filter(|_| field == "organization") {
            let (values, _) = results.facet(DatasetFacet::Institutions, FACET_VALUES);
            let slugs: Vec<String> = values.iter().map(|value| value.code.clone()).collect();
            let known = state.catalogue.institutions_by_slug(&slugs)?;
            for value in values.iter().filter(|value| known.contains_key(&value.code)) {
                let name = known.get(&value.code).and_then(|record| record.institution.names.words(None, None)).unwrap_or(&value.code);
                items.push(json!({ "name": value.code, "display_name": name, "count": value.count }));
                numbers.insert(value.code.clone(), json!(value.count));
            }
        }
        counts.insert(field.clone(), Value::Object(numbers));
        facets.insert(field.clone(), json!({ "title": field, "items": items }));
    }
    Ok((Value::Object(counts), Value::Object(facets)))
}
