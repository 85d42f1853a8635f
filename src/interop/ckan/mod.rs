//! CKAN: packages as its action API gives them, out and in, and organizations out.
//!
//! What becomes of which member is listed in `docs/interop/ckan.md`.

mod cover;
mod package;
mod people;
mod read;
mod relationships;
mod resource;
mod terms;
mod values;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Around, read, read_each, read_file};
pub use write::{MAPPING, format_names, licence_id, organization, package, tag, tag_names};
