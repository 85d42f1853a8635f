//! What is documented of each group of topics by region and by breakdown. What is not documented is never worded as absent.

use super::parts::{paragraph, plain, section};
use super::sources::{related, theme_groups};
use super::{Material, words};
use crate::domain::dataset::Dataset;
use crate::domain::grid::{Reading, Standing, Tally, standing};
use crate::domain::time::Fit;
use crate::domain::vocabulary::{CellState, ConceptScheme, GridDimension, RelationType};
use crate::interop::coverage_grid::{self, Heading};
use crate::interop::report::{Block, Column, Figure, Section, Table};
use crate::service::indicators::regions;

/// The grids, and the declared overlaps.
pub(super) fn gaps(material: &Material<'_>) -> Section {
    let mut whole = section(material, "7", "gaps", words::GAPS, vec![paragraph(material.say(words::GRID_LEGEND))]);
    whole.blocks.push(paragraph(coverage_grid::note(material.language())));
    if material.body.is_empty() {
        whole.blocks.push(material.empty());
        return whole;
    }
    let regions = regions(material.catalogue, material.question.country, material.question.until);
    let by_region = grid(material, GridDimension::ReportingArea, ConceptScheme::Places, &regions, words::BY_REGION);
    whole.sections.push(section(material, "7.1", "gaps-regions", words::BY_REGION, vec![by_region]));
    let scheme = material.catalogue.concepts.scheme(ConceptScheme::Disaggregations);
    let breakdowns: Vec<String> = scheme.concepts.iter().map(|concept| concept.code.clone()).collect();
    let by_breakdown = grid(material, GridDimension::Disaggregation, ConceptScheme::Disaggregations, &breakdowns, words::BY_BREAKDOWN);
    whole.sections.push(section(material, "7.2", "gaps-breakdowns", words::BY_BREAKDOWN, vec![by_breakdown]));
    let overlaps = related(material, &[RelationType::Overlaps, RelationType::SameProgramme]);
    whole.sections.push(section(material, "7.3", "overlaps", words::OVERLAPS, vec![overlaps]));
    whole
}

fn grid(material: &Material<'_>, dimension: GridDimension, scheme: ConceptScheme, codes: &[String], caption: words::Phrase) -> Block {
    let reading = Reading { concepts: &material.catalogue.concepts, includes_parts: true, today: material.question.until };
    let (groups, marks) = (theme_groups(material), &material.marks);
    let (all_rows, all_columns): (Vec<&str>, Vec<&str>) =
        (codes.iter().map(String::as_str).collect(), groups.iter().map(|(code, _)| code.as_str()).collect());
    let tally = |row: Option<&str>, column: Option<&str>| {
        let mut tally = Tally::default();
        for source in &material.body {
            let of_row = most(&source.dataset, dimension, row.as_slice(), &all_rows, &reading);
            let of_column = most(&source.dataset, GridDimension::ThemeGroup, column.as_slice(), &all_columns, &reading);
            tally.add(&source.dataset, Fit::Certain, of_row.min(of_column));
        }
        let bounds: Vec<(GridDimension, &str)> =
            row.map(|code| (dimension, code)).into_iter().chain(column.map(|code| (GridDimension::ThemeGroup, code))).collect();
        let is_stated = tally.state() == CellState::NotDocumented && marks.is_stated(&bounds, reading.concepts);
        let state = if is_stated { CellState::NotCollected } else { tally.state() };
        let requests = marks.requests(&bounds, reading.concepts).len() as u64;
        coverage_grid::Cell { tally, state, newest_year: None, requests }
    };
    let row_of = |row: Option<&str>| groups.iter().map(|(code, _)| tally(row, Some(code))).collect::<Vec<_>>();
    let table = coverage_grid::Table {
        language: material.language(),
        row_dimension: dimension,
        column_dimension: GridDimension::ThemeGroup,
        rows: codes.iter().map(|code| Heading { code: code.clone(), label: material.concept(scheme, code) }).collect(),
        columns: groups.iter().map(|(code, label)| Heading { code: code.clone(), label: label.clone() }).collect(),
        cells: codes.iter().map(|code| row_of(Some(code))).collect(),
        row_totals: codes.iter().map(|code| tally(Some(code), None)).collect(),
        column_totals: row_of(None),
        total: tally(None, None),
        catalogue: material.maker.name.to_owned(),
        address: material.maker.base_url.to_owned(),
        seq: material.measured.now.moment.place.as_ref().map_or(0, |place| place.seq),
    };
    Block::Figure(Figure {
        caption: material.say(caption).to_owned(),
        alternative: coverage_grid::note(material.language()).to_owned(),
        svg: coverage_grid::write_svg(&table),
        data: Some(written(material, &table, caption)),
    })
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
