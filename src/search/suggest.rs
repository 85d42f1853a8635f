//! Suggestions of titles while a person types: words that begin with the last letters typed.

use std::collections::BTreeSet;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term};

use super::bits::Bits;
use super::index::{IndexError, Snapshot};

/// Most index terms that one prefix stands for.
const MAX_TERMS: usize = 64;
/// Most documents looked at for one prefix.
const MAX_DOCS: usize = 2_000;

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
            if let Some(docs) = &docs {
                with_word &= docs;
            }
            docs = Some(with_word);
        }
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        let mut terms = inverted.terms().range().ge(last.as_bytes()).into_stream()?;
        let mut looked_at = 0;
        while terms.advance() && terms.key().starts_with(last.as_bytes()) && looked_at < MAX_TERMS && seen.len() < wanted {
            looked_at += 1;
            let mut postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            let mut steps = 0;
            while postings.doc() != TERMINATED && steps < MAX_DOCS && seen.len() < wanted {
                let doc = postings.doc();
                if view.public.contains(doc) && docs.as_ref().is_none_or(|docs| docs.contains(doc)) {
                    seen.insert(doc);
                }
                postings.advance();
                steps += 1;
            }
        }
        found.extend(seen.into_iter().map(|doc| (view.columns.number[doc as usize], view.columns.id(doc))));
    }
    found.sort_unstable();
    Ok(found.into_iter().take(wanted).map(|(_, id)| id).collect())
}
