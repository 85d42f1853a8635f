//! Reader and writer together: identity, foreign documents, hostile files, samples.

mod edits;
mod foreign;
mod generated;
mod identity;
mod mapping;
mod samples;
mod told;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::interop::exchange::{Outgoing, Surroundings};

/// The shipped lists.
fn concepts() -> Concepts {
    Concepts::load(&[]).expect("shipped lists")
}

/// Hands a record on its way out to a function.
fn sent<T>(dataset: &Dataset, institutions: &[Institution], concepts: &Concepts, use_it: impl FnOnce(&Outgoing) -> T) -> T {
    let find = |slug: &crate::domain::ids::Slug| institutions.iter().find(|institution| institution.slug == *slug);
    let around = Surroundings { base_url: "https://data.example.ma", institutions: &find, concepts };
    use_it(&Outgoing { dataset, issued_at: 1_600_000_000_000, modified_at: 1_700_000_000_000, version: 3, around: &around })
}
