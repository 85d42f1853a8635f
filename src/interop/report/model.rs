//! A report as it is before it becomes a file: what it says, in which order, and who says it.
//!
//! Nothing here is markup. Every text is plain, and each writer makes it harmless for its own format.

use time::OffsetDateTime;

/// A report to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Language of the report: `ar`, `fr` or `en`. Arabic is written from right to left.
    pub language: &'static str,
    /// Title, for the cover and for the properties of the file.
    pub title: String,
    /// Line below the title, such as the country and the period; empty where there is none.
    pub subtitle: String,
    /// What the cover states, line by line: a label and what is stated, such as `Cut-off date` and `17 May 2022`.
    pub cover: Vec<(String, Vec<Span>)>,
    /// What stands on the cover below these lines, such as how the report is to be read.
    pub preface: Vec<Block>,
    /// Chapters and annexes in order.
    pub sections: Vec<Section>,
    /// Name of the catalogue that made the report, for the properties of the file.
    pub publisher: String,
    /// What identifies this edition, such as a URN or the address of the frozen copy.
    pub identifier: String,
    /// When the report was made. It is the only time that the files contain, so that equal reports give equal bytes.
    pub made_at: OffsetDateTime,
}

/// A chapter, an annex, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Number as it is shown, such as `7.2` or `A`; empty where the section has none.
    pub number: String,
    /// Name within the file for links such as `#gaps`: ASCII letters, digits, `-` and `_`, not used twice.
    pub anchor: String,
    /// Heading, without its number.
    pub heading: String,
    /// What is said before the first part.
    pub blocks: Vec<Block>,
    /// Parts of the section. Parts of the fifth level and below are written like those of the fourth.
    pub sections: Vec<Section>,
}

/// What stands below a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list.
    List {
        /// Whether the items are numbered.
        is_ordered: bool,
        /// The items.
        items: Vec<Vec<Span>>,
    },
    /// A table.
    Table(Table),
    /// A picture.
    Figure(Figure),
    /// Text written by a person, which every format shows as such.
    Human(HumanText),
    /// How what stands around it is to be read; set apart.
    Note(Vec<Span>),
}

/// A stretch of text within a line. Line breaks in it count as spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Text in the language of the report.
    Text(String),
    /// Text that stands out.
    Strong(String),
    /// A link: to a record or a page (`https:`, `http:`, `mailto:`, `urn:`), or to a section of the report (`#anchor`).
    /// Links of other kinds are written as their text alone.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads.
        url: String,
        /// Language of the text where it is not that of the report, such as a title that is not translated.
        language: Option<String>,
    },
    /// Text in another language than the report; its direction does not touch that of its neighbours.
    Foreign {
        /// Code of the language, such as `ar`; empty where it is not known, and the direction follows the text.
        language: String,
        /// The text.
        text: String,
    },
}

/// A table. Its first row is repeated on every page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Caption, without a number: tables are numbered by the writers.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows. A row with fewer cells than columns is filled up with empty ones; cells beyond the columns are left out.
    pub rows: Vec<Vec<Cell>>,
    /// Whether the first cell of a row names the row.
    pub has_row_heads: bool,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub label: String,
    /// Share of the width relative to the other columns; 0 counts as 1.
    pub width: u16,
    /// Whether the column holds figures, which are set at the end of the cell.
    pub is_number: bool,
}

/// A cell: its text.
pub type Cell = Vec<Span>;

/// A picture with what it says in words and figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// Caption, without a number: figures are numbered by the writers.
    pub caption: String,
    /// What the picture shows, for who does not see it.
    pub alternative: String,
    /// The picture: a whole SVG document. Scripts, links and whatever it would load are left out.
    pub svg: String,
    /// The figures behind the picture, for who does not see it and for who computes with them.
    pub data: Option<Table>,
}

/// Text of a person or an institution, kept in a register, not made by the software.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HumanText {
    /// What kind of text it is, such as a challenge; empty where nothing is said of it.
    pub what: String,
    /// Who says it: institutions, with links where there are records. No person's name.
    pub who: Vec<Span>,
    /// When it was said or validated, as it is shown; empty where it is not known.
    pub on: String,
    /// Whether it was validated; what is not is marked so.
    pub is_validated: bool,
    /// Language of the text where it is not that of the report.
    pub language: Option<String>,
    /// What is said.
    pub blocks: Vec<Block>,
}

impl Report {
    /// Whether the report is written from right to left.
    pub fn is_rtl(&self) -> bool {
        is_rtl(self.language)
    }
}

impl Column {
    /// A column of text, as wide as its share.
    pub fn text(label: impl Into<String>, width: u16) -> Self {
        Self { label: label.into(), width, is_number: false }
    }

    /// A column of figures.
    pub fn number(label: impl Into<String>, width: u16) -> Self {
        Self { label: label.into(), width, is_number: true }
    }
}

impl Span {
    /// Text in the language of the report.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A link whose text is in the language of the report.
    pub fn link(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self::Link { text: text.into(), url: url.into(), language: None }
    }
}

/// Whether a language is written from right to left.
pub(super) fn is_rtl(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
    matches!(primary.as_str(), "ar" | "ary" | "arz" | "fa" | "he" | "ur" | "ckb" | "ps" | "yi" | "dv" | "syr")
}
