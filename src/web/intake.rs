//! Files of other systems in, as drafts of an institution; and what its records were read from out.

use std::collections::HashMap;

use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{ImportFormat, Vocabulary};
use crate::graphql::{NodeId, OwnKind};
use crate::interop::detect::format_of;
use crate::service::Error;
use crate::service::catalogue::now_ms;
use crate::service::drafts::Acting;
use crate::service::intake::{self, Content, Given, Kept, Outcome};

use super::access::{actor_of, check_headers, errors, failed, read_body, refused};
use super::account::work;
use super::server::State;

/// Lines of a report that are answered at once; all of them are read by GraphQL.
const MOST_LINES: usize = 500;

/// `POST /institution/{slug}/records?name=…&format=…&language=…&dryRun=true|false`, the file as the body.
pub async fn take(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
    slug: web::Path<String>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    match take_in(&request, payload, &state, &slug, &query).await {
        Ok(response) | Err(response) => response,
    }
}

/// How a file is to be taken in.
struct How {
    name: String,
    format: Option<ImportFormat>,
    language: Option<LanguageTag>,
    is_dry: bool,
}

fn read_query(query: &HashMap<String, String>) -> Result<How, Box<HttpResponse>> {
    let wrong = |field: &str, message: &str| Box::new(refused(StatusCode::UNPROCESSABLE_ENTITY, field, message));
    let given = |name: &str| query.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let format = given("format").map(|code| ImportFormat::parse(&code.to_uppercase().replace('-', "_")));
    if format == Some(None) {
        let codes: Vec<&str> = ImportFormat::ALL.iter().map(|format| format.code()).collect();
        return Err(wrong("format", &format!("give one of {}, or leave it out", codes.join(", "))));
    }
    let language = given("language").map(LanguageTag::parse).transpose().map_err(|remedy| wrong("language", &remedy))?;
    let is_dry = match given("dryRun") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(wrong("dryRun", "write `true` or `false`")),
    };
    Ok(How { name: given("name").unwrap_or("upload").to_owned(), format: format.flatten(), language, is_dry })
}

async fn take_in(
    request: &HttpRequest,
    payload: web::Payload,
    state: &web::Data<State>,
    slug: &str,
    query: &HashMap<String, String>,
) -> Result<HttpResponse, HttpResponse> {
    let actor = actor_of(request, state).await?;
    let institution = Slug::parse(slug).map_err(|_| absent())?;
    // First of all whether: who may not write drafts of the institution has no use of what follows.
    let (asker, wanted) = (actor.clone(), institution.clone());
    let may = work(state, move |state| intake::may_take_in(&state.catalogue, Acting { actor: &asker, now: now_ms() }, &wanted));
    may.await.map_err(|error| answer(&error))?;
    let how = read_query(query).map_err(|response| *response)?;
    check_headers(request).map_err(|response| *response)?;
    let limit = state.settings.max_import_bytes;
    let remedy =
        format!("a file may have {limit} bytes at most; divide it, or let whoever runs the catalogue take it in by `rihla import`");
    let body = read_body(request, payload, limit, &remedy).await?;
    let done = work(state, move |state| {
        let format = match how.format {
            Some(format) => format,
            None => format_of(&how.name, None, &body).map_err(|problem| Error::Invalid(vec![problem]))?,
        };
        let given = Given {
            institution: &institution,
            format,
            name: &how.name,
            content: Content::Held(&body),
            language: how.language.as_ref(),
            is_dry: how.is_dry,
        };
        intake::take_file(&state.catalogue, Acting { actor: &actor, now: now_ms() }, &given, &|_| {})
    });
    let outcome = done.await.map_err(|error| answer(&error))?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(report(&outcome)))
}

/// What came of a file. A report with a line in it is no success, and says so.
fn report(outcome: &Outcome) -> Value {
    let lines = outcome.lines.iter().take(MOST_LINES).map(
        |line| json!({ "record": line.record, "field": line.problem.field, "value": line.problem.value, "remedy": line.problem.remedy }),
    );
    let parts = outcome.parts.iter().take(MOST_LINES);
    let parts = parts.map(|(record, part)| json!({ "record": record, "field": part.field, "value": part.value, "remedy": part.remedy }));
    let run = &outcome.run;
    let id =
        Uuid::try_parse(&run.row.id).map_or_else(|_| run.row.id.clone(), |id| NodeId::Own(OwnKind::IntakeRun, id).encode().to_string());
    json!({
        "id": id,
        "outcome": run.row.outcome,
        "format": run.doc.format,
        "counts": run.doc.counts,
        "problems": lines.collect::<Vec<_>>(),
        "problemCount": outcome.lines.len(),
        "unfit": parts.collect::<Vec<_>>(),
    })
}

/// `GET /institution/{slug}/originals/{hash}`
pub async fn original(request: HttpRequest, state: web::Data<State>, path: web::Path<(String, String)>) -> HttpResponse {
    let actor = match actor_of(&request, &state).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let (slug, hash) = path.into_inner();
    let (Ok(institution), true) = (Slug::parse(&slug), hash.len() == 64) else { return absent() };
    let found = work(&state, move |state| Kept::open(&state.catalogue, Acting { actor: &actor, now: now_ms() }, &institution, &hash)).await;
    let kept = match found {
        Ok(Some(kept)) => kept,
        Ok(None) => return absent(),
        Err(error) => return answer(&error),
    };
    // Whatever it is, no browser is to run it.
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", kept.hash)))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "same-origin"));
    let size = kept.size;
    if request.method() == Method::HEAD {
        // The same headers without the work: a stream would be read to its end, though nobody gets it.
        return response.body(SizedStream::new(size, stream::empty::<Result<web::Bytes, actix_web::Error>>()));
    }
    response.body(SizedStream::new(size, Box::pin(stream::try_unfold(kept, move |kept| next_part(state.clone(), kept)))))
}

/// The next part of what a record was read from. Where there is none though it is not whole, the answer breaks off, shorter than it said.
async fn next_part(state: web::Data<State>, mut kept: Kept) -> Result<Option<(web::Bytes, Kept)>, actix_web::Error> {
    let (part, kept) = work(&state, move |state| kept.next(&state.catalogue).map(|part| (part, kept))).await.map_err(|error| {
        tracing::error!(%error, "what a record was read from breaks off");
        actix_web::error::ErrorServiceUnavailable("try again in some seconds")
    })?;
    Ok(part.map(|part| (web::Bytes::from(part), kept)))
}

fn answer(error: &Error) -> HttpResponse {
    match error {
        Error::NotFound(_) => absent(),
        other => failed(other),
    }
}

/// The same for what is not there and for what is there for others only.
fn absent() -> HttpResponse {
    let message = "there is nothing of the kind for you; sign in with an account that writes drafts of the institution";
    errors(StatusCode::NOT_FOUND, &[("", "NOT_FOUND", message)])
}
