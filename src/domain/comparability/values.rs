//! What stands in the cells when records are put side by side.

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::methodology::MigrantDefinition;
use crate::domain::text::{MultilingualText, spoken};
use crate::domain::time::{Bound, Period};
use crate::domain::vocabulary::{ComparisonFacet, ConceptScheme, DefinitionCode, MaskableField, Vocabulary};

use super::label;
use super::told::{self, hides_definitions, hides_sampling};

/// What a record tells on a facet, in the reader's language: a value for each definition, place, unit or break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The values; none where nothing is documented or shown.
    pub values: Vec<String>,
    /// Whether the reader is not shown it.
    pub is_hidden: bool,
}

impl Cell {
    /// Whether something is documented.
    pub fn is_documented(&self) -> bool {
        !self.values.is_empty()
    }
}

/// The cell of a record.
pub fn cell(dataset: &Dataset, facet: ComparisonFacet, language: &str, concepts: &Concepts) -> Cell {
    let values = match facet {
        ComparisonFacet::Unit => codes(&dataset.methodology.statistical_units, language),
        ComparisonFacet::Population => population(dataset, language, concepts),
        ComparisonFacet::ReportingArea => areas(dataset, language, concepts),
        ComparisonFacet::Period => dataset.coverage.period.iter().map(|period| period_words(period, language)).collect(),
        ComparisonFacet::SourceType if dataset.hides(MaskableField::Methodology) => Vec::new(),
        ComparisonFacet::SourceType => vec![dataset.methodology.source_type.label(language).to_owned()],
        ComparisonFacet::Selection => codes(&dataset.methodology.sampling_designs, language),
        ComparisonFacet::Frame => text(&dataset.methodology.sampling_frame, dataset, language),
        ComparisonFacet::Breaks => breaks(dataset, language),
        ComparisonFacet::KnownLimits => dataset.methodology.known_limits.iter().flat_map(|limit| text(limit, dataset, language)).collect(),
        of_definition => definitions(dataset, of_definition, language),
    };
    let is_hidden = hides(dataset, facet);
    Cell { values: if is_hidden { Vec::new() } else { values }, is_hidden }
}

/// Whether the reader is not shown a facet of a record.
fn hides(dataset: &Dataset, facet: ComparisonFacet) -> bool {
    let methodology = dataset.hides(MaskableField::Methodology);
    match facet {
        ComparisonFacet::Population => told::population(dataset) == told::Told::Hidden,
        ComparisonFacet::ReportingArea => dataset.hides(MaskableField::ReportingAreas),
        ComparisonFacet::Period => dataset.hides(MaskableField::Period),
        ComparisonFacet::Selection | ComparisonFacet::Frame => hides_sampling(dataset),
        ComparisonFacet::Unit | ComparisonFacet::SourceType | ComparisonFacet::Breaks | ComparisonFacet::KnownLimits => methodology,
        _ => hides_definitions(dataset),
    }
}

fn codes<V: Vocabulary>(list: &[V], language: &str) -> Vec<String> {
    list.iter().map(|member| member.label(language).to_owned()).collect()
}

fn text(text: &MultilingualText, dataset: &Dataset, language: &str) -> Vec<String> {
    text.words(Some(language), dataset.main_language()).map(str::to_owned).into_iter().collect()
}

/// What the definitions say on a facet, in their order and each once.
fn definitions(dataset: &Dataset, facet: ComparisonFacet, language: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for definition in &dataset.methodology.definitions {
        for value in definition_values(definition, facet, language, dataset) {
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found
}

fn definition_values(definition: &MigrantDefinition, facet: ComparisonFacet, language: &str, dataset: &Dataset) -> Vec<String> {
    fn one<V: Vocabulary>(value: Option<V>, language: &str) -> Vec<String> {
        value.map(|value| value.label(language).to_owned()).into_iter().collect()
    }
    match facet {
        ComparisonFacet::Definition if definition.code == DefinitionCode::NotDocumented => text(&definition.text, dataset, language),
        ComparisonFacet::Definition => {
            let name = definition.code.label(language);
            let words = definition.text.words(Some(language), dataset.main_language());
            vec![words.map_or_else(|| name.to_owned(), |words| format!("{name}: {words}"))]
        }
        ComparisonFacet::Basis => match (told::Defined { definition: Some(definition), is_hidden: false }).bases() {
            told::Told::Documented(bases) => codes(&bases, language),
            _ => Vec::new(),
        },
        ComparisonFacet::Direction => one(definition.direction, language),
        ComparisonFacet::Measure => one(definition.measure, language),
        ComparisonFacet::DurationThreshold => {
            definition.duration_threshold_months.map(|months| months_words(months, language)).into_iter().collect()
        }
        ComparisonFacet::DurationBasis => one(definition.duration_basis, language),
        ComparisonFacet::ReferencePoint => one(definition.reference_point, language),
        ComparisonFacet::AgeLimits => ages(definition.age_minimum, definition.age_maximum),
        ComparisonFacet::ExcludedGroups => codes(&definition.excluded_groups, language),
        _ => Vec::new(),
    }
}

/// A word in the reader's language.
fn word(language: &str, [en, fr, ar]: [&'static str; 3]) -> &'static str {
    match spoken(language) {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

fn months_words(months: i32, language: &str) -> String {
    if months == 0 {
        return word(language, ["None", "Aucune", "بلا مدة دنيا"]).to_owned();
    }
    match (spoken(language), months) {
        ("ar", 1) => "شهر واحد".to_owned(),
        ("ar", 2) => "شهران".to_owned(),
        ("ar", 3..=10) => format!("{months} أشهر"),
        (_, 1) => word(language, ["1 month", "1 mois", "شهر واحد"]).to_owned(),
        _ => format!("{months} {}", word(language, ["months", "mois", "شهرا"])),
    }
}

fn ages(minimum: Option<i32>, maximum: Option<i32>) -> Vec<String> {
    let end = |age: Option<i32>| age.map_or_else(|| "..".to_owned(), |age| age.to_string());
    if minimum.is_none() && maximum.is_none() { Vec::new() } else { vec![format!("{}–{}", end(minimum), end(maximum))] }
}

fn population(dataset: &Dataset, language: &str, concepts: &Concepts) -> Vec<String> {
    let codes = dataset.coverage.populations.iter().map(|code| label(ConceptScheme::Populations, code, language, concepts));
    codes.chain(text(&dataset.methodology.universe, dataset, language)).collect()
}

/// Areas with the time of a division that ended, and the finest level at which figures are released.
fn areas(dataset: &Dataset, language: &str, concepts: &Concepts) -> Vec<String> {
    let coverage = &dataset.coverage;
    let mut found: Vec<String> = coverage.reporting_areas.iter().map(|code| place_in_time(code, language, concepts)).collect();
    if let Some(level) = coverage.released_level.filter(|_| !found.is_empty()) {
        found.push(format!("{}: {}", word(language, ["released by", "diffusé par", "يُنشر حسب"]), level.label(language)));
    }
    found
}

/// The name of a place; of a place that has ended, with its last year and what took its place.
pub(super) fn place_in_time(code: &str, language: &str, concepts: &Concepts) -> String {
    let name = label(ConceptScheme::Places, code, language, concepts);
    let Some(place) = concepts.get(ConceptScheme::Places, code) else { return name };
    let Some(ended) = place.valid_to else { return name };
    let until = format!("{} {ended}", word(language, ["until", "jusqu'en", "إلى غاية"]));
    let heirs: Vec<String> = place.successors.iter().map(|heir| label(ConceptScheme::Places, heir, language, concepts)).collect();
    // What took its place stands with it, so that it is not read as that of another place.
    let then = if heirs.is_empty() {
        word(language, ["what followed is not documented", "suite non documentée", "ما تلاها غير موثق"]).to_owned()
    } else {
        format!("{} {}", word(language, ["then", "puis", "ثم"]), heirs.join(" + "))
    };
    format!("{name} ({until}{} {then})", word(language, [";", " ;", "؛"]))
}

fn period_words(period: &Period, language: &str) -> String {
    let end = |bound: &Bound| match bound {
        Bound::Unknown => word(language, ["not documented", "non documenté", "غير موثق"]).to_owned(),
        Bound::Open => word(language, ["goes on", "en cours", "مستمرة"]).to_owned(),
        Bound::Date(date) => date.to_string(),
    };
    if period.start == period.end { end(&period.start) } else { format!("{} – {}", end(&period.start), end(&period.end)) }
}

fn breaks(dataset: &Dataset, language: &str) -> Vec<String> {
    let told = dataset.methodology.breaks.iter().map(|broken| {
        let why = broken
            .cause
            .words(Some(language), dataset.main_language())
            .or_else(|| broken.effect.words(Some(language), dataset.main_language()));
        why.map_or_else(|| broken.date.to_string(), |why| format!("{}: {why}", broken.date))
    });
    told.collect()
}
