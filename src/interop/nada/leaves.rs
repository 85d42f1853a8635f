//! The values of a JSON document by their places, so that what nobody read can be named.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::domain::problem::Problem;
use crate::interop::xml_text::words;

/// Lines told in full for one kind of place; the others are counted.
const SHOWN: usize = 3;
/// Lines told in full for one record.
const MOST: usize = 400;
/// Members of one list that are read, but for variables and their codes.
const MOST_OF_A_KIND: usize = 2_000;

/// One JSON document while it is read.
pub(super) struct Leaves {
    values: BTreeMap<usize, (String, String)>,
    by_path: HashMap<String, usize>,
    /// What does not fit.
    pub told: Vec<Problem>,
}

impl Leaves {
    /// Takes a document apart.
    pub fn of(value: &Value) -> Self {
        let mut leaves = Self { values: BTreeMap::new(), by_path: HashMap::new(), told: Vec::new() };
        leaves.add(value, "");
        leaves
    }

    fn add(&mut self, value: &Value, path: &str) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| self.add(value, &joined(path, key))),
            Value::Array(list) => list.iter().enumerate().for_each(|(index, value)| self.add(value, &format!("{path}[{index}]"))),
            Value::Null => {}
            other => {
                let text = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
                if !text.trim().is_empty() {
                    let index = self.by_path.len();
                    self.by_path.insert(path.to_owned(), index);
                    self.values.insert(index, (path.to_owned(), text));
                }
            }
        }
    }

    /// The words at a place, which count as read.
    pub fn take(&mut self, path: &str, one_line: bool) -> Option<String> {
        let index = self.by_path.get(path)?;
        let (place, raw) = self.values.remove(index)?;
        let (text, faults) = words::clean(&raw, one_line);
        self.told.extend(faults.into_iter().map(|fault| Problem::new(&place, "", fault)));
        (!text.is_empty()).then_some(text)
    }

    /// Puts what was taken among what does not fit.
    pub fn tell(&mut self, path: &str, value: &str, remedy: impl Into<String>) {
        self.told.push(Problem::new(path, value, remedy));
    }

    /// How many members of a list are read. Beyond some thousands the rest stays unread, and is named so.
    pub fn count(value: &Value, pointer: &str) -> usize {
        Self::count_all(value, pointer).min(MOST_OF_A_KIND)
    }

    /// How many members a list has.
    pub fn count_all(value: &Value, pointer: &str) -> usize {
        value.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// Everything that was noted, and a line for each value that nobody read.
    pub fn leftovers(self, remedy: &dyn Fn(&str) -> &'static str) -> Vec<Problem> {
        let mut told = self.told;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (path, value) in self.values.into_values() {
            let general = without_numbers(&path);
            let count = counts.entry(general).or_insert(0);
            *count += 1;
            if *count <= SHOWN && told.len() < MOST {
                let line = Problem::new(&path, value, remedy(&path));
                told.push(line);
            }
        }
        let more = counts.into_iter().filter(|(_, count)| *count > SHOWN);
        told.extend(more.map(|(path, count)| Problem::new(&path, format!("{} more of the kind", count - SHOWN), remedy(&path))));
        told
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn without_numbers(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => {
                inside = false;
                out.push_str("[]");
            }
            other if !inside => out.push(other),
            _ => {}
        }
    }
    out
}
