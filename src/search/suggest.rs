//! Suggestions of titles while a person types: words that begin with the last letters typed.

use std::collections::BTreeSet;

use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term};

use super::bits::Bits;
use super::index::{IndexError, Snapshot};

/// Most steps in one segment: an end is set to the work for a short prefix behind a frequent word, which is some milliseconds then.
const MOST_STEPS: usize = 200_000;
/// Steps that it takes to open the list of documents of a word, as many as it takes to go on to the next document of a list.
const TO_OPEN: usize = 16;
/// Steps that it takes to look a document up in such a list.
const TO_SEEK: usize = 8;

/// Identifiers of records whose title has all the words, as [`super::analysis::typed_words`] gives them, the last one as a prefix.
///
/// # Errors
/// The index cannot be read.
pub fn titles(snapshot: &Snapshot, words: &[String], wanted: usize) -> Result<Vec<uuid::Uuid>, IndexError> {
    let Some((last, whole)) = words.split_last() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (reader, view) in snapshot.searcher.segment_readers().iter().zip(&snapshot.segments) {
        let inverted = reader.inverted_index(snapshot.fields.suggest)?;
        let mut docs: Option<Bits> = None;
        for word in whole {
            let postings = inverted.read_postings(&Term::from_field_text(snapshot.fields.suggest, word), IndexRecordOption::Basic)?;
            let mut with_word = Bits::empty(view.columns.size);
            if let Some(mut postings) = postings {
                while postings.doc() != TERMINATED {
                    with_word.insert(postings.doc());
                    postings.advance();
                }
            }
            with_word &= docs.as_ref().unwrap_or(&view.public);
            docs = Some(with_word);
        }
        // Any word that goes on with the letters typed may stand beside the whole ones, however many words begin like that.
        let docs = docs.as_ref().unwrap_or(&view.public);
        let most = docs.len() as usize;
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        let mut terms = inverted.terms().range().ge(last.as_bytes()).into_stream()?;
        let mut left = if most > 0 { MOST_STEPS } else { 0 };
        while left > 0 && seen.len() < wanted && terms.advance() && terms.key().starts_with(last.as_bytes()) {
            let mut postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            left = left.saturating_sub(TO_OPEN);
            if most.saturating_mul(TO_SEEK) < terms.value().doc_freq as usize {
                left = left.saturating_sub(look_up(docs, &mut postings, wanted, &mut seen));
                continue;
            }
            while postings.doc() != TERMINATED && left > 0 && seen.len() < wanted {
                if docs.contains(postings.doc()) {
                    seen.insert(postings.doc());
                }
                postings.advance();
                left -= 1;
            }
        }
        found.extend(seen.into_iter().map(|doc| (view.columns.number[doc as usize], view.columns.id(doc))));
    }
    found.sort_unstable();
    Ok(found.into_iter().take(wanted).map(|(_, id)| id).collect())
}

/// Adds the few documents that are in a long list too, and says how many steps that took.
fn look_up(docs: &Bits, postings: &mut SegmentPostings, wanted: usize, seen: &mut BTreeSet<u32>) -> usize {
    let mut steps = 0;
    for doc in docs.iter() {
        if seen.len() >= wanted || postings.doc() == TERMINATED {
            break;
        }
        steps += TO_SEEK;
        if postings.doc() < doc {
            postings.seek(doc);
        }
        if postings.doc() == doc {
            seen.insert(doc);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::document::Prepared;
    use crate::search::index::Index;

    fn record(number: u64, title: &str) -> Prepared {
        let text = || title.to_owned();
        Prepared {
            id: uuid::Uuid::from_u64_pair(number, number),
            number: number as i64,
            updated_at: 0,
            start: 0,
            end: 0,
            due: 0,
            title_key: text(),
            title: text(),
            label: String::new(),
            body: String::new(),
            area: String::new(),
            suggest: text(),
            tags: vec!["st:PUBLISHED".to_owned()],
            calendar: Vec::new(),
        }
    }

    #[test]
    fn a_whole_word_is_found_whatever_the_next_letter_and_however_many_words_begin_with_it() {
        let folder = std::env::temp_dir().join(format!("rihla-suggest-{}", uuid::Uuid::now_v7()));
        let index = Index::open(&folder, 20 << 20).expect("index");
        let many = (1..=3_000).map(|number| record(number, &format!("registre ma{number:04} migration")));
        let few = [record(3_001, "cadastre minier"), record(3_002, "cadastre migration")];
        index.apply(many.chain(few), &[], 1).expect("indexed");
        let snapshot = index.snapshot();
        let found = |typed: &[&str]| {
            let words: Vec<String> = typed.iter().map(|word| (*word).to_owned()).collect();
            titles(&snapshot, &words, 8).expect("read").into_iter().map(|id| id.as_u64_pair().0).collect::<Vec<_>>()
        };
        for last in ["m", "mi"] {
            assert_eq!(found(&["cadastre", last]), [3_001, 3_002], "{last}");
        }
        assert_eq!(found(&["cadastre", "migration"]), [3_002], "the last of many that have the word");
        assert_eq!(found(&["cad"]), [3_001, 3_002]);
        assert_eq!(found(&["registre", "ma"]).len(), 8);
        assert!(found(&["cadastre", "ma"]).is_empty() && found(&["absent", "m"]).is_empty());
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
