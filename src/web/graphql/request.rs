//! A request as it is sent: address, body, compression, variables, persisted query.

use std::io::Read;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use juniper::{DefaultScalarValue, InputValue, Variables};
use serde_json::Value;

use super::{JSON, Refused, State};

/// A request after the GraphQL-over-HTTP specification.
#[derive(Default)]
pub(in crate::web) struct Request {
    pub(super) query: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(in crate::web) variables: Variables,
    pub(super) persisted_hash: Option<String>,
}

/// Reads what an address asks.
pub(super) fn read_get(request: &HttpRequest) -> Result<Request, Refused> {
    let mut read = Request::default();
    for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
        match name.as_ref() {
            "query" => read.query = Some(value.into_owned()),
            "operationName" => read.operation_name = Some(value.into_owned()).filter(|name| !name.is_empty()),
            "variables" if !value.is_empty() => read.variables = read_variables(&parse_json("variables", &value)?)?,
            "extensions" if !value.is_empty() => read.persisted_hash = read_extensions(&parse_json("extensions", &value)?)?,
            _ => {}
        }
    }
    require_query(read)
}

fn parse_json(name: &str, text: &str) -> Result<Value, Refused> {
    serde_json::from_str(text).map_err(|e| Refused::malformed(StatusCode::BAD_REQUEST, format!("`{name}` is not JSON: {e}")))
}

/// Reads what a body asks.
pub(super) async fn read_post(request: &HttpRequest, payload: web::Payload, state: &State) -> Result<Request, Refused> {
    let is_json = request.content_type().eq_ignore_ascii_case(JSON);
    let utf8 = request.encoding().is_ok_and(|encoding| encoding.name() == "UTF-8");
    if !is_json || !utf8 {
        let found = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("none");
        let message = format!("the content type is `{}`; send {JSON} in UTF-8", found.chars().take(80).collect::<String>());
        return Err(Refused::malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let deadline = Duration::from_millis(state.settings.body_timeout_ms);
    let body = match actix_web::rt::time::timeout(deadline, read_body(request, payload, state.settings.max_body_bytes)).await {
        Ok(body) => body?,
        Err(_) => {
            let message = format!("the body did not arrive within {} ms; send it faster", state.settings.body_timeout_ms);
            return Err(Refused::malformed(StatusCode::REQUEST_TIMEOUT, message));
        }
    };
    let value: Value =
        serde_json::from_slice(&body).map_err(|e| Refused::malformed(StatusCode::BAD_REQUEST, format!("the body is not JSON: {e}")))?;
    let Value::Object(object) = value else {
        let message = if value.is_array() {
            "batches are not taken; send one operation a request"
        } else {
            "the body is not a JSON object with `query`"
        };
        return Err(Refused::malformed(StatusCode::BAD_REQUEST, message));
    };
    read_object(object)
}

/// Reads the object that a request is.
pub(in crate::web) fn read_object(mut object: serde_json::Map<String, Value>) -> Result<Request, Refused> {
    let mut text = |name: &str| match object.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refused::malformed(StatusCode::BAD_REQUEST, format!("`{name}` is not a string"))),
    };
    let (query, operation_name) = (text("query")?, text("operationName")?);
    let variables = read_variables(object.get("variables").unwrap_or(&Value::Null))?;
    let persisted_hash = read_extensions(object.get("extensions").unwrap_or(&Value::Null))?;
    require_query(Request { query, operation_name, variables, persisted_hash })
}

/// Reads a body up to a limit, which holds before and after decompression.
async fn read_body(request: &HttpRequest, mut payload: web::Payload, limit: usize) -> Result<Vec<u8>, Refused> {
    let declared = request.headers().get("content-length").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Refused::malformed(StatusCode::BAD_REQUEST, "the body was cut"))?;
        if body.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    let encoding = request.headers().get(CONTENT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("identity").to_ascii_lowercase();
    match encoding.trim() {
        "identity" | "" => Ok(body),
        "gzip" => inflate(flate2::read::GzDecoder::new(body.as_slice()), limit),
        "deflate" => inflate(flate2::read::ZlibDecoder::new(body.as_slice()), limit),
        _ => Err(Refused::malformed(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the content encoding is not known here; send gzip, deflate or none",
        )),
    }
}

fn too_large(limit: usize) -> Refused {
    Refused::malformed(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than the limit of {limit} bytes; ask in smaller parts"))
}

/// Decompresses no further than the limit, so that a small body cannot become a large one.
fn inflate(reader: impl Read, limit: usize) -> Result<Vec<u8>, Refused> {
    let mut body = Vec::new();
    let read = reader.take(limit as u64 + 1).read_to_end(&mut body);
    read.map_err(|_| Refused::malformed(StatusCode::BAD_REQUEST, "the body cannot be decompressed"))?;
    if body.len() > limit { Err(too_large(limit)) } else { Ok(body) }
}

fn require_query(read: Request) -> Result<Request, Refused> {
    if read.query.is_none() && read.persisted_hash.is_none() {
        return Err(Refused::malformed(StatusCode::BAD_REQUEST, "`query` is missing; send the text of a GraphQL document"));
    }
    Ok(read)
}

fn read_variables(value: &Value) -> Result<Variables, Refused> {
    match value {
        Value::Null => Ok(Variables::default()),
        Value::Object(_) => {
            let input: InputValue<DefaultScalarValue> = serde_json::from_value(value.clone())
                .map_err(|e| Refused::malformed(StatusCode::BAD_REQUEST, format!("`variables` cannot be read: {e}")))?;
            let object = input.to_object_value().unwrap_or_default();
            Ok(object.into_iter().map(|(name, value)| (name.into(), value.clone())).collect())
        }
        _ => Err(Refused::malformed(StatusCode::BAD_REQUEST, "`variables` is not an object")),
    }
}

/// The hash of a persisted query, where one is meant.
fn read_extensions(value: &Value) -> Result<Option<String>, Refused> {
    match value {
        Value::Null => Ok(None),
        Value::Object(extensions) => {
            let persisted = match extensions.get("persistedQuery") {
                None | Some(Value::Null) => return Ok(None),
                Some(Value::Object(persisted)) => persisted,
                Some(_) => {
                    let message = "`persistedQuery` is not an object; send one with `version` and `sha256Hash`";
                    return Err(Refused::malformed(StatusCode::BAD_REQUEST, message));
                }
            };
            match persisted.get("version") {
                None => {}
                Some(version) if version.as_i64() == Some(1) => {}
                Some(version) => {
                    let message = format!("`persistedQuery.version` is {version}; only version 1 of persisted queries is known");
                    return Err(Refused::malformed(StatusCode::BAD_REQUEST, message));
                }
            }
            let hash = persisted.get("sha256Hash").and_then(Value::as_str);
            let missing = "`persistedQuery.sha256Hash` is missing or no text; send the SHA-256 of the query, in hexadecimal";
            hash.map(|hash| Some(hash.to_lowercase())).ok_or_else(|| Refused::malformed(StatusCode::BAD_REQUEST, missing))
        }
        _ => Err(Refused::malformed(StatusCode::BAD_REQUEST, "`extensions` is not an object")),
    }
}
