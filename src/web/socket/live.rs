//! A subscription that is open: its stream, with what the stream borrows from.

use std::sync::Arc;
use std::task::{self, Poll, Wake, Waker};

use futures_util::FutureExt;
use juniper::{DefaultScalarValue, ExecutionError, Object, ValuesStream, Variables};
use self_cell::self_cell;
use serde_json::{Value, json};

use crate::graphql::Context;
use crate::service::catalogue::now_ms;
use crate::service::pulse::Pulse;
use crate::web::documents::Prepared;
use crate::web::graphql::from_document;

/// What a subscription is opened from.
pub struct Source {
    /// The document.
    pub prepared: Arc<Prepared>,
    /// Values of its variables.
    pub variables: Variables,
    /// Who asks, and of what.
    pub context: Context,
}

/// The stream of the one field at the root.
pub struct Events<'a> {
    name: String,
    stream: ValuesStream<'a, DefaultScalarValue>,
}

self_cell!(
    /// An open subscription.
    pub struct Live {
        owner: Source,
        #[not_covariant]
        dependent: Events,
    }
);

/// What becomes of one value of the stream.
type Item = Result<juniper::Value<DefaultScalarValue>, Vec<ExecutionError<DefaultScalarValue>>>;

impl Live {
    /// Opens a subscription. It reads the store; call it where blocking is allowed.
    ///
    /// # Errors
    /// The GraphQL errors.
    pub fn open(source: Source) -> Result<Self, Value> {
        Self::try_new(source, events)
    }

    /// The next event as JSON, none at the end. It reads the store; call it where blocking is allowed.
    pub fn poll(&mut self, waker: &Waker) -> Poll<Option<Vec<u8>>> {
        // An event shows things as they are now, not as an earlier event found them.
        self.borrow_owner().context.renew(now_ms());
        let mut context = task::Context::from_waker(waker);
        self.with_dependent_mut(|_, events| {
            let polled = events.stream.as_mut().poll_next(&mut context);
            polled.map(|item| item.map(|item| write(&events.name, item)))
        })
    }
}

fn events(source: &Source) -> Result<Events<'_>, Value> {
    let operation = &source.prepared.borrow_dependent().operation;
    // The resolvers at the root wait for nothing.
    let Some(opened) = operation.resolve_into_stream(&source.variables, &source.context).now_or_never() else {
        return Err(json!([{ "message": "the subscription cannot be opened", "extensions": { "code": "INTERNAL" } }]));
    };
    let (value, errors) = opened.map_err(|error| from_document(&error).errors)?;
    if !errors.is_empty() {
        // Errors are plain data; writing them cannot fail.
        return Err(serde_json::to_value(&errors).unwrap_or_default());
    }
    let mut fields: Vec<_> = match value {
        juniper::Value::Object(fields) => fields.into_iter().collect(),
        _ => Vec::new(),
    };
    match fields.pop() {
        Some((name, juniper::Value::Scalar(stream))) if fields.is_empty() => Ok(Events { name, stream }),
        _ => Err(json!([{ "message": "the subscription has no field with events", "extensions": { "code": "BAD_DOCUMENT" } }])),
    }
}

#[derive(serde::Serialize)]
struct Shape {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ExecutionError<DefaultScalarValue>>,
    data: juniper::Value<DefaultScalarValue>,
}

fn write(name: &str, item: Item) -> Vec<u8> {
    let (data, errors) = match item {
        Ok(value) => {
            let mut object = Object::with_capacity(1);
            object.add_field(name, value);
            (juniper::Value::Object(object), Vec::new())
        }
        Err(errors) => (juniper::Value::Null, errors),
    };
    serde_json::to_vec(&Shape { errors, data })
        .unwrap_or_else(|_| br#"{"errors":[{"message":"the event cannot be written"}],"data":null}"#.to_vec())
}

/// Wakes who waits for a pulse when a stream has more. The stream is polled on one thread and waited for on another,
/// and between the two nothing it says gets lost.
pub struct Ring(pub Pulse);

impl Wake for Ring {
    fn wake(self: Arc<Self>) {
        // Two rings at once may count as one; it is enough that the number grows.
        self.0.advance(self.0.last() + 1);
    }
}
