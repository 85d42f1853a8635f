//! Collections that the producer registered, beside those that its record documents: of the same collection one stands in the calendar.

use crate::domain::agreement::date_on;
use crate::domain::dataset::Dataset;
use crate::domain::text::MultilingualText;
use crate::domain::time::{Bound, Period};
use crate::domain::vocabulary::{CalendarState, CollectionStatus, RecordKind};

use super::{Dates, Mark, Source};

/// A collection that the producer of a record registered, as far as it decides what it takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Where it stands.
    pub state: CalendarState,
    /// First day of the dates that count, from 1970-01-01.
    pub first: i64,
    /// Last day of the dates that count.
    pub last: i64,
}

impl Collection {
    /// Whether it is still to come or under way: neither told as done nor given up.
    pub fn is_ahead(&self) -> bool {
        matches!(self.state, CalendarState::Planned | CalendarState::Postponed)
    }

    /// Whether it takes the place of a date that the record documents. A plan gives way to whatever was registered, except that the next
    /// collection stays beside those that were over before it begins. What was collected gives way to an entry of the same months.
    pub fn replaces(&self, mark: &Mark, is_plan: bool) -> bool {
        match mark.source {
            Source::PlannedPeriod => true,
            Source::NextCollection => self.is_ahead() || self.last >= mark.first,
            Source::CollectionPeriod if is_plan => true,
            Source::CollectionPeriod => {
                let is_given_up = self.state == CalendarState::Cancelled;
                !is_given_up && (month(self.first), month(self.last)) == (month(mark.first), month(mark.last))
            }
            Source::ReviewDue | Source::EmbargoEnd(_) | Source::CoordinationEnd => false,
        }
    }
}

/// Year and month of a day.
fn month(day: i64) -> Option<(i32, Option<u32>)> {
    date_on(day).map(|date| (date.year, date.month.map(u32::from)))
}

/// Whether a record describes a collection that is planned: by the state of the collection, else by the kind of record.
pub fn is_plan(dataset: &Dataset) -> bool {
    match dataset.collection_status {
        Some(status) => status == CollectionStatus::Planned,
        None => dataset.record_kind == RecordKind::PlannedActivity,
    }
}

/// A record read as that of the collection of it that is planned: as it stands where it describes a plan; else with the next collection, where
/// one is documented, in place of those that were.
pub fn as_plan(dataset: &Dataset) -> Option<Dataset> {
    if is_plan(dataset) { Some(dataset.clone()) } else { with_next(dataset) }
}

/// The same of the next collection alone.
pub fn with_next(dataset: &Dataset) -> Option<Dataset> {
    let next = Bound::Date(dataset.coverage.next_collection?);
    Some(with_dates(dataset, &Dates { start: next, end: next }))
}

/// A record read as that of a plan with the dates that were registered in place of those that it documents.
pub fn with_dates(dataset: &Dataset, dates: &Dates) -> Dataset {
    let mut dataset = dataset.clone();
    dataset.collection_status = Some(CollectionStatus::Planned);
    dataset.coverage.collection_period = Some(Period { start: dates.start, end: dates.end, note: MultilingualText::default() });
    dataset.coverage.next_collection = None;
    dataset
}

/// Whether the next collection that a record documents stands beside the collections that its producer registered.
pub fn stands_beside(dataset: &Dataset, registered: &[Collection]) -> bool {
    let marks = super::of_dataset(dataset);
    let next = marks.iter().map(|documented| documented.mark).find(|mark| mark.source == Source::NextCollection);
    next.is_some_and(|mark| !registered.iter().any(|collection| collection.replaces(&mark, is_plan(dataset))))
}
