//! Dates and periods as DDI documents write them.

use roxmltree::Node;

use crate::domain::time::{Bound, PartialDate, Period};
use crate::interop::when;
use crate::interop::xml_text::tracked::Tracked;

/// Reads `2018`, `2018-08-01`, `20180801`, `2018/08`, and date-times, of which the day is kept.
pub fn read_date(text: &str) -> Option<PartialDate> {
    when::date(&text.trim().replace('/', "-")).filter(|date| date.qualifier.is_none())
}

/// The period that elements such as `timePrd` and `collDate` make together: the earliest start and the latest end.
pub(super) fn period<'a, 'i>(tracked: &mut Tracked<'a, 'i>, nodes: &[Node<'a, 'i>]) -> Option<Period> {
    let mut period = Period::default();
    let mut cycles: Vec<String> = Vec::new();
    for node in nodes {
        let event = tracked.attribute(*node, "event").unwrap_or_default();
        let stated = tracked.attribute(*node, "date");
        let text = tracked.line(*node);
        let cycle = tracked.attribute(*node, "cycle").unwrap_or_default();
        if !cycles.contains(&cycle) {
            cycles.push(cycle);
        }
        let value = stated.unwrap_or_else(|| text.clone());
        if value.is_empty() {
            continue;
        }
        let calendar = tracked.attribute(*node, "calendar").unwrap_or_default();
        if !calendar.is_empty() && !calendar.to_lowercase().contains("gregorian") {
            tracked.tell(*node, &value, "is a date of another calendar; it stands in the note of the period: give it in the Gregorian one");
            let said = if text.is_empty() { format!("{value} ({calendar})") } else { text };
            tracked.add_said(&mut period.note, *node, said, true);
            continue;
        }
        if let (None, Some(range)) = (read_date(&value), when::interval(&value)) {
            if let Bound::Date(date) = range.start {
                widen(&mut period, "start", date);
            }
            match range.end {
                Bound::Date(date) => widen(&mut period, "end", date),
                Bound::Open if period.end.is_unknown() => period.end = Bound::Open,
                Bound::Open | Bound::Unknown => {}
            }
            if !text.is_empty() && when::interval(&text).is_none() {
                tracked.add(&mut period.note, *node, true);
            }
            continue;
        }
        let Some(date) = read_date(&value) else {
            tracked.tell(*node, &value, "is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD; it stands in the note of the period");
            tracked.add(&mut period.note, *node, true);
            continue;
        };
        widen(&mut period, &event, date);
        if !text.is_empty() && !text.contains(&date.year.to_string()) {
            tracked.add(&mut period.note, *node, true);
        }
    }
    if let (true, Some(first)) = (cycles.len() > 1, nodes.first()) {
        tracked.tell(*first, &period.edtf(), "several cycles are kept as one period from the first start to the last end");
    }
    (period != Period::default()).then_some(period)
}

fn widen(period: &mut Period, event: &str, date: PartialDate) {
    if event != "end" && period.start.date().is_none_or(|known| date.first_day() < known.first_day()) {
        period.start = Bound::Date(date);
    }
    if event != "start" && period.end.date().is_none_or(|known| date.last_day() > known.last_day()) {
        period.end = Bound::Date(date);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_forms_are_read() {
        for (given, wanted) in [
            ("2018", Some("2018")),
            ("2018-08", Some("2018-08")),
            ("20020816", Some("2002-08-16")),
            ("2023-05-01T04:00:00.000Z", Some("2023-05-01")),
            ("2018-09-06 16:25:04.447", Some("2018-09-06")),
            ("2010/05/01", Some("2010-05-01")),
            ("06 September 2018", None),
            ("2018-13", None),
            ("01/05/2010", None),
            ("2018~", None),
            ("", None),
        ] {
            assert_eq!(read_date(given).map(|date| date.to_string()).as_deref(), wanted, "{given}");
        }
    }

    #[test]
    fn events_cycles_and_words_make_one_period() {
        let text = "<r xml:lang='en'><t event='start' date='2007' cycle='P1'>2007</t><t event='end' date='2013-06-30'/>\
            <t event='single' date='2015'>Spring</t><t>unknown</t><t date=''/></r>";
        let document = roxmltree::Document::parse(text).expect("tree");
        let mut tracked = Tracked::new(document.root_element(), None);
        let nodes = tracked.all(document.root_element(), "t");
        let period = period(&mut tracked, &nodes).expect("a period");
        assert_eq!(period.edtf(), "2007/2015");
        assert_eq!(period.note.words(None, None), Some("Spring; unknown"));
        assert_eq!(tracked.leftovers(&|_| None).len(), 2);
    }
}
