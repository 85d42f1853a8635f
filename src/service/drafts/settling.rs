//! A draft becomes a record: nothing is missing any more, and what it names is known.

use crate::domain::dataset::{Dataset, Relation};
use crate::domain::draft::DatasetDraft;
use crate::domain::ids::{InstitutionId, Slug};
use crate::domain::policy::{self, Actor};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::PublicationStatus;
use crate::store::{Conn, datasets, institutions};

use super::super::catalogue::read_id;
use super::super::{Catalogue, Error};
use super::Draft;

/// The draft as a record, with the institutions that it names settled; `published` is the version that it stands beside.
///
/// # Errors
/// Every problem that keeps it from being published.
pub fn settle(
    conn: &mut Conn,
    catalogue: &Catalogue,
    actor: &Actor,
    draft: &Draft,
    published: Option<&Dataset>,
) -> Result<(Dataset, Vec<InstitutionId>), Error> {
    let ready = draft.readiness(catalogue);
    let mut problems = ready.faults.clone();
    problems.extend(ready.missing.iter().map(|part| Problem::new(part.field.clone(), "", "is needed before the record is submitted")));
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut read: DatasetDraft = serde_json::from_value(draft.doc.clone())?;
    read.identifier = Some(draft.dataset_id()?.urn());
    read.status = Some(PublicationStatus::Published);
    let dataset = read.validate(&catalogue.concepts).map_err(Error::Invalid)?;
    let before = published.map_or(&[][..], |dataset| &dataset.relations);
    let held_by = settle_references(conn, actor, &dataset, before)?;
    Ok((dataset, held_by))
}

/// Institutions of the holdings, in their order; every name must be known. A relation to a record that the actor may not
/// see is taken for one to nothing, unless the record had it `before`: the message must not tell whether there is one.
///
/// # Errors
/// Every name that is not known.
pub fn settle_references(conn: &mut Conn, actor: &Actor, dataset: &Dataset, before: &[Relation]) -> Result<Vec<InstitutionId>, Error> {
    let mut problems = Vec::new();
    let holders = dataset.holdings.iter().enumerate().map(|(i, h)| (format!("holdings[{i}].institution"), &h.institution));
    let partners = dataset.partners.iter().enumerate().map(|(i, slug)| (format!("partners[{i}]"), slug));
    let named: Vec<(String, &Slug)> =
        dataset.producer.iter().map(|slug| ("producer".to_owned(), slug)).chain(partners).chain(holders).collect();
    let slugs: Vec<String> = named.iter().map(|(_, slug)| slug.to_string()).collect();
    let known = institutions::by_slugs(conn, &slugs)?;
    for (field, slug) in &named {
        if !known.iter().any(|row| row.slug == slug.as_str()) {
            problems.push(Problem::new(
                field.clone(),
                slug,
                "is not an institution of this catalogue; correct the short name or ask for it to be registered",
            ));
        }
    }
    let targets: Vec<String> = dataset.relations.iter().map(|relation| relation.dataset.to_string()).collect();
    let known_targets = datasets::readable_slugs(conn, &targets, policy::readable(actor).as_ref())?;
    for (index, target) in targets.iter().enumerate() {
        if !known_targets.contains(target) && !before.iter().any(|relation| relation.dataset.as_str() == target) {
            problems.push(Problem::new(
                format!("relations[{index}].dataset"),
                target,
                "is not a dataset of this catalogue; correct the short name",
            ));
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let id_of = |slug: &Slug| known.iter().find(|row| row.slug == slug.as_str()).map(|row| read_id(&row.id));
    dataset.holdings.iter().filter_map(|holding| id_of(&holding.institution)).map(|id| id.map(InstitutionId)).collect()
}
