//! What another tool edits in a document of this registry: it is taken or told, and takes no note of another field with it.

use proptest::prelude::*;
use serde_json::Value;

use super::{concepts, generated, sent};
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::interop::ddi::read::read_without_notes;
use crate::interop::ddi::{Version, read, residue, write};
use crate::interop::exchange::Found;

/// Elements of which only the registry's own code or address counts, or that tell of the document.
const PASSED_OVER: [&str; 11] =
    ["prodDate", "software", "AuthEnty", "othId", "producer", "distrbtr", "distDate", "version", "topcClas", "accsPlac", "relStdy"];

/// What is done to an element that stands in one line.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Remove,
    Reword,
    AddBefore,
    AddBehind,
}

/// The document with one line edited; none where the line is no element with words.
fn edited(text: &str, number: usize, edit: Edit) -> Option<(String, String)> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = lines.get(number)?.clone();
    let inside = line.trim_start().strip_prefix('<')?;
    let name: String = inside.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    let end = format!("</{name}>");
    let is_element = line.ends_with(&end) && !matches!(name.as_str(), "notes" | "IDNo" | "");
    let reworded = is_element.then(|| line.strip_suffix(&end).map(|start| format!("{start}zq{end}")))??;
    match edit {
        Edit::Remove => drop(lines.remove(number)),
        Edit::Reword => lines[number] = reworded,
        Edit::AddBefore => lines.insert(number, reworded),
        Edit::AddBehind => lines.insert(number + 1, reworded),
    }
    Some((lines.join("\n"), name))
}

fn without_notes(text: &str, concepts: &Concepts) -> Value {
    let stripped: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("<notes ")).collect();
    let mut reading = read_without_notes(stripped.join("\n").as_bytes(), concepts);
    residue::value_of(&reading.found.remove(0).draft)
}

/// The fields of a record, those of methodology and coverage each by itself.
fn fields(value: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        match value.as_object().filter(|_| matches!(key.as_str(), "methodology" | "coverage")) {
            Some(parts) => found.extend(parts.iter().map(|(part, value)| (format!("{key}/{part}"), value))),
            None => found.push((key.clone(), value)),
        }
    }
    found
}

fn one(text: &str, concepts: &Concepts) -> Found {
    let mut reading = read(text.as_bytes(), concepts);
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.found.remove(0)
}

fn check(dataset: &Dataset, concepts: &Concepts, line: prop::sample::Index, edit: Edit) -> Result<(), TestCaseError> {
    let text = String::from_utf8(sent(dataset, &[], concepts, |outgoing| write(outgoing, Version::V25))).expect("UTF-8");
    let Some((changed, name)) = edited(&text, line.index(text.lines().count()), edit) else { return Ok(()) };
    let (before, after) = (without_notes(&text, concepts), without_notes(&changed, concepts));
    let found = one(&changed, concepts);
    let (record, draft) = (serde_json::to_value(dataset).expect("JSON"), residue::value_of(&found.draft));
    for (field, value) in fields(&record) {
        let at = |said: &Value| said.pointer(&format!("/{field}")).cloned();
        if at(&before) == at(&after) {
            prop_assert_eq!(at(&draft), Some(value.clone()), "{} lost by {:?} of {}: {:?}", field, edit, name, found.unfit);
        }
    }
    let is_silent = draft == record && found.unfit.is_empty();
    let is_document = changed.find("<docDscr").zip(changed.find("</docDscr>")).is_some_and(|(from, to)| {
        let at = changed.lines().take(line.index(text.lines().count())).map(|line| line.len() + 1).sum::<usize>();
        (from..=to).contains(&at)
    });
    let is_code = text.lines().nth(line.index(text.lines().count())).is_some_and(|line| line.contains("<concept "));
    let is_counted = !is_document && !is_code && !PASSED_OVER.contains(&name.as_str()) && !matches!(edit, Edit::Remove);
    prop_assert!(!(is_silent && is_counted), "{edit:?} of {name} is neither taken nor told\n{changed}");
    Ok(())
}

#[test]
fn any_edit_of_an_element_is_taken_or_told_and_loses_no_other_note() {
    let concepts = concepts();
    let edits = prop::sample::select(vec![Edit::Remove, Edit::Reword, Edit::AddBefore, Edit::AddBehind]);
    let cases = (generated::dataset(&concepts), proptest::collection::vec((any::<prop::sample::Index>(), edits), 8));
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 48, max_shrink_iters: 64, ..ProptestConfig::default() });
    runner
        .run(&cases, |(dataset, edits)| edits.into_iter().try_for_each(|(line, edit)| check(&dataset, &concepts, line, edit)))
        .unwrap_or_else(|fault| panic!("{fault}"));
}

/// A record of which every list has a note.
fn noted() -> Dataset {
    let text =
        |words: &str| serde_json::json!({ "fr": { "text": words, "status": "MACHINE" }, "ar": { "text": words, "status": "OFFICIAL" } });
    serde_json::from_value(serde_json::json!({
        "slug": "ma-survey", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "LOW",
        "certainty": "DOCUMENTED", "mainLanguage": "fr", "titles": text("T"), "abstract": text("A"), "keywords": [text("un"), text("deux")],
        "methodology": { "sourceType": "CENSUS", "sampleSize": 15, "knownLimits": [text("L")] },
        "coverage": { "period": { "start": "2018~", "end": "2019" } }, "links": [{ "title": text("I"), "url": "https://x.ma/" }],
        "variables": [{ "name": "sex", "label": text("Sexe") }],
        "holdings": [{ "institution": "hcp", "role": "PRODUCER", "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED",
            "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" } }],
    }))
    .expect("a record")
}

fn told(found: &Found) -> Vec<&str> {
    found.unfit.iter().filter_map(|line| line.field.split_once("@subject='")).map(|(_, rest)| rest.trim_end_matches("']")).collect()
}

#[test]
fn a_word_a_link_or_a_date_that_another_tool_has_changed_wins_over_the_note() {
    let concepts = concepts();
    let text = String::from_utf8(sent(&noted(), &[], &concepts, |outgoing| write(outgoing, Version::V25))).expect("UTF-8");
    for (from, to, subjects) in [
        ("</subject>", "<keyword xml:lang=\"fr\">nouveau</keyword></subject>", vec!["keywords"]),
        ("date=\"2018\" event=\"start\">2018<", "date=\"1999\" event=\"start\">1999<", vec!["coverage.period"]),
        ("<deviat xml:lang=\"fr\">L<", "<deviat xml:lang=\"fr\">M<", vec!["methodology.knownLimits"]),
        (
            "<otherMat ",
            "<otherMat type=\"page\" URI=\"https://new.ma/\"><labl xml:lang=\"fr\">N</labl></otherMat><otherMat ",
            vec!["links"],
        ),
        ("<var ", "<var name=\"age\"/><var ", vec!["variables"]),
        ("<abstract xml:lang=\"fr\">A</abstract>", "", vec!["abstract"]),
        (
            "<titl xml:lang=\"fr\">T</titl>\n    <parTitl xml:lang=\"ar\">T<",
            "<titl xml:lang=\"fr\">T</titl>\n    <parTitl xml:lang=\"ar\">U<",
            vec!["titles"],
        ),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        let found = one(&changed, &concepts);
        assert_eq!(told(&found), subjects, "{to}: {:?}", found.unfit);
        assert_eq!(found.draft.holdings, noted().holdings, "{to}");
        assert_eq!(found.draft.methodology.as_ref().and_then(|method| method.sample_size), Some(15), "{to}");
    }
    let found = one(&text.replace("date=\"2018\" event=\"start\">2018<", "date=\"1999\" event=\"start\">1999<"), &concepts);
    assert_eq!(found.draft.coverage.period.map(|period| period.edtf()).as_deref(), Some("1999/2019"));
    let found = one(&text.replace("<parTitl xml:lang=\"ar\">T<", "<parTitl xml:lang=\"ar\">U<"), &concepts);
    let titles = serde_json::to_value(&found.draft.titles).expect("JSON");
    assert_eq!((&titles["ar"]["text"], &titles["fr"]["status"]), (&Value::from("U"), &Value::from("MACHINE")));
}

#[test]
fn notes_without_marks_are_believed_as_before() {
    let concepts = concepts();
    let text = String::from_utf8(sent(&noted(), &[], &concepts, |outgoing| write(outgoing, Version::V25))).expect("UTF-8");
    let old: Vec<String> = text
        .lines()
        .map(|line| match line.split_once(" elementVersion=\"") {
            Some((start, rest)) => format!("{start}{}", rest.split_once('"').expect("an end").1),
            None => line.to_owned(),
        })
        .collect();
    let old = old.join("\n");
    assert!(text.contains("elementVersion") && !old.contains("elementVersion"));
    assert_eq!(residue::value_of(&one(&old, &concepts).draft), serde_json::to_value(noted()).expect("JSON"));
    let found = one(&old.replace("</subject>", "<keyword xml:lang=\"fr\">nouveau</keyword></subject>"), &concepts);
    assert_eq!(found.draft.keywords, noted().keywords);
}

#[test]
fn a_document_without_its_type_of_source_keeps_its_methodology_and_tells_what_stands_in() {
    let concepts = concepts();
    let text = String::from_utf8(sent(&noted(), &[], &concepts, |outgoing| write(outgoing, Version::V25))).expect("UTF-8");
    let (start, rest) = text.split_once("<dataKind").expect("a kind of source");
    let behind = rest.split_once("</dataKind>").expect("its end").1;
    let changed: Vec<&str> = behind.lines().filter(|line| !line.contains("<deviat")).collect();
    let found = one(&format!("{start}{}", changed.join("\n")), &concepts);
    assert_eq!(found.draft.methodology.as_ref().and_then(|method| method.sample_size), Some(15));
    assert!(found.unfit.iter().any(|line| line.field == "methodology.sourceType"), "{:?}", found.unfit);
}
