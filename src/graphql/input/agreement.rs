//! Agreements as a party gives them.

use juniper::{GraphQLInputObject, ID, Nullable};
use serde_json::{Map, Value, json};

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{
    AgreementKind, AgreementPurpose, AgreementRenewal, AgreementVisibility, Frequency, PartyRole, RequestedData,
};
use crate::graphql::scalars::PartialDate;

use super::part::{Part, input_object};
use super::text::LocalizedStringInput;

input_object! {
    /// What an agreement says. A field that is left out stays as it is, null clears it, a value replaces the whole field.
    pub struct AgreementInput {
        /// Title, by language; cannot be cleared.
        pub title: Nullable<Vec<LocalizedStringInput>>,
        /// Kind; cannot be cleared.
        pub kind: Nullable<AgreementKind>,
        /// Parties; at least one is an institution of the catalogue that is no witness.
        pub parties: Nullable<Vec<AgreementPartyInput>>,
        /// The data that it covers.
        pub covers: Nullable<Vec<AgreementCoveredInput>>,
        /// Whether it is on aggregates, microdata or both.
        pub requested_data: Nullable<Vec<RequestedData>>,
        /// For what the data may be used, by code.
        pub purposes: Nullable<Vec<AgreementPurpose>>,
        /// The purpose in words, by language.
        pub purpose: Nullable<Vec<LocalizedStringInput>>,
        /// Law on which it rests, by language.
        pub legal_basis: Nullable<Vec<LocalizedStringInput>>,
        /// Statistical confidentiality: data flow from administration to statistics only.
        pub one_way: Nullable<bool>,
        /// Reference at the data-protection authority.
        pub data_protection: Nullable<AgreementDataProtectionInput>,
        /// How the data are delivered, outside the catalogue.
        pub delivery: Nullable<AgreementDeliveryInput>,
        /// First day; a year or month means its first day.
        pub starts_on: Nullable<PartialDate>,
        /// Last day, of the first span where it is renewed tacitly; a year or month means its last day; null for an open end.
        pub ends_on: Nullable<PartialDate>,
        /// What happens on the last day; it ends where this is left out.
        pub renewal: Nullable<AgreementRenewalInput>,
        /// The wording that is signed, above all of an undertaking, by language.
        pub text: Nullable<Vec<LocalizedStringInput>>,
        /// Functions to turn to.
        pub contacts: Nullable<Vec<AgreementContactInput>>,
        /// Where the document is; the catalogue takes no file.
        pub document: Nullable<AgreementDocumentInput>,
        /// Who may read it once it is signed; PARTIES where a new one does not say.
        pub visibility: Nullable<AgreementVisibility>,
    }
}

impl AgreementInput {
    /// The fields that were given, under their names in the record format; null for a field to clear. What `covers` names is
    /// still as it was given.
    pub fn into_patch(self) -> (Map<String, Value>, Vec<Problem>) {
        let mut problems = Vec::new();
        let patch = self.object("", &mut problems);
        (patch, problems)
    }
}

input_object! {
    /// A party: an institution of the catalogue, or a person by function.
    pub struct AgreementPartyInput {
        /// Slug of an institution of the catalogue.
        pub institution: Option<String>,
        /// Somebody who is not in the catalogue.
        pub person: Option<PersonPartyInput>,
        /// What the party is in the agreement.
        pub role: Option<PartyRole>,
    }
}

input_object! {
    /// A person who is a party, by function; never by name.
    pub struct PersonPartyInput {
        /// Function, such as "Head of the migration research unit".
        pub function: Option<String>,
        /// Name of the institution.
        pub institution: Option<String>,
    }
}

/// Data that an agreement covers; give one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, GraphQLInputObject)]
pub struct AgreementCoveredInput {
    /// Identifier of a holding.
    pub holding: Option<ID>,
    /// Identifier or short name of a dataset: every holding of it by a party that provides.
    pub dataset: Option<ID>,
    /// Short name of an institution: everything that it holds.
    pub holdings_of: Option<String>,
}

impl Part for AgreementCoveredInput {
    fn write(&self, path: &str, problems: &mut Vec<Problem>) -> Value {
        match (&self.holding, &self.dataset, &self.holdings_of) {
            (Some(id), None, None) => json!({ "holding": id.to_string() }),
            (None, Some(id), None) => json!({ "dataset": id.to_string() }),
            (None, None, Some(slug)) => json!({ "holdingsOf": slug }),
            _ => {
                problems.push(Problem::new(path, "", "name either a holding, a dataset or an institution"));
                Value::Null
            }
        }
    }
}

input_object! {
    /// Reference at the data-protection authority.
    pub struct AgreementDataProtectionInput {
        /// Number of the decision or declaration, without its content.
        pub reference: Option<String>,
        /// The authority, by language.
        pub authority: Option<Vec<LocalizedStringInput>>,
        /// Why none is needed, where that is so, by language.
        pub note: Option<Vec<LocalizedStringInput>>,
    }
}

input_object! {
    /// How data are delivered, outside the catalogue.
    pub struct AgreementDeliveryInput {
        /// How often.
        pub frequency: Option<Frequency>,
        /// Format, such as CSV.
        pub format: Option<String>,
        /// Way, such as "exchange server of the office", by language.
        pub channel: Option<Vec<LocalizedStringInput>>,
    }
}

input_object! {
    /// What happens on the last day.
    pub struct AgreementRenewalInput {
        /// Whether it ends or goes on.
        pub kind: Option<AgreementRenewal>,
        /// For TACIT: for how many months each time, 1 to 120.
        pub period_months: Option<i32>,
        /// For TACIT: how many months before the end notice must be given.
        pub notice_months: Option<i32>,
    }
}

input_object! {
    /// A contact: a function and a shared mailbox, never a private person.
    pub struct AgreementContactInput {
        /// Short name of the party.
        pub institution: Option<String>,
        /// Function, by language.
        pub function: Option<Vec<LocalizedStringInput>>,
        /// Mailbox of the function.
        pub mailbox: Option<String>,
    }
}

input_object! {
    /// Where the document is.
    pub struct AgreementDocumentInput {
        /// Address, http or https.
        pub url: Option<String>,
        /// Who keeps it, by language.
        pub held_by: Option<Vec<LocalizedStringInput>>,
    }
}
