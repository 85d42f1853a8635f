//! Writing a record: row, immutable version, holdings, relations and change, all in the caller's transaction.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::draft::parse_urn;
use crate::domain::ids::{DatasetId, InstitutionId, hex};
use crate::domain::institution::Institution;
use crate::domain::vocabulary::{PublicationStatus, Visibility, Vocabulary};
use crate::domain::words::fold;
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::datasets::{DatasetRow, HoldingRow, VersionRow};
use crate::store::institutions::InstitutionRow;
use crate::store::{Conn, Db, datasets, institutions};

use super::Error;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It replaced an older one.
    Updated,
    /// The store has it already, word for word.
    Unchanged,
}

/// What writing a dataset would come to, without writing it.
///
/// # Errors
/// The record cannot be written as JSON.
pub fn foresee_dataset(mut dataset: Dataset, existing: Option<&DatasetRow>) -> Result<Outcome, Error> {
    let Some(row) = existing else { return Ok(Outcome::Created) };
    dataset.identifier = Some(DatasetId(super::catalogue::read_id(&row.id)?).urn());
    Ok(if serde_json::to_string(&dataset)? == row.doc { Outcome::Unchanged } else { Outcome::Updated })
}

/// What writing an institution would come to, without writing it.
///
/// # Errors
/// The record cannot be written as JSON.
pub fn foresee_institution(mut institution: Institution, existing: Option<&InstitutionRow>) -> Result<Outcome, Error> {
    let Some(row) = existing else { return Ok(Outcome::Created) };
    institution.identifier = Some(InstitutionId(super::catalogue::read_id(&row.id)?).urn());
    Ok(if serde_json::to_string(&institution)? == row.doc { Outcome::Unchanged } else { Outcome::Updated })
}

/// Who writes, when, and why.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Milliseconds from 1970-01-01 UTC.
    pub now: i64,
    /// Function or program.
    pub actor: &'a str,
    /// Change note of the version.
    pub note: &'a str,
}

/// Writes an institution; `existing` is its row, where there is one.
///
/// # Errors
/// A statement failed.
pub fn put_institution(
    conn: &mut Conn,
    ledger: &mut Ledger,
    mut institution: Institution,
    existing: Option<&InstitutionRow>,
    entry: Entry<'_>,
) -> Result<(Outcome, InstitutionId), Error> {
    let id = match existing {
        Some(row) => super::catalogue::read_id(&row.id)?,
        None => institution.identifier.as_deref().and_then(parse_urn).unwrap_or_else(Uuid::now_v7),
    };
    institution.identifier = Some(InstitutionId(id).urn());
    let doc = serde_json::to_string(&institution)?;
    if existing.is_some_and(|row| row.doc == doc) {
        return Ok((Outcome::Unchanged, InstitutionId(id)));
    }
    let row = InstitutionRow {
        id: id.to_string(),
        slug: institution.slug.to_string(),
        kind: institution.kind.code().to_owned(),
        country: institution.country.clone(),
        search_text: search_text(&institution),
        number: existing.map_or_else(|| ledger.next_seq(), |row| row.number),
        revision: existing.map_or(1, |row| row.revision + 1),
        created_at: existing.map_or(entry.now, |row| row.created_at),
        updated_at: entry.now,
        doc,
    };
    let state = |row: &InstitutionRow| state(&row.slug, None, row.revision, &row.doc);
    let before = existing.map(|row| state(row).to_string());
    let after = with_version(state(&row), KnownTo::Public, entry.note).to_string();
    let kind = if existing.is_some() { "UPDATED" } else { "CREATED" };
    let seq = ledger.append(
        conn,
        &NewChange {
            at: entry.now,
            actor: entry.actor,
            kind,
            entity: "INSTITUTION",
            entity_id: &row.id,
            known_to: KnownTo::Public,
            before: before.as_deref(),
            after: Some(&after),
        },
    )?;
    match existing {
        Some(_) => institutions::update(conn, &row)?,
        None => institutions::insert(conn, &row)?,
    }
    let version = VersionRow {
        entity_id: row.id,
        version: row.revision,
        seq,
        at: entry.now,
        is_public: KnownTo::Public.number(),
        note: entry.note.to_owned(),
        doc: row.doc,
    };
    datasets::insert_version(conn, &version)?;
    Ok((if existing.is_some() { Outcome::Updated } else { Outcome::Created }, InstitutionId(id)))
}

/// Name in the table `registry` that says how the names of institutions are folded, and how they are.
const FOLDING: (&str, &str) = ("words.fold", "2");

/// Folds the names of institutions anew where an earlier version of the program folded them otherwise, so that they are found as before.
/// Returns how many were.
///
/// # Errors
/// The database is unavailable.
pub fn refold(db: &Db) -> Result<usize, Error> {
    let (name, present) = FOLDING;
    if db.read(|conn| institutions::registry_value(conn, name))?.as_deref() == Some(present) {
        return Ok(0);
    }
    db.write(|conn, _| {
        let mut done = 0;
        let mut after = String::new();
        loop {
            let rows = institutions::list(conn, &institutions::InstitutionQuery::default(), &after, 1_000)?;
            let Some(last) = rows.last() else { break };
            after.clone_from(&last.slug);
            for row in rows {
                let folded = search_text(&serde_json::from_str(&row.doc)?);
                if folded != row.search_text {
                    institutions::update(conn, &institutions::InstitutionRow { search_text: folded, ..row })?;
                    done += 1;
                }
            }
        }
        institutions::set_registry_value(conn, name, present)?;
        Ok(done)
    })
}

fn search_text(institution: &Institution) -> String {
    let names = institution.names.iter().chain(institution.former_names.iter().flat_map(|former| former.name.iter()));
    let mut text: Vec<String> = names.map(|(_, wording)| fold(&wording.text)).collect();
    text.push(fold(institution.slug.as_str()));
    text.extend(institution.acronym.as_deref().map(fold));
    text.join(" ")
}

/// Writes a dataset; `existing` is its row, where there is one, and `held_by` the institution of each holding in order.
///
/// # Errors
/// A statement failed.
pub fn put_dataset(
    conn: &mut Conn,
    ledger: &mut Ledger,
    mut dataset: Dataset,
    held_by: &[InstitutionId],
    existing: Option<&DatasetRow>,
    entry: Entry<'_>,
) -> Result<Outcome, Error> {
    let id = match existing {
        Some(row) => super::catalogue::read_id(&row.id)?,
        None => dataset.identifier.as_deref().and_then(parse_urn).unwrap_or_else(Uuid::now_v7),
    };
    dataset.identifier = Some(DatasetId(id).urn());
    let doc = serde_json::to_string(&dataset)?;
    if existing.is_some_and(|row| row.doc == doc) {
        return Ok(Outcome::Unchanged);
    }
    let row = DatasetRow {
        id: id.to_string(),
        slug: dataset.slug.to_string(),
        status: dataset.status.code().to_owned(),
        visibility: dataset.visibility.code().to_owned(),
        producer: dataset.producer.as_ref().map(ToString::to_string),
        number: existing.map_or_else(|| ledger.next_seq(), |row| row.number),
        revision: existing.map_or(1, |row| row.revision + 1),
        version: existing.map_or(1, |row| row.version + 1),
        created_at: existing.map_or(entry.now, |row| row.created_at),
        updated_at: entry.now,
        doc,
    };
    let seq = log_dataset(conn, ledger, &row, &dataset, existing, entry)?;
    match existing {
        Some(_) => datasets::update(conn, &row)?,
        None => datasets::insert(conn, &row)?,
    }
    let version = VersionRow {
        entity_id: row.id.clone(),
        version: row.version,
        seq,
        at: entry.now,
        is_public: KnownTo::of_record(dataset.status, dataset.visibility).number(),
        note: entry.note.to_owned(),
        doc: row.doc.clone(),
    };
    datasets::insert_version(conn, &version)?;
    if existing.is_some() {
        super::holdings::reconcile(conn, ledger, entry, &row, &dataset)?;
    }
    let held = holding_rows(id, &dataset, held_by);
    match existing {
        Some(_) => datasets::replace_holdings(conn, &row.id, &held)?,
        None => datasets::insert_holdings(conn, &held)?,
    }
    let relations: Vec<(String, String)> =
        dataset.relations.iter().map(|r| (r.relation_type.code().to_owned(), r.dataset.to_string())).collect();
    datasets::replace_relations(conn, &row.id, &relations, existing.is_none())?;
    Ok(if existing.is_some() { Outcome::Updated } else { Outcome::Created })
}

fn log_dataset(
    conn: &mut Conn,
    ledger: &mut Ledger,
    row: &DatasetRow,
    dataset: &Dataset,
    existing: Option<&DatasetRow>,
    entry: Entry<'_>,
) -> Result<i64, Error> {
    let before = existing.map(|row| state(&row.slug, Some(&row.status), row.revision, &row.doc).to_string());
    let is = KnownTo::of_record(dataset.status, dataset.visibility);
    let after = with_version(state(&row.slug, Some(&row.status), row.revision, &row.doc), is, entry.note);
    let was = existing.map_or(KnownTo::Auditors, |row| known_before(&row.status, &row.visibility));
    let kind = match (existing.is_some(), dataset.status) {
        (false, _) => "CREATED",
        (true, PublicationStatus::Retired) => "RETIRED",
        // Who has copied the record must learn that it is no longer public.
        (true, _) if widest(was, is) != is => "WITHDRAWN",
        (true, _) => "UPDATED",
    };
    let change = NewChange {
        at: entry.now,
        actor: entry.actor,
        kind,
        entity: "DATASET",
        entity_id: &row.id,
        known_to: widest(was, is),
        before: before.as_deref(),
        after: Some(&after.to_string()),
    };
    Ok(ledger.append(conn, &change)?)
}

fn known_before(status: &str, visibility: &str) -> KnownTo {
    match (PublicationStatus::parse(status), Visibility::parse(visibility)) {
        (Some(status), Some(visibility)) => KnownTo::of_record(status, visibility),
        _ => KnownTo::Auditors,
    }
}

/// Of two groups of people the one that holds the other: who knew a record must learn that it is gone.
fn widest(one: KnownTo, other: KnownTo) -> KnownTo {
    match (one, other) {
        (KnownTo::Auditors, known) | (known, KnownTo::Auditors) => known,
        (one, other) if one.number() < other.number() => one,
        (_, other) => other,
    }
}

/// Identifiers of holdings follow from dataset, institution and role, so that they are the same wherever the record is read.
fn holding_rows(dataset_id: Uuid, dataset: &Dataset, held_by: &[InstitutionId]) -> Vec<HoldingRow> {
    let numbered = dataset.holdings.iter().zip(held_by).enumerate();
    numbered
        .map(|(position, (holding, institution))| {
            let seed = format!("{dataset_id}|{}|{}", institution.0, holding.role.code());
            let digest = Sha256::digest(seed.as_bytes());
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&digest[..16]);
            HoldingRow {
                id: Uuid::new_v8(bytes).to_string(),
                dataset_id: dataset_id.to_string(),
                institution_id: institution.0.to_string(),
                role: holding.role.code().to_owned(),
                position: position as i64,
            }
        })
        .collect()
}

/// What the change log keeps of a state: where it stood, and the hash of the version that holds its content.
fn state(slug: &str, status: Option<&str>, revision: i64, doc: &str) -> Value {
    json!({ "slug": slug, "status": status, "revision": revision, "sha256": hash(doc) })
}

/// A state with what else stands in the version that holds it: who may know of it, and the hash of its note.
fn with_version(mut state: Value, known_to: KnownTo, note: &str) -> Value {
    state["knownTo"] = json!(known_to.number());
    state["noteSha256"] = json!(hash(note));
    state
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
