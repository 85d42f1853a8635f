//! Formats of other people: bytes in, what they mean out.
//!
//! Nothing here reads a file, a database or the network: whoever has the bytes hands them over.

pub mod datacite;
pub mod ddi;
pub mod documents;
pub mod exchange;
pub mod nada;
pub mod oai;
pub mod unmatched;
pub mod xml_text;
