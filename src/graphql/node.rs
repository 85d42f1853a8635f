//! Opaque identifiers of the contract: `base64url(kind:uuid)`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use juniper::{FieldResult, ID, graphql_interface};
use uuid::Uuid;

use crate::domain::ids::{DatasetId, HoldingId, InstitutionId};
use crate::service::{datasets, institutions};

use super::context::Context;
use super::dataset::Dataset;
use super::error::from_service;
use super::holding::Holding;
use super::institution::Institution;

/// Something with an identifier that never changes and is never used again.
#[graphql_interface(for = [Dataset, Holding, Institution], context = Context)]
pub trait Node {
    /// Opaque identifier; pass it to `node` or `nodes` to read the thing again.
    fn id(&self) -> ID;
}

/// Kind and UUID of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeId {
    /// A dataset.
    Dataset(DatasetId),
    /// A holding.
    Holding(HoldingId),
    /// An institution.
    Institution(InstitutionId),
}

impl NodeId {
    /// The opaque identifier.
    pub fn encode(self) -> ID {
        let text = match self {
            Self::Dataset(id) => format!("dataset:{id}"),
            Self::Holding(id) => format!("holding:{id}"),
            Self::Institution(id) => format!("institution:{id}"),
        };
        ID::new(URL_SAFE_NO_PAD.encode(text))
    }

    /// Reads an opaque identifier; none for anything else.
    pub fn decode(id: &str) -> Option<Self> {
        let bytes = (id.len() <= 128).then(|| URL_SAFE_NO_PAD.decode(id).ok()).flatten()?;
        let text = String::from_utf8(bytes).ok()?;
        let (kind, uuid) = text.split_once(':')?;
        let uuid = Uuid::try_parse(uuid).ok()?;
        match kind {
            "dataset" => Some(Self::Dataset(DatasetId(uuid))),
            "holding" => Some(Self::Holding(HoldingId(uuid))),
            "institution" => Some(Self::Institution(InstitutionId(uuid))),
            _ => None,
        }
    }
}

/// Reads a node; none for the absent and for what the viewer may not see.
pub fn read(context: &Context, id: &str) -> FieldResult<Option<NodeValue>> {
    let catalogue = &context.catalogue;
    let lang = context.language.clone();
    Ok(match NodeId::decode(id) {
        None => None,
        Some(NodeId::Dataset(id)) => {
            let found = catalogue.records(context.actor, &[id.0]).map_err(from_service)?.remove(&id.0);
            found.map(|record| Dataset { record, lang }.into())
        }
        Some(NodeId::Institution(id)) => {
            institutions::by_id(catalogue, id).map_err(from_service)?.map(|record| Institution { record, lang }.into())
        }
        Some(NodeId::Holding(id)) => {
            let record = datasets::by_holding(catalogue, context.actor, id).map_err(from_service)?;
            record.and_then(|record| Holding::of(&record, &lang).into_iter().find(|holding| holding.id == id)).map(Into::into)
        }
    })
}
