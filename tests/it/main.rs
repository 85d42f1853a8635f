//! Tests through the front door: HTTP, GraphQL and the command line, each on SQLite and on PostgreSQL.

mod connections;
mod contract;
mod crash;
mod demo;
mod filters;
mod harness;
mod hidden;
mod http;
mod import;
mod limits;
mod outage;
mod pages;
mod questions;
mod search;
mod settings;
mod statements;
mod story;
