//! Which characters the bytes are.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::domain::problem::Problem;
use crate::interop::documents::of_arabic;
use crate::interop::rdf::{DECLARED_WRONGLY, in_spite_of};

/// The text of the bytes: by their mark, by the shape of their first characters, by the declaration, else as UTF-8.
pub(super) fn decode(bytes: &[u8], mended: &mut Vec<Problem>) -> Result<String, Problem> {
    if bytes.starts_with(&[0, 0, 0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0, b'<']) {
        return Err(Problem::new("", "", "the file is in UTF-32, which is not read; save it as UTF-8"));
    }
    let (encoding, start, declared) = encoding(bytes)?;
    let rest = bytes.get(start..).unwrap_or(&[]);
    if let Some((said, text)) = declared.as_ref().and_then(|said| Some((said, in_spite_of(encoding, rest)?))) {
        mended.push(Problem::new("", said, DECLARED_WRONGLY));
        return checked(text.to_owned());
    }
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(rest) {
        return checked(text.into_owned());
    }
    let said = declared.unwrap_or_else(|| encoding.name().to_owned());
    if encoding == UTF_8 {
        let guessed = of_arabic(WINDOWS_1252, rest);
        let (text, _) = guessed.decode_without_bom_handling(rest);
        let remedy =
            format!("the bytes are not {said}; they were read as {}: look at the accents, and save the file as UTF-8", guessed.name());
        mended.push(Problem::new("", said, remedy));
        return checked(text.into_owned());
    }
    Err(Problem::new("", &said, format!("the bytes are not {said}, as the file says; save it as UTF-8")))
}

fn checked(text: String) -> Result<String, Problem> {
    let shown = text.trim_start();
    if shown.is_empty() {
        return Err(Problem::new("", "", "the file is empty; give a file with a record"));
    }
    if !shown.starts_with('<') {
        return Err(Problem::new("", shown, "the file is not XML: it does not begin with `<`; give an XML file"));
    }
    Ok(if shown.len() == text.len() { text } else { shown.to_owned() })
}

fn encoding(bytes: &[u8]) -> Result<(&'static Encoding, usize, Option<String>), Problem> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok((encoding, mark, None));
    }
    match bytes {
        [b'<', 0, ..] => return Ok((UTF_16LE, 0, None)),
        [0, b'<', ..] => return Ok((UTF_16BE, 0, None)),
        _ => {}
    }
    let Some(label) = declaration(bytes) else { return Ok((UTF_8, 0, None)) };
    match Encoding::for_label(label.as_bytes()) {
        // A declaration that could be read byte by byte is not in UTF-16, whatever it says.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok((UTF_8, 0, Some(label))),
        Some(encoding) => Ok((encoding, 0, Some(label))),
        None => Err(Problem::new("", &label, format!("the encoding `{label}` is not known; save the file as UTF-8"))),
    }
}

/// The encoding that the XML declaration names.
fn declaration(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(200))?;
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let inside = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let value = inside.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start().to_owned();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(str::to_owned)
}
