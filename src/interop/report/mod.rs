//! Reports as files: one model of a document, written as HTML, Markdown, DOCX and PDF, in Arabic, French or English.

mod model;

pub use model::{Block, Cell, Column, Figure, HumanText, Report, Section, Span, Table};
