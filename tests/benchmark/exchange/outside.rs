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

/// A form in which a portal gives all that it has in one file.
pub struct Form {
    /// Its name.
    pub name: &'static str,
    /// The code of the format.
    pub format: &'static str,
    /// What stands around the records, and between two of them.
    frame: [&'static str; 3],
    record: fn(usize, &Value) -> String,
}

/// The forms.
pub const FORMS: [Form; 5] = [
    Form { name: "DCAT, Turtle", format: "DCAT", frame: [PREFIXES, "", ""], record: turtle },
    Form { name: "DCAT, RDF/XML", format: "DCAT", frame: [RDF_XML, "", "</rdf:RDF>\n"], record: rdf_xml },
    Form { name: "DCAT, JSON-LD", format: "DCAT", frame: [JSON_LD, ",\n", "]}\n"], record: json_ld },
    Form { name: "CKAN", format: "CKAN", frame: ["{\"success\":true,\"result\":[", ",\n", "]}\n"], record: package },
    Form { name: "data.json", format: "DATA_JSON", frame: ["{\"dataset\":[", ",\n", "]}\n"], record: data_json },
];

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

    /// All records in one file of a form.
    pub fn write_all(&self, file: &Path, size: usize, form: &Form) {
        let [before, between, after] = form.frame;
        let mut file = BufWriter::new(std::fs::File::create(file).expect("a file"));
        file.write_all(before.as_bytes()).expect("a beginning");
        for (number, record) in self.records(size).enumerate() {
            file.write_all(if number == 0 { "" } else { between }.as_bytes()).expect("a comma");
            file.write_all((form.record)(number, &record).as_bytes()).expect("a record");
        }
        file.write_all(after.as_bytes()).and_then(|()| file.flush()).expect("an end");
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

/// What a portal says of a record, whatever the form.
struct Said<'r> {
    at: String,
    titles: [&'r str; 2],
    text: &'r str,
    start: &'r str,
    holder: &'r str,
}

impl<'r> Said<'r> {
    fn of(number: usize, record: &'r Value) -> Self {
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        Self {
            at: format!("https://portal.example/dataset/{number}"),
            titles: [text("/titles/en/text"), text("/titles/fr/text")],
            text: text("/abstract/en/text"),
            start: text("/coverage/period/start"),
            holder: text("/producer"),
        }
    }
}

const SOCIETY: &str = "http://publications.europa.eu/resource/authority/data-theme/SOCI";
const MOROCCO: &str = "http://publications.europa.eu/resource/authority/country/MAR";
const YEARLY: &str = "http://publications.europa.eu/resource/authority/frequency/ANNUAL";
const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

const RDF_XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
    xmlns:dcat=\"http://www.w3.org/ns/dcat#\" xmlns:dct=\"http://purl.org/dc/terms/\" xmlns:foaf=\"http://xmlns.com/foaf/0.1/\">\n";

fn rdf_xml(number: usize, record: &Value) -> String {
    let Said { at, titles: [en, fr], text, start, holder } = Said::of(number, record);
    format!(
        "<dcat:Dataset rdf:about=\"{at}\"><dct:identifier>{number}</dct:identifier><dct:title xml:lang=\"en\">{en}</dct:title>\
        <dct:title xml:lang=\"fr\">{fr}</dct:title><dct:description xml:lang=\"en\">{text}</dct:description><dcat:theme rdf:resource=\"{SOCIETY}\"/>\
        <dct:accrualPeriodicity rdf:resource=\"{YEARLY}\"/><dct:spatial rdf:resource=\"{MOROCCO}\"/><dct:temporal><dct:PeriodOfTime>\
        <dcat:startDate>{start}</dcat:startDate></dct:PeriodOfTime></dct:temporal><dct:publisher><foaf:Agent><foaf:name>{holder}</foaf:name></foaf:Agent>\
        </dct:publisher><dcat:distribution><dcat:Distribution><dcat:accessURL rdf:resource=\"{at}/data\"/><dct:license rdf:resource=\"{LICENCE}\"/>\
        </dcat:Distribution></dcat:distribution></dcat:Dataset>\n"
    )
}

const JSON_LD: &str = "{\"@context\":{\"dcat\":\"http://www.w3.org/ns/dcat#\",\"dct\":\"http://purl.org/dc/terms/\",\"foaf\":\"http://xmlns.com/foaf/0.1/\"},\n\
    \"@graph\":[";

fn json_ld(number: usize, record: &Value) -> String {
    let Said { at, titles: [en, fr], text, start, holder } = Said::of(number, record);
    let words = |tag: &str, words: &str| json!({ "@language": tag, "@value": words });
    json!({
        "@id": at, "@type": "dcat:Dataset", "dct:identifier": number.to_string(), "dct:title": [words("en", en), words("fr", fr)],
        "dct:description": words("en", text), "dcat:theme": { "@id": SOCIETY }, "dct:accrualPeriodicity": { "@id": YEARLY },
        "dct:spatial": { "@id": MOROCCO }, "dct:temporal": { "@type": "dct:PeriodOfTime", "dcat:startDate": start },
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": holder },
        "dcat:distribution": { "@type": "dcat:Distribution", "dcat:accessURL": { "@id": format!("{at}/data") }, "dct:license": { "@id": LICENCE } },
    })
    .to_string()
}

fn package(number: usize, record: &Value) -> String {
    let Said { at, titles: [en, fr], text, start, holder } = Said::of(number, record);
    json!({
        "id": format!("{number:032x}"), "name": format!("dataset-{number}"), "title": en, "title_translated": { "en": en, "fr": fr }, "notes": text,
        "license_id": "cc-by", "license_url": LICENCE, "organization": { "name": holder, "title": holder },
        "extras": [{ "key": "temporal_start", "value": start }, { "key": "spatial_uri", "value": MOROCCO }, { "key": "frequency", "value": YEARLY }],
        "resources": [{ "id": format!("{number:031x}r"), "url": format!("{at}/data"), "format": "CSV" }], "tags": [{ "name": "migration" }],
    })
    .to_string()
}

fn data_json(number: usize, record: &Value) -> String {
    let Said { at, titles: [en, _], text, start, holder } = Said::of(number, record);
    json!({
        "@type": "dcat:Dataset", "identifier": at, "title": en, "description": text, "modified": "2024-05-06", "accessLevel": "public",
        "publisher": { "@type": "org:Organization", "name": holder }, "spatial": "Morocco", "temporal": format!("{start}/{start}"), "license": LICENCE,
        "accrualPeriodicity": "R/P1Y", "keyword": ["migration"], "distribution": [{ "@type": "dcat:Distribution", "accessURL": format!("{at}/data") }],
    })
    .to_string()
}
