//! Cross-origin requests: only from the origins that the operator names, never with credentials.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN, VARY,
};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};

use super::server::State;

/// The origin to name in the answer; none where the origin is not allowed.
fn allowed(origin: &str, setting: &str) -> Option<HeaderValue> {
    let any = setting.split_whitespace().any(|allowed| allowed == "*");
    let named = setting.split_whitespace().any(|allowed| allowed == origin);
    if any { Some(HeaderValue::from_static("*")) } else { named.then(|| HeaderValue::from_str(origin).ok()).flatten() }
}

/// Answers preflights and marks answers for allowed origins.
pub async fn allow<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let origin = request.headers().get(ORIGIN).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let setting = request.app_data::<web::Data<State>>().map(|state| state.settings.cors_origins.clone()).unwrap_or_default();
    let grant = origin.and_then(|origin| allowed(&origin, &setting));
    let preflight = request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if preflight && request.path() == "/graphql" {
        request.into_response(HttpResponse::NoContent().finish()).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    if !setting.trim().is_empty() {
        // Also where the origin is not allowed, or none is named: what a cache keeps of one must not serve another.
        response.headers_mut().append(VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(grant) = grant {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, grant);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-request-id, retry-after"));
        if preflight {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, accept, accept-language"));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        }
    }
    Ok(response)
}
