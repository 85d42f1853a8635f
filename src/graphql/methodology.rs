//! Methodology as the contract shows it.

use std::sync::Arc;

use crate::domain::methodology::{
    CensusTopics as CensusModel, Link as LinkModel, Methodology as Model, MigrantDefinition as DefinitionModel,
    QualityStatement as QualityModel, SeriesBreak as BreakModel,
};
use crate::domain::vocabulary::{
    CollectionMode, DefinitionBasis, DefinitionCode, DurationBasis, ExcludedGroup, Measure, MovementDirection, QualityDimension,
    ReferencePoint, SamplingDesign, SourceType, StatisticalUnit, Vocabulary,
};
use crate::service::Record;

use super::context::Context;
use super::scalars::{LanguageTag, PartialDate, Uri};
use super::text::{Lang, LocalizedString, each, words};

/// How the data came into being.
#[derive(Clone)]
pub struct Methodology {
    /// The record.
    pub record: Arc<Record>,
    /// Language of the answer.
    pub lang: Lang,
}

impl Methodology {
    fn model(&self) -> &Model {
        &self.record.dataset.methodology
    }

    fn main(&self) -> Option<&str> {
        self.record.dataset.main_language()
    }
}

/// How the data came into being: source, collection, sampling, definitions, breaks and quality.
/// Null or empty means not documented.
#[juniper::graphql_object(context = Context)]
impl Methodology {
    /// Type of source.
    fn source_type(&self) -> SourceType {
        self.model().source_type
    }

    /// Modes of collection (DDI collMode).
    fn collection_modes(&self) -> &[CollectionMode] {
        &self.model().collection_modes
    }

    /// Sampling designs; one survey may use two (DDI sampProc).
    fn sampling_designs(&self) -> &[SamplingDesign] {
        &self.model().sampling_designs
    }

    /// The sampling in words.
    fn sampling(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().sampling_text, language, &self.lang, self.main())
    }

    /// Size of the sample, in `sampleUnit`.
    fn sample_size(&self) -> Option<i32> {
        self.model().sample_size
    }

    /// What the sample size counts, such as households or persons.
    fn sample_unit(&self) -> Option<&str> {
        self.model().sample_unit.as_deref()
    }

    /// List or area from which the sample was drawn.
    fn sampling_frame(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().sampling_frame, language, &self.lang, self.main())
    }

    /// Weighting and reference totals (DDI weight).
    fn weights(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().weights, language, &self.lang, self.main())
    }

    /// Response and coverage rates, with their unit (DDI respRate).
    fn response(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().response, language, &self.lang, self.main())
    }

    /// Reference population: who could be counted (DDI universe).
    fn universe(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().universe, language, &self.lang, self.main())
    }

    /// Units that are counted. Persons, permits, attempts and cases must never be added up.
    fn statistical_units(&self) -> &[StatisticalUnit] {
        &self.model().statistical_units
    }

    /// The unit in the words of the source.
    fn statistical_unit_text(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().statistical_unit_text, language, &self.lang, self.main())
    }

    /// Definitions of the migrant or of the group counted, each by its facets.
    fn definitions(&self) -> Vec<MigrantDefinition> {
        self.model().definitions.iter().map(|model| MigrantDefinition::of(model.clone(), &self.lang)).collect()
    }

    /// Breaks in the series.
    fn breaks(&self) -> Vec<SeriesBreak> {
        self.model().breaks.iter().map(|model| SeriesBreak { model: model.clone(), lang: self.lang.clone() }).collect()
    }

    /// Statements on quality.
    fn quality(&self) -> Vec<QualityStatement> {
        self.model().quality.iter().map(|model| QualityStatement { model: model.clone(), lang: self.lang.clone() }).collect()
    }

    /// Known coverage and measurement errors and other limits.
    fn known_limits(&self) -> Vec<LocalizedString> {
        each(&self.model().known_limits, &self.lang, self.main())
    }

    /// Questionnaires, manuals and forms.
    fn instruments(&self) -> Vec<Link> {
        self.model().instruments.iter().map(|model| Link { model: model.clone(), lang: self.lang.clone() }).collect()
    }

    /// For a census: the six topics of GCM Objective 1, action (g).
    fn census_topics(&self) -> Option<CensusTopics> {
        self.model().census_topics.clone().map(|model| CensusTopics { model, lang: self.lang.clone() })
    }
}

/// A definition with its facets.
#[derive(Clone)]
pub struct MigrantDefinition {
    model: DefinitionModel,
    lang: Lang,
}

impl MigrantDefinition {
    /// The definition, with the language of the answer.
    pub(super) fn of(model: DefinitionModel, lang: &Lang) -> Self {
        Self { model, lang: lang.clone() }
    }
}

/// Definition of the migrant or of the group counted. Two datasets are compared on the facets, never on the code.
#[juniper::graphql_object(context = Context)]
impl MigrantDefinition {
    /// Named definition.
    fn code(&self) -> DefinitionCode {
        self.model.code
    }

    /// Label of the named definition.
    fn label(&self, language: Option<LanguageTag>) -> &str {
        let wanted = language.as_ref().map(|tag| tag.0.as_str()).or(self.lang.as_deref());
        self.model.code.label(wanted.unwrap_or("en"))
    }

    /// The definition in the words of the source.
    fn text(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.text, language, &self.lang, None)
    }

    /// What makes a person or event count.
    fn basis(&self) -> Option<DefinitionBasis> {
        self.model.basis
    }

    /// Direction of the movement.
    fn direction(&self) -> Option<MovementDirection> {
        self.model.direction
    }

    /// Stock, flow, events, money or attitude.
    fn measure(&self) -> Option<Measure> {
        self.model.measure
    }

    /// Residence threshold in months; 0 means that there is none, null that it is not documented.
    fn duration_threshold_months(&self) -> Option<i32> {
        self.model.duration_threshold_months
    }

    /// How the threshold is understood.
    fn duration_basis(&self) -> Option<DurationBasis> {
        self.model.duration_basis
    }

    /// Point in time referred to.
    fn reference_point(&self) -> Option<ReferencePoint> {
        self.model.reference_point
    }

    /// Youngest age counted, in completed years.
    fn age_minimum(&self) -> Option<i32> {
        self.model.age_minimum
    }

    /// Oldest age counted, in completed years.
    fn age_maximum(&self) -> Option<i32> {
        self.model.age_maximum
    }

    /// Groups left out.
    fn excluded_groups(&self) -> &[ExcludedGroup] {
        &self.model.excluded_groups
    }
}

/// A break in a series.
#[derive(Clone)]
pub struct SeriesBreak {
    model: BreakModel,
    lang: Lang,
}

/// A break in a series: from this date on, figures are not comparable with earlier ones without care.
#[juniper::graphql_object(context = Context)]
impl SeriesBreak {
    /// When it happened.
    fn date(&self) -> PartialDate {
        PartialDate(self.model.date)
    }

    /// Why.
    fn cause(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.cause, language, &self.lang, None)
    }

    /// What it does to the figures.
    fn effect(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.effect, language, &self.lang, None)
    }
}

/// A statement on quality.
#[derive(Clone)]
pub struct QualityStatement {
    model: QualityModel,
    lang: Lang,
}

/// A statement on quality, with its dimension, author and date; never a bare score.
#[juniper::graphql_object(context = Context)]
impl QualityStatement {
    /// Dimension of the UN National Quality Assurance Framework.
    fn dimension(&self) -> QualityDimension {
        self.model.dimension
    }

    /// The statement.
    fn text(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.text, language, &self.lang, None)
    }

    /// Function and institution that made it.
    fn author(&self) -> Option<&str> {
        self.model.author.as_deref()
    }

    /// When it was made.
    fn date(&self) -> Option<PartialDate> {
        self.model.date.map(PartialDate)
    }
}

/// The topics of a census.
#[derive(Clone)]
pub struct CensusTopics {
    model: CensusModel,
    lang: Lang,
}

/// The six migration topics that GCM Objective 1, action (g) asks of a census. Null means not documented.
#[juniper::graphql_object(context = Context)]
impl CensusTopics {
    /// Country of birth was asked.
    fn country_of_birth(&self) -> Option<bool> {
        self.model.country_of_birth
    }

    /// Country of birth of the parents was asked.
    fn parents_country_of_birth(&self) -> Option<bool> {
        self.model.parents_country_of_birth
    }

    /// Country of citizenship was asked.
    fn citizenship(&self) -> Option<bool> {
        self.model.citizenship
    }

    /// Residence five years before was asked.
    fn residence_five_years_before(&self) -> Option<bool> {
        self.model.residence_five_years_before
    }

    /// Date of the latest arrival was asked.
    fn latest_arrival(&self) -> Option<bool> {
        self.model.latest_arrival
    }

    /// Reason for migrating was asked.
    fn reason(&self) -> Option<bool> {
        self.model.reason
    }

    /// Remarks.
    fn note(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.note, language, &self.lang, None)
    }
}

/// A page or document.
#[derive(Clone)]
pub struct Link {
    /// The link.
    pub model: LinkModel,
    /// Language of the answer.
    pub lang: Lang,
}

/// A page or document on the web.
#[juniper::graphql_object(context = Context)]
impl Link {
    /// Title, where documented.
    fn title(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.title, language, &self.lang, None)
    }

    /// Address.
    fn url(&self) -> Uri {
        Uri(self.model.url.clone())
    }
}
