//! Names of places as people search for them: which places a search names, however many words a name has; those of the regions of the world, which are
//! names as a whole only; and those of three Arabic letters, which cannot be told from an adjective without a list.

use std::collections::{HashMap, HashSet};

use super::concept::{Concept, Concepts, is_region};
use super::vocabulary::{ConceptScheme, GeographicLevel};
use super::words::{fold, is_arabic, without_article, without_particles};

/// How far a place reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// A place inside a country.
    Inside,
    /// A country, or a group of countries.
    Country,
}

/// The names, made ready for look-up.
#[derive(Debug, Default)]
pub struct PlaceNames {
    /// Words of a name, without Arabic articles, with the region's code.
    regions: Vec<(Vec<String>, String)>,
    short: HashSet<String>,
    /// Words of each name, without Arabic articles, by the first of them.
    named: HashMap<String, Vec<(Vec<String>, Reach)>>,
}

impl PlaceNames {
    /// The names of all places, with expressions of the same meaning.
    pub fn of(concepts: &Concepts) -> Self {
        let mut found = Self::default();
        let synonyms: Vec<Vec<Vec<String>>> =
            concepts.synonyms.groups.iter().map(|group| group.iter().map(|expression| words_of(expression)).collect()).collect();
        for place in &concepts.scheme(ConceptScheme::Places).concepts {
            let names = names(place, &synonyms);
            let is_inside = place.level.is_some_and(|level| level > GeographicLevel::Country);
            // Who names the world names no place in it.
            if place.level != Some(GeographicLevel::World) {
                let reach = if is_inside { Reach::Inside } else { Reach::Country };
                for name in &names {
                    let Some(first) = name.first() else { continue };
                    found.named.entry(first.clone()).or_default().push((name.clone(), reach));
                }
            }
            if is_region(&place.code) {
                found.regions.extend(names.into_iter().map(|name| (name, place.code.clone())));
                continue;
            }
            for (_, label) in place.labels.iter() {
                if let [name] = &words_of(&label.text)[..]
                    && name.chars().count() == 3
                    && name.chars().all(is_arabic)
                {
                    found.short.insert(name.clone());
                }
            }
        }
        found
    }

    /// The region of the world that the longest name at the beginning of these folded words names: how many words, and its code.
    pub fn region_at(&self, words: &[String]) -> Option<(usize, &str)> {
        let is_here = |name: &[String]| name.len() <= words.len() && name.iter().zip(words).all(|(part, word)| is_read_as(word, part));
        let here = self.regions.iter().filter(|(name, _)| is_here(name));
        here.max_by_key(|(name, _)| name.len()).map(|(name, code)| (name.len(), code.as_str()))
    }

    /// The place that the longest name at the beginning of these folded words names: how many words, and how far it reaches.
    pub fn named_at(&self, words: &[String]) -> Option<(usize, Reach)> {
        let readings = readings(words.first()?).into_iter();
        let known = readings.filter_map(|first| self.named.get(first)).flatten();
        let here = known.filter(|(name, _)| name.len() <= words.len() && name.iter().zip(words).all(|(part, word)| is_read_as(word, part)));
        here.map(|(name, reach)| (name.len(), *reach)).max()
    }

    /// Whether these folded words stand side by side in the name of a place.
    pub fn is_in_name(&self, words: &[String]) -> bool {
        let bare: Vec<&str> = words.iter().map(|word| without_article(word).unwrap_or(word)).collect();
        let has = |name: &[String]| name.windows(bare.len()).any(|part| part == bare);
        !bare.is_empty() && self.named.values().flatten().any(|(name, _)| has(name))
    }

    /// Whether a folded word is the whole name of a place, of three Arabic letters.
    pub fn is_short(&self, name: &str) -> bool {
        self.short.contains(name)
    }
}

/// Whether a word as it was typed is a word of a name: as it is, without its article, or without what Arabic writes together with it.
pub fn is_read_as(word: &str, part: &str) -> bool {
    readings(word).contains(&part)
}

/// A folded word as it is, without its article, and without what Arabic writes together with it.
fn readings(word: &str) -> Vec<&str> {
    fn bare(word: &str) -> &str {
        without_article(word).unwrap_or(word)
    }
    [word, bare(word)].into_iter().chain(without_particles(word).into_iter().map(bare)).collect()
}

/// The labels of a place and the synonyms of these, each by its words. Synonyms are of countries and wider places; a place inside may be called like one.
fn names(place: &Concept, synonyms: &[Vec<Vec<String>>]) -> Vec<Vec<String>> {
    let mut names: Vec<Vec<String>> = place.labels.iter().map(|(_, label)| words_of(&label.text)).collect();
    if place.level.is_none_or(|level| level <= GeographicLevel::Country) {
        for group in synonyms {
            if group.iter().any(|expression| names.contains(expression)) {
                names.extend(group.iter().cloned());
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

fn words_of(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| without_article(word).unwrap_or(word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_known_by_their_whole_names() {
        let concepts = Concepts::load(&[]).expect("concepts");
        let read = |text: &str| {
            let words: Vec<String> = text.split(' ').map(fold).collect();
            concepts.place_names().region_at(&words).map(|(length, code)| (length, code.to_owned()))
        };
        for (text, length) in
            [("Afrique du Nord", 3), ("Northern Africa migrants", 2), ("North Africa", 2), ("شمال أفريقيا", 2), ("بشمال افريقيا", 2)]
        {
            assert_eq!(read(text), Some((length, "M49-015".to_owned())), "{text}");
        }
        assert_eq!(read("Africa"), Some((1, "M49-002".to_owned())));
        assert_eq!(read("Nord"), None);
        assert!(concepts.place_names().is_short("مصر") && !concepts.place_names().is_short("جنس"));
    }
}
