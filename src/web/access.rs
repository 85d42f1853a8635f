//! Access requests beyond GraphQL: documents in and out, entitlements for the holder's own system, the link of mails.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use serde_json::json;
use uuid::Uuid;

use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RefusalCode, Vocabulary};
use crate::graphql::{NodeId, OwnKind};
use crate::interop::documents::{MAX_BYTES, inspect};
use crate::service::access_requests::files::{self, Place, Read};
use crate::service::access_requests::reading;
use crate::service::catalogue::now_ms;
use crate::service::drafts::Acting;
use crate::service::{Error, entitlements};

use super::account::{go, work};
use super::auth::{AuthRefusal, Credentials, identify, is_cross_site};
use super::server::State;

/// A body may be that much longer than a document, so that whoever is just above the limit is told by how much.
const MARGIN: usize = 64 * 1024;
/// What is said of a document that is too large.
const TOO_LARGE: &str = "a document may have 5 MiB at most; leave out pictures, or save it in a smaller size";
/// A document of 5 MiB arrives within this time on a line of 350 kbit/s.
const BODY_TIMEOUT: Duration = Duration::from_secs(120);
/// Documents that are looked through at the same time: each may need some hundred megabytes.
const MAX_SCANS: usize = 2;
/// For how long a document waits until another was looked through.
const SCAN_WAIT: Duration = Duration::from_secs(20);
/// Most entitlements of a page.
const MAX_PAGE: usize = 1000;

/// Documents that are being looked through.
#[derive(Default)]
pub struct Scans(AtomicUsize);

/// A place among them, which is given back when dropped.
struct Slot(web::Data<State>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.scans.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Waits for a place; none where there is none in time.
async fn slot(state: &web::Data<State>) -> Option<Slot> {
    let pause = Duration::from_millis(50);
    for _ in 0..SCAN_WAIT.as_millis() / pause.as_millis() {
        let more = |busy| (busy < MAX_SCANS).then_some(busy + 1);
        if state.scans.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).is_ok() {
            return Some(Slot(state.clone()));
        }
        actix_web::rt::time::sleep(pause).await;
    }
    None
}

/// Errors as JSON: where, what, and, where there is one, the code. Nothing that was sent is repeated.
pub(super) fn errors(status: StatusCode, list: &[(&str, &str, &str)]) -> HttpResponse {
    let list: Vec<_> = list.iter().map(|(field, code, message)| json!({ "field": field, "code": code, "message": message })).collect();
    HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(json!({ "errors": list }))
}

pub(super) fn refused(status: StatusCode, field: &str, message: &str) -> HttpResponse {
    errors(status, &[(field, "INVALID", message)])
}

fn wrong(problems: &[Problem]) -> HttpResponse {
    let is_too_large = problems.iter().any(|problem| problem.field == "size" && !problem.value.starts_with("0 "));
    let status = if is_too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
    let list: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), "INVALID", problem.remedy.as_str())).collect();
    errors(status, &list)
}

/// The answer where a use case was not carried out.
pub(super) fn failed(error: &Error) -> HttpResponse {
    let text = error.to_string();
    match error {
        Error::Invalid(problems) => wrong(problems),
        Error::NotFound(_) => not_found(),
        Error::Forbidden { code: RefusalCode::SignInRequired, .. } => {
            let mut response = errors(StatusCode::UNAUTHORIZED, &[("", "SIGN_IN_REQUIRED", text.as_str())]);
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            response
        }
        Error::Forbidden { code, .. } => errors(StatusCode::FORBIDDEN, &[("", code.code(), text.as_str())]),
        Error::NoRole { .. } => errors(StatusCode::FORBIDDEN, &[("", RefusalCode::RoleRequired.code(), text.as_str())]),
        Error::Conflict(_) | Error::Stale(_) => errors(StatusCode::CONFLICT, &[("", "CONFLICT", text.as_str())]),
        Error::Unavailable(_) => {
            tracing::warn!(%error, "what was asked for cannot be reached");
            busy("the catalogue is unavailable at the moment; try again in some seconds")
        }
        Error::Internal(_) => {
            tracing::error!(%error, "what was asked for cannot be worked on");
            errors(StatusCode::INTERNAL_SERVER_ERROR, &[("", "INTERNAL", "the catalogue met an internal fault")])
        }
    }
}

fn busy(message: &str) -> HttpResponse {
    let mut response = errors(StatusCode::SERVICE_UNAVAILABLE, &[("", "UNAVAILABLE", message)]);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// The same for what is not there and for what is there for others only.
fn not_found() -> HttpResponse {
    errors(
        StatusCode::NOT_FOUND,
        &[("", "NOT_FOUND", "there is no such access request or document for you; sign in with the account that it is for")],
    )
}

/// Who asks; a page of another site does not ask with a person's session.
pub(super) async fn actor_of(request: &HttpRequest, state: &web::Data<State>) -> Result<Actor, HttpResponse> {
    let credentials = Credentials::of(request, state);
    let found = if credentials.is_session() && is_cross_site(request, state) {
        Err(AuthRefusal::CrossSite)
    } else {
        identify(state, &credentials).await
    };
    found.map_err(|refusal| {
        let (status, code, message) = refusal.answer();
        let mut response = errors(status, &[("", code, message)]);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    })
}

/// A request by what its address says: the identifier of the contract, or the one in the links of mails.
fn request_id(text: &str) -> Option<Uuid> {
    let plain = || Uuid::try_parse(text.strip_prefix("urn:uuid:").unwrap_or(text)).ok();
    match NodeId::decode(text) {
        Some(NodeId::Own(OwnKind::AccessRequest, id)) => Some(id),
        _ => plain(),
    }
}

/// Where a document is to go, and its name.
fn read_query(query: &HashMap<String, String>) -> Result<(String, Place), Box<HttpResponse>> {
    let part = match query.get("part").filter(|text| !text.is_empty()).map(|text| text.parse::<u32>()) {
        None => None,
        Some(Ok(number)) => Some(number),
        Some(Err(_)) => return Err(Box::new(refused(StatusCode::UNPROCESSABLE_ENTITY, "part", "give the number of the part, such as 1"))),
    };
    let is_internal = match query.get("internal").map_or("false", String::as_str) {
        "true" => true,
        "false" | "" => false,
        _ => return Err(Box::new(refused(StatusCode::UNPROCESSABLE_ENTITY, "internal", "write `true` or `false`"))),
    };
    Ok((query.get("name").cloned().unwrap_or_default(), Place { part, is_internal }))
}

/// The document is the body itself, neither packed nor in a form of several parts. Any other media type is taken: what a document is, its
/// bytes say, and curl calls whatever it sends a form.
pub(super) fn check_headers(request: &HttpRequest) -> Result<(), Box<HttpResponse>> {
    if request.content_type().to_ascii_lowercase().starts_with("multipart/") {
        let message = "send the document itself as the body (`curl --data-binary @file`), not a form; its name goes into `?name=`";
        return Err(Box::new(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content", message)));
    }
    let packed = request.headers().get(CONTENT_ENCODING).is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if packed {
        return Err(Box::new(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content", "send the document without a content encoding")));
    }
    Ok(())
}

/// Reads the body; `size_remedy` is what is said of one that is longer than the limit, in bytes.
pub(super) async fn read_body(
    request: &HttpRequest,
    mut payload: web::Payload,
    limit: usize,
    size_remedy: &str,
) -> Result<Vec<u8>, HttpResponse> {
    let too_large = || refused(StatusCode::PAYLOAD_TOO_LARGE, "size", size_remedy);
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(declared.unwrap_or_default());
    let read = async {
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| refused(StatusCode::BAD_REQUEST, "content", "the document was cut on its way; send it again"))?;
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok::<(), HttpResponse>(())
    };
    match actix_web::rt::time::timeout(BODY_TIMEOUT, read).await {
        Ok(read) => read.map(|()| body),
        Err(_) => Err(refused(
            StatusCode::REQUEST_TIMEOUT,
            "content",
            "the document did not arrive within two minutes; save it in a smaller size",
        )),
    }
}

/// `POST /access-request/{id}/documents?name=…&part=…&internal=true|false`
pub async fn attach(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
    id: web::Path<String>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    match take(&request, payload, &state, &id, &query).await {
        Ok(response) | Err(response) => response,
    }
}

async fn take(
    request: &HttpRequest,
    payload: web::Payload,
    state: &web::Data<State>,
    id: &str,
    query: &HashMap<String, String>,
) -> Result<HttpResponse, HttpResponse> {
    let actor = actor_of(request, state).await?;
    let (name, place) = read_query(query).map_err(|response| *response)?;
    let id = request_id(id).ok_or_else(not_found)?.to_string();
    // First of all whether: who may not attach a document has no use of what follows, and learns nothing by it.
    let (asker, wanted) = (actor.clone(), id.clone());
    work(state, move |state| files::may_attach(&state.catalogue, &asker, &wanted, place)).await.map_err(|error| failed(&error))?;
    check_headers(request).map_err(|response| *response)?;
    let body = read_body(request, payload, MAX_BYTES + MARGIN, TOO_LARGE).await?;
    let slot = slot(state).await.ok_or_else(|| busy("other documents are being looked through; try again in some seconds"))?;
    let kept = work(state, move |state| {
        // Held until the work is done, also where nobody waits for the answer any more.
        let looked = inspect(&name, &body);
        drop(slot);
        let document = looked.map_err(Error::Invalid)?;
        let head = files::attach(&state.catalogue, Acting { actor: &actor, now: now_ms() }, &id, place, (&document, &body))?;
        Ok((head, document.has_text))
    });
    let (head, has_text) = kept.await.map_err(|error| failed(&error))?;
    let opaque =
        Uuid::try_parse(&head.id).map_or_else(|_| head.id.clone(), |id| NodeId::Own(OwnKind::AccessDocument, id).encode().to_string());
    let told = json!({
        "id": opaque,
        "name": head.name,
        "sha256": head.sha256,
        "mediaType": head.media_type,
        "size": head.size,
        "hasText": has_text,
    });
    let address = format!("{}/access-document/{}", state.base_url, head.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, address)).insert_header((CACHE_CONTROL, "no-store")).json(told))
}

/// `GET /access-document/{id}`
pub async fn document(request: HttpRequest, state: web::Data<State>, id: web::Path<String>) -> HttpResponse {
    let actor = match actor_of(&request, &state).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let id = match NodeId::decode(&id) {
        Some(NodeId::Own(OwnKind::AccessDocument, id)) => Some(id),
        _ => Uuid::try_parse(&id).ok(),
    };
    let Some(id) = id else { return not_found() };
    let found = work(&state, move |state| files::read(&state.catalogue, &actor, &id.to_string(), now_ms())).await;
    match found {
        Ok(Some(Read::Document(head, bytes))) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, head.media_type.as_str()))
            .insert_header((CONTENT_DISPOSITION, disposition(&head.name)))
            .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
            .body(bytes),
        Ok(Some(Read::Erased)) => {
            errors(StatusCode::GONE, &[("", "ERASED", "the document was erased, as the form of the request had announced")])
        }
        Ok(None) => not_found(),
        Err(error) => failed(&error),
    }
}

/// The header that makes browsers save a file under its name: plain for old ones, in UTF-8 for all others (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// A whole number of the query; none where it cannot be read.
fn number(query: &HashMap<String, String>, name: &str, default: i64) -> Option<i64> {
    query.get(name).map_or(Some(default), |text| text.parse().ok().filter(|number| *number >= 0))
}

/// `GET /entitlements?since=…&limit=…`
pub async fn entitlements(request: HttpRequest, state: web::Data<State>, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let actor = match actor_of(&request, &state).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let Some(since) = number(&query, "since", 0) else {
        return refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            "since",
            "give the `last` of the page before, or leave it out for the first page",
        );
    };
    let limit = number(&query, "limit", 100).and_then(|limit| usize::try_from(limit).ok()).filter(|limit| (1..=MAX_PAGE).contains(limit));
    let Some(limit) = limit else {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "limit", "give a number from 1 to 1000");
    };
    match work(&state, move |state| entitlements::page(&state.catalogue, &actor, since, limit)).await {
        Ok(page) => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(json!({ "entitlements": page.entitlements, "last": page.last, "hasMore": page.has_more })),
        Err(error) => failed(&error),
    }
}

/// What the link to a request asks.
const REQUEST: &str = include_str!("../../graphql/operations/access-by-link.graphql");

/// `/access-request/{id}`: the request, as a question ready to be sent, until the catalogue has a page for each; visitors sign in first.
pub async fn page(request: HttpRequest, state: web::Data<State>, id: web::Path<String>) -> HttpResponse {
    let actor = match actor_of(&request, &state).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let Some(id) = request_id(&id) else { return super::absence::not_found(&request) };
    if actor.person().is_none() {
        // The same for every identifier: a visitor learns nothing of what there is.
        let back = url::form_urlencoded::Serializer::new(String::new()).append_pair("return_to", &format!("/access-request/{id}")).finish();
        return go(&format!("/sign-in?{back}"), &[]);
    }
    let seen = work(&state, move |state| reading::is_known(&state.catalogue, &actor, &id.to_string())).await;
    match seen {
        Ok(true) if state.settings.graphiql => {
            let variables = json!({ "id": NodeId::Own(OwnKind::AccessRequest, id).encode().to_string() }).to_string();
            let pairs = [("query", REQUEST), ("variables", variables.as_str())];
            let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            go(&format!("/graphiql?{query}"), &[])
        }
        Ok(_) => super::absence::not_found(&request),
        Err(error) => failed(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::{disposition, request_id};

    #[test]
    fn names_travel_in_any_script_and_break_no_header() {
        let cases = [
            ("Protocole.pdf", "attachment; filename=\"Protocole.pdf\"; filename*=UTF-8''Protocole.pdf"),
            ("été 1.pdf", "attachment; filename=\"_t_ 1.pdf\"; filename*=UTF-8''%C3%A9t%C3%A9%201.pdf"),
            ("a\"b\\c\r\nX: y%20.pdf", "attachment; filename=\"a_b_c__X: y_20.pdf\"; filename*=UTF-8''a%22b%5Cc%0D%0AX%3A%20y%2520.pdf"),
        ];
        for (name, header) in cases {
            assert_eq!(disposition(name), header);
            assert!(actix_web::http::header::HeaderValue::from_str(&disposition(name)).is_ok());
        }
        assert!(disposition("بروتوكول.pdf").ends_with("%D9%84.pdf"));
    }

    #[test]
    fn requests_are_named_as_in_mails_or_as_in_the_contract() {
        let id = uuid::Uuid::now_v7();
        let opaque = super::NodeId::Own(super::OwnKind::AccessRequest, id).encode();
        for text in [id.to_string(), format!("urn:uuid:{id}"), opaque.to_string()] {
            assert_eq!(request_id(&text), Some(id), "{text}");
        }
        assert_eq!(request_id("../x"), None);
    }
}
