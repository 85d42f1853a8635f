//! Dates and periods as DDI documents write them.

use std::collections::HashSet;

use roxmltree::Node;

use super::spans::{Span, Spans};
use crate::domain::time::{Bound, PartialDate, Period};
use crate::domain::words::{fold, latin_digits};
use crate::interop::when;
use crate::interop::xml_text::tracked::Tracked;

/// Reads `2018`, `2018-08-01`, `20180801`, `2018/08`, date-times, of which the day is kept, and `2018-00-00`, which means the year.
pub fn read_date(text: &str) -> Option<PartialDate> {
    when::date(without_zeros(&text.trim().replace('/', "-"))).filter(|date| date.qualifier.is_none())
}

/// A date without a month and a day that are zero: programs write so what is not known.
fn without_zeros(date: &str) -> &str {
    let is_dated = |rest: &str| matches!(rest.len(), 4 | 7) && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let rest = date.strip_suffix("-00").filter(|rest| is_dated(rest)).unwrap_or(date);
    rest.strip_suffix("-00").filter(|rest| rest.len() == 4 && is_dated(rest)).unwrap_or(rest)
}

/// Whether the month or the day of a date is written as zero.
pub(crate) fn has_zeros(text: &str) -> bool {
    let date = text.trim().replace('/', "-");
    without_zeros(&date) != date
}

/// What is said of such a date.
pub(crate) const ZEROS: &str = "has zeros for the month or the day, so the year or the month before them was read";

/// What is said of words that are a date, and not the one beside them.
const ANOTHER: &str =
    "is another date than that of the attribute `date`, which was taken; it stands in the note of the period: check which is right";

/// What one element says.
enum Said {
    /// Nothing, or nothing that is a date.
    Words,
    /// A date: a beginning, an end or a point in time.
    Date(PartialDate),
    /// A range, or a date that is not exact.
    Range(Bound, Bound),
}

/// The period that elements such as `timePrd` and `collDate` make together: the earliest start and the latest end. Whatever they say that
/// the period does not is told and stands in its note: several dates or ranges, dates of no known form, words beside a date.
pub(super) fn period<'a, 'i>(tracked: &mut Tracked<'a, 'i>, nodes: &[Node<'a, 'i>]) -> Option<Period> {
    let mut spans = Spans::default();
    let mut read = Vec::new();
    let mut cycles: Vec<String> = Vec::new();
    for node in nodes {
        let cycle = tracked.attribute(*node, "cycle").unwrap_or_default();
        let event = tracked.attribute(*node, "event").unwrap_or_default().to_lowercase();
        let (said, words) = element(tracked, *node);
        if let (Said::Range(start, end), "single" | "start" | "end") = (&said, event.as_str())
            && start != end
        {
            let range = Span { start: *start, end: *end }.value();
            let remedy = "is a range, while `event` says that it is one date of another kind; the range was taken: check it";
            tracked.tell(*node, &format!("{range} @event={event}"), remedy);
        }
        let number = match said {
            Said::Words => None,
            Said::Range(start, end) => Some(spans.add(Span { start, end }, &cycle)),
            Said::Date(date) if event == "start" => spans.begin(date, &cycle),
            Said::Date(date) if event == "end" => spans.end(date, &cycle),
            Said::Date(date) => Some(spans.add(Span::point(date), &cycle)),
        };
        read.push((*node, number, words, cycle.clone()));
        if !cycles.contains(&cycle) {
            cycles.push(cycle);
        }
    }
    let spans = spans.whole();
    let mut period = Span::enclosing(&spans);
    let mut named = HashSet::new();
    for (node, number, words, cycle) in read {
        let words = match number {
            Some(number) => unsaid(tracked, node, &spans, number, &period, words),
            None => words,
        };
        let is_first =
            !cycle.is_empty() && named.insert((cycle.clone(), node.attributes().find(|a| a.name() == "lang").map(|a| a.value())));
        let words = if is_first { with_cycle(&cycle, words) } else { words };
        tracked.add_said(&mut period.note, node, words, true);
    }
    if let (true, Some(first)) = (cycles.len() > 1, nodes.first()) {
        tracked.tell(*first, &period.edtf(), "several cycles are kept as one period from the first start to the last end");
    }
    (period != Period::default()).then_some(period)
}

/// The name of a cycle of collection, which has no field, before what is said of it.
fn with_cycle(cycle: &str, words: String) -> String {
    if words.is_empty() { cycle.to_owned() } else { format!("{cycle}: {words}") }
}

/// The words of an element with its dates, where the period does not say them; that it does not is told once.
fn unsaid<'a, 'i>(
    tracked: &mut Tracked<'a, 'i>,
    node: Node<'a, 'i>,
    spans: &[Span],
    number: usize,
    period: &Period,
    words: String,
) -> String {
    let Some(span) = spans.get(number).filter(|span| !span.is_said_by(period)) else { return words };
    let own = span.words();
    if spans.iter().take(number).any(|other| other == span) {
        // The same in another language stands in the note of that language.
        let there = tracked.language(node).and_then(|tag| period.note.0.get(&tag));
        if there.is_some_and(|wording| wording.text.split("; ").any(|part| part == own || part.ends_with(&format!(": {own}")))) {
            return words;
        }
    } else {
        tracked.tell(node, &span.value(), span.remedy(period));
    }
    match words {
        words if words.is_empty() => own,
        words if words.contains(&own) || words.contains(&span.value()) => words,
        words => format!("{own}; {words}"),
    }
}

/// What an element says, and which of it belongs into the note whatever the period is.
fn element<'a, 'i>(tracked: &mut Tracked<'a, 'i>, node: Node<'a, 'i>) -> (Said, String) {
    let stated = tracked.attribute(node, "date");
    let text = tracked.line(node);
    let value = stated.unwrap_or_else(|| text.clone());
    if value.is_empty() {
        return (Said::Words, String::new());
    }
    let calendar = tracked.attribute(node, "calendar").unwrap_or_default();
    if !calendar.is_empty() && !calendar.to_lowercase().contains("gregorian") {
        tracked.tell(node, &value, "is a date of another calendar; it stands in the note of the period: give it in the Gregorian one");
        return (Said::Words, with_text(&value, format!("{value} ({calendar})"), text));
    }
    if let Some(date) = read_date(&value) {
        if has_zeros(&value) {
            tracked.tell(node, &value, ZEROS);
        }
        let more = !has_zeros(&text) && says_more(&text, &[date.to_string()]);
        if more && read_date(&text).is_some() {
            tracked.tell(node, &text, ANOTHER);
        }
        return (Said::Date(date), if more { text } else { String::new() });
    }
    if let Some(range) = when::interval(&value) {
        let more = says_more(&text, &[written(range.start), written(range.end)]);
        return (Said::Range(range.start, range.end), if more { text } else { String::new() });
    }
    tracked.tell(node, &value, "is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD; it stands in the note of the period");
    (Said::Words, with_text(&value, value.clone(), text))
}

/// A value as it is said, with the words of its element where they do not hold it.
fn with_text(value: &str, said: String, text: String) -> String {
    match text {
        text if text.is_empty() || text == value => said,
        text if text.contains(value) => text,
        text => format!("{said}; {text}"),
    }
}

fn written(bound: Bound) -> String {
    match bound {
        Bound::Date(date) => date.to_string(),
        Bound::Open => "..".to_owned(),
        Bound::Unknown => String::new(),
    }
}

/// Whether words say more than the dates that were read: anything but these dates, or less exact ones, in other forms.
fn says_more(text: &str, dates: &[String]) -> bool {
    if text.is_empty() {
        return false;
    }
    if let (Some(read), Some(first), Some(last)) = (when::interval(text), dates.first(), dates.last()) {
        return !(first.starts_with(&written(read.start)) && last.starts_with(&written(read.end)));
    }
    let known: Vec<&str> = dates.iter().flat_map(|date| date.split('-')).map(|part| part.trim_start_matches('0')).collect();
    let text = latin_digits(text);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.any(|word| !MONTHS.contains(&fold(word).as_str())) || numbers.any(|number| !known.contains(&number.trim_start_matches('0')))
}

/// Names of months, folded: a date in words says no more than the date.
const MONTHS: [&str; 24] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

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
            ("1850-00-00", Some("1850")),
            ("1988-11-00", Some("1988-11")),
            ("18500000", None),
            ("00-00", None),
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
        assert_eq!(period.note.words(None, None), Some("P1: 2007/2013-06-30; 2015; Spring; unknown"));
        let told: Vec<String> = tracked.leftovers(&|_| None).into_iter().map(|line| line.value).collect();
        assert_eq!(told, ["unknown", "2007/2013-06-30", "2015", "2007/2015"]);
    }

    #[test]
    fn a_range_that_is_said_in_several_ways_is_one_and_dates_in_words_say_no_more() {
        let (edtf, note, told) = of("<t>1851 - 1911</t><t event='start' date='1851-01-01'>01 January 1851</t>\
            <t event='end' date='1911-12-31'>31 décembre 1911</t>");
        assert_eq!((edtf.as_str(), note.as_str(), told.len()), ("1851/1911", "", 0), "{told:?}");
        let (edtf, _, told) = of("<t event='end' date='2015-06-30'/><t event='start' date='2014-01-01'/>");
        assert_eq!((edtf.as_str(), told.len()), ("2014-01-01/2015-06-30", 0), "{told:?}");
    }

    /// The period of elements `t`, the words of its note, and the values that were told.
    fn of(elements: &str) -> (String, String, Vec<String>) {
        let text = format!("<r xml:lang='fr'>{elements}</r>");
        let document = roxmltree::Document::parse(&text).expect("tree");
        let mut tracked = Tracked::new(document.root_element(), None);
        let nodes = tracked.all(document.root_element(), "t");
        let period = period(&mut tracked, &nodes).expect("a period");
        let told = tracked.leftovers(&|_| None).into_iter().map(|line| line.value).collect();
        (period.edtf(), period.note.words(None, None).unwrap_or_default().to_owned(), told)
    }

    #[test]
    fn what_the_period_does_not_say_is_told_and_stands_in_its_note() {
        for (elements, edtf, note, told) in [
            ("<t>2004</t><t>2014</t>", "2004/2014", "2004; 2014", vec!["2004", "2014"]),
            (
                "<t event='single' date='2004'/><t date='2014'>Recensement de 2014</t>",
                "2004/2014",
                "2004; Recensement de 2014",
                vec!["2004", "2014"],
            ),
            (
                "<t event='start' date='2018-01'/><t event='end' date='2018-06'/><t event='start' date='2020-01'/>",
                "2018-01/2018-06",
                "2020-01/",
                vec!["2020-01"],
            ),
            ("<t date='98'/>", "/", "98", vec!["98"]),
            (
                "<t event='start' date='1850-00-00'>1850-00-00</t><t event='end' date='1988-11-00'/>",
                "1850/1988-11",
                "",
                vec!["1850-00-00", "1988-11-00"],
            ),
            ("<t date='2015-02-30'/>", "/", "2015-02-30", vec!["2015-02-30"]),
            ("<t date='98'>Hiver</t>", "/", "98; Hiver", vec!["98"]),
        ] {
            let told: Vec<String> = told.into_iter().map(str::to_owned).collect();
            assert_eq!(of(elements), (edtf.to_owned(), note.to_owned(), told), "{elements}");
        }
        let (edtf, note, told) = of("<t date='2004' xml:lang='ar'/><t date='2004'/><t date='2014'/>");
        assert_eq!((edtf.as_str(), told), ("2004/2014", vec!["2004".to_owned(), "2014".to_owned()]), "{note}");
    }

    #[test]
    fn dates_that_contradict_each_other_are_told_with_both_and_none_is_taken() {
        for (elements, edtf, note, told) in [
            ("<t event='start' date='2019-03'/><t event='end' date='2018-11'/>", "/", "2019-03/2018-11", vec!["2019-03/2018-11"]),
            ("<t event='end' date='2018'/><t event='start' date='2019'/>", "/", "2019/2018", vec!["2019/2018"]),
            ("<t date='2019/2018'/>", "/", "2019/2018", vec!["2019/2018"]),
            (
                "<t event='start' date='2019' cycle='A'/><t event='end' date='2018' cycle='A'/><t date='2020/2021' cycle='B'/>",
                "2020/2021",
                "A: 2019/2018; B",
                vec!["2019/2018", "2020/2021"],
            ),
            ("<t event='single' date='2014/2015'/>", "2014/2015", "", vec!["2014/2015 @event=single"]),
        ] {
            let told: Vec<String> = told.into_iter().map(str::to_owned).collect();
            assert_eq!(of(elements), (edtf.to_owned(), note.to_owned(), told), "{elements}");
        }
    }

    #[test]
    fn the_names_of_cycles_stand_in_the_note() {
        for (elements, edtf, note) in [
            (
                "<t event='start' date='2019-01' cycle='Wave 1'/><t event='end' date='2019-03' cycle='Wave 1'/>\
                 <t event='start' date='2021-01' cycle='Wave 2'/><t event='end' date='2021-03' cycle='Wave 2'/>",
                "2019-01/2021-03",
                "Wave 1: 2019-01/2019-03; Wave 2: 2021-01/2021-03",
            ),
            ("<t date='2019' cycle='Wave 1'/>", "2019/2019", "Wave 1"),
            ("<t date='2019' cycle='1'>Printemps</t>", "2019/2019", "1: Printemps"),
        ] {
            let (found, said, _) = of(elements);
            assert_eq!((found.as_str(), said.as_str()), (edtf, note), "{elements}");
        }
    }

    #[test]
    fn words_that_say_more_than_the_date_stay_and_the_same_date_again_does_not() {
        let words = "du 1er au 20 septembre 2014, hors provinces du Sud";
        for (elements, edtf, note) in [
            (format!("<t date='2014'>{words}</t>"), "2014/2014", words),
            ("<t date='2014-09-01'>2014</t>".to_owned(), "2014-09-01/2014-09-01", ""),
            ("<t date='2014-09-01'>01/09/2014</t>".to_owned(), "2014-09-01/2014-09-01", ""),
            ("<t date='2014'>٢٠١٤</t>".to_owned(), "2014/2014", ""),
            ("<t event='start' date='2018'>2018</t><t event='end' date='2019'>2019</t>".to_owned(), "2018/2019", ""),
            ("<t date='2018/2019'>2018-2019</t>".to_owned(), "2018/2019", ""),
            ("<t date='2018/2019'>2018-2019, sans le Sud</t>".to_owned(), "2018/2019", "2018-2019, sans le Sud"),
        ] {
            assert_eq!(of(&elements), (edtf.to_owned(), note.to_owned(), Vec::new()), "{elements}");
        }
        // Words that are another date stay too, and are told.
        let (found, said, told) = of("<t date='2014'>2014-09-01</t>");
        assert_eq!((found.as_str(), said.as_str(), told.len()), ("2014/2014", "2014-09-01", 1), "{told:?}");
    }
}
