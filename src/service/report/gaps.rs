//! What is documented of each group of topics by region and by breakdown. What is not documented is never worded as absent.

use super::outlook::registered;
use super::parts::{Group, paragraph, plain, section};
use super::sources::{related, theme_groups, unrelated};
use super::{Material, words};
use crate::domain::dataset::Dataset;
use crate::domain::grid::{Reading, Standing, Tally, WITH_GAPS, figures, standing};
use crate::domain::indicators::Source;
use crate::domain::register::Entry;
use crate::domain::time::{FAR_FUTURE, FAR_PAST, Fit, year_of};
use crate::domain::vocabulary::{CellState, ConceptScheme, GridDimension, RelationType, ReportRegister, Vocabulary};
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
}

/// The grids with the records behind them, the declared overlaps, and what people decided on pairs of records.
pub(super) fn gaps(material: &Material<'_>) -> Section {
    let mut whole = section(material, "7", "gaps", words::GAPS, vec![paragraph(material.say(words::GRID_LEGEND))]);
    whole.blocks.push(paragraph(coverage_grid::note(material.language())));
    if material.body.is_empty() {
        whole.blocks.push(material.empty());
        whole.sections.push(registered(material, "7.5", "not-collected", words::NOT_COLLECTED, &[ReportRegister::NotCollected]));
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
    let types = [RelationType::Overlaps, RelationType::SameProgramme];
    let decided = material.entries(&[ReportRegister::Duplicate], true, |_| true);
    let mut blocks: Vec<Block> = related(material, &types).into_iter().collect();
    if blocks.is_empty() && decided.is_empty() {
        blocks.push(unrelated(material, &types));
    }
    blocks.extend(decided);
    whole.sections.push(section(material, "7.4", "overlaps", words::OVERLAPS, blocks));
    whole.sections.push(registered(material, "7.5", "not-collected", words::NOT_COLLECTED, &[ReportRegister::NotCollected]));
    whole
}

fn grid(material: &Material<'_>, rows: &Axis, columns: &Axis, caption: words::Phrase) -> Vec<Block> {
    let reading = Reading { concepts: &material.catalogue.concepts, includes_parts: true, today: material.question.until };
    // How each record stands to each row and column, and to all of them: it is read once.
    let stand = |axis: &Axis| -> Vec<Vec<Standing>> {
        let of = |source: &Source| {
            let mut standings: Vec<Standing> =
                axis.headings.iter().map(|heading| standing(&source.dataset, axis.dimension, &heading.code, &reading)).collect();
            standings.push(standings.iter().copied().max().unwrap_or(Standing::No));
            standings
        };
        material.body.iter().map(of).collect()
    };
    let (of_rows, of_columns) = (stand(rows), stand(columns));
    let at = |standings: &[Vec<Standing>], source: usize, place: usize| {
        standings.get(source).and_then(|list| list.get(place)).copied().unwrap_or(Standing::No)
    };
    // The place behind the last one stands for all of them: a total counts each record once.
    let tally = |row: usize, column: usize| {
        let mut tally = Tally::default();
        let (mut released_year, mut collected_year) = (None, None);
        for (number, source) in material.body.iter().enumerate() {
            let fit = at(&of_rows, number, row).min(at(&of_columns, number, column));
            tally.add(&source.dataset, Fit::Certain, fit);
            let latest = match fit.min(figures(&source.dataset)) {
                Standing::Released => &mut released_year,
                Standing::Collected => &mut collected_year,
                _ => continue,
            };
            *latest = (*latest).max(last_year(&source.dataset, material.question.until));
        }
        let named = |axis: &Axis, place: usize| axis.headings.get(place).map(|heading| (axis.dimension, heading.code.clone()));
        let bounds: Vec<(GridDimension, String)> = named(rows, row).into_iter().chain(named(columns, column)).collect();
        let bounds: Vec<(GridDimension, &str)> = bounds.iter().map(|(dimension, code)| (*dimension, code.as_str())).collect();
        let statements = material.marks.statements(&bounds, reading.concepts);
        let stated_by: Vec<Heading> = statements.iter().filter_map(|record| voice(material, &record.entry)).collect();
        let is_stated = tally.state() == CellState::NotDocumented && !stated_by.is_empty();
        let state = if is_stated { CellState::NotCollected } else { tally.state() };
        let requests = material.marks.requests(&bounds, reading.concepts).len() as u64;
        let newest_year = if tally.released > 0 { released_year } else { collected_year };
        coverage_grid::Cell { tally, state, newest_year, stated_by, requests }
    };
    let (height, width) = (rows.headings.len(), columns.headings.len());
    let row_of = |row: usize| (0..width).map(|column| tally(row, column)).collect::<Vec<_>>();
    let table = coverage_grid::Table {
        language: material.language(),
        row_dimension: rows.dimension,
        column_dimension: columns.dimension,
        rows: rows.headings.clone(),
        columns: columns.headings.clone(),
        cells: (0..height).map(row_of).collect(),
        row_totals: (0..height).map(|row| tally(row, width)).collect(),
        column_totals: row_of(height),
        total: tally(height, width),
        conditions: conditions(material),
        catalogue: material.maker.name.to_owned(),
        address: material.maker.base_url.to_owned(),
        seq: material.measured.now.moment.place.as_ref().map_or(0, |place| place.seq),
    };
    let behind = |(row, heading): (usize, &Heading)| {
        let counted = material
            .body
            .iter()
            .enumerate()
            .filter(|(number, _)| at(&of_rows, *number, row).min(at(&of_columns, *number, width)) > Standing::Possible);
        (heading.label.clone(), counted.map(|(_, source)| source).collect::<Vec<_>>())
    };
    let evidence: Vec<Group<'_>> = rows.headings.iter().enumerate().map(behind).filter(|(_, sources)| !sources.is_empty()).collect();
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

/// Which records the grids of the report count; a picture that is taken out of it says so by itself.
fn conditions(material: &Material<'_>) -> Vec<String> {
    let (language, question) = (material.language(), material.question);
    vec![
        material.concept(ConceptScheme::Places, question.country),
        question.scope.label(language).to_owned(),
        material.fill(words::AS_OF, &[("to", material.day(question.until))]),
    ]
}

/// Who makes a statement, by name.
fn voice(material: &Material<'_>, entry: &Entry) -> Option<Heading> {
    let slug = entry.institution.as_ref()?;
    let name = material.institution(slug.as_str()).and_then(|known| known.names.words(Some(material.language()), None));
    Some(Heading { code: slug.to_string(), label: name.unwrap_or(slug.as_str()).to_owned() })
}

/// Latest documented year of what a record is on, no later than the day. Of what goes on, or ends nobody knows when, only the beginning is
/// documented.
fn last_year(dataset: &Dataset, until: i64) -> Option<i32> {
    let period = dataset.coverage.period.as_ref()?;
    let has_gaps = dataset.coverage.frequency.is_some_and(|frequency| WITH_GAPS.contains(&frequency));
    // What goes on has figures up to the day of the report, unless it is collected in some years only.
    let end = period.last_day().filter(|day| *day < FAR_FUTURE || !has_gaps);
    let day = end.or_else(|| period.first_day().filter(|day| *day > FAR_PAST))?;
    year_of(day.min(until))
}

fn written(material: &Material<'_>, table: &coverage_grid::Table, caption: words::Phrase) -> Table {
    let mut columns = vec![Column::text(material.say(words::WHAT), 3)];
    columns.extend(table.columns.iter().map(|heading| Column::number(&heading.label, 1)));
    let rows = table.rows.iter().zip(&table.cells).map(|(heading, cells)| {
        let mut row = vec![plain(&heading.label)];
        row.extend(cells.iter().map(|cell| plain(coverage_grid::figure(cell))));
        row
    });
    Table { caption: material.say(caption).to_owned(), columns, rows: rows.collect(), has_row_heads: true }
}
