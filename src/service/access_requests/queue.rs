//! Lists of requests: those that a person has to do with, and the queue of a holder.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::access_request::{Part, Request};
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{AccessRequestScope as Scope, RequestState, Vocabulary};
use crate::domain::workdays::Day;
use crate::store::requests::{self, PartRow, QueueFilter, QueueOrder};

use super::super::{Catalogue, Error};
use super::reading::is_of_holder;
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

/// A page of a list, parts in the order wanted.
///
/// # Errors
/// The database is unavailable.
pub fn page(
    catalogue: &Catalogue,
    actor: &Actor,
    scope: Scope,
    filter: &Filter,
    order: QueueOrder,
    range: (usize, usize),
    today: Day,
) -> Result<Page, Error> {
    let by = by_of(actor);
    let Some(person) = by.person.filter(|_| may_read(actor)) else { return Ok(Page::default()) };
    let (institutions, requests) = match scope {
        Scope::Own => (None, Some(catalogue.db.read(|conn| requests::of_person(conn, &person.to_string()))?)),
        Scope::Holder => (Some(by.officer_of.iter().map(ToString::to_string).collect::<Vec<_>>()), None),
        Scope::Everything if by.is_coordinator || by.is_auditor => (None, None),
        Scope::Everything => return Ok(Page::default()),
    };
    let institutions = match (&filter.institution, institutions) {
        (Some(wanted), Some(own)) => Some(own.into_iter().filter(|slug| slug == wanted).collect()),
        (Some(wanted), None) => Some(vec![wanted.clone()]),
        (None, own) => own,
    };
    let query = QueueFilter {
        institutions,
        requests,
        states: filter.states.iter().map(|state| state.code().to_owned()).collect(),
        waits_for_holder: filter.waits_for_holder,
        dataset_id: filter.dataset.clone(),
        due_before: filter.is_overdue.then(|| today.to_string()),
        submitted: scope != Scope::Own,
    };
    // Who acts for the holder must not be on the other side, nor have a conflict of interest; a draft is its applicant's alone.
    let may_see = |line: &Line| {
        let is_there = |part: &Part| part.submitted_at.is_some() || line.request.applicant == person;
        let is_for = |part: &Part| {
            let roles = by.roles(&line.request, Some(part));
            if scope == Scope::Holder { roles.into_iter().any(is_of_holder) } else { !roles.is_empty() }
        };
        line.part().is_some_and(|part| is_for(part) && is_there(part))
    };
    if scope == Scope::Own {
        // Of the requests of others only some parts concern the person; the rest must not be counted either.
        let (rows, _) = catalogue.db.read(|conn| requests::queue(conn, &query, order, 0, i64::MAX))?;
        let mut lines: Vec<Line> = lines(catalogue, &rows)?.into_iter().filter(may_see).collect();
        let total = lines.len();
        lines = lines.into_iter().skip(range.0).take(range.1).collect();
        return Ok(Page { lines, total });
    }
    let (skip, limit) = (i64::try_from(range.0).unwrap_or(i64::MAX), i64::try_from(range.1).unwrap_or(100));
    let (rows, total) = catalogue.db.read(|conn| requests::queue(conn, &query, order, skip, limit))?;
    let lines = lines(catalogue, &rows)?.into_iter().filter(may_see).collect();
    Ok(Page { lines, total: usize::try_from(total).unwrap_or(0) })
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
    let line = |row: &PartRow| Some(Line { request: known.get(&row.request_id)?.clone(), part: u32::try_from(row.number).ok()? });
    Ok(rows.iter().filter_map(line).collect())
}
