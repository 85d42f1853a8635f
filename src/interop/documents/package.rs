//! ZIP packages (DOCX, XLSX, ODT): opened within bounds, and checked for what may not be inside.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{DocumentKind, detect, parts, refusal, unreadable, xml};
use crate::domain::problem::Problem;

/// Members of a package. A long report with many pictures has some hundred.
const MAX_MEMBERS: usize = 2_000;
/// Bytes of all members together, unpacked.
const MAX_UNPACKED: usize = 64 * 1024 * 1024;
/// How much larger a member of over 1 MiB may be than its packed form. XML of a regular sheet reaches 30 to 60; a bomb 1,000.
const MAX_RATIO: u64 = 200;

/// An opened package: every member, unpacked.
pub(super) struct Package {
    pub(super) members: Vec<(String, Vec<u8>)>,
    packed: Vec<u8>,
}

impl Package {
    /// Unpacks all members.
    ///
    /// # Errors
    /// A package that is damaged, protected, or larger inside than any document.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Problem> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
        if archive.len() > MAX_MEMBERS {
            return Err(bomb());
        }
        if archive.has_duplicate_names() || archive.has_overlapping_files().map_err(|_| unreadable())? {
            return Err(refusal(
                "the file is put together in an unusual way (parts of the same name or place); save it anew and attach that",
            ));
        }
        let mut members = Vec::with_capacity(archive.len());
        let mut left = MAX_UNPACKED;
        for index in 0..archive.len() {
            let member = member(&mut archive, index, left)?;
            left -= member.1.len();
            members.push(member);
        }
        Ok(Self { members, packed: bytes.to_vec() })
    }

    /// The package as it came.
    pub(super) fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// The bytes of one member.
    pub(super) fn member(&self, name: &str) -> Option<&[u8]> {
        self.members.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice())
    }

    /// The kind that the package declares: ODF in `mimetype`, OOXML in `[Content_Types].xml`.
    ///
    /// # Errors
    /// Another package, or a plain archive.
    pub(super) fn kind(&self) -> Result<DocumentKind, Problem> {
        if let Some(media_type) = self.member("mimetype") {
            let media_type = String::from_utf8_lossy(media_type).trim().to_owned();
            let is_text = media_type == DocumentKind::Odt.media_type() && self.member("content.xml").is_some();
            return if is_text { Ok(DocumentKind::Odt) } else { Err(detect::other_package(&media_type)) };
        }
        let Some(types) = self.member("[Content_Types].xml") else { return Err(detect::other_package("")) };
        let main = xml::main_content_type(types).ok_or_else(unreadable)?;
        let kinds = [
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", DocumentKind::Docx),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", DocumentKind::Xlsx),
        ];
        kinds.iter().find(|(declared, _)| *declared == main).map(|(_, kind)| *kind).ok_or_else(|| detect::other_package(&main))
    }

    /// Looks at every member.
    ///
    /// # Errors
    /// Everything that may not be in a document: macros, embedded files, links to other files, document types in XML.
    pub(super) fn check(&self, kind: DocumentKind) -> Result<(), Vec<Problem>> {
        let mut found: Vec<&'static str> = Vec::new();
        let mut broken = false;
        for (name, bytes) in &self.members {
            found.extend(parts::forbidden_member(name, bytes));
            if parts::is_xml(name) || parts::is_markup(&name.to_lowercase(), bytes) {
                match xml::check(bytes, kind, name) {
                    Ok(faults) => found.extend(faults),
                    Err(xml::Broken) => broken = true,
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut problems: Vec<Problem> = found.into_iter().map(refusal).collect();
        if broken {
            problems.push(unreadable());
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

fn member(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, left: usize) -> Result<(String, Vec<u8>), Problem> {
    let raw = archive.by_index_raw(index).map_err(|_| unreadable())?;
    let (encrypted, declared, packed) = (raw.encrypted(), raw.size(), raw.compressed_size());
    drop(raw);
    if encrypted {
        return Err(refusal("the file is protected with a password and cannot be read; save it without the password and attach that"));
    }
    if declared > left as u64 || (declared > 1024 * 1024 && declared / packed.max(1) > MAX_RATIO) {
        return Err(bomb());
    }
    let file = archive.by_index(index).map_err(|_| unreadable())?;
    let name = file.name().map_err(|_| unreadable())?.replace('\\', "/");
    let mut bytes = Vec::new();
    // The declared size is a claim; what comes out is counted.
    file.take(left as u64 + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    if bytes.len() > left {
        return Err(bomb());
    }
    Ok((name, bytes))
}

fn bomb() -> Problem {
    refusal("the file is far larger inside than a document is; save it anew and attach that")
}
