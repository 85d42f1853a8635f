//! What a dataset covers: three places, period, levels and breakdowns, collected and released apart.

use serde::{Deserialize, Serialize};

use super::text::MultilingualText;
use super::time::{PartialDate, Period};
use super::vocabulary::{Frequency, GeographicLevel};

/// Coverage of a dataset. Codes are of the schemes PLACES, DISAGGREGATIONS and POPULATIONS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Coverage {
    /// Where the data are collected or reported.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reporting_areas: Vec<String>,
    /// What the source says about the area.
    #[serde(skip_serializing_if = "MultilingualText::is_empty")]
    pub area_note: MultilingualText,
    /// Where the movement starts; `ANY` for any country.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// Where the movement leads; `ANY` for any country.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub destinations: Vec<String>,
    /// Reference period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// When the data were collected (DDI collDate).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection_period: Option<Period>,
    /// Next planned collection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_collection: Option<PartialDate>,
    /// Until when those who plan a collection can still agree on it with others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_to_coordination_until: Option<PartialDate>,
    /// Finest geographic level at which figures are released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_level: Option<GeographicLevel>,
    /// Whether finer figures are released too, at a level that is not documented.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub released_level_is_minimum: bool,
    /// Finest geographic level that is collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_level: Option<GeographicLevel>,
    /// The levels in the words of the source.
    #[serde(skip_serializing_if = "MultilingualText::is_empty")]
    pub level_note: MultilingualText,
    /// Breakdowns released; empty means not documented.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub released_disaggregations: Vec<String>,
    /// Breakdowns collected; empty means not documented.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collected_disaggregations: Vec<String>,
    /// Populations of reference.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub populations: Vec<String>,
    /// How often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
}
