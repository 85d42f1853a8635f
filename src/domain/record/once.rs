//! Names that stand twice in an object.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::MOST_PROBLEMS;
use crate::domain::problem::Problem;

/// Most names of one text that are told.
const MOST_REPEATED: usize = 1_000;

/// What is said of the names of an object that stand in it twice.
pub(super) fn repeated_keys(line: &str) -> Vec<Problem> {
    let told = |place: String| Problem::new(place, "", "stands twice in the line; keep one of the two values");
    repeated_names(line).into_iter().take(MOST_PROBLEMS).map(told).collect()
}

/// Places of the names of objects that stand there twice. Readers of JSON keep the last of the values, and say nothing of the others.
pub fn repeated_names(text: &str) -> Vec<String> {
    let found = RefCell::new(Vec::new());
    let seed = Once { place: Place::Whole, found: &found };
    // That the text is no JSON is told where it is read.
    let _ = seed.deserialize(&mut serde_json::Deserializer::from_str(text));
    found.into_inner()
}

/// Where a value stands. It is written out only where something is to be told.
#[derive(Clone, Copy)]
enum Place<'p> {
    Whole,
    Member(&'p Place<'p>, &'p str),
    Element(&'p Place<'p>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name may be as long as the text.
        match self {
            Self::Whole => Ok(()),
            Self::Member(Self::Whole, name) => write!(f, "{name:.100}"),
            Self::Member(around, name) => write!(f, "{around}.{name:.100}"),
            Self::Element(around, index) => write!(f, "{around}[{index}]"),
        }
    }
}

/// Looks through a value for names that are repeated.
struct Once<'p, 'f> {
    place: Place<'p>,
    found: &'f RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Once<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(Key(key)) = map.next_key()? {
            let place = Place::Member(&self.place, &key);
            if keys.contains(&key) && self.found.borrow().len() < MOST_REPEATED {
                self.found.borrow_mut().push(place.to_string());
            }
            map.next_value_seed(Once { place, found: self.found })?;
            keys.insert(key);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while list.next_element_seed(Once { place: Place::Element(&self.place, index), found: self.found })?.is_some() {
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
