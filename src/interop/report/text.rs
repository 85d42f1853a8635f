//! What every writer does with text from outside: what cannot be written is dropped, and links are kept to what leads somewhere.

use std::fmt::Write;

pub use crate::domain::text::{END_ISOLATE, ISOLATE};
use crate::domain::text::{is_foreign_control, is_steering};

/// A text on one line, without what XML forbids and without what turns the direction of its neighbours.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !is_steering(*c) && !is_foreign_control(*c) && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .collect()
}

/// A picture or another whole document without what XML forbids.
pub fn without_forbidden(text: &str) -> String {
    text.chars().filter(|c| !is_foreign_control(*c) && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}

/// A text made harmless for elements and quoted attributes, in HTML as in XML.
pub fn escape(text: &str) -> String {
    quick_xml::escape::escape(clean(text)).into_owned()
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To an anchor within the report.
    Inside(String),
    /// To an address: ASCII only, without quotation marks, brackets and blanks.
    Outside(String),
}

/// Reads the address of a link; none where it leads nowhere or would run something.
pub fn target(url: &str) -> Option<Target> {
    let url = url.trim();
    if let Some(name) = url.strip_prefix('#') {
        return Some(anchor(name)).filter(|name| !name.is_empty()).map(Target::Inside);
    }
    let (scheme, rest) = url.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let is_known = match scheme.as_str() {
        "http" | "https" => rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#'])),
        "mailto" | "urn" => !rest.is_empty(),
        _ => false,
    };
    is_known.then(|| Target::Outside(format!("{scheme}:{}", encoded(rest))))
}

/// Whatever may not stand in an address is written with per cent signs.
fn encoded(rest: &str) -> String {
    let mut out = String::with_capacity(rest.len());
    for byte in clean(rest).bytes() {
        match byte {
            b'"' | b'\'' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'(' | b')' | b'[' | b']' | b'*' => hex(&mut out, byte),
            0x21..=0x7E => out.push(char::from(byte)),
            _ => hex(&mut out, byte),
        }
    }
    out
}

fn hex(out: &mut String, byte: u8) {
    // Writing into a string does not fail.
    let _ = write!(out, "%{byte:02X}");
}

/// A name of an anchor, with nothing but what may stand in one.
pub fn anchor(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// A code of a language, with nothing but what may stand in one; empty where there is none.
pub fn language_code(code: &str) -> String {
    let code = code.replace('_', "-");
    let is_code =
        code.len() <= 35 && code.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if is_code { code } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::{Target, clean, escape, language_code, target};

    #[test]
    fn what_turns_or_breaks_a_text_is_dropped() {
        assert_eq!(clean("a\u{0}b\u{202E}c\u{2067}d\u{FFFF}e\u{85}f\ng"), "abcdef g");
        assert_eq!(escape("<b title='\"'>&\u{1}"), "&lt;b title=&apos;&quot;&apos;&gt;&amp;");
    }

    #[test]
    fn links_lead_to_pages_records_and_sections_only() {
        let outside = |text: &str| Some(Target::Outside(text.to_owned()));
        assert_eq!(target("https://example.org/a b?c=\"<d>\"&e=é"), outside("https://example.org/a%20b?c=%22%3Cd%3E%22&e=%C3%A9"));
        assert_eq!(target(" HTTPS://example.org"), outside("https://example.org"));
        assert_eq!(target("urn:uuid:0"), outside("urn:uuid:0"));
        assert_eq!(target("#gaps\"><script>"), Some(Target::Inside("gapsscript".to_owned())));
        for hostile in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "file:///etc/passwd",
            "https:",
            "https:///x",
            "",
            "#",
            "vbscript:x",
        ] {
            assert_eq!(target(hostile), None, "{hostile}");
        }
    }

    #[test]
    fn codes_of_languages_are_codes() {
        assert_eq!(language_code("zh_Hant"), "zh-Hant");
        assert_eq!(language_code("ar\" onload=\"x"), "");
    }
}
