//! The change feed as the contract shows it.

use std::sync::Arc;

use juniper::ID;
use uuid::Uuid;

use crate::domain::ids::{DatasetId, InstitutionId};
use crate::domain::vocabulary::vocabulary;
use crate::service::{Change as Row, Record};

use super::connection::connection;
use super::context::Context;
use super::dataset::Dataset;
use super::node::{NodeId, NodeValue, OwnKind};
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
