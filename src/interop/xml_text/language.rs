//! Language tags as other systems write them.

use crate::domain::text::LanguageTag;

/// The tag of a text whose language nobody stated (ISO 639-2: undetermined).
pub const UNDETERMINED: &str = "und";

/// Reads a tag such as `fr`, `fr_MA`, `fra` or `sr-Latn-RS-x-old`; what the registry's tags do not hold is left out, never the language.
pub fn read(text: &str) -> Option<LanguageTag> {
    let text = text.trim().replace('_', "-");
    let mut shorter = text.as_str();
    loop {
        if let Ok(tag) = LanguageTag::parse(shorter) {
            return Some(tag);
        }
        shorter = shorter.rsplit_once('-')?.0;
    }
}

/// Whether a text has the form of a tag (RFC 5646): parts of one to eight letters and digits. What follows the language in any other was
/// perhaps meant to say something else.
pub fn is_well_formed(text: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.trim().split(['-', '_']).all(is_part)
}

/// The tag of a text whose language nobody stated.
pub fn undetermined() -> Option<LanguageTag> {
    LanguageTag::parse(UNDETERMINED).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_other_systems_are_read() {
        for (given, wanted) in [
            ("fr", "fr"),
            ("fr_ma", "fr-MA"),
            ("FRA", "fr"),
            ("ara-MA", "ar-MA"),
            ("sr-Latn-RS-x-old", "sr-Latn-RS"),
            ("ary", "ary"),
            ("ell", "el"),
            ("gre", "el"),
            ("nor", "no"),
        ] {
            assert_eq!(read(given).map(|tag| tag.as_str().to_owned()), Some(wanted.to_owned()), "{given}");
        }
        for wrong in ["", "x-default", "French", "1", "-"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        for (given, wanted) in
            [("fr", true), (" fr_MA ", true), ("sr-Latn-RS-x-old", true), ("zz-bogus-!!", false), ("fr-", false), ("", false)]
        {
            assert_eq!(is_well_formed(given), wanted, "{given}");
        }
        assert_eq!(undetermined().map(|tag| tag.as_str().to_owned()), Some("und".into()));
    }
}
