//! Kept counters of a coverage grid: how many records of each cell have begun, and how many are over, by each day.
//!
//! How many periods meet a window then follows from two numbers, whatever the window: those that begin before it ends, less those that are
//! over before it begins. No record is touched. Counters are kept for the grids that are asked for again, as long as the records that they were
//! made of are those of the segment; they say the same as [`super::grid`], which a test compares.

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
/// Most records of a new segment that are counted at the first question after it came.
const MOST_AT_ONCE: u64 = 2_000;
/// Most counters of a grid in a segment, a day with its number being one.
const MOST_COUNTERS: usize = 1_000_000;
/// What a cell takes, and what one of its kinds does, in counters.
const OF_CELL: usize = 4;
const OF_KIND: usize = 25;

/// What a segment keeps of the grids that it was asked for.
#[derive(Default)]
pub struct Kept(Mutex<HashMap<Box<str>, State>>);

/// What is kept of one grid.
#[derive(Clone)]
enum State {
    /// It was asked for once.
    Asked,
    /// It has more counters than are kept.
    TooLarge,
    /// Its counters.
    Counted(Arc<Counters>),
}

/// The counters of a grid in a segment: the cells row by row, each row with its total behind; behind them the totals of the columns, and that
/// of all.
struct Counters(Vec<[Option<Box<Kind>>; 4]>);

/// How many periods begin, or end, by which day.
#[derive(Default)]
struct Days {
    /// Days on which any does, in order, each once.
    days: Vec<i32>,
    /// How many do by each of them.
    sums: Vec<u32>,
}

impl Days {
    fn of(mut all: Vec<i32>) -> Self {
        all.sort_unstable();
        let mut counted = Self::default();
        for (count, day) in (1..).zip(all) {
            if counted.days.last() != Some(&day) {
                counted.days.push(day);
                counted.sums.push(0);
            }
            if let Some(sum) = counted.sums.last_mut() {
                *sum = count;
            }
        }
        counted.days.shrink_to_fit();
        counted.sums.shrink_to_fit();
        counted
    }

    /// How many do on a day for which the condition holds, which holds for no day after one for which it does not.
    fn count(&self, holds: impl Fn(i64) -> bool) -> u64 {
        let days = self.days.partition_point(|day| holds(i64::from(*day)));
        days.checked_sub(1).and_then(|last| self.sums.get(last)).map_or(0, |sum| u64::from(*sum))
    }
}

/// The records of a cell that stand in one way, where there are any.
struct Kind {
    /// All of them.
    all: u64,
    /// Of those with both ends: first days, and last days.
    begun: Days,
    over: Days,
    /// Of those with one end only: the day on which they begin, or end.
    only_begun: Days,
    only_over: Days,
}

impl Kind {
    fn of(docs: &Bits, columns: &Columns) -> Option<Box<Self>> {
        let all = docs.len();
        if all == 0 {
            return None;
        }
        let (mut begun, mut over, mut only_begun, mut only_over) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        docs.for_each(|doc| match (columns.start[doc as usize], columns.end[doc as usize]) {
            (i32::MIN, i32::MIN) => {}
            (start, i32::MIN) => only_begun.push(start),
            (i32::MIN, end) => only_over.push(end),
            (start, end) => {
                begun.push(start);
                over.push(end);
            }
        });
        let [begun, over, only_begun, only_over] = [begun, over, only_begun, only_over].map(Days::of);
        Some(Box::new(Self { all, begun, over, only_begun, only_over }))
    }

    /// What it takes, in counters.
    fn size(&self) -> usize {
        OF_KIND + [&self.begun, &self.over, &self.only_begun, &self.only_over].map(|days| days.days.len()).iter().sum::<usize>()
    }

    /// Records whose period meets the window for certain; all where there is no window.
    fn count(&self, window: Option<(i64, i64)>) -> u64 {
        let Some((from, to)) = window else { return self.all };
        let (before, until) = (|day| day < from, |day| day <= to);
        let within = |days: &Days| days.count(until).saturating_sub(days.count(before));
        self.begun.count(until).saturating_sub(self.over.count(before)) + within(&self.only_begun) + within(&self.only_over)
    }
}

impl Counters {
    /// None where there are too many.
    fn of(view: &SegmentView, base: &Base, sets: &GridSets, segment: usize) -> Option<Self> {
        let (rows, columns) = sets.size();
        let mut size = 0;
        let cell = |place| {
            let kinds = sets.by_standing(base, segment, place).map(|docs| Kind::of(&docs, &view.columns));
            size += OF_CELL + kinds.iter().flatten().map(|kind| kind.size()).sum::<usize>();
            (size <= MOST_COUNTERS).then_some(kinds)
        };
        places(rows, columns).map(cell).collect::<Option<_>>().map(Self)
    }

    fn tally(&self, place: usize, window: Option<(i64, i64)>) -> Tally {
        let Some(kinds) = self.0.get(place) else { return Tally::default() };
        let [released, collected, all, planned] = [0, 1, 2, 3].map(|kind| kinds[kind].as_ref().map_or(0, |kind| kind.count(window)));
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
        let mut key = format!("{:?}|{:?}|{:?}|{reading:?}|{statuses:?}", axes.rows, axes.columns, axes.breakdowns);
        // What is planned no more changes seldom; counters that were made with it are those of another grid.
        if !axes.over.is_empty() {
            key.push_str(&format!("|{:?}", axes.over));
        }
        // Every segment is asked, so that each remembers that it was.
        let known: Vec<Option<State>> = self.segments.iter().map(|view| view.kept.ask(&key)).collect();
        // What was written since the others were counted is counted at once, where it is little.
        let is_ready = |(view, state): (&SegmentView, &Option<State>)| match state {
            Some(State::TooLarge) => false,
            Some(_) => true,
            None => view.public.len() <= MOST_AT_ONCE && known.iter().any(Option::is_some),
        };
        if !self.segments.iter().zip(&known).all(is_ready) {
            return None;
        }
        let kept = self.keep(axes, statuses, &key, known)?;
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

    /// The counters of every segment: those that are known, and those of the others, which are kept from now on.
    fn keep(&self, axes: &Axes<'_>, statuses: &[PublicationStatus], key: &str, known: Vec<Option<State>>) -> Option<Vec<Arc<Counters>>> {
        let codes: Vec<&str> = statuses.iter().map(|status| status.code()).collect();
        let mut kept: Vec<Option<Arc<Counters>>> = known.into_iter().map(|state| state.and_then(State::counters)).collect();
        let missing: Vec<&SegmentView> = self.segments.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(view, _)| view).collect();
        if !missing.is_empty() {
            let everything = missing.iter().map(|view| {
                let mut docs = view.public.clone();
                if !codes.is_empty() {
                    docs &= &any_of(&view.columns, "st", &codes);
                }
                SegmentResult { scores: Vec::new(), with_words: Bits::default(), sets: Vec::new(), certain: docs.clone(), matched: docs }
            });
            let everything: Vec<SegmentResult> = everything.collect();
            let sets = sets_of(&everything, &missing, axes);
            let made = missing.iter().enumerate().map(|(number, view)| {
                let counters = sets.base(number).and_then(|base| Counters::of(view, base, &sets, number)).map(Arc::new);
                if counters.is_none() {
                    view.kept.put(key, State::TooLarge);
                }
                counters
            });
            // Where one segment has too many, those of the others would serve nobody.
            let made: Vec<Arc<Counters>> = made.collect::<Option<_>>()?;
            for (view, counters) in missing.iter().zip(&made) {
                view.kept.put(key, State::Counted(counters.clone()));
            }
            let mut made = made.into_iter();
            for place in kept.iter_mut().filter(|kept| kept.is_none()) {
                *place = made.next();
            }
        }
        kept.into_iter().collect()
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
            kept.retain(|_, state| !matches!(state, State::Asked));
        }
        if kept.len() >= MOST_ASKED {
            kept.clear();
        }
        kept.insert(key.into(), State::Asked);
        None
    }

    fn put(&self, key: &str, state: State) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_counted = |state: &State| matches!(state, State::Counted(_));
        let is_one_more = is_counted(&state) && !kept.get(key).is_some_and(is_counted);
        if is_one_more && kept.values().filter(|state| is_counted(state)).count() >= MOST_KEPT {
            kept.retain(|_, state| !is_counted(state));
        }
        kept.insert(key.into(), state);
    }
}
