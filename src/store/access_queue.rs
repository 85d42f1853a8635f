//! Lists of access requests: who stands where in each, pages of parts in an order, and what statistics count.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::db::Conn;
use super::requests::PartRow;
use super::schema::{access_parts, access_sides};

/// Where a person stands in a request, or in one of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_sides)]
pub struct SideRow {
    /// The request.
    pub request_id: String,
    /// The part; 0 for the request as a whole.
    pub number: i64,
    /// Who.
    pub person_id: String,
    /// APPLICANT, MEMBER, INVITED or CONFLICTED; ELSEWHERE of a part in which a member of the request is not named.
    pub side: String,
}

/// Whose list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// What a person has asked for, is named in or is invited to.
    Own(String),
    /// What was submitted to institutions, for one of their officers; not where that person asks or has a conflict of interest.
    Holder {
        /// The officer.
        person: String,
        /// The institutions.
        institutions: Vec<String>,
    },
    /// Everything that was submitted.
    All,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub struct QueueFilter {
    /// Whose list.
    pub whose: Whose,
    /// One holder.
    pub institution: Option<String>,
    /// States.
    pub states: Vec<String>,
    /// Only what waits for the holder.
    pub waits_for_holder: bool,
    /// The dataset.
    pub dataset_id: Option<String>,
    /// Only what was to be answered before this day.
    pub due_before: Option<String>,
    /// Only one part of one request.
    pub only: Option<(String, i64)>,
}

impl QueueFilter {
    /// The whole list.
    pub fn of(whose: Whose) -> Self {
        Self { whose, institution: None, states: Vec::new(), waits_for_holder: false, dataset_id: None, due_before: None, only: None }
    }
}

/// The order of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOrder {
    /// What is due first, first; without a due date last.
    Due,
    /// What was submitted first, first; drafts last.
    Submitted,
    /// What was touched last, first.
    Updated,
}

type Query = access_parts::BoxedQuery<'static, super::db::MultiBackend>;

/// The parts of a list, without an order.
fn wanted(filter: &QueueFilter) -> Query {
    let mut query = listed(&filter.whose);
    if let Some(institution) = &filter.institution {
        query = query.filter(access_parts::institution.eq(institution.clone()));
    }
    if !filter.states.is_empty() {
        query = query.filter(access_parts::state.eq_any(filter.states.clone()));
    }
    if filter.waits_for_holder {
        query = query.filter(access_parts::is_waited_for.eq(1));
    }
    if let Some(dataset) = &filter.dataset_id {
        query = query.filter(access_parts::dataset_id.eq(dataset.clone()));
    }
    if let Some(day) = &filter.due_before {
        query = query.filter(access_parts::due_on.lt(day.clone()));
    }
    if let Some((request, number)) = &filter.only {
        query = query.filter(access_parts::request_id.eq(request.clone())).filter(access_parts::number.eq(*number));
    }
    query
}

/// What a person may have in their list at all: hidden parts are neither given nor counted.
fn listed(whose: &Whose) -> Query {
    let stands = |person: &str, sides: &[&str]| {
        let sides: Vec<String> = sides.iter().map(ToString::to_string).collect();
        exists(
            access_sides::table
                .filter(access_sides::request_id.eq(access_parts::request_id))
                .filter(access_sides::number.eq(access_parts::number).or(access_sides::number.eq(0)))
                .filter(access_sides::person_id.eq(person.to_owned()))
                .filter(access_sides::side.eq_any(sides)),
        )
    };
    let all = access_parts::table.into_boxed();
    match whose {
        Whose::Own(person) => {
            let requests = access_sides::table.filter(access_sides::person_id.eq(person.clone())).select(access_sides::request_id);
            // A draft is its applicant's alone.
            let is_submitted = access_parts::submitted_at.is_not_null();
            all.filter(access_parts::request_id.eq_any(requests)).filter(
                stands(person, &["APPLICANT"])
                    .or(is_submitted.and(stands(person, &["MEMBER", "INVITED"])).and(not(stands(person, &["ELSEWHERE"])))),
            )
        }
        Whose::Holder { person, institutions } => all
            .filter(access_parts::institution.eq_any(institutions.clone()))
            .filter(access_parts::submitted_at.is_not_null())
            .filter(not(stands(person, &["APPLICANT", "MEMBER", "CONFLICTED"]))),
        Whose::All => all.filter(access_parts::submitted_at.is_not_null()),
    }
}

/// Number of parts of a list.
///
/// # Errors
/// The statement failed.
pub fn count(conn: &mut Conn, filter: &QueueFilter) -> QueryResult<i64> {
    wanted(filter).count().get_result(conn)
}

/// Parts of a list from a place on.
///
/// # Errors
/// The statement failed.
pub fn page(conn: &mut Conn, filter: &QueueFilter, order: QueueOrder, skip: i64, limit: i64) -> QueryResult<Vec<PartRow>> {
    let query = wanted(filter);
    let sorted = match order {
        QueueOrder::Due => {
            query.order((access_parts::due_on.is_null(), access_parts::due_on, access_parts::request_id, access_parts::number))
        }
        QueueOrder::Submitted if matches!(filter.whose, Whose::Own(_)) => {
            query.order((access_parts::submitted_at.is_null(), access_parts::submitted_at, access_parts::request_id, access_parts::number))
        }
        QueueOrder::Submitted => query.order((access_parts::submitted_at, access_parts::request_id, access_parts::number)),
        QueueOrder::Updated => query.order((access_parts::updated_at.desc(), access_parts::request_id.desc(), access_parts::number)),
    };
    sorted.offset(skip).limit(limit).select(PartRow::as_select()).load(conn)
}

/// Brings who stands where in a request up to date.
///
/// # Errors
/// A statement failed.
pub fn put_sides(conn: &mut Conn, request_id: &str, rows: &[SideRow]) -> QueryResult<()> {
    let known = sides_of(conn, request_id)?;
    for gone in known.iter().filter(|row| !rows.contains(row)) {
        let row = access_sides::table
            .filter(access_sides::request_id.eq(request_id))
            .filter(access_sides::number.eq(gone.number))
            .filter(access_sides::person_id.eq(&gone.person_id));
        diesel::delete(row).execute(conn)?;
    }
    for row in rows.iter().filter(|row| !known.contains(row)) {
        diesel::insert_into(access_sides::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Who stands where in a request.
///
/// # Errors
/// The statement failed.
pub fn sides_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<SideRow>> {
    access_sides::table
        .filter(access_sides::request_id.eq(request_id))
        .order((access_sides::number, access_sides::person_id))
        .select(SideRow::as_select())
        .load(conn)
}

/// What statistics count of a part.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = access_parts)]
pub struct CountedRow {
    /// The holder.
    pub institution: String,
    /// State.
    pub state: String,
    /// First submission.
    pub submitted_at: Option<i64>,
    /// Decision.
    pub outcome: Option<String>,
    /// Reason of a refusal.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<i64>,
}

/// Parts that were first submitted to holders in a period, for their statistics.
///
/// # Errors
/// The statement failed.
pub fn of_holders(conn: &mut Conn, institutions: &[String], from: i64, until: i64) -> QueryResult<Vec<CountedRow>> {
    access_parts::table
        .filter(access_parts::institution.eq_any(institutions))
        .filter(access_parts::submitted_at.ge(from))
        .filter(access_parts::submitted_at.lt(until))
        .select(CountedRow::as_select())
        .load(conn)
}
