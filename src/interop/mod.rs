//! Formats of other people: bytes in, what they mean out.
//!
//! Nothing here reads a file, a database or the network: whoever has the bytes hands them over.

pub mod agents;
pub mod calendar;
pub mod charset;
pub mod ckan;
pub mod coverage_grid;
pub mod data_json;
pub mod datacite;
pub mod dcat;
pub mod ddi;
pub mod detect;
pub mod documents;
pub mod exchange;
pub mod feed;
mod file_terms;
pub mod filed;
pub mod formats;
pub mod holder;
pub mod incoming;
pub mod json;
pub mod label;
pub mod losses;
pub mod nada;
pub mod oai;
pub mod rdf;
pub mod repeated;
pub mod report;
pub mod schema_org;
pub mod sheet;
pub mod when;
mod whole;
pub mod xml_text;
