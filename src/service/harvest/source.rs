//! Sources: declared by an institution's editor or the coordinator, changed, and removed. What came from one stays, but for copies of another registry's records.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{ImportFormat, RefusalCode, Role, Vocabulary};
use crate::store::Conn;
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::sources::{self, SourceRow};

use super::super::drafts::Acting;
use super::super::intake::{Origin, Run};
use super::super::{Catalogue, Error};
use super::run::Asked;

mod progress;
mod removal;
mod setting;

pub use progress::{KnownPage, Progress, Resume};
pub use removal::{Removed, remove};
pub use setting::Setting;
use setting::apply;

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
        for row in sources::list(conn, Some(&[institution.to_string()]))? {
            // One registry may be followed by several sources: its records are copied once, and the next source takes them over.
            if source.kind() != ImportFormat::Rihla && HarvestSource::of(row)?.is_at(&source) {
                let remedy =
                    "is a source of the institution already, and its records would come in twice; change that source, or have it harvested";
                return Err(Error::Invalid(vec![Problem::new("url", &source.row.url, remedy)]));
            }
        }
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

/// Writes into the change log how a source was and how it is.
///
/// # Errors
/// The statement failed.
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
