//! Dates and periods in the forms in which other systems write them. What is not surely one of them is none: it stays words.

use time::{Date, Month};

use crate::domain::time::{Bound, PartialDate, Period};
use crate::domain::words::latin_digits;

/// A date of XML Schema or ISO 8601: `2018`, `2018-08`, `2018-08-01`, a date with a time of which the day is kept, in digits of any
/// of the scripts in use.
pub fn date(text: &str) -> Option<PartialDate> {
    let text = latin_digits(text.trim());
    let (day, time) = match text.find(['T', ' ']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text.as_str(), ""),
    };
    // Whatever follows the day must be a time: "1850 - 1975" is not the year 1850.
    if !time.is_empty() && !is_time(time) {
        return None;
    }
    let day = day.strip_suffix('Z').unwrap_or(day);
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return PartialDate::parse(&format!("{}-{}-{}", day.get(..4)?, day.get(4..6)?, day.get(6..)?)).ok();
    }
    let day = match day.get(10..) {
        None | Some("") => day,
        Some(zone) if is_zone(zone) => day.get(..10)?,
        Some(_) => return None,
    };
    PartialDate::parse(day).ok()
}

/// Hours and minutes, and whatever follows them.
fn is_time(text: &str) -> bool {
    let two_digits = |part: Option<&str>| part.is_some_and(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()));
    text.split_once(':').is_some_and(|(hours, rest)| two_digits(Some(hours)) && two_digits(rest.get(..2)))
}

/// A time zone such as `+01:00`.
fn is_zone(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [b'+' | b'-', a, b, b':', c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()))
}

/// An interval of ISO 8601 (`2018/2019-01`, `2018/..`, `2018-01-15/P1Y2M`, `P6W/2018-01-15`), a period of DCMI (`start=2018; end=2019;`), two dates with a dash between blanks
/// or two years with a dash between them, or one date.
pub fn interval(text: &str) -> Option<Period> {
    let text = text.trim();
    let part = |name: &str| text.split(';').find_map(|part| part.trim().strip_prefix(name)?.trim().strip_prefix('=')).map(str::trim);
    if text.contains('=') && (part("start").is_some() || part("end").is_some()) {
        let bound = |name| part(name).map_or(Some(Bound::Unknown), |value| date(value).map(Bound::Date));
        return Some(Period { start: bound("start")?, end: bound("end")?, ..Period::default() });
    }
    let bound = |text: &str| match text.trim() {
        "" => Some(Bound::Unknown),
        ".." => Some(Bound::Open),
        other => date(other).map(Bound::Date),
    };
    if let Some((start, end)) = text.split_once('/') {
        let (before, after) = (Lasting::read(start), Lasting::read(end));
        if before.is_some() || after.is_some() {
            let (start, end) = match (before, after) {
                (None, Some(lasting)) => (date(start)?, lasting.counted(start, 1)?),
                (Some(lasting), None) => (lasting.counted(end, -1)?, date(end)?),
                _ => return None,
            };
            return Some(Period { start: Bound::Date(start), end: Bound::Date(end), ..Period::default() });
        }
        let period = Period { start: bound(start)?, end: bound(end)?, ..Period::default() };
        return (!(period.start.is_unknown() && period.end.is_unknown())).then_some(period);
    }
    range(text).or_else(|| date(text).map(|date| Period { start: Bound::Date(date), end: Bound::Date(date), ..Period::default() }))
}

/// What is said of the other end of such a period as [`half`] reads.
pub const NO_END: &str = "is not a date, so that only the other end of the period was taken; give a date such as 2018-08-01";

/// A period of which only one end is a date, and the words of the other.
pub fn half(start: &str, end: &str) -> Option<(Period, String)> {
    let is_said = |text: &str| !text.trim().is_empty();
    match (date(start), date(end)) {
        (Some(date), None) if is_said(end) => Some((Period { start: Bound::Date(date), ..Period::default() }, end.trim().to_owned())),
        (None, Some(date)) if is_said(start) => Some((Period { end: Bound::Date(date), ..Period::default() }, start.trim().to_owned())),
        _ => None,
    }
}

/// The same of an interval, such as `31/12/2019/2020-06`.
pub fn half_interval(text: &str) -> Option<(Period, String)> {
    // Of `12/2019` neither side is an end of a period.
    let is_end =
        |side: &str| side.chars().any(char::is_alphabetic) || side.split(|c: char| !c.is_numeric()).any(|part| part.chars().count() >= 4);
    let sides = [text.split_once('/'), text.rsplit_once('/')].into_iter().flatten();
    sides.filter(|(start, end)| is_end(start) && is_end(end)).find_map(|(start, end)| half(start, end))
}

/// A duration of ISO 8601 such as `P1Y2M` or `P1DT12H`: months, and seconds.
#[derive(Default)]
struct Lasting {
    months: i64,
    seconds: i64,
}

/// Letters of a duration before its `T`, the longest first, each with its months and seconds.
const OF_DAYS: [(char, i64, i64); 4] = [('Y', 12, 0), ('M', 1, 0), ('W', 0, 7 * A_DAY), ('D', 0, A_DAY)];
/// Those behind it.
const OF_CLOCK: [(char, i64, i64); 3] = [('H', 0, 3_600), ('M', 0, 60), ('S', 0, 1)];
/// Seconds of a day.
const A_DAY: i64 = 86_400;

impl Lasting {
    /// Reads a duration; none where it is none.
    fn read(text: &str) -> Option<Self> {
        let text = latin_digits(text.trim());
        let (days, clock) = match text.strip_prefix('P')?.split_once('T') {
            Some((days, clock)) if !clock.is_empty() => (days, clock),
            Some(_) => return None,
            None => (text.strip_prefix('P').filter(|days| !days.is_empty())?, ""),
        };
        let mut lasting = Self::default();
        lasting.add(days, &OF_DAYS)?;
        lasting.add(clock, &OF_CLOCK)?;
        Some(lasting)
    }

    /// Adds numbers with their letters, each letter once. The last may have a part behind a point; not one of years and months, which are not
    /// all of one length.
    fn add(&mut self, text: &str, units: &[(char, i64, i64)]) -> Option<()> {
        let (mut rest, mut units) = (text, units.iter());
        while !rest.is_empty() {
            let (number, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_alphabetic())?);
            let (_, months, seconds) = units.find(|(letter, ..)| behind.starts_with(*letter))?;
            rest = behind.get(1..)?;
            let (whole, part) = number.split_once(['.', ',']).map_or((number, None), |(whole, part)| (whole, Some(part)));
            let count = digits(whole)?;
            self.months += count * months;
            self.seconds += count * seconds;
            if let Some(part) = part {
                let tenths = digits(part).filter(|_| *seconds > 0 && rest.is_empty())?;
                self.seconds += tenths * seconds / 10_i64.checked_pow(u32::try_from(part.len()).ok()?)?;
            }
        }
        Some(())
    }

    /// The date so long after a moment, or before it where the sign is -1: exact to what the moment is exact to.
    fn counted(&self, moment: &str, sign: i64) -> Option<PartialDate> {
        let from = date(moment)?;
        let months = i64::from(from.year) * 12 + i64::from(from.month.unwrap_or(1)) - 1 + sign * self.months;
        let year = i32::try_from(months.div_euclid(12)).ok()?;
        let month = Month::try_from(u8::try_from(months.rem_euclid(12) + 1).ok()?).ok()?;
        // A month after the last day of January is the last one of February.
        let first = Date::from_calendar_date(year, month, 1).ok()?;
        let day = first.replace_day(from.day.unwrap_or(1).min(month.length(year))).ok()?;
        let days = (seconds_of(moment) + sign * self.seconds).div_euclid(A_DAY);
        let day = day.checked_add(time::Duration::days(days))?;
        let (month, in_month) = (from.month.map(|_| u8::from(day.month())), from.day.map(|_| day.day()));
        let counted = PartialDate { year: day.year(), month, day: in_month, qualifier: from.qualifier };
        (1000..=9999).contains(&counted.year).then_some(counted)
    }
}

/// Seconds of the day at which a date with a time stands.
fn seconds_of(moment: &str) -> i64 {
    let moment = latin_digits(moment.trim());
    let Some((_, time)) = moment.split_once(['T', ' ']) else { return 0 };
    let part = |at: usize| time.get(at..at + 2).and_then(digits).unwrap_or(0);
    part(0) * 3_600 + part(3) * 60 + part(6)
}

/// A number of at most nine digits.
fn digits(text: &str) -> Option<i64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Two dates with a dash: with blanks around it, or years on both sides, so that it is no month.
fn range(text: &str) -> Option<Period> {
    let dashes = ['-', '–', '—', '−'];
    let spaced = || dashes.iter().find_map(|dash| text.split_once(&format!(" {dash} ")));
    let is_year = |side: &str| side.chars().count() == 4 && side.chars().all(char::is_numeric);
    let years = || text.split_once(dashes).filter(|(start, end)| is_year(start.trim()) && is_year(end.trim()));
    let (start, end) = spaced().or_else(years)?;
    let period = Period { start: Bound::Date(date(start)?), end: Bound::Date(date(end)?), ..Period::default() };
    (!period.is_impossible()).then_some(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_or_not_claimed() {
        for (text, edtf) in [
            ("2009-09-01T12:00:00Z/2010-05-31T12:00:00Z", Some("2009-09-01/2010-05-31")),
            ("2018/..", Some("2018/..")),
            ("/2018-08", Some("/2018-08")),
            ("2017", Some("2017/2017")),
            ("start=2018-01-01; end=2018-12-31; scheme=W3C-DTF;", Some("2018-01-01/2018-12-31")),
            ("1850 - 1975", Some("1850/1975")),
            ("2018-01 - 2019-03", Some("2018-01/2019-03")),
            ("2010-2012", Some("2010/2012")),
            ("2010 – 2012", Some("2010/2012")),
            ("٢٠١٠-٢٠١٢", Some("2010/2012")),
            ("2014 et 2016", None),
            ("2014 to present", None),
            ("2012-2010", None),
            ("2018-19", None),
            ("/", None),
            ("R/P1Y", None),
            ("the nineties", None),
            ("2018-13/2019", None),
        ] {
            assert_eq!(interval(text).map(|period| period.edtf()).as_deref(), edtf, "{text}");
        }
    }

    #[test]
    fn of_a_period_the_end_that_is_a_date_is_read() {
        for (text, edtf, other) in [
            ("31/12/2019/2020-06", "/2020-06", "31/12/2019"),
            ("2019-06/31/12/2020", "2019-06/", "31/12/2020"),
            ("2018-13/2019", "/2019", "2018-13"),
            ("2019/aujourd'hui", "2019/", "aujourd'hui"),
        ] {
            let read = half_interval(text).map(|(period, other)| (period.edtf(), other));
            assert_eq!(read, Some((edtf.to_owned(), other.to_owned())), "{text}");
        }
        for text in ["12/2019", "31/12/2019", "2018/2019", "/2019", "x/y"] {
            assert_eq!(half_interval(text), None, "{text}");
        }
    }

    #[test]
    fn periods_are_read_by_their_duration() {
        for (text, edtf) in [
            ("2000-01-15T00:45:00Z/P1Y2M", Some("2000-01-15/2001-03-15")),
            ("2018-01-01/P1Y", Some("2018-01-01/2019-01-01")),
            ("2018/P18M", Some("2018/2019")),
            ("2018-11/P3M", Some("2018-11/2019-02")),
            ("2020-01-31/P1M", Some("2020-01-31/2020-02-29")),
            ("2018-12-31T23:30:00/PT45M", Some("2018-12-31/2019-01-01")),
            ("2018-01-01T12:00/PT12H", Some("2018-01-01/2018-01-02")),
            ("2018-01-01/P6W", Some("2018-01-01/2018-02-12")),
            ("2018-01-01/P1,5D", Some("2018-01-01/2018-01-02")),
            ("2018-01-01/P1DT23H59M59.9S", Some("2018-01-01/2018-01-02")),
            ("2018-01-01/P0D", Some("2018-01-01/2018-01-01")),
            ("2018~/P1Y", Some("2018~/2019~")),
            ("P2M/2018-03-31", Some("2018-01-31/2018-03-31")),
            ("PT1H/2018-03-31T00:30:00Z", Some("2018-03-30/2018-03-31")),
            ("٢٠١٨/P١Y", Some("2018/2019")),
            ("2018/P", None),
            ("2018/PT", None),
            ("2018/P1YT", None),
            ("2018/P1M2Y", None),
            ("2018/P1Y1Y", None),
            ("2018/P1.5Y", None),
            ("2018-01-01/P1.5DT1H", Some("2018-01-01/2018-01-02")),
            ("2018-01-01/P1.5W1D", None),
            ("2018/P1Y/2", None),
            ("2018/P1X", None),
            ("2018/1Y", None),
            ("2018/P-1Y", None),
            ("../P1Y", None),
            ("/P1Y", None),
            ("P1Y/P1Y", None),
            ("2018/P9000Y", None),
            ("1500/P999999999W", None),
            ("P900Y/1500", None),
        ] {
            assert_eq!(interval(text).map(|period| period.edtf()).as_deref(), edtf, "{text}");
        }
    }

    #[test]
    fn dates_are_read_with_times_and_zones_and_no_other_words() {
        for (text, wanted) in [
            ("2016-12-14T18:59:02.737480", Some("2016-12-14")),
            ("2018-09-06 16:25:04.447", Some("2018-09-06")),
            ("2016-12-14+01:00", Some("2016-12-14")),
            ("2016-12-14Z", Some("2016-12-14")),
            ("20180801", Some("2018-08-01")),
            ("20189901", None),
            ("٢٠١٤", Some("2014")),
            ("۲۰۱۴-۰۲", Some("2014-02")),
            ("1850 - 1975", None),
            ("2014 et 2016", None),
            ("2014 1435", None),
            ("2016-12-14 or so", None),
            ("2016-12-1400:00", None),
            ("é016-12-14+01:00", None),
        ] {
            assert_eq!(date(text), wanted.and_then(|wanted| PartialDate::parse(wanted).ok()), "{text}");
        }
    }
}
