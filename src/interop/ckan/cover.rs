//! What the data cover, and how they came into being.

use serde_json::{Value, json};

use super::package::{Reader, parts, push};
use super::values::{codes, listed, unpacked};
use crate::domain::text::MultilingualText;
use crate::domain::time::{Bound, PartialDate, Period};
use crate::domain::vocabulary::{Frequency, SourceType, Vocabulary};
use crate::domain::words::fold;
use crate::interop::dcat::authority;
use crate::interop::ddi::{assumed_source, blank_methodology, places, says_only};
use crate::interop::json::{ANOTHER_PLACE, NO_FIELD, UNKNOWN_PLACE, is_nothing, scalar};
use crate::interop::when::{NO_END, date, half, interval};

/// Reads places, periods, frequency and method.
pub(super) fn read(reader: &mut Reader<'_>) {
    let is_hdx = ["dataset_date", "data_update_frequency", "dataset_source"].iter().any(|key| reader.members.says(key));
    groups(reader, is_hdx);
    areas(reader);
    humanitarian_period(reader);
    periods(reader);
    frequency(reader);
    method(reader);
}

/// Groups are the countries of HDX; elsewhere they are subjects, or anything.
fn groups(reader: &mut Reader<'_>, is_hdx: bool) {
    for group in reader.list("groups", listed) {
        let names = ["title", "display_name", "name", "id"];
        let mut titles = Vec::new();
        for name in names.iter().filter_map(|key| group.get(*key)).chain(group.is_string().then_some(&group)) {
            match name {
                Value::Object(by_language) => titles.extend(by_language.values().filter_map(scalar)),
                other => titles.extend(scalar(other)),
            }
        }
        let by_name = titles.iter().find_map(|title| reader.unfolding.tables.place(title)).map(str::to_owned);
        let by_code = || titles.iter().find_map(|title| places::by_code(reader.concepts, title)).filter(|_| is_hdx);
        if let Some(code) = by_name.or_else(by_code) {
            push(&mut reader.draft.coverage.reporting_areas, &code);
        } else if let Some(code) = titles.iter().find_map(|title| reader.unfolding.tables.theme(title)) {
            push(&mut reader.draft.themes, code);
        } else {
            let shown = titles.first().cloned().unwrap_or_default();
            reader.note("groups", &json!(shown), "is a group that is neither a place nor a theme of the registry; choose one of THEMES");
        }
    }
}

fn areas(reader: &mut Reader<'_>) {
    for key in ["spatial_coverage", "spatial_text", "spatial"] {
        let path = reader.members.path(key);
        for area in reader.list(key, listed) {
            area_of(reader, &path, &area);
        }
    }
    let path = reader.members.path("spatial_uri");
    if let Some(uri) = reader.scalar("spatial_uri") {
        match reader.unfolding.tables.place(&uri) {
            Some(code) => push(&mut reader.draft.coverage.reporting_areas, code),
            None => reader.note(&path, &json!(uri), "is an address that the list of places does not know; choose the place"),
        }
    }
}

fn area_of(reader: &mut Reader<'_>, path: &str, area: &Value) {
    let is_shape = area.get("coordinates").is_some() || area.get("geometries").is_some();
    let (uri, text) = match area.as_object() {
        Some(_) if is_shape => (None, Value::Null),
        Some(members) => (members.get("uri").and_then(scalar), members.get("text").cloned().unwrap_or_default()),
        None => (None, area.clone()),
    };
    let by_uri = uri.as_ref().and_then(|uri| reader.unfolding.tables.place(uri)).map(str::to_owned);
    let named = scalar(&text);
    let by_name = named.as_ref().and_then(|text| parts(text, &|name| reader.unfolding.tables.place(name)));
    // `Paris, France` is one place in its country: only countries stand side by side.
    let by_name = by_name.filter(|codes| reader.is_own || codes.len() == 1 || codes.iter().all(|code| !code.contains('-')));
    let by_name: Option<Vec<String>> = by_name.map(|codes| codes.into_iter().map(str::to_owned).collect());
    let is_coded = by_uri.is_some();
    let (codes, is_named) = match (by_uri, by_name) {
        (Some(uri), Some(names)) if names.len() > 1 => {
            let is_named = names.contains(&uri);
            (if is_named { names } else { vec![uri] }, is_named)
        }
        (None, Some(names)) => (names, true),
        (uri, names) => {
            let name = names.and_then(|mut names| names.pop());
            let (code, is_named) = reader.unfolding.tables.one_place(uri, name, !is_nothing(&text));
            (code.into_iter().collect(), is_named)
        }
    };
    if codes.is_empty() && is_nothing(&text) {
        let remedy = "is an area without a name that the list of places knows; choose the place, or describe the area in words";
        reader.note(path, area, remedy);
        return;
    }
    codes.iter().for_each(|code| push(&mut reader.draft.coverage.reporting_areas, code));
    if !is_named {
        reader.note(path, &text, if is_coded { ANOTHER_PLACE } else { UNKNOWN_PLACE });
        let note = reader.words(path, &text);
        reader.unfolding.add(path, &mut reader.draft.coverage.area_note, note);
    }
    let is_known = |uri: &String| reader.unfolding.tables.place(uri).is_some();
    let taken: &[&str] = if uri.as_ref().is_some_and(is_known) { &["text", "uri"] } else { &["text"] };
    let rest = area.as_object().into_iter().flatten().filter(|(key, value)| !taken.contains(&key.as_str()) && !is_nothing(value));
    rest.for_each(|(key, value)| reader.unfolding.note(&format!("{path}/{key}"), value, NO_FIELD));
}

/// The period as HDX has it: `[2018-01-01T00:00:00 TO *]`, formerly `01/31/2018-02/28/2018`.
fn humanitarian_period(reader: &mut Reader<'_>) {
    let Some(text) = reader.scalar("dataset_date") else { return };
    let range = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|rest| rest.split_once(" TO "));
    let period = match range {
        Some((start, end)) => {
            // A range without a beginning does not say since when; one without an end goes on.
            let start = if start.trim() == "*" { Some(Bound::Unknown) } else { date(start).map(Bound::Date) };
            let end = if end.trim() == "*" { Some(Bound::Open) } else { date(end).map(Bound::Date) };
            start.zip(end).map(|(start, end)| Period { start, end, ..Period::default() })
        }
        None => {
            let (start, end) = text.split_once('-').unwrap_or((&text, &text));
            let ends = american(start).zip(american(end));
            ends.map(|(start, end)| Period { start: Bound::Date(start), end: Bound::Date(end), ..Period::default() })
        }
    };
    keep_period(reader, "dataset_date", &json!(text), period);
}

/// `01/31/2018`.
fn american(text: &str) -> Option<PartialDate> {
    let parts: Vec<&str> = text.trim().split('/').collect();
    match parts.as_slice() {
        [month, day, year] => PartialDate::parse(&format!("{year}-{month:0>2}-{day:0>2}")).ok(),
        _ => None,
    }
}

fn keep_period(reader: &mut Reader<'_>, path: &str, given: &Value, period: Option<Period>) {
    let period = period.filter(|period| !(period.start.is_unknown() && period.end.is_unknown()));
    match period.filter(|period| !period.is_impossible()) {
        Some(period) if reader.draft.coverage.period.is_none() => reader.draft.coverage.period = Some(period),
        Some(period) if reader.draft.coverage.period.as_ref() == Some(&period) => {}
        Some(_) => reader.note(path, given, "is a second period; the registry holds one: the first was taken"),
        None => reader.note(path, given, "is not a period with a start or an end that can be read; give two dates such as 2018-08-01"),
    }
}

fn bound(text: Option<String>) -> Option<Bound> {
    match text.as_deref().map(str::trim) {
        None | Some("") => Some(Bound::Unknown),
        Some("..") => Some(Bound::Open),
        Some(text) => PartialDate::parse(text).ok().or_else(|| date(text)).map(Bound::Date),
    }
}

/// The period between two ends, each at its path; where only one of them is a date it is taken, and the other is named.
fn between(reader: &mut Reader<'_>, paths: [&str; 2], ends: [Option<String>; 2]) -> Option<Period> {
    let [start, end] = ends;
    if let Some((start, end)) = bound(start.clone()).zip(bound(end.clone())) {
        return Some(Period { start, end, ..Period::default() });
    }
    let (period, other) = half(&start?, &end?)?;
    let [start_path, end_path] = paths;
    reader.note(if period.start.is_unknown() { start_path } else { end_path }, &json!(other), NO_END);
    Some(period)
}

fn periods(reader: &mut Reader<'_>) {
    for key in ["temporal_coverage", "temporals", "temporal"] {
        let path = reader.members.path(key);
        for value in reader.list(key, listed) {
            let period = match value.as_object() {
                Some(members) => {
                    let side = |names: [&str; 2]| names.iter().find_map(|name| members.get(*name)).and_then(scalar);
                    between(reader, [&path, &path], [side(["start", "start_date"]), side(["end", "end_date"])])
                }
                None => scalar(&value).and_then(|text| interval(&text)),
            };
            keep_period(reader, &path, &value, period);
        }
    }
    for (start_key, end_key) in [("temporal_start", "temporal_end"), ("temporal_coverage-from", "temporal_coverage-to")] {
        if !reader.members.says(start_key) && !reader.members.says(end_key) {
            continue;
        }
        let says_start = reader.members.says(start_key);
        let paths = [reader.members.path(start_key), reader.members.path(end_key)];
        let first = |value: Value| listed(unpacked(value)).first().and_then(scalar);
        let (start, end) = (first(reader.members.take(start_key)), first(reader.members.take(end_key)));
        let given = json!(format!("{}/{}", start.as_deref().unwrap_or_default(), end.as_deref().unwrap_or_default()));
        let [start_path, end_path] = &paths;
        let period = between(reader, [start_path, end_path], [start, end]);
        keep_period(reader, if says_start { start_path } else { end_path }, &given, period);
    }
}

fn frequency(reader: &mut Reader<'_>) {
    for key in ["data_update_frequency", "frequency", "accrual_periodicity", "frequency-of-update", "update_frequency"] {
        let path = reader.members.path(key);
        for text in codes(reader.members.take(key)) {
            let known = Frequency::parse(&text).or_else(|| authority::frequency(&text));
            let known = if key == "data_update_frequency" { known.or_else(|| by_days(&text)) } else { known };
            match known {
                Some(found) if reader.draft.coverage.frequency.is_none() => reader.draft.coverage.frequency = Some(found),
                Some(found) if reader.draft.coverage.frequency == Some(found) => {}
                Some(_) => reader.note(&path, &json!(text), "is a second frequency; the first was taken"),
                None => reader.note(&path, &json!(text), "is not a frequency that is known; choose one"),
            }
        }
    }
}

/// HDX gives days between two states of the data: -1 never, -2 as needed, 0 at any time.
fn by_days(text: &str) -> Option<Frequency> {
    Some(match text {
        "-2" => Frequency::Irregular,
        "-1" => Frequency::Once,
        "0" => Frequency::Continuous,
        "1" => Frequency::Daily,
        "7" => Frequency::Weekly,
        "30" => Frequency::Monthly,
        "90" => Frequency::Quarterly,
        "180" => Frequency::Semiannual,
        "365" => Frequency::Annual,
        _ => return None,
    })
}

/// The method as HDX tells it: a kind, words on it, and what to beware of.
fn method(reader: &mut Reader<'_>) {
    let kind = reader.scalar("methodology").unwrap_or_default();
    let (other, caveats) = (reader.text("methodology_other"), reader.text("caveats"));
    let titles: String = reader.draft.titles.iter().map(|(_, title)| format!(" {} ", fold(&title.text))).collect();
    let (by_kind, told) = assumed_source(&format!(" {} ", fold(&kind)), "");
    if !kind.is_empty() && !says_only(&fold(&kind), by_kind) {
        let remedy = "is a kind of method that is no type of source of the registry, or says more than the one that was taken; check `methodology.sourceType`";
        reader.note("methodology", &json!(kind), remedy);
    }
    if by_kind.is_none() && other.is_empty() && caveats.is_empty() {
        return;
    }
    let (assumed, told) = if by_kind.is_some() { (by_kind, told) } else { assumed_source("", &titles) };
    reader.note(&told.field, &json!(told.value), &told.remedy);
    let mut method = blank_methodology(assumed.unwrap_or(SourceType::HouseholdSurveyModule));
    if !other.is_empty() {
        let shown = other.words(None, None).unwrap_or_default().to_owned();
        reader.note("methodology_other", &json!(shown), "describes the method in words; it was taken as the design in words: check it");
        method.sampling_text = other;
    }
    method.known_limits.extend(Some(caveats).filter(|text: &MultilingualText| !text.is_empty()));
    reader.draft.methodology = Some(method);
}
