//! Coverage as the contract shows it.

use std::sync::Arc;

use crate::domain::coverage::Coverage as Model;
use crate::domain::time::{Bound, Period as PeriodModel};
use crate::domain::vocabulary::{ConceptScheme, Frequency, GeographicLevel};
use crate::service::Record;

use super::concept::Concept;
use super::context::Context;
use super::scalars::{LanguageTag, PartialDate};
use super::text::{Lang, words};

/// What a dataset covers.
#[derive(Clone)]
pub struct Coverage {
    /// The record.
    pub record: Arc<Record>,
    /// Language of the answer.
    pub lang: Lang,
}

impl Coverage {
    fn model(&self) -> &Model {
        &self.record.dataset.coverage
    }

    fn concepts(&self, context: &Context, scheme: ConceptScheme, codes: &[String]) -> Vec<Concept> {
        Concept::list(context, scheme, codes, &self.lang)
    }

    fn main(&self) -> Option<&str> {
        self.record.dataset.main_language()
    }
}

/// What a dataset covers: three places, period, levels and breakdowns. What is collected and what is released are
/// told apart. An empty list means that nothing is documented, not that nothing exists.
#[juniper::graphql_object(context = Context)]
impl Coverage {
    /// Where the data are collected or reported.
    fn reporting_areas(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Places, &self.model().reporting_areas)
    }

    /// What the source says about the area.
    fn area_note(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().area_note, language, &self.lang, self.main())
    }

    /// Where the movement described starts. `ANY` stands for any country.
    fn origins(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Places, &self.model().origins)
    }

    /// Where the movement described leads. `ANY` stands for any country.
    fn destinations(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Places, &self.model().destinations)
    }

    /// Reference period.
    fn period(&self) -> Option<Period> {
        self.model().period.clone().map(|period| Period { period, lang: self.lang.clone() })
    }

    /// When the data were collected.
    fn collection_period(&self) -> Option<Period> {
        self.model().collection_period.clone().map(|period| Period { period, lang: self.lang.clone() })
    }

    /// Next planned collection.
    fn next_collection(&self) -> Option<PartialDate> {
        self.model().next_collection.map(PartialDate)
    }

    /// Until when those who plan a collection can still agree on it with others, such as on questions, places or months; null where they have
    /// not said so.
    fn open_to_coordination_until(&self) -> Option<PartialDate> {
        self.model().open_to_coordination_until.map(PartialDate)
    }

    /// Finest geographic level at which figures are released; null where not documented.
    fn released_level(&self) -> Option<GeographicLevel> {
        self.model().released_level
    }

    /// Whether finer figures are released too, at a level that is not documented.
    fn released_level_is_minimum(&self) -> bool {
        self.model().released_level_is_minimum
    }

    /// Finest geographic level that is collected; null where not documented.
    fn collected_level(&self) -> Option<GeographicLevel> {
        self.model().collected_level
    }

    /// The levels in the words of the source.
    fn level_note(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().level_note, language, &self.lang, self.main())
    }

    /// Breakdowns of the figures released. Empty means not documented.
    fn released_disaggregations(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Disaggregations, &self.model().released_disaggregations)
    }

    /// Breakdowns collected, released or not. Empty means not documented.
    fn collected_disaggregations(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Disaggregations, &self.model().collected_disaggregations)
    }

    /// Populations of reference, of the scheme POPULATIONS. The population in words is `methodology.universe`.
    fn populations(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Populations, &self.model().populations)
    }

    /// How often the source is collected or updated.
    fn frequency(&self) -> Option<Frequency> {
        self.model().frequency
    }
}

/// A period.
#[derive(Clone)]
pub struct Period {
    period: PeriodModel,
    lang: Lang,
}

/// A period. An end may be a date known to the year, month or day, open, or not documented.
#[juniper::graphql_object(context = Context)]
impl Period {
    /// Beginning; null where open or not documented.
    fn start(&self) -> Option<PartialDate> {
        self.period.start.date().map(PartialDate)
    }

    /// End; null where open or not documented.
    fn end(&self) -> Option<PartialDate> {
        self.period.end.date().map(PartialDate)
    }

    /// Whether the period goes on. If not, a null end means that it is not documented.
    fn is_ongoing(&self) -> bool {
        self.period.end == Bound::Open
    }

    /// The period as an EDTF interval: `2018-08/2019-01`, `2005/..` for ongoing, `/2021` for a beginning not documented.
    fn edtf(&self) -> String {
        self.period.edtf()
    }

    /// What the source says about the period.
    fn note(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.period.note, language, &self.lang, None)
    }
}
