//! Parts of packages that may not be in an attached document.

use super::detect;

pub(super) const MACROS: &str = "the document carries macros; save it as .docx, .xlsx or .odt without macros and attach that";
pub(super) const EMBEDDED: &str = "the document carries an embedded file or object (a workbook behind a chart, another document); paste it as a picture or as text and attach that";
pub(super) const LINKED: &str = "the document fetches parts from elsewhere (a linked template, picture, object or workbook); break these links and attach that (links to click may stay)";
pub(super) const DOCTYPE: &str =
    "the document holds XML with a document type definition; save it anew with an office program and attach that";
pub(super) const PIVOT: &str =
    "the workbook holds a hidden copy of the records behind a pivot table; paste the table as values into a new workbook and attach that";
pub(super) const ENCRYPTED: &str =
    "the document is protected with a password and cannot be read; save it without the password and attach that";
pub(super) const DDE: &str =
    "the document holds a field that starts a program or fetches a file (DDE, INCLUDETEXT); remove the field and attach that";

/// Parts of names of members, in lower case, and why they are refused. OOXML: ECMA-376 part 1, and [MS-OFFMACRO];
/// ODF: OpenDocument 1.3 part 2.
const MEMBERS: &[(&str, &str)] = &[
    ("vbaproject", MACROS),
    ("vbadata", MACROS),
    ("/macrosheets/", MACROS),
    ("/dialogsheets/", MACROS),
    ("basic/", MACROS),
    ("scripts/", MACROS),
    ("/activex/", EMBEDDED),
    ("/embeddings/", EMBEDDED),
    ("oleobject", EMBEDDED),
    ("/ctrlprops/", EMBEDDED),
    ("/externallinks/", LINKED),
    ("/querytables/", LINKED),
    ("xl/connections.xml", LINKED),
    ("xl/model/", EMBEDDED),
    ("encryptedpackage", ENCRYPTED),
];

/// Why a member may not be in a document.
pub(super) fn forbidden_member(name: &str, bytes: &[u8]) -> Vec<&'static str> {
    let lower = name.to_lowercase();
    let mut found: Vec<_> = MEMBERS
        .iter()
        .filter(|(part, _)| if part.starts_with('/') || !part.ends_with('/') { lower.contains(part) } else { lower.starts_with(part) })
        .map(|(_, why)| *why)
        .collect();
    if detect::is_foreign(bytes) {
        found.push(EMBEDDED);
    }
    if lower == "meta-inf/manifest.xml" && detect::contains(bytes, b"encryption-data") {
        found.push(ENCRYPTED);
    }
    if lower.contains("/pivotcacherecords") && bytes.windows(3).filter(|w| *w == b"<r>").count() >= super::persons::MIN_ROWS {
        found.push(PIVOT);
    }
    found
}

/// Whether a member holds XML, whatever its name says; pictures in SVG are pictures.
pub(super) fn is_markup(lower: &str, bytes: &[u8]) -> bool {
    if lower.ends_with(".svg") {
        return false;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"<") || bytes.starts_with(b"\xff\xfe<\0") || bytes.starts_with(b"\xfe\xff\0<")
}

/// Whether a member is read as XML. Pictures in SVG lie in packages, but are never served on their own.
pub(super) fn is_xml(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".xml") || lower.ends_with(".rels") || lower.ends_with(".rdf") || lower.ends_with(".vml")
}
