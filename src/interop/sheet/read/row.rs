//! One row: its values, the row that it belongs to, and what does not fit.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::cell::{letters, unguard};
use super::super::heading::Slot;
use super::super::layout::{Column, KEYWORDS, Kind, Part};
use super::super::lists::Lists;
use super::beside::Beside;
use super::head::Known;
use super::table::{Cell, Row};
use super::value::{Taken, institution, keywords, take, words};
use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{TextStatus, Vocabulary};
use crate::interop::dcat::{Source, is_web_address, undetermined};

/// Columns that name institutions.
const INSTITUTIONS: [&str; 3] = ["producer", "partners", "holdings.institution"];

/// What a row says.
pub struct Said {
    /// Place of the row: sheet and first cell.
    pub place: String,
    /// Short name of the dataset, as it stands there.
    pub dataset: String,
    /// The thing itself: an object, of a text by language the text.
    pub own: Value,
    /// Of a row of keywords, by language those of a cell in which several stand.
    pub several: BTreeMap<String, Vec<String>>,
    /// Number by which other rows refer to this one, or this one to another.
    pub number: Option<String>,
    /// What says to which row of another sheet this one belongs, and of rows that others belong to what they may say; by key.
    pub joins: BTreeMap<&'static str, String>,
    /// Places of the cells that say something, by key; of a text in several languages the first.
    pub places: BTreeMap<&'static str, String>,
    /// Name of an institution that is no short name of the registry, by key.
    pub names: BTreeMap<&'static str, String>,
    /// Keys of the columns that are needed and say nothing.
    pub missing: Vec<&'static str>,
    /// The cells as they stand there, for a row that is left out.
    pub shown: String,
    /// What does not fit.
    pub unfit: Vec<Problem>,
    /// Institutions named by their short name, each with its cell.
    pub named: Vec<(Slug, String)>,
}

/// Reads a row; none where no known column says anything.
pub fn read(table: &Known, line: &Row, source: &Source<'_>, lists: &mut Lists<'_>) -> Option<Said> {
    let mut said = Said {
        place: format!("{}!A{}", table.name, line.number),
        dataset: String::new(),
        own: Value::Object(Map::new()),
        several: BTreeMap::new(),
        number: None,
        joins: BTreeMap::new(),
        places: BTreeMap::new(),
        names: BTreeMap::new(),
        missing: Vec::new(),
        shown: String::new(),
        unfit: Vec::new(),
        named: Vec::new(),
    };
    let mut shown = Vec::new();
    let mut statuses = Vec::new();
    for (at, slot, heading) in &table.columns {
        let Some(cell) = line.get(*at) else { continue };
        let place = format!("{}!{}{} ({heading})", table.name, letters(*at), line.number);
        shown.push(cell.words());
        match slot.column {
            None => unguard(&cell.words()).clone_into(&mut said.dataset),
            Some(_) if slot.is_number() => said.number = words(cell).value.and_then(|value| value.as_str().map(str::to_owned)),
            Some(column) if slot.is_status => statuses.push((place, column, slot.language.clone(), cell)),
            Some(column) if matches!(column.kind, Kind::Address) => {
                let behind = address_behind(line, *at, cell);
                if let Some(target) = &behind {
                    let remedy = format!(
                        "leads to {target}, which was taken; the words have no place in this column: write them as the title, if they are one"
                    );
                    said.unfit.push(Problem::new(&place, cell.words(), remedy));
                }
                let cell = behind.map_or_else(|| cell.clone(), Cell::Text);
                said.put(table, column, slot, &cell, &place, source, lists);
            }
            Some(column) => said.put(table, column, slot, cell, &place, source, lists),
        }
    }
    if shown.is_empty() {
        return None;
    }
    said.shown = shown.join("; ");
    for (place, column, language, cell) in statuses {
        said.status(table, column, &language_of(language.as_ref(), source), cell, &place, lists);
    }
    said.unfit.extend(beside(table, line));
    let needed = table.sheet.columns.iter().filter(|column| column.part == Part::Needed);
    said.missing = needed.map(|column| column.key).filter(|key| is_nothing(at(&said.own, table.sheet.within(key)))).collect();
    Some(said)
}

/// The address to which a cell leads whose words are none.
fn address_behind(line: &Row, at: u32, cell: &Cell) -> Option<String> {
    let mut targets = line.beside.iter().filter(|(column, _)| *column == at).filter_map(|(_, beside)| match beside {
        Beside::Link(target) if is_web_address(target) => Some(target.clone()),
        _ => None,
    });
    targets.next().filter(|_| !is_web_address(unguard(&cell.words())))
}

/// What is lost of what stands beside the cells of a row.
pub fn beside(table: &Known, line: &Row) -> Vec<Problem> {
    let mut lines = Vec::new();
    for (at, beside) in &line.beside {
        let column = table.columns.iter().find(|(own, ..)| own == at);
        let cell = line.get(*at);
        let is_taken = column
            .is_some_and(|(_, slot, _)| slot.column.is_some_and(|column| matches!(column.kind, Kind::Address)) && !slot.is_status)
            && cell.and_then(|cell| address_behind(line, *at, cell)).is_some();
        if is_taken && matches!(beside, Beside::Link(_)) {
            continue;
        }
        let heading = column.map(|(_, _, heading)| format!(" ({heading})")).unwrap_or_default();
        let place = format!("{}!{}{}{heading}", table.name, letters(*at), line.number);
        let words = cell.map(Cell::words);
        lines.extend(beside.told(words.as_deref()).map(|(value, remedy)| Problem::new(place, value, remedy)));
    }
    lines
}

impl Said {
    #[expect(clippy::too_many_arguments, reason = "a cell is known by its table, column, place and words")]
    fn put(
        &mut self,
        table: &Known,
        column: &'static Column,
        slot: &Slot,
        cell: &Cell,
        place: &str,
        source: &Source<'_>,
        lists: &mut Lists<'_>,
    ) {
        let is_institution = INSTITUTIONS.contains(&column.key);
        let taken = if is_institution && matches!(column.kind, Kind::Slug) {
            institution(cell, lists)
        } else {
            limited(column, take(column.kind, cell, lists))
        };
        let (Taken { value, notes }, several) = if column.key == KEYWORDS { keywords(taken, cell) } else { (taken, Vec::new()) };
        let raw = cell.words();
        let joined = match (&column.kind, &value) {
            (Kind::Code(_), Some(Value::String(code))) => code.clone(),
            (Kind::Slug, Some(Value::String(slug))) if is_institution => slug.clone(),
            _ => words(cell).value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
        };
        self.joins.insert(column.key, joined);
        self.places.entry(column.key).or_insert_with(|| place.to_owned());
        if column.part == Part::Above {
            let is_code = matches!(column.kind, Kind::Code(_));
            self.unfit.extend(notes.into_iter().filter(|_| is_code).map(|(value, remedy)| Problem::new(place, value, remedy)));
            return;
        }
        self.unfit.extend(notes.into_iter().map(|(value, remedy)| Problem::new(place, value, remedy)));
        let Some(value) = value else {
            if matches!(column.kind, Kind::Slug) {
                self.names.insert(column.key, unguard(&raw).to_owned());
            }
            return;
        };
        if is_institution {
            // It may be a name all the same, of an institution that has another short name.
            if value.as_str().is_some_and(|slug| slug != raw.trim()) {
                self.names.insert(column.key, unguard(&raw).to_owned());
            }
            let slugs = value.as_array().map_or(std::slice::from_ref(&value), Vec::as_slice).iter().filter_map(Value::as_str);
            self.named.extend(slugs.filter_map(|slug| Slug::parse(slug).ok()).map(|slug| (slug, place.to_owned())));
        }
        let path = table.sheet.within(column.key);
        if let Kind::Text = column.kind {
            let language = language_of(slot.language.as_ref(), source);
            if !several.is_empty() {
                self.several.insert(language.as_str().to_owned(), several);
            }
            let wording = json!({ "text": value, "status": TextStatus::Official.code() });
            let path = if path.is_empty() { language.as_str().to_owned() } else { format!("{path}.{}", language.as_str()) };
            set(&mut self.own, &path, wording);
        } else {
            set(&mut self.own, path, value);
        }
    }

    fn status(&mut self, table: &Known, column: &'static Column, language: &LanguageTag, cell: &Cell, place: &str, lists: &mut Lists<'_>) {
        let Taken { value, notes } = take(Kind::Code(super::super::grid::STATUSES), cell, lists);
        self.unfit.extend(notes.into_iter().map(|(value, remedy)| Problem::new(place, value, remedy)));
        let Some(value) = value else { return };
        let text = at_mut(&mut self.own, table.sheet.within(column.key)).and_then(|text| text.get_mut(language.as_str()));
        match text.and_then(Value::as_object_mut) {
            Some(wording) => {
                wording.insert("status".to_owned(), value);
            }
            None => {
                let remedy = "is the status of a text that is not there; write the text, or empty this cell";
                self.unfit.push(Problem::new(place, cell.words(), remedy));
            }
        }
    }
}

fn language_of(slot: Option<&LanguageTag>, source: &Source<'_>) -> LanguageTag {
    slot.or(source.language).cloned().unwrap_or_else(undetermined)
}

/// Numbers of the record are small, but for the size of a file.
fn limited(column: &Column, taken: Taken) -> Taken {
    let is_small = !column.key.ends_with("byteSize");
    match taken.value.as_ref().and_then(Value::as_i64) {
        Some(number) if is_small && i32::try_from(number).is_err() => {
            Taken { value: None, notes: vec![(number.to_string(), "is larger than any such number; correct it".to_owned())] }
        }
        _ => taken,
    }
}

/// A value by its path; null where there is none.
pub fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    super::super::grid::at(value, path)
}

/// A value by its path, to change it.
pub fn at_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').filter(|part| !part.is_empty()).try_fold(value, |value, part| value.get_mut(part))
}

/// Puts a value at a path; objects on the way are made.
pub fn set(target: &mut Value, path: &str, value: Value) {
    let mut place = target;
    for part in path.split('.').filter(|part| !part.is_empty()) {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(members) = place else { return };
        place = members.entry(part).or_insert(Value::Null);
    }
    *place = value;
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
