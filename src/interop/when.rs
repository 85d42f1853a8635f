//! Dates and periods in the forms in which other systems write them. What is not surely one of them is none: it stays words.

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

/// An interval of ISO 8601 (`2018/2019-01`, `2018/..`), a period of DCMI (`start=2018; end=2019;`), two dates with a dash between blanks
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
        let period = Period { start: bound(start)?, end: bound(end)?, ..Period::default() };
        return (!(period.start.is_unknown() && period.end.is_unknown())).then_some(period);
    }
    range(text).or_else(|| date(text).map(|date| Period { start: Bound::Date(date), end: Bound::Date(date), ..Period::default() }))
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
