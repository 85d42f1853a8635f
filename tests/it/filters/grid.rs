//! The coverage grid counts as one would by hand, with sets and with the counters that are kept of it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use rihla::domain::calendar::is_plan;
use rihla::domain::concept::Concepts;
use rihla::domain::dataset::Dataset;
use rihla::domain::filter::DatasetFilter;
use rihla::domain::grid::{Reading, Standing, Tally, WITH_GAPS, figures, standing};
use rihla::domain::policy::Audience;
use rihla::domain::time::{Bound, Fit, PartialDate, PeriodWindow, year_of};
use rihla::domain::vocabulary::{GridDimension, PeriodMatch, PublicationStatus, SourceType, Vocabulary};
use rihla::search::counters::is_plain;
use rihla::search::grid::{Axes, Place as GridPlace, Wanted};
use rihla::search::{Index, SearchRequest, Window, search};

use super::fit;
use super::records::{BREAKDOWNS, MOVES, PLACES, THEMES, TODAY, add, filter, indexed, member, read, record, some_of};
use crate::harness::{Backend, Place};

/// Values of each dimension that the records of the test have, and some that they have not.
fn values_of(dimension: GridDimension) -> Vec<String> {
    let listed = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    match dimension {
        GridDimension::Theme => listed(&THEMES),
        GridDimension::ThemeGroup => listed(&["MT-07", "MT-01", "MT-05"]),
        GridDimension::ReportingArea => listed(&PLACES),
        GridDimension::Origin | GridDimension::Destination => listed(&MOVES[1..]),
        // Today is in the year 2024.
        GridDimension::Year => (2012..2028).step_by(3).map(|year| year.to_string()).collect(),
        GridDimension::Disaggregation => listed(&BREAKDOWNS),
        GridDimension::Institution => listed(&["hcp", "iom"]),
        GridDimension::SourceType => SourceType::ALL.iter().take(6).map(|member| member.code().to_owned()).collect(),
        GridDimension::AggregatesAccess | GridDimension::MicrodataAccess => listed(&["OPEN", "UNKNOWN", "NOT_SHARED"]),
        GridDimension::GcmObjective => listed(&["GCM-1", "GCM-5", "GCM-23"]),
        GridDimension::SdgIndicator => listed(&["SDG-10.7.2", "SDG-10.7.1"]),
    }
}

#[test]
fn the_grid_counts_as_one_would_by_hand() {
    let concepts = Concepts::load(&[]).expect("concepts");
    let place = Place::new(Backend::Sqlite);
    let mut runner = TestRunner::new(Config { cases: 16, failure_persistence: None, ..Config::default() });
    let question = (filter(), member::<GridDimension>(), member::<GridDimension>(), some_of(&BREAKDOWNS, 2), 0..3u8);
    let case = (proptest::collection::vec(record(), 60..120), proptest::collection::vec(question, 20));
    let plans_by_kind = std::cell::Cell::new(0);
    let round = std::cell::Cell::new(0);
    runner
        .run(&case, |(records, questions)| {
            round.set(round.get() + 1);
            let records = read(&records, &concepts, Audience::ALL[round.get() % 3]);
            let by_kind = |dataset: &&Dataset| is_plan(dataset) && dataset.collection_status.is_none();
            plans_by_kind.set(plans_by_kind.get() + records.iter().filter(by_kind).count());
            // Some plans were given up.
            let over: BTreeSet<uuid::Uuid> =
                (0..records.len() as u64).step_by(3).map(|number| uuid::Uuid::from_u64_pair(1, number)).collect();
            let index = indexed(&records, &concepts, &place.folder.join(format!("grid-{}", round.get())));
            let snapshot = index.snapshot();
            for (filter, rows, columns, breakdowns, with_breakdowns) in &questions {
                let request = SearchRequest { words: None, filter, order: None, today: TODAY };
                let results = search(snapshot.clone(), &request, &concepts).expect("search");
                let (row_values, column_values) = (values_of(*rows), values_of(*columns));
                let breakdowns: &[String] = if *with_breakdowns == 0 { breakdowns } else { &[] };
                let reading = Reading { concepts: &concepts, includes_parts: !filter.exclude_subdivisions, today: TODAY };
                let over = &over;
                let axes = Axes { rows: (*rows, &row_values), columns: (*columns, &column_values), breakdowns, over, reading };
                let sets = results.grid(&axes);
                let counts = sets.count();
                let of = |code: Option<&String>, dimension: GridDimension, dataset: &Dataset| {
                    code.map_or(Standing::Released, |code| standing(dataset, dimension, code, &reading))
                };
                let broken_down = |dataset: &Dataset| {
                    let each = breakdowns.iter().map(|code| standing(dataset, GridDimension::Disaggregation, code, &reading));
                    each.min().unwrap_or(Standing::Released)
                };
                let numbers = |length: usize| (0..length).map(Some).chain([None]);
                for row in numbers(row_values.len()) {
                    for column in numbers(column_values.len()) {
                        let (row_code, column_code) = (row.map(|row| &row_values[row]), column.map(|column| &column_values[column]));
                        let mut by_hand = Tally::default();
                        let mut newest: (Option<i32>, Option<i32>) = (None, None);
                        for (number, dataset) in records.iter().enumerate() {
                            if is_plan(dataset) && over.contains(&uuid::Uuid::from_u64_pair(1, number as u64)) {
                                continue;
                            }
                            let asked = fit(dataset, filter, &concepts);
                            if asked == Fit::Certain || (asked == Fit::Possible && filter.include_possible) {
                                let cell = of(row_code, *rows, dataset).min(of(column_code, *columns, dataset)).min(broken_down(dataset));
                                by_hand.add(dataset, asked, cell);
                                let dates = dataset.coverage.period.as_ref().map_or([None, None], |p| [p.end.date(), p.start.date()]);
                                let has_gaps = dataset.coverage.frequency.is_some_and(|frequency| WITH_GAPS.contains(&frequency));
                                let goes_on = dataset.coverage.period.as_ref().is_some_and(|p| p.end == Bound::Open);
                                let latest = dates.into_iter().flatten().next().map(|date| date.year);
                                let latest = if goes_on && !has_gaps { year_of(TODAY).max(latest) } else { latest };
                                let standing = cell.min(if asked == Fit::Certain { Standing::Released } else { Standing::Possible });
                                if !is_plan(dataset) && standing >= Standing::Collected {
                                    let years =
                                        if standing.min(figures(dataset)) == Standing::Released { &mut newest.0 } else { &mut newest.1 };
                                    *years = (*years).max(latest);
                                }
                            }
                        }
                        let cell = GridPlace { row, column };
                        prop_assert_eq!(sets.tally(cell), by_hand, "{:?} {:?} {:?}", row_code, column_code, filter);
                        let year = results.newest_day(&sets, cell, TODAY).and_then(year_of);
                        prop_assert_eq!(
                            year,
                            (if by_hand.released > 0 { newest.0 } else { newest.1 }).map(|year| year.min(2024)),
                            "{:?} {:?}",
                            row_code,
                            column_code
                        );
                        if let (Some(row), Some(column)) = (row, column) {
                            prop_assert_eq!(counts[row][column], by_hand);
                        }
                        for (wanted, number) in [
                            (Some(Wanted::Released), by_hand.released),
                            (Some(Wanted::ExistsNotReleased), by_hand.exists_not_released),
                            (Some(Wanted::NotDocumented), by_hand.not_documented),
                            (Some(Wanted::Planned), by_hand.planned),
                            (None, by_hand.released + by_hand.exists_not_released + by_hand.not_documented + by_hand.planned),
                        ] {
                            let evidence = results.of_cell(&sets, cell, wanted);
                            prop_assert_eq!(evidence.total(), number, "{:?}", wanted);
                            prop_assert_eq!(evidence.page(&Window { count: 1_000, ..Window::default() }).hits.len() as u64, number);
                        }
                    }
                }
            }
            Ok(())
        })
        .expect("grid and brute force agree");
    assert!(plans_by_kind.get() > 50, "hardly any plan was one by its kind alone: {}", plans_by_kind.get());
}

/// What is written beside what was counted is counted at once, and a record that is written anew is counted as it is then.
#[test]
fn kept_counters_outlive_what_is_written_beside() {
    let concepts = Concepts::load(&[]).expect("concepts");
    let place = Place::new(Backend::Sqlite);
    let drawn = proptest::collection::vec(record(), 90).new_tree(&mut TestRunner::deterministic()).expect("records").current();
    let records = read(&drawn, &concepts, Audience::Public);
    assert!(records.len() > 20, "{} records", records.len());
    let (first, later) = records.split_at(records.len() / 2);
    let index = indexed(first, &concepts, &place.folder.join("kept"));
    let (rows, columns) = (values_of(GridDimension::SourceType), values_of(GridDimension::ReportingArea));
    let over = BTreeSet::new();
    let axes = || Axes {
        rows: (GridDimension::SourceType, &rows),
        columns: (GridDimension::ReportingArea, &columns),
        breakdowns: &[],
        over: &over,
        reading: Reading { concepts: &concepts, includes_parts: true, today: TODAY },
    };
    let filter = DatasetFilter::default();
    let whole = GridPlace { row: None, column: None };
    let counted = |index: &Index| {
        let snapshot = index.snapshot();
        let counts = snapshot.counts(&axes(), &[], None)?;
        let request = SearchRequest { words: None, filter: &filter, order: None, today: TODAY };
        let sets = search(snapshot.clone(), &request, &concepts).expect("search").grid(&axes());
        for row in (0..rows.len()).map(Some).chain([None]) {
            for column in (0..columns.len()).map(Some).chain([None]) {
                let cell = GridPlace { row, column };
                assert_eq!(counts.tally(cell), sets.tally(cell), "{cell:?}");
            }
        }
        Some(counts.tally(whole))
    };
    assert_eq!(counted(&index), None, "it was never asked for");
    let before = counted(&index).expect("it was asked for before");
    add(&index, later, first.len(), &concepts);
    let after = counted(&index).expect("the rest is known, and this is little");
    assert_ne!(before, after);
    // Written anew, a record leaves the segment that it was counted in, which is counted again from its second question on.
    add(&index, &first[..1], 0, &concepts);
    let again = (0..2).find_map(|_| counted(&index)).expect("asked for twice");
    assert_eq!(again, after);
}

/// Kept counters answer any window as the records would, and are kept from the second question on.
#[test]
fn kept_counters_say_what_the_records_say() {
    let concepts = Concepts::load(&[]).expect("concepts");
    let place = Place::new(Backend::Sqlite);
    let mut runner = TestRunner::new(Config { cases: 16, failure_persistence: None, ..Config::default() });
    let month = || proptest::option::of((1996i32..2028, 1u8..13).prop_map(|(year, month)| format!("{year}-{month:02}")));
    let window = || proptest::option::weighted(0.8, (month(), month()));
    let statuses = prop_oneof![Just(vec![]), Just(vec![PublicationStatus::Published]), Just(PublicationStatus::ALL.to_vec())];
    let grid = (member::<GridDimension>(), member::<GridDimension>(), some_of(&BREAKDOWNS, 1), statuses);
    let question = (grid, proptest::collection::vec(window(), 4));
    let case = (proptest::collection::vec(record(), 60..120), proptest::collection::vec(question, 10));
    let round = std::cell::Cell::new(0);
    let compared = std::cell::Cell::new(0u64);
    runner
        .run(&case, |(records, questions)| {
            round.set(round.get() + 1);
            let records = read(&records, &concepts, Audience::ALL[round.get() % 3]);
            let index = indexed(&records, &concepts, &place.folder.join(format!("counters-{}", round.get())));
            let over: BTreeSet<uuid::Uuid> =
                (0..records.len() as u64).step_by(3).map(|number| uuid::Uuid::from_u64_pair(1, number)).collect();
            let snapshot = index.snapshot();
            for ((rows, columns, breakdowns, statuses), windows) in &questions {
                let (row_values, column_values) = (values_of(*rows), values_of(*columns));
                let reading = Reading { concepts: &concepts, includes_parts: true, today: TODAY };
                let axes = Axes { rows: (*rows, &row_values), columns: (*columns, &column_values), breakdowns, over: &over, reading };
                let _ = snapshot.counts(&axes, statuses, None);
                for window in windows {
                    let date = |text: &Option<String>| text.as_deref().and_then(|text| PartialDate::parse(text).ok());
                    let ends = window.as_ref().map(|(from, to)| (date(from), date(to)));
                    // A window that ends before it begins is refused before it is counted.
                    let is_turned = ends.is_some_and(|(from, to)| from.zip(to).is_some_and(|(from, to)| to.last_day() < from.first_day()));
                    if is_turned {
                        continue;
                    }
                    let period = ends.map(|(from, to)| PeriodWindow { from, to, matching: PeriodMatch::Overlaps });
                    let filter = DatasetFilter { period, statuses: statuses.clone(), ..DatasetFilter::default() };
                    prop_assert!(is_plain(None, &filter) && is_plain(Some(" "), &filter) && !is_plain(Some("word"), &filter));
                    let counts = snapshot.counts(&axes, statuses, period.as_ref());
                    prop_assert!(counts.is_some(), "it was asked for before");
                    let request = SearchRequest { words: None, filter: &filter, order: None, today: TODAY };
                    let sets = search(snapshot.clone(), &request, &concepts).expect("search").grid(&axes);
                    let numbers = |length: usize| (0..length).map(Some).chain([None]);
                    for row in numbers(row_values.len()) {
                        for column in numbers(column_values.len()) {
                            let cell = GridPlace { row, column };
                            let expected = sets.tally(cell);
                            prop_assert_eq!(counts.as_ref().map(|counts| counts.tally(cell)), Some(expected), "{:?} {:?}", cell, filter);
                            compared.set(compared.get() + expected.released + expected.exists_not_released + expected.not_documented);
                        }
                    }
                }
            }
            let within = DatasetFilter {
                period: Some(PeriodWindow { from: None, to: None, matching: PeriodMatch::Within }),
                ..DatasetFilter::default()
            };
            prop_assert!(!is_plain(None, &within), "only windows that are met in part are counted");
            Ok(())
        })
        .expect("counters and records agree");
    assert!(compared.get() > 10_000, "hardly anything was compared: {}", compared.get());
}
