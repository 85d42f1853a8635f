use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::dataset::Dataset;

fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).expect("date")
}

fn day(text: &str) -> i64 {
    date(text).first_day()
}

fn dates(edtf: &str) -> Dates {
    let (start, end) = edtf.split_once('/').unwrap_or((edtf, edtf));
    serde_json::from_value(json!({ "start": (!start.is_empty()).then_some(start), "end": (!end.is_empty()).then_some(end) }))
        .expect("dates")
}

/// A record with this coverage and more.
fn record(change: impl FnOnce(&mut serde_json::Value)) -> Dataset {
    let mut value = json!({
        "slug": "a-survey", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "NONE",
        "certainty": "DOCUMENTED", "titles": { "en": { "text": "A survey", "status": "OFFICIAL" } },
        "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED" }, "coverage": {},
    });
    change(&mut value);
    serde_json::from_value(value).expect("record")
}

#[test]
fn imprecise_dates_are_their_span_and_no_more() {
    for (edtf, first, last, precision) in [
        ("2026", "2026-01-01", "2026-12-31", DatePrecision::Year),
        ("2026-02", "2026-02-01", "2026-02-28", DatePrecision::Month),
        ("2028-02", "2028-02-01", "2028-02-29", DatePrecision::Month),
        ("2026-09-15", "2026-09-15", "2026-09-15", DatePrecision::Day),
        ("2018-08/2019-01", "2018-08-01", "2019-01-31", DatePrecision::Month),
        ("2018-08-03/2019", "2018-08-03", "2019-12-31", DatePrecision::Year),
        ("2005/..", "2005-01-01", "2005-12-31", DatePrecision::Year),
        ("/2021-03", "2021-03-01", "2021-03-31", DatePrecision::Month),
        ("2014-05/", "2014-05-01", "2014-05-31", DatePrecision::Month),
    ] {
        let dates = dates(edtf);
        assert_eq!(dates.days(), Some((day(first), day(last))), "{edtf}");
        assert_eq!((dates.precision(), dates.edtf().as_str()), (Some(precision), edtf));
    }
    assert_eq!((dates("/").days(), dates("../..").days()), (None, None));
    assert_eq!((dates("2026-09-15").exact_day(), dates("2026-09").exact_day()), (Some(day("2026-09-15")), None));
    assert_eq!(dates("2026-09-15~").exact_day(), None, "approximately is not exactly");
}

#[test]
fn states_follow_from_what_is_documented() {
    let today = day("2026-11-28");
    for (status, edtf, state, is_overdue) in [
        (Some("PLANNED"), "2027-05/2027-06", CalendarState::Planned, false),
        (Some("PLANNED"), "2025-05/2025-06", CalendarState::Planned, true),
        (Some("PLANNED"), "2026-11", CalendarState::Planned, false),
        (Some("COMPLETED"), "2014-05/", CalendarState::Done, false),
        (Some("ONGOING"), "2014-05/", CalendarState::Ongoing, false),
        (None, "2014-05/", CalendarState::NotDocumented, false),
        (None, "2027-05/", CalendarState::Planned, false),
        (None, "2005/..", CalendarState::Ongoing, false),
        (None, "2018-08/2019-01", CalendarState::Done, false),
        (None, "2026-08/2027-01", CalendarState::Ongoing, false),
    ] {
        let record = record(|value| {
            value["coverage"]["collectionPeriod"] = serde_json::to_value(dates(edtf)).expect("JSON");
            if let Some(status) = status {
                value["collectionStatus"] = json!(status);
            }
        });
        let found = of_dataset(&record);
        assert_eq!(found.len(), 1, "{edtf}");
        let mark = found[0].mark;
        assert_eq!((mark.state(today), mark.is_overdue(today)), (state, is_overdue), "{status:?} {edtf}");
    }
}

#[test]
fn a_plan_is_one_by_its_kind_where_no_state_is_documented() {
    let today = day("2026-11-28");
    let plan = |status: Option<&str>, coverage: serde_json::Value| {
        record(|value| {
            value["recordKind"] = json!("PLANNED_ACTIVITY");
            value["coverage"] = coverage;
            value["collectionStatus"] = json!(status);
        })
    };
    let collected = || json!({ "collectionPeriod": { "start": "2025-05", "end": "2025-06" } });
    let mark = |record: &Dataset| of_dataset(record)[0].mark;
    for (status, state, is_overdue) in [
        (None, CalendarState::Planned, true),
        (Some("PLANNED"), CalendarState::Planned, true),
        (Some("COMPLETED"), CalendarState::Done, false),
    ] {
        let mark = mark(&plan(status, collected()));
        assert_eq!((mark.state(today), mark.is_overdue(today)), (state, is_overdue), "{status:?}");
    }
    let about = plan(None, json!({ "period": { "start": "2027", "end": "2028" } }));
    assert_eq!(mark(&about).source, Source::PlannedPeriod, "what it is about, where it documents no collection");
}

#[test]
fn every_date_of_a_record_stands_there_once() {
    let plan = record(|value| {
        value["collectionStatus"] = json!("PLANNED");
        value["coverage"]["period"] = json!({ "start": "2025-05", "end": "2027-06" });
        value["reviewDueOn"] = json!("2027-01");
    });
    let sources = |record: &Dataset| of_dataset(record).iter().map(|found| found.mark.source).collect::<Vec<_>>();
    assert_eq!(sources(&plan), [Source::PlannedPeriod, Source::ReviewDue]);
    let next = record(|value| {
        value["coverage"]["period"] = json!({ "start": "2018" });
        value["coverage"]["nextCollection"] = json!("2028");
    });
    assert_eq!(sources(&next), [Source::NextCollection], "the reference period of what is there is no date of the calendar");
}

#[test]
fn the_median_is_the_one_in_the_middle() {
    assert_eq!(median(vec![]), None);
    assert_eq!(median(vec![7]), Some(7.0));
    assert_eq!(median(vec![30, -2, 4]), Some(4.0));
    assert_eq!(median(vec![1, 2, 4, 30]), Some(3.0));
    assert_eq!(days_between(&dates("2026-09-15"), &dates("2026-10-01")), Some(16));
    assert_eq!(days_between(&dates("2026-09"), &dates("2026-10-01")), None, "a month is not a day");
}

#[test]
fn what_is_brought_forward_or_said_more_exactly_is_not_later() {
    for (before, now, is_later) in [
        ("2090-05-10", "2090-06", true),
        ("2090-06", "2090-07-01", true),
        ("2090-05-10", "2090-05-09", false),
        ("2090-05-10", "2090-04", false),
        ("2090", "2090-05-10", false),
        ("2090-03/2090-06", "2090-03/2090-09", true),
        ("2090-03/2090-06", "2090-05/2090-06", true),
        ("2090-03/2090-06", "2090-01/2090-04", false),
        ("2090-03/2090-06", "2090-03/..", true),
        ("2090-03/..", "2090-03/2090-06", false),
        ("2090-03/..", "2090-04/..", true),
    ] {
        assert_eq!(dates(now).are_later_than(&dates(before)), is_later, "{before} to {now}");
    }
}

fn partial() -> impl Strategy<Value = PartialDate> {
    let part = |most: u8| proptest::option::of(1..=most);
    (1000..=9999i32, part(12), part(28)).prop_map(|(year, month, day)| PartialDate { year, month, day: month.and(day), qualifier: None })
}

fn bound() -> impl Strategy<Value = Bound> {
    prop_oneof![3 => partial().prop_map(Bound::Date), 1 => Just(Bound::Open), 1 => Just(Bound::Unknown)]
}

proptest! {
    #[test]
    fn a_mark_is_read_as_it_was_written(start in bound(), end in bound(), number in 0u64..5, place in 0u8.., standing in 0usize..6) {
        let source = Source::numbered(number, if number == 4 { place } else { 0 }).expect("source");
        if let Some(mark) = Mark::new(source, &Dates { start, end }, STANDINGS[standing]) {
            prop_assert_eq!(Mark::unpacked(mark.packed()), Some(mark));
            prop_assert!(mark.first <= mark.last);
        }
    }

    #[test]
    fn any_number_is_read_or_refused(number: u64) {
        let _ = Mark::unpacked(number);
    }

    #[test]
    fn what_is_done_is_never_overdue(start in bound(), end in bound(), standing in 0usize..6, today in -100_000i64..100_000) {
        if let Some(mark) = Mark::new(Source::CollectionPeriod, &Dates { start, end }, STANDINGS[standing]) {
            let state = mark.state(today);
            prop_assert_eq!(mark.is_overdue(today), state == CalendarState::Planned && mark.last < today);
        }
    }
}

#[test]
fn a_registered_collection_takes_the_place_of_the_one_that_it_is() {
    let mark = |change: &dyn Fn(&mut serde_json::Value)| {
        let found = of_dataset(&record(change)).into_iter().map(|found| found.mark);
        found.filter(|mark| mark.source.kind() == CalendarKind::Collection).collect::<Vec<_>>()
    };
    let collection = |state: CalendarState, edtf: &str| {
        let (first, last) = dates(edtf).days().expect("days");
        Collection { state, first, last }
    };
    use CalendarState as S;
    let collected = |r: &mut serde_json::Value| r["coverage"]["collectionPeriod"] = json!({ "start": "2027-05", "end": "2027-09" });
    let documented = mark(&collected)[0];
    for state in [S::Planned, S::Postponed, S::Done, S::Cancelled] {
        assert!(collection(state, "2028-01/2028-04").replaces(&documented, true), "a plan gives way whatever became of it: {state:?}");
        assert!(!collection(state, "2028-01/2028-04").replaces(&documented, false), "what was collected is another collection: {state:?}");
    }
    // Of the same months it is the same.
    assert!(collection(S::Done, "2027-05-10/2027-09-01").replaces(&documented, false));
    assert!(!collection(S::Cancelled, "2027-05/2027-09").replaces(&documented, false), "what was collected was not given up");
    assert!(!collection(S::Done, "2027-06/2027-06").replaces(&documented, false), "a part of it");
    let next = mark(&|r| r["coverage"]["nextCollection"] = json!("2030-09"))[0];
    for (state, edtf, is_it) in [
        (S::Planned, "2029-05", true),
        (S::Postponed, "2031", true),
        (S::Done, "2030-09", true),
        (S::Done, "2025-05", false),
        (S::Cancelled, "2025-05", false),
    ] {
        assert_eq!(collection(state, edtf).replaces(&next, false), is_it, "{state:?} {edtf}");
    }
    let others = of_dataset(&record(|r| r["reviewDueOn"] = json!("2027-05-01")));
    assert!(!collection(S::Planned, "2027-05").replaces(&others[0].mark, true), "a review is no collection");
}
