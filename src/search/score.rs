//! Scores: the records of a segment that have enough of the words, by the rules of BM25.
//!
//! The postings of all words are read side by side, some thousand documents at a time, and added up in arrays that fit the processor's
//! nearest memory. Tantivy's scorers for nested queries give the same numbers, but pass each document through several layers.

use std::cell::RefCell;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{Bm25Weight, EnableScoring, Query, Scorer};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, Term};

use super::bits::Bits;

/// How much a word counts that stands in more than one field, beyond the best of them.
pub const TIE_BREAKER: Score = 0.2;
/// Documents looked at together.
const WINDOW: u32 = 4096;

/// A form of a word in a field: what it weighs, and where its postings are in each segment.
pub struct FormInField {
    field: Field,
    weight: Bm25Weight,
    postings: Vec<Option<TermInfo>>,
}

impl FormInField {
    /// Looks a form up; none where it is in no segment.
    pub fn find(searcher: &Searcher, field: Field, form: &str, boost: Score) -> tantivy::Result<Option<Self>> {
        let term = Term::from_field_text(field, form);
        let (mut postings, mut records, mut tokens, mut all) = (Vec::new(), 0, 0, 0);
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let found = inverted.get_term_info(&term)?;
            records += found.as_ref().map_or(0, |info| u64::from(info.doc_freq));
            tokens += inverted.total_num_tokens();
            all += u64::from(segment.max_doc());
            postings.push(found);
        }
        if records == 0 {
            return Ok(None);
        }
        let weight = Bm25Weight::for_one_term_without_explain(records, all, tokens as Score / all as Score).boost_by(boost);
        Ok(Some(Self { field, weight, postings }))
    }

    /// Postings by segment.
    pub fn by_segment(&self) -> impl Iterator<Item = Option<&TermInfo>> {
        self.postings.iter().map(Option::as_ref)
    }

    /// The field.
    pub fn field(&self) -> Field {
        self.field
    }
}

/// A part of a search that a record has or has not.
pub enum Clause {
    /// A word in its forms and fields; the best counts most.
    Word(Vec<FormInField>),
    /// Words in this order.
    Phrase(Box<dyn Query>),
    /// All words of an expression, or of one of several, in any order.
    Expression(Box<dyn Query>),
    /// Any of these: it is had once, and each one that a record has raises its score.
    AnyOf(Vec<Self>),
}

/// The records of a segment that have enough of the words.
#[derive(Default)]
pub struct Scored {
    /// The documents.
    pub set: Bits,
    /// Their scores, in the order of the documents.
    pub scores: Vec<Score>,
}

/// One source of documents with scores, read from its beginning to its end.
enum Source {
    Postings { blocks: Box<BlockSegmentPostings>, at: usize, norms: FieldNormReader, weight: Bm25Weight },
    Query(Box<dyn Scorer>),
}

impl Source {
    /// What is read for a clause, by what scores of its own: the best counts most only among the forms of one word.
    fn by_member(clause: &Clause, searcher: &Searcher, number: usize) -> tantivy::Result<Vec<Vec<Self>>> {
        match clause {
            Clause::AnyOf(members) => members.iter().map(|member| Self::of_clause(member, searcher, number)).collect(),
            single => Ok(vec![Self::of_clause(single, searcher, number)?]),
        }
    }

    fn of_clause(clause: &Clause, searcher: &Searcher, number: usize) -> tantivy::Result<Vec<Self>> {
        let segment = &searcher.segment_readers()[number];
        let forms = match clause {
            Clause::Word(forms) => forms,
            Clause::Phrase(query) | Clause::Expression(query) => return Ok(vec![Self::of_query(&**query, searcher, segment)?]),
            Clause::AnyOf(members) => {
                let sources: Vec<Vec<Self>> =
                    members.iter().map(|member| Self::of_clause(member, searcher, number)).collect::<tantivy::Result<_>>()?;
                return Ok(sources.into_iter().flatten().collect());
            }
        };
        let mut sources = Vec::with_capacity(forms.len());
        for form in forms {
            let Some(info) = form.postings.get(number).and_then(Option::as_ref) else { continue };
            let blocks = segment.inverted_index(form.field)?.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            let norms = segment.get_fieldnorms_reader(form.field)?;
            sources.push(Self::Postings { blocks: Box::new(blocks), at: 0, norms, weight: form.weight.clone() });
        }
        Ok(sources)
    }

    fn of_query(query: &dyn Query, searcher: &Searcher, segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self::Query(query.weight(EnableScoring::enabled_from_searcher(searcher))?.scorer(segment, 1.0)?))
    }

    /// Most documents that it may have.
    fn len(&self) -> u32 {
        match self {
            Self::Postings { blocks, .. } => blocks.doc_freq(),
            Self::Query(scorer) => scorer.size_hint(),
        }
    }

    /// Visits the documents before `end` that were not visited yet.
    fn read_to(&mut self, end: DocId, mut visit: impl FnMut(DocId, Score)) {
        match self {
            Self::Query(scorer) => {
                while scorer.doc() < end {
                    visit(scorer.doc(), scorer.score());
                    scorer.advance();
                }
            }
            Self::Postings { blocks, at, norms, weight } => loop {
                let docs = blocks.docs().get(*at..).unwrap_or_default();
                let before = docs.partition_point(|doc| *doc < end);
                for (place, doc) in docs[..before].iter().enumerate() {
                    visit(*doc, weight.score(norms.fieldnorm_id(*doc), blocks.freq(*at + place)));
                }
                if before < docs.len() || blocks.block_len() == 0 {
                    *at += before;
                    return;
                }
                *at = 0;
                blocks.advance();
            },
        }
    }
}

/// The scores of one clause in a window: the best, and all together.
struct Window {
    best: Vec<Score>,
    sum: Vec<Score>,
    seen: Vec<u64>,
}

impl Window {
    fn new() -> Self {
        Self { best: vec![0.0; WINDOW as usize], sum: vec![0.0; WINDOW as usize], seen: vec![0; WINDOW as usize / 64] }
    }

    fn add(&mut self, at: usize, score: Score) {
        let (bit, word) = (1 << (at % 64), &mut self.seen[at / 64]);
        if *word & bit == 0 {
            *word |= bit;
            (self.best[at], self.sum[at]) = (score, score);
        } else {
            self.best[at] = self.best[at].max(score);
            self.sum[at] += score;
        }
    }

    /// Visits what was added, with the best score and their sum, and forgets it.
    fn drain(&mut self, mut visit: impl FnMut(usize, Score, Score)) {
        for (place, word) in self.seen.iter_mut().enumerate() {
            while *word != 0 {
                let at = place * 64 + word.trailing_zeros() as usize;
                visit(at, self.best[at], self.sum[at]);
                *word &= *word - 1;
            }
        }
    }
}

fn of_clause(best: Score, sum: Score) -> Score {
    best + (sum - best) * TIE_BREAKER
}

/// What is looked for.
pub struct Wanted<'w> {
    /// The parts of the search.
    pub clauses: &'w [Clause],
    /// How many of them, from the first on, count as had; the others only raise the score.
    pub counted: usize,
    /// How many of those that count a record must have; one at least.
    pub needed: usize,
    /// What raises the score of a record that has enough.
    pub bonuses: &'w [Box<dyn Query>],
}

/// Finds the records of a segment that have enough of what is wanted. Of records that are no longer `alive` nothing is told.
///
/// # Errors
/// The index cannot be read.
pub fn score(searcher: &Searcher, number: usize, wanted: &Wanted<'_>, alive: Option<&Bits>) -> tantivy::Result<Scored> {
    let segment = &searcher.segment_readers()[number];
    let clauses = wanted.clauses.iter().map(|clause| Source::by_member(clause, searcher, number)).collect::<Result<_, _>>()?;
    let bonuses = wanted.bonuses.iter().map(|query| Source::of_query(&**query, searcher, segment)).collect::<Result<_, _>>()?;
    let mut sources = Sources { clauses, counted: wanted.counted, bonuses, needed: wanted.needed };
    let mut scored = Scored { set: Bits::empty(segment.max_doc()), scores: Vec::with_capacity(sources.most(segment.max_doc())) };
    SUMS.with_borrow_mut(|sums| {
        sums.clear();
        for first in (0..segment.max_doc()).step_by(WINDOW as usize) {
            sources.window(first, sums, |doc, score| {
                if alive.is_none_or(|alive| alive.contains(doc)) {
                    scored.set.insert(doc);
                    scored.scores.push(score);
                }
            });
        }
    });
    Ok(scored)
}

/// The sums of one window; empty between two windows. Each thread keeps its own, as making them anew costs more than a short search.
struct Sums {
    clause: Window,
    all: Window,
    /// How many clauses a document has.
    has: Vec<u16>,
    /// The last of them, so that none is counted twice.
    last: Vec<u16>,
}

impl Sums {
    /// Forgets what a search that was broken off may have left behind.
    fn clear(&mut self) {
        self.clause.seen.fill(0);
        self.all.seen.fill(0);
        self.has.fill(0);
        self.last.fill(0);
    }
}

thread_local! {
    static SUMS: RefCell<Sums> = RefCell::new(Sums {
        clause: Window::new(),
        all: Window::new(),
        has: vec![0; WINDOW as usize],
        last: vec![0; WINDOW as usize],
    });
}

/// All that is read for a search in one segment.
struct Sources {
    /// For each clause the sources of each of its members.
    clauses: Vec<Vec<Vec<Source>>>,
    counted: usize,
    bonuses: Vec<Source>,
    needed: usize,
}

impl Sources {
    /// Most documents that may be found.
    fn most(&self, size: u32) -> usize {
        let all: u64 = self.clauses.iter().flatten().flatten().map(|source| u64::from(source.len())).sum();
        all.min(size.into()) as usize
    }

    fn window(&mut self, first: DocId, sums: &mut Sums, mut keep: impl FnMut(DocId, Score)) {
        let end = first.saturating_add(WINDOW);
        let Sums { clause, all, has, last } = sums;
        let is_single = self.bonuses.is_empty() && matches!(&self.clauses[..], [members] if members.len() == 1);
        for (members, number) in self.clauses.iter_mut().zip(1_u16..) {
            let is_counted = usize::from(number) <= self.counted;
            for sources in members {
                sources.iter_mut().for_each(|source| source.read_to(end, |doc, score| clause.add((doc - first) as usize, score)));
                if is_single {
                    return clause.drain(|at, best, sum| keep(first + at as DocId, of_clause(best, sum)));
                }
                clause.drain(|at, best, sum| {
                    all.add(at, of_clause(best, sum));
                    has[at] += u16::from(is_counted && last[at] != number);
                    last[at] = number;
                });
            }
        }
        for source in &mut self.bonuses {
            source.read_to(end, |doc, score| {
                let at = (doc - first) as usize;
                if has[at] > 0 {
                    all.add(at, score);
                }
            });
        }
        all.drain(|at, _, sum| {
            last[at] = 0;
            if usize::from(std::mem::take(&mut has[at])) >= self.needed {
                keep(first + at as DocId, sum);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    use tantivy::collector::DocSetCollector;
    use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, TermQuery};

    use super::*;
    use crate::search::document::Prepared;
    use crate::search::index::{Index, Snapshot};

    const WORDS: [&str; 5] = ["census", "survey", "register", "border", "permit"];

    fn record(number: u64, texts: &[String; 4]) -> Prepared {
        let [title, label, body, area] = texts.clone();
        let id = uuid::Uuid::from_u64_pair(number, number);
        let (suggest, title_key, tags) = (String::new(), title.clone(), vec!["st:PUBLISHED".to_owned()]);
        let (number, updated_at, start, end, due) = (number as i64, 0, 0, 0, 0);
        Prepared { id, number, updated_at, start, end, due, title_key, title, label, body, area, suggest, tags, calendar: Vec::new() }
    }

    fn texts() -> impl Strategy<Value = [String; 4]> {
        let text = || proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..6).prop_map(|words| words.join(" "));
        [text(), text(), text(), text()]
    }

    fn fields(snapshot: &Snapshot) -> [(Field, Score); 4] {
        let fields = &snapshot.fields;
        [(fields.title, 2.5), (fields.label, 1.5), (fields.body, 1.0), (fields.area, 0.7)]
    }

    /// What tantivy's own scorers say of the same search.
    fn by_tantivy(snapshot: &Snapshot, words: &[&str], needed: usize) -> BTreeMap<(u32, DocId), Score> {
        let term = |word: &str, field, weight| -> Box<dyn Query> {
            let term = TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs);
            Box::new(BoostQuery::new(Box::new(term), weight))
        };
        let clause = |word: &&str| -> (Occur, Box<dyn Query>) {
            let parts = fields(snapshot).map(|(field, weight)| term(word, field, weight)).into();
            (Occur::Should, Box::new(DisjunctionMaxQuery::with_tie_breaker(parts, TIE_BREAKER)))
        };
        let query = BooleanQuery::with_minimum_required_clauses(words.iter().map(clause).collect(), needed);
        let found = snapshot.searcher.search(&query, &DocSetCollector).expect("searched");
        let score = |at: &tantivy::DocAddress| query.explain(&snapshot.searcher, *at).expect("explained").value();
        found.iter().map(|at| ((at.segment_ord, at.doc_id), score(at))).collect()
    }

    fn by_us(snapshot: &Snapshot, words: &[&str], needed: usize) -> BTreeMap<(u32, DocId), Score> {
        let find = |word: &&str| {
            let forms = fields(snapshot).map(|(field, weight)| FormInField::find(&snapshot.searcher, field, word, weight).expect("read"));
            Clause::Word(forms.into_iter().flatten().collect())
        };
        let clauses: Vec<Clause> = words.iter().map(find).collect();
        let wanted = Wanted { clauses: &clauses, counted: clauses.len(), needed, bonuses: &[] };
        let mut all = BTreeMap::new();
        for (number, view) in snapshot.segments.iter().enumerate() {
            let found = score(&snapshot.searcher, number, &wanted, view.alive()).expect("scored");
            assert_eq!(found.set.len(), found.scores.len() as u64, "a score for each document");
            all.extend(found.set.iter().zip(found.scores).map(|(doc, score)| ((number as u32, doc), score)));
        }
        all
    }

    #[test]
    fn any_member_is_enough_for_a_clause_and_what_does_not_count_only_raises_the_score() {
        let folder = std::env::temp_dir().join(format!("rihla-clauses-{}", uuid::Uuid::now_v7()));
        let index = Index::open(&folder, 20 << 20).expect("index");
        let with = |title: &str| [title.to_owned(), String::new(), String::new(), String::new()];
        let titles = ["census", "border permit", "census border", "census border permit", "census border survey", "survey"];
        index.apply(titles.iter().zip(1..).map(|(title, number)| record(number, &with(title))), &[], 1).expect("indexed");
        let snapshot = index.snapshot();
        let word = |word: &str| {
            let form = FormInField::find(&snapshot.searcher, snapshot.fields.title, word, 1.0).expect("read");
            Clause::Word(form.into_iter().collect())
        };
        let clauses = [word("census"), Clause::AnyOf(vec![word("border"), word("permit")]), word("survey")];
        let wanted = Wanted { clauses: &clauses, counted: 2, needed: 2, bonuses: &[] };
        let found = score(&snapshot.searcher, 0, &wanted, None).expect("scored");
        let number = |doc: u32| snapshot.segments[0].columns.number[doc as usize];
        let scores: BTreeMap<u32, Score> = found.set.iter().map(number).zip(found.scores.iter().copied()).collect();
        assert_eq!(scores.keys().copied().collect::<Vec<_>>(), [3, 4, 5], "two members are one clause, and what does not count is none");
        assert!(scores[&4] > scores[&3] && scores[&5] > scores[&3], "{scores:?}");
        drop(std::fs::remove_dir_all(&folder));
    }

    #[test]
    fn scores_are_those_of_tantivy() {
        let folder = std::env::temp_dir().join(format!("rihla-scores-{}", uuid::Uuid::now_v7()));
        let round = std::cell::Cell::new(0);
        let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
        let case = (proptest::collection::vec(texts(), 300..700), proptest::sample::subsequence(WORDS.to_vec(), 1..=4), 1usize..3);
        let done = runner.run(&case, |(records, words, needed)| {
            round.set(round.get() + 1);
            let index = Index::open(&folder.join(round.get().to_string()), 20 << 20).expect("index");
            let prepared = records.iter().zip(1..).map(|(texts, number)| record(number, texts));
            index.apply(prepared, &[], 1).expect("indexed");
            // Written once more: a second segment, and records of the first that are no longer there.
            let again = records.iter().zip(1..).step_by(3).map(|(texts, number)| record(number, texts));
            index.apply(again, &[], 2).expect("indexed");
            let (snapshot, needed) = (index.snapshot(), needed.min(words.len()));
            let (ours, theirs) = (by_us(&snapshot, &words, needed), by_tantivy(&snapshot, &words, needed));
            prop_assert!(ours.keys().eq(theirs.keys()));
            for (at, score) in &ours {
                prop_assert!((score - theirs[at]).abs() < 1e-4, "{at:?}: {score} and {}", theirs[at]);
            }
            Ok(())
        });
        drop(std::fs::remove_dir_all(&folder));
        done.expect("the same scores");
    }
}
