//! Reference periods in all the forms in which they are met.

use oxrdf::{NamedOrBlankNode, Term};

use super::record::{Property, Record};
use super::value_of;
use crate::domain::problem::Problem;
use crate::domain::time::{Bound, PartialDate, Period};
use crate::interop::rdf::names::{DCAT, DCT, SCHEMA, SCHEMA_HTTPS, TIME};

/// A date of XML Schema or ISO 8601 as a partial date: `2018`, `2018-08`, `2018-08-01`, `2018-08-01T12:00:00Z`, `2018-08-01+01:00`.
pub fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let day = text.split(['T', ' ']).next().unwrap_or(text).trim_end_matches('Z');
    let day = if day.len() > 10 && day.is_char_boundary(10) { day.get(..10)? } else { day };
    PartialDate::parse(day).ok()
}

/// An interval of ISO 8601 (`2018/2019-01`, `2018/..`), or a period of DCMI (`start=2018; end=2019;`).
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
    match text.split_once('/') {
        Some((start, end)) => {
            let period = Period { start: bound(start)?, end: bound(end)?, ..Period::default() };
            (!(period.start.is_unknown() && period.end.is_unknown())).then_some(period)
        }
        None => date(text).map(|date| Period { start: Bound::Date(date), end: Bound::Date(date), ..Period::default() }),
    }
}

const STARTS: [Property; 3] = [(DCAT, "startDate"), (SCHEMA, "startDate"), (SCHEMA_HTTPS, "startDate")];
const ENDS: [Property; 3] = [(DCAT, "endDate"), (SCHEMA, "endDate"), (SCHEMA_HTTPS, "endDate")];
const INSTANTS: [Property; 6] = [
    (TIME, "inXSDDate"),
    (TIME, "inXSDDateTime"),
    (TIME, "inXSDDateTimeStamp"),
    (TIME, "inXSDgYearMonth"),
    (TIME, "inXSDgYear"),
    (TIME, "inDateTime"),
];

impl Record<'_> {
    /// The reference period; where several are given, the first, and the others are named.
    pub fn period(&mut self) -> Option<Period> {
        let path = "dct:temporal";
        let mut found: Option<Period> = None;
        for term in self.values(&[(DCT, "temporal")]) {
            let period = match term {
                Term::Literal(literal) => interval(literal.value()),
                _ => self.enter(term, path).and_then(|node| self.period_of(&node)),
            };
            match period {
                Some(period) if period.is_impossible() => {
                    self.unfit.push(Problem::new(path, period.edtf(), "the period ends before it starts; correct one of the two dates"));
                }
                Some(period) if found.is_none() => found = Some(period),
                Some(period) => {
                    self.unfit.push(Problem::new(path, period.edtf(), "is a second period; the registry holds one: the first was taken"));
                }
                None => self.no_code(
                    path,
                    term,
                    "is not a period with a start or an end that can be read; give dcat:startDate and dcat:endDate",
                ),
            }
        }
        found
    }

    fn period_of(&mut self, node: &NamedOrBlankNode) -> Option<Period> {
        let start = self.bound(node, &STARTS, "hasBeginning");
        let end = self.bound(node, &ENDS, "hasEnd");
        (!(start.is_unknown() && end.is_unknown())).then(|| Period { start, end, ..Period::default() })
    }

    fn bound(&mut self, node: &NamedOrBlankNode, direct: &[Property], instant: &'static str) -> Bound {
        let mut terms = self.values_of(node, direct);
        for beginning in self.values_of(node, &[(TIME, instant)]) {
            if let Some(inner) = self.enter(beginning, &format!("dct:temporal/time:{instant}")) {
                terms.extend(self.values_of(&inner, &INSTANTS));
            }
        }
        let mut bound = Bound::Unknown;
        for text in terms.into_iter().filter_map(value_of) {
            match date(&text) {
                Some(date) if bound.is_unknown() => bound = Bound::Date(date),
                Some(date) if bound == Bound::Date(date) => {}
                Some(_) => {
                    self.unfit.push(Problem::new("dct:temporal", text, "is a second date for one end of the period; the first was taken"))
                }
                None => self.unfit.push(Problem::new("dct:temporal", text, "is not a date; use YYYY, YYYY-MM or YYYY-MM-DD")),
            }
        }
        bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_in_words_are_read_or_not_claimed() {
        for (text, edtf) in [
            ("2009-09-01T12:00:00Z/2010-05-31T12:00:00Z", Some("2009-09-01/2010-05-31")),
            ("2018/..", Some("2018/..")),
            ("/2018-08", Some("/2018-08")),
            ("2017", Some("2017/2017")),
            ("start=2018-01-01; end=2018-12-31; scheme=W3C-DTF;", Some("2018-01-01/2018-12-31")),
            ("/", None),
            ("R/P1Y", None),
            ("the nineties", None),
            ("2018-13/2019", None),
        ] {
            assert_eq!(interval(text).map(|period| period.edtf()).as_deref(), edtf, "{text}");
        }
        assert_eq!(date("2016-12-14T18:59:02.737480"), PartialDate::parse("2016-12-14").ok());
        assert_eq!(date("2016-12-14+01:00"), PartialDate::parse("2016-12-14").ok());
        assert_eq!(date("é016-12-14+01:00"), None);
    }
}
