//! Statements on time of which one period is made: the registry holds one, documents may give several.

use crate::domain::text::MultilingualText;
use crate::domain::time::{Bound, PartialDate, Period};

/// One statement: a range, one end of a range, or a point in time, which begins and ends then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Beginning.
    pub start: Bound,
    /// End.
    pub end: Bound,
}

impl Span {
    /// A point in time.
    pub fn point(date: PartialDate) -> Self {
        Self { start: Bound::Date(date), end: Bound::Date(date) }
    }

    /// Whether it ends before it begins.
    pub fn is_impossible(&self) -> bool {
        Period { start: self.start, end: self.end, note: MultilingualText::default() }.is_impossible()
    }

    /// The period from the earliest start to the latest end of all, but for those that end before they begin: which of their dates is wrong,
    /// nobody knows. No period where all together would end before they begin.
    pub fn enclosing(spans: &[Self]) -> Period {
        let period = Self::around(spans);
        if period.is_impossible() { Period::default() } else { period }
    }

    fn around(spans: &[Self]) -> Period {
        let possible = || spans.iter().filter(|span| !span.is_impossible());
        let starts = || possible().map(|span| span.start);
        let ends = || possible().rev().map(|span| span.end);
        let start = match starts().filter_map(|bound| bound.date()).min_by_key(PartialDate::first_day) {
            _ if starts().any(|bound| bound == Bound::Open) => Bound::Open,
            first => first.map_or(Bound::Unknown, Bound::Date),
        };
        let end = match ends().filter_map(|bound| bound.date()).max_by_key(PartialDate::last_day) {
            _ if ends().any(|bound| bound == Bound::Open) => Bound::Open,
            last => last.map_or(Bound::Unknown, Bound::Date),
        };
        Period { start, end, note: MultilingualText::default() }
    }

    /// Whether the period says just what this does.
    pub fn is_said_by(&self, period: &Period) -> bool {
        // `1851` and `1851-01-01` begin on one day.
        let same = |own: Bound, whole: Bound, day: fn(&PartialDate) -> i64| {
            own.is_unknown() || own == whole || own.date().zip(whole.date()).is_some_and(|(own, whole)| day(&own) == day(&whole))
        };
        same(self.start, period.start, PartialDate::first_day) && same(self.end, period.end, PartialDate::last_day)
    }

    /// As words of a note: a date, or an interval such as `2018/2019`, `2020/` where the end is not known.
    pub fn words(&self) -> String {
        match self.start {
            Bound::Date(date) if self.start == self.end => date.to_string(),
            _ => Period { start: self.start, end: self.end, note: MultilingualText::default() }.edtf(),
        }
    }

    /// As the document gives it: of one end, the date alone.
    pub fn value(&self) -> String {
        match (self.start, self.end) {
            (Bound::Date(date), Bound::Unknown) | (Bound::Unknown, Bound::Date(date)) => date.to_string(),
            _ => self.words(),
        }
    }

    /// Why the period does not say what this does, and where it stands.
    pub fn remedy(&self, period: &Period) -> &'static str {
        if self.is_impossible() {
            return "ends before it begins, so neither of the two dates was taken; they stand in the note of the period: correct them";
        }
        if period.start.is_unknown() && period.end.is_unknown() {
            return "contradicts the other dates, with which the period would end before it begins, so none of them was taken; \
                    they stand in the note of the period: correct them";
        }
        let from = |date: &PartialDate| period.first_day().is_none_or(|first| first <= date.first_day());
        let to = |date: &PartialDate| period.last_day().is_none_or(|last| date.last_day() <= last);
        if [self.start.date(), self.end.date()].iter().flatten().all(|date| from(date) && to(date)) {
            "is one of several dates or ranges, of which one period from the first start to the last end was made; \
             it stands in the note of the period: say what lies between"
        } else {
            "lies outside of the period that the other dates make; it stands in the note of the period: say where it belongs"
        }
    }
}

/// Spans as elements give them, each end by itself.
#[derive(Debug, Default)]
pub(super) struct Spans {
    found: Vec<Span>,
    groups: Vec<String>,
}

impl Spans {
    /// The spans in the order of their first elements. The only beginning and the only end of a group that wait for each other belong
    /// together, also where the end comes before the beginning: both have the span that they make.
    pub fn whole(&self) -> Vec<Span> {
        let mut whole = self.found.clone();
        for group in &self.groups {
            let alone = |is_half: &dyn Fn(&Span) -> bool| {
                let mut of_group = self.found.iter().zip(&self.groups).enumerate().filter(|(_, (span, of))| *of == group && is_half(span));
                of_group.next().map(|(number, (span, _))| (number, *span)).filter(|_| of_group.next().is_none())
            };
            let begun = alone(&|span| span.start.date().is_some() && span.end.is_unknown());
            let ended = alone(&|span| span.start.is_unknown() && span.end.date().is_some());
            if let (Some((first, begun)), Some((second, ended))) = (begun, ended) {
                let both = Span { start: begun.start, end: ended.end };
                for number in [first, second].into_iter().filter(|_| both.is_impossible()) {
                    whole.get_mut(number).into_iter().for_each(|span| *span = both);
                }
            }
        }
        whole
    }

    /// Adds one; its number.
    pub fn add(&mut self, span: Span, group: &str) -> usize {
        self.found.push(span);
        self.groups.push(group.to_owned());
        self.found.len() - 1
    }

    /// Begins a range: the first of its group of which only the end is known, or else one of its own. None where the end of a range was
    /// there before its beginning.
    pub fn begin(&mut self, date: PartialDate, group: &str) -> Option<usize> {
        let waits = |span: &Span| span.start.is_unknown() && span.end.date().is_some_and(|end| date.first_day() <= end.last_day());
        let place = self.found.iter().zip(&self.groups).position(|(span, of)| of == group && waits(span));
        match place.and_then(|place| self.found.get_mut(place)) {
            Some(span) => {
                span.start = Bound::Date(date);
                None
            }
            None => Some(self.add(Span { start: Bound::Date(date), end: Bound::Unknown }, group)),
        }
    }

    /// Ends the first range of a group that has no end and began before; where there is none, only the end is known. None where a range
    /// that was begun is ended.
    pub fn end(&mut self, date: PartialDate, group: &str) -> Option<usize> {
        let waits = |span: &Span| {
            let began = span.start.date().is_some_and(|start| start.first_day() <= date.last_day());
            began && span.end.is_unknown()
        };
        // An end that names no group may be that of any.
        let place = |is_of: &dyn Fn(&str) -> bool| self.found.iter().zip(&self.groups).position(|(span, of)| is_of(of) && waits(span));
        let open = place(&|of| of == group).or_else(|| group.is_empty().then(|| place(&|_| true)).flatten());
        match open.and_then(|place| self.found.get_mut(place)) {
            Some(span) => {
                span.end = Bound::Date(date);
                None
            }
            None => Some(self.add(Span { start: Bound::Unknown, end: Bound::Date(date) }, group)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> PartialDate {
        PartialDate::parse(text).expect("a date")
    }

    #[test]
    fn ends_find_the_beginnings_that_wait_for_them() {
        let mut spans = Spans::default();
        for start in ["2020-01", "2018-01"] {
            spans.add(Span { start: Bound::Date(date(start)), end: Bound::Unknown }, "");
        }
        assert_eq!(spans.end(date("2018-06"), ""), None);
        assert_eq!(spans.end(date("2017"), ""), Some(2));
        let words: Vec<String> = spans.found.iter().map(Span::words).collect();
        assert_eq!(words, ["2020-01/", "2018-01/2018-06", "/2017"]);
        assert_eq!(spans.found.iter().map(Span::value).collect::<Vec<_>>(), ["2020-01", "2018-01/2018-06", "2017"]);
        let period = Span::enclosing(&spans.found);
        assert_eq!(period.edtf(), "2018-01/2018-06");
        let said: Vec<bool> = spans.found.iter().map(|span| span.is_said_by(&period)).collect();
        assert_eq!(said, [false, true, false]);
        assert!(spans.found[0].remedy(&period).contains("outside"));
    }

    #[test]
    fn dates_that_contradict_each_other_make_no_period() {
        let span = |start: &str, end: &str| Span { start: Bound::Date(date(start)), end: Bound::Date(date(end)) };
        let turned = span("2019-03", "2018-11");
        for (spans, edtf) in [
            (vec![turned], "/"),
            (vec![turned, span("2020", "2021")], "2020/2021"),
            (
                vec![
                    Span { start: Bound::Date(date("2019")), end: Bound::Unknown },
                    Span { start: Bound::Unknown, end: Bound::Date(date("2018")) },
                ],
                "/",
            ),
        ] {
            let period = Span::enclosing(&spans);
            assert_eq!(period.edtf(), edtf);
            assert!(!spans[0].is_said_by(&period) && spans[0].remedy(&period).contains("taken"));
        }
        assert_eq!(turned.value(), "2019-03/2018-11");
    }

    #[test]
    fn one_date_or_range_is_said_and_several_are_not() {
        let open = Span { start: Bound::Date(date("2018")), end: Bound::Open };
        for (spans, edtf, said) in [
            (vec![Span::point(date("2014"))], "2014/2014", vec![true]),
            (vec![Span::point(date("2004")), Span::point(date("2014"))], "2004/2014", vec![false, false]),
            (vec![open], "2018/..", vec![true]),
            (vec![Span::point(date("2014")), open], "2014/..", vec![false, false]),
            (vec![], "/", vec![]),
        ] {
            let period = Span::enclosing(&spans);
            assert_eq!(period.edtf(), edtf);
            assert_eq!(spans.iter().map(|span| span.is_said_by(&period)).collect::<Vec<_>>(), said, "{edtf}");
        }
    }
}
