//! Formats in which records leave the catalogue, and in which they come.

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
        /// A package of CKAN, as the action API gives it.
        Ckan = "CKAN" ["CKAN package", "Jeu de données CKAN", "حزمة CKAN"],
        /// The workbook that is filled offline.
        Spreadsheet = "SPREADSHEET" ["Workbook (XLSX)", "Classeur (XLSX)", "مصنف (XLSX)"],
    }
}

vocabulary! {
    /// A format in which records come into the catalogue.
    ImportFormat "import-format" {
        /// The registry's own format, JSON Lines.
        Rihla = "RIHLA" ["Rihla (JSON Lines)", "Rihla (JSON Lines)", "رحلة (JSON Lines)"],
        /// DDI Codebook 1.2.2 to 2.6.
        Ddi = "DDI" ["DDI Codebook", "DDI Codebook", "DDI Codebook"],
        /// DCAT as Turtle, RDF/XML or JSON-LD.
        Dcat = "DCAT" ["DCAT", "DCAT", "DCAT"],
        /// Packages of CKAN as JSON.
        Ckan = "CKAN" ["CKAN", "CKAN", "CKAN"],
        /// Studies of NADA as JSON.
        Nada = "NADA" ["NADA", "NADA", "NADA"],
        /// data.json of DCAT-US.
        DataJson = "DATA_JSON" ["data.json (DCAT-US)", "data.json (DCAT-US)", "data.json (DCAT-US)"],
        /// schema.org as JSON-LD; Croissant is one of its kinds.
        SchemaOrg = "SCHEMA_ORG" ["schema.org", "schema.org", "schema.org"],
        /// DataCite as XML.
        DataCite = "DATACITE" ["DataCite", "DataCite", "DataCite"],
        /// Answers of an OAI-PMH provider.
        OaiPmh = "OAI_PMH" ["OAI-PMH", "OAI-PMH", "OAI-PMH"],
        /// The registry's spreadsheet, as XLSX or CSV.
        Spreadsheet = "SPREADSHEET" ["Spreadsheet of Rihla (XLSX, CSV)", "Tableur de Rihla (XLSX, CSV)", "جدول بيانات رحلة (XLSX أو CSV)"],
    }
}
