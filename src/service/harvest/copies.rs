//! Copies of another registry's records: published here as they are there, with a word where they come from, and changed by nobody here.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::dataset::{Citation, CopiedFrom, Dataset};
use crate::domain::draft::{DatasetDraft, parse_urn, validate_institution};
use crate::domain::ids::{DatasetId, InstitutionId, Slug};
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{PublicationStatus, RecordFate, RequestChannel, Visibility};
use crate::domain::words::fold;
use crate::interop::exchange::{COPIED_ALREADY, COPY_OF_A_COPY};
use crate::interop::feed::Registry;
use crate::store::changes::Ledger;
use crate::store::datasets::DatasetRow;
use crate::store::institutions::InstitutionRow;
use crate::store::sources::{self, OriginRow};
use crate::store::{Conn, copies as working_copies, datasets, institutions, persons};

use super::super::intake::{OriginDoc, Taken};
use super::super::register::{Entry, Outcome, put_dataset, put_institution};
use super::super::{Catalogue, Error};
use super::source::HarvestSource;

mod relations;

pub use relations::settle_relations;
use relations::waiting_for;

/// How the log names who writes copies.
const ACTOR: &str = "clock";

/// What one part of another registry's feed tells.
#[derive(Clone, Debug)]
pub struct Copies {
    /// Which registry speaks.
    pub registry: Registry,
    /// Institutions that the records name.
    pub institutions: Vec<Institution>,
    /// The records.
    pub records: Vec<DatasetDraft>,
    /// Identifiers of records that are gone there.
    pub gone: Vec<String>,
}

impl Default for Copies {
    fn default() -> Self {
        let registry = Registry { name: String::new(), url: String::new(), sharing: None };
        Self { registry, institutions: Vec::new(), records: Vec::new(), gone: Vec::new() }
    }
}

/// What copies are written with.
struct Writing<'a> {
    catalogue: &'a Catalogue,
    source: &'a HarvestSource,
    registry: &'a Registry,
    sweep: &'a str,
    now: i64,
    /// Institutions here by their short name there; or why one is not taken.
    known: HashMap<String, Result<(Slug, InstitutionId), Problem>>,
}

impl Copies {
    /// Number of records that it tells of.
    pub fn len(&self) -> u64 {
        (self.records.len() + self.gone.len()) as u64
    }

    /// Writes the copies, in one transaction.
    ///
    /// # Errors
    /// The database is unavailable; then nothing was written.
    pub fn take(self, catalogue: &Catalogue, source: &HarvestSource, run: &str, sweep: &str, now: i64) -> Result<Vec<Taken>, Error> {
        tracing::debug!(%run, records = self.records.len(), gone = self.gone.len(), "copies of another registry");
        let taken = catalogue.db.write(|conn, ledger| {
            if sources::by_id(conn, &source.row.id)?.is_none() {
                // Its copies were taken out of sight when it was removed: none comes after that.
                return Err(Error::NotFound("the source".to_owned()));
            }
            let mut writing = Writing { catalogue, source, registry: &self.registry, sweep, now, known: HashMap::new() };
            for institution in self.institutions {
                writing.settle(conn, ledger, institution)?;
            }
            let mut taken = Vec::new();
            for draft in self.records {
                taken.push(writing.put(conn, ledger, draft)?);
            }
            for identifier in self.gone {
                taken.push(writing.take_away(conn, ledger, &identifier)?);
            }
            Ok::<_, Error>(taken)
        })?;
        let ids: Vec<Uuid> = taken.iter().filter_map(|taken| taken.dataset.map(|id| id.0)).collect();
        catalogue.forget(&ids, true);
        Ok(taken)
    }
}

fn nothing(key: &str, fate: RecordFate) -> Taken {
    Taken { key: key.to_owned(), fate, problems: Vec::new(), unfit: 0, parts: Vec::new(), dataset: None, is_published: false }
}

impl Writing<'_> {
    fn entry(&self) -> Entry<'static> {
        Entry { now: self.now, actor: ACTOR, note: "" }
    }

    /// Finds the institution that another registry means, or takes it in.
    fn settle(&mut self, conn: &mut Conn, ledger: &mut Ledger, mut institution: Institution) -> Result<(), Error> {
        let there = institution.slug.to_string();
        let id = institution.identifier.as_deref().and_then(parse_urn);
        let by_id = match id {
            Some(id) => institutions::by_ids(conn, &[id.to_string()])?.pop(),
            None => None,
        };
        let by_slug = institutions::by_slug(conn, &there)?;
        let found = match (by_id, &by_slug) {
            (None, Some(row)) if is_same(row, &institution)? => Some(row.clone()),
            (by_id, _) => by_id,
        };
        if let Some(row) = found {
            self.known.insert(there, Ok(identity(&row)?));
            return Ok(());
        }
        if by_slug.is_some() {
            // Taken in before, by a registry that gives it no identifier, or another one each time.
            if let Some(row) = institutions::by_slug(conn, &self.marked(&institution.slug))? {
                self.known.insert(there, Ok(identity(&row)?));
                return Ok(());
            }
            institution.slug = Slug::parse(&self.marked(&institution.slug)).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
        }
        // Ties to institutions that may not be known here, and who is to be written to there, are that registry's affair.
        institution.parent = None;
        institution.predecessors.clear();
        institution.successors.clear();
        institution.sharing = None;
        institution.citations.push(Citation {
            source: "REGISTRY".to_owned().into(),
            title: self.registry.name.clone(),
            url: Some(self.registry.url.clone()),
            supports: None,
        });
        let problems = validate_institution(&institution, &self.catalogue.concepts);
        if let Some(problem) = problems.into_iter().next() {
            self.known.insert(there, Err(Problem { field: format!("institution: {}", problem.field), ..problem }));
            return Ok(());
        }
        let slug = institution.slug.clone();
        let (_, id) = put_institution(conn, ledger, institution, None, self.entry())?;
        self.known.insert(there, Ok((slug, id)));
        Ok(())
    }

    /// The institution here that is meant by a short name there.
    fn here(&self, there: &Slug, field: &str) -> Result<(Slug, InstitutionId), Problem> {
        self.known.get(there.as_str()).cloned().unwrap_or_else(|| {
            Err(Problem::new(field, there, "the registry names this institution without describing it; tell whoever runs it"))
        })
    }

    fn put(&mut self, conn: &mut Conn, ledger: &mut Ledger, draft: DatasetDraft) -> Result<Taken, Error> {
        let Some(urn) = draft.identifier.clone().filter(|urn| parse_urn(urn).is_some()) else {
            let mut taken = nothing(draft.slug.as_ref().map_or("", Slug::as_str), RecordFate::Failed);
            taken.problems.push(Problem::new("identifier", "", "the record has no persistent identifier; tell whoever runs the registry"));
            return Ok(taken);
        };
        let mut taken = nothing(&urn, RecordFate::Failed);
        let Some(id) = parse_urn(&urn) else { return Ok(taken) };
        if let Some(third) = &draft.copied_from {
            taken.fate = RecordFate::SetAside;
            taken.problems.push(Problem::new("copiedFrom", &third.registry, COPY_OF_A_COPY));
            return Ok(taken);
        }
        let place = self.source.place();
        let origin = sources::origins(conn, &place, std::slice::from_ref(&urn))?.pop();
        let existing = datasets::by_ids(conn, &[id.to_string()])?.pop();
        let is_adopted = match existing.as_ref().filter(|_| origin.is_none()) {
            Some(row) => self.is_left_behind(conn, row)?,
            None => false,
        };
        let is_known = |conn: &mut Conn| -> Result<bool, Error> {
            Ok(existing.is_some() || working_copies::of_dataset(conn, &id.to_string())?.is_some())
        };
        if origin.is_none() && !is_adopted && is_known(conn)? {
            // Kept here, copied from a third registry, or followed by another source of this one: whoever keeps it tells of it.
            taken.fate = RecordFate::SetAside;
            if let Some(third) = existing.as_ref().map(|row| self.copied_by_another(row)).transpose()?.flatten() {
                taken.problems.push(Problem::new("identifier", third, COPIED_ALREADY));
            }
            return Ok(taken);
        }
        let relations = draft.relations.clone();
        let (dataset, held_by, left_out) = match self.make(conn, draft, existing.as_ref().map(|row| row.slug.as_str()))? {
            Ok(made) => made,
            Err(problems) => {
                taken.problems = problems;
                return Ok(taken);
            }
        };
        if let Some(producer) = &dataset.producer
            && !persons::memberships_in(conn, producer.as_str())?.is_empty()
        {
            // It registers its datasets here itself. Of a copy that was here before, it is said once that it is not followed any more.
            taken.fate = RecordFate::SetAside;
            if origin.is_some_and(|row| row.gone_at.is_none()) {
                let remedy = "has people here now and registers its datasets itself, so the copy follows its registry no more and is taken out of sight: have the institution register the dataset here";
                taken.problems.push(Problem::new("producer", producer, remedy));
            }
            return Ok(taken);
        }
        let address = dataset.copied_from.as_ref().map(|from| from.address.clone());
        let outcome = put_dataset(conn, ledger, dataset, &held_by, existing.as_ref(), self.entry())?;
        taken.fate = match outcome {
            Outcome::Created => RecordFate::Created,
            Outcome::Updated => RecordFate::Changed,
            Outcome::Unchanged => RecordFate::Unchanged,
        };
        taken.is_published = outcome != Outcome::Unchanged;
        taken.dataset = Some(DatasetId(id));
        taken.unfit = left_out.len() as u64;
        let doc = OriginDoc {
            format: "RIHLA".to_owned(),
            name: self.source.row.url.clone(),
            identifier: Some(urn.clone()),
            address,
            unfit: left_out.iter().map(Into::into).collect(),
            content: waiting_for(&relations, &left_out)?,
            first_at: origin.as_ref().map_or(Ok(self.now), first_at)?,
            is_copy: true,
            ..OriginDoc::default()
        };
        let row = OriginRow {
            place,
            record_key: urn,
            dataset_id: id.to_string(),
            institution: self.source.row.institution.clone(),
            last_run: self.sweep.to_owned(),
            gone_at: None,
            original: None,
            doc: serde_json::to_string(&doc)?,
            updated_at: self.now,
        };
        match origin {
            Some(_) => sources::update_origin(conn, &row)?,
            None => sources::insert_origin(conn, &row)?,
        }
        Ok(taken)
    }

    /// The record as it is kept here: institutions by their short names here, what the other registry decides referred to it.
    #[expect(clippy::type_complexity, reason = "a record, its holders, and what was left out; or what is wrong")]
    fn make(
        &self,
        conn: &mut Conn,
        mut draft: DatasetDraft,
        slug_here: Option<&str>,
    ) -> Result<Result<(Dataset, Vec<InstitutionId>, Vec<Problem>), Vec<Problem>>, Error> {
        let mut problems = Vec::new();
        let Some(slug_there) = draft.slug.clone() else {
            return Ok(Err(vec![Problem::new("slug", "", "the record has no short name; tell whoever runs the registry")]));
        };
        let slug = match slug_here {
            Some(slug) => slug.to_owned(),
            None => self.free_slug(conn, &slug_there, draft.identifier.as_deref().unwrap_or_default())?,
        };
        draft.slug = Some(Slug::parse(&slug).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?);
        let mut find = |there: &Slug, field: String| self.here(there, &field).map_err(|problem| problems.push(problem)).ok();
        draft.producer = draft.producer.and_then(|slug| find(&slug, "producer".to_owned())).map(|(slug, _)| slug);
        let partners = std::mem::take(&mut draft.partners);
        draft.partners = partners.iter().filter_map(|slug| find(slug, "partners".to_owned())).map(|(slug, _)| slug).collect();
        let address = self.address(&slug_there);
        let mut held_by = Vec::new();
        for holding in &mut draft.holdings {
            if let Some((slug, id)) = find(&holding.institution, "holdings.institution".to_owned()) {
                holding.institution = slug;
                held_by.push(id);
            }
            // Whoever wants data asks where the holder answers.
            if holding.access_terms.channel == RequestChannel::InSystem {
                holding.access_terms.channel = RequestChannel::Url;
                holding.access_terms.channel_url = Some(address.clone());
            }
        }
        let left_out;
        (draft.relations, left_out) = self.relate(conn, std::mem::take(&mut draft.relations))?;
        draft.status = Some(PublicationStatus::Published);
        draft.visibility = Some(Visibility::Public);
        draft.masks.clear();
        draft.copied_from = Some(CopiedFrom { registry: self.registry.name.clone(), address });
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
        Ok(draft.validate(&self.catalogue.concepts).map(|dataset| (dataset, held_by, left_out)))
    }

    /// Page of a record there.
    fn address(&self, there: &Slug) -> String {
        format!("{}/dataset/{there}", self.registry.url)
    }

    /// Name of the registry of which a record here is a copy, in sight, where that is another one than the one that speaks.
    fn copied_by_another(&self, row: &DatasetRow) -> Result<Option<String>, Error> {
        let dataset: Dataset = serde_json::from_str(&row.doc)?;
        let below = format!("{}/dataset/", self.registry.url);
        let copied = dataset.copied_from.filter(|_| dataset.visibility != Visibility::Coordinator);
        Ok(copied.filter(|from| !from.address.starts_with(&below)).map(|from| from.registry))
    }

    /// Whether a record is a copy of one of this very registry that no source follows any more, since the one that brought it was removed or
    /// leads elsewhere now.
    fn is_left_behind(&self, conn: &mut Conn, row: &DatasetRow) -> Result<bool, Error> {
        let dataset: Dataset = serde_json::from_str(&row.doc)?;
        let below = format!("{}/dataset/", self.registry.url);
        if !dataset.copied_from.is_some_and(|from| from.address.starts_with(&below)) {
            return Ok(false);
        }
        for origin in sources::origins_of(conn, std::slice::from_ref(&row.id))? {
            if origin.gone_at.is_none() && sources::by_id(conn, &origin.place)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The short name of a record there with a mark behind, for where it is taken here.
    fn marked(&self, there: &Slug) -> String {
        let mark = super::super::intake::short_hash(&format!("{}|{there}", self.registry.url));
        let start: String = there.as_str().chars().take(88).collect();
        format!("{}-{mark}", start.trim_end_matches('-'))
    }

    /// The short name there, or one like it that is free here. A registry that was begun anew gives new identifiers to the same names.
    fn free_slug(&self, conn: &mut Conn, there: &Slug, urn: &str) -> Result<String, Error> {
        let is_free = |conn: &mut Conn, slug: &str| -> Result<bool, Error> {
            Ok(datasets::by_slug(conn, slug)?.is_none() && working_copies::by_slug(conn, slug)?.is_none())
        };
        let marked = self.marked(there);
        for slug in [there.as_str(), marked.as_str()] {
            if is_free(conn, slug)? {
                return Ok(slug.to_owned());
            }
        }
        let start: String = marked.chars().take(88).collect();
        Ok(format!("{}-{}", start.trim_end_matches('-'), super::super::intake::short_hash(&format!("{marked}|{urn}"))))
    }

    /// The other registry says that a record is gone.
    fn take_away(&self, conn: &mut Conn, ledger: &mut Ledger, urn: &str) -> Result<Taken, Error> {
        let mut taken = nothing(urn, RecordFate::Unchanged);
        let place = self.source.place();
        let Some(row) = sources::origins(conn, &place, &[urn.to_owned()])?.pop() else {
            let Some(id) = parse_urn(urn) else { return Ok(taken) };
            // A copy that a source brought which is no more: the registry's word counts for it all the same.
            if let Some(existing) = datasets::by_ids(conn, &[id.to_string()])?.pop()
                && self.is_left_behind(conn, &existing)?
                && hide_record(conn, ledger, &existing, self.now)?
            {
                taken.dataset = Some(DatasetId(id));
                taken.fate = RecordFate::Gone;
            }
            return Ok(taken);
        };
        taken.dataset = Some(DatasetId(super::super::catalogue::read_id(&row.dataset_id)?));
        if row.gone_at.is_none() {
            hide(conn, ledger, &row, self.now)?;
            sources::set_gone(conn, &place, urn, Some(self.now))?;
            taken.fate = RecordFate::Gone;
        }
        Ok(taken)
    }
}

/// When a copy was first taken.
fn first_at(row: &OriginRow) -> Result<i64, Error> {
    let doc: OriginDoc = serde_json::from_str(&row.doc)?;
    Ok(doc.first_at)
}

/// Short name and identifier of an institution of this catalogue.
///
/// # Errors
/// The store was altered by another program.
fn identity(row: &InstitutionRow) -> Result<(Slug, InstitutionId), Error> {
    let slug = Slug::parse(&row.slug).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
    Ok((slug, InstitutionId(super::super::catalogue::read_id(&row.id)?)))
}

/// Whether a row is the institution that another registry describes: one of its names is the same.
///
/// # Errors
/// The store was altered by another program.
fn is_same(row: &InstitutionRow, other: &Institution) -> Result<bool, Error> {
    let own: Institution = serde_json::from_str(&row.doc)?;
    Ok(own.names.iter().any(|(_, wording)| other.names.iter().any(|(_, there)| fold(&wording.text) == fold(&there.text))))
}

/// Takes a copy out of sight that its registry does not show any more, or that nobody follows any more: why, it need not say. Drafts of other
/// sources are left alone. Returns whether it was in sight.
///
/// # Errors
/// A statement failed.
pub fn hide(conn: &mut Conn, ledger: &mut Ledger, row: &OriginRow, now: i64) -> Result<bool, Error> {
    let doc: OriginDoc = serde_json::from_str(&row.doc)?;
    if !doc.is_copy {
        return Ok(false);
    }
    match datasets::by_ids(conn, std::slice::from_ref(&row.dataset_id))?.pop() {
        Some(existing) => hide_record(conn, ledger, &existing, now),
        None => Ok(false),
    }
}

fn hide_record(conn: &mut Conn, ledger: &mut Ledger, existing: &DatasetRow, now: i64) -> Result<bool, Error> {
    let mut dataset: Dataset = serde_json::from_str(&existing.doc)?;
    if dataset.visibility == Visibility::Coordinator {
        return Ok(false);
    }
    dataset.visibility = Visibility::Coordinator;
    let held_by = holders_of(conn, &dataset)?;
    put_dataset(conn, ledger, dataset, &held_by, Some(existing), Entry { now, actor: ACTOR, note: "" })?;
    Ok(true)
}

/// Who holds what a record describes.
fn holders_of(conn: &mut Conn, dataset: &Dataset) -> Result<Vec<InstitutionId>, Error> {
    let slugs: Vec<String> = dataset.holdings.iter().map(|holding| holding.institution.to_string()).collect();
    let known = institutions::by_slugs(conn, &slugs)?;
    let id_of = |slug: &String| known.iter().find(|row| row.slug == *slug).map(|row| super::super::catalogue::read_id(&row.id));
    slugs.iter().filter_map(id_of).map(|id| id.map(InstitutionId)).collect()
}
