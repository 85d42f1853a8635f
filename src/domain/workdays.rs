//! Working days: which days count for a holder's service times, by a calendar that is data.
//!
//! Rest days of the week and public holidays differ by country and by year; some are announced only shortly before.
//! None are compiled in: the operator or coordinator gives them, and until then only the rest days of the week count.

pub mod file;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, Weekday};

use super::text::MultilingualText;

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// A day of the Gregorian calendar, counted from 1970-01-01; written YYYY-MM-DD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Day {
    /// The day of an instant, UTC.
    pub fn of(instant: i64) -> Self {
        Self(instant.div_euclid(DAY_MS))
    }

    /// Reads YYYY-MM-DD.
    ///
    /// # Errors
    /// A sentence that names the fault and the remedy.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = || {
            let date = super::time::PartialDate::parse(text).ok()?;
            (date.day.is_some() && date.qualifier.is_none()).then(|| date.first_day())
        };
        let shown: String = text.chars().take(40).collect();
        read().map(Self).ok_or_else(|| format!("`{shown}` is not a day; use YYYY-MM-DD, such as 2026-11-18"))
    }

    /// The instant at which the day has ended, UTC, milliseconds from 1970-01-01.
    pub fn end(self) -> i64 {
        self.0.saturating_add(1).saturating_mul(DAY_MS)
    }

    /// So many days later.
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    fn date(self) -> Option<Date> {
        Date::from_calendar_date(1970, Month::January, 1).ok()?.checked_add(Duration::days(self.0))
    }

    fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::Thursday.nth_next(u8::try_from(self.0.rem_euclid(7)).unwrap_or(0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()),
            None => write!(f, "day {}", self.0),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Which days are worked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Calendar {
    /// Rest days of the week, 1 Monday to 7 Sunday (ISO 8601).
    pub rest_days: Vec<u8>,
    /// Public holidays with their names.
    #[serde(default)]
    pub holidays: BTreeMap<Day, MultilingualText>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { rest_days: vec![6, 7], holidays: BTreeMap::new() }
    }
}

impl Calendar {
    /// Whether the day is worked on. Where every day of the week is a rest day, every day counts, so that no clock stands still for ever.
    pub fn is_worked(&self, day: Day) -> bool {
        let all_rest = (1..=7).all(|number| self.rest_days.contains(&number));
        all_rest || !self.rest_days.contains(&day.weekday().number_from_monday()) && !self.holidays.contains_key(&day)
    }

    /// The day on which so many working days after a day have passed; the day itself does not count.
    pub fn after(&self, day: Day, working_days: u32) -> Day {
        let (mut reached, mut left, mut walked) = (day, working_days, 0_u32);
        // A calendar without a single worked day in ten years is a mistake, not an endless wait.
        while left > 0 && walked < 3_660 + working_days {
            reached = reached.plus(1);
            walked += 1;
            if self.is_worked(reached) {
                left -= 1;
            }
        }
        reached
    }

    /// Working days after one day up to another, the latter included; 0 where it lies before.
    pub fn between(&self, from: Day, to: Day) -> u32 {
        let days = (from.0.saturating_add(1)..=to.0).take(3_660).filter(|day| self.is_worked(Day(*day))).count();
        u32::try_from(days).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("day")
    }

    #[test]
    fn rest_days_and_holidays_do_not_count() {
        let mut calendar = Calendar::default();
        // 2026-11-27 is a Friday.
        assert_eq!(calendar.after(day("2026-11-27"), 1), day("2026-11-30"));
        assert_eq!(calendar.after(day("2026-11-27"), 5), day("2026-12-04"));
        calendar.holidays.insert(day("2026-11-30"), MultilingualText::default());
        assert_eq!(calendar.after(day("2026-11-27"), 1), day("2026-12-01"));
        assert_eq!(calendar.after(day("2026-11-28"), 0), day("2026-11-28"));
        assert_eq!(calendar.between(day("2026-11-27"), day("2026-12-01")), 1);
        let friday_rest = Calendar { rest_days: vec![5, 6], ..Calendar::default() };
        assert_eq!(friday_rest.after(day("2026-11-26"), 1), day("2026-11-29"));
    }

    #[test]
    fn a_calendar_without_worked_days_ends_all_the_same() {
        let calendar = Calendar { rest_days: (1..=7).collect(), ..Calendar::default() };
        assert_eq!(calendar.after(day("2026-11-27"), 3), day("2026-11-30"));
    }

    #[test]
    fn days_are_written_as_they_are_read() {
        for text in ["1970-01-01", "2026-02-28", "2024-02-29", "1969-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        assert!(Day::parse("2026-02-30").is_err() && Day::parse("2026-02").is_err() && Day::parse("2026-02-01?").is_err());
        assert_eq!(Day::of(day("2026-11-28").end() - 1), day("2026-11-28"));
        assert_eq!(Day::of(-1), day("1969-12-31"));
    }
}
