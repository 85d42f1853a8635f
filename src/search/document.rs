//! What of a record goes into the index: words by weight, and tags for filters and facets.

use std::sync::Arc;

use crate::domain::calendar;
use crate::domain::concept::is_region;
use crate::domain::concept::{Concept, Concepts};
use crate::domain::dataset::Dataset;
use crate::domain::institution::Institution;
use crate::domain::matching::is_other_division;
use crate::domain::text::MultilingualText;
use crate::domain::time::{FAR_FUTURE, FAR_PAST};
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel, MaskableField, Vocabulary};
use crate::domain::words;

use super::analysis::{Expressions, GAP, Language, LineKind, code_token, index_text, suggested_words};

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
    /// Tokens of the titles, with a [`GAP`] between two texts; so are those of the labels and of the other texts.
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
    begin(&mut body);
    index_text(&mut body, dataset.slug.as_str(), Language::Other);
    let main_title = dataset.titles.words(dataset.main_language(), None).unwrap_or_default();
    Prepared {
        id: source.id,
        number: source.number,
        updated_at: source.updated_at,
        start: period.and_then(|p| p.first_day()).unwrap_or(NOT_DOCUMENTED),
        end: period.and_then(|p| p.last_day()).unwrap_or(NOT_DOCUMENTED),
        due: dataset.review_due_on.map_or(FAR_FUTURE, |due| due.last_day().max(FAR_PAST)),
        // A quotation mark or a bracket in front has no place in the alphabet.
        title_key: words::fold(main_title).chars().skip_while(|c| !c.is_alphanumeric()).take(120).collect(),
        title,
        label,
        body,
        area: area_tokens(dataset, concepts, expressions),
        suggest,
        tags: tags(dataset),
        calendar: calendar::of_dataset(dataset).into_iter().map(|found| found.mark.packed()).collect(),
    }
}

/// Begins another text in a line of tokens: no phrase is found across two of them.
fn begin(line: &mut String) {
    line.push(GAP);
}

fn add_text(line: &mut String, text: &MultilingualText) {
    for (tag, wording) in text.iter() {
        begin(line);
        index_text(line, &wording.text, Language::of_tag(tag.as_str()));
    }
}

/// A text of a record that is searched.
pub enum Searched<'a> {
    /// In several languages.
    Text(&'a MultilingualText),
    /// Of no language, such as a value or the name of a variable.
    Sign(&'a str),
}

/// Gives every text of a record that is searched, beside its titles.
pub fn each_text<'a>(dataset: &'a Dataset, give: &mut dyn FnMut(&'static str, Searched<'a>)) {
    let methodology = &dataset.methodology;
    for (field, text) in [
        ("abstract", &dataset.abstract_text),
        ("programme", &dataset.programme),
        ("legalMandate", &dataset.legal_mandate),
        ("universe", &methodology.universe),
        ("samplingText", &methodology.sampling_text),
        ("samplingFrame", &methodology.sampling_frame),
        ("areaNote", &dataset.coverage.area_note),
        ("levelNote", &dataset.coverage.level_note),
    ] {
        give(field, Searched::Text(text));
    }
    let lists =
        [("keywords", &dataset.keywords), ("knownLimits", &methodology.known_limits), ("classifications", &dataset.classifications)];
    for (field, texts) in lists {
        texts.iter().for_each(|text| give(field, Searched::Text(text)));
    }
    for definition in &methodology.definitions {
        give("definitions", Searched::Text(&definition.text));
    }
    for holding in &dataset.holdings {
        give("conditions", Searched::Text(&holding.access_terms.conditions));
    }
    for discrepancy in &dataset.discrepancies {
        give("discrepancies", Searched::Text(&discrepancy.subject));
        for value in &discrepancy.values {
            give("discrepancies", Searched::Sign(&value.value));
        }
    }
    for variable in dataset.variables.iter().take(2_000) {
        give("variables", Searched::Sign(&variable.name));
        give("variables", Searched::Text(&variable.label));
    }
}

fn body_tokens(dataset: &Dataset) -> String {
    let mut line = String::new();
    each_text(dataset, &mut |_, searched| match searched {
        Searched::Text(text) => add_text(&mut line, text),
        Searched::Sign(sign) => {
            begin(&mut line);
            index_text(&mut line, sign, Language::Other);
        }
    });
    line
}

/// The concepts of a record whose labels are searched, by the name of their field; each concept once.
fn concepts_of(dataset: &Dataset) -> Vec<(&'static str, ConceptScheme, &str)> {
    let coverage = &dataset.coverage;
    let lists: [(&'static str, ConceptScheme, &[String]); 7] = [
        ("themes", ConceptScheme::Themes, &dataset.themes),
        ("indicators", ConceptScheme::Indicators, &dataset.indicators),
        ("reportingAreas", ConceptScheme::Places, &coverage.reporting_areas),
        ("origins", ConceptScheme::Places, &coverage.origins),
        ("destinations", ConceptScheme::Places, &coverage.destinations),
        ("disaggregations", ConceptScheme::Disaggregations, &coverage.released_disaggregations),
        ("populations", ConceptScheme::Populations, &coverage.populations),
    ];
    let mut found: Vec<(&'static str, ConceptScheme, &str)> = Vec::new();
    for (field, scheme, codes) in lists {
        for code in codes.iter().map(String::as_str).filter(|code| *code != "ANY") {
            if !found.iter().any(|(_, known, of)| *known == scheme && *of == code) {
                found.push((field, scheme, code));
            }
        }
    }
    found
}

/// The labels of a record's words of the vocabularies, by the name of their field.
fn words_of(dataset: &Dataset) -> Vec<(&'static str, [&'static str; 3])> {
    let source_type = (!dataset.hides(MaskableField::Methodology)).then(|| ("sourceType", dataset.methodology.source_type.labels()));
    let definitions = dataset.methodology.definitions.iter().map(|definition| ("definitions", definition.code.labels()));
    source_type.into_iter().chain([("recordKind", dataset.record_kind.labels())]).chain(definitions).collect()
}

/// Gives the labels with which a record is found: those of its concepts and of what is around them, of its vocabularies, and the names of its
/// institutions.
pub fn each_label<'a>(
    dataset: &Dataset,
    institutions: &[&'a Institution],
    concepts: &'a Concepts,
    give: &mut dyn FnMut(&'static str, Label<'a>),
) {
    for (field, scheme, code) in concepts_of(dataset) {
        for concept in with_around(scheme, code, concepts) {
            give(field, Label::Concept(concept));
            let list = concepts.scheme(scheme);
            concept.successors.iter().filter_map(|successor| list.get(successor)).for_each(|next| give(field, Label::Text(&next.labels)));
        }
    }
    words_of(dataset).into_iter().for_each(|(field, labels)| give(field, Label::Word(labels)));
    for institution in institutions {
        give("institutions", Label::Text(&institution.names));
        give("institutions", Label::Sign(institution.acronym.as_deref().unwrap_or_default()));
        institution.former_names.iter().for_each(|former| give("institutions", Label::Text(&former.name)));
    }
}

/// A label with which a record is found.
pub enum Label<'a> {
    /// The labels and the code of a concept.
    Concept(&'a Concept),
    /// A name.
    Text(&'a MultilingualText),
    /// A word of a vocabulary in English, French and Arabic.
    Word([&'static str; 3]),
    /// Of no language, such as an acronym.
    Sign(&'a str),
}

fn label_tokens(source: &Source<'_>, concepts: &Concepts, expressions: &Expressions) -> String {
    let mut line = String::new();
    for (_, scheme, code) in concepts_of(source.dataset) {
        let around = |line: &mut String| add_concept(line, scheme, code, concepts);
        line.push_str(&expressions.line(LineKind::LabelsAround(scheme), code, around));
    }
    for (_, [en, fr, ar]) in words_of(source.dataset) {
        for (label, language) in [(en, Language::English), (fr, Language::French), (ar, Language::Other)] {
            begin(&mut line);
            index_text(&mut line, label, language);
        }
    }
    for institution in source.institutions {
        add_text(&mut line, &institution.names);
        begin(&mut line);
        index_text(&mut line, institution.acronym.as_deref().unwrap_or_default(), Language::Other);
        for former in &institution.former_names {
            add_text(&mut line, &former.name);
        }
    }
    line
}

/// The places inside the countries of a record at which figures are released, so that who looks for a city or region by its name finds the
/// national source that has figures for it.
pub fn places_inside<'a>(dataset: &Dataset, concepts: &'a Concepts) -> impl Iterator<Item = &'a Concept> {
    let places = concepts.scheme(ConceptScheme::Places);
    let is_country = |area: &&String| places.get(area).and_then(|place| place.level).is_some_and(|level| level >= GeographicLevel::Country);
    let released = dataset.coverage.released_level;
    let areas = dataset.coverage.reporting_areas.iter().filter(move |area| released.is_some() && is_country(area));
    areas.flat_map(|area| places.narrower(area)).filter_map(|code| places.get(code)).filter(move |inside| {
        let in_force = inside.valid_to.is_none() && !is_other_division(inside, &dataset.coverage);
        in_force && inside.level.zip(released).is_some_and(|(level, released)| level <= released)
    })
}

/// The regions of the world around the reporting areas of a record. Their names are not indexed, for each of their words is part of other names too: who
/// searches for such a name as a whole finds it by its code.
pub fn regions_around<'a>(dataset: &'a Dataset, concepts: &'a Concepts) -> impl Iterator<Item = &'a Concept> {
    let places = concepts.scheme(ConceptScheme::Places);
    let areas = dataset.coverage.reporting_areas.iter();
    let mut codes: Vec<&str> = areas.flat_map(|area| places.ancestors(area)).filter(|code| is_region(code)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().filter_map(|code| places.get(code))
}

fn area_tokens(dataset: &Dataset, concepts: &Concepts, expressions: &Expressions) -> String {
    let inside = places_inside(dataset, concepts).map(|inside| tokens_of_place(inside, expressions));
    let line = inside.fold(String::new(), |line, tokens| line + &tokens);
    regions_around(dataset, concepts).filter_map(|region| code_token(&region.code)).fold(line, |line, token| line + " " + &token)
}

/// The tokens of the labels and the code of a place, made once.
pub fn tokens_of_place(place: &Concept, expressions: &Expressions) -> Arc<str> {
    expressions.line(LineKind::Labels(ConceptScheme::Places), &place.code, |line| add_labels(line, place))
}

/// The labels of a concept and its code.
fn add_labels(line: &mut String, concept: &Concept) {
    add_text(line, &concept.labels);
    if let Some(token) = code_token(&concept.code) {
        begin(line);
        line.push_str(&token);
    }
}

/// A concept; with a place the country around it, with a topic its group.
fn with_around<'a>(scheme: ConceptScheme, code: &str, concepts: &'a Concepts) -> impl Iterator<Item = &'a Concept> {
    let list = concepts.scheme(scheme);
    let wide = ["WORLD", "EU", "OECD"];
    let around = list.ancestors(code).filter(move |ancestor| !is_region(ancestor) && !wide.contains(ancestor));
    list.get(code).into_iter().chain(around.filter_map(|code| list.get(code)))
}

/// The labels of a concept and of what is around it.
fn add_concept(line: &mut String, scheme: ConceptScheme, code: &str, concepts: &Concepts) {
    for concept in with_around(scheme, code, concepts) {
        add_labels(line, concept);
        // Who looks for a present region by its name is shown the records of the former one too.
        for successor in concept.successors.iter().filter_map(|successor| concepts.get(scheme, successor)) {
            add_text(line, &successor.labels);
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
        add("as", &terms.statement().code());
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
