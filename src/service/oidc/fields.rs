//! Reads tables of a settings file and gathers every fault, where reading into a struct would stop at the first.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use toml::{Table, Value};

/// A table being read. What is asked for becomes known; what is left over at the end is a fault.
pub(super) struct Fields<'a> {
    table: &'a Table,
    place: String,
    known: BTreeSet<&'static str>,
    faults: Vec<String>,
}

impl<'a> Fields<'a> {
    /// `place` is how messages name the table.
    pub(super) fn new(table: &'a Table, place: String) -> Self {
        Self { table, place, known: BTreeSet::new(), faults: Vec::new() }
    }

    /// How messages name the table.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Notes a fault of this table.
    pub(super) fn fault(&mut self, text: impl Display) {
        self.faults.push(format!("{}: {text}", self.place));
    }

    /// How many faults there are so far.
    pub(super) fn count(&self) -> usize {
        self.faults.len()
    }

    /// Takes over the faults of a table inside this one.
    pub(super) fn absorb(&mut self, faults: Vec<String>) {
        self.faults.extend(faults);
    }

    /// Every fault, those of unknown names too.
    pub(super) fn finish(mut self) -> Vec<String> {
        let known: Vec<&str> = self.known.iter().copied().collect();
        for key in self.table.keys().filter(|key| !known.contains(&key.as_str())) {
            self.faults.push(format!("{}: `{key}` is not a setting; those here are: {}", self.place, known.join(", ")));
        }
        self.faults
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.insert(key);
        self.table.get(key)
    }

    // The value is not shown: it may be a secret.
    fn wrong(&mut self, key: &str, value: &Value, needed: &str) {
        self.fault(format!("`{key}` is a TOML {}; write {needed}", value.type_str()));
    }

    /// A text as it is written, even an empty one.
    pub(super) fn written(&mut self, key: &'static str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong(key, other, "a text in quotes");
                None
            }
        }
    }

    /// A text; an empty one counts as left out.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.written(key).filter(|text| !text.trim().is_empty())
    }

    /// A text that must be there. Where it is not, that is a fault and the text empty.
    pub(super) fn needed(&mut self, key: &'static str, example: &str) -> String {
        let is_there = self.value(key).is_some();
        let text = self.written(key);
        let is_empty = text.as_deref().is_some_and(|text| text.trim().is_empty());
        if !is_there || is_empty {
            self.fault(format!("`{key}` is missing; give one such as `{example}`"));
        }
        text.unwrap_or_default().trim().to_owned()
    }

    /// True or false.
    pub(super) fn truth(&mut self, key: &'static str, default: bool) -> bool {
        match self.value(key) {
            None => default,
            Some(Value::Boolean(truth)) => *truth,
            Some(other) => {
                self.wrong(key, other, "true or false, without quotes");
                default
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let needed = "a list of texts such as [\"a\", \"b\"]";
        let value = self.value(key)?;
        let Some(values) = value.as_array() else {
            self.wrong(key, value, needed);
            return None;
        };
        let mut texts = Vec::with_capacity(values.len());
        for value in values {
            match value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(key, value, needed),
            }
        }
        Some(texts)
    }

    /// A table of texts by name.
    pub(super) fn words(&mut self, key: &'static str, example: &str) -> BTreeMap<String, String> {
        let Some(value) = self.value(key) else { return BTreeMap::new() };
        let Some(table) = value.as_table() else {
            self.wrong(key, value, example);
            return BTreeMap::new();
        };
        let mut words = BTreeMap::new();
        for (name, value) in table {
            match value.as_str().filter(|text| !text.trim().is_empty()) {
                Some(text) => drop(words.insert(name.clone(), text.to_owned())),
                None => self.fault(format!("`{key}.{name}` is not a text; write {example}")),
            }
        }
        words
    }

    /// A list of tables, written with two brackets.
    pub(super) fn tables(&mut self, key: &'static str, heading: &str) -> Vec<&'a Table> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let tables: Option<Vec<&Table>> = value.as_array().and_then(|values| values.iter().map(Value::as_table).collect());
        tables.unwrap_or_else(|| {
            self.fault(format!("`{key}` is not a list of tables; head each with [[{heading}]]"));
            Vec::new()
        })
    }
}
