//! How the data came into being: source, collection, sampling, definitions, breaks, quality.

use serde::{Deserialize, Serialize};

use super::text::MultilingualText;
use super::time::PartialDate;
use super::vocabulary::{
    CollectionMode, DefinitionBasis, DefinitionCode, DurationBasis, ExcludedGroup, Measure, MovementDirection, QualityDimension,
    ReferencePoint, SamplingDesign, SourceType, StatisticalUnit,
};

/// Methodology of a dataset. Everything but the source type may be undocumented; undocumented stays absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Methodology {
    /// Type of source.
    pub source_type: SourceType,
    /// Modes of collection (DDI collMode).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collection_modes: Vec<CollectionMode>,
    /// Sampling designs; a survey may use two (DDI sampProc).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sampling_designs: Vec<SamplingDesign>,
    /// The design in words.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub sampling_text: MultilingualText,
    /// Achieved size of the sample, in `sample_unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_size: Option<i32>,
    /// What the sample size counts, such as households.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_unit: Option<String>,
    /// List or area from which the sample was drawn, with its date.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub sampling_frame: MultilingualText,
    /// Weighting and reference totals (DDI weight).
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub weights: MultilingualText,
    /// Response and coverage rates with their unit (DDI respRate, ESMS 13).
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub response: MultilingualText,
    /// Reference population: who could be counted (DDI universe, ESMS 3.6).
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub universe: MultilingualText,
    /// Units that are counted (DDI anlyUnit, ESMS 3.5).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statistical_units: Vec<StatisticalUnit>,
    /// The unit in the words of the source.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub statistical_unit_text: MultilingualText,
    /// Definitions of the migrant or of the group counted, each with its facets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<MigrantDefinition>,
    /// Breaks in the series (ESMS 15.2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<SeriesBreak>,
    /// Statements on quality, each with its dimension, author and date; never a bare score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quality: Vec<QualityStatement>,
    /// Known coverage and measurement errors and other limits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_limits: Vec<MultilingualText>,
    /// Questionnaires, manuals and forms (DDI otherMat).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instruments: Vec<Link>,
    /// For a census: the six topics of GCM Objective 1, action (g).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub census_topics: Option<CensusTopics>,
}

/// A definition by its facets. Two datasets are compared on the facets, never on the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MigrantDefinition {
    /// Named definition.
    pub code: DefinitionCode,
    /// The definition in the words of the source.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub text: MultilingualText,
    /// What makes a person or event count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<DefinitionBasis>,
    /// Direction of the movement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<MovementDirection>,
    /// Stock, flow, events, money or attitude.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// Residence threshold in months; 0 means none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_threshold_months: Option<i32>,
    /// How the threshold is understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_basis: Option<DurationBasis>,
    /// Point in time referred to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_point: Option<ReferencePoint>,
    /// Youngest age counted, in completed years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_minimum: Option<i32>,
    /// Oldest age counted, in completed years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_maximum: Option<i32>,
    /// Groups left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_groups: Vec<ExcludedGroup>,
}

/// A break in a series: from this date on, figures are not comparable without care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SeriesBreak {
    /// When it happened.
    pub date: PartialDate,
    /// Why.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub cause: MultilingualText,
    /// What it does to the figures.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub effect: MultilingualText,
}

/// A statement on quality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct QualityStatement {
    /// Quality dimension.
    pub dimension: QualityDimension,
    /// The statement.
    pub text: MultilingualText,
    /// Function and institution that made it; never a private person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
}

/// The six migration topics that GCM Objective 1, action (g) asks of a census. Absent means not documented.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct CensusTopics {
    /// Country of birth was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_of_birth: Option<bool>,
    /// Country of birth of the parents was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parents_country_of_birth: Option<bool>,
    /// Country of citizenship was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizenship: Option<bool>,
    /// Residence five years before was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residence_five_years_before: Option<bool>,
    /// Date of the latest arrival was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_arrival: Option<bool>,
    /// Reason for migrating was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<bool>,
    /// Remarks.
    #[serde(skip_serializing_if = "MultilingualText::is_empty")]
    pub note: MultilingualText,
}

/// A document or page on the web.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Link {
    /// Title of the page, where given.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub title: MultilingualText,
    /// Address; http or https.
    pub url: String,
}
