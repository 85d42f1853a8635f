//! Suggestions while a person types: topics, places, institutions and titles.

use uuid::Uuid;

use crate::domain::policy::Actor;
use crate::domain::vocabulary::{ConceptScheme, vocabulary};
use crate::search::analysis::{other_readings, suggested_words, typed_words};
use crate::search::suggest::titles;

use super::{Catalogue, Error};

vocabulary! {
    /// What a suggestion stands for.
    SuggestionKind "suggestion-kind" {
        Theme = "THEME" ["Topic", "Sujet", "موضوع"],
        Place = "PLACE" ["Place", "Lieu", "مكان"],
        Institution = "INSTITUTION" ["Institution", "Institution", "مؤسسة"],
        Dataset = "DATASET" ["Dataset", "Jeu de données", "مجموعة بيانات"],
    }
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it stands for.
    pub kind: SuggestionKind,
    /// The words.
    pub text: String,
    /// Code of the concept, or slug.
    pub value: String,
    /// Number of records that the topic or place finds.
    pub count: Option<u64>,
}

/// Names made ready for suggestions: the folded words of each, and the words of all in their order.
pub struct Names<T> {
    things: Vec<(T, Vec<Vec<String>>)>,
    words: Vec<(Box<str>, u32)>,
}

impl<T> Names<T> {
    /// Folds the names of things.
    pub fn new<'n, N: Iterator<Item = &'n str>>(things: impl Iterator<Item = (T, N)>) -> Self {
        let things: Vec<(T, Vec<Vec<String>>)> = things.map(|(thing, names)| (thing, names.map(suggested_words).collect())).collect();
        let all =
            things.iter().zip(0..).flat_map(|((_, names), place)| names.iter().flatten().map(move |word| (word.as_str().into(), place)));
        let mut words: Vec<(Box<str>, u32)> = all.collect();
        words.sort_unstable();
        words.dedup();
        Self { things, words }
    }

    /// The things with a name that has all the words, the last one as the beginning of a word, in the order they were given in.
    fn beginning<'a>(&'a self, wanted: &'a [String]) -> impl Iterator<Item = &'a T> {
        let last = wanted.last().map_or("", String::as_str);
        let from = self.words.partition_point(|(word, _)| **word < *last);
        let mut places: Vec<u32> =
            self.words[from..].iter().take_while(|(word, _)| word.starts_with(last)).map(|(_, place)| *place).collect();
        places.sort_unstable();
        places.dedup();
        let things = places.into_iter().filter_map(|place| self.things.get(place as usize));
        things.filter(|(_, names)| names.iter().any(|name| begins(wanted, name))).map(|(thing, _)| thing)
    }
}

/// Suggestions for the letters typed, in the reader's language where there is one.
///
/// # Errors
/// Database or index are unavailable.
pub fn suggest(catalogue: &Catalogue, actor: &Actor, prefix: &str, language: Option<&str>, first: usize) -> Result<Vec<Suggestion>, Error> {
    let typed: String = prefix.chars().take(100).collect();
    let found = suggest_words(catalogue, actor, &typed_words(&typed), language, first)?;
    if !found.is_empty() {
        return Ok(found);
    }
    // Nothing begins like that; what is behind an Arabic "in", "for" or "and" may.
    for reading in other_readings(&typed) {
        let found = suggest_words(catalogue, actor, &reading, language, first)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

fn suggest_words(
    catalogue: &Catalogue,
    actor: &Actor,
    wanted: &[String],
    language: Option<&str>,
    first: usize,
) -> Result<Vec<Suggestion>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = concepts(catalogue, actor, wanted, language);
    found.truncate(first.div_ceil(2));
    for record in catalogue.institution_names()?.beginning(wanted).take(first.div_ceil(4)) {
        let name = record.institution.names.words(language, None).unwrap_or_default();
        let text = record.institution.acronym.as_ref().map_or_else(|| name.to_owned(), |acronym| format!("{name} ({acronym})"));
        found.push(Suggestion { kind: SuggestionKind::Institution, text, value: record.institution.slug.to_string(), count: None });
    }
    let left = first.saturating_sub(found.len());
    if left > 0 {
        let ids: Vec<Uuid> = titles(&catalogue.snapshot(actor), wanted, left)?;
        let mut records: Vec<_> = catalogue.records(actor, &ids)?.into_values().collect();
        records.sort_by_key(|record| record.number);
        for record in records {
            let text = record.dataset.titles.words(language, record.dataset.main_language()).unwrap_or_default().to_owned();
            found.push(Suggestion { kind: SuggestionKind::Dataset, text, value: record.dataset.slug.to_string(), count: None });
        }
    }
    found.truncate(first);
    Ok(found)
}

/// Topics and places that find records for the actor, those that find most first. The number is what choosing one finds.
fn concepts(catalogue: &Catalogue, actor: &Actor, wanted: &[String], language: Option<&str>) -> Vec<Suggestion> {
    let snapshot = catalogue.snapshot(actor);
    let mut found = Vec::new();
    for (scheme, code) in catalogue.concept_names().beginning(wanted) {
        let Some(concept) = catalogue.concepts.get(*scheme, code) else { continue };
        let kind = if *scheme == ConceptScheme::Themes { SuggestionKind::Theme } else { SuggestionKind::Place };
        let count = snapshot.found_by(*scheme, &concept.code, &catalogue.concepts);
        if count > 0 {
            found.push(Suggestion { kind, text: concept.label(language).to_owned(), value: concept.code.clone(), count: Some(count) });
        }
    }
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
    found
}

/// Whether a label has all the words, the last one as the beginning of a word.
fn begins(wanted: &[String], label: &[String]) -> bool {
    let Some((last, whole)) = wanted.split_last() else {
        return false;
    };
    whole.iter().all(|word| label.contains(word)) && label.iter().any(|word| word.starts_with(last.as_str()))
}
