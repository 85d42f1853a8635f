//! From a person's words to a query on the index: all forms of each word, weighted fields, typos, phrases.

use tantivy::postings::TermInfo;
use tantivy::query::{BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, PhraseQuery, Query};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

use crate::domain::concept::Concepts;
use crate::domain::vocabulary::ConceptScheme;
use crate::domain::words::{behind_adjective, fold, is_arabic, without_article, without_particles};

use super::analysis::{Language, code_token, own_sense, query_forms, split, stem};
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
    /// What counts as a hit in a text, for highlights.
    pub sought: Vec<Sought>,
    /// Words that are in no record, each with the words that were searched for in its place.
    pub corrections: Vec<Correction>,
}

/// What is looked for in the texts of a record.
#[derive(Clone, Debug)]
pub enum Sought {
    /// A word, by its search forms.
    Word(Vec<String>),
    /// Words that stand together, by their stems in each language.
    Phrase(Vec<Vec<String>>),
}

/// A word that is in no record, and what was searched for instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The word as it was typed.
    pub typed: String,
    /// The nearest words of the catalogue, folded. Empty where only their stems are known.
    pub read_as: Vec<String>,
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
pub fn parse(text: &str, snapshot: &Snapshot, concepts: &Concepts) -> tantivy::Result<Words> {
    let text = join_signs(&text.replace(['“', '”', '„', '‟', '«', '»'], "\""), concepts);
    let fields = &snapshot.fields;
    let mut clauses: Vec<Clause> = Vec::new();
    let (mut sought, mut corrections) = (Vec::new(), Vec::new());
    for (number, part) in text.split('"').enumerate() {
        let quoted = number % 2 == 1;
        let words: Vec<&str> = split(part).into_iter().map(|word| word.text).collect();
        if let Some((clause, stems)) = quoted.then(|| phrase(&words, fields)).flatten() {
            clauses.push(clause);
            sought.push(Sought::Phrase(stems));
            continue;
        }
        let regions = regions(&words, concepts);
        for (word, region) in words.into_iter().zip(regions) {
            if clauses.len() >= MAX_WORDS {
                break;
            }
            let mut found = query_forms(word);
            if found.is_empty() {
                continue;
            }
            // Egyptians are people of Egypt; what else has the ending is another word.
            let places: Vec<String> = found.iter().filter_map(|form| behind_adjective(form)).map(str::to_owned).collect();
            found.extend(places.into_iter().filter(|place| concepts.place_names().is_short(place)));
            found.extend(region);
            let mut word_in_fields = one_word(&found, snapshot)?;
            if !known(&word_in_fields, snapshot)? {
                if let Some((clause, stems)) = digit_groups(word).and_then(|groups| phrase(&groups, fields)) {
                    clauses.push(clause);
                    sought.push(Sought::Phrase(stems));
                    continue;
                }
                match unknown(word, snapshot, concepts)? {
                    Unknown::Idle => continue,
                    Unknown::Joined(forms) => found = forms,
                    Unknown::Misspelt(near) => {
                        found = near.forms;
                        corrections.push(Correction { typed: word.to_owned(), read_as: near.words });
                    }
                    Unknown::Nothing => {}
                }
                word_in_fields = one_word(&found, snapshot)?;
            }
            clauses.push(Clause::Word(word_in_fields));
            sought.push(Sought::Word(found));
        }
    }
    let pairs = if clauses.is_empty() { Vec::new() } else { neighbours(&text, fields) };
    Ok(Words { clauses, pairs, sought, corrections })
}

/// The groups of three digits in which texts write a number such as 84001; none for what is no number, or a year.
fn digit_groups(word: &str) -> Option<Vec<&str>> {
    if word.len() < 5 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (first, mut rest) = word.split_at((word.len() - 1) % 3 + 1);
    let mut groups = vec![first];
    while !rest.is_empty() {
        let (group, others) = rest.split_at(3);
        groups.push(group);
        rest = others;
    }
    Some(groups)
}

/// For each word, the token of the region of the world in whose name it stands: whoever asks for North Africa is shown what is of its countries.
fn regions(words: &[&str], concepts: &Concepts) -> Vec<Option<String>> {
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let mut found = vec![None; words.len()];
    let mut at = 0;
    while at < words.len() {
        let Some((length, code)) = concepts.place_names().region_at(&folded[at..]) else {
            at += 1;
            continue;
        };
        found[at..at + length].fill(code_token(code));
        at += length;
    }
    found
}

/// A text whose acronyms have no full stops, and whose codes of concepts are one word each: M.R.E. is MRE, MT-0701 is mt0701.
fn join_signs(text: &str, concepts: &Concepts) -> String {
    let is_letter = |part: &&str| part.chars().next().is_some_and(char::is_alphabetic) && part.chars().nth(1).is_none();
    let joined = text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '\'' | '’')).map(|piece| {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let is_acronym = word.contains('.') && word.split('.').all(|part| is_letter(&part));
        if is_acronym {
            piece.replace('.', "")
        } else {
            of_concept(word, concepts).map_or_else(|| piece.to_owned(), |token| piece.replace(word, &token))
        }
    });
    joined.collect()
}

/// Schemes whose codes a person may search for.
const CODED: [ConceptScheme; 5] =
    [ConceptScheme::Themes, ConceptScheme::Places, ConceptScheme::Indicators, ConceptScheme::Disaggregations, ConceptScheme::Populations];

/// The token of the concept whose code a word is; that of an indicator is known without its frame too: 10.7.2.
fn of_concept(word: &str, concepts: &Concepts) -> Option<String> {
    code_token(word)?;
    let is_meant =
        |code: &&str| [Some(*code), code.strip_prefix("SDG-")].into_iter().flatten().any(|known| known.eq_ignore_ascii_case(word));
    let code = CODED.iter().flat_map(|scheme| &concepts.scheme(*scheme).concepts).map(|concept| concept.code.as_str()).find(is_meant)?;
    code_token(code)
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

/// Words in this order, with their stems in each language, as a text of that language has them; none where fewer than two of them carry meaning.
fn phrase(words: &[&str], fields: &Fields) -> Option<(Clause, Vec<Vec<String>>)> {
    let words: Vec<String> = words.iter().filter(|word| !query_forms(word).is_empty()).map(|word| fold(word)).collect();
    if words.len() < 2 {
        return None;
    }
    let in_language = |language| -> Vec<String> { words.iter().map(|word| stem(word, language)).collect() };
    let mut ways = [Language::English, Language::French, Language::Other].map(in_language).to_vec();
    ways.dedup();
    let mut parts: Vec<Box<dyn Query>> = Vec::new();
    for stems in &ways {
        for (field, weight) in [(fields.title, 3.0), (fields.body, 1.0)] {
            let terms = stems.iter().map(|stem| Term::from_field_text(field, stem)).collect();
            parts.push(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms)), weight)));
        }
    }
    Some((Clause::Phrase(Box::new(DisjunctionMaxQuery::new(parts))), ways))
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

/// What a word turns out to be that is in no record.
enum Unknown {
    /// A word without meaning, with particles in front.
    Idle,
    /// Words of the catalogue with particles in front, by their forms: no fault of whoever wrote it.
    Joined(Vec<String>),
    /// Something near to words of the catalogue.
    Misspelt(Near),
    /// Nothing that is known here.
    Nothing,
}

/// Reads a word that is in no record.
fn unknown(word: &str, snapshot: &Snapshot, concepts: &Concepts) -> tantivy::Result<Unknown> {
    let folded = fold(word);
    let mut joined = Vec::new();
    for reading in without_particles(&folded) {
        let forms = query_forms(reading);
        if forms.is_empty() {
            return Ok(Unknown::Idle);
        }
        if known(&one_word(&forms, snapshot)?, snapshot)? {
            joined.extend(forms);
        }
    }
    if !joined.is_empty() {
        return Ok(Unknown::Joined(joined));
    }
    // What is spelt as in the lists of the catalogue is no slip of the pen: Paris is no payment.
    if is_listed(&folded, concepts) {
        return Ok(Unknown::Nothing);
    }
    let near = nearest(&folded, snapshot, concepts)?;
    Ok(if near.forms.is_empty() { Unknown::Nothing } else { Unknown::Misspelt(near) })
}

/// Whether a folded word stands in a label or a synonym, as it is or without the Arabic article and what is written together with it.
fn is_listed(folded: &str, concepts: &Concepts) -> bool {
    let words = concepts.words();
    let is_word = |word: &str| words.binary_search_by(|known| (**known).cmp(word)).is_ok();
    let is_known = |word: &str| is_word(word) || without_article(word).is_some_and(is_word) || is_word(&format!("ال{word}"));
    is_known(folded) || without_particles(folded).into_iter().any(is_known)
}

/// Fewest letters of the stem of a misspelt Arabic word: stems are short for their meaning, and one letter off another stem.
const FEWEST_OF_STEM: usize = 5;

/// Most words that one misspelt word is read as.
const MOST_READINGS: usize = 8;

/// What a word that is in no record may have been meant to be.
#[derive(Default)]
struct Near {
    /// Whole words, folded.
    words: Vec<String>,
    /// Search forms of these, or stems of the index where no whole word is as near.
    forms: Vec<String>,
}

/// How many letters a misspelt word of this length may differ by. Arabic words are short for their meaning: one letter off is soon another word.
fn distances(letters: usize, is_arabic: bool) -> &'static [u8] {
    match letters {
        0..=3 => &[],
        4..=5 if is_arabic => &[],
        4..=7 => &[1],
        _ if is_arabic => &[1],
        _ => &[1, 2],
    }
}

/// The nearest words of the catalogue to one that is in no record: whole words of titles and of the lists of concepts, or else stems of the
/// index. Those that are one letter off leave no room for those that are two.
fn nearest(folded: &str, snapshot: &Snapshot, concepts: &Concepts) -> tantivy::Result<Near> {
    let is_arabic = folded.chars().next().is_some_and(is_arabic);
    // The article is no part of how far a word is from another.
    let length = |word: &str| without_article(word).unwrap_or(word).chars().count();
    let letters = length(folded);
    // One digit off is another year, or another code.
    if letters > 40 || folded.chars().any(|c| c.is_ascii_digit()) {
        return Ok(Near::default());
    }
    for distance in distances(letters, is_arabic) {
        let mut words = in_titles(folded, *distance, snapshot)?;
        words.extend(in_labels(folded, *distance, concepts));
        let mut near = Near::default();
        words.retain(|word| may_mean(folded, word));
        for word in most_alike(folded, words, |word| word) {
            let forms = query_forms(&word);
            if !near.words.contains(&word) && known(&one_word(&forms, snapshot)?, snapshot)? {
                near.words.push(word);
                near.forms.extend(forms);
            }
            if near.words.len() >= MOST_READINGS {
                break;
            }
        }
        if near.forms.is_empty() {
            near.forms = in_stems(folded, *distance, is_arabic, snapshot)?;
            near.forms.retain(|form| may_mean(folded, form));
        }
        if !near.forms.is_empty() {
            near.forms.sort();
            near.forms.dedup();
            return Ok(near);
        }
    }
    Ok(Near::default())
}

/// Whether a word may have been meant by a misspelt one: emigration is no slip of the pen for immigration, nor for migration.
fn may_mean(folded: &str, word: &str) -> bool {
    match (own_sense(folded), own_sense(word)) {
        (None, None) => true,
        (None, Some(_)) => folded.chars().next() == word.chars().next(),
        (own, other) => own == other,
    }
}

/// The first letter is seldom the wrong one: where some begin with it, the others are left out.
fn most_alike<T>(folded: &str, found: Vec<T>, word: impl Fn(&T) -> &String) -> Vec<T> {
    let first = folded.chars().next();
    let begins = |one: &T| word(one).chars().next() == first;
    if found.iter().any(&begins) { found.into_iter().filter(|one| begins(one)).collect() } else { found }
}

/// Whole words of titles at most so many letters off, the most frequent first.
fn in_titles(folded: &str, distance: u8, snapshot: &Snapshot) -> tantivy::Result<Vec<String>> {
    let found = terms_near(&[(snapshot.fields.suggest, folded.to_owned())], distance, snapshot)?;
    Ok(found.into_iter().map(|(_, word)| word).collect())
}

/// Words of labels and synonyms that begin with the same letter and are at most so many letters off, the nearest first.
fn in_labels(folded: &str, distance: u8, concepts: &Concepts) -> Vec<String> {
    let Some(first) = folded.chars().next() else { return Vec::new() };
    let words = concepts.words();
    let from = words.partition_point(|word| word.chars().next().is_some_and(|c| c < first));
    let alike = words.iter().skip(from).take_while(|word| word.starts_with(first));
    let mut found: Vec<(usize, &str)> =
        alike.map(|word| (strsim::osa_distance(folded, word), &**word)).filter(|(off, _)| *off <= usize::from(distance)).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, word)| word.to_owned()).collect()
}

/// Stems of the index at most so many letters off a stem of the word, the most frequent first. What is off is counted on the stem, which is
/// shorter than the word.
fn in_stems(folded: &str, distance: u8, is_arabic: bool, snapshot: &Snapshot) -> tantivy::Result<Vec<String>> {
    let mut starts = vec![stem(folded, Language::English), stem(folded, Language::French), folded.to_owned()];
    if is_arabic {
        starts = vec![stem(folded, Language::Other)];
    }
    starts.sort();
    starts.dedup();
    starts.retain(|start| {
        let letters = start.chars().count();
        if is_arabic { letters >= FEWEST_OF_STEM } else { distances(letters, is_arabic).contains(&distance) }
    });
    let wanted: Vec<(Field, String)> =
        weighted(&snapshot.fields).into_iter().flat_map(|(field, _)| starts.iter().map(move |start| (field, start.clone()))).collect();
    let found = most_alike(folded, terms_near(&wanted, distance, snapshot)?, |(_, term)| term);
    Ok(found.into_iter().take(MOST_READINGS).map(|(_, term)| term).collect())
}

/// Terms of fields at most so many letters off a word, each with the number of records that have it, the most frequent first.
fn terms_near(wanted: &[(Field, String)], distance: u8, snapshot: &Snapshot) -> tantivy::Result<Vec<(u32, String)>> {
    let mut found: Vec<(u32, String)> = Vec::new();
    for segment in snapshot.searcher.segment_readers() {
        for (field, word) in wanted {
            let inverted = segment.inverted_index(*field)?;
            let query = FuzzyTermQuery::new(Term::from_field_text(*field, word), distance, true);
            let mut stream = inverted.terms().search(query.automaton()?).into_stream()?;
            while stream.advance() {
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                let frequency = alive(segment, *field, stream.value(), u32::MAX)?;
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
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(found)
}
