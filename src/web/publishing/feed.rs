//! `/export.jsonl`: what other registries copy.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::service::publishing::feed;
use crate::service::publishing::last_change;
use crate::web::access::refused;
use crate::web::account::work;
use crate::web::server::State;

use super::{FOR_ALL, failed, matching};

/// GET /export.jsonl?after=…
pub async fn show(request: HttpRequest, state: web::Data<State>, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let after = match query.get("after").map(|text| text.parse::<i64>()) {
        None => 0,
        Some(Ok(after)) if after >= 0 => after,
        Some(_) => return refused(StatusCode::BAD_REQUEST, "after", "give the number that the last line of the part before names"),
    };
    let (_, seq) = match work(&state, |state| last_change(&state.catalogue)).await {
        Ok(last) => last,
        Err(error) => return failed(&error),
    };
    // What is written meanwhile may be in the answer already, so the mark is weak.
    let tag = format!("W/\"{}-{after}-{seq}\"", env!("CARGO_PKG_VERSION"));
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-cache")).insert_header((VARY, FOR_ALL)).insert_header((ETAG, tag.clone()));
    if matching(&request, &tag).is_some() {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.insert_header((CONTENT_TYPE, "application/jsonl"));
    match work(&state, move |state| {
        let registry = feed::registry(&state.catalogue, &state.name, &state.base_url)?;
        feed::write(&state.catalogue, registry, after)
    })
    .await
    {
        Ok(bytes) => response.body(bytes),
        Err(error) => failed(&error),
    }
}
