//! Pairs of records that may be of the same thing, and planned collections that clash.

use juniper::{Executor, FieldResult, GraphQLInputObject};

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::domain::overlap::Decisions;
use crate::domain::time::PeriodWindow;
use crate::domain::vocabulary::{
    ComparisonFacet, ConceptScheme, OverlapReason, OverlapState, PeriodMatch, PublicationStatus, RelationType, Vocabulary,
};
use crate::service::overlaps::{self as service, ClashingPair, Found, Pair, Question};
use crate::service::workbook::language as language_of;

use super::concept::Concept;
use super::connection::{PageArgs, page};
use super::context::Context;
use super::dataset::Dataset;
use super::error::{bad_input, from_service};
use super::institution::Institution;
use super::prefetch::{self, Wanted};
use super::scalars::{LanguageTag, PartialDate};
use super::text::{Lang, words};

/// Conditions on pairs that may overlap: one record of the pair answers the conditions on records.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct OverlapFilter {
    /// Topics or groups of topics, by code.
    pub themes: Option<Vec<String>>,
    /// Where the data are collected or reported, codes of PLACES; what may be there counts too.
    pub reporting_areas: Option<Vec<String>>,
    /// Producers or holders, by short name.
    pub institutions: Option<Vec<String>>,
    /// Whether one of the two is a planned collection (true), or neither is (false); any where left out.
    pub is_planned: Option<bool>,
    /// Whether the two are of two institutions (true), or of one (false); any where left out. Without a documented producer a pair is of neither.
    pub is_between_institutions: Option<bool>,
    /// Where the pairs stand; any where left out.
    pub states: Option<Vec<OverlapState>>,
}

/// Conditions on planned collections that clash: one record of the pair answers the conditions on records.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct ClashFilter {
    /// Topics or groups of topics, by code.
    pub themes: Option<Vec<String>>,
    /// Where the data are to be collected, codes of PLACES; what may be there counts too.
    pub reporting_areas: Option<Vec<String>>,
    /// Producers or holders, by short name.
    pub institutions: Option<Vec<String>>,
    /// First month of a window in which the two meet.
    pub from: Option<PartialDate>,
    /// Last month of the window.
    pub to: Option<PartialDate>,
}

fn filter(themes: Option<Vec<String>>, areas: Option<Vec<String>>, institutions: Option<Vec<String>>) -> FieldResult<DatasetFilter> {
    let slugs = institutions.unwrap_or_default().into_iter();
    let read = slugs.map(|slug| Slug::parse(&slug).map_err(|remedy| bad_input(format!("where.institutions: {remedy}"))));
    Ok(DatasetFilter {
        themes: themes.unwrap_or_default(),
        reporting_areas: areas.unwrap_or_default(),
        institutions: read.collect::<FieldResult<Vec<_>>>()?,
        statuses: vec![PublicationStatus::Published],
        include_possible: true,
        ..DatasetFilter::default()
    })
}

/// A pair.
#[derive(Clone)]
pub struct OverlapPair {
    pair: Pair,
    lang: Lang,
}

page!(
    OverlapPage,
    OverlapPair,
    "Pairs of datasets that may be of the same thing, the nearest first.",
    "Whether a bound of the search cut something off: ask for fewer topics, areas or institutions, or of one dataset."
);

/// A page of pairs, whose records' names are loaded with the first that is asked for.
fn page(context: &Context, found: Found<Pair>, args: &PageArgs, lang: &Lang) -> FieldResult<OverlapPage> {
    let pairs: Vec<OverlapPair> = found.list.into_iter().map(|pair| OverlapPair { pair, lang: lang.clone() }).collect();
    let page = OverlapPage { is_truncated: found.is_truncated, ..OverlapPage::cut(pairs, args)? };
    let shown = page.nodes.iter().flat_map(|node| [&node.pair.one, &node.pair.other]);
    let institutions =
        shown.flat_map(|record| record.dataset.producer.iter().chain(record.dataset.holdings.iter().map(|h| &h.institution)));
    prefetch::expect(context, institutions.map(ToString::to_string), []);
    Ok(page)
}

/// Pairs of one dataset with others, from its side.
///
/// # Errors
/// A cursor is wrong; index or database are unavailable.
pub fn of_dataset(context: &Context, dataset: &Dataset, args: &PageArgs, decisions: &Decisions) -> FieldResult<OverlapPage> {
    let found =
        service::of_record(&context.catalogue, &context.actor, &dataset.record, decisions, context.today()).map_err(from_service)?;
    page(context, found, args, &dataset.lang)
}

/// Pairs over the whole catalogue.
///
/// # Errors
/// The question or a cursor is wrong; index or database are unavailable.
pub fn list(
    executor: &Executor<'_, '_, Context>,
    wanted: OverlapFilter,
    args: &PageArgs,
    decisions: &Decisions,
    lang: &Lang,
) -> FieldResult<OverlapPage> {
    let context = executor.context();
    let question = Question {
        filter: filter(wanted.themes, wanted.reporting_areas, wanted.institutions)?,
        is_planned: wanted.is_planned,
        is_between_institutions: wanted.is_between_institutions,
        states: wanted.states.unwrap_or_default(),
    };
    let found = service::all(&context.catalogue, &context.actor, &question, decisions, context.today()).map_err(from_service)?;
    let page = page(context, found, args, lang)?;
    let records: Vec<_> = page.nodes.iter().flat_map(|node| [node.pair.one.clone(), node.pair.other.clone()]).collect();
    prefetch::datasets(context, &Wanted::below(&executor.look_ahead(), &["nodes.one", "nodes.other"]), &records)?;
    Ok(page)
}

/// Two datasets that may be of the same thing. The catalogue points them out; people decide what they are.
#[juniper::graphql_object(context = Context)]
impl OverlapPair {
    /// The one dataset; the one asked about, where one was.
    fn one(&self) -> Dataset {
        Dataset { record: self.pair.one.clone(), lang: self.lang.clone() }
    }

    /// The other.
    fn other(&self) -> Dataset {
        Dataset { record: self.pair.other.clone(), lang: self.lang.clone() }
    }

    /// Where the pair stands.
    fn state(&self) -> OverlapState {
        self.pair.state()
    }

    /// Where the pair stands, in the reader's language.
    fn state_label(&self) -> &'static str {
        self.pair.state().label(language_of(self.lang.as_deref()))
    }

    /// What speaks for it.
    fn reasons(&self) -> Vec<OverlapReasonText> {
        let language = language_of(self.lang.as_deref());
        self.pair
            .closeness
            .reasons
            .iter()
            .map(|reason| OverlapReasonText { code: *reason, label: reason.label(language).to_owned() })
            .collect()
    }

    /// What would decide and is not documented, or not shown to the viewer.
    fn not_documented(&self) -> &[ComparisonFacet] {
        &self.pair.closeness.undocumented
    }

    /// Whether it is only possible, since something that would decide is not documented.
    fn is_possible(&self) -> bool {
        !self.pair.closeness.undocumented.is_empty()
    }

    /// Topics in common.
    fn themes(&self, context: &Context) -> Vec<Concept> {
        Concept::list(context, ConceptScheme::Themes, &self.pair.closeness.themes, &self.lang)
    }

    /// How near the two are to each other, from 0 to 1. It is of the pair, and says nothing of a dataset or an institution.
    fn score(&self) -> f64 {
        self.pair.closeness.score
    }

    /// Relations that one of the two names, read from the one to the other.
    fn relations(&self) -> &[RelationType] {
        &self.pair.relations
    }

    /// Why it was confirmed or rejected; null where it was not.
    fn note(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.pair.decision.as_ref()?.note, language, &self.lang, None)
    }

    /// When it was decided; null where it was not.
    fn decided_on(&self) -> Option<PartialDate> {
        self.pair.decision.as_ref().map(|decision| PartialDate(decision.decided_on))
    }

    /// In whose name it was decided.
    fn decided_by(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let slugs = self.pair.decision.iter().flat_map(|decision| &decision.by);
        let found = slugs.map(|slug| prefetch::institution(context, slug.as_str(), &self.lang));
        Ok(found.collect::<FieldResult<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

/// A reason with its words.
#[derive(Clone, Debug, juniper::GraphQLObject)]
#[graphql(context = Context)]
pub struct OverlapReasonText {
    /// The reason.
    code: OverlapReason,
    /// The reason in the reader's language.
    label: String,
}

/// A clash.
#[derive(Clone)]
pub struct PlannedClash {
    pair: ClashingPair,
    lang: Lang,
}

page!(
    PlannedClashPage,
    PlannedClash,
    "Planned collections that meet, the earliest first.",
    "Whether there are more planned collections than are compared with each other: name topics, areas or institutions."
);

/// Planned collections that meet, over the whole catalogue.
///
/// # Errors
/// The question or a cursor is wrong; index or database are unavailable.
pub fn clashes(executor: &Executor<'_, '_, Context>, wanted: ClashFilter, args: &PageArgs, lang: &Lang) -> FieldResult<PlannedClashPage> {
    let context = executor.context();
    let (from, to) = (wanted.from.map(|date| date.0), wanted.to.map(|date| date.0));
    let window = (from.is_some() || to.is_some()).then_some(PeriodWindow { from, to, matching: PeriodMatch::Overlaps });
    if window.is_some_and(|window| window.first_day() > window.last_day()) {
        return Err(bad_input("where.from: the window ends before it starts; exchange `from` and `to`"));
    }
    let filter = filter(wanted.themes, wanted.reporting_areas, wanted.institutions)?;
    let found = service::clashes(&context.catalogue, &context.actor, &filter, window.as_ref(), context.today()).map_err(from_service)?;
    let page = clash_page(found, args, lang)?;
    let records: Vec<_> = page.nodes.iter().flat_map(|node| node.pair.one.clone().into_iter().chain([node.pair.other.clone()])).collect();
    prefetch::datasets(context, &Wanted::below(&executor.look_ahead(), &["nodes.one", "nodes.other"]), &records)?;
    Ok(page)
}

/// A page of planned collections that meet.
///
/// # Errors
/// A cursor is wrong.
pub fn clash_page(found: Found<ClashingPair>, args: &PageArgs, lang: &Lang) -> FieldResult<PlannedClashPage> {
    let list = found.list.into_iter().map(|pair| PlannedClash { pair, lang: lang.clone() }).collect();
    Ok(PlannedClashPage { is_truncated: found.is_truncated, ..PlannedClashPage::cut(list, args)? })
}

/// Two planned collections of the same field and area that meet in some month: an occasion to speak with each other, no fault of either.
#[juniper::graphql_object(context = Context)]
impl PlannedClash {
    /// The one collection; null where it is the draft that was asked about.
    fn one(&self) -> Option<Dataset> {
        self.pair.one.clone().map(|record| Dataset { record, lang: self.lang.clone() })
    }

    /// The other.
    fn other(&self) -> Dataset {
        Dataset { record: self.pair.other.clone(), lang: self.lang.clone() }
    }

    /// Topics in common.
    fn themes(&self, context: &Context) -> Vec<Concept> {
        Concept::list(context, ConceptScheme::Themes, &self.pair.clash.themes, &self.lang)
    }

    /// Populations in common.
    fn populations(&self, context: &Context) -> Vec<Concept> {
        Concept::list(context, ConceptScheme::Populations, &self.pair.clash.populations, &self.lang)
    }

    /// First month in which both collect; null where not documented.
    fn from(&self) -> Option<PartialDate> {
        self.pair.clash.from.map(PartialDate)
    }

    /// Last month in which both collect; null where not documented, or where both go on.
    fn to(&self) -> Option<PartialDate> {
        self.pair.clash.to.map(PartialDate)
    }

    /// What would decide and is not documented to the month, or not shown to the viewer. Where the months of a collection are not documented,
    /// those of its reference period stand in for them.
    fn not_documented(&self) -> &[ComparisonFacet] {
        &self.pair.clash.undocumented
    }

    /// Whether it is only possible, since something that would decide is not documented.
    fn is_possible(&self) -> bool {
        !self.pair.clash.undocumented.is_empty()
    }
}
