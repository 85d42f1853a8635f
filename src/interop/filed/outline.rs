//! A document of JSON without its long lists.

use std::ops::Range;

use serde_json::{Map, Value};

use super::Filed;
use crate::domain::problem::Problem;
use crate::interop::repeated::{Repeated, place_of};

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
    /// Names that stand twice in it, outside of those lists.
    pub repeated: Repeated,
}

impl<'f> Outline<'f> {
    /// A document that is held, with all its lists.
    pub fn held(value: Value, repeated: Repeated) -> Self {
        Self { value, filed: None, lists: Vec::new(), repeated }
    }

    /// The outline of a document that is known to be JSON: without the long ones of its lists of such names. The document itself has none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(filed: Filed<'f>, names: &[&str]) -> Result<Self, Problem> {
        let (mut lists, mut repeated) = (Vec::new(), Repeated::default());
        let value = Outlining { filed, names, lists: &mut lists, repeated: &mut repeated }.value(filed.root()?, "")?;
        Ok(Self { value, filed: Some(filed), lists, repeated })
    }

    /// Hands over each member of the list that a pointer of JSON leads to, with its number and the names that stand twice in it; tells
    /// whether there is a list.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn each(&self, pointer: &str, take: &mut dyn FnMut(usize, &Value, Repeated)) -> Result<bool, Problem> {
        let mut number = 0;
        let long = self.lists.iter().find(|(at, _)| at == pointer);
        let Some((filed, (_, place))) = self.filed.zip(long) else {
            let Some(list) = self.value.pointer(pointer).and_then(Value::as_array) else { return Ok(false) };
            let place = place_of(pointer);
            for (number, value) in list.iter().enumerate() {
                take(number, value, self.repeated.within(&format!("{place}[{number}]")));
            }
            return Ok(true);
        };
        filed.each_member(place.clone(), &mut |place| {
            let (value, repeated) = filed.value(place)?;
            take(number, &value, repeated);
            number += 1;
            Ok(())
        })?;
        Ok(true)
    }
}

/// An outline that is being made.
struct Outlining<'o, 'f> {
    filed: Filed<'f>,
    names: &'o [&'o str],
    lists: &'o mut Vec<(String, Range<usize>)>,
    repeated: &'o mut Repeated,
}

impl Outlining<'_, '_> {
    fn value(&mut self, place: Range<usize>, pointer: &str) -> Result<Value, Problem> {
        if !self.filed.is_long(&place) || pointer.matches('/').count() > LEVELS {
            return self.whole(place, pointer);
        }
        let filed = self.filed;
        match filed.bytes(place.start, 1)?.first() {
            Some(b'[') if self.names.contains(&pointer.rsplit('/').next().unwrap_or_default()) => {
                self.lists.push((pointer.to_owned(), place));
                Ok(Value::Array(Vec::new()))
            }
            Some(b'[') => {
                let mut members = Vec::new();
                filed.each_member(place, &mut |place| {
                    let below = format!("{pointer}/{}", members.len());
                    members.push(self.value(place, &below)?);
                    Ok(())
                })?;
                Ok(Value::Array(members))
            }
            Some(b'{') => {
                let Some(members) = filed.members(place.clone())? else { return self.whole(place, pointer) };
                let mut object = Map::new();
                for member in members {
                    let below = format!("{pointer}/{}", member.name.replace('~', "~0").replace('/', "~1"));
                    if object.contains_key(&member.name) {
                        self.repeated.push(&below);
                    }
                    // Of two members with a name the last counts.
                    self.lists.retain(|(at, _)| *at != below && !at.starts_with(&format!("{below}/")));
                    object.insert(member.name, self.value(member.value, &below)?);
                }
                Ok(Value::Object(object))
            }
            _ => self.whole(place, pointer),
        }
    }

    /// A value that is read as it stands.
    fn whole(&mut self, place: Range<usize>, pointer: &str) -> Result<Value, Problem> {
        let (value, repeated) = self.filed.value(place)?;
        self.repeated.add(pointer, repeated);
        Ok(value)
    }
}
