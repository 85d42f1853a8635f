//! Working copies: begun, written in, thrown away. A draft may be incomplete; what is missing is listed, never guessed.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::dataset::{Dataset, Relation};
use crate::domain::diff::changed_keys;
use crate::domain::draft::DatasetDraft;
use crate::domain::ids::{DatasetId, InstitutionId, Slug};
use crate::domain::policy::{self, Action, Actor, State, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::readiness::{Readiness, readiness};
use crate::domain::vocabulary::{PublicationStatus, RefusalCode, RiskClass, Vocabulary};
use crate::store::changes::{self, Change, KnownTo, Ledger, LogFilter, NewChange};
use crate::store::copies::{self, CopyRow};
use crate::store::datasets::{self, DatasetRow};
use crate::store::{Conn, institutions, persons};

use super::{Catalogue, Clash, Error};

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
    let note = super::life::remark("changeNote", note)?;
    let (dataset_id, institution, base_version, mut doc) = match begin {
        Begin::New(institution) => begin_new(catalogue, acting, institution)?,
        Begin::From(id) => begin_from(catalogue, acting, *id)?,
    };
    let given = json!({ "fields": patch.keys().collect::<Vec<_>>(), "content": patch });
    apply_patch(&mut doc, patch);
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

type Beginning = (DatasetId, Slug, i64, Map<String, Value>);

fn begin_new(catalogue: &Catalogue, acting: Acting<'_>, institution: &Slug) -> Result<Beginning, Error> {
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    check(acting.actor, Action::DraftCreate, &subject).map_err(|code| Error::Forbidden { code, action: Action::DraftCreate })?;
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

/// The content of a stored record that an editor may write.
///
/// # Errors
/// The store was altered by another program.
pub fn editable(row: &DatasetRow) -> Result<Map<String, Value>, Error> {
    let mut doc: Map<String, Value> = serde_json::from_str(&row.doc)?;
    for fixed in ["identifier", "status"] {
        doc.shift_remove(fixed);
    }
    // A stored period leaves out what is not known; in a draft that is said, so that it is not asked for again.
    if let Some(period) = doc.get_mut("coverage").and_then(|coverage| coverage.get_mut("period")).and_then(Value::as_object_mut) {
        for end in ["start", "end"] {
            period.entry(end).or_insert(Value::Null);
        }
    }
    Ok(doc)
}

/// Puts given fields in place; null takes a field out.
pub fn apply_patch(doc: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (key, value) in patch {
        if value.is_null() {
            doc.shift_remove(&key);
        } else {
            doc.insert(key, value);
        }
    }
}

/// The producer is changed by a transfer, the short name of a published record never.
fn fixed_parts(doc: &Map<String, Value>, institution: &Slug, published_slug: Option<&str>) -> Result<(), Error> {
    let mut problems = Vec::new();
    let producer = doc.get("producer").and_then(Value::as_str).unwrap_or_default();
    if producer != institution.as_str() {
        let remedy = format!("the producer of this record is `{institution}`; a record passes to another by `datasetTransfer`");
        problems.push(Problem::new("producer", producer, remedy));
    }
    let slug = doc.get("slug").and_then(Value::as_str);
    if let Some(published) = published_slug.filter(|published| Some(*published) != slug) {
        let remedy = format!("the short name of a published record stays `{published}`, for it is part of addresses");
        problems.push(Problem::new("slug", slug.unwrap_or_default(), remedy));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// The slug of a draft, free to be used; the message is the same for every reason, so that it tells of no other record.
fn check_slug(conn: &mut Conn, doc: &Map<String, Value>, dataset_id: &str) -> Result<Option<String>, Error> {
    let Some(text) = doc.get("slug").and_then(Value::as_str) else { return Ok(None) };
    let slug = Slug::parse(text).map_err(|remedy| Error::Invalid(vec![Problem::new("slug", text, remedy)]))?;
    let by_record = datasets::by_slug(conn, slug.as_str())?.is_some_and(|row| row.id != dataset_id);
    let by_draft = copies::by_slug(conn, slug.as_str())?.is_some_and(|row| row.dataset_id != dataset_id);
    if by_record || by_draft {
        let remedy = "this short name cannot be used; choose another, for example with the acronym of the institution in front";
        return Err(Error::Invalid(vec![Problem::new("slug", text, remedy)]));
    }
    Ok(Some(slug.to_string()))
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

/// Tells what others wrote since the revision that the editor has seen.
///
/// # Errors
/// The statement failed.
pub fn clash(conn: &mut Conn, entity: &str, id: &str, expected: i64, present: i64) -> Result<Error, Error> {
    let filter = LogFilter { entities: vec![entity.to_owned()], entity_id: Some(id.to_owned()), ..LogFilter::default() };
    let (rows, _) = changes::log(conn, &filter, None, 50)?;
    let (mut fields, mut by, mut at) = (Vec::new(), None, None);
    for row in rows {
        let after: Value = row.after_doc.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        if after.get("revision").and_then(Value::as_i64).is_none_or(|revision| revision <= expected) {
            continue;
        }
        fields.extend(written_fields(conn, &row, &after)?);
        if by.is_none() {
            let person = row.actor.strip_prefix("person:").map(|id| persons::by_id(conn, id)).transpose()?.flatten();
            by = person.map(|person| person.function);
            at = Some(row.at);
        }
    }
    fields.sort_unstable();
    fields.dedup();
    Ok(Error::Stale(Box::new(Clash { expected, present, by, at, fields })))
}

/// Top-level fields that a change wrote: of a record from its versions, of anything else as the log names them.
fn written_fields(conn: &mut Conn, change: &Change, after: &Value) -> Result<Vec<String>, Error> {
    let Some(version) = copies::version_of_change(conn, change.seq)? else {
        let named = after.get("fields").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        return Ok(named.map(str::to_owned).collect());
    };
    let before = copies::version(conn, &version.entity_id, version.version - 1)?.map_or_else(|| "{}".to_owned(), |row| row.doc);
    Ok(changed_keys(&serde_json::from_str(&before)?, &serde_json::from_str(&version.doc)?))
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

/// The draft as a record, with the institutions that it names settled; `published` is the version that it stands beside.
///
/// # Errors
/// Every problem that keeps it from being published.
pub fn settle(
    conn: &mut Conn,
    catalogue: &Catalogue,
    actor: &Actor,
    draft: &Draft,
    published: Option<&Dataset>,
) -> Result<(Dataset, Vec<InstitutionId>), Error> {
    let ready = draft.readiness(catalogue);
    let mut problems = ready.faults.clone();
    problems.extend(ready.missing.iter().map(|part| Problem::new(part.field.clone(), "", "is needed before the record is submitted")));
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut read: DatasetDraft = serde_json::from_value(draft.doc.clone())?;
    read.identifier = Some(draft.dataset_id()?.urn());
    read.status = Some(PublicationStatus::Published);
    let dataset = read.validate(&catalogue.concepts).map_err(Error::Invalid)?;
    let before = published.map_or(&[][..], |dataset| &dataset.relations);
    let held_by = settle_references(conn, actor, &dataset, before)?;
    Ok((dataset, held_by))
}

/// Institutions of the holdings, in their order; every name must be known. A relation to a record that the actor may not
/// see is taken for one to nothing, unless the record had it `before`: the message must not tell whether there is one.
///
/// # Errors
/// Every name that is not known.
pub fn settle_references(conn: &mut Conn, actor: &Actor, dataset: &Dataset, before: &[Relation]) -> Result<Vec<InstitutionId>, Error> {
    let mut problems = Vec::new();
    let holders = dataset.holdings.iter().enumerate().map(|(i, h)| (format!("holdings[{i}].institution"), &h.institution));
    let partners = dataset.partners.iter().enumerate().map(|(i, slug)| (format!("partners[{i}]"), slug));
    let named: Vec<(String, &Slug)> =
        dataset.producer.iter().map(|slug| ("producer".to_owned(), slug)).chain(partners).chain(holders).collect();
    let slugs: Vec<String> = named.iter().map(|(_, slug)| slug.to_string()).collect();
    let known = institutions::by_slugs(conn, &slugs)?;
    for (field, slug) in &named {
        if !known.iter().any(|row| row.slug == slug.as_str()) {
            problems.push(Problem::new(
                field.clone(),
                slug,
                "is not an institution of this catalogue; correct the short name or ask for it to be registered",
            ));
        }
    }
    let targets: Vec<String> = dataset.relations.iter().map(|relation| relation.dataset.to_string()).collect();
    let known_targets = datasets::readable_slugs(conn, &targets, policy::readable(actor).as_ref())?;
    for (index, target) in targets.iter().enumerate() {
        if !known_targets.contains(target) && !before.iter().any(|relation| relation.dataset.as_str() == target) {
            problems.push(Problem::new(
                format!("relations[{index}].dataset"),
                target,
                "is not a dataset of this catalogue; correct the short name",
            ));
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let id_of = |slug: &Slug| known.iter().find(|row| row.slug == slug.as_str()).map(|row| super::catalogue::read_id(&row.id));
    dataset.holdings.iter().filter_map(|holding| id_of(&holding.institution)).map(|id| id.map(InstitutionId)).collect()
}

/// Writes a change of a working copy into the log: where it stands, and what the fields that changed said before and after.
///
/// # Errors
/// The statement failed.
pub fn log_draft(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    before: Option<&CopyRow>,
    after: Option<&CopyRow>,
    extra: Value,
) -> Result<i64, Error> {
    let state = |row: &CopyRow| json!({ "dataset": row.dataset_id, "institution": row.institution, "status": row.status, "revision": row.revision });
    let subject = after.or(before).ok_or_else(|| Error::Internal(anyhow::anyhow!("a change of nothing")))?;
    let (mut was, mut now) = (before.map(state), state(subject));
    if let (Value::Object(now), Value::Object(extra)) = (&mut now, extra) {
        now.extend(extra);
    }
    if let (Some(before), Some(after), Some(was)) = (before, after, &mut was) {
        let (old, new): (Value, Value) = (serde_json::from_str(&before.doc)?, serde_json::from_str(&after.doc)?);
        let changed = changed_keys(&old, &new);
        let part = |doc: &Value| -> Map<String, Value> {
            changed.iter().filter_map(|key| doc.get(key).map(|value| (key.clone(), value.clone()))).collect()
        };
        if !changed.is_empty() {
            was["content"] = Value::Object(part(&old));
            now["content"] = Value::Object(part(&new));
        }
    }
    let before = was.map(|was| was.to_string());
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: "DRAFT",
        entity_id: &subject.id,
        known_to: KnownTo::Auditors,
        before: before.as_deref(),
        after: Some(&now.to_string()),
    };
    Ok(ledger.append(conn, &change)?)
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
