//! Records as other systems give them: DDI files, a portal's DCAT, Dublin Core.

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use rihla::domain::concept::Concepts;
use rihla::domain::dataset::Dataset;
use rihla::domain::ids::Slug;
use rihla::domain::institution::Institution;
use rihla::domain::record::{RecordDraft, read_line};
use rihla::interop::exchange::{Outgoing, Surroundings};
use rihla::interop::oai::dublin_core;
use rihla::interop::rdf::Syntax;
use rihla::interop::{dcat, ddi};
use serde_json::{Value, json};

use super::super::generate::{self, Codes, Dice};

/// Variables of a DDI file.
const VARIABLES: usize = 20;

/// Another system.
pub struct Outside {
    concepts: Concepts,
    codes: Codes,
    institutions: Vec<Institution>,
}

impl Default for Outside {
    fn default() -> Self {
        let institution = |number: usize| match read_line(&generate::institution(number).to_string()) {
            Ok(RecordDraft::Institution(institution)) => *institution,
            other => panic!("{other:?}"),
        };
        let institutions = (0..generate::INSTITUTIONS).map(institution).collect();
        Self { concepts: Concepts::load(&[]).expect("concepts"), codes: Codes::load(), institutions }
    }
}

impl Outside {
    /// The records, one after the other.
    fn records(&self, size: usize) -> impl Iterator<Item = Value> {
        let mut dice = Dice::new(11);
        (0..size).map(move |number| self.codes.record(number, &mut dice))
    }

    /// A record in a form.
    fn write<T>(&self, record: &Value, form: impl FnOnce(&Outgoing<'_>) -> T) -> T {
        let dataset = match read_line(&record.to_string()) {
            Ok(RecordDraft::Dataset(draft)) => draft.validate(&self.concepts).expect("a whole record"),
            other => panic!("{other:?}"),
        };
        self.write_dataset(&dataset, form)
    }

    fn write_dataset<T>(&self, dataset: &Dataset, form: impl FnOnce(&Outgoing<'_>) -> T) -> T {
        let find = |slug: &Slug| self.institutions.iter().find(|institution| institution.slug == *slug);
        let around = Surroundings { base_url: "https://elsewhere.example", institutions: &find, concepts: &self.concepts };
        form(&Outgoing { dataset, issued_at: 1_600_000_000_000, modified_at: 1_700_000_000_000, version: 1, around: &around })
    }

    /// A DDI file for each record.
    pub fn write_ddi(&self, folder: &Path, size: usize) {
        std::fs::create_dir_all(folder).expect("a folder");
        for (number, mut record) in self.records(size).enumerate() {
            let wording = |text: String| json!({ "en": { "text": text, "status": "OFFICIAL" } });
            let code = |code: usize| json!({ "code": code.to_string(), "label": wording(format!("Answer {}", generate::word(code))) });
            let variable =
                |n: usize| json!({ "name": format!("v{n}"), "label": wording(generate::word(n)), "categories": [code(1), code(2)] });
            record["variables"] = (0..VARIABLES).map(variable).collect();
            let bytes = self.write(&record, |outgoing| ddi::write(outgoing, ddi::Version::V25));
            std::fs::write(folder.join(format!("{number:07}.xml")), bytes).expect("a file");
        }
    }

    /// Turtle as a portal writes it, so many records a file.
    pub fn write_dcat(&self, folder: &Path, size: usize, page: usize) {
        std::fs::create_dir_all(folder).expect("a folder");
        let mut file = None;
        for (number, record) in self.records(size).enumerate() {
            if number % page == 0 {
                let path = folder.join(format!("{number:07}.ttl"));
                let mut next = BufWriter::new(std::fs::File::create(path).expect("a file"));
                next.write_all(PREFIXES.as_bytes()).expect("a line");
                file = Some(next);
            }
            let file = file.as_mut().expect("a file");
            file.write_all(turtle(number, &record).as_bytes()).expect("a record");
        }
        file.expect("a file").flush().expect("written");
    }

    /// Metadata in Dublin Core, each with a mark in the place of its number.
    pub fn dublin_core(&self, size: usize, mark: &str) -> Vec<String> {
        let one = |mut record: Value| {
            let title = record["titles"]["en"]["text"].as_str().unwrap_or_default().to_owned();
            record["titles"]["en"]["text"] = json!(format!("{title} {mark}"));
            String::from_utf8(self.write(&record, dublin_core::write)).expect("text")
        };
        self.records(size).map(one).collect()
    }

    /// Seconds in which so many records are written in Turtle.
    pub fn time_turtle(&self, size: usize) -> f64 {
        self.time(size, |outgoing| dcat::write_dataset(outgoing, Syntax::Turtle).expect("written").len())
    }

    /// Seconds in which so many records are written in Dublin Core.
    pub fn time_dublin_core(&self, size: usize) -> f64 {
        self.time(size, |outgoing| dublin_core::write(outgoing).len())
    }

    /// Seconds in which so many records are written in DDI.
    pub fn time_ddi(&self, size: usize) -> f64 {
        self.time(size, |outgoing| ddi::write(outgoing, ddi::Version::V25).len())
    }

    fn time(&self, size: usize, form: fn(&Outgoing<'_>) -> usize) -> f64 {
        let whole = |record: Value| match read_line(&record.to_string()) {
            Ok(RecordDraft::Dataset(draft)) => draft.validate(&self.concepts).expect("a whole record"),
            other => panic!("{other:?}"),
        };
        let datasets: Vec<Dataset> = self.records(size).map(whole).collect();
        let started = Instant::now();
        let bytes: usize = datasets.iter().map(|dataset| self.write_dataset(dataset, form)).sum();
        std::hint::black_box(bytes);
        started.elapsed().as_secs_f64()
    }
}

const PREFIXES: &str = "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n\
    @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .\n\
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n@prefix eu: <http://publications.europa.eu/resource/authority/> .\n";

/// One record: 27 statements.
fn turtle(number: usize, record: &Value) -> String {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let at = format!("https://portal.example/dataset/{number}");
    let mut out =
        format!("<https://portal.example/catalog> dcat:dataset <{at}> .\n<{at}> a dcat:Dataset ; dct:identifier \"{number}\" ;\n");
    for language in ["en", "fr"] {
        let title = text(&format!("/titles/{language}/text"));
        write!(out, "  dct:title \"{title}\"@{language} ;").expect("text");
    }
    write!(out, "\n  dct:description \"{}\"@en ;\n", text("/abstract/en/text")).expect("text");
    for word in text("/titles/en/text").split_whitespace().take(3) {
        write!(out, "  dcat:keyword \"{word}\"@en ;").expect("text");
    }
    let (start, holder) = (text("/coverage/period/start"), text("/producer"));
    let rest = format!(
        "\n  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/SOCI> ;\n  \
        dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;\n  \
        dct:spatial <http://publications.europa.eu/resource/authority/country/MAR> ;\n  \
        dct:temporal [ a dct:PeriodOfTime ; dcat:startDate \"{start}\"^^xsd:gYear ] ;\n  \
        dct:issued \"2021-03-04\"^^xsd:date ; dct:modified \"2024-05-06\"^^xsd:date ;\n  \
        dct:publisher <https://portal.example/organisation/{holder}> ;\n  \
        dcat:contactPoint [ a vcard:Organization ; vcard:fn \"{holder}\" ; vcard:hasEmail <mailto:{holder}@portal.example> ] ;\n  \
        dcat:distribution [ a dcat:Distribution ; dcat:accessURL <{at}/data> ; dct:format eu:file-type ; \
        dct:license <https://creativecommons.org/licenses/by/4.0/> ] .\n\
        <https://portal.example/organisation/{holder}> a foaf:Agent ; foaf:name \"{holder}\" .\n"
    );
    out.push_str(&rest);
    out
}
