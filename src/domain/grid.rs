//! The coverage grid: what the catalogue knows of each pair of a row and a column.
//!
//! Here the question is answered for one record, by its words alone. The search index answers it with sets for all records at once; a
//! property test holds the two together.

use super::calendar::is_plan;
use super::concept::Concepts;
use super::coverage::Coverage;
use super::dataset::Dataset;
use super::holding::AccessStatement;
use super::matching::{DESTINATION_BREAKDOWNS, ORIGIN_BREAKDOWNS, fit_area, fit_movement};
use super::time::{FAR_FUTURE, Fit, PartialDate, PeriodWindow, fit_period};
use super::vocabulary::{
    AccessLevel, CellState, ConceptScheme, Frequency, GridDimension, MaskableField, PeriodMatch, StatementBasis, Vocabulary,
};

/// How a record stands to one value of a row or column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is of something else.
    No,
    /// It may be: what would decide is not documented, or not shown to the reader.
    Possible,
    /// It collects it. Whether figures are released is not documented, or they are not.
    Collected,
    /// Figures are released for it.
    Released,
}

impl From<Fit> for Standing {
    fn from(fit: Fit) -> Self {
        match fit {
            Fit::No => Self::No,
            Fit::Possible => Self::Possible,
            Fit::Certain => Self::Released,
        }
    }
}

/// Levels of access at which figures are released, to anyone on terms that are the same for anyone.
pub const RELEASED_ACCESS: [AccessLevel; 5] =
    [AccessLevel::Open, AccessLevel::PublishedReports, AccessLevel::PressFigures, AccessLevel::Puf, AccessLevel::Registered];

/// Levels of access that say nothing of figures.
pub const UNDECIDED_ACCESS: [AccessLevel; 2] = [AccessLevel::Unknown, AccessLevel::NotApplicable];

/// The level of access to aggregates that a statement documents: one that was seen in a source. A level that was only assumed documents nothing.
pub fn documented_access(statement: AccessStatement) -> Option<AccessLevel> {
    let is_seen = statement.aggregates_basis == StatementBasis::Quoted && !UNDECIDED_ACCESS.contains(&statement.aggregates);
    is_seen.then_some(statement.aggregates)
}

/// How far the figures of a record are released at all: the most that any of its cells can say. What is described exists, so that this is
/// never less than collected.
pub fn figures(dataset: &Dataset) -> Standing {
    let levels = || dataset.holdings.iter().map(|holding| documented_access(holding.access_terms.statement()));
    let is_undecided = dataset.holdings.is_empty() || levels().any(|level| level.is_none());
    // A level or a breakdown at which figures are released says that they are.
    let coverage = &dataset.coverage;
    let is_said = coverage.released_level.is_some() || !coverage.released_disaggregations.is_empty();
    let is_released = levels().flatten().any(|level| RELEASED_ACCESS.contains(&level)) || (is_undecided && is_said);
    if is_released { Standing::Released } else { Standing::Collected }
}

/// The window of a calendar year.
pub fn year_window(year: i32) -> PeriodWindow {
    let date = PartialDate { year, month: None, day: None, qualifier: None };
    PeriodWindow { from: Some(date), to: Some(date), matching: PeriodMatch::Overlaps }
}

/// Themes that feed an objective or indicator, by the mappings of the list of themes.
pub fn themes_feeding<'c>(indicator: &str, concepts: &'c Concepts) -> Vec<&'c str> {
    let feeds = |mappings: &super::concept::Mappings| mappings.gcm.iter().chain(&mappings.sdg_indicators).any(|code| code == indicator);
    let themes = concepts.scheme(ConceptScheme::Themes).concepts.iter();
    themes.filter(|theme| theme.mappings.as_ref().is_some_and(feeds)).map(|theme| theme.code.as_str()).collect()
}

/// Frequencies at which a source has no figure for each of the years that its period spans.
pub const WITH_GAPS: [Frequency; 4] = [Frequency::Biennial, Frequency::Quinquennial, Frequency::Decennial, Frequency::Irregular];

/// How a question about standings is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The lists.
    pub concepts: &'a Concepts,
    /// Whether a place includes the places inside it.
    pub includes_parts: bool,
    /// The day, counted from 1970-01-01.
    pub today: i64,
}

/// How a record stands to a value of a dimension, before it is asked how far its figures are released at all.
pub fn standing(dataset: &Dataset, dimension: GridDimension, value: &str, reading: &Reading<'_>) -> Standing {
    let (coverage, concepts) = (&dataset.coverage, reading.concepts);
    let is = |holds: bool| if holds { Standing::Released } else { Standing::No };
    let or_unsaid = |holds: bool, is_unsaid: bool| if is_unsaid { Standing::Possible } else { is(holds) };
    match dimension {
        GridDimension::Theme | GridDimension::ThemeGroup => {
            let themes = concepts.scheme(ConceptScheme::Themes);
            or_unsaid(dataset.themes.iter().any(|theme| themes.is_within(theme, value)), dataset.themes.is_empty())
        }
        GridDimension::ReportingArea => area(coverage, value, reading),
        GridDimension::Origin => movement(coverage, &coverage.origins, &ORIGIN_BREAKDOWNS, value, reading),
        GridDimension::Destination => movement(coverage, &coverage.destinations, &DESTINATION_BREAKDOWNS, value, reading),
        GridDimension::Year => value.parse().map_or(Standing::No, |year| in_year(coverage, year, reading.today)),
        GridDimension::Disaggregation => breakdown(coverage, value),
        GridDimension::Institution => {
            let mut slugs = dataset.producer.iter().chain(dataset.holdings.iter().map(|holding| &holding.institution));
            is(slugs.any(|slug| slug.as_str() == value))
        }
        GridDimension::SourceType => or_unsaid(dataset.methodology.source_type.code() == value, dataset.hides(MaskableField::Methodology)),
        GridDimension::AggregatesAccess => is(dataset.holdings.iter().any(|h| h.access_terms.aggregates.code() == value)),
        GridDimension::MicrodataAccess => is(dataset.holdings.iter().any(|h| h.access_terms.microdata.code() == value)),
        GridDimension::GcmObjective | GridDimension::SdgIndicator => {
            if dataset.indicators.iter().any(|indicator| indicator == value) {
                return Standing::Released;
            }
            // The topic feeds the objective; that this source does is not documented.
            let feeding = themes_feeding(value, concepts);
            let feeds = dataset.themes.iter().any(|theme| feeding.contains(&theme.as_str()));
            if feeds || dataset.indicators.is_empty() { Standing::Possible } else { Standing::No }
        }
    }
}

/// A year that the reference period touches. What goes on has figures up to today; a source with gaps has them for its first and last year.
fn in_year(coverage: &Coverage, year: i32, today: i64) -> Standing {
    let (start, end) = coverage.period.as_ref().map_or((None, None), |p| (p.first_day(), p.last_day()));
    let window = year_window(year);
    let fit = fit_period(start, end, &window);
    let goes_on = end == Some(FAR_FUTURE) && window.first_day() > today;
    let is_between = start.is_some_and(|start| start < window.first_day()) && end.is_some_and(|end| end > window.last_day());
    let has_gaps = coverage.frequency.is_some_and(|frequency| WITH_GAPS.contains(&frequency));
    // What goes on has figures for the present year, whenever it began.
    let is_present = end == Some(FAR_FUTURE) && start.is_none() && (window.first_day()..=window.last_day()).contains(&today);
    if is_present && !has_gaps {
        return Standing::Released;
    }
    if fit == Fit::Certain && (goes_on || (has_gaps && is_between)) { Standing::Possible } else { fit.into() }
}

fn area(coverage: &Coverage, value: &str, reading: &Reading<'_>) -> Standing {
    let fit = |coverage: &Coverage| fit_area(value, coverage, reading.includes_parts, reading.concepts).0;
    let released = fit(coverage);
    if released == Fit::Certain {
        return Standing::Released;
    }
    if let Some(level) = coverage.collected_level {
        let as_collected = Coverage { released_level: Some(level), released_level_is_minimum: false, ..coverage.clone() };
        if fit(&as_collected) == Fit::Certain {
            return Standing::Collected;
        }
    }
    released.into()
}

fn movement(coverage: &Coverage, places: &[String], breakdowns: &[&str], value: &str, reading: &Reading<'_>) -> Standing {
    let by_country = |list: &[String]| breakdowns.iter().any(|breakdown| list.iter().any(|code| code == breakdown));
    let fit = |is_by_country| fit_movement(value, places, is_by_country, reading.includes_parts, reading.concepts).0;
    let released = fit(by_country(&coverage.released_disaggregations));
    if released != Fit::Certain && fit(by_country(&coverage.collected_disaggregations)) == Fit::Certain {
        return Standing::Collected;
    }
    released.into()
}

fn breakdown(coverage: &Coverage, value: &str) -> Standing {
    let has = |list: &[String]| list.iter().any(|code| code == value);
    if has(&coverage.released_disaggregations) {
        Standing::Released
    } else if has(&coverage.collected_disaggregations) {
        Standing::Collected
    } else if coverage.released_disaggregations.is_empty() {
        Standing::Possible
    } else {
        Standing::No
    }
}

/// Records of a cell, counted by what they document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Figures are released.
    pub released: u64,
    /// Collected, and no release documented.
    pub exists_not_released: u64,
    /// The record may be of this cell: what would decide is not documented.
    pub not_documented: u64,
    /// Planned collections, counted in no state.
    pub planned: u64,
}

impl Tally {
    /// The state of the cell, apart from what people state of it.
    pub fn state(&self) -> CellState {
        match self {
            Self { released: 1.., .. } => CellState::Released,
            Self { exists_not_released: 1.., .. } => CellState::ExistsNotReleased,
            _ => CellState::NotDocumented,
        }
    }

    /// Counts one record, which answers the question of the grid as `asked` says.
    pub fn add(&mut self, dataset: &Dataset, asked: Fit, cell: Standing) {
        let standing = cell.min(if asked == Fit::Certain { Standing::Released } else { asked.into() });
        if standing == Standing::No {
            return;
        }
        // What is only planned is counted apart, in no state.
        if is_plan(dataset) {
            self.planned += 1;
            return;
        }
        match standing.min(figures(dataset)) {
            Standing::Released => self.released += 1,
            Standing::Collected => self.exists_not_released += 1,
            Standing::Possible => self.not_documented += 1,
            Standing::No => {}
        }
    }
}
