//! Highlights: the pieces of a record's texts and labels where the words were found.

use std::collections::HashSet;

use crate::domain::concept::{Concept, Concepts};
use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::domain::words::fold;

use super::analysis::{Expressions, Language, Word, code_token, is_stop, split, stem};
use super::document::{Label, Searched, each_label, each_text, places_inside, regions_around, tokens_of_place};
use super::query::Sought;

/// A piece of text with the places of the words found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The piece, as plain text.
    pub text: String,
    /// Places of the words in the piece: first character and length, in Unicode characters.
    pub ranges: Vec<(usize, usize)>,
}

/// A piece of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Field of the record.
    pub field: &'static str,
    /// Language of the piece.
    pub language: LanguageTag,
    /// The piece.
    pub fragment: Fragment,
}

/// Language tag of a piece that is of no language, such as a code.
const NO_LANGUAGE: &str = "zxx";

/// The pieces of a record where the words of a search were found, those of a phrase only where they stand together: of its texts; for what stands in
/// none of these, of the labels of its concepts, the names of its institutions and its short name; then of the places inside its areas for which figures
/// are released, and of the regions of the world around them; for words that stand nowhere there, those with an expression of the same meaning.
pub fn pieces(
    dataset: &Dataset,
    institutions: &[&Institution],
    concepts: &Concepts,
    expressions: &Expressions,
    sought: &[Sought],
) -> Vec<Piece> {
    let mut search = Search { wanted: sought.iter().map(Wanted::of).collect(), pieces: Vec::new(), found: HashSet::new() };
    search.in_texts(dataset);
    search.go_on_with_the_rest();
    if !search.wanted.is_empty() {
        search.in_labels(dataset, institutions, concepts);
        search.go_on_with_the_rest();
    }
    if !search.wanted.is_empty() {
        search.in_places_inside(dataset, concepts, expressions);
        search.go_on_with_the_rest();
    }
    if !search.wanted.is_empty() {
        regions_around(dataset, concepts).for_each(|region| search.concept("reportingAreas", region));
        search.go_on_with_the_rest();
    }
    // The index has no other words for a phrase.
    let akin = |wanted: &Wanted<'_>| match wanted {
        Wanted::Word(forms) => expressions.akin(forms),
        Wanted::Any(ways) => ways.iter().flat_map(|way| expressions.akin_to_phrase(way)).collect(),
    };
    search.wanted = search.wanted.iter().map(akin).filter(|akin| !akin.is_empty()).map(Wanted::Any).collect();
    if !search.wanted.is_empty() {
        search.in_texts(dataset);
        search.in_labels(dataset, institutions, concepts);
    }
    search.pieces
}

/// What is looked for.
enum Wanted<'a> {
    /// A word, by its search forms.
    Word(&'a [String]),
    /// Any of these expressions, each by its stems.
    Any(Vec<&'a [String]>),
}

impl<'a> Wanted<'a> {
    fn of(sought: &'a Sought) -> Self {
        match sought {
            Sought::Word(forms) => Self::Word(forms),
            Sought::Phrase(ways) => Self::Any(ways.iter().map(Vec::as_slice).collect()),
        }
    }

    /// How many of these words, from the first of them, are what is looked for; none where they are not.
    fn length_at(&self, words: &[Spot]) -> Option<usize> {
        match self {
            Self::Word(forms) => words.first()?.stems.iter().any(|stem| forms.contains(stem)).then_some(1),
            Self::Any(expressions) => {
                let is_here = |stems: &&&[String]| {
                    stems.len() <= words.len() && stems.iter().zip(words).all(|(stem, word)| word.stems.contains(stem))
                };
                expressions.iter().filter(is_here).map(|stems| stems.len()).max()
            }
        }
    }
}

/// A word of a text that carries meaning.
struct Spot {
    start: usize,
    end: usize,
    /// In the text's language, and in none.
    stems: [String; 2],
}

/// What is looked for in a record, and what was found.
struct Search<'a> {
    wanted: Vec<Wanted<'a>>,
    /// Places in `wanted`.
    found: HashSet<usize>,
    pieces: Vec<Piece>,
}

impl Search<'_> {
    fn in_texts(&mut self, dataset: &Dataset) {
        self.text("title", &dataset.titles);
        each_text(dataset, &mut |field, searched| match searched {
            Searched::Text(text) => self.text(field, text),
            Searched::Sign(sign) => self.sign(field, sign),
        });
    }

    fn in_labels(&mut self, dataset: &Dataset, institutions: &[&Institution], concepts: &Concepts) {
        each_label(dataset, institutions, concepts, &mut |field, label| match label {
            Label::Concept(concept) => self.concept(field, concept),
            Label::Text(text) => self.text(field, text),
            Label::Word([en, fr, ar]) => {
                for (tag, text) in [("en", en), ("fr", fr), ("ar", ar)] {
                    self.look(field, tag, text);
                }
            }
            Label::Sign(sign) => self.sign(field, sign),
        });
        self.sign("slug", dataset.slug.as_str());
    }

    /// There may be thousands of these, so that only those are looked at whose tokens, as the index has them, are looked for.
    fn in_places_inside(&mut self, dataset: &Dataset, concepts: &Concepts, expressions: &Expressions) {
        for place in places_inside(dataset, concepts) {
            let tokens = tokens_of_place(place, expressions);
            let has_one = |forms: &[String]| tokens.split_whitespace().any(|token| forms.iter().any(|form| form == token));
            let is_named = |wanted: &Wanted<'_>| match wanted {
                Wanted::Word(forms) => has_one(forms),
                Wanted::Any(expressions) => expressions.iter().any(|stems| stems.iter().all(|stem| has_one(std::slice::from_ref(stem)))),
            };
            if self.wanted.iter().any(is_named) {
                self.concept("placesInside", place);
            }
        }
    }

    fn go_on_with_the_rest(&mut self) {
        let mut at = 0;
        self.wanted.retain(|_| {
            at += 1;
            !self.found.contains(&(at - 1))
        });
        self.found.clear();
    }

    fn look(&mut self, field: &'static str, tag: &str, text: &str) {
        if let Some((fragment, found)) = highlight(text, Language::of_tag(tag), &self.wanted)
            && let Ok(language) = LanguageTag::parse(tag)
        {
            self.found.extend(found);
            let piece = Piece { field, language, fragment };
            if !self.pieces.contains(&piece) {
                self.pieces.push(piece);
            }
        }
    }

    fn text(&mut self, field: &'static str, text: &MultilingualText) {
        for (tag, wording) in text.iter() {
            self.look(field, tag.as_str(), &wording.text);
        }
    }

    fn sign(&mut self, field: &'static str, sign: &str) {
        self.look(field, NO_LANGUAGE, sign);
    }

    fn concept(&mut self, field: &'static str, concept: &Concept) {
        self.text(field, &concept.labels);
        let token = code_token(&concept.code);
        let is_meant = |wanted: &Wanted<'_>| matches!((wanted, &token), (Wanted::Word(forms), Some(token)) if forms.contains(token));
        if let Some(at) = self.wanted.iter().position(is_meant)
            && let Ok(language) = LanguageTag::parse(NO_LANGUAGE)
        {
            self.found.insert(at);
            let fragment = Fragment { text: concept.code.clone(), ranges: vec![(0, concept.code.chars().count())] };
            self.pieces.push(Piece { field, language, fragment });
        }
    }
}

/// Longest piece, in characters.
const LENGTH: usize = 240;

/// The piece of a text that begins with the first of what is looked for, and the places in `wanted` of what stands in the text; none where
/// nothing does.
fn highlight(text: &str, language: Language, wanted: &[Wanted<'_>]) -> Option<(Fragment, Vec<usize>)> {
    let spot = |word: Word<'_>| {
        let folded = fold(word.text);
        let stems = || [stem(&folded, language), stem(&folded, Language::Other)];
        (!is_stop(&folded, language)).then(|| Spot { start: word.start, end: word.start + word.text.len(), stems: stems() })
    };
    let spots: Vec<Spot> = split(text).into_iter().filter_map(spot).collect();
    let (mut found, mut hits, mut marked) = (Vec::new(), Vec::<(usize, usize)>::new(), 0);
    for at in 0..spots.len() {
        let mut length = 0;
        for (number, wanted) in wanted.iter().enumerate() {
            if let Some(here) = wanted.length_at(&spots[at..]) {
                found.push(number);
                length = length.max(here);
            }
        }
        if length == 0 {
            continue;
        }
        let end = spots[at + length - 1].end;
        match hits.last_mut() {
            // What begins within a place that is marked belongs to it.
            Some((_, known)) if at < marked => *known = end.max(*known),
            _ => hits.push((spots[at].start, end)),
        }
        marked = marked.max(at + length);
    }
    let (first, _) = *hits.first()?;
    let from = start_of_piece(text, first);
    let to = text[from..].char_indices().nth(LENGTH).map_or(text.len(), |(at, _)| from + at);
    let count = |range: std::ops::Range<usize>| text[range].chars().count();
    let ranges = hits
        .into_iter()
        .filter(|(start, end)| *start >= from && *end <= to)
        .map(|(start, end)| (count(from..start), count(start..end)))
        .collect();
    let mut piece = String::new();
    let lead = if from > 0 { "…" } else { "" };
    piece.push_str(lead);
    piece.push_str(&text[from..to]);
    if to < text.len() {
        piece.push('…');
    }
    let shift = usize::from(from > 0);
    let ranges: Vec<(usize, usize)> = Vec::from_iter(ranges_shifted(ranges, shift));
    Some((Fragment { text: piece, ranges }, found))
}

fn ranges_shifted(ranges: Vec<(usize, usize)>, shift: usize) -> impl Iterator<Item = (usize, usize)> {
    ranges.into_iter().map(move |(start, length)| (start + shift, length))
}

/// Where the piece starts: at the text's beginning where that is near, else some words before the hit.
fn start_of_piece(text: &str, hit: usize) -> usize {
    let before: Vec<usize> = text[..hit].char_indices().map(|(at, _)| at).collect();
    if before.len() <= LENGTH / 3 {
        return 0;
    }
    let wanted = before[before.len() - LENGTH / 4];
    text[wanted..hit].find(' ').map_or(wanted, |blank| wanted + blank + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_marked_in_its_own_form() {
        let forms = [stem("migrant", Language::French)];
        let (fragment, _) = highlight("Enquête sur les migrants de retour", Language::French, &[Wanted::Word(&forms)]).expect("hit");
        let (start, length) = fragment.ranges[0];
        assert_eq!(fragment.text.chars().skip(start).take(length).collect::<String>(), "migrants");
    }

    #[test]
    fn an_expression_is_marked_as_a_whole() {
        let stems = ["marocain", "residant", "etranger"].map(|word| stem(word, Language::French));
        let (fragment, found) =
            highlight("Les Marocains résidant à l’étranger", Language::French, &[Wanted::Any(vec![&stems])]).expect("hit");
        assert_eq!((fragment.ranges.as_slice(), found.as_slice()), ([(4, 31)].as_slice(), [0].as_slice()));
        assert_eq!(highlight("Les Marocains à l’étranger", Language::French, &[Wanted::Any(vec![&stems])]), None);
    }

    #[test]
    fn a_phrase_is_marked_where_its_words_stand_together_and_a_word_wherever_it_stands() {
        let stems = |words: &[&str]| words.iter().map(|word| stem(word, Language::French)).collect::<Vec<_>>();
        let sought = [Sought::Phrase(vec![stems(&["migrants", "retour"])]), Sought::Word(stems(&["retour"]))];
        let marked = |sought: &[Sought]| {
            let wanted: Vec<Wanted<'_>> = sought.iter().map(Wanted::of).collect();
            let (fragment, mut found) = highlight("Le retour des migrants, et les migrants de retour", Language::French, &wanted)?;
            found.sort_unstable();
            found.dedup();
            let piece = |(start, length): (usize, usize)| fragment.text.chars().skip(start).take(length).collect::<String>();
            Some((fragment.ranges.iter().copied().map(piece).collect::<Vec<_>>(), found))
        };
        assert_eq!(marked(&sought[..1]), Some((vec!["migrants de retour".to_owned()], vec![0])));
        assert_eq!(marked(&sought), Some((vec!["retour".to_owned(), "migrants de retour".to_owned()], vec![0, 1])));
        assert_eq!(marked(&[Sought::Phrase(vec![stems(&["retour", "volontaire"])])]), None);
    }

    proptest::proptest! {
        #[test]
        fn places_lie_in_the_piece(text in ".{0,600}", word in "[a-z]{1,3}") {
            if let Some((fragment, _)) = highlight(&text, Language::Other, &[Wanted::Word(&[word])]) {
                let length = fragment.text.chars().count();
                for (start, size) in fragment.ranges {
                    proptest::prop_assert!(start + size <= length);
                }
            }
        }
    }
}
