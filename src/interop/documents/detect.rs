//! What a file is, by its first bytes, its members and its characters. The name is heard last.

use super::package::Package;
use super::persons::Scan;
use super::{DocumentKind, names, office, pdf, refusal, sheet, text, unreadable};
use crate::domain::problem::Problem;

/// A file whose kind is known and allowed.
pub(super) enum Content<'a> {
    Pdf(&'a [u8]),
    Package(DocumentKind, Package),
    Text(DocumentKind, String),
}

impl Content<'_> {
    pub(super) fn kind(&self) -> DocumentKind {
        match self {
            Self::Pdf(_) => DocumentKind::Pdf,
            Self::Package(kind, _) | Self::Text(kind, _) => *kind,
        }
    }

    /// Hands all tables and lines to the scan.
    ///
    /// # Errors
    /// Everything in the file that may not come in.
    pub(super) fn read(&self, scan: &mut Scan) -> Result<(), Vec<Problem>> {
        match self {
            Self::Pdf(bytes) => pdf::read(bytes, scan),
            Self::Package(kind, package) => {
                package.check(*kind)?;
                match kind {
                    DocumentKind::Docx => office::read_docx(package, scan),
                    DocumentKind::Odt => office::read_odt(package, scan),
                    _ => sheet::read(package, scan),
                }
                .map_err(|problem| vec![problem])
            }
            Self::Text(_, text) => {
                text::read(text, scan);
                Ok(())
            }
        }
    }
}

const SAVE_TEXT: &str = "save the text as PDF, DOCX or ODT and attach that";
const SAVE_TABLE: &str = "save the table as XLSX or CSV and attach that";
const PACKED: &str = "attach the documents themselves, one by one, without packing them";
const PROGRAM: &str = "a program cannot be attached; attach a document that describes it";
const PICTURE: &str = "put the picture into a document, say there in words what it shows, and attach that";
const DATA: &str = "the catalogue holds no files of data; send a description instead";

/// First bytes of what is not allowed: what it is called, and the way out. Sources: the file formats' own specifications and
/// the list of signatures in the MIME Sniffing Standard.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"MZ", "a Windows program", PROGRAM),
    (b"\x7fELF", "a Linux program", PROGRAM),
    (b"\xfe\xed\xfa", "a macOS program", PROGRAM),
    (b"\xcf\xfa\xed\xfe", "a macOS program", PROGRAM),
    (b"\xca\xfe\xba\xbe", "a Java or macOS program", PROGRAM),
    (b"\0asm", "a WebAssembly program", PROGRAM),
    (b"dex\n", "an Android program", PROGRAM),
    (b"L\0\0\0\x01\x14\x02", "a Windows shortcut", PROGRAM),
    (b"Rar!", "an archive (RAR)", PACKED),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", PACKED),
    (b"\x1f\x8b", "a compressed file (gzip)", PACKED),
    (b"BZh", "a compressed file (bzip2)", PACKED),
    (b"\xfd7zXZ", "a compressed file (xz)", PACKED),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)", PACKED),
    (b"MSCF", "an archive (cabinet)", PACKED),
    (b"{\\rtf", "an RTF document, which may carry programs", SAVE_TEXT),
    (b"%!PS", "a PostScript program", SAVE_TEXT),
    (b"\x89PNG", "a picture (PNG)", PICTURE),
    (b"\xff\xd8\xff", "a picture (JPEG)", PICTURE),
    (b"GIF8", "a picture (GIF)", PICTURE),
    (b"II*\0", "a picture (TIFF)", PICTURE),
    (b"MM\0*", "a picture (TIFF)", PICTURE),
    (b"RIFF", "a picture, sound or film", PICTURE),
    (b"SQLite format 3", "a database (SQLite)", DATA),
    (b"\0\x01\0\0Standard ", "a database (Access)", DATA),
    (b"$FL2", "a data file (SPSS)", DATA),
    (b"$FL3", "a data file (SPSS)", DATA),
    (b"<stata_dta>", "a data file (Stata)", DATA),
    (b"PAR1", "a data file (Parquet)", DATA),
];

/// First bytes of the container of Word, Excel and PowerPoint until 2003; encrypted files of today also lie in one.
const OLE2: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What the content is. The name only tells a table from a text where both are plain text.
pub(super) fn detect<'a>(name: &str, bytes: &'a [u8]) -> Result<Content<'a>, Problem> {
    if let Some((_, what, way)) = SIGNATURES.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Err(refusal(format!("this is {what}; {way}")));
    }
    if bytes.starts_with(OLE2) {
        return Err(ole2(bytes));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let package = Package::open(bytes)?;
        return Ok(Content::Package(package.kind()?, package));
    }
    // Readers accept the mark anywhere in the first 1,024 bytes, but what stands before it may be of another type.
    if bytes.starts_with(b"%PDF-") {
        return Ok(Content::Pdf(bytes));
    }
    if bytes.len() > 262 && &bytes[257..262] == b"ustar" {
        return Err(refusal(format!("this is an archive (tar); {PACKED}")));
    }
    plain(name, bytes)
}

fn ole2(bytes: &[u8]) -> Problem {
    let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if contains(bytes, &wide) {
        return refusal("the document is protected with a password and cannot be read; save it without the password and attach that");
    }
    refusal(format!(
        "this is an Office file of a former version (.doc, .xls, .ppt or .msg), which may carry macros; {SAVE_TEXT}, or {SAVE_TABLE}"
    ))
}

fn plain<'a>(name: &str, bytes: &[u8]) -> Result<Content<'a>, Problem> {
    let (text, _) = text::decode(bytes)
        .ok_or_else(|| refusal("this is none of the types that can be attached; use PDF, DOCX, ODT, XLSX, CSV or plain text"))?;
    if let Some(what) = active_text(&text) {
        return Err(refusal(format!("this is {what}, which can carry programs; {SAVE_TEXT}")));
    }
    let ending = names::ending(name);
    let named = |kind: DocumentKind| kind.extensions().contains(&ending.as_str());
    let is_table = named(DocumentKind::Csv) || (!named(DocumentKind::Text) && text::separator(&text).is_some());
    Ok(Content::Text(if is_table { DocumentKind::Csv } else { DocumentKind::Text }, text))
}

/// Text that a browser or a shell would run. Beginnings as in the MIME Sniffing Standard, section 7.1.
fn active_text(text: &str) -> Option<&'static str> {
    let start: String = text.trim_start().chars().take(1024).collect::<String>().to_lowercase();
    if start.starts_with("#!") || start.starts_with("<?php") || start.starts_with("@echo off") {
        return Some("a script");
    }
    if start.starts_with("<svg") || start.contains("<svg ") {
        return Some("an SVG picture");
    }
    let pages = ["<!doctype html", "<html", "<head", "<script", "<iframe", "<body", "<object", "<embed", "<style", "<meta "];
    if pages.iter().any(|tag| start.contains(tag)) || text.to_lowercase().contains("<script") {
        return Some("a web page");
    }
    if start.starts_with("mime-version:") || start.starts_with("content-type:") {
        return Some("a saved web page or a mail");
    }
    start.starts_with("<?xml").then_some("XML")
}

/// Whether a member of a package is itself a program, an archive or an old Office file.
pub(super) fn is_foreign(bytes: &[u8]) -> bool {
    let pictures = [PICTURE];
    bytes.starts_with(OLE2)
        || bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(b"%PDF-")
        || SIGNATURES.iter().any(|(magic, _, way)| magic.len() > 2 && !pictures.contains(way) && bytes.starts_with(magic))
        || (bytes.starts_with(b"MZ") && contains(&bytes[..bytes.len().min(1024)], b"PE\0\0"))
}

/// Whether some bytes occur in others.
pub(super) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((first, _)) = wanted.split_first() else { return true };
    bytes.windows(wanted.len()).any(|window| window[0] == *first && window == wanted)
}

/// A package of a type that is not allowed: what it is, and the way out.
pub(super) fn other_package(media_type: &str) -> Problem {
    let has = |part: &str| media_type.contains(part);
    if has("macroEnabled") {
        return refusal("the document is of a type that carries macros (.docm, .xlsm); save it as .docx or .xlsx and attach that");
    }
    if has("sheet.binary") || has("opendocument.spreadsheet") {
        return refusal(format!("this is a workbook of another type (.xlsb, .ods); {SAVE_TABLE}"));
    }
    if has("presentation") {
        return refusal("this is a presentation; save it as PDF and attach that");
    }
    if has("template") {
        return refusal("this is a template; save it as a document (.docx, .odt, .xlsx) and attach that");
    }
    if media_type.is_empty() {
        return refusal(format!("this is an archive (ZIP); {PACKED}"));
    }
    unreadable()
}
