//! The holder of data that come from another system, until an institution of the registry is matched with its name.

use crate::domain::holding::AccessTerms;
use crate::domain::ids::Slug;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{AccessLevel, RequestChannel, StatementBasis};

/// Stands for the institution of a holding in a draft that was read, until whoever knows the catalogue puts the institution there.
/// No institution of the registry may have this slug.
pub const NOT_YET_KNOWN: &str = "not-yet-known";

/// [`NOT_YET_KNOWN`] as a slug.
#[expect(clippy::expect_used, reason = "the constant is a slug; a test reads it")]
pub fn not_yet_known() -> Slug {
    Slug::parse(NOT_YET_KNOWN).expect("a slug")
}

/// Terms of which nothing is documented.
pub fn unknown_terms() -> AccessTerms {
    AccessTerms {
        aggregates: AccessLevel::Unknown,
        aggregates_basis: StatementBasis::Assumed,
        microdata: AccessLevel::Unknown,
        microdata_basis: StatementBasis::Assumed,
        licence: None,
        conditions: MultilingualText::default(),
        legal_basis: None,
        data_protection_reference: None,
        decided_by: MultilingualText::default(),
        channel: RequestChannel::Unknown,
        channel_url: None,
        fee: MultilingualText::default(),
        expected_days: None,
        embargo_until: None,
        disclosure_control: MultilingualText::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stand_in_is_a_slug_and_claims_nothing() {
        assert_eq!(not_yet_known().as_str(), NOT_YET_KNOWN);
        assert_eq!(unknown_terms().aggregates, AccessLevel::Unknown);
    }
}
