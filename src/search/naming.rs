//! What the words of a search name together: places, and expressions that have others of the same meaning.

use crate::domain::concept::Concepts;
use crate::domain::place_names::{Reach, is_read_as};
use crate::domain::words::{fold, without_article};

use super::analysis::{folded_words, query_forms};

/// A place that a search names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// How far the place reaches.
    pub reach: Reach,
    /// Where in the search its name begins, which tells two names apart: run of words, and word.
    pub at: (usize, usize),
}

/// For each word of a run, the place in whose name it stands.
pub fn places(words: &[&str], run: usize, concepts: &Concepts) -> Vec<Option<Named>> {
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let mut found = vec![None; words.len()];
    let mut at = 0;
    while at < words.len() {
        let Some((length, reach)) = concepts.place_names().named_at(&folded[at..]) else {
            at += 1;
            continue;
        };
        found[at..at + length].fill(Some(Named { reach, at: (run, at) }));
        at += length;
    }
    found
}

/// For each word of a run, the other expressions of the groups of synonyms in one of whose expressions it stands, each by its words that carry
/// meaning. The longest expression at a place counts.
pub fn other_expressions(words: &[&str], concepts: &Concepts) -> Vec<Vec<Vec<String>>> {
    let meant: Vec<(usize, String)> =
        words.iter().enumerate().filter(|(_, word)| !query_forms(word).is_empty()).map(|(at, word)| (at, fold(word))).collect();
    let groups = concepts.synonyms.by_words(meaning);
    let mut found = vec![Vec::new(); words.len()];
    let mut from = 0;
    while from < meant.len() {
        let rest = &meant[from..];
        let is_here = |expression: &&Vec<String>| {
            let has_room = !expression.is_empty() && expression.len() <= rest.len();
            has_room && expression.iter().zip(rest).all(|(part, (_, word))| is_read_as(word, without_article(part).unwrap_or(part)))
        };
        let length_in = |group: &[Vec<String>]| group.iter().filter(is_here).map(Vec::len).max().unwrap_or(0);
        let longest = groups.iter().map(|group| length_in(group)).max().unwrap_or(0);
        if longest > 0 {
            let akin = groups.iter().filter(|group| length_in(group) == longest).flatten();
            let others: Vec<Vec<String>> = akin.filter(|other| !other.is_empty() && !is_here(other)).cloned().collect();
            rest[..longest].iter().for_each(|(at, _)| found[*at].clone_from(&others));
        }
        from += longest.max(1);
    }
    found
}

/// The folded words of an expression that carry meaning.
fn meaning(text: &str) -> Vec<String> {
    folded_words(text).into_iter().filter(|word| !query_forms(word).is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_knows_the_other_expressions_of_its_group() {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        let others = |words: &[&str]| other_expressions(words, &concepts);
        let unaccompanied = vec!["unaccompanied".to_owned(), "minors".to_owned()];
        for acronym in ["UASC", "MNA", "uam"] {
            assert!(others(&["Morocco", acronym])[1].contains(&unaccompanied), "{acronym}");
        }
        let compact = others(&["بالميثاق", "العالمي", "للهجرة", "المغرب"]);
        assert!(compact[..3].iter().all(|others| others.contains(&vec!["gcm".to_owned()])) && compact[3].is_empty(), "{compact:?}");
        assert!(others(&["Pacte", "mondial"]).iter().all(Vec::is_empty), "a part of an expression is another one");
    }

    #[test]
    fn places_are_named_by_whole_names() {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        let named = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            let reaches = places(&words, 0, &concepts).into_iter().map(|named| named.map(|named| (named.reach, named.at.1)));
            reaches.collect::<Vec<_>>()
        };
        let (inside, country) = (|at| Some((Reach::Inside, at)), |at| Some((Reach::Country, at)));
        assert_eq!(named("census Morocco Algérie تونس وليبيا"), [None, country(1), country(2), country(3), country(4)]);
        assert_eq!(named("returnees Souss Massa Morocco"), [None, inside(1), inside(1), country(3)]);
        assert_eq!(named("migrants United Kingdom"), [None, country(1), country(1)]);
        assert_eq!(named("United Nations"), [None, None]);
        assert_eq!(named("Afrique du Nord"), [country(0), country(0), country(0)]);
    }
}
