//! The store as the public part of the change log had it at a place: versions, confirmations and institutions.

use std::collections::{BTreeMap, HashMap};

use diesel::dsl::{max, min};
use diesel::prelude::*;

use crate::domain::policy::Readable;

use super::any_of::any_of;
use super::changes::KnownTo;
use super::copies::StampRow;
use super::datasets::{DatasetRow, VersionRow, readable_by_ids, readable_by_slugs, sieve};
use super::db::Conn;
use super::institutions::{self, InstitutionRow};
use super::schema::{changes, datasets, stamps, versions};

/// A place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Place {
    /// Its number.
    pub seq: i64,
    /// When the change was made, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Hash of the change and of all before it.
    pub hash: String,
}

/// The last change that all may know of: before an instant, or up to a place; of all where neither is given.
///
/// # Errors
/// The statement failed.
pub fn last_known(conn: &mut Conn, before: Option<i64>, up_to: Option<i64>) -> QueryResult<Option<Place>> {
    let mut query = changes::table.filter(changes::is_public.eq(KnownTo::Public.number())).into_boxed();
    if let Some(before) = before {
        query = query.filter(changes::at.lt(before));
    }
    if let Some(up_to) = up_to {
        query = query.filter(changes::seq.le(up_to));
    }
    query.order(changes::seq.desc()).select((changes::seq, changes::at, changes::hash)).first(conn).optional()
}

/// When the first change that all may know of was made, milliseconds from 1970-01-01 UTC.
///
/// # Errors
/// The statement failed.
pub fn begins_at(conn: &mut Conn) -> QueryResult<Option<i64>> {
    changes::table.filter(changes::is_public.eq(KnownTo::Public.number())).select(min(changes::at)).first(conn)
}

/// A record: as it is, and the version that was in force at a place of the log.
#[derive(Clone, Debug)]
pub struct Then {
    /// As it is.
    pub now: DatasetRow,
    /// As it was.
    pub version: VersionRow,
}

/// Readable datasets in the order of their creation, after a number, each with its version at a place of the log; those that had none
/// are left out. The second value is the number of the last dataset looked at; none at the end.
///
/// # Errors
/// A statement failed.
pub fn page(conn: &mut Conn, readable: &Readable, number: i64, limit: i64, seq: i64) -> QueryResult<(Vec<Then>, Option<i64>)> {
    let rows: Vec<DatasetRow> = sieve(Some(readable))
        .filter(datasets::number.gt(number))
        .order(datasets::number)
        .limit(limit)
        .select(DatasetRow::as_select())
        .load(conn)?;
    let last = rows.last().map(|row| row.number);
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut found = versions_at(conn, &ids, seq, None)?;
    let then = |row: DatasetRow| found.remove(&row.id).map(|version| Then { now: row, version });
    Ok((rows.into_iter().filter_map(then).collect(), last))
}

/// How a document shows that it declares a relation. In a text the marks would be written with a backslash.
const DECLARES_A_RELATION: &str = r#"%"relations":[{%"#;

/// Of readable datasets in the order of their creation, after a number, those that declared a relation at a place of the log. The second value
/// is the number of the last dataset looked at; none at the end.
///
/// # Errors
/// A statement failed.
pub fn relating(conn: &mut Conn, readable: &Readable, number: i64, limit: i64, seq: i64) -> QueryResult<(Vec<Then>, Option<i64>)> {
    let heads: Vec<(String, i64)> = sieve(Some(readable))
        .filter(datasets::number.gt(number))
        .order(datasets::number)
        .limit(limit)
        .select((datasets::id, datasets::number))
        .load(conn)?;
    let last = heads.last().map(|(_, number)| *number);
    let ids: Vec<String> = heads.into_iter().map(|(id, _)| id).collect();
    let mut found = versions_at(conn, &ids, seq, Some(DECLARES_A_RELATION))?;
    let related: Vec<String> = ids.into_iter().filter(|id| found.contains_key(id)).collect();
    let rows = readable_by_ids(conn, &related, Some(readable))?;
    Ok((rows.into_iter().filter_map(|row| found.remove(&row.id).map(|version| Then { now: row, version })).collect(), last))
}

/// Readable datasets with these slugs, each with its version at a place of the log; those that had none are left out.
///
/// # Errors
/// A statement failed.
pub fn of_slugs(conn: &mut Conn, readable: &Readable, slugs: &[String], seq: i64) -> QueryResult<Vec<Then>> {
    let rows = readable_by_slugs(conn, slugs, Some(readable))?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut found = versions_at(conn, &ids, seq, None)?;
    Ok(rows.into_iter().filter_map(|row| found.remove(&row.id).map(|version| Then { now: row, version })).collect())
}

/// The versions in force at a place of the log, by entity: those whose document is like a pattern, where one is given.
fn versions_at(conn: &mut Conn, ids: &[String], seq: i64, like: Option<&str>) -> QueryResult<HashMap<String, VersionRow>> {
    let last: Vec<(String, Option<i64>)> = versions::table
        .filter(any_of(versions::entity_id, ids))
        .filter(versions::seq.le(seq))
        .group_by(versions::entity_id)
        .select((versions::entity_id, max(versions::seq)))
        .load(conn)?;
    let seqs: Vec<i64> = last.into_iter().filter_map(|(_, seq)| seq).collect();
    let mut wanted = versions::table.filter(versions::seq.eq_any(seqs)).select(VersionRow::as_select()).into_boxed();
    if let Some(like) = like {
        wanted = wanted.filter(versions::doc.like(like));
    }
    let rows: Vec<VersionRow> = wanted.load(conn)?;
    Ok(rows.into_iter().map(|row| (row.entity_id.clone(), row)).collect())
}

/// Confirmations in force at a place of the log, in no order. A validation came with its version.
///
/// # Errors
/// The statement failed.
pub fn stamps_at(conn: &mut Conn, ids: &[String], place: &Place) -> QueryResult<Vec<StampRow>> {
    let rows: Vec<StampRow> =
        stamps::table.filter(any_of(stamps::dataset_id, ids)).order(stamps::seq).select(StampRow::as_select()).load(conn)?;
    let mut last: BTreeMap<(String, String, i64), StampRow> = BTreeMap::new();
    for row in rows {
        // Of the oldest ones only the time is known.
        let had_been = row.kind == "VALIDATION" || if row.seq == 0 { row.at <= place.at } else { row.seq <= place.seq };
        if had_been {
            last.insert((row.dataset_id.clone(), row.kind.clone(), row.version), row);
        }
    }
    Ok(last.into_values().filter(|row| row.is_withdrawn == 0).collect())
}

/// Institutions in the order of their creation, after a number, as they were at a place of the log, as JSON; those that were not there are
/// left out. The second value is the number of the last one looked at; none at the end.
///
/// # Errors
/// A statement failed.
pub fn institutions(conn: &mut Conn, number: i64, limit: i64, seq: i64) -> QueryResult<(Vec<String>, Option<i64>)> {
    let rows: Vec<InstitutionRow> = institutions::after_number(conn, number, limit)?;
    let last = rows.last().map(|row| row.number);
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut found = versions_at(conn, &ids, seq, None)?;
    Ok((rows.iter().filter_map(|row| found.remove(&row.id)).map(|version| version.doc).collect(), last))
}
