//! What belongs to a dataset: its relations, confirmations, hidden fields and versions.

use std::sync::Arc;

use juniper::{FieldResult, ID};

use crate::domain::ids::DatasetId;
use crate::domain::vocabulary::{RefusalCode, RelationType};
use crate::service::Record;
use crate::service::datasets::{RelationTo, StampRow, VersionHead};

use super::connection::connection;
use super::context::Context;
use super::dataset::Dataset;
use super::institution::Institution;
use super::node::{NodeId, NodeValue};
use super::prefetch;
use super::scalars::{DateTime, LanguageTag};
use super::text::{Lang, words};

/// A relation between two datasets.
pub struct DatasetRelation {
    pub(super) relation: RelationTo,
    pub(super) other: Dataset,
    pub(super) record: Arc<Record>,
    pub(super) lang: Lang,
}

/// A typed relation, read from the dataset asked for to the other.
#[juniper::graphql_object(context = Context)]
impl DatasetRelation {
    /// Type of the relation.
    #[graphql(name = "type")]
    fn relation_type(&self) -> RelationType {
        self.relation.relation_type
    }

    /// The other dataset.
    fn dataset(&self) -> &Dataset {
        &self.other
    }

    /// Whether the relation was given by the other record and is shown here inverted.
    fn is_inverse(&self) -> bool {
        self.relation.is_inverse
    }

    /// Remark.
    fn note(&self, language: Option<LanguageTag>) -> Option<String> {
        let own = self.relation.own.and_then(|place| self.record.dataset.relations.get(place))?;
        words(&own.note, language, &self.lang, None)
    }
}

/// Who confirmed a record, and when.
#[derive(Clone)]
pub struct Stamp {
    pub(super) row: StampRow,
    pub(super) lang: Lang,
}

/// A confirmation of one version of a record.
#[juniper::graphql_object(context = Context)]
impl Stamp {
    /// Function that confirmed; never a private name.
    fn by(&self) -> &str {
        &self.row.function
    }

    /// Institution in whose name it was confirmed; null for a review by the coordinator of the catalogue.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.row.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug, &self.lang))
    }

    /// When.
    fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// Number of the version that was confirmed.
    fn version(&self) -> i32 {
        i32::try_from(self.row.version).unwrap_or(i32::MAX)
    }

    /// Remark.
    fn note(&self) -> Option<&str> {
        Some(self.row.note.as_str()).filter(|note| !note.is_empty())
    }
}

/// A hidden field.
#[derive(Clone)]
pub struct MaskedField {
    pub(super) path: String,
    pub(super) reason: RefusalCode,
}

/// A field that is hidden from the viewer.
#[juniper::graphql_object(context = Context)]
impl MaskedField {
    /// Path of the field.
    fn path(&self) -> &str {
        &self.path
    }

    /// Why it is hidden.
    fn reason(&self) -> RefusalCode {
        self.reason
    }
}

/// A version.
#[derive(Clone)]
pub struct DatasetVersion {
    dataset: DatasetId,
    /// Number, from 1.
    pub number: i64,
    published_at: i64,
    change_note: String,
}

connection!(
    DatasetVersionConnection,
    DatasetVersionEdge,
    DatasetVersion,
    "Versions of a record, newest first.",
    "A version with its place in the list."
);

impl DatasetVersion {
    /// The public versions of a record, newest first.
    pub fn of(context: &Context, record: &Arc<Record>) -> FieldResult<Vec<Self>> {
        let rows = prefetch::versions_of(context, record)?;
        let version = |row: VersionHead| Self { dataset: record.id, number: row.version, published_at: row.at, change_note: row.note };
        Ok(rows.into_iter().map(version).collect())
    }
}

/// An immutable version of a record.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl DatasetVersion {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Version(self.dataset, self.number).encode()
    }

    /// Number, from 1.
    fn number(&self) -> i32 {
        i32::try_from(self.number).unwrap_or(i32::MAX)
    }

    /// When it was written.
    fn published_at(&self) -> DateTime {
        DateTime(self.published_at)
    }

    /// What changed.
    fn change_note(&self) -> &str {
        &self.change_note
    }
}
