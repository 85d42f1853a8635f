//! The conditions of a grid in words: a file says what was asked, wherever it is read.

use super::{Request, label};
use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::domain::text::{isolated, without_hidden};
use crate::domain::time::{PartialDate, PeriodWindow};
use crate::domain::vocabulary::{GridDimension, PeriodMatch, PublicationStatus, Vocabulary};
use crate::domain::workdays::Day;
use crate::service::catalogue::day_of;
use crate::service::{Catalogue, Error};

/// A name in English, French and Arabic.
type Phrase = [&'static str; 3];

const SEARCH: Phrase = ["Search words", "Mots recherchés", "كلمات البحث"];
const KIND: Phrase = ["Kind of record", "Type de fiche", "نوع السجل"];
const FREQUENCY: Phrase = ["Frequency", "Périodicité", "الدورية"];
const PERIOD: Phrase = ["Reference period", "Période de référence", "الفترة المرجعية"];
const PERIOD_WITHIN: Phrase = ["Whole reference period", "Période de référence entière", "الفترة المرجعية كاملة"];
const BASIS: Phrase = ["Basis of the statement on access", "Fondement de l'indication d'accès", "أساس المعلومة عن الإتاحة"];
const INDICATOR: Phrase = ["Objective or indicator", "Objectif ou indicateur", "الهدف أو المؤشر"];
const CERTAINTY: Phrase = ["Certainty of the record", "Degré de certitude de la fiche", "درجة التأكد من السجل"];
const STATUS: Phrase = ["State of publication", "État de publication", "حالة النشر"];
const COLLECTION: Phrase = ["State of the collection", "État de la collecte", "حالة الجمع"];
const CHANGED: Phrase = ["Changed since", "Modifiée depuis", "تغير السجل منذ"];
const NO_PARTS: Phrase =
    ["Places without the places inside them", "Lieux sans les lieux qu'ils contiennent", "الأماكن دون ما يقع داخلها من أماكن"];
const STALE: Phrase = ["Past the review date", "Date de révision dépassée", "انقضى تاريخ المراجعة"];
const FRESH: Phrase = ["Not past the review date", "Date de révision non dépassée", "لم ينقض تاريخ المراجعة"];

fn say([en, fr, ar]: Phrase, language: &str) -> &'static str {
    match language {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

/// What the records of a grid were asked, each condition with its name.
///
/// # Errors
/// The database is unavailable.
pub(super) fn told(catalogue: &Catalogue, request: &Request, language: &str) -> Result<Vec<String>, Error> {
    let concepts = &catalogue.concepts;
    // Whoever adds a condition is asked here for its words. That possible matches are wanted asks for nothing else.
    let DatasetFilter {
        themes,
        institutions,
        record_kinds,
        source_types,
        frequencies,
        reporting_areas,
        origins,
        destinations,
        exclude_subdivisions,
        period,
        released_disaggregations,
        aggregates_access,
        microdata_access,
        access_basis,
        indicators,
        certainty,
        statuses,
        collection_statuses,
        updated_since,
        stale,
        include_possible: _,
    } = &request.filter;
    let names = names(catalogue, institutions, language)?;
    let of = |dimension: GridDimension, codes: &[String]| -> Vec<String> {
        codes.iter().map(|code| label(dimension, code, language, concepts)).collect()
    };
    let states = if statuses.as_slice() == [PublicationStatus::Published] { Vec::new() } else { labels(statuses, language) };
    let words = request.words.as_deref().map(one_line);
    let dimension = |dimension: GridDimension| dimension.label(language);
    let named = [
        (say(SEARCH, language), words.into_iter().filter(|words| !words.is_empty()).collect()),
        (dimension(GridDimension::Theme), of(GridDimension::Theme, themes)),
        (dimension(GridDimension::Institution), names),
        (dimension(GridDimension::ReportingArea), of(GridDimension::ReportingArea, reporting_areas)),
        (dimension(GridDimension::Origin), of(GridDimension::Origin, origins)),
        (dimension(GridDimension::Destination), of(GridDimension::Destination, destinations)),
        (
            dimension(GridDimension::Disaggregation),
            all_of(of(GridDimension::Disaggregation, &[&request.breakdowns[..], released_disaggregations].concat())),
        ),
        (dimension(GridDimension::SourceType), labels(source_types, language)),
        (
            period.as_ref().map_or("", |window| say(period_name(window), language)),
            period.iter().map(|window| span(window, language)).collect(),
        ),
        (say(KIND, language), labels(record_kinds, language)),
        (say(FREQUENCY, language), labels(frequencies, language)),
        (dimension(GridDimension::AggregatesAccess), labels(aggregates_access, language)),
        (dimension(GridDimension::MicrodataAccess), labels(microdata_access, language)),
        (say(BASIS, language), labels(access_basis, language)),
        (say(INDICATOR, language), of(GridDimension::SdgIndicator, indicators)),
        (say(CERTAINTY, language), labels(certainty, language)),
        (say(STATUS, language), states),
        (say(COLLECTION, language), labels(collection_statuses, language)),
        (say(CHANGED, language), updated_since.iter().map(|at| dated(&Day(day_of(*at)).to_string(), language)).collect()),
    ];
    let (colon, comma) = (if language == "fr" { "\u{a0}: " } else { ": " }, if language == "ar" { "، " } else { ", " });
    let listed = named.into_iter().filter(|(_, values): &(&str, Vec<String>)| !values.is_empty());
    let mut told: Vec<String> = listed.map(|(name, values)| format!("{name}{colon}{}", values.join(comma))).collect();
    told.extend(exclude_subdivisions.then(|| say(NO_PARTS, language).to_owned()));
    told.extend(stale.map(|is_stale| say(if is_stale { STALE } else { FRESH }, language).to_owned()));
    Ok(told)
}

/// Words on one line, without what nobody sees and what no picture can hold.
fn one_line(words: &str) -> String {
    let words = without_hidden(words).replace(['\u{FFFE}', '\u{FFFF}'], "");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names of institutions.
fn names(catalogue: &Catalogue, slugs: &[Slug], language: &str) -> Result<Vec<String>, Error> {
    if slugs.is_empty() {
        return Ok(Vec::new());
    }
    let slugs: Vec<String> = slugs.iter().map(ToString::to_string).collect();
    let known = catalogue.institutions_by_slug(&slugs)?;
    let name =
        |slug: &String| known.get(slug).and_then(|record| record.institution.names.words(Some(language), None)).unwrap_or(slug).to_owned();
    Ok(slugs.iter().map(name).collect())
}

/// Breakdowns, all of which a cell has, as one value, each once; of any other condition one value is enough.
fn all_of(labels: Vec<String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for label in labels {
        if !once.contains(&label) {
            once.push(label);
        }
    }
    if once.is_empty() { once } else { vec![once.join(" + ")] }
}

fn labels<V: Vocabulary>(values: &[V], language: &str) -> Vec<String> {
    values.iter().map(|value| value.label(language).to_owned()).collect()
}

fn period_name(window: &PeriodWindow) -> Phrase {
    if window.matching == PeriodMatch::Within { PERIOD_WITHIN } else { PERIOD }
}

/// A window in words.
fn span(window: &PeriodWindow, language: &str) -> String {
    let said = |date: PartialDate| dated(&date.to_string(), language);
    let (from, to) = (window.from.map(said), window.to.map(said));
    match (from, to, language) {
        (Some(from), Some(to), _) if from == to => from,
        (Some(from), Some(to), "fr") => format!("de {from} à {to}"),
        (Some(from), Some(to), "ar") => format!("من {from} إلى {to}"),
        (Some(from), Some(to), _) => format!("{from} to {to}"),
        (Some(from), None, "fr") => format!("à partir de {from}"),
        (Some(from), None, "ar") => format!("ابتداء من {from}"),
        (Some(from), None, _) => format!("from {from} on"),
        (None, Some(to), "fr") => format!("jusqu'à {to}"),
        (None, Some(to), "ar") => format!("إلى غاية {to}"),
        (None, Some(to), _) => format!("up to {to}"),
        (None, None, _) => String::new(),
    }
}

/// A date; beside Arabic words it would be shown from its end.
fn dated(date: &str, language: &str) -> String {
    if language == "ar" { isolated(date) } else { date.to_owned() }
}
