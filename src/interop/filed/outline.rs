//! A document of JSON without its long lists.

use std::ops::Range;

use serde_json::{Map, Value};

use super::Filed;
use crate::domain::problem::Problem;

/// Levels at which long lists are looked for: lists of records stand high up.
const LEVELS: usize = 8;

/// A document of JSON in which each long list is empty, and where those stand.
#[derive(Debug)]
pub struct Outline<'f> {
    /// The document.
    pub value: Value,
    /// Where it lies; what is held has no list that is empty here.
    filed: Option<Filed<'f>>,
    /// By their pointers.
    pub(super) lists: Vec<(String, Range<usize>)>,
}

impl<'f> Outline<'f> {
    /// A document that is held, with all its lists.
    pub fn held(value: Value) -> Self {
        Self { value, filed: None, lists: Vec::new() }
    }

    /// The outline of a document that is known to be JSON: without the long ones of its lists of such names. The document itself has none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(filed: Filed<'f>, names: &[&str]) -> Result<Self, Problem> {
        let mut lists = Vec::new();
        let value = outlined(filed, filed.root()?, names, "", &mut lists)?;
        Ok(Self { value, filed: Some(filed), lists })
    }

    /// Hands over each member of the list that a pointer of JSON leads to, with its number; tells whether there is a list.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn each(&self, pointer: &str, take: &mut dyn FnMut(usize, &Value)) -> Result<bool, Problem> {
        let mut number = 0;
        let long = self.lists.iter().find(|(at, _)| at == pointer);
        let Some((filed, (_, place))) = self.filed.zip(long) else {
            let Some(list) = self.value.pointer(pointer).and_then(Value::as_array) else { return Ok(false) };
            list.iter().enumerate().for_each(|(number, value)| take(number, value));
            return Ok(true);
        };
        filed.each_member(place.clone(), &mut |place| {
            take(number, &filed.value(place)?);
            number += 1;
            Ok(())
        })?;
        Ok(true)
    }
}

fn outlined(
    filed: Filed<'_>,
    place: Range<usize>,
    names: &[&str],
    pointer: &str,
    lists: &mut Vec<(String, Range<usize>)>,
) -> Result<Value, Problem> {
    if !filed.is_long(&place) || pointer.matches('/').count() > LEVELS {
        return filed.value(place);
    }
    match filed.bytes(place.start, 1)?.first() {
        Some(b'[') if names.contains(&pointer.rsplit('/').next().unwrap_or_default()) => {
            lists.push((pointer.to_owned(), place));
            Ok(Value::Array(Vec::new()))
        }
        Some(b'[') => {
            let mut members = Vec::new();
            filed.each_member(place, &mut |place| {
                let below = format!("{pointer}/{}", members.len());
                members.push(outlined(filed, place, names, &below, lists)?);
                Ok(())
            })?;
            Ok(Value::Array(members))
        }
        Some(b'{') => {
            let Some(members) = filed.members(place.clone())? else { return filed.value(place) };
            let mut object = Map::new();
            for member in members {
                let below = format!("{pointer}/{}", member.name.replace('~', "~0").replace('/', "~1"));
                // Of two members with a name the last counts.
                lists.retain(|(at, _)| *at != below && !at.starts_with(&format!("{below}/")));
                object.insert(member.name, outlined(filed, member.value, names, &below, lists)?);
            }
            Ok(Value::Object(object))
        }
        _ => filed.value(place),
    }
}
