//! What a format cannot carry of a record, as the contract shows it.

use std::sync::Arc;

use juniper::FieldResult;

use crate::domain::vocabulary::ExportFormat;
use crate::service::Record;
use crate::service::publishing::losses::{Loss, of_record};

use super::context::Context;
use super::error::from_service;

/// A field that a format does not carry as it is.
#[derive(Clone)]
pub struct ExportLoss(Loss);

impl ExportLoss {
    /// What the format cannot carry of a record, as far as the viewer sees it.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub fn of(context: &Context, record: &Arc<Record>, format: ExportFormat) -> FieldResult<Option<Vec<Self>>> {
        let found = of_record(&context.catalogue, &context.actor, &context.base_url, record, format).map_err(from_service)?;
        Ok(found.map(|losses| losses.into_iter().map(Self).collect()))
    }
}

/// A field that a format cannot carry, or carries poorer.
#[juniper::graphql_object(context = Context)]
impl ExportLoss {
    /// Dotted path of the field in the record format, such as `methodology.definitions`.
    fn path(&self) -> &str {
        &self.0.field
    }

    /// What becomes of it, in one sentence.
    fn effect(&self) -> &str {
        self.0.effect
    }
}
