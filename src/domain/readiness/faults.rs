//! What is wrong in what a draft says, told apart from what it does not say yet.

use serde_json::{Value, json};

use super::guidance::multilingual_fields;
use super::missing;
use super::places::{code, plain, pointer, put};
use super::rules::{PARTS, STAND_INS};
use crate::domain::concept::Concepts;
use crate::domain::draft::DatasetDraft;
use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::time::{HIJRI_YEARS, PartialDate, check_year};
use crate::domain::vocabulary::{CollectionStatus, RecordKind};

/// From this many faults on, the rest is told after these are mended.
const MOST_FAULTS: usize = 50;

/// Everything that is wrong in what is given. The reader stops at absent parts, so stand-ins take their place.
pub(super) fn faults(draft: &Value, missing: &[String], concepts: &Concepts) -> Vec<Problem> {
    let mut copy = draft.clone();
    if code(draft, "type") == "dataset" {
        take_out(&mut copy, "type");
    }
    complete(&mut copy);
    let mut faults: Vec<Problem> = Vec::new();
    let read = loop {
        match read_part::<DatasetDraft>(copy.clone()) {
            Ok(read) => break Some(read),
            Err(mut problems) => {
                problems.retain(|problem| faults.iter().all(|fault| fault.field != problem.field));
                if problems.is_empty() || faults.len() >= MOST_FAULTS {
                    break None;
                }
                problems.iter().rev().for_each(|problem| take_out(&mut copy, &problem.field));
                complete(&mut copy);
                faults.append(&mut problems);
            }
        }
    };
    let known: Vec<String> = missing.iter().chain(faults.iter().map(|fault| &fault.field)).cloned().collect();
    let mut told = read.as_ref().map(strange_years).unwrap_or_default();
    told.extend(read.and_then(|read| read.validate(concepts).err()).unwrap_or_default());
    faults.extend(told.into_iter().filter(|problem| !follows(problem, &known)));
    faults
}

/// Years in which nothing can be planned or was collected. They are read as Gregorian ones, so that a plan of the year 1448 of the Hijri calendar
/// would have been over for six centuries. What a record was collected in, and what it is on, may lie before the years of calendars.
fn strange_years(draft: &DatasetDraft) -> Vec<Problem> {
    let coverage = &draft.coverage;
    let is_plan = draft.record_kind == Some(RecordKind::PlannedActivity) || draft.collection_status == Some(CollectionStatus::Planned);
    let collected = coverage.collection_period.as_ref();
    let collected = [("start", collected.and_then(|period| period.start.date())), ("end", collected.and_then(|period| period.end.date()))];
    let collected = collected
        .map(|(side, date)| (format!("coverage.collectionPeriod.{side}"), date.filter(|date| is_plan || HIJRI_YEARS.contains(&date.year))));
    let ahead = [("nextCollection", coverage.next_collection), ("openToCoordinationUntil", coverage.open_to_coordination_until)];
    let ahead = ahead.map(|(name, date)| (format!("coverage.{name}"), date));
    let strange = |(field, date): (String, Option<PartialDate>)| Some(Problem::new(field, date?, check_year(date?).err()?));
    collected.into_iter().chain(ahead).filter_map(strange).collect()
}

/// Whether a problem only repeats what is known to be absent or wrong, or cannot be judged before that is mended.
fn follows(problem: &Problem, known: &[String]) -> bool {
    // Elements are compared with each other; with stand-ins among them the comparison says nothing.
    let compared: &[&str] = match plain(&problem.field).as_str() {
        "holdings" => &["holdings", "holdings.institution", "holdings.role"],
        "masks.field" => &["masks", "masks.field"],
        "relations.dataset" => &["relations", "relations.dataset", "relations.type"],
        _ => &[],
    };
    let below = |field: &str| field.strip_prefix(problem.field.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']));
    known
        .iter()
        .any(|field| *field == problem.field || (problem.value.is_empty() && below(field)) || compared.contains(&plain(field).as_str()))
}

/// Puts stand-ins where needed parts are absent.
fn complete(copy: &mut Value) {
    for field in missing(copy) {
        take_out(copy, &field);
        if let Some(value) = stand_in(&field) {
            put(copy, &field, value);
        }
    }
}

fn stand_in(field: &str) -> Option<Value> {
    let plain = plain(field);
    let of_record = STAND_INS.iter().find(|(known, _)| *known == plain);
    let of_part = || {
        PARTS.iter().find_map(|(list, parts)| {
            let rest = plain.strip_prefix(*list)?.strip_prefix('.')?;
            parts.iter().find(|(part, _)| *part == rest)
        })
    };
    let text = match of_record.or_else(of_part) {
        Some((_, text)) => *text,
        None if plain.ends_with(".text") => "stand-in",
        None if plain.ends_with(".status") => "EDITORIAL",
        None => return None,
    };
    Some(match text {
        "{}" => json!({}),
        "[]" => json!([]),
        _ => Value::from(text),
    })
}

/// Takes a faulty part out. An element of a list is emptied where it can be, so that the others keep their places.
fn take_out(copy: &mut Value, field: &str) {
    let path = pointer(field);
    let Some((parent, key)) = path.rsplit_once('/') else {
        return;
    };
    match copy.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            object.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(list)) => match key.parse::<usize>() {
            Ok(index) if index < list.len() => match emptied(field) {
                Some(element) => list[index] = element,
                None => {
                    list.remove(index);
                }
            },
            _ => {}
        },
        _ => {}
    }
}

/// An element that says nothing, for lists whose further problems are told by their place.
fn emptied(element: &str) -> Option<Value> {
    let list = plain(element);
    if PARTS.iter().any(|(known, _)| *known == list) || multilingual_fields().any(|known| known == list) {
        return Some(json!({}));
    }
    let holds_codes = list == "themes" || list == "indicators" || list.starts_with("coverage.");
    holds_codes.then(|| Value::from(""))
}
