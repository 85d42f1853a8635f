//! Documents attached to access requests.

use std::sync::Arc;

use juniper::{FieldResult, ID};
use uuid::Uuid;

use crate::service::access_requests::files;
use crate::service::rows::FileHead;

use super::super::context::Context;
use super::super::error::from_service;
use super::super::node::{NodeId, NodeValue, OwnKind};
use super::super::scalars::{DateTime, Uri};
use super::AccessRequest;

/// A document.
#[derive(Clone)]
pub struct AccessDocument {
    pub(super) file: FileHead,
    pub(super) base_url: Arc<str>,
}

impl AccessDocument {
    /// The document with this identifier, where the viewer may read it.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn by_id(context: &Context, id: &str) -> FieldResult<Option<Self>> {
        let Some(request) = files::request_of(&context.catalogue, id).map_err(from_service)? else { return Ok(None) };
        let request = AccessRequest::by_id(context, &request)?;
        Ok(request.and_then(|request| request.files(context).into_iter().find(|known| known.file.id == id)))
    }
}

/// Opaque identifier of a document.
pub(super) fn document_id(id: &str) -> ID {
    Uuid::try_parse(id).map_or_else(|_| ID::new(id.to_owned()), |id| NodeId::Own(OwnKind::AccessDocument, id).encode())
}

/// A document attached to an access request. It was looked through for data on persons before it was taken.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl AccessDocument {
    /// Opaque identifier.
    fn id(&self) -> ID {
        document_id(&self.file.id)
    }

    /// Name of the file; empty once it was erased.
    fn name(&self) -> &str {
        &self.file.name
    }

    /// Media type of the file, such as application/pdf.
    fn media_type(&self) -> &str {
        &self.file.media_type
    }

    /// Size in bytes.
    fn byte_size(&self) -> i32 {
        i32::try_from(self.file.size).unwrap_or(i32::MAX)
    }

    /// SHA-256 of the bytes.
    fn sha256(&self) -> &str {
        &self.file.sha256
    }

    /// Address from which those who may read it get it.
    fn url(&self) -> Uri {
        Uri(format!("{}/access-document/{}", self.base_url, self.file.id))
    }

    /// Whether only the people of the holder see it.
    fn is_internal(&self) -> bool {
        self.file.is_internal == 1
    }

    /// When it was attached.
    fn attached_at(&self) -> DateTime {
        DateTime(self.file.at)
    }

    /// When it was erased.
    fn erased_at(&self) -> Option<DateTime> {
        self.file.erased_at.map(DateTime)
    }
}
