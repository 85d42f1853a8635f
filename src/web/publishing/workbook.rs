//! Workbooks: the empty one to fill offline, and the records of an institution.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::ids::Slug;
use crate::interop::sheet::MEDIA_TYPE;
use crate::service::{Error, workbook};
use crate::web::account::work;
use crate::web::server::State;

use super::{Document, FOR_READER, failed, reader, respond};

/// GET /template.xlsx?language=fr&institution=hcp
pub async fn template(request: HttpRequest, state: web::Data<State>, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let language = workbook::language(query.get("language").map(String::as_str));
    let institution = match query.get("institution").map(|text| Slug::parse(text)).transpose() {
        Ok(institution) => institution,
        Err(_) => return crate::web::start::not_found().await,
    };
    let made = work(&state, move |state| workbook::template(&state.catalogue, language, institution.as_ref())).await;
    answer(&request, made, &format!("rihla-{language}.xlsx"), false).await
}

/// GET /institution/{slug}/records.xlsx?language=fr
pub async fn records(
    request: HttpRequest,
    state: web::Data<State>,
    slug: web::Path<String>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    let actor = match reader(&request, &state).await {
        Ok(actor) => actor,
        Err(refused) => return refused,
    };
    let language = workbook::language(query.get("language").map(String::as_str));
    let Ok(institution) = Slug::parse(&slug) else { return crate::web::start::not_found().await };
    let name = format!("{institution}.xlsx");
    let made = work(&state, move |state| workbook::of_institution(&state.catalogue, &actor, &institution, &state.base_url, language)).await;
    answer(&request, made, &name, true).await
}

async fn answer(request: &HttpRequest, made: Result<Vec<u8>, Error>, name: &str, is_private: bool) -> HttpResponse {
    match made {
        Ok(body) => {
            let mut document = Document::open(MEDIA_TYPE, body);
            if is_private {
                document.is_private = true;
                document.vary = FOR_READER;
            }
            let mut response = respond(request, StatusCode::OK, document);
            if let Ok(value) = format!("attachment; filename=\"{name}\"").parse() {
                response.headers_mut().insert(CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(Error::NotFound(_)) => crate::web::start::not_found().await,
        Err(error) => failed(&error),
    }
}
