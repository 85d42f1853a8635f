//! What differs between two states of a record.

use crate::domain::diff::FieldChange as ChangeModel;

use super::context::Context;

/// A field that differs.
pub struct FieldChange(pub ChangeModel);

/// A field that differs between two states of a record.
#[juniper::graphql_object(context = Context)]
impl FieldChange {
    /// Path of the field in the record format.
    fn path(&self) -> &str {
        &self.0.path
    }

    /// Value before: plain text, or JSON for a part with parts of its own; null where there was none.
    fn before(&self) -> Option<&str> {
        self.0.before.as_deref()
    }

    /// Value after; null where there is none.
    fn after(&self) -> Option<&str> {
        self.0.after.as_deref()
    }
}
