//! The calendar: which days records document, and what the days make of an entry.
//!
//! A date is shown as it is documented and never made more exact: a month is the whole month, an end that nobody knows stays unknown.

mod collection;
mod event;
mod punctuality;
#[cfg(test)]
mod tests;

pub use collection::{Collection, as_plan, is_plan, stands_beside, with_dates, with_next};
pub use event::{Event, MAX_EVENTS, MAX_POSTPONEMENTS, MAX_REASON, MAX_TITLE, Postponement, check_dates};
pub use punctuality::{Release, days_between, median};

use serde::{Deserialize, Serialize};

use super::dataset::Dataset;
use super::time::{Bound, FAR_FUTURE, FAR_PAST, PartialDate, Period};
use super::vocabulary::{CalendarKind, CalendarState, CollectionStatus, DatePrecision};

/// The days of an entry, as they are documented: from one date to another, each perhaps imprecise, open or not documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dates {
    /// Beginning.
    #[serde(skip_serializing_if = "Bound::is_unknown")]
    pub start: Bound,
    /// End.
    #[serde(skip_serializing_if = "Bound::is_unknown")]
    pub end: Bound,
}

impl From<PartialDate> for Dates {
    fn from(date: PartialDate) -> Self {
        Self { start: Bound::Date(date), end: Bound::Date(date) }
    }
}

impl From<&Period> for Dates {
    fn from(period: &Period) -> Self {
        Self { start: period.start, end: period.end }
    }
}

impl Dates {
    /// From one date to another.
    pub fn between(start: PartialDate, end: PartialDate) -> Self {
        Self { start: Bound::Date(start), end: Bound::Date(end) }
    }

    /// First and last day that are documented, counted from 1970-01-01; none where no date is. Of what is open or unknown at one end
    /// only the other end is documented.
    pub fn days(&self) -> Option<(i64, i64)> {
        let (start, end) = (self.start.date().or(self.end.date())?, self.end.date().or(self.start.date())?);
        Some((start.first_day(), end.last_day().max(start.first_day())))
    }

    /// Whether they are later than those of before: they begin after all days that the beginning of before may mean, or end later. What
    /// is only said more exactly is not later, nor is what is brought forward.
    pub fn are_later_than(&self, before: &Self) -> bool {
        let begins = |dates: &Self| dates.start.date().or(dates.end.date());
        let begin_later = begins(self).zip(begins(before)).is_some_and(|(now, then)| now.first_day() > then.last_day());
        let ends = |dates: &Self| dates.days().map(|(_, last)| if dates.goes_on() { FAR_FUTURE } else { last });
        let end_later = ends(self).zip(ends(before)).is_some_and(|(now, then)| now > then);
        begin_later || end_later
    }

    /// Whether it goes on, without an end.
    pub fn goes_on(&self) -> bool {
        self.end == Bound::Open
    }

    /// The less exact of its dates; none where no date is documented.
    pub fn precision(&self) -> Option<DatePrecision> {
        let of = |date: PartialDate| match (date.month, date.day) {
            (None, _) => DatePrecision::Year,
            (Some(_), None) => DatePrecision::Month,
            _ => DatePrecision::Day,
        };
        self.start.date().into_iter().chain(self.end.date()).map(of).min()
    }

    /// Whether a date is marked as uncertain or approximate.
    pub fn is_approximate(&self) -> bool {
        self.start.date().into_iter().chain(self.end.date()).any(|date| date.qualifier.is_some())
    }

    /// The one day that is meant; none where it is several, or not known to the day.
    pub fn exact_day(&self) -> Option<i64> {
        let (first, last) = self.days()?;
        (first == last && !self.is_approximate()).then_some(first)
    }

    /// As people read it: `2018-08`, `2018-08/2019-01`, `2005/..`.
    pub fn edtf(&self) -> String {
        match (self.start, self.end) {
            (Bound::Date(start), Bound::Date(end)) if start == end => start.to_string(),
            (start, end) => Period { start, end, ..Period::default() }.edtf(),
        }
    }
}

/// Which date of a record an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// When the data were, or will be, collected.
    CollectionPeriod,
    /// Of a planned collection that documents no other: the period that it is about.
    PlannedPeriod,
    /// The next collection.
    NextCollection,
    /// Day on which the record should be reviewed.
    ReviewDue,
    /// End of the embargo of a holding, by its place in the record's list.
    EmbargoEnd(u8),
    /// Until when a planned collection is open to coordination.
    CoordinationEnd,
}

impl Source {
    /// Kind of the entry.
    pub fn kind(self) -> CalendarKind {
        match self {
            Self::CollectionPeriod | Self::PlannedPeriod | Self::NextCollection => CalendarKind::Collection,
            Self::ReviewDue => CalendarKind::Review,
            Self::EmbargoEnd(_) => CalendarKind::EmbargoEnd,
            Self::CoordinationEnd => CalendarKind::CoordinationEnd,
        }
    }

    /// A name for addresses and identifiers; it never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::CollectionPeriod => "collection",
            Self::PlannedPeriod => "plan",
            Self::NextCollection => "next-collection",
            Self::ReviewDue => "review",
            Self::EmbargoEnd(_) => "embargo",
            Self::CoordinationEnd => "coordination",
        }
    }

    fn number(self) -> (u64, u8) {
        match self {
            Self::CollectionPeriod => (0, 0),
            Self::PlannedPeriod => (1, 0),
            Self::NextCollection => (2, 0),
            Self::ReviewDue => (3, 0),
            Self::EmbargoEnd(place) => (4, place),
            Self::CoordinationEnd => (5, 0),
        }
    }

    fn numbered(number: u64, place: u8) -> Option<Self> {
        Some(match number {
            0 => Self::CollectionPeriod,
            1 => Self::PlannedPeriod,
            2 => Self::NextCollection,
            3 => Self::ReviewDue,
            4 => Self::EmbargoEnd(place),
            5 => Self::CoordinationEnd,
            _ => return None,
        })
    }
}

/// What the record says of how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It is planned, or due.
    Due,
    /// It is finished.
    Finished,
    /// The dates alone tell.
    ByDates,
    /// It goes on, and no end is documented.
    GoesOn,
    /// It has begun; no end is documented.
    WithoutEnd,
    /// It happens by itself when its day comes.
    ByItself,
}

const STANDINGS: [Standing; 6] =
    [Standing::Due, Standing::Finished, Standing::ByDates, Standing::GoesOn, Standing::WithoutEnd, Standing::ByItself];

/// A date of a record, so short that the search index keeps it for every record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which date it is.
    pub source: Source,
    /// First documented day, counted from 1970-01-01.
    pub first: i64,
    /// Last documented day; the far future where it goes on.
    pub last: i64,
    standing: Standing,
}

/// Bits that a day takes.
const DAY: u32 = 25;
const DAY_MASK: u64 = (1 << DAY) - 1;

impl Mark {
    fn new(source: Source, dates: &Dates, standing: Standing) -> Option<Self> {
        let (first, last) = dates.days()?;
        let goes_on = dates.goes_on() || standing == Standing::GoesOn;
        Some(Self { source, first, last: if goes_on { FAR_FUTURE } else { last }, standing })
    }

    /// The mark as one number: which date, how it stands, first and last day.
    pub fn packed(self) -> u64 {
        let (source, place) = self.source.number();
        let standing = STANDINGS.iter().position(|known| *known == self.standing).unwrap_or(0) as u64;
        let day = |day: i64| (day.clamp(FAR_PAST, FAR_FUTURE) - FAR_PAST).unsigned_abs();
        (source << 61) | (standing << 58) | (u64::from(place) << 50) | (day(self.first) << DAY) | day(self.last)
    }

    /// Reads a packed mark; none for a number that is none.
    pub fn unpacked(number: u64) -> Option<Self> {
        let place = u8::try_from((number >> 50) & 0xff).ok()?;
        let (first, last) = Self::days_of(number);
        Some(Self {
            source: Source::numbered(number >> 61, place)?,
            standing: *STANDINGS.get(usize::try_from((number >> 58) & 0x7).ok()?)?,
            first,
            last,
        })
    }

    /// First and last day of a packed mark, without a look at the rest of it.
    pub fn days_of(number: u64) -> (i64, i64) {
        let day = |bits: u64| (bits & DAY_MASK).cast_signed() + FAR_PAST;
        (day(number >> DAY), day(number))
    }

    /// How it stands on a day.
    pub fn state(&self, today: i64) -> CalendarState {
        let is_ahead = self.first > today;
        match self.standing {
            Standing::Due => CalendarState::Planned,
            Standing::Finished => CalendarState::Done,
            Standing::ByItself if is_ahead => CalendarState::Planned,
            Standing::ByItself => CalendarState::Done,
            _ if is_ahead => CalendarState::Planned,
            Standing::GoesOn => CalendarState::Ongoing,
            Standing::WithoutEnd => CalendarState::NotDocumented,
            Standing::ByDates if self.last < today => CalendarState::Done,
            Standing::ByDates => CalendarState::Ongoing,
        }
    }

    /// Whether its last day is past and nothing tells that it was done.
    pub fn is_overdue(&self, today: i64) -> bool {
        is_overdue(self.state(today), self.last, today)
    }
}

/// Whether what was planned is past its last day and was not told as done.
pub fn is_overdue(state: CalendarState, last: i64, today: i64) -> bool {
    matches!(state, CalendarState::Planned | CalendarState::Postponed) && last < today
}

/// A date of a record with its documented days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Documented {
    /// The mark.
    pub mark: Mark,
    /// The days as documented.
    pub dates: Dates,
}

/// Every date of a record that stands in the calendar.
pub fn of_dataset(dataset: &Dataset) -> Vec<Documented> {
    let coverage = &dataset.coverage;
    let is_plan = is_plan(dataset);
    let mut found = Vec::new();
    let mut add = |source, dates: Dates, standing| found.extend(Mark::new(source, &dates, standing).map(|mark| Documented { mark, dates }));
    let collected = coverage.collection_period.as_ref().map(Dates::from).filter(|dates| dates.days().is_some());
    if let Some(dates) = collected {
        add(Source::CollectionPeriod, dates, standing(dataset.collection_status, is_plan, &dates));
    }
    let own_plan = coverage.period.as_ref().filter(|_| is_plan && collected.is_none() && coverage.next_collection.is_none());
    if let Some(period) = own_plan {
        add(Source::PlannedPeriod, period.into(), Standing::Due);
    }
    if let Some(next) = coverage.next_collection {
        add(Source::NextCollection, next.into(), Standing::Due);
    }
    if let Some(until) = coverage.open_to_coordination_until {
        add(Source::CoordinationEnd, until.into(), Standing::ByDates);
    }
    if let Some(due) = dataset.review_due_on {
        add(Source::ReviewDue, due.into(), Standing::Due);
    }
    for (holding, place) in dataset.holdings.iter().zip(0..=u8::MAX) {
        let until = holding.access_terms.embargo_until.as_deref().and_then(|text| PartialDate::parse(text).ok());
        if let Some(until) = until {
            add(Source::EmbargoEnd(place), until.into(), Standing::ByItself);
        }
    }
    found
}

/// What the state of the collection and the ends of its period say together. Of a plan nothing tells that it was carried out.
fn standing(status: Option<CollectionStatus>, is_plan: bool, dates: &Dates) -> Standing {
    match (status, dates.end) {
        _ if is_plan => Standing::Due,
        (Some(CollectionStatus::Completed), _) => Standing::Finished,
        // That it goes on is documented, whatever was planned as its end.
        (Some(CollectionStatus::Ongoing), Bound::Date(_)) => Standing::GoesOn,
        (_, Bound::Date(_)) => Standing::ByDates,
        (_, Bound::Open) | (Some(CollectionStatus::Ongoing), _) => Standing::GoesOn,
        (_, Bound::Unknown) => Standing::WithoutEnd,
    }
}

/// A part of the calendar, from one day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: i64,
    /// Last day.
    pub to: i64,
}

impl Window {
    /// From the first day that a date may mean to the last of another; without a limit where none is given.
    pub fn new(from: Option<PartialDate>, to: Option<PartialDate>) -> Self {
        Self { from: from.map_or(FAR_PAST, |date| date.first_day()), to: to.map_or(FAR_FUTURE, |date| date.last_day()) }
    }

    /// Whether days touch the window.
    pub fn touches(&self, first: i64, last: i64) -> bool {
        first <= self.to && last >= self.from
    }
}
