//! Coverage as an editor gives it.

use juniper::GraphQLInputObject;
use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{Frequency, GeographicLevel};
use crate::graphql::scalars::PartialDate;

use super::part::{Part, input_object, inside, put};
use super::text::LocalizedStringInput;

input_object! {
    /// What a dataset covers: three places, period, levels and breakdowns, collected and released told apart. What is
    /// left out is not documented.
    pub struct CoverageInput {
        /// Where the data are collected or reported, codes of the scheme PLACES.
        pub reporting_areas: Option<Vec<String>>,
        /// What the source says about the area, by language.
        pub area_note: Option<Vec<LocalizedStringInput>>,
        /// Where the movement described starts, codes of the scheme PLACES; `ANY` for any country.
        pub origins: Option<Vec<String>>,
        /// Where the movement described leads, codes of the scheme PLACES; `ANY` for any country.
        pub destinations: Option<Vec<String>>,
        /// Reference period: the time that the figures are about.
        pub period: Option<PeriodInput>,
        /// When the data were collected (DDI collDate).
        pub collection_period: Option<PeriodInput>,
        /// Next planned collection, known to the year, month or day.
        pub next_collection: Option<PartialDate>,
        /// Until when you can still agree on a planned collection with others, known to the year, month or day.
        pub open_to_coordination_until: Option<PartialDate>,
        /// Finest geographic level at which figures are released.
        pub released_level: Option<GeographicLevel>,
        /// Whether finer figures are released too, at a level that is not documented; false where left out.
        pub released_level_is_minimum: Option<bool>,
        /// Finest geographic level that is collected, released or not.
        pub collected_level: Option<GeographicLevel>,
        /// The levels in the words of the source, by language.
        pub level_note: Option<Vec<LocalizedStringInput>>,
        /// Breakdowns of the figures released, codes of the scheme DISAGGREGATIONS.
        pub released_disaggregations: Option<Vec<String>>,
        /// Breakdowns collected, released or not, codes of the scheme DISAGGREGATIONS.
        pub collected_disaggregations: Option<Vec<String>>,
        /// Populations of reference, codes of the scheme POPULATIONS. The population in words is the universe of the
        /// methodology.
        pub populations: Option<Vec<String>>,
        /// How often the source is collected or updated.
        pub frequency: Option<Frequency>,
    }
}

/// A period. Each end is a date known to the year, month or day, or open, or left out where it is not documented.
#[derive(Clone, Debug, Default, PartialEq, Eq, GraphQLInputObject)]
pub struct PeriodInput {
    /// Beginning, its first day counted.
    pub start: Option<PartialDate>,
    /// True where the period has no beginning; then no beginning is given.
    pub has_no_beginning: Option<bool>,
    /// End, its last day counted.
    pub end: Option<PartialDate>,
    /// True where the period goes on; then no end is given.
    pub is_ongoing: Option<bool>,
    /// True where it is not known when the period begins. A finished record states that, or gives a start.
    pub start_is_unknown: Option<bool>,
    /// What the source says about the period, by language.
    pub note: Option<Vec<LocalizedStringInput>>,
}

impl Part for PeriodInput {
    fn write(&self, path: &str, problems: &mut Vec<Problem>) -> Value {
        let mut period = Map::new();
        for (key, date, open) in [("start", self.start, self.has_no_beginning), ("end", self.end, self.is_ongoing)] {
            let open = open.unwrap_or(false);
            if let Some(date) = date {
                period.insert(key.to_owned(), date.write(path, problems));
                if open {
                    let remedy = "a date is given and the period is said to be open on this side; keep one of the two";
                    problems.push(Problem::new(inside(path, key), date.0, remedy));
                }
            } else if open {
                period.insert(key.to_owned(), Value::from(".."));
            } else if key == "start" && self.start_is_unknown.unwrap_or(false) {
                period.insert(key.to_owned(), Value::Null);
            }
        }
        put(&mut period, "note", &self.note, path, problems);
        Value::Object(period)
    }
}
