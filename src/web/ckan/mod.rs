//! The action API of CKAN, for reading: `/api/3/action/…` and `/api/action/…`. It shows everyone what anyone may see.

mod counts;
mod fields;
mod organizations;
mod packages;
mod parameters;
mod query;
mod search;
mod syntax;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::service::Error;

use super::account::work;
use super::publishing::failed;
use super::server::State;
use parameters::Parameters;

/// The edition of CKAN whose answers these are shaped after.
const CKAN_VERSION: &str = "2.10";

/// Why an action was not carried out, as CKAN says it.
enum Refusal {
    NotFound(String),
    /// A parameter is wrong: its name, and what to do.
    Wrong(&'static str, String),
    UnknownAction,
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(what) => Self::NotFound(what),
            Error::Invalid(problems) => Self::Wrong("q", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
            other => Self::Failed(other),
        }
    }
}

/// GET and POST /api/3/action/{name} and /api/action/{name}
pub async fn act(request: HttpRequest, state: web::Data<State>, name: web::Path<String>, body: web::Bytes) -> HttpResponse {
    use actix_web::http::Method;
    let parameters = match *request.method() {
        Method::GET | Method::HEAD => Ok(Parameters::of_query(request.query_string())),
        Method::POST => Parameters::of_body(&request, &body),
        _ => return HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET, HEAD, POST")).finish(),
    };
    let name = name.into_inner();
    let help = format!(
        "{}/api/3/action/help_show?name={}",
        state.base_url,
        url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>()
    );
    let done = match parameters {
        Err(remedy) => Err(Refusal::Wrong("message", remedy)),
        Ok(parameters) => {
            let wanted = name.clone();
            match work(&state, move |state| Ok(perform(state, &wanted, &parameters))).await {
                Ok(done) => done,
                Err(error) => Err(Refusal::Failed(error)),
            }
        }
    };
    match done {
        Ok(result) => answer(StatusCode::OK, &json!({ "help": help, "success": true, "result": result })),
        Err(refusal) => refuse(&help, &name, refusal),
    }
}

fn answer(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-cache")).json(body)
}

fn refuse(help: &str, name: &str, refusal: Refusal) -> HttpResponse {
    let body = |error: Value| json!({ "help": help, "success": false, "error": error });
    match refusal {
        Refusal::NotFound(what) => {
            let message = format!("Not found: {what}");
            answer(StatusCode::NOT_FOUND, &body(json!({ "__type": "Not Found Error", "message": message })))
        }
        Refusal::Wrong(parameter, remedy) => {
            answer(StatusCode::CONFLICT, &body(json!({ "__type": "Validation Error", parameter: [remedy] })))
        }
        Refusal::UnknownAction => {
            let shown: String = name.chars().take(60).collect();
            answer(
                StatusCode::BAD_REQUEST,
                &json!(format!("Bad request - Action name not known: {shown}; those that are: {}", ACTIONS.join(", "))),
            )
        }
        Refusal::Failed(error) => failed(&error),
    }
}

/// Actions that are offered.
const ACTIONS: [&str; 15] = [
    "status_show",
    "site_read",
    "help_show",
    "package_list",
    "package_show",
    "package_search",
    "package_autocomplete",
    "resource_show",
    "current_package_list_with_resources",
    "organization_list",
    "organization_show",
    "group_list",
    "tag_list",
    "license_list",
    "vocabulary_list",
];

fn perform(state: &State, name: &str, parameters: &Parameters) -> Result<Value, Refusal> {
    match name {
        "status_show" => Ok(status(state)),
        "site_read" => Ok(json!(true)),
        "help_show" => match parameters.text("name") {
            Some(known) if ACTIONS.contains(&known.as_str()) => Ok(json!(format!("`{known}` as in CKAN {CKAN_VERSION}, for reading."))),
            Some(_) => Err(Refusal::NotFound("an action of this name".to_owned())),
            None => Err(Refusal::Wrong("name", "Missing value".to_owned())),
        },
        "package_list" => packages::list(state, parameters),
        "package_show" => packages::show(state, parameters),
        "package_search" => search::search(state, parameters),
        "package_autocomplete" => search::autocomplete(state, parameters),
        "resource_show" => packages::resource(state, parameters),
        "current_package_list_with_resources" => packages::current(state, parameters),
        "organization_list" => organizations::list(state, parameters),
        "organization_show" => organizations::show(state, parameters),
        "tag_list" => search::tags(state, parameters),
        // The catalogue has none of these, and says so.
        "group_list" | "license_list" | "vocabulary_list" => Ok(json!([])),
        _ => Err(Refusal::UnknownAction),
    }
}

fn status(state: &State) -> Value {
    json!({
        "ckan_version": CKAN_VERSION,
        "site_url": *state.base_url,
        "site_title": *state.name,
        "site_description": super::start::about(&state.name)[0].2,
        "locale_default": "en",
        "error_emails_to": null,
        "extensions": [],
    })
}
