//! Errors of services as GraphQL errors: a code for programs, a sentence for people, nothing internal.

use juniper::{FieldError, Value, graphql_value};

use crate::domain::vocabulary::{RefusalCode, Vocabulary};
use crate::service::Error;

/// An error with a code.
pub fn coded(code: &str, message: impl Into<String>) -> FieldError {
    let extensions: Value = graphql_value!({ "code": code });
    FieldError::new(message.into(), extensions)
}

/// A wrong argument.
pub fn bad_input(message: impl Into<String>) -> FieldError {
    coded("BAD_INPUT", message)
}

/// Code of the error that makes the whole answer a 503.
pub const UNAVAILABLE: &str = "UNAVAILABLE";

/// A service's error for the client; what is internal goes to the log only.
pub fn from_service(error: Error) -> FieldError {
    match error {
        Error::NotFound(_) => coded("NOT_FOUND", error.to_string()),
        Error::Invalid(_) => bad_input(error.to_string()),
        Error::Conflict(_) | Error::Stale(_) => coded("CONFLICT", error.to_string()),
        Error::Forbidden { code, .. } => coded(code.code(), error.to_string()),
        Error::NoRole { .. } => coded(RefusalCode::RoleRequired.code(), error.to_string()),
        Error::Unavailable(reason) => {
            tracing::warn!(%reason, "unavailable");
            coded(UNAVAILABLE, "the catalogue cannot reach its store at the moment; try again in some seconds")
        }
        Error::Internal(reason) => {
            tracing::error!(reason = format!("{reason:#}"), "internal fault");
            coded("INTERNAL", "the catalogue met an internal fault; it was logged under the request id of this answer")
        }
    }
}
