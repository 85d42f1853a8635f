//! Concepts of the schemes.

use crate::domain::concept::Concept as Model;
use crate::domain::concept::Concepts;
use crate::domain::time::PartialDate as Partial;
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel};

use super::context::Context;
use super::scalars::{Date, LanguageTag, Uri};
use super::text::{Lang, LocalizedString, all, words};

/// A concept of a scheme, found again at each field: concepts live as long as the catalogue.
#[derive(Clone)]
pub struct Concept {
    scheme: ConceptScheme,
    code: String,
    lang: Lang,
}

impl Concept {
    /// The concept with this code; none for a code that the scheme no longer has.
    pub fn of(concepts: &Concepts, scheme: ConceptScheme, code: &str, lang: &Lang) -> Option<Self> {
        concepts.get(scheme, code).map(|concept| Self { scheme, code: concept.code.clone(), lang: lang.clone() })
    }

    /// The concepts with these codes.
    pub fn list(context: &Context, scheme: ConceptScheme, codes: &[String], lang: &Lang) -> Vec<Self> {
        codes.iter().filter_map(|code| Self::of(&context.catalogue.concepts, scheme, code, lang)).collect()
    }

    fn model<'a>(&self, context: &'a Context) -> Option<&'a Model> {
        context.catalogue.concepts.get(self.scheme, &self.code)
    }

    fn related(&self, context: &Context, codes: &[String]) -> Vec<Self> {
        Self::list(context, self.scheme, codes, &self.lang)
    }
}

/// A day known to the year or month is given by its first or last day.
fn date(partial: Option<Partial>, last: bool) -> Option<Date> {
    partial.map(|date| {
        let (month, day) = if last { (12, 31) } else { (1, 1) };
        let month = date.month.unwrap_or(month);
        let last_day = time::Month::try_from(month).map_or(day, |m| if last { m.length(date.year) } else { 1 });
        Date(format!("{:04}-{month:02}-{:02}", date.year, date.day.unwrap_or(last_day)))
    })
}

/// A concept of a scheme: a theme, a place, a breakdown, an indicator or a language.
#[juniper::graphql_object(context = Context)]
impl Concept {
    /// Scheme that the concept belongs to.
    fn scheme(&self) -> ConceptScheme {
        self.scheme
    }

    /// Stable code; it is never used for another concept.
    fn code(&self) -> &str {
        &self.code
    }

    /// URI in a published authority list, else a URN of this registry.
    fn uri(&self, context: &Context) -> Uri {
        Uri(self.model(context).map(Model::uri).unwrap_or_default())
    }

    /// Label in the wanted language, else the first that is documented.
    fn label(&self, context: &Context, language: Option<LanguageTag>) -> String {
        self.model(context).and_then(|model| words(&model.labels, language, &self.lang, Some("en"))).unwrap_or_else(|| self.code.clone())
    }

    /// All labels with the status of their wording.
    fn labels(&self, context: &Context) -> Vec<LocalizedString> {
        self.model(context).map(|model| all(&model.labels)).unwrap_or_default()
    }

    /// What the concept covers.
    fn scope_note(&self, context: &Context, language: Option<LanguageTag>) -> Option<String> {
        self.model(context).and_then(|model| words(&model.scope_note, language, &self.lang, Some("en")))
    }

    /// Remark, such as a change of division.
    fn note(&self, context: &Context, language: Option<LanguageTag>) -> Option<String> {
        self.model(context).and_then(|model| words(&model.note, language, &self.lang, Some("en")))
    }

    /// For a place: its geographic level.
    fn level(&self, context: &Context) -> Option<GeographicLevel> {
        self.model(context).and_then(|model| model.level)
    }

    /// The next broader concept: the group of a topic, the region of a province.
    fn broader(&self, context: &Context) -> Option<Concept> {
        self.model(context).and_then(|model| self.related(context, &model.broader).into_iter().next())
    }

    /// First day of validity, where documented.
    fn valid_from(&self, context: &Context) -> Option<Date> {
        self.model(context).and_then(|model| date(model.valid_from, false))
    }

    /// Last day of validity, where documented; none for a concept in force.
    fn valid_to(&self, context: &Context) -> Option<Date> {
        self.model(context).and_then(|model| date(model.valid_to, true))
    }

    /// Concepts that took its place, whole or in part.
    fn successors(&self, context: &Context) -> Vec<Concept> {
        self.model(context).map(|model| self.related(context, &model.successors)).unwrap_or_default()
    }

    /// For a theme: the targets of the Sustainable Development Goals that it has to do with, by their numbers, such as `10.7`.
    fn sdg_targets(&self, context: &Context) -> Vec<String> {
        let mappings = self.model(context).and_then(|model| model.mappings.as_ref());
        mappings.map(|mappings| mappings.sdg_targets.clone()).unwrap_or_default()
    }

    /// For a theme: the GCM objectives and SDG indicators that it feeds.
    fn indicators(&self, context: &Context) -> Vec<Concept> {
        let Some(mappings) = self.model(context).and_then(|model| model.mappings.as_ref()) else {
            return Vec::new();
        };
        let codes: Vec<String> = mappings.gcm.iter().chain(&mappings.sdg_indicators).cloned().collect();
        Self::list(context, ConceptScheme::Indicators, &codes, &self.lang)
    }
}
