//! Whether a record meets a condition on one of its fields.

use crate::domain::text::MultilingualText;
use crate::domain::words::fold;
use crate::service::Record;

use super::syntax::{Condition, Wanted};

/// Whether a record, as its reader sees it, meets a condition.
pub fn meets(record: &Record, condition: &Condition) -> bool {
    condition.values.iter().any(|wanted| has(record, &condition.field, wanted)) != condition.is_negated
}

fn has(record: &Record, field: &str, wanted: &Wanted) -> bool {
    let dataset = &record.dataset;
    let is_whole = |text: &str| is_like(&fold(text), &fold(wanted.text.trim()));
    match field {
        "title" => holds(&dataset.titles, wanted),
        "notes" => holds(&dataset.abstract_text, wanted),
        "tags" => dataset.keywords.iter().flat_map(MultilingualText::iter).any(|(_, wording)| is_whole(wording.text.trim())),
        "name" => is_whole(dataset.slug.as_str()),
        "id" => is_whole(&record.id.to_string()),
        "organization" => {
            dataset.producer.iter().chain(dataset.holdings.iter().map(|holding| &holding.institution)).any(|slug| is_whole(slug.as_str()))
        }
        _ => false,
    }
}

/// Whether a text has the words in one of its languages: all of them, of a phrase one behind the other.
fn holds(text: &MultilingualText, wanted: &Wanted) -> bool {
    let patterns = words(&wanted.text);
    if patterns.is_empty() {
        return false;
    }
    text.iter().any(|(_, wording)| {
        let own = words(&wording.text);
        if wanted.is_phrase {
            let is_here = |part: &[String]| part.iter().zip(&patterns).all(|(word, pattern)| is_like(word, pattern));
            return own.windows(patterns.len()).any(is_here);
        }
        patterns.iter().all(|pattern| own.iter().any(|word| is_like(word, pattern)))
    })
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
        let holds = |text: &str, is_phrase: bool| super::holds(&title, &Wanted { text: text.to_owned(), is_phrase });
        assert!(holds("census", false) && holds("CENSUS 2014", false) && holds("2014 census", false) && holds("general", false));
        assert!(holds("housing census", true) && !holds("census housing", true) && holds("popul*", false));
        assert!(!holds("zzzzzz", false) && !holds("census général", false) && !holds("", false) && !holds("-", true));
    }
}
