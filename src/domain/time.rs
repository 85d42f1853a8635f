//! Imprecise dates and periods, after the Extended Date/Time Format (ISO 8601-2, level 0 and the
//! qualifiers of level 1): `2018`, `2018-08`, `2018-08-01`, `2018~`, open ends `..`, unknown ends.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month};

use super::text::MultilingualText;
use super::vocabulary::PeriodMatch;

/// A date known to the year, the month or the day, with an optional EDTF qualifier
/// (`?` uncertain, `~` approximate, `%` both).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartialDate {
    /// Year of the Gregorian calendar, 1000 to 9999.
    pub year: i32,
    /// Month 1 to 12, where known.
    pub month: Option<u8>,
    /// Day of the month, where known.
    pub day: Option<u8>,
    /// `?`, `~` or `%`.
    pub qualifier: Option<char>,
}

impl PartialDate {
    /// Reads a partial date.
    ///
    /// # Errors
    /// A sentence that names the fault and the remedy.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            format!("`{shown}` is not a date; use YYYY, YYYY-MM or YYYY-MM-DD, such as 2018-08")
        })
    }

    fn read(text: &str) -> Option<Self> {
        let qualifier = text.chars().last().filter(|c| "?~%".contains(*c));
        let plain = qualifier.map_or(text, |_| &text[..text.len() - 1]);
        let mut parts = plain.split('-');
        let number = |part: &str, digits: usize| {
            (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
        };
        let year = i32::try_from(number(parts.next()?, 4)?).ok().filter(|y| *y >= 1000)?;
        let month = parts.next().map(|p| number(p, 2).filter(|m| (1..=12).contains(m))).map_or(Some(None), |m| m.map(Some))?;
        let day = parts.next().map(|p| number(p, 2)).map_or(Some(None), |d| d.map(Some))?;
        if parts.next().is_some() {
            return None;
        }
        let date = Self { year, month: month.map(|m| m as u8), day: day.map(|d| d as u8), qualifier };
        date.checked_day().map(|_| date)
    }

    fn checked_day(&self) -> Option<Date> {
        let month = Month::try_from(self.month.unwrap_or(1)).ok()?;
        Date::from_calendar_date(self.year, month, self.day.unwrap_or(1)).ok()
    }

    /// First day that the date may mean, counted in days from 1970-01-01.
    pub fn first_day(&self) -> i64 {
        days(self.checked_day().unwrap_or(Date::MIN))
    }

    /// Last day that the date may mean, counted in days from 1970-01-01.
    pub fn last_day(&self) -> i64 {
        let month = self.month.unwrap_or(12);
        let last = Month::try_from(month).map_or(31, |m| m.length(self.year));
        let precise = Self { month: Some(month), day: Some(self.day.unwrap_or(last)), ..*self };
        days(precise.checked_day().unwrap_or(Date::MAX))
    }
}

fn days(date: Date) -> i64 {
    i64::from(date.to_julian_day()) - i64::from(time::macros::date!(1970 - 01 - 01).to_julian_day())
}

/// The calendar year of a day, counted from 1970-01-01; none where no calendar reaches so far.
pub fn year_of(day: i64) -> Option<i32> {
    let julian = i64::from(time::macros::date!(1970 - 01 - 01).to_julian_day()).checked_add(day)?;
    Date::from_julian_day(i32::try_from(julian).ok()?).ok().map(Date::year)
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        self.qualifier.map_or(Ok(()), |q| write!(f, "{q}"))
    }
}

impl Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// One end of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bound {
    /// Nobody documented it.
    #[default]
    Unknown,
    /// The period goes on, or has no beginning.
    Open,
    /// A date, perhaps imprecise.
    Date(PartialDate),
}

impl Bound {
    /// Whether the bound is not documented.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// The date, where there is one.
    pub fn date(&self) -> Option<PartialDate> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Unknown | Self::Open => None,
        }
    }
}

impl Serialize for Bound {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_none(),
            Self::Open => serializer.serialize_str(".."),
            Self::Date(date) => date.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<String>::deserialize(deserializer)?.as_deref() {
            None => Ok(Self::Unknown),
            Some("..") => Ok(Self::Open),
            Some(text) => PartialDate::parse(text).map(Self::Date).map_err(serde::de::Error::custom),
        }
    }
}

/// A reference or collection period. Each end may be a partial date, open, or not documented.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Period {
    /// Beginning of the period.
    #[serde(skip_serializing_if = "Bound::is_unknown")]
    pub start: Bound,
    /// End of the period.
    #[serde(skip_serializing_if = "Bound::is_unknown")]
    pub end: Bound,
    /// What the source says about the period.
    #[serde(skip_serializing_if = "MultilingualText::is_empty")]
    pub note: MultilingualText,
}

impl Period {
    /// First day of the period; the far past where open, none where not documented.
    pub fn first_day(&self) -> Option<i64> {
        match self.start {
            Bound::Unknown => None,
            Bound::Open => Some(FAR_PAST),
            Bound::Date(date) => Some(date.first_day()),
        }
    }

    /// Last day of the period; the far future where open, none where not documented.
    pub fn last_day(&self) -> Option<i64> {
        match self.end {
            Bound::Unknown => None,
            Bound::Open => Some(FAR_FUTURE),
            Bound::Date(date) => Some(date.last_day()),
        }
    }

    /// Whether the period ends before it starts.
    pub fn is_impossible(&self) -> bool {
        matches!((self.first_day(), self.last_day()), (Some(start), Some(end)) if start > end)
    }

    /// The period as an EDTF interval: `2018-08/2019-01`, `2005/..`, `/2021`.
    pub fn edtf(&self) -> String {
        let side = |bound: &Bound| match bound {
            Bound::Unknown => String::new(),
            Bound::Open => "..".to_owned(),
            Bound::Date(date) => date.to_string(),
        };
        format!("{}/{}", side(&self.start), side(&self.end))
    }
}

/// Years, in the Gregorian calendar, of what is planned, said and decided: of calendars, plans and registers.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;
/// Years that a source of migration data writes of the Hijri calendar rather than of the Gregorian one: 1882 to 2076.
pub const HIJRI_YEARS: std::ops::RangeInclusive<i32> = 1300..=1499;

/// Looks whether a year can be one of a calendar, a plan or a register. One of the Hijri calendar would silently be six centuries too early.
///
/// # Errors
/// What to write instead.
pub fn check_year(date: PartialDate) -> Result<(), String> {
    if YEARS.contains(&date.year) {
        return Ok(());
    }
    let (first, last) = (YEARS.start(), YEARS.end());
    let hijri = if HIJRI_YEARS.contains(&date.year) {
        ": a year of the Hijri calendar has to be converted (année hégirienne à convertir ; سنة هجرية يجب تحويلها)"
    } else {
        ""
    };
    Err(format!("is no year of a calendar; use {first} to {last} of the Gregorian calendar{hijri}"))
}

/// Stands for "no beginning", in days from 1970-01-01.
pub const FAR_PAST: i64 = -10_000_000;
/// Stands for "goes on", in days from 1970-01-01.
pub const FAR_FUTURE: i64 = 10_000_000;

/// A window that a reference period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PeriodWindow {
    /// Beginning of the window, none for no limit.
    pub from: Option<PartialDate>,
    /// End of the window, none for no limit.
    pub to: Option<PartialDate>,
    /// Whether part of the period is enough.
    pub matching: PeriodMatch,
}

impl PeriodWindow {
    /// First day of the window.
    pub fn first_day(&self) -> i64 {
        self.from.map_or(FAR_PAST, |d| d.first_day())
    }

    /// Last day of the window.
    pub fn last_day(&self) -> i64 {
        self.to.map_or(FAR_FUTURE, |d| d.last_day())
    }
}

/// How well something answers a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It does not.
    No,
    /// It may: what would decide is not documented.
    Possible,
    /// It does.
    Certain,
}

/// Compares a period, given by its first and last day where documented, with a window.
pub fn fit_period(start: Option<i64>, end: Option<i64>, window: &PeriodWindow) -> Fit {
    let (from, to) = (window.first_day(), window.last_day());
    match window.matching {
        PeriodMatch::Overlaps => fit_overlap(start, end, from, to),
        PeriodMatch::Within => fit_within(start, end, from, to),
    }
}

fn fit_overlap(start: Option<i64>, end: Option<i64>, from: i64, to: i64) -> Fit {
    if start.is_some_and(|s| s > to) || end.is_some_and(|e| e < from) {
        return Fit::No;
    }
    let inside = |day: i64| from <= day && day <= to;
    match (start, end) {
        (Some(_), Some(_)) => Fit::Certain,
        (Some(s), None) if inside(s) => Fit::Certain,
        (None, Some(e)) if inside(e) || to >= FAR_FUTURE => Fit::Certain,
        _ => Fit::Possible,
    }
}

fn fit_within(start: Option<i64>, end: Option<i64>, from: i64, to: i64) -> Fit {
    // A documented end outside the window on either side excludes the whole period.
    let outside = |day: i64| day < from || day > to;
    if start.is_some_and(outside) || end.is_some_and(outside) {
        return Fit::No;
    }
    let start_decided = start.is_some() || from <= FAR_PAST;
    let end_decided = end.is_some() || to >= FAR_FUTURE;
    if start_decided && end_decided && (start.is_some() || end.is_some()) { Fit::Certain } else { Fit::Possible }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(from: &str, matching: PeriodMatch) -> PeriodWindow {
        PeriodWindow { from: PartialDate::parse(from).ok(), to: None, matching }
    }

    fn period(edtf: &str) -> (Option<i64>, Option<i64>) {
        let (start, end) = edtf.split_once('/').expect("interval");
        let json = serde_json::json!({ "start": (!start.is_empty()).then_some(start), "end": (!end.is_empty()).then_some(end) });
        let period: Period = serde_json::from_value(json).expect("period");
        (period.first_day(), period.last_day())
    }

    #[test]
    fn fieldwork_that_ends_in_january_2019_overlaps_2019_and_is_not_within() {
        let (start, end) = period("2018-08/2019-01");
        assert_eq!(fit_period(start, end, &window("2019", PeriodMatch::Overlaps)), Fit::Certain);
        assert_eq!(fit_period(start, end, &window("2019", PeriodMatch::Within)), Fit::No);
    }

    #[test]
    fn undocumented_ends_are_possible_and_open_ends_go_on() {
        for (edtf, overlaps, within) in [
            ("2003/2004", Fit::No, Fit::No),
            ("2005/..", Fit::Certain, Fit::No),
            ("/", Fit::Possible, Fit::Possible),
            ("/2021", Fit::Certain, Fit::Possible),
            ("/..", Fit::Certain, Fit::Possible),
            ("2014/", Fit::Possible, Fit::No),
            ("2020/", Fit::Certain, Fit::Certain),
            ("2020-07/2021-03", Fit::Certain, Fit::Certain),
        ] {
            let (start, end) = period(edtf);
            assert_eq!(fit_period(start, end, &window("2019", PeriodMatch::Overlaps)), overlaps, "{edtf} overlaps");
            assert_eq!(fit_period(start, end, &window("2019", PeriodMatch::Within)), within, "{edtf} within");
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for wrong in ["2018-13", "2018-02-30", "18", "2018-8", "2018-08-01-01", "", "٢٠١٨", "0999", "2018-00"] {
            assert!(PartialDate::parse(wrong).is_err(), "{wrong}");
        }
        assert!(PartialDate::parse("2020-02-29").is_ok());
    }

    proptest! {
        #[test]
        fn within_is_never_more_certain_than_overlaps(s in -1000i64..1000, len in 0i64..500, from in 1000i32..3000, span in 0i32..50) {
            let date = |year| Some(PartialDate { year, month: None, day: None, qualifier: None });
            let window = |matching| PeriodWindow { from: date(from), to: date(from + span), matching };
            for (start, end) in [(Some(s), Some(s + len)), (None, Some(s)), (Some(s), None), (None, None)] {
                prop_assert!(fit_period(start, end, &window(PeriodMatch::Within)) <= fit_period(start, end, &window(PeriodMatch::Overlaps)));
            }
        }

        #[test]
        fn what_is_written_is_read_again(year in 1000i32..9999, month in proptest::option::of(1u8..13), day in proptest::option::of(1u8..29)) {
            let date = PartialDate { year, month, day: month.and(day), qualifier: None };
            prop_assert_eq!(PartialDate::parse(&date.to_string()), Ok(date));
            prop_assert!(date.first_day() <= date.last_day());
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".*") {
            let _ = PartialDate::parse(&text);
        }
    }
}
