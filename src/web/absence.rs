//! Answers where what was asked for is not there: a page in the reader's language for browsers, a line for programs.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use super::account::language;
use super::negotiation::{accepted, best};
use super::pages::confirm::{MessageKind, message};
use super::pages::{POLICY, Page};
use super::server::State;

/// What is answered with. The line comes first: whoever takes anything is a program.
const OFFERED: [&str; 2] = ["text/plain", "text/html"];

/// An address at which there is nothing.
pub fn not_found(request: &HttpRequest) -> HttpResponse {
    let line = "There is no page at this address; start at /\n".to_owned();
    told(request, StatusCode::NOT_FOUND, line, |page| message(page, MessageKind::NotFound))
}

/// A page where a browser asks, else a line. The page names nothing of the address, so that what is hidden is answered to the letter
/// like what is absent.
pub fn told(request: &HttpRequest, status: StatusCode, line: String, page: impl FnOnce(&Page) -> String) -> HttpResponse {
    let wants_page = best(accepted(request).as_deref(), &OFFERED).is_some_and(|place| OFFERED[place] == "text/html");
    let mut response = HttpResponse::build(status);
    response.insert_header((VARY, "Accept, Accept-Language"));
    match request.app_data::<web::Data<State>>().filter(|_| wants_page) {
        Some(state) => {
            let shown = Page { catalogue_name: &state.name, language: language(request), path: "", keep: &[] };
            response.content_type("text/html; charset=utf-8").insert_header((CONTENT_SECURITY_POLICY, POLICY)).body(page(&shown))
        }
        None => response.content_type("text/plain; charset=utf-8").body(line),
    }
}
