//! What the study is, what it is about and what it covers.

use super::elements::Sheet;
use crate::domain::text::MultilingualText;
use crate::domain::time::{PartialDate, Period};
use crate::domain::vocabulary::{ConceptScheme, DefinitionCode, GeographicLevel, HoldingRole, Vocabulary};
use crate::interop::ddi::{OWN, Version, codes};
use crate::interop::oai::dublin_core::day;

/// The description of the document.
pub(super) fn document(sheet: &mut Sheet) {
    let outgoing = sheet.outgoing;
    let address = outgoing.page();
    sheet.page.open("docDscr", &[]);
    sheet.page.open("citation", &[]);
    titles(sheet);
    let modified = day(outgoing.modified_at);
    sheet.page.open("prodStmt", &[]);
    sheet.page.leaf("prodDate", &[("date", &modified)], &modified);
    sheet.page.leaf("software", &[], "Rihla");
    sheet.page.close();
    // When the description was published here; when the data were, nobody documents.
    let issued = day(outgoing.issued_at);
    sheet.page.open("distStmt", &[]);
    sheet.page.leaf("distDate", &[("date", &issued)], &issued);
    sheet.page.close();
    // It is the description that has this number; a version of the data is not documented.
    sheet.page.open("verStmt", &[]);
    sheet.page.leaf("version", &[("date", &modified)], &outgoing.version.to_string());
    sheet.page.close();
    sheet.page.empty("holdings", &[("URI", &address)]);
    sheet.page.close();
    sheet.page.close();
}

fn titles(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    let main = record.titles.get(record.main_language(), None).map(|(tag, _)| tag.clone());
    sheet.page.open("titlStmt", &[]);
    let mut first = MultilingualText::default();
    let mut others = MultilingualText::default();
    for (tag, wording) in record.titles.iter() {
        let list = if Some(tag) == main.as_ref() { &mut first } else { &mut others };
        list.0.insert(tag.clone(), wording.clone());
    }
    if first.is_empty() {
        sheet.page.leaf("titl", &[("xml:lang", "und")], record.slug.as_str());
    }
    sheet.texts("titl", &first, &[]);
    sheet.texts("parTitl", &others, &[]);
    sheet.page.leaf("IDNo", &[("agency", OWN)], record.slug.as_str());
    if let Some(identifier) = &record.identifier {
        sheet.page.leaf("IDNo", &[("agency", "URN")], identifier);
    }
    sheet.page.close();
}

/// The citation of the study.
pub(super) fn citation(sheet: &mut Sheet) {
    let outgoing = sheet.outgoing;
    let record = outgoing.dataset;
    let base = outgoing.around.base_url;
    sheet.page.open("citation", &[]);
    titles(sheet);
    let took_part: Vec<_> = record.producer.iter().chain(&record.partners).collect();
    if !took_part.is_empty() {
        sheet.page.open("rspStmt", &[]);
        record.producer.iter().for_each(|slug| responsible(sheet, "AuthEnty", slug));
        record.partners.iter().for_each(|slug| responsible(sheet, "othId", slug));
        sheet.page.close();
    }
    production(sheet);
    distribution(sheet, base);
    if !record.programme.is_empty() {
        sheet.page.open("serStmt", &[]);
        sheet.texts("serName", &record.programme, &[]);
        sheet.page.close();
    }
    let address = outgoing.page();
    let language = record.main_language().unwrap_or_else(|| sheet.first_language());
    sheet.page.empty("holdings", &[("xml:lang", language), ("URI", &address)]);
    sheet.page.close();
    if !record.legal_mandate.is_empty() {
        sheet.page.open("studyAuthorization", &[]);
        sheet.texts("authorizationStatement", &record.legal_mandate, &[]);
        sheet.page.close();
    }
}

/// `AuthEnty` and `othId` know no abbreviation in version 2.5.
fn responsible(sheet: &mut Sheet, name: &str, slug: &crate::domain::ids::Slug) {
    match sheet.institution(slug) {
        Some(institution) => sheet.texts(name, &institution.names, &[]),
        None => {
            let language = sheet.first_language();
            sheet.page.leaf(name, &[("xml:lang", language)], slug.as_str());
        }
    }
}

fn production(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    sheet.page.open("prodStmt", &[]);
    if sheet.version == Version::V26 {
        for tag in &record.languages {
            sheet.page.leaf("language", &[("languageCode", tag.as_str())], tag.as_str());
        }
    }
    if let Some(producer) = &record.producer {
        sheet.names("producer", producer, &[]);
    }
    sheet.page.close();
}

/// Who gives the data out: those who do, else those who hold them, else the producer, else this catalogue.
fn distribution(sheet: &mut Sheet, base: &str) {
    let outgoing = sheet.outgoing;
    let record = outgoing.dataset;
    let of = |role: HoldingRole| record.holdings.iter().filter(move |holding| holding.role == role).map(|holding| &holding.institution);
    let mut slugs: Vec<_> = of(HoldingRole::Disseminator).collect();
    if slugs.is_empty() {
        slugs = of(HoldingRole::Holder).chain(of(HoldingRole::Producer)).chain(&record.producer).take(1).collect();
    }
    sheet.page.open("distStmt", &[]);
    for slug in &slugs {
        let address = format!("{base}/institution/{slug}");
        sheet.names("distrbtr", slug, &[("URI", &address)]);
    }
    if slugs.is_empty() {
        sheet.page.leaf("distrbtr", &[("xml:lang", "und"), ("URI", base)], base);
    }
    sheet.page.close();
}

/// Subjects, abstract, coverage, classifications and quality.
pub(super) fn subject_and_coverage(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    sheet.page.open("stdyInfo", &[]);
    subjects(sheet);
    if record.abstract_text.is_empty() {
        let language = sheet.label_language();
        sheet.page.leaf("abstract", &[("xml:lang", language)], DefinitionCode::NotDocumented.label(language));
    }
    sheet.texts("abstract", &record.abstract_text, &[]);
    summary(sheet);
    if !record.classifications.is_empty() || !record.methodology.quality.is_empty() {
        sheet.page.open("qualityStatement", &[]);
        for text in record.classifications.iter().filter(|text| !text.is_empty()) {
            sheet.page.open("standardsCompliance", &[]);
            sheet.page.open("standard", &[]);
            sheet.texts("standardName", text, &[]);
            sheet.page.close();
            sheet.page.close();
        }
        for statement in &record.methodology.quality {
            sheet.texts("otherQualityStatement", &statement.text, &[]);
        }
        sheet.page.close();
    }
    sheet.page.close();
}

fn subjects(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    let concepts = sheet.outgoing.around.concepts;
    if record.keywords.is_empty() && record.themes.is_empty() && record.indicators.is_empty() {
        return;
    }
    sheet.page.open("subject", &[]);
    for keyword in &record.keywords {
        sheet.texts("keyword", keyword, &[]);
    }
    for (scheme, list) in [(ConceptScheme::Themes, &record.themes), (ConceptScheme::Indicators, &record.indicators)] {
        for concept in list.iter().filter_map(|code| concepts.get(scheme, code)) {
            sheet.topic("topcClas", scheme.code(), concept);
        }
    }
    sheet.page.close();
}

fn summary(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    let (coverage, methodology) = (&record.coverage, &record.methodology);
    sheet.page.open("sumDscr", &[]);
    period(sheet, "timePrd", coverage.period.as_ref());
    period(sheet, "collDate", coverage.collection_period.as_ref());
    areas(sheet);
    sheet.texts("geogCover", &coverage.area_note, &[]);
    if let Some(level) = coverage.released_level {
        sheet.member::<GeographicLevel>("geogUnit", level, None);
    }
    sheet.texts("geogUnit", &coverage.level_note, &[]);
    for unit in &methodology.statistical_units {
        let line = codes::written(codes::UNITS, *unit);
        sheet.member("anlyUnit", *unit, line.map(|line| (&codes::UNIT, line)));
    }
    sheet.texts("anlyUnit", &methodology.statistical_unit_text, &[]);
    sheet.texts("universe", &methodology.universe, &[]);
    sheet.member("dataKind", methodology.source_type, None);
    sheet.page.close();
}

/// Countries as nations, all other places as geographic coverage with their code.
fn areas(sheet: &mut Sheet) {
    let concepts = sheet.outgoing.around.concepts;
    let places: Vec<_> =
        sheet.outgoing.dataset.coverage.reporting_areas.iter().filter_map(|code| concepts.get(ConceptScheme::Places, code)).collect();
    let is_country = |place: &&&crate::domain::concept::Concept| place.level == Some(GeographicLevel::Country);
    for place in places.iter().filter(is_country) {
        for (tag, wording) in place.labels.iter() {
            sheet.page.leaf("nation", &[("xml:lang", tag.as_str()), ("abbr", &place.code)], &wording.text);
        }
    }
    for place in places.iter().filter(|place| !is_country(place)) {
        for (tag, wording) in place.labels.iter() {
            sheet.page.mixed("geogCover", &[("xml:lang", tag.as_str())], &wording.text, |page| {
                page.leaf("concept", &[("vocab", "PLACES"), ("vocabURI", "urn:x-rihla:concept:places")], &place.code);
            });
        }
    }
}

fn period(sheet: &mut Sheet, name: &str, period: Option<&Period>) {
    let Some(period) = period else { return };
    let plain = |date: PartialDate| PartialDate { qualifier: None, ..date }.to_string();
    for (event, bound) in [("start", period.start), ("end", period.end)] {
        if let Some(date) = bound.date() {
            let date = plain(date);
            sheet.page.leaf(name, &[("date", &date), ("event", event)], &date);
        }
    }
}
