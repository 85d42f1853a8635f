//! Relations of copies: led to the copies of what they mean in their registry, at once or when that has come too.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::dataset::{Dataset, Relation};
use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::interop::feed::Registry;
use crate::store::changes::Ledger;
use crate::store::sources::{self, OriginRow};
use crate::store::{Conn, datasets};

use super::super::super::intake::OriginDoc;
use super::super::super::register::put_dataset;
use super::super::super::{Catalogue, Error};
use super::super::source::HarvestSource;
use super::{Writing, holders_of};

/// Under what the relations of a copy are kept that lead to nothing yet.
const RELATIONS: &str = "relations";
/// Copies whose relations are looked at again in one transaction.
const WAITING_AT_ONCE: i64 = 200;

/// The relations of a record as its registry gives them, where some of them lead to nothing here: they are looked at again.
pub(super) fn waiting_for(relations: &[Relation], left_out: &[Problem]) -> Result<Map<String, Value>, Error> {
    let mut content = Map::new();
    if !left_out.is_empty() {
        content.insert(RELATIONS.to_owned(), serde_json::to_value(relations)?);
    }
    Ok(content)
}

/// Looks again at relations that led to nothing when their record was read, since what they mean came after it. Returns how many hold now.
///
/// # Errors
/// The database is unavailable.
pub fn settle_relations(catalogue: &Catalogue, source: &HarvestSource, registry: &Registry, now: i64) -> Result<u64, Error> {
    let (mut after, mut settled) = (String::new(), 0);
    let writing = Writing { catalogue, source, registry, sweep: "", now, known: HashMap::new() };
    loop {
        let rows = catalogue.db.read(|conn| sources::waiting(conn, &source.place(), RELATIONS, &after, WAITING_AT_ONCE))?;
        let Some(last) = rows.last() else { return Ok(settled) };
        after.clone_from(&last.record_key);
        let done = catalogue.db.write(|conn, ledger| {
            rows.into_iter().map(|row| writing.settle_waiting(conn, ledger, row)).collect::<Result<Vec<_>, Error>>()
        })?;
        let ids: Vec<Uuid> = done.iter().flatten().map(|(id, _)| *id).collect();
        settled += done.iter().flatten().map(|(_, count)| count).sum::<u64>();
        catalogue.forget(&ids, true);
    }
}

impl Writing<'_> {
    /// Leads relations to the copies of what they mean there. A record here that only has the same short name is another one, and may be
    /// one that nobody is to know of. Returns those that hold here, and what is left out.
    pub(super) fn relate(&self, conn: &mut Conn, relations: Vec<Relation>) -> Result<(Vec<Relation>, Vec<Problem>), Error> {
        let names: Vec<String> =
            relations.iter().flat_map(|relation| [relation.dataset.to_string(), self.marked(&relation.dataset)]).collect();
        let mut copies: HashMap<String, Slug> = HashMap::new();
        for row in datasets::by_slugs(conn, &names)? {
            let dataset: Dataset = serde_json::from_str(&row.doc)?;
            copies.extend(dataset.copied_from.map(|from| (from.address, dataset.slug)));
        }
        let mut left_out = Vec::new();
        let mut kept = Vec::new();
        for relation in relations {
            match copies.get(&self.address(&relation.dataset)) {
                Some(here) => kept.push(Relation { dataset: here.clone(), ..relation }),
                None => {
                    let remedy = "is not copied from that registry; the relation is taken at the end of a run that brings it";
                    left_out.push(Problem::new("relations.dataset", &relation.dataset, remedy));
                }
            }
        }
        Ok((kept, left_out))
    }

    /// The record whose relations hold now, and how many of them are new; none where nothing has changed.
    fn settle_waiting(&self, conn: &mut Conn, ledger: &mut Ledger, mut row: OriginRow) -> Result<Option<(Uuid, u64)>, Error> {
        let mut doc: OriginDoc = serde_json::from_str(&row.doc)?;
        let relations: Vec<Relation> = doc.content.get(RELATIONS).map(Vec::deserialize).transpose()?.unwrap_or_default();
        let Some(existing) = datasets::by_ids(conn, std::slice::from_ref(&row.dataset_id))?.pop() else { return Ok(None) };
        let mut dataset: Dataset = serde_json::from_str(&existing.doc)?;
        let (kept, left_out) = self.relate(conn, relations.clone())?;
        if dataset.copied_from.is_none() || kept == dataset.relations {
            return Ok(None);
        }
        let before = u64::try_from(dataset.relations.len()).unwrap_or_default();
        let count = (kept.len() as u64).saturating_sub(before);
        dataset.relations = kept;
        let held_by = holders_of(conn, &dataset)?;
        put_dataset(conn, ledger, dataset, &held_by, Some(&existing), self.entry())?;
        doc.unfit = left_out.iter().map(Into::into).collect();
        doc.content = waiting_for(&relations, &left_out)?;
        row.doc = serde_json::to_string(&doc)?;
        row.updated_at = self.now;
        sources::update_origin(conn, &row)?;
        Ok(Some((super::super::super::catalogue::read_id(&row.dataset_id)?, count)))
    }
}
