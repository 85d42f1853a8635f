//! Finding datasets and reading them.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::HoldingId;
use crate::domain::matching::{Finding, Subject, findings};
use crate::domain::policy::{Actor, audience};
use crate::domain::problem::Problem;
use crate::domain::time::Fit;
use crate::domain::vocabulary::{PublicationStatus, RefusalCode, RelationType, Vocabulary};
use crate::search::order::SortOrder;
use crate::search::query::MAX_SEARCH;
use crate::search::{Results, SearchRequest, search};
pub use crate::store::copies::StampRow;
pub use crate::store::datasets::VersionHead;
use crate::store::{copies, datasets as table};

use crate::store::changes::KnownTo;

use super::catalogue::{is_own, read_id};
use super::{Catalogue, Error, Record};

/// Searches the catalogue.
///
/// # Errors
/// The question is wrong, with every problem; or the index is unavailable.
pub fn find(
    catalogue: &Catalogue,
    actor: &Actor,
    words: Option<&str>,
    filter: &DatasetFilter,
    order: Option<SortOrder>,
    today: i64,
) -> Result<Results, Error> {
    let request = request(catalogue, words, filter, order, today)?;
    Ok(search(catalogue.snapshot(actor), &request, &catalogue.concepts)?)
}

/// The question, where nothing is wrong with it.
///
/// # Errors
/// What is wrong with it, with every problem.
pub(super) fn request<'a>(
    catalogue: &Catalogue,
    words: Option<&'a str>,
    filter: &'a DatasetFilter,
    order: Option<SortOrder>,
    today: i64,
) -> Result<SearchRequest<'a>, Error> {
    let mut problems = filter.problems(&catalogue.concepts);
    if let Some(words) = words.filter(|words| words.chars().count() > MAX_SEARCH) {
        problems.push(Problem::new(
            "search",
            words.chars().count(),
            format!("is longer than {MAX_SEARCH} characters; ask with fewer words"),
        ));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let words = words.map(str::trim).filter(|words| !words.is_empty());
    Ok(SearchRequest { words, filter, order, today })
}

/// Why a record does not answer the filter for certain.
pub fn explain(catalogue: &Catalogue, record: &Record, filter: &DatasetFilter, today: i64) -> Vec<Finding> {
    let subject = Subject { dataset: &record.dataset, updated_at: record.updated_at, today };
    findings(subject, filter, &catalogue.concepts)
}

/// The reasons of a near miss: the conditions that failed first, then those that are not documented.
pub fn near_miss_reasons(catalogue: &Catalogue, record: &Record, filter: &DatasetFilter, today: i64) -> Vec<Finding> {
    let mut found = explain(catalogue, record, filter, today);
    found.sort_by_key(|finding| finding.fit == Fit::Possible);
    found
}

/// The dataset with this slug, if the actor may read it.
///
/// # Errors
/// The database is unavailable.
pub fn by_slug(catalogue: &Catalogue, actor: &Actor, slug: &str) -> Result<Option<Arc<Record>>, Error> {
    Ok(catalogue.records_by_slug(actor, &[slug.to_owned()])?.pop())
}

/// A relation with the slug of the other dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationTo {
    /// Type, read from the dataset asked for.
    pub relation_type: RelationType,
    /// Slug of the other dataset.
    pub slug: String,
    /// Whether the other dataset's record gave it.
    pub is_inverse: bool,
    /// Place of the relation in the record's own list, for its note.
    pub own: Option<usize>,
}

/// Relations of records in both directions, in one statement. A relation given by both sides is listed once.
///
/// # Errors
/// The database is unavailable.
pub fn relations(catalogue: &Catalogue, records: &[Arc<Record>]) -> Result<HashMap<Uuid, Vec<RelationTo>>, Error> {
    let slugs: Vec<String> = records.iter().map(|record| record.dataset.slug.to_string()).collect();
    let incoming = catalogue.db.read(|conn| table::incoming_relations(conn, &slugs))?;
    let mut found = HashMap::new();
    for record in records {
        let own = record.dataset.relations.iter().enumerate();
        let mut list: Vec<RelationTo> = own
            .map(|(place, r)| RelationTo {
                relation_type: r.relation_type,
                slug: r.dataset.to_string(),
                is_inverse: false,
                own: Some(place),
            })
            .collect();
        for other in incoming.iter().filter(|other| other.target_slug == record.dataset.slug.as_str()) {
            let Some(relation_type) = RelationType::parse(&other.relation_type).map(RelationType::inverse) else {
                continue;
            };
            if !list.iter().any(|known| known.relation_type == relation_type && known.slug == other.source_slug) {
                list.push(RelationTo { relation_type, slug: other.source_slug.clone(), is_inverse: true, own: None });
            }
        }
        found.insert(record.id.0, list);
    }
    Ok(found)
}

/// Versions of records that the actor may know of, newest first, in one statement.
///
/// # Errors
/// The database is unavailable.
pub fn versions(catalogue: &Catalogue, actor: &Actor, records: &[Arc<Record>]) -> Result<HashMap<Uuid, Vec<VersionHead>>, Error> {
    let ids: Vec<String> = records.iter().map(|record| record.id.to_string()).collect();
    let mut found: HashMap<Uuid, Vec<VersionHead>> = records.iter().map(|record| (record.id.0, Vec::new())).collect();
    for row in catalogue.db.read(|conn| table::versions_of(conn, &ids))? {
        let id = read_id(&row.entity_id)?;
        if records.iter().any(|record| record.id.0 == id && may_know_version(actor, record, row.version, row.is_public)) {
            found.entry(id).or_default().push(row);
        }
    }
    Ok(found)
}

/// Validations and reviews of records, in one statement; of stubs and tombstones there are none to see.
///
/// # Errors
/// The database is unavailable.
pub fn stamps(catalogue: &Catalogue, records: &[Arc<Record>]) -> Result<HashMap<Uuid, Vec<StampRow>>, Error> {
    let whole = |record: &&Arc<Record>| record.dataset.hidden.iter().all(|(_, reason)| *reason == RefusalCode::MaskedByProducer);
    let ids: Vec<String> = records.iter().filter(whole).map(|record| record.id.to_string()).collect();
    let mut found: HashMap<Uuid, Vec<StampRow>> = records.iter().map(|record| (record.id.0, Vec::new())).collect();
    for row in catalogue.db.read(|conn| copies::stamps_of(conn, &ids))? {
        found.entry(read_id(&row.dataset_id)?).or_default().push(row);
    }
    Ok(found)
}

/// Whether the actor may know of a version: its producer's people know all, of a stub nobody else knows any. Of a tombstone
/// the last one is known to whoever sees the tombstone, for its note says why the record was retired.
pub fn may_know_version(actor: &Actor, record: &Record, number: i64, known_to: i64) -> bool {
    if record.dataset.status == PublicationStatus::Retired && number == record.version {
        return true;
    }
    if *actor == Actor::Console || is_own(actor, &record.dataset) {
        return true;
    }
    let is_stub = record.dataset.hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer);
    !is_stub && KnownTo::readable(audience(actor)).contains(&known_to)
}

/// Datasets of holdings, with the holding of each, in three statements at most; those that the actor may not read are left out.
///
/// # Errors
/// The database is unavailable.
pub fn by_holdings(catalogue: &Catalogue, actor: &Actor, ids: &[HoldingId]) -> Result<HashMap<HoldingId, Arc<Record>>, Error> {
    let wanted: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = catalogue.db.read(|conn| table::holdings_by_ids(conn, &wanted))?;
    let mut datasets = rows.iter().map(|row| read_id(&row.dataset_id)).collect::<Result<Vec<_>, _>>()?;
    if rows.len() < ids.len() {
        // An absent holding takes the way of one of a hidden record, down to the time it takes.
        datasets.push(Uuid::nil());
    }
    let records = catalogue.records(actor, &datasets)?;
    let mut found = HashMap::new();
    for (row, dataset) in rows.iter().zip(datasets) {
        if let Some(record) = records.get(&dataset) {
            found.insert(HoldingId(read_id(&row.id)?), record.clone());
        }
    }
    Ok(found)
}
