//! Export in the registry's own format, lossless: institutions, then datasets, each in the order of creation.

use std::io::Write;

use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::policy::{Actor, audience_for};
use crate::domain::record::RecordLine;
use crate::domain::view::view;
use crate::domain::vocabulary::{MaskableField, PublicationStatus};
use crate::store::{datasets, institutions};

use super::catalogue::is_own;
use super::{Catalogue, Error, Record};

const PAGE: i64 = 500;

/// Writes every record that the actor may read and returns their number.
///
/// # Errors
/// The database cannot be read, or the output cannot be written.
pub fn export(catalogue: &Catalogue, actor: &Actor, output: &mut dyn Write) -> Result<usize, Error> {
    let mut written = 0;
    let mut after = 0;
    loop {
        let rows = catalogue.db.read(|conn| institutions::after_number(conn, after, PAGE))?;
        for row in &rows {
            let institution: Institution = serde_json::from_str(&row.doc)?;
            write_line(output, &RecordLine::Institution(&institution))?;
            after = row.number;
            written += 1;
        }
        if rows.is_empty() {
            break;
        }
    }
    after = 0;
    loop {
        let rows = catalogue.db.read(|conn| datasets::after_number(conn, after, PAGE))?;
        let mut readable = Vec::new();
        for row in &rows {
            after = row.number;
            let dataset: Dataset = serde_json::from_str(&row.doc)?;
            if *actor == Actor::Console {
                readable.push(dataset);
            } else if dataset.status == PublicationStatus::Published {
                let audience = audience_for(actor, dataset.producer.as_ref());
                // A stub, or a record without its methodology, is no whole record of the format: who may see more exports it.
                let seen = view(&dataset, audience, is_own(actor, &dataset));
                readable.extend(seen.filter(|seen| !seen.hides(MaskableField::Methodology)));
            }
        }
        if *actor != Actor::Console {
            hide_relations(catalogue, actor, &mut readable)?;
        }
        for dataset in &readable {
            write_line(output, &RecordLine::Dataset(dataset))?;
            written += 1;
        }
        if rows.is_empty() {
            break;
        }
    }
    output.flush().map_err(|e| Error::Unavailable(format!("the export cannot be written: {e}")))?;
    Ok(written)
}

/// Takes out relations to records that the actor may not read: their names alone would tell that they exist.
pub(super) fn hide_relations(catalogue: &Catalogue, actor: &Actor, records: &mut [Dataset]) -> Result<(), Error> {
    let mut slugs: Vec<String> = records.iter().flat_map(|dataset| &dataset.relations).map(|r| r.dataset.to_string()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let known = catalogue.records_by_slug(actor, &slugs)?;
    for dataset in records {
        let is_exported =
            |other: &Record| other.dataset.status == PublicationStatus::Published && !other.dataset.hides(MaskableField::Methodology);
        dataset.relations.retain(|relation| known.iter().any(|other| other.dataset.slug == relation.dataset && is_exported(other)));
    }
    Ok(())
}

fn write_line(output: &mut dyn Write, line: &RecordLine<'_>) -> Result<(), Error> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    output.write_all(text.as_bytes()).map_err(|e| Error::Unavailable(format!("the export cannot be written: {e}")))
}
