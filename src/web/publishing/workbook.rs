//! Workbooks: the empty one to fill offline, and the records of an institution.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::ids::Slug;
use crate::interop::sheet::{CSV, DATASET, MEDIA_TYPE};
use crate::service::Error;
use crate::service::workbook::{self, Form};
use crate::web::absence::not_found;
use crate::web::account::work;
use crate::web::server::State;

use super::{Document, FOR_READER, failed, reader, respond};

/// On what an empty workbook depends.
const FOR_LANGUAGE: &str = "Accept-Language";

/// GET /template.xlsx?language=fr&institution=hcp
/// GET /template.csv?language=fr&sheet=holdings
pub async fn template(
    request: HttpRequest,
    state: web::Data<State>,
    form: web::Path<String>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    let language = language(&request, &query);
    let institution = match query.get("institution").map(|text| Slug::parse(text)).transpose() {
        Ok(institution) => institution,
        Err(_) => return not_found(&request),
    };
    let (form, name) = form_of(&form, &query, &format!("rihla-{language}"));
    let wanted = form.clone();
    let made = work(&state, move |state| workbook::template(&state.catalogue, language, institution.as_ref(), &wanted)).await;
    answer(&request, made, &form, &name, false)
}

/// GET /institution/{slug}/records.xlsx?language=fr
/// GET /institution/{slug}/records.csv?language=fr&sheet=holdings
pub async fn records(
    request: HttpRequest,
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    let actor = match reader(&request, &state).await {
        Ok(actor) => actor,
        Err(refused) => return refused,
    };
    let language = language(&request, &query);
    let (slug, form) = path.into_inner();
    let Ok(institution) = Slug::parse(&slug) else { return not_found(&request) };
    let (form, name) = form_of(&form, &query, institution.as_str());
    let wanted = form.clone();
    let made =
        work(&state, move |state| workbook::of_institution(&state.catalogue, &actor, &institution, &state.base_url, language, &wanted))
            .await;
    answer(&request, made, &form, &name, true)
}

/// The language that is asked for, else the reader's.
pub(super) fn language(request: &HttpRequest, query: &HashMap<String, String>) -> &'static str {
    match query.get("language") {
        Some(wanted) => workbook::language(Some(wanted)),
        None => workbook::language(Some(crate::web::account::language(request).tag())),
    }
}

/// What is to be written, and the name of the file.
fn form_of(extension: &str, query: &HashMap<String, String>, name: &str) -> (Form, String) {
    match (extension, query.get("sheet")) {
        ("csv", Some(sheet)) if sheet != DATASET => {
            (Form::Csv(sheet.clone()), format!("{name}-{}.csv", sheet.replace(|c: char| !c.is_ascii_alphanumeric(), "-")))
        }
        ("csv", _) => (Form::Csv(DATASET.to_owned()), format!("{name}.csv")),
        _ => (Form::Workbook, format!("{name}.xlsx")),
    }
}

fn answer(request: &HttpRequest, made: Result<Vec<u8>, Error>, form: &Form, name: &str, is_private: bool) -> HttpResponse {
    match made {
        Ok(body) => {
            let media_type = if matches!(form, Form::Csv(_)) { CSV } else { MEDIA_TYPE };
            let mut document = Document::open(media_type, body);
            document.vary = FOR_LANGUAGE;
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
        Err(Error::NotFound(_)) => not_found(request),
        Err(error) => failed(&error),
    }
}
