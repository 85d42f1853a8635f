//! The messages of the protocol `graphql-transport-ws`, read and written.

use actix_ws::{CloseCode, CloseReason};
use serde_json::{Map, Value};

/// Longest identifier of an operation, in bytes.
const MAX_ID: usize = 256;

/// The answer to `connection_init`.
pub(super) const ACK: &str = r#"{"type":"connection_ack"}"#;

/// A message of a client.
#[derive(Debug, PartialEq)]
pub(super) enum FromClient {
    /// It introduces itself, with a token where it has one.
    Init(Option<String>),
    /// It wants a sign of life, with this payload.
    Ping(Option<Map<String, Value>>),
    /// It gives a sign of life.
    Pong,
    /// It begins an operation: identifier and request.
    Subscribe(String, Map<String, Value>),
    /// It has heard enough of an operation.
    Complete(String),
}

/// Why a socket is closed: a code for programs, a few words for people.
pub(super) fn close(code: u16, words: impl Into<String>) -> CloseReason {
    CloseReason { code: CloseCode::from(code), description: Some(words.into()) }
}

/// The message was not understood.
pub(super) fn bad_request(words: impl Into<String>) -> CloseReason {
    close(4400, words)
}

/// The client is not, or no longer, who it says it is.
pub(super) fn forbidden() -> CloseReason {
    close(4403, "Forbidden")
}

/// Reads a message.
///
/// # Errors
/// What the socket has to be closed with.
pub(super) fn read(text: &str) -> Result<FromClient, CloseReason> {
    let Ok(Value::Object(mut message)) = serde_json::from_str::<Value>(text) else {
        return Err(bad_request("The message is not a JSON object"));
    };
    let payload = match message.remove("payload") {
        None | Some(Value::Null) => None,
        Some(Value::Object(payload)) => Some(payload),
        Some(_) => return Err(bad_request("The `payload` is not an object")),
    };
    match message.get("type").and_then(Value::as_str) {
        Some("connection_init") => Ok(FromClient::Init(payload.as_ref().map(token).transpose()?.flatten())),
        Some("ping") => Ok(FromClient::Ping(payload)),
        Some("pong") => Ok(FromClient::Pong),
        Some("complete") => Ok(FromClient::Complete(id(&message)?)),
        Some("subscribe") => match payload {
            Some(payload) => Ok(FromClient::Subscribe(id(&message)?, payload)),
            None => Err(bad_request("The `payload` of `subscribe` is missing")),
        },
        Some(other) => Err(bad_request(format!("The type `{}` is not known here", other.chars().take(20).collect::<String>()))),
        None => Err(bad_request("The message has no `type`")),
    }
}

fn id(message: &Map<String, Value>) -> Result<String, CloseReason> {
    let id = message.get("id").and_then(Value::as_str).filter(|id| (1..=MAX_ID).contains(&id.len()));
    id.map(str::to_owned).ok_or_else(|| bad_request(format!("The `id` is not a text of 1 to {MAX_ID} bytes")))
}

/// The token among what a client introduces itself with. Browsers cannot set headers on a WebSocket.
fn token(payload: &Map<String, Value>) -> Result<Option<String>, CloseReason> {
    let given = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization")).map(|(_, value)| value);
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let parts = value.as_str().and_then(|text| text.trim().split_once(' '));
            let token = parts.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim().to_owned());
            token.map(Some).ok_or_else(forbidden)
        }
    }
}

/// The answer to a ping, with its payload.
pub(super) fn pong(payload: Option<Map<String, Value>>) -> String {
    let mut message = Map::new();
    message.insert("type".to_owned(), "pong".into());
    if let Some(payload) = payload {
        message.insert("payload".to_owned(), payload.into());
    }
    Value::Object(message).to_string()
}

/// A result of an operation; `body` is JSON.
pub(super) fn next(id: &str, body: &str) -> String {
    format!(r#"{{"id":{},"type":"next","payload":{body}}}"#, Value::from(id))
}

/// An operation was not carried out, for these GraphQL errors.
pub(super) fn error(id: &str, errors: &Value) -> String {
    format!(r#"{{"id":{},"type":"error","payload":{errors}}}"#, Value::from(id))
}

/// An operation is over.
pub(super) fn complete(id: &str) -> String {
    format!(r#"{{"id":{},"type":"complete"}}"#, Value::from(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(text: &str) -> u16 {
        read(text).expect_err("refused").code.into()
    }

    #[test]
    fn messages_of_the_protocol_are_read() {
        assert_eq!(read(r#"{"type":"connection_init"}"#).expect("init"), FromClient::Init(None));
        assert_eq!(read(r#"{"type":"connection_init","payload":{"x":1}}"#).expect("init"), FromClient::Init(None));
        let token = read(r#"{"type":"connection_init","payload":{"Authorization":"bearer  abc "}}"#).expect("init");
        assert_eq!(token, FromClient::Init(Some("abc".to_owned())));
        assert_eq!(read(r#"{"type":"complete","id":"7"}"#).expect("complete"), FromClient::Complete("7".to_owned()));
        assert!(
            matches!(read(r#"{"id":"7","type":"subscribe","payload":{"query":"{a}"}}"#), Ok(FromClient::Subscribe(id, _)) if id == "7")
        );
    }

    #[test]
    fn anything_else_is_refused() {
        let wrong = [
            "",
            "[]",
            "{}",
            r#"{"type":"start"}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","payload":{}}"#,
            r#"{"type":"subscribe","id":"","payload":{}}"#,
            r#"{"type":"complete","id":7}"#,
        ];
        for text in wrong {
            assert_eq!(code_of(text), 4400, "{text}");
        }
        for value in ["7", r#""Basic abc""#, r#""abc""#] {
            assert_eq!(code_of(&format!(r#"{{"type":"connection_init","payload":{{"authorization":{value}}}}}"#)), 4403);
        }
    }

    #[test]
    fn messages_are_written_as_json() {
        assert_eq!(pong(None), r#"{"type":"pong"}"#);
        assert_eq!(complete("a\"b"), r#"{"id":"a\"b","type":"complete"}"#);
        assert_eq!(next("1", r#"{"data":null}"#), r#"{"id":"1","type":"next","payload":{"data":null}}"#);
    }
}
