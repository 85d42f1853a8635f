//! One search: words and filter to hits, totals, facets and near misses.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::domain::concept::Concepts;
use crate::domain::filter::{DatasetFilter, FilterField};

use super::cursor::Position;
use super::facets::{DatasetFacet, FacetCount};
use super::filter::{FieldSets, evaluate, sorted};
use super::index::{IndexError, Snapshot};
use super::order::{SortKey, SortOrder, key};
use super::query::{Words, parse};

/// What is asked.
pub struct SearchRequest<'a> {
    /// A person's words.
    pub words: Option<&'a str>,
    /// Conditions.
    pub filter: &'a DatasetFilter,
    /// Order; none for relevance.
    pub order: Option<SortOrder>,
    /// The day, counted from 1970-01-01.
    pub today: i64,
}

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
    fn contains(&self, position: &Position) -> bool {
        self.after.as_ref().is_none_or(|after| position.compare(after) == Ordering::Greater)
            && self.before.as_ref().is_none_or(|before| position.compare(before) == Ordering::Less)
    }
}

struct SegmentResult {
    /// Documents that match the words, with their scores; none without words.
    words: Option<Vec<(DocId, Score)>>,
    with_words: RoaringBitmap,
    sets: Vec<FieldSets>,
    certain: RoaringBitmap,
    matched: RoaringBitmap,
}

/// The answer, from which pages, facets and near misses are taken as they are asked for.
pub struct Results {
    snapshot: Arc<Snapshot>,
    segments: Vec<SegmentResult>,
    order: Option<SortOrder>,
    question: u32,
    include_possible: bool,
    /// Search forms of the words, for highlights.
    pub forms: Vec<String>,
    /// Whether no record has enough of the words, so that any of them was enough.
    pub is_relaxed: bool,
}

/// Answers a request on the present state of the index.
///
/// # Errors
/// The index cannot be read.
pub fn search(snapshot: Arc<Snapshot>, request: &SearchRequest<'_>, concepts: &Concepts) -> Result<Results, IndexError> {
    let words = match request.words {
        Some(text) => parse(text, &snapshot)?,
        None => Words { query: None, relaxed: None, forms: Vec::new() },
    };
    let mut scored: Vec<Option<Vec<(DocId, Score)>>> = (0..snapshot.segments.len()).map(|_| None).collect();
    let mut is_relaxed = false;
    if let Some(query) = &words.query {
        let mut found = snapshot.searcher.search(query, &Everything)?;
        if let Some(relaxed) = words.relaxed.as_ref().filter(|_| found.iter().all(|(_, docs)| docs.is_empty())) {
            found = snapshot.searcher.search(relaxed, &Everything)?;
            is_relaxed = true;
        }
        for (segment, docs) in found {
            scored[segment as usize] = Some(docs);
        }
    }
    // Words without meaning, such as "the", are words all the same: they find nothing rather than everything.
    let has_words = request.words.is_some();
    let mut segments = Vec::with_capacity(scored.len());
    for (view, words) in snapshot.segments.iter().zip(scored) {
        let words = if has_words { Some(words.unwrap_or_default()) } else { None };
        let with_words = match &words {
            Some(docs) => sorted(docs.iter().map(|(doc, _)| *doc).collect()) & &view.public,
            None => view.public.clone(),
        };
        let sets = evaluate(request.filter, &view.columns, concepts, request.today);
        let certain = sets.iter().fold(with_words.clone(), |docs, set| docs & &set.certain);
        let matched = if request.filter.include_possible {
            sets.iter().fold(with_words.clone(), |docs, set| docs & set.either())
        } else {
            certain.clone()
        };
        segments.push(SegmentResult { words, with_words, sets, certain, matched });
    }
    let question = question(request);
    let order = if has_words { request.order } else { Some(request.order.unwrap_or(SortOrder::UpdatedAt)) };
    Ok(Results { snapshot, segments, order, question, include_possible: request.filter.include_possible, forms: words.forms, is_relaxed })
}

/// A short mark of words, filter and order, so that a cursor of another question is told apart.
fn question(request: &SearchRequest<'_>) -> u32 {
    use sha2::{Digest, Sha256};
    let text = format!("{:?}|{:?}|{:?}", request.words, request.filter, request.order);
    let hash = Sha256::digest(text.as_bytes());
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

impl Results {
    /// Number of records found.
    pub fn total(&self) -> u64 {
        self.segments.iter().map(|segment| segment.matched.len()).sum()
    }

    /// Number of the question, for cursors.
    pub fn question(&self) -> u32 {
        self.question
    }

    /// Identifiers of all hits, in no order.
    pub fn ids(&self) -> Vec<uuid::Uuid> {
        let segments = self.segments.iter().zip(&self.snapshot.segments);
        segments.flat_map(|(found, view)| found.matched.iter().map(|doc| view.columns.id(doc))).collect()
    }

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

    fn hit(&self, segment: usize, doc: DocId, key: SortKey, score: Option<f32>) -> Hit {
        let columns = &self.snapshot.segments[segment].columns;
        let possible = self.include_possible && !self.segments[segment].certain.contains(doc);
        let position = Position { possible, key, number: columns.number[doc as usize], question: self.question };
        Hit { id: columns.id(doc), score, position }
    }

    fn by_relevance(&self, wanted: usize, window: &Window) -> Vec<Hit> {
        // The best hits so far; the identifier is read only for those that stay.
        let mut best: Vec<(Position, usize, DocId, f32)> = Vec::with_capacity(wanted * 2);
        let mut bar: Option<Position> = None;
        let closer = |a: &Position, b: &Position| {
            if window.from_end { b.compare(a) } else { a.compare(b) }
        };
        for (number, segment) in self.segments.iter().enumerate() {
            let columns = &self.snapshot.segments[number].columns;
            for (doc, score) in segment.words.iter().flatten() {
                let too_low = |bar: &Position| !bar.possible && bar.key.compare(&SortKey::Score(*score)) == Ordering::Less;
                if !window.from_end && bar.as_ref().is_some_and(too_low) || !segment.matched.contains(*doc) {
                    continue;
                }
                let possible = self.include_possible && !segment.certain.contains(*doc);
                let position =
                    Position { possible, key: SortKey::Score(*score), number: columns.number[*doc as usize], question: self.question };
                if !window.contains(&position) {
                    continue;
                }
                best.push((position, number, *doc, *score));
                if best.len() >= wanted * 2 {
                    best.sort_by(|a, b| closer(&a.0, &b.0));
                    best.truncate(wanted);
                    bar = best.last().map(|(position, ..)| position.clone());
                }
            }
        }
        best.sort_by(|a, b| closer(&a.0, &b.0));
        best.truncate(wanted);
        best.sort_by(|a, b| a.0.compare(&b.0));
        best.into_iter().map(|(position, segment, doc, score)| self.hit(segment, doc, position.key, Some(score))).collect()
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
        let docs = if possible { &segment.matched - &segment.certain } else { segment.certain.clone() };
        let place = |doc: DocId| Position {
            possible,
            key: key(columns, doc, order),
            number: columns.number[doc as usize],
            question: self.question,
        };
        let hit = |doc: DocId| self.hit(number, doc, key(columns, doc, order), None);
        if docs.len() <= 512 {
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

    /// Counts of a facet, the most frequent first, and how many values there are in all.
    pub fn facet(&self, facet: DatasetFacet, limit: usize) -> (Vec<FacetCount>, usize) {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for (number, segment) in self.segments.iter().enumerate() {
            let own = facet.filter_field();
            let selected = segment.sets.iter().any(|set| Some(set.field) == own);
            let columns = &self.snapshot.segments[number].columns;
            if !selected {
                super::facets::count(columns, facet.prefix(), &segment.matched, &mut counts);
                continue;
            }
            let others = segment.sets.iter().filter(|set| Some(set.field) != own);
            let docs =
                others.fold(
                    segment.with_words.clone(),
                    |docs, set| {
                        if self.include_possible { docs & set.either() } else { docs & &set.certain }
                    },
                );
            super::facets::count(columns, facet.prefix(), &docs, &mut counts);
        }
        let mut values: Vec<FacetCount> = counts.into_iter().map(|(code, count)| FacetCount { code, count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
        let all = values.len();
        values.truncate(limit);
        (values, all)
    }

    /// Records that match the words and all conditions but one. First those close to the failed condition, such as
    /// records of a former division; then those on the subject asked for; then those with the least undocumented;
    /// then by relevance and by the latest end of their period.
    pub fn near_misses(&self, wanted: usize) -> Vec<uuid::Uuid> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for number in 0..self.segments.len() {
            self.near_in_segment(number, &mut candidates);
        }
        candidates
            .sort_by(|a, b| a.rank.cmp(&b.rank).then(b.score.total_cmp(&a.score)).then(b.end.cmp(&a.end)).then(a.number.cmp(&b.number)));
        candidates.truncate(wanted);
        candidates.into_iter().map(|candidate| candidate.id).collect()
    }

    fn near_in_segment(&self, number: usize, candidates: &mut Vec<Candidate>) {
        let (segment, columns) = (&self.segments[number], &self.snapshot.segments[number].columns);
        let scores: HashMap<DocId, f32> = segment.words.iter().flatten().copied().collect();
        let all_near = segment.sets.iter().fold(RoaringBitmap::new(), |near, set| near | &set.near);
        for (failed, failing) in segment.sets.iter().enumerate() {
            let mut docs = segment.with_words.clone();
            for (other, set) in segment.sets.iter().enumerate() {
                if other == failed {
                    docs -= set.either();
                } else {
                    docs &= set.either() | &set.near;
                }
            }
            let other_subject = matches!(failing.field, FilterField::Themes | FilterField::Institutions | FilterField::Indicators);
            // Close ones are never cut off; of the others a sample is enough to choose from.
            let (close, rest) = (&docs & &all_near, &docs - &all_near);
            for doc in close.iter().chain(rest.iter().take(2_000)) {
                let undocumented = segment.sets.iter().filter(|set| set.possible.contains(doc)).count();
                candidates.push(Candidate {
                    rank: (!all_near.contains(doc), other_subject, undocumented),
                    score: scores.get(&doc).copied().unwrap_or(0.0),
                    end: columns.end[doc as usize],
                    number: columns.number[doc as usize],
                    id: columns.id(doc),
                });
            }
        }
    }
}

/// A record that fails one condition; smaller ranks come first.
struct Candidate {
    rank: (bool, bool, usize),
    score: f32,
    end: i32,
    number: u32,
    id: uuid::Uuid,
}

/// Collects every document that matches, with its score.
struct Everything;

struct EverySegment(SegmentOrdinal, Vec<(DocId, Score)>);

impl Collector for Everything {
    type Fruit = Vec<(SegmentOrdinal, Vec<(DocId, Score)>)>;
    type Child = EverySegment;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<EverySegment> {
        Ok(EverySegment(segment, Vec::new()))
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for EverySegment {
    type Fruit = Vec<(SegmentOrdinal, Vec<(DocId, Score)>)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.1.push((doc, score));
    }

    fn harvest(self) -> Self::Fruit {
        vec![(self.0, self.1)]
    }
}
