//! The dates of the records that a search finds.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::Column;
use uuid::Uuid;

use crate::domain::calendar::{Mark, Source, Window};
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

/// The dates of the documents of a segment in the order of the calendar: by first day, kind, number of the record and mark. Twelve bytes each, so
/// that a part of the calendar is found without a look at each record.
pub struct Dates {
    marks: Vec<u64>,
    docs: Vec<u32>,
}

impl Dates {
    /// Reads the dates of a segment; `numbers` are those of the records by document.
    pub(super) fn new(column: Option<&Column<u64>>, numbers: &[u32]) -> Self {
        let Some(column) = column else { return Self { marks: Vec::new(), docs: Vec::new() } };
        let marks_of = |doc: u32| column.values_for_doc(doc).filter_map(move |packed| Some((Mark::unpacked(packed)?, doc)));
        let mut all: Vec<(Mark, u32)> = (0..u32::try_from(numbers.len()).unwrap_or(u32::MAX)).flat_map(marks_of).collect();
        all.sort_unstable_by_key(|(mark, doc)| (mark.first, mark.source.kind(), numbers[*doc as usize], mark.packed()));
        Self { marks: all.iter().map(|(mark, _)| mark.packed()).collect(), docs: all.iter().map(|(_, doc)| *doc).collect() }
    }

    /// Those that touch a window, each with its document.
    fn touching(&self, window: Window) -> impl Iterator<Item = (Mark, u32)> {
        let end = self.marks.partition_point(|packed| Mark::days_of(*packed).0 <= window.to);
        let begun = self.marks[..end].iter().zip(&self.docs);
        let touching = begun.filter(move |(packed, _)| Mark::days_of(**packed).1 >= window.from);
        touching.filter_map(|(packed, doc)| Some((Mark::unpacked(*packed)?, *doc)))
    }
}

/// Of what was looked up last in a snapshot: among which records, and what was found.
pub type Remembered = Mutex<Option<(Arc<HashSet<Uuid>>, Arc<HashSet<Uuid>>)>>;

/// The records of a segment that describe a collection that is planned, as [`crate::domain::calendar::is_plan`] says of one.
pub(super) fn plans(columns: &Columns) -> Bits {
    let mut plans = any_of(columns, "k", &[RecordKind::PlannedActivity.code()]);
    plans &= &any_of(columns, "cs", &[NOT_SAID]);
    plans |= &any_of(columns, "cs", &[CollectionStatus::Planned.code()]);
    plans
}

impl Snapshot {
    /// Those of some records that describe a collection that is planned, and do not hide its dates from the reader. The last answer is remembered:
    /// the same records are asked about until one more is.
    pub fn plans_with_dates_among(&self, wanted: &Arc<HashSet<Uuid>>) -> Arc<HashSet<Uuid>> {
        let remembered = || self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = remembered().as_ref().filter(|(known, _)| Arc::ptr_eq(known, wanted)) {
            return found.clone();
        }
        let mut found = HashSet::new();
        for view in self.segments.iter().filter(|_| !wanted.is_empty()) {
            let mut docs = plans(&view.columns);
            docs &= &view.public;
            docs -= &any_of(&view.columns, "hp", &["1"]);
            docs.for_each(|doc| found.extend(Some(view.columns.id(doc)).filter(|id| wanted.contains(id))));
        }
        let found = Arc::new(found);
        *remembered() = Some((wanted.clone(), found.clone()));
        found
    }

    /// Those of some records that document a collection that is planned: by what they describe, or as the next one.
    pub fn with_plans_among(&self, wanted: &HashSet<Uuid>) -> HashSet<Uuid> {
        let mut found = HashSet::new();
        for view in self.segments.iter().filter(|_| !wanted.is_empty()) {
            let columns = &view.columns;
            let mut docs = plans(columns);
            let next = columns.dates().touching(Window::new(None, None)).filter(|(mark, _)| mark.source == Source::NextCollection);
            next.for_each(|(_, doc)| docs.insert(doc));
            docs &= &view.public;
            docs.for_each(|doc| found.extend(Some(columns.id(doc)).filter(|id| wanted.contains(id))));
        }
        found
    }
}

impl Results {
    /// The dates of all records found that touch a window and are wanted; those of each segment in the order of the calendar.
    pub fn dates(&self, window: Window, is_wanted: impl Fn(&Mark) -> bool) -> Vec<Dated> {
        let mut found = Vec::new();
        for (segment, view) in self.segments.iter().zip(&self.snapshot.segments) {
            let columns = &view.columns;
            let touching = columns.dates().touching(window).filter(|(mark, doc)| segment.matched.contains(*doc) && is_wanted(mark));
            found.extend(touching.map(|(mark, doc)| Dated { id: columns.id(doc), number: columns.number[doc as usize], mark }));
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
