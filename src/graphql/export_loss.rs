//! What a format cannot carry of a record, as the contract shows it.

use std::sync::Arc;

use juniper::FieldResult;

use crate::domain::vocabulary::{ExportFormat, LossEffect, Vocabulary};
use crate::service::Record;
use crate::service::publishing::losses::{Loss, of_record};

use super::context::Context;
use super::error::from_service;
use super::scalars::LanguageTag;
use super::text::Lang;

/// A field that a format does not carry as it is.
#[derive(Clone)]
pub struct ExportLoss {
    loss: Loss,
    lang: Lang,
}

impl ExportLoss {
    /// What the format cannot carry of a record, as far as the viewer sees it.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub fn of(context: &Context, record: &Arc<Record>, format: ExportFormat, lang: &Lang) -> FieldResult<Option<Vec<Self>>> {
        let found = of_record(&context.catalogue, &context.actor, &context.base_url, record, format).map_err(from_service)?;
        Ok(found.map(|losses| losses.into_iter().map(|loss| Self { loss, lang: lang.clone() }).collect()))
    }
}

/// A field that a format cannot carry, or carries poorer.
#[juniper::graphql_object(context = Context)]
impl ExportLoss {
    /// Dotted path of the field in the record format, such as `methodology.definitions`.
    fn path(&self) -> &str {
        &self.loss.field
    }

    /// What becomes of it, in one sentence.
    fn effect(&self, language: Option<LanguageTag>) -> &str {
        let wanted = language.as_ref().map(|tag| tag.0.as_str()).or(self.lang.as_deref());
        self.loss.effect.label(wanted.unwrap_or("en"))
    }

    /// What becomes of it, as a code.
    fn effect_code(&self) -> LossEffect {
        self.loss.effect
    }
}
