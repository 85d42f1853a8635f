//! Records side by side, and whether their figures can be compared.

use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult, ID};

use crate::domain::vocabulary::{ComparabilityVerdict, ComparisonFacet, FacetDifference, Vocabulary};
use crate::service::comparison::{
    self as service, AgreedNotes, Cell, DefinitionPair, Finding, Named, PairComparison, Rule, rules, rules_origin,
};
use crate::service::workbook::language as language_of;

use super::context::Context;
use super::dataset::Dataset;
use super::error::from_service;
use super::institution::Institution;
use super::intent::shown;
use super::methodology::MigrantDefinition;
use super::node::NodeId;
use super::prefetch::{self, Wanted};
use super::scalars::{LanguageTag, PartialDate};
use super::text::{Lang, words};

/// Records compared, with the language of the answer.
pub struct Comparison {
    shared: Arc<Shared>,
}

struct Shared {
    found: service::Comparison,
    lang: Lang,
}

impl Shared {
    fn dataset(&self, place: usize) -> Option<Dataset> {
        let record = self.found.records.get(place)?.clone();
        Some(Dataset { record, lang: self.lang.clone() })
    }

    fn language(&self) -> &'static str {
        language_of(self.lang.as_deref())
    }
}

/// The language of an argument, else of the answer.
fn chosen(argument: Option<&LanguageTag>, lang: &Lang) -> &'static str {
    language_of(argument.map(|tag| tag.0.as_str()).or(lang.as_deref()))
}

impl Comparison {
    /// Compares the datasets that are named by identifier or short name. `agreed`: what producers have agreed on.
    ///
    /// # Errors
    /// One of them is not there for the viewer, is named twice, or they are too few or too many.
    pub fn make(executor: &Executor<'_, '_, Context>, datasets: &[ID], agreed: &AgreedNotes, lang: Lang) -> FieldResult<Self> {
        let context = executor.context();
        let named = datasets.iter().take(service::HOW_MANY.end() + 1).map(|id| {
            let name = match NodeId::decode(id) {
                Some(NodeId::Dataset(id)) => Named::Id(id.0),
                _ => Named::Slug(id.to_string()),
            };
            (name, shown(id))
        });
        let records = service::find(&context.catalogue, &context.actor, &named.collect::<Vec<_>>()).map_err(from_service)?;
        let paths = ["datasets", "facets.cells.dataset", "pairs.one", "pairs.other"];
        prefetch::datasets(context, &Wanted::below(&executor.look_ahead(), &paths), &records)?;
        let found = service::compare(&context.catalogue, records, agreed).map_err(from_service)?;
        Ok(Self { shared: Arc::new(Shared { found, lang }) })
    }
}

/// Datasets side by side, and each pair of them compared by rules that are data. It gives no number and ranks nobody: it lists differences,
/// each with its rule. What is hidden from the viewer is said to be hidden and never enters a verdict.
#[juniper::graphql_object(context = Context, scalar = DefaultScalarValue)]
impl Comparison {
    /// The datasets, in the order of the question.
    fn datasets(&self) -> Vec<Dataset> {
        (0..self.shared.found.records.len()).filter_map(|place| self.shared.dataset(place)).collect()
    }

    /// What each dataset tells on each facet; on some facets only, where they are named.
    fn facets(&self, of: Option<Vec<ComparisonFacet>>) -> Vec<FacetRow> {
        let wanted = ComparisonFacet::ALL.iter().filter(|facet| of.as_ref().is_none_or(|of| of.contains(facet)));
        wanted.map(|facet| FacetRow { shared: self.shared.clone(), facet: *facet }).collect()
    }

    /// Every pair of the datasets.
    fn pairs(&self) -> Vec<ComparisonPair> {
        (0..self.shared.found.pairs.len()).map(|place| ComparisonPair { shared: self.shared.clone(), place }).collect()
    }

    /// All rules of the catalogue, each with its source.
    fn rules(&self) -> Vec<ComparabilityRule> {
        rules().iter().map(|rule| ComparabilityRule { rule, lang: self.shared.lang.clone() }).collect()
    }

    /// Version of the list of rules.
    fn rules_version(&self) -> &'static str {
        rules_origin().0
    }
}

/// A facet of all datasets.
pub struct FacetRow {
    shared: Arc<Shared>,
    facet: ComparisonFacet,
}

/// What each dataset tells on one facet.
#[juniper::graphql_object(context = Context)]
impl FacetRow {
    /// The facet.
    fn facet(&self) -> ComparisonFacet {
        self.facet
    }

    /// Its name in the reader's language.
    fn label(&self) -> &'static str {
        self.facet.label(self.shared.language())
    }

    /// A cell for each dataset, in their order.
    fn cells(&self) -> Vec<FacetCell> {
        let places = 0..self.shared.found.records.len();
        places.map(|place| FacetCell { shared: self.shared.clone(), facet: self.facet, place }).collect()
    }
}

/// A facet of one dataset.
pub struct FacetCell {
    shared: Arc<Shared>,
    facet: ComparisonFacet,
    place: usize,
}

impl FacetCell {
    fn cell(&self, context: &Context, language: &str) -> Cell {
        let record = self.shared.found.records.get(self.place);
        record.map(|record| service::cell(&record.dataset, self.facet, language, &context.catalogue.concepts)).unwrap_or_default()
    }
}

/// What one dataset tells on one facet.
#[juniper::graphql_object(context = Context)]
impl FacetCell {
    /// The dataset.
    fn dataset(&self) -> Option<Dataset> {
        self.shared.dataset(self.place)
    }

    /// The values in words, joined; null where nothing is documented or shown.
    fn value(&self, context: &Context, language: Option<LanguageTag>) -> Option<String> {
        let language = chosen(language.as_ref(), &self.shared.lang);
        let separator = if language == "ar" { "؛ " } else { "; " };
        Some(self.cell(context, language).values.join(separator)).filter(|value| !value.is_empty())
    }

    /// The values in words: of each definition, unit, place or break.
    fn values(&self, context: &Context, language: Option<LanguageTag>) -> Vec<String> {
        self.cell(context, chosen(language.as_ref(), &self.shared.lang)).values
    }

    /// Whether something is documented, as far as it is shown.
    fn is_documented(&self, context: &Context) -> bool {
        self.cell(context, "en").is_documented()
    }

    /// Whether it is hidden from the viewer. What is hidden may be documented, or not.
    fn is_hidden(&self, context: &Context) -> bool {
        self.cell(context, "en").is_hidden
    }
}

/// Two datasets compared.
pub struct ComparisonPair {
    shared: Arc<Shared>,
    place: usize,
}

impl ComparisonPair {
    fn pair(&self) -> &(usize, usize, PairComparison) {
        &self.shared.found.pairs[self.place]
    }
}

/// Whether figures of two datasets can be compared, and why not.
#[juniper::graphql_object(context = Context)]
impl ComparisonPair {
    /// The one dataset.
    fn one(&self) -> Option<Dataset> {
        self.shared.dataset(self.pair().0)
    }

    /// The other.
    fn other(&self) -> Option<Dataset> {
        self.shared.dataset(self.pair().1)
    }

    /// The verdict that stands: the one that both producers agreed on, as long as their note is not outdated; else the computed one.
    fn verdict(&self) -> ComparabilityVerdict {
        self.pair().2.verdict()
    }

    /// The verdict in the reader's language.
    fn verdict_label(&self) -> &'static str {
        self.pair().2.verdict().label(self.shared.language())
    }

    /// What the rules give, also where the producers agreed on something else.
    fn computed_verdict(&self) -> ComparabilityVerdict {
        self.pair().2.computed
    }

    /// How the two stand to each other, facet by facet: what is the same, what differs, what is not documented, what is hidden.
    fn findings(&self, verdicts: Option<Vec<ComparabilityVerdict>>) -> Vec<FacetFinding> {
        let mut found = FacetFinding::list(&self.pair().2.findings, &self.shared.lang);
        found.retain(|finding| verdicts.as_ref().is_none_or(|verdicts| verdicts.contains(&finding.finding.verdict)));
        found
    }

    /// The definitions that were compared with each other, and those that have no counterpart. Where a dataset counts several groups, look
    /// up here what holds for one of them.
    fn definitions(&self) -> Vec<DefinitionComparison> {
        let pairs = self.pair().2.definitions.iter().cloned();
        let (one, other) = (self.pair().0, self.pair().1);
        pairs.map(|pair| DefinitionComparison { shared: self.shared.clone(), records: (one, other), pair }).collect()
    }

    /// What the producers of both have agreed on; null where they have agreed on nothing.
    fn agreed_note(&self) -> Option<AgreedComparability> {
        let note = self.pair().2.agreed.clone()?;
        Some(AgreedComparability { note, lang: self.shared.lang.clone() })
    }
}

/// What was found on one facet.
pub struct FacetFinding {
    finding: Finding,
    lang: Lang,
}

impl FacetFinding {
    fn list(findings: &[Finding], lang: &Lang) -> Vec<Self> {
        findings.iter().map(|finding| Self { finding: finding.clone(), lang: lang.clone() }).collect()
    }
}

/// How two datasets stand to each other on one facet, with the rule that says what follows.
#[juniper::graphql_object(context = Context)]
impl FacetFinding {
    /// The facet.
    fn facet(&self) -> ComparisonFacet {
        self.finding.facet
    }

    /// Its name in the reader's language.
    fn label(&self) -> &'static str {
        self.finding.facet.label(language_of(self.lang.as_deref()))
    }

    /// How the two stand to each other.
    fn difference(&self) -> FacetDifference {
        self.finding.difference
    }

    /// What follows for this facet alone.
    fn verdict(&self) -> ComparabilityVerdict {
        self.finding.verdict
    }

    /// Whether a difference on this facet can make figures not comparable. Where such a facet is not documented, nothing can be told.
    fn is_decisive(&self) -> bool {
        service::decides(self.finding.facet)
    }

    /// The rule.
    fn rule(&self) -> ComparabilityRule {
        ComparabilityRule { rule: self.finding.rule, lang: self.lang.clone() }
    }

    /// What there is to say beyond the rule, such as the units in common, the former region or the years of breaks.
    fn detail(&self, context: &Context, language: Option<LanguageTag>) -> Option<String> {
        let detail = self.finding.detail.as_ref()?;
        Some(detail.text(chosen(language.as_ref(), &self.lang), &context.catalogue.concepts))
    }
}

/// A rule.
pub struct ComparabilityRule {
    rule: &'static Rule,
    lang: Lang,
}

/// A rule of comparability. The rules are data, listed with their sources in the documentation.
#[juniper::graphql_object(context = Context)]
impl ComparabilityRule {
    /// Stable code.
    fn code(&self) -> &str {
        &self.rule.code
    }

    /// The facets that it looks at; none for a rule on any facet.
    fn facets(&self) -> &[ComparisonFacet] {
        &self.rule.facets
    }

    /// When it holds.
    fn difference(&self) -> FacetDifference {
        self.rule.difference
    }

    /// What it says.
    fn verdict(&self) -> ComparabilityVerdict {
        self.rule.verdict
    }

    /// The rule in words.
    fn statement(&self, language: Option<LanguageTag>) -> &str {
        self.rule.statement.text(chosen(language.as_ref(), &self.lang))
    }

    /// Where the rule comes from.
    fn source(&self) -> &str {
        &self.rule.source
    }
}

/// Two definitions compared.
pub struct DefinitionComparison {
    shared: Arc<Shared>,
    records: (usize, usize),
    pair: DefinitionPair,
}

impl DefinitionComparison {
    fn definition(&self, record: usize, place: Option<usize>) -> Option<MigrantDefinition> {
        let record = self.shared.found.records.get(record)?;
        let model = record.dataset.methodology.definitions.get(place?)?.clone();
        Some(MigrantDefinition::of(model, &self.shared.lang))
    }
}

/// A definition of each dataset, compared with each other; or one that has no counterpart.
#[juniper::graphql_object(context = Context)]
impl DefinitionComparison {
    /// Of the one dataset; null where it gives none, or none that stands for the other.
    fn one(&self) -> Option<MigrantDefinition> {
        self.definition(self.records.0, self.pair.one)
    }

    /// Of the other.
    fn other(&self) -> Option<MigrantDefinition> {
        self.definition(self.records.1, self.pair.other)
    }

    /// What follows from the two definitions alone; what belongs to the datasets as a whole is not in it.
    fn verdict(&self) -> ComparabilityVerdict {
        self.pair.verdict
    }

    /// What was found, facet by facet.
    fn findings(&self) -> Vec<FacetFinding> {
        FacetFinding::list(&self.pair.findings, &self.shared.lang)
    }
}

/// An agreed note.
pub struct AgreedComparability {
    note: service::AgreedNote,
    lang: Lang,
}

/// What the producers of two datasets have agreed on. It stands before the computed verdict, which stays visible.
#[juniper::graphql_object(context = Context)]
impl AgreedComparability {
    /// The verdict that they agreed on.
    fn verdict(&self) -> ComparabilityVerdict {
        self.note.verdict
    }

    /// What they say.
    fn text(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.note.text, language, &self.lang, None)
    }

    /// Whether what the records document of definitions, population, period or the like has changed since they agreed, so that the two
    /// stand otherwise to each other now. The computed verdict stands then, until the producers agree again.
    fn is_outdated(&self) -> bool {
        self.note.is_outdated
    }

    /// When they agreed.
    fn agreed_on(&self) -> PartialDate {
        PartialDate(self.note.agreed_on)
    }

    /// The institutions that agreed.
    fn institutions(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let found = self.note.by.iter().map(|slug| prefetch::institution(context, slug.as_str(), &self.lang));
        Ok(found.collect::<FieldResult<Vec<_>>>()?.into_iter().flatten().collect())
    }
}
