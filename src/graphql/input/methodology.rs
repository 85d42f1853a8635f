//! Methodology as an editor gives it.

use crate::domain::vocabulary::{
    CollectionMode, DefinitionBasis, DefinitionCode, DurationBasis, ExcludedGroup, Measure, MovementDirection, QualityDimension,
    ReferencePoint, SamplingDesign, SourceType, StatisticalUnit,
};
use crate::graphql::scalars::PartialDate;

use super::citation::LinkInput;
use super::part::input_object;
use super::text::LocalizedStringInput;

input_object! {
    /// How the data came into being: source, collection, sampling, definitions, breaks and quality. A finished record
    /// needs the type of source; what else is left out is not documented.
    pub struct MethodologyInput {
        /// Type of source.
        pub source_type: Option<SourceType>,
        /// Modes of collection (DDI collMode).
        pub collection_modes: Option<Vec<CollectionMode>>,
        /// Sampling designs; one survey may use two (DDI sampProc).
        pub sampling_designs: Option<Vec<SamplingDesign>>,
        /// The sampling in words, by language.
        pub sampling_text: Option<Vec<LocalizedStringInput>>,
        /// Achieved size of the sample, from 1, counted in the sample unit.
        pub sample_size: Option<i32>,
        /// What the sample size counts, such as households or persons.
        pub sample_unit: Option<String>,
        /// List or area from which the sample was drawn, with its date, by language.
        pub sampling_frame: Option<Vec<LocalizedStringInput>>,
        /// Weighting and reference totals (DDI weight), by language.
        pub weights: Option<Vec<LocalizedStringInput>>,
        /// Response and coverage rates with their unit (DDI respRate, ESMS 13), by language.
        pub response: Option<Vec<LocalizedStringInput>>,
        /// Reference population: who could be counted (DDI universe, ESMS 3.6), by language.
        pub universe: Option<Vec<LocalizedStringInput>>,
        /// Units that are counted (DDI anlyUnit, ESMS 3.5). Persons, permits, attempts and cases are never added up.
        pub statistical_units: Option<Vec<StatisticalUnit>>,
        /// The unit in the words of the source, by language.
        pub statistical_unit_text: Option<Vec<LocalizedStringInput>>,
        /// Definitions of the migrant or of the group counted, each by its facets.
        pub definitions: Option<Vec<DefinitionInput>>,
        /// Breaks in the series (ESMS 15.2).
        pub breaks: Option<Vec<SeriesBreakInput>>,
        /// Statements on quality, each with its dimension, author and date; never a bare score.
        pub quality: Option<Vec<QualityStatementInput>>,
        /// Known coverage and measurement errors and other limits: a list with one text for each limit, each text a
        /// list by language.
        pub known_limits: Option<Vec<Vec<LocalizedStringInput>>>,
        /// Questionnaires, manuals and forms (DDI otherMat).
        pub instruments: Option<Vec<LinkInput>>,
        /// For a census: the six topics of GCM Objective 1, action (g).
        pub census_topics: Option<CensusTopicsInput>,
    }
}

input_object! {
    /// Definition of the migrant or of the group counted. Two datasets are compared on the facets, never on the code. A
    /// finished record needs the code.
    pub struct DefinitionInput {
        /// Named definition.
        pub code: Option<DefinitionCode>,
        /// The definition in the words of the source, by language.
        pub text: Option<Vec<LocalizedStringInput>>,
        /// What makes a person or event count.
        pub basis: Option<DefinitionBasis>,
        /// Direction of the movement, seen from the reporting area.
        pub direction: Option<MovementDirection>,
        /// Stock, flow, events, money or attitude.
        pub measure: Option<Measure>,
        /// Residence threshold in months, 0 to 1200; 0 means that there is none, left out that it is not documented.
        pub duration_threshold_months: Option<i32>,
        /// How the threshold is understood.
        pub duration_basis: Option<DurationBasis>,
        /// Point in time that the definition refers to.
        pub reference_point: Option<ReferencePoint>,
        /// Youngest age counted, in completed years.
        pub age_minimum: Option<i32>,
        /// Oldest age counted, in completed years.
        pub age_maximum: Option<i32>,
        /// Groups that the definition leaves out.
        pub excluded_groups: Option<Vec<ExcludedGroup>>,
    }
}

input_object! {
    /// A break in a series: from this date on, figures are not comparable with earlier ones without care. A finished
    /// record needs the date.
    pub struct SeriesBreakInput {
        /// When it happened, known to the year, month or day.
        pub date: Option<PartialDate>,
        /// Why, by language.
        pub cause: Option<Vec<LocalizedStringInput>>,
        /// What it does to the figures, by language.
        pub effect: Option<Vec<LocalizedStringInput>>,
    }
}

input_object! {
    /// A statement on quality. A finished record needs dimension and text.
    pub struct QualityStatementInput {
        /// Dimension of the UN National Quality Assurance Framework.
        pub dimension: Option<QualityDimension>,
        /// The statement, by language.
        pub text: Option<Vec<LocalizedStringInput>>,
        /// Function and institution that made it; never a private person.
        pub author: Option<String>,
        /// When it was made, known to the year, month or day.
        pub date: Option<PartialDate>,
    }
}

input_object! {
    /// The six migration topics that GCM Objective 1, action (g) asks of a census. Left out means not documented, false
    /// that the topic was not asked.
    pub struct CensusTopicsInput {
        /// Country of birth was asked.
        pub country_of_birth: Option<bool>,
        /// Country of birth of the parents was asked.
        pub parents_country_of_birth: Option<bool>,
        /// Country of citizenship was asked.
        pub citizenship: Option<bool>,
        /// Residence five years before was asked.
        pub residence_five_years_before: Option<bool>,
        /// Date of the latest arrival was asked.
        pub latest_arrival: Option<bool>,
        /// Reason for migrating was asked.
        pub reason: Option<bool>,
        /// Remarks, by language.
        pub note: Option<Vec<LocalizedStringInput>>,
    }
}
