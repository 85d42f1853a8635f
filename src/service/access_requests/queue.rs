//! Lists of requests: those that a person has to do with, and the queue of a holder.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::access_request::{By, Part, Request};
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{AccessRequestScope as Scope, RequestState, Vocabulary};
use crate::domain::workdays::Day;
use crate::store::access_queue::{self as table, QueueFilter, QueueOrder, Whose};
use crate::store::requests::{self, PartRow};

use super::super::{Catalogue, Error};
use super::{by_of, may_read, read};

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// States.
    pub states: Vec<RequestState>,
    /// One holder.
    pub institution: Option<String>,
    /// One dataset.
    pub dataset: Option<String>,
    /// Only what waits for the holder.
    pub waits_for_holder: bool,
    /// Only what is past its due day.
    pub is_overdue: bool,
}

/// One line of a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The request.
    pub request: Arc<Request>,
    /// Number of the part.
    pub part: u32,
}

impl Line {
    /// Whether it is the line of this part.
    pub fn is(&self, request: Uuid, part: u32) -> bool {
        (self.request.id, self.part) == (request, part)
    }

    /// The part.
    pub fn part(&self) -> Option<&Part> {
        self.request.part(self.part)
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The lines.
    pub lines: Vec<Line>,
    /// Number of lines in the whole list.
    pub total: usize,
}

/// The part of a list that is wanted: from a place on, so many lines.
pub type Range = (usize, usize);

/// A page of a list, parts in the order wanted. What the person may not see is neither given nor counted.
///
/// # Errors
/// The database is unavailable.
pub fn page(
    catalogue: &Catalogue,
    actor: &Actor,
    scope: Scope,
    filter: &Filter,
    order: QueueOrder,
    (skip, limit): Range,
    today: Day,
) -> Result<Page, Error> {
    let Some(whose) = whose(actor, scope) else { return Ok(Page::default()) };
    let query = QueueFilter {
        institution: filter.institution.clone(),
        states: filter.states.iter().map(|state| state.code().to_owned()).collect(),
        waits_for_holder: filter.waits_for_holder,
        dataset_id: filter.dataset.clone(),
        due_before: filter.is_overdue.then(|| today.to_string()),
        ..QueueFilter::of(whose)
    };
    let total = catalogue.db.read(|conn| table::count(conn, &query))?;
    let total = usize::try_from(total).map_err(|e| Error::Internal(e.into()))?;
    if limit == 0 || skip >= total {
        return Ok(Page { lines: Vec::new(), total });
    }
    let place = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let rows = catalogue.db.read(|conn| table::page(conn, &query, order, place(skip), place(limit)))?;
    Ok(Page { lines: lines(catalogue, &rows)?, total })
}

/// Whose list an actor sees under a scope; none where there is none for them.
fn whose(actor: &Actor, scope: Scope) -> Option<Whose> {
    let by = by_of(actor);
    let person = by.person.filter(|_| may_read(actor))?.to_string();
    match scope {
        Scope::Own => Some(Whose::Own(person)),
        Scope::Holder => Some(Whose::Holder { person, institutions: by.officer_of.iter().map(ToString::to_string).collect() }),
        Scope::Everything => (by.is_coordinator || by.is_auditor).then_some(Whose::All),
    }
}

/// Single lines, as far as they stand in one of the lists of the actor, in no order. Nothing of their content is read.
///
/// # Errors
/// The database is unavailable.
pub fn by_numbers(catalogue: &Catalogue, actor: &Actor, wanted: &[(Uuid, u32)]) -> Result<Vec<Line>, Error> {
    let by = by_of(actor);
    if wanted.is_empty() || by.person.is_none() || !may_read(actor) {
        return Ok(Vec::new());
    }
    let ids = wanted.iter().map(|(id, _)| id.to_string()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let mut known: HashMap<Uuid, Arc<Request>> = HashMap::new();
    for row in &catalogue.db.read(|conn| requests::by_ids(conn, &ids))? {
        let request = read(row)?;
        known.insert(request.id, Arc::new(request));
    }
    let may_see = |line: &Line| line.part().is_some_and(|part| may_see(&by, &line.request, part));
    let line = |(id, part): &(Uuid, u32)| Some(Line { request: known.get(id)?.clone(), part: *part });
    Ok(wanted.iter().filter_map(line).filter(may_see).collect())
}

/// A draft is its applicant's alone; whoever has a role in the part knows where it stands.
fn may_see(by: &By, request: &Request, part: &Part) -> bool {
    by.may_know(request, Some(part)) && (part.submitted_at.is_some() || by.person == Some(request.applicant))
}

fn lines(catalogue: &Catalogue, rows: &[PartRow]) -> Result<Vec<Line>, Error> {
    let mut ids: Vec<String> = rows.iter().map(|row| row.request_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = catalogue.db.read(|conn| requests::by_ids(conn, &ids))?;
    let mut known: HashMap<String, Arc<Request>> = HashMap::new();
    for row in &found {
        known.insert(row.id.clone(), Arc::new(read(row)?));
    }
    let line = |row: &PartRow| {
        let request =
            known.get(&row.request_id).ok_or_else(|| anyhow::anyhow!("access request {}: it has parts, but no row", row.request_id));
        let part = u32::try_from(row.number).map_err(|e| Error::Internal(e.into()))?;
        Ok(Line { request: request.map_err(Error::Internal)?.clone(), part })
    };
    rows.iter().map(line).collect()
}
