//! Organizations: the institutions of the catalogue.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::InstitutionId;
use crate::domain::policy::Actor;
use crate::interop::ckan::organization;
use crate::service::catalogue::{day_of, now_ms};
use crate::service::finding::{Results, Window};
use crate::service::{Error, InstitutionRecord, datasets, institutions};
use crate::web::server::State;

use super::Refusal;
use super::packages::packages;
use super::parameters::Parameters;

/// Most packages that are shown with an organization.
const MOST_PACKAGES: usize = 1_000;

/// organization_list: names, or whole organizations with `all_fields`.
pub fn list(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let number = |name, default| parameters.number(name, default).map_err(|remedy| Refusal::Wrong(name, remedy));
    let (limit, offset) = (number("limit", usize::MAX)?, number("offset", 0)?);
    let wanted = parameters.list("organizations");
    let found = institutions::list(&state.catalogue, &institutions::InstitutionFilter::default(), "", i64::MAX)?.institutions;
    let found = found.into_iter().filter(|record| wanted.is_empty() || wanted.iter().any(|name| name == record.institution.slug.as_str()));
    let page = found.skip(offset).take(limit);
    if !parameters.is_true("all_fields") {
        return Ok(json!(page.map(|record| record.institution.slug).collect::<Vec<_>>()));
    }
    let whole = page.map(|record| counted(state, &record).map(|(organization, _)| organization)).collect::<Result<Vec<_>, _>>()?;
    Ok(json!(whole))
}

/// organization_show, with its packages where `include_datasets` is said.
pub fn show(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let name = parameters.text("id").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::Wrong("id", "Missing value".to_owned()))?;
    let record = find(state, &name)?.ok_or_else(|| Refusal::NotFound("an organization of this name or identifier".to_owned()))?;
    let (mut organization, results) = counted(state, &record)?;
    if parameters.is_true("include_datasets") {
        let hits = results.page(&Window { count: MOST_PACKAGES, ..Window::default() }).hits;
        let ids: Vec<Uuid> = hits.iter().map(|hit| hit.id).collect();
        let mut found = state.catalogue.records(&Actor::Visitor, &ids)?;
        organization["packages"] = json!(packages(state, ids.iter().filter_map(|id| found.remove(id)).collect())?);
    }
    Ok(organization)
}

fn find(state: &State, name: &str) -> Result<Option<Arc<InstitutionRecord>>, Error> {
    match Uuid::try_parse(name).map(InstitutionId) {
        Ok(id) => Ok(institutions::by_ids(&state.catalogue, &[id])?.remove(&id)),
        Err(_) => institutions::by_slug(&state.catalogue, name),
    }
}

/// An organization with the number of its packages: those that it produces or holds.
fn counted(state: &State, record: &InstitutionRecord) -> Result<(Value, Results), Error> {
    let filter = DatasetFilter { institutions: vec![record.institution.slug.clone()], ..DatasetFilter::default() };
    let results = datasets::find(&state.catalogue, &Actor::Visitor, None, &filter, None, day_of(now_ms()))?;
    let mut organization = organization(&record.institution);
    organization["package_count"] = json!(results.total());
    Ok((organization, results))
}
