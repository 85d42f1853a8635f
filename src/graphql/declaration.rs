//! Declared holdings as the contract shows them.

use juniper::{FieldResult, ID};

use crate::domain::policy::{Action, State, Subject, check};
use crate::domain::vocabulary::{AccessLevel, HoldingRole, HoldingState, RequestChannel};
use crate::service::holdings::Claim;

use super::connection::connection;
use super::context::Context;
use super::dataset::Dataset;
use super::error::from_service;
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::scalars::{DateTime, LanguageTag};
use super::text::{Lang, words};

/// A declared holding.
#[derive(Clone)]
pub struct HoldingDeclaration {
    /// The declaration.
    pub claim: Claim,
    /// Language of the answer.
    pub lang: Lang,
}

connection!(
    HoldingDeclarationConnection,
    HoldingDeclarationEdge,
    HoldingDeclaration,
    "Declared holdings, oldest first.",
    "A declared holding with its place in the list."
);

impl HoldingDeclaration {
    fn dataset_id(&self) -> FieldResult<uuid::Uuid> {
        crate::service::catalogue::read_id(&self.claim.row.dataset_id).map_err(from_service)
    }
}

/// An institution's statement that it holds another's dataset. It is the holder's until the producer confirms it; then it is
/// part of the record. Only the two institutions and the coordinator see it before.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl HoldingDeclaration {
    /// Opaque identifier.
    fn id(&self) -> FieldResult<ID> {
        let id = crate::service::catalogue::read_id(&self.claim.row.id).map_err(from_service)?;
        Ok(NodeId::Own(OwnKind::Declaration, id).encode())
    }

    /// The dataset that is held.
    fn dataset(&self, context: &Context) -> FieldResult<Option<Dataset>> {
        let id = self.dataset_id()?;
        let record = context.catalogue.records(&context.actor, &[id]).map_err(from_service)?.remove(&id);
        Ok(record.map(|record| Dataset { record, lang: self.lang.clone() }))
    }

    /// The institution that declares.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, &self.claim.row.institution, &self.lang)
    }

    /// In which role it holds the data.
    fn role(&self) -> HoldingRole {
        self.claim.holding.role
    }

    /// Where the declaration stands.
    fn state(&self) -> HoldingState {
        self.claim.state()
    }

    /// Why the producer contests it.
    fn reason(&self) -> Option<&str> {
        self.claim.row.reason.as_deref()
    }

    /// Level of access to tables that the holder declares.
    fn aggregates(&self) -> AccessLevel {
        self.claim.holding.access_terms.aggregates
    }

    /// Level of access to microdata that the holder declares.
    fn microdata(&self) -> AccessLevel {
        self.claim.holding.access_terms.microdata
    }

    /// Where a request for access goes.
    fn channel(&self) -> RequestChannel {
        self.claim.holding.access_terms.channel
    }

    /// Conditions in words.
    fn conditions(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.claim.holding.access_terms.conditions, language, &self.lang, None)
    }

    /// Grows with every write; give it back as `expectedRevision`.
    fn revision(&self) -> i32 {
        i32::try_from(self.claim.row.revision).unwrap_or(i32::MAX)
    }

    /// When it was last written.
    fn updated_at(&self) -> DateTime {
        DateTime(self.claim.row.updated_at)
    }

    /// Whether the viewer may confirm or contest it.
    fn viewer_can_decide(&self, context: &Context) -> FieldResult<bool> {
        let id = self.dataset_id()?;
        let record = context.catalogue.records(&context.actor, &[id]).map_err(from_service)?.remove(&id);
        let state = match self.claim.state() {
            HoldingState::Declared => State::Declared,
            HoldingState::Confirmed => State::Confirmed,
            HoldingState::Contested => State::Contested,
            HoldingState::Withdrawn => State::Withdrawn,
        };
        let producer = record.as_ref().and_then(|record| record.dataset.producer.as_ref());
        Ok(check(&context.actor, Action::HoldingDecide, &Subject { state: Some(state), institution: producer, ..Subject::default() })
            .is_ok())
    }
}
