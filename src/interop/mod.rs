//! Formats of other people: bytes in, what they mean out.
//!
//! Nothing here reads a file, a database or the network: whoever has the bytes hands them over.

pub mod data_json;
pub mod dcat;
pub mod documents;
pub mod exchange;
pub mod holder;
pub mod json;
pub mod rdf;
pub mod schema_org;
