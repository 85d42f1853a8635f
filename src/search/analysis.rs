//! From text to search tokens, by language: folding, stop words, stemming.
//!
//! A text in a known language is indexed by its stem in that language; a query, whose language is not known,
//! asks for the stem in each language. Arabic words are stemmed as Arabic wherever they stand.

mod senses;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use frostem::{Algorithm, Stemmer};

use crate::domain::vocabulary::ConceptScheme;
use crate::domain::words::{fold, is_arabic, stem_arabic, without_article, without_particles};

pub use senses::own_sense;

/// Language that decides the stemming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
    /// Arabic, or any other language: words are folded; those in Arabic letters are stemmed.
    Other,
}

impl Language {
    /// The language of a BCP 47 tag.
    pub fn of_tag(tag: &str) -> Self {
        match tag.split('-').next() {
            Some("en") => Self::English,
            Some("fr") => Self::French,
            _ => Self::Other,
        }
    }
}

/// A word of a text with its place in it, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word as written.
    pub text: &'a str,
    /// Where it starts.
    pub start: usize,
}

/// The words of a text: runs of letters, digits and the marks that belong to them.
pub fn split(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let is_mark = || !c.is_ascii() && (unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{0640}' | '\u{00ad}'));
        let inside = c.is_alphanumeric() || is_mark();
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(Word { text: &text[from..at], start: from });
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push(Word { text: &text[from..], start: from });
    }
    words
}

const STOP_EN: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does", "for", "from", "get", "had", "has", "have",
    "how", "i", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "s", "that", "the", "their", "them",
    "there", "these", "they", "this", "to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "you",
    "your", "about", "after", "against", "among", "before", "between", "during", "since", "than", "then", "through", "toward", "towards",
    "until", "while", "within", "without", "count", "counted", "counts", "find", "many", "mean", "means", "much", "must", "next", "rule",
    "rules", "send", "wait", "whom",
];
/// Without `sans`, which makes another word of what follows: sans-papiers.
const STOP_FR: &[&str] = &[
    "a", "au", "aux", "avec", "c", "ce", "ces", "cette", "comme", "d", "dans", "de", "des", "du", "elle", "en", "est", "et", "eux", "il",
    "ils", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "m", "mais", "n", "ne", "nos", "notre", "nous", "on", "ont", "ou",
    "par", "pas", "pour", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "s", "sa", "se", "ses", "son", "sont", "sur",
    "t", "un", "une", "vos", "votre", "vous", "y", "afin", "ainsi", "apres", "avant", "chez", "contre", "depuis", "dont", "donc", "durant",
    "entre", "lors", "parmi", "pendant", "selon", "sous", "vers", "compte", "comptent", "regle", "faut", "envoyer", "combien", "quoi",
    "trouver",
];
const STOP_AR: &[&str] = &[
    "في",
    "من",
    "الي",
    "علي",
    "عن",
    "مع",
    "هذا",
    "هذه",
    "ذلك",
    "تلك",
    "التي",
    "الذي",
    "الذين",
    "ما",
    "هل",
    "كيف",
    "متي",
    "اين",
    "او",
    "ثم",
    "ان",
    "كان",
    "هو",
    "هي",
    "هم",
    "لا",
    "لم",
    "لن",
    "قد",
    "حسب",
    "احصل",
    "كل",
    "بين",
    "بعد",
    "قبل",
    "حول",
    "منذ",
    "خلال",
    "لدي",
    "عند",
    "و",
    "يا",
];

/// Whether a folded word carries no meaning in a language.
pub fn is_stop(folded: &str, language: Language) -> bool {
    let has = |list: &[&str]| list.contains(&folded);
    has(STOP_AR)
        || match language {
            Language::English => has(STOP_EN),
            Language::French => has(STOP_FR),
            Language::Other => false,
        }
}

/// Whether a folded word carries no meaning in any language of the texts.
fn is_idle(folded: &str) -> bool {
    is_stop(folded, Language::English) || is_stop(folded, Language::French)
}

thread_local! {
    static STEMS: [RefCell<Memory>; 3] = Default::default();
    static FORMS: [RefCell<Memory>; 3] = Default::default();
}

/// Words with what became of them. Zipf's law: a small memory spares most of the work on texts.
type Memory = HashMap<Box<str>, Box<str>>;

/// Most words remembered in a language.
const REMEMBERED: usize = 20_000;
/// Longest word remembered, in bytes.
const LONGEST_REMEMBERED: usize = 64;

fn remember(memory: &mut Memory, word: &str, form: &str) {
    if memory.len() >= REMEMBERED {
        memory.clear();
    }
    if word.len() <= LONGEST_REMEMBERED {
        memory.insert(word.into(), form.into());
    }
}

/// The search form of one folded word in a language.
pub fn stem(folded: &str, language: Language) -> String {
    STEMS.with(|memory| {
        let mut memory = memory[language as usize].borrow_mut();
        if let Some(known) = memory.get(folded) {
            return known.to_string();
        }
        let stemmed = stem_anew(folded, language);
        remember(&mut memory, folded, &stemmed);
        stemmed
    })
}

fn stem_anew(folded: &str, language: Language) -> String {
    if folded.chars().next().is_some_and(is_arabic) {
        return stem_arabic(folded).to_owned();
    }
    if language != Language::Other
        && let Some(form) = senses::own_form(folded)
    {
        return form.to_owned();
    }
    let algorithm = match language {
        Language::English => Algorithm::English,
        Language::French => Algorithm::French,
        Language::Other => return folded.to_owned(),
    };
    let stemmed = Stemmer::new(algorithm).stem(folded);
    // What is left of a word such as INS, ans or thème may be one that carries no meaning: then the word is its own stem.
    if is_idle(&stemmed) { folded.to_owned() } else { stemmed.into_owned() }
}

/// The token of a word as written; empty for a word that carries no meaning.
fn token(word: &str, language: Language) -> String {
    let folded = fold(word);
    if folded.is_empty() || is_stop(&folded, language) { String::new() } else { stem_anew(&folded, language) }
}

/// Divides two texts in a line of tokens, which are divided by blanks.
pub const GAP: char = '\n';

/// Appends the search tokens of a text to a line of tokens divided by blanks.
pub fn index_text(line: &mut String, text: &str, language: Language) {
    let mut add = |token: &str| {
        if !token.is_empty() {
            line.push(' ');
            line.push_str(token);
        }
    };
    FORMS.with(|memory| {
        let mut memory = memory[language as usize].borrow_mut();
        for word in split(text) {
            if let Some(known) = memory.get(word.text) {
                add(known);
                continue;
            }
            let made = token(word.text, language);
            add(&made);
            remember(&mut memory, word.text, &made);
        }
    });
}

/// Every search form that a word of unknown language may have; empty for a word that carries no meaning.
pub fn query_forms(word: &str) -> Vec<String> {
    let folded = fold(word);
    if folded.is_empty() || is_idle(&folded) {
        return Vec::new();
    }
    let mut forms = vec![stem(&folded, Language::English), stem(&folded, Language::French), stem(&folded, Language::Other)];
    forms.sort();
    forms.dedup();
    forms
}

/// The token of the code of a concept, such as `ma09` of MA-09; none for a code that is a word of its own, such as MA.
pub fn code_token(code: &str) -> Option<String> {
    let has = |wanted: fn(&char) -> bool| code.chars().any(|c| wanted(&c));
    let is_marked = has(char::is_ascii_digit) && has(|c| matches!(c, '-' | '.'));
    is_marked.then(|| code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase())
}

/// The folded words of a text, for comparisons of whole words.
pub fn folded_words(text: &str) -> Vec<String> {
    split(text).into_iter().map(|word| fold(word.text)).filter(|word| !word.is_empty()).collect()
}

/// The words of a text as they are looked up while a person types: those with an Arabic article without it too.
pub fn suggested_words(text: &str) -> Vec<String> {
    let words = folded_words(text);
    let bare: Vec<String> = words.iter().filter_map(|word| without_article(word)).map(str::to_owned).collect();
    words.into_iter().chain(bare).collect()
}

/// The words that a person has typed, each time with another reading of the last one, which may go on: without the particles that Arabic writes
/// together with a word.
pub fn other_readings(text: &str) -> Vec<Vec<String>> {
    let mut words = typed_words(text);
    words.pop();
    let last = folded_words(text).pop().unwrap_or_default();
    let read = |reading: &str| words.iter().cloned().chain([reading.to_owned()]).collect();
    without_particles(&last).into_iter().map(read).collect()
}

/// The words that a person has typed, as they are looked up among [`suggested_words`]: without the article, so that it makes no difference.
pub fn typed_words(text: &str) -> Vec<String> {
    folded_words(text).into_iter().map(|word| without_article(&word).map(str::to_owned).unwrap_or(word)).collect()
}

/// Which text of a concept a line of tokens was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// The labels of a concept.
    Labels(ConceptScheme),
    /// Its labels with those of the concepts around it and of its successors.
    LabelsAround(ConceptScheme),
}

/// Lines of tokens by the code of their concept.
type Lines = HashMap<Box<str>, Arc<str>>;

/// Synonyms made ready for look-up: the stems of each expression, by their first stem. And the lines of tokens of concepts, each made
/// once: records share them. They belong to one set of concepts.
pub struct Expressions {
    by_first: HashMap<String, Vec<(Vec<String>, usize)>>,
    groups: Vec<String>,
    lines: Mutex<HashMap<LineKind, Lines>>,
}

impl Expressions {
    /// Prepares groups of expressions.
    pub fn new(groups: &[Vec<String>]) -> Self {
        let mut by_first: HashMap<String, Vec<(Vec<String>, usize)>> = HashMap::new();
        let mut lines = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            let mut line = String::new();
            for expression in group {
                for language in [Language::English, Language::French] {
                    // Which language it is in is not said: what carries no meaning in one of them is no word of it.
                    let words =
                        split(expression).into_iter().map(|word| fold(word.text)).filter(|folded| !folded.is_empty() && !is_idle(folded));
                    let stems: Vec<String> = words.map(|folded| stem(&folded, language)).collect();
                    let Some(first) = stems.first() else { continue };
                    let known = by_first.entry(first.clone()).or_default();
                    if !known.iter().any(|(other, group)| *other == stems && *group == number) {
                        line.push(GAP);
                        stems.iter().for_each(|stem| line.extend([" ", stem.as_str()]));
                        known.push((stems, number));
                    }
                }
            }
            lines.push(line);
        }
        Self { by_first, groups: lines, lines: Mutex::default() }
    }

    /// The tokens of a concept, made at the first question for them.
    pub fn line(&self, kind: LineKind, code: &str, make: impl FnOnce(&mut String)) -> Arc<str> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lines.entry(kind).or_default();
        if let Some(line) = known.get(code) {
            return line.clone();
        }
        let mut line = String::new();
        make(&mut line);
        let line: Arc<str> = line.into();
        known.insert(code.into(), line.clone());
        line
    }

    /// The groups whose expressions occur in a line of tokens.
    pub fn groups_in(&self, line: &str) -> Vec<usize> {
        let tokens: Vec<&str> = line.split_whitespace().collect();
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            for (stems, group) in self.by_first.get(*token).into_iter().flatten() {
                let rest = &tokens[at..];
                if !found.contains(group) && rest.len() >= stems.len() && stems.iter().zip(rest).all(|(a, b)| a == b) {
                    found.push(*group);
                }
            }
        }
        found
    }

    /// The expressions, by their stems, of each group that has one of these stems.
    pub fn akin(&self, stems: &[String]) -> Vec<&[String]> {
        let groups: Vec<usize> = (0..self.groups.len())
            .filter(|group| self.groups[*group].split_whitespace().any(|token| stems.iter().any(|stem| stem == token)))
            .collect();
        let known = self.by_first.values().flatten();
        known.filter(|(_, group)| groups.contains(group)).map(|(expression, _)| expression.as_slice()).collect()
    }

    /// The expressions, by their stems, of each group one of whose expressions has these stems side by side.
    pub fn akin_to_phrase(&self, phrase: &[String]) -> Vec<&[String]> {
        let has_phrase = |stems: &[String]| stems.windows(phrase.len().max(1)).any(|part| part == phrase);
        let known = || self.by_first.values().flatten();
        let groups: Vec<usize> = known().filter(|(stems, _)| has_phrase(stems)).map(|(_, group)| *group).collect();
        known().filter(|(_, group)| groups.contains(group)).map(|(expression, _)| expression.as_slice()).collect()
    }

    /// All tokens of a group.
    pub fn tokens(&self, group: usize) -> &str {
        &self.groups[group]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, language: Language) -> String {
        let mut line = String::new();
        index_text(&mut line, text, language);
        line.trim().to_owned()
    }

    #[test]
    fn inflections_meet_in_each_language() {
        for (one, other, language) in [
            ("les migrants de retour", "migrant retour", Language::French),
            ("returning migrants", "return migrant", Language::English),
            ("المهاجرون العائدون", "مهاجرين عائدين", Language::Other),
            ("L'enquête nationale", "enquetes nationales", Language::French),
        ] {
            assert_eq!(line(one, language), line(other, language));
        }
    }

    #[test]
    fn a_query_word_takes_the_form_of_each_language() {
        assert!(query_forms("enquêtes").contains(&line("enquête", Language::French)));
        assert!(query_forms("surveys").contains(&line("survey", Language::English)));
        assert!(query_forms("de").is_empty() && query_forms("the").is_empty() && query_forms("في").is_empty());
    }

    /// The stem of each of these is a word that carries no meaning in one language or the other.
    #[test]
    fn a_word_is_found_in_its_own_language_whatever_is_left_of_it() {
        for (word, language) in [
            ("thèmes", Language::French),
            ("entrées", Language::French),
            ("notes", Language::French),
            ("ans", Language::French),
            ("INS", Language::French),
            ("ONS", Language::English),
            ("findings", Language::English),
        ] {
            assert!(query_forms(word).contains(&line(word, language)), "{word}: {:?}", query_forms(word));
        }
        assert!(!query_forms("INS").contains(&"in".to_owned()));
    }

    #[test]
    fn codes_are_one_word_and_words_are_no_codes() {
        for (code, token) in [("MT-0701", "mt0701"), ("ma-09", "ma09"), ("SDG-16.b.1", "sdg16b1")] {
            assert_eq!(code_token(code).as_deref(), Some(token));
        }
        for word in ["MA", "sex", "country_of_birth", "sous-massa", "2018"] {
            assert_eq!(code_token(word), None, "{word}");
        }
    }

    #[test]
    fn expressions_of_a_group_are_found_in_text() {
        let groups = vec![vec!["MRE".to_owned(), "Marocains résidant à l'étranger".to_owned(), "المغاربة المقيمين بالخارج".to_owned()]];
        let expressions = Expressions::new(&groups);
        for (text, language) in
            [("transferts des Marocains résidant à l’étranger", Language::French), ("تحويلات المغاربة المقيمين بالخارج", Language::Other)]
        {
            assert_eq!(expressions.groups_in(&line(text, language)), [0], "{text}");
        }
        assert!(expressions.tokens(0).contains("mre"));
        assert!(expressions.groups_in("marocain").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn words_cover_their_place_in_any_text(text in ".*") {
            for word in split(&text) {
                proptest::prop_assert_eq!(&text[word.start..word.start + word.text.len()], word.text);
            }
        }
    }
}
