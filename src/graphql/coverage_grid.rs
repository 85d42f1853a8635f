//! The coverage grid, cell by cell, with the records behind each.

use std::collections::HashMap;
use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult, GraphQLInputObject, LookAheadValue};

use crate::domain::filter::DatasetFilter as Filter;
use crate::domain::grid::Tally;
use crate::domain::vocabulary::{CellState, GeographicLevel, GridDimension, PublicationStatus, Vocabulary, vocabulary};
use crate::service::finding::Window;
use crate::service::grid::{self, About, Axis, Grid, Place, Question, Table, Wanted, label, scheme_of, write_csv, write_svg};
use crate::service::workbook::language as language_of;
use crate::service::{Catalogue, InstitutionRecord, Record, changes};

use super::concept::Concept;
use super::connection::PageArgs;
use super::context::Context;
use super::dataset_connection::DatasetConnection;
use super::error::{bad_input, from_service};
use super::institution::Institution;
use super::prefetch;
use super::register::RegisterEntry;
use super::text::Lang;

/// Most cells whose records are shown in one answer.
const MOST_EVIDENCE: usize = 100;
/// Records of each cell that are loaded ahead.
const AHEAD: usize = 20;

vocabulary! {
    /// Which records of a cell are asked for.
    CellEvidence "cell-evidence" {
        Released = "RELEASED" ["Those whose figures are released", "Celles dont les chiffres sont diffusés", "ما نشرت أرقامه"],
        ExistsNotReleased = "EXISTS_NOT_RELEASED" ["Those that collect, and document no release", "Celles qui collectent sans diffusion documentée", "ما يجمع دون نشر موثق"],
        /// What would decide is not documented, or not shown to the viewer.
        NotDocumented = "NOT_DOCUMENTED" ["Those that may be of the cell", "Celles qui pourraient en relever", "ما قد يدخل في الخانة"],
        Planned = "PLANNED" ["Planned collections", "Collectes planifiées", "عمليات جمع مبرمجة"],
    }
}

impl CellEvidence {
    fn wanted(self) -> Wanted {
        match self {
            Self::Released => Wanted::Released,
            Self::ExistsNotReleased => Wanted::ExistsNotReleased,
            Self::NotDocumented => Wanted::NotDocumented,
            Self::Planned => Wanted::Planned,
        }
    }
}

/// The rows or the columns of a coverage grid, at most 250. Without `codes`: all topics, groups, breakdowns, types, levels of access or
/// objectives; the institutions that records name, A to Z; the last ten years; the places that records name, or those inside a place.
#[derive(Clone, Debug, GraphQLInputObject)]
pub struct GridAxis {
    /// What they are.
    pub dimension: GridDimension,
    /// The values, in their order: codes of concepts or lists, short names of institutions, years. Nothing else may stand beside them.
    pub codes: Option<Vec<String>>,
    /// For places and topics: those inside this one, whether a record names them or not.
    pub within: Option<String>,
    /// For places: those of this level; with `within` and without a level, the next finer one.
    pub level: Option<GeographicLevel>,
    /// For years: the first.
    pub from_year: Option<i32>,
    /// For years: the last; this year where left out.
    pub to_year: Option<i32>,
}

impl GridAxis {
    /// All values of a dimension.
    pub(super) fn of(dimension: GridDimension) -> Self {
        Self { dimension, codes: None, within: None, level: None, from_year: None, to_year: None }
    }

    pub(super) fn read(&self) -> Axis {
        Axis {
            dimension: self.dimension,
            codes: self.codes.clone().unwrap_or_default(),
            within: self.within.clone(),
            level: self.level,
            from_year: self.from_year,
            to_year: self.to_year,
        }
    }
}

/// What its cells share.
pub(super) struct Shared {
    pub(super) grid: Grid,
    filter: Filter,
    breakdowns: Vec<String>,
    names: HashMap<String, Arc<InstitutionRecord>>,
    pub(super) lang: Lang,
    catalogue: Arc<Catalogue>,
}

impl Shared {
    pub(super) fn value(self: &Arc<Self>, dimension: GridDimension, code: &str) -> GridValue {
        GridValue { shared: self.clone(), dimension, code: code.to_owned() }
    }

    pub(super) fn cell(self: &Arc<Self>, row: Option<usize>, column: Option<usize>) -> CoverageCell {
        let place = Place { row, column };
        CoverageCell { shared: self.clone(), place, tally: self.grid.tally(place), state: self.grid.state(place, &self.catalogue.concepts) }
    }
}

/// What a grid is asked for beside its rows and columns.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A person's words.
    pub words: Option<String>,
    /// Breakdowns that every cell must have.
    pub breakdowns: Vec<String>,
    /// Conditions.
    pub filter: Filter,
}

/// A grid with the language of its answer.
pub struct CoverageGrid {
    pub(super) shared: Arc<Shared>,
}

impl CoverageGrid {
    /// Makes the grid that is asked for.
    ///
    /// # Errors
    /// The question is wrong, or the index is unavailable.
    pub fn make(context: &Context, (rows, columns): (&GridAxis, &GridAxis), asked: Asked, lang: Lang) -> FieldResult<Self> {
        let Asked { words, breakdowns, mut filter } = asked;
        if filter.statuses.is_empty() {
            filter.statuses = vec![PublicationStatus::Published];
        }
        let (rows, columns) = (rows.read(), columns.read());
        let question = Question { rows: &rows, columns: &columns, breakdowns: &breakdowns, words: words.as_deref(), filter: &filter };
        let grid = grid::coverage(&context.catalogue, &context.actor, &question, context.today()).map_err(from_service)?;
        let names = grid::institutions(&context.catalogue, &grid).map_err(from_service)?;
        Ok(Self { shared: Arc::new(Shared { grid, filter, breakdowns, names, lang, catalogue: context.catalogue.clone() }) })
    }

    fn table(&self, context: &Context) -> FieldResult<Table> {
        let language = language_of(self.shared.lang.as_deref());
        let about = About { language, name: &context.name, address: &context.base_url };
        grid::table(&context.catalogue, &context.actor, &self.shared.grid, about, context.today()).map_err(from_service)
    }

    /// Rows and columns of all cells.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.shared.grid.columns.len();
        (0..self.shared.grid.rows.len()).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    /// The cells at some places that are in some states, with their records where they are asked for.
    pub(super) fn listed(
        &self,
        executor: &Executor<'_, '_, Context>,
        places: impl Iterator<Item = (Option<usize>, Option<usize>)>,
        states: Option<&[CellState]>,
    ) -> FieldResult<Vec<CoverageCell>> {
        let all = places.map(|(row, column)| self.shared.cell(row, column));
        let cells: Vec<CoverageCell> = all.filter(|cell| states.is_none_or(|states| states.contains(&cell.state))).collect();
        Self::load_ahead(executor, &cells)?;
        Ok(cells)
    }

    /// Loads the records behind cells in a fixed number of statements, where they are asked for.
    fn load_ahead(executor: &Executor<'_, '_, Context>, cells: &[CoverageCell]) -> FieldResult<()> {
        let selection = executor.look_ahead();
        let wanted: Vec<Option<Wanted>> = selection
            .children()
            .iter()
            .filter(|child| child.field_original_name() == "datasets")
            .map(|child| {
                let state = child.arguments().find(|argument| argument.name() == "state");
                let code = state.and_then(|state| match state.value() {
                    LookAheadValue::Enum(code) => CellEvidence::parse(code),
                    _ => None,
                });
                code.map(CellEvidence::wanted)
            })
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        if cells.len() > MOST_EVIDENCE {
            let message = format!(
                "`datasets` is asked of {} cells, of at most {MOST_EVIDENCE} it is answered; ask for cells in some states, for fewer rows or columns, or for one cell by `cell`",
                cells.len()
            );
            return Err(bad_input(message));
        }
        let context = executor.context();
        let mut ids: Vec<uuid::Uuid> = Vec::new();
        let window = Window { count: AHEAD, ..Window::default() };
        for cell in cells {
            let grid = &cell.shared.grid;
            for wanted in &wanted {
                let found = grid.evidence(cell.place, *wanted, &context.catalogue.concepts).map_err(from_service)?;
                ids.extend(found.page(&window).hits.iter().map(|hit| hit.id));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let records = context.catalogue.records(&context.actor, &ids).map_err(from_service)?;
        let found: Vec<Arc<Record>> = records.into_values().collect();
        prefetch::datasets(context, &prefetch::Wanted::below(&selection, &["datasets.edges.node", "datasets.nodes"]), &found)
    }
}

/// What the catalogue knows of each pair of two dimensions. It ranks nothing and nobody: values stand in the order of their lists.
#[juniper::graphql_object(context = Context, scalar = DefaultScalarValue)]
impl CoverageGrid {
    /// The rows, in order.
    fn rows(&self) -> Vec<GridValue> {
        let grid = &self.shared.grid;
        grid.rows.iter().map(|code| self.shared.value(grid.row_dimension, code)).collect()
    }

    /// The columns, in order.
    fn columns(&self) -> Vec<GridValue> {
        let grid = &self.shared.grid;
        grid.columns.iter().map(|code| self.shared.value(grid.column_dimension, code)).collect()
    }

    /// The cells, row by row; of some states only, where states are named.
    fn cells(&self, executor: &Executor<'_, '_, Context>, states: Option<Vec<CellState>>) -> FieldResult<Vec<CoverageCell>> {
        self.listed(executor, self.places().map(|(row, column)| (Some(row), Some(column))), states.as_deref())
    }

    /// One cell, by the codes of its row and column; null if the grid has none.
    fn cell(&self, row: String, column: String) -> Option<CoverageCell> {
        let place = |codes: &[String], code: &str| codes.iter().position(|known| known == code);
        let grid = &self.shared.grid;
        Some(self.shared.cell(Some(place(&grid.rows, &row)?), Some(place(&grid.columns, &column)?)))
    }

    /// Totals of the rows: each record is counted once, also where it is in several columns or in none.
    fn row_totals(&self, executor: &Executor<'_, '_, Context>, states: Option<Vec<CellState>>) -> FieldResult<Vec<CoverageCell>> {
        self.listed(executor, (0..self.shared.grid.rows.len()).map(|row| (Some(row), None)), states.as_deref())
    }

    /// Totals of the columns: each record is counted once, also where it is in several rows or in none.
    fn column_totals(&self, executor: &Executor<'_, '_, Context>, states: Option<Vec<CellState>>) -> FieldResult<Vec<CoverageCell>> {
        self.listed(executor, (0..self.shared.grid.columns.len()).map(|column| (None, Some(column))), states.as_deref())
    }

    /// All records of the question, each counted once.
    fn total(&self) -> CoverageCell {
        self.shared.cell(None, None)
    }

    /// One line for each cell, as CSV, with labels in the reader's language. `/grid.csv`, `/grid.xlsx` and `/grid.svg` give the same as files.
    fn csv(&self, context: &Context) -> FieldResult<String> {
        let bytes = write_csv(&self.table(context)?);
        Ok(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
    }

    /// The grid as a picture (SVG) with a title and a description that are read aloud, in the reader's language; mirrored for Arabic.
    fn svg(&self, context: &Context) -> FieldResult<String> {
        Ok(write_svg(&self.table(context)?))
    }

    /// How the grid is to be read, in the reader's language.
    fn note(&self) -> &'static str {
        grid::note(language_of(self.shared.lang.as_deref()))
    }

    /// Place in the change log of the last change that the viewer may know of.
    fn seq(&self, context: &Context) -> FieldResult<i32> {
        Ok(i32::try_from(changes::last_seq(&context.catalogue, &context.actor).map_err(from_service)?).unwrap_or(i32::MAX))
    }
}

/// A row or column.
pub struct GridValue {
    shared: Arc<Shared>,
    dimension: GridDimension,
    code: String,
}

/// A row or column of a grid.
#[juniper::graphql_object(context = Context)]
impl GridValue {
    /// What it is.
    fn dimension(&self) -> GridDimension {
        self.dimension
    }

    /// Its code, short name or year.
    fn code(&self) -> &str {
        &self.code
    }

    /// Its name in the reader's language.
    fn label(&self, context: &Context) -> String {
        if let Some(record) = self.shared.names.get(&self.code).filter(|_| self.dimension == GridDimension::Institution) {
            return record.institution.names.words(self.shared.lang.as_deref(), None).unwrap_or(&self.code).to_owned();
        }
        label(self.dimension, &self.code, self.shared.lang.as_deref().unwrap_or("en"), &context.catalogue.concepts)
    }

    /// The institution, where it is one.
    fn institution(&self) -> Option<Institution> {
        let record = self.shared.names.get(&self.code).filter(|_| self.dimension == GridDimension::Institution)?;
        Some(Institution { record: record.clone(), lang: self.shared.lang.clone() })
    }

    /// The concept, where it is one.
    fn concept(&self, context: &Context) -> Option<Concept> {
        Concept::of(&context.catalogue.concepts, scheme_of(self.dimension)?, &self.code, &self.shared.lang)
    }
}

/// A cell, or the total of a row or column.
pub struct CoverageCell {
    shared: Arc<Shared>,
    place: Place,
    tally: Tally,
    state: CellState,
}

fn short(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// What the catalogue knows of a cell, of a row or column as a whole, or of all.
#[juniper::graphql_object(context = Context, scalar = DefaultScalarValue)]
impl CoverageCell {
    /// Its row; null for the total of a column.
    fn row(&self) -> Option<GridValue> {
        let grid = &self.shared.grid;
        Some(self.shared.value(grid.row_dimension, grid.rows.get(self.place.row?)?))
    }

    /// Its column; null for the total of a row.
    fn column(&self) -> Option<GridValue> {
        let grid = &self.shared.grid;
        Some(self.shared.value(grid.column_dimension, grid.columns.get(self.place.column?)?))
    }

    /// The most that is documented of it; where nothing is, whether somebody has stated that it is not collected.
    fn state(&self) -> CellState {
        self.state
    }

    /// The state in the reader's language.
    fn state_label(&self) -> &'static str {
        self.state.label(self.shared.lang.as_deref().unwrap_or("en"))
    }

    /// Number of records that document that figures are released here.
    fn released(&self) -> i32 {
        short(self.tally.released)
    }

    /// Number of records that document that it is collected here, and no release.
    fn exists_not_released(&self) -> i32 {
        short(self.tally.exists_not_released)
    }

    /// Number of statements by institutions that the whole of the cell is not collected, also where records document otherwise; see
    /// `statements`.
    fn not_collected(&self) -> i32 {
        short(self.shared.grid.statements(self.place, &self.shared.catalogue.concepts).len() as u64)
    }

    /// Number of records that may be of the cell: what would decide is not documented, or not shown to the viewer. A record whose topics
    /// are not documented or not shown may be of every topic.
    fn not_documented(&self) -> i32 {
        short(self.tally.not_documented)
    }

    /// Number of planned collections, by the state of the collection, else by the kind of record. They count in no state. Plans of which all that
    /// was registered was done or given up are not counted.
    fn planned(&self) -> i32 {
        short(self.tally.planned)
    }

    /// Latest year of the reference periods of the records whose figures are released, else of those that collect: of what goes on the present
    /// year, unless it is collected in some years only; of what ends nobody knows when the year of its beginning. Null where no date is
    /// documented.
    fn newest_year(&self, context: &Context) -> FieldResult<Option<i32>> {
        self.shared.grid.newest_year(self.place, context.today(), &context.catalogue.concepts).map_err(from_service)
    }

    /// Who has stated that the whole of the cell is not collected, also where records document otherwise: both stand side by side.
    fn statements(&self) -> Vec<RegisterEntry> {
        RegisterEntry::all(self.shared.grid.statements(self.place, &self.shared.catalogue.concepts), &self.shared.lang)
    }

    /// What is asked for in the cell: requests that lie in it or that it is a part of, open, committed or declined.
    fn open_actions(&self) -> Vec<RegisterEntry> {
        RegisterEntry::all(self.shared.grid.requests(self.place, &self.shared.catalogue.concepts), &self.shared.lang)
    }

    /// The records behind the cell; all that it counts, where no state is named. Those that only may be of the cell come last, as possible
    /// matches, each with a note of what is not documented.
    fn datasets(
        &self,
        executor: &Executor<'_, '_, Context>,
        state: Option<CellEvidence>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<DatasetConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let concepts = &self.shared.catalogue.concepts;
        let results = self.shared.grid.evidence(self.place, state.map(CellEvidence::wanted), concepts).map_err(from_service)?;
        let grid = &self.shared.grid;
        let row = self.place.row.and_then(|row| grid.rows.get(row)).map(|code| (grid.row_dimension, code.as_str()));
        let column = self.place.column.and_then(|column| grid.columns.get(column)).map(|code| (grid.column_dimension, code.as_str()));
        let cell: Vec<(GridDimension, &str)> = row.into_iter().chain(column).collect();
        let filter = grid::conditions(&self.shared.filter, &self.shared.breakdowns, &cell);
        DatasetConnection::page(executor, results, filter, &args, &self.shared.lang)
    }
}
