//! Every format is told by its content, and what is not taken is called by its name.

use std::time::Instant;

use proptest::prelude::*;

use super::format_of;
use crate::domain::vocabulary::ImportFormat::{self, *};

fn known(bytes: &[u8]) -> ImportFormat {
    format_of("data", None, bytes).unwrap_or_else(|problem| panic!("{problem}: {}", String::from_utf8_lossy(bytes)))
}

fn refused(bytes: &[u8]) -> String {
    format_of("catalog.rdf", Some("application/rdf+xml"), bytes).expect_err("a refusal").to_string()
}

#[test]
fn the_content_decides() {
    for (text, wanted) in [
        ("<codeBook version='1.2.2'><stdyDscr/></codeBook>", Ddi),
        ("<?xml version='1.0'?><!-- a --><codeBook xmlns='http://www.icpsr.umich.edu/DDI'/>", Ddi),
        ("<d:codeBook xmlns:d='ddi:codebook:2_6'/>", Ddi),
        ("<?xml version='1.0'?>\n<!DOCTYPE codeBook SYSTEM \"Version1-2-2.dtd\">\n<codeBook/>", Ddi),
        ("<!DOCTYPE codeBook PUBLIC '-//DDI//DTD//EN' 'https://x.org/c.dtd'><codeBook/>", Ddi),
        ("<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><ListRecords/></OAI-PMH>", OaiPmh),
        ("<resource xmlns='http://datacite.org/schema/kernel-4'/>", DataCite),
        ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dcat='http://www.w3.org/ns/dcat#'/>", Dcat),
        ("# comment\n@prefix dcat: <http://www.w3.org/ns/dcat#> .\n", Dcat),
        ("PREFIX dcat: <http://www.w3.org/ns/dcat#>\n", Dcat),
        ("<https://example.org/1> a <http://www.w3.org/ns/dcat#Dataset> .", Dcat),
        ("[ a <http://www.w3.org/ns/dcat#Dataset> ] .", Dcat),
        (r#"{"@context":{"dcat":"http://www.w3.org/ns/dcat#"},"@type":"dcat:Dataset"}"#, Dcat),
        (r#"[{"@id":"x","@type":["http://www.w3.org/ns/dcat#Dataset"]}]"#, Dcat),
        (r#"{"@graph":[{"@type":"http://www.w3.org/ns/dcat#Dataset"}]}"#, Dcat),
        (r#"{"@context":"https://schema.org/","@type":"Dataset","name":"x"}"#, SchemaOrg),
        (r#"{"@context":{"@vocab":"https://schema.org/","dct":"http://purl.org/dc/terms/"},"@type":"sc:Dataset"}"#, SchemaOrg),
        (r#"{"@context":"https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld","@type":"dcat:Catalog","dataset":[]}"#, DataJson),
        (r#"{"dataset":[{"title":"x"}]}"#, DataJson),
        (r#"[{"title":"x","accessLevel":"public"}]"#, DataJson),
        (r#"{"help":"h","success":true,"result":{"count":1,"results":[]}}"#, Ckan),
        (r#"{"success":false,"error":{"message":"x"}}"#, Ckan),
        (r#"{"name":"x","title":"X","type":"dataset","resources":[]}"#, Ckan),
        ("{\"name\":\"x\",\"resources\":[]}\n{\"name\":\"y\",\"resources\":[]}\n", Ckan),
        (r#"{"type":"survey","study_desc":{}}"#, Nada),
        (r#"{"dataset":{"metadata":{}}}"#, Nada),
        (r#"{"result":{"rows":[]}}"#, Nada),
        (r#"{"type":"dataset","slug":"x","titles":{}}"#, Rihla),
        ("{\"type\":\"institution\",\"slug\":\"x\",\"names\":{}}\n{\"type\":\"dataset\",\"slug\":\"y\"}\n", Rihla),
        ("slug;title;producer\na;b;c\n", Spreadsheet),
    ] {
        assert_eq!(known(text.as_bytes()), wanted, "{text}");
        assert_eq!(known(format!("\u{FEFF}  \n{text}").as_bytes()), wanted, "with a mark: {text}");
        let wide: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(known(&wide), wanted, "UTF-16: {text}");
    }
    assert_eq!(format_of("list.csv", None, b"slug\na\n").ok(), Some(Spreadsheet));
    assert_eq!(format_of("list", Some("text/csv; charset=utf-8"), b"slug\na\n").ok(), Some(Spreadsheet));
    assert_eq!(known(b"PK\x03\x04....xl/workbook.xml...."), Spreadsheet);
    assert_eq!(known(b"PK\x03\x04..hcp.csv..hcp-holdings.csv.."), Spreadsheet);
    assert_eq!(known(br#"[{"type":"dataset","slug":"a"},{"type":"dataset","slug":"b"}]"#), Rihla);
    assert_eq!(known(br#"[{"id":"1","name":"a","title":"A"},{"id":"2","name":"b","title":"B"}]"#), Ckan);
    assert_eq!(known(b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), Spreadsheet);
}

#[test]
fn what_is_not_taken_is_called_by_its_name() {
    for (text, name) in [
        ("<!DOCTYPE html><html><form><br></form></html>", "HTML"),
        ("<html lang=en><p>Sign in", "HTML"),
        ("%PDF-1.7", "PDF"),
        ("PK\x03\x04..data.xml", "ZIP"),
        ("PK\x03\x04..[Content_Types].xml..word/embedded/x.csv", "ZIP"),
        ("PK\x03\x04..word/document.xml", "text document"),
        ("<m:Structure xmlns:m='http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message'/>", "SDMX"),
        ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "external resources"),
        ("<gmd:MD_Metadata xmlns:gmd='http://www.isotc211.org/2005/gmd'/>", "ISO 19139"),
        ("<i:DDIInstance xmlns:i='ddi:instance:3_2'/>", "Lifecycle"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        ("<note/>", "`note`"),
        (
            r#"{"type":"Feature","conformsTo":["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"],"links":[]}"#,
            "OGC API Records",
        ),
        (r#"{"type":"FeatureCollection","features":[]}"#, "GeoJSON"),
        (r#"{"data":{"attributes":{"titles":[],"creators":[]}}}"#, "DataCite JSON"),
        (r#"{"data":{"latestVersion":{}}}"#, "Dataverse"),
        (r#"{"a":1}"#, "`a`"),
        (r#"["a","b"]"#, "a list of texts"),
        (r#"{"@context":"https://example.org/","@type":"Thing"}"#, "JSON-LD"),
        ("{\"a\":1}\n{\"b\":2}\n", "JSON Lines"),
        ("{\"a\":", "not JSON"),
        ("", "empty"),
        (" \n", "empty"),
        ("Dear all", "Dear all"),
        ("<!DOCTYPE codeBook [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><codeBook>&x;</codeBook>", "document type"),
        ("<!DOCTYPE codeBook SYSTEM 'c.dtd' [<!ENTITY a 'aa'>]><codeBook>&a;</codeBook>", "document type"),
        ("<!DOCTYPE codeBook SYSTEM 'c.dtd' []><codeBook/>", "document type"),
    ] {
        let told = refused(text.as_bytes());
        assert!(told.contains(name), "{text}: {told}");
    }
    assert!(refused(b"a\0\0\0\0b").contains("binary"));
    assert!(refused("[".repeat(3_000_000).as_bytes()).contains("nested deeper"));
    assert!(refused(format!("{{\"a\":{}", "[".repeat(3_000_000)).as_bytes()).contains("nested deeper"));
}

#[test]
fn files_that_nobody_here_wrote() {
    let Some(folder) = crate::interop::dcat::tests::samples::folder() else { return };
    let start = Instant::now();
    for entry in walk(&folder) {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let kind = entry.parent().and_then(|parent| parent.file_name()).and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let wanted = match kind.as_str() {
            "ckan" => Some(Ckan),
            "croissant" | "schemaorg" => Some(SchemaOrg),
            "datacite" => Some(DataCite),
            "datajson" => Some(DataJson),
            "dcat" => Some(Dcat),
            "ddi" => Some(Ddi),
            "nada-json" if name.ends_with(".json") => Some(Nada),
            "oai" => Some(OaiPmh),
            _ => None,
        };
        let found = format_of("x.bin", None, &std::fs::read(&entry).expect("the file is there"));
        println!("{kind}/{name}: {found:?}");
        if kind != "inputs" {
            assert_eq!(found.ok(), wanted, "{kind}/{name}");
        }
    }
    assert!(start.elapsed().as_secs() < 60);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

proptest! {
    #[test]
    fn any_bytes_are_known_or_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}<>\"'@:a-z.;,()^_\\\\ \n-]{0,120}") {
        let _ = format_of("x", None, &bytes);
        let _ = format_of("x", None, text.as_bytes());
    }
}

#[test]
fn xml_that_is_not_in_the_encoding_it_claims_is_known_by_its_root() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><codeBook xmlns=\"ddi:codebook:2_5\"><stdyDscr><citation><titlStmt><titl>Enqu\u{ea}te</titl>\
                </titlStmt></citation></stdyDscr></codeBook>";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1")).collect();
    assert!(std::str::from_utf8(&latin).is_err());
    assert_eq!(format_of("study.xml", None, &latin).ok(), Some(ImportFormat::Ddi));
}
