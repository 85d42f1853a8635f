//! What the registers say of cells of the coverage grid: who has stated that something is not collected, and who asks for it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::concept::Concepts;
use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::register::Bound;
use crate::domain::vocabulary::{AccessLevel, GridDimension, RegisterKind, RegisterState, RegisterVisibility, Vocabulary};
use crate::service::catalogue::day_of;
use crate::service::past::Moment;
use crate::service::{Catalogue, Error};

use super::{EntryFilter, EntryRecord, list};

const KINDS: [RegisterKind; 2] = [RegisterKind::NotCollected, RegisterKind::DataRequest];
/// States in which a statement stands, or a request is open.
const STATES: [RegisterState; 4] = [RegisterState::Validated, RegisterState::Open, RegisterState::Committed, RegisterState::Declined];

/// Statements that stand and requests that are open, as far as the actor may know of them.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    statements: Vec<Arc<EntryRecord>>,
    requests: Vec<Arc<EntryRecord>>,
}

/// What the conditions of a question say of all its cells, as values of the grid; none where they are narrower than any statement can be.
pub fn conditions(filter: &DatasetFilter, words: Option<&str>, breakdowns: &[String]) -> Option<Vec<(GridDimension, String)>> {
    let plain = DatasetFilter {
        themes: filter.themes.clone(),
        reporting_areas: filter.reporting_areas.clone(),
        origins: filter.origins.clone(),
        destinations: filter.destinations.clone(),
        institutions: filter.institutions.clone(),
        source_types: filter.source_types.clone(),
        aggregates_access: filter.aggregates_access.clone(),
        microdata_access: filter.microdata_access.clone(),
        indicators: filter.indicators.clone(),
        released_disaggregations: filter.released_disaggregations.clone(),
        statuses: filter.statuses.clone(),
        include_possible: filter.include_possible,
        exclude_subdivisions: filter.exclude_subdivisions,
        ..DatasetFilter::default()
    };
    // A list stands for any of its members: a statement on one of them says nothing of the others.
    let levels = |list: &[AccessLevel]| list.iter().map(|level| level.code().to_owned()).collect::<Vec<_>>();
    let is_objective = |code: &&String| code.starts_with("GCM-");
    let (objectives, indicators): (Vec<&String>, Vec<&String>) = filter.indicators.iter().partition(is_objective);
    let any_of = [
        (GridDimension::Theme, filter.themes.clone()),
        (GridDimension::ReportingArea, filter.reporting_areas.clone()),
        (GridDimension::Origin, filter.origins.clone()),
        (GridDimension::Destination, filter.destinations.clone()),
        (GridDimension::Institution, filter.institutions.iter().map(ToString::to_string).collect()),
        (GridDimension::SourceType, filter.source_types.iter().map(|kind| kind.code().to_owned()).collect()),
        (GridDimension::AggregatesAccess, levels(&filter.aggregates_access)),
        (GridDimension::MicrodataAccess, levels(&filter.microdata_access)),
        (GridDimension::GcmObjective, objectives.into_iter().cloned().collect()),
        (GridDimension::SdgIndicator, indicators.into_iter().cloned().collect()),
    ];
    let is_single = any_of.iter().all(|(_, list)| list.len() <= 1) && filter.indicators.len() <= 1;
    let is_speakable = *filter == plain && words.is_none() && is_single;
    let by = filter.released_disaggregations.iter().chain(breakdowns).map(|code| (GridDimension::Disaggregation, code.clone()));
    let single = any_of.into_iter().flat_map(|(dimension, list)| list.into_iter().map(move |code| (dimension, code)));
    is_speakable.then(|| single.chain(by).collect())
}

impl Marks {
    /// Reads them, in a fixed number of statements.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn read(catalogue: &Catalogue, actor: &Actor) -> Result<Self, Error> {
        let filter = EntryFilter { kinds: KINDS.to_vec(), states: STATES.to_vec(), ..EntryFilter::default() };
        let (statements, requests) =
            list(catalogue, actor, &filter)?.into_iter().partition(|record| record.entry.kind == RegisterKind::NotCollected);
        Ok(Self { statements, requests })
    }

    /// Those that stood at a moment, as anyone could see them. Of what was withdrawn since the words are shown no more.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn at(catalogue: &Catalogue, moment: &Moment) -> Result<Self, Error> {
        let filter = EntryFilter { kinds: KINDS.to_vec(), ..EntryFilter::default() };
        let all = list(catalogue, &Actor::Console, &filter)?;
        let stood = all.iter().filter_map(|record| {
            let mut entry = record.entry.known_of(moment.known_at(), moment.last_instant())?.entry;
            let is_public = [record.entry.visibility, entry.visibility] == [RegisterVisibility::Public; 2];
            // In a look back it may have been registered after the day; then a day of its own tells that it was there.
            let since = entry.on.map_or(i64::MAX, |on| on.first_day()).min(day_of(record.created_at));
            if !is_public || !STATES.contains(&entry.state) || since > moment.until {
                return None;
            }
            // Which records they name is told where they are read today.
            (entry.datasets, entry.fulfilled_by) = (Vec::new(), None);
            if record.entry.state == RegisterState::Withdrawn {
                (entry.title, entry.text) = Default::default();
            }
            Some(Arc::new(EntryRecord { entry, records: HashMap::new(), ..(**record).clone() }))
        });
        let (statements, requests) = stood.partition(|record| record.entry.kind == RegisterKind::NotCollected);
        Ok(Self { statements, requests })
    }

    /// Statements that hold for the whole of a cell, the newest first.
    pub fn statements(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> Vec<Arc<EntryRecord>> {
        self.statements.iter().filter(|record| holds(record, bounds, concepts)).cloned().collect()
    }

    /// Institutions that state something, by short name.
    pub fn voices(&self) -> Vec<String> {
        let mut slugs: Vec<String> =
            self.statements.iter().filter_map(|record| record.entry.institution.as_ref()).map(ToString::to_string).collect();
        slugs.sort_unstable();
        slugs.dedup();
        slugs
    }

    /// Whether anybody has stated that the whole of a cell is not collected.
    pub fn is_stated(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> bool {
        self.statements.iter().any(|record| holds(record, bounds, concepts))
    }

    /// Requests that lie in a cell or in which it lies, the newest first.
    pub fn requests(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> Vec<Arc<EntryRecord>> {
        let meets = |record: &&Arc<EntryRecord>| record.entry.cell.as_ref().is_some_and(|cell| cell.touches(bounds, concepts));
        self.requests.iter().filter(meets).cloned().collect()
    }
}

/// Whether a statement holds for the whole of a cell.
fn holds(record: &EntryRecord, bounds: &[Bound<'_>], concepts: &Concepts) -> bool {
    let author = record.entry.institution.as_ref().map(Slug::as_str);
    record.entry.cell.as_ref().is_some_and(|cell| cell.covers(author, bounds, concepts))
}
