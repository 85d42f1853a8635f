//! Kept counters of a coverage grid: how many records of each cell have begun, and how many are over, by each day.
//!
//! How many periods meet a window then follows from two numbers, whatever the window: those that begin before it ends, less those that are
//! over before it begins. No record is touched. Counters are kept for the grids that are asked for again, in the state of the index that
//! they were made of; they say the same as [`super::grid`], which a test compares.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::filter::DatasetFilter;
use crate::domain::grid::Tally;
use crate::domain::time::PeriodWindow;
use crate::domain::vocabulary::{PeriodMatch, PublicationStatus, Vocabulary};

use super::bits::Bits;
use super::columns::Columns;
use super::engine::SegmentResult;
use super::filter::any_of;
use super::grid::{Axes, Base, GridSets, Place, sets_of};
use super::index::{SegmentView, Snapshot};

/// Grids of which a segment keeps counters.
const MOST_KEPT: usize = 4;
/// Grids of which a segment remembers that they were asked for.
const MOST_ASKED: usize = 64;
/// Most counters of a kind in a segment: cells times days.
const MOST_COUNTERS: usize = 200_000;

/// What a segment keeps of the grids that it was asked for.
#[derive(Default)]
pub struct Kept(Mutex<HashMap<Box<str>, State>>);

/// What is kept of one grid.
#[derive(Clone)]
enum State {
    /// It was asked for once.
    Asked,
    /// There are too many cells and days to keep counters of.
    TooLarge,
    /// Its counters.
    Counted(Arc<Counters>),
}

/// The counters of a grid in a segment.
struct Counters {
    /// Days on which a period begins or ends, in order, each once.
    days: Vec<i32>,
    /// The cells row by row, each row with its total behind; behind them the totals of the columns, and that of all.
    cells: Vec<[Kind; 4]>,
}

/// The records of a cell that stand in one way.
#[derive(Default)]
struct Kind {
    /// All of them.
    all: u64,
    /// Of those with both ends: how many have begun by each day, and how many have ended by it.
    begun: Vec<u32>,
    over: Vec<u32>,
    /// Of those with one end only: how many begin, or end, by each day.
    only_begun: Vec<u32>,
    only_over: Vec<u32>,
}

impl Kind {
    fn of(docs: &Bits, columns: &Columns, days: &[i32]) -> Self {
        let mut kind = Self { all: docs.len(), ..Self::default() };
        let add = |counts: &mut Vec<u32>, day: i32| {
            if counts.is_empty() {
                counts.resize(days.len(), 0);
            }
            if let Some(count) = days.binary_search(&day).ok().and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        };
        docs.for_each(|doc| match (columns.start[doc as usize], columns.end[doc as usize]) {
            (i32::MIN, i32::MIN) => {}
            (start, i32::MIN) => add(&mut kind.only_begun, start),
            (i32::MIN, end) => add(&mut kind.only_over, end),
            (start, end) => {
                add(&mut kind.begun, start);
                add(&mut kind.over, end);
            }
        });
        for counts in [&mut kind.begun, &mut kind.over, &mut kind.only_begun, &mut kind.only_over] {
            let mut sum = 0;
            for count in counts {
                sum += *count;
                *count = sum;
            }
        }
        kind
    }

    /// Records whose period meets the window for certain; all where there is no window. `before` and `until`: how many of the days lie before
    /// the window, and up to its end.
    fn count(&self, window: Option<(usize, usize)>) -> u64 {
        let Some((before, until)) = window else { return self.all };
        let by = |counts: &[u32], place: usize| place.checked_sub(1).and_then(|last| counts.get(last)).map_or(0, |count| u64::from(*count));
        let within = |counts: &[u32]| by(counts, until).saturating_sub(by(counts, before));
        by(&self.begun, until).saturating_sub(by(&self.over, before)) + within(&self.only_begun) + within(&self.only_over)
    }
}

impl Counters {
    /// None where there are too many cells and days.
    fn of(view: &SegmentView, base: &Base, sets: &GridSets, segment: usize) -> Option<Self> {
        let columns = &view.columns;
        let mut days: Vec<i32> = Vec::new();
        view.public.for_each(|doc| days.extend([columns.start[doc as usize], columns.end[doc as usize]]));
        days.retain(|day| *day != i32::MIN);
        days.sort_unstable();
        days.dedup();
        let (rows, all_columns) = sets.size();
        if (rows + 1) * (all_columns + 1) * days.len() > MOST_COUNTERS {
            return None;
        }
        let cell = |place| sets.by_standing(base, segment, place).map(|docs| Kind::of(&docs, columns, &days));
        let cells = places(rows, all_columns).map(cell).collect();
        Some(Self { days, cells })
    }

    fn tally(&self, place: usize, window: Option<(i64, i64)>) -> Tally {
        let bounds = window.map(|(from, to)| {
            let before = self.days.partition_point(|day| i64::from(*day) < from);
            (before, self.days.partition_point(|day| i64::from(*day) <= to))
        });
        let Some(kinds) = self.cells.get(place) else { return Tally::default() };
        let [released, collected, all, planned] = [0, 1, 2, 3].map(|kind| kinds[kind].count(bounds));
        Tally { released, exists_not_released: collected - released, not_documented: all - collected, planned }
    }
}

/// The cells row by row, each row with its total behind; behind them the totals of the columns, and that of all.
fn places(rows: usize, columns: usize) -> impl Iterator<Item = Place> {
    let with_total = |length: usize| (0..length).map(Some).chain([None]);
    with_total(rows).flat_map(move |row| with_total(columns).map(move |column| Place { row, column }))
}

/// The counts of a grid.
pub struct Counts {
    columns: usize,
    tallies: Vec<Tally>,
}

impl Counts {
    /// Counts of a cell, or of a row or column as a whole: each record is counted once.
    pub fn tally(&self, place: Place) -> Tally {
        let width = self.columns + 1;
        let rows = self.tallies.len() / width - 1;
        let (row, column) = (place.row.unwrap_or(rows), place.column.unwrap_or(self.columns));
        if row > rows || column > self.columns { Tally::default() } else { self.tallies[row * width + column] }
    }
}

/// Whether a question has no condition on the records but their status and a window that their period meets in part.
pub fn is_plain(words: Option<&str>, filter: &DatasetFilter) -> bool {
    let plain = DatasetFilter {
        statuses: filter.statuses.clone(),
        period: filter.period,
        exclude_subdivisions: filter.exclude_subdivisions,
        ..DatasetFilter::default()
    };
    let has_words = words.is_some_and(|words| !words.trim().is_empty());
    !has_words && *filter == plain && filter.period.is_none_or(|window| window.matching == PeriodMatch::Overlaps)
}

impl Snapshot {
    /// The counts of a grid of records of some statuses, or of those of them whose period meets a window; none where no counters are kept of
    /// it, since it was not asked for before or is too large.
    pub fn counts(&self, axes: &Axes<'_>, statuses: &[PublicationStatus], window: Option<&PeriodWindow>) -> Option<Counts> {
        let reading = (axes.reading.includes_parts, axes.reading.today);
        let key = format!("{:?}|{:?}|{:?}|{reading:?}|{statuses:?}", axes.rows, axes.columns, axes.breakdowns);
        // Every segment is asked, so that each remembers that it was.
        let asked: Vec<Option<State>> = self.segments.iter().map(|view| view.kept.ask(&key)).collect();
        let known: Vec<State> = asked.into_iter().collect::<Option<_>>()?;
        let is_known = known.iter().all(|state| matches!(state, State::Counted(_)));
        let kept = if is_known || known.iter().any(|state| matches!(state, State::TooLarge)) {
            known.into_iter().map(State::counters).collect::<Option<Vec<_>>>()?
        } else {
            self.keep(axes, statuses, &key)?
        };
        let window = window.map(|window| (window.first_day(), window.last_day()));
        let size = (axes.rows.1.len() + 1) * (axes.columns.1.len() + 1);
        let sum = |place: usize| {
            let mut sum = Tally::default();
            for counters in &kept {
                let part = counters.tally(place, window);
                sum.released += part.released;
                sum.exists_not_released += part.exists_not_released;
                sum.not_documented += part.not_documented;
                sum.planned += part.planned;
            }
            sum
        };
        Some(Counts { columns: axes.columns.1.len(), tallies: (0..size).map(sum).collect() })
    }

    fn keep(&self, axes: &Axes<'_>, statuses: &[PublicationStatus], key: &str) -> Option<Vec<Arc<Counters>>> {
        let codes: Vec<&str> = statuses.iter().map(|status| status.code()).collect();
        let everything = self.segments.iter().map(|view| {
            let mut docs = view.public.clone();
            if !codes.is_empty() {
                docs &= &any_of(&view.columns, "st", &codes);
            }
            SegmentResult { scores: Vec::new(), with_words: Bits::default(), sets: Vec::new(), certain: docs.clone(), matched: docs }
        });
        let everything: Vec<SegmentResult> = everything.collect();
        let sets = sets_of(&everything, self, axes);
        let made: Vec<State> = self
            .segments
            .iter()
            .enumerate()
            .map(|(number, view)| {
                let counters = sets.base(number).and_then(|base| Counters::of(view, base, &sets, number));
                let state = counters.map_or(State::TooLarge, |counters| State::Counted(Arc::new(counters)));
                view.kept.put(key, state.clone());
                state
            })
            .collect();
        made.into_iter().map(State::counters).collect()
    }
}

impl State {
    fn counters(self) -> Option<Arc<Counters>> {
        match self {
            Self::Counted(counters) => Some(counters),
            Self::Asked | Self::TooLarge => None,
        }
    }
}

impl Kept {
    /// What is kept of a grid: none where it was not asked for before; then it is remembered that it was.
    fn ask(&self, key: &str) -> Option<State> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(key) {
            return Some(known.clone());
        }
        if kept.len() >= MOST_ASKED {
            kept.retain(|_, state| matches!(state, State::Counted(_)));
        }
        kept.insert(key.into(), State::Asked);
        None
    }

    fn put(&self, key: &str, state: State) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.values().filter(|state| matches!(state, State::Counted(_))).count() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key.into(), state);
    }
}
