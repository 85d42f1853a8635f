//! What a working copy still needs before it can be submitted.

use crate::domain::problem::Problem;
use crate::domain::readiness::{Obligation, Readiness as ReadinessModel, Requirement as RequirementModel, guidance};

use super::context::Context;
use super::scalars::LanguageTag;
use super::text::Lang;

/// What a draft still needs.
pub struct Readiness {
    /// The answer.
    pub(super) model: ReadinessModel,
    /// Language of the answer.
    pub(super) lang: Lang,
}

/// What a draft still needs before it can be submitted.
#[juniper::graphql_object(context = Context)]
impl Readiness {
    /// Whether it can be submitted.
    fn is_ready(&self) -> bool {
        self.model.is_ready()
    }

    /// Parts that are missing.
    fn missing(&self) -> Vec<Requirement> {
        self.model.missing.iter().map(|model| Requirement { model: model.clone(), lang: self.lang.clone() }).collect()
    }

    /// Parts that are wrong.
    fn faults(&self) -> Vec<Fault> {
        self.model.faults.iter().cloned().map(Fault).collect()
    }

    /// Parts that users of the record would miss; what is not known may stay open.
    fn recommended(&self) -> Vec<Requirement> {
        self.model.recommended.iter().map(|model| Requirement { model: model.clone(), lang: self.lang.clone() }).collect()
    }
}

/// A part of a record.
pub struct Requirement {
    model: RequirementModel,
    lang: Lang,
}

/// A part of a record with what to write there.
#[juniper::graphql_object(context = Context)]
impl Requirement {
    /// Path of the field in the record format, such as `holdings[0].accessTerms.microdata`.
    fn field(&self) -> &str {
        &self.model.field
    }

    /// Whether it is needed or recommended.
    fn obligation(&self) -> Obligation {
        self.model.obligation
    }

    /// Name of the field.
    fn label(&self, language: Option<LanguageTag>) -> Option<&str> {
        guidance(&self.model.field).map(|found| found.label.text(wanted(language.as_ref(), &self.lang)))
    }

    /// What to write, and what to do where it is not known.
    fn guidance(&self, language: Option<LanguageTag>) -> Option<&str> {
        guidance(&self.model.field).map(|found| found.text.text(wanted(language.as_ref(), &self.lang)))
    }

    /// An example from the catalogue.
    fn example(&self) -> Option<&str> {
        guidance(&self.model.field).and_then(|found| found.example.as_deref())
    }

    /// The same field in DDI, DCAT or ESMS.
    fn source(&self) -> Option<&str> {
        guidance(&self.model.field).and_then(|found| found.source.as_deref())
    }
}

fn wanted<'a>(language: Option<&'a LanguageTag>, lang: &'a Lang) -> &'a str {
    language.map(|tag| tag.0.as_str()).or(lang.as_deref()).unwrap_or("en")
}

/// A part that is wrong.
pub struct Fault(Problem);

/// A part of a record that is wrong, with the remedy.
#[juniper::graphql_object(context = Context)]
impl Fault {
    /// Path of the field in the record format.
    fn field(&self) -> &str {
        &self.0.field
    }

    /// What is wrong and how to put it right.
    fn message(&self) -> String {
        self.0.to_string()
    }
}
