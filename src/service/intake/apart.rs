//! Records of several systems that come under one identifier, told apart by their titles.
//!
//! An identifier that only its own system knows says little among files of anywhere: two offices both have a study `S-1`, and two
//! catalogues both have a thing `#1`. Nothing of one is written over by the other.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::sync::PoisonError;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::overlap::ALIKE;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::titles::TitleWords;
use crate::domain::vocabulary::ImportFormat;
use crate::interop::dcat::instant;
use crate::interop::exchange::{AN_OLDER_ONE, Found};
use crate::interop::rdf::NOWHERE;
use crate::store::sources::OriginRow;

use super::super::Error;
use super::FILES;
use super::origin::{OriginDoc, Unfit, key_of};
use super::ready::Ready;
use super::taking::Taking;

/// Longest identifier that two systems may well both give, in bytes: `1`, `S-1`, `2019-04`.
const SHORT: usize = 8;
/// What identifiers begin with that are given once in the world.
const OF_EVERYWHERE: [&str; 8] = ["http://", "https://", "urn:", "doi:", "hdl:", "ark:", "oai:", "tag:"];

/// A day, in milliseconds: how far the clock of a provider may be ahead.
const DAY_MS: i64 = 86_400_000;

/// What a run has met so far, so that records of one identifier do not write over each other: of each record some numbers, since a run may
/// meet as many as there are.
#[derive(Default)]
pub struct Met {
    /// What texts become numbers with, drawn for the run: nobody can choose keys that become the same. That two of a million do by chance
    /// is a matter of one run in thirty million.
    marks: RandomState,
    /// Keys without the mark of the titles.
    keys: HashSet<u64>,
    /// Keys with the mark of their titles, under whichever their records go.
    titled: HashSet<u64>,
    /// Those of them under which records go, since another one has the key alone.
    apart: HashSet<u64>,
    /// Keys without the mark that the first to have them gave up, since they are those of another one.
    given_up: HashSet<u64>,
    /// What the records that could be taken say, by the keys under which they go.
    taken: HashMap<u64, u64>,
    /// What providers have given under a key: the day of the last change, and what it says.
    given: HashMap<u64, (Option<String>, u64)>,
    /// Records of the catalogue that the run has written in, each with the key of the record that it was.
    written: HashMap<u64, u64>,
}

/// How a record stands to those that the run has met before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    /// Its identifier is new.
    First,
    /// Another record has its identifier and its titles.
    Repeated,
    /// Another record has its identifier, with other titles.
    Another,
}

/// How a record stands to one of its identifier and its titles that was taken before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// There is none.
    First,
    /// It says the same.
    Same,
    /// It says something else, or stands in the same file.
    Other,
}

/// The keys of a record, and how it stands to others of the run.
pub(super) struct Apart {
    /// The one under which it goes: with its title where another record of the run has the same identifier.
    pub key: String,
    /// Without its title.
    pub alone: String,
    /// With its title; none where nothing is told apart.
    pub titled: Option<String>,
    /// How it stands to the others.
    pub meeting: Meeting,
}

/// The key of a record, with its title where another record of the run has the same identifier; and how it stands to that one.
pub(super) fn told_apart(taking: &Taking<'_>, found: &Found) -> Apart {
    let alone = key_of(found, taking.place.starts_with(FILES), taking.format);
    // A provider may give a record again, when it has changed while its list was read.
    if taking.format == ImportFormat::OaiPmh || alone.is_empty() {
        return Apart { key: alone.clone(), alone, titled: None, meeting: Meeting::First };
    }
    let titled = marked(&alone, found);
    let (is_alone, meeting) = met_before(taking, &alone, &titled);
    Apart { key: if is_alone { alone.clone() } else { titled.clone() }, alone, titled: Some(titled), meeting }
}

/// Whether a record goes under its key alone, and how it stands to those that the run has met.
fn met_before(taking: &Taking<'_>, alone: &str, titled: &str) -> (bool, Meeting) {
    let mut met = taking.met.lock().unwrap_or_else(PoisonError::into_inner);
    let (alone, titled) = (met.marks.hash_one(alone), met.marks.hash_one(titled));
    // One of this number and these titles is met once, whether it bears the mark or not.
    if !met.titled.insert(titled) {
        return (!met.apart.contains(&titled), Meeting::Repeated);
    }
    if met.keys.insert(alone) {
        return (true, Meeting::First);
    }
    met.apart.insert(titled);
    (false, Meeting::Another)
}

/// The records of a batch whose keys have to be looked at beside those of earlier runs: another one of the run has their identifier, or what
/// was taken under it before had other titles.
pub(super) fn in_doubt(ready: &[Ready], origins: &HashMap<String, OriginRow>) -> Result<Vec<usize>, Error> {
    let mut places = Vec::new();
    for (place, one) in ready.iter().enumerate().filter(|(_, one)| one.titled.is_some() && !one.origin.is_deleted) {
        // Whether a file of anywhere speaks of the same record is told in another way.
        if one.is_another || (one.other_key.is_none() && !is_titled_alike(one, origins.get(&one.alone))?) {
            places.push(place);
        }
    }
    Ok(places)
}

/// Whether what was taken under a key has one of the titles of a record; nothing that was taken says otherwise.
fn is_titled_alike(one: &Ready, before: Option<&OriginRow>) -> Result<bool, Error> {
    let Some(row) = before else { return Ok(true) };
    let before: OriginDoc = serde_json::from_str(&row.doc)?;
    let titles = before.titles();
    Ok(titles.is_empty() || one.titles.is_empty() || shares_a_title(&titles, &one.titles))
}

/// Gives records of one identifier the keys that they had in earlier runs: in which order a document names them says nothing. Of two, one has
/// the key alone; it stays with the one that had it, as its titles tell.
pub(super) fn keep_apart(
    taking: &Taking<'_>,
    ready: &mut [Ready],
    places: &[usize],
    origins: &HashMap<String, OriginRow>,
) -> Result<(), Error> {
    let met = &mut *taking.met.lock().unwrap_or_else(PoisonError::into_inner);
    for place in places {
        let Some(one) = ready.get_mut(*place) else { continue };
        let Some(titled) = one.titled.clone() else { continue };
        let alone = met.marks.hash_one(&one.alone);
        let is_alike = origins.contains_key(&one.alone) && is_titled_alike(one, origins.get(&one.alone))?;
        if !is_alike && origins.contains_key(&titled) {
            if one.key == one.alone {
                met.given_up.insert(alone);
            }
            (one.key, one.is_another) = (titled, true);
        } else if is_alike && one.key == titled && met.given_up.remove(&alone) {
            (one.key, one.is_another) = (one.alone.clone(), false);
        }
    }
    Ok(())
}

/// Whether no other record of the run was written into a record of the catalogue before.
pub(super) fn is_first_to_write(taking: &Taking<'_>, dataset_id: &str, key: &str) -> bool {
    let mut met = taking.met.lock().unwrap_or_else(PoisonError::into_inner);
    let (record, key) = (met.marks.hash_one(dataset_id), met.marks.hash_one(key));
    *met.written.entry(record).or_insert(key) == key
}

/// How a record stands to one that was taken before it under its key: of a source, one that says the same comes once more, as where the pages
/// of a list overlap; any other is not taken. Where the one before could not be taken, it is the first.
pub(super) fn judged_again(taking: &Taking<'_>, key: &str, meeting: Meeting, said: u64, is_fit: bool) -> Again {
    let met = &mut *taking.met.lock().unwrap_or_else(PoisonError::into_inner);
    let mark = met.marks.hash_one(key);
    match met.taken.get(&mark).filter(|_| meeting == Meeting::Repeated) {
        Some(before) if *before == said && !taking.place.starts_with(FILES) => Again::Same,
        Some(_) => Again::Other,
        None => {
            if is_fit {
                met.taken.insert(mark, said);
            }
            Again::First
        }
    }
}

/// What a record says and what of it does not fit, as a number: the same for the same words.
pub(super) fn mark_of(said: &Map<String, Value>, unfit: &[Unfit]) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(said).unwrap_or_default().hash(&mut hasher);
    unfit.iter().for_each(|line| (&line.field, &line.value, &line.remedy).hash(&mut hasher));
    hasher.finish()
}

/// Of several records that a provider gives under one identifier in one run, one is taken: the last of a page, and of several pages the
/// first, unless it has changed since. The others are named, so that they do not write over each other at every run.
pub(super) fn tell_repeated(taking: &Taking<'_>, ready: &mut [Ready]) {
    if taking.format != ImportFormat::OaiPmh {
        return;
    }
    let Met { marks, given, .. } = &mut *taking.met.lock().unwrap_or_else(PoisonError::into_inner);
    let mut below: HashMap<String, u64> = HashMap::new();
    for one in ready.iter_mut().rev().filter(|one| one.problem.is_none() && !one.key.is_empty()) {
        let said = said_by(one);
        let stands = match (below.get(&one.key), given.get(&marks.hash_one(&one.key))) {
            (Some(last), _) => *last == said,
            (None, Some((stamp, before))) => *before == said || one.origin.modified > *stamp,
            (None, None) => true,
        };
        if !stands {
            let remedy = "another record of the source has the same identifier; that one was taken and this one left out: give each its own identifier at the source";
            let title = one.titles.iter().next().map_or(one.key.clone(), |(_, wording)| wording.text.clone());
            one.problem = Some(Problem::new("identifier", title, remedy));
        }
        below.entry(one.key.clone()).or_insert(said);
    }
    for one in ready.iter().filter(|one| one.problem.is_none() && !one.key.is_empty()) {
        given.insert(marks.hash_one(&one.key), (one.origin.modified.clone(), said_by(one)));
    }
}

/// What is said of a record that its provider gives with an older datestamp than that with which it was taken before; none where it is not
/// older. Where a list has a record twice, the older one would else be written over the newer one at every run.
pub(super) fn older_than_before(taking: &Taking<'_>, one: &Ready, before: &OriginDoc) -> Option<Problem> {
    let (given, kept) = (one.origin.modified.as_deref()?, before.modified.as_deref()?);
    let is_told = taking.format == ImportFormat::OaiPmh && is_older(given, kept, &instant(taking.acting.now + DAY_MS));
    is_told.then(|| Problem::new("datestamp", format!("{given} < {kept}"), AN_OLDER_ONE))
}

/// Whether a datestamp is older than another one. A day is not older than a time of that day, and nothing is older than what lies in the
/// future, after `latest`: that was never true.
fn is_older(given: &str, kept: &str, latest: &str) -> bool {
    let is_before = |one: &str, other: &str| one.bytes().zip(other.bytes()).find(|(a, b)| a != b).is_some_and(|(a, b)| a < b);
    is_before(given, kept) && !is_before(latest, kept)
}

/// What a record says, as a number: the same for the same words.
fn said_by(one: &Ready) -> u64 {
    let mut hasher = DefaultHasher::new();
    (one.origin.is_deleted, serde_json::to_string(&one.said).unwrap_or_default()).hash(&mut hasher);
    hasher.finish()
}

/// The key with a mark of the titles.
pub(super) fn marked(key: &str, found: &Found) -> String {
    let titles: Vec<&str> = found.draft.titles.iter().map(|(_, wording)| wording.text.as_str()).collect();
    format!("{key}#{}", super::short_hash(&titles.join(" / ")))
}

/// Whether files of several systems may give records of this identifier: one that only its own system knows.
pub(super) fn is_of_its_system(taking: &Taking<'_>, found: &Found) -> bool {
    let is_local = |id: &String| !is_of_everywhere(id) && found.draft.slug.as_ref().is_none_or(|slug| slug.as_str() != id);
    taking.place.starts_with(FILES) && !found.origin.is_deleted && found.origin.identifier.as_ref().is_some_and(is_local)
}

/// Whether an identifier is given once in the world: an address, a URN, a DOI, a handle, a UUID. One that is relative to its document is not.
fn is_of_everywhere(identifier: &str) -> bool {
    let lower = identifier.trim().to_ascii_lowercase();
    let is_known = OF_EVERYWHERE.iter().any(|start| lower.starts_with(start)) || (lower.starts_with("10.") && lower.contains('/'));
    (is_known && !lower.starts_with(NOWHERE)) || Uuid::try_parse(&lower).is_ok()
}

/// Whether an identifier hardly says which record it is: one that is short, or relative to its document.
fn is_weak(identifier: &str) -> bool {
    identifier.len() <= SHORT || identifier.starts_with(NOWHERE)
}

/// Two systems do not write over each other's records: what comes under an identifier of which another record was given, as the titles
/// tell, is a record of its own. It is said once in the report, and always with the draft.
pub(super) fn tell_systems_apart(ready: &mut [Ready], origins: &HashMap<String, OriginRow>, name: &str) -> Result<(), Error> {
    let mut keys: HashSet<String> = ready.iter().map(|one| one.key.clone()).collect();
    for one in ready {
        tell_of_another(one, origins);
        let Some(other_key) = &one.other_key else { continue };
        let before = origins.get(&one.key).map(|row| serde_json::from_str::<OriginDoc>(&row.doc)).transpose()?;
        let is_known = origins.contains_key(other_key);
        let is_another = is_known || before.is_some_and(|before| is_another(&before, one, name));
        if is_another && !keys.contains(other_key) {
            let remedy = "another record was given under this identifier, with other titles: this one is a record of its own; if they are one, discard one of the two drafts";
            let shown = one.origin.identifier.as_deref().unwrap_or(&one.key);
            let line = Problem::new("identifier", shown.strip_prefix(NOWHERE).unwrap_or(shown), remedy);
            keys.insert(other_key.clone());
            one.key.clone_from(other_key);
            one.unfit.push(Unfit::from(&line));
            if !is_known {
                one.faults.push(line);
            }
        }
    }
    Ok(())
}

/// Says of a record that its source has another one of this identifier: in the report once, and always with the draft.
fn tell_of_another(one: &mut Ready, origins: &HashMap<String, OriginRow>) {
    if !one.is_another {
        return;
    }
    let remedy = "another record of the source has this identifier, with other titles: this one is a record of its own; give each its own identifier at the source, or discard one of the two drafts";
    let shown = one.origin.identifier.as_deref().unwrap_or(&one.key);
    let line = Problem::new("identifier", shown.strip_prefix(NOWHERE).unwrap_or(shown), remedy);
    one.unfit.push(Unfit::from(&line));
    if !origins.contains_key(&one.key) {
        one.faults.push(line);
    }
}

/// Whether the record is another one than that which was given under its identifier before. Under an identifier that hardly says anything,
/// a file of another name has to give one of its titles; else titles that are somewhat alike are those of one record.
fn is_another(before: &OriginDoc, one: &Ready, name: &str) -> bool {
    let titles = before.titles();
    if titles.is_empty() || one.titles.is_empty() || shares_a_title(&titles, &one.titles) {
        return false;
    }
    let is_weak = one.origin.identifier.as_deref().is_some_and(is_weak);
    // A study that is given a new title in a file of the same name stays itself.
    if before.name == name && !is_weak {
        return false;
    }
    (before.name != name && is_weak) || TitleWords::of(&titles).likeness(&TitleWords::of(&one.titles)) <= ALIKE / 2.0
}

fn shares_a_title(one: &MultilingualText, other: &MultilingualText) -> bool {
    let texts =
        |titles: &MultilingualText| -> HashSet<String> { titles.iter().map(|(_, wording)| wording.text.trim().to_lowercase()).collect() };
    !texts(one).is_disjoint(&texts(other))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::record::{RecordDraft, read_line};

    #[test]
    fn what_is_given_once_in_the_world_is_told_from_what_its_system_alone_knows() {
        for id in [
            "https://data.example.ma/dataset/1",
            "urn:uuid:0190e7a0-0000-7000-8000-000000000001",
            "0190e7a0-0000-7000-8000-000000000001",
            "doi:10.5072/x",
            "10.5072/x",
            "oai:example.org:1",
            "ark:/12345/x",
        ] {
            assert!(is_of_everywhere(id), "{id}");
        }
        for id in ["1", "S-1", "10.5", "MAR-2019-ENQ-v01", "https://relative.invalid/#1", "relative/1", "file:///tmp/1", "INS:12"] {
            assert!(!is_of_everywhere(id), "{id}");
        }
        assert!(is_weak("S-1") && is_weak("https://relative.invalid/datasets/labour-survey") && !is_weak("MAR-2019-ENQ-v01"));
    }

    #[test]
    fn datestamps_are_older_only_where_both_say_so() {
        let latest = "2026-06-01T00:00:00Z";
        for (given, kept, expected) in [
            ("2025-06-01T00:00:00Z", "2025-07-01T00:00:00Z", true),
            ("2025-06-01", "2025-06-02T00:00:00Z", true),
            ("2025-06-01", "2025-06-01T10:00:00Z", false),
            ("2025-06-01T10:00:00Z", "2025-06-01", false),
            ("2025-07-01T00:00:00Z", "2025-06-01T00:00:00Z", false),
            ("2025-07-01T00:00:00Z", "2062-06-01T00:00:00Z", false),
        ] {
            assert_eq!(is_older(given, kept, latest), expected, "{given} {kept}");
        }
    }

    fn ready(identifier: &str, title: &str) -> Ready {
        let line = json!({ "type": "dataset", "titles": { "fr": { "text": title, "status": "OFFICIAL" } } }).to_string();
        let Ok(RecordDraft::Dataset(draft)) = read_line(&line) else { panic!("{line}") };
        let content = draft.to_doc().expect("a document");
        Ready {
            key: identifier.to_owned(),
            alone: identifier.to_owned(),
            titled: None,
            other_key: Some(format!("{identifier}#other")),
            is_another: false,
            is_once_more: false,
            said: content.clone(),
            content,
            identifier: None,
            identifier_at: "identifier".to_owned(),
            says_published: false,
            link: None,
            titles: draft.titles.clone(),
            unfit: Vec::new(),
            faults: Vec::new(),
            problem: None,
            origin: crate::interop::exchange::Origin { identifier: Some(identifier.to_owned()), ..Default::default() },
            original: None,
        }
    }

    #[test]
    fn titles_tell_whether_a_record_is_the_one_that_was_given_before() {
        let is_another = |identifier: &str, before: &str, now: &str, name: &str| {
            let doc = OriginDoc { name: "one.xml".to_owned(), content: ready(identifier, before).content, ..OriginDoc::default() };
            super::is_another(&doc, &ready(identifier, now), name)
        };
        let (labour, migration) = ("Enquête nationale sur l'emploi", "Recensement des migrants de retour");
        for id in ["S-1", "https://relative.invalid/#1", "MAR-2019-ENQ-v01"] {
            assert!(!is_another(id, labour, labour, "two.xml"), "{id}");
            assert!(!is_another(id, labour, "Enquête nationale sur l'emploi, 2019", "one.xml"), "{id}: a corrected title");
            assert!(is_another(id, labour, migration, "two.xml"), "{id}");
        }
        for id in ["S-1", "https://relative.invalid/#1"] {
            assert!(is_another(id, labour, migration, "one.xml"), "{id}: whatever the file is called");
        }
        assert!(!is_another("MAR-2019-ENQ-v01", labour, migration, "one.xml"), "a study with a new title in the same file");
        let corrected = "Enquête nationale sur l'emploi, 2019";
        assert!(is_another("S-1", labour, corrected, "two.xml") && !is_another("MAR-2019-ENQ-v01", labour, corrected, "two.xml"));
    }
}
