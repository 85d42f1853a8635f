//! Parts of a dataset in schema.org: who, when, where, which files.

use serde_json::{Map, Value};

use super::read::{bare, is_a};
use crate::domain::coverage::Coverage;
use crate::domain::holding::{Distribution, Holding};
use crate::domain::text::MultilingualText;
use crate::domain::time::Period;
use crate::domain::vocabulary::HoldingRole;
use crate::interop::dcat::is_web_address;
use crate::interop::exchange::Origin;
use crate::interop::file_terms::{self, FileTerms};
use crate::interop::holder::{not_yet_known, unknown_terms};
use crate::interop::json::{ANOTHER_PLACE, UNKNOWN_PLACE, Unfolding, address, each, is_nothing, scalar};
use crate::interop::when::interval;

/// Keeps the names of the institutions that made and publish it; persons are never named, but where they work is.
pub fn agents<'v>(unfolding: &mut Unfolding<'_>, get: impl Fn(&str) -> &'v Value, origin: &mut Origin) {
    for key in ["creator", "author", "producer", "sourceOrganization", "publisher", "provider"] {
        for agent in each(get(key)) {
            if is_a(agent, "Person") {
                let remedy = "is a person; the registry names institutions and their desks, never private persons";
                unfolding.note(key, &Value::Null, remedy);
                affiliations(unfolding, key, agent, origin);
                continue;
            }
            let name = agent.as_object().map_or(agent, |members| members.get("name").unwrap_or(&Value::Null));
            let name = unfolding.text(key, name);
            if name.is_empty() {
                unfolding.note(key, agent, "is an institution that the document does not name; choose it from the registry's institutions");
            } else {
                if is_organisation(agent) || key == "sourceOrganization" {
                    push(&mut origin.organisations, name.clone());
                }
                if matches!(key, "publisher" | "provider") {
                    push(&mut origin.holders, name.clone());
                }
                push(&mut origin.producers, name);
            }
            if let Some(members) = agent.as_object() {
                unfolding.name_the_rest(key, members, &["name"]);
            }
        }
    }
}

/// Where a person works may be who produced it.
fn affiliations(unfolding: &mut Unfolding<'_>, key: &str, person: &Value, origin: &mut Origin) {
    for house in person.get("affiliation").map(each).unwrap_or_default().iter().filter(|house| !is_a(house, "Person")) {
        let path = format!("{key}/affiliation");
        let name = house.as_object().map_or(house, |members| members.get("name").unwrap_or(&Value::Null));
        let name = unfolding.text(&path, name);
        if !name.is_empty() {
            push(&mut origin.organisations, name.clone());
            push(&mut origin.producers, name);
        }
        if let Some(members) = house.as_object() {
            unfolding.name_the_rest(&path, members, &["name"]);
        }
    }
}

/// Whether an agent is an organisation, as the document says.
fn is_organisation(agent: &Value) -> bool {
    let classes = agent.get("@type").map(each).unwrap_or_default();
    let is_known =
        |name: &str| name.ends_with("Organization") || ["NGO", "Corporation", "CollegeOrUniversity", "LibrarySystem"].contains(&name);
    classes.iter().filter_map(Value::as_str).any(|class| is_known(bare(class)))
}

fn push(list: &mut Vec<MultilingualText>, name: MultilingualText) {
    if !list.contains(&name) {
        list.push(name);
    }
}

/// The reference period; where several are given, the first, and the others are named.
pub fn period(unfolding: &mut Unfolding<'_>, value: &Value) -> Option<Period> {
    let mut found = None;
    for given in each(value) {
        match scalar(given).and_then(|text| interval(&text)).filter(|period| !period.is_impossible()) {
            Some(period) if found.is_none() => found = Some(period),
            Some(_) => unfolding.note("temporalCoverage", given, "is a second period; the registry holds one: the first was taken"),
            None => unfolding.note(
                "temporalCoverage",
                given,
                "is not an interval; write `2018-08-01/2019-01-31`, or `2018/..` where it goes on",
            ),
        }
    }
    found
}

/// The areas: by their code, their address or their name, else in words.
pub fn places(unfolding: &mut Unfolding<'_>, value: &Value, coverage: &mut Coverage) {
    for given in each(value) {
        let members = given.as_object();
        let code_of = |key: &str| members.and_then(|members| unfolding.tables.place(&scalar(members.get(key)?)?)).map(str::to_owned);
        let coded = ["identifier", "@id", "sameAs"].map(|key| (key, code_of(key)));
        let by_code = coded.iter().find_map(|(_, code)| code.clone());
        let name = members.map_or(given, |members| members.get("name").unwrap_or(&Value::Null));
        let label = unfolding.text("spatialCoverage", name);
        let by_name = label.iter().find_map(|(_, wording)| unfolding.tables.place(&wording.text)).map(str::to_owned);
        let (code, is_named) = unfolding.tables.one_place(by_code, by_name, !label.is_empty());
        let taken = coded.iter().filter(|(_, own)| own.is_some() && *own == code).map(|(key, _)| *key).chain(["name"]).collect::<Vec<_>>();
        members.into_iter().for_each(|members| unfolding.name_the_rest("spatialCoverage", members, &taken));
        let is_coded = code.is_some();
        if let Some(code) = code.filter(|code| !coverage.reporting_areas.contains(code)) {
            coverage.reporting_areas.push(code);
        }
        if label.is_empty() && !is_coded {
            unfolding.note("spatialCoverage", given, "is an area without a name that the list of places knows; choose the place");
        } else if !is_named {
            let remedy = if is_coded { ANOTHER_PLACE } else { UNKNOWN_PLACE };
            unfolding.note("spatialCoverage", name, remedy);
            unfolding.add("spatialCoverage", &mut coverage.area_note, label);
        }
    }
}

/// Files, and what each that was named says of its own terms.
#[derive(Default)]
pub struct Files {
    taken: Vec<Distribution>,
    terms: Vec<FileTerms>,
}

impl Files {
    fn add(&mut self, file: Option<Distribution>, terms: FileTerms) {
        self.terms.push(FileTerms { is_taken: file.is_some(), ..terms });
        self.taken.extend(file);
    }
}

/// The files: described ones, and those of which only the address is given.
pub fn files(unfolding: &mut Unfolding<'_>, value: &Value, bare_addresses: &Value) -> Files {
    let mut files = Files::default();
    for given in each(value).iter().filter(|given| !is_nothing(given)) {
        match given.as_object() {
            Some(members) => {
                let terms = file_terms::of_members(unfolding, members, &["name", "contentUrl", "url"]);
                files.add(file(unfolding, members), terms);
            }
            None => files.add(unfolding.file("distribution", [Some(given), None], empty_file()), FileTerms::default()),
        }
    }
    for given in each(bare_addresses).iter().filter(|given| !is_nothing(given)) {
        files.add(unfolding.file("contentUrl", [Some(given), None], empty_file()), FileTerms::default());
    }
    files
}

fn empty_file() -> Distribution {
    Distribution { title: MultilingualText::default(), format: None, media_type: None, url: String::new(), byte_size: None, checksum: None }
}

fn file(unfolding: &mut Unfolding<'_>, members: &Map<String, Value>) -> Option<Distribution> {
    let title = unfolding.text("distribution/name", members.get("name").unwrap_or(&Value::Null));
    let mut file = Distribution { title, ..empty_file() };
    let all = |key: &'static str| members.get(key).map(each).unwrap_or_default().iter().filter(|given| !is_nothing(given));
    for key in ["encodingFormat", "fileFormat"] {
        for given in all(key) {
            let Some(words) = scalar(given) else {
                unfolding.note(&format!("distribution/{key}"), given, "is not a media type or the name of a format");
                continue;
            };
            let place = if words.contains('/') { &mut file.media_type } else { &mut file.format };
            if place.get_or_insert_with(|| words.clone()) != &words {
                unfolding.note(&format!("distribution/{key}"), given, "is a second format of the file; the first was taken");
            }
        }
    }
    for given in all("contentSize") {
        match scalar(given).as_deref().and_then(bytes) {
            Some(size) if *file.byte_size.get_or_insert(size) == size => {}
            Some(_) => unfolding.note("distribution/contentSize", given, "is a second size of the file; the first was taken"),
            None => unfolding.note("distribution/contentSize", given, "is not a whole number of bytes"),
        }
    }
    for key in ["sha256", "md5"] {
        for given in all(key) {
            let sum = scalar(given).map(|sum| format!("{key}:{sum}"));
            match sum {
                Some(sum) if *file.checksum.get_or_insert_with(|| sum.clone()) == sum => {}
                Some(_) => unfolding.note(&format!("distribution/{key}"), given, "is a second checksum of the file; the first was taken"),
                None => unfolding.note(&format!("distribution/{key}"), given, "is not a checksum"),
            }
        }
    }
    let known = ["@id", "name", "license", "encodingFormat", "fileFormat", "contentUrl", "url", "contentSize", "sha256", "md5"];
    unfolding.name_the_rest("distribution", members, &known);
    unfolding.file("distribution", [members.get("contentUrl"), members.get("url")], file)
}

/// A number of bytes, with or without `B`; a rounded size such as `3.5 MB` is not one.
fn bytes(text: &str) -> Option<i64> {
    text.trim().trim_end_matches('B').trim().parse::<i64>().ok().filter(|size| *size >= 0)
}

/// The holding, where anything is said of files or terms.
pub fn holding<'v>(unfolding: &mut Unfolding<'_>, get: impl Fn(&str) -> &'v Value, files: Files) -> Vec<Holding> {
    let mut terms = unknown_terms();
    for given in each(get("license")) {
        if let (Some(name), Some(_)) = (given.get("name"), address(given).filter(|address| is_web_address(address))) {
            unfolding.note("license/name", name, "is the name of the licence, which the registry keeps by its address");
        }
        match address(given).filter(|address| is_web_address(address)) {
            Some(address) if terms.licence.is_none() => terms.licence = Some(address),
            Some(address) if terms.licence.as_ref() == Some(&address) => {}
            Some(_) => unfolding.note("license", given, "is a second licence; a holding has one: split the holding, or choose one"),
            None => {
                let words = unfolding.text("license", given);
                unfolding.add("license", &mut terms.conditions, words);
            }
        }
    }
    for key in ["conditionsOfAccess", "usageInfo"] {
        let words = unfolding.text(key, get(key));
        unfolding.add(key, &mut terms.conditions, words);
    }
    for told in file_terms::settle(file_terms::LICENCE, &files.terms, &mut terms) {
        unfolding.note(&told.field, &Value::from(told.value), &told.remedy);
    }
    let distributions = files.taken;
    if terms == unknown_terms() && distributions.is_empty() {
        return Vec::new();
    }
    vec![Holding { institution: not_yet_known(), role: HoldingRole::Disseminator, access_terms: terms, distributions }]
}
