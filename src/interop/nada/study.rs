//! One study becomes a draft.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::leaves::Leaves;
use crate::domain::concept::Concepts;
use crate::domain::dataset::{Category, Variable};
use crate::domain::draft::DatasetDraft;
use crate::domain::holding::Holding;
use crate::domain::methodology::{Methodology, QualityStatement};
use crate::domain::text::{MultilingualText, Wording};
use crate::domain::time::{Bound, Period};
use crate::domain::vocabulary::{
    AccessLevel, Certainty, HoldingRole, QualityDimension, RequestChannel, SourceType, StatementBasis, TextStatus, Vocabulary,
};
use crate::domain::words;
use crate::interop::ddi::places::Nation;
use crate::interop::ddi::spans::Span;
use crate::interop::ddi::{
    MORE_THAN_MODES, MORE_THAN_PANEL, NO_PANEL, assumed_source, blank_methodology, dates, frequency, is_address, modes_said, places,
    samplings_in, says_only, times_said, units_in,
};
use crate::interop::exchange::Found;
use crate::interop::holder::{not_yet_known, unknown_terms};
use crate::interop::xml_text::{language, words as cleaned};

struct Study<'v, 'c> {
    value: &'v Value,
    leaves: Leaves,
    concepts: &'c Concepts,
    found: Found,
}

/// Reads a study.
pub(super) fn read(value: &Value, concepts: &Concepts) -> Found {
    let draft = DatasetDraft { certainty: Some(Certainty::Unverified), ..DatasetDraft::default() };
    let mut study = Study { value, leaves: Leaves::of(value), concepts, found: Found { draft, ..Found::default() } };
    identity(&mut study);
    describers(&mut study);
    subject(&mut study);
    coverage(&mut study);
    method(&mut study);
    access(&mut study);
    variables(&mut study);
    let Study { leaves, mut found, .. } = study;
    found.unfit = leaves.leftovers(&remedy);
    found
}

fn remedy(path: &str) -> &'static str {
    if path.contains("sumstat") || path.contains(".stats") || path.contains("valrng") {
        "figures of the data are not kept by a catalogue of metadata; they are in the original only"
    } else if path.starts_with("doc_desc") || path.starts_with("created") || path.starts_with("changed") {
        "describes the document and not the data; it is kept in the original only"
    } else {
        "has no field in the registry; it is kept in the original only"
    }
}

impl Study<'_, '_> {
    fn line(&mut self, path: &str) -> Option<String> {
        self.leaves.take(path, true)
    }

    /// The words at the first of these places that has any.
    fn first(&mut self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.line(path))
    }

    fn text(&mut self, path: &str) -> MultilingualText {
        let mut text = MultilingualText::default();
        let found = self.leaves.take(path, false);
        add(&mut text, found);
        text
    }
}

/// Adds words to a text of which nobody stated the language.
fn add(text: &mut MultilingualText, found: Option<String>) {
    let (Some(found), Some(tag)) = (found, language::undetermined()) else { return };
    match text.0.get_mut(&tag) {
        Some(there) => there.text = cleaned::clean(&format!("{}\n\n{found}", there.text), false).0,
        None => {
            text.0.insert(tag, Wording { text: found, status: TextStatus::Official });
        }
    }
}

fn worded(found: String) -> MultilingualText {
    let mut text = MultilingualText::default();
    add(&mut text, Some(found));
    text
}

fn identity(study: &mut Study) {
    let title = study.first(&["study_desc.title_statement.title", "title"]);
    add(&mut study.found.draft.titles, title);
    study.found.origin.identifier = study.first(&["study_desc.title_statement.idno", "idno"]);
    match study.line("url") {
        Some(url) if is_address(&url) => study.found.origin.address = Some(url),
        Some(other) => study.leaves.tell("url", &other, "is not an address on the web; give a full one that starts with https://"),
        None => {}
    }
    let dated = study.first(&["study_desc.version_statement.version_date"]);
    study.found.origin.modified = dated.and_then(|date| dates::read_date(&date)).map(|date| date.to_string());
    add(&mut study.found.draft.programme, study.leaves.take("study_desc.series_statement.series_name", true));
    // A row of a search gives it as words.
    let authors = study.line("authoring_entity").map(worded);
    study.found.origin.producers.extend(authors);
    for (list, fields) in [
        ("authoring_entity", ["name", "affiliation"]),
        ("production_statement.producers", ["name", "affiliation"]),
        ("distribution_statement.distributors", ["name", "affiliation"]),
    ] {
        let pointer = format!("/study_desc/{}", list.replace('.', "/"));
        for index in 0..Leaves::count(study.value, &pointer) {
            for field in fields {
                let name = study.line(&format!("study_desc.{list}[{index}].{field}")).map(worded);
                if field == "affiliation" {
                    study.found.origin.organisations.extend(name.clone());
                }
                if list.ends_with("distributors") {
                    study.found.origin.holders.extend(name.clone());
                }
                study.found.origin.producers.extend(name.filter(|name| !study.found.origin.producers.contains(name)));
            }
        }
    }
}

/// Those who wrote the description are persons more often than not: that they are named is told, where they work too, not who they are.
fn describers(study: &mut Study) {
    for index in 0..Leaves::count(study.value, "/doc_desc/producers") {
        for field in ["name", "abbr"] {
            let place = format!("doc_desc.producers[{index}].{field}");
            if study.line(&place).is_some() {
                study.leaves.tell(&place, "", "names who wrote the description, which may be a person; it is kept in the original only");
            }
        }
    }
}

fn subject(study: &mut Study) {
    study.found.draft.abstract_text = study.text("study_desc.study_info.abstract");
    study.found.draft.legal_mandate = study.text("study_desc.study_authorization.authorization_statement");
    let standards = "study_desc.study_info.quality_statement.standards";
    for index in 0..Leaves::count(study.value, "/study_desc/study_info/quality_statement/standards") {
        let name = study.line(&format!("{standards}[{index}].name")).map(worded);
        study.found.draft.classifications.extend(name.filter(|name| !study.found.draft.classifications.contains(name)));
    }
    for (list, field) in [("keywords", "keyword"), ("topics", "topic")] {
        for index in 0..Leaves::count(study.value, &format!("/study_desc/study_info/{list}")) {
            let word = study.line(&format!("study_desc.study_info.{list}[{index}].{field}")).map(worded);
            study.found.draft.keywords.extend(word.filter(|word| !study.found.draft.keywords.contains(word)));
        }
    }
}

fn coverage(study: &mut Study) {
    let count = Leaves::count(study.value, "/study_desc/study_info/nation");
    let mut nations: Vec<(String, Option<String>)> = (0..count)
        .map(|index| format!("study_desc.study_info.nation[{index}]"))
        .map(|base| (format!("{base}.name"), Some(format!("{base}.abbreviation"))))
        .collect();
    // A row of a search names it without a code.
    nations.push(("nation".to_owned(), None));
    for (name_at, code_at) in nations {
        let name = study.line(&name_at).unwrap_or_default();
        let code = code_at.as_ref().and_then(|place| study.line(place)).unwrap_or_default();
        if name.is_empty() && code.is_empty() {
            continue;
        }
        let nation = places::nation(study.concepts, &code, &name);
        if matches!(nation, Nation::ByName(_)) {
            let remedy = format!("is not the code of {name} in ISO 3166; the name was believed: check the reporting area");
            study.leaves.tell(code_at.as_ref().unwrap_or(&name_at), &code, remedy);
        }
        match nation {
            Nation::Known(area) | Nation::ByName(area) if !study.found.draft.coverage.reporting_areas.contains(&area) => {
                study.found.draft.coverage.reporting_areas.push(area)
            }
            Nation::Known(_) | Nation::ByName(_) => {}
            Nation::Unknown => {
                let (place, said) = if name.is_empty() { (code_at.unwrap_or(name_at), code) } else { (name_at, name) };
                study.leaves.tell(
                    &place,
                    &said,
                    "is not a country of the list PLACES; it stands in `coverage.areaNote`: choose the reporting area",
                );
                add(&mut study.found.draft.coverage.area_note, Some(said));
            }
        }
    }
    add(&mut study.found.draft.coverage.area_note, study.leaves.take("study_desc.study_info.geog_coverage", false));
    add(&mut study.found.draft.coverage.area_note, study.leaves.take("study_desc.study_info.geog_coverage_notes", false));
    study.found.draft.coverage.level_note = study.text("study_desc.study_info.geog_unit");
    study.found.draft.coverage.collection_period = period(study, "coll_dates");
    study.found.draft.coverage.period = period(study, "time_periods").or_else(|| years(study));
}

/// One period of the ranges of a list. What it does not say is told and stands in its note.
fn period(study: &mut Study, list: &str) -> Option<Period> {
    let mut spans: Vec<Span> = Vec::new();
    let mut places: Vec<String> = Vec::new();
    let mut note = MultilingualText::default();
    for index in 0..Leaves::count(study.value, &format!("/study_desc/study_info/{list}")) {
        let base = format!("study_desc.study_info.{list}[{index}]");
        let start = bound(study, &format!("{base}.start"), &mut note);
        let end = bound(study, &format!("{base}.end"), &mut note);
        if !(start.is_unknown() && end.is_unknown()) {
            spans.push(Span { start, end });
            places.push(base);
        }
    }
    let mut period = Span::enclosing(&spans);
    period.note = note;
    for (index, (span, place)) in spans.iter().zip(&places).enumerate() {
        let is_repeated = spans.iter().take(index).any(|other| other == span);
        if !is_repeated && !span.is_said_by(&period) {
            study.leaves.tell(place, &span.value(), span.remedy(&period));
            add(&mut period.note, Some(span.words()));
        }
    }
    (period != Period::default()).then_some(period)
}

fn bound(study: &mut Study, place: &str, note: &mut MultilingualText) -> Bound {
    let Some(raw) = study.line(place) else { return Bound::Unknown };
    let date = dates::read_date(&raw);
    if date.is_some() && dates::has_zeros(&raw) {
        study.leaves.tell(place, &raw, dates::ZEROS);
    }
    if date.is_none() {
        let remedy = "is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD; it stands in the note of the period";
        study.leaves.tell(place, &raw, remedy);
        add(note, Some(raw));
    }
    date.map_or(Bound::Unknown, Bound::Date)
}

/// The years of a row in a list of studies.
fn years(study: &mut Study) -> Option<Period> {
    let mut note = MultilingualText::default();
    let (start, end) = (bound(study, "year_start", &mut note), bound(study, "year_end", &mut note));
    let span = Span { start, end };
    let mut period = Span::enclosing(&[span]);
    if span.is_impossible() {
        study.leaves.tell("year_start", &span.value(), span.remedy(&period));
        add(&mut note, Some(span.words()));
    }
    period.note = note;
    (period != Period::default()).then_some(period)
}

fn method(study: &mut Study) {
    let mut found = blank_methodology(SourceType::HouseholdSurveyModule);
    let collection = "study_desc.method.data_collection";
    found.universe = study.text("study_desc.study_info.universe");
    found.sampling_text = study.text(&format!("{collection}.sampling_procedure"));
    found.sampling_designs = found.sampling_text.iter().flat_map(|(_, wording)| samplings_in(&wording.text)).collect();
    found.weights = study.text(&format!("{collection}.weight"));
    found.response = study.text("study_desc.method.analysis_info.response_rate");
    for part in ["name", "custodian", "universe", "update_procedure"] {
        add(&mut found.sampling_frame, study.leaves.take(&format!("{collection}.sample_frame.{part}"), false));
    }
    let limits = study.text(&format!("{collection}.sampling_deviation"));
    found.known_limits.extend(Some(limits).filter(|text| !text.is_empty()));
    time_methods(study, collection, &mut found);
    modes(study, collection, &mut found);
    units(study, &mut found);
    how_often(study, collection);
    quality(study, &mut found);
    let kinds = study.line("study_desc.study_info.data_kind").unwrap_or_default();
    let titles: String = study.found.draft.titles.iter().map(|(_, title)| words::fold(&title.text)).collect();
    let (kind, assumed) = assumed_source(&format!(" {} ", words::fold(&kinds)), &format!(" {titles} "));
    if !kinds.is_empty() && !says_only(&words::fold(&kinds), kind) {
        let remedy = "is no type of source of the registry, or says more or something else than the one that was taken: check \
            `methodology.sourceType`, and write the rest into the abstract";
        study.leaves.tell("study_desc.study_info.data_kind", &kinds, remedy);
    }
    if kind.is_none() && found == blank_methodology(SourceType::HouseholdSurveyModule) {
        return;
    }
    found.source_type = kind.unwrap_or(found.source_type);
    study.leaves.told.push(assumed);
    study.found.draft.methodology = Some(found);
}

/// Of time methods a panel is a design of the registry; another one is told.
fn time_methods(study: &mut Study, collection: &str, found: &mut Methodology) {
    let count = Leaves::count(study.value, "/study_desc/method/data_collection/time_method");
    let mut places: Vec<String> = (0..count).map(|index| format!("{collection}.time_method[{index}]")).collect();
    places.push(format!("{collection}.time_method"));
    for place in places {
        let Some(words) = study.line(&place) else { continue };
        let (designs, says_more) = times_said(&words);
        if designs.is_empty() || says_more {
            study.leaves.tell(&place, &words, if designs.is_empty() { NO_PANEL } else { MORE_THAN_PANEL });
        }
        found.sampling_designs.extend(designs);
    }
    let mut met = HashSet::new();
    found.sampling_designs.retain(|design| met.insert(design.code()));
}

fn modes(study: &mut Study, collection: &str, found: &mut Methodology) {
    let count = Leaves::count(study.value, "/study_desc/method/data_collection/coll_mode");
    let mut places: Vec<String> = (0..count).map(|index| format!("{collection}.coll_mode[{index}]")).collect();
    places.push(format!("{collection}.coll_mode"));
    for place in places {
        let Some(words) = study.line(&place) else { continue };
        let (modes, says_more) = modes_said(&words);
        if modes.is_empty() {
            study.leaves.tell(&place, &words, "no code of the registry means the same; choose from `methodology.collectionModes`");
        } else if says_more {
            study.leaves.tell(&place, &words, MORE_THAN_MODES);
        }
        modes.into_iter().for_each(|mode| {
            if !found.collection_modes.contains(&mode) {
                found.collection_modes.push(mode);
            }
        });
    }
}

fn units(study: &mut Study, found: &mut Methodology) {
    let Some(words) = study.leaves.take("study_desc.study_info.analysis_unit", false) else { return };
    found.statistical_units = units_in(&words);
    found.statistical_units.dedup();
    add(&mut found.statistical_unit_text, Some(words));
}

fn how_often(study: &mut Study, collection: &str) {
    let place = format!("{collection}.frequency");
    let Some(words) = study.line(&place) else { return };
    match frequency(&words) {
        Some(member) => study.found.draft.coverage.frequency = Some(member),
        None => study.leaves.tell(&place, &words, "is no frequency of the registry; choose `coverage.frequency`"),
    }
}

fn quality(study: &mut Study, found: &mut Methodology) {
    for part in ["sampling_error_estimates", "data_appraisal"] {
        let text = study.text(&format!("study_desc.method.analysis_info.{part}"));
        if !text.is_empty() {
            found.quality.push(QualityStatement { dimension: QualityDimension::Accuracy, text, author: None, date: None });
        }
    }
    let place = "study_desc.study_info.quality_statement.other_quality_statement";
    let text = study.text(place);
    if !text.is_empty() {
        study.leaves.tell(
            place,
            "RELEVANCE",
            "the document does not tell the dimension of this statement; RELEVANCE stands in: choose the dimension",
        );
        found.quality.push(QualityStatement { dimension: QualityDimension::Relevance, text, author: None, date: None });
    }
}

fn access(study: &mut Study) {
    let mut terms = unknown_terms();
    let used = "study_desc.data_access.dataset_use";
    for part in ["restrictions", "conditions"] {
        add(&mut terms.conditions, study.leaves.take(&format!("{used}.{part}"), false));
    }
    for part in ["spec_perm[0]", "conf_dec[0]"] {
        let place = format!("{used}.{part}.txt");
        let is_asked_for = study.line(&format!("{used}.{part}.required")).is_none_or(|answer| !answer.eq_ignore_ascii_case("no"));
        let words = study.leaves.take(&place, false);
        match words {
            Some(said) if !is_asked_for => {
                let remedy = "is not required, as `required` beside it says, so it is no condition; say in the conditions what holds";
                study.leaves.tell(&place, &said, remedy);
            }
            words => add(&mut terms.conditions, words),
        }
    }
    for part in ["cit_req", "deposit_req", "disclaimer"] {
        add(&mut terms.conditions, study.leaves.take(&format!("{used}.{part}"), false));
    }
    for part in ["status", "notes"] {
        add(&mut terms.conditions, study.leaves.take(&format!("study_desc.data_access.dataset_availability.{part}"), false));
    }
    let place = "study_desc.data_access.dataset_availability.access_place_url";
    match study.line(place) {
        Some(url) if is_address(&url) => {
            terms.channel = RequestChannel::Url;
            terms.channel_url = Some(url);
        }
        Some(other) => {
            let remedy = "is not an address on the web, so it was not taken; give a full one that starts with https://";
            study.leaves.tell(place, &other, remedy);
        }
        None => {}
    }
    // A row of a search calls it `form_model`.
    for (field, policy) in ["data_access_type", "form_model"].map(|field| (field, study.line(field))) {
        let Some(policy) = policy else { continue };
        match policy.as_str() {
            "open" => terms.microdata = AccessLevel::Open,
            "public" | "direct" => terms.microdata = AccessLevel::Puf,
            "licensed" => terms.microdata = AccessLevel::Licensed,
            "data_enclave" | "enclave" => terms.microdata = AccessLevel::Secure,
            other => study.leaves.tell(field, other, "is no level of access of the registry; choose one"),
        }
        if terms.microdata != AccessLevel::Unknown {
            terms.microdata_basis = StatementBasis::Quoted;
        }
    }
    contacts(study);
    // Whoever gives the data out holds them, on whatever terms.
    let holder = (terms != unknown_terms() || !study.found.origin.holders.is_empty()).then(not_yet_known);
    study.found.draft.holdings.extend(holder.map(|institution| Holding {
        institution,
        role: HoldingRole::Disseminator,
        access_terms: terms,
        distributions: Vec::new(),
    }));
}

/// Contacts may be persons: that there is one is told, who it is stays in the original.
fn contacts(study: &mut Study) {
    for (list, pointer) in [
        ("study_desc.data_access.dataset_use.contact", "/study_desc/data_access/dataset_use/contact"),
        ("study_desc.distribution_statement.contact", "/study_desc/distribution_statement/contact"),
    ] {
        for index in 0..Leaves::count(study.value, pointer) {
            for field in ["name", "affiliation", "email", "uri"] {
                let place = format!("{list}[{index}].{field}");
                if study.line(&place).is_some() {
                    study.leaves.tell(
                        &place,
                        "",
                        "names a contact, which may be a person, and is not taken over; give the desk of the institution instead",
                    );
                }
            }
        }
    }
}

fn variables(study: &mut Study) {
    let files = files(study);
    for index in 0..Leaves::count_all(study.value, "/variables") {
        let base = format!("variables[{index}]");
        let Some(name) = study.line(&format!("{base}.name")) else { continue };
        // A file that has no name is told by the number that leads to it.
        let file =
            study.value.pointer(&format!("/variables/{index}/file_id")).and_then(worded_value).and_then(|id| files.get(&id)).cloned();
        if file.is_some() {
            study.line(&format!("{base}.file_id"));
        }
        for repeated in ["fid", "vid"] {
            study.line(&format!("{base}.{repeated}"));
        }
        let mut label = MultilingualText::default();
        add(&mut label, study.leaves.take(&format!("{base}.labl"), true));
        let categories = (0..Leaves::count_all(study.value, &format!("/variables/{index}/var_catgry")))
            .filter_map(|number| category(study, &format!("{base}.var_catgry[{number}]")))
            .collect();
        study.found.draft.variables.push(Variable { file, name, label, categories });
    }
}

/// The names of files by their numbers, of those that variables are in. The name of another has no field, and is told.
fn files(study: &mut Study) -> HashMap<String, String> {
    let variables = study.value.get("variables").and_then(Value::as_array).into_iter().flatten();
    let wanted: HashSet<String> = variables.filter_map(|variable| variable.get("file_id")).filter_map(worded_value).collect();
    let mut files = HashMap::new();
    for index in 0..Leaves::count(study.value, "/data_files") {
        let id = study.line(&format!("data_files[{index}].file_id")).filter(|id| wanted.contains(id));
        let name = id.as_ref().and_then(|_| study.line(&format!("data_files[{index}].file_name")));
        files.extend(id.zip(name));
    }
    files
}

/// A text or a number as one line of words.
fn worded_value(value: &Value) -> Option<String> {
    let raw = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(cleaned::clean(&raw, true).0).filter(|words| !words.is_empty())
}

fn category(study: &mut Study, base: &str) -> Option<Category> {
    let code = study.line(&format!("{base}.value"))?;
    let mut label = MultilingualText::default();
    add(&mut label, study.leaves.take(&format!("{base}.labl"), true));
    Some(Category { code, label })
}
