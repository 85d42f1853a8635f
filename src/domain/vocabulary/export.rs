//! Formats in which records leave the catalogue.

use super::vocabulary;

vocabulary! {
    /// A format in which a record leaves the catalogue.
    ExportFormat "export-format" {
        /// DCAT-AP 3, as Turtle, RDF/XML or JSON-LD.
        Dcat = "DCAT" ["DCAT-AP 3", "DCAT-AP 3", "DCAT-AP 3"],
        /// DDI Codebook 2.5.
        Ddi = "DDI_25" ["DDI Codebook 2.5", "DDI Codebook 2.5", "DDI Codebook 2.5"],
        /// DDI Codebook 2.6.
        Ddi26 = "DDI_26" ["DDI Codebook 2.6", "DDI Codebook 2.6", "DDI Codebook 2.6"],
        /// DataCite 4, as XML.
        DataCite = "DATACITE" ["DataCite 4", "DataCite 4", "DataCite 4"],
        /// schema.org, as JSON-LD.
        SchemaOrg = "SCHEMA_ORG" ["schema.org", "schema.org", "schema.org"],
        /// data.json of DCAT-US 1.1.
        DataJson = "DATA_JSON" ["data.json (DCAT-US 1.1)", "data.json (DCAT-US 1.1)", "data.json (DCAT-US 1.1)"],
        /// Dublin Core, as OAI-PMH carries it.
        DublinCore = "DUBLIN_CORE" ["Dublin Core", "Dublin Core", "Dublin Core"],
    }
}
