//! **Rihla**, the registry of who holds which migration data.
//!
//! One house with rooms on floors; `docs/ARCHITECTURE.md` tells which room may enter which.

pub mod cli;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod interop;
pub mod search;
pub mod service;
pub mod store;
pub mod web;
