//! Reporting areas side by side: other countries are what is compared; another division of the same territory is a difference.

use std::collections::BTreeSet;

use crate::domain::concept::{Concept, Concepts, Scheme};
use crate::domain::dataset::Dataset;
use crate::domain::matching::{fit_area, is_other_division};
use crate::domain::time::Fit;
use crate::domain::vocabulary::{ConceptScheme, FacetDifference, GeographicLevel, MaskableField};

/// How the areas of two records stand to each other, with the places of the division that is not the same.
pub fn difference(one: &Dataset, other: &Dataset, concepts: &Concepts) -> (FacetDifference, Vec<String>) {
    let areas = |dataset: &Dataset| dataset.coverage.reporting_areas.iter().cloned().collect::<BTreeSet<String>>();
    if one.hides(MaskableField::ReportingAreas) || other.hides(MaskableField::ReportingAreas) {
        return (FacetDifference::Hidden, Vec::new());
    }
    let (here, there) = (areas(one), areas(other));
    if here.is_empty() || there.is_empty() {
        return (FacetDifference::Undocumented, Vec::new());
    }
    let places = concepts.scheme(ConceptScheme::Places);
    if let Some(found) = divisions_apart(one, other, places) {
        return found;
    }
    // Of a part of its area a record may have no figures.
    let has_figures = |dataset: &Dataset, area: &str| fit_area(area, &dataset.coverage, true, concepts).0 != Fit::No;
    let meet =
        |a: &String, b: &String| (places.is_within(a, b) && has_figures(other, a)) || (places.is_within(b, a) && has_figures(one, b));
    let difference = if here == there {
        FacetDifference::Same
    } else if here.iter().any(|a| there.iter().any(|b| meet(a, b))) {
        FacetDifference::Partly
    } else {
        FacetDifference::OtherAreas
    };
    (difference, Vec::new())
}

/// The dated places of a country that the figures of a record follow.
struct Division<'c> {
    places: BTreeSet<&'c str>,
    /// Whether there are figures by division at all.
    is_finer: bool,
    /// Whether the record is on the whole country.
    is_whole: bool,
    /// Whether the level of the figures is documented.
    is_certain: bool,
}

/// Whether the records follow different divisions of a country that both report on.
fn divisions_apart(one: &Dataset, other: &Dataset, places: &Scheme) -> Option<(FacetDifference, Vec<String>)> {
    let is_dated = |place: &&Concept| place.valid_from.is_some() || place.valid_to.is_some();
    let mut doubt = None;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for place in places.concepts.iter().filter(is_dated) {
        let level = |code: &&str| places.get(code).and_then(|place| place.level) == Some(GeographicLevel::Country);
        let Some(country) = places.ancestors(&place.code).find(level).filter(|country| seen.insert(country)) else { continue };
        let (here, there) = (division(one, country, places), division(other, country, places));
        let apart = apart(&here, &there, places);
        if apart.is_empty() {
            continue;
        }
        let apart = apart.into_iter().map(str::to_owned).collect();
        if here.is_certain && there.is_certain {
            let has_common = (here.is_whole && there.is_whole) || !here.places.is_disjoint(&there.places);
            return Some((if has_common { FacetDifference::OtherDivision } else { FacetDifference::NoCommonArea }, apart));
        }
        let hides = |dataset: &Dataset, division: &Division<'_>| !division.is_certain && dataset.hides(MaskableField::Levels);
        let is_hidden = hides(one, &here) || hides(other, &there);
        doubt = Some((if is_hidden { FacetDifference::Hidden } else { FacetDifference::Undocumented }, apart));
    }
    doubt
}

fn division<'c>(dataset: &Dataset, country: &str, places: &'c Scheme) -> Division<'c> {
    let coverage = &dataset.coverage;
    let dated = || {
        let inside = places.narrower(country).filter_map(|code| places.get(code));
        inside.filter(|place| place.valid_from.is_some() || place.valid_to.is_some())
    };
    let is_named = |code: &str| coverage.reporting_areas.iter().any(|area| area == code);
    let mut found: BTreeSet<&str> = dated().map(|place| place.code.as_str()).filter(|code| is_named(code)).collect();
    let is_whole = coverage.reporting_areas.iter().any(|area| places.is_within(country, area));
    let mut division = Division { is_finer: !found.is_empty(), is_whole, is_certain: true, places: BTreeSet::new() };
    let level = coverage.released_level.or(coverage.collected_level);
    let by_division = match level {
        Some(level) => level > GeographicLevel::Country || coverage.released_level_is_minimum,
        None => true,
    };
    if is_whole && by_division {
        let reaches = |place: &&Concept| level.is_none_or(|level| place.level.is_none_or(|own| own <= level));
        let in_force = dated().filter(reaches).filter(|place| !is_other_division(place, coverage));
        found.extend(in_force.map(|place| place.code.as_str()));
        division.is_finer = true;
        division.is_certain = level.is_some();
    }
    division.places = found;
    division
}

/// The places that one division has and the other has not, where the two cannot stand side by side: one has ended and the other is in force,
/// one took the place of the other, or one is of a time of which no place is recorded.
fn apart<'c>(one: &Division<'c>, other: &Division<'c>, places: &Scheme) -> Vec<&'c str> {
    if !one.is_finer || !other.is_finer {
        return Vec::new();
    }
    let only = |a: &Division<'c>, b: &Division<'c>| a.places.difference(&b.places).copied().collect::<Vec<&'c str>>();
    let (here, there) = (only(one, other), only(other, one));
    // What has ended is named first, and then it is enough: its successors are told with it.
    let ended_first = |list: Vec<&'c str>| {
        let ended: Vec<&str> = list.iter().filter(|code| places.get(code).is_some_and(|place| place.valid_to.is_some())).copied().collect();
        if ended.is_empty() { list } else { ended }
    };
    if one.places.is_empty() != other.places.is_empty() {
        return ended_first(here.into_iter().chain(there).collect());
    }
    let clash = |a: &str, b: &str| {
        let (Some(a), Some(b)) = (places.get(a), places.get(b)) else { return false };
        a.valid_to.is_some() != b.valid_to.is_some() || a.successors.contains(&b.code) || b.successors.contains(&a.code)
    };
    let mut found: Vec<&str> = here.iter().filter(|a| there.iter().any(|b| clash(a, b))).copied().collect();
    found.extend(there.iter().filter(|b| here.iter().any(|a| clash(a, b))).copied());
    found.sort_unstable();
    ended_first(found)
}
