//! Why the database does not answer.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Whether a statement failed because the connection is gone, so that another one may answer it. One that took too long is not sent again.
pub(super) fn is_of_the_line(error: &DieselError) -> bool {
    let text = error.to_string();
    let signs = ["server closed the connection", "no connection to the server", "terminating connection", "SSL SYSCALL"];
    matches!(
        error,
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
            | DieselError::BrokenTransactionManager
    ) || signs.iter().any(|sign| text.contains(sign))
}

/// Why the database did not answer.
#[derive(Debug)]
pub enum StoreError {
    /// It cannot be reached, is locked, full or out of time. Trying again later may help.
    Unavailable(String),
    /// A statement failed.
    Failed(DieselError),
    /// A newer program has changed the tables, by this migration.
    Newer(String),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let text = error.to_string();
        let gone = matches!(
            &error,
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
                | DieselError::BrokenTransactionManager
        );
        let signs = [
            "server closed the connection",
            "no connection to the server",
            "terminating connection",
            "the database system is",
            "database or disk is full",
            "No space left on device",
            "disk I/O error",
            "database is locked",
            "unable to open database file",
            "statement timeout",
            "lock timeout",
            "idle-in-transaction timeout",
            "SSL SYSCALL",
            "readonly database",
        ];
        if gone || signs.iter().any(|sign| text.contains(sign)) { Self::Unavailable(text) } else { Self::Failed(error) }
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable(text) => write!(f, "the database is unavailable: {text}"),
            Self::Failed(error) => write!(f, "a database statement failed: {error}"),
            Self::Newer(migration) => write!(
                f,
                "the tables of the database are of a newer version of the program (migration {migration}), which this one does not know; use \
                 the newer program, or restore a backup from before the upgrade"
            ),
        }
    }
}

impl std::error::Error for StoreError {}
