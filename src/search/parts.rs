//! The parts of a search put together: what a record must have of them, and what only raises its score.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::query::Query;

use crate::domain::place_names::Reach;

use super::index::Fields;
use super::naming::Named;
use super::phrase::{all_of, weighted};
use super::query::{Correction, Sought};
use super::score::{Clause, Wanted};

/// A search made ready.
#[derive(Default)]
pub struct Words {
    clauses: Vec<Clause>,
    /// How many of the clauses, from the first on, count towards what a record must have.
    counted: usize,
    /// How many words these were made of.
    words: usize,
    /// Whether it is a whole sentence, by the words typed.
    is_sentence: bool,
    /// What raises the score of a record that has enough.
    pub bonuses: Vec<Box<dyn Query>>,
    /// What counts as a hit in a text, for highlights.
    pub sought: Vec<Sought>,
    /// Words that are in no record, each with the words that were searched for in its place.
    pub corrections: Vec<Correction>,
}

/// Most words of a search that is no whole sentence.
const FEW_WORDS: usize = 4;

impl Words {
    /// What a record must have: enough of the words. Those that stand side by side in it as in the search raise its score.
    pub fn wanted(&self) -> Wanted<'_> {
        let enough = match self.counted {
            0..=2 => self.counted,
            3 => 2,
            4 => 3,
            count => count.div_ceil(3),
        };
        // A whole sentence: a third of its words must be there.
        let needed = if self.is_sentence { self.words.div_ceil(3).min(enough) } else { enough };
        Wanted { clauses: &self.clauses, counted: self.counted, needed, bonuses: &self.bonuses }
    }

    /// The same with any of the words being enough, where more were needed.
    pub fn relaxed(&self) -> Option<Wanted<'_>> {
        let wanted = self.wanted();
        let is_narrower = wanted.needed > 1 || wanted.counted < self.clauses.len();
        is_narrower.then_some(Wanted { needed: 1, counted: self.clauses.len(), ..wanted })
    }

    /// Puts the parts of a search together. Of several places any one is enough, where other words stand beside them: nobody who names three countries
    /// looks for sources on all of them that are on another subject. In a sentence a word that was read as another one is not enough of a reason.
    pub fn of(parts: Vec<Part>, fields: &Fields) -> Self {
        let is_sentence = parts.len() > FEW_WORDS;
        let sought = parts.iter().map(|part| part.sought.clone()).collect();
        let named: BTreeSet<Named> = parts.iter().filter_map(|part| part.place).collect();
        let has_others = parts.iter().any(|part| part.place.is_none());
        let is_one_of_several = |place: &Named| has_others && named.iter().filter(|other| other.reach == place.reach).count() > 1;
        let reaches: BTreeSet<Reach> = named.iter().filter(|place| is_one_of_several(place)).map(|place| place.reach).collect();
        let (of_places, single): (Vec<Part>, Vec<Part>) =
            parts.into_iter().partition(|part| part.place.is_some_and(|place| reaches.contains(&place.reach)));
        let has_many = single.len() + reaches.len() > FEW_WORDS;
        let (doubtful, certain): (Vec<Part>, Vec<Part>) = single.into_iter().partition(|part| has_many && part.is_guess);
        let words = of_places.len() + certain.len();
        let mut clauses: Vec<Clause> = certain.into_iter().map(|part| part.clause).collect();
        clauses.extend(any_place(of_places, fields));
        let counted = clauses.len();
        let unsure = doubtful.len();
        clauses.extend(doubtful.into_iter().map(|part| part.clause));
        // There is nothing else to go by.
        let (counted, words) = if counted == 0 { (unsure, unsure) } else { (counted, words) };
        Self { clauses, counted, words, is_sentence, sought, ..Self::default() }
    }
}

/// A part of a search, made ready.
pub struct Part {
    /// What finds it.
    pub clause: Clause,
    /// What counts as a hit in a text.
    pub sought: Sought,
    /// The place in whose name the word stands.
    pub place: Option<Named>,
    /// Whether another word was searched for than the one typed.
    pub is_guess: bool,
}

impl Part {
    /// A phrase.
    pub fn phrase((clause, stems): (Clause, Vec<Vec<String>>)) -> Self {
        Self { clause, sought: Sought::Phrase(stems), place: None, is_guess: false }
    }
}

/// A clause for the places of each reach: any of them. All words of a name must be there, for each alone may be another name's.
fn any_place(parts: Vec<Part>, fields: &Fields) -> Vec<Clause> {
    let mut by_place: BTreeMap<Named, Vec<Part>> = BTreeMap::new();
    for part in parts {
        if let Some(place) = part.place {
            by_place.entry(place).or_default().push(part);
        }
    }
    let mut by_reach: BTreeMap<Reach, Vec<Clause>> = BTreeMap::new();
    for (place, words) in by_place {
        let clauses = by_reach.entry(place.reach).or_default();
        if words.len() == 1 {
            clauses.extend(words.into_iter().map(|word| word.clause));
            continue;
        }
        let forms = words.into_iter().filter_map(|word| match word.sought {
            Sought::Word(forms) => Some(forms),
            Sought::Phrase(_) => None,
        });
        clauses.push(Clause::Expression(all_of(&forms.collect::<Vec<_>>(), &weighted(fields))));
    }
    by_reach.into_values().map(Clause::AnyOf).collect()
}
