//! From a person's words to a query on the index: all forms of each word, weighted fields, typos, phrases.

use tantivy::postings::TermInfo;
use tantivy::query::{DisjunctionMaxQuery, FuzzyTermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

use crate::domain::concept::Concepts;
use crate::domain::vocabulary::ConceptScheme;
use crate::domain::words::{behind_adjective, dotted_acronym, fold, is_arabic, without_article, without_particles};

use super::analysis::{Language, code_token, own_sense, query_forms, stem};
use super::asking::{Run, runs};
use super::index::Snapshot;
use super::naming::{Named, other_expressions, places};
use super::parts::{Part, Words};
use super::phrase::{all_of, bonuses, phrase, weighted};
use super::score::{Clause, FormInField};

/// Longest search accepted, in characters.
pub const MAX_SEARCH: usize = 500;
/// Most words used of a search.
pub const MAX_WORDS: usize = 32;

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

/// Reads a person's words. `"…"` asks for the words in this order.
pub fn parse(text: &str, snapshot: &Snapshot, concepts: &Concepts) -> tantivy::Result<Words> {
    let text = join_signs(&text.replace(['“', '”', '„', '‟', '«', '»'], "\""), concepts);
    let runs = runs(&text);
    let mut typed: Vec<Typed<'_>> = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        typed.extend(read(run, number, MAX_WORDS - typed.len(), snapshot, concepts)?);
    }
    let has_known = typed.iter().any(|one| match one {
        Typed::Word(word) => word.is_known,
        Typed::Phrase(_) => true,
    });
    let (mut parts, mut corrections) = (Vec::new(), Vec::new());
    for one in typed {
        match one {
            Typed::Phrase(part) => parts.push(part),
            Typed::Word(word) if word.is_known => parts.push(word.found()),
            Typed::Word(word) => parts.extend(of_unknown(word, !has_known, snapshot, concepts, &mut corrections)?),
        }
    }
    let in_order: Vec<&str> = runs.iter().flat_map(|run| run.words.iter().copied()).collect();
    let bonuses = if parts.is_empty() { Vec::new() } else { bonuses(&in_order, &snapshot.fields) };
    let mut words = Words::of(parts, &snapshot.fields);
    (words.bonuses, words.corrections) = (bonuses, corrections);
    Ok(words)
}

/// A word or a phrase as it was typed.
enum Typed<'t> {
    Word(TypedWord<'t>),
    Phrase(Part),
}

/// A word that carries meaning, before it is known what becomes of it where no record has it.
struct TypedWord<'t> {
    word: &'t str,
    at: (usize, usize),
    forms: Vec<String>,
    in_fields: Vec<FormInField>,
    is_known: bool,
    place: Option<Named>,
    /// Other expressions of the same meaning as the one in which it stands.
    others: Vec<Vec<String>>,
}

impl TypedWord<'_> {
    fn found(self) -> Part {
        Part { clause: Clause::Word(self.in_fields), sought: Sought::Word(self.forms), place: self.place, is_guess: false }
    }
}

/// Reads the words of a run, at most so many.
fn read<'t>(run: &Run<'t>, number: usize, most: usize, snapshot: &Snapshot, concepts: &Concepts) -> tantivy::Result<Vec<Typed<'t>>> {
    if let Some(found) = run.is_quoted.then(|| phrase(&run.words, &snapshot.fields, concepts)).flatten() {
        return Ok(if most > 0 { vec![Typed::Phrase(Part::phrase(found))] } else { Vec::new() });
    }
    let mut typed = Vec::new();
    let named = regions(&run.words, concepts).into_iter().zip(places(&run.words, number, concepts));
    for ((at, word), (region, place)) in run.words.iter().copied().enumerate().zip(named) {
        if typed.len() >= most {
            break;
        }
        let mut forms = query_forms(word);
        if forms.is_empty() {
            continue;
        }
        // Egyptians are people of Egypt; what else has the ending is another word.
        let short: Vec<String> = forms.iter().filter_map(|form| behind_adjective(form)).map(str::to_owned).collect();
        forms.extend(short.into_iter().filter(|place| concepts.place_names().is_short(place)));
        forms.extend(region);
        let in_fields = one_word(&forms, snapshot)?;
        let is_known = known(&in_fields, snapshot)?;
        typed.push(TypedWord { word, at: (number, at), forms, in_fields, is_known, place, others: Vec::new() });
    }
    if typed.iter().any(|word| !word.is_known) {
        let mut others = other_expressions(&run.words, concepts);
        typed.iter_mut().for_each(|word| word.others = std::mem::take(&mut others[word.at.1]));
    }
    Ok(typed.into_iter().map(Typed::Word).collect())
}

/// What a word that is in no record finds: what has another expression of the same meaning; a number as texts write it; what is behind Arabic particles;
/// or the nearest words. None for a word without meaning.
fn of_unknown(
    typed: TypedWord<'_>,
    is_alone: bool,
    snapshot: &Snapshot,
    concepts: &Concepts,
    corrections: &mut Vec<Correction>,
) -> tantivy::Result<Option<Part>> {
    let fields = &snapshot.fields;
    if !typed.others.is_empty() {
        let others: Vec<Vec<Vec<String>>> =
            typed.others.iter().map(|expression| expression.iter().map(|word| query_forms(word)).collect()).collect();
        let any = others.iter().map(|words| all_of(words, &weighted(fields))).collect();
        let clause = Clause::Expression(Box::new(DisjunctionMaxQuery::new(any)));
        let forms = typed.forms.into_iter().chain(others.into_iter().flatten().flatten()).collect();
        return Ok(Some(Part { clause, sought: Sought::Word(forms), place: typed.place, is_guess: false }));
    }
    if let Some(found) = digit_groups(typed.word).and_then(|groups| phrase(&groups, fields, concepts)) {
        return Ok(Some(Part::phrase(found)));
    }
    let TypedWord { word, at, mut forms, mut place, .. } = typed;
    let mut is_guess = false;
    match unknown(word, is_alone, snapshot, concepts)? {
        Unknown::Idle => return Ok(None),
        Unknown::Joined(behind) => forms = behind,
        Unknown::Misspelt(near) => {
            let reach = near.words.iter().find_map(|name| concepts.place_names().named_at(std::slice::from_ref(name)));
            place = place.or(reach.map(|(_, reach)| Named { reach, at }));
            forms = near.forms;
            corrections.push(Correction { typed: word.to_owned(), read_as: near.words });
            is_guess = true;
        }
        Unknown::Nothing => {}
    }
    let clause = Clause::Word(one_word(&forms, snapshot)?);
    Ok(Some(Part { clause, sought: Sought::Word(forms), place, is_guess }))
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
    let joined = text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '\'' | '’')).map(|piece| {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let of_concept = || of_concept(word, concepts).map(|token| piece.replace(word, &token));
        dotted_acronym(piece).or_else(of_concept).unwrap_or_else(|| piece.to_owned())
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

/// Fewest letters of a misspelt word beside others that are known: four letters are soon another word, as farm is no form.
const FEWEST_BESIDE_OTHERS: usize = 5;

/// Reads a word that is in no record, alone in a search or beside words that are.
fn unknown(word: &str, is_alone: bool, snapshot: &Snapshot, concepts: &Concepts) -> tantivy::Result<Unknown> {
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
    let is_short = || without_article(&folded).unwrap_or(&folded).chars().count() < FEWEST_BESIDE_OTHERS;
    if is_listed(&folded, concepts) || !is_alone && is_short() {
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
