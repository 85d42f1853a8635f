//! XML documents, by their root.

use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::refusal;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::ImportFormat;

const DCAT: &str = "http://www.w3.org/ns/dcat#";

/// The format of an XML document.
pub(super) fn format_of(text: &str) -> Result<ImportFormat, Problem> {
    let (name, space) = root(text)?;
    let (name, space) = (name.as_str(), space.as_str());
    match name {
        "html" | "HTML" => Err(html()),
        "codeBook" => Ok(ImportFormat::Ddi),
        "OAI-PMH" => Ok(ImportFormat::OaiPmh),
        "resource" if space.starts_with("http://datacite.org/schema/kernel-") => Ok(ImportFormat::DataCite),
        "RDF" | "Catalog" | "Dataset" if text.contains(DCAT) => Ok(ImportFormat::Dcat),
        "RDF" => {
            let remedy = "describes nothing in DCAT's terms (such are NADA's lists of external resources); give the catalogue in DCAT, or the study in DDI or as JSON";
            Err(refusal("RDF without DCAT", remedy))
        }
        _ if space.contains("sdmx.org") => {
            Err(refusal("SDMX", "is a message of SDMX, which holds structures or figures, no descriptions of datasets; give DCAT or DDI"))
        }
        "DDIInstance" | "FragmentInstance" => Err(refusal("DDI Lifecycle", "is DDI Lifecycle; export DDI Codebook")),
        "record" if space == "http://www.openarchives.org/OAI/2.0/" => Ok(ImportFormat::OaiPmh),
        "GetRecordsResponse" | "GetRecordByIdResponse" if text.contains(DCAT) => Ok(ImportFormat::Dcat),
        "MD_Metadata" | "GetRecordsResponse" | "GetRecordByIdResponse" | "DS_Series" => {
            Err(refusal("ISO 19139", "is geographic metadata of ISO 19115; export DCAT from the catalogue"))
        }
        "dc" if space.contains("oai_dc") => {
            Err(refusal("Dublin Core", "is a record alone; give the OAI-PMH answer that holds it, or DCAT"))
        }
        "feed" | "rss" => Err(refusal("feed", "is a feed, which names pages only; give the catalogue in DCAT")),
        "schema" => Err(refusal("XML Schema", "is a schema, no description; give a document that follows it")),
        _ => Err(refusal(name, "is XML of a kind that cannot be read; give DCAT, DDI Codebook, DataCite or an answer of OAI-PMH")),
    }
}

fn html() -> Problem {
    refusal(
        "HTML",
        "is a page for people, perhaps one that asks to sign in or tells of a fault; give the address of the records themselves, or save the JSON-LD that stands in the page as a file",
    )
}

/// Local name and namespace of the root.
fn root(text: &str) -> Result<(String, String), Problem> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|error| {
            if text.to_ascii_lowercase().contains("<html") {
                html()
            } else {
                Problem::new("format", error, "is not well-formed XML; correct it")
            }
        })?;
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let space = match space {
                    ResolveResult::Bound(space) => space.as_ref().to_owned(),
                    ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
                };
                return Ok((start.local_name().as_ref().to_owned(), space));
            }
            Event::DocType(kind) => {
                let kind = kind.as_ref().trim().to_ascii_lowercase();
                if kind.starts_with("html") {
                    return Err(html());
                }
                // One that declares nothing itself is passed over, as readers do; what it names lies elsewhere, and nobody fetches it.
                if kind.contains(['[', '&', '%']) {
                    let remedy =
                        "has a document type (<!DOCTYPE …>) that declares something of its own, which may hide entities; remove it";
                    return Err(refusal("<!DOCTYPE>", remedy));
                }
            }
            Event::Eof => return Err(refusal("XML", "is XML without an element; choose another file")),
            _ => {}
        }
    }
}
