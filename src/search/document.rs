//! What of a record goes into the index: words by weight, and tags for filters and facets.

use crate::domain::calendar;
use crate::domain::concept::{Concept, Concepts};
use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::matching::is_other_division;
use crate::domain::text::MultilingualText;
use crate::domain::time::{FAR_FUTURE, FAR_PAST};
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel, MaskableField, Vocabulary};
use crate::domain::words;

use super::analysis::{Expressions, Language, LineKind, code_token, index_text, suggested_words};

/// A record with what the store knows of it.
pub struct Source<'a> {
    /// Identifier.
    pub id: uuid::Uuid,
    /// Number in the order of creation.
    pub number: i64,
    /// Last write, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// The record.
    pub dataset: &'a Dataset,
    /// Producer and holders.
    pub institutions: &'a [&'a Institution],
}

/// A record ready for the index.
pub struct Prepared {
    /// Identifier.
    pub id: uuid::Uuid,
    /// Number in the order of creation.
    pub number: i64,
    /// Last write.
    pub updated_at: i64,
    /// First day of the reference period; `i64::MIN` where not documented.
    pub start: i64,
    /// Last day of the reference period; `i64::MIN` where not documented.
    pub end: i64,
    /// Last day before the review is due; far future where none is set.
    pub due: i64,
    /// Folded title that orders by title.
    pub title_key: String,
    /// Tokens of the titles.
    pub title: String,
    /// Tokens of the labels of concepts and institutions, in all languages, and of synonyms.
    pub label: String,
    /// Tokens of the other texts.
    pub body: String,
    /// Tokens of the places inside the reporting areas for which figures are released.
    pub area: String,
    /// Whole words of the titles, for suggestions.
    pub suggest: String,
    /// Tags such as `t:MT-0701`.
    pub tags: Vec<String>,
    /// Dates of the calendar, packed.
    pub calendar: Vec<u64>,
}

/// Stands for a date that is not documented.
pub const NOT_DOCUMENTED: i64 = i64::MIN;

/// Prepares a record.
pub fn prepare(source: &Source<'_>, concepts: &Concepts, expressions: &Expressions) -> Prepared {
    let dataset = source.dataset;
    let period = dataset.coverage.period.as_ref();
    let mut title = String::new();
    add_text(&mut title, &dataset.titles);
    let mut body = body_tokens(dataset);
    let mut label = label_tokens(source, concepts, expressions);
    add_synonyms(&title, &mut label, &body, expressions);
    let mut suggest = String::new();
    for (_, wording) in dataset.titles.iter() {
        for word in suggested_words(&wording.text) {
            suggest.push(' ');
            suggest.push_str(&word);
        }
    }
    index_text(&mut body, dataset.slug.as_str(), Language::Other);
    let main_title = dataset.titles.words(dataset.main_language(), None).unwrap_or_default();
    Prepared {
        id: source.id,
        number: source.number,
        updated_at: source.updated_at,
        start: period.and_then(|p| p.first_day()).unwrap_or(NOT_DOCUMENTED),
        end: period.and_then(|p| p.last_day()).unwrap_or(NOT_DOCUMENTED),
        due: dataset.review_due_on.map_or(FAR_FUTURE, |due| due.last_day().max(FAR_PAST)),
        title_key: words::fold(main_title).chars().take(120).collect(),
        title,
        label,
        body,
        area: area_tokens(dataset, concepts, expressions),
        suggest,
        tags: tags(dataset),
        calendar: calendar::of_dataset(dataset).into_iter().map(|found| found.mark.packed()).collect(),
    }
}

fn add_text(line: &mut String, text: &MultilingualText) {
    for (tag, wording) in text.iter() {
        index_text(line, &wording.text, Language::of_tag(tag.as_str()));
    }
}

fn body_tokens(dataset: &Dataset) -> String {
    let mut line = String::new();
    let methodology = &dataset.methodology;
    for text in [
        &dataset.abstract_text,
        &dataset.programme,
        &dataset.legal_mandate,
        &methodology.universe,
        &methodology.sampling_text,
        &methodology.sampling_frame,
    ] {
        add_text(&mut line, text);
    }
    add_text(&mut line, &dataset.coverage.area_note);
    add_text(&mut line, &dataset.coverage.level_note);
    for text in dataset.keywords.iter().chain(&methodology.known_limits).chain(&dataset.classifications) {
        add_text(&mut line, text);
    }
    for definition in &methodology.definitions {
        add_text(&mut line, &definition.text);
    }
    for holding in &dataset.holdings {
        add_text(&mut line, &holding.access_terms.conditions);
    }
    for discrepancy in &dataset.discrepancies {
        add_text(&mut line, &discrepancy.subject);
        for value in &discrepancy.values {
            index_text(&mut line, &value.value, Language::Other);
        }
    }
    for variable in dataset.variables.iter().take(2_000) {
        index_text(&mut line, &variable.name, Language::Other);
        add_text(&mut line, &variable.label);
    }
    line
}

fn label_tokens(source: &Source<'_>, concepts: &Concepts, expressions: &Expressions) -> String {
    let mut line = String::new();
    let dataset = source.dataset;
    let coverage = &dataset.coverage;
    let lists: [(ConceptScheme, &[String]); 7] = [
        (ConceptScheme::Themes, &dataset.themes),
        (ConceptScheme::Indicators, &dataset.indicators),
        (ConceptScheme::Places, &coverage.reporting_areas),
        (ConceptScheme::Places, &coverage.origins),
        (ConceptScheme::Places, &coverage.destinations),
        (ConceptScheme::Disaggregations, &coverage.released_disaggregations),
        (ConceptScheme::Populations, &coverage.populations),
    ];
    let mut seen: Vec<(ConceptScheme, &str)> = Vec::new();
    for (scheme, codes) in lists {
        for code in codes {
            if code != "ANY" && !seen.contains(&(scheme, code)) {
                seen.push((scheme, code));
                let around = |line: &mut String| add_concept(line, scheme, code, concepts);
                line.push_str(&expressions.line(LineKind::LabelsAround(scheme), code, around));
            }
        }
    }
    let source_type = (!dataset.hides(MaskableField::Methodology)).then(|| dataset.methodology.source_type.labels());
    for [en, fr, ar] in source_type.into_iter().chain([dataset.record_kind.labels()]) {
        index_text(&mut line, en, Language::English);
        index_text(&mut line, fr, Language::French);
        index_text(&mut line, ar, Language::Other);
    }
    for definition in &dataset.methodology.definitions {
        let [en, fr, ar] = definition.code.labels();
        index_text(&mut line, en, Language::English);
        index_text(&mut line, fr, Language::French);
        index_text(&mut line, ar, Language::Other);
    }
    for institution in source.institutions {
        add_text(&mut line, &institution.names);
        index_text(&mut line, institution.acronym.as_deref().unwrap_or_default(), Language::Other);
        for former in &institution.former_names {
            add_text(&mut line, &former.name);
        }
    }
    line
}

/// Names of the places inside a country at which figures are released, so that who looks for a city or region by its
/// name finds the national source that has figures for it.
fn area_tokens(dataset: &Dataset, concepts: &Concepts, expressions: &Expressions) -> String {
    let mut line = String::new();
    let Some(released) = dataset.coverage.released_level else { return line };
    let places = concepts.scheme(ConceptScheme::Places);
    for area in &dataset.coverage.reporting_areas {
        let country = places.get(area).and_then(|place| place.level).is_some_and(|level| level >= GeographicLevel::Country);
        for inside in places.narrower(area).filter(|_| country).filter_map(|code| places.get(code)) {
            let in_force = inside.valid_to.is_none() && !is_other_division(inside, &dataset.coverage);
            if in_force && inside.level.is_some_and(|level| level <= released) {
                let labels = |line: &mut String| add_labels(line, inside);
                line.push_str(&expressions.line(LineKind::Labels(ConceptScheme::Places), &inside.code, labels));
            }
        }
    }
    line
}

/// The labels of a concept and its code.
fn add_labels(line: &mut String, concept: &Concept) {
    add_text(line, &concept.labels);
    if let Some(token) = code_token(&concept.code) {
        line.push(' ');
        line.push_str(&token);
    }
}

/// The labels of a concept; for a place those of the country around it too, for a topic those of its group.
fn add_concept(line: &mut String, scheme: ConceptScheme, code: &str, concepts: &Concepts) {
    let list = concepts.scheme(scheme);
    let wide = ["WORLD", "EU", "OECD"];
    let around = list.ancestors(code).filter(|ancestor| !ancestor.starts_with("M49-") && !wide.contains(ancestor));
    for code in std::iter::once(code).chain(around) {
        if let Some(concept) = list.get(code) {
            add_labels(line, concept);
            // Who looks for a present region by its name is shown the records of the former one too.
            for successor in concept.successors.iter().filter_map(|successor| list.get(successor)) {
                add_text(line, &successor.labels);
            }
        }
    }
}

fn add_synonyms(title: &str, label: &mut String, body: &str, expressions: &Expressions) {
    let mut groups = expressions.groups_in(title);
    for line in [label.as_str(), body] {
        for group in expressions.groups_in(line) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
    }
    for group in groups {
        label.push_str(expressions.tokens(group));
    }
}

/// The tags of a record; the letters in front are listed in [`super::columns`].
pub fn tags(dataset: &Dataset) -> Vec<String> {
    let coverage = &dataset.coverage;
    let mut tags = Vec::new();
    let mut add = |prefix: &str, value: &str| {
        let tag = format!("{prefix}:{value}");
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    };
    let lists: [(&str, &[String]); 6] = [
        ("t", &dataset.themes),
        ("a", &coverage.reporting_areas),
        ("o", &coverage.origins),
        ("d", &coverage.destinations),
        ("b", &coverage.released_disaggregations),
        ("n", &dataset.indicators),
    ];
    for (prefix, codes) in lists {
        if codes.is_empty() {
            add(prefix, "-");
        }
        codes.iter().for_each(|code| add(prefix, code));
    }
    for slug in dataset.producer.iter().chain(dataset.holdings.iter().map(|h| &h.institution)) {
        add("i", slug.as_str());
    }
    for terms in dataset.holdings.iter().map(|h| &h.access_terms) {
        add("ag", terms.aggregates.code());
        add("mi", terms.microdata.code());
        add("ab", terms.basis().code());
    }
    add("k", dataset.record_kind.code());
    // Where the period is hidden, so are the dates that were registered.
    if dataset.hides(MaskableField::Period) {
        add("hp", "1");
    }
    // A hidden type of source is counted nowhere.
    if !dataset.hides(MaskableField::Methodology) {
        add("s", dataset.methodology.source_type.code());
    }
    add("f", coverage.frequency.map_or("UNKNOWN", Vocabulary::code));
    add("l", coverage.released_level.map_or("-", Vocabulary::code));
    if coverage.released_level_is_minimum {
        add("lm", "1");
    }
    if let Some(level) = coverage.collected_level {
        add("cl", level.code());
    }
    coverage.collected_disaggregations.iter().for_each(|code| add("cb", code));
    coverage.populations.iter().for_each(|code| add("p", code));
    if !dataset.discrepancies.is_empty() {
        add("x", &dataset.discrepancies.len().to_string());
    }
    add("c", dataset.certainty.code());
    add("st", dataset.status.code());
    add("cs", dataset.collection_status.map_or("-", Vocabulary::code));
    add("v", dataset.visibility.code());
    tags
}
