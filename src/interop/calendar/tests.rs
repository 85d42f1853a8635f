use proptest::prelude::*;

use super::*;
use crate::domain::time::PartialDate;

fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).expect("date")
}

fn item(dates: Dates) -> Item {
    Item {
        uid: "collection-0@rihla".into(),
        revision: 3,
        updated_at: 1_700_000_000_123,
        dates,
        kind: CalendarKind::Collection,
        title: "Survey".into(),
        state: CalendarState::Planned,
        is_overdue: false,
        basis: CalendarBasis::Record,
        institution: None,
        is_renewed: false,
        moves: Vec::new(),
        reason: None,
        url: Some("https://data.example.ma/id/0".into()),
    }
}

fn written(item: Item, language: &'static str) -> String {
    write(&Calendar { language, name: title("Rihla", language), note: None, items: vec![item] })
}

/// Lines after RFC 5545: those that begin with a blank go on with the one before.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split_terminator("\r\n") {
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn value(text: &str, name: &str) -> Option<String> {
    unfolded(text).into_iter().find_map(|line| line.strip_prefix(&format!("{name}:")).map(str::to_owned))
}

#[test]
fn a_month_is_an_all_day_event_over_the_month() {
    let text = written(item(date("2028-02").into()), "en");
    assert_eq!(value(&text, "DTSTART;VALUE=DATE").as_deref(), Some("20280201"));
    assert_eq!(value(&text, "DTEND;VALUE=DATE").as_deref(), Some("20280301"), "the day after the last");
    assert_eq!(value(&text, "SEQUENCE").as_deref(), Some("2"));
    assert_eq!(value(&text, "DTSTAMP").as_deref(), Some("20231114T221320Z"), "of the last write, not of now");
    assert_eq!(value(&text, "LAST-MODIFIED"), value(&text, "DTSTAMP"));
    assert_eq!((value(&text, "STATUS").as_deref(), value(&text, "UID").as_deref()), (Some("TENTATIVE"), Some("collection-0@rihla")));
    assert_eq!(value(&text, "URL").as_deref(), Some("https://data.example.ma/id/0"));
    let description = value(&text, "DESCRIPTION").expect("description");
    assert!(description.contains("Date as documented: 2028-02") && description.contains("known to the month only"), "{description}");
    assert_eq!(text, written(item(date("2028-02").into()), "en"), "the same at every time");
}

#[test]
fn what_is_open_or_unknown_is_told() {
    let open = Dates { end: crate::domain::time::Bound::Open, ..date("2005-03-01").into() };
    let unknown = Dates { end: crate::domain::time::Bound::Unknown, ..date("2005-03-01").into() };
    for (dates, words) in [(open, ["goes on", "se poursuit", "مستمرة"]), (unknown, ["not documented", "pas documentée", "غير موثقة"])]
    {
        for (language, word) in ["en", "fr", "ar"].into_iter().zip(words) {
            let text = written(item(dates), language);
            assert_eq!(value(&text, "DTEND;VALUE=DATE").as_deref(), Some("20050302"), "no end is made up");
            assert!(value(&text, "DESCRIPTION").expect("description").contains(word), "{language}: {text}");
        }
    }
}

#[test]
fn arabic_is_folded_between_letters_and_signs_are_escaped() {
    let title = "البحث الوطني حول الهجرة الدولية، النسخة الثانية; a, b\\c ".repeat(4) + "\u{1F30D}";
    let mut long = item(date("2027-05-10").into());
    long.title = format!("{title}\nDESCRIPTION:not a property");
    long.moves =
        vec![Move {
            from: date("2027-04").into(), to: date("2027-05-10").into(), reason: Some("تأخر التمويل, \"encore\"".into())
        }];
    let text = written(long, "ar");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains('\n'));
    }
    let summary = value(&text, "SUMMARY").expect("summary");
    let read = summary.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
    assert_eq!(read, format!("جمع البيانات: {title}\nDESCRIPTION:not a property"));
    assert_eq!(unfolded(&text).iter().filter(|line| line.starts_with("DESCRIPTION")).count(), 1);
    assert!(value(&text, "DESCRIPTION").expect("description").contains("تأخر التمويل\\, \"encore\""));
    assert_eq!(value(&text, "X-WR-CALNAME").as_deref(), Some("رزنامة المواعيد – Rihla"));
}

#[test]
fn dates_beside_arabic_words_keep_their_direction() {
    let dates = Dates { end: crate::domain::time::Bound::Date(date("2028-05")), ..date("2028-04").into() };
    let mut moved = item(dates);
    moved.moves = vec![Move { from: date("2027-04").into(), to: dates, reason: None }];
    let described = |language| value(&written(moved.clone(), language), "DESCRIPTION").expect("description");
    let (from, to) = ("\u{2068}2027-04\u{2069}", "\u{2068}2028-04/2028-05\u{2069}");
    let told = described("ar");
    assert!(told.contains(&format!("التاريخ كما هو موثق: {to}")) && told.contains(&format!("من {from} إلى {to}")), "{told}");
    assert!(!described("fr").contains('\u{2068}'), "Latin words turn nothing");
}

proptest! {
    #[test]
    fn the_event_spans_the_days_that_the_dates_may_mean(
        years in (1900..=2200i32, 0..=5i32),
        start in (proptest::option::of(1u8..=12), proptest::option::of(1u8..=28)),
        end in (proptest::option::of(1u8..=12), proptest::option::of(1u8..=28)),
    ) {
        let one = |year, (month, day): (Option<u8>, Option<u8>)| PartialDate { year, month, day: month.and(day), qualifier: None };
        let dates = Dates::between(one(years.0, start), one(years.0 + years.1, end));
        let (first, last) = dates.days().expect("dates");
        let text = written(item(dates), "fr");
        let read = |name: &str| {
            let text = value(&text, name).expect("a day");
            date(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])).first_day()
        };
        prop_assert_eq!((read("DTSTART;VALUE=DATE"), read("DTEND;VALUE=DATE")), (first, last + 1));
    }

    #[test]
    fn any_title_stays_one_property(title in ".{0,200}") {
        let mut any = item(date("2027").into());
        any.title = title;
        let text = written(any, "en");
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\n', '\r'])));
        prop_assert_eq!(unfolded(&text).iter().filter(|line| line.starts_with("BEGIN:")).count(), 2);
    }
}
