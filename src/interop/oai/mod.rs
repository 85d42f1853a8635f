//! OAI-PMH 2.0: the answers of a provider, and Dublin Core records in and out.

mod answer;
pub mod dublin_core;

pub use answer::{Answer, DeletedRecords, Fault, Identity, Record, Set, parse, read_tree};
