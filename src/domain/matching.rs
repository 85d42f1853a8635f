//! How well one record answers a filter, condition by condition, with the reason in the reader's language.
//!
//! The search index answers the same question with bitmaps for all records at once; a property test holds the two together.

use super::concept::{Concept, Concepts};
use super::coverage::Coverage;
use super::dataset::Dataset;
use super::filter::{DatasetFilter, FilterField};
use super::holding::AccessStatement;
use super::time::{Fit, PeriodWindow, fit_period};
use super::vocabulary::{ConceptScheme, Frequency, GeographicLevel, MaskableField};

pub mod reason;

pub use reason::Reason;

/// The answer of a record to one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The condition.
    pub field: FilterField,
    /// How well it is met.
    pub fit: Fit,
    /// Why it is not met for certain.
    pub reason: Reason,
}

/// A record with what the store knows about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The record.
    pub dataset: &'a Dataset,
    /// When it was last written, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// The day of the question, counted from 1970-01-01.
    pub today: i64,
}

/// Breakdowns that tell the country where a movement starts.
pub const ORIGIN_BREAKDOWNS: [&str; 3] = ["citizenship", "country_of_birth", "country_of_origin"];
/// Breakdowns that tell the country where a movement leads.
pub const DESTINATION_BREAKDOWNS: [&str; 2] = ["country_of_residence", "country_of_destination"];

/// Compares a record with each condition that the filter sets; conditions met for certain are left out.
pub fn findings(subject: Subject<'_>, filter: &DatasetFilter, concepts: &Concepts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |field, fit, reason| {
        if fit != Fit::Certain {
            // What is hidden from the reader is not said to be undocumented.
            let reason = if hidden_behind(field).is_some_and(|hidden| subject.dataset.hides(hidden)) { Reason::NotShown } else { reason };
            findings.push(Finding { field, fit, reason });
        }
    };
    plain_conditions(subject, filter, concepts, &mut note);
    let coverage = &subject.dataset.coverage;
    if !filter.reporting_areas.is_empty() {
        let (fit, reason) =
            best(filter.reporting_areas.iter().map(|wanted| fit_area(wanted, coverage, !filter.exclude_subdivisions, concepts)));
        let is_hidden = matches!(reason, Reason::DivisionNotDocumented { .. }) && subject.dataset.hides(MaskableField::Period);
        note(FilterField::ReportingAreas, fit, if is_hidden { Reason::NotShown } else { reason });
    }
    for (field, wanted, areas, breakdowns) in [
        (FilterField::Origins, &filter.origins, &coverage.origins, &ORIGIN_BREAKDOWNS[..]),
        (FilterField::Destinations, &filter.destinations, &coverage.destinations, &DESTINATION_BREAKDOWNS[..]),
    ] {
        if !wanted.is_empty() {
            let by_country = breakdowns.iter().any(|b| coverage.released_disaggregations.iter().any(|d| d == b));
            let (fit, reason) =
                best(wanted.iter().map(|wanted| fit_movement(wanted, areas, by_country, !filter.exclude_subdivisions, concepts)));
            note(field, fit, reason);
        }
    }
    if let Some(window) = &filter.period {
        let (fit, reason) = period_finding(coverage, window);
        note(FilterField::Period, fit, reason);
    }
    let missing: Vec<String> =
        filter.released_disaggregations.iter().filter(|d| !coverage.released_disaggregations.contains(d)).cloned().collect();
    if !missing.is_empty() {
        let documented = !coverage.released_disaggregations.is_empty();
        let fit = if documented { Fit::No } else { Fit::Possible };
        note(FilterField::ReleasedDisaggregations, fit, Reason::Breakdowns { missing, documented });
    }
    findings
}

/// The maskable field that a condition asks about.
fn hidden_behind(field: FilterField) -> Option<MaskableField> {
    Some(match field {
        FilterField::Themes | FilterField::Indicators => MaskableField::Themes,
        FilterField::ReportingAreas => MaskableField::ReportingAreas,
        FilterField::Origins => MaskableField::Origins,
        FilterField::Destinations => MaskableField::Destinations,
        FilterField::Period | FilterField::Frequencies => MaskableField::Period,
        FilterField::ReleasedDisaggregations => MaskableField::Disaggregations,
        FilterField::SourceTypes => MaskableField::Methodology,
        _ => return None,
    })
}

/// The best of several answers. Of those that say no, a former division says most: the record is near all the same.
fn best(fits: impl Iterator<Item = (Fit, Reason)>) -> (Fit, Reason) {
    let is_former = |reason: &Reason| matches!(reason, Reason::FormerDivision { .. });
    fits.fold((Fit::No, Reason::Other), |best, next| {
        let says_more = best.1 == Reason::Other || is_former(&next.1) && !is_former(&best.1);
        let better = next.0 > best.0 || (next.0 == best.0 && says_more);
        if better { next } else { best }
    })
}

fn plain_conditions(subject: Subject<'_>, filter: &DatasetFilter, concepts: &Concepts, note: &mut impl FnMut(FilterField, Fit, Reason)) {
    let dataset = subject.dataset;
    let themes = concepts.scheme(ConceptScheme::Themes);
    let institutions = || dataset.producer.iter().chain(dataset.holdings.iter().map(|h| &h.institution));
    let statements: Vec<AccessStatement> = dataset.holdings.iter().map(|holding| holding.access_terms.statement()).collect();
    let access = filter.access().met(&statements);
    let frequency = dataset.coverage.frequency.unwrap_or(Frequency::Unknown);
    let checks: [(FilterField, bool); 14] = [
        (
            FilterField::Themes,
            filter.themes.is_empty() || filter.themes.iter().any(|w| dataset.themes.iter().any(|t| themes.is_within(t, w))),
        ),
        (FilterField::Institutions, filter.institutions.is_empty() || institutions().any(|i| filter.institutions.contains(i))),
        (FilterField::RecordKinds, filter.record_kinds.is_empty() || filter.record_kinds.contains(&dataset.record_kind)),
        (
            FilterField::SourceTypes,
            filter.source_types.is_empty()
                || (!dataset.hides(MaskableField::Methodology) && filter.source_types.contains(&dataset.methodology.source_type)),
        ),
        (FilterField::Frequencies, filter.frequencies.is_empty() || filter.frequencies.contains(&frequency)),
        (FilterField::AggregatesAccess, access.aggregates),
        (FilterField::MicrodataAccess, access.microdata),
        (FilterField::AccessBasis, access.basis),
        (FilterField::Indicators, filter.indicators.is_empty() || filter.indicators.iter().any(|i| dataset.indicators.contains(i))),
        (FilterField::Certainty, filter.certainty.is_empty() || filter.certainty.contains(&dataset.certainty)),
        (FilterField::Statuses, filter.statuses.is_empty() || filter.statuses.contains(&dataset.status)),
        (
            FilterField::CollectionStatuses,
            filter.collection_statuses.is_empty() || dataset.collection_status.is_some_and(|s| filter.collection_statuses.contains(&s)),
        ),
        (FilterField::UpdatedSince, filter.updated_since.is_none_or(|since| subject.updated_at >= since)),
        (FilterField::Stale, filter.stale.is_none_or(|stale| dataset.is_stale(subject.today) == stale)),
    ];
    for (field, met) in checks {
        if !met {
            // The levels are there, each at another holder.
            let is_divided = field == FilterField::MicrodataAccess && statements.iter().any(|one| filter.access().has_microdata(*one));
            let reason = if is_divided { Reason::DividedHoldings } else { Reason::of_field(field, dataset) };
            note(field, Fit::No, reason);
        }
    }
}

/// Compares the reporting areas of a record with one wanted area.
pub fn fit_area(wanted: &str, coverage: &Coverage, include_subdivisions: bool, concepts: &Concepts) -> (Fit, Reason) {
    let places = concepts.scheme(ConceptScheme::Places);
    let areas = &coverage.reporting_areas;
    let here = |area: &String| area == wanted || (include_subdivisions && places.is_within(area, wanted));
    if areas.iter().any(here) {
        return (Fit::Certain, Reason::Other);
    }
    if areas.is_empty() {
        return (Fit::Possible, Reason::AreaNotDocumented);
    }
    let mut around = None;
    if areas.iter().any(|area| places.is_within(wanted, area)) {
        let (fit, reason) = places.get(wanted).map_or((Fit::No, Reason::Other), |wanted| fit_level(wanted, coverage));
        if fit != Fit::No {
            return (fit, reason);
        }
        around = Some(reason);
    }
    if let Some(group) = areas.iter().find(|area| places.is_group_without_members(area)) {
        return (Fit::Possible, Reason::NotByCountry { container: group.clone(), wanted: wanted.to_owned() });
    }
    let former = concepts.predecessors_of_place(wanted).into_iter().find(|former| areas.contains(&former.code));
    let reason = match former {
        Some(former) => Reason::FormerDivision { former: former.code.clone(), wanted: wanted.to_owned() },
        None => around.unwrap_or_else(|| Reason::OtherAreas { areas: areas.clone() }),
    };
    (Fit::No, reason)
}

/// A record that contains the wanted area answers for it only at a released level that is fine enough.
fn fit_level(wanted: &Concept, coverage: &Coverage) -> (Fit, Reason) {
    let (Some(released), Some(needed)) = (coverage.released_level, wanted.level) else {
        return (Fit::Possible, Reason::LevelNotDocumented { wanted: wanted.code.clone() });
    };
    if released > needed {
        return (Fit::Certain, Reason::Other);
    }
    if released < needed {
        let fit = if coverage.released_level_is_minimum { Fit::Possible } else { Fit::No };
        return (fit, Reason::CoarserLevel { released, wanted: wanted.code.clone(), finer_exists: coverage.released_level_is_minimum });
    }
    let period = coverage.period.as_ref();
    match fit_validity(wanted, period.and_then(|p| p.first_day()), period.and_then(|p| p.last_day())) {
        Fit::Certain => (Fit::Certain, Reason::Other),
        Fit::Possible => (Fit::Possible, Reason::DivisionNotDocumented { wanted: wanted.code.clone() }),
        Fit::No => (Fit::Possible, Reason::OlderDivision { wanted: wanted.code.clone() }),
    }
}

/// Whether the record lies wholly before or after the validity of the wanted area: its regions are those of another division.
pub fn is_other_division(wanted: &Concept, coverage: &Coverage) -> bool {
    let period = coverage.period.as_ref();
    let (start, end) = (period.and_then(|p| p.first_day()), period.and_then(|p| p.last_day()));
    fit_validity(wanted, start, end) == Fit::No
}

/// Whether a period, given by its first and last day where documented, lies in the validity of a place, at least in part. `No`: wholly before or after
/// it; `Possible`: the days that are documented do not tell.
pub fn fit_validity(place: &Concept, start: Option<i64>, end: Option<i64>) -> Fit {
    let (from, to) = (place.valid_from.map(|from| from.first_day()), place.valid_to.map(|to| to.last_day()));
    let is_before = |one: Option<i64>, other: Option<i64>| matches!((one, other), (Some(one), Some(other)) if one < other);
    if is_before(end, from) || is_before(to, start) {
        return Fit::No;
    }
    // It ends on the first day of the place or later: its last day is known to, or its first one.
    let reaches = from.is_none_or(|from| start.is_some_and(|start| start >= from) || end.is_some_and(|end| end >= from));
    let begins = to.is_none_or(|to| start.is_some_and(|start| start <= to) || end.is_some_and(|end| end <= to));
    if reaches && begins { Fit::Certain } else { Fit::Possible }
}

/// Compares the origins or destinations of a movement with one wanted place.
pub fn fit_movement(wanted: &str, areas: &[String], by_country: bool, include_subdivisions: bool, concepts: &Concepts) -> (Fit, Reason) {
    let places = concepts.scheme(ConceptScheme::Places);
    if areas.iter().any(|area| area == wanted || (include_subdivisions && places.is_within(area, wanted))) {
        return (Fit::Certain, Reason::Other);
    }
    if areas.is_empty() {
        return (Fit::Possible, Reason::MovementNotDocumented);
    }
    let contains = |area: &String| area == "ANY" || places.is_within(wanted, area) || places.is_group_without_members(area);
    // A container whose members are known says more than one whose are not.
    let known = areas.iter().find(|area| contains(area) && !places.is_group_without_members(area));
    let Some(container) = known.or_else(|| areas.iter().find(|area| contains(area))) else {
        return (Fit::No, Reason::OtherAreas { areas: areas.to_vec() });
    };
    let country_or_wider = places.get(wanted).and_then(|p| p.level).is_some_and(|level| level <= GeographicLevel::Country);
    if by_country && country_or_wider && !places.is_group_without_members(container) {
        return (Fit::Certain, Reason::Other);
    }
    (Fit::Possible, Reason::NotByCountry { container: container.clone(), wanted: wanted.to_owned() })
}

fn period_finding(coverage: &Coverage, window: &PeriodWindow) -> (Fit, Reason) {
    let (start, end) = coverage.period.as_ref().map_or((None, None), |p| (p.first_day(), p.last_day()));
    let fit = fit_period(start, end, window);
    (fit, Reason::Period { period: coverage.period.clone().unwrap_or_default(), window: *window })
}
