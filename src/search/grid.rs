//! The coverage grid for all records of a result at once, with sets.
//!
//! Says the same as [`crate::domain::grid`], which answers for one record; a test compares the two.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::filter::{DatasetFilter, FilterField};
use crate::domain::grid::{RELEASED_ACCESS, Reading, Tally, WITH_GAPS, documented_access, themes_feeding, year_window};
use crate::domain::holding::AccessStatement;
use crate::domain::matching::{DESTINATION_BREAKDOWNS, ORIGIN_BREAKDOWNS};
use crate::domain::time::FAR_FUTURE;
use crate::domain::vocabulary::{ConceptScheme, GridDimension, Vocabulary};

use super::bits::Bits;
use super::calendar::plans;
use super::columns::Columns;
use super::engine::{Results, SegmentResult, short_mark};
use super::filter::{add_within, any_of, areas, collected_in, movement, period};
use super::index::SegmentView;

/// Records by how they stand to one value: each set holds the one before.
#[derive(Clone, Debug)]
pub struct Standings {
    released: Bits,
    collected: Bits,
    all: Bits,
}

impl Standings {
    fn plain(docs: Bits) -> Self {
        Self { released: docs.clone(), collected: docs.clone(), all: docs }
    }

    fn new(released: Bits, collected: &Bits, possible: &Bits) -> Self {
        let mut with_collected = released.clone();
        with_collected |= collected;
        let mut all = with_collected.clone();
        all |= possible;
        Self { released, collected: with_collected, all }
    }
}

/// A value of a row or column in every segment.
type Value = Vec<Arc<Standings>>;

/// The records of a result by the values of rows and columns.
pub struct GridSets {
    /// What the result can say of each record at the most; and what is planned.
    base: Vec<Base>,
    rows: Vec<Value>,
    columns: Vec<Value>,
    /// A mark of rows, columns and breakdowns, so that a cursor of another grid is told apart.
    mark: u32,
}

/// The records of a result in one segment.
pub(super) struct Base {
    at_most: Standings,
    planned: Bits,
    /// Of these, those that answer the question, and are of the row, for certain.
    planned_for_certain: Bits,
}

/// A row, a column, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the row; none for the total of the column.
    pub row: Option<usize>,
    /// Number of the column; none for the total of the row.
    pub column: Option<usize>,
}

/// What a grid is made of.
#[derive(Clone, Copy, Debug)]
pub struct Axes<'a> {
    /// What the rows are, and their values.
    pub rows: (GridDimension, &'a [String]),
    /// What the columns are, and their values.
    pub columns: (GridDimension, &'a [String]),
    /// Breakdowns that every cell must have, all of them.
    pub breakdowns: &'a [String],
    /// Plans of which every collection was done or given up, by what was registered: they are planned no more, and count nowhere.
    pub over: &'a BTreeSet<Uuid>,
    /// How standings are read.
    pub reading: Reading<'a>,
}

impl Results {
    /// Puts the records found into rows and columns.
    pub fn grid(&self, axes: &Axes<'_>) -> GridSets {
        sets_of(&self.segments, &self.snapshot.segments.iter().collect::<Vec<_>>(), axes)
    }

    /// The part of the result that stands so in a cell; none of a state: all that it counts, what is planned too. Records that only may be
    /// of the cell come after the others, as possible ones.
    pub fn of_cell(&self, sets: &GridSets, place: Place, wanted: Option<Wanted>) -> Self {
        let segments = self.segments.iter().enumerate().map(|(number, segment)| {
            let matched = sets.docs(number, place, wanted);
            let mut certain = sets.docs(number, place, Some(Wanted::Certain));
            certain &= &matched;
            SegmentResult { scores: segment.scores.clone(), with_words: segment.with_words.clone(), sets: Vec::new(), certain, matched }
        });
        let of_place = place.row.map_or(0, |row| row as u32 + 1) << 16 ^ place.column.map_or(0, |column| column as u32 + 1) << 4;
        Self {
            snapshot: self.snapshot.clone(),
            segments: segments.collect(),
            order: self.order,
            question: self.question ^ sets.mark ^ of_place ^ wanted.map_or(0, |wanted| wanted as u32 + 1),
            include_possible: true,
            sought: self.sought.clone(),
            is_relaxed: self.is_relaxed,
            corrections: self.corrections.clone(),
        }
    }

    /// A day of the latest documented year of a cell: of the records whose figures are released, else of those that collect. An end that is
    /// not documented tells nothing; then the beginning counts. What goes on has figures up to today. None where no date is documented.
    pub fn newest_day(&self, sets: &GridSets, place: Place, today: i64) -> Option<i64> {
        let latest = |wanted| {
            let days = self.snapshot.segments.iter().enumerate().filter_map(|(number, view)| {
                let mut latest = i32::MIN;
                let with_gaps = any_of(&view.columns, "f", &WITH_GAPS.map(Vocabulary::code));
                let present = i32::try_from(today).unwrap_or(i32::MAX);
                sets.docs(number, place, Some(wanted)).for_each(|doc| {
                    let (start, end) = (view.columns.start[doc as usize], view.columns.end[doc as usize]);
                    // What goes on has figures up to today, as each year of the grid says.
                    let goes_on = i64::from(end) >= FAR_FUTURE && !with_gaps.contains(doc);
                    let last = if is_date(end) { end } else { start };
                    latest = latest.max(if goes_on { present.max(last) } else { last });
                });
                is_date(latest).then(|| i64::from(latest).min(today))
            });
            days.max()
        };
        // Where figures are released and no year of them is documented, a year of what is only collected is not theirs.
        let is_released = (0..self.snapshot.segments.len()).any(|number| !sets.docs(number, place, Some(Wanted::Released)).is_empty());
        latest(if is_released { Wanted::Released } else { Wanted::ExistsNotReleased })
    }
}

/// Records that were found in the segments of a snapshot, by rows and columns.
pub(super) fn sets_of(found: &[SegmentResult], views: &[&SegmentView], axes: &Axes<'_>) -> GridSets {
    let sets = |(dimension, values): (GridDimension, &[String])| {
        let value = |value: &String| views.iter().map(|view| standings(&view.columns, dimension, value, &axes.reading)).collect();
        values.iter().map(value).collect()
    };
    let base = found.iter().zip(views).map(|(found, view)| {
        let mut base = base(found, &view.columns, axes.over);
        for breakdown in axes.breakdowns {
            base = within(&base, Some(&standings(&view.columns, GridDimension::Disaggregation, breakdown, &axes.reading)));
        }
        base
    });
    GridSets {
        base: base.collect(),
        rows: sets(axes.rows),
        columns: sets(axes.columns),
        mark: short_mark(&format!("{:?}|{:?}|{:?}", axes.rows, axes.columns, axes.breakdowns)),
    }
}

/// Whether a day of a column is one of the calendar: not open, and documented.
fn is_date(day: i32) -> bool {
    day > i32::MIN && i64::from(day).abs() < FAR_FUTURE
}

/// Which records of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those whose figures are released.
    Released,
    /// Those that collect, and no more.
    ExistsNotReleased,
    /// Those that may be of the cell.
    NotDocumented,
    /// Those that are planned.
    Planned,
    /// Those that are of the cell for certain: released, collected or planned.
    Certain,
}

impl GridSets {
    /// Counts of every cell, row by row.
    pub fn count(&self) -> Vec<Vec<Tally>> {
        let places = |row| (0..self.columns.len()).map(move |column| Place { row: Some(row), column: Some(column) });
        let mut counts: Vec<Vec<Tally>> = (0..self.rows.len()).map(|_| vec![Tally::default(); self.columns.len()]).collect();
        for (number, base) in self.base.iter().enumerate() {
            for (row, counts) in counts.iter_mut().enumerate() {
                let row_sets = within(base, Some(&self.rows[row][number]));
                for (place, tally) in places(row).zip(counts) {
                    let column = place.column.and_then(|column| self.columns.get(column)).map(|column| &column[number]);
                    row_sets.add_to(tally, column.map(AsRef::as_ref));
                }
            }
        }
        counts
    }

    /// Counts of a cell, or of a row or column as a whole: each record is counted once.
    pub fn tally(&self, place: Place) -> Tally {
        let mut tally = Tally::default();
        for (number, base) in self.base.iter().enumerate() {
            let row = place.row.and_then(|row| self.rows.get(row)).map(|row| row[number].as_ref());
            let column = place.column.and_then(|column| self.columns.get(column)).map(|column| column[number].as_ref());
            within(base, row).add_to(&mut tally, column);
        }
        tally
    }

    /// Number of rows and of columns.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.rows.len(), self.columns.len())
    }

    /// The records of the result in a segment.
    pub(super) fn base(&self, segment: usize) -> Option<&Base> {
        self.base.get(segment)
    }

    /// Records of a cell in a segment: released; these and collected; these and not documented; planned.
    pub(super) fn by_standing(&self, base: &Base, segment: usize, place: Place) -> [Bits; 4] {
        let row = place.row.and_then(|row| self.rows.get(row)).map(|row| row[segment].as_ref());
        let column = place.column.and_then(|column| self.columns.get(column)).map(|column| column[segment].as_ref());
        let sets = within(base, row);
        let Base { at_most: Standings { released, collected, all }, planned, .. } = within(&sets, column);
        [released, collected, all, planned]
    }

    /// Records of a segment that stand so in a cell.
    fn docs(&self, segment: usize, place: Place, wanted: Option<Wanted>) -> Bits {
        let Some(base) = self.base.get(segment) else { return Bits::default() };
        let row = place.row.and_then(|row| self.rows.get(row)).map(|row| row[segment].as_ref());
        let column = place.column.and_then(|column| self.columns.get(column)).map(|column| column[segment].as_ref());
        let sets = within(base, row);
        let cut = |docs: &Bits, by: fn(&Standings) -> &Bits| {
            let mut docs = docs.clone();
            if let Some(column) = column {
                docs &= by(column);
            }
            docs
        };
        let less = |mut docs: Bits, others: Bits| {
            docs -= &others;
            docs
        };
        let released = || cut(&sets.at_most.released, |column| &column.released);
        let collected = || cut(&sets.at_most.collected, |column| &column.collected);
        let all = || cut(&sets.at_most.all, |column| &column.all);
        let planned = || cut(&sets.planned, |column| &column.all);
        match wanted {
            Some(Wanted::Released) => released(),
            Some(Wanted::ExistsNotReleased) => less(collected(), released()),
            Some(Wanted::NotDocumented) => less(all(), collected()),
            Some(Wanted::Planned) => planned(),
            Some(Wanted::Certain) => {
                let mut docs = collected();
                docs |= &cut(&sets.planned_for_certain, |column| &column.collected);
                docs
            }
            None => {
                let mut docs = all();
                docs |= &planned();
                docs
            }
        }
    }
}

/// The records of a row, where there is one.
fn within(base: &Base, row: Option<&Standings>) -> Base {
    let Some(row) = row else {
        let Base { at_most, planned, planned_for_certain } = base;
        return Base { at_most: at_most.clone(), planned: planned.clone(), planned_for_certain: planned_for_certain.clone() };
    };
    let both = |docs: &Bits, row: &Bits| {
        let mut docs = docs.clone();
        docs &= row;
        docs
    };
    let at_most = Standings {
        released: both(&base.at_most.released, &row.released),
        collected: both(&base.at_most.collected, &row.collected),
        all: both(&base.at_most.all, &row.all),
    };
    let planned_for_certain = both(&base.planned_for_certain, &row.collected);
    Base { at_most, planned: both(&base.planned, &row.all), planned_for_certain }
}

impl Base {
    fn add_to(&self, tally: &mut Tally, column: Option<&Standings>) {
        let count = |docs: &Bits, column: Option<&Bits>| column.map_or_else(|| docs.len(), |column| docs.len_with(column));
        let released = count(&self.at_most.released, column.map(|column| &column.released));
        let collected = count(&self.at_most.collected, column.map(|column| &column.collected));
        let all = count(&self.at_most.all, column.map(|column| &column.all));
        tally.released += released;
        tally.exists_not_released += collected - released;
        tally.not_documented += all - collected;
        tally.planned += count(&self.planned, column.map(|column| &column.all));
    }
}

/// What the records of a result can say at the most: a record that only may answer the question says no more in a cell.
fn base(found: &SegmentResult, columns: &Columns, over: &BTreeSet<Uuid>) -> Base {
    let planned_of_all = plans(columns);
    let figures = columns.standings("figures", || figures(columns));
    let mut certain = found.certain.clone();
    certain -= &planned_of_all;
    let (mut released, mut collected, mut all) = (certain.clone(), certain, found.matched.clone());
    released &= &figures.released;
    collected &= &figures.collected;
    all -= &planned_of_all;
    let mut planned = found.matched.clone();
    planned &= &planned_of_all;
    if !over.is_empty() {
        let mut gone = Bits::empty(columns.size);
        planned.for_each(|doc| {
            if over.contains(&columns.id(doc)) {
                gone.insert(doc);
            }
        });
        planned -= &gone;
    }
    let mut planned_for_certain = planned.clone();
    planned_for_certain &= &found.certain;
    Base { at_most: Standings { released, collected, all }, planned, planned_for_certain }
}

/// How far the figures of records are released at all.
fn figures(columns: &Columns) -> Standings {
    let (mut released, mut undecided, mut stated) = (Bits::empty(columns.size), Bits::empty(columns.size), Bits::empty(columns.size));
    for (code, docs) in columns.kind("as").into_iter().flatten() {
        docs.add_to(&mut stated);
        match AccessStatement::parse(code).and_then(documented_access) {
            Some(level) if RELEASED_ACCESS.contains(&level) => docs.add_to(&mut released),
            Some(_) => {}
            None => docs.add_to(&mut undecided),
        }
    }
    // Undecided, and a level or a breakdown at which figures are released says that they are.
    let mut said = Bits::full(columns.size);
    said -= &stated;
    said |= &undecided;
    let mut unsaid = any_of(columns, "l", &["-"]);
    unsaid &= &any_of(columns, "b", &["-"]);
    said -= &unsaid;
    released |= &said;
    Standings::new(released, &Bits::full(columns.size), &Bits::default())
}

/// The records of a segment by how they stand to a value.
fn standings(columns: &Columns, dimension: GridDimension, value: &str, reading: &Reading<'_>) -> Arc<Standings> {
    let made = || make(columns, dimension, value, reading);
    match dimension {
        // Made of many tags; the same regions are asked for again and again.
        GridDimension::ReportingArea | GridDimension::Origin | GridDimension::Destination => {
            columns.standings(&format!("{}:{}:{value}", dimension.code(), reading.includes_parts), made)
        }
        _ => Arc::new(made()),
    }
}

fn make(columns: &Columns, dimension: GridDimension, value: &str, reading: &Reading<'_>) -> Standings {
    let (concepts, includes_parts) = (reading.concepts, reading.includes_parts);
    let places = concepts.scheme(ConceptScheme::Places);
    let tagged = |prefix: &str| any_of(columns, prefix, &[value]);
    let unsaid = |prefix: &str| any_of(columns, prefix, &["-"]);
    let moved = |field, prefix, breakdowns: &[&str]| {
        let wanted = [value.to_owned()];
        let released = movement(field, &wanted, prefix, ("b", breakdowns), includes_parts, columns, places);
        let collected = movement(field, &wanted, prefix, ("cb", breakdowns), includes_parts, columns, places);
        Standings::new(released.certain, &collected.certain, &released.possible)
    };
    match dimension {
        GridDimension::Theme | GridDimension::ThemeGroup => {
            let mut docs = Bits::empty(columns.size);
            add_within(&mut docs, columns, "t", value, concepts.scheme(ConceptScheme::Themes), true);
            Standings::new(docs, &Bits::default(), &unsaid("t"))
        }
        GridDimension::ReportingArea => {
            let filter = DatasetFilter {
                reporting_areas: vec![value.to_owned()],
                exclude_subdivisions: !includes_parts,
                ..DatasetFilter::default()
            };
            let released = areas(&filter, columns, concepts, places);
            Standings::new(released.certain, &collected_in(value, columns, places), &released.possible)
        }
        GridDimension::Origin => moved(FilterField::Origins, "o", &ORIGIN_BREAKDOWNS),
        GridDimension::Destination => moved(FilterField::Destinations, "d", &DESTINATION_BREAKDOWNS),
        GridDimension::Year => match value.parse() {
            Ok(year) => in_year(columns, year, reading.today),
            Err(_) => Standings::plain(Bits::empty(columns.size)),
        },
        GridDimension::Disaggregation => Standings::new(tagged("b"), &tagged("cb"), &unsaid("b")),
        GridDimension::Institution => Standings::plain(tagged("i")),
        GridDimension::SourceType => {
            let mut hidden = Bits::full(columns.size);
            columns.kind("s").into_iter().flatten().for_each(|(_, docs)| {
                let mut stated = Bits::empty(columns.size);
                docs.add_to(&mut stated);
                hidden -= &stated;
            });
            Standings::new(tagged("s"), &Bits::default(), &hidden)
        }
        GridDimension::AggregatesAccess => Standings::plain(tagged("ag")),
        GridDimension::MicrodataAccess => Standings::plain(tagged("mi")),
        GridDimension::GcmObjective | GridDimension::SdgIndicator => {
            let mut possible = any_of(columns, "t", &themes_feeding(value, concepts));
            possible |= &unsaid("n");
            Standings::new(tagged("n"), &Bits::default(), &possible)
        }
    }
}

/// A year that reference periods touch. What goes on has figures up to today; a source with gaps has them for its first and last year.
fn in_year(columns: &Columns, year: i32, today: i64) -> Standings {
    let window = year_window(year);
    let sets = period(&window, columns);
    let (first, last) = (window.first_day(), window.last_day());
    let mut with_gaps = any_of(columns, "f", &WITH_GAPS.map(Vocabulary::code));
    with_gaps &= &sets.certain;
    let mut doubtful = Bits::empty(columns.size);
    with_gaps.for_each(|doc| {
        let (start, end) = (columns.start[doc as usize], columns.end[doc as usize]);
        if start != i32::MIN && i64::from(start) < first && i64::from(end) > last {
            doubtful.insert(doc);
        }
    });
    if first > today {
        sets.certain.for_each(|doc| {
            if i64::from(columns.end[doc as usize]) == FAR_FUTURE {
                doubtful.insert(doc);
            }
        });
    }
    let (mut certain, mut possible) = (sets.certain, sets.possible);
    certain -= &doubtful;
    possible |= &doubtful;
    // What goes on has figures for the present year, whenever it began.
    if first <= today && today <= last {
        let with_gaps = any_of(columns, "f", &WITH_GAPS.map(Vocabulary::code));
        possible.for_each(|doc| {
            if i64::from(columns.end[doc as usize]) == FAR_FUTURE && columns.start[doc as usize] == i32::MIN && !with_gaps.contains(doc) {
                certain.insert(doc);
            }
        });
    }
    Standings::new(certain, &Bits::default(), &possible)
}
