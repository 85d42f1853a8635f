//! Sources: declared by an institution's editor or the coordinator, changed, and removed. What came from one stays, but for copies of another registry's records.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::draft::DatasetDraft;
use crate::domain::ids::Slug;
use crate::domain::policy::{Action, State, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::text::{LanguageTag, check_characters};
use crate::domain::vocabulary::{ImportFormat, RefusalCode, Role, Vocabulary};
use crate::store::Conn;
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::sources::{self, SourceRow};

use super::super::drafts::Acting;
use super::super::intake::{Origin, Run};
use super::super::{Catalogue, Error};
use super::client::{Marks, check_address};
use super::copies;
use super::pages::{Cursor, is_registry, registry_base};
use super::run::Asked;

/// Longest name of a source, in characters.
const LONGEST_NAME: usize = 200;
/// Copies that are taken out of sight in one transaction.
const HIDDEN_AT_ONCE: i64 = 500;
/// Longest pause between harvests, in hours: a year.
const LONGEST_PAUSE: i64 = 8_784;

/// What people have set of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceDoc {
    /// Name for people.
    pub name: String,
    /// Language of texts that say none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Hours between harvests; 0: only when somebody asks.
    pub every_hours: i64,
    /// What a draft gets where a record does not say it, in the record format.
    pub defaults: Map<String, Value>,
    /// Whether complete records are published at once.
    pub publishes: bool,
    /// Set of an OAI-PMH provider; all records without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// Metadata prefix of an OAI-PMH provider; the richest that is read, without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Who declared it: a log name.
    pub declared_by: String,
}

/// What the last runs left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// Marks of the document that was read whole last.
    pub marks: Marks,
    /// From when on an OAI-PMH provider is asked: its own time at the begin of the last whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Identifiers of records of an OAI-PMH provider that the last runs could not take, or that wait: they are asked for again beside what has
    /// changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<String>,
    /// When the source was last read whole, milliseconds from 1970-01-01 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole_at: Option<i64>,
    /// Where a run that was broken off goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
    /// Runs that failed since the last one that did not.
    pub failed_runs: u32,
    /// When the last run ended, milliseconds from 1970-01-01 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run_at: Option<i64>,
    /// What a person has asked of the next run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// A run that was broken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resume {
    /// Where it goes on.
    pub cursor: Cursor,
    /// What marks the records that it has seen.
    pub sweep: String,
    /// When it was broken off, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Whether everything was asked for, also what has not changed.
    #[serde(default)]
    pub is_whole: bool,
    /// Whether the source has given less than it has, so that nothing is taken for gone.
    #[serde(default)]
    pub is_incomplete: bool,
    /// Whether there were lines in its report, so that it was no success.
    #[serde(default)]
    pub had_lines: bool,
}

/// A source with what was set and what the runs left behind.
#[derive(Clone, Debug)]
pub struct HarvestSource {
    /// The row.
    pub row: SourceRow,
    /// What people have set.
    pub doc: SourceDoc,
    /// What the last runs left behind.
    pub progress: Progress,
}

impl HarvestSource {
    /// Reads a row.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn of(row: SourceRow) -> Result<Self, Error> {
        let (doc, progress) = (serde_json::from_str(&row.doc)?, serde_json::from_str(&row.progress)?);
        Ok(Self { row, doc, progress })
    }

    /// What it gives.
    pub fn kind(&self) -> ImportFormat {
        ImportFormat::parse(&self.row.kind).unwrap_or(ImportFormat::Dcat)
    }

    /// The institution that gets the drafts.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn institution(&self) -> Result<Slug, Error> {
        Slug::parse(&self.row.institution).map_err(|e| Error::Internal(anyhow::anyhow!(e)))
    }

    /// Whether it is harvested when it is due.
    pub fn is_active(&self) -> bool {
        self.row.is_active == 1
    }

    /// Whether it reads the same records as another.
    pub fn is_at(&self, other: &Self) -> bool {
        let place = |source: &Self| (source.row.kind.clone(), source.row.url.clone(), source.doc.set.clone(), source.doc.prefix.clone());
        place(self) == place(other)
    }

    /// The place of its records among the origins.
    pub fn place(&self) -> String {
        self.row.id.clone()
    }
}

/// What somebody sets of a source. What is not given stays as it is; of a new source, as usual.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Name for people.
    pub name: Option<String>,
    /// What it gives.
    pub kind: Option<ImportFormat>,
    /// Address.
    pub url: Option<String>,
    /// Language of texts that say none; empty text for none.
    pub language: Option<String>,
    /// Hours between harvests.
    pub every_hours: Option<i64>,
    /// What a draft gets where a record does not say it.
    pub defaults: Option<Map<String, Value>>,
    /// Whether complete records are published at once.
    pub publishes: Option<bool>,
    /// Set of an OAI-PMH provider; empty text for none.
    pub set: Option<String>,
    /// Metadata prefix of an OAI-PMH provider; empty text for none.
    pub prefix: Option<String>,
    /// Whether it is harvested when it is due.
    pub is_active: Option<bool>,
}

/// Checks that the actor may set sources of the institution.
///
/// # Errors
/// Forbidden.
pub fn may_manage(acting: Acting<'_>, institution: &Slug) -> Result<(), Error> {
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    check(acting.actor, Action::SourceManage, &subject).map_err(|code| Error::Forbidden { code, action: Action::SourceManage })
}

/// Whether the actor may see to the sources of every institution.
pub fn may_manage_all(acting: Acting<'_>) -> bool {
    // About no institution, an editor's role of any would do: only the coordinator's counts here.
    acting.actor.has(Role::Coordinator, None) && check(acting.actor, Action::SourceManage, &Subject::default()).is_ok()
}

/// Declares a source of an institution.
///
/// # Errors
/// Forbidden, no such institution, or something of it is wrong.
pub fn declare(
    catalogue: &Catalogue,
    allowed_hosts: &[String],
    acting: Acting<'_>,
    institution: &Slug,
    setting: Setting,
) -> Result<HarvestSource, Error> {
    may_manage(acting, institution)?;
    if catalogue.institutions_by_slug(&[institution.to_string()])?.is_empty() {
        return Err(Error::NotFound(format!("institution `{institution}`")));
    }
    let row = SourceRow {
        id: Uuid::now_v7().to_string(),
        institution: institution.to_string(),
        kind: String::new(),
        url: String::new(),
        is_active: 1,
        next_run_at: None,
        revision: 0,
        doc: serde_json::to_string(&SourceDoc { every_hours: 24, declared_by: acting.actor.log_name(), ..SourceDoc::default() })?,
        progress: serde_json::to_string(&Progress::default())?,
        created_at: acting.now,
        updated_at: acting.now,
    };
    let source = apply(catalogue, allowed_hosts, acting, HarvestSource::of(row)?, setting)?;
    catalogue.db.write(|conn, ledger| {
        log(conn, ledger, acting, "CREATED", None, Some(&source))?;
        sources::insert(conn, &source.row)?;
        Ok(source)
    })
}

/// Changes a source.
///
/// # Errors
/// Not found, forbidden, changed by another since, or something of it is wrong.
pub fn change(
    catalogue: &Catalogue,
    allowed_hosts: &[String],
    acting: Acting<'_>,
    id: &str,
    expected: Option<i64>,
    setting: Setting,
) -> Result<HarvestSource, Error> {
    let before = of_actor(catalogue, acting, id)?;
    let mut next = apply(catalogue, allowed_hosts, acting, before.clone(), setting)?;
    catalogue.db.write(|conn, ledger| {
        let row = sources::by_id(conn, id)?.ok_or_else(|| unknown(id))?;
        let present = row.revision;
        if present != before.row.revision || expected.is_some_and(|expected| expected != present) {
            let seen = expected.unwrap_or(before.row.revision);
            return Err(Error::Conflict(format!("revision {present} is there, you have seen {seen}; read the source again")));
        }
        // A run may have gone on meanwhile.
        let now = HarvestSource::of(row)?;
        if next.is_at(&before) {
            (next.progress, next.row.progress) = (now.progress, now.row.progress);
        }
        if next.row.next_run_at == before.row.next_run_at {
            next.row.next_run_at = now.row.next_run_at;
        }
        log(conn, ledger, acting, "UPDATED", Some(&before), Some(&next))?;
        sources::update(conn, &next.row)?;
        Ok(next)
    })
}

/// What became of the copies of another registry's records when the source was removed that had brought them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Copies that were taken out of sight, since nobody follows their registry any more.
    pub hidden: u64,
    /// Copies that stay, since another source of the same registry takes them over.
    pub kept: u64,
}

/// Removes a source. Drafts and records that came from it stay, and say where they came from. Copies of another registry's records must
/// not outlive it: they go out of sight, unless another source of that registry is harvested, which is asked to take them over.
///
/// # Errors
/// Not found, or forbidden.
pub fn remove(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<Removed, Error> {
    let source = of_actor(catalogue, acting, id)?;
    let mut removed = Removed::default();
    loop {
        let (ids, is_done) = catalogue.db.write(|conn, ledger| {
            let heir = heir(conn, &source)?;
            let copies = if heir.is_some() { Vec::new() } else { sources::copies(conn, id, HIDDEN_AT_ONCE)? };
            let mut ids = Vec::new();
            for row in &copies {
                if copies::hide(conn, ledger, row, acting.now)? {
                    ids.push(super::super::catalogue::read_id(&row.dataset_id)?);
                }
                sources::set_gone(conn, id, &row.record_key, Some(acting.now))?;
            }
            // The source goes with the last of its copies, so that what is broken off can be done again.
            let is_done = (copies.len() as i64) < HIDDEN_AT_ONCE;
            if is_done {
                if let Some(heir) = heir {
                    removed.kept = u64::try_from(sources::count_copies(conn, id)?).unwrap_or_default();
                    ask_for_all(conn, heir, acting.now)?;
                }
                log(conn, ledger, acting, "REMOVED", Some(&source), None)?;
                sources::remove(conn, id)?;
            }
            Ok::<_, Error>((ids, is_done))
        })?;
        removed.hidden += ids.len() as u64;
        catalogue.forget(&ids, false);
        if is_done {
            return Ok(removed);
        }
    }
}

/// Another source that is harvested and copies the same registry.
fn heir(conn: &mut Conn, source: &HarvestSource) -> Result<Option<HarvestSource>, Error> {
    let copies = |source: &HarvestSource| source.kind() == ImportFormat::Rihla && is_registry(&source.row.url);
    if !copies(source) {
        return Ok(None);
    }
    for row in sources::list(conn, None)? {
        let other = HarvestSource::of(row)?;
        let is_same = registry_base(&other.row.url) == registry_base(&source.row.url);
        if other.row.id != source.row.id && other.is_active() && copies(&other) && is_same {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// Has all of a source read at its next run, at once, whoever begins that.
fn ask_for_all(conn: &mut Conn, source: HarvestSource, now: i64) -> Result<(), Error> {
    let asked = Some(Asked { is_whole: true, ..source.progress.asked.unwrap_or_default() });
    // A harvest at the console brings its own wish: what was learnt until now is forgotten too.
    let progress = Progress { last_run_at: source.progress.last_run_at, asked, ..Progress::default() };
    Ok(sources::note_progress(conn, &source.row.id, &serde_json::to_string(&progress)?, Some(now))?)
}

/// The source with this identifier, if the actor may see to it.
///
/// # Errors
/// Not found, which is also said to those who may not know of it.
pub fn of_actor(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<HarvestSource, Error> {
    let row = catalogue.db.read(|conn| sources::by_id(conn, id))?.ok_or_else(|| unknown(id))?;
    let source = HarvestSource::of(row)?;
    match may_manage(acting, &source.institution()?) {
        Err(Error::Forbidden { code, .. }) if code != RefusalCode::ScopeRequired => Err(unknown(id)),
        done => done.map(|()| source),
    }
}

/// Sources that the actor may see to, of one institution or of all.
///
/// # Errors
/// The database is unavailable.
pub fn list(catalogue: &Catalogue, acting: Acting<'_>, institution: Option<&Slug>) -> Result<Vec<HarvestSource>, Error> {
    let only = institution.map(|slug| vec![slug.to_string()]);
    let rows = catalogue.db.read(|conn| sources::list(conn, only.as_deref()))?;
    let mut seen = Vec::new();
    for row in rows {
        let source = HarvestSource::of(row)?;
        if may_manage(acting, &source.institution()?).is_ok() {
            seen.push(source);
        }
    }
    Ok(seen)
}

/// Makes a source due now.
///
/// # Errors
/// Not found, or forbidden.
pub fn ask(catalogue: &Catalogue, acting: Acting<'_>, id: &str, asked: Asked) -> Result<HarvestSource, Error> {
    if !of_actor(catalogue, acting, id)?.is_active() {
        let remedy = "the source is switched off, so that it is not harvested; switch it on first";
        return Err(Error::Invalid(vec![Problem::new("isActive", false, remedy)]));
    }
    catalogue.db.write(|conn, _| {
        let mut source = HarvestSource::of(sources::by_id(conn, id)?.ok_or_else(|| unknown(id))?)?;
        source.progress.asked = Some(asked);
        source.row.progress = serde_json::to_string(&source.progress)?;
        source.row.next_run_at = Some(acting.now);
        sources::note_progress(conn, id, &source.row.progress, source.row.next_run_at)?;
        Ok(source)
    })
}

/// Runs of a source, newest first.
///
/// # Errors
/// The database is unavailable.
pub fn runs(catalogue: &Catalogue, source: &HarvestSource, limit: i64) -> Result<Vec<Run>, Error> {
    let rows = catalogue.db.read(|conn| sources::runs_of_source(conn, &source.row.id, limit))?;
    rows.into_iter().map(Run::of).collect()
}

/// Records of a source that it does not have any more, in the order of their keys.
///
/// # Errors
/// The database is unavailable.
pub fn gone(catalogue: &Catalogue, source: &HarvestSource, limit: i64) -> Result<Vec<Origin>, Error> {
    let rows = catalogue.db.read(|conn| sources::gone(conn, &source.place(), limit))?;
    rows.into_iter().map(Origin::of).collect()
}

fn unknown(id: &str) -> Error {
    Error::NotFound(format!("source `{id}`"))
}

/// Puts what somebody sets in its place, and checks all of it.
fn apply(
    catalogue: &Catalogue,
    allowed_hosts: &[String],
    acting: Acting<'_>,
    mut source: HarvestSource,
    setting: Setting,
) -> Result<HarvestSource, Error> {
    let mut problems = Vec::new();
    let institution = source.institution()?;
    let before = source.clone();
    if let Some(kind) = setting.kind {
        source.row.kind = kind.code().to_owned();
    }
    if let Some(url) = setting.url {
        match check_address(url.trim(), allowed_hosts) {
            Ok(checked) => source.row.url = checked.to_string(),
            Err(remedy) => problems.push(Problem::new("url", url, remedy)),
        }
    }
    if let Some(name) = setting.name {
        source.doc.name = name.trim().to_owned();
    }
    if let Some(language) = setting.language {
        match (language.trim(), LanguageTag::parse(language.trim())) {
            ("", _) => source.doc.language = None,
            (_, Ok(tag)) => source.doc.language = Some(tag),
            (_, Err(remedy)) => problems.push(Problem::new("language", language, remedy)),
        }
    }
    if let Some(hours) = setting.every_hours {
        source.doc.every_hours = hours;
    }
    if let Some(defaults) = setting.defaults {
        source.doc.defaults = defaults;
    }
    let wanted = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(set) = setting.set {
        source.doc.set = wanted(set);
    }
    if let Some(prefix) = setting.prefix {
        source.doc.prefix = wanted(prefix);
    }
    if let Some(publishes) = setting.publishes {
        source.doc.publishes = publishes;
    }
    if let Some(is_active) = setting.is_active {
        source.row.is_active = i64::from(is_active);
    }
    // To publish is the owner's affair, and not of whoever describes: neither that it is done, nor what is published.
    let is_same = source.is_at(&before) && (&source.doc.defaults, &source.doc.language) == (&before.doc.defaults, &before.doc.language);
    if source.doc.publishes && !(before.doc.publishes && is_same) {
        let subject = Subject { state: Some(State::Validated), institution: Some(&institution), ..Subject::default() };
        check(acting.actor, Action::Publish, &subject).map_err(|code| Error::Forbidden { code, action: Action::Publish })?;
    }
    check_setting(catalogue, &source, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if source.kind() == ImportFormat::Rihla && is_registry(&source.row.url) && !may_manage_all(acting) {
        // Its records are published here as they are there: whom to believe is the coordinator's affair.
        return Err(Error::Forbidden { code: RefusalCode::RoleRequired, action: Action::SourceManage });
    }
    let is_new = source.row.revision == 0;
    if !source.is_at(&before) {
        // Elsewhere nothing is known yet of what has changed.
        source.progress = Progress::default();
    }
    if is_new || source.doc.every_hours != before.doc.every_hours {
        source.row.next_run_at = (source.doc.every_hours > 0).then_some(acting.now);
    }
    source.row.revision += 1;
    source.row.updated_at = acting.now;
    source.row.doc = serde_json::to_string(&source.doc)?;
    source.row.progress = serde_json::to_string(&source.progress)?;
    Ok(source)
}

fn check_setting(catalogue: &Catalogue, source: &HarvestSource, problems: &mut Vec<Problem>) {
    let doc = &source.doc;
    if source.row.kind.is_empty() {
        problems.push(Problem::new("kind", "", "say what the source gives, such as OAI_PMH, CKAN or DCAT"));
    }
    if source.row.url.is_empty() && !problems.iter().any(|problem| problem.field == "url") {
        problems.push(Problem::new("url", "", "give the address of the source"));
    }
    if doc.name.is_empty() || doc.name.chars().count() > LONGEST_NAME {
        problems.push(Problem::new("name", &doc.name, format!("give the source a name of at most {LONGEST_NAME} characters")));
    }
    for (field, text) in [("name", Some(&doc.name)), ("set", doc.set.as_ref()), ("prefix", doc.prefix.as_ref())] {
        if let Some(Err(remedy)) = text.map(|text| check_characters(text)) {
            problems.push(Problem::new(field, "", remedy));
        }
    }
    if !(0..=LONGEST_PAUSE).contains(&doc.every_hours) {
        let remedy = format!("give the hours between harvests, from 1 to {LONGEST_PAUSE}; 0 for only when somebody asks");
        problems.push(Problem::new("everyHours", doc.every_hours, remedy));
    }
    let at = |problem: Problem| Problem { field: format!("defaults.{}", problem.field), ..problem };
    for fixed in ["slug", "identifier", "status", "producer", "titles"] {
        if doc.defaults.contains_key(fixed) {
            problems.push(Problem::new(format!("defaults.{fixed}"), "", "is of each record, and cannot be the same for all; leave it out"));
        }
    }
    // A part of a record may be there without the rest of it.
    let mut whole = doc.defaults.clone();
    if let Some(Value::Object(methodology)) = whole.get_mut("methodology") {
        methodology.entry("sourceType").or_insert_with(|| json!("HOUSEHOLD_SURVEY_SPECIALISED"));
    }
    match read_part::<DatasetDraft>(Value::Object(whole)) {
        Ok(draft) => {
            let named = |problem: &Problem| doc.defaults.keys().any(|key| problem.field.starts_with(key.as_str()));
            let found = draft.validate(&catalogue.concepts).err().unwrap_or_default();
            problems.extend(found.into_iter().filter(|problem| !problem.value.is_empty() && named(problem)).map(at));
        }
        Err(found) => problems.extend(found.into_iter().map(at)),
    }
}

fn log(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    before: Option<&HarvestSource>,
    after: Option<&HarvestSource>,
) -> Result<(), Error> {
    let state = |source: &HarvestSource| {
        let row = &source.row;
        json!({
            "institution": row.institution, "kind": row.kind, "url": row.url, "isActive": row.is_active == 1, "revision": row.revision, "set": source.doc,
        })
        .to_string()
    };
    let Some(subject) = after.or(before) else { return Ok(()) };
    let (was, is) = (before.map(state), after.map(state));
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: "SOURCE",
        entity_id: &subject.row.id,
        known_to: KnownTo::Auditors,
        before: was.as_deref(),
        after: is.as_deref(),
    };
    ledger.append(conn, &change)?;
    Ok(())
}
