//! Opaque identifiers of the contract: `base64url(kind:key)`.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use juniper::{FieldResult, ID, graphql_interface};
use uuid::Uuid;

use crate::domain::ids::{DatasetId, HoldingId, InstitutionId};
use crate::domain::policy;
use crate::service::registers::comments;
use crate::service::report::kept;
use crate::service::rows::{NoticeRow, SavedSearchRow, TokenRow, WebhookRow};
use crate::service::{
    Error, accounts, agreements, alerts, audit, changes, datasets, drafts, holdings, institutions, notify, registers, webhooks,
};

use super::access_request::{AccessDocument, AccessRequest, AccessRequestLine};
use super::access_use::Entitlement;
use super::agreement::Agreement;
use super::audit::AuditEntry;
use super::change::Change;
use super::comment::Comment;
use super::context::Context;
use super::dataset::Dataset;
use super::dataset_parts::DatasetVersion;
use super::declaration::HoldingDeclaration;
use super::draft::DatasetDraft;
use super::error::from_service;
use super::harvest::{HarvestSource, IntakeRun};
use super::holding::Holding;
use super::institution::Institution;
use super::kept_report::Report;
use super::prefetch;
use super::register::RegisterEntry;
use super::variable::Variable;
use super::viewer::{ApiToken, Notification, SavedSearch, Webhook};

/// Something with an identifier that never changes and is never used again.
#[graphql_interface(for = [
    AccessDocument, AccessRequest, AccessRequestLine, Agreement, ApiToken, AuditEntry, Change, Comment, Dataset, DatasetDraft, DatasetVersion, Entitlement, HarvestSource, Holding, HoldingDeclaration, Institution, IntakeRun, Notification, RegisterEntry, Report, SavedSearch, Variable, Webhook,
], context = Context)]
pub trait Node {
    /// Opaque identifier; pass it to `node` or `nodes` to read the thing again.
    fn id(&self) -> ID;
}

/// Things that only their owner reads by identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnKind {
    /// An access request.
    AccessRequest,
    /// A document attached to one.
    AccessDocument,
    /// An entitlement that came of one.
    Entitlement,
    /// An API token.
    Token,
    /// An agreement; whoever may see it reads it.
    Agreement,
    /// A declared holding.
    Declaration,
    /// A notice.
    Notification,
    /// A saved search.
    SavedSearch,
    /// A webhook.
    Webhook,
    /// An entry that was registered in the calendar; it is read there.
    CalendarEntry,
    /// A source that is harvested.
    HarvestSource,
    /// A harvest, or a file taken in.
    IntakeRun,
    /// An entry of the registers; whoever may see it reads it.
    RegisterEntry,
    /// A comment; whoever may read what it is on reads it.
    Comment,
    /// A report that was kept; anyone reads it.
    Report,
}

const OWN_KINDS: [(OwnKind, &str); 15] = [
    (OwnKind::Report, "report"),
    (OwnKind::RegisterEntry, "register-entry"),
    (OwnKind::Comment, "comment"),
    (OwnKind::CalendarEntry, "calendar-entry"),
    (OwnKind::AccessDocument, "access-document"),
    (OwnKind::Entitlement, "entitlement"),
    (OwnKind::AccessRequest, "access-request"),
    (OwnKind::Agreement, "agreement"),
    (OwnKind::Token, "token"),
    (OwnKind::Declaration, "declaration"),
    (OwnKind::Notification, "notification"),
    (OwnKind::SavedSearch, "search"),
    (OwnKind::Webhook, "webhook"),
    (OwnKind::HarvestSource, "harvest-source"),
    (OwnKind::IntakeRun, "intake-run"),
];

/// Kind and key of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeId {
    /// A dataset.
    Dataset(DatasetId),
    /// A holding.
    Holding(HoldingId),
    /// An institution.
    Institution(InstitutionId),
    /// A change, by its place in the log.
    Change(i64),
    /// A change as auditors see it, by its place in the log.
    Audit(i64),
    /// A version of a dataset, by its number.
    Version(DatasetId, i64),
    /// A variable of a dataset, by its place in the record's list.
    Variable(DatasetId, usize),
    /// One part of an access request, by its number.
    RequestPart(Uuid, u32),
    /// A working copy.
    Draft(Uuid),
    /// Something that only its owner reads.
    Own(OwnKind, Uuid),
}

impl NodeId {
    /// The opaque identifier.
    pub fn encode(self) -> ID {
        let text = match self {
            Self::Dataset(id) => format!("dataset:{id}"),
            Self::Holding(id) => format!("holding:{id}"),
            Self::Institution(id) => format!("institution:{id}"),
            Self::Change(seq) => format!("change:{seq}"),
            Self::Audit(seq) => format!("audit:{seq}"),
            Self::Version(id, number) => format!("version:{id}/{number}"),
            Self::Variable(id, place) => format!("variable:{id}/{place}"),
            Self::RequestPart(id, number) => format!("request-part:{id}/{number}"),
            Self::Draft(id) => format!("draft:{id}"),
            Self::Own(kind, id) => {
                let name = OWN_KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name);
                format!("{name}:{id}")
            }
        };
        ID::new(URL_SAFE_NO_PAD.encode(text))
    }

    /// Reads an opaque identifier; none for anything else.
    pub fn decode(id: &str) -> Option<Self> {
        let bytes = (id.len() <= 128).then(|| URL_SAFE_NO_PAD.decode(id).ok()).flatten()?;
        let text = String::from_utf8(bytes).ok()?;
        let (kind, key) = text.split_once(':')?;
        if kind == "change" || kind == "audit" {
            return key.parse().ok().map(if kind == "change" { Self::Change } else { Self::Audit });
        }
        let (uuid, part) = key.split_once('/').map_or((key, None), |(uuid, part)| (uuid, Some(part)));
        let uuid = Uuid::try_parse(uuid).ok()?;
        match (kind, part) {
            ("dataset", None) => Some(Self::Dataset(DatasetId(uuid))),
            ("holding", None) => Some(Self::Holding(HoldingId(uuid))),
            ("institution", None) => Some(Self::Institution(InstitutionId(uuid))),
            ("version", Some(number)) => number.parse().ok().map(|number| Self::Version(DatasetId(uuid), number)),
            ("variable", Some(place)) => place.parse().ok().map(|place| Self::Variable(DatasetId(uuid), place)),
            ("request-part", Some(number)) => number.parse().ok().map(|number| Self::RequestPart(uuid, number)),
            ("draft", None) => Some(Self::Draft(uuid)),
            (name, None) => OWN_KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| Self::Own(*kind, uuid)),
            _ => None,
        }
    }
}

/// What only its owner reads, read once for all nodes of a question.
#[derive(Default)]
struct Owned {
    tokens: Option<Vec<TokenRow>>,
    notices: Option<Vec<NoticeRow>>,
    searches: Option<Vec<SavedSearchRow>>,
    webhooks: Option<Vec<WebhookRow>>,
}

/// A list, read at the first call.
fn once<T>(slot: &mut Option<Vec<T>>, read: impl FnOnce() -> Result<Vec<T>, Error>) -> FieldResult<&[T]> {
    let rows = match slot.take() {
        Some(rows) => rows,
        None => read().map_err(from_service)?,
    };
    Ok(slot.insert(rows))
}

/// Something that only its owner reads.
fn own(context: &Context, owned: &mut Owned, kind: OwnKind, id: Uuid) -> FieldResult<Option<NodeValue>> {
    let (catalogue, lang) = (&context.catalogue, &context.language);
    let (key, person) = (id.to_string(), context.actor.person().map(|person| person.id));
    if kind == OwnKind::Declaration {
        let claim = holdings::by_id(catalogue, &context.actor, &key).map_err(from_service)?;
        return Ok(claim.map(|claim| HoldingDeclaration { claim, lang: lang.clone() }.into()));
    }
    if kind == OwnKind::AccessDocument {
        return Ok(AccessDocument::by_id(context, &key)?.map(Into::into));
    }
    if kind == OwnKind::HarvestSource {
        return Ok(HarvestSource::by_id(context, &key)?.map(Into::into));
    }
    if kind == OwnKind::IntakeRun {
        return Ok(IntakeRun::by_id(context, &key)?.map(Into::into));
    }
    if kind == OwnKind::CalendarEntry {
        return Ok(None);
    }
    if kind == OwnKind::Entitlement {
        return Ok(Entitlement::by_id(context, &key)?.map(Into::into));
    }
    if kind == OwnKind::RegisterEntry {
        let found = registers::by_id(catalogue, &context.actor, &key).map_err(from_service)?;
        return Ok(found.map(|record| RegisterEntry { record, lang: lang.clone() }.into()));
    }
    if kind == OwnKind::Report {
        let found = kept::by_id(catalogue, &key).map_err(from_service)?;
        return Ok(found.map(|kept| Report { kept }.into()));
    }
    if kind == OwnKind::Comment {
        let found = comments::by_id(catalogue, &context.actor, &key).map_err(from_service)?;
        return Ok(found.map(|row| Comment { row, lang: lang.clone() }.into()));
    }
    if kind == OwnKind::Agreement {
        let seen = agreements::by_id(catalogue, &context.actor, &key).map_err(from_service)?;
        return Ok(seen.map(|seen| Agreement { seen, lang: lang.clone() }.into()));
    }
    let judged = if kind == OwnKind::Token { policy::check_reading(&context.actor) } else { policy::check_own(&context.actor) };
    let Some(person) = person.filter(|_| judged.is_ok()) else { return Ok(None) };
    Ok(match kind {
        OwnKind::Token => {
            let rows = once(&mut owned.tokens, || accounts::tokens(catalogue, person))?;
            rows.iter().find(|row| row.id == key).cloned().map(|row| ApiToken(row).into())
        }
        OwnKind::Notification => {
            let rows = once(&mut owned.notices, || notify::of_person(catalogue, person, false))?;
            rows.iter().find(|row| row.id == key).cloned().map(|row| Notification { row, lang: lang.clone() }.into())
        }
        OwnKind::SavedSearch => {
            let rows = once(&mut owned.searches, || alerts::of_person(catalogue, person))?;
            rows.iter().find(|row| row.id == key).cloned().map(|row| SavedSearch(row).into())
        }
        // All others were read before.
        _ => {
            let rows = once(&mut owned.webhooks, || webhooks::of_person(catalogue, person))?;
            rows.iter().find(|row| row.id == key).cloned().map(|row| Webhook(row).into())
        }
    })
}

fn texts(mut ids: Vec<Uuid>) -> Vec<String> {
    ids.sort_unstable();
    ids.dedup();
    ids.iter().map(ToString::to_string).collect()
}

/// Reads nodes in the order asked for, in a fixed number of statements; none for the absent and for what the viewer may not see.
pub fn read(context: &Context, ids: &[ID]) -> FieldResult<Vec<Option<NodeValue>>> {
    let wanted: Vec<Option<NodeId>> = ids.iter().map(|id| NodeId::decode(id)).collect();
    let of = |pick: &dyn Fn(&NodeId) -> Option<Uuid>| wanted.iter().flatten().filter_map(pick).collect::<Vec<_>>();
    let (catalogue, lang) = (&context.catalogue, &context.language);
    let dataset_ids = of(&|id| match id {
        NodeId::Dataset(id) | NodeId::Version(id, _) | NodeId::Variable(id, _) => Some(id.0),
        _ => None,
    });
    let holding_ids: Vec<HoldingId> =
        wanted.iter().flatten().filter_map(|id| if let NodeId::Holding(id) = id { Some(*id) } else { None }).collect();
    let institution_ids: Vec<InstitutionId> =
        wanted.iter().flatten().filter_map(|id| if let NodeId::Institution(id) = id { Some(*id) } else { None }).collect();
    let seqs: Vec<i64> = wanted.iter().flatten().filter_map(|id| if let NodeId::Change(seq) = id { Some(*seq) } else { None }).collect();
    let records = catalogue.records(&context.actor, &dataset_ids).map_err(from_service)?;
    let held = if holding_ids.is_empty() {
        HashMap::new()
    } else {
        datasets::by_holdings(catalogue, &context.actor, &holding_ids).map_err(from_service)?
    };
    let institutions = if institution_ids.is_empty() {
        HashMap::new()
    } else {
        institutions::by_ids(catalogue, &institution_ids).map_err(from_service)?
    };
    let rows = if seqs.is_empty() { Vec::new() } else { changes::by_seqs(catalogue, &context.actor, &seqs).map_err(from_service)? };
    let changed = changes::datasets_of(catalogue, &context.actor, &rows).map_err(from_service)?;
    let requests =
        AccessRequest::by_ids(context, &texts(of(&|id| if let NodeId::Own(OwnKind::AccessRequest, id) = id { Some(*id) } else { None })))?;
    let parts: Vec<(Uuid, u32)> = wanted
        .iter()
        .flatten()
        .filter_map(|id| if let NodeId::RequestPart(id, number) = id { Some((*id, *number)) } else { None })
        .collect();
    let lines = AccessRequestLine::by_numbers(context, &parts)?;
    let mut owned = Owned::default();
    let mut one = |id: &NodeId| -> FieldResult<Option<NodeValue>> {
        Ok(match id {
            NodeId::Own(OwnKind::AccessRequest, id) => {
                requests.iter().find(|request| request.seen.request.id == *id).cloned().map(Into::into)
            }
            NodeId::Own(kind, id) => own(context, &mut owned, *kind, *id)?,
            NodeId::RequestPart(id, number) => lines.iter().find(|line| line.line.is(*id, *number)).cloned().map(Into::into),
            NodeId::Audit(seq) => audit::by_seq(catalogue, &context.actor, *seq).map_err(from_service)?.map(|row| AuditEntry(row).into()),
            NodeId::Draft(id) => match drafts::by_id(catalogue, context.acting(), &id.to_string()).map_err(from_service)? {
                Some(draft) => Some(DatasetDraft::new(draft, lang)?.into()),
                None => None,
            },
            NodeId::Dataset(id) => records.get(&id.0).map(|record| Dataset { record: record.clone(), lang: lang.clone() }.into()),
            NodeId::Institution(id) => institutions.get(id).map(|record| Institution { record: record.clone(), lang: lang.clone() }.into()),
            NodeId::Holding(id) => {
                held.get(id).and_then(|record| Holding::of(record, lang).into_iter().find(|holding| holding.id == *id)).map(Into::into)
            }
            NodeId::Change(seq) => rows.iter().find(|row| row.seq == *seq).map(|row| {
                let record = changed.iter().find(|record| record.id.to_string() == row.entity_id).cloned();
                Change { row: row.clone(), record, lang: lang.clone() }.into()
            }),
            NodeId::Version(id, number) => match records.get(&id.0) {
                Some(record) => DatasetVersion::of(context, record)?.into_iter().find(|version| version.number == *number).map(Into::into),
                None => None,
            },
            NodeId::Variable(id, place) => {
                records.get(&id.0).and_then(|record| Variable::of(record, lang).into_iter().nth(*place)).map(Into::into)
            }
        })
    };
    if wanted.iter().flatten().any(|id| matches!(id, NodeId::Version(..))) {
        prefetch::versions(context, &records.values().cloned().collect::<Vec<_>>())?;
    }
    wanted.iter().map(|id| id.as_ref().map_or(Ok(None), &mut one)).collect()
}
