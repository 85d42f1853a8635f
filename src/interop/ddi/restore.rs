//! Puts the notes of a document into what its elements say.

use serde_json::{Map, Value};

use super::marks;
use super::residue::{Note, value_of};
use crate::domain::draft::DatasetDraft;
use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::vocabulary::{SourceType, Vocabulary};

/// Deepest place below a field.
const MAX_STEPS: usize = 24;
/// How often the notes are gone through where one of them does not fit: one may need what another one says.
const PASSES: usize = 2;
const CHANGED: &str = "is a note on elements that say something else than when it was written, so another tool has changed them; \
    what they say was taken: check the field";

/// A note that can be put in.
struct Entry<'n> {
    note: &'n Note,
    /// Places below the field, and what stands there.
    places: Vec<(String, Value)>,
}

impl Entry<'_> {
    /// The field of the record that it changes.
    fn field(&self) -> &str {
        self.note.subject.split('.').next().unwrap_or_default()
    }

    fn put(&self, value: &mut Value) -> Result<(), String> {
        let base = base(&self.note.subject);
        for (place, wanted) in &self.places {
            let path = format!("{base}{place}");
            let steps: Vec<String> = path.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
            if steps.len() > MAX_STEPS {
                return Err(format!("the place `{place}` is too deep; a record is not"));
            }
            put(value, &steps, wanted)
                .map_err(|()| format!("the place `{place}` is not in the record; the elements of the document were changed"))?;
        }
        Ok(())
    }
}

/// The draft with what the notes say, and the subjects of the notes that were left out as a whole or in part. Each of them is told; all
/// others stand.
pub(super) fn restore(draft: DatasetDraft, notes: &[Note], unfit: &mut Vec<Problem>) -> (DatasetDraft, Vec<String>) {
    let told = unfit.len();
    let mut value = value_of(&draft);
    let entries = standing(notes, &value, unfit);
    if entries.is_empty() {
        return (draft, left_out(unfit, told));
    }
    stand_in_source(&mut value, &entries, unfit);
    let whole = together(value.clone(), &entries).or_else(|| {
        one_by_one(&mut value, &entries, unfit);
        read_part(value).ok()
    });
    (whole.unwrap_or(draft), left_out(unfit, told))
}

/// The subjects of the notes that were told since then.
fn left_out(unfit: &[Problem], since: usize) -> Vec<String> {
    let subject = |line: &Problem| Some(line.field.split_once("@subject='")?.1.trim_end_matches("']").to_owned());
    unfit.iter().skip(since).filter_map(subject).collect()
}

fn tell(note: &Note, value: impl std::fmt::Display, remedy: impl Into<String>) -> Problem {
    Problem::new(format!("stdyDscr/notes[@subject='{}']", note.subject), value, remedy)
}

/// The notes that can be read, without the places that elements which were changed contradict.
fn standing<'n>(notes: &'n [Note], said: &Value, unfit: &mut Vec<Problem>) -> Vec<Entry<'n>> {
    let mut entries: Vec<Entry<'n>> = Vec::new();
    for note in notes {
        let places: Map<String, Value> = match serde_json::from_str(&note.text) {
            Ok(places) => places,
            Err(fault) => {
                unfit.push(tell(note, &note.text, format!("the note is not a JSON object of places: {fault}")));
                continue;
            }
        };
        if entries.iter().any(|entry| entry.note.subject == note.subject) {
            unfit.push(tell(note, &note.text, "is a second note on the same field; the first was taken: keep one"));
            continue;
        }
        let stands = marks::stand(said.pointer(&base(&note.subject)), places.keys().map(String::as_str), &note.marks);
        let (stand, fall): (Vec<_>, Vec<_>) = places.into_iter().zip(stands).partition(|(_, stands)| *stands);
        if !fall.is_empty() {
            let fallen: Map<String, Value> = fall.into_iter().map(|(place, _)| place).collect();
            unfit.push(tell(note, Value::Object(fallen), CHANGED));
        }
        if !stand.is_empty() {
            entries.push(Entry { note, places: stand.into_iter().map(|(place, _)| place).collect() });
        }
    }
    entries
}

fn base(subject: &str) -> String {
    subject.split('.').map(|part| format!("/{part}")).collect()
}

/// Notes on the methodology need one: where another tool took away the kind of source, the usual one stands in, and is told.
fn stand_in_source(value: &mut Value, entries: &[Entry], unfit: &mut Vec<Problem>) {
    let is_needed = entries.iter().any(|entry| entry.note.subject.starts_with("methodology."));
    let Some(members) = value.as_object_mut().filter(|members| is_needed && !members.contains_key("methodology")) else { return };
    let kind = SourceType::HouseholdSurveyModule.code();
    members.insert("methodology".to_owned(), serde_json::json!({ "sourceType": kind }));
    let remedy = "the elements of the document no longer tell the type of source; HOUSEHOLD_SURVEY_MODULE stands in until somebody chooses";
    unfit.push(Problem::new("methodology.sourceType", kind, remedy));
}

/// All notes at once, as they fit in every document that nobody has changed.
fn together(mut value: Value, entries: &[Entry]) -> Option<DatasetDraft> {
    entries.iter().try_for_each(|entry| entry.put(&mut value)).ok()?;
    read_part(value).ok()
}

/// One note after the other; those that do not fit are told, and what stood there before stays.
fn one_by_one(value: &mut Value, entries: &[Entry], unfit: &mut Vec<Problem>) {
    let mut waiting: Vec<(&Entry, String)> = entries.iter().map(|entry| (entry, String::new())).collect();
    for _ in 0..PASSES {
        waiting = waiting.into_iter().filter_map(|(entry, _)| Some((entry, take(value, entry).err()?))).collect();
    }
    unfit.extend(waiting.into_iter().map(|(entry, fault)| tell(entry.note, &entry.note.text, fault)));
}

/// Puts one note in, where the field is one of the record format then. Nothing of the other fields is looked at.
fn take(value: &mut Value, entry: &Entry) -> Result<(), String> {
    let field = entry.field();
    let Some(members) = value.as_object_mut() else { return Ok(()) };
    let before = members.get(field).map(|there| (field.to_owned(), there.clone()));
    let mut alone = Value::Object(before.into_iter().collect());
    entry.put(&mut alone)?;
    if let Err(problems) = read_part::<DatasetDraft>(alone.clone()) {
        let first = problems.into_iter().next().map(|problem| format!("{}: {}", problem.field, problem.remedy)).unwrap_or_default();
        return Err(format!("does not fit to the elements of the document and was left out ({first})"));
    }
    match alone.get_mut(field).map(Value::take) {
        Some(found) => members.insert(field.to_owned(), found),
        None => members.shift_remove(field),
    };
    Ok(())
}

fn put(value: &mut Value, steps: &[String], wanted: &Value) -> Result<(), ()> {
    let Some((step, rest)) = steps.split_first() else {
        *value = wanted.clone();
        return Ok(());
    };
    match value {
        Value::Object(object) if rest.is_empty() && wanted.is_null() => {
            object.shift_remove(step);
            Ok(())
        }
        Value::Object(object) => put(object.entry(step.clone()).or_insert_with(|| Value::Object(Map::new())), rest, wanted),
        Value::Array(list) => {
            let index: usize = step.parse().map_err(|_| ())?;
            put(list.get_mut(index).ok_or(())?, rest, wanted)
        }
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interop::ddi::residue::difference;

    #[test]
    fn a_difference_is_as_small_as_it_can_be_and_makes_the_record_again() {
        let words = |text: &str, status: &str| serde_json::json!({ "text": text, "status": status });
        let read: DatasetDraft = serde_json::from_value(serde_json::json!({
            "titles": { "fr": words("T", "OFFICIAL"), "ar": words("ت", "OFFICIAL") },
            "abstract": { "fr": words("Non documenté.", "OFFICIAL") },
            "methodology": { "sourceType": "CENSUS", "knownLimits": [{ "fr": words("a", "OFFICIAL") }] },
        }))
        .expect("a draft");
        let mut record = value_of(&read);
        record["titles"]["ar"]["status"] = "TRANSLATION".into();
        record["slug"] = "a-b".into();
        record["methodology"]["knownLimits"][0]["fr"]["text"] = "b".into();
        record.as_object_mut().expect("object").shift_remove("abstract");
        let notes = difference(&read, &record);
        let wanted = [
            ("titles", r#"{"/ar/status":"TRANSLATION"}"#),
            ("methodology.knownLimits", r#"{"/0/fr/text":"b"}"#),
            ("slug", r#"{"":"a-b"}"#),
            ("abstract", r#"{"":null}"#),
        ];
        assert_eq!(notes.iter().map(|note| (note.subject.as_str(), note.text.as_str())).collect::<Vec<_>>(), wanted);
        let mut unfit = Vec::new();
        assert_eq!(value_of(&restore(read, &notes, &mut unfit).0), record);
        assert!(unfit.is_empty(), "{unfit:?}");
    }

    #[test]
    fn notes_that_cannot_be_used_are_named_and_change_nothing() {
        let deep = format!(r#"{{"{}":1}}"#, "/a".repeat(100));
        for (subject, text) in
            [("variables", r#"{"/99/name":"x"}"#), ("titles", "no"), ("riskClass", r#"{"":"NOPE"}"#), ("", "{}x"), ("titles", &deep)]
        {
            let mut unfit = Vec::new();
            let (draft, left_out) = restore(DatasetDraft::default(), &[note(subject, text)], &mut unfit);
            assert_eq!((draft, unfit.len(), left_out), (DatasetDraft::default(), 1, vec![subject.to_owned()]), "{subject}: {unfit:?}");
        }
    }

    fn note(subject: &str, text: &str) -> Note {
        Note { subject: subject.to_owned(), text: text.to_owned(), marks: String::new() }
    }

    #[test]
    fn a_note_that_does_not_fit_takes_no_other_with_it() {
        let notes = [
            note("riskClass", r#"{"":"LOW"}"#),
            note("abstract", r#"{"/en/status":"TRANSLATION"}"#),
            note("methodology.definitions", r#"{"":[{"code":"FOREIGN_BORN"}]}"#),
            note("riskClass", r#"{"":"HIGH"}"#),
            note("methodology.nothing", r#"{"":1}"#),
            note("certaintyNote", r#"{"":{"fr":{"text":"mot","status":"OFFICIAL"}}}"#),
        ];
        let mut unfit = Vec::new();
        let (draft, left_out) = restore(DatasetDraft::default(), &notes, &mut unfit);
        let value = value_of(&draft);
        assert_eq!((value["riskClass"].as_str(), value["certaintyNote"]["fr"]["text"].as_str()), (Some("LOW"), Some("mot")));
        assert_eq!(value["methodology"]["definitions"][0]["code"], "FOREIGN_BORN");
        assert_eq!(left_out, ["riskClass", "abstract", "methodology.nothing"], "{unfit:?}");
        assert!(unfit.iter().any(|line| line.field == "methodology.sourceType"), "{unfit:?}");
    }

    #[test]
    fn of_two_notes_on_one_field_the_one_that_fits_stands() {
        let notes = [note("methodology.knownLimits", r#"{"/0/fr/status":"MACHINE"}"#), note("methodology", r#"{"/weights":{"fr":1}}"#)];
        let read: DatasetDraft = serde_json::from_value(serde_json::json!({
            "methodology": { "sourceType": "CENSUS", "knownLimits": [{ "fr": { "text": "a", "status": "OFFICIAL" } }] }
        }))
        .expect("a draft");
        let mut unfit = Vec::new();
        let (draft, left_out) = restore(read, &notes, &mut unfit);
        assert_eq!(value_of(&draft)["methodology"]["knownLimits"][0]["fr"]["status"], "MACHINE");
        assert_eq!(left_out, ["methodology"], "{unfit:?}");
    }
}
