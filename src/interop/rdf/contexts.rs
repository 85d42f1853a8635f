//! Contexts of JSON-LD that lie elsewhere: nothing is fetched while a file is read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::guard::{check_json_depth, not_json};
use super::text::Text;
use crate::domain::problem::Problem;

/// Addresses of schema.org's context, which is known without asking.
pub(super) fn is_schema_org_context(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    let rest = rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/');
    matches!(rest, "schema.org" | "schema.org/docs/jsonldcontext.json" | "schema.org/docs/jsonldcontext.jsonld")
}

/// Refuses a document that is not JSON, is nested too deep, or has contexts elsewhere. It is looked through, and nothing of it is held.
pub(super) fn check_contexts(text: Text<'_>, deepest: usize) -> Result<(), Problem> {
    let mut found = None;
    match text {
        Text::Held(text) => {
            check_json_depth(text, deepest)?;
            look_through(serde_json::Deserializer::from_str(text), &mut found)?;
        }
        Text::Filed(filed) => {
            filed.check_json_depth(deepest)?;
            look_through(serde_json::Deserializer::from_reader(filed.reader(0)), &mut found)?;
        }
    }
    found.map_or(Ok(()), |address| Err(remote_context(&address)))
}

fn look_through<'de, R: serde_json::de::Read<'de>>(
    mut document: serde_json::Deserializer<R>,
    found: &mut Option<String>,
) -> Result<(), Problem> {
    Look { is_context: false, found }.deserialize(&mut document).and_then(|()| document.end()).map_err(not_json)
}

fn remote_context(address: &str) -> Problem {
    let remedy = if address.contains("project-open-data.cio.gov") || address.contains("resources.data.gov") {
        "the document is a data.json of DCAT-US; import it with the format DATA_JSON"
    } else {
        "the context lies at another address, and nothing is fetched while a file is read; write the context into the document"
    };
    Problem::new("@context", address, remedy)
}

/// Looks through a value; the first address of a context that lies elsewhere is noted.
struct Look<'f> {
    /// Whether a text here is the address of a context.
    is_context: bool,
    found: &'f mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
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

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if self.is_context && self.found.is_none() && !is_schema_org_context(text) {
            *self.found = Some(text.to_owned());
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_element_seed(Look { is_context: self.is_context, found: &mut *self.found })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(IsContext(is_context)) = members.next_key()? {
            members.next_value_seed(Look { is_context, found: &mut *self.found })?;
        }
        Ok(())
    }
}

/// Whether a member of an object names a context.
struct IsContext(bool);

impl<'de> serde::Deserialize<'de> for IsContext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyLook)
    }
}

struct KeyLook;

impl Visitor<'_> for KeyLook {
    type Value = IsContext;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, key: &str) -> Result<IsContext, E> {
        Ok(IsContext(matches!(key, "@context" | "@import")))
    }
}
