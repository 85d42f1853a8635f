//! What dates make of an agreement: in force, expired, renewed, to be warned of.

use time::{Date, Month};

use crate::domain::time::{FAR_FUTURE, PartialDate};
use crate::domain::vocabulary::{AgreementRenewal, AgreementState};

use super::Agreement;

/// Days before the end on which the parties are warned.
pub const WARNING_DAYS: [i64; 3] = [7, 30, 90];

/// A day that the parties must not miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Last day of the agreement.
    Ends(i64),
    /// Last day on which notice can be given; after it the agreement is renewed tacitly.
    Notice(i64),
}

impl Deadline {
    /// The day, counted from 1970-01-01.
    pub fn day(self) -> i64 {
        match self {
            Self::Ends(day) | Self::Notice(day) => day,
        }
    }
}

/// Which warning is due: 90, 30 or 7 days before the end, each once. After an outage only the nearest is given.
/// `told` are the warnings that were given for this end.
pub fn warnings_due(ends_on: i64, today: i64, told: &[i64]) -> Option<i64> {
    let left = ends_on.saturating_sub(today);
    let nearest = WARNING_DAYS.into_iter().find(|days| (0..=*days).contains(&left))?;
    told.iter().all(|days| *days > nearest).then_some(nearest)
}

impl Agreement {
    /// State on a day, counted from 1970-01-01. IN_FORCE and EXPIRED follow from the dates: nobody has to open a page for them.
    pub fn state_on(&self, day: i64) -> AgreementState {
        let recorded = match self.standing.state {
            AgreementState::InForce | AgreementState::Expired => AgreementState::Signed,
            state => state,
        };
        let is_over = self.until(day).is_some_and(|last| last < day);
        match recorded {
            AgreementState::Signed | AgreementState::Suspended if is_over => AgreementState::Expired,
            AgreementState::Signed if self.starts_on.is_some_and(|start| start.first_day() <= day) => AgreementState::InForce,
            state => state,
        }
    }

    /// Last day as a day knows it; none where the end is open. Of an agreement that is renewed tacitly it is that of the first span against whose
    /// renewal notice can still be given; once notice was given, that of the first span that ends late enough after the notice.
    pub fn until(&self, day: i64) -> Option<i64> {
        let first = self.ends_on?.last_day();
        let Some(months) = self.span() else { return Some(first) };
        let given = self.standing.notice_on.map_or(day, |given| given.first_day());
        let is_late_enough = |end: i64| add_months(end, -self.notice_months()) >= given;
        Some(end_of_span(first, months, span_number(first, months, is_late_enough)))
    }

    /// The day that the parties must not miss next: the end, or the last day for notice against tacit renewal.
    pub fn deadline(&self, day: i64) -> Option<Deadline> {
        let first = self.ends_on?.last_day();
        match (self.span(), self.standing.notice_on) {
            (Some(months), None) => {
                let notice = |end| add_months(end, -self.notice_months());
                let number = span_number(first, months, |end| notice(end) >= day);
                Some(Deadline::Notice(notice(end_of_span(first, months, number))))
            }
            _ => self.until(day).map(Deadline::Ends),
        }
    }

    /// Months of each further span; none where nothing is renewed by itself.
    fn span(&self) -> Option<i64> {
        let months = i64::from(self.renewal.period_months?);
        (self.renewal.kind == AgreementRenewal::Tacit && months > 0).then_some(months)
    }

    fn notice_months(&self) -> i64 {
        i64::from(self.renewal.notice_months.unwrap_or(0)).max(0)
    }
}

/// Last day of a span; 0 is the first.
fn end_of_span(first: i64, months: i64, number: i64) -> i64 {
    if number == 0 { first } else { add_months(first, months.saturating_mul(number)) }
}

/// The first span whose last day is late enough; the far future counts as late enough.
fn span_number(first: i64, months: i64, is_late_enough: impl Fn(i64) -> bool) -> i64 {
    let good = |number| {
        let end = end_of_span(first, months, number);
        end >= FAR_FUTURE || is_late_enough(end)
    };
    if good(0) {
        return 0;
    }
    let (mut low, mut high) = (0, 1);
    while !good(high) {
        (low, high) = (high, high * 2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if good(middle) { high = middle } else { low = middle }
    }
    high
}

/// The same day some months later or earlier, counted so that the end of a month stays the end of a month.
pub(super) fn add_months(day: i64, months: i64) -> i64 {
    let Some(next) = date_of(day.saturating_add(1)) else { return FAR_FUTURE };
    let number = i64::from(next.year()) * 12 + i64::from(u8::from(next.month())) - 1 + months;
    let (year, month) = (number.div_euclid(12), number.rem_euclid(12));
    let month = u8::try_from(month + 1).ok().and_then(|month| Month::try_from(month).ok());
    let (Ok(year @ 0..=9999), Some(month)) = (i32::try_from(year), month) else { return FAR_FUTURE };
    let date = Date::from_calendar_date(year, month, next.day().min(month.length(year)));
    date.map_or(FAR_FUTURE, |date| days_of(date) - 1)
}

/// The date of a day, counted from 1970-01-01; none after the year 9999.
pub fn date_on(day: i64) -> Option<PartialDate> {
    let date = date_of(day)?;
    Some(PartialDate { year: date.year(), month: Some(u8::from(date.month())), day: Some(date.day()), qualifier: None })
}

fn days_of(date: Date) -> i64 {
    i64::from(date.to_julian_day()) - i64::from(time::macros::date!(1970 - 01 - 01).to_julian_day())
}

fn date_of(day: i64) -> Option<Date> {
    let julian = i64::from(time::macros::date!(1970 - 01 - 01).to_julian_day()).checked_add(day)?;
    i32::try_from(julian).ok().and_then(|julian| Date::from_julian_day(julian).ok())
}
