//! Names that stand twice in an object.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::MOST_PROBLEMS;
use crate::domain::problem::Problem;

/// Names of an object that stand in it twice. Readers of JSON keep the last of the values, and say nothing of the others.
pub(super) fn repeated_keys(line: &str) -> Vec<Problem> {
    let found = RefCell::new(Vec::new());
    let seed = Once { place: String::new(), found: &found };
    // That the line is no JSON is told where it is read.
    let _ = seed.deserialize(&mut serde_json::Deserializer::from_str(line));
    let told = |place: String| Problem::new(place, "", "stands twice in the line; keep one of the two values");
    found.into_inner().into_iter().map(told).collect()
}

/// Looks through a value for names that are repeated.
struct Once<'f> {
    place: String,
    found: &'f RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(Key(key)) = map.next_key()? {
            let place = if self.place.is_empty() { key.clone().into_owned() } else { format!("{}.{key}", self.place) };
            if keys.contains(&key) && self.found.borrow().len() < MOST_PROBLEMS {
                self.found.borrow_mut().push(place.clone());
            }
            keys.insert(key);
            map.next_value_seed(Once { place, found: self.found })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while list.next_element_seed(Once { place: format!("{}[{index}]", self.place), found: self.found })?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A name of an object, without a copy where it stands in the line as it is.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
