//! `/calendar.ics`: the calendar as a file that other calendars subscribe to. It shows everyone what anyone may see.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::policy::Actor;
use crate::service::Error;
use crate::service::calendar::feed::{self, About};
use crate::service::calendar::{MEDIA_TYPE, read};
use crate::service::catalogue::{day_of, now_ms};
use crate::web::account::work;
use crate::web::server::State;

use super::{Document, failed, refused, respond, workbook};

/// On what the answer depends.
const FOR_LANGUAGE: &str = "Accept-Language";

/// GET /calendar.ics?from=2026&to=2028&kinds=COLLECTION,RELEASE&areas=M49-015&language=ar
pub async fn show(request: HttpRequest, state: web::Data<State>, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let language = workbook::language(&request, &query);
    let query = query.into_inner();
    let made = work(&state, move |state| {
        let filter = read(&state.catalogue, &Actor::Visitor, &query)?;
        let about = About { language, name: &state.name, base_url: &state.base_url };
        feed::public(&state.catalogue, &filter, about, day_of(now_ms()))
    });
    match made.await {
        Ok(text) => {
            let mut document = Document::open(MEDIA_TYPE, text.into_bytes());
            document.vary = FOR_LANGUAGE;
            let mut response = respond(&request, StatusCode::OK, document);
            if let Ok(value) = format!("inline; filename=\"calendar-{language}.ics\"").parse() {
                response.headers_mut().insert(CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(Error::Invalid(problems)) => refused(&problems, FOR_LANGUAGE),
        Err(error) => failed(&error),
    }
}
