//! JSON-LD. Of a document in a file the long lists are read some members at a time, each time with the context of the document.

use std::collections::HashSet;
use std::ops::Range;

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::Triple;
use serde_json::Value;

use super::contexts::{check_contexts, is_schema_org_context};
use super::gather::Gathering;
use super::names;
use super::parse::{Limits, NOWHERE, too_many, wrong_address};
use super::text::Text;
use crate::domain::problem::Problem;
use crate::interop::filed::{Filed, Member};

/// Bytes of members that are read together, each with the context anew.
const TOGETHER: usize = 64 << 10;
/// The name of the thing that a document speaks of without naming it, so that what is read of it apart stays together.
const UNNAMED: &str = "_:the-thing-that-the-document-is-on";

/// Reads a document.
pub(super) fn read(text: Text<'_>, address: Option<&str>, limits: &Limits) -> Result<Gathering, Problem> {
    check_contexts(text, limits.depth)?;
    let mut triples = Gathering::new(limits.held);
    match text {
        Text::Held(text) => gather(text, address, limits, &mut triples)?,
        Text::Filed(filed) => each_part(filed, &mut |part| gather(part, address, limits, &mut triples))?,
    }
    Ok(triples)
}

fn gather(text: &str, address: Option<&str>, limits: &Limits, triples: &mut Gathering) -> Result<(), Problem> {
    let parser = JsonLdParser::new().lenient().with_base_iri(address.unwrap_or(NOWHERE)).map_err(wrong_address)?;
    let statements = parser.for_slice(text).with_load_document_callback(|address, _| {
        if !is_schema_org_context(address) {
            return Err(format!("the context {address} is not fetched").into());
        }
        let document = format!(r#"{{"@context":{{"@vocab":"{}"}}}}"#, names::SCHEMA).into_bytes();
        Ok(JsonLdRemoteDocument { document, document_url: address.to_owned() })
    });
    for result in statements {
        let quad = result.map_err(|error| Problem::new("", error, "the document is not JSON-LD; correct it, or export Turtle"))?;
        triples.add(Triple::new(quad.subject, quad.predicate, quad.object))?;
        if triples.len() > limits.triples {
            return Err(too_many(limits));
        }
    }
    Ok(())
}

/// Hands over documents that together say what the one in a file says.
fn each_part(filed: Filed<'_>, take: &mut dyn FnMut(&str) -> Result<(), Problem>) -> Result<(), Problem> {
    let root = filed.root()?;
    let first = filed.bytes(root.start, 1)?;
    if filed.is_long(&root) && first == b"[" {
        return some_at_a_time(filed, root, &mut |members| take(&format!("[{members}]")));
    }
    if filed.is_long(&root)
        && let Some(members) = filed.members(root.clone())?
        && let Some(object) = Object::of(filed, members)?
    {
        return object.each_part(take);
    }
    take(&filed.text(root)?)
}

/// Hands over the members of a list as they stand, some at a time.
fn some_at_a_time(filed: Filed<'_>, list: Range<usize>, take: &mut dyn FnMut(&str) -> Result<(), Problem>) -> Result<(), Problem> {
    let mut together: Option<Range<usize>> = None;
    filed.each_member(list, &mut |member| {
        let begun = together.take().unwrap_or(member.start..member.start);
        let all = begun.start..member.end;
        // What stands between two members is a comma.
        together = if all.len() < TOGETHER && !filed.is_long(&all) { Some(all) } else { take(&filed.text(all)?).map(|()| None)? };
        Ok(())
    })?;
    together.map_or(Ok(()), |rest| take(&filed.text(rest)?))
}

/// An object that a document is, with lists that are read some members at a time.
struct Object<'f> {
    filed: Filed<'f>,
    /// The other members.
    short: Vec<Member>,
    long: Vec<Member>,
    keywords: Keywords,
    /// The context, as it stands.
    context: String,
}

impl<'f> Object<'f> {
    /// None where the members cannot be read apart.
    fn of(filed: Filed<'f>, members: Vec<Member>) -> Result<Option<Self>, Problem> {
        let mut met = HashSet::new();
        if !members.iter().all(|member| met.insert(member.name.as_str())) {
            return Ok(None);
        }
        let context = members.iter().find(|member| member.name == "@context").map(|member| filed.text(member.value.clone())).transpose()?;
        let context = context.unwrap_or_else(|| "{}".to_owned());
        let keywords = Keywords::of(&serde_json::from_str(&context).map_err(super::not_json)?);
        let is_list = |member: &Member| member.first == b'[' && filed.is_long(&member.value);
        let (long, short): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|member| is_list(member) && keywords.may_be_divided(&member.name));
        Ok((!long.is_empty()).then_some(Self { filed, short, long, keywords, context }))
    }

    fn each_part(&self, take: &mut dyn FnMut(&str) -> Result<(), Problem>) -> Result<(), Problem> {
        let context = format!("\"@context\":{}", self.context);
        let mut thing = context.clone();
        let mut all = context.clone();
        let is_named = self.short.iter().any(|member| self.keywords.is("@id", &member.name));
        if !is_named && self.long.iter().any(|member| !self.keywords.is("@graph", &member.name)) {
            let name = format!(",\"@id\":\"{UNNAMED}\"");
            thing.push_str(&name);
            all.push_str(&name);
        }
        for member in self.short.iter().filter(|member| member.name != "@context") {
            let text = format!(",{}:{}", Value::from(member.name.as_str()), self.filed.text(member.value.clone())?);
            if ["@id", "@type"].iter().any(|keyword| self.keywords.is(keyword, &member.name)) {
                thing.push_str(&text);
            }
            all.push_str(&text);
        }
        take(&format!("{{{all}}}"))?;
        for member in &self.long {
            let before = if self.keywords.is("@graph", &member.name) { &context } else { &thing };
            let name = Value::from(member.name.as_str());
            some_at_a_time(self.filed, member.value.clone(), &mut |members| take(&format!("{{{before},{name}:[{members}]}}")))?;
        }
        Ok(())
    }
}

/// What names of members mean in a context, as far as it matters here.
#[derive(Default)]
struct Keywords {
    /// Names with the keyword that they stand for.
    named: Vec<(String, String)>,
    /// Names of members whose lists mean something as a whole.
    whole: HashSet<String>,
}

impl Keywords {
    fn of(context: &Value) -> Self {
        let mut keywords = Self::default();
        let one = std::slice::from_ref(context);
        for (name, definition) in context.as_array().map_or(one, Vec::as_slice).iter().filter_map(Value::as_object).flatten() {
            keywords.named.retain(|(there, _)| there != name);
            keywords.whole.remove(name);
            let is_for = definition.as_str().or_else(|| definition.get("@id").and_then(Value::as_str));
            keywords.named.extend(is_for.filter(|is_for| is_for.starts_with('@')).map(|is_for| (name.clone(), is_for.to_owned())));
            let is_in_order =
                |kind: &Value| kind == "@list" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "@list"));
            if definition.get("@container").is_some_and(is_in_order) || definition.get("@type").is_some_and(|kind| kind == "@json") {
                keywords.whole.insert(name.clone());
            }
        }
        keywords
    }

    /// Whether a name is a keyword, or stands for it.
    fn is(&self, keyword: &str, name: &str) -> bool {
        name == keyword || self.named.iter().any(|(there, is_for)| there == name && is_for == keyword)
    }

    /// Whether some members of its list say with the others what all of them say together.
    fn may_be_divided(&self, name: &str) -> bool {
        let is_keyword = name.starts_with('@') || self.named.iter().any(|(there, _)| there == name);
        let is_of_things = ["@graph", "@included"].iter().any(|keyword| self.is(keyword, name));
        (is_of_things || !is_keyword) && !self.whole.contains(name)
    }
}
