//! Access desks: how a holder handles requests. Set by its access officer, for one holding or for all.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use crate::domain::access_request::desk::{Desk, MAX_PERSONS};
use crate::domain::ids::Slug;
use crate::domain::policy::{Action, Actor, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{AccessLevel, PublicationStatus, RefusalCode, RequestChannel, RequestedData};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::entitlements::{self as table, DeskRow};
use crate::store::{Conn, persons};

use super::super::drafts::{Acting, clash};
use super::super::{Catalogue, Error, Record};
use super::leaving;

/// A desk with its revision.
#[derive(Clone, Debug)]
pub struct Known {
    /// The holder.
    pub institution: Slug,
    /// The holding; none for all that have no desk of their own.
    pub holding: Option<Uuid>,
    /// Revision; 0 where the holder has set nothing.
    pub revision: i64,
    /// The desk.
    pub desk: Desk,
}

/// The desk that handles requests for a holding: its own, else that of the institution, else the catalogue's terms, closed.
///
/// # Errors
/// A statement failed.
pub fn in_force(conn: &mut Conn, institution: &str, holding: &str) -> Result<Desk, Error> {
    let own = table::desk(conn, institution, holding)?;
    let row = match own {
        Some(row) => Some(row),
        None => table::desk(conn, institution, "")?,
    };
    Ok(row.map(|row| serde_json::from_str(&row.doc)).transpose()?.unwrap_or_default())
}

/// Whether the actor may set the desks of an institution.
///
/// # Errors
/// Forbidden.
pub fn may_manage(actor: &Actor, institution: &Slug) -> Result<(), Error> {
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    check(actor, Action::AccessDeskManage, &subject).map_err(|code| Error::Forbidden { code, action: Action::AccessDeskManage })
}

/// A desk as its access officers see it.
///
/// # Errors
/// Forbidden.
pub fn desk(catalogue: &Catalogue, actor: &Actor, institution: &Slug, holding: Option<Uuid>) -> Result<Known, Error> {
    may_manage(actor, institution)?;
    let holding_id = holding.map(|id| id.to_string()).unwrap_or_default();
    let row = catalogue.db.read(|conn| table::desk(conn, institution.as_str(), &holding_id))?;
    let desk = row.as_ref().map(|row| serde_json::from_str(&row.doc)).transpose()?.unwrap_or_default();
    Ok(Known { institution: institution.clone(), holding, revision: row.map_or(0, |row| row.revision), desk })
}

/// Sets the desk of an institution, or of one of its holdings.
///
/// # Errors
/// Forbidden, not found, invalid (every problem named), or written by another since.
pub fn put(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    institution: &Slug,
    holding: Option<Uuid>,
    expected: i64,
    desk: Desk,
) -> Result<Known, Error> {
    may_manage(acting.actor, institution)?;
    let problems = desk.problems();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let holding_id = holding.map(|id| id.to_string()).unwrap_or_default();
    catalogue.db.write(|conn, ledger| {
        check_places(conn, institution, &holding_id)?;
        leaving::check_named(conn, institution, &desk.terms)?;
        let earlier = table::desk(conn, institution.as_str(), &holding_id)?;
        let present = earlier.as_ref().map_or(0, |row| row.revision);
        let id = earlier.as_ref().map_or_else(|| Uuid::now_v7().to_string(), |row| row.id.clone());
        if present != expected {
            return Err(clash(conn, "ACCESS_DESK", &id, expected, present)?);
        }
        let row = DeskRow {
            id,
            institution: institution.to_string(),
            holding_id: holding_id.clone(),
            revision: present + 1,
            doc: serde_json::to_string(&desk)?,
            updated_at: acting.now,
        };
        write(conn, ledger, acting, earlier.as_ref(), &row)?;
        Ok(Known { institution: institution.clone(), holding, revision: row.revision, desk })
    })
}

/// Writes the row of a desk, with its change in the log.
///
/// # Errors
/// A statement failed.
pub fn write(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, earlier: Option<&DeskRow>, row: &DeskRow) -> Result<(), Error> {
    let about = |row: &DeskRow| json!({ "institution": row.institution, "holding": row.holding_id, "desk": row.doc }).to_string();
    ledger.append(
        conn,
        &NewChange {
            at: acting.now,
            actor: &acting.actor.log_name(),
            kind: "DESK_SET",
            entity: "ACCESS_DESK",
            entity_id: &row.id,
            known_to: KnownTo::Auditors,
            before: earlier.map(about).as_deref(),
            after: Some(&about(row)),
        },
    )?;
    Ok(table::put_desk(conn, row)?)
}

fn check_places(conn: &mut Conn, institution: &Slug, holding_id: &str) -> Result<(), Error> {
    let known = crate::store::institutions::by_slugs(conn, &[institution.to_string()])?.pop();
    let known = known.ok_or_else(|| Error::NotFound(format!("institution `{institution}`")))?;
    if holding_id.is_empty() {
        return Ok(());
    }
    let held = crate::store::datasets::holdings_by_ids(conn, &[holding_id.to_owned()])?.pop();
    match held {
        Some(row) if row.institution_id == known.id => Ok(()),
        _ => Err(Error::NotFound(format!("holding `{holding_id}` of `{institution}`"))),
    }
}

/// Persons by their e-mail addresses, for the deciders, advisers and deputies of a desk, in one statement.
///
/// # Errors
/// Too many, or every address that has no account, or is named twice, is named.
pub fn persons_by_email(catalogue: &Catalogue, field: &str, emails: &[String]) -> Result<Vec<Uuid>, Error> {
    if emails.len() > MAX_PERSONS {
        let remedy = format!("name at most {MAX_PERSONS} persons");
        return Err(Error::Invalid(vec![Problem::new(field, emails.len(), remedy)]));
    }
    let addresses: Vec<String> = emails.iter().map(|email| email.trim().to_lowercase()).collect();
    let rows = catalogue.db.read(|conn| persons::by_emails(conn, &addresses))?;
    let (mut problems, mut found) = (Vec::new(), Vec::new());
    for (place, (email, address)) in emails.iter().zip(&addresses).enumerate() {
        match rows.iter().find(|row| row.disabled_at.is_none() && row.email.as_ref() == Some(address)) {
            Some(row) => match super::super::catalogue::read_id(&row.id)? {
                id if found.contains(&id) => {
                    problems.push(Problem::new(format!("{field}[{place}]"), email, "is named twice; name the person once"));
                }
                id => found.push(id),
            },
            None => problems.push(Problem::new(format!("{field}[{place}]"), email, "has no account here; invite the person first")),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(Error::Invalid(problems)) }
}

/// Desks of one institution: each with its holding, none for the one that stands for all others.
pub type Desks = Vec<(Option<Uuid>, Desk)>;

/// The desks of institutions, in one statement.
///
/// # Errors
/// The database is unavailable.
pub fn of_institutions(catalogue: &Catalogue, slugs: &[String]) -> Result<HashMap<String, Desks>, Error> {
    by_institution(catalogue.db.read(|conn| table::desks_of(conn, slugs))?)
}

/// The same as a transaction has them.
///
/// # Errors
/// The statement failed.
pub fn within(conn: &mut Conn, slugs: &[String]) -> Result<HashMap<String, Desks>, Error> {
    by_institution(table::desks_of(conn, slugs)?)
}

fn by_institution(rows: Vec<DeskRow>) -> Result<HashMap<String, Desks>, Error> {
    let mut found: HashMap<String, Desks> = HashMap::new();
    for row in rows {
        let holding = if row.holding_id.is_empty() { None } else { Some(super::super::catalogue::read_id(&row.holding_id)?) };
        found.entry(row.institution).or_default().push((holding, serde_json::from_str(&row.doc)?));
    }
    Ok(found)
}

/// The desk of a holding: its own, else that of the institution; none where the holder has set none.
pub fn choose(desks: &[(Option<Uuid>, Desk)], holding: Uuid) -> Option<&Desk> {
    let of = |wanted: Option<Uuid>| desks.iter().find(|(known, _)| *known == wanted).map(|(_, desk)| desk);
    of(Some(holding)).or_else(|| of(None))
}

/// Why a holding cannot be asked for in the catalogue; none where it can. The desks are those of its holder, among others.
pub fn refusals(actor: &Actor, record: &Record, holding: Uuid, desks: &HashMap<String, Desks>) -> Vec<RefusalCode> {
    let holder = record.holdings().find(|(id, _)| id.0 == holding).map(|(_, held)| held.institution.as_str());
    let desk = holder.and_then(|slug| desks.get(slug)).and_then(|desks| choose(desks, holding));
    refusals_among(actor, record, holding, desk)
}

/// The same, where the desk of the holding is known.
pub fn refusals_among(actor: &Actor, record: &Record, holding: Uuid, desk: Option<&Desk>) -> Vec<RefusalCode> {
    let mut reasons = Vec::new();
    if record.dataset.status == PublicationStatus::Retired {
        reasons.push(RefusalCode::RetiredRecord);
    }
    // Of a stub the terms are not shown, and its desk is written to.
    if record.dataset.hidden.iter().any(|(_, reason)| *reason == RefusalCode::StubRecord) {
        reasons.push(RefusalCode::StubRecord);
    }
    match record.holdings().find(|(id, _)| id.0 == holding) {
        None => reasons.push(RefusalCode::OutsideCatalogue),
        Some((_, held)) => {
            let terms = &held.access_terms;
            let is_other_way = matches!(terms.channel, RequestChannel::Url | RequestChannel::Desk);
            if is_other_way || !desk.is_some_and(|desk| desk.is_open) {
                reasons.push(RefusalCode::OutsideCatalogue);
            }
            let levels = [terms.aggregates, terms.microdata];
            if levels.iter().all(|level| matches!(level, AccessLevel::NotShared | AccessLevel::NotApplicable)) {
                reasons.push(RefusalCode::NotShared);
            }
            if levels.iter().all(|level| needs_no_request(*level) || *level == AccessLevel::NotApplicable) {
                reasons.push(RefusalCode::NoRequestNeeded);
            }
        }
    }
    if actor.person().is_none() {
        reasons.push(RefusalCode::SignInRequired);
    }
    reasons
}

/// Whether data of this level are there for anyone.
fn needs_no_request(level: AccessLevel) -> bool {
    matches!(level, AccessLevel::Open | AccessLevel::Puf)
}

/// Whether a level can be asked for.
///
/// # Errors
/// Why not, in a sentence.
pub fn can_ask(record: &Record, holding: Uuid, data: RequestedData) -> Result<(), String> {
    let Some((_, held)) = record.holdings().find(|(id, _)| id.0 == holding) else { return Ok(()) };
    let level = match data {
        RequestedData::Aggregates => held.access_terms.aggregates,
        RequestedData::Microdata => held.access_terms.microdata,
    };
    match level {
        AccessLevel::NotShared => Err("the holder does not share these data".to_owned()),
        AccessLevel::NotApplicable => Err("there are no microdata".to_owned()),
        level if needs_no_request(level) => Err("these data are open; no request is needed".to_owned()),
        _ => Ok(()),
    }
}
