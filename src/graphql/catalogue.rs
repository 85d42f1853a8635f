//! The catalogue itself, and suggestions for what is looked for in it.

use juniper::FieldResult;

use crate::service;
use crate::service::suggest::SuggestionKind;

use super::context::Context;
use super::error::{bad_input, from_service};
use super::scalars::LanguageTag;

/// The catalogue itself.
pub struct Catalogue {
    /// Datasets that the viewer may find.
    pub(super) datasets: i64,
    /// Institutions.
    pub(super) institutions: i64,
    /// Last change.
    pub(super) seq: i64,
}

/// The catalogue itself: its name, its size, and how far its change log goes.
#[juniper::graphql_object(context = Context)]
impl Catalogue {
    /// Name given by the operator.
    fn name(context: &Context) -> String {
        context.name.to_string()
    }

    /// Version of the program.
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Languages of labels and messages. Records may be written in any language.
    fn languages() -> FieldResult<Vec<LanguageTag>> {
        ["ar", "fr", "en"].iter().map(|tag| crate::domain::text::LanguageTag::parse(tag).map(LanguageTag).map_err(bad_input)).collect()
    }

    /// Number of datasets that the viewer may find.
    fn dataset_count(&self) -> i32 {
        i32::try_from(self.datasets).unwrap_or(i32::MAX)
    }

    /// Number of institutions.
    fn institution_count(&self) -> i32 {
        i32::try_from(self.institutions).unwrap_or(i32::MAX)
    }

    /// Place of the last change in the change log.
    fn last_change_seq(&self) -> i32 {
        i32::try_from(self.seq).unwrap_or(i32::MAX)
    }
}

/// A suggestion.
pub struct Suggestion(pub(super) service::suggest::Suggestion);

impl Suggestion {
    /// What begins with the letters that a person has typed, in a language as far as there are words in it.
    ///
    /// # Errors
    /// A number of suggestions that is not given; index or database are unavailable.
    pub(super) fn find(context: &Context, prefix: &str, language: Option<&LanguageTag>, first: i32) -> FieldResult<Vec<Self>> {
        if !(1..=50).contains(&first) {
            return Err(bad_input(format!("`first` is {first}; ask for 1 to 50 suggestions")));
        }
        let wanted = language.map(|tag| tag.0.as_str()).or(context.language.as_deref());
        let found = service::suggest::suggest(&context.catalogue, &context.actor, prefix, wanted, usize::try_from(first).unwrap_or(8));
        Ok(found.map_err(from_service)?.into_iter().map(Self).collect())
    }
}

/// A suggestion for what a person is typing.
#[juniper::graphql_object(context = Context)]
impl Suggestion {
    /// What it stands for.
    fn kind(&self) -> SuggestionKind {
        self.0.kind
    }

    /// The words.
    fn text(&self) -> &str {
        &self.0.text
    }

    /// Code of the concept, or short name of the institution or dataset.
    fn value(&self) -> &str {
        &self.0.value
    }

    /// For a topic or place: number of datasets that the viewer may find.
    fn dataset_count(&self) -> Option<i32> {
        self.0.count.map(|count| i32::try_from(count).unwrap_or(i32::MAX))
    }
}
