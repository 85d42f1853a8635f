//! Whether anything was written to SQLite's file, by this process or another, told without reading a table.

use std::sync::Mutex;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Integer;
use diesel::sqlite::Sqlite;

/// A state of the file: two marks of one process are alike only where nothing was written between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(i32);

/// A connection that never writes, so that SQLite tells it of every write.
pub struct Watch(Mutex<SqliteConnection>);

/// SQLite's number of what others wrote: <https://www.sqlite.org/pragma.html#pragma_data_version>.
struct DataVersion;

impl QueryFragment<Sqlite> for DataVersion {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("PRAGMA data_version");
        Ok(())
    }
}

/// The statement is always the same, so that it is prepared once.
impl QueryId for DataVersion {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for DataVersion {
    type SqlType = Integer;
}

impl<C> RunQueryDsl<C> for DataVersion {}

impl Watch {
    /// Watches a file.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(url: &str) -> ConnectionResult<Self> {
        let mut conn = SqliteConnection::establish(url)?;
        conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA query_only = ON").map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(Self(Mutex::new(conn)))
    }

    /// The state of the file now; none where SQLite does not tell it.
    pub fn mark(&self) -> Option<Mark> {
        let mut conn = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let told = DataVersion.get_result::<i32>(&mut *conn);
        told.inspect_err(|error| tracing::debug!(%error, "whether the database was written is not known")).ok().map(Mark)
    }
}
