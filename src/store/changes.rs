//! The change log: append-only, `seq` without gaps, each row hashed with the row before.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::domain::ids::hex;
use crate::domain::policy::{Audience, Sight, sight};
use crate::domain::vocabulary::{PublicationStatus, Visibility};

use super::db::Conn;
use super::schema::{changes, counter, entitlements};

/// Who may know of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownTo {
    /// Only who reads the whole log.
    Auditors,
    /// Anyone.
    Public,
    /// Signed-in persons.
    Members,
    /// The coordinator.
    Coordination,
    /// The access officers of the holder whose entitlement it is.
    Holder,
}

impl KnownTo {
    /// Who may know of a record in this state: whoever sees any of it.
    pub fn of_record(status: PublicationStatus, visibility: Visibility) -> Self {
        let sees = |audience: &&Audience| sight(**audience, false, status, visibility) != Sight::Nothing;
        Audience::ALL.iter().find(sees).map_or(Self::Auditors, |audience| Self::from(*audience))
    }

    /// As the table keeps it; 0 and 1 are what the first release wrote.
    pub fn number(self) -> i64 {
        match self {
            Self::Auditors => 0,
            Self::Public => 1,
            Self::Members => 2,
            Self::Coordination => 3,
            Self::Holder => 4,
        }
    }

    /// Numbers of the changes that an audience may know of.
    pub fn readable(audience: Audience) -> &'static [i64] {
        match audience {
            Audience::Public => &[1],
            Audience::Members => &[1, 2],
            Audience::Coordination => &[1, 2, 3],
        }
    }
}

impl From<Audience> for KnownTo {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Public => Self::Public,
            Audience::Members => Self::Members,
            Audience::Coordination => Self::Coordination,
        }
    }
}

/// One change to write.
#[derive(Clone, Debug)]
pub struct NewChange<'a> {
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Who, as a function or program.
    pub actor: &'a str,
    /// What happened, such as CREATED, UPDATED or RETIRED.
    pub kind: &'a str,
    /// What it happened to, such as DATASET or INSTITUTION.
    pub entity: &'a str,
    /// Identifier of the entity.
    pub entity_id: &'a str,
    /// Who may know of the change.
    pub known_to: KnownTo,
    /// State before, as JSON.
    pub before: Option<&'a str>,
    /// State after, as JSON.
    pub after: Option<&'a str>,
}

/// One row of the log.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = changes)]
pub struct Change {
    /// Position in the log.
    pub seq: i64,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// What it happened to, such as DATASET or INSTITUTION.
    pub entity: String,
    /// Identifier of the entity.
    pub entity_id: String,
    /// Who may know of the change, see [`KnownTo`].
    pub is_public: i64,
    /// State before.
    pub before_doc: Option<String>,
    /// State after.
    pub after_doc: Option<String>,
    /// Hash of this row and of the one before.
    pub hash: String,
}

/// The open end of the log during one write transaction.
pub struct Ledger {
    next: i64,
    hash: String,
    written: i64,
    has_erased: bool,
}

impl Ledger {
    /// Takes the write lock by bumping the counter.
    pub(super) fn begin(conn: &mut Conn) -> QueryResult<Self> {
        diesel::update(counter::table).set(counter::seq.eq(counter::seq + 1)).execute(conn)?;
        let (next, hash) = counter::table.select((counter::seq, counter::hash)).first(conn)?;
        Ok(Self { next, hash, written: 0, has_erased: false })
    }

    /// The sequence number that the next change will get.
    pub fn next_seq(&self) -> i64 {
        self.next
    }

    /// Appends a change and returns its sequence number.
    ///
    /// # Errors
    /// The statement failed.
    pub fn append(&mut self, conn: &mut Conn, change: &NewChange<'_>) -> QueryResult<i64> {
        let seq = self.next;
        let hash = chain(&self.hash, seq, change.known_to.number(), change);
        diesel::insert_into(changes::table)
            .values((
                changes::seq.eq(seq),
                changes::at.eq(change.at),
                changes::actor.eq(change.actor),
                changes::kind.eq(change.kind),
                changes::entity.eq(change.entity),
                changes::entity_id.eq(change.entity_id),
                changes::is_public.eq(change.known_to.number()),
                changes::before_doc.eq(change.before),
                changes::after_doc.eq(change.after),
                changes::hash.eq(&hash),
            ))
            .execute(conn)?;
        self.hash = hash;
        self.next += 1;
        self.written += 1;
        Ok(seq)
    }

    /// Notes that something is erased in this transaction, so that no copy of it stays behind in the database's own files.
    pub fn erases(&mut self) {
        self.has_erased = true;
    }

    /// Whether something is erased in this transaction.
    pub(super) fn has_erased(&self) -> bool {
        self.has_erased
    }

    /// Leaves the counter at the last change written.
    pub(super) fn finish(self, conn: &mut Conn) -> QueryResult<()> {
        diesel::update(counter::table).set((counter::seq.eq(self.next - 1), counter::hash.eq(self.hash))).execute(conn).map(|_| ())
    }
}

fn chain(previous: &str, seq: i64, known_to: i64, change: &NewChange<'_>) -> String {
    let mut hasher = Sha256::new();
    let mut part = |text: &str| {
        // The length in front keeps "ab" + "c" apart from "a" + "bc".
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    };
    part(previous);
    part(&seq.to_string());
    part(&change.at.to_string());
    for text in [change.actor, change.kind, change.entity, change.entity_id] {
        part(text);
    }
    part(&known_to.to_string());
    part(change.before.map_or("-", |_| "+"));
    part(change.before.unwrap_or(""));
    part(change.after.map_or("-", |_| "+"));
    part(change.after.unwrap_or(""));
    hex(&hasher.finalize())
}

/// Sequence number of the last change; 0 for an empty registry.
///
/// # Errors
/// The statement failed.
pub fn last_seq(conn: &mut Conn) -> QueryResult<i64> {
    counter::table.select(counter::seq).first(conn)
}

/// Hash of a place in the log; none where there is no such place.
///
/// # Errors
/// The statement failed.
pub fn hash_at(conn: &mut Conn, seq: i64) -> QueryResult<Option<String>> {
    changes::table.filter(changes::seq.eq(seq)).select(changes::hash).first(conn).optional()
}

/// Changes after a sequence number, oldest first.
///
/// # Errors
/// The statement failed.
pub fn after(conn: &mut Conn, seq: i64, limit: i64) -> QueryResult<Vec<Change>> {
    changes::table.filter(changes::seq.gt(seq)).order(changes::seq).limit(limit).select(Change::as_select()).load(conn)
}

/// What the changes after a sequence number are of, oldest first: their place, the kind of thing, and its identifier.
///
/// # Errors
/// The statement failed.
pub fn touched_after(conn: &mut Conn, seq: i64, limit: i64) -> QueryResult<Vec<(i64, String, String)>> {
    let columns = (changes::seq, changes::entity, changes::entity_id);
    changes::table.filter(changes::seq.gt(seq)).order(changes::seq).limit(limit).select(columns).load(conn)
}

/// Changes that an audience may know of after a sequence number, oldest first.
///
/// # Errors
/// The statement failed.
pub fn known_after(conn: &mut Conn, audience: Audience, seq: i64, limit: i64) -> QueryResult<Vec<Change>> {
    changes::table
        .filter(changes::seq.gt(seq))
        .filter(changes::is_public.eq_any(KnownTo::readable(audience)))
        .order(changes::seq)
        .limit(limit)
        .select(Change::as_select())
        .load(conn)
}

/// Changes after a sequence number that an audience may know of, and those of entitlements of these holders, in the one order of
/// the log.
///
/// # Errors
/// The statement failed.
pub fn known_to_holders_after(conn: &mut Conn, audience: Audience, holders: &[String], seq: i64, limit: i64) -> QueryResult<Vec<Change>> {
    if holders.is_empty() {
        return known_after(conn, audience, seq, limit);
    }
    let held = entitlements::table.filter(entitlements::institution.eq_any(holders.to_vec())).select(entitlements::id);
    let of_holder = changes::is_public.eq(KnownTo::Holder.number()).and(changes::entity_id.eq_any(held));
    changes::table
        .filter(changes::seq.gt(seq))
        .filter(changes::is_public.eq_any(KnownTo::readable(audience)).or(of_holder))
        .order(changes::seq)
        .limit(limit)
        .select(Change::as_select())
        .load(conn)
}

/// Changes at these places that an audience may know of, in no order.
///
/// # Errors
/// The statement failed.
pub fn known_by_seqs(conn: &mut Conn, audience: Audience, seqs: &[i64]) -> QueryResult<Vec<Change>> {
    changes::table
        .filter(changes::seq.eq_any(seqs))
        .filter(changes::is_public.eq_any(KnownTo::readable(audience)))
        .select(Change::as_select())
        .load(conn)
}

/// Number of changes after a sequence number that an audience may know of.
///
/// # Errors
/// The statement failed.
pub fn count_known_after(conn: &mut Conn, audience: Audience, seq: i64) -> QueryResult<i64> {
    changes::table.filter(changes::seq.gt(seq)).filter(changes::is_public.eq_any(KnownTo::readable(audience))).count().get_result(conn)
}

/// Sequence number of the last change that an audience may know of; 0 for none.
///
/// # Errors
/// The statement failed.
pub fn last_known_seq(conn: &mut Conn, audience: Audience) -> QueryResult<i64> {
    let last: Option<i64> =
        changes::table.filter(changes::is_public.eq_any(KnownTo::readable(audience))).select(diesel::dsl::max(changes::seq)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// Sequence number of the last change up to a place that an audience may know of; 0 where there is none.
///
/// # Errors
/// The statement failed.
pub fn last_known_up_to(conn: &mut Conn, audience: Audience, seq: i64) -> QueryResult<i64> {
    let known = changes::table.filter(changes::is_public.eq_any(KnownTo::readable(audience))).filter(changes::seq.le(seq));
    let last: Option<i64> = known.select(diesel::dsl::max(changes::seq)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// Changes of one thing, oldest first.
///
/// # Errors
/// The statement failed.
pub fn of_entity(conn: &mut Conn, entity: &str, id: &str) -> QueryResult<Vec<Change>> {
    changes::table
        .filter(changes::entity_id.eq(id))
        .filter(changes::entity.eq(entity))
        .order(changes::seq)
        .select(Change::as_select())
        .load(conn)
}

/// Changes of a kind of thing after a sequence number, oldest first.
///
/// # Errors
/// The statement failed.
pub fn of_kind_after(conn: &mut Conn, entity: &str, seq: i64, limit: i64) -> QueryResult<Vec<Change>> {
    changes::table
        .filter(changes::entity.eq(entity))
        .filter(changes::seq.gt(seq))
        .order(changes::seq)
        .limit(limit)
        .select(Change::as_select())
        .load(conn)
}

/// Number of changes of a kind of thing.
///
/// # Errors
/// The statement failed.
pub fn count_of_entity(conn: &mut Conn, entity: &str) -> QueryResult<i64> {
    changes::table.filter(changes::entity.eq(entity)).count().get_result(conn)
}

/// Number of changes of one kind of a kind of thing.
///
/// # Errors
/// The statement failed.
pub fn count_of_kind(conn: &mut Conn, entity: &str, kind: &str) -> QueryResult<i64> {
    changes::table.filter(changes::entity.eq(entity)).filter(changes::kind.eq(kind)).count().get_result(conn)
}

/// Which part of the log is wanted.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Who did it.
    pub actor: Option<String>,
    /// What is left out where it is asked who did it.
    pub unattributed: Vec<String>,
    /// What happened.
    pub kinds: Vec<String>,
    /// What it happened to.
    pub entities: Vec<String>,
    /// Identifier of the entity.
    pub entity_id: Option<String>,
    /// From this instant on.
    pub from: Option<i64>,
    /// Before this instant.
    pub to: Option<i64>,
}

/// The whole log, newest first, before a place; and the number of changes that the filter lets through.
///
/// # Errors
/// A statement failed.
pub fn log(conn: &mut Conn, filter: &LogFilter, before: Option<i64>, limit: i64) -> QueryResult<(Vec<Change>, i64)> {
    let query = || {
        let mut query = changes::table.into_boxed();
        if let Some(actor) = &filter.actor {
            query = query.filter(changes::actor.eq(actor.clone()));
            query = query.filter(changes::entity.ne_all(filter.unattributed.clone()));
        }
        if !filter.kinds.is_empty() {
            query = query.filter(changes::kind.eq_any(filter.kinds.clone()));
        }
        if !filter.entities.is_empty() {
            query = query.filter(changes::entity.eq_any(filter.entities.clone()));
        }
        if let Some(id) = &filter.entity_id {
            query = query.filter(changes::entity_id.eq(id.clone()));
        }
        if let Some(from) = filter.from {
            query = query.filter(changes::at.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(changes::at.lt(to));
        }
        query
    };
    let total = query().count().get_result(conn)?;
    let mut page = query();
    if let Some(before) = before {
        page = page.filter(changes::seq.lt(before));
    }
    let rows = page.order(changes::seq.desc()).limit(limit).select(Change::as_select()).load(conn)?;
    Ok((rows, total))
}

/// What a walk over the whole log found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// Rows read.
    pub rows: i64,
    /// The first fault, in words.
    pub fault: Option<String>,
}

/// Recomputes every hash, looks for gaps, and compares versions and records with what the log says of them.
///
/// # Errors
/// The statement failed.
pub fn verify(conn: &mut Conn) -> QueryResult<ChainReport> {
    let mut report = ChainReport::default();
    let mut previous = String::new();
    let mut is_second_look = false;
    let (seq, hash): (i64, String) = loop {
        let page = after(conn, report.rows, 1000)?;
        for row in &page {
            if row.seq != report.rows + 1 {
                report.fault = Some(format!("change {} is followed by {}: {} is missing", report.rows, row.seq, report.rows + 1));
                return Ok(report);
            }
            let change = NewChange {
                at: row.at,
                actor: &row.actor,
                kind: &row.kind,
                entity: &row.entity,
                entity_id: &row.entity_id,
                known_to: KnownTo::Auditors,
                before: row.before_doc.as_deref(),
                after: row.after_doc.as_deref(),
            };
            if chain(&previous, row.seq, row.is_public, &change) != row.hash {
                report.fault = Some(format!("change {} does not agree with its hash: the log was altered", row.seq));
                return Ok(report);
            }
            previous.clone_from(&row.hash);
            report.rows = row.seq;
        }
        if !page.is_empty() {
            is_second_look = false;
            continue;
        }
        let (seq, hash): (i64, String) = counter::table.select((counter::seq, counter::hash)).first(conn)?;
        // What was written since the last page is looked at before the counter is called wrong.
        if seq > report.rows && !is_second_look {
            is_second_look = true;
            continue;
        }
        break (seq, hash);
    };
    if seq != report.rows || hash != previous {
        report.fault = Some(format!("the counter stands at {seq} but the log ends at {}", report.rows));
        return Ok(report);
    }
    report.fault = super::proof::verify(conn)?;
    Ok(report)
}
