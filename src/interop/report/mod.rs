//! Reports as files: one model of a document, written as HTML, Markdown, DOCX and PDF, in Arabic, French or English.

mod direction;
mod docx;
mod figure;
pub mod figures;
mod fonts;
mod html;
mod markdown;
mod model;
mod pdf;
#[cfg(test)]
mod tests;
mod text;
mod words;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub use docx::write as write_docx;
pub use fonts::{Face, FontBytes, Fonts};
pub use html::write as write_html;
pub use markdown::write as write_markdown;
pub use model::{Block, Cell, Column, Figure, HumanText, Report, Section, Span, Table};
pub use pdf::{PdfError, write as write_pdf};
pub use words::colon;

/// Number and heading of a section.
fn heading(section: &Section) -> String {
    match section.number.trim() {
        "" => section.heading.clone(),
        number => format!("{number}. {}", section.heading),
    }
}

/// Headings below the fifth level look like those of the fifth.
fn deepest(level: usize) -> usize {
    level.min(5)
}

/// A time in the form of the properties of files, in UTC and whole seconds.
fn stamp(time: OffsetDateTime) -> String {
    let whole = time.to_offset(time::UtcOffset::UTC).replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    // A year beyond 9999 has no such form.
    whole.format(&Rfc3339).unwrap_or_else(|_| "1970-01-01T00:00:00Z".to_owned())
}
