//! The use of data that was granted: the undertaking that people accept, and their entitlements.

use juniper::{FieldResult, ID};
use uuid::Uuid;

use crate::domain::vocabulary::{EndReason, EntitlementState, Vocabulary};
use crate::service::entitlements;
use crate::service::rows::EntitlementRow;

use super::access_request::AccessRequest;
use super::context::Context;
use super::error::from_service;
use super::node::{NodeId, NodeValue, OwnKind};
use super::scalars::{Date, DateTime};

/// An undertaking.
pub struct AccessUndertaking {
    /// The text.
    pub text: Option<String>,
    /// Its hash.
    pub text_hash: Option<String>,
    /// The registered agreement that it rests on.
    pub agreement: Option<Uuid>,
    /// Each person's acceptance, in the order in which they came.
    pub accepted: Vec<AccessAcceptance>,
    /// Number of those who have not.
    pub awaited: usize,
    /// Whether the viewer has.
    pub by_viewer: bool,
}

/// What everyone who uses the data accepts in person.
#[juniper::graphql_object(context = Context)]
impl AccessUndertaking {
    /// What each person undertakes; null under an agreement between institutions that needs no further acceptance, and once it was erased.
    fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// SHA-256 of the text. Whoever accepts it gives the hash back, so that nobody accepts what they have not read.
    fn text_hash(&self) -> Option<&str> {
        self.text_hash.as_deref()
    }

    /// Opaque identifier of the registered agreement that it rests on.
    fn agreement(&self) -> Option<ID> {
        self.agreement.map(|id| NodeId::Own(OwnKind::Agreement, id).encode())
    }

    /// Functions of those who have accepted it.
    fn accepted_by(&self) -> Vec<String> {
        self.accepted.iter().filter_map(|one| one.function.clone()).collect()
    }

    /// Each person's acceptance, in the order in which they came.
    fn acceptances(&self) -> &[AccessAcceptance] {
        &self.accepted
    }

    /// When it was last accepted by someone.
    fn accepted_at(&self) -> Option<DateTime> {
        self.accepted.iter().map(|one| one.at).max().map(DateTime)
    }

    /// Number of persons who have not accepted it yet, those known only by address among them.
    fn awaited(&self) -> i32 {
        i32::try_from(self.awaited).unwrap_or(i32::MAX)
    }

    /// Whether the viewer has accepted it.
    fn is_accepted_by_viewer(&self) -> bool {
        self.by_viewer
    }
}

/// An acceptance.
pub struct AccessAcceptance {
    /// Function of the person.
    pub function: Option<String>,
    /// When.
    pub at: i64,
    /// Hash of the text that was read.
    pub text_hash: String,
}

/// One person's acceptance of an undertaking. With the text whose hash it names it is what was signed.
#[juniper::graphql_object(context = Context)]
impl AccessAcceptance {
    /// Function of the person.
    fn function(&self) -> Option<&str> {
        self.function.as_deref()
    }

    /// When the person accepted it.
    fn accepted_at(&self) -> DateTime {
        DateTime(self.at)
    }

    /// SHA-256 of the text that the person has read and accepted.
    fn text_hash(&self) -> &str {
        &self.text_hash
    }
}

/// An entitlement.
#[derive(Clone)]
pub struct Entitlement {
    /// The row.
    pub row: EntitlementRow,
    /// Function of the person.
    pub person: Option<String>,
}

impl Entitlement {
    /// The entitlement with this identifier, where the viewer may read the request that it comes from.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn by_id(context: &Context, id: &str) -> FieldResult<Option<Self>> {
        let Some(row) = entitlements::by_id(&context.catalogue, id).map_err(from_service)? else { return Ok(None) };
        let request = AccessRequest::by_id(context, &row.request_id)?;
        Ok(request.and_then(|request| request.entitlements().into_iter().find(|known| known.row.id == id)))
    }
}

/// Who may use what, from when, until when. It closes by itself; the holder's own system is told.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Entitlement {
    /// Opaque identifier.
    fn id(&self) -> ID {
        Uuid::try_parse(&self.row.id).map_or_else(|_| ID::new(self.row.id.clone()), |id| NodeId::Own(OwnKind::Entitlement, id).encode())
    }

    /// Identifier by which the holder's own system is told of it.
    fn identifier(&self) -> &str {
        &self.row.id
    }

    /// Function of the person.
    fn person(&self) -> Option<&str> {
        self.person.as_deref()
    }

    /// Where it stands.
    fn state(&self) -> EntitlementState {
        EntitlementState::parse(&self.row.state).unwrap_or(EntitlementState::Ended)
    }

    /// First day.
    fn from(&self) -> Date {
        Date(self.row.starts_on.clone())
    }

    /// Last day.
    fn until(&self) -> Date {
        Date(self.row.ends_on.clone())
    }

    /// Why it ended.
    fn reason(&self) -> Option<EndReason> {
        self.row.reason.as_deref().and_then(EndReason::parse)
    }
}
