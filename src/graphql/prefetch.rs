//! Loading ahead: from the shape of a question to a fixed number of statements, whatever the number of rows.
//!
//! Before a list of datasets is answered, the selection below it is read, and what it needs is loaded level by level.
//! Resolvers then find everything in the request's memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use juniper::{DefaultScalarValue, FieldResult, LookAheadSelection};
use uuid::Uuid;

use crate::domain::access_request::desk::Desk;
use crate::domain::access_request::statistics::Figures;
use crate::domain::ids::HoldingId;
use crate::domain::vocabulary::RefusalCode;
use crate::service::access_requests::statistics::Period;
use crate::service::access_requests::{desks, statistics};
use crate::service::calendar::{self, EventRecord};
use crate::service::datasets::{
    RelationTo, StampRow, VersionHead, by_holdings, relations as load_relations, stamps as load_stamps, versions as load_versions,
};
use crate::service::forms::{self, FormVersion};
use crate::service::registers::comments::Topic;
use crate::service::{Error, InstitutionRecord, Record};

use super::context::Context;
use super::dataset::Dataset;
use super::error::from_service;
use super::institution::Institution;
use super::text::Lang;
use super::{comment, register_lists};

type Selection<'a> = LookAheadSelection<'a, DefaultScalarValue>;

/// What a question asks of each dataset.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    versions: bool,
    stamps: bool,
    events: bool,
    entries: bool,
    comments: bool,
    forms: bool,
    desks: bool,
    institutions: Option<Box<WantedInstitution>>,
    relations: Option<Option<Box<Wanted>>>,
}

/// What a question asks of each institution.
#[derive(Clone, Debug, Default)]
struct WantedInstitution {
    parent: Option<Box<WantedInstitution>>,
    neighbours: Option<Box<WantedInstitution>>,
}

/// Joins what two places of a question ask of the same thing.
fn join<T: Default>(slot: &mut Option<Box<T>>, add: impl FnOnce(&mut T)) {
    add(slot.get_or_insert_with(Box::default));
}

impl Wanted {
    /// Reads the selections of datasets that lie below a field, on paths such as `edges.node`; the empty path is the field itself.
    pub fn below(selection: &Selection<'_>, paths: &[&str]) -> Self {
        let mut wanted = Self::default();
        for path in paths {
            let steps: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
            visit(selection, &steps, &mut |dataset| wanted.read(dataset));
        }
        wanted
    }

    /// Reads one selection of a dataset.
    pub fn read(&mut self, dataset: &Selection<'_>) {
        for child in dataset.children().iter() {
            match child.field_original_name() {
                "versions" => self.versions = true,
                "producerValidation" | "coordinatorReview" => self.stamps = true,
                "calendar" | "punctuality" => self.events = true,
                "registerEntries" => self.entries = true,
                "comments" => self.comments = true,
                "producer" | "partners" => join(&mut self.institutions, |wanted| wanted.read(child)),
                "viewerCanRequestAccess" | "viewerCannotRequestAccessReasons" => self.desks = true,
                "holdings" => self.read_holdings(child),
                "relations" => {
                    let next = self.relations.get_or_insert(None);
                    for other in child.children().iter().filter(|c| c.field_original_name() == "dataset") {
                        join(next, |wanted| wanted.read(other));
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads a selection of holdings.
    fn read_holdings(&mut self, holdings: &Selection<'_>) {
        for child in holdings.children().iter() {
            match child.field_original_name() {
                "institution" => join(&mut self.institutions, |wanted| wanted.read(child)),
                "acceptsRequests" | "serviceTimes" | "standingTerms" | "viewerCanRequestAccess" | "viewerCannotRequestAccessReasons" => {
                    self.desks = true;
                }
                "accessForm" => {
                    self.forms = true;
                    for asks in child.children().iter().filter(|c| c.field_original_name() == "institution") {
                        join(&mut self.institutions, |wanted| wanted.read(asks));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a selection asks for what lies at the end of a path.
pub fn asks(selection: &Selection<'_>, path: &str) -> bool {
    let steps: Vec<&str> = path.split('.').collect();
    let mut is_asked = false;
    visit(selection, &steps, &mut |_| is_asked = true);
    is_asked
}

/// Visits the selections at the end of a path.
fn visit(selection: &Selection<'_>, path: &[&str], read: &mut dyn FnMut(&Selection<'_>)) {
    let Some((step, rest)) = path.split_first() else {
        return read(selection);
    };
    for child in selection.children().iter().filter(|child| child.field_original_name() == *step) {
        visit(child, rest, read);
    }
}

impl WantedInstitution {
    fn read(&mut self, institution: &Selection<'_>) {
        for child in institution.children().iter() {
            match child.field_original_name() {
                "parent" => join(&mut self.parent, |wanted| wanted.read(child)),
                "predecessors" | "successors" => join(&mut self.neighbours, |wanted| wanted.read(child)),
                _ => {}
            }
        }
    }
}

/// Loads what is wanted of these datasets.
pub fn datasets(context: &Context, wanted: &Wanted, records: &[Arc<Record>]) -> FieldResult<()> {
    if records.is_empty() {
        return Ok(());
    }
    if let Some(institutions) = &wanted.institutions {
        let mut slugs: Vec<String> = Vec::new();
        for record in records {
            let dataset = &record.dataset;
            slugs.extend(dataset.producer.iter().chain(&dataset.partners).map(ToString::to_string));
            slugs.extend(dataset.holdings.iter().map(|holding| holding.institution.to_string()));
        }
        load_institutions(context, institutions, slugs)?;
    }
    if wanted.forms {
        let holders = records.iter().flat_map(|record| &record.dataset.holdings).map(|holding| holding.institution.to_string());
        load_forms(context, holders.collect())?;
    }
    if wanted.desks {
        let holders = records.iter().flat_map(|record| &record.dataset.holdings).map(|holding| holding.institution.to_string());
        load_desks(context, holders.collect())?;
    }
    if wanted.versions {
        versions(context, records)?;
    }
    if wanted.stamps {
        stamps(context, records)?;
    }
    if wanted.events {
        events(context, records)?;
    }
    if wanted.entries {
        register_lists::load(context, &records.iter().map(|record| record.id.0).collect::<Vec<_>>())?;
    }
    if wanted.comments {
        comment::load(context, records.iter().map(|record| Topic::Dataset(record.id.0)).collect())?;
    }
    if let Some(next) = &wanted.relations {
        let found = load_relations(&context.catalogue, records).map_err(from_service)?;
        let slugs: Vec<String> = found.values().flatten().map(|relation| relation.slug.clone()).collect();
        context.loaded().relations.extend(found);
        let others = load_slugs(context, slugs, true)?;
        if let Some(next) = next {
            datasets(context, next, &others)?;
        }
    }
    Ok(())
}

/// Loads datasets by slug; those that are loaded already cost nothing. With `evenly` the store is asked in any case, so that the
/// work does not tell whether some of them are hidden.
fn load_slugs(context: &Context, mut slugs: Vec<String>, evenly: bool) -> FieldResult<Vec<Arc<Record>>> {
    slugs.sort_unstable();
    slugs.dedup();
    let missing: Vec<String> = {
        let loaded = context.loaded();
        slugs.iter().filter(|slug| !loaded.slugs.contains_key(*slug)).cloned().collect()
    };
    let mut asked = missing.clone();
    if evenly {
        // No record has this short name.
        asked.push(String::new());
    }
    let found = context.catalogue.records_by_slug(&context.actor, &asked).map_err(from_service)?;
    let mut loaded = context.loaded();
    for slug in missing {
        loaded.slugs.insert(slug, None);
    }
    for record in found {
        loaded.slugs.insert(record.dataset.slug.to_string(), Some(record.id.0));
        loaded.records.insert(record.id.0, record);
    }
    Ok(slugs
        .iter()
        .filter_map(|slug| loaded.slugs.get(slug).copied().flatten())
        .filter_map(|id| loaded.records.get(&id).cloned())
        .collect())
}

fn load_institutions(context: &Context, wanted: &WantedInstitution, mut slugs: Vec<String>) -> FieldResult<()> {
    slugs.sort_unstable();
    slugs.dedup();
    let missing: Vec<String> = {
        let loaded = context.loaded();
        slugs.iter().filter(|slug| !loaded.institutions.contains_key(*slug)).cloned().collect()
    };
    if !missing.is_empty() {
        let mut found = context.catalogue.institutions_by_slug(&missing).map_err(from_service)?;
        let mut loaded = context.loaded();
        for slug in missing {
            let record = found.remove(&slug);
            loaded.institutions.insert(slug, record);
        }
    }
    let records: Vec<Arc<InstitutionRecord>> = {
        let loaded = context.loaded();
        slugs.iter().filter_map(|slug| loaded.institutions.get(slug).cloned().flatten()).collect()
    };
    if let Some(parent) = &wanted.parent {
        let parents: Vec<String> = records.iter().filter_map(|r| r.institution.parent.as_ref()).map(ToString::to_string).collect();
        load_institutions(context, parent, parents)?;
    }
    if let Some(neighbours) = &wanted.neighbours {
        let lineage = context.catalogue.lineage().map_err(from_service)?;
        let around = |record: &Arc<InstitutionRecord>| [lineage.predecessors(&record.institution), lineage.successors(&record.institution)];
        let others = records.iter().flat_map(around).flatten().map(|slug| slug.to_string());
        load_institutions(context, neighbours, others.collect())?;
    }
    Ok(())
}

/// Loads the access forms in force of institutions.
fn load_forms(context: &Context, mut slugs: Vec<String>) -> FieldResult<()> {
    slugs.sort_unstable();
    slugs.dedup();
    let missing: Vec<String> = {
        let loaded = context.loaded();
        slugs.into_iter().filter(|slug| !loaded.forms.contains_key(slug)).collect()
    };
    if missing.is_empty() {
        return Ok(());
    }
    let mut found = forms::of_institutions(&context.catalogue, &missing).map_err(from_service)?;
    let mut loaded = context.loaded();
    for slug in missing {
        let forms = found.remove(&slug).unwrap_or_default();
        loaded.forms.insert(slug, forms);
    }
    Ok(())
}

/// The access form in force of a holding, from the request's memory or the store.
pub fn form(context: &Context, institution: &str, holding: HoldingId) -> FieldResult<FormVersion> {
    load_forms(context, vec![institution.to_owned()])?;
    Ok(forms::choose(context.loaded().forms.get(institution).map_or(&[], Vec::as_slice), holding)?)
}

/// The access desk of a holding, from the request's memory or the store; none where its holder has set none.
pub fn desk(context: &Context, institution: &str, holding: HoldingId) -> FieldResult<Option<Desk>> {
    load_desks(context, vec![institution.to_owned()])?;
    Ok(desks::choose(context.loaded().desks.get(institution).map_or(&[], Vec::as_slice), holding.0).cloned())
}

/// Why the viewer cannot request access to any holding of a dataset: the reasons for the one that comes nearest; none where they can.
pub fn access_refusals(context: &Context, record: &Arc<Record>) -> FieldResult<Vec<RefusalCode>> {
    load_desks(context, record.dataset.holdings.iter().map(|holding| holding.institution.to_string()).collect())?;
    let loaded = context.loaded();
    let reasons = |(id, holding): (HoldingId, &crate::domain::holding::Holding)| {
        let desks = loaded.desks.get(holding.institution.as_str()).map_or(&[][..], Vec::as_slice);
        desks::refusals_among(&context.actor, record, id.0, desks::choose(desks, id.0))
    };
    Ok(record.holdings().map(reasons).min_by_key(Vec::len).unwrap_or_else(|| vec![RefusalCode::OutsideCatalogue]))
}

/// Loads the access desks of institutions; those that are loaded already cost nothing.
fn load_desks(context: &Context, mut slugs: Vec<String>) -> FieldResult<()> {
    slugs.sort_unstable();
    slugs.dedup();
    slugs.retain(|slug| !context.loaded().desks.contains_key(slug));
    if slugs.is_empty() {
        return Ok(());
    }
    let mut found = desks::of_institutions(&context.catalogue, &slugs).map_err(from_service)?;
    let mut loaded = context.loaded();
    for slug in slugs {
        let own = found.remove(&slug).unwrap_or_default();
        loaded.desks.insert(slug, own);
    }
    Ok(())
}

/// Loads what a selection of institutions asks of these.
pub fn institutions(context: &Context, selection: &Selection<'_>, paths: &[&str], records: &[Arc<InstitutionRecord>]) -> FieldResult<()> {
    let mut wanted = WantedInstitution::default();
    for path in paths {
        let steps: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
        visit(selection, &steps, &mut |institution| wanted.read(institution));
    }
    let slugs: Vec<String> = {
        let mut loaded = context.loaded();
        for record in records {
            loaded.institutions.insert(record.institution.slug.to_string(), Some(record.clone()));
        }
        records.iter().map(|record| record.institution.slug.to_string()).collect()
    };
    load_institutions(context, &wanted, slugs)
}

/// An institution by its slug, from the request's memory or the store.
pub fn institution(context: &Context, slug: &str, lang: &Lang) -> FieldResult<Option<Institution>> {
    if !context.loaded().institutions.contains_key(slug) {
        let mut slugs: Vec<String> = std::mem::take(&mut context.loaded().expected_institutions).into_iter().collect();
        slugs.push(slug.to_owned());
        load_institutions(context, &WantedInstitution::default(), slugs)?;
    }
    let record = context.loaded().institutions.get(slug).cloned().flatten();
    Ok(record.map(|record| Institution { record, lang: lang.clone() }))
}

/// Notes which institutions and datasets the viewer may ask for next: with the first of them all are read, in a fixed number of
/// statements; where none is asked for, nothing is read.
pub fn expect(context: &Context, slugs: impl IntoIterator<Item = String>, ids: impl IntoIterator<Item = Uuid>) {
    let mut loaded = context.loaded();
    loaded.expected_institutions.extend(slugs);
    loaded.expected_records.extend(ids);
}

/// Loads these records as far as the viewer may see them, in two statements at most.
pub fn records(context: &Context, mut ids: Vec<Uuid>) -> FieldResult<()> {
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| {
        let loaded = context.loaded();
        !loaded.records.contains_key(id) && !loaded.absent.contains(id)
    });
    if ids.is_empty() {
        return Ok(());
    }
    let found = context.catalogue.records(&context.actor, &ids).map_err(from_service)?;
    let datasets = found.values().map(|record| &record.dataset);
    let named = datasets
        .flat_map(|dataset| dataset.producer.iter().chain(&dataset.partners).chain(dataset.holdings.iter().map(|h| &h.institution)));
    expect(context, named.map(ToString::to_string), []);
    let mut loaded = context.loaded();
    loaded.absent.extend(ids.into_iter().filter(|id| !found.contains_key(id)));
    loaded.records.extend(found);
    Ok(())
}

/// Records of these holdings as far as the viewer may see them; those that are loaded already cost nothing.
pub fn held(context: &Context, ids: &[HoldingId]) -> FieldResult<HashMap<HoldingId, Arc<Record>>> {
    let is_missing = ids.iter().any(|id| !context.loaded().held.contains_key(id));
    if is_missing {
        let missing: Vec<HoldingId> = {
            let mut loaded = context.loaded();
            let expected = std::mem::take(&mut loaded.expected_holdings);
            let all: HashSet<HoldingId> = expected.into_iter().chain(ids.iter().copied()).collect();
            all.into_iter().filter(|id| !loaded.held.contains_key(id)).collect()
        };
        let mut found = by_holdings(&context.catalogue, &context.actor, &missing).map_err(from_service)?;
        let mut loaded = context.loaded();
        for id in missing {
            let record = found.remove(&id);
            loaded.held.insert(id, record);
        }
    }
    let loaded = context.loaded();
    Ok(ids.iter().filter_map(|id| Some((*id, loaded.held.get(id).cloned().flatten()?))).collect())
}

/// Published figures on a holder; those on the institutions loaded for the question are read with them, in one statement.
pub fn figures(context: &Context, slug: &str, period: Period) -> FieldResult<Figures> {
    let key = |slug: &str| (slug.to_owned(), period.0);
    if !context.loaded().statistics.contains_key(&key(slug)) {
        let slugs: Vec<String> = {
            let loaded = context.loaded();
            let others = loaded.institutions.iter().filter(|(_, record)| record.is_some()).map(|(slug, _)| slug.clone());
            let mut slugs: Vec<String> =
                others.chain([slug.to_owned()]).filter(|slug| !loaded.statistics.contains_key(&key(slug))).collect();
            slugs.sort_unstable();
            slugs.dedup();
            slugs
        };
        let found = statistics::of_institutions(&context.catalogue, &slugs, period).map_err(from_service)?;
        context.loaded().statistics.extend(found.into_iter().map(|(slug, figures)| (key(&slug), figures)));
    }
    let figures = context.loaded().statistics.get(&key(slug)).cloned();
    figures.ok_or_else(|| from_service(Error::Internal(anyhow::anyhow!("no figures were counted for `{slug}`"))))
}

/// A dataset by its slug, from the request's memory or the store.
pub fn dataset(context: &Context, slug: &str, lang: &Lang) -> FieldResult<Option<Dataset>> {
    let record = load_slugs(context, vec![slug.to_owned()], false)?.pop();
    Ok(record.map(|record| Dataset { record, lang: lang.clone() }))
}

/// A dataset by its identifier, from the request's memory or the store; none where the viewer may not see it.
pub fn dataset_by_id(context: &Context, id: Uuid, lang: &Lang) -> FieldResult<Option<Dataset>> {
    let is_known = context.loaded().records.contains_key(&id);
    if !is_known {
        let mut ids: Vec<Uuid> = std::mem::take(&mut context.loaded().expected_records).into_iter().collect();
        ids.push(id);
        records(context, ids)?;
    }
    let record = context.loaded().records.get(&id).cloned();
    Ok(record.map(|record| Dataset { record, lang: lang.clone() }))
}

/// Loads the public versions of these datasets.
pub fn versions(context: &Context, records: &[Arc<Record>]) -> FieldResult<()> {
    let found = load_versions(&context.catalogue, &context.actor, records).map_err(from_service)?;
    context.loaded().versions.extend(found);
    Ok(())
}

/// Loads the validations and reviews of these datasets.
fn stamps(context: &Context, records: &[Arc<Record>]) -> FieldResult<()> {
    let found = load_stamps(&context.catalogue, records).map_err(from_service)?;
    context.loaded().stamps.extend(found);
    Ok(())
}

/// Validations and reviews of a dataset, from the request's memory or the store.
pub fn stamps_of(context: &Context, record: &Arc<Record>) -> FieldResult<Vec<StampRow>> {
    let known = context.loaded().stamps.get(&record.id.0).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    stamps(context, std::slice::from_ref(record))?;
    Ok(context.loaded().stamps.get(&record.id.0).cloned().unwrap_or_default())
}

/// Loads what was registered in the calendar about these datasets.
fn events(context: &Context, records: &[Arc<Record>]) -> FieldResult<()> {
    let found = calendar::of_records(&context.catalogue, records).map_err(from_service)?;
    context.loaded().events.extend(found);
    Ok(())
}

/// What was registered in the calendar about a dataset, from the request's memory or the store.
pub fn events_of(context: &Context, record: &Arc<Record>) -> FieldResult<Vec<Arc<EventRecord>>> {
    let known = context.loaded().events.get(&record.id.0).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    events(context, std::slice::from_ref(record))?;
    Ok(context.loaded().events.get(&record.id.0).cloned().unwrap_or_default())
}

/// Versions of a dataset that the viewer may know of, from the request's memory or the store.
pub fn versions_of(context: &Context, record: &Arc<Record>) -> FieldResult<Vec<VersionHead>> {
    let known = context.loaded().versions.get(&record.id.0).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    versions(context, std::slice::from_ref(record))?;
    Ok(context.loaded().versions.get(&record.id.0).cloned().unwrap_or_default())
}

/// Relations of a dataset, from the request's memory or the store.
pub fn relations(context: &Context, record: &Arc<Record>) -> FieldResult<Vec<RelationTo>> {
    if let Some(known) = context.loaded().relations.get(&record.id.0) {
        return Ok(known.clone());
    }
    let found = load_relations(&context.catalogue, std::slice::from_ref(record)).map_err(from_service)?;
    let own = found.get(&record.id.0).cloned().unwrap_or_default();
    context.loaded().relations.extend(found);
    Ok(own)
}
