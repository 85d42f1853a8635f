//! Working copies: begun, written in, thrown away. A draft may be incomplete; what is missing is listed, never guessed.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::{DatasetId, Slug};
use crate::domain::policy::{Action, Actor, State, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::readiness::{Readiness, readiness};
use crate::domain::vocabulary::{PublicationStatus, RefusalCode, RiskClass, Vocabulary};
use crate::store::Conn;
use crate::store::copies::{self, CopyRow};
use crate::store::datasets::{self, DatasetRow};

use super::{Catalogue, Error};

mod beginning;
mod content;
mod log;
mod settling;

pub use beginning::{Begin, create};
pub use content::{apply_patch, editable};
use content::{check_length, check_slug, fixed_parts};
pub use log::{clash, log_draft};
pub use settling::{settle, settle_references};

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// When, milliseconds from 1970-01-01 UTC.
    pub now: i64,
}

impl Acting<'_> {
    /// The person's identifier; the console has none.
    pub fn person_id(&self) -> String {
        self.actor.person().map_or_else(|| "console".to_owned(), |person| person.id.to_string())
    }
}

/// A working copy with its content.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The row.
    pub row: CopyRow,
    /// The record, perhaps incomplete, in the record format.
    pub doc: Value,
}

impl Draft {
    /// Reads the row's content.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn of(row: CopyRow) -> Result<Self, Error> {
        let doc = serde_json::from_str(&row.doc)?;
        Ok(Self { row, doc })
    }

    /// Where it stands.
    pub fn status(&self) -> PublicationStatus {
        PublicationStatus::parse(&self.row.status).unwrap_or(PublicationStatus::Draft)
    }

    /// Identifier of the record that it is, or will be, a version of.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn dataset_id(&self) -> Result<DatasetId, Error> {
        Ok(DatasetId(super::catalogue::read_id(&self.row.dataset_id)?))
    }

    /// What is missing, wrong or recommended before submission.
    pub fn readiness(&self, catalogue: &Catalogue) -> Readiness {
        readiness(&self.doc, &catalogue.concepts)
    }

    /// A part of the content; what is not there or cannot be read yet, since a draft may be incomplete, is empty.
    pub fn part<T: DeserializeOwned + Default>(&self, key: &str) -> T {
        self.doc.get(key).and_then(|value| serde_json::from_value(value.clone()).ok()).unwrap_or_default()
    }

    /// The institution whose copy it is.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn institution(&self) -> Result<Slug, Error> {
        Slug::parse(&self.row.institution).map_err(|e| Error::Internal(anyhow::anyhow!(e)))
    }

    /// Persons who wrote in it or submitted it.
    pub fn authors(&self) -> Vec<Uuid> {
        let submitted = self.row.submitted_by.iter().map(String::as_str);
        self.row.edited_by.split_whitespace().chain(submitted).filter_map(|id| Uuid::try_parse(id).ok()).collect()
    }

    /// The risk class that counts for the second person: the higher of the draft's and the published version's.
    fn risk(&self, published: Option<&Dataset>) -> Option<RiskClass> {
        let own = self.doc.get("riskClass").and_then(Value::as_str).and_then(RiskClass::parse);
        own.max(published.map(|dataset| dataset.risk_class))
    }
}

/// The state of the rules for a working copy.
pub fn state_of(status: PublicationStatus) -> State {
    match status {
        PublicationStatus::Draft => State::Draft,
        PublicationStatus::Submitted => State::Submitted,
        PublicationStatus::Validated => State::Validated,
        PublicationStatus::Published => State::Published,
        PublicationStatus::Retired => State::Retired,
    }
}

/// Decides whether the actor may do something with a working copy.
///
/// # Errors
/// Forbidden; or not found, where the actor may not even read it.
pub fn check_draft(acting: Acting<'_>, action: Action, draft: &Draft, published: Option<&Dataset>) -> Result<(), Error> {
    let institution = draft.institution()?;
    let authors = draft.authors();
    let state = Some(state_of(draft.status()));
    let subject = Subject { state, institution: Some(&institution), risk: draft.risk(published), authors: &authors };
    if check(acting.actor, Action::DraftRead, &subject).is_err_and(|reason| reason != RefusalCode::ScopeRequired) {
        return Err(Error::NotFound(format!("draft `{}`", draft.row.id)));
    }
    check(acting.actor, action, &subject).map_err(|code| Error::Forbidden { code, action })
}

/// Whether the actor may make or write a working copy of a record.
///
/// # Errors
/// The reason of the refusal.
pub fn may_begin(actor: &Actor, dataset: &Dataset) -> Result<(), RefusalCode> {
    if dataset.copied_from.is_some() {
        return Err(RefusalCode::CopiedRecord);
    }
    let state = if dataset.status == PublicationStatus::Retired { State::Retired } else { State::Published };
    check(actor, Action::DraftCreate, &Subject { state: Some(state), institution: dataset.producer.as_ref(), ..Subject::default() })
}

/// A working copy with the published version that it stands beside, as the caller's transaction sees them.
pub struct Loaded {
    /// The copy.
    pub draft: Draft,
    /// The row of the published record, where there is one.
    pub row: Option<DatasetRow>,
    /// Its content.
    pub published: Option<Dataset>,
}

/// Loads a working copy and checks that the actor may do something with it, and has seen its last state.
///
/// # Errors
/// Not found, forbidden, or written by another since.
pub fn load(conn: &mut Conn, acting: Acting<'_>, action: Action, id: &str, expected: Option<i64>) -> Result<Loaded, Error> {
    let absent = || Error::NotFound(format!("draft `{id}`"));
    let draft = Draft::of(copies::by_id(conn, id)?.ok_or_else(absent)?)?;
    let row = datasets::by_ids(conn, std::slice::from_ref(&draft.row.dataset_id))?.pop();
    let published = row.as_ref().map(|row| serde_json::from_str::<Dataset>(&row.doc)).transpose()?;
    check_draft(acting, action, &draft, published.as_ref())?;
    if let Some(expected) = expected.filter(|expected| *expected != draft.row.revision) {
        return Err(clash(conn, "DRAFT", &draft.row.id, expected, draft.row.revision)?);
    }
    Ok(Loaded { draft, row, published })
}

/// What an editor writes.
pub struct Edit<'a> {
    /// Top-level fields; null takes a field out.
    pub patch: Map<String, Value>,
    /// Change note for the version to come.
    pub note: Option<&'a str>,
    /// Published version that the editor has compared the copy with.
    pub base_version: Option<i64>,
}

/// Writes in a working copy.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn update(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64, edit: Edit<'_>) -> Result<Draft, Error> {
    let Edit { patch, note, base_version } = edit;
    let note = note.map(|note| super::life::remark("changeNote", note)).transpose()?;
    catalogue.db.write(|conn, ledger| {
        let Loaded { draft, row, .. } = load(conn, acting, Action::DraftUpdate, id, Some(expected))?;
        let Value::Object(mut doc) = draft.doc.clone() else { return Err(Error::Internal(anyhow::anyhow!("draft {id} is no object"))) };
        let fields: Vec<String> = patch.keys().cloned().collect();
        apply_patch(&mut doc, patch);
        check_length(&doc, draft.doc.as_object())?;
        fixed_parts(&doc, &draft.institution()?, row.as_ref().map(|row| row.slug.as_str()))?;
        let slug = check_slug(conn, &doc, &draft.row.dataset_id)?;
        let mut next = draft.row.clone();
        if let Some(base) = base_version {
            let present = row.as_ref().map_or(0, |row| row.version);
            if base != present {
                let remedy = format!("the published record is at version {present}; compare the copy with that one");
                return Err(Error::Invalid(vec![Problem::new("baseVersion", base, remedy)]));
            }
            next.base_version = base;
        }
        next.slug = slug;
        next.doc = Value::Object(doc).to_string();
        next.revision += 1;
        next.updated_at = acting.now;
        if let Some(note) = note {
            next.note = note;
        }
        let person = acting.person_id();
        if !next.edited_by.split_whitespace().any(|known| known == person) {
            next.edited_by = format!("{} {person}", next.edited_by);
        }
        log_draft(conn, ledger, acting, "UPDATED", Some(&draft.row), Some(&next), json!({ "fields": fields }))?;
        copies::update(conn, &next)?;
        Draft::of(next)
    })
}

/// Throws a working copy away; the published version stays.
///
/// # Errors
/// Not found, forbidden, or written by another since.
pub fn discard(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64) -> Result<Draft, Error> {
    catalogue.db.write(|conn, ledger| {
        let loaded = load(conn, acting, Action::DraftDiscard, id, Some(expected))?;
        log_draft(conn, ledger, acting, "DISCARDED", Some(&loaded.draft.row), None, json!({}))?;
        copies::remove(conn, id)?;
        Ok(loaded.draft)
    })
}

/// The draft with this identifier, if the actor may read it.
///
/// # Errors
/// The database is unavailable.
pub fn by_id(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<Option<Draft>, Error> {
    let Some(row) = catalogue.db.read(|conn| copies::by_id(conn, id))? else { return Ok(None) };
    let draft = Draft::of(row)?;
    Ok(check_draft(acting, Action::DraftRead, &draft, None).is_ok().then_some(draft))
}

/// The working copy of a record, if the actor may read it.
///
/// # Errors
/// The database is unavailable.
pub fn of_dataset(catalogue: &Catalogue, acting: Acting<'_>, id: DatasetId) -> Result<Option<Draft>, Error> {
    let Some(row) = catalogue.db.read(|conn| copies::of_dataset(conn, &id.to_string()))? else { return Ok(None) };
    let draft = Draft::of(row)?;
    Ok(check_draft(acting, Action::DraftRead, &draft, None).is_ok().then_some(draft))
}

/// Working copies that the actor may read: those of its institutions, and for a coordinator the validated ones.
///
/// # Errors
/// The database is unavailable.
pub fn readable(catalogue: &Catalogue, acting: Acting<'_>) -> Result<Vec<Draft>, Error> {
    let slugs: Vec<String> = acting.actor.institutions().into_iter().map(ToString::to_string).collect();
    let rows = catalogue.db.read(|conn| {
        let mut rows = copies::of_institutions(conn, &slugs)?;
        let validated = copies::in_status(conn, PublicationStatus::Validated.code())?;
        rows.extend(validated.into_iter().filter(|row| !slugs.contains(&row.institution)));
        Ok(rows)
    })?;
    let drafts = rows.into_iter().map(Draft::of).collect::<Result<Vec<_>, _>>()?;
    Ok(drafts.into_iter().filter(|draft| check_draft(acting, Action::DraftRead, draft, None).is_ok()).collect())
}
