//! One search: words and filter to hits, totals, facets and near misses.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::DocId;

use crate::domain::concept::Concepts;
use crate::domain::filter::{DatasetFilter, FilterField};
use crate::domain::vocabulary::{AccessLevel, StatementBasis, Vocabulary};

use super::bits::Bits;
use super::facets::{DatasetFacet, FacetCount, count};
use super::filter::{FieldSets, evaluate};
use super::index::{IndexError, Snapshot};
use super::order::SortOrder;
use super::query::{Correction, Sought, parse};
use super::score::{Scored, Wanted, score};

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

/// What was found in one segment.
pub(super) struct SegmentResult {
    /// Scores of the documents that have enough of the words, in their order; none without words.
    pub(super) scores: Vec<f32>,
    pub(super) with_words: Bits,
    pub(super) sets: Vec<FieldSets>,
    pub(super) certain: Bits,
    pub(super) matched: Bits,
}

impl SegmentResult {
    /// The documents that have the words and meet all conditions but those on these fields.
    fn without(&self, fields: &[FilterField], include_possible: bool) -> Bits {
        let mut docs = self.with_words.clone();
        for set in self.sets.iter().filter(|set| !fields.contains(&set.field)) {
            if include_possible { docs &= &set.either() } else { docs &= &set.certain }
        }
        docs
    }
}

/// The answer, from which pages, facets and near misses are taken as they are asked for.
pub struct Results {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) segments: Vec<SegmentResult>,
    pub(super) order: Option<SortOrder>,
    pub(super) question: u32,
    pub(super) include_possible: bool,
    /// What counts as a hit in a text, for highlights.
    pub sought: Vec<Sought>,
    /// Whether no record has enough of the words, so that any of them was enough.
    pub is_relaxed: bool,
    /// Words that are in no record, with what was searched for instead.
    pub corrections: Vec<Correction>,
}

/// Answers a request on the present state of the index.
///
/// # Errors
/// The index cannot be read.
pub fn search(snapshot: Arc<Snapshot>, request: &SearchRequest<'_>, concepts: &Concepts) -> Result<Results, IndexError> {
    let words = request.words.map(|text| parse(text, &snapshot, concepts)).transpose()?.unwrap_or_default();
    // Words without meaning, such as "the", are words all the same: they find nothing rather than everything.
    let has_words = request.words.is_some();
    let mut scored = scores(&snapshot, &words.wanted())?;
    let relaxed = words.relaxed().filter(|_| scored.iter().all(|segment| segment.scores.is_empty()));
    let is_relaxed = relaxed.is_some();
    if let Some(relaxed) = relaxed {
        scored = scores(&snapshot, &relaxed)?;
    }
    let mut segments = Vec::with_capacity(scored.len());
    for (view, found) in snapshot.segments.iter().zip(scored) {
        let with_words = if has_words { found.set } else { view.public.clone() };
        let sets = evaluate(request.filter, &view.columns, concepts, request.today);
        let mut result = SegmentResult { scores: found.scores, with_words, sets, certain: Bits::default(), matched: Bits::default() };
        result.certain = result.without(&[], false);
        result.matched = if request.filter.include_possible { result.without(&[], true) } else { result.certain.clone() };
        segments.push(result);
    }
    let question = question(request);
    let order = if has_words { request.order } else { Some(request.order.unwrap_or(SortOrder::UpdatedAt)) };
    Ok(Results {
        snapshot,
        segments,
        order,
        question,
        include_possible: request.filter.include_possible,
        sought: words.sought,
        is_relaxed,
        corrections: words.corrections,
    })
}

/// The documents with enough of the words, by segment.
fn scores(snapshot: &Snapshot, wanted: &Wanted<'_>) -> tantivy::Result<Vec<Scored>> {
    let segments = snapshot.segments.iter().enumerate();
    if wanted.clauses.is_empty() {
        return Ok(segments.map(|_| Scored::default()).collect());
    }
    segments.map(|(number, view)| score(&snapshot.searcher, number, wanted, view.alive())).collect()
}

/// A short mark of words, filter and order, so that a cursor of another question is told apart.
fn question(request: &SearchRequest<'_>) -> u32 {
    short_mark(&format!("{:?}|{:?}|{:?}", request.words, request.filter, request.order))
}

/// A number that stands for a text, the same at every time.
pub(super) fn short_mark(text: &str) -> u32 {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(text.as_bytes());
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

impl Results {
    /// Number of records found.
    pub fn total(&self) -> u64 {
        self.segments.iter().map(|segment| segment.matched.len()).sum()
    }

    /// The state of the index that was asked.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.clone()
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

    /// Counts of a facet, the most frequent first, and how many values there are in all.
    pub fn facet(&self, facet: DatasetFacet, limit: usize) -> (Vec<FacetCount>, usize) {
        let own: Vec<FilterField> = facet.filter_field().into_iter().collect();
        self.facet_without(facet, limit, &own)
    }

    /// The same without the conditions on these fields.
    fn facet_without(&self, facet: DatasetFacet, limit: usize, left_out: &[FilterField]) -> (Vec<FacetCount>, usize) {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for (segment, view) in self.segments.iter().zip(&self.snapshot.segments) {
            if segment.sets.iter().any(|set| left_out.contains(&set.field)) {
                count(&view.columns, facet, &segment.without(left_out, self.include_possible), &mut counts);
            } else {
                count(&view.columns, facet, &segment.matched, &mut counts);
            }
        }
        let mut values: Vec<(&str, u64)> = counts.into_iter().collect();
        values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let all = values.len();
        (values.into_iter().take(limit).map(|(code, count)| FacetCount { code: code.to_owned(), count }).collect(), all)
    }

    /// Counts of a facet, each as large as the result would be if its value were chosen: a place with the places inside it, and with the
    /// records of wider places that have figures for it.
    pub fn facet_as_chosen(
        &self,
        facet: DatasetFacet,
        limit: usize,
        filter: &DatasetFilter,
        concepts: &Concepts,
    ) -> (Vec<FacetCount>, usize) {
        let left_out = together(facet, filter);
        let (mut counts, mut all) = self.facet_without(facet, limit.max(MOST_RECOUNTED), &left_out);
        if facet == DatasetFacet::AccessBasis && left_out.iter().any(|field| Some(*field) != facet.filter_field()) {
            // The basis of one level is not always the one that both have together.
            for basis in StatementBasis::ALL.iter().map(|basis| basis.code()) {
                if !counts.iter().any(|count| count.code == basis) {
                    counts.push(FacetCount { code: basis.to_owned(), count: 0 });
                    all += 1;
                }
            }
        }
        let alone = |code: &str| chosen_alone(facet, code, filter);
        if counts.first().is_none_or(|count| alone(&count.code).is_none()) {
            counts.truncate(limit);
            return (counts, all);
        }
        let bases: Vec<Bits> = self.segments.iter().map(|segment| segment.without(&left_out, self.include_possible)).collect();
        for count in counts.iter_mut().filter(|count| count.code != "-") {
            let Some(filter) = alone(&count.code) else { continue };
            let within = bases.iter().zip(&self.snapshot.segments).map(|(base, view)| {
                let mut docs = base.clone();
                for set in evaluate(&filter, &view.columns, concepts, 0) {
                    if self.include_possible { docs &= &set.either() } else { docs &= &set.certain }
                }
                docs.len()
            });
            count.count = within.sum();
        }
        let before = counts.len();
        counts.retain(|count| count.count > 0);
        all -= before - counts.len();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
        counts.truncate(limit);
        (counts, all)
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
        let scores: HashMap<DocId, f32> = segment.with_words.iter().zip(segment.scores.iter().copied()).collect();
        let mut all_near = Bits::empty(columns.size);
        segment.sets.iter().for_each(|set| all_near |= &set.near);
        for (failed, failing) in segment.sets.iter().enumerate() {
            let mut docs = segment.with_words.clone();
            for (other, set) in segment.sets.iter().enumerate() {
                let mut met = set.either();
                if other == failed {
                    docs -= &met;
                } else {
                    met |= &set.near;
                    docs &= &met;
                }
            }
            let other_subject = matches!(failing.field, FilterField::Themes | FilterField::Institutions | FilterField::Indicators);
            // Close ones are never cut off; of the others a sample is enough to choose from.
            let (mut close, mut rest) = (docs.clone(), docs);
            close &= &all_near;
            rest -= &all_near;
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

/// Values of a facet that are counted as chosen at least, so that the most frequent ones come first: wide places hold much that names them not.
const MOST_RECOUNTED: usize = 64;

/// The conditions that a facet ignores: its own; for access, where several are set, all of them, for they hold for one holding together and are set
/// again with each value.
fn together(facet: DatasetFacet, filter: &DatasetFilter) -> Vec<FilterField> {
    let own = facet.filter_field();
    let set: Vec<FilterField> = filter.access().fields().collect();
    let is_access = matches!(facet, DatasetFacet::AggregatesAccess | DatasetFacet::MicrodataAccess | DatasetFacet::AccessBasis);
    if is_access && set.iter().any(|field| Some(*field) != own) { set } else { own.into_iter().collect() }
}

/// The conditions on access with one value of a facet in the place of its own; none where no other one is set.
fn with_access(facet: DatasetFacet, code: &str, around: &DatasetFilter) -> Option<DatasetFilter> {
    let mut filter = DatasetFilter {
        aggregates_access: around.aggregates_access.clone(),
        microdata_access: around.microdata_access.clone(),
        access_basis: around.access_basis.clone(),
        ..DatasetFilter::default()
    };
    match facet {
        DatasetFacet::AggregatesAccess => filter.aggregates_access = AccessLevel::parse(code).into_iter().collect(),
        DatasetFacet::MicrodataAccess => filter.microdata_access = AccessLevel::parse(code).into_iter().collect(),
        DatasetFacet::AccessBasis => filter.access_basis = StatementBasis::parse(code).into_iter().collect(),
        _ => return None,
    }
    (filter.access().fields().count() > 1).then_some(filter)
}

/// The condition that one value of a facet makes, where it finds more than the records that carry the value themselves.
fn chosen_alone(facet: DatasetFacet, code: &str, around: &DatasetFilter) -> Option<DatasetFilter> {
    let codes = vec![code.to_owned()];
    let blank = DatasetFilter { exclude_subdivisions: around.exclude_subdivisions, ..DatasetFilter::default() };
    Some(match facet {
        DatasetFacet::ReportingAreas => DatasetFilter { reporting_areas: codes, ..blank },
        DatasetFacet::Origins => DatasetFilter { origins: codes, ..blank },
        DatasetFacet::Destinations => DatasetFilter { destinations: codes, ..blank },
        // Only what is not documented may match too.
        DatasetFacet::ReleasedDisaggregations if around.include_possible => DatasetFilter { released_disaggregations: codes, ..blank },
        _ => return with_access(facet, code, around),
    })
}

/// A record that fails one condition; smaller ranks come first.
struct Candidate {
    rank: (bool, bool, usize),
    score: f32,
    end: i32,
    number: u32,
    id: uuid::Uuid,
}
