//! `data.json` of DCAT-US (Project Open Data): catalogues in (1.1 and what is met of 1.0 and 3.0), and out as 1.1.
//!
//! What becomes of which member is listed in `docs/interop/data-json.md`.

mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{read, read_each, read_file};
pub use write::{END, MAPPING, beginning, write, write_one};
