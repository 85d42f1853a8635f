//! Relations between records at a moment, read from both ends: that one of the two declares it is enough.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::dataset::{Dataset, Relation};
use crate::domain::ids::Slug;
use crate::domain::indicators::countries;
use crate::domain::policy::{Actor, readable};
use crate::domain::vocabulary::RelationType;
use crate::store::past;

use super::past::{Moment, seen};
use super::{Catalogue, Error};

/// Records that are looked at at a time, of which only those that declare a relation are read.
const PAGE: i64 = 2_000;
/// Records of common programmes that are read at a time.
const SOME: usize = 500;

/// What public records declared of each other at a moment, as anyone may know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// By short name of the record that is named: relations to those that name it, read from it to them.
    incoming: BTreeMap<Slug, Vec<Relation>>,
    /// By short name of a record of a common programme: countries that it reports on.
    countries: BTreeMap<Slug, BTreeSet<String>>,
}

impl Ties {
    /// Reads them.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn at(catalogue: &Catalogue, moment: &Moment) -> Result<Self, Error> {
        let mut ties = Self::default();
        // The console too makes what everyone may read.
        let (Some(place), Some(open)) = (&moment.place, readable(&Actor::Visitor)) else { return Ok(ties) };
        let mut programme: BTreeSet<Slug> = BTreeSet::new();
        let mut number = 0;
        loop {
            let (page, last) = catalogue.db.read(|conn| past::relating(conn, &open, number, PAGE, place.seq))?;
            for row in &page {
                let Some((dataset, _)) = seen(row)? else { continue };
                for relation in &dataset.relations {
                    if relation.relation_type == RelationType::SameProgramme {
                        programme.extend([dataset.slug.clone(), relation.dataset.clone()]);
                    }
                    let back = Relation {
                        relation_type: relation.relation_type.inverse(),
                        dataset: dataset.slug.clone(),
                        note: relation.note.clone(),
                    };
                    ties.incoming.entry(relation.dataset.clone()).or_default().push(back);
                }
            }
            match last {
                Some(last) => number = last,
                None => break,
            }
        }
        let named: Vec<String> = programme.iter().map(ToString::to_string).collect();
        for some in named.chunks(SOME) {
            for row in catalogue.db.read(|conn| past::of_slugs(conn, &open, some, place.seq))? {
                if let Some((dataset, _)) = seen(&row)? {
                    ties.countries.insert(dataset.slug.clone(), countries(&dataset, &catalogue.concepts));
                }
            }
        }
        Ok(ties)
    }

    /// Adds to a record the relations that others declare, read from it to them. One that it declares itself stays as it says it.
    pub fn complete(&self, dataset: &mut Dataset) {
        for relation in self.incoming.get(&dataset.slug).into_iter().flatten() {
            let is_known = |known: &Relation| known.relation_type == relation.relation_type && known.dataset == relation.dataset;
            if !dataset.relations.iter().any(is_known) {
                dataset.relations.push(relation.clone());
            }
        }
    }

    /// Countries that the records of common programmes report on, by short name.
    pub fn countries(&self) -> &BTreeMap<Slug, BTreeSet<String>> {
        &self.countries
    }
}
