//! Language tags as other systems write them.

use crate::domain::text::LanguageTag;

/// The tag of a text whose language nobody stated (ISO 639-2: undetermined).
pub const UNDETERMINED: &str = "und";

/// Codes of three letters that have one of two letters (ISO 639-2, both its forms), as far as catalogues of the region use them.
const SHORTER: &[(&str, &str)] = &[
    ("ara", "ar"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("dan", "da"),
    ("deu", "de"),
    ("dut", "nl"),
    ("ell", "el"),
    ("eng", "en"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("ger", "de"),
    ("gre", "el"),
    ("heb", "he"),
    ("hun", "hu"),
    ("ita", "it"),
    ("nld", "nl"),
    ("nor", "no"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("rus", "ru"),
    ("slv", "sl"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tur", "tr"),
    ("ukr", "uk"),
];

/// Reads a tag such as `fr`, `fr_MA`, `fra` or `sr-Latn-RS-x-old`; what the registry's tags do not hold is left out, never the language.
pub fn read(text: &str) -> Option<LanguageTag> {
    let text = text.trim().replace('_', "-");
    let (first, rest) = text.split_once('-').map_or((text.as_str(), None), |(first, rest)| (first, Some(rest)));
    let lower = first.to_ascii_lowercase();
    let first = SHORTER.iter().find(|(long, _)| *long == lower).map_or(first, |(_, short)| *short);
    let whole = rest.map_or_else(|| first.to_owned(), |rest| format!("{first}-{rest}"));
    let mut shorter = whole.as_str();
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
        for (given, wanted) in
            [("fr", "fr"), ("fr_ma", "fr-MA"), ("FRA", "fr"), ("ara-MA", "ar-MA"), ("sr-Latn-RS-x-old", "sr-Latn-RS"), ("ary", "ary")]
        {
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
