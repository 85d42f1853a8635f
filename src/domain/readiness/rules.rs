//! What is asked of a record, by its fields.

use crate::domain::vocabulary::SourceType;

/// Needed of every record, in the order of the form.
pub(super) const NEEDED: &[&str] = &[
    "slug",
    "recordKind",
    "titles",
    "mainLanguage",
    "abstract",
    "themes",
    "producer",
    "holdings",
    "methodology.sourceType",
    "coverage.reportingAreas",
    PERIOD,
    "coverage.frequency",
    "riskClass",
    "visibility",
    "reviewDueOn",
];

pub(super) const PERIOD: &str = "coverage.period";

/// Stand-ins for parts of the record without which the reader would look no further.
pub(super) const STAND_INS: &[(&str, &str)] =
    &[("slug", "stand-in"), ("recordKind", "STATISTICAL_OPERATION"), ("riskClass", "NONE"), ("methodology.sourceType", "CENSUS")];

/// What each element of a list needs, with a stand-in that lets the reader go on to the other parts.
pub(super) const PARTS: &[(&str, &[(&str, &str)])] = &[
    (
        "holdings",
        &[
            ("institution", "stand-in"),
            ("role", "HOLDER"),
            ("accessTerms.aggregates", "UNKNOWN"),
            ("accessTerms.aggregatesBasis", "ASSUMED"),
            ("accessTerms.microdata", "UNKNOWN"),
            ("accessTerms.microdataBasis", "ASSUMED"),
            ("accessTerms.channel", "UNKNOWN"),
        ],
    ),
    ("holdings.distributions", &[("url", ADDRESS)]),
    ("methodology.definitions", &[("code", "NOT_DOCUMENTED")]),
    ("methodology.breaks", &[("date", "2000")]),
    ("methodology.quality", &[("dimension", "METADATA"), ("text", "{}")]),
    ("methodology.instruments", &[("url", ADDRESS)]),
    ("variables", &[("name", "stand-in")]),
    ("variables.categories", &[("code", "0")]),
    ("relations", &[("type", "OVERLAPS"), ("dataset", "stand-in-for-another")]),
    ("discrepancies", &[("subject", "{}"), ("values", "[]")]),
    ("discrepancies.values", &[("value", "0")]),
    ("links", &[("url", ADDRESS)]),
    ("citations", &[("title", "stand-in")]),
    ("masks", &[("field", "ABSTRACT"), ("visibleTo", "MEMBERS")]),
];

const ADDRESS: &str = "https://example.org/";

/// Asked of every record, and shown as not documented where absent.
pub(super) const RECOMMENDED: &[&str] = &[
    "collectionStatus",
    "indicators",
    "classifications",
    "legalMandate",
    "methodology.universe",
    "methodology.statisticalUnits",
    "methodology.definitions",
    "methodology.collectionModes",
    "methodology.knownLimits",
    "methodology.quality",
    "methodology.instruments",
    "coverage.origins",
    "coverage.destinations",
    "coverage.collectionPeriod",
    "coverage.releasedLevel",
    "coverage.collectedLevel",
    "coverage.releasedDisaggregations",
    "coverage.collectedDisaggregations",
    "variables",
    "relations",
    "certainty",
    "citations",
];

/// Asked of surveys.
const SURVEY: &[&str] = &[
    "methodology.samplingDesigns",
    "methodology.samplingFrame",
    "methodology.sampleSize",
    "methodology.sampleUnit",
    "methodology.weights",
    "methodology.response",
];

/// Asked of censuses: the topics of GCM Objective 1, action (g).
const CENSUS: &[&str] = &[
    "methodology.censusTopics.countryOfBirth",
    "methodology.censusTopics.parentsCountryOfBirth",
    "methodology.censusTopics.citizenship",
    "methodology.censusTopics.residenceFiveYearsBefore",
    "methodology.censusTopics.latestArrival",
    "methodology.censusTopics.reason",
];

/// Asked of what is collected again and again.
pub(super) const SERIES: &[&str] = &["methodology.breaks", "coverage.nextCollection"];

/// Asked of a definition that is documented: its facets, on which datasets are compared.
pub(super) const FACETS: &[&str] = &["text", "basis", "direction", "measure", "durationThresholdMonths", "durationBasis", "referencePoint"];

/// What is asked of a type of source beyond the rest.
pub(super) fn by_source(source: Option<SourceType>) -> &'static [&'static str] {
    match source {
        Some(SourceType::Census) => CENSUS,
        Some(
            SourceType::HouseholdSurveySpecialised
            | SourceType::HouseholdSurveyModule
            | SourceType::LabourForceSurvey
            | SourceType::HardToReachSurvey
            | SourceType::OpinionSurvey
            | SourceType::PriceSurvey,
        ) => SURVEY,
        _ => &[],
    }
}
