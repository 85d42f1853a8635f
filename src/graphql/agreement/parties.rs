//! The parties of an agreement: who they are, who has signed for them, and whom to turn to.

use juniper::FieldResult;

use crate::domain::agreement as model;
use crate::domain::vocabulary::PartyRole;
use crate::service::rows::SignatureRow;

use super::super::context::Context;
use super::super::institution::Institution;
use super::super::prefetch;
use super::super::scalars::{DateTime, LanguageTag};
use super::super::text::{Lang, words};

/// A party.
#[derive(Clone)]
pub struct AgreementParty {
    pub(super) model: model::Party,
    pub(super) lang: Lang,
}

/// A party of an agreement: an institution of the catalogue, or a person by function.
#[juniper::graphql_object(context = Context)]
impl AgreementParty {
    /// The institution, where it is one of the catalogue.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.model.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Function of a person who is a party; never a name.
    fn person_function(&self) -> Option<&str> {
        self.model.person.as_ref().map(|person| person.function.as_str())
    }

    /// Name of that person's institution.
    fn person_institution(&self) -> Option<&str> {
        self.model.person.as_ref().map(|person| person.institution.as_str())
    }

    /// What the party is in the agreement.
    fn role(&self) -> PartyRole {
        self.model.role
    }
}

/// A signature.
#[derive(Clone)]
pub struct AgreementSignature {
    pub(super) row: SignatureRow,
    pub(super) lang: Lang,
}

/// A signature of an agreement for a party.
#[juniper::graphql_object(context = Context)]
impl AgreementSignature {
    /// The party.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, &self.row.institution, &self.lang)
    }

    /// Function that signed; never a private name.
    fn by(&self) -> &str {
        &self.row.function
    }

    /// When.
    fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// Hash of what was signed.
    fn text_hash(&self) -> &str {
        &self.row.text_hash
    }
}

/// A contact.
#[derive(Clone)]
pub struct AgreementContact {
    pub(super) model: model::Contact,
    pub(super) lang: Lang,
}

/// A contact for an agreement: a function, never a private person.
#[juniper::graphql_object(context = Context)]
impl AgreementContact {
    /// The party.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.model.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Function.
    fn function(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.function, language, &self.lang, None)
    }

    /// Mailbox of the function.
    fn mailbox(&self) -> Option<&str> {
        self.model.mailbox.as_deref()
    }
}
