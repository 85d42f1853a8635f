//! Private links that show a draft to whoever has them.

use juniper::ID;

use super::context::Context;
use super::scalars::DateTime;

/// A private preview link.
#[derive(Clone)]
pub struct PreviewLink(pub crate::service::previews::PreviewRow);

/// A private link that shows a draft to whoever has it. Its address was shown once, when it was made.
#[juniper::graphql_object(context = Context)]
impl PreviewLink {
    /// Identifier, for `previewLinkRevoke`.
    fn id(&self) -> ID {
        ID::new(self.0.id.clone())
    }

    /// Whether the functions of the people who wrote and validated the draft are left out.
    fn without_names(&self) -> bool {
        self.0.without_names == 1
    }

    /// When it was made.
    fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends.
    fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was revoked; null while it is in force.
    fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}
