//! The GraphQL contract. Code first; `graphql/schema.graphql` is its snapshot.

mod access_answer;
mod access_answers;
pub mod access_desk;
pub mod access_desk_inputs;
pub mod access_form;
pub mod access_inputs;
mod access_intent;
pub mod access_lists;
pub mod access_part;
pub mod access_request;
pub mod access_statistics;
pub mod access_use;
pub mod account_actions;
pub mod actions;
pub mod actions_access;
pub mod agreement;
pub mod agreement_actions;
pub mod audit;
pub mod calendar;
pub mod calendar_actions;
pub mod catalogue;
pub mod change;
pub mod characters;
pub mod citation;
pub mod comment;
pub mod comparison;
pub mod concept;
pub mod connection;
pub mod context;
pub mod copied;
pub mod coverage;
pub mod coverage_grid;
pub mod coverage_profile;
pub mod dataset;
pub mod dataset_connection;
pub mod dataset_parts;
pub mod declaration;
pub mod discrepancy;
pub mod draft;
pub mod error;
pub mod export_loss;
pub mod field_change;
pub mod filter;
pub mod harvest;
pub mod harvest_actions;
pub mod holding;
pub mod indicator_evidence;
pub mod input;
pub mod institution;
mod intent;
pub mod kept_report;
pub mod limits;
pub mod methodology;
pub mod mutation;
pub mod node;
pub mod objective_indicators;
pub mod overlap;
pub mod payload;
pub mod prefetch;
pub mod preview_link;
pub mod punctuality;
pub mod query;
pub mod readiness;
pub mod record_actions;
pub mod register;
pub mod register_actions;
pub mod register_lists;
pub mod register_parts;
pub mod scalars;
pub mod sdl;
pub mod subscription;
pub mod text;
pub mod variable;
pub mod viewer;

use std::sync::OnceLock;

use juniper::RootNode;

pub use change::ChangeKind;
pub use context::Context;
pub use mutation::Mutation;
pub use node::{NodeId, OwnKind};
pub use query::Query;
pub use subscription::Subscription;

/// The schema with its three roots.
pub type Schema = RootNode<Query, Mutation, Subscription>;

/// The schema, built once; without introspection where the operator wants it so.
pub fn schema(introspection: bool) -> &'static Schema {
    static OPEN: OnceLock<Schema> = OnceLock::new();
    static CLOSED: OnceLock<Schema> = OnceLock::new();
    let build = || Schema::new(Query, Mutation, Subscription);
    if introspection { OPEN.get_or_init(build) } else { CLOSED.get_or_init(|| build().disable_introspection()) }
}
