//! DataCite metadata, schema 4: XML and JSON out, XML in. No DOI is registered; the identifier is the one that the registry mints.
//!
//! The table of fields is `docs/interop/datacite.md`.

mod read;
mod resource;
mod write;

#[cfg(test)]
mod tests;

pub use read::read;
pub use write::{write_json, write_xml};

/// Namespace of every version 4.
const NAMESPACE: &str = "http://datacite.org/schema/kernel-4";
