//! What every request passes: a request id, a line in the log, metrics, security headers.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_ENCODING, ETAG, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;
use tracing::Instrument;

use super::publishing::with_coding;
use super::server::State;

/// Header that carries the request id.
pub const REQUEST_ID: &str = "x-request-id";

/// Wraps every request.
pub async fn observe<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let started = Instant::now();
    let id = request_id(&request);
    let state = request.app_data::<web::Data<State>>().cloned();
    let method = request.method().clone();
    let route = route_of(request.path());
    let span = tracing::info_span!("request", id = %id, method = %method, route);
    let mut response = match state.as_ref().and_then(|state| too_long(&request, state.settings.max_header_bytes)) {
        Some(refused) => request.into_response(refused).map_into_right_body(),
        None => next.call(request).instrument(span.clone()).await?.map_into_left_body(),
    };
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    if let Some(state) = &state {
        state.metrics.observe(route, status, elapsed);
        set_headers(&mut response, state, &id);
    }
    // Paths and query strings are left out: what people search for is nobody's business.
    span.in_scope(|| tracing::info!(status, micros = elapsed.as_micros() as u64, "answered"));
    Ok(response)
}

/// The refusal of headers that are longer than they may be, names and values together.
fn too_long(request: &ServiceRequest, most: usize) -> Option<HttpResponse> {
    let length: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let message = || format!("the headers have {length} bytes, the limit is {most}; send fewer or shorter ones\n");
    (length > most).then(|| HttpResponse::RequestHeaderFieldsTooLarge().content_type("text/plain; charset=utf-8").body(message()))
}

/// The id given by a proxy in front, where it is a plain token; else a new one.
fn request_id(request: &ServiceRequest) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    given.filter(plain).map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned)
}

/// The route's name for metrics and logs; unknown paths share one, so that nobody can make thousands of them.
fn route_of(path: &str) -> &'static str {
    match path {
        "/" => "start",
        "/graphql" | "/graphql/ws" => "graphql",
        "/sign-in" | "/sign-out" | "/signed-out" | "/account" | "/password-reset" | "/register" => "account",
        "/graphiql" => "graphiql",
        "/healthz" => "healthz",
        "/readyz" => "readyz",
        "/metrics" => "metrics",
        _ if path.starts_with("/assets/") => "assets",
        // Their addresses carry secrets, which are in no log.
        _ if ["/sign-in/", "/invitation/", "/password-reset/", "/auth/"].iter().any(|front| path.starts_with(front)) => "account",
        "/entitlements" => "entitlements",
        _ if path.starts_with("/access-request/") || path.starts_with("/access-document/") => "access",
        _ if path.starts_with("/preview/") => "preview",
        _ if path.starts_with("/dataset/") => "dataset",
        _ if path.starts_with("/institution/") => "institution",
        _ if path.starts_with("/id/") => "identifier",
        _ if path == "/catalog" || path.starts_with("/catalog.") => "catalogue",
        "/data.json" => "data_json",
        "/sitemap.xml" | "/robots.txt" => "sitemap",
        "/feed.atom" => "feed",
        "/oai" => "oai",
        _ if path.starts_with("/api/") => "ckan",
        _ => "other",
    }
}

fn set_headers<B>(response: &mut ServiceResponse<B>, state: &State, id: &str) {
    let headers = response.headers_mut();
    // What was compressed are other bytes, and has another mark.
    let value = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let (Some(tag), Some(coding)) = (value(ETAG), value(CONTENT_ENCODING))
        && let Some(tag) = with_coding(tag, coding).and_then(|tag| HeaderValue::from_str(&tag).ok())
    {
        headers.insert(ETAG, tag);
    }
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set(REQUEST_ID, id);
    set("x-content-type-options", "nosniff");
    set("x-frame-options", "DENY");
    if !headers.contains_key("referrer-policy") {
        headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    }
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("cross-origin-opener-policy", "same-origin");
    set("permissions-policy", "geolocation=(), camera=(), microphone=()");
    if state.settings.hsts {
        set("strict-transport-security", "max-age=63072000; includeSubDomains");
    }
    if !headers.contains_key("content-security-policy") {
        let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        headers.insert(HeaderName::from_static("content-security-policy"), HeaderValue::from_static(policy));
    }
}
