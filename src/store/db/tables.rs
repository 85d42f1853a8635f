//! Bringing the tables up to date, and whether they are those of this program.

use std::path::Path;

use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Db, StoreError};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Any fixed number: the advisory lock that two starting nodes compete for.
const MIGRATION_LOCK: i64 = 0x52_4948_4c41;

impl Db {
    /// Brings the tables up to date, one node at a time.
    ///
    /// # Errors
    /// A migration failed, and the tables stand as before it; or a newer program has changed them, and they stand as they are.
    pub fn migrate(&self, lock_folder: Option<&Path>) -> Result<Vec<String>, StoreError> {
        let mut pooled = self.living()?;
        match &mut pooled.conn {
            Conn::Sqlite(sqlite) => {
                let _lock = lock_folder
                    .map(lock_file)
                    .transpose()
                    .map_err(|e| StoreError::Unavailable(format!("cannot lock the data folder: {e}")))?;
                run_pending(sqlite, SQLITE_MIGRATIONS)
            }
            Conn::Postgres(pg) => {
                // A migration, or waiting for another node's, may take longer than a question may.
                pg.batch_execute(&format!("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
                let done = run_pending(pg, POSTGRES_MIGRATIONS);
                pg.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
                // The connection goes with its settings.
                pooled.is_dead = true;
                done
            }
        }
    }

    /// Which migrations have run.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn tables(&self) -> Result<Tables, StoreError> {
        let mut pooled = self.living()?;
        // Asking the library makes its list of migrations where there is none; who only asks makes nothing.
        let list: MigrationList = match &mut pooled.conn {
            Conn::Sqlite(sqlite) => diesel::sql_query(
                "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations') AS is_there",
            )
            .get_result(sqlite)?,
            Conn::Postgres(pg) => {
                diesel::sql_query("SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS is_there").get_result(pg)?
            }
        };
        if !list.is_there {
            return Ok(Tables::Older);
        }
        let found = match &mut pooled.conn {
            Conn::Sqlite(sqlite) => standing(sqlite, SQLITE_MIGRATIONS),
            Conn::Postgres(pg) => standing(pg, POSTGRES_MIGRATIONS),
        };
        found.map_err(|e| StoreError::Unavailable(e.to_string()))
    }
}

/// What this program makes of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tables {
    /// Every migration has run, and no other.
    Current,
    /// Some have not run yet, or there are no tables.
    Older,
    /// A newer program has run this one.
    Newer(String),
}

fn standing<DB: Backend>(conn: &mut impl MigrationHarness<DB>, known: EmbeddedMigrations) -> diesel::migration::Result<Tables> {
    if let Some(migration) = unknown_migration(conn, &known)? {
        return Ok(Tables::Newer(migration));
    }
    Ok(if conn.has_pending_migration(known)? { Tables::Older } else { Tables::Current })
}

/// Runs what has not run yet. Who waited for the lock may find that a newer node has been faster: then nothing is run.
fn run_pending<DB: Backend>(conn: &mut impl MigrationHarness<DB>, known: EmbeddedMigrations) -> Result<Vec<String>, StoreError> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| StoreError::Unavailable(format!("a migration failed: {e}"));
    if let Some(migration) = unknown_migration(conn, &known).map_err(failed)? {
        return Err(StoreError::Newer(migration));
    }
    Ok(conn.run_pending_migrations(known).map_err(failed)?.iter().map(ToString::to_string).collect())
}

/// The last migration that has run and is none of this program's.
fn unknown_migration<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    known: &EmbeddedMigrations,
) -> diesel::migration::Result<Option<String>> {
    let known = MigrationSource::<DB>::migrations(known)?;
    let is_known = |version: &MigrationVersion<'_>| known.iter().any(|migration| migration.name().version() == *version);
    Ok(conn.applied_migrations()?.iter().filter(|version| !is_known(version)).max().map(ToString::to_string))
}

/// Whether the library has its list of the migrations that have run.
#[derive(QueryableByName)]
struct MigrationList {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    is_there: bool,
}

fn lock_file(folder: &Path) -> std::io::Result<std::fs::File> {
    let file = std::fs::File::create(folder.join("migrate.lock"))?;
    file.lock()?;
    Ok(file)
}
