//! Where a copy of a record comes from, as the contract shows it.

use crate::domain::dataset::CopiedFrom as Model;

use super::context::Context;
use super::scalars::Uri;

/// Where a copy comes from.
#[derive(Clone)]
pub struct CopiedFrom(pub Model);

/// The registry that keeps a record of which this is a copy. The copy is changed there, and not here; data are asked for there.
#[juniper::graphql_object(context = Context)]
impl CopiedFrom {
    /// Name of the registry.
    fn registry(&self) -> &str {
        &self.0.registry
    }

    /// Page of the record there.
    fn address(&self) -> Uri {
        Uri(self.0.address.clone())
    }
}
