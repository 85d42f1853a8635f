//! The catalogue on the web: routes, the GraphQL handler, pages, health and metrics.

pub mod absence;
pub mod access;
pub mod account;
pub mod auth;
pub mod ckan;
pub mod cors;
pub mod documents;
pub mod federation;
pub mod graphql;
pub mod health;
pub mod ide;
pub mod intake;
pub mod middleware;
pub mod negotiation;
pub mod oai;
pub mod pages;
pub mod preview;
pub mod publishing;
pub mod register;
pub mod server;
pub mod socket;
pub mod start;
