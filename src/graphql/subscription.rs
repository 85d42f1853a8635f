//! The root of what is told as it happens.
//!
//! The stream reads the store when it is polled, which may block for some milliseconds: poll it where that is allowed.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream::{self, Stream};
use juniper::{DefaultScalarValue, Definition, Document, FieldResult, Selection};

use crate::domain::policy::Actor;
use crate::service::pulse::Pulse;
use crate::service::{Catalogue, Error, changes as feed};

use super::change::Change;
use super::context::Context;
use super::error::{bad_input, from_service};
use super::limits::Refusal;
use super::text::Lang;

/// Changes read at once.
const PAGE: usize = 100;

/// Changes as they come.
type Changes = Pin<Box<dyn Stream<Item = FieldResult<Change>> + Send>>;

/// Root of what is told as it happens.
pub struct Subscription;

/// What the catalogue tells as it happens, over a WebSocket with the protocol `graphql-transport-ws`.
#[juniper::graphql_subscription(context = Context, scalar = DefaultScalarValue)]
impl Subscription {
    /// The change feed as it grows, in the order of `seq`: every change after `since` that the viewer may know of,
    /// tombstones included; without `since`, what changes from now on. Who was cut off asks again with the last `seq`
    /// it has handled, and misses nothing; what it had received but not handled comes a second time.
    async fn changes(context: &Context, since: Option<i32>) -> Changes {
        match Feed::open(context, since) {
            Ok(feed) => Box::pin(stream::unfold(feed, Feed::next)),
            Err(error) => Box::pin(stream::iter([Err(error)])),
        }
    }
}

/// A reader of the change feed.
struct Feed {
    catalogue: Arc<Catalogue>,
    actor: Actor,
    lang: Lang,
    pulse: Pulse,
    /// Everything up to here was read.
    seq: i64,
    /// Read and not yet told.
    ready: VecDeque<Change>,
    /// Whether the end was told, with its reason.
    over: bool,
}

impl Feed {
    fn open(context: &Context, since: Option<i32>) -> FieldResult<Self> {
        let seq = match since {
            Some(since) if since < 0 => {
                return Err(bad_input(format!("`since` is {since}; start with 0, or with the last `seq` that was handled")));
            }
            Some(since) => i64::from(since),
            None => feed::last_seq(&context.catalogue, &context.actor).map_err(from_service)?,
        };
        Ok(Self {
            catalogue: context.catalogue.clone(),
            actor: context.actor.clone(),
            lang: context.language.clone(),
            pulse: context.catalogue.pulse.clone(),
            seq,
            ready: VecDeque::new(),
            over: false,
        })
    }

    /// The next change, once there is one. A fault of the store ends the feed, for nothing may be left out.
    async fn next(mut self) -> Option<(FieldResult<Change>, Self)> {
        loop {
            if let Some(change) = self.ready.pop_front() {
                return Some((Ok(change), self));
            }
            if self.over {
                return None;
            }
            match self.read() {
                Ok(true) => {}
                Ok(false) => {
                    self.pulse.beyond(self.seq).await;
                }
                Err(error) => {
                    self.over = true;
                    return Some((Err(from_service(error)), self));
                }
            }
        }
    }

    /// Reads on; false where nothing can be new.
    fn read(&mut self) -> Result<bool, Error> {
        let known = self.pulse.last();
        if known <= self.seq {
            return Ok(false);
        }
        let page = feed::since(&self.catalogue, &self.actor, self.seq, None, PAGE)?;
        let read = page.changes.len();
        let mut rows = page.changes;
        // What the pulse has not told of is left for later: the index and the memory of records may not have seen it.
        rows.retain(|row| row.seq <= known);
        let records = feed::datasets_of(&self.catalogue, &self.actor, &rows)?;
        self.seq = match rows.last() {
            Some(last) if page.has_next && rows.len() == read => last.seq,
            // Between the last of these and the pulse there is nothing that the viewer may know of.
            _ => known,
        };
        let lang = &self.lang;
        self.ready.extend(rows.into_iter().map(|row| {
            let record = records.iter().find(|record| record.id.to_string() == row.entity_id).cloned();
            Change { row, record, lang: lang.clone() }
        }));
        Ok(true)
    }
}

/// Checks that the subscription chosen from a document has one field at its root, and that it is one with events:
/// validation does not, and the stream of `__typename` cannot be opened.
///
/// # Errors
/// It has more, or another.
pub fn check_root(document: &Document<'_, DefaultScalarValue>, operation_name: Option<&str>) -> Result<(), Refusal> {
    let mut fragments = HashMap::new();
    let mut open = Vec::new();
    for definition in document {
        match definition {
            Definition::Fragment(fragment) => {
                fragments.insert(fragment.item.name.item, fragment.item.selection_set.as_slice());
            }
            Definition::Operation(operation) => {
                let operation = &operation.item;
                if operation_name.is_none() || operation.name.as_ref().map(|name| name.item) == operation_name {
                    open.push(operation.selection_set.as_slice());
                }
            }
        }
    }
    let mut fields = Vec::new();
    // Fragments that spread themselves were refused by the limits.
    while let Some(selections) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Field(field) => fields.push(field.item.name.item),
                Selection::FragmentSpread(spread) => open.extend(fragments.get(spread.item.name.item).copied()),
                Selection::InlineFragment(fragment) => open.push(fragment.item.selection_set.as_slice()),
            }
        }
        if fields.len() > 1 {
            break;
        }
    }
    match fields.as_slice() {
        [field] if !field.starts_with("__") => Ok(()),
        _ => Err(Refusal {
            code: "BAD_DOCUMENT",
            message: "a subscription has one field at its root; subscribe to each thing in an operation of its own".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use juniper::parser::parse_document_source;

    use super::*;

    fn is_taken(text: &str, name: Option<&str>) -> bool {
        let schema = &crate::graphql::schema(true).schema;
        check_root(&parse_document_source(text, schema).expect("document"), name).is_ok()
    }

    #[test]
    fn a_subscription_has_one_field_with_events() {
        assert!(is_taken("subscription { changes { seq } }", None));
        assert!(is_taken("subscription { ...a } fragment a on Subscription { changes { seq } }", None));
        assert!(is_taken("query q { a: __typename b: __typename } subscription s { ... { changes { seq } } }", Some("s")));
        assert!(!is_taken("subscription { __typename }", None));
        assert!(!is_taken("subscription { a: changes { seq } b: changes { seq } }", None));
        assert!(!is_taken("subscription { changes { seq } ...a } fragment a on Subscription { __typename }", None));
    }
}
