//! Which entries of the registers are asked for: by condition, dataset or institution.

use std::sync::Arc;

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::dataset::Discrepancy;
use crate::domain::ids::DatasetId;
use crate::domain::overlap::Decisions;
use crate::domain::vocabulary::{ConceptScheme, ObjectiveAction, RegisterKind, RegisterState};
use crate::service::registers::{self, EntryFilter, EntryRecord, pairs, watch};
use crate::service::{Error, Record, grid};

use super::connection::PageArgs;
use super::context::Context;
use super::error::{bad_input, from_service};
use super::node::NodeId;
use super::prefetch;
use super::register::{RegisterEntry, RegisterEntryConnection};
use super::text::Lang;

/// Longest search, in characters.
const MAX_SEARCH: usize = 500;

/// Conditions on entries of the registers. Conditions are joined by "and"; the members of a list by "or".
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct RegisterFilter {
    /// Kinds.
    pub kinds: Option<Vec<RegisterKind>>,
    /// States.
    pub states: Option<Vec<RegisterState>>,
    /// In whose name they speak, whom they are about, who offers or has committed itself; short names.
    pub institutions: Option<Vec<String>>,
    /// About these datasets, by identifier or short name.
    pub datasets: Option<Vec<ID>>,
    /// Of these topics, or topics of these groups; codes.
    pub themes: Option<Vec<String>>,
    /// Of these places, or places inside them; codes.
    pub places: Option<Vec<String>>,
    /// Of these actions of Objective 1 of the Global Compact.
    pub actions: Option<Vec<ObjectiveAction>>,
    /// Whether nobody has answered yet: needs without an accepted offer, requests without commitment, challenges without answer.
    pub is_unanswered: Option<bool>,
    /// Whether a day that was named has passed while it is still open.
    pub is_overdue: Option<bool>,
    /// Focal points that have not been confirmed within the last twelve months; with false, those that have.
    pub is_unconfirmed: Option<bool>,
    /// Whether they name a place in another country than that of the institution in whose name they speak, such as a good practice that is used
    /// elsewhere; of an institution without a country, whether they name places in two countries.
    pub is_elsewhere: Option<bool>,
}

/// The registers, as far as the viewer may read them.
///
/// # Errors
/// An argument is wrong, or the database is unavailable.
pub fn list(context: &Context, search: Option<String>, given: RegisterFilter, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    if let Some(length) = search.as_ref().map(|search| search.chars().count()).filter(|length| *length > MAX_SEARCH) {
        return Err(bad_input(format!("`search` has {length} characters; ask with at most {MAX_SEARCH}")));
    }
    let concepts = &context.catalogue.concepts;
    for (name, scheme, codes) in [("themes", ConceptScheme::Themes, &given.themes), ("places", ConceptScheme::Places, &given.places)] {
        for code in codes.iter().flatten() {
            concepts.require(scheme, code).map_err(|remedy| bad_input(format!("{name}: `{code}`: {remedy}")))?;
        }
    }
    let slugs = given.institutions.clone().unwrap_or_default();
    let strangers = grid::strangers(&context.catalogue, "where.institutions", &slugs).map_err(from_service)?;
    if !strangers.is_empty() {
        return Err(from_service(Error::Invalid(strangers)));
    }
    // An empty list sets no condition.
    let named = given.datasets.as_ref().filter(|ids| !ids.is_empty()).map(|ids| dataset_ids(context, ids)).transpose()?;
    // What the viewer may not see looks absent: nothing is found.
    if named.as_ref().is_some_and(Vec::is_empty) {
        return RegisterEntryConnection::cut(Vec::new(), args);
    }
    let filter = EntryFilter {
        kinds: given.kinds.unwrap_or_default(),
        states: given.states.unwrap_or_default(),
        institutions: given.institutions.unwrap_or_default(),
        datasets: named.unwrap_or_default(),
        themes: given.themes.unwrap_or_default(),
        places: given.places.unwrap_or_default(),
        actions: given.actions.unwrap_or_default(),
        words: search,
        is_unanswered: given.is_unanswered,
        unconfirmed: given.is_unconfirmed.map(|wanted| (wanted, context.now() - watch::CONFIRM_AFTER_MS)),
        overdue: given.is_overdue.map(|wanted| (wanted, context.today())),
        is_elsewhere: given.is_elsewhere,
    };
    let found = registers::list(&context.catalogue, &context.actor, &filter).map_err(from_service)?;
    page(context, found, &context.language, args)
}

/// Decisions on pairs of records that the viewer may know of, read once for a question.
///
/// # Errors
/// The database is unavailable.
pub fn decisions(context: &Context) -> FieldResult<Arc<Decisions>> {
    if let Some(known) = context.loaded().decisions.clone() {
        return Ok(known);
    }
    let read = Arc::new(pairs::decisions(&context.catalogue, &context.actor).map_err(from_service)?);
    context.loaded().decisions = Some(read.clone());
    Ok(read)
}

/// The explanations of figures that differ, read once for a question.
fn explanations(context: &Context) -> FieldResult<Arc<pairs::Explanations>> {
    if let Some(known) = context.loaded().explanations.clone() {
        return Ok(known);
    }
    let read = Arc::new(pairs::explanations(&context.catalogue, &context.actor).map_err(from_service)?);
    context.loaded().explanations = Some(read.clone());
    Ok(read)
}

/// The explanation of figures that differ.
///
/// # Errors
/// The database is unavailable.
pub fn explanation(context: &Context, record: &Record, figures: &Discrepancy, lang: &Lang) -> FieldResult<Option<RegisterEntry>> {
    let all = explanations(context)?;
    let found = pairs::explanation_of(&all, record.id.0, figures, &record.dataset.discrepancies);
    Ok(found.map(|record| RegisterEntry { record: record.clone(), lang: lang.clone() }))
}

/// Whether nobody can tell any more whether an explanation is of these figures.
///
/// # Errors
/// The database is unavailable.
pub fn is_in_question(context: &Context, record: &Record, figures: &Discrepancy) -> FieldResult<bool> {
    Ok(pairs::is_in_question(explanations(context)?.as_ref(), record.id.0, figures, &record.dataset.discrepancies))
}

/// Entries about a dataset.
///
/// # Errors
/// The database is unavailable.
pub fn of_dataset(context: &Context, record: &Record, lang: &Lang, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    let known = context.loaded().entries_of.get(&record.id.0).cloned();
    let found = match known {
        Some(known) => known,
        None => {
            load(context, &[record.id.0])?;
            context.loaded().entries_of.get(&record.id.0).cloned().unwrap_or_default()
        }
    };
    page(context, found, lang, args)
}

/// Reads the entries about records into the request's memory, in a fixed number of statements.
///
/// # Errors
/// The database is unavailable.
pub fn load(context: &Context, ids: &[uuid::Uuid]) -> FieldResult<()> {
    let found = registers::of_records(&context.catalogue, &context.actor, ids).map_err(from_service)?;
    context.loaded().entries_of.extend(found);
    Ok(())
}

/// Entries in the name of an institution or about it; all are read once for a question.
///
/// # Errors
/// The database is unavailable.
pub fn of_institution(context: &Context, slug: &str, lang: &Lang, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    let known = context.loaded().entries.clone();
    let all = match known {
        Some(known) => known,
        None => {
            let read = registers::list(&context.catalogue, &context.actor, &EntryFilter::default()).map_err(from_service)?;
            let read = Arc::new(read);
            context.loaded().entries = Some(read.clone());
            read
        }
    };
    let found = all.iter().filter(|record| registers::is_of_institution(record, slug)).cloned().collect();
    page(context, found, lang, args)
}

/// Cuts a page, and notes which institutions its entries name, so that they are read at once.
fn page(context: &Context, found: Vec<Arc<EntryRecord>>, lang: &Lang, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    let cut = RegisterEntryConnection::cut(RegisterEntry::all(found, lang), args)?;
    for entry in cut.edges.iter().map(|edge| &edge.node.record.entry) {
        let named = entry.institution.iter().chain(&entry.institutions).chain(&entry.agreed_by);
        let named = named.chain(entry.offers.iter().map(|offer| &offer.institution));
        let named = named.chain(entry.commitment.iter().map(|given| &given.institution));
        let named = named.chain(entry.steps.iter().filter_map(|step| step.institution.as_ref()));
        prefetch::expect(context, named.map(ToString::to_string), []);
    }
    Ok(cut)
}

/// Most datasets that a condition names.
const MOST_DATASETS: usize = 100;

/// Identifiers of datasets by identifier or short name; those that the viewer may not see are left out.
fn dataset_ids(context: &Context, given: &[ID]) -> FieldResult<Vec<uuid::Uuid>> {
    if given.len() > MOST_DATASETS {
        return Err(bad_input(format!("where.datasets: names {}; at most {MOST_DATASETS}", given.len())));
    }
    let (mut ids, mut slugs) = (Vec::new(), Vec::new());
    for id in given {
        match NodeId::decode(id) {
            Some(NodeId::Dataset(DatasetId(id))) => ids.push(id),
            _ => slugs.push(id.to_string()),
        }
    }
    let known = context.catalogue.records(&context.actor, &ids).map_err(from_service)?;
    let named = context.catalogue.records_by_slug(&context.actor, &slugs).map_err(from_service)?;
    Ok(known.into_keys().chain(named.into_iter().map(|record| record.id.0)).collect())
}
