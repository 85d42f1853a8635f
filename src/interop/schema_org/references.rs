//! Things that a document describes in one place and names by their `@id` in others, as the graphs of many portals do.
//!
//! Only what the document itself describes is put in the place of its name; nothing is fetched. A name inside of what it names stays, and
//! there are bounds to how deep and how much.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

/// Longest way from name to name.
const LONGEST_WAY: usize = 4;
/// Most that is put into one dataset, in bytes of text; a member counts some more.
const MOST_OF_ONE: usize = 1 << 20;
/// Most that is put into all datasets of a document.
const MOST_OF_ALL: usize = 64 << 20;
/// What a value counts beside its text.
const OF_A_VALUE: usize = 16;

/// The things of a document that others name.
pub(super) struct References<'v> {
    described: HashMap<&'v str, &'v Map<String, Value>>,
    left: usize,
}

impl<'v> References<'v> {
    /// Finds the things of a document that are described, of those that are named.
    pub fn of(document: &'v Value) -> Self {
        let mut named = HashSet::new();
        let mut described: HashMap<&str, &Map<String, Value>> = HashMap::new();
        visit(document, &mut |members| {
            if let Some(id) = name_alone(members) {
                named.insert(id);
            } else if let Some(id) = members.get("@id").and_then(Value::as_str) {
                described.entry(id).or_insert(members);
            }
        });
        described.retain(|id, _| named.contains(id));
        Self { described, left: MOST_OF_ALL }
    }

    /// Whether a value is but the name of a thing that is described elsewhere.
    pub fn is_described_elsewhere(&self, value: &Value) -> bool {
        value.as_object().and_then(name_alone).is_some_and(|id| self.described.contains_key(id))
    }

    /// A thing with what its members name in their place; `is_read` says which members anybody reads.
    pub fn whole<'d>(&mut self, thing: &'d Value, is_read: &dyn Fn(&str) -> bool) -> Cow<'d, Value> {
        let Some(own) = thing.as_object() else { return Cow::Borrowed(thing) };
        let names_some = |value: &Value| {
            let mut found = false;
            visit(value, &mut |members| found = found || name_alone(members).is_some_and(|id| self.described.contains_key(id)));
            found
        };
        if self.described.is_empty() || !own.iter().any(|(key, value)| is_read(key) && names_some(value)) {
            return Cow::Borrowed(thing);
        }
        let mut budget = self.left.min(MOST_OF_ONE);
        let before = budget;
        let mut way: Vec<&str> = own.get("@id").and_then(Value::as_str).into_iter().collect();
        let members = own.iter().map(|(key, value)| {
            let value = if is_read(key) { self.follow(value, &mut way, &mut budget) } else { value.clone() };
            (key.clone(), value)
        });
        let whole = Value::Object(members.collect());
        self.left -= before - budget;
        Cow::Owned(whole)
    }

    fn follow<'w>(&'w self, value: &'w Value, way: &mut Vec<&'w str>, budget: &mut usize) -> Value {
        match value {
            Value::Array(list) => list.iter().map(|member| self.follow(member, way, budget)).collect(),
            Value::Object(members) => match self.target(members, way, budget) {
                Some((id, thing)) => {
                    way.push(id);
                    let whole = self.inside(thing, way, budget);
                    way.pop();
                    whole
                }
                None => self.inside(members, way, budget),
            },
            other => other.clone(),
        }
    }

    fn inside<'w>(&'w self, members: &'w Map<String, Value>, way: &mut Vec<&'w str>, budget: &mut usize) -> Value {
        Value::Object(members.iter().map(|(key, value)| (key.clone(), self.follow(value, way, budget))).collect())
    }

    /// What a name leads to, if it may be put there: not inside of itself, not too far, and not too much of it.
    fn target<'w>(
        &'w self,
        members: &'w Map<String, Value>,
        way: &[&str],
        budget: &mut usize,
    ) -> Option<(&'w str, &'w Map<String, Value>)> {
        let id = name_alone(members).filter(|id| !way.contains(id) && way.len() <= LONGEST_WAY)?;
        let thing = *self.described.get(id)?;
        // What does not fit ends the search, so that no more is measured than was allowed.
        *budget = thing.iter().try_fold(*budget, |left, (key, value)| without(left, key.len(), value)).unwrap_or_default();
        (*budget > 0).then_some((id, thing))
    }
}

/// What is left of a budget without a value; none where it is used up.
fn without(left: usize, name: usize, value: &Value) -> Option<usize> {
    let left = left.checked_sub(name + OF_A_VALUE)?;
    match value {
        Value::String(text) => left.checked_sub(text.len()),
        Value::Array(list) => list.iter().try_fold(left, |left, member| without(left, 0, member)),
        Value::Object(members) => members.iter().try_fold(left, |left, (key, member)| without(left, key.len(), member)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(left),
    }
}

/// The `@id` of an object that says no more than that, and perhaps its class.
fn name_alone(members: &Map<String, Value>) -> Option<&str> {
    let is_name = members.keys().all(|key| matches!(key.as_str(), "@id" | "@type"));
    members.get("@id").and_then(Value::as_str).filter(|_| is_name)
}

/// Every object of a value. How deep it is nested was looked at before.
fn visit<'v>(value: &'v Value, meet: &mut dyn FnMut(&'v Map<String, Value>)) {
    match value {
        Value::Array(list) => list.iter().for_each(|member| visit(member, meet)),
        Value::Object(members) => {
            meet(members);
            members.values().for_each(|member| visit(member, meet));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole(document: &Value) -> Value {
        References::of(document).whole(&document["@graph"][0], &|key| key != "publisher").into_owned()
    }

    #[test]
    fn names_are_replaced_by_what_the_document_describes() {
        let document = json!({ "@graph": [
            { "@id": "#d", "creator": [{ "@id": "#o", "@type": "Organization" }, { "@id": "#none" }], "publisher": { "@id": "#o" } },
            { "@id": "#o", "name": "Office", "parent": { "@id": "#p" } },
            { "@id": "#p", "name": "State" },
        ] });
        let office = json!({ "@id": "#o", "name": "Office", "parent": { "@id": "#p", "name": "State" } });
        assert_eq!(whole(&document), json!({ "@id": "#d", "creator": [office, { "@id": "#none" }], "publisher": { "@id": "#o" } }));
    }

    #[test]
    fn circles_chains_and_floods_come_to_an_end() {
        let circle = json!({ "@graph": [{ "@id": "#a", "x": { "@id": "#b" } }, { "@id": "#b", "x": [{ "@id": "#a" }, { "@id": "#b" }] }] });
        assert_eq!(whole(&circle), json!({ "@id": "#a", "x": { "@id": "#b", "x": [{ "@id": "#a" }, { "@id": "#b" }] } }));
        let links: Vec<Value> = (0..100).map(|n| json!({ "@id": format!("#{n}"), "x": { "@id": format!("#{}", n + 1) } })).collect();
        assert_eq!(whole(&json!({ "@graph": links })).to_string().matches("@id").count(), LONGEST_WAY + 2);
        // Each names the next many times: a few lines would become more than any machine holds.
        let many: Vec<Value> =
            (0..6).map(|n| json!({ "@id": format!("#{n}"), "x": vec![json!({ "@id": format!("#{}", n + 1) }); 500] })).collect();
        let start = std::time::Instant::now();
        assert!(whole(&json!({ "@graph": many })).to_string().len() < 16 << 20);
        assert!(start.elapsed().as_secs() < 20);
    }
}
