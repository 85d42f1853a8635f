//! Places in a draft: dotted paths such as `holdings[0].role`, and what stands there.

use serde_json::{Value, json};

/// Writes a part, and the objects around it where they are absent.
pub(super) fn put(copy: &mut Value, field: &str, value: Value) {
    let (parent, key) = field.rsplit_once('.').unwrap_or(("", field));
    if !parent.is_empty() && !at(copy, parent).is_some_and(Value::is_object) {
        put(copy, parent, json!({}));
    }
    if let Some(Value::Object(object)) = copy.pointer_mut(&pointer(parent)) {
        object.insert(key.to_owned(), value);
    }
}

/// Whether a part is simply absent. Where something else stands in its way, the reader tells that as a fault.
pub(super) fn lacks(draft: &Value, field: &str) -> bool {
    match at(draft, field) {
        Some(value) => !is_given(value),
        None => field.rsplit_once('.').is_none_or(|(parent, _)| at(draft, parent).is_some_and(Value::is_object) || lacks(draft, parent)),
    }
}

fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether a bound of a period is stated: as a date, as open, or with null as not known.
pub(super) fn is_stated(draft: &Value, bound: &str) -> bool {
    at(draft, bound).is_some_and(|value| value.is_null() || is_given(value))
}

/// The elements of a list by their paths; lists within lists are followed, foreign elements are left to the reader.
pub(super) fn elements(draft: &Value, list: &str) -> Vec<String> {
    let mut places = instances(draft, list);
    places.retain(|place| place.ends_with(']') && at(draft, place).is_some_and(Value::is_object));
    places
}

/// Every place of the draft that a field without indexes means.
pub(super) fn instances(draft: &Value, field: &str) -> Vec<String> {
    let mut places = vec![String::new()];
    for step in field.split('.') {
        let next = |place: String| {
            let path = if place.is_empty() { step.to_owned() } else { format!("{place}.{step}") };
            match at(draft, &path) {
                Some(Value::Array(list)) => (0..list.len()).map(|index| format!("{path}[{index}]")).collect::<Vec<_>>(),
                Some(_) => vec![path],
                None => Vec::new(),
            }
        };
        places = places.into_iter().flat_map(next).collect();
    }
    places
}

/// What stands at a place.
pub(super) fn at<'a>(draft: &'a Value, field: &str) -> Option<&'a Value> {
    draft.pointer(&pointer(field))
}

/// The code or other plain text at a place; empty where there is none.
pub(super) fn code<'a>(draft: &'a Value, field: &str) -> &'a str {
    at(draft, field).and_then(Value::as_str).unwrap_or_default()
}

/// The JSON pointer of a dotted path: `holdings[0].role` is `/holdings/0/role`.
pub(super) fn pointer(field: &str) -> String {
    if field.is_empty() {
        return String::new();
    }
    let escaped = field.replace('~', "~0").replace('/', "~1");
    format!("/{}", escaped.replace('[', "/").replace(']', "").replace('.', "/"))
}

/// A path without its indexes.
pub(super) fn plain(field: &str) -> String {
    field.split(['[', ']']).step_by(2).collect()
}
