//! Which format a file is in. The content decides; the name and the media type are heard only where the content leaves it open.
//!
//! Only the beginning and the outline are looked at: that the file can be read is for its reader to find out.

mod json;
mod xml;

#[cfg(test)]
mod tests;

use crate::domain::problem::Problem;
use crate::domain::vocabulary::ImportFormat;
use crate::interop::filed::Filed;
use crate::interop::rdf::decode;

/// Largest file that is looked at.
const MOST_BYTES: usize = 256 << 20;

/// First bytes of files that hold no descriptions: what they are, and the way out.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "PDF", "is a document for people; export the descriptions from where they are kept"),
    (b"\x1f\x8b", "gzip", "is packed; unpack it, and choose the file inside"),
    (b"BZh", "bzip2", "is packed; unpack it, and choose the file inside"),
    (b"\xfd7zXZ", "xz", "is packed; unpack it, and choose the file inside"),
    (b"\x28\xb5\x2f\xfd", "zstd", "is packed; unpack it, and choose the file inside"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "is packed; unpack it, and choose the file inside"),
    (b"Rar!", "RAR", "is packed; unpack it, and choose the file inside"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office before 2007", "is a file of a former version of Office; save the table as XLSX or CSV"),
    (b"\x89PNG", "picture", "is a picture; export the descriptions from where they are kept"),
    (b"\xff\xd8\xff", "picture", "is a picture; export the descriptions from where they are kept"),
    (b"SQLite format 3", "SQLite", "is a database; export the descriptions from it"),
];

/// The format of a file.
///
/// # Errors
/// It is in none that can be read; the problem says what it is, as far as that is known, and what to do.
pub fn format_of(name: &str, media_type: Option<&str>, bytes: &[u8]) -> Result<ImportFormat, Problem> {
    if bytes.len() > MOST_BYTES {
        return Err(Problem::new("size", bytes.len(), "the file is larger than 256 MiB; split it"));
    }
    if let Some((_, what, remedy)) = SIGNATURES.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Err(refusal(what, remedy));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return package(bytes);
    }
    let text = match decode(bytes) {
        Ok((text, _)) => text,
        // Bytes of XML that are not in the encoding they claim are read by its readers, which tell of it.
        Err(_) if bytes.trim_ascii_start().starts_with(b"<") => String::from_utf8_lossy(bytes),
        Err(problem) => return Err(problem),
    };
    if text.contains('\0') {
        return Err(refusal("binary", "is not text, and nothing that is known; export the descriptions as text"));
    }
    let start = text.trim_start_matches('\u{FEFF}').trim_start();
    if start.is_empty() {
        return Err(refusal("nothing", "the file is empty; choose one that holds descriptions"));
    }
    if start.starts_with(['{', '[']) && !is_turtle(start) {
        return json::format_of(Looked::Held(start));
    }
    if start.starts_with('<') && !is_turtle(start) {
        return xml::format_of(start);
    }
    if is_turtle(start) {
        return Ok(ImportFormat::Dcat);
    }
    if is_table(name, media_type, start) {
        return Ok(ImportFormat::Spreadsheet);
    }
    let shown: String = start.chars().take(40).collect();
    Err(refusal(
        &shown,
        "begins like no format that can be read; export DCAT, DDI, CKAN, NADA, schema.org, DataCite or the registry's table",
    ))
}

/// The format of a file that [`Filed::is_plain`], of which a small part is held. A table, which a name may tell, is not looked for.
///
/// # Errors
/// It is in none that can be read so.
pub fn format_of_file(filed: Filed<'_>) -> Result<ImportFormat, Problem> {
    let head = filed.head()?;
    let start = head.trim_start();
    match start.chars().next() {
        _ if is_turtle(start) => Ok(ImportFormat::Dcat),
        Some('{' | '[') => json::format_of(Looked::Filed(filed)),
        Some('<') => xml::format_of(start),
        _ => Err(refusal("text", "begins like no format that is read piece by piece")),
    }
}

/// A document that is looked at.
#[derive(Clone, Copy)]
enum Looked<'t> {
    Held(&'t str),
    Filed(Filed<'t>),
}

impl Looked<'_> {
    /// Whether a name stands anywhere in it.
    fn contains(self, name: &str) -> Result<bool, Problem> {
        let filed = match self {
            Self::Held(text) => return Ok(text.contains(name)),
            Self::Filed(filed) => filed,
        };
        let (mut last, mut is_there) = (Vec::new(), false);
        filed.each_piece(0..filed.size(), &mut |piece| {
            last.extend_from_slice(piece);
            is_there |= last.windows(name.len()).any(|window| window == name.as_bytes());
            last.drain(..last.len().saturating_sub(name.len()));
            Ok(())
        })?;
        Ok(is_there)
    }
}

/// What a file is that cannot be taken.
fn refusal(what: &str, remedy: &str) -> Problem {
    Problem::new("format", what, remedy)
}

/// A package of parts: tables are taken. Names of parts stand in it as they are.
fn package(bytes: &[u8]) -> Result<ImportFormat, Problem> {
    const LOOKED_AT: usize = 128 << 10;
    let ends = [bytes.get(..LOOKED_AT.min(bytes.len())), bytes.get(bytes.len().saturating_sub(LOOKED_AT)..)];
    let holds = |part: &[u8]| ends.iter().flatten().any(|end| end.windows(part.len()).any(|window| window == part));
    if holds(b"xl/workbook.xml") || holds(b"application/vnd.oasis.opendocument.spreadsheet") {
        return Ok(ImportFormat::Spreadsheet);
    }
    // The sheets of the template as plain text, packed together.
    if holds(b".csv") && !holds(b"[Content_Types].xml") && !holds(b"mimetype") {
        return Ok(ImportFormat::Spreadsheet);
    }
    if holds(b"word/document.xml") || holds(b"application/vnd.oasis.opendocument.text") {
        return Err(refusal("text document", "is a document for people; fill in the registry's table, or export the descriptions"));
    }
    Err(refusal("ZIP", "is packed; unpack it, and choose the file inside"))
}

/// Turtle and N-Triples, by how their first statement begins.
pub fn is_turtle(start: &str) -> bool {
    let mut lines = start.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(line) = lines.find(|line| !line.starts_with('#')) else { return false };
    let word = line.split_whitespace().next().unwrap_or_default();
    if ["@prefix", "@base", "prefix", "base"].iter().any(|start| word.eq_ignore_ascii_case(start)) {
        return line.contains('<');
    }
    let Some(rest) = line.strip_prefix('<') else {
        return line.starts_with("_:") || (line.starts_with('[') && line.trim_start_matches(['[', ' ']).starts_with("a "));
    };
    // An address in brackets, and no name of an element: `<https://…> a …`, `<#this>`, `<>`.
    let inside = rest.split('>').next().unwrap_or_default();
    inside.is_empty() || inside.contains("://") && !inside.contains(char::is_whitespace) || inside.starts_with(['#', '/', '.'])
}

/// A table as text: cells between commas, semicolons or tabs, or a name that says so.
fn is_table(name: &str, media_type: Option<&str>, start: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_named = [".csv", ".tsv"].iter().any(|ending| name.ends_with(ending));
    let is_typed = media_type.is_some_and(|kind| kind.starts_with("text/csv") || kind.starts_with("text/tab-separated-values"));
    let mut lines = start.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let cells = [',', ';', '\t'].iter().map(|separator| first.matches(*separator).count()).max().unwrap_or_default();
    is_named || is_typed || (cells >= 2 && lines.next().is_some())
}
