//! Reference periods in all the forms in which they are met.

use oxrdf::{NamedOrBlankNode, Term};

use super::record::{Property, Record};
use super::value_of;
use crate::domain::problem::Problem;
use crate::domain::time::{Bound, Period};
use crate::interop::rdf::names::{DCAT, DCT, SCHEMA, SCHEMA_HTTPS, TIME};
use crate::interop::when::{date, interval};

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
