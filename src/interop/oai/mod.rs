//! OAI-PMH 2.0: requests of harvesters and answers to them, answers of other providers, and Dublin Core records in and out.

mod answer;
pub mod dublin_core;
mod reply;
mod request;

pub use answer::{Answer, DeletedRecords, Fault, Identity, Record, Set, date_by_header, enclosed, parse, read_tree};
pub use reply::{Header, Provider, Reply};
pub use request::{Prefix, Request, Selection, fault, read_request};
