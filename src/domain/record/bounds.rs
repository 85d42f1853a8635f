//! How long a record may be. One bound holds for whatever is written of it, by whichever way it came; lines that are read may be a little longer,
//! so that every record that is written can be read again.

use std::io::Write;

use serde::Serialize;
use serde_json::{Map, Value};

use super::RecordLine;
use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;

/// Longest record as it is exported, in bytes of its line: with its identifier, and with what is put in where nothing was said.
pub const MAX_RECORD: usize = 4 << 20;
/// Longest line that is read, in bytes.
pub const MAX_LINE: usize = MAX_RECORD + (64 << 10);

/// Length of an identifier as it is minted.
const IDENTIFIER: usize = "urn:uuid:00000000-0000-0000-0000-000000000000".len();

/// What a published record says in any case, with the length of what stands there where its working copy does not say it.
const ADDED: [(&str, usize); 6] = [
    ("type", "dataset".len()),
    ("identifier", IDENTIFIER),
    ("status", "PUBLISHED".len()),
    ("visibility", "PUBLIC".len()),
    ("certainty", "UNVERIFIED".len()),
    // The longest short name.
    ("producer", 96),
];

/// Counts the bytes that are written to it.
struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn length(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    // What cannot be written as JSON is told where it is written.
    if serde_json::to_writer(&mut counter, value).is_err() {
        return 0;
    }
    counter.0
}

/// What an identifier adds that is minted, or written otherwise than it will be.
fn identifier_to_come(given: Option<&str>) -> usize {
    match given {
        Some(given) => IDENTIFIER.saturating_sub(given.len()),
        None => length_of_field("identifier", IDENTIFIER),
    }
}

/// A name in quotes, a colon, a text in quotes and a comma.
fn length_of_field(name: &str, value: usize) -> usize {
    name.len() + value + 6
}

/// The problem of a record that is too long; none where it is not.
pub fn too_long(dataset: &Dataset) -> Option<Problem> {
    told(length(&RecordLine::Dataset(dataset)) + identifier_to_come(dataset.identifier.as_deref()))
}

/// The problem of an institution that is too long; none where it is not.
pub fn institution_too_long(institution: &Institution) -> Option<Problem> {
    told(length(&RecordLine::Institution(institution)) + identifier_to_come(institution.identifier.as_deref()))
}

/// The problem of a working copy that would be too long as a record; none where it is not. `before` is the copy as it was: of one that is too long
/// already it is only asked that it does not grow.
pub fn copy_too_long(doc: &Map<String, Value>, before: Option<&Map<String, Value>>) -> Option<Problem> {
    let size = copy_length(doc);
    let has_grown = || before.is_none_or(|before| copy_length(before) < size);
    told(size).filter(|_| has_grown())
}

/// Length of a working copy as a record.
fn copy_length(doc: &Map<String, Value>) -> usize {
    let absent = ADDED.iter().filter(|(name, _)| !doc.contains_key(*name));
    length(doc) + absent.map(|(name, value)| length_of_field(name, *value)).sum::<usize>()
}

fn told(size: usize) -> Option<Problem> {
    let remedy = || {
        format!(
            "is longer than {MAX_RECORD} bytes (4 MiB, as it is exported); shorten its texts or its list of variables, or divide it into several \
             records"
        )
    };
    (size > MAX_RECORD).then(|| Problem::new("", format!("{size} bytes"), remedy()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::concept::Concepts;
    use crate::domain::record::{RecordDraft, read_line};

    /// A line of so many bytes that says neither identifier nor visibility nor certainty, and that its slug makes longer or shorter.
    fn line(size: usize) -> String {
        let variables = |count: usize| (0..count).map(|n| json!({ "name": format!("{n:0>2000}") })).collect::<Vec<_>>();
        let record = |name: &str, count: usize| {
            let mut variables = variables(count);
            variables.push(json!({ "name": name }));
            json!({ "type": "dataset", "slug": "long", "recordKind": "STATISTICAL_OPERATION", "riskClass": "NONE", "status": "PUBLISHED",
                "titles": { "fr": { "text": "Long", "status": "OFFICIAL" } }, "methodology": { "sourceType": "CENSUS" }, "coverage": {}, "variables": variables })
            .to_string()
        };
        let count = (size - record("", 0).len()) / (record("", 1).len() - record("", 0).len()) - 1;
        let rest = size - record("", count).len();
        record(&"x".repeat(rest), count)
    }

    fn checked(line: &str) -> Result<Dataset, Vec<Problem>> {
        let Ok(RecordDraft::Dataset(draft)) = read_line(line) else { panic!("a dataset") };
        draft.validate(&Concepts::load(&[]).expect("shipped lists"))
    }

    #[test]
    fn what_is_let_in_can_be_read_again_as_it_is_written() {
        let added = length_of_field("identifier", IDENTIFIER) + length_of_field("visibility", 6) + length_of_field("certainty", 10);
        let longest = line(MAX_RECORD - added);
        let mut dataset = checked(&longest).expect("as long as is allowed");
        dataset.identifier = Some("urn:uuid:01890000-0000-7000-8000-000000000000".to_owned());
        let written = serde_json::to_string(&RecordLine::Dataset(&dataset)).expect("JSON");
        assert_eq!(written.len(), MAX_RECORD);
        assert!(written.len() <= MAX_LINE && checked(&written).is_ok());
        let problems = checked(&line(MAX_RECORD - added + 1)).expect_err("one byte too long");
        let told = problems[0].to_string();
        assert!(problems.len() == 1 && told.contains(&(MAX_RECORD + 1).to_string()) && told.contains("shorten"), "{told}");
    }

    #[test]
    fn a_copy_that_is_too_long_may_only_not_grow() {
        let copy = |size: usize| Map::from_iter([("slug".to_owned(), json!("x".repeat(size)))]);
        assert!(copy_too_long(&copy(MAX_RECORD / 2), None).is_none());
        assert!(copy_too_long(&copy(MAX_RECORD), None).is_some());
        assert!(copy_too_long(&copy(MAX_RECORD), Some(&copy(MAX_RECORD))).is_none());
        assert!(copy_too_long(&copy(MAX_RECORD), Some(&copy(MAX_RECORD - 1))).is_some());
    }
}
