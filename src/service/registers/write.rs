//! Writing entries of the registers: made, changed, validated, answered, fulfilled, withdrawn. Every write is in the change log.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::{Slug, hex};
use crate::domain::policy::{Action, Actor, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::register::{Entry, OF_OTHERS, Step, Who, moves, row_of};
use crate::domain::vocabulary::{
    MaskableField, PublicationStatus, RefusalCode, RegisterCommand, RegisterKind, RegisterState, RegisterVisibility, Visibility, Vocabulary,
};
use crate::service::catalogue::records_within;
use crate::service::drafts::{Acting, clash};
use crate::service::life::{function_of, reason, remark};
use crate::service::{Catalogue, Clash, Error};
use crate::store::Conn;
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::registers::{self as table, EntryRow, LinkRow};

use super::content::{check_content, read_entry};
use super::{
    DATASET, ENTITY, EntryRecord, INSTITUTION, allowed, as_others_see, chain, has_its_records, is_open, keep_visible, may, pairs, refusal,
};

/// Most steps that one entry keeps.
const MOST_STEPS: usize = 500;
/// Most requests of one person that are open at once.
const MOST_OPEN: i64 = 50;
/// What is said of an offer of the institution that has the need.
pub(super) const OWN_OFFER: &str = "has this need itself, so that its own offer does not answer it; another institution makes one, or close the need, saying what became of it";
/// Commands that end an entry are taken however long its history is.
const ENDING: [RegisterCommand; 3] = [RegisterCommand::Close, RegisterCommand::Withdraw, RegisterCommand::Fulfil];

/// The state in which an entry of a kind begins, and what it takes to make one.
fn beginning(kind: RegisterKind) -> (RegisterState, Action) {
    match kind {
        RegisterKind::Challenge
        | RegisterKind::GoodPractice
        | RegisterKind::CapacityNeed
        | RegisterKind::Strategy
        | RegisterKind::Invitation
        | RegisterKind::Training
        | RegisterKind::MigrationProfile => (RegisterState::Draft, Action::RegisterWrite),
        RegisterKind::DataRequest => (RegisterState::Open, Action::RegisterAsk),
        RegisterKind::NotCollected | RegisterKind::FocalPoint => (RegisterState::Validated, Action::RegisterValidate),
        RegisterKind::Overlap => (RegisterState::Confirmed, Action::RegisterWrite),
        RegisterKind::ComparabilityNote | RegisterKind::DiscrepancyNote => (RegisterState::Proposed, Action::RegisterWrite),
    }
}

/// Makes an entry, in the name of an institution, or of nobody: then it speaks for the coordination, or is a member's own request. What the
/// coordinator writes down in the name of an institution waits for its validation.
///
/// # Errors
/// Forbidden, or invalid.
pub fn create(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    kind: RegisterKind,
    institution: Option<&Slug>,
    doc: Map<String, Value>,
) -> Result<EntryRecord, Error> {
    let (state, action) = beginning(kind);
    if kind == RegisterKind::NotCollected && institution.is_none() {
        let remedy = "name the institution that states it; what nobody says is no statement";
        return Err(Error::Invalid(vec![Problem::new("institution", "", remedy)]));
    }
    may_make(acting, action, institution, state)?;
    let entry = read_entry(Entry::blank(kind, state, institution.cloned()), doc, true)?;
    catalogue.db.write(|conn, ledger| {
        if kind == RegisterKind::DataRequest {
            let open = table::live_of(conn, kind.code(), &acting.person_id())?;
            if open >= MOST_OPEN {
                let remedy = format!("are open already; at most {MOST_OPEN} of one person: withdraw those that matter less");
                return Err(Error::Invalid(vec![Problem::new("", open, remedy)]));
            }
        }
        insert(catalogue, conn, ledger, acting, entry, institution.cloned(), None)
    })
}

/// Whether the actor may make an entry in this name. What only waits for validation can be written down by the coordinator for anyone.
fn may_make(acting: Acting<'_>, action: Action, institution: Option<&Slug>, state: RegisterState) -> Result<(), Error> {
    let actor = acting.actor;
    let action = if institution.is_none() && action != Action::RegisterAsk { Action::RegisterCoordinate } else { action };
    let forbidden = |code: RefusalCode| Error::Forbidden { code, action };
    check(actor, action, &Subject { institution, ..Subject::default() }).map_err(forbidden)?;
    let is_own = |slug: &Slug| *actor == Actor::Console || actor.institutions().contains(&slug);
    match institution {
        Some(slug) if !is_own(slug) && state != RegisterState::Draft => Err(forbidden(RefusalCode::RoleRequired)),
        _ => Ok(()),
    }
}

/// Inserts an entry that the actor was allowed to make.
pub(super) fn insert(
    catalogue: &Catalogue,
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    mut entry: Entry,
    name: Option<Slug>,
    note: Option<String>,
) -> Result<EntryRecord, Error> {
    check_content(catalogue, conn, acting, &entry, None)?;
    let id = Uuid::now_v7();
    entry.steps.push(step(conn, acting, None, entry.state, name, note)?);
    let row = EntryRow {
        id: id.to_string(),
        number: ledger.next_seq(),
        kind: entry.kind.code().to_owned(),
        state: String::new(),
        visibility: String::new(),
        institution: entry.institution.as_ref().map(ToString::to_string),
        revision: 1,
        doc: String::new(),
        created_by: acting.person_id(),
        created_at: acting.now,
        updated_at: acting.now,
    };
    let row = filled(row, &entry)?;
    log(conn, ledger, acting, "CREATE", (None, &row), &entry)?;
    table::insert(conn, &row)?;
    table::replace_links(conn, &row.id, &links(&row.id, &entry))?;
    seen_after(conn, acting, &row)
}

fn filled(row: EntryRow, entry: &Entry) -> Result<EntryRow, Error> {
    Ok(EntryRow {
        state: entry.state.code().to_owned(),
        visibility: entry.visibility.code().to_owned(),
        doc: serde_json::to_string(entry)?,
        ..row
    })
}

fn links(id: &str, entry: &Entry) -> Vec<LinkRow> {
    let link = |kind: &str, target: String| LinkRow { entry_id: id.to_owned(), kind: kind.to_owned(), target };
    // What stands for others while it is corrected is found by what it names.
    let standing = entry.standing();
    let shown = || std::iter::once(entry).chain(&standing);
    let datasets = shown().flat_map(|entry| entry.datasets.iter().chain(&entry.fulfilled_by)).map(|id| link(DATASET, id.to_string()));
    let named = shown().flat_map(|entry| entry.institution.iter().chain(&entry.institutions));
    let mut links: Vec<LinkRow> = datasets.chain(named.map(|slug| link(INSTITUTION, slug.to_string()))).collect();
    links.sort_unstable_by(|one, other| (&one.kind, &one.target).cmp(&(&other.kind, &other.target)));
    links.dedup_by(|one, other| (&one.kind, &one.target) == (&other.kind, &other.target));
    links
}

fn step(
    conn: &mut Conn,
    acting: Acting<'_>,
    command: Option<RegisterCommand>,
    state: RegisterState,
    institution: Option<Slug>,
    note: Option<String>,
) -> Result<Step, Error> {
    let note = note.filter(|note| !note.is_empty());
    Ok(Step { command, state, institution, function: function_of(conn, &acting.person_id())?, note, at: acting.now })
}

/// An entry as the transaction sees it, with the records that the actor sees.
pub(super) struct Loaded {
    pub(super) row: EntryRow,
    pub(super) record: EntryRecord,
    /// Whether the actor is shown what stands while the entry is corrected.
    pub(super) stands: bool,
}

/// An entry after a write, as the actor sees it.
pub(super) fn seen_after(conn: &mut Conn, acting: Acting<'_>, row: &EntryRow) -> Result<EntryRecord, Error> {
    let record = with_its_records(conn, acting, row)?;
    Ok(if is_open(acting.actor, &record) { record } else { as_others_see(&record).unwrap_or(record) })
}

fn with_its_records(conn: &mut Conn, acting: Acting<'_>, row: &EntryRow) -> Result<EntryRecord, Error> {
    let mut record = EntryRecord::of(row)?;
    let ids: Vec<Uuid> = record.named().collect();
    let records = records_within(conn, acting.actor, &ids)?;
    keep_visible(&mut record, &records);
    record.supports = table::supports(conn, std::slice::from_ref(&row.id))?;
    Ok(record)
}

/// Loads an entry that the actor may read; to whom it is hidden it looks absent.
pub(super) fn load(conn: &mut Conn, acting: Acting<'_>, id: &str) -> Result<Loaded, Error> {
    let absent = || Error::NotFound(format!("entry `{id}`"));
    let row = table::by_id(conn, id)?.ok_or_else(absent)?;
    let record = with_its_records(conn, acting, &row)?;
    if !has_its_records(&record) {
        return Err(absent());
    }
    if !is_open(acting.actor, &record) {
        let standing = as_others_see(&record).filter(|standing| is_open(acting.actor, standing)).ok_or_else(absent)?;
        return Ok(Loaded { row, record: standing, stands: true });
    }
    Ok(Loaded { row, record, stands: false })
}

/// What a command is given with.
#[derive(Clone, Debug, Default)]
pub struct Given<'a> {
    /// The entry.
    pub id: &'a str,
    /// Revision that was seen.
    pub expected: i64,
    /// In whose name; where left out, the only one in which the actor may.
    pub institution: Option<&'a Slug>,
    /// Reason, evidence or remark.
    pub note: Option<&'a str>,
}

/// Gives a command to an entry: the state that it leads to is that of the table, unless `change` sets another.
pub(super) fn give(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    command: RegisterCommand,
    given: &Given<'_>,
    change: impl FnOnce(&mut Conn, &mut Entry, Option<&Slug>) -> Result<(), Error>,
) -> Result<EntryRecord, Error> {
    catalogue.db.write(|conn, ledger| give_within(catalogue, conn, ledger, acting, command, given, change))
}

/// The same within a transaction.
pub(super) fn give_within(
    catalogue: &Catalogue,
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    command: RegisterCommand,
    given: &Given<'_>,
    change: impl FnOnce(&mut Conn, &mut Entry, Option<&Slug>) -> Result<(), Error>,
) -> Result<EntryRecord, Error> {
    let note = given.note.map(|note| remark("note", note)).transpose()?;
    let Loaded { row, record, stands } = load(conn, acting, given.id)?;
    let name = name_for(acting, &record, command, given.institution)?;
    if stands && !OF_OTHERS.contains(&command) {
        return Err(Error::Forbidden { code: RefusalCode::RoleRequired, action: Action::RegisterWrite });
    }
    if record.revision != given.expected {
        // What was written of what others do not see is not told to them.
        let unseen = Clash { expected: given.expected, present: record.revision, by: None, at: None, fields: Vec::new() };
        let is_seen = record.revision == row.revision;
        return Err(if is_seen { clash(conn, ENTITY, &row.id, given.expected, row.revision)? } else { Error::Stale(Box::new(unseen)) });
    }
    // The reader's copy leaves out what they may not see; what is written is the whole.
    let whole: Entry = serde_json::from_str(&row.doc)?;
    let mut next = whole.clone();
    // Who does not see what fulfils a request takes it up as it stood before. It stays fulfilled for those who see it.
    let from = if stands { whole.state } else { record.entry.state };
    let is_unseen = from != whole.state && whole.fulfilled_by.is_some();
    if is_unseen {
        next.fulfilled_by = None;
    }
    let found = moves(whole.kind).iter().find(|row| row.command == command && row.from.contains(&from));
    next.state = found.and_then(|row| row.to).unwrap_or(from);
    change(conn, &mut next, name.as_ref())?;
    if loses_words(command, &whole, &next) {
        next.keep_earlier(&whole, acting.now);
    }
    check_content(catalogue, conn, acting, &next, Some(&whole))?;
    if next.steps.len() >= MOST_STEPS && !ENDING.contains(&command) {
        let remedy = "the entry has too long a history; end it and begin another";
        return Err(Error::Invalid(vec![Problem::new("", next.steps.len(), remedy)]));
    }
    next.steps.push(step(conn, acting, Some(command), next.state, name, note)?);
    if is_unseen {
        keep_fulfilment(&whole, &mut next);
    }
    let after = filled(EntryRow { revision: row.revision + 1, updated_at: acting.now, ..row.clone() }, &next)?;
    log(conn, ledger, acting, command.code(), (Some(&row), &after), &next)?;
    table::update(conn, &after)?;
    table::replace_links(conn, &after.id, &links(&after.id, &next))?;
    if next.state == RegisterState::Withdrawn {
        table::free_keys(conn, &after.id)?;
    }
    seen_after(conn, acting, &after)
}

/// Keeps a fulfilment that whoever gave the command does not see, unless another record fulfils the request now.
fn keep_fulfilment(before: &Entry, after: &mut Entry) {
    if after.fulfilled_by.is_some() {
        // Who sees the new record only would read of the former one.
        if let Some(place) = before.steps.iter().rposition(|step| step.command == Some(RegisterCommand::Fulfil)) {
            after.steps.remove(place);
        }
        return;
    }
    after.fulfilled_by = before.fulfilled_by;
    if after.state != RegisterState::Withdrawn {
        after.state = before.state;
    }
}

/// Whether a command takes away what others may have read: it is kept, so that the past stays what it was.
fn loses_words(command: RegisterCommand, before: &Entry, after: &Entry) -> bool {
    use RegisterCommand as C;
    let takes_away = match command {
        C::Update | C::Release | C::Reopen => true,
        C::Offer => after.offers.len() <= before.offers.len(),
        _ => false,
    };
    takes_away && !before.is_unsettled()
}

/// The name in which the actor gives a command.
pub(super) fn name_for(
    acting: Acting<'_>,
    record: &EntryRecord,
    command: RegisterCommand,
    wanted: Option<&Slug>,
) -> Result<Option<Slug>, Error> {
    let names = may(acting.actor, record, command);
    let Some(row) = row_of(&record.entry, command) else {
        let known = moves(record.entry.kind).iter().find(|row| row.command == command);
        let action = known.map_or(Action::RegisterWrite, |row| row.action);
        return Err(Error::Forbidden { code: RefusalCode::WrongState, action });
    };
    if let Some(own) = record.entry.institution.as_ref().filter(|_| row.who == Who::Another) {
        let is_meant = wanted.map_or(names.is_empty(), |slug| slug == own);
        if is_meant && !allowed(acting.actor, row.action, vec![Some(own.clone())], false).is_empty() {
            return Err(Error::Invalid(vec![Problem::new("institution", own, OWN_OFFER)]));
        }
    }
    let forbidden = Error::Forbidden { code: refusal(acting.actor, row.action), action: row.action };
    match wanted {
        Some(slug) if names.iter().flatten().any(|name| name == slug) => Ok(Some(slug.clone())),
        // The coordinator gives the command, and not in the name of that institution.
        Some(_) => Err(forbidden),
        None => only_name(&names).ok_or(forbidden)?,
    }
}

/// The name that is meant where none is said: the only one, else that of the coordination; none where there is none at all.
pub(super) fn only_name(names: &[Option<Slug>]) -> Option<Result<Option<Slug>, Error>> {
    Some(match names {
        [] => return None,
        [only] => Ok(only.clone()),
        several if several.contains(&None) => Ok(None),
        several => {
            let slugs: Vec<String> = several.iter().flatten().map(ToString::to_string).collect();
            Err(Error::Invalid(vec![Problem::new("institution", "", format!("say in whose name: {}", slugs.join(", ")))]))
        }
    })
}

/// Changes what an entry says; what was validated or agreed waits to be so again.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn update(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>, patch: Map<String, Value>) -> Result<EntryRecord, Error> {
    give(catalogue, acting, RegisterCommand::Update, given, |conn, entry, name| {
        let state = entry.state;
        let before = entry.clone();
        *entry = read_entry(before.clone(), patch, false)?;
        entry.state = state;
        // Records that the writer is not shown stay named.
        let shown = records_within(conn, acting.actor, &before.datasets)?;
        let unseen = before.datasets.iter().filter(|id| !shown.contains_key(id) && !entry.datasets.contains(id)).copied();
        let unseen: Vec<Uuid> = unseen.collect();
        entry.datasets.extend(unseen);
        let named = |entry: &Entry| entry.datasets.iter().copied().collect::<std::collections::BTreeSet<Uuid>>();
        let is_the_same = named(entry) == named(&before) && Entry { datasets: before.datasets.clone(), ..entry.clone() } == before;
        if is_the_same {
            return Err(Error::Invalid(vec![Problem::new("content", "", "changes nothing; what was validated or agreed stays so")]));
        }
        if entry.is_of_records() && entry.datasets != before.datasets {
            let remedy = "cannot be changed; write a note of its own on other records";
            return Err(Error::Invalid(vec![Problem::new("datasets", "", remedy)]));
        }
        if entry.state == RegisterState::Proposed {
            // Nobody has agreed with the new text but who wrote it.
            entry.agreed_by.clear();
            pairs::agree_within(catalogue, conn, acting, entry, name)?;
        }
        Ok(())
    })
}

/// Validates, closes, reopens, withdraws or confirms an entry, or takes part in what it invites to. To close or withdraw it, or to take part
/// no longer, a note is needed.
///
/// # Errors
/// Not found, forbidden, no reason, or written by another since.
pub fn turn(catalogue: &Catalogue, acting: Acting<'_>, command: RegisterCommand, given: &Given<'_>) -> Result<EntryRecord, Error> {
    // Why an entry is opened again is asked of those who call a request unfulfilled, too.
    use RegisterCommand as C;
    if matches!(command, C::Close | C::Withdraw | C::Release | C::Reopen | C::StepBack) {
        reason("note", given.note.unwrap_or_default())?;
    }
    give(catalogue, acting, command, given, |conn, entry, name| {
        if command == RegisterCommand::Release {
            entry.commitment = None;
        }
        if (command, entry.kind) == (C::Validate, RegisterKind::Invitation) {
            // Who is taken off the list takes part until that is validated.
            let invited = entry.institutions.clone();
            entry.agreed_by.retain(|slug| invited.contains(slug));
        }
        if let (C::TakePart | C::StepBack, Some(slug)) = (command, name) {
            entry.agreed_by.retain(|own| own != slug);
            if command == C::TakePart {
                entry.agreed_by.push(slug.clone());
            }
        }
        if command == RegisterCommand::Reopen { chain::reopen(conn, entry) } else { Ok(()) }
    })
}

/// Who may know of a change: of what waits for validation only who reads the whole log; of what is about records only those who see them.
fn known_to(conn: &mut Conn, entry: &Entry) -> Result<KnownTo, Error> {
    let standing = entry.standing();
    let entry = standing.as_ref().unwrap_or(entry);
    if entry.is_unsettled() || entry.state == RegisterState::Withdrawn {
        return Ok(KnownTo::Auditors);
    }
    let mut widest = if entry.visibility == RegisterVisibility::Public { KnownTo::Public } else { KnownTo::Members };
    if entry.is_of_records() {
        let ids: Vec<String> = entry.datasets.iter().map(ToString::to_string).collect();
        let rows = crate::store::datasets::by_ids(conn, &ids)?;
        let is_public = |row: &crate::store::datasets::DatasetRow| {
            row.visibility == Visibility::Public.code() && row.status == PublicationStatus::Published.code()
        };
        let shows = |row: &crate::store::datasets::DatasetRow| -> Result<bool, Error> {
            let dataset: Dataset = serde_json::from_str(&row.doc)?;
            Ok(!dataset.masks.iter().any(|mask| mask.field == MaskableField::Discrepancies))
        };
        // A note on figures that are masked is one that is not there for others.
        let is_shown = entry.kind != RegisterKind::DiscrepancyNote
            || rows.iter().map(shows).collect::<Result<Vec<_>, _>>()?.iter().all(|shows| *shows);
        if !is_shown || !rows.iter().all(is_public) {
            widest = KnownTo::Auditors;
        }
    }
    Ok(widest)
}

/// Writes a change into the log: where the entry stands, never what it says.
pub(super) fn log(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    command: &str,
    (before, after): (Option<&EntryRow>, &EntryRow),
    entry: &Entry,
) -> Result<i64, Error> {
    let was = match before {
        Some(row) => known_to(conn, &serde_json::from_str(&row.doc)?)?,
        None => KnownTo::Auditors,
    };
    let is = known_to(conn, entry)?;
    // Who has copied the entry must learn that it is no longer theirs to read.
    let plain = if before.is_none() { "CREATED" } else { "UPDATED" };
    let (known, kind) = match (was, is) {
        // Others read on what stands, and learn of the correction when it is validated.
        _ if entry.standing().is_some() => (KnownTo::Auditors, plain),
        (KnownTo::Auditors, is) => (is, plain),
        (was, KnownTo::Auditors) => (was, "WITHDRAWN"),
        (was, is) if was.number() < is.number() => (was, "WITHDRAWN"),
        (_, is) => (is, plain),
    };
    let state = |row: &EntryRow| {
        let sha256 = hex(&Sha256::digest(row.doc.as_bytes()));
        json!({ "kind": row.kind, "state": row.state, "visibility": row.visibility, "revision": row.revision, "sha256": sha256 })
    };
    let before = before.map(|row| state(row).to_string());
    let mut now = state(after);
    now["command"] = json!(command);
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: ENTITY,
        entity_id: &after.id,
        known_to: known,
        before: before.as_deref(),
        after: Some(&now.to_string()),
    };
    Ok(ledger.append(conn, &change)?)
}
