//! How two records, or two definitions, stand to each other on each facet.

use std::collections::BTreeSet;

use crate::domain::concept::{Concepts, Scheme};
use crate::domain::dataset::Dataset;
use crate::domain::methodology::SeriesBreak;
use crate::domain::text::MultilingualText;
use crate::domain::time::{FAR_FUTURE, FAR_PAST, Period};
use crate::domain::vocabulary::{
    ComparisonFacet, ConceptScheme, DefinitionBasis, FacetDifference, MaskableField, MovementDirection, RelationType, StatisticalUnit,
};
use crate::domain::words;

use super::told::{self, Defined, Population, Selection, Told};
use super::{Detail, areas};

/// A facet with how the two stand on it.
pub type Standing = (ComparisonFacet, FacetDifference, Option<Detail>);

fn same_if(holds: bool) -> FacetDifference {
    if holds { FacetDifference::Same } else { FacetDifference::Different }
}

/// The facets that belong to the record as a whole.
pub fn of_records(one: &Dataset, other: &Dataset, concepts: &Concepts) -> Vec<Standing> {
    let mut found = Vec::new();
    let mut note =
        |facet, difference: Option<FacetDifference>, detail| found.extend(difference.map(|difference| (facet, difference, detail)));
    let shared = shared_units(one, other);
    let unit = told::units(one).against(told::units(other), units);
    note(ComparisonFacet::Unit, unit, (unit == Some(FacetDifference::Partly)).then_some(Detail::Units(shared)));
    let populations = concepts.scheme(ConceptScheme::Populations);
    note(ComparisonFacet::Population, told::population(one).against(told::population(other), |a, b| population(a, b, populations)), None);
    let (area, apart) = areas::difference(one, other, concepts);
    note(ComparisonFacet::ReportingArea, Some(area), (!apart.is_empty()).then_some(Detail::Places(apart)));
    note(ComparisonFacet::Period, Some(period(one, other)), None);
    note(ComparisonFacet::Selection, selection(one, other), None);
    note(ComparisonFacet::Frame, frame(one, other), None);
    let (series, dates) = breaks(one, other);
    note(ComparisonFacet::Breaks, Some(series), (!dates.is_empty()).then_some(Detail::Dates(dates)));
    found
}

/// The facets of two definitions. `mirror`: whether one record declares the other its mirror.
pub fn of_definitions(one: &Defined<'_>, other: &Defined<'_>, mirror: Told<bool>) -> Vec<Standing> {
    let differences = [
        (ComparisonFacet::Basis, one.bases().against(other.bases(), |a, b| bases(&a, &b))),
        (ComparisonFacet::Direction, one.direction().against(other.direction(), |a, b| direction(a, b, mirror))),
        (ComparisonFacet::Measure, one.measure().against(other.measure(), |a, b| same_if(a == b))),
        (ComparisonFacet::DurationThreshold, one.threshold().against(other.threshold(), |a, b| same_if(a == b))),
        (ComparisonFacet::DurationBasis, one.duration_basis().against(other.duration_basis(), |a, b| same_if(a == b))),
        (ComparisonFacet::ReferencePoint, one.reference_point().against(other.reference_point(), |a, b| same_if(a == b))),
        (ComparisonFacet::AgeLimits, one.ages().against(other.ages(), |a, b| same_if(a == b))),
        (ComparisonFacet::ExcludedGroups, one.excluded().against(other.excluded(), |a, b| same_if(set(&a) == set(&b)))),
    ];
    differences.into_iter().filter_map(|(facet, difference)| Some((facet, difference?, None))).collect()
}

fn set<T: Ord + Copy>(list: &[T]) -> BTreeSet<T> {
    list.iter().copied().collect()
}

fn shared_units(one: &Dataset, other: &Dataset) -> Vec<StatisticalUnit> {
    let (a, b) = (set(&one.methodology.statistical_units), set(&other.methodology.statistical_units));
    a.intersection(&b).copied().filter(|unit| *unit != StatisticalUnit::Other).collect()
}

/// What hides behind OTHER is told in words only: it may be the same, or not.
fn units(a: Vec<StatisticalUnit>, b: Vec<StatisticalUnit>) -> FacetDifference {
    let (a, b) = (set(&a), set(&b));
    let has_other = a.contains(&StatisticalUnit::Other) || b.contains(&StatisticalUnit::Other);
    let shares = a.intersection(&b).any(|unit| *unit != StatisticalUnit::Other);
    match (shares, has_other) {
        (true, false) if a == b => FacetDifference::Same,
        (true, _) => FacetDifference::Partly,
        (false, true) => FacetDifference::Undocumented,
        (false, false) => FacetDifference::Different,
    }
}

fn bases(a: &[DefinitionBasis], b: &[DefinitionBasis]) -> FacetDifference {
    match (a, b) {
        ([a], [b]) => same_if(a == b),
        (a, b) if a.iter().any(|basis| b.contains(basis)) => FacetDifference::Partly,
        _ => FacetDifference::Different,
    }
}

fn direction(a: MovementDirection, b: MovementDirection, mirror: Told<bool>) -> FacetDifference {
    use MovementDirection::{Both, In, Out, Return};
    match (a, b) {
        (a, b) if a == b => FacetDifference::Same,
        // Who returns comes in.
        (Both, In | Out | Return) | (In | Out | Return, Both) => FacetDifference::Partly,
        (In, Out) | (Out, In) if mirror == Told::Documented(true) => FacetDifference::Mirror,
        // What is not shown could say that it is the same flow.
        (In, Out) | (Out, In) if mirror == Told::Hidden => FacetDifference::Hidden,
        _ => FacetDifference::Different,
    }
}

/// Whether one of the records declares the other its mirror; hidden where relations that are not shown could say so.
pub fn mirror(one: &Dataset, other: &Dataset) -> Told<bool> {
    let says = |from: &Dataset, to: &Dataset| {
        from.relations.iter().any(|relation| relation.relation_type == RelationType::MirrorOf && relation.dataset == to.slug)
    };
    match says(one, other) || says(other, one) {
        true => Told::Documented(true),
        false if one.hides(MaskableField::Relations) || other.hides(MaskableField::Relations) => Told::Hidden,
        false => Told::Documented(false),
    }
}

fn population(a: Population<'_>, b: Population<'_>, scheme: &Scheme) -> FacetDifference {
    match (a, b) {
        (Population::Codes(a), Population::Codes(b)) => {
            let meet = |a: &String| b.iter().any(|b| scheme.is_within(a, b) || scheme.is_within(b, a));
            if a.iter().collect::<BTreeSet<_>>() == b.iter().collect() {
                FacetDifference::Same
            } else if a.iter().any(meet) {
                FacetDifference::Partly
            } else {
                FacetDifference::Different
            }
        }
        (Population::Words(a), Population::Words(b)) if same_words(a, b) => FacetDifference::Same,
        _ => FacetDifference::InWords,
    }
}

/// Whether two texts have the same words in a language that both are written in.
fn same_words(a: &MultilingualText, b: &MultilingualText) -> bool {
    let fold = |text: &str| words::fold(text).split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    a.iter().any(|(tag, here)| b.iter().any(|(other, there)| tag.primary() == other.primary() && fold(&here.text) == fold(&there.text)))
}

/// First and last day of a period, where documented.
fn ends(period: Option<&Period>) -> (Option<i64>, Option<i64>) {
    period.map_or((None, None), |period| (period.first_day(), period.last_day()))
}

/// Whether two periods meet; none where what would decide is not documented.
pub fn meet(one: Option<&Period>, other: Option<&Period>) -> Option<bool> {
    let (a, b) = (ends(one), ends(other));
    let ends_before = |end: Option<i64>, start: Option<i64>| matches!((end, start), (Some(end), Some(start)) if end < start);
    if ends_before(a.1, b.0) || ends_before(b.1, a.0) {
        return Some(false);
    }
    (a.0.is_some() && a.1.is_some() && b.0.is_some() && b.1.is_some()).then_some(true)
}

fn period(one: &Dataset, other: &Dataset) -> FacetDifference {
    if one.hides(MaskableField::Period) || other.hides(MaskableField::Period) {
        return FacetDifference::Hidden;
    }
    let (here, there) = (one.coverage.period.as_ref(), other.coverage.period.as_ref());
    match meet(here, there) {
        Some(true) if ends(here) == ends(there) => FacetDifference::Same,
        Some(true) => FacetDifference::Partly,
        Some(false) => FacetDifference::Apart,
        None => FacetDifference::Undocumented,
    }
}

fn selection(one: &Dataset, other: &Dataset) -> Option<FacetDifference> {
    let (a, b) = (told::selection(one), told::selection(other));
    let is = |wanted| [&a, &b].into_iter().any(|told| *told == Told::Documented(wanted));
    if a == Told::Hidden || b == Told::Hidden {
        return Some(FacetDifference::Hidden);
    }
    // What is known of one side holds whatever the other is.
    if is(Selection::NotByChance) {
        return Some(FacetDifference::NotByChance);
    }
    if is(Selection::Mixed) {
        return Some(FacetDifference::PartlyByChance);
    }
    a.against(b, |a, b| match (a, b) {
        (Selection::All, Selection::ByChance) | (Selection::ByChance, Selection::All) => FacetDifference::AllAndSample,
        (a, b) => same_if(a == b),
    })
}

fn frame(one: &Dataset, other: &Dataset) -> Option<FacetDifference> {
    match (told::frame(one), told::frame(other)) {
        (Told::Hidden, _) | (_, Told::Hidden) => Some(FacetDifference::Hidden),
        // That only one of them drew a sample is told by the way of selection.
        (Told::NotApplicable, _) | (_, Told::NotApplicable) => None,
        (a, b) => a.against(b, |a, b| if same_words(a, b) { FacetDifference::Same } else { FacetDifference::InWords }),
    }
}

/// Breaks that lie in the time that the two records cover; those of records without a documented period may.
fn breaks(one: &Dataset, other: &Dataset) -> (FacetDifference, Vec<crate::domain::time::PartialDate>) {
    let (a, b) = (told::breaks(one), told::breaks(other));
    if a == Told::Hidden || b == Told::Hidden {
        return (FacetDifference::Hidden, Vec::new());
    }
    let (here, there) = (ends(one.coverage.period.as_ref()), ends(other.coverage.period.as_ref()));
    let first = here.0.unwrap_or(FAR_PAST).min(there.0.unwrap_or(FAR_PAST));
    let last = here.1.unwrap_or(FAR_FUTURE).max(there.1.unwrap_or(FAR_FUTURE));
    let lies_between = |broken: &&SeriesBreak| broken.date.last_day() >= first && broken.date.first_day() <= last;
    let listed = one.methodology.breaks.iter().chain(&other.methodology.breaks).filter(lies_between);
    let mut dates: Vec<crate::domain::time::PartialDate> = listed.map(|broken| broken.date).collect();
    dates.sort_by_key(|date| (date.first_day(), date.last_day()));
    dates.dedup();
    if !dates.is_empty() {
        return (FacetDifference::Break, dates);
    }
    (a.against(b, |(), ()| FacetDifference::Same).unwrap_or(FacetDifference::Same), dates)
}
