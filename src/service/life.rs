//! The life of a record after its draft: submitted, returned, validated, published, reviewed, transferred, retired.

use serde_json::{Value, json};

use crate::domain::dataset::Dataset;
use crate::domain::ids::{DatasetId, Slug};
use crate::domain::policy::{self, Action, Sight, State, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::record::too_long;
use crate::domain::text::{check_characters, shows_something};
use crate::domain::vocabulary::{HoldingRole, PublicationStatus, RefusalCode, Vocabulary};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::copies::{self, StampRow};
use crate::store::datasets::{self, DatasetRow};
use crate::store::{Conn, institutions, persons};

use super::access_requests::passing;
use super::catalogue::read_id;
use super::drafts::{Acting, Draft, Loaded, clash, load, log_draft, settle, settle_references, state_of};
use super::register::{Entry, put_dataset};
use super::registers::plans;
use super::{Catalogue, Error};

/// Longest reason or note, in characters.
pub const MAX_REASON: usize = 2_000;

/// A reason that a person must give.
///
/// # Errors
/// It is empty or too long.
pub fn reason(field: &str, text: &str) -> Result<String, Error> {
    let text = remark(field, text)?;
    if !shows_something(&text) {
        return Err(Error::Invalid(vec![Problem::new(field, "", "give a reason; the other side reads it")]));
    }
    Ok(text)
}

/// A remark that a person may give, such as a change note.
///
/// # Errors
/// It is too long, or holds characters that nobody sees.
pub fn remark(field: &str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    check_characters(text).map_err(|remedy| Error::Invalid(vec![Problem::new(field, "", remedy)]))?;
    if text.chars().count() > MAX_REASON {
        let remedy = format!("is longer than {MAX_REASON} characters; shorten it");
        return Err(Error::Invalid(vec![Problem::new(field, text.chars().count(), remedy)]));
    }
    Ok(text.to_owned())
}

/// Submits a draft for validation. It must be ready.
///
/// # Errors
/// Not found, forbidden, not ready (every part named), or written by another since.
pub fn submit(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64) -> Result<Draft, Error> {
    catalogue.db.write(|conn, ledger| {
        let Loaded { draft, published, .. } = load(conn, acting, Action::Submit, id, Some(expected))?;
        settle(conn, catalogue, acting.actor, &draft, published.as_ref())?;
        let mut next = draft.row.clone();
        next.status = PublicationStatus::Submitted.code().to_owned();
        next.submitted_by = Some(acting.person_id());
        next.submitted_at = Some(acting.now);
        next.reason = None;
        step(conn, ledger, acting, "SUBMITTED", &draft, next, json!({}))
    })
}

/// Returns a submitted or validated draft to its editors.
///
/// # Errors
/// Not found, forbidden, no reason, or written by another since.
pub fn return_draft(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64, why: &str) -> Result<Draft, Error> {
    let why = reason("reason", why)?;
    catalogue.db.write(|conn, ledger| {
        let Loaded { draft, .. } = load(conn, acting, Action::Return, id, Some(expected))?;
        let mut next = draft.row.clone();
        next.status = PublicationStatus::Draft.code().to_owned();
        next.reason = Some(why.clone());
        next.validated_by = None;
        next.validated_at = None;
        step(conn, ledger, acting, "RETURNED", &draft, next, json!({ "reason": why }))
    })
}

/// Validates a submitted draft in the producer's name.
///
/// # Errors
/// Not found, forbidden (a second person is needed for risk class HIGH and above), not ready, or written by another since.
pub fn validate(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64) -> Result<Draft, Error> {
    catalogue.db.write(|conn, ledger| {
        let Loaded { draft, published, .. } = load(conn, acting, Action::Validate, id, Some(expected))?;
        settle(conn, catalogue, acting.actor, &draft, published.as_ref())?;
        let mut next = draft.row.clone();
        next.status = PublicationStatus::Validated.code().to_owned();
        next.validated_by = Some(acting.person_id());
        next.validated_at = Some(acting.now);
        step(conn, ledger, acting, "VALIDATED", &draft, next, json!({}))
    })
}

fn step(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    draft: &Draft,
    mut next: copies::CopyRow,
    extra: Value,
) -> Result<Draft, Error> {
    next.revision += 1;
    next.updated_at = acting.now;
    log_draft(conn, ledger, acting, kind, Some(&draft.row), Some(&next), extra)?;
    copies::update(conn, &next)?;
    Draft::of(next)
}

/// Publishes a validated draft as a new version of its record, and returns the record's identifier.
///
/// # Errors
/// Not found, forbidden, not ready, or the published version has changed since the copy was made.
pub fn publish(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64) -> Result<DatasetId, Error> {
    let copy = catalogue.db.read(|conn| copies::by_id(conn, id))?;
    let own = copy.map(|copy| read_id(&copy.dataset_id)).transpose()?;
    plans::telling(catalogue, own, acting.now, || {
        let dataset_id = catalogue.db.write(|conn, ledger| publish_within(conn, ledger, catalogue, acting, id, expected))?;
        catalogue.forget(&[dataset_id.0], false);
        Ok(dataset_id)
    })
}

fn publish_within(
    conn: &mut Conn,
    ledger: &mut Ledger,
    catalogue: &Catalogue,
    acting: Acting<'_>,
    id: &str,
    expected: i64,
) -> Result<DatasetId, Error> {
    let Loaded { draft, row, published } = load(conn, acting, Action::Publish, id, Some(expected))?;
    let present = row.as_ref().map_or(0, |row| row.version);
    if present != draft.row.base_version {
        return Err(Error::Conflict(format!(
            "the published record is at version {present}, the working copy was made from version {}; \
             return it, compare the versions with `diff`, take over what is missing, and say so with `baseVersion`",
            draft.row.base_version
        )));
    }
    let (dataset, held_by) = settle(conn, catalogue, acting.actor, &draft, published.as_ref())?;
    let actor = acting.actor.log_name();
    let entry = Entry { now: acting.now, actor: &actor, note: &draft.row.note };
    put_dataset(conn, ledger, dataset, &held_by, row.as_ref(), entry)?;
    let version = datasets::by_ids(conn, std::slice::from_ref(&draft.row.dataset_id))?.pop().map_or(1, |row| row.version);
    // The next change of the log is the one that tells of it.
    stamp_validation(conn, &draft, version, ledger.next_seq())?;
    log_draft(conn, ledger, acting, "PUBLISHED", Some(&draft.row), None, json!({ "version": version }))?;
    copies::remove(conn, id)?;
    draft.dataset_id()
}

fn stamp_validation(conn: &mut Conn, draft: &Draft, version: i64, seq: i64) -> Result<(), Error> {
    let (Some(person_id), Some(at)) = (draft.row.validated_by.clone(), draft.row.validated_at) else { return Ok(()) };
    let function = function_of(conn, &person_id)?;
    let row = StampRow {
        dataset_id: draft.row.dataset_id.clone(),
        kind: "VALIDATION".to_owned(),
        version,
        seq,
        is_withdrawn: 0,
        person_id,
        function,
        institution: Some(draft.row.institution.clone()),
        note: String::new(),
        at,
    };
    Ok(copies::add_stamp(conn, &row)?)
}

/// Function of a person, for stamps and conflicts.
///
/// # Errors
/// The statement failed.
pub fn function_of(conn: &mut Conn, person_id: &str) -> Result<String, Error> {
    Ok(persons::by_id(conn, person_id)?.map_or_else(|| "Operator of the catalogue".to_owned(), |person| person.function))
}

/// A published record, as the caller's transaction sees it.
pub struct Published {
    /// The row.
    pub row: DatasetRow,
    /// Its content.
    pub dataset: Dataset,
}

/// Loads a record that the actor may see and checks that the actor may do something with it.
///
/// # Errors
/// Not found, forbidden, or written by another since.
pub fn load_published(
    conn: &mut Conn,
    acting: Acting<'_>,
    action: Action,
    id: DatasetId,
    institution: Option<&Slug>,
    expected: Option<i64>,
) -> Result<Published, Error> {
    let absent = || Error::NotFound(format!("dataset `{id}`"));
    let readable = policy::readable(acting.actor);
    let row = datasets::readable_by_ids(conn, &[id.to_string()], readable.as_ref())?.pop().ok_or_else(absent)?;
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let audience = policy::audience_for(acting.actor, dataset.producer.as_ref());
    let own = super::catalogue::is_own(acting.actor, &dataset);
    if policy::sight(audience, own, dataset.status, dataset.visibility) == Sight::Nothing {
        return Err(absent());
    }
    let subject =
        Subject { state: Some(state_or_any(dataset.status)), institution: institution.or(dataset.producer.as_ref()), ..Subject::default() };
    check(acting.actor, action, &subject).map_err(|code| Error::Forbidden { code, action })?;
    // Of a copy no more is said here than that it was read.
    if dataset.copied_from.is_some() && action != Action::Review {
        return Err(Error::Forbidden { code: RefusalCode::CopiedRecord, action });
    }
    if let Some(expected) = expected.filter(|expected| *expected != row.revision) {
        return Err(clash(conn, "DATASET", &row.id, expected, row.revision)?);
    }
    Ok(Published { row, dataset })
}

fn state_or_any(status: PublicationStatus) -> State {
    state_of(status)
}

/// Writes a new version of a published record.
///
/// # Errors
/// A name is not known, or a statement failed.
pub fn rewrite(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    row: &DatasetRow,
    dataset: Dataset,
    note: &str,
) -> Result<(), Error> {
    // A short name that is longer makes the record longer.
    if let Some(problem) = too_long(&dataset).filter(|_| serde_json::to_string(&dataset).is_ok_and(|doc| doc.len() > row.doc.len())) {
        return Err(Error::Invalid(vec![problem]));
    }
    // Relations stand as they stood before.
    let held_by = settle_references(conn, acting.actor, &dataset, &dataset.relations)?;
    let actor = acting.actor.log_name();
    put_dataset(conn, ledger, dataset, &held_by, Some(row), Entry { now: acting.now, actor: &actor, note }).map(|_| ())
}

/// Retires a record: its identity stays as a tombstone, its identifier and short name are never used again.
///
/// # Errors
/// Not found, forbidden, no reason, or written by another since.
pub fn retire(catalogue: &Catalogue, acting: Acting<'_>, id: DatasetId, expected: i64, why: &str) -> Result<(), Error> {
    let why = reason("reason", why)?;
    plans::telling(catalogue, Some(id.0), acting.now, || {
        catalogue.db.write(|conn, ledger| {
            let Published { row, mut dataset } = load_published(conn, acting, Action::Retire, id, None, Some(expected))?;
            if let Some(copy) = copies::of_dataset(conn, &row.id)? {
                log_draft(conn, ledger, acting, "DISCARDED", Some(&copy), None, json!({}))?;
                copies::remove(conn, &copy.id)?;
            }
            dataset.status = PublicationStatus::Retired;
            rewrite(conn, ledger, acting, &row, dataset, &why)
        })?;
        catalogue.forget(&[id.0], false);
        Ok(())
    })
}

/// Sets the coordinator's review of the version shown, or takes it back. The record itself does not change.
///
/// # Errors
/// Not found, forbidden, or a new version was published since.
pub fn review(catalogue: &Catalogue, acting: Acting<'_>, id: DatasetId, version: i64, note: &str, withdraw: bool) -> Result<(), Error> {
    let note = remark("note", note)?;
    catalogue.db.write(|conn, ledger| {
        let Published { row, dataset } = load_published(conn, acting, Action::Review, id, None, None)?;
        if row.version != version {
            let text = format!("version {} is published now; read it before you review it (you named version {version})", row.version);
            return Err(Error::Conflict(text));
        }
        let reviewed = |row: &StampRow| row.kind == "REVIEW" && row.version == version;
        if withdraw && !copies::stamps_of(conn, std::slice::from_ref(&row.id))?.iter().any(reviewed) {
            return Err(Error::NotFound(format!("a review of version {version}")));
        }
        let person_id = acting.person_id();
        let stamp = StampRow {
            dataset_id: row.id.clone(),
            kind: "REVIEW".to_owned(),
            version,
            // The next change of the log is the one that tells of it.
            seq: ledger.next_seq(),
            is_withdrawn: i64::from(withdraw),
            function: function_of(conn, &person_id)?,
            person_id,
            institution: None,
            note,
            at: acting.now,
        };
        copies::add_stamp(conn, &stamp)?;
        let kind = if withdraw { "REVIEW_WITHDRAWN" } else { "REVIEWED" };
        log_fact(conn, ledger, acting, kind, &row, &dataset, json!({ "version": version, "note": stamp.note }))
    })?;
    catalogue.forget(&[id.0], false);
    Ok(())
}

/// Writes into the log something that happened to a record without changing it.
fn log_fact(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    row: &DatasetRow,
    dataset: &Dataset,
    mut after: Value,
) -> Result<(), Error> {
    after["slug"] = json!(row.slug);
    after["revision"] = json!(row.revision);
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: "DATASET",
        entity_id: &row.id,
        known_to: KnownTo::of_record(dataset.status, dataset.visibility),
        before: None,
        after: Some(&after.to_string()),
    };
    ledger.append(conn, &change)?;
    Ok(())
}

/// Passes a record to the institution that took over its producer's portfolio.
///
/// # Errors
/// Not found, forbidden, not a successor, or written by another since.
pub fn transfer(catalogue: &Catalogue, acting: Acting<'_>, id: DatasetId, expected: i64, to: &Slug) -> Result<(), Error> {
    plans::telling(catalogue, Some(id.0), acting.now, || {
        catalogue.db.write(|conn, ledger| transfer_within(conn, ledger, acting, id, expected, to))?;
        catalogue.forget(&[id.0], false);
        Ok(())
    })
}

fn transfer_within(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, id: DatasetId, expected: i64, to: &Slug) -> Result<(), Error> {
    let Published { row, mut dataset } = load_published(conn, acting, Action::Transfer, id, None, Some(expected))?;
    let from = dataset.producer.clone().ok_or_else(|| Error::NotFound("the producer".to_owned()))?;
    check_successor(conn, &from, to)?;
    dataset.producer = Some(to.clone());
    let taken = |role: HoldingRole, dataset: &Dataset| dataset.holdings.iter().any(|h| h.institution == *to && h.role == role);
    for place in 0..dataset.holdings.len() {
        let role = dataset.holdings[place].role;
        if dataset.holdings[place].institution == from && role == HoldingRole::Producer && !taken(role, &dataset) {
            dataset.holdings[place].institution = to.clone();
        }
    }
    if let Some(mut copy) = copies::of_dataset(conn, &row.id)? {
        let before = copy.clone();
        let mut doc: Value = serde_json::from_str(&copy.doc)?;
        doc["producer"] = json!(to);
        let own = doc.get_mut("holdings").and_then(Value::as_array_mut).into_iter().flatten();
        for holding in own.filter(|h| h["institution"] == json!(from) && h["role"] == json!(HoldingRole::Producer)) {
            holding["institution"] = json!(to);
        }
        copy.doc = doc.to_string();
        // What the former producer submitted or validated is for the new one to decide.
        copy.status = PublicationStatus::Draft.code().to_owned();
        (copy.submitted_by, copy.submitted_at, copy.validated_by, copy.validated_at) = (None, None, None, None);
        copy.institution = to.to_string();
        // A copy that has missed a version before this one goes on to be told so.
        if copy.base_version == row.version {
            copy.base_version = row.version + 1;
        }
        copy.revision += 1;
        log_draft(conn, ledger, acting, "TRANSFERRED", Some(&before), Some(&copy), json!({ "fields": ["producer", "holdings"] }))?;
        copies::update(conn, &copy)?;
    }
    let held = passing::holdings(conn, &row.id)?;
    rewrite(conn, ledger, acting, &row, dataset.clone(), &format!("{from} → {to}"))?;
    passing::follow(conn, ledger, acting, (&from, to), &held)?;
    super::calendar::write::pass_on(conn, ledger, acting, &row.id, (&from, to))?;
    log_fact(conn, ledger, acting, "TRANSFERRED", &row, &dataset, json!({ "from": from, "to": to }))
}

fn check_successor(conn: &mut Conn, from: &Slug, to: &Slug) -> Result<(), Error> {
    let rows = institutions::by_slugs(conn, &[from.to_string(), to.to_string()])?;
    let mut named = false;
    for row in &rows {
        let institution = super::catalogue::read_institution(row)?.institution;
        named |= institution.slug == *from && institution.successors.contains(to);
        named |= institution.slug == *to && institution.predecessors.contains(from);
    }
    if named && from != to {
        return Ok(());
    }
    let remedy = format!("is not documented as a successor of `{from}`; add the succession to one of the two institutions first");
    Err(Error::Invalid(vec![Problem::new("to", to, remedy)]))
}
