//! GraphQL over HTTP: POST and GET, content negotiation, persisted queries, limits, one answer shape.

mod request;

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{ALLOW, CACHE_CONTROL, HeaderValue, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use juniper::{DefaultScalarValue, GraphQLError, Variables};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::policy::Actor;
use crate::graphql::Context;
use crate::graphql::error::UNAVAILABLE;
use crate::service::catalogue::now_ms;

use super::auth::{AuthRefusal, Credentials, identify, is_cross_site, look_up_only};
use super::documents::{Prepared, Rejection};
use super::negotiation::{accepted, accepted_languages, quality, wanted};
use super::server::State;

use request::{read_get, read_post};

pub(super) use request::{Request, read_object};

const RESPONSE_JSON: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// What is told of a fault that is ours.
const INTERNAL_FAULT: &str = "the catalogue met an internal fault";

/// A refusal before execution.
pub(super) struct Refused {
    status: StatusCode,
    /// Whether the request itself was malformed; if not, the fault is in the document.
    malformed: bool,
    pub(super) errors: Value,
}

impl Refused {
    fn malformed(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, malformed: true, errors: json!([{ "message": message.into(), "extensions": { "code": "BAD_REQUEST" } }]) }
    }

    fn fault() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            malformed: true,
            errors: json!([{ "message": INTERNAL_FAULT, "extensions": { "code": "INTERNAL" } }]),
        }
    }

    fn document(code: &str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            malformed: false,
            errors: json!([{ "message": message.into(), "extensions": { "code": code } }]),
        }
    }
}

/// Answers `/graphql`.
pub async fn handle(request: HttpRequest, payload: web::Payload, state: web::Data<State>) -> HttpResponse {
    let accept = accepted(&request).filter(|accept| !accept.trim().is_empty()).unwrap_or_else(|| "*/*".to_owned());
    let Some(media) = media_type(&accept) else {
        let body = json!({ "errors": [{ "message": format!("this address answers {RESPONSE_JSON} or {JSON}; accept one of them") }] });
        return HttpResponse::NotAcceptable().content_type(JSON).json(body);
    };
    let read = match *request.method() {
        Method::GET | Method::HEAD => read_get(&request),
        Method::POST => read_post(&request, payload, &state).await,
        _ => Err(Refused::malformed(StatusCode::METHOD_NOT_ALLOWED, "use POST, or GET for queries")),
    };
    match read {
        Ok(read) => answer(&request, read, media, &state).await,
        Err(refused) => refusal(refused, media),
    }
}

/// The media type of the answer; none where the client accepts neither.
fn media_type(accept: &str) -> Option<&'static str> {
    let (modern, plain) = (quality(accept, RESPONSE_JSON), quality(accept, JSON));
    // Until 2025 a client that names no type expects application/json.
    let names_modern = accept.to_ascii_lowercase().contains(RESPONSE_JSON);
    match (modern > 0.0, plain > 0.0) {
        (false, false) => None,
        (true, _) if names_modern && modern >= plain => Some(RESPONSE_JSON),
        (_, true) => Some(JSON),
        (true, false) => Some(RESPONSE_JSON),
    }
}

fn refusal(refused: Refused, media: &'static str) -> HttpResponse {
    // With application/json only a malformed request has a status of its own; a wrong document is answered 200.
    let status = if refused.malformed || media == RESPONSE_JSON { refused.status } else { StatusCode::OK };
    let mut response = HttpResponse::build(status);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.insert_header((ALLOW, "GET, POST"));
    }
    response.insert_header((VARY, "Accept, Accept-Language"));
    response.content_type(format!("{media}; charset=utf-8")).body(json!({ "errors": refused.errors }).to_string())
}

/// How many times as long as a question a mutation may take: what it writes is written whether or not anybody still waits for the answer.
const MUTATION_PATIENCE: u64 = 12;

async fn answer(request: &HttpRequest, read: Request, media: &'static str, state: &web::Data<State>) -> HttpResponse {
    let credentials = Credentials::of(request, state);
    if credentials.is_session() && is_cross_site(request, state) {
        return unknown(AuthRefusal::CrossSite, media);
    }
    let is_post = request.method() == Method::POST;
    let language = accepted_languages(request).as_deref().and_then(wanted);
    let asked = Arc::new(Asked { read, is_post, language: language.map(Into::into) });
    if let Some(done) = answer_at_once(&asked, &credentials, state).await {
        return respond_to(done, media, state);
    }
    let ready = match identify(state, &credentials).await {
        Ok(actor) => ready(&asked, actor, state, None),
        Err(refused) => return unknown(refused, media),
    };
    match ready {
        Ok(ready) if ready.prepared.borrow_dependent().is_trivial() => respond(ready.execute(&asked), media, state),
        Ok(ready) => {
            let patience = Patience::of(&ready.prepared, state);
            respond_to(patience.wait(move || Ok(ready.execute(&asked))).await, media, state)
        }
        Err(refused) => refusal(refused, media),
    }
}

/// Answers whoever the database alone makes known, on one thread: a question goes there once. None where who asks has to be found out first: of
/// visitors there is nothing to find out, a provider's token may need its provider, a last use that is due is written, and a document that is
/// refused is refused to whom is known.
async fn answer_at_once(asked: &Arc<Asked>, credentials: &Credentials, state: &web::Data<State>) -> Option<Result<Done, Stopped>> {
    if !credentials.are_kept_here() {
        return None;
    }
    let highest = state.settings.max_cost_signed_in.max(state.documents.limits().cost);
    let early = prepare(&asked.read, state, highest).ok()?;
    let patience = Patience::of(&early.0, state);
    let (asked, credentials, for_work) = (asked.clone(), credentials.clone(), state.clone());
    let done = patience.wait(move || {
        let actor = look_up_only(&for_work, &credentials).map_err(Stopped::Unknown)?.ok_or(Stopped::Due)?;
        Ok(ready(&asked, actor, &for_work, Some(early)).map_err(Stopped::Refused)?.execute(&asked))
    });
    match done.await {
        Err(Stopped::Due) => None,
        done => Some(done),
    }
}

/// How long an answer is waited for.
#[derive(Clone, Copy)]
struct Patience {
    limit_ms: u64,
    is_mutation: bool,
}

impl Patience {
    fn of(prepared: &Prepared, state: &State) -> Self {
        let is_mutation = prepared.borrow_dependent().is_mutation();
        Self { limit_ms: state.settings.execution_timeout_ms.saturating_mul(if is_mutation { MUTATION_PATIENCE } else { 1 }), is_mutation }
    }

    async fn wait(self, work: impl FnOnce() -> Result<Done, Stopped> + Send + 'static) -> Result<Done, Stopped> {
        match actix_web::rt::time::timeout(Duration::from_millis(self.limit_ms), web::block(work)).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Stopped::Fault),
            Err(_) => Err(Stopped::Late(self)),
        }
    }
}

fn respond_to(done: Result<Done, Stopped>, media: &'static str, state: &State) -> HttpResponse {
    match done {
        Ok(done) => respond(done, media, state),
        Err(Stopped::Unknown(refused)) => unknown(refused, media),
        Err(Stopped::Refused(refused)) => refusal(refused, media),
        Err(Stopped::Due) => unknown(AuthRefusal::Unavailable, media),
        Err(Stopped::Fault) => failure(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", INTERNAL_FAULT, media),
        Err(Stopped::Late(Patience { limit_ms, is_mutation })) => {
            let message = if is_mutation {
                format!("this was not done within {limit_ms} ms, and may still be done: look whether it was before you send it again")
            } else {
                format!("the question was not answered within {limit_ms} ms; ask for less at once")
            };
            failure(StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT", &message, media)
        }
    }
}

/// A question with what the request says of it.
struct Asked {
    read: Request,
    is_post: bool,
    language: Option<Arc<str>>,
}

/// Why a question was not answered.
enum Stopped {
    Unknown(AuthRefusal),
    Refused(Refused),
    /// Who asks is known, and their last use has to be written first.
    Due,
    Fault,
    Late(Patience),
}

/// A question that its actor may ask.
struct Ready {
    prepared: Arc<Prepared>,
    context: Context,
    cost: u64,
    limit: u64,
}

impl Ready {
    fn execute(&self, asked: &Asked) -> Done {
        execute(&self.prepared, &asked.read.variables, &self.context, self.cost, self.limit)
    }
}

/// Checks whether the actor may ask this, in this way. `early`: the document with its cost, where it was read already.
fn ready(asked: &Asked, actor: Actor, state: &State, early: Option<(Arc<Prepared>, u64)>) -> Result<Ready, Refused> {
    let limit = cost_limit(state, &actor);
    let (prepared, cost) = match early.filter(|(_, cost)| *cost <= limit) {
        Some(early) => early,
        None => prepare(&asked.read, state, limit)?,
    };
    if prepared.borrow_dependent().is_subscription() {
        let message = "subscriptions are told over a WebSocket (graphql-transport-ws) at this address";
        return Err(Refused::document("SUBSCRIPTION_NEEDS_WEBSOCKET", message));
    }
    if prepared.borrow_dependent().is_mutation() && !asked.is_post {
        return Err(Refused::malformed(StatusCode::METHOD_NOT_ALLOWED, "mutations need POST"));
    }
    Ok(Ready { prepared, context: context_of(state, actor, asked.language.clone()), cost, limit })
}

/// A refusal of who asks.
fn unknown(refused: AuthRefusal, media: &'static str) -> HttpResponse {
    let (status, code, message) = refused.answer();
    let mut response = failure(status, code, message, media);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Highest cost of the actor's questions.
pub(super) fn cost_limit(state: &State, actor: &Actor) -> u64 {
    if actor.person().is_some() { state.settings.max_cost_signed_in } else { state.documents.limits().cost }
}

/// A context for the actor's question.
pub(super) fn context_of(state: &State, actor: Actor, language: Option<Arc<str>>) -> Context {
    let mut context = Context::new(state.catalogue.clone(), actor, language, state.base_url.clone(), state.name.clone(), now_ms());
    context.allow_private = state.settings.webhook_allow_private;
    context.shows_statements = state.settings.show_statements;
    context.harvest_hosts = state.settings.harvest_hosts().into();
    context
}

pub(super) fn prepare(read: &Request, state: &State, most: u64) -> Result<(Arc<Prepared>, u64), Refused> {
    let documents = &state.documents;
    let kept;
    let query = match (&read.query, &read.persisted_hash) {
        (Some(query), Some(hash)) => {
            if crate::domain::ids::hex(&Sha256::digest(query.as_bytes())) != *hash {
                return Err(Refused::document(
                    "PERSISTED_QUERY_MISMATCH",
                    "the hash is not the SHA-256 of the query; send both as they belong together",
                ));
            }
            query.as_str()
        }
        (None, Some(hash)) => match documents.persisted(hash) {
            Some(query) => {
                kept = query;
                &*kept
            }
            None => {
                let mut refused = Refused::document("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
                refused.status = StatusCode::OK;
                return Err(refused);
            }
        },
        (Some(query), None) => query.as_str(),
        (None, None) => {
            return Err(Refused::malformed(StatusCode::BAD_REQUEST, "`query` is missing"));
        }
    };
    let prepared =
        documents.prepare(query, read.operation_name.as_deref(), &read.variables, most).map_err(|rejection| match rejection {
            Rejection::Limit(refusal) => Refused::document(refusal.code, refusal.message),
            Rejection::Document(error) => from_document(&error),
            Rejection::Fault => Refused::fault(),
        })?;
    if let (Some(query), Some(hash)) = (&read.query, &read.persisted_hash) {
        documents.persist(hash.clone(), query);
    }
    Ok(prepared)
}

pub(super) fn from_document(error: &GraphQLError) -> Refused {
    // A document error is plain data; writing it cannot fail.
    let errors = serde_json::to_value(error).unwrap_or_default();
    let mut errors =
        if errors.as_array().is_some_and(|list| !list.is_empty()) { errors } else { json!([{ "message": error.to_string() }]) };
    for error in errors.as_array_mut().into_iter().flatten() {
        // What is too large for the parser is told by it, before our own limits are looked at.
        let is_too_large = error["message"].as_str().is_some_and(|message| message.contains(" exceeds the limit of "));
        error["extensions"] = json!({ "code": if is_too_large { "LIMIT_EXCEEDED" } else { "BAD_DOCUMENT" } });
    }
    Refused { status: StatusCode::BAD_REQUEST, malformed: false, errors }
}

/// An answer before it is sent.
pub(super) struct Done {
    pub(super) body: Vec<u8>,
    unavailable: bool,
    /// Whether the operation was refused before it began, for its variables.
    pub(super) refused: Option<Refused>,
}

pub(super) fn execute(prepared: &Prepared, variables: &Variables, context: &Context, cost: u64, limit: u64) -> Done {
    let before = crate::service::statements_sent();
    let ready = prepared.borrow_dependent();
    let done = match ready.operation.execute_sync(variables, context) {
        Ok(done) => done,
        Err(error) => {
            return Done { body: Vec::new(), unavailable: false, refused: Some(from_document(&error)) };
        }
    };
    let (data, errors) = done;
    let statements = crate::service::statements_sent() - before;
    let mut told = json!({ "requested": cost, "limit": limit });
    if context.shows_statements {
        told["statements"] = json!(statements);
    }
    let is_unavailable = |error: &juniper::ExecutionError<DefaultScalarValue>| {
        let code = error.error().extensions().as_object_value().and_then(|object| object.get_field_value("code"));
        code.is_some_and(|code| code.to_string().contains(UNAVAILABLE))
    };
    let unavailable = errors.iter().any(is_unavailable);
    let mut body = Vec::with_capacity(4096);
    let shape = Shape { errors: (!errors.is_empty()).then_some(&errors), data: &data, extensions: json!({ "cost": told }) };
    if serde_json::to_writer(&mut body, &shape).is_err() {
        body = br#"{"errors":[{"message":"the answer cannot be written"}]}"#.to_vec();
    }
    Done { body, unavailable, refused: None }
}

#[derive(serde::Serialize)]
struct Shape<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a Vec<juniper::ExecutionError<DefaultScalarValue>>>,
    data: &'a juniper::Value<DefaultScalarValue>,
    extensions: Value,
}

fn respond(done: Done, media: &'static str, state: &State) -> HttpResponse {
    if let Some(refused) = done.refused {
        return refusal(refused, media);
    }
    if done.body.len() > state.settings.max_response_bytes {
        let message = format!(
            "the answer has {} bytes, the limit is {}; ask for smaller pages or fewer fields",
            done.body.len(),
            state.settings.max_response_bytes
        );
        return failure(StatusCode::OK, "RESPONSE_TOO_LARGE", &message, media);
    }
    let status = if done.unavailable { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let mut response = HttpResponse::build(status);
    if done.unavailable {
        response.insert_header((RETRY_AFTER, "5"));
    }
    response.insert_header((VARY, "Accept, Accept-Language, Authorization, Cookie")).insert_header((CACHE_CONTROL, "no-store"));
    response.content_type(format!("{media}; charset=utf-8")).body(done.body)
}

fn failure(status: StatusCode, code: &str, message: &str, media: &'static str) -> HttpResponse {
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code } }], "data": null });
    HttpResponse::build(status).content_type(format!("{media}; charset=utf-8")).body(body.to_string())
}
