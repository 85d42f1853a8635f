use super::vocabulary;

vocabulary! {
    /// The kinds of documents that may be attached to an access request. The kind is read from the content, never from the name.
    DocumentKind "document-kind" {
        Pdf = "PDF" ["PDF document", "Document PDF", "وثيقة PDF"],
        /// Office Open XML text, as Word writes it; without macros.
        Docx = "DOCX" ["Word document", "Document Word", "وثيقة Word"],
        /// OpenDocument text, as LibreOffice writes it.
        Odt = "ODT" ["OpenDocument text", "Texte OpenDocument", "نص OpenDocument"],
        /// Office Open XML workbook, as Excel writes it; without macros.
        Xlsx = "XLSX" ["Excel workbook", "Classeur Excel", "مصنف Excel"],
        /// Values separated by commas, semicolons or tabs.
        Csv = "CSV" ["Table in plain text", "Tableau en texte brut", "جدول بنص عادي"],
        Text = "TEXT" ["Plain text", "Texte brut", "نص عادي"],
    }
}

impl DocumentKind {
    /// The media type under which a document of this kind is served.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
        }
    }

    /// The endings that a name of this kind may have; the first is given to a name that has none.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Odt => &["odt"],
            Self::Xlsx => &["xlsx"],
            Self::Csv => &["csv", "tsv", "tab"],
            Self::Text => &["txt", "text", "md"],
        }
    }
}
