//! Which sheet of the layout a table is, and which column is which: by the machine's names, or by the headings for people.

use std::sync::LazyLock;

use super::super::LANGUAGES;
use super::super::cell::letters;
use super::super::heading::{Heading, Names, Slot};
use super::super::layout::{Part, SHEETS, Sheet};
use super::super::lists::folded;
use super::super::words;
use super::beside::{Beside, shortened};
use super::table::{Row, Table};
use crate::domain::problem::Problem;

/// Rows among which the headings are looked for.
const TOP: usize = 10;

static NAMES: LazyLock<Vec<(&'static Sheet, Names)>> = LazyLock::new(|| SHEETS.iter().map(|sheet| (sheet, Names::new(sheet))).collect());

/// A table whose columns are known.
pub struct Known {
    /// The sheet of the layout.
    pub sheet: &'static Sheet,
    /// Name of the table, as problems give it.
    pub name: String,
    /// The columns: place, meaning, heading as it stands there.
    pub columns: Vec<(u32, Slot, String)>,
    /// The rows below the headings.
    pub rows: Vec<Row>,
}

/// Recognises a table; what is not recognised is named.
pub fn recognise(table: Table, problems: &mut Vec<Problem>) -> Option<Known> {
    let title = folded(&table.name);
    let is_ours = [words::GUIDE, words::EXAMPLES, words::LISTS].iter().flatten().any(|said| folded(said) == title);
    let first = table.rows.first()?;
    if is_ours || first.cells.first().is_some_and(|(_, cell)| cell.words().trim_start().starts_with('#')) {
        return None;
    }
    let top: Vec<Vec<Heading>> =
        table.rows.iter().take(TOP).map(|row| row.cells.iter().map(|(_, cell)| Heading::new(&cell.words())).collect()).collect();
    // Where nothing else decides, rows are of the sheet that rows of another one belong to.
    let scored = NAMES.iter().rev().filter_map(|(sheet, names)| {
        let scores = top.iter().enumerate().map(|(at, row)| (score(names, row), at));
        let (score, at) = scores.max_by_key(|(score, at)| (*score, TOP - at))?;
        let has_needed = top.get(at).is_some_and(|row| has_needed(sheet, names, row));
        Some(((score, has_needed, is_named(sheet, &title)), at, sheet, names))
    });
    let best = scored.max_by_key(|(fit, ..)| *fit).filter(|((score, ..), ..)| *score >= 4);
    let Some((_, head, sheet, names)) = best else {
        let name = if table.name.is_empty() { "file".to_owned() } else { table.name };
        let remedy = "none of its columns is known, so that nothing was read of it; keep the first row of the template";
        problems.push(Problem::new(name, "", remedy));
        return None;
    };
    let [english, ..] = sheet.titles;
    let name = if table.name.is_empty() { english.to_owned() } else { table.name.clone() };
    let heads = heads(names, &table, head);
    let last = heads.iter().copied().max().unwrap_or(head);
    let columns = columns(&name, names, &table, head, &heads, problems);
    let mut rows = table.rows;
    let above: Vec<Row> = rows.drain(..=last).collect();
    problems.extend(above.iter().flat_map(|row| notes(&name, row, &columns)));
    Some(Known { sheet, name, columns, rows })
}

/// Whether a row of headings has every column without which a row of the sheet says nothing.
fn has_needed(sheet: &Sheet, names: &Names, row: &[Heading]) -> bool {
    let slots: Vec<Slot> = row.iter().filter_map(|heading| names.slot(heading)).map(|(slot, _)| slot).collect();
    let stands_there = |key: &str| slots.iter().any(|slot| !slot.is_status && slot.column.is_some_and(|own| own.key == key));
    sheet.columns.iter().filter(|column| column.part == Part::Needed).all(|column| stands_there(column.key))
}

/// Whether the name of a table, or of its file, is one of the sheet or ends with it, as `hcp-holdings.csv` does.
fn is_named(sheet: &Sheet, title: &str) -> bool {
    let own = title.strip_suffix(".csv").unwrap_or(title);
    let own = own.rsplit('/').next().unwrap_or(own);
    let mut said = sheet.titles.iter().chain([&sheet.list]).filter(|said| !said.is_empty()).map(|said| folded(said));
    said.any(|said| own.strip_suffix(said.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('-')))
}

/// Notes on headings, or above them, other than those that the template has.
fn notes(name: &str, row: &Row, columns: &[(u32, Slot, String)]) -> Vec<Problem> {
    let is_ours = |at: u32, words: &str| {
        let slot = columns.iter().find(|(column, ..)| *column == at).map(|(_, slot, _)| slot);
        slot.is_some_and(|slot| LANGUAGES.iter().any(|language| shortened(&slot.note(language)) == words))
    };
    let notes = row.beside.iter().filter_map(|(at, beside)| match beside {
        Beside::Note(words) if !is_ours(*at, words) => Some((at, words)),
        _ => None,
    });
    let remedy = "is a note on a heading; notes are not taken over: write into the rows what should be in the records";
    notes.map(|(at, words)| Problem::new(format!("{name}!{}{}", letters(*at), row.number), words, remedy)).collect()
}

/// Twice for a machine's name, twice for a heading too, where it is alone in its row.
fn score(names: &Names, row: &[Heading]) -> usize {
    let known: Vec<bool> = row.iter().filter_map(|heading| names.slot(heading)).map(|(_, by_machine)| by_machine).collect();
    let found: usize = known.iter().map(|by_machine| 2 + usize::from(*by_machine)).sum();
    // A sheet of one column has one heading.
    if known.len() == row.len() && found > 0 { found + 2 } else { found }
}

/// The rows of headings: the best one, and others of which at least half is known.
fn heads(names: &Names, table: &Table, best: usize) -> Vec<usize> {
    let is_head = |row: &Row| {
        let known = row.cells.iter().filter(|(_, cell)| names.slot(&Heading::new(&cell.words())).is_some()).count();
        known > 0 && known * 2 >= row.cells.len()
    };
    let top = table.rows.iter().take(TOP).enumerate();
    top.filter(|(at, row)| *at == best || (at.abs_diff(best) <= 2 && is_head(row))).map(|(at, _)| at).collect()
}

fn columns(
    name: &str,
    names: &Names,
    table: &Table,
    best: usize,
    heads: &[usize],
    problems: &mut Vec<Problem>,
) -> Vec<(u32, Slot, String)> {
    let mut order = vec![best];
    order.extend(heads.iter().copied().filter(|at| *at != best));
    let rows: Vec<&Row> = order.iter().filter_map(|at| table.rows.get(*at)).collect();
    let last = heads.iter().copied().max().unwrap_or(best);
    let below = table.rows.get(last + 1..).unwrap_or_default();
    let mut used: Vec<u32> = table.rows.iter().skip(best.min(last)).flat_map(|row| row.cells.iter().map(|(column, _)| *column)).collect();
    used.sort_unstable();
    used.dedup();
    let mut columns: Vec<(u32, Slot, String)> = Vec::new();
    for column in used {
        let words: Vec<String> = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.words()).collect();
        let is_empty = !below.iter().any(|row| row.get(column).is_some());
        let place = format!("{name}!{}{}", letters(column), rows.first().map_or(1, |row| row.number));
        // The heading for people stands last.
        let shown = words.last().map(|text| text.trim().trim_end_matches('*').trim().to_owned()).unwrap_or_default();
        match words.iter().find_map(|text| names.slot(&Heading::new(text))) {
            Some((slot, _)) if columns.iter().any(|(_, other, _)| other.key() == slot.key()) => {
                if !is_empty {
                    problems.push(Problem::new(
                        place,
                        shown,
                        "the column stands here twice; only the first was read: put the two together",
                    ));
                }
            }
            Some((slot, _)) => columns.push((column, slot, shown)),
            None if is_empty => {}
            None if shown.is_empty() => problems.push(Problem::new(place, "", "the column has no heading; it was not read")),
            None => problems.push(Problem::new(place, shown, "is no column of the template; it was not read: rename it as there")),
        }
    }
    columns
}
