//! Packages: listed and shown.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::policy::Actor;
use crate::domain::vocabulary::PublicationStatus;
use crate::interop::ckan::package;
use crate::service::publishing::{gather_shown, pages_after};
use crate::service::{Error, Record, datasets};
use crate::web::server::State;

use super::Refusal;
use super::parameters::Parameters;
use super::search;

/// Most packages of a page, as in CKAN.
pub(super) const MOST: usize = 1_000;
/// Most names of a list that is read at a time.
const CHUNK: usize = 10_000;

/// Records as packages, in their order.
pub fn packages(state: &State, records: Vec<Arc<Record>>) -> Result<Vec<Value>, Error> {
    let batch = gather_shown(&state.catalogue, &Actor::Visitor, records)?;
    Ok(batch.write(&state.catalogue, &state.base_url, |outgoing, _| outgoing.iter().map(package).collect()))
}

/// package_list: names in their order.
pub fn list(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let number = |name, default| parameters.number(name, default).map_err(|remedy| Refusal::Wrong(name, remedy));
    let (limit, offset) = (number("limit", usize::MAX)?, number("offset", 0)?);
    let (mut names, mut after) = (Vec::new(), 0);
    loop {
        let heads = pages_after(&state.catalogue, after, CHUNK)?;
        let Some(last) = heads.last() else { break };
        after = last.number;
        names.extend(heads.into_iter().map(|head| head.slug));
    }
    names.sort_unstable();
    Ok(json!(names.into_iter().skip(offset).take(limit).collect::<Vec<_>>()))
}

/// The public record of this name or identifier.
pub(super) fn find(state: &State, name: &str) -> Result<Option<Arc<Record>>, Error> {
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

/// resource_show: a file of a package. Its identifier is that of the package with its place behind.
pub fn resource(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = parameters.text("id").filter(|id| !id.is_empty()).ok_or_else(|| Refusal::Wrong("id", "Missing value".to_owned()))?;
    let absent = || Refusal::NotFound("a resource of this identifier".to_owned());
    let package = id.rsplit_once('-').map(|(package, _)| package).ok_or_else(absent)?;
    let record = find(state, package)?.ok_or_else(absent)?;
    let package = packages(state, vec![record])?.pop().ok_or_else(absent)?;
    let resources = package.get("resources").and_then(Value::as_array);
    let found = resources.into_iter().flatten().find(|resource| resource.get("id").and_then(Value::as_str) == Some(&id));
    found.cloned().ok_or_else(absent)
}

/// current_package_list_with_resources
pub fn current(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let number = |name, default| parameters.number(name, default).map_err(|remedy| Refusal::Wrong(name, remedy));
    let (limit, offset) = (number("limit", MOST)?.min(MOST), number("offset", 0)?);
    let records = search::page(state, offset, limit)?;
    Ok(json!(packages(state, records)?))
}
