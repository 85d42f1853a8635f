//! What a request or a statement is about: a topic, a place, years, a breakdown, a population; each may be left open.

use serde::{Deserialize, Serialize};

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::time::{Period, year_of};
use crate::domain::vocabulary::{ConceptScheme, GridDimension};

/// What is asked for or stated as not collected. What is left out is meant as a whole: every place, every year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Cell {
    /// Topic or group, a code of the scheme THEMES.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// Reporting area, a code of the scheme PLACES.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// First year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_year: Option<i32>,
    /// Last year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_year: Option<i32>,
    /// Breakdowns, codes of the scheme DISAGGREGATIONS; all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<String>,
}

/// A value of a row, a column or a condition of the grid.
pub type Bound<'a> = (GridDimension, &'a str);

impl Cell {
    /// Whether nothing is said at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the statement holds for the whole of a cell of the grid: for each of its values, and for nothing narrower.
    pub fn covers(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> bool {
        let value = |wanted: &'static [GridDimension]| {
            bounds.iter().filter(move |(dimension, _)| wanted.contains(dimension)).map(|(_, value)| *value)
        };
        let within = |scheme: ConceptScheme, code: &str, container: &str| concepts.scheme(scheme).is_within(code, container);
        let theme = self.theme.as_deref().is_none_or(|theme| {
            value(&[GridDimension::Theme, GridDimension::ThemeGroup]).any(|code| within(ConceptScheme::Themes, code, theme))
        });
        let area = self
            .area
            .as_deref()
            .is_none_or(|area| value(&[GridDimension::ReportingArea]).any(|code| within(ConceptScheme::Places, code, area)));
        let has_years = self.from_year.is_some() || self.to_year.is_some();
        let years = !has_years || value(&[GridDimension::Year]).any(|year| self.has_year(year));
        let breakdowns = self.breakdowns.iter().all(|code| value(&[GridDimension::Disaggregation]).any(|known| known == code));
        // A cell of another dimension is about some of the sources only: nobody has stated anything of these.
        let is_plain = bounds.iter().all(|(dimension, _)| Self::knows(*dimension));
        is_plain && theme && area && years && breakdowns
    }

    /// Whether what is asked for lies in a cell of the grid, or the cell in what is asked for.
    pub fn touches(&self, bounds: &[Bound<'_>], concepts: &Concepts) -> bool {
        bounds.iter().all(|(dimension, value)| {
            let meets = |scheme: ConceptScheme, own: &str| {
                let scheme = concepts.scheme(scheme);
                scheme.is_within(own, value) || scheme.is_within(value, own)
            };
            match dimension {
                GridDimension::Theme | GridDimension::ThemeGroup => {
                    self.theme.as_deref().is_none_or(|own| meets(ConceptScheme::Themes, own))
                }
                GridDimension::ReportingArea => self.area.as_deref().is_none_or(|own| meets(ConceptScheme::Places, own)),
                GridDimension::Year => self.has_year(value),
                GridDimension::Disaggregation => self.breakdowns.is_empty() || self.breakdowns.iter().any(|own| own == value),
                _ => false,
            }
        })
    }

    /// Whether a record is of the topic, the place and the years that are asked for; years that it does not document are read by people, and
    /// so are breakdowns.
    pub fn is_met_by(&self, dataset: &Dataset, concepts: &Concepts) -> bool {
        let meets = |scheme: ConceptScheme, wanted: &str, own: &[String]| {
            let scheme = concepts.scheme(scheme);
            own.iter().any(|code| scheme.is_within(code, wanted) || scheme.is_within(wanted, code))
        };
        let theme = self.theme.as_deref().is_none_or(|wanted| meets(ConceptScheme::Themes, wanted, &dataset.themes));
        let area = self.area.as_deref().is_none_or(|wanted| meets(ConceptScheme::Places, wanted, &dataset.coverage.reporting_areas));
        let year = |day: Option<i64>| day.and_then(year_of);
        let period = dataset.coverage.period.as_ref();
        let ends_before = self.from_year.zip(year(period.and_then(Period::last_day))).is_some_and(|(from, last)| last < from);
        let begins_after = self.to_year.zip(year(period.and_then(Period::first_day))).is_some_and(|(to, first)| first > to);
        theme && area && !ends_before && !begins_after
    }

    fn knows(dimension: GridDimension) -> bool {
        matches!(
            dimension,
            GridDimension::Theme
                | GridDimension::ThemeGroup
                | GridDimension::ReportingArea
                | GridDimension::Year
                | GridDimension::Disaggregation
        )
    }

    fn has_year(&self, year: &str) -> bool {
        year.parse::<i32>().is_ok_and(|year| self.from_year.is_none_or(|from| from <= year) && self.to_year.is_none_or(|to| year <= to))
    }
}
