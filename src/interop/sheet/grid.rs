//! Records as tables: the same rows for a workbook and for plain text.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::cell::{guard, guard_undivided};
use super::heading::{Slot, slots};
use super::layout::{Column, DATASET, KEYWORDS, Kind, Part, SHEETS, Sheet};
use super::lists::{List, Lists, members};
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{TextStatus, Vocabulary};
use crate::interop::holder::NOT_YET_KNOWN;

/// One sheet with its columns and rows.
pub struct Grid {
    /// The sheet of the layout.
    pub sheet: &'static Sheet,
    /// The columns.
    pub slots: Vec<Slot>,
    /// The rows, a text for each column.
    pub rows: Vec<Vec<String>>,
}

/// A row on its way out.
struct Row<'v> {
    dataset: &'v str,
    own: &'v Value,
    above: Option<&'v Value>,
    number: Option<String>,
}

/// All sheets of some records. Words of lists are those of the language.
pub fn grids(records: &[Value], language: &str, lists: &mut Lists<'_>) -> Vec<Grid> {
    SHEETS.iter().map(|sheet| grid(sheet, records, language, lists)).collect()
}

fn grid(sheet: &'static Sheet, records: &[Value], language: &str, lists: &mut Lists<'_>) -> Grid {
    let rows: Vec<Row<'_>> = records.iter().flat_map(|record| rows(sheet, record)).collect();
    let slots = widened(sheet, &rows, language);
    let cells = rows.iter().map(|row| slots.iter().map(|slot| cell(sheet, slot, row, language, lists)).collect()).collect();
    Grid { sheet, slots, rows: cells }
}

/// A value below another, by its path; the other itself where the path is empty.
pub fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').filter(|part| !part.is_empty()).fold(value, |value, part| value.get(part).unwrap_or(&Value::Null))
}

fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    at(value, path).as_array().map_or(&[], Vec::as_slice)
}

fn rows<'v>(sheet: &'static Sheet, record: &'v Value) -> Vec<Row<'v>> {
    let dataset = record.get("slug").and_then(Value::as_str).unwrap_or_default();
    if sheet.list.is_empty() {
        return vec![Row { dataset, own: record, above: None, number: None }];
    }
    let Some(above) = sheet.above else {
        let own = list(record, sheet.list);
        let numbers = if sheet.has_below() { numbered(sheet.list, own) } else { vec![None; own.len()] };
        return own.iter().zip(numbers).map(|(own, number)| Row { dataset, own, above: None, number }).collect();
    };
    let parents = list(record, above);
    let within = sheet.list.strip_prefix(above).unwrap_or(sheet.list).trim_start_matches('.');
    let mut found = Vec::new();
    for (parent, number) in parents.iter().zip(numbered(above, parents)) {
        found.extend(list(parent, within).iter().map(|own| Row { dataset, own, above: Some(parent), number: number.clone() }));
    }
    found
}

/// Numbers for rows that others belong to, where the columns that both have do not tell them apart.
fn numbered(list: &str, rows: &[Value]) -> Vec<Option<String>> {
    let joins = join_columns(list);
    let told: Vec<Vec<&Value>> = rows.iter().map(|row| joins.iter().map(|path| at(row, path)).collect()).collect();
    // An empty cell of the row below stands for any value.
    let fits = |below: &[&Value], above: &[&Value]| below.iter().zip(above).all(|(below, above)| is_blank(below) || below == above);
    let is_plain = |own: &Vec<&Value>| !joins.is_empty() && told.iter().filter(|other| fits(own, other)).count() == 1;
    told.iter().enumerate().map(|(index, own)| (!is_plain(own)).then(|| (index + 1).to_string())).collect()
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value == NOT_YET_KNOWN
}

/// Paths, within a list, of the fields by which rows of the sheet below say to which row they belong.
pub fn join_columns(list: &str) -> Vec<&'static str> {
    let below = SHEETS.iter().find(|sheet| sheet.above == Some(list));
    let joins = below.into_iter().flat_map(|sheet| sheet.columns).filter(|column| column.part == Part::Above);
    joins
        .filter(|column| !super::heading::is_number(column.key))
        .filter_map(|column| column.key.strip_prefix(list).map(|rest| rest.trim_start_matches('.')))
        .collect()
}

/// The usual columns, with others for further languages and for wordings that are not official.
fn widened(sheet: &'static Sheet, rows: &[Row<'_>], language: &str) -> Vec<Slot> {
    let mut wide = Vec::new();
    let mut done: HashSet<&str> = HashSet::new();
    let usual = slots(sheet, language);
    for slot in &usual {
        let Some(column) = slot.column.filter(|column| matches!(column.kind, Kind::Text)) else {
            wide.push(slot.clone());
            continue;
        };
        if !done.insert(column.key) {
            continue;
        }
        let usual_tags = usual.iter().filter(|other| other.column.is_some_and(|other| other.key == column.key));
        let mut tags: Vec<LanguageTag> = usual_tags.filter_map(|slot| slot.language.clone()).collect();
        let (mut further, mut unofficial) = (BTreeSet::new(), HashSet::new());
        for row in rows {
            for (tag, wording) in at(row.own, sheet.within(column.key)).as_object().into_iter().flatten() {
                further.insert(tag.as_str());
                if wording.get("status").and_then(Value::as_str) != Some(TextStatus::Official.code()) {
                    unofficial.insert(tag.as_str());
                }
            }
        }
        for tag in further.into_iter().filter_map(|tag| LanguageTag::parse(tag).ok()) {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        for tag in tags {
            let has_status = unofficial.contains(tag.as_str());
            wide.push(Slot { column: Some(column), language: Some(tag.clone()), is_status: false });
            if has_status {
                wide.push(Slot { column: Some(column), language: Some(tag), is_status: true });
            }
        }
    }
    wide
}

fn cell(sheet: &Sheet, slot: &Slot, row: &Row<'_>, language: &str, lists: &mut Lists<'_>) -> String {
    let Some(column) = slot.column else { return row.dataset.to_owned() };
    if slot.is_number() {
        return row.number.clone().unwrap_or_default();
    }
    let value = match (column.part, row.above, sheet.above) {
        (Part::Above, Some(above), Some(list)) => at(above, column.key.strip_prefix(list).unwrap_or(column.key).trim_start_matches('.')),
        _ => at(row.own, sheet.within(column.key)),
    };
    match &slot.language {
        Some(tag) if column.key == KEYWORDS && !slot.is_status => {
            let own = value.get(tag.as_str()).and_then(|wording| wording.get("text"));
            guard_undivided(own.and_then(Value::as_str).unwrap_or_default())
        }
        Some(tag) => wording(value.get(tag.as_str()), slot.is_status, language, lists),
        None => shown(column, value, language, lists),
    }
}

fn wording(wording: Option<&Value>, is_status: bool, language: &str, lists: &mut Lists<'_>) -> String {
    let of = |key: &str| wording.and_then(|wording| wording.get(key)).and_then(Value::as_str).unwrap_or_default();
    match of("status") {
        _ if !is_status => guard(of("text")),
        status if status == TextStatus::Official.code() || status.is_empty() => String::new(),
        status => lists.get(STATUSES).shown(status, language),
    }
}

/// The statuses of wordings.
pub const STATUSES: List = List::Closed(TextStatus::NAME, members::<TextStatus>);

fn shown(column: &Column, value: &Value, language: &str, lists: &mut Lists<'_>) -> String {
    if is_blank(value) {
        return String::new();
    }
    let mut one = |value: &Value| match (column.kind.list(), value) {
        (Some(list), Value::String(code)) => lists.get(list).shown(code, language),
        (Some(list), Value::Bool(truth)) => lists.get(list).shown(&truth.to_string(), language),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    };
    guard(&match value {
        Value::Array(values) => values.iter().map(one).collect::<Vec<_>>().join("; "),
        value => one(value),
    })
}

/// Name of a sheet by the list that it holds, for files of plain text.
pub fn sheet_of(list: &str) -> Option<&'static Sheet> {
    SHEETS.iter().find(|sheet| if list == DATASET { sheet.list.is_empty() } else { sheet.list == list })
}
