//! What changed between two states of a record, field by field.

use serde_json::Value;

/// A field that differs. A value is JSON in the record format; none where the field was absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Dotted path in the record format, such as `coverage.period.end` or `holdings[1].accessTerms.microdata`.
    pub path: String,
    /// Value before.
    pub before: Option<String>,
    /// Value after.
    pub after: Option<String>,
}

/// Fields that differ, in the order of the record; members of lists are compared by their place.
pub fn diff(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    walk("", Some(before), Some(after), &mut changes);
    changes
}

/// Top-level fields that differ, in the order of the record.
pub fn changed_keys(before: &Value, after: &Value) -> Vec<String> {
    let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else { return Vec::new() };
    let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
    keys.filter(|key| old.get(*key) != new.get(*key)).cloned().collect()
}

fn walk(path: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<FieldChange>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            for key in keys {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                walk(&below, old.get(key), new.get(key), changes);
            }
        }
        // Lists of plain values, such as codes, are compared whole: places in them mean nothing.
        (Some(Value::Array(old)), Some(Value::Array(new))) if old.iter().chain(new).all(Value::is_object) => {
            for place in 0..old.len().max(new.len()) {
                walk(&format!("{path}[{place}]"), old.get(place), new.get(place), changes);
            }
        }
        _ => {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            changes.push(FieldChange { path: path.to_owned(), before: before.map(text), after: after.map(text) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_compared_down_to_their_leaves() {
        let before =
            json!({ "slug": "a", "coverage": { "period": { "start": "2018" }, "origins": ["MA"] }, "holdings": [{ "role": "HOLDER" }] });
        let after = json!({ "slug": "a", "coverage": { "period": { "start": "2019" }, "origins": ["MA", "TN"] }, "holdings": [] });
        let found = diff(&before, &after);
        let paths: Vec<&str> = found.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["coverage.period.start", "coverage.origins", "holdings[0]"]);
        assert_eq!((found[0].before.as_deref(), found[0].after.as_deref()), (Some("2018"), Some("2019")));
        assert_eq!(found[2].after, None);
        assert_eq!(changed_keys(&before, &after), ["coverage", "holdings"]);
    }

    proptest::proptest! {
        #[test]
        fn equal_values_do_not_differ(text in ".*") {
            let value = json!({ "a": [text.clone()], "b": { "c": text } });
            assert!(diff(&value, &value.clone()).is_empty());
        }
    }
}
