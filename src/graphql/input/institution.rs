//! An institution as it describes itself.

use juniper::Nullable;
use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{InstitutionKind, MaskableField};
use crate::graphql::scalars::PartialDate;

use super::citation::CitationInput;
use super::part::input_object;
use super::text::LocalizedStringInput;

input_object! {
    /// What an institution says of itself. A field that is left out stays as it is, null clears it, a value replaces
    /// the whole field.
    pub struct InstitutionInput {
        /// Kind of institution; cannot be cleared.
        pub kind: Nullable<InstitutionKind>,
        /// Country, a code of the scheme PLACES; null for international bodies.
        pub country: Nullable<String>,
        /// Present names, by language; at least one, so they cannot be cleared.
        pub names: Nullable<Vec<LocalizedStringInput>>,
        /// Acronym.
        pub acronym: Nullable<String>,
        /// Names that it had before.
        pub former_names: Nullable<Vec<FormerNameInput>>,
        /// What the institution is for, by language.
        pub mandate: Nullable<Vec<LocalizedStringInput>>,
        /// Law or decree that created it, by language.
        pub legal_basis: Nullable<Vec<LocalizedStringInput>>,
        /// Address of the website: complete, http or https, without a password.
        pub website: Nullable<String>,
        /// Desk to write to.
        pub desk: Nullable<DeskInput>,
        /// What other registries may copy of its records; null for everything public.
        pub sharing: Nullable<SharingInput>,
        /// Sources that support the record.
        pub citations: Nullable<Vec<CitationInput>>,
    }
}

impl InstitutionInput {
    /// The fields that were given, under their names in the record format; null for a field to clear.
    pub fn into_patch(self) -> Map<String, Value> {
        self.object("", &mut Vec::new())
    }

    /// Faults that would be lost or refused in the patch, each with the path of its field in the record.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let patch = self.object("", &mut problems);
        for (field, remedy) in [
            ("kind", "an institution has a kind; leave the field out to keep the present one"),
            ("names", "an institution has a name; leave the field out to keep the present ones"),
        ] {
            if patch.get(field).is_some_and(Value::is_null) {
                problems.push(Problem::new(field, "", remedy));
            }
        }
        problems
    }
}

input_object! {
    /// A name that an institution had before.
    pub struct FormerNameInput {
        /// The name, by language.
        pub name: Option<Vec<LocalizedStringInput>>,
        /// Since when, known to the year, month or day.
        pub from: Option<PartialDate>,
        /// Until when, known to the year, month or day.
        pub to: Option<PartialDate>,
    }
}

input_object! {
    /// What other registries may copy of an institution's records.
    pub struct SharingInput {
        /// Whether no record of the institution is copied.
        pub shares_nothing: Option<bool>,
        /// Fields that are left out of copies; of METHODOLOGY the type of source stays, which every record has.
        pub withheld: Option<Vec<MaskableField>>,
    }
}

input_object! {
    /// A desk of an institution: a function and a shared mailbox, never a private person.
    pub struct DeskInput {
        /// Function, such as "Statistics officer", by language.
        pub function: Option<Vec<LocalizedStringInput>>,
        /// Mailbox of the function.
        pub mailbox: Option<String>,
    }
}
