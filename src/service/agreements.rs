//! The register of agreements: read here, written in [`write`], watched over in [`watch`].

mod find;
pub mod watch;
pub mod write;

pub use find::{AgreementFilter, Covering, DataScope, find_covering, list, scope_of, sift, touches};

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::agreement::{Agreement, STEPS};
use crate::domain::ids::Slug;
use crate::domain::policy::{self, Action, Actor, AgreementSight, State, Subject, check};
use crate::domain::vocabulary::{AgreementCommand, AgreementRenewal, AgreementState, RefusalCode, Vocabulary};
use crate::store::agreements::{self as table, AgreementRow};
use crate::store::changes;
use crate::store::{Conn, agreements::SignatureRow};

use super::catalogue::read_id;
use super::{Catalogue, Error};

/// An agreement of the register.
#[derive(Clone, Debug)]
pub struct AgreementRecord {
    /// Identifier.
    pub id: Uuid,
    /// Place in the order of registration.
    pub number: i64,
    /// Grows with every write.
    pub revision: i64,
    /// When every party had signed.
    pub signed_at: Option<i64>,
    /// Creation.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
    /// The agreement.
    pub agreement: Agreement,
    /// Signatures of the present text.
    pub signatures: Vec<SignatureRow>,
}

impl AgreementRecord {
    /// Reads a row; signatures are added by who needs them.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn of(row: &AgreementRow) -> Result<Self, Error> {
        let agreement: Agreement = serde_json::from_str(&row.doc)?;
        Ok(Self {
            id: read_id(&row.id)?,
            number: row.number,
            revision: row.revision,
            signed_at: row.signed_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            agreement,
            signatures: Vec::new(),
        })
    }

    /// Whether not every party has ever signed; such a draft is the parties' alone, also when it was given up.
    pub fn is_draft(&self) -> bool {
        self.signed_at.is_none()
    }
}

/// An agreement as an actor sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The agreement, without what the actor may not see.
    pub record: Arc<AgreementRecord>,
    /// Whether only title, kind, parties, dates and state are there.
    pub is_outline: bool,
}

/// The agreement as the actor sees it; none where it looks absent.
fn seen_by(actor: &Actor, record: AgreementRecord) -> Option<Seen> {
    let visibility = record.agreement.visibility;
    match policy::agreement_sight(actor, &record.agreement.institutions(), record.is_draft(), visibility) {
        AgreementSight::Nothing => None,
        AgreementSight::Whole => Some(Seen { record: Arc::new(record), is_outline: false }),
        AgreementSight::Outline => Some(Seen { record: Arc::new(outline(record)), is_outline: true }),
    }
}

/// Title, kind, parties, dates and state only.
fn outline(record: AgreementRecord) -> AgreementRecord {
    let mut whole = record.agreement;
    whole.standing.reason = None;
    let agreement = Agreement {
        title: whole.title,
        kind: whole.kind,
        // A person who is a party may be known by the function alone.
        parties: whole.parties.into_iter().filter(|party| party.institution.is_some()).collect(),
        covers: Vec::new(),
        requested_data: Vec::new(),
        purposes: Vec::new(),
        purpose: Default::default(),
        legal_basis: Default::default(),
        one_way: false,
        data_protection: None,
        delivery: None,
        starts_on: whole.starts_on,
        ends_on: whole.ends_on,
        renewal: whole.renewal,
        text: Default::default(),
        contacts: Vec::new(),
        document: None,
        visibility: whole.visibility,
        standing: whole.standing,
    };
    AgreementRecord { agreement, signatures: Vec::new(), ..record }
}

/// Every agreement that the actor may know of, in the order of registration, in two statements.
///
/// # Errors
/// The database is unavailable.
pub fn visible(catalogue: &Catalogue, actor: &Actor) -> Result<Vec<Seen>, Error> {
    let rows = catalogue.db.read(table::all)?;
    with_signatures(catalogue, actor, &rows)
}

/// The agreement with this identifier, if the actor may know of it.
///
/// # Errors
/// The database is unavailable.
pub fn by_id(catalogue: &Catalogue, actor: &Actor, id: &str) -> Result<Option<Seen>, Error> {
    let rows: Vec<AgreementRow> = catalogue.db.read(|conn| table::by_id(conn, id))?.into_iter().collect();
    Ok(with_signatures(catalogue, actor, &rows)?.pop())
}

fn with_signatures(catalogue: &Catalogue, actor: &Actor, rows: &[AgreementRow]) -> Result<Vec<Seen>, Error> {
    let records = rows.iter().map(AgreementRecord::of).collect::<Result<Vec<_>, _>>()?;
    let seen: Vec<Seen> = records.into_iter().filter_map(|record| seen_by(actor, record)).collect();
    let whole = seen.iter().filter(|seen| !seen.is_outline).map(|seen| seen.record.id.to_string()).collect::<Vec<_>>();
    // Asked for nothing too, so that what is absent takes as long as what is hidden.
    let signatures = catalogue.db.read(|conn| table::signatures(conn, &whole))?;
    let add = |seen: Seen| {
        let id = seen.record.id.to_string();
        let own: Vec<SignatureRow> = signatures.iter().filter(|row| row.agreement_id == id && !seen.is_outline).cloned().collect();
        if own.is_empty() { seen } else { Seen { record: Arc::new(AgreementRecord { signatures: own, ..(*seen.record).clone() }), ..seen } }
    };
    Ok(seen.into_iter().map(add).collect())
}

/// The state of the rules for an agreement.
pub fn rule_state(state: AgreementState) -> State {
    match state {
        AgreementState::Draft => State::Draft,
        AgreementState::Signed => State::Signed,
        AgreementState::InForce => State::InForce,
        AgreementState::Suspended => State::Suspended,
        AgreementState::Expired => State::Expired,
        AgreementState::Terminated => State::Terminated,
    }
}

/// Whether the actor may do something in the name of one of these institutions.
///
/// # Errors
/// The refusal that comes nearest to being allowed.
fn allow(actor: &Actor, action: Action, state: Option<State>, institutions: &[&Slug]) -> Result<(), RefusalCode> {
    let mut refusal = if actor.person().is_some() { RefusalCode::RoleRequired } else { RefusalCode::SignInRequired };
    if *actor == Actor::Console {
        return Ok(());
    }
    for institution in institutions {
        match check(actor, action, &Subject { state, institution: Some(*institution), ..Subject::default() }) {
            Ok(()) => return Ok(()),
            Err(RefusalCode::RoleRequired) => {}
            Err(code) => refusal = code,
        }
    }
    Err(refusal)
}

/// What the actor may do with an agreement on a day.
pub fn commands(actor: &Actor, seen: &Seen, today: i64) -> Vec<AgreementCommand> {
    let agreement = &seen.record.agreement;
    let state = agreement.state_on(today);
    let possible = STEPS.iter().filter(|step| step.from.contains(&state));
    let has_signed = |slug: &Slug| seen.record.signatures.iter().any(|row| row.institution == slug.as_str());
    let may = |command: AgreementCommand, action: Action| {
        let parties: Vec<&Slug> = match command {
            AgreementCommand::Sign => agreement.signatories().into_iter().filter(|slug| !has_signed(slug)).collect(),
            _ => agreement.signatories(),
        };
        let is_renewed = agreement.renewal.kind == AgreementRenewal::Tacit && agreement.standing.notice_on.is_none();
        (command != AgreementCommand::GiveNotice || is_renewed) && allow(actor, action, Some(rule_state(state)), &parties).is_ok()
    };
    possible.filter(|step| may(step.command, step.action)).map(|step| step.command).collect()
}

/// State of an agreement on a day, whoever asks; none where there is no such agreement.
///
/// # Errors
/// The database is unavailable.
pub fn state_of(conn: &mut Conn, id: &str, today: i64) -> Result<Option<AgreementState>, Error> {
    let row = table::by_id(conn, id)?;
    row.map(|row| Ok(AgreementRecord::of(&row)?.agreement.state_on(today))).transpose()
}

/// An agreement that ceased to be in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Place in the change log.
    pub seq: i64,
    /// The agreement.
    pub id: String,
    /// SUSPENDED, TERMINATED or EXPIRED.
    pub state: AgreementState,
}

/// What a look at the change log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Agreements that ceased to be in force, oldest first.
    pub ended: Vec<Ended>,
    /// Changes of agreements that were read.
    pub read: usize,
    /// Place in the log of the last of them.
    pub reached: i64,
}

/// Agreements that were suspended, terminated or found to have expired after a place in the change log, with the place up to which it
/// was read. What rests on an agreement asks [`state_of`] before it acts: it may be in force again.
///
/// # Errors
/// The database is unavailable.
pub fn ended_since(conn: &mut Conn, seq: i64) -> Result<Ends, Error> {
    let page = changes::of_kind_after(conn, ENTITY, seq, 1_000)?;
    let (read, reached) = (page.len(), page.last().map_or(seq, |change| change.seq));
    let ended = page.into_iter().filter_map(|change| {
        let state = AgreementState::parse(&change.kind)?;
        let has_ended = matches!(state, AgreementState::Suspended | AgreementState::Terminated | AgreementState::Expired);
        has_ended.then_some(Ended { seq: change.seq, id: change.entity_id, state })
    });
    Ok(Ends { ended: ended.collect(), read, reached })
}

/// How the change log names agreements.
pub const ENTITY: &str = "AGREEMENT";
