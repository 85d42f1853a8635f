//! The one place that knows which database runs: SQLite in the data folder, or PostgreSQL by its URL.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::{Connection, PgConnection, SqliteConnection};

use super::watch::{Mark, Watch};

mod fault;
mod tables;

use fault::is_of_the_line;

pub use fault::StoreError;
pub use tables::Tables;

/// What each session of PostgreSQL is told beside its statement timeout. A node that freezes or loses its power within a write holds the
/// counter, and with it every write of every node, no longer than this: a transaction that nobody goes on with is ended, and an end of the
/// line that does not answer is noticed.
const PG_SESSION: &str = "SET lock_timeout = 30000; SET idle_in_transaction_session_timeout = 15000; SET tcp_keepalives_idle = 10; \
    SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 20000";

/// The URL of PostgreSQL, with the same for this end of the line where it does not say otherwise.
fn with_keepalives(url: &str) -> String {
    let wanted = [("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "20000")];
    let missing = wanted.iter().filter(|(name, _)| !url.contains(&format!("{name}=")));
    missing.fold(url.to_owned(), |url, (name, value)| {
        let mark = if url.contains('?') { '&' } else { '?' };
        format!("{url}{mark}{name}={value}")
    })
}

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// SQLite, bundled.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConnection),
}

thread_local! {
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
}

/// Statements sent by this thread since it started; tests and `extensions.cost` take the difference.
pub fn statements_sent() -> u64 {
    STATEMENTS.get()
}

fn count_statements(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { .. } = event {
        STATEMENTS.set(STATEMENTS.get() + 1);
    }
}

struct Manager {
    url: String,
    is_postgres: bool,
    statement_timeout: Duration,
    /// Whether the last attempt to make a connection failed.
    is_gone: Arc<AtomicBool>,
}

/// A connection of the pool, with whether it was found dead.
struct Pooled {
    conn: Conn,
    is_dead: bool,
}

impl Manager {
    /// Makes a connection.
    fn make(&self) -> Result<Pooled, StoreError> {
        let unreachable = |e: ConnectionError| StoreError::Unavailable(e.to_string());
        let mut conn = if self.is_postgres {
            let mut pg = PgConnection::establish(&self.url).map_err(unreachable)?;
            pg.batch_execute(&format!("SET statement_timeout = {}; {PG_SESSION}", self.statement_timeout.as_millis()))?;
            Conn::Postgres(pg)
        } else {
            let mut sqlite = SqliteConnection::establish(&self.url).map_err(unreachable)?;
            // secure_delete: what is erased is overwritten, and not left in free pages of the file.
            // FULL: an acknowledged write survives a power cut (NORMAL loses the tail of the log).
            sqlite.batch_execute(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA secure_delete = ON; PRAGMA mmap_size = 2147418112; PRAGMA cache_size = -1000; PRAGMA temp_store = MEMORY",
            )?;
            Conn::Sqlite(sqlite)
        };
        conn.set_instrumentation(Counting);
        Ok(Pooled { conn, is_dead: false })
    }
}

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        let made = self.make();
        self.is_gone.store(made.is_err(), Ordering::Relaxed);
        made
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        if let Conn::Postgres(pg) = &mut pooled.conn {
            pg.batch_execute("SELECT 1")?;
        }
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        use diesel::connection::TransactionManager;
        pooled.is_dead
            || std::thread::panicking()
            || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(&mut pooled.conn)
    }
}

struct Counting;

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        count_statements(event);
    }
}

/// Where the database is and how it is used.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// `postgres://…`, or a path of an SQLite file.
    pub url: String,
    /// Connections kept at most.
    pub connections: u32,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long PostgreSQL works on one statement.
    pub statement_timeout: Duration,
}

/// How long what decides nothing waits for its turn, in milliseconds.
const MOMENT_MS: u32 = 250;
/// How long after a wait in vain nobody waits for a connection again.
const NO_NEW_WAIT: Duration = Duration::from_secs(1);

/// The database: a pool of connections, and one lane for writes.
pub struct Db {
    pool: Pool<Manager>,
    is_postgres: bool,
    lane: Mutex<()>,
    /// Whether something was erased that SQLite's write-ahead log may still hold.
    has_erased: AtomicBool,
    /// When a wait for a connection was last in vain because none could be made; none where the last one came.
    last_failure: Mutex<Option<Instant>>,
    /// Whether the last attempt to make a connection failed.
    is_gone: Arc<AtomicBool>,
    /// Tells whether SQLite's file was written; none for PostgreSQL, which would have to be asked over the line.
    watch: Option<Watch>,
}

/// Whether a URL means PostgreSQL.
pub fn is_postgres_url(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

impl Db {
    /// Opens the pool without touching the tables.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn open(options: &DbOptions) -> Result<Self, StoreError> {
        let is_postgres = is_postgres_url(&options.url);
        let url = if is_postgres {
            with_keepalives(&options.url)
        } else {
            options.url.strip_prefix("sqlite://").unwrap_or(&options.url).to_owned()
        };
        let is_gone = Arc::new(AtomicBool::new(false));
        let manager = Manager { url, is_postgres, statement_timeout: options.statement_timeout, is_gone: is_gone.clone() };
        // One connection is tried at once, so that a wrong address is told with its reason.
        manager.connect()?;
        let watch = if is_postgres { None } else { Some(Watch::open(&manager.url).map_err(|e| StoreError::Unavailable(e.to_string()))?) };
        let pool = Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .connection_timeout(options.connect_timeout)
            // A dead connection shows at its first statement, which is then tried again; asking each time would double the round trips.
            .test_on_check_out(false)
            .error_handler(Box::new(Quiet))
            .build(manager)
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let (lane, has_erased, last_failure) = (Mutex::new(()), AtomicBool::new(false), Mutex::default());
        Ok(Self { pool, is_postgres, lane, has_erased, last_failure, is_gone, watch })
    }

    /// A connection that answers.
    fn living(&self) -> Result<diesel::r2d2::PooledConnection<Manager>, StoreError> {
        for _ in 0..=self.pool.max_size() {
            let mut pooled = self.conn()?;
            if answers(&mut pooled) {
                return Ok(pooled);
            }
            pooled.is_dead = true;
        }
        Err(StoreError::Unavailable("no connection answers".to_owned()))
    }

    /// The state of the database now. What was read after a mark was taken holds for as long as the mark stays the same. None where that
    /// cannot be told without asking another machine.
    pub fn mark(&self) -> Option<Mark> {
        self.watch.as_ref().and_then(Watch::mark)
    }

    /// Name of the database in use, for people.
    pub fn kind(&self) -> &'static str {
        if self.is_postgres { "PostgreSQL" } else { "SQLite" }
    }

    /// A connection of the pool. Who has just waited for one in vain, or others at the same time, do not wait again: a question of several
    /// parts must learn that the database is gone before its own time is over.
    fn conn(&self) -> Result<diesel::r2d2::PooledConnection<Manager>, StoreError> {
        let last_failure = *self.last_failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last_failure.is_some_and(|at| at.elapsed() < NO_NEW_WAIT) {
            return self.pool.try_get().ok_or_else(|| StoreError::Unavailable("the database cannot be reached".to_owned()));
        }
        let got = self.pool.get();
        // Where all connections are busy and the database answers, the next one may wait too.
        let is_in_vain = got.is_err() && self.is_gone.load(Ordering::Relaxed);
        if is_in_vain || last_failure.is_some() {
            *self.last_failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = is_in_vain.then(Instant::now);
        }
        got.map_err(|e| StoreError::Unavailable(e.to_string()))
    }

    /// Runs statements that only read; once more on another connection where the first was dead.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn read<T>(&self, work: impl Fn(&mut Conn) -> QueryResult<T>) -> Result<T, StoreError> {
        let mut tries = 0;
        loop {
            let mut pooled = self.conn()?;
            match work(&mut pooled.conn) {
                Err(error) if self.is_postgres && tries <= self.pool.max_size() && is_of_the_line(&error) => {
                    tracing::debug!(%error, "a dead connection is given up");
                    pooled.is_dead = true;
                    tries += 1;
                }
                done => return done.map_err(StoreError::from),
            }
        }
    }

    /// Runs one write transaction. The counter is bumped first, so that writers queue up instead of failing.
    ///
    /// # Errors
    /// The error of the work, or that of the database; then nothing was written.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Conn, &mut super::changes::Ledger) -> Result<T, E>) -> Result<T, E> {
        let _one_at_a_time = self.lane.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Before a write the connection is tried, for a write is never sent twice.
        let mut pooled = self.living()?;
        let done = transaction(&mut pooled, |conn| {
            let mut ledger = super::changes::Ledger::begin(conn)?;
            let value = work(conn, &mut ledger).map_err(WriteError::Work)?;
            let has_erased = ledger.has_erased();
            ledger.finish(conn)?;
            Ok((value, has_erased))
        });
        if matches!(done, Ok((_, true))) {
            self.has_erased.store(true, Ordering::SeqCst);
        }
        if self.has_erased.load(Ordering::SeqCst) && !pooled.is_dead {
            self.empty_write_ahead_log(&mut pooled.conn);
        }
        done.map(|(value, _)| value).map_err(WriteError::into_error)
    }

    /// Runs statements that only read and must all see one state of the database, however long they take and whoever writes meanwhile. Until
    /// they are done SQLite cannot empty its write-ahead log, and PostgreSQL keeps the rows as they were.
    ///
    /// # Errors
    /// The error of the work, or that of the database.
    pub fn read_at_once<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut pooled = self.living()?;
        let done = transaction(&mut pooled, |conn| {
            if let Conn::Postgres(pg) = conn {
                // What waits between two statements is whoever takes what was read, and holds nobody up.
                pg.batch_execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0",
                )?;
            }
            work(conn).map_err(WriteError::Work)
        });
        done.map_err(WriteError::into_error)
    }

    /// Notes something that decides nothing, such as when a credential was last used. It waits for a moment at most: where somebody goes on writing,
    /// or the database takes nothing, it is left for the next time, and logged at most.
    pub fn note(&self, work: impl FnOnce(&mut Conn) -> QueryResult<()>) {
        let Some(_one_at_a_time) = self.lane_for_a_moment() else { return };
        let Some(mut pooled) = self.pool.try_get() else { return };
        let wait = |conn: &mut Conn, sqlite_ms: u32, pg_ms: u32| match conn {
            Conn::Sqlite(sqlite) => sqlite.batch_execute(&format!("PRAGMA busy_timeout = {sqlite_ms}")),
            Conn::Postgres(pg) => pg.batch_execute(&format!("SET lock_timeout = {pg_ms}")),
        };
        let done = wait(&mut pooled.conn, MOMENT_MS, MOMENT_MS).and_then(|()| work(&mut pooled.conn));
        if let Err(error) = done {
            tracing::debug!(%error, "a last use was not noted");
        }
        if wait(&mut pooled.conn, 10_000, 30_000).is_err() {
            pooled.is_dead = true;
        }
    }

    /// The lane for writes, where it becomes free soon.
    fn lane_for_a_moment(&self) -> Option<std::sync::MutexGuard<'_, ()>> {
        let until = Instant::now() + Duration::from_millis(MOMENT_MS.into());
        loop {
            match self.lane.try_lock() {
                Ok(lane) => return Some(lane),
                Err(std::sync::TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(std::sync::TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(Duration::from_millis(2)),
                Err(std::sync::TryLockError::WouldBlock) => return None,
            }
        }
    }

    /// Moves what SQLite's write-ahead log holds into the file, and empties it: it may hold texts as they were before they were erased.
    /// While somebody reads it cannot be emptied; then the next write tries again.
    fn empty_write_ahead_log(&self, conn: &mut Conn) {
        let Conn::Sqlite(sqlite) = conn else {
            self.has_erased.store(false, Ordering::SeqCst);
            return;
        };
        let emptied = sqlite
            .batch_execute("PRAGMA busy_timeout = 200")
            .and_then(|()| diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result::<Checkpoint>(sqlite));
        match emptied {
            Ok(checkpoint) if checkpoint.busy == 0 => self.has_erased.store(false, Ordering::SeqCst),
            Ok(_) => tracing::debug!("the write-ahead log is being read and is emptied later"),
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied after an erasure; it is tried again"),
        }
        if let Err(error) = sqlite.batch_execute("PRAGMA busy_timeout = 10000") {
            tracing::warn!(%error, "the waiting time of a connection could not be set back");
        }
    }
}

/// Does a part of a write on its own: where it fails, its statements are taken back, and the rest of the write goes on. Where they cannot be
/// taken back, since a full disk has ended the whole write, the error is one that may pass, so that no rest goes on.
///
/// # Errors
/// The error of the work, or that of the database.
pub fn apart<T, E: From<DieselError>>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    let mut first = None;
    let done = conn.transaction::<_, DieselError, _>(|conn| {
        work(conn).map_err(|error| {
            first = Some(error);
            DieselError::RollbackTransaction
        })
    });
    done.map_err(|error| match (first, error) {
        (Some(first), DieselError::RollbackTransaction) => first,
        // Statements that came after would each be written for itself, outside any transaction.
        (Some(_), _) => {
            let told = "a part of a write failed and took all of it back; the disk may be full".to_owned();
            E::from(DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(told)))
        }
        (None, error) => E::from(error),
    })
}

/// What SQLite answers to a checkpoint.
#[derive(QueryableByName)]
struct Checkpoint {
    /// 1 where it could not be finished.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

/// Whether a connection still answers; SQLite has no other end that could be gone.
fn answers(pooled: &mut Pooled) -> bool {
    match &mut pooled.conn {
        Conn::Sqlite(_) => true,
        Conn::Postgres(pg) => pg.batch_execute("SELECT 1").is_ok(),
    }
}

/// Connection errors are told to the caller; the pool's own log would repeat them.
#[derive(Debug)]
struct Quiet;

impl<E: std::fmt::Display> diesel::r2d2::HandleError<E> for Quiet {
    fn handle_error(&self, error: E) {
        tracing::debug!(%error, "no database connection");
    }
}

/// Carries out a transaction. Where SQLite finds no room it has taken everything back by itself, so that taking it back once more fails: what is
/// told is the fault that came first, and the connection, of which nobody knows how it stands, is given up.
fn transaction<T, E>(pooled: &mut Pooled, work: impl FnOnce(&mut Conn) -> Result<T, WriteError<E>>) -> Result<T, WriteError<E>> {
    let mut first = None;
    let done = pooled.conn.transaction::<_, DieselError, _>(|conn| {
        work(conn).map_err(|error| {
            first = Some(error);
            DieselError::RollbackTransaction
        })
    });
    done.map_err(|error| {
        let (error, is_dead) = match (first, error) {
            (Some(first), DieselError::RollbackTransaction) => (first, false),
            (Some(first), _) => (first, true),
            (None, DieselError::RollbackErrorOnCommit { commit_error, .. }) => (WriteError::Store(*commit_error), true),
            (None, error) => (WriteError::Store(error), false),
        };
        pooled.is_dead |= is_dead;
        error
    })
}

enum WriteError<E> {
    Work(E),
    Store(DieselError),
}

impl<E: From<StoreError>> WriteError<E> {
    /// The error as the caller knows it.
    fn into_error(self) -> E {
        match self {
            Self::Work(error) => error,
            Self::Store(error) => E::from(StoreError::from(error)),
        }
    }
}

impl<E> From<DieselError> for WriteError<E> {
    fn from(error: DieselError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests;
