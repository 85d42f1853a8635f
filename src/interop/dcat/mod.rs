//! DCAT 2 and 3 and their profiles, as RDF: catalogues and datasets in, and out as DCAT-AP 3.
//!
//! What becomes of which field is listed in `docs/interop/dcat.md`.

pub mod authority;
pub mod extension;
mod read;
mod write;

#[cfg(test)]
pub mod tests;

pub use crate::domain::ids::is_web_address;
pub use read::{Onward, Page, Source, join, official, read, read_each, read_file, read_page, undetermined};
pub use write::{
    CataloguePage, Links, MAPPING, catalogue_triples, dataset_triples, instant, stand_in_description, write_catalogue, write_dataset,
    write_for_others, write_institution,
};
