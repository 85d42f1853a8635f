//! The columns of a sheet, one by one, and what stands above them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::layout::{Column, DATASET, Kind, NUMBER, Part, SHEETS, Sheet};
use super::lists::folded;
use super::words::{self, LANGUAGES, say};
use crate::domain::readiness::guidance;
use crate::domain::text::LanguageTag;

/// The languages of names, in the order of [`say`].
const SPOKEN: [&str; 3] = ["en", "fr", "ar"];

/// One column of a table.
#[derive(Clone)]
pub struct Slot {
    /// The column of the layout; none where it says to which dataset a row belongs.
    pub column: Option<&'static Column>,
    /// Language, where the column is a text by language.
    pub language: Option<LanguageTag>,
    /// Whether it holds the status of the wording in place of the wording.
    pub is_status: bool,
}

impl Slot {
    /// The machine's name.
    pub fn key(&self) -> String {
        let mut key = self.column.map_or(DATASET, |column| column.key).to_owned();
        if let Some(language) = &self.language {
            key.push('.');
            key.push_str(language.as_str());
        }
        if self.is_status {
            key.push_str(".status");
        }
        key
    }

    /// Whether the column numbers rows that others belong to.
    pub fn is_number(&self) -> bool {
        self.column.is_some_and(|column| is_number(column.key))
    }

    /// Whether a row needs the column; a text needs one of its languages.
    pub fn is_needed(&self) -> bool {
        !self.is_status && self.column.is_none_or(|column| column.part == Part::Needed)
    }

    /// The heading for people.
    pub fn heading(&self, sheet: &Sheet, language: &str) -> String {
        let mut heading =
            self.column.map_or_else(|| say(words::DATASET, language).to_owned(), |column| label(sheet, column, language).to_owned());
        if let Some(tag) = &self.language {
            let name = LANGUAGES.iter().find(|(own, _)| *own == tag.as_str()).map(|(_, said)| say(*said, language));
            heading.push_str(" — ");
            heading.push_str(name.unwrap_or(tag.as_str()));
        }
        if self.is_status {
            heading.push_str(" — ");
            heading.push_str(say(words::STATUS, language));
        }
        heading
    }

    /// What to write into the column.
    pub fn help(&self, language: &str) -> String {
        match self.column {
            None => say(words::DATASET_HELP, language).to_owned(),
            Some(column) if is_number(column.key) => say(words::NUMBER_HELP, language).to_owned(),
            Some(column) => guidance(column.key).map(|guidance| guidance.text.text(language).to_owned()).unwrap_or_default(),
        }
    }

    /// The note that the template puts on its heading.
    pub fn note(&self, language: &str) -> String {
        let mut text = self.help(language);
        if let Some(example) = self.example() {
            let [.., example_word, _] = words::EXAMPLE_HEADS;
            text.push_str(&format!("\n\n{}: {example}", say(example_word, language)));
        }
        text
    }

    /// A real value.
    pub fn example(&self) -> Option<&'static str> {
        self.column.and_then(|column| guidance(column.key)).and_then(|guidance| guidance.example.as_deref())
    }
}

/// Whether a key names a column of numbers of rows.
pub fn is_number(key: &str) -> bool {
    key.rsplit_once('.').is_some_and(|(_, last)| last == NUMBER)
}

fn plain_label(key: &str, language: &str) -> String {
    if is_number(key) {
        return say(words::NUMBER, language).to_owned();
    }
    guidance(key).map_or_else(|| key.to_owned(), |guidance| guidance.label.text(language).to_owned())
}

/// Names of all columns in English, French and Arabic, by the path of their sheet's list and their own; with the name of what is around a
/// column where another column of the sheet has the same.
static LABELS: LazyLock<HashMap<(&'static str, &'static str), [String; 3]>> = LazyLock::new(|| {
    SHEETS
        .iter()
        .flat_map(|sheet| sheet.columns.iter().map(|column| ((sheet.list, column.key), SPOKEN.map(|tag| unlike(sheet, column, tag)))))
        .collect()
});

fn unlike(sheet: &Sheet, column: &Column, language: &str) -> String {
    let own = plain_label(column.key, language);
    let same = sheet.columns.iter().filter(|other| folded(&plain_label(other.key, language)) == folded(&own)).count();
    match column.key.rsplit_once('.') {
        Some((around, _)) if same > 1 => format!("{} : {own}", plain_label(around, language)),
        _ => own,
    }
}

/// Name of a column.
fn label(sheet: &Sheet, column: &'static Column, language: &str) -> &'static str {
    LABELS.get(&(sheet.list, column.key)).map_or(column.key, |labels| say(labels.each_ref().map(String::as_str), language))
}

/// The columns of a sheet with the three languages, the wanted one first.
pub fn slots(sheet: &'static Sheet, language: &str) -> Vec<Slot> {
    let mut tags: Vec<LanguageTag> = LANGUAGES.iter().filter_map(|(tag, _)| LanguageTag::parse(tag).ok()).collect();
    tags.sort_by_key(|tag| tag.as_str() != language);
    let mut slots = Vec::new();
    if !sheet.list.is_empty() {
        slots.push(Slot { column: None, language: None, is_status: false });
    }
    for column in sheet.columns {
        match column.kind {
            Kind::Text => slots.extend(tags.iter().map(|tag| Slot { column: Some(column), language: Some(tag.clone()), is_status: false })),
            _ => slots.push(Slot { column: Some(column), language: None, is_status: false }),
        }
    }
    slots
}

/// How the columns of one sheet are recognised.
pub struct Names {
    by_key: HashMap<String, Option<&'static Column>>,
    by_label: HashMap<String, Option<&'static Column>>,
}

impl Names {
    /// All names of the columns of a sheet.
    pub fn new(sheet: &'static Sheet) -> Self {
        let (mut by_key, mut by_label) = (HashMap::new(), HashMap::new());
        if !sheet.list.is_empty() {
            by_key.insert(DATASET.to_owned(), None);
            by_label.extend(words::DATASET.map(|said| (folded(said), None)));
        }
        for column in sheet.columns {
            by_key.insert(folded(column.key), Some(column));
            for language in SPOKEN {
                by_label.insert(folded(label(sheet, column, language)), Some(column));
            }
        }
        Self { by_key, by_label }
    }

    /// The column that a cell of a heading names, and whether it names it as the machine does.
    pub fn slot(&self, heading: &Heading) -> Option<(Slot, bool)> {
        if let Some(slot) = self.by_machine(heading) {
            return Some((slot, true));
        }
        let column = *self.by_label.get(&heading.label)?;
        let mut parts = heading.text.split('—').map(str::trim).skip(1);
        let (language, status) = (parts.next(), parts.next());
        let is_status = status.is_some_and(|status| words::STATUS.iter().any(|said| folded(said) == folded(status)));
        if (status.is_some() && !is_status) || parts.next().is_some() {
            return None;
        }
        let language = match language {
            None => None,
            Some(name) => Some(language_named(name)?),
        };
        let is_text = column.is_some_and(|column| matches!(column.kind, Kind::Text));
        (language.is_none() || is_text).then_some((Slot { column, language, is_status }, false))
    }

    fn by_machine(&self, heading: &Heading) -> Option<Slot> {
        if let Some(column) = self.by_key.get(&heading.key) {
            return Some(Slot { column: *column, language: None, is_status: false });
        }
        let (rest, is_status) = match heading.text.strip_suffix(".status") {
            Some(rest) => (rest, true),
            None => (heading.text.as_str(), false),
        };
        let (key, tag) = rest.rsplit_once('.')?;
        let column = (*self.by_key.get(&folded(key))?).filter(|column| matches!(column.kind, Kind::Text))?;
        Some(Slot { column: Some(column), language: Some(LanguageTag::parse(tag).ok()?), is_status })
    }
}

/// What may be a heading, made comparable once for all sheets that it may be of.
pub struct Heading {
    /// As it stands there, without blanks and stars around it.
    text: String,
    /// The whole, folded.
    key: String,
    /// What stands before the first dash, folded.
    label: String,
}

impl Heading {
    /// The words of a cell as a heading.
    pub fn new(cell: &str) -> Self {
        let text = cell.trim().trim_end_matches('*').trim();
        let label = text.split_once('—').map_or(text, |(label, _)| label);
        Self { key: folded(text), label: folded(label.trim()), text: text.to_owned() }
    }
}

fn language_named(name: &str) -> Option<LanguageTag> {
    let known = LANGUAGES.iter().find(|(_, said)| said.iter().any(|said| folded(said) == folded(name)));
    LanguageTag::parse(known.map_or(name, |(tag, _)| tag)).ok()
}
