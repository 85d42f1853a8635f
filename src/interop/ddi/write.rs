//! A record becomes a codebook.

mod elements;
mod matter;
mod methods;

use super::read::read_without_notes;
use super::{OWN, Version, read, residue};
use crate::domain::concept::Concepts;
use crate::domain::draft::DatasetDraft;
use crate::interop::exchange::{Loss, Outgoing, Reading};
use crate::interop::losses::{self, Way};
use crate::interop::xml_text::page::Page;
use elements::Sheet;

pub(super) use methods::levels_in_words;

/// Writes a record: what DDI has elements for, then notes for the rest.
pub fn write(outgoing: &Outgoing, version: Version) -> Vec<u8> {
    let notes = notes(outgoing, version);
    render(outgoing, version, &notes)
}

/// Writes what DDI has elements for, without the notes that only this registry reads.
pub fn write_elements(outgoing: &Outgoing, version: Version) -> Vec<u8> {
    render(outgoing, version, &[])
}

/// What others do not see of a record: the notes that only this registry reads are left out, and the elements are read as any document is.
pub fn losses(outgoing: &Outgoing, version: Version) -> Vec<Loss> {
    let way = Way {
        write: &|outgoing| Some(render(outgoing, version, &[])),
        read: &|bytes| read_by_others(bytes, outgoing),
        has_extension: true,
    };
    losses::losses(outgoing, &way)
}

/// What a reader makes of the elements. A dataset that the record is related to comes back as a page, and is none of the record's pages.
fn read_by_others(bytes: &[u8], outgoing: &Outgoing) -> Reading {
    let (record, base) = (outgoing.dataset, outgoing.around.base_url);
    let related: Vec<String> = record.relations.iter().map(|relation| format!("{base}/dataset/{}", relation.dataset)).collect();
    let mut reading = read(bytes, outgoing.around.concepts);
    for found in &mut reading.found {
        found.draft.links.retain(|link| record.links.iter().any(|own| own.url == link.url) || !related.contains(&link.url));
    }
    reading
}

/// The difference between the record and what a reader makes of its elements.
fn notes(outgoing: &Outgoing, version: Version) -> Vec<residue::Note> {
    let told = told(&render(outgoing, version, &[]), outgoing.around.concepts);
    residue::difference(&told, outgoing.dataset)
}

fn told(bytes: &[u8], concepts: &Concepts) -> DatasetDraft {
    read_without_notes(bytes, concepts).found.into_iter().next().map(|found| found.draft).unwrap_or_default()
}

fn render(outgoing: &Outgoing, version: Version, notes: &[residue::Note]) -> Vec<u8> {
    let mut sheet = Sheet { page: Page::new(), outgoing: *outgoing, version };
    let record = outgoing.dataset;
    let language = record.main_language().unwrap_or_else(|| sheet.first_language()).to_owned();
    let schema = format!("{} {}", version.namespace(), version.schema());
    sheet.page.open(
        "codeBook",
        &[
            ("xmlns", version.namespace()),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", &schema),
            ("version", version.number()),
            ("xml:lang", &language),
        ],
    );
    matter::document(&mut sheet);
    sheet.page.open("stdyDscr", &[]);
    matter::citation(&mut sheet);
    matter::subject_and_coverage(&mut sheet);
    methods::method(&mut sheet);
    methods::access(&mut sheet);
    methods::related(&mut sheet);
    for note in notes {
        let attributes = [("type", OWN), ("subject", note.subject.as_str()), ("elementVersion", note.marks.as_str())];
        sheet.page.leaf("notes", &attributes, &note.text);
    }
    sheet.page.close();
    methods::files(&mut sheet);
    methods::variables(&mut sheet);
    methods::materials(&mut sheet);
    sheet.page.bytes()
}
