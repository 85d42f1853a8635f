//! The forms in which one record is offered at its own address: how each is called, asked for and written.

use crate::domain::concept::Concepts;
use crate::domain::record::RecordLine;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::ExportFormat;

use super::exchange::{Loss, Outgoing, Reading};
use super::losses::{self, Way};
use super::oai::dublin_core;
use super::rdf::Syntax;
use super::{ckan, data_json, datacite, dcat, ddi, schema_org, sheet};

/// A form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// DCAT-AP 3.
    Dcat(Syntax),
    /// schema.org as JSON-LD.
    SchemaOrg,
    /// DDI Codebook 2.5.
    Ddi,
    /// DDI Codebook 2.6.
    Ddi26,
    /// DataCite 4 as XML.
    DataCite,
    /// DataCite 4 as JSON, as the attributes of DataCite's REST API.
    DataCiteJson,
    /// The workbook that is filled offline.
    Workbook,
    /// The registry's own format, which loses nothing.
    Own,
}

impl Form {
    /// All forms, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Dcat(Syntax::Turtle),
        Self::Dcat(Syntax::RdfXml),
        Self::Dcat(Syntax::JsonLd),
        Self::SchemaOrg,
        Self::Ddi,
        Self::Ddi26,
        Self::DataCite,
        Self::DataCiteJson,
        Self::Workbook,
        Self::Own,
    ];

    /// Ending of the address, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Dcat(syntax) => syntax.extension(),
            Self::SchemaOrg => "schemaorg.jsonld",
            Self::Ddi => "ddi.xml",
            Self::Ddi26 => "ddi26.xml",
            Self::DataCite => "datacite.xml",
            Self::DataCiteJson => "datacite.json",
            Self::Workbook => "xlsx",
            Self::Own => "json",
        }
    }

    /// The form with this ending.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.extension() == extension)
    }

    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Dcat(syntax) => syntax.media_type(),
            Self::SchemaOrg => Syntax::JsonLd.media_type(),
            Self::Ddi | Self::Ddi26 => "application/xml",
            Self::Workbook => sheet::MEDIA_TYPE,
            Self::DataCite => "application/vnd.datacite.datacite+xml",
            Self::DataCiteJson => "application/vnd.datacite.datacite+json",
            Self::Own => "application/json",
        }
    }

    /// What the form conforms to, as a URI; none for the registry's own.
    pub fn profile(self) -> Option<&'static str> {
        match self {
            Self::Dcat(_) => Some("http://data.europa.eu/r5r/"),
            Self::SchemaOrg => Some("https://schema.org/"),
            Self::Ddi => Some("ddi:codebook:2_5"),
            Self::Ddi26 => Some("ddi:codebook:2_6"),
            Self::DataCite | Self::DataCiteJson => Some("http://datacite.org/schema/kernel-4"),
            Self::Workbook | Self::Own => None,
        }
    }

    /// Name for people, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dcat(Syntax::Turtle) => "DCAT-AP 3 (Turtle)",
            Self::Dcat(Syntax::RdfXml) => "DCAT-AP 3 (RDF/XML)",
            Self::Dcat(Syntax::JsonLd) => "DCAT-AP 3 (JSON-LD)",
            Self::SchemaOrg => "schema.org (JSON-LD)",
            Self::Ddi => "DDI Codebook 2.5 (XML)",
            Self::Ddi26 => "DDI Codebook 2.6 (XML)",
            Self::DataCite => "DataCite 4 (XML)",
            Self::DataCiteJson => "DataCite 4 (JSON)",
            Self::Workbook => "Rihla (XLSX)",
            Self::Own => "Rihla (JSON)",
        }
    }

    /// Writes a record in the form; `catalogue` is the name of the catalogue.
    ///
    /// # Errors
    /// The record cannot be written; a record that passed validation always can.
    pub fn write(self, outgoing: &Outgoing<'_>, catalogue: &MultilingualText) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Dcat(syntax) => dcat::write_dataset(outgoing, syntax),
            Self::SchemaOrg => Ok(schema_org::write(outgoing, catalogue)?),
            Self::Ddi => Ok(ddi::write(outgoing, ddi::Version::V25)),
            Self::Ddi26 => Ok(ddi::write(outgoing, ddi::Version::V26)),
            Self::Workbook => sheet::write(&[*outgoing], speech(outgoing), outgoing.around.concepts),
            Self::DataCite => Ok(datacite::write_xml(outgoing)),
            Self::DataCiteJson => Ok(datacite::write_json(outgoing)),
            Self::Own => {
                let mut bytes = serde_json::to_vec_pretty(&RecordLine::Dataset(outgoing.dataset))?;
                bytes.push(b'\n');
                Ok(bytes)
            }
        }
    }
}

/// The language in which a workbook speaks of a record: its main one, where the workbook knows it.
fn speech(outgoing: &Outgoing<'_>) -> &'static str {
    let main = outgoing.dataset.main_language.as_ref().map_or("", |tag| tag.primary());
    sheet::LANGUAGES.into_iter().find(|known| *known == main).unwrap_or("en")
}

/// What a format cannot carry of a record, or carries poorer: the record is written, read again and compared.
pub fn losses(outgoing: &Outgoing<'_>, format: ExportFormat) -> Vec<Loss> {
    match format {
        ExportFormat::Ddi => ddi::losses(outgoing, ddi::Version::V25),
        ExportFormat::Ddi26 => ddi::losses(outgoing, ddi::Version::V26),
        ExportFormat::Dcat
        | ExportFormat::DataCite
        | ExportFormat::SchemaOrg
        | ExportFormat::DataJson
        | ExportFormat::DublinCore
        | ExportFormat::Ckan
        | ExportFormat::Spreadsheet => {
            let concepts = outgoing.around.concepts;
            let way = Way {
                write: &|outgoing| for_others(outgoing, format),
                read: &|bytes| read(bytes, format, concepts),
                has_extension: format == ExportFormat::Dcat,
            };
            losses::losses(outgoing, &way)
        }
    }
}

/// What a reader of a format makes of a record, without the terms that only registries read.
pub fn read_again(outgoing: &Outgoing<'_>, format: ExportFormat) -> Reading {
    for_others(outgoing, format).map(|bytes| read(&bytes, format, outgoing.around.concepts)).unwrap_or_default()
}

/// What a reader of a format makes of a record that comes back from elsewhere: without what only registries read, also in DDI, where it stands
/// beside the elements.
pub fn read_by_others(outgoing: &Outgoing<'_>, format: ExportFormat) -> Reading {
    match format {
        ExportFormat::Ddi => read(&ddi::write_elements(outgoing, ddi::Version::V25), format, outgoing.around.concepts),
        ExportFormat::Ddi26 => read(&ddi::write_elements(outgoing, ddi::Version::V26), format, outgoing.around.concepts),
        _ => read_again(outgoing, format),
    }
}

fn for_others(outgoing: &Outgoing<'_>, format: ExportFormat) -> Option<Vec<u8>> {
    match format {
        ExportFormat::Dcat => dcat::write_for_others(outgoing, Syntax::Turtle).ok(),
        ExportFormat::Ddi => Some(ddi::write(outgoing, ddi::Version::V25)),
        ExportFormat::Ddi26 => Some(ddi::write(outgoing, ddi::Version::V26)),
        ExportFormat::DataCite => Some(datacite::write_xml(outgoing)),
        ExportFormat::SchemaOrg => schema_org::write(outgoing, &MultilingualText::default()).ok(),
        ExportFormat::DataJson => data_json::write(&[*outgoing], outgoing.around.base_url).ok(),
        ExportFormat::DublinCore => Some(dublin_core::write(outgoing)),
        ExportFormat::Ckan => serde_json::to_vec(&ckan::package(outgoing)).ok(),
        // The sheets as plain text say the same as in a workbook, and are written and read much faster.
        ExportFormat::Spreadsheet => {
            let sheets = sheet::write_plain(&[*outgoing], "en", outgoing.around.concepts).ok()?;
            let sheets: Option<Vec<String>> = sheets.into_iter().map(|sheet| String::from_utf8(sheet).ok()).collect();
            serde_json::to_vec(&sheets?).ok()
        }
    }
}

fn read(bytes: &[u8], format: ExportFormat, concepts: &Concepts) -> Reading {
    let source = dcat::Source { address: None, language: None, concepts };
    match format {
        ExportFormat::Dcat => dcat::read(bytes, &source),
        ExportFormat::Ddi | ExportFormat::Ddi26 => ddi::read(bytes, concepts),
        ExportFormat::DataCite => datacite::read(bytes, concepts),
        ExportFormat::SchemaOrg => schema_org::read(bytes, &source),
        ExportFormat::DataJson => data_json::read(bytes, &source),
        ExportFormat::DublinCore => dublin_core::read(bytes, concepts),
        ExportFormat::Ckan => ckan::read(bytes, &source),
        ExportFormat::Spreadsheet => {
            let sheets: Vec<String> = serde_json::from_slice(bytes).unwrap_or_default();
            sheet::read_files(&sheets.iter().map(String::as_bytes).collect::<Vec<_>>(), &source)
        }
    }
}

/// DCAT and schema.org side by side, for those who ask the page for JSON-LD and may expect either. The second part brings its
/// terms along, so that nobody must fetch them.
///
/// # Errors
/// The record cannot be written; a record that passed validation always can.
pub fn write_both(outgoing: &Outgoing<'_>, catalogue: &MultilingualText) -> std::io::Result<Vec<u8>> {
    let dcat: serde_json::Value = serde_json::from_slice(&dcat::write_dataset(outgoing, Syntax::JsonLd)?)?;
    let mut schema: serde_json::Value = serde_json::from_slice(&schema_org::write(outgoing, catalogue)?)?;
    let link = serde_json::json!({ "@type": "@id" });
    if let Some(members) = schema.as_object_mut() {
        let context = serde_json::json!({
            "@vocab": "http://schema.org/", "url": link, "contentUrl": link, "license": link, "sameAs": link,
        });
        members.insert("@context".to_owned(), context);
    }
    let mut bytes = serde_json::to_vec(&serde_json::json!([dcat, schema]))?;
    bytes.push(b'\n');
    Ok(bytes)
}
