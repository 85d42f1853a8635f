//! From a person's words to a query on the index: all forms of each word, weighted fields, typos, phrases.

use tantivy::postings::TermInfo;
use tantivy::query::{BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, PhraseQuery, Query};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

use crate::domain::words::{fold, is_arabic};

use super::analysis::{Language, query_forms, split, stem};
use super::index::{Fields, Snapshot};
use super::score::{Clause, FormInField, Wanted};

/// Longest search accepted, in characters.
pub const MAX_SEARCH: usize = 500;
/// Most words used of a search.
const MAX_WORDS: usize = 32;

/// A search made ready.
#[derive(Default)]
pub struct Words {
    clauses: Vec<Clause>,
    pairs: Vec<Box<dyn Query>>,
    /// Every search form that counts as a hit, for highlights.
    pub forms: Vec<String>,
}

impl Words {
    /// What a record must have: enough of the words. Those that stand side by side in it as in the search raise its score.
    pub fn wanted(&self) -> Wanted<'_> {
        let count = self.clauses.len();
        let needed = match count {
            0..=2 => count,
            3 => 2,
            4 => 3,
            // A whole sentence: a third of its words must be there.
            _ => count.div_ceil(3),
        };
        Wanted { clauses: &self.clauses, needed, bonuses: &self.pairs }
    }

    /// The same with any of the words being enough, where more were needed.
    pub fn relaxed(&self) -> Option<Wanted<'_>> {
        let wanted = self.wanted();
        (wanted.needed > 1).then_some(Wanted { needed: 1, ..wanted })
    }
}

/// Reads a person's words. `"…"` asks for the words in this order.
pub fn parse(text: &str, snapshot: &Snapshot) -> tantivy::Result<Words> {
    let fields = &snapshot.fields;
    let mut clauses: Vec<Clause> = Vec::new();
    let mut forms = Vec::new();
    for (number, part) in text.split('"').enumerate() {
        let quoted = number % 2 == 1;
        let words: Vec<&str> = split(part).into_iter().map(|word| word.text).collect();
        if quoted && words.len() > 1 {
            clauses.extend(phrase(&words, fields, &mut forms).map(Clause::Phrase));
            continue;
        }
        for word in words {
            if clauses.len() >= MAX_WORDS {
                break;
            }
            let mut found = query_forms(word);
            if found.is_empty() {
                continue;
            }
            let mut word_in_fields = one_word(&found, snapshot)?;
            if !known(&word_in_fields, snapshot)? {
                let near = corrections(&fold(word), snapshot)?;
                if !near.is_empty() {
                    word_in_fields = one_word(&near, snapshot)?;
                    found = near;
                }
            }
            clauses.push(Clause::Word(word_in_fields));
            forms.append(&mut found);
        }
    }
    let pairs = if clauses.is_empty() { Vec::new() } else { neighbours(text, fields) };
    Ok(Words { clauses, pairs, forms })
}

/// Each two meaningful words that follow each other, as a phrase in titles and labels.
fn neighbours(text: &str, fields: &Fields) -> Vec<Box<dyn Query>> {
    let words: Vec<&str> =
        split(text).into_iter().map(|word| word.text).filter(|word| !query_forms(word).is_empty()).take(MAX_WORDS).collect();
    let mut pairs: Vec<Box<dyn Query>> = Vec::new();
    for pair in words.windows(2) {
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        let mut known: Vec<Vec<String>> = Vec::new();
        for language in [Language::English, Language::French, Language::Other] {
            let stems: Vec<String> = pair.iter().map(|word| stem(&fold(word), language)).collect();
            if known.contains(&stems) {
                continue;
            }
            for (field, weight) in [(fields.title, 1.5), (fields.label, 3.0)] {
                let terms = stems.iter().map(|form| Term::from_field_text(field, form)).collect();
                parts.push(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms)), weight)));
            }
            known.push(stems);
        }
        pairs.push(Box::new(DisjunctionMaxQuery::new(parts)));
    }
    pairs
}

fn weighted(fields: &Fields) -> [(Field, f32); 4] {
    [(fields.title, 2.5), (fields.label, 1.5), (fields.body, 1.0), (fields.area, 0.7)]
}

/// A word in all its forms and fields.
fn one_word(forms: &[String], snapshot: &Snapshot) -> tantivy::Result<Vec<FormInField>> {
    let mut found = Vec::new();
    for (field, weight) in weighted(&snapshot.fields) {
        for form in forms {
            found.extend(FormInField::find(&snapshot.searcher, field, form, weight)?);
        }
    }
    Ok(found)
}

fn phrase(words: &[&str], fields: &Fields, forms: &mut Vec<String>) -> Option<Box<dyn Query>> {
    let mut parts: Vec<Box<dyn Query>> = Vec::new();
    for language in [Language::English, Language::French, Language::Other] {
        let stems: Vec<String> = words.iter().filter(|w| !query_forms(w).is_empty()).map(|w| stem(&fold(w), language)).collect();
        if stems.len() < 2 {
            continue;
        }
        for (field, weight) in [(fields.title, 3.0), (fields.body, 1.0)] {
            let terms = stems.iter().map(|s| Term::from_field_text(field, s)).collect();
            parts.push(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms)), weight)));
        }
        forms.extend(stems);
    }
    (!parts.is_empty()).then(|| Box::new(DisjunctionMaxQuery::new(parts)) as Box<dyn Query>)
}

/// Whether a word stands in any record that is still there.
fn known(word: &[FormInField], snapshot: &Snapshot) -> tantivy::Result<bool> {
    for form in word {
        for (segment, info) in snapshot.searcher.segment_readers().iter().zip(form.by_segment()) {
            if let Some(info) = info
                && alive(segment, form.field(), info, 1)? > 0
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// In how many records a term stands, counted up to `enough`. Those of removed records stay in the dictionary of a segment until
/// it is merged; they must tell of nothing.
fn alive(segment: &SegmentReader, field: Field, info: &TermInfo, enough: u32) -> tantivy::Result<u32> {
    if !segment.has_deletes() {
        return Ok(info.doc_freq);
    }
    let mut postings = segment.inverted_index(field)?.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    let mut count = 0;
    while postings.doc() != TERMINATED && count < enough {
        count += u32::from(!segment.is_deleted(postings.doc()));
        postings.advance();
    }
    Ok(count)
}

/// Index terms within one or two letters of a word that is not in the index, the most frequent first.
fn corrections(folded: &str, snapshot: &Snapshot) -> tantivy::Result<Vec<String>> {
    let letters = folded.chars().count();
    let arabic = folded.chars().next().is_some_and(is_arabic);
    // Arabic words are short for their meaning: one letter off is soon another word.
    let shortest = if arabic { 6 } else { 4 };
    if letters < shortest || letters > 40 || folded.chars().all(|c| c.is_ascii_digit()) {
        return Ok(Vec::new());
    }
    let distance = if letters >= 8 && !arabic { 2 } else { 1 };
    let mut starts = vec![stem(folded, Language::English), stem(folded, Language::French), folded.to_owned()];
    if arabic {
        starts = vec![stem(folded, Language::Other)];
    }
    starts.sort();
    starts.dedup();
    let mut found: Vec<(u32, String)> = Vec::new();
    for segment in snapshot.searcher.segment_readers() {
        for (field, _) in weighted(&snapshot.fields) {
            let inverted = segment.inverted_index(field)?;
            for start in &starts {
                let query = FuzzyTermQuery::new(Term::from_field_text(field, start), distance, true);
                let mut stream = inverted.terms().search(query.automaton()?).into_stream()?;
                while stream.advance() {
                    let Ok(term) = std::str::from_utf8(stream.key()) else {
                        continue;
                    };
                    let frequency = alive(segment, field, stream.value(), u32::MAX)?;
                    if frequency == 0 {
                        continue;
                    }
                    match found.iter_mut().find(|(_, known)| known == term) {
                        Some((total, _)) => *total += frequency,
                        None => found.push((frequency, term.to_owned())),
                    }
                }
            }
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(found.into_iter().take(8).map(|(_, term)| term).collect())
}
