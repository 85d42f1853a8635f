//! Whether what stands beside a record, in columns and in tables of its own, is what the record says. Statements ask these, and whoever alters them
//! alters who sees a record, without touching the record.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use serde_json::Value;

use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::vocabulary::Vocabulary;

use super::any_of::any_of;
use super::datasets::{self, DatasetRow, HoldingRow};
use super::db::Conn;
use super::institutions::{self, InstitutionRow};
use super::schema::{changes, datasets as dataset_table, institutions as institution_table, relations, versions};

const PAGE: i64 = 500;
/// How often a record that seems altered is read again: a running server may have written it between two statements.
const LOOKS: usize = 3;

/// The first record that is gone, or beside which something else stands than it says, in words.
///
/// # Errors
/// A statement failed.
pub fn verify(conn: &mut Conn) -> QueryResult<Option<String>> {
    if let Some(fault) = gone(conn)? {
        return Ok(Some(fault));
    }
    let names = match altered_institution(conn)? {
        Ok(names) => names,
        Err(fault) => return Ok(Some(fault)),
    };
    altered_dataset(conn, &names)
}

/// A record that has versions and no row: records are retired, never deleted.
fn gone(conn: &mut Conn) -> QueryResult<Option<String>> {
    let as_dataset = exists(dataset_table::table.filter(dataset_table::id.eq(versions::entity_id)));
    let as_institution = exists(institution_table::table.filter(institution_table::id.eq(versions::entity_id)));
    let without_row = versions::table.filter(diesel::dsl::not(as_dataset)).filter(diesel::dsl::not(as_institution));
    let id: Option<String> = without_row.select(versions::entity_id).first(conn).optional()?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some(format!("the record {id} has versions and is gone from its table: it was deleted; restore it from a backup")))
}

/// Identifiers of institutions by slug, where all of them are as their records say; else the first fault.
fn altered_institution(conn: &mut Conn) -> QueryResult<Result<HashMap<String, String>, String>> {
    let (mut names, mut last) = (HashMap::new(), -1);
    loop {
        let page = institutions::after_number(conn, last, PAGE)?;
        let Some(end) = page.last() else { return Ok(Ok(names)) };
        last = end.number;
        for row in page {
            if let Some(fault) = institution_fault(&row) {
                return Ok(Err(fault));
            }
            names.insert(row.slug, row.id);
        }
    }
}

fn institution_fault(row: &InstitutionRow) -> Option<String> {
    let Ok(said) = serde_json::from_str::<Institution>(&row.doc) else {
        return Some(format!("institution `{}` cannot be read", row.slug));
    };
    let columns = [
        ("slug", row.slug.as_str(), said.slug.as_str()),
        ("kind", &row.kind, said.kind.code()),
        ("country", row.country.as_deref().unwrap_or_default(), said.country.as_deref().unwrap_or_default()),
    ];
    differing(&columns).map(|what| format!("institution `{}`: {what}", said.slug))
}

/// The first column that is not what the record says.
fn differing(columns: &[(&str, &str, &str)]) -> Option<String> {
    let (name, is, said) = columns.iter().find(|(_, is, said)| is != said)?;
    Some(format!("its {name} is `{is}` and its record says `{said}`: it was altered"))
}

fn altered_dataset(conn: &mut Conn, names: &HashMap<String, String>) -> QueryResult<Option<String>> {
    let mut last = -1;
    loop {
        let page = datasets::after_number(conn, last, PAGE)?;
        let Some(end) = page.last() else { return Ok(None) };
        last = end.number;
        for (id, fault) in faults(conn, &page, names)? {
            if let Some(fault) = still(conn, &id, fault, names)? {
                return Ok(Some(fault));
            }
        }
    }
}

/// A fault that is there however often one looks.
fn still(conn: &mut Conn, id: &str, first: String, names: &HashMap<String, String>) -> QueryResult<Option<String>> {
    let mut fault = first;
    for _ in 1..LOOKS {
        let row = datasets::by_ids(conn, &[id.to_owned()])?;
        match faults(conn, &row, names)?.pop() {
            Some((_, again)) => fault = again,
            None => return Ok(None),
        }
    }
    Ok(Some(fault))
}

/// What stands beside some datasets.
struct Beside {
    holdings: HashMap<String, Vec<HoldingRow>>,
    relations: HashMap<String, Vec<(String, String)>>,
    revisions: HashMap<String, i64>,
}

impl Beside {
    fn of(conn: &mut Conn, ids: &[String]) -> QueryResult<Self> {
        let mut holdings: HashMap<String, Vec<HoldingRow>> = HashMap::new();
        for row in datasets::holdings_of(conn, ids)? {
            holdings.entry(row.dataset_id.clone()).or_default().push(row);
        }
        let rows: Vec<(String, String, String)> = relations::table
            .filter(any_of(relations::dataset_id, ids))
            .order((relations::dataset_id, relations::position))
            .select((relations::dataset_id, relations::relation_type, relations::target_slug))
            .load(conn)?;
        let mut given: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for (id, relation_type, target) in rows {
            given.entry(id).or_default().push((relation_type, target));
        }
        Ok(Self { holdings, relations: given, revisions: revisions(conn, ids)? })
    }
}

/// The revision that the log tells of the last version of each dataset.
fn revisions(conn: &mut Conn, ids: &[String]) -> QueryResult<HashMap<String, i64>> {
    let last = versions::entity_id.eq(dataset_table::id).and(versions::version.eq(dataset_table::version));
    let rows: Vec<(String, Option<String>)> = dataset_table::table
        .inner_join(versions::table.on(last))
        .inner_join(changes::table.on(changes::seq.eq(versions::seq)))
        .filter(any_of(dataset_table::id, ids))
        .select((dataset_table::id, changes::after_doc))
        .load(conn)?;
    let revision = |after: &str| serde_json::from_str::<Value>(after).ok()?.get("revision")?.as_i64();
    Ok(rows.into_iter().filter_map(|(id, after)| Some((id, revision(&after?)?))).collect())
}

/// The first fault of each of these datasets that has any, with its identifier.
fn faults(conn: &mut Conn, rows: &[DatasetRow], names: &HashMap<String, String>) -> QueryResult<Vec<(String, String)>> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let beside = Beside::of(conn, &ids)?;
    let fault = |row: &DatasetRow| dataset_fault(row, &beside, names).map(|fault| (row.id.clone(), fault));
    Ok(rows.iter().filter_map(fault).collect())
}

fn dataset_fault(row: &DatasetRow, beside: &Beside, names: &HashMap<String, String>) -> Option<String> {
    let Ok(said) = serde_json::from_str::<Dataset>(&row.doc) else {
        return Some(format!("dataset `{}` cannot be read", row.slug));
    };
    let (is, revision) = (row.revision.to_string(), beside.revisions.get(&row.id).map(ToString::to_string));
    let columns = [
        ("slug", row.slug.as_str(), said.slug.as_str()),
        ("status", &row.status, said.status.code()),
        ("visibility", &row.visibility, said.visibility.code()),
        ("producer", row.producer.as_deref().unwrap_or_default(), said.producer.as_ref().map_or("", |slug| slug.as_str())),
        ("revision", &is, revision.as_deref().unwrap_or(&is)),
    ];
    let fault = differing(&columns)
        .or_else(|| holdings_differ(&said, beside.holdings.get(&row.id).map_or(&[], Vec::as_slice), names))
        .or_else(|| relations_differ(&said, beside.relations.get(&row.id).map_or(&[], Vec::as_slice)));
    fault.map(|what| format!("dataset `{}`: {what}", said.slug))
}

fn holdings_differ(said: &Dataset, rows: &[HoldingRow], names: &HashMap<String, String>) -> Option<String> {
    // An institution that is not known by this name any more cannot be compared.
    let is_same = |(row, said): (&HoldingRow, &crate::domain::holding::Holding)| {
        row.role == said.role.code() && names.get(said.institution.as_str()).is_none_or(|id| *id == row.institution_id)
    };
    let agree = rows.len() == said.holdings.len() && rows.iter().zip(&said.holdings).all(is_same);
    let counts = || format!("{} holdings stand in their table and {} in its record", rows.len(), said.holdings.len());
    (!agree).then(|| format!("{}, or others: they were altered", counts()))
}

fn relations_differ(said: &Dataset, rows: &[(String, String)]) -> Option<String> {
    let is_same = |(row, said): (&(String, String), &crate::domain::dataset::Relation)| {
        row.0 == said.relation_type.code() && row.1 == said.dataset.as_str()
    };
    let agree = rows.len() == said.relations.len() && rows.iter().zip(&said.relations).all(is_same);
    let counts = || format!("{} relations stand in their table and {} in its record", rows.len(), said.relations.len());
    (!agree).then(|| format!("{}, or others: they were altered", counts()))
}
