//! The lines of a file, of a text or of what comes through a pipe.

use std::io::{BufRead, BufReader, Read};

use crate::domain::problem::Problem;
use crate::domain::record::{MAX_LINE, MAX_RECORD};

/// Takes one line, or what is wrong with it.
pub(super) type Visit<'a> = dyn FnMut(usize, Result<&str, Problem>) + 'a;

/// A file for what came through a pipe; removed at the end.
pub(super) struct Spool {
    /// Where it is.
    pub path: std::path::PathBuf,
    /// The file, open for writing.
    pub file: std::fs::File,
}

impl Spool {
    /// An empty file in the folder for temporary files.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("rihla-import-{}.jsonl", uuid::Uuid::now_v7()));
        let file = std::fs::File::options().write(true).create_new(true).open(&path)?;
        Ok(Self { path, file })
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "a temporary file stays behind");
        }
    }
}

/// What to do with a file that is packed, by the bytes it begins with; none for any other. Told once, and not of each of its lines.
///
/// # Errors
/// The file cannot be read.
pub(super) fn packed(path: &std::path::Path) -> std::io::Result<Option<&'static str>> {
    let mut start = Vec::new();
    std::fs::File::open(path)?.take(6).read_to_end(&mut start)?;
    let begins = |bytes: &[u8]| start.starts_with(bytes);
    let compressed = begins(b"\x1f\x8b") || begins(b"BZh") || begins(b"\xfd7zXZ\0") || begins(b"\x28\xb5\x2f\xfd");
    Ok(if compressed {
        Some("is compressed; unpack it first, a file that ends in `.gz` with `gunzip`, and import the lines that come out")
    } else if begins(b"PK\x03\x04") {
        Some("is a packed file; unpack it first, or take a workbook in as drafts with `--institution`")
    } else {
        None
    })
}

/// Reads line by line; what is too long or not UTF-8 is told in its place.
///
/// # Errors
/// The input cannot be read.
pub(super) fn read_lines(input: impl Read, visit: &mut Visit<'_>) -> std::io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, input);
    let mut buffer = Vec::new();
    for number in 1.. {
        buffer.clear();
        let read = (&mut reader).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut buffer)?;
        if read == 0 {
            break;
        }
        if buffer.len() > MAX_LINE {
            let remedy = format!(
                "the line is longer than {MAX_LINE} bytes, and a record has {MAX_RECORD} at most; shorten its texts or its list of variables, or \
                 divide it into several records"
            );
            visit(number, Err(Problem::new("", "", remedy)));
            // The rest of the line is passed over.
            while buffer.last() != Some(&b'\n') {
                buffer.clear();
                if (&mut reader).take(MAX_LINE as u64).read_until(b'\n', &mut buffer)? == 0 {
                    break;
                }
            }
            continue;
        }
        let bytes = buffer.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&buffer);
        match std::str::from_utf8(bytes) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => visit(number, Ok(line.trim())),
            Err(_) => visit(number, Err(Problem::new("", "", "the line is not UTF-8; save the file as UTF-8"))),
        }
    }
    Ok(())
}
