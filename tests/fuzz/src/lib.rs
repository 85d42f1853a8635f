//! What is tried of each reader: that no bytes bring it down, and that what it makes of them is fit for the registry.

#[path = "../../../src/domain/mod.rs"]
pub mod domain;
pub mod interop;

use std::sync::LazyLock;

use domain::concept::Concepts;
use domain::draft::DatasetDraft;
use domain::problem::Problem;
use domain::record::{RecordDraft, read_line, read_part};
use domain::text::{LanguageTag, MultilingualText};
use domain::vocabulary::ImportFormat;
use interop::dcat::Source;
use interop::exchange::{Found, Outgoing, Surroundings};
use interop::formats::Form;
use interop::incoming::{read_each, read_oai_record};
use interop::oai;
use serde_json::Value;

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| Concepts::load(&[]).expect("the lists of concepts can be read"));
static FRENCH: LazyLock<LanguageTag> = LazyLock::new(|| LanguageTag::parse("fr").expect("a language"));

fn source() -> Source<'static> {
    Source { address: Some("https://portal.example/catalogue"), language: Some(&FRENCH), concepts: &CONCEPTS }
}

/// CKAN packages and answers.
pub fn ckan(bytes: &[u8]) {
    read(ImportFormat::Ckan, bytes);
}

/// data.json of DCAT-US.
pub fn data_json(bytes: &[u8]) {
    read(ImportFormat::DataJson, bytes);
}

/// DataCite, XML and JSON.
pub fn datacite(bytes: &[u8]) {
    read(ImportFormat::DataCite, bytes);
}

/// DCAT in JSON-LD.
pub fn dcat_jsonld(bytes: &[u8]) {
    read(ImportFormat::Dcat, bytes);
}

/// DCAT in RDF/XML.
pub fn dcat_rdf(bytes: &[u8]) {
    read(ImportFormat::Dcat, bytes);
}

/// DCAT in Turtle.
pub fn dcat_turtle(bytes: &[u8]) {
    read(ImportFormat::Dcat, bytes);
}

/// DDI Codebook.
pub fn ddi(bytes: &[u8]) {
    read(ImportFormat::Ddi, bytes);
}

/// NADA studies.
pub fn nada(bytes: &[u8]) {
    read(ImportFormat::Nada, bytes);
}

/// The registry's spreadsheet, as a workbook or as one sheet of it in plain text.
pub fn spreadsheet(bytes: &[u8]) {
    read(ImportFormat::Spreadsheet, bytes);
}

/// schema.org in JSON-LD.
pub fn schema_org(bytes: &[u8]) {
    read(ImportFormat::SchemaOrg, bytes);
}

/// Any file: its format is told by its content, and then it is read.
pub fn detect(bytes: &[u8]) {
    for (name, media_type) in [("records.csv", None), ("records", Some("application/xml"))] {
        match interop::detect::format_of(name, media_type, bytes) {
            Ok(format) => read(format, bytes),
            Err(problem) => check_problem(&problem),
        }
    }
}

/// Answers of an OAI-PMH provider, and the metadata of the records in them.
pub fn oai(bytes: &[u8]) {
    read(ImportFormat::OaiPmh, bytes);
    match oai::parse(bytes) {
        Ok(answer) => {
            for record in &answer.records {
                match read_oai_record(record, &source()) {
                    Ok(found) => found.iter().for_each(check_found),
                    Err(problems) => problems.iter().for_each(check_problem),
                }
            }
        }
        Err(problem) => check_problem(&problem),
    }
}

/// Lines of the registry's own format. What is a whole record is written in every form, and each form is read again.
pub fn rihla(bytes: &[u8]) {
    read(ImportFormat::Rihla, bytes);
    for line in String::from_utf8_lossy(bytes).lines() {
        if let Ok(RecordDraft::Dataset(draft)) = read_line(line)
            && let Ok(dataset) = draft.validate(&CONCEPTS)
        {
            let around = Surroundings { base_url: "https://data.example.ma", institutions: &|_| None, concepts: &CONCEPTS };
            let outgoing = Outgoing { dataset: &dataset, issued_at: 0, modified_at: 0, version: 1, around: &around };
            Form::ALL.into_iter().for_each(|form| check_form(form, &outgoing));
        }
    }
}

fn check_form(form: Form, outgoing: &Outgoing<'_>) {
    let bytes = form.write(outgoing, &MultilingualText::default()).expect("a whole record can be written");
    let format = match form {
        Form::Dcat(_) => ImportFormat::Dcat,
        Form::SchemaOrg => ImportFormat::SchemaOrg,
        Form::Ddi | Form::Ddi26 => ImportFormat::Ddi,
        Form::DataCite => ImportFormat::DataCite,
        Form::Workbook => ImportFormat::Spreadsheet,
        // Written over several lines for people; the lines of an export are what is read.
        Form::Own => return,
        // Only goes out.
        Form::DataCiteJson => return,
    };
    let mut found = 0;
    let problems = read_each(format, &bytes, &source(), &mut |_| found += 1);
    assert_eq!(found, 1, "{} cannot be read again: {problems:?}\n{}", form.name(), String::from_utf8_lossy(&bytes));
}

fn read(format: ImportFormat, bytes: &[u8]) {
    let mut records = 0;
    let problems = read_each(format, bytes, &source(), &mut |found| {
        check_found(&found);
        records += 1;
    });
    problems.iter().for_each(check_problem);
    assert!(records > 0 || !problems.is_empty() || format == ImportFormat::Rihla, "nothing was read, and nobody is told why");
}

/// A draft is kept as JSON, and read again whenever somebody works on it.
fn check_found(found: &Found) {
    found.unfit.iter().for_each(check_problem);
    let doc = found.draft.to_doc().expect("a draft can be written");
    let again: DatasetDraft = read_part(Value::Object(doc.clone())).unwrap_or_else(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("the registry does not take the draft: {told:#?}\n{}", Value::Object(doc));
    });
    if let Err(problems) = again.validate(&CONCEPTS) {
        problems.iter().for_each(check_problem);
    }
}

fn check_problem(problem: &Problem) {
    assert!(!problem.remedy.is_empty(), "a problem without a remedy: {problem:?}");
}
