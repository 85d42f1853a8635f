//! Words together: phrases, all words of an expression in any order, and words side by side that raise a score.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::domain::concept::Concepts;
use crate::domain::words::fold;

use super::analysis::{Language, is_stop, query_forms, stem};
use super::index::Fields;
use super::query::MAX_WORDS;
use super::score::{Clause, TIE_BREAKER};

/// The fields in which a word is looked for, each with what it weighs there.
pub fn weighted(fields: &Fields) -> [(Field, f32); 4] {
    [(fields.title, 2.5), (fields.label, 1.5), (fields.body, 1.0), (fields.area, 0.7)]
}

/// Words in this order, with their stems as texts have them; none where fewer than two of them carry meaning. The index does not know the order of the
/// words of places inside an area; there it is known from the list of places.
pub fn phrase(words: &[&str], fields: &Fields, concepts: &Concepts) -> Option<(Clause, Vec<Vec<String>>)> {
    let forms: Vec<Vec<String>> = words.iter().map(|word| query_forms(word)).filter(|forms| !forms.is_empty()).collect();
    if forms.len() < 2 {
        return None;
    }
    let ways = ways(words);
    let mut parts: Vec<Box<dyn Query>> = Vec::new();
    for stems in &ways {
        for (field, weight) in [(fields.title, 3.0), (fields.label, 1.5), (fields.body, 1.0)] {
            parts.push(in_order(field, stems, weight));
        }
    }
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    if concepts.place_names().is_in_name(&folded) {
        parts.push(all_of(&forms, &[(fields.area, 0.7)]));
    }
    Some((Clause::Phrase(Box::new(DisjunctionMaxQuery::new(parts))), ways))
}

/// All of these words, each given by its forms, in any order, and each in any of the fields.
pub fn all_of(words: &[Vec<String>], fields: &[(Field, f32)]) -> Box<dyn Query> {
    fn one(field: Field, weight: f32, form: &str) -> Box<dyn Query> {
        let term = TermQuery::new(Term::from_field_text(field, form), IndexRecordOption::WithFreqs);
        Box::new(BoostQuery::new(Box::new(term), weight))
    }
    let any = |forms: &Vec<String>| -> Box<dyn Query> {
        let in_fields = fields.iter().flat_map(|(field, weight)| forms.iter().map(move |form| one(*field, *weight, form))).collect();
        Box::new(DisjunctionMaxQuery::with_tie_breaker(in_fields, TIE_BREAKER))
    };
    Box::new(BooleanQuery::intersection(words.iter().map(any).collect()))
}

/// What raises the score of a record: the whole search in a title, and each two words of it side by side.
pub fn bonuses(words: &[&str], fields: &Fields) -> Vec<Box<dyn Query>> {
    let mut bonuses = neighbours(words, fields);
    if bonuses.is_empty() {
        return bonuses;
    }
    let in_title: Vec<Box<dyn Query>> = ways(words).into_iter().map(|stems| in_order(fields.title, &stems, 4.0)).collect();
    if !in_title.is_empty() {
        bonuses.push(Box::new(DisjunctionMaxQuery::new(in_title)));
    }
    bonuses
}

/// Words in this order in a field.
fn in_order(field: Field, stems: &[String], weight: f32) -> Box<dyn Query> {
    let terms = stems.iter().map(|stem| Term::from_field_text(field, stem)).collect();
    Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms)), weight))
}

/// Each two meaningful words that follow each other, as a phrase in titles and labels.
fn neighbours(words: &[&str], fields: &Fields) -> Vec<Box<dyn Query>> {
    let words: Vec<&str> = words.iter().copied().filter(|word| !query_forms(word).is_empty()).take(MAX_WORDS).collect();
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
                parts.push(in_order(field, &stems, weight));
            }
            known.push(stems);
        }
        pairs.push(Box::new(DisjunctionMaxQuery::new(parts)));
    }
    pairs
}

/// The stems of words as a text of each language has them, which leaves out what carries no meaning in that language; and as synonyms have them, whose
/// language is not said. Each way has two words at least.
fn ways(words: &[&str]) -> Vec<Vec<String>> {
    let folded: Vec<String> = words.iter().take(MAX_WORDS).map(|word| fold(word)).filter(|word| !word.is_empty()).collect();
    let mut ways: Vec<Vec<String>> = Vec::new();
    for language in [Language::English, Language::French, Language::Other] {
        ways.push(folded.iter().filter(|word| !is_stop(word, language)).map(|word| stem(word, language)).collect());
        ways.push(folded.iter().filter(|word| !query_forms(word).is_empty()).map(|word| stem(word, language)).collect());
    }
    ways.retain(|stems| stems.len() > 1);
    ways.sort();
    ways.dedup();
    ways
}
