//! What is documented of each group of topics by region and by breakdown. What is not documented is never worded as absent.

use super::parts::{Group, paragraph, plain, section};
use super::sources::{related, theme_groups};
use super::{Material, words};
use crate::domain::dataset::Dataset;
use crate::domain::grid::{Reading, Standing, Tally, standing};
use crate::domain::indicators::Source;
use crate::domain::time::{Fit, year_of};
use crate::domain::vocabulary::{CellState, ConceptScheme, GridDimension, RelationType, ReportRegister};
use crate::interop::coverage_grid::{self, Heading};
use crate::interop::report::{Block, Column, Figure, Section, Table};
use crate::service::indicators::regions;

/// The rows or columns of a grid.
struct Axis {
    dimension: GridDimension,
    headings: Vec<Heading>,
}

impl Axis {
    fn of(material: &Material<'_>, dimension: GridDimension, scheme: ConceptScheme, codes: &[String]) -> Self {
        let heading = |code: &String| Heading { code: code.clone(), label: material.concept(scheme, code) };
        Self { dimension, headings: codes.iter().map(heading).collect() }
    }

    fn codes(&self) -> Vec<&str> {
        self.headings.iter().map(|heading| heading.code.as_str()).collect()
    }
}

/// The grids with the records behind them, the declared overlaps, and what people decided on pairs of records.
pub(super) fn gaps(material: &Material<'_>) -> Section {
    let mut whole = section(material, "7", "gaps", words::GAPS, vec![paragraph(material.say(words::GRID_LEGEND))]);
    whole.blocks.push(paragraph(coverage_grid::note(material.language())));
    if material.body.is_empty() {
        whole.blocks.push(material.empty());
        return whole;
    }
    let themes = || Axis {
        dimension: GridDimension::ThemeGroup,
        headings: theme_groups(material).into_iter().map(|(code, label)| Heading { code, label }).collect(),
    };
    let regions = regions(material.catalogue, material.question.country, material.question.until);
    let regions = || Axis::of(material, GridDimension::ReportingArea, ConceptScheme::Places, &regions);
    let scheme = material.catalogue.concepts.scheme(ConceptScheme::Disaggregations);
    let codes: Vec<String> = scheme.concepts.iter().map(|concept| concept.code.clone()).collect();
    let breakdowns = || Axis::of(material, GridDimension::Disaggregation, ConceptScheme::Disaggregations, &codes);
    let grids = [
        ("7.1", "gaps-regions", words::BY_REGION, regions(), themes()),
        ("7.2", "gaps-breakdowns", words::BY_BREAKDOWN, breakdowns(), themes()),
        ("7.3", "gaps-regions-breakdowns", words::BREAKDOWN_BY_REGION, breakdowns(), regions()),
    ];
    for (number, anchor, caption, rows, columns) in grids {
        whole.sections.push(section(material, number, anchor, caption, grid(material, &rows, &columns, caption)));
    }
    let overlaps = related(material, &[RelationType::Overlaps, RelationType::SameProgramme]);
    let mut overlaps = section(material, "7.4", "overlaps", words::OVERLAPS, vec![overlaps]);
    overlaps.blocks.extend(material.entries(&[ReportRegister::Duplicate], true, |_| true));
    whole.sections.push(overlaps);
    whole
}

fn grid(material: &Material<'_>, rows: &Axis, columns: &Axis, caption: words::Phrase) -> Vec<Block> {
    let reading = Reading { concepts: &material.catalogue.concepts, includes_parts: true, today: material.question.until };
    let (all_rows, all_columns) = (rows.codes(), columns.codes());
    let fits = |source: &Source, row: Option<&str>, column: Option<&str>| {
        let of_row = most(&source.dataset, rows.dimension, row.as_slice(), &all_rows, &reading);
        of_row.min(most(&source.dataset, columns.dimension, column.as_slice(), &all_columns, &reading))
    };
    let tally = |row: Option<&str>, column: Option<&str>| {
        let mut tally = Tally::default();
        let mut newest_year = None;
        for source in &material.body {
            let fit = fits(source, row, column);
            tally.add(&source.dataset, Fit::Certain, fit);
            if fit > Standing::Possible {
                newest_year = newest_year.max(last_year(&source.dataset, material.question.until));
            }
        }
        let bounds: Vec<(GridDimension, &str)> =
            row.map(|code| (rows.dimension, code)).into_iter().chain(column.map(|code| (columns.dimension, code))).collect();
        let is_stated = tally.state() == CellState::NotDocumented && material.marks.is_stated(&bounds, reading.concepts);
        let state = if is_stated { CellState::NotCollected } else { tally.state() };
        let requests = material.marks.requests(&bounds, reading.concepts).len() as u64;
        coverage_grid::Cell { tally, state, newest_year, requests }
    };
    let row_of = |row: Option<&str>| all_columns.iter().map(|code| tally(row, Some(code))).collect::<Vec<_>>();
    let table = coverage_grid::Table {
        language: material.language(),
        row_dimension: rows.dimension,
        column_dimension: columns.dimension,
        rows: rows.headings.clone(),
        columns: columns.headings.clone(),
        cells: all_rows.iter().map(|code| row_of(Some(code))).collect(),
        row_totals: all_rows.iter().map(|code| tally(Some(code), None)).collect(),
        column_totals: row_of(None),
        total: tally(None, None),
        catalogue: material.maker.name.to_owned(),
        address: material.maker.base_url.to_owned(),
        seq: material.measured.now.moment.place.as_ref().map_or(0, |place| place.seq),
    };
    let behind = |heading: &Heading| {
        let is_counted = |source: &&Source| fits(source, Some(&heading.code), None) > Standing::Possible;
        (heading.label.clone(), material.body.iter().filter(is_counted).collect::<Vec<_>>())
    };
    let evidence: Vec<Group<'_>> = rows.headings.iter().map(behind).filter(|(_, sources)| !sources.is_empty()).collect();
    let figure = Block::Figure(Figure {
        caption: material.say(caption).to_owned(),
        alternative: coverage_grid::note(material.language()).to_owned(),
        svg: coverage_grid::write_svg(&table),
        data: Some(written(material, &table, caption)),
    });
    let mut blocks = vec![figure];
    if !evidence.is_empty() {
        blocks.push(material.groups(words::BEHIND_ROWS, &evidence, false));
    }
    blocks
}

/// Last year of what a record is on, no later than the day; none where it is not documented.
fn last_year(dataset: &Dataset, until: i64) -> Option<i32> {
    dataset.coverage.period.as_ref().and_then(|period| period.last_day()).and_then(|day| year_of(day.min(until)))
}

/// The most that a record documents of some values; of all of them, where none is named: a total counts each record once.
fn most(dataset: &Dataset, dimension: GridDimension, named: &[&str], all: &[&str], reading: &Reading<'_>) -> Standing {
    let values = if named.is_empty() { all } else { named };
    values.iter().map(|value| standing(dataset, dimension, value, reading)).max().unwrap_or(Standing::No)
}

fn written(material: &Material<'_>, table: &coverage_grid::Table, caption: words::Phrase) -> Table {
    let mut columns = vec![Column::text(material.say(words::WHAT), 3)];
    columns.extend(table.columns.iter().map(|heading| Column::number(&heading.label, 1)));
    let rows = table.rows.iter().zip(&table.cells).map(|(heading, cells)| {
        let mut row = vec![plain(&heading.label)];
        row.extend(cells.iter().map(|cell| plain(figure(cell))));
        row
    });
    Table { caption: material.say(caption).to_owned(), columns, rows: rows.collect(), has_row_heads: true }
}

/// What stands in a cell, as the legend tells.
fn figure(cell: &coverage_grid::Cell) -> String {
    match (cell.state, cell.tally.not_documented) {
        (CellState::Released, _) => cell.tally.released.to_string(),
        (CellState::ExistsNotReleased, _) => format!("({})", cell.tally.exists_not_released),
        (CellState::NotCollected, _) => "×".to_owned(),
        (CellState::NotDocumented, 1..) => "?".to_owned(),
        (CellState::NotDocumented, 0) => "–".to_owned(),
    }
}
