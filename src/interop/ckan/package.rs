//! One package: which member becomes which field, and which became none.

use serde_json::{Map, Value, json};

use super::values::{Members, codes, listed, worded, words};
use super::{cover, people, relationships, resource, terms};
use crate::domain::concept::Concepts;
use crate::domain::draft::DatasetDraft;
use crate::domain::ids::Slug;
use crate::domain::methodology::Link;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::domain::vocabulary::{RecordKind, Visibility, Vocabulary};
use crate::interop::dcat::authority::Tables;
use crate::interop::dcat::{Source, is_web_address, undetermined};
use crate::interop::exchange::{Found, Origin};
use crate::interop::json::{MOST_MEMBERS, NO_FIELD, Unfolding, address, is_nothing, scalar};
use crate::interop::when::date;

/// Members that serve the portal and say nothing of the dataset.
const OF_THE_PORTAL: &[&str] = &[
    "approval_status",
    "archived",
    "batch",
    "creator_user_id",
    "dataset_preview",
    "due_date",
    "has_geodata",
    "has_quickcharts",
    "has_showcases",
    "is_fresh",
    "isopen",
    "last_modified",
    "license_id",
    "metadata_created",
    "num_resources",
    "num_tags",
    "overdue_date",
    "owner_org",
    "package_creator",
    "pageviews_last_14_days",
    "qa_completed",
    "review_date",
    "revision_id",
    "revision_timestamp",
    "solr_additions",
    "state",
    "total_res_downloads",
    "tracking_summary",
    "type",
    "update_status",
    "updated_by_script",
    "x_resource_grouping",
];

/// A package being read.
pub(super) struct Reader<'a> {
    /// Language and what does not fit.
    pub unfolding: Unfolding<'a>,
    /// Members that are not yet read.
    pub members: Members,
    /// The lists of the registry.
    pub concepts: &'a Concepts,
    /// What was read.
    pub draft: DatasetDraft,
    /// Where it came from.
    pub origin: Origin,
    /// Whether a registry like this one wrote it.
    pub is_own: bool,
    /// Names of members that serve the portal.
    pub kept: Vec<String>,
}

/// Reads a package.
pub(super) fn read<'a>(package: &Map<String, Value>, source: &Source<'a>, tables: &'a Tables<'a>) -> Found {
    let mut members = Members::of(package);
    let path = members.path("language");
    let (mut languages, mut wrong) = (Vec::new(), Vec::new());
    for code in codes(members.take("language")) {
        match tables.language(&code) {
            Some(tag) if !languages.contains(&tag) => languages.push(tag),
            Some(_) => {}
            None => wrong.push(code),
        }
    }
    let mut unfolding = Unfolding::new(tables, source, &languages, wrong.len());
    wrong.into_iter().for_each(|code| unfolding.note(&path, &json!(code), "is not a language that is known; use a code such as `fr`"));
    let draft = DatasetDraft { languages, ..DatasetDraft::default() };
    let is_own = scalar(members.peek("record_kind")).is_some_and(|code| RecordKind::parse(&code).is_some())
        && scalar(members.peek("identifier")).is_some_and(|text| text.starts_with("urn:uuid:"));
    let concepts = source.concepts;
    let mut reader = Reader { unfolding, members, concepts, draft, origin: Origin::default(), is_own, kept: Vec::new() };
    reader.identify(source.address);
    reader.describe();
    people::read(&mut reader);
    cover::read(&mut reader);
    terms::read(&mut reader);
    resource::read(&mut reader);
    reader.finish()
}

impl Reader<'_> {
    /// Notes a value that has no counterpart here.
    pub fn note(&mut self, path: &str, value: &Value, remedy: &str) {
        self.unfolding.note(path, value, remedy);
    }

    /// A member as a text in its languages.
    pub fn text(&mut self, key: &str) -> MultilingualText {
        let path = self.members.path(key);
        let value = worded(self.members.take(key));
        self.unfolding.text(&path, &value)
    }

    /// A value as a text in its languages.
    pub fn words(&mut self, path: &str, value: &Value) -> MultilingualText {
        self.unfolding.text(path, &worded(value.clone()))
    }

    /// A member as one short text.
    pub fn scalar(&mut self, key: &str) -> Option<String> {
        scalar(&self.members.take(key))
    }

    /// A member as a list, as far as one of a record goes.
    pub fn list(&mut self, key: &str, of: fn(Value) -> Vec<Value>) -> Vec<Value> {
        let mut list = of(self.members.take(key));
        if let Some(more) = list.len().checked_sub(MOST_MEMBERS).filter(|more| *more > 0) {
            let remedy = format!("so many members stand behind the first {MOST_MEMBERS}, and were left out");
            self.note(key, &json!(more), &remedy);
            list.truncate(MOST_MEMBERS);
        }
        list
    }

    fn identify(&mut self, asked: Option<&str>) {
        let (id, name) = (self.scalar("id"), self.scalar("name"));
        let given = self.scalar("identifier");
        if self.is_own {
            self.draft.record_kind = self.scalar("record_kind").and_then(|code| RecordKind::parse(&code));
            self.draft.slug = name.as_deref().and_then(|name| Slug::parse(name).ok());
            self.draft.identifier = given.clone();
            self.origin.identifier = given;
        } else {
            self.origin.identifier = id.or_else(|| given.clone()).or_else(|| name.clone());
            if let Some(other) = given.filter(|given| self.origin.identifier.as_ref() != Some(given)) {
                let path = self.members.path("identifier");
                self.note(&path, &json!(other), "is a second identifier; the one of the portal was taken");
            }
        }
        let modified = self.scalar("metadata_modified").or_else(|| self.scalar("modified")).or_else(|| self.scalar("dcat_modified"));
        self.origin.modified = modified.clone().filter(|text| date(text).is_some());
        if let (Some(text), None) = (modified, &self.origin.modified) {
            self.note("metadata_modified", &json!(text), "is not a date; the day of the last change stays unknown");
        }
        if let Some(kind) = scalar(self.members.peek("type")).filter(|kind| kind != "dataset") {
            self.members.take("type");
            self.note("type", &json!(kind), "is the kind of the package at the portal; choose the kind of the record");
        }
        self.origin.is_deleted = scalar(self.members.peek("state")).is_some_and(|state| state == "deleted");
        self.pages(asked, name.as_deref());
        if self.scalar("private").is_some_and(|said| said.eq_ignore_ascii_case("true")) {
            self.draft.visibility = Some(Visibility::Coordinator);
            let remedy =
                "the portal shows it only to members of the organization; it was kept from the public here too: say who may see it";
            self.note("private", &Value::Bool(true), remedy);
        }
    }

    /// The page of the package at the portal, and the page about the data.
    fn pages(&mut self, asked: Option<&str>, name: Option<&str>) {
        let (url, uri) = (self.scalar("url"), self.scalar("uri"));
        let page = url.clone().filter(|url| is_web_address(url));
        if self.is_own {
            self.origin.address = page.or(uri);
            return;
        }
        // Where the action API answered, the page of the package is beside it.
        let is_name = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let portal = asked.and_then(|address| address.split_once("/api/")).map(|(portal, _)| portal);
        let beside = portal.zip(name.filter(is_name)).map(|(portal, name)| format!("{portal}/dataset/{name}"));
        self.origin.address = beside.or_else(|| uri.clone().filter(|uri| is_web_address(uri))).or_else(|| page.clone());
        if let Some(uri) = uri.filter(|uri| self.origin.address.as_ref() != Some(uri)) {
            let path = self.members.path("uri");
            self.note(&path, &json!(uri), "is a second identifier; the one of the portal was taken");
        }
        match (page, url) {
            (Some(url), _) => self.draft.links.push(Link { title: MultilingualText::default(), url }),
            (None, Some(url)) => self.note("url", &json!(url), "is not an address on the web; give a full one that starts with https://"),
            (None, None) => {}
        }
        relationships::read(self, portal);
        for key in [
            "landing_page",
            "documentation",
            "is_referenced_by",
            "related_resource",
            "source",
            "qualified_relation",
            "relations",
            "see_alsos",
        ] {
            let path = self.members.path(key);
            for value in self.list(key, listed) {
                self.link(&path, &value);
            }
        }
    }

    fn link(&mut self, path: &str, value: &Value) {
        let inner =
            value.as_object().and_then(|members| members.get("relation").or_else(|| members.get("uri")).or_else(|| members.get("url")));
        let target = inner.unwrap_or(value);
        let title = value.get("label").or_else(|| value.get("title")).cloned().unwrap_or_default();
        match address(target).filter(|address| is_web_address(address)) {
            Some(url) if self.draft.links.iter().any(|link| link.url == url) => {}
            Some(url) => {
                let title = self.words(path, &title);
                self.draft.links.push(Link { title, url });
            }
            None => self.note(path, value, "is not an address on the web; give a full one that starts with https://"),
        }
        for (key, more) in value.as_object().into_iter().flatten() {
            if !matches!(key.as_str(), "relation" | "uri" | "url" | "label" | "title") && !is_nothing(more) {
                self.note(&format!("{path}/{key}"), more, NO_FIELD);
            }
        }
    }

    fn describe(&mut self) {
        self.draft.titles = self.joined("title_translated", &["title"]);
        self.draft.abstract_text = self.joined("notes_translated", &["notes", "description_translated", "description"]);
        let mut known: Vec<&LanguageTag> = self.draft.titles.0.keys().collect();
        known.retain(|tag| **tag != undetermined());
        self.draft.main_language = match known.as_slice() {
            [one] if self.draft.titles.0.len() == 1 => Some((*one).clone()),
            _ => None,
        };
        for key in ["tags", "tags_translated", "keywords", "keywords_translated", "keyword", "tag_string"] {
            let path = self.members.path(key);
            for word in self.list(key, words) {
                let name = word.get("display_name").filter(|name| !is_nothing(name)).or_else(|| word.get("name")).unwrap_or(&word);
                let keyword = self.words(&path, name);
                if !keyword.is_empty() && !self.draft.keywords.contains(&keyword) {
                    self.draft.keywords.push(keyword);
                }
            }
        }
        self.themes();
        for key in ["applicable_legislation"] {
            let path = self.members.path(key);
            for value in self.list(key, listed) {
                let text = self.words(&path, &value);
                self.unfolding.add(&path, &mut self.draft.legal_mandate, text);
            }
        }
        let provenance = self.members.take("provenance");
        if !is_nothing(&provenance) {
            let path = self.members.path("provenance");
            self.note(
                &path,
                &provenance,
                "belongs to the methodology, which needs the type of source first; choose it and put the text there",
            );
        }
    }

    /// A text with its translations. The plain text is one of them as a rule; where it is none, it is a wording of its own.
    fn joined(&mut self, translated: &str, plain: &[&str]) -> MultilingualText {
        let mut text = self.text(translated);
        for key in plain {
            let value = self.members.peek(key);
            let same = scalar(value).is_some_and(|words| text.iter().any(|(_, wording)| wording.text == words));
            if same {
                self.members.take(key);
                continue;
            }
            let path = self.members.path(key);
            for (tag, wording) in self.text(key).0 {
                match text.0.get(&tag) {
                    None => {
                        text.0.insert(tag, wording);
                    }
                    Some(there) if there.text == wording.text => {}
                    Some(_) => {
                        self.note(&path, &json!(wording.text), "is a second text in the same language; the first was taken: join them")
                    }
                }
            }
        }
        text
    }

    fn themes(&mut self) {
        for key in ["theme", "themes"] {
            let path = self.members.path(key);
            for value in self.list(key, listed) {
                let whole = scalar(&value).unwrap_or_default();
                match parts(&whole, &|name| self.unfolding.tables.theme(name)) {
                    Some(codes) => codes.into_iter().for_each(|code| push(&mut self.draft.themes, code)),
                    None => self.note(&path, &value, "is not a theme of the registry; choose one of THEMES"),
                }
            }
        }
    }

    /// Whatever no field took is named.
    fn finish(mut self) -> Found {
        for (key, value) in std::mem::take(&mut self.members.second) {
            self.note_rest(&format!("extras/{key}"), &value, "is a second value for a member that the package has; the first was taken");
        }
        for (path, value) in self.members.rest() {
            if OF_THE_PORTAL.contains(&path.as_str()) {
                self.keep(path);
            } else {
                self.note_rest(&path, &value, NO_FIELD);
            }
        }
        if !self.kept.is_empty() {
            let remedy = format!(
                "members that serve the portal, or repeat what was taken, stay in the original that is kept: {}",
                self.kept.join(", ")
            );
            self.note("", &Value::Null, &remedy);
        }
        Found { draft: self.draft, origin: self.origin, unfit: self.unfolding.finish(), ..Found::default() }
    }

    /// Names a member among those that serve the portal.
    pub fn keep(&mut self, path: String) {
        if !self.kept.contains(&path) {
            self.kept.push(path);
        }
    }

    /// Notes a value that nobody looked into; one that may tell of a person is not shown.
    pub fn note_rest(&mut self, path: &str, value: &Value, remedy: &str) {
        if people::may_tell_of_a_person(path, value) {
            self.note(path, &Value::Null, people::NOT_TAKEN);
        } else {
            self.note(path, value, remedy);
        }
    }
}

/// Adds a code once.
pub(super) fn push(list: &mut Vec<String>, code: &str) {
    if !list.iter().any(|there| there == code) {
        list.push(code.to_owned());
    }
}

/// The codes of names between commas, where all of them are known; a name may hold commas itself.
pub(super) fn parts<'c>(text: &str, code: &dyn Fn(&str) -> Option<&'c str>) -> Option<Vec<&'c str>> {
    const LONGEST: usize = 8;
    let pieces: Vec<&str> = text.split(", ").take(MOST_MEMBERS).collect();
    let (mut codes, mut at) = (Vec::new(), 0);
    while at < pieces.len() {
        let end = (at + LONGEST).min(pieces.len());
        let (next, found) = (at + 1..=end).rev().find_map(|next| Some((next, code(&pieces.get(at..next)?.join(", "))?)))?;
        codes.push(found);
        at = next;
    }
    Some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_commas_are_known_all_or_none() {
        let code = |name: &str| match name {
            "Asylum, refugees" => Some("A"),
            "Work" => Some("W"),
            _ => None,
        };
        assert_eq!(parts("Work, Asylum, refugees", &code), Some(vec!["W", "A"]));
        assert_eq!(parts("Work, Leisure", &code), None);
    }
}
