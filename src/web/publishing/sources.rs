//! The sources that were read for a record or an institution.

use crate::domain::dataset::Citation;
use crate::interop::dcat::is_web_address;
use crate::web::pages::PageLanguage;
use crate::web::pages::described::{Entry, Said};
use crate::web::preview::field_label;

/// The sources with what each supports, under their heading.
pub fn sources(citations: &[Citation], language: PageLanguage) -> (String, Vec<Entry>) {
    let one = |citation: &Citation| {
        let address = citation.url.clone().filter(|url| is_web_address(url)).unwrap_or_default();
        let supports = citation.supports.iter();
        let said = supports.map(|text| Said { label: field_label("citations.supports", language), text: text.clone(), ..Said::default() });
        Entry { said: said.collect(), ..Entry::page(citation.title.as_str(), address) }
    };
    (field_label("citations", language), citations.iter().map(one).collect())
}
