//! Words that somebody looks for among concepts or institutions, compared with their names as people write them.

use super::super::words::{dotted_acronym, fold, is_arabic, stem_arabic, without_article, without_particles};
use super::Concept;

/// What is looked for.
pub struct Sought {
    /// As typed, in small letters: a code is found by any part of it.
    typed: String,
    /// Its words, folded.
    words: Vec<String>,
    /// Whether the last word is a whole one, and not only the beginning of one.
    is_whole: bool,
    /// The words without what divides them, for names that are written in one word or in several: Ida-Ou-Tanane, Ida Outanane.
    joined: String,
}

impl Sought {
    /// Reads the words of a search.
    pub fn new(text: &str) -> Self {
        Self::of(fold(text.trim()), words_of(&without_full_stops(text)), false)
    }

    /// The same where every word is typed to its end.
    pub fn whole(text: &str) -> Self {
        Self { is_whole: true, ..Self::new(text) }
    }

    fn of(typed: String, words: Vec<String>, is_whole: bool) -> Self {
        Self { typed, joined: words.concat(), words, is_whole }
    }

    /// The same with other readings of the last word: without the particles that Arabic writes together with it.
    pub fn other_readings(&self) -> Vec<Self> {
        let Some((last, whole)) = self.words.split_last() else { return Vec::new() };
        let read = |reading: &str| whole.iter().cloned().chain([reading.to_owned()]).collect();
        without_particles(last).into_iter().map(|reading| Self::of(self.typed.clone(), read(reading), self.is_whole)).collect()
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

    /// Whether a name is these words and no others, in this order.
    pub fn is(&self, name: &str) -> bool {
        let name = words_of(name);
        name.len() == self.words.len() && name.iter().zip(&self.words).all(|(one, other)| is_same(one, other))
    }

    /// Whether a text has all the words, in any order. Signs without a word are in no text.
    pub fn is_in_text(&self, text: &str) -> bool {
        self.is_in(&words_of(text))
    }

    fn is_in(&self, name: &[String]) -> bool {
        let Some((last, whole)) = self.words.split_last() else { return false };
        let begins = |other: &String| bare(other).starts_with(bare(last)) || other.starts_with(last.as_str());
        let is_last = |other: &String| !self.is_whole && begins(other) || is_same(last, other);
        let has_all = whole.iter().all(|word| name.iter().any(|other| is_same(word, other))) && name.iter().any(is_last);
        has_all || (0..name.len()).any(|from| self.is_joined_in(&name[from..]))
    }

    /// Whether these words, written together, begin with the words looked for, written together.
    fn is_joined_in(&self, words: &[String]) -> bool {
        let mut rest = self.joined.as_str();
        for word in words {
            match rest.strip_prefix(word.as_str()) {
                Some("") => return true,
                Some(behind) => rest = behind,
                None => return !self.is_whole && word.starts_with(rest),
            }
        }
        false
    }
}

/// A text whose acronyms have no full stops.
fn without_full_stops(text: &str) -> String {
    let pieces = text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '\'' | '’'));
    pieces.map(|piece| dotted_acronym(piece).unwrap_or_else(|| piece.to_owned())).collect()
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
    use super::Sought;
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
    fn a_text_has_the_words_whatever_article_and_particle() {
        for (words, text, is_whole, is_in) in [
            ("التخطيط", "المندوبية السامية للتخطيط", false, true),
            ("مندوبية التخطيط", "المندوبية السامية للتخطيط", false, true),
            ("الأمن الوطني", "المديرية العامة للأمن الوطني", false, true),
            ("المرصد الوطني الهجرة", "المرصد الوطني للهجرة", false, true),
            ("H.C.P.", "haut-commissariat au plan hcp", true, true),
            ("haut comm", "Haut-Commissariat au Plan", false, true),
            ("haut comm", "Haut-Commissariat au Plan", true, false),
            ("INE", "ministère de la marine marocaine", false, false),
            ("INE", "instituto nacional de estadística ine-es", true, true),
            ("EU", "european training foundation", true, false),
            ("?!", "anything", false, false),
        ] {
            let sought = if is_whole { Sought::whole(words) } else { Sought::new(words) };
            assert_eq!(sought.is_in_text(text), is_in, "{words}: {text}");
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
