//! What the registers say of cells of the coverage grid: who has stated that something is not collected, and who asks for it.

use std::sync::Arc;

use crate::domain::concept::Concepts;
use crate::domain::filter::DatasetFilter;
use crate::domain::policy::Actor;
use crate::domain::register::Bound;
use crate::domain::vocabulary::{GridDimension, RegisterKind, RegisterState};
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
        released_disaggregations: filter.released_disaggregations.clone(),
        statuses: filter.statuses.clone(),
        include_possible: filter.include_possible,
        exclude_subdivisions: filter.exclude_subdivisions,
        ..DatasetFilter::default()
    };
    // A list of places or topics stands for any of them: a statement on one of them says nothing of the others.
    let is_speakable = *filter == plain && words.is_none() && filter.themes.len() <= 1 && filter.reporting_areas.len() <= 1;
    let themes = filter.themes.iter().map(|code| (GridDimension::Theme, code.clone()));
    let areas = filter.reporting_areas.iter().map(|code| (GridDimension::ReportingArea, code.clone()));
    let by = filter.released_disaggregations.iter().chain(breakdowns).map(|code| (GridDimension::Disaggregation, code.clone()));
    is_speakable.then(|| themes.chain(areas).chain(by).collect())
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

    /// Those that stood at a moment, as anyone may see them. What was withdrawn since is not shown.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn at(catalogue: &Catalogue, moment: &Moment) -> Result<Self, Error> {
        let filter = EntryFilter { kinds: KINDS.to_vec(), ..EntryFilter::default() };
        let mut all = list(catalogue, &Actor::Visitor, &filter)?;
        let at = moment.last_instant();
        all.retain(|record| record.entry.state_at(at).is_some_and(|state| STATES.contains(&state)));
        let (statements, requests) = all.into_iter().partition(|record| record.entry.kind == RegisterKind::NotCollected);
        Ok(Self { statements, requests })
    }

    /// Statements that hold for the whole of a cell, the newest first.
    pub fn statements(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> Vec<Arc<EntryRecord>> {
        let holds = |record: &&Arc<EntryRecord>| record.entry.cell.as_ref().is_some_and(|cell| cell.covers(bounds, concepts));
        self.statements.iter().filter(holds).cloned().collect()
    }

    /// Whether anybody has stated that the whole of a cell is not collected.
    pub fn is_stated(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> bool {
        self.statements.iter().any(|record| record.entry.cell.as_ref().is_some_and(|cell| cell.covers(bounds, concepts)))
    }

    /// Requests that lie in a cell or in which it lies, the newest first.
    pub fn requests(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> Vec<Arc<EntryRecord>> {
        let meets = |record: &&Arc<EntryRecord>| record.entry.cell.as_ref().is_some_and(|cell| cell.touches(bounds, concepts));
        self.requests.iter().filter(meets).cloned().collect()
    }
}
