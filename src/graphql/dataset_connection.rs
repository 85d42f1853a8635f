//! The answer to a search: hits, total, facets, highlights and near misses.

use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult};

use crate::domain::filter::{DatasetFilter as Filter, FilterField};
use crate::domain::matching::{Finding, Reason};
use crate::domain::text::spoken;
use crate::domain::vocabulary::{
    AccessLevel, Certainty, CollectionStatus, ConceptScheme, Frequency, GeographicLevel, MatchCertainty, PublicationStatus, RecordKind,
    SourceType, StatementBasis, Vocabulary,
};
use crate::service::finding::{DatasetFacet, Hit, Piece, Position, Results, Window, pieces};
use crate::service::follow::named_institutions;
use crate::service::{Error, Record, datasets, grid};

use super::connection::{PageArgs, PageInfo};
use super::context::Context;
use super::dataset::Dataset;
use super::error::{bad_input, from_service};
use super::filter::{DatasetFilter, DatasetOrder};
use super::prefetch;
use super::scalars::LanguageTag;
use super::text::Lang;

/// Results of a search with one page of hits.
pub struct DatasetConnection {
    /// All results.
    pub results: Arc<Results>,
    /// Edges of the page.
    pub edges: Vec<DatasetEdge>,
    /// Where the page stands.
    pub page_info: PageInfo,
    /// The filter, for reasons.
    pub filter: Arc<Filter>,
    /// Language of the answer.
    pub lang: Lang,
}

impl DatasetConnection {
    /// One page of what words and conditions find. Published records are meant where no state of publication is asked for.
    ///
    /// # Errors
    /// The question is wrong; index or database are unavailable.
    pub fn find(
        executor: &Executor<'_, '_, Context>,
        search: Option<&str>,
        (filter, order): (DatasetFilter, Option<DatasetOrder>),
        args: &PageArgs,
        lang: &Lang,
    ) -> FieldResult<Self> {
        let context = executor.context();
        let mut filter = filter.read()?;
        let named: Vec<String> = filter.institutions.iter().map(ToString::to_string).collect();
        let strangers = grid::strangers(&context.catalogue, "where.institutions", &named).map_err(from_service)?;
        if !strangers.is_empty() {
            return Err(from_service(Error::Invalid(strangers)));
        }
        if filter.statuses.is_empty() {
            filter.statuses = vec![PublicationStatus::Published];
        }
        let results = datasets::find(
            &context.catalogue,
            &context.actor,
            search,
            &filter,
            order.unwrap_or(DatasetOrder::Relevance).sort(),
            context.today(),
        )
        .map_err(from_service)?;
        Self::page(executor, results, filter, args, lang)
    }

    /// One page of a result, with what is asked of its records loaded ahead.
    ///
    /// # Errors
    /// A cursor is not one of this question; the database is unavailable.
    pub fn page(executor: &Executor<'_, '_, Context>, results: Results, filter: Filter, args: &PageArgs, lang: &Lang) -> FieldResult<Self> {
        let context = executor.context();
        let cursor =
            |text: &Option<String>| text.as_deref().map(|text| Position::decode(text, results.question())).transpose().map_err(bad_input);
        let window = Window { count: args.count, after: cursor(&args.after)?, before: cursor(&args.before)?, from_end: args.from_end };
        let page = results.page(&window);
        let ids: Vec<uuid::Uuid> = page.hits.iter().map(|hit| hit.id).collect();
        let records = context.catalogue.records(&context.actor, &ids).map_err(from_service)?;
        let found: Vec<Arc<Record>> = ids.iter().filter_map(|id| records.get(id).cloned()).collect();
        prefetch::datasets(context, &prefetch::Wanted::below(&executor.look_ahead(), &["edges.node", "nodes"]), &found)?;
        if !results.sought.is_empty() && prefetch::asks(&executor.look_ahead(), "edges.highlights") {
            prefetch::expect(context, found.iter().flat_map(|record| named_institutions(&record.dataset)), []);
        }
        let (results, filter) = (Arc::new(results), Arc::new(filter));
        let edges: Vec<DatasetEdge> = page
            .hits
            .into_iter()
            .filter_map(|hit| {
                // A record that was written after the index was read is shown as it is now, or not at all.
                let record = records.get(&hit.id)?.clone();
                Some(DatasetEdge { hit, node: Dataset { record, lang: lang.clone() }, results: results.clone(), filter: filter.clone() })
            })
            .collect();
        let page_info = PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: edges.first().map(|edge| edge.hit.position.encode()),
            end_cursor: edges.last().map(|edge| edge.hit.position.encode()),
        };
        Ok(Self { results, edges, page_info, filter, lang: lang.clone() })
    }
}

/// A word that no record has, and what was searched for instead.
#[derive(juniper::GraphQLObject)]
pub struct SearchCorrection {
    /// The word as it was typed.
    pub typed: String,
    /// The nearest words of the catalogue, without accents and capitals. Empty where only the stems of words are as near.
    pub read_as: Vec<String>,
}

/// Datasets found, page by page, with facets and near misses.
#[juniper::graphql_object(context = Context, scalar = DefaultScalarValue)]
impl DatasetConnection {
    /// Datasets with cursor, score, highlights and certainty of the match.
    fn edges(&self) -> &[DatasetEdge] {
        &self.edges
    }

    /// Datasets.
    fn nodes(&self) -> Vec<Dataset> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where the page stands in the list.
    fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Whether no dataset has enough of the words searched for, so that any one of them was enough.
    fn is_relaxed(&self) -> bool {
        self.results.is_relaxed
    }

    /// Words of the search that are in no record, with what was searched for instead. Empty where each was taken as it stands.
    fn corrections(&self) -> Vec<SearchCorrection> {
        self.results
            .corrections
            .iter()
            .map(|found| SearchCorrection { typed: found.typed.clone(), read_as: found.read_as.clone() })
            .collect()
    }

    /// Number of datasets found.
    fn total_count(&self) -> i32 {
        i32::try_from(self.results.total()).unwrap_or(i32::MAX)
    }

    /// Counts of the datasets found by the values of fields. Each facet ignores the condition on its own field. One that is named twice is counted
    /// once.
    fn facets(&self, context: &Context, of: Vec<DatasetFacet>, #[graphql(default = 20)] limit: Option<i32>) -> FieldResult<Vec<Facet>> {
        let limit = limit.unwrap_or(20);
        if !(1..=1000).contains(&limit) {
            return Err(bad_input(format!("`limit` is {limit}; ask for 1 to 1000 values of a facet")));
        }
        let limit = usize::try_from(limit).unwrap_or(20);
        let facets = each_once(&of)?;
        facets.into_iter().map(|facet| Facet::count(context, &self.results, facet, limit, &self.filter, &self.lang)).collect()
    }

    /// Datasets that match the words and all conditions but one, with the reason in the reader's language.
    fn near_misses(&self, executor: &Executor<'_, '_, Context>, #[graphql(default = 5)] first: Option<i32>) -> FieldResult<Vec<NearMiss>> {
        let context = executor.context();
        let first = first.unwrap_or(5);
        if !(1..=50).contains(&first) {
            return Err(bad_input(format!("`first` is {first}; ask for 1 to 50 near misses")));
        }
        let ids = self.results.near_misses(usize::try_from(first).unwrap_or(5));
        let records = context.catalogue.records(&context.actor, &ids).map_err(from_service)?;
        let found: Vec<Arc<Record>> = ids.iter().filter_map(|id| records.get(id).cloned()).collect();
        prefetch::datasets(context, &prefetch::Wanted::below(&executor.look_ahead(), &["dataset"]), &found)?;
        let reasons = |record: &Arc<Record>| datasets::near_miss_reasons(&context.catalogue, record, &self.filter, context.today());
        let misses: Vec<(Arc<Record>, Vec<Finding>)> = found.into_iter().map(|record| (record.clone(), reasons(&record))).collect();
        // The institutions of all of them are read at once.
        let named = misses.iter().flat_map(|(_, findings)| findings).flat_map(|finding| institutions_of(&finding.reason)).cloned();
        prefetch::expect(context, named, []);
        let told = misses.into_iter().map(|(record, findings)| {
            Ok(NearMiss { failed: notes(context, &findings, &self.lang)?, dataset: Dataset { record, lang: self.lang.clone() } })
        });
        told.collect()
    }
}

/// The facets asked for, each once, in the order in which they are named.
fn each_once(of: &[DatasetFacet]) -> FieldResult<Vec<DatasetFacet>> {
    let most = DatasetFacet::ALL.len();
    if of.len() > most {
        return Err(bad_input(format!("`of` names {} facets; there are {most}, name each once", of.len())));
    }
    let mut facets: Vec<DatasetFacet> = Vec::new();
    for facet in of {
        if !facets.contains(facet) {
            facets.push(*facet);
        }
    }
    Ok(facets)
}

fn notes(context: &Context, findings: &[Finding], lang: &Lang) -> FieldResult<Vec<MatchNote>> {
    let language = lang.as_deref().unwrap_or("en");
    let note = |finding: &Finding| {
        let reason = with_names(context, &finding.reason, lang)?;
        Ok(MatchNote { filter: finding.field, reason: reason.text(language, &context.catalogue.concepts) })
    };
    findings.iter().map(note).collect()
}

/// Short names of the institutions that a reason tells of.
fn institutions_of(reason: &Reason) -> &[String] {
    match reason {
        Reason::OtherValue { field: FilterField::Institutions, values } => values,
        _ => &[],
    }
}

/// A reason with the names of institutions instead of their short names.
fn with_names(context: &Context, reason: &Reason, lang: &Lang) -> FieldResult<Reason> {
    let slugs = institutions_of(reason);
    if slugs.is_empty() {
        return Ok(reason.clone());
    }
    let name = |slug: &String| {
        let known = prefetch::institution(context, slug, lang)?;
        let name = known.and_then(|known| known.record.institution.names.words(lang.as_deref(), None).map(str::to_owned));
        Ok(name.unwrap_or_else(|| slug.clone()))
    };
    Ok(Reason::OtherValue { field: FilterField::Institutions, values: slugs.iter().map(name).collect::<FieldResult<_>>()? })
}

/// A dataset found.
pub struct DatasetEdge {
    /// Place of the dataset.
    pub hit: Hit,
    /// The dataset.
    pub node: Dataset,
    /// All results, for highlights.
    pub results: Arc<Results>,
    /// The filter, for notes.
    pub filter: Arc<Filter>,
}

/// A dataset found, with its place in the result.
#[juniper::graphql_object(context = Context)]
impl DatasetEdge {
    /// Cursor of the dataset.
    fn cursor(&self) -> String {
        self.hit.position.encode()
    }

    /// The dataset.
    fn node(&self) -> &Dataset {
        &self.node
    }

    /// Relevance for the words; null without words. Comparable only within one answer.
    fn score(&self) -> Option<f64> {
        self.hit.score.map(f64::from)
    }

    /// Pieces of text where the words were found: of the texts of the record; for words that stand in none of these, of the labels of its
    /// concepts and the names of its institutions; for words that stand there neither, with an expression of the same meaning, such as
    /// “Moroccans residing abroad” for MRE.
    fn highlights(&self, context: &Context) -> FieldResult<Vec<Highlight>> {
        let sought = &self.results.sought;
        if sought.is_empty() {
            return Ok(Vec::new());
        }
        let dataset = &self.node.record.dataset;
        let mut institutions = Vec::new();
        for slug in named_institutions(dataset) {
            institutions.extend(prefetch::institution(context, &slug, &self.node.lang)?);
        }
        let named: Vec<_> = institutions.iter().map(|found| &found.record.institution).collect();
        let catalogue = &context.catalogue;
        Ok(pieces(dataset, &named, &catalogue.concepts, &catalogue.expressions, sought).into_iter().map(Highlight).collect())
    }

    /// Whether the record documents that it matches.
    #[graphql(name = "match")]
    fn match_certainty(&self) -> MatchCertainty {
        if self.hit.position.possible { MatchCertainty::Possible } else { MatchCertainty::Certain }
    }

    /// For a possible match: what is not documented.
    fn match_notes(&self, context: &Context) -> FieldResult<Vec<MatchNote>> {
        let findings = datasets::explain(&context.catalogue, &self.node.record, &self.filter, context.today());
        notes(context, &findings, &self.node.lang)
    }
}

/// Why a condition is not met for certain.
pub struct MatchNote {
    filter: FilterField,
    reason: String,
}

/// A condition that is not met for certain, with the reason.
#[juniper::graphql_object(context = Context)]
impl MatchNote {
    /// The condition.
    fn filter(&self) -> FilterField {
        self.filter
    }

    /// The reason in the reader's language.
    fn reason(&self) -> &str {
        &self.reason
    }
}

/// A dataset that fails one condition.
pub struct NearMiss {
    dataset: Dataset,
    failed: Vec<MatchNote>,
}

/// A dataset that matches the words and all conditions but one.
#[juniper::graphql_object(context = Context)]
impl NearMiss {
    /// The dataset.
    fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// What failed, first; then what is not documented.
    fn failed(&self) -> &[MatchNote] {
        &self.failed
    }
}

/// A piece of text.
pub struct Highlight(Piece);

/// A piece of text where words of the search were found.
#[juniper::graphql_object(context = Context)]
impl Highlight {
    /// Field of the record, such as `title` or `abstract`; `themes`, `reportingAreas`, `institutions` and others where it is a label or name
    /// with which the record is found, `placesInside` for a place within its area for which figures are released.
    fn field(&self) -> &str {
        self.0.field
    }

    /// Language of the piece; `zxx` for a code or a sign that is of no language.
    fn language(&self) -> LanguageTag {
        LanguageTag(self.0.language.clone())
    }

    /// The piece as plain text.
    fn text(&self) -> &str {
        &self.0.fragment.text
    }

    /// Places of the words in the piece; of words in quotes, those where they stand together.
    fn ranges(&self) -> Vec<TextRange> {
        let short = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        self.0.fragment.ranges.iter().map(|(start, length)| TextRange { start: short(*start), length: short(*length) }).collect()
    }
}

/// A stretch of text.
#[derive(juniper::GraphQLObject)]
#[graphql(context = Context)]
pub struct TextRange {
    /// First character, counted in Unicode code points from 0.
    start: i32,
    /// Number of Unicode code points.
    length: i32,
}

/// Counts of one field.
pub struct Facet {
    field: DatasetFacet,
    values: Vec<FacetValue>,
    total: usize,
}

impl Facet {
    fn count(context: &Context, results: &Results, field: DatasetFacet, limit: usize, filter: &Filter, lang: &Lang) -> FieldResult<Self> {
        let (counts, total) = results.facet_as_chosen(field, limit, filter, &context.catalogue.concepts);
        let mut names = std::collections::HashMap::new();
        if field == DatasetFacet::Institutions {
            let slugs: Vec<String> = counts.iter().map(|value| value.code.clone()).collect();
            names = context.catalogue.institutions_by_slug(&slugs).map_err(from_service)?;
        }
        let values = counts.into_iter().map(|value| {
            let label = match names.get(&value.code) {
                Some(record) => record.institution.names.words(lang.as_deref(), None).unwrap_or(&value.code).to_owned(),
                None => label(context, field, &value.code, lang),
            };
            FacetValue { code: value.code, label, count: i32::try_from(value.count).unwrap_or(i32::MAX) }
        });
        Ok(Self { field, values: values.collect(), total })
    }
}

/// Counts of the datasets found by the values of one field.
#[juniper::graphql_object(context = Context)]
impl Facet {
    /// The field.
    fn field(&self) -> DatasetFacet {
        self.field
    }

    /// Values with their counts, the most frequent first. The code `-` counts the records where nothing is documented.
    fn values(&self) -> &[FacetValue] {
        &self.values
    }

    /// Number of values in all, those beyond the limit included.
    fn value_count(&self) -> i32 {
        i32::try_from(self.total).unwrap_or(i32::MAX)
    }
}

/// A value of a field with its number of datasets.
#[derive(Clone, juniper::GraphQLObject)]
#[graphql(context = Context)]
pub struct FacetValue {
    /// Code of the value; pass it to the filter.
    code: String,
    /// Label in the reader's language.
    label: String,
    /// Number of datasets that are found where the value is chosen: of a place those of the places inside it and those of wider places
    /// with figures for it too.
    count: i32,
}

fn label(context: &Context, field: DatasetFacet, code: &str, lang: &Lang) -> String {
    let language = lang.as_deref().unwrap_or("en");
    if code == "-" {
        return match spoken(language) {
            "fr" => "Non documenté",
            "ar" => "غير موثق",
            _ => "Not documented",
        }
        .to_owned();
    }
    let concept = |scheme| context.catalogue.concepts.get(scheme, code).map(|concept| concept.label(Some(language)).to_owned());
    fn listed<V: Vocabulary>(code: &str, language: &str) -> Option<String> {
        V::parse(code).map(|member| member.label(language).to_owned())
    }
    let label = match field {
        DatasetFacet::Themes => concept(ConceptScheme::Themes),
        DatasetFacet::ReportingAreas | DatasetFacet::Origins | DatasetFacet::Destinations => concept(ConceptScheme::Places),
        DatasetFacet::ReleasedDisaggregations => concept(ConceptScheme::Disaggregations),
        DatasetFacet::Indicators => concept(ConceptScheme::Indicators),
        DatasetFacet::Institutions => None,
        DatasetFacet::RecordKinds => listed::<RecordKind>(code, language),
        DatasetFacet::SourceTypes => listed::<SourceType>(code, language),
        DatasetFacet::Frequencies => listed::<Frequency>(code, language),
        DatasetFacet::ReleasedLevels => listed::<GeographicLevel>(code, language),
        DatasetFacet::AggregatesAccess | DatasetFacet::MicrodataAccess => listed::<AccessLevel>(code, language),
        DatasetFacet::AccessBasis => listed::<StatementBasis>(code, language),
        DatasetFacet::Certainty => listed::<Certainty>(code, language),
        DatasetFacet::CollectionStatuses => listed::<CollectionStatus>(code, language),
    };
    label.unwrap_or_else(|| code.to_owned())
}
