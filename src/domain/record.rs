//! A line of the registry's own exchange format: one institution or one dataset.

mod bounds;
mod once;

use serde::Serialize;
use serde_json::Value;

use super::dataset::Dataset;
use super::draft::DatasetDraft;
use super::institution::Institution;
use super::problem::Problem;
use super::text::{check_characters, shows_something};

use once::repeated_keys;

pub use bounds::{MAX_LINE, MAX_RECORD, copy_too_long, institution_too_long, too_long};
pub use once::repeated_names;

/// A record as read from a line.
#[derive(Clone, Debug)]
pub enum RecordDraft {
    /// An institution.
    Institution(Box<Institution>),
    /// A dataset.
    Dataset(Box<DatasetDraft>),
}

/// A record as written on a line.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum RecordLine<'a> {
    /// An institution.
    Institution(&'a Institution),
    /// A dataset.
    Dataset(&'a Dataset),
}

/// Deepest nesting of a line; deeper lines are refused before they are read.
pub const MAX_DEPTH: usize = 32;

/// Reads one line.
///
/// # Errors
/// Every problem that can be told from the line alone: syntax, unknown fields, unknown codes, wrong dates.
pub fn read_line(line: &str) -> Result<RecordDraft, Vec<Problem>> {
    match read_as_far_as_possible(line) {
        Partly { draft: Some(draft), problems, .. } if problems.is_empty() => Ok(draft),
        Partly { problems, .. } => Err(problems),
    }
}

/// Reads a line anew that was found to be without fault.
pub fn read_again(line: &str) -> Option<RecordDraft> {
    let Partly { draft, problems, .. } = read_parts(line);
    draft.filter(|_| problems.is_empty())
}

/// What could be read of a line.
pub struct Partly {
    /// The record without its faulty parts, where that is still one.
    pub draft: Option<RecordDraft>,
    /// Every problem that the line alone tells.
    pub problems: Vec<Problem>,
    /// The faulty parts.
    pub taken_out: TakenOut,
}

impl Partly {
    fn none(problem: Problem) -> Self {
        Self { draft: None, problems: vec![problem], taken_out: TakenOut::default() }
    }
}

/// Parts that were taken out of a record, so that the elements behind them stand in other places of their lists.
#[derive(Default)]
pub struct TakenOut(Vec<String>);

impl TakenOut {
    /// The place in the line of a field of the record without its faulty parts.
    pub fn place(&self, field: &str) -> String {
        if self.0.is_empty() {
            return field.to_owned();
        }
        let pointer: String = field.split(['.', '[']).map(|part| format!("/{}", part.trim_end_matches(']'))).collect();
        dotted(&original(&pointer, &self.0))
    }
}

/// Reads one line as far as that is possible.
pub fn read_as_far_as_possible(line: &str) -> Partly {
    let read = read_parts(line);
    let repeated = if nesting(line) > MAX_DEPTH { Vec::new() } else { repeated_keys(line) };
    Partly { problems: repeated.into_iter().chain(read.problems).collect(), ..read }
}

fn read_parts(line: &str) -> Partly {
    if nesting(line) > MAX_DEPTH {
        return Partly::none(Problem::new("", "", format!("the line is nested deeper than {MAX_DEPTH} levels; a record never is")));
    }
    let mut value: Value = match serde_json::from_str(line) {
        Ok(value) => value,
        Err(e) => return Partly::none(Problem::new("", "", format!("the line is not JSON: {e}; write one object a line"))),
    };
    let kind = match value.get("type").and_then(|t| t.as_str()) {
        Some(kind @ ("institution" | "dataset")) => kind.to_owned(),
        other => {
            let found = other.unwrap_or_default().to_owned();
            let remedy = "say what the line is: \"type\": \"institution\" or \"type\": \"dataset\"";
            return Partly::none(Problem::new("type", found, remedy));
        }
    };
    if let Some(object) = value.as_object_mut() {
        object.shift_remove("type");
    }
    let mut nulls = Vec::new();
    if has_null(&value) {
        take_out_nulls(&mut value, "", &mut nulls);
    }
    if kind == "institution" {
        let (institution, problems, taken_out) = read_value(value, nulls);
        Partly { draft: institution.map(|i| RecordDraft::Institution(Box::new(i))), problems, taken_out }
    } else {
        let (dataset, problems, taken_out) = read_value(value, nulls);
        Partly { draft: dataset.map(|d| RecordDraft::Dataset(Box::new(d))), problems, taken_out }
    }
}

/// Reads a part of a record that came by another way than a line.
///
/// # Errors
/// Every fault, with its place.
pub fn read_part<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Vec<Problem>> {
    match read_value(value, Vec::new()) {
        (Some(read), problems, _) if problems.is_empty() => Ok(read),
        (_, problems, _) => Err(problems),
    }
}

/// Most problems told of one line.
const MOST_PROBLEMS: usize = 50;

/// Whether a field of an object, at any depth, is null.
fn has_null(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.values().any(|member| member.is_null() || has_null(member)),
        Value::Array(list) => list.iter().any(has_null),
        _ => false,
    }
}

/// Takes out fields that are null, and notes where they stood. Of some fields the reader would take it as left out and of others not: on a line it is
/// always refused, since it says neither what is there nor that nothing is.
fn take_out_nulls(value: &mut Value, pointer: &str, gone: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.retain(|key, member| {
            let place = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            if member.is_null() {
                gone.push(place);
                return false;
            }
            take_out_nulls(member, &place, gone);
            true
        }),
        Value::Array(list) => {
            for (index, member) in list.iter_mut().enumerate() {
                take_out_nulls(member, &format!("{pointer}/{index}"), gone);
            }
        }
        _ => {}
    }
}

/// Reads a value; where a part is wrong, notes it, takes it out and reads on, so that every fault is named at once. `nulls` are the places of fields
/// that were null, and are taken out already.
fn read_value<T: serde::de::DeserializeOwned>(mut value: Value, nulls: Vec<String>) -> (Option<T>, Vec<Problem>, TakenOut) {
    let is_null = |place: &String| Problem::new(dotted(place), "null", "is not taken; leave out what is not documented");
    let mut problems: Vec<Problem> = nulls.iter().take(MOST_PROBLEMS).map(is_null).collect();
    strange_texts(&value, "", &mut problems);
    // The usual line is without fault, and is read without keeping track of places.
    if problems.is_empty()
        && let Ok(read) = T::deserialize(&value)
    {
        return (Some(read), problems, TakenOut::default());
    }
    let mut taken_out = nulls;
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(read) => return (Some(read), problems, TakenOut(taken_out)),
            Err(error) => error,
        };
        let path = pointer(error.path());
        let found = value.pointer(&path).map(show).unwrap_or_default();
        let field = dotted(&original(&path, &taken_out));
        let repeated = problems.iter().any(|p| p.field == field);
        let message = error.inner().to_string();
        // A required part that was taken out for another fault is not reported again as missing.
        let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let follows = missing.is_some_and(|name| taken_out.contains(&format!("{path}/{name}")));
        if !follows && !repeated {
            problems.push(Problem::new(field, found, plain(&message)));
        }
        if problems.len() >= MOST_PROBLEMS || repeated || !remove(&mut value, &path) {
            return (None, problems, TakenOut(taken_out));
        }
        taken_out.push(path);
    }
}

/// What the reader of JSON says, in words for people who fill in records.
fn plain(message: &str) -> String {
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("{name} is missing; add it");
    }
    let kinds = message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "));
    if let Some((found, wanted)) = kinds {
        return format!("is {}; write {}", found_kind(found), wanted_kind(wanted));
    }
    match message.strip_prefix("invalid value: ").and_then(|rest| rest.split_once(", expected ")) {
        Some((_, wanted)) if is_whole_number(wanted) => "is too large or too small; write a whole number that fits".to_owned(),
        Some((found, wanted)) => format!("is {}; write {}", found_kind(found), wanted_kind(wanted)),
        None => message.to_owned(),
    }
}

fn found_kind(found: &str) -> &str {
    match found.split([' ', '`']).next().unwrap_or(found) {
        "string" => "a text",
        "integer" => "a whole number",
        "floating" => "a number with decimals",
        "boolean" => "true or false",
        "null" | "unit" => "empty",
        "map" => "an object",
        "sequence" => "a list",
        _ => found,
    }
}

fn is_whole_number(wanted: &str) -> bool {
    matches!(wanted, "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize")
}

fn wanted_kind(wanted: &str) -> &str {
    match wanted {
        wanted if is_whole_number(wanted) => "a whole number, without quotes",
        "f32" | "f64" => "a number, without quotes",
        "a string" | "string" => "a text in quotes",
        "a boolean" => "true or false, without quotes",
        "a sequence" => "a list in square brackets",
        "struct Wording" => "an object with `text` and `status`",
        "a map" => "an object in braces",
        wanted if wanted.starts_with("struct ") => "an object in braces",
        other => other,
    }
}

/// Texts with characters that no text of the registry holds. What is stored already is read without this look, so that a
/// rule that came later hides no record.
fn strange_texts(value: &Value, path: &str, problems: &mut Vec<Problem>) {
    if problems.len() >= 50 {
        return;
    }
    match value {
        Value::String(text) => {
            if let Err(remedy) = check_characters(text) {
                problems.push(Problem::new(path, "", remedy));
            } else if !text.trim().is_empty() && !shows_something(text) {
                problems.push(Problem::new(path, "", "shows nothing; give it some words or leave it out"));
            }
        }
        Value::Array(list) => {
            for (index, member) in list.iter().enumerate() {
                strange_texts(member, &format!("{path}[{index}]"), problems);
            }
        }
        Value::Object(fields) => {
            for (key, member) in fields {
                strange_texts(member, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

/// The place that an element had before others were taken out in front of it.
fn original(pointer: &str, taken_out: &[String]) -> String {
    let mut path = pointer.to_owned();
    for gone in taken_out.iter().rev() {
        let Some((list, index)) = gone.rsplit_once('/').and_then(|(list, key)| Some((list, key.parse::<usize>().ok()?))) else {
            continue;
        };
        let Some(rest) = path.strip_prefix(list).and_then(|rest| rest.strip_prefix('/')) else {
            continue;
        };
        let (key, tail) = rest.split_once('/').map_or((rest, None), |(key, tail)| (key, Some(tail)));
        if let Some(now) = key.parse::<usize>().ok().filter(|now| *now >= index) {
            path = tail.map_or_else(|| format!("{list}/{}", now + 1), |tail| format!("{list}/{}/{tail}", now + 1));
        }
    }
    path
}

fn dotted(pointer: &str) -> String {
    let mut out = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty() {
            out.push_str(&format!("[{part}]"));
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&part);
        }
    }
    out
}

fn show(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn remove(value: &mut Value, pointer: &str) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent) {
        Some(Value::Object(object)) => object.shift_remove(&key).is_some(),
        Some(Value::Array(list)) => match key.parse::<usize>() {
            Ok(index) if index < list.len() => {
                list.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// How deep a JSON text is nested, counted without reading it.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_line_is_named_with_its_place() {
        let line = r#"{"type":"dataset","slug":"Bad Slug","recordKind":"NOPE","titles":{"french":{"text":"x","status":"OFFICIAL"}},
            "colour":"red","coverage":{"period":{"start":"2018-13"},"releasedLevel":"MOON"}}"#;
        let problems = read_line(line).expect_err("faulty line");
        let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
        for field in ["slug", "recordKind", "colour", "coverage.period.start", "coverage.releasedLevel"] {
            assert!(fields.contains(&field), "{field} not in {fields:?}");
        }
        assert!(fields.iter().any(|f| f.starts_with("titles")), "{fields:?}");
    }

    #[test]
    fn nothing_that_is_said_twice_is_dropped_silently() {
        for (line, field) in [
            (
                r#"{"type":"institution","slug":"a","slug":"b","kind":"NSO","names":{"fr":{"text":"A","status":"OFFICIAL"}},"certainty":"DOCUMENTED"}"#,
                "slug",
            ),
            (r#"{"type":"dataset","titles":{"fr":{"text":"a","status":"OFFICIAL"},"fr":{"text":"b","status":"OFFICIAL"}}}"#, "titles.fr"),
            (r#"{"type":"dataset","titles":{"fr":{"text":"a","status":"OFFICIAL"},"FR":{"text":"b","status":"OFFICIAL"}}}"#, "titles"),
            (r#"{"type":"dataset","variables":[{"name":"a"},{"name":"b","na\u006de":"c"}]}"#, "variables[1].name"),
        ] {
            let problems = read_line(line).expect_err("said twice");
            assert!(problems.iter().any(|problem| problem.field == field), "{field} is not in {problems:?}");
        }
    }

    #[test]
    fn wrong_types_are_told_in_words_with_the_remedy() {
        let line = r#"{"type":"dataset","titles":{"fr":"x","en":{"text":"y"}},"themes":"MT-01","abstract":"z","methodology":{"sourceType":"CENSUS",
            "sampleSize":"15","definitions":[{"code":"NOT_DOCUMENTED","ageMinimum":99999999999}]}}"#;
        let problems = read_line(line).expect_err("wrong types");
        let told = |field: &str| problems.iter().find(|p| p.field == field).map(|p| p.remedy.clone()).unwrap_or_default();
        assert_eq!(told("methodology.sampleSize"), "is a text; write a whole number, without quotes");
        assert_eq!(told("themes"), "is a text; write a list in square brackets");
        assert_eq!(told("titles.fr"), "is a text; write an object with `text` and `status`");
        assert_eq!(told("titles.en"), "`status` is missing; add it");
        assert!(told("abstract").contains("a text by language"), "{problems:?}");
        assert_eq!(told("methodology.definitions[0].ageMinimum"), "is too large or too small; write a whole number that fits");
        for problem in &problems {
            assert!(!["i32", "struct", "expected", "map"].iter().any(|word| problem.remedy.contains(word)), "{problem}");
        }
    }

    #[test]
    fn characters_that_nobody_sees_are_named_with_their_place_beside_other_faults() {
        let line = r#"{"type":"institution","slug":"hcp","kind":"NOPE","acronym":"H\u0000P","certainty":"DOCUMENTED",
            "names":{"en":{"text":"\u202eevil","status":"OFFICIAL"},"fr":{"text":"\u200e","status":"OFFICIAL"}}}"#;
        let problems = read_line(line).expect_err("faulty line");
        let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["acronym", "names.en.text", "names.fr.text", "kind"]);
        let again = r#"{"slug":"hcp","kind":"NSO","names":{"en":{"text":"\u202eevil","status":"OFFICIAL"}},"certainty":"DOCUMENTED"}"#;
        assert!(serde_json::from_str::<Institution>(again).is_ok(), "what is stored stays readable");
    }

    #[test]
    fn null_is_refused_wherever_it_stands_on_a_line_and_told_once() {
        let line = r#"{"type":"dataset","slug":"one","producer":null,"coverage":null,"themes":null,"titles":{"fr":null},
            "holdings":[{"institution":"hcp","accessTerms":null}],"methodology":{"sourceType":"CENSUS","sampleSize":null}}"#;
        let problems = read_line(line).expect_err("null");
        let is_of_null = |problem: &&Problem| problem.value == "null" && problem.remedy.contains("leave out");
        let fields: Vec<_> = problems.iter().filter(is_of_null).map(|problem| problem.field.as_str()).collect();
        let nulls = ["producer", "coverage", "themes", "titles.fr", "holdings[0].accessTerms", "methodology.sampleSize"];
        assert_eq!(fields, nulls);
        let others: Vec<_> = problems.iter().filter(|problem| !is_of_null(problem)).collect();
        assert!(others.iter().all(|problem| !nulls.contains(&problem.field.as_str())), "{others:?}");
        let institution = r#"{"type":"institution","slug":null,"kind":"NSO","names":{},"certainty":"DOCUMENTED"}"#;
        let problems = read_line(institution).expect_err("null");
        assert!(problems.len() == 1 && problems[0].field == "slug", "{problems:?}");
        assert!(read_part::<DatasetDraft>(serde_json::json!({ "producer": null })).is_ok(), "a working copy may say it");
    }

    #[test]
    fn deep_and_foreign_lines_are_refused() {
        for line in ["[".repeat(100_000), "{}".into(), "7".into(), "null".into(), "\"x\"".into(), "{\"type\":7}".into(), "{".into()] {
            assert!(read_line(&line).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".*") {
            let _ = read_line(&text);
            let _ = read_line(&format!("{{\"type\":\"dataset\",\"titles\":{text}}}"));
        }
    }
}
