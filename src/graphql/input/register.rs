//! Entries of the registers as people give them.

use juniper::Nullable;
use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{
    AccessLevel, CapacityKind, ChallengeKind, ComparabilityVerdict, NeedLevel, NeedPriority, ObjectiveAction, RegisterVisibility,
    SourceType,
};
use crate::graphql::scalars::PartialDate;

use super::part::input_object;
use super::text::LocalizedStringInput;

input_object! {
    /// What an entry of the registers says. A field that is left out stays as it is, null clears it, a value replaces the whole field.
    /// Which fields an entry has depends on its kind; a field that it does not have is refused.
    pub struct RegisterContentInput {
        /// Title, by language. Of a focal point the function, such as "Head of migration statistics"; never a person's name.
        pub title: Nullable<Vec<LocalizedStringInput>>,
        /// The statement itself, by language; of a good practice what was done, of a request why the data are needed.
        pub text: Nullable<Vec<LocalizedStringInput>>,
        /// Where and when it came up, such as a workshop, by language.
        pub occasion: Nullable<Vec<LocalizedStringInput>>,
        /// The day that it is of; of a strategy the day on which it takes effect, of a training its first day, of a profile the day on
        /// which it was published.
        pub on: Nullable<PartialDate>,
        /// Until when: deadline of a need, day wished for in a request, last day of a strategy or training, day by which those invited are
        /// asked to answer.
        pub until: Nullable<PartialDate>,
        /// Address on the web where the document can be read: of a strategy, an invitation, a training, a profile, a good practice.
        pub url: Nullable<String>,
        /// Institutions that it is about or is addressed to, by short name; of an invitation those that are invited.
        pub institutions: Nullable<Vec<String>>,
        /// Topics and groups of topics, by code.
        pub themes: Nullable<Vec<String>>,
        /// Places, by code; of a good practice the countries that have used it too.
        pub places: Nullable<Vec<String>>,
        /// Objectives of the Global Compact and indicators of the SDG, by code.
        pub indicators: Nullable<Vec<String>>,
        /// Actions of Objective 1 of the Global Compact.
        pub actions: Nullable<Vec<ObjectiveAction>>,
        /// What is asked for, or is not collected.
        pub cell: Nullable<RegisterCellInput>,
        /// Kind of a challenge.
        pub challenge_kind: Nullable<ChallengeKind>,
        /// Who is affected by a challenge, by language.
        pub affected: Nullable<Vec<LocalizedStringInput>>,
        /// Answer to a challenge, by language.
        pub answer: Nullable<Vec<LocalizedStringInput>>,
        /// Context of a good practice, by language.
        pub context: Nullable<Vec<LocalizedStringInput>>,
        /// Result of a good practice with its evidence, by language.
        pub result: Nullable<Vec<LocalizedStringInput>>,
        /// Conditions under which a good practice can be repeated, by language.
        pub conditions: Nullable<Vec<LocalizedStringInput>>,
        /// Function to turn to about a good practice, by language, such as "Head of migration statistics"; never a person's name.
        pub contact: Nullable<Vec<LocalizedStringInput>>,
        /// What a capacity need is of.
        pub capacity_kind: Nullable<CapacityKind>,
        /// Level of the skill or means that is needed.
        pub level: Nullable<NeedLevel>,
        /// Priority of a need, as the institution sees it.
        pub priority: Nullable<NeedPriority>,
        /// Number of people whom a need concerns, or who took part in a training.
        pub people: Nullable<i32>,
        /// Verdict of a note on comparability.
        pub verdict: Nullable<ComparabilityVerdict>,
        /// Mailbox of a function, never of a person. Signed-in persons see it.
        pub mailbox: Nullable<String>,
        /// Function that stands in for a focal point, by language.
        pub deputy: Nullable<Vec<LocalizedStringInput>>,
        /// Mailbox of the function that stands in.
        pub deputy_mailbox: Nullable<String>,
        /// Who may read it once it is validated; PUBLIC where a new one does not say.
        pub visibility: Nullable<RegisterVisibility>,
    }
}

impl RegisterContentInput {
    /// The fields that were given, under their names in the record format; null for a field to clear.
    pub fn into_patch(self) -> (Map<String, Value>, Vec<Problem>) {
        let mut problems = Vec::new();
        let patch = self.object("", &mut problems);
        (patch, problems)
    }
}

input_object! {
    /// A cell of the coverage grid, by the values of its row and column and whatever else narrows it. What is left out is meant as a whole:
    /// every place, every year, every source.
    pub struct RegisterCellInput {
        /// Topic or group of topics, by code.
        pub theme: Option<String>,
        /// Reporting area, by code.
        pub area: Option<String>,
        /// First year.
        pub from_year: Option<i32>,
        /// Last year.
        pub to_year: Option<i32>,
        /// Where people come from: a country or group of countries, by code.
        pub origin: Option<String>,
        /// Where people go: a country or group of countries, by code.
        pub destination: Option<String>,
        /// Breakdowns, by code; all of them.
        pub breakdowns: Option<Vec<String>>,
        /// Institution whose data are meant, as producer or holder, by short name; a request is addressed to it too.
        pub institution: Option<String>,
        /// Type of source.
        pub source_type: Option<SourceType>,
        /// Level of access at which the figures are meant to be; not for what is not collected.
        pub aggregates_access: Option<AccessLevel>,
        /// Level of access at which the microdata are meant to be; not for what is not collected.
        pub microdata_access: Option<AccessLevel>,
        /// Objective of the Global Compact or indicator of the SDG that the data are to feed, a code of the scheme INDICATORS.
        pub indicator: Option<String>,
    }
}
