//! `/report/{id}.pdf` and its other formats: reports as they were kept.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::vocabulary::Vocabulary;
use crate::service::Error;
use crate::service::report::files::ReportFormat;
use crate::service::report::kept;
use crate::web::account::work;
use crate::web::server::State;

use super::{Document, FOR_ALL, failed, respond, tell};

/// GET /report/0199….pdf
pub async fn show(request: HttpRequest, state: web::Data<State>, path: web::Path<(String, String)>) -> HttpResponse {
    let (id, extension) = path.into_inner();
    let name = format!("inline; filename=\"report-{id}.{extension}\"");
    let made = work(&state, move |state| {
        let absent = || Error::NotFound("report".to_owned());
        let format = ReportFormat::parse(&extension.to_uppercase()).ok_or_else(absent)?;
        let content = kept::content(&state.catalogue, &id, format)?.ok_or_else(absent)?;
        Ok((format, content))
    });
    match made.await {
        Ok((format, content)) => {
            let mut response = respond(&request, StatusCode::OK, Document::open(format.media_type(), content));
            if let Ok(value) = name.parse() {
                response.headers_mut().insert(CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(Error::NotFound(_)) => {
            tell(StatusCode::NOT_FOUND, FOR_ALL, "There is no such report; `reports` in GraphQL lists those that were kept.\n".to_owned())
        }
        Err(error) => failed(&error),
    }
}
