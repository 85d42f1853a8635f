//! A report as a file.

use crate::domain::vocabulary::vocabulary;
use crate::interop::report::{Report, write_docx, write_html, write_markdown, write_pdf};
use crate::service::{Error, fonts};

vocabulary! {
    /// Format of a report.
    ReportFormat "report-format" {
        Docx = "DOCX" ["Word processor (DOCX)", "Traitement de texte (DOCX)", "معالج النصوص (DOCX)"],
        Html = "HTML" ["Web page (HTML)", "Page web (HTML)", "صفحة ويب (HTML)"],
        Markdown = "MD" ["Plain text with marks (Markdown)", "Texte brut balisé (Markdown)", "نص عادي بعلامات (Markdown)"],
        Pdf = "PDF" ["For printing (PDF)", "Pour l'impression (PDF)", "للطباعة (PDF)"],
    }
}

impl ReportFormat {
    /// Media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Html => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }
}

/// Writes a report; the same report gives the same bytes.
///
/// # Errors
/// There are no fonts for a PDF, or a writer refused.
pub fn written(report: &Report, format: ReportFormat) -> Result<Vec<u8>, Error> {
    match format {
        ReportFormat::Html => Ok(write_html(report).into_bytes()),
        ReportFormat::Markdown => Ok(write_markdown(report).into_bytes()),
        // Without fonts its pictures are left out, and told in words.
        ReportFormat::Docx => write_docx(report, fonts::find().ok().as_ref()).map_err(|error| Error::Internal(error.into())),
        ReportFormat::Pdf => {
            let fonts = fonts::find().map_err(Error::Conflict)?;
            write_pdf(report, &fonts).map_err(|error| Error::Internal(anyhow::anyhow!("a PDF could not be written: {error:?}")))
        }
    }
}
