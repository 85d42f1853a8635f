//! What leaves the catalogue in other people's formats: the records that the reader may see, a page at a time.

pub mod feed;
pub mod harvest;
pub mod losses;

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::policy::{Actor, Readable, readable};
use crate::domain::vocabulary::{MaskableField, PublicationStatus, Visibility};
use crate::interop::exchange::{Outgoing, Surroundings};
pub use crate::store::published::Head;
use crate::store::{changes, published as table};

use super::catalogue::read_id;
use super::export::hide_relations;
use super::{Catalogue, Change, Error, InstitutionRecord, Record};

/// How much of a record its reader is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it, but for masked fields: it can be written in every format.
    Whole,
    /// Title, producer and holders, or a record without its methodology: it has a page, and is no record of any format.
    Outline,
    /// It was retired; a tombstone remains.
    Gone,
}

/// How much is shown of a record that its reader has in hand.
pub fn extent(record: &Record) -> Extent {
    extent_of(&record.dataset)
}

/// The same of a record as its reader sees it.
fn extent_of(dataset: &Dataset) -> Extent {
    if dataset.status == PublicationStatus::Retired {
        Extent::Gone
    } else if dataset.status == PublicationStatus::Published && !dataset.hides(MaskableField::Methodology) {
        Extent::Whole
    } else {
        Extent::Outline
    }
}

/// A record on its way out.
pub struct Publication {
    /// What the store knows of it.
    pub record: Arc<Record>,
    /// As the reader sees it; relations to records that the reader may not see are gone.
    pub dataset: Dataset,
    /// First publication, milliseconds from 1970-01-01 UTC.
    pub issued_at: i64,
}

/// Records on their way out, with the institutions that they name.
#[derive(Default)]
pub struct Batch {
    /// The records, in order.
    pub publications: Vec<Publication>,
    /// Institutions by slug.
    pub institutions: HashMap<String, Arc<InstitutionRecord>>,
}

impl Batch {
    /// Calls with the records as the writers take them.
    pub fn write<T>(&self, catalogue: &Catalogue, base_url: &str, then: impl for<'a> FnOnce(&[Outgoing<'a>], &Surroundings<'a>) -> T) -> T {
        let institutions = |slug: &Slug| self.institutions.get(slug.as_str()).map(|record| &record.institution);
        let around = Surroundings { base_url, institutions: &institutions, concepts: &catalogue.concepts };
        let outgoing: Vec<_> = self
            .publications
            .iter()
            .map(|publication| Outgoing {
                dataset: &publication.dataset,
                issued_at: publication.issued_at,
                modified_at: publication.record.updated_at,
                version: publication.record.version,
                around: &around,
            })
            .collect();
        then(&outgoing, &around)
    }
}

/// Makes records ready to go out that the actor was given; those that are not whole are left out.
///
/// # Errors
/// The database is unavailable.
pub fn gather(catalogue: &Catalogue, actor: &Actor, records: Vec<Arc<Record>>) -> Result<Batch, Error> {
    gather_shown(catalogue, actor, records.into_iter().filter(|record| extent(record) == Extent::Whole).collect())
}

/// Makes records ready to go out, stubs among them: for writers that say nothing of what is hidden.
///
/// # Errors
/// The database is unavailable.
pub fn gather_shown(catalogue: &Catalogue, actor: &Actor, records: Vec<Arc<Record>>) -> Result<Batch, Error> {
    let ids: Vec<String> = records.iter().map(|record| record.id.to_string()).collect();
    let first = catalogue.db.read(|conn| table::first_known(conn, &ids))?;
    let mut datasets: Vec<Dataset> = records.iter().map(|record| record.dataset.clone()).collect();
    hide_relations(catalogue, actor, &mut datasets)?;
    let mut slugs: Vec<String> = datasets.iter().flat_map(named).map(ToString::to_string).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let institutions = catalogue.institutions_by_slug(&slugs)?;
    let publication = |(record, dataset): (Arc<Record>, Dataset)| {
        let issued_at = first.get(&record.id.to_string()).copied().unwrap_or(record.created_at);
        Publication { record, dataset, issued_at }
    };
    Ok(Batch { publications: records.into_iter().zip(datasets).map(publication).collect(), institutions })
}

/// Institutions that a record names.
fn named(dataset: &Dataset) -> impl Iterator<Item = &Slug> {
    dataset.producer.iter().chain(&dataset.partners).chain(dataset.holdings.iter().map(|holding| &holding.institution))
}

/// What anyone may find: published records, stubs among them where wanted.
fn open(with_stubs: bool) -> Readable {
    let mut readable = readable(&Actor::Visitor).unwrap_or(Readable { open: Vec::new(), producers: Vec::new() });
    readable.open.retain(|(status, visibility)| *status == PublicationStatus::Published && (with_stubs || *visibility != Visibility::Stub));
    readable
}

/// A page of the public catalogue.
pub struct CataloguePage {
    /// The records.
    pub batch: Batch,
    /// Number after which the next page begins; none on the last one.
    pub next: Option<i64>,
}

/// A page of what anyone may see, in the order of creation, after a number. It may hold fewer records than asked for, and more follow.
///
/// # Errors
/// The database is unavailable.
pub fn page(catalogue: &Catalogue, after: i64, limit: usize) -> Result<CataloguePage, Error> {
    let mut heads = catalogue.db.read(|conn| table::after(conn, &open(false), after, limit as i64 + 1))?;
    let has_next = heads.len() > limit;
    heads.truncate(limit);
    let next = heads.last().map(|head| head.number).filter(|_| has_next);
    catalogue.refresh()?;
    let ids = heads.iter().map(|head| read_id(&head.id)).collect::<Result<Vec<_>, _>>()?;
    let mut found = catalogue.records(&Actor::Visitor, &ids)?;
    let records = ids.iter().filter_map(|id| found.remove(id)).collect();
    Ok(CataloguePage { batch: gather(catalogue, &Actor::Visitor, records)?, next })
}

/// Number of records that anyone may see whole, or without their masked fields.
///
/// # Errors
/// The database is unavailable.
pub fn count(catalogue: &Catalogue) -> Result<u64, Error> {
    let count = catalogue.db.read(|conn| table::count(conn, &open(false)))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Records that have a public page, after a number, in the order of creation; stubs are among them.
///
/// # Errors
/// The database is unavailable.
pub fn pages_after(catalogue: &Catalogue, number: i64, limit: usize) -> Result<Vec<Head>, Error> {
    Ok(catalogue.db.read(|conn| table::after(conn, &open(true), number, limit as i64))?)
}

/// Numbers after which the second and each further part of the public pages begins, where a part has so many.
///
/// # Errors
/// The database is unavailable.
pub fn parts(catalogue: &Catalogue, size: i64) -> Result<Vec<i64>, Error> {
    let mut starts = Vec::new();
    let mut number = 0;
    while let Some(last) = catalogue.db.read(|conn| table::number_behind(conn, &open(true), number, size))? {
        starts.push(last);
        number = last;
    }
    Ok(starts)
}

/// A change with the record as anyone sees it now, where anyone does.
pub type Told = (Change, Option<Arc<Record>>);

/// Changes of datasets that all may know of, newest first.
///
/// # Errors
/// The database is unavailable.
pub fn latest(catalogue: &Catalogue, limit: usize) -> Result<Vec<Told>, Error> {
    let changes = catalogue.db.read(|conn| table::latest_changes(conn, limit as i64))?;
    catalogue.refresh()?;
    let ids = changes.iter().map(|change| read_id(&change.entity_id)).collect::<Result<Vec<_>, _>>()?;
    let found = catalogue.records(&Actor::Visitor, &ids)?;
    Ok(changes.into_iter().zip(ids).map(|(change, id)| (change, found.get(&id).cloned())).collect())
}

/// When the last change that all may know of was made, and its place in the log; the beginning of time for an empty catalogue. What is read
/// afterwards is never older.
///
/// # Errors
/// The database is unavailable.
pub fn last_change(catalogue: &Catalogue) -> Result<(i64, i64), Error> {
    let last = catalogue.db.read(|conn| {
        let seq = changes::last_known_seq(conn, crate::domain::policy::Audience::Public)?;
        changes::known_by_seqs(conn, crate::domain::policy::Audience::Public, &[seq])
    })?;
    catalogue.refresh()?;
    Ok(last.first().map_or((0, 0), |change| (change.at, change.seq)))
}
