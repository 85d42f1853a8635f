//! What the readers of JSON records have in common: texts, addresses, and what does not fit.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::dcat::authority::Tables;
use super::dcat::{Source, is_web_address, join, official, undetermined};
use super::rdf::{check_json, clean, decode};
use super::repeated::Repeated;
use crate::domain::holding::Distribution;
use crate::domain::methodology::Link;
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MAX_TEXT, MultilingualText, is_hidden, shows_something, without_hidden};

/// Largest document.
const MOST_BYTES: usize = 256 << 20;
/// Deepest nesting.
pub const DEEPEST: usize = 64;
/// Most lines on what does not fit, for one record.
const MOST_UNFIT: usize = 200;
/// Most members of one list of a record that are taken.
pub const MOST_MEMBERS: usize = 1000;
/// What becomes of a member that no field takes.
pub const NO_FIELD: &str = "the registry has no field for this; it stays in the original that is kept";

/// A document of JSON.
#[derive(Debug)]
pub struct Document {
    /// What it says.
    pub value: Value,
    /// What is wrong with its characters.
    pub problems: Vec<Problem>,
    /// Names that stand twice in it.
    pub repeated: Repeated,
}

/// Reads a document as JSON, within the limits.
///
/// # Errors
/// It is too large, nested too deep, or not JSON.
pub fn parse(bytes: &[u8]) -> Result<Document, Problem> {
    if bytes.len() > MOST_BYTES {
        return Err(Problem::new("size", bytes.len(), "the document is larger than 256 MiB; split it into pages"));
    }
    let (text, problems) = decode(bytes)?;
    Ok(Document { value: check_json(&text, DEEPEST)?, problems, repeated: Repeated::of(&text) })
}

/// Takes a document as lines of JSON: the text, where more than one line holds an object by itself, and what is wrong with it.
pub fn lines(bytes: &[u8]) -> Option<(String, Vec<Problem>)> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let (text, problems) = decode(bytes).ok()?;
    is_lines(text.as_bytes()).then(|| (text.into_owned(), problems))
}

/// Whether lines of JSON begin here: the first holds an object by itself, and another one begins on the second.
pub fn is_lines(beginning: &[u8]) -> bool {
    let mut said = beginning.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = said.next().filter(|line| line.starts_with(b"{") && line.ends_with(b"}")).and_then(|line| std::str::from_utf8(line).ok());
    let is_followed = said.next().is_some_and(|line| line.starts_with(b"{"));
    is_followed && first.is_some_and(|first| check_json(first, DEEPEST).is_ok())
}

/// Reads one line of JSON.
///
/// # Errors
/// It is nested too deep, or not JSON.
pub fn parse_line(line: &str) -> Result<Value, Problem> {
    check_json(line, DEEPEST)
}

/// Of the name of an area that no place bears.
pub const UNKNOWN_PLACE: &str = "is not a name in the list of places; it was kept as a note on the area: choose the place";
/// Of the name of an area beside a code.
pub const ANOTHER_PLACE: &str =
    "is not the name of the place whose code stands beside it; it was kept as a note on the area: choose the place that the data are on";

/// A record being read: its language, and what did not fit.
pub struct Unfolding<'a> {
    /// Places, themes and languages.
    pub tables: &'a Tables<'a>,
    /// Language of texts without a tag.
    pub untagged: LanguageTag,
    /// Lines on what does not fit.
    pub unfit: Vec<Problem>,
    met_untagged: bool,
    left: usize,
}

impl<'a> Unfolding<'a> {
    /// Prepares the reading of a record that declares these languages, and so many others that are not known: then it is in several.
    pub fn new(tables: &'a Tables<'a>, source: &Source<'_>, declared: &[LanguageTag], unknown: usize) -> Self {
        let own = match (declared, unknown) {
            ([one], 0) => Some(one.clone()),
            _ => None,
        };
        let untagged = own.or_else(|| source.language.cloned()).unwrap_or_else(undetermined);
        Self { tables, untagged, unfit: Vec::new(), met_untagged: false, left: 0 }
    }

    /// Notes what does not fit. A person is not named.
    pub fn note(&mut self, path: &str, value: &Value, remedy: &str) {
        if self.unfit.len() < MOST_UNFIT {
            let line = if holds_a_person(value) {
                Problem::new(path, "", format!("tells of a person, who is not named here: {remedy}"))
            } else {
                Problem::new(path, shown(value), remedy)
            };
            self.unfit.push(line);
        } else {
            self.left += 1;
        }
    }

    /// Names the members that no field takes.
    pub fn name_the_rest(&mut self, path: &str, members: &Map<String, Value>, taken: &[&str]) {
        for (key, value) in members {
            if let Some(more) = value.as_array().and_then(|list| list.len().checked_sub(MOST_MEMBERS)).filter(|more| *more > 0) {
                let remedy = format!("so many members stand behind the first {MOST_MEMBERS}, and were left out");
                self.note(key, &Value::from(more), &remedy);
            }
            if !taken.contains(&key.as_str()) && !matches!(key.as_str(), "@type" | "@context") && !is_nothing(value) {
                let path = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
                self.note(&path, value, NO_FIELD);
            }
        }
    }

    /// The lines, with those that are too many counted and texts without a language named.
    pub fn finish(mut self) -> Vec<Problem> {
        if self.met_untagged && self.untagged == undetermined() {
            let remedy = "texts carry no language and the record declares none that is known, or several; they are kept as `und`: say which language they are in";
            self.unfit.push(Problem::new("language", "", remedy));
        }
        if self.left > 0 {
            self.unfit.push(Problem::new("", self.left, "so many more members have no field; they stay in the original that is kept"));
        }
        self.unfit
    }

    /// A text in its languages: words, a number, words with a language, or several of them. A second text in a language is named.
    pub fn text(&mut self, path: &str, value: &Value) -> MultilingualText {
        let mut text = MultilingualText::default();
        // What stands in a language itself comes before what stands in a kind of it.
        let (plain, odd): (Vec<&Value>, Vec<&Value>) = each(value).iter().partition(|part| odd_tag(part).is_none());
        for part in plain.into_iter().chain(odd) {
            let Some((tag, words)) = self.wording(path, part) else { continue };
            let odd = odd_tag(part).map(Value::from);
            for (tag, wording) in official(tag, words).0 {
                let own = tag.as_str().to_owned();
                match (text.0.get(&tag), &odd) {
                    (None, odd) => {
                        text.0.insert(tag, wording);
                        if let Some(odd) = odd {
                            let remedy =
                                format!("is a language tag that says more than the registry's do; the words were taken as `{own}`");
                            self.note(path, odd, &remedy);
                        }
                    }
                    (Some(there), _) if *there == wording => {}
                    (Some(_), Some(_)) => {
                        let remedy = format!(
                            "has a language tag that says more than the registry's do; there are words in `{own}`, which were taken"
                        );
                        self.note(path, part, &remedy);
                    }
                    (Some(_), None) => self.note(path, part, "is a second text in the same language; the first was taken: join them"),
                }
            }
        }
        text
    }

    /// Each member of a list as a text of its own.
    pub fn texts(&mut self, path: &str, value: &Value) -> Vec<MultilingualText> {
        each(value).iter().map(|part| self.text(path, part)).filter(|text| !text.is_empty()).collect()
    }

    fn wording(&mut self, path: &str, value: &Value) -> Option<(LanguageTag, String)> {
        let (words, language) = match value {
            Value::Object(members) => (members.get("@value").or_else(|| members.get("name")).and_then(scalar), members.get("@language")),
            Value::Number(number) => {
                self.note(path, value, "is a number where words are expected; it was taken as words");
                (Some(number.to_string()), None)
            }
            other => (scalar(other), None),
        };
        let Some(words) = words else {
            if !is_nothing(value) {
                self.note(path, value, "is not a text; write the words");
            }
            return None;
        };
        let (words, was_cleaned) = clean(words.trim());
        if was_cleaned {
            self.note(path, value, "held characters that nobody sees or that turn the text; they were taken out");
        }
        if !shows_something(&words) {
            return None;
        }
        if words.chars().count() > MAX_TEXT {
            self.note(path, value, "is longer than 20000 characters; shorten it or link to a document");
            return None;
        }
        let tag = match language.and_then(Value::as_str).map(LanguageTag::parse) {
            Some(Ok(tag)) => tag,
            Some(Err(remedy)) => match language.and_then(Value::as_str).and_then(language_of) {
                Some(tag) => tag,
                None => {
                    self.note(path, value, &remedy);
                    undetermined()
                }
            },
            None => {
                self.met_untagged = true;
                self.untagged.clone()
            }
        };
        Some((tag, words))
    }

    /// Adds texts to a text, and names those that do not fit there.
    pub fn add(&mut self, path: &str, text: &mut MultilingualText, other: MultilingualText) {
        for left in join(text, other) {
            self.note(path, &Value::from(left), "does not fit behind the other texts of the field; shorten them");
        }
    }

    /// Links to the addresses on the web of a member; others are named.
    pub fn links(&mut self, path: &str, value: &Value, links: &mut Vec<Link>) {
        for part in each(value) {
            match address(part).filter(|address| is_web_address(address)) {
                Some(url) if links.iter().any(|link| link.url == url) => {}
                Some(url) => {
                    let title = part.as_object().and_then(|members| members.get("name")).cloned().unwrap_or_default();
                    let title = self.text(path, &title);
                    links.push(Link { title, url });
                }
                None if is_nothing(part) => {}
                None => self.note(path, part, "is not an address on the web; give a full one that starts with https://"),
            }
        }
    }

    /// A file, where it has an address; the addresses come the best first.
    pub fn file(&mut self, path: &str, addresses: [Option<&Value>; 2], mut file: Distribution) -> Option<Distribution> {
        for given in addresses.into_iter().flatten().filter(|value| !is_nothing(value)) {
            match address(given).filter(|address| is_web_address(address)) {
                Some(url) if file.url.is_empty() => file.url = url,
                Some(url) if file.url == url => {}
                Some(_) => self.note(path, given, "is a second address of the file; the first was taken"),
                None => self.note(path, given, "is not an address on the web; give a full one that starts with https://"),
            }
        }
        if file.url.is_empty() {
            let name = file.title.iter().next().map(|(_, wording)| wording.text.clone()).or(file.format).or(file.media_type);
            self.note(path, &name.map_or(Value::Null, Value::from), "has no address, so it cannot be reached; add its address");
            return None;
        }
        Some(file)
    }
}

/// The language that a tag stands for: itself, or of one that goes on with variants, extensions and the like (`fr-t-en`, `de-1996`) its beginning.
pub fn language_of(tag: &str) -> Option<LanguageTag> {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let own = LanguageTag::parse(tag).ok();
    own.or_else(|| {
        let mut ends = tag.rmatch_indices('-').map(|(at, _)| at).filter(|_| tag.split('-').all(is_part));
        ends.find_map(|at| LanguageTag::parse(tag.get(..at)?).ok())
    })
}

/// The tag of words, where only its beginning is one of the registry's.
fn odd_tag(part: &Value) -> Option<&str> {
    let tag = part.as_object()?.get("@language")?.as_str()?;
    (LanguageTag::parse(tag).is_err() && language_of(tag).is_some()).then_some(tag)
}

/// A list's members, or the value by itself; of a list longer than any of a record, its beginning.
pub fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(members) => members.get(..MOST_MEMBERS).unwrap_or(members),
        // A list in order, as JSON-LD writes it.
        Value::Object(members) if members.len() == 1 && members.get("@list").is_some_and(Value::is_array) => {
            members.get("@list").map(each).unwrap_or_default()
        }
        Value::Null => &[],
        other => std::slice::from_ref(other),
    }
}

/// A record without the characters that nobody sees, and a line for each of its texts that held some. Readers take the record so, for texts
/// that no language has, such as formats, are not looked at otherwise.
pub fn visible(record: &Value) -> (Cow<'_, Value>, Vec<Problem>) {
    if !has_hidden(record) {
        return (Cow::Borrowed(record), Vec::new());
    }
    let mut places = Vec::new();
    hidden_in(record, "", &mut places);
    let mut seen = record.clone();
    take_hidden_out(&mut seen);
    let told = places.into_iter().map(|(place, first)| {
        let remedy = format!("held invisible characters such as U+{:04X}, which were taken out; check the text", first as u32);
        Problem::new(place, "", remedy)
    });
    (Cow::Owned(seen), told.collect())
}

fn has_hidden(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().any(is_hidden),
        Value::Array(list) => list.iter().any(has_hidden),
        Value::Object(members) => members.values().any(has_hidden),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn hidden_in(value: &Value, place: &str, found: &mut Vec<(String, char)>) {
    match value {
        Value::String(text) if found.len() < MOST_UNFIT => {
            found.extend(text.chars().find(|c| is_hidden(*c)).map(|c| (place.to_owned(), c)));
        }
        Value::Array(list) => list.iter().enumerate().for_each(|(index, member)| hidden_in(member, &format!("{place}[{index}]"), found)),
        Value::Object(members) => members.iter().for_each(|(key, member)| {
            let path = if place.is_empty() { key.clone() } else { format!("{place}/{key}") };
            hidden_in(member, &path, found);
        }),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn take_hidden_out(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_hidden(text),
        Value::Array(list) => list.iter_mut().for_each(take_hidden_out),
        Value::Object(members) => members.values_mut().for_each(take_hidden_out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text, number or flag as text, without characters that nobody sees: also where it stood as JSON inside of a text. Nothing where it
/// shows nothing.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            let text = if text.chars().any(is_hidden) { without_hidden(text).trim().to_owned() } else { text.to_owned() };
            Some(text).filter(|text| shows_something(text))
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// An address: by itself, or of a thing.
pub fn address(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => ["@id", "url", "contentUrl", "identifier"].iter().find_map(|key| members.get(*key).and_then(scalar)),
        other => scalar(other),
    }
}

/// Whether nothing is said.
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(members) => members.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Whether something in a value says of itself that it is a person.
fn holds_a_person(value: &Value) -> bool {
    let is_person = |class: &Value| {
        let name = class.as_str().and_then(|name| name.rsplit([':', '/', '#']).next());
        name.is_some_and(|name| name.eq_ignore_ascii_case("person"))
    };
    match value {
        Value::Array(list) => list.iter().any(holds_a_person),
        Value::Object(members) => {
            let classes = ["@type", "type"].iter().filter_map(|key| members.get(*key));
            classes.flat_map(each).any(is_person) || members.values().any(holds_a_person)
        }
        _ => false,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
