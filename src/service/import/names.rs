//! What records of a file refer to, and whose the identifiers are.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::draft::DatasetDraft;
use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;

/// The institutions that an institution refers to, each with its field.
pub(super) fn neighbours(institution: &Institution) -> impl Iterator<Item = (&'static str, &Slug)> {
    let parent = institution.parent.iter().map(|slug| ("parent", slug));
    let predecessors = institution.predecessors.iter().map(|slug| ("predecessors", slug));
    parent.chain(predecessors).chain(institution.successors.iter().map(|slug| ("successors", slug)))
}

/// The institutions that a dataset refers to by their short names, each after its field.
pub(super) fn institutions_of(dataset: &DatasetDraft) -> impl Iterator<Item = (String, String)> {
    let producer = dataset.producer.iter().map(|slug| ("producer".to_owned(), slug.to_string()));
    let partners = dataset.partners.iter().enumerate().map(|(i, slug)| (format!("partners[{i}]"), slug.to_string()));
    let holders = dataset.holdings.iter().enumerate().map(|(i, h)| (format!("holdings[{i}].institution"), h.institution.to_string()));
    producer.chain(partners).chain(holders)
}

/// An identifier belongs to one record for ever.
pub(super) fn identity_problem(slug: &str, given: Option<Uuid>, existing: Option<Uuid>, owners: &HashMap<Uuid, String>) -> Option<Problem> {
    let given = given?;
    if let Some(known) = existing.filter(|known| *known != given) {
        let remedy = format!(
            "the catalogue knows this slug under urn:uuid:{known}; leave the identifier out to update that record, or choose another slug"
        );
        return Some(Problem::new("identifier", format!("urn:uuid:{given}"), remedy));
    }
    let owner = owners.get(&given).filter(|owner| owner.as_str() != slug || existing.is_none())?;
    Some(Problem::new(
        "identifier",
        format!("urn:uuid:{given}"),
        format!("is the identifier of `{owner}`; identifiers are never used again"),
    ))
}
