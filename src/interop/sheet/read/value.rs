//! What a cell means for the field that its column stands for.

use serde_json::Value;

use super::super::cell::{SEPARATORS, plain_digits, undivided, unguard};
use super::super::layout::Kind;
use super::super::lists::{Index, List, Lists, Unknown, folded};
use super::table::Cell;
use crate::domain::ids::Slug;
use crate::domain::text::{LanguageTag, MAX_TEXT, shows_something};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::ConceptScheme;
use crate::interop::dcat::is_web_address;
use crate::interop::rdf::clean;

/// What was read from a cell.
#[derive(Default)]
pub struct Taken {
    /// The value for the field; none where the cell says nothing that can be taken.
    pub value: Option<Value>,
    /// What was left out or changed: the piece, and what to do.
    pub notes: Vec<(String, String)>,
}

impl Taken {
    fn of(value: impl Into<Value>) -> Self {
        Self { value: Some(value.into()), notes: Vec::new() }
    }

    fn left_out(words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { value: None, notes: vec![(words.into(), remedy.into())] }
    }

    fn with(mut self, words: &str, remedy: &str) -> Self {
        self.notes.push((words.to_owned(), remedy.to_owned()));
        self
    }
}

/// Reads a cell.
pub fn take(kind: Kind, cell: &Cell, lists: &mut Lists<'_>) -> Taken {
    match cell {
        Cell::Fault(fault) => return Taken::left_out(fault, "is a formula that fails; write the value itself"),
        Cell::Unstored(_) => {
            let remedy = "is a formula of which the file holds no value; open the file in a spreadsheet program and save it, or write the value itself";
            return Taken::left_out(cell.words(), remedy);
        }
        Cell::Shown(number, shown) if is_counted(kind) && !shown.contains('%') => return counted(kind, *number, shown, lists),
        _ => {}
    }
    match kind {
        Kind::Text | Kind::Line => words(cell),
        Kind::Address => address(unguard(&cell.words())),
        Kind::Slug => slug(&cell.words()),
        Kind::Slugs => several(cell, institution_of),
        Kind::Language => language(&cell.words(), lists),
        Kind::Languages => several(cell, |piece| language(piece, lists)),
        Kind::Code(list) => code(&whole(cell), list, lists.get(list)),
        Kind::Codes(list) => codes(cell, list, lists.get(list)),
        Kind::Number => number(cell),
        Kind::Truth => truth(cell, lists),
        Kind::Date => date(cell),
        Kind::Day => day(cell),
        Kind::Bound => bound(cell),
    }
}

/// Whether a number is meant, whatever words a cell shows with it.
fn is_counted(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Truth | Kind::Date | Kind::Day | Kind::Bound)
}

/// Reads the number of a cell that shows it as other words; words beside it are told.
fn counted(kind: Kind, number: f64, shown: &str, lists: &mut Lists<'_>) -> Taken {
    let taken = take(kind, &Cell::Number(number), lists);
    let has_words = shown.chars().any(char::is_alphabetic);
    if has_words && taken.value.is_some() {
        return taken
            .with(shown, "is how the cell shows its number, which was taken alone; the words beside it have no place in this column");
    }
    taken
}

/// Words without what nobody sees; a number as it is typed.
pub fn words(cell: &Cell) -> Taken {
    let shown = whole(cell);
    let (text, was_cleaned) = clean(unguard(&shown));
    if !shows_something(&text) {
        return if text.trim().is_empty() && !was_cleaned {
            Taken::default()
        } else {
            Taken::left_out(shown, "shows nothing; write some words")
        };
    }
    if text.chars().count() > MAX_TEXT {
        return Taken::left_out(text, format!("is longer than {MAX_TEXT} characters; shorten it or link to a document"));
    }
    let taken = Taken::of(text.as_str());
    if was_cleaned { taken.with(&text, "held invisible characters, which were taken out") } else { taken }
}

/// Of a cell of keywords that was read, each of the keywords, where several stand in it.
pub fn keywords(taken: Taken, cell: &Cell) -> (Taken, Vec<String>) {
    let shown = whole(cell);
    let text = match &taken.value {
        Some(Value::String(text)) if text.contains(SEPARATORS) => text,
        _ => return (taken, Vec::new()),
    };
    if let Some(own) = undivided(&shown) {
        let (own, _) = clean(own);
        return (Taken { value: Some(Value::from(own)), ..taken }, Vec::new());
    }
    let mut several: Vec<String> = pieces(text).filter(|piece| shows_something(piece)).map(str::to_owned).collect();
    match several.len() {
        0 => (taken, several),
        1 => (Taken { value: several.pop().map(Value::from), ..taken }, several),
        _ => (taken, several),
    }
}

/// Reads a cell with the short name of an institution, in letters of either case.
pub fn institution(cell: &Cell, lists: &mut Lists<'_>) -> Taken {
    match cell {
        Cell::Fault(_) | Cell::Unstored(_) => take(Kind::Slug, cell, lists),
        _ => institution_of(&cell.words()),
    }
}

fn institution_of(text: &str) -> Taken {
    match Slug::parse(&text.trim().to_lowercase()) {
        Ok(slug) => Taken::of(slug.as_str()),
        Err(_) => slug(text),
    }
}

/// The cell as words; a whole number without the point that programs add.
fn whole(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.words(),
    }
}

fn slug(text: &str) -> Taken {
    match Slug::parse(text.trim()) {
        Ok(slug) => Taken::of(slug.as_str()),
        Err(_) => Taken::left_out(
            text.trim(),
            "is no short name of the registry; write the last part of the address of the record or institution, such as `hcp`",
        ),
    }
}

fn address(text: &str) -> Taken {
    if is_web_address(text) {
        return Taken::of(text);
    }
    Taken::left_out(text, "is no web address; write it whole, with https:// or http:// in front")
}

fn language(text: &str, lists: &mut Lists<'_>) -> Taken {
    let text = text.trim();
    let known = lists.get(List::Scheme(ConceptScheme::Languages)).code(text).ok().map(str::to_owned);
    match known.and_then(|code| LanguageTag::parse(&code).ok()).or_else(|| LanguageTag::parse(text).ok()) {
        Some(tag) => Taken::of(tag.as_str()),
        None => Taken::left_out(text, "is no language; write `ar`, `fr`, `en` or another language tag"),
    }
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATORS).map(str::trim).filter(|piece| !piece.is_empty())
}

fn several(cell: &Cell, mut one: impl FnMut(&str) -> Taken) -> Taken {
    let text = whole(cell);
    let mut all = Taken::default();
    let mut values: Vec<Value> = Vec::new();
    for piece in pieces(unguard(&text)) {
        let taken = one(piece);
        all.notes.extend(taken.notes);
        values.extend(taken.value);
    }
    if !values.is_empty() {
        all.value = Some(Value::Array(values));
    }
    all
}

fn code(text: &str, list: List, index: &Index) -> Taken {
    let text = unguard(text);
    match index.code(text) {
        Ok(code) => Taken::of(code),
        Err(unknown) => Taken::left_out(text, remedy(list, &unknown, index)),
    }
}

fn remedy(list: List, unknown: &Unknown, index: &Index) -> String {
    let name = list.name().to_uppercase().replace('-', "_");
    match unknown {
        Unknown::Several => format!("is the name of several values of {name}; write the code"),
        Unknown::Nothing if index.members.len() <= 8 => {
            let codes: Vec<&str> = index.members.iter().map(|(code, _)| code.as_str()).collect();
            format!("is no value of {name}; choose one of {}", codes.join(", "))
        }
        Unknown::Nothing => format!("is no value of {name}; choose one of the sheet of lists"),
    }
}

fn codes(cell: &Cell, list: List, index: &Index) -> Taken {
    let text = whole(cell);
    let mut notes = Vec::new();
    let mut found: Vec<&str> = Vec::new();
    for piece in pieces(unguard(&text)) {
        match index.code(piece) {
            Ok(code) => add(&mut found, code),
            Err(unknown) => {
                // A comma also stands in labels, so it separates only where that makes sense of all parts.
                let parts: Vec<_> =
                    piece.split([',', '،']).map(str::trim).filter(|part| !part.is_empty()).map(|part| index.code(part)).collect();
                if parts.len() > 1 && parts.iter().all(Result::is_ok) {
                    parts.into_iter().flatten().for_each(|code| add(&mut found, code));
                } else {
                    notes.push((piece.to_owned(), remedy(list, &unknown, index)));
                }
            }
        }
    }
    let value = (!found.is_empty()).then(|| found.into_iter().map(Value::from).collect());
    Taken { value, notes }
}

fn add<'a>(found: &mut Vec<&'a str>, code: &'a str) {
    if !found.contains(&code) {
        found.push(code);
    }
}

fn number(cell: &Cell) -> Taken {
    let text = plain_digits(&whole(cell));
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.strip_suffix(".0").or_else(|| digits.strip_suffix(",0")).unwrap_or(&digits);
    match digits.parse::<i64>() {
        Ok(number) if number >= 0 => Taken::of(number),
        _ => Taken::left_out(text, "is no whole number from 0; write digits only"),
    }
}

fn truth(cell: &Cell, lists: &mut Lists<'_>) -> Taken {
    let text = whole(cell);
    let Some(list) = Kind::Truth.list() else { return Taken::default() };
    match (lists.get(list).code(&text), folded(&text).as_str()) {
        (Ok("true"), _) | (_, "1" | "x" | "y" | "o" | "vrai") => Taken::of(true),
        (Ok("false"), _) | (_, "0" | "n" | "faux") => Taken::of(false),
        _ => Taken::left_out(text, "says neither yes nor no; choose one of them, or leave the cell empty"),
    }
}

const NO_DATE: &str = "is no date; write 2018, 2018-08 or 2018-08-01";

/// A spreadsheet keeps 2018.10 as the number 2018.1, so that a number does not say which month is meant.
const FRACTION: &str = "is a number, in which a month loses its last zero: 2018.1 may be 2018.10; write the month as text, such as 2018-10";

fn date(cell: &Cell) -> Taken {
    if matches!(cell, Cell::Number(number) if number.fract() != 0.0 && *number < 10_000.0) {
        return Taken::left_out(cell.words(), FRACTION);
    }
    let told = match cell {
        Cell::Day(day) => Some((day.clone(), day.ends_with("-01"))),
        // A day as programs count it, where no year is meant.
        Cell::Number(number) if (10_000.0..=100_000.0).contains(number) && number.fract() == 0.0 => serial(*number).map(|day| (day, true)),
        _ => None,
    };
    if let Some((day, is_doubtful)) = told {
        let taken = if PartialDate::parse(&day).is_ok() { Taken::of(day.as_str()) } else { return Taken::left_out(day, NO_DATE) };
        let remedy = "the program keeps this cell as a day; if only the month or the year is known, write it as text such as 2018-08";
        return if is_doubtful { taken.with(&day, remedy) } else { taken };
    }
    let shown = plain_digits(&whole(cell));
    if PartialDate::parse(&shown).is_ok() {
        return Taken::of(shown);
    }
    match turned(&shown) {
        Some((date, is_doubtful)) if PartialDate::parse(&date).is_ok() => {
            let taken = Taken::of(date.as_str());
            if is_doubtful { taken.with(&shown, "was read with the day first; write it as 2018-08-01 to be sure") } else { taken }
        }
        _ => Taken::left_out(shown, NO_DATE),
    }
}

const NO_DAY: &str = "is no day, and a day is needed here; write it as 2018-08-01";

/// A date that needs its day.
fn day(cell: &Cell) -> Taken {
    let mut taken = date(cell);
    let said = taken.value.as_ref().and_then(Value::as_str).and_then(|text| PartialDate::parse(text).ok());
    if !said.is_some_and(|date| date.day.is_some() && date.qualifier.is_none()) {
        return Taken::left_out(whole(cell), NO_DAY);
    }
    // That programs make days of months is no matter where only a day is asked for.
    if matches!(cell, Cell::Day(_) | Cell::Number(_)) {
        taken.notes.clear();
    }
    taken
}

/// The day with this number, from 1899-12-30.
fn serial(number: f64) -> Option<String> {
    let days = time::Duration::days(number as i64);
    let first = time::Date::from_calendar_date(1899, time::Month::December, 30).ok()?;
    let day = first.checked_add(days)?;
    Some(format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day()))
}

/// `31/12/2018`, `12/2018` and the like with the year first, and whether day and month could be exchanged.
fn turned(text: &str) -> Option<(String, bool)> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    let small = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() <= 2);
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [month, year] if is_year(year) => Some((format!("{year}-{:02}", small(month)?), false)),
        [year, month] if is_year(year) => Some((format!("{year}-{:02}", small(month)?), false)),
        [year, month, day] if is_year(year) => Some((format!("{year}-{:02}-{:02}", small(month)?, small(day)?), false)),
        [day, month, year] if is_year(year) => {
            let (day, month) = (small(day)?, small(month)?);
            Some((format!("{year}-{month:02}-{day:02}"), day <= 12 && day != month))
        }
        _ => None,
    }
}

fn bound(cell: &Cell) -> Taken {
    let text = whole(cell);
    let open = ["..", "…", "open", "ongoing", "ouvert", "en cours", "مفتوح", "مستمر", "جار"];
    if open.iter().any(|word| folded(word) == folded(&text)) { Taken::of("..") } else { date(cell) }
}
