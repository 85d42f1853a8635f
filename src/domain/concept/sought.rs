//! Words that somebody looks for among concepts, compared with their labels as people write them.

use super::super::words::{fold, is_arabic, stem_arabic, without_article, without_particles};
use super::Concept;

/// What is looked for.
pub struct Sought {
    /// As typed, in small letters: a code is found by any part of it.
    typed: String,
    /// Its words, folded.
    words: Vec<String>,
    /// The words without what divides them, for names that are written in one word or in several: Ida-Ou-Tanane, Ida Outanane.
    joined: String,
}

impl Sought {
    /// Reads the words of a search.
    pub fn new(text: &str) -> Self {
        Self::of(fold(text.trim()), words_of(text))
    }

    fn of(typed: String, words: Vec<String>) -> Self {
        Self { typed, joined: words.concat(), words }
    }

    /// The same with other readings of the last word: without the particles that Arabic writes together with it.
    pub fn other_readings(&self) -> Vec<Self> {
        let Some((last, whole)) = self.words.split_last() else { return Vec::new() };
        let read = |reading: &str| whole.iter().cloned().chain([reading.to_owned()]).collect();
        without_particles(last).into_iter().map(|reading| Self::of(self.typed.clone(), read(reading))).collect()
    }

    /// Whether the code of a concept or one of its labels has all the words, in any order, the last one as the beginning of a word. Signs without
    /// a word find nothing.
    pub fn finds(&self, concept: &Concept) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let names = concept.labels.iter().map(|(_, label)| label.text.as_str()).chain([concept.code.as_str()]);
        concept.code.to_lowercase().contains(&self.typed) || names.map(words_of).any(|name| self.is_in(&name))
    }

    fn is_in(&self, name: &[String]) -> bool {
        let Some((last, whole)) = self.words.split_last() else { return false };
        let has_all = whole.iter().all(|word| name.iter().any(|other| is_same(word, other)))
            && name.iter().any(|other| bare(other).starts_with(bare(last)) || other.starts_with(last.as_str()) || is_same(last, other));
        has_all || (0..name.len()).any(|from| name[from..].concat().starts_with(&self.joined))
    }
}

/// The folded words of a text.
fn words_of(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A word without the Arabic article.
fn bare(word: &str) -> &str {
    without_article(word).unwrap_or(word)
}

/// Whether two folded words are one, whatever the article and, in Arabic, the ending.
fn is_same(one: &str, other: &str) -> bool {
    let are_arabic = || one.chars().next().is_some_and(is_arabic) && other.chars().next().is_some_and(is_arabic);
    one == other || (are_arabic() && (bare(one) == bare(other) || stem_arabic(one) == stem_arabic(other)))
}

#[cfg(test)]
mod tests {
    use crate::domain::concept::Concepts;
    use crate::domain::vocabulary::ConceptScheme::{self, Places, Themes};

    fn found(scheme: ConceptScheme, words: &str) -> Vec<String> {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        concepts.find(scheme, Some(words), None).into_iter().map(|concept| concept.code.clone()).collect()
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (scheme, words, code) in [
            (Places, "Souss-Massa", "MA-09"),
            (Places, "Souss Massa", "MA-09"),
            (Places, "massa souss", "MA-09"),
            (Places, "souss mas", "MA-09"),
            (Places, "سوس-ماسة", "MA-09"),
            (Places, "بالمغرب", "MA"),
            (Places, "وماسة", "MA-09"),
            (Places, "Chtouka Ait Baha", "MA-CHT"),
            (Places, "chtouka-aït-baha", "MA-CHT"),
            (Places, "Ida Outanane", "MA-AGD"),
            (Places, "Idaoutanane", "MA-AGD"),
            (Places, "Cote d’Ivoire", "CI"),
            (Places, "côte d'ivoire", "CI"),
            (Places, "مغرب", "MA"),
            (Places, "MA-09", "MA-09"),
            (Places, "ma 09", "MA-09"),
            (Themes, "mt-07", "MT-07"),
            (Themes, "migrants return", "MT-0701"),
            (Themes, "العائدين", "MT-0701"),
            (Themes, "مهاجرين عائدين", "MT-0701"),
        ] {
            let found = found(scheme, words);
            assert!(found.iter().any(|other| other == code), "{words}: {found:?}");
        }
    }

    #[test]
    fn what_no_name_has_is_not_found_and_a_blank_is_no_search() {
        for words in ["Souss Utopia", "retour souss", "?!", "migrants of nowhere"] {
            assert!(found(Places, words).is_empty(), "{words}");
        }
        assert_eq!(found(Places, " ").len(), found(Places, "").len());
        assert!(found(Places, " ").len() > 700);
        let mali = found(Places, "Mali");
        assert!(mali.iter().any(|code| code == "ML") && !mali.iter().any(|code| code == "SO"), "{mali:?}");
    }
}
