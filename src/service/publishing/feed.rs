//! What other registries may copy: public records kept here, in the order of their last public changes, without what their institutions
//! withhold.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::{DatasetId, Slug, hex};
use crate::domain::institution::Sharing;
use crate::domain::policy::Actor;
use crate::domain::view::withhold;
use crate::interop::feed::{End, Registry, Writer};
use crate::store::datasets;

use super::super::catalogue::read_id;
use super::super::institutions::{InstitutionFilter, list as list_institutions};
use super::super::{Catalogue, Error, Record};
use super::harvest::{self, Entry, Span};
use super::{Batch, Extent, Publication, extent, gather, last_change};

/// Records of one part.
const PART: usize = 200;
/// Length after which a part ends, in bytes. A record is 4 MiB at most, and 32 MiB are what a harvester reads at once.
const LONGEST: usize = 8 << 20;

/// Writes the part of the feed after a place in the log.
///
/// # Errors
/// The database is unavailable.
pub fn write(catalogue: &Catalogue, registry: Registry, after: i64) -> Result<Vec<u8>, Error> {
    // Looked at first: what is written meanwhile belongs to the next part.
    let (_, last) = last_change(catalogue)?;
    let part = harvest::list(catalogue, Span { after, ..Span::default() }, None, PART)?;
    let records = part.entries.iter().filter_map(|entry| entry.record.clone()).collect();
    let batch = gather(catalogue, &Actor::Visitor, records)?;
    let passed_on = passed_on(catalogue, &batch)?;
    let copies = copies(catalogue, &part.entries)?;
    let broken = |error: std::io::Error| Error::Internal(error.into());
    let mut writer = Writer::begin(Vec::new(), registry).map_err(broken)?;
    let mut told = HashSet::new();
    for entry in &part.entries {
        let found = batch.publications.iter().find(|publication| publication.record.id.0 == entry.id);
        let sharing = found.and_then(|found| found.dataset.producer.as_ref()).and_then(|slug| batch.institutions.get(slug.as_str()));
        match found.and_then(|found| shared(found, sharing.and_then(|producer| producer.institution.sharing.as_ref()))) {
            Some(mut dataset) => {
                dataset.relations.retain(|relation| passed_on.contains(&relation.dataset));
                for slug in super::named(&dataset) {
                    if let Some(institution) = batch.institutions.get(slug.as_str()).filter(|_| told.insert(slug.clone())) {
                        writer.institution(&institution.institution).map_err(broken)?;
                    }
                }
                writer.dataset(&dataset).map_err(broken)?;
            }
            // A copy was never told of here: it is told by the registry that keeps it.
            None if copies.contains(&entry.id) => {}
            None => writer.gone(DatasetId(entry.id).urn()).map_err(broken)?,
        }
        // Long records make a part short: whoever reads it has a limit.
        if writer.written().len() >= LONGEST {
            return writer.end(End { after: entry.seq, has_more: true }).map_err(broken);
        }
    }
    let after = part.next.unwrap_or_else(|| last.max(part.entries.last().map_or(after, |entry| entry.seq)));
    writer.end(End { after, has_more: part.next.is_some() }).map_err(broken)
}

/// Which entries are copies of other registries' records, those out of sight among them.
fn copies(catalogue: &Catalogue, entries: &[Entry]) -> Result<HashSet<Uuid>, Error> {
    let (shown, absent): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| entry.record.is_some());
    let is_copy = |entry: &&Entry| entry.record.as_deref().is_some_and(|record| record.dataset.copied_from.is_some());
    let mut copies: HashSet<Uuid> = shown.into_iter().filter(is_copy).map(|entry| entry.id).collect();
    if absent.is_empty() {
        return Ok(copies);
    }
    let ids: Vec<String> = absent.iter().map(|entry| entry.id.to_string()).collect();
    for row in catalogue.db.read(|conn| datasets::by_ids(conn, &ids))? {
        let dataset: Dataset = serde_json::from_str(&row.doc)?;
        if dataset.copied_from.is_some() {
            copies.insert(read_id(&row.id)?);
        }
    }
    Ok(copies)
}

/// Of the records to which others refer, the short names of those that are passed on: what is not is not named either.
fn passed_on(catalogue: &Catalogue, batch: &Batch) -> Result<HashSet<Slug>, Error> {
    let relations = batch.publications.iter().flat_map(|publication| &publication.dataset.relations);
    let named: BTreeSet<String> = relations.map(|relation| relation.dataset.to_string()).collect();
    let others = catalogue.records_by_slug(&Actor::Visitor, &named.into_iter().collect::<Vec<_>>())?;
    let producers: BTreeSet<String> = others.iter().filter_map(|other| other.dataset.producer.as_ref()).map(ToString::to_string).collect();
    let institutions = catalogue.institutions_by_slug(&producers.into_iter().collect::<Vec<_>>())?;
    let is_kept_back = |other: &Dataset| {
        let producer = other.producer.as_ref().and_then(|slug| institutions.get(slug.as_str()));
        producer.and_then(|producer| producer.institution.sharing.as_ref()).is_some_and(|sharing| sharing.shares_nothing)
    };
    let is_passed_on =
        |other: &Record| extent(other) == Extent::Whole && other.dataset.copied_from.is_none() && !is_kept_back(&other.dataset);
    Ok(others.iter().filter(|other| is_passed_on(other)).map(|other| other.dataset.slug.clone()).collect())
}

/// The record as it is passed on; none where it is not.
fn shared(publication: &Publication, sharing: Option<&Sharing>) -> Option<Dataset> {
    if publication.dataset.copied_from.is_some() {
        return None;
    }
    let mut dataset = publication.dataset.clone();
    if let Some(sharing) = sharing {
        if sharing.shares_nothing {
            return None;
        }
        // Of a methodology the type of source stays, without which a line is no record of the format.
        withhold(&mut dataset, &sharing.withheld);
    }
    dataset.identifier = Some(publication.record.id.urn());
    Some(dataset)
}

/// The registry, as a feed names it.
///
/// # Errors
/// The database is unavailable.
pub fn registry(catalogue: &Catalogue, name: &Arc<str>, base_url: &Arc<str>) -> Result<Registry, Error> {
    let institutions = list_institutions(catalogue, &InstitutionFilter::default(), "", i64::MAX)?.institutions;
    let mut rules = Sha256::new();
    for record in &institutions {
        if let Some(sharing) = &record.institution.sharing {
            rules.update(serde_json::to_vec(&(record.institution.slug.as_str(), sharing))?);
        }
    }
    let sharing = hex(&rules.finalize()).chars().take(16).collect();
    Ok(Registry { name: name.to_string(), url: base_url.to_string(), sharing: Some(sharing) })
}
