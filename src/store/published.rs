//! What is published, in a stable order: for lists that are read page by page, and for those who follow the log.

use std::collections::HashMap;

use diesel::dsl::{exists, min, not};
use diesel::prelude::*;

use crate::domain::policy::Readable;

use super::any_of::any_of;
use super::changes::{Change, KnownTo};
use super::datasets::{VersionRow, sieve};
use super::db::Conn;
use super::schema::{changes, datasets, versions};

diesel::alias!(changes as later: Later);

/// What a list needs of a dataset without reading it.
#[derive(Clone, Debug, Queryable)]
pub struct Head {
    /// Identifier.
    pub id: String,
    /// Slug.
    pub slug: String,
    /// Number in the order of creation.
    pub number: i64,
    /// Last write, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
}

/// Readable datasets in the order of their creation, after a number.
///
/// # Errors
/// The statement failed.
pub fn after(conn: &mut Conn, readable: &Readable, number: i64, limit: i64) -> QueryResult<Vec<Head>> {
    sieve(Some(readable))
        .filter(datasets::number.gt(number))
        .order(datasets::number)
        .limit(limit)
        .select((datasets::id, datasets::slug, datasets::number, datasets::updated_at))
        .load(conn)
}

/// Number of readable datasets.
///
/// # Errors
/// The statement failed.
pub fn count(conn: &mut Conn, readable: &Readable) -> QueryResult<i64> {
    sieve(Some(readable)).count().get_result(conn)
}

/// Number of the dataset that stands so many places behind another in the order of creation; none past the end.
///
/// # Errors
/// The statement failed.
pub fn number_behind(conn: &mut Conn, readable: &Readable, number: i64, places: i64) -> QueryResult<Option<i64>> {
    sieve(Some(readable))
        .filter(datasets::number.gt(number))
        .order(datasets::number)
        .offset(places - 1)
        .limit(1)
        .select(datasets::number)
        .first(conn)
        .optional()
}

/// When a version of each record was first made known to all, milliseconds from 1970-01-01 UTC; records of which that never
/// happened are left out.
///
/// # Errors
/// The statement failed.
pub fn first_known(conn: &mut Conn, ids: &[String]) -> QueryResult<HashMap<String, i64>> {
    let found: Vec<(String, Option<i64>)> = versions::table
        .filter(any_of(versions::entity_id, ids))
        .filter(versions::is_public.eq(KnownTo::Public.number()))
        .group_by(versions::entity_id)
        .select((versions::entity_id, min(versions::at)))
        .load(conn)?;
    Ok(found.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
}

/// The versions of each record that all may know of, the oldest first.
///
/// # Errors
/// The statement failed.
pub fn known_versions(conn: &mut Conn, ids: &[String]) -> QueryResult<HashMap<String, Vec<VersionRow>>> {
    let rows: Vec<VersionRow> = versions::table
        .filter(any_of(versions::entity_id, ids))
        .filter(versions::is_public.eq(KnownTo::Public.number()))
        .order(versions::version)
        .select(VersionRow::as_select())
        .load(conn)?;
    let mut found: HashMap<String, Vec<VersionRow>> = HashMap::new();
    for row in rows {
        found.entry(row.entity_id.clone()).or_default().push(row);
    }
    Ok(found)
}

/// Part of the log that is looked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Changes after this place.
    pub after: i64,
    /// From this instant on, milliseconds from 1970-01-01 UTC.
    pub from: Option<i64>,
    /// Before this instant.
    pub before: Option<i64>,
}

/// The last change of each dataset that all may know of, in the order of the log: whoever reads on from a place misses nothing, since
/// what changes meanwhile moves behind it.
///
/// # Errors
/// The statement failed.
pub fn last_changes(conn: &mut Conn, span: Span, limit: i64) -> QueryResult<Vec<Change>> {
    last_in(span).order(changes::seq).limit(limit).select(Change::as_select()).load(conn)
}

/// Number of datasets whose last change that all may know of lies in the span.
///
/// # Errors
/// The statement failed.
pub fn count_last_changes(conn: &mut Conn, span: Span) -> QueryResult<i64> {
    last_in(span).count().get_result(conn)
}

fn last_in(span: Span) -> changes::BoxedQuery<'static, super::db::MultiBackend> {
    let (known, seq, id) = (later.field(changes::is_public), later.field(changes::seq), later.field(changes::entity_id));
    let newer = later
        .filter(known.eq(KnownTo::Public.number()))
        .filter(later.field(changes::entity).eq("DATASET"))
        .filter(id.eq(changes::entity_id))
        .filter(seq.gt(changes::seq));
    let mut query = changes::table
        .filter(changes::seq.gt(span.after))
        .filter(changes::entity.eq("DATASET"))
        .filter(changes::is_public.eq(KnownTo::Public.number()))
        .filter(not(exists(newer)))
        .into_boxed();
    if let Some(from) = span.from {
        query = query.filter(changes::at.ge(from));
    }
    if let Some(before) = span.before {
        query = query.filter(changes::at.lt(before));
    }
    query
}

/// The last change of one dataset that all may know of.
///
/// # Errors
/// The statement failed.
pub fn last_change_of(conn: &mut Conn, id: &str) -> QueryResult<Option<Change>> {
    changes::table
        .filter(changes::entity.eq("DATASET"))
        .filter(changes::entity_id.eq(id.to_owned()))
        .filter(changes::is_public.eq(KnownTo::Public.number()))
        .order(changes::seq.desc())
        .select(Change::as_select())
        .first(conn)
        .optional()
}

/// Changes of datasets that all may know of, newest first.
///
/// # Errors
/// The statement failed.
pub fn latest_changes(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Change>> {
    changes::table
        .filter(changes::entity.eq("DATASET"))
        .filter(changes::is_public.eq(KnownTo::Public.number()))
        .order(changes::seq.desc())
        .limit(limit)
        .select(Change::as_select())
        .load(conn)
}

/// When the first change that all may know of was made, milliseconds from 1970-01-01 UTC.
///
/// # Errors
/// The statement failed.
pub fn first_change_at(conn: &mut Conn) -> QueryResult<Option<i64>> {
    changes::table
        .filter(changes::entity.eq("DATASET"))
        .filter(changes::is_public.eq(KnownTo::Public.number()))
        .order(changes::seq)
        .select(changes::at)
        .first(conn)
        .optional()
}
