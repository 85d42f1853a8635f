//! Parameters of an action: in the query, in a form, or as a JSON object.

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// The parameters.
pub struct Parameters(Map<String, Value>);

impl Parameters {
    /// Those of a query or of a form.
    pub fn of_query(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        Self(pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect())
    }

    /// Those of a body.
    ///
    /// # Errors
    /// A sentence: the body is no JSON object.
    pub fn of_body(request: &HttpRequest, body: &[u8]) -> Result<Self, String> {
        let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if body.is_empty() {
            return Ok(Self(Map::new()));
        }
        let wrong = || "the body is no JSON object; send the parameters as one, such as {\"id\": \"…\"}".to_owned();
        if media.starts_with("application/x-www-form-urlencoded") && !body.starts_with(b"{") {
            return std::str::from_utf8(body).map(Self::of_query).map_err(|_| wrong());
        }
        // Some clients send JSON as if it were a form.
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) | Err(_) => Err(wrong()),
        }
    }

    /// A text; numbers and truths count as texts.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A whole number, from 0.
    ///
    /// # Errors
    /// A sentence: it is none.
    pub fn number(&self, name: &str, default: usize) -> Result<usize, String> {
        match self.text(name) {
            None => Ok(default),
            Some(text) if text.trim().is_empty() => Ok(default),
            Some(text) => text.trim().parse().map_err(|_| "Invalid integer; give a whole number from 0".to_owned()),
        }
    }

    /// Whether it is said to be so.
    pub fn is_true(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| ["true", "t", "yes", "1"].contains(&text.to_lowercase().as_str()))
    }

    /// Whether something is said that asks for less than everything.
    pub fn says(&self, name: &str) -> bool {
        self.list(name).iter().any(|text| !matches!(text.trim(), "" | "*"))
    }

    /// A list of texts: a JSON list, or the text of one.
    pub fn list(&self, name: &str) -> Vec<String> {
        let given = match self.0.get(name) {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
            Some(other) => other.clone(),
            None => Value::Null,
        };
        match given {
            Value::Array(members) => members.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Value::String(text) => vec![text],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
        }
    }
}
