//! The coverage grid as a file.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::time::{PartialDate, PeriodWindow};
use crate::domain::vocabulary::{GeographicLevel, GridDimension, PeriodMatch, PublicationStatus, SourceType, Vocabulary};
use crate::interop::coverage_grid::{write_csv, write_svg, write_xlsx};
use crate::interop::sheet::{CSV, MEDIA_TYPE};
use crate::service::Error;
use crate::service::catalogue::{day_of, now_ms};
use crate::service::grid::{self, About, Axis, Question};
use crate::web::account::work;
use crate::web::server::State;

use super::{Document, FOR_READER, failed, reader, refused, respond, unwritten, workbook};

/// What an address may say beside the two axes.
const OTHER: [&str; 11] =
    ["search", "themes", "institutions", "areas", "origins", "destinations", "breakdowns", "sourceTypes", "from", "to", "language"];

/// What an address asks for.
struct Asked {
    rows: Axis,
    columns: Axis,
    words: Option<String>,
    breakdowns: Vec<String>,
    filter: DatasetFilter,
}

/// GET /grid.svg?rows=THEME_GROUP&columns=REPORTING_AREA&columnsWithin=MA&from=2015&language=ar
pub async fn show(
    request: HttpRequest,
    state: web::Data<State>,
    form: web::Path<String>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    let actor = match reader(&request, &state).await {
        Ok(actor) => actor,
        Err(refused) => return refused,
    };
    let language = workbook::language(&request, &query);
    let asked = match read(&query) {
        Ok(asked) => asked,
        Err(problems) => return refused(&problems, FOR_READER),
    };
    let wanted = form.clone();
    let made = work(&state, move |state| {
        let today = day_of(now_ms());
        let question = Question {
            rows: &asked.rows,
            columns: &asked.columns,
            breakdowns: &asked.breakdowns,
            words: asked.words.as_deref(),
            filter: &asked.filter,
        };
        let grid = grid::coverage(&state.catalogue, &actor, &question, today)?;
        let about = About { language, name: &state.name, address: &state.base_url };
        let table = grid::table(&state.catalogue, &actor, &grid, about, today)?;
        match wanted.as_str() {
            "csv" => Ok(write_csv(&table)),
            "xlsx" => write_xlsx(&table).map_err(unwritten),
            _ => Ok(write_svg(&table).into_bytes()),
        }
    });
    match made.await {
        Ok(body) => {
            let media_type = match form.as_str() {
                "csv" => CSV,
                "xlsx" => MEDIA_TYPE,
                _ => "image/svg+xml; charset=utf-8",
            };
            let mut document = Document::open(media_type, body);
            document.is_private = true;
            document.vary = FOR_READER;
            let mut response = respond(&request, StatusCode::OK, document);
            let kind = if form.as_str() == "svg" { "inline" } else { "attachment" };
            if let Ok(value) = format!("{kind}; filename=\"coverage-{language}.{form}\"").parse() {
                response.headers_mut().insert(CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(Error::Invalid(problems)) => refused(&problems, FOR_READER),
        Err(error) => failed(&error),
    }
}

fn read(query: &HashMap<String, String>) -> Result<Asked, Vec<Problem>> {
    let mut problems = Vec::new();
    let parts = ["", "Codes", "Within", "Level", "From", "To"];
    let known = |name: &str| {
        OTHER.contains(&name) || ["rows", "columns"].iter().any(|axis| name.strip_prefix(axis).is_some_and(|part| parts.contains(&part)))
    };
    let mut unknown: Vec<&String> = query.keys().filter(|name| !known(name)).collect();
    unknown.sort_unstable();
    for name in unknown {
        let remedy =
            format!("is no part of this address; use rows, columns, each with {}, and {}", parts[1..].join(", "), OTHER.join(", "));
        problems.push(Problem::new(name, "", remedy));
    }
    let list = |name: &str| -> Vec<String> {
        let codes = query.get(name).map(String::as_str).unwrap_or_default().split(',');
        codes.map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect()
    };
    let rows = axis("rows", query, &list("rowsCodes"), &mut problems);
    let columns = axis("columns", query, &list("columnsCodes"), &mut problems);
    let mut filter = DatasetFilter {
        themes: list("themes"),
        reporting_areas: list("areas"),
        origins: list("origins"),
        destinations: list("destinations"),
        statuses: vec![PublicationStatus::Published],
        ..DatasetFilter::default()
    };
    for slug in list("institutions") {
        match Slug::parse(&slug) {
            Ok(slug) => filter.institutions.push(slug),
            Err(remedy) => problems.push(Problem::new("institutions", slug, remedy)),
        }
    }
    for code in list("sourceTypes") {
        match SourceType::parse(&code) {
            Some(member) => filter.source_types.push(member),
            None => problems.push(Problem::new("sourceTypes", code, format!("is none of {}", SourceType::codes()))),
        }
    }
    let mut date = |name: &str| match query.get(name).map(|text| PartialDate::parse(text)) {
        Some(Err(remedy)) => {
            problems.push(Problem::new(name, "", remedy));
            None
        }
        other => other.and_then(Result::ok),
    };
    let (from, to) = (date("from"), date("to"));
    if from.is_some() || to.is_some() {
        filter.period = Some(PeriodWindow { from, to, matching: PeriodMatch::Overlaps });
    }
    match (rows, columns) {
        (Some(rows), Some(columns)) if problems.is_empty() => {
            Ok(Asked { rows, columns, words: query.get("search").cloned(), breakdowns: list("breakdowns"), filter })
        }
        _ => Err(problems),
    }
}

fn axis(name: &str, query: &HashMap<String, String>, codes: &[String], problems: &mut Vec<Problem>) -> Option<Axis> {
    let text = |part: &str| query.get(&format!("{name}{part}"));
    let said = query.get(name).map(String::as_str).unwrap_or_default();
    let dimension = GridDimension::parse(said);
    if dimension.is_none() {
        problems.push(Problem::new(name, said, format!("is none of {}", GridDimension::codes())));
    }
    let level = text("Level").map(|code| (code, GeographicLevel::parse(code)));
    if let Some((code, None)) = level {
        problems.push(Problem::new(format!("{name}Level"), code, format!("is none of {}", GeographicLevel::codes())));
    }
    let mut year = |part: &str| match text(part).map(|text| (text, text.parse::<i32>())) {
        Some((text, Err(_))) => {
            problems.push(Problem::new(format!("{name}{part}"), text, "is not a year; write four digits, such as 2019"));
            None
        }
        other => other.and_then(|(_, year)| year.ok()),
    };
    let (from_year, to_year) = (year("From"), year("To"));
    Some(Axis {
        dimension: dimension?,
        codes: codes.to_vec(),
        within: text("Within").cloned(),
        level: level.and_then(|(_, level)| level),
        from_year,
        to_year,
    })
}
