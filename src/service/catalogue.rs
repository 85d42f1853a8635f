//! The catalogue: store, index, concepts, and a memory of records read lately.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use moka::sync::Cache;
use uuid::Uuid;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::holding::Holding;
use crate::domain::ids::{DatasetId, HoldingId, InstitutionId};
use crate::domain::institution::Institution;
use crate::domain::lineage::Lineage;
use crate::domain::policy::{self, Actor, Audience};
use crate::domain::view;
use crate::domain::vocabulary::ConceptScheme;
use crate::search::analysis::Expressions;
use crate::search::{Index, IndexError, Snapshot};
use crate::store::datasets::{DatasetRow, HoldingRow};
use crate::store::institutions::{InstitutionQuery, InstitutionRow};
use crate::store::{Conn, Db, changes, datasets, institutions};

use super::Error;
use super::credentials::Credentials;
use super::pulse::Pulse;
use super::suggest::Names;

/// A dataset with what the store knows of it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Identifier.
    pub id: DatasetId,
    /// Number in the order of creation.
    pub number: i64,
    /// Grows with every write.
    pub revision: i64,
    /// Number of the version shown.
    pub version: i64,
    /// Creation, milliseconds from 1970-01-01 UTC.
    pub created_at: i64,
    /// Last write, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// The record.
    pub dataset: Dataset,
    /// Identifiers of the holdings, in the order of the record's list.
    pub holding_ids: Vec<HoldingId>,
}

impl Record {
    /// Holdings with their identifiers.
    pub fn holdings(&self) -> impl Iterator<Item = (HoldingId, &Holding)> {
        self.holding_ids.iter().copied().zip(&self.dataset.holdings)
    }
}

/// An institution with what the store knows of it.
#[derive(Clone, Debug)]
pub struct InstitutionRecord {
    /// Identifier.
    pub id: InstitutionId,
    /// Grows with every write.
    pub revision: i64,
    /// Last write, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// The record.
    pub institution: Institution,
}

/// Changes of the log that are looked through at once.
const LOOKED_THROUGH: i64 = 10_000;

/// Opens the index of an audience that sees more than the public.
pub type OpenIndex = Box<dyn Fn(Audience) -> Result<Index, IndexError> + Send + Sync>;

/// Everything that a use case needs; one for each process.
pub struct Catalogue {
    /// Database.
    pub db: Db,
    /// Search index of what anyone may find.
    pub index: Index,
    /// Indexes of audiences that may find more; there only where some record is not the same for all.
    wider: [OnceLock<Index>; 2],
    open_index: OpenIndex,
    /// Wakes those who wait for changes.
    pub pulse: Pulse,
    /// Concept schemes.
    pub concepts: Concepts,
    /// Synonyms, made ready for the index.
    pub expressions: Expressions,
    records: Cache<Uuid, Arc<Record>>,
    institutions: Cache<String, Arc<InstitutionRecord>>,
    /// Identifiers by slug; a slug never passes to another record.
    slugs: Cache<String, Uuid>,
    concept_names: OnceLock<Names<(ConceptScheme, String)>>,
    institution_names: Mutex<Option<Arc<Names<InstitutionRecord>>>>,
    lineage: Mutex<Option<Arc<Lineage>>>,
    generation: Mutex<u64>,
    /// Place in the log up to which what was written is not in memory as it was before; 0 where that is not known yet.
    noticed: AtomicI64,
    /// Credentials that were looked up lately.
    pub(super) credentials: Credentials,
    /// Which datasets have collections registered, as far as it was asked for.
    pub(super) registered: Mutex<Option<super::calendar::Known>>,
    /// Indicators that were measured lately, by what was asked and the place in the log.
    pub(super) measured: Cache<String, Arc<super::indicators::Measured>>,
}

impl Catalogue {
    /// Joins the parts. `cache_records` is the number of records kept in memory.
    pub fn new(db: Db, index: Index, concepts: Concepts, cache_records: u64, open_index: OpenIndex) -> Self {
        let expressions = Expressions::new(&concepts.synonyms.groups);
        let institutions = Cache::new(cache_records.max(1_000));
        let slugs = Cache::new(cache_records * 4);
        Self {
            db,
            index,
            wider: Default::default(),
            open_index,
            pulse: Pulse::default(),
            concepts,
            expressions,
            records: Cache::new(cache_records),
            institutions,
            slugs,
            concept_names: OnceLock::new(),
            institution_names: Mutex::default(),
            lineage: Mutex::default(),
            generation: Mutex::new(0),
            noticed: AtomicI64::new(0),
            credentials: Credentials::default(),
            registered: Mutex::default(),
            measured: Cache::new(16),
        }
    }

    /// The index of an audience, where it has one of its own.
    pub fn wider_index(&self, audience: Audience) -> Option<&Index> {
        match audience {
            Audience::Public => None,
            Audience::Members => self.wider[0].get(),
            Audience::Coordination => self.wider[1].get(),
        }
    }

    /// Opens the index of an audience.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn widen(&self, audience: Audience) -> Result<(), Error> {
        let slot = match audience {
            Audience::Public => return Ok(()),
            Audience::Members => &self.wider[0],
            Audience::Coordination => &self.wider[1],
        };
        if slot.get().is_none() && slot.set((self.open_index)(audience)?).is_err() {
            tracing::debug!("another thread opened the index");
        }
        Ok(())
    }

    /// What the actor searches: the index of the widest audience it belongs to. One that is not there yet is
    /// stood in for by a narrower one, which shows less, never more.
    pub fn snapshot(&self, actor: &Actor) -> Arc<Snapshot> {
        let audience = policy::audience(actor);
        let of = |wanted: Audience| (audience >= wanted).then(|| self.wider_index(wanted)).flatten();
        of(Audience::Coordination).or_else(|| of(Audience::Members)).unwrap_or(&self.index).snapshot()
    }

    /// Every index in use.
    pub fn indexes(&self) -> impl Iterator<Item = &Index> {
        std::iter::once(&self.index).chain(self.wider.iter().filter_map(OnceLock::get))
    }

    /// Forgets records that were written, here or by another node.
    pub fn forget(&self, entity_ids: &[Uuid], any_institution: bool) {
        let mut generation = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        *generation += 1;
        for id in entity_ids {
            self.records.invalidate(id);
        }
        if any_institution {
            self.institutions.invalidate_all();
            *self.institution_names.lock().unwrap_or_else(PoisonError::into_inner) = None;
            *self.lineage.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// Forgets whatever was written, here or by another node, since memory was looked through last, and gives the place in the log up to which
    /// memory holds nothing older. Who tells a reader a place to read on from looks at the log in this way first: what is told with it is then
    /// never older than the place.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn refresh(&self) -> Result<i64, Error> {
        let mut noticed = self.noticed.load(Ordering::Acquire);
        if noticed == 0 {
            noticed = self.db.read(changes::last_seq)?;
            self.records.invalidate_all();
            self.forget(&[], true);
            self.noticed.fetch_max(noticed, Ordering::AcqRel);
            return Ok(noticed);
        }
        loop {
            let page = self.db.read(|conn| changes::touched_after(conn, noticed, LOOKED_THROUGH))?;
            let Some((last, ..)) = page.last() else { return Ok(noticed) };
            noticed = *last;
            let written = page.iter().filter(|(_, entity, _)| entity == "DATASET");
            let ids = written.map(|(_, _, id)| read_id(id)).collect::<Result<Vec<_>, _>>()?;
            self.forget(&ids, page.iter().any(|(_, entity, _)| entity == "INSTITUTION"));
            self.noticed.fetch_max(noticed, Ordering::AcqRel);
            if page.len() < LOOKED_THROUGH as usize {
                return Ok(noticed);
            }
        }
    }

    /// Keeps what was read, unless something was written meanwhile: what was read may then be old.
    fn keep(&self, generation: u64, put: impl FnOnce()) {
        // The lock is held while putting, so that nothing is forgotten in between.
        let present = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        if *present == generation {
            put();
        }
    }

    fn generation(&self) -> u64 {
        *self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Datasets by identifier as the actor sees them, in two statements at most; those that the actor may not read are left out.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn records(&self, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Arc<Record>>, Error> {
        let mut found = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            // A record that is hidden from the actor takes the way of an absent one, down to the time it takes.
            match self.records.get(id).and_then(|record| seen_by(actor, &record)) {
                Some(record) => {
                    found.insert(*id, record);
                }
                None => missing.push(id.to_string()),
            }
        }
        if !missing.is_empty() {
            let generation = self.generation();
            let readable = policy::readable(actor);
            let rows = self.db.read(|conn| datasets::readable_by_ids(conn, &missing, readable.as_ref()))?;
            for record in self.complete(rows)? {
                self.keep(generation, || self.records.insert(record.id.0, record.clone()));
                found.extend(seen_by(actor, &record).map(|seen| (record.id.0, seen)));
            }
        }
        Ok(found)
    }

    /// Datasets by slug as the actor sees them, in two statements at most; those that the actor may not read are left out.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn records_by_slug(&self, actor: &Actor, slugs: &[String]) -> Result<Vec<Arc<Record>>, Error> {
        if slugs.is_empty() {
            return Ok(Vec::new());
        }
        let (mut records, mut missing) = (Vec::new(), Vec::new());
        for slug in slugs {
            let known = self.slugs.get(slug).and_then(|id| self.records.get(&id)).and_then(|record| seen_by(actor, &record));
            match known {
                Some(record) => records.push(record),
                None => missing.push(slug.clone()),
            }
        }
        if !missing.is_empty() {
            let generation = self.generation();
            let readable = policy::readable(actor);
            let rows = self.db.read(|conn| datasets::readable_by_slugs(conn, &missing, readable.as_ref()))?;
            for record in self.complete(rows)? {
                self.slugs.insert(record.dataset.slug.to_string(), record.id.0);
                self.keep(generation, || self.records.insert(record.id.0, record.clone()));
                records.extend(seen_by(actor, &record));
            }
        }
        Ok(records)
    }

    /// Reads rows as records and adds the identifiers of their holdings.
    fn complete(&self, rows: Vec<DatasetRow>) -> Result<Vec<Arc<Record>>, Error> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        // Asked for nothing too, so that what is absent takes as long as what is hidden.
        complete(rows, self.db.read(|conn| datasets::holdings_of(conn, &ids))?)
    }

    /// The labels of topics and places, for suggestions.
    pub fn concept_names(&self) -> &Names<(ConceptScheme, String)> {
        let of_scheme = |scheme| self.concepts.scheme(scheme).concepts.iter().map(move |concept| (scheme, concept));
        let concepts = || of_scheme(ConceptScheme::Themes).chain(of_scheme(ConceptScheme::Places));
        self.concept_names.get_or_init(|| {
            Names::new(concepts().map(|(scheme, concept)| {
                let labels = concept.labels.iter().map(|(_, wording)| wording.text.as_str());
                ((scheme, concept.code.clone()), labels)
            }))
        })
    }

    /// The names and acronyms of all institutions, which are few, for suggestions: in one statement at most.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn institution_names(&self) -> Result<Arc<Names<InstitutionRecord>>, Error> {
        let kept = || self.institution_names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = kept().as_ref() {
            return Ok(names.clone());
        }
        let generation = self.generation();
        let records = self.all_institutions()?;
        let named = records.iter().map(|record| {
            let institution = &record.institution;
            let names = institution.names.iter().map(|(_, wording)| wording.text.as_str()).chain(institution.acronym.as_deref());
            (record.clone(), names)
        });
        let names = Arc::new(Names::new(named));
        self.keep(generation, || *kept() = Some(names.clone()));
        Ok(names)
    }

    /// What institutions say of each other, from either side, in one statement at most.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn lineage(&self) -> Result<Arc<Lineage>, Error> {
        let kept = || self.lineage.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lineage) = kept().as_ref() {
            return Ok(lineage.clone());
        }
        let generation = self.generation();
        let records = self.all_institutions()?;
        let lineage = Arc::new(Lineage::of(records.iter().map(|record| &record.institution)));
        self.keep(generation, || *kept() = Some(lineage.clone()));
        Ok(lineage)
    }

    /// All institutions, which are few, as the store has them.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn all_institutions(&self) -> Result<Vec<InstitutionRecord>, Error> {
        let rows = self.db.read(|conn| institutions::list(conn, &InstitutionQuery::default(), "", i64::MAX))?;
        rows.iter().map(read_institution).collect()
    }

    /// Institutions by slug, in one statement at most.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn institutions_by_slug(&self, slugs: &[String]) -> Result<HashMap<String, Arc<InstitutionRecord>>, Error> {
        let mut found = HashMap::with_capacity(slugs.len());
        let mut missing = Vec::new();
        for slug in slugs {
            match self.institutions.get(slug) {
                Some(record) => {
                    found.insert(slug.clone(), record);
                }
                None => missing.push(slug.clone()),
            }
        }
        if !missing.is_empty() {
            let generation = self.generation();
            for row in self.db.read(|conn| institutions::by_slugs(conn, &missing))? {
                let record = Arc::new(read_institution(&row)?);
                self.keep(generation, || self.institutions.insert(row.slug.clone(), record.clone()));
                found.insert(row.slug, record);
            }
        }
        Ok(found)
    }
}

/// Datasets by identifier as the actor sees them, as a transaction has them and past what was read before, in two statements; those
/// that the actor may not read are left out.
///
/// # Errors
/// A statement failed, or the store was altered by another program.
pub fn records_within(conn: &mut Conn, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Arc<Record>>, Error> {
    let wanted: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = datasets::readable_by_ids(conn, &wanted, policy::readable(actor).as_ref())?;
    let found: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let records = complete(rows, datasets::holdings_of(conn, &found)?)?;
    Ok(records.iter().filter_map(|record| seen_by(actor, record)).map(|record| (record.id.0, record)).collect())
}

/// Reads rows as records with the identifiers of their holdings.
fn complete(rows: Vec<DatasetRow>, holdings: Vec<HoldingRow>) -> Result<Vec<Arc<Record>>, Error> {
    let mut held: HashMap<String, Vec<HoldingRow>> = HashMap::new();
    for row in holdings {
        held.entry(row.dataset_id.clone()).or_default().push(row);
    }
    let complete = |row: DatasetRow| {
        let held = held.remove(&row.id).unwrap_or_default();
        read_record(&row, held).map(Arc::new)
    };
    rows.into_iter().map(complete).collect()
}

/// The record as the actor sees it; none where it looks absent.
pub fn seen_by(actor: &Actor, record: &Arc<Record>) -> Option<Arc<Record>> {
    if *actor == Actor::Console {
        return Some(record.clone());
    }
    let dataset = &record.dataset;
    let audience = policy::audience_for(actor, dataset.producer.as_ref());
    if view::is_plain(dataset) {
        return (audience >= Audience::needed(dataset.visibility)).then(|| record.clone());
    }
    let own = is_own(actor, dataset);
    let seen = view::view(dataset, audience, own)?;
    Some(Arc::new(Record { dataset: seen, holding_ids: record.holding_ids.clone(), ..**record }))
}

/// Whether the record is of an institution in which the actor has a role; a token that was not made for reading has none.
pub fn is_own(actor: &Actor, dataset: &Dataset) -> bool {
    let producer = dataset.producer.as_ref();
    let may_read = policy::audience_for(actor, producer) == Audience::Coordination;
    may_read && producer.is_some_and(|producer| actor.institutions().contains(&producer))
}

/// Reads the identifier of a row.
///
/// # Errors
/// The store was altered by another program.
pub fn read_id(text: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(text).map_err(|e| Error::Internal(anyhow::anyhow!("identifier `{text}`: {e}")))
}

/// Reads a row of the table of institutions.
///
/// # Errors
/// The store was altered by another program.
pub fn read_institution(row: &InstitutionRow) -> Result<InstitutionRecord, Error> {
    let institution = serde_json::from_str(&row.doc)?;
    Ok(InstitutionRecord { id: InstitutionId(read_id(&row.id)?), revision: row.revision, updated_at: row.updated_at, institution })
}

fn read_record(row: &DatasetRow, held: Vec<HoldingRow>) -> Result<Record, Error> {
    let holding_ids = held.iter().map(|row| read_id(&row.id).map(HoldingId)).collect::<Result<_, _>>()?;
    Ok(Record {
        id: DatasetId(read_id(&row.id)?),
        number: row.number,
        revision: row.revision,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        dataset: serde_json::from_str(&row.doc)?,
        holding_ids,
    })
}

/// The present instant, milliseconds from 1970-01-01 UTC.
pub fn now_ms() -> i64 {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

/// The day of an instant, counted from 1970-01-01.
pub fn day_of(now: i64) -> i64 {
    now.div_euclid(86_400_000)
}
