//! The catalogue on the web: routes, the GraphQL handler, pages, health and metrics.

pub mod cors;
pub mod documents;
pub mod graphql;
pub mod health;
pub mod ide;
pub mod middleware;
pub mod negotiation;
pub mod server;
pub mod start;
