//! Forms of access requests: written and published by the access officer of a holder, read by everyone who may see the holding.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::form::{DEFAULT_FORM_ID, DEFAULT_FORM_VERSION, Form, MAX_QUESTIONS, default_form, default_form_version};
use crate::domain::ids::{HoldingId, Slug, hex};
use crate::domain::policy::{Action, Actor, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{FormState, Vocabulary};
use crate::store::Conn;
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::forms::{self, FormHead, FormRow};

use super::drafts::{Acting, clash};
use super::{Catalogue, Error, datasets};

/// What a form is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// All holdings of an institution that have no form of their own.
    Institution(Slug),
    /// One holding.
    Holding(HoldingId),
}

/// A form as it was published, or as it is being written.
#[derive(Clone, Debug)]
pub struct FormVersion {
    /// Identifier of this version; `default` for the form of the catalogue.
    pub id: String,
    /// Number of the version; 0 while it is being written.
    pub version: i64,
    /// The holder; none for the form of the catalogue.
    pub institution: Option<Slug>,
    /// The holding that it is for; none for all holdings of the institution.
    pub holding_id: Option<HoldingId>,
    /// Whether it can still change.
    pub state: FormState,
    /// Grows with every write of the draft.
    pub revision: i64,
    /// When it was published.
    pub published_at: Option<i64>,
    /// The form.
    pub form: Arc<Form>,
}

impl FormVersion {
    fn of(row: &FormRow) -> Result<Self, Error> {
        let holding_id = row.holding_id.as_deref().map(super::catalogue::read_id).transpose()?.map(HoldingId);
        Ok(Self {
            id: row.id.clone(),
            version: row.version,
            institution: Some(Slug::parse(&row.institution).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?),
            holding_id,
            state: FormState::parse(&row.state).unwrap_or(FormState::Draft),
            revision: row.revision,
            published_at: row.published_at,
            form: Arc::new(serde_json::from_str(&row.doc)?),
        })
    }

    /// The form of the catalogue, which stands where a holder has published none.
    ///
    /// # Errors
    /// The program was built without it.
    pub fn standard() -> Result<Self, Error> {
        Ok(Self::of_catalogue(DEFAULT_FORM_VERSION, default_form().map_err(unbuilt)?.clone()))
    }

    fn of_catalogue(version: i64, form: Arc<Form>) -> Self {
        Self {
            id: DEFAULT_FORM_ID.to_owned(),
            version,
            institution: None,
            holding_id: None,
            state: FormState::Published,
            revision: 0,
            published_at: None,
            form,
        }
    }

    /// Whether it is the form of the catalogue.
    pub fn is_default(&self) -> bool {
        self.id == DEFAULT_FORM_ID
    }
}

fn unbuilt(fault: String) -> Error {
    Error::Internal(anyhow::anyhow!(fault))
}

/// Institution and holding of a target, where the actor may know of them.
fn resolve(catalogue: &Catalogue, actor: &Actor, target: &Target) -> Result<(Slug, Option<HoldingId>), Error> {
    match target {
        Target::Institution(slug) => {
            if catalogue.institutions_by_slug(&[slug.to_string()])?.is_empty() {
                return Err(Error::NotFound(format!("institution `{slug}`")));
            }
            Ok((slug.clone(), None))
        }
        Target::Holding(id) => {
            let record = datasets::by_holdings(catalogue, actor, &[*id])?.remove(id);
            let holder = record.and_then(|record| {
                let mut holdings = record.holdings();
                holdings.find(|(known, _)| known == id).map(|(_, holding)| holding.institution.clone())
            });
            holder.map(|holder| (holder, Some(*id))).ok_or_else(|| Error::NotFound(format!("holding `{id}`")))
        }
    }
}

fn may_manage(actor: &Actor, institution: &Slug) -> Result<(), Error> {
    let action = Action::AccessFormManage;
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    check(actor, action, &subject).map_err(|code| Error::Forbidden { code, action })
}

/// The place of a form in the table.
struct Place {
    institution: Slug,
    holding_id: Option<String>,
}

fn place(catalogue: &Catalogue, actor: &Actor, target: &Target) -> Result<Place, Error> {
    let (institution, holding) = resolve(catalogue, actor, target)?;
    may_manage(actor, &institution)?;
    Ok(Place { institution, holding_id: holding.map(|id| id.to_string()) })
}

/// Writes the draft of a form; the first write begins it, with no expected revision. A draft may be incomplete: what is wrong with
/// it is listed by [`Form::problems`] and keeps it from being published, not from being saved.
///
/// # Errors
/// Not found, forbidden, too long, or written by another since.
pub fn save(catalogue: &Catalogue, acting: Acting<'_>, target: &Target, expected: Option<i64>, form: &Form) -> Result<FormVersion, Error> {
    let Place { institution, holding_id } = place(catalogue, acting.actor, target)?;
    if form.questions.len() > MAX_QUESTIONS {
        let remedy = format!("a form has at most {MAX_QUESTIONS} questions");
        return Err(Error::Invalid(vec![Problem::new("form.questions", form.questions.len(), remedy)]));
    }
    let doc = serde_json::to_string(form)?;
    catalogue.db.write(|conn, ledger| {
        let earlier = forms::draft(conn, institution.as_str(), holding_id.as_deref())?;
        let present = earlier.as_ref().map_or(0, |row| row.revision);
        if present != expected.unwrap_or(0) {
            let id = earlier.map(|row| row.id).unwrap_or_default();
            return Err(clash(conn, "ACCESS_FORM", &id, expected.unwrap_or(0), present)?);
        }
        let row = FormRow {
            id: earlier.as_ref().map_or_else(|| Uuid::now_v7().to_string(), |row| row.id.clone()),
            institution: institution.to_string(),
            holding_id: holding_id.clone(),
            version: 0,
            doc: doc.clone(),
            state: FormState::Draft.code().to_owned(),
            revision: present + 1,
            created_by: earlier.as_ref().map_or_else(|| acting.person_id(), |row| row.created_by.clone()),
            created_at: earlier.as_ref().map_or(acting.now, |row| row.created_at),
            updated_at: acting.now,
            published_at: None,
        };
        log(conn, ledger, acting, if earlier.is_some() { "UPDATED" } else { "CREATED" }, earlier.as_ref(), &row)?;
        match earlier {
            Some(_) => forms::update(conn, &row)?,
            None => forms::insert(conn, &row)?,
        }
        FormVersion::of(&row)
    })
}

/// Publishes the draft as the next version, which never changes. Requests that have begun keep the version that they answer.
///
/// # Errors
/// Not found, forbidden, everything that is wrong with the form, or written by another since.
pub fn publish(catalogue: &Catalogue, acting: Acting<'_>, target: &Target, expected: i64) -> Result<FormVersion, Error> {
    let Place { institution, holding_id } = place(catalogue, acting.actor, target)?;
    catalogue.db.write(|conn, ledger| {
        let draft = forms::draft(conn, institution.as_str(), holding_id.as_deref())?;
        let draft = draft.ok_or_else(|| Error::NotFound(format!("a draft of the access form of `{institution}`")))?;
        if draft.revision != expected {
            return Err(clash(conn, "ACCESS_FORM", &draft.id, expected, draft.revision)?);
        }
        let form: Form = serde_json::from_str(&draft.doc)?;
        let published = forms::published(conn, institution.as_str())?;
        let others = published.iter().map(|row| serde_json::from_str(&row.doc)).collect::<Result<Vec<Form>, _>>()?;
        let mut problems = form.problems();
        problems.extend(form.key_problems(&institution, default_form().map_err(unbuilt)?, &others));
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let last = published.iter().filter(|row| row.holding_id == holding_id).map(|row| row.version).max().unwrap_or(0);
        let row = FormRow {
            version: last + 1,
            state: FormState::Published.code().to_owned(),
            revision: draft.revision + 1,
            updated_at: acting.now,
            published_at: Some(acting.now),
            ..draft.clone()
        };
        log(conn, ledger, acting, "PUBLISHED", Some(&draft), &row)?;
        forms::update(conn, &row)?;
        FormVersion::of(&row)
    })
}

/// The change log keeps where a form stood and the hash of its content; the content of a version is in the table for ever.
fn log(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, kind: &str, before: Option<&FormRow>, row: &FormRow) -> Result<(), Error> {
    let state = |row: &FormRow| {
        json!({
            "institution": row.institution, "holding": row.holding_id, "version": row.version, "state": row.state,
            "revision": row.revision, "sha256": hex(&Sha256::digest(row.doc.as_bytes())),
        })
    };
    let mut after = state(row);
    after["fields"] = json!(written(before, row)?);
    let before = before.map(|row| state(row).to_string());
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: "ACCESS_FORM",
        entity_id: &row.id,
        known_to: KnownTo::Auditors,
        before: before.as_deref(),
        after: Some(&after.to_string()),
    };
    ledger.append(conn, &change)?;
    Ok(())
}

/// Top-level fields of the form that differ.
fn written(before: Option<&FormRow>, row: &FormRow) -> Result<Vec<String>, Error> {
    let after: serde_json::Map<String, Value> = serde_json::from_str(&row.doc)?;
    let before: serde_json::Map<String, Value> = before.map(|row| serde_json::from_str(&row.doc)).transpose()?.unwrap_or_default();
    let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
    Ok(keys.filter(|key| before.get(*key) != after.get(*key)).cloned().collect())
}

/// The draft of a form, for those who may write it; none where there is none, or where the actor may not know of it.
///
/// # Errors
/// The database is unavailable.
pub fn draft(catalogue: &Catalogue, actor: &Actor, target: &Target) -> Result<Option<FormVersion>, Error> {
    let place = match place(catalogue, actor, target) {
        Err(Error::NotFound(_) | Error::Forbidden { .. }) => return Ok(None),
        other => other?,
    };
    let row = catalogue.db.read(|conn| forms::draft(conn, place.institution.as_str(), place.holding_id.as_deref()))?;
    row.as_ref().map(FormVersion::of).transpose()
}

/// The newest of the published versions of each place.
fn newest(heads: Vec<FormHead>) -> Vec<String> {
    let mut found: HashMap<(String, Option<String>), String> = HashMap::new();
    for head in heads {
        // They come oldest first.
        found.insert((head.institution, head.holding_id), head.id);
    }
    found.into_values().collect()
}

/// Forms in force of institutions, by the institution: for all its holdings, and for single ones. Two statements.
///
/// # Errors
/// The database is unavailable.
pub fn of_institutions(catalogue: &Catalogue, slugs: &[String]) -> Result<HashMap<String, Vec<FormVersion>>, Error> {
    let rows = catalogue.db.read(|conn| {
        let ids = newest(forms::heads(conn, slugs)?);
        forms::by_ids(conn, &ids)
    })?;
    let mut found: HashMap<String, Vec<FormVersion>> = HashMap::new();
    for row in &rows {
        found.entry(row.institution.clone()).or_default().push(FormVersion::of(row)?);
    }
    Ok(found)
}

/// Of the forms in force of its institution the one of a holding: its own, else the institution's, else the catalogue's.
///
/// # Errors
/// The program was built without the catalogue's.
pub fn choose(known: &[FormVersion], holding: HoldingId) -> Result<FormVersion, Error> {
    let of = |wanted: Option<HoldingId>| known.iter().find(|form| form.holding_id == wanted).cloned();
    of(Some(holding)).or_else(|| of(None)).map_or_else(FormVersion::standard, Ok)
}

/// The form in force of a holding: its own, else the institution's, else the catalogue's.
///
/// # Errors
/// The database is unavailable.
pub fn in_force(conn: &mut Conn, institution: &Slug, holding: HoldingId) -> Result<FormVersion, Error> {
    let mut heads = forms::heads(conn, &[institution.to_string()])?;
    let own = holding.to_string();
    heads.retain(|head| head.holding_id.as_ref().is_none_or(|id| *id == own));
    let rows = forms::by_ids(conn, &newest(heads))?;
    let known = rows.iter().map(FormVersion::of).collect::<Result<Vec<_>, _>>()?;
    choose(&known, holding)
}

/// A published version, for a request that answers it.
///
/// # Errors
/// There is no such version, or the database is unavailable.
pub fn by_version(conn: &mut Conn, id: &str, version: i64) -> Result<FormVersion, Error> {
    let mut found = by_versions(conn, &BTreeSet::from([(id.to_owned(), version)]))?;
    found.remove(&(id.to_owned(), version)).ok_or_else(|| no_version(id, version))
}

fn no_version(id: &str, version: i64) -> Error {
    Error::NotFound(format!("version {version} of the access form `{id}`"))
}

/// Published versions by identifier and version, in one statement at most.
///
/// # Errors
/// One of them is not there, or the database is unavailable.
pub fn by_versions(conn: &mut Conn, wanted: &BTreeSet<(String, i64)>) -> Result<HashMap<(String, i64), FormVersion>, Error> {
    let ids: Vec<String> = wanted.iter().map(|(id, _)| id.clone()).filter(|id| id != DEFAULT_FORM_ID).collect();
    let rows = if ids.is_empty() { Vec::new() } else { forms::by_ids(conn, &ids)? };
    let mut found = HashMap::new();
    for (id, version) in wanted {
        let absent = || no_version(id, *version);
        let form = if id == DEFAULT_FORM_ID {
            let form = default_form_version(*version).map_err(unbuilt)?.ok_or_else(absent)?;
            FormVersion::of_catalogue(*version, form.clone())
        } else {
            let is_it = |row: &&FormRow| row.id == *id && row.version == *version && row.state == FormState::Published.code();
            FormVersion::of(rows.iter().find(is_it).ok_or_else(absent)?)?
        };
        found.insert((id.clone(), *version), form);
    }
    Ok(found)
}

/// The form in force of a holding that the actor may see; none where they may not.
///
/// # Errors
/// The database is unavailable.
pub fn of_holding(catalogue: &Catalogue, actor: &Actor, holding: HoldingId) -> Result<Option<FormVersion>, Error> {
    let (institution, _) = match resolve(catalogue, actor, &Target::Holding(holding)) {
        Err(Error::NotFound(_)) => return Ok(None),
        other => other?,
    };
    let slug = institution.to_string();
    let known = of_institutions(catalogue, std::slice::from_ref(&slug))?.remove(&slug).unwrap_or_default();
    choose(&known, holding).map(Some)
}
