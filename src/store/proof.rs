//! Whether versions and records are what the change log says: the log keeps the hash of each content.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::ids::hex;

use super::changes;
use super::db::Conn;
use super::schema::{datasets, institutions, versions};

const PAGE: i64 = 500;

/// Compares every version with the hash in the log, what is shown with its last version, and what stands beside a record with the record. Returns
/// the first fault in words.
///
/// # Errors
/// A statement failed.
pub fn verify(conn: &mut Conn) -> QueryResult<Option<String>> {
    if let Some(fault) = altered_version(conn)? {
        return Ok(Some(fault));
    }
    if let Some(fault) = altered_record(conn)? {
        return Ok(Some(fault));
    }
    super::derived::verify(conn)
}

fn altered_version(conn: &mut Conn) -> QueryResult<Option<String>> {
    let (mut last, mut hashed) = (0, 0);
    loop {
        let page = changes::after(conn, last, PAGE)?;
        let Some(end) = page.last().map(|change| change.seq) else { break };
        last = end;
        // Others note hashes too, of what they keep in tables of their own.
        let records = page.iter().filter(|change| matches!(change.entity.as_str(), "DATASET" | "INSTITUTION"));
        let expected: Vec<(i64, String)> =
            records.filter_map(|change| hash_of(change.after_doc.as_deref()?).map(|hash| (change.seq, hash))).collect();
        let seqs: Vec<i64> = expected.iter().map(|(seq, _)| *seq).collect();
        let rows: Vec<(i64, String)> =
            versions::table.filter(versions::seq.eq_any(seqs)).select((versions::seq, versions::doc)).load(conn)?;
        let found: HashMap<i64, String> = rows.into_iter().collect();
        hashed += expected.len() as i64;
        for (seq, hash) in expected {
            match found.get(&seq) {
                None => return Ok(Some(format!("the version that change {seq} wrote is missing"))),
                Some(doc) if hex(&Sha256::digest(doc.as_bytes())) != hash => {
                    return Ok(Some(format!("the version that change {seq} wrote does not agree with the log: it was altered")));
                }
                Some(_) => {}
            }
        }
    }
    // Of versions that a running server wrote meanwhile the walk has not seen the change.
    let kept: i64 = versions::table.filter(versions::seq.le(last)).count().get_result(conn)?;
    Ok((kept != hashed).then(|| format!("there are {kept} versions, and the log tells of {hashed}")))
}

/// The hash of a content that a change of the log keeps, where it wrote one.
fn hash_of(after: &str) -> Option<String> {
    let after: Value = serde_json::from_str(after).ok()?;
    after.get("sha256").and_then(Value::as_str).map(str::to_owned)
}

fn altered_record(conn: &mut Conn) -> QueryResult<Option<String>> {
    let last = versions::entity_id.eq(datasets::id).and(versions::version.eq(datasets::version));
    let differs = versions::doc.nullable().is_null().or(versions::doc.nullable().ne(datasets::doc.nullable()));
    let dataset: Option<String> =
        datasets::table.left_join(versions::table.on(last)).filter(differs).select(datasets::slug).first(conn).optional()?;
    if let Some(slug) = dataset {
        return Ok(Some(format!("dataset `{slug}` is not its last version: it was altered")));
    }
    let last = versions::entity_id.eq(institutions::id).and(versions::version.eq(institutions::revision));
    let differs = versions::doc.nullable().is_null().or(versions::doc.nullable().ne(institutions::doc.nullable()));
    let institution: Option<String> =
        institutions::table.left_join(versions::table.on(last)).filter(differs).select(institutions::slug).first(conn).optional()?;
    Ok(institution.map(|slug| format!("institution `{slug}` is not its last version: it was altered")))
}
