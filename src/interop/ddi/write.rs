//! A record becomes a codebook.

mod elements;
mod matter;
mod methods;

use super::read::read_without_notes;
use super::{OWN, Version, residue};
use crate::domain::concept::Concepts;
use crate::domain::draft::DatasetDraft;
use crate::domain::vocabulary::LossEffect;
use crate::interop::exchange::{Loss, Outgoing};
use crate::interop::xml_text::page::Page;
use elements::Sheet;

/// Writes a record: what DDI has elements for, then notes for the rest.
pub fn write(outgoing: &Outgoing, version: Version) -> Vec<u8> {
    let notes = notes(outgoing, version);
    render(outgoing, version, &notes)
}

/// What the elements of DDI do not carry, and stands in notes that only this registry reads.
pub fn losses(outgoing: &Outgoing, version: Version) -> Vec<Loss> {
    notes(outgoing, version)
        .into_iter()
        .map(|(field, text)| {
            let places = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text).unwrap_or_default();
            let effect = if !places.is_empty() && places.keys().all(|place| place.ends_with("/status")) {
                LossEffect::StatusInExtension
            } else if places.contains_key("") {
                LossEffect::ExtensionOnly
            } else {
                LossEffect::PartInExtension
            };
            Loss { field, effect }
        })
        .collect()
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
    for (subject, text) in notes {
        sheet.page.leaf("notes", &[("type", OWN), ("subject", subject)], text);
    }
    sheet.page.close();
    methods::files(&mut sheet);
    methods::variables(&mut sheet);
    methods::materials(&mut sheet);
    sheet.page.bytes()
}
