//! The coverage grid: what the catalogue knows of each pair of two dimensions, for whoever asks.

mod axis;
mod told;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use uuid::Uuid;

use crate::domain::concept::Concepts;
use crate::domain::filter::DatasetFilter;
use crate::domain::grid::{Reading, Tally, year_window};
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::time::year_of;
use crate::domain::vocabulary::{AccessLevel, CellState, ConceptScheme, GridDimension, SourceType, Vocabulary};
use crate::interop::coverage_grid::{Cell, Heading};
use crate::search::counters::{Counts, is_plain};
use crate::search::grid::{Axes, GridSets};
use crate::search::{Results, SearchRequest, Snapshot, search};

use super::calendar::plans_over;
use super::registers::EntryRecord;
use super::registers::cells::{Marks, conditions as conditions_of};
use super::{Catalogue, Error, InstitutionRecord, changes, datasets};
use crate::domain::register::Entry;

use axis::values;

pub use crate::interop::coverage_grid::{Table, note, write_csv, write_svg, write_xlsx};
pub use crate::search::grid::{Place, Wanted};
pub use axis::Axis;

/// Most values of rows or columns.
pub const MOST_VALUES: usize = 250;
/// Most cells of a grid.
pub const MOST_CELLS: usize = 5_000;

/// A grid with its records.
pub struct Grid {
    /// What the rows are.
    pub row_dimension: GridDimension,
    /// What the columns are.
    pub column_dimension: GridDimension,
    /// Codes of the rows.
    pub rows: Vec<String>,
    /// Codes of the columns.
    pub columns: Vec<String>,
    counts: Counted,
    /// The records with their rows and columns, from when they are first asked for.
    records: OnceLock<(Results, GridSets)>,
    /// What they are found by.
    request: Request,
    marks: Marks,
    conditions: Option<Vec<(GridDimension, String)>>,
}

/// Where the counts of a grid come from.
enum Counted {
    /// From counters that the index keeps.
    Kept(Counts),
    /// From the records: counts of the cells, row by row.
    Cells(Vec<Vec<Tally>>),
}

/// What the records of a grid are found by.
struct Request {
    snapshot: Arc<Snapshot>,
    words: Option<String>,
    filter: DatasetFilter,
    breakdowns: Vec<String>,
    /// Plans that are planned no more.
    over: BTreeSet<Uuid>,
    today: i64,
}

impl Grid {
    /// The records with their rows and columns.
    fn records(&self, concepts: &Concepts) -> Result<&(Results, GridSets), Error> {
        if let Some(known) = self.records.get() {
            return Ok(known);
        }
        let Request { snapshot, words, filter, breakdowns, over, today } = &self.request;
        let request = SearchRequest { words: words.as_deref(), filter, order: None, today: *today };
        let results = search(snapshot.clone(), &request, concepts)?;
        let axes = Axes {
            rows: (self.row_dimension, &self.rows),
            columns: (self.column_dimension, &self.columns),
            breakdowns,
            over,
            reading: Reading { concepts, includes_parts: !filter.exclude_subdivisions, today: *today },
        };
        let sets = results.grid(&axes);
        Ok(self.records.get_or_init(|| (results, sets)))
    }

    /// Counts of a cell, a row, a column or of all; each record is counted once.
    pub fn tally(&self, place: Place) -> Tally {
        match (&self.counts, place) {
            (Counted::Kept(counts), place) => counts.tally(place),
            (Counted::Cells(cells), Place { row: Some(row), column: Some(column) }) => {
                cells.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default()
            }
            // Where the cells were counted from the records, the records are there.
            (Counted::Cells(_), place) => self.records.get().map(|(_, sets)| sets.tally(place)).unwrap_or_default(),
        }
    }

    /// The values that a cell, row or column stands for.
    fn bounds(&self, place: Place) -> Vec<(GridDimension, &str)> {
        let row = place.row.and_then(|row| self.rows.get(row)).map(|code| (self.row_dimension, code.as_str()));
        let column = place.column.and_then(|column| self.columns.get(column)).map(|code| (self.column_dimension, code.as_str()));
        let conditions = self.conditions.iter().flatten().map(|(dimension, code)| (*dimension, code.as_str()));
        row.into_iter().chain(column).chain(conditions).collect()
    }

    /// What the catalogue knows of a cell: what records document, else what somebody has stated.
    pub fn state(&self, place: Place, concepts: &Concepts) -> CellState {
        let is_stated = || self.conditions.is_some() && self.marks.is_stated(&self.bounds(place), concepts);
        match self.tally(place).state() {
            CellState::NotDocumented if is_stated() => CellState::NotCollected,
            state => state,
        }
    }

    /// Who has stated that the whole of a cell is not collected, also where records say otherwise.
    pub fn statements(&self, place: Place, concepts: &Concepts) -> Vec<Arc<EntryRecord>> {
        if self.conditions.is_none() { Vec::new() } else { self.marks.statements(&self.bounds(place), concepts) }
    }

    /// Requests that lie in a cell, or in which it lies.
    pub fn requests(&self, place: Place, concepts: &Concepts) -> Vec<Arc<EntryRecord>> {
        self.marks.requests(&self.bounds(place), concepts)
    }

    /// The records of a cell: of one state, or all that it counts.
    ///
    /// # Errors
    /// The index is unavailable.
    pub fn evidence(&self, place: Place, wanted: Option<Wanted>, concepts: &Concepts) -> Result<Results, Error> {
        let (results, sets) = self.records(concepts)?;
        Ok(results.of_cell(sets, place, wanted))
    }

    /// The latest year that the records of a cell tell of; none where no period is documented.
    ///
    /// # Errors
    /// The index is unavailable.
    pub fn newest_year(&self, place: Place, today: i64, concepts: &Concepts) -> Result<Option<i32>, Error> {
        let (results, sets) = self.records(concepts)?;
        Ok(results.newest_day(sets, place, today).and_then(year_of))
    }
}

/// What a grid is asked for.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The rows.
    pub rows: &'a Axis,
    /// The columns.
    pub columns: &'a Axis,
    /// Breakdowns that every cell must have, all of them.
    pub breakdowns: &'a [String],
    /// A person's words.
    pub words: Option<&'a str>,
    /// Conditions on the records.
    pub filter: &'a DatasetFilter,
}

/// Makes the grid of the records that the question finds, as far as the actor may know of them.
///
/// # Errors
/// The question is wrong, with every problem; or the index is unavailable.
pub fn coverage(catalogue: &Catalogue, actor: &Actor, question: &Question<'_>, today: i64) -> Result<Grid, Error> {
    let (rows, columns) = (question.rows, question.columns);
    let request = datasets::request(catalogue, question.words, question.filter, None, today)?;
    let snapshot = catalogue.snapshot(actor);
    let mut problems = Vec::new();
    for code in question.breakdowns {
        if let Err(remedy) = catalogue.concepts.require(ConceptScheme::Disaggregations, code) {
            problems.push(Problem::new("breakdowns", code, remedy));
        }
    }
    if question.breakdowns.len() > MOST_VALUES {
        problems.push(Problem::new("breakdowns", question.breakdowns.len(), "are too many; name those that matter"));
    }
    let named: Vec<String> = question.filter.institutions.iter().map(ToString::to_string).collect();
    problems.extend(strangers(catalogue, "where.institutions", &named)?);
    let mut sides = Vec::with_capacity(2);
    for (name, axis) in [("rows", rows), ("columns", columns)] {
        sides.push(match values(axis, &catalogue.concepts, &snapshot, today) {
            Ok(values) if values.len() <= MOST_VALUES => {
                if axis.dimension == GridDimension::Institution && !axis.codes.is_empty() {
                    problems.extend(strangers(catalogue, &format!("{name}.codes"), &values)?);
                }
                values
            }
            Ok(values) => {
                let remedy = format!("are more than {MOST_VALUES} values; name some by `codes`, or give `within` and `level`");
                problems.push(Problem::new(name, values.len(), remedy));
                Vec::new()
            }
            Err(more) => {
                problems.extend(more.into_iter().map(|problem| Problem { field: format!("{name}.{}", problem.field), ..problem }));
                Vec::new()
            }
        });
    }
    let column_values = sides.pop().unwrap_or_default();
    let row_values = sides.pop().unwrap_or_default();
    if row_values.len() * column_values.len() > MOST_CELLS {
        let size = format!("{} x {}", row_values.len(), column_values.len());
        problems.push(Problem::new("rows", size, format!("are more than {MOST_CELLS} cells; ask for fewer rows or columns")));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let over = plans_over(catalogue, actor, &snapshot)?;
    let reading = Reading { concepts: &catalogue.concepts, includes_parts: !question.filter.exclude_subdivisions, today };
    let axes = Axes {
        rows: (rows.dimension, &row_values),
        columns: (columns.dimension, &column_values),
        breakdowns: question.breakdowns,
        over: &over,
        reading,
    };
    let (words, filter) = (request.words, request.filter);
    let kept = is_plain(words, filter).then(|| snapshot.counts(&axes, &filter.statuses, filter.period.as_ref())).flatten();
    let mut grid = Grid {
        row_dimension: rows.dimension,
        column_dimension: columns.dimension,
        counts: Counted::Cells(Vec::new()),
        rows: Vec::new(),
        columns: Vec::new(),
        records: OnceLock::new(),
        request: Request {
            words: request.words.map(str::to_owned),
            filter: request.filter.clone(),
            breakdowns: question.breakdowns.to_vec(),
            snapshot: snapshot.clone(),
            over,
            today,
        },
        marks: Marks::read(catalogue, actor)?,
        conditions: conditions_of(question.filter, question.words, question.breakdowns),
    };
    (grid.rows, grid.columns) = (row_values, column_values);
    grid.counts = match kept {
        Some(counts) => Counted::Kept(counts),
        None => Counted::Cells(grid.records(&catalogue.concepts)?.1.count()),
    };
    Ok(grid)
}

/// Whether an axis has values that a grid can show.
pub fn has_values(catalogue: &Catalogue, actor: &Actor, axis: &Axis, today: i64) -> bool {
    values(axis, &catalogue.concepts, &catalogue.snapshot(actor), today).is_ok_and(|values| (1..=MOST_VALUES).contains(&values.len()))
}

/// Institutions that are named and are none of the catalogue: a slip of the pen is not to look like something undocumented.
pub fn strangers(catalogue: &Catalogue, field: &str, slugs: &[String]) -> Result<Vec<Problem>, Error> {
    if slugs.is_empty() {
        return Ok(Vec::new());
    }
    let known = catalogue.institutions_by_slug(slugs)?;
    let unknown = slugs.iter().filter(|slug| !known.contains_key(*slug));
    let remedy = "is no institution of the catalogue; `institutions` lists their short names";
    Ok(unknown.map(|slug| Problem::new(field, slug, remedy)).collect())
}

/// The conditions of a question with those of a cell: what a record of the cell is asked, so that it can be told what is not documented.
pub fn conditions(filter: &DatasetFilter, breakdowns: &[String], cell: &[(GridDimension, &str)]) -> DatasetFilter {
    let mut filter = filter.clone();
    filter
        .released_disaggregations
        .extend(breakdowns.iter().filter(|code| !filter.released_disaggregations.contains(code)).cloned().collect::<Vec<_>>());
    for (dimension, code) in cell {
        let codes = vec![(*code).to_owned()];
        match dimension {
            GridDimension::Theme | GridDimension::ThemeGroup => filter.themes = codes,
            GridDimension::ReportingArea => filter.reporting_areas = codes,
            GridDimension::Origin => filter.origins = codes,
            GridDimension::Destination => filter.destinations = codes,
            GridDimension::Year => filter.period = code.parse().ok().map(year_window),
            GridDimension::Disaggregation => {
                if !filter.released_disaggregations.contains(&codes[0]) {
                    filter.released_disaggregations.extend(codes);
                }
            }
            GridDimension::Institution => filter.institutions = Slug::parse(code).into_iter().collect(),
            GridDimension::SourceType => filter.source_types = SourceType::parse(code).into_iter().collect(),
            GridDimension::AggregatesAccess => filter.aggregates_access = AccessLevel::parse(code).into_iter().collect(),
            GridDimension::MicrodataAccess => filter.microdata_access = AccessLevel::parse(code).into_iter().collect(),
            GridDimension::GcmObjective | GridDimension::SdgIndicator => filter.indicators = codes,
        }
    }
    filter
}

/// The institutions that a grid names, by short name.
///
/// # Errors
/// The database is unavailable.
pub fn institutions(catalogue: &Catalogue, grid: &Grid) -> Result<HashMap<String, Arc<InstitutionRecord>>, Error> {
    let axes = [(grid.row_dimension, &grid.rows), (grid.column_dimension, &grid.columns)];
    let named = axes.into_iter().filter(|(dimension, _)| *dimension == GridDimension::Institution);
    let slugs: Vec<String> = named.flat_map(|(_, codes)| codes.iter().cloned()).collect();
    if slugs.is_empty() { Ok(HashMap::new()) } else { catalogue.institutions_by_slug(&slugs) }
}

/// The grid as it is written into files.
///
/// # Errors
/// The database is unavailable.
pub fn table(catalogue: &Catalogue, actor: &Actor, grid: &Grid, about: About<'_>, today: i64) -> Result<Table, Error> {
    let names = institutions(catalogue, grid)?;
    let voices = catalogue.institutions_by_slug(&grid.marks.voices())?;
    let heading = |dimension: GridDimension, code: &String| {
        let name = names.get(code).filter(|_| dimension == GridDimension::Institution);
        let name = name.and_then(|record| record.institution.names.words(Some(about.language), None)).map(str::to_owned);
        Heading { code: code.clone(), label: name.unwrap_or_else(|| label(dimension, code, about.language, &catalogue.concepts)) }
    };
    let cell = |row: Option<usize>, column: Option<usize>| -> Result<Cell, Error> {
        let place = Place { row, column };
        let (tally, state) = (grid.tally(place), grid.state(place, &catalogue.concepts));
        let requests = grid.requests(place, &catalogue.concepts).len() as u64;
        let statements = grid.statements(place, &catalogue.concepts);
        let stated_by = statements.iter().filter_map(|record| voice(&record.entry, &voices, about.language)).collect();
        let newest_year = grid.newest_year(place, today, &catalogue.concepts)?;
        Ok(Cell { tally, state, newest_year, stated_by, requests })
    };
    let numbers = |length: usize| (0..length).map(Some);
    let row_of = |row| numbers(grid.columns.len()).map(|column| cell(row, column)).collect::<Result<Vec<Cell>, Error>>();
    Ok(Table {
        language: about.language,
        row_dimension: grid.row_dimension,
        column_dimension: grid.column_dimension,
        rows: grid.rows.iter().map(|code| heading(grid.row_dimension, code)).collect(),
        columns: grid.columns.iter().map(|code| heading(grid.column_dimension, code)).collect(),
        cells: numbers(grid.rows.len()).map(row_of).collect::<Result<_, Error>>()?,
        row_totals: numbers(grid.rows.len()).map(|row| cell(row, None)).collect::<Result<_, Error>>()?,
        column_totals: row_of(None)?,
        total: cell(None, None)?,
        conditions: told::told(catalogue, &grid.request, about.language)?,
        catalogue: about.name.to_owned(),
        address: about.address.to_owned(),
        seq: changes::last_seq(catalogue, actor)?,
    })
}

/// Who makes a statement, by name.
fn voice(entry: &Entry, known: &HashMap<String, Arc<InstitutionRecord>>, language: &str) -> Option<Heading> {
    let code = entry.institution.as_ref()?.to_string();
    let label = known.get(&code).and_then(|record| record.institution.names.words(Some(language), None)).unwrap_or(&code).to_owned();
    Some(Heading { code, label })
}

/// What a file says of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// `ar`, `fr` or `en`.
    pub language: &'static str,
    /// Name of the catalogue.
    pub name: &'a str,
    /// Address under which it is published.
    pub address: &'a str,
}

/// The scheme of a dimension, where its values are concepts.
pub fn scheme_of(dimension: GridDimension) -> Option<ConceptScheme> {
    Some(match dimension {
        GridDimension::Theme | GridDimension::ThemeGroup => ConceptScheme::Themes,
        GridDimension::ReportingArea | GridDimension::Origin | GridDimension::Destination => ConceptScheme::Places,
        GridDimension::Disaggregation => ConceptScheme::Disaggregations,
        GridDimension::GcmObjective | GridDimension::SdgIndicator => ConceptScheme::Indicators,
        _ => return None,
    })
}

/// The label of a value that needs nothing of the store: all but institutions.
pub fn label(dimension: GridDimension, code: &str, language: &str, concepts: &Concepts) -> String {
    let listed = match dimension {
        GridDimension::SourceType => SourceType::parse(code).map(|member| member.label(language)),
        GridDimension::AggregatesAccess | GridDimension::MicrodataAccess => AccessLevel::parse(code).map(|member| member.label(language)),
        _ => scheme_of(dimension).and_then(|scheme| concepts.get(scheme, code)).map(|concept| concept.label(Some(language))),
    };
    listed.unwrap_or(code).to_owned()
}
