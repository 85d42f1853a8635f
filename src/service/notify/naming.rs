//! What entries of the registers are called in notices, and where they can be read.

use std::collections::BTreeMap;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::register::Entry;
use crate::domain::text::{LanguageTag, MultilingualText, Wording};
use crate::domain::vocabulary::{NoticeKind, PublicationStatus, Visibility, Vocabulary};
use crate::service::Error;
use crate::service::people::institution_name;
use crate::store::{Conn, datasets};

use super::LANGUAGES;

/// Characters of a comment or text that stand for it in a notice.
const SHOWN: usize = 120;

/// What an entry is called in a notice: of a request or a statement the cell of the grid that it is on, and the beginning of its words; of
/// others their title, else the beginning of their text.
pub(super) fn titles(conn: &mut Conn, concepts: &Concepts, entry: &Entry) -> Result<MultilingualText, Error> {
    let mut words = if entry.title.is_empty() { entry.text.clone() } else { entry.title.clone() };
    for wording in words.0.values_mut() {
        if wording.text.chars().count() > SHOWN {
            wording.text = wording.text.chars().take(SHOWN).chain(['…']).collect();
        }
    }
    let Some(cell) = &entry.cell else { return Ok(words) };
    let mut said = Vec::new();
    for language in LANGUAGES {
        let institution = cell.institution.as_ref().map(|slug| institution_name(conn, slug.as_str(), language)).transpose()?;
        said.push(cell.in_words(language, institution.as_deref(), concepts));
    }
    Ok(in_each(|place, language| behind(&said[place], words.words(Some(language), None), language)))
}

/// The same, with the kind of the entry in front: for who is told of entries of any kind.
fn titles_with_kind(conn: &mut Conn, concepts: &Concepts, entry: &Entry) -> Result<MultilingualText, Error> {
    let titles = titles(conn, concepts, entry)?;
    Ok(in_each(|_, language| behind(entry.kind.label(language), titles.words(Some(language), None), language)))
}

/// A text for each language in which notices are read.
pub(in crate::service) fn in_each(text: impl Fn(usize, &str) -> String) -> MultilingualText {
    let texts: Vec<(&str, String)> = LANGUAGES.iter().enumerate().map(|(place, language)| (*language, text(place, language))).collect();
    MultilingualText::official(texts.iter().map(|(language, text)| (*language, text.as_str())))
}

/// A name with words behind it, where there are any.
fn behind(name: &str, words: Option<&str>, language: &str) -> String {
    let colon = if language == "fr" { " : " } else { ": " };
    words.map_or_else(|| name.to_owned(), |words| format!("{name}{colon}{words}"))
}

/// Two texts as one, in the languages in which both are there; else as each is there first.
fn joined(one: &MultilingualText, other: &MultilingualText) -> MultilingualText {
    let both = |(tag, first): (&LanguageTag, &Wording)| {
        let (_, second) = other.iter().find(|(known, _)| known.primary() == tag.primary())?;
        Some((tag.clone(), Wording { text: format!("{} – {}", first.text, second.text), ..first.clone() }))
    };
    let texts: BTreeMap<LanguageTag, Wording> = one.iter().filter_map(both).collect();
    if !texts.is_empty() {
        return MultilingualText(texts);
    }
    let words: Vec<&str> = [one, other].into_iter().filter_map(|text| text.words(None, None)).collect();
    MultilingualText::of_unknown_language(&words.join(" – "))
}

/// The titles of the records that an entry is about.
fn titles_of_records(conn: &mut Conn, entry: &Entry) -> Result<MultilingualText, Error> {
    let ids: Vec<String> = entry.datasets.iter().map(ToString::to_string).collect();
    let rows = datasets::by_ids(conn, &ids)?;
    let found = rows.iter().map(|row| Ok(serde_json::from_str::<Dataset>(&row.doc)?.titles)).collect::<Result<Vec<_>, Error>>()?;
    Ok(found.into_iter().reduce(|one, other| joined(&one, &other)).unwrap_or_default())
}

/// The page of the first record that an entry names and that whoever is told of the entry may read.
fn page_of(conn: &mut Conn, entry: &Entry) -> Result<String, Error> {
    let ids: Vec<String> = entry.datasets.iter().map(ToString::to_string).collect();
    let rows = datasets::by_ids(conn, &ids)?;
    let is_open =
        |row: &datasets::DatasetRow| row.status == PublicationStatus::Published.code() && row.visibility == Visibility::Public.code();
    // Of an entry that is about records, only those are told who see all of them.
    let found = rows.iter().find(|row| entry.is_of_records() || is_open(row));
    Ok(found.map(|row| format!("/dataset/{}", row.slug)).unwrap_or_default())
}

/// What is told of an entry by name, and the address where that stands: of a request that was fulfilled the record that answers it, of others a
/// record that they name. Entries have no page of their own.
pub(super) fn named(conn: &mut Conn, concepts: &Concepts, entry: &Entry, kind: NoticeKind) -> Result<(MultilingualText, String), Error> {
    let titles = match kind {
        NoticeKind::OverlapDecided => titles_of_records(conn, entry)?,
        NoticeKind::RegisterToValidate | NoticeKind::RegisterChanged => titles_with_kind(conn, concepts, entry)?,
        _ => titles(conn, concepts, entry)?,
    };
    // Who may not see the record that fulfils a request is not told of it.
    let answer: Vec<String> = entry.fulfilled_by.filter(|_| kind == NoticeKind::RequestFulfilled).iter().map(ToString::to_string).collect();
    let Some(row) = datasets::by_ids(conn, &answer)?.pop() else { return Ok((titles, page_of(conn, entry)?)) };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let with_answer = in_each(|_, language| {
        let record = dataset.titles.words(Some(language), dataset.main_language()).unwrap_or(dataset.slug.as_str());
        format!("{} – {record}", titles.words(Some(language), None).unwrap_or_default())
    });
    Ok((with_answer, format!("/dataset/{}", dataset.slug)))
}
