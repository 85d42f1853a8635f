//! What a record of another system names in words only.

use crate::domain::ids::Slug;

/// Stands for the institution that gives access, until whoever knows the catalogue has matched the names of the record
/// ([`super::exchange::Origin::producers`]) with an institution. No institution may have this short name.
pub const HOLDER: &str = "holder-to-be-matched";

/// [`HOLDER`] as a short name.
pub fn holder() -> Option<Slug> {
    // The constant is a good short name, which the test holds.
    Slug::parse(HOLDER).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stand_in_is_a_short_name() {
        assert_eq!(holder().map(|slug| slug.to_string()).as_deref(), Some(HOLDER));
    }
}
