//! The registers: read here, written in [`write`] and [`pairs`], discussed in [`comments`], seen in the grid through [`cells`].

pub mod cells;
pub mod chain;
pub mod comments;
mod content;
pub mod facts;
pub mod fulfilment;
pub mod marks;
pub mod outdated;
pub mod pairs;
pub mod plans;
pub mod watch;
pub mod write;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::policy::{self, Action, Actor, Audience, Subject, check};
use crate::domain::register::{Entry, Step, Who, row_of};
use crate::domain::vocabulary::{
    ConceptScheme, MaskableField, ObjectiveAction, RefusalCode, RegisterCommand, RegisterKind, RegisterState, RegisterVisibility,
    Vocabulary,
};
use crate::domain::words::fold;
use crate::store::registers::{self as table, EntryRow, SupportRow};

use super::catalogue::read_id;
use super::{Catalogue, Error, Record};

/// How the change log names entries of the registers.
pub const ENTITY: &str = "REGISTER_ENTRY";
/// Kinds of what entries are about, in look-ups.
const DATASET: &str = "DATASET";
const INSTITUTION: &str = "INSTITUTION";

/// An entry of the registers.
#[derive(Clone, Debug)]
pub struct EntryRecord {
    /// Identifier.
    pub id: Uuid,
    /// Place in the order of registration.
    pub number: i64,
    /// Grows with every write.
    pub revision: i64,
    /// Who made it, never shown.
    pub created_by: String,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
    /// The entry.
    pub entry: Entry,
    /// Who supports it.
    pub supports: Vec<SupportRow>,
    /// The records that it names, as the reader sees them.
    pub records: HashMap<Uuid, Arc<Record>>,
}

impl EntryRecord {
    /// Reads a row; supports and records are added by who needs them.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn of(row: &EntryRow) -> Result<Self, Error> {
        Ok(Self {
            id: read_id(&row.id)?,
            number: row.number,
            revision: row.revision,
            created_by: row.created_by.clone(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            entry: serde_json::from_str(&row.doc)?,
            supports: Vec::new(),
            records: HashMap::new(),
        })
    }

    /// Sets revision and time of the last write to those of the steps that are shown: each write makes one.
    fn as_of_its_steps(&mut self) {
        let steps = i64::try_from(self.entry.steps.len()).unwrap_or(i64::MAX);
        self.revision = self.revision.min(steps);
        self.updated_at = self.entry.steps.last().map_or(self.created_at, |step| step.at);
    }

    /// Datasets that it names in any way.
    fn named(&self) -> impl Iterator<Item = Uuid> {
        let earlier = self.entry.earlier.iter().map(|earlier| &*earlier.entry);
        std::iter::once(&self.entry).chain(earlier).flat_map(|entry| entry.datasets.iter().copied().chain(entry.fulfilled_by))
    }

    /// Producers of the records that it is about.
    pub fn producers(&self) -> Vec<Slug> {
        let mut slugs: Vec<Slug> = self.entry.datasets.iter().filter_map(|id| self.records.get(id)?.dataset.producer.clone()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        slugs
    }

    fn is_author(&self, actor: &Actor) -> bool {
        actor.person().is_some_and(|person| person.id.to_string() == self.created_by)
    }
}

/// Whether the actor may read an entry whose records they see.
fn is_open(actor: &Actor, record: &EntryRecord) -> bool {
    let entry = &record.entry;
    let audience = policy::audience(actor);
    if audience == Audience::Coordination {
        return true;
    }
    let is_reader = policy::check_reading(actor).is_ok();
    let own = actor.institutions();
    let is_own = is_reader
        && (record.is_author(actor)
            || entry.institution.as_ref().is_some_and(|slug| own.contains(&slug))
            || (entry.is_of_records() && record.producers().iter().any(|slug| own.contains(&slug))));
    if is_own {
        return true;
    }
    let is_settled = !entry.is_unsettled() && entry.state != RegisterState::Withdrawn;
    is_settled && (entry.visibility == RegisterVisibility::Public || audience >= Audience::Members)
}

/// An entry that is being corrected, as others see it until the correction is validated, or agreed by all: nothing of it tells that it is.
fn as_others_see(record: &EntryRecord) -> Option<EntryRecord> {
    let mut standing = EntryRecord { entry: record.entry.standing()?, ..record.clone() };
    standing.as_of_its_steps();
    Some(standing)
}

/// Entries as the actor sees them: those they may read, without the records that they may not see.
fn seen_by(catalogue: &Catalogue, actor: &Actor, rows: &[EntryRow]) -> Result<Vec<Arc<EntryRecord>>, Error> {
    let mut found = rows.iter().map(EntryRecord::of).collect::<Result<Vec<_>, _>>()?;
    // None of a record is asked for too: whether any is named, or is in memory, is not told by the number of statements.
    let mut ids: Vec<Uuid> = found.iter().flat_map(EntryRecord::named).chain([Uuid::nil()]).collect();
    ids.sort_unstable();
    ids.dedup();
    let records = catalogue.records(actor, &ids)?;
    for record in &mut found {
        keep_visible(record, &records);
    }
    for record in &mut found {
        if !is_open(actor, record)
            && let Some(mut standing) = as_others_see(record)
        {
            keep_visible(&mut standing, &records);
            *record = standing;
        }
    }
    found.retain(|record| has_its_records(record) && is_open(actor, record));
    let wanted: Vec<String> =
        found.iter().filter(|record| record.entry.kind == RegisterKind::DataRequest).map(|r| r.id.to_string()).collect();
    // Asked for nothing too, so that what is absent takes as long as what is hidden.
    let supports = catalogue.db.read(|conn| table::supports(conn, &wanted))?;
    for record in &mut found {
        let id = record.id.to_string();
        record.supports = supports.iter().filter(|row| row.entry_id == id).cloned().collect();
    }
    Ok(found.into_iter().map(Arc::new).collect())
}

/// Takes out what the reader may not see. The number of datasets that an entry is about is that of those they see.
fn keep_visible(record: &mut EntryRecord, records: &HashMap<Uuid, Arc<Record>>) {
    record.records = record.named().filter_map(|id| Some((id, records.get(&id)?.clone()))).collect();
    if !record.entry.is_of_records() {
        record.entry.datasets.retain(|id| records.contains_key(id));
    }
    if record.entry.fulfilled_by.is_some_and(|id| !records.contains_key(&id)) {
        forget_fulfilment(record);
    } else if record.entry.kind == RegisterKind::DataRequest {
        // A former fulfilment that was taken out of the history is in no number either.
        record.as_of_its_steps();
    }
}

/// That a record which the reader does not see answers a request would tell that there is one: the request stands as it did before.
fn forget_fulfilment(record: &mut EntryRecord) {
    let entry = &mut record.entry;
    entry.fulfilled_by = None;
    let is_told = |step: &Step| step.command == Some(RegisterCommand::Fulfil);
    // What was done since by those who do not see it either stays.
    let Some(place) = entry.steps.iter().rposition(is_told).filter(|place| *place > 0) else { return };
    entry.steps.remove(place);
    if entry.state == RegisterState::Fulfilled {
        let before = entry.steps.iter().rev().map(|step| step.state).find(|state| *state != RegisterState::Fulfilled);
        entry.state = before.unwrap_or(RegisterState::Open);
    }
    record.as_of_its_steps();
}

/// Whether the reader sees all that an entry on records is about: the records themselves, no stubs of them, and of a note on figures these.
fn has_its_records(record: &EntryRecord) -> bool {
    let entry = &record.entry;
    let is_shown = |id: &Uuid| record.records.get(id).is_some_and(|found| shows_what_it_is_about(entry, &found.dataset));
    !entry.is_of_records() || entry.datasets.iter().all(is_shown)
}

/// Whether a record, as a reader sees it, shows what an entry says something of.
pub fn shows_what_it_is_about(entry: &Entry, dataset: &Dataset) -> bool {
    let is_stub = dataset.hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer);
    let hides_figures = entry.kind == RegisterKind::DiscrepancyNote && dataset.hides(MaskableField::Discrepancies);
    !is_stub && !hides_figures
}

/// Which entries are wanted; all conditions hold together, the members of a list by "or".
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// Kinds; empty for all.
    pub kinds: Vec<RegisterKind>,
    /// States; empty for all.
    pub states: Vec<RegisterState>,
    /// In whose name, or about which institution.
    pub institutions: Vec<String>,
    /// About any of these datasets.
    pub datasets: Vec<Uuid>,
    /// Of any of these topics, or topics of these groups.
    pub themes: Vec<String>,
    /// Of any of these places, or places inside them.
    pub places: Vec<String>,
    /// Of any of these actions of Objective 1.
    pub actions: Vec<ObjectiveAction>,
    /// Words of title and text.
    pub words: Option<String>,
    /// Whether nobody has answered: no offer accepted, no commitment, no answer.
    pub is_unanswered: Option<bool>,
    /// Focal points that have, or have not, been confirmed since this moment (milliseconds from 1970-01-01 UTC).
    pub unconfirmed: Option<(bool, i64)>,
    /// Whether a day that was named has passed while it is still open, counted on this day.
    pub overdue: Option<(bool, i64)>,
    /// Whether they name a place in another country than that of the institution in whose name they speak.
    pub is_elsewhere: Option<bool>,
}

/// Entries that the actor may read, newest first.
///
/// # Errors
/// The database is unavailable.
pub fn list(catalogue: &Catalogue, actor: &Actor, filter: &EntryFilter) -> Result<Vec<Arc<EntryRecord>>, Error> {
    let codes = |kinds: &[RegisterKind]| kinds.iter().map(|kind| kind.code().to_owned()).collect::<Vec<_>>();
    // What is being corrected, or is fulfilled by a record that they do not see, stands in another state for others.
    let stands =
        [RegisterState::Draft, RegisterState::Proposed, RegisterState::Fulfilled].into_iter().filter(|_| !filter.states.is_empty());
    let states: Vec<String> = filter.states.iter().copied().chain(stands).map(|state| state.code().to_owned()).collect();
    let rows = if filter.datasets.is_empty() {
        catalogue.db.read(|conn| table::all(conn, &codes(&filter.kinds), &states))?
    } else {
        let ids: Vec<String> = filter.datasets.iter().map(ToString::to_string).collect();
        catalogue.db.read(|conn| table::about(conn, DATASET, &ids))?
    };
    let mut found = seen_by(catalogue, actor, &rows)?;
    found.retain(|record| fits(catalogue, record, filter));
    if let Some(wanted) = filter.is_elsewhere {
        let slugs: Vec<String> = found.iter().filter_map(|record| record.entry.institution.as_ref()).map(ToString::to_string).collect();
        let known = catalogue.institutions_by_slug(&slugs)?;
        found.retain(|record| {
            let own = record.entry.institution.as_ref().and_then(|slug| known.get(slug.as_str()));
            is_elsewhere(&record.entry, own.and_then(|own| own.institution.country.as_deref()), &catalogue.concepts) == wanted
        });
    }
    Ok(found)
}

/// Whether an entry names a place in a country other than this one; where the institution has no country, whether it names two countries.
fn is_elsewhere(entry: &Entry, own: Option<&str>, concepts: &Concepts) -> bool {
    let places = concepts.scheme(ConceptScheme::Places);
    let named: BTreeSet<&str> = entry.places.iter().filter_map(|place| places.country_of(place)).collect();
    match own {
        Some(own) => named.iter().any(|country| *country != own),
        None => named.len() > 1,
    }
}

/// Entries about records that the actor may read, newest first, in a fixed number of statements. Each record has a list, perhaps an empty one.
///
/// # Errors
/// The database is unavailable.
pub fn of_records(catalogue: &Catalogue, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Arc<EntryRecord>>>, Error> {
    let mut found: HashMap<Uuid, Vec<Arc<EntryRecord>>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    if ids.is_empty() {
        return Ok(found);
    }
    for record in list(catalogue, actor, &EntryFilter { datasets: ids.to_vec(), ..EntryFilter::default() })? {
        let mut about: Vec<Uuid> = record.entry.datasets.iter().chain(&record.entry.fulfilled_by).copied().collect();
        about.sort_unstable();
        about.dedup();
        for id in about {
            if let Some(entries) = found.get_mut(&id) {
                entries.push(record.clone());
            }
        }
    }
    Ok(found)
}

/// Whether an entry is in the name of an institution, about it, or on a record that it produces.
pub fn is_of_institution(record: &EntryRecord, slug: &str) -> bool {
    let entry = &record.entry;
    let named = entry.institution.iter().chain(&entry.institutions).chain(entry.commitment.iter().map(|given| &given.institution));
    named.chain(entry.offers.iter().map(|offer| &offer.institution)).any(|own| own.as_str() == slug)
        || (entry.is_of_records() && record.producers().iter().any(|own| own.as_str() == slug))
}

fn fits(catalogue: &Catalogue, record: &EntryRecord, filter: &EntryFilter) -> bool {
    let entry = &record.entry;
    let any = |list: &[String], fits: &dyn Fn(&str) -> bool| list.is_empty() || list.iter().any(|wanted| fits(wanted));
    let within = |scheme, own: &str, wanted: &str| catalogue.concepts.scheme(scheme).is_within(own, wanted);
    let cell = entry.cell.as_ref();
    let themes = || entry.themes.iter().chain(cell.and_then(|cell| cell.theme.as_ref()));
    let places = || entry.places.iter().chain(cell.and_then(|cell| cell.area.as_ref()));
    use crate::domain::vocabulary::ConceptScheme::{Places, Themes};
    (filter.kinds.is_empty() || filter.kinds.contains(&entry.kind))
        && (filter.states.is_empty() || filter.states.contains(&entry.state))
        && (filter.datasets.is_empty() || entry.datasets.iter().chain(&entry.fulfilled_by).any(|id| filter.datasets.contains(id)))
        && any(&filter.institutions, &|slug| is_of_institution(record, slug))
        && any(&filter.themes, &|wanted| themes().any(|own| within(Themes, own, wanted)))
        && any(&filter.places, &|wanted| places().any(|own| within(Places, own, wanted)))
        && (filter.actions.is_empty() || entry.actions.iter().any(|action| filter.actions.contains(action)))
        && filter.words.as_deref().is_none_or(|words| has_words(entry, words))
        && filter.is_unanswered.is_none_or(|wanted| is_unanswered(entry) == wanted)
        && filter.unconfirmed.is_none_or(|(wanted, since)| {
            let is_kept = entry.kind == RegisterKind::FocalPoint && entry.state == RegisterState::Validated;
            is_kept && entry.confirmed_at().is_some_and(|at| (at < since) == wanted)
        })
        && filter.overdue.is_none_or(|(wanted, today)| is_overdue(entry, today) == wanted)
}

fn has_words(entry: &Entry, words: &str) -> bool {
    let texts = [&entry.title, &entry.text].into_iter().flat_map(|text| text.iter().map(|(_, wording)| fold(&wording.text)));
    let all = texts.collect::<Vec<_>>().join(" ");
    fold(words).split_whitespace().all(|word| all.contains(word))
}

/// Whether nobody has answered an entry yet.
pub fn is_unanswered(entry: &Entry) -> bool {
    use crate::domain::vocabulary::OfferState;
    match entry.kind {
        RegisterKind::CapacityNeed => {
            entry.state == RegisterState::Validated && !entry.offers_of_others().any(|offer| offer.state == OfferState::Accepted)
        }
        RegisterKind::DataRequest => entry.state == RegisterState::Open,
        RegisterKind::Challenge => entry.state == RegisterState::Validated && entry.answer.is_empty(),
        RegisterKind::Invitation => entry.state == RegisterState::Validated && entry.taking_part(i64::MAX).is_empty(),
        _ => false,
    }
}

/// Whether a day that was named has passed while the entry is still open.
pub fn is_overdue(entry: &Entry, today: i64) -> bool {
    let is_live =
        matches!(entry.state, RegisterState::Open | RegisterState::Committed | RegisterState::Validated | RegisterState::Declined);
    let last = entry.commitment.as_ref().map(|given| given.until).or(entry.until);
    // Of a strategy or a training the last day is its own, and nothing is late after it.
    let has_deadline = !matches!(entry.kind, RegisterKind::Strategy | RegisterKind::Training);
    is_live && has_deadline && last.is_some_and(|until| until.last_day() < today)
}

/// The entry with this identifier, if the actor may read it.
///
/// # Errors
/// The database is unavailable.
pub fn by_id(catalogue: &Catalogue, actor: &Actor, id: &str) -> Result<Option<Arc<EntryRecord>>, Error> {
    let rows: Vec<EntryRow> = catalogue.db.read(|conn| table::by_id(conn, id))?.into_iter().collect();
    Ok(seen_by(catalogue, actor, &rows)?.pop())
}

/// Institutions in whose name the actor may give a command to an entry; `None` stands for the coordination, or for the person on
/// their own. Empty where they may not.
pub fn may(actor: &Actor, record: &EntryRecord, command: RegisterCommand) -> Vec<Option<Slug>> {
    let Some(found) = row_of(&record.entry, command) else { return Vec::new() };
    let own: Vec<Slug> = match actor.person() {
        Some(_) => actor.institutions().into_iter().cloned().collect(),
        None => Vec::new(),
    };
    let named = |slugs: Vec<Slug>| slugs.into_iter().filter(|slug| own.contains(slug)).map(Some).collect::<Vec<_>>();
    let candidates: Vec<Option<Slug>> = match found.who {
        Who::Own => match &record.entry.institution {
            Some(slug) => vec![Some(slug.clone())],
            None => vec![None],
        },
        Who::OwnOrAuthor => {
            let own_name = record.entry.institution.clone();
            let mut names = allowed(actor, found.action, vec![own_name.clone()], false);
            let may_write =
                || check(actor, Action::RegisterWrite, &Subject { institution: own_name.as_ref(), ..Subject::default() }).is_ok();
            // Who wrote it down for another institution takes it back or mends it in the name of the coordination.
            if names.is_empty() && own_name.is_some() && record.is_author(actor) && may_write() {
                names.push(own_name.clone().filter(|slug| actor.institutions().contains(&slug)));
            }
            return names;
        }
        Who::Author if record.is_author(actor) => return allowed(actor, found.action, vec![record.entry.institution.clone()], true),
        Who::Author => vec![None],
        // Who asked needs no support of their own.
        Who::Anyone if record.is_author(actor) => return Vec::new(),
        Who::Anyone => return allowed(actor, found.action, std::iter::once(None).chain(own.into_iter().map(Some)).collect(), true),
        Who::Any => own.into_iter().map(Some).collect(),
        Who::Another => own.into_iter().filter(|slug| record.entry.institution.as_ref() != Some(slug)).map(Some).collect(),
        Who::Invited => {
            let taking_part = record.entry.taking_part(i64::MAX);
            named(record.entry.institutions.iter().filter(|slug| !taking_part.contains(slug)).cloned().collect())
        }
        Who::TakingPart => named(record.entry.taking_part(i64::MAX)),
        Who::Committed => named(record.entry.commitment.iter().map(|given| given.institution.clone()).collect()),
        Who::Producer => named(record.producers()),
        // Which record fulfils a request, and therefore whose it is, is only said with the command.
        Who::ProducerOrCoordinator if record.entry.kind == RegisterKind::DataRequest => own.into_iter().map(Some).chain([None]).collect(),
        Who::ProducerOrCoordinator => named(record.producers()).into_iter().chain([None]).collect(),
    };
    allowed(actor, found.action, candidates, false)
}

/// Of these names those in which the actor may act. In nobody's name only the coordinator acts, or, where `alone`, anyone who may.
fn allowed(actor: &Actor, action: Action, names: Vec<Option<Slug>>, alone: bool) -> Vec<Option<Slug>> {
    let may = |name: &Option<Slug>| match name {
        // Roles of the catalogue are none of an institution: nobody acts in the name of an institution who is not of it.
        Some(slug) => {
            let is_own = *actor == Actor::Console || actor.institutions().contains(&slug);
            is_own && check(actor, action, &Subject { institution: Some(slug), ..Subject::default() }).is_ok()
        }
        None if alone => check(actor, action, &Subject::default()).is_ok(),
        None => check(actor, Action::RegisterCoordinate, &Subject::default()).is_ok(),
    };
    names.into_iter().filter(may).collect()
}

/// What the actor may do with an entry now.
pub fn commands(actor: &Actor, record: &EntryRecord) -> Vec<RegisterCommand> {
    let is_open = |command: RegisterCommand, name: &Option<Slug>| {
        // Who has agreed to a wording has nothing to add to it.
        command != RegisterCommand::Agree || name.as_ref().is_none_or(|slug| !record.entry.agreed_by.contains(slug))
    };
    let is_offered = |command: &RegisterCommand| may(actor, record, *command).iter().any(|name| is_open(*command, name));
    RegisterCommand::ALL.iter().copied().filter(is_offered).collect()
}

/// Why the actor may not do something: the refusal that comes nearest to being allowed.
fn refusal(actor: &Actor, action: Action) -> RefusalCode {
    check(actor, action, &Subject::default()).err().unwrap_or(RefusalCode::RoleRequired)
}
