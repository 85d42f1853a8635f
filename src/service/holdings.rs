//! Holdings that an institution declares of another's dataset. They are the holder's statement until the producer confirms
//! them; then they become part of a new version of the record.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::diff::changed_keys;
use crate::domain::holding::Holding;
use crate::domain::ids::{DatasetId, Slug};
use crate::domain::policy::{Action, Actor, Audience, State, Subject, audience, check};
use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::vocabulary::{HoldingRole, HoldingState, PublicationStatus, Role, Vocabulary};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::copies::{self, ClaimRow};
use crate::store::datasets::{self, DatasetRow};
use crate::store::{Conn, institutions};

use super::drafts::{Acting, clash, log_draft};
use super::life::{Published, load_published, reason, rewrite};
use super::register::Entry;
use super::{Catalogue, Error};

/// A declared holding with its content.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The row.
    pub row: ClaimRow,
    /// The holding that is declared.
    pub holding: Holding,
}

impl Claim {
    fn of(row: ClaimRow) -> Result<Self, Error> {
        let holding = serde_json::from_str(&row.doc)?;
        Ok(Self { row, holding })
    }

    /// Where it stands.
    pub fn state(&self) -> HoldingState {
        HoldingState::parse(&self.row.state).unwrap_or(HoldingState::Declared)
    }
}

fn rule_state(state: HoldingState) -> State {
    match state {
        HoldingState::Declared => State::Declared,
        HoldingState::Confirmed => State::Confirmed,
        HoldingState::Contested => State::Contested,
        HoldingState::Withdrawn => State::Withdrawn,
    }
}

/// Reads a holding from its JSON and checks it by the rules of the record.
fn read_holding(institution: &Slug, mut doc: Map<String, Value>) -> Result<Holding, Error> {
    doc.insert("institution".to_owned(), json!(institution));
    let holding: Holding = read_part(Value::Object(doc)).map_err(Error::Invalid)?;
    let problems = crate::domain::draft::holding_problems(&holding);
    let own: Vec<Problem> =
        problems.into_iter().map(|p| Problem { field: p.field.trim_start_matches("holding.").to_owned(), ..p }).collect();
    if holding.role == HoldingRole::Producer {
        let remedy = "only the producer states that it is one; declare HOLDER or DISSEMINATOR";
        return Err(Error::Invalid(vec![Problem::new("role", holding.role.code(), remedy)]));
    }
    if own.is_empty() { Ok(holding) } else { Err(Error::Invalid(own)) }
}

/// Declares that an institution holds another's dataset.
///
/// # Errors
/// Not found, forbidden, invalid, or declared before.
pub fn declare(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    dataset: DatasetId,
    institution: &Slug,
    doc: Map<String, Value>,
) -> Result<Claim, Error> {
    if catalogue.institutions_by_slug(&[institution.to_string()])?.is_empty() {
        return Err(Error::NotFound(format!("institution `{institution}`")));
    }
    let holding = read_holding(institution, doc)?;
    catalogue.db.write(|conn, ledger| {
        let published = load_published(conn, acting, Action::HoldingDeclare, dataset, Some(institution), None)?;
        if published.dataset.producer.as_ref() == Some(institution) {
            let remedy = "the producer writes its own holdings in a working copy of the record";
            return Err(Error::Invalid(vec![Problem::new("institution", institution, remedy)]));
        }
        let earlier = copies::claim_of(conn, &published.row.id, institution.as_str(), holding.role.code())?;
        if earlier.as_ref().is_some_and(|row| row.state != HoldingState::Withdrawn.code()) {
            return Err(Error::Conflict("the institution has declared this holding already; change that declaration".to_owned()));
        }
        let row = ClaimRow {
            id: earlier.as_ref().map_or_else(|| Uuid::now_v7().to_string(), |row| row.id.clone()),
            dataset_id: published.row.id.clone(),
            institution: institution.to_string(),
            role: holding.role.code().to_owned(),
            doc: serde_json::to_string(&holding)?,
            state: HoldingState::Declared.code().to_owned(),
            reason: None,
            revision: earlier.as_ref().map_or(1, |row| row.revision + 1),
            declared_by: acting.person_id(),
            decided_by: None,
            created_at: earlier.as_ref().map_or(acting.now, |row| row.created_at),
            updated_at: acting.now,
            is_in_record: 0,
        };
        log_claim(conn, ledger, entry(acting, &acting.actor.log_name()), "DECLARED", earlier.as_ref(), &row, &published.dataset)?;
        match earlier {
            Some(_) => copies::update_claim(conn, &row)?,
            None => copies::insert_claim(conn, &row)?,
        }
        Claim::of(row)
    })
}

struct Loaded {
    claim: Claim,
    published: Published,
}

fn load(conn: &mut Conn, acting: Acting<'_>, action: Action, id: &str, expected: i64) -> Result<Loaded, Error> {
    let absent = || Error::NotFound(format!("declared holding `{id}`"));
    let claim = Claim::of(copies::claim(conn, id)?.ok_or_else(absent)?)?;
    let row = datasets::by_ids(conn, std::slice::from_ref(&claim.row.dataset_id))?.pop().ok_or_else(absent)?;
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    if !may_read(acting.actor, &claim, &dataset) {
        return Err(absent());
    }
    let holder = Slug::parse(&claim.row.institution).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
    let institution = if action == Action::HoldingDecide { dataset.producer.as_ref() } else { Some(&holder) };
    let subject = Subject { state: Some(rule_state(claim.state())), institution, ..Subject::default() };
    check(acting.actor, action, &subject).map_err(|code| Error::Forbidden { code, action })?;
    if claim.row.revision != expected {
        return Err(clash(conn, "HOLDING", id, expected, claim.row.revision)?);
    }
    Ok(Loaded { claim, published: Published { row, dataset } })
}

/// Whether the actor may know of a declaration: both institutions and the coordinator may; anyone once it is confirmed, in the record.
pub fn may_read(actor: &Actor, claim: &Claim, dataset: &Dataset) -> bool {
    let own = actor.institutions().iter().any(|slug| slug.as_str() == claim.row.institution || Some(*slug) == dataset.producer.as_ref());
    *actor == Actor::Console || own || actor.has(Role::Coordinator, None)
}

/// Changes the terms of a declared holding; a confirmed one waits for the producer again, and its confirmed terms stand meanwhile.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn update(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64, doc: Map<String, Value>) -> Result<Claim, Error> {
    let known = catalogue.db.read(|conn| copies::claim(conn, id))?.ok_or_else(|| Error::NotFound(format!("declared holding `{id}`")))?;
    let institution = Slug::parse(&known.institution).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
    catalogue.db.write(|conn, ledger| {
        let Loaded { claim, published } = load(conn, acting, Action::HoldingUpdate, id, expected)?;
        let mut doc = doc;
        doc.insert("role".to_owned(), json!(claim.holding.role));
        let holding = read_holding(&institution, doc)?;
        let mut next = claim.row.clone();
        next.doc = serde_json::to_string(&holding)?;
        next.state = HoldingState::Declared.code().to_owned();
        next.reason = None;
        save(conn, ledger, acting, "UPDATED", &claim.row, next, &published.dataset)
    })
}

fn save(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    before: &ClaimRow,
    mut next: ClaimRow,
    dataset: &Dataset,
) -> Result<Claim, Error> {
    next.revision += 1;
    next.updated_at = acting.now;
    log_claim(conn, ledger, entry(acting, &acting.actor.log_name()), kind, Some(before), &next, dataset)?;
    copies::update_claim(conn, &next)?;
    Claim::of(next)
}

/// Withdraws a declared holding. One that stands in the record because it was confirmed leaves it with a new version; what
/// the producer wrote itself stays.
///
/// # Errors
/// Not found, forbidden, or written by another since.
pub fn withdraw(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64) -> Result<Claim, Error> {
    let claim = catalogue.db.write(|conn, ledger| {
        let Loaded { claim, published } = load(conn, acting, Action::HoldingWithdraw, id, expected)?;
        let mut next = claim.row.clone();
        next.state = HoldingState::Withdrawn.code().to_owned();
        next.is_in_record = 0;
        let withdrawn = save(conn, ledger, acting, "WITHDRAWN", &claim.row, next, &published.dataset)?;
        if claim.row.is_in_record == 1 {
            let note = format!("{} ({}) –", claim.row.institution, claim.row.role);
            put_in_record(conn, ledger, acting, &published, &claim.holding, false, &note)?;
        }
        Ok::<_, Error>(withdrawn)
    })?;
    forget(catalogue, &claim)?;
    Ok(claim)
}

/// Confirms a declared holding for the producer: it becomes part of a new version of the record.
///
/// # Errors
/// Not found, forbidden, or written by another since.
pub fn confirm(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64) -> Result<Claim, Error> {
    let claim = catalogue.db.write(|conn, ledger| {
        let Loaded { claim, published } = load(conn, acting, Action::HoldingDecide, id, expected)?;
        let note = format!("{} ({}) +", claim.row.institution, claim.row.role);
        put_in_record(conn, ledger, acting, &published, &claim.holding, true, &note)?;
        let mut next = claim.row.clone();
        next.state = HoldingState::Confirmed.code().to_owned();
        next.is_in_record = 1;
        next.reason = None;
        next.decided_by = Some(acting.person_id());
        save(conn, ledger, acting, "CONFIRMED", &claim.row, next, &published.dataset)
    })?;
    forget(catalogue, &claim)?;
    Ok(claim)
}

/// Contests a declared holding for the producer, with a reason that the holder reads.
///
/// # Errors
/// Not found, forbidden, no reason, or written by another since.
pub fn contest(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64, why: &str) -> Result<Claim, Error> {
    let why = reason("reason", why)?;
    catalogue.db.write(|conn, ledger| {
        let Loaded { claim, published } = load(conn, acting, Action::HoldingDecide, id, expected)?;
        let mut next = claim.row.clone();
        next.state = HoldingState::Contested.code().to_owned();
        next.reason = Some(why);
        next.decided_by = Some(acting.person_id());
        save(conn, ledger, acting, "CONTESTED", &claim.row, next, &published.dataset)
    })
}

/// Brings declarations in line with a new version of the record: one that was confirmed, and whose holding the producer
/// left out, is contested from now on. Its holder is told as if it had been contested by hand.
///
/// # Errors
/// A statement failed.
pub fn reconcile(conn: &mut Conn, ledger: &mut Ledger, entry: Entry<'_>, row: &DatasetRow, dataset: &Dataset) -> Result<(), Error> {
    for claim in copies::claims_on(conn, std::slice::from_ref(&row.id))? {
        let stands = dataset.holdings.iter().any(|h| h.institution.as_str() == claim.institution && h.role.code() == claim.role);
        if claim.is_in_record == 0 || stands {
            continue;
        }
        let note = if entry.note.is_empty() { String::new() } else { format!(": {}", entry.note) };
        let next = ClaimRow {
            state: HoldingState::Contested.code().to_owned(),
            reason: Some(format!("Version {}{note}", row.version)),
            is_in_record: 0,
            revision: claim.revision + 1,
            decided_by: entry.actor.strip_prefix("person:").map(str::to_owned),
            updated_at: entry.now,
            ..claim.clone()
        };
        log_claim(conn, ledger, entry, "CONTESTED", Some(&claim), &next, dataset)?;
        copies::update_claim(conn, &next)?;
    }
    Ok(())
}

fn entry<'a>(acting: Acting<'_>, actor: &'a str) -> Entry<'a> {
    Entry { now: acting.now, actor, note: "" }
}

fn forget(catalogue: &Catalogue, claim: &Claim) -> Result<(), Error> {
    catalogue.forget(&[super::catalogue::read_id(&claim.row.dataset_id)?], false);
    Ok(())
}

/// Puts a holding into the published record and its working copy, or takes it out of both.
fn put_in_record(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    published: &Published,
    holding: &Holding,
    is_held: bool,
    note: &str,
) -> Result<(), Error> {
    if published.dataset.status != PublicationStatus::Published {
        return Ok(());
    }
    let mut dataset = published.dataset.clone();
    place(&mut dataset.holdings, holding, is_held);
    if dataset == published.dataset {
        return Ok(());
    }
    if let Some(mut copy) = copies::of_dataset(conn, &published.row.id)? {
        let before = copy.clone();
        let mut doc: Value = serde_json::from_str(&copy.doc)?;
        if let Some(mut held) = doc.get("holdings").and_then(|held| serde_json::from_value::<Vec<Holding>>(held.clone()).ok()) {
            place(&mut held, holding, is_held);
            doc["holdings"] = serde_json::to_value(held)?;
        }
        copy.doc = doc.to_string();
        // A copy that has missed a version before this one goes on to be told so.
        if copy.base_version == published.row.version {
            copy.base_version = published.row.version + 1;
        }
        copy.revision += 1;
        log_draft(conn, ledger, acting, "UPDATED", Some(&before), Some(&copy), json!({ "fields": ["holdings"] }))?;
        copies::update(conn, &copy)?;
    }
    rewrite(conn, ledger, acting, &published.row, dataset, note)
}

fn place(held: &mut Vec<Holding>, holding: &Holding, is_held: bool) {
    let same = held.iter().position(|known| known.institution == holding.institution && known.role == holding.role);
    match (same, is_held) {
        (Some(place), true) => held[place] = holding.clone(),
        (None, true) => held.push(holding.clone()),
        (Some(place), false) => {
            held.remove(place);
        }
        (None, false) => {}
    }
}

fn log_claim(
    conn: &mut Conn,
    ledger: &mut Ledger,
    entry: Entry<'_>,
    kind: &str,
    before: Option<&ClaimRow>,
    after: &ClaimRow,
    dataset: &Dataset,
) -> Result<(), Error> {
    let content = |row: &ClaimRow| serde_json::from_str::<Value>(&row.doc);
    let state = |row: &ClaimRow| -> Result<Value, Error> {
        Ok(json!({
            "dataset": row.dataset_id, "institution": row.institution, "producer": dataset.producer, "role": row.role,
            "state": row.state, "revision": row.revision, "reason": row.reason, "holding": content(row)?,
        }))
    };
    let was = before.map(content).transpose()?.unwrap_or_else(|| json!({}));
    let mut fields = changed_keys(&was, &content(after)?);
    if fields.is_empty() {
        fields.push("state".to_owned());
    }
    let mut now = state(after)?;
    now["fields"] = json!(fields);
    let before = before.map(state).transpose()?.map(|state| state.to_string());
    let change = NewChange {
        at: entry.now,
        actor: entry.actor,
        kind,
        entity: "HOLDING",
        entity_id: &after.id,
        known_to: KnownTo::Auditors,
        before: before.as_deref(),
        after: Some(&now.to_string()),
    };
    ledger.append(conn, &change)?;
    Ok(())
}

/// Whether the actor may read a declaration: with a token, only one that was made for reading.
fn may_see(actor: &Actor, claim: &Claim, dataset: &Dataset) -> bool {
    audience(actor) > Audience::Public && may_read(actor, claim, dataset)
}

/// Declarations on a dataset that the actor may know of.
///
/// # Errors
/// The database is unavailable.
pub fn on_dataset(catalogue: &Catalogue, actor: &Actor, id: DatasetId, dataset: &Dataset) -> Result<Vec<Claim>, Error> {
    let rows = catalogue.db.read(|conn| copies::claims_on(conn, &[id.to_string()]))?;
    let claims = rows.into_iter().map(Claim::of).collect::<Result<Vec<_>, _>>()?;
    Ok(claims.into_iter().filter(|claim| may_see(actor, claim, dataset)).collect())
}

/// Declarations by the actor's institutions, and on their datasets while they wait for a decision.
///
/// # Errors
/// The database is unavailable.
pub fn of_actor(catalogue: &Catalogue, actor: &Actor) -> Result<Vec<Claim>, Error> {
    let slugs: Vec<String> = actor.institutions().into_iter().map(ToString::to_string).collect();
    let rows = catalogue.db.read(|conn| {
        let mut rows = copies::claims_by(conn, &slugs)?;
        for slug in &slugs {
            if let Some(institution) = institutions::by_slugs(conn, std::slice::from_ref(slug))?.pop() {
                let own = datasets::ids_of_institution(conn, &institution.id, slug)?;
                rows.extend(copies::claims_on(conn, &own)?.into_iter().filter(|row| !slugs.contains(&row.institution)));
            }
        }
        Ok(rows)
    })?;
    let ids = rows.iter().map(|row| super::catalogue::read_id(&row.dataset_id)).collect::<Result<Vec<_>, _>>()?;
    let records = catalogue.records(actor, &ids)?;
    let mut found = Vec::new();
    for (row, id) in rows.into_iter().zip(ids) {
        let claim = Claim::of(row)?;
        if records.get(&id).is_some_and(|record| may_see(actor, &claim, &record.dataset)) {
            found.push(claim);
        }
    }
    Ok(found)
}

/// The declaration with this identifier, if the actor may know of it.
///
/// # Errors
/// The database is unavailable.
pub fn by_id(catalogue: &Catalogue, actor: &Actor, id: &str) -> Result<Option<Claim>, Error> {
    let Some(row) = catalogue.db.read(|conn| copies::claim(conn, id))? else { return Ok(None) };
    let claim = Claim::of(row)?;
    let dataset_id = super::catalogue::read_id(&claim.row.dataset_id)?;
    let record = catalogue.records(actor, &[dataset_id])?.remove(&dataset_id);
    Ok(record.is_some_and(|record| may_see(actor, &claim, &record.dataset)).then_some(claim))
}
