//! schema.org: one dataset as JSON-LD, in and out. Croissant, which builds on it, is read as far as it is schema.org.
//!
//! What becomes of which property is listed in `docs/interop/schema-org.md`.

mod parts;
mod read;
mod references;
mod write;

#[cfg(test)]
mod tests;

pub use read::read;
pub use write::{MAPPING, write};
