//! What a request or a statement is about: a value of each dimension of the grid; each may be left open.

use serde::{Deserialize, Serialize};

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::grid::{Reading, Standing, UNDECIDED_ACCESS, standing, themes_feeding};
use crate::domain::ids::Slug;
use crate::domain::matching::{DESTINATION_BREAKDOWNS, ORIGIN_BREAKDOWNS, fit_area, fit_movement};
use crate::domain::time::{Fit, Period, year_of};
use crate::domain::vocabulary::{AccessLevel, ConceptScheme, GridDimension, SourceType, Vocabulary};

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
    /// Where people come from, a code of the scheme PLACES.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Where people go, a code of the scheme PLACES.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Breakdowns, codes of the scheme DISAGGREGATIONS; all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<String>,
    /// Institution whose data are meant, as producer or holder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<Slug>,
    /// Type of source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_type: Option<SourceType>,
    /// Level of access to figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregates_access: Option<AccessLevel>,
    /// Level of access to microdata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microdata_access: Option<AccessLevel>,
    /// Objective of the Global Compact or indicator of the SDG, a code of the scheme INDICATORS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
}

/// A value of a row, a column or a condition of the grid.
pub type Bound<'a> = (GridDimension, &'a str);

/// Dimensions that tell some sources from others, whatever these are about.
const SOME_SOURCES: [GridDimension; 5] = [
    GridDimension::SourceType,
    GridDimension::AggregatesAccess,
    GridDimension::MicrodataAccess,
    GridDimension::GcmObjective,
    GridDimension::SdgIndicator,
];

impl Cell {
    /// Whether nothing is said at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the statement of an institution holds for the whole of a cell of the grid: for each of its values, and for nothing narrower. Of
    /// itself an institution speaks in the row or column that is its own.
    pub fn covers(&self, author: Option<&str>, bounds: &[Bound<'_>], concepts: &Concepts) -> bool {
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
        let movement = |wanted: &Option<String>, dimension: &'static [GridDimension]| {
            wanted.as_deref().is_none_or(|wanted| value(dimension).any(|code| within(ConceptScheme::Places, code, wanted)))
        };
        let moves = movement(&self.origin, &[GridDimension::Origin]) && movement(&self.destination, &[GridDimension::Destination]);
        let has_years = self.from_year.is_some() || self.to_year.is_some();
        let years = !has_years || value(&[GridDimension::Year]).any(|year| self.has_year(year));
        let breakdowns = self.breakdowns.iter().all(|code| value(&[GridDimension::Disaggregation]).any(|known| known == code));
        // Of sources of one type or access, or that feed one objective, only those speak who name it.
        let is_own = |value: &str| author == Some(value);
        let is_plain = bounds.iter().all(|(dimension, value)| match dimension {
            GridDimension::Institution => is_own(value),
            dimension if SOME_SOURCES.contains(dimension) => self.of_some_sources(*dimension) == Some(value),
            _ => true,
        });
        let is_bound = |dimension: &GridDimension| bounds.iter().any(|(known, _)| known == dimension);
        let is_narrow = SOME_SOURCES.iter().any(|dimension| self.of_some_sources(*dimension).is_some() && !is_bound(dimension));
        is_plain && !is_narrow && theme && area && moves && years && breakdowns
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
                GridDimension::Origin => self.origin.as_deref().is_none_or(|own| meets(ConceptScheme::Places, own)),
                GridDimension::Destination => self.destination.as_deref().is_none_or(|own| meets(ConceptScheme::Places, own)),
                GridDimension::Year => self.has_year(value),
                GridDimension::Disaggregation => self.breakdowns.is_empty() || self.breakdowns.iter().any(|own| own == value),
                GridDimension::Institution => self.institution.as_ref().is_some_and(|own| own.as_str() == *value),
                // A topic that feeds an objective is asked for with it.
                GridDimension::GcmObjective | GridDimension::SdgIndicator if self.indicator.is_none() => {
                    self.theme.as_deref().is_some_and(|own| {
                        themes_feeding(value, concepts)
                            .iter()
                            .any(|theme| meets(ConceptScheme::Themes, own) || concepts.scheme(ConceptScheme::Themes).is_within(theme, own))
                    })
                }
                dimension => self.of_some_sources(*dimension) == Some(value),
            }
        })
    }

    /// Whether a record can be what is asked for: of the topic, with figures for the place, of the years and by the breakdowns. Only what it
    /// does not document is left to people; where the grid would say that it is not of the cell, it answers no request for it.
    pub fn is_met_by(&self, dataset: &Dataset, concepts: &Concepts) -> bool {
        let coverage = &dataset.coverage;
        let themes = concepts.scheme(ConceptScheme::Themes);
        let theme = self.theme.as_deref().is_none_or(|wanted| dataset.themes.iter().any(|own| themes.is_within(own, wanted)));
        let area = self.area.as_deref().is_none_or(|wanted| {
            let is_named = !coverage.reporting_areas.is_empty();
            is_named && fit_area(wanted, coverage, true, concepts).0 != Fit::No
        });
        let year = |day: Option<i64>| day.and_then(year_of);
        let period = coverage.period.as_ref();
        let ends_before = self.from_year.zip(year(period.and_then(Period::last_day))).is_some_and(|(from, last)| last < from);
        let begins_after = self.to_year.zip(year(period.and_then(Period::first_day))).is_some_and(|(to, first)| first > to);
        let own = &coverage.released_disaggregations;
        let breakdowns = own.is_empty() || self.breakdowns.iter().all(|wanted| own.contains(wanted));
        let movement = |wanted: &Option<String>, places: &[String], by: &[&str]| {
            let by_country = by.iter().any(|breakdown| own.iter().any(|code| code == breakdown));
            wanted.as_deref().is_none_or(|wanted| fit_movement(wanted, places, by_country, true, concepts).0 != Fit::No)
        };
        let moves = movement(&self.origin, &coverage.origins, &ORIGIN_BREAKDOWNS)
            && movement(&self.destination, &coverage.destinations, &DESTINATION_BREAKDOWNS);
        theme && area && moves && breakdowns && !ends_before && !begins_after && self.is_met_by_source(dataset, concepts)
    }

    /// The same of who holds it, its type, its access and the objective that it feeds. What the record says nothing of is left to people.
    fn is_met_by_source(&self, dataset: &Dataset, concepts: &Concepts) -> bool {
        let reading = Reading { concepts, includes_parts: true, today: 0 };
        let is_unsaid = |dimension: GridDimension| match dimension {
            GridDimension::AggregatesAccess => dataset.holdings.iter().any(|h| UNDECIDED_ACCESS.contains(&h.access_terms.aggregates)),
            GridDimension::MicrodataAccess => dataset.holdings.iter().any(|h| UNDECIDED_ACCESS.contains(&h.access_terms.microdata)),
            _ => false,
        };
        let fits =
            |dimension: GridDimension, value: &str| is_unsaid(dimension) || standing(dataset, dimension, value, &reading) != Standing::No;
        let institution = self.institution.as_ref().is_none_or(|slug| fits(GridDimension::Institution, slug.as_str()));
        institution && SOME_SOURCES.iter().all(|dimension| self.of_some_sources(*dimension).is_none_or(|value| fits(*dimension, value)))
    }

    /// What is said of a dimension that tells some sources from others.
    fn of_some_sources(&self, dimension: GridDimension) -> Option<&str> {
        match dimension {
            GridDimension::SourceType => self.source_type.map(Vocabulary::code),
            GridDimension::AggregatesAccess => self.aggregates_access.map(Vocabulary::code),
            GridDimension::MicrodataAccess => self.microdata_access.map(Vocabulary::code),
            GridDimension::GcmObjective => self.indicator.as_deref().filter(|code| code.starts_with("GCM-")),
            GridDimension::SdgIndicator => self.indicator.as_deref().filter(|code| !code.starts_with("GCM-")),
            _ => None,
        }
    }

    fn has_year(&self, year: &str) -> bool {
        year.parse::<i32>().is_ok_and(|year| self.from_year.is_none_or(|from| from <= year) && self.to_year.is_none_or(|to| year <= to))
    }
}
