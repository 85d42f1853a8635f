//! Sources of a record, and published figures that do not agree.

use std::sync::Arc;

use juniper::FieldResult;

use crate::domain::dataset::{Citation as CitationModel, Discrepancy as DiscrepancyModel, PublishedValue as ValueModel};
use crate::service::Record;

use super::context::Context;
use super::dataset::Dataset;
use super::register::RegisterEntry;
use super::register_lists;
use super::scalars::{LanguageTag, PartialDate, Uri};
use super::text::{Lang, words};

/// A source of a statement.
#[derive(Clone)]
pub struct Citation(pub CitationModel);

/// A source that was read for the record.
#[juniper::graphql_object(context = Context)]
impl Citation {
    /// Key of the source, such as `S03`; the same source has the same key in all records.
    fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// Title of the source.
    fn title(&self) -> &str {
        &self.0.title
    }

    /// Address.
    fn url(&self) -> Option<Uri> {
        self.0.url.clone().map(Uri)
    }

    /// What the source supports.
    fn supports(&self) -> Option<&str> {
        self.0.supports.as_deref()
    }
}

/// Figures that do not agree.
#[derive(Clone)]
pub struct Discrepancy {
    /// The discrepancy.
    pub model: DiscrepancyModel,
    /// The record, for its citations.
    pub record: Arc<Record>,
    /// Language of the answer.
    pub lang: Lang,
}

/// Published values of one thing that do not agree.
#[juniper::graphql_object(context = Context)]
impl Discrepancy {
    /// The dataset whose record states it.
    fn dataset(&self) -> Dataset {
        Dataset { record: self.record.clone(), lang: self.lang.clone() }
    }

    /// What the values are of.
    fn subject(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.subject, language, &self.lang, None)
    }

    /// The values.
    fn values(&self) -> Vec<PublishedValue> {
        self.model
            .values
            .iter()
            .map(|model| PublishedValue { model: model.clone(), record: self.record.clone(), lang: self.lang.clone() })
            .collect()
    }

    /// What follows from the difference.
    fn effect(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.effect, language, &self.lang, None)
    }

    /// Explanation, where one is known.
    fn explanation(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.explanation, language, &self.lang, None)
    }

    /// What the producers of the records that state the figures have agreed on, in the registers; for those who may read it also what is
    /// proposed.
    fn note(&self, context: &Context) -> FieldResult<Option<RegisterEntry>> {
        register_lists::explanation(context, &self.record, &self.model, &self.lang)
    }

    /// Whether there is a note on figures with these values, and the record states them of several things in other words than those that the
    /// note was written for, so that nobody can tell whether it is on these. It is shown with none of them; propose one again.
    fn is_note_in_question(&self, context: &Context) -> FieldResult<bool> {
        register_lists::is_in_question(context, &self.record, &self.model)
    }
}

/// A published value.
#[derive(Clone)]
pub struct PublishedValue {
    model: ValueModel,
    record: Arc<Record>,
    lang: Lang,
}

/// A value as it was published.
#[juniper::graphql_object(context = Context)]
impl PublishedValue {
    /// The value as published.
    fn value(&self) -> &str {
        &self.model.value
    }

    /// Table, date or scope.
    fn context(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.context, language, &self.lang, None)
    }

    /// Cut-off date: the day up to which the source had counted; null where it is not documented. The day of publication stands in `citation`.
    fn cut_off(&self) -> Option<PartialDate> {
        self.model.cut_off.map(PartialDate)
    }

    /// The source of the value.
    fn citation(&self) -> Option<Citation> {
        let key = self.model.source.as_ref()?;
        self.record.dataset.citations.iter().find(|citation| citation.source.as_ref() == Some(key)).cloned().map(Citation)
    }
}
