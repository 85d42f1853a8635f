//! The dates of the records that a search finds.

use std::collections::HashSet;

use uuid::Uuid;

use crate::domain::calendar::Mark;
use crate::domain::vocabulary::{CollectionStatus, RecordKind, Vocabulary};

use super::bits::Bits;
use super::columns::Columns;
use super::engine::Results;
use super::filter::any_of;
use super::index::Snapshot;

/// The tag of a state that is not documented.
const NOT_SAID: &str = "-";

/// A date of a record that was found.
#[derive(Clone, Copy, Debug)]
pub struct Dated {
    /// Identifier of the record.
    pub id: Uuid,
    /// Number of the record in the order of creation.
    pub number: u32,
    /// The date.
    pub mark: Mark,
}

/// The records of a segment that describe a collection that is planned, as [`crate::domain::calendar::is_plan`] says of one.
pub(super) fn plans(columns: &Columns) -> Bits {
    let mut plans = any_of(columns, "k", &[RecordKind::PlannedActivity.code()]);
    plans &= &any_of(columns, "cs", &[NOT_SAID]);
    plans |= &any_of(columns, "cs", &[CollectionStatus::Planned.code()]);
    plans
}

impl Snapshot {
    /// Those of some records that describe a collection that is planned, and do not hide its dates from the reader.
    pub fn plans_with_dates_among(&self, wanted: &HashSet<Uuid>) -> HashSet<Uuid> {
        let mut found = HashSet::new();
        if wanted.is_empty() {
            return found;
        }
        for view in &self.segments {
            let mut docs = plans(&view.columns);
            docs &= &view.public;
            docs -= &any_of(&view.columns, "hp", &["1"]);
            docs.for_each(|doc| found.extend(Some(view.columns.id(doc)).filter(|id| wanted.contains(id))));
        }
        found
    }
}

impl Results {
    /// The dates of all records found that are wanted, in no order.
    pub fn dates(&self, is_wanted: impl Fn(&Mark) -> bool) -> Vec<Dated> {
        let mut found = Vec::new();
        for (segment, view) in self.segments.iter().zip(&self.snapshot.segments) {
            let columns = &view.columns;
            segment.matched.for_each(|doc| {
                let wanted = columns.marks(doc).filter(|mark| is_wanted(mark));
                found.extend(wanted.map(|mark| Dated { id: columns.id(doc), number: columns.number[doc as usize], mark }));
            });
        }
        found
    }

    /// Those of some records that were found and describe a collection that is planned, by its state, else by the kind of record.
    pub fn plans_among(&self, wanted: &HashSet<Uuid>) -> HashSet<Uuid> {
        let mut found = HashSet::new();
        if wanted.is_empty() {
            return found;
        }
        for (segment, view) in self.segments.iter().zip(&self.snapshot.segments) {
            let columns = &view.columns;
            let mut plans = plans(columns);
            plans &= &segment.matched;
            plans.for_each(|doc| found.extend(Some(columns.id(doc)).filter(|id| wanted.contains(id))));
        }
        found
    }

    /// Those of some records that were found and do not hide their dates from the reader.
    pub fn with_dates_among(&self, wanted: &HashSet<Uuid>) -> HashSet<Uuid> {
        let mut found = HashSet::new();
        if wanted.is_empty() {
            return found;
        }
        for (segment, view) in self.segments.iter().zip(&self.snapshot.segments) {
            let columns = &view.columns;
            let mut docs = segment.matched.clone();
            docs -= &any_of(columns, "hp", &["1"]);
            docs.for_each(|doc| found.extend(Some(columns.id(doc)).filter(|id| wanted.contains(id))));
        }
        found
    }
}
