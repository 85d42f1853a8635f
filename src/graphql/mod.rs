//! The GraphQL contract. Code first; `graphql/schema.graphql` is its snapshot.

pub mod change;
pub mod citation;
pub mod concept;
pub mod connection;
pub mod context;
pub mod coverage;
pub mod dataset;
pub mod dataset_connection;
pub mod error;
pub mod filter;
pub mod holding;
pub mod institution;
pub mod limits;
pub mod methodology;
pub mod node;
pub mod prefetch;
pub mod query;
pub mod scalars;
pub mod text;
pub mod variable;

use std::sync::OnceLock;

use juniper::{EmptyMutation, EmptySubscription, RootNode};

pub use context::Context;
pub use query::Query;

/// The schema with its three roots.
pub type Schema = RootNode<Query, EmptyMutation<Context>, EmptySubscription<Context>>;

/// The schema, built once; without introspection where the operator wants it so.
pub fn schema(introspection: bool) -> &'static Schema {
    static OPEN: OnceLock<Schema> = OnceLock::new();
    static CLOSED: OnceLock<Schema> = OnceLock::new();
    let build = || Schema::new(Query, EmptyMutation::new(), EmptySubscription::new());
    if introspection { OPEN.get_or_init(build) } else { CLOSED.get_or_init(|| build().disable_introspection()) }
}
