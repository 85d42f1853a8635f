//! From records to DCAT-AP 3.

mod agent;
mod catalogue;
mod dataset;
mod distribution;
mod terms;

use oxrdf::{NamedOrBlankNode, Triple};

pub use catalogue::{CataloguePage, Links, catalogue_triples};
pub use dataset::stand_in_description;
pub use terms::MAPPING;

use crate::domain::ids::Slug;
use crate::domain::text::MultilingualText;
use crate::interop::exchange::{Outgoing, Surroundings};
use crate::interop::rdf::names::RIHLA;
use crate::interop::rdf::{Builder, Syntax, thing, words, write};

/// Writes one dataset by itself.
///
/// # Errors
/// The record cannot be written; a record that passed validation always can.
pub fn write_dataset(outgoing: &Outgoing<'_>, syntax: Syntax) -> std::io::Result<Vec<u8>> {
    write(&dataset_triples(outgoing), syntax)
}

/// Statements on one dataset by itself.
pub fn dataset_triples(outgoing: &Outgoing<'_>) -> Vec<Triple> {
    let mut builder = Builder::default();
    dataset::say(&mut builder, outgoing);
    builder.finish()
}

/// Writes one dataset without the registry's own terms, as others understand it.
///
/// # Errors
/// The record cannot be written; a record that passed validation always can.
pub fn write_for_others(outgoing: &Outgoing<'_>, syntax: Syntax) -> std::io::Result<Vec<u8>> {
    write(&triples_for_others(outgoing), syntax)
}

/// Statements on one dataset without the registry's own terms, those on the dataset itself first.
pub fn triples_for_others(outgoing: &Outgoing<'_>) -> Vec<Triple> {
    let mut builder = Builder::default();
    dataset::say_to_all(&mut builder, outgoing);
    builder.finish()
}

/// Writes one page of the catalogue.
///
/// # Errors
/// A record cannot be written; records that passed validation always can.
pub fn write_catalogue(page: &CataloguePage<'_, '_>, syntax: Syntax) -> std::io::Result<Vec<u8>> {
    write(&catalogue_triples(page), syntax)
}

/// Writes who an institution is.
///
/// # Errors
/// The record cannot be written; a record that passed validation always can.
pub fn write_institution(slug: &Slug, around: &Surroundings<'_>, syntax: Syntax) -> std::io::Result<Vec<u8>> {
    let mut builder = Builder::default();
    agent::say(&mut builder, slug, around);
    write(&builder.finish(), syntax)
}

/// A thing by its address; one of the registry's own where the address is none.
fn node(address: &str) -> NamedOrBlankNode {
    thing(address).or_else(|| thing(&format!("{RIHLA}unknown"))).map_or_else(|| oxrdf::BlankNode::default().into(), Into::into)
}

/// Says a text in each of its languages.
fn say_text(builder: &mut Builder, subject: &NamedOrBlankNode, namespace: &str, name: &str, text: &MultilingualText) {
    for (tag, wording) in text.iter() {
        builder.say(subject, namespace, name, words(&wording.text, tag.as_str()));
    }
}

/// Milliseconds from 1970-01-01 UTC as a date and time of XML Schema.
pub fn instant(milliseconds: i64) -> String {
    let seconds = milliseconds.div_euclid(1000);
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (date, clock) = (time.date(), time.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}
