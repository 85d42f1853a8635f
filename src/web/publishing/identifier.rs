//! `/id/{identifier}`: persistent identifiers lead to the page of what they name.

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use uuid::Uuid;

use crate::domain::ids::{HoldingId, InstitutionId};
use crate::domain::policy::Actor;
use crate::service::{Catalogue, Error, datasets, institutions};
use crate::web::account::work;
use crate::web::server::State;

use super::asked::Asked;
use super::{FOR_READER, absent, failed, reader};

/// GET /id/{identifier}: a UUID, or `urn:uuid:` and a UUID, of a dataset, an institution or a holding.
pub async fn resolve(request: HttpRequest, state: web::Data<State>, identifier: web::Path<String>) -> HttpResponse {
    let actor = match reader(&request, &state).await {
        Ok(actor) => actor,
        Err(refused) => return refused,
    };
    let text = identifier.strip_prefix("urn:uuid:").unwrap_or(&identifier).to_owned();
    // What is no identifier takes the way of one that nothing has.
    let id = Uuid::try_parse(&text).unwrap_or(Uuid::nil());
    match work(&state, move |state| place(&state.catalogue, &actor, id)).await {
        Ok(Some(path)) => HttpResponse::build(StatusCode::SEE_OTHER)
            .insert_header((LOCATION, format!("{}{}", state.base_url, Asked::of(&request).path(&path))))
            .insert_header((VARY, FOR_READER))
            .finish(),
        Ok(None) => absent(&request),
        Err(error) => failed(&error),
    }
}

/// Path of the page of what has this identifier, where the actor may see it.
fn place(catalogue: &Catalogue, actor: &Actor, id: Uuid) -> Result<Option<String>, Error> {
    if let Some(record) = catalogue.records(actor, &[id])?.remove(&id) {
        return Ok(Some(format!("/dataset/{}", record.dataset.slug)));
    }
    let institution = InstitutionId(id);
    if let Some(record) = institutions::by_ids(catalogue, &[institution])?.remove(&institution) {
        return Ok(Some(format!("/institution/{}", record.institution.slug)));
    }
    let holding = HoldingId(id);
    let found = datasets::by_holdings(catalogue, actor, &[holding])?.remove(&holding);
    Ok(found.map(|record| format!("/dataset/{}#{id}", record.dataset.slug)))
}
