//! Pages: the hits of a window, best first or in an order.

use std::cmp::Ordering;

use tantivy::DocId;

use super::cursor::Position;
use super::engine::Results;
use super::order::{SortKey, SortOrder, key};

/// A record found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Identifier.
    pub id: uuid::Uuid,
    /// Relevance, where words were given.
    pub score: Option<f32>,
    /// Its place, for the cursor.
    pub position: Position,
}

/// One page of hits.
pub struct Page {
    /// The hits, in order.
    pub hits: Vec<Hit>,
    /// Whether more follow.
    pub has_next: bool,
    /// Whether some come before.
    pub has_previous: bool,
}

/// Which part of the result is wanted.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Number of hits.
    pub count: usize,
    /// After this place.
    pub after: Option<Position>,
    /// Before this place.
    pub before: Option<Position>,
    /// Whether the last hits of the window are wanted instead of the first.
    pub from_end: bool,
}

impl Window {
    fn is_whole(&self) -> bool {
        self.after.is_none() && self.before.is_none()
    }

    fn contains(&self, position: &Position) -> bool {
        self.after.as_ref().is_none_or(|after| position.compare(after) == Ordering::Greater)
            && self.before.as_ref().is_none_or(|before| position.compare(before) == Ordering::Less)
    }
}

/// A document with what decides its place by relevance.
#[derive(Clone, Copy)]
struct Ranked {
    possible: bool,
    score: f32,
    number: u32,
    segment: usize,
    doc: DocId,
}

impl Ranked {
    fn compare(&self, other: &Self) -> Ordering {
        self.possible.cmp(&other.possible).then(other.score.total_cmp(&self.score)).then(self.number.cmp(&other.number))
    }
}

impl Results {
    /// The hits of a window, in order.
    pub fn page(&self, window: &Window) -> Page {
        let wanted = window.count + 1;
        let mut hits = match self.order {
            Some(order) => self.in_order(order, wanted, window),
            None => self.by_relevance(wanted, window),
        };
        let more = hits.len() > window.count;
        if more && window.from_end {
            hits.remove(0);
        }
        hits.truncate(window.count);
        let (has_previous, has_next) = if window.from_end { (more, window.before.is_some()) } else { (window.after.is_some(), more) };
        Page { hits, has_next, has_previous }
    }

    fn is_possible(&self, segment: usize, doc: DocId) -> bool {
        self.include_possible && !self.segments[segment].certain.contains(doc)
    }

    fn hit(&self, segment: usize, doc: DocId, key: SortKey, score: Option<f32>) -> Hit {
        let columns = &self.snapshot.segments[segment].columns;
        let possible = self.is_possible(segment, doc);
        let position = Position { possible, key, number: columns.number[doc as usize], question: self.question };
        Hit { id: columns.id(doc), score, position }
    }

    fn by_relevance(&self, wanted: usize, window: &Window) -> Vec<Hit> {
        let closer = |a: &Ranked, b: &Ranked| if window.from_end { b.compare(a) } else { a.compare(b) };
        let mut best: Vec<Ranked> = Vec::with_capacity(wanted * 4);
        // The last of the best so far: what comes after it need not be kept.
        let mut bar: Option<Ranked> = None;
        for (number, segment) in self.segments.iter().enumerate() {
            let numbers = &self.snapshot.segments[number].columns.number;
            let mut scores = segment.scores.iter();
            segment.with_words.for_each(|doc| {
                let Some(score) = scores.next().copied().filter(|_| segment.matched.contains(doc)) else { return };
                // Most hits are far behind, and cost no more than this.
                if !window.from_end && bar.is_some_and(|bar: Ranked| !bar.possible && score < bar.score) {
                    return;
                }
                let ranked = Ranked { possible: self.is_possible(number, doc), score, number: numbers[doc as usize], segment: number, doc };
                if bar.is_some_and(|bar| closer(&ranked, &bar) == Ordering::Greater) || !self.lies_in(window, &ranked) {
                    return;
                }
                best.push(ranked);
                if best.len() >= wanted * 4 {
                    best.select_nth_unstable_by(wanted - 1, closer);
                    best.truncate(wanted);
                    bar = best.last().copied();
                }
            });
        }
        best.sort_unstable_by(closer);
        best.truncate(wanted);
        best.sort_unstable_by(Ranked::compare);
        best.into_iter().map(|ranked| self.hit(ranked.segment, ranked.doc, SortKey::Score(ranked.score), Some(ranked.score))).collect()
    }

    fn lies_in(&self, window: &Window, ranked: &Ranked) -> bool {
        let key = SortKey::Score(ranked.score);
        let position = || Position { possible: ranked.possible, key, number: ranked.number, question: self.question };
        window.is_whole() || window.contains(&position())
    }

    fn in_order(&self, order: SortOrder, wanted: usize, window: &Window) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let classes = if window.from_end { [true, false] } else { [false, true] };
        for possible in classes {
            if hits.len() >= wanted || (possible && !self.include_possible) {
                continue;
            }
            let missing = wanted - hits.len();
            let mut found: Vec<Hit> = Vec::new();
            for number in 0..self.segments.len() {
                found.extend(self.walk(number, order, possible, missing, window));
            }
            found.sort_by(|a, b| a.position.compare(&b.position));
            if window.from_end {
                found.drain(..found.len().saturating_sub(missing));
                found.append(&mut hits);
                hits = found;
            } else {
                found.truncate(missing);
                hits.append(&mut found);
            }
        }
        hits
    }

    /// The documents of one segment that come first in a window, or last where it is read from its end.
    fn walk(&self, number: usize, order: SortOrder, possible: bool, wanted: usize, window: &Window) -> Vec<Hit> {
        let (segment, columns) = (&self.segments[number], &self.snapshot.segments[number].columns);
        let mut docs = if possible { segment.matched.clone() } else { segment.certain.clone() };
        if possible {
            docs -= &segment.certain;
        }
        let place = |doc: DocId| Position {
            possible,
            key: key(columns, doc, order),
            number: columns.number[doc as usize],
            question: self.question,
        };
        let hit = |doc: DocId| self.hit(number, doc, key(columns, doc, order), None);
        if docs.len() * docs.len() <= u64::from(columns.size) {
            // Few documents are sorted faster than they are looked for in the order of all.
            let mut places: Vec<(Position, DocId)> = docs.iter().map(|doc| (place(doc), doc)).filter(|(p, _)| window.contains(p)).collect();
            places.sort_by(|a, b| a.0.compare(&b.0));
            let skipped = if window.from_end { places.len().saturating_sub(wanted) } else { 0 };
            return places.into_iter().skip(skipped).take(wanted).map(|(_, doc)| hit(doc)).collect();
        }
        let ordered = columns.in_order(order);
        let start = window.after.as_ref().map_or(0, |after| ordered.partition_point(|doc| place(*doc).compare(after) != Ordering::Greater));
        let end = window
            .before
            .as_ref()
            .map_or(ordered.len(), |before| ordered.partition_point(|doc| place(*doc).compare(before) == Ordering::Less));
        let range = ordered.get(start..end).unwrap_or_default();
        let wanted_docs = |doc: &&u32| docs.contains(**doc);
        if window.from_end {
            range.iter().rev().filter(wanted_docs).take(wanted).map(|doc| hit(*doc)).collect()
        } else {
            range.iter().filter(wanted_docs).take(wanted).map(|doc| hit(*doc)).collect()
        }
    }
}
