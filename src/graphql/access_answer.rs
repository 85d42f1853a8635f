//! Answers to the questions of an access form, as they are read.

use std::sync::Arc;

use juniper::FieldResult;
use serde_json::Value;

use crate::domain::form::{Form, in_words};

use super::access_form::FormQuestion;
use super::context::Context;
use super::prefetch;
use super::text::Lang;

/// An answer.
pub struct AccessAnswer {
    /// The form that it answers.
    pub form: Arc<Form>,
    /// Place of the question in the form.
    pub place: usize,
    /// The answer.
    pub value: Value,
    /// Language of the answer.
    pub lang: Lang,
}

/// An answer to a question of the form.
#[juniper::graphql_object(context = Context)]
impl AccessAnswer {
    /// The question.
    fn question(&self) -> FormQuestion {
        FormQuestion::of(&self.form, self.place, &self.lang)
    }

    /// The answer in words, in the language of the reader: options, countries and kinds of legal basis by their labels, an institution of the
    /// catalogue by its name.
    fn text(&self, context: &Context) -> FieldResult<String> {
        if let Some(slug) = self.value.get("slug").and_then(Value::as_str) {
            let known = prefetch::institution(context, slug, &self.lang)?;
            let names = known.map(|institution| institution.record.institution.names.clone());
            if let Some(name) = names.as_ref().and_then(|names| names.words(self.lang.as_deref(), None)) {
                return Ok(name.to_owned());
            }
        }
        let language = self.lang.as_deref().unwrap_or("en");
        Ok(in_words(&self.form.questions[self.place], &self.value, language, &context.catalogue.concepts))
    }

    /// The answer as JSON, in the shape of the question's kind.
    fn json(&self) -> String {
        self.value.to_string()
    }
}
