//! What the catalogue knows of a region or a topic: a page to begin with.

use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult};

use crate::domain::filter::DatasetFilter as Filter;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{CellState, ConceptScheme, GeographicLevel, GridDimension, PublicationStatus};
use crate::service::finding::DatasetFacet;
use crate::service::grid::{self, Place, Wanted};
use crate::service::{Error, InstitutionRecord, datasets};

use super::concept::Concept;
use super::connection::{PageArgs, place_cursor};
use super::context::Context;
use super::coverage_grid::{Asked, CoverageCell, CoverageGrid, GridAxis, GridValue};
use super::dataset_connection::DatasetConnection;
use super::error::from_service;
use super::institution::{Institution, InstitutionConnection, InstitutionEdge};
use super::prefetch;
use super::text::Lang;

/// What the catalogue knows of a region or a topic.
pub struct CoverageProfile {
    axis: GridAxis,
    asked: Asked,
    whole: CoverageGrid,
}

impl CoverageProfile {
    /// The profile of one value of a dimension.
    ///
    /// # Errors
    /// There is no such value, or the index is unavailable.
    pub fn make(context: &Context, dimension: GridDimension, code: &str, filter: Filter, lang: Lang) -> FieldResult<Self> {
        let (scheme, argument) =
            if dimension == GridDimension::Theme { (ConceptScheme::Themes, "theme") } else { (ConceptScheme::Places, "area") };
        let concepts = &context.catalogue.concepts;
        concepts.require(scheme, code).map_err(|remedy| from_service(Error::Invalid(vec![Problem::new(argument, code, remedy)])))?;
        let axis = GridAxis { codes: Some(vec![code.to_owned()]), ..GridAxis::of(dimension) };
        let asked = Asked { filter, ..Asked::default() };
        let whole = CoverageGrid::make(context, (&axis, &GridAxis::of(GridDimension::SourceType)), asked.clone(), lang)?;
        Ok(Self { axis, asked, whole })
    }

    fn lang(&self) -> &Lang {
        &self.whole.shared.lang
    }

    fn codes(&self) -> &[String] {
        self.axis.codes.as_deref().unwrap_or_default()
    }
}

/// What the catalogue knows of a region or a topic: a page to begin with.
#[juniper::graphql_object(context = Context, scalar = DefaultScalarValue)]
impl CoverageProfile {
    /// The region or topic.
    fn value(&self) -> Option<GridValue> {
        let code = self.codes().first()?;
        Some(self.whole.shared.value(self.axis.dimension, code))
    }

    /// All records on it, each counted once.
    fn total(&self) -> CoverageCell {
        self.whole.shared.cell(Some(0), None)
    }

    /// What is known of it by the values of another dimension, such as topics, breakdowns or years.
    fn cells(&self, executor: &Executor<'_, '_, Context>, by: GridAxis, states: Option<Vec<CellState>>) -> FieldResult<Vec<CoverageCell>> {
        let grid = CoverageGrid::make(executor.context(), (&self.axis, &by), self.asked.clone(), self.lang().clone())?;
        grid.listed(executor, grid.places().map(|(row, column)| (Some(row), Some(column))), states.as_deref())
    }

    /// What is known of the places inside it, of a level or of the next finer one; of the topics of a group. Each record is counted once
    /// for each place. Empty where the list has none.
    fn inside(
        &self,
        executor: &Executor<'_, '_, Context>,
        level: Option<GeographicLevel>,
        states: Option<Vec<CellState>>,
    ) -> FieldResult<Vec<CoverageCell>> {
        let context = executor.context();
        let Some(code) = self.codes().first() else { return Ok(Vec::new()) };
        let axis = GridAxis { codes: None, within: Some(code.clone()), level, ..self.axis.clone() };
        if !grid::has_values(&context.catalogue, &context.actor, &axis.read(), context.today()) {
            return Ok(Vec::new());
        }
        let columns = GridAxis::of(GridDimension::SourceType);
        let grid = CoverageGrid::make(context, (&axis, &columns), self.asked.clone(), self.lang().clone())?;
        grid.listed(executor, (0..grid.shared.grid.rows.len()).map(|row| (Some(row), None)), states.as_deref())
    }

    /// For a region: the divisions before it, whose records are of other borders.
    fn former_divisions(&self, context: &Context) -> Vec<Concept> {
        let concepts = &context.catalogue.concepts;
        let former = self.codes().iter().flat_map(|code| concepts.predecessors_of_place(code));
        former.filter_map(|place| Concept::of(concepts, ConceptScheme::Places, &place.code, self.lang())).collect()
    }

    /// For a region: records that have figures for a division before it, of its name or of a wider area at a fine enough level.
    fn former_datasets(
        &self,
        executor: &Executor<'_, '_, Context>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<Option<DatasetConnection>> {
        let context = executor.context();
        let args = PageArgs::check(first, after, last, before, 20)?;
        let concepts = &context.catalogue.concepts;
        let former: Vec<String> =
            self.codes().iter().flat_map(|code| concepts.predecessors_of_place(code)).map(|place| place.code.clone()).collect();
        if former.is_empty() {
            return Ok(None);
        }
        let filter = Filter {
            reporting_areas: former,
            exclude_subdivisions: true,
            statuses: vec![PublicationStatus::Published],
            ..self.asked.filter.clone()
        };
        let found = datasets::find(&context.catalogue, &context.actor, None, &filter, None, context.today()).map_err(from_service)?;
        DatasetConnection::page(executor, found, filter, &args, self.lang()).map(Some)
    }

    /// Producers and holders of the records that are on it for certain, A to Z by short name: whom to ask. It ranks nobody.
    fn institutions(
        &self,
        executor: &Executor<'_, '_, Context>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<InstitutionConnection> {
        let context = executor.context();
        let args = PageArgs::check(first, after, last, before, 20)?;
        let place = Place { row: Some(0), column: None };
        let grid = &self.whole.shared.grid;
        let found = grid.evidence(place, Some(Wanted::Certain), &context.catalogue.concepts).map_err(from_service)?;
        let mut slugs: Vec<String> = found.facet(DatasetFacet::Institutions, usize::MAX).0.into_iter().map(|value| value.code).collect();
        slugs.sort_unstable();
        let range = args.range(slugs.len())?;
        let names = context.catalogue.institutions_by_slug(&slugs[range.clone()]).map_err(from_service)?;
        let records: Vec<Arc<InstitutionRecord>> = slugs[range.clone()].iter().filter_map(|slug| names.get(slug).cloned()).collect();
        prefetch::institutions(context, &executor.look_ahead(), &["edges.node", "nodes"], &records)?;
        let edges = range.clone().zip(records).map(|(number, record)| InstitutionEdge {
            cursor: place_cursor(number),
            node: Institution { record, lang: self.lang().clone() },
        });
        Ok(InstitutionConnection::page(edges.collect(), range.end < slugs.len(), range.start > 0, slugs.len()))
    }
}
