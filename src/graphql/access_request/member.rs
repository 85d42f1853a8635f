//! Persons named to use the data too.

use super::super::context::Context;
use super::super::scalars::DateTime;

/// A person named to use the data.
#[derive(Clone)]
pub struct AccessRequestMember {
    pub(super) number: u32,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) removed_at: Option<i64>,
}

/// A person named to use the data too. Each member accepts the undertaking in person.
#[juniper::graphql_object(context = Context)]
impl AccessRequestMember {
    /// Number within the request.
    fn number(&self) -> i32 {
        i32::try_from(self.number).unwrap_or(i32::MAX)
    }

    /// Name, for those who handle the request; null once it was erased.
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// E-mail address, likewise.
    fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// When the person was taken out.
    fn removed_at(&self) -> Option<DateTime> {
        self.removed_at.map(DateTime)
    }
}
