//! Tables and statements. Everything here is synchronous, takes the connection first, and knows no user.

pub mod access_queue;
pub mod agreements;
pub mod any_of;
pub mod calendar;
pub mod changes;
pub mod copies;
pub mod datasets;
pub mod db;
mod derived;
pub mod entitlements;
pub mod forms;
pub mod institutions;
pub mod intake_schema;
pub mod originals;
pub mod outbox;
pub mod past;
pub mod persons;
#[cfg(test)]
mod plans;
pub mod proof;
pub mod published;
pub mod register_schema;
pub mod registers;
pub mod reports;
pub mod requests;
pub mod schema;
pub mod sources;
pub mod standing;
pub mod watch;

pub use db::{Conn, Db, StoreError};
