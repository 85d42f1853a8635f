//! Export in the registry's own format, lossless: institutions, then datasets, each in the order of creation, as they stood at one moment.

use std::io::Write;

use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::policy::{Actor, audience_for, readable};
use crate::domain::record::RecordLine;
use crate::domain::view::view;
use crate::domain::vocabulary::{MaskableField, PublicationStatus, RefusalCode};
use crate::store::{Conn, datasets, institutions};

use super::catalogue::is_own;
use super::{Catalogue, Error, Record};

const PAGE: i64 = 500;

/// What was written, and what of the records that the actor may find was not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records written.
    pub records: usize,
    /// Stubs left out.
    pub stubs: usize,
    /// Records left out whose methodology is masked.
    pub without_methodology: usize,
}

/// Writes every record that the actor may read whole. All is read in one transaction: what is written meanwhile is not in it, neither a new
/// record nor a part of one, so that every record that is named by another is there.
///
/// # Errors
/// The database cannot be read, or the output cannot be written.
pub fn export(catalogue: &Catalogue, actor: &Actor, output: &mut dyn Write) -> Result<Exported, Error> {
    let exported = catalogue.db.read_at_once::<_, Error>(|conn| {
        let mut exported = Exported::default();
        write_institutions(conn, output, &mut exported)?;
        write_datasets(conn, actor, output, &mut exported)?;
        Ok(exported)
    })?;
    output.flush().map_err(unwritten)?;
    Ok(exported)
}

fn write_institutions(conn: &mut Conn, output: &mut dyn Write, exported: &mut Exported) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let rows = institutions::after_number(conn, after, PAGE)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.number;
        for row in &rows {
            let institution: Institution = serde_json::from_str(&row.doc)?;
            write_line(output, &RecordLine::Institution(&institution))?;
        }
        exported.records += rows.len();
    }
}

fn write_datasets(conn: &mut Conn, actor: &Actor, output: &mut dyn Write, exported: &mut Exported) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let rows = datasets::after_number(conn, after, PAGE)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.number;
        let mut whole = Vec::new();
        for row in &rows {
            match seen(actor, serde_json::from_str(&row.doc)?) {
                Seen::Whole(dataset) => whole.push(*dataset),
                Seen::Stub => exported.stubs += 1,
                Seen::WithoutMethodology => exported.without_methodology += 1,
                Seen::Nothing => {}
            }
        }
        if *actor != Actor::Console {
            let slugs = targets(&whole);
            let mut known = Vec::new();
            for row in datasets::readable_by_slugs(conn, &slugs, readable(actor).as_ref())? {
                if matches!(seen(actor, serde_json::from_str(&row.doc)?), Seen::Whole(_)) {
                    known.push(row.slug);
                }
            }
            whole
                .iter_mut()
                .for_each(|dataset| dataset.relations.retain(|relation| known.iter().any(|slug| slug == relation.dataset.as_str())));
        }
        for dataset in &whole {
            write_line(output, &RecordLine::Dataset(dataset))?;
        }
        exported.records += whole.len();
    }
}

/// A record as the actor would get it.
enum Seen {
    /// As a record of the format.
    Whole(Box<Dataset>),
    /// As a stub.
    Stub,
    /// Without its methodology.
    WithoutMethodology,
    /// Not at all, or retired.
    Nothing,
}

/// A stub, or a record without its methodology, is no whole record of the format: it could not be imported, or would tell what is hidden. Who may
/// see more exports it.
fn seen(actor: &Actor, dataset: Dataset) -> Seen {
    if *actor == Actor::Console {
        return Seen::Whole(Box::new(dataset));
    }
    if dataset.status != PublicationStatus::Published {
        return Seen::Nothing;
    }
    let audience = audience_for(actor, dataset.producer.as_ref());
    match view(&dataset, audience, is_own(actor, &dataset)) {
        None => Seen::Nothing,
        Some(seen) if seen.hidden.iter().any(|(_, reason)| *reason == RefusalCode::StubRecord) => Seen::Stub,
        Some(seen) if seen.hides(MaskableField::Methodology) => Seen::WithoutMethodology,
        Some(seen) => Seen::Whole(Box::new(seen)),
    }
}

/// Short names of the records to which others refer, each once.
fn targets(records: &[Dataset]) -> Vec<String> {
    let mut slugs: Vec<String> = records.iter().flat_map(|dataset| &dataset.relations).map(|r| r.dataset.to_string()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    slugs
}

/// Takes out relations to records that the actor may not read: their names alone would tell that they exist. One to a record that was retired
/// stays, as a tombstone stands at its address: what succeeds it succeeds it still.
pub(super) fn hide_relations(catalogue: &Catalogue, actor: &Actor, records: &mut [Dataset]) -> Result<(), Error> {
    let known = catalogue.records_by_slug(actor, &targets(records))?;
    // What came in unpublished is its producer's alone, and has no address.
    let is_told = |other: &Record| matches!(other.dataset.status, PublicationStatus::Published | PublicationStatus::Retired);
    for dataset in records {
        dataset.relations.retain(|relation| known.iter().any(|other| other.dataset.slug == relation.dataset && is_told(other)));
    }
    Ok(())
}

fn write_line(output: &mut dyn Write, line: &RecordLine<'_>) -> Result<(), Error> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    output.write_all(text.as_bytes()).map_err(unwritten)
}

fn unwritten(error: std::io::Error) -> Error {
    Error::Unavailable(format!("the export cannot be written: {error}"))
}
