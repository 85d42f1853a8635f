//! The change feed as the contract shows it.

use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult, ID};
use uuid::Uuid;

use crate::domain::ids::{DatasetId, InstitutionId};
use crate::domain::vocabulary::vocabulary;
use crate::service::{Change as Row, Record, changes as feed};

use super::connection::{PageArgs, Paging, connection, read_text_cursor, text_cursor};
use super::context::Context;
use super::dataset::Dataset;
use super::error::{bad_input, coded, from_service};
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch::{self, Wanted};
use super::scalars::DateTime;
use super::text::Lang;

vocabulary! {
    /// What happened to a record.
    ChangeKind "change-kind" {
        Created = "CREATED" ["It is new", "Nouvelle fiche", "سجل جديد"],
        Updated = "UPDATED" ["It was written again", "Fiche modifiée", "سجل محدث"],
        Withdrawn = "WITHDRAWN" ["It is no longer public; remove your copy", "Elle n'est plus publique ; retirer la copie", "لم يعد عموميا؛ احذفوا النسخة"],
        Transferred = "TRANSFERRED" ["It passed to the successor of its producer", "Elle est passée à l'institution qui succède au producteur", "انتقل إلى المؤسسة الخلف للمنتج"],
        Reviewed = "REVIEWED" ["The coordinator reviewed it", "Le coordinateur l'a revue", "راجعه المنسق"],
        ReviewWithdrawn = "REVIEW_WITHDRAWN" ["The coordinator took the review back", "Le coordinateur a retiré sa revue", "سحب المنسق مراجعته"],
        Retired = "RETIRED" ["It was retired; a tombstone remains", "Fiche retirée ; une trace demeure", "سجل مسحوب ويبقى أثره"],
    }
}

vocabulary! {
    /// What a change is about.
    ChangedEntity "changed-entity" {
        Dataset = "DATASET" ["A dataset", "Un jeu de données", "مجموعة بيانات"],
        Institution = "INSTITUTION" ["An institution", "Une institution", "مؤسسة"],
        Agreement = "AGREEMENT" ["An agreement", "Un accord", "اتفاق"],
        RegisterEntry = "REGISTER_ENTRY" ["An entry of the registers", "Une inscription aux registres", "قيد في السجلات"],
        CalendarEntry = "CALENDAR_ENTRY" ["An entry of the calendar", "Une inscription au calendrier", "قيد في الرزنامة"],
    }
}

/// A change.
#[derive(Clone)]
pub struct Change {
    /// The row of the log.
    pub row: Row,
    /// The dataset, where the viewer may read it.
    pub record: Option<Arc<Record>>,
    /// Language of the answer.
    pub lang: Lang,
}

connection!(ChangeConnection, ChangeEdge, Change, "Changes, oldest first.", "A change with its place in the log.");

/// A change of the catalogue. Read on from the last `seq` to stay up to date.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Change {
    /// Opaque identifier of the change.
    fn id(&self) -> ID {
        NodeId::Change(self.row.seq).encode()
    }

    /// Place in the change log. Numbers grow; some are left out because they are not public.
    fn seq(&self) -> i32 {
        i32::try_from(self.row.seq).unwrap_or(i32::MAX)
    }

    /// When.
    fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// What happened.
    fn kind(&self) -> ChangeKind {
        use crate::domain::vocabulary::Vocabulary;
        let kind = ChangeKind::parse(&self.row.kind).unwrap_or(ChangeKind::Updated);
        // Who may still read the record keeps a copy of it.
        if kind == ChangeKind::Withdrawn && self.record.is_some() { ChangeKind::Updated } else { kind }
    }

    /// What the change is about.
    fn entity(&self) -> ChangedEntity {
        use crate::domain::vocabulary::Vocabulary;
        ChangedEntity::parse(&self.row.entity).unwrap_or(ChangedEntity::Institution)
    }

    /// Opaque identifier of the thing that changed, for `node`.
    fn node_id(&self) -> Option<ID> {
        let uuid = Uuid::try_parse(&self.row.entity_id).ok()?;
        let id = match self.entity() {
            ChangedEntity::Dataset => NodeId::Dataset(DatasetId(uuid)),
            ChangedEntity::Institution => NodeId::Institution(InstitutionId(uuid)),
            ChangedEntity::Agreement => NodeId::Own(OwnKind::Agreement, uuid),
            ChangedEntity::RegisterEntry => NodeId::Own(OwnKind::RegisterEntry, uuid),
            ChangedEntity::CalendarEntry => NodeId::Own(OwnKind::CalendarEntry, uuid),
        };
        Some(id.encode())
    }

    /// The dataset as it is now; null for anything else and for a record that can no longer be read.
    fn dataset(&self) -> Option<Dataset> {
        self.record.clone().map(|record| Dataset { record, lang: self.lang.clone() })
    }
}

/// Changes after a place in the log, oldest first.
///
/// # Errors
/// The question is wrong, or the database is unavailable.
pub fn list(
    executor: &Executor<'_, '_, Context, DefaultScalarValue>,
    since: i32,
    (first, after, last, before): Paging,
) -> FieldResult<ChangeConnection> {
    let context = executor.context();
    if since < 0 {
        return Err(bad_input(format!("`since` is {since}; start with 0 and read on from the last `seq`")));
    }
    if last.is_some() || before.is_some() {
        return Err(coded("BAD_INPUT", "the change log is read forwards; use `first` and `after`"));
    }
    let args = PageArgs::check(first, after, None, None, 100)?;
    let after = args.after.as_deref().map(read_text_cursor).transpose()?;
    let after = after.map(|text| text.parse::<i64>()).transpose().map_err(|_| bad_input("`after` is not a cursor of the change log"))?;
    let page = feed::since(&context.catalogue, &context.actor, i64::from(since), after, args.count).map_err(from_service)?;
    let records = feed::datasets_of(&context.catalogue, &context.actor, &page.changes).map_err(from_service)?;
    prefetch::datasets(context, &Wanted::below(&executor.look_ahead(), &["edges.node.dataset", "nodes.dataset"]), &records)?;
    let edges = page
        .changes
        .into_iter()
        .map(|row| {
            let record = records.iter().find(|record| record.id.to_string() == row.entity_id).cloned();
            ChangeEdge { cursor: text_cursor(&row.seq.to_string()), node: Change { row, record, lang: context.language.clone() } }
        })
        .collect();
    Ok(ChangeConnection::page(edges, page.has_next, after.is_some(), usize::try_from(page.total).unwrap_or(0)))
}
