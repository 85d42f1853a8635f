//! Namespaces that the readers and writers of RDF use, each with its usual prefix.

/// Prefix and namespace, in the order in which they are written at the top of a document.
pub const PREFIXES: &[(&str, &str)] = &[
    ("adms", ADMS),
    ("dcat", DCAT),
    ("dcatap", DCATAP),
    ("dct", DCT),
    ("foaf", FOAF),
    ("hydra", HYDRA),
    ("locn", LOCN),
    ("owl", OWL),
    ("prov", PROV),
    ("rdf", RDF),
    ("rdfs", RDFS),
    ("rihla", RIHLA),
    ("schema", SCHEMA),
    ("skos", SKOS),
    ("spdx", SPDX),
    ("time", TIME),
    ("vcard", VCARD),
    ("xsd", XSD),
];

/// Asset Description Metadata Schema.
pub const ADMS: &str = "http://www.w3.org/ns/adms#";
/// Data Catalog Vocabulary.
pub const DCAT: &str = "http://www.w3.org/ns/dcat#";
/// Terms of DCAT-AP.
pub const DCATAP: &str = "http://data.europa.eu/r5r/";
/// Dublin Core terms.
pub const DCT: &str = "http://purl.org/dc/terms/";
/// Dublin Core elements 1.1, which old records use.
pub const DC: &str = "http://purl.org/dc/elements/1.1/";
/// Friend of a Friend.
pub const FOAF: &str = "http://xmlns.com/foaf/0.1/";
/// Hydra, for catalogues in pages.
pub const HYDRA: &str = "http://www.w3.org/ns/hydra/core#";
/// ISA Core Location Vocabulary.
pub const LOCN: &str = "http://www.w3.org/ns/locn#";
/// Web Ontology Language.
pub const OWL: &str = "http://www.w3.org/2002/07/owl#";
/// Provenance.
pub const PROV: &str = "http://www.w3.org/ns/prov#";
/// RDF itself.
pub const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// RDF Schema.
pub const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
/// The registry's extension terms, documented in `docs/interop/dcat.md`. The same for every installation, so that one
/// registry understands another.
pub const RIHLA: &str = "urn:x-rihla:ns#";
/// schema.org.
pub const SCHEMA: &str = "http://schema.org/";
/// schema.org under its other address.
pub const SCHEMA_HTTPS: &str = "https://schema.org/";
/// Simple Knowledge Organization System.
pub const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
/// Software Package Data Exchange, for checksums.
pub const SPDX: &str = "http://spdx.org/rdf/terms#";
/// Time Ontology.
pub const TIME: &str = "http://www.w3.org/2006/time#";
/// vCard.
pub const VCARD: &str = "http://www.w3.org/2006/vcard/ns#";
/// XML Schema data types.
pub const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// An address as the document has it: a relative one of a document whose own address is not known, without what stands in for that.
pub fn as_written(iri: &str) -> &str {
    iri.strip_prefix(super::parse::NOWHERE).unwrap_or(iri)
}

/// An address as people write it: `dct:title` for `http://purl.org/dc/terms/title`.
pub fn shorten(iri: &str) -> String {
    // A relative address of a document whose own is not known is shown as it was written.
    if let Some(relative) = iri.strip_prefix(super::parse::NOWHERE) {
        return relative.to_owned();
    }
    let long = PREFIXES.iter().find_map(|(prefix, namespace)| iri.strip_prefix(namespace).map(|rest| format!("{prefix}:{rest}")));
    long.unwrap_or_else(|| iri.to_owned())
}
