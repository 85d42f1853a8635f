//! What people say of an entry: put in its place, and checked with what it names.

use serde_json::{Map, Value, json};

use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::register::{Entry, field_problems};
use crate::domain::vocabulary::RegisterVisibility;
use crate::service::catalogue::records_within;
use crate::service::drafts::Acting;
use crate::service::{Catalogue, Error};
use crate::store::{Conn, institutions};

/// The entry with what people say of it in place; null takes a field out.
pub(super) fn read_entry(before: Entry, given: Map<String, Value>, is_new: bool) -> Result<Entry, Error> {
    let names: Vec<&str> = given.iter().filter(|(_, value)| !is_new || !value.is_null()).map(|(key, _)| key.as_str()).collect();
    let mut problems = field_problems(before.kind, &names, is_new);
    let needed = crate::domain::register::fields(before.kind).needed;
    // Nor does who may read it: to show it to all is said in words.
    let stays = |key: &str| needed.contains(&key) || key == "visibility";
    let emptied = given.iter().filter(|(key, value)| !is_new && value.is_null() && stays(key.as_str()));
    problems.extend(emptied.map(|(key, _)| Problem::new(key.clone(), "", "cannot be left empty; withdraw the entry instead")));
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let Value::Object(mut doc) = serde_json::to_value(&before)? else {
        return Err(Error::Internal(anyhow::anyhow!("an entry is no object")));
    };
    for (key, value) in given {
        if value.is_null() {
            doc.shift_remove(&key);
        } else {
            doc.insert(key, value);
        }
    }
    doc.entry("visibility").or_insert_with(|| json!(RegisterVisibility::Public));
    let mut entry: Entry = read_part(Value::Object(doc)).map_err(Error::Invalid)?;
    // Who asks for the data of an institution asks this one.
    if let Some(slug) = entry.cell.iter().find_map(|cell| cell.institution.clone()).filter(|slug| !entry.institutions.contains(slug)) {
        entry.institutions.push(slug);
    }
    Ok(entry)
}

/// Checks an entry and what it names. What stood there before is not looked up again.
pub(super) fn check_content(
    catalogue: &Catalogue,
    conn: &mut Conn,
    acting: Acting<'_>,
    entry: &Entry,
    before: Option<&Entry>,
) -> Result<(), Error> {
    if entry.datasets.len() + entry.institutions.len() > 3 * crate::domain::register::MAX_LINKS {
        return Err(Error::Invalid(entry.problems(&catalogue.concepts)));
    }
    let known = records_within(conn, acting.actor, &entry.datasets)?;
    // Records that the writer is not shown are not counted against them.
    let mut shown = entry.clone();
    shown.datasets.retain(|id| known.contains_key(id) || before.is_none_or(|before| !before.datasets.contains(id)));
    let mut problems = shown.problems(&catalogue.concepts);
    for (index, id) in entry.datasets.iter().enumerate() {
        let stood = before.is_some_and(|before| before.datasets.contains(id));
        if !stood && !known.contains_key(id) {
            let remedy = "is not in this catalogue; give the identifier that the catalogue gave, or a short name";
            problems.push(Problem::new(format!("datasets[{index}]"), id, remedy));
        }
    }
    let slugs: Vec<String> = entry.institution.iter().chain(&entry.institutions).map(ToString::to_string).collect();
    let found: Vec<String> = institutions::by_slugs(conn, &slugs)?.into_iter().map(|row| row.slug).collect();
    let remedy = "is not an institution of this catalogue; `institutions` lists their short names";
    problems.extend(slugs.iter().filter(|slug| !found.contains(slug)).map(|slug| Problem::new("institutions", slug, remedy)));
    if let Some(index) = entry.discrepancy.filter(|index| before.is_none_or(|before| before.discrepancy != Some(*index))) {
        let count = entry.datasets.first().and_then(|id| known.get(id)).map_or(0, |record| record.dataset.discrepancies.len());
        if usize::try_from(index).map_or(true, |index| index >= count) {
            problems.push(no_such_figures(index, count));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// What is said of a place at which a record states no figures that differ.
pub(super) fn no_such_figures(index: i32, count: usize) -> Problem {
    let remedy = match count {
        0 => "is no place in the list of that record, which states no figures that differ; name a record that does".to_owned(),
        count => format!("is no place in the list of that record, which has {count}; name one from 0 to {}", count - 1),
    };
    Problem::new("discrepancy", index, remedy)
}
