//! The change log for those who audit it.

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::service::Change;
use crate::service::audit::{self, LogFilter};

use super::connection::{PageArgs, Paging, connection, read_text_cursor, text_cursor};
use super::context::Context;
use super::error::{bad_input, coded, from_service};
use super::field_change::FieldChange;
use super::node::{NodeId, NodeValue};
use super::scalars::DateTime;

/// Conditions on the change log, joined by "and".
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct AuditFilter {
    /// Who did it, as `actor` shows it.
    pub actor: Option<String>,
    /// What happened, such as `UPDATED`, `SUBMITTED`, `GRANTED`; any of.
    pub kinds: Option<Vec<String>>,
    /// What it happened to, such as `DATASET`, `DRAFT`, `MEMBERSHIP`; any of.
    pub entities: Option<Vec<String>>,
    /// Opaque identifier of a dataset or institution, or the identifier that `entityId` shows.
    pub entity_id: Option<ID>,
    /// From this instant on.
    pub from: Option<DateTime>,
    /// Before this instant.
    pub to: Option<DateTime>,
}

impl AuditFilter {
    /// The filter of the service.
    pub fn read(self) -> LogFilter {
        let plain = |id: ID| match NodeId::decode(&id) {
            Some(NodeId::Dataset(id)) => id.to_string(),
            Some(NodeId::Institution(id)) => id.to_string(),
            Some(NodeId::Draft(id) | NodeId::Own(_, id)) => id.to_string(),
            _ => id.to_string(),
        };
        LogFilter {
            actor: self.actor,
            unattributed: Vec::new(),
            kinds: self.kinds.unwrap_or_default(),
            entities: self.entities.unwrap_or_default(),
            entity_id: self.entity_id.map(plain),
            from: self.from.map(|at| at.0),
            to: self.to.map(|at| at.0),
        }
    }
}

/// A change as the log keeps it.
#[derive(Clone)]
pub struct AuditEntry(pub Change);

connection!(
    AuditEntryConnection,
    AuditEntryEdge,
    AuditEntry,
    "Changes of the whole log, newest first.",
    "A change with its place in the log."
);

/// A change as the append-only log keeps it.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl AuditEntry {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Audit(self.0.seq).encode()
    }

    /// Place in the log, without gaps.
    fn seq(&self) -> i32 {
        i32::try_from(self.0.seq).unwrap_or(i32::MAX)
    }

    /// When.
    fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who: `person:` with an identifier, `console`, or a program of the catalogue. Never a name. Of access requests and entitlements,
    /// of which states and dates are shown, `person` alone.
    fn actor(&self) -> &str {
        &self.0.actor
    }

    /// Function of the person; null for programs and for accounts that are gone.
    fn actor_function(&self, context: &Context) -> FieldResult<Option<String>> {
        audit::actor_function(&context.catalogue, &self.0.actor).map_err(from_service)
    }

    /// What happened.
    fn kind(&self) -> &str {
        &self.0.kind
    }

    /// What it happened to.
    fn entity(&self) -> &str {
        &self.0.entity
    }

    /// Identifier of what it happened to.
    fn entity_id(&self) -> &str {
        &self.0.entity_id
    }

    /// Where the thing stood after, as JSON text; the content of a record is in its versions.
    fn after(&self) -> Option<&str> {
        self.0.after_doc.as_deref()
    }

    /// What the change did, field by field.
    fn changes(&self, context: &Context) -> FieldResult<Vec<FieldChange>> {
        let found = audit::difference(&context.catalogue, &context.actor, &self.0).map_err(from_service)?;
        Ok(found.into_iter().map(FieldChange).collect())
    }

    /// SHA-256 of this change and of the hash before it.
    fn hash(&self) -> &str {
        &self.0.hash
    }
}

/// A page of the log. It is read from its end backwards in time.
///
/// # Errors
/// The question is wrong, the viewer may not read the log, or the database is unavailable.
pub fn list(context: &Context, filter: AuditFilter, (first, after, last, before): Paging) -> FieldResult<AuditEntryConnection> {
    if last.is_some() || before.is_some() {
        return Err(coded("BAD_INPUT", "the log is read from its end backwards in time; use `first` and `after`"));
    }
    let args = PageArgs::check(first, after, None, None, 50)?;
    let place = args.after.as_deref().map(read_text_cursor).transpose()?;
    let place = place.map(|text| text.parse::<i64>()).transpose().map_err(|_| bad_input("`after` is not a cursor of the log"))?;
    let filter = filter.read();
    let page = audit::log(&context.catalogue, &context.actor, &filter, place, args.count).map_err(from_service)?;
    let edge = |row: Change| AuditEntryEdge { cursor: text_cursor(&row.seq.to_string()), node: AuditEntry(row) };
    let edges = page.changes.into_iter().map(edge).collect();
    Ok(AuditEntryConnection::page(edges, page.has_next, place.is_some(), usize::try_from(page.total).unwrap_or(0)))
}
