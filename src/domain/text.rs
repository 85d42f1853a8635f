//! Text in several languages, each with the status of its wording. No language is the default of another.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::vocabulary::TextStatus;

/// A language tag of BCP 47 in the form that the registry uses: language, optional script, optional region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// Reads a tag such as `ar`, `fr-MA` or `zgh-Tfng`; letter case is normalised, and `fra` is read as `fr`. A language of two letters is one of
    /// ISO 639-1; of three, any.
    ///
    /// # Errors
    /// A sentence that names the fault and the remedy.
    pub fn parse(text: &str) -> Result<Self, String> {
        normalise_tag(text).map(Self).ok_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            format!("`{shown}` is not a language tag; use a BCP 47 tag such as `ar`, `fr` or `zgh-Tfng`")
        })
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script and region.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl<'de> Deserialize<'de> for LanguageTag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Codes of three letters that ISO 639-2 has for bibliographies, with the tag of the language.
const BIBLIOGRAPHIC: &[(&str, &str)] = &[
    ("alb", "sq"),
    ("arm", "hy"),
    ("baq", "eu"),
    ("bur", "my"),
    ("chi", "zh"),
    ("cze", "cs"),
    ("dut", "nl"),
    ("fre", "fr"),
    ("geo", "ka"),
    ("ger", "de"),
    ("gre", "el"),
    ("ice", "is"),
    ("mac", "mk"),
    ("may", "ms"),
    ("per", "fa"),
    ("rum", "ro"),
    ("slo", "sk"),
    ("tib", "bo"),
    ("wel", "cy"),
];

/// Codes that languages had before, with those of today (IANA language subtag registry, `Preferred-Value`; ISO 639-3 for `jw`).
const RENAMED: &[(&str, &str)] = &[("in", "id"), ("iw", "he"), ("ji", "yi"), ("jw", "jv"), ("mo", "ro")];
/// Registered, and no longer of ISO 639-1: Serbo-Croatian.
const REGISTERED: &str = "sh";

/// Languages that have a code of two letters (ISO 639-1), which stands in tags.
struct Languages {
    two_letters: HashSet<String>,
    /// Other codes of the same languages, with that one (RFC 5646, 2.2.1).
    others: HashMap<String, String>,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        concepts: Vec<Language>,
    }
    #[derive(Deserialize)]
    struct Language {
        code: String,
        uri: Option<String>,
    }
    let concepts = serde_json::from_str(include_str!("data/languages.json")).map_or_else(|_| Vec::new(), |file: File| file.concepts);
    let mut found = Languages { two_letters: HashSet::from([REGISTERED.to_owned()]), others: HashMap::new() };
    for language in concepts.into_iter().filter(|language| language.code.len() == 2) {
        if let Some(longer) = language.uri.as_deref().and_then(|uri| uri.rsplit('/').next()) {
            found.others.insert(longer.to_ascii_lowercase(), language.code.clone());
        }
        found.two_letters.insert(language.code);
    }
    found.others.extend(BIBLIOGRAPHIC.iter().chain(RENAMED).map(|(other, code)| ((*other).to_owned(), (*code).to_owned())));
    found
});

fn normalise_tag(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let language = parts.next()?;
    let alpha = |s: &str| s.bytes().all(|b| b.is_ascii_alphabetic());
    if !(2..=3).contains(&language.len()) || !alpha(language) {
        return None;
    }
    let mut tag = language.to_ascii_lowercase();
    if let Some(code) = LANGUAGES.others.get(&tag) {
        tag.clone_from(code);
    }
    if tag.len() == 2 && !LANGUAGES.two_letters.contains(&tag) {
        return None;
    }
    let mut rest = parts.next();
    if let Some(script) = rest.filter(|s| s.len() == 4 && alpha(s)) {
        let (first, others) = script.split_at(1);
        tag.push('-');
        tag.push_str(&first.to_ascii_uppercase());
        tag.push_str(&others.to_ascii_lowercase());
        rest = parts.next();
    }
    let is_region = |s: &&str| (s.len() == 2 && alpha(s)) || (s.len() == 3 && s.bytes().all(|b| b.is_ascii_digit()));
    if let Some(region) = rest.filter(is_region) {
        tag.push('-');
        tag.push_str(&region.to_ascii_uppercase());
        rest = parts.next();
    }
    rest.is_none().then_some(tag)
}

/// A wording in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The words; never empty.
    #[serde(deserialize_with = "non_empty")]
    pub text: String,
    /// Where the wording comes from.
    pub status: TextStatus,
}

/// Language → wording. Empty means that nothing is documented.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct MultilingualText(pub BTreeMap<LanguageTag, Wording>);

impl<'de> Deserialize<'de> for MultilingualText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByLanguage)
    }
}

/// Reads wordings by language. `fr` and `FR` are one language: of two wordings none is dropped silently.
struct ByLanguage;

impl<'de> serde::de::Visitor<'de> for ByLanguage {
    type Value = MultilingualText;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text by language, such as {\"fr\":{\"text\":\"…\",\"status\":\"OFFICIAL\"}}")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut wordings = BTreeMap::new();
        while let Some((tag, wording)) = map.next_entry::<LanguageTag, Wording>()? {
            if wordings.contains_key(&tag) {
                let told = format!("holds two wordings in the language `{}`; keep one of them", tag.as_str());
                return Err(serde::de::Error::custom(told));
            }
            wordings.insert(tag, wording);
        }
        Ok(MultilingualText(wordings))
    }
}

impl MultilingualText {
    /// Words of which the language is not known.
    pub fn of_unknown_language(text: &str) -> Self {
        Self::official([("und", text)])
    }

    /// The same words in several languages, each by its tag; what is empty, or no tag, is left out.
    pub fn official<'w>(words: impl IntoIterator<Item = (&'w str, &'w str)>) -> Self {
        let wording = |(tag, text): (&str, &str)| {
            Some((LanguageTag::parse(tag).ok()?, Wording { text: text.to_owned(), status: TextStatus::Official }))
        };
        Self(words.into_iter().filter(|(_, text)| !text.is_empty()).filter_map(wording).collect())
    }

    /// Whether nothing is documented.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wording in the wanted language, else in the record's main language, else the official one, else the first there is. Several languages may
    /// be wanted, the most wanted first, with commas between them.
    pub fn get(&self, wanted: Option<&str>, main: Option<&str>) -> Option<(&LanguageTag, &Wording)> {
        let find = |language: &str| {
            let primary = language.split('-').next().unwrap_or(language);
            let exact = self.0.iter().find(|(tag, _)| tag.as_str().eq_ignore_ascii_case(language));
            exact.or_else(|| self.0.iter().find(|(tag, _)| tag.primary().eq_ignore_ascii_case(primary)))
        };
        let official = || self.0.iter().find(|(_, wording)| wording.status == TextStatus::Official);
        let in_wanted = |wanted: &str| wanted.split(',').find_map(find);
        wanted.and_then(in_wanted).or_else(|| main.and_then(find)).or_else(official).or_else(|| self.0.iter().next())
    }

    /// Only the words of [`Self::get`].
    pub fn words(&self, wanted: Option<&str>, main: Option<&str>) -> Option<&str> {
        self.get(wanted, main).map(|(_, wording)| wording.text.as_str())
    }

    /// All wordings with their language.
    pub fn iter(&self) -> impl Iterator<Item = (&LanguageTag, &Wording)> {
        self.0.iter()
    }
}

/// The first of the wanted languages in which the program speaks, `en`, `fr` or `ar`, written so; English where it speaks none of them. Several are
/// divided by commas, the most wanted first.
pub fn spoken(wanted: &str) -> &'static str {
    wanted.split(',').find_map(spoken_one).unwrap_or("en")
}

/// The language of a tag as the program writes it; none where it does not speak it.
pub fn spoken_one(tag: &str) -> Option<&'static str> {
    let primary = tag.split('-').next().unwrap_or_default();
    ["en", "fr", "ar"].into_iter().find(|known| known.eq_ignore_ascii_case(primary))
}

/// Longest accepted text of one field, in characters.
pub const MAX_TEXT: usize = 20_000;

/// Characters that turn the direction of what follows, or that nobody sees: with them a text could show what it does not
/// say. The joiners and the marks of direction that Arabic, Persian and mixed texts need (U+200C to U+200F, U+061C) are
/// not among them.
pub fn is_steering(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{180E}')
        || matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Control characters that no text of the registry holds: all but tab and line break. PostgreSQL takes none with a NUL.
pub fn is_foreign_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Characters that no text of the registry holds, since nobody sees them.
pub fn is_hidden(c: char) -> bool {
    is_foreign_control(c) || is_steering(c)
}

/// A text without what nobody sees. What other programs write for the end of a line becomes one, so that words do not run together.
pub fn without_hidden(text: &str) -> String {
    let ends_line = |c: char| matches!(c, '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if ends_line(c) { '\n' } else { c }).filter(|c| !is_hidden(*c)).collect()
}

/// Opens a stretch of text whose direction follows its own first letter and does not touch its neighbours.
pub const ISOLATE: char = '\u{2068}';
/// Ends such a stretch.
pub const END_ISOLATE: char = '\u{2069}';

/// A text that keeps its direction wherever it stands: a date beside Arabic words would be shown from its end.
pub fn isolated(text: &str) -> String {
    format!("{ISOLATE}{text}{END_ISOLATE}")
}

/// Whether every stretch that is opened ends.
pub fn isolates_are_closed(text: &str) -> bool {
    let mut open = 0_i32;
    for c in text.chars() {
        match c {
            ISOLATE => open += 1,
            END_ISOLATE => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}

/// Whether the character belongs to a script that runs from right to left.
pub fn is_rtl(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
        || matches!(c, '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Whether a text shows anything: more than blanks, marks of direction and joiners.
pub fn shows_something(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !c.is_control() && !is_steering(c) && !matches!(c, '\u{200C}'..='\u{200F}' | '\u{061C}'))
}

/// Looks for control characters.
///
/// # Errors
/// A sentence that names the character, its place and the remedy.
pub fn check_controls(text: &str) -> Result<(), String> {
    refuse_any(text, is_foreign_control)
}

/// Looks for control characters, and for characters that nobody sees or that turn the direction of the text.
///
/// # Errors
/// A sentence that names the character, its place and the remedy.
pub fn check_characters(text: &str) -> Result<(), String> {
    refuse_any(text, |c| is_foreign_control(c) || is_steering(c))
}

fn refuse_any(text: &str, is_wrong: impl Fn(char) -> bool) -> Result<(), String> {
    // Most texts are plain ASCII or letters, and are left after one look.
    let Some((at, wrong)) = text.char_indices().find(|(_, c)| is_wrong(*c)) else { return Ok(()) };
    let mut before: Vec<char> = text[..at].chars().rev().filter(|c| !c.is_control()).take(20).collect();
    before.reverse();
    let place = if before.is_empty() { "at its beginning".to_owned() } else { format!("after `{}`", before.iter().collect::<String>()) };
    let code = wrong as u32;
    Err(format!("holds the invisible character U+{code:04X} {place}; delete it there, or type the words anew"))
}

/// Reads a line that people will see: a name, a function, a remark.
///
/// # Errors
/// A sentence that names the fault and the remedy: nothing to see, too long, or a character that is not taken.
pub fn one_line(text: &str, most: usize) -> Result<String, String> {
    let text = text.trim();
    check_characters(text)?;
    if text.contains(['\n', '\r', '\t']) {
        return Err("holds a line break or a tab; write it on one line".to_owned());
    }
    if !shows_something(text) {
        return Err("is empty; give it some words".to_owned());
    }
    if text.chars().count() > most {
        return Err(format!("is longer than {most} characters; shorten it"));
    }
    Ok(text.to_owned())
}

fn non_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    use serde::de::Error;
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() {
        return Err(D::Error::custom("the text is empty; leave the language out instead"));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(D::Error::custom(format!("the text is longer than {MAX_TEXT} characters; shorten it or link to a document")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_normalised_or_refused() {
        for (given, wanted) in [("AR", "ar"), ("fr-ma", "fr-MA"), ("zgh-tfng", "zgh-Tfng"), ("ar-Arab-MA", "ar-Arab-MA")] {
            assert_eq!(LanguageTag::parse(given).map(|t| t.0), Ok(wanted.to_owned()));
        }
        // A language has one tag, however long its code is written.
        for (given, wanted) in
            [("fra", "fr"), ("FRE", "fr"), ("ara-MA", "ar-MA"), ("zgh", "zgh"), ("ber", "ber"), ("iw", "he"), ("sh", "sh")]
        {
            assert_eq!(LanguageTag::parse(given).map(|t| t.0), Ok(wanted.to_owned()));
        }
        for wrong in ["", "french", "f", "fr_MA", "fr-", "12", "fr-MA-x-y", "xx", "uk1", "zz-MA"] {
            assert!(LanguageTag::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_nobody_sees_is_named_with_its_place() {
        for fine in ["", "Enquête\r\n\tsuite", "می\u{200C}خواهم", "\u{200F}العربية\u{200E} (HCP)\u{061C}", "a\u{00AD}b", "नी\u{200D}"]
        {
            assert_eq!(check_characters(fine), Ok(()), "{fine:?}");
        }
        let told = check_characters("Haut-Commissariat\u{202E}evil").expect_err("an override");
        assert!(told.contains("U+202E after `Haut-Commissariat`"), "{told}");
        for wrong in ["\0", "a\u{7F}", "a\u{85}", "a\u{1B}[1m", "a\u{200B}b", "\u{FEFF}a", "\u{2066}a\u{2069}", "\u{3164}"] {
            let told = check_characters(wrong).expect_err(wrong);
            assert!(!told.chars().any(|c| c.is_control() || is_steering(c)), "{told:?}");
        }
        assert!(check_controls("\u{202E}").is_ok() && check_controls("a\0b").is_err());
    }

    #[test]
    fn a_line_shows_something_and_is_one_line() {
        assert_eq!(one_line(" Statistics officer ", 200).as_deref(), Ok("Statistics officer"));
        for wrong in ["", " ", "\u{200E}", "\u{200D}\u{200C}", "a\nb", "a\0", "\u{202E}a", &"x".repeat(201)] {
            assert!(one_line(wrong, 200).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn ends_of_lines_of_other_programs_keep_words_apart_and_what_nobody_sees_is_gone() {
        for (raw, wanted) in [
            ("Rabat\u{2028}Agadir\u{B}Oujda\u{85}Fès\u{2029}Salé\u{C}Taza", "Rabat\nAgadir\nOujda\nFès\nSalé\nTaza"),
            ("a\u{202E}b\u{200B}c\u{7F}\0\u{FEFF}", "abc"),
            ("متر\u{200C}جم\tx\r\n", "متر\u{200C}جم\tx\r\n"),
        ] {
            assert_eq!(without_hidden(raw), wanted);
            assert!(check_characters(&without_hidden(raw)).is_ok());
        }
    }

    #[test]
    fn the_wanted_language_comes_first_then_the_main_one() {
        let text: MultilingualText =
            serde_json::from_str(r#"{"ar":{"text":"ا","status":"OFFICIAL"},"fr":{"text":"f","status":"OFFICIAL"}}"#).expect("valid text");
        assert_eq!(text.words(Some("fr-FR"), None), Some("f"));
        assert_eq!(text.words(Some("en"), Some("fr")), Some("f"));
        assert_eq!(text.words(Some("en"), None), Some("ا"));
    }
}
