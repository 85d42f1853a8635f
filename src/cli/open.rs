//! Opening the catalogue from its settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::config::Settings;
use crate::domain::concept::Concepts;
use crate::domain::policy::Audience;
use crate::search::index::folder;
use crate::search::{Index, IndexError};
use crate::service::Catalogue;
use crate::store::db::{DbOptions, Tables, is_postgres_url};
use crate::store::{Db, StoreError, changes, institutions};

use super::output::tell;
use super::scratch::Scratch;

/// Makes the data folder and opens the database.
pub fn database(settings: &Settings) -> anyhow::Result<Db> {
    make_folder(settings)?;
    keep_private(settings)?;
    connect(settings)
}

/// Makes the data folder where there is none.
fn make_folder(settings: &Settings) -> anyhow::Result<()> {
    let data = settings.data_path();
    let is_new = !data.exists();
    std::fs::create_dir_all(data)
        .with_context(|| format!("the data folder {} cannot be made; choose another with --data-dir", data.display()))?;
    #[cfg(unix)]
    if is_new {
        // Accounts and drafts are in it: it is for the user that runs the program.
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The data folder is this process's alone for as long as this lives; the system takes it back from a process that is gone, however it ended.
pub struct Alone {
    _lock: std::fs::File,
}

/// Takes the data folder for this process alone. Without it a second server would start without a word, and whichever of the two does not have the
/// writer of the index would search in a past that never moves on.
pub fn alone(settings: &Settings) -> anyhow::Result<Alone> {
    require_entrance(settings)?;
    make_folder(settings)?;
    let path = settings.data_path().join("server.lock");
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.with_context(|| format!("{} cannot be written; look whether this user may write in the folder", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Alone { _lock: file }),
        Err(std::fs::TryLockError::WouldBlock) => Err(anyhow!(
            "the data folder {} is in use by a server, or by `rihla reindex`; stop the server first, or give this one a folder of its own with \
             --data-dir, as each of several nodes on PostgreSQL needs it",
            settings.data_path().display()
        )),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(anyhow!("{} cannot be locked: {error}; the data folder belongs on a local disk", path.display()))
        }
    }
}

/// Opens a database, and makes no folder for it.
fn connect(settings: &Settings) -> anyhow::Result<Db> {
    require_entrance(settings)?;
    let options = DbOptions {
        url: settings.database(),
        connections: settings.database_connections,
        connect_timeout: Duration::from_millis(settings.database_connect_timeout_ms),
        statement_timeout: Duration::from_millis(settings.database_statement_timeout_ms),
    };
    let (shown, remedy) = if is_postgres_url(&options.url) {
        ("the PostgreSQL database".to_owned(), "")
    } else {
        (format!("the SQLite file {}", options.url), "; look whether this user may read and write the file, and its folder")
    };
    Db::open(&options).map_err(|e| anyhow!("{shown} cannot be opened: {e}{remedy}"))
}

/// Refuses where this user may not enter the folder of the database: it must not be taken for one that is not there.
fn require_entrance(settings: &Settings) -> anyhow::Result<()> {
    let url = settings.database();
    let file = Path::new(url.strip_prefix("sqlite://").unwrap_or(&url));
    let look = |path: &Path| std::fs::metadata(path).map(|_| ());
    // What lies in the data folder is needed whichever database it is.
    let wanted = if is_postgres_url(&url) { settings.data_path().join("server.lock") } else { file.to_owned() };
    match closed_folder(&wanted, look) {
        None => Ok(()),
        Some(folder) => Err(anyhow!(
            "this user may not enter the folder {}, in which {} would be; run the program as the user whose folder it is, give this user the \
             right to enter it, or choose another with --data-dir or --database-url",
            folder.display(),
            wanted.display()
        )),
    }
}

/// The folder on the way to a file that keeps this user out; none where none does.
fn closed_folder(file: &Path, look: impl Fn(&Path) -> std::io::Result<()>) -> Option<PathBuf> {
    let is_kept_back = |path: &&Path| look(path).is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied);
    let highest = file.ancestors().take_while(is_kept_back).last()?;
    Some(highest.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned())
}

/// Makes the file of SQLite for the user that runs the program alone: accounts, links that let someone in and drafts are in it. What SQLite
/// keeps beside it takes its mode. Of a file that others may read already it is told.
fn keep_private(settings: &Settings) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let url = settings.database();
        if is_postgres_url(&url) {
            return Ok(());
        }
        let path = Path::new(url.strip_prefix("sqlite://").unwrap_or(&url)).to_owned();
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        match made {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                tracing::debug!(%error, "the file is left to the database");
            }
            _ => {}
        }
        let mode = |path: &Path| std::fs::metadata(path).map(|known| known.permissions().mode());
        let is_open = |path: &Path| mode(path).is_ok_and(|mode| mode & 0o004 != 0);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let lets_in = mode(folder).is_ok_and(|mode| mode & 0o001 != 0);
        if is_open(&path) && lets_in {
            tracing::warn!(
                "every user of this machine can read {}; take that right away (chmod o-rwx), for accounts and drafts are in it",
                path.display()
            );
        }
    }
    Ok(())
}

/// Refuses where there is no database to read: a command that reads makes none, since a folder that is mistyped would look like an empty catalogue.
pub fn require_database(settings: &Settings) -> anyhow::Result<()> {
    require_entrance(settings)?;
    let url = settings.database();
    let path = url.strip_prefix("sqlite://").unwrap_or(&url);
    if is_postgres_url(&url) || Path::new(path).exists() {
        return Ok(());
    }
    Err(anyhow!("there is no database {path}; correct --data-dir or --database-url, or make one with `rihla migrate`, `import` or `serve`"))
}

/// Reads the concept schemes, with the operator's lists in place of those shipped.
pub fn concepts(settings: &Settings) -> anyhow::Result<Concepts> {
    let mut replacements = Vec::new();
    if !settings.concepts_dir.is_empty() {
        let folder = Path::new(&settings.concepts_dir);
        let entries =
            std::fs::read_dir(folder).with_context(|| format!("the folder of concept schemes {} cannot be read", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                replacements.push((name, std::fs::read_to_string(&path)?));
            }
        }
        replacements.sort();
    }
    Concepts::load(&replacements).map_err(|e| anyhow!(e))
}

/// Opens the index of an audience. An index that cannot be read, or that belongs to another database, is put aside.
pub fn index(settings: &Settings, db: &Db, audience: Audience) -> anyhow::Result<Index> {
    let registry = registry_id(db)?;
    let last = || Ok(db.read(changes::last_seq)?);
    open_index(&folder(settings.data_path(), audience), settings.index_memory_mb, &registry, last)
}

/// `last` is asked after the index was opened: a server beside may write meanwhile.
fn open_index(folder: &Path, memory_mb: usize, registry: &str, last: impl FnOnce() -> anyhow::Result<i64>) -> anyhow::Result<Index> {
    let memory = memory_mb.max(16) << 20;
    let mark = folder.join("registry-id");
    let belongs = !folder.exists() || std::fs::read_to_string(&mark).is_ok_and(|id| id == registry);
    let opened = Index::open(folder, memory).map_err(anyhow::Error::from).and_then(|index| {
        let ahead = index.snapshot().seq > last()?;
        if belongs && !ahead { Ok(index) } else { Err(anyhow!("it belongs to another state of the database")) }
    });
    let index = match opened {
        Ok(index) => index,
        Err(error) => {
            tracing::warn!(%error, "the search index cannot be used and is built anew");
            std::fs::remove_dir_all(folder).with_context(|| format!("the index folder {} cannot be removed", folder.display()))?;
            Index::open(folder, memory)?
        }
    };
    if !std::fs::read_to_string(&mark).is_ok_and(|id| id == registry) {
        std::fs::write(&mark, registry)?;
    }
    Ok(index)
}

/// The identifier of the registry, minted at first use.
fn registry_id(db: &Db) -> anyhow::Result<String> {
    if let Some(id) = db.read(|conn| institutions::registry_value(conn, "id"))? {
        return Ok(id);
    }
    let id = uuid::Uuid::now_v7().to_string();
    db.write::<_, StoreError>(|conn, _| {
        // Another node may have been faster.
        if institutions::registry_value(conn, "id")?.is_none() {
            institutions::set_registry_value(conn, "id", &id)?;
        }
        Ok(())
    })?;
    db.read(|conn| institutions::registry_value(conn, "id"))?.ok_or_else(|| anyhow!("the registry has no identifier"))
}

/// Opens everything for a server, or for building the index anew: the indexes of the data folder are this process's alone.
pub fn catalogue(settings: &Settings) -> anyhow::Result<Catalogue> {
    let db = current_database(settings)?;
    let index = index(settings, &db, Audience::Public)?;
    let registry = registry_id(&db)?;
    join(settings, db, index, settings.data_path(), registry)
}

fn current_database(settings: &Settings) -> anyhow::Result<Db> {
    let db = database(settings)?;
    let done = db.migrate(Some(settings.data_path()))?;
    if !done.is_empty() {
        tracing::info!(migrations = done.join(", "), "tables brought up to date");
    }
    let folded = crate::service::register::refold(&db)?;
    if folded > 0 {
        tracing::info!(institutions = folded, "names folded anew");
    }
    Ok(db)
}

fn join(settings: &Settings, db: Db, index: Index, data: &Path, registry: String) -> anyhow::Result<Catalogue> {
    let concepts = concepts(settings)?;
    let (data, memory) = (data.to_owned(), settings.index_memory_mb);
    let last = db.read(changes::last_seq)?;
    let open_wider =
        move |audience| open_index(&folder(&data, audience), memory, &registry, || Ok(last)).map_err(|e| IndexError(e.to_string()));
    let catalogue = Catalogue::new(db, index, concepts, settings.cache_records, Box::new(open_wider));
    crate::service::follow::open_wider(&catalogue)?;
    Ok(catalogue)
}

/// The catalogue for a command that may run beside a server: it never touches the server's index, but has an empty one of
/// its own, which goes with it.
pub struct Beside {
    catalogue: Catalogue,
    /// Behind the catalogue, so that it goes when nothing in it is open any more.
    _scratch: Scratch,
}

impl std::ops::Deref for Beside {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        &self.catalogue
    }
}

/// Opens everything for a command.
pub fn beside(settings: &Settings) -> anyhow::Result<Beside> {
    let db = current_database(settings)?;
    let registry = registry_id(&db)?;
    with_scratch(settings, db, registry, scratch_folder()?)
}

/// Opens everything for a command that writes nothing: the tables must be up to date. Where there is no database yet, an empty catalogue takes its
/// place, which goes with the command; that is told, for the folder may be mistyped.
pub fn beside_unwritten(settings: &Settings) -> anyhow::Result<Beside> {
    require_entrance(settings)?;
    if let Err(missing) = require_database(settings) {
        tell!("{missing}. Until then each file is checked against an empty catalogue.");
        let scratch = scratch_folder()?;
        let own = Settings { data_dir: scratch.path().display().to_string(), database_url: String::new(), ..settings.clone() };
        let db = current_database(&own)?;
        let registry = registry_id(&db)?;
        return with_scratch(settings, db, registry, scratch);
    }
    let db = connect(settings)?;
    match db.tables()? {
        Tables::Current => {}
        Tables::Newer(migration) => return Err(StoreError::Newer(migration).into()),
        Tables::Older => {
            let told =
                "the tables of the database are not there or of an older version, and nothing is to be written; run `rihla migrate` first";
            return Err(anyhow!(told));
        }
    }
    // It only marks whose the scratch index is; where none is minted yet, any will do.
    let known = db.read(|conn| institutions::registry_value(conn, "id"))?;
    with_scratch(settings, db, known.unwrap_or_else(|| uuid::Uuid::now_v7().to_string()), scratch_folder()?)
}

fn scratch_folder() -> anyhow::Result<Scratch> {
    Scratch::new().with_context(|| format!("no folder can be made in {}; name another in TMPDIR", std::env::temp_dir().display()))
}

fn with_scratch(settings: &Settings, db: Db, registry: String, scratch: Scratch) -> anyhow::Result<Beside> {
    let index = Index::open(&folder(scratch.path(), Audience::Public), settings.index_memory_mb.max(16) << 20)?;
    let catalogue = join(settings, db, index, scratch.path(), registry)?;
    Ok(Beside { catalogue, _scratch: scratch })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_may_not_be_entered_is_told_from_one_that_is_not_there() {
        let closed = |at: &'static str| {
            move |path: &Path| -> std::io::Result<()> {
                let kind = if path.starts_with(at) && path != Path::new(at) {
                    std::io::ErrorKind::PermissionDenied
                } else {
                    std::io::ErrorKind::NotFound
                };
                Err(kind.into())
            }
        };
        let file = Path::new("/var/lib/rihla/rihla.sqlite");
        assert_eq!(closed_folder(file, closed("/var/lib/rihla")), Some(PathBuf::from("/var/lib/rihla")));
        assert_eq!(closed_folder(file, closed("/var")), Some(PathBuf::from("/var")), "the highest one is named");
        assert_eq!(closed_folder(file, closed("/home")), None);
        assert_eq!(closed_folder(file, |_| Ok(())), None);
        assert_eq!(
            closed_folder(Path::new("rihla.sqlite"), |_| Err(std::io::ErrorKind::PermissionDenied.into())),
            Some(PathBuf::from("."))
        );
    }
}
