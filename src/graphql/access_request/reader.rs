//! Who has read the content of an access request.

use juniper::{FieldResult, ID};

use crate::domain::vocabulary::{AccessRead, Vocabulary};
use crate::service::Error;
use crate::service::rows::ReadRow;

use super::super::connection::page;
use super::super::context::Context;
use super::super::error::from_service;
use super::super::scalars::DateTime;
use super::document::document_id;

page!(AccessRequestReaderPage, AccessRequestReader, "Who of the holders has read the content of an access request, latest first.");

/// Someone who read the content.
#[derive(Clone)]
pub struct AccessRequestReader(pub(super) ReadRow);

/// A person of a holder who read the content of a request. Looks within an hour are noted once.
#[juniper::graphql_object(context = Context)]
impl AccessRequestReader {
    /// Function of the person.
    fn function(&self) -> &str {
        &self.0.function
    }

    /// Number of the part for whose holder the person acts.
    fn part(&self) -> Option<i32> {
        self.0.part.and_then(|part| i32::try_from(part).ok())
    }

    /// What was read.
    fn what(&self) -> FieldResult<AccessRead> {
        // A document is noted with its identifier behind.
        let kind = self.0.what.split_once(':').map_or(self.0.what.as_str(), |(kind, _)| kind);
        AccessRead::parse(kind).ok_or_else(|| from_service(Error::Internal(anyhow::anyhow!("`{kind}` is nothing that can be read"))))
    }

    /// The document that was read, as `documents { id }` names it; null for the content of the request.
    fn document(&self) -> Option<ID> {
        self.0.what.split_once(':').map(|(_, document)| document_id(document))
    }

    /// When it was read.
    fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
