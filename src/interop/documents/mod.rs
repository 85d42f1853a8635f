//! Documents that people attach to an access request: what they are, and whether they may come in.
//!
//! The catalogue holds no data on persons, not even in an attachment. A document is therefore opened, its active parts are
//! refused, and its tables and lines are read for what looks like one row a person (`persons`). What cannot be read cannot be
//! let in. `docs/attachments.md` says it to those who attach; ADR 17 says why it is so.

mod detect;
mod names;
mod office;
mod package;
mod parts;
mod pdf;
mod persons;
mod sheet;
mod text;
mod xml;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest, Sha256};

pub use self::text::of_arabic;
pub use crate::domain::vocabulary::DocumentKind;

use crate::domain::problem::Problem;
use persons::Scan;

/// The largest document that is taken: 5 MiB.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// A document that may be kept: harmless by its kind, and without what looks like records on persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What the content is.
    pub kind: DocumentKind,
    /// The name to show and to save under: one line, no folder, no steering characters, at most 120 characters, with the
    /// ending of its kind.
    pub name: String,
    /// Length in bytes.
    pub size: usize,
    /// SHA-256 of the bytes, in 64 hexadecimal digits.
    pub sha256: String,
    /// Whether any text was found. Where not (a scan, a photograph), nobody but a person can say what it shows.
    pub has_text: bool,
}

/// Opens a workbook within the bounds of documents: number and size of its parts, and how far they are packed.
///
/// # Errors
/// It is damaged, protected, or larger inside than any document.
pub fn check_package(bytes: &[u8]) -> Result<(), Problem> {
    package::Package::open(bytes).map(|_| ())
}

/// The members of a package with their names, unpacked within the bounds of [`check_package`].
///
/// # Errors
/// It is damaged, protected, or larger inside than any document.
pub fn members_of(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    package::Package::open(bytes).map(|package| package.members)
}

/// Whether a text has a word in it that stands in names of organisations, in Arabic, French or English.
pub fn names_organisation(text: &str) -> bool {
    persons::is_organisation(text)
}

/// The text of bytes in one of the encodings that are met in the region, and the name of the encoding where it was guessed; none where they
/// are no text.
pub fn text_of(bytes: &[u8]) -> Option<(String, Option<&'static str>)> {
    text::decode(bytes).map(|(text, guessed)| (text, guessed.map(encoding_rs::Encoding::name)))
}

/// Reads a document and says what it is, or everything that stands against it.
///
/// Pure and bounded: the same bytes give the same answer, and no input of up to [`MAX_BYTES`] makes it panic or use more than
/// some hundred megabytes.
///
/// # Errors
/// Problems in the fields `name`, `size`, `content` (type, active parts, protection) and `persons` (rows that look like
/// records on persons). They name places and columns, and never repeat a value of the document.
pub fn inspect(name: &str, bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    if bytes.is_empty() {
        return Err(vec![Problem::new("size", "0 bytes", "the file is empty; attach the document itself")]);
    }
    if bytes.len() > MAX_BYTES {
        let remedy = "a document may have 5 MiB at most; leave out pictures, or save it in a smaller size";
        return Err(vec![Problem::new("size", format!("{} bytes", bytes.len()), remedy)]);
    }
    // The libraries below are well kept, but what they read was written by strangers.
    catch_unwind(AssertUnwindSafe(|| examine(name, bytes))).unwrap_or_else(|_| Err(vec![unreadable()]))
}

fn examine(name: &str, bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    let content = detect::detect(name, bytes).map_err(|problem| vec![problem])?;
    let kind = content.kind();
    let mut problems = Vec::new();
    let name = names::clean(name, kind).unwrap_or_else(|problem| {
        problems.push(problem);
        String::new()
    });
    let mut scan = Scan::default();
    problems.extend(content.read(&mut scan).err().into_iter().flatten());
    let has_text = scan.has_text();
    problems.extend(scan.finish());
    if problems.is_empty() {
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Document { kind, name, size: bytes.len(), sha256, has_text })
    } else {
        Err(problems)
    }
}

/// The answer where a file is damaged or so unusual that it cannot be read, and therefore not be scanned.
fn unreadable() -> Problem {
    refusal("the file is damaged or cannot be read; open it, save it anew, and attach that")
}

/// A problem of the content. Its value stays empty: nothing of the document is repeated.
fn refusal(remedy: impl Into<String>) -> Problem {
    Problem::new("content", "", remedy)
}
