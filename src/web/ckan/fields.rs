//! Whether a record meets a condition on one of its fields.

use crate::domain::text::MultilingualText;
use crate::domain::words::fold;
use crate::interop::ckan::tag_names;
use crate::service::Record;

use super::syntax::{Condition, Wanted};

/// A condition made ready, so that its values are not read anew for each record.
pub struct Test<'q> {
    field: &'q str,
    is_negated: bool,
    values: Vec<Pattern>,
}

struct Pattern {
    whole: String,
    words: Vec<String>,
    is_phrase: bool,
}

impl<'q> Test<'q> {
    /// Makes a condition ready.
    pub fn new(condition: &'q Condition) -> Self {
        let pattern =
            |wanted: &Wanted| Pattern { whole: fold(wanted.text.trim()), words: words(&wanted.text), is_phrase: wanted.is_phrase };
        Self { field: &condition.field, is_negated: condition.is_negated, values: condition.values.iter().map(pattern).collect() }
    }

    /// Whether a record, as its reader sees it, meets the condition.
    pub fn is_met_by(&self, record: &Record) -> bool {
        let dataset = &record.dataset;
        let is_any = match self.field {
            "title" => self.is_held_by(&dataset.titles),
            "notes" => self.is_held_by(&dataset.abstract_text),
            // As a package names them, and as they are written in the record.
            "tags" => {
                let written = dataset.keywords.iter().flat_map(MultilingualText::iter).map(|(_, wording)| wording.text.trim());
                tag_names(dataset).iter().map(String::as_str).chain(written).any(|name| self.is_whole(name))
            }
            "name" => self.is_whole(dataset.slug.as_str()),
            "id" => self.is_whole(&record.id.to_string()),
            "organization" => {
                let holders = dataset.holdings.iter().map(|holding| &holding.institution);
                dataset.producer.iter().chain(holders).any(|slug| self.is_whole(slug.as_str()))
            }
            _ => false,
        };
        is_any != self.is_negated
    }

    fn is_whole(&self, text: &str) -> bool {
        let text = fold(text);
        self.values.iter().any(|pattern| is_like(&text, &pattern.whole))
    }

    /// Whether a text has the words of a value in one of its languages: all of them, of a phrase one behind the other.
    fn is_held_by(&self, text: &MultilingualText) -> bool {
        text.iter().any(|(_, wording)| {
            let own = words(&wording.text);
            self.values.iter().any(|pattern| pattern.is_in(&own))
        })
    }
}

impl Pattern {
    fn is_in(&self, own: &[String]) -> bool {
        if self.words.is_empty() {
            return false;
        }
        if self.is_phrase {
            let is_here = |part: &[String]| part.iter().zip(&self.words).all(|(word, pattern)| is_like(word, pattern));
            return own.windows(self.words.len()).any(is_here);
        }
        self.words.iter().all(|pattern| own.iter().any(|word| is_like(word, pattern)))
    }
}

/// Folded words; a star is a part of one.
fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric() && c != '*').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a word is like a pattern, in which a star stands for any letters.
fn is_like(word: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| word.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts.filter(|part| !part.is_empty()) {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (word, pattern, is_so) in [
            ("census", "census", true),
            ("census", "cens", false),
            ("census", "cens*", true),
            ("census", "*sus", true),
            ("census", "c*s*s", true),
            ("census", "c**s", true),
            ("census", "c*x*s", false),
            ("census", "*", true),
            ("", "*", true),
            ("aba", "ab*ba", false),
        ] {
            assert_eq!(is_like(word, pattern), is_so, "{word} {pattern}");
        }
    }

    #[test]
    fn words_and_phrases_are_looked_for_in_every_language() {
        let title = MultilingualText::official([("en", "General Population and Housing Census 2014"), ("fr", "Recensement général")]);
        let holds = |text: &str, is_phrase: bool| {
            let values = vec![Wanted { text: text.to_owned(), is_phrase }];
            let condition = Condition { field: "title".to_owned(), values, is_negated: false };
            Test::new(&condition).is_held_by(&title)
        };
        assert!(holds("census", false) && holds("CENSUS 2014", false) && holds("2014 census", false) && holds("general", false));
        assert!(holds("housing census", true) && !holds("census housing", true) && holds("popul*", false));
        assert!(!holds("zzzzzz", false) && !holds("census recensement", false) && !holds("", false) && !holds("-", true));
    }
}
