//! From bytes to characters: encodings that are met in real files, and characters that no text of the registry holds.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::domain::problem::Problem;
use crate::domain::text::{is_hidden, without_hidden};
use crate::interop::documents::of_arabic;

/// Reads bytes as text, after their byte order mark, the declaration of an XML document, or what they look like.
///
/// # Errors
/// The bytes are not text in the encoding that they declare.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Vec<Problem>), Problem> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decode_as(bytes.get(length..).unwrap_or_default(), encoding).map(|text| (text, Vec::new()));
    }
    if let Some(encoding) = wide_without_mark(bytes) {
        return decode_as(bytes, encoding).map(|text| (text, Vec::new()));
    }
    if let Some(name) = declared_encoding(bytes) {
        let Some(encoding) = Encoding::for_label(name.as_bytes()) else {
            return Err(Problem::new("encoding", &name, "the document declares an encoding that is not known; save it as UTF-8"));
        };
        // A declaration of UTF-16 in bytes that were read as ASCII is wrong by itself.
        let encoding = if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding };
        if let Some(text) = in_spite_of(encoding, bytes) {
            return Ok((Cow::Borrowed(text), vec![Problem::new("encoding", name, DECLARED_WRONGLY)]));
        }
        return decode_as(bytes, encoding).map(|text| (text, Vec::new()));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), Vec::new()));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = of_arabic(detector.guess(None, Utf8Detection::Deny), bytes);
    let remedy = "the document is not UTF-8 and declares no encoding; this one was guessed: check accents, and save it as UTF-8";
    decode_as(bytes, guessed).map(|text| (text, vec![Problem::new("encoding", guessed.name(), remedy)]))
}

/// Of a document that declares an encoding of single bytes, and whose bytes are UTF-8.
pub const DECLARED_WRONGLY: &str = "is the encoding that the document declares, and its bytes are UTF-8; it was read as UTF-8: check the accents, and correct the declaration";

/// The text of bytes that are UTF-8 with characters of several bytes, though an encoding of single bytes is declared: no text in that one
/// comes out as UTF-8 by chance.
pub fn in_spite_of<'b>(declared: &'static Encoding, bytes: &'b [u8]) -> Option<&'b str> {
    if !declared.is_single_byte() || bytes.is_ascii() {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

/// Whether a document declares another encoding than UTF-8, so that it is to be held to be read.
pub fn declares_another(beginning: &[u8]) -> bool {
    declared_encoding(beginning)
        .is_some_and(|name| Encoding::for_label(name.as_bytes()).is_none_or(|encoding| ![UTF_8, UTF_16LE, UTF_16BE].contains(&encoding)))
}

fn decode_as<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Result<Cow<'b, str>, Problem> {
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    if wrong {
        let remedy = "the document holds bytes that are not text in this encoding; save it as UTF-8";
        return Err(Problem::new("encoding", encoding.name(), remedy));
    }
    Ok(text)
}

/// UTF-16 without a mark: every other byte of the beginning is zero.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some(UTF_16BE),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// The encoding that the declaration of an XML document names.
pub fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(200))?;
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let rest = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next().map(str::to_owned)
}

/// A text without the characters that nobody sees or that turn its direction, and whether any were taken out.
pub fn clean(text: &str) -> (String, bool) {
    if text.chars().any(is_hidden) { (without_hidden(text), true) } else { (text.to_owned(), false) }
}
