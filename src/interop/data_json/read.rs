//! From `data.json` to drafts.

use serde_json::{Map, Value};

use crate::domain::draft::DatasetDraft;
use crate::domain::holding::{Distribution, Holding};
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::domain::vocabulary::{AccessLevel, HoldingRole, Vocabulary};
use crate::interop::dcat::authority::{Tables, access_level, frequency};
use crate::interop::dcat::{Source, is_web_address};
use crate::interop::exchange::{Found, Origin, Reading};
use crate::interop::file_terms;
use crate::interop::filed::{Filed, Outline};
use crate::interop::holder::{not_yet_known, unknown_terms};
use crate::interop::json::{DEEPEST, Document, Unfolding, address, each, is_nothing, parse, scalar, visible};
use crate::interop::repeated::{Repeated, place_of};
use crate::interop::when::{NO_END, date, half, half_interval, interval};

/// Reads every dataset of a `data.json`.
pub fn read(bytes: &[u8], source: &Source<'_>) -> Reading {
    let mut found = Vec::new();
    let problems = read_each(bytes, source, &mut |one| found.push(one));
    Reading { found, problems }
}

/// Hands over every dataset of a `data.json`; what is wrong with the document is returned.
pub fn read_each(bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    match parse(bytes) {
        Ok(Document { value, problems, repeated }) => read_document(&Outline::held(value, repeated), source, problems, take),
        Err(problem) => Err(problem),
    }
    .unwrap_or_else(|problem| vec![problem])
}

/// The same of a file that [`Filed::is_plain`], of which one dataset is held at any time.
pub fn read_file(filed: Filed<'_>, source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    let read = filed.check_json(DEEPEST).and_then(|()| Outline::of(filed, &["", "dataset", "seriesMember"]));
    read.and_then(|document| read_document(&document, source, Vec::new(), take)).unwrap_or_else(|problem| vec![problem])
}

fn read_document(
    document: &Outline<'_>,
    source: &Source<'_>,
    mut problems: Vec<Problem>,
    take: &mut dyn FnMut(Found),
) -> Result<Vec<Problem>, Problem> {
    let Some(places) = places(&document.value) else {
        return Err(Problem::new("dataset", "", "the document has no list `dataset`; choose a data.json of DCAT-US"));
    };
    let tables = Tables::new(source.concepts);
    let mut is_empty = true;
    let mut one = |place: String, dataset: &Value, repeated: Repeated| {
        let (dataset, told) = visible(dataset);
        match &*dataset {
            Value::Object(members) => {
                let mut read = read_dataset(members, source, &tables);
                read.unfit.extend(told.into_iter().chain(repeated.told()));
                is_empty = false;
                take(read);
            }
            other => problems.push(Problem::new(place, other.to_string(), "is not a dataset; write an object")),
        }
    };
    for (place, pointer) in &places {
        let mut numbered = |number: usize, dataset: &Value, repeated: Repeated| one(format!("{place}[{number}]"), dataset, repeated);
        let is_list = document.each(pointer, &mut numbered)?;
        // An object alone, which some write for a list of one.
        let alone = document.value.pointer(pointer).filter(|value| !is_list && !is_nothing(value));
        alone.into_iter().for_each(|dataset| one(place.clone(), dataset, document.repeated.within(&place_of(pointer))));
    }
    let read: Vec<String> = places.iter().map(|(_, pointer)| place_of(pointer)).collect();
    problems.extend(document.repeated.beside(&read).told());
    if is_empty {
        problems.push(Problem::new("dataset", "", "the list of datasets is empty; nothing was read"));
    }
    Ok(problems)
}

/// Where the datasets of a document stand, for people and as pointers: in a list, in a catalogue and the catalogues and series in it, or
/// as the one that the document is. None where it is none of these.
fn places(document: &Value) -> Option<Vec<(String, String)>> {
    if document.is_array() {
        return Some(vec![("dataset".to_owned(), String::new())]);
    }
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), String::new(), document)];
    let mut is_catalogue = false;
    while let Some((place, pointer, value)) = waiting.pop() {
        for (key, inner) in value.as_object().into_iter().flatten().filter(|(_, inner)| inner.is_array() || inner.is_object()) {
            let (at, below) = (format!("{place}{key}"), format!("{pointer}/{key}"));
            match key.as_str() {
                "dataset" | "seriesMember" => found.push((at, below)),
                "catalog" | "datasetSeries" => match inner {
                    Value::Array(values) => {
                        let numbered = values.iter().enumerate();
                        waiting.extend(numbered.map(|(number, value)| (format!("{at}[{number}]."), format!("{below}/{number}"), value)));
                    }
                    other => waiting.push((format!("{at}."), below, other)),
                },
                _ => continue,
            }
            is_catalogue = true;
        }
    }
    let class = document.get("@type").and_then(scalar).unwrap_or_default();
    let is_described = ["accessLevel", "identifier", "distribution", "description"].iter().any(|key| document.get(*key).is_some());
    if !is_catalogue && !class.ends_with("Catalog") && (class.ends_with("Dataset") || is_described) && document.get("title").is_some() {
        return Some(vec![(String::new(), String::new())]);
    }
    is_catalogue.then_some(found)
}

const TAKEN: [&str; 19] = [
    "@id",
    "title",
    "description",
    "keyword",
    "language",
    "theme",
    "modified",
    "accrualPeriodicity",
    "publisher",
    "contactPoint",
    "identifier",
    "accessLevel",
    "accessRights",
    "rights",
    "license",
    "spatial",
    "temporal",
    "distribution",
    "landingPage",
];

fn read_dataset(members: &Map<String, Value>, source: &Source<'_>, tables: &Tables<'_>) -> Found {
    let get = |key: &str| members.get(key).unwrap_or(&Value::Null);
    let declared: Vec<Option<LanguageTag>> = each(get("language")).iter().map(|tag| tables.language(&scalar(tag)?)).collect();
    let unknown = declared.iter().filter(|tag| tag.is_none()).count();
    let languages: Vec<LanguageTag> = declared.into_iter().flatten().collect();
    let mut unfolding = Unfolding::new(tables, source, &languages, unknown);
    for tag in each(get("language")).iter().filter(|tag| scalar(tag).and_then(|tag| tables.language(&tag)).is_none()) {
        unfolding.note("language", tag, "is not a language tag; use one such as `en-US`");
    }
    let mut draft = DatasetDraft { languages, ..DatasetDraft::default() };
    draft.titles = unfolding.text("title", get("title"));
    draft.abstract_text = unfolding.text("description", get("description"));
    draft.keywords = unfolding.texts("keyword", get("keyword"));
    let mut seen: Vec<MultilingualText> = Vec::new();
    draft.keywords.retain(|keyword| !seen.contains(keyword) && (seen.push(keyword.clone()), true).1);
    themes(&mut unfolding, get("theme"), &mut draft);
    cover(&mut unfolding, get, &mut draft);
    let origin = origin(&mut unfolding, get);
    unfolding.links("landingPage", get("landingPage"), &mut draft.links);
    unfolding.links("references", get("references"), &mut draft.links);
    draft.holdings = holdings(&mut unfolding, get);
    contact(&mut unfolding, get("contactPoint"));
    let titled = draft.titles.0.keys().next().cloned();
    draft.main_language = titled.filter(|tag| draft.titles.0.len() == 1 && *tag != crate::interop::dcat::undetermined());
    let taken: Vec<&str> = TAKEN.iter().copied().chain(["references"]).collect();
    unfolding.name_the_rest("", members, &taken);
    Found { draft, origin, unfit: unfolding.finish(), ..Found::default() }
}

fn themes(unfolding: &mut Unfolding<'_>, value: &Value, draft: &mut DatasetDraft) {
    for theme in each(value) {
        let name = theme.as_object().and_then(|members| members.get("prefLabel")).and_then(scalar).or_else(|| scalar(theme));
        match name.and_then(|name| unfolding.tables.theme(&name)) {
            Some(code) if !draft.themes.iter().any(|there| there == code) => draft.themes.push(code.to_owned()),
            Some(_) => {}
            None => unfolding.note("theme", theme, "is not a theme of the registry; choose one of THEMES"),
        }
    }
}

fn cover<'v>(unfolding: &mut Unfolding<'_>, get: impl Fn(&str) -> &'v Value, draft: &mut DatasetDraft) {
    for place in each(get("spatial")) {
        let name = place.as_object().and_then(|members| members.get("prefLabel").or_else(|| members.get("@id"))).and_then(scalar);
        let name = name.or_else(|| scalar(place));
        match name.as_ref().and_then(|name| unfolding.tables.place(name)) {
            Some(code) => {
                draft.coverage.reporting_areas.push(code.to_owned());
                if let Value::Object(members) = place {
                    let name = if members.contains_key("prefLabel") { "prefLabel" } else { "@id" };
                    let is_same = members.get("@id").and_then(scalar).and_then(|id| unfolding.tables.place(&id)) == Some(code);
                    let taken = if is_same { [name, "@id"] } else { [name, name] };
                    unfolding.name_the_rest("spatial", members, &taken);
                }
            }
            None if is_box(place) => {
                unfolding.note("spatial", place, "is a box of coordinates, for which the registry has no field; choose the place");
            }
            None if name.as_ref().is_some_and(|name| name.chars().any(char::is_alphabetic) && !name.starts_with('{')) => {
                unfolding.note(
                    "spatial",
                    place,
                    "is not a name in the list of places; it was kept as a note on the area: choose the place",
                );
                let note = unfolding.text("spatial", &Value::String(name.unwrap_or_default()));
                unfolding.add("spatial", &mut draft.coverage.area_note, note);
            }
            None if is_nothing(place) => {}
            None => unfolding.note("spatial", place, "is an area without a name that the list of places knows; choose the place"),
        }
    }
    draft.coverage.reporting_areas.dedup();
    for period in each(get("temporal")) {
        let (text, in_part) = match period {
            Value::Object(members) => {
                let side = |key: &str| members.get(key).and_then(scalar).unwrap_or_default();
                let (start, end) = (side("startDate"), side("endDate"));
                (Some(format!("{start}/{end}")), half(&start, &end))
            }
            other => {
                let text = scalar(other);
                let in_part = text.as_deref().and_then(half_interval);
                (text, in_part)
            }
        };
        let has_one = draft.coverage.period.is_some();
        match (text.and_then(|text| interval(&text)).filter(|period| !period.is_impossible()), in_part) {
            (Some(read), _) if !has_one => draft.coverage.period = Some(read),
            (None, Some((read, other))) if !has_one => {
                draft.coverage.period = Some(read);
                unfolding.note("temporal", &Value::from(other), NO_END);
            }
            (Some(_), _) => unfolding.note("temporal", period, "is a second period; the registry holds one: the first was taken"),
            (None, _) => unfolding.note("temporal", period, "is not an interval; write `2018-08-01/2019-01-31`"),
        }
    }
    for value in each(get("accrualPeriodicity")) {
        match scalar(value).and_then(|text| frequency(&text)) {
            Some(found) => draft.coverage.frequency = Some(found),
            None => unfolding.note("accrualPeriodicity", value, "is not a frequency that is known; write an interval such as R/P1Y"),
        }
    }
}

/// Whether an area is told by its coordinates alone, also as JSON inside of a text.
fn is_box(place: &Value) -> bool {
    let text = place.to_string();
    let is_bounded = ["WestBoundingCoordinate", "westBoundLongitude", "\"coordinates"].iter().any(|part| text.contains(part));
    is_bounded && place.get("prefLabel").is_none()
}

fn origin<'v>(unfolding: &mut Unfolding<'_>, get: impl Fn(&str) -> &'v Value) -> Origin {
    let identifier = match get("identifier") {
        Value::Object(members) => ["@id", "notation"].iter().find_map(|key| members.get(*key).and_then(scalar)),
        other => scalar(other),
    };
    if let Value::Object(members) = get("identifier") {
        unfolding.name_the_rest("identifier", members, &["@id", "notation"]);
    }
    let modified = scalar(get("modified"));
    if modified.as_ref().is_some_and(|text| date(text).is_none()) {
        unfolding.note("modified", get("modified"), "is not a date; the day of the last change stays unknown");
    }
    let landing = scalar(get("landingPage"));
    let own = scalar(get("@id"));
    let address = [landing, own, identifier.clone()].into_iter().flatten().find(|address| is_web_address(address));
    let (mut producers, mut organisations) = (Vec::new(), Vec::new());
    for publisher in each(get("publisher")) {
        let members = publisher.as_object();
        let name = members.and_then(|members| members.get("name").or_else(|| members.get("prefLabel"))).unwrap_or(publisher);
        let name = unfolding.text("publisher", name);
        let class = members.and_then(|members| members.get("@type")).and_then(scalar).unwrap_or_default();
        if !name.is_empty() {
            if class.ends_with("Organization") {
                organisations.push(name.clone());
            }
            producers.push(name);
        }
        if let Some(members) = members {
            unfolding.name_the_rest("publisher", members, &["name", "prefLabel"]);
        }
    }
    let modified = modified.filter(|text| date(text).is_some());
    Origin { identifier, address, holders: producers.clone(), producers, organisations, modified, ..Origin::default() }
}

fn contact(unfolding: &mut Unfolding<'_>, value: &Value) {
    for contact in each(value) {
        // A contact is often a person: neither name nor mailbox is told on.
        if !is_nothing(contact) {
            let remedy = "a contact belongs to the desk of the institution; add it there if it is a function and a shared mailbox";
            unfolding.note("contactPoint", &Value::Null, remedy);
        }
    }
}

fn holdings<'v>(unfolding: &mut Unfolding<'_>, get: impl Fn(&str) -> &'v Value) -> Vec<Holding> {
    let mut terms = unknown_terms();
    for key in ["accessLevel", "accessRights"] {
        for value in each(get(key)) {
            match address(value).and_then(|text| access_level(&text)) {
                Some(level) if terms.aggregates == AccessLevel::Unknown => {
                    terms.aggregates = level;
                    let remedy = format!(
                        "says less than the registry's levels; {} was assumed for aggregates: confirm it with the holder",
                        level.code()
                    );
                    unfolding.note(key, value, &remedy);
                }
                Some(_) => {}
                None => unfolding.note(key, value, "is not an access level that is known; state the level of access"),
            }
        }
    }
    for value in each(get("license")) {
        licence(unfolding, "license", value, &mut terms);
    }
    for text in unfolding.texts("rights", get("rights")) {
        unfolding.add("rights", &mut terms.conditions, text);
    }
    let (mut distributions, mut of_files) = (Vec::new(), Vec::new());
    for file in each(get("distribution")) {
        match file.as_object() {
            Some(members) => {
                let mut own = file_terms::of_members(unfolding, members, &["title", "downloadURL", "accessURL"]);
                let file = distribution(unfolding, members);
                own.is_taken = file.is_some();
                distributions.extend(file);
                of_files.push(own);
            }
            None => unfolding.note("distribution", file, "is not a described file; write an object with downloadURL or accessURL"),
        }
    }
    for told in file_terms::settle(file_terms::LICENCE, &of_files, &mut terms) {
        unfolding.note(&told.field, &Value::from(told.value), &told.remedy);
    }
    if terms == unknown_terms() && distributions.is_empty() {
        return Vec::new();
    }
    vec![Holding { institution: not_yet_known(), role: HoldingRole::Disseminator, access_terms: terms, distributions }]
}

fn licence(unfolding: &mut Unfolding<'_>, path: &str, value: &Value, terms: &mut crate::domain::holding::AccessTerms) {
    match address(value).filter(|address| is_web_address(address)) {
        Some(address) if terms.licence.is_none() => terms.licence = Some(address),
        Some(address) if terms.licence.as_ref() == Some(&address) => {}
        Some(_) => unfolding.note(path, value, "is another licence than the first; a holding has one: split the holding, or choose one"),
        None => {
            let words = unfolding.text(path, value);
            unfolding.add(path, &mut terms.conditions, words);
        }
    }
}

fn distribution(unfolding: &mut Unfolding<'_>, members: &Map<String, Value>) -> Option<Distribution> {
    let path = "distribution";
    let words = |key: &str| members.get(key).and_then(scalar);
    let title = unfolding.text("distribution/title", members.get("title").unwrap_or(&Value::Null));
    let byte_size = members.get("byteSize").and_then(scalar);
    let size = byte_size.as_ref().and_then(|text| text.parse::<i64>().ok()).filter(|size| *size >= 0);
    if byte_size.is_some() && size.is_none() {
        unfolding.note("distribution/byteSize", members.get("byteSize").unwrap_or(&Value::Null), "is not a number of bytes");
    }
    unfolding.name_the_rest(path, members, &["title", "format", "mediaType", "downloadURL", "accessURL", "byteSize", "license"]);
    let (format, media_type) = (words("format"), words("mediaType"));
    let file = Distribution { title, format, media_type, url: String::new(), byte_size: size, checksum: None };
    unfolding.file(path, [members.get("downloadURL"), members.get("accessURL")], file)
}
