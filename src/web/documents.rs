//! Parsed and validated documents, kept by their text; and persisted queries, kept by their hash.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use juniper::parser::parse_document_source;
use juniper::validation::RuleError;
use juniper::{DefaultScalarValue, Definition, GraphQLError, OperationType, Selection, ValidatedOperation, Variables};
use moka::sync::Cache;
use self_cell::self_cell;

use crate::graphql::characters::{check_document, check_variables};
use crate::graphql::limits::{self, Limits, Refusal};
use crate::graphql::subscription::check_root;
use crate::graphql::{Mutation, Query, Schema, Subscription};

type Operation<'a> = ValidatedOperation<'a, Query, Mutation, Subscription, DefaultScalarValue>;

/// A document with the operation chosen from it.
pub struct Ready<'a> {
    document: Vec<Definition<'a, DefaultScalarValue>>,
    /// The operation.
    pub operation: Operation<'a>,
}

self_cell!(
    /// A document that owns its text.
    pub struct Prepared {
        owner: String,
        #[covariant]
        dependent: Ready,
    }
);

/// Length of a document that is as long as most are, in bytes.
const USUAL: u64 = 4096;
/// Longest document that is kept ready, in bytes.
const LONGEST_KEPT: usize = 65_536;

/// What a document counts as, in bytes: short ones as much as what stands around them in memory.
fn weight(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX).max(1024)
}

/// Why a document was not taken.
pub enum Rejection {
    /// A limit was exceeded, or a value holds what no text of the catalogue holds.
    Limit(Refusal),
    /// It does not parse or validate.
    Document(Box<GraphQLError>),
    /// The validation itself failed.
    Fault,
}

/// Documents by text and operation name; persisted queries by hash.
pub struct Documents {
    schema: &'static Schema,
    limits: Limits,
    prepared: Cache<(String, Option<String>), Arc<Prepared>>,
    persisted: Cache<String, Arc<str>>,
}

impl Documents {
    /// An empty memory.
    pub fn new(schema: &'static Schema, limits: Limits, size: u64) -> Self {
        // As large as its text is, a document is kept: as many as are wanted where they are of a usual length, fewer where they are long.
        let room = size.saturating_mul(USUAL);
        let prepared = Cache::builder().max_capacity(room).weigher(|(text, _): &(String, Option<String>), _: &Arc<Prepared>| weight(text));
        let persisted = Cache::builder().max_capacity(room).weigher(|_: &String, text: &Arc<str>| weight(text));
        Self { schema, limits, prepared: prepared.build(), persisted: persisted.build() }
    }

    /// Limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Keeps a query under its hash.
    pub fn persist(&self, hash: String, query: &str) {
        self.persisted.insert(hash, query.into());
    }

    /// The query kept under a hash.
    pub fn persisted(&self, hash: &str) -> Option<Arc<str>> {
        self.persisted.get(hash)
    }

    /// Parses, checks and validates a document, or finds it among those kept; and returns its cost in nodes, which may be up to `most`.
    pub fn prepare(
        &self,
        query: &str,
        operation_name: Option<&str>,
        variables: &Variables,
        most: u64,
    ) -> Result<(Arc<Prepared>, u64), Rejection> {
        check_variables(variables).map_err(Rejection::Limit)?;
        let limits = Limits { cost: most, ..self.limits.clone() };
        let key = (query.to_owned(), operation_name.map(str::to_owned));
        let prepared = match self.prepared.get(&key) {
            Some(prepared) => prepared,
            None => {
                limits::check_tokens(query, &limits).map_err(Rejection::Limit)?;
                let prepared = Arc::new(Prepared::try_new(query.to_owned(), |text| self.read(text, operation_name, variables, &limits))?);
                if query.len() <= LONGEST_KEPT {
                    self.prepared.insert(key, prepared.clone());
                }
                prepared
            }
        };
        let ready = prepared.borrow_dependent();
        let cost = limits::check(&ready.document, operation_name, variables, &limits).map_err(Rejection::Limit)?;
        Ok((prepared, cost))
    }

    fn read<'a>(
        &self,
        text: &'a str,
        operation_name: Option<&str>,
        variables: &Variables,
        limits: &Limits,
    ) -> Result<Ready<'a>, Rejection> {
        let document =
            parse_document_source(text, &self.schema.schema).map_err(|e| Rejection::Document(Box::new(GraphQLError::ParseError(e))))?;
        // Limits come before validation, whose cost they bound.
        limits::check(&document, operation_name, variables, limits).map_err(Rejection::Limit)?;
        check_document(&document).map_err(Rejection::Limit)?;
        self.check_defaulted_types(&document)?;
        let operation = self.validate(text, operation_name)?;
        if operation.operation_type() == OperationType::Subscription {
            check_root(&document, operation_name).map_err(Rejection::Limit)?;
        }
        Ok(Ready { document, operation })
    }

    /// Validates a document. A fault of the library is an answer too, never a connection that ends without one.
    fn validate<'a>(&self, text: &'a str, operation_name: Option<&str>) -> Result<Operation<'a>, Rejection> {
        // Nothing is left half done: what validation makes is dropped with it.
        let validated = catch_unwind(AssertUnwindSafe(|| ValidatedOperation::new(text, operation_name, self.schema)));
        validated.map_err(|_| Rejection::Fault)?.map_err(|e| Rejection::Document(Box::new(e)))
    }

    /// Refuses variables with a default whose type is not in the schema: juniper looks the type up to check the default, and panics where there is
    /// none. Of variables without a default it tells by itself, with everything else that is wrong.
    fn check_defaulted_types(&self, document: &[Definition<'_, DefaultScalarValue>]) -> Result<(), Rejection> {
        let operations = document.iter().filter_map(|definition| match definition {
            Definition::Operation(operation) => operation.item.variables_definition.as_ref(),
            Definition::Fragment(_) => None,
        });
        let variables = operations.flat_map(|definitions| definitions.item.items.iter()).map(|(_, variable)| variable);
        let errors: Vec<RuleError> = variables
            .filter(|variable| variable.default_value.is_some())
            .map(|variable| &variable.var_type)
            .filter(|of_type| self.schema.schema.concrete_type_by_name(of_type.item.innermost_name()).is_none())
            .map(|of_type| RuleError::new(&format!("Unknown type \"{}\"", of_type.item.innermost_name()), &[of_type.span.start]))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(Rejection::Document(Box::new(GraphQLError::ValidationError(errors)))) }
    }
}

impl Ready<'_> {
    /// Whether the operation writes.
    pub fn is_mutation(&self) -> bool {
        self.operation.operation_type() == OperationType::Mutation
    }

    /// Whether the operation goes on telling.
    pub fn is_subscription(&self) -> bool {
        self.operation.operation_type() == OperationType::Subscription
    }

    /// Whether the document asks for nothing but type names, so that no other thread is needed.
    pub fn is_trivial(&self) -> bool {
        self.document.iter().all(|definition| match definition {
            Definition::Operation(operation) if operation.item.operation_type != OperationType::Query => false,
            Definition::Operation(operation) => operation.item.selection_set.iter().all(|selection| match selection {
                Selection::Field(field) => field.item.name.item == "__typename",
                _ => false,
            }),
            Definition::Fragment(_) => false,
        })
    }
}
