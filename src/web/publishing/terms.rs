//! Who holds the data of a record, which files there are, on which terms and on what each statement rests.

use crate::domain::holding::{AccessTerms, Distribution};
use crate::domain::vocabulary::{AccessLevel, StatementBasis, Vocabulary};
use crate::interop::dcat::is_web_address;
use crate::service::{Error, Record, institutions};
use crate::web::pages::PageLanguage;
use crate::web::pages::described::{Entry, Said};
use crate::web::preview::field_label;
use crate::web::server::State;

use super::asked::Asked;

/// The holders; each entry leads to the holder, and is led to by the identifier of the holding. The files and the terms of an
/// outline are hidden.
///
/// # Errors
/// The database is unavailable.
pub fn holdings(state: &State, record: &Record, is_outline: bool, asked: Asked) -> Result<Vec<Entry>, Error> {
    let (language, tag, main) = (asked.language, asked.language.tag(), record.dataset.main_language());
    let mut held = Vec::new();
    for (id, holding) in record.holdings() {
        let slug = &holding.institution;
        let mut said = vec![line("role", holding.role.label(tag), language)];
        if !is_outline {
            said.extend(holding.distributions.iter().map(|file| distribution(file, main, language)));
            said.extend(terms(&holding.access_terms, main, language));
        }
        let name = institutions::name(&state.catalogue, slug, tag)?;
        held.push(Entry { id: id.to_string(), said, ..Entry::page(name, asked.path(&format!("/institution/{slug}"))) });
    }
    Ok(held)
}

/// A line on a field of a holding.
fn line(field: &str, text: &str, language: PageLanguage) -> Said {
    Said { label: field_label(&format!("holdings.{field}"), language), text: text.to_owned(), ..Said::default() }
}

/// An address, which is led to only where it is one of the web.
fn led(field: &str, address: &str, language: PageLanguage) -> Said {
    let place = if is_web_address(address) { address } else { "" };
    Said { address: place.to_owned(), ..line(field, address, language) }
}

/// A file or service by its title, else by its address, with its format.
fn distribution(file: &Distribution, main_language: Option<&str>, language: PageLanguage) -> Said {
    let text = file.title.words(Some(language.tag()), main_language).unwrap_or(&file.url);
    let format = file.format.as_ref().or(file.media_type.as_ref());
    Said { text: text.to_owned(), basis: format.cloned().unwrap_or_default(), ..led("distributions", &file.url, language) }
}

/// A level with what it rests on: whoever reads it must not take what is assumed for what was seen. An unknown level states nothing.
fn level(field: &str, level: AccessLevel, basis: StatementBasis, language: PageLanguage) -> Said {
    let tag = language.tag();
    let basis = if level == AccessLevel::Unknown { "" } else { basis.label(tag) };
    Said { basis: basis.to_owned(), ..line(field, level.label(tag), language) }
}

/// The terms that are documented, in the order in which they are asked for.
fn terms(terms: &AccessTerms, main_language: Option<&str>, language: PageLanguage) -> Vec<Said> {
    let tag = language.tag();
    let mut said = vec![
        level("accessTerms.aggregates", terms.aggregates, terms.aggregates_basis, language),
        level("accessTerms.microdata", terms.microdata, terms.microdata_basis, language),
        line("accessTerms.channel", terms.channel.label(tag), language),
    ];
    for (field, address) in [("accessTerms.channelUrl", &terms.channel_url), ("accessTerms.licence", &terms.licence)] {
        said.extend(address.iter().map(|address| led(field, address, language)));
    }
    for (field, text) in [
        ("accessTerms.conditions", &terms.conditions),
        ("accessTerms.decidedBy", &terms.decided_by),
        ("accessTerms.fee", &terms.fee),
        ("accessTerms.disclosureControl", &terms.disclosure_control),
    ] {
        said.extend(text.words(Some(tag), main_language).map(|text| line(field, text, language)));
    }
    let days = terms.expected_days.map(|days| days.to_string());
    for (field, text) in [
        ("accessTerms.expectedDays", &days),
        ("accessTerms.embargoUntil", &terms.embargo_until),
        ("accessTerms.legalBasis", &terms.legal_basis),
        ("accessTerms.dataProtectionReference", &terms.data_protection_reference),
    ] {
        said.extend(text.iter().map(|text| line(field, text, language)));
    }
    said
}
