//! A line of the registry's own exchange format: one institution or one dataset.

use serde::Serialize;

use super::dataset::Dataset;
use super::draft::DatasetDraft;
use super::institution::Institution;
use super::problem::Problem;
use super::text::{check_characters, shows_something};

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
    if nesting(line) > MAX_DEPTH {
        return Err(vec![Problem::new("", "", format!("the line is nested deeper than {MAX_DEPTH} levels; a record never is"))]);
    }
    let mut value: serde_json::Value = serde_json::from_str(line)
        .map_err(|e| vec![Problem::new("", "", format!("the line is not JSON: {e}; write one object a line"))])?;
    let kind = match value.get("type").and_then(|t| t.as_str()) {
        Some(kind @ ("institution" | "dataset")) => kind.to_owned(),
        other => {
            let found = other.unwrap_or_default().to_owned();
            return Err(vec![Problem::new("type", found, "say what the line is: \"type\": \"institution\" or \"type\": \"dataset\"")]);
        }
    };
    if let Some(object) = value.as_object_mut() {
        object.shift_remove("type");
    }
    if kind == "institution" {
        read_value(value).map(|i| RecordDraft::Institution(Box::new(i)))
    } else {
        read_value(value).map(|d| RecordDraft::Dataset(Box::new(d)))
    }
}

/// Reads a part of a record that came by another way than a line.
///
/// # Errors
/// Every fault, with its place.
pub fn read_part<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, Vec<Problem>> {
    read_value(value)
}

/// Reads a value; where a part is wrong, notes it, takes it out and reads on, so that every fault is named at once.
fn read_value<T: serde::de::DeserializeOwned>(mut value: serde_json::Value) -> Result<T, Vec<Problem>> {
    let mut problems: Vec<Problem> = Vec::new();
    strange_texts(&value, "", &mut problems);
    // The usual line is without fault, and is read without keeping track of places.
    if problems.is_empty()
        && let Ok(read) = T::deserialize(&value)
    {
        return Ok(read);
    }
    let mut taken_out: Vec<String> = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(read) if problems.is_empty() => return Ok(read),
            Ok(_) => return Err(problems),
            Err(error) => error,
        };
        let path = pointer(error.path());
        let found = value.pointer(&path).map(show).unwrap_or_default();
        let field = dotted(&original(&path, &taken_out));
        let repeated = problems.iter().any(|p| p.field == field);
        let message = error.inner().to_string();
        // A required part that was taken out for another fault is not reported again as missing.
        let follows = message.starts_with("missing field") && !problems.is_empty();
        if !follows && !repeated {
            problems.push(Problem::new(field, found, message));
        }
        if problems.len() >= 50 || repeated || !remove(&mut value, &path) {
            return Err(problems);
        }
        taken_out.push(path);
    }
}

/// Texts with characters that no text of the registry holds. What is stored already is read without this look, so that a
/// rule that came later hides no record.
fn strange_texts(value: &serde_json::Value, path: &str, problems: &mut Vec<Problem>) {
    use serde_json::Value;
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

fn show(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn remove(value: &mut serde_json::Value, pointer: &str) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent) {
        Some(serde_json::Value::Object(object)) => object.shift_remove(&key).is_some(),
        Some(serde_json::Value::Array(list)) => match key.parse::<usize>() {
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
