//! How a given value is written as JSON, and how its faults are noted on the way.

use juniper::Nullable;
use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::text::check_characters;
use crate::domain::vocabulary::Vocabulary;
use crate::graphql::scalars::{LanguageTag, PartialDate};

/// A value that can be given as part of a record.
pub(super) trait Part {
    /// The value in the record format. `path` is its place in the record, such as `coverage.period`.
    fn write(&self, path: &str, problems: &mut Vec<Problem>) -> Value;
}

/// A field of an input object: a [`Part`] that may have been left out.
pub(super) trait Slot {
    /// What goes into the record; none where nothing does, null where the field of the record is cleared.
    fn entry(&self, path: &str, problems: &mut Vec<Problem>) -> Option<Value>;
}

/// Writes a field of an input object under its name in the record format.
pub(super) fn put(object: &mut Map<String, Value>, field: &str, slot: &impl Slot, path: &str, problems: &mut Vec<Problem>) {
    let key = camel_case(field);
    let path = inside(path, &key);
    if let Some(value) = slot.entry(&path, problems) {
        object.insert(key, value);
    }
}

/// The path of a field of the object that stands at `path`.
pub(super) fn inside(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn camel_case(field: &str) -> String {
    let mut words = field.trim_start_matches("r#").split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

/// Whether a value documents nothing. No such value stands in a record.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

impl<T: Part> Slot for Option<T> {
    fn entry(&self, path: &str, problems: &mut Vec<Problem>) -> Option<Value> {
        self.as_ref().map(|part| part.write(path, problems)).filter(|value| !says_nothing(value))
    }
}

impl<T: Part> Slot for Nullable<T> {
    fn entry(&self, path: &str, problems: &mut Vec<Problem>) -> Option<Value> {
        match self {
            Self::ImplicitNull => None,
            Self::ExplicitNull => Some(Value::Null),
            Self::Some(part) => {
                let value = part.write(path, problems);
                Some(if says_nothing(&value) { Value::Null } else { value })
            }
        }
    }
}

impl Part for String {
    fn write(&self, path: &str, problems: &mut Vec<Problem>) -> Value {
        if let Err(remedy) = check_characters(self) {
            problems.push(Problem::new(path, "", remedy));
        }
        Value::String(self.clone())
    }
}

impl Part for i32 {
    fn write(&self, _path: &str, _problems: &mut Vec<Problem>) -> Value {
        Value::from(*self)
    }
}

impl Part for bool {
    fn write(&self, _path: &str, _problems: &mut Vec<Problem>) -> Value {
        Value::from(*self)
    }
}

impl Part for PartialDate {
    fn write(&self, _path: &str, _problems: &mut Vec<Problem>) -> Value {
        Value::String(self.0.to_string())
    }
}

impl Part for LanguageTag {
    fn write(&self, _path: &str, _problems: &mut Vec<Problem>) -> Value {
        Value::from(self.0.as_str())
    }
}

impl<T: Vocabulary> Part for T {
    fn write(&self, _path: &str, _problems: &mut Vec<Problem>) -> Value {
        Value::from(self.code())
    }
}

impl<T: Part> Part for Vec<T> {
    fn write(&self, path: &str, problems: &mut Vec<Problem>) -> Value {
        let members = self.iter().enumerate().map(|(index, part)| part.write(&format!("{path}[{index}]"), problems));
        Value::Array(members.filter(|value| !says_nothing(value)).collect())
    }
}

/// Writes an input object once: the GraphQL type with its descriptions, and how it is written into a record.
/// The name of a field in the record format is its name in GraphQL.
macro_rules! input_object {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $($(#[doc = $field_doc:literal])+ pub $field:ident: $type:ty,)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default, PartialEq, Eq, juniper::GraphQLInputObject)]
        pub struct $name {
            $($(#[doc = $field_doc])+ pub $field: $type,)+
        }

        impl $name {
            fn object(
                &self,
                path: &str,
                problems: &mut Vec<$crate::domain::problem::Problem>,
            ) -> serde_json::Map<String, serde_json::Value> {
                let mut object = serde_json::Map::new();
                $($crate::graphql::input::part::put(&mut object, stringify!($field), &self.$field, path, problems);)+
                object
            }
        }

        impl $crate::graphql::input::part::Part for $name {
            fn write(&self, path: &str, problems: &mut Vec<$crate::domain::problem::Problem>) -> serde_json::Value {
                serde_json::Value::Object(self.object(path, problems))
            }
        }
    };
}
pub(super) use input_object;
