//! Indicators of the actions of an objective of the Global Compact, as far as a catalogue can compute or register them.
//!
//! What is measured is data (`data/objective1-indicators.json`); how it is counted is here, as pure functions over records as they stood
//! at a day. Unknown stays unknown: what nobody documents is told apart and never makes a value of zero. Nothing here is a score of an
//! institution, and nothing is ranked.

mod board;
mod judge;
mod registers;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use uuid::Uuid;

use super::calendar::is_plan;
use super::concept::Concepts;
use super::dataset::Dataset;
use super::ids::Slug;
use super::text::{MultilingualText, spoken};
use super::time::{Bound, FAR_PAST};
use super::vocabulary::{CellState, ConceptScheme, IndicatorBasis, IndicatorSilence, IndicatorUnit, ReportRegister};

pub use board::Board;
pub use judge::{CURRENT_YEARS, Judged, SECTIONS, countries, is_of_administration, is_of_survey, judge};
pub use registers::{RegisterEntry, RegisterFacts};

/// Words in English, French and Arabic.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
    /// Arabic.
    pub ar: String,
}

impl Words {
    /// The words in a language; English where there are none in it.
    pub fn say(&self, language: &str) -> &str {
        match spoken(language) {
            "fr" => &self.fr,
            "ar" => &self.ar,
            _ => &self.en,
        }
    }
}

/// How an indicator is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IndicatorKind {
    /// Institutions with a record that they validated, of those that records name as producers.
    InstitutionsTakingPart,
    /// Institutions with a record that was validated or reviewed within twelve months, of those that records name as producers.
    InstitutionsReviewedLately,
    /// Records with a definition and its facets.
    DefinitionWithFacets,
    /// Records with a definition of the framework of 2021.
    Framework2021,
    /// Records that document breaks in their series.
    BreaksDocumented,
    /// Records of innovative sources that carry a statement on quality.
    InnovativeWithQuality,
    /// Records on effects of migration.
    OnEffects,
    /// Of these, those with figures below the level of the country.
    EffectsBelowCountry,
    /// Regions for which such records release figures.
    EffectsByRegion,
    /// Records that are copies from another registry.
    Harvested,
    /// Records that others may harvest.
    OpenToHarvest,
    /// Records with an identifier or address of another registry.
    ExternalIdentifier,
    /// Observatories among the institutions.
    Observatories,
    /// Records that observatories validated.
    ValidatedByObservatories,
    /// Records that name a classification.
    ClassificationNamed,
    /// The six topics of action (g) in the censuses.
    CensusTopics,
    /// Surveys with a module or variables on migration.
    SurveysWithModule,
    /// Surveys of which the microdata can be asked for or taken.
    MicrodataPath,
    /// Days from request to decision.
    RequestDays,
    /// Surveys and microdata files whose variables are documented completely.
    VariablesDocumented,
    /// Administrative sources covered by an agreement on official statistics.
    AdministrativeAgreement,
    /// Administrative sources with a legal basis.
    AdministrativeLegalBasis,
    /// Administrative sources with a reference of the data-protection authority.
    AdministrativeProtection,
    /// Administrative sources that document their unit.
    AdministrativeUnit,
    /// Administrative sources that document limits such as over-coverage.
    AdministrativeLimits,
    /// Chapters of a migration profile with a current source.
    ProfileChapters,
    /// Records on more than one country.
    CrossCountry,
    /// Agreements between institutions of different countries.
    JointAgreements,
    /// Records that name the same flow seen from the other side.
    MirrorNamed,
    /// Records that name another one which overlaps with them.
    OverlapNamed,
    /// Entries of a register.
    Register,
}

/// Which entries of a register are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegisterCount {
    /// All.
    #[default]
    All,
    /// Those in force on the day, of all.
    InForce,
    /// Those that were answered or settled.
    Answered,
    /// Those that are settled.
    Settled,
    /// Median of the months from registration to the answer.
    MonthsToAnswer,
    /// Median of the months from beginning to end.
    MonthsOfSpan,
    /// Sum of the numbers that the entries report.
    Reported,
    /// Institutions with a settled entry, of all that have one; each institution once.
    Institutions,
    /// Regions of the country that entries name, of all of them.
    Regions,
    /// Months since the last one.
    AgeInMonths,
}

/// An indicator of an action.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Indicator {
    /// Its code, such as `1b1`.
    pub code: String,
    /// What it measures.
    pub label: Words,
    /// How it is computed, in plain words.
    pub method: Words,
    /// What the numerator counts.
    pub numerator: Words,
    /// What the denominator counts, where there is one.
    #[serde(default)]
    pub denominator: Option<Words>,
    /// Unit of the value.
    pub unit: IndicatorUnit,
    /// From what it is made.
    pub basis: IndicatorBasis,
    /// How it is counted.
    pub kind: IndicatorKind,
    /// The register that is counted, for entries of a register.
    #[serde(default)]
    pub register: Option<ReportRegister>,
    /// Which of its entries.
    #[serde(default)]
    pub count: RegisterCount,
}

/// An action of an objective.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveAction {
    /// Its letter in the Global Compact.
    pub letter: String,
    /// What it asks for, in the registry's words.
    pub label: Words,
    /// Its indicators.
    pub indicators: Vec<Indicator>,
}

/// The indicators of an objective.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorSet {
    /// The objective.
    pub objective: u8,
    /// Version of the list.
    pub version: String,
    /// From where the list is.
    pub source: Words,
    /// Names of points of checklists that are in no list of concepts, by code.
    pub points: BTreeMap<String, Words>,
    /// The actions, (a) to (k).
    pub actions: Vec<ObjectiveAction>,
}

const OBJECTIVE_1: &str = include_str!("data/objective1-indicators.json");

/// The indicators of an objective; none where the catalogue has no list for it.
///
/// # Errors
/// The list that ships with the program cannot be read.
pub fn indicators(objective: u8) -> Result<Option<IndicatorSet>, String> {
    let set: IndicatorSet = serde_json::from_str(OBJECTIVE_1).map_err(|e| format!("the list of indicators cannot be read: {e}"))?;
    Ok((set.objective == objective).then_some(set))
}

/// Whether a source had begun by a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It had.
    Yes,
    /// When it began is not documented precisely enough to tell, or not shown.
    NotDocumented,
    /// It had not, or is only planned.
    No,
}

/// Whether a source had begun by a day: by its reference period or its collection, whichever is documented to begin first. Of one that began
/// in a year or month in which the day lies nobody knows.
pub fn begun_by(dataset: &Dataset, day: i64) -> Begun {
    if is_plan(dataset) {
        return Begun::No;
    }
    let coverage = &dataset.coverage;
    let beginnings = coverage.period.iter().chain(&coverage.collection_period).filter_map(|period| match (period.start, period.end) {
        // What has ended had begun.
        (Bound::Unknown, Bound::Date(end)) => Some((FAR_PAST, end.last_day())),
        (Bound::Unknown, _) => None,
        (Bound::Open, _) => Some((FAR_PAST, FAR_PAST)),
        (Bound::Date(date), _) => Some((date.first_day(), date.last_day())),
    });
    let (mut has_one, mut may_have, mut has) = (false, false, false);
    for (earliest, latest) in beginnings {
        has_one = true;
        may_have |= earliest <= day;
        has |= latest <= day;
    }
    match (has_one, has, may_have) {
        (_, true, _) => Begun::Yes,
        (false, ..) | (true, false, true) => Begun::NotDocumented,
        (true, false, false) => Begun::No,
    }
}

/// A public record as it stood at a day, as far as anyone may see it then and now.
#[derive(Clone, Debug)]
pub struct Source {
    /// Identifier.
    pub id: Uuid,
    /// The version in force.
    pub version: i64,
    /// When that version was published, milliseconds from 1970-01-01 UTC.
    pub published_at: i64,
    /// When its producer validated that version, in the same way; none where it did not.
    pub validated_at: Option<i64>,
    /// When the coordinator reviewed that version, in the same way; none where that was not done.
    pub reviewed_at: Option<i64>,
    /// Whether the source had begun.
    pub begun: Begun,
    /// The record.
    pub dataset: Dataset,
}

/// What is named as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Identifier of the dataset; none where it is something else.
    pub dataset: Option<Uuid>,
    /// Short name of the dataset or institution, or identifier of an entry.
    pub key: String,
    /// Title, name or statement.
    pub title: MultilingualText,
    /// What it is.
    pub kind: NamedKind,
    /// Version of the dataset that counts.
    pub version: Option<i64>,
}

/// What a piece of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedKind {
    /// A dataset.
    Dataset,
    /// An institution.
    Institution,
    /// An agreement.
    Agreement,
    /// An entry of a register.
    Entry,
}

impl Named {
    /// A dataset as evidence.
    pub fn of(source: &Source) -> Self {
        Self {
            dataset: Some(source.id),
            key: source.dataset.slug.to_string(),
            title: source.dataset.titles.clone(),
            kind: NamedKind::Dataset,
            version: Some(source.version),
        }
    }
}

/// A point of a checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Its code: a place, a topic or a question of a census.
    pub code: String,
    /// Records that document it.
    pub documented: u64,
    /// Of these, records of which figures on it are released; counted for the questions of a census.
    pub released: Option<u64>,
    /// Records that document that it is not so.
    pub not_so: u64,
    /// Records that do not document it.
    pub not_documented: u64,
    /// The records that document it.
    pub evidence: Vec<Arc<Named>>,
    /// Each record that was looked at, with what it says of the point; told for the questions of a census.
    pub by_record: Vec<(Arc<Named>, CellState)>,
}

/// What an indicator comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Code of the indicator.
    pub code: String,
    /// The value in its unit; none where nothing documents it, nothing is registered or it is withheld.
    pub value: Option<f64>,
    /// Why there is no value.
    pub silence: Option<IndicatorSilence>,
    /// The numerator; none where it is withheld or there is nothing to count.
    pub numerator: Option<u64>,
    /// The denominator.
    pub denominator: Option<u64>,
    /// How many of what was looked at could not be judged, since what would decide is not documented or not shown.
    pub not_documented: u64,
    /// What the numerator counts.
    pub evidence: Vec<Arc<Named>>,
    /// Points of a checklist.
    pub points: Vec<Point>,
}

/// What an indicator needs beside records and registers.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// Code of the country; none for all records.
    pub country: Option<String>,
    /// Regions of the country in force on the day.
    pub regions: Vec<String>,
    /// Datasets covered by a public agreement in force on official statistics.
    pub agreed: BTreeSet<Uuid>,
    /// Agreements between institutions of different countries.
    pub joint: Vec<Arc<Named>>,
    /// Observatories among the institutions.
    pub observatories: Vec<Arc<Named>>,
    /// Names of the institutions that records name as producers, where known.
    pub institutions: Vec<Arc<Named>>,
    /// Median of the days from request to decision, over holders and years whose figures are published; none where none are.
    pub request_days: Option<f64>,
    /// By short name of a record of a common programme: countries that it reports on.
    pub programmes: BTreeMap<Slug, BTreeSet<String>>,
}

impl Around {
    /// Whether an institution is an observatory.
    pub fn is_observatory(&self, slug: &Slug) -> bool {
        self.observatories.iter().any(|named| named.key == slug.as_str())
    }
}

/// How a record stands to a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concerns {
    /// Its reporting areas, origins or destinations name the country or a place inside.
    Named,
    /// They name a group of countries that includes it; that the source is on this country is not documented.
    Wider,
    /// Neither.
    No,
}

/// How a record stands to a country.
pub fn concerns(dataset: &Dataset, country: &str, concepts: &Concepts) -> Concerns {
    let places = concepts.scheme(ConceptScheme::Places);
    let coverage = &dataset.coverage;
    let mut named = coverage.reporting_areas.iter().chain(&coverage.origins).chain(&coverage.destinations);
    if named.clone().any(|place| places.is_within(place, country)) {
        return Concerns::Named;
    }
    if named.any(|place| places.is_within(country, place)) { Concerns::Wider } else { Concerns::No }
}
