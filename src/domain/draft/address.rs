//! Addresses on the web and persistent identifiers, as records have them.

use uuid::Uuid;

use super::super::ids::is_web_address;
use super::super::problem::Problem;

/// Reads the UUID of a `urn:uuid:…` identifier.
pub fn parse_urn(identifier: &str) -> Option<Uuid> {
    identifier.strip_prefix("urn:uuid:").and_then(|text| Uuid::try_parse(text).ok())
}

/// Adds that a text is no web address, where it is none.
pub(super) fn check_url(field: &str, text: &str, problems: &mut Vec<Problem>) {
    if !is_web_address(text) {
        problems.push(Problem::new(
            field,
            text,
            "is not a web address; give a full address that starts with https:// or http://, without a password",
        ));
    }
}

/// Adds that an identifier cannot be read, where it cannot.
pub(super) fn check_identifier(identifier: &str, problems: &mut Vec<Problem>) {
    if parse_urn(identifier).is_none() {
        problems.push(Problem::new("identifier", identifier, "is not of the form urn:uuid:…; leave it out to have one minted"));
    }
}
