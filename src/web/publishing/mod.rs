//! What is published for programs: addresses of records in many forms, the catalogue as a whole, feeds.
//!
//! Lists (catalogue, `data.json`, feeds, OAI-PMH, CKAN) show everyone what anyone may see. The page of one record shows the reader
//! what the reader may see. Each answer has a strong mark of its content, so that nobody fetches twice what did not change.

mod asked;
pub mod atom;
pub mod calendar;
pub mod catalogue;
pub mod data_json;
pub mod dataset;
pub mod feed;
pub mod grid;
pub mod identifier;
pub mod institution;
mod page;
pub mod report;
pub mod sitemap;
mod sources;
mod tags;
mod terms;
pub mod workbook;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, LINK, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MultilingualText, Wording};
use crate::domain::vocabulary::TextStatus;
use crate::service::Error;

use super::absence::not_found;
use super::auth::{Credentials, identify};
use super::pages::POLICY;
use super::server::{State, readable};
pub use tags::{mark, matching, with_coding};

/// On what an answer depends that is the same for all.
const FOR_ALL: &str = "Accept";
/// On what the address of a record depends: what the reader wants, and who the reader is.
const FOR_READER: &str = "Accept, Accept-Language, Authorization, Cookie";

/// Routes of everything here.
pub fn routes(app: &mut web::ServiceConfig) {
    app.route("/dataset/{name}", readable().to(dataset::show))
        .route("/institution/{name}", readable().to(institution::show))
        .route("/id/{identifier}", readable().to(identifier::resolve))
        .route("/catalog", readable().to(catalogue::negotiate))
        .route("/catalog.{extension}", readable().to(catalogue::show))
        .route("/data.json", readable().to(data_json::show))
        .route("/template.{form:xlsx|csv}", readable().to(workbook::template))
        .route("/institution/{slug}/records.{form:xlsx|csv}", readable().to(workbook::records))
        .route("/grid.{form:csv|xlsx|svg}", readable().to(grid::show))
        .route("/calendar.ics", readable().to(calendar::show))
        .route("/report/{id}.{form:docx|html|md|pdf}", readable().to(report::show))
        .route("/export.jsonl", readable().to(feed::show))
        .route("/sitemap.xml", readable().to(sitemap::show))
        .route("/robots.txt", readable().to(sitemap::robots))
        .route("/feed.atom", readable().to(atom::show))
        .route("/oai", web::route().to(crate::web::oai::handle))
        .route("/api/3/action/{name}", web::route().to(crate::web::ckan::act))
        .route("/api/action/{name}", web::route().to(crate::web::ckan::act));
}

/// An answer with content.
pub(super) struct Document {
    /// Media type.
    pub media_type: String,
    /// Content.
    pub body: Vec<u8>,
    /// Values of `Link`.
    pub links: Vec<String>,
    /// On what the answer depends.
    pub vary: &'static str,
    /// Whether only the reader who asked may keep it.
    pub is_private: bool,
}

impl Document {
    /// A document that is the same for all.
    pub fn open(media_type: &str, body: Vec<u8>) -> Self {
        Self { media_type: media_type.to_owned(), body, links: Vec::new(), vary: FOR_ALL, is_private: false }
    }
}

/// Answers with a document, or with the word that the reader has it already.
pub(super) fn respond(request: &HttpRequest, status: StatusCode, document: Document) -> HttpResponse {
    let tag = mark(&document.body);
    let cache = if document.is_private { "private, no-cache" } else { "no-cache" };
    let known = matching(request, &tag).filter(|_| status == StatusCode::OK);
    let mut response = HttpResponse::build(if known.is_some() { StatusCode::NOT_MODIFIED } else { status });
    response.insert_header((CACHE_CONTROL, cache)).insert_header((VARY, document.vary));
    if status == StatusCode::OK {
        response.insert_header((ETAG, known.clone().unwrap_or(tag)));
    }
    if !document.links.is_empty() {
        response.insert_header((LINK, document.links.join(", ")));
    }
    if known.is_some() {
        return response.finish();
    }
    if document.media_type.starts_with("text/html") {
        response.insert_header((CONTENT_SECURITY_POLICY, POLICY));
    }
    response.insert_header((CONTENT_TYPE, document.media_type)).body(document.body)
}

/// A sentence as an answer.
pub(super) fn tell(status: StatusCode, vary: &'static str, text: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").insert_header((VARY, vary)).body(text)
}

/// The answer to an address that is wrong: what is wrong with it, line by line.
pub(super) fn refused(problems: &[Problem], vary: &'static str) -> HttpResponse {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{problem}\n")).collect();
    tell(StatusCode::BAD_REQUEST, vary, lines.concat())
}

/// The answer for what is not there, and, to the letter, for what the reader may not know of.
fn absent(request: &HttpRequest) -> HttpResponse {
    let mut response = not_found(request);
    response.headers_mut().insert(VARY, HeaderValue::from_static(FOR_READER));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The answer where the store cannot be reached or a fault was met.
pub(super) fn failed(error: &Error) -> HttpResponse {
    let is_passing = error.may_pass();
    if is_passing {
        tracing::warn!(%error, "what is published cannot be read");
    } else {
        tracing::error!(%error, "what is published cannot be written");
    }
    let status = if is_passing { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    tell(status, FOR_ALL, "The catalogue cannot answer at the moment; try again in some seconds.\n".to_owned())
}

/// A record that cannot be written.
pub(super) fn unwritten(error: std::io::Error) -> Error {
    Error::Internal(error.into())
}

/// Who asks; the answer where a credential is not good.
async fn reader(request: &HttpRequest, state: &web::Data<State>) -> Result<Actor, HttpResponse> {
    identify(state, &Credentials::of(request, state)).await.map_err(|refused| {
        let (status, _, message) = refused.answer();
        tell(status, FOR_READER, format!("{message}\n"))
    })
}

/// The name of the catalogue, in the languages of its pages.
pub(super) fn named(texts: &[(&str, String)]) -> MultilingualText {
    let one = |(tag, text): &(&str, String)| {
        LanguageTag::parse(tag).ok().map(|tag| (tag, Wording { text: text.clone(), status: TextStatus::Official }))
    };
    MultilingualText(texts.iter().filter_map(one).collect())
}

/// The name of the catalogue as it is told with every record.
pub(super) fn name(state: &State) -> MultilingualText {
    named(&["en", "fr", "ar"].map(|tag| (tag, state.name.to_string())))
}

/// Text made harmless in XML, without the characters that XML does not know.
pub(super) fn xml(text: &str) -> String {
    super::pages::escape(&text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n')).collect::<String>())
}

/// The value of a parameter of the query.
pub(super) fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    url::form_urlencoded::parse(request.query_string().as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}
