//! Punctuality of the releases of one dataset.

use std::sync::Arc;

use juniper::FieldResult;

use crate::domain::calendar::{Release, days_between, median};
use crate::domain::vocabulary::MaskableField;
use crate::service::{Record, calendar};

use super::calendar::CalendarDates;
use super::context::Context;
use super::prefetch;

/// From planned to actual days, for the releases of one dataset.
pub struct Punctuality(Vec<Release>);

impl Punctuality {
    /// The releases of a dataset; none where the dataset hides its dates from the viewer.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn of(context: &Context, record: &Arc<Record>) -> FieldResult<Option<Self>> {
        if record.dataset.hides(MaskableField::Period) {
            return Ok(None);
        }
        Ok(Some(Self(calendar::releases(&prefetch::events_of(context, record)?))))
    }
}

/// From the day that was planned to the day that came, release by release, of one dataset. It is summed up for nothing and nobody else.
#[juniper::graphql_object(context = Context)]
impl Punctuality {
    /// Releases that were told as done, by day of registration of the plan.
    fn released(&self) -> Vec<ReleasePunctuality> {
        self.0.iter().copied().map(ReleasePunctuality).collect()
    }

    /// The middle one of the days from the first plan to the release, of those that are known to the day; null where none is.
    fn median_days(&self) -> Option<f64> {
        median(self.0.iter().filter_map(|release| days_between(&release.first_planned, &release.actual)).collect())
    }
}

/// One release.
pub struct ReleasePunctuality(Release);

/// One release: when it was planned and when it came.
#[juniper::graphql_object(context = Context)]
impl ReleasePunctuality {
    /// When it was first planned.
    fn planned(&self) -> CalendarDates {
        CalendarDates(self.0.first_planned)
    }

    /// When it was planned last, after every change that was told.
    fn last_planned(&self) -> CalendarDates {
        CalendarDates(self.0.last_planned)
    }

    /// When it was released.
    fn actual(&self) -> CalendarDates {
        CalendarDates(self.0.actual)
    }

    /// Days from the first plan to the release, negative where it came before; null where one of them is not known to the day.
    fn days(&self) -> Option<i32> {
        days_between(&self.0.first_planned, &self.0.actual).and_then(|days| i32::try_from(days).ok())
    }

    /// Days from the last plan to the release.
    fn days_from_last_plan(&self) -> Option<i32> {
        days_between(&self.0.last_planned, &self.0.actual).and_then(|days| i32::try_from(days).ok())
    }
}
