//! Writing agreements: registered as drafts by a party, signed by every party, suspended, resumed, terminated.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::agreement::{ANNOTATIONS, Agreement, Covered, date_on, decide, step::action_of};
use crate::domain::ids::{Slug, hex};
use crate::domain::policy::{self, Action, Actor, AgreementSight, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::vocabulary::{AgreementCommand, AgreementRenewal, AgreementState, AgreementVisibility, InstitutionKind, Vocabulary};
use crate::service::catalogue::{day_of, read_id, read_institution, records_within};
use crate::service::drafts::{Acting, clash};
use crate::service::life::reason;
use crate::service::{Catalogue, Error};
use crate::store::agreements::{self as table, AgreementRow, PartyRow, SignatureRow};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::{Conn, persons};

use super::{AgreementRecord, ENTITY, allow, rule_state};

/// Registers an agreement as a draft, in the name of a party.
///
/// # Errors
/// Forbidden, or invalid.
pub fn create(catalogue: &Catalogue, acting: Acting<'_>, mut doc: Map<String, Value>) -> Result<AgreementRecord, Error> {
    doc.retain(|key, value| key != "standing" && !value.is_null());
    doc.entry("visibility").or_insert_with(|| json!(AgreementVisibility::Parties));
    let agreement = read_agreement(doc)?;
    let action = Action::AgreementCreate;
    allow(acting.actor, action, None, &agreement.signatories()).map_err(|code| Error::Forbidden { code, action })?;
    catalogue.db.write(|conn, ledger| {
        check_content(conn, acting.actor, &agreement, None)?;
        let row = AgreementRow {
            id: Uuid::now_v7().to_string(),
            number: ledger.next_seq(),
            kind: String::new(),
            state: String::new(),
            visibility: String::new(),
            starts_on: None,
            ends_on: None,
            revision: 1,
            doc: String::new(),
            created_by: acting.person_id(),
            signed_at: None,
            created_at: acting.now,
            updated_at: acting.now,
        };
        let row = filled(row, &agreement)?;
        log(conn, ledger, (&acting.actor.log_name(), acting.now), "CREATED", (None, &row), &[])?;
        table::insert(conn, &row)?;
        put_parties(conn, &row.id, &agreement)?;
        AgreementRecord::of(&row)
    })
}

/// The row with the agreement in it.
fn filled(row: AgreementRow, agreement: &Agreement) -> Result<AgreementRow, Error> {
    Ok(AgreementRow {
        kind: agreement.kind.code().to_owned(),
        state: agreement.standing.state.code().to_owned(),
        visibility: agreement.visibility.code().to_owned(),
        starts_on: agreement.starts_on.map(|date| date.to_string()),
        ends_on: agreement.ends_on.map(|date| date.to_string()),
        doc: serde_json::to_string(agreement)?,
        ..row
    })
}

fn put_parties(conn: &mut Conn, id: &str, agreement: &Agreement) -> Result<(), Error> {
    let named = agreement.parties.iter().filter_map(|party| party.institution.as_ref().map(|slug| (slug, party.role)));
    let row = |(slug, role): (&Slug, crate::domain::vocabulary::PartyRole)| PartyRow {
        agreement_id: id.to_owned(),
        institution: slug.to_string(),
        role: role.code().to_owned(),
    };
    Ok(table::replace_parties(conn, id, &named.map(row).collect::<Vec<_>>())?)
}

/// Checks an agreement and what it names. What stood there before is not looked up again: another party may have named it.
fn check_content(conn: &mut Conn, actor: &Actor, agreement: &Agreement, before: Option<&Agreement>) -> Result<(), Error> {
    let mut problems = agreement.problems();
    if agreement.is_too_long() {
        return Err(Error::Invalid(problems));
    }
    let is_new = |covered: &Covered| before.is_none_or(|before| !before.covers.contains(covered));
    let named: Vec<(usize, &Covered)> = agreement.covers.iter().enumerate().filter(|(_, covered)| is_new(covered)).collect();
    let known = Known::of(conn, actor, agreement, &named)?;
    problems.extend(agreement.direction_problems(|slug: &Slug| known.institutions.get(slug.as_str()).copied()));
    for (index, party) in agreement.parties.iter().enumerate() {
        if let Some(slug) = party.institution.as_ref().filter(|slug| !known.institutions.contains_key(slug.as_str())) {
            let remedy = "is not an institution of this catalogue; correct the short name, or name a person by function";
            problems.push(Problem::new(format!("parties[{index}].institution"), slug, remedy));
        }
    }
    for (index, covered) in named {
        let (is_known, shown) = match covered {
            Covered::Dataset(id) => (known.datasets.contains(id), id.to_string()),
            Covered::Holding(id) => (known.holdings.contains(id), id.to_string()),
            Covered::HoldingsOf(slug) => (known.institutions.contains_key(slug.as_str()), slug.to_string()),
        };
        if !is_known {
            let remedy = "is not in this catalogue; name a dataset, holding or institution of it";
            problems.push(Problem::new(format!("covers[{index}]"), shown, remedy));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// What an agreement names and the actor may see, looked up all at once.
struct Known {
    institutions: HashMap<String, InstitutionKind>,
    datasets: HashSet<Uuid>,
    holdings: HashSet<Uuid>,
}

impl Known {
    fn of(conn: &mut Conn, actor: &Actor, agreement: &Agreement, named: &[(usize, &Covered)]) -> Result<Self, Error> {
        let mut slugs: Vec<String> = agreement.institutions().into_iter().map(ToString::to_string).collect();
        let (mut datasets, mut holdings) = (Vec::new(), Vec::new());
        for (_, covered) in named {
            match covered {
                Covered::Dataset(id) => datasets.push(*id),
                Covered::Holding(id) => holdings.push(id.to_string()),
                Covered::HoldingsOf(slug) => slugs.push(slug.to_string()),
            }
        }
        let mut institutions = HashMap::new();
        for row in crate::store::institutions::by_slugs(conn, &slugs)? {
            institutions.insert(row.slug.clone(), read_institution(&row)?.institution.kind);
        }
        let rows = crate::store::datasets::holdings_by_ids(conn, &holdings)?;
        let held = rows.iter().map(|row| Ok((read_id(&row.id)?, read_id(&row.dataset_id)?))).collect::<Result<Vec<_>, Error>>()?;
        datasets.extend(held.iter().map(|(_, dataset)| *dataset));
        let datasets: HashSet<Uuid> = records_within(conn, actor, &datasets)?.into_keys().collect();
        let holdings = held.into_iter().filter(|(_, dataset)| datasets.contains(dataset)).map(|(id, _)| id).collect();
        Ok(Self { institutions, datasets, holdings })
    }
}

/// An agreement as the transaction sees it.
struct Loaded {
    row: AgreementRow,
    agreement: Agreement,
    state: AgreementState,
}

/// Loads an agreement that the actor may know of.
fn load(conn: &mut Conn, acting: Acting<'_>, id: &str) -> Result<Loaded, Error> {
    let absent = || Error::NotFound(format!("agreement `{id}`"));
    let row = table::by_id(conn, id)?.ok_or_else(absent)?;
    let agreement = AgreementRecord::of(&row)?.agreement;
    let parties = agreement.institutions();
    // A token that was made for this and not for reading may do it.
    let is_party = acting.actor.institutions().iter().any(|slug| parties.contains(slug));
    let sight = policy::agreement_sight(acting.actor, &parties, row.signed_at.is_none(), agreement.visibility);
    if !is_party && sight == AgreementSight::Nothing {
        return Err(absent());
    }
    let state = agreement.state_on(day_of(acting.now));
    Ok(Loaded { row, agreement, state })
}

fn expect_revision(conn: &mut Conn, row: &AgreementRow, expected: i64) -> Result<(), Error> {
    if row.revision == expected { Ok(()) } else { Err(clash(conn, ENTITY, &row.id, expected, row.revision)?) }
}

/// Loads an agreement and checks that the actor may give the command, in the name of a party, and has seen its last state.
fn load_for(conn: &mut Conn, acting: Acting<'_>, action: Action, id: &str, expected: i64) -> Result<Loaded, Error> {
    let loaded = load(conn, acting, id)?;
    let state = Some(rule_state(loaded.state));
    allow(acting.actor, action, state, &loaded.agreement.signatories()).map_err(|code| Error::Forbidden { code, action })?;
    expect_revision(conn, &loaded.row, expected)?;
    Ok(loaded)
}

fn save(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    (before, next, agreement): (&AgreementRow, AgreementRow, &Agreement),
    fields: &[String],
) -> Result<AgreementRecord, Error> {
    let next = filled(AgreementRow { revision: before.revision + 1, updated_at: acting.now, ..next }, agreement)?;
    log(conn, ledger, (&acting.actor.log_name(), acting.now), kind, (Some(before), &next), fields)?;
    table::update(conn, &next)?;
    let signatures = table::signatures(conn, std::slice::from_ref(&next.id))?;
    Ok(AgreementRecord { signatures, ..AgreementRecord::of(&next)? })
}

/// How many people a visibility shows an agreement to, compared with others.
fn reach(visibility: AgreementVisibility) -> u8 {
    match visibility {
        AgreementVisibility::Public => 2,
        AgreementVisibility::Members => 1,
        AgreementVisibility::Parties => 0,
    }
}

/// Why a signed agreement stays hidden from those who could not read it when it was signed.
const NOT_WIDER: &str = "shows the agreement to more people than the parties have signed for; one of them alone can only show it to fewer, \
    and a new agreement that all of them sign can be for more";

/// Writes in an agreement: anything in a draft, of which the signatures are then void; afterwards contacts, document, and a visibility
/// for fewer people.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn update(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    id: &str,
    expected: i64,
    patch: Map<String, Value>,
) -> Result<AgreementRecord, Error> {
    catalogue.db.write(|conn, ledger| {
        let Loaded { row, agreement, state } = load_for(conn, acting, Action::AgreementUpdate, id, expected)?;
        if state != AgreementState::Draft {
            only_annotations(&patch)?;
        }
        let next = patched(&agreement, &patch)?;
        let is_shown_to_more = reach(next.visibility) > reach(agreement.visibility);
        if state != AgreementState::Draft && is_shown_to_more {
            return Err(Error::Invalid(vec![Problem::new("visibility", next.visibility.code(), NOT_WIDER)]));
        }
        check_content(conn, acting.actor, &next, Some(&agreement))?;
        let stays = allow(acting.actor, Action::AgreementUpdate, Some(rule_state(state)), &next.signatories());
        if stays.is_err() {
            let remedy = "your institution stays a party of an agreement that you write; its other parties can take it out";
            return Err(Error::Invalid(vec![Problem::new("parties", "", remedy)]));
        }
        // Who may read it is no term, and yet nobody has signed for more readers than it had.
        if next.text_hash()? != agreement.text_hash()? || is_shown_to_more {
            table::remove_signatures(conn, id)?;
            put_parties(conn, id, &next)?;
        }
        let fields: Vec<String> = patch.keys().cloned().collect();
        save(conn, ledger, acting, "UPDATED", (&row, row.clone(), &next), &fields)
    })
}

/// The agreement with given fields in place; null takes a field out.
fn patched(agreement: &Agreement, patch: &Map<String, Value>) -> Result<Agreement, Error> {
    let Value::Object(mut doc) = serde_json::to_value(agreement)? else {
        return Err(Error::Internal(anyhow::anyhow!("an agreement is no object")));
    };
    for (key, value) in patch.iter().filter(|(key, _)| *key != "standing") {
        if value.is_null() {
            doc.shift_remove(key);
        } else {
            doc.insert(key.clone(), value.clone());
        }
    }
    read_agreement(doc)
}

/// Reads an agreement from its JSON.
fn read_agreement(doc: Map<String, Value>) -> Result<Agreement, Error> {
    let missing = ["title", "kind", "parties", "visibility"].into_iter().filter(|field| !doc.contains_key(*field));
    let problems: Vec<Problem> = missing.map(|field| Problem::new(field, "", "every agreement has it; it cannot be left out")).collect();
    if problems.is_empty() { read_part(Value::Object(doc)).map_err(Error::Invalid) } else { Err(Error::Invalid(problems)) }
}

fn only_annotations(patch: &Map<String, Value>) -> Result<(), Error> {
    let terms = patch.keys().filter(|key| !ANNOTATIONS.contains(&key.as_str()));
    let remedy = "was signed and stays; only contacts, document and visibility can be changed, anything else needs a new agreement";
    let problems: Vec<Problem> = terms.map(|key| Problem::new(key.clone(), "", remedy)).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Signs an agreement for a party. With the last signature it is signed, and in force by its dates.
///
/// # Errors
/// Not found, forbidden, incomplete, another text than the signer has seen, or written by another since.
pub fn sign(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    id: &str,
    expected: i64,
    institution: &Slug,
    text_hash: &str,
) -> Result<AgreementRecord, Error> {
    catalogue.db.write(|conn, ledger| {
        let Loaded { row, mut agreement, state } = load(conn, acting, id)?;
        let action = Action::AgreementSign;
        let subject = Subject { state: Some(rule_state(state)), institution: Some(institution), ..Subject::default() };
        check(acting.actor, action, &subject).map_err(|code| Error::Forbidden { code, action })?;
        expect_revision(conn, &row, expected)?;
        let next_state = to(state, AgreementCommand::Sign)?;
        check_signature(&agreement, institution, text_hash)?;
        let mut signatures = table::signatures(conn, std::slice::from_ref(&row.id))?;
        if signatures.iter().any(|row| row.institution == institution.as_str()) {
            return Err(Error::Conflict(format!("`{institution}` has signed this text already")));
        }
        let person = persons::by_id(conn, &acting.person_id())?;
        let signature = SignatureRow {
            agreement_id: row.id.clone(),
            institution: institution.to_string(),
            person_id: acting.person_id(),
            function: person.map(|person| person.function).unwrap_or_else(|| acting.actor.log_name()),
            text_hash: text_hash.to_owned(),
            at: acting.now,
        };
        table::sign(conn, &signature)?;
        signatures.push(signature);
        let is_last = agreement.signatories().iter().all(|slug| signatures.iter().any(|row| row.institution == slug.as_str()));
        let mut next = row.clone();
        if is_last {
            agreement.standing.state = next_state;
            next.signed_at = Some(acting.now);
        }
        let kind = if is_last { "SIGNED" } else { "PARTY_SIGNED" };
        save(conn, ledger, acting, kind, (&row, next, &agreement), &["signatures".to_owned()])
    })
}

fn check_signature(agreement: &Agreement, institution: &Slug, text_hash: &str) -> Result<(), Error> {
    let mut problems = agreement.lacks();
    if !agreement.signatories().contains(&institution) {
        problems.push(Problem::new("institution", institution, "is no party that signs this agreement"));
    }
    if agreement.text_hash()? != text_hash {
        let remedy = "is not the hash of the present text; read the agreement again, and sign what you have read";
        problems.push(Problem::new("textHash", text_hash, remedy));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// The state that a command leads to.
fn to(state: AgreementState, command: AgreementCommand) -> Result<AgreementState, Error> {
    let next = decide(state, command).map_err(|code| Error::Forbidden { code, action: action_of(command) })?;
    Ok(next.unwrap_or(state))
}

fn turn(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    (id, expected): (&str, i64),
    command: AgreementCommand,
    why: Option<String>,
) -> Result<AgreementRecord, Error> {
    catalogue.db.write(|conn, ledger| {
        let Loaded { row, mut agreement, state } = load_for(conn, acting, action_of(command), id, expected)?;
        agreement.standing.state = to(state, command)?;
        agreement.standing.reason = why;
        let kind = if command == AgreementCommand::Resume { "RESUMED" } else { agreement.standing.state.code() };
        save(conn, ledger, acting, kind, (&row, row.clone(), &agreement), &["state".to_owned()])
    })
}

/// Suspends an agreement, with a reason that the parties read.
///
/// # Errors
/// Not found, forbidden, no reason, or written by another since.
pub fn suspend(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64, why: &str) -> Result<AgreementRecord, Error> {
    turn(catalogue, acting, (id, expected), AgreementCommand::Suspend, Some(reason("reason", why)?))
}

/// Puts a suspended agreement in force again.
///
/// # Errors
/// Not found, forbidden, or written by another since.
pub fn resume(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64) -> Result<AgreementRecord, Error> {
    turn(catalogue, acting, (id, expected), AgreementCommand::Resume, None)
}

/// Terminates an agreement at once, or gives a draft up.
///
/// # Errors
/// Not found, forbidden, no reason, or written by another since.
pub fn terminate(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64, why: &str) -> Result<AgreementRecord, Error> {
    turn(catalogue, acting, (id, expected), AgreementCommand::Terminate, Some(reason("reason", why)?))
}

/// Gives notice: an agreement that is renewed tacitly ends with the present span, or with the next where the notice comes late.
///
/// # Errors
/// Not found, forbidden, not renewed tacitly, no reason, or written by another since.
pub fn give_notice(catalogue: &Catalogue, acting: Acting<'_>, id: &str, expected: i64, why: &str) -> Result<AgreementRecord, Error> {
    let why = reason("reason", why)?;
    let command = AgreementCommand::GiveNotice;
    catalogue.db.write(|conn, ledger| {
        let Loaded { row, mut agreement, state } = load_for(conn, acting, action_of(command), id, expected)?;
        to(state, command)?;
        if agreement.renewal.kind != AgreementRenewal::Tacit || agreement.standing.notice_on.is_some() {
            let remedy = "the agreement is not renewed by itself, so that there is nothing to give notice of; terminate it, or let it end";
            return Err(Error::Invalid(vec![Problem::new("atEnd", "true", remedy)]));
        }
        agreement.standing.notice_on = date_on(day_of(acting.now));
        agreement.standing.reason = Some(why);
        save(conn, ledger, acting, "NOTICE_GIVEN", (&row, row.clone(), &agreement), &["state".to_owned()])
    })
}

/// Who may know of a change: of a draft and of an agreement between the parties only who reads the whole log.
fn known_to(row: &AgreementRow) -> KnownTo {
    match AgreementVisibility::parse(&row.visibility).filter(|_| row.signed_at.is_some()) {
        Some(AgreementVisibility::Public) => KnownTo::Public,
        Some(AgreementVisibility::Members) => KnownTo::Members,
        Some(AgreementVisibility::Parties) | None => KnownTo::Auditors,
    }
}

/// Of two groups of people the one that holds the other.
fn widest(one: KnownTo, other: KnownTo) -> KnownTo {
    match (one, other) {
        (KnownTo::Auditors, known) | (known, KnownTo::Auditors) => known,
        (one, other) if one.number() < other.number() => one,
        (_, other) => other,
    }
}

/// Writes a change into the log: where the agreement stands and which fields changed, never their content.
///
/// # Errors
/// The statement failed.
pub(super) fn log(
    conn: &mut Conn,
    ledger: &mut Ledger,
    (actor, at): (&str, i64),
    kind: &str,
    (before, after): (Option<&AgreementRow>, &AgreementRow),
    fields: &[String],
) -> Result<i64, Error> {
    let (was, is) = (before.map_or(KnownTo::Auditors, known_to), known_to(after));
    let known = widest(was, is);
    // Who has copied the agreement must learn that it is no longer theirs to read.
    let kind = if known == is { kind } else { "WITHDRAWN" };
    let state = |row: &AgreementRow| {
        let sha256 = hex(&Sha256::digest(row.doc.as_bytes()));
        json!({ "state": row.state, "visibility": row.visibility, "revision": row.revision, "sha256": sha256 })
    };
    let mut now = state(after);
    now["fields"] = json!(fields);
    let before = before.map(|row| state(row).to_string());
    let change = NewChange {
        at,
        actor,
        kind,
        entity: ENTITY,
        entity_id: &after.id,
        known_to: known,
        before: before.as_deref(),
        after: Some(&now.to_string()),
    };
    Ok(ledger.append(conn, &change)?)
}
