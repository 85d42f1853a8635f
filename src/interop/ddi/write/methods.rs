//! How the data came into being, on which terms they are had, and what stands beside them.

use std::collections::BTreeMap;

use super::elements::Sheet;
use crate::domain::holding::{AccessTerms, Holding};
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{SamplingDesign, Vocabulary};
use crate::interop::ddi::codes;

/// The methodology.
pub(super) fn method(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    let methodology = &record.methodology;
    sheet.page.open("method", &[]);
    sheet.page.open("dataColl", &[]);
    if methodology.sampling_designs.contains(&SamplingDesign::Panel)
        && let Some(line) = codes::written(codes::TIMES, SamplingDesign::Panel)
    {
        let attributes = [("vocab", codes::TIME.name), ("vocabURI", codes::TIME.urn)];
        sheet.page.mixed("timeMeth", &[("xml:lang", "en")], line.label, |page| page.leaf("concept", &attributes, line.code));
    }
    if let Some(frequency) = record.coverage.frequency {
        let language = sheet.label_language();
        sheet.page.leaf("frequenc", &[("xml:lang", language), ("freq", frequency.code())], frequency.label(language));
    }
    for design in &methodology.sampling_designs {
        let line = codes::written(codes::SAMPLINGS, *design);
        sheet.member("sampProc", *design, line.map(|line| (&codes::SAMPLING, line)));
    }
    sheet.texts("sampProc", &methodology.sampling_text, &[]);
    if !methodology.sampling_frame.is_empty() {
        sheet.page.open("sampleFrame", &[]);
        sheet.texts("txt", &methodology.sampling_frame, &[]);
        sheet.page.close();
    }
    methodology.known_limits.iter().for_each(|limit| sheet.texts("deviat", limit, &[]));
    for mode in &methodology.collection_modes {
        let line = codes::written(codes::MODES, *mode);
        sheet.member("collMode", *mode, line.map(|line| (&codes::MODE, line)));
    }
    sheet.texts("weight", &methodology.weights, &[]);
    sheet.page.close();
    if !methodology.response.is_empty() {
        sheet.page.open("anlyInfo", &[]);
        sheet.texts("respRate", &methodology.response, &[]);
        sheet.page.close();
    }
    sheet.page.close();
}

/// The terms of each holder.
pub(super) fn access(sheet: &mut Sheet) {
    for holding in &sheet.outgoing.dataset.holdings {
        sheet.page.open("dataAccs", &[]);
        sheet.page.open("setAvail", &[]);
        let address = holding.access_terms.channel_url.as_deref().unwrap_or("");
        sheet.texts_of_holder(holding, address);
        let language = sheet.label_language();
        sheet.page.leaf("avlStatus", &[("xml:lang", language)], &levels_in_words(&holding.access_terms, language));
        sheet.page.close();
        conditions(sheet, holding);
        sheet.page.close();
    }
}

/// The levels of access as a sentence for people; `language` is one of those of labels.
pub(in crate::interop::ddi) fn levels_in_words(terms: &AccessTerms, language: &str) -> String {
    let [tables, microdata] = match language {
        "fr" => ["Tableaux", "Microdonnées"],
        "ar" => ["الجداول", "البيانات الدقيقة"],
        _ => ["Tables", "Microdata"],
    };
    format!("{tables}: {}. {microdata}: {}.", terms.aggregates.label(language), terms.microdata.label(language))
}

impl Sheet<'_> {
    fn texts_of_holder(&mut self, holding: &Holding, address: &str) {
        match self.institution(&holding.institution) {
            Some(institution) => self.texts("accsPlac", &institution.names, &[("URI", address)]),
            None => {
                let language = self.first_language();
                self.page.leaf("accsPlac", &[("xml:lang", language), ("URI", address)], holding.institution.as_str());
            }
        }
    }
}

fn conditions(sheet: &mut Sheet, holding: &Holding) {
    let terms = &holding.access_terms;
    let parts: [&MultilingualText; 4] = [&terms.conditions, &terms.fee, &terms.decided_by, &terms.disclosure_control];
    let desk = sheet.institution(&holding.institution).and_then(|institution| institution.desk.as_ref());
    if parts.iter().all(|text| text.is_empty()) && terms.licence.is_none() && desk.is_none() {
        return;
    }
    sheet.page.open("useStmt", &[]);
    sheet.texts("restrctn", &terms.conditions, &[]);
    if let Some(desk) = desk {
        sheet.texts("contact", &desk.function, &[("email", desk.mailbox.as_deref().unwrap_or(""))]);
    }
    for text in [&terms.fee, &terms.decided_by, &terms.disclosure_control] {
        sheet.texts("conditions", text, &[]);
    }
    if let Some(licence) = &terms.licence {
        sheet.page.leaf("conditions", &[("xml:lang", "und")], licence);
    }
    sheet.page.close();
}

/// Relations to other datasets of the catalogue.
pub(super) fn related(sheet: &mut Sheet) {
    let outgoing = sheet.outgoing;
    if outgoing.dataset.relations.is_empty() {
        return;
    }
    let language = sheet.label_language();
    sheet.page.open("othrStdyMat", &[]);
    for relation in &outgoing.dataset.relations {
        let address = format!("{}/dataset/{}", outgoing.around.base_url, relation.dataset);
        let words = format!("{}: {}", relation.relation_type.label(language), relation.dataset);
        sheet.page.mixed("relStdy", &[("xml:lang", language)], &words, |page| page.leaf("ExtLink", &[("URI", &address)], &address));
    }
    sheet.page.close();
}

/// Data files that variables name, then files and services that can be reached.
pub(super) fn files(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    for (name, id) in file_ids(sheet) {
        sheet.page.open("fileDscr", &[("ID", &id)]);
        sheet.page.open("fileTxt", &[]);
        let language = sheet.first_language();
        sheet.page.leaf("fileName", &[("xml:lang", language)], name);
        sheet.page.close();
        sheet.page.close();
    }
    for distribution in record.holdings.iter().flat_map(|holding| &holding.distributions) {
        sheet.page.open("fileDscr", &[("URI", &distribution.url)]);
        sheet.page.open("fileTxt", &[]);
        sheet.texts("fileName", &distribution.title, &[]);
        for kind in distribution.media_type.iter().chain(&distribution.format) {
            sheet.page.leaf("fileType", &[], kind);
        }
        sheet.page.close();
        sheet.page.close();
    }
}

/// The files of the variables with the identifiers that they have in the document, in the order of their names.
fn file_ids<'o>(sheet: &Sheet<'o>) -> BTreeMap<&'o str, String> {
    let mut ids: BTreeMap<&str, String> =
        sheet.outgoing.dataset.variables.iter().filter_map(|v| v.file.as_deref()).map(|name| (name, String::new())).collect();
    ids.iter_mut().enumerate().for_each(|(index, (_, id))| *id = format!("F{}", index + 1));
    ids
}

/// Variables and their codes.
pub(super) fn variables(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    if record.variables.is_empty() {
        return;
    }
    let ids = file_ids(sheet);
    sheet.page.open("dataDscr", &[]);
    for (index, variable) in record.variables.iter().enumerate() {
        let id = format!("V{}", index + 1);
        let file = variable.file.as_deref().and_then(|name| ids.get(name)).map_or("", String::as_str);
        sheet.page.open("var", &[("ID", &id), ("name", &variable.name), ("files", file)]);
        sheet.texts("labl", &variable.label, &[]);
        for category in &variable.categories {
            sheet.page.open("catgry", &[]);
            sheet.page.leaf("catValu", &[], &category.code);
            sheet.texts("labl", &category.label, &[]);
            sheet.page.close();
        }
        sheet.page.close();
    }
    sheet.page.close();
}

/// Instruments and pages about the dataset.
pub(super) fn materials(sheet: &mut Sheet) {
    let record = sheet.outgoing.dataset;
    let instruments = record.methodology.instruments.iter().map(|link| (link, "instrument"));
    let links = record.links.iter().map(|link| (link, "page"));
    for (link, kind) in instruments.chain(links) {
        sheet.page.open("otherMat", &[("type", kind), ("level", "study"), ("URI", &link.url)]);
        sheet.texts("labl", &link.title, &[]);
        sheet.page.close();
    }
}
