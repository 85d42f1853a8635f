//! The folder of a command in the folder for temporary files, and what killed commands have left there.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// How the names of these folders begin; an identifier follows.
const BEGINNING: &str = "rihla-command-";
/// File in the folder that is locked as long as its process lives.
const HELD: &str = "held.lock";

/// A folder for this process alone, which goes with it. Only a process that is killed leaves it behind, and then the next one removes it.
pub struct Scratch {
    path: PathBuf,
    /// Let go of when the folder is removed. None where the file system knows no locks: then nobody else removes the folder.
    _held: Option<File>,
}

impl Scratch {
    /// Makes one, and removes those of processes that have ended.
    ///
    /// # Errors
    /// The folder for temporary files takes none.
    pub fn new() -> io::Result<Self> {
        let root = std::env::temp_dir();
        let own = Self::below(&root)?;
        own.sweep(&root);
        Ok(own)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn below(root: &Path) -> io::Result<Self> {
        let path = root.join(format!("{BEGINNING}{}", Uuid::now_v7()));
        let mut folder = DirBuilder::new();
        #[cfg(unix)]
        // What is indexed may not be for every user of this machine.
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&path)?;
        let held = hold(&path).inspect_err(|error| tracing::debug!(%error, "the scratch folder is not locked")).ok();
        Ok(Self { path, _held: held })
    }

    /// Removes the folders of other processes of this user that have ended. One that cannot be removed harms nobody.
    fn sweep(&self, root: &Path) {
        let Ok(entries) = std::fs::read_dir(root) else { return };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let removed = match self.left_behind(&path) {
                Ok(Some(_held)) => std::fs::remove_dir_all(&path),
                Ok(None) => continue,
                Err(error) => Err(error),
            };
            if let Err(error) = removed {
                tracing::debug!(%error, path = %path.display(), "a folder that another command left behind stays");
            }
        }
    }

    /// The lock of a folder whose process has ended, so that no other command removes it at the same time; none for whatever else this is.
    fn left_behind(&self, path: &Path) -> io::Result<Option<File>> {
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix(BEGINNING));
        if path == self.path || name.is_none_or(|id| Uuid::try_parse(id).is_err()) || !self.is_of_same_user(path)? {
            return Ok(None);
        }
        // The file is there only once it is locked: a folder without it is just being made, or somebody else's.
        let file = match File::options().read(true).write(true).open(path.join(HELD)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Whether this is a folder, and no link to one, of the user that runs the program.
    fn is_of_same_user(&self, path: &Path) -> io::Result<bool> {
        let other = std::fs::symlink_metadata(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let own = std::fs::symlink_metadata(&self.path)?;
            Ok(other.is_dir() && other.uid() == own.uid())
        }
        #[cfg(not(unix))]
        Ok(other.is_dir())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::debug!(%error, "the scratch folder stays behind");
        }
    }
}

/// Locks a folder. The file gets its name when it is locked, so that it is never seen without its lock.
fn hold(folder: &Path) -> io::Result<File> {
    let unnamed = folder.join("held.new");
    let file = File::create_new(&unnamed)?;
    file.lock()?;
    std::fs::rename(unnamed, folder.join(HELD))?;
    Ok(file)
}
