//! Variables of a dataset as the contract shows them.

use std::sync::Arc;

use juniper::ID;

use crate::domain::dataset::{Category as CategoryModel, Variable as VariableModel};
use crate::domain::ids::DatasetId;
use crate::service::Record;

use super::connection::connection;
use super::context::Context;
use super::node::{NodeId, NodeValue};
use super::scalars::LanguageTag;
use super::text::{Lang, words};

/// A variable.
#[derive(Clone)]
pub struct Variable {
    dataset: DatasetId,
    place: usize,
    model: VariableModel,
    lang: Lang,
}

impl Variable {
    /// The variables of a record.
    pub fn of(record: &Arc<Record>, lang: &Lang) -> Vec<Self> {
        let numbered = record.dataset.variables.iter().enumerate();
        numbered.map(|(place, model)| Self { dataset: record.id, place, model: model.clone(), lang: lang.clone() }).collect()
    }
}

connection!(
    VariableConnection,
    VariableEdge,
    Variable,
    "Variables of a dataset, in the order of its files.",
    "A variable with its place in the list."
);

/// A variable of a data file (DDI var): name, label and codes, never values of persons.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Variable {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Variable(self.dataset, self.place).encode()
    }

    /// Data file that holds the variable.
    fn file(&self) -> Option<&str> {
        self.model.file.as_deref()
    }

    /// Name in the file.
    fn name(&self) -> &str {
        &self.model.name
    }

    /// Label.
    fn label(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.label, language, &self.lang, None)
    }

    /// Codes and their labels.
    fn categories(&self) -> Vec<Category> {
        self.model.categories.iter().map(|model| Category { model: model.clone(), lang: self.lang.clone() }).collect()
    }
}

/// A code.
#[derive(Clone)]
pub struct Category {
    model: CategoryModel,
    lang: Lang,
}

/// One code of a variable.
#[juniper::graphql_object(context = Context)]
impl Category {
    /// The code.
    fn code(&self) -> &str {
        &self.model.code
    }

    /// Its label.
    fn label(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.label, language, &self.lang, None)
    }
}
