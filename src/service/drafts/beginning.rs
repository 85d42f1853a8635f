//! A working copy is begun: of a new record, or of one that is published.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::ids::{DatasetId, Slug};
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{PublicationStatus, Vocabulary};
use crate::store::copies::{self, CopyRow};
use crate::store::datasets;

use super::super::life::remark;
use super::super::{Catalogue, Error};
use super::content::{apply_patch, check_length, check_slug, editable, fixed_parts};
use super::{Acting, Draft, log_draft, may_begin};

/// What a working copy is begun from.
#[derive(Clone, Debug)]
pub enum Begin {
    /// A new record of an institution.
    New(Slug),
    /// A record that exists.
    From(DatasetId),
}

/// Begins a working copy.
///
/// # Errors
/// Forbidden, not found, or a copy exists already.
pub fn create(catalogue: &Catalogue, acting: Acting<'_>, begin: &Begin, patch: Map<String, Value>, note: &str) -> Result<Draft, Error> {
    let note = remark("changeNote", note)?;
    let (dataset_id, institution, base_version, mut doc) = match begin {
        Begin::New(institution) => begin_new(catalogue, acting, institution)?,
        Begin::From(id) => begin_from(catalogue, acting, *id)?,
    };
    let given = json!({ "fields": patch.keys().collect::<Vec<_>>(), "content": patch });
    let before = doc.clone();
    apply_patch(&mut doc, patch);
    check_length(&doc, Some(&before))?;
    fixed_parts(&doc, &institution, None)?;
    catalogue.db.write(|conn, ledger| {
        if copies::of_dataset(conn, &dataset_id.to_string())?.is_some() {
            return Err(Error::Conflict("there is a working copy of this record already; write in that one".to_owned()));
        }
        let slug = check_slug(conn, &doc, &dataset_id.to_string())?;
        let row = CopyRow {
            id: Uuid::now_v7().to_string(),
            dataset_id: dataset_id.to_string(),
            slug,
            institution: institution.to_string(),
            status: PublicationStatus::Draft.code().to_owned(),
            revision: 1,
            base_version,
            doc: Value::Object(doc).to_string(),
            note,
            reason: None,
            edited_by: acting.person_id(),
            submitted_by: None,
            submitted_at: None,
            validated_by: None,
            validated_at: None,
            created_at: acting.now,
            updated_at: acting.now,
        };
        log_draft(conn, ledger, acting, "CREATED", None, Some(&row), given)?;
        copies::insert(conn, &row)?;
        Draft::of(row)
    })
}

/// What a working copy begins with: its record, the institution, the published version that it stands beside (0 for none) and its content.
type Beginning = (DatasetId, Slug, i64, Map<String, Value>);

fn begin_new(catalogue: &Catalogue, acting: Acting<'_>, institution: &Slug) -> Result<Beginning, Error> {
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    check(acting.actor, Action::DraftCreate, &subject).map_err(|code| Error::forbidden_in(code, Action::DraftCreate, institution))?;
    if catalogue.institutions_by_slug(&[institution.to_string()])?.is_empty() {
        return Err(Error::NotFound(format!("institution `{institution}`")));
    }
    let mut doc = Map::new();
    doc.insert("producer".to_owned(), json!(institution));
    Ok((DatasetId(Uuid::now_v7()), institution.clone(), 0, doc))
}

fn begin_from(catalogue: &Catalogue, acting: Acting<'_>, id: DatasetId) -> Result<Beginning, Error> {
    let absent = || Error::NotFound(format!("dataset `{id}`"));
    let record = catalogue.records(acting.actor, &[id.0])?.remove(&id.0).ok_or_else(absent)?;
    may_begin(acting.actor, &record.dataset).map_err(|code| Error::Forbidden { code, action: Action::DraftCreate })?;
    let institution = record.dataset.producer.clone().ok_or_else(|| {
        Error::Invalid(vec![Problem::new("producer", "", "the record names no producer, so nobody can edit it; import it with a producer")])
    })?;
    // Read again as it is stored: what the actor sees is a copy without its masks.
    let row = catalogue.db.read(|conn| datasets::by_ids(conn, &[id.to_string()]))?.pop().ok_or_else(absent)?;
    Ok((id, institution, row.version, editable(&row)?))
}
