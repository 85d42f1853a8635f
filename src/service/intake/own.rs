//! Which record of the institution's own a record is that comes in, and how what it says is heard then.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{ExportFormat, ImportFormat, PublicationStatus, Vocabulary};
use crate::interop::exchange::{Outgoing, Surroundings};
use crate::interop::formats;
use crate::store::{Conn, institutions};

use super::super::Error;
use super::batch::Batch;
use super::origin::Unfit;
use super::over::Hearing;
use super::ready::{Ready, settled};

/// An address for links of a record that is only written to be read again, where that of this catalogue is not known.
const ANYWHERE: &str = "https://catalogue.invalid";

/// Why a record is not taken that leads to the same record of the institution as another one of the run.
pub(super) fn once_more(one: &Ready) -> Problem {
    let remedy = "leads to the same record of the institution as another one that was taken just now, so this one was left out; \
        if it is a record of its own, give it a short name of its own and no identifier";
    Problem::new(&one.identifier_at, &one.key, remedy)
}

/// What is said of an identifier of elsewhere where the record is here already.
pub(super) fn unlinked(one: &Ready) -> Problem {
    let remedy = "is an identifier of elsewhere, and the record has links of its own: add it to them";
    Problem::new(&one.identifier_at, one.link.as_deref().unwrap_or_default(), remedy)
}

/// What is said of a file that calls a record published which is not.
const UNPUBLISHED: &str =
    "where the record stands is decided here: it is published once the draft was submitted and validated, not by a file";

/// What a format is written as, by which its reader is known.
fn written_as(format: ImportFormat) -> &'static [ExportFormat] {
    match format {
        ImportFormat::Ddi => &[ExportFormat::Ddi],
        ImportFormat::Dcat => &[ExportFormat::Dcat],
        ImportFormat::Ckan => &[ExportFormat::Ckan],
        ImportFormat::DataJson => &[ExportFormat::DataJson],
        ImportFormat::SchemaOrg => &[ExportFormat::SchemaOrg],
        ImportFormat::DataCite => &[ExportFormat::DataCite],
        // Metadata of a provider are in one of these.
        ImportFormat::OaiPmh => &[ExportFormat::Ddi, ExportFormat::Dcat, ExportFormat::DataCite, ExportFormat::DublinCore],
        ImportFormat::Nada | ImportFormat::Spreadsheet | ImportFormat::Rihla => &[],
    }
}

/// Which record of the institution's own a record is.
#[derive(Default)]
pub(super) struct Led {
    /// That record.
    pub own: Option<String>,
    /// What is to be said of the way to it.
    pub told: Vec<Problem>,
    /// Whether that is a fault of a table, which whoever filled it is to correct.
    pub is_wrong: bool,
}

impl Batch<'_> {
    /// The record of the institution's own that a record is, by its short name or its identifier, and what is to be said of the two.
    ///
    /// Where they lead apart, a row of a table is what its short name says, which whoever fills it sees, while the identifier stands in a column far
    /// off and is copied along with the row. What programs write is what its identifier says.
    pub(super) fn own_of(&self, one: &Ready) -> Led {
        let slug = one.content.get("slug").and_then(Value::as_str);
        let by_slug = slug.and_then(|slug| self.own.get(slug)).cloned();
        let identifier = one.identifier.filter(|_| !one.is_another).map(|id| id.to_string());
        let by_identifier = identifier.as_ref().and_then(|id| self.own.get(id)).cloned();
        let is_by_hand = matches!(self.taking.format, ImportFormat::Spreadsheet | ImportFormat::Rihla);
        let shown = one.identifier.map_or_else(String::new, |id| format!("urn:uuid:{id}"));
        let about_identifier =
            |own, is_wrong, remedy: &str| Led { own, told: vec![Problem::new(&one.identifier_at, &shown, remedy)], is_wrong };
        let plainly = |own| Led { own, ..Led::default() };
        match (slug, by_slug, by_identifier) {
            (_, Some(by_slug), Some(by_identifier)) if by_slug == by_identifier => plainly(Some(by_slug)),
            (Some(_), Some(by_slug), Some(_)) if is_by_hand => {
                let remedy = "is the identifier of another record of the institution; what stands here was taken for the record of its short name: empty this cell";
                about_identifier(Some(by_slug), true, remedy)
            }
            (Some(_), None, Some(_)) if is_by_hand => {
                let remedy = "is the identifier of a record of the institution with another short name, which stays as it is; a draft of its own was begun: empty this cell, or write that record's short name";
                about_identifier(None, true, remedy)
            }
            (Some(slug), _, Some(id)) => {
                let remedy =
                    "is not the short name of the record that has this identifier; it was taken for that record, whose short name stays";
                Led { own: Some(id), told: vec![Problem::new("slug", slug, remedy)], is_wrong: false }
            }
            (None, _, Some(id)) => plainly(Some(id)),
            // Elsewhere the identifier is kept with where the record comes from.
            (_, by_slug, None) if self.taking.format == ImportFormat::Spreadsheet && identifier.is_some() => {
                let remedy = "is the identifier of no record of the institution; the registry gives each its own when it is published, and keeps this one nowhere";
                about_identifier(by_slug, false, remedy)
            }
            (_, by_slug, None) => plainly(by_slug),
        }
    }

    /// Tells with a record what is to be said of its short name and its identifier. `known` is the record that it became before.
    pub(super) fn tell_ways(&self, one: &mut Ready, known: Option<&str>) {
        let Led { own, mut told, is_wrong } = known.map_or_else(|| self.own_of(one), |known| self.contradiction(one, known));
        told.extend(one.link.iter().filter(|_| own.is_some()).map(|_| unlinked(one)));
        if one.says_published && !known.or(own.as_deref()).is_some_and(|id| self.is_published(id)) {
            let status = Problem::new("status", PublicationStatus::Published.code(), UNPUBLISHED);
            one.unfit.push(Unfit::from(&status));
        }
        one.unfit.extend(told.iter().map(Unfit::from));
        one.faults.extend(told.into_iter().filter(|_| is_wrong));
    }

    /// Whether the institution has published the record.
    fn is_published(&self, dataset_id: &str) -> bool {
        self.records.get(dataset_id).is_some_and(|row| row.status == PublicationStatus::Published.code())
    }

    /// What is to be said where a row of a table that came before has the identifier of another record now.
    fn contradiction(&self, one: &Ready, dataset_id: &str) -> Led {
        let (Some(id), ImportFormat::Spreadsheet) = (one.identifier, self.taking.format) else { return Led::default() };
        if id.to_string() == dataset_id {
            return Led::default();
        }
        let is_wrong = self.own.contains_key(&id.to_string());
        let remedy = if is_wrong {
            "is the identifier of another record of the institution, which stays as it is; this one was known by its short name: empty this cell"
        } else {
            "is not the identifier of this record, which was known by its short name: empty this cell"
        };
        let told = vec![Problem::new(&one.identifier_at, format!("urn:uuid:{id}"), remedy)];
        Led { own: None, told, is_wrong }
    }

    /// How what a record says of one of the institution's own is heard: with what that one becomes in the format of the file.
    pub(super) fn hearing(&self, conn: &mut Conn, one: &Ready, ours: &Map<String, Value>, dataset_id: &str) -> Result<Hearing, Error> {
        let mut hearing = Hearing::of(self.taking.format, &one.unfit);
        if !hearing.wants_echoes() {
            return Ok(hearing);
        }
        let mut whole = ours.clone();
        whole.insert("identifier".to_owned(), json!(format!("urn:uuid:{dataset_id}")));
        whole.insert("status".to_owned(), json!(PublicationStatus::Published.code()));
        // A draft that is not complete cannot be written in another format.
        let Ok(dataset) = serde_json::from_value::<Dataset>(Value::Object(whole)) else { return Ok(hearing) };
        let named = named(conn, &dataset)?;
        let lookup = |slug: &Slug| named.get(slug);
        let base_url = one.origin.address.as_deref().and_then(|address| address.strip_suffix(&format!("/dataset/{}", dataset.slug)));
        let around = Surroundings { base_url: base_url.unwrap_or(ANYWHERE), institutions: &lookup, concepts: &self.catalogue.concepts };
        let row = self.records.get(dataset_id);
        let modified_at = row.map_or(self.taking.acting.now, |row| row.updated_at);
        let outgoing = Outgoing {
            dataset: &dataset,
            issued_at: row.map_or(modified_at, |row| row.created_at),
            modified_at,
            version: row.map_or(1, |row| row.version),
            around: &around,
        };
        for format in written_as(self.taking.format) {
            for found in formats::read_by_others(&outgoing, *format).found {
                hearing.echoes.push(Value::Object(settled(self.taking, found)?));
            }
        }
        Ok(hearing)
    }
}

/// The institutions that a record names.
fn named(conn: &mut Conn, dataset: &Dataset) -> Result<HashMap<Slug, Institution>, Error> {
    let slugs = dataset.producer.iter().chain(&dataset.partners).chain(dataset.holdings.iter().map(|holding| &holding.institution));
    let mut slugs: Vec<String> = slugs.map(ToString::to_string).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let mut named = HashMap::new();
    for row in institutions::by_slugs(conn, &slugs)? {
        let institution: Institution = serde_json::from_str(&row.doc)?;
        named.insert(institution.slug.clone(), institution);
    }
    Ok(named)
}
