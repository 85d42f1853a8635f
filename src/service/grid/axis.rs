//! Rows and columns as they are asked for, and the values that they have.

use crate::domain::concept::{Concept, Concepts};
use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::time::year_of;
use crate::domain::vocabulary::{AccessLevel, ConceptScheme, GeographicLevel, GridDimension, SourceType, Vocabulary};
use crate::search::Snapshot;

use super::{MOST_VALUES, scheme_of};

/// Years of an axis where none are named.
const YEARS: i32 = 10;

/// Rows or columns as they are asked for.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What they are.
    pub dimension: GridDimension,
    /// The values; where there are none, those that the other members say.
    pub codes: Vec<String>,
    /// For places and topics: those inside this one.
    pub within: Option<String>,
    /// For places: those of this level.
    pub level: Option<GeographicLevel>,
    /// For years: the first.
    pub from_year: Option<i32>,
    /// For years: the last.
    pub to_year: Option<i32>,
}

/// Which members of an axis its dimension knows.
fn unused(axis: &Axis) -> Vec<Problem> {
    let is_of_places = scheme_of(axis.dimension) == Some(ConceptScheme::Places);
    let is_of_years = axis.dimension == GridDimension::Year;
    let is_nested = is_of_places || axis.dimension == GridDimension::Theme;
    let given = [
        ("within", axis.within.clone(), is_nested, "is for places and topics only; leave it out"),
        ("level", axis.level.map(|level| level.code().to_owned()), is_of_places, "is for places only; leave it out"),
        ("fromYear", axis.from_year.map(|year| year.to_string()), is_of_years, "is for years only; leave it out"),
        ("toYear", axis.to_year.map(|year| year.to_string()), is_of_years, "is for years only; leave it out"),
    ];
    let wrong = given.into_iter().filter_map(|(name, value, fits, remedy)| {
        let value = value?;
        match (fits, axis.codes.is_empty()) {
            (false, _) => Some(Problem::new(name, value, remedy)),
            (true, false) => {
                Some(Problem::new(name, value, "stands beside `codes`, which name the values already; leave one of the two out"))
            }
            (true, true) => None,
        }
    });
    wrong.collect()
}

/// The values of an axis.
pub(super) fn values(axis: &Axis, concepts: &Concepts, snapshot: &Snapshot, today: i64) -> Result<Vec<String>, Vec<Problem>> {
    let mut problems = unused(axis);
    if !axis.codes.is_empty() {
        let mut values: Vec<String> = Vec::new();
        for code in &axis.codes {
            if values.contains(code) {
                continue;
            }
            if values.len() > MOST_VALUES || problems.len() > MOST_VALUES {
                break;
            }
            match check_code(axis.dimension, code, concepts) {
                Ok(()) => values.push(code.clone()),
                Err(remedy) => problems.push(Problem::new("codes", code, remedy)),
            }
        }
        return if problems.is_empty() { Ok(values) } else { Err(problems) };
    }
    let is_plain = axis.within.is_none() && axis.level.is_none();
    let values = match axis.dimension {
        GridDimension::Year => years(axis, today),
        GridDimension::ReportingArea => places(axis, concepts, snapshot, "a"),
        GridDimension::Origin => places(axis, concepts, snapshot, "o"),
        GridDimension::Destination => places(axis, concepts, snapshot, "d"),
        GridDimension::Theme => themes(axis, concepts),
        GridDimension::ThemeGroup => Ok(concept_codes(ConceptScheme::Themes, concepts, |concept| concept.broader.is_empty())),
        GridDimension::Disaggregation => Ok(concept_codes(ConceptScheme::Disaggregations, concepts, |_| true)),
        GridDimension::GcmObjective => Ok(concept_codes(ConceptScheme::Indicators, concepts, |concept| concept.code.starts_with("GCM-"))),
        GridDimension::SdgIndicator => Ok(concept_codes(ConceptScheme::Indicators, concepts, |concept| concept.code.starts_with("SDG-"))),
        GridDimension::SourceType => Ok(SourceType::ALL.iter().map(|member| member.code().to_owned()).collect()),
        GridDimension::AggregatesAccess | GridDimension::MicrodataAccess => {
            Ok(AccessLevel::ALL.iter().map(|member| member.code().to_owned()).collect())
        }
        GridDimension::Institution => Ok(snapshot.values("i")),
    };
    match values {
        // A catalogue that names no place and no institution yet has a grid without rows: nothing was asked for that is wrong.
        Ok(values) if problems.is_empty() && (!values.is_empty() || is_plain) => Ok(values),
        Ok(_) if problems.is_empty() => Err(vec![Problem::new(
            "dimension",
            axis.dimension.code(),
            "has no value here; name values by `codes`, or another `within` or `level`",
        )]),
        Ok(_) => Err(problems),
        Err(problem) => {
            problems.push(problem);
            Err(problems)
        }
    }
}

fn check_code(dimension: GridDimension, code: &str, concepts: &Concepts) -> Result<(), String> {
    let kind = dimension.code();
    match dimension {
        GridDimension::Year => match code.parse::<i32>() {
            Ok(1000..=9999) if code.len() == 4 => Ok(()),
            _ => Err("is not a year; write four digits, such as 2019".to_owned()),
        },
        GridDimension::Institution => {
            Slug::parse(code).map(|_| ()).map_err(|remedy| format!("is no short name of an institution: {remedy}"))
        }
        GridDimension::SourceType => {
            SourceType::parse(code).map(|_| ()).ok_or_else(|| format!("is none of {kind}; the codes are those of SourceType"))
        }
        GridDimension::AggregatesAccess | GridDimension::MicrodataAccess => {
            AccessLevel::parse(code).map(|_| ()).ok_or_else(|| format!("is none of {kind}; the codes are those of AccessLevel"))
        }
        GridDimension::ThemeGroup => match concepts.require(ConceptScheme::Themes, code)?.broader.is_empty() {
            true => Ok(()),
            false => Err("is a topic; name a group of topics, or ask for THEME".to_owned()),
        },
        GridDimension::GcmObjective if !code.starts_with("GCM-") => {
            Err("is no objective of the Global Compact; the codes begin with GCM-".to_owned())
        }
        GridDimension::SdgIndicator if !code.starts_with("SDG-") => Err("is no indicator of the SDG; the codes begin with SDG-".to_owned()),
        other => scheme_of(other).map_or(Ok(()), |scheme| concepts.require(scheme, code).map(|_| ())),
    }
}

fn concept_codes(scheme: ConceptScheme, concepts: &Concepts, keep: impl Fn(&Concept) -> bool) -> Vec<String> {
    concepts.scheme(scheme).concepts.iter().filter(|concept| keep(concept)).map(|concept| concept.code.clone()).collect()
}

fn themes(axis: &Axis, concepts: &Concepts) -> Result<Vec<String>, Problem> {
    if let Some(within) = &axis.within {
        concepts.require(ConceptScheme::Themes, within).map_err(|remedy| Problem::new("within", within, remedy))?;
    }
    let scheme = concepts.scheme(ConceptScheme::Themes);
    let inside = |concept: &Concept| {
        !concept.broader.is_empty() && axis.within.as_ref().is_none_or(|within| scheme.is_within(&concept.code, within))
    };
    Ok(concept_codes(ConceptScheme::Themes, concepts, inside))
}

/// Years from the first to the last, which is this year where none is named; of ten where the first is not.
fn years(axis: &Axis, today: i64) -> Result<Vec<String>, Problem> {
    for (name, year) in [("fromYear", axis.from_year), ("toYear", axis.to_year)] {
        if let Some(year) = year.filter(|year| !(1000..=9999).contains(year)) {
            return Err(Problem::new(name, year, "is not a year of four digits"));
        }
    }
    let last = axis.to_year.or_else(|| year_of(today)).unwrap_or(2000);
    let first = axis.from_year.unwrap_or(last - YEARS + 1);
    if first > last {
        let value = format!("{first} to {last}");
        return Err(Problem::new("fromYear", value, "the first year comes after the last; exchange the two, or give `toYear`"));
    }
    Ok((first..=last).map(|year| year.to_string()).collect())
}

/// Places in force inside another, of a level; without it those that records of the catalogue name.
fn places(axis: &Axis, concepts: &Concepts, snapshot: &Snapshot, tag: &str) -> Result<Vec<String>, Problem> {
    let scheme = concepts.scheme(ConceptScheme::Places);
    let Some(within) = &axis.within else {
        let named = snapshot.values(tag).into_iter().filter(|code| code != "ANY");
        let fits = |code: &String| axis.level.is_none_or(|level| scheme.get(code).and_then(|place| place.level) == Some(level));
        return Ok(named.filter(fits).collect());
    };
    let around = concepts.require(ConceptScheme::Places, within).map_err(|remedy| Problem::new("within", within, remedy))?;
    let inside = || scheme.narrower(within).filter_map(|code| scheme.get(code)).filter(|place| place.valid_to.is_none());
    let finer = |level: &GeographicLevel| around.level.is_none_or(|around| *level > around);
    let level = axis.level.or_else(|| inside().filter_map(|place| place.level).filter(finer).min());
    Ok(inside().filter(|place| place.level == level).map(|place| place.code.clone()).collect())
}
