//! Values as portals write them: in several languages, as JSON inside of text, and in a list of extras.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::interop::json::{is_nothing, language_of, scalar};
use crate::interop::rdf::check_json;

/// Deepest nesting of JSON inside of a text.
const DEEPEST: usize = 16;

/// The members of a package, those in its extras among them. What is taken is gone from it, so that the rest can be named.
pub(super) struct Members {
    values: Map<String, Value>,
    extras: HashSet<String>,
    /// Extras whose key the package or another extra has too, with another value.
    pub second: Vec<(String, Value)>,
}

impl Members {
    /// Takes a package apart.
    pub fn of(package: &Map<String, Value>) -> Self {
        let mut members = Self { values: package.clone(), extras: HashSet::new(), second: Vec::new() };
        match members.values.shift_remove("extras") {
            Some(Value::Array(extras)) => {
                for extra in extras {
                    let key = extra.get("key").and_then(scalar);
                    match (key, extra.get("value")) {
                        (Some(key), Some(value)) => members.add(key, value.clone()),
                        _ if is_nothing(&extra) => {}
                        _ => members.second.push(("extras".to_owned(), extra)),
                    }
                }
            }
            // The first versions of the interface give them as an object.
            Some(Value::Object(extras)) => extras.into_iter().for_each(|(key, value)| members.add(key, value)),
            Some(other) if !is_nothing(&other) => members.second.push(("extras".to_owned(), other)),
            _ => {}
        }
        members
    }

    fn add(&mut self, key: String, value: Value) {
        let value = unpacked(value);
        match self.values.get(&key) {
            Some(there) if !is_nothing(there) => {
                if *there != value && !is_nothing(&value) {
                    self.second.push((key, value));
                }
            }
            _ => {
                self.extras.insert(key.clone());
                self.values.insert(key, value);
            }
        }
    }

    /// Takes a member out; nothing where there is none.
    pub fn take(&mut self, key: &str) -> Value {
        self.values.shift_remove(key).unwrap_or_default()
    }

    /// Looks at a member and leaves it.
    pub fn peek(&self, key: &str) -> &Value {
        self.values.get(key).unwrap_or(&Value::Null)
    }

    /// Whether a member says something.
    pub fn says(&self, key: &str) -> bool {
        !is_nothing(self.peek(key))
    }

    /// Where a member stands in the package.
    pub fn path(&self, key: &str) -> String {
        if self.extras.contains(key) { format!("extras/{key}") } else { key.to_owned() }
    }

    /// What nobody took.
    pub fn rest(&mut self) -> Vec<(String, Value)> {
        let rest = std::mem::take(&mut self.values);
        rest.into_iter().map(|(key, value)| (self.path(&key), value)).filter(|(_, value)| !is_nothing(value)).collect()
    }
}

/// A text that is JSON, as what it says.
pub(super) fn unpacked(value: Value) -> Value {
    let inner = match &value {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => check_json(text, DEEPEST).ok(),
        _ => None,
    };
    inner.unwrap_or(value)
}

/// A text in its languages, in the form that the reader of JSON knows: `{"de": "…", "fr": ""}`, also as JSON inside of a text.
pub(super) fn worded(value: Value) -> Value {
    let value = match value {
        Value::String(ref text) if text.trim_start().starts_with('{') => {
            let inner = unpacked(value.clone());
            if inner.as_object().is_some_and(is_by_language) { inner } else { value }
        }
        other => other,
    };
    match value {
        Value::Object(members) if is_by_language(&members) => {
            let said = members.into_iter().filter(|(_, words)| !is_nothing(words));
            said.map(|(language, words)| json!({ "@value": words, "@language": language.replace('_', "-") })).collect()
        }
        Value::Array(list) => {
            let parts = list.into_iter().flat_map(|part| match worded(part) {
                Value::Array(parts) => parts,
                other => vec![other],
            });
            parts.collect()
        }
        other => other,
    }
}

fn is_by_language(members: &Map<String, Value>) -> bool {
    let is_tag = |key: &str| language_of(&key.replace('_', "-")).is_some();
    !members.is_empty() && members.iter().all(|(key, value)| is_tag(key) && matches!(value, Value::String(_) | Value::Null))
}

/// Words by their language, `{"de": ["…"], "en": ["…"]}`, one by one; a list, or words between commas.
pub(super) fn words(value: Value) -> Vec<Value> {
    match unpacked(value) {
        Value::Object(members) if members.keys().all(|key| language_of(&key.replace('_', "-")).is_some()) => {
            let mut all = Vec::new();
            for (language, listed) in members {
                let listed = if let Value::Array(listed) = listed { listed } else { vec![listed] };
                let said = listed.into_iter().filter(|word| !is_nothing(word));
                all.extend(said.map(|word| json!({ "@value": word, "@language": language.replace('_', "-") })));
            }
            all
        }
        Value::Array(list) => list,
        Value::String(text) => text.split(',').map(|word| json!(word.trim())).collect(),
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

/// The members of a list; a value that is none is the only one.
pub(super) fn listed(value: Value) -> Vec<Value> {
    match unpacked(value) {
        Value::Array(list) => list,
        Value::Null => Vec::new(),
        other if is_nothing(&other) => Vec::new(),
        other => vec![other],
    }
}

/// Codes: in a list, as JSON inside of a text, or between commas.
pub(super) fn codes(value: Value) -> Vec<String> {
    let mut all = Vec::new();
    for value in listed(value) {
        match value {
            Value::String(text) => all.extend(text.split([',', ';']).map(|code| code.trim().to_owned()).filter(|code| !code.is_empty())),
            other => all.extend(scalar(&other)),
        }
    }
    all
}
