//! The index answers a filter as the domain does, for any record and any filter; and shows what a visitor may see, nothing more.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use rihla::domain::calendar::is_plan;
use rihla::domain::concept::Concepts;
use rihla::domain::dataset::Dataset;
use rihla::domain::dataset::FieldMask;
use rihla::domain::draft::DatasetDraft;
use rihla::domain::filter::DatasetFilter;
use rihla::domain::grid::{Reading, Standing, Tally, WITH_GAPS, figures, standing};
use rihla::domain::ids::Slug;
use rihla::domain::matching::{Subject, findings};
use rihla::domain::policy::{Audience, is_searchable};
use rihla::domain::time::{Bound, Fit, PartialDate, PeriodWindow, year_of};
use rihla::domain::view::view;
use rihla::domain::vocabulary::{
    AccessLevel, Certainty, CollectionStatus, Frequency, GridDimension, MaskableField, PeriodMatch, PublicationStatus, RecordKind,
    SourceType, StatementBasis, Visibility, Vocabulary,
};
use rihla::search::analysis::Expressions;
use rihla::search::counters::is_plain;
use rihla::search::document::{Source, prepare};
use rihla::search::facets::DatasetFacet;
use rihla::search::grid::{Axes, Place as GridPlace, Wanted};
use rihla::search::{Index, SearchRequest, Window, search};
use serde_json::json;

use crate::harness::{BACKENDS, Backend, Place, dataset, institution};

const THEMES: [&str; 5] = ["MT-0701", "MT-0702", "MT-0101", "MT-07", "MT-0204"];
const PLACES: [&str; 12] = ["MA", "MA-09", "MA-AGD", "MA-F-SOUSS-MASSA-DRAA", "ES", "EU", "TN", "WORLD", "M49-015", "MA-06", "ES-AL", "FR"];
const MOVES: [&str; 7] = ["ANY", "OECD", "MA", "ES", "EU", "WORLD", "TN"];
const BREAKDOWNS: [&str; 5] = ["sex", "age", "citizenship", "country_of_residence", "region"];
const LEVELS: [&str; 5] = ["COUNTRY", "REGION", "PROVINCE", "COUNTRY_GROUP", "LOCALITY"];
const INDICATORS: [&str; 3] = ["GCM-1", "GCM-5", "SDG-10.7.2"];
const TODAY: i64 = 20_000;

fn some_of(values: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<String>> {
    proptest::sample::subsequence(values.to_vec(), 0..=most).prop_map(|list| list.into_iter().map(str::to_owned).collect())
}

fn member<V: Vocabulary + std::fmt::Debug + Send + Sync>() -> impl Strategy<Value = V> {
    proptest::sample::select(V::ALL)
}

/// One member nine times in ten: most records must be visible, or the comparison would look at hardly any.
fn mostly<V: Vocabulary + std::fmt::Debug + Send + Sync>(usual: V) -> impl Strategy<Value = V> {
    prop_oneof![9 => Just(usual), 1 => member::<V>()]
}

fn bound() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), Just(Some("..".to_owned())), (1998i32..2026).prop_map(|y| Some(y.to_string()))]
}

prop_compose! {
    fn record()(
        themes in some_of(&THEMES, 3), areas in prop_oneof![Just(vec!["MA".to_owned()]), some_of(&PLACES, 3)], origins in some_of(&MOVES, 2), destinations in some_of(&MOVES, 2),
        breakdowns in some_of(&BREAKDOWNS, 4), level in proptest::option::weighted(0.7, proptest::sample::select(&LEVELS[..])), minimum in any::<bool>(),
        start in bound(), end in bound(), kind in prop_oneof![3 => member::<RecordKind>(), 1 => Just(RecordKind::PlannedActivity)], source in member::<SourceType>(), frequency in proptest::option::of(member::<Frequency>()),
        certainty in member::<Certainty>(), status in mostly(PublicationStatus::Published), visibility in mostly(Visibility::Public),
        access in member::<AccessLevel>(), bases in proptest::array::uniform4(member::<StatementBasis>()), due in proptest::option::of(2015i32..2035),
        collected in some_of(&BREAKDOWNS, 3), collected_level in proptest::option::of(proptest::sample::select(&LEVELS[..])),
        other in proptest::option::of((member::<AccessLevel>(), member::<AccessLevel>())), microdata in member::<AccessLevel>(),
        progress in proptest::option::of(member::<CollectionStatus>()), indicators in some_of(&INDICATORS, 1),
    ) -> serde_json::Value {
        // An impossible period would be refused, and is not what is tested here.
        let (start, end) = match (&start, &end) {
            (Some(s), Some(e)) if s.as_str() != ".." && e.as_str() != ".." && s > e => (end, start),
            (Some(s), _) if s == ".." => (None, end),
            _ => (start, end),
        };
        json!({
            "recordKind": kind.code(), "status": status.code(), "visibility": visibility.code(), "riskClass": "NONE", "certainty": certainty.code(),
            "titles": { "en": { "text": "Survey", "status": "OFFICIAL" } }, "themes": themes, "producer": "hcp",
            "indicators": indicators, "collectionStatus": progress.map(|p| p.code()), "reviewDueOn": due.map(|y| format!("{y}-06-30")),
            "holdings": std::iter::once(("hcp", "PRODUCER", access, microdata))
                .chain(other.map(|(aggregates, microdata)| ("iom", "HOLDER", aggregates, microdata)))
                .zip(bases.chunks(2))
                .map(|((institution, role, aggregates, microdata), bases)| json!({ "institution": institution, "role": role, "accessTerms": {
                    "aggregates": aggregates.code(), "aggregatesBasis": bases[0].code(), "microdata": microdata.code(),
                    "microdataBasis": bases[1].code(), "channel": "UNKNOWN" } }))
                .collect::<Vec<_>>(),
            "methodology": { "sourceType": source.code() },
            "coverage": { "reportingAreas": areas, "origins": origins, "destinations": destinations, "releasedDisaggregations": breakdowns,
                "collectedDisaggregations": collected, "collectedLevel": collected_level,
                "releasedLevel": level, "releasedLevelIsMinimum": minimum, "frequency": frequency.map(|f| f.code()),
                "period": { "start": start, "end": end } },
        })
    }
}

prop_compose! {
    fn filter()(
        themes in some_of(&THEMES, 2), areas in some_of(&PLACES, 2), origins in some_of(&MOVES[1..], 1), destinations in some_of(&MOVES[1..], 1),
        breakdowns in some_of(&BREAKDOWNS, 2), from in proptest::option::of(1999i32..2026), span in proptest::option::of(0i32..15), within in any::<bool>(),
        kinds in proptest::sample::subsequence(RecordKind::ALL.to_vec(), 0..=2), frequencies in proptest::sample::subsequence(Frequency::ALL.to_vec(), 0..=3),
        access in proptest::sample::subsequence(AccessLevel::ALL.to_vec(), 0..=4), certainty in proptest::sample::subsequence(Certainty::ALL.to_vec(), 0..=2),
        exclude in any::<bool>(), stale in proptest::option::of(any::<bool>()), possible in any::<bool>(), institution in proptest::option::of(any::<bool>()),
        microdata in proptest::sample::subsequence(AccessLevel::ALL.to_vec(), 0..=5), basis in proptest::sample::subsequence(StatementBasis::ALL.to_vec(), 0..=1),
        keep in 0usize..512,
    ) -> DatasetFilter {
        let year = |year: i32| PartialDate { year, month: None, day: None, qualifier: None };
        // Most filters set few conditions, so that something is left to be found.
        let kept = |bit: usize| keep & (1 << bit) != 0;
        let list = |bit: usize, values: Vec<String>| if kept(bit) { values } else { Vec::new() };
        let to = from.and_then(|from| span.map(|span| year(from + span)));
        DatasetFilter {
            themes: list(0, themes), reporting_areas: list(1, areas), origins: list(2, origins), destinations: list(3, destinations),
            released_disaggregations: list(4, breakdowns),
            period: from.filter(|_| kept(5)).map(|from| PeriodWindow { from: Some(year(from)), to,
                matching: if within { PeriodMatch::Within } else { PeriodMatch::Overlaps } }),
            record_kinds: if kept(0) { Vec::new() } else { kinds }, frequencies: if kept(1) { Vec::new() } else { frequencies },
            aggregates_access: if kept(2) { Vec::new() } else { access }, certainty: if kept(3) { Vec::new() } else { certainty },
            microdata_access: if kept(6) { Vec::new() } else { microdata }, access_basis: if kept(7) || kept(8) { Vec::new() } else { basis },
            institutions: institution.filter(|_| kept(4)).map(|known| Slug::parse(if known { "hcp" } else { "iom" }).expect("slug")).into_iter().collect(),
            exclude_subdivisions: exclude, stale: stale.filter(|_| kept(5)), include_possible: possible, ..DatasetFilter::default()
        }
    }
}

/// The records as an audience may find them, some of them with a masked field.
fn read(records: &[serde_json::Value], concepts: &Concepts, audience: Audience) -> Vec<Dataset> {
    let read = |(number, value): (usize, &serde_json::Value)| {
        let mut value = value.clone();
        value["slug"] = json!(format!("record-{number:04}"));
        let draft: DatasetDraft = serde_json::from_value(value).expect("draft");
        let mut dataset = draft.validate(concepts).expect("valid record");
        if number % 4 == 0 {
            let field = MaskableField::ALL[number / 4 % MaskableField::ALL.len()];
            let visible_to = if number % 8 == 0 { Visibility::Members } else { Visibility::Coordinator };
            dataset.masks.push(FieldMask { field, visible_to });
        }
        dataset
    };
    let seen = |dataset: Dataset| {
        let may_find = is_searchable(audience, dataset.status, dataset.visibility);
        may_find.then(|| view(&dataset, audience, false)).flatten()
    };
    records.iter().enumerate().map(read).filter_map(seen).collect()
}

fn indexed(records: &[Dataset], concepts: &Concepts, folder: &std::path::Path) -> Index {
    let index = Index::open(folder, 20 << 20).expect("index");
    // Two commits, so that more than one segment is searched.
    for (part, half) in records.chunks(records.len().div_ceil(2).max(1)).enumerate() {
        add(&index, half, part * records.len().div_ceil(2), concepts);
    }
    index
}

/// Indexes records in one commit, with numbers from this one on.
fn add(index: &Index, records: &[Dataset], from: usize, concepts: &Concepts) {
    let expressions = Expressions::new(&concepts.synonyms.groups);
    let prepared = records.iter().enumerate().map(|(at, dataset)| {
        let number = from + at;
        let id = uuid::Uuid::from_u64_pair(1, number as u64);
        prepare(&Source { id, number: number as i64 + 1, updated_at: number as i64, dataset, institutions: &[] }, concepts, &expressions)
    });
    index.apply(prepared, &[], from as i64 + 1).expect("indexed");
}

fn fit(dataset: &Dataset, filter: &DatasetFilter, concepts: &Concepts) -> Fit {
    let found = findings(Subject { dataset, updated_at: 0, today: TODAY }, filter, concepts);
    found.iter().map(|finding| finding.fit).min().unwrap_or(Fit::Certain)
}

#[test]
fn the_index_and_the_domain_give_the_same_answer() {
    let concepts = Concepts::load(&[]).expect("concepts");
    let place = Place::new(Backend::Sqlite);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let case = (proptest::collection::vec(record(), 60..120), proptest::collection::vec(filter(), 60));
    let round = std::cell::Cell::new(0);
    runner
        .run(&case, |(records, filters)| {
            round.set(round.get() + 1);
            let audience = Audience::ALL[round.get() % 3];
            let records = read(&records, &concepts, audience);
            let index = indexed(&records, &concepts, &place.folder.join(format!("index-{}", round.get())));
            let snapshot = index.snapshot();
            for filter in &filters {
                let request = SearchRequest { words: None, filter, order: None, today: TODAY };
                let results = search(snapshot.clone(), &request, &concepts).expect("search");
                let page = results.page(&Window { count: 1_000, ..Window::default() });
                let mut found: Vec<(u64, bool)> = page.hits.iter().map(|hit| (hit.id.as_u64_pair().1, hit.position.possible)).collect();
                found.sort_unstable();
                let expected: Vec<(u64, bool)> = records
                    .iter()
                    .enumerate()
                    .filter_map(|(number, dataset)| match fit(dataset, filter, &concepts) {
                        Fit::Certain => Some((number as u64, false)),
                        Fit::Possible if filter.include_possible => Some((number as u64, true)),
                        _ => None,
                    })
                    .collect();
                prop_assert_eq!(&found, &expected, "{:?}", filter);
                prop_assert_eq!(results.total(), expected.len() as u64);
                check_facet(&results, &records, filter, &concepts)?;
            }
            Ok(())
        })
        .expect("index and domain agree");
}

/// The facet of certainty ignores its own condition and counts only what a visitor may see.
fn check_facet(
    results: &rihla::search::Results,
    records: &[Dataset],
    filter: &DatasetFilter,
    concepts: &Concepts,
) -> Result<(), TestCaseError> {
    let others = DatasetFilter { certainty: Vec::new(), ..filter.clone() };
    for value in Certainty::ALL {
        let counted = results.facet(DatasetFacet::Certainty, 10).0.into_iter().find(|v| v.code == value.code()).map_or(0, |v| v.count);
        let expected = records
            .iter()
            .filter(|d| d.certainty == *value)
            .filter(|d| match fit(d, &others, concepts) {
                Fit::Certain => true,
                Fit::Possible => filter.include_possible,
                Fit::No => false,
            })
            .count();
        prop_assert_eq!(counted, expected as u64, "{:?} {:?}", value, filter);
    }
    check_access_facets(results, records, filter, concepts)
}

/// What a facet counts of a value is what choosing the value finds, also where several conditions on access are set.
fn check_access_facets(
    results: &rihla::search::Results,
    records: &[Dataset],
    filter: &DatasetFilter,
    concepts: &Concepts,
) -> Result<(), TestCaseError> {
    let microdata = results.facet_as_chosen(DatasetFacet::MicrodataAccess, 100, filter, concepts).0;
    let bases = results.facet_as_chosen(DatasetFacet::AccessBasis, 100, filter, concepts).0;
    let levels =
        AccessLevel::ALL.iter().map(|level| (&microdata, level.code(), DatasetFilter { microdata_access: vec![*level], ..filter.clone() }));
    let on_bases =
        StatementBasis::ALL.iter().map(|basis| (&bases, basis.code(), DatasetFilter { access_basis: vec![*basis], ..filter.clone() }));
    for (counts, code, chosen) in levels.chain(on_bases) {
        let counted = counts.iter().find(|value| value.code == code).map_or(0, |value| value.count);
        let expected = records.iter().filter(|dataset| match fit(dataset, &chosen, concepts) {
            Fit::Certain => true,
            Fit::Possible => filter.include_possible,
            Fit::No => false,
        });
        prop_assert_eq!(counted, expected.count() as u64, "{} {:?}", code, filter);
    }
    Ok(())
}

#[test]
fn near_misses_fail_one_condition_and_no_more() {
    let concepts = Concepts::load(&[]).expect("concepts");
    let place = Place::new(Backend::Sqlite);
    let mut runner = TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let round = std::cell::Cell::new(0);
    runner
        .run(&(proptest::collection::vec(record(), 80), proptest::collection::vec(filter(), 40)), |(records, filters)| {
            round.set(round.get() + 1);
            let records = read(&records, &concepts, Audience::Public);
            let index = indexed(&records, &concepts, &place.folder.join(format!("near-{}", round.get())));
            for filter in &filters {
                let request = SearchRequest { words: None, filter, order: None, today: TODAY };
                let results = search(index.snapshot(), &request, &concepts).expect("search");
                for id in results.near_misses(50) {
                    let dataset = &records[id.as_u64_pair().1 as usize];
                    let failed = findings(Subject { dataset, updated_at: 0, today: TODAY }, filter, &concepts);
                    let failed: Vec<_> = failed.iter().filter(|finding| finding.fit == Fit::No).collect();
                    let former =
                        failed.iter().filter(|f| matches!(f.reason, rihla::domain::matching::Reason::FormerDivision { .. })).count();
                    prop_assert!(failed.len() == 1 || (failed.len() == 2 && former == 1), "{:?}", failed);
                }
            }
            Ok(())
        })
        .expect("near misses are near");
}

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

#[test]
fn conditions_on_access_hold_for_one_holding() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let terms = |aggregates: [&str; 2], microdata: [&str; 2]| {
            json!({ "aggregates": aggregates[0], "aggregatesBasis": aggregates[1], "microdata": microdata[0],
                "microdataBasis": microdata[1], "channel": "UNKNOWN" })
        };
        let holding = |institution: &str, terms| json!({ "institution": institution, "role": "HOLDER", "accessTerms": terms });
        let lines = [
            dataset("two-holders", |record| {
                record["holdings"] = json!([
                    holding("holder", terms(["NOT_SHARED", "QUOTED"], ["NOT_SHARED", "QUOTED"])),
                    holding("other", terms(["PUF", "ASSUMED"], ["PUF", "ASSUMED"])),
                ]);
            }),
            dataset("one-level", |record| {
                record["holdings"] = json!([holding("holder", terms(["UNKNOWN", "ASSUMED"], ["PUF", "QUOTED"]))]);
            }),
        ];
        let file = place
            .write("lines.jsonl", [institution("holder"), institution("other")].into_iter().chain(lines).collect::<Vec<_>>().join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let asked = |filter: &str| {
            let query = format!(
                "{{ datasets(where: {filter}) {{ nodes {{ slug }} facets(of: [ACCESS_BASIS]) {{ values {{ code count }} }}
                    nearMisses {{ dataset {{ slug }} failed {{ reason }} }} }} }}"
            );
            server.ask(&query)["datasets"].clone()
        };
        let slugs = |answer: &serde_json::Value| -> Vec<String> {
            answer["nodes"].as_array().expect("nodes").iter().map(|node| node["slug"].as_str().expect("slug").to_owned()).collect()
        };
        let quoted = asked("{ microdataAccess: [OPEN, PUF], accessBasis: [QUOTED] }");
        assert_eq!(slugs(&quoted), ["one-level"], "{quoted}");
        let assumed = asked("{ microdataAccess: [OPEN, PUF], accessBasis: [ASSUMED] }");
        assert_eq!(slugs(&assumed), ["two-holders"], "{assumed}");
        for (code, count) in [("QUOTED", 1), ("ASSUMED", 1)] {
            let values = quoted["facets"][0]["values"].as_array().expect("values");
            assert!(values.iter().any(|value| value["code"] == code && value["count"] == count), "{values:?}");
        }
        let divided = asked("{ aggregatesAccess: [NOT_SHARED], microdataAccess: [PUF] }");
        assert!(slugs(&divided).is_empty(), "{divided}");
        assert!(divided["nearMisses"].to_string().contains("no one of them has both"), "{divided}");
        server.stop();
        place.assert_healthy();
    }
}
