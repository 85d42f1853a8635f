//! What commands say, and files that they write.

use std::fmt::Arguments;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, StdoutLock, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::anyhow;

/// Says a line on standard output. A reader that went away, as behind `| head -1`, is no fault: the command goes on to its end.
macro_rules! say {
    ($($word:tt)*) => {
        $crate::cli::output::say_line(format_args!($($word)*))
    };
}
pub(super) use say;

/// Tells a line on standard error, whether or not somebody reads it.
macro_rules! tell {
    ($($word:tt)*) => {
        $crate::cli::output::tell_line(format_args!($($word)*))
    };
}
pub(super) use tell;

/// Why a line could not be said, such as a full disk; the first one only.
static UNSAID: OnceLock<String> = OnceLock::new();

/// Says a line on standard output.
pub fn say_line(line: Arguments<'_>) {
    let mut output = std::io::stdout().lock();
    let said = output.write_fmt(line).and_then(|()| output.write_all(b"\n")).and_then(|()| output.flush());
    if let Err(error) = said.or_else(unread) {
        UNSAID.get_or_init(|| error.to_string());
    }
}

/// Tells a line on standard error.
pub fn tell_line(line: Arguments<'_>) {
    let mut output = std::io::stderr().lock();
    if output.write_fmt(line).and_then(|()| output.write_all(b"\n")).is_err() {
        // There is no other place to tell it.
        tracing::debug!("standard error is closed");
    }
}

/// Why standard output could not be written, where something could not be said.
pub fn unsaid() -> Option<&'static str> {
    UNSAID.get().map(String::as_str)
}

/// That nobody reads any more is no fault.
fn unread(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// Standard output that remembers whether its reader went away.
struct Pipe {
    output: StdoutLock<'static>,
    is_unread: bool,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.output.write(bytes);
        self.is_unread |= matches!(&written, Err(error) if error.kind() == ErrorKind::BrokenPipe);
        written
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let flushed = self.output.flush();
        self.is_unread |= matches!(&flushed, Err(error) if error.kind() == ErrorKind::BrokenPipe);
        flushed
    }
}

/// Writes a long text to standard output; none where its reader went away before the end, which ends the writing quietly.
///
/// # Errors
/// Standard output cannot be written, or what writes failed.
pub fn standard<T>(fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    let mut writer = BufWriter::new(Pipe { output: std::io::stdout().lock(), is_unread: false });
    let filled = fill(&mut writer).and_then(|filled| {
        writer.flush().map_err(|error| anyhow!("standard output cannot be written: {error}"))?;
        Ok(filled)
    });
    if writer.get_ref().is_unread { Ok(None) } else { filled.map(Some) }
}

/// Writes a file beside its place and renames it, so that a broken one never takes the place of a whole one. A link is followed; what stands at
/// the place and is no file, such as a pipe or a device, is written to and stays what it is.
///
/// # Errors
/// The place cannot be written, or what writes failed; then a file that was there is as it was.
pub fn write<T>(path: &Path, fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let wrong = |error: &dyn std::fmt::Display| format!("{} cannot be written: {error}", path.display());
    // Where nothing stands yet, the place is as it was named.
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if place.exists() && !place.is_file() {
        let mut file = File::options().write(true).open(&place).map_err(|error| anyhow!(wrong(&error)))?;
        let filled = fill(&mut file)?;
        file.flush().map_err(|error| anyhow!(wrong(&error)))?;
        return Ok(filled);
    }
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".");
    // It is removed where it is not finished. Who may read it is left to the mask of the process, as for any file.
    let permissions = std::fs::Permissions::from_mode(0o666);
    let unfinished = tempfile::Builder::new().prefix(&name).suffix(".unfinished").permissions(permissions).tempfile_in(folder);
    let mut writer = BufWriter::new(unfinished.map_err(|error| anyhow!(wrong(&error)))?);
    let filled = fill(&mut writer)?;
    let unfinished = writer.into_inner().map_err(|error| anyhow!(wrong(&error)))?;
    unfinished.as_file().sync_all().map_err(|error| anyhow!(wrong(&error)))?;
    unfinished.persist(&place).map_err(|error| anyhow!(wrong(&error)))?;
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, words: &'static str) -> anyhow::Result<()> {
        write(path, |writer| Ok(writer.write_all(words.as_bytes())?))
    }

    #[test]
    fn a_file_is_replaced_a_link_followed_and_a_device_left_in_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("a.jsonl"), folder.path().join("link.jsonl"));
        put(&file, "one").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        put(&link, "two").expect("written");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "two");
        assert!(write(&file, |_| Err::<(), _>(anyhow!("broke off"))).is_err());
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "two", "what was there is as it was");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing unfinished stays");
        let device = folder.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &device).expect("a link");
        put(&device, "three").expect("written");
        assert!(!Path::new("/dev/null").is_file());
        let full = folder.path().join("full");
        std::os::unix::fs::symlink("/dev/full", &full).expect("a link");
        assert!(put(&full, "four").is_err(), "a device that takes nothing is told");
    }
}
