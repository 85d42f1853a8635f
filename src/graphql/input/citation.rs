//! Sources, pages and contradicting figures as an editor gives them.

use super::part::input_object;
use super::text::LocalizedStringInput;
use crate::graphql::scalars::PartialDate;

input_object! {
    /// A source that was read for the record. A finished record needs its title.
    pub struct CitationInput {
        /// Key of the source in the list of sources, such as `S03`; the same source has the same key in all records.
        pub source: Option<String>,
        /// Title of the source.
        pub title: Option<String>,
        /// Address of the source: complete, http or https, without a password.
        pub url: Option<String>,
        /// What the source supports, in words.
        pub supports: Option<String>,
    }
}

input_object! {
    /// A page or document on the web. A finished record needs its address.
    pub struct LinkInput {
        /// Title of the page, by language.
        pub title: Option<Vec<LocalizedStringInput>>,
        /// Address: complete, http or https, without a password.
        pub url: Option<String>,
    }
}

input_object! {
    /// Published values of one thing that do not agree, side by side. None is called wrong. A finished record needs
    /// the subject and the values.
    pub struct DiscrepancyInput {
        /// What the values are of, by language.
        pub subject: Option<Vec<LocalizedStringInput>>,
        /// The values, each with its source.
        pub values: Option<Vec<PublishedValueInput>>,
        /// What follows from the difference for the reader of the figures, by language.
        pub effect: Option<Vec<LocalizedStringInput>>,
        /// Explanation, where one is known, by language.
        pub explanation: Option<Vec<LocalizedStringInput>>,
    }
}

input_object! {
    /// One published value of a discrepancy.
    pub struct PublishedValueInput {
        /// The value as it was published, with its unit, such as `84 001 persons`.
        pub value: Option<String>,
        /// Table, date or scope of the value, by language.
        pub context: Option<Vec<LocalizedStringInput>>,
        /// Cut-off date: the day up to which the source had counted, as a year, a month or a day; not the day of publication.
        pub cut_off: Option<PartialDate>,
        /// Key of a citation of the record, such as `S03`.
        pub source: Option<String>,
    }
}
